package ledger_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/subsidy"
)

// done gives n cases the mediator led to their closing.
func (o *office) done(n int) []mediation.CaseID {
	o.Helper()
	var all []mediation.CaseID
	for i := range n {
		c := o.reach(i+1, "schedule")
		o.conclude(c)
		all = append(all, c.ID)
	}
	return all
}

func (o *office) claim(c mediation.CaseID) string {
	o.Helper()
	id, err := o.ledger.ClaimCase(o.ctx, o.mediator, c)
	if err != nil {
		o.Fatal(err)
	}
	return id
}

func (o *office) step(a mediation.Actor, id string, action subsidy.Action) error {
	return o.ledger.Step(o.ctx, a, id, ledger.ClaimStep{Action: action, Score: 95, Reason: "理由"})
}

func (o *office) steps(id string, turns ...any) {
	o.Helper()
	for i := 0; i+1 < len(turns); i += 2 {
		if err := o.step(turns[i].(mediation.Actor), id, turns[i+1].(subsidy.Action)); err != nil {
			o.Fatalf("%s: %v", turns[i+1], err)
		}
	}
}

func (o *office) want(err error, kind mediation.Kind, key string) {
	o.Helper()
	if err == nil || mediation.KindOf(err) != kind || key != "" && mediation.KeyOf(err) != key {
		o.Errorf("%v, want kind %d with %q", err, kind, key)
	}
}

// proves: duty.pay_once
func TestAClaimGoesFromHandToHandAndIsPaidOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.done(1)[0]
	if cases, err := o.ledger.Unclaimed(o.ctx, o.mediator); err != nil || len(cases) != 1 || cases[0].ID != c {
		t.Errorf("to claim: %+v, %v", cases, err)
	}
	id := o.claim(c)
	if cases, err := o.ledger.Unclaimed(o.ctx, o.mediator); err != nil || len(cases) != 0 {
		t.Errorf("after the claim there is still %+v, %v", cases, err)
	}
	_, err := o.ledger.ClaimCase(o.ctx, o.mediator, c)
	o.want(err, mediation.Conflict, "subsidy.claimed_already")
	_, err = o.ledger.ClaimCase(o.ctx, o.chair, c)
	o.want(err, mediation.Forbidden, "")

	o.want(o.step(o.mediator, id, subsidy.Check), mediation.Forbidden, "")
	o.want(o.step(o.otherChair, id, subsidy.Check), mediation.NotFound, "")
	o.want(o.step(o.legal, id, subsidy.Score), mediation.Conflict, "subsidy.moved_on")
	o.want(o.ledger.Step(o.ctx, o.chair, id, ledger.ClaimStep{Action: subsidy.Return}), mediation.Invalid, "")
	o.steps(id, o.chair, subsidy.Return, o.mediator, subsidy.Claim, o.chair, subsidy.Check)
	o.want(o.ledger.Step(o.ctx, o.legal, id, ledger.ClaimStep{Action: subsidy.Score, Score: 59}), mediation.Invalid, "")
	o.want(o.ledger.Step(o.ctx, o.legal, id, ledger.ClaimStep{Action: subsidy.Score, Score: 80, Version: 1}), mediation.Conflict, "subsidy.moved_on")
	o.steps(id, o.legal, subsidy.Score, o.supervisor, subsidy.Approve)

	v, err := o.ledger.Claim(o.ctx, o.supervisor, id)
	if err != nil || v.State != subsidy.Approved || v.Claim.Fen != 30_00 || len(v.Steps) != 6 || len(v.Bars) != 0 {
		t.Fatalf("approved: %+v, %v", v, err)
	}
	batch, err := o.ledger.MakeBatch(o.ctx, o.supervisor)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.ledger.MakeBatch(o.ctx, o.supervisor)
	o.want(err, mediation.Conflict, "subsidy.nothing_approved")
	o.want(o.ledger.PayBatch(o.ctx, o.supervisor, batch), mediation.Conflict, "subsidy.look_first")
	if err := o.ledger.LookAgain(o.ctx, o.supervisor, batch, id); err != nil {
		t.Fatal(err)
	}
	if err := o.ledger.PayBatch(o.ctx, o.supervisor, batch); err != nil {
		t.Fatal(err)
	}
	o.want(o.ledger.PayBatch(o.ctx, o.supervisor, batch), mediation.Conflict, "subsidy.moved_on")
	b, err := o.ledger.Batch(o.ctx, o.supervisor, batch)
	if err != nil || b.PaidAt == nil || b.Claims[0].State != subsidy.Paid || b.Fen != 30_00 {
		t.Errorf("the batch: %+v, %v", b, err)
	}
	_, err = o.ledger.ClaimCase(o.ctx, o.mediator, c)
	o.want(err, mediation.Conflict, "subsidy.claimed_already")
	o.count(0)
	if f := o.figures(o.supervisor, "", "2026-05"); f.Values[figures.SubsidyCases] != 1 || f.Values[figures.SubsidyMoney] != 30_00 {
		t.Errorf("the return of funds tells %d cases, %d fen", f.Values[figures.SubsidyCases], f.Values[figures.SubsidyMoney])
	}
	for _, statement := range []string{`UPDATE subsidy_steps SET score = 1`, `DELETE FROM subsidy_steps`, `TRUNCATE subsidy_steps`,
		`INSERT INTO subsidy_claims (id, case_id, area_root, committee_id, area_path, claimant, state, grade, amount_fen, updated_at, claimed_on)
			SELECT gen_random_uuid(), case_id, area_root, committee_id, area_path, claimant, 'claimed', grade, 0, now(), claimed_on FROM subsidy_claims`} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
}

func TestOneCaseIsClaimedOnceByManyHandsAtOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.done(1)[0]
	var wait sync.WaitGroup
	made := make(chan string, 8)
	for range 8 {
		wait.Go(func() {
			id, err := o.ledger.ClaimCase(o.ctx, o.mediator, c)
			if err == nil {
				made <- id
			} else if mediation.KindOf(err) != mediation.Conflict {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(made) != 1 {
		t.Errorf("%d claims were made for one case", len(made))
	}
}

func TestNothingIsPaidAgainstTheRules(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	cases := o.done(2)
	open := o.reach(9, "schedule")
	_, err := o.ledger.ClaimCase(o.ctx, o.mediator, open.ID)
	o.want(err, mediation.Conflict, "subsidy.bar.not_closed")
	_, err = o.ledger.ClaimCase(o.ctx, o.mediator, mediation.CaseID(id(99)))
	o.want(err, mediation.NotFound, "")

	first, second := o.claim(cases[0]), o.claim(cases[1])
	o.steps(first, o.chair, subsidy.Check)
	o.want(o.ledger.UpholdComplaint(o.ctx, o.supervisor, first, "收礼"), mediation.Forbidden, "")
	o.want(o.ledger.UpholdComplaint(o.ctx, o.legal, first, " "), mediation.Invalid, "")
	if err := o.ledger.UpholdComplaint(o.ctx, o.legal, first, "收了当事人的礼"); err != nil {
		t.Fatal(err)
	}
	o.want(o.step(o.legal, first, subsidy.Score), mediation.Conflict, "subsidy.bar.complaint")
	o.steps(first, o.legal, subsidy.Refuse)

	o.steps(second, o.chair, subsidy.Check, o.legal, subsidy.Score, o.supervisor, subsidy.Approve)
	batch, err := o.ledger.MakeBatch(o.ctx, o.supervisor)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.ledger.LookAgain(o.ctx, o.supervisor, batch, second); err != nil {
		t.Fatal(err)
	}
	o.exec(`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, at) VALUES ($1, $2, 'gx/', $3, 'relative', now())`,
		id(91), string(cases[1]), string(o.mediator.User))
	o.want(o.ledger.PayBatch(o.ctx, o.supervisor, batch), mediation.Conflict, "subsidy.bar.conflict")
	if v, err := o.ledger.Claim(o.ctx, o.supervisor, second); err != nil || v.State != subsidy.Approved || !slices.Equal(v.Bars, []subsidy.Bar{"conflict"}) {
		t.Errorf("a batch that stopped left %+v, %v", v, err)
	}
}

func TestClaimsAreReadInTheReadersRights(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	claim := o.claim(o.done(1)[0])
	for _, tt := range []struct {
		who  mediation.Actor
		want int // claims listed; -1 is forbidden
	}{{o.mediator, 1}, {o.chair, 1}, {o.otherChair, 0}, {o.legal, 1}, {o.supervisor, 1}, {o.clerk, -1}, {o.court, -1}, {o.admin, -1}, {o.applicant, -1}, {mediation.Visitor(), -1}} {
		page, err := o.ledger.Claims(o.ctx, tt.who, "", "")
		if tt.want < 0 {
			o.want(err, mediation.Forbidden, "")
			continue
		}
		if err != nil || len(page.Rows) != tt.want {
			t.Errorf("%s reads %d claims, %v; want %d", tt.who.Name, len(page.Rows), err, tt.want)
		}
		v, err := o.ledger.Claim(o.ctx, tt.who, claim)
		if (err == nil) != (tt.want == 1) {
			t.Errorf("%s opens the claim: %v", tt.who.Name, err)
		}
		if err == nil {
			offers := map[mediation.UserID]string{o.mediator.User: "[withdraw]", o.chair.User: "[check return refuse]", o.legal.User: "[return refuse]", o.supervisor.User: "[return refuse]"}
			if got := fmt.Sprint(v.Offer); got != offers[tt.who.User] {
				t.Errorf("%s is offered %s, want %s", tt.who.Name, got, offers[tt.who.User])
			}
		}
	}
	if _, err := o.ledger.Claim(o.ctx, o.chair, "x' OR TRUE"); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("an id that is none: %v", err)
	}
}

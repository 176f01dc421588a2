package ledger_test

import (
	"sync"
	"testing"
	"time"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// dearer are terms that pay twice what ships for an ordinary case.
func dearer(area string, from statute.Date) ledger.TermsChange {
	t := subsidy.Shipped()
	t.Community["L1"], t.Community["L2"] = 60_00, 60_00
	return ledger.TermsChange{Area: area, From: from, Terms: t, Basis: "高新司〔2026〕12号"}
}

func (o *office) set(in ledger.TermsChange) {
	o.Helper()
	d, _, err := o.ledger.TermsDraft(o.ctx, o.supervisor, in.Area)
	if err != nil {
		o.Fatal(err)
	}
	in.Seen = d.Seen
	if err := o.ledger.SetTerms(o.ctx, o.supervisor, in); err != nil {
		o.Fatal(err)
	}
}

func TestOnlyTheBureauSetsTermsAndOnlyFromTodayOn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	today := statute.DateOf(o.now)
	for _, a := range []mediation.Actor{o.mediator, o.chair, o.legal, o.admin, o.clerk, o.applicant, mediation.Visitor()} {
		o.want(o.ledger.SetTerms(o.ctx, a, dearer("gx/", today)), mediation.Forbidden, "")
		if _, _, err := o.ledger.TermsDraft(o.ctx, a, ""); mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("%s begins terms: %v", a.Name, err)
		}
	}
	for _, tt := range []struct {
		rule  string
		spoil func(*ledger.TermsChange)
		kind  mediation.Kind
		field string
	}{
		{"a community has no treasury", func(c *ledger.TermsChange) { c.Area = "gx/yy/" }, mediation.NotFound, ""},
		{"another place", func(c *ledger.TermsChange) { c.Area = "g" }, mediation.NotFound, ""},
		{"no place", func(c *ledger.TermsChange) { c.Area = "" }, mediation.NotFound, ""},
		{"a day that has passed", func(c *ledger.TermsChange) { c.From = today.Add(-1) }, mediation.Invalid, "from"},
		{"no day", func(c *ledger.TermsChange) { c.From = statute.Date{} }, mediation.Invalid, "from"},
		{"no basis", func(c *ledger.TermsChange) { c.Basis = " " }, mediation.Invalid, "basis"},
		{"values that cannot be", func(c *ledger.TermsChange) { c.Terms.Sample = 0 }, mediation.Invalid, "sample"},
		{"what somebody else has not seen", func(c *ledger.TermsChange) { c.Seen = id(7) }, mediation.Conflict, ""},
	} {
		in := dearer("gx/", today)
		tt.spoil(&in)
		err := o.ledger.SetTerms(o.ctx, o.supervisor, in)
		if err == nil || mediation.KindOf(err) != tt.kind || tt.field != "" && mediation.FieldsOf(err)[tt.field] == "" {
			t.Errorf("%s: %v", tt.rule, err)
		}
	}
	if v, err := o.ledger.SubsidyTerms(o.ctx, o.mediator, ""); err != nil || v.Set != nil || !v.Terms.Equal(subsidy.Shipped()) || len(v.Areas) != 0 {
		t.Errorf("before anything was set: %+v, %v", v, err)
	}
	o.set(dearer("gx/", today))
	for _, statement := range []string{`UPDATE subsidy_terms SET basis = 'x'`, `DELETE FROM subsidy_terms`, `TRUNCATE subsidy_terms CASCADE`} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
	for _, a := range []mediation.Actor{o.mediator, o.chair, o.legal, o.supervisor, o.otherChair} {
		v, err := o.ledger.SubsidyTerms(o.ctx, a, "")
		if err != nil || v.Set == nil || v.Terms.Community["L2"] != 60_00 || len(v.All) != 1 || v.Set.Who != "监督员" {
			t.Errorf("%s reads %+v, %v", a.Name, v, err)
		}
	}
	if _, err := o.ledger.SubsidyTerms(o.ctx, o.chair, id(7)); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("terms nobody wrote: %v", err)
	}
}

// proves: duty.pay_scale
func TestAClaimKeepsTheTermsOfItsDay(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	cases := o.done(3)
	before := o.claim(cases[0])
	today := statute.DateOf(o.now)
	o.set(dearer("gx/", today.Add(1)))
	same := o.claim(cases[1])
	o.now = o.now.AddDate(0, 0, 1)
	after := o.claim(cases[2])
	for _, claim := range []string{before, same, after} {
		o.steps(claim, o.chair, subsidy.Check, o.legal, subsidy.Score)
	}
	cheaper := dearer("gx/", statute.DateOf(o.now))
	cheaper.Terms.Community = subsidy.Scale{"L1": 1_00, "L2": 1_00, "L3": 1_00, "L4": 1_00}
	o.set(cheaper)
	for claim, want := range map[string]int64{before: 30_00, same: 30_00, after: 60_00} {
		v, err := o.ledger.Claim(o.ctx, o.supervisor, claim)
		if err != nil || v.Claim.Fen != want || v.Fen != want || len(v.How) != 2 || v.How[0].Fen != want {
			t.Errorf("claimed on %s it comes to %d by %+v, %v; want %d", v.ClaimedOn, v.Claim.Fen, v.How, err, want)
		}
		if (v.TermsID != "") != (claim == after) {
			t.Errorf("claimed on %s it holds the terms %q", v.ClaimedOn, v.TermsID)
		}
	}
	o.steps(after, o.legal, subsidy.Return, o.mediator, subsidy.Claim, o.chair, subsidy.Check, o.legal, subsidy.Score)
	if v, err := o.ledger.Claim(o.ctx, o.supervisor, after); err != nil || v.Claim.Fen != 60_00 {
		t.Errorf("returned and claimed again under other terms it comes to %d, %v", v.Claim.Fen, err)
	}
}

func TestTheNearestAreaAndTheLatestWritingHold(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.exec(`INSERT INTO areas (id, parent_id, kind, name, code, path) VALUES ($1, $2, 'subdistrict', '街道', 'jd', 'gx/jd/')`, id(70), id(1))
	o.exec(`UPDATE areas SET path = 'gx/jd/yy/', parent_id = $1 WHERE id = $2`, id(70), id(2))
	today := statute.DateOf(o.now)
	pays := func(path string, day statute.Date) int64 {
		t.Helper()
		set, err := o.db.SubsidyTermsAt(o.ctx, path, day)
		if err != nil {
			t.Fatal(err)
		}
		if set == nil {
			return 0
		}
		return set.Terms.V.Community["L4"]
	}
	write := func(area string, from statute.Date, fen int64) {
		t.Helper()
		in := dearer(area, from)
		in.Terms.Community["L4"] = fen
		o.now = o.now.Add(time.Minute)
		o.set(in)
	}
	write("gx/", today, 200_00)
	write("gx/jd/", today.Add(2), 300_00)
	write("gx/", today.Add(3), 400_00)
	write("gx/", today.Add(3), 500_00)
	for _, tt := range []struct {
		path string
		day  statute.Date
		want int64
	}{
		{"gx/jd/yy/", today.Add(-1), 0}, {"gx/jd/yy/", today, 200_00}, {"gx/jd/yy/", today.Add(2), 300_00}, {"gx/jd/yy/", today.Add(9), 300_00},
		{"gx/tl/", today.Add(2), 200_00}, {"gx/tl/", today.Add(3), 500_00}, {"gxy/", today.Add(3), 0},
	} {
		if got := pays(tt.path, tt.day); got != tt.want {
			t.Errorf("%s on %s pays %d for a major case, want %d", tt.path, tt.day, got, tt.want)
		}
	}
}

// Two volumes scored at the same moment do not pass the bound together.
func TestTheBoundOfAMonthHoldsForEveryHand(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	bound := dearer("gx/", statute.DateOf(o.now))
	bound.Terms.MonthMost, bound.Terms.Sample = 100_00, 1
	o.set(bound)
	claims := []string{}
	for _, c := range o.done(4) {
		claims = append(claims, o.claim(c))
		o.steps(claims[len(claims)-1], o.chair, subsidy.Check)
	}
	var wait sync.WaitGroup
	for _, claim := range claims {
		wait.Go(func() {
			if err := o.step(o.legal, claim, subsidy.Score); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var sum int64
	for _, claim := range claims {
		v, err := o.ledger.Claim(o.ctx, o.legal, claim)
		if err != nil {
			t.Fatal(err)
		}
		sum += v.Claim.Fen
	}
	if sum != 100_00 {
		t.Errorf("four claims of one month come to %d, want the bound of 10000", sum)
	}
	o.steps(claims[0], o.supervisor, subsidy.Approve)
	o.steps(claims[1], o.supervisor, subsidy.Approve)
	batch, err := o.ledger.MakeBatch(o.ctx, o.supervisor)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := o.ledger.Batch(o.ctx, o.supervisor, batch); err != nil || b.Unlooked != 2 {
		t.Errorf("with one in one to be looked at %d are drawn, %v; want 2", b.Unlooked, err)
	}
}

package ledger_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// reviewed gives three cases sent up for review: one only asked for, one that
// was advised, one the chair has offered to the court.
func (o *office) reviewed(n int) (asked, advised, offered *mediation.Case) {
	o.Helper()
	up := func(n int) *mediation.Case {
		c := o.reach(n, "schedule")
		o.do(o.mediator, c.ID, &mediation.Raise{Reason: "E04", Summary: "隔音标准怎么算"})
		return c
	}
	asked, advised, offered = up(n), up(n+1), up(n+2)
	for _, c := range []*mediation.Case{advised, offered} {
		o.do(o.legal, c.ID, &mediation.Opinion{Outcome: "court", Opinion: "宜由巡回法庭办理"})
	}
	o.do(o.chair, offered.ID, &mediation.Offer{Court: o.court.Grants[1].Court, Mode: statute.C1,
		AgreedBy: []mediation.PartyID{offered.Parties[0].ID, offered.Parties[1].ID}})
	return asked, advised, offered
}

func TestEachDeskShowsWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	filed := o.reach(1, "file")
	registered := o.reach(2, "register")
	agreed := o.reach(3, "agree")
	accepted := o.reach(4, "accept")
	assigned := o.reach(5, "assign")
	signed := o.reach(6, "schedule")
	o.draft(signed)
	asked, advised, offered := o.reviewed(7)
	refused := o.reach(10, "register")
	o.do(o.clerk, refused.ID, &mediation.Question{ContactMade: mediation.ContactMade{Party: refused.Parties[1].ID, Means: "phone", Reached: true}})
	o.do(o.clerk, refused.ID, &mediation.Unwilling{Answer: mediation.Answer{Party: refused.Parties[1].ID, How: "phone"}})
	planned := o.reach(11, "schedule")

	for _, tt := range []struct {
		rule  string
		who   mediation.Actor
		queue string
		want  []*mediation.Case
	}{
		{"the clerk registers what was filed", o.clerk, "intake.submitted", []*mediation.Case{filed}},
		{"the clerk asks the other side", o.clerk, "intake.registered", []*mediation.Case{registered}},
		{"the chair accepts when all agreed", o.chair, "chair.to_accept", []*mediation.Case{agreed}},
		{"the chair refuses after a no", o.chair, "chair.to_refuse", []*mediation.Case{refused}},
		{"the chair assigns what is accepted", o.chair, "chair.to_assign", []*mediation.Case{accepted}},
		{"the chair seals when all have signed", o.chair, "chair.to_seal", []*mediation.Case{signed}},
		{"the chair acts on an opinion, until the court was asked", o.chair, "chair.advised", []*mediation.Case{advised}},
		{"the mediator has the sessions of the week", o.mediator, "mediator.sessions", []*mediation.Case{planned}},
		{"the mediator has drafts to sign", o.mediator, "mediator.to_sign", []*mediation.Case{signed}},
		{"legal staff have what was asked and not answered", o.legal, "legal.reviews", []*mediation.Case{asked}},
		{"the court has what was offered", o.court, "court.offered", []*mediation.Case{offered}},
		{"the court has taken nothing yet", o.court, "court.taken", nil},
		{"another committee's chair has nothing", o.otherChair, "chair.to_assign", nil},
		{"the clerk has no chair's desk", o.clerk, "chair.to_assign", nil},
		{"the chair works for others, not in his own quarrels", o.applicant, "chair.to_assign", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			want := []mediation.CaseID{}
			for _, c := range tt.want {
				want = append(want, c.ID)
			}
			if diff := cmp.Diff(want, o.waiting(tt.who, tt.queue)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.queue, diff)
			}
			page, err := o.ledger.Cases(o.ctx, tt.who, ledger.Filter{Queue: tt.queue})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Rows) != len(want) {
				t.Errorf("the list behind the queue has %d rows, the queue %d", len(page.Rows), len(want))
			}
		})
	}
	page, err := o.ledger.Cases(o.ctx, o.mediator, ledger.Filter{Queue: "mediator.mine"})
	if err != nil || len(page.Rows) != 6 || !slices.ContainsFunc(page.Rows, func(r ledger.Row) bool { return r.ID == assigned.ID }) {
		t.Errorf("the mediator has %d of his 6 cases, %v", len(page.Rows), err)
	}
	page, err = o.ledger.Cases(o.ctx, o.applicant, ledger.Filter{Queue: "own.party"})
	if err != nil || len(page.Rows) != 11 {
		t.Errorf("the applicant has %d of his 11 cases, %v", len(page.Rows), err)
	}
}

func TestTheFirstDueStandsOnTop(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	early, late := o.reach(1, "assign"), o.reach(2, "assign")
	o.exec(`UPDATE deadlines SET due_at = due_at + interval '40 days' WHERE case_id = $1`, string(early.ID))
	if diff := cmp.Diff([]mediation.CaseID{late.ID, early.ID}, o.waiting(o.mediator, "mediator.mine")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	o.exec(`UPDATE deadlines SET paused_at = $2 WHERE case_id = $1`, string(late.ID), o.now)
	if diff := cmp.Diff([]mediation.CaseID{early.ID, late.ID}, o.waiting(o.mediator, "mediator.mine")); diff != "" {
		t.Errorf("a paused clock does not press (-want +got):\n%s", diff)
	}
}

func TestACountStopsAtAHundred(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.file(1)
	o.exec(`INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'intake_number', '登' || n))).*
		FROM cases c, generate_series(1, 100) n WHERE c.id = $1`, string(first))
	desk, err := o.ledger.Queues(o.ctx, o.clerk)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(desk.Queues, func(q ledger.Queue) bool { return q.Name == "intake.submitted" })
	q := desk.Queues[at]
	if q.Count != 100 || !q.More || len(q.Rows) != ledger.QueueRows {
		t.Errorf("of 101 the queue counts %d, more %t, and shows %d; want 100, true, 5", q.Count, q.More, len(q.Rows))
	}
}

func TestTheSupervisorSeesWhatLiesWhere(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "file")
	o.reach(2, "accept")
	o.now = o.now.Add(60 * 24 * time.Hour)
	o.reach(3, "accept")

	desk, err := o.ledger.Queues(o.ctx, o.supervisor)
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.Community{{Path: "gx/yy/", Name: "榆园", Cases: 3, Late: 2, Stages: map[mediation.Stage]int{mediation.Submitted: 1, mediation.Accepted: 2}}}
	if diff := cmp.Diff(want, desk.Communities); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if desk, err := o.ledger.Queues(o.ctx, o.chair); err != nil || desk.Communities != nil || desk.Office != nil {
		t.Errorf("the chair's desk has figures of others: %+v, %v", desk.Communities, err)
	}
}

func TestTheAdministratorSeesTheOfficeAndNoCase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "accept")
	o.exec(`INSERT INTO grants (id, user_id, role, committee_id, granted_at) VALUES ($1, $2, 'chair', $3, now())`, id(21), id(12), id(4))
	desk, err := o.ledger.Queues(o.ctx, o.admin)
	if err != nil {
		t.Fatal(err)
	}
	if desk.Office == nil || desk.Office.Committees != 2 || desk.Office.Users != 10 || desk.Office.GrantsWaiting != 1 {
		t.Errorf("the office is %+v, want 2 committees, 10 users, 1 grant waiting", desk.Office)
	}
	for _, q := range desk.Queues {
		if q.Count > 0 {
			t.Errorf("the administrator sees cases in %s", q.Name)
		}
	}
}

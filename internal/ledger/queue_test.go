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

// A major dispute nobody reported lies on the chair's list at once and on the
// district's when the day is over; reported in the program it lies on the desk of the
// legal staff of the area, who are told, and nobody else's, until they take it.
func TestAMajorDisputeLiesOnTheRightDesks(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "schedule")
	o.do(o.mediator, c.ID, &mediation.RiskFlag{Flag: "R2-MASS", Facts: "聚集了十几个人"})
	lies := func(when string, chair, supervisor, legal int) {
		t.Helper()
		for _, q := range []struct {
			who   mediation.Actor
			queue string
			want  int
		}{{o.chair, "chair.unreported", chair}, {o.supervisor, "supervisor.unreported", supervisor}, {o.legal, "legal.major", legal},
			{o.otherChair, "chair.unreported", 0}, {o.clerk, "chair.unreported", 0}, {o.mediator, "legal.major", 0}, {o.admin, "supervisor.unreported", 0}} {
			if got := o.waiting(q.who, q.queue); len(got) != q.want || q.want == 1 && got[0] != c.ID {
				t.Errorf("%s: %s of %s holds %v", when, q.queue, q.who.Name, got)
			}
		}
	}
	told := func(action mediation.Action) (names []string) {
		t.Helper()
		rows, err := o.raw.QueryContext(o.ctx, `SELECT u.name FROM notices n JOIN users u ON u.id = n.user_id WHERE n.action = $1 ORDER BY u.name`, string(action))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return names
	}
	report := &mediation.MajorReported{To: "judicial_office", How: mediation.ThroughSystem}
	lies("the same day", 1, 0, 0)
	o.now = o.now.Add(24 * time.Hour)
	lies("the day after", 1, 1, 0)
	page, err := o.ledger.Deadlines(o.ctx, o.supervisor, ledger.DueLate, "")
	if err != nil || !slices.ContainsFunc(page.Rows, func(r ledger.DeadlineRow) bool { return r.Due.Kind == statute.D21Major }) {
		t.Errorf("the district's list of what is late lacks it: %v", err)
	}
	if _, err := o.desk.Do(o.ctx, o.chair, c.ID, 0, report); mediation.FieldsOf(err)["way"] != "rule.no_legal_staff" {
		t.Errorf("reported to nobody: %v", err)
	}
	appoint := func(n, user, area int, more string) {
		o.exec(`INSERT INTO grants (id, user_id, role, area_id, granted_at, confirmed_at, ended_at) VALUES ($1, $2, 'legal_officer', $3, now(), `+more+`)`, id(n), id(user), id(area))
	}
	appoint(30, 17, 3, `now(), NULL`)  // of another community
	appoint(31, 16, 2, `NULL, NULL`)   // not confirmed
	appoint(32, 15, 2, `now(), now()`) // over
	if _, err := o.desk.Do(o.ctx, o.chair, c.ID, 0, report); mediation.FieldsOf(err)["way"] != "rule.no_legal_staff" {
		t.Errorf("reported to somebody who is none here: %v", err)
	}
	appoint(33, 13, 1, `now(), NULL`)
	o.exec(`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, waived_by, at) VALUES ($1, $2, 'gx', $3, 'relative', '{}', now())`, id(40), string(c.ID), id(13))
	if _, err := o.desk.Do(o.ctx, o.chair, c.ID, 0, report); mediation.FieldsOf(err)["way"] != "rule.no_legal_staff" {
		t.Errorf("reported to somebody with a tie: %v", err)
	}
	o.exec(`UPDATE conflicts SET waived_at = now()`)
	o.do(o.chair, c.ID, report)
	lies("reported", 0, 0, 1)
	if got := told(mediation.ReportMajor); len(got) != 1 || got[0] != o.legal.Name {
		t.Errorf("told of the report: %v", got)
	}
	o.do(o.legal, c.ID, &mediation.MajorTaken{Joint: "下午到场"})
	lies("taken", 0, 0, 0)
	if got := told(mediation.TakeMajorReport); len(got) != 2 || got[0] != o.mediator.Name || got[1] != o.chair.Name {
		t.Errorf("told that it was taken: %v", got)
	}
}

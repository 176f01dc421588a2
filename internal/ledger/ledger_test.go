package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
)

// many gives the office n filed cases that were changed in the same second or
// one after another.
func (o *office) many(n int) {
	o.Helper()
	first := o.file(1)
	o.exec(`INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(),
			'intake_number', '登' || n, 'updated_at', c.updated_at - make_interval(secs => n / 3)))).*
		FROM cases c, generate_series(1, $2) n WHERE c.id = $1`, string(first), n-1)
}

func TestAListIsReadForwardAndBackWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.many(95)
	var forward [][]mediation.CaseID
	ids := func(page ledger.Page[ledger.Row]) []mediation.CaseID {
		var all []mediation.CaseID
		for _, r := range page.Rows {
			all = append(all, r.ID)
		}
		return all
	}
	get := func(after string) ledger.Page[ledger.Row] {
		t.Helper()
		page, err := o.ledger.Cases(o.ctx, o.clerk, ledger.Filter{After: after})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	page := get("")
	if page.Prev != "" {
		t.Error("the first page has a newer neighbour")
	}
	var last ledger.Page[ledger.Row]
	for {
		forward = append(forward, ids(page))
		last = page
		if page.Next == "" {
			break
		}
		page = get(page.Next)
	}
	all := slices.Concat(forward...)
	unique := slices.Compact(slices.Sorted(slices.Values(all)))
	if len(all) != 95 || len(unique) != 95 || len(forward) != 4 || len(forward[3]) != 5 {
		t.Fatalf("%d rows, %d different, in %d pages; want 95 in 4", len(all), len(unique), len(forward))
	}
	for n := 2; n >= 0; n-- {
		last = get(last.Prev)
		if diff := cmp.Diff(forward[n], ids(last)); diff != "" {
			t.Errorf("back to page %d (-forward +back):\n%s", n+1, diff)
		}
	}
	if last.Prev != "" {
		t.Error("back at the first page there is a newer neighbour")
	}
}

func TestAFilterTakesAwayAllElse(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	filed, assigned := o.reach(1, "file"), o.reach(2, "assign")
	o.exec(`UPDATE deadlines SET due_at = $2 WHERE case_id = $1`, string(assigned.ID), o.now.Add(-time.Hour))
	closed := o.reach(3, "file")
	o.exec(`UPDATE cases SET stage = 'closed' WHERE id = $1`, string(closed.ID))
	for _, tt := range []struct {
		rule   string
		filter ledger.Filter
		want   []mediation.CaseID
	}{
		{"none: what is open", ledger.Filter{}, []mediation.CaseID{assigned.ID, filed.ID}},
		{"one stage", ledger.Filter{Stages: []mediation.Stage{mediation.Submitted}}, []mediation.CaseID{filed.ID}},
		{"several stages", ledger.Filter{Stages: []mediation.Stage{mediation.Submitted, mediation.Closed}}, []mediation.CaseID{closed.ID, filed.ID}},
		{"a type", ledger.Filter{Type: "02"}, []mediation.CaseID{assigned.ID}},
		{"a place with all below", ledger.Filter{Area: "gx/"}, []mediation.CaseID{assigned.ID, filed.ID}},
		{"another place", ledger.Filter{Area: "gx/tl/"}, []mediation.CaseID{}},
		{"late", ledger.Filter{Late: true}, []mediation.CaseID{assigned.ID}},
		{"closed", ledger.Filter{Closed: true}, []mediation.CaseID{closed.ID}},
		{"mine, and I mediate nothing", ledger.Filter{Mine: true}, []mediation.CaseID{}},
		{"an unknown stage", ledger.Filter{Stages: []mediation.Stage{"lost"}}, []mediation.CaseID{}},
		{"a queue that is not mine", ledger.Filter{Queue: "intake.submitted"}, []mediation.CaseID{}},
		{"an unknown queue", ledger.Filter{Queue: "chair.none"}, []mediation.CaseID{}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			page, err := o.ledger.Cases(o.ctx, o.chair, tt.filter)
			if err != nil {
				t.Fatal(err)
			}
			got := []mediation.CaseID{}
			for _, r := range page.Rows {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestACursorThatIsNoneIsInvalid(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	good := "n" + "abc" + "." + id(1)
	for _, text := range []string{"x", "n", "n.", "nabc", "nabc.7", "nabc.{" + id(1) + "}", "qabc." + id(1), "n-1." + id(1),
		"n" + strings.Repeat("z", 12) + "." + id(1), "n'." + id(1), "…", good + "x"} {
		if _, err := o.ledger.Cases(o.ctx, o.chair, ledger.Filter{After: text}); mediation.KindOf(err) != mediation.Invalid {
			t.Errorf("cursor %q: %v, want Invalid", text, err)
		}
	}
	if _, err := o.ledger.Cases(o.ctx, o.chair, ledger.Filter{After: good}); err != nil {
		t.Errorf("cursor %q: %v", good, err)
	}
}

func TestDeadlinesStandInTheirWindow(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for n, due := range []time.Duration{-time.Hour, 2 * time.Hour, 50 * time.Hour, 30 * 24 * time.Hour} {
		c := o.reach(n+1, "file")
		o.exec(`UPDATE deadlines SET due_at = timestamptz '2026-06-10 09:00+08' + make_interval(secs => $2) WHERE case_id = $1`, string(c.ID), due.Seconds())
	}
	paused := o.reach(9, "file")
	o.exec(`UPDATE deadlines SET due_at = timestamptz '2026-06-10 11:00+08', paused_at = now() WHERE case_id = $1`, string(paused.ID))
	o.now = time.Date(2026, 6, 10, 1, 0, 0, 0, time.UTC)
	for when, want := range map[ledger.When]int{ledger.DueToday: 2, ledger.DueWeek: 3, ledger.DueLate: 1} {
		page, err := o.ledger.Deadlines(o.ctx, o.clerk, when, "")
		if err != nil || len(page.Rows) != want {
			t.Errorf("%s: %d deadlines, %v; want %d", when, len(page.Rows), err, want)
		}
		if !slices.IsSortedFunc(page.Rows, func(a, b ledger.DeadlineRow) int { return a.Due.At.Compare(b.Due.At) }) {
			t.Errorf("%s is not in the order of the deadlines", when)
		}
		if page, err := o.ledger.Deadlines(o.ctx, o.otherChair, when, ""); err != nil || len(page.Rows) != 0 {
			t.Errorf("%s: another committee's chair sees %d deadlines, %v", when, len(page.Rows), err)
		}
	}
	if _, err := o.ledger.Deadlines(o.ctx, o.clerk, "someday", ""); mediation.KindOf(err) != mediation.Invalid {
		t.Errorf("an unknown window: %v, want Invalid", err)
	}
}

func TestNoticesAreTheReadersOwn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "assign")
	read := func(a mediation.Actor) []ledger.Notice {
		t.Helper()
		page, err := o.ledger.Notices(o.ctx, a, "")
		if err != nil {
			t.Fatal(err)
		}
		return page.Rows
	}
	mine := read(o.applicant)
	if len(mine) == 0 || mine[0].Action != mediation.Assign || mine[0].Case != c.ID || mine[0].Number == "" || mine[0].Read {
		t.Fatalf("the applicant's newest notice is %+v, want that a mediator was assigned", mine)
	}
	if got := read(o.mediator); len(got) != 1 || got[0].Action != mediation.Assign {
		t.Errorf("the mediator has %+v, want one notice of his assignment", got)
	}
	if got := read(o.chair); len(got) != 0 {
		t.Errorf("the chair reads others' notices: %+v", got)
	}
	if err := o.ledger.MarkRead(o.ctx, o.chair, mine[0].ID); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("another's notice marked as read: %v, want NotFound", err)
	}
	for range 2 { // the second time is no fault
		if err := o.ledger.MarkRead(o.ctx, o.applicant, mine[0].ID); err != nil {
			t.Error(err)
		}
	}
	if n, err := o.ledger.Unread(o.ctx, o.applicant); err != nil || n != len(mine)-1 {
		t.Errorf("%d unread, %v; want %d", n, err, len(mine)-1)
	}
	if err := o.ledger.MarkRead(o.ctx, o.applicant, ""); err != nil {
		t.Error(err)
	}
	if n, err := o.ledger.Unread(o.ctx, o.applicant); err != nil || n != 0 {
		t.Errorf("%d unread after all were read, %v", n, err)
	}
	code := mediation.CodeHolder(mediation.CodeAccess{Case: c.ID, Party: c.Parties[0].ID, Level: mediation.LevelChecked})
	if got := read(code); len(got) != len(mine) || !got[0].Read {
		t.Errorf("the same party by code reads %d notices, want %d", len(got), len(mine))
	}
	if err := o.ledger.MarkRead(o.ctx, o.applicant, fmt.Sprintf("%s' OR TRUE", id(1))); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("an id that is none: %v, want NotFound", err)
	}
}

package ledger_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// conclude brings a scheduled case through agreement, seal, performance, visit
// and closing.
func (o *office) conclude(c *mediation.Case) {
	o.Helper()
	o.draft(c)
	done := o.do(o.chair, c.ID, &mediation.Sealing{})
	o.do(o.mediator, c.ID, &mediation.Performed{Obligation: done.Obligations[0].ID, On: statute.DateOf(o.now), Proof: "看过现场"})
	o.do(o.mediator, c.ID, &mediation.FinalVisit{Visitation: mediation.Visitation{Means: "phone", Situation: "安静了", Satisfaction: "satisfied"}})
	o.do(o.chair, c.ID, &mediation.Closing{Missing: "材料另存"})
}

// refuse brings a registered case to its refusal.
func (o *office) refuse(c *mediation.Case) {
	o.Helper()
	o.do(o.chair, c.ID, &mediation.Refusal{Ground: "NA01", Reason: "不属于民间纠纷", Told: true})
}

func (o *office) count(want int) {
	o.Helper()
	n, err := o.ledger.CountMonths(o.ctx, mediation.System(), 5)
	if err != nil || n != want {
		o.Errorf("at %s %d months were closed, %v; want %d", o.now.Format(time.DateTime), n, err, want)
	}
}

func (o *office) figures(a mediation.Actor, unit, period string) *ledger.Figures {
	o.Helper()
	f, err := o.ledger.Figures(o.ctx, a, ledger.FiguresAsked{Unit: unit, Period: period})
	if err != nil {
		o.Fatal(err)
	}
	return f
}

// may is a May with one case concluded, one refused, one withdrawn after it was
// accepted and still in its folder, and one still open.
func (o *office) may() (concluded *mediation.Case) {
	o.Helper()
	concluded = o.reach(1, "schedule")
	o.conclude(concluded)
	o.refuse(o.reach(2, "register"))
	left := o.reach(3, "assign")
	o.do(o.applicant, left.ID, &mediation.Withdrawal{})
	o.reach(4, "accept")
	return concluded
}

func TestAMonthIsProvisionalUntilItsDayAndClosedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.count(0)
	want := figures.Values{figures.Registered: 4, figures.Accepted: 3, figures.NotAccepted: 1, figures.Concluded: 1, figures.Success: 1,
		"source.application": 1, "type.02": 1, figures.Written: 1, figures.Persons: 2, figures.Performed: 1, figures.Visited: 1, figures.Satisfied: 1,
		figures.Committees: 1, "committees.community": 1, figures.Mediators: 1, figures.PartTime: 1, "mediators.sex.none": 1, "mediators.schooling.none": 1}
	f := o.figures(o.chair, "", "2026-05")
	if diff := cmp.Diff(want, f.Values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !f.Open || f.CountedAt.IsZero() || !f.ClosedAt.IsZero() || f.Unit.Key != id(4) {
		t.Errorf("the running month is open %v, counted %v, closed %v, of %s", f.Open, f.CountedAt, f.ClosedAt, f.Unit.Key)
	}
	o.refuse(o.reach(5, "register"))
	if f := o.figures(o.chair, "", "2026-05"); f.Values[figures.NotAccepted] != 2 && f.Values[figures.NotAccepted] != 1 {
		t.Errorf("refused: %d", f.Values[figures.NotAccepted])
	}
	o.now = time.Date(2026, 6, 4, 23, 59, 0, 0, statute.Shanghai)
	o.count(0)
	if f := o.figures(o.chair, "", "2026-05"); f.Values[figures.NotAccepted] != 2 || !f.Open {
		t.Errorf("on the last day it tells %d refused, open %v", f.Values[figures.NotAccepted], f.Open)
	}
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	o.count(0)
	f = o.figures(o.chair, "", "2026-05")
	if f.Open || f.ClosedAt.IsZero() || f.Values[figures.Registered] != 5 {
		t.Errorf("closed: open %v, at %v, %d registered", f.Open, f.ClosedAt, f.Values[figures.Registered])
	}
	o.exec(`UPDATE cases SET type = '17', grade = 'L4'`)
	o.now = time.Date(2026, 7, 6, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	if diff := cmp.Diff(f.Values, o.figures(o.chair, "", "2026-05").Values); diff != "" {
		t.Errorf("a closed month changed (-before +after):\n%s", diff)
	}
	if year := o.figures(o.chair, "", "2026"); year.Values[figures.Concluded] != 1 || !year.Open {
		t.Errorf("the year tells %d concluded, open %v", year.Values[figures.Concluded], year.Open)
	}
	if _, err := o.ledger.CountMonths(o.ctx, o.chair, 5); mediation.KindOf(err) != mediation.Forbidden {
		t.Errorf("a chair closes months: %v", err)
	}
}

func TestTwoServersCloseAMonthOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.now = time.Date(2026, 8, 20, 0, 0, 0, 0, statute.Shanghai)
	var wait sync.WaitGroup
	closed := make(chan int, 4)
	for range 4 {
		wait.Go(func() {
			n, err := o.ledger.CountMonths(o.ctx, mediation.System(), 5)
			if err != nil {
				t.Error(err)
			}
			closed <- n
		})
	}
	wait.Wait()
	close(closed)
	all := 0
	for n := range closed {
		all += n
	}
	if all != 3 {
		t.Errorf("%d months were closed by four servers, want May, June and July once each", all)
	}
	if f := o.figures(o.chair, "", "2026-H1"); f.Values[figures.Concluded] != 1 || f.Values[figures.Registered] != 4 {
		t.Errorf("the half year tells %v", f.Values)
	}
}

func TestClosedFiguresAreHistory(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	for _, statement := range []string{
		`UPDATE figure_cells SET value = 9`, `DELETE FROM figure_cells`, `TRUNCATE figure_cells`, `UPDATE figure_entries SET value = 9`,
		`DELETE FROM figure_entries`, `DELETE FROM figure_months`, `UPDATE figure_months SET closed_at = now()`,
		`INSERT INTO figure_cells (unit, month, cell, value) VALUES ('gx/', '2026-05-01', 'sued', 1)`,
		`INSERT INTO figure_entries (cell, month, subject_id, committee_id, area_path, value) SELECT 'sued', month, subject_id, committee_id, area_path, 1 FROM figure_entries LIMIT 1`,
		`INSERT INTO figure_months (month, closed_at) VALUES ('2026-07-02', now())`,
	} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
}

func TestFiguresAreReadInTheReadersRights(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	concluded := o.may()
	o.count(0)
	if f := o.figures(o.supervisor, "", "2026-05"); f.Unit.Key != "gx/" || f.Values[figures.Registered] != 4 || len(f.Below) != 2 ||
		f.Below[0].Unit.Key != "gx/tl/" || f.Below[0].Values[figures.Registered] != 0 || f.Below[1].Values[figures.Registered] != 4 {
		t.Errorf("the district: %s, %v, below %+v", f.Unit.Key, f.Values, f.Below)
	}
	if f := o.figures(o.otherChair, "", "2026-05"); f.Unit.Key != id(5) || f.Values[figures.Registered] != 0 || len(f.Units) != 1 {
		t.Errorf("another committee's chair reads %s, %v", f.Unit.Key, f.Values)
	}
	for _, ask := range []ledger.FiguresAsked{{Unit: id(4)}, {Unit: "gx/"}, {Unit: "gx"}, {Period: "2026-13"}, {Unit: "' OR TRUE"}} {
		if _, err := o.ledger.Figures(o.ctx, o.otherChair, ask); mediation.KindOf(err) != mediation.NotFound {
			t.Errorf("%+v for another chair: %v, want NotFound", ask, err)
		}
	}
	for _, a := range []mediation.Actor{o.applicant, o.mediator, o.auditor, mediation.Visitor()} {
		if _, err := o.ledger.Figures(o.ctx, a, ledger.FiguresAsked{}); mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("%s reads figures: %v", a.Name, err)
		}
	}

	behind := func(a mediation.Actor, unit string, cell figures.Cell) *ledger.Behind {
		t.Helper()
		b, err := o.ledger.CasesBehind(o.ctx, a, ledger.FiguresAsked{Unit: unit, Period: "2026-Q2"}, cell, "")
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for cell, want := range map[figures.Cell]int{figures.Registered: 4, figures.Accepted: 3, figures.NotAccepted: 1, figures.Concluded: 1, "type.02": 1, "type.17": 0} {
		b := behind(o.supervisor, "gx/", cell)
		if len(b.Cases.Rows) != want || b.Value != int64(want) {
			t.Errorf("behind %s stand %d cases, the figure tells %d; want %d", cell, len(b.Cases.Rows), b.Value, want)
		}
	}
	if b := behind(o.chair, id(4), figures.Success); len(b.Cases.Rows) != 1 || b.Cases.Rows[0].ID != concluded.ID || b.Cases.Rows[0].Title == "" {
		t.Errorf("the chair's success: %+v", b.Cases.Rows)
	}
	if b := behind(o.supervisor, "gx/", figures.Mediators); len(b.Names) != 1 || b.Names[0].Name != "周老娘舅" || b.Value != 1 {
		t.Errorf("the mediators: %+v, %d", b.Names, b.Value)
	}
	if _, err := o.ledger.CasesBehind(o.ctx, o.otherChair, ledger.FiguresAsked{Unit: id(4)}, figures.Success, ""); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("another chair opens a list: %v", err)
	}
	if _, err := o.ledger.CasesBehind(o.ctx, o.chair, ledger.FiguresAsked{Unit: id(4)}, "lost", ""); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("no figure of ours: %v", err)
	}

	o.exec(`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, at) VALUES ($1, $2, 'gx/', $3, 'relative', now())`,
		id(90), string(concluded.ID), string(o.chair.User))
	if b := behind(o.chair, id(4), figures.Success); len(b.Cases.Rows) != 0 || b.Value != 1 {
		t.Errorf("a chair's own cousin: %d cases listed, the figure tells %d", len(b.Cases.Rows), b.Value)
	}
}

func TestAListBehindAFigureIsReadPageByPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	c := o.reach(1, "register")
	o.exec(`INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'intake_number', '登' || n))).*
		FROM cases c, generate_series(1, 70) n WHERE c.id = $1`, string(c.ID))
	o.exec(`INSERT INTO events SELECT (jsonb_populate_record(NULL::events, to_jsonb(e) || jsonb_build_object('id', gen_random_uuid(), 'case_id', c.id))).*
		FROM cases c, events e WHERE e.case_id = $1 AND e.seq = 1 AND c.id <> $1`, string(c.ID))
	o.count(0)
	seen, after := map[mediation.CaseID]bool{}, ""
	for range 3 {
		b, err := o.ledger.CasesBehind(o.ctx, o.chair, ledger.FiguresAsked{Unit: id(4), Period: "2026"}, figures.Registered, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range b.Cases.Rows {
			if seen[r.ID] {
				t.Errorf("%s stands on two pages", r.ID)
			}
			seen[r.ID] = true
		}
		after = b.Cases.Next
	}
	if len(seen) != 71 || after != "" {
		t.Errorf("%d cases on three pages, more %q; want 71", len(seen), after)
	}
}

func TestACorrectionStandsBesideAndKeepsTheSums(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	may := figures.NewMonth(2026, time.May)
	moved := []ledger.CorrectionLine{{Cell: "type.02", Delta: -1}, {Cell: "type.17", Delta: 1}}
	if err := o.ledger.CorrectMonth(o.ctx, o.legal, id(4), may, moved, "类型记错"); mediation.FieldsOf(err)["month"] == "" {
		t.Errorf("an open month is corrected: %v", err)
	}
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	for _, tt := range []struct {
		rule   string
		who    mediation.Actor
		unit   string
		lines  []ledger.CorrectionLine
		reason string
		kind   mediation.Kind
		field  string
	}{
		{"a chair reports and does not correct", o.chair, id(4), moved, "x", mediation.Forbidden, ""},
		{"no reason", o.legal, id(4), moved, " ", mediation.Invalid, "reason"},
		{"no line", o.legal, id(4), nil, "x", mediation.Invalid, "lines[0].delta"},
		{"an unknown figure", o.legal, id(4), []ledger.CorrectionLine{{Cell: "lost", Delta: 1}}, "x", mediation.Invalid, "lines[0].delta"},
		{"a stock", o.legal, id(4), []ledger.CorrectionLine{{Cell: figures.Mediators, Delta: 1}}, "x", mediation.Invalid, "lines[0].delta"},
		{"half of a move", o.legal, id(4), moved[:1], "x", mediation.Invalid, "lines[0].delta"},
		{"below nought", o.legal, id(4), []ledger.CorrectionLine{{Cell: figures.Registered, Delta: -9}}, "x", mediation.Invalid, "lines[0].delta"},
		{"a whole district", o.legal, "gx/", moved, "x", mediation.Invalid, "unit"},
		{"another place", o.legal, id(77), moved, "x", mediation.NotFound, ""},
	} {
		err := o.ledger.CorrectMonth(o.ctx, tt.who, tt.unit, may, tt.lines, tt.reason)
		if mediation.KindOf(err) != tt.kind || err == nil || tt.field != "" && mediation.FieldsOf(err)[tt.field] == "" {
			t.Errorf("%s: %v", tt.rule, err)
		}
	}
	if err := o.ledger.CorrectMonth(o.ctx, o.legal, id(4), may, moved, "类型记错"); err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{id(4), "gx/", "gx/yy/"} {
		f := o.figures(o.legal, unit, "2026-05")
		if f.Values["type.02"] != 0 || f.Values["type.17"] != 1 || f.Values[figures.Concluded] != 1 || len(f.Corrections) != 2 || f.Corrections[0].Who != "司法所" {
			t.Errorf("%s: %v, %+v", unit, f.Values, f.Corrections)
		}
		if len(figures.Broken(figures.CaseReturn, f.Values)) != 0 {
			t.Errorf("%s: the sums do not agree", unit)
		}
	}
	if f := o.figures(o.otherChair, "", "2026-05"); len(f.Corrections) != 0 || f.Values["type.17"] != 0 {
		t.Errorf("another committee is corrected too: %v", f.Values)
	}
}

func TestThePublicReadsClosedQuartersWithoutSmallFigures(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.count(0)
	if all, err := o.ledger.PublicFigures(o.ctx, mediation.Visitor(), "", 5); err != nil || len(all) != 0 {
		t.Errorf("before a quarter is closed: %+v, %v", all, err)
	}
	o.now = time.Date(2026, 7, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(2)
	for small, hidden := range map[int64]bool{5: true, 1: false} {
		all, err := o.ledger.PublicFigures(o.ctx, mediation.Visitor(), "", small)
		if err != nil || len(all) != 1 || all[0].Period.String() != "2026-Q2" || len(all[0].Areas) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		// one case concluded in the whole quarter: with a bound of five nobody reads it
		if got := all[0].Rows[2][1]; got.Hidden != hidden || !hidden && got.Value != 1 {
			t.Errorf("with a bound of %d concluded reads %+v", small, got)
		}
	}
	for _, quarter := range []string{"2026-Q3", "2026-05", "x"} {
		if _, err := o.ledger.PublicFigures(o.ctx, mediation.Visitor(), quarter, 5); mediation.KindOf(err) != mediation.NotFound {
			t.Errorf("%s: %v, want NotFound", quarter, err)
		}
	}
}

package ledger_test

import (
	"testing"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// What is asked of mediators for the return alone stands in it as sums, for those
// who answer for it; nobody can ask of whom a sum was counted.
func TestWhatIsPersonalOfMediatorsIsKeptAsSumsAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "register")
	o.exec(`UPDATE mediators SET sex = '2', schooling = '20' WHERE user_id = $1`, id(12))
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	for _, tt := range []struct {
		who    mediation.Actor
		people bool
	}{{o.chair, true}, {o.supervisor, true}, {o.legal, true}, {o.clerk, false}} {
		f := o.figures(tt.who, "", "2026-05")
		if f.People != tt.people || f.Values["mediators.sex.2"] != 1 || f.Values["mediators.schooling.20"] != 1 {
			t.Errorf("%s reads what is personal: %v, want %v; %v", tt.who.Name, f.People, tt.people, f.Values)
		}
		for _, cell := range []figures.Cell{"mediators.sex.2", "mediators.schooling.20", "mediators.sex.none"} {
			if _, err := o.ledger.CasesBehind(o.ctx, tt.who, ledger.FiguresAsked{Period: "2026-05"}, cell, ""); mediation.KindOf(err) != mediation.NotFound {
				t.Errorf("%s asks who stands behind %s: %v, want NotFound", tt.who.Name, cell, err)
			}
		}
	}
	var entries, sums int
	if err := o.raw.QueryRowContext(o.ctx, `SELECT (SELECT count(*) FROM (SELECT cell FROM figure_entries UNION ALL SELECT cell FROM figure_open_entries) e
			WHERE cell LIKE 'mediators.sex.%' OR cell LIKE 'mediators.schooling.%'),
		(SELECT count(*) FROM figure_cells WHERE cell LIKE 'mediators.sex.%')`).Scan(&entries, &sums); err != nil || entries != 0 || sums == 0 {
		t.Errorf("%d entries tell of whom it was counted, %d sums, %v; want none and some", entries, sums, err)
	}
}

// A month closed before these figures were counted reads as it did.
func TestAMonthClosedBeforeKeepsItsSums(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, cell := range []string{"committees", "committees.community"} {
		o.exec(`INSERT INTO figure_cells (unit, month, cell, value) VALUES ($1, '2026-04-01', $2, 1)`, id(4), cell)
	}
	for _, cell := range []string{"mediators", "mediators.part"} {
		o.exec(`INSERT INTO figure_cells (unit, month, cell, value) VALUES ($1, '2026-04-01', $2, 7)`, id(4), cell)
	}
	o.exec(`INSERT INTO figure_months (month, closed_at) VALUES ('2026-04-01', now())`)
	v, err := o.ledger.Report(o.ctx, o.chair, ledger.FiguresAsked{Unit: id(4), Period: "2026-04"}, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range v.Warnings {
		if w == figures.SumsOfTeam {
			t.Error("the sums of a month closed before no longer agree")
		}
	}
	if v.Values.Counted("mediators.sex.1") || !v.Values.Counted(figures.FullTime) {
		t.Errorf("what was counted then: %v", v.Values)
	}
}

// A committee counts as what it was told to be, one that was told nothing as its
// area says; and a month that is closed keeps what it was closed with.
func TestCommitteesAreCountedByKind(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "register")
	o.exec(`UPDATE committees SET kind = 'property' WHERE id = $1`, id(5))
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	o.exec(`UPDATE committees SET kind = 'enterprise' WHERE id = $1`, id(4))
	o.now = o.now.Add(time.Hour)
	o.count(0)
	for period, want := range map[string]figures.Values{
		"2026-05": {figures.Committees: 2, "committees.community": 1, "committees.property": 1},
		"2026-06": {figures.Committees: 2, "committees.enterprise": 1, "committees.property": 1},
	} {
		v := o.figures(o.supervisor, "gx/", period).Values
		for _, l := range figures.Lines(figures.TeamReturn) {
			if l.Group == "bodies" && v[l.Cell] != want[l.Cell] {
				t.Errorf("%s counts %d in %s, want %d", period, v[l.Cell], l.Cell, want[l.Cell])
			}
		}
	}
	b, err := o.ledger.CasesBehind(o.ctx, o.supervisor, ledger.FiguresAsked{Unit: "gx/", Period: "2026-06"}, "committees.property", "")
	if err != nil || len(b.Names) != 1 || b.Names[0].Name != "桐里社区调委会" {
		t.Errorf("the property committees: %+v, %v", b, err)
	}
	if _, err := o.raw.ExecContext(o.ctx, `UPDATE committees SET kind = 'school'`); err == nil {
		t.Error("the database takes a kind of no list")
	}
}

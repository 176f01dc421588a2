package ledger_test

import (
	"strings"
	"testing"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The chair or the clerk records the rounds of a month; the return adds them up
// over months, the committees stand behind the number, and a closed month keeps
// what it was closed with.
//
// proves: duty.screening
func TestRoundsAreRecordedByMonthAndCounted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "register")
	if f := o.figures(o.chair, "", "2026-05"); f.Values.Recorded(figures.Screenings) {
		t.Error("rounds nobody recorded are counted")
	}
	may := ledger.ScreeningChange{Unit: id(4), Month: "2026-05", Times: 1, Found: 2, Prevented: 1, Note: "1 至 4 幢"}
	record := func(who mediation.Actor, in ledger.ScreeningChange) {
		t.Helper()
		if err := o.ledger.RecordScreening(o.ctx, who, in); err != nil {
			t.Fatal(err)
		}
	}
	record(o.chair, may)
	may.Seq, may.Times, may.Found = 1, 3, 4 // the whole month so far, and not what was added
	record(o.clerk, may)
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	record(o.clerk, ledger.ScreeningChange{Unit: id(4), Month: "2026-06", Times: 2, Note: "5 至 8 幢"})
	o.now = o.now.Add(time.Hour)
	o.count(0)
	for period, want := range map[string]figures.Values{"2026-05": {figures.Screenings: 3, figures.ScreenedFound: 4, figures.ScreenedPrevented: 1},
		"2026-06": {figures.Screenings: 2}, "2026-H1": {figures.Screenings: 5, figures.ScreenedFound: 4, figures.ScreenedPrevented: 1}} {
		for _, unit := range []string{id(4), "gx/"} {
			v := o.figures(o.supervisor, unit, period).Values
			for _, cell := range []figures.Cell{figures.Screenings, figures.ScreenedFound, figures.ScreenedPrevented} {
				if v[cell] != want[cell] {
					t.Errorf("%s of %s in %s: %d, want %d", cell, unit, period, v[cell], want[cell])
				}
			}
		}
	}
	b, err := o.ledger.CasesBehind(o.ctx, o.chair, ledger.FiguresAsked{Period: "2026-H1"}, figures.Screenings, "")
	if err != nil || b.Value != 5 || len(b.Names) != 1 || len(b.Cases.Rows) != 0 {
		t.Errorf("behind the rounds: %+v, %v", b, err)
	}
	may.Seq = 2
	if err := o.ledger.RecordScreening(o.ctx, o.chair, may); mediation.KeyOf(err) != "figures.month_closed" {
		t.Errorf("written into a closed month: %v", err)
	}
	v, err := o.ledger.Screenings(o.ctx, o.chair, "", "2026-05")
	if err != nil || len(v.Lines) != 2 || v.Lines[0].Times != 3 || v.Lines[0].Role != mediation.RoleCoordinator || v.Seq != 2 || v.Records {
		t.Errorf("the chair reads %+v, %v", v, err)
	}
	if v, err := o.ledger.Screenings(o.ctx, o.supervisor, "gx/", ""); err != nil || v.Records || len(v.Lines) != 1 {
		t.Errorf("the supervisor may record: %+v, %v", v, err)
	}
	if v, err := o.ledger.Screenings(o.ctx, o.chair, "", "2025-05"); err != nil || v.Records || len(v.Lines) != 0 {
		t.Errorf("a month of the year before is read as %+v, %v", v, err)
	}
	if _, err := o.ledger.Screenings(o.ctx, o.chair, "", "2019-05"); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("a month before all that is kept: %v", err)
	}
	for _, statement := range []string{`UPDATE committee_screenings SET times = 9`, `DELETE FROM committee_screenings`, `TRUNCATE committee_screenings`} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
}

func TestWhatIsRefusedOfRounds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, tt := range []struct {
		rule   string
		who    mediation.Actor
		spoil  func(*ledger.ScreeningChange)
		kind   mediation.Kind
		fields string
	}{
		{"legal staff", o.legal, nil, mediation.Forbidden, ""},
		{"the supervisor", o.supervisor, nil, mediation.Forbidden, ""},
		{"a chair elsewhere", o.otherChair, nil, mediation.NotFound, ""},
		{"a month to come", o.chair, func(c *ledger.ScreeningChange) { c.Month = "2027-05" }, mediation.NotFound, ""},
		{"a month long past", o.chair, func(c *ledger.ScreeningChange) { c.Month = "2025-05" }, mediation.NotFound, ""},
		{"no round", o.chair, func(c *ledger.ScreeningChange) { c.Times = 0 }, mediation.Invalid, "times"},
		{"too many noughts", o.chair, func(c *ledger.ScreeningChange) { c.Times = ledger.MostScreened + 1 }, mediation.Invalid, "times"},
		{"less than nothing", o.chair, func(c *ledger.ScreeningChange) { c.Found, c.Prevented = -1, -1 }, mediation.Invalid, "found prevented"},
		{"more prevented than found", o.chair, func(c *ledger.ScreeningChange) { c.Prevented = 3 }, mediation.Invalid, "prevented"},
		{"without a word", o.chair, func(c *ledger.ScreeningChange) { c.Note = "  " }, mediation.Invalid, "note"},
		{"too many words", o.chair, func(c *ledger.ScreeningChange) { c.Note = strings.Repeat("文", ledger.MaxReason+1) }, mediation.Invalid, "note"},
		{"written over a line never seen", o.chair, func(c *ledger.ScreeningChange) { c.Seq = 1 }, mediation.Conflict, ""},
	} {
		change := ledger.ScreeningChange{Unit: id(4), Times: 1, Found: 2, Prevented: 1, Note: "1 至 4 幢"}
		if tt.spoil != nil {
			tt.spoil(&change)
		}
		err := o.ledger.RecordScreening(o.ctx, tt.who, change)
		got := mediation.FieldsOf(err)
		if mediation.KindOf(err) != tt.kind || err == nil || len(got) != len(strings.Fields(tt.fields)) {
			t.Errorf("%s: %v, fields %v", tt.rule, err, got)
		}
		for _, field := range strings.Fields(tt.fields) {
			if got[field] == "" {
				t.Errorf("%s: %v, want %s marked", tt.rule, got, field)
			}
		}
	}
}

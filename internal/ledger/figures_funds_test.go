package ledger_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The chair or the bureau records the money; the return counts what holds when a
// month is counted, and a closed month keeps it.
//
// proves: duty.funds
func TestFundsAreRecordedForAYearAndCounted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "register")
	first := ledger.FundsChange{Unit: id(4), Year: 2026, Guaranteed: 36_000_00, Paid: 9_000_00, Basis: "街〔2026〕3号"}
	if f := o.figures(o.chair, "", "2026-05"); f.Values.Recorded(figures.FundsPaid) {
		t.Error("money nobody recorded is counted")
	}
	if err := o.ledger.RecordFunds(o.ctx, o.chair, first); err != nil {
		t.Fatal(err)
	}
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	second := first
	second.Seq, second.Paid, second.Basis = 1, 18_000_00, "第二季度到账"
	if err := o.ledger.RecordFunds(o.ctx, o.supervisor, second); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(time.Hour)
	o.count(0)
	for period, paid := range map[string]int64{"2026-05": 9_000_00, "2026-06": 18_000_00, "2026-H1": 18_000_00} {
		for _, unit := range []string{id(4), "gx/"} {
			if v := o.figures(o.supervisor, unit, period).Values; v[figures.FundsGuaranteed] != 36_000_00 || v[figures.FundsPaid] != paid || v[figures.FundsKnown] != 1 {
				t.Errorf("%s in %s: %v, want %d paid", unit, period, v, paid)
			}
		}
	}
	v, err := o.ledger.Funds(o.ctx, o.chair, "", 0)
	if err != nil || len(v.Lines) != 2 || v.Lines[0].Paid != 18_000_00 || v.Lines[0].Role != mediation.RoleSupervisor || v.Lines[1].Basis != first.Basis ||
		v.Seq != 2 || !v.Records || v.Year != 2026 {
		t.Errorf("the chair reads %+v, %v", v, err)
	}
	if v, err := o.ledger.Funds(o.ctx, o.clerk, id(4), 2026); err != nil || v.Records {
		t.Errorf("the clerk may record: %+v, %v", v, err)
	}
	for _, statement := range []string{`UPDATE committee_funds SET paid_fen = 0`, `DELETE FROM committee_funds`, `TRUNCATE committee_funds`} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
}

func TestWhatIsRefusedOfFunds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, tt := range []struct {
		rule   string
		who    mediation.Actor
		spoil  func(*ledger.FundsChange)
		kind   mediation.Kind
		fields string
	}{
		{"a clerk", o.clerk, nil, mediation.Forbidden, ""},
		{"legal staff", o.legal, nil, mediation.Forbidden, ""},
		{"a chair elsewhere", o.otherChair, nil, mediation.NotFound, ""},
		{"an area has none of its own", o.supervisor, func(f *ledger.FundsChange) { f.Unit = "gx/" }, mediation.NotFound, ""},
		{"a year to come", o.chair, func(f *ledger.FundsChange) { f.Year = 2027 }, mediation.Invalid, "year"},
		{"a year long past", o.chair, func(f *ledger.FundsChange) { f.Year = 2024 }, mediation.Invalid, "year"},
		{"less than nothing", o.chair, func(f *ledger.FundsChange) { f.Guaranteed = -1 }, mediation.Invalid, "guaranteed"},
		{"too many noughts", o.chair, func(f *ledger.FundsChange) { f.Paid = ledger.MostFunds + 1 }, mediation.Invalid, "paid"},
		{"no paper", o.chair, func(f *ledger.FundsChange) { f.Basis = "  " }, mediation.Invalid, "basis"},
		{"a paper too long", o.chair, func(f *ledger.FundsChange) { f.Basis = strings.Repeat("文", ledger.MaxReason+1) }, mediation.Invalid, "basis"},
		{"written over a line never seen", o.chair, func(f *ledger.FundsChange) { f.Seq = 1 }, mediation.Conflict, ""},
	} {
		change := ledger.FundsChange{Unit: id(4), Year: 2026, Guaranteed: 36_000_00, Paid: 1, Basis: "街〔2026〕3号"}
		if tt.spoil != nil {
			tt.spoil(&change)
		}
		err := o.ledger.RecordFunds(o.ctx, tt.who, change)
		got := mediation.FieldsOf(err)
		if mediation.KindOf(err) != tt.kind || err == nil || (tt.fields != "") != (len(got) == 1 && got[tt.fields] != "") {
			t.Errorf("%s: %v, fields %v", tt.rule, err, got)
		}
	}
	for _, year := range []int{2024, 2027, -1} {
		if _, err := o.ledger.Funds(o.ctx, o.chair, "", year); mediation.KindOf(err) != mediation.NotFound {
			t.Errorf("the money of %d: %v", year, err)
		}
	}
}

// Of two hands that saw the same line one writes.
func TestFundsAreWrittenOnceAtATime(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var wait sync.WaitGroup
	wrote := make(chan bool, 6)
	for range 6 {
		wait.Go(func() {
			err := o.ledger.RecordFunds(o.ctx, o.chair, ledger.FundsChange{Unit: id(4), Year: 2026, Guaranteed: 1, Basis: "街〔2026〕3号"})
			if err == nil {
				wrote <- true
			} else if mediation.KindOf(err) != mediation.Conflict {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if v, err := o.ledger.Funds(o.ctx, o.chair, "", 2026); err != nil || len(wrote) != 1 || len(v.Lines) != 1 {
		t.Errorf("written %d times, %v", len(wrote), err)
	}
}

package subsidy

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheTermsThatShipMayBeSet(t *testing.T) {
	if f := Shipped().Faults(); len(f) != 0 {
		t.Errorf("the shipped terms are at fault: %v", f)
	}
	if pass := Shipped().Pass(); pass != 60 || (Terms{}).Pass() != MaxScore {
		t.Errorf("%d passes", pass)
	}
}

func TestWhatABureauMaySet(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		spoil func(*Terms)
		want  map[string]string
	}{
		{"the shipped terms", func(*Terms) {}, nil},
		{"the same for every grade", func(x *Terms) { x.Community = Scale{"L1": 50_00, "L2": 50_00, "L3": 50_00, "L4": 50_00} }, nil},
		{"nothing for simple cases", func(x *Terms) { x.Community["L1"] = 0 }, nil},
		{"a grade forgotten", func(x *Terms) { delete(x.Others, "L3") }, map[string]string{"others.L3": "subsidy.terms_sum"}},
		{"below nought", func(x *Terms) { x.Others["L1"] = -1 }, map[string]string{"others.L1": "subsidy.terms_sum"}},
		{"more than anybody pays", func(x *Terms) { x.Others["L4"] = MostFen + 1 }, map[string]string{"others.L4": "subsidy.terms_sum"}},
		{"less for a harder case", func(x *Terms) { x.Community["L3"] = 20_00 }, map[string]string{"community.L3": "subsidy.terms_less"}},
		{"scores out of order", func(x *Terms) { x.Bands[1].From = 90 }, map[string]string{"bands[1].from": "subsidy.terms_score"}},
		{"a score above the best", func(x *Terms) { x.Bands[0].From = 101 }, map[string]string{"bands[0].from": "subsidy.terms_score"}},
		{"more for a worse volume", func(x *Terms) { x.Bands[2].Share = 81 }, map[string]string{"bands[2].share": "subsidy.terms_better"}},
		{"a share above the whole", func(x *Terms) { x.Bands[0].Share = 101 }, map[string]string{"bands[0].share": "subsidy.terms_share"}},
		{"a band too few", func(x *Terms) { x.Bands = x.Bands[:2] }, map[string]string{"bands[0].from": "subsidy.terms_score"}},
		{"part pay above the whole", func(x *Terms) { x.Unsettled = 101 }, map[string]string{"unsettled": "subsidy.terms_share"}},
		{"an oral share below nought", func(x *Terms) { x.Oral = -1 }, map[string]string{"oral": "subsidy.terms_share"}},
		{"a bound below nought", func(x *Terms) { x.MonthMost = -1 }, map[string]string{"month_most": "subsidy.terms_sum"}},
		{"no sample", func(x *Terms) { x.Sample = 0 }, map[string]string{"sample": "subsidy.terms_sample"}},
	} {
		x := Shipped()
		tt.spoil(&x)
		got := x.Faults()
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
		if same := x.Equal(Shipped()); same != (tt.rule == "the shipped terms") {
			t.Errorf("%s: equal to the shipped ones %v", tt.rule, same)
		}
	}
}

// proves: duty.pay_month
func TestLocalSharesAndTheBoundOfTheMonth(t *testing.T) {
	oral := good(func(f *Facts) { f.Oral = true })
	half := Shipped()
	half.Oral = 50
	capped := Shipped()
	capped.MonthMost = 100_00
	for _, tt := range []struct {
		rule  string
		facts Facts
		terms Terms
		spent int64
		fen   int64
		words []string
	}{
		{"an oral agreement is paid like a written one where nobody set otherwise", oral, Shipped(), 0, 30_00, []string{"grade.L2", "volume"}},
		{"or its share", oral, half, 0, 15_00, []string{"grade.L2", "oral", "volume"}},
		{"which is not taken twice from effort without an agreement", good(func(f *Facts) { f.Oral, f.Agreed = true, false }), half, 0, 9_00,
			[]string{"grade.L2", "unsettled", "volume"}},
		{"within the bound of the month", good(nil), capped, 70_00, 30_00, []string{"grade.L2", "volume"}},
		{"across it", good(nil), capped, 80_00, 20_00, []string{"grade.L2", "volume", "month"}},
		{"beyond it", good(nil), capped, 120_00, 0, []string{"grade.L2", "volume", "month"}},
	} {
		fen, steps := Reckon(tt.facts, tt.terms, "community", 95, tt.spent)
		var words []string
		for _, s := range steps {
			words = append(words, s.Word)
		}
		if fen != tt.fen || !slices.Equal(words, tt.words) || steps[len(steps)-1].Fen != fen {
			t.Errorf("%s: %d by %v, want %d by %v", tt.rule, fen, words, tt.fen, tt.words)
		}
	}
}

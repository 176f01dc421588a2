package figures

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// settled is a case of noise closed in the month with a written agreement.
func settled(change func(*CaseFacts)) CaseFacts {
	f := CaseFacts{Closed: true, EverAccepted: true, Agreed: true, Form: "written", EndedAs: mediation.Closed, Source: "application", Type: "02",
		Grade: "L2", Persons: 2, AmountFen: 500_00}
	if change != nil {
		change(&f)
	}
	return f
}

func TestInWhichRowsACaseCounts(t *testing.T) {
	usual := Values{Concluded: 1, Success: 1, Written: 1, Persons: 2, Amount: 500_00, "source.application": 1, "type.02": 1}
	with := func(change Values, gone ...Cell) Values {
		v := Values{}
		for cell, n := range usual {
			if !slices.Contains(gone, cell) {
				v[cell] = n
			}
		}
		for cell, n := range change {
			v[cell] = n
		}
		return v
	}
	for _, tt := range []struct {
		rule  string
		facts CaseFacts
		want  Values
	}{
		{"closed with an agreement", settled(nil), usual},
		{"an oral one", settled(func(f *CaseFacts) { f.Form = "oral" }), with(Values{Oral: 1}, Written)},
		{"ended without one", settled(func(f *CaseFacts) { f.Agreed, f.EndedAs = false, mediation.Terminated }), with(Values{Failed: 1}, Success, Written, Amount)},
		{"withdrawn after acceptance", settled(func(f *CaseFacts) { f.Agreed, f.EndedAs = false, mediation.Withdrawn }), with(Values{Withdrawn: 1}, Success, Written, Amount)},
		{"withdrawn before acceptance is no case of the return",
			settled(func(f *CaseFacts) { f.EverAccepted, f.Agreed, f.EndedAs = false, false, mediation.Withdrawn }), Values{}},
		{"a judgment", settled(func(f *CaseFacts) { f.Agreed, f.CourtMode = false, statute.C3 }), with(Values{ToCourt: 1}, Success, Written, Amount)},
		{"settled by the court after a suit was filed is the court's", settled(func(f *CaseFacts) { f.CourtMode = statute.C2Ordinary }),
			with(Values{ToCourt: 1}, Success, Written, Amount)},
		{"settled on delegation before filing is mediation", settled(func(f *CaseFacts) { f.CourtMode = statute.C1 }), usual},
		{"sent by the police", settled(func(f *CaseFacts) { f.Source = "police" }), with(Values{Referred: 1, "source.police": 1}, "source.application")},
		{"taken up by the committee", settled(func(f *CaseFacts) { f.Source = "proactive" }), with(Values{"source.proactive": 1}, "source.application")},
		{"a difficult one", settled(func(f *CaseFacts) { f.Grade = "L3" }), with(Values{Difficult: 1})},
		{"a major one is difficult too", settled(func(f *CaseFacts) { f.Grade = "L4" }), with(Values{Difficult: 1, Major: 1})},
		{"performed and confirmed", settled(func(f *CaseFacts) { f.Performance, f.Applied, f.Confirmed = "performed", true, true }),
			with(Values{Performed: 1, Applied: 1, Confirmed: 1})},
		{"not performed, and sued", settled(func(f *CaseFacts) { f.Performance, f.Sued = "breached", true }), with(Values{Breached: 1, Sued: 1})},
		{"visited", settled(func(f *CaseFacts) { f.Satisfaction = "unsatisfied" }), with(Values{Visited: 1})},
		{"visited and satisfied", settled(func(f *CaseFacts) { f.Satisfaction = "satisfied" }), with(Values{Visited: 1, Satisfied: 1})},
		{"a danger that was averted", settled(func(f *CaseFacts) { f.Flags, f.Persons = []string{"R2-ESC", "R2-SUICIDE", "R2-MASS"}, 12 }),
			with(Values{Persons: 12, Crime: 1, Suicide: 1, Mass: 1, MassPersons: 12})},
		{"a danger in a case that failed was not averted by it",
			settled(func(f *CaseFacts) { f.Agreed, f.EndedAs, f.Flags = false, mediation.Terminated, []string{"R2-ESC"} }), with(Values{Failed: 1}, Success, Written, Amount)},
		{"registered and accepted, and still open", CaseFacts{Registered: true, Accepted: true, EverAccepted: true, Agreed: true, Persons: 2},
			Values{Registered: 1, Accepted: 1}},
		{"registered and refused, also when it is closed", CaseFacts{Registered: true, NotAccepted: true, Closed: true, EndedAs: mediation.NotAccepted},
			Values{Registered: 1, NotAccepted: 1}},
		{"sent to whom it belongs", CaseFacts{ReferredOut: true, EndedAs: mediation.ReferredOut}, Values{ReferredOut: 1}},
		{"a type that left the list counts among the others", settled(func(f *CaseFacts) { f.Type, f.Source = "88", "" }), with(Values{"type.99": 1}, "type.02")},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := Values{}
			for _, e := range OfCase(tt.facts) {
				got[e.Cell] += e.Value
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func anyFacts(t *rapid.T) CaseFacts {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	f := CaseFacts{Registered: yes("registered"), Accepted: yes("accepted"), NotAccepted: yes("refused"), Closed: yes("closed"), EverAccepted: yes("ever"),
		Agreed: yes("agreed"), Form: pick("form", "", "written", "oral"), Source: pick("source", "", "application", "court", "police", "lost"),
		EndedAs: rapid.SampledFrom(mediation.Stages).Draw(t, "ended"), Type: pick("type", "", "01", "17", "99", "x"), Grade: pick("grade", "", "L1", "L3", "L4"),
		CourtMode: rapid.SampledFrom([]statute.CourtMode{"", statute.C1, statute.C2Ordinary, statute.C3}).Draw(t, "mode"),
		Persons:   rapid.IntRange(0, 40).Draw(t, "persons"), Performance: pick("performance", "", "running", "overdue", "performed", "breached"),
		Applied: yes("applied"), Confirmed: yes("confirmed"), Sued: yes("sued"), Satisfaction: pick("satisfaction", "", "fair", "satisfied")}
	for _, flag := range []string{"R2-ESC", "R2-SUICIDE", "R2-MASS"} {
		if yes(flag) {
			f.Flags = append(f.Flags, flag)
		}
	}
	return f
}

// Whatever cases there are, the tables they fill obey their own fill-in rules.
func TestCountedFiguresAlwaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := Values{}
		for range rapid.IntRange(0, 12).Draw(t, "cases") {
			for _, e := range OfCase(anyFacts(t)) {
				if _, known := LineOf(e.Cell); !known {
					t.Fatalf("%s stands in no return", e.Cell)
				}
				v[e.Cell] += e.Value
			}
		}
		for range rapid.IntRange(0, 4).Draw(t, "people") {
			yes := func() bool { return rapid.Bool().Draw(t, "is") }
			for _, e := range append(OfMediator(MediatorFacts{yes(), yes(), yes(), rapid.SampledFrom([]string{"", "1", "2", "9", "x"}).Draw(t, "sex"), rapid.SampledFrom([]string{"", "10", "90", "大学"}).Draw(t, "schooling")}), OfCommittee(rapid.SampledFrom([]string{"", "traffic", "other", "x"}).Draw(t, "kind"), rapid.SampledFrom([]string{"community", "subdistrict", "district"}).Draw(t, "area"))...) {
				v[e.Cell] += e.Value
			}
		}
		for _, r := range Returns {
			if broken := Broken(r, v); len(broken) > 0 {
				t.Fatalf("%+v in %v", broken, v)
			}
		}
	})
}

func TestEachFillInRuleIsBrokenByItsOwnParts(t *testing.T) {
	for _, r := range Returns {
		for _, c := range Checks(r) {
			v := Values{c.Parts[0]: 1}
			if c.Holds(v) || !slices.ContainsFunc(Broken(r, v), func(b Check) bool { return b.Whole == c.Whole && slices.Equal(b.Parts, c.Parts) }) {
				t.Errorf("%s of %v does not see a part without its whole", c.Whole, c.Parts)
			}
			v[c.Whole]++
			if !c.Holds(v) {
				t.Errorf("%s of %v does not hold with one of each", c.Whole, c.Parts)
			}
			for _, cell := range append([]Cell{c.Whole}, c.Parts...) {
				if line, ok := LineOf(cell); !ok || line.Return != r {
					t.Errorf("%s names %s, which stands not in that return", c.Whole, cell)
				}
			}
		}
	}
	if broken := Broken(CaseReturn, Values{Amount: -1}); len(broken) != 1 || broken[0].Whole != Amount {
		t.Errorf("a sum below nought: %+v", broken)
	}
}

// everybody is one entry at least in every line that is about no case.
func everybody() []Entry {
	all := slices.Concat(OfMediator(MediatorFacts{FullTime: true, PartyMember: true, LegalAdvisor: true}), OfFunds(2, 1), OfScreening(3, 2, 1), OfPayment(1))
	for _, kind := range statute.Codes(statute.CommitteeKinds) {
		all = append(all, OfCommittee(kind.Code, "")...)
	}
	for _, sex := range statute.Codes(statute.Sexes) {
		all = append(all, OfMediator(MediatorFacts{Sex: sex.Code})...)
	}
	for _, s := range statute.Codes(statute.Schooling) {
		all = append(all, OfMediator(MediatorFacts{Schooling: s.Code})...)
	}
	return all
}

func TestInWhichRowsACommitteeCounts(t *testing.T) {
	for _, tt := range []struct {
		kind, area string
		want       Cell
	}{
		{"", "community", "committees.community"}, {"", "subdistrict", "committees.subdistrict"}, {"", "district", "committees.other"},
		{"community", "subdistrict", "committees.community"}, {"subdistrict", "subdistrict", "committees.subdistrict"},
		{"enterprise", "community", "committees.enterprise"}, {"traffic", "district", "committees.traffic"}, {"medical", "district", "committees.medical"},
		{"labour", "subdistrict", "committees.labour"}, {"property", "subdistrict", "committees.property"}, {"other", "community", "committees.other"},
		{"school", "community", "committees.community"}, {"school", "city", "committees.other"},
	} {
		if diff := cmp.Diff([]Entry{{Committees, 1}, {tt.want, 1}}, OfCommittee(tt.kind, tt.area)); diff != "" {
			t.Errorf("%q in a %s (-want +got):\n%s", tt.kind, tt.area, diff)
		}
	}
}

// What was closed when three kinds were told apart still adds up.
func TestCommitteesClosedBeforeTheKindsAddUp(t *testing.T) {
	v := Values{Committees: 6, "committees.community": 3, "committees.subdistrict": 2, "committees.other": 1}
	if broken := Broken(TeamReturn, v); len(broken) != 0 {
		t.Errorf("%+v", broken)
	}
}

func TestInWhichRowsAMediatorCounts(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		facts MediatorFacts
		want  Values
	}{
		{"nothing told", MediatorFacts{}, Values{Mediators: 1, PartTime: 1, "mediators.sex.none": 1, "mediators.schooling.none": 1}},
		{"all told", MediatorFacts{true, true, true, "2", "20"},
			Values{Mediators: 1, FullTime: 1, PartyMembers: 1, LegalAdvisors: 1, "mediators.sex.2": 1, "mediators.schooling.20": 1}},
		{"not stated is another answer than none", MediatorFacts{Sex: "9", Schooling: "90"},
			Values{Mediators: 1, PartTime: 1, "mediators.sex.9": 1, "mediators.schooling.90": 1}},
		{"a code of no list was not told", MediatorFacts{Sex: "0", Schooling: "50"},
			Values{Mediators: 1, PartTime: 1, "mediators.sex.none": 1, "mediators.schooling.none": 1}},
	} {
		got := Values{}
		for _, e := range OfMediator(tt.facts) {
			got[e.Cell] += e.Value
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

// A month closed before the splits were counted keeps its sums; one that was
// counted with them must add up.
func TestSplitsThatWereNotCountedBreakNothing(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		values  Values
		broken  int
		counted bool
	}{
		{"closed before", Values{Mediators: 7, PartTime: 7}, 0, false},
		{"counted", Values{Mediators: 2, PartTime: 2, "mediators.sex.1": 2, "mediators.schooling.none": 2}, 0, true},
		{"one is missing", Values{Mediators: 2, PartTime: 2, "mediators.sex.1": 1, "mediators.schooling.10": 2}, 1, true},
		{"nobody to count", Values{}, 0, true},
	} {
		if got := Broken(TeamReturn, tt.values); len(got) != tt.broken || tt.values.Counted("mediators.sex.2") != tt.counted {
			t.Errorf("%s: %+v, counted %v", tt.rule, got, tt.values.Counted("mediators.sex.2"))
		}
	}
	if !(Values{Mediators: 1}).Counted(FullTime) {
		t.Error("what was counted from the first is not")
	}
}

func TestInWhichRowsFundsCount(t *testing.T) {
	for _, tt := range []struct {
		guaranteed, paid int64
		want             Values
	}{{36_000_00, 18_000_00, Values{FundsKnown: 1, FundsGuaranteed: 36_000_00, FundsPaid: 18_000_00}}, {36_000_00, 0, Values{FundsKnown: 1, FundsGuaranteed: 36_000_00}},
		{0, 0, Values{FundsKnown: 1}}} {
		got := Values{}
		for _, e := range OfFunds(tt.guaranteed, tt.paid) {
			got[e.Cell] += e.Value
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || !got.Recorded(FundsPaid) {
			t.Errorf("%d and %d (-want +got):\n%s", tt.guaranteed, tt.paid, diff)
		}
	}
	if none := (Values{Committees: 1, "committees.community": 1}); none.Recorded(FundsGuaranteed) || none.Recorded(FundsPaid) || !none.Recorded(FundsKnown) {
		t.Error("money nobody recorded reads as nought")
	}
}

func TestInWhichRowsRoundsCount(t *testing.T) {
	for _, tt := range []struct {
		times, found, prevented int64
		want                    Values
	}{{4, 3, 1, Values{Screenings: 4, ScreenedFound: 3, ScreenedPrevented: 1}}, {1, 0, 0, Values{Screenings: 1}}, {0, 0, 0, Values{}}} {
		got := Values{}
		for _, e := range OfScreening(tt.times, tt.found, tt.prevented) {
			got[e.Cell] += e.Value
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || got.Recorded(ScreenedFound) != (tt.times > 0) || len(Broken(CaseReturn, got)) > 0 {
			t.Errorf("%+v (-want +got):\n%s", tt, diff)
		}
	}
}

// What is personal is published to nobody.
func TestWhatIsPersonalIsNotPublic(t *testing.T) {
	personal := 0
	for _, l := range lines {
		if l.Cell.Personal() {
			personal++
		}
	}
	if personal != len(statute.Codes(statute.Sexes))+len(statute.Codes(statute.Schooling))+2 || slices.ContainsFunc(PublicCells, Cell.Personal) {
		t.Errorf("%d personal lines, published: %v", personal, PublicCells)
	}
}

func TestEveryLineIsCountedBySomethingAndHasItsSource(t *testing.T) {
	seen := map[Cell]bool{}
	for _, e := range everybody() {
		seen[e.Cell] = true
	}
	for _, r := range rules {
		seen[r.cell] = true
	}
	for _, l := range lines {
		prefixed := strings.HasPrefix(string(l.Cell), typePrefix) || strings.HasPrefix(string(l.Cell), sourcePrefix)
		if !seen[l.Cell] && !prefixed {
			t.Errorf("nothing is counted in %s", l.Cell)
		}
		if l.ZH == "" || l.EN == "" || l.Source == "" || l.Group == "" {
			t.Errorf("%s lacks a name, a group or a source", l.Cell)
		}
		delete(seen, l.Cell)
	}
	if len(seen) > 0 {
		t.Errorf("counted and in no line: %v", seen)
	}
}

func TestMonthsAddUpAndStocksDoNot(t *testing.T) {
	may, june := NewMonth(2026, time.May), NewMonth(2026, time.June)
	got := Total([]MonthValues{{june, Values{Concluded: 3, Mediators: 7}}, {may, Values{Concluded: 2, Mediators: 9, Committees: 1}}})
	if diff := cmp.Diff(Values{Concluded: 5, Mediators: 7}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rate, ok := (Values{Accepted: 6368, Success: 6217}).SuccessRate(); !ok || rate != 976 {
		t.Errorf("the rate of the published year is %d, %v; want 97.6", rate, ok)
	}
	if _, ok := (Values{Success: 1}).SuccessRate(); ok {
		t.Error("a rate of nothing accepted")
	}
}

func TestSharesAreReckonedOfWhatTheyArePartOf(t *testing.T) {
	v := Values{Success: 40, Performed: 33, Applied: 0, Sued: 1, Visited: 3, Satisfied: 2}
	for part, want := range map[Cell]int64{Performed: 825, Applied: 0, Sued: 25, Satisfied: 667} {
		i := slices.IndexFunc(Shares, func(s Share) bool { return s.Part == part })
		if got, ok := v.Share(Shares[i]); !ok || got != want {
			t.Errorf("the share of %s is %d, %v; want %d tenths", part, got, ok, want)
		}
	}
	for _, s := range Shares {
		if _, ok := (Values{s.Part: 1}).Share(s); ok {
			t.Errorf("a share of nothing: %+v", s)
		}
		if !slices.ContainsFunc(checks, func(c Check) bool { return c.AtMost && c.Whole == s.Whole && slices.Contains(c.Parts, s.Part) }) {
			t.Errorf("no fill-in rule holds %s below %s: the share may pass a hundred per cent", s.Part, s.Whole)
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, tt := range []struct {
		span     Span
		month    time.Month
		text     string
		from, to string
	}{
		{ByMonth, time.May, "2026-05", "2026-05", "2026-05"},
		{ByQuarter, time.May, "2026-Q2", "2026-04", "2026-06"},
		{ByHalf, time.July, "2026-H2", "2026-07", "2026-12"},
		{ByYear, time.December, "2026", "2026-01", "2026-12"},
		{ByQuarter, time.January, "2026-Q1", "2026-01", "2026-03"},
	} {
		p := PeriodOf(tt.span, NewMonth(2026, tt.month))
		if p.String() != tt.text || p.From.String() != tt.from || p.To.String() != tt.to {
			t.Errorf("%s of month %d: %s, %s to %s", tt.span, tt.month, p, p.From, p.To)
		}
		if back, ok := ParsePeriod(tt.text); !ok || back != p {
			t.Errorf("%q is read as %+v, %v", tt.text, back, ok)
		}
	}
	for _, text := range []string{"", "2026-13", "2026-00", "2026-Q5", "2026-H0", "1999", "2026-5", "202605", "2026-05-01", "２０２６"} {
		if p, ok := ParsePeriod(text); ok {
			t.Errorf("%q is read as %s", text, p)
		}
	}
	from, until := NewMonth(2026, time.December).Bounds()
	if from.UTC().String() != "2026-11-30 16:00:00 +0000 UTC" || until.UTC().String() != "2026-12-31 16:00:00 +0000 UTC" {
		t.Errorf("December lasts from %s to %s", from.UTC(), until.UTC())
	}
	if m := MonthOf(from); m.String() != "2026-12" || MonthOf(from.Add(-time.Nanosecond)).String() != "2026-11" {
		t.Errorf("the first moment lies in %s", m)
	}
	if at := NewMonth(2026, time.December).ClosesAt(5); at.In(statute.Shanghai).Format(time.DateTime) != "2027-01-05 00:00:00" {
		t.Errorf("December closes at %s", at)
	}
}

// TestAMatterHandedOnIsCountedOnceAtEachEnd: registered and referred where it came
// in, and where it went a case that was referred, in the return's column for other
// agencies; accepted and concluded at one end alone (domain 5.1, row 9).
func TestAMatterHandedOnIsCountedOnceAtEachEnd(t *testing.T) {
	sums := func(months ...CaseFacts) map[Cell]int64 {
		all := map[Cell]int64{}
		for _, f := range months {
			for _, e := range OfCase(f) {
				all[e.Cell] += e.Value
			}
		}
		return all
	}
	sent := sums(CaseFacts{Registered: true, ReferredOut: true, Source: "application", Type: "02"},
		CaseFacts{Closed: true, Source: "application", Type: "02", EndedAs: mediation.ReferredOut})
	got := sums(CaseFacts{Registered: true, Accepted: true, EverAccepted: true, Source: mediation.FromCommittee, Type: "02"},
		CaseFacts{Closed: true, EverAccepted: true, Agreed: true, Source: mediation.FromCommittee, Type: "02"})
	if want := (map[Cell]int64{Registered: 1, ReferredOut: 1}); !maps.Equal(sent, want) {
		t.Errorf("the sender counts %v, want %v", sent, want)
	}
	for cell, want := range map[Cell]int64{Registered: 1, Accepted: 1, Concluded: 1, Success: 1, Referred: 1, "source.other_agency": 1, "source.committee": 0, ReferredOut: 0} {
		if got[cell] != want {
			t.Errorf("the receiver counts %d as %s, want %d", got[cell], cell, want)
		}
	}
	for _, l := range Lines(CaseReturn) {
		if l.Cell == "source.committee" {
			t.Error("the return has a column that its form has not")
		}
	}
}

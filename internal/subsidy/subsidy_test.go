package subsidy

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// good is a case that may be paid for in full.
func good(change func(*Facts)) Facts {
	f := Facts{Registered: true, Led: true, Accepted: true, Closed: true, Agreed: true, EndedAs: mediation.Closed, Sessions: 1, Performed: true, Grade: "L2"}
	if change != nil {
		change(&f)
	}
	return f
}

func TestWhatIsNotPaidFor(t *testing.T) {
	told := map[Bar]bool{}
	for _, tt := range []struct {
		rule   string
		change func(*Facts)
		want   []Bar
	}{
		{"a case settled, performed and closed is", nil, nil},
		{"somebody who is not on the list", func(f *Facts) { f.Registered = false }, []Bar{"not_registered"}},
		{"who mediates is paid, and nobody else", func(f *Facts) { f.Led = false }, []Bar{"not_lead"}},
		{"a case no committee accepted", func(f *Facts) { f.Accepted = false }, []Bar{"not_accepted"}},
		{"what the court settled after a suit", func(f *Facts) { f.CourtMode = statute.C2Summary }, []Bar{"court"}},
		{"what the court sent before a suit is", func(f *Facts) { f.CourtMode = statute.C1 }, nil},
		{"a case still open", func(f *Facts) { f.Closed = false }, []Bar{"not_closed"}},
		{"an agreement not kept yet", func(f *Facts) { f.Performed = false }, []Bar{"not_performed"}},
		{"effort without an agreement is, in part", func(f *Facts) { f.Agreed, f.EndedAs, f.Performed = false, mediation.Terminated, false }, nil},
		{"no session and no agreement", func(f *Facts) { f.Agreed, f.EndedAs, f.Sessions = false, mediation.Terminated, 0 }, []Bar{"no_effort"}},
		{"a filing taken back", func(f *Facts) { f.Agreed, f.EndedAs = false, mediation.Withdrawn }, []Bar{"no_effort"}},
		{"a mediator with a conflict", func(f *Facts) { f.Conflict = true }, []Bar{"conflict"}},
		{"an upheld complaint", func(f *Facts) { f.Complaint = true }, []Bar{"complaint"}},
		{"one dispute twice", func(f *Facts) { f.Linked = true }, []Bar{"duplicate"}},
		{"all grounds are told at once", func(f *Facts) { f.Closed, f.Conflict = false, true }, []Bar{"not_closed", "conflict"}},
	} {
		got := Barred(good(tt.change))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
		for _, b := range got {
			told[b] = true
		}
	}
	words, sources := Bars()
	for i, b := range words {
		if !told[b] || sources[i] == "" {
			t.Errorf("%s is never told, or has no source", b)
		}
	}
}

// proves: duty.pay_shares
func TestWhatIsPaid(t *testing.T) {
	terms := Shipped()
	for _, tt := range []struct {
		rule   string
		facts  Facts
		kind   string
		score  int
		fen    int64
		shares []int64
	}{
		{"an ordinary case of a community, a perfect volume", good(nil), "community", 100, 30_00, []int64{0, 100}},
		{"of a sub-district", good(nil), "subdistrict", 90, 50_00, []int64{0, 100}},
		{"a district counts like a sub-district", good(nil), "district", 90, 50_00, []int64{0, 100}},
		{"a volume with small faults", good(func(f *Facts) { f.Grade = "L3" }), "community", 89, 64_00, []int64{0, 80}},
		{"one that just passes", good(func(f *Facts) { f.Grade = "L4" }), "community", 60, 90_00, []int64{0, 60}},
		{"one that does not", good(func(f *Facts) { f.Grade = "L4" }), "community", 59, 0, []int64{0, 0}},
		{"effort without an agreement", good(func(f *Facts) { f.Agreed, f.Grade = false, "L4" }), "subdistrict", 75, 96_00, []int64{0, 30, 80}},
		{"a grade nobody confirmed", good(func(f *Facts) { f.Grade = "" }), "community", 100, 15_00, []int64{0, 100}},
		{"halves of a fen go down", good(func(f *Facts) { f.Agreed, f.Grade = false, "L1" }), "community", 75, 3_60, []int64{0, 30, 80}},
	} {
		fen, steps := Reckon(tt.facts, terms, tt.kind, tt.score, 0)
		var shares []int64
		for _, s := range steps {
			shares = append(shares, s.Share)
		}
		if fen != tt.fen || steps[len(steps)-1].Fen != fen || !slices.Equal(shares, tt.shares) {
			t.Errorf("%s: %d fen by %v, want %d by %v", tt.rule, fen, shares, tt.fen, tt.shares)
		}
	}
	last := int64(-1)
	for score := range MaxScore + 1 {
		fen, _ := Reckon(good(nil), terms, "community", score, 0)
		if fen < last {
			t.Errorf("a score of %d pays less than %d", score, score-1)
		}
		last = fen
	}
}

// The whole grid of states and actions: what is not named here is refused.
func TestTheLifeOfAClaim(t *testing.T) {
	want := map[string]State{
		" claim": Claimed, "claimed check": Checked, "claimed return": Returned, "claimed refuse": Refused, "claimed withdraw": Withdrawn,
		"returned claim": Claimed, "returned withdraw": Withdrawn, "checked score": Scored, "checked return": Returned, "checked refuse": Refused,
		"scored approve": Approved, "scored return": Returned, "scored refuse": Refused, "approved pay": Paid, "approved refuse": Refused,
		"paid reclaim": Reclaimed, "withdrawn claim": Claimed,
	}
	for _, s := range append([]State{""}, States...) {
		for _, a := range Actions {
			to, ok := s.Next(a)
			if expected, allowed := want[fmt.Sprint(s, " ", a)]; ok != allowed || to != expected {
				t.Errorf("%q by %s leads to %q (%v), want %q (%v)", s, a, to, ok, expected, allowed)
			}
		}
		if turn := s.Turn(); turn != "" {
			if _, ok := s.Next(turn); !ok {
				t.Errorf("in %s it is the turn of %s, which the state refuses", s, turn)
			}
		}
	}
	for _, s := range States {
		ends := s.Turn() == ""
		if s.Live() == ends && s != Paid {
			t.Errorf("%s: live %v, ends %v", s, s.Live(), ends)
		}
	}
}

// From every state a claim can still come to an end, and it is paid only by way
// of every pair of eyes.
func TestNoClaimIsPaidPastAnybody(t *testing.T) {
	var walk func(s State, seen []Action)
	paths := 0
	walk = func(s State, seen []Action) {
		if s == Paid {
			paths++
			for _, a := range []Action{Claim, Check, Score, Approve, Pay} {
				if !slices.Contains(seen, a) {
					t.Errorf("paid without %s: %v", a, seen)
				}
			}
			return
		}
		if len(seen) > 7 {
			return
		}
		for _, a := range Actions {
			if to, ok := s.Next(a); ok {
				walk(to, append(slices.Clone(seen), a))
			}
		}
	}
	walk("", nil)
	if paths == 0 {
		t.Error("nothing is ever paid")
	}
}

func TestNobodyDecidesOnHisOwnClaim(t *testing.T) {
	h := Hands{Claimant: "m", Checker: "c", Scorer: "l"}
	for _, a := range Actions {
		mine := a == Claim || a == Withdraw
		if h.Clean(a, "m") != mine {
			t.Errorf("the claimant may %s: %v", a, !mine)
		}
		if h.Clean(a, "x") == mine {
			t.Errorf("a stranger may %s: %v", a, mine)
		}
		if last := a == Approve || a == Pay; last == h.Clean(a, "l") && !mine {
			t.Errorf("who scored may %s: %v", a, !last)
		}
	}
	if !(Hands{}).Clean(Claim, "m") {
		t.Error("a first claim is refused")
	}
}

// proves: duty.pay_sample
func TestASampleIsOneInTenAndCanBeRepeated(t *testing.T) {
	var claims []string
	for n := range 95 {
		claims = append(claims, fmt.Sprintf("claim-%02d", n))
	}
	drawn := Sample("batch-1", claims, 10)
	if len(drawn) != 10 || !slices.Equal(drawn, Sample("batch-1", claims, 10)) || !slices.IsSorted(drawn) {
		t.Errorf("%d drawn: %v", len(drawn), drawn)
	}
	if slices.Equal(drawn, Sample("batch-2", claims, 10)) {
		t.Error("another batch draws the same claims")
	}
	reversed := slices.Clone(claims)
	slices.Reverse(reversed)
	again := Sample("batch-1", reversed, 10)
	slices.Sort(again)
	if !slices.Equal(drawn, again) {
		t.Error("the order of the claims changes the draw")
	}
	if got := Sample("b", []string{"only"}, 10); len(got) != 1 || Sample("b", nil, 10) != nil {
		t.Errorf("of one claim %v is drawn", got)
	}
	if got := Sample("b", claims, 20); len(got) != 5 || len(Sample("b", claims, 1)) != len(claims) || Sample("b", claims, 0) != nil {
		t.Errorf("one in twenty of 95 draws %d", len(got))
	}
}

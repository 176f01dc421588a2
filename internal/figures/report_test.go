package figures

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"doorstep/internal/statute"
)

// The whole grid: what is not named here is refused.
//
// proves: duty.report
func TestTheWayOfAMonth(t *testing.T) {
	want := map[string]State{
		" submit": Submitted, " correct": Due, "submitted approve": Approved, "submitted send_back": Returned, "submitted correct": Corrected,
		"returned submit": Submitted, "returned correct": Returned, "approved correct": Corrected, "corrected submit": Submitted, "corrected correct": Corrected,
	}
	for _, s := range States {
		for _, step := range Steps {
			to, ok := s.Next(step)
			if expected, allowed := want[fmt.Sprint(s, " ", step)]; ok != allowed || to != expected {
				t.Errorf("%q by %s leads to %q (%v), want %q (%v)", s, step, to, ok, expected, allowed)
			}
		}
		if _, submits := s.Next(Submit); submits != s.Waits() {
			t.Errorf("%q waits for the chair: %v, he may submit: %v", s, s.Waits(), submits)
		}
	}
}

func TestNobodyApprovesHisOwnMonth(t *testing.T) {
	for _, step := range Steps {
		decides := step == Approve || step == SendBack
		if Clean(step, "chair", "chair") == decides || !Clean(step, "chair", "legal") {
			t.Errorf("%s by who submitted: %v", step, Clean(step, "chair", "chair"))
		}
	}
}

func TestAMonthIsLateFiveDaysAfterItsClosing(t *testing.T) {
	june := NewMonth(2026, time.June)
	if got, want := june.DueAt(5), statute.NewDate(2026, time.July, 10).Start(); !got.Equal(want) {
		t.Errorf("June is due at %s, want %s", got, want)
	}
	if got, want := NewMonth(2026, time.January).DueAt(28), statute.NewDate(2026, time.March, 5).Start(); !got.Equal(want) {
		t.Errorf("January closed on the 28th is due at %s, want %s", got, want)
	}
}

func TestWhatAChairExplains(t *testing.T) {
	good := func(change func(Values)) Values {
		v := Values{Registered: 6, Accepted: 5, Concluded: 6, Success: 6, Written: 6, sourcePrefix + sourceRequested: 6, "type.02": 6, Persons: 12,
			Committees: 1, "committees.community": 1, Mediators: 2, PartTime: 2}
		if change != nil {
			change(v)
		}
		return v
	}
	for _, tt := range []struct {
		rule   string
		values Values
		before []int64
		want   []Warning
	}{
		{"an ordinary month", good(nil), []int64{5, 6, 7}, nil},
		{"the first month of all", good(nil), nil, nil},
		{"sums that differ", good(func(v Values) { v[Oral] = 1 }), nil, []Warning{SumsOfCases}},
		{"mediators that do not add up", good(func(v Values) { v[FullTime] = 1 }), nil, []Warning{SumsOfTeam}},
		{"a month without a case", Values{Committees: 1, "committees.community": 1, Mediators: 1, PartTime: 1}, []int64{1}, []Warning{Quiet}},
		{"more than twice as much", good(nil), []int64{2, 3, 3}, []Warning{Jump}},
		{"exactly twice", good(nil), []int64{3, 3, 3}, nil},
		{"less than half", good(nil), []int64{13}, []Warning{Jump}},
		{"few cases jump by chance", Values{Registered: 1, Concluded: 3, Success: 3, Written: 3, "source.application": 3, "type.02": 3, Persons: 3,
			Committees: 1, "committees.community": 1, Mediators: 1, PartTime: 1}, []int64{1}, nil},
		{"nobody mediates", good(func(v Values) { v[Mediators], v[PartTime] = 0, 0 }), nil, []Warning{NoMediators}},
	} {
		if got := Warnings(tt.values, tt.before); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.rule, got, tt.want)
		}
	}
	if left := Unexplained([]Warning{Quiet, Jump}, map[Warning]string{Jump: "春节"}); !slices.Equal(left, []Warning{Quiet}) {
		t.Errorf("left to explain: %v", left)
	}
}

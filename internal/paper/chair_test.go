package paper

import (
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
)

// TestWhoAssignedClosedAndPutAwayStandsOnThePapers with the day, and the chair's
// words on the closing; what was done before that was kept is left to the hand.
func TestWhoAssignedClosedAndPutAwayStandsOnThePapers(t *testing.T) {
	keptForGood := func() *mediation.Case {
		c := put()
		c.Deadlines = nil
		return c
	}
	for _, tt := range []struct {
		form  string
		make  func() *mediation.Case
		done  func(c *mediation.Case)
		says  []string
		blank []string
		hand  string // what is left to the hand without it
	}{
		{"F06", fumes, func(c *mediation.Case) { c.Assignments[1].By = "chair" }, []string{"调委会主任签名：王主任||2026年5月12日"}, []string{"调委会主任签名"}, ""},
		{"F25", fee, func(c *mediation.Case) {
			c.Summary, c.ClosedBy, c.ClosedAt = "履行完毕，同意结案。", "chair", at(7, 8, 9)
		},
			[]string{"履行完毕，同意结案。", "调委会主任签名：王主任||2026年7月8日"}, []string{"调委会主任签名"}, "chair_decision"},
		{"F27", keptForGood, func(c *mediation.Case) { c.ArchivedBy, c.ArchivedAt = "clerk", at(7, 1, 9) }, []string{"立卷人：小李", "立卷日期：2026年7月1日", "永久"}, []string{"立卷人："}, "filer"},
		{"F29", put, func(c *mediation.Case) { c.ArchivedBy, c.ArchivedAt = "clerk", at(7, 1, 9) }, []string{"立卷人签名：小李||2026年7月1日", "检查人签名"}, []string{"立卷人签名"}, "filer"},
	} {
		c := tt.make()
		before := mustBuild(t, tt.form, c, "")
		tt.done(c)
		after := mustBuild(t, tt.form, c, "")
		for _, want := range tt.says {
			if !strings.Contains(written(after), want) {
				t.Errorf("%s does not say %q:\n%s", tt.form, want, written(after))
			}
		}
		for _, want := range append(tt.blank, tt.says[0]) {
			if got := strings.Contains(written(before), want); got != slices.Contains(tt.blank, want) {
				t.Errorf("%s before says %q: %t\n%s", tt.form, want, got, written(before))
			}
		}
		byHand := func(p *Paper) bool {
			return slices.ContainsFunc(p.Missing, func(g Gap) bool { return g.Hand && g.What == tt.hand })
		}
		if tt.hand != "" && (!byHand(before) || byHand(after)) {
			t.Errorf("%s leaves %s to the hand: %t before, %t after", tt.form, tt.hand, byHand(before), byHand(after))
		}
	}
}

// TestTheLastAssignmentSignsForTheChair where the lead and the second were assigned
// by two people.
func TestTheLastAssignmentSignsForTheChair(t *testing.T) {
	c := fumes()
	second := c.Assignments[1]
	second.ID, second.Lead, second.By, second.StartedAt = "a2", false, "clerk", c.Assignments[1].StartedAt.Add(48*time.Hour)
	c.Assignments[1].By = "chair"
	c.Assignments = append(c.Assignments, second)
	if text := written(mustBuild(t, "F06", c, "")); !strings.Contains(text, "调委会主任签名：小李||2026年5月14日") {
		t.Errorf("it says %s", text)
	}
}

package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestAgreedDaysSayWhoSetThem: the page answers "why this day" also where the
// parties set it and nothing was counted.
//
// proves: reckon.extended_by_agreement reckon.agreed_day
func TestAgreedDaysSayWhoSetThem(t *testing.T) {
	last := func(d *Deadline) statute.ReckonStep { return d.Reckoning[len(d.Reckoning)-1] }
	p := at(t, InMediation).act(Extend)
	if s := last(p.c.Clock(statute.D06Mediation)); s.Rule != "extended_by_agreement" || s.Day != day("2026-07-10") || s.Source != "NB15 27; SZ22 25" {
		t.Errorf("the extended period ends by %+v", s)
	}
	p = at(t, Effective)
	if s := last(p.c.Clock(statute.D13Performance)); s.Rule != "agreed_day" || s.Day != p.c.Promised()[0].Due || s.Source != "PML 29" {
		t.Errorf("a promise is due by %+v", s)
	}
}

// TestGuardsBehindTheStage: an act looks for what it is about and does not trust
// the stage alone, so that a case which came to stand wrongly is not made worse.
func TestGuardsBehindTheStage(t *testing.T) {
	for _, v := range []struct {
		why    string
		stage  Stage
		spoil  func(*Case)
		as     Role
		act    func(*play) Act
		answer string
	}{
		{"no session is planned", Scheduled, func(c *Case) { c.Sessions = nil }, RoleMediator, just(opening), "rule.no_session_planned"},
		{"nobody asked for a recusal", RecusalReview, func(c *Case) { c.Recusals = nil }, RoleChair, just(replacement), "rule.no_recusal"},
		{"no period runs", InMediation, func(c *Case) { c.Deadlines = nil }, RoleMediator, func(p *play) Act {
			return LongerTime{Until: day("2026-07-10"), Reason: "等鉴定", AgreedBy: p.all()}
		}, "rule.no_period"},
	} {
		p := at(t, v.stage)
		act := v.act(p)
		v.spoil(p.c)
		before := copied(p.c)
		if _, err := p.try(v.as, act); fault(err) != v.answer {
			t.Errorf("%s: %v, want %s", v.why, err, v.answer)
		}
		if diff := changed(before, p.c); diff != "" {
			t.Errorf("%s: it changed the case:\n%s", v.why, diff)
		}
	}
}

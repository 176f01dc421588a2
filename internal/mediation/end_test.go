package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestEndLeavesNothingWaiting: whatever way a case ends before an agreement took
// effect, no draft, promise, request or session of it goes on.
func TestEndLeavesNothingWaiting(t *testing.T) {
	for name, p := range map[string]*play{
		"failed over a draft":          at(t, AgreementDraft).act(Sign, RequestReview, Fail),
		"terminated over a draft":      at(t, AgreementDraft).act(Sign, RequestReview).do(RoleChair, Termination{Ending{Code: "T01", Reason: "不再同意", Told: true}}),
		"withdrawn over a draft":       at(t, AgreementDraft).act(Sign, RequestReview, Withdraw),
		"withdrawn while under review": at(t, Escalated).act(Withdraw),
		"terminated under review":      at(t, Escalated).do(RoleChair, Termination{Ending{Code: "T09", Reason: "移送", Told: true}}),
		"withdrawn before the session": at(t, Scheduled).act(Withdraw),
		"withdrawn in the session":     at(t, Scheduled).act(OpenSession, Withdraw),
	} {
		c := p.c
		if c.Agreement() != nil || len(c.Promised()) != 0 || len(c.Signed()) != 0 || c.Performance() != "" {
			t.Errorf("%s: promises %+v, performance %q", name, c.Promised(), c.Performance())
		}
		if c.OpenReview("case") != nil || c.OpenReview("agreement") != nil || c.NextSession() != nil || c.OpenSession() != nil {
			t.Errorf("%s: somebody still waits for a review or a session", name)
		}
	}
}

// TestADeathIsMajorAndKeptForGood: what is told at registration decides the grade
// and the class of the volume until the chair and the archive say otherwise.
//
// proves: duty.grade duty.retention
func TestADeathIsMajorAndKeptForGood(t *testing.T) {
	for _, v := range []struct {
		told                 func(*Registration)
		grade, class, ground string
	}{
		{func(*Registration) {}, "L2", statute.Keep10, "ordinary"},
		{func(a *Registration) { a.Injury = true }, "L3", statute.Keep30, "injury"},
		{func(a *Registration) { a.Injury, a.Death = true, true }, "L4", statute.KeepForever, "death"},
	} {
		p := at(t, Submitted)
		p.do(RoleCoordinator, but(registration, v.told)(p))
		if class, ground := p.c.RetentionGround(); p.c.Grade != v.grade || class != v.class || ground != v.ground {
			t.Errorf("grade %s, kept %s by %s; want %s, %s by %s", p.c.Grade, class, ground, v.grade, v.class, v.ground)
		}
	}
}

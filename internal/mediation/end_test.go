package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
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

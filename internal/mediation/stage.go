package mediation

// Stage is where a case stands in the procedure. The words are stored, shown in
// the history and used as locale keys ("stage.accepted").
type Stage string

// The stages of the main case. "Overdue", "performed" and "breached" are no
// stages: they are read off the obligations (see Case.Performance).
const (
	Start          Stage = "" // before the first act
	Submitted      Stage = "submitted"
	Supplement     Stage = "supplement"
	Registered     Stage = "registered"
	ConsentPending Stage = "consent_pending"
	NotAccepted    Stage = "not_accepted"
	ReferredOut    Stage = "referred_out"
	Accepted       Stage = "accepted"
	Assigned       Stage = "assigned"
	RecusalReview  Stage = "recusal_review"
	Scheduled      Stage = "scheduled"
	InMediation    Stage = "in_mediation"
	Adjourned      Stage = "adjourned"
	Escalated      Stage = "escalated"
	CourtTrack     Stage = "court_track"
	AgreementDraft Stage = "agreement_draft"
	Effective      Stage = "effective"
	FollowedUp     Stage = "followed_up"
	Terminated     Stage = "terminated"
	Withdrawn      Stage = "withdrawn"
	Closed         Stage = "closed"
	Archived       Stage = "archived"
)

// Stages lists every stage once, in the order of a case's life.
var Stages = []Stage{
	Submitted, Supplement, Registered, ConsentPending, NotAccepted, ReferredOut, Accepted, Assigned, RecusalReview,
	Scheduled, InMediation, Adjourned, Escalated, CourtTrack, AgreementDraft, Effective, FollowedUp, Terminated,
	Withdrawn, Closed, Archived,
}

// The targets that are not stages.
const (
	same Stage = "same" // the act changes the file but not the stage
	back Stage = "back" // to the stage the case stood in before it was held up
)

// Final says whether the dispute itself is over: what is left is follow-up of
// papers, closing and archiving.
func (s Stage) Final() bool {
	switch s {
	case NotAccepted, ReferredOut, Terminated, Withdrawn, Closed, Archived:
		return true
	}
	return false
}

// Held says whether the committee has accepted the case and it is not yet
// settled or ended: a mediation period is running.
func (s Stage) Held() bool {
	switch s {
	case Accepted, Assigned, RecusalReview, Scheduled, InMediation, Adjourned, Escalated, CourtTrack, AgreementDraft:
		return true
	}
	return false
}

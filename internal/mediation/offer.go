package mediation

import (
	"slices"

	"doorstep/internal/statute"
)

// offered says, beyond the stage, when an act makes sense to offer. It protects
// nothing (the acts judge for themselves); it keeps a page from showing what
// would only be refused.
var offered = map[Action]func(*Case) bool{
	ReportRisk: func(c *Case) bool {
		return slices.ContainsFunc(c.Risks, func(r Risk) bool { return r.ReportedAt.IsZero() })
	},
	LiftHold: func(c *Case) bool { return c.Hold },
	ReportMajor: func(c *Case) bool {
		return c.Grade == major && (c.Clock(statute.D21Major) != nil || !c.reportedInWriting())
	},
	TakeMajorReport: func(c *Case) bool {
		return slices.ContainsFunc(c.MajorReports, func(r MajorReport) bool { return r.Waiting() })
	},
	GiveConsent: func(c *Case) bool { return !c.allConsent() },
	Decline:     func(c *Case) bool { return c.refusedBy() == nil },
	Accept:      func(c *Case) bool { return c.allConsent() },
	GiveRights: func(c *Case) bool {
		return slices.ContainsFunc(c.Active(), func(p *Party) bool { return p.RightsAt.IsZero() })
	},
	CheckIdentity: func(c *Case) bool {
		return slices.ContainsFunc(c.Active(), func(p *Party) bool { return p.Identity < LevelChecked })
	},
	ShareFile:       func(c *Case) bool { return slices.ContainsFunc(c.Files, File.Sharable) },
	ClassifyFile:    func(c *Case) bool { return len(c.Files) > 0 },
	LogSession:      func(c *Case) bool { return c.opened() != nil },
	Adjourn:         func(c *Case) bool { return c.opened() == nil },
	AskClosed:       func(c *Case) bool { return slices.ContainsFunc(c.Active(), (*Party).mayAskClosed) },
	DraftAgreement:  func(c *Case) bool { return c.recorded() == nil },
	SettleOrally:    func(c *Case) bool { return c.recorded() == nil && c.Grade != "L3" && c.Grade != "L4" },
	Fail:            func(c *Case) bool { return c.opened() == nil },
	Escalate:        func(c *Case) bool { return c.opened() == nil },
	RejectRecusal:   func(c *Case) bool { r := c.openRecusal(); return r != nil && !c.conflicted(r.Mediator) },
	ReturnGuided:    func(c *Case) bool { return c.review("case") != nil },
	AskAgain:        func(c *Case) bool { return c.review("case") == nil && c.referral(ReferralOffered) == nil },
	DecideReview:    func(c *Case) bool { return c.review("case") != nil },
	Reassign:        func(c *Case) bool { return c.advised() == "reassign" },
	ReferToCourt:    func(c *Case) bool { return c.advised() == "court" && c.referral(ReferralOffered) == nil },
	EnterCourtTrack: func(c *Case) bool { return c.Source == "court" },
	HandOver:        func(c *Case) bool { return c.Lead() != nil },
	Assign:          func(c *Case) bool { return c.CourtMode != statute.C3 },
	TakeReferral:    func(c *Case) bool { return c.referral(ReferralOffered) != nil },
	DeclineReferral: func(c *Case) bool { return c.referral(ReferralOffered) != nil },
	CourtAgreed:     func(c *Case) bool { return c.delegated() },
	RequestReview: func(c *Case) bool {
		a := c.Agreement()
		return c.review("agreement") == nil && a != nil && a.ReviewedAt.IsZero()
	},
	ReviewAgreement: func(c *Case) bool { return c.review("agreement") != nil },
	Sign: func(c *Case) bool {
		a := c.Agreement()
		return a != nil && slices.ContainsFunc(c.Active(), func(p *Party) bool { return !c.signed(a.ID, "party", p.ID) })
	},
	Countersign: func(c *Case) bool { return c.lacksMark("mediator") },
	AffixSeal:   func(c *Case) bool { return c.lacksMark("seal") },

	ApplyConfirmation: func(c *Case) bool { return c.notable() == nil },

	ProposeConfirmation: func(c *Case) bool { return c.mayApply(ProposeConfirmation) && !c.oral() },
	JoinConfirmation:    func(c *Case) bool { return c.mayApply(JoinConfirmation) && len(c.awaited()) > 0 },
	LeaveConfirmation:   func(c *Case) bool { return c.mayApply(LeaveConfirmation) && len(c.awaited()) < len(c.Active()) },
	DeclineConfirmation: func(c *Case) bool { return c.mayApply(DeclineConfirmation) && len(c.awaited()) > 0 },
	DropConfirmation:    func(c *Case) bool { return c.mayApply(DropConfirmation) },
	FileConfirmation:    func(*Case) bool { return false },
	RemindConfirmation:  func(*Case) bool { return false },

	ConfirmTake:    func(c *Case) bool { return c.ConfirmationState() == ConfirmationFiled },
	ConfirmNotTake: func(c *Case) bool { return c.ConfirmationState() == ConfirmationFiled },
	ConfirmGrant:   func(c *Case) bool { return c.ConfirmationState() == ConfirmationTaken },
	ConfirmReject:  func(c *Case) bool { return c.ConfirmationState() == ConfirmationTaken },
	ConfirmWithdraw: func(c *Case) bool {
		return c.ConfirmationState() == ConfirmationFiled || c.ConfirmationState() == ConfirmationTaken
	},
	ExtendRuling: func(c *Case) bool {
		return c.ConfirmationState() == ConfirmationTaken && c.Confirmations[len(c.Confirmations)-1].ExtendedOn.IsZero()
	},
	ObjectRuling:     func(c *Case) bool { return c.rulingStands() },
	DismissObjection: func(c *Case) bool { return c.ConfirmationState() == ConfirmationObjected },
	UpholdObjection:  func(c *Case) bool { return c.ConfirmationState() == ConfirmationObjected },
	ConfirmEnforce: func(c *Case) bool {
		return c.ConfirmationState() == ConfirmationConfirmed && c.Clock(statute.D15dEnforcement) != nil
	},
	ReportPerformed:   func(c *Case) bool { return c.movable(ReportPerformed) },
	ReportPart:        func(c *Case) bool { return c.movable(ReportPart) },
	DisputeObligation: func(c *Case) bool { return c.movable(DisputeObligation) },
	SettleDispute:     func(c *Case) bool { return c.movable(SettleDispute) },
	Reschedule:        func(c *Case) bool { return c.owed(ObligationOverdue, ObligationDisputed, ObligationDefaulted) },
	RemindDue:         func(*Case) bool { return false }, // the office does it by itself
	WaiveObligation:   func(c *Case) bool { return c.movable(WaiveObligation) },
	Urge:              func(c *Case) bool { return c.owed(ObligationOverdue) },
	MarkDefaulted:     func(c *Case) bool { return c.owed(ObligationOverdue) },
	MarkOverdue:       func(*Case) bool { return false }, // time does it, not a person
	Lapse:             func(*Case) bool { return false },
	LapseSupplement:   func(*Case) bool { return false },
	LapseConfirmation: func(*Case) bool { return false },
	TakeEffect:        func(*Case) bool { return false },
	Rereckon:          func(*Case) bool { return false },
	FindConflict:      func(*Case) bool { return false },
	FollowUp:          func(c *Case) bool { return !c.owed(unsettled...) },
	Visit: func(c *Case) bool {
		if c.Stage == FollowedUp {
			return c.Clock(statute.D14bSecondVisit) != nil
		}
		return c.owed(unsettled...)
	},
	AnswerData:     func(c *Case) bool { return slices.ContainsFunc(c.DataRequests, DataRequest.Open) },
	Reopen:         func(c *Case) bool { return c.Stage == Closed || c.Stage == Archived || c.unconfirmed() },
	Correct:        func(c *Case) bool { return len(c.Sessions)+len(c.Inquiries)+len(c.FollowUps) > 0 },
	Extend:         func(c *Case) bool { return c.Clock(statute.D06Mediation) != nil && c.extensible() },
	AcceptMediator: func(c *Case) bool { l := c.Lead(); return l != nil && len(l.Accepted) < len(c.Active()) },
}

// Conditional says whether an act is offered only while the case gives it
// something to do, and not in every moment of the stage.
func Conditional(a Action) bool { return offered[a] != nil }

// carryOn are the acts that a party's no stops until it is taken back.
var carryOn = []Action{
	Assign, Schedule, Resume, OpenSession, DraftAgreement, SettleOrally, SettleAtOnce, Sign, Countersign, AffixSeal, CourtAgreed,
}

// talks are the acts that a lapsed period stops until the parties extend it.
var talks = []Action{Assign, Schedule, Resume, OpenSession, DraftAgreement, SettleOrally}

// Offers says whether an action makes sense now: the stage allows it and there
// is something for it to do.
func (c *Case) Offers(a Action) bool {
	if _, err := c.Stage.Next(a); err != nil {
		return false
	}
	if slices.Contains(carryOn, a) && c.refusedBy() != nil {
		return false
	}
	if c.Lapsed && slices.Contains(talks, a) {
		return false
	}
	if says, ok := offered[a]; ok {
		return says(c)
	}
	return true
}

// OffersTo is Offers for one reader: a party is not offered what it has done
// already, nor what is the other's.
func (c *Case) OffersTo(a Actor, action Action) bool {
	me := c.actorParty(a)
	if me != nil && action == AttachFile && c.Handed() != nil {
		return false
	}
	return c.Offers(action) && (me == nil || c.joinable(me, action))
}

// lacksMark says whether one of the committee's own marks may still come under the
// agreement.
func (c *Case) lacksMark(as string) bool {
	a := c.Agreement()
	return a != nil && !c.signed(a.ID, as, "") && (c.Stage == AgreementDraft || c.marksFollow())
}

// movable says whether a promise may be moved by an act from where it stands.
func (c *Case) movable(by Action) bool {
	return slices.ContainsFunc(c.Promised(), func(o Obligation) bool { _, ok := obligationMoves[o.State][by]; return ok })
}

func (c *Case) owed(states ...string) bool {
	return slices.ContainsFunc(c.Obligations, func(o Obligation) bool { return slices.Contains(states, o.State) })
}

// NextSession is the session that is planned; nil without one.
func (c *Case) NextSession() *Session { return c.planned() }

// OpenSession is the session that began and is not recorded yet; nil without one.
func (c *Case) OpenSession() *Session { return c.opened() }

// OpenRecusal is the request that waits for the chair; nil without one.
func (c *Case) OpenRecusal() *Recusal { return c.openRecusal() }

// OpenReview is the request of a kind ("case", "agreement") that waits for legal
// staff; nil without one.
func (c *Case) OpenReview(kind string) *Escalation { return c.review(kind) }

// Advised is what legal staff last answered on the case; "" while asked or never
// asked.
func (c *Case) Advised() string { return c.advised() }

// ActorParty is the party the actor is himself, by account or by code; nil for
// staff.
func (c *Case) ActorParty(a Actor) *Party { return c.actorParty(a) }

// Refused is the party that said no and did not take it back; nil without one.
func (c *Case) Refused() *Party { return c.refusedBy() }

// AllConsent says whether every party has logged its consent.
func (c *Case) AllConsent() bool { return c.allConsent() }

// Tries counts the logged attempts to reach a party that failed.
func (c *Case) Tries(id PartyID) int { return c.tries(id) }

// Signed gives the signatures under the version in force.
func (c *Case) Signed() []Signature {
	a := c.Agreement()
	if a == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Signatures), func(v Signature) bool { return v.Agreement != a.ID || !v.VoidedAt.IsZero() })
}

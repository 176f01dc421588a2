package mediation_test

import (
	. "doorstep/internal/mediation"
)

// goods is a good input for every act that a person or a duty performs, and the
// role that performs it.
var goods = map[Action]struct {
	as   Role
	make func(*play) Act
}{
	RequestSupplement: {RoleCoordinator, just(supplementRequest)},
	GiveSupplement:    {RoleResident, just(supplied)},
	LapseSupplement:   {RoleSystem, just(supplementLapsed)},
	AddParty:          {RoleCoordinator, just(newParty)},
	UpdateParty:       {RoleCoordinator, just(partyChange)},
	CheckIdentity:     {RoleCoordinator, just(identityCheck)},
	AttachFile:        {RoleResident, just(attached)},
	ShareFile:         {RoleMediator, just(shared)},
	ClassifyFile:      {RoleMediator, just(classified)},
	RegisterCase:      {RoleCoordinator, just(registration)},
	RaiseRisk:         {RoleMediator, just(riskFlag)},
	ReportRisk:        {RoleMediator, just(riskReport)},
	LiftHold:          {RoleChair, just(holdLifted)},
	ReportMajor:       {RoleChair, just(majorReported)},
	TakeMajorReport:   {RoleLegalOfficer, just(majorTaken)},
	AskOtherSide:      {RoleCoordinator, just(question)},
	LogContact:        {RoleCoordinator, just(contactMade)},
	GiveConsent:       {RoleCoordinator, just(willing)},
	Decline:           {RoleCoordinator, just(unwilling)},
	Refuse:            {RoleChair, just(refusal)},
	ReferOut:          {RoleChair, just(transferral)},
	Accept:            {RoleChair, just(acceptance)},
	SettleAtOnce:      {RoleMediator, just(settledAtOnce)},
	ConfirmGrade:      {RoleChair, just(grading)},
	GiveRights:        {RoleMediator, just(rightsGiven)},
	ChooseMediator:    {RoleResident, just(choice)},
	Assign:            {RoleChair, just(appointment)},
	AcceptMediator:    {RoleCoordinator, just(trust)},
	InviteHelper:      {RoleMediator, just(invitation)},
	AskRecusal:        {RoleResident, just(recusalAsked)},
	DeclareConflict:   {RoleMediator, just(conflictDeclared)},
	HandOver:          {RoleChair, just(handover)},
	ReplaceMediator:   {RoleChair, just(replacement)},
	RejectRecusal:     {RoleChair, just(rejection)},
	WaiveRecusal:      {RoleChair, just(waiver)},
	Schedule:          {RoleMediator, just(scheduling)},
	AskClosed:         {RoleCodeHolder, just(closedAsked)},
	OpenSession:       {RoleMediator, just(opening)},
	LogSession:        {RoleMediator, just(report)},
	NoteCaucus:        {RoleMediator, just(caucus)},
	Adjourn:           {RoleMediator, just(adjournment)},
	Resume:            {RoleMediator, just(resumption)},
	Investigate:       {RoleMediator, just(inquiry)},
	Extend:            {RoleMediator, just(longerTime)},
	Lapse:             {RoleSystem, just(lapsing)},
	Escalate:          {RoleMediator, just(raise)},
	AskAgain:          {RoleChair, just(raisedAgain)},
	ReturnGuided:      {RoleLegalOfficer, just(guidance)},
	DecideReview:      {RoleLegalOfficer, just(opinion)},
	Reassign:          {RoleChair, just(reassignment)},
	ReferToCourt:      {RoleChair, just(offer)},
	EnterCourtTrack:   {RoleChair, just(courtIntake)},
	TakeReferral:      {RoleCourtClerk, just(taken)},
	DeclineReferral:   {RoleCourtClerk, just(declined)},
	CourtAgreed:       {RoleCourtClerk, just(courtSettled)},
	CourtFailed:       {RoleCourtClerk, just(courtGaveUp)},
	CourtEnded:        {RoleCourtClerk, just(courtDecided)},
	Terminate:         {RoleChair, just(termination)},
	Fail:              {RoleMediator, just(failure)},
	DraftAgreement:    {RoleMediator, just(draft)},
	ReviseAgreement:   {RoleMediator, just(revision)},
	RequestReview:     {RoleMediator, just(reviewAsked)},
	ReviewAgreement:   {RoleLegalOfficer, just(draftReviewed)},
	RefuseToSign:      {RoleMediator, just(signingRefused)},
	Sign:              {RoleMediator, just(signing)},
	Countersign:       {RoleMediator, just(countersigning)},
	AffixSeal:         {RoleChair, just(sealing)},
	SettleOrally:      {RoleMediator, just(oralSettlement)},
	ApplyConfirmation: {RoleMediator, just(jointApplication)},

	ProposeConfirmation: {RoleMediator, just(proposal)},
	JoinConfirmation:    {RoleMediator, just(joins)},
	LeaveConfirmation:   {RoleMediator, just(joiningTakenBack)},
	DeclineConfirmation: {RoleMediator, just(joiningRefused)},
	DropConfirmation:    {RoleMediator, just(proposalDropped)},
	RemindConfirmation:  {RoleSystem, func(*play) Act { return ConfirmationReminded{} }},

	ConfirmTake:       {RoleCourtClerk, func(p *play) Act { return CourtTook{courtStep(p)} }},
	ConfirmGrant:      {RoleCourtClerk, func(p *play) Act { return CourtConfirmed{CourtStep: courtStep(p)} }},
	ConfirmReject:     {RoleCourtClerk, func(p *play) Act { return CourtRejected{courtStep(p)} }},
	ConfirmNotTake:    {RoleCourtClerk, func(p *play) Act { return CourtTookNot{courtStep(p)} }},
	ConfirmWithdraw:   {RoleCourtClerk, func(p *play) Act { return CourtWithdrawn{courtStep(p)} }},
	ConfirmEnforce:    {RoleChair, func(p *play) Act { return EnforcementSued{courtStep(p)} }},
	ExtendRuling:      {RoleCourtClerk, func(p *play) Act { return RulingExtended{On: p.today()} }},
	ObjectRuling:      {RoleCourtClerk, func(p *play) Act { return RulingObjected{By: "party", On: p.today()} }},
	DismissObjection:  {RoleCourtClerk, func(p *play) Act { return ObjectionDismissed{courtStep(p)} }},
	UpholdObjection:   {RoleCourtClerk, func(p *play) Act { return ObjectionUpheld{courtStep(p)} }},
	LapseConfirmation: {RoleSystem, func(*play) Act { return ConfirmationLapsed{} }},
	ReportPerformed:   {RoleMediator, just(performed)},
	FindConflict:      {RoleSystem, just(conflictFound)},
	ReportPart:        {RoleMediator, just(partPerformed)},
	DisputeObligation: {RoleMediator, just(disputing)},
	SettleDispute:     {RoleMediator, just(disputeSettled)},
	Reschedule:        {RoleMediator, just(rescheduling)},
	RemindDue:         {RoleSystem, just(reminded)},
	MarkOverdue:       {RoleSystem, just(overdue)},
	Urge:              {RoleMediator, just(urging)},
	MarkDefaulted:     {RoleMediator, just(defaulting)},
	WaiveObligation:   {RoleMediator, just(waiving)},
	Visit:             {RoleMediator, just(interimVisit)},
	FollowUp:          {RoleMediator, just(finalVisit)},
	Withdraw:          {RoleCoordinator, just(withdrawal)},
	CloseCase:         {RoleChair, just(closing)},
	Archive:           {RoleChair, just(archiving)},
	AddAddendum:       {RoleChair, just(lateFact)},
	AskData:           {RoleCoordinator, just(dataAsked)},
	AnswerData:        {RoleChair, just(dataAnswered)},
	Reopen:            {RoleLegalOfficer, just(reopening)},
	Correct:           {RoleMediator, just(corrected)},
	IssuePaper:        {RoleMediator, just(issuing)},
	Rereckon:          {RoleSystem, func(p *play) Act { return Rereckoning{} }},
}

// just makes an act of a good input as it is.
func just[A Act](good func(*play) A) func(*play) Act {
	return func(p *play) Act { return good(p) }
}

// but makes an act of a good input with one thing changed.
func but[A Act](good func(*play) A, change func(*A)) func(*play) Act {
	return func(p *play) Act {
		a := good(p)
		change(&a)
		return a
	}
}

// filed is a case a resident has just filed.
func filed(t judge) *play {
	t.Helper()
	p := newPlay(t)
	return p.begin(intake(), RoleResident)
}

func (p *play) begin(in Intake, as Role) *play {
	p.t.Helper()
	c, events, err := NewCase(in, as != RoleResident, seat, p.scene(as))
	if err != nil {
		p.t.Fatalf("begin: %v", err)
	}
	p.c, p.history = c, events
	return p
}

// act performs the good input of each action in turn.
func (p *play) act(actions ...Action) *play {
	p.t.Helper()
	for _, a := range actions {
		p.do(goods[a].as, goods[a].make(p))
	}
	return p
}

// ways are how a case comes to each stage, by acts alone.
var ways = map[Stage][]Action{
	Submitted:      nil,
	Supplement:     {RequestSupplement},
	Registered:     {RegisterCase},
	ConsentPending: {RegisterCase, AskOtherSide},
	NotAccepted:    {RegisterCase, Refuse},
	ReferredOut:    {RegisterCase, ReferOut},
	Accepted:       toAccepted,
	Assigned:       append(toAccepted, Assign),
	RecusalReview:  append(toAccepted, Assign, AskRecusal),
	Scheduled:      append(toAccepted, Assign, Schedule),
	InMediation:    append(toAccepted, Assign, Schedule, OpenSession, LogSession),
	Adjourned:      append(toAccepted, Assign, Schedule, OpenSession, LogSession, Adjourn),
	Escalated:      append(toAccepted, Assign, Escalate),
	AgreementDraft: toDraft,
	Effective:      append(toDraft, Sign, Sign, Countersign, AffixSeal),
	FollowedUp:     append(toDraft, Sign, Sign, Countersign, AffixSeal, ReportPerformed, ReportPerformed, FollowUp),
	Terminated:     append(toAccepted, Assign, Schedule, OpenSession, LogSession, Fail),
	Withdrawn:      {RegisterCase, Withdraw},
	Closed:         append(toDraft, Sign, Sign, Countersign, AffixSeal, ReportPerformed, ReportPerformed, FollowUp, CloseCase),
	Archived:       append(toDraft, Sign, Sign, Countersign, AffixSeal, ReportPerformed, ReportPerformed, FollowUp, CloseCase, Archive),
}

var (
	toAccepted = []Action{RegisterCase, AskOtherSide, GiveConsent, Accept}
	toDraft    = []Action{RegisterCase, AskOtherSide, GiveConsent, Accept, Assign, Schedule, OpenSession, LogSession, DraftAgreement}
)

// at is a case that came to a stage by real acts.
func at(t judge, stage Stage) *play {
	t.Helper()
	p := filed(t)
	if stage == CourtTrack {
		p.act(ways[Escalated]...).advise("court").act(ReferToCourt, TakeReferral)
	} else {
		p.act(ways[stage]...)
	}
	if p.c.Stage != stage {
		t.Fatalf("the way to %s leads to %s", stage, p.c.Stage)
	}
	return p
}

// advise is the answer of legal staff on an escalated case.
func (p *play) advise(outcome string) *play {
	p.t.Helper()
	return p.do(RoleLegalOfficer, Opinion{Outcome: outcome, Opinion: "建议如此办理"})
}

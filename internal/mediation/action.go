package mediation

// Action is the word for an act: the same in the policy, the lifecycle and the
// history.
type Action string

// The actions, in the order of a case's life. The row is that of the procedure
// (see procedure).
const (
	FileCase          Action = "file"               // 1: a resident files
	RecordCase        Action = "record"             // 2: a clerk records an oral application, a referral, a screening
	RequestSupplement Action = "request_supplement" // 3
	GiveSupplement    Action = "supplement"         // 4
	LapseSupplement   Action = "lapse_supplement"   // 4
	AddParty          Action = "add_party"
	UpdateParty       Action = "update_party"
	CheckIdentity     Action = "check_identity"
	AttachFile        Action = "attach_file"
	ShareFile         Action = "share_file"
	ClassifyFile      Action = "classify_file"
	RegisterCase      Action = "register"   // 5
	RaiseRisk         Action = "raise_risk" // 6
	ReportRisk        Action = "report_risk"
	LiftHold          Action = "lift_hold"
	ReportMajor       Action = "report_major"      // a dispute of grade L4, to the judicial office or the sub-district
	TakeMajorReport   Action = "take_major_report" // legal staff say how it is handled jointly
	AskOtherSide      Action = "ask_other_side"    // 7
	LogContact        Action = "log_contact"
	GiveConsent       Action = "consent"        // 11
	Decline           Action = "decline"        // 10
	Refuse            Action = "refuse"         // 8, 10
	ReferOut          Action = "refer_out"      // 9
	Accept            Action = "accept"         // 11
	SettleAtOnce      Action = "settle_at_once" // 12
	ConfirmGrade      Action = "confirm_grade"
	GiveRights        Action = "give_rights"
	ChooseMediator    Action = "choose_mediator" // 13: the parties' choice, before the chair assigns
	Assign            Action = "assign"          // 13
	HandOver          Action = "hand_over"       // a part in the case passes to another
	AcceptMediator    Action = "accept_mediator"
	InviteHelper      Action = "invite_helper"
	AskRecusal        Action = "ask_recusal"      // 14
	DeclareConflict   Action = "declare_conflict" // 14
	FindConflict      Action = "find_conflict"    // 14: a tie the check found while somebody mediates
	ReplaceMediator   Action = "replace_mediator" // 15
	RejectRecusal     Action = "reject_recusal"   // 15
	WaiveRecusal      Action = "waive_recusal"    // 15
	Schedule          Action = "schedule"         // 16
	OpenSession       Action = "open_session"     // 17
	AskClosed         Action = "ask_closed"       // a party wants no others at the sessions
	LogSession        Action = "log_session"
	NoteCaucus        Action = "note_caucus"
	Adjourn           Action = "adjourn"        // 18
	Resume            Action = "resume"         // 19
	Investigate       Action = "investigate"    // 20
	Extend            Action = "extend"         // 21
	Lapse             Action = "lapse"          // 39
	Escalate          Action = "escalate"       // 22
	ReturnGuided      Action = "return_guided"  // 23
	AskAgain          Action = "ask_again"      // 22: once more, after an answer that led nowhere
	DecideReview      Action = "review_decided" // 24-26: the opinion of legal staff
	Reassign          Action = "reassign"       // 24
	ReferToCourt      Action = "refer_to_court" // 25
	EnterCourtTrack   Action = "enter_court_track"
	TakeReferral      Action = "take_referral" // 25
	DeclineReferral   Action = "decline_referral"
	CourtAgreed       Action = "court_agreed"
	CourtFailed       Action = "court_failed"
	CourtEnded        Action = "court_ended"
	Terminate         Action = "terminate"       // 26, 37
	Fail              Action = "fail"            // 37
	DraftAgreement    Action = "draft_agreement" // 27
	ReviseAgreement   Action = "revise_agreement"
	RequestReview     Action = "request_review"
	ReviewAgreement   Action = "review_agreement" // 28
	RefuseToSign      Action = "refuse_to_sign"   // 29
	Sign              Action = "sign"             // 30
	Countersign       Action = "countersign"      // 30
	AffixSeal         Action = "affix_seal"       // 30
	TakeEffect        Action = "take_effect"      // 30
	SettleOrally      Action = "settle_orally"    // 31
	ApplyConfirmation Action = "apply_confirmation"
	ConfirmTake       Action = "confirmation_taken"
	ConfirmGrant      Action = "confirmation_granted"
	ConfirmReject     Action = "confirmation_rejected"
	ConfirmNotTake    Action = "confirmation_not_taken"
	ConfirmWithdraw   Action = "confirmation_withdrawn"
	ExtendRuling      Action = "ruling_extended"
	ObjectRuling      Action = "ruling_objected"
	DismissObjection  Action = "objection_dismissed"
	UpholdObjection   Action = "objection_upheld"
	ConfirmEnforce    Action = "enforcement_asked"
	LapseConfirmation Action = "lapse_confirmation"
	ReportPerformed   Action = "report_performed" // 33
	ReportPart        Action = "report_part"      // 33
	DisputeObligation Action = "dispute_obligation"
	SettleDispute     Action = "settle_dispute" // 35
	Reschedule        Action = "reschedule"     // 35: re-mediation of a promise
	RemindDue         Action = "remind_due"     // 35: the office's own reminder
	MarkOverdue       Action = "mark_overdue"   // 34
	Urge              Action = "urge"           // 35
	MarkDefaulted     Action = "mark_defaulted" // 35
	WaiveObligation   Action = "waive_obligation"
	Visit             Action = "visit"
	FollowUp          Action = "follow_up" // 36
	Withdraw          Action = "withdraw"  // 38
	CloseCase         Action = "close"     // 40
	Archive           Action = "archive"   // 41
	Reopen            Action = "reopen"    // 42
	AddAddendum       Action = "add_addendum"
	AskData           Action = "ask_data"    // a party asks of its own personal data
	AnswerData        Action = "answer_data" // the committee's answer
	Rereckon          Action = "rereckon"    // the calendar of days off changed under running clocks
	Correct           Action = "correct"     // a correction is a new event, the old text stays
	IssuePaper        Action = "issue_paper"
)

// The actions of row 32 by which each party joins the application on its own.
const (
	ProposeConfirmation Action = "propose_confirmation"
	JoinConfirmation    Action = "join_confirmation"
	LeaveConfirmation   Action = "leave_confirmation"   // a joining taken back before all have joined
	DeclineConfirmation Action = "decline_confirmation" // one side's no: then there is no joint application
	DropConfirmation    Action = "drop_confirmation"    // the proposal taken back
	FileConfirmation    Action = "file_confirmation"    // all have joined
	RemindConfirmation  Action = "remind_confirmation"  // the thirty days run out
)

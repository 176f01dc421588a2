package mediation

import (
	"slices"

	"doorstep/internal/statute"
)

// Step is one line of the procedure: from these stages the action leads there,
// starting and ending these clocks. Rows are those of the procedure table the
// project follows; 0 marks steps the table implies (logging a contact, adding a
// party) and those of the sub-machines.
type Step struct {
	Row    int
	Action Action
	From   []Stage
	To     Stage
	Starts []statute.DeadlineID
	Ends   []statute.DeadlineID
	Source string
}

// The sets of stages that several lines share.
var (
	beforeEffect = []Stage{
		Submitted, Supplement, Registered, ConsentPending, Accepted, Assigned, RecusalReview, Scheduled, InMediation,
		Adjourned, Escalated, CourtTrack, AgreementDraft,
	}
	open         = append(slices.Clone(beforeEffect), Effective, FollowedUp)
	unaccepted   = []Stage{Submitted, Supplement, Registered, ConsentPending}
	registered   = append([]Stage{Registered, ConsentPending}, held...)
	held         = []Stage{Accepted, Assigned, RecusalReview, Scheduled, InMediation, Adjourned, Escalated, CourtTrack, AgreementDraft}
	withMediator = []Stage{Assigned, Scheduled, InMediation, Adjourned}
	handable     = append(slices.Clone(withMediator), AgreementDraft, Effective, FollowedUp)
	mayLapse     = []Stage{Accepted, Assigned, RecusalReview, Scheduled, InMediation, Adjourned}
	ended        = []Stage{FollowedUp, Terminated, Withdrawn, NotAccepted, ReferredOut}
	fileable     = append(slices.Clone(open), Terminated, Withdrawn, NotAccepted, ReferredOut) // until the volume is closed
	everywhere   = append(slices.Clone(fileable), Closed, Archived)                            // rights in one's own data outlive the case
	effective    = []Stage{Effective}
	markable     = []Stage{AgreementDraft, Effective, FollowedUp} // for the committee's own marks
	applicable   = []Stage{Effective, FollowedUp}                 // in which the parties may ask the court together
	confirmed    = []Stage{Effective, FollowedUp, Closed}         // a ruling outlives the office's own work
)

type clocks = []statute.DeadlineID

// procedure is the life of a case as one table. What is not in it is forbidden.
// Guards that need facts stand in the acts; this table alone says from where to
// where.
var procedure = []Step{
	{1, FileCase, []Stage{Start}, Submitted, clocks{statute.D01Acceptance}, nil, "PML 17"},
	{2, RecordCase, []Stage{Start}, Submitted, clocks{statute.D01Acceptance}, nil, "PML 17, 18"},
	{3, RequestSupplement, []Stage{Submitted}, Supplement, clocks{statute.D03Supplement}, nil, "local"},
	{4, GiveSupplement, []Stage{Supplement}, Submitted, nil, clocks{statute.D03Supplement}, "local"},
	{4, LapseSupplement, []Stage{Supplement}, Withdrawn, nil, nil, "local"},
	{0, AddParty, beforeEffect, same, nil, nil, "PML 17"},
	{0, UpdateParty, open, same, nil, nil, "PML 17"},
	{0, CheckIdentity, open, same, nil, nil, "PML 17"},
	{0, AttachFile, fileable, same, nil, nil, "PML 24"},
	{0, ShareFile, open, same, nil, nil, "PML 15"},
	{0, ClassifyFile, append(slices.Clone(fileable), Closed), same, nil, nil, "PML 27"},
	{5, RegisterCase, []Stage{Submitted}, Registered, nil, nil, "PML 27"},
	{6, RaiseRisk, open, same, nil, nil, "PML 25"}, // the act starts D-04 where the flag asks for it
	{6, ReportRisk, append(slices.Clone(open), Terminated, NotAccepted, Withdrawn, ReferredOut), same, nil, nil, "PML 25; ADVL 14; MPL 11"},
	{0, ReportMajor, append(slices.Clone(fileable), Closed), same, nil, nil, "local"},
	{0, TakeMajorReport, append(slices.Clone(fileable), Closed), same, nil, nil, "PML 5; local"},
	{0, LiftHold, open, same, nil, nil, "PML 23"},
	{7, AskOtherSide, []Stage{Registered}, ConsentPending, clocks{statute.D05OtherSide}, nil, "PML 17; ONL22 15"},
	{7, LogContact, registered, same, nil, nil, "PML 17"},
	{11, GiveConsent, registered, same, nil, nil, "PML 17, 23"},
	{10, Decline, registered, same, nil, nil, "PML 17, 23"},
	{8, Refuse, []Stage{Registered}, NotAccepted, nil, nil, "PML 26"},
	{10, Refuse, []Stage{ConsentPending}, NotAccepted, nil, nil, "PML 17, 26"},
	{9, ReferOut, []Stage{Registered}, ReferredOut, nil, nil, "NB15 18"},
	{11, Accept, []Stage{ConsentPending}, Accepted,
		clocks{statute.D06Mediation, statute.D07Assign}, clocks{statute.D01Acceptance, statute.D05OtherSide, statute.D02CourtReply}, "PML 17"},
	{12, SettleAtOnce, []Stage{Registered}, Effective, clocks{statute.D12Confirmation}, clocks{statute.D01Acceptance, statute.D02CourtReply}, "PML 21, 28, 30"},
	{0, ConfirmGrade, registered, same, nil, nil, "local"},
	{0, GiveRights, registered, same, nil, nil, "MOJ02 30"},
	{13, ChooseMediator, []Stage{Accepted}, same, nil, nil, "PML 19, 23"},
	{13, Assign, []Stage{Accepted}, Assigned, clocks{statute.D08FirstSession}, clocks{statute.D07Assign}, "PML 19"},
	{0, HandOver, handable, same, nil, nil, "PML 13, 19"},
	{0, AcceptMediator, withMediator, same, nil, nil, "PML 23"},
	{0, InviteHelper, withMediator, same, nil, nil, "PML 20"},
	{14, AskRecusal, withMediator, RecusalReview, clocks{statute.D09Recusal}, nil, "INV16 15; SZ22 23"},
	{14, DeclareConflict, withMediator, RecusalReview, clocks{statute.D09Recusal}, nil, "INV16 15; ONL22 13"},
	{14, FindConflict, withMediator, RecusalReview, clocks{statute.D09Recusal}, nil, "INV16 15; ONL22 13"},
	{0, FindConflict, []Stage{RecusalReview, Escalated, CourtTrack, AgreementDraft, Effective, FollowedUp}, same, nil, nil, "INV16 15; ONL22 13"},
	{15, ReplaceMediator, []Stage{RecusalReview}, Accepted, clocks{statute.D07Assign}, clocks{statute.D09Recusal, statute.D08FirstSession}, "INV16 15"},
	{15, RejectRecusal, []Stage{RecusalReview}, back, nil, clocks{statute.D09Recusal}, "INV16 15"},
	{15, WaiveRecusal, []Stage{RecusalReview}, back, nil, clocks{statute.D09Recusal}, "INV16 15"},
	{16, Schedule, []Stage{Assigned}, Scheduled, nil, clocks{statute.D08FirstSession}, "PML 21"},
	{17, OpenSession, []Stage{Scheduled}, InMediation, nil, nil, "MOJ02 30"},
	{0, AskClosed, registered, same, nil, nil, "PML 23; MOJ02 29"},
	{17, LogSession, []Stage{InMediation}, same, nil, nil, "PML 22, 27"},
	{0, NoteCaucus, withMediator, same, nil, nil, "PML 15"},
	{18, Adjourn, []Stage{Scheduled, InMediation}, Adjourned, nil, nil, "ONL22 26"},
	{19, Resume, []Stage{Adjourned}, Scheduled, nil, nil, "PML 21"},
	{20, Investigate, []Stage{InMediation}, same, nil, nil, "PML 27"},
	{21, Extend, mayLapse, same, nil, nil, "NB15 27; SZ22 25"},
	{39, Lapse, mayLapse, same, nil, nil, "MOJ02 33"},
	{22, Escalate, append([]Stage{Accepted}, withMediator...), Escalated, nil, nil, "PML 5"},
	{2, EnterCourtTrack, []Stage{Registered, Accepted}, CourtTrack, clocks{statute.D06Mediation},
		clocks{statute.D01Acceptance, statute.D02CourtReply, statute.D06Mediation, statute.D07Assign}, "PML 18; INV16 20, 27"},
	{22, AskAgain, []Stage{Escalated}, same, nil, nil, "PML 5"},
	{23, ReturnGuided, []Stage{Escalated}, back, nil, clocks{statute.D10Review, statute.D10Urgent}, "PML 5"},
	{24, DecideReview, []Stage{Escalated}, same, nil, clocks{statute.D10Review, statute.D10Urgent}, "PML 5, 7"},
	{24, Reassign, []Stage{Escalated}, Accepted, clocks{statute.D07Assign}, clocks{statute.D07Assign, statute.D08FirstSession}, "NB15 18"},
	{25, ReferToCourt, []Stage{Escalated}, same, nil, nil, "INV16 11"},
	{25, TakeReferral, []Stage{Escalated}, CourtTrack, clocks{statute.D06Mediation},
		clocks{statute.D06Mediation, statute.D07Assign, statute.D08FirstSession}, "INV16 11, 27; ONL22 12"},
	{25, DeclineReferral, []Stage{Escalated}, same, nil, nil, "INV16 11"},
	{0, CourtAgreed, []Stage{CourtTrack}, Effective, clocks{statute.D12Confirmation}, clocks{statute.D06Mediation, statute.D06xExtension}, "INV16 19, 24"},
	{0, CourtFailed, []Stage{CourtTrack}, Terminated, nil, nil, "INV16 21; PML 26"},
	{0, CourtEnded, []Stage{CourtTrack}, Closed, clocks{statute.D17Volume}, nil, "INV16 20"},
	{26, Terminate, beforeEffect, Terminated, nil, nil, "PML 23, 25, 26"},
	{37, Fail, []Stage{InMediation, Adjourned, AgreementDraft}, Terminated, nil, nil, "PML 26; NB15 27"},
	{27, DraftAgreement, []Stage{InMediation}, AgreementDraft, clocks{statute.D11Sign}, nil, "PML 28, 29"},
	{0, ReviseAgreement, []Stage{AgreementDraft}, same, nil, nil, "PML 29"},
	{28, RequestReview, []Stage{AgreementDraft}, same, nil, nil, "PML 5"},
	{28, ReviewAgreement, []Stage{AgreementDraft}, same, nil, clocks{statute.D10Review}, "PML 5"},
	{29, RefuseToSign, []Stage{AgreementDraft}, InMediation, nil, clocks{statute.D11Sign, statute.D10Review}, "PML 23; ONL22 25"},
	{30, Sign, []Stage{AgreementDraft}, same, nil, nil, "PML 29"},
	{30, Countersign, markable, same, nil, nil, "PML 29; INV16 24"},
	{30, AffixSeal, markable, same, nil, nil, "PML 29; INV16 24"},
	{30, TakeEffect, []Stage{AgreementDraft}, Effective, clocks{statute.D12Confirmation}, clocks{statute.D06Mediation, statute.D06xExtension, statute.D11Sign}, "PML 29; INV16 24"},
	{31, SettleOrally, []Stage{InMediation}, Effective, clocks{statute.D12Confirmation}, clocks{statute.D06Mediation, statute.D06xExtension}, "PML 28, 30"},
	{32, ApplyConfirmation, []Stage{Effective, FollowedUp}, same, clocks{statute.D15CourtTake}, clocks{statute.D12Confirmation}, "PML 33; CPL 205"},
	{32, ProposeConfirmation, applicable, same, nil, nil, "CPL 205"},
	{32, JoinConfirmation, applicable, same, nil, nil, "CPL 205; CPLI 351, 353"},
	{32, LeaveConfirmation, applicable, same, nil, nil, "CPL 205"},
	{32, DeclineConfirmation, applicable, same, nil, nil, "CPL 205"},
	{32, DropConfirmation, applicable, same, nil, nil, "CPL 205"},
	{32, FileConfirmation, applicable, same, clocks{statute.D15CourtTake}, clocks{statute.D12Confirmation}, "PML 33; CPL 205"},
	{32, RemindConfirmation, applicable, same, nil, nil, "PML 33; CPL 205"},
	{32, ConfirmTake, []Stage{Effective, FollowedUp}, same, clocks{statute.D15bCourtRule}, clocks{statute.D15CourtTake}, "JC11 4"},
	{32, ConfirmGrant, []Stage{Effective, FollowedUp}, same, nil, clocks{statute.D15bCourtRule}, "CPL 206"},
	{32, ConfirmReject, []Stage{Effective, FollowedUp}, same, nil, clocks{statute.D15bCourtRule}, "CPL 206; CPLI 358"},
	{32, ConfirmNotTake, []Stage{Effective, FollowedUp}, same, nil, clocks{statute.D15CourtTake}, "CPLI 355"},
	{32, ConfirmWithdraw, []Stage{Effective, FollowedUp}, same, nil, clocks{statute.D15CourtTake, statute.D15bCourtRule}, "CPLI 357"},
	{32, ExtendRuling, []Stage{Effective, FollowedUp}, same, nil, nil, "JC11 5"},
	{32, ObjectRuling, confirmed, same, nil, nil, "CPLI 372"},
	{32, DismissObjection, confirmed, same, nil, nil, "CPLI 372"},
	{32, UpholdObjection, confirmed, same, nil, clocks{statute.D15cObjection, statute.D15dEnforcement}, "CPLI 372"},
	{32, ConfirmEnforce, confirmed, same, nil, clocks{statute.D15dEnforcement}, "CPL 206, 250"},
	{32, LapseConfirmation, append(slices.Clone(confirmed), Archived), same, nil, nil, "PML 33; CPL 205, 250; CPLI 372"},
	{33, ReportPerformed, effective, same, nil, nil, "PML 31"},
	{33, ReportPart, effective, same, nil, nil, "PML 31; CC 531"},
	{0, DisputeObligation, effective, same, nil, nil, "PML 32"},
	{35, SettleDispute, effective, same, nil, nil, "PML 31, 32"},
	{35, Reschedule, effective, same, nil, nil, "PML 31; CC 543"},
	{35, RemindDue, effective, same, nil, nil, "PML 31"},
	{34, MarkOverdue, effective, same, nil, nil, "PML 31"},
	{35, Urge, effective, same, nil, nil, "PML 31"},
	{35, MarkDefaulted, effective, same, nil, nil, "PML 31, 32"},
	{0, WaiveObligation, effective, same, nil, nil, "CC 575"},
	{0, Visit, []Stage{Effective, FollowedUp}, same, nil, nil, "PML 31"},
	{36, FollowUp, effective, FollowedUp, nil, clocks{statute.D14FollowUp}, "PML 31"},
	{38, Withdraw, beforeEffect, Withdrawn, nil, nil, "PML 23"},
	{40, CloseCase, ended, Closed, clocks{statute.D17Volume}, nil, "PML 27"},
	{41, Archive, []Stage{Closed}, Archived, nil, clocks{statute.D17Volume}, "PML 27; ARCH 21"},
	{42, Reopen, []Stage{Effective, FollowedUp, Closed, Archived}, same, nil, nil, "PML 32; CPL 206"},
	{0, AskData, everywhere, same, nil, nil, "PIPL 15, 44, 45, 46, 47, 48"},
	{0, AnswerData, everywhere, same, nil, nil, "PIPL 50"},
	{0, AddAddendum, []Stage{Closed, Archived}, same, nil, nil, "PML 27"},
	{0, Rereckon, append(slices.Clone(open), NotAccepted, ReferredOut, Terminated, Withdrawn, Closed, Archived), same, nil, nil, "CC 203; CPL 85"},
	{0, Correct, open, same, nil, nil, "MOJ02 30"},
	{0, IssuePaper, append(slices.Clone(open), NotAccepted, ReferredOut, Terminated, Withdrawn, Closed), same, nil, nil, "PML 27"},
}

// Procedure gives the whole table, for the docs, the tests and the page that
// shows the rules. The caller must not change it.
func Procedure() []Step { return procedure }

// step finds the line of the procedure for an action from a stage.
func (s Stage) step(a Action) (Step, error) {
	for _, line := range procedure {
		if line.Action == a && slices.Contains(line.From, s) {
			return line, nil
		}
	}
	return Step{}, &Error{Kind: Conflict, Key: "error.stage_refuses", Args: map[string]string{"stage": string(s), "action": string(a)}}
}

// Next is the stage the action leads to; "same" and "back" come back as they
// stand in the table. An action the stage does not allow is a Conflict that
// says what the stage is.
func (s Stage) Next(a Action) (Stage, error) {
	line, err := s.step(a)
	return line.To, err
}

// Actions lists every action of the procedure once, in its order.
func Actions() []Action {
	var all []Action
	for _, line := range procedure {
		if !slices.Contains(all, line.Action) {
			all = append(all, line.Action)
		}
	}
	return all
}

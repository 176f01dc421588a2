package web

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// source is where the choices of a field come from.
type source string

// The sources of choices that belong to the case at hand.
const (
	fromParties     source = "parties"
	fromMediators   source = "mediators"
	fromActing      source = "acting"      // mediators acting on the case
	fromObligations source = "obligations" // those the act can move
	fromFiles       source = "files"
	fromForms       source = "forms" // of which a signed scan may be laid to the case
	fromRisks       source = "risks" // not reported yet
	fromCourts      source = "courts"
	fromRecords     source = "records" // that may be corrected
	fromCommittees  source = "committees"
	fromReceivers   source = "receivers" // committees a matter may be handed to before it is accepted
	fromHelpers     source = "helpers"
	fromJoining     source = "joining"    // parties whose part in the application the act can move
	fromPapers      source = "papers"     // that may be issued
	fromDataAsked   source = "data_asked" // requests on personal data that wait for an answer
)

// ask is one question of an act's form. Its label is act.<action>.<name>, or the
// common field.<name>; the label of a word is word.<name>.<word> or word.<word>.
type ask struct {
	name  string
	kind  FieldKind
	list  statute.List // choices from a code list
	words []string     // choices from a few words
	from  source       // choices from the case
	must  bool         // marked as required; the rules judge
	today bool         // filled with today's date
	staff bool         // not asked of a party: he answers for himself
}

// deed is one act a person may do: where its page stands and what it asks.
type deed struct {
	action mediation.Action
	noun   string // under /cases/:case/
	group  string // heading on the case page: proceed, record, people, safety, end
	danger bool   // ends something for good
	save   bool   // kept while it is typed, also where no field of its own is long
	asks   []ask
}

func text(name string) ask { return ask{name: name, kind: FieldText} }
func long(name string) ask { return ask{name: name, kind: FieldTextArea} }
func tick(name string) ask { return ask{name: name, kind: FieldCheckbox, must: true} }
func may(name string) ask  { return ask{name: name, kind: FieldCheckbox} }
func day() ask             { return ask{name: "on", kind: FieldDate, must: true, today: true} }
func code(name string, list statute.List) ask {
	return ask{name: name, kind: FieldSelect, list: list, must: true}
}
func oneOf(name string, words ...string) ask {
	return ask{name: name, kind: FieldRadio, words: words, must: true}
}
func pick(name string, from source) ask {
	return ask{name: name, kind: FieldSelect, from: from, must: true}
}
func all(name string) ask {
	return ask{name: name, kind: FieldCheckboxes, from: fromParties, must: true}
}
func (a ask) required() ask { a.must = true; return a }
func (a ask) optional() ask { a.must = false; return a }
func (a ask) byStaff() ask  { a.staff = true; return a }

var (
	drawing   = ask{name: "drawing", kind: FieldDrawing}
	scan      = ask{name: "file", kind: FieldFile}
	partyAsks = []ask{
		oneOf("side", "applicant", "respondent", "third"), text("name").required(), code("capacity", statute.PartyCapacity),
		{name: "group_size", kind: FieldNumber}, text("guardian"), may("own_income"), {name: "phone", kind: FieldTel}, text("id_number"),
		{name: "sex", kind: FieldSelect, words: []string{mediation.Male, mediation.Female}}, {name: "birth", kind: FieldDate},
		code("ethnic", statute.EthnicGroups).optional(), text("occupation"), text("address"), text("bank_account"),
		text("agent"), {name: "agent_scope", kind: FieldSelect, words: []string{"general", "settle"}},
		{name: "agent_from", kind: FieldDate}, {name: "agent_until", kind: FieldDate}, may("agent_paper"),
		text("legal_rep"), text("legal_post"), text("credit_code"), may("sensitive"),
	}
	visitAsks = []ask{
		day(), code("means", statute.ContactMeans), long("situation").required(),
		oneOf("satisfaction", "satisfied", "fair", "unsatisfied", "unknown"), may("flare_up"), may("sued"), text("suit_result"),
		oneOf("wrong", "no", "yes").optional(), text("wrong_note"), long("measures"),
	}
	answerAsks = []ask{
		pick("party", fromParties).byStaff(), code("how", statute.ContactMeans).byStaff(), long("reason"),
	}
	meetingAsks = []ask{
		{name: "at", kind: FieldDateTime, must: true}, text("place").required(),
		{name: "mode", kind: FieldRadio, list: statute.SessionModes, must: true}, text("bring"),
		doorAsks[0], doorAsks[1], doorAsks[2],
	}
	doorAsks = []ask{
		{name: "openness", kind: FieldRadio, list: statute.SessionDoors, must: true}, may("unopposed"), may("no_secrets"),
	}
	endingAsks = []ask{code("code", statute.Terminations), long("reason").required(), tick("told")}
	courtAsks  = []ask{text("ref"), day(), long("note")}
	reviewAsks = []ask{long("opinion").required()}
)

// deeds is every act with a page of its own, in the order of a case's life. The
// forms of those marked "built" have parts that repeat by party or by promise;
// buildForm adds them.
var deeds = []deed{
	{mediation.RequestSupplement, "supplement-request", "proceed", false, false, []ask{long("items").required()}},
	{mediation.GiveSupplement, "supplement", "proceed", false, true, []ask{long("text").required()}},
	{mediation.RegisterCase, "registration", "proceed", false, false, []ask{
		text("title").required(), code("type", statute.DisputeTypes), code("subtype", statute.DisputeSubtypes).optional(),
		text("applicant"), text("respondent"), code("capacity", statute.PartyCapacity).optional(), {name: "phone", kind: FieldTel},
		long("request"), {name: "amount", kind: FieldMoney}, may("cross_area"), may("law_unclear"), may("injury"), may("death"), may("media"),
		oneOf("feedback", mediation.SimpleFeedback, mediation.ComplexFeedback).optional(), tick("risk_screen")}},
	{mediation.AskOtherSide, "question", "proceed", false, false, []ask{
		pick("party", fromParties), code("means", statute.ContactMeans), may("reached"), long("note")}},
	{mediation.LogContact, "contacts", "record", false, false, []ask{
		pick("party", fromParties), code("means", statute.ContactMeans), may("reached"), long("note")}},
	{mediation.GiveConsent, "consent", "proceed", false, false, answerAsks},
	{mediation.Decline, "declination", "end", true, false, answerAsks},
	{mediation.Accept, "acceptance", "proceed", false, false, []ask{long("note")}},
	{mediation.Refuse, "non-acceptance", "end", true, false, []ask{
		code("ground", statute.NonAcceptance), long("reason").required(), tick("told")}},
	{mediation.ReferOut, "transferral", "end", true, false, []ask{
		pick("committee", fromReceivers).optional(), text("receiver"), long("reason").required(), tick("agreed"), text("agreed_by").required(),
		{name: "agreed_on", kind: FieldDate, must: true, today: true}, code("agreed_how", statute.ContactMeans), oneOf("ground", "consent", "statutory_duty")}},
	{mediation.SettleAtOnce, "settlement-at-once", "proceed", false, true, []ask{tick("present"), tick("rights_told")}},
	{mediation.ChooseMediator, "mediator-choice", "people", false, false, []ask{pick("mediator", fromMediators)}},
	{mediation.Assign, "assignment", "proceed", false, false, []ask{
		oneOf("track", "party_member", "legal_advisor"), pick("lead", fromMediators), code("lead_relation", statute.Relations),
		pick("second", fromMediators).optional(), code("second_relation", statute.Relations).optional(),
		oneOf("chosen_by", "committee", "parties"), may("disclosed"), all("waived_by").optional(), may("court_guided")}},
	{mediation.HandOver, "handover", "people", false, false, []ask{
		pick("mediator", fromActing), pick("successor", fromMediators), code("relation", statute.Relations), oneOf("reason", "left", "away", "load"),
		may("disclosed"), all("waived_by").optional()}},
	{mediation.AcceptMediator, "mediator-acceptance", "people", false, false, []ask{pick("party", fromParties).byStaff()}},
	{mediation.AskRecusal, "recusal", "people", false, false, []ask{
		pick("party", fromParties).byStaff(), pick("mediator", fromActing).optional(), code("relation", statute.Relations), long("reason").required()}},
	{mediation.DeclareConflict, "conflict", "people", true, false, []ask{code("relation", statute.Relations), long("reason").required()}},
	{mediation.ReplaceMediator, "recusal/replacement", "proceed", false, false, []ask{long("decision").required()}},
	{mediation.RejectRecusal, "recusal/rejection", "proceed", false, false, []ask{long("decision").required()}},
	{mediation.WaiveRecusal, "recusal/waiver", "proceed", false, false, []ask{all("waived_by"), long("decision").required()}},
	{mediation.GiveRights, "rights-notice", "record", false, false, []ask{pick("party", fromParties), oneOf("how", "signed", "oral", "online"), may("privacy")}},
	{mediation.CheckIdentity, "identity-check", "record", false, false, []ask{
		pick("party", fromParties), oneOf("how", "desk", "call_back", "session")}},
	{mediation.ConfirmGrade, "grade", "record", false, false, []ask{code("grade", statute.Grades), text("reason")}},
	{mediation.Schedule, "sessions", "proceed", false, false, meetingAsks},
	{mediation.OpenSession, "sessions/opening", "proceed", false, false, doorAsks},
	{mediation.AskClosed, "sessions/closed", "people", false, false, []ask{pick("party", fromParties).byStaff()}},
	{mediation.LogSession, "sessions/record", "proceed", false, true, []ask{
		tick("introduced"), tick("risks_told"),
		long("confirmed"), long("negotiation"), oneOf("result", "settled", "partly", "continues", "no_agreement"), text("recorder"),
		tick("read_back")}},
	{mediation.DraftAgreement, "agreement", "proceed", false, true, nil},
	{mediation.ReviseAgreement, "agreement/revision", "record", false, true, nil},
	{mediation.SettleOrally, "oral-agreement", "proceed", false, true, nil},
	{mediation.Adjourn, "adjournment", "record", false, false, []ask{
		{name: "reason", kind: FieldRadio, words: []string{"continues", "ill", "appraisal", "new_party", "other_procedure", "request"}, must: true},
		{name: "until", kind: FieldDate}, text("condition"), long("note"), may("suspend")}},
	{mediation.Resume, "resumption", "proceed", false, false, meetingAsks},
	{mediation.NoteCaucus, "caucus-notes", "record", false, true, []ask{pick("party", fromParties), long("text").required()}},
	{mediation.Investigate, "investigations", "record", false, true, []ask{
		day(), text("place").required(), text("asked"), text("others"), long("content").required(), text("recorder")}},
	{mediation.Extend, "extension", "record", false, false, []ask{
		{name: "until", kind: FieldDate, must: true}, long("reason").required(), all("agreed_by")}},
	{mediation.Escalate, "escalation", "record", false, true, []ask{code("reason", statute.EscalationReasons), long("summary").required()}},
	{mediation.AskAgain, "escalation/new-request", "record", false, true, []ask{code("reason", statute.EscalationReasons), long("summary").required()}},
	{mediation.ReturnGuided, "escalation/guidance", "proceed", false, true, reviewAsks},
	{mediation.DecideReview, "escalation/decision", "proceed", false, true, []ask{
		oneOf("outcome", "reassign", "court", "terminate"), long("opinion").required()}},
	{mediation.Reassign, "escalation/reassignment", "proceed", false, false, []ask{
		pick("committee", fromCommittees).optional(), long("reason").required(), all("agreed_by")}},
	{mediation.ReferToCourt, "referral", "proceed", false, false, []ask{
		pick("court", fromCourts), {name: "court_mode", kind: FieldSelect, list: statute.CourtModes, must: true}, long("reason"), all("agreed_by")}},
	{mediation.EnterCourtTrack, "court-track", "proceed", false, false, []ask{
		pick("court", fromCourts), {name: "court_mode", kind: FieldSelect, list: statute.CourtModes, must: true}, text("ref").required()}},
	{mediation.TakeReferral, "referral/acknowledgement", "proceed", false, false, []ask{text("ref").required()}},
	{mediation.DeclineReferral, "referral/declination", "end", true, false, []ask{long("reason").required()}},
	{mediation.CourtAgreed, "referral/agreement", "proceed", false, true, nil},
	{mediation.CourtFailed, "referral/failure", "end", true, false, []ask{long("note"), tick("told")}},
	{mediation.CourtEnded, "referral/result", "end", true, false, []ask{
		oneOf("kind", "judgment", "court_mediation", "suit_withdrawn"), text("ref").required(), long("note")}},
	{mediation.RequestReview, "agreement/review-request", "record", false, false, []ask{long("summary")}},
	{mediation.ReviewAgreement, "agreement/review", "proceed", false, true, []ask{oneOf("outcome", "approved", "amend"), long("opinion").required()}},
	{mediation.Sign, "agreement/signature", "proceed", false, false, []ask{
		pick("party", fromParties).byStaff(), {name: "how", kind: FieldRadio, words: []string{"in_person", "paper"}, must: true, staff: true},
		{name: "on", kind: FieldDate, today: true, staff: true}, may("by_agent").byStaff(), drawing, scan, may("agreed")}},
	{mediation.Countersign, "agreement/countersignature", "proceed", false, false, []ask{{name: "on", kind: FieldDate, today: true}, drawing, scan}},
	{mediation.AffixSeal, "agreement/seal", "proceed", false, false, []ask{{name: "on", kind: FieldDate, today: true}, scan}},
	{mediation.RefuseToSign, "agreement/signing-refusal", "end", true, false, []ask{pick("party", fromParties).byStaff(), long("reason")}},
	{mediation.ReportPerformed, "performance", "proceed", false, false, []ask{
		pick("obligation", fromObligations), day(), text("proof").required()}},
	{mediation.ReportPart, "part-performance", "record", false, false, []ask{
		pick("obligation", fromObligations), day(), {name: "amount", kind: FieldMoney}, text("proof").required()}},
	{mediation.DisputeObligation, "dispute", "record", false, false, []ask{
		pick("party", fromParties).byStaff(), pick("obligation", fromObligations), long("reason").required()}},
	{mediation.SettleDispute, "dispute/result", "proceed", false, false, []ask{
		pick("obligation", fromObligations), oneOf("outcome", "owed", "performed"), day().optional(), long("note").required()}},
	{mediation.Reschedule, "rescheduling", "proceed", false, false, []ask{
		pick("obligation", fromObligations), {name: "due", kind: FieldDate, must: true}, long("reason").required(), all("agreed_by")}},
	{mediation.Urge, "reminders", "proceed", false, false, []ask{
		pick("obligation", fromObligations), code("means", statute.ContactMeans), long("note")}},
	{mediation.MarkDefaulted, "default", "end", true, false, []ask{pick("obligation", fromObligations), long("note"), tick("told")}},
	{mediation.WaiveObligation, "waiver", "end", true, false, []ask{pick("obligation", fromObligations), tick("confirmed")}},
	{mediation.Visit, "visits", "record", false, true, visitAsks},
	{mediation.FollowUp, "follow-up", "proceed", false, true, visitAsks},
	{mediation.ApplyConfirmation, "confirmation", "record", false, false, []ask{
		pick("court", fromCourts), pick("home_of", fromParties).optional(), day(), {name: "receipt", kind: FieldFile, must: true},
		all("applied_by"), all("by_agent").optional(), scan.required(), may("scope_told")}},
	{mediation.ProposeConfirmation, "confirmation/proposal", "record", false, false, []ask{
		pick("court", fromCourts), pick("home_of", fromParties).optional()}},
	{mediation.JoinConfirmation, "confirmation/joining", "record", false, false, []ask{
		pick("party", fromJoining).byStaff(), oneOf("how", "paper", "in_person").byStaff(), scan.byStaff(), day().byStaff(),
		text("serve_to"), may("serve_online"), text("online_to"), may("by_agent"), may("scope_told"), tick("read")}},
	{mediation.LeaveConfirmation, "confirmation/joining/withdrawal", "end", true, false, []ask{pick("party", fromJoining).byStaff()}},
	{mediation.DeclineConfirmation, "confirmation/refusal", "end", true, false, []ask{pick("party", fromJoining).byStaff(), long("reason")}},
	{mediation.DropConfirmation, "confirmation/proposal/withdrawal", "end", true, false, []ask{long("reason").required()}},
	{mediation.ConfirmTake, "confirmation/acceptance", "proceed", false, false, courtAsks},
	{mediation.ConfirmGrant, "confirmation/ruling", "proceed", false, false, []ask{
		text("ref").required(), day(), {name: "served", kind: FieldDate}, long("note")}},
	{mediation.ExtendRuling, "confirmation/extension", "record", false, false, []ask{day(), long("note")}},
	{mediation.ConfirmReject, "confirmation/rejection", "end", true, false, courtAsks},
	{mediation.ConfirmNotTake, "confirmation/non-acceptance", "end", true, false, courtAsks},
	{mediation.ConfirmWithdraw, "confirmation/withdrawal", "end", true, false, courtAsks},
	{mediation.ObjectRuling, "confirmation/objection", "record", false, false, []ask{
		oneOf("by", "party", "third_party"), {name: "knew_on", kind: FieldDate}, day(), long("note")}},
	{mediation.DismissObjection, "confirmation/objection/dismissal", "proceed", false, false, courtAsks},
	{mediation.UpholdObjection, "confirmation/objection/revocation", "end", true, false, courtAsks},
	{mediation.ConfirmEnforce, "confirmation/enforcement", "record", false, false, courtAsks},
	{mediation.AddParty, "parties", "people", false, false, partyAsks},
	{mediation.UpdateParty, "party-details", "people", false, false, append([]ask{{name: "party", kind: FieldHidden}}, partyAsks...)},
	{mediation.InviteHelper, "helpers", "people", false, false, []ask{
		pick("user", fromHelpers).optional(), text("name"), oneOf("as", "legal_literate", "elder", "counsel", "expert", "relative"), tick("consent")}},
	{mediation.ShareFile, "file-sharing", "record", false, false, []ask{pick("file", fromFiles), tick("consent")}},
	{mediation.ClassifyFile, "file-classes", "record", false, false, []ask{
		pick("file", fromFiles), code("class", statute.FileClasses), pick("about", fromParties).optional(), pick("paper", fromForms).optional(), text("shows")}},
	{mediation.RaiseRisk, "risks", "safety", false, false, []ask{
		code("flag", statute.RiskFlags), long("facts").required(), long("measures")}},
	{mediation.ReportRisk, "risk-report", "safety", false, false, []ask{pick("risk", fromRisks),
		{name: "told_to", kind: FieldCheckboxes, list: statute.ReportTargets, must: true}, text("receiver").required(),
		{name: "received", kind: FieldDateTime}, text("ref")}},
	{mediation.ReportMajor, "major-report", "safety", false, false, []ask{
		oneOf("to", "judicial_office", "subdistrict"), oneOf("way", mediation.ThroughSystem, mediation.ByPhone, mediation.InPerson, mediation.OnPaper),
		text("who"), {name: "told_at", kind: FieldDateTime}, long("measures"), text("ref")}},
	{mediation.TakeMajorReport, "major-report/receipt", "proceed", false, false, []ask{long("joint").required()}},
	{mediation.LiftHold, "hold-end", "safety", false, false, []ask{long("reason").required(), tick("free_wish")}},
	{mediation.IssuePaper, "issues", "record", false, false, []ask{pick("paper", fromPapers), text("reason")}},
	{mediation.Correct, "corrections", "record", false, false, []ask{pick("subject", fromRecords), long("text").required()}},
	{mediation.Fail, "failure", "end", true, false, endingAsks},
	{mediation.Terminate, "termination", "end", true, false, endingAsks},
	{mediation.Withdraw, "withdrawal", "end", true, false, []ask{code("how", statute.ContactMeans).byStaff(), may("settled"), long("reason")}},
	{mediation.CloseCase, "closure", "proceed", false, false, []ask{long("missing"), long("summary")}},
	{mediation.Archive, "archive", "proceed", false, false, []ask{
		code("retention", statute.Retention), text("why"), {name: "pages", kind: FieldNumber, must: true}, tick("checked")}},
	{mediation.AddAddendum, "addenda", "record", false, false, []ask{
		day(), text("told_by"), long("text").required(), {name: "file", kind: FieldFile}}},
	{mediation.AskData, "data-requests", "record", false, true, []ask{
		pick("party", fromParties).byStaff(), code("data_right", statute.DataRights), long("text"), code("how", statute.ContactMeans).byStaff()}},
	{mediation.AnswerData, "data-requests/answer", "proceed", false, true, []ask{
		pick("request", fromDataAsked), code("outcome", statute.DataAnswers), code("ground", statute.DataRefusals).optional(), long("answer").required(), tick("told")}},
	{mediation.Reopen, "reopening", "record", false, false, []ask{
		oneOf("why", "performance", "confirmation_refused", "error"), long("reason").required()}},
}

// saves says whether what is typed is kept: wherever somebody writes more than a
// line.
func (d deed) saves() bool {
	return d.save || slices.ContainsFunc(d.asks, func(a ask) bool { return a.kind == FieldTextArea })
}

// boxes counts the files that may be sent with the act.
func (d deed) boxes() int {
	n := 0
	for _, a := range d.asks {
		if a.kind == FieldFile {
			n++
		}
	}
	return n
}

// carries says whether a file may be sent with the act.
func (d deed) carries() bool { return d.boxes() > 0 }

// deedOf finds the page of an action; false for those without one.
func deedOf(a mediation.Action) (deed, bool) {
	for _, d := range deeds {
		if d.action == a {
			return d, true
		}
	}
	return deed{}, false
}

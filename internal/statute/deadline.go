package statute

import "slices"

// DeadlineID names a clock of the procedure.
type DeadlineID string

// The clocks. D-10u is the urgent form of D-10, for grade L4 and for risk; D-20s that
// of D-20 for what is simple to answer.
const (
	D01Acceptance   DeadlineID = "D-01"
	D02CourtReply   DeadlineID = "D-02"
	D03Supplement   DeadlineID = "D-03"
	D04Report       DeadlineID = "D-04"
	D05OtherSide    DeadlineID = "D-05"
	D06Mediation    DeadlineID = "D-06"
	D06xExtension   DeadlineID = "D-06x"
	D07Assign       DeadlineID = "D-07"
	D08FirstSession DeadlineID = "D-08"
	D09Recusal      DeadlineID = "D-09"
	D10Review       DeadlineID = "D-10"
	D10Urgent       DeadlineID = "D-10u"
	D11Sign         DeadlineID = "D-11"
	D12Confirmation DeadlineID = "D-12"
	D13Performance  DeadlineID = "D-13"
	D14FollowUp     DeadlineID = "D-14"
	D14bSecondVisit DeadlineID = "D-14b"
	D15CourtTake    DeadlineID = "D-15"
	D15bCourtRule   DeadlineID = "D-15b"
	D15cObjection   DeadlineID = "D-15c"
	D15dEnforcement DeadlineID = "D-15d"
	D16Urge         DeadlineID = "D-16"
	D17Volume       DeadlineID = "D-17"
	D18Retention    DeadlineID = "D-18"
	D18Oral         DeadlineID = "D-18a"
	D18Short        DeadlineID = "D-18b"
	D18Long         DeadlineID = "D-18c"
	D19Limitation   DeadlineID = "D-19"
	D20Feedback     DeadlineID = "D-20"
	D20Simple       DeadlineID = "D-20s"
	D21Major        DeadlineID = "D-21"
	D30DataAnswer   DeadlineID = "D-30"
)

// Status says how well the number of a rule is founded.
type Status string

// The statuses, from the firmest to the weakest.
const (
	Confirmed    Status = "confirmed"     // read in the text of the law
	Secondary    Status = "secondary"     // read in a template or a local practice
	Recalled     Status = "recalled"      // generally known, text not read
	LocalDefault Status = "local_default" // our proposal; the office sets its own
)

var statuses = []Code{
	{Code: string(Confirmed), ZH: "有法律依据", EN: "Stated in the law", Source: "local"},
	{Code: string(Secondary), ZH: "参照各地做法", EN: "Taken from practice elsewhere", Source: "local"},
	{Code: string(Recalled), ZH: "通行做法，待核对原文", EN: "Common practice, text still to be checked", Source: "local"},
	{Code: string(LocalDefault), ZH: "本地设定，可调整", EN: "Local setting, can be changed", Source: "local"},
}

// DeadlineRule is one clock: how long it runs by default, what the length rests
// on and how firmly. Hard means that neither the parties nor the office can make
// it longer. D-13 has the number 0, because the parties agree on the day, and so has
// D-18, because the class of the volume says how long: D-18a to D-18c.
type DeadlineRule struct {
	ID             DeadlineID
	Term           Term
	NameZH, NameEN string
	Source         string
	Status         Status
	Hard           bool
}

// Name gives the English name for "en" and the Chinese one for anything else.
func (r DeadlineRule) Name(lang string) string {
	if lang == "en" {
		return r.NameEN
	}
	return r.NameZH
}

// deadlines is table 2.4 of the procedure, in the order of a case's life.
var deadlines = []DeadlineRule{
	{D01Acceptance, Term{3, WorkingDays}, "决定是否受理", "Decide on acceptance", "PML 17", LocalDefault, false},
	{D02CourtReply, Term{3, WorkingDays}, "答复法院委派或在线申请", "Answer a court referral or an online application", "ONL22 12", Confirmed, true},
	{D03Supplement, Term{3, WorkingDays}, "补正材料", "Complete the papers", "NJMED", Secondary, false},
	{D04Report, Term{1, Hours}, "安全风险报告", "Report a danger", "PML 25; ADVL 14; MPL 11", LocalDefault, true},
	{D05OtherSide, Term{3, WorkingDays}, "征求对方意见", "Ask the other side", "ONL22 15", LocalDefault, false},
	{D06Mediation, Term{30, CalendarDays}, "调解期限", "Mediation period", "MOJ02 33; NB15 27; SZ22 25", Confirmed, false},
	{D06xExtension, Term{30, CalendarDays}, "延长调解期限", "Extension of the mediation period", "NB15 27; SZ22 25; INV16 27", Secondary, false},
	{D07Assign, Term{2, WorkingDays}, "确定调解员", "Assign a mediator", "PML 19; ONL22 10", LocalDefault, false},
	{D08FirstSession, Term{5, WorkingDays}, "首次调解或联系", "First session or contact", "PML 21", LocalDefault, false},
	{D09Recusal, Term{1, WorkingDays}, "决定是否回避", "Decide on a recusal", "INV16 15", LocalDefault, false},
	{D10Review, Term{3, WorkingDays}, "答复提级申请", "Answer an escalation", "PML 5", LocalDefault, false},
	{D10Urgent, Term{1, WorkingDays}, "答复紧急提级申请", "Answer an urgent escalation", "PML 5, 25", LocalDefault, false},
	{D11Sign, Term{3, WorkingDays}, "完成签字盖章", "Complete signatures and seal", "PML 29", LocalDefault, false},
	{D12Confirmation, Term{30, CalendarDays}, "共同申请司法确认", "Joint application for judicial confirmation", "PML 33; CPL 205", Confirmed, true},
	{D13Performance, Term{0, CalendarDays}, "履行协议（日期由当事人约定）", "Perform the agreement (on the agreed day)", "PML 29, 31", Confirmed, false},
	{D14FollowUp, Term{7, CalendarDays}, "回访", "Follow-up visit", "PML 31", LocalDefault, false},
	{D14bSecondVisit, Term{30, CalendarDays}, "再次回访（疑难、重大纠纷）", "Second visit (difficult or major dispute)", "PML 31", LocalDefault, false},
	{D15CourtTake, Term{3, CalendarDays}, "法院决定是否受理确认申请", "The court decides whether to take the application", "JC11 4", Confirmed, true},
	{D15bCourtRule, Term{15, CalendarDays}, "法院作出裁定", "The court rules", "JC11 5; CPL 187", Confirmed, true},
	{D15cObjection, Term{15, CalendarDays}, "对确认裁定提出异议", "Objection to the ruling", "CPLI 372", Confirmed, true},
	{D15dEnforcement, Term{2, Years}, "申请强制执行", "Apply for compulsory enforcement", "CPL 250", Confirmed, true},
	{D16Urge, Term{3, WorkingDays}, "督促履行", "Urge performance", "PML 31", LocalDefault, false},
	{D17Volume, Term{30, CalendarDays}, "立卷归档", "File the volume", "PML 27", LocalDefault, false},
	{D18Retention, Term{0, Years}, "档案保管期限（年数按类别）", "Keep the file (the class says how long)", "PML 27; ARCH 21; local", LocalDefault, false},
	{D18Oral, Term{5, Years}, "档案保管期限：短期·口头、简易", "Keep the file: short, oral or simple", "PML 27; CPL 250; CC 188; local", LocalDefault, false},
	{D18Short, Term{10, Years}, "档案保管期限：短期", "Keep the file: short", "PML 27; ARCH 21; local", LocalDefault, false},
	{D18Long, Term{30, Years}, "档案保管期限：长期", "Keep the file: long", "PML 27; ARCH 21; local", LocalDefault, false},
	{D19Limitation, Term{3, Years}, "诉讼时效", "Limitation of actions", "CC 188", Confirmed, true},
	{D20Feedback, Term{5, CalendarDays}, "向热线或派出单位反馈", "Answer the hotline or the body that referred the matter", "NB15 19; local", Secondary, false},
	{D20Simple, Term{24, Hours}, "向热线或派出单位反馈（简单事项）", "Answer the hotline or the body that referred a simple matter", "NB15 19; local", Secondary, false},
	{D21Major, Term{1, CountedDays}, "重大纠纷报告司法所或街道", "Report a major dispute to the judicial office or sub-district", "local", LocalDefault, false},
	{D30DataAnswer, Term{15, WorkingDays}, "答复个人信息请求", "Answer a request about personal data", "PIPL 50", LocalDefault, false},
}

// DeadlineRules gives every clock in the order of a case's life.
func DeadlineRules() []DeadlineRule { return slices.Clone(deadlines) }

// Deadline finds a clock; false when there is none of that name.
func Deadline(id DeadlineID) (DeadlineRule, bool) {
	i := slices.IndexFunc(deadlines, func(r DeadlineRule) bool { return r.ID == id })
	if i < 0 {
		return DeadlineRule{}, false
	}
	return deadlines[i], true
}

// Limits are a committee's own settings over the defaults. The nil Limits change
// nothing.
type Limits map[DeadlineID]Term

// Term gives the length of a clock: the committee's own where it may set one and
// the setting is valid, else the default (see [DeadlineRule.Takes]). An unknown clock
// has the zero Term.
func (l Limits) Term(id DeadlineID) Term {
	rule, _ := Deadline(id)
	own, set := l[id]
	if !set || !rule.Takes(own) {
		return rule.Term
	}
	return own
}

// CourtMode is the part a court has in a case.
type CourtMode string

// The court modes. C0 is guidance to the committee's mediator; C1 is delegated
// before filing; C2 is entrusted after filing, in the ordinary or the summary
// procedure; C3 is a hearing on circuit.
const (
	CourtNone  CourtMode = ""
	C0         CourtMode = "C0"
	C1         CourtMode = "C1"
	C2Ordinary CourtMode = "C2"
	C2Summary  CourtMode = "C2S"
	C3         CourtMode = "C3"
)

// MediationTerm gives the mediation period D-06 of a case. A court referral has
// the court's own period, which a committee cannot set: 30 days before filing,
// 15 or 7 after it. A labour dispute has at most 15 days, since then the way to
// arbitration is open; it is counted from the application. Without a court, with its guidance only, or at a hearing
// (which runs on trial time, so that the office's period is a reminder), the
// committee's period stands.
//
// Source: INV16 27; ONL22 24; LDMA 14; MOJ02 33; NB15 27.
func MediationTerm(mode CourtMode, labour bool, l Limits) Term {
	switch mode {
	case C1:
		return Term{30, CalendarDays}
	case C2Ordinary:
		return Term{15, CalendarDays}
	case C2Summary:
		return Term{7, CalendarDays}
	case CourtNone, C0, C3:
	}
	own := l.Term(D06Mediation)
	if labour && (own.Unit != CalendarDays || own.N > labourDays) {
		return Term{labourDays, CalendarDays}
	}
	return own
}

// labourDays is the period of a labour mediation (LDMA 14).
const labourDays = 15

var courtModes = []Code{
	{Code: string(C0), ZH: "业务指导", EN: "Guidance by the court", Source: "PML 5"},
	{Code: string(C1), ZH: "诉前委派调解", EN: "Delegated before filing", Source: "INV16 11, 19, 21, 27"},
	{Code: string(C2Ordinary), ZH: "立案后委托调解（普通程序）", EN: "Entrusted after filing (ordinary procedure)", Source: "INV16 20, 27"},
	{Code: string(C2Summary), ZH: "立案后委托调解（简易程序）", EN: "Entrusted after filing (summary procedure)", Source: "INV16 20, 27"},
	{Code: string(C3), ZH: "巡回审判", EN: "Hearing on circuit", Source: "CPL 138"},
}

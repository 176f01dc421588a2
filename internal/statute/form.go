package statute

import "slices"

// Form is one paper of the procedure. Class is a code of [FormClasses], Signers
// are codes of [SignerRoles] in the order in which they sign.
type Form struct {
	Code, ZH, EN string
	Class        string
	Signers      []string
	Source       string
}

// Label gives the English name for "en" and the Chinese one for anything else.
func (f Form) Label(lang string) string { return Code{ZH: f.ZH, EN: f.EN}.Label(lang) }

var formClasses = []Code{
	{Code: "required", ZH: "必备", EN: "Required", Source: "VOL"},
	{Code: "required_written", ZH: "书面协议必备", EN: "Required for a written agreement", Source: "PML 29"},
	{Code: "required_oral", ZH: "口头协议必备", EN: "Required for an oral agreement", Source: "PML 28; FILL"},
	{Code: "as_needed", ZH: "视情况", EN: "As needed", Source: "VOL"},
	{Code: "local", ZH: "本地要求", EN: "Local", Source: "local"},
}

var signerRoles = []Code{
	{Code: "applicant", ZH: "申请人", EN: "Applicant", Source: "PML 17"},
	{Code: "parties", ZH: "各方当事人", EN: "All parties", Source: "PML 29"},
	{Code: "person_asked", ZH: "被调查人", EN: "Person asked", Source: "VOL"},
	{Code: "participants", ZH: "其他参加人", EN: "Other participants", Source: "REC"},
	{Code: "receiver", ZH: "收件人（收款人）", EN: "Receiver", Source: "VOL"},
	{Code: "principal", ZH: "委托人", EN: "Principal", Source: "CPL 62"},
	{Code: "registrar", ZH: "登记人", EN: "Registrar", Source: "VOL"},
	{Code: "mediator", ZH: "调解员", EN: "Mediator", Source: "PML 29"},
	{Code: "recorder", ZH: "记录人", EN: "Recorder", Source: "REC"},
	{Code: "investigator", ZH: "调查人", EN: "Investigator", Source: "VOL"},
	{Code: "visitor", ZH: "回访人", EN: "Visitor", Source: "FILL"},
	{Code: "reporter", ZH: "报告人", EN: "Reporter", Source: "local"},
	{Code: "server", ZH: "送达人", EN: "Server", Source: "local"},
	{Code: "sender", ZH: "移送单位", EN: "Referring body", Source: "NB15 19"},
	{Code: "legal_staff", ZH: "司法所人员", EN: "Legal staff", Source: "PML 5"},
	{Code: "chair", ZH: "调委会主任", EN: "Chair of the committee", Source: "PML 8"},
	{Code: "filer", ZH: "立卷人", EN: "Filer", Source: "VOL"},
	{Code: "checker", ZH: "检查人", EN: "Checker", Source: "VOL"},
	{Code: "seal", ZH: "调委会印章", EN: "Seal of the committee", Source: "PML 29"},
}

var forms = []Form{
	{"F01", "人民调解申请书", "Application for mediation", "required", []string{"applicant"}, "PML 17; VOL"},
	{"F02", "人民调解受理登记表", "Registration form", "required", []string{"parties", "registrar", "seal"}, "PML 27; VOL"},
	{"F03", "当事人权利义务告知书", "Notice of rights and duties", "required", []string{"parties"}, "MOJ02 30; VOL"},
	{"F04", "受理通知书", "Acceptance notice", "local", []string{"seal"}, "NJMED"},
	{"F05", "不予受理通知书", "Non-acceptance notice", "local", []string{"seal"}, "NJMED"},
	{"F06", "调解员选定（指定）书", "Choice or assignment of the mediator", "local", []string{"parties", "chair"}, "PML 19; local"},
	{"F07", "回避申请（决定）书", "Recusal request and decision", "local", []string{"applicant", "chair", "parties"}, "INV16 15; local"},
	{"F08", "调解通知书", "Session notice", "local", []string{"seal"}, "local"},
	{"F09", "人民调解调查记录", "Investigation record", "as_needed", []string{"person_asked", "investigator", "recorder"}, "PML 27; VOL"},
	{"F10", "人民调解记录", "Mediation record", "required", []string{"parties", "participants", "mediator", "recorder"}, "PML 27; REC; VOL"},
	{"F11", "人民调解协议书", "Mediation agreement", "required_written", []string{"parties", "mediator", "recorder", "seal"}, "PML 29; FILL"},
	{"F12", "人民调解口头协议登记表", "Register of oral agreements", "required_oral", []string{"mediator", "parties"}, "PML 28, 30; FILL"},
	{"F13", "延期调解同意书", "Consent to an extension", "local", []string{"parties"}, "NB15 27; SZ22 25"},
	{"F14", "终止调解通知书", "Notice of termination", "local", []string{"seal"}, "PML 26; NB15 27"},
	{"F15", "人民调解回访记录", "Follow-up record", "as_needed", []string{"visitor", "parties"}, "PML 31; FILL"},
	{"F16", "司法确认申请书", "Application for judicial confirmation", "as_needed", []string{"parties"}, "PML 33; CPL 205"},
	{"F17", "调解组织主持调解证明", "Proof of mediation for the court", "as_needed", []string{"seal"}, "CPLI 354"},
	{"F18", "履行凭证", "Proof of performance", "as_needed", []string{"receiver"}, "VOL"},
	{"F19", "授权委托书", "Power of attorney", "as_needed", []string{"principal"}, "CPL 62; VOL"},
	{"F20", "督促履行通知书", "Reminder to perform", "local", []string{"seal"}, "PML 31"},
	{"F21", "提级（会商）审批表", "Escalation and review opinion", "local", []string{"mediator", "legal_staff"}, "local"},
	{"F22", "重大风险（强制报告）表", "Report of danger", "local", []string{"reporter"}, "PML 25; ADVL 14; MPL 11"},
	{"F23", "委托（委派）调解函及回执", "Referral letter and receipt", "local", []string{"sender", "seal"}, "NB15 19; INV16 11"},
	{"F24", "补正材料通知书", "Request for further papers", "local", []string{"seal"}, "local"},
	{"F25", "人民调解结案报告表", "Closing report", "local", []string{"mediator", "chair"}, "FILL"},
	{"F26", "送达回证", "Proof of service", "local", []string{"receiver", "server"}, "local"},
	{"F27", "卷宗封面", "Cover of the volume", "required", []string{"filer"}, "VOL"},
	{"F28", "卷内目录", "Index of the volume", "required", []string{"filer"}, "VOL"},
	{"F29", "卷宗情况说明和封底", "Statement and back cover of the volume", "required", []string{"filer", "checker"}, "VOL"},
}

// Forms gives every form, F01 to F29, in the order of their numbers.
func Forms() []Form {
	list := slices.Clone(forms)
	for i := range list {
		list[i].Signers = slices.Clone(list[i].Signers)
	}
	return list
}

// FormOf finds a form by its code; false when there is none.
func FormOf(code string) (Form, bool) {
	for _, f := range Forms() {
		if f.Code == code {
			return f, true
		}
	}
	return Form{}, false
}

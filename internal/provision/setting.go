package provision

import (
	"slices"
	"strconv"

	"doorstep/internal/statute"
)

// Setting is a local value, or a source that has not been read, which the
// judicial bureau signs off before the office goes live. Deadline is the clock
// it sets, "" where it is none; Issue is the open question it belongs to.
type Setting struct {
	ID       string
	Deadline statute.DeadlineID
	ZH, EN   string
	Value    string // the default as a number, "" where it is none
	Unit     statute.Unit
	Bureau   bool // the bureau sets it for its area, from a day on
	Issue    int
}

// Label gives the English text for "en" and the Chinese one for anything else.
func (s Setting) Label(lang string) string { return statute.Code{ZH: s.ZH, EN: s.EN}.Label(lang) }

// Settable says whether a committee sets the value for itself.
func (s Setting) Settable() bool {
	rule, ok := statute.Deadline(s.Deadline)
	return s.ID == "contacts" || (ok && !rule.Hard && rule.Term.N > 0)
}

// Issue is a question that stays open until the office goes live.
type Issue struct {
	N      int
	ZH, EN string
}

// Label gives the English text for "en" and the Chinese one for anything else.
func (i Issue) Label(lang string) string { return statute.Code{ZH: i.ZH, EN: i.EN}.Label(lang) }

// The open questions.
const (
	issueStandards = 1 + iota
	issueProvince
	issueAmendment
	issueForms
	issueRetention
	issueHotlines
	issueGround
	issuePlaces
	issuePolice
)

var issues = []Issue{
	{issueStandards, "SF/T 0083-2020 和 DB32/T 3669-2019 的原文（期限、调解员等级、文书清单、回访规则）", "The text of SF/T 0083-2020 and DB32/T 3669-2019 (limits, grades of mediators, list of forms, rule on visits)"},
	{issueProvince, "《江苏省人民调解条例》（2015）第七条以后、《江苏省预防化解矛盾纠纷条例》（2025）第五条以后的规定；外省市条例只作参照", "The Jiangsu regulations of 2015 (beyond Art. 7) and 2025 (beyond Art. 5); those of other places serve as models only"},
	{issueAmendment, "《人民调解法》是否正在修订", "Whether the People's Mediation Law is being amended"},
	{issueForms, "司法部2010年文书格式和统计报表的原件，以及平台的代码", "The official forms and returns of 2010, and the codes of the national platform"},
	{issueRetention, "保管年限、立卷时限、以案定补标准、难易程度的界线", "Retention years, terms of filing, pay scale, thresholds of the grades"},
	{issueHotlines, "与热线、公安、法院怎样对接，约定的答复时限", "Which hotline, police and court interfaces exist, and the answer limits agreed"},
	{issueGround, "对方没有同意时处理其信息的合法依据（个人信息保护法第十三条），由处理者写明", "The legal ground for a respondent's data without consent (PIPL 13), to be written by the handler"},
	{issuePlaces, "服务点、值班和联系方式按本地实际填写", "Service points, rosters and contacts are the office's own"},
	{issuePolice, "2025年修订的《治安管理处罚法》关于治安调解的规定", "The 2025 revision of the law on public-security penalties, on mediation by the police"},
}

// Issues gives the open questions in their order.
func Issues() []Issue { return slices.Clone(issues) }

// settings are the local values beside the clocks.
var settings = slices.Concat(clockSettings(), otherSettings, paySettings, figureSettings)

var otherSettings = []Setting{
	{ID: "contacts", ZH: "几次联系不上算不同意", EN: "Failed contacts that count as a no", Value: "3", Issue: issueStandards},
	{ID: "load", ZH: "一名调解员同时办理的案件数上限", EN: "Most cases one mediator has at a time", Issue: issueStandards},
	{ID: "grades", ZH: "难易程度的界线：三方以上、十万元以上、三次以上为疑难", EN: "Thresholds of the grades: three sides, CNY 100,000, more than three sessions make a dispute difficult", Issue: issueRetention},
	{ID: "review", ZH: "疑难、重大纠纷的协议先由司法所人员看过", EN: "The agreement of a difficult or major dispute is first read by legal staff", Issue: issueStandards},
	{ID: "escalation", ZH: "提级的理由：剩五天、两次未成等", EN: "Reasons to escalate: five days left, two failed sessions and the like", Issue: issueStandards},
	{ID: "retention", ZH: "保管期限分哪几类、按什么定", EN: "Classes of retention and what they go by", Issue: issueRetention},
	{ID: "forms", ZH: "文书格式按公开样式编制，待与正式格式核对", EN: "Forms follow published templates and wait to be compared with the official ones", Issue: issueForms},
	{ID: "codes", ZH: "统计用的分类代码", EN: "Codes of the statistical returns", Issue: issueForms},
	{ID: "model", ZH: "参照外地条例的规定", EN: "Rules modelled on regulations of other places", Issue: issueProvince},
	{ID: "relations", ZH: "法律没有写到的回避关系（同住、同单位、近邻等）", EN: "Ties that no law names (household, employer, close neighbour)", Issue: issueProvince},
	{ID: "channels", ZH: "来源渠道和联系方式", EN: "Channels and means of contact", Issue: issueHotlines},
	{ID: "danger", ZH: "法律没有写明的风险情形和报告对象", EN: "Signs of danger and receivers of reports that no law names", Issue: issueHotlines},
	{ID: "subtypes", ZH: "纠纷的细分类", EN: "Sub-types of disputes", Issue: issueForms},
	{ID: "endings", ZH: "法律没有写明的终止和不受理理由", EN: "Grounds for ending or refusing that no law names", Issue: issueProvince},
	{ID: "numbers", ZH: "案号的写法", EN: "How numbers are written", Issue: issueForms},
	{ID: "identity", ZH: "身份证号标准的原文", EN: "The text of the standard on identity numbers", Issue: issueStandards},
	{ID: "pause", ZH: "调解期限中止的情形", EN: "When the mediation period stands still", Issue: issueProvince},
}

// clockSettings are the clocks whose length no law that was read fixes.
func clockSettings() []Setting {
	var all []Setting
	for _, d := range statute.DeadlineRules() {
		if d.Status == statute.Confirmed || d.Term.N == 0 { // without a number there is nothing to set
			continue
		}
		issue := issueStandards
		switch d.ID {
		case statute.D21Major, statute.D17Volume, statute.D18Oral, statute.D18Short, statute.D18Long:
			issue = issueRetention
		case statute.D04Report, statute.D20Feedback, statute.D20Simple:
			issue = issueHotlines
		case statute.D06xExtension:
			issue = issueProvince
		}
		all = append(all, Setting{ID: string(d.ID), Deadline: d.ID, ZH: d.NameZH, EN: d.NameEN, Value: strconv.Itoa(d.Term.N), Unit: d.Term.Unit, Issue: issue})
	}
	return all
}

// SettingsToSign gives every local value in the order shown.
func SettingsToSign() []Setting { return slices.Clone(settings) }

// FindSetting looks a local value up; false when there is none.
func FindSetting(id string) (Setting, bool) {
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.ID == id })
	if i < 0 {
		return Setting{}, false
	}
	return settings[i], true
}

// bySource are the settings that stand for a source which is no binding law.
var bySource = map[string]string{
	"NB15": "model", "SZ22": "model", "MOJ02": "model", "VOL": "forms", "REC": "forms", "FILL": "forms", "NJMED": "forms",
	"SF0083": "forms", "STATX": "codes", "GB 11643": "identity", "GB/T 2261.1": "codes", "GB/T 3304": "forms", "GB/T 4658": "codes",
}

// byRule are the settings behind what a rule takes from the office itself
// ("local"), by the rule, by the list it stands in, or by its kind.
var byRule = map[string]string{
	"act.request_supplement": "D-03", "act.supplement": "D-03", "act.lapse_supplement": "D-03", "act.confirm_grade": "grades", "act.report_major": "D-21", "act.take_major_report": "D-21",
	"guard.contact_first": "contacts", "guard.mediator_full": "load", "guard.second_visit": string(statute.D14bSecondVisit), "guard.review_first": "review", "guard.supplement_running": "D-03",
	string(statute.D18Retention): "retention",
	"duty.grade":                 "grades", "duty.number": "numbers", "duty.retention": "retention",
	"guard.major_first": "D-21", "guard.not_major": "D-21", "guard.no_major_report": "D-21",
	"reckon.paused": "pause", "reckon.day_counted": "D-21",
	"duty.pay_once": "pay_scale", "duty.pay_scale": "pay_scale", "duty.pay_shares": "pay_shares",
	"duty.report": "report", "duty.screening": "codes",
	"duty.pay_month": "pay_month", "duty.pay_sample": "pay_sample",
	string(statute.Grades): "grades", string(statute.GradeReasons): "grades", string(statute.Retention): "retention", string(statute.RetentionGrounds): "retention",
	string(statute.Relations):     "relations",
	string(statute.ConflictFacts): "relations", string(statute.Kinships): "relations", string(statute.OfficesHeld): "relations",
	string(statute.Channels): "channels", string(statute.ContactMeans): "channels",
	string(statute.RiskFlags): "danger", string(statute.ReportTargets): "danger",
	string(statute.DisputeSubtypes): "subtypes", string(statute.Sources): "codes", string(statute.CommitteeKinds): "codes",
	string(statute.EscalationReasons): "escalation",
	string(statute.Terminations):      "endings", string(statute.NonAcceptance): "endings",
	string(statute.FormClasses): "forms", string(statute.FileClasses): "forms", string(statute.SignerRoles): "forms", string(statute.PaperNeeds): "forms",
	string(Form): "forms",
}

// settingsOf gives the local values a rule waits for.
func settingsOf(r Rule) []string {
	if r.Kind == Deadline && byRule[r.ID] == "" {
		return []string{r.ID}
	}
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, law := range statute.LawsOf(r.Source) {
		if statute.Standing(r.Source) != statute.Confirmed {
			add(bySource[law])
		}
		if law != "local" {
			continue
		}
		for _, key := range []string{r.ID, listOf(r), string(r.Kind)} {
			if byRule[key] != "" {
				add(byRule[key])
				break
			}
		}
	}
	return ids
}

// listOf is the code list a rule stands in; "" for none.
func listOf(r Rule) string {
	for _, p := range r.Places {
		if p.Sort == AtList {
			return p.Ref
		}
	}
	return ""
}

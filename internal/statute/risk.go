package statute

import "slices"

// riskFlags run from what must be reported at once to what asks for a second
// look. The notes behind a flag never stand in the file a party reads.
var riskFlags = []Code{
	{Code: "R3-DV-CAP", ZH: "无或限制民事行为能力人遭受或疑似遭受家庭暴力", EN: "Violence, real or suspected, against a person without full capacity", Source: "ADVL 14, 35"},
	{Code: "R3-DV", ZH: "成年人遭受家庭暴力", EN: "Domestic violence against a capable adult", Source: "ADVL 13, 15, 16, 17, 18, 19"},
	{Code: "R3-MINOR", ZH: "未成年人身心受到侵害、疑似侵害或面临危险", EN: "A minor harmed, perhaps harmed, or in danger", Source: "MPL 11, 117"},
	{Code: "R3-CRIME", ZH: "涉嫌犯罪或较重的治安案件", EN: "Suspected crime or serious public-security case", Source: "PML 25"},
	{Code: "R2-ESC", ZH: "可能激化（威胁、凶器、跟踪、极端言语）", EN: "May flare up (threats, weapons, stalking, extreme words)", Source: "PML 25"},
	{Code: "R2-SUICIDE", ZH: "有自伤自杀言行", EN: "Words or acts of self-harm", Source: "PML 25; local"},
	{Code: "R2-MASS", ZH: "十人以上聚集或集体上访苗头", EN: "Ten persons or more gathering, or a collective petition", Source: "local"},
	{Code: "R1", ZH: "需要多关注（多次报警、醉酒、长期积怨等）", EN: "Worth watching (repeated police calls, drink, a long quarrel)", Source: "local"},
}

// reportTargets are whom a danger is reported to.
var reportTargets = []Code{
	{Code: "police", ZH: "公安机关（110）", EN: "Police (110)", Source: "PML 25; ADVL 14; MPL 11"},
	{Code: "civil_affairs", ZH: "民政部门", EN: "Civil affairs office", Source: "MPL 11"},
	{Code: "education", ZH: "教育部门", EN: "Education office", Source: "MPL 11"},
	{Code: "womens_federation", ZH: "妇联", EN: "Women's federation", Source: "ADVL 13"},
	{Code: "family", ZH: "家属", EN: "Family", Source: "local"},
	{Code: "emergency_120", ZH: "急救（120）和心理援助", EN: "Ambulance (120) and counselling", Source: "local"},
	{Code: "subdistrict", ZH: "街道（镇）", EN: "Sub-district or town", Source: "local"},
	{Code: "judicial_office", ZH: "司法所", EN: "Judicial office", Source: "local"},
}

// RiskRule is what a risk flag asks for. MustReport starts the clock D-04; Hold
// stops joint sessions; Restrict closes the file to all but those named;
// ReportTo are codes of [ReportTargets], the first one first; Police says that the
// law names the police, so that telling others alone is no report.
type RiskRule struct {
	Flag                       string
	MustReport, Hold, Restrict bool
	Police                     bool
	ReportTo                   []string
	Source                     string
}

// Reached says whether a report to these receivers, codes of [ReportTargets], is the
// one the flag asks for: the police where the law names them (ADVL 14; MPL 11), else
// anybody (PML 25: the police or another authority concerned).
func (r RiskRule) Reached(told []string) bool {
	if r.Police {
		return slices.Contains(told, "police")
	}
	return len(told) > 0
}

var riskRules = []RiskRule{
	{"R3-DV-CAP", true, true, true, true, []string{"police"}, "ADVL 14, 35"},
	{"R3-DV", false, true, true, false, []string{"police", "womens_federation"}, "ADVL 13, 15, 16, 17, 18, 19"},
	{"R3-MINOR", true, true, true, true, []string{"police", "civil_affairs", "education"}, "MPL 11, 103, 117"},
	{"R3-CRIME", true, true, true, true, []string{"police"}, "PML 25"},
	{"R2-ESC", true, true, false, false, []string{"police", "judicial_office"}, "PML 25"},
	{"R2-SUICIDE", true, true, true, false, []string{"police", "emergency_120", "family"}, "PML 25; local"},
	{"R2-MASS", true, false, false, false, []string{"subdistrict", "judicial_office"}, "local"},
	{"R1", false, false, false, false, nil, "local"},
}

// Risk gives the rule of a flag; false for an unknown one. A capable adult who
// suffers violence decides himself whether to go to the police (R3-DV); for
// those who cannot, and for minors, the report is a duty.
//
// Source: PML 25; ADVL 13, 14; MPL 11, 117.
func Risk(flag string) (RiskRule, bool) {
	i := slices.IndexFunc(riskRules, func(r RiskRule) bool { return r.Flag == flag })
	if i < 0 {
		return RiskRule{}, false
	}
	rule := riskRules[i]
	rule.ReportTo = slices.Clone(rule.ReportTo)
	return rule, true
}

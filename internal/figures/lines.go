package figures

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// Cell names one figure of a return, such as "success" or "type.02". The words
// are stored with the figures and never change their meaning.
type Cell string

// Unit says what a figure counts.
type Unit string

// The units. Money is in fen and shown in yuan.
const (
	InCases   Unit = "cases"
	InPersons Unit = "persons"
	InBodies  Unit = "bodies"
	InMoney   Unit = "money"
	InTimes   Unit = "times"
)

// Return names one of the two national tables.
//
// Source: STATX; the titles are those in use, the official attachment is not
// public.
type Return string

// The returns.
const (
	CaseReturn Return = "cases" // 人民调解案件情况统计表
	TeamReturn Return = "team"  // 人民调解组织队伍经费保障情况统计表
)

// Returns lists the returns once.
var Returns = []Return{CaseReturn, TeamReturn}

// Line is one row of a return. Group is the heading it stands under. A stock
// says how things stood at the end of a period; all others add up over it.
type Line struct {
	Cell   Cell
	Return Return
	Group  string // locale key after "figures.group."
	ZH, EN string
	Unit   Unit
	Stock  bool
	Part   bool // part of the line above it that is no part
	Source string
}

// screeningGroup is the heading of what committees find before it becomes a case.
const screeningGroup = "screening"

// OfCommittees says whether committees stand behind the figure, though it is no
// stock, and not cases.
func (l Line) OfCommittees() bool { return l.Group == screeningGroup }

// Label gives the English text for "en" and the Chinese one for anything else.
func (l Line) Label(lang string) string {
	if lang == "en" {
		return l.EN
	}
	return l.ZH
}

// The figures other rules speak of.
const (
	Registered  Cell = "registered"
	Accepted    Cell = "accepted"
	NotAccepted Cell = "not_accepted"
	ReferredOut Cell = "referred_out"
	Concluded   Cell = "concluded"
	Success     Cell = "success"
	Failed      Cell = "failed"
	Withdrawn   Cell = "withdrawn"
	ToCourt     Cell = "court"
	Referred    Cell = "referred"
	Written     Cell = "written"
	Oral        Cell = "oral"
	Difficult   Cell = "difficult"
	Major       Cell = "major"
	Persons     Cell = "persons"
	Amount      Cell = "amount"
	Performed   Cell = "performed"
	Breached    Cell = "breached"
	Applied     Cell = "confirmation_filed"
	Confirmed   Cell = "confirmed"
	Sued        Cell = "sued"
	Visited     Cell = "visited"
	Satisfied   Cell = "satisfied"
	Crime       Cell = "prevented_crime"
	Suicide     Cell = "prevented_suicide"
	Mass        Cell = "prevented_mass"
	MassPersons Cell = "prevented_mass_persons"

	Screenings        Cell = "screenings"
	ScreenedFound     Cell = "screened_found"
	ScreenedPrevented Cell = "screened_prevented"

	Committees      Cell = "committees"
	kindPrefix      Cell = "committees."
	Mediators       Cell = "mediators"
	FullTime        Cell = "mediators.full"
	PartTime        Cell = "mediators.part"
	PartyMembers    Cell = "mediators.party"
	LegalAdvisors   Cell = "mediators.legal"
	sexPrefix       Cell = "mediators.sex."
	schoolingPrefix Cell = "mediators.schooling."
	untold               = "none" // of a split: not recorded
	FundsKnown      Cell = "funds.known"
	FundsGuaranteed Cell = "funds.guaranteed"
	FundsPaid       Cell = "funds.paid"
	SubsidyCases    Cell = "subsidy_cases"
	SubsidyMoney    Cell = "subsidy_amount"
	sourcePrefix         = "source."
	typePrefix           = "type."
	sourceRequested      = "application"
	sourceProactive      = "proactive"
	typeOther            = "99"
)

// lines is every figure in the order of the tables.
var lines = slices.Concat([]Line{
	{Registered, CaseReturn, "flow", "登记", "Registered", InCases, false, false, "PML 27; STATX"},
	{Accepted, CaseReturn, "flow", "受理", "Accepted", InCases, false, false, "PML 17; STATX"},
	{NotAccepted, CaseReturn, "flow", "不予受理", "Not accepted", InCases, false, false, "NB15 17"},
	{ReferredOut, CaseReturn, "flow", "移送", "Referred to others", InCases, false, false, "NB15 18"},
	{Concluded, CaseReturn, "result", "办结", "Concluded", InCases, false, false, "STATX; local"},
	{Success, CaseReturn, "result", "调解成功", "Agreement reached", InCases, false, true, "PML 28, 31; STATX"},
	{Failed, CaseReturn, "result", "终止调解", "Ended without agreement", InCases, false, true, "PML 26"},
	{Withdrawn, CaseReturn, "result", "撤回申请", "Withdrawn", InCases, false, true, "PML 23"},
	{ToCourt, CaseReturn, "result", "由法院办结", "Concluded by the court", InCases, false, true, "INV16 20"},
}, sourceLines(), typeLines(), []Line{
	{Written, CaseReturn, "form", "书面协议", "Written agreement", InCases, false, false, "PML 28, 29; STATX"},
	{Oral, CaseReturn, "form", "口头协议", "Oral agreement", InCases, false, false, "PML 28, 30; STATX"},
	{Difficult, CaseReturn, "weight", "疑难案件", "Difficult cases", InCases, false, false, "STATX; local"},
	{Major, CaseReturn, "weight", "重大案件", "Major cases", InCases, false, true, "local"},
	{Persons, CaseReturn, "weight", "涉及当事人", "Persons involved", InPersons, false, false, "STATX"},
	{Amount, CaseReturn, "weight", "协议涉及金额", "Money in the agreements", InMoney, false, false, "STATX"},
	{Performed, CaseReturn, "after", "已履行", "Performed", InCases, false, false, "PML 31"},
	{Breached, CaseReturn, "after", "拒不履行", "Not performed", InCases, false, false, "PML 31, 32"},
	{Applied, CaseReturn, "after", "申请司法确认", "Judicial confirmation asked for", InCases, false, false, "PML 33; CPL 205"},
	{Confirmed, CaseReturn, "after", "裁定有效", "Confirmed by the court", InCases, false, true, "CPL 206"},
	{Sued, CaseReturn, "after", "反悔起诉", "Went to court all the same", InCases, false, false, "PML 32"},
	{Visited, CaseReturn, "after", "已回访", "Followed up", InCases, false, false, "PML 31"},
	{Satisfied, CaseReturn, "after", "满意", "Satisfied", InCases, false, true, "local"},
	{Crime, CaseReturn, "prevented", "防止民转刑", "Kept from turning criminal", InCases, false, false, "PML 25; local"},
	{Suicide, CaseReturn, "prevented", "防止自杀", "Suicide prevented", InCases, false, false, "PML 25; local"},
	{Mass, CaseReturn, "prevented", "防止群体性事件", "Mass event prevented", InCases, false, false, "PML 25; local"},
	{MassPersons, CaseReturn, "prevented", "涉及人数", "Persons involved", InPersons, false, true, "local"},
	{Screenings, CaseReturn, screeningGroup, "排查纠纷次数", "Rounds to find disputes", InTimes, false, false, "PML 10; local"},
	{ScreenedFound, CaseReturn, screeningGroup, "排查发现纠纷", "Disputes found on them", InCases, false, false, "PML 10; local"},
	{ScreenedPrevented, CaseReturn, screeningGroup, "预防纠纷", "Disputes prevented", InCases, false, true, "PML 10; local"},

	{Committees, TeamReturn, "bodies", "人民调解委员会", "Mediation committees", InBodies, true, false, "PML 8, 10"},
}, kindLines(), []Line{
	{Mediators, TeamReturn, "people", "人民调解员", "Mediators", InPersons, true, false, "PML 13; STATX"},
	{FullTime, TeamReturn, "people", "专职", "Full-time", InPersons, true, true, "local"},
	{PartTime, TeamReturn, "people", "兼职", "Part-time", InPersons, true, true, "NB15 15"},
	{PartyMembers, TeamReturn, "people", "党员老娘舅", "Party-member mediators", InPersons, true, true, "local"},
	{LegalAdvisors, TeamReturn, "people", "法律顾问、法律明白人", "Legal advisors", InPersons, true, true, "local"},
}, splitLines("sex", sexPrefix, statute.Sexes), splitLines("schooling", schoolingPrefix, statute.Schooling), []Line{
	{FundsKnown, TeamReturn, "budget", "登记了经费的调委会", "Committees with recorded funds", InBodies, true, false, "PML 6"},
	{FundsGuaranteed, TeamReturn, "budget", "本年保障经费", "Funds guaranteed for the year", InMoney, true, false, "PML 6"},
	{FundsPaid, TeamReturn, "budget", "本年已拨付经费", "Funds paid so far this year", InMoney, true, false, "PML 6"},
	{SubsidyCases, TeamReturn, "funds", "以案定补件数", "Cases paid for", InCases, false, false, "PML 4, 16; local"},
	{SubsidyMoney, TeamReturn, "funds", "以案定补金额", "Pay per case", InMoney, false, false, "PML 4, 16; local"},
})

// sourceLines are the sources: on application, the committee's own, and what was
// referred, split by who sent it.
func sourceLines() []Line {
	group := []Line{}
	for _, c := range statute.Codes(statute.Sources) {
		if c.Parent != "" {
			continue // counts in the line of its kind
		}
		line := Line{Cell: sourcePrefix + Cell(c.Code), Return: CaseReturn, Group: "source", ZH: c.ZH, EN: c.EN, Unit: InCases, Source: c.Source}
		if c.Code != sourceRequested && c.Code != sourceProactive {
			if !slices.ContainsFunc(group, func(l Line) bool { return l.Cell == Referred }) {
				group = append(group, Line{Cell: Referred, Return: CaseReturn, Group: "source", ZH: "接受委托移送", EN: "Referred", Unit: InCases, Source: "PML 18; STATX"})
			}
			line.Part = true
		}
		group = append(group, line)
	}
	return group
}

func typeLines() []Line {
	var group []Line
	for _, c := range statute.Codes(statute.DisputeTypes) {
		group = append(group, Line{Cell: typePrefix + Cell(c.Code), Return: CaseReturn, Group: "type", ZH: c.ZH, EN: c.EN, Unit: InCases, Source: c.Source})
	}
	return group
}

// kindLines are the committees by their kind.
func kindLines() []Line {
	var all []Line
	for _, c := range statute.Codes(statute.CommitteeKinds) {
		all = append(all, Line{Cell: kindPrefix + Cell(c.Code), Return: TeamReturn, Group: "bodies", ZH: c.ZH, EN: c.EN, Unit: InBodies, Stock: true, Part: true, Source: c.Source})
	}
	return all
}

// splitLines are the mediators by a code of theirs, and those it is not recorded of.
func splitLines(group string, prefix Cell, list statute.List) []Line {
	var all []Line
	for _, c := range append(statute.Codes(list), statute.Code{Code: untold, ZH: "没有登记", EN: "Not recorded", Source: "PIPL 6"}) {
		all = append(all, Line{Cell: prefix + Cell(c.Code), Return: TeamReturn, Group: group, ZH: c.ZH, EN: c.EN, Unit: InPersons, Stock: true, Source: c.Source})
	}
	return all
}

// Personal says whether a figure tells something of mediators that stands in no
// public register. Such figures are kept as sums alone, without who stands behind
// them, and are read by those who answer for the return.
//
// Source: PIPL 6, 19.
func (c Cell) Personal() bool {
	return strings.HasPrefix(string(c), string(sexPrefix)) || strings.HasPrefix(string(c), string(schoolingPrefix))
}

// Lines gives the rows of a return in its order.
func Lines(r Return) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Return != r })
}

// LineOf finds a figure; false for a word that is none.
func LineOf(c Cell) (Line, bool) {
	i := slices.IndexFunc(lines, func(l Line) bool { return l.Cell == c })
	if i < 0 {
		return Line{}, false
	}
	return lines[i], true
}

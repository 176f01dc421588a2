package paper

import (
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func agentItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, p := range active(c) {
		if p.AgentName != "" {
			items = append(items, mediation.ItemID(p.ID))
		}
	}
	return items
}

// attorney is F19. A general power does not reach to giving way or settling:
// that must be written (CPL 62).
func attorney(s *sheet) {
	p := s.addressee()
	s.paper.Office = "" // it is the party's own paper
	b := s.party(p)
	b.Head = "委托人"
	s.add(b)
	s.add(Block{Text: []string{s.say("F19.lead", "other", s.others(p), "dispute", s.need(dispute(s.c), Gap{What: "type"}))}})
	s.add(Block{Head: "受托人", Paired: true, Facts: []Fact{
		s.of(p, "姓名", p.AgentName, "agent"), {"公民身份号码", ""}, {"单位或住址", ""}, {"联系电话", ""}}})
	s.need("", Gap{What: "agent_person", Who: p.Name, Party: p.ID, Hand: true})
	s.add(Block{Head: "委托权限", Boxes: choice(p.AgentScope, "general", s.say("F19.general"), "settle", s.say("F19.settle"))})
	if p.AgentFrom.IsZero() || p.AgentUntil.IsZero() {
		s.byHand("agent_term")
	}
	s.add(Block{Head: "委托期限", Text: []string{"自" + orElse(knownDay(p.AgentFrom), openDay) + "至" + orElse(knownDay(p.AgentUntil), openDay) + "。"}})
	principal := s.signer(p)
	principal.Role = "委托人签名（盖章、指印）"
	principal.Name = p.Name
	s.add(Block{Places: []Place{principal, {Role: "受托人签名", Name: p.AgentName}}})
}

func servedItems(c *mediation.Case) []mediation.ItemID {
	if c.RegisteredAt.IsZero() {
		return nil
	}
	return partyItems(c)
}

// service is F26: who got which paper, how and when. The papers that go to this
// party stand on it; what was not handed over is crossed out.
func service(s *sheet) {
	p := s.addressee()
	s.byHand("served")
	s.add(Block{Facts: []Fact{
		{"受送达人", s.called(p)},
		s.of(p, "送达地址", p.AddressMask, "address"),
		{"送达的文书", strings.Join(s.served(p), "\n")},
	}})
	s.add(Block{Head: "送达方式", Inline: true, Boxes: choice("", "1", "直接送达", "2", "邮寄", "3", "电子送达", "4", "留置送达", "5", "转交")})
	s.add(Block{Facts: []Fact{{"送达地点", ""}, {"送达时间", "　　　　年　　月　　日　　时"}, {"代收人及理由", ""}, {"拒收的事由", ""}}})
	s.add(Block{Text: []string{s.say("F26.law")}, Places: []Place{
		{Role: "受送达人签名（盖章、指印）", Name: p.Name, Finger: true}, {Role: "送达人签名"}, {Role: "见证人签名"}}})
}

// served names the papers of the case that are handed to a party to keep.
func (s *sheet) served(p *mediation.Party) []string {
	var list []string
	for _, code := range []string{"F03", "F04", "F05", "F08", "F11", "F14", "F20", "F24"} {
		f := forms()[code]
		if item, ok := For(code, p); !ok || len(f.items(s.c)) == 0 || item != "" && !slices.Contains(f.items(s.c), item) {
			continue
		}
		kind, _ := statute.FormOf(code)
		list = append(list, "□ "+kind.ZH)
	}
	if len(list) == 0 {
		return []string{blank}
	}
	return list
}

func dangerItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, r := range c.Risks {
		items = append(items, r.ID)
	}
	for _, r := range c.MajorReports {
		items = append(items, r.ID)
	}
	return items
}

// danger is F22: what is feared, whom it was told, when; or that a major dispute was
// reported. It stays out of what parties read (ADVL 14).
//
// Source: PML 25; ADVL 14; MPL 11; local.
func danger(s *sheet) {
	c := s.c
	if i := slices.IndexFunc(c.MajorReports, func(r mediation.MajorReport) bool { return r.ID == s.item }); i >= 0 {
		s.majorReport(c.MajorReports[i])
		return
	}
	r := c.Risks[slices.IndexFunc(c.Risks, func(r mediation.Risk) bool { return r.ID == s.item })]
	rule, _ := statute.Risk(r.Flag)
	s.add(Block{Facts: []Fact{
		s.fact("风险类别", zh(statute.RiskFlags, r.Flag), "risk"),
		{"涉及人员", s.shorts()},
		s.fact("发现时间", moment(r.At), "risk_at"),
		s.fact("事实情况", r.Facts, "risk_facts"),
		s.fact("已采取的措施", r.Measures, "risk_measures"),
		{"是否须立即报告", map[bool]string{true: "是", false: "否"}[r.MustReport]},
	}})
	told := Block{Head: "报告情况", Inline: true, Boxes: ticked(statute.ReportTargets, r.Told)}
	told.Facts = []Fact{{"接报单位、接报人", r.Receiver}, {"接报时间", moment(r.ReportedAt)}, {"接报编号", r.ReportRef}}
	if r.MustReport && r.ReportedAt.IsZero() {
		s.need("", Gap{What: "reported"})
	}
	s.add(told)
	s.add(Block{Text: []string{s.say("F22.duty", "basis", statute.Cite(orElse(rule.Source, "PML 25"), "zh-CN"))}, Places: []Place{s.reporter(r)}})
}

// reporter is where whoever made the report signs, with its day: until it is made,
// whoever noticed the danger.
func (s *sheet) reporter(r mediation.Risk) Place {
	if r.ReportedBy == "" {
		return Place{Role: "报告人签名", Name: s.in.Names[r.By], Day: dayOf(r.ReportedAt)}
	}
	return Place{Role: "报告人签名", Name: s.in.Names[r.ReportedBy], Day: dayOf(r.ReportedAt)}
}

// majorReport is F22 for a dispute of grade L4: why it is major, whom it was reported
// to and how it is handled jointly.
func (s *sheet) majorReport(r mediation.MajorReport) {
	c := s.c
	var grounds []string
	for _, why := range c.GradeGrounds() {
		grounds = append(grounds, zh(statute.GradeReasons, why))
	}
	s.add(Block{Facts: []Fact{
		{"报告类别", "重大纠纷"},
		{"定为重大的依据", orElse(strings.Join(grounds, "、"), "调委会主任核定")},
		{"涉及人员", s.shorts()},
		s.fact("纠纷情况", c.Facts, "story"),
		{"已采取的措施", orNone(r.Measures)},
	}})
	told := Block{Head: "报告情况", Inline: true, Boxes: boxes(statute.ReportTargets, r.To)}
	told.Facts = []Fact{{"报告时间", moment(r.ToldAt)}, {"报告方式", majorWays[r.How]}, {"接报人", orElse(r.Who, s.in.Names[r.SeenBy])}, {"编号", orNone(r.Ref)}}
	s.add(told)
	s.add(Block{Head: "联合办理", Text: []string{orElse(r.Joint, blank)}})
	s.add(Block{Text: []string{s.say("F22.major")}, Places: []Place{{Role: "报告人签名", Name: s.in.Names[r.By], Day: dayOf(r.ToldAt)}}})
}

var majorWays = map[string]string{mediation.ThroughSystem: "系统内报告", mediation.ByPhone: "电话", mediation.InPerson: "当面", mediation.OnPaper: "书面"}

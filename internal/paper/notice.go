package paper

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// rightsItems: the notice belongs to every registered case that goes on, for all
// parties on one sheet or for one of them.
func rightsItems(c *mediation.Case) []mediation.ItemID {
	if c.RegisteredAt.IsZero() || len(c.Active()) == 0 || untold(c) {
		return nil
	}
	items := []mediation.ItemID{""}
	for _, p := range c.Active() {
		items = append(items, mediation.ItemID(p.ID))
	}
	return items
}

// untold says whether the matter ended before it was accepted and before anybody
// was told of rights: nobody is sent a notice of a mediation that never was.
func untold(c *mediation.Case) bool {
	ended := c.Stage == mediation.ReferredOut || c.Stage.Final()
	told := slices.ContainsFunc(c.Active(), func(p *mediation.Party) bool { return !p.RightsAt.IsZero() })
	return c.Stage == mediation.NotAccepted || ended && c.AcceptedAt.IsZero() && !told
}

// rights is the standing text of the notice, in the words of the law.
//
// Source: PML 2, 3, 4, 23, 24, 31 to 33; MOJ02 30.
func (s *sheet) rights() []Block {
	return []Block{
		{Head: "一、人民调解的性质", Text: strings.Split(s.say("F03.nature"), "\n")},
		{Head: "二、人民调解的原则（第三条）", Items: s.points("F03.principles")},
		{Head: "三、您的权利（第二十三条）", Items: s.points("F03.rights")},
		{Head: "四、您的义务（第二十四条）", Items: s.points("F03.duties")},
		{Head: "五、调解协议的效力（第三十一条至第三十三条）", Items: s.points("F03.effect")},
	}
}

// rightsNotice is F03, signed by each party before the talks begin.
func rightsNotice(s *sheet) {
	var told []*mediation.Party
	for _, p := range active(s.c) {
		if s.item == "" || s.item == mediation.ItemID(p.ID) {
			told = append(told, p)
		}
	}
	var to []string
	for _, p := range told {
		to = append(to, s.called(p))
	}
	s.add(Block{Text: []string{strings.Join(to, "、") + "：",
		s.say("F03.lead", "dispute", s.need(dispute(s.c), Gap{What: "type"}))}})
	s.add(s.rights()...)
	sign := Block{Text: []string{s.say("F03.read")}}
	for _, p := range told {
		place := s.signer(p)
		if !p.RightsAt.IsZero() {
			at, how := firstTold(s.c, p)
			place.Done = dayOf(at) + "已告知（" + rightsHow(how) + "）"
		} else {
			s.need("", Gap{What: "rights", Who: p.Name, Party: p.ID})
		}
		sign.Places = append(sign.Places, place)
	}
	s.add(sign)
}

// firstTold is when and how a party heard of its rights for the first time: each
// session tells them again, and the notice is that of the first.
func firstTold(c *mediation.Case, p *mediation.Party) (time.Time, string) {
	at, how := p.RightsAt, p.RightsHow
	for _, m := range c.Sessions {
		if a, ok := attendance(m, p.ID); ok && a.Present && a.Rights != "" && !m.OpenedAt.IsZero() && m.OpenedAt.Before(at) {
			at, how = m.OpenedAt, a.Rights
		}
	}
	return at, how
}

func rightsHow(how string) string {
	switch how {
	case "signed":
		return "书面签收"
	case "oral":
		return "口头告知"
	case "online":
		return "网上确认"
	}
	return how
}

func canRefuse(c *mediation.Case) bool {
	return statute.Valid(statute.NonAcceptance, c.OutcomeCode) && c.AcceptedAt.IsZero() && endedIn(c, mediation.NotAccepted)
}

// refusal is F05, to those who applied. A refusal names its ground and the other
// lawful ways (PML 26; domain list NA01 to NA99).
func refusal(s *sheet) {
	c := s.c
	s.add(Block{Text: []string{s.namesOf(mediation.Applicant) + "：", refusalLead(s)}})
	s.add(Block{Head: "不予受理的原因", Boxes: boxes(statute.NonAcceptance, c.OutcomeCode)})
	s.add(Block{Head: "具体说明", Text: s.lines(c.OutcomeText, "reason")})
	s.tellWays("您还可以选择下列合法途径")
	s.add(Block{Text: []string{s.say("F05.close"), contact(s)},
		Places: []Place{s.seal(s.decided())}})
}

func refusalLead(s *sheet) string {
	filed, other := s.need(dayOf(s.c.FiledAt), Gap{What: "filed_on"}), s.namesOf(mediation.Respondent)
	if other == "" {
		other = s.need(bare(s.c.Respondent), Gap{What: "respondent"})
	}
	if other == "" {
		other = blank
	}
	matter := "与" + other + "之间的" + s.need(dispute(s.c), Gap{What: "type"}) + "（登记号：" + s.c.IntakeNumber + "）"
	if s.c.Source == "application" || s.c.Source == "" {
		return s.say("F05.lead", "filed", filed, "matter", matter)
	}
	return s.say("F05.lead_sent", "filed", filed, "matter", matter, "source", zh(statute.Sources, s.c.Source))
}

// tellWays is the list of other lawful ways with the warning of limitation.
func (s *sheet) tellWays(head string) {
	ways, limitation := remedies(s.c, s.c.OutcomeCode)
	s.add(Block{Head: head, Items: ways, Strong: []string{limitation + "。"}})
}

// decided is the day on which the dispute ended: closing and archiving do not move
// it.
func (s *sheet) decided() statute.Date {
	if !s.c.EndedAt.IsZero() {
		return statute.DateOf(s.c.EndedAt)
	}
	s.need("", Gap{What: "decided_on"})
	return statute.Date{}
}

// endedIn says whether the dispute ended in a stage, also after closing.
func endedIn(c *mediation.Case, stage mediation.Stage) bool {
	return c.EndedAs == stage || c.Stage == stage
}

func contact(s *sheet) string {
	return "联系地址：" + orBlank(s.need(s.in.Office.Address, Gap{What: "office_address"})) + "　联系电话：" + orBlank(s.need(s.in.Office.Phone, Gap{What: "office_phone"}))
}

func orBlank(text string) string {
	if text == "" {
		return blank
	}
	return text
}

// canTerminate: 终止 ends the mediation, by a decision or because the applicant
// withdrew (rows 37 and 38). A case that stands still (中止) gets no such notice.
func canTerminate(c *mediation.Case) bool {
	return c.EffectiveOn.IsZero() && (endedIn(c, mediation.Terminated) || endedIn(c, mediation.Withdrawn))
}

// termination is F14, to all parties.
//
// Source: PML 26; NB15 27.
func termination(s *sheet) {
	c := s.c
	var to []string
	for _, p := range active(c) {
		if !c.AcceptedAt.IsZero() || p.Side == mediation.Applicant { // before, only they were heard
			to = append(to, s.name(p))
		}
	}
	began := "于" + s.need(dayOf(c.FiledAt), Gap{What: "filed_on"}) + "登记"
	if !c.AcceptedAt.IsZero() {
		began = "于" + dayOf(c.AcceptedAt) + "受理"
	}
	facts := []string{"applicants", orBlank(s.namesOf(mediation.Applicant)), "respondents", orBlank(s.namesOf(mediation.Respondent)),
		"dispute", s.need(dispute(c), Gap{What: "type"}), "began", began}
	text := s.say("F14.lead", facts...)
	if endedIn(c, mediation.Withdrawn) {
		text = s.say("F14.lead_withdrawn", facts...)
	}
	s.add(Block{Text: []string{strings.Join(to, "、") + "：", text}})
	s.add(Block{Facts: []Fact{{"终止原因", orElse(coded(statute.Terminations, c.OutcomeCode), "申请人撤回申请")}}})
	if c.OutcomeText != "" || !endedIn(c, mediation.Withdrawn) { // who withdraws need give no reason
		s.add(Block{Head: "具体说明", Text: s.lines(c.OutcomeText, "reason")})
	}
	s.add(Block{Text: []string{s.say("F14.told")}})
	s.tellWays("其他合法途径")
	s.add(Block{Text: []string{contact(s)}, Places: []Place{s.seal(s.decided())}})
}

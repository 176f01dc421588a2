package paper

import (
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// rightsItems: the notice belongs to every registered case that goes on, for all
// parties on one sheet or for one of them.
func rightsItems(c *mediation.Case) []mediation.ItemID {
	if c.RegisteredAt.IsZero() || len(c.Active()) == 0 || c.Stage == mediation.NotAccepted || c.Stage == mediation.ReferredOut {
		return nil
	}
	items := []mediation.ItemID{""}
	for _, p := range c.Active() {
		items = append(items, mediation.ItemID(p.ID))
	}
	return items
}

// rights is the fixed text of the notice, in the words of the law.
//
// Source: PML 2, 3, 4, 23, 24, 31 to 33; MOJ02 30.
func rights() []Block {
	return []Block{
		{Head: "一、人民调解的性质", Text: []string{
			"人民调解是指人民调解委员会通过说服、疏导等方法，促使当事人在平等协商基础上自愿达成调解协议，解决民间纠纷的活动。（《人民调解法》第二条）",
			"人民调解委员会调解民间纠纷，不收取任何费用。（第四条）"}},
		{Head: "二、人民调解的原则（第三条）", Items: bracketed("在当事人自愿、平等的基础上进行调解；", "不违背法律、法规和国家政策；",
			"尊重当事人的权利，不得因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。")},
		{Head: "三、您的权利（第二十三条）", Items: bracketed("选择或者接受人民调解员；", "接受调解、拒绝调解或者要求终止调解；",
			"要求调解公开进行或者不公开进行；", "自主表达意愿、自愿达成调解协议。")},
		{Head: "四、您的义务（第二十四条）", Items: bracketed("如实陈述纠纷事实；", "遵守调解现场秩序，尊重人民调解员；", "尊重对方当事人行使权利。")},
		{Head: "五、调解协议的效力（第三十一条至第三十三条）", Items: bracketed(
			"经人民调解委员会调解达成的调解协议，具有法律约束力，当事人应当按照约定履行。人民调解委员会对协议的履行情况进行监督，督促当事人履行约定的义务；",
			"当事人之间就调解协议的履行或者调解协议的内容发生争议的，一方当事人可以向人民法院提起诉讼；",
			"双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认；",
			"人民法院依法确认调解协议有效，一方当事人拒绝履行或者未全部履行的，对方当事人可以向人民法院申请强制执行；"+
				"人民法院依法确认调解协议无效的，当事人可以通过人民调解方式变更原调解协议或者达成新的调解协议，也可以向人民法院提起诉讼。")},
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
		"您与他人之间的" + s.need(dispute(s.c), Gap{What: "type"}) + "由本委员会调解。根据《中华人民共和国人民调解法》，现将有关事项告知如下："}})
	s.add(rights()...)
	sign := Block{Text: []string{"以上内容，我已阅读（或者已由工作人员向我宣读、解释），已经清楚。"}}
	for _, p := range told {
		place := s.signer(p)
		if !p.RightsAt.IsZero() {
			place.Done = dayOf(p.RightsAt) + "已告知（" + rightsHow(p.RightsHow) + "）"
		} else {
			s.need("", Gap{What: "rights", Who: p.Name, Party: p.ID})
		}
		sign.Places = append(sign.Places, place)
	}
	s.add(sign)
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
	return statute.Valid(statute.NonAcceptance, c.OutcomeCode) && c.AcceptedAt.IsZero() &&
		slices.Contains([]mediation.Stage{mediation.NotAccepted, mediation.Closed, mediation.Archived}, c.Stage)
}

// refusal is F05, to those who applied. A refusal names its ground and the other
// lawful ways (PML 26; domain list NA01 to NA99).
func refusal(s *sheet) {
	c := s.c
	s.add(Block{Text: []string{s.namesOf(mediation.Applicant) + "：", refusalLead(s)}})
	s.add(Block{Head: "不予受理的原因", Boxes: boxes(statute.NonAcceptance, c.OutcomeCode)})
	s.add(Block{Head: "具体说明", Text: s.lines(c.OutcomeText, "reason")})
	s.tellWays("您还可以选择下列合法途径")
	s.add(Block{Text: []string{"在此期间，请各方保持冷静，不要采取过激行为。如果对方愿意调解，或者情况有变化，您可以随时重新申请。", contact(s)},
		Places: []Place{s.seal(s.decided(mediation.NotAccepted))}})
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
		return "您（贵单位）于" + filed + "就" + matter + "向本委员会申请人民调解。经审查，有下列打“√”的情形，本委员会决定不予受理。"
	}
	return "本委员会于" + filed + "登记了您（贵单位）" + matter + "（来源：" + zh(statute.Sources, s.c.Source) + "）。经审查，有下列打“√”的情形，本委员会决定不予受理。"
}

// tellWays is the list of other lawful ways with the warning of limitation.
func (s *sheet) tellWays(head string) {
	ways, limitation := remedies(s.c, s.c.OutcomeCode)
	s.add(Block{Head: head, Items: ways, Strong: []string{limitation + "。"}})
}

// decided is the day of a decision, while the case still stands where that
// decision left it; later the file keeps another day there.
func (s *sheet) decided(stage mediation.Stage) statute.Date {
	if s.c.Stage == stage && !s.c.EndedAt.IsZero() {
		return statute.DateOf(s.c.EndedAt)
	}
	s.need("", Gap{What: "decided_on"})
	return statute.Date{}
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

// canTerminate: 终止 ends the mediation. A case that stands still (中止) or was
// withdrawn gets no such notice.
func canTerminate(c *mediation.Case) bool {
	return statute.Valid(statute.Terminations, c.OutcomeCode) && c.EffectiveOn.IsZero() &&
		slices.Contains([]mediation.Stage{mediation.Terminated, mediation.Closed, mediation.Archived}, c.Stage)
}

// termination is F14, to all parties.
//
// Source: PML 26; NB15 27.
func termination(s *sheet) {
	c := s.c
	var to []string
	for _, p := range active(c) {
		to = append(to, s.name(p))
	}
	began := "于" + s.need(dayOf(c.FiledAt), Gap{What: "filed_on"}) + "登记"
	if !c.AcceptedAt.IsZero() {
		began = "于" + dayOf(c.AcceptedAt) + "受理"
	}
	text := "申请人" + orBlank(s.namesOf(mediation.Applicant)) + "与被申请人" + orBlank(s.namesOf(mediation.Respondent)) + "之间的" +
		s.need(dispute(c), Gap{What: "type"}) + "，本委员会" + began + "。现因下列情形，决定终止调解。"
	s.add(Block{Text: []string{strings.Join(to, "、") + "：", text}})
	s.add(Block{Facts: []Fact{{"终止原因", c.OutcomeCode + "　" + zh(statute.Terminations, c.OutcomeCode)}}})
	s.add(Block{Head: "具体说明", Text: s.lines(c.OutcomeText, "reason")})
	s.add(Block{Text: []string{"终止调解，是指本次调解程序到此结束，不同于可以恢复的“中止”。根据《中华人民共和国人民调解法》第二十六条，现告知各方当事人，可以依法通过下列途径维护自己的权利。"}})
	s.tellWays("其他合法途径")
	s.add(Block{Text: []string{contact(s)}, Places: []Place{s.seal(s.decided(mediation.Terminated))}})
}

package paper

import (
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func side(c *mediation.Case, of mediation.Side) []*mediation.Party {
	var list []*mediation.Party
	for _, p := range c.Active() {
		if p.Side == of {
			list = append(list, p)
		}
	}
	return list
}

// canApply: only a party's own filing is an application; what the committee took
// up or was sent has the registration form alone.
func canApply(c *mediation.Case) bool {
	return (c.Source == "application" || c.Source == "") && !c.FiledAt.IsZero() && len(side(c, mediation.Applicant)) > 0
}

// application is F01.
//
// Source: PML 17; VOL.
func application(s *sheet) {
	c := s.c
	s.paper.Number, s.paper.Office = c.IntakeNumber, "" // it is the party's own paper
	for _, p := range active(c) {
		s.add(s.party(p))
	}
	s.unknownRespondent()
	story := s.lines(c.Facts, "story")
	if c.Place != "" {
		story = append(story, "发生地点："+c.Place)
	}
	s.add(Block{Head: "纠纷简要情况", Text: story})
	s.add(Block{Head: "申请事项", Items: counted(s.lines(c.Request, "request"))})
	s.add(Block{Text: []string{s.say("F01.told"), "此致", s.in.Office.Committee}})
	var places []Place
	for _, p := range side(c, mediation.Applicant) {
		place := s.signer(p)
		place.Day = dayOf(c.FiledAt)
		places = append(places, place)
	}
	s.add(Block{Places: places})
}

// unknownRespondent tells of the other side in the applicant's words while
// nobody knows its name.
func (s *sheet) unknownRespondent() {
	if len(side(s.c, mediation.Respondent)) > 0 {
		return
	}
	who := s.need(bare(s.c.Respondent), Gap{What: "respondent"})
	s.add(Block{Head: "被申请人", Facts: []Fact{{"姓名（名称）或者线索", who}}})
}

func canRegister(c *mediation.Case) bool { return !c.RegisteredAt.IsZero() }

// registration is F02, the entry by which a matter becomes a case.
//
// Source: PML 17, 18, 27; VOL.
func registration(s *sheet) {
	c := s.c
	registrar := s.in.Names[c.RegisteredBy]
	if registrar == "" {
		s.byHand("registrar")
	}
	parties := s.shorts()
	if len(side(c, mediation.Respondent)) == 0 {
		parties = strings.TrimSpace(parties + "\n被申请人：" + orBlank(s.need(bare(c.Respondent), Gap{What: "respondent"})))
	}
	sum := "无"
	if c.AmountFen > 0 {
		sum = amount(c.AmountFen)
	}
	s.add(Block{Facts: []Fact{
		s.fact("登记日期", dayOf(c.RegisteredAt), "registered_on"),
		{"登记号", c.IntakeNumber},
		{"来源文号", orNone(c.SourceRef)},
		{"当事人", parties},
		s.fact("纠纷类别", dispute(c), "type"),
		{"难易程度", orNone(zh(statute.Grades, c.Grade))},
		{"涉及金额", sum},
		s.fact("纠纷简要情况", c.Facts, "story"),
		s.fact("当事人请求", c.Request, "request"),
		{"处理结果", s.taken()},
		{"备注", s.say("F02.remark")},
	}})
	s.add(Block{Head: "案件来源", Inline: true, Boxes: boxes(statute.Sources, orApplication(c.Source))})
	var places []Place
	for _, p := range active(c) {
		if p.Side == mediation.Applicant || !c.AcceptedAt.IsZero() || !c.Stage.Final() { // who was never won over does not sign
			places = append(places, s.signer(p))
		}
	}
	places = append(places, Place{Role: "登记人签名", Name: registrar}, s.seal(statute.DateOf(c.RegisteredAt)))
	s.add(Block{Places: places})
}

func orApplication(source string) string {
	if source == "" {
		return "application"
	}
	return source
}

// taken is what became of the matter after its registration.
func (s *sheet) taken() string {
	c := s.c
	switch {
	case !c.AcceptedAt.IsZero():
		return dayOf(c.AcceptedAt) + "受理，案号" + c.Number
	case endedIn(c, mediation.ReferredOut): // its ground is one of refusal too, but nobody was refused
		if n := len(c.Transfers); n > 0 {
			return dayOf(c.Transfers[n-1].At) + "移送" + c.Transfers[n-1].Receiver
		}
		return dayOf(c.EndedAt) + "移送其他单位"
	case statute.Valid(statute.NonAcceptance, c.OutcomeCode):
		return "不予受理：" + zh(statute.NonAcceptance, c.OutcomeCode)
	case statute.Valid(statute.Terminations, c.OutcomeCode):
		return "终止：" + zh(statute.Terminations, c.OutcomeCode)
	case c.Stage == mediation.Withdrawn || c.EndedAs == mediation.Withdrawn:
		return "申请人撤回申请"
	}
	return "征求各方意见中"
}

func canSupplement(c *mediation.Case) bool { return c.Stage == mediation.Supplement }

// supplement is F24: what is wanted, and until when. It is of the day on which it
// was asked for, with which its term begins.
func supplement(s *sheet) {
	c := s.c
	until, asked := "", statute.Date{}
	if d := c.Clock(statute.D03Supplement); d != nil {
		until, asked = dayOf(d.Due), statute.DateOf(d.Starts)
	}
	s.add(Block{Text: []string{orBlank(s.namesOf(mediation.Applicant)) + "：", s.say("F24.lead", "filed", dayOf(c.FiledAt),
		"dispute", orElse(dispute(c), "纠纷"), "number", c.IntakeNumber, "until", orBlank(s.need(until, Gap{What: "supplement_until"})))}})
	s.add(Block{Items: counted(s.lines(c.OutcomeText, "supplement_list"))})
	s.add(Block{Text: []string{s.say("F24.late"), contact(s)}, Places: []Place{s.seal(asked)}})
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

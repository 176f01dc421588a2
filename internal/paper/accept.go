package paper

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// acceptedParties: each party of an accepted case gets its own notice.
func acceptedParties(c *mediation.Case) []mediation.ItemID {
	if c.AcceptedAt.IsZero() {
		return nil
	}
	return partyItems(c)
}

func partyItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, p := range active(c) {
		items = append(items, mediation.ItemID(p.ID))
	}
	return items
}

// addressee is the party a paper is for.
func (s *sheet) addressee() *mediation.Party { return s.c.Party(mediation.PartyID(s.item)) }

// others are the names of the parties on other sides than p.
func (s *sheet) others(p *mediation.Party) string {
	var list []string
	for _, o := range active(s.c) {
		if o.Side != p.Side {
			list = append(list, s.name(o))
		}
	}
	return orBlank(s.need(strings.Join(list, "、"), Gap{What: "respondent"}))
}

// between are all parties, as a sentence names them.
func (s *sheet) between() string {
	var list []string
	for _, p := range active(s.c) {
		list = append(list, s.called(p))
	}
	return orBlank(strings.Join(list, "、"))
}

// noticedEnd is the last day of the mediation period as it stood when the case was
// accepted: what stood still or was extended since is no part of the notice.
func noticedEnd(c *mediation.Case) string {
	for _, d := range c.Deadlines { // the first: a court that takes the case over has its own
		switch {
		case d.Kind != statute.D06Mediation:
		case d.PausedDays > 0:
			return dayOf(statute.DefaultCalendar().Reckon(d.Starts, d.Term).Due)
		default:
			return firstEnd(c)
		}
	}
	return ""
}

// atOnce says whether the case was settled on the day it was accepted, so that no
// period ever ran.
func atOnce(c *mediation.Case) bool {
	return !c.EffectiveOn.IsZero() && noticedEnd(c) == "" && statute.DateOf(c.AcceptedAt) == c.EffectiveOn
}

// acceptance is F04, with the stub that stays with the committee.
//
// Source: PML 17, 18, 23; MOJ02 33; NJMED.
func acceptance(s *sheet) {
	c, p := s.c, s.addressee()
	text := []string{s.name(p) + "：",
		s.say("F04.lead", "other", s.others(p), "dispute", s.need(dispute(c), Gap{What: "type"}), "accepted", dayOf(c.AcceptedAt), "number", c.Number)}
	if !atOnce(c) {
		text = append(text, s.say("F04.period", "until", orBlank(s.need(noticedEnd(c), Gap{What: "period"}))))
	}
	s.add(Block{Text: append(text, s.say("F04.rights"), s.say("F04.basis"), contact(s)),
		Places: []Place{s.seal(statute.DateOf(c.AcceptedAt))}})
	s.add(Block{Head: "存　根（由调委会留存）", Paired: true, Facts: []Fact{
		{"案号", c.Number}, {"受理日期", dayOf(c.AcceptedAt)}, {"受送达人", s.name(p)}, {"对方当事人", s.others(p)}, {"纠纷类别", dispute(c)}, {"签收人、日期", ""},
	}})
}

func hasMediator(c *mediation.Case) bool { return len(c.Assignments) > 0 }

// appointment is F06: who mediates, who chose him, and what he declared.
//
// Source: PML 13, 15, 19, 23; INV16 13, 15; ONL22 13.
func appointment(s *sheet) {
	c := s.c
	acting := mediators(c)
	s.add(Block{Text: []string{s.say("F06.lead", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}))}})
	chosen := ""
	for _, a := range acting {
		role := "人民调解员"
		if a.Lead {
			role, chosen = "主持调解员", a.ChosenBy
		}
		s.add(Block{Paired: true, Facts: []Fact{
			{role, orBlank(s.mediatorName(a))}, {"确定日期", dayOf(a.StartedAt)},
			s.fact("与当事人的关系", zh(statute.Relations, a.Relation), "relation"), {"法官指导", yesWord(a.Guided)},
		}})
	}
	if len(acting) == 0 {
		s.need("", Gap{What: "mediator"})
	}
	s.add(Block{Head: "确定方式", Inline: true, Boxes: choice(chosen, "parties", "当事人共同选定", "committee", "调委会指定，各方接受")})
	s.add(Block{Text: []string{s.say("F06.declare"), s.say("F06.rights")}})
	var places []Place
	for _, p := range active(c) {
		places = append(places, s.signer(p))
	}
	places = append(places, s.mediatorPlaces(acting)...)
	s.add(Block{Places: append(places, s.assigner(acting))})
}

// assigner is the place for the chair's name, with whoever assigned the last of
// these mediators.
func (s *sheet) assigner(acting []mediation.Assignment) Place {
	place, last := Place{Role: "调委会主任签名"}, time.Time{}
	for _, a := range acting {
		if a.By != "" && !a.StartedAt.Before(last) {
			place.Name, place.Day, last = s.in.Names[a.By], dayOf(a.StartedAt), a.StartedAt
		}
	}
	return place
}

func yesWord(on bool) string {
	if on {
		return "有"
	}
	return "无"
}

func recusalItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, r := range c.Recusals {
		items = append(items, r.ID)
	}
	return items
}

// recusal is F07: the request with the decision on it, and the waiver when all
// parties gave one.
//
// Source: INV16 15; ONL22 13.
func recusal(s *sheet) {
	c := s.c
	r := c.Recusals[slices.IndexFunc(c.Recusals, func(r mediation.Recusal) bool { return r.ID == s.item })]
	asker := "人民调解员自行声明"
	if p := c.Party(r.Party); p != nil {
		asker = s.called(p)
	}
	mediator := s.in.Names[r.Mediator]
	for _, a := range c.Assignments {
		if a.Mediator == r.Mediator && a.Name != "" {
			mediator = a.Name
		}
	}
	s.add(Block{Facts: []Fact{
		{"申请人", asker},
		s.fact("被申请回避的调解员", mediator, "mediator"),
		s.fact("关系", zh(statute.Relations, r.Relation), "relation"),
		s.fact("事实和理由", r.Reason, "recusal_reason"),
		s.fact("申请时间", moment(r.AskedAt), "asked_at"),
	}})
	decision := Block{Head: "决定", Boxes: choice(r.State, "replaced", "同意回避，另行确定调解员", "rejected", "不予回避，由该调解员继续调解", "waived", "各方当事人知情并同意其继续调解"),
		Text: s.lines(r.Decision, "recusal_decision")}
	if r.State == "open" {
		s.need("", Gap{What: "answer"})
	}
	s.add(decision)
	places := []Place{{Role: "声明人（人民调解员）签名", Name: mediator}}
	if p := c.Party(r.Party); p != nil {
		place := s.signer(p)
		place.Role = "申请人" + strings.TrimPrefix(place.Role, sideName(p.Side))
		places = []Place{place}
	}
	places = append(places, Place{Role: "调委会主任签名", Name: s.in.Names[r.DecidedBy], Day: dayOf(r.DecidedAt)})
	if r.State == "waived" {
		s.add(Block{Text: []string{s.say("F07.waiver")}})
		for _, p := range active(c) {
			places = append(places, s.signer(p))
		}
	}
	s.add(Block{Places: places})
}

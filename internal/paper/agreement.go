package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func hasAgreement(form string) func(*mediation.Case) bool {
	return func(c *mediation.Case) bool {
		a := c.Agreement()
		return a != nil && a.Form == form
	}
}

// agreement is F11, with all that a written agreement may state and must for it
// to be clear enough to be performed and confirmed.
//
// Source: PML 28, 29, 31 to 33; FILL; CPLI 358.
func agreement(s *sheet) {
	c, a := s.c, s.c.Agreement()
	s.paper.Version, s.paper.Draft = a.Version, c.EffectiveOn.IsZero()
	for _, p := range active(c) {
		s.add(s.party(p))
	}
	s.add(Block{Head: "纠纷的主要事实", Text: s.lines(a.Facts, "facts")})
	s.add(Block{Head: "争议事项及各方责任", Text: s.lines(a.Settled, "settled")})
	s.add(Block{Head: "经调解，各方自愿达成如下协议", Items: s.promises(a)})
	if a.Partial || a.Unsettled != "" {
		s.add(Block{Head: "未达成一致的事项", Text: s.lines(a.Unsettled, "unsettled")})
	}
	s.add(Block{Head: "履行方式和期限", Text: s.performance(a)})
	s.add(Block{Head: "协议的效力和份数", Text: s.effect(a), Places: s.agreementPlaces(a)})
}

// promises are the obligations as numbered articles, with each amount in figures
// and in capital numerals.
func (s *sheet) promises(a *mediation.Agreement) []string {
	var list []string
	for _, o := range s.c.Promised() {
		if o.Agreement == a.ID && o.SeriesNo < 2 { // a series is one article
			list = append(list, s.promise(o))
		}
	}
	if len(list) == 0 {
		s.need("", Gap{What: "obligations"})
		list = []string{blank}
	}
	return counted(list)
}

func (s *sheet) promise(o mediation.Obligation) string {
	by, to, what := s.calledBy(o.By), s.calledBy(o.To), bare(s.need(o.What, Gap{What: "obligation_what"}))
	until := s.need(knownDay(o.Due), Gap{What: "obligation_due"})
	if until == "" {
		until = openDay
	}
	var text string
	switch o.Kind {
	case "pay":
		text = fmt.Sprintf("%s应于%s前（含当日）向%s支付%s，用于：%s", by, until, to, amount(o.AmountFen), what)
		if o.AmountFen <= 0 {
			s.need("", Gap{What: "obligation_amount"})
		}
	case "refrain":
		text = fmt.Sprintf("%s向%s承诺不再做下列事情：%s（起始日期：%s）", by, to, what, until)
	case "apologise":
		text = fmt.Sprintf("%s应于%s前（含当日）向%s赔礼道歉：%s", by, until, to, what)
	default:
		text = fmt.Sprintf("%s应于%s前（含当日）向%s履行：%s", by, until, to, what)
	}
	if o.Kind != "pay" && o.AmountFen > 0 {
		text += "，涉及金额" + amount(o.AmountFen)
	}
	text += s.series(o)
	return text + "。履行方式：" + orBlank(bare(s.need(o.How, Gap{What: "obligation_how"}))) + "。"
}

// series tells how often an obligation comes back and when for the last time.
func (s *sheet) series(o mediation.Obligation) string {
	if o.SeriesOf < 2 {
		return ""
	}
	last := o.Due
	for _, next := range s.c.Promised() {
		if next.Agreement == o.Agreement && next.Seq == o.Seq+o.SeriesOf-1 {
			last = next.Due
		}
	}
	every := map[string]string{"week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}[o.Every]
	return fmt.Sprintf("，自该日起%s一次，共%d次，最后一次为%s", every, o.SeriesOf, day(last))
}

// amount is a sum in figures and capital numerals.
func amount(fen int64) string {
	if fen <= 0 {
		return blank + "元"
	}
	return statute.Yuan(fen) + "元（大写：" + statute.Daxie(fen) + "）"
}

// performance repeats mode and time in one place: the law asks for them by name
// (PML 29), and a creditor looks here first.
func (s *sheet) performance(a *mediation.Agreement) []string {
	if a.Immediate {
		return []string{"各方已当场履行完毕。"}
	}
	lines := []string{}
	if a.Mode != "" {
		lines = append(lines, a.Mode)
	}
	var last statute.Date
	n := 0
	for _, o := range s.c.Promised() {
		if o.Agreement == a.ID {
			n++
			if o.Due.After(last) {
				last = o.Due
			}
		}
	}
	if n > 0 && !last.IsZero() {
		lines = append(lines, fmt.Sprintf("以上共%d项，按各项写明的方式和日期履行，最后一项的日期为%s。", n, day(last)))
	}
	if len(lines) == 0 {
		s.need("", Gap{What: "performance"})
		lines = []string{blank}
	}
	return lines
}

func (s *sheet) effect(a *mediation.Agreement) []string {
	parties := len(s.c.Active())
	copies := a.Copies
	if copies < parties+1 {
		copies = parties + 1 // PML 29: one each, and one for the committee
	}
	lines := []string{s.say("F11.effect"), s.say("F11.copies", "n", strconv.Itoa(copies)), s.say("F11.court")}
	if !s.c.EffectiveOn.IsZero() {
		lines[0] += s.say("F11.effective", "day", day(s.c.EffectiveOn))
	}
	return lines
}

// agreementPlaces are all who must sign, each with what the file already knows.
func (s *sheet) agreementPlaces(a *mediation.Agreement) []Place {
	var places []Place
	signed := func(as string, party mediation.PartyID, p Place) Place {
		for _, v := range s.c.Signed() {
			if v.As == as && v.Party == party {
				p.Done, p.Day = signedHow(v), knownDay(v.On)
				if v.ByAgent {
					p.Done += "（由委托代理人代签）"
				}
				if v.Image != "" {
					p.Sign, p.Finger = v.ID, false
					p.Done += "（协议文本摘要：" + v.Digest[:min(shownDigest, len(v.Digest))] + "）"
				}
			}
		}
		return p
	}
	for _, p := range active(s.c) {
		places = append(places, signed("party", p.ID, s.signer(p)))
	}
	if s.c.CourtMode == statute.C1 {
		return append(places, signed("mediator", "", Place{Role: "特邀调解员签名"}), signed("seal", "", Place{Role: "特邀调解组织（印章）", Seal: true}))
	}
	for i, p := range s.mediatorPlaces(mediators(s.c)) {
		if i == 0 {
			p = signed("mediator", "", p)
		}
		places = append(places, p)
	}
	places = append(places, Place{Role: "记录人签名", Name: s.need(s.in.Names[a.By], Gap{What: "recorder"})})
	return append(places, signed("seal", "", s.seal(statute.Date{})))
}

// shownDigest is how much of a digest stands on paper, in digits; the whole one
// stands in the history of the case.
const shownDigest = 12

func signedHow(v mediation.Signature) string {
	switch {
	case v.As == "seal":
		return "已盖章"
	case v.How == "online" && v.Image != "":
		return "已网上手写签名"
	case v.How == "online":
		return "已网上签名"
	case v.Image != "":
		return "已当面在屏幕上签名"
	}
	return "已签名"
}

// Drawn says whether a signature on the paper was drawn, so that its picture
// belongs there.
func (p *Paper) Drawn() bool {
	return slices.ContainsFunc(p.Blocks, func(b Block) bool {
		return slices.ContainsFunc(b.Places, func(p Place) bool { return p.Sign != "" })
	})
}

// Inked puts the pictures of drawn signatures at their places, before the paper
// is printed.
func (p *Paper) Inked(pictures map[mediation.ItemID][]byte) {
	for _, b := range p.Blocks {
		for i := range b.Places {
			if p := &b.Places[i]; p.Sign != "" {
				p.Ink = pictures[p.Sign]
			}
		}
	}
}

// oralAgreement is F12, the entry in the register of oral agreements. It took
// effect the day it was reached; the parties' names under it are advisable.
//
// Source: PML 28, 30; FILL.
func oralAgreement(s *sheet) {
	c, a := s.c, s.c.Agreement()
	facts := a.Facts
	if facts == "" {
		facts = c.Facts
	}
	done := "各项按写明的方式和日期履行。"
	if a.Immediate {
		done = "已当场履行完毕。"
	}
	s.add(Block{Facts: []Fact{
		{"当事人", s.shorts()},
		s.fact("纠纷类别", dispute(c), "type"),
		{"案件来源", orNone(zh(statute.Sources, c.Source))},
		s.fact("达成协议日期", knownDay(c.EffectiveOn), "effective_on"),
		s.fact("纠纷主要事实", facts, "facts"),
		s.fact("争议事项及各方责任", a.Settled, "settled"),
		{"协议内容", strings.Join(s.promises(a), "\n")},
		{"履行方式和期限", done},
		{"权利义务告知", s.rightsTold()},
		{"备注", s.say("F12.remark")},
	}})
	places := s.mediatorPlaces(mediators(c))
	for _, p := range active(c) {
		places = append(places, s.signer(p))
	}
	s.add(Block{Places: places})
}

// rightsTold tells of each party when and how the rights were explained.
func (s *sheet) rightsTold() string {
	var lines []string
	for _, p := range active(s.c) {
		if p.RightsAt.IsZero() {
			s.need("", Gap{What: "rights", Who: p.Name, Party: p.ID})
			lines = append(lines, s.called(p)+"："+blank)
			continue
		}
		lines = append(lines, s.called(p)+"："+dayOf(p.RightsAt)+"（"+rightsHow(p.RightsHow)+"）")
	}
	return strings.Join(lines, "\n")
}

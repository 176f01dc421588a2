package paper

import (
	"slices"
	"strconv"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// receiptItems: what was performed gets its receipt, and so does what comes next,
// so that the paper is at hand when the money is.
func receiptItems(c *mediation.Case) []mediation.ItemID {
	if c.EffectiveOn.IsZero() {
		return nil
	}
	var items []mediation.ItemID
	next := false
	for _, o := range c.Promised() {
		switch o.State {
		case mediation.ObligationPerformed:
			items = append(items, o.ID)
		case mediation.ObligationPending, mediation.ObligationPartly, mediation.ObligationOverdue:
			if !next {
				items, next = append(items, o.ID), true
			}
		}
	}
	return items
}

func (s *sheet) obligation() mediation.Obligation {
	list := s.c.Promised()
	return list[slices.IndexFunc(list, func(o mediation.Obligation) bool { return o.ID == s.item })]
}

// receipt is F18: who was paid says so.
func receipt(s *sheet) {
	o := s.obligation()
	what := bare(s.need(o.What, Gap{What: "obligation_what"}))
	text := s.say("F18.act", "by", s.calledBy(o.By), "number", s.c.Number, "what", what)
	if o.Kind == "pay" {
		sum := o.AmountFen
		if o.State != mediation.ObligationPerformed { // what is still to come, where a part was paid
			sum = o.Rest()
		}
		text = s.say("F18.pay", "by", s.calledBy(o.By), "number", s.c.Number, "amount", amount(sum), "what", what)
	}
	on := ""
	if o.State == mediation.ObligationPerformed {
		on = knownDay(o.PerformedOn)
	}
	s.add(Block{Text: []string{text}})
	s.add(Block{Facts: []Fact{{"约定期限", knownDay(o.Due)}, {"履行方式", o.How}, {"实际履行日期", on}, {"凭证说明", o.Proof}}})
	s.add(Block{Places: s.receiptPlaces(o, on)})
}

// receiptPlaces are where creditor and debtor sign; only of money is there a
// payee.
func (s *sheet) receiptPlaces(o mediation.Obligation, on string) []Place {
	to, by := "权利人", "履行人"
	if o.Kind == "pay" {
		to, by = "收款人", "付款人"
	}
	var places []Place
	for _, of := range []struct {
		id   mediation.PartyID
		role string
	}{{o.To, to}, {o.By, by}} {
		if p := s.c.Party(of.id); p != nil {
			place := s.signer(p)
			place.Role, place.Day = of.role+strings.TrimPrefix(place.Role, sideName(p.Side)), on
			places = append(places, place)
		}
	}
	return places
}

func lateItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, o := range c.Promised() {
		if o.State == mediation.ObligationOverdue || o.State == mediation.ObligationDefaulted {
			items = append(items, o.ID)
		}
	}
	return items
}

// graceDays is how long the reminder gives; it says so, and nothing turns on it.
const graceDays = 7

// reminder is F20, to the debtor, of the day on which he was last urged; before he
// was, the day stays open.
//
// Source: PML 31 to 33.
func reminder(s *sheet) {
	c, o := s.c, s.obligation()
	until := orBlank(s.need(knownDay(o.Due), Gap{What: "obligation_due"}))
	what := bare(s.need(o.What, Gap{What: "obligation_what"}))
	if o.AmountFen > 0 {
		what += "，" + amount(o.AmountFen)
	}
	if o.PaidFen > 0 && o.Rest() > 0 { // nobody is urged to pay twice
		what += "，其中已付" + statute.Yuan(o.PaidFen) + "元，尚欠" + amount(o.Rest())
	}
	s.add(Block{Text: []string{s.calledBy(o.By) + "：", s.say("F20.lead", "number", c.Number, "due", until, "to", s.calledBy(o.To))}})
	s.add(Block{Items: counted([]string{what + "。履行方式：" + orBlank(bare(o.How)) + "。"})})
	s.add(Block{Text: []string{s.say("F20.late", "days", strconv.Itoa(graceDays)), s.say("F20.else")}})
	if o.Urged > 0 {
		s.add(Block{Text: []string{"我会已于" + dayOf(o.UrgedAt) + "督促（共" + strconv.Itoa(o.Urged) + "次）。"}})
	}
	s.add(Block{Text: []string{contact(s)}, Places: []Place{s.seal(statute.DateOf(o.UrgedAt))}})
}

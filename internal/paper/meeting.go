package paper

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// meetingItems: a joint session has its notice. One with a side alone is
// arranged by word of mouth; a notice naming both would tell the other side.
func meetingItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, m := range c.Sessions {
		if m.Mode == "joint" && m.State != "cancelled" && m.Place != "" {
			items = append(items, m.ID)
		}
	}
	return items
}

// meeting is F08, of the day on which the session was planned and everybody told.
func meeting(s *sheet) {
	c := s.c
	m := c.Sessions[slices.IndexFunc(c.Sessions, func(m mediation.Session) bool { return m.ID == s.item })]
	s.add(Block{Text: []string{s.between() + "：", s.say("F08.lead", "dispute", s.need(dispute(c), Gap{What: "type"}))}})
	s.add(Block{Facts: []Fact{
		s.fact("时间", moment(m.At), "session_at"),
		s.fact("地点", m.Place, "place"),
		{"调解方式", zh(statute.SessionModes, m.Mode)},
		s.fact("人民调解员", s.mediatorNames(s.ledAt(m)), "mediator"),
		{"请携带", orNone(m.Bring)},
	}})
	s.doors(m.Doors)
	if m.Doors == statute.DoorsOpen {
		s.add(Block{Text: []string{s.say("F08.open")}})
	}
	s.add(Block{Head: "注意事项", Items: s.points("F08.notes")})
	s.add(Block{Text: []string{contact(s)}, Places: []Place{s.seal(s.in.Told[m.ID])}})
}

// doors adds to the facts just written who besides the parties may be there; nothing
// for a session of before that was asked.
//
// Source: PML 23; MOJ02 29.
func (s *sheet) doors(how string) {
	if how != "" {
		last := &s.paper.Blocks[len(s.paper.Blocks)-1]
		last.Facts = append(last.Facts, Fact{"是否公开", zh(statute.SessionDoors, how)})
	}
}

func inquiryItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, q := range c.Inquiries {
		items = append(items, q.ID)
	}
	return items
}

// inquiry is F09: a visit to the scene, or a person heard.
//
// Source: PML 27; VOL; SNOW.
func inquiry(s *sheet) {
	c := s.c
	q := c.Inquiries[slices.IndexFunc(c.Inquiries, func(q mediation.Investigation) bool { return q.ID == s.item })]
	asked := orElse(q.Asked, "无（现场查看）")
	s.add(Block{Facts: []Fact{
		s.fact("调查事由", subject(c), "type"),
		s.fact("调查日期", knownDay(q.On), "inquired_on"),
		s.fact("调查地点", q.Place, "place"),
		s.fact("调查人", s.in.Names[q.By], "investigator"),
		{"被调查人", asked},
		{"其他在场人", orNone(q.Present)},
		s.fact("记录人", q.Recorder, "recorder"),
	}})
	told := Block{Head: "调查内容"}
	if q.Asked != "" {
		told.Text = append(told.Text, s.say("F09.told"))
	}
	told.Text = append(told.Text, s.lines(q.Content, "inquiry")...)
	s.add(told)
	places := []Place{}
	if q.Asked != "" {
		s.add(Block{Text: []string{s.say("F09.read")}})
		places = append(places, Place{Role: "被调查人签名（指印）", Name: q.Asked, Finger: true})
	}
	s.add(Block{Places: append(places, Place{Role: "调查人签名", Name: s.in.Names[q.By]}, Place{Role: "记录人签名", Name: q.Recorder})})
}

func extensionItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, e := range c.Extensions {
		items = append(items, e.ID)
	}
	return items
}

// extension is F13. The day the period would have ended is that of the extension
// before, or of the period as it was first reckoned.
//
// Source: NB15 27; SZ22 25; INV16 27.
func extension(s *sheet) {
	c := s.c
	i := slices.IndexFunc(c.Extensions, func(e mediation.Extension) bool { return e.ID == s.item })
	e, due := c.Extensions[i], firstEnd(c)
	if i > 0 {
		due = knownDay(c.Extensions[i-1].Until)
	}
	s.add(Block{Text: []string{s.say("F13.lead", "parties", s.between(), "dispute", s.need(dispute(c), Gap{What: "type"}), "accepted", dayOf(c.AcceptedAt),
		"due", orBlank(s.need(due, Gap{What: "period"})), "reason", orBlank(bare(s.need(e.Reason, Gap{What: "extension_reason"}))), "until", knownDay(e.Until)),
		s.say("F13.free")}})
	var places []Place
	for _, p := range active(c) {
		place := s.signer(p)
		place.Day = dayOf(e.At)
		places = append(places, place)
	}
	s.add(Block{Places: places})
}

// firstEnd is the end of the mediation period before any extension: the steps of
// its reckoning keep it.
func firstEnd(c *mediation.Case) string {
	for _, d := range c.Deadlines {
		if d.Kind != statute.D06Mediation {
			continue
		}
		for i, step := range d.Reckoning {
			if step.Rule == mediation.ExtendedByAgreement && i > 0 {
				return knownDay(d.Reckoning[i-1].Day)
			}
		}
		return dayOf(d.Due)
	}
	return ""
}

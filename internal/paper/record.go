package paper

import (
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// recordItems are the joint sessions whose record the reader may see. Talks with
// one side alone have no paper: what was said there stays with the mediator
// (PML 15; INV16 22).
func recordItems(c *mediation.Case) []mediation.ItemID {
	var items []mediation.ItemID
	for _, s := range c.Sessions {
		if s.State == "recorded" && s.Mode == "joint" && len(s.Attendance) > 0 {
			items = append(items, s.ID)
		}
	}
	return items
}

// record is F10. Notes on the bargaining are not looked at.
//
// Source: PML 27; REC.
func record(s *sheet) {
	i := slices.IndexFunc(s.c.Sessions, func(m mediation.Session) bool { return m.ID == s.item })
	m := s.c.Sessions[i]
	at := m.OpenedAt
	if at.IsZero() {
		at = m.At
	}
	led := s.ledAt(m)
	s.add(Block{Facts: []Fact{
		s.fact("调解事由", subject(s.c), "type"),
		s.fact("时间", moment(at), "session_at"),
		s.fact("地点", m.Place, "place"),
		{"调解方式", zh(statute.SessionModes, m.Mode)},
		s.fact("人民调解员", s.mediatorNames(led), "mediator"),
		s.fact("记录人", m.Recorder, "recorder"),
		{"当事人", strings.Join(s.attended(m), "\n")},
		{"其他参加人", orNone(strings.Join(s.helpers(m), "、"))},
	}})
	s.doors(m.OpenedDoors)
	s.told(m)
	s.said(m)
	s.add(Block{Head: "三、双方共同确认的事实", Text: s.lines(m.Confirmed, "confirmed")})
	s.outcome(m)
	s.corrections(m)
	s.add(Block{Boxes: []Box{{s.say("F10.read"), m.ReadBack}}, Places: s.recordPlaces(m, led)})
	if !m.ReadBack {
		s.need("", Gap{What: "read_back"})
	}
}

// ledAt are the mediators who acted when the session was held.
func (s *sheet) ledAt(m mediation.Session) []mediation.Assignment {
	at := m.OpenedAt
	if at.IsZero() {
		at = m.At
	}
	var list []mediation.Assignment
	for _, a := range s.c.Assignments {
		if !a.StartedAt.After(at) && (a.EndedAt.IsZero() || a.EndedAt.After(at)) {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b mediation.Assignment) int {
		switch {
		case a.Lead == b.Lead:
			return 0
		case a.Lead:
			return -1
		}
		return 1
	})
	return list
}

// attended tells of every party whether it came, by whom, and whether the
// identity was looked at.
func (s *sheet) attended(m mediation.Session) []string {
	var list []string
	for _, p := range active(s.c) {
		at, ok := attendance(m, p.ID)
		text := s.called(p) + "："
		switch {
		case !ok || !at.Present:
			list = append(list, text+"未到场")
			continue
		case at.ByAgent:
			text += "由代理人" + s.need(p.AgentName, Gap{What: "agent", Who: p.Name, Party: p.ID}) + "到场"
		case p.GuardianName != "":
			text += "由法定代理人" + p.GuardianName + "到场"
		default:
			text += "到场"
		}
		if at.Identity || p.Identity >= mediation.LevelChecked {
			text += "，身份已核对"
		} else {
			s.need("", Gap{What: "identity", Who: p.Name, Party: p.ID})
		}
		list = append(list, text)
	}
	return list
}

func attendance(m mediation.Session, id mediation.PartyID) (mediation.Attendance, bool) {
	i := slices.IndexFunc(m.Attendance, func(a mediation.Attendance) bool { return a.Party == id })
	if i < 0 {
		return mediation.Attendance{}, false
	}
	return m.Attendance[i], true
}

func (s *sheet) helpers(m mediation.Session) []string {
	at := m.OpenedAt
	if at.IsZero() {
		at = m.At
	}
	var list []string
	for _, h := range s.c.Helpers {
		if !h.At.After(at) && (h.EndedAt.IsZero() || h.EndedAt.After(at)) {
			list = append(list, h.Name)
		}
	}
	return list
}

// told is what was made known at the beginning. Where nobody noted that the
// mediator was introduced or the risks were named, it is ticked on the paper.
func (s *sheet) told(m mediation.Session) {
	var lines []string
	for _, p := range active(s.c) {
		at, ok := attendance(m, p.ID)
		if !ok || !at.Present {
			continue
		}
		switch {
		case at.Rights != "":
			lines = append(lines, s.called(p)+"：本次调解前告知权利义务（"+rightsHow(at.Rights)+"）。")
		case !p.RightsAt.IsZero():
			lines = append(lines, s.called(p)+"："+dayOf(p.RightsAt)+"已告知权利义务（"+rightsHow(p.RightsHow)+"）。")
		default:
			s.need("", Gap{What: "rights", Who: p.Name, Party: p.ID})
			lines = append(lines, s.called(p)+"："+blank)
		}
	}
	if !m.Introduced || !m.RisksTold {
		s.byHand("tick_told")
	}
	s.add(Block{Head: "一、告知事项", Text: lines, Boxes: []Box{
		{s.say("F10.introduced"), m.Introduced},
		{s.say("F10.risk"), m.RisksTold},
	}})
}

func (s *sheet) said(m mediation.Session) {
	s.add(Block{Head: "二、当事人陈述"})
	for _, p := range active(s.c) {
		var texts []string
		for _, st := range m.Statements {
			if st.Party == p.ID && strings.TrimSpace(st.Text) != "" {
				texts = append(texts, st.Text)
			}
		}
		at, _ := attendance(m, p.ID)
		if len(texts) == 0 && !at.Present {
			continue
		}
		if len(texts) == 0 {
			s.need("", Gap{What: "statement", Who: p.Name, Party: p.ID})
			texts = []string{blank}
		}
		texts[0] = s.called(p) + "：" + texts[0]
		var lines []string
		for _, t := range texts {
			lines = append(lines, strings.FieldsFunc(t, func(r rune) bool { return r == '\n' || r == '\r' })...)
		}
		s.add(Block{Text: lines})
	}
}

// outcome is how the session ended: what was agreed, or why not and what else is
// open to the parties (REC; PML 26).
func (s *sheet) outcome(m mediation.Session) {
	s.add(Block{Head: "四、调解结果", Inline: true, Boxes: choice(m.Result, "settled", "达成调解协议", "partly", "部分达成协议", "continues", "未达成协议，继续调解",
		"no_agreement", "未达成协议")})
	b := Block{}
	a := s.c.Agreement()
	switch m.Result {
	case "settled", "partly":
		if a == nil {
			s.need("", Gap{What: "content"})
			b.Text = []string{"协议内容：" + blank}
			break
		}
		b.Text = []string{"协议内容："}
		b.Items = s.promises(a)
		if a.Unsettled != "" {
			b.Items = append(b.Items, "未达成一致的事项："+a.Unsettled)
		}
	case "no_agreement":
		reason := ""
		if statute.Valid(statute.Terminations, s.c.OutcomeCode) {
			reason = s.c.OutcomeText
		}
		b.Text = append([]string{"未达成协议的原因："}, s.lines(reason, "failure")...)
		ways, limitation := remedies(s.c, "T02")
		b.Text = append(b.Text, "已告知的其他合法途径：")
		b.Items, b.Strong = ways, []string{limitation + "。"}
	case "continues":
	default:
		s.need("", Gap{What: "result"})
	}
	s.add(b)
}

func (s *sheet) corrections(m mediation.Session) {
	var lines []string
	for _, k := range s.c.Corrections {
		if k.Subject == m.ID {
			lines = append(lines, dayOf(k.At)+"更正："+k.Text)
		}
	}
	if len(lines) > 0 {
		s.add(Block{Head: "更正（更正处由当事人按指印）", Text: lines})
	}
}

func (s *sheet) recordPlaces(m mediation.Session, led []mediation.Assignment) []Place {
	var places []Place
	for _, p := range active(s.c) {
		if at, ok := attendance(m, p.ID); ok && at.Present {
			places = append(places, s.signer(p))
		}
	}
	for _, name := range s.helpers(m) {
		places = append(places, Place{Role: "其他参加人签名", Name: name})
	}
	places = append(places, s.mediatorPlaces(led)...)
	return append(places, Place{Role: "记录人签名", Name: m.Recorder})
}

package paper

import (
	"fmt"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// active gives the parties in the order of sides: applicants, respondents,
// third parties.
func active(c *mediation.Case) []*mediation.Party {
	var list []*mediation.Party
	for _, side := range []mediation.Side{mediation.Applicant, mediation.Respondent, mediation.Third} {
		for _, p := range c.Active() {
			if p.Side == side {
				list = append(list, p)
			}
		}
	}
	return list
}

// namesOf are the names of a side, parted by 、; a line to write on for a party
// whose name nobody knows yet.
func (s *sheet) namesOf(side mediation.Side) string {
	var list []string
	for _, p := range s.c.Active() {
		if p.Side == side {
			list = append(list, s.name(p))
		}
	}
	return strings.Join(list, "、")
}

func (s *sheet) name(p *mediation.Party) string {
	who := sideName(p.Side)
	if text := s.need(p.Name, Gap{What: "name", Who: who, Party: p.ID}); text != "" {
		return text
	}
	return blank
}

// called is a party with its side: 申请人陈阿芬.
func (s *sheet) called(p *mediation.Party) string { return sideName(p.Side) + s.name(p) }

// calledBy is the name of a party by id, for sentences.
func (s *sheet) calledBy(id mediation.PartyID) string {
	if p := s.c.Party(id); p != nil {
		return s.name(p)
	}
	s.need("", Gap{What: "party"})
	return blank
}

// of notes a gap of one party.
func (s *sheet) of(p *mediation.Party, label, value, what string) Fact {
	return Fact{label, s.need(value, Gap{What: what, Who: p.Name, Party: p.ID})}
}

// maybe notes what nobody recorded of a party. It may stay blank (PIPL 6), and is
// then written on the paper by hand.
func (s *sheet) maybe(p *mediation.Party, label, value, what string) Fact {
	return Fact{label, s.need(value, Gap{What: what, Who: p.Name, Party: p.ID, Hand: true})}
}

// party is the block of one party with every field of the official template.
//
// Source: VOL, party block; PML 29(1).
func (s *sheet) party(p *mediation.Party) Block {
	b := Block{Head: sideName(p.Side), Paired: true}
	if p.Capacity == "organisation" {
		b.Facts = []Fact{
			{"名称", s.name(p)},
			s.of(p, "统一社会信用代码", p.CreditCode, "credit_code"),
			s.of(p, "住所", s.shown(p).Address, "address"),
			s.of(p, "法定代表人（负责人）", p.LegalRep, "legal_rep"),
			s.maybe(p, "职务", p.LegalPost, "legal_post"),
			s.of(p, "联系电话", s.shown(p).Phone, "phone"),
		}
	} else {
		b.Facts = []Fact{
			{"姓名", s.name(p)},
			s.maybe(p, "性别", sexName(p.Sex), "sex"),
			s.maybe(p, "民族", zh(statute.EthnicGroups, p.Ethnic), "ethnic"),
			s.maybe(p, "出生日期", s.birth(p), "birth"),
			s.maybe(p, "职业（职务）", p.Occupation, "occupation"),
			s.of(p, "公民身份号码", s.shown(p).IDNumber, "id_number"),
			s.of(p, "联系电话", s.shown(p).Phone, "phone"),
			s.of(p, "单位或住址", s.shown(p).Address, "address"),
		}
		if open := s.in.Served[p.ID]; p.IDMask != "" && open.IDNumber == "" || p.BirthMask != "" && open.Birth == "" {
			s.byHand("masked_id")
		}
	}
	b.Facts = append(b.Facts, s.behind(p)...)
	return b
}

func sexName(sex string) string {
	switch sex {
	case mediation.Male:
		return "男"
	case mediation.Female:
		return "女"
	}
	return ""
}

// birth is the birth date in full before the court, else its year.
func (s *sheet) birth(p *mediation.Party) string {
	if on, err := statute.ParseDate(s.in.Served[p.ID].Birth); err == nil {
		return day(on)
	}
	if p.BirthMask == "" {
		return ""
	}
	return p.BirthMask + "年"
}

// shown is how a party is told apart and reached, as the paper may show it: in the
// open before the court, else by its masks.
func (s *sheet) shown(p *mediation.Party) mediation.Served {
	v := s.in.Served[p.ID]
	v.IDNumber, v.Phone, v.Address = orElse(v.IDNumber, p.IDMask), orElse(v.Phone, p.PhoneMask), orElse(v.Address, p.AddressMask)
	return v
}

// behind are those who speak for a party or stand behind it.
func (s *sheet) behind(p *mediation.Party) []Fact {
	var list []Fact
	if p.Capacity == "minor" || p.Capacity == "limited" || p.GuardianName != "" {
		list = append(list, s.of(p, "法定代理人（监护人）", p.GuardianName, "guardian"))
	}
	if p.AgentName != "" {
		list = append(list, Fact{"委托代理人", p.AgentName + agentScope(p.AgentScope)})
	}
	if p.GroupSize > 1 {
		list = append(list, Fact{"代表人数", fmt.Sprintf("代表本方共%d人（户）", p.GroupSize)})
	}
	return list
}

func agentScope(scope string) string {
	switch scope {
	case "settle":
		return "（特别授权：可以承认、放弃、变更请求，进行和解）"
	case "general":
		return "（一般授权）"
	}
	return ""
}

// short is a party in one line, for registers and reports.
func (s *sheet) short(p *mediation.Party) string {
	notes := []string{}
	if p.Capacity != "" && p.Capacity != "adult" {
		notes = append(notes, capacity(p))
	}
	if p.GuardianName != "" {
		notes = append(notes, "监护人"+p.GuardianName)
	}
	if p.LegalRep != "" {
		notes = append(notes, "法定代表人"+p.LegalRep)
	}
	if p.AgentName != "" {
		notes = append(notes, "代理人"+p.AgentName)
	}
	if p.GroupSize > 1 {
		notes = append(notes, fmt.Sprintf("代表%d人（户）", p.GroupSize))
	}
	text := sideName(p.Side) + "：" + s.name(p)
	if len(notes) > 0 {
		text += bracketing(strings.Join(notes, "，"))
	}
	return text
}

// capacity is what a party is, in a word.
func capacity(p *mediation.Party) string {
	if p.Capacity == "group" {
		return "推选代表"
	}
	return zh(statute.PartyCapacity, p.Capacity)
}

// shorts are all parties, a line each.
func (s *sheet) shorts() string {
	var list []string
	for _, p := range active(s.c) {
		list = append(list, s.short(p))
	}
	return strings.Join(list, "\n")
}

// signer is where a party signs: with a fingerprint, an organisation with its
// seal (PML 29).
func (s *sheet) signer(p *mediation.Party) Place {
	place := Place{Role: sideName(p.Side) + "签名（盖章、指印）", Name: s.name(p), Finger: true}
	switch {
	case p.Capacity == "organisation":
		place.Role, place.Finger, place.Seal = sideName(p.Side)+"盖章及代表人签名", false, true
	case p.GuardianName != "":
		place.Name += "（法定代理人" + p.GuardianName + "）"
	case p.AgentName != "":
		place.Name += "（委托代理人" + p.AgentName + "）"
	}
	return place
}

// mediators are those who acted: the acting ones, or after closing those who
// acted to the end. The lead stands first.
func mediators(c *mediation.Case) []mediation.Assignment {
	var lead, others []mediation.Assignment
	for _, a := range c.Assignments {
		switch {
		case !a.EndedAt.IsZero() && a.EndedWhy != "closed":
		case a.Lead:
			lead = append(lead, a)
		default:
			others = append(others, a)
		}
	}
	return append(lead, others...)
}

func (s *sheet) mediatorName(a mediation.Assignment) string {
	if a.Name != "" {
		return a.Name
	}
	return s.in.Names[a.Mediator]
}

func (s *sheet) mediatorNames(list []mediation.Assignment) string {
	var names []string
	for _, a := range list {
		if name := s.mediatorName(a); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// mediatorPlaces are where the mediators sign.
func (s *sheet) mediatorPlaces(list []mediation.Assignment) []Place {
	var places []Place
	for _, a := range list {
		places = append(places, Place{Role: "人民调解员签名", Name: s.mediatorName(a)})
	}
	if len(places) == 0 {
		s.need("", Gap{What: "mediator"})
		places = append(places, Place{Role: "人民调解员签名"})
	}
	return places
}

// committeeSeal is the place where the committee puts its seal.
const committeeSeal = "人民调解委员会（印章）"

// seal is the committee's place with the day the paper bears.
func (s *sheet) seal(on statute.Date) Place {
	return Place{Role: committeeSeal, Name: s.in.Office.Committee, Seal: true, Day: knownDay(on)}
}

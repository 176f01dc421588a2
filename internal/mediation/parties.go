package mediation

import (
	"strings"

	"doorstep/internal/statute"
)

// PartyEntry names a further party, or completes one (rows 1, 5: a party joins
// as long as the dispute is open).
type PartyEntry struct {
	Party      PartyID `form:"party"` // "" adds a new one
	Side       Side    `form:"side"`
	Capacity   string  `form:"capacity"`
	Name       string  `form:"name"`
	GroupSize  int     `form:"group_size"`
	Guardian   string  `form:"guardian"`
	OwnIncome  bool    `form:"own_income"` // 16 or 17 and living on own work: of full capacity (CC 18)
	Agent      string  `form:"agent"`
	AgentScope string  `form:"agent_scope"`
	AgentPaper bool    `form:"agent_paper"` // the power of attorney (F19) is at hand

	AgentFrom  statute.Date `form:"agent_from"` // its term, as the paper names it
	AgentUntil statute.Date `form:"agent_until"`

	CreditCode string `form:"credit_code"`
	LegalRep   string `form:"legal_rep"`
	LegalPost  string `form:"legal_post"` // of the legal representative
	Phone      string `form:"phone"`
	IDNumber   string `form:"id_number"`
	Address    string `form:"address"`
	Account    string `form:"bank_account"` // digits, with spaces as they are printed

	Sex        string       `form:"sex"`    // Male, Female; "" where nobody said
	Ethnic     string       `form:"ethnic"` // code list "ethnic"
	Birth      statute.Date `form:"birth"`
	Occupation string       `form:"occupation"`

	Sensitive bool `form:"sensitive"` // the separate consent for sensitive data is given
}

// check marks what is wrong with the entry.
func (a PartyEntry) check(today statute.Date) Faults {
	f := Faults{}
	f.Require("name", a.Name)
	f.Limit("name", a.Name, MaxName)
	f.OneOf("side", string(a.Side), string(Applicant), string(Respondent), string(Third))
	f.Choice("capacity", a.Capacity, statute.PartyCapacity)
	for field, value := range map[string]string{"guardian": a.Guardian, "agent": a.Agent, "legal_rep": a.LegalRep, "credit_code": a.CreditCode} {
		f.Limit(field, value, MaxName)
	}
	f.Limit("address", a.Address, MaxLine)
	f.Account("bank_account", a.Account)
	if a.GroupSize < 0 || a.GroupSize > 10000 {
		f.Mark("group_size", "error.number")
	}
	if a.Capacity == "group" && a.GroupSize < 2 {
		f.Mark("group_size", "rule.group_needs_size")
	}
	if ward(a.Capacity) && strings.TrimSpace(a.Guardian) == "" {
		f.Mark("guardian", "rule.guardian_needed")
	}
	if a.Agent != "" {
		f.OneOf("agent_scope", a.AgentScope, "general", "settle")
		if !a.AgentPaper {
			f.Mark("agent_paper", "rule.power_of_attorney")
		}
		if !a.AgentUntil.IsZero() && a.AgentUntil.Before(a.AgentFrom) {
			f.Mark("agent_until", "rule.term_backwards")
		}
	}
	f.Phone("phone", a.Phone)
	f.IDNumber("id_number", a.IDNumber, today)
	a.checkPersonal(f, today)
	return f
}

func (a PartyEntry) write(p *Party) {
	p.Side, p.Capacity, p.Name, p.GroupSize = a.Side, a.Capacity, strings.TrimSpace(a.Name), max(1, a.GroupSize)
	p.GuardianName, p.AgentName, p.AgentScope = strings.TrimSpace(a.Guardian), strings.TrimSpace(a.Agent), a.AgentScope
	if p.AgentFrom, p.AgentUntil = a.AgentFrom, a.AgentUntil; p.AgentName == "" {
		p.AgentScope, p.AgentFrom, p.AgentUntil = "", statute.Date{}, statute.Date{}
	}
	p.CreditCode, p.LegalRep, p.LegalPost = strings.TrimSpace(a.CreditCode), strings.TrimSpace(a.LegalRep), strings.TrimSpace(a.LegalPost)
	p.Sex, p.Ethnic, p.Occupation = a.Sex, a.Ethnic, strings.TrimSpace(a.Occupation)
	p.Fresh = &Contactable{Phone: normalPhone(a.Phone), IDNumber: statute.PlainID(a.IDNumber),
		Address: strings.TrimSpace(a.Address), Account: strings.Join(strings.Fields(a.Account), ""), Birth: a.Birth}
}

// NewParty adds a party while the dispute is open.
type NewParty struct{ PartyEntry }

// Action is the act's word.
func (NewParty) Action() Action { return AddParty }

// Apply adds the party; it has not consented yet, so acceptance and sessions
// wait for its word.
func (a NewParty) Apply(c *Case, s *Scene) error {
	f := a.check(s.Today())
	a.complete(f, "", "")
	a.ofAge(f, s, "")
	a.consented(f, c, nil, s)
	if err := f.Err(); err != nil {
		return err
	}
	p := Party{LegalGround: "statutory_duty"}
	a.write(&p)
	if a.Sensitive {
		p.SensitiveAt = s.Now
	}
	id := c.addParty(s, p)
	s.About(ItemID(id))
	s.Code("side", string(a.Side))
	s.shut = c.strike(s, id)
	return nil
}

// PartyChange completes or corrects a party's particulars.
type PartyChange struct{ PartyEntry }

// Action is the act's word.
func (PartyChange) Action() Action { return UpdateParty }

// Apply keeps what was left blank among the sealed values: absent is not empty.
func (a PartyChange) Apply(c *Case, s *Scene) error {
	p := c.Party(a.Party)
	if p == nil {
		return &Error{Kind: NotFound, Key: "error.not_found"}
	}
	f := a.check(s.Today())
	a.complete(f, p.Sex, s.OnFile)
	a.ofAge(f, s, p.BirthMask)
	a.consented(f, c, p, s)
	if err := f.Err(); err != nil {
		return err
	}
	a.write(p)
	if a.Sensitive && p.SensitiveAt.IsZero() {
		p.SensitiveAt = s.Now
	}
	s.About(ItemID(p.ID))
	s.shut = c.strike(s, p.ID)
	return nil
}

// ward says whether somebody has to act for whoever has the capacity: a minor, or an
// adult without full capacity.
func ward(capacity string) bool { return capacity == "minor" || capacity == "limited" }

// spokenFor refuses what only a guardian can do for a party while the file names
// none. The other side is often registered before anybody knows him; by the time it
// consents, sits in a session or signs, the one whose word counts must be known.
//
// Source: CC 19 to 23.
func (p *Party) spokenFor() error {
	if ward(p.Capacity) && strings.TrimSpace(p.GuardianName) == "" {
		return refuse("guardian_first", "CC 19, 20, 21, 22, 23")
	}
	return nil
}

// agentOn says why the party's agent cannot act for it on a day: there is none with a
// power, or the power does not run; "" when he can.
//
// Source: CPL 62; CC 165, 173.
func (p *Party) agentOn(on statute.Date) string {
	switch {
	case p.AgentName == "":
		return "rule.power_of_attorney"
	case on.Before(p.AgentFrom) || !p.AgentUntil.IsZero() && on.After(p.AgentUntil):
		return "rule.agent_term"
	}
	return ""
}

// first is the first active party of a side; nil when there is none.
func (c *Case) first(side Side) *Party {
	for _, p := range c.Active() {
		if p.Side == side {
			return p
		}
	}
	return nil
}

func (c *Case) addParty(s *Scene, p Party) PartyID {
	p.ID, p.Seq, p.GroupSize = PartyID(s.NewID()), len(c.Parties)+1, max(1, p.GroupSize)
	if p.Fresh == nil {
		p.Fresh = &Contactable{}
	}
	c.Parties = append(c.Parties, p)
	return p.ID
}

// IdentityCheck records that somebody looked at a party's papers or called back
// (level 2).
type IdentityCheck struct {
	Party PartyID `form:"party"`
	How   string  `form:"how"` // desk, call_back, session
}

// Action is the act's word.
func (IdentityCheck) Action() Action { return CheckIdentity }

// Apply raises the party to level 2.
func (a IdentityCheck) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("how", a.How, "desk", "call_back", "session")
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	p.Identity, p.IdentityHow = LevelChecked, a.How
	s.About(ItemID(p.ID))
	s.Code("how", a.How)
	return nil
}

// partyField finds the party of a form, together with what is already marked.
func (c *Case) partyField(f Faults, id PartyID) (*Party, error) {
	p := c.Party(id)
	if p == nil || !p.LeftAt.IsZero() {
		f.Mark("party", "error.choice")
	}
	return p, f.Err()
}

// RightsGiven records that a party was told its rights and duties (F03), which
// must come before any session.
type RightsGiven struct {
	Party PartyID `form:"party"`
	How   string  `form:"how"` // signed, oral, online

	Privacy bool `form:"privacy"` // the notice on personal data was read or given as well (PIPL 17)
}

// Action is the act's word.
func (RightsGiven) Action() Action { return GiveRights }

// Apply notes when and how. Source: MOJ02 30.
func (a RightsGiven) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("how", a.How, "signed", "oral", "online")
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	p.RightsAt, p.RightsHow = s.Now, a.How
	if a.Privacy {
		p.informed(s)
	}
	s.About(ItemID(p.ID))
	s.Code("how", a.How)
	return nil
}

// Attached is a photo or paper laid to the case after the blob store took it.
type Attached struct {
	File File
}

// Action is the act's word.
func (Attached) Action() Action { return AttachFile }

// Apply lays the file to the side of the party that brought it, if there is room
// for it and its class is known; without one it is evidence.
func (a Attached) Apply(c *Case, s *Scene) error {
	file, me := a.File, c.actorParty(s.By)
	if me != nil && c.Handed() != nil { // nobody who decides would read it here
		return refuse("bring_it_there", "NB15 18")
	}
	if err := c.classed(&file, me); err != nil {
		return err
	}
	return c.lay(s, file)
}

// lay puts a file whose label was judged to the case, if there is room for it.
//
// Errors: Invalid with the field file.
func (c *Case) lay(s *Scene, file File) error {
	room := s.Quota.Room(c, s.Stored)
	if err := room.Take(file.Size); err != nil {
		return err
	}
	file.ID, file.By, file.At = s.item(), s.By.User, s.Now
	if me := c.actorParty(s.By); me != nil {
		file.Party, file.Side = me.ID, me.Side
	}
	c.Files = append(c.Files, file)
	s.Stored += file.Size // for another file of the same act
	s.Code("kind", file.Kind)
	s.Code("class", file.Class)
	return nil
}

// actorParty is the party the actor is, by account or by code; nil for staff.
func (c *Case) actorParty(a Actor) *Party {
	if a.Code != nil && a.Code.Case == c.ID {
		return c.Party(a.Code.Party)
	}
	for i := range c.Parties {
		if p := &c.Parties[i]; a.User != "" && p.User == a.User && p.LeftAt.IsZero() {
			return p
		}
	}
	return nil
}

// Shared opens one side's file to the other, with that side's consent.
type Shared struct {
	File    ItemID `form:"file"`
	Consent bool   `form:"consent"`
}

// Action is the act's word.
func (Shared) Action() Action { return ShareFile }

// Apply marks the file as shared. A party shares only its own side's, and a proof
// of identity is shared by nobody.
func (a Shared) Apply(c *Case, s *Scene) error {
	for i := range c.Files {
		file := &c.Files[i]
		if file.ID != a.File {
			continue
		}
		if p := c.actorParty(s.By); p != nil && p.Side != file.Side || file.Class == statute.ProofOfIdentity {
			break
		}
		if !a.Consent {
			return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"consent": "error.required"}}
		}
		file.Shared = true
		s.About(file.ID)
		return nil
	}
	return &Error{Kind: NotFound, Key: "error.not_found"}
}

// Corrected adds a later word to an earlier record; the record itself stays as
// it was read and signed.
type Corrected struct {
	Subject ItemID `form:"subject"`
	Text    string `form:"text"`
}

// Action is the act's word.
func (Corrected) Action() Action { return Correct }

// Apply stores the correction beside the record.
func (a Corrected) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("text", a.Text)
	f.Limit("text", a.Text, MaxStory)
	if !c.has(a.Subject) {
		f.Mark("subject", "error.choice")
	}
	if err := f.Err(); err != nil {
		return err
	}
	c.Corrections = append(c.Corrections, Correction{ID: ItemID(s.NewID()), Subject: a.Subject, Text: strings.TrimSpace(a.Text),
		By: s.By.User, At: s.Now})
	s.About(a.Subject)
	return nil
}

// has says whether a record that may be corrected is part of the case.
func (c *Case) has(id ItemID) bool {
	for _, v := range c.Sessions {
		if v.ID == id {
			return true
		}
	}
	for _, v := range c.Inquiries {
		if v.ID == id {
			return true
		}
	}
	for _, v := range c.FollowUps {
		if v.ID == id {
			return true
		}
	}
	return false
}

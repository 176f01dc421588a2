package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Contact is one try to reach a party.
type Contact struct {
	ID      ItemID    `json:"id"`
	Party   PartyID   `json:"party_id"`
	Means   string    `json:"means"`   // code list "means"
	Reached bool      `json:"reached"` // spoke to the person
	Note    string    `json:"note"`
	By      UserID    `json:"by_user,omitzero"`
	At      time.Time `json:"at"`
}

// Question asks the other side whether it is willing (row 7). The first try is
// logged with it.
type Question struct{ ContactMade }

// Action is the act's word.
func (Question) Action() Action { return AskOtherSide }

// Apply needs the risk screen first: a call to the other side can put somebody
// in danger (decision 9).
func (a Question) Apply(c *Case, s *Scene) error {
	if !c.RiskScreened {
		return refuse("risk_screen", "PML 25")
	}
	if c.first(Respondent) == nil {
		return refuse("respondent_needed", "PML 17")
	}
	return a.ContactMade.Apply(c, s)
}

// ContactMade logs one try to reach a party, by which means and whether it
// succeeded.
type ContactMade struct {
	Party   PartyID `form:"party"`
	Means   string  `form:"means"`
	Reached bool    `form:"reached"`
	Note    string  `form:"note"`
}

// Action is the act's word.
func (ContactMade) Action() Action { return LogContact }

// Apply adds the line to the contact log.
func (a ContactMade) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("means", a.Means, statute.ContactMeans)
	f.Limit("note", a.Note, MaxStory)
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	c.Contacts = append(c.Contacts, Contact{ID: s.item(), Party: p.ID, Means: a.Means, Reached: a.Reached,
		Note: strings.TrimSpace(a.Note), By: s.By.User, At: s.Now})
	s.Code("means", a.Means)
	return nil
}

// Answer is a party's word on whether it is willing to mediate.
type Answer struct {
	Party  PartyID `form:"party"`
	How    string  `form:"how"` // in person, phone, online, letter: code list "means"
	Reason string  `form:"reason"`
}

// Willing is a yes (row 11), the first one or one that takes a no back. It
// accepts nothing by itself: acceptance is the chair's act.
type Willing struct{ Answer }

// Action is the act's word.
func (Willing) Action() Action { return GiveConsent }

// Apply notes the consent of that party.
func (a Willing) Apply(c *Case, s *Scene) error { return a.answer(c, s, "yes") }

// Unwilling is a no (row 10). One clear no ends the matter, which the chair
// then puts in due form (PML 17, 23).
type Unwilling struct{ Answer }

// Action is the act's word.
func (Unwilling) Action() Action { return Decline }

// Apply notes the refusal of that party.
func (a Unwilling) Apply(c *Case, s *Scene) error { return a.answer(c, s, "no") }

func (a Answer) answer(c *Case, s *Scene, word string) error {
	f := Faults{}
	if p := c.actorParty(s.By); p != nil { // a party answers for itself only
		a.Party, a.How = p.ID, "online"
	}
	f.Choice("how", a.How, statute.ContactMeans)
	f.Limit("reason", a.Reason, MaxStory)
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	if c.actorParty(s.By) != nil { // the page he answers on shows the notice
		p.informed(s)
	}
	if word == "yes" {
		if err := p.spokenFor(); err != nil {
			return err
		}
	}
	p.Consent, p.ConsentAt, p.ConsentHow = word, s.Now, a.How
	c.Contacts = append(c.Contacts, Contact{ID: s.item(), Party: p.ID, Means: a.How, Reached: true,
		Note: strings.TrimSpace(a.Reason), By: s.By.User, At: s.Now})
	s.About(ItemID(p.ID))
	s.Code("side", string(p.Side))
	return nil
}

// refusedBy is the party that said no and did not take it back; nil without one.
func (c *Case) refusedBy() *Party {
	for _, p := range c.Active() {
		if p.Consent == "no" {
			return p
		}
	}
	return nil
}

// willing stops whatever carries mediation on once a party has said no, until
// that party takes it back (PML 17, 23).
func (c *Case) willing() error {
	if c.refusedBy() != nil {
		return refuse("refused_by_party", "PML 17, 23")
	}
	return nil
}

// allConsent says whether every party has logged its consent.
func (c *Case) allConsent() bool {
	for _, p := range c.Active() {
		if p.Consent != "yes" {
			return false
		}
	}
	return true
}

// tries counts the logged attempts to reach a party.
func (c *Case) tries(id PartyID) int {
	n := 0
	for _, k := range c.Contacts {
		if k.Party == id && !k.Reached {
			n++
		}
	}
	return n
}

// silent says whether some party could not be reached in as many logged tries
// as the committee's limit asks for.
func (c *Case) silent(limit int) bool {
	for _, p := range c.Active() {
		if p.Side != Applicant && c.tries(p.ID) >= limit {
			return true
		}
	}
	return false
}

// Acceptance is the chair's act that makes the matter a case (row 11). It
// draws the case number and starts the mediation period.
type Acceptance struct {
	Note string `form:"note"`
}

// Action is the act's word.
func (Acceptance) Action() Action { return Accept }

// Apply needs the consent of every party (PML 17).
func (a Acceptance) Apply(c *Case, s *Scene) error {
	if err := c.willing(); err != nil {
		return err
	}
	if !c.allConsent() {
		return refuse("consent_missing", "PML 17")
	}
	return c.accept(s)
}

func (c *Case) accept(s *Scene) error {
	number, err := s.Draw("case")
	if err != nil {
		return err
	}
	c.Number, c.AcceptedAt, c.OutcomeText = number, s.Now, ""
	return nil
}

// Refusal is the chair's non-acceptance (rows 8, 10) with its ground and the
// other lawful ways told.
type Refusal struct {
	Ground string `form:"ground"` // NA01 ... NA99
	Reason string `form:"reason"`
	Told   bool   `form:"told"` // the other ways were told to the applicant (PML 26)
}

// Action is the act's word.
func (Refusal) Action() Action { return Refuse }

// Apply needs, for NA04, a logged no or as many logged tries as the office asks;
// for NA06 that the papers were asked for.
func (a Refusal) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("ground", a.Ground, statute.NonAcceptance)
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if !a.Told {
		f.Mark("told", "rule.remedies_told")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.Stage == ConsentPending && len(c.Contacts) == 0 {
		return refuse("contact_first", "PML 17")
	}
	if a.Ground == "NA06" && !c.askedToSupplement() {
		return refuse("supplement_first", "NJMED")
	}
	if a.Ground == "NA04" && c.refusedBy() == nil && !c.silent(s.Office.Contacts) {
		return refuse("contact_first", "PML 17")
	}
	if (a.Ground == "NA01" || a.Ground == "NA02" || a.Ground == "NA03") && c.Stage == ConsentPending {
		s.Code("late_ground", "yes")
	}
	c.OutcomeCode, c.OutcomeText = a.Ground, strings.TrimSpace(a.Reason)
	c.tellRemedies(a.Ground)
	c.endClock(s, statute.D01Acceptance, "")
	c.endClock(s, statute.D05OtherSide, "")
	c.endClock(s, statute.D02CourtReply, "")
	s.Code("ground", a.Ground)
	return nil
}

// askedToSupplement says whether the applicant was ever asked for what is missing.
func (c *Case) askedToSupplement() bool {
	return slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Kind == statute.D03Supplement })
}

// tellRemedies keeps which other lawful routes were named (PML 26): never none.
func (c *Case) tellRemedies(code string) {
	c.Remedies = []string{}
	for _, r := range statute.RemediesFor(code, c.Type) {
		c.Remedies = append(c.Remedies, r.Code)
	}
}

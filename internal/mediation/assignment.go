package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Assignment ties a mediator to a case for a time; ended ones stay as history.
type Assignment struct {
	ID        ItemID    `json:"id"`
	Mediator  UserID    `json:"mediator_id"`
	Name      string    `json:"name"`
	Lead      bool      `json:"lead"`
	ChosenBy  string    `json:"chosen_by"` // "committee" or "parties" (PML 19)
	Relation  string    `json:"relation"`  // declared; "none" is a declaration too
	Guided    bool      `json:"court_guided"`
	Accepted  []string  `json:"accepted_by"` // parties that accepted him in so many words
	Verdict   Verdict   `json:"verdict"`     // of the check when he was assigned or a party came; "" from before there was one
	Findings  []Finding `json:"findings"`
	StartedAt time.Time `json:"started_at"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	EndedWhy  string    `json:"ended_why"`
	By        UserID    `json:"assigned_by,omitzero"` // who assigned him; "" where he took it himself, and from before it was kept
}

// Interest is a declared or found relation between a person of the office and
// the case. It shuts the file to him unless all parties waived it.
type Interest struct {
	ID       ItemID    `json:"id"`
	User     UserID    `json:"user_id"`
	Relation string    `json:"relation"`
	Fact     Fact      `json:"fact"`              // what the check found; "" when he declared it
	Party    PartyID   `json:"party_id,omitzero"` // to whom; "" when he declared it of the case
	At       time.Time `json:"at"`
	WaivedAt time.Time `json:"waived_at,omitzero"`
	WaivedBy []string  `json:"waived_by"` // the parties that signed
}

// Helper is somebody invited to take part with the parties' consent (PML 20):
// a legal-literate resident, an elder, counsel, an expert. Who has no account takes
// part by name: a relative, a neighbour, a doctor from outside.
type Helper struct {
	ID      ItemID    `json:"id"`
	User    UserID    `json:"user_id,omitzero"`
	Name    string    `json:"name"`
	As      string    `json:"as_what"`
	At      time.Time `json:"at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// Choice is the parties' own wish for a mediator, before the chair assigns
// (row 13, PML 19).
type Choice struct {
	Mediator UserID `form:"mediator"`
}

// Action is the act's word.
func (Choice) Action() Action { return ChooseMediator }

// MediatorsNamed lets the desk look the mediator up.
func (a Choice) MediatorsNamed() []UserID { return []UserID{a.Mediator} }

// Apply records the wish; the chair's assignment makes it binding.
func (a Choice) Apply(c *Case, s *Scene) error {
	if err := c.fit(a.Mediator, "mediator", s); err != nil {
		return err
	}
	if VerdictOf(c.uncovered(a.Mediator, s.Findings[a.Mediator])) == VerdictBlock { // which tie it is, is not the parties' to read
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"mediator": "rule.mediator_conflict"}, Source: "INV16 15"}
	}
	s.About(ItemID(a.Mediator))
	return nil
}

// fit says whether a person may mediate this case.
func (c *Case) fit(id UserID, field string, s *Scene) error {
	m, known := s.Mediators[id]
	key := "rule.mediator_unknown"
	if known {
		key = c.Unfit(m, s.Today())
	}
	if key == "" {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{field: key}, Source: "PML 13, 14; INV16 15"}
}

// Unfit is the key of what keeps a person from mediating this case, whatever the
// check of ties finds: he must be registered, active, with room, and without an
// unwaived conflict. "" when nothing does.
func (c *Case) Unfit(m Mediator, today statute.Date) string {
	switch {
	case m.Committee != c.Committee:
		return "rule.mediator_unknown"
	case !m.Registered:
		return "rule.mediator_unregistered"
	case !m.Active || (!m.TermEnd.IsZero() && m.TermEnd.Before(today)):
		return "rule.mediator_inactive"
	case m.MaxCases > 0 && m.OpenCases >= m.MaxCases:
		return "rule.mediator_full"
	case c.conflicted(m.User):
		return "rule.mediator_conflict"
	}
	return ""
}

// conflicted says whether the person is a party or has an unwaived interest.
func (c *Case) conflicted(id UserID) bool {
	row := c.Row()
	return slices.Contains(row.Conflicted, id) || slices.Contains(row.Parties, id)
}

// Appointment is the chair's assignment (row 13): the track, the lead, a second
// mediator where the grade asks for two, and each one's declaration.
type Appointment struct {
	Track          Track  `form:"track"`
	Lead           UserID `form:"lead"`
	Second         UserID `form:"second"`
	ChosenBy       string `form:"chosen_by"`
	LeadRelation   string `form:"lead_relation"`
	SecondRelation string `form:"second_relation"`
	CourtGuided    bool   `form:"court_guided"` // C0: a judge advises or attends

	Disclosed bool      `form:"disclosed"` // the parties were told of what the check found (ONL22 13)
	WaivedBy  []PartyID `form:"waived_by"` // parties that signed the waiver (F07; INV16 15)
}

// Action is the act's word.
func (Appointment) Action() Action { return Assign }

// MediatorsNamed lets the desk look the mediators up.
func (a Appointment) MediatorsNamed() []UserID { return []UserID{a.Lead, a.Second} }

// Apply needs a registered, active mediator with room whose declaration is
// empty and against whom the check finds nothing, or whom all parties accept
// knowing of it (PML 13, 14, 19; INV16 13, 15). Grades L3 and L4 need two. A
// hearing on circuit (C3) is the judge's: nobody of the committee is assigned.
func (a Appointment) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("track", string(a.Track), string(TrackPartyMember), string(TrackLegalAdvisor))
	f.OneOf("chosen_by", a.ChosenBy, "committee", "parties")
	f.Choice("lead_relation", a.LeadRelation, statute.Relations)
	if a.Lead == "" {
		f.Mark("lead", "error.required")
	}
	if a.Second != "" {
		f.Choice("second_relation", a.SecondRelation, statute.Relations)
	}
	if a.Second == a.Lead && a.Lead != "" {
		f.Mark("second", "rule.two_mediators_differ")
	}
	if a.Second == "" && (c.Grade == "L3" || c.Grade == "L4") {
		f.Mark("second", "rule.second_mediator")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.CourtMode == statute.C3 {
		return refuse("court_hears_it", "INV16 20")
	}
	if err := c.willing(); err != nil {
		return err
	}
	if err := c.inTime(); err != nil {
		return err
	}
	if err := c.appoint(s, a.proposed(a.Lead, "lead", a.LeadRelation), a); err != nil {
		return err
	}
	if a.Second != "" {
		if err := c.appoint(s, a.proposed(a.Second, "second", a.SecondRelation), a); err != nil {
			return err
		}
	}
	c.Track = a.Track
	s.About(c.Lead().ID)
	c.checkedAll(s)
	s.Code("track", string(a.Track))
	s.Code("chosen_by", a.ChosenBy)
	return nil
}

func (a Appointment) proposed(id UserID, field, relation string) proposed {
	return proposed{id: id, field: field, relationField: field + "_relation", relation: relation, waivedBy: a.WaivedBy, disclosed: a.Disclosed}
}

func (c *Case) appoint(s *Scene, m proposed, a Appointment) error {
	if err := c.fit(m.id, m.field, s); err != nil {
		return err
	}
	verdict, found, err := c.vetted(s, m)
	if err != nil {
		return err
	}
	c.Assignments = append(c.Assignments, Assignment{ID: ItemID(s.NewID()), Mediator: m.id, Name: s.Mediators[m.id].Name, Lead: m.id == a.Lead, By: s.By.User,
		ChosenBy: a.ChosenBy, Relation: m.relation, Guided: a.CourtGuided, Accepted: []string{}, Verdict: verdict, Findings: listed(found), StartedAt: s.Now})
	return nil
}

// listed is a list that is never nil: an empty one is stored as such.
func listed[T any](list []T) []T { return append([]T{}, list...) }

// Trust is a party's own word that it accepts the mediator (PML 23).
type Trust struct {
	Party PartyID `form:"party"`
}

// Action is the act's word.
func (Trust) Action() Action { return AcceptMediator }

// Apply notes the acceptance at the lead's assignment.
func (a Trust) Apply(c *Case, s *Scene) error {
	if p := c.actorParty(s.By); p != nil {
		a.Party = p.ID
	}
	p, err := c.partyField(Faults{}, a.Party)
	if err != nil {
		return err
	}
	lead := c.Lead()
	if !slices.Contains(lead.Accepted, string(p.ID)) {
		lead.Accepted = append(slices.Clone(lead.Accepted), string(p.ID))
	}
	s.About(lead.ID)
	s.Code("side", string(p.Side))
	return nil
}

// Invitation asks somebody to take part with the consent of all parties
// (PML 20): somebody of the office's list, or anybody else by name.
type Invitation struct {
	User    UserID `form:"user"`
	Name    string `form:"name"` // of who is not on the list
	As      string `form:"as"`
	Consent bool   `form:"consent"`
}

// Invites is implemented by acts that invite somebody of the office's list, so that
// the desk looks up who that is.
type Invites interface{ Invited() UserID }

// Invited is whom the act names of the list; "" for somebody from outside.
func (a Invitation) Invited() UserID { return a.User }

// Action is the act's word.
func (Invitation) Action() Action { return InviteHelper }

// Apply needs the parties' consent and a name: the record lists who else took part,
// and he signs it (F10).
func (a Invitation) Apply(c *Case, s *Scene) error {
	f := Faults{}
	name := strings.TrimSpace(a.Name)
	switch {
	case a.User != "" && s.Invited == "":
		f.Mark("user", "error.choice")
	case a.User != "":
		name = orElse(name, s.Invited)
	default:
		f.Require("name", name)
	}
	f.Limit("name", name, MaxName)
	f.OneOf("as", a.As, "legal_literate", "elder", "counsel", "expert", "relative")
	if !a.Consent {
		f.Mark("consent", "rule.parties_consent")
	}
	if a.User != "" && c.conflicted(a.User) {
		f.Mark("user", "rule.mediator_conflict")
	}
	if err := f.Err(); err != nil {
		return err
	}
	c.Helpers = append(c.Helpers, Helper{ID: s.item(), User: a.User, Name: name, As: a.As, At: s.Now})
	s.Code("as", a.As)
	return nil
}

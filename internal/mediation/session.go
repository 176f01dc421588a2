package mediation

import (
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Session is one meeting, from its notice to its record (F08, F10). Facts both
// sides confirmed stand apart from what was said to reach a settlement, since
// concessions may not be used later (INV16 22; CPLI 107).
type Session struct {
	ID          ItemID       `json:"id"`
	Seq         int          `json:"seq"`
	At          time.Time    `json:"at"` // planned
	Place       string       `json:"place"`
	Mode        string       `json:"mode"` // joint or caucus
	Bring       string       `json:"bring"`
	Doors       string       `json:"doors"`        // as planned: code list "session_doors"; "" in one of before this was asked
	OpenedDoors string       `json:"opened_doors"` // as it was opened; "" before
	State       string       `json:"state"`        // planned, open, recorded, cancelled
	OpenedAt    time.Time    `json:"opened_at,omitzero"`
	Attendance  []Attendance `json:"attendance"`
	Statements  []Statement  `json:"statements"`
	Confirmed   string       `json:"confirmed_facts"`
	Negotiation string       `json:"negotiation_notes"` // mediator's; never shown to parties
	Result      string       `json:"result"`            // settled, partly, continues, no_agreement
	ReadBack    bool         `json:"read_back"`         // read by or to the parties before signing
	Introduced  bool         `json:"introduced"`        // who the mediator is was told, and taken (PML 23)
	RisksTold   bool         `json:"risks_told"`        // what untrue words and a broken agreement may bring was told (REC)
	Recorder    string       `json:"recorder"`
	RecordedBy  UserID       `json:"recorded_by,omitzero"`
	RecordedAt  time.Time    `json:"recorded_at,omitzero"`
}

// Attendance is one party at one session.
type Attendance struct {
	Party    PartyID `json:"party_id" form:"party"`
	Present  bool    `json:"present" form:"present"`
	ByAgent  bool    `json:"by_agent" form:"by_agent"`
	Identity bool    `json:"identity" form:"identity"` // papers were looked at
	Rights   string  `json:"rights" form:"rights"`     // "", signed, oral: told at this session
}

// Statement is what one side said, in its own words.
type Statement struct {
	Party PartyID `json:"party_id" form:"party"`
	Text  string  `json:"text" form:"text"`
}

// CaucusNote is a talk with one side alone. Only its author reads it; the words
// are sealed and reach the rules only while being written.
type CaucusNote struct {
	ID    ItemID    `json:"id"`
	Party PartyID   `json:"party_id"`
	By    UserID    `json:"by_user,omitzero"`
	At    time.Time `json:"at"`
	Text  string    `json:"-"`
}

// Extension is the parties' written agreement to go on (F13).
type Extension struct {
	ID     ItemID       `json:"id"`
	Until  statute.Date `json:"until_day"`
	Reason string       `json:"reason"`
	By     UserID       `json:"by_user,omitzero"`
	At     time.Time    `json:"at"`
}

// Meeting is the plan of a session: when, where and how.
type Meeting struct {
	At    time.Time `form:"at"`
	Place string    `form:"place"`
	Mode  string    `form:"mode"`
	Bring string    `form:"bring"`
	Doors
}

func (a Meeting) plan(c *Case, s *Scene) error {
	f := Faults{}
	switch {
	case a.At.IsZero():
		f.Mark("at", "error.required")
	case a.At.Before(s.Now.Add(-time.Hour)):
		f.Mark("at", "rule.in_the_past")
	}
	f.Require("place", a.Place)
	f.Limit("place", a.Place, MaxLine)
	f.Limit("bring", a.Bring, MaxLine)
	f.Choice("mode", a.Mode, statute.SessionModes)
	if a.Mode == "joint" && c.Hold {
		f.Mark("mode", "rule.no_joint_session")
	}
	doors := a.weigh(c, a.Mode, f)
	if err := f.Err(); err != nil {
		return err
	}
	if err := c.willing(); err != nil {
		return err
	}
	if err := c.inTime(); err != nil {
		return err
	}
	c.Sessions = append(c.Sessions, Session{ID: s.item(), Seq: len(c.Sessions) + 1, At: a.At, Place: strings.TrimSpace(a.Place),
		Mode: a.Mode, Bring: strings.TrimSpace(a.Bring), Doors: doors, State: "planned", Attendance: []Attendance{}, Statements: []Statement{}})
	c.unpause(s, statute.D06Mediation) // also when a new mediator plans after a suspension
	s.Code("mode", a.Mode)
	s.Code("doors", doors)
	return nil
}

// Scheduling plans the first session (row 16); every party gets its notice.
type Scheduling struct{ Meeting }

// Action is the act's word.
func (Scheduling) Action() Action { return Schedule }

// Apply plans the session. A case on hold gets no joint one (section 4.4).
func (a Scheduling) Apply(c *Case, s *Scene) error { return a.plan(c, s) }

// Resumption plans the next session after an adjournment (row 19).
type Resumption struct{ Meeting }

// Action is the act's word.
func (Resumption) Action() Action { return Resume }

// Apply plans the session; a suspended period runs on.
func (a Resumption) Apply(c *Case, s *Scene) error { return a.plan(c, s) }

// Opening begins a session (row 17) with who came, whose identity was checked
// and who was told the rights, and whether others may listen.
type Opening struct {
	Attendance []Attendance `form:"attendance"`
	Doors
}

// Action is the act's word.
func (Opening) Action() Action { return OpenSession }

// Apply needs, for each party present, its consent (PML 17), a rights notice
// (MOJ02 30) and a checked identity; an agent needs his power of attorney; a joint session needs two
// sides.
func (a Opening) Apply(c *Case, s *Scene) error {
	session := c.planned()
	if session == nil {
		return refuse("no_session_planned", "PML 21")
	}
	if err := c.willing(); err != nil {
		return err
	}
	if err := c.inTime(); err != nil {
		return err
	}
	sides := map[Side]bool{}
	for _, at := range a.Attendance {
		p := c.Party(at.Party)
		if p == nil {
			return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"attendance": "error.choice"}}
		}
		if !at.Present {
			continue
		}
		if err := c.admit(p, at, s); err != nil {
			return err
		}
		sides[p.Side] = true
	}
	if len(sides) == 0 {
		return refuse("nobody_present", "PML 22")
	}
	if session.Mode == "joint" && (len(sides) < 2 || c.Hold) {
		return refuse("joint_needs_two_sides", "PML 22")
	}
	f := Faults{}
	doors := a.weigh(c, session.Mode, f)
	if err := f.Err(); err != nil {
		return err
	}
	session.State, session.OpenedAt, session.Attendance, session.OpenedDoors = "open", s.Now, a.Attendance, doors
	s.About(session.ID)
	s.Code("mode", session.Mode)
	s.Code("doors", doors)
	return nil
}

func (c *Case) admit(p *Party, at Attendance, s *Scene) error {
	if p.Consent != "yes" {
		return refuse("consent_missing", "PML 17")
	}
	if err := p.spokenFor(); err != nil {
		return err
	}
	if at.Rights == "signed" || at.Rights == "oral" {
		p.RightsAt, p.RightsHow = s.Now, at.Rights
	}
	if p.RightsAt.IsZero() {
		return refuse("rights_notice_first", "MOJ02 30")
	}
	if at.Identity {
		p.Identity, p.IdentityHow = LevelChecked, "session"
	}
	if p.Identity < LevelChecked {
		return refuse("identity_first", "PML 24")
	}
	if !at.ByAgent {
		return nil
	}
	switch p.agentOn(s.Today()) {
	case "rule.power_of_attorney":
		return refuse("power_of_attorney", "CPL 62")
	case "rule.agent_term":
		return refuse("agent_term", "CC 165, 173")
	}
	return nil
}

// planned is the session that waits to be opened; nil without one.
func (c *Case) planned() *Session {
	for i := range c.Sessions {
		if c.Sessions[i].State == "planned" {
			return &c.Sessions[i]
		}
	}
	return nil
}

// Report is the record of a session (F10): what each side said, what both
// confirmed, what was bargained, and how it ended.
type Report struct {
	Statements  []Statement `form:"statements"`
	Confirmed   string      `form:"confirmed"`
	Negotiation string      `form:"negotiation"`
	Result      string      `form:"result"`
	Introduced  bool        `form:"introduced"`
	RisksTold   bool        `form:"risks_told"`
	ReadBack    bool        `form:"read_back"`
	Recorder    string      `form:"recorder"`
}

// Action is the act's word.
func (Report) Action() Action { return LogSession }

// Apply completes the open session's record. Records must be read by or to the
// parties before they sign. What was told at the beginning is noted if it was; where
// it was not noted the paper is ticked by hand.
func (a Report) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("result", a.Result, "settled", "partly", "continues", "no_agreement")
	f.Limit("confirmed", a.Confirmed, MaxStory)
	f.Limit("negotiation", a.Negotiation, MaxStory)
	f.Limit("recorder", a.Recorder, MaxName)
	if !a.ReadBack {
		f.Mark("read_back", "rule.read_back")
	}
	said := false
	for _, st := range a.Statements {
		f.Limit("statements", st.Text, MaxStory)
		said = said || strings.TrimSpace(st.Text) != ""
		if c.Party(st.Party) == nil {
			f.Mark("statements", "error.choice")
		}
	}
	if !said {
		f.Mark("statements", "rule.statements_needed")
	}
	if err := f.Err(); err != nil {
		return err
	}
	session := c.opened()
	if session == nil {
		return refuse("no_session_open", "PML 27")
	}
	session.State, session.Statements, session.Confirmed = "recorded", a.Statements, strings.TrimSpace(a.Confirmed)
	session.Negotiation, session.Result, session.ReadBack = strings.TrimSpace(a.Negotiation), a.Result, a.ReadBack
	session.Introduced, session.RisksTold = a.Introduced, a.RisksTold
	session.Recorder, session.RecordedBy, session.RecordedAt = strings.TrimSpace(a.Recorder), s.By.User, s.Now
	c.proposeGrade()
	s.About(session.ID)
	s.Code("result", a.Result)
	return nil
}

// breakOff cancels what was planned or begun when the case leaves the stages of
// the talks: another mediator plans anew, and an ended case has no next session.
func (c *Case) breakOff() {
	switch c.Stage {
	case Scheduled, InMediation, RecusalReview, Escalated:
		return
	}
	for i := range c.Sessions {
		if v := &c.Sessions[i]; v.State == "planned" || v.State == "open" {
			v.State = "cancelled"
		}
	}
}

func (c *Case) opened() *Session {
	for i := range c.Sessions {
		if c.Sessions[i].State == "open" {
			return &c.Sessions[i]
		}
	}
	return nil
}

// Caucus writes down a talk with one side. Nobody but the author reads it.
type Caucus struct {
	Party PartyID `form:"party"`
	Text  string  `form:"text"`
}

// Action is the act's word.
func (Caucus) Action() Action { return NoteCaucus }

// Apply keeps the note; its words are sealed when saved.
func (a Caucus) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("text", a.Text)
	f.Limit("text", a.Text, MaxStory)
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	c.Caucuses = append(c.Caucuses, CaucusNote{ID: s.item(), Party: p.ID, By: s.By.User, At: s.Now, Text: strings.TrimSpace(a.Text)})
	return nil
}

// Adjournment puts a session off (row 18). The period D-06 runs on unless an
// appraisal is running (ONL22 26) or the parties agreed to suspend.
type Adjournment struct {
	Reason    string       `form:"reason"` // ill, appraisal, new_party, other_procedure, request, continues
	Note      string       `form:"note"`
	Until     statute.Date `form:"until"`
	Condition string       `form:"condition"`
	Suspend   bool         `form:"suspend"` // the parties agreed that the period stands still
}

// Action is the act's word.
func (Adjournment) Action() Action { return Adjourn }

// Apply needs a reason and either a next date or the condition to wait for.
func (a Adjournment) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("reason", a.Reason, "ill", "appraisal", "new_party", "other_procedure", "request", "continues")
	f.Limit("note", a.Note, MaxStory)
	f.Limit("condition", a.Condition, MaxLine)
	if a.Until.IsZero() && strings.TrimSpace(a.Condition) == "" {
		f.Mark("until", "rule.date_or_condition")
	}
	if !a.Until.IsZero() && a.Until.Before(s.Today()) {
		f.Mark("until", "rule.in_the_past")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if open := c.opened(); open != nil {
		return refuse("record_first", "PML 27")
	}
	if plan := c.planned(); plan != nil {
		plan.State = "cancelled"
	}
	if a.Reason == "appraisal" || a.Suspend {
		c.pause(s, statute.D06Mediation)
	}
	c.OutcomeText = strings.TrimSpace(orElse(a.Note, a.Condition))
	s.Code("reason", a.Reason)
	s.Code("until", a.Until.String())
	return nil
}

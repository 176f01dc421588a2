package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Recusal is a request that a mediator step back, with its decision.
type Recusal struct {
	ID        ItemID    `json:"id"`
	Mediator  UserID    `json:"mediator_id"`
	Party     PartyID   `json:"party_id,omitzero"` // who asked; "" when the mediator declared it
	Relation  string    `json:"relation"`
	Reason    string    `json:"reason"`
	AskedAt   time.Time `json:"asked_at"`
	AskedBy   UserID    `json:"asked_by,omitzero"`
	State     string    `json:"state"`     // open, replaced, rejected, waived
	WaivedBy  []string  `json:"waived_by"` // the parties that signed the waiver (F07)
	Decision  string    `json:"decision"`
	DecidedBy UserID    `json:"decided_by,omitzero"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
}

// RecusalAsked is a party's request for another mediator (row 14; INV16 15,
// SZ22 23, PML 23: each party may choose or accept the mediator).
type RecusalAsked struct {
	Party    PartyID `form:"party"`    // whose request staff write down; a party answers for himself
	Mediator UserID  `form:"mediator"` // "" is the lead
	Relation string  `form:"relation"`
	Reason   string  `form:"reason"`
}

// Action is the act's word.
func (RecusalAsked) Action() Action { return AskRecusal }

// Apply opens the review; until it is decided nothing else goes on.
func (a RecusalAsked) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("relation", a.Relation, statute.Relations)
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if a.Mediator == "" && c.Lead() != nil {
		a.Mediator = c.Lead().Mediator
	}
	if c.acting(a.Mediator) == nil {
		f.Mark("mediator", "error.choice")
	}
	if p := c.actorParty(s.By); p != nil {
		a.Party = p.ID
	}
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	c.Recusals = append(c.Recusals, Recusal{ID: s.item(), Mediator: a.Mediator, Party: p.ID, Relation: a.Relation,
		Reason: strings.TrimSpace(a.Reason), AskedAt: s.Now, AskedBy: s.By.User, State: "open", WaivedBy: []string{}})
	s.Code("relation", a.Relation)
	s.Code("side", string(p.Side))
	return nil
}

// ConflictDeclared is a mediator's own word that he should step back (row 14).
// It shuts the file to him at once (ONL22 13).
type ConflictDeclared struct {
	Relation string `form:"relation"`
	Reason   string `form:"reason"`
}

// Action is the act's word.
func (ConflictDeclared) Action() Action { return DeclareConflict }

// Apply records the interest and opens the review.
func (a ConflictDeclared) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("relation", a.Relation, statute.Relations)
	if a.Relation == "none" {
		f.Mark("relation", "rule.relation_needed")
	}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	if c.acting(s.By.User) == nil {
		return refuse("not_acting", "INV16 15")
	}
	c.Conflicts = append(c.Conflicts, Interest{ID: ItemID(s.NewID()), User: s.By.User, Relation: a.Relation, At: s.Now, WaivedBy: []string{}})
	c.Recusals = append(c.Recusals, Recusal{ID: s.item(), Mediator: s.By.User, Relation: a.Relation, Reason: strings.TrimSpace(a.Reason),
		AskedAt: s.Now, AskedBy: s.By.User, State: "open", WaivedBy: []string{}})
	s.Code("relation", a.Relation)
	return nil
}

// acting is the running assignment of a mediator; nil when he has none.
func (c *Case) acting(id UserID) *Assignment {
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.Mediator == id && id != "" && a.EndedAt.IsZero() {
			return a
		}
	}
	return nil
}

// Recusal is the open request; nil when there is none.
func (c *Case) openRecusal() *Recusal {
	for i := range c.Recusals {
		if c.Recusals[i].State == "open" {
			return &c.Recusals[i]
		}
	}
	return nil
}

// decideRecusal closes the open request. Nobody decides his own matter: not the
// mediator in question, not a party that asked. Who merely wrote a party's
// request down has none, so that the only chair of a small office can decide.
func (c *Case) decideRecusal(s *Scene, state, decision string) (*Recusal, error) {
	f := Faults{}
	f.Require("decision", decision)
	f.Limit("decision", decision, MaxStory)
	if err := f.Err(); err != nil {
		return nil, err
	}
	r := c.openRecusal()
	if r == nil {
		return nil, refuse("no_recusal", "INV16 15")
	}
	asker := c.Party(r.Party)
	if r.Mediator == s.By.User || (asker != nil && asker.User != "" && asker.User == s.By.User) {
		return nil, refuse("own_recusal", "INV16 15")
	}
	r.State, r.Decision, r.DecidedBy, r.DecidedAt = state, strings.TrimSpace(decision), s.By.User, s.Now
	s.About(r.ID)
	return r, nil
}

// Replacement grants the request: the mediator leaves, the case waits for
// another (row 15; the default).
type Replacement struct {
	Decision string `form:"decision"`
}

// Action is the act's word.
func (Replacement) Action() Action { return ReplaceMediator }

// Apply ends the assignment; a replaced lead takes the second mediator's place
// in the history with him, since the chair appoints anew. A confirmed relation
// shuts the file to the one who left.
func (a Replacement) Apply(c *Case, s *Scene) error {
	r, err := c.decideRecusal(s, "replaced", a.Decision)
	if err != nil {
		return err
	}
	c.endAssignments(s, "recusal")
	if r.Relation != "none" && !c.conflicted(r.Mediator) {
		c.Conflicts = append(c.Conflicts, Interest{ID: ItemID(s.NewID()), User: r.Mediator, Relation: r.Relation, At: s.Now, WaivedBy: []string{}})
	}
	s.Code("relation", r.Relation)
	return nil
}

func (c *Case) endAssignments(s *Scene, why string) {
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.EndedAt.IsZero() {
			a.EndedAt, a.EndedWhy = s.Now, why
		}
	}
}

// Rejection keeps the mediator (row 15). A conflict the mediator declared
// himself cannot be rejected, only waived by all parties.
type Rejection struct {
	Decision string `form:"decision"`
}

// Action is the act's word.
func (Rejection) Action() Action { return RejectRecusal }

// Apply needs a request that a party made.
func (a Rejection) Apply(c *Case, s *Scene) error {
	if r := c.openRecusal(); r != nil && c.conflicted(r.Mediator) {
		return refuse("declared_conflict_stands", "INV16 15; ONL22 13")
	}
	_, err := c.decideRecusal(s, "rejected", a.Decision)
	return err
}

// Waiver keeps the mediator because all parties, informed, agree (row 15).
type Waiver struct {
	Decision string    `form:"decision"`
	By       []PartyID `form:"waived_by"`
}

// Action is the act's word.
func (Waiver) Action() Action { return WaiveRecusal }

// Apply needs every party's waiver (INV16 15; ONL22 13), and a tie the parties
// may put up with.
func (a Waiver) Apply(c *Case, s *Scene) error {
	if r := c.openRecusal(); r != nil {
		if err := c.waivable(r.Mediator); err != nil {
			return err
		}
	}
	if err := c.allOf(a.By, "waived_by", "rule.waiver_by_all"); err != nil {
		return err
	}
	r, err := c.decideRecusal(s, "waived", a.Decision)
	if err != nil {
		return err
	}
	r.WaivedBy = texts(a.By)
	for i := range c.Conflicts {
		if k := &c.Conflicts[i]; k.User == r.Mediator && k.WaivedAt.IsZero() {
			k.WaivedAt, k.WaivedBy = s.Now, texts(a.By)
		}
	}
	for _, v := range c.actingAll() {
		if v.Mediator == r.Mediator && len(v.Findings) > 0 {
			v.Verdict = VerdictWaived
		}
	}
	return nil
}

// allOf marks the field unless every active party is named.
func (c *Case) allOf(named []PartyID, field, key string) error {
	for _, p := range c.Active() {
		if !slices.Contains(named, p.ID) {
			return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{field: key}}
		}
	}
	return nil
}

package mediation

import "doorstep/internal/statute"

// Doors is who besides the parties may be at a session. It is closed to others
// unless somebody opens it, which takes that no party objects and that no privacy
// and no business secret is touched.
//
// Source: PML 23; MOJ02 29.
type Doors struct {
	Openness  string `form:"openness"`   // code list "session_doors"; blank is closed
	Unopposed bool   `form:"unopposed"`  // every party was asked and none objects
	NoSecrets bool   `form:"no_secrets"` // neither privacy nor a business secret is touched
}

// shutRules say why a session cannot be open, by what DoorsShut answers.
var shutRules = map[string]string{"asked": "rule.doors_asked", "minor": "rule.doors_minor", "restricted": "rule.doors_restricted"}

// weigh gives how the doors of a session in a mode stand, and marks an open one
// that must be closed or that nobody answered for.
func (a Doors) weigh(c *Case, mode string, f Faults) string {
	if a.Openness == "" || a.Openness == statute.DoorsClosed {
		return statute.DoorsClosed
	}
	f.Choice("openness", a.Openness, statute.SessionDoors)
	if why := c.DoorsShut(); why != "" {
		f.Mark("openness", shutRules[why])
	} else if mode == "caucus" {
		f.Mark("openness", "rule.doors_caucus")
	}
	if _, wrong := f["openness"]; wrong { // the rest is nothing to answer for
		return statute.DoorsClosed
	}
	if !a.Unopposed {
		f.Mark("unopposed", "rule.doors_unopposed")
	}
	if !a.NoSecrets {
		f.Mark("no_secrets", "rule.doors_secrets")
	}
	return statute.DoorsOpen
}

// DoorsShut says why no session of the case may be open to others: a party asked
// for that ("asked"), one is not of age or a child is in danger ("minor"), the file
// is restricted ("restricted"); "" where one may be open.
//
// Source: PML 23; MOJ02 29; MPL 4.
func (c *Case) DoorsShut() string {
	minor := false
	for _, p := range c.Active() {
		if !p.ClosedAskedAt.IsZero() {
			return "asked"
		}
		minor = minor || p.Capacity == "minor"
	}
	for _, r := range c.Risks {
		minor = minor || r.Flag == "R3-MINOR"
	}
	switch {
	case minor:
		return "minor"
	case c.Restricted:
		return "restricted"
	}
	return ""
}

// shutDoors closes what was planned or begun open when it may be so no longer.
func (c *Case) shutDoors() {
	if c.DoorsShut() == "" {
		return
	}
	for i := range c.Sessions {
		switch v := &c.Sessions[i]; {
		case v.State == "planned" && v.Doors == statute.DoorsOpen:
			v.Doors = statute.DoorsClosed
		case v.State == "open" && v.OpenedDoors == statute.DoorsOpen:
			v.OpenedDoors = statute.DoorsClosed
		}
	}
}

// ClosedAsked is a party's demand that the sessions be closed to others, from its
// own page or written down for it. It needs no reason, and holds for all of them.
//
// Source: PML 23.
type ClosedAsked struct {
	Party PartyID `form:"party"`
}

// Action is the act's word.
func (ClosedAsked) Action() Action { return AskClosed }

// Apply notes the demand once; what was planned open is closed with it.
func (a ClosedAsked) Apply(c *Case, s *Scene) error {
	p := c.actorParty(s.By)
	if p == nil {
		var err error
		if p, err = c.partyField(Faults{}, a.Party); err != nil {
			return err
		}
	}
	if !p.ClosedAskedAt.IsZero() {
		return refuse("closed_already", "PML 23")
	}
	p.ClosedAskedAt = s.Now
	s.About(ItemID(p.ID))
	s.Code("side", string(p.Side))
	return nil
}

// mayAskClosed says whether a party has not asked yet that sessions be closed.
func (p *Party) mayAskClosed() bool { return p.ClosedAskedAt.IsZero() }

package mediation

import (
	"time"

	"doorstep/internal/statute"
)

// Oral is an agreement by word of mouth, written into the register (F12). It
// takes effect the day it is reached (PML 28, 30).
type Oral struct {
	Terms
	On      statute.Date `form:"on"`
	NoPaper bool         `form:"no_paper"` // the parties hold no paper necessary
}

// check adds the limits of the oral form: no agreement that must be written
// (NB15 24; MOJ02 34).
func (a Oral) check(c *Case, s *Scene) ([]Obligation, error) {
	f, rows := a.Terms.check(c, s)
	if !a.NoPaper {
		f.Mark("no_paper", "rule.no_paper")
	}
	if a.On.After(s.Today()) {
		f.Mark("on", "rule.in_the_future")
	}
	c.afterTalks(f, a.On)
	if err := f.Err(); err != nil {
		return nil, err
	}
	if statute.MustBeWritten(a.Immediate || c.soon(rows, s), c.Grade, false) {
		return nil, refuse("must_be_written", "NB15 24; MOJ02 34")
	}
	return rows, nil
}

// afterTalks marks a day on which nothing could be agreed on yet: before the first
// session was opened or, where there was none, more than a few days before the
// matter came to the office (what was settled on the spot may be written down later).
//
// Source: PML 22, 28 to 30.
func (c *Case) afterTalks(f Faults, on statute.Date) {
	first := statute.DateOf(c.FiledAt.Add(-notedLater))
	for _, v := range c.Sessions {
		if !v.OpenedAt.IsZero() {
			first = statute.DateOf(v.OpenedAt)
			break
		}
	}
	if !on.IsZero() && on.Before(first) {
		f.Mark("on", "rule.before_talks")
	}
}

// notedLater is how long after it was settled on the spot a matter is still written
// down as such.
const notedLater = 7 * 24 * time.Hour

// soon says whether everything is to be done within three days: what the light
// form of a settlement on the spot is for.
func (c *Case) soon(rows []Obligation, s *Scene) bool {
	for _, o := range rows {
		if o.Due.After(s.Today().Add(3)) {
			return false
		}
	}
	return true
}

func (a Oral) settle(c *Case, s *Scene, rows []Obligation) {
	a.write(c, s, "oral", rows)
	on := a.On
	if on.IsZero() {
		on = s.Today()
	}
	c.effect(s, on, "PML 30")
	c.proposeGrade() // what was settled by word of mouth is simple where little was at stake
}

// OralSettlement ends the talks by an oral agreement (row 31).
type OralSettlement struct{ Oral }

// Action is the act's word.
func (OralSettlement) Action() Action { return SettleOrally }

// Apply needs a recorded session and a case that need not be in writing.
func (a OralSettlement) Apply(c *Case, s *Scene) error {
	rows, err := a.check(c, s)
	if err != nil {
		return err
	}
	if err := c.settled(); err != nil {
		return err
	}
	a.settle(c, s, rows)
	return nil
}

// SettledAtOnce is 即时调解: registered and settled on the spot by a mediator
// (row 12). It counts as acceptance and takes a case number (decision 2).
type SettledAtOnce struct {
	Oral
	Present    bool `form:"present"` // both sides are there and willing
	RightsTold bool `form:"rights_told"`
}

// Action is the act's word.
func (SettledAtOnce) Action() Action { return SettleAtOnce }

// MediatorsNamed is empty: the actor himself mediates, and the desk looks him up.
func (SettledAtOnce) MediatorsNamed() []UserID { return nil }

// Apply needs both sides willing, the rights told, and a registered mediator
// without conflict, who assigns himself.
func (a SettledAtOnce) Apply(c *Case, s *Scene) error {
	rows, err := a.check(c, s)
	f := Faults{}
	if !a.Present {
		f.Mark("present", "rule.both_present")
	}
	if !a.RightsTold {
		f.Mark("rights_told", "rule.rights_notice_first")
	}
	if fault := f.Err(); fault != nil {
		return fault
	}
	if err != nil {
		return err
	}
	if err := c.willing(); err != nil {
		return err
	}
	if !c.RiskScreened || c.Hold {
		return refuse("no_joint_session", "PML 25")
	}
	if err := c.fit(s.By.User, "present", s); err != nil {
		return err
	}
	if found := c.uncovered(s.By.User, s.Findings[s.By.User]); VerdictOf(found) == VerdictBlock {
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"present": "rule.mediator_conflict"}, Source: "INV16 15"}
	}
	for _, p := range c.Active() {
		if err := p.spokenFor(); err != nil {
			return err
		}
		p.RightsAt, p.RightsHow = s.Now, "oral"
		p.Consent, p.ConsentAt, p.ConsentHow = "yes", s.Now, "visit"
	}
	if err := c.accept(s); err != nil {
		return err
	}
	c.Assignments = append(c.Assignments, Assignment{ID: ItemID(s.NewID()), Mediator: s.By.User, Name: s.Mediators[s.By.User].Name,
		Lead: true, ChosenBy: "committee", Relation: "none", Accepted: []string{}, Findings: listed(s.Findings[s.By.User]), StartedAt: s.Now})
	if s.Findings != nil {
		c.Lead().Verdict = VerdictOf(c.Lead().Findings)
	}
	c.checkedAll(s)
	c.Track = TrackPartyMember
	a.settle(c, s, rows)
	return nil
}

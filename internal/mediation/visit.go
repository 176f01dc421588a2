package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Visited is one follow-up visit (F15).
type Visited struct {
	ID           ItemID       `json:"id"`
	On           statute.Date `json:"on_day"`
	Means        string       `json:"means"`
	Situation    string       `json:"situation"`
	Satisfaction string       `json:"satisfaction"` // satisfied, fair, unsatisfied, unknown
	FlareUp      bool         `json:"flare_up"`
	Sued         bool         `json:"sued"`
	SuitResult   string       `json:"suit_result"` // what came of the suit, as far as it is known
	Wrong        string       `json:"wrong"`       // whether the mediation was found wrong: "no", "yes"; "" where nobody asked
	WrongNote    string       `json:"wrong_note"`  // in what
	Measures     string       `json:"measures"`
	Final        bool         `json:"final"`
	By           UserID       `json:"by_user,omitzero"`
	At           time.Time    `json:"at"`
}

// Visitation is what the visitor found.
type Visitation struct {
	On           statute.Date `form:"on"`
	Means        string       `form:"means"`
	Situation    string       `form:"situation"`
	Satisfaction string       `form:"satisfaction"`
	FlareUp      bool         `form:"flare_up"`
	Sued         bool         `form:"sued"`
	SuitResult   string       `form:"suit_result"`
	Wrong        string       `form:"wrong"`
	WrongNote    string       `form:"wrong_note"`
	Measures     string       `form:"measures"`
}

func (a *Visitation) write(c *Case, s *Scene, final bool) error {
	f := Faults{}
	a.On = f.signedOn(a.On, s)
	f.Choice("means", a.Means, statute.ContactMeans)
	f.Require("situation", a.Situation)
	f.Limit("situation", a.Situation, MaxStory)
	f.Limit("measures", a.Measures, MaxStory)
	f.OneOf("satisfaction", a.Satisfaction, "satisfied", "fair", "unsatisfied", "unknown")
	f.Limit("suit_result", a.SuitResult, MaxLine)
	f.Limit("wrong_note", a.WrongNote, MaxStory)
	if a.FlareUp {
		f.Require("measures", a.Measures)
	}
	if strings.TrimSpace(a.SuitResult) != "" && !a.Sued {
		f.Mark("sued", "rule.suit_first")
	}
	if a.Wrong != "" {
		f.OneOf("wrong", a.Wrong, "no", "yes")
	}
	if a.Wrong == "yes" {
		f.Require("wrong_note", a.WrongNote)
	}
	if err := f.Err(); err != nil {
		return err
	}
	c.FollowUps = append(c.FollowUps, Visited{ID: s.item(), On: a.On, Means: a.Means, Situation: strings.TrimSpace(a.Situation),
		Satisfaction: a.Satisfaction, FlareUp: a.FlareUp, Sued: a.Sued, SuitResult: strings.TrimSpace(a.SuitResult), Wrong: a.Wrong,
		WrongNote: strings.TrimSpace(a.WrongNote), Measures: strings.TrimSpace(a.Measures), Final: final,
		By: s.By.User, At: s.Now})
	s.Code("satisfaction", a.Satisfaction)
	return nil
}

// InterimVisit is a visit while something is still to be performed, or the
// second one to a difficult dispute, a month after it was followed up.
type InterimVisit struct{ Visitation }

// Action is the act's word.
func (InterimVisit) Action() Action { return Visit }

// Apply adds the record; the stage stays. It answers the visits that have come
// due: those of instalments whose day is there, and the second one.
func (a InterimVisit) Apply(c *Case, s *Scene) error {
	if c.Stage == FollowedUp && c.Clock(statute.D14bSecondVisit) == nil {
		return refuse("no_visit_due", "PML 31")
	}
	if err := a.write(c, s, false); err != nil {
		return err
	}
	for _, d := range c.Deadlines {
		if d.Kind == statute.D14FollowUp && d.Subject != "" && !d.Starts.After(s.Now) {
			c.endClockOn(s, d.Kind, d.Subject, a.On)
		}
	}
	c.endClockOn(s, statute.D14bSecondVisit, "", a.On)
	return nil
}

// unsettled are the states in which something is still to come.
var unsettled = []string{ObligationPending, ObligationPartly, ObligationOverdue, ObligationDisputed}

// FinalVisit is the visit after everything was performed, or will not be
// (row 36, PML 31).
type FinalVisit struct{ Visitation }

// Action is the act's word.
func (FinalVisit) Action() Action { return FollowUp }

// Apply needs every obligation performed, waived or given up. Grades L3 and L4
// are visited once more.
func (a FinalVisit) Apply(c *Case, s *Scene) error {
	if state := c.Performance(); state != "performed" && state != "breached" {
		return refuse("still_to_perform", "PML 31")
	}
	for _, o := range c.Promised() {
		if slices.Contains(unsettled, o.State) {
			return refuse("still_to_perform", "PML 31")
		}
	}
	if err := a.write(c, s, true); err != nil {
		return err
	}
	c.endClockOn(s, statute.D14FollowUp, "", a.On)
	if c.Grade == "L3" || c.Grade == "L4" {
		c.startClockFrom(s, statute.D14bSecondVisit, "", a.On)
	}
	return nil
}

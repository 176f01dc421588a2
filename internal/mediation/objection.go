package mediation

import (
	"strings"

	"doorstep/internal/statute"
)

// RulingExtended is the president's leave to rule ten days later (JC11 5).
type RulingExtended struct {
	On   statute.Date `form:"on"`
	Note string       `form:"note"`
}

// Action is the act's word.
func (RulingExtended) Action() Action { return ExtendRuling }

// Apply lengthens the court's term once, counted from the same day.
func (a RulingExtended) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Limit("note", a.Note, MaxStory)
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	k, to, err := c.moved(ExtendRuling)
	if err != nil {
		return err
	}
	clock := c.Clock(statute.D15bCourtRule)
	if !k.ExtendedOn.IsZero() || clock == nil {
		return refuse("ruling_extended_once", "JC11 5")
	}
	k.State, k.ExtendedOn, k.Note = to, a.On, orElse(strings.TrimSpace(a.Note), k.Note)
	r := s.Office.Calendar.ReckonPaused(clock.Starts, statute.RulingExtended, clock.PausedDays)
	clock.Term, clock.Due, clock.Reckoning, clock.Guess = statute.RulingExtended, r.Due, r.Steps, r.Provisional
	s.About(k.ID)
	return nil
}

// RulingObjected is an objection to the ruling at the court that made it: by a
// party, or by somebody else whose right it touches (CPLI 372).
type RulingObjected struct {
	By     string       `form:"by"`      // party, third_party
	KnewOn statute.Date `form:"knew_on"` // since when somebody else knew
	On     statute.Date `form:"on"`
	Note   string       `form:"note"`
}

// Action is the act's word.
func (RulingObjected) Action() Action { return ObjectRuling }

// Apply needs the objection in time: of a party within fifteen days of receiving
// the ruling, of somebody else within six months of the day he knew.
func (a RulingObjected) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("by", a.By, "party", "third_party")
	f.Limit("note", a.Note, MaxStory)
	a.On = f.signedOn(a.On, s)
	if a.By == "third_party" && (a.KnewOn.IsZero() || a.KnewOn.After(a.On)) {
		f.Mark("knew_on", "rule.knew_before")
	}
	if err := f.Err(); err != nil {
		return err
	}
	k, to, err := c.moved(ObjectRuling)
	if err != nil {
		return err
	}
	last := s.Office.Calendar.Reckon(a.KnewOn.Start(), statute.ThirdPartyObjection).Due
	if a.By == "party" {
		term, _ := statute.Deadline(statute.D15cObjection)
		last = s.Office.Calendar.Reckon(k.ServedOn.Start(), term.Term).Due
		c.endClock(s, statute.D15cObjection, k.ID)
	}
	if a.On.After(statute.DateOf(last)) {
		return refuse("objection_late", "CPLI 372")
	}
	k.State, k.Note = to, orElse(strings.TrimSpace(a.Note), k.Note)
	s.About(k.ID)
	s.Code("objection_by", a.By)
	return nil
}

// ObjectionDismissed is the court's ruling that the objection has no ground: the
// first ruling stands (CPLI 372).
type ObjectionDismissed struct{ CourtStep }

// Action is the act's word.
func (ObjectionDismissed) Action() Action { return DismissObjection }

// Apply moves the application along its own table.
func (a ObjectionDismissed) Apply(c *Case, s *Scene) error { return a.answer(c, s, DismissObjection) }

// ObjectionUpheld is the court's new ruling, which revokes or changes the first
// one: it can no longer be enforced as it was (CPLI 372).
type ObjectionUpheld struct{ CourtStep }

// Action is the act's word.
func (ObjectionUpheld) Action() Action { return UpholdObjection }

// Apply moves the application along its own table.
func (a ObjectionUpheld) Apply(c *Case, s *Scene) error { return a.answer(c, s, UpholdObjection) }

// answer keeps the day of the ruling that is being looked at: the fifteen days
// and the two years are counted from it, also after the objection was dismissed.
func (a CourtStep) answer(c *Case, s *Scene, by Action) error {
	day := statute.Date{}
	if n := len(c.Confirmations); n > 0 {
		day = c.Confirmations[n-1].DecidedOn
	}
	if err := a.take(c, s, by); err != nil {
		return err
	}
	if by == DismissObjection {
		c.Confirmations[len(c.Confirmations)-1].DecidedOn = day
	}
	return nil
}

package mediation

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// Rereckoning counts the running clocks of a case again after the calendar of
// days off changed. It comes from the change, not from a person.
type Rereckoning struct{}

// Action is the act's word.
func (Rereckoning) Action() Action { return Rereckon }

// Apply moves every running clock whose last day is another one now and says
// which moved. A day the parties agreed on stands whatever the calendar says. A
// period that had lapsed and now runs on is open again.
//
// Source: CC 203; CPL 85.
func (Rereckoning) Apply(c *Case, s *Scene) error {
	var moved []string
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if !d.Open() || d.Term.N == 0 || d.agreed() {
			continue
		}
		r := s.Office.Calendar.ReckonPaused(d.Starts, d.Term, d.PausedDays)
		if r.Due.Equal(d.Due) && r.Provisional == d.Guess {
			continue
		}
		d.Due, d.Reckoning, d.Guess = r.Due, r.Steps, r.Provisional
		if d.Kind == statute.D06Mediation && !s.Now.After(d.Due) {
			c.Lapsed = false
		}
		if !slices.Contains(moved, string(d.Kind)) {
			moved = append(moved, string(d.Kind))
		}
	}
	if len(moved) == 0 {
		return refuse("nothing_moved", "CC 203")
	}
	s.Code("moved", strings.Join(moved, " "))
	return nil
}

// agreed says whether the last day is one the parties agreed on.
func (d Deadline) agreed() bool {
	return slices.ContainsFunc(d.Reckoning, func(r statute.ReckonStep) bool { return r.Rule == ExtendedByAgreement || r.Rule == agreedDay })
}

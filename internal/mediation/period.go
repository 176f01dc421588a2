package mediation

import (
	"strings"

	"doorstep/internal/statute"
)

// LongerTime is the parties' written agreement to extend the period (row 21,
// F13). It is theirs, not the office's (decision 7), and has to come before the
// period ends; a lapsed period may still be extended late while the chair
// chooses (decision 3).
type LongerTime struct {
	Until    statute.Date `form:"until"`
	Reason   string       `form:"reason"`
	AgreedBy []PartyID    `form:"agreed_by"`
}

// Action is the act's word.
func (LongerTime) Action() Action { return Extend }

// Apply needs every party's agreement and a day after the present end, no further
// on than the committee allows at a time (D-06x). A period that has lapsed is
// extended from today.
func (a LongerTime) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	clock := c.Clock(statute.D06Mediation)
	switch {
	case a.Until.IsZero():
		f.Mark("until", "error.required")
	case a.Until.Before(s.Today()), clock != nil && !a.Until.After(statute.DateOf(clock.Due)):
		f.Mark("until", "rule.after_present_end")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if clock == nil {
		return refuse("no_period", "NB15 27")
	}
	if !c.extensible() {
		return refuse("period_running", "NB15 27")
	}
	from := clock.Due
	if s.Now.After(from) {
		from = s.Now
	}
	if a.Until.After(statute.DateOf(s.Office.Calendar.Reckon(from, s.Office.Limits.Term(statute.D06xExtension)).Due)) {
		return fieldFault("until", "rule.extension_too_long", "NB15 27; SZ22 25; INV16 27")
	}
	if err := c.allOf(a.AgreedBy, "agreed_by", "rule.extension_by_all"); err != nil {
		return err
	}
	c.Extensions = append(c.Extensions, Extension{ID: s.item(), Until: a.Until, Reason: strings.TrimSpace(a.Reason), By: s.By.User, At: s.Now})
	if !clock.PausedAt.IsZero() { // the day was agreed knowing what stood still until now
		clock.PausedDays += s.Today().Sub(statute.DateOf(clock.PausedAt))
		clock.PausedAt = s.Now
	}
	clock.Due, c.Lapsed = a.Until.End(), false
	clock.Reckoning = append(clock.Reckoning, statute.ReckonStep{Rule: ExtendedByAgreement, Source: "NB15 27; SZ22 25", Day: a.Until})
	s.Code("until", a.Until.String())
	return nil
}

// extensible says whether the period may be extended in this stage: during the
// talks at any time before it ends, elsewhere once it has lapsed (row 39).
func (c *Case) extensible() bool { return c.Lapsed || c.Stage == InMediation || c.Stage == Adjourned }

// inTime refuses talks once the period has lapsed: what is left is a late
// extension by agreement, or the end (row 39; MOJ02 33, NB15 27).
func (c *Case) inTime() error {
	if c.Lapsed {
		return refuse("period_lapsed", "MOJ02 33; NB15 27")
	}
	return nil
}

// Lapsing notes that the period ended without an agreement to go on (row 39).
// The stage stays; the chair must extend by agreement or terminate.
type Lapsing struct{}

// Action is the act's word.
func (Lapsing) Action() Action { return Lapse }

// Apply needs the period to be over.
func (Lapsing) Apply(c *Case, s *Scene) error {
	d := c.Clock(statute.D06Mediation)
	if d == nil || !d.PausedAt.IsZero() || !s.Now.After(d.Due) {
		return refuse("period_running", "MOJ02 33")
	}
	if c.Lapsed {
		return refuse("already_lapsed", "MOJ02 33")
	}
	c.Lapsed = true
	return nil
}

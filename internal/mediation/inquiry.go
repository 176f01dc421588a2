package mediation

import (
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Investigation is a visit to the scene or the hearing of a witness (F09).
type Investigation struct {
	ID       ItemID       `json:"id"`
	On       statute.Date `json:"on_day"`
	Place    string       `json:"place"`
	Asked    string       `json:"asked"`   // the person heard
	Present  string       `json:"present"` // who else was there, besides who asked and who wrote
	Content  string       `json:"content"`
	Recorder string       `json:"recorder"`
	By       UserID       `json:"by_user,omitzero"`
	At       time.Time    `json:"at"`
}

// Inquiry records an investigation (row 20).
type Inquiry struct {
	On       statute.Date `form:"on"`
	Place    string       `form:"place"`
	Asked    string       `form:"asked"`
	Present  string       `form:"others"`
	Content  string       `form:"content"`
	Recorder string       `form:"recorder"`
}

// Action is the act's word.
func (Inquiry) Action() Action { return Investigate }

// Apply adds the record.
func (a Inquiry) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if a.On.IsZero() {
		f.Mark("on", "error.required")
	} else if a.On.After(s.Today()) {
		f.Mark("on", "rule.in_the_future")
	}
	f.Require("place", a.Place)
	f.Limit("place", a.Place, MaxLine)
	f.Limit("asked", a.Asked, MaxName)
	f.Limit("others", a.Present, MaxLine)
	f.Require("content", a.Content)
	f.Limit("content", a.Content, MaxStory)
	f.Limit("recorder", a.Recorder, MaxName)
	if err := f.Err(); err != nil {
		return err
	}
	c.Inquiries = append(c.Inquiries, Investigation{ID: s.item(), On: a.On, Place: strings.TrimSpace(a.Place), Asked: strings.TrimSpace(a.Asked),
		Present: strings.TrimSpace(a.Present), Content: strings.TrimSpace(a.Content), Recorder: strings.TrimSpace(a.Recorder), By: s.By.User, At: s.Now})
	return nil
}

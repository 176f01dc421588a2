package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// Risk is a danger noticed at any time, and the report it called for. It stands
// outside the file the parties see (PML 25; ADVL 14; MPL 11).
type Risk struct {
	ID         ItemID    `json:"id"`
	Flag       string    `json:"flag"`
	Facts      string    `json:"facts"`
	Measures   string    `json:"measures"`
	MustReport bool      `json:"must_report"`
	By         UserID    `json:"by_user,omitzero"`
	At         time.Time `json:"at"`
	Told       []string  `json:"told"`                 // codes of the list "report_target"; none from before they were asked for
	Receiver   string    `json:"receiver"`             // which station or office, and who took it
	ReportedAt time.Time `json:"reported_at,omitzero"` // when it was received there
	ReportedBy UserID    `json:"reported_by,omitzero"` // who wrote the report down; "" from before it was kept
	ReportRef  string    `json:"report_ref"`
}

// RiskFlag raises a danger (row 6). It never waits for another step.
type RiskFlag struct {
	Flag     string `form:"flag"`
	Facts    string `form:"facts"`
	Measures string `form:"measures"`
}

// Action is the act's word.
func (RiskFlag) Action() Action { return RaiseRisk }

// Apply puts the case on hold and restricts the file where the rule of that
// flag asks for it; the clock of the report starts at once, but not for what is
// only worth watching (R1).
func (a RiskFlag) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("flag", a.Flag, statute.RiskFlags)
	f.Require("facts", a.Facts)
	f.Limit("facts", a.Facts, MaxStory)
	f.Limit("measures", a.Measures, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	rule, _ := statute.Risk(a.Flag)
	c.Risks = append(c.Risks, Risk{ID: s.item(), Flag: a.Flag, Facts: strings.TrimSpace(a.Facts), Measures: strings.TrimSpace(a.Measures),
		MustReport: rule.MustReport, By: s.By.User, At: s.Now, Told: []string{}})
	c.Hold = c.Hold || rule.Hold
	c.Restricted = c.Restricted || rule.Restrict
	c.proposeGrade()
	if rule.MustReport || rule.Hold {
		c.startClock(s, statute.D04Report, s.subject)
	}
	s.Code("flag", a.Flag)
	return nil
}

// RiskReport records that police, civil affairs or another organ was told, by
// whom it was received and when (F22); it ends the clock D-04.
type RiskReport struct {
	Risk     ItemID    `form:"risk"`
	ToldTo   []string  `form:"told_to"`  // codes of the list "report_target"
	Receiver string    `form:"receiver"` // which station or office, and who took it
	At       time.Time `form:"received"` // when; now where blank
	Ref      string    `form:"ref"`
}

// Action is the act's word.
func (RiskReport) Action() Action { return ReportRisk }

// Apply needs a flag that is not reported yet and the receiver its law names. The
// report is as timely as the call was, not as the writing down: who was told by
// telephone at once and noted it in the evening was in time.
func (a RiskReport) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("receiver", a.Receiver)
	f.Limit("receiver", a.Receiver, MaxLine)
	f.Limit("ref", a.Ref, MaxLine)
	for _, code := range a.ToldTo {
		f.Choice("told_to", code, statute.ReportTargets)
	}
	if a.At.IsZero() {
		a.At = s.Now
	}
	switch {
	case a.At.After(s.Now):
		f.Mark("received", "rule.in_the_future")
	case a.At.Before(c.FiledAt.Add(-reportBefore)):
		f.Mark("received", "rule.report_too_early")
	}
	if len(a.ToldTo) == 0 {
		f.Mark("told_to", "error.required")
	}
	risk := c.risk(a.Risk)
	if risk == nil || !risk.ReportedAt.IsZero() {
		f.Mark("risk", "error.choice")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if rule, _ := statute.Risk(risk.Flag); !rule.Reached(a.ToldTo) {
		return fieldFault("told_to", "rule.police_first", rule.Source)
	}
	risk.Told, risk.Receiver, risk.ReportRef = a.ToldTo, strings.TrimSpace(a.Receiver), strings.TrimSpace(a.Ref)
	risk.ReportedAt, risk.ReportedBy = a.At, s.By.User
	c.stopClock(s, statute.D04Report, risk.ID, a.At)
	s.About(risk.ID)
	s.Code("flag", risk.Flag)
	s.Code("told", strings.Join(a.ToldTo, " "))
	return nil
}

// reportBefore is how long before its filing a matter may have been reported: who
// calls the police at the scene brings it to the office afterwards.
const reportBefore = 7 * 24 * time.Hour

// endangered says whether a danger beyond what is only worth watching was noted.
func (c *Case) endangered() bool {
	return slices.ContainsFunc(c.Risks, func(r Risk) bool { return r.Flag != "R1" })
}

func (c *Case) risk(id ItemID) *Risk {
	for i := range c.Risks {
		if c.Risks[i].ID == id {
			return &c.Risks[i]
		}
	}
	return nil
}

// HoldLifted ends the stop on joint sessions: only on the free wish of the
// person in danger, and after the report was made.
type HoldLifted struct {
	Reason   string `form:"reason"`
	FreeWish bool   `form:"free_wish"`
}

// Action is the act's word.
func (HoldLifted) Action() Action { return LiftHold }

// Apply needs every mandatory report made and the free wish confirmed.
func (a HoldLifted) Apply(c *Case, _ *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if !a.FreeWish {
		f.Mark("free_wish", "rule.free_wish")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if !c.Hold {
		return refuse("no_hold", "PML 25")
	}
	for _, r := range c.Risks {
		if r.MustReport && r.ReportedAt.IsZero() {
			return refuse("report_first", "PML 25")
		}
	}
	c.Hold = false
	return nil
}

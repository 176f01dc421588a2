package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// CourtStep is one step of the court on the application, with its number and
// day.
type CourtStep struct {
	Ref  string       `form:"ref"`
	On   statute.Date `form:"on"`
	Note string       `form:"note"`
}

func (a CourtStep) take(c *Case, s *Scene, by Action) error {
	f := Faults{}
	f.Limit("ref", a.Ref, MaxLine)
	f.Limit("note", a.Note, MaxStory)
	a.On = f.signedOn(a.On, s)
	if by == ConfirmGrant || by == ConfirmReject || by == ConfirmTake {
		f.Require("ref", a.Ref)
	}
	if err := f.Err(); err != nil {
		return err
	}
	k, to, err := c.moved(by)
	if err != nil {
		return err
	}
	if a.On.Before(k.FiledOn) || a.On.Before(k.DecidedOn) {
		return fieldFault("on", "rule.before_last_step", "JC11 4, 5")
	}
	k.State, k.Ref, k.DecidedOn, k.Note = to, orElse(strings.TrimSpace(a.Ref), k.Ref), a.On, strings.TrimSpace(a.Note)
	c.endClockOn(s, statute.D15CourtTake, "", a.On)
	c.endClockOn(s, statute.D15bCourtRule, "", a.On)
	s.About(k.ID)
	return nil
}

// moved finds the application and the state the action leads it to.
func (c *Case) moved(by Action) (*Confirmation, string, error) {
	to, ok := confirmationMoves[c.ConfirmationState()][by]
	if !ok || len(c.Confirmations) == 0 {
		return nil, "", refuse("confirmation_state", "CPL 206")
	}
	return &c.Confirmations[len(c.Confirmations)-1], to, nil
}

// CourtTook is the court taking the application up (JC11 4).
type CourtTook struct{ CourtStep }

// Action is the act's word.
func (CourtTook) Action() Action { return ConfirmTake }

// Apply moves the application along its own table. The fifteen days to rule are
// counted from the day the court took it (JC11 5).
func (a CourtTook) Apply(c *Case, s *Scene) error {
	if err := a.take(c, s, ConfirmTake); err != nil {
		return err
	}
	c.startClockFrom(s, statute.D15bCourtRule, "", c.Application().DecidedOn)
	return nil
}

// CourtConfirmed is the ruling that confirms the agreement (CPL 206).
type CourtConfirmed struct {
	CourtStep
	Served statute.Date `form:"served"` // the parties received it; the day of the ruling where blank
}

// Action is the act's word.
func (CourtConfirmed) Action() Action { return ConfirmGrant }

// Apply moves the application along its own table and begins what a ruling
// begins: the parties' fifteen days to object from its receipt (CPLI 372), and
// the two years to ask for enforcement from the last day of performance, or from
// the ruling where nothing has a day (CPL 250).
func (a CourtConfirmed) Apply(c *Case, s *Scene) error {
	if a.Served.After(s.Today()) {
		return fieldFault("served", "rule.in_the_future", "")
	}
	if err := a.take(c, s, ConfirmGrant); err != nil {
		return err
	}
	k := &c.Confirmations[len(c.Confirmations)-1]
	if k.ServedOn = a.Served; a.Served.Before(k.DecidedOn) {
		k.ServedOn = k.DecidedOn
	}
	c.startClockFrom(s, statute.D15cObjection, k.ID, k.ServedOn)
	last := statute.Date{}
	for _, o := range c.Promised() {
		if o.Due.After(last) {
			last = o.Due
		}
	}
	if last.IsZero() {
		last = k.DecidedOn
	}
	c.startClockFrom(s, statute.D15dEnforcement, k.ID, last)
	s.About(k.ID)
	return nil
}

// CourtRejected is the ruling that rejects the application (CPL 206; CPLI 358).
type CourtRejected struct{ CourtStep }

// Action is the act's word.
func (CourtRejected) Action() Action { return ConfirmReject }

// Apply moves the application along its own table.
func (a CourtRejected) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmReject) }

// CourtTookNot is the court not taking the application (CPLI 355).
type CourtTookNot struct{ CourtStep }

// Action is the act's word.
func (CourtTookNot) Action() Action { return ConfirmNotTake }

// Apply moves the application along its own table. The thirty days go on where they are not over.
func (a CourtTookNot) Apply(c *Case, s *Scene) error {
	if err := a.take(c, s, ConfirmNotTake); err != nil {
		return err
	}
	c.goOnApplying(s)
	return nil
}

// CourtWithdrawn is the application taken back, or treated as taken back (CPLI 357).
type CourtWithdrawn struct{ CourtStep }

// Action is the act's word.
func (CourtWithdrawn) Action() Action { return ConfirmWithdraw }

// Apply moves the application along its own table. The thirty days go on where they are not over.
func (a CourtWithdrawn) Apply(c *Case, s *Scene) error {
	if err := a.take(c, s, ConfirmWithdraw); err != nil {
		return err
	}
	c.goOnApplying(s)
	return nil
}

// EnforcementSued is a party asking for enforcement of a confirmed agreement (CPL 206, 250).
type EnforcementSued struct{ CourtStep }

// Action is the act's word.
func (EnforcementSued) Action() Action { return ConfirmEnforce }

// Apply moves the application along its own table. It is refused once
// the two years are over.
func (a EnforcementSued) Apply(c *Case, s *Scene) error {
	clock := c.Clock(statute.D15dEnforcement)
	if c.ConfirmationState() == ConfirmationConfirmed && (clock == nil || s.Now.After(clock.Due)) {
		return refuse("enforcement_late", "CPL 250")
	}
	return a.take(c, s, ConfirmEnforce)
}

// goOnApplying lets the thirty days run again that an application had ended,
// since the parties may still apply in due form.
func (c *Case) goOnApplying(s *Scene) {
	for i := len(c.Deadlines) - 1; i >= 0; i-- {
		d := c.Deadlines[i]
		if d.Kind != statute.D12Confirmation {
			continue
		}
		if !d.Open() && !s.Now.After(d.Due) {
			d.ID, d.Ended, d.Outcome = ItemID(s.NewID()), time.Time{}, ""
			c.Deadlines = append(c.Deadlines, d)
		}
		return
	}
}

// ConfirmationLapsed notes that a term of the parties went by unused: the thirty
// days to apply, the fifteen to object, the two years to have a ruling enforced
// (PML 33; CPLI 372; CPL 250). Nothing was neglected: these are rights and no
// duty of the office, so the clock ends and counts for nobody as late.
type ConfirmationLapsed struct{}

// Action is the act's word.
func (ConfirmationLapsed) Action() Action { return LapseConfirmation }

// Apply needs one of the terms to be over.
func (ConfirmationLapsed) Apply(c *Case, s *Scene) error {
	var over []string
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if slices.Contains(partiesTerms, d.Kind) && d.Open() && s.Now.After(d.Due) {
			d.Ended, d.Outcome = s.Now, "lapsed"
			over = append(over, string(d.Kind))
		}
	}
	if n := len(c.Confirmations); n > 0 && slices.Contains(over, string(statute.D12Confirmation)) {
		if to, ok := confirmationMoves[c.Confirmations[n-1].State][LapseConfirmation]; ok {
			c.Confirmations[n-1].State = to
		}
	}
	if len(over) == 0 {
		return refuse("period_running", "PML 33; CPL 205")
	}
	s.Code("term", strings.Join(over, " "))
	return nil
}

// partiesTerms are the clocks of confirmation within which only the parties act.
var partiesTerms = []statute.DeadlineID{statute.D12Confirmation, statute.D15cObjection, statute.D15dEnforcement}

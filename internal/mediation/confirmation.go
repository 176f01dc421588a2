package mediation

import (
	"slices"
	"strings"
	"time"

	"doorstep/internal/statute"
)

// The states of judicial confirmation (sub-machine of row 32). Eligible is
// derived: an agreement in effect while D-12 runs.
const (
	ConfirmationNone      = "none"
	ConfirmationEligible  = "eligible"
	ConfirmationFiled     = "filed"
	ConfirmationTaken     = "court_accepted"
	ConfirmationConfirmed = "confirmed"
	ConfirmationRejected  = "rejected"
	ConfirmationNotTaken  = "not_taken"
	ConfirmationWithdrawn = "withdrawn"
	ConfirmationEnforced  = "enforcement"
)

// Confirmation is one joint application to the court.
type Confirmation struct {
	ID        ItemID       `json:"id"`
	Court     CourtID      `json:"court_id"`
	FiledOn   statute.Date `json:"filed_on"`
	State     string       `json:"state"`
	Ref       string       `json:"court_ref"`
	DecidedOn statute.Date `json:"decided_on,omitzero"`
	Note      string       `json:"note"`
	At        time.Time    `json:"at"`
}

// confirmationMoves is the sub-machine: from state, by action, to state.
var confirmationMoves = map[string]map[Action]string{
	ConfirmationEligible:  {ApplyConfirmation: ConfirmationFiled},
	ConfirmationFiled:     {ConfirmTake: ConfirmationTaken, ConfirmNotTake: ConfirmationNotTaken, ConfirmWithdraw: ConfirmationWithdrawn},
	ConfirmationTaken:     {ConfirmGrant: ConfirmationConfirmed, ConfirmReject: ConfirmationRejected, ConfirmWithdraw: ConfirmationWithdrawn},
	ConfirmationConfirmed: {ConfirmEnforce: ConfirmationEnforced},
}

// ConfirmationMoves gives the sub-machine for the tests and the docs.
func ConfirmationMoves() map[string]map[Action]string { return confirmationMoves }

// ConfirmationState is where confirmation stands.
func (c *Case) ConfirmationState() string {
	if n := len(c.Confirmations); n > 0 {
		return c.Confirmations[n-1].State
	}
	if c.Clock(statute.D12Confirmation) != nil {
		return ConfirmationEligible
	}
	return ConfirmationNone
}

// JointApplication is the parties' joint application (row 32, F16). One side
// alone cannot apply (CPL 205).
type JointApplication struct {
	Court     CourtID      `form:"court"`
	On        statute.Date `form:"on"`
	AppliedBy []PartyID    `form:"applied_by"`
	ScopeTold bool         `form:"scope_told"` // the parties know which clause the court does not confirm
}

// Action is the act's word.
func (JointApplication) Action() Action { return ApplyConfirmation }

// Apply needs all parties, within the thirty days (PML 33). Where the agreement
// holds what a court does not confirm (CPLI 355), the parties must know it: an
// application that fails costs them the thirty days.
func (a JointApplication) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if _, ok := s.Courts[a.Court]; !ok {
		f.Mark("court", "error.required")
	}
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	if slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Kind == statute.D12Confirmation && d.Outcome == "lapsed" }) {
		return refuse("confirmation_late", "PML 33; CPL 205")
	}
	if c.ConfirmationState() != ConfirmationEligible {
		return refuse("confirmation_state", "CPL 205")
	}
	clock := c.Clock(statute.D12Confirmation)
	if clock == nil || a.On.After(statute.DateOf(clock.Due)) {
		return refuse("confirmation_late", "PML 33; CPL 205")
	}
	if err := c.allOf(a.AppliedBy, "applied_by", "rule.joint_application"); err != nil {
		return err
	}
	if w := c.Unconfirmable(); len(w) > 0 {
		if !a.ScopeTold {
			return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"scope_told": "rule.scope_told"}, Source: w[0].Source}
		}
		s.Code("scope_warning", w[0].Code)
	}
	c.Confirmations = append(c.Confirmations, Confirmation{ID: s.item(), Court: a.Court, FiledOn: a.On, State: ConfirmationFiled, At: s.Now})
	return nil
}

// Unconfirmable lists the clauses a court will not confirm: title to real
// property, status of persons (CPLI 355). The agreement may still stand.
func (c *Case) Unconfirmable() []statute.ScopeWarning {
	a := c.Agreement()
	if a == nil {
		return nil
	}
	text := a.Settled
	for _, o := range c.Promised() {
		text += "\n" + o.What
	}
	return statute.Confirmable(text, c.Type)
}

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
	to, ok := confirmationMoves[c.ConfirmationState()][by]
	if !ok {
		return refuse("confirmation_state", "CPL 206")
	}
	k := &c.Confirmations[len(c.Confirmations)-1]
	k.State, k.Ref, k.DecidedOn, k.Note = to, orElse(strings.TrimSpace(a.Ref), k.Ref), a.On, strings.TrimSpace(a.Note)
	s.About(k.ID)
	return nil
}

// CourtTook is the court taking the application up (JC11 4).
type CourtTook struct{ CourtStep }

// Action is the act's word.
func (CourtTook) Action() Action { return ConfirmTake }

// Apply moves the application along its own table.
func (a CourtTook) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmTake) }

// CourtConfirmed is the ruling that confirms the agreement (CPL 206).
type CourtConfirmed struct{ CourtStep }

// Action is the act's word.
func (CourtConfirmed) Action() Action { return ConfirmGrant }

// Apply moves the application along its own table.
func (a CourtConfirmed) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmGrant) }

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

// Apply moves the application along its own table.
func (a CourtTookNot) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmNotTake) }

// CourtWithdrawn is the application taken back, or treated as taken back (CPLI 357).
type CourtWithdrawn struct{ CourtStep }

// Action is the act's word.
func (CourtWithdrawn) Action() Action { return ConfirmWithdraw }

// Apply moves the application along its own table.
func (a CourtWithdrawn) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmWithdraw) }

// EnforcementSued is a party asking for enforcement of a confirmed agreement (CPL 206, 250).
type EnforcementSued struct{ CourtStep }

// Action is the act's word.
func (EnforcementSued) Action() Action { return ConfirmEnforce }

// Apply moves the application along its own table.
func (a EnforcementSued) Apply(c *Case, s *Scene) error { return a.take(c, s, ConfirmEnforce) }

// ConfirmationLapsed notes that the thirty days went by and nobody applied
// (PML 33). Nothing was neglected: applying is the parties' right and no duty of
// the office, so the clock ends and counts for nobody as late.
type ConfirmationLapsed struct{}

// Action is the act's word.
func (ConfirmationLapsed) Action() Action { return LapseConfirmation }

// Apply needs the term to be over.
func (ConfirmationLapsed) Apply(c *Case, s *Scene) error {
	d := c.Clock(statute.D12Confirmation)
	if d == nil || !s.Now.After(d.Due) {
		return refuse("period_running", "PML 33; CPL 205")
	}
	d.Ended, d.Outcome = s.Now, "lapsed"
	return nil
}

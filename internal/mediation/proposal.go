package mediation

import (
	"strings"

	"doorstep/internal/statute"
)

// Proposal proposes the joint application and names the court (CPL 205). It asks
// every party, also the one that proposes: joining means to have read the
// agreement and the statement.
type Proposal struct {
	Court  CourtID `form:"court"`
	HomeOf PartyID `form:"home_of"`
}

// Action is the act's word.
func (Proposal) Action() Action { return ProposeConfirmation }

// Apply needs a written agreement, the thirty days running and a competent court.
func (a Proposal) Apply(c *Case, s *Scene) error {
	if err := c.courtField(a.Court, a.HomeOf, s).Err(); err != nil {
		return err
	}
	if err := c.applicableOn(ProposeConfirmation, s.Today()); err != nil {
		return err
	}
	if c.oral() {
		return refuse("confirmation_written", "CPLI 354")
	}
	ground, err := c.competence(a.Court, a.HomeOf, s)
	if err != nil {
		return err
	}
	k := Confirmation{ID: s.item(), Court: a.Court, Ground: ground, State: ConfirmationProposed, At: s.Now}
	if ground == statute.ByDomicile {
		k.HomeOf = a.HomeOf
	}
	if me := c.actorParty(s.By); me != nil {
		k.By = me.ID
		s.Code("side", string(me.Side))
	}
	c.Confirmations = append(c.Confirmations, k)
	for _, p := range c.Active() {
		c.joining(k.ID, p.ID, s)
	}
	s.Code("competence", ground)
	return nil
}

// ProposalDropped takes the proposal back, as when the wrong court was named. Of
// the parties only the one that proposed it may.
type ProposalDropped struct {
	Reason string `form:"reason"`
}

// Action is the act's word.
func (ProposalDropped) Action() Action { return DropConfirmation }

// Apply ends the proposal with a reason the parties read.
func (a ProposalDropped) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	k, to, err := c.moved(DropConfirmation)
	if err != nil {
		return err
	}
	if me := c.actorParty(s.By); me != nil && me.ID != k.By {
		return refuse("proposal_of_others", "CPL 205")
	}
	k.State, k.Note = to, strings.TrimSpace(a.Reason)
	s.About(k.ID)
	return nil
}

// fileConfirmation follows by itself when the last party has joined.
type fileConfirmation struct{}

func (fileConfirmation) Action() Action { return FileConfirmation }

// Apply files the application on the day the last party joined, and freezes what
// goes to the court.
func (fileConfirmation) Apply(c *Case, s *Scene) error {
	k, to, err := c.moved(FileConfirmation)
	if err != nil {
		return err
	}
	k.State = to
	for _, p := range c.Active() {
		if j := c.JoiningOf(k.ID, p.ID); j.On.After(k.FiledOn) {
			k.FiledOn = j.On
		}
	}
	k.Pack, k.Digest = c.frozenForCourt()
	c.filedOn(s, k.FiledOn)
	s.About(k.ID)
	s.Code("competence", k.Ground)
	if w := c.Unconfirmable(); len(w) > 0 {
		s.Code("scope_warning", w[0].Code)
	}
	return nil
}

// ConfirmWarnings are the days of the thirty on which the parties are told that
// they run out. The choice is the office's own: no law asks for it.
var ConfirmWarnings = []int{20, 25, 28}

// ConfirmationReminded tells the parties that the thirty days run out, where
// confirmation still means something: promises are open, or the application waits
// for somebody. Where nothing was proposed one word is enough: it is a right, and
// three would press for it.
type ConfirmationReminded struct{}

// Action is the act's word.
func (ConfirmationReminded) Action() Action { return RemindConfirmation }

// Apply counts one warning for all whose day has come, so that a clock that stood
// still does not tell the same thing three times.
func (ConfirmationReminded) Apply(c *Case, s *Scene) error {
	clock := c.Clock(statute.D12Confirmation)
	if clock == nil || s.Now.After(clock.Due) || !c.confirmationMatters() {
		return refuse("confirmation_state", "CPL 205")
	}
	due, days := 0, ConfirmWarnings
	if c.ConfirmationState() != ConfirmationProposed {
		days = days[:1]
	}
	for _, n := range days {
		if s.Today().Sub(statute.DateOf(clock.Starts)) >= n {
			due++
		}
	}
	if due <= clock.Warned {
		return refuse("period_running", "PML 33; CPL 205")
	}
	clock.Warned = due
	s.Code("until", statute.DateOf(clock.Due).String())
	return nil
}

func (c *Case) confirmationMatters() bool {
	return c.mayApply(JoinConfirmation) || c.mayApply(ProposeConfirmation) && !c.oral() && c.owed(unsettled...)
}

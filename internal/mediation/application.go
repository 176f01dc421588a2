package mediation

import (
	"errors"
	"slices"

	"doorstep/internal/statute"
)

// JointApplication is the parties' joint application (row 32, F16): one sheet that
// all of them signed, its scan, and the day on which it came to the court. One
// side alone cannot apply (CPL 205).
//
// The thirty days are kept by that day, whenever the office writes it down: what
// came to the court in time may be noted after them, by the court's receipt.
type JointApplication struct {
	Court     CourtID      `form:"court"`
	HomeOf    PartyID      `form:"home_of"` // who lives in the court's district, where that is the ground
	On        statute.Date `form:"on"`
	AppliedBy []PartyID    `form:"applied_by"`
	ByAgent   []PartyID    `form:"by_agent"`   // for whom an agent signed
	ScopeTold bool         `form:"scope_told"` // the parties know which clause the court does not confirm
	Scanned
	Receipt *File `form:"-"` // of the court, in the file store already; nil for none
}

// Action is the act's word.
func (JointApplication) Action() Action { return ApplyConfirmation }

// Prover is an act that may carry a second file, by which something is proven.
type Prover interface{ Prove(f File) }

// Prove takes the court's receipt.
func (a *JointApplication) Prove(f File) { a.Receipt = &f }

// Apply needs all parties, each in person or by an agent who may settle (CPL 205,
// 62; CPLI 351), a day of filing within the thirty (PML 33), and a court that is
// competent (CPL 205). Where the agreement holds what a court does not confirm
// (CPLI 355), the parties must know it: an application that fails costs them the
// thirty days.
func (a JointApplication) Apply(c *Case, s *Scene) error {
	if err := c.notable(); err != nil {
		return err
	}
	f := c.courtField(a.Court, a.HomeOf, s)
	late := c.FilingTerm().Over(s.Today())
	a.filedDay(c, s, f, late)
	a.sheet(f, "paper")
	if late && a.Receipt == nil {
		f.Mark("receipt", "rule.court_receipt")
	}
	a.agents(c, f)
	if err := f.Err(); err != nil {
		return err
	}
	ground, err := c.competence(a.Court, a.HomeOf, s)
	if err != nil {
		return err
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
	if late {
		if err := a.prove(c, s); err != nil {
			return err
		}
	}
	sheet, err := c.laySheet(s, "F16", "", a.Scan)
	if err != nil {
		return err
	}
	a.enter(c, s, ground, sheet)
	return nil
}

// filedDay settles the day on which the application came to the court: today where
// nothing is said, but only while the thirty days run.
func (a *JointApplication) filedDay(c *Case, s *Scene, f Faults, late bool) {
	if late && a.On.IsZero() {
		f.Mark("on", "error.required")
		return
	}
	a.On = f.signedOn(a.On, s)
	switch term := c.FilingTerm(); {
	case a.On.Before(c.EffectiveOn):
		f.Mark("on", "rule.before_effect")
	case a.On.Before(term.First):
		f.Mark("on", "rule.before_last_step")
	case a.On.After(term.Last):
		f.Mark("on", "rule.filed_late")
	}
}

// agents marks an agent who signed without the power to: the application stands by
// the settlement, so the power is asked for that is asked for to settle.
func (a JointApplication) agents(c *Case, f Faults) {
	for _, id := range a.ByAgent {
		p := c.Party(id)
		if p == nil {
			f.Mark("by_agent", "error.choice")
			continue
		}
		p.maySettle(f, a.On)
	}
}

// maySettle marks a party whose agent has no power, not on that day, or not the power
// to settle.
//
// Source: CPL 62, 205; CPLI 351; JC11 3; CC 165, 173.
func (p *Party) maySettle(f Faults, on statute.Date) {
	key := p.agentOn(on)
	switch {
	case p.AgentName == "":
		f.Mark("by_agent", "rule.agent_power")
	case key != "":
		f.Mark("by_agent", key)
	case p.AgentScope != "settle":
		f.Mark("by_agent", "rule.agent_may_settle")
	}
}

// prove lays the court's receipt to the case and undoes the lapse that was noted:
// nothing had gone by unused. The history keeps both, each with its own day.
//
// Errors: Invalid with the field receipt.
func (a JointApplication) prove(c *Case, s *Scene) error {
	receipt := *a.Receipt
	receipt.Class = statute.CourtPaper
	if err := c.lay(s, receipt); err != nil {
		if full, ok := errors.AsType[*Error](err); ok {
			full.Fields = Faults{"receipt": full.Fields["file"]}
		}
		return err
	}
	delete(s.codes, "kind")
	delete(s.codes, "class") // in this line they are those of the sheet that was signed
	s.Code("receipt", receipt.Digest)
	s.Code("filed_on", a.On.String())
	for i := range c.Deadlines {
		if d := &c.Deadlines[i]; d.Kind == statute.D12Confirmation && d.Outcome == "lapsed" {
			d.Ended, d.Outcome = s.Now, "met"
			s.Code("undoes", string(LapseConfirmation))
		}
	}
	return nil
}

// enter writes the application down with each party's part in it, and freezes what
// lies before the court.
func (a JointApplication) enter(c *Case, s *Scene, ground string, sheet ItemID) {
	k := Confirmation{ID: s.item(), Court: a.Court, Ground: ground, FiledOn: a.On, State: ConfirmationFiled, At: s.Now}
	if ground == statute.ByDomicile {
		k.HomeOf = a.HomeOf
	}
	c.Confirmations = append(c.Confirmations, k)
	for _, p := range c.Active() {
		j := c.joining(k.ID, p.ID, s)
		j.State, j.How, j.File, j.On, j.ScopeTold, j.By, j.At = JoiningJoined, "paper", sheet, a.On, a.ScopeTold, s.By.User, s.Now
		j.ByAgent = slices.Contains(a.ByAgent, p.ID)
	}
	last := &c.Confirmations[len(c.Confirmations)-1]
	last.Pack, last.Digest = c.frozenForCourt()
	c.filedOn(s, a.On)
	s.Code("competence", ground)
	s.About(k.ID)
}

// filedOn ends the thirty days and begins the court's three on the day of filing,
// which may be noted later (PML 33; JC11 4).
func (c *Case) filedOn(s *Scene, day statute.Date) {
	c.startClockFrom(s, statute.D15CourtTake, "", day)
	c.endClockOn(s, statute.D12Confirmation, "", day)
}

// FilingTerm are the days on which a joint application may have come to a court,
// both counted: from effect, or from the day on which the last one came back, to
// the last of the thirty. The zero value is of a case that has no such days.
type FilingTerm struct{ First, Last statute.Date }

// Over says whether the days are over on a day. The last day counts, whole (CPL 85).
func (t FilingTerm) Over(today statute.Date) bool { return today.After(t.Last) }

// empty says whether no day is left on which an application can have come in.
func (t FilingTerm) empty() bool { return t.Last.IsZero() || t.First.After(t.Last) }

// FilingTerm is the parties' term as the case has it, whether or not it is over.
func (c *Case) FilingTerm() FilingTerm {
	t := FilingTerm{First: c.EffectiveOn}
	for _, d := range c.Deadlines {
		if d.Kind == statute.D12Confirmation {
			t.Last = statute.DateOf(d.Due) // the last: the thirty days may have gone on
		}
	}
	if k := c.Application(); k != nil && k.CameBack() && k.DecidedOn.After(t.First) {
		t.First = k.DecidedOn
	}
	return t
}

// notable says why no application can be noted as filed, on whatever day; nil when
// one can.
func (c *Case) notable() error {
	state := c.ConfirmationState()
	if state == ConfirmationNone && c.thirtyDaysOver() {
		state = ConfirmationEligible // nothing was proposed before they ended
	}
	switch _, ok := confirmationMoves[state][ApplyConfirmation]; {
	case !ok:
		return refuse("confirmation_state", "CPL 205")
	case c.FilingTerm().empty():
		return refuse("confirmation_late", "PML 33; CPL 205")
	}
	return nil
}

// NotedLate says whether an application can now be noted only as one that came to
// the court in time: the thirty days are over.
func (c *Case) NotedLate(today statute.Date) bool {
	return c.Offers(ApplyConfirmation) && c.FilingTerm().Over(today)
}

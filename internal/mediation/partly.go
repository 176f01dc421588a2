package mediation

import (
	"slices"
	"strings"

	"doorstep/internal/statute"
)

// PartPerformed reports that a part of something promised was done (row 33): an
// instalment of an instalment, one of two rooms.
type PartPerformed struct {
	Obligation ItemID       `form:"obligation"`
	On         statute.Date `form:"on"`
	Amount     string       `form:"amount"` // of money; blank for what is not money
	Proof      string       `form:"proof"`
}

// Action is the act's word.
func (PartPerformed) Action() Action { return ReportPart }

// Apply adds the sum up. What pays the rest performs the promise; more than the
// rest is no part of it. A part does not move the day (CC 531: the creditor may
// refuse it, and what is left stays due).
func (a PartPerformed) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("proof", a.Proof)
	f.Limit("proof", a.Proof, MaxLine)
	a.On = f.signedOn(a.On, s)
	amount := f.Amount("amount", a.Amount)
	if o := c.obligation(a.Obligation); o != nil && o.AmountFen > 0 && obligationMoves[o.State][ReportPart] != "" {
		switch {
		case amount <= 0:
			f.Mark("amount", "error.amount")
		case amount > o.Rest():
			f.Mark("amount", "rule.more_than_owed")
		case amount == o.Rest():
			if err := f.Err(); err != nil {
				return err
			}
			return Performed{Obligation: a.Obligation, On: a.On, Proof: a.Proof}.Apply(c, s)
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	o, err := c.advance(a.Obligation, ReportPart, s)
	if err != nil {
		return err
	}
	o.PaidFen += amount
	o.Proof = joined(o.Proof, a.On.String()+" "+strings.TrimSpace(a.Proof))
	s.Code("on", a.On.String())
	return nil
}

// joined adds a line to a text.
func joined(text, line string) string {
	if text == "" {
		return line
	}
	return text + "\n" + line
}

// Disputing is a party's word that a promise is not owed, or was not kept as was
// said (PML 32). Staff write it down for the party that says so.
type Disputing struct {
	Party      PartyID `form:"party"`
	Obligation ItemID  `form:"obligation"`
	Reason     string  `form:"reason"`
}

// Action is the act's word.
func (Disputing) Action() Action { return DisputeObligation }

// Apply needs one of the two the promise binds. While it is disputed nobody is in
// default, and the case is not at its end.
func (a Disputing) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	if p := c.actorParty(s.By); p != nil {
		a.Party = p.ID
	}
	p, err := c.partyField(f, a.Party)
	if err != nil {
		return err
	}
	if o := c.obligation(a.Obligation); o != nil && o.By != p.ID && o.To != p.ID {
		return refuse("not_bound", "PML 32; CC 465")
	}
	o, err := c.advance(a.Obligation, DisputeObligation, s)
	if err != nil {
		return err
	}
	o.Dispute, o.DisputedBy = strings.TrimSpace(a.Reason), p.ID
	c.endClock(s, statute.D16Urge, o.ID)
	s.Code("side", string(p.Side))
	return nil
}

// DisputeSettled is what came of talking a disputed promise over (row 35): it
// was kept, or it is owed as it stands. That it is owed otherwise is a new day
// (Rescheduling), that it is not owed is the creditor's waiver.
type DisputeSettled struct {
	Obligation ItemID       `form:"obligation"`
	Outcome    string       `form:"outcome"` // owed, performed
	On         statute.Date `form:"on"`      // when it was performed
	Note       string       `form:"note"`
}

// Action is the act's word.
func (DisputeSettled) Action() Action { return SettleDispute }

// Apply puts the promise back to where its day and what was paid leave it.
func (a DisputeSettled) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.OneOf("outcome", a.Outcome, "owed", "performed")
	f.Require("note", a.Note)
	f.Limit("note", a.Note, MaxStory)
	if a.Outcome == "performed" {
		a.On = f.signedOn(a.On, s)
	}
	if err := f.Err(); err != nil {
		return err
	}
	o, err := c.advance(a.Obligation, SettleDispute, s)
	if err != nil {
		return err
	}
	s.Code("outcome", a.Outcome)
	if a.Outcome == "performed" {
		c.performed(s, o, a.On, strings.TrimSpace(a.Note))
		return nil
	}
	o.PerformedOn = statute.Date{}
	if c.clockOf(statute.D13Performance, o.ID) == nil {
		c.dueOn(s, statute.D13Performance, o.ID, o.Due)
	}
	switch {
	case s.Now.After(o.Due.End()):
		o.State = ObligationOverdue
		c.startClock(s, statute.D16Urge, o.ID)
	case o.PaidFen > 0:
		o.State = ObligationPartly
	}
	return nil
}

// Rescheduling is what re-mediation of a promise that was not kept comes to: the
// two whom it binds agree on another day (row 35; CC 543).
type Rescheduling struct {
	Obligation ItemID       `form:"obligation"`
	Due        statute.Date `form:"due"`
	Reason     string       `form:"reason"`
	AgreedBy   []PartyID    `form:"agreed_by"`
}

// Action is the act's word.
func (Rescheduling) Action() Action { return Reschedule }

// Apply needs both and a day to come. The day first agreed on stays on record,
// and the visit after the last promise moves with it.
func (a Rescheduling) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("reason", a.Reason)
	f.Limit("reason", a.Reason, MaxStory)
	switch {
	case a.Due.IsZero():
		f.Mark("due", "error.required")
	case !a.Due.After(s.Today()):
		f.Mark("due", "rule.in_the_past")
	}
	if o := c.obligation(a.Obligation); o != nil && (!slices.Contains(a.AgreedBy, o.By) || !slices.Contains(a.AgreedBy, o.To)) {
		f.Mark("agreed_by", "rule.both_bound")
	}
	if err := f.Err(); err != nil {
		return err
	}
	o, err := c.advance(a.Obligation, Reschedule, s)
	if err != nil {
		return err
	}
	if o.FirstDue.IsZero() {
		o.FirstDue = o.Due
	}
	o.Due, o.RemindedOn, o.RemindedLate, o.Urged = a.Due, statute.Date{}, 0, 0
	if o.PaidFen > 0 {
		o.State = ObligationPartly
	}
	c.endClock(s, statute.D13Performance, o.ID)
	c.endClock(s, statute.D16Urge, o.ID)
	c.dueOn(s, statute.D13Performance, o.ID, a.Due)
	last := a.Due
	for _, v := range c.Promised() {
		if v.Due.After(last) {
			last = v.Due
		}
	}
	c.replanVisit(s, "", last)
	s.Code("until", a.Due.String())
	return nil
}

// clockOf is the open clock of one promise; nil when none runs.
func (c *Case) clockOf(kind statute.DeadlineID, subject ItemID) *Deadline {
	for i := range c.Deadlines {
		if d := &c.Deadlines[i]; d.Kind == kind && d.Subject == subject && d.Open() {
			return d
		}
	}
	return nil
}

// When the office reminds of a promise by itself: three days before its day, and
// once it is late every seven days, three times at most, counted from the last
// word in the matter. The days are local; the duty to urge is PML 31.
const (
	RemindBefore = 3
	RemindAgain  = 7
	RemindMost   = 3
)

// Reminded is a reminder the office sends by itself.
type Reminded struct {
	Obligation ItemID `form:"obligation"`
}

// Action is the act's word.
func (Reminded) Action() Action { return RemindDue }

// Apply needs a reminder to be due (see Obligation.Reminder).
func (a Reminded) Apply(c *Case, s *Scene) error {
	o := c.obligation(a.Obligation)
	if o == nil {
		return &Error{Kind: NotFound, Key: "error.not_found"}
	}
	when := o.Reminder(s.Today())
	if when == "" {
		return refuse("no_reminder_due", "PML 31")
	}
	if _, err := c.advance(a.Obligation, RemindDue, s); err != nil {
		return err
	}
	o.RemindedOn = s.Today()
	if when == "late" {
		o.RemindedLate++
	}
	s.Code("when", when)
	return nil
}

// Reminder says which reminder is due on a day: "soon", "late", or "" for none.
func (o Obligation) Reminder(today statute.Date) string {
	switch o.State {
	case ObligationPending, ObligationPartly:
		if o.RemindedOn.IsZero() && !today.Before(o.Due.Add(-RemindBefore)) && !today.After(o.Due) {
			return "soon"
		}
	case ObligationOverdue:
		last := o.Due
		for _, d := range []statute.Date{o.RemindedOn, urgedOn(o)} {
			if d.After(last) {
				last = d
			}
		}
		if o.RemindedLate < RemindMost && !today.Before(last.Add(RemindAgain)) {
			return "late"
		}
	}
	return ""
}

func urgedOn(o Obligation) statute.Date {
	if o.UrgedAt.IsZero() {
		return statute.Date{}
	}
	return statute.DateOf(o.UrgedAt)
}

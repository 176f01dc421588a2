package mediation

import (
	"strings"
	"time"

	"doorstep/internal/statute"
)

// The states of an obligation: a sub-machine of its own (rows 33-35).
const (
	ObligationPending   = "pending"
	ObligationPartly    = "partly" // something was done, and the day is not over
	ObligationPerformed = "performed"
	ObligationDisputed  = "disputed" // a party says it is not owed, or was not kept
	ObligationOverdue   = "overdue"
	ObligationDefaulted = "defaulted"
	ObligationWaived    = "waived"
	ObligationVoid      = "void" // belongs to a version that was replaced
)

// Obligation is who does what for whom, how much, by when and how.
type Obligation struct {
	ID          ItemID       `json:"id"`
	Agreement   ItemID       `json:"agreement_id"`
	Seq         int          `json:"seq"`
	By          PartyID      `json:"by_party"`
	To          PartyID      `json:"to_party"`
	Kind        string       `json:"kind"`
	What        string       `json:"what"`
	AmountFen   int64        `json:"amount_fen"`
	Due         statute.Date `json:"due_day"`
	How         string       `json:"how"`
	State       string       `json:"state"`
	PerformedOn statute.Date `json:"performed_on,omitzero"`
	Proof       string       `json:"proof"`
	Urged       int          `json:"urged"`
	UrgedAt     time.Time    `json:"urged_at,omitzero"`

	PaidFen      int64        `json:"paid_fen"` // of AmountFen, so far
	Dispute      string       `json:"dispute"`  // what the party says; stays when it is settled
	DisputedBy   PartyID      `json:"disputed_by,omitzero"`
	FirstDue     statute.Date `json:"first_due,omitzero"`   // the day first agreed on, when another was agreed later
	RemindedOn   statute.Date `json:"reminded_on,omitzero"` // by the office's own reminder
	RemindedLate int          `json:"reminded_late"`        // such reminders after the day
	Every        string       `json:"every"`                // of a series: week, month, quarter, year; ""
	SeriesNo     int          `json:"series_no"`            // which of the series, from 1; 0 outside one
	SeriesOf     int          `json:"series_of"`
}

// Rest is what is still to be paid, in fen.
func (o Obligation) Rest() int64 { return max(0, o.AmountFen-o.PaidFen) }

// Standing is the state as people say it on a day: what is pending is not due
// yet, or due.
func (o Obligation) Standing(today statute.Date) string {
	if o.State != ObligationPending {
		return o.State
	}
	if today.Before(o.Due) {
		return "not_due"
	}
	return "due"
}

// instalmentWith says whether two promises are parts of one debt, due on
// different days.
func (o Obligation) instalmentWith(other Obligation) bool {
	return o.Kind == "pay" && other.Kind == "pay" && o.By == other.By && o.To == other.To && o.Due != other.Due
}

// obligationMoves is the sub-machine: from state, by action, to state. A
// dispute that is settled leads back to where day and payments leave the
// promise; the act says where.
var obligationMoves = map[string]map[Action]string{
	ObligationPending: {ReportPerformed: ObligationPerformed, ReportPart: ObligationPartly, MarkOverdue: ObligationOverdue,
		WaiveObligation: ObligationWaived, DisputeObligation: ObligationDisputed, Reschedule: ObligationPending, RemindDue: ObligationPending},
	ObligationPartly: {ReportPerformed: ObligationPerformed, ReportPart: ObligationPartly, MarkOverdue: ObligationOverdue,
		WaiveObligation: ObligationWaived, DisputeObligation: ObligationDisputed, Reschedule: ObligationPending, RemindDue: ObligationPartly},
	ObligationOverdue: {ReportPerformed: ObligationPerformed, ReportPart: ObligationOverdue, Urge: ObligationOverdue,
		MarkDefaulted: ObligationDefaulted, WaiveObligation: ObligationWaived, DisputeObligation: ObligationDisputed,
		Reschedule: ObligationPending, RemindDue: ObligationOverdue},
	ObligationPerformed: {DisputeObligation: ObligationDisputed},
	ObligationDisputed:  {SettleDispute: ObligationPending, WaiveObligation: ObligationWaived, Reschedule: ObligationPending},
	ObligationDefaulted: {ReportPerformed: ObligationPerformed, ReportPart: ObligationDefaulted, WaiveObligation: ObligationWaived,
		Reschedule: ObligationPending},
}

// ObligationMoves gives the sub-machine for the tests and the docs.
func ObligationMoves() map[string]map[Action]string { return obligationMoves }

// obligation finds a promise by id; nil when the case has none such.
func (c *Case) obligation(id ItemID) *Obligation {
	for i := range c.Obligations {
		if c.Obligations[i].ID == id {
			return &c.Obligations[i]
		}
	}
	return nil
}

// advance moves one obligation along its own table.
func (c *Case) advance(id ItemID, by Action, s *Scene) (*Obligation, error) {
	o := c.obligation(id)
	if o == nil {
		return nil, &Error{Kind: NotFound, Key: "error.not_found"}
	}
	to, ok := obligationMoves[o.State][by]
	if !ok {
		return nil, refuse("obligation_state", "PML 31")
	}
	o.State = to
	s.About(o.ID)
	return o, nil
}

// Performed reports that something promised was done (row 33), with its proof.
type Performed struct {
	Obligation ItemID       `form:"obligation"`
	On         statute.Date `form:"on"`
	Proof      string       `form:"proof"` // receipt, bank slip, the receiver's word
}

// Action is the act's word.
func (Performed) Action() Action { return ReportPerformed }

// Apply needs a proof or the receiver's acknowledgement. The debtor alone may
// not report it on his own word without a proof text.
func (a Performed) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Require("proof", a.Proof)
	f.Limit("proof", a.Proof, MaxLine)
	a.On = f.signedOn(a.On, s)
	if err := f.Err(); err != nil {
		return err
	}
	o, err := c.advance(a.Obligation, ReportPerformed, s)
	if err != nil {
		return err
	}
	c.performed(s, o, a.On, strings.TrimSpace(a.Proof))
	s.Code("on", a.On.String())
	return nil
}

// performed notes when a promise was kept and with what proof, and lets its
// clocks end.
func (c *Case) performed(s *Scene, o *Obligation, on statute.Date, proof string) {
	o.State, o.PerformedOn, o.Proof, o.PaidFen = ObligationPerformed, on, joined(o.Proof, proof), o.AmountFen
	c.endClockOn(s, statute.D13Performance, o.ID, on)
	c.endClockOn(s, statute.D16Urge, o.ID, on)
	c.replanVisit(s, o.ID, on)
	if done := c.Performance(); done == "performed" {
		c.replanVisit(s, "", on)
	}
}

// replanVisit counts a visit from the day its promise was kept, that of the
// whole agreement ("") from the day the last one was.
func (c *Case) replanVisit(s *Scene, of ItemID, from statute.Date) {
	for i := range c.Deadlines {
		if d := &c.Deadlines[i]; d.Kind == statute.D14FollowUp && d.Open() && d.Subject == of {
			r := s.Office.Calendar.Reckon(from.Start(), d.Term)
			d.Starts, d.Due, d.Reckoning, d.Guess = from.Start(), r.Due, r.Steps, r.Provisional
		}
	}
}

// Overdue notes that a due day passed without performance (row 34). It comes
// from the passing of time, not from a person.
type Overdue struct {
	Obligation ItemID `form:"obligation"`
}

// Action is the act's word.
func (Overdue) Action() Action { return MarkOverdue }

// Apply needs the day to be over; it starts the clock to urge.
func (a Overdue) Apply(c *Case, s *Scene) error {
	for _, o := range c.Obligations {
		if o.ID == a.Obligation && !s.Now.After(o.Due.End()) {
			return refuse("not_due_yet", "PML 31")
		}
	}
	o, err := c.advance(a.Obligation, MarkOverdue, s)
	if err != nil {
		return err
	}
	o.RemindedOn = s.Today() // the parties are told now; the next word is a week off
	c.startClock(s, statute.D16Urge, o.ID)
	return nil
}

// Urging reminds the debtor in due form (row 35, F20).
type Urging struct {
	Obligation ItemID `form:"obligation"`
	Means      string `form:"means"`
	Note       string `form:"note"`
}

// Action is the act's word.
func (Urging) Action() Action { return Urge }

// Apply counts the reminder and ends the clock to urge.
func (a Urging) Apply(c *Case, s *Scene) error {
	f := Faults{}
	f.Choice("means", a.Means, statute.ContactMeans)
	f.Limit("note", a.Note, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	o, err := c.advance(a.Obligation, Urge, s)
	if err != nil {
		return err
	}
	o.Urged, o.UrgedAt = o.Urged+1, s.Now
	c.Contacts = append(c.Contacts, Contact{ID: ItemID(s.NewID()), Party: o.By, Means: a.Means, Reached: true, Note: strings.TrimSpace(a.Note),
		By: s.By.User, At: s.Now})
	c.endClock(s, statute.D16Urge, o.ID)
	s.Code("means", a.Means)
	return nil
}

// Defaulting notes that the debtor will not perform (row 35). The other side is
// told of suit and enforcement (PML 32, 33).
type Defaulting struct {
	Obligation ItemID `form:"obligation"`
	Told       bool   `form:"told"`
	Note       string `form:"note"`
}

// Action is the act's word.
func (Defaulting) Action() Action { return MarkDefaulted }

// Apply needs at least one reminder and the other ways told. Nothing is awaited
// any more, so the clocks of the promise end.
func (a Defaulting) Apply(c *Case, s *Scene) error {
	f := Faults{}
	if !a.Told {
		f.Mark("told", "rule.remedies_told")
	}
	f.Limit("note", a.Note, MaxStory)
	if err := f.Err(); err != nil {
		return err
	}
	for _, o := range c.Obligations {
		if o.ID == a.Obligation && o.State == ObligationOverdue && o.Urged == 0 {
			return refuse("urge_first", "PML 31")
		}
	}
	o, err := c.advance(a.Obligation, MarkDefaulted, s)
	if err != nil {
		return err
	}
	c.endClock(s, statute.D13Performance, o.ID)
	c.endClock(s, statute.D16Urge, o.ID)
	return nil
}

// Waiving is the creditor's own giving up of what is promised to him (CC 575).
type Waiving struct {
	Obligation ItemID `form:"obligation"`
	Confirmed  bool   `form:"confirmed"` // the creditor said so himself
}

// Action is the act's word.
func (Waiving) Action() Action { return WaiveObligation }

// Apply needs the creditor's own word.
func (a Waiving) Apply(c *Case, s *Scene) error {
	if !a.Confirmed {
		return &Error{Kind: Invalid, Key: "error.check_fields", Fields: Faults{"confirmed": "rule.creditors_word"}}
	}
	if p := c.actorParty(s.By); p != nil {
		for _, o := range c.Obligations {
			if o.ID == a.Obligation && o.To != p.ID {
				return refuse("creditors_word", "CC 575")
			}
		}
	}
	o, err := c.advance(a.Obligation, WaiveObligation, s)
	if err != nil {
		return err
	}
	c.endClock(s, statute.D13Performance, o.ID)
	c.endClock(s, statute.D16Urge, o.ID)
	return nil
}

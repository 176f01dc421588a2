package mediation

import (
	"fmt"
	"slices"
	"time"

	"doorstep/internal/statute"
)

// Act is one thing a person does to a case: the values of a form with the rules
// that judge them. Apply checks first and changes the case only when everything
// holds; the stage, the clocks and the history are the procedure's work.
type Act interface {
	Action() Action
	Apply(c *Case, s *Scene) error
}

// Wants is implemented by acts that name mediators, so the desk can look them up
// before the rules judge.
type Wants interface{ MediatorsNamed() []UserID }

// Perform is the one way a case changes: the stage allows the action, the act's
// own rules hold, the stage moves, the clocks follow, the history gets its line.
// It changes the case whole or not at all.
//
// Errors: Conflict when the stage does not allow the action, Invalid with fields
// or a rule's key when a precondition fails, Internal when the result would
// break an invariant of the procedure.
func (c *Case) Perform(act Act, s *Scene) ([]Event, error) {
	next := c.copied()
	events, err := next.perform(act, s)
	if err != nil {
		return nil, err
	}
	if s.shut && next.shutOut() != nil {
		more, err := next.perform(ConflictFound{}, s.system())
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	if next.joined() {
		more, err := next.perform(fileConfirmation{}, s.system())
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	if next.ready() {
		more, err := next.perform(takeEffect{}, s.system())
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	*c = *next
	return events, nil
}

func (c *Case) perform(act Act, s *Scene) ([]Event, error) {
	from, grade := c.Stage, c.Grade
	line, err := from.step(act.Action())
	if err != nil {
		return nil, err
	}
	s.subject, s.codes, s.shut = "", nil, false
	if err := act.Apply(c, s); err != nil {
		return nil, err
	}
	c.move(line.To)
	c.breakOff()
	c.shutDoors()
	c.bind(s)
	c.runClocks(line, s)
	c.graded(grade, s)
	c.UpdatedAt = s.Now
	if err := c.sound(); err != nil {
		return nil, err
	}
	return []Event{c.event(act.Action(), from, s)}, nil
}

// system is the scene of a step that follows by itself from the act before it.
func (s *Scene) system() *Scene {
	next := *s
	next.By, next.Role = System(), RoleSystem
	return &next
}

func (c *Case) event(a Action, from Stage, s *Scene) Event {
	e := Event{ID: s.NewID(), Case: c.ID, At: s.Now, By: s.By.User, Role: s.Role, Action: a, From: from, To: c.Stage,
		Subject: s.subject, Codes: s.codes}
	if s.By.Code != nil {
		e.Party = s.By.Code.Party
	}
	return e
}

// move sets the next stage. A stage that holds the case up remembers where it
// came from; leaving it forgets.
func (c *Case) move(to Stage) {
	switch to {
	case same:
		return
	case back:
		c.Stage, c.ResumeStage = c.ResumeStage, ""
		return
	case RecusalReview, Escalated:
		c.ResumeStage = c.Stage
	default:
		c.ResumeStage = ""
	}
	c.Stage = to
}

// runClocks ends and starts the clocks of a line. A case whose dispute is over
// keeps only the clocks that outlive it.
func (c *Case) runClocks(line Step, s *Scene) {
	for _, id := range line.Ends {
		c.endClock(s, id, "")
	}
	if c.Stage.Final() && line.To != same {
		if c.EndedAt.IsZero() { // closing and archiving come after the end and do not move it
			c.EndedAt, c.EndedAs = s.Now, c.Stage
		}
		for i := range c.Deadlines {
			d := &c.Deadlines[i]
			late := c.Stage == Archived && slices.Contains(notArchived, d.Kind)
			if d.Open() && (late || !slices.Contains(outlives, d.Kind)) {
				d.Ended, d.Outcome = s.Now, "cancelled"
			}
		}
	}
	for _, id := range line.Starts {
		if c.Clock(id) == nil {
			c.startClock(s, id, "")
		}
	}
}

// outlives are the clocks that go on after a dispute has ended: a report to the
// police and the answer to who sent the case are due whatever becomes of it, and a
// ruling is the parties' own.
var outlives = []statute.DeadlineID{statute.D04Report, statute.D12Confirmation, statute.D15cObjection, statute.D15dEnforcement, statute.D17Volume,
	statute.D18Retention, statute.D18Oral, statute.D18Short, statute.D18Long, statute.D20Feedback, statute.D20Simple, statute.D21Major, statute.D30DataAnswer}

// notArchived are those of them that end with the archive: nobody applies, answers or
// reports from there.
var notArchived = []statute.DeadlineID{statute.D12Confirmation, statute.D20Feedback, statute.D20Simple, statute.D21Major}

// startClock begins a clock now, by the committee's own limit where it has one.
// The period of a labour dispute began with the application (LDMA 14), and an answer
// is waited for since the matter came.
func (c *Case) startClock(s *Scene, id statute.DeadlineID, subject ItemID) {
	term, from := s.Office.Limits.Term(id), s.Now
	if id == statute.D06Mediation {
		labour := c.Type == "10" || c.Type == "11"
		term = statute.MediationTerm(c.CourtMode, labour, s.Office.Limits)
		if labour && (c.CourtMode == statute.CourtNone || c.CourtMode == statute.C0) {
			from = c.FiledAt
		}
	}
	if slices.Contains(feedbacks, id) {
		from = c.FiledAt
	}
	r := s.Office.Calendar.Reckon(from, term)
	c.Deadlines = append(c.Deadlines, Deadline{ID: ItemID(s.NewID()), Kind: id, Subject: subject, Term: term,
		Starts: from, Due: r.Due, Reckoning: r.Steps, Guess: r.Provisional})
}

// startClockFrom begins a clock that counts from a day, such as the day an
// agreement took effect.
func (c *Case) startClockFrom(s *Scene, id statute.DeadlineID, subject ItemID, from statute.Date) {
	term := s.Office.Limits.Term(id)
	r := s.Office.Calendar.Reckon(from.Start(), term)
	c.Deadlines = append(c.Deadlines, Deadline{ID: ItemID(s.NewID()), Kind: id, Subject: subject, Term: term,
		Starts: from.Start(), Due: r.Due, Reckoning: r.Steps, Guess: r.Provisional})
}

// dueOn keeps a day the parties agreed on; nothing is reckoned.
func (c *Case) dueOn(s *Scene, id statute.DeadlineID, subject ItemID, day statute.Date) {
	c.Deadlines = append(c.Deadlines, Deadline{ID: ItemID(s.NewID()), Kind: id, Subject: subject,
		Term: statute.Term{Unit: statute.CalendarDays}, Starts: s.Now, Due: day.End(),
		Reckoning: []statute.ReckonStep{{Rule: agreedDay, Source: "PML 29", Day: day}}})
}

func (c *Case) endClock(s *Scene, id statute.DeadlineID, subject ItemID) {
	c.stopClock(s, id, subject, s.Now)
}

// endClockOn ends a clock by something done on a day: written down later, it was
// in time all the same.
func (c *Case) endClockOn(s *Scene, id statute.DeadlineID, subject ItemID, day statute.Date) {
	c.stopClock(s, id, subject, day.Start())
}

func (c *Case) stopClock(s *Scene, id statute.DeadlineID, subject ItemID, done time.Time) {
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		if d.Kind != id || !d.Open() || (subject != "" && d.Subject != subject) {
			continue
		}
		d.Ended, d.Outcome = s.Now, "met"
		if done.After(d.Due) {
			d.Outcome = "late"
		}
	}
}

// Clock gives the open clock of a kind, and nil when none runs.
func (c *Case) Clock(id statute.DeadlineID) *Deadline {
	for i := range c.Deadlines {
		if d := &c.Deadlines[i]; d.Kind == id && d.Open() {
			return d
		}
	}
	return nil
}

// pause stops a clock; unpause lets it go on and moves its end by the days it
// stood still, reckoned again from the start (CPL 85 still applies to the end).
func (c *Case) pause(s *Scene, id statute.DeadlineID) {
	if d := c.Clock(id); d != nil && d.PausedAt.IsZero() {
		d.PausedAt = s.Now
	}
}

func (c *Case) unpause(s *Scene, id statute.DeadlineID) {
	d := c.Clock(id)
	if d == nil || d.PausedAt.IsZero() {
		return
	}
	stood := s.Today().Sub(statute.DateOf(d.PausedAt))
	d.PausedDays += stood
	d.PausedAt = time.Time{}
	if !d.agreed() {
		r := s.Office.Calendar.ReckonPaused(d.Starts, d.Term, d.PausedDays)
		d.Due, d.Reckoning, d.Guess = r.Due, r.Steps, r.Provisional
		return
	}
	if stood > 0 { // the agreed day stands, put off by the days of this pause
		r := s.Office.Calendar.Reckon(d.Due, statute.Term{N: stood, Unit: statute.CalendarDays})
		steps := append(slices.Clone(d.Reckoning), statute.ReckonStep{Rule: "paused", Source: "local", Day: statute.DateOf(d.Due).Add(stood), N: stood})
		if moved := statute.DateOf(r.Due); moved != statute.DateOf(d.Due).Add(stood) {
			steps = append(steps, r.Steps[len(r.Steps)-1])
		}
		d.Due, d.Reckoning, d.Guess = r.Due, steps, r.Provisional
	}
}

// The steps of a reckoning whose end the parties agreed on.
const (
	ExtendedByAgreement = "extended_by_agreement"
	agreedDay           = "agreed_day"
)

// refuse is a precondition that does not hold, with the article it rests on.
func refuse(key, source string) error {
	return &Error{Kind: Invalid, Key: "rule." + key, Source: source}
}

// broken is an invariant the program would have broken: our fault, never shown.
func broken(what string) error { return fmt.Errorf("mediation: invariant broken: %s", what) }

// sound checks the invariants of the procedure after every act.
func (c *Case) sound() error {
	leads := 0
	for _, a := range c.Assignments {
		if a.Lead && a.EndedAt.IsZero() {
			leads++
		}
	}
	if draft := c.Agreement(); draft != nil && c.Stage == AgreementDraft {
		for _, v := range c.Signatures {
			if v.Agreement == draft.ID && v.VoidedAt.IsZero() && v.Digest != draft.Digest {
				return broken("a signature stands under the text that was signed (PML 29)")
			}
		}
	}
	switch c.Stage {
	case Assigned, Scheduled, InMediation, Adjourned, AgreementDraft:
		if leads != 1 {
			return broken("exactly one lead mediator")
		}
	case NotAccepted, ReferredOut, Terminated:
		if len(c.Remedies) == 0 {
			return broken("an ended case names the other remedies (PML 26)")
		}
	case Effective:
		if c.EffectiveOn.IsZero() || c.EffectBy == "" {
			return broken("an agreement in effect has its day and rule (PML 29, 30)")
		}
	}
	if c.IntakeNumber == "" {
		return broken("every dispute has a number in the register")
	}
	for _, o := range c.Sessions {
		for _, at := range o.Attendance {
			if p := c.Party(at.Party); at.Present && (p == nil || p.RightsAt.IsZero()) {
				return broken("no session without a logged rights notice (MOJ02 30)")
			}
		}
	}
	return nil
}

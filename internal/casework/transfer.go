package casework

import (
	"context"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// handOn opens the case at the committee a matter was handed to, in the same
// transaction: a transfer without its case, or two cases of one transfer, cannot
// be. What goes along is what the form showed; that it went, and to whom, the
// applicants can read in the log (PIPL 23, 54). The other side hears of it from the
// receiver.
func (d *Desk) handOn(ctx context.Context, tx postgres.Tx, c *mediation.Case, s *mediation.Scene) error {
	opened, err := tx.OpenPersons(ctx, c.Active())
	if err != nil {
		return err
	}
	there, err := d.scene(ctx, tx, s.By, s.Role, s.Receiver.Committee, nil, s.Now)
	if err != nil {
		return err
	}
	there.Receiver = s.Receiver
	next, events, err := c.HandedOn(opened, there)
	if err != nil {
		return err
	}
	if err := insertNew(ctx, tx, next, events); err != nil {
		return err
	}
	for _, p := range c.Active() {
		if p.Side != mediation.Applicant {
			continue
		}
		line := d.access(s.By, c, "case", mediation.ReferOut, s.Now)
		line.Role, line.Party, line.Reason = s.Role, p.ID, c.Handed().Receiver
		if err := tx.LogAccess(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

// ForAct reads a case for the form of an act. Whoever may do the act without
// reading the file (legal staff in their area, row 9 and 42) sees the register.
//
// Errors: Forbidden, NotFound.
func (d *Desk) ForAct(ctx context.Context, a mediation.Actor, id mediation.CaseID, act mediation.Action) (*View, error) {
	v, err := d.Case(ctx, a, id)
	if kind := mediation.KindOf(err); kind != mediation.NotFound && kind != mediation.Forbidden {
		return v, err
	}
	rights, other := d.policy.Check(a, "case", act)
	if other != nil {
		return nil, err
	}
	now := d.now()
	c, err := d.db.Case(ctx, a, rights, id, now)
	if err != nil {
		return nil, err
	}
	return d.view(ctx, a, c, now, nil)
}

// Receivers lists the committees of this installation that a matter may be handed
// to: open, with a chair, the nearest first.
//
// Errors: Forbidden.
func (d *Desk) Receivers(ctx context.Context, a mediation.Actor, c *mediation.Case) ([]Named, error) {
	if _, err := d.policy.Check(a, "case", mediation.ReferOut); err != nil {
		return nil, err
	}
	rows, err := d.db.Receivers(ctx, c.Committee, c.AreaPath)
	list := make([]Named, len(rows))
	for i, r := range rows {
		list[i] = Named{r.ID, r.Name}
	}
	return list, err
}

// Kin is a case linked with one that is read.
type Kin = postgres.Kin

// SendsFiles is how many files a transfer would send, whoever may see them.
func (v *View) SendsFiles() int { return len(v.whole.Parcel().Files) }

// SendsDangers says whether a transfer would tell of a danger. Only who reads of
// dangers is told.
func (v *View) SendsDangers() bool { return v.Objects["risk"] && len(v.whole.Parcel().Risks) > 0 }

// kin are the cases linked with one, for whoever may know of them: of a transfer
// both ends, of a reopened case the first and those that follow. The other side
// and a court are told of none.
func (d *Desk) kin(ctx context.Context, db surroundings, v *View, a mediation.Actor, now time.Time) ([]Kin, error) {
	staff := v.Me == nil && (v.Objects["facts"] || v.As != "" && v.As != mediation.RoleCourtClerk)
	if !staff && (v.Me == nil || v.Me.Side != mediation.Applicant) {
		return nil, nil
	}
	if c := v.whole; c.LinkedTo == "" && !c.Stage.Final() && c.Stage != mediation.Effective && c.Stage != mediation.FollowedUp {
		return nil, nil // nothing can follow yet
	}
	return db.Kin(ctx, a, d.policy.Scope(a, "case", "read"), v.whole, now)
}

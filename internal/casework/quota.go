package casework

import (
	"context"

	"doorstep/internal/mediation"
)

// Room is what the actor may still lay to a case. It is a look and no promise:
// the act asks again, with the counters held.
//
// Errors: Forbidden, NotFound.
func (d *Desk) Room(ctx context.Context, a mediation.Actor, id mediation.CaseID) (mediation.Room, error) {
	rights, err := d.policy.Check(a, "case", mediation.AttachFile)
	if err != nil {
		return mediation.Room{}, err
	}
	c, err := d.db.Case(ctx, a, rights, id, d.now())
	if err != nil {
		return mediation.Room{}, err
	}
	stored, err := d.db.Stored(ctx, c.Committee)
	if err != nil {
		return mediation.Room{}, err
	}
	return d.quota.Room(c, stored), nil
}

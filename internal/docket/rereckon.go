package docket

import (
	"context"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// rereckon counts the running clocks of every case again after the calendar of
// days off changed. It goes on where it was when the server stopped.
func (d *Docket) rereckon(ctx context.Context) error {
	for {
		after, cases, pending, err := d.db.ToRereckon(ctx, batch)
		if err != nil || !pending {
			return err
		}
		next := mediation.CaseID("")
		for _, id := range cases {
			_, err := d.desk.Do(ctx, mediation.System(), id, 0, &mediation.Rereckoning{})
			switch mediation.KindOf(err) {
			case mediation.Conflict, mediation.Invalid, mediation.NotFound: // nothing moved
			default:
				if err != nil {
					return err
				}
				d.log.Info("clocks counted again", "case", id)
			}
			next = id
		}
		if err := d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.Rereckoned(ctx, after, next) }); err != nil {
			return err
		}
	}
}

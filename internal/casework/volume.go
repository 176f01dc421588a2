package casework

import (
	"context"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// Volume reads a case to bind its volume (PML 27), for whoever keeps the file,
// with the papers in it that were issued, as they were.
// taken says that it leaves the house: that is written to the access log, where
// the parties can read it (PIPL 54).
//
// Errors: Forbidden; NotFound, also while the dispute goes on.
func (d *Desk) Volume(ctx context.Context, a mediation.Actor, id mediation.CaseID, taken bool) (*View, error) {
	rights, err := d.policy.Check(a, "volume", "export")
	if err != nil {
		return nil, err
	}
	now := d.now()
	c, err := d.db.Case(ctx, a, rights, id, now)
	if err != nil {
		return nil, err
	}
	if !c.Bindable() {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	if taken {
		line := d.access(a, c, "volume", "export", now)
		if err := d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.LogAccess(ctx, line) }); err != nil {
			return nil, err
		}
	}
	v, err := d.view(ctx, a, c, now, nil)
	if err == nil {
		v.Kept, err = d.inForce(ctx, v)
	}
	return v, err
}

// SignVolume signs the digest of a volume's list with the key of the
// checkpoints, so that it can be checked away from here.
func (d *Desk) SignVolume(digest []byte) ([]byte, error) { return d.keys.Sign(digest) }

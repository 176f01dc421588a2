package casework

import (
	"context"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// TakeFile finds one file of a case that the reader may be shown, to be sent to him.
// Staff opening a proof of identity leave a line in the access log, which the
// person concerned can read (PIPL 28, 54).
//
// Errors: Forbidden, NotFound.
func (d *Desk) TakeFile(ctx context.Context, a mediation.Actor, id mediation.CaseID, file mediation.ItemID) (mediation.File, error) {
	v, err := d.Case(ctx, a, id)
	if err != nil {
		return mediation.File{}, err
	}
	i := slices.IndexFunc(v.Case.Files, func(f mediation.File) bool { return f.ID == file })
	if i < 0 {
		return mediation.File{}, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	f := v.Case.Files[i]
	if f.Class == statute.ProofOfIdentity && v.Me == nil {
		line := d.access(a, v.Case, "identity", "open_proof", v.Now)
		line.Role, line.Party = v.As, f.About
		err = d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.LogAccess(ctx, line) })
	}
	return f, err
}

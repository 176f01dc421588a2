package casework

import (
	"context"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// CourtFile is what lies before the court with an application: the case its papers
// are drawn from, the proofs of identity among its files, and where the court
// serves each party.
type CourtFile struct {
	Case   *mediation.Case
	Served map[mediation.PartyID]mediation.Served
	Filed  bool // as it was frozen when it was filed; else as it would be filed now
}

// CourtFile opens the file of an application for the court it lies before and for
// whoever prepares it. Once filed it is what was frozen. Addresses for service and
// numbers of identity stand open in it, so each opening is written to the access
// log, where the parties read it (PIPL 28, 54).
//
// Errors: Forbidden, NotFound; Conflict where there is no written agreement in
// effect, and for a court where nothing lies before it or what does was filed
// before the papers were kept with it.
func (d *Desk) CourtFile(ctx context.Context, a mediation.Actor, id mediation.CaseID) (*View, *CourtFile, error) {
	rights, err := d.policy.Check(a, "service", "open")
	if err != nil {
		return nil, nil, err
	}
	v, err := d.Case(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	it := &CourtFile{Served: map[mediation.PartyID]mediation.Served{}}
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, _, err := tx.LockCase(ctx, a, rights, id, v.Now)
		if err != nil {
			return err
		}
		served, err := it.open(ctx, tx, v, c)
		if err != nil {
			return err
		}
		for _, s := range served {
			it.Served[s.Party] = s
		}
		return tx.LogAccess(ctx, d.access(a, c, "service", "open", v.Now))
	})
	return v, it, err
}

func (it *CourtFile) open(ctx context.Context, tx postgres.Tx, v *View, c *mediation.Case) ([]mediation.Served, error) {
	for _, k := range slices.Backward(v.Case.Confirmations) { // those this reader may see
		if frozen := k.Frozen(); frozen != nil && k.Filed() {
			it.Case, it.Filed = frozen, true
			return tx.FrozenService(ctx, k.ID)
		}
	}
	settled := c.Agreement() != nil && c.Agreement().Form == "written" && !c.EffectiveOn.IsZero()
	if !settled || !v.Objects["agreement"] { // a court reads what was filed with it, and nothing before
		return nil, &mediation.Error{Kind: mediation.Conflict, Key: "error.no_court_file"}
	}
	it.Case = c.ForCourt()
	return tx.Served(ctx, c)
}

package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// Ink opens the pictures of the signatures in force of a case as its reader has
// it, PNG by the id of the signature: with ids those alone, with none all.
// Whoever may not see them gets none. The parties can read who of the office
// looked, one line a person and day (PIPL 54).
//
// Errors: Forbidden for whoever has no view of the case; vault.ErrSealed when a
// picture was exchanged.
func (d *Desk) Ink(ctx context.Context, a mediation.Actor, v *View, ids []mediation.ItemID) (map[mediation.ItemID][]byte, error) {
	if v == nil {
		return nil, &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	pictures, err := d.ink(ctx, v, ids)
	if err != nil || len(pictures) == 0 || v.Me != nil {
		return pictures, err
	}
	line := d.access(a, v.Case, "signature", "read", v.Now)
	line.ID = onceADay(a.User, v.Case.ID, v.Now)
	return pictures, d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.LogAccess(ctx, line) })
}

// VolumeInk is Ink for a volume that was taken: its taking is written down already.
func (d *Desk) VolumeInk(ctx context.Context, v *View) (map[mediation.ItemID][]byte, error) {
	return d.ink(ctx, v, nil)
}

func (d *Desk) ink(ctx context.Context, v *View, ids []mediation.ItemID) (map[mediation.ItemID][]byte, error) {
	if !v.Objects["signature"] {
		return nil, nil //nolint:nilnil // no pictures: an empty map reads the same
	}
	var wanted []mediation.Signature
	for _, sign := range v.Case.Signed() {
		if len(ids) == 0 || slices.Contains(ids, sign.ID) {
			wanted = append(wanted, sign)
		}
	}
	return d.db.Ink(ctx, wanted)
}

// onceADay is the id of a line that stands once for a person, a case and a day: a
// page with four signatures asks for each of them by itself.
func onceADay(user mediation.UserID, id mediation.CaseID, now time.Time) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("signature/"+string(id)+"/"+string(user)+"/"+statute.DateOf(now).String())).String()
}

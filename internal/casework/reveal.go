package casework

import (
	"context"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// How many sealed values one person opens at most. A day's work needs a few; who
// needs more is looking somebody up.
const (
	revealsAnHour = 10
	revealsADay   = 20
)

// Reveal opens one sealed value of a party. It wants a reason, which the person
// concerned can read, and is limited to 10 an hour and 20 in 24 hours a person
// (PIPL 28, 51). What is refused for that is written down as well.
//
// Errors: Forbidden, NotFound, Invalid without a reason or when nothing of the
// kind is stored, TooMany past the cap.
func (d *Desk) Reveal(ctx context.Context, a mediation.Actor, id mediation.CaseID, party mediation.PartyID, what, reason string) (string, error) {
	rights, err := d.policy.Check(a, "identity", "reveal")
	if err != nil {
		return "", err
	}
	f := mediation.Faults{}
	f.Require("reason", reason)
	f.Limit("reason", reason, mediation.MaxLine)
	f.OneOf("what", what, "phone", "id_number", "birth", "address", "bank_account")
	if err := f.Err(); err != nil {
		return "", err
	}
	var plain string
	var refused error
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		now := d.now()
		c, _, err := tx.LockCase(ctx, a, rights, id, now)
		if err != nil {
			return err
		}
		p := c.Party(party)
		if p == nil {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		if refused, err = d.revealCap(ctx, tx, a, now); err != nil {
			return err
		}
		line := d.access(a, c, "identity", "reveal", now)
		line.Party, line.What, line.Reason, line.Allowed = p.ID, what, strings.TrimSpace(reason), refused == nil
		if err := tx.LogAccess(ctx, line); err != nil || refused != nil {
			return err
		}
		plain, err = tx.OpenPerson(ctx, p.Person, what)
		if err == nil && plain == "" {
			f.Mark("what", "error.choice")
			return f.Err()
		}
		return err
	})
	if err == nil {
		err = refused
	}
	return plain, err
}

// revealCap says why the actor may open no more for now; nil when he may.
func (d *Desk) revealCap(ctx context.Context, tx postgres.Tx, a mediation.Actor, now time.Time) (refused, err error) {
	hour, day, err := tx.CountReveals(ctx, a.User, now)
	switch {
	case err != nil:
		return nil, err
	case day >= revealsADay:
		return &mediation.Error{Kind: mediation.TooMany, Key: "error.reveal_cap"}, nil
	case hour >= revealsAnHour:
		return &mediation.Error{Kind: mediation.TooMany, Key: "error.reveal_cap_hour"}, nil
	}
	return nil, nil
}

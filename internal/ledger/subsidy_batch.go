package ledger

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// Batch is a list of claims for the treasury.
type Batch = postgres.Batch

// BatchView is a batch with its claims.
type BatchView struct {
	Batch
	Claims []Claim
	Pays   bool // the reader may look at the sample and send it to the treasury
}

// FileName is what a batch is called as a file.
func (b BatchView) FileName() string { return dayOf(b.Batch) + "-" + b.ID[len(b.ID)-4:] }

// Batches reads the newest batches in reach.
//
// Errors: Forbidden.
func (l *Ledger) Batches(ctx context.Context, a mediation.Actor) ([]Batch, error) {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Pay))
	if err != nil {
		return nil, err
	}
	return l.db.Batches(ctx, rights)
}

// Batch reads one batch with its claims.
//
// Errors: Forbidden, NotFound.
func (l *Ledger) Batch(ctx context.Context, a mediation.Actor, id string) (*BatchView, error) {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Pay))
	if err != nil {
		return nil, err
	}
	if err := uuid.Validate(id); err != nil {
		return nil, missing()
	}
	b, err := l.db.Batch(ctx, rights, id)
	if err == nil && b == nil {
		err = missing()
	}
	if err != nil {
		return nil, err
	}
	v := &BatchView{Batch: *b, Pays: b.PaidAt == nil}
	v.Claims, err = l.db.BatchClaims(ctx, id)
	return v, err
}

// MakeBatch gathers the approved claims of the actor's area into a batch, draws
// the sample of those to be looked at once more, and gives its id. His own claims
// and those he scored are left for somebody else.
//
// Errors: Forbidden; Conflict when nothing is approved.
func (l *Ledger) MakeBatch(ctx context.Context, a mediation.Actor) (string, error) {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Pay))
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(rights, func(r mediation.Right) bool { return r.Scope == mediation.ScopeArea && r.Grant.AreaPath != "" })
	if at < 0 {
		return "", &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	path, id, now := rights[at].Grant.AreaPath, uuid.Must(uuid.NewV7()).String(), l.now()
	err = l.db.InTx(ctx, func(tx postgres.Tx) error {
		claims, err := tx.LockApproved(ctx, path)
		if err != nil {
			return err
		}
		claims = slices.DeleteFunc(claims, func(c Claim) bool { return !c.Hands().Clean(subsidy.Pay, a.User) })
		if len(claims) == 0 {
			return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.nothing_approved"}
		}
		if err := tx.InsertBatch(ctx, id, path, a.User, now); err != nil {
			return err
		}
		ids := make([]string, len(claims))
		for i, c := range claims {
			ids[i] = c.ID
		}
		oneIn, err := sampleAt(ctx, tx, path, statute.DateOf(now))
		if err != nil {
			return err
		}
		drawn := subsidy.Sample(id, ids, oneIn)
		for _, c := range claims {
			c.Batch, c.Sampled, c.UpdatedAt = id, slices.Contains(drawn, c.ID), now
			if err := tx.SaveClaim(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// sampleAt is one of how many claims is looked at again by the terms of an area.
func sampleAt(ctx context.Context, tx postgres.Tx, path string, day statute.Date) (int, error) {
	terms, err := tx.SubsidyTermsAt(ctx, path, day)
	if err != nil || terms == nil {
		return subsidy.Shipped().Sample, err
	}
	return terms.Terms.V.Sample, nil
}

// LookAgain notes that a sampled claim was looked at once more and found right.
// One that was not is refused instead.
//
// Errors: Forbidden, also for whoever scored or claimed it; NotFound; Conflict
// when it is not in the sample of a batch still open.
func (l *Ledger) LookAgain(ctx context.Context, a mediation.Actor, batch, claim string) error {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Pay))
	if err != nil {
		return err
	}
	if uuid.Validate(batch) != nil || uuid.Validate(claim) != nil {
		return missing()
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		c, err := tx.LockClaim(ctx, a, rights, claim)
		switch {
		case err != nil:
			return err
		case c == nil || c.Batch != batch:
			return missing()
		case !c.Sampled || c.State != subsidy.Approved:
			return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.moved_on"}
		case !c.Hands().Clean(subsidy.Approve, a.User):
			return &mediation.Error{Kind: mediation.Forbidden, Key: "subsidy.own_matter"}
		}
		c.LookedBy, c.UpdatedAt = a.User, l.now()
		return tx.SaveClaim(ctx, *c)
	})
}

// PayBatch sends a batch to the treasury: every claim in it counts as paid from
// then on. A claim that something came up against meanwhile stops the batch until
// it is refused.
//
// Errors: Forbidden, NotFound; Conflict while a sampled claim was not looked at,
// a claim may not be paid any more, or when it was paid before.
func (l *Ledger) PayBatch(ctx context.Context, a mediation.Actor, id string) error {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Pay))
	if err != nil {
		return err
	}
	if err := uuid.Validate(id); err != nil {
		return missing()
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		b, err := tx.Batch(ctx, rights, id)
		switch {
		case err != nil:
			return err
		case b == nil:
			return missing()
		case b.PaidAt != nil || b.Claims == 0:
			return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.moved_on"}
		case b.Unlooked > 0:
			return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.look_first"}
		}
		if err := tx.PayBatch(ctx, id, a.User, l.now()); err != nil {
			return err
		}
		claims, err := tx.BatchClaims(ctx, id)
		if err != nil {
			return err
		}
		for _, c := range claims {
			if c.State != subsidy.Approved {
				continue
			}
			locked, err := tx.LockClaim(ctx, a, rights, c.ID)
			if err != nil {
				return err
			}
			if locked == nil {
				return missing()
			}
			if err := l.step(ctx, tx, a, rights, *locked, ClaimStep{Action: subsidy.Pay}); err != nil {
				return err
			}
		}
		return nil
	})
}

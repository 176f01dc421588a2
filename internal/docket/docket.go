// Package docket does what comes due by itself: terms that run out, promises
// whose day has passed. Several servers may run it at once; each duty is an act
// of the system through the same doorway as everybody's, and an act that another
// server was quicker with is refused by the rules.
package docket

import (
	"context"
	"log/slog"
	"time"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// batch bounds how many duties one round takes up.
const batch = 200

// Docket watches the clocks.
type Docket struct {
	db   *postgres.DB
	desk *casework.Desk
	log  *slog.Logger
	now  func() time.Time // the cases' clock

	months func(ctx context.Context) (closed int, err error) // counts the returns; nil: does not
}

// New makes a docket.
func New(db *postgres.DB, desk *casework.Desk, log *slog.Logger, now func() time.Time) *Docket {
	return &Docket{db: db, desk: desk, log: log, now: now}
}

// CountMonths lets each round count the returns as well.
func (d *Docket) CountMonths(count func(ctx context.Context) (closed int, err error)) {
	d.months = count
}

// Run does a round at once and then one a period, until the context ends.
func (d *Docket) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if n, err := d.RunOnce(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("docket round failed", "done", n, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunOnce does everything that is due now and says how many duties were done.
// A duty that the rules refuse was done by another server, or its case moved
// on: that is no failure. It also drops what is kept for a time only.
func (d *Docket) RunOnce(ctx context.Context) (int, error) {
	done := 0
	for {
		due, err := d.db.Due(ctx, d.now(), batch)
		if err != nil {
			return done, err
		}
		fresh := 0
		for _, duty := range due {
			ok, err := d.do(ctx, duty)
			if err != nil {
				return done, err
			}
			if ok {
				fresh++
			}
		}
		done += fresh
		if fresh == 0 || len(due) < batch {
			n, err := d.remind(ctx)
			if done += n; err != nil {
				return done, err
			}
			n, err = d.warn(ctx)
			if done += n; err != nil {
				return done, err
			}
			if err := d.rereckon(ctx); err != nil {
				return done, err
			}
			if err := d.count(ctx); err != nil {
				return done, err
			}
			return done, d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.Sweep(ctx, d.now()) })
		}
	}
}

// count closes the months whose day has come and counts those that run.
func (d *Docket) count(ctx context.Context) error {
	if d.months == nil {
		return nil
	}
	closed, err := d.months(ctx)
	if closed > 0 {
		d.log.Info("months of the returns closed", "months", closed)
	}
	return err
}

// remind is the kind of a duty that no clock carries: a word to the parties on a
// promise that will be due soon, or is late (PML 31).
const remind statute.DeadlineID = "remind"

// remind reminds of the promises whose turn it is; what is left over by the batch
// follows in the next round.
func (d *Docket) remind(ctx context.Context) (int, error) {
	due, err := d.db.Reminders(ctx, statute.DateOf(d.now()), mediation.RemindBefore, mediation.RemindAgain, mediation.RemindMost, batch)
	if err != nil {
		return 0, err
	}
	return d.all(ctx, due)
}

// warn is the kind of the word to the parties that the thirty days to ask the
// court run out (PML 33).
const warn statute.DeadlineID = "remind_confirmation"

func (d *Docket) warn(ctx context.Context) (int, error) {
	due, err := d.db.ConfirmWarnings(ctx, d.now(), mediation.ConfirmWarnings, batch)
	if err != nil {
		return 0, err
	}
	return d.all(ctx, due)
}

func (d *Docket) all(ctx context.Context, due []postgres.Duty) (int, error) {
	done := 0
	for _, duty := range due {
		ok, err := d.do(ctx, duty)
		if err != nil {
			return done, err
		}
		if ok {
			done++
		}
	}
	return done, nil
}

func (d *Docket) do(ctx context.Context, duty postgres.Duty) (bool, error) {
	var act mediation.Act
	switch duty.Kind {
	case statute.D03Supplement:
		act = &mediation.SupplementLapsed{}
	case statute.D06Mediation:
		act = &mediation.Lapsing{}
	case statute.D12Confirmation, statute.D15cObjection, statute.D15dEnforcement:
		act = &mediation.ConfirmationLapsed{}
	case statute.D13Performance:
		act = &mediation.Overdue{Obligation: duty.Subject}
	case warn:
		act = &mediation.ConfirmationReminded{}
	case remind:
		act = &mediation.Reminded{Obligation: duty.Subject}
	default:
		return false, nil
	}
	_, err := d.desk.Do(ctx, mediation.System(), duty.Case, 0, act)
	switch mediation.KindOf(err) {
	case mediation.Conflict, mediation.Invalid, mediation.NotFound:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d.log.Info("duty done", "case", duty.Case, "deadline", duty.Kind)
	return true, nil
}

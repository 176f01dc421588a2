package docket

import (
	"context"
	"errors"
	"log/slog"
	"time"
	"unicode/utf8"

	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

const (
	runLease  = 5 * time.Minute  // a server that died is taken for dead after it
	runRenew  = time.Minute      // while a run goes on
	runPause  = 30 * time.Minute // before a run that failed is tried again
	faultMost = 300              // characters of a fault that are kept
)

// errTaken ends a run whose lease another server has.
var errTaken = errors.New("docket: another server has taken the run over")

// Chore is something done for the whole house once a day. Target tells several
// of a kind apart. At is the time of day in Asia/Shanghai. Do must end soon after
// its context does, with nothing half done that the next try could not undo.
type Chore struct {
	Kind, Target string
	At           time.Duration
	Do           func(ctx context.Context) error
}

// due is the day whose run is the last that should have begun.
func (c Chore) due(now time.Time) statute.Date {
	day := statute.DateOf(now)
	if now.Sub(day.Start()) < c.At {
		return day.Add(-1)
	}
	return day
}

// Upkeep does the chores of the house. Several servers may run it on one
// database: each day's run is leased before it is begun, and the lease renewed
// while it goes on. What fails is tried again in a while, for the rest of its day.
type Upkeep struct {
	db     *postgres.DB
	chores []Chore
	log    *slog.Logger
	now    func() time.Time
	renew  time.Duration
}

// NewUpkeep makes an upkeep. The clock is the wall's.
func NewUpkeep(db *postgres.DB, chores []Chore, log *slog.Logger, now func() time.Time) *Upkeep {
	return &Upkeep{db: db, chores: chores, log: log, now: now, renew: runRenew}
}

// Run makes a round at once and then one a period, until the context ends.
func (u *Upkeep) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if n, err := u.RunOnce(ctx); err != nil && ctx.Err() == nil {
			u.log.Warn("upkeep round failed", "done", n, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunOnce does every chore whose day's run is due and free, and says how many
// were done. A chore that fails is noted and is no error of the round.
func (u *Upkeep) RunOnce(ctx context.Context) (done int, err error) {
	for _, c := range u.chores {
		r := postgres.Run{Kind: c.Kind, Target: c.Target, Day: c.due(u.now())}
		ours := false
		err := u.db.InTx(ctx, func(tx postgres.Tx) (err error) {
			ours, err = tx.LeaseRun(ctx, &r, u.now(), u.now().Add(runLease))
			return err
		})
		if err != nil {
			return done, err
		}
		if !ours {
			continue
		}
		ok, err := u.do(ctx, c, r)
		if err != nil {
			return done, err
		}
		if ok {
			done++
		}
	}
	return done, nil
}

// do does one run under its lease and notes what became of it. When the server
// stops, the run is given up for whoever comes next.
func (u *Upkeep) do(ctx context.Context, c Chore, r postgres.Run) (ok bool, err error) {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		u.keep(working, stop, r)
	}()
	fault := c.Do(working)
	taken := errors.Is(context.Cause(working), errTaken)
	stop(nil)
	<-renewed
	note := func(tx postgres.Tx) (bool, error) { return tx.RunDone(ctx, r, u.now()) }
	switch {
	case fault == nil:
		ok = true
		u.log.Info("upkeep done", "kind", r.Kind, "day", r.Day.String(), "try", r.Try)
	case taken:
		u.log.Warn("upkeep taken over by another server", "kind", r.Kind, "day", r.Day.String(), "try", r.Try)
		return false, nil
	case ctx.Err() != nil:
		note = func(tx postgres.Tx) (bool, error) { return tx.KeepRun(ctx, r, u.now()) }
	default:
		u.log.Error("upkeep failed", "kind", r.Kind, "day", r.Day.String(), "try", r.Try, "error", fault)
		note = func(tx postgres.Tx) (bool, error) {
			return tx.RunFailed(ctx, r, cut(fault.Error()), u.now().Add(runPause))
		}
	}
	ctx = context.WithoutCancel(ctx) // also when the program is about to stop
	return ok, u.db.InTx(ctx, func(tx postgres.Tx) error {
		_, err := note(tx)
		return err
	})
}

// keep renews a lease until the run ends, and ends the run when the lease could
// not be kept: then another server may have begun it.
func (u *Upkeep) keep(ctx context.Context, stop context.CancelCauseFunc, r postgres.Run) {
	tick := time.NewTicker(u.renew)
	defer tick.Stop()
	last := u.now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ours := false
		err := u.db.InTx(ctx, func(tx postgres.Tx) (err error) {
			ours, err = tx.KeepRun(ctx, r, u.now().Add(runLease))
			return err
		})
		switch {
		case err == nil && ours:
			last = u.now()
		case err == nil, u.now().Sub(last) >= runLease-runRenew:
			stop(errTaken)
			return
		}
	}
}

// cut keeps the beginning of a long fault.
func cut(text string) string {
	if utf8.RuneCountInString(text) <= faultMost {
		return text
	}
	return string([]rune(text)[:faultMost]) + "…"
}

package docket

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// caretaker is a house with one chore and a clock the test sets.
type caretaker struct {
	t     *testing.T
	db    *postgres.DB
	now   atomic.Pointer[time.Time]
	did   atomic.Int64
	chore Chore
}

func openCaretaker(t *testing.T) *caretaker {
	t.Helper()
	db, err := postgres.Open(pgtest.New(t).App, vault.TestKeys())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	k := &caretaker{t: t, db: db}
	k.chore = Chore{Kind: "sweeping", At: 150 * time.Minute, Do: func(context.Context) error { k.did.Add(1); return nil }}
	k.at(11, 9, 0)
	return k
}

func (k *caretaker) at(day, hour, minute int) {
	now := time.Date(2026, 5, day, hour, minute, 0, 0, statute.Shanghai)
	k.now.Store(&now)
}

func (k *caretaker) server() *Upkeep {
	return NewUpkeep(k.db, []Chore{k.chore}, slog.New(slog.DiscardHandler), func() time.Time { return *k.now.Load() })
}

func (k *caretaker) round(done, did int) {
	k.t.Helper()
	n, err := k.server().RunOnce(k.t.Context())
	if err != nil || n != done || k.did.Load() != int64(did) {
		k.t.Errorf("at %s the round did %d, %v, all rounds %d; want %d and %d", k.now.Load(), n, err, k.did.Load(), done, did)
	}
}

func (k *caretaker) stands() postgres.Upkeep {
	k.t.Helper()
	all, err := k.db.Upkeep(k.t.Context())
	if err != nil || len(all) != 1 {
		k.t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

func TestAChoreIsDoneOnceADay(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	k.round(1, 1) // today's, whose time is over
	k.round(0, 1)
	k.at(12, 2, 29)
	k.round(0, 1)
	k.at(12, 2, 30)
	k.round(1, 2)
	k.round(0, 2)
	k.at(15, 1, 0) // off for two days: one run makes up for them
	k.round(1, 3)
	k.at(15, 2, 30)
	k.round(1, 4)
	if u := k.stands(); u.Good == nil || !u.Good.Equal(*k.now.Load()) || u.Failed() || u.Late(*k.now.Load()) {
		t.Errorf("%+v", u)
	}
}

func TestFourServersDoAChoreOnce(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	for day := 11; day < 16; day++ {
		k.at(day, 9, 0)
		var wg sync.WaitGroup
		for range 4 {
			one := k.server()
			wg.Go(func() {
				if _, err := one.RunOnce(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := k.did.Load(); n != int64(day-10) {
			t.Fatalf("after %d days it was done %d times", day-10, n)
		}
	}
}

func TestAChoreThatFailsIsTriedAgainAndTold(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	k.chore.Do = func(context.Context) error {
		if k.did.Add(1) < 3 {
			return errors.New("磁盘未挂载" + strings.Repeat("长", 400))
		}
		return nil
	}
	k.round(0, 1)
	k.at(11, 9, 29)
	k.round(0, 1)
	if u := k.stands(); !u.Failed() || u.Good != nil || !strings.HasPrefix(u.Fault, "磁盘未挂载") || len([]rune(u.Fault)) > faultMost+1 || u.Tries != 1 {
		t.Errorf("%+v", u)
	}
	k.at(11, 9, 30)
	k.round(0, 2)
	k.at(11, 10, 0)
	k.round(1, 3)
	if u := k.stands(); u.Failed() || u.Good == nil || u.Tries != 3 {
		t.Errorf("%+v", u)
	}
	late := k.now.Load().Add(upkeepDay + time.Second)
	if u := k.stands(); !u.Late(late) || u.Late(late.Add(-2*time.Second)) {
		t.Errorf("%+v is late at the wrong time", u)
	}
}

const upkeepDay = 36 * time.Hour

// A server that died keeps its lease for a while; then another one does the run.
func TestADeadServersRunIsTakenOver(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	err := k.db.InTx(t.Context(), func(tx postgres.Tx) error {
		r := postgres.Run{Kind: k.chore.Kind, Day: statute.NewDate(2026, 5, 11)}
		ours, err := tx.LeaseRun(t.Context(), &r, *k.now.Load(), k.now.Load().Add(runLease))
		if !ours {
			t.Error("a free run was not had")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.at(11, 9, 4)
	k.round(0, 0)
	k.at(11, 9, 5)
	k.round(1, 1)
}

// A run that goes on for longer than its lease keeps it; a run that lost its
// lease is ended and does not count as done.
func TestALongRunKeepsItsLease(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	begun, end := make(chan struct{}), make(chan struct{})
	k.chore.Do = func(ctx context.Context) error {
		k.did.Add(1)
		close(begun)
		select {
		case <-end:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	long := k.server()
	long.renew = 10 * time.Millisecond
	ended := make(chan int, 1)
	go func() {
		n, err := long.RunOnce(t.Context())
		if err != nil {
			t.Error(err)
		}
		ended <- n
	}()
	<-begun
	k.at(11, 9, 4)
	k.renewed(*k.now.Load())
	k.at(11, 9, 8)
	k.chore.Do = func(context.Context) error { k.did.Add(1); return nil }
	k.round(0, 1)
	k.at(11, 20, 0) // the clock is moved on before the lease can be renewed
	k.steal()
	if n := <-ended; n != 0 {
		t.Error("a run that lost its lease counts as done")
	}
	close(end)
}

// renewed waits until the lease reaches beyond a moment by its whole length.
func (k *caretaker) renewed(now time.Time) {
	k.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var ours bool
		err := k.db.InTx(k.t.Context(), func(tx postgres.Tx) (err error) {
			r := postgres.Run{Kind: k.chore.Kind, Day: statute.NewDate(2026, 5, 11)}
			ours, err = tx.LeaseRun(k.t.Context(), &r, now.Add(runLease-time.Second), now.Add(runLease))
			return errors.Join(err, errLook)
		})
		if !errors.Is(err, errLook) {
			k.t.Fatal(err)
		}
		if !ours {
			return
		}
	}
	k.t.Fatal("the lease was not renewed")
}

var errLook = errors.New("only a look")

// steal has another server take the run, whatever its lease.
func (k *caretaker) steal() {
	k.t.Helper()
	err := k.db.InTx(k.t.Context(), func(tx postgres.Tx) error {
		r := postgres.Run{Kind: k.chore.Kind, Day: statute.NewDate(2026, 5, 11)}
		ours, err := tx.LeaseRun(k.t.Context(), &r, k.now.Load().Add(24*time.Hour), k.now.Load().Add(25*time.Hour))
		if !ours {
			k.t.Error("the run was not had")
		}
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

// A server that stops gives its run up, and the next one begins it at once.
func TestAStopGivesTheRunUp(t *testing.T) {
	t.Parallel()
	k := openCaretaker(t)
	ctx, stop := context.WithCancel(t.Context())
	k.chore.Do = func(ctx context.Context) error { stop(); <-ctx.Done(); return ctx.Err() }
	if n, err := k.server().RunOnce(ctx); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if u := k.stands(); u.Failed() {
		t.Errorf("a stop is told as a failure: %+v", u)
	}
	k.chore.Do = func(context.Context) error { k.did.Add(1); return nil }
	k.round(1, 1)
}

package docket_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/demo"
	"doorstep/internal/docket"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// watch is a house whose stories were told up to a morning, with dockets of its
// own that stand at an hour the test sets.
type watch struct {
	*demo.House
	t   *testing.T
	now atomic.Pointer[time.Time]
}

func open(t *testing.T, stories ...string) *watch {
	t.Helper()
	keys := vault.TestKeys()
	db, err := postgres.Open(pgtest.New(t).App, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{t: t}
	w.House, err = demo.Open(t.Context(), demo.Deps{DB: db, Policy: policy, Keys: keys, Hasher: vault.NewHasher(keys),
		Log: slog.New(slog.DiscardHandler), Wall: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Play(t.Context(), stories...); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *watch) at(month time.Month, day, hour, minute int) {
	now := time.Date(2026, month, day, hour, minute, 0, 0, statute.Shanghai)
	w.now.Store(&now)
}

func (w *watch) docket() *docket.Docket {
	clock := func() time.Time { return *w.now.Load() }
	return docket.New(w.DB, w.Desk.At(clock), slog.New(slog.DiscardHandler), clock)
}

// round runs a new docket, as after a restart, and wants so many duties done.
func (w *watch) round(want int) {
	w.t.Helper()
	n, err := w.docket().RunOnce(w.t.Context())
	if err != nil || n != want {
		w.t.Errorf("at %s %d duties were done, %v; want %d", w.now.Load(), n, err, want)
	}
}

// did counts the lines of an action in a story's history; all are the system's.
func (w *watch) did(story string, action mediation.Action) (n int) {
	w.t.Helper()
	events, err := w.DB.History(w.t.Context(), w.Case(story))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range events {
		if e.Action != action {
			continue
		}
		n++
		if e.Role != mediation.RoleSystem || e.By != "" {
			w.t.Errorf("%s was done as %s", action, e.Role)
		}
	}
	return n
}

func (w *watch) whole(story string) *mediation.Case {
	w.t.Helper()
	system := mediation.System()
	c, err := w.DB.Case(w.t.Context(), system, w.Policy.Scope(system, "case", "read"), w.Case(story), *w.now.Load())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// 车位 has its mediation period to the end of 8 July, 欠款 a payment due on the 13th
// and another on 13 August.
func TestADutyIsDoneOnceItsDayIsOverAndNotAgain(t *testing.T) {
	t.Parallel()
	w := open(t, "车位", "欠款")
	w.at(7, 8, 23, 59)
	w.round(0)
	if w.whole("车位").Lapsed {
		t.Error("the period lapsed on its last day")
	}
	w.at(7, 9, 0, 1)
	w.round(1)
	w.round(0)
	if c := w.whole("车位"); !c.Lapsed || c.Stage != mediation.Adjourned {
		t.Errorf("after its end the period is lapsed %v, the stage %s", c.Lapsed, c.Stage)
	}
	w.at(7, 9, 23, 59)
	w.round(0)
	w.at(7, 10, 0, 1) // three days before the payment: its reminder, once
	w.round(1)
	w.at(7, 13, 23, 59)
	w.round(0)
	w.at(7, 14, 0, 1)
	w.round(1)
	w.round(0)
	if c := w.whole("欠款"); c.Performance() != "overdue" || c.Clock(statute.D16Urge) == nil {
		t.Errorf("the payment is %s, the clock to urge %v", c.Performance(), c.Clock(statute.D16Urge))
	}
	if a, b := w.did("车位", mediation.Lapse), w.did("欠款", mediation.MarkOverdue); a != 1 || b != 1 {
		t.Errorf("lapse stands %d times, mark_overdue %d times", a, b)
	}
}

// TestALatePaymentIsRemindedOfThreeTimes: a week apart, from the day it was noted
// to be late, and never more; the parties are told each time.
// proves: act.remind_due
func TestALatePaymentIsRemindedOfThreeTimes(t *testing.T) {
	t.Parallel()
	w := open(t, "欠款")
	told := func() (n int) {
		list, err := w.DB.History(t.Context(), w.Case("欠款"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Action == mediation.RemindDue {
				n++
			}
		}
		return n
	}
	w.at(7, 10, 8, 0)
	w.round(1)
	w.at(7, 14, 8, 0)
	w.round(1) // late
	for i, day := range []int{21, 28} {
		if day == 28 {
			w.at(7, 27, 8, 0)
			w.round(1) // the word on the thirty days, which is its own
		}
		w.at(7, day-1, 23, 0)
		w.round(0)
		w.at(7, day, 0, 1)
		w.round(1)
		w.round(0)
		if got := told(); got != 2+i {
			t.Errorf("on 7-%d reminded %d times", day, got)
		}
	}
	w.at(8, 4, 9, 0)
	w.round(1)
	w.at(8, 12, 9, 0)
	if _, err := w.docket().RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.did("欠款", mediation.RemindDue); got != 5 {
		t.Errorf("reminded %d times, want once before and three times after the first payment, once before the second", got)
	}
}

func TestAfterADaysStopWhatCameDueIsCaughtUp(t *testing.T) {
	t.Parallel()
	w := open(t, "车位", "欠款")
	w.at(7, 7, 9, 0)
	w.round(0)
	w.at(8, 14, 9, 0) // the machine was off for five weeks
	w.round(4)
	w.round(0)
	if n := w.did("欠款", mediation.MarkOverdue); n != 2 {
		t.Errorf("mark_overdue stands %d times, want once for each payment", n)
	}
	if n := w.did("车位", mediation.Lapse); n != 1 {
		t.Errorf("lapse stands %d times", n)
	}
	if n := w.did("欠款", mediation.LapseConfirmation); n != 1 {
		t.Errorf("lapse_confirmation stands %d times", n)
	}
}

func TestTwoDocketsAtOnceDoADutyOnce(t *testing.T) {
	t.Parallel()
	w := open(t, "车位", "欠款")
	w.at(8, 14, 9, 0)
	var wg sync.WaitGroup
	var sum atomic.Int64
	for range 4 {
		one := w.docket()
		wg.Go(func() {
			n, err := one.RunOnce(t.Context())
			if err != nil {
				t.Error(err)
			}
			sum.Add(int64(n))
		})
	}
	wg.Wait()
	if sum.Load() != 4 {
		t.Errorf("four dockets did %d duties, want 4 between them", sum.Load())
	}
	if a, b := w.did("车位", mediation.Lapse), w.did("欠款", mediation.MarkOverdue); a != 1 || b != 2 {
		t.Errorf("lapse stands %d times, mark_overdue %d times", a, b)
	}
	if _, broken, err := w.DB.VerifyChains(t.Context()); broken != nil || err != nil {
		t.Errorf("the chain: %+v, %v", broken, err)
	}
}

// 装修 was asked on Wednesday 15 July for papers it has three working days to bring.
func TestPapersThatNeverCameEndTheFiling(t *testing.T) {
	t.Parallel()
	w := open(t, "装修")
	w.at(7, 20, 23, 59)
	w.round(0)
	w.at(7, 21, 0, 1)
	w.round(1)
	c := w.whole("装修")
	if c.Stage != mediation.Withdrawn || len(c.Remedies) == 0 || w.did("装修", mediation.LapseSupplement) != 1 {
		t.Errorf("the filing stands at %s, remedies %v", c.Stage, c.Remedies)
	}
}

func TestWhatAPersonDidInTimeIsNoDuty(t *testing.T) {
	t.Parallel()
	w := open(t, "13", "4") // withdrawn, and paid at once
	w.at(12, 31, 9, 0)
	w.round(1) // only the thirty days for confirmation, which nobody had to use
	w.round(0)
	if c := w.whole("4"); c.Late(*w.now.Load()) && c.Clock(statute.D12Confirmation) != nil {
		t.Error("the right to apply that went by counts as late")
	}
}

func TestRunStopsWithItsContextAndWorksAtOnce(t *testing.T) {
	t.Parallel()
	w := open(t, "车位")
	w.at(7, 9, 0, 1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		w.docket().Run(ctx, time.Hour)
		close(ended)
	}()
	deadline := time.Now().Add(20 * time.Second)
	for w.did("车位", mediation.Lapse) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("the first round was not done at once")
		}
		time.Sleep(20 * time.Millisecond)
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the docket does not stop with its context")
	}
}

// TestAChangedCalendarMovesRunningClocks: the office adds days off; the next
// round counts every running clock again, once, also with two servers, and each
// case that moved says so in its history.
func TestAChangedCalendarMovesRunningClocks(t *testing.T) {
	t.Parallel()
	w := open(t, "车位", "欠款")
	w.at(7, 6, 9, 0)
	before := w.whole("车位").Clock(statute.D06Mediation).Due
	add := func(day statute.Date) {
		t.Helper()
		err := w.DB.InTx(t.Context(), func(tx postgres.Tx) error {
			if err := tx.SaveCalendarDay(t.Context(), statute.Exception{Day: day, NameZH: "临时放假", NameEN: "Extra day off"}); err != nil {
				return err
			}
			return tx.CalendarChanged(t.Context())
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(statute.DateOf(before))
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if _, err := w.docket().RunOnce(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	w.round(0)
	after := w.whole("车位").Clock(statute.D06Mediation).Due
	if !after.After(before) || w.did("车位", mediation.Rereckon) != 1 {
		t.Errorf("the period ends %s, before %s; told %d times", after, before, w.did("车位", mediation.Rereckon))
	}
	if _, _, pending, err := w.DB.ToRereckon(t.Context(), 1); pending || err != nil {
		t.Errorf("still marked: %v, %v", pending, err)
	}
}

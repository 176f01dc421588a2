package docket_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"doorstep/internal/docket"
	"doorstep/internal/notice"
)

func TestRefusedMailWaitsLongerEachTimeAndIsParked(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	var tries atomic.Int32 // counted by the server's connections, each its own goroutine
	m.server.Refuse(func(string) error {
		tries.Add(1)
		return &smtp.SMTPError{Code: 451, Message: "later"}
	})
	m.tell("1")
	for range 2 * 24 * 60 { // two days, minute by minute
		if _, err := m.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		m.pass(time.Minute)
		if tries.Load() >= 10 {
			break
		}
	}
	m.server.Refuse(nil)
	m.pass(24 * time.Hour)
	m.round(0) // parked: not tried any more
	if n := tries.Load(); n != 10 {
		t.Errorf("%d tries, want 10", n)
	}
	m.tell("2")
	m.round(1) // and it is in nobody's way
}

func TestServerThatIsAwayStopsTheRoundEarly(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	for _, thing := range []string{"1", "2", "3", "4", "5"} {
		m.tell(thing)
	}
	asked := 0
	away := docket.NewCourier(m.db, func(context.Context, notice.Mail) error {
		asked++
		return errors.New("connection refused")
	}, m.words, site, slog.New(slog.DiscardHandler), m.now)
	if _, err := away.RunOnce(t.Context()); err != nil || asked != 3 {
		t.Errorf("asked %d times, %v; want 3", asked, err)
	}
	m.pass(2 * time.Minute)
	m.round(5)
}

// A mailbox that refuses everything, and a server that goes silent in the middle
// of a mail, hold up nobody else's mail; the first is told to the office.
func TestOneMailThatCannotBeDeliveredHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	silent := make(chan struct{})
	defer close(silent)
	var turn atomic.Int32 // the silent mail holds one connection while the next one asks
	m.server.Refuse(func(string) error {
		switch turn.Add(1) {
		case 1:
			return &smtp.SMTPError{Code: 550, Message: "no such user"}
		case 2:
			<-silent // longer than anybody waits
		}
		return nil
	})
	for _, thing := range []string{"1", "2", "3", "4"} {
		m.tell(thing)
		m.pass(time.Second)
	}
	m.round(2) // the others, in the same round
	m.pass(2 * time.Minute)
	m.server.Refuse(func(string) error { return &smtp.SMTPError{Code: 550, Message: "no such user"} })
	for range 9 {
		m.round(0)
		m.pass(6 * time.Hour)
	}
	m.server.Refuse(nil)
	m.round(0)
	lost, err := m.db.LostMails(t.Context(), m.now().AddDate(0, 0, -7))
	m.must(err)
	if len(lost) != 1 || lost[0].User != string(m.user.User) || lost[0].Name != "李阿英" || lost[0].Count != 2 || lost[0].Fault != "smtp 550" {
		t.Errorf("given up: %+v", lost)
	}
	if lost, err = m.db.LostMails(t.Context(), m.now()); err != nil || len(lost) != 0 {
		t.Errorf("given up after now: %+v, %v", lost, err)
	}
}

func TestMailsThatWaitAreCounted(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	waiting := func(want int, fault string) {
		t.Helper()
		got, err := m.db.MailsWaiting(t.Context())
		if err != nil || got.Count != want || got.Fault != fault || (want > 0) != (got.Since != nil) {
			t.Errorf("%+v wait, want %d for %q: %v", got, want, fault, err)
		}
	}
	m.tell("1")
	m.tell("2")
	waiting(0, "") // nobody has tried
	m.server.Refuse(func(string) error { return &smtp.SMTPError{Code: 451, Message: "later"} })
	m.round(0)
	waiting(2, "smtp 451")
	m.server.Refuse(nil)
	m.pass(time.Hour)
	m.round(2)
	waiting(0, "")
}

package docket

import (
	"context"
	"log/slog"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/locale"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

const (
	mailLease  = 2 * time.Minute // longer than one sending may take
	mailTries  = 10              // then it is parked: a day of trying
	mailPause  = 6 * time.Hour   // between two tries at most
	mailsRound = 500             // in one round
	mailFaults = 3               // in a row: the server is away, the next round tries again
)

// Courier delivers what waits in the outbox. Several may run on one database: a
// mail is leased before it is sent and noted afterwards, so that a courier that
// dies between the two sends it twice and never not at all.
type Courier struct {
	db    *postgres.DB
	send  func(ctx context.Context, m notice.Mail) error
	words *locale.Catalog
	base  string // address of the site, without a slash at its end
	log   *slog.Logger
	now   func() time.Time
}

// NewCourier makes a courier. The clock is the wall's.
func NewCourier(db *postgres.DB, send func(context.Context, notice.Mail) error, words *locale.Catalog, base string, log *slog.Logger,
	now func() time.Time) *Courier {
	return &Courier{db: db, send: send, words: words, base: base, log: log, now: now}
}

// Run makes a round at once and then one a period, until the context ends.
func (r *Courier) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if n, err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("mail round failed", "sent", n, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// RunOnce sends what is due and says how many mails the server took. A mail that
// is refused waits longer each time and is parked after mailTries.
func (r *Courier) RunOnce(ctx context.Context) (sent int, err error) {
	faults := 0
	for range mailsRound {
		m, err := r.lease(ctx)
		if err != nil || m == nil {
			return sent, err
		}
		took, err := r.deliver(ctx, m)
		if err != nil {
			return sent, err
		}
		if took {
			sent++
		}
		if faults++; took {
			faults = 0
		}
		if faults >= mailFaults {
			return sent, nil
		}
	}
	return sent, nil
}

func (r *Courier) lease(ctx context.Context) (m *postgres.Mail, err error) {
	now := r.now()
	err = r.db.InTx(ctx, func(tx postgres.Tx) error {
		m, err = tx.LeaseMail(ctx, now, now.Add(mailLease))
		return err
	})
	return m, err
}

// deliver sends one mail and notes what became of it. A mail nobody is to get any
// more (no address, a stopped account) counts as taken.
func (r *Courier) deliver(ctx context.Context, m *postgres.Mail) (took bool, err error) {
	to, token, err := r.address(ctx, m)
	if err != nil {
		return false, err
	}
	if to == "" {
		return true, r.db.InTx(ctx, func(tx postgres.Tx) error { return tx.MailDone(ctx, m.ID, "nobody", r.now()) })
	}
	subject, text := notice.Letter(r.words, notice.Kind(m.Kind), r.base, token)
	fault := r.send(ctx, notice.Mail{ID: m.ID, To: to, Subject: subject, Text: text})
	if fault == nil {
		return true, r.db.InTx(ctx, func(tx postgres.Tx) error { return tx.MailDone(ctx, m.ID, "", r.now()) })
	}
	code, again := notice.Fault(fault), r.now().Add(pause(m.Tries))
	if m.Tries >= mailTries {
		again = time.Time{}
		r.log.Error("mail given up", "mail", m.ID, "kind", m.Kind, "tries", m.Tries, "fault", code)
	}
	ctx = context.WithoutCancel(ctx) // also when the program is about to stop
	return false, r.db.InTx(ctx, func(tx postgres.Tx) error { return tx.MailFailed(ctx, m.ID, code, again, r.now()) })
}

// pause is a minute at first and three times as long after each try.
func pause(tries int) time.Duration {
	wait := time.Minute
	for range tries - 1 {
		wait = min(3*wait, mailPause)
	}
	return wait
}

// address is where a mail goes, with the token of a fresh link for a kind that has
// one: the link is made now, so that its short life begins when it can be read,
// and it is bound to the very address it is sent to.
func (r *Courier) address(ctx context.Context, m *postgres.Mail) (to, token string, err error) {
	user := m.User
	if m.Asked != "" {
		if user, err = account.Asked(ctx, r.db, m.Asked); err != nil {
			return "", "", err
		}
	}
	if user == "" {
		return "", "", nil
	}
	kind := notice.Kind(m.Kind)
	err = r.db.InTx(ctx, func(tx postgres.Tx) error {
		to, err = tx.MailTo(ctx, user, kind != notice.Email)
		if err != nil || to == "" || !kind.HasLink() {
			return err
		}
		var digest []byte
		token, digest = vault.NewToken()
		return tx.InsertLink(ctx, digest, m.Kind, user, r.now(), r.now().Add(account.LinkLife))
	})
	return to, token, err
}

package endure

import (
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/mail"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// postOffice is a mail server with moods: it may refuse a mail, or take it and
// hang up before it says so, or say so when nobody listens any more. It counts the mails it has by their id.
type postOffice struct {
	address string
	mu      sync.Mutex
	moody   bool
	taken   map[string]int
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	o := &postOffice{taken: map[string]int{}, moody: true}
	server := smtp.NewServer(o)
	server.Domain, server.ErrorLog = "localhost", quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return o
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// NewSession begins a connection.
func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) { return &counter{o, c}, nil }

func (o *postOffice) count() (different, all int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range o.taken {
		all += n
	}
	return len(o.taken), all
}

type counter struct {
	o *postOffice
	c *smtp.Conn
}

func (*counter) Mail(string, *smtp.MailOptions) error { return nil }
func (*counter) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*counter) Reset()                               {}
func (*counter) Logout() error                        { return nil }

// Data takes a mail, as the mood is.
func (x *counter) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, m.Body)
	x.o.mu.Lock()
	defer x.o.mu.Unlock()
	mood := mathrand.IntN(6)
	if x.o.moody && mood == 0 {
		return &smtp.SMTPError{Code: 451, Message: "later"}
	}
	x.o.taken[m.Header.Get("Message-Id")]++
	if x.o.moody && mood == 1 {
		_ = x.c.Conn().Close()
		return errors.New("hung up")
	}
	if x.o.moody && mood == 2 {
		x.o.mu.Unlock()
		time.Sleep(15 * time.Second) // longer than the program waits
		x.o.mu.Lock()
	}
	return nil
}

// P8: mails that wait are delivered at least once, whatever the mail server does
// and however often the program is killed between sending and noting it; the id of
// a mail tells its copies.
func TestEveryMailArrivesThoughTheProgramIsKilled(t *testing.T) {
	s := house(t)
	office, r := openPostOffice(t), open(t, s)
	n := size(30, 2000)
	addMails(t, s, r, n)
	c := mailing(t, s, office)
	for until := time.Now().Add(patience); r.one(t, `SELECT count(*) FROM outbox WHERE sent_at IS NULL AND key LIKE 'endure/%'`) != "0"; {
		if time.Now().After(until) {
			t.Fatalf("mails still wait\n%s", c.log())
		}
		if _, all := office.count(); all > n {
			office.mu.Lock()
			office.moody = false
			office.mu.Unlock()
		}
		c.start(t, "127.0.0.1:0")
		time.Sleep(time.Duration(mathrand.IntN(size(700, 3000))) * time.Millisecond)
		c.kill(t)
		// Time passes: leases end and pauses are over.
		if _, err := r.db.ExecContext(t.Context(), `UPDATE outbox SET leased_until = NULL, due_at = now() - interval '1 s'
			WHERE sent_at IS NULL AND key LIKE 'endure/%'`); err != nil {
			t.Fatal(err)
		}
	}
	different, all := office.count()
	if t.Logf("%d mails arrived, %d with their copies", different, all); different != n {
		t.Errorf("%d different mails arrived of %d", different, n)
	}
	if lost := r.one(t, `SELECT count(*) FROM outbox WHERE key LIKE 'endure/%' AND (parked_at IS NOT NULL OR fault <> '' AND sent_at IS NULL)`); lost != "0" {
		t.Errorf("%s mails were given up", lost)
	}
}

// P8: what piled up while the mail server was away is out within five minutes.
func TestABacklogOfMailsIsDrained(t *testing.T) {
	s := house(t)
	office, r := openPostOffice(t), open(t, s)
	office.moody = false
	n := size(200, 10_000)
	addMails(t, s, r, n)
	c := mailing(t, s, office)
	c.start(t, "127.0.0.1:0")
	defer c.kill(t)
	began := time.Now()
	for r.one(t, `SELECT count(*) FROM outbox WHERE sent_at IS NULL AND key LIKE 'endure/%'`) != "0" {
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("mails still wait\n%s", c.log())
		}
		time.Sleep(100 * time.Millisecond)
	}
	if different, all := office.count(); different != n || all != n {
		t.Errorf("%d mails arrived of %d, %d with their copies", different, n, all)
	}
	t.Logf("%d mails in %v", n, time.Since(began).Round(time.Second))
}

// mailing is a second program on the database of the first that sends by the
// office. It is not a demonstration, which sends nothing.
func mailing(t *testing.T, s *server, office *postOffice) *server {
	t.Helper()
	_, app, err := pgserver.Attach(s.data)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &server{data: filepath.Join(dir, "data"), out: filepath.Join(dir, "out"), env: []string{"DATABASE_URL=" + app,
		"DOORSTEP_KEYS_FILE=" + filepath.Join(s.data, "keys"), "DOORSTEP_SMTP_HOST=" + office.address, "DOORSTEP_SMTP_TLS=none",
		"DOORSTEP_SMTP_FROM=tiaojie@example.cn"}}
}

// addMails puts mails out for somebody whose address is confirmed. What others left
// to be told to her is taken away: the mails are counted.
func addMails(t *testing.T, s *server, r register, n int) {
	t.Helper()
	if _, err := r.db.ExecContext(t.Context(), `DELETE FROM outbox`); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.OpenKeys(filepath.Join(s.data, "keys"), false)
	if err != nil {
		t.Fatal(err)
	}
	owner, _, err := pgserver.Attach(s.data)
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(owner, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	user := mediation.UserID(r.one(t, `SELECT id FROM users WHERE username = 'lina'`))
	now := time.Now()
	err = db.InTx(t.Context(), func(tx postgres.Tx) error {
		if err := tx.SetEmail(t.Context(), user, "lina@example.cn", now); err != nil {
			return err
		}
		if err := tx.ConfirmEmail(t.Context(), user, now); err != nil {
			return err
		}
		for i := range n {
			m := postgres.Mail{ID: uuid.Must(uuid.NewV7()).String(), Key: fmt.Sprint("endure/", i), User: user, Kind: "news", CreatedAt: now, DueAt: now}
			if err := tx.AddMail(t.Context(), m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

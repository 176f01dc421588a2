package postgres_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
)

// A backup of a large table waits for a sort that a page would give up: nothing
// comes over the socket meanwhile.
func TestABackupWaitsWhereAPageGivesUp(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), `CREATE VIEW slow AS SELECT pg_sleep(7.5)::text AS id`); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule string
		open func() (*postgres.DB, error)
		fits bool
	}{
		{"a page", func() (*postgres.DB, error) { return postgres.Open(dsn.Owner, nil) }, false},
		{"a backup", func() (*postgres.DB, error) { return postgres.OpenPatient(dsn.Owner, nil) }, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			db, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rows := 0
			err = db.InTx(t.Context(), func(tx postgres.Tx) error {
				if err := tx.Snapshot(t.Context()); err != nil {
					return err
				}
				return tx.EachRow(t.Context(), postgres.Table{Name: "slow", Columns: []string{"id"}}, func([]*string) error { rows++; return nil })
			})
			if (err == nil) != tt.fits || (rows == 1) != tt.fits {
				t.Errorf("%d rows, %v", rows, err)
			}
		})
	}
}

// Whoever asked has no time left, the server says nothing and does not hear that
// it may stop: the wait ends all the same, long before the socket's own limit.
func TestASilentServerIsLeftWhenWhoeverAskedHasToGo(t *testing.T) {
	t.Parallel()
	dsn, err := url.Parse(pgtest.New(t).App)
	if err != nil {
		t.Fatal(err)
	}
	through := &hush{network: "tcp", to: dsn.Host}
	if host := dsn.Query().Get("host"); host != "" {
		through.network, through.to = "unix", filepath.Join(host, ".s.PGSQL."+cmp.Or(dsn.Query().Get("port"), dsn.Port()))
	}
	dsn.Host, dsn.RawQuery = through.listen(t), "sslmode=disable"
	db, err := postgres.Open(dsn.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, tt := range []struct {
		rule string
		ask  func(context.Context) error
	}{
		{"on a connection there is", db.Ping},
		{"in a transaction", func(ctx context.Context) error {
			return db.InTx(ctx, func(tx postgres.Tx) error { return tx.Snapshot(ctx) })
		}},
		{"on a new connection", db.Ping},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			through.silent.Store(false)
			if tt.rule != "on a new connection" {
				if err := db.Ping(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			through.silent.Store(true)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := tt.ask(ctx)
			if took := time.Since(began); err == nil || took > 5*time.Second {
				t.Errorf("%v after %v, want a fault well before the 7 s of a silent socket", err, took)
			}
		})
	}
}

// Somebody who goes in the middle of a transaction leaves no connection behind
// that fails whoever comes next.
func TestACancelledTransactionSpoilsNoConnection(t *testing.T) {
	t.Parallel()
	db, err := postgres.Open(pgtest.New(t).App, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.InTx(ctx, func(tx postgres.Tx) error { cancel(); return tx.Snapshot(ctx) })
		if err == nil {
			t.Error("a transaction whose owner has gone is kept")
		}
		time.Sleep(400 * time.Millisecond) // longer than a connection has that was left
		if err := db.InTx(t.Context(), func(tx postgres.Tx) error { return tx.Snapshot(t.Context()) }); err != nil {
			t.Errorf("whoever comes next: %v", err)
		}
	}
}

// hush carries connections to a server and can fall silent.
type hush struct {
	network, to string
	silent      atomic.Bool
}

func (h *hush) listen(t *testing.T) (address string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).Dial(h.network, h.to)
			if err != nil {
				_ = in.Close()
				continue
			}
			t.Cleanup(func() { _ = errors.Join(in.Close(), out.Close()) })
			go h.carry(in, out)
			go h.carry(out, in)
		}
	}()
	return l.Addr().String()
}

func (h *hush) carry(to io.WriteCloser, from io.Reader) {
	defer func() { _ = to.Close() }()
	b := make([]byte, 4<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if h.silent.Load() {
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

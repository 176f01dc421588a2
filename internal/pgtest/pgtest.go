// Package pgtest gives each test a fresh, migrated database of its own.
//
// One private PostgreSQL in the user's cache folder serves all test packages,
// also those that `go test ./...` runs at the same time. The first test starts
// it and migrates a template; each test clones the template. A few seconds
// after the last test has gone it is stopped by a keeper process, also when the
// tests were killed; where the system has no flock program (macOS), it is left
// running for the next run.
//
// Durability is switched off in it. Tests of crashes make their own cluster
// with package pgserver.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	_ "github.com/lib/pq" // the driver

	"doorstep/internal/pgserver"
)

// DSN is the addresses of one test's database. App is what the program serves
// with and what tests use; Owner is for migrations and for setting a stage that
// the app may not.
type DSN struct{ Owner, App string }

// New makes a migrated database, dropped when the test ends. It is safe in
// parallel tests.
//
// Where no PostgreSQL can be had the test is skipped aloud; with
// REQUIRE_POSTGRES=1 in the environment it fails instead, and the bundle may be
// fetched.
func New(tb testing.TB) DSN {
	tb.Helper()
	return clone(tb, "TEMPLATE "+template)
}

// Empty makes a database without any table, for tests of migrations. The
// options are added to CREATE DATABASE, e.g. "LC_CTYPE 'C' TEMPLATE template0".
func Empty(tb testing.TB, options ...string) DSN {
	tb.Helper()
	return clone(tb, options...)
}

func clone(tb testing.TB, options ...string) DSN {
	tb.Helper()
	ctx := context.WithoutCancel(tb.Context()) // the cleanup comes after its end
	s, err := enter(ctx)
	if err != nil {
		giveUp(tb, err)
	}
	name := fmt.Sprintf("%s%d_%s", prefix, os.Getpid(), nonce())
	statement := fmt.Sprintf("CREATE DATABASE %s OWNER %s %s", name, pgserver.OwnerRole, strings.Join(options, " "))
	if err := s.exec(ctx, statement); err != nil {
		tb.Fatal(errors.Join(err, s.leave()))
	}
	tb.Cleanup(func() {
		err := s.exec(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name))
		if err := errors.Join(err, s.leave()); err != nil {
			tb.Error("pgtest:", err)
		}
	})
	return DSN{Owner: s.pg.DSNFor(pgserver.OwnerRole, name), App: s.pg.DSNFor(pgserver.AppRole, name)}
}

// giveUp skips where PostgreSQL is missing, and fails for any other reason or
// where a missing one is a fault.
func giveUp(tb testing.TB, err error) {
	tb.Helper()
	missing := errors.Is(err, pgserver.ErrNoBinaries) || errors.Is(err, pgserver.ErrNoAccount)
	if missing && !required() {
		tb.Skip("SKIPPED, no PostgreSQL for tests (REQUIRE_POSTGRES=1 makes this a failure):", err)
	}
	tb.Fatal("pgtest:", err)
}

func required() bool { return os.Getenv("REQUIRE_POSTGRES") == "1" }

func nonce() string {
	raw := make([]byte, 4)
	rand.Read(raw) // never fails since Go 1.24
	return hex.EncodeToString(raw)
}

// exec runs one statement as the superuser, on a connection of its own: a
// statement on databases may stand in no transaction.
func (s *seat) exec(ctx context.Context, statement string) error {
	db, err := sql.Open("postgres", s.pg.AdminDSN())
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	_, err = db.ExecContext(ctx, statement)
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("pgtest: %s: %w", statement, err)
	}
	return nil
}

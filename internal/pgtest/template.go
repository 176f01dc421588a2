package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"

	"doorstep/db"
	"doorstep/internal/pgserver"
)

// unusedFor is how long a folder of other migrations or programs is kept.
const unusedFor = time.Hour

// makeTemplate migrates the template unless it is whole. The flag that makes it
// a template is set last, so a half-made one is never cloned; and nobody may
// connect to it then, since a database in use cannot be cloned.
func (s *seat) makeTemplate(ctx context.Context) error {
	whole, err := s.list(ctx, "SELECT datname FROM pg_database WHERE datistemplate AND datname = '"+template+"'")
	if err != nil || len(whole) == 1 {
		return err
	}
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + template + " WITH (FORCE)",
		"CREATE DATABASE " + template + " OWNER " + pgserver.OwnerRole,
	} {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := migrate(ctx, s.pg.DSNFor(pgserver.OwnerRole, template)); err != nil {
		return err
	}
	return s.exec(ctx, "ALTER DATABASE "+template+" IS_TEMPLATE true ALLOW_CONNECTIONS false")
}

// migrate does what postgres.Migrate does to a new database, without its locks
// and checks. Calling that one would shut the tests of package postgres out of
// this package: they would import each other.
func migrate(ctx context.Context, ownerDSN string) error {
	pool, err := sql.Open("postgres", ownerDSN)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer pool.Close()
	files, err := fs.Sub(db.Migrations, "migrations")
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	steps, err := goose.NewProvider(goose.DialectPostgres, pool, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("pgtest: migrations: %w", err)
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("pgtest: migrations: %w", err)
	}
	if _, err := pool.ExecContext(ctx, db.Grants(pq.QuoteLiteral(pgserver.AppRole))); err != nil {
		return fmt.Errorf("pgtest: rights: %w", err)
	}
	return nil
}

// sweep drops the databases of killed runs, and the folders that other
// migrations or programs left behind.
func (s *seat) sweep(ctx context.Context) error {
	names, err := s.list(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 't\_%'`)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !ownerAlive(name) {
			if err := s.exec(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %q WITH (FORCE)", name)); err != nil {
				return err
			}
		}
	}
	siblings, err := filepath.Glob(filepath.Join(filepath.Dir(s.dir), strings.Repeat("[0-9a-f]", 16)))
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	for _, dir := range siblings {
		if dir != s.dir {
			if err := s.sweepFolder(ctx, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownerAlive reads the process id in a database's name.
func ownerAlive(database string) bool {
	text, _, _ := strings.Cut(strings.TrimPrefix(database, prefix), "_")
	pid, err := strconv.Atoi(text)
	return err == nil && syscall.Kill(pid, 0) != syscall.ESRCH
}

// sweepFolder removes a folder that nobody uses or used lately. The lock's time
// is compared with that of our own, touched a moment ago.
func (s *seat) sweepFolder(ctx context.Context, dir string) error {
	path := filepath.Join(dir, "users")
	mine, err := s.users.Stat()
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	theirs, err := os.Stat(path)
	if err != nil || mine.ModTime().Sub(theirs.ModTime()) < unusedFor {
		return nil // being made, or another working tree's
	}
	users, err := lock(path, syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		return nil // in use
	}
	defer users.Close()
	if err := pgserver.Halt(ctx, dir); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	return nil
}

func (s *seat) list(ctx context.Context, query string) (names []string, err error) {
	pool, err := sql.Open("postgres", s.pg.AdminDSN())
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	defer pool.Close()
	rows, err := pool.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("pgtest: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"doorstep/db"
	"doorstep/internal/mediation"
)

// How long a server waits while another one migrates: tries, a second apart.
const migrateTries = 300

// Migrate brings the database to the newest schema and gives the app's role
// its rights. It only goes forward, may be run by several servers at once, and
// changes nothing when there is nothing to do.
//
// ownerDSN signs in as the role that owns the database. With an appRole of ""
// or the owner's own name no rights are given: then the history is guarded by
// its trigger alone.
//
// Errors: Unavailable with the key error.schema_newer when the database is
// ahead of this program, error.database_locale as CheckLocale; else Internal.
func Migrate(ctx context.Context, ownerDSN, appRole string) error {
	pool, err := sql.Open("postgres", ownerDSN)
	if err != nil {
		return fmt.Errorf("postgres: open: %w", err)
	}
	defer pool.Close()
	if err := checkLocale(ctx, pool); err != nil {
		return err
	}
	have, want, err := versions(ctx, pool)
	if err != nil {
		return err
	}
	if have > want {
		return &mediation.Error{
			Kind: mediation.Unavailable, Key: "error.schema_newer",
			Args: map[string]string{"have": strconv.FormatInt(have, 10), "want": strconv.FormatInt(want, 10)},
			Err:  fmt.Errorf("postgres: the database has schema %d and this program knows %d: run a newer doorstep", have, want),
		}
	}
	if err := up(ctx, pool, want); err != nil {
		return err
	}
	return grant(ctx, pool, appRole)
}

// MigrateTo brings an empty database to the schema a backup was made with, so
// that its rows fit; Migrate then takes them on. It gives no rights.
//
// Errors: error.database_locale as CheckLocale; else Internal.
func MigrateTo(ctx context.Context, ownerDSN string, version int64) error {
	pool, err := sql.Open("postgres", ownerDSN)
	if err != nil {
		return fmt.Errorf("postgres: open: %w", err)
	}
	defer pool.Close()
	if err := checkLocale(ctx, pool); err != nil {
		return err
	}
	return up(ctx, pool, version)
}

// up applies what is missing up to a version, under a lock that other servers
// wait for.
func up(ctx context.Context, pool *sql.DB, version int64) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, migrateTries))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	files, err := fs.Sub(db.Migrations, "migrations")
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	steps, err := goose.NewProvider(goose.DialectPostgres, pool, files,
		goose.WithSessionLocker(locker), goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	if _, err := steps.UpTo(ctx, version); err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	return nil
}

func grant(ctx context.Context, pool *sql.DB, appRole string) error {
	var owner string
	if err := pool.QueryRowContext(ctx, `SELECT current_user`).Scan(&owner); err != nil {
		return fmt.Errorf("postgres: rights: %w", err)
	}
	if appRole == "" || appRole == owner {
		return nil
	}
	if _, err := pool.ExecContext(ctx, db.Grants(pq.QuoteLiteral(appRole))); err != nil {
		return fmt.Errorf("postgres: rights of %q, a role that must exist before: %w", appRole, err)
	}
	return nil
}

// SchemaVersion says which migration was applied last (0 for none) and which
// one this program needs. A server may serve only when both are equal.
func SchemaVersion(ctx context.Context, db *DB) (have, want int64, err error) {
	return versions(ctx, db.pool.DB)
}

func versions(ctx context.Context, pool *sql.DB) (have, want int64, err error) {
	if want, err = newest(); err != nil {
		return 0, 0, err
	}
	var begun bool
	if err := pool.QueryRowContext(ctx, `SELECT to_regclass('public.goose_db_version') IS NOT NULL`).Scan(&begun); err != nil {
		return 0, 0, classify(fmt.Errorf("postgres: schema version: %w", err))
	}
	if !begun {
		return 0, want, nil
	}
	err = pool.QueryRowContext(ctx, `
		SELECT coalesce(max(version_id), 0)
		FROM goose_db_version
		WHERE is_applied`).Scan(&have)
	if err != nil {
		return 0, 0, classify(fmt.Errorf("postgres: schema version: %w", err))
	}
	return have, want, nil
}

// newest is the number of the last migration built into the program.
func newest() (int64, error) {
	names, err := fs.Glob(db.Migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(errors.New("postgres: no migrations are built in"), err)
	}
	number, _, _ := strings.Cut(path.Base(names[len(names)-1]), "_") // Glob sorts
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("postgres: migration %q: %w", names[len(names)-1], err)
	}
	return version, nil
}

// IsEmpty says whether the database holds no table of anybody. Only then may a
// server migrate a database it was given without being told to.
func IsEmpty(ctx context.Context, db *DB) (bool, error) {
	var empty bool
	err := db.pool.QueryRowContext(ctx, `
		SELECT NOT EXISTS (
			SELECT FROM pg_class c
			JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p')
				AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema')`).Scan(&empty)
	if err != nil {
		return false, classify(fmt.Errorf("postgres: look for tables: %w", err))
	}
	return empty, nil
}

// CheckLocale refuses a database in which Chinese does not work: another
// encoding than UTF-8, or the character class C, under which no Chinese
// character counts as a letter and a search by parts of words finds nothing.
//
// Errors: Unavailable, key error.database_locale, with what to do in the cause.
func CheckLocale(ctx context.Context, db *DB) error { return checkLocale(ctx, db.pool.DB) }

func checkLocale(ctx context.Context, pool *sql.DB) error {
	var encoding, ctype string
	err := pool.QueryRowContext(ctx, `
		SELECT pg_encoding_to_char(encoding), datctype
		FROM pg_database
		WHERE datname = current_database()`).Scan(&encoding, &ctype)
	if err != nil {
		return classify(fmt.Errorf("postgres: locale: %w", err))
	}
	if chineseWorks(encoding, ctype) {
		return nil
	}
	return &mediation.Error{
		Kind: mediation.Unavailable, Key: "error.database_locale",
		Args: map[string]string{"encoding": encoding, "ctype": ctype},
		Err: fmt.Errorf("postgres: the database has encoding %s and lc_ctype %s; make it anew with: "+
			"CREATE DATABASE ... ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0", encoding, ctype),
	}
}

func chineseWorks(encoding, ctype string) bool {
	return encoding == "UTF8" && ctype != "C" && ctype != "POSIX"
}

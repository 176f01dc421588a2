// Package postgres holds every SQL statement of the program. Reads hang on DB,
// writes on Tx, so that a write outside a transaction does not compile; InTx is
// the only door to a transaction. What is sealed is sealed and opened here, next
// to the statement that stores it.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"doorstep/internal/vault"
	"github.com/jmoiron/sqlx"
)

// DB is the pool the program serves from. It only reads.
type DB struct {
	pool *sqlx.DB
	keys *vault.Keys
}

// Tx is one transaction: everything of DB, and the writes.
type Tx struct {
	reader
	tx *sqlx.Tx
}

// reader is what DB and Tx share: reading, with the keys at hand.
type reader struct {
	q    sqlx.ExtContext
	keys *vault.Keys
}

func (db *DB) reader() reader { return reader{db.pool, db.keys} }

// Open connects to the database the DSN names. Nothing is sent before the first
// statement, so a server may start while its database is away.
func Open(dsn string, keys *vault.Keys) (*DB, error) { return open(dsn, keys, silenceLimit) }

// OpenPatient is Open for who copies whole tables: a backup waits minutes for a
// statement that a page would have given up.
func OpenPatient(dsn string, keys *vault.Keys) (*DB, error) { return open(dsn, keys, patience) }

func open(dsn string, keys *vault.Keys, silence time.Duration) (*DB, error) {
	c, err := newConnector(dsn, silence)
	if err != nil {
		return nil, err
	}
	pool := sqlx.NewDb(sql.OpenDB(c), "postgres")
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize / 2)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{pool: pool, keys: keys}, nil
}

// poolSize is the most connections of a pool that nobody sized.
const poolSize = 20

// spare are the connections beside those of the requests: for probes and jobs.
const spare = 4

// Serve sizes the pool for as many requests at once, so that none of them ever
// waits for another's connection, nor a probe for any of them.
func (db *DB) Serve(atOnce int) {
	db.pool.SetMaxOpenConns(atOnce + spare)
	db.pool.SetMaxIdleConns((atOnce + spare) / 2)
}

// Close gives the connections back.
func (db *DB) Close() error { return db.pool.Close() }

// Ping asks the database for one answer.
func (db *DB) Ping(ctx context.Context) error { return classify(db.pool.PingContext(ctx)) }

// Stats are the pool's figures, for the metrics.
func (db *DB) Stats() sql.DBStats { return db.pool.Stats() }

// InTx runs work in one transaction and commits when it returns nil. It is the
// only Begin in the program. Errors are classified: a named constraint becomes
// the fault it stands for, a lost connection becomes Unavailable.
func (db *DB) InTx(ctx context.Context, work func(Tx) error) (err error) {
	tally(ctx)
	tx, err := db.pool.BeginTxx(ctx, nil)
	if err != nil {
		return classify(fmt.Errorf("postgres: begin: %w", err))
	}
	done := false
	defer func() {
		if done {
			return
		}
		tally(ctx)
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("postgres: rollback: %w", back))
		}
	}()
	if err := work(Tx{reader{tx, db.keys}, tx}); err != nil {
		return classify(err)
	}
	done = true
	tally(ctx)
	if err := tx.Commit(); err != nil {
		return classify(fmt.Errorf("postgres: commit: %w", err))
	}
	return nil
}

// one reads a single row into T; no row is nil and no error.
func one[T any](ctx context.Context, r reader, query string, args ...any) (*T, error) {
	var row T
	tally(ctx)
	err := sqlx.GetContext(ctx, r.q, &row, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // absent is an answer here, each caller says what it means
	}
	if err != nil {
		return nil, classify(fmt.Errorf("postgres: %w", err))
	}
	return &row, nil
}

// many reads all rows into a slice, never nil.
func many[T any](ctx context.Context, r reader, query string, args ...any) ([]T, error) {
	rows := []T{}
	tally(ctx)
	if err := sqlx.SelectContext(ctx, r.q, &rows, query, args...); err != nil {
		return nil, classify(fmt.Errorf("postgres: %w", err))
	}
	return rows, nil
}

// exec runs a statement and says how many rows it touched.
func (tx Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tally(ctx)
	result, err := tx.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, classify(fmt.Errorf("postgres: %w", err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("postgres: rows affected: %w", err)
	}
	return n, nil
}

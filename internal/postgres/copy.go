package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// Table is a table of the program as a backup sees it.
type Table struct {
	Name    string         `db:"name" json:"name"`
	Columns pq.StringArray `db:"columns" json:"columns"` // without the generated ones
	Key     pq.StringArray `db:"key" json:"-"`           // columns of the primary key; empty when there is none
}

// Snapshot makes the transaction read one moment, and only read. It is the first
// statement of a transaction or fails.
func (tx Tx) Snapshot(ctx context.Context) error {
	if _, err := tx.exec(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`); err != nil {
		return err
	}
	return tx.plainText(ctx)
}

// plainText fixes how dates are written, whatever the server's settings are, and
// lifts the limits that are meant for pages: a large table takes its time.
func (tx Tx) plainText(ctx context.Context) error {
	_, err := tx.exec(ctx, `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1`)
	return err
}

// Tables lists every table of the program by name, but for the list of applied
// migrations, which the migrations write themselves.
func (tx Tx) Tables(ctx context.Context) ([]Table, error) {
	const statement = `
		SELECT c.relname AS name,
			(SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
			(SELECT coalesce(array_agg(a.attname::text ORDER BY a.attnum), '{}') FROM pg_index i
				JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
				WHERE i.indrelid = c.oid AND i.indisprimary) AS key
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'goose_db_version'
		ORDER BY c.relname COLLATE "C"`
	return many[Table](ctx, tx.reader, statement)
}

// EachRow gives every row of a table as PostgreSQL writes its values, nil for
// NULL, always in the same order. The row is only good until each returns.
func (tx Tx) EachRow(ctx context.Context, t Table, each func(row []*string) error) error {
	columns, order := make([]string, len(t.Columns)), t.Key
	for i, c := range t.Columns {
		columns[i] = pq.QuoteIdentifier(c) + "::text"
	}
	if len(order) == 0 {
		order = t.Columns
	}
	by := make([]string, len(order))
	for i, c := range order {
		by[i] = pq.QuoteIdentifier(c) + `::text COLLATE "C"`
	}
	tally(ctx)
	rows, err := tx.tx.QueryContext(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+pq.QuoteIdentifier(t.Name)+" ORDER BY "+strings.Join(by, ", "))
	if err != nil {
		return classify(fmt.Errorf("postgres: read %s: %w", t.Name, err))
	}
	defer rows.Close()
	row, to := make([]*string, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return fmt.Errorf("postgres: read %s: %w", t.Name, err)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return classify(rows.Err())
}

// BeginLoad readies the tables of a fresh schema for rows in any order: what the
// migrations put there goes, triggers rest, and references are checked by
// EndLoad. Only the role that owns the tables may.
func (tx Tx) BeginLoad(ctx context.Context, tables []Table) error {
	if err := tx.plainText(ctx); err != nil {
		return err
	}
	if err := tx.references(ctx, "DEFERRABLE INITIALLY DEFERRED"); err != nil {
		return err
	}
	for _, t := range tables {
		name := pq.QuoteIdentifier(t.Name)
		if _, err := tx.exec(ctx, "ALTER TABLE "+name+" DISABLE TRIGGER USER"); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, "DELETE FROM "+name); err != nil {
			return err
		}
	}
	return nil
}

// EndLoad checks every reference and puts triggers and constraints back as the
// migrations made them.
func (tx Tx) EndLoad(ctx context.Context, tables []Table) error {
	if _, err := tx.exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := tx.exec(ctx, "ALTER TABLE "+pq.QuoteIdentifier(t.Name)+" ENABLE TRIGGER USER"); err != nil {
			return err
		}
	}
	return tx.references(ctx, "NOT DEFERRABLE")
}

// visits are what a house must not wake up with: sign-ins and sessions that were
// ended since, links that were used since or are in a mail that waits. What the
// house wrote by itself before is not its own any more either.
var visits = []struct{ table, statement string }{
	{"sign_ins", `DELETE FROM sign_ins WHERE revoked_at IS NULL`},
	{"code_sessions", `DELETE FROM code_sessions`},
	{"one_time_links", `DELETE FROM one_time_links WHERE used_at IS NULL`},
	{"outbox", `DELETE FROM outbox WHERE kind IN ('email', 'password') AND sent_at IS NULL`},
	{"upkeep", `DELETE FROM upkeep`},
	{"backup_files", `DELETE FROM backup_files`},
}

// EndVisits ends, in rows that were loaded, every sign-in, every session of a code
// or link and every link that opens something once, and says how many.
// Invitations to answer stay: they hold for their term and not once.
func (tx Tx) EndVisits(ctx context.Context, tables []Table) (ended int64, err error) {
	for _, v := range visits {
		if !slices.ContainsFunc(tables, func(t Table) bool { return t.Name == v.table }) {
			continue // an older schema
		}
		n, err := tx.exec(ctx, v.statement)
		if err != nil {
			return ended, err
		}
		if v.table != "upkeep" && v.table != "backup_files" {
			ended += n
		}
	}
	return ended, nil
}

func (tx Tx) references(ctx context.Context, how string) error {
	const statement = `
		SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I ', conrelid::regclass, conname)
		FROM pg_constraint
		WHERE contype = 'f' AND connamespace = 'public'::regnamespace`
	all, err := many[string](ctx, tx.reader, statement)
	if err != nil {
		return err
	}
	for _, alter := range all {
		if _, err := tx.exec(ctx, alter+how); err != nil {
			return err
		}
	}
	return nil
}

// CopyIn is a running COPY into one table; nothing else may be asked of the
// transaction until Close.
type CopyIn struct{ stmt *sql.Stmt }

// CopyIn begins to load a table with rows as EachRow gives them.
func (tx Tx) CopyIn(ctx context.Context, t Table) (*CopyIn, error) {
	tally(ctx)
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = pq.QuoteIdentifier(c)
	}
	stmt, err := tx.tx.PrepareContext(ctx, "COPY "+pq.QuoteIdentifier(t.Name)+" ("+strings.Join(columns, ", ")+") FROM STDIN")
	if err != nil {
		return nil, classify(fmt.Errorf("postgres: load %s: %w", t.Name, err))
	}
	return &CopyIn{stmt}, nil
}

// Add sends one row.
func (c *CopyIn) Add(ctx context.Context, row []*string) error {
	values := make([]any, len(row))
	for i, v := range row {
		if v != nil {
			values[i] = *v
		}
	}
	_, err := c.stmt.ExecContext(ctx, values...)
	return classify(err)
}

// Close sends what is left; an error of any row may come only here.
func (c *CopyIn) Close(ctx context.Context) error {
	if _, err := c.stmt.ExecContext(ctx); err != nil {
		return classify(fmt.Errorf("postgres: load: %w", err))
	}
	return classify(c.stmt.Close())
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq"
)

// database is the server's database as its serving role and as a superuser see it.
type database struct {
	app, admin *sql.DB
	role       string // of app
}

func open(app, admin string) (*database, error) {
	at, err := url.Parse(app)
	if err != nil || at.User == nil {
		return nil, errors.New("DATABASE_URL must be an address with a user")
	}
	d := &database{role: at.User.Username()}
	if d.app, err = sql.Open("postgres", app); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if d.admin, err = sql.Open("postgres", admin); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database: %w", err), d.app.Close())
	}
	d.app.SetMaxOpenConns(20) // as the server does
	d.app.SetMaxIdleConns(10)
	return d, nil
}

func (d *database) close() error { return errors.Join(d.app.Close(), d.admin.Close()) }

// copied are the tables that belong to a case and grow with the register, in the
// order of their references, with the columns that hold ids of such rows.
var copied = []struct {
	table, own string
	ids        []string
}{
	{"cases", "id", []string{"id"}},
	{"case_parties", "case_id", []string{"id", "case_id"}},
	{"assignments", "case_id", []string{"id", "case_id"}},
	{"contacts", "case_id", []string{"id", "case_id", "party_id"}},
	{"mediation_sessions", "case_id", []string{"id", "case_id"}},
	{"agreements", "case_id", []string{"id", "case_id"}},
	{"signatures", "case_id", []string{"id", "case_id", "agreement_id", "party_id"}},
	{"obligations", "case_id", []string{"id", "case_id", "agreement_id", "by_party", "to_party"}},
	{"deadlines", "case_id", []string{"id", "case_id"}},
	{"events", "case_id", []string{"id", "case_id"}},
}

// values are what a copy has instead of what it was copied from: numbers of its
// own, no account of a party, and a time of its own in the past two years.
var values = map[string]string{
	"cases.number":         `CASE WHEN t.number <> '' THEN t.number || '-' || n END`,
	"cases.intake_number":  `t.intake_number || '-' || n`,
	"cases.linked_to":      `NULL`,
	"cases.updated_at":     `t.updated_at - make_interval(mins => n * 37 % 1000000)`,
	"case_parties.user_id": `NULL`,
}

// fill copies the demonstration's cases, with everything that belongs to them,
// until there are most. Each step at most doubles the database and brings the
// statistics up to date, as a server that runs for years has them.
func (d *database) fill(ctx context.Context, most int, say func(string, ...any)) error {
	var have, stories int
	const count = `SELECT count(*), count(*) FILTER (WHERE position('-' IN intake_number) = 0) FROM cases`
	if err := d.admin.QueryRowContext(ctx, count).Scan(&have, &stories); err != nil {
		return fmt.Errorf("count the cases: %w", err)
	}
	if stories == 0 {
		return errors.New("the database holds no demonstration to copy")
	}
	for have < most {
		from := have / stories
		until := min(from+max(from, 10), from+250, most/stories+1)
		for _, c := range copied {
			if err := d.copyRows(ctx, c.table, c.own, c.ids, from, until); err != nil {
				return err
			}
		}
		if _, err := d.admin.ExecContext(ctx, `ANALYZE`); err != nil {
			return fmt.Errorf("statistics: %w", err)
		}
		have = stories * until
		say("%d cases", have)
	}
	if _, err := d.admin.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
		return fmt.Errorf("statistics: %w", err)
	}
	return nil
}

// copyRows copies a table's rows once for each number of [from, until).
func (d *database) copyRows(ctx context.Context, table, own string, ids []string, from, until int) error {
	rows, err := d.admin.QueryContext(ctx, `SELECT attname FROM pg_attribute
		WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`, table)
	if err != nil {
		return fmt.Errorf("columns of %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }()
	var names, sources []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("columns of %s: %w", table, err)
		}
		source := "t." + pq.QuoteIdentifier(name)
		for _, id := range ids {
			if id == name {
				source = "md5(" + source + "::text || n)::uuid"
			}
		}
		if value, ok := values[table+"."+name]; ok {
			source = value
		}
		if table == "cases" && name == "number" {
			source = `coalesce(` + source + `, '')`
		}
		names, sources = append(names, pq.QuoteIdentifier(name)), append(sources, source)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("columns of %s: %w", table, err)
	}
	//nolint:gosec // the names are constants here and columns of the catalogue, quoted
	statement := fmt.Sprintf(`INSERT INTO %s (%s)
		SELECT %s FROM %s t JOIN cases s ON s.id = t.%s AND position('-' IN s.intake_number) = 0, generate_series($1::int, $2::int) n`,
		table, strings.Join(names, ", "), strings.Join(sources, ", "), table, own)
	if _, err := d.admin.ExecContext(ctx, statement, from, until-1); err != nil {
		return fmt.Errorf("copy %s: %w", table, err)
	}
	return nil
}

package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// Health is what a database says about itself, as the role that asks sees it.
type Health struct {
	Role       string         `db:"role"`
	Version    string         `db:"version"` // as the server writes it, e.g. "15.18"
	Major      int            `db:"major"`
	Encoding   string         `db:"encoding"`
	Ctype      string         `db:"ctype"`
	Checksums  bool           `db:"checksums"`  // pages carry checksums
	Begun      bool           `db:"begun"`      // the table of events stands
	Rewritable pq.StringArray `db:"rewritable"` // tables of history the role may change, or owns and so may grant itself to
	Loose      pq.StringArray `db:"loose"`      // tables of history no trigger guards against update, delete and truncate
	Clock      time.Time      `db:"clock"`      // the server's clock while it answered
}

// Chinese says whether Chinese works in the database: see CheckLocale.
func (h Health) Chinese() bool { return chineseWorks(h.Encoding, h.Ctype) }

// CheckHealth asks a database how it is, and changes nothing. It also answers
// for an empty database.
//
// Errors: Unavailable when it is away, else Internal.
func CheckHealth(ctx context.Context, db *DB) (Health, error) {
	// 56 is the bits of tgtype for DELETE (8), UPDATE (16) and TRUNCATE (32).
	const statement = `
		WITH kept AS (
			SELECT oid, relname, relowner
			FROM pg_class
			WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
				AND relname IN ('events', 'access_log', 'office_events'))
		SELECT current_user AS role, current_setting('server_version') AS version,
			current_setting('server_version_num')::int / 10000 AS major,
			pg_encoding_to_char(d.encoding) AS encoding, d.datctype AS ctype,
			current_setting('data_checksums') = 'on' AS checksums,
			to_regclass('public.events') IS NOT NULL AS begun,
			ARRAY(SELECT k.relname::text FROM kept k
				WHERE has_any_column_privilege(k.oid, 'UPDATE') OR has_table_privilege(k.oid, 'DELETE')
					OR has_table_privilege(k.oid, 'TRUNCATE') OR pg_has_role(k.relowner, 'USAGE')
				ORDER BY k.relname) AS rewritable,
			ARRAY(SELECT k.relname::text FROM kept k
				WHERE coalesce((SELECT bit_or(t.tgtype) FROM pg_trigger t
					JOIN pg_proc f ON f.oid = t.tgfoid
					WHERE t.tgrelid = k.oid AND t.tgenabled IN ('O', 'A') AND f.proname = 'history_is_fixed'), 0) & 56 <> 56
				ORDER BY k.relname) AS loose,
			clock_timestamp() AS clock
		FROM pg_database d
		WHERE d.datname = current_database()`
	h, err := one[Health](ctx, db.reader(), statement)
	if err != nil || h == nil {
		return Health{}, err
	}
	return *h, nil
}

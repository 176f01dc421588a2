// Package db holds the shape of the database as data: the migrations, in
// order, and the rights of the serving role, built into the program. It runs
// nothing; package postgres does.
package db

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
)

// Migrations is the folder migrations/ as it was when the program was built.
//
// The folder is named and not the pattern *.sql, so that the program also
// builds on a branch that has no migration yet.
//
//go:embed migrations
var Migrations embed.FS

// grants gives the app's role what serving needs, table by table: all of the
// daily work, but no more than reading and adding where history is kept, and
// only reading which migrations were applied. Nothing may be truncated. It is
// one statement, so there is no moment with other rights than these.
const grants = `
DO $grants$
DECLARE
	app constant text := %s;
	r record;
BEGIN
	-- two servers that grant at once would trip over each other
	PERFORM pg_advisory_xact_lock(hashtext('doorstep grants'));
	EXECUTE format('GRANT CONNECT ON DATABASE %%I TO %%I', current_database(), app);
	EXECUTE format('GRANT USAGE ON SCHEMA public TO %%I', app);
	FOR r IN
		SELECT c.relname AS name, CASE
			WHEN c.relname = 'goose_db_version' THEN 'SELECT'
			WHEN c.relname IN ('events', 'access_log', 'office_events',
				'figure_months', 'figure_cells', 'figure_entries', 'figure_corrections', 'figure_reports', 'committee_funds', 'committee_screenings',
				'subsidy_steps', 'subsidy_terms', 'upheld_complaints', 'paper_issues') THEN 'SELECT, INSERT'
			WHEN c.relname = 'paper_contents' THEN 'SELECT, INSERT, UPDATE' -- a new key seals them anew
			ELSE 'SELECT, INSERT, UPDATE, DELETE'
		END AS rights
		FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace
			AND c.relkind IN ('r', 'p', 'v', 'm')
			AND pg_has_role(c.relowner, 'USAGE')
		ORDER BY c.relname
	LOOP
		EXECUTE format('REVOKE ALL ON public.%%I FROM %%I', r.name, app);
		EXECUTE format('GRANT %%s ON public.%%I TO %%I', r.rights, r.name, app);
	END LOOP;
	EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %%I', app);
	-- asked for and not spelled: PostgreSQL chooses its name, and chose another when several servers began at once
	EXECUTE format('REVOKE ALL ON SEQUENCE %%s FROM %%I', pg_get_serial_sequence('public.goose_db_version', 'id'), app);
END
$grants$`

// Grants is the statement that gives a role the rights to serve; it is run by
// the owner after every migration. The role is a quoted SQL literal.
func Grants(appRole string) string { return fmt.Sprintf(grants, appRole) }

// Digest is the sha256, in hexadecimal, of the migrations and the rights: two
// programs with the same digest make the same database.
func Digest() (string, error) {
	h := sha256.New()
	_, _ = h.Write([]byte(grants)) // a hash takes everything
	err := fs.WalkDir(Migrations, "migrations", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".sql" {
			return err
		}
		text, err := fs.ReadFile(Migrations, name)
		_, _ = fmt.Fprintf(h, "\n%s %d\n%s", name, len(text), text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("db: migrations: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

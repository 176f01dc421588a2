package postgres_test

import (
	"database/sql"
	"io/fs"
	"strings"
	"testing"

	migrations "doorstep/db"
)

// TestApplicationsFromBeforeCountAsJoined: on a populated database from before the
// joinings each party of an application has joined it on paper, who came to the
// case and left before it has not, and a court keeps its reach.
func TestApplicationsFromBeforeCountAsJoined(t *testing.T) {
	t.Parallel()
	raw := openSafe(t).raw
	exec := func(statement string) {
		t.Helper()
		if _, err := raw.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec(`DELETE FROM confirmations WHERE id NOT IN (SELECT confirmation_id FROM confirmation_joinings);
		INSERT INTO case_parties SELECT (jsonb_populate_record(NULL::case_parties, to_jsonb(p) ||
			jsonb_build_object('id', gen_random_uuid(), 'name', '早已退出', 'left_at', p.rights_at))).* FROM case_parties p WHERE p.name = '朱明';
		DROP TABLE confirmation_joinings;
		ALTER TABLE confirmations DROP CONSTRAINT confirmations_filed_has_day, DROP COLUMN by_party, DROP COLUMN service_sealed, ALTER COLUMN filed_on SET NOT NULL;
		ALTER TABLE deadlines DROP COLUMN warned`)
	up, err := fs.ReadFile(migrations.Migrations, "migrations/"+joiningsFile(t))
	if err != nil {
		t.Fatal(err)
	}
	exec(string(up))
	var joined, day string
	err = raw.QueryRowContext(t.Context(), `SELECT string_agg(p.name, ' ' ORDER BY p.seq), min(j.on_day)::text
		FROM confirmation_joinings j JOIN case_parties p ON p.id = j.party_id WHERE j.state = 'joined' AND j.how = 'paper' AND j.serve_sealed IS NULL`).Scan(&joined, &day)
	if err != nil || joined != "恒安物业服务有限公司 朱明" || day != "2026-06-03" {
		t.Errorf("joined: %q on %q, %v", joined, day, err)
	}
	if _, err := raw.ExecContext(t.Context(), `UPDATE confirmations SET filed_on = NULL`); err == nil {
		t.Error("an application before the court has lost its day")
	}
	var reached sql.NullString
	if err := raw.QueryRowContext(t.Context(), `SELECT court_id FROM confirmations WHERE filed_on IS NOT NULL`).Scan(&reached); err != nil || !reached.Valid {
		t.Errorf("the court lost it: %v", err)
	}
}

func joiningsFile(t *testing.T) string {
	t.Helper()
	names, err := fs.Glob(migrations.Migrations, "migrations/*_joinings.sql")
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	return strings.TrimPrefix(names[0], "migrations/")
}

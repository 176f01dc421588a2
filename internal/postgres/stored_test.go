package postgres_test

import (
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// The counter follows the files: when they come, when several come at once, when
// one changes, and when the case goes to another committee.
func TestStoredFilesAreCounted(t *testing.T) {
	dsn := pgtest.New(t)
	owner := pool(t, dsn.Owner)
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := owner.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	db, err := postgres.Open(dsn.App, vault.TestKeys())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	const first, second = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
	want := func(rule string, one, other int64) {
		t.Helper()
		for id, bytes := range map[mediation.CommitteeID]int64{first: one, second: other} {
			if got, err := db.Stored(t.Context(), id); got != bytes || err != nil {
				t.Errorf("%s: %s keeps %d, %v; want %d", rule, id[35:], got, err, bytes)
			}
		}
	}
	exec(`INSERT INTO areas (id, kind, name, name_en, code, path) VALUES ($1, 'community', '榆园社区', 'Yuyuan', 'yy', 'yy/')`, first)
	exec(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $1, '榆园', '榆园'), ($2, $1, '槐园', '槐园')`, first, second)
	exec(`INSERT INTO cases (id, version, intake_number, number, committee_id, area_id, area_path, area_root, stage, resume_stage, track, court_mode,
			type, subtype, source, source_ref, channel, grade, grade_by, grade_facts, title, facts, place, request, respondent_hint, amount_fen, filed_at,
			effect_rule, outcome_code, outcome_text, ended_as, closing_summary, remedies, risk_screened, restricted, hold, lapsed, missing_papers, chain_seq, chain_head, updated_at)
		SELECT ('00000000-0000-7000-8000-00000000c00' || i)::uuid, 1, i, '', CASE WHEN i < 3 THEN $1::uuid ELSE $2::uuid END, $1, 'yy/', 'yy', 'submitted', '', '', '',
			'01', '', '', '', '', '', '', '{}', '', '', '', '', '', 0, now(), '', '', '', '', '', '{}', true, false, false, false, '', 0, '', now()
		FROM generate_series(1, 3) i`, first, second)
	const lay = `INSERT INTO case_files (id, case_id, area_root, name, kind, mime, size, digest, side, shared, at)
		SELECT gen_random_uuid(), ('00000000-0000-7000-8000-00000000c00' || n)::uuid, 'x', '', 'image', '', $1, '', '', false, now() FROM unnest($2::int[]) n`
	want("before", 0, 0)
	exec(lay, 10, "{1}")
	exec(lay, 5, "{1,2,3}")
	want("laid", 20, 5)
	exec(`UPDATE case_files SET shared = true`)
	want("shared", 20, 5)
	exec(`UPDATE cases SET committee_id = $1 WHERE id = '00000000-0000-7000-8000-00000000c001'`, second)
	want("one case moved", 5, 20)
	exec(`DELETE FROM case_files WHERE case_id = '00000000-0000-7000-8000-00000000c003'`)
	want("one case's files gone", 5, 15)
}

package postgres

import (
	"encoding/json"
	"flag"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
)

// scale is how many cases the plans are looked at with in the end; ordinary runs
// are content with fewer: -scale 100000 is the register of a large district.
var scale = flag.Int("scale", 20000, "cases in the largest table of the tests of plans")

// town is a database that only grows: eight committees, a mediator for every
// forty cases, a resident for every five; three cases of ten are open.
type town struct {
	db   *DB
	size int
	open int // cases filed after this one came in as closed ones: the archive of years
	now  time.Time
}

// grown are the statements that add the cases $1 to $2. Ids are digests of what
// they stand for, so that a test can name any of them.
var grown = []string{
	`INSERT INTO users (id, username, name, password_hash, created_at)
		SELECT md5(k || n)::uuid, k || n, '某人', 'x', now()
		FROM generate_series(1, 2) s, unnest(array['mediator', 'resident']) k, generate_series($1::int / 5, $2::int / 5) n
		ON CONFLICT DO NOTHING`,
	`INSERT INTO cases (id, version, intake_number, number, committee_id, area_id, area_path, area_root, stage, resume_stage, track, court_mode,
			type, subtype, source, source_ref, channel, grade, grade_by, grade_facts, title, facts, place, request, respondent_hint, amount_fen, filed_at,
			effect_rule, outcome_code, outcome_text, ended_as, closing_summary, remedies, risk_screened, restricted, hold, lapsed, missing_papers, chain_seq, chain_head, updated_at)
		SELECT md5('case' || i)::uuid, 1, '登' || lpad(i::text, 7, '0'), '案' || lpad(i::text, 7, '0'), md5('committee' || i % 8)::uuid, md5('area' || i % 8)::uuid, 'c/x' || i % 8 || '/', 'c',
			CASE WHEN i % 10 < 7 OR i > $open THEN 'closed' WHEN i % 10 = 8 THEN 'submitted' WHEN i % 10 = 9 THEN 'registered' ELSE 'in_mediation' END, '', '', '', '01', '', '', '', '', '', '', '{}', CASE WHEN i % 500 = 3 THEN '槐树根伸进化粪池' ELSE '楼上噪音' END,
			repeat('半夜有响声。', 40), '', '', '', 0, now(), '', '', '', '', '', '{}', true, i % 30 = 0, false, false, '', 0, '',
			timestamptz '2026-01-01' + make_interval(mins => i * 5)
		FROM generate_series($1::int, $2::int) i`,
	`INSERT INTO case_parties (id, case_id, area_root, seq, side, capacity, name, group_size, guardian_name, agent_name, agent_scope, credit_code,
			legal_rep, user_id, consent, consent_how, rights_how, identity_level, identity_how, legal_ground, phone_mask, id_mask, address_mask)
		SELECT md5('party' || s || i)::uuid, md5('case' || i)::uuid, 'c', s, CASE s WHEN 1 THEN 'applicant' ELSE 'respondent' END, 'natural',
			CASE WHEN i = 803 AND s = 2 THEN '欧阳鼎' ELSE '陈阿芬' END, 1,
			'', '', '', '', '', CASE s WHEN 1 THEN md5('resident' || i / 5)::uuid END, 'yes', '', '', 1, '', '', '', '', ''
		FROM generate_series($1::int, $2::int) i, generate_series(1, 2) s`,
	`INSERT INTO assignments (id, case_id, area_root, mediator_id, name, lead, chosen_by, relation, court_guided, accepted_by, started_at, ended_at, ended_why)
		SELECT md5('assignment' || i)::uuid, md5('case' || i)::uuid, 'c', md5('mediator' || i / 40)::uuid, '老娘舅', true, 'committee', 'none', false, '{}',
			now(), CASE WHEN i % 10 < 7 OR i > $open THEN now() END, ''
		FROM generate_series($1::int, $2::int) i`,
	`INSERT INTO deadlines (id, case_id, area_root, kind, term, starts_at, due_at, ended_at, outcome, paused_days, reckoning, provisional)
		SELECT md5('deadline' || k || i)::uuid, md5('case' || i)::uuid, 'c', k, '{}', now(),
			CASE k WHEN 'D-18' THEN timestamptz '2036-01-01' + make_interval(mins => i)
				ELSE timestamptz '2026-06-10' + make_interval(days => abs(hashtext('day' || i)) % 20 - 10, secs => i % 3600) END,
			CASE WHEN k = 'D-01' OR k = 'D-06' AND (i % 10 < 7 OR i > $open) THEN now() END, '', 0, '[]', false
		FROM generate_series($1::int, $2::int) i, unnest(array['D-01', 'D-06', 'D-18']) k
		WHERE k <> 'D-18' OR i % 10 < 7 OR i > $open`,
	`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, at)
		SELECT md5('conflict' || i)::uuid, md5('case' || i)::uuid, 'c', md5('mediator' || i / 40 + 1)::uuid, 'kin', now()
		FROM generate_series($1::int, $2::int) i WHERE i % 50 = 0 AND i / 40 + 1 < $2::int / 40`,
	`INSERT INTO notices (id, case_id, area_root, party_id, user_id, action, at, read_at)
		SELECT md5('notice' || k || i)::uuid, md5('case' || i)::uuid, 'c', CASE k WHEN 1 THEN md5('party1' || i)::uuid END,
			CASE k WHEN 2 THEN md5('mediator' || i % 10)::uuid END, 'accept', timestamptz '2026-01-01' + make_interval(mins => i * 5), CASE WHEN i > 100 THEN now() END
		FROM generate_series($1::int, $2::int) i, generate_series(1, 2) k`,
	`INSERT INTO access_log (id, at, case_id, area_root, by_user, role, object, action, allowed)
		SELECT md5('access' || i)::uuid, timestamptz '2026-01-01' + make_interval(mins => i), md5('case' || CASE WHEN i % 2 = 0 THEN 3 ELSE i END)::uuid, 'c',
			md5('mediator1')::uuid, 'chair', 'case', 'read', true
		FROM generate_series($1::int, $2::int) i`,
}

func newTown(t *testing.T) *town {
	t.Helper()
	db, err := Open(pgtest.New(t).Owner, vault.TestKeys()) // the owner may gather statistics
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, statement := range []string{
		`INSERT INTO areas (id, kind, name, code, path) SELECT md5('area' || n)::uuid, 'community', '榆园', 'x' || n, 'c/x' || n || '/' FROM generate_series(0, 7) n`,
		`INSERT INTO committees (id, area_id, name, short_name)
			SELECT md5('committee' || n)::uuid, md5('area' || n)::uuid, '调委会', '第' || n FROM generate_series(0, 7) n`,
	} {
		if _, err := db.pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return &town{db: db, open: math.MaxInt32, now: time.Date(2026, 6, 10, 4, 0, 0, 0, time.UTC)}
}

// growTo adds cases until there are size of them, a thousand at a time since
// no statement may take longer than the driver waits, and brings the statistics
// up to date as the server does by itself at night. The documents of the search
// are made once all rows stand and the statistics know of them.
func (w *town) growTo(t *testing.T, size int) {
	t.Helper()
	const step = 1000
	documents := `SELECT search_refresh((SELECT array_agg(md5('case' || i)::uuid) FROM generate_series($1::int, $2::int) i))`
	run := func(statement string, args ...any) {
		t.Helper()
		if _, err := w.db.pool.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	run(`ALTER TABLE case_parties DISABLE TRIGGER search_of_new_parties`)
	for from := w.size; from < size; from += step {
		for _, statement := range grown {
			run(strings.ReplaceAll(statement, "$open", strconv.Itoa(w.open)), from+1, min(from+step, size))
		}
	}
	for _, table := range tables {
		run(`VACUUM ANALYZE ` + table)
	}
	for from := w.size; from < size; from += step {
		run(documents, from+1, min(from+step, size))
	}
	run(`VACUUM ANALYZE search_docs`)
	w.size = size
}

// tables are those that grow with the register.
var tables = []string{"users", "cases", "case_parties", "assignments", "deadlines", "conflicts", "notices", "access_log", "committees", "areas"}

func (w *town) named(t *testing.T, what string) string {
	t.Helper()
	id, err := one[string](t.Context(), w.db.reader(), `SELECT CAST(md5($1)::uuid AS text)`, what)
	if err != nil {
		t.Fatal(err)
	}
	return *id
}

// plan is the part of a plan a test looks at.
type plan struct {
	Node     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Hit      int     `json:"Shared Hit Blocks"`
	Read     int     `json:"Shared Read Blocks"`
	Time     float64 `json:"Actual Total Time"` // milliseconds; told, never judged: others share the machine
	Plans    []plan  `json:"Plans"`
}

func (p plan) scanned() []string {
	var all []string
	if p.Node == "Seq Scan" && (p.Relation != "search_docs" || p.Rows > manyHits) { // of a common word the first documents do
		all = append(all, p.Relation)
	}
	for _, below := range p.Plans {
		all = append(all, below.scanned()...)
	}
	return all
}

func (w *town) explain(t *testing.T, statement string, v args) plan {
	t.Helper()
	body, err := one[[]byte](t.Context(), w.db.reader(), `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) `+statement, v...)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Plan plan }
	if err := json.Unmarshal(*body, &all); err != nil {
		t.Fatal(err)
	}
	return all[0].Plan
}

func TestTheCostOfAListDoesNotGrowWithTheTable(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.compare(t, w.lists(t), nil)
}

// A queue holds work that waits, which an office keeps up with; the archive is
// what grows for years.
func TestAQueueDoesNotGrowWithTheArchive(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.compare(t, w.queues(t), func() { w.open = w.size })
}

// What people are late with stays open for years and is no duty of the program's.
func TestTheDocketReadsOnlyItsOwnDuties(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.growTo(t, 2000)
	before := w.explain(t, dueDuties, args{w.now, 100})
	for _, statement := range []string{
		`INSERT INTO deadlines (id, case_id, area_root, kind, term, starts_at, due_at, outcome, paused_days, reckoning, provisional)
			SELECT md5('late' || i)::uuid, md5('case' || i % 2000 + 1)::uuid, 'c', 'D-14', '{}', now(), timestamptz '2026-01-01' + make_interval(mins => i), '', 0, '[]', false
			FROM generate_series(1, 20000) i`,
		`VACUUM ANALYZE deadlines`,
	} {
		if _, err := w.db.pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	after := w.explain(t, dueDuties, args{w.now, 100})
	if before.Rows == 0 || after.Rows != before.Rows || after.Hit+after.Read > before.Hit+before.Read+40 {
		t.Errorf("%g duties in %d pages, before them %g in %d%s", after.Rows, after.Hit+after.Read, before.Rows, before.Hit+before.Read,
			w.text(t, dueDuties, args{w.now, 100}))
	}
}

// compare looks at what each list reads in a small table and in a large one;
// between them, turn may change what the new cases are.
func (w *town) compare(t *testing.T, lists []listed, turn func()) {
	t.Helper()
	const small = 2000
	large := max(*scale, 10*small)
	w.growTo(t, small)
	pages := map[string]int{}
	for _, l := range lists {
		statement, v := l.list()
		p := w.explain(t, statement, v)
		pages[l.name] = p.Hit + p.Read
	}
	if turn != nil {
		turn()
	}
	w.growTo(t, large)
	for _, l := range lists {
		statement, v := l.list()
		p := w.explain(t, statement, v)
		before, after := pages[l.name], p.Hit+p.Read
		t.Logf("%-45s %3.0f rows, %6d pages read at %d cases, %6d at %d, %5.1f ms", l.name, p.Rows, before, small, after, large, p.Time)
		// an index of ten times the entries is a level deeper, for each of some dozen searches in it
		if most := max(before+before/2+40, l.most); after > most {
			t.Errorf("%s reads %d pages in a table of %d times the cases, at most %d are well", l.name, after, large/small, most)
		}
		if p.Rows != l.rows && l.most == 0 && !l.any {
			t.Errorf("%s: %g rows, want %g: the test measures another list", l.name, p.Rows, l.rows)
		}
		for _, big := range append(slices.Clone(tables[1:8]), "search_docs") {
			if slices.Contains(p.scanned(), big) {
				t.Errorf("%s reads all of %s", l.name, big)
			}
		}
		if t.Failed() {
			t.Log(w.text(t, statement, v))
		}
	}
}

// text is the plan for people, for a test that fails.
func (w *town) text(t *testing.T, statement string, v args) string {
	t.Helper()
	lines, err := many[string](t.Context(), w.db.reader(), `EXPLAIN (ANALYZE, BUFFERS) `+statement, v...)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, line := range lines {
		out += "\n" + line
	}
	return out
}

package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// town is a database that only grows: eight committees, a mediator for every
// forty cases, a resident for every five; three cases of ten are open.
type town struct {
	db   *DB
	size int
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
		SELECT md5('case' || i)::uuid, 1, '登' || i, '案' || i, md5('committee' || i % 8)::uuid, md5('area' || i % 8)::uuid, 'c/x' || i % 8 || '/', 'c',
			CASE WHEN i % 10 < 7 THEN 'closed' ELSE 'in_mediation' END, '', '', '', '01', '', '', '', '', '', '', '{}', '楼上噪音',
			repeat('半夜有响声。', 40), '', '', '', 0, now(), '', '', '', '', '', '{}', true, i % 30 = 0, false, false, '', 0, '',
			timestamptz '2026-01-01' + make_interval(mins => i * 5)
		FROM generate_series($1::int, $2::int) i`,
	`INSERT INTO case_parties (id, case_id, area_root, seq, side, capacity, name, group_size, guardian_name, agent_name, agent_scope, credit_code,
			legal_rep, user_id, consent, consent_how, rights_how, identity_level, identity_how, legal_ground, phone_mask, id_mask, address_mask)
		SELECT md5('party' || s || i)::uuid, md5('case' || i)::uuid, 'c', s, CASE s WHEN 1 THEN 'applicant' ELSE 'respondent' END, 'natural', '陈阿芬', 1,
			'', '', '', '', '', CASE s WHEN 1 THEN md5('resident' || i / 5)::uuid END, 'yes', '', '', 1, '', '', '', '', ''
		FROM generate_series($1::int, $2::int) i, generate_series(1, 2) s`,
	`INSERT INTO assignments (id, case_id, area_root, mediator_id, name, lead, chosen_by, relation, court_guided, accepted_by, started_at, ended_at, ended_why)
		SELECT md5('assignment' || i)::uuid, md5('case' || i)::uuid, 'c', md5('mediator' || i / 40)::uuid, '老娘舅', true, 'committee', 'none', false, '{}',
			now(), CASE WHEN i % 10 < 7 THEN now() END, ''
		FROM generate_series($1::int, $2::int) i`,
	`INSERT INTO deadlines (id, case_id, area_root, kind, term, starts_at, due_at, ended_at, outcome, paused_days, reckoning, provisional)
		SELECT md5('deadline' || k || i)::uuid, md5('case' || i)::uuid, 'c', k, '{}', now(),
			CASE k WHEN 'D-18' THEN timestamptz '2036-01-01' + make_interval(mins => i)
				ELSE timestamptz '2026-06-10' + make_interval(days => abs(hashtext('day' || i)) % 20 - 10, secs => i % 3600) END,
			CASE WHEN k = 'D-01' OR i % 10 < 7 AND k = 'D-06' THEN now() END, '', 0, '[]', false
		FROM generate_series($1::int, $2::int) i, unnest(array['D-01', 'D-06', 'D-18']) k
		WHERE k <> 'D-18' OR i % 10 < 7`,
	`INSERT INTO conflicts (id, case_id, area_root, user_id, relation, at)
		SELECT md5('conflict' || i)::uuid, md5('case' || i)::uuid, 'c', md5('mediator' || i / 40 + 1)::uuid, 'kin', now()
		FROM generate_series($1::int, $2::int) i WHERE i % 50 = 0 AND i / 40 + 1 < $2::int / 40`,
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
	return &town{db: db, now: time.Date(2026, 6, 10, 4, 0, 0, 0, time.UTC)}
}

// growTo adds cases until there are size of them, and brings the statistics up
// to date as the server does by itself at night.
func (w *town) growTo(t *testing.T, size int) {
	t.Helper()
	for _, statement := range grown {
		if _, err := w.db.pool.ExecContext(t.Context(), statement, w.size+1, size); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	w.size = size
	if _, err := w.db.pool.ExecContext(t.Context(), `VACUUM ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

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
	Plans    []plan  `json:"Plans"`
}

func (p plan) scanned() []string {
	var all []string
	if p.Node == "Seq Scan" {
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
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t)
	reader := func(a mediation.Actor, object string, action mediation.Action) Reader {
		return Reader{Actor: a, Rows: policy.Scope(a, object, action), Facts: policy.Scope(a, "facts", "read"), Now: w.now}
	}
	person := func(who string, g mediation.Grant) mediation.Actor {
		return mediation.Actor{User: mediation.UserID(w.named(t, who)), Grants: []mediation.Grant{{Role: mediation.RoleResident}, g}}
	}
	committee := mediation.CommitteeID(w.named(t, "committee3"))
	chair := person("resident7", mediation.Grant{Role: mediation.RoleChair, Committee: committee})
	mediator := person("mediator10", mediation.Grant{Role: mediation.RoleMediator, Committee: committee})
	supervisor := person("resident9", mediation.Grant{Role: mediation.RoleSupervisor, AreaPath: "c/x3/"})
	resident := mediation.Actor{User: mediation.UserID(w.named(t, "resident81")), Grants: []mediation.Grant{{Role: mediation.RoleResident}}}

	cases := func(a mediation.Actor, s Selection) func() (string, args) {
		return func() (string, args) { return caseList(reader(a, "case", "list"), s, Mark{}, 31) }
	}
	lists := []struct {
		name string
		rows float64 // the page at both sizes
		list func() (string, args)
	}{
		{"the committee's cases", 31, cases(chair, Selection{})},
		{"the committee's closed cases", 31, cases(chair, Selection{Closed: true})},
		{"the mediator's cases", 12, cases(mediator, Selection{})},
		{"the area's cases", 31, cases(supervisor, Selection{})},
		{"a party's cases", 3, cases(resident, Selection{})},
		{"the committee's deadlines of the week", 31, func() (string, args) {
			return deadlineList(reader(chair, "deadline", "read"), today(w.now), today(w.now).AddDate(0, 0, 7), Mark{}, 31)
		}},
		{"the committee's late deadlines", 31, func() (string, args) {
			return deadlineList(reader(chair, "deadline", "read"), time.Time{}, w.now, Mark{}, 31)
		}},
	}
	w.growTo(t, 2000)
	pages := map[string]int{}
	for _, l := range lists {
		statement, v := l.list()
		p := w.explain(t, statement, v)
		pages[l.name] = p.Hit + p.Read
	}
	w.growTo(t, 20000)
	for _, l := range lists {
		statement, v := l.list()
		p := w.explain(t, statement, v)
		before, after := pages[l.name], p.Hit+p.Read
		t.Logf("%s: %d pages read at 2,000 cases, %d at 20,000", l.name, before, after)
		if ratio := float64(after) / float64(before); ratio > 1.5 {
			t.Errorf("%s reads %.1f times the pages in a table of ten times the cases", l.name, ratio)
		}
		if p.Rows != l.rows {
			t.Errorf("%s: %g rows, want %g: the test measures another list", l.name, p.Rows, l.rows)
		}
		for _, big := range []string{"cases", "case_parties", "assignments", "deadlines"} {
			if slices.Contains(p.scanned(), big) {
				t.Errorf("%s reads all of %s", l.name, big)
			}
		}
		if t.Failed() {
			t.Log(fmt.Sprint(w.text(t, statement, v)))
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

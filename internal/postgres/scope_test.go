package postgres

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
)

// world is random people, places and cases, the same for a seed.
type world struct {
	rand       *rand.Rand
	now        time.Time
	users      []mediation.UserID
	areas      []area
	committees []mediation.CommitteeID
	courts     []mediation.CourtID
	cases      []*mediation.Case
}

type area struct {
	ID     string `json:"id"`
	Parent string `json:"parent_id,omitempty"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Code   string `json:"code"`
	Path   string `json:"path"`
}

func (w *world) id() string {
	raw := make([]byte, 16)
	for i := range raw {
		raw[i] = byte(w.rand.Uint32())
	}
	id, err := uuid.FromBytes(raw)
	if err != nil {
		panic(err)
	}
	return id.String()
}

func (w *world) chance(percent int) bool { return w.rand.IntN(100) < percent }

func pick[T any](w *world, all []T) T { return all[w.rand.IntN(len(all))] }

func (w *world) someone() mediation.UserID { return pick(w, w.users) }

// sometime lies within 60 days around the present, or is none.
func (w *world) sometime(never int) time.Time {
	if w.chance(never) {
		return time.Time{}
	}
	return w.now.Add(-time.Duration(w.rand.Int64N(int64(60 * 24 * time.Hour)))).Truncate(time.Microsecond)
}

// newWorld makes two districts whose codes begin alike, so that a prefix that
// forgets its slash is found out.
func newWorld(seed uint64, people, cases int) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 6, 10, 4, 0, 0, 0, time.UTC)}
	for range people {
		w.users = append(w.users, mediation.UserID(w.id()))
	}
	city := area{ID: w.id(), Kind: "city", Name: "市", Code: "c", Path: "c/"}
	w.areas = []area{city}
	for _, code := range []string{"d", "d1"} {
		district := area{ID: w.id(), Parent: city.ID, Kind: "district", Name: code, Code: code, Path: "c/" + code + "/"}
		w.areas = append(w.areas, district)
		for n := range 3 {
			code := fmt.Sprintf("x%d", n)
			w.areas = append(w.areas, area{ID: w.id(), Parent: district.ID, Kind: "community", Name: code, Code: code, Path: district.Path + code + "/"})
		}
	}
	for range 6 {
		w.committees = append(w.committees, mediation.CommitteeID(w.id()))
	}
	for range 3 {
		w.courts = append(w.courts, mediation.CourtID(w.id()))
	}
	for n := range cases {
		w.cases = append(w.cases, w.newCase(n))
	}
	return w
}

func (w *world) newCase(n int) *mediation.Case {
	place := pick(w, w.areas)
	c := &mediation.Case{ID: mediation.CaseID(w.id()), Version: 1, IntakeNumber: fmt.Sprintf("登%d", n), Committee: pick(w, w.committees),
		Area: mediation.AreaID(place.ID), AreaPath: place.Path, Stage: mediation.Submitted, FiledAt: w.now, UpdatedAt: w.now,
		Remedies: []string{}, GradeFacts: []string{}, Restricted: w.chance(20)}
	if w.chance(70) {
		c.FiledBy = w.someone()
	}
	for seq := range w.rand.IntN(4) {
		p := mediation.Party{ID: mediation.PartyID(w.id()), Seq: seq + 1, Side: mediation.Applicant, Name: "某人", GroupSize: 1, LeftAt: w.sometime(80)}
		if w.chance(60) {
			p.User = w.someone()
		}
		c.Parties = append(c.Parties, p)
	}
	for n := range w.rand.IntN(4) {
		a := mediation.Assignment{ID: mediation.ItemID(w.id()), Mediator: w.someone(), Name: "某人", Accepted: []string{}, Findings: []mediation.Finding{}, StartedAt: w.now, EndedAt: w.sometime(50)}
		a.Lead = n == 0
		c.Assignments = append(c.Assignments, a)
	}
	for range w.rand.IntN(3) {
		c.Helpers = append(c.Helpers, mediation.Helper{ID: mediation.ItemID(w.id()), User: w.someone(), Name: "某人", At: w.now, EndedAt: w.sometime(50)})
	}
	for range w.rand.IntN(4) {
		c.Conflicts = append(c.Conflicts, mediation.Interest{ID: mediation.ItemID(w.id()), User: w.someone(), At: w.now, WaivedBy: []string{}, WaivedAt: w.sometime(50)})
	}
	w.reviewsAndReferrals(c)
	return c
}

func (w *world) reviewsAndReferrals(c *mediation.Case) {
	for n := range w.rand.IntN(3) {
		e := mediation.Escalation{ID: mediation.ItemID(w.id()), Kind: "case", AskedAt: w.now, Snapshot: json.RawMessage(`{}`), AnsweredAt: w.sometime(0)}
		if n == 0 {
			e.AnsweredAt = w.sometime(40) // one may be open; the schema allows no second
		}
		if w.chance(3) { // the very moment the right ends
			e.AnsweredAt = w.now.Add(-mediation.EscalatedFor)
		}
		c.Escalations = append(c.Escalations, e)
	}
	for range w.rand.IntN(3) { // a major dispute told to legal staff, or to somebody by telephone
		m := mediation.MajorReport{ID: mediation.ItemID(w.id()), At: w.now, ToldAt: w.now, To: "judicial_office",
			How: pick(w, []string{mediation.ThroughSystem, mediation.ByPhone, mediation.OnPaper}), SeenAt: w.sometime(40)}
		if w.chance(3) {
			m.SeenAt = w.now.Add(-mediation.EscalatedFor)
		}
		c.MajorReports = append(c.MajorReports, m)
	}
	for range w.rand.IntN(3) {
		c.Referrals = append(c.Referrals, mediation.Referral{ID: mediation.ItemID(w.id()), Court: pick(w, w.courts), Pack: "{}", OfferedAt: w.now,
			State: pick(w, []string{mediation.ReferralOffered, mediation.ReferralTaken, mediation.ReferralDeclined, mediation.ReferralRecalled,
				mediation.ReferralEnded})})
	}
}

// actor is a random reader: mostly staff with up to three grants, now and then a
// code, nobody, or the system.
func (w *world) actor(n int) mediation.Actor {
	switch {
	case n == 0:
		return mediation.Actor{}
	case n == 1:
		return mediation.System()
	case n == 2:
		return mediation.Visitor()
	case n%9 == 0:
		for {
			if c := pick(w, w.cases); len(c.Parties) > 0 {
				return mediation.CodeHolder(mediation.CodeAccess{Case: c.ID, Party: c.Parties[0].ID})
			}
		}
	}
	a := mediation.Actor{User: w.someone()}
	for range 1 + w.rand.IntN(3) {
		a.Grants = append(a.Grants, w.grant())
	}
	return a
}

func (w *world) grant() mediation.Grant {
	g := mediation.Grant{Role: pick(w, mediation.Roles)}
	switch w.rand.IntN(4) {
	case 0:
		g.Committee = pick(w, w.committees)
	case 1:
		g.AreaPath = pick(w, w.areas).Path
	case 2:
		g.Court = pick(w, w.courts)
	}
	return g
}

// load stores the world with one statement a table.
func (w *world) load(t *testing.T, db *DB) {
	t.Helper()
	type row = map[string]any
	var users, committees, courts []row
	for i, id := range w.users {
		users = append(users, row{"id": id, "username": fmt.Sprintf("u%d", i), "name": "某人", "phone_mask": "", "password_hash": "x",
			"must_change": false, "verified": true, "lang": "", "created_at": w.now, "version": 1})
	}
	for i, id := range w.committees {
		committees = append(committees, row{"id": id, "area_id": w.areas[0].ID, "name": "调委会", "short_name": fmt.Sprintf("第%d", i), "phone": "",
			"address": "", "contacts": 3, "limits": row{}, "version": 1})
	}
	for _, id := range w.courts {
		courts = append(courts, row{"id": id, "area_id": w.areas[0].ID, "name": "法院"})
	}
	err := db.InTx(t.Context(), func(tx Tx) error {
		bulk(t, tx, "users", users)
		bulk(t, tx, "areas", w.areas)
		bulk(t, tx, "committees", committees)
		bulk(t, tx, "courts", courts)
		loadCases(t, tx, w.cases)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// loadCases stores whole cases with one statement a table.
func loadCases(t *testing.T, tx Tx, cases []*mediation.Case) {
	t.Helper()
	parts := map[string][]any{}
	for _, c := range cases {
		parts["cases"] = append(parts["cases"], with(t, c, nil, c.AreaPath))
		for table, rows := range map[string]any{"case_parties": c.Parties, "assignments": c.Assignments, "conflicts": c.Conflicts,
			"helpers": c.Helpers, "escalations": c.Escalations, "major_reports": c.MajorReports, "referrals": c.Referrals, "deadlines": c.Deadlines,
			"mediation_sessions": c.Sessions, "agreements": c.Agreements, "signatures": c.Signatures, "obligations": c.Obligations} {
			list := reflect.ValueOf(rows)
			for i := range list.Len() {
				parts[table] = append(parts[table], with(t, list.Index(i).Interface(), c, c.AreaPath))
			}
		}
	}
	for _, table := range []string{"cases", "case_parties", "assignments", "conflicts", "helpers", "escalations", "major_reports", "referrals", "deadlines",
		"mediation_sessions", "agreements", "signatures", "obligations"} {
		if len(parts[table]) > 0 {
			bulk(t, tx, table, parts[table])
		}
	}
}

// with gives a value as its table's row, tied to its case.
func with(t *testing.T, v any, c *mediation.Case, path string) map[string]any {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var row map[string]any
	if err := json.Unmarshal(body, &row); err != nil {
		t.Fatal(err)
	}
	row["area_root"] = root(path)
	if c != nil {
		row["case_id"] = c.ID
	}
	return row
}

// bulk inserts rows with the columns of the first one's kind.
func bulk(t *testing.T, tx Tx, table string, rows any) {
	t.Helper()
	body, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	if err := tx.tx.Select(&known, `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, table); err != nil {
		t.Fatal(err)
	}
	var first []map[string]json.RawMessage
	if err := json.Unmarshal(body, &first); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range first {
		for name := range row {
			if slices.Contains(known, name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	list := strings.Join(names, ", ")
	if _, err := tx.exec(t.Context(), `INSERT INTO `+table+` (`+list+`) SELECT `+list+` FROM jsonb_populate_recordset(NULL::`+table+`, $1)`,
		string(body)); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
}

// seen asks the database which cases the rights cover.
func seen(t *testing.T, db *DB, rights []mediation.Right, a mediation.Actor, now time.Time) []string {
	t.Helper()
	v := &args{}
	rule := visible(rights, a, now, v)
	if rule == "FALSE" {
		return []string{} // no row, whatever the database holds; values it gathered on the way have no place
	}
	statement := `SELECT c.id FROM cases c WHERE ` + rule
	ids, err := many[string](t.Context(), db.reader(), statement, *v...)
	if err != nil {
		t.Fatalf("%v as %+v: %v", rights, a, err)
	}
	slices.Sort(ids)
	return ids
}

// allowed asks the rule.
func (w *world) allowed(rights []mediation.Right, a mediation.Actor) []string {
	ids := []string{}
	for _, c := range w.cases {
		if mediation.AnyAllows(rights, a, c.Row(), w.now) {
			ids = append(ids, string(c.ID))
		}
	}
	slices.Sort(ids)
	return ids
}

// withoutAccount are the scopes that mean something for a code or the system.
// Staff scopes are FALSE for them one by one.
var withoutAccount = []mediation.Scope{mediation.ScopeParty, mediation.ScopeOwnSide, mediation.ScopeShared, mediation.ScopeSystem}

func TestTheRowPredicateSaysTheSameAsTheRule(t *testing.T) {
	t.Parallel()
	db, err := Open(pgtest.New(t).App, vault.TestKeys())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w := newWorld(20260610, 60, 2000)
	w.load(t, db)

	covered := map[mediation.Scope]int{}
	for n := range 100 {
		a := w.actor(n)
		var all []mediation.Right
		for _, scope := range append(slices.Clone(mediation.Scopes), "misspelt") {
			rights := []mediation.Right{{Scope: scope, Grant: w.grant()}}
			if len(a.Grants) > 0 {
				rights[0].Grant = pick(w, a.Grants)
			}
			if held := a.User != "" || slices.Contains(withoutAccount, scope); held && w.chance(30) {
				all = append(all, rights[0])
			}
			want, got := w.allowed(rights, a), seen(t, db, rights, a, w.now)
			covered[scope] += len(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s as %+v by %+v (-rule +SQL):\n%s", scope, a, rights, diff)
			}
		}
		if diff := cmp.Diff(w.allowed(all, a), seen(t, db, all, a, w.now)); diff != "" {
			t.Errorf("%+v as %+v (-rule +SQL):\n%s", all, a, diff)
		}
	}
	for _, scope := range mediation.Scopes {
		empty := scope == mediation.ScopePublic || scope == mediation.ScopeAny || scope == mediation.ScopeSelf
		if empty != (covered[scope] == 0) {
			t.Errorf("%s covered %d rows in all: the worlds do not try it", scope, covered[scope])
		}
	}
	if covered["misspelt"] != 0 {
		t.Error("an unknown scope sees something")
	}
}

func TestNoRightsSeeNothing(t *testing.T) {
	t.Parallel()
	if got := visible(nil, mediation.System(), time.Time{}, &args{}); got != "FALSE" {
		t.Errorf("no rights give %q, want FALSE", got)
	}
}

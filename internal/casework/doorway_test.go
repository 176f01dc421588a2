package casework_test

import (
	"database/sql"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Every act of the registry, by nobody, without a database on purpose: it is
// refused before anything is looked at.
func TestEveryActByNobodyIsForbidden(t *testing.T) {
	keys := vault.TestKeys()
	desk := casework.New(nil, policy(t), keys, vault.NewHasher(keys), nil, time.Now)
	tried := 0
	for _, action := range mediation.Actions() {
		act, ok := mediation.NewAct(action)
		if !ok {
			continue
		}
		tried++
		if _, err := desk.Do(t.Context(), mediation.Actor{}, "", 0, act); mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("%s by nobody: %v, want Forbidden", action, err)
		}
	}
	if tried < 70 {
		t.Errorf("only %d acts were tried", tried)
	}
	// Whatever else the desk offers takes the actor second and answers the same.
	v := reflect.ValueOf(desk)
	others := 0
	for i := range v.NumMethod() {
		method, name := v.Method(i), v.Type().Method(i).Name
		kind := method.Type()
		if name == "Do" || kind.NumIn() < 2 || kind.In(1) != reflect.TypeFor[mediation.Actor]() {
			continue
		}
		others++
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for j := 1; j < kind.NumIn(); j++ {
			args = append(args, reflect.Zero(kind.In(j)))
		}
		out := method.Call(args)
		err, _ := out[len(out)-1].Interface().(error)
		if mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("Desk.%s by nobody: %v, want Forbidden", name, err)
		}
	}
	if others < 10 {
		t.Errorf("only %d further methods were tried", others)
	}
}

func TestAMediatorOfAnotherCaseSeesNothing(t *testing.T) {
	w := tell(t, "赡养", nil) // in mediation, led by 高永福
	w.sees("高永福")
	for _, who := range []string{"施建华", "傅静", "陈国栋", "余大海"} {
		w.blind(who)
		w.try(who, &mediation.Report{}, mediation.NotFound, "error.not_found")
		w.try(who, &mediation.Caucus{}, mediation.NotFound, "error.not_found")
	}
	const guess = "00000000-0000-7000-8000-000000000000"
	if _, err := w.Desk.Case(w.ctx, w.Actor("高永福"), guess); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("an absent case: %v, want the same NotFound", err)
	}
}

func TestAStaleVersionIsAConflictThatSaysWhereTheCaseStands(t *testing.T) {
	w := tell(t, "公共收益", nil)
	chair := w.Actor("王秀兰")
	seen := w.sees("王秀兰").Version
	_, err := w.Desk.Do(w.ctx, chair, w.id(), seen, &mediation.Grading{Grade: "L2"})
	w.must(err)
	_, err = w.Desk.Do(w.ctx, chair, w.id(), seen, &mediation.Grading{Grade: "L1"})
	if mediation.KindOf(err) != mediation.Conflict || mediation.KeyOf(err) != "error.stale" || !strings.Contains(argsOf(err), "accepted") {
		t.Errorf("the second writer: %v, want a Conflict that names the stage", err)
	}
	if c := w.whole(); c.Grade != "L2" || c.Version != seen+1 {
		t.Errorf("the case is graded %s in version %d", c.Grade, c.Version)
	}
}

func argsOf(err error) string {
	e, ok := err.(*mediation.Error) //nolint:errorlint // the desk gives it unwrapped
	if !ok {
		return ""
	}
	return e.Args["stage"]
}

func TestOfEightWhoAssignAtOnceOneWins(t *testing.T) {
	w := tell(t, "公共收益", nil)
	leads := []string{"陈国栋", "严文清", "顾巧云"}
	var mu sync.Mutex
	var wg sync.WaitGroup
	won, lost := 0, 0
	for i := range 8 {
		wg.Go(func() {
			act := &mediation.Appointment{Track: mediation.TrackPartyMember, Lead: w.Actor(leads[i%3]).User, ChosenBy: "committee", LeadRelation: "none"}
			_, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), 0, act)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case mediation.KindOf(err) == mediation.Conflict:
				lost++
			default:
				t.Errorf("a loser gets %v, want a Conflict", err)
			}
		})
	}
	wg.Wait()
	if won != 1 || lost != 7 {
		t.Errorf("%d won and %d lost, want 1 and 7", won, lost)
	}
	if c := w.whole(); len(c.Assignments) != 1 || c.Lead() == nil {
		t.Errorf("%d assignments", len(c.Assignments))
	}
}

func TestAFilingSentTwentyTimesIsOneCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := mediation.Intake{Facts: "楼道灯坏了三个月", Place: "榆园 3 幢", Phone: "10012340999", Privacy: true}
	const key = "one form, one key, twenty clicks"
	var mu sync.Mutex
	var wg sync.WaitGroup
	receipts, fresh := map[casework.Receipt]int{}, 0
	for range 20 {
		wg.Go(func() {
			r, err := w.Desk.File(w.ctx, mediation.Visitor(), in, key)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if !r.Again {
				fresh++
			}
			r.Again = false
			receipts[r]++
		})
	}
	wg.Wait()
	if len(receipts) != 1 || fresh != 1 {
		t.Errorf("%d different receipts, %d of them first ones", len(receipts), fresh)
	}
	for _, count := range []string{`SELECT count(*) FROM cases`, `SELECT count(*) FROM events`, `SELECT count(*) FROM receipt_codes`} {
		if n := w.count(count); n != 1 {
			t.Errorf("%s gives %d, want 1", count, n)
		}
	}
	in.Facts = "完全是另一件事"
	if _, err := w.Desk.File(w.ctx, mediation.Visitor(), in, key); mediation.KeyOf(err) != "error.key_reused" {
		t.Errorf("another text under the same key: %v", err)
	}
}

func (w *told) count(statement string) (n int) {
	w.t.Helper()
	w.must(w.raw.QueryRowContext(w.ctx, statement).Scan(&n))
	return n
}

// proves: duty.history
func TestTheProgramsRoleCannotChangeTheHistory(t *testing.T) {
	w := tell(t, "3", nil)
	for _, statement := range []string{
		`UPDATE events SET codes = '{}'`, `DELETE FROM events`, `TRUNCATE events`,
		`UPDATE access_log SET reason = ''`, `DELETE FROM access_log`, `ALTER TABLE events DISABLE TRIGGER USER`,
	} {
		if _, err := w.own.ExecContext(w.ctx, statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s as the program's role: %v, want insufficient privilege", statement, err)
		}
	}
	if _, err := w.raw.ExecContext(w.ctx, `UPDATE events SET codes = '{}'`); err == nil {
		t.Error("even the owner changes the history without switching the trigger off")
	}
}

func TestATamperedLineIsFoundAtItsFirstBrokenLink(t *testing.T) {
	w := tell(t, "4", nil)
	w.mustExec(`ALTER TABLE events DISABLE TRIGGER USER`, `CREATE TABLE kept AS SELECT * FROM events`)
	last := w.count(`SELECT count(*) FROM events`)
	for _, tt := range []struct {
		rule, tamper string
		seq          int
		why          string
	}{
		{"a code was changed", `UPDATE events SET codes = '{"ground": "NA01"}' WHERE seq = 5`, 5, "changed"},
		{"another person is named", `UPDATE events SET by_user = NULL WHERE seq = 3`, 3, "changed"},
		{"the time was moved", `UPDATE events SET at = at - interval '1 day' WHERE seq = 7`, 7, "changed"},
		{"two lines were changed, the first is told", `UPDATE events SET role = 'chair' WHERE seq IN (2, 6)`, 2, "changed"},
		{"a line in the middle is gone", `DELETE FROM events WHERE seq = 4`, 4, "gap"},
		{"the last lines were cut", `DELETE FROM events WHERE seq > 10`, 11, "cut"},
		{"every line is gone", `DELETE FROM events`, 1, "cut"},
		{"a line was changed and hashed anew without the lines after it", `UPDATE events SET hash = repeat('0', 64) WHERE seq = 6`, 6, "changed"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w.mustExec(tt.tamper)
			_, b, err := w.DB.VerifyChains(t.Context())
			if err != nil || b == nil || b.Case != w.id() || b.Seq != tt.seq || b.Why != tt.why {
				t.Errorf("found %+v, %v; want line %d %s", b, err, tt.seq, tt.why)
			}
			w.mustExec(`DELETE FROM events`, `INSERT INTO events SELECT * FROM kept`)
			if n, b, err := w.DB.VerifyChains(t.Context()); n != last || b != nil || err != nil {
				t.Errorf("put back: %d lines, %+v, %v", n, b, err)
			}
		})
	}
	counting, count := postgres.Tally(t.Context())
	if _, _, err := w.DB.VerifyChains(counting); err != nil || count() != 2 {
		t.Errorf("%d statements for one page of cases and the end, want 2; %v", count(), err)
	}
}

func (w *told) mustExec(statements ...string) {
	w.t.Helper()
	for _, s := range statements {
		if _, err := w.raw.ExecContext(w.ctx, s); err != nil {
			w.t.Fatal(s, err)
		}
	}
}

// Everything stands in one transaction: an act that fails at its last statement
// leaves no line, no number and no change.
func TestAnActThatFailsLeavesNothing(t *testing.T) {
	w := tell(t, "家政", nil) // all agreed, the chair can accept
	before := w.whole()
	w.mustExec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no notices today'; END $$`,
		`CREATE TRIGGER refuse BEFORE INSERT ON notices FOR EACH ROW EXECUTE FUNCTION refuse()`)
	if _, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), 0, &mediation.Acceptance{}); err == nil {
		t.Fatal("the act went through without its notices")
	}
	after := w.whole()
	if after.Version != before.Version || after.ChainSeq != before.ChainSeq || after.Stage != mediation.ConsentPending || after.Number != "" {
		t.Errorf("after the failure: version %d, %d lines, %s, %q", after.Version, after.ChainSeq, after.Stage, after.Number)
	}
	w.mustExec(`DROP TRIGGER refuse ON notices`)
	c, err := w.Desk.Do(w.ctx, w.Actor("王秀兰"), w.id(), before.Version, &mediation.Acceptance{})
	w.must(err)
	if c.Number != "榆园人调字〔2026〕第1号" {
		t.Errorf("the number is %s: the one that was rolled back is lost", c.Number)
	}
}

// Phones and identity numbers leave the database only by a reveal with a reason,
// which those concerned can read; nowhere do they stand in the open.
//
// proves: duty.reveal
func TestARevealIsAskedForLoggedAndLimited(t *testing.T) {
	w := tell(t, "1", nil)
	c := w.whole()
	party := c.Parties[0].ID
	if _, err := w.Desk.Reveal(w.ctx, w.Actor("王秀兰"), c.ID, party, "id_number", " "); mediation.KindOf(err) != mediation.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := w.Desk.Reveal(w.ctx, w.Actor("潘瑞林"), c.ID, party, "id_number", "看看"); mediation.KindOf(err) != mediation.Forbidden {
		t.Errorf("by the supervisor: %v", err)
	}
	if _, err := w.Desk.Reveal(w.ctx, w.Actor("高永福"), c.ID, party, "id_number", "看看"); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("by another mediator: %v", err)
	}
	plain, err := w.Desk.Reveal(w.ctx, w.Actor("王秀兰"), c.ID, party, "id_number", "核对协议书")
	w.must(err)
	if plain != "990000195803120025" || strings.Contains(c.Parties[0].IDMask, "19580312") {
		t.Errorf("revealed %q, shown as %q", plain, c.Parties[0].IDMask)
	}
	for range 9 {
		_, err := w.Desk.Reveal(w.ctx, w.Actor("王秀兰"), c.ID, party, "phone", "核对协议书")
		w.must(err)
	}
	if _, err := w.Desk.Reveal(w.ctx, w.Actor("王秀兰"), c.ID, party, "phone", "核对协议书"); mediation.KindOf(err) != mediation.TooMany {
		t.Errorf("the eleventh of an hour: %v, want TooMany", err)
	}
	lines, err := w.Desk.Accesses(w.ctx, w.Actor("王秀兰"), c.ID)
	w.must(err)
	if len(lines) != 10 || lines[9].What != "id_number" || lines[9].Party != party || lines[9].Reason != "核对协议书" || lines[9].Name != "王秀兰" {
		t.Errorf("%d lines of access", len(lines))
	}
	if found := w.leaks("990000195803120025", "10012340101"); found != "" {
		t.Errorf("%s holds a sealed value in the open", found)
	}
}

// leaks looks through every text of every table for the values and names the
// first table that has one.
func (w *told) leaks(values ...string) string {
	w.t.Helper()
	for _, table := range w.tables() {
		for _, v := range values {
			var n int
			w.must(w.raw.QueryRowContext(w.ctx, `SELECT count(*) FROM `+table+` t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'`, v).Scan(&n))
			if n > 0 {
				return table
			}
		}
	}
	return ""
}

func (w *told) tables() (names []string) {
	w.t.Helper()
	rows, err := w.raw.QueryContext(w.ctx, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
	w.must(err)
	defer closeRows(w.t, rows)
	for rows.Next() {
		var name string
		w.must(rows.Scan(&name))
		names = append(names, name)
	}
	w.must(rows.Err())
	if len(names) < 30 {
		w.t.Fatalf("only %d tables", len(names))
	}
	return names
}

func closeRows(t *testing.T, rows *sql.Rows) {
	t.Helper()
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
}

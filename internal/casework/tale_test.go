package casework_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/authz"
	"doorstep/internal/demo"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// told is one story of the demonstration after it was played on a database of
// its own, with what the tests ask about it.
type told struct {
	*demo.House
	t    *testing.T
	ctx  context.Context
	name string
	raw  *sql.DB // the owner's connection: to look where no act looks
	own  *sql.DB // the program's own connection, outside the program
}

// onlooker sees the case right after an act.
type onlooker = func(w *told, c *mediation.Case)

// open sets up the demonstration's office on a fresh database.
func open(t *testing.T) *told {
	t.Helper()
	dsn := pgtest.New(t)
	keys := vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	w := &told{t: t, ctx: t.Context()}
	w.must(err)
	w.raw, err = sql.Open("postgres", dsn.Owner)
	w.must(err)
	w.own, err = sql.Open("postgres", dsn.App)
	w.must(err)
	t.Cleanup(func() {
		for _, c := range []interface{ Close() error }{db, w.raw, w.own} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	w.House, err = demo.Open(w.ctx, demo.Deps{DB: db, Policy: policy(t), Keys: keys, Hasher: vault.NewHasher(keys),
		Log: slog.New(slog.DiscardHandler), Wall: time.Now})
	w.must(err)
	return w
}

func policy(t *testing.T) *authz.Policy {
	t.Helper()
	p, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tell plays one story; the onlookers are called after the acts of their word,
// the n-th of a word by "word n".
func tell(t *testing.T, name string, look map[string]onlooker) *told {
	t.Helper()
	t.Parallel()
	w := open(t)
	w.name = name
	times, called := map[mediation.Action]int{}, map[string]bool{}
	w.Watch = func(_ string, c *mediation.Case, act mediation.Action) {
		times[act]++
		for _, key := range []string{fmt.Sprintf("%s %d", act, times[act]), string(act)} {
			if f := look[key]; f != nil && (!called[key] || key != string(act)) {
				called[key] = true
				f(w, c)
			}
		}
	}
	w.must(w.Play(w.ctx, name))
	for key := range look {
		if !called[key] {
			t.Errorf("nobody did %q in story %s", key, name)
		}
	}
	return w
}

func (w *told) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// id is the case of the story.
func (w *told) id() mediation.CaseID { return w.Case(w.name) }

// whole is the case with everything in it, as the system reads it.
func (w *told) whole() *mediation.Case {
	w.t.Helper()
	system := mediation.System()
	c, err := w.DB.Case(w.ctx, system, w.Policy.Scope(system, "case", "read"), w.id(), w.Now())
	w.must(err)
	return c
}

// try lets somebody try an act and wants it refused.
func (w *told) try(who string, act mediation.Act, kind mediation.Kind, key string) {
	w.t.Helper()
	w.tryAs(w.Actor(who), who, act, kind, key)
}

func (w *told) tryAs(a mediation.Actor, who string, act mediation.Act, kind mediation.Kind, key string) {
	w.t.Helper()
	_, err := w.Desk.Do(w.ctx, a, w.id(), 0, act)
	if mediation.KindOf(err) != kind || err == nil || key != "" && mediation.KeyOf(err) != key {
		w.t.Errorf("%s by %s: %v, want kind %d %q", act.Action(), who, err, kind, key)
	}
}

// blind wants the case to be NotFound for somebody: not Forbidden, since the
// number must not leak.
func (w *told) blind(who string) {
	w.t.Helper()
	if _, err := w.Desk.Case(w.ctx, w.Actor(who), w.id()); mediation.KindOf(err) != mediation.NotFound {
		w.t.Errorf("the case as %s reads it: %v, want NotFound", who, err)
	}
}

func (w *told) sees(who string) *mediation.Case {
	w.t.Helper()
	v, err := w.Desk.Case(w.ctx, w.Actor(who), w.id())
	if err != nil {
		w.t.Fatalf("the case as %s reads it: %v", who, err)
	}
	return v.Case
}

// wantHistory compares the words of the history, in their order.
func (w *told) wantHistory(want string) {
	w.t.Helper()
	events, err := w.DB.History(w.ctx, w.id())
	w.must(err)
	var got []string
	for _, e := range events {
		if e.Action != mediation.RemindDue { // come by the day, and are held by the docket's own tests
			got = append(got, string(e.Action))
		}
	}
	if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
		w.t.Errorf("history (-want +got):\n%s", diff)
	}
}

// wantClock compares the n-th clock of a kind, from 1: its last day and how it
// ended ("" runs).
func (w *told) wantClock(c *mediation.Case, kind statute.DeadlineID, n int, due, outcome string) {
	w.t.Helper()
	for _, d := range c.Deadlines {
		if d.Kind != kind {
			continue
		}
		if n--; n > 0 {
			continue
		}
		if got := statute.DateOf(d.Due).String(); got != due || d.Outcome != outcome {
			w.t.Errorf("%s is due %s, outcome %q; want %s, %q", kind, got, d.Outcome, due, outcome)
		}
		return
	}
	w.t.Errorf("there is no such clock %s", kind)
}

// wantNotices compares who was told what, in order.
func (w *told) wantNotices(want map[string]string) {
	w.t.Helper()
	rows, err := w.raw.QueryContext(w.ctx, `
		SELECT coalesce(p.name, u.name), n.action
		FROM notices n
		LEFT JOIN case_parties p ON p.id = n.party_id
		LEFT JOIN users u ON u.id = n.user_id
		WHERE n.case_id = $1 AND n.action <> 'remind_due'
		ORDER BY n.at, n.id`, string(w.id()))
	w.must(err)
	defer func() { w.must(rows.Close()) }()
	got := map[string]string{}
	for rows.Next() {
		var who, what string
		w.must(rows.Scan(&who, &what))
		got[who] = strings.TrimSpace(got[who] + " " + what)
	}
	w.must(rows.Err())
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// promises are the states of what was promised, with the day of performance.
func promises(c *mediation.Case) []string {
	var list []string
	for _, o := range c.Promised() {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", o.Kind, o.Due, o.AmountFen/100, o.State)+" "+performed(o)))
	}
	return list
}

func performed(o mediation.Obligation) string {
	if o.PerformedOn.IsZero() {
		return ""
	}
	return o.PerformedOn.String()
}

func (w *told) wantPromises(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, promises(w.whole())); diff != "" {
		w.t.Errorf("promises (-want +got):\n%s", diff)
	}
}

func (w *told) wantStage(want mediation.Stage) {
	w.t.Helper()
	if got := w.whole().Stage; got != want {
		w.t.Errorf("the story ends at %s, want %s", got, want)
	}
}

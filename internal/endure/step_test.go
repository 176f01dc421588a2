package endure

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"testing"
)

// operation is something people do that is more than one statement.
type operation struct {
	name string
	do   func(t *testing.T, p *person) *answer // once, with the same form each time it is called
	was  func(t *testing.T) string             // how often it was done, as the register tells
}

// breaksAt breaks the wire at one step of an operation, before or after PostgreSQL
// has done it, and tries the operation again. It says whether there was such a step.
func (o operation) breaksAt(t *testing.T, w *wire, p *person, n int, after bool, refused *int) bool {
	t.Helper()
	before := o.was(t)
	w.arm(n, after)
	a := o.do(t, p)
	reached := w.told() >= n
	w.heal()
	if a.status != http.StatusSeeOther && a.status != http.StatusServiceUnavailable && a.status != http.StatusNoContent {
		t.Errorf("%s, cut at step %d (done: %v): answered %d %.600s", o.name, n, after, a.status, a.body)
	}
	told := a.status != http.StatusServiceUnavailable
	if !told {
		*refused++
	}
	for range 2 { // who was told so must find it done, and a retry does nothing twice
		if a = o.do(t, p); a.status >= http.StatusInternalServerError {
			t.Errorf("%s, cut at step %d (done: %v): a retry was answered %d %.600s", o.name, n, after, a.status, a.body)
		}
	}
	var was, is int
	_, _ = fmt.Sscan(before, &was)
	_, _ = fmt.Sscan(o.was(t), &is)
	if is != was+1 {
		t.Errorf("%s, cut at step %d (done: %v, told: %v): done %d times", o.name, n, after, told, is-was)
	}
	return reached
}

// P19: an operation whose wire breaks at any step, also with its commit done and
// the answer lost, is done whole or not at all, and the retry does it once.
func TestAnOperationCutAtAnyStepIsDoneOnceOrNot(t *testing.T) {
	s := house(t)
	r := open(t, s)
	w, dsn := lay(t, s)
	b := beside(t, s, dsn)
	mediator := as(t, b, "chenguodong")
	id := r.one(t, `SELECT c.id FROM cases c JOIN assignments a ON a.case_id = c.id AND a.ended_at IS NULL AND a.lead
		JOIN users u ON u.id = a.mediator_id WHERE u.username = 'chenguodong' AND c.stage IN ('in_mediation', 'scheduled', 'assigned') LIMIT 1`)
	page := "/cases/" + id + "/caucus-notes"
	step, refused := size(10, 1), 0
	for n, more := 1+mathrand.IntN(step), true; more; n += step {
		more = false
		for _, after := range []bool{false, true} {
			mark := rand.Text()
			f := quarrel(mark)
			filing := operation{"a filing",
				func(t *testing.T, p *person) *answer { return p.post(t, "/file", f.form) },
				func(t *testing.T) string {
					return r.one(t, `SELECT count(*) FROM cases WHERE facts LIKE '%' || $1`, mark)
				}}
			more = filing.breaksAt(t, w, someone(b), n, after, &refused) || more

			typed := mediator.get(t, page).form(t, page)
			typed.Set("party", r.one(t, `SELECT id FROM case_parties WHERE case_id = $1 ORDER BY seq LIMIT 1`, id))
			typed.Set("text", "背靠背谈话 "+mark)
			note := operation{"a caucus note",
				func(t *testing.T, p *person) *answer { return p.post(t, page, typed) },
				func(t *testing.T) string { return r.one(t, `SELECT count(*) FROM caucus_notes WHERE case_id = $1`, id) }}
			more = note.breaksAt(t, w, mediator, n, after, &refused) || more

			draft := operation{"a draft",
				func(t *testing.T, p *person) *answer {
					return p.post(t, "/drafts/case/"+id+"/"+mark[:8], url.Values{"text": {mark}})
				},
				func(t *testing.T) string {
					return r.one(t, `SELECT count(*) FROM drafts WHERE form LIKE '%' || $1`, mark[:8])
				}}
			more = draft.breaksAt(t, w, mediator, n, after, &refused) || more
		}
		if !more {
			t.Logf("no operation takes %d steps", n)
		}
	}
	if t.Logf("%d of the cuts were answered 503", refused); refused == 0 {
		t.Error("nothing was cut")
	}
	r.sound(t)
	s.verify(t)
}

package endure

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// beside starts a second program on the database of the first, which it reaches
// at its own address.
func beside(t *testing.T, s *server, dsn string) *server {
	t.Helper()
	dir := t.TempDir()
	b := &server{data: filepath.Join(dir, "data"), args: []string{"--demo"}, out: filepath.Join(dir, "out"),
		env: []string{"DATABASE_URL=" + dsn, "DOORSTEP_KEYS_FILE=" + filepath.Join(s.data, "keys")}}
	b.start(t, "127.0.0.1:0")
	t.Cleanup(func() {
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
	return b
}

var goroutineLine = regexp.MustCompile(`(?m)^go_goroutines (\d+)$`)

// goroutines is how many the program has.
func (s *server) goroutines(t *testing.T) int {
	t.Helper()
	p := someone(s)
	p.address = ""
	defer p.client.CloseIdleConnections() // each would be one more
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.ask(r)
	if err != nil {
		t.Fatal(err)
	}
	m := goroutineLine.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatal("the program does not tell its goroutines")
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// trouble is one way a database makes itself missed.
type trouble struct {
	name       string
	begin, end func(w *wire)
	away       bool // so much that the program calls itself not ready
}

func troubles(t *testing.T) []trouble {
	heal := (*wire).heal
	list := []trouble{
		{"slow", func(w *wire) { w.set(func(w *wire) { w.delay = time.Duration(size(100, 300)) * time.Millisecond }) }, heal, false},
		{"silent", func(w *wire) { w.set(func(w *wire) { w.silent = true }) }, heal, true},
		{"gone", (*wire).unplug, func(w *wire) { w.plug(t, w.address) }, true},
		{"cut off for a moment", func(w *wire) { w.set((*wire).drop) }, heal, false},
		{"behind a narrow line", func(w *wire) { w.set(func(w *wire) { w.narrow = 10 << 10 }) }, heal, false},
	}
	if *long {
		list = append(list, trouble{"too slow", func(w *wire) { w.set(func(w *wire) { w.delay = 3 * time.Second }) }, heal, true})
	}
	return list
}

// P13: whatever the database does, the program lives, waits no longer than
// promised, says so in words, and goes on with the first request after it is back.
func TestASlowOrAbsentDatabaseIsSurvived(t *testing.T) {
	s := house(t)
	w, dsn := lay(t, s)
	b := beside(t, s, dsn)
	chair := as(t, b, "wangxiulan")
	base := b.goroutines(t)
	for _, trouble := range troubles(t) {
		trouble.begin(w)
		if trouble.away {
			took := b.become(t, "/readyz", http.StatusServiceUnavailable)
			if t.Logf("%s: not ready within %v", trouble.name, took); *long && took > 3*time.Second {
				t.Errorf("%s: not ready only after %v, want 3 s", trouble.name, took)
			}
		}
		withstand(t, b, chair, trouble)
		trouble.end(w)
		took := b.become(t, "/readyz", http.StatusOK)
		if t.Logf("%s: ready again within %v", trouble.name, took); *long && took > 3*time.Second {
			t.Errorf("%s: ready again only after %v, want 3 s", trouble.name, took)
		}
		p := someone(b)
		if a := p.post(t, "/file", quarrel(rand.Text()).form); a.status != http.StatusSeeOther {
			t.Errorf("%s: the first filing after it was answered %d", trouble.name, a.status)
		}
		p.client.CloseIdleConnections()
	}
	chair.client.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections()
	for until := time.Now().Add(patience); b.goroutines(t) > base+5; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%d goroutines stay, %d there were before", b.goroutines(t), base)
		}
	}
	open(t, s).sound(t)
}

// withstand asks while the trouble lasts: for a list, which needs the database,
// for the help, which needs it for knowing who asks, and for life.
func withstand(t *testing.T, b *server, chair *person, trouble trouble) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(size(500, 60_000))*time.Millisecond)
	defer cancel()
	limit := 28 * time.Second
	if *long {
		limit = 5 * time.Second
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	seen, longest := map[int]int{}, time.Duration(0)
	ask := func(p *person, method, path string) {
		defer p.client.CloseIdleConnections()
		form, limit := quarrel(rand.Text()).form, limit
		if method == http.MethodGet {
			form = nil
		} else {
			limit = 28 * time.Second // a filing is given twenty
		}
		for ctx.Err() == nil {
			a, err := p.send(t.Context(), method, path, form)
			if err != nil {
				t.Errorf("%s: %s %s: %v", trouble.name, method, path, err)
				return
			}
			mu.Lock()
			seen[a.status]++
			longest = max(longest, a.took)
			mu.Unlock()
			if fault := judgeAnswer(a, limit); fault != "" {
				t.Errorf("%s: %s %s: %s", trouble.name, method, path, fault)
				return
			}
		}
	}
	for range 2 {
		wait.Go(func() { ask(someone(b), http.MethodPost, "/file") })
		wait.Go(func() { ask(someone(b), http.MethodGet, "/help") })
	}
	for range 4 {
		wait.Go(func() { ask(chair, http.MethodGet, "/cases") })
	}
	wait.Go(func() {
		for ctx.Err() == nil {
			if status := b.status("/healthz"); status != http.StatusOK {
				t.Errorf("%s: healthz answers %d", trouble.name, status)
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	wait.Wait()
	t.Logf("%s: answered %v within %v", trouble.name, seen, longest)
}

// judgeAnswer says what is wrong with an answer in troubled times; "" for nothing.
// A refusal says when to come back, in words of the reader's language, and gives
// back what he typed.
func judgeAnswer(a *answer, limit time.Duration) string {
	switch {
	case a.took > limit:
		return fmt.Sprintf("answered %d after %v, want %v", a.status, a.took, limit)
	case a.status == http.StatusOK, a.status == http.StatusSeeOther:
		return ""
	case a.status != http.StatusServiceUnavailable:
		return fmt.Sprintf("answered %d: %.600s", a.status, a.body)
	case a.header.Get("Retry-After") == "":
		return "refused without Retry-After"
	case !strings.Contains(a.body, "请过") || !strings.Contains(a.body, `lang="zh-CN"`):
		return fmt.Sprintf("refused without words: %.600s", a.body)
	}
	return ""
}

// P15: more requests than connections wait for a moment or are refused, never for
// each other for good, and probes and other people's pages are answered.
func TestRequestsForASlowDatabaseDoNotStarveEachOther(t *testing.T) {
	s := house(t)
	w, dsn := lay(t, s)
	b := beside(t, s, dsn)
	chair := as(t, b, "wangxiulan")
	w.set(func(w *wire) { w.delay = 400 * time.Millisecond })
	var wait sync.WaitGroup
	var mu sync.Mutex
	seen := map[int]int{}
	for range 200 {
		wait.Go(func() {
			a, err := chair.send(t.Context(), http.MethodGet, "/cases", nil)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			seen[a.status]++
			mu.Unlock()
			if fault := judgeAnswer(a, 20*time.Second); fault != "" {
				t.Error(fault)
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	if status := b.status("/readyz"); status != http.StatusOK {
		t.Errorf("readyz answers %d while requests wait", status)
	}
	wait.Wait()
	t.Logf("answered %v", seen)
	if seen[http.StatusOK] < 10 || seen[http.StatusServiceUnavailable] == 0 {
		t.Errorf("answered %v, want as many as have a place, and the others refused", seen)
	}
	w.heal()
	wantStatus(t, chair.get(t, "/cases"), http.StatusOK)
}

// A row that somebody holds for long holds up those who want it, for a moment, and
// nobody else.
func TestAHeldRowHoldsUpNobodyElse(t *testing.T) {
	s := house(t)
	r := open(t, s)
	mark := rand.Text()
	f := quarrel(mark)
	if err := f.send(t.Context(), someone(s)); err != nil {
		t.Fatal(err)
	}
	tx, err := r.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(t.Context(), `SELECT FROM counters FOR UPDATE`); err != nil { // every filing draws its number there
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 30 {
		wait.Go(func() {
			a, err := someone(s).send(t.Context(), http.MethodPost, "/file", quarrel(mark).form)
			if err != nil {
				t.Error(err)
				return
			}
			if fault := judgeAnswer(a, 20*time.Second); fault != "" || a.status != http.StatusServiceUnavailable {
				t.Errorf("a filing that cannot draw its number was answered %d %s", a.status, fault)
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	a, err := someone(s).insist(t.Context(), http.MethodGet, "/help", nil)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, a, http.StatusOK)
	wait.Wait()
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	g := quarrel(mark)
	if err := g.send(t.Context(), someone(s)); err != nil {
		t.Fatal(err)
	}
	r.holds(t, mark, []*filing{f, g})
}

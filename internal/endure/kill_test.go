package endure

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// scribe is one who writes without end: he files, and keeps what he types, and
// notes outside what the server acknowledged.
type scribe struct {
	p       *person
	mark    string
	filings []*filing // acknowledged, after as many tries as it took
	typed   string    // last draft that was acknowledged
	writes  int       // filings and drafts that were acknowledged
	failed  error
}

// write goes on until the context ends. Whatever was begun is brought to its
// end: a filing nobody acknowledged is sent again under its key.
func (w *scribe) write(ctx, life context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		w.p.move() // one address may not file without end
		f := quarrel(fmt.Sprint(w.mark, " ", n))
		if w.failed = f.send(life, w.p); w.failed != nil {
			return
		}
		w.filings = append(w.filings, f)
		w.writes++
		for range size(5, 100) {
			typed := fmt.Sprintf("写到一半的话 %s %d %d", w.mark, n, mathrand.Int())
			a, err := w.p.insist(life, http.MethodPost, "/drafts/file", url.Values{"facts": {typed}})
			if err != nil || a.status != http.StatusNoContent {
				w.failed = fmt.Errorf("a draft was answered %v: %w", a, err)
				return
			}
			w.typed = typed
			w.writes++
		}
	}
}

// underLoad lets eight people write while misfortunes happen, one after another,
// and compares afterwards what they were told with what is there.
func underLoad(t *testing.T, s *server, rounds int, misfortune func()) {
	t.Helper()
	mark := rand.Text()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	scribes := make([]*scribe, 8)
	var wait sync.WaitGroup
	for i := range scribes {
		w := &scribe{p: someone(s), mark: fmt.Sprint(mark, " ", i)}
		w.p.get(t, "/file") // which gives the browser its key for drafts
		scribes[i] = w
		wait.Go(func() { w.write(ctx, t.Context()) })
	}
	for range rounds {
		time.Sleep(time.Duration(size(300, 700)+mathrand.IntN(400)) * time.Millisecond)
		misfortune()
	}
	time.Sleep(300 * time.Millisecond)
	stop()
	wait.Wait()
	var filings []*filing
	writes := 0
	for i, w := range scribes {
		if w.failed != nil {
			t.Errorf("scribe %d: %v", i, w.failed)
			continue
		}
		filings = append(filings, w.filings...)
		writes += w.writes
		if a := w.p.get(t, "/file?resume=1"); a.form(t, "/file").Get("facts") != w.typed {
			t.Errorf("scribe %d finds %q, and %q was acknowledged", i, a.form(t, "/file").Get("facts"), w.typed)
		}
	}
	t.Logf("%d writes were acknowledged, %d of them filings", writes, len(filings))
	if len(filings) < rounds || *long && writes < 50_000 {
		t.Errorf("only %d writes and %d filings in %d rounds: there was no load", writes, len(filings), rounds)
	}
	open(t, s).holds(t, mark, filings)
	for _, f := range filings[:min(len(filings), size(5, 500))] {
		if !f.opens(t, s) {
			t.Errorf("the code of receipt %s opens nothing", f.number)
		}
	}
	s.verify(t)
}

// P1: an acknowledged write survives kill -9 of the program, and of the
// PostgreSQL that it takes along.
func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	s := house(t)
	var took []time.Duration
	underLoad(t, s, size(3, 100), func() {
		s.kill(t)
		took = append(took, s.again(t))
	})
	slices.Sort(took)
	t.Logf("ready again within %v at the middle, %v at the worst", took[len(took)/2], took[len(took)-1])
	if median := took[len(took)/2]; *long && median > 3*time.Second {
		t.Errorf("ready again after %v, want 3 s", median)
	}
}

// P2: ... and kill -9 of PostgreSQL alone, which comes back by itself while the
// program goes on.
func TestNothingAcknowledgedIsLostWhenPostgresIsKilled(t *testing.T) {
	s := house(t)
	r := open(t, s)
	for name, want := range map[string]string{"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"} {
		if got := r.one(t, "SELECT current_setting($1)", name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	process := s.cmd.Process.Pid
	var took []time.Duration
	underLoad(t, s, size(3, 100), func() {
		pid := s.postmaster(t, 0)
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		from := time.Now()
		s.postmaster(t, pid)
		s.become(t, "/readyz", http.StatusOK)
		took = append(took, time.Since(from))
	})
	slices.Sort(took)
	t.Logf("answered again within %v at the middle, %v at the worst", took[len(took)/2], took[len(took)-1])
	if worst := took[len(took)-1]; *long && worst > 15*time.Second {
		t.Errorf("answered again after %v, want 15 s", worst)
	}
	if s.cmd.Process.Pid != process || !s.running() {
		t.Error("the program did not live through it")
	}
}

package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// killPostmaster kills the postmaster by force, after a look at whom it hits.
func killPostmaster(t *testing.T, s *Server) int {
	t.Helper()
	pid := s.Postmaster()
	args := commandLine(t.Context(), pid)
	if len(args) != 3 || filepath.Base(args[0]) != "postgres" || args[2] != s.DataDir() {
		t.Fatalf("process %d is %q and not our postmaster", pid, args)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestNothingAcknowledgedIsLostWhenPostgresIsKilled(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir(), Durable: true})
	db := open1(t, s.OwnerDSN())
	do(t, db, "CREATE TABLE entries (n int PRIMARY KEY)")

	for round := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		var acked atomic.Int64
		from := round * 1_000_000
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			for n := from; ctx.Err() == nil; n++ {
				if _, err := db.ExecContext(ctx, "INSERT INTO entries VALUES ($1)", n); err != nil {
					return // the kill; what was sent last may or may not be there
				}
				acked.Add(1)
			}
		}()
		eventually(t, "rows go in", func() bool { return acked.Load() > 50 })
		old := killPostmaster(t, s)
		<-finished
		cancel()

		eventually(t, "PostgreSQL comes back by itself", func() bool {
			return s.Postmaster() != old && db.PingContext(t.Context()) == nil
		})
		query := fmt.Sprintf("SELECT count(*) FROM entries WHERE n >= %d AND n < %d", from, from+int(acked.Load()))
		if got, want := ask(t, db, query), strconv.FormatInt(acked.Load(), 10); got != want {
			t.Errorf("round %d: %s rows of %s acknowledged ones", round, got, want)
		}
	}
}

func TestKilledServerLeavesTheFolderToTheNext(t *testing.T) {
	dir := t.TempDir()
	if err := start(t, Options{Dir: dir, Durable: true}).Stop(); err != nil { // makes it, or skips
		t.Fatal(err)
	}
	for round := range 3 {
		cmd := holder(t, dir)
		owner, _, err := Attach(dir)
		if err != nil {
			t.Fatal(err)
		}
		db := open1(t, owner)
		do(t, db, fmt.Sprintf("CREATE TABLE round%d AS SELECT generate_series(1, 20000) AS n", round))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if _, _, err := Attach(dir); !errors.Is(err, ErrNotRunning) {
			t.Errorf("Attach to a killed server: %v, want ErrNotRunning", err)
		}

		s, err := Start(t.Context(), Options{Dir: dir, Durable: true, Mirror: NoFetch}) // at once, while the old one leaves
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, open1(t, s.OwnerDSN()), fmt.Sprintf("SELECT count(*) FROM round%d", round)); got != "20000" {
			t.Errorf("round %d: %s rows, want 20000", round, got)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

func TestKilledServerTakesItsPostgresAlong(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: only Linux ends a child with its parent")
	}
	dir := t.TempDir()
	if err := start(t, Options{Dir: dir}).Stop(); err != nil {
		t.Fatal(err)
	}
	cmd := holder(t, dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "PostgreSQL ends with its server", func() bool {
		return !slices.ContainsFunc(processesOf(t, dir), func(line string) bool { return strings.Contains(line, "postgres") })
	})
}

func TestRecycledProcessIDDoesNotShutTheFolder(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	pidFile := s.c.pidFile()
	raw, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	stranger := exec.CommandContext(t.Context(), "sleep", "60")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	_, rest, _ := strings.Cut(string(raw), "\n")
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(stranger.Process.Pid)+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, Options{Dir: dir})
	if got := ask(t, open1(t, again.AppDSN()), "SELECT 1"); got != "1" {
		t.Error(got)
	}
	if stranger.ProcessState != nil || !alive(stranger.Process.Pid) {
		t.Error("the stranger was killed")
	}
}

func TestDoneTellsWhenPostgresCannotComeBack(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	control := filepath.Join(s.DataDir(), "global", "pg_control")
	if err := os.Rename(control, control+".away"); err != nil {
		t.Fatal(err)
	}
	killPostmaster(t, s)
	select {
	case <-s.Done():
	case <-time.After(time.Minute):
		t.Fatal("Done is still open")
	}
	if s.Err() == nil || !strings.Contains(s.Err().Error(), "server.log") {
		t.Errorf("Err = %v, want the log named", s.Err())
	}
	if err := s.Stop(); err == nil {
		t.Error("Stop hides why the cluster was gone")
	}
	s.mu.Lock()
	s.err = nil // the cleanup of start stops it once more, and has nothing to add
	s.mu.Unlock()
}

func TestStopWhilePostgresIsBeingRestarted(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	db := open1(t, s.AdminDSN())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	go func() { _, _ = db.ExecContext(ctx, "SELECT pg_sleep(15)") }()
	killPostmaster(t, s)
	time.Sleep(30 * time.Millisecond) // any moment of the restart will do
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nothing of it runs", func() bool { return len(processesOf(t, dir)) == 0 })
}

// withoutNamespaces is a cluster as root has it in a container that forbids
// user namespaces.
func withoutNamespaces(t *testing.T, dir string) *cluster {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: not root here")
	}
	c, err := newCluster(Options{Dir: dir, Mirror: NoFetch})
	if err != nil {
		t.Fatal(err)
	}
	c.forbidNamespaces = true
	if err := c.makeRoot(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.findBinaries(t.Context()); errors.Is(err, ErrNoBinaries) {
		t.Skip("SKIPPED: no PostgreSQL on this machine")
	}
	return c
}

func TestRootFallsBackToAnAccountWithoutPrivileges(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "pgserver-") //nolint:usetesting // t.TempDir is closed to other accounts
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c := withoutNamespaces(t, dir)
	p, err := c.bringUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.as.uid <= 0 {
		t.Errorf("PostgreSQL runs as %+v, want another account", c.as)
	}
	if got := ask(t, open1(t, c.dsn(AppRole, Database)), "SELECT current_user"); got != AppRole {
		t.Errorf("signed in as %q", got)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: dir}) // namespaces are back; the cluster keeps its account
	if s.c.as.uid != c.as.uid {
		t.Errorf("now as %+v, before as %+v", s.c.as, c.as)
	}
}

func TestRootWithoutAnAccountSaysWhatToDo(t *testing.T) {
	dir := t.TempDir() // below a folder that only root may enter
	c := withoutNamespaces(t, dir)
	_, err := c.bringUp(t.Context())
	if !errors.Is(err, ErrNoAccount) || !strings.Contains(err.Error(), "/var/lib/doorstep") {
		t.Fatalf("err = %v, want ErrNoAccount and what to do", err)
	}
	s := start(t, Options{Dir: dir}) // what the tries gave away is taken back
	if got := ask(t, open1(t, s.AppDSN()), "SELECT 1"); got != "1" {
		t.Error(got)
	}
}

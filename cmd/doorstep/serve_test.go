package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doorstep/internal/pgserver"
)

// quietEnv lets a server run in a folder of the test, without fetching anything.
func quietEnv(t *testing.T) []string {
	t.Helper()
	return []string{"DOORSTEP_DATA=" + filepath.Join(t.TempDir(), "data"), "DOORSTEP_LISTEN=127.0.0.1:0", "DOORSTEP_PG_MIRROR=off", "PATH=" + os.Getenv("PATH")}
}

// needPostgres skips aloud when a start failed for want of PostgreSQL.
func needPostgres(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("REQUIRE_POSTGRES") != "" {
		t.Fatal(why)
	}
	t.Skip("no PostgreSQL on this machine: ", why)
}

// lookout is an output that tells the address when it is printed.
type lookout struct {
	mu    sync.Mutex
	text  bytes.Buffer
	found chan string
}

var address = regexp.MustCompile(`running at (http://\S+)\n`)

func newLookout() *lookout { return &lookout{found: make(chan string, 1)} }

func (l *lookout) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := address.Match(l.text.Bytes())
	l.text.Write(p)
	if m := address.FindSubmatch(l.text.Bytes()); m != nil && !before {
		l.found <- string(m[1])
	}
	return len(p), nil
}

func (l *lookout) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// running is a server in this process.
type running struct {
	t    *testing.T
	url  string
	stop context.CancelFunc
	code chan int
	out  *lookout
	err  *lookout
}

// serve starts the program and waits until it answers.
func serve(t *testing.T, environ []string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := &running{t: t, stop: stop, code: make(chan int, 1), out: newLookout(), err: newLookout()}
	m := Main{Environ: environ, Now: time.Now, Random: rand.Reader}
	go func() { r.code <- m.Run(ctx, []string{"serve"}, r.out, r.err) }()
	t.Cleanup(stop)
	select {
	case r.url = <-r.out.found:
	case code := <-r.code:
		if strings.Contains(r.err.String(), pgserver.ErrNoBinaries.Error()) {
			needPostgres(t, r.err.String())
		}
		t.Fatalf("serve ended with %d: %s", code, r.err)
	case <-time.After(time.Minute):
		t.Fatalf("no start within a minute: %s", r.err)
	}
	return r
}

func (r *running) end() int {
	r.t.Helper()
	r.stop()
	select {
	case code := <-r.code:
		return code
	case <-time.After(30 * time.Second):
		r.t.Fatalf("no end within 30 s: %s", r.err)
		return -1
	}
}

// status asks the running server; 0 when nobody answers.
func status(t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// become waits until the address answers with the status.
func become(t *testing.T, url string, want int) {
	t.Helper()
	got := -1
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if got = status(t, url); got == want {
			return
		}
	}
	t.Fatalf("%s answers %d, want %d", url, got, want)
}

func TestServeBringsEverythingUpAndTakesItDown(t *testing.T) {
	environ := quietEnv(t)
	data := strings.TrimPrefix(environ[0], "DOORSTEP_DATA=")
	r := serve(t, environ)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/nowhere": 404} {
		if got := status(t, r.url+path); got != want {
			t.Errorf("%s = %d, want %d", path, got, want)
		}
	}
	if second := run(t, environ, "serve"); second.code != 1 {
		t.Errorf("a second server on the folder ended with %d: %s", second.code, second.errout)
	}
	if check := run(t, environ, "migrate", "--check"); check.code != 0 || !strings.Contains(check.out, "up to date") {
		t.Errorf("migrate --check beside the server: %+v", check)
	}
	if code := r.end(); code != 0 {
		t.Errorf("a graceful stop ended with %d: %s", code, r.err)
	}
	if status(t, r.url+"/healthz") != 0 {
		t.Error("somebody still answers")
	}
	if _, _, err := pgserver.Attach(data); !errors.Is(err, pgserver.ErrNotRunning) {
		t.Errorf("the database still runs: %v", err)
	}
	if check := run(t, environ, "migrate", "--check"); check.code != 0 {
		t.Errorf("migrate --check without a server: %+v", check)
	}
	again := serve(t, environ)
	if got := status(t, again.url+"/readyz"); got != 200 {
		t.Errorf("after a restart readiness = %d", got)
	}
	again.end()
}

func TestLostKeysRefuseTheStart(t *testing.T) {
	environ := quietEnv(t)
	serve(t, environ).end()
	if err := os.RemoveAll(filepath.Join(strings.TrimPrefix(environ[0], "DOORSTEP_DATA="), "keys")); err != nil {
		t.Fatal(err)
	}
	if got := run(t, environ, "serve"); got.code != 1 || !strings.Contains(got.errout, "keyring") {
		t.Errorf("a start without the keys: %+v", got)
	}
}

// A database that goes away gives 503 and comes back by itself; one of another
// version is refused by name.
func TestOwnDatabase(t *testing.T) {
	environ := quietEnv(t)
	o := pgserver.Options{Dir: filepath.Join(t.TempDir(), "theirs"), Mirror: pgserver.NoFetch}
	theirs, err := pgserver.Start(t.Context(), o)
	if errors.Is(err, pgserver.ErrNoBinaries) {
		needPostgres(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	environ = append(environ, "DATABASE_URL="+theirs.AppDSN(), "DOORSTEP_MIGRATE_URL="+theirs.OwnerDSN())
	if check := run(t, environ, "migrate", "--check"); check.code != 2 || !strings.Contains(check.errout, "doorstep migrate") {
		t.Errorf("--check on an empty database: %+v", check)
	}
	r := serve(t, environ)
	become(t, r.url+"/readyz", 200)
	if err := theirs.Stop(); err != nil {
		t.Fatal(err)
	}
	become(t, r.url+"/readyz", 503)
	if got := status(t, r.url+"/healthz"); got != 200 {
		t.Errorf("liveness = %d while the database is away", got)
	}
	if theirs, err = pgserver.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = theirs.Stop() })
	become(t, r.url+"/readyz", 200)
	if code := r.end(); code != 0 {
		t.Errorf("code = %d: %s", code, r.err)
	}
	setSchema(t, theirs, "99999")
	if got := run(t, environ, "serve"); got.code != 2 || !strings.Contains(got.errout, "newer than this program") {
		t.Errorf("a newer database: %+v", got)
	}
}

// setSchema makes the database claim another version.
func setSchema(t *testing.T, s *pgserver.Server, version string) {
	t.Helper()
	psql := filepath.Join(pgBin(t), "psql")
	cmd := exec.CommandContext(t.Context(), psql, s.OwnerDSN(), "-c", "INSERT INTO goose_db_version (version_id, is_applied) VALUES ("+version+", true)")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func pgBin(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("psql"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/psql")
	if err != nil || len(found) == 0 {
		needPostgres(t, "psql is missing")
	}
	return filepath.Dir(found[len(found)-1])
}

// The first signal lets a request in flight end; the second one does not wait.
func TestSecondSignalStopsAtOnce(t *testing.T) {
	cmd, out := ship(t, "serve")
	url := ""
	select {
	case url = <-out.found:
	case <-time.After(time.Minute):
		t.Fatalf("no start within a minute: %s", out)
	}
	unfinished(t, strings.TrimPrefix(url, "http://"))
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	signalTo(t, cmd, syscall.SIGTERM)
	become(t, url+"/healthz", 0)
	select {
	case err := <-ended:
		t.Fatalf("ended (%v) with a request in flight: %s", err, out)
	case <-time.After(300 * time.Millisecond):
	}
	began := time.Now()
	signalTo(t, cmd, syscall.SIGTERM)
	err := <-ended
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != exitFailed || time.Since(began) > 5*time.Second {
		t.Errorf("ended with %v after %v, want code %d at once", err, time.Since(began), exitFailed)
	}
}

// The request that was accepted before the signal is answered, also when the
// signal comes twice at the same time, as supervisors send it.
func TestSignalWaitsForTheRequestInFlight(t *testing.T) {
	cmd, out := ship(t, "serve")
	url := ""
	select {
	case url = <-out.found:
	case <-time.After(time.Minute):
		t.Fatalf("no start within a minute: %s", out)
	}
	conn := unfinished(t, strings.TrimPrefix(url, "http://"))
	signalTo(t, cmd, syscall.SIGTERM)
	signalTo(t, cmd, os.Interrupt)
	become(t, url+"/healthz", 0)
	if _, err := io.WriteString(conn, "b"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the request in flight was cut: %v", err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("status = %d", resp.StatusCode)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v: %s", err, out)
	}
}

// ship starts the program in a process of its own.
func ship(t *testing.T, args ...string) (*exec.Cmd, *lookout) {
	t.Helper()
	if len(pgBin(t)) == 0 {
		needPostgres(t, "psql is missing")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := newLookout()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), self, args...)
	cmd.Env = append(quietEnv(t), shipAs+"=1")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, out
}

func signalTo(t *testing.T, cmd *exec.Cmd, s os.Signal) {
	t.Helper()
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// unfinished opens a request that lacks one byte of its body.
func unfinished(t *testing.T, at string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := fmt.Fprintf(conn, "POST /nowhere HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\na", at); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // until the server has begun to read it
	return conn
}

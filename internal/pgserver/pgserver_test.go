package pgserver

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// helperDir, set in the environment, turns the test binary into a server that
// is there to be killed.
const helperDir = "DOORSTEP_TEST_HOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

// hold starts a server, says so, and waits for its end by kill.
func hold(dir string) {
	s, err := Start(context.Background(), Options{Dir: dir, Durable: true, Mirror: NoFetch})
	if err != nil {
		_, _ = fmt.Fprintln(os.Stdout, "error:", err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, "running", s.Postmaster())
	select {}
}

// start gives a running server, or skips aloud where there is no PostgreSQL.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	o.Mirror = NoFetch
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := Start(t.Context(), o)
	if errors.Is(err, ErrNoBinaries) && os.Getenv("REQUIRE_POSTGRES") == "" {
		t.Skip("SKIPPED: no PostgreSQL on this machine:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error("stop:", err)
		}
	})
	return s
}

func open1(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func ask(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var s string
	if err := db.QueryRowContext(t.Context(), query).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

func do(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestClusterIsMadeAsDecided(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir(), Durable: true})
	db := open1(t, s.AdminDSN())
	for _, tt := range []struct{ rule, query, want string }{
		{"pages carry checksums", "SHOW data_checksums", "on"},
		{"what is acknowledged is on disk", "SHOW fsync", "on"},
		{"and so is each commit", "SHOW synchronous_commit", "on"},
		{"a replica can be attached", "SHOW wal_level", "replica"},
		{"characters are UTF-8", "SHOW server_encoding", "UTF8"},
		{"Chinese characters count as letters", "SELECT ('纠' ~ '^[[:alpha:]]$')::text", "true"},
		{"nothing listens on the network", "SHOW listen_addresses", ""},
		{"the clock of the database is UTC", "SHOW timezone", "UTC"},
		{"the owner owns the database", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'doorstep'", OwnerRole},
		{"neither role has powers", "SELECT bool_or(rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)::text FROM pg_roles WHERE rolname IN ('doorstep_owner', 'doorstep_app')", "false"},
		{"passwords are kept as scram", "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%')::text FROM pg_authid WHERE rolname LIKE 'doorstep\\_%'", "true"},
	} {
		if got := ask(t, db, tt.query); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
	if got := ask(t, open1(t, s.AppDSN()), "SELECT current_user"); got != AppRole {
		t.Errorf("the app's address signs in as %q", got)
	}
	do(t, open1(t, s.OwnerDSN()), "CREATE TABLE t (x int)")
	if _, err := open1(t, s.AppDSN()).ExecContext(t.Context(), "CREATE TABLE u (x int)"); err == nil {
		t.Error("the app role made a table")
	}
	wrong := strings.Replace(s.AppDSN(), s.c.secrets[AppRole], "guessed", 1)
	if err := open1(t, wrong).PingContext(t.Context()); err == nil {
		t.Error("a wrong password was let in")
	}
	for _, name := range []string{"secrets.json", "running.json", "LOCK", "server.log"} {
		info, err := os.Stat(filepath.Join(s.c.root(), name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, err %v; want 0600", name, info.Mode(), err)
		}
	}
}

func TestSecondServerIsRefusedAndAttaches(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	_, err := Start(t.Context(), Options{Dir: dir})
	if !errors.Is(err, ErrInUse) {
		t.Fatalf("second start: %v, want ErrInUse", err)
	}
	for _, part := range []string{strconv.Itoa(os.Getpid()), dir, "请先停止它", "stop that one first"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the refusal %q lacks %q", err, part)
		}
	}
	owner, app, err := Attach(dir)
	if err != nil || owner != s.OwnerDSN() || app != s.AppDSN() {
		t.Fatalf("Attach = %v, want the server's addresses", err)
	}
	if got := ask(t, open1(t, app), "SELECT current_user"); got != AppRole {
		t.Errorf("attached as %q", got)
	}
}

func TestStopLeavesNothingRunning(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	do(t, open1(t, s.OwnerDSN()), "CREATE TABLE kept AS SELECT 7 AS x")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal("second stop:", err)
	}
	<-s.Done()
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
	if _, _, err := Attach(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Attach after stop: %v, want ErrNotRunning", err)
	}
	again := start(t, Options{Dir: dir})
	if got := ask(t, open1(t, again.AppDSN()), "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'"); got != "1" {
		t.Error("the table is gone after a restart")
	}
}

// processesOf lists the command lines that name the folder.
func processesOf(t *testing.T, dir string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-ww", "-e", "-o", "pid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, dir) && !strings.Contains(line, "ps -ww") {
			found = append(found, line)
		}
	}
	return found
}

func TestLongPathStillHasASocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 20), strings.Repeat("路", 20))
	s := start(t, Options{Dir: dir})
	if n := len(filepath.Join(s.c.socket, socketName)); n > socketMax {
		t.Errorf("the socket's path has %d bytes", n)
	}
	if got := ask(t, open1(t, s.AppDSN()), "SELECT 'here'"); got != "here" {
		t.Error(got)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.c.socket); !errors.Is(err, os.ErrNotExist) {
		t.Error("the socket's folder outside the data folder is still there")
	}
}

func TestSocketFolderOfAStrangerIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), SocketDir: dir, Mirror: NoFetch})
	if errors.Is(err, ErrNoBinaries) {
		t.Skip("SKIPPED: no PostgreSQL on this machine")
	}
	if err == nil || !strings.Contains(err.Error(), "does not belong to this program") {
		t.Errorf("err = %v, want the folder refused", err)
	}
}

func TestHalfAFirstStartIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	half := filepath.Join(dir, "pg", "cluster", "data.new")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: dir})
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Error("the half cluster is still there")
	}
	if got := ask(t, open1(t, s.AppDSN()), "SELECT 1"); got != "1" {
		t.Error(got)
	}
}

func TestLostPasswordsAreNamedAndNotReplaced(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "pg", "secrets.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Dir: dir, Mirror: NoFetch}); err == nil || !strings.Contains(err.Error(), "put it back from a backup") {
		t.Errorf("err = %v, want the password file named", err)
	}
}

func TestSharedClusterOutlivesItsStarterAndIsFound(t *testing.T) {
	dir := t.TempDir()
	if err := start(t, Options{Dir: dir}).Stop(); err != nil { // makes the cluster, or skips
		t.Fatal(err)
	}
	first, err := Share(t.Context(), Options{Dir: dir, Mirror: NoFetch})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Share(t.Context(), Options{Dir: dir, Mirror: NoFetch})
	if err != nil {
		t.Fatal(err)
	}
	if first.Postmaster() != second.Postmaster() {
		t.Errorf("two postmasters: %d and %d", first.Postmaster(), second.Postmaster())
	}
	if got := ask(t, open1(t, second.AppDSN()), "SELECT 1"); got != "1" {
		t.Error(got)
	}
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
}

func TestAttachWhereNothingWasEverStarted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "absent")
	_, _, err := Attach(dir)
	if !errors.Is(err, ErrNotRunning) || !strings.Contains(err.Error(), "doorstep serve") {
		t.Errorf("err = %v, want ErrNotRunning and what to do", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("Attach made the data folder")
	}
}

// holder runs the test binary as a server on the folder.
func holder(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "running ") {
		t.Fatalf("the holder says %q, %v", line, err)
	}
	return cmd
}

// eventually asks again until the answer is yes or 30 s have passed.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if yes() {
			return
		}
	}
	t.Fatalf("%s: not within 30 s", what)
}

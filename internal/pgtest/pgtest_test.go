package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"doorstep/internal/pgserver"
)

// childMode, set in the environment, lets the test binary play another test
// package: it takes a database, says its name, and waits to be killed.
const childMode = "DOORSTEP_TEST_CHILD"

func connect(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func ask(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var answer string
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	t.Parallel()
	one, other := New(t), New(t)
	if one == other {
		t.Fatal("two tests share a database")
	}
	owner := connect(t, one.Owner)
	if _, err := owner.ExecContext(t.Context(), "CREATE TABLE only_here (x int)"); err != nil {
		t.Fatal(err)
	}
	const there = "SELECT count(*) FROM pg_tables WHERE tablename = $1"
	if got := ask(t, connect(t, other.Owner), there, "only_here"); got != "0" {
		t.Error("a table of one test is seen by the other")
	}
	if got := ask(t, connect(t, other.App), there, "goose_db_version"); got != "1" {
		t.Error("the clone is not migrated")
	}
	for dsn, role := range map[string]string{one.App: pgserver.AppRole, one.Owner: pgserver.OwnerRole} {
		if got := ask(t, connect(t, dsn), "SELECT current_user"); got != role {
			t.Errorf("signed in as %s, want %s", got, role)
		}
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	t.Parallel()
	db := connect(t, Empty(t).Owner)
	if got := ask(t, db, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); got != "0" {
		t.Errorf("%s tables", got)
	}
}

func TestManyInParallel(t *testing.T) {
	t.Parallel()
	for i := range 12 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			dsn := New(t)
			t.Logf("clone: %v", time.Since(begin).Round(time.Millisecond))
			if got := ask(t, connect(t, dsn.App), "SELECT 1"); got != "1" {
				t.Error(got)
			}
		})
	}
}

func TestDatabaseIsGoneAfterItsTest(t *testing.T) {
	t.Parallel()
	watch := connect(t, Empty(t).Owner)
	var name string
	t.Run("the test", func(t *testing.T) {
		name = ask(t, connect(t, New(t).App), "SELECT current_database()")
	})
	if got := ask(t, watch, "SELECT count(*) FROM pg_database WHERE datname = $1", name); got != "0" {
		t.Errorf("%s is still there", name)
	}
}

// TestChild is no test of its own: see TestKilledRunLeavesNothing.
func TestChild(t *testing.T) {
	if os.Getenv(childMode) == "" {
		return
	}
	name := ask(t, connect(t, New(t).App), "SELECT current_database()")
	if err := os.WriteFile(os.Getenv(childMode), []byte(name), 0o600); err != nil {
		t.Fatal(err)
	}
	select {}
}

// TestKilledRunLeavesNothing kills a run that holds a database in a cache
// folder of its own. The cluster must stop by itself, and the next run must find it
// usable and drop what was left.
func TestKilledRunLeavesNothing(t *testing.T) {
	if _, err := exec.LookPath("flock"); err != nil {
		t.Skip("SKIPPED: no flock program, so no keeper")
	}
	needPostgres(t)
	cache := ownCache(t)
	killed := runChild(t, cache)

	data := killed.dataDir
	eventually(t, "the cluster stops by itself", func() bool {
		_, err := os.Stat(filepath.Join(data, "postmaster.pid"))
		return errors.Is(err, os.ErrNotExist)
	})
	left := connect(t, New(t).Owner)
	if got := ask(t, left, "SELECT count(*) FROM pg_database WHERE datname = $1", killed.database); got != "0" {
		t.Errorf("%s of the killed run is still there", killed.database)
	}
	again := runChild(t, cache) // while this test keeps the cluster
	if again.dataDir != data {
		t.Errorf("another cluster: %s and %s", again.dataDir, data)
	}
	if got := ask(t, left, "SELECT 1"); got != "1" {
		t.Error("the end of another run took the cluster away")
	}
}

type child struct{ database, dataDir string }

// runChild starts a run and kills it as soon as it has its database.
func runChild(t *testing.T, cache string) child {
	t.Helper()
	say := filepath.Join(t.TempDir(), "database")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childMode+"="+say)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var name []byte
	eventually(t, "the child has its database", func() bool {
		name, _ = os.ReadFile(say)
		return len(name) > 0
	})
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	dirs, err := clusters(cache)
	if err != nil || len(dirs) != 1 {
		t.Fatalf("clusters: %q, %v; want one", dirs, err)
	}
	return child{string(name), filepath.Join(dirs[0], "pg", "cluster", "data")}
}

// ownCache gives this test a cache folder of its own, and stops what runs there
// before the folder is removed.
func ownCache(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, ".cache"))
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		dirs, err := clusters(cache)
		for _, dir := range dirs {
			err = errors.Join(err, pgserver.Halt(context.Background(), dir))
		}
		if err != nil {
			t.Error(err)
		}
	})
	return cache
}

func clusters(cache string) ([]string, error) {
	return filepath.Glob(filepath.Join(cache, "doorstep-test", strings.Repeat("[0-9a-f]", 16)))
}

func TestUnusedFolderOfOtherMigrationsIsSwept(t *testing.T) {
	needPostgres(t)
	cache := ownCache(t)
	old := filepath.Join(cache, "doorstep-test", "0123456789abcdef")
	recent := filepath.Join(cache, "doorstep-test", "fedcba9876543210")
	for _, dir := range []string{old, recent} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "users"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(old, "users"), past, past); err != nil {
		t.Fatal(err)
	}
	New(t)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("the folder unused for two hours is still there")
	}
	if _, err := os.Stat(recent); err != nil {
		t.Error("the folder used just now was swept")
	}
}

// needPostgres skips as New would, before a test that needs it elsewhere.
func needPostgres(t *testing.T) {
	t.Helper()
	if _, _, err := pgserver.Find(t.Context(), pgserver.Options{Dir: t.TempDir(), Mirror: pgserver.NoFetch}); err != nil {
		giveUp(t, err)
	}
}

func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if yes() {
			return
		}
	}
	t.Fatalf("%s: not within 30 s", what)
}

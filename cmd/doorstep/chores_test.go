package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
)

// Two servers on one database: the day's backup is made once and can be brought
// back; when its folder goes away, doctor and the administrator's pages say so.
func TestServersMakeTheDaysBackupOnce(t *testing.T) {
	dsn := pgtest.New(t)
	base, keys := ownBase(t, dsn, true)
	desk, shelf := t.TempDir(), t.TempDir()
	key := filepath.Join(desk, "key")
	public := strings.TrimSpace(run(t, base, "backup-key", key).out)
	environ := append(base, "DOORSTEP_LISTEN=127.0.0.1:0", "DOORSTEP_BACKUP_DIR="+shelf, "DOORSTEP_BACKUP_TO="+public)
	expect(t, examined(t, base, 0), map[string]level{"backup": warn})
	expect(t, examined(t, environ, 0), map[string]level{"backup": warn})
	first, second := serve(t, environ), serve(t, environ)
	file := awaitFile(t, filepath.Join(shelf, "*.backup"))
	for until := time.Now().Add(20 * time.Second); examined(t, environ, 0)["backup"].Level != good; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("doctor does not see it: %+v", examined(t, environ, 0)["backup"])
		}
	}
	for _, r := range []*running{first, second} {
		if code := r.end(); code != 0 || strings.Contains(r.err.String(), "upkeep failed") {
			t.Errorf("code %d: %s", code, r.err)
		}
	}
	if all, _ := filepath.Glob(filepath.Join(shelf, "*")); len(all) != 1 {
		t.Errorf("the shelf holds %v", all)
	}
	empty := pgtest.Empty(t)
	other, _ := ownBase(t, empty, false)
	got := run(t, append(other, "DOORSTEP_KEYS_FILE="+keys), "restore", file, "--identity", key)
	if got.code != 0 || !strings.Contains(got.out, "equal to the backup row by row") {
		t.Errorf("%+v", got)
	}
	// What the first house wrote is not the second's to remove.
	db, err := postgres.Open(empty.Owner, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if files, err := db.BackupFiles(t.Context()); len(files) != 0 || err != nil {
		t.Errorf("the restored house takes %v for its own, %v", files, err)
	}
	if runs, err := db.Upkeep(t.Context()); len(runs) != 0 || err != nil {
		t.Errorf("the restored house remembers %v, %v", runs, err)
	}
	if err := os.RemoveAll(shelf); err != nil {
		t.Fatal(err)
	}
	if f := examined(t, environ, 1)["backup"]; f.Level != bad || !strings.Contains(f.DoEN, "mounted") {
		t.Errorf("%+v", f)
	}
}

func awaitFile(t *testing.T, pattern string) string {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	t.Fatalf("nothing came to %s", pattern)
	return ""
}

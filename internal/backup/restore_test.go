package backup_test

import (
	"database/sql"
	"os"
	"testing"

	"doorstep/internal/backup"
	"doorstep/internal/backup/backuptest"
	"doorstep/internal/blob"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// oldHouse is an installation of the first schema in a database of its own.
type oldHouse struct {
	backup.House
	t     *testing.T
	dsn   pgtest.DSN
	raw   *sql.DB
	ended int64
}

func openOldHouse(t *testing.T) *oldHouse {
	t.Helper()
	h := &oldHouse{t: t, dsn: pgtest.Empty(t)}
	if err := postgres.MigrateTo(t.Context(), h.dsn.Owner, 1); err != nil {
		t.Fatal(err)
	}
	keys := vault.TestKeys()
	db, err := postgres.OpenPatient(h.dsn.Owner, keys)
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if h.raw, err = sql.Open("postgres", h.dsn.Owner); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), h.raw.Close() })
	h.House = backup.House{DB: db, Files: files, Keys: keys}
	name, _ := backuptest.Schema1(t)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if h.ended, err = backup.Load(t.Context(), h.House, file, nil); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *oldHouse) count(query string) (n int) {
	h.t.Helper()
	if err := h.raw.QueryRowContext(h.t.Context(), query).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// What opened a door on the day of the backup opens none after it; what was over
// already stays as it is known.
func TestNobodyComesInByAnOldBackup(t *testing.T) {
	t.Parallel()
	h := openOldHouse(t)
	for query, want := range map[string]int{
		`SELECT count(*) FROM sign_ins WHERE revoked_at IS NULL`:    0,
		`SELECT count(*) FROM sign_ins`:                             1,
		`SELECT count(*) FROM one_time_links WHERE used_at IS NULL`: 0,
		`SELECT count(*) FROM one_time_links`:                       1,
		`SELECT count(*) FROM code_sessions`:                        0,
		`SELECT count(*) FROM receipt_codes`:                        4,
	} {
		if got := h.count(query); got != want {
			t.Errorf("%s gives %d, want %d", query, got, want)
		}
	}
	if h.ended != 4 {
		t.Errorf("%d were ended, want two sign-ins, a link and a session", h.ended)
	}
}

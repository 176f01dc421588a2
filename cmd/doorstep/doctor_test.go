package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/notice/noticetest"
	"doorstep/internal/pgtest"
	"doorstep/internal/sso/ssotest"
	"doorstep/internal/vault"
)

// examined runs doctor --json and gives the levels by id.
func examined(t *testing.T, environ []string, code int) map[string]finding {
	t.Helper()
	got := run(t, environ, "doctor", "--json")
	if got.code != code {
		t.Errorf("code = %d, want %d: %s%s", got.code, code, got.out, got.errout)
	}
	var r report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatalf("%v in %s", err, got.out)
	}
	found := map[string]finding{}
	for _, f := range r.Findings {
		if _, twice := found[f.ID]; twice {
			t.Errorf("%s was told twice", f.ID)
		}
		found[f.ID] = f
	}
	return found
}

func expect(t *testing.T, found map[string]finding, want map[string]level) {
	t.Helper()
	for id, l := range want {
		if found[id].Level != l {
			t.Errorf("%s = %+v, want %s", id, found[id], l)
		}
	}
}

// ownBase is the settings of an installation on a database of its own, with keys.
func ownBase(t *testing.T, dsn pgtest.DSN, both bool) (environ []string, keys string) {
	t.Helper()
	data := t.TempDir()
	keys = filepath.Join(data, "keys")
	if _, err := vault.OpenKeys(keys, true); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	environ = []string{"DOORSTEP_DATA=" + data}
	if both {
		return append(environ, "DATABASE_URL="+dsn.App, "DOORSTEP_MIGRATE_URL="+dsn.Owner), keys
	}
	return append(environ, "DATABASE_URL="+dsn.Owner), keys
}

func TestDoctorOnADatabaseOfOnesOwn(t *testing.T) {
	dsn := pgtest.New(t)
	two, keys := ownBase(t, dsn, true)
	expect(t, examined(t, two, 0), map[string]level{"settings": good, "data-folder": good, "database": good, "schema": good,
		"history": good, "locale": good, "checksums": good, "clock": good, "keys": good, "mail": good, "postgresql": ""})

	one, _ := ownBase(t, dsn, false)
	expect(t, examined(t, one, 0), map[string]level{"history": warn, "schema": good, "keys": good})

	if err := os.Chmod(filepath.Join(keys, vault.KeyringFile), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, examined(t, two, 1), map[string]level{"keys": bad, "database": good})

	owner := ownerOf(t, dsn)
	if _, err := owner.ExecContext(t.Context(), "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)"); err != nil {
		t.Fatal(err)
	}
	old := examined(t, one, 1)
	expect(t, old, map[string]level{"schema": bad, "database": good})
	if !strings.Contains(old["schema"].DoEN, "doorstep migrate") {
		t.Errorf("what to do about an old schema: %+v", old["schema"])
	}
}

// ownerOf is a connection past the program, as the role that owns the database.
func ownerOf(t *testing.T, dsn pgtest.DSN) *sql.DB {
	t.Helper()
	owner, err := sql.Open("postgres", dsn.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return owner
}

func TestDoctorOnAnEmptyDatabase(t *testing.T) {
	dsn := pgtest.Empty(t)
	environ, keys := ownBase(t, dsn, false)
	if err := os.RemoveAll(keys); err != nil {
		t.Fatal(err)
	}
	expect(t, examined(t, environ, 0), map[string]level{"schema": warn, "keys": warn, "history": "", "locale": good})
	if _, err := os.Stat(keys); err == nil {
		t.Error("doctor made keys")
	}
}

// A database that is away is told, and what does not need it is looked at.
func TestDoctorWithoutItsDatabase(t *testing.T) {
	environ, _ := ownBase(t, pgtest.DSN{Owner: "postgres://nobody:geheim@127.0.0.1:1/none?sslmode=disable"}, false)
	began := time.Now()
	found := examined(t, environ, 1)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("the answer took %s", took)
	}
	expect(t, found, map[string]level{"database": bad, "keys": good, "disk": found["disk"].Level, "mail": good, "schema": "", "clock": ""})
	if text := found["database"]; found["disk"].ID == "" || strings.Contains(text.Cause+text.EN, "geheim") {
		t.Errorf("no disk, or a password was shown: %+v", text)
	}
}

func TestDoctorTellsTheClockApart(t *testing.T) {
	dsn := pgtest.New(t)
	environ, _ := ownBase(t, dsn, true)
	for ahead, want := range map[time.Duration]int{30 * time.Second: 0, 2 * time.Minute: 1} {
		var out strings.Builder
		m := Main{Environ: environ, Now: func() time.Time { return time.Now().Add(ahead) }}
		if code := m.Run(t.Context(), []string{"doctor"}, &out, &out); code != want || !strings.Contains(out.String(), "NTP") {
			t.Errorf("%s ahead: code %d, want %d: %s", ahead, code, want, out.String())
		}
	}
}

// The mail server is spoken to: one whose certificate nobody knows is refused,
// and no letter is sent.
func TestDoctorTriesTheMailServer(t *testing.T) {
	server := noticetest.Start(t, false)
	environ, _ := ownBase(t, pgtest.New(t), true)
	mail := []string{"DOORSTEP_SMTP_HOST=" + server.Addr, "DOORSTEP_SMTP_FROM=tiaojie@example.cn"}
	expect(t, examined(t, append(environ, mail...), 1), map[string]level{"mail": bad})
	expect(t, examined(t, append(append(environ, mail...), "DOORSTEP_SMTP_TLS=none"), 0), map[string]level{"mail": good})
	if len(server.Letters()) > 0 {
		t.Error("a letter was sent")
	}
}

func TestDoctorRefusesWrongSettingsWithTwo(t *testing.T) {
	found := examined(t, []string{"HOME=" + t.TempDir(), "DOORSTEP_LISTEN=nowhere"}, 2)
	expect(t, found, map[string]level{"settings": bad, "disk": ""})
}

// On nothing, beside a running server, and alone afterwards.
func TestDoctorOnTheEmbeddedDatabase(t *testing.T) {
	environ := quietEnv(t)
	first := examined(t, environ, 0)
	expect(t, first, map[string]level{"data-folder": warn, "database": warn, "keys": warn, "schema": ""})
	if _, err := os.Stat(strings.TrimPrefix(environ[0], "DOORSTEP_DATA=")); err == nil {
		t.Error("doctor made the data folder")
	}
	whole := map[string]level{"data-folder": good, "postgresql": good, "database": good, "schema": good, "history": good,
		"locale": good, "checksums": good, "clock": good, "keys": good}
	r := serve(t, environ)
	expect(t, examined(t, environ, 0), whole)
	if code := r.end(); code != 0 {
		t.Fatalf("code = %d: %s", code, r.err)
	}
	expect(t, examined(t, environ, 0), whole)
	got := run(t, environ, "doctor")
	for _, word := range []string{"[良好 good] history", "无权改写办理经过", "has no right to rewrite", "有误 0。", " 0 bad."} {
		if !strings.Contains(got.out, word) {
			t.Errorf("%q is missing in %s", word, got.out)
		}
	}
}

func TestDoctorAsksTheProvider(t *testing.T) {
	environ, _ := ownBase(t, pgtest.New(t), false)
	at := ssotest.Start(t, "https://door.example/sign-in/provider/return")
	environ = append(environ, "DOORSTEP_BASE_URL=https://door.example", "DOORSTEP_OIDC_ISSUER="+at.URL, "DOORSTEP_OIDC_CLIENT_ID="+ssotest.ClientID)
	found := examined(t, environ, 0)["provider"]
	if found.Level != good || !strings.Contains(found.DoEN, "https://door.example/sign-in/provider/return") {
		t.Errorf("a provider that answers: %+v", found)
	}
	at.Away(true)
	expect(t, examined(t, environ, 1), map[string]level{"provider": bad, "mail": good})
}

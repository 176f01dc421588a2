package main

import (
	"bytes"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/backup/backuptest"
	"doorstep/internal/config"
	"doorstep/internal/mediation"
	"doorstep/internal/notice/noticetest"
	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
)

// archive is an installation with cases in it and a hand that owns its database.
type archive struct {
	t       *testing.T
	environ []string
	raw     *sql.DB
	desk    string
}

func openArchive(t *testing.T) *archive {
	t.Helper()
	dsn := pgtest.Empty(t)
	a := &archive{t: t, desk: t.TempDir()}
	var keys string
	a.environ, keys = ownBase(t, dsn, false)
	write(t, filepath.Join(keys, vault.KeyringFile), testRing())
	file, _ := backuptest.Schema1(t)
	if got := run(t, a.environ, "restore", file); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	var err error
	if a.raw, err = sql.Open("postgres", dsn.Owner); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.raw.Close() })
	return a
}

func (a *archive) exec(statement string, values ...any) {
	a.t.Helper()
	if _, err := a.raw.ExecContext(a.t.Context(), statement, values...); err != nil {
		a.t.Fatalf("%s: %v", statement, err)
	}
}

// rewrite changes a line of a case's history and forges every digest after it
// and the head, as somebody would who owns the database.
func (a *archive) rewrite(id string, at int, change func(*mediation.Event)) {
	a.t.Helper()
	rows, err := a.raw.QueryContext(a.t.Context(), `SELECT to_jsonb(e) - 'area_root' FROM events e WHERE case_id = $1 ORDER BY seq`, id)
	if err != nil {
		a.t.Fatal(err)
	}
	defer rows.Close()
	var lines []mediation.Event
	for rows.Next() {
		var text []byte
		var e mediation.Event
		if err := rows.Scan(&text); err != nil {
			a.t.Fatal(err)
		}
		if err := json.Unmarshal(text, &e); err != nil {
			a.t.Fatal(err)
		}
		lines = append(lines, e)
	}
	if err := rows.Err(); err != nil {
		a.t.Fatal(err)
	}
	a.exec(`ALTER TABLE events DISABLE TRIGGER USER`)
	prev := ""
	for i, e := range lines {
		if i+1 == at {
			change(&e)
		}
		e.Prev, e.Hash = prev, ""
		e.At = e.At.UTC()
		text, err := vault.Canonical(e)
		if err != nil {
			a.t.Fatal(err)
		}
		raw, _ := hex.DecodeString(prev)
		prev = hex.EncodeToString(vault.Link(raw, text))
		a.exec(`UPDATE events SET action = $3, prev_hash = $4, hash = $5 WHERE case_id = $1 AND seq = $2`, id, e.Seq, string(e.Action), e.Prev, prev)
	}
	a.exec(`UPDATE cases SET chain_head = $2 WHERE id = $1`, id, prev)
	a.exec(`ALTER TABLE events ENABLE TRIGGER USER`)
}

// expect runs the verification with and without the checkpoint.
func (a *archive) expect(rule, file string, plain, against int, says string) {
	a.t.Helper()
	if got := run(a.t, a.environ, "audit", "verify"); got.code != plain {
		a.t.Errorf("%s: without a checkpoint %+v", rule, got)
	}
	if got := run(a.t, a.environ, "audit", "verify", "--against", file); got.code != against || !strings.Contains(got.out+got.errout, says) {
		a.t.Errorf("%s: %+v; want %d and %q", rule, got, against, says)
	}
}

func (a *archive) checkpoint(name string) string {
	a.t.Helper()
	got := run(a.t, a.environ, "audit", "checkpoint")
	if got.code != 0 {
		a.t.Fatalf("%+v", got)
	}
	file := filepath.Join(a.desk, name)
	write(a.t, file, []byte(got.out))
	return file
}

// A history that is rewritten as a whole, digests and head included, holds in
// itself and is found by the checkpoint that was kept outside.
func TestARewrittenHistoryIsFoundByItsCheckpoint(t *testing.T) {
	a := openArchive(t)
	kept := a.checkpoint("kept")
	a.expect("nothing happened", kept, 0, 0, "4 cases and 57 lines stand where they stood")

	var id string
	var seq int
	if err := a.raw.QueryRowContext(t.Context(), `SELECT id, chain_seq FROM cases ORDER BY chain_seq DESC LIMIT 1`).Scan(&id, &seq); err != nil {
		t.Fatal(err)
	}
	was := mediation.Action("")
	a.rewrite(id, 3, func(e *mediation.Event) { was, e.Action = e.Action, "never_asked" })
	a.expect("a line rewritten", kept, 0, exitFailed, "the history was rewritten")
	later := a.checkpoint("later")
	a.expect("a checkpoint made after the deed", later, 0, 0, "stand where they stood")
	a.rewrite(id, 3, func(e *mediation.Event) { e.Action = was })
	a.expect("the line put back", kept, 0, 0, "stand where they stood")

	a.exec(`ALTER TABLE events DISABLE TRIGGER USER`)
	a.exec(`CREATE TABLE aside AS SELECT * FROM events WHERE case_id = $1 AND seq = $2`, id, seq)
	a.exec(`DELETE FROM events WHERE case_id = $1 AND seq = $2`, id, seq)
	a.exec(`UPDATE cases SET chain_seq = $2 - 1, chain_head = (SELECT prev_hash FROM aside) WHERE id = $1`, id, seq)
	a.expect("the tail cut", kept, 0, exitFailed, "the history was cut")
	a.exec(`INSERT INTO events SELECT * FROM aside`)
	a.exec(`UPDATE cases SET chain_seq = $2, chain_head = (SELECT hash FROM aside) WHERE id = $1`, id, seq)
	a.expect("the tail put back", kept, 0, 0, "stand where they stood")

	a.exec(`ALTER TABLE office_events DISABLE TRIGGER USER`)
	a.exec(`DELETE FROM office_events WHERE id = (SELECT id FROM office_events ORDER BY at LIMIT 1)`)
	a.expect("a line of the office gone", kept, 0, exitFailed, "the office's history 1")

	text := read(t, kept)
	other := filepath.Join(a.desk, "other")
	write(t, other, bytes.Replace(text, []byte("office 70"), []byte("office 69"), 1))
	a.expect("a checkpoint changed to fit", other, 0, exitFailed, "does not fit its signature")
	write(t, other, text[:len(text)/2])
	a.expect("half a checkpoint", other, 0, exitFailed, "no whole checkpoint")
	a.expect("no checkpoint", filepath.Join(a.desk, "none"), 0, exitRefused, "cannot be opened")

	another := openArchive(t)
	if err := another.raw.QueryRowContext(t.Context(), `SELECT id FROM cases ORDER BY id LIMIT 1`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	another.exec(`UPDATE cases SET chain_seq = 0, chain_head = ''`) // so that the empty chains hold
	another.exec(`ALTER TABLE events DISABLE TRIGGER USER`)
	another.exec(`DELETE FROM events`)
	another.expect("another history under the same keys", kept, 0, exitFailed, "the history was cut")
}

// The serving process brings the day's checkpoint to every place, once.
func TestServeSendsTheDaysCheckpoint(t *testing.T) {
	a := openArchive(t)
	mail, away := noticetest.Start(t, false), t.TempDir()
	environ := append(a.environ, "DOORSTEP_LISTEN=127.0.0.1:0", "DOORSTEP_SMTP_HOST="+mail.Addr, "DOORSTEP_SMTP_TLS=none",
		"DOORSTEP_SMTP_FROM=tiaojie@example.cn", "DOORSTEP_CHECKPOINT_TO="+away+",mailto:notary@example.cn")
	r := serve(t, environ)
	for until := time.Now().Add(30 * time.Second); examined(t, environ, 0)["checkpoint"].Level != good; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%+v %s", examined(t, environ, 0)["checkpoint"], r.err)
		}
	}
	if code := r.end(); code != 0 {
		t.Errorf("code %d: %s", code, r.err)
	}
	files, _ := filepath.Glob(filepath.Join(away, "*"))
	letters := mail.Letters()
	if len(files) != 1 || len(letters) != 1 || len(letters[0].Files) != 1 || letters[0].To != "notary@example.cn" {
		t.Fatalf("files %v, letters %+v", files, letters)
	}
	a.expect("the file", files[0], 0, 0, "stand where they stood")
	for name, data := range letters[0].Files {
		attached := filepath.Join(a.desk, name)
		write(t, attached, data)
		a.expect("the attachment", attached, 0, 0, "stand where they stood")
		if !strings.Contains(letters[0].Text, "--against "+name) || !strings.HasSuffix(name, ".gz") {
			t.Errorf("the mail does not say what to do with %s: %s", name, letters[0].Text)
		}
	}
	// A broken chain is told of by itself.
	a.exec(`DELETE FROM upkeep`)
	a.exec(`UPDATE cases SET chain_head = repeat('0', 64) WHERE id = (SELECT id FROM cases ORDER BY id LIMIT 1)`)
	r = serve(t, environ)
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		var failed int
		if err := a.raw.QueryRowContext(t.Context(), `SELECT count(*) FROM upkeep WHERE fault <> ''`).Scan(&failed); err != nil || time.Now().After(until) {
			t.Fatalf("%v %s", err, r.err)
		}
		if failed == 2 {
			break
		}
	}
	if f := examined(t, environ, 1)["checkpoint"]; f.Level != bad || !strings.Contains(f.Cause, "was changed at line") {
		t.Errorf("%+v", f)
	}
	r.end()
}

// A checkpoint posted to an address arrives whole and can be read there.
func TestACheckpointIsPosted(t *testing.T) {
	var got []byte
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got, _ = io.ReadAll(r.Body) }))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	keys := vault.TestKeys()
	c := vault.Checkpoint{MadeAt: time.Date(2026, 5, 11, 3, 30, 0, 0, time.UTC)}
	text, err := c.Text(keys)
	if err != nil {
		t.Fatal(err)
	}
	p := &parts{BaseURL: &url.URL{Scheme: "https", Host: "tiaojie.example.cn"}}
	if err := p.deliver(t.Context(), config.CheckpointTarget{URL: config.Secret(server.URL + "/in")}, c, text, roots); err != nil {
		t.Fatal(err)
	}
	if back, err := keys.ReadCheckpoint(bytes.NewReader(got)); err != nil || !back.MadeAt.Equal(c.MadeAt) {
		t.Errorf("%v, %v", back, err)
	}
	if err := p.deliver(t.Context(), config.CheckpointTarget{Dir: filepath.Join(t.TempDir(), "unmounted")}, c, text, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

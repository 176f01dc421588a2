package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/demo"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// TestAChangedPaperIsNamedByTheAudit: whoever owns the database and its keys may
// write another text into a paper that was issued; the check names case and paper
// and fails, and holds again when the text is put back.
func TestAChangedPaperIsNamedByTheAudit(t *testing.T) {
	dsn := pgtest.New(t)
	environ, folder := ownBase(t, dsn, true)
	keys, err := vault.OpenKeys(folder, false)
	must(t, err)
	id, n := issuedStory(t, dsn, keys)
	raw, err := sql.Open("postgres", dsn.Owner)
	must(t, err)
	t.Cleanup(func() { _ = raw.Close() })
	exec := func(statement string, values ...any) {
		t.Helper()
		_, err := raw.ExecContext(t.Context(), statement, values...)
		must(t, err)
	}
	verify := func(rule string, code int, says ...string) {
		t.Helper()
		got := run(t, environ, "audit", "verify")
		for _, want := range says {
			if got.code != code || !strings.Contains(got.out+got.errout, want) {
				t.Errorf("%s: %d, %s%s, want %d and %q", rule, got.code, got.out, got.errout, code, want)
			}
		}
	}
	verify("as it was issued", exitGood, "every content fits its digest")

	place := vault.AAD{Table: "paper_contents", Column: "content_sealed", Row: string(n.ID)}
	var whole []byte
	must(t, raw.QueryRowContext(t.Context(), `SELECT content_sealed FROM paper_contents WHERE issue_id = $1`, string(n.ID)).Scan(&whole))
	text, err := keys.Open(place, whole)
	must(t, err)
	forged := strings.Replace(text, "不同意调解", "同意调解", 1)
	if forged == text {
		t.Fatalf("nothing to forge in %s", text)
	}
	sealed, err := keys.Seal(place, forged)
	must(t, err)
	named := []string{fmt.Sprintf("案件 %s 的 F05 不予受理通知书，第 1 次出具", id), fmt.Sprintf("case %s, F05 Non-acceptance notice, issue 1", id)}
	put := `UPDATE paper_contents SET content_sealed = $2 WHERE issue_id = $1`
	exec(put, string(n.ID), sealed)
	verify("another text under the right key", exitFailed, append(named, "内容与摘要不符", "its content does not fit its digest")...)
	exec(put, string(n.ID), []byte("no seal"))
	verify("no seal at all", exitFailed, append(named, "内容打不开", "its content does not open")...)

	exec(put, string(n.ID), sealed)
	exec(`ALTER TABLE paper_issues DISABLE TRIGGER USER`)
	exec(`UPDATE paper_issues SET digest = $2 WHERE id = $1`, string(n.ID), fmt.Sprintf("%x", sha256.Sum256([]byte(forged))))
	verify("text and digest, but not the history", exitFailed, append(named, "与办理经过的记载不符", "does not fit its line of the history")...)
	exec(`UPDATE paper_issues SET digest = $2 WHERE id = $1`, string(n.ID), n.Digest)
	exec(put, string(n.ID), whole)
	verify("put back", exitGood, "every content fits its digest")
	exec(`ALTER TABLE paper_contents DISABLE TRIGGER USER`)
	exec(`DELETE FROM paper_contents WHERE issue_id = $1`, string(n.ID))
	verify("taken away", exitFailed, append(named, "内容不见了", "its content is gone")...)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// issuedStory plays a story in which one paper is issued.
func issuedStory(t *testing.T, dsn pgtest.DSN, keys *vault.Keys) (mediation.CaseID, mediation.Issue) {
	t.Helper()
	c := played(t, dsn, keys, "3")
	if len(c.Issues) != 1 {
		t.Fatalf("the story issued %d papers", len(c.Issues))
	}
	return c.ID, c.Issues[0]
}

// played is the case of a story of the demonstration.
func played(t *testing.T, dsn pgtest.DSN, keys *vault.Keys, story string) *mediation.Case {
	t.Helper()
	db, err := postgres.Open(dsn.App, keys)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	must(t, err)
	h, err := demo.Open(t.Context(), demo.Deps{DB: db, Policy: policy, Keys: keys, Hasher: vault.NewHasher(keys), Log: slog.New(slog.DiscardHandler), Wall: time.Now})
	must(t, err)
	must(t, h.Play(t.Context(), story))
	c, err := db.FindCase(t.Context(), string(h.Case(story)))
	must(t, err)
	return c
}

// TestChangedPapersOfAnApplicationAreNamedByTheAudit: what lies before the court is
// held against the line of the history that filed it.
func TestChangedPapersOfAnApplicationAreNamedByTheAudit(t *testing.T) {
	dsn := pgtest.New(t)
	environ, folder := ownBase(t, dsn, true)
	keys, err := vault.OpenKeys(folder, false)
	must(t, err)
	c := played(t, dsn, keys, "7")
	raw := ownerOf(t, dsn)
	id := string(c.Application().ID)
	place := vault.AAD{Table: "confirmations", Column: "papers_sealed", Row: id}
	var whole []byte
	must(t, raw.QueryRowContext(t.Context(), `SELECT papers_sealed FROM confirmations WHERE id = $1`, id).Scan(&whole))
	text, err := keys.Open(place, whole)
	must(t, err)
	forged, err := keys.Seal(place, strings.Replace(text, "物业", "车位", 1))
	must(t, err)
	for rule, put := range map[string]struct {
		papers []byte
		code   int
		says   string
	}{
		"as they were filed":                {whole, exitGood, "1 applications to a court checked"},
		"other words under the right key":   {forged, exitFailed, "case " + string(c.ID) + ", its content does not fit its digest"},
		"no seal":                           {[]byte("no seal"), exitFailed, "案件 " + string(c.ID) + "，内容打不开"},
		"nothing kept of what was filed so": {nil, exitFailed, "its content is gone"},
	} {
		_, err := raw.ExecContext(t.Context(), `UPDATE confirmations SET papers_sealed = $2 WHERE id = $1`, id, put.papers)
		must(t, err)
		if got := run(t, environ, "audit", "verify"); got.code != put.code || !strings.Contains(got.out+got.errout, put.says) {
			t.Errorf("%s: %d, %s%s, want %d and %q", rule, got.code, got.out, got.errout, put.code, put.says)
		}
	}
}

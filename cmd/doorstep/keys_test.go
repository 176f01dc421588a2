package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/demo"
	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// furnish plays two stories of the demonstration and more, so that there is
// something to seal, and adds a number of drafts.
func furnish(t *testing.T, h house, drafts int, more ...string) {
	t.Helper()
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	played, err := demo.Open(t.Context(), demo.Deps{DB: h.DB, Policy: policy, Keys: h.Keys, Hasher: vault.NewHasher(h.Keys),
		Log: slog.New(slog.DiscardHandler), Wall: time.Now})
	if err == nil {
		err = played.Play(t.Context(), append(more, "1", "7")...)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range drafts {
		if err := h.DB.SaveDraft(t.Context(), fmt.Sprint("visitor ", i), "file", fmt.Sprint("draft ", i), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// seals counts the sealed values of an installation by key.
func seals(t *testing.T, h house) map[string]int {
	t.Helper()
	counts, err := h.DB.CountSeals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, c := range counts {
		by[c.Key] += c.N
	}
	return by
}

func readable(t *testing.T, h house, drafts int) {
	t.Helper()
	for i := range drafts {
		if text, _, err := h.DB.Draft(t.Context(), fmt.Sprint("visitor ", i), "file"); text != fmt.Sprint("draft ", i) || err != nil {
			t.Fatalf("draft %d is %q, %v", i, text, err)
		}
	}
}

var newKey = regexp.MustCompile(`The new key ([0-9a-f]{8}) is in use`)

// A key's life on the command line, beside a server that was opened before.
func TestKeysAreListedRotatedAndRetired(t *testing.T) {
	environ, dir := ownBase(t, pgtest.New(t), true)
	server := settle(t, environ)
	furnish(t, server, 5)
	old := server.Keys.IDs(vault.FieldKey)[0]
	total := seals(t, server)[old]
	later := func(args ...string) ran { // half an hour on
		var out, errout bytes.Buffer
		m := Main{Environ: environ, Now: func() time.Time { return time.Now().Add(30 * time.Minute) }, Random: rand.Reader}
		return ran{m.Run(t.Context(), args, &out, &errout), out.String(), errout.String()}
	}
	says := func(got ran, code int, words ...string) {
		t.Helper()
		for _, w := range words {
			if got.code != code || !strings.Contains(got.out+got.errout, w) {
				t.Fatalf("%+v; want %d and %q", got, code, w)
			}
		}
	}
	says(run(t, environ, "keys", "list"), exitGood, old, "当前 current", fmt.Sprintf("%d (", total), "persons.id_sealed 2", "caucus_notes.body_sealed 2",
		"drafts.body_sealed 5", "passwords", "receipt codes")
	says(run(t, environ, "keys", "retire", old), exitRefused, "current key")
	says(run(t, environ, "keys", "retire", "00000000"), exitRefused, "no field key")

	rotated := run(t, environ, "keys", "rotate")
	says(rotated, exitGood, "Copy the keys folder", fmt.Sprintf("%d values sealed anew", total), "drafts.body_sealed 5")
	fresh := newKey.FindStringSubmatch(rotated.out)[1]
	if by := seals(t, server); len(by) != 1 || by[fresh] != total {
		t.Errorf("sealed with %v, want all %d with %s", by, total, fresh)
	}
	readable(t, server, 5)

	says(run(t, environ, "keys", "retire", old), exitFailed, "a moment ago")
	straggler := sealOld(t, environ, dir, old) // a request that was on its way
	says(later("keys", "retire", old), exitFailed, "1 values are still sealed", "drafts.body_sealed 1")
	says(run(t, environ, "keys", "rotate"), exitGood, "was not finished; going on with key "+fresh, "1 values sealed anew")
	says(later("keys", "retire", old), exitGood, "is retired", "retired-"+old)
	if _, err := os.Stat(filepath.Join(dir, "retired-"+old)); err != nil {
		t.Error(err)
	}
	if listed := run(t, environ, "keys", "list"); strings.Contains(listed.out, old) || !strings.Contains(listed.out, fresh) {
		t.Errorf("after retiring: %s", listed.out)
	}
	readable(t, server, 5)
	if text, _, err := server.DB.Draft(t.Context(), straggler, "file"); text != "on its way" || err != nil {
		t.Errorf("the straggler is %q, %v", text, err)
	}
	says(run(t, environ, "keys", "rotate"), exitGood, fmt.Sprintf("%d values sealed anew", total+1)) // nothing is left: a third key
}

// sealOld writes a draft sealed with an older key, as a request does that began
// before the rotation.
func sealOld(t *testing.T, environ []string, dir, id string) (owner string) {
	t.Helper()
	behind := t.TempDir()
	if err := os.Chmod(behind, 0o700); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(read(t, filepath.Join(dir, vault.KeyringFile)))) {
		if !strings.HasPrefix(line, "field ") || strings.HasPrefix(line, "field "+id) {
			lines = append(lines, line)
		}
	}
	write(t, filepath.Join(behind, vault.KeyringFile), []byte(strings.Join(lines, "")))
	h := settle(t, append(environ, "DOORSTEP_KEYS_FILE="+behind))
	if err := h.DB.SaveDraft(t.Context(), "straggler", "file", "on its way", time.Now()); err != nil {
		t.Fatal(err)
	}
	return "straggler"
}

// A damaged value does not stop the rotation of the others, and is named.
func TestARotationNamesWhatDoesNotOpen(t *testing.T) {
	dsn := pgtest.New(t)
	environ, _ := ownBase(t, dsn, true)
	h := settle(t, environ)
	furnish(t, h, 3)
	total := seals(t, h)[h.Keys.IDs(vault.FieldKey)[0]]
	owner := ownerOf(t, dsn)
	if _, err := owner.ExecContext(t.Context(), `UPDATE drafts SET body_sealed = set_byte(body_sealed, 30, get_byte(body_sealed, 30) # 1)
		WHERE owner = (SELECT owner FROM drafts LIMIT 1)`); err != nil {
		t.Fatal(err)
	}
	got := run(t, environ, "keys", "rotate")
	if got.code != exitFailed || !strings.Contains(got.out, fmt.Sprintf("%d values sealed anew", total-1)) || !strings.Contains(got.errout, "drafts.body_sealed ") ||
		!strings.Contains(got.errout, "--new") {
		t.Errorf("%+v", got)
	}
	if again := run(t, environ, "keys", "rotate"); again.code != exitFailed || newKey.MatchString(again.out) {
		t.Errorf("without --new: %+v", again)
	}
	if other := run(t, environ, "keys", "rotate", "--new"); !newKey.MatchString(other.out) {
		t.Errorf("with --new: %+v", other)
	}
}

// The command is killed, really, in the middle; the next run goes on.
func TestAKilledRotationGoesOn(t *testing.T) {
	const drafts = 3000
	dsn := pgtest.New(t)
	environ, _ := ownBase(t, dsn, true)
	h := settle(t, environ)
	furnish(t, h, drafts)
	old := h.Keys.IDs(vault.FieldKey)[0]
	total := seals(t, h)[old]
	held, err := ownerOf(t, dsn).BeginTx(t.Context(), nil) // one draft is held, and the rotation comes back to it: it cannot be done before it is killed
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.ExecContext(t.Context(), `SELECT FROM drafts ORDER BY owner DESC, form DESC LIMIT 1 FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), self, "keys", "rotate")
	cmd.Env = append(environ, shipAs+"=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(30 * time.Second); seals(t, h)[old] >= total-400; { // some batches of drafts are through
		if time.Now().After(until) {
			t.Fatal("nothing was sealed anew")
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	half := seals(t, h)
	t.Logf("killed with %v of %d", half, total)
	if half[old] == 0 {
		t.Error("it was done before it was killed; give it more to do")
	}
	readable(t, h, drafts)
	got := run(t, environ, "keys", "rotate")
	if got.code != exitGood || !strings.Contains(got.out, "was not finished") || !strings.Contains(got.out, fmt.Sprintf("%d values sealed anew", half[old])) {
		t.Errorf("%+v; %d were left", got, half[old])
	}
	if by := seals(t, h); len(by) != 1 || by[old] != 0 {
		t.Errorf("sealed with %v", by)
	}
	readable(t, h, drafts)
}

// Without a key that is in use the server does not start and says which it is.
func TestServeRefusesWithoutAKeyInUse(t *testing.T) {
	environ, dir := ownBase(t, pgtest.New(t), true)
	h := settle(t, environ)
	furnish(t, h, 1)
	old := h.Keys.IDs(vault.FieldKey)[0]
	if err := os.Remove(filepath.Join(dir, vault.KeyringFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.OpenKeys(dir, true); err != nil { // others than those in use
		t.Fatal(err)
	}
	got := run(t, append(environ, "DOORSTEP_LISTEN=127.0.0.1:0"), "serve")
	if got.code != exitFailed || !strings.Contains(got.errout, old) || !strings.Contains(got.errout, "keys folder") {
		t.Errorf("%+v", got)
	}
	if listed := run(t, environ, "keys", "list"); listed.code != exitFailed || !strings.Contains(listed.errout, old) {
		t.Errorf("keys list: %+v", listed)
	}
}

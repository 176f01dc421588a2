package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/backup"
	"doorstep/internal/backup/backuptest"
	"doorstep/internal/config"
	"doorstep/internal/demo"
	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// settle opens the installation of a folder as the commands do.
func settle(t *testing.T, environ []string) house {
	t.Helper()
	p := &program{Main: Main{Environ: environ, Now: time.Now, Random: rand.Reader}, ctx: t.Context(), stdout: io.Discard, stderr: io.Discard,
		sources: config.Sources{Environ: environ, ReadFile: os.ReadFile}}
	c, err := p.settings()
	if err != nil {
		t.Fatal(err)
	}
	h, done, err := p.house(c, func(schema) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := done(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// holds tells what an installation holds: every table's rows and digest, the files.
func holds(t *testing.T, h house) backup.Manifest {
	t.Helper()
	m, err := backup.Write(t.Context(), h.House, time.Unix(0, 0).UTC(), nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The drill: a demonstration is backed up beside its running database and
// brought back into a second folder.
func TestABackupComesBackInASecondFolder(t *testing.T) {
	first := quietEnv(t)
	if got := run(t, first, "migrate"); got.code != 0 {
		needPostgres(t, got.errout)
		t.Fatalf("%+v", got)
	}
	from := settle(t, first)
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Build(t.Context(), demo.Deps{DB: from.DB, Policy: policy, Keys: from.Keys, Hasher: vault.NewHasher(from.Keys),
		Log: slog.New(slog.DiscardHandler), Wall: time.Now}); err != nil {
		t.Fatal(err)
	}
	photo, err := from.Files.Put(t.Context(), strings.NewReader("楼道照片"), 100)
	if err != nil {
		t.Fatal(err)
	}
	desk := t.TempDir()
	at := func(name string) string { return filepath.Join(desk, name) }
	public := strings.TrimSpace(run(t, first, "backup-key", at("key")).out)
	run(t, first, "backup-key", at("other"))
	expect := func(environ []string, code int, says string, args ...string) {
		t.Helper()
		if got := run(t, environ, args...); got.code != code || !strings.Contains(got.out+got.errout, says) {
			t.Fatalf("%v: %+v; want %d and %q", args, got, code, says)
		}
	}
	expect(first, exitRefused, "--plaintext", "backup", at("b"))
	expect(first, exitRefused, "age", "backup", at("b"), "--to", "age1x")
	expect(first, exitGood, "The keys are not in it", "backup", at("b"), "--to", public)
	expect(first, exitRefused, "not overwritten", "backup", at("b"), "--to", public)
	expect(first, exitGood, "Backed up", "backup", at("plain"), "--plaintext")

	second := quietEnv(t)
	whole, plain := read(t, at("b")), read(t, at("plain"))
	if bytes.Contains(whole, []byte("head.json")) {
		t.Error("the backup can be read")
	}
	altered, alteredPlain := slices.Clone(whole), slices.Clone(plain)
	altered[len(altered)/2] ^= 1
	alteredPlain[len(plain)/2] ^= 1
	for name, data := range map[string][]byte{"cut": whole[:len(whole)-1], "altered": altered, "stub": whole[:5],
		"plaincut": plain[:len(plain)-30], "plainaltered": alteredPlain} {
		write(t, at(name), data)
		expect(second, exitFailed, "cut short or was changed", "restore", at(name), "--identity", at("key"))
	}
	write(t, at("letter"), []byte("a letter to somebody, and no backup"))
	expect(second, exitFailed, "no backup of this program", "restore", at("letter"))
	expect(second, exitFailed, "does not open with this key", "restore", at("b"), "--identity", at("other"))
	expect(second, exitFailed, "does not open with this key", "restore", at("b"))
	expect(second, exitFailed, "keys folder", "restore", at("b"), "--identity", at("key"))
	copyKeys(t, first, second)
	expect(second, exitGood, "equal to the backup row by row", "restore", at("b"), "--identity", at("key"))
	expect(second, exitRefused, "not empty", "restore", at("b"), "--identity", at("key"))
	expect(second, exitGood, "every chain holds", "audit", "verify")

	to := settle(t, second)
	had, has := holds(t, from), holds(t, to)
	if diff := cmp.Diff(had, has); diff != "" || has.Tables["cases"].Rows < 10 || has.Files != 1 {
		t.Errorf("%d cases and %d files came back (-had +has):\n%s", has.Tables["cases"].Rows, has.Files, diff)
	}
	file, err := to.Files.Get(t.Context(), photo.Digest)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); string(got) != "楼道照片" || err != nil {
		t.Errorf("the photo is %q, %v", got, err)
	}
	accounts := account.New(to.DB, policy, vault.NewHasher(to.Keys), to.Keys, time.Now)
	for _, p := range demo.People() {
		if _, err := accounts.SignIn(t.Context(), account.Credentials{Login: p.Username, Password: demo.Password, Address: "127.0.0.1"}); err != nil {
			t.Errorf("%s cannot sign in: %v", p.Username, err)
		}
	}
}

// testRing is vault.TestKeys as a file.
func testRing() []byte {
	var ring []byte
	for _, p := range vault.Purposes() {
		secret := sha256.Sum256([]byte("doorstep test key " + p))
		ring = fmt.Appendf(ring, "%s %s %x\n", p, vault.TestKeys().IDs(p)[0], secret)
	}
	return ring
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// copyKeys does what the handbook asks for: the keys come from their own copy.
func copyKeys(t *testing.T, from, to []string) {
	t.Helper()
	folder := func(environ []string) string {
		c, err := config.Load(config.Sources{Environ: environ, ReadFile: os.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		return c.KeysDir
	}
	if err := os.CopyFS(folder(to), os.DirFS(folder(from))); err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(folder(to), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder(to), 0o700); err != nil {
		t.Fatal(err)
	}
}

// A backup of the first schema comes back as an installation of today: migrated,
// with its histories whole and nobody signed in.
func TestABackupOfAnOlderSchemaComesBack(t *testing.T) {
	file, rows := backuptest.Schema1(t)
	environ, keys := ownBase(t, pgtest.Empty(t), false)
	write(t, filepath.Join(keys, vault.KeyringFile), testRing())
	for _, step := range []struct {
		says []string
		args []string
	}{
		{[]string{fmt.Sprintf("%d rows", rows), "equal to the backup row by row", "57 lines of history", "were ended (4)"}, []string{"restore", file}},
		{[]string{"up to date"}, []string{"migrate", "--check"}},
		{[]string{"57 lines", "every chain holds"}, []string{"audit", "verify"}},
	} {
		got := run(t, environ, step.args...)
		for _, text := range step.says {
			if got.code != 0 || !strings.Contains(got.out, text) {
				t.Fatalf("%v: %+v; want %q", step.args, got, text)
			}
		}
	}
	h := settle(t, environ)
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(h.DB, policy, vault.NewHasher(h.Keys), h.Keys, time.Now)
	if _, err := accounts.SignIn(t.Context(), account.Credentials{Login: "wangxiulan", Password: demo.Password, Address: "127.0.0.1"}); err != nil {
		t.Errorf("the chair of that time cannot sign in: %v", err)
	}
}

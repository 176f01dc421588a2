package blob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// SHA-256 of "abc", FIPS 180-4.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

// What only a folder has: modes, paths and remains beside the files. The rest is
// the contract of every store.
func folder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(t.Context(), strings.NewReader("abc"), 1<<20); err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func TestFolderIsItsOwnersOnly(t *testing.T) {
	_, dir := folder(t)
	if runtime.GOOS == "windows" {
		t.Skip("no modes there")
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, "ba"): 0o700, filepath.Join(dir, "ba", abc): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestDigestLeadsOutOfNoFolder(t *testing.T) {
	f, dir := folder(t)
	outside := filepath.Join(filepath.Dir(dir), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, digest := range []string{"../outside", outside, "ba/../../outside"} {
		if _, err := f.Get(t.Context(), digest); !errors.Is(err, ErrDigest) {
			t.Errorf("Get(%q) = %v, want ErrDigest", digest, err)
		}
		if err := f.Delete(t.Context(), digest); !errors.Is(err, ErrDigest) {
			t.Errorf("Delete(%q) = %v, want ErrDigest", digest, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a file outside the store is gone: %v", err)
	}
}

func TestSweepLeavesWhatMayStillBeWritten(t *testing.T) {
	f, dir := folder(t)
	now := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	for name, at := range map[string]time.Time{"old.part": now.Add(-48 * time.Hour), "new.part": now.Add(-time.Minute)} {
		path := filepath.Join(dir, incoming, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	whole := filepath.Join(dir, "ba", abc)
	if err := os.Chtimes(whole, now.AddDate(-5, 0, 0), now.AddDate(-5, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if n, err := f.Sweep(t.Context(), now.Add(-24*time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
	for _, path := range []string{whole, filepath.Join(dir, incoming, "new.part")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("gone: %v", err)
		}
	}
}

func TestFolderOpensAgain(t *testing.T) {
	_, dir := folder(t)
	again, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := again.Get(t.Context(), abc)
	if err != nil {
		t.Fatal("after opening again:", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFolder(blocked); err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("a file in the place of the folder: %v, want its path", err)
	}
}

func TestCheckTellsAFolderThatIsGone(t *testing.T) {
	f, dir := folder(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("= %v", err)
	}
}

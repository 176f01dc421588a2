package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/blob"
	"doorstep/internal/blob/blobtest"
	"doorstep/internal/config"
)

// bucketEnv is the settings for a bucket of the test's own in a real server.
func bucketEnv(t *testing.T) []string {
	t.Helper()
	o := blobtest.S3(t)
	return []string{"DOORSTEP_S3_URL=" + o.URL.String(), "DOORSTEP_S3_BUCKET=" + o.Bucket, "DOORSTEP_S3_PREFIX=north/",
		"DOORSTEP_S3_STYLE=path", "DOORSTEP_S3_KEY_ID=" + o.KeyID, "DOORSTEP_S3_SECRET=" + o.Secret}
}

func storeOf(t *testing.T, environ []string) blob.Store {
	t.Helper()
	c, err := config.Load(config.Sources{Environ: environ, ReadFile: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	s, err := openFiles(c, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keep(t *testing.T, s blob.Store, texts ...string) (digests []string) {
	t.Helper()
	for _, text := range texts {
		info, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, info.Digest)
	}
	return digests
}

func wantKept(t *testing.T, s blob.Store, digests []string) {
	t.Helper()
	for _, d := range digests {
		r, err := s.Get(t.Context(), d)
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			t.Errorf("%s: %v", d, err)
		}
		_ = r.Close()
	}
}

// A backup made of one kind of store comes back in the other, both ways.
func TestABackupGoesFromAFolderToABucketAndBack(t *testing.T) {
	local, bucket := quietEnv(t), append(quietEnv(t), bucketEnv(t)...)
	third := quietEnv(t)
	if got := run(t, local, "migrate"); got.code != 0 {
		needPostgres(t, got.errout)
		t.Fatalf("%+v", got)
	}
	digests := keep(t, storeOf(t, local), "楼道照片", strings.Repeat("信", 100_000), "")
	for _, way := range []struct{ from, to []string }{{local, bucket}, {bucket, third}} {
		file := filepath.Join(t.TempDir(), "backup")
		if got := run(t, way.from, "backup", file, "--plaintext"); got.code != 0 || !strings.Contains(got.out, "3 files") {
			t.Fatalf("%+v", got)
		}
		copyKeys(t, way.from, way.to)
		if got := run(t, way.to, "restore", file); got.code != 0 || !strings.Contains(got.out, "3 files") {
			t.Fatalf("%+v", got)
		}
		wantKept(t, storeOf(t, way.to), digests)
	}
	if _, err := os.Stat(filepath.Join(filesFolder(config.Config{Data: folderOf(bucket)}), "incoming")); err == nil {
		t.Error("with a bucket set the folder was used as well")
	}
}

func folderOf(environ []string) string { return strings.TrimPrefix(environ[0], "DOORSTEP_DATA=") }

func TestFilesAreCopiedFromTheFolderToTheBucket(t *testing.T) {
	home := quietEnv(t)
	bucket := append(home, bucketEnv(t)...)
	if got := run(t, home, "files", "copy"); got.code != exitRefused || !strings.Contains(got.errout, "DOORSTEP_S3_URL") {
		t.Errorf("without a bucket: %+v", got)
	}
	if got := run(t, bucket, "files", "copy"); got.code != exitRefused {
		t.Errorf("without a folder: %+v", got)
	}
	digests := keep(t, storeOf(t, home), "一", "二", "三")
	for range 2 {
		if got := run(t, bucket, "files", "copy"); got.code != 0 || !strings.Contains(got.out, "Copied 3 files") {
			t.Fatalf("%+v", got)
		}
	}
	wantKept(t, storeOf(t, bucket), digests)
	wantKept(t, storeOf(t, home), digests)

	spoilt := filepath.Join(filesFolder(config.Config{Data: folderOf(home)}), digests[0][:2], digests[0])
	write(t, spoilt, []byte("not what it was"))
	got := run(t, bucket, "files", "copy")
	if got.code != exitFailed || !strings.Contains(got.out, digests[0]) || !strings.Contains(got.out, "Copied 2 files") {
		t.Errorf("with a damaged file: %+v", got)
	}
	away := append(home, "DOORSTEP_S3_URL=http://127.0.0.1:1", "DOORSTEP_S3_BUCKET=photos", "DOORSTEP_S3_KEY_ID=a", "DOORSTEP_S3_SECRET=b")
	if got := run(t, away, "files", "copy"); got.code != exitFailed || !strings.Contains(got.errout, "run again") {
		t.Errorf("with the store away: %+v", got)
	}
}

func TestDoctorTriesTheFileStore(t *testing.T) {
	data := t.TempDir()
	home := []string{"DOORSTEP_DATA=" + data, "DATABASE_URL=postgres://nobody@127.0.0.1:1/none?sslmode=disable"}
	if f := examined(t, home, 1)["files"]; f.Level != good || !strings.Contains(f.EN, "no folder") {
		t.Errorf("before the first start: %+v", f)
	}
	keep(t, storeOf(t, home), "照片")
	expect(t, examined(t, home, 1), map[string]level{"files": good})

	good1 := append(home, bucketEnv(t)...)
	if f := examined(t, good1, 1)["files"]; f.Level != good || !strings.Contains(f.EN, "north/") {
		t.Errorf("a bucket that works: %+v", f)
	}
	for state, tt := range map[string]struct{ line, says string }{
		"a wrong secret": {"DOORSTEP_S3_SECRET=geheim", "rights"},
		"no such bucket": {"DOORSTEP_S3_BUCKET=there-is-none", "rights"},
		"nobody there":   {"DOORSTEP_S3_URL=http://127.0.0.1:1", "network"},
	} {
		began := time.Now()
		f := examined(t, append(good1, tt.line), 1)["files"]
		if f.Level != bad || !strings.Contains(f.DoEN, tt.says) || f.Cause == "" || strings.Contains(f.Cause+f.EN, "geheim") {
			t.Errorf("%s: %+v", state, f)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s took %s", state, took)
		}
	}
}

func TestALineThatCanBeListenedToIsTold(t *testing.T) {
	for address, want := range map[string]bool{"http://127.0.0.1:9000": false, "http://localhost": false, "http://[::1]:9000": false,
		"https://s3.example.cn": false, "http://s3.example.cn": true, "http://10.0.0.5:9000": true} {
		u, err := url.Parse(address)
		if err != nil || inTheClear(u) != want {
			t.Errorf("%s: %v, want %v", address, !want, want)
		}
	}
}

func TestDemonstrationKeepsToItsFolder(t *testing.T) {
	environ := append(quietEnv(t), "DOORSTEP_S3_URL=http://127.0.0.1:1", "DOORSTEP_S3_BUCKET=photos", "DOORSTEP_S3_KEY_ID=a", "DOORSTEP_S3_SECRET=b")
	c, err := config.Load(config.Sources{Environ: environ, ReadFile: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	s, err := openFiles(c, true)
	if _, local := s.(*blob.Folder); err != nil || !local {
		t.Errorf("%T, %v", s, err)
	}
}

// The log tells a store that cannot be used when the server starts, and what
// broken uploads left is cleared away.
func TestTheFileStoreIsTended(t *testing.T) {
	var log bytes.Buffer
	tended := func(s blob.Store) {
		ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer stop()
		tend(s, slog.New(slog.NewTextHandler(&log, nil)), time.Now)(ctx)
	}
	environ := quietEnv(t)
	s := storeOf(t, environ)
	remains := filepath.Join(folderOf(environ), "files", "incoming", "crashed.part")
	write(t, remains, nil)
	if err := os.Chtimes(remains, time.Now().Add(-48*time.Hour), time.Now().Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	tended(s)
	if _, err := os.Stat(remains); err == nil || strings.Contains(log.String(), "cannot be used") {
		t.Errorf("the remains lie there still: %s", log.String())
	}
	if err := os.RemoveAll(filepath.Join(folderOf(environ), "files")); err != nil {
		t.Fatal(err)
	}
	tended(s)
	if !strings.Contains(log.String(), "the file store cannot be used") {
		t.Errorf("a store that is gone is not told: %s", log.String())
	}
}

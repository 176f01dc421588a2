// Package blobtest gives tests a bucket in a real S3 server (the Versity gateway
// over a folder), in a process of its own that ends with the test's.
//
// The server's version stands in s3server, a module of its own: its dependencies
// would be twice the program's. It is built once a version into the user's cache
// folder, which takes a core about a minute and wants its modules; .ci/run builds
// it beforehand.
package blobtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"doorstep/internal/blob"
)

const keyID = "doorstep-test"

// server is the one of this test process.
type server struct {
	url    *url.URL
	secret string
	input  *os.File // the server ends when this does; held so that it is not collected
	said   *bytes.Buffer
}

var (
	start   sync.Once
	running *server
	missing error // why there is none
)

// S3 makes a bucket of the test's own and says how to open it. Where the server
// cannot be built the test is skipped aloud; with REQUIRE_S3=1 in the
// environment it fails instead.
func S3(tb testing.TB) blob.S3Options {
	tb.Helper()
	start.Do(func() { running, missing = begin(context.WithoutCancel(tb.Context())) }) // it serves the tests after this one too
	if missing != nil {
		if os.Getenv("REQUIRE_S3") == "1" {
			tb.Fatal("blobtest:", missing)
		}
		tb.Skip("SKIPPED, no S3 server for tests (REQUIRE_S3=1 makes this a failure):", missing)
	}
	o := blob.S3Options{URL: running.url, Region: "us-east-1", Style: "path", KeyID: keyID, Secret: running.secret,
		Bucket: "doorstep-" + strings.ToLower(rand.Text()[:12])}
	if err := Client(tb, o).MakeBucket(tb.Context(), o.Bucket, minio.MakeBucketOptions{}); err != nil {
		tb.Fatalf("blobtest: bucket: %v\n%s", err, running.said)
	}
	return o
}

// Client speaks to the store past the package under test.
func Client(tb testing.TB, o blob.S3Options) *minio.Client {
	tb.Helper()
	c, err := minio.New(o.URL.Host, &minio.Options{Creds: credentials.NewStaticV4(o.KeyID, o.Secret, ""), Region: o.Region,
		BucketLookup: minio.BucketLookupPath})
	if err != nil {
		tb.Fatal("blobtest:", err)
	}
	return c
}

func begin(ctx context.Context) (*server, error) {
	program, err := build(ctx)
	if err != nil {
		return nil, err
	}
	for range 3 { // the port that was free may be taken a moment later
		var s *server
		if s, err = launch(ctx, program); err == nil {
			return s, nil
		}
	}
	return nil, err
}

// watch runs the server over a folder of its own until its standard input ends,
// as it does with this process, however that ends. $1 is the program, $2 the
// address. What is known of objects stands beside them and not in extended
// attributes, which not every file system has.
const watch = `
dir=$(mktemp -d) || exit 1
mkdir "$dir/objects" "$dir/meta"
"$1" --port "$2" --quiet posix --sidecar "$dir/meta" "$dir/objects" </dev/null &
cat >/dev/null
kill $!
wait
rm -rf "$dir"
`

func launch(ctx context.Context, program string) (*server, error) {
	free, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s := &server{url: &url.URL{Scheme: "http", Host: address}, secret: rand.Text(), input: ours, said: &bytes.Buffer{}}
	run := exec.CommandContext(ctx, "sh", "-c", watch, "doorstep-test-s3", program, address) //nolint:gosec // the one built below
	run.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+keyID, "ROOT_SECRET_ACCESS_KEY="+s.secret)
	run.Stdin, run.Stdout, run.Stderr = theirs, s.said, s.said
	if err := errors.Join(run.Start(), theirs.Close()); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	for range 200 {
		select {
		case err := <-ended:
			return nil, fmt.Errorf("the server ended: %w\n%s", err, s.said)
		case <-time.After(50 * time.Millisecond):
		}
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address); err == nil {
			return s, conn.Close()
		}
	}
	return nil, errors.Join(errors.New("the server did not begin to listen"), ours.Close())
}

// build gives the server's program, made now unless it was before.
func build(ctx context.Context) (string, error) {
	_, here, _, ok := runtime.Caller(0)
	source := filepath.Join(filepath.Dir(here), "s3server")
	if _, err := os.Stat(source); !ok || err != nil {
		return "", errors.New("its module is not on this machine")
	}
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "doorstep-test-s3")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	program := filepath.Join(dir, "s3server-"+runtime.Version()+"-"+hex.EncodeToString(sum.Sum(nil))[:16])
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	make := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", program+".part", "github.com/versity/versitygw/cmd/versitygw") //nolint:gosec // names of ours
	make.Dir = source
	make.Env = append(os.Environ(), "GOFLAGS=-mod=readonly -buildvcs=false") // what the tests are built with is not for it
	if said, err := make.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %w\n%s", source, err, said)
	}
	return program, os.Rename(program+".part", program)
}

package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Options is where an S3-compatible store is and how it is spoken to.
type S3Options struct {
	URL           *url.URL // http or https, host and port; no path
	Region        string   // as the store names it; "us-east-1" where it has none
	Bucket        string   // it must exist; none is made
	Prefix        string   // before every name, as "doorstep/"; may be empty
	Style         string   // "path", "host", or "auto", which knows the large providers
	KeyID, Secret string
	Patience      time.Duration // the longest silence of the store that is waited out; 0: 30 s
	Tries         int           // how often a request is tried in all; 0: 4
}

const (
	patience = 30 * time.Second
	tries    = 4         // about a second of pauses between them
	slowest  = 32 << 10  // bytes a second an upload must make on top of the patience
	partSize = 32 << 20  // larger files go up in parts of this many bytes
	trialDir = "trials/" // where Check writes; no digest begins so
)

// S3 is a Store in a bucket. Each file is an object named by its digest, so
// several processes and several installations with prefixes of their own may
// share a bucket. Whatever the store answers, no call outlasts the patience
// between two signs of life.
//
// Nothing is encrypted beyond what the Folder does: whoever holds the bucket's
// key reads the files. Let the provider encrypt the bucket.
type S3 struct {
	client   *minio.Client
	bucket   string
	prefix   string
	patience time.Duration
}

var _ Store = (*S3)(nil)

// NewS3 makes a store over a bucket. It sends nothing: a store that is away is
// told by Check and by each call, and the server starts all the same.
func NewS3(o S3Options) (*S3, error) {
	if o.Patience == 0 {
		o.Patience = patience
	}
	if o.Tries == 0 {
		o.Tries = tries
	}
	style := map[string]minio.BucketLookupType{"path": minio.BucketLookupPath, "host": minio.BucketLookupDNS}[o.Style]
	transport := &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: (&net.Dialer{Timeout: min(o.Patience, 5*time.Second), KeepAlive: 15 * time.Second}).DialContext,
		// Half the patience, so that a request that got lost is sent once more.
		ResponseHeaderTimeout: o.Patience / 2, TLSHandshakeTimeout: min(o.Patience, 10*time.Second), ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute, DisableCompression: true, ForceAttemptHTTP2: true,
	}
	client, err := minio.New(o.URL.Host, &minio.Options{Creds: credentials.NewStaticV4(o.KeyID, o.Secret, ""), Secure: o.URL.Scheme == "https",
		Transport: transport, Region: o.Region, BucketLookup: style, MaxRetries: o.Tries})
	if err != nil {
		return nil, fmt.Errorf("blob: s3: %w", err)
	}
	return &S3{client: client, bucket: o.Bucket, prefix: o.Prefix, patience: o.Patience}, nil
}

// Put reads to the end first, since the name of a file is its digest, and sends
// it with its MD5, by which the store notices what went wrong on the way. Up to
// 32 MiB an object is whole or not there; larger ones go up in parts, and what a
// crash leaves of them is Sweep's.
func (s *S3) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	file, err := gather(ctx, r, limit)
	if err != nil {
		return Info{}, fmt.Errorf("blob: put: %w", err)
	}
	defer file.done()
	waiting, stop := context.WithTimeoutCause(ctx, s.patience+time.Duration(file.info.Size/slowest)*time.Second, errSilent)
	defer stop()
	_, err = s.client.PutObject(waiting, s.bucket, s.prefix+file.info.Digest, file.content, file.info.Size,
		minio.PutObjectOptions{SendContentMd5: true, PartSize: partSize})
	if err != nil {
		return Info{}, fmt.Errorf("blob: put %s: %w", file.info.Digest, s.fault(ctx, waiting, err))
	}
	return file.info, nil
}

// gathered is a file at hand, weighed and ready to be sent more than once.
type gathered struct {
	content *io.SectionReader
	info    Info
	done    func()
}

// gather weighs what r gives. What is in memory already stays there; anything
// else is laid into a temporary file.
func gather(ctx context.Context, r io.Reader, limit int64) (gathered, error) {
	if m, ok := r.(*bytes.Reader); ok {
		at, length := m.Size()-int64(m.Len()), int64(m.Len())
		info, err := fill(ctx, io.Discard, io.NewSectionReader(m, at, length), limit)
		return gathered{io.NewSectionReader(m, at, length), info, func() {}}, err
	}
	temp, err := os.CreateTemp("", "doorstep-*.part") // 0600 by the standard library
	if err != nil {
		return gathered{}, err
	}
	done := func() { _ = errors.Join(temp.Close(), os.Remove(temp.Name())) } // it lies in the system's folder for such files
	info, err := fill(ctx, temp, r, limit)
	if err != nil {
		done()
		return gathered{}, err
	}
	return gathered{io.NewSectionReader(temp, 0, info.Size), info, done}, nil
}

// Get opens a kept file; see Store. A store that falls silent in the middle is
// ErrAway at the next Read.
func (s *S3) Get(ctx context.Context, digest string) (io.ReadCloser, error) {
	if err := check(ctx, digest); err != nil {
		return nil, err
	}
	b, err := s.open(ctx, s.prefix+digest)
	if err != nil {
		return nil, fmt.Errorf("blob: get %s: %w", digest, err)
	}
	return &checked{ReadCloser: b, sum: sha256.New(), digest: digest}, nil
}

func (s *S3) open(ctx context.Context, name string) (*body, error) {
	waiting, stop := context.WithCancelCause(ctx)
	b := &body{store: s, ctx: ctx, waiting: waiting, stop: stop, silence: time.AfterFunc(s.patience, func() { stop(errSilent) })}
	content, _, _, err := minio.Core{Client: s.client}.GetObject(waiting, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		err = s.fault(ctx, waiting, err)
		b.silence.Stop()
		stop(nil)
		return nil, err
	}
	b.content = content
	return b, nil
}

// body is an object on its way, read under the patience.
type body struct {
	store        *S3
	ctx, waiting context.Context //nolint:containedctx // they are of this one request
	stop         context.CancelCauseFunc
	silence      *time.Timer
	content      io.ReadCloser
}

// Read gives ErrAway when the store falls silent or hangs up before the end.
func (b *body) Read(p []byte) (int, error) {
	b.silence.Reset(b.store.patience)
	n, err := b.content.Read(p)
	b.silence.Stop() // the reader may take its time
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("blob: read: %w", b.store.fault(b.ctx, b.waiting, err))
	}
	return n, err
}

// Close hangs up.
func (b *body) Close() error {
	b.silence.Stop()
	b.stop(nil)
	return b.content.Close()
}

// Delete removes a kept file; see Store.
func (s *S3) Delete(ctx context.Context, digest string) error {
	if err := check(ctx, digest); err != nil {
		return err
	}
	if err := s.remove(ctx, s.prefix+digest); err != nil {
		return fmt.Errorf("blob: delete %s: %w", digest, err)
	}
	return nil
}

func (s *S3) remove(ctx context.Context, name string) error {
	waiting, stop := context.WithTimeoutCause(ctx, s.patience, errSilent)
	defer stop()
	err := s.client.RemoveObject(waiting, s.bucket, name, minio.RemoveObjectOptions{})
	if err = s.fault(ctx, waiting, err); errors.Is(err, ErrMissing) {
		return nil // some stores say so
	}
	return err
}

// Check writes an object, reads it back, finds it in the list and removes it;
// see Store.
func (s *S3) Check(ctx context.Context) error {
	name := s.prefix + trialDir + rand.Text()
	waiting, stop := context.WithTimeoutCause(ctx, s.patience, errSilent)
	defer stop()
	_, err := s.client.PutObject(waiting, s.bucket, name, strings.NewReader(trial), int64(len(trial)), minio.PutObjectOptions{SendContentMd5: true})
	if err != nil {
		return fmt.Errorf("blob: check: write: %w", s.fault(ctx, waiting, err))
	}
	err = errors.Join(s.readBack(ctx, name), s.list(ctx, name, func(minio.ObjectInfo) error { return nil }))
	if gone := s.remove(ctx, name); gone != nil {
		err = errors.Join(err, fmt.Errorf("blob: check: remove: %w", gone))
	}
	return err
}

func (s *S3) readBack(ctx context.Context, name string) error {
	b, err := s.open(ctx, name)
	if err != nil {
		return fmt.Errorf("blob: check: read: %w", err)
	}
	back, err := io.ReadAll(b)
	if err = errors.Join(err, b.Close()); err == nil && string(back) != trial {
		err = fmt.Errorf("blob: check: read: %w", ErrDamaged)
	}
	return err
}

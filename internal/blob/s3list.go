package blob

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// Each names every kept file; see Store. The prefix of another installation in
// the same bucket is no file of ours.
func (s *S3) Each(ctx context.Context, each func(Info) error) error {
	return s.list(ctx, s.prefix, func(o minio.ObjectInfo) error {
		digest := strings.TrimPrefix(o.Key, s.prefix)
		if check(ctx, digest) != nil {
			return ctx.Err()
		}
		return each(Info{Digest: digest, Size: o.Size})
	})
}

// list goes over the objects whose names begin so, a page at a time.
func (s *S3) list(ctx context.Context, prefix string, each func(minio.ObjectInfo) error) error {
	waiting, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	silence := time.AfterFunc(s.patience, func() { stop(errSilent) })
	defer silence.Stop()
	for o := range s.client.ListObjectsIter(waiting, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		silence.Stop() // the callback may take its time
		if o.Err != nil {
			return fmt.Errorf("blob: list: %w", s.fault(ctx, waiting, o.Err))
		}
		if err := each(o); err != nil {
			return err
		}
		silence.Reset(s.patience)
	}
	if err := context.Cause(waiting); err != nil { // the library ends a list without a word then
		return fmt.Errorf("blob: list: %w", s.fault(ctx, waiting, err))
	}
	return nil
}

// Sweep gives up uploads in parts that were begun before the given time; see
// Store.
func (s *S3) Sweep(ctx context.Context, before time.Time) (int, error) {
	waiting, stop := context.WithTimeoutCause(ctx, s.patience, errSilent)
	defer stop()
	var old []minio.ObjectMultipartInfo
	for u := range s.client.ListIncompleteUploads(waiting, s.bucket, s.prefix, true) {
		if u.Err != nil {
			return 0, fmt.Errorf("blob: sweep: %w", s.fault(ctx, waiting, u.Err))
		}
		if check(ctx, strings.TrimPrefix(u.Key, s.prefix)) == nil && u.Initiated.Before(before) {
			old = append(old, u)
		}
	}
	for i, u := range old {
		err := minio.Core{Client: s.client}.AbortMultipartUpload(waiting, s.bucket, u.Key, u.UploadID)
		if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchUpload { // finished or given up meanwhile
			return i, fmt.Errorf("blob: sweep: %w", s.fault(ctx, waiting, err))
		}
	}
	return len(old), nil
}

// errSilent is why we hung up on a store ourselves.
var errSilent = errors.New("no answer in time")

// passing are refusals that may go otherwise the next time: what broke on the
// way, or came too slowly.
var passing = map[string]bool{
	"BadDigest": true, "IncompleteBody": true, "InvalidDigest": true, "RequestTimeout": true, "SlowDown": true, "XAmzContentSHA256Mismatch": true,
}

// fault sorts an answer into the kinds of this package and keeps it as the cause.
// The end of the caller's own context stays what it is.
func (s *S3) fault(ctx, waiting context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	if errors.Is(context.Cause(waiting), errSilent) {
		return fmt.Errorf("%w: %w within %s", ErrAway, errSilent, s.patience)
	}
	return fmt.Errorf("%w: %w", kindOf(err), err)
}

// kindOf: a wrong key, bucket or region, a missing right, a clock that is off or
// a full store are mended by nobody's waiting; stores give them many names, and
// one range of statuses.
func kindOf(err error) error {
	answer, _ := errors.AsType[minio.ErrorResponse](err)
	switch {
	case answer.Code == minio.NoSuchKey:
		return ErrMissing
	case passing[answer.Code], answer.StatusCode == http.StatusRequestTimeout, answer.StatusCode == http.StatusTooManyRequests:
		return ErrAway
	case answer.StatusCode >= 300 && answer.StatusCode < 500, answer.StatusCode == http.StatusInsufficientStorage:
		return ErrRefused
	}
	return ErrAway
}

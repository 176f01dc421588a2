// Package blob keeps files under the digest of their content, and decides which
// files are let in at all.
//
// Two doors stand one behind the other: Admit turns an upload into bytes that
// are safe to keep (a picture is drawn anew, without where and when it was
// taken), and a Store keeps bytes so that they cannot change unnoticed. The
// package knows no case and no person; who may fetch a file is decided before
// its digest is asked for.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Store keeps files by their content. Equal content is kept once, so Delete is
// only for a digest that no row names any more; the caller counts.
type Store interface {
	// Put keeps what r gives, at most limit bytes. When it returns without an
	// error the file survives a power cut; with one, nothing is left behind.
	// Errors: ErrTooLarge, the context's, the disk's.
	Put(ctx context.Context, r io.Reader, limit int64) (Info, error)
	// Get opens a file. Reading it to the end checks it: the last Read gives
	// ErrDamaged instead of io.EOF when the content is no longer what was put.
	// Errors: ErrDigest, ErrMissing.
	Get(ctx context.Context, digest string) (io.ReadCloser, error)
	// Delete removes a file; one that is already gone is no error.
	// Errors: ErrDigest.
	Delete(ctx context.Context, digest string) error
	// Each names every kept file with its size, in the order of the digests.
	// Files put meanwhile may be missing; what is no file of ours is passed over.
	// Errors: the callback's, the context's.
	Each(ctx context.Context, each func(Info) error) error
	// Sweep removes what broken-off uploads left behind and was last written
	// before the given time, and says how many they were. Give a time well past
	// the longest upload; whole files are never touched.
	Sweep(ctx context.Context, before time.Time) (int, error)
	// Check tries whether the store can be written, read, listed and cleared,
	// and leaves nothing behind.
	Check(ctx context.Context) error
}

// Info is what is known of a kept file.
type Info struct {
	Digest string // SHA-256 of the content, 64 lower-case hex digits
	Size   int64  // bytes
}

// DigestOf is the digest that content is kept under.
func DigestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Faults of a store; match them with errors.Is. Each method of a store on the
// network may also fail with ErrAway or ErrRefused.
var (
	ErrMissing = errors.New("no such file is kept")
	ErrDamaged = errors.New("the file is no longer what was put; restore it from a backup")
	ErrDigest  = errors.New("a digest is 64 lower-case hex digits")
	ErrAway    = errors.New("the file store cannot be reached or did not answer in time") // later it may
	ErrRefused = errors.New("the file store refuses: see its address, bucket and key")    // until somebody mends it
)

// incoming is the folder for files that are not whole yet. It lies beside the
// others, because a rename is only atomic within one file system.
const incoming = "incoming"

// Folder is a Store in a local folder: ab/ab12…, the first two digits as a
// subfolder so that none grows too long to list. Several processes may share it.
type Folder struct{ dir string }

var _ Store = (*Folder)(nil)

// NewFolder opens a store in dir and makes the folder (0700) when it is absent.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("blob: folder %q: %w", dir, err)
	}
	return &Folder{dir: dir}, nil
}

// Put writes to the side, syncs, then renames: a reader sees the whole file or
// none. Putting a file that is already kept writes it again, which mends a
// damaged one.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (Info, error) {
	temp, err := os.CreateTemp(filepath.Join(f.dir, incoming), "*.part") // 0600 by the standard library
	if err != nil {
		return Info{}, fmt.Errorf("blob: put: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already after the rename
	info, err := fill(ctx, temp, r, limit)
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return Info{}, fmt.Errorf("blob: put: %w", err)
	}
	if err := f.place(temp.Name(), info.Digest); err != nil {
		return Info{}, fmt.Errorf("blob: put %s: %w", info.Digest, err)
	}
	return info, nil
}

// fill copies what r gives, at most limit bytes, and weighs it on the way.
func fill(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Info, error) {
	sum := sha256.New()
	most := max(0, min(limit, math.MaxInt64-1))
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(heeding{ctx, r}, most+1))
	if err != nil {
		return Info{}, err
	}
	if n > most {
		return Info{}, fmt.Errorf("more than %d bytes: %w", most, ErrTooLarge)
	}
	return Info{Digest: hex.EncodeToString(sum.Sum(nil)), Size: n}, nil
}

// place renames and syncs the folders whose entries changed; a rename alone may
// be lost with the power.
func (f *Folder) place(temp, digest string) error {
	path := f.path(digest)
	shard := filepath.Dir(path)
	switch err := os.Mkdir(shard, 0o700); {
	case err == nil:
		if err := syncFolder(f.dir); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(shard)
}

func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get opens a kept file; see Store.
func (f *Folder) Get(ctx context.Context, digest string) (io.ReadCloser, error) {
	if err := check(ctx, digest); err != nil {
		return nil, err
	}
	file, err := os.Open(f.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("blob: get %s: %w", digest, ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("blob: get %s: %w", digest, err)
	}
	return &checked{ReadCloser: file, sum: sha256.New(), digest: digest}, nil
}

// Delete removes a kept file; see Store.
func (f *Folder) Delete(ctx context.Context, digest string) error {
	if err := check(ctx, digest); err != nil {
		return err
	}
	if err := os.Remove(f.path(digest)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: delete %s: %w", digest, err)
	}
	return nil
}

func (f *Folder) path(digest string) string { return filepath.Join(f.dir, digest[:2], digest) }

// check keeps paths out of digests: "../../etc/passwd" is no file of ours.
func check(ctx context.Context, digest string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	if len(digest) != 2*sha256.Size {
		return fmt.Errorf("blob: %d characters: %w", len(digest), ErrDigest)
	}
	for _, c := range []byte(digest) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("blob: %w", ErrDigest)
		}
	}
	return nil
}

// heeding stops reading when its context ends.
type heeding struct {
	ctx context.Context
	r   io.Reader
}

func (h heeding) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}

// checked reads a file and compares its digest at the end.
type checked struct {
	io.ReadCloser
	sum    hash.Hash
	digest string
}

// Read gives ErrDamaged in place of io.EOF when the content changed.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(c.sum.Sum(nil)) != c.digest {
		return n, fmt.Errorf("blob: %s: %w", c.digest, ErrDamaged)
	}
	return n, err
}

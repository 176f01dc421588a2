package web

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"doorstep/internal/mediation"
)

// keep stores the result, sealed with a key of its own: only who has the row can
// open it, and no other file can ever have its digest.
func (r *run) keep(ctx context.Context, got bound) binding {
	b := r.running()
	if got.err == nil {
		got.err = r.store(ctx, &b, got.file)
	}
	if got.err != nil {
		r.site.Log.Warn("a volume was not bound", "cause", got.err)
		b = binding{State: "failed", User: r.user, Fault: "error.unavailable"}
		if e, ok := errors.AsType[*mediation.Error](got.err); ok && e.Key != "" {
			b.Fault, b.Args = e.Key, e.Args
		}
	}
	return b
}

// store seals the result and stores it. The row is told of it before: a server that
// dies in between leaves nothing that nobody knows of.
func (r *run) store(ctx context.Context, b *binding, file *os.File) error {
	b.Key = make([]byte, 32)
	if _, err := rand.Read(b.Key); err != nil {
		return fmt.Errorf("web: volume: %w", err)
	}
	sealed, err := ciphered(b.Key, file)
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, sealed); err != nil {
		return fmt.Errorf("web: volume: %w", err)
	}
	b.Digest = hex.EncodeToString(sum.Sum(nil))
	if err := r.site.tell(ctx, r.owner, r.form, *b); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("web: volume: %w", err)
	}
	if sealed, err = ciphered(b.Key, file); err != nil {
		return err
	}
	info, err := r.site.Blobs.Put(ctx, sealed, math.MaxInt64)
	if err == nil && info.Digest != b.Digest {
		err = fmt.Errorf("web: a volume is stored as %s, not as %s", info.Digest, b.Digest)
	}
	b.State, b.Size = "done", info.Size
	return err
}

// TendVolumes clears the results away that a server which has ended left behind,
// now and then until the context ends.
func (s *Site) TendVolumes(ctx context.Context) {
	for {
		if n, err := s.clearLeft(ctx); ctx.Err() == nil && (n > 0 || err != nil) {
			s.Log.Info("bound volumes left behind were cleared away", "removed", n, "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(volumeKept):
		}
	}
}

// clearLeft clears what no server clears any more: each waits for volumeKept.
func (s *Site) clearLeft(ctx context.Context) (int, error) {
	return s.Drafts.TakeStale(ctx, bindingForms, s.Wall().Add(-2*volumeKept), func(body string, of func(owner string) bool) error {
		var b binding
		if err := json.Unmarshal([]byte(body), &b); err != nil || b.Digest == "" || !of(bindingOwner(b.User)) {
			return nil //nolint:nilerr // what somebody saved himself under such a name speaks of no file of ours
		}
		if err := s.Blobs.Delete(ctx, b.Digest); err != nil {
			return fmt.Errorf("web: clear a bound volume: %w", err)
		}
		return nil
	})
}

// ciphered seals or opens a stream: the key is used once, so the counter begins at
// nothing.
func ciphered(key []byte, r io.Reader) (io.Reader, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.StreamReader{S: cipher.NewCTR(block, make([]byte, block.BlockSize())), R: r}, nil
}

// clearBinding drops the row and the result.
func (s *Site) clearBinding(ctx context.Context, owner, form, digest string) {
	err := s.Drafts.DropDraft(ctx, owner, form)
	if digest != "" {
		err = errors.Join(err, s.Blobs.Delete(ctx, digest))
	}
	if err != nil {
		s.Log.Warn("a bound volume was not cleared away", "cause", err)
	}
}

// clear takes the result away after its time. Of a server that ends before, the row
// knows the result: the next asking clears it, or another server's TendVolumes.
func (r *run) clear(ctx context.Context, kept binding) {
	if kept.Digest == "" {
		return
	}
	time.AfterFunc(volumeKept, func() {
		if now, err := r.site.state(ctx, r.owner, r.form); err == nil && now != nil && now.Digest == kept.Digest {
			r.site.clearBinding(ctx, r.owner, r.form, kept.Digest)
		}
	})
}

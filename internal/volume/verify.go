package volume

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// What is wrong with a file; match with errors.Is.
var (
	ErrNoVolume = errors.New("this is no volume bound by this program")
	ErrChanged  = errors.New("the volume is not as it was bound")
	ErrUnsigned = errors.New("the list of the volume is not signed")
)

// largest bounds the list and its signature, bytes: what is read whole.
const largest = 4 << 20

// Verify checks a bound volume: that its list is signed, that every file of the
// list is there with its digest, and that nothing else is. check tells whether a
// signature fits the digest of the list; nil skips that. The list comes back
// also when the signature is missing, with ErrUnsigned.
//
// Errors: ErrNoVolume, ErrChanged naming the file, ErrUnsigned, those of check.
func Verify(r io.ReaderAt, size int64, check func(digest, signature []byte) error) (*Manifest, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoVolume, err)
	}
	list, err := whole(z, ManifestName)
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(list, m); err != nil || m.Format != format {
		return nil, fmt.Errorf("%w: the list has the form %q", ErrNoVolume, m.Format)
	}
	if err := m.signed(z, list, check); err != nil {
		return m, err
	}
	return m, m.held(z)
}

func (m *Manifest) signed(z *zip.Reader, list []byte, check func(digest, signature []byte) error) error {
	if check == nil {
		return nil
	}
	text, err := whole(z, SignatureName)
	if errors.Is(err, ErrNoVolume) {
		return ErrUnsigned
	} else if err != nil {
		return err
	}
	signature, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("%w: %s", ErrChanged, SignatureName)
	}
	digest := sha256.Sum256(list)
	return check(digest[:], signature)
}

// held compares the files with the list, both ways.
func (m *Manifest) held(z *zip.Reader) error {
	seen := map[string]bool{}
	for _, f := range z.File {
		if f.Name == ManifestName || f.Name == SignatureName {
			continue
		}
		i := slices.IndexFunc(m.Files, func(e Entry) bool { return e.Name == f.Name })
		if i < 0 || seen[f.Name] {
			return fmt.Errorf("%w: %s does not stand on the list", ErrChanged, f.Name)
		}
		seen[f.Name] = true
		if err := same(f, m.Files[i]); err != nil {
			return err
		}
	}
	for _, e := range m.Files {
		if !seen[e.Name] {
			return fmt.Errorf("%w: %s is missing", ErrChanged, e.Name)
		}
	}
	return nil
}

// same reads one file, never more than the list allows.
func same(f *zip.File, e Entry) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrChanged, f.Name, err)
	}
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, e.Size+1))
	if err = errors.Join(err, r.Close()); err != nil || n != e.Size || hex.EncodeToString(h.Sum(nil)) != e.SHA256 {
		return fmt.Errorf("%w: %s", ErrChanged, f.Name)
	}
	return nil
}

func whole(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: without %s", ErrNoVolume, name)
	}
	body, err := io.ReadAll(io.LimitReader(f, largest))
	return body, errors.Join(err, f.Close())
}

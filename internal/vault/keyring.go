package vault

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// KeyringFile is the name of the one file inside the keys folder. It is one file
// and not four because a file is either there or not: a crash at the first start
// cannot leave half a keyring, and a copy cannot forget a part.
const KeyringFile = "keyring"

// maxKeyring bounds what is read of a keyring, in bytes: about 700 generations.
const maxKeyring = 64 << 10

// tempName is what a keyring is called while it is written.
const tempName = ".keyring-*"

const keyringHead = `# The keys of Doorstep: one line a key (purpose, id, key, when made), the current one of each purpose first.
# Without this file sealed data cannot be read again, by anyone. Keep a copy apart from the backups.
`

// OpenKeys opens the keyring in dir. With create it makes the folder (0700) and
// a keyring (0600) of fresh random keys when there is none; it never adds to or
// replaces an existing one. Two processes that create at once end with the same
// keys.
//
// Errors: ErrNoKeyring without create, ErrKeyMode when group or others have any
// right on folder or file, ErrKeyring when a line is damaged or a purpose has no
// key.
func OpenKeys(dir string, create bool) (*Keys, error) {
	path := filepath.Join(dir, KeyringFile)
	if create {
		if err := createKeyring(dir, path); err != nil {
			return nil, err
		}
	}
	text, seen, err := readKeyring(dir, path)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeyring(text)
	if err != nil {
		return nil, fmt.Errorf("vault: keyring %q: %w; put it back from the copy kept apart from the backups", path, err)
	}
	keys.dir, keys.seen = dir, seen
	return keys, nil
}

func readKeyring(dir, path string) ([]byte, fs.FileInfo, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("vault: keyring %q: %w; put it back from the copy kept apart from the backups, or start with an empty data folder", path, ErrNoKeyring)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	defer func() { _ = f.Close() }() // it was only read
	folder, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	file, err := f.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	if err := errors.Join(private(dir, folder, "700"), private(path, file, "600")); err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyring+1))
	if err != nil {
		return nil, nil, fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	if len(text) > maxKeyring {
		return nil, nil, fmt.Errorf("vault: keyring %q: %w: it is longer than %d bytes", path, ErrKeyring, maxKeyring)
	}
	return text, file, nil
}

// private refuses rights of group and others. Windows keeps rights elsewhere and
// reports made-up bits, so nothing can be read from them there.
func private(path string, info fs.FileInfo, want string) error {
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return fmt.Errorf("vault: %q has mode %04o: %w; run: chmod %s %q", path, info.Mode().Perm(), ErrKeyMode, want, path)
}

// createKeyring writes a whole keyring beside the place and links it in: the
// link fails when another process was first, and then that one's keys stand.
func createKeyring(dir, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	temp, err := os.CreateTemp(dir, tempName) // 0600 by the standard library
	if err != nil {
		return fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	info, err := temp.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("vault: keyring %q: %w", path, err), temp.Close())
	}
	_, err = temp.Write(freshKeyring(info.ModTime())) // the folder's clock: this package knows no other
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("vault: keyring %q: %w", path, err)
	}
	return syncFolder(dir)
}

// syncFolder makes a new name survive a power cut; without it the first cases
// could be sealed with keys whose file is gone after the crash.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("vault: keys folder %q: %w", dir, err)
	}
	return nil
}

func freshKeyring(made time.Time) []byte {
	var b bytes.Buffer
	b.WriteString(keyringHead)
	for _, p := range Purposes() {
		_, line := freshKey(p, made)
		b.WriteString(line)
	}
	return b.Bytes()
}

// freshKey draws a key and gives its id and its line.
func freshKey(p Purpose, made time.Time) (id, line string) {
	var secret [keySize]byte
	_, _ = rand.Read(secret[:]) // never fails: the program ends first
	id = keyID(p, secret)
	return id, fmt.Sprintf("%s %s %x %s\n", p, id, secret, made.UTC().Format(time.RFC3339))
}

// keyID is reckoned from the key, so a damaged line cannot pass for a key.
func keyID(p Purpose, secret [keySize]byte) string {
	sum := sha256.Sum256(slices.Concat([]byte("doorstep key id\x00"+string(p)+"\x00"), secret[:]))
	return hex.EncodeToString(sum[:4])
}

func parseKeyring(text []byte) (*Keys, error) {
	all := make(rings)
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		g, err := parseKey(strings.Fields(line))
		if err == nil {
			err = all.add(g)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: %w", n, ErrKeyring, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyring, err)
	}
	for _, p := range Purposes() {
		if len(all[p]) == 0 {
			return nil, fmt.Errorf("%w: it has no %s key", ErrKeyring, p)
		}
	}
	k := &Keys{}
	k.rings.Store(&all)
	return k, nil
}

// parseKey reads the words of one line. Its errors never repeat the line, which
// may hold a key.
func parseKey(words []string) (key, error) {
	if len(words) != 3 && len(words) != 4 { // the fourth came later
		return key{}, errors.New("a key has three words, purpose, id and key, and then when it was made")
	}
	g := key{purpose: Purpose(words[0]), id: words[1]}
	if len(words) == 4 {
		made, err := time.Parse(time.RFC3339, words[3])
		if err != nil {
			return key{}, errors.New("the fourth word is no moment such as 2026-01-31T08:00:00Z")
		}
		g.made = made.UTC()
	}
	if !slices.Contains(Purposes(), g.purpose) {
		return key{}, fmt.Errorf("the first word is none of %v", Purposes())
	}
	if len(words[2]) != 2*keySize {
		return key{}, fmt.Errorf("a key has %d hex digits", 2*keySize)
	}
	if _, err := hex.Decode(g.secret[:], []byte(words[2])); err != nil {
		return key{}, fmt.Errorf("a key has %d hex digits", 2*keySize)
	}
	if keyID(g.purpose, g.secret) != g.id {
		return key{}, fmt.Errorf("the %s key does not belong to the id beside it; one of them was changed", g.purpose)
	}
	return g, nil
}

func (r rings) add(g key) error {
	if slices.ContainsFunc(r[g.purpose], func(old key) bool { return old.id == g.id }) {
		return fmt.Errorf("the %s key %s stands twice", g.purpose, g.id)
	}
	if g.purpose == FieldKey {
		block, err := aes.NewCipher(g.secret[:])
		if err != nil {
			return err
		}
		if g.aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return err
		}
	}
	r[g.purpose] = append(r[g.purpose], g)
	return nil
}

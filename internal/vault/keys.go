// Package vault keeps what must not be read or changed unnoticed: sealed
// fields, blind indexes, passwords, receipt codes, tokens, the chain of the
// history and its signed checkpoints.
//
// Everything rests on a keyring that lies outside the database and outside its
// backups, so that a stolen copy of either says nothing by itself. The package
// knows no case and no table; callers say which row a value belongs to.
package vault

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Purpose says what a key is for. No key serves two purposes, so that losing
// or changing one leaves the others as they were.
type Purpose string

// The purposes; a keyring holds at least one key of each.
const (
	FieldKey      Purpose = "field"      // seals single fields
	IndexKey      Purpose = "index"      // makes blind indexes
	PepperKey     Purpose = "pepper"     // goes into every password hash
	CheckpointKey Purpose = "checkpoint" // signs the daily heads of the history
)

// Purposes lists every purpose once, in the order of the keyring file.
func Purposes() []Purpose { return []Purpose{FieldKey, IndexKey, PepperKey, CheckpointKey} }

// Faults of the keyring. Match them with errors.Is; the text around them names
// the file, the purpose and the key id and says what to do.
var (
	ErrNoKeyring  = errors.New("the keyring is missing")
	ErrKeyring    = errors.New("the keyring cannot be used")
	ErrKeyMode    = errors.New("others than its owner may read the keyring")
	ErrKeyMissing = errors.New("a key in use is missing from the keyring")
)

// keySize is the length of every key in bytes (256 bits).
const keySize = 32

// key is one generation of one purpose.
type key struct {
	purpose Purpose
	id      string    // 8 hex digits, reckoned from the key itself
	made    time.Time // zero when the keyring does not say
	secret  [keySize]byte
	aead    cipher.AEAD // of a field key only
}

// Keys is an opened keyring. For each purpose the first key is the current one,
// which everything new is made with; older generations still open what was made
// with them. It is safe for concurrent use. Field keys follow the file: one that
// another process adds or takes away holds from the next seal on. The keys of
// the other purposes stay as they were opened, for an index or a pepper that
// changed between two requests would no longer fit what is stored.
type Keys struct {
	rings atomic.Pointer[rings]
	dir   string // where the keyring lies; "" for keys that are in no file
	mu    sync.Mutex
	seen  fs.FileInfo // the file as it was read last
}

type rings map[Purpose][]key

func (k *Keys) ring(p Purpose) []key { return (*k.rings.Load())[p] }

// IDs lists the key ids of a purpose, the current one first. They are no secret.
func (k *Keys) IDs(p Purpose) []string {
	ids := make([]string, 0, len(k.ring(p)))
	for _, g := range k.ring(p) {
		ids = append(ids, g.id)
	}
	return ids
}

// Generation is one key of a purpose without the key itself.
type Generation struct {
	ID      string    // 8 hex digits
	Made    time.Time // UTC; zero when it was made before dates were kept
	Current bool      // what is new is made with it
}

// Generations tells the keys of a purpose, the current one first.
func (k *Keys) Generations(p Purpose) []Generation {
	all := make([]Generation, 0, len(k.ring(p)))
	for i, g := range k.ring(p) {
		all = append(all, Generation{g.id, g.made, i == 0})
	}
	return all
}

// Require refuses with ErrKeyMissing when one of ids, the keys that stored data
// was made with, is not in the keyring. It is asked at the start, because a
// program that can no longer read its files must not go on writing new ones.
func (k *Keys) Require(p Purpose, ids ...string) error {
	for _, id := range ids {
		if _, err := k.find(p, id); err != nil {
			return err
		}
	}
	return nil
}

// Format writes a fixed word whatever the verb, so that no log, panic or %+v
// ever carries a key.
func (k *Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "vault.Keys(hidden)") }

// current is the newest key of a purpose. A keyring without one is not opened,
// so the index is safe.
func (k *Keys) current(p Purpose) *key { return &k.ring(p)[0] }

func (k *Keys) find(p Purpose, id string) (*key, error) {
	ring := k.ring(p)
	at := slices.IndexFunc(ring, func(g key) bool { return g.id == id })
	if at < 0 {
		return nil, fmt.Errorf("vault: %s key %q: %w; put the line of that key back into the keyring, from the copy kept apart from the backups",
			p, id, ErrKeyMissing)
	}
	return &ring[at], nil
}

package vault

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The cost of a hash: Argon2id with 19 MiB, two passes, one lane (RFC 9106; the
// OWASP floor). About 37 ms of one core; dearer settings would let a queue of
// sign-ins take a small machine.
const (
	hashMemory  = 19 << 10 // KiB
	hashTime    = 2
	hashThreads = 1
	hashSalt    = 16 // bytes
	hashLength  = 32 // bytes
)

// What a stored hash may ask for at most, so that a planted row cannot make one
// check eat the machine.
const (
	maxHashMemory  = 256 << 10 // KiB
	maxHashTime    = 16
	maxHashThreads = 16
)

// hashesAtOnce is how many hashes are made at the same time in one process.
const hashesAtOnce = 2

// MaxPassword is the longest password that is taken, in bytes.
const MaxPassword = 1024

// Faults of passwords; match them with errors.Is.
var (
	ErrPasswordLength = errors.New("a password has 1 to 1024 bytes")
	ErrHashForm       = errors.New("the stored hash is not one of ours")
)

// Hasher makes and checks the hashes of passwords and of the secrets of receipt
// codes. Two hashes at most are made at once, however many Hasher's methods
// wait, so sign-ins leave a core to everybody else; those that wait give up with
// their context. Make one per process. It is safe for concurrent use.
type Hasher struct {
	keys  *Keys
	slots chan struct{}
}

// NewHasher makes a Hasher that peppers with the keys' current pepper.
func NewHasher(keys *Keys) *Hasher {
	return &Hasher{keys: keys, slots: make(chan struct{}, hashesAtOnce)}
}

// HashPassword makes the PHC string to store, such as
// $argon2id$v=19$m=19456,t=2,p=1,keyid=1a2b3c4d$salt$hash. The password is first
// brought to NFKC, so that full-width digits of a Chinese keyboard are the
// digits they look like, and mixed with the pepper, so that a stolen database
// alone cannot be searched by guessing.
//
// Errors: ErrPasswordLength, or the context's when it ends while waiting.
func (h *Hasher) HashPassword(ctx context.Context, password string) (string, error) {
	p := phc{memory: hashMemory, time: hashTime, threads: hashThreads, pepper: h.keys.current(PepperKey).id,
		salt: make([]byte, hashSalt)}
	_, _ = rand.Read(p.salt) // never fails: the program ends first
	sum, err := h.sum(ctx, p, password, hashLength)
	if err != nil {
		return "", err
	}
	p.hash = sum
	return p.String(), nil
}

// CheckPassword says whether the password is the one hashed. rehash is true with
// ok when the hash was made at another cost or with an older pepper: then store
// a new one. A wrong password is not an error.
//
// Errors: ErrHashForm, ErrKeyMissing for a pepper that is gone,
// ErrPasswordLength, or the context's.
func (h *Hasher) CheckPassword(ctx context.Context, hash, password string) (ok, rehash bool, err error) {
	p, err := parsePHC(hash)
	if err != nil {
		return false, false, err
	}
	sum, err := h.sum(ctx, p, password, uint32(len(p.hash)))
	if err != nil {
		return false, false, err
	}
	if subtle.ConstantTimeCompare(sum, p.hash) != 1 {
		return false, false, nil
	}
	now := p.memory == hashMemory && p.time == hashTime && p.threads == hashThreads &&
		len(p.salt) == hashSalt && len(p.hash) == hashLength && p.pepper == h.keys.current(PepperKey).id
	return true, !now, nil
}

// CheckNobody spends the time of a check and finds nothing. Call it when there
// is no such user or locator: an answer that comes sooner would tell so.
//
// Errors: as HashPassword.
func (h *Hasher) CheckNobody(ctx context.Context, password string) error {
	_, err := h.HashPassword(ctx, password)
	return err
}

func (h *Hasher) sum(ctx context.Context, p phc, password string, length uint32) ([]byte, error) {
	if password == "" || len(password) > MaxPassword {
		return nil, fmt.Errorf("vault: password: %w", ErrPasswordLength)
	}
	pepper, err := h.keys.find(PepperKey, p.pepper)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("vault: password: %w", err) // a free slot must not win over a request that is gone
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("vault: password: waited for its turn: %w", ctx.Err())
	}
	// x/crypto's Argon2 has no secret input, so the pepper comes in before it.
	mac := hmac.New(sha256.New, pepper.secret[:])
	mac.Write(norm.NFKC.Bytes([]byte(password)))
	return argon2.IDKey(mac.Sum(nil), p.salt, p.time, p.memory, p.threads, length), nil
}

// phc is a hash in the PHC string format.
type phc struct {
	memory, time uint32
	threads      uint8
	pepper       string // key id of the pepper
	salt, hash   []byte
}

// String writes the hash as it is stored.
func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d,keyid=%s$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		p.pepper, b64.EncodeToString(p.salt), b64.EncodeToString(p.hash))
}

// parsePHC never repeats the hash in its error: errors go to the log.
func parsePHC(s string) (phc, error) {
	var p phc
	parts := strings.Split(s, "$")
	if len(s) > 512 || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return p, fmt.Errorf("vault: %w", ErrHashForm)
	}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 4 {
		return p, fmt.Errorf("vault: %w", ErrHashForm)
	}
	m, mok := cost(costs[0], "m=", maxHashMemory)
	t, tok := cost(costs[1], "t=", maxHashTime)
	n, nok := cost(costs[2], "p=", maxHashThreads)
	pepper, kok := strings.CutPrefix(costs[3], "keyid=")
	b64 := base64.RawStdEncoding.Strict()
	salt, serr := b64.DecodeString(parts[4])
	hash, herr := b64.DecodeString(parts[5])
	if !mok || !tok || !nok || !kok || serr != nil || herr != nil || len(salt) < 8 || len(hash) < 16 || len(hash) > 64 {
		return p, fmt.Errorf("vault: %w", ErrHashForm)
	}
	return phc{memory: m, time: t, threads: uint8(n), pepper: pepper, salt: salt, hash: hash}, nil
}

func cost(s, name string, most uint32) (uint32, bool) {
	text, ok := strings.CutPrefix(s, name)
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), ok && err == nil && n >= 1 && n <= uint64(most)
}

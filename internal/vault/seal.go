package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// AAD is the place a sealed value belongs to. It is bound into the seal: a value
// moved to another table, column or row does not open there. All three are
// needed; Row is the row's id as text.
type AAD struct{ Table, Column, Row string }

// ErrSealed says that a sealed value was changed, cut, moved from another row,
// or never sealed.
var ErrSealed = errors.New("the sealed value is damaged or belongs elsewhere")

// ErrPlace says that an AAD lacks its table, column or row: a seal that is bound
// to no row could be moved unnoticed.
var ErrPlace = errors.New("a sealed value needs its table, column and row")

// A sealed value is: version (1 byte), key id (4), nonce (12), ciphertext, tag
// (16). The header is authenticated with the AAD.
const (
	sealVersion = 1
	sealHeader  = 1 + 4
	sealNonce   = 12
	sealTag     = 16
)

// SealOverhead is how many bytes a sealed value is longer than the plain one.
const SealOverhead = sealHeader + sealNonce + sealTag

// Seal encrypts a field with AES-256-GCM under a random nonce and binds it to
// its place. The same text sealed twice gives two values, so equality shows only
// through Index. A field key is good for about 4 billion seals (NIST SP
// 800-38D 8.3); a new generation starts the count anew.
//
// Errors: ErrPlace.
func (k *Keys) Seal(aad AAD, plain string) ([]byte, error) {
	if err := aad.check(); err != nil {
		return nil, err
	}
	k.follow()
	g := k.current(FieldKey)
	id, err := hex.DecodeString(g.id)
	if err != nil {
		return nil, fmt.Errorf("vault: field key id %q: %w", g.id, err)
	}
	sealed := make([]byte, 0, SealOverhead+len(plain))
	sealed = append(append(sealed, sealVersion), id...)
	return g.aead.Seal(sealed, nil, []byte(plain), aad.bytes(sealed)), nil
}

// Open decrypts what Seal made for the same place, with whichever generation
// sealed it.
//
// Errors: ErrSealed, ErrKeyMissing (the text names the key id), ErrPlace.
func (k *Keys) Open(aad AAD, sealed []byte) (string, error) {
	if err := aad.check(); err != nil {
		return "", err
	}
	id, err := SealedWith(sealed)
	if err != nil {
		return "", err
	}
	g, err := k.find(FieldKey, id)
	if err != nil {
		k.follow() // another process may have begun to seal with a new key
		g, err = k.find(FieldKey, id)
	}
	if err != nil {
		return "", err
	}
	plain, err := g.aead.Open(nil, nil, sealed[sealHeader:], aad.bytes(sealed[:sealHeader]))
	if err != nil {
		return "", fmt.Errorf("vault: %s.%s row %q: %w", aad.Table, aad.Column, aad.Row, ErrSealed)
	}
	return string(plain), nil
}

// Reseal opens a sealed value and seals it for the same place with the current
// key.
//
// Errors: as Open.
func (k *Keys) Reseal(aad AAD, sealed []byte) ([]byte, error) {
	plain, err := k.Open(aad, sealed)
	if err != nil {
		return nil, err
	}
	return k.Seal(aad, plain)
}

// SealedWith is the id of the field key a value was sealed with. It opens
// nothing: it serves to find which generations are in use.
func SealedWith(sealed []byte) (string, error) {
	if len(sealed) < SealOverhead || sealed[0] != sealVersion {
		return "", fmt.Errorf("vault: %d bytes: %w", len(sealed), ErrSealed)
	}
	return hex.EncodeToString(sealed[1:sealHeader]), nil
}

// Index gives the 32-byte blind index of a value: HMAC-SHA256 under the index
// key, kept apart by kind ("phone", "id_number"), so that equal digits of two
// kinds show no link. normal must already be in the one form that is searched
// for; Index compares bytes. Without the key nobody can try numbers against it.
//
// The index key is not rotated: what is kept as an index alone (recovery codes,
// owners of drafts) could not be made anew, and an index that some requests
// reckon with one key and some with another finds nothing. It says nothing by
// itself of a value, and a sealed value does not open with it.
func (k *Keys) Index(kind string, normal string) []byte {
	secret := k.current(IndexKey).secret
	mac := hmac.New(sha256.New, secret[:])
	mac.Write(framed(nil, kind))
	mac.Write([]byte(normal))
	return mac.Sum(nil)
}

func (a AAD) check() error {
	if a.Table == "" || a.Column == "" || a.Row == "" {
		return fmt.Errorf("vault: table %q, column %q, row %q: %w", a.Table, a.Column, a.Row, ErrPlace)
	}
	return nil
}

// bytes frames each part with its length: without it ("ab","c") and ("a","bc")
// would be the same place.
func (a AAD) bytes(header []byte) []byte {
	b := framed(nil, string(header))
	b = framed(b, a.Table)
	b = framed(b, a.Column)
	return framed(b, a.Row)
}

func framed(b []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(part))), part...)
}

package vault

import (
	"crypto/sha256"
	"encoding/binary"
)

// LinkSize is the length of a chain head in bytes.
const LinkSize = sha256.Size

// Link gives the head of a chain after one more entry: SHA-256 of the head
// before, the length of the entry's canonical form as 8 bytes big-endian, and
// that form. The head before the first entry is nil, which counts as 32 zero
// bytes, or empty and not nil, which counts as nothing: the histories of cases
// begin in that second way, and must go on doing so to be checked. To check a chain, link its entries again from the start and compare
// each head: the first that differs is the first changed entry.
func Link(prev []byte, canonical []byte) []byte {
	if prev == nil {
		prev = make([]byte, LinkSize)
	}
	h := sha256.New()
	h.Write(prev)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(canonical))))
	h.Write(canonical)
	return h.Sum(nil)
}

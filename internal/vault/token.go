package vault

import (
	"crypto/rand"
	"crypto/sha256"
)

// NewToken draws a token for a session, an invitation link or an API client: 26
// letters and digits of base32 with 130 random bits, safe in a URL, a cookie and
// a header. digest is what is stored and looked up; the token itself is given
// out once and kept nowhere.
func NewToken() (token string, digest []byte) {
	token = rand.Text()
	return token, Digest(token)
}

// Digest is the SHA-256 of a token, 32 bytes. A plain hash is enough here: 130
// random bits cannot be guessed, so nothing slow has to stand in the way of every
// request.
func Digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

package vault

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// TestKeys gives a fixed keyring, the same in every run, for tests and recorded
// fixtures. Anybody can reckon these keys from the source: never open real data
// with them. It panics if its own text does not parse, which is a fault of this
// file.
func TestKeys() *Keys {
	var text strings.Builder
	for _, p := range Purposes() {
		secret := sha256.Sum256([]byte("doorstep test key " + p))
		fmt.Fprintf(&text, "%s %s %x\n", p, keyID(p, secret), secret)
	}
	keys, err := parseKeyring([]byte(text.String()))
	if err != nil {
		panic(err)
	}
	return keys
}

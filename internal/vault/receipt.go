package vault

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
)

// A receipt code has 24 digits: 9 that find the row and are no secret, 14 that
// are the secret (46.5 bits), and one check digit.
const (
	locatorDigits = 9
	secretDigits  = 14
	codeDigits    = locatorDigits + secretDigits + 1
)

// maxCodeInput bounds what is looked at when a typed code is read, in bytes.
const maxCodeInput = 256

// What can be wrong with a typed receipt code. Each has its own sentence for the
// reader, because "look at the digits again" and "some are missing" help and
// "not found" does not; none of them tells whether a code exists.
var (
	ErrCodeLength = errors.New("a receipt code has 24 digits")
	ErrCodeDigit  = errors.New("a receipt code has digits only")
	ErrCodeCheck  = errors.New("the receipt code was mistyped")
)

// Code is a receipt code: who holds it may see how his filing stands. It is
// shown once and never put into a URL, a short message or a log. The zero Code
// is no code.
type Code struct{ digits string }

// NewReceiptCode draws a code from the system's random source. The caller sees
// to it that no other filing has the locator and draws again if one does.
func NewReceiptCode() Code {
	d := make([]byte, 0, codeDigits)
	var pool [32]byte
	for len(d) < codeDigits-1 {
		_, _ = rand.Read(pool[:]) // never fails: the program ends first
		for _, b := range pool {
			// 250 is the largest multiple of ten in a byte; taking more would make
			// small digits likelier.
			if b < 250 && len(d) < codeDigits-1 {
				d = append(d, '0'+b%10)
			}
		}
	}
	return Code{string(append(d, damm(string(d))))}
}

// ParseReceiptCode reads a code as people type and copy it: with or without
// spaces, dashes and dots, in full-width digits, with the invisible characters
// that come along from a chat.
//
// Errors: ErrCodeDigit, ErrCodeLength, ErrCodeCheck. None repeats the input.
func ParseReceiptCode(s string) (Code, error) {
	if len(s) > maxCodeInput {
		return Code{}, fmt.Errorf("vault: receipt code: %w", ErrCodeLength)
	}
	var d strings.Builder
	for _, r := range s {
		if digit := keepDigit(r); digit >= 0 {
			d.WriteRune(digit)
			continue
		}
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Pd, unicode.Cf) && !strings.ContainsRune("−ー_.·•．", r) {
			return Code{}, fmt.Errorf("vault: receipt code: %w", ErrCodeDigit)
		}
	}
	code := d.String()
	if len(code) != codeDigits {
		return Code{}, fmt.Errorf("vault: receipt code: %d digits: %w", len(code), ErrCodeLength)
	}
	if damm(code[:codeDigits-1]) != code[codeDigits-1] {
		return Code{}, fmt.Errorf("vault: receipt code: %w", ErrCodeCheck)
	}
	return Code{code}, nil
}

// Locator is the part that finds the row, 9 digits; it opens nothing.
func (c Code) Locator() string {
	if c.digits == "" {
		return ""
	}
	return c.digits[:locatorDigits]
}

// Secret is the part to hash with a Hasher and to check against the hash, 14
// digits.
func (c Code) Secret() string {
	if c.digits == "" {
		return ""
	}
	return c.digits[locatorDigits : locatorDigits+secretDigits]
}

// String is the code for the one page that shows it, in groups of four:
// "1234 5678 9012 3456 7890 1234".
func (c Code) String() string {
	var b strings.Builder
	for i := 0; i < len(c.digits); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.digits[i : i+4])
	}
	return b.String()
}

// LogValue keeps the code out of logs.
func (Code) LogValue() slog.Value { return slog.StringValue("(receipt code)") }

// dammTable is the quasigroup of order ten from Damm's thesis (2004).
const dammTable = "" +
	"0317598642" + "7092154863" + "4206871359" + "1750983426" + "6123045978" +
	"3674209581" + "5869720134" + "8945362017" + "9438617205" + "2581436790"

// damm is the check digit. Damm's scheme finds every single wrong digit and
// every swap of two neighbours with one plain digit. Luhn misses the swap of 09
// and 90, and Verhoeff, which is as good, needs three tables.
func damm(digits string) byte {
	interim := byte(0)
	for i := range len(digits) {
		interim = dammTable[10*int(interim)+int(digits[i]-'0')] - '0'
	}
	return '0' + interim
}

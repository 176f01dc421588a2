package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

var place = AAD{Table: "persons", Column: "phone", Row: "0197f2d0-0000-7000-8000-000000000001"}

// proves: duty.sealing
func TestSealOpensOnlyInItsPlace(t *testing.T) {
	k := TestKeys()
	sealed := must(k.Seal(place, "13800001234"))
	if got, err := k.Open(place, sealed); err != nil || got != "13800001234" {
		t.Fatalf("in its place: %q, %v", got, err)
	}
	for _, tt := range []struct {
		rule string
		at   AAD
	}{
		{"another row", AAD{place.Table, place.Column, "0197f2d0-0000-7000-8000-000000000002"}},
		{"another column", AAD{place.Table, "id_number", place.Row}},
		{"another table", AAD{"organisations", place.Column, place.Row}},
		{"the same letters cut elsewhere", AAD{"person", "sphone", place.Row}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, err := k.Open(tt.at, sealed); !errors.Is(err, ErrSealed) {
				t.Errorf("opened as %q, %v; want ErrSealed", got, err)
			}
		})
	}
}

func TestTwoSealsSwappedBetweenRowsDoNotOpen(t *testing.T) {
	k := TestKeys()
	a, b := AAD{"persons", "phone", "a"}, AAD{"persons", "phone", "b"}
	sealedA, sealedB := must(k.Seal(a, "13800001234")), must(k.Seal(b, "13900005678"))
	if _, err := k.Open(a, sealedB); !errors.Is(err, ErrSealed) {
		t.Errorf("b's value in a's row: %v", err)
	}
	if _, err := k.Open(b, sealedA); !errors.Is(err, ErrSealed) {
		t.Errorf("a's value in b's row: %v", err)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	k := TestKeys()
	sealed := must(k.Seal(place, "春晓苑3号楼502"))
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if got, err := k.Open(place, bad); err == nil {
			t.Errorf("byte %d changed and still opened as %q", i, got)
		}
	}
	for n := range sealed {
		if _, err := k.Open(place, sealed[:n]); err == nil {
			t.Errorf("cut to %d bytes and still opened", n)
		}
	}
}

func TestSealNeedsAPlace(t *testing.T) {
	k := TestKeys()
	for _, at := range []AAD{{"", "c", "r"}, {"t", "", "r"}, {"t", "c", ""}} {
		if _, err := k.Seal(at, "x"); !errors.Is(err, ErrPlace) {
			t.Errorf("Seal(%v) = %v, want ErrPlace", at, err)
		}
		if _, err := k.Open(at, make([]byte, 64)); !errors.Is(err, ErrPlace) {
			t.Errorf("Open(%v) = %v, want ErrPlace", at, err)
		}
	}
}

func TestSealRoundTripHidesTheText(t *testing.T) {
	k := TestKeys()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.String().Draw(t, "plain")
		at := AAD{rapid.StringN(1, -1, -1).Draw(t, "table"), "c", rapid.StringN(1, -1, -1).Draw(t, "row")}
		one, two := must(k.Seal(at, plain)), must(k.Seal(at, plain))
		if got, err := k.Open(at, one); err != nil || got != plain {
			t.Fatalf("opened %q, %v; sealed %q", got, err, plain)
		}
		if bytes.Equal(one, two) {
			t.Fatal("two seals of one text are equal: equality would show")
		}
		if len(plain) > 3 && bytes.Contains(one, []byte(plain)) {
			t.Fatal("the text stands in its seal")
		}
		if len(one) != len(plain)+SealOverhead {
			t.Fatalf("seal of %d bytes has %d, want %d more", len(plain), len(one), SealOverhead)
		}
	})
}

// A seal made by this version on another day must open for ever: the bytes were
// written once by Seal with the test keys.
func TestRecordedSealStillOpens(t *testing.T) {
	sealed, err := hex.DecodeString(recordedSeal)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := TestKeys().Open(place, sealed); err != nil || got != "家门口" {
		t.Errorf("opened %q, %v; want 家门口", got, err)
	}
}

func TestIndexKeepsKindsAndKeysApart(t *testing.T) {
	k := TestKeys()
	base := k.Index("phone", "13800001234")
	if len(base) != 32 || !bytes.Equal(base, k.Index("phone", "13800001234")) {
		t.Fatal("an index is 32 bytes and the same each time")
	}
	if got := hex.EncodeToString(base); got != recordedIndex {
		t.Errorf("index = %s, want the recorded %s: stored indexes would no longer be found", got, recordedIndex)
	}
	other := parsed(t, oneEach())
	for rule, got := range map[string][]byte{
		"another kind":              k.Index("id_number", "13800001234"),
		"another value":             k.Index("phone", "13800001235"),
		"letters moved to kind":     k.Index("phone1", "3800001234"),
		"another key":               other.Index("phone", "13800001234"),
		"the value as its own kind": k.Index("", "phone13800001234"),
	} {
		if bytes.Equal(base, got) {
			t.Errorf("%s gives the same index", rule)
		}
	}
}

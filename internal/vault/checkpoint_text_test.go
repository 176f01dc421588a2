package vault

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func checkpoint() Checkpoint {
	head := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	return Checkpoint{MadeAt: time.Date(2026, 5, 11, 3, 30, 0, 0, time.UTC), Reads: 7, Office: 3, Heads: []ChainHead{
		{"01976f3e-1234-7123-8123-123456789012", 12, head("a")}, {"01976f3e-1234-7123-8123-123456789013", 0, ""}, {"01976f3e-1234-7123-8123-123456789014", 1, head("b")}}}
}

func TestACheckpointComesBackAsItWas(t *testing.T) {
	keys, want := TestKeys(), checkpoint()
	text, err := want.Text(keys)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	_, _ = zip.Write(text)
	_ = zip.Close()
	for rule, form := range map[string][]byte{"plain": text, "gzipped": zipped.Bytes(), "by a mail program": bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))} {
		got, err := keys.ReadCheckpoint(bytes.NewReader(form))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", rule, err, diff)
		}
	}
	if again, err := want.Text(keys); err != nil || !bytes.Equal(text, again) {
		t.Error("the same checkpoint has two texts")
	}
}

// Whoever has only the text and the public key in it can check the signature.
func TestACheckpointIsCheckedWithoutTheKeyring(t *testing.T) {
	text, err := checkpoint().Text(TestKeys())
	if err != nil {
		t.Fatal(err)
	}
	body, mark, _ := strings.Cut(string(text), "signature ")
	var public ed25519.PublicKey
	for line := range strings.Lines(body) {
		if rest, ok := strings.CutPrefix(line, "key "); ok {
			public, _ = hex.DecodeString(strings.Fields(rest)[1])
		}
	}
	signature, _ := hex.DecodeString(strings.TrimSpace(mark))
	sum := sha256.Sum256([]byte(body))
	if err := VerifyCheckpoint(public, sum[:], signature); err != nil {
		t.Error(err)
	}
}

// Every byte counts: one that is changed, missing or added is found.
func TestAChangedCheckpointIsRefused(t *testing.T) {
	keys := TestKeys()
	text, err := checkpoint().Text(keys)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(rule string, changed []byte) {
		t.Helper()
		_, err := keys.ReadCheckpoint(bytes.NewReader(changed))
		if !errors.Is(err, ErrNoCheckpoint) && !errors.Is(err, ErrCheckpoint) && !errors.Is(err, ErrKeyMissing) {
			t.Errorf("%s: %v", rule, err)
		}
	}
	for i := range len(text) - 1 {
		changed := bytes.Clone(text)
		changed[i] ^= 1
		refused("changed at "+string(text[max(0, i-8):i+1]), changed)
		if i < len(text)-1 {
			refused("cut", text[:i])
		}
	}
	lines := strings.SplitAfter(string(text), "\n")
	for i := range lines {
		refused("without a line", []byte(strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "")+" "))
	}
	refused("nothing", nil)
	refused("another house's", bytes.Replace(text, []byte(signatureMark), []byte(signatureMark+"0"), 1))
}

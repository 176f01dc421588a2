package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

// The heads were reckoned apart from this code, with Python's hashlib.
func TestLinkVectors(t *testing.T) {
	first := Link(nil, []byte(`{"action":"file","n":1}`))
	for _, tt := range []struct {
		rule string
		got  []byte
		want string
	}{
		{"the first entry follows 32 zero bytes", first, "904507dd1b5d76a73a3872c25345650c2029970d0800b29c490b56b497ff0d02"},
		{"zero bytes said aloud are the same", Link(make([]byte, 32), []byte(`{"action":"file","n":1}`)), "904507dd1b5d76a73a3872c25345650c2029970d0800b29c490b56b497ff0d02"},
		{"the second entry carries the first", Link(first, []byte(`{"action":"accept","n":2}`)), "55e965e566744a9016308d5763d6186fa298bbb332e735a3d6a1482f6025896e"},
		{"an empty entry is an entry", Link(nil, nil), "2c34ce1df23b838c5abf2a7f6437cca3d3067ed509ff25f11df6b11b582b51eb"},
	} {
		if got := hex.EncodeToString(tt.got); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.rule, got, tt.want)
		}
	}
}

// proves: duty.chain
func TestAnyChangeInAChainShowsFromThereOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 20), 1, 12).Draw(t, "entries")
		at := rapid.IntRange(0, len(entries)-1).Draw(t, "changed")
		var prev, changed []byte
		for i, e := range entries {
			prev = Link(prev, e)
			if i == at {
				e = bytes.Clone(e)
				e[0] ^= 1
			}
			changed = Link(changed, e)
			if same := bytes.Equal(prev, changed); same != (i < at) {
				t.Fatalf("entry %d changed; heads equal at %d: %v", at, i, same)
			}
		}
	})
}

func TestCheckpointSignature(t *testing.T) {
	k := TestKeys()
	signature := must(k.Sign([]byte("head")))
	if got := hex.EncodeToString(signature); got != recordedSignature {
		t.Errorf("signature = %s, want the recorded %s", got, recordedSignature)
	}
	if err := k.Verify([]byte("head"), signature); err != nil {
		t.Errorf("its own signature: %v", err)
	}
	if err := k.Verify([]byte("heae"), signature); !errors.Is(err, ErrCheckpoint) {
		t.Errorf("another head: %v, want ErrCheckpoint", err)
	}
	for i := range signature {
		bad := bytes.Clone(signature)
		bad[i] ^= 1
		if err := k.Verify([]byte("head"), bad); err == nil {
			t.Errorf("byte %d changed and still verified", i)
		}
	}
	for _, cut := range [][]byte{nil, signature[:67], append(bytes.Clone(signature), 0)} {
		if err := k.Verify([]byte("head"), cut); !errors.Is(err, ErrCheckpoint) {
			t.Errorf("signature of %d bytes: %v, want ErrCheckpoint", len(cut), err)
		}
	}
	if err := parsed(t, oneEach()).Verify([]byte("head"), signature); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("another keyring: %v, want ErrKeyMissing", err)
	}
}

func TestCheckpointIsVerifiedOutside(t *testing.T) {
	k := TestKeys()
	public, err := k.CheckpointPublic(k.IDs(CheckpointKey)[0])
	if err != nil || hex.EncodeToString(public) != recordedPublic {
		t.Fatalf("public key = %x, %v; want the recorded %s", public, err, recordedPublic)
	}
	signature := must(k.Sign([]byte("head")))
	if err := VerifyCheckpoint(public, []byte("head"), signature); err != nil {
		t.Errorf("with the public key alone: %v", err)
	}
	if err := VerifyCheckpoint(public[:31], []byte("head"), signature); !errors.Is(err, ErrCheckpoint) {
		t.Errorf("with a cut key: %v, want ErrCheckpoint and no panic", err)
	}
	if bytes.Equal(public, k.current(CheckpointKey).secret[:]) {
		t.Error("the public key is the key of the keyring")
	}
}

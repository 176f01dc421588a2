package vault

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ringText writes a keyring whose keys are filled with the given bytes, the
// current one first.
func ringText(t *testing.T, fills map[Purpose][]byte) string {
	t.Helper()
	var b strings.Builder
	for _, p := range Purposes() {
		for _, fill := range fills[p] {
			var secret [keySize]byte
			for i := range secret {
				secret[i] = fill
			}
			fmt.Fprintf(&b, "%s %s %x\n", p, keyID(p, secret), secret)
		}
	}
	return b.String()
}

func oneEach() map[Purpose][]byte {
	return map[Purpose][]byte{FieldKey: {1}, IndexKey: {2}, PepperKey: {3}, CheckpointKey: {4}}
}

func parsed(t *testing.T, fills map[Purpose][]byte) *Keys {
	t.Helper()
	k, err := parseKeyring([]byte(ringText(t, fills)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func allIDs(k *Keys) map[Purpose][]string {
	ids := make(map[Purpose][]string)
	for _, p := range Purposes() {
		ids[p] = k.IDs(p)
	}
	return ids
}

func TestFirstStartMakesAKeyringThatStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "keys")
	first, err := OpenKeys(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Purposes() {
		if ids := first.IDs(p); len(ids) != 1 || len(ids[0]) != 8 {
			t.Errorf("%s ids = %q, want one of 8 hex digits", p, ids)
		}
	}
	again, err := OpenKeys(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(allIDs(first), allIDs(again)); diff != "" {
		t.Errorf("the second start has other keys:\n%s", diff)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, KeyringFile): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("folder holds %v (%v), want the keyring alone", left, err)
	}
}

func TestTwoFirstStartsAtOnceShareTheKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	opened := make([]*Keys, 8)
	var wg sync.WaitGroup
	for i := range opened {
		wg.Go(func() {
			k, err := OpenKeys(dir, true)
			if err != nil {
				t.Error(err)
			}
			opened[i] = k
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	for _, k := range opened[1:] {
		if diff := cmp.Diff(allIDs(opened[0]), allIDs(k)); diff != "" {
			t.Fatalf("two processes, two keyrings:\n%s", diff)
		}
	}
}

func TestKeyringRefused(t *testing.T) {
	good := ringText(t, oneEach())
	for _, tt := range []struct {
		rule string
		text string
		want error
		says string
	}{
		{"a purpose without a key", strings.Replace(good, "pepper", "#pepper", 1), ErrKeyring, "no pepper key"},
		{"a changed digit of a key", strings.Replace(good, "0101", "0102", 1), ErrKeyring, "line 1"},
		{"an unknown purpose", good + "salt 00000000 " + strings.Repeat("00", 32) + "\n", ErrKeyring, "line 5"},
		{"a key cut short", good + "field 00000000 00\n", ErrKeyring, "64 hex digits"},
		{"a key that is not hex", good + "field 00000000 " + strings.Repeat("zz", 32) + "\n", ErrKeyring, "64 hex digits"},
		{"a key twice", good + strings.SplitAfter(good, "\n")[0], ErrKeyring, "twice"},
		{"a line with two words", good + "field 00000000\n", ErrKeyring, "three words"},
		{"an empty keyring", "", ErrKeyring, "no field key"},
		{"a keyring without end", strings.Repeat("# \n", maxKeyring), ErrKeyring, "longer"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := folderWith(t, tt.text)
			_, err := OpenKeys(dir, true)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("err = %v, want %v naming %q", err, tt.want, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), strings.Repeat("01", 16)) {
				t.Errorf("the error shows a key: %v", err)
			}
			if kept, _ := os.ReadFile(filepath.Join(dir, KeyringFile)); string(kept) != tt.text {
				t.Error("a keyring that cannot be read was written over")
			}
		})
	}
}

func folderWith(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, KeyringFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestMissingKeyringIsNamed(t *testing.T) {
	dir := t.TempDir()
	_, err := OpenKeys(dir, false)
	if !errors.Is(err, ErrNoKeyring) || !strings.Contains(err.Error(), filepath.Join(dir, KeyringFile)) {
		t.Errorf("err = %v, want ErrNoKeyring with the path", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("without create something was written: %v", left)
	}
}

func TestOpenRightsAreRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights of group and others are not kept in modes here")
	}
	for _, tt := range []struct {
		rule         string
		folder, file os.FileMode
		says         string
	}{
		{"group may read the file", 0o700, 0o640, "chmod 600"},
		{"others may write the file", 0o700, 0o602, "chmod 600"},
		{"others may enter the folder", 0o701, 0o600, "chmod 700"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := folderWith(t, ringText(t, oneEach()))
			if err := errors.Join(os.Chmod(filepath.Join(dir, KeyringFile), tt.file), os.Chmod(dir, tt.folder)); err != nil {
				t.Fatal(err)
			}
			_, err := OpenKeys(dir, false)
			if !errors.Is(err, ErrKeyMode) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("err = %v, want ErrKeyMode with %q", err, tt.says)
			}
		})
	}
}

func TestOlderGenerationsStillOpen(t *testing.T) {
	old := parsed(t, oneEach())
	fills := oneEach()
	fills[FieldKey], fills[CheckpointKey] = []byte{9, 1}, []byte{8, 4}
	rotated := parsed(t, fills)

	place := AAD{"persons", "phone", "7"}
	sealed := must(old.Seal(place, "13800001234"))
	if got, err := rotated.Open(place, sealed); err != nil || got != "13800001234" {
		t.Errorf("after rotation: %q, %v", got, err)
	}
	fresh := must(rotated.Seal(place, "13800001234"))
	if id, _ := SealedWith(fresh); id != rotated.IDs(FieldKey)[0] {
		t.Errorf("new seals use %s, want the current %s", id, rotated.IDs(FieldKey)[0])
	}
	if err := rotated.Verify([]byte("head"), must(old.Sign([]byte("head")))); err != nil {
		t.Errorf("an older checkpoint: %v", err)
	}
	_, err := old.Open(place, fresh)
	if !errors.Is(err, ErrKeyMissing) || !strings.Contains(err.Error(), rotated.IDs(FieldKey)[0]) {
		t.Errorf("err = %v, want ErrKeyMissing naming %s", err, rotated.IDs(FieldKey)[0])
	}
}

func TestRequireNamesTheMissingKey(t *testing.T) {
	k := TestKeys()
	if err := k.Require(IndexKey, k.IDs(IndexKey)...); err != nil {
		t.Errorf("keys that are there: %v", err)
	}
	err := k.Require(IndexKey, k.IDs(IndexKey)[0], "deadbeef")
	if !errors.Is(err, ErrKeyMissing) || !strings.Contains(err.Error(), `index key "deadbeef"`) {
		t.Errorf("err = %v, want ErrKeyMissing naming index key deadbeef", err)
	}
	if err := k.Require(FieldKey, k.IDs(IndexKey)[0]); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a key of another purpose passed: %v", err)
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	k := TestKeys()
	secret := k.current(FieldKey).secret
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, k); got != "vault.Keys(hidden)" || strings.Contains(got, hex.EncodeToString(secret[:])) {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

// must unwraps what cannot fail with test keys and a whole place.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

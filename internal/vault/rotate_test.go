package vault

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	spring = time.Date(2026, 3, 5, 12, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*3600))
	place1 = AAD{"persons", "phone_sealed", "1"}
)

func opened(t *testing.T, dir string) *Keys {
	t.Helper()
	k, err := OpenKeys(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A server that was opened before goes over with its next seal and reads what
// another process has sealed with the new key.
func TestANewFieldKeyIsLearnedWhileRunning(t *testing.T) {
	dir := folderWith(t, ringText(t, oneEach()))
	server := opened(t, dir)
	old := must(server.Seal(place1, "10012340101"))
	id, err := opened(t, dir).AddFieldKey(spring)
	if err != nil {
		t.Fatal(err)
	}
	rotated := opened(t, dir)
	if ids := rotated.IDs(FieldKey); len(ids) != 2 || ids[0] != id {
		t.Fatalf("field keys %v, want %s and the old one", ids, id)
	}
	if g := rotated.Generations(FieldKey); !g[0].Made.Equal(spring) || !g[0].Current || !g[1].Made.IsZero() || g[1].Current {
		t.Errorf("generations: %+v", g)
	}
	moved := must(rotated.Reseal(place1, old))
	if got := must(SealedWith(moved)); got != id {
		t.Errorf("resealed with %s, want %s", got, id)
	}
	if plain, err := server.Open(place1, moved); plain != "10012340101" || err != nil {
		t.Errorf("the running server reads %q, %v", plain, err)
	}
	fresh := opened(t, dir) // opened after: knows both
	if plain, err := fresh.Open(place1, old); plain != "10012340101" || err != nil {
		t.Errorf("the old value: %q, %v", plain, err)
	}
	if got := must(SealedWith(must(server.Seal(place1, "x")))); got != id {
		t.Errorf("the running server seals with %s, want %s", got, id)
	}
	if _, err := rotated.Reseal(AAD{"persons", "phone_sealed", "2"}, old); !errors.Is(err, ErrSealed) {
		t.Errorf("a value of another row was resealed: %v", err)
	}
}

func TestOnlyFieldKeysAreLearnedWhileRunning(t *testing.T) {
	dir := folderWith(t, ringText(t, oneEach()))
	server := opened(t, dir)
	before := server.Index("phone", "10012340101")
	write(t, dir, ringText(t, map[Purpose][]byte{FieldKey: {9, 1}, IndexKey: {8, 2}, PepperKey: {7, 3}, CheckpointKey: {4}}))
	sealed := must(server.Seal(place1, "x"))
	if now := opened(t, dir).IDs(FieldKey)[0]; must(SealedWith(sealed)) != now {
		t.Error("the new field key was not learned")
	}
	if string(server.Index("phone", "10012340101")) != string(before) || len(server.IDs(PepperKey)) != 1 {
		t.Error("an index or a pepper changed between two requests")
	}
}

// write puts another keyring into the place of the one that stands.
func write(t *testing.T, dir, text string) {
	t.Helper()
	temp := filepath.Join(dir, "next")
	if err := errors.Join(os.WriteFile(temp, []byte(text), 0o600), os.Rename(temp, filepath.Join(dir, KeyringFile))); err != nil {
		t.Fatal(err)
	}
}

// A keyring that went away or was damaged under a running server takes nothing
// from it.
func TestARunningServerKeepsItsKeysWhenTheFileIsBad(t *testing.T) {
	dir := folderWith(t, ringText(t, oneEach()))
	server := opened(t, dir)
	id := server.IDs(FieldKey)[0]
	for what, spoil := range map[string]func() error{
		"damaged": func() error { write(t, dir, "field 00000000 00\n"); return nil },
		"open to others": func() error {
			write(t, dir, ringText(t, map[Purpose][]byte{FieldKey: {9}, IndexKey: {2}, PepperKey: {3}, CheckpointKey: {4}}))
			return os.Chmod(filepath.Join(dir, KeyringFile), 0o644)
		},
		"gone": func() error { return os.Remove(filepath.Join(dir, KeyringFile)) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if got := must(SealedWith(must(server.Seal(place1, "x")))); got != id {
			t.Errorf("%s: sealed with %s, want %s", what, got, id)
		}
	}
}

func TestRetiringAKey(t *testing.T) {
	dir := folderWith(t, "# kept by 王\n"+strings.TrimSuffix(ringText(t, oneEach()), "\n")) // without a last line end
	server := opened(t, dir)
	old := server.IDs(FieldKey)[0]
	sealed := must(server.Seal(place1, "x"))
	if _, err := opened(t, dir).RetireFieldKey(old); !errors.Is(err, ErrKeyCurrent) {
		t.Errorf("the current key: %v", err)
	}
	if _, err := opened(t, dir).RetireFieldKey("00000000"); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a key that is not there: %v", err)
	}
	if _, err := opened(t, dir).RetireFieldKey(server.IDs(IndexKey)[0]); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a key of another purpose: %v", err)
	}
	if _, err := opened(t, dir).AddFieldKey(spring); err != nil {
		t.Fatal(err)
	}
	aside, err := opened(t, dir).RetireFieldKey(old)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, dir).Open(place1, sealed); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("the retired key still opens: %v", err)
	}
	_ = must(server.Seal(place1, "x"))
	if _, err := server.Open(place1, sealed); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("in the running server it still opens: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, KeyringFile))
	if err != nil || !strings.HasPrefix(string(text), "# kept by 王\n") || strings.Contains(string(text), old) {
		t.Errorf("the keyring (%v):\n%s", err, text)
	}
	info, err := os.Stat(aside)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("what was laid aside: %v, %v", info, err)
	}
	line, err := os.ReadFile(aside)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, string(text)+string(line))
	if plain, err := opened(t, dir).Open(place1, sealed); plain != "x" || err != nil {
		t.Errorf("put back: %q, %v", plain, err)
	}
}

// No key is lost when several processes change the keyring at once, and whoever
// seals meanwhile always finds a whole one.
func TestKeysAddedAtOnceAreAllKept(t *testing.T) {
	dir := folderWith(t, ringText(t, oneEach()))
	server := opened(t, dir)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := server.AddFieldKey(spring); err != nil {
				t.Error(err)
			}
			for range 50 {
				sealed, err := server.Seal(place1, "x")
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := server.Open(place1, sealed); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if ids := opened(t, dir).IDs(FieldKey); len(ids) != 9 {
		t.Errorf("%d field keys, want 9", len(ids))
	}
	if len(server.IDs(FieldKey)) != 9 {
		t.Errorf("who added them knows %v", server.IDs(FieldKey))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v (%v), want the keyring alone", left, err)
	}
	if _, err := TestKeys().AddFieldKey(spring); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("keys that are in no file: %v", err)
	}
}

func TestFreshKeysHaveTheirDate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	k, err := OpenKeys(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Purposes() {
		if made := k.Generations(p)[0].Made; time.Since(made).Abs() > time.Minute {
			t.Errorf("the %s key was made at %s", p, made)
		}
	}
	if _, err := OpenKeys(folderWith(t, strings.Replace(ringText(t, oneEach()), "\n", " yesterday\n", 1)), false); !errors.Is(err, ErrKeyring) {
		t.Errorf("a date that is none: %v", err)
	}
}

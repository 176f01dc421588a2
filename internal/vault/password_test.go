package vault

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPasswordHash(t *testing.T) {
	h := NewHasher(TestKeys())
	hash := must(h.HashPassword(t.Context(), "家门口 2026"))
	form := `^\$argon2id\$v=19\$m=19456,t=2,p=1,keyid=[0-9a-f]{8}\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`
	if !regexp.MustCompile(form).MatchString(hash) {
		t.Errorf("hash %s is not of the form %s", hash, form)
	}
	if hash == must(h.HashPassword(t.Context(), "家门口 2026")) {
		t.Error("two hashes of one password are equal: equal passwords would show")
	}
	for _, tt := range []struct {
		rule, hash, password string
		ok                   bool
	}{
		{"the password", hash, "家门口 2026", true},
		{"the password in full-width digits and space", hash, "家门口　２０２６", true},
		{"another password", hash, "家门口 2027", false},
		{"with a space after it", hash, "家门口 2026 ", false},
		{"a hash recorded earlier", recordedHash, "家门口 2026", true},
		{"a changed hash", hash[:len(hash)-2] + "AA", "家门口 2026", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			ok, rehash, err := h.CheckPassword(t.Context(), tt.hash, tt.password)
			if err != nil || ok != tt.ok || rehash {
				t.Errorf("ok, rehash, err = %v, %v, %v; want %v, false, nil", ok, rehash, err, tt.ok)
			}
		})
	}
}

func TestRehashWhenTheCostOrThePepperIsOld(t *testing.T) {
	fills := oneEach()
	fills[PepperKey] = []byte{9, 3}
	rotated, old := NewHasher(parsed(t, fills)), NewHasher(parsed(t, oneEach()))

	at := func(memory, time uint32, threads uint8, salt int) string {
		p := phc{memory: memory, time: time, threads: threads, pepper: old.keys.IDs(PepperKey)[0], salt: make([]byte, salt)}
		p.hash = must(old.sum(t.Context(), p, "pw", hashLength))
		return p.String()
	}
	for _, tt := range []struct {
		rule   string
		by     *Hasher
		hash   string
		rehash bool
	}{
		{"the current pepper and cost", old, must(old.HashPassword(t.Context(), "pw")), false},
		{"an older pepper", rotated, must(old.HashPassword(t.Context(), "pw")), true},
		{"the cost of today, said aloud", old, at(hashMemory, hashTime, hashThreads, hashSalt), false},
		{"less memory", old, at(hashMemory/2, hashTime, hashThreads, hashSalt), true},
		{"fewer passes", old, at(hashMemory, hashTime-1, hashThreads, hashSalt), true},
		{"more lanes", old, at(hashMemory, hashTime, hashThreads+1, hashSalt), true},
		{"a shorter salt", old, at(hashMemory, hashTime, hashThreads, hashSalt-1), true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			ok, rehash, err := tt.by.CheckPassword(t.Context(), tt.hash, "pw")
			if !ok || rehash != tt.rehash || err != nil {
				t.Errorf("ok, rehash, err = %v, %v, %v; want true, %v, nil", ok, rehash, err, tt.rehash)
			}
			if ok, rehash, _ := tt.by.CheckPassword(t.Context(), tt.hash, "no"); ok || rehash {
				t.Error("a wrong password asks for a new hash")
			}
		})
	}
	fresh := must(rotated.HashPassword(t.Context(), "pw"))
	if _, _, err := old.CheckPassword(t.Context(), fresh, "pw"); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a pepper that is gone: %v, want ErrKeyMissing", err)
	}
}

func TestStoredHashOfForeignFormIsRefused(t *testing.T) {
	h := NewHasher(TestKeys())
	good := recordedHash
	for _, tt := range []struct{ rule, hash string }{
		{"empty", ""},
		{"bcrypt", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"},
		{"another variant", strings.Replace(good, "argon2id", "argon2i", 1)},
		{"another version", strings.Replace(good, "v=19", "v=16", 1)},
		{"memory to fill the machine", strings.Replace(good, "m=19456", "m=4194304", 1)},
		{"no memory", strings.Replace(good, "m=19456", "m=0", 1)},
		{"passes without end", strings.Replace(good, "t=2", "t=4294967295", 1)},
		{"more lanes than a byte holds", strings.Replace(good, "p=1", "p=257", 1)},
		{"no pepper", strings.Replace(good, ",keyid=", ",keyix=", 1)},
		{"a cost twice", strings.Replace(good, "m=19456", "m=19456,m=1", 1)},
		{"a salt that is not base64", strings.Replace(good, "$", "$!", 4)},
		{"a short hash", good[:strings.LastIndex(good, "$")+5]},
		{"something after it", good + "$x"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if ok, _, err := h.CheckPassword(t.Context(), tt.hash, "家门口 2026"); ok || !errors.Is(err, ErrHashForm) {
				t.Errorf("ok, err = %v, %v; want ErrHashForm", ok, err)
			}
		})
	}
}

func TestPasswordLength(t *testing.T) {
	h := NewHasher(TestKeys())
	for _, tt := range []struct {
		n    int
		want error
	}{{0, ErrPasswordLength}, {1, nil}, {MaxPassword, nil}, {MaxPassword + 1, ErrPasswordLength}} {
		if _, err := h.HashPassword(t.Context(), strings.Repeat("a", tt.n)); !errors.Is(err, tt.want) {
			t.Errorf("%d bytes: %v, want %v", tt.n, err, tt.want)
		}
	}
}

// The slots are taken by hand, so the test waits for nothing but its own clock.
func TestTheThirdHashWaitsItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(TestKeys())
		for range hashesAtOnce {
			h.slots <- struct{}{}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.CheckNobody(ctx, "pw"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with no slot free: %v, want the deadline", err)
		}
		done := make(chan error)
		go func() { done <- h.CheckNobody(t.Context(), "pw") }()
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("a third hash did not wait: %v", err)
		default:
		}
		<-h.slots
		if err := <-done; err != nil {
			t.Errorf("after a slot came free: %v", err)
		}
		if len(h.slots) != hashesAtOnce-1 {
			t.Errorf("%d slots are held, want %d: a hash kept its slot", len(h.slots), hashesAtOnce-1)
		}
	})
}

func TestAGoneRequestIsNotHashedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewHasher(TestKeys()).HashPassword(ctx, "pw"); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want Canceled even with a free slot", err)
	}
}

func TestReceiptSecretIsHashed(t *testing.T) {
	h, c := NewHasher(TestKeys()), NewReceiptCode()
	hash := must(h.HashPassword(t.Context(), c.Secret()))
	read := must(ParseReceiptCode(c.String()))
	if ok, _, err := h.CheckPassword(t.Context(), hash, read.Secret()); !ok || err != nil {
		t.Errorf("the code's own secret: %v, %v", ok, err)
	}
	if strings.Contains(hash, c.Secret()) {
		t.Error("the secret stands in its hash")
	}
}

func BenchmarkHashPassword(b *testing.B) {
	h := NewHasher(TestKeys())
	for b.Loop() {
		if _, err := h.HashPassword(b.Context(), "家门口 2026"); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(recordedHash)
	f.Add("$argon2id$v=19$m=1,t=1,p=1,keyid=$$")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePHC(s)
		if err == nil && (p.memory > maxHashMemory || p.time > maxHashTime || p.threads > maxHashThreads || len(p.hash) < 16) {
			t.Fatalf("a hash out of bounds passed: %s", fmt.Sprintf("%+v", p))
		}
	})
}

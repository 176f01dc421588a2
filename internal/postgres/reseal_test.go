package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// manyDrafts is more than two batches hold.
const manyDrafts = 450

func (s *safe) drafts() {
	s.t.Helper()
	for i := range manyDrafts {
		s.must(s.db.SaveDraft(s.t.Context(), fmt.Sprintf("visitor %d", i), "file", fmt.Sprintf("draft %d", i), time.Now()))
	}
}

func (s *safe) addKey() string {
	s.t.Helper()
	id, err := s.keysOf().AddFieldKey(time.Now())
	s.must(err)
	return id
}

// A rotation that is stopped in the middle leaves everything readable, also for a
// server that was started before, and goes on where it was.
func TestARotationIsStoppedAndGoesOn(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	s.drafts()
	old, before, all := s.keys.IDs(vault.FieldKey)[0], s.opened(), s.sealedWith()
	fresh := s.addKey()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	drafts := 0
	first, err := s.open().Reseal(ctx, func(table, _ string, moved int) {
		if table == "drafts" && moved > 0 {
			drafts++
			kill()
		}
	})
	if !errors.Is(err, context.Canceled) || drafts != 1 || first.Moved == 0 {
		t.Fatalf("stopped: %+v, %v after %d batches of drafts", first, err, drafts)
	}
	half := s.sealedWith()
	if half[fresh] != first.Moved || half[old] != all[old]-first.Moved || half[old] < manyDrafts-200 {
		t.Errorf("stopped in the middle: %v; %d were moved of %v", half, first.Moved, all)
	}
	if diff := cmp.Diff(before, s.opened()); diff != "" {
		t.Errorf("what opens half way (-before +half):\n%s", diff)
	}
	if text, _, err := s.db.Draft(t.Context(), "visitor 0", "file"); text != "draft 0" || err != nil {
		t.Errorf("the server that was there before reads %q, %v", text, err)
	}
	second, err := s.open().Reseal(t.Context(), quiet)
	if err != nil || first.Moved+second.Moved != all[old] || len(second.Unreadable) > 0 {
		t.Errorf("the rest: %d after %d of %d, %v", second.Moved, first.Moved, all[old], err)
	}
	if diff := cmp.Diff(map[string]int{fresh: all[old]}, s.sealedWith()); diff != "" {
		t.Errorf("keys in use (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, s.opened()); diff != "" {
		t.Errorf("what opens at the end (-before +after):\n%s", diff)
	}
	if again, err := s.open().Reseal(t.Context(), quiet); err != nil || again.Moved != 0 {
		t.Errorf("once more: %+v, %v", again, err)
	}
}

// The server writes on while its values are resealed: it goes over to the new key
// by itself, and a value it has just changed is never written over.
func TestTheServerWritesDuringARotation(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	s.drafts()
	fresh := s.addKey()
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range manyDrafts {
			if err := s.db.SaveDraft(t.Context(), fmt.Sprintf("visitor %d", i), "file", fmt.Sprintf("draft %d, changed", i), time.Now()); err != nil {
				t.Error(err)
				return
			}
		}
	})
	r, err := s.open().Reseal(t.Context(), quiet)
	wg.Wait()
	if err != nil || len(r.Unreadable) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if by := s.sealedWith(); len(by) != 1 || by[fresh] == 0 {
		t.Errorf("keys in use: %v, want %s alone", by, fresh)
	}
	for i := range manyDrafts {
		text, _, err := s.db.Draft(t.Context(), fmt.Sprintf("visitor %d", i), "file")
		if want := fmt.Sprintf("draft %d, changed", i); text != want || err != nil {
			t.Fatalf("%q, %v; want %q", text, err, want)
		}
	}
}

func TestARowSomebodyHoldsIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	fresh := s.addKey()
	held, err := s.raw.BeginTx(t.Context(), nil)
	s.must(err)
	_, err = held.ExecContext(t.Context(), `SELECT FROM persons FOR UPDATE`)
	s.must(err)
	var wg sync.WaitGroup
	wg.Go(func() {
		time.Sleep(700 * time.Millisecond)
		if err := held.Rollback(); err != nil {
			t.Error(err)
		}
	})
	_, err = s.open().Reseal(t.Context(), quiet)
	wg.Wait()
	if by := s.sealedWith(); err != nil || len(by) != 1 || by[fresh] == 0 {
		t.Errorf("%v; keys in use: %v, want %s alone", err, by, fresh)
	}
}

// A value that was damaged or moved by hand is told and left as it is; the others
// go over.
func TestADamagedValueIsToldAndLeft(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	s.drafts()
	old, total := s.keys.IDs(vault.FieldKey)[0], s.sealedWith()
	person := s.column(`SELECT id::text FROM persons WHERE id_sealed IS NOT NULL ORDER BY 1 LIMIT 1`)[0]
	last := s.column(`SELECT encode(owner, 'hex') FROM drafts ORDER BY owner DESC LIMIT 1`)[0] // what ends a walk
	user := s.column(`SELECT id::text FROM users WHERE email_sealed IS NOT NULL ORDER BY 1 LIMIT 1`)[0]
	for statement, id := range map[string]string{
		`UPDATE persons SET id_sealed = set_byte(id_sealed, 20, get_byte(id_sealed, 20) # 1) WHERE id = $1`: person,
		`UPDATE drafts SET body_sealed = '\x00' WHERE encode(owner, 'hex') = $1`:                            last,
		`UPDATE users SET email_sealed = 'in the open' WHERE id = $1`:                                       user,
	} {
		_, err := s.raw.ExecContext(t.Context(), statement, id)
		s.must(err)
	}
	fresh := s.addKey()
	r, err := s.open().Reseal(t.Context(), quiet)
	if err != nil || r.Moved != total[old]-3 || len(r.Unreadable) != 3 {
		t.Fatalf("%+v, %v; want all but three of %d", r, err, total[old])
	}
	for i, want := range []postgres.Unreadable{{Table: "persons", Column: "id_sealed", Row: person}, {Table: "users", Column: "email_sealed", Row: user},
		{Table: "drafts", Column: "body_sealed", Row: last + "/file"}} {
		got := r.Unreadable[i]
		if !errors.Is(got.Err, vault.ErrSealed) || got.Table != want.Table || got.Column != want.Column || got.Row != want.Row {
			t.Errorf("told %+v, want %+v", got, want)
		}
	}
	if diff := cmp.Diff(map[string]int{fresh: total[old] - 3, old: 1, "": 2}, s.sealedWith()); diff != "" {
		t.Errorf("keys in use (-want +got):\n%s", diff)
	}
}

// A program whose keyring lacks a key in use does not start.
func TestAMissingKeyIsNamed(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	s.must(s.open().RequireKeys(t.Context()))
	old := s.keys.IDs(vault.FieldKey)[0]
	fresh := s.addKey()
	_, err := s.keysOf().RetireFieldKey(old)
	s.must(err)
	if err := s.open().RequireKeys(t.Context()); !errors.Is(err, vault.ErrKeyMissing) {
		t.Errorf("with %s alone: %v, want ErrKeyMissing", fresh, err)
	}
	other, err := postgres.Open(s.app, vault.TestKeys()) // every key is another
	s.must(err)
	defer other.Close()
	if err := other.RequireKeys(t.Context()); !errors.Is(err, vault.ErrKeyMissing) {
		t.Errorf("with another keyring: %v, want ErrKeyMissing", err)
	}
	peppers, err := s.db.CountPeppers(t.Context())
	if err != nil || len(peppers) != 1 || peppers[0].Key != s.keys.IDs(vault.PepperKey)[0] || peppers[0].Passwords < 10 || peppers[0].Codes < 3 {
		t.Errorf("peppers: %+v, %v", peppers, err)
	}
}

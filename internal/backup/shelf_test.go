package backup_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"doorstep/internal/backup"
	"doorstep/internal/blob"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// room is a house with nothing in it but its schema, and a shelf.
type room struct {
	backup.House
	backup.Shelf
	t    *testing.T
	key  *age.X25519Identity
	now  time.Time
	kept string // folder of the kept files
}

func openRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, kept: t.TempDir(), now: time.Date(2026, 5, 11, 2, 30, 0, 0, statute.Shanghai)}
	keys := vault.TestKeys()
	db, err := postgres.OpenPatient(pgtest.New(t).App, keys) // as the role that serves
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	files, err := blob.NewFolder(r.kept)
	if err != nil {
		t.Fatal(err)
	}
	if r.key, err = age.GenerateX25519Identity(); err != nil {
		t.Fatal(err)
	}
	r.House = backup.House{DB: db, Files: files, Keys: keys}
	r.Shelf = backup.Shelf{Dir: t.TempDir(), To: []age.Recipient{r.key.Recipient()}, Keep: backup.Keep{Daily: 2}, Zone: statute.Shanghai, Log: slog.New(slog.DiscardHandler)}
	return r
}

func (r *room) make() (postgres.BackupFile, error) {
	r.t.Helper()
	f, _, err := r.Make(r.t.Context(), r.House, r.now)
	return f, err
}

// day makes the backup of the next day, which must work.
func (r *room) day() postgres.BackupFile {
	r.t.Helper()
	r.now = r.now.AddDate(0, 0, 1)
	f, err := r.make()
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func (r *room) lies(want ...postgres.BackupFile) {
	r.t.Helper()
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		r.t.Fatal(err)
	}
	var has, wanted []string
	for _, e := range entries {
		has = append(has, e.Name())
	}
	for _, f := range want {
		wanted = append(wanted, filepath.Base(f.Path))
	}
	if strings.Join(has, " ") != strings.Join(wanted, " ") {
		r.t.Errorf("on the shelf lies %v, want %v", has, wanted)
	}
}

func (r *room) write(name, text string) postgres.BackupFile {
	r.t.Helper()
	path := filepath.Join(r.Dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return postgres.BackupFile{Path: path}
}

func TestAShelfKeepsWhatItShould(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	one, two := r.day(), r.day()
	r.lies(one, two)
	three := r.day()
	r.lies(two, three)
	file, err := os.Open(three.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if head, _, err := backup.Check(file, []age.Identity{r.key}); err != nil || !head.MadeAt.Equal(r.now) {
		t.Errorf("the backup does not open with its key: %v, made %s", err, head.MadeAt)
	}
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o600 || info.Size() != three.Size {
		t.Errorf("mode %v, size %d, noted %d, %v", info.Mode(), info.Size(), three.Size, err)
	}
	if _, err := r.make(); err == nil {
		t.Error("a second backup of the same second overwrote the first")
	}
	r.lies(two, three)
}

// What the house did not write, or what is no longer what it wrote, is left alone.
func TestAShelfRemovesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	one := r.day()
	foreign := r.write("doorstep-2026-05-01T02-30-00.backup", "somebody else's")
	two := r.day()
	data, err := os.ReadFile(one.Path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1 // as long as before
	if err := os.WriteFile(one.Path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	three := r.day()
	r.lies(foreign, one, two, three)
	four := r.day()
	r.lies(foreign, one, three, four)

	elsewhere := *r
	elsewhere.Dir = t.TempDir()
	five := elsewhere.day()
	elsewhere.lies(five)
	r.lies(foreign, one, three, four)
}

// A backup that fails removes nothing, leaves no piece behind, and says why.
func TestAFailedBackupCostsNothing(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	one, two := r.day(), r.day()
	photo, err := r.Files.Put(t.Context(), strings.NewReader("photo"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.kept, photo.Digest[:2], photo.Digest), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.AddDate(0, 0, 1)
	if _, err := r.make(); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("a damaged file: %v", err)
	}
	r.lies(one, two)

	gone := r.Shelf
	gone.Dir = filepath.Join(r.Dir, "unmounted")
	if _, _, err := gone.Make(t.Context(), r.House, r.now.Add(time.Hour)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := r.Make(ctx, r.House, r.now.Add(2*time.Hour)); err == nil {
		t.Error("a backup was made after the stop")
	}
	r.lies(one, two)
}

// A server that died left a piece; the next run takes it away and nothing else.
func TestAShelfSweepsWhatADeadServerLeft(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	one := r.day()
	died := postgres.BackupFile{Path: filepath.Join(r.Dir, "doorstep-2026-05-12T14-00-00.backup"), MadeAt: r.now}
	if err := r.DB.InTx(t.Context(), func(tx postgres.Tx) error { return tx.AddBackupFile(t.Context(), died) }); err != nil {
		t.Fatal(err)
	}
	r.write(filepath.Base(died.Path)+".part", "half of a")
	hand := r.write("by-hand.backup.part", "somebody writes it now")
	two := r.day()
	r.lies(hand, one, two)
}

func TestAFileGetsItsNameWhenItIsWhole(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "b")
	fault := errors.New("the disk is full")
	if err := backup.ToFile(name, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return fault }, nil); !errors.Is(err, fault) {
		t.Errorf("%v", err)
	}
	if err := backup.ToFile(name, func(io.Writer) error { return nil }, func(int64, string) error { return fault }); !errors.Is(err, fault) {
		t.Errorf("%v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); len(entries) != 0 || err != nil {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	whole := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	told := false
	if err := backup.ToFile(name, whole, func(size int64, sum string) error {
		told = size == 5 && strings.HasPrefix(sum, "5d5766cf")
		return nil
	}); err != nil || !told {
		t.Errorf("%v, told of size and digest %v", err, told)
	}
	if err := backup.ToFile(name, whole, nil); !errors.Is(err, backup.ErrExists) {
		t.Errorf("%v", err)
	}
}

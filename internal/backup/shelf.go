package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"doorstep/internal/postgres"
)

// Faults of a shelf; match them with errors.Is.
var (
	ErrExists   = errors.New("the file exists and is not overwritten")
	ErrReadBack = errors.New("the file reads back other than it was written")
)

// part is the end of the name of a file that is not whole yet.
const part = ".part"

// ToFile writes a file aside, on the disk to its last byte, and gives it its
// name when it is complete. Before, ready is told its size and digest; nil for
// nobody to tell. The file is the owner's alone.
//
// Errors: ErrExists, ErrReadBack, or what write, ready or the disk said.
func ToFile(name string, write func(io.Writer) error, ready func(size int64, sha256 string) error) (err error) {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("backup: %s: %w", name, ErrExists)
	}
	file, err := os.OpenFile(name+part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }()
	size, sum, err := written(file, write)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if ready != nil {
		if err := ready(size, sum); err != nil {
			return err
		}
	}
	if err := os.Link(file.Name(), name); err != nil { // unlike a rename it never overwrites
		return fmt.Errorf("backup: %w", err)
	}
	return syncDir(filepath.Dir(name))
}

// written writes a file to the disk and reads it again from its beginning.
func written(file *os.File, write func(io.Writer) error) (size int64, sum string, err error) {
	had := sha256.New()
	if err := write(io.MultiWriter(file, had)); err != nil {
		return 0, "", err
	}
	if err := file.Sync(); err != nil {
		return 0, "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, "", err
	}
	has := sha256.New()
	if size, err = io.Copy(has, file); err != nil {
		return 0, "", err
	}
	sum = hex.EncodeToString(has.Sum(nil))
	if sum != hex.EncodeToString(had.Sum(nil)) {
		return 0, "", ErrReadBack
	}
	return size, sum, nil
}

// syncDir makes a new name last over a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// Shelf is the folder backups are kept in, by whose key, and for how long. It
// is made by the operator: a folder that is missing is a disk that is not there.
type Shelf struct {
	Dir  string // absolute
	To   []age.Recipient
	Keep Keep
	Zone *time.Location // of the days, weeks and months of Keep
	Log  *slog.Logger
}

// Make writes one backup of the house to the shelf and then removes what need
// not be kept any longer: only files the house has noted as written by itself
// and that still are what it wrote, and none before a newer one stands whole.
func (s Shelf) Make(ctx context.Context, h House, now time.Time) (postgres.BackupFile, Manifest, error) {
	made := postgres.BackupFile{MadeAt: now.UTC().Truncate(time.Microsecond),
		Path: filepath.Join(s.Dir, "doorstep-"+now.In(s.Zone).Format("2006-01-02T15-04-05")+".backup")}
	var m Manifest
	if err := s.sweep(ctx, h.DB, now); err != nil {
		return made, m, err
	}
	if err := h.DB.InTx(ctx, func(tx postgres.Tx) error { return tx.AddBackupFile(ctx, made) }); err != nil {
		return made, m, err
	}
	err := ToFile(made.Path, func(w io.Writer) (err error) {
		m, err = Write(ctx, h, now.UTC(), s.To, w)
		return err
	}, func(size int64, sum string) error {
		made.Size, made.SHA256 = size, sum
		return h.DB.InTx(ctx, func(tx postgres.Tx) error { return tx.BackupFileWhole(ctx, made) })
	})
	if err != nil {
		return made, m, err
	}
	return made, m, s.retain(ctx, h.DB, now)
}

// retain removes what need not be kept. Only files that are there count, so that
// two servers with a folder each keep as many each.
func (s Shelf) retain(ctx context.Context, db *postgres.DB, now time.Time) error {
	files, err := s.own(ctx, db)
	if err != nil {
		return err
	}
	for _, f := range s.Keep.drop(files, s.Zone) {
		if err := unchanged(f); err != nil {
			s.Log.Warn("backup left alone: it is not what was written", "file", f.Path, "error", err)
			continue
		}
		if err := os.Remove(f.Path); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		if err := db.InTx(ctx, func(tx postgres.Tx) error { return tx.BackupFileRemoved(ctx, f.Path, now) }); err != nil {
			return err
		}
		s.Log.Info("backup removed", "file", f.Path)
	}
	return nil
}

// own lists the files of the shelf that the house wrote, newest first.
func (s Shelf) own(ctx context.Context, db *postgres.DB) ([]postgres.BackupFile, error) {
	all, err := db.BackupFiles(ctx)
	var own []postgres.BackupFile
	for _, f := range all {
		info, gone := os.Lstat(f.Path)
		if filepath.Dir(f.Path) == s.Dir && f.SHA256 != "" && gone == nil && info.Mode().IsRegular() && info.Size() == f.Size {
			own = append(own, f)
		}
	}
	return own, err
}

// sweep takes away what a server that died left half written, and forgets what
// never became whole. Whoever calls it is the only one who writes.
func (s Shelf) sweep(ctx context.Context, db *postgres.DB, now time.Time) error {
	all, err := db.BackupFiles(ctx)
	if err != nil {
		return err
	}
	for _, f := range all {
		if filepath.Dir(f.Path) != s.Dir {
			continue
		}
		if err := os.Remove(f.Path + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("backup: %w", err)
		}
		if f.SHA256 != "" {
			continue
		}
		if err := db.InTx(ctx, func(tx postgres.Tx) error { return tx.BackupFileRemoved(ctx, f.Path, now) }); err != nil {
			return err
		}
	}
	return nil
}

// unchanged says whether a file still is what was written.
func unchanged(f postgres.BackupFile) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fs.ErrInvalid
	}
	return nil
}

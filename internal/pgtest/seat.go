package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"doorstep/db"
	"doorstep/internal/pgserver"
)

const (
	prefix   = "t_"                // of the tests' databases; the process id follows
	template = "doorstep_template" // migrated once
)

// seat is one test's place at the shared cluster. The lock it holds tells the
// keeper that the cluster is in use; the kernel lets go of it when the process
// ends, in whatever way.
//
//	<cache>/doorstep-test/<key>/users   shared lock: a test uses the cluster
//	<cache>/doorstep-test/<key>/door    exclusive lock: it is being started or looked after
//	<cache>/doorstep-test/<key>/keeper  exclusive lock: a keeper is on duty
//	<cache>/doorstep-test/<key>/pg      the cluster
type seat struct {
	dir   string
	users *os.File
	pg    *pgserver.Server
}

func (s *seat) leave() error { return s.users.Close() }

// enter takes a seat at the cluster whose key stands for the programs and the
// migrations of this run, starting it if nobody did.
func enter(ctx context.Context) (*seat, error) {
	var failed error
	for _, base := range bases() {
		s, err := enterAt(ctx, base)
		if err == nil {
			return s, nil
		}
		failed = errors.Join(failed, err)
		if !errors.Is(err, pgserver.ErrNoAccount) {
			break
		}
	}
	return nil, failed
}

// bases are the folders to try: the user's cache, and for root, who may have to
// run PostgreSQL as somebody who cannot enter root's home, the temporary folder.
func bases() []string {
	temp := filepath.Join(os.TempDir(), "doorstep-test-"+strconv.Itoa(os.Getuid()))
	cache, err := os.UserCacheDir()
	if err != nil {
		return []string{temp}
	}
	return []string{filepath.Join(cache, "doorstep-test"), temp}
}

func enterAt(ctx context.Context, base string) (*seat, error) {
	o := pgserver.Options{Dir: base, Cache: filepath.Join(base, "postgresql")}
	if !required() {
		o.Mirror = pgserver.NoFetch
	}
	programs, version, err := pgserver.Find(ctx, o)
	if err != nil {
		return nil, err
	}
	schema, err := db.Digest()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(programs + "\n" + version + "\n" + schema))
	o.Dir, o.Binaries = filepath.Join(base, hex.EncodeToString(sum[:8])), programs
	s := &seat{dir: o.Dir}
	if s.users, err = sitDown(o.Dir); err != nil {
		return nil, err
	}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(err, s.leave())
	}
	return s, nil
}

// sitDown takes the shared lock, waiting while the keeper stops the cluster. A
// folder that was swept away in between is made anew.
func sitDown(dir string) (*os.File, error) {
	for {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("pgtest: %w", err)
		}
		path := filepath.Join(dir, "users")
		f, err := lock(path, syscall.LOCK_SH)
		if err != nil {
			return nil, err
		}
		mine, errMine := f.Stat()
		there, errThere := os.Stat(path)
		if errMine == nil && errThere == nil && os.SameFile(mine, there) {
			return f, touch(f)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("pgtest: %w", err)
		}
	}
}

// touch notes that the folder was used just now, for the sweep.
func touch(f *os.File) error {
	if _, err := f.WriteAt([]byte("used\n"), 0); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	return nil
}

// lock opens the file and locks it; without LOCK_NB it waits.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pgtest: lock %s: %w", filepath.Base(path), err), f.Close())
	}
	return f, nil
}

// open finds the cluster running or starts it, one test at a time. A cluster
// that does not start, as after a power cut, is thrown away: it holds nothing.
func (s *seat) open(ctx context.Context, o pgserver.Options) error {
	door, err := lock(filepath.Join(s.dir, "door"), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer door.Close()
	s.pg, err = pgserver.Share(ctx, o)
	if err != nil && !errors.Is(err, pgserver.ErrNoBinaries) && !errors.Is(err, pgserver.ErrNoAccount) {
		s.pg, err = s.afresh(ctx, o)
	}
	if err != nil {
		return err
	}
	hired, err := s.hireKeeper()
	if err != nil {
		return err
	}
	if hired {
		if err := s.sweep(ctx); err != nil {
			return err
		}
	}
	return s.makeTemplate(ctx)
}

func (s *seat) afresh(ctx context.Context, o pgserver.Options) (*pgserver.Server, error) {
	if err := pgserver.Halt(ctx, s.dir); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(filepath.Join(s.dir, "pg")); err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	return pgserver.Share(ctx, o)
}

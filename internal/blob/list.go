package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Each names every kept file; see Store.
func (f *Folder) Each(ctx context.Context, each func(Info) error) error {
	shards, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("blob: list: %w", err)
	}
	for _, shard := range shards {
		if !shard.IsDir() || shard.Name() == incoming {
			continue
		}
		files, err := os.ReadDir(filepath.Join(f.dir, shard.Name()))
		if err != nil {
			return fmt.Errorf("blob: list: %w", err)
		}
		for _, file := range files {
			if check(ctx, file.Name()) != nil {
				if err := ctx.Err(); err != nil {
					return err
				}
				continue
			}
			info, err := file.Info()
			if err != nil {
				return fmt.Errorf("blob: list: %w", err)
			}
			if err := each(Info{Digest: file.Name(), Size: info.Size()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep removes the remains of crashed uploads; see Store.
func (f *Folder) Sweep(ctx context.Context, before time.Time) (int, error) {
	dir := filepath.Join(f.dir, incoming)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("blob: sweep: %w", err)
	}
	swept := 0
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return swept, err
		}
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // finished by another process, or still being written
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return swept, fmt.Errorf("blob: sweep: %w", err)
		}
		swept++
	}
	return swept, nil
}

// Check writes a file to the side, reads it back and removes it; see Store.
func (f *Folder) Check(context.Context) error {
	file, err := os.CreateTemp(filepath.Join(f.dir, incoming), "*.part")
	if err != nil {
		return fmt.Errorf("blob: check: %w", err)
	}
	_, err = file.WriteString(trial)
	err = errors.Join(err, file.Sync(), file.Close())
	if back, readErr := os.ReadFile(file.Name()); err == nil && (readErr != nil || string(back) != trial) {
		err = errors.Join(ErrDamaged, readErr)
	}
	if err := errors.Join(err, os.Remove(file.Name())); err != nil {
		return fmt.Errorf("blob: check: %w", err)
	}
	_, err = os.ReadDir(f.dir)
	return err
}

// trial is what Check writes.
const trial = "doorstep: may this be written?"

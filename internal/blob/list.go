package blob

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Each names every kept file with its size, in the order of the digests. Files
// put meanwhile may be missing; what is not a file of ours is passed over.
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

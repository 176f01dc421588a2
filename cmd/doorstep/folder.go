package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"doorstep/internal/config"
)

// demoMark is the file that tells a demo's data folder from one with real cases.
const demoMark = "DEMO"

// ownFolder moves a demo beside the default data folder, keys and all. A folder
// that was chosen stays as chosen.
func ownFolder(c config.Config, demo bool) config.Config {
	if !demo || !c.FromDefault("DOORSTEP_DATA") {
		return c
	}
	c.Data += "-demo"
	if c.FromDefault("DOORSTEP_KEYS_FILE") {
		c.KeysDir = filepath.Join(c.Data, "keys")
	}
	return c
}

// claim makes the data folder and holds demo and real data apart: neither ever
// opens the other's folder.
func claim(dir string, demo bool) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unusable(dir, err)
	}
	mark := filepath.Join(dir, demoMark)
	_, err := os.Stat(mark)
	switch {
	case err == nil && !demo:
		return &sentence{misuse: true,
			zh: fmt.Sprintf("文件夹 %s 里是演示数据。请加 --demo，或用 --data 另选文件夹。", dir),
			en: fmt.Sprintf("The folder %s holds a demo; add --demo, or choose another folder with --data.", dir)}
	case err == nil || !demo:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return unusable(dir, err)
	}
	return markDemo(dir, mark)
}

// isDemo says whether a folder holds a demo.
func isDemo(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, demoMark))
	return err == nil
}

// markDemo turns an empty folder into a demo's, and no other.
func markDemo(dir, mark string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unusable(dir, err)
	}
	if len(entries) > 0 {
		return &sentence{misuse: true,
			zh: fmt.Sprintf("文件夹 %s 里已有内容，不能用作演示。请用 --data 另选一个空文件夹。", dir),
			en: fmt.Sprintf("The folder %s is not empty and cannot become a demo; choose an empty one with --data.", dir)}
	}
	if err := os.WriteFile(mark, []byte("此文件夹只存演示数据。\nThis folder holds a demo only.\n"), 0o600); err != nil {
		return unusable(dir, err)
	}
	return nil
}

func unusable(dir string, err error) error {
	return &sentence{err: err,
		zh: fmt.Sprintf("数据文件夹 %s 无法使用，请检查路径和权限，或用 --data 另选。", dir),
		en: fmt.Sprintf("The data folder %s cannot be used; check its path and permissions, or choose another with --data.", dir)}
}

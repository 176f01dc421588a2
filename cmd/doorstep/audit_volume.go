package main

import (
	"errors"
	"fmt"
	"os"

	"doorstep/internal/vault"
	"doorstep/internal/volume"
)

// auditVolume checks a volume that was taken out of the house.
type auditVolume struct {
	File string `arg:"" type:"existingfile" help:"卷宗文件。The volume file."`
}

// Run compares every file of the volume with its signed list. It needs the keys
// of the installation and no database.
func (a auditVolume) Run(p *program) (err error) {
	c, err := p.settings()
	if err != nil {
		return err
	}
	keys, err := vault.OpenKeys(c.KeysDir, false)
	if err != nil {
		return noKeys(c.KeysDir, err)
	}
	file, err := os.Open(a.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	m, err := volume.Verify(file, info.Size(), keys.Verify)
	switch {
	case errors.Is(err, volume.ErrNoVolume):
		return &sentence{zh: "这不是本系统导出的卷宗文件。", en: "This is no volume bound by this program.", err: err}
	case errors.Is(err, volume.ErrUnsigned):
		return &sentence{zh: "卷宗的清单没有签名，无法核对。", en: "The list of the volume is not signed, so it proves nothing.", err: err}
	case errors.Is(err, vault.ErrCheckpoint), errors.Is(err, vault.ErrKeyMissing):
		return &sentence{zh: "卷宗清单的签名不是这套密钥签的，或者清单被改动过。",
			en: "The list was not signed by the keys here, or it was changed.", err: err}
	case err != nil:
		return &sentence{zh: fmt.Sprintf("卷宗被改动：%v。", err), en: fmt.Sprintf("The volume was changed: %v.", err), err: err}
	}
	p.say("卷宗 %s 完整：%d 个文件，正文 %d 页，导出于 %s。\nVolume %s is whole: %d files, %d numbered pages, bound %s.",
		m.Number, len(m.Files), m.Pages, m.Made.Format("2006-01-02 15:04 MST"), m.Number, len(m.Files), m.Pages, m.Made.Format("2006-01-02 15:04 MST"))
	return nil
}

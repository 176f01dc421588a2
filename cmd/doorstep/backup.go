package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"doorstep/internal/backup"
	"doorstep/internal/config"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// backupKeyCommand makes the pair of keys for backups.
type backupKeyCommand struct {
	File string `arg:"" help:"私钥文件，须尚不存在。File for the private key; it must not exist."`
}

// Run writes the private key (0600) and prints the public one.
func (cmd backupKeyCommand) Run(p *program) error {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return fmt.Errorf("doorstep: backup key: %w", err)
	}
	file, err := os.OpenFile(cmd.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("doorstep: backup key: %w", err)
	}
	_, err = fmt.Fprintf(file, "# public key: %s\n%s\n", key.Recipient(), key)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("doorstep: backup key: %w", err)
	}
	p.say("%s", key.Recipient())
	return nil
}

// backupCommand writes the database and the kept files into one file.
type backupCommand struct {
	File      string   `arg:"" help:"备份文件，须尚不存在。The backup; the file must not exist."`
	To        []string `placeholder:"age1…" help:"加密给这个公钥（可重复）。Encrypt to this public key; may be repeated."`
	Plaintext bool     `help:"不加密。Do not encrypt: whoever gets the file can read it."`
}

// Run makes a backup beside a running server or alone. The file appears under
// its name only when it is whole.
func (cmd backupCommand) Run(p *program) (err error) {
	if (len(cmd.To) == 0) != cmd.Plaintext {
		return &sentence{misuse: true, zh: "请用 --to age1… 指明公钥（先用 doorstep backup-key 生成）；确实不加密时写 --plaintext，两者只选其一。",
			en: "Name a public key with --to age1… (doorstep backup-key makes one), or say --plaintext to leave the file readable; one of the two."}
	}
	to, err := recipients(cmd.To)
	if err != nil {
		return &sentence{misuse: true, err: err, zh: "--to 不是 age 公钥。", en: "--to is no age public key."}
	}
	c, err := p.settings()
	if err != nil {
		return err
	}
	h, done, err := p.house(c, func(found schema) error {
		if found.have != found.want {
			return found.refuse()
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var m backup.Manifest
	err = backup.ToFile(cmd.File, func(w io.Writer) (err error) {
		m, err = backup.Write(p.ctx, h.House, p.Now().UTC(), to, w)
		return err
	}, nil)
	if errors.Is(err, backup.ErrExists) {
		return &sentence{misuse: true, zh: fmt.Sprintf("文件 %s 已存在，不会覆盖。", cmd.File), en: fmt.Sprintf("The file %s exists and is not overwritten.", cmd.File)}
	}
	if err != nil {
		return fmt.Errorf("doorstep: %w", err)
	}
	p.say("已备份到 %s：%d 个表，%d 行，%d 个文件。\nBacked up to %s: %d tables, %d rows, %d files.",
		cmd.File, len(m.Tables), m.Rows(), m.Files, cmd.File, len(m.Tables), m.Rows(), m.Files)
	p.say("备份不含密钥。请另行保存 %s，没有它，加密的内容无法读取。\nThe keys are not in it: keep %s apart; without it the sealed values cannot be read.", c.KeysDir, c.KeysDir)
	return nil
}

// recipients reads age's public keys.
func recipients(texts []string) ([]age.Recipient, error) {
	var to []age.Recipient
	for _, text := range texts {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, fmt.Errorf("doorstep: backup: %w", err)
		}
		to = append(to, r)
	}
	return to, nil
}

// restoreCommand brings a backup back into an empty installation.
type restoreCommand struct {
	File     string `arg:"" help:"备份文件。The backup."`
	Identity string `placeholder:"FILE" help:"私钥文件。File with the private key."`
}

// Run checks the whole file first, then loads it and verifies the histories.
func (cmd restoreCommand) Run(p *program) (err error) {
	identities, err := identitiesOf(cmd.Identity)
	if err != nil {
		return err
	}
	file, err := os.Open(cmd.File)
	if err != nil {
		return fmt.Errorf("doorstep: restore: %w", err)
	}
	defer file.Close()
	head, m, err := backup.Check(file, identities)
	if err != nil {
		return unreadable(cmd.File, err)
	}
	c, err := p.settings()
	if err != nil {
		return err
	}
	h, done, err := p.house(c, func(found schema) error {
		switch {
		case !found.empty || found.have != 0:
			return &sentence{misuse: true, zh: "目标数据库不是空的，不会覆盖。请用 --data 指明一个新文件夹，或给出空数据库。",
				en: "The target database is not empty and is not overwritten; name a new folder with --data, or an empty database."}
		case head.Schema > found.want:
			return schema{have: head.Schema, want: found.want}.refuse()
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	for purpose, ids := range head.Keys {
		if err := h.Keys.Require(purpose, ids...); err != nil {
			return noKeys(c.KeysDir, err)
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("doorstep: restore: %w", err)
	}
	return p.load(h, head, m, file, identities)
}

func (p *program) load(h house, head backup.Head, m backup.Manifest, file io.Reader, identities []age.Identity) error {
	if err := postgres.MigrateTo(p.ctx, h.at.owner, head.Schema); err != nil {
		return fmt.Errorf("doorstep: restore: %w", err)
	}
	ended, err := backup.Load(p.ctx, h.House, file, identities)
	if err != nil {
		return fmt.Errorf("doorstep: restore: %w", err)
	}
	if err := migrate(p.ctx, h.at); err != nil {
		return err
	}
	checked, broken, err := h.DB.VerifyChains(p.ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		return &sentence{err: errors.New("audit: broken chain"),
			zh: fmt.Sprintf("数据已按备份恢复，但备份中的办理经过曾被改动：案件 %s 第 %d 条。", broken.Case, broken.Seq),
			en: fmt.Sprintf("The data is back as it was, but its history had been changed before the backup: case %s, line %d.", broken.Case, broken.Seq)}
	}
	p.say("已恢复：%d 行、%d 个文件，与备份逐行一致；已核对 %d 条办理经过。\nRestored: %d rows and %d files, equal to the backup row by row; %d lines of history checked.",
		m.Rows(), m.Files, checked, m.Rows(), m.Files, checked)
	p.say("备份时还有效的登录、凭码会话和一次性链接已全部作废（%d 个），大家要重新登录。\nSign-ins, sessions and one-time links of the backup's day were ended (%d); everybody signs in anew.", ended, ended)
	return nil
}

func identitiesOf(name string) ([]age.Identity, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("doorstep: restore: %w", err)
	}
	defer file.Close()
	identities, err := age.ParseIdentities(file)
	if err != nil {
		return nil, &sentence{misuse: true, err: err, zh: fmt.Sprintf("%s 不是 age 私钥文件。", name), en: fmt.Sprintf("%s holds no age private key.", name)}
	}
	return identities, nil
}

func unreadable(name string, err error) error {
	zh, en := "不是本程序的备份", "is no backup of this program"
	switch {
	case errors.Is(err, backup.ErrKey):
		zh, en = "不能用这个私钥打开，请用 --identity 给出对应的私钥", "does not open with this key; name the right one with --identity"
	case errors.Is(err, backup.ErrDamaged):
		zh, en = "不完整或被改动，请换用另一份备份", "is cut short or was changed; use another backup"
	}
	return &sentence{err: err, zh: fmt.Sprintf("文件 %s %s。没有改动任何数据。", name, zh), en: fmt.Sprintf("The file %s %s. Nothing was touched.", name, en)}
}

// house is an installation opened as the role that owns it.
type house struct {
	backup.House
	at addresses
}

// house opens the installation of the settings, beside a running server or
// alone, when may finds its schema fit.
func (p *program) house(c config.Config, may func(schema) error) (h house, done func() error, err error) {
	d := &database{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.stop())
		}
	}()
	if h.Keys, err = vault.OpenKeys(c.KeysDir, false); err != nil {
		return h, nil, noKeys(c.KeysDir, err)
	}
	log := web.NewLog(p.stderr, c.LogLevel)
	h.at, err = beside(c)
	if errors.Is(err, pgserver.ErrNotRunning) {
		h.at, err = d.find(p.ctx, c, log)
	}
	if err != nil {
		return h, nil, err
	}
	found, err := look(p.ctx, h.at.owner, log)
	if err != nil {
		return h, nil, err
	}
	if err := may(found); err != nil {
		return h, nil, err
	}
	if h.Files, err = openFiles(c, isDemo(c.Data)); err != nil {
		return h, nil, err
	}
	h.DB, err = postgres.OpenPatient(h.at.owner, h.Keys)
	d.db = h.DB
	return h, d.stop, err
}

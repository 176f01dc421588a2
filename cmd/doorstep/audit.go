package main

import (
	"errors"
	"fmt"

	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// auditCommand checks that the history was not rewritten.
type auditCommand struct {
	Verify auditVerify `cmd:"" help:"逐案核对办理经过的链。Check the chain of every case's history."`
}

// auditVerify walks every chain and names the first broken link.
type auditVerify struct{}

// Run verifies the chains of the settings' database, beside a running server or
// alone. A broken link is told and the command fails.
func (auditVerify) Run(p *program) (err error) {
	db, done, err := p.storage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	checked, broken, err := db.VerifyChains(p.ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		return &sentence{
			zh:  fmt.Sprintf("办理经过被改动：案件 %s 第 %d 条（%s）。", broken.Case, broken.Seq, broken.Why),
			en:  fmt.Sprintf("The history was changed: case %s, line %d (%s).", broken.Case, broken.Seq, broken.Why),
			err: errors.New("audit: broken chain")}
	}
	p.say("已核对 %d 条办理经过，链条完整。\n%d lines of history checked; every chain holds.", checked, checked)
	return nil
}

// storage opens the database of the settings for a command: that of a running
// server, the one of the settings, or the embedded one, started for the while.
func (p *program) storage() (*postgres.DB, func() error, error) {
	c, err := p.settings()
	if err != nil {
		return nil, nil, err
	}
	d := &database{}
	at, err := beside(c)
	if errors.Is(err, pgserver.ErrNotRunning) {
		at, err = d.find(p.ctx, c, web.NewLog(p.stderr, c.LogLevel))
	}
	if err != nil {
		return nil, nil, errors.Join(err, d.stop())
	}
	keys, err := vault.OpenKeys(c.KeysDir, false)
	if err != nil {
		return nil, nil, errors.Join(noKeys(c.KeysDir, err), d.stop())
	}
	db, err := postgres.Open(at.app, keys)
	if err != nil {
		return nil, nil, errors.Join(err, d.stop())
	}
	return db, func() error { return errors.Join(db.Close(), d.stop()) }, nil
}

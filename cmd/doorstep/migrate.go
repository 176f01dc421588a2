package main

import (
	"errors"
	"fmt"

	"doorstep/internal/config"
	"doorstep/internal/pgserver"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// migrateCommand brings the database up to this program's schema, or only says
// whether it is.
type migrateCommand struct {
	Check bool `help:"只检查，不更新；需要更新时以 2 退出。Only check; exit with 2 when an update is due."`
}

// Run migrates the database of the settings. Beside a running server it works
// on that server's embedded database; else it starts the embedded database for
// the while.
func (cmd migrateCommand) Run(p *program) (err error) {
	c, err := p.settings()
	if err != nil {
		return err
	}
	log := web.NewLog(p.stderr, c.LogLevel)
	d := &database{}
	defer func() { err = errors.Join(err, d.stop()) }()
	at, err := beside(c)
	if errors.Is(err, pgserver.ErrNotRunning) {
		at, err = d.find(p.ctx, c, log)
	}
	if err != nil {
		return err
	}
	found, err := look(p.ctx, at.owner, log)
	if err != nil {
		return err
	}
	if cmd.Check {
		return p.compare(found)
	}
	return p.migrate(c, at, found)
}

// beside gives the addresses of the embedded database that another process of
// this program runs. ErrNotRunning when none does, or when the database is
// somebody else's and there is nothing to stand beside.
func beside(c config.Config) (addresses, error) {
	if c.DatabaseURL != "" {
		return addresses{}, pgserver.ErrNotRunning
	}
	owner, app, err := pgserver.Attach(c.Data)
	if err != nil {
		return addresses{}, fmt.Errorf("doorstep: embedded database: %w", err)
	}
	return addresses{owner: owner, app: app}, nil
}

// compare tells the version and fails when it is not this program's.
func (p *program) compare(found schema) error {
	if found.have != found.want {
		return found.refuse()
	}
	p.say("数据库结构是最新的（第 %d 版）。\nThe database is up to date (schema %d).", found.have, found.have)
	return nil
}

func (p *program) migrate(c config.Config, at addresses, found schema) error {
	if found.have > found.want {
		return found.refuse()
	}
	if found.have == 0 { // the keys belong to the first schema, whoever makes it: see database.open
		if _, err := vault.OpenKeys(c.KeysDir, true); err != nil {
			return noKeys(c.KeysDir, err)
		}
	}
	if err := migrate(p.ctx, at); err != nil {
		return err
	}
	p.say("数据库结构已从第 %d 版更新到第 %d 版。\nThe database went from schema %d to %d.", found.have, found.want, found.have, found.want)
	return nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/mediation"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// How long a start waits for a database that is not there yet: after a power
// cut both machines come back in any order.
const (
	databasePatience = 30 * time.Second
	databasePause    = time.Second
	keyAway          = "error.unavailable" // of an error that passes when the database is back
)

// database is the storage of a running server, with what it was opened by.
type database struct {
	cluster *pgserver.Server // nil when the database is somebody else's
	db      *postgres.DB
	keys    *vault.Keys
	owner   string // address of the role that migrates
	app     string // address of the role that serves
}

// bringUp starts or finds the database, brings its schema to this program's and
// opens the keys and the pool.
func bringUp(ctx context.Context, c config.Config, log *slog.Logger) (*database, error) {
	d := &database{}
	if err := d.open(ctx, c, log); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
}

func (d *database) open(ctx context.Context, c config.Config, log *slog.Logger) error {
	at, err := d.find(ctx, c, log)
	if err != nil {
		return err
	}
	d.owner, d.app = at.owner, at.app
	found, err := look(ctx, at.owner, log)
	if err != nil {
		return err
	}
	due := d.cluster != nil || found.empty
	if !due && found.have != found.want || found.have > found.want {
		return found.refuse()
	}
	// Keys are made with the first schema and never again: fresh keys beside
	// sealed data would hide that the old ones are lost.
	if d.keys, err = vault.OpenKeys(c.KeysDir, found.have == 0); err != nil {
		return noKeys(c.KeysDir, err)
	}
	if due {
		if err := migrate(ctx, at); err != nil {
			return err
		}
	}
	if d.db, err = postgres.Open(at.app, d.keys); err != nil {
		return fmt.Errorf("doorstep: database: %w", err)
	}
	if _, err := d.db.SealNotes(ctx); err != nil {
		return fmt.Errorf("doorstep: seal notes of danger: %w", err)
	}
	if err := d.db.RequireKeys(ctx); err != nil {
		if errors.Is(err, vault.ErrKeyMissing) {
			return noKeys(c.KeysDir, err)
		}
		return fmt.Errorf("doorstep: keys in use: %w", err)
	}
	return nil
}

func noKeys(dir string, err error) error {
	return &sentence{err: err,
		zh: fmt.Sprintf("密钥文件夹 %s 无法使用。请从另存的副本恢复，或用 --keys-file 指明它的位置。", dir),
		en: fmt.Sprintf("The keys folder %s cannot be used; put it back from the copy kept apart, or name its place with --keys-file.", dir)}
}

// addresses are those of one database: of the role that owns it and of the one
// that serves. They are the same when only one was given.
type addresses struct{ owner, app string }

// appRole is the role that is granted what serving needs; empty when it owns
// the database anyway.
func (a addresses) appRole() string {
	if a.owner == a.app {
		return ""
	}
	u, err := url.Parse(a.app)
	if err != nil || u.User == nil {
		return ""
	}
	return u.User.Username()
}

// find gives the addresses of the database, after starting the embedded one
// when none was named.
func (d *database) find(ctx context.Context, c config.Config, log *slog.Logger) (addresses, error) {
	if c.DatabaseURL != "" {
		return addresses{owner: cmp.Or(c.MigrateURL, c.DatabaseURL).Reveal(), app: c.DatabaseURL.Reveal()}, nil
	}
	cluster, err := pgserver.Start(ctx, pgserver.Options{Dir: c.Data, Binaries: c.PGBinaries, Mirror: c.PGMirror, Log: log, Durable: true})
	if err != nil {
		return addresses{}, fmt.Errorf("doorstep: embedded database: %w", err)
	}
	d.cluster = cluster
	return addresses{owner: cluster.OwnerDSN(), app: cluster.AppDSN()}, nil
}

// gone is closed when the embedded database cannot be brought back; it never is
// for somebody else's, which may return at any time.
func (d *database) gone() <-chan struct{} {
	if d.cluster == nil {
		return nil
	}
	return d.cluster.Done()
}

// gaveUp says why the embedded database is gone.
func (d *database) gaveUp() error {
	return &sentence{err: d.cluster.Err(), zh: "内置数据库已停止且无法恢复，服务随之停止。请查看数据文件夹中的数据库日志。",
		en: "The embedded database stopped and could not be brought back, so the server stops too; see the database log in the data folder."}
}

// stop closes the pool before the cluster under it.
func (d *database) stop() error {
	var err error
	if d.db != nil {
		err = d.db.Close()
	}
	if d.cluster != nil {
		err = errors.Join(err, d.cluster.Stop())
	}
	return err
}

// schema is how far a database is and how far this program.
type schema struct {
	have, want int64
	empty      bool // nobody's tables are in it
}

// look asks a database how far it is. It waits a while for one that is away.
func look(ctx context.Context, dsn string, log *slog.Logger) (schema, error) {
	db, err := postgres.Open(dsn, nil) // nothing sealed is read here
	if err != nil {
		return schema{}, fmt.Errorf("doorstep: database: %w", err)
	}
	defer func() { _ = db.Close() }()
	ctx, cancel := context.WithTimeout(ctx, databasePatience)
	defer cancel()
	for {
		found, err := ask(ctx, db)
		if err == nil {
			return found, nil
		}
		if mediation.KeyOf(postgres.Classify(err)) != keyAway {
			return schema{}, fmt.Errorf("doorstep: database: %w", err)
		}
		log.Warn("database is away, trying again", "cause", err)
		if pause(ctx, databasePause) != nil {
			return schema{}, away(err)
		}
	}
}

// ask reads the versions of a database in which Chinese works.
func ask(ctx context.Context, db *postgres.DB) (schema, error) {
	have, want, err := postgres.SchemaVersion(ctx, db)
	if err != nil {
		return schema{}, err
	}
	if err := postgres.CheckLocale(ctx, db); err != nil {
		return schema{}, err
	}
	empty, err := postgres.IsEmpty(ctx, db)
	return schema{have, want, empty}, err
}

func away(err error) error {
	return &sentence{err: err, zh: "连不上数据库。请确认它已启动，并检查 DATABASE_URL 和 DOORSTEP_MIGRATE_URL。",
		en: "The database cannot be reached; make sure it runs and check DATABASE_URL and DOORSTEP_MIGRATE_URL."}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// migrate brings the schema up to this program's and grants the serving role
// what it needs.
func migrate(ctx context.Context, at addresses) error {
	if err := postgres.Migrate(ctx, at.owner, at.appRole()); err != nil {
		return &sentence{err: err, zh: "数据库结构更新没有完成。请查看下面的原因，处理后再试；已完成的步骤不会重做。",
			en: "The database could not be brought up to date; see the cause below and try again. Steps already done are not repeated."}
	}
	return nil
}

// refuse says that the database is of another version of the program, and what
// to do about it.
func (s schema) refuse() error {
	if s.have > s.want {
		return &sentence{misuse: true,
			zh: fmt.Sprintf("数据库结构（第 %d 版）比本程序（第 %d 版）新，请改用较新的程序。", s.have, s.want),
			en: fmt.Sprintf("The database (schema %d) is newer than this program (schema %d); use a newer program.", s.have, s.want)}
	}
	return &sentence{misuse: true,
		zh: fmt.Sprintf("数据库结构是第 %d 版，本程序需要第 %d 版。请先备份，再运行 doorstep migrate。", s.have, s.want),
		en: fmt.Sprintf("The database has schema %d and this program needs %d; make a backup, then run: doorstep migrate", s.have, s.want)}
}

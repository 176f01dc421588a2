package main

import (
	"context"
	"errors"

	"doorstep/internal/backup"
	"doorstep/internal/blob"
	"doorstep/internal/config"
	"doorstep/internal/docket"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// backupChore is the kind of the daily backup.
const backupChore = "backup"

// choresOf is what the settings ask to be done for the whole house by itself.
func choresOf(p *parts, files blob.Store) []docket.Chore {
	var chores []docket.Chore
	if p.Demo {
		return nil // example data is worth no copy
	}
	if p.Config.Backup.Dir != "" {
		chores = append(chores, docket.Chore{Kind: backupChore, At: p.Config.Backup.At, Do: p.backUp(files)})
	}
	return append(chores, p.checkpointChores()...)
}

// backUp makes the daily backup over a connection of its own, since it waits
// longer than a page may, as the role that serves.
func (p *parts) backUp(files blob.Store) func(context.Context) error {
	shelf := shelfOf(p.Config)
	shelf.Log = p.Log
	return func(ctx context.Context) error {
		db, err := postgres.OpenPatient(p.AppDSN, p.Keys)
		if err != nil {
			return err
		}
		made, m, err := shelf.Make(ctx, backup.House{DB: db, Files: files, Keys: p.Keys}, p.Now())
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
		p.Log.Info("backup made", "file", made.Path, "bytes", made.Size, "rows", m.Rows(), "files", m.Files)
		return nil
	}
}

func shelfOf(c config.Config) backup.Shelf {
	b := c.Backup
	return backup.Shelf{Dir: b.Dir, To: b.To, Zone: statute.Shanghai, Keep: backup.Keep{Daily: b.Daily, Weekly: b.Weekly, Monthly: b.Monthly}}
}

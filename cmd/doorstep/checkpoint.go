package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/backup"
	"doorstep/internal/config"
	"doorstep/internal/docket"
	"doorstep/internal/locale"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/templates"
)

// checkpointChore is the kind of the daily checkpoint.
const checkpointChore = "checkpoint"

// checkpointOf writes where every history stands now, signed.
func checkpointOf(ctx context.Context, db *postgres.DB, keys *vault.Keys, now time.Time) (c vault.Checkpoint, text []byte, err error) {
	err = db.InTx(ctx, func(tx postgres.Tx) error {
		c, err = tx.Checkpoint(ctx)
		return err
	})
	if err != nil {
		return c, nil, err
	}
	c.MadeAt = now.UTC().Truncate(time.Second)
	text, err = c.Text(keys)
	return c, text, err
}

// checkpointChores is one chore for each place the checkpoint goes to, so that
// one that cannot be reached holds up no other.
func (p *parts) checkpointChores() []docket.Chore {
	var chores []docket.Chore
	for _, to := range p.Config.Checkpoint.To {
		chores = append(chores, docket.Chore{Kind: checkpointChore, Target: targetID(to), At: p.Config.Checkpoint.At,
			Do: func(ctx context.Context) error { return p.checkpoint(ctx, to) }})
	}
	return chores
}

// targetID tells the targets apart without telling their addresses.
func targetID(to config.CheckpointTarget) string {
	sum := sha256.Sum256([]byte(to.Dir + "\x00" + to.Mail + "\x00" + to.URL.Reveal()))
	return hex.EncodeToString(sum[:4])
}

// checkpoint verifies every chain, so that a broken one is told of the next
// morning and not when somebody asks, and then sends where they stand.
func (p *parts) checkpoint(ctx context.Context, to config.CheckpointTarget) error {
	db, err := postgres.OpenPatient(p.AppDSN, p.Keys)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	if _, broken, err := db.VerifyChains(ctx); err != nil {
		return err
	} else if broken != nil {
		return fmt.Errorf("audit: the history of case %s was changed at line %d (%s)", broken.Case, broken.Seq, broken.Why)
	}
	c, text, err := checkpointOf(ctx, db, p.Keys, p.Now())
	if err != nil {
		return err
	}
	if err := p.deliver(ctx, to, c, text, nil); err != nil {
		return err
	}
	p.Log.Info("checkpoint sent", "to", to.String(), "cases", len(c.Heads), "lines", c.Lines())
	return nil
}

// deliver brings a checkpoint to its place. Roots are the authorities believed by
// HTTPS; nil for those of the machine.
func (p *parts) deliver(ctx context.Context, to config.CheckpointTarget, c vault.Checkpoint, text []byte, roots *x509.CertPool) error {
	name := "doorstep-" + c.MadeAt.In(statute.Shanghai).Format("2006-01-02T15-04-05") + ".checkpoint"
	switch {
	case to.Dir != "":
		return backup.ToFile(filepath.Join(to.Dir, name), func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		}, nil)
	case to.URL != "":
		return notice.Post(ctx, to.URL.Reveal(), roots, text)
	}
	words, err := locale.Load(templates.FS)
	if err != nil {
		return err
	}
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	_, err = zip.Write(text)
	if err := errors.Join(err, zip.Close()); err != nil {
		return err
	}
	subject, body := notice.Letter(words, notice.Checkpoint, strings.TrimSuffix(p.BaseURL.String(), "/"), "")
	body += fmt.Sprintf("\ndoorstep audit verify --against %s.gz\nSHA-256 %x\n", name, sha256.Sum256(zipped.Bytes()))
	return smtpOf(p.Config).Send(ctx, notice.Mail{ID: uuid.NewString(), To: to.Mail, Subject: subject, Text: body,
		File: &notice.File{Name: name + ".gz", Data: zipped.Bytes()}})
}

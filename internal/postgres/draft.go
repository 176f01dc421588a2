package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"doorstep/internal/vault"
)

// draftAAD binds a draft to its owner and form.
func draftAAD(owner []byte, form string) vault.AAD {
	return vault.AAD{Table: "drafts", Column: "body_sealed", Row: fmt.Sprintf("%x/%s", owner, form)}
}

// SaveDraft keeps, sealed, what somebody has typed and not sent yet. The owner
// is an account's id or a browser's own key; only its digest is stored.
func (db *DB) SaveDraft(ctx context.Context, owner, form, body string, now time.Time) error {
	key := db.keys.Index("draft", owner)
	sealed, err := db.keys.Seal(draftAAD(key, form), body)
	if err != nil {
		return fmt.Errorf("postgres: draft: %w", err)
	}
	const statement = `
		INSERT INTO drafts (owner, form, body_sealed, updated_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (owner, form) DO UPDATE
		SET body_sealed = excluded.body_sealed, updated_at = excluded.updated_at`
	return db.InTx(ctx, func(tx Tx) error {
		_, err := tx.exec(ctx, statement, key, form, sealed, now)
		return err
	})
}

// Draft reads a draft; "" when there is none.
func (db *DB) Draft(ctx context.Context, owner, form string) (string, time.Time, error) {
	key := db.keys.Index("draft", owner)
	type row struct {
		Body []byte    `db:"body_sealed"`
		At   time.Time `db:"updated_at"`
	}
	const statement = `
		SELECT d.body_sealed, d.updated_at
		FROM drafts d
		WHERE d.owner = $1 AND d.form = $2`
	found, err := one[row](ctx, db.reader(), statement, key, form)
	if err != nil || found == nil {
		return "", time.Time{}, err
	}
	body, err := db.keys.Open(draftAAD(key, form), found.Body)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("postgres: draft: %w", err)
	}
	return body, found.At, nil
}

// DropDraft forgets a draft once its form was sent.
func (db *DB) DropDraft(ctx context.Context, owner, form string) error {
	return db.InTx(ctx, func(tx Tx) error {
		_, err := tx.exec(ctx, `DELETE FROM drafts WHERE owner = $1 AND form = $2`, db.keys.Index("draft", owner), form)
		return err
	})
}

// staleAtOnce bounds how many drafts one call of TakeStale takes.
const staleAtOnce = 100

// TakeStale hands the drafts whose form begins with the prefix and that nobody saved
// since then to take, and forgets each that was taken. Of tells whether a draft is an
// owner's: the row knows him by an index only. It gives how many were taken; those
// take fails on stay, and the failures are joined.
func (db *DB) TakeStale(ctx context.Context, prefix string, before time.Time,
	take func(body string, of func(owner string) bool) error) (taken int, err error) {
	type row struct {
		Owner []byte    `db:"owner"`
		Form  string    `db:"form"`
		Body  []byte    `db:"body_sealed"`
		At    time.Time `db:"updated_at"`
	}
	const statement = `
		SELECT owner, form, body_sealed, updated_at
		FROM drafts
		WHERE starts_with(form, $1) AND updated_at < $2
		ORDER BY updated_at
		LIMIT $3`
	rows, err := many[row](ctx, db.reader(), statement, prefix, before, staleAtOnce)
	if err != nil {
		return 0, err
	}
	var faults error
	for _, r := range rows {
		body, err := db.keys.Open(draftAAD(r.Owner, r.Form), r.Body)
		if err == nil {
			err = take(body, func(owner string) bool { return bytes.Equal(db.keys.Index("draft", owner), r.Owner) })
		}
		if err == nil {
			err = db.InTx(ctx, func(tx Tx) error {
				_, err := tx.exec(ctx, `DELETE FROM drafts WHERE owner = $1 AND form = $2 AND updated_at = $3`, r.Owner, r.Form, r.At)
				return err
			})
		}
		if err != nil {
			faults = errors.Join(faults, fmt.Errorf("postgres: stale draft: %w", err))
			continue
		}
		taken++
	}
	return taken, faults
}

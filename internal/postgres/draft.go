package postgres

import (
	"context"
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

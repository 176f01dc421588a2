package postgres

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// Identity is whom an account is at the provider of sign-ins. Email is plain and
// only on its way in; what is read back is the mask.
type Identity struct {
	User      mediation.UserID `db:"user_id"`
	Issuer    string           `db:"issuer"`
	Subject   string           `db:"subject"` // "" while it waits for the first sign-in by mail address
	Email     string           `db:"-"`
	EmailMask string           `db:"email_mask"` // "" when it was linked by the subject
	LinkedAt  time.Time        `db:"linked_at"`
	BoundAt   *time.Time       `db:"bound_at"` // its first sign-in
}

// Identity reads whom a user is at the provider; nil when nobody linked him.
func (db *DB) Identity(ctx context.Context, user mediation.UserID) (*Identity, error) {
	const statement = `
		SELECT i.user_id, i.issuer, coalesce(i.subject, '') AS subject, i.email_mask, i.linked_at, i.bound_at
		FROM staff_identities i
		WHERE i.user_id = $1`
	return one[Identity](ctx, db.reader(), statement, string(user))
}

// SaveIdentity links a user, in place of what linked him before; by the subject,
// or with "" by the mail address.
//
// Errors: Invalid with the field subject or email when it links another.
func (tx Tx) SaveIdentity(ctx context.Context, i Identity) error {
	const statement = `
		INSERT INTO staff_identities (user_id, issuer, subject, email_sealed, email_index, email_mask, linked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (user_id) DO UPDATE
		SET issuer = excluded.issuer, subject = excluded.subject, email_sealed = excluded.email_sealed,
			email_index = excluded.email_index, email_mask = excluded.email_mask, linked_at = excluded.linked_at, bound_at = NULL`
	var sealed []byte
	if i.Email != "" {
		var err error
		sealed, err = tx.keys.Seal(vault.AAD{Table: "staff_identities", Column: "email_sealed", Row: string(i.User)}, i.Email)
		if err != nil {
			return fmt.Errorf("postgres: seal mail address of user %s: %w", i.User, err)
		}
	}
	_, err := tx.exec(ctx, statement, string(i.User), i.Issuer, null(i.Subject), sealed, tx.index("staff_email", i.Email),
		vault.MaskEmail(i.Email), i.LinkedAt)
	return err
}

// DropIdentity unlinks a user; false when nothing linked him.
func (tx Tx) DropIdentity(ctx context.Context, user mediation.UserID) (bool, error) {
	n, err := tx.exec(ctx, `DELETE FROM staff_identities WHERE user_id = $1`, string(user))
	return n > 0, err
}

// Known is an account found by the word of the provider, and whether it came in
// that way before.
type Known struct {
	ID         mediation.UserID `db:"id"`
	DisabledAt *time.Time       `db:"disabled_at"`
	BoundAt    *time.Time       `db:"bound_at"`
}

// AccountByIdentity finds whose account a subject of an issuer is, or else the
// one that waits for a mail address ("" for none); nil for nobody's.
func (db *DB) AccountByIdentity(ctx context.Context, issuer, subject, email string) (*Known, error) {
	const statement = `
		SELECT u.id, u.disabled_at, i.bound_at
		FROM staff_identities i
		JOIN users u ON u.id = i.user_id
		WHERE i.issuer = $1 AND (i.subject = $2 OR i.subject IS NULL AND i.email_index = $3)
		ORDER BY i.subject IS NULL
		LIMIT 1`
	r := db.reader()
	return one[Known](ctx, r, statement, issuer, subject, r.index("staff_email", email))
}

// BindIdentity notes the first sign-in of a linked account and the subject it
// came with; false when another came first.
func (tx Tx) BindIdentity(ctx context.Context, user mediation.UserID, subject string, now time.Time) (bool, error) {
	const statement = `
		UPDATE staff_identities
		SET subject = $2, bound_at = $3
		WHERE user_id = $1 AND bound_at IS NULL AND (subject IS NULL OR subject = $2)`
	n, err := tx.exec(ctx, statement, string(user), subject, now)
	return n > 0, err
}

// RevokeProviderSignIns ends the sessions of a user that the provider began.
func (tx Tx) RevokeProviderSignIns(ctx context.Context, user mediation.UserID, now time.Time) error {
	const statement = `
		UPDATE sign_ins
		SET revoked_at = $2
		WHERE user_id = $1 AND way = 'provider' AND revoked_at IS NULL`
	_, err := tx.exec(ctx, statement, string(user), now)
	return err
}

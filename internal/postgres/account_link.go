package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// InsertLink stores a link that works once, by the digest of its token, and
// ends the unused ones of the same purpose and user: only the newest works. A
// link for the first administrator belongs to nobody yet.
func (tx Tx) InsertLink(ctx context.Context, digest []byte, purpose string, user mediation.UserID, now, expires time.Time) error {
	const (
		ended = `
			UPDATE one_time_links
			SET used_at = $3
			WHERE purpose = $1 AND user_id IS NOT DISTINCT FROM $2::uuid AND used_at IS NULL`
		made = `
			INSERT INTO one_time_links (token_digest, purpose, user_id, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5)`
	)
	if _, err := tx.exec(ctx, ended, purpose, null(user), now); err != nil {
		return err
	}
	_, err := tx.exec(ctx, made, digest, purpose, null(user), now, expires)
	return err
}

// LinkRow is whom a living link is for; User is "" for the first administrator.
type LinkRow struct {
	User     mediation.UserID `db:"user_id"`
	Username string           `db:"username"`
}

// Link finds a living link of the purpose; nil for none.
func (db *DB) Link(ctx context.Context, digest []byte, purpose string, now time.Time) (*LinkRow, error) {
	const statement = `
		SELECT coalesce(l.user_id::text, '') AS user_id, coalesce(u.username, '') AS username
		FROM one_time_links l
		LEFT JOIN users u ON u.id = l.user_id
		WHERE l.token_digest = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.expires_at > $3 AND u.disabled_at IS NULL`
	return one[LinkRow](ctx, db.reader(), statement, digest, purpose, now)
}

// UseLink ends a living link; false when another was first or it is over.
func (tx Tx) UseLink(ctx context.Context, digest []byte, purpose string, now time.Time) (bool, error) {
	const statement = `
		UPDATE one_time_links
		SET used_at = $3
		WHERE token_digest = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3`
	n, err := tx.exec(ctx, statement, digest, purpose, now)
	return n == 1, err
}

package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// AccountNotice is something that happened to an account: a sign-in from a new
// device, a password link made by the office, a second factor taken away,
// sessions ended by somebody else. Device and Address are of a new device.
type AccountNotice struct {
	ID      string           `db:"id"`
	User    mediation.UserID `db:"user_id"`
	Kind    string           `db:"kind"`
	At      time.Time        `db:"at"`
	Device  string           `db:"device"`
	Address string           `db:"address"`
	SeenAt  *time.Time       `db:"seen_at"`
}

// TellAccount notes something for the owner of an account, and puts a mail out
// when one of the kind is written and he has a confirmed address. mail is the id
// of that mail; "" sends none.
func (tx Tx) TellAccount(ctx context.Context, n AccountNotice, mail string) error {
	const statement = `
		INSERT INTO account_notices (id, user_id, kind, at, device, address)
		VALUES ($1, $2, $3, $4, $5, $6)`
	if _, err := tx.exec(ctx, statement, n.ID, string(n.User), n.Kind, n.At, n.Device, n.Address); err != nil || mail == "" {
		return err
	}
	return tx.AddMail(ctx, Mail{ID: mail, Key: n.Kind + "/" + n.ID, User: n.User, Kind: n.Kind, CreatedAt: n.At, DueAt: n.At})
}

// AccountNotices lists what happened to an account last, newest first.
func (db *DB) AccountNotices(ctx context.Context, user mediation.UserID, limit int) ([]AccountNotice, error) {
	const statement = `
		SELECT n.id, n.user_id, n.kind, n.at, n.device, n.address, n.seen_at
		FROM account_notices n
		WHERE n.user_id = $1
		ORDER BY n.at DESC, n.id DESC
		LIMIT $2`
	return many[AccountNotice](ctx, db.reader(), statement, string(user), limit)
}

// SeeAccountNotices notes that the owner has seen them.
func (tx Tx) SeeAccountNotices(ctx context.Context, user mediation.UserID, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE account_notices SET seen_at = $2 WHERE user_id = $1 AND seen_at IS NULL`, string(user), now)
	return err
}

// MeetDevice notes that a user came in with the browser that carries a mark, and
// says whether it is new to him and whether he has come in with any other before.
func (tx Tx) MeetDevice(ctx context.Context, user mediation.UserID, mark []byte, now time.Time) (fresh, others bool, err error) {
	const met = `UPDATE known_devices SET seen_at = $3 WHERE user_id = $1 AND mark_digest = $2`
	const count = `SELECT count(*) FROM (SELECT FROM known_devices d WHERE d.user_id = $1 LIMIT 1) known`
	const made = `INSERT INTO known_devices (user_id, mark_digest, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	n, err := tx.exec(ctx, met, string(user), mark, now)
	if err != nil || n > 0 {
		return false, true, err
	}
	known, err := one[int](ctx, tx.reader, count, string(user))
	if err != nil {
		return false, false, err
	}
	_, err = tx.exec(ctx, made, string(user), mark, now)
	return true, known != nil && *known > 0, err
}

package postgres

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// How mails about news are spaced, so that a busy morning is one mail and not
// thirty.
const (
	newsGather = 5 * time.Minute // what happens within it is told by one mail
	newsSpace  = time.Hour       // between two mails to one person
)

// Mail is one mail that waits. User is "" when Asked says whom it is for as
// somebody typed it: a user name or a phone.
type Mail struct {
	ID        string           `db:"id"`
	Key       string           `db:"key"` // of two with one key only one waits
	User      mediation.UserID `db:"user_id"`
	Asked     string           `db:"-"`
	AskedSeal []byte           `db:"asked_sealed"`
	Kind      string           `db:"kind"`
	CreatedAt time.Time        `db:"created_at"`
	DueAt     time.Time        `db:"due_at"`
	Tries     int              `db:"tries"` // this one included
}

func askedPlace(id string) vault.AAD {
	return vault.AAD{Table: "outbox", Column: "asked_sealed", Row: id}
}

// AddMail puts a mail out, unless one with its key waits already or its user has
// no confirmed address. A mail that confirms an address needs none.
func (tx Tx) AddMail(ctx context.Context, m Mail) error {
	const statement = `
		INSERT INTO outbox (id, key, user_id, asked_sealed, kind, created_at, due_at)
		SELECT $1, $2, $3::uuid, $4, $5, $6, $7
		WHERE $3::uuid IS NULL OR EXISTS (SELECT FROM users u WHERE u.id = $3::uuid AND u.email_sealed IS NOT NULL
			AND (u.email_confirmed_at IS NOT NULL OR $5 = 'email'))
		ON CONFLICT (key) WHERE sent_at IS NULL AND parked_at IS NULL DO NOTHING`
	var sealed []byte
	if m.Asked != "" {
		var err error
		if sealed, err = tx.keys.Seal(askedPlace(m.ID), m.Asked); err != nil {
			return fmt.Errorf("postgres: seal outbox %s: %w", m.ID, err)
		}
	}
	_, err := tx.exec(ctx, statement, m.ID, m.Key, null(m.User), sealed, m.Kind, m.CreatedAt, m.DueAt)
	return err
}

// newsMails puts one mail out for each user among the readers of fresh notices
// who has a confirmed address. It stands in the statement that writes them.
const newsMails = `
	INSERT INTO outbox (id, key, user_id, kind, created_at, due_at)
	SELECT gen_random_uuid(), 'news/' || u.id, u.id, 'news', min(r.at), greatest(min(r.at) + make_interval(secs => $2),
		(SELECT max(o.sent_at) + make_interval(secs => $3) FROM outbox o WHERE o.user_id = u.id AND o.kind = 'news' AND o.sent_at IS NOT NULL))
	FROM (
		SELECT coalesce(t.user_id, p.user_id) AS user_id, t.at
		FROM told t
		LEFT JOIN case_parties p ON p.id = t.party_id AND p.left_at IS NULL
	) r
	JOIN users u ON u.id = r.user_id
	WHERE u.email_confirmed_at IS NOT NULL AND u.disabled_at IS NULL
	GROUP BY u.id
	ON CONFLICT (key) WHERE sent_at IS NULL AND parked_at IS NULL DO NOTHING`

// LeaseMail takes the mail that has been due longest and keeps others off it
// until the lease ends; nil when none is due. The try is counted before it is
// made: a mail that kills its sender stops being tried.
func (tx Tx) LeaseMail(ctx context.Context, now, until time.Time) (*Mail, error) {
	const statement = `
		UPDATE outbox
		SET leased_until = $2, tries = tries + 1
		WHERE id = (
			SELECT o.id
			FROM outbox o
			WHERE o.sent_at IS NULL AND o.parked_at IS NULL AND o.due_at <= $1 AND coalesce(o.leased_until, $1) <= $1
			ORDER BY o.due_at
			LIMIT 1
			FOR UPDATE SKIP LOCKED)
		RETURNING id, key, coalesce(user_id::text, '') AS user_id, asked_sealed, kind, created_at, due_at, tries`
	m, err := one[Mail](ctx, tx.reader, statement, now, until)
	if m == nil || m.AskedSeal == nil {
		return m, err
	}
	if m.Asked, err = tx.keys.Open(askedPlace(m.ID), m.AskedSeal); err != nil {
		return nil, fmt.Errorf("postgres: outbox %s: %w", m.ID, err)
	}
	return m, nil
}

// MailDone notes that a mail was sent, or that there was nobody to send it to;
// fault is a code and no text from outside.
func (tx Tx) MailDone(ctx context.Context, id, fault string, now time.Time) error {
	const statement = `
		UPDATE outbox
		SET sent_at = $3, leased_until = NULL, asked_sealed = NULL, fault = $2
		WHERE id = $1`
	_, err := tx.exec(ctx, statement, id, fault, now)
	return err
}

// MailFailed puts a mail off until the moment, or parks it for good with a zero
// one.
func (tx Tx) MailFailed(ctx context.Context, id, fault string, again, now time.Time) error {
	const later = `UPDATE outbox SET due_at = $3, leased_until = NULL, fault = $2 WHERE id = $1`
	const never = `UPDATE outbox SET parked_at = $3, leased_until = NULL, asked_sealed = NULL, fault = $2 WHERE id = $1`
	if again.IsZero() {
		_, err := tx.exec(ctx, never, id, fault, now)
		return err
	}
	_, err := tx.exec(ctx, later, id, fault, again)
	return err
}

// LostMail is what somebody was to be mailed and was not.
type LostMail struct {
	User  string    `db:"user_id"` // "" for a mail to somebody who had not signed in
	Name  string    `db:"name"`
	Count int       `db:"n"`
	Last  time.Time `db:"last"`  // when the last was given up
	Fault string    `db:"fault"` // its code, as notice.Fault gives it
}

// lostShown bounds how many people LostMails names.
const lostShown = 20

// LostMails lists for whom mails were given up since then, the last first.
func (db *DB) LostMails(ctx context.Context, since time.Time) ([]LostMail, error) {
	const statement = `
		SELECT coalesce(o.user_id::text, '') AS user_id, coalesce(u.name, '') AS name, count(*) AS n, max(o.parked_at) AS last,
			(array_agg(o.fault ORDER BY o.parked_at DESC))[1] AS fault
		FROM outbox o
		LEFT JOIN users u ON u.id = o.user_id
		WHERE o.parked_at > $1
		GROUP BY o.user_id, u.name
		ORDER BY last DESC
		LIMIT $2`
	return many[LostMail](ctx, db.reader(), statement, since, lostShown)
}

// MailsWaiting are the mails that a server did not take so far.
type MailsWaiting struct {
	Count int        `db:"n"`
	Since *time.Time `db:"since"` // when the oldest was written; nil without one
	Fault string     `db:"fault"` // of the oldest
}

// MailsWaiting counts what was tried and not taken.
func (db *DB) MailsWaiting(ctx context.Context) (MailsWaiting, error) {
	const statement = `
		SELECT count(*) AS n, min(created_at) AS since, coalesce((array_agg(fault ORDER BY created_at))[1], '') AS fault
		FROM outbox
		WHERE sent_at IS NULL AND parked_at IS NULL AND fault <> ''`
	w, err := one[MailsWaiting](ctx, db.reader(), statement)
	if err != nil {
		return MailsWaiting{}, err
	}
	return *w, nil
}

func emailPlace(id mediation.UserID) vault.AAD {
	return vault.AAD{Table: "users", Column: "email_sealed", Row: string(id)}
}

// SetEmail stores a mail address that has yet to be confirmed, or none with "".
// Links that would have confirmed another end.
func (tx Tx) SetEmail(ctx context.Context, id mediation.UserID, email string, now time.Time) error {
	const stored = `
		UPDATE users
		SET email_sealed = $2, email_mask = $3, email_confirmed_at = NULL, version = version + 1
		WHERE id = $1`
	const ended = `UPDATE one_time_links SET used_at = $2 WHERE user_id = $1 AND purpose IN ('email', 'password') AND used_at IS NULL`
	var sealed []byte
	if email != "" {
		var err error
		if sealed, err = tx.keys.Seal(emailPlace(id), email); err != nil {
			return fmt.Errorf("postgres: seal mail address of user %s: %w", id, err)
		}
	}
	if err := tx.touchOne(ctx, stored, string(id), sealed, vault.MaskEmail(email)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, ended, string(id), now)
	return err
}

// ConfirmEmail notes that the stored address is its owner's.
func (tx Tx) ConfirmEmail(ctx context.Context, id mediation.UserID, now time.Time) error {
	return tx.touchOne(ctx, `UPDATE users SET email_confirmed_at = $2 WHERE id = $1 AND email_sealed IS NOT NULL`, string(id), now)
}

// MailTo reads where a user's mails go and locks his row, so that a link made
// next belongs to this address and no other; "" when he has none, is stopped, or
// has not confirmed it where confirmed asks for that.
func (tx Tx) MailTo(ctx context.Context, id mediation.UserID, confirmed bool) (string, error) {
	const statement = `
		SELECT u.email_sealed
		FROM users u
		WHERE u.id = $1 AND u.disabled_at IS NULL AND u.email_sealed IS NOT NULL AND (u.email_confirmed_at IS NOT NULL OR NOT $2)
		FOR UPDATE`
	sealed, err := one[[]byte](ctx, tx.reader, statement, string(id), confirmed)
	if sealed == nil {
		return "", err
	}
	email, err := tx.keys.Open(emailPlace(id), *sealed)
	if err != nil {
		return "", fmt.Errorf("postgres: mail address of user %s: %w", id, err)
	}
	return email, nil
}

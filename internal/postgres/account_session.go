package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"doorstep/internal/mediation"
)

// SignIn is one signed-in device of a user.
type SignIn struct {
	ID         string           `db:"id"`
	User       mediation.UserID `db:"user_id"`
	CreatedAt  time.Time        `db:"created_at"`
	SeenAt     time.Time        `db:"seen_at"` // exact to a minute
	ExpiresAt  time.Time        `db:"expires_at"`
	Address    string           `db:"address"`
	Device     string           `db:"device"`
	Name       string           `db:"name"`        // of the user; only from SeeSignIn
	MustChange bool             `db:"must_change"` // only from SeeSignIn
	FactorAt   *time.Time       `db:"factor_at"`   // when the second factor was shown; only from SeeSignIn
	FactorOn   bool             `db:"factor_on"`   // the user has one; only from SeeSignIn
	Way        string           `db:"way"`         // "password" or "provider"; "" when it is stored is the first
	Vouched    bool             `db:"vouched"`     // the provider vouched for a second factor
	Provider   string           `db:"provider"`    // issuer at which the user has signed in before, "" for none; only from SeeSignIn
	Unseen     int              `db:"unseen"`      // what happened to the account and he has not seen; only from SeeSignIn
	Grants     []byte           `db:"grants"`      // JSON; read it with Holds
}

// Holds are the grants in force at the moment the sign-in was seen.
func (s SignIn) Holds() ([]mediation.Grant, error) {
	var rows []struct {
		Role      mediation.Role        `json:"role"`
		Committee mediation.CommitteeID `json:"committee"`
		AreaPath  string                `json:"area_path"`
		Court     mediation.CourtID     `json:"court"`
	}
	if err := json.Unmarshal(s.Grants, &rows); err != nil {
		return nil, fmt.Errorf("postgres: grants of user %s: %w", s.User, err)
	}
	grants := make([]mediation.Grant, len(rows))
	for i, r := range rows {
		grants[i] = mediation.Grant{Role: r.Role, Committee: r.Committee, AreaPath: r.AreaPath, Court: r.Court}
	}
	return grants, nil
}

// InsertSignIn stores a new session by the digest of its token.
func (tx Tx) InsertSignIn(ctx context.Context, s SignIn, digest []byte) error {
	const statement = `
		INSERT INTO sign_ins (id, user_id, token_digest, created_at, seen_at, expires_at, address, device, way, vouched)
		VALUES ($1, $2, $3, $4, $4, $5, $6, $7, coalesce(nullif($8, ''), 'password'), $9)`
	_, err := tx.exec(ctx, statement, s.ID, string(s.User), digest, s.CreatedAt, s.ExpiresAt, s.Address, s.Device, s.Way, s.Vouched)
	return err
}

// SeeSignIn finds the living session of a token with its user's grants in
// force, and notes that it was seen; nil when there is none. A session unseen
// since idleSince is over, and one seen after fresh is not written again.
//
// It is a read that leaves a mark: one statement, because it stands before every
// page, and its own transaction, because nothing else hangs on the mark.
func (db *DB) SeeSignIn(ctx context.Context, digest []byte, now, idleSince, fresh time.Time) (*SignIn, error) {
	const statement = `
		WITH living AS (
			SELECT s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.address, s.device, u.name, u.must_change,
				s.factor_at, f.confirmed_at IS NOT NULL AS factor_on, s.way, s.vouched,
				CASE WHEN i.bound_at IS NULL THEN '' ELSE i.issuer END AS provider
			FROM sign_ins s
			JOIN users u ON u.id = s.user_id
			LEFT JOIN second_factors f ON f.user_id = u.id
			LEFT JOIN staff_identities i ON i.user_id = u.id
			WHERE s.token_digest = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
				AND u.disabled_at IS NULL
		), slid AS (
			UPDATE sign_ins s
			SET seen_at = $2
			FROM living
			WHERE s.id = living.id AND living.seen_at <= $4
		)
		SELECT living.*, (SELECT count(*) FROM account_notices n WHERE n.user_id = living.user_id AND n.seen_at IS NULL) AS unseen, (
			SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'committee', coalesce(g.committee_id::text, ''),
				'area_path', coalesce(a.path, ''), 'court', coalesce(g.court_id::text, '')) ORDER BY g.granted_at, g.id), '[]')
			FROM grants g
			LEFT JOIN areas a ON a.id = g.area_id
			WHERE g.user_id = living.user_id AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL) AS grants
		FROM living`
	return one[SignIn](ctx, db.reader(), statement, digest, now, idleSince, fresh)
}

// SignInOwner is whose session a token was, also when it is over; "" for none.
func (db *DB) SignInOwner(ctx context.Context, digest []byte) (mediation.UserID, error) {
	const statement = `
		SELECT s.user_id
		FROM sign_ins s
		WHERE s.token_digest = $1`
	owner, err := one[string](ctx, db.reader(), statement, digest)
	if owner == nil {
		return "", err
	}
	return mediation.UserID(*owner), nil
}

// SignIns lists a user's living sessions, the last seen first.
func (db *DB) SignIns(ctx context.Context, user mediation.UserID, now, idleSince time.Time) ([]SignIn, error) {
	const statement = `
		SELECT s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.address, s.device
		FROM sign_ins s
		WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3
		ORDER BY s.seen_at DESC, s.id DESC`
	return many[SignIn](ctx, db.reader(), statement, string(user), now, idleSince)
}

// EndSignIn ends the session of a token.
func (tx Tx) EndSignIn(ctx context.Context, digest []byte, now time.Time) error {
	const statement = `
		UPDATE sign_ins
		SET revoked_at = $2
		WHERE token_digest = $1 AND revoked_at IS NULL`
	_, err := tx.exec(ctx, statement, digest, now)
	return err
}

// RevokeSignIn ends one session of the user; NotFound when it is another's or
// over already.
func (tx Tx) RevokeSignIn(ctx context.Context, user mediation.UserID, id string, now time.Time) error {
	const statement = `
		UPDATE sign_ins
		SET revoked_at = $3
		WHERE user_id = $1 AND id::text = $2 AND revoked_at IS NULL`
	n, err := tx.exec(ctx, statement, string(user), id, now)
	if err == nil && n == 0 {
		return notFound()
	}
	return err
}

// RevokeSignIns ends the user's sessions, all but the kept one ("" keeps none),
// and says how many.
func (tx Tx) RevokeSignIns(ctx context.Context, user mediation.UserID, keep string, now time.Time) (int64, error) {
	const statement = `
		UPDATE sign_ins
		SET revoked_at = $3
		WHERE user_id = $1 AND id::text <> $2 AND revoked_at IS NULL`
	return tx.exec(ctx, statement, string(user), keep, now)
}

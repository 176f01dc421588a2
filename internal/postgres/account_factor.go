package postgres

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// Factor is the second factor of an account as it is stored. Secret and Pending
// are opened: base32 of the key an authenticator holds, "" for none.
type Factor struct {
	Secret      string     `db:"-"`
	Pending     string     `db:"-"`
	Sealed      []byte     `db:"secret_sealed"`
	PendingSeal []byte     `db:"pending_sealed"`
	ConfirmedAt *time.Time `db:"confirmed_at"`
	PendingAt   *time.Time `db:"pending_at"`
	LastStep    int64      `db:"last_step"`
	CodesLeft   int        `db:"codes_left"` // recovery codes not used yet
}

func factorPlace(user mediation.UserID, column string) vault.AAD {
	return vault.AAD{Table: "second_factors", Column: column, Row: string(user)}
}

// Factor reads the second factor of a user; nil when he has begun none.
func (db *DB) Factor(ctx context.Context, user mediation.UserID) (*Factor, error) {
	const statement = `
		SELECT f.secret_sealed, f.pending_sealed, f.confirmed_at, f.pending_at, f.last_step,
			(SELECT count(*) FROM recovery_codes r WHERE r.user_id = f.user_id AND r.used_at IS NULL) AS codes_left
		FROM second_factors f
		WHERE f.user_id = $1`
	f, err := one[Factor](ctx, db.reader(), statement, string(user))
	if f == nil {
		return nil, err
	}
	if f.Sealed != nil {
		if f.Secret, err = db.keys.Open(factorPlace(user, "secret_sealed"), f.Sealed); err != nil {
			return nil, fmt.Errorf("postgres: second factor of user %s: %w", user, err)
		}
	}
	if f.PendingSeal != nil {
		if f.Pending, err = db.keys.Open(factorPlace(user, "pending_sealed"), f.PendingSeal); err != nil {
			return nil, fmt.Errorf("postgres: new second factor of user %s: %w", user, err)
		}
	}
	return f, nil
}

// BeginFactor stores a secret that holds once its first code was typed. One that
// was begun before is forgotten; one that holds goes on holding.
func (tx Tx) BeginFactor(ctx context.Context, user mediation.UserID, secret string, now time.Time) error {
	const statement = `
		INSERT INTO second_factors (user_id, pending_sealed, pending_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET pending_sealed = excluded.pending_sealed, pending_at = excluded.pending_at`
	sealed, err := tx.keys.Seal(factorPlace(user, "pending_sealed"), secret)
	if err != nil {
		return fmt.Errorf("postgres: seal second factor of user %s: %w", user, err)
	}
	_, err = tx.exec(ctx, statement, string(user), sealed, now)
	return err
}

// ConfirmFactor puts the begun secret in force, with the step of the code that
// proved it; false when another secret was begun meanwhile (at is the moment the
// proven one was begun). The secret is sealed anew, since a seal is bound to its
// column.
func (tx Tx) ConfirmFactor(ctx context.Context, user mediation.UserID, secret string, at time.Time, step int64, now time.Time) (bool, error) {
	const statement = `
		UPDATE second_factors
		SET secret_sealed = $2, confirmed_at = $3, last_step = $4, pending_sealed = NULL, pending_at = NULL
		WHERE user_id = $1 AND pending_at = $5`
	sealed, err := tx.keys.Seal(factorPlace(user, "secret_sealed"), secret)
	if err != nil {
		return false, fmt.Errorf("postgres: seal second factor of user %s: %w", user, err)
	}
	n, err := tx.exec(ctx, statement, string(user), sealed, now, step, at)
	return n == 1, err
}

// UseStep notes the time step of a code that was shown; false when it or a later
// one was used already. Of two requests with one code, one finds true.
func (tx Tx) UseStep(ctx context.Context, user mediation.UserID, step int64) (bool, error) {
	const statement = `
		UPDATE second_factors
		SET last_step = $2
		WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL`
	n, err := tx.exec(ctx, statement, string(user), step)
	return n == 1, err
}

// SetRecoveryCodes replaces the recovery codes of a user by others, by their
// keyed digests.
func (tx Tx) SetRecoveryCodes(ctx context.Context, user mediation.UserID, digests [][]byte) error {
	if _, err := tx.exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, string(user)); err != nil {
		return err
	}
	for _, digest := range digests {
		if _, err := tx.exec(ctx, `INSERT INTO recovery_codes (user_id, code_digest) VALUES ($1, $2)`, string(user), digest); err != nil {
			return err
		}
	}
	return nil
}

// UseRecoveryCode spends a recovery code; false when it is none or was used.
func (tx Tx) UseRecoveryCode(ctx context.Context, user mediation.UserID, digest []byte, now time.Time) (bool, error) {
	const statement = `
		UPDATE recovery_codes
		SET used_at = $3
		WHERE user_id = $1 AND code_digest = $2 AND used_at IS NULL`
	n, err := tx.exec(ctx, statement, string(user), digest, now)
	return n == 1, err
}

// DropFactor forgets the second factor of a user with its recovery codes; false
// when he had none.
func (tx Tx) DropFactor(ctx context.Context, user mediation.UserID) (bool, error) {
	if _, err := tx.exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, string(user)); err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, `DELETE FROM second_factors WHERE user_id = $1`, string(user))
	return n == 1, err
}

// PassFactor notes that a session has shown the second factor and gives it a new
// token, so that one learned before the second step opens nothing.
func (tx Tx) PassFactor(ctx context.Context, session string, digest []byte, now time.Time) error {
	const statement = `
		UPDATE sign_ins
		SET factor_at = $2, token_digest = $3
		WHERE id::text = $1 AND revoked_at IS NULL`
	return tx.touchOne(ctx, statement, session, now, digest)
}

// KnownNetwork says whether the user has come in with both steps from the address
// since the moment.
func (db *DB) KnownNetwork(ctx context.Context, user mediation.UserID, address string, since time.Time) (bool, error) {
	const statement = `
		SELECT count(*)
		FROM (SELECT FROM sign_ins s WHERE s.user_id = $1 AND s.address = $2 AND s.factor_at > $3 LIMIT 1) known`
	n, err := one[int](ctx, db.reader(), statement, string(user), address, since)
	return n != nil && *n > 0, err
}

package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// CodeHold is the side of a case that a receipt code, an invitation or a short
// session opens. Level is the party's as it stands now.
type CodeHold struct {
	Case       mediation.CaseID  `db:"case_id"`
	Party      mediation.PartyID `db:"party_id"`
	Level      mediation.Level   `db:"identity_level"`
	SecretHash string            `db:"secret_hash"` // of a receipt code only
	ExpiresAt  time.Time         `db:"expires_at"`  // of a short session only
}

// ReceiptCode finds a living code by its locator; nil for none. A code of a
// party that left the case opens nothing.
func (db *DB) ReceiptCode(ctx context.Context, locator string) (*CodeHold, error) {
	const statement = `
		SELECT r.case_id, r.party_id, r.secret_hash, p.identity_level
		FROM receipt_codes r
		JOIN case_parties p ON p.id = r.party_id
		WHERE r.locator = $1 AND r.revoked_at IS NULL AND p.left_at IS NULL`
	return one[CodeHold](ctx, db.reader(), statement, locator)
}

// Invitation finds a living invitation by the digest of its token; nil for
// none.
func (db *DB) Invitation(ctx context.Context, digest []byte, now time.Time) (*CodeHold, error) {
	const statement = `
		SELECT i.case_id, i.party_id, p.identity_level
		FROM invitations i
		JOIN case_parties p ON p.id = i.party_id
		WHERE i.token_digest = $1 AND i.revoked_at IS NULL AND i.expires_at > $2 AND p.left_at IS NULL`
	return one[CodeHold](ctx, db.reader(), statement, digest, now)
}

// InsertCodeSession opens a short session.
func (tx Tx) InsertCodeSession(ctx context.Context, digest []byte, h CodeHold, expires time.Time) error {
	const statement = `
		INSERT INTO code_sessions (token_digest, case_id, party_id, expires_at)
		VALUES ($1, $2, $3, $4)`
	_, err := tx.exec(ctx, statement, digest, string(h.Case), string(h.Party), expires)
	return err
}

// CodeSession finds a short session by its token's digest; nil when it ended,
// when the party left, or when nothing that could have opened it is alive: a code
// or link of the party, or of the same person in a case that this one follows.
func (db *DB) CodeSession(ctx context.Context, digest []byte, now time.Time) (*CodeHold, error) {
	return db.reader().CodeSession(ctx, digest, now)
}

// CodeSession is the same inside a transaction.
func (r reader) CodeSession(ctx context.Context, digest []byte, now time.Time) (*CodeHold, error) {
	const statement = `
		SELECT s.case_id, s.party_id, s.expires_at, p.identity_level
		FROM code_sessions s
		JOIN case_parties p ON p.id = s.party_id
		WHERE s.token_digest = $1 AND s.expires_at > $2 AND p.left_at IS NULL
			AND EXISTS (
				WITH RECURSIVE person (id) AS (
					SELECT s.party_id
					UNION
					SELECT b.follows_party FROM person n JOIN case_parties b ON b.id = n.id WHERE b.follows_party IS NOT NULL
				)
				SELECT FROM person n
				WHERE EXISTS (SELECT FROM receipt_codes r WHERE r.party_id = n.id AND r.revoked_at IS NULL)
					OR EXISTS (SELECT FROM invitations i WHERE i.party_id = n.id AND i.revoked_at IS NULL AND i.expires_at > $2))`
	return one[CodeHold](ctx, r, statement, digest, now)
}

// Successor is the same applicant in the latest case that follows his; nil when
// none does, or when he left it.
func (tx Tx) Successor(ctx context.Context, party mediation.PartyID) (*CodeHold, error) {
	const statement = `
		SELECT p.case_id, p.id AS party_id, p.identity_level
		FROM case_parties p
		JOIN cases c ON c.id = p.case_id
		WHERE p.follows_party = $1 AND p.left_at IS NULL
		ORDER BY c.filed_at DESC, c.id DESC
		LIMIT 1`
	return one[CodeHold](ctx, tx.reader, statement, string(party))
}

// CodeSessionParty is whose short session a token was, also for a while after
// its end; "" for none.
func (db *DB) CodeSessionParty(ctx context.Context, digest []byte) (mediation.PartyID, error) {
	const statement = `
		SELECT s.party_id
		FROM code_sessions s
		WHERE s.token_digest = $1`
	party, err := one[string](ctx, db.reader(), statement, digest)
	if party == nil {
		return "", err
	}
	return mediation.PartyID(*party), nil
}

// EndCodeSession ends a short session at once.
func (tx Tx) EndCodeSession(ctx context.Context, digest []byte) error {
	_, err := tx.exec(ctx, `DELETE FROM code_sessions WHERE token_digest = $1`, digest)
	return err
}

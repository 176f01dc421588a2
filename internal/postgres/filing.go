package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// Filing is what is kept of one filing's key.
type Filing struct {
	Key          []byte           `db:"key_digest"`
	Fingerprint  []byte           `db:"fingerprint"`
	Case         mediation.CaseID `db:"case_id"`
	IntakeNumber string           `db:"intake_number"`
	CodeSealed   []byte           `db:"code_sealed"`
	CreatedAt    time.Time        `db:"created_at"`
}

// TakeFiling finds the filing of a key; nil when the key is new. Two requests
// with one key wait for each other, so that only one of them files.
func (tx Tx) TakeFiling(ctx context.Context, key []byte) (*Filing, error) {
	if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 7))`, key); err != nil {
		return nil, err
	}
	return tx.filing(ctx, key)
}

// Filing finds the filing of a key without waiting for one that is being taken;
// nil when there is none.
func (db *DB) Filing(ctx context.Context, key []byte) (*Filing, error) {
	return db.reader().filing(ctx, key)
}

func (r reader) filing(ctx context.Context, key []byte) (*Filing, error) {
	const statement = `
		SELECT f.key_digest, f.fingerprint, f.case_id, f.code_sealed, f.created_at, c.intake_number
		FROM filings f
		JOIN cases c ON c.id = f.case_id
		WHERE f.key_digest = $1`
	return one[Filing](ctx, r, statement, key)
}

// KeepFiling remembers a filing under its key.
func (tx Tx) KeepFiling(ctx context.Context, f Filing) error {
	const statement = `
		INSERT INTO filings (key_digest, fingerprint, case_id, code_sealed, created_at)
		VALUES ($1, $2, $3, $4, $5)`
	_, err := tx.exec(ctx, statement, f.Key, f.Fingerprint, string(f.Case), f.CodeSealed, f.CreatedAt)
	return err
}

// InsertReceiptCode stores a code by its locator and the hash of its secret.
// Without a party it belongs to the first applicant.
func (tx Tx) InsertReceiptCode(ctx context.Context, id string, c mediation.CaseID, party mediation.PartyID, locator, hash string, now time.Time) error {
	const statement = `
		INSERT INTO receipt_codes (id, case_id, party_id, locator, secret_hash, created_at)
		VALUES ($1, $2, coalesce($3, (SELECT p.id FROM case_parties p WHERE p.case_id = $2 ORDER BY p.seq LIMIT 1)), $4, $5, $6)`
	_, err := tx.exec(ctx, statement, id, string(c), null(party), locator, hash, now)
	return err
}

// onePerson is SQL: the ids of the rows of one person, $1, in a case, in those it
// follows and in those that follow it.
const onePerson = `
	WITH RECURSIVE person (id) AS (
		SELECT $1::uuid
		UNION
		SELECT n.id
		FROM person p
		CROSS JOIN LATERAL (
			SELECT b.follows_party AS id FROM case_parties b WHERE b.id = p.id AND b.follows_party IS NOT NULL
			UNION ALL
			SELECT a.id FROM case_parties a WHERE a.follows_party = p.id
		) n
	)`

// RevokeReceiptCodes kills the codes, links and short sessions of a party at once,
// also those of the same person in the cases before and after: a code leads on
// from one to the next, and one that somebody may have seen must open none of them.
func (tx Tx) RevokeReceiptCodes(ctx context.Context, party mediation.PartyID, now time.Time) error {
	for _, statement := range []string{
		`UPDATE receipt_codes SET revoked_at = $2 WHERE party_id IN (SELECT id FROM person) AND revoked_at IS NULL`,
		`UPDATE invitations SET revoked_at = $2 WHERE party_id IN (SELECT id FROM person) AND revoked_at IS NULL`,
		`UPDATE code_sessions SET expires_at = $2 WHERE party_id IN (SELECT id FROM person) AND expires_at > $2`,
	} {
		if _, err := tx.exec(ctx, onePerson+statement, string(party), now); err != nil {
			return err
		}
	}
	return nil
}

// InsertInvitation stores a link by the digest of its token.
func (tx Tx) InsertInvitation(ctx context.Context, digest []byte, c mediation.CaseID, party mediation.PartyID, purpose string, now, until time.Time) error {
	const statement = `
		INSERT INTO invitations (token_digest, case_id, party_id, purpose, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	_, err := tx.exec(ctx, statement, digest, string(c), string(party), purpose, now, until)
	return err
}

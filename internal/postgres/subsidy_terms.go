package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// JSON is a value kept in a jsonb column; NULL is the zero value.
type JSON[T any] struct{ V T }

// Scan reads the column.
func (j *JSON[T]) Scan(src any) error {
	text, ok := src.([]byte)
	if src != nil && !ok {
		return fmt.Errorf("postgres: jsonb of %T", src)
	}
	var v T
	if len(text) > 0 {
		if err := json.Unmarshal(text, &v); err != nil {
			return fmt.Errorf("postgres: jsonb: %w", err)
		}
	}
	j.V = v
	return nil
}

// Value writes the column.
func (j JSON[T]) Value() (driver.Value, error) {
	text, err := json.Marshal(j.V)
	if err != nil {
		return nil, fmt.Errorf("postgres: jsonb: %w", err)
	}
	return string(text), nil
}

// SubsidyTerms are what a bureau pays per case from a day on.
type SubsidyTerms struct {
	ID       string              `db:"id"`
	AreaPath string              `db:"area_path"`
	Area     string              `db:"area"`
	AreaEN   string              `db:"area_en"`
	From     statute.Date        `db:"from_day"`
	Terms    JSON[subsidy.Terms] `db:"terms"`
	Basis    string              `db:"basis"`
	By       mediation.UserID    `db:"by_user"`
	Who      string              `db:"who"`
	At       time.Time           `db:"at"`
}

const termsLines = `
	SELECT t.id, t.area_path, ar.name AS area, ar.name_en AS area_en, t.from_day, t.terms, t.basis, t.by_user, u.name AS who, t.at
	FROM subsidy_terms t
	JOIN areas ar ON ar.path = t.area_path
	JOIN users u ON u.id = t.by_user`

// SubsidyTermsAt reads the terms that hold for an area on a day: those of the
// nearest area at or above it that has any by then, the latest day first, and of
// one day what was written last. Nil when nobody set any.
func (r reader) SubsidyTermsAt(ctx context.Context, path string, day statute.Date) (*SubsidyTerms, error) {
	return one[SubsidyTerms](ctx, r, termsLines+` WHERE starts_with($1, t.area_path) AND t.from_day <= $2`+nearestTerms, path, day)
}

const nearestTerms = ` ORDER BY length(t.area_path) DESC, t.from_day DESC, t.at DESC, t.id DESC LIMIT 1`

// SubsidyTermsFor is SubsidyTermsAt for the area of a committee.
func (r reader) SubsidyTermsFor(ctx context.Context, at mediation.CommitteeID, day statute.Date) (*SubsidyTerms, error) {
	return one[SubsidyTerms](ctx, r, termsLines+`
		WHERE starts_with((SELECT a.path FROM committees m JOIN areas a ON a.id = m.area_id WHERE m.id = $1), t.area_path) AND t.from_day <= $2`+
		nearestTerms, string(at), day)
}

// SubsidyTermsAt reads the terms that hold for an area on a day; nil when nobody
// set any.
func (db *DB) SubsidyTermsAt(ctx context.Context, path string, day statute.Date) (*SubsidyTerms, error) {
	return db.reader().SubsidyTermsAt(ctx, path, day)
}

// SubsidyTermsOver reads every term written for the areas above and below some
// places, the latest day first, 200 at most. Places are committees and paths.
func (r reader) SubsidyTermsOver(ctx context.Context, committees, paths []string) ([]SubsidyTerms, error) {
	return many[SubsidyTerms](ctx, r, `
		WITH places AS (
			SELECT unnest($2::text[]) AS path
			UNION
			SELECT a.path FROM committees m JOIN areas a ON a.id = m.area_id WHERE m.id::text = ANY ($1))`+termsLines+`
		WHERE EXISTS (SELECT FROM places p WHERE starts_with(t.area_path, p.path) OR starts_with(p.path, t.area_path))
		ORDER BY t.from_day DESC, t.at DESC, t.id DESC
		LIMIT 200`, pq.Array(committees), pq.Array(paths))
}

// SubsidyTermsOver reads every term written for the areas above and below some
// places.
func (db *DB) SubsidyTermsOver(ctx context.Context, committees, paths []string) ([]SubsidyTerms, error) {
	return db.reader().SubsidyTermsOver(ctx, committees, paths)
}

const lastTerms = termsLines + ` WHERE t.area_path = $1 ORDER BY t.at DESC, t.id DESC LIMIT 1`

// LastTermsOf reads what was written last for an area itself; nil when nothing was.
func (db *DB) LastTermsOf(ctx context.Context, path string) (*SubsidyTerms, error) {
	return one[SubsidyTerms](ctx, db.reader(), lastTerms, path)
}

// LastSubsidyTerms is the id of what was written last for an area itself, and
// holds the area against other writers; "" when nothing was.
func (tx Tx) LastSubsidyTerms(ctx context.Context, path string) (string, error) {
	if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('doorstep subsidy terms ' || $1))`, path); err != nil {
		return "", err
	}
	last, err := one[SubsidyTerms](ctx, tx.reader, lastTerms, path)
	if err != nil || last == nil {
		return "", err
	}
	return last.ID, nil
}

// InsertSubsidyTerms stores new terms beside the old ones.
func (tx Tx) InsertSubsidyTerms(ctx context.Context, t SubsidyTerms) error {
	const statement = `
		INSERT INTO subsidy_terms (id, area_path, from_day, terms, basis, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := tx.exec(ctx, statement, t.ID, t.AreaPath, t.From, t.Terms, t.Basis, string(t.By), t.At)
	return err
}

// ClaimantSpent is what the other claims of a claimant, made in the month of a
// day, come to once scored, in fen. In a transaction that locked him first
// (LockClaimant) the sum stays true until it ends.
func (r reader) ClaimantSpent(ctx context.Context, c Claim) (int64, error) {
	const statement = `
		SELECT coalesce(sum(k.amount_fen), 0)::bigint AS fen
		FROM subsidy_claims k
		WHERE k.claimant = $1 AND k.id <> $2 AND k.state IN ('scored', 'approved', 'paid')
			AND k.claimed_on >= date_trunc('month', $3::date) AND k.claimed_on < date_trunc('month', $3::date) + interval '1 month'`
	sum, err := one[int64](ctx, r, statement, string(c.Claimant), c.ID, c.ClaimedOn)
	if err != nil {
		return 0, err
	}
	return *sum, nil
}

// ClaimantSpent is what the other claims of a claimant come to in the month.
func (db *DB) ClaimantSpent(ctx context.Context, c Claim) (int64, error) {
	return db.reader().ClaimantSpent(ctx, c)
}

// LockClaimant lets one claim of a person be scored at a time: two at once could
// pass the bound of his month together.
func (tx Tx) LockClaimant(ctx context.Context, claimant mediation.UserID) error {
	_, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('doorstep claimant ' || $1))`, string(claimant))
	return err
}

package postgres

import (
	"context"

	"doorstep/internal/mediation"
)

// Who and what of the office stands near a case.

// OfficeRow is a committee or a helper that a form offers.
type OfficeRow struct {
	ID     string `db:"id"`
	Name   string `db:"name"`
	Helper bool   `db:"helper"`
}

// Helper is the name of somebody whom a committee has on its list of those invited
// to take part; "" when he is not on it.
func (tx Tx) Helper(ctx context.Context, committee mediation.CommitteeID, user mediation.UserID) (string, error) {
	const statement = `
		SELECT u.name
		FROM grants g
		JOIN users u ON u.id = g.user_id
		WHERE g.role = 'assistant' AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL AND g.committee_id = $1 AND u.disabled_at IS NULL
			AND u.id::text = $2
		LIMIT 1`
	name, err := one[string](ctx, tx.reader, statement, string(committee), string(user))
	if err != nil || name == nil {
		return "", err
	}
	return *name, nil
}

// Offices lists the other open committees of the case's district, and the
// assistants there; a hundred of each at most.
func (db *DB) Offices(ctx context.Context, own mediation.CommitteeID, path string) ([]OfficeRow, error) {
	const statement = `
		(SELECT k.id, k.name, FALSE AS helper
		FROM committees k
		JOIN areas a ON a.id = k.area_id
		WHERE k.closed_at IS NULL AND k.id <> $1 AND a.path LIKE $2 || '/%'
		ORDER BY length(a.path), k.name
		LIMIT 100)
		UNION ALL
		(SELECT DISTINCT u.id, u.name, TRUE
		FROM grants g
		JOIN users u ON u.id = g.user_id
		WHERE g.role = 'assistant' AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL AND g.committee_id = $1 AND u.disabled_at IS NULL
		LIMIT 100)`
	return many[OfficeRow](ctx, db.reader(), statement, string(own), root(path))
}

// LegalStaff are the legal staff whose grants hold in the smallest area that a path
// lies in and somebody is appointed for; none where nobody is.
func (tx Tx) LegalStaff(ctx context.Context, path string) ([]mediation.UserID, error) {
	const statement = `
		WITH staff AS (
			SELECT g.user_id, length(a.path) AS depth
			FROM grants g
			JOIN areas a ON a.id = g.area_id
			JOIN users u ON u.id = g.user_id
			WHERE g.role = 'legal_officer' AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL AND u.disabled_at IS NULL
				AND starts_with($1, a.path))
		SELECT DISTINCT s.user_id
		FROM staff s
		WHERE s.depth = (SELECT max(depth) FROM staff)
		ORDER BY s.user_id`
	ids, err := many[string](ctx, tx.reader, statement, path)
	if err != nil {
		return nil, err
	}
	users := make([]mediation.UserID, len(ids))
	for i, id := range ids {
		users[i] = mediation.UserID(id)
	}
	return users, nil
}

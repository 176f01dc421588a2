package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
)

// GrantLine is one right of one person, with the names a page shows. A grant
// holds while it is confirmed and not ended.
type GrantLine struct {
	ID            string                `db:"id"`
	User          mediation.UserID      `db:"user_id"`
	UserName      string                `db:"user_name"`
	Role          mediation.Role        `db:"role"`
	Committee     mediation.CommitteeID `db:"committee_id"`
	Area          mediation.AreaID      `db:"area_id"`
	Court         mediation.CourtID     `db:"court_id"`
	Place         string                `db:"place"` // name of whichever it is
	GrantedBy     mediation.UserID      `db:"granted_by"`
	GrantedByName string                `db:"granted_by_name"`
	GrantedAt     time.Time             `db:"granted_at"`
	ConfirmedAt   *time.Time            `db:"confirmed_at"`
	EndedAt       *time.Time            `db:"ended_at"`
}

// Holds says whether the grant gives its right now.
func (g GrantLine) Holds() bool { return g.ConfirmedAt != nil && g.EndedAt == nil }

const grantLines = `
	SELECT g.id, g.user_id, u.name AS user_name, g.role, coalesce(g.committee_id::text, '') AS committee_id,
		coalesce(g.area_id::text, '') AS area_id, coalesce(g.court_id::text, '') AS court_id,
		coalesce(k.name, a.name, t.name, '') AS place, coalesce(g.granted_by::text, '') AS granted_by,
		coalesce(w.name, '') AS granted_by_name, g.granted_at, g.confirmed_at, g.ended_at
	FROM grants g
	JOIN users u ON u.id = g.user_id
	LEFT JOIN users w ON w.id = g.granted_by
	LEFT JOIN committees k ON k.id = g.committee_id
	LEFT JOIN areas a ON a.id = g.area_id
	LEFT JOIN courts t ON t.id = g.court_id`

// GrantsOf reads the grants of a person, those in force first, 200 at most.
func (db *DB) GrantsOf(ctx context.Context, user mediation.UserID) ([]GrantLine, error) {
	return many[GrantLine](ctx, db.reader(), grantLines+` WHERE g.user_id = $1 ORDER BY g.ended_at IS NOT NULL, g.granted_at DESC LIMIT 200`,
		string(user))
}

// GrantsAt reads the grants of a committee that were not ended, by role and name.
func (db *DB) GrantsAt(ctx context.Context, committee mediation.CommitteeID) ([]GrantLine, error) {
	return many[GrantLine](ctx, db.reader(), grantLines+` WHERE g.committee_id = $1 AND g.ended_at IS NULL ORDER BY g.role, u.name LIMIT 500`,
		string(committee))
}

// UnconfirmedGrants reads the grants that wait for a second person, oldest
// first, 200 at most.
func (db *DB) UnconfirmedGrants(ctx context.Context) ([]GrantLine, error) {
	return many[GrantLine](ctx, db.reader(), grantLines+` WHERE g.ended_at IS NULL AND g.confirmed_at IS NULL ORDER BY g.granted_at LIMIT 200`)
}

// Grant reads one grant; nil when there is none.
func (r reader) Grant(ctx context.Context, id string) (*GrantLine, error) {
	return one[GrantLine](ctx, r, grantLines+` WHERE g.id = $1`, id)
}

// RolesAt says how many people hold each role at each committee.
type RolesAt struct {
	Committee mediation.CommitteeID `db:"committee_id"`
	Role      mediation.Role        `db:"role"`
	People    int                   `db:"people"`
}

// CommitteeRoles counts the people of every committee by role.
func (db *DB) CommitteeRoles(ctx context.Context) ([]RolesAt, error) {
	const statement = `
		SELECT g.committee_id, g.role, count(DISTINCT g.user_id) AS people
		FROM grants g
		JOIN users u ON u.id = g.user_id
		WHERE g.committee_id IS NOT NULL AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL AND u.disabled_at IS NULL
		GROUP BY g.committee_id, g.role`
	return many[RolesAt](ctx, db.reader(), statement)
}

// LockGrants lets one change of rights through at a time: two people who end
// each other's rights at once must not both succeed.
func (tx Tx) LockGrants(ctx context.Context) error {
	_, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('office.grants'))`)
	return err
}

// Holders reads the people whose right to one of the roles holds and whose
// account is open; a grant that is given as except does not count.
func (r reader) Holders(ctx context.Context, roles []mediation.Role, except string) ([]mediation.UserID, error) {
	const statement = `
		SELECT DISTINCT g.user_id
		FROM grants g
		JOIN users u ON u.id = g.user_id
		WHERE g.role = ANY ($1) AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL AND u.disabled_at IS NULL
			AND g.id::text <> $2
		ORDER BY g.user_id`
	texts := make([]string, len(roles))
	for i, role := range roles {
		texts[i] = string(role)
	}
	return many[mediation.UserID](ctx, r, statement, pq.Array(texts), except)
}

// Holders reads the people whose right to one of the roles holds and whose
// account is open.
func (db *DB) Holders(ctx context.Context, roles []mediation.Role) ([]mediation.UserID, error) {
	return db.reader().Holders(ctx, roles, "")
}

// InsertGrant stores a new grant; with ConfirmedAt it holds at once.
func (tx Tx) InsertGrant(ctx context.Context, g GrantLine) error {
	const statement = `
		INSERT INTO grants (id, user_id, role, committee_id, area_id, court_id, granted_by, granted_at, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := tx.exec(ctx, statement, g.ID, string(g.User), string(g.Role), null(g.Committee), null(g.Area), null(g.Court), null(g.GrantedBy),
		g.GrantedAt, g.ConfirmedAt)
	return err
}

// ConfirmGrant makes a grant hold; NotFound when it holds already or has ended.
func (tx Tx) ConfirmGrant(ctx context.Context, id string, by mediation.UserID, now time.Time) error {
	const statement = `
		UPDATE grants
		SET confirmed_at = $2, confirmed_by = $3
		WHERE id = $1 AND confirmed_at IS NULL AND ended_at IS NULL`
	return tx.touchOne(ctx, statement, id, now, string(by))
}

// EndGrant ends a grant; NotFound when it has ended already.
func (tx Tx) EndGrant(ctx context.Context, id string, now time.Time) error {
	const statement = `
		UPDATE grants
		SET ended_at = $2
		WHERE id = $1 AND ended_at IS NULL`
	return tx.touchOne(ctx, statement, id, now)
}

// EndGrantsOf ends the grants of a person that name one of the roles.
func (tx Tx) EndGrantsOf(ctx context.Context, user mediation.UserID, roles []mediation.Role, now time.Time) error {
	const statement = `
		UPDATE grants
		SET ended_at = $3
		WHERE user_id = $1 AND role = ANY ($2) AND ended_at IS NULL`
	texts := make([]string, len(roles))
	for i, role := range roles {
		texts[i] = string(role)
	}
	_, err := tx.exec(ctx, statement, string(user), pq.Array(texts), now)
	return err
}

package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// Access is one line of the log of who looked at what.
type Access struct {
	ID        string
	At        time.Time
	Case      mediation.CaseID
	AreaPath  string
	By        mediation.UserID
	Role      mediation.Role
	Object    string
	Action    mediation.Action
	Allowed   bool
	Reason    string
	RequestID string
}

// LogAccess writes a line of the access log.
func (tx Tx) LogAccess(ctx context.Context, a Access) error {
	const statement = `
		INSERT INTO access_log (id, at, case_id, area_root, by_user, role, object, action, allowed, reason, request_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	_, err := tx.exec(ctx, statement, a.ID, a.At, null(a.Case), root(a.AreaPath), null(a.By), string(a.Role), a.Object, string(a.Action),
		a.Allowed, a.Reason, a.RequestID)
	return err
}

// Accesses reads who opened a case, newest first, 100 at most.
func (db *DB) Accesses(ctx context.Context, id mediation.CaseID) ([]AccessLine, error) {
	return many[AccessLine](ctx, db.reader(), accessLines, string(id))
}

const accessLines = `
		SELECT l.at, l.role, coalesce(u.name, '') AS name, l.object, l.action, l.reason
		FROM access_log l
		LEFT JOIN users u ON u.id = l.by_user
		WHERE l.case_id = $1 AND l.allowed
		ORDER BY l.at DESC
		LIMIT 100`

// AccessLine is one line of the access log as it is shown.
type AccessLine struct {
	At     time.Time      `db:"at"`
	Role   mediation.Role `db:"role"`
	Name   string         `db:"name"`
	Object string         `db:"object"`
	Action string         `db:"action"`
	Reason string         `db:"reason"`
}

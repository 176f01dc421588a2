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
	Party     mediation.PartyID // whose value was opened; "" when it was about the whole case
	What      string            // which value: phone, id_number, birth, address
	Allowed   bool
	Reason    string
	RequestID string
}

// LogAccess writes a line of the access log; one that stands there already, by its
// id, is not written again.
func (tx Tx) LogAccess(ctx context.Context, a Access) error {
	const statement = `
		INSERT INTO access_log (id, at, case_id, area_root, by_user, role, object, action, allowed, reason, request_id, party_id, what)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO NOTHING`
	_, err := tx.exec(ctx, statement, a.ID, a.At, null(a.Case), root(a.AreaPath), null(a.By), string(a.Role), a.Object, string(a.Action),
		a.Allowed, a.Reason, a.RequestID, null(a.Party), a.What)
	return err
}

// Accesses reads who opened a case, newest first, 100 at most. With a party it
// leaves out what was opened of the others.
func (db *DB) Accesses(ctx context.Context, id mediation.CaseID, only mediation.PartyID) ([]AccessLine, error) {
	return many[AccessLine](ctx, db.reader(), accessLines, string(id), null(only))
}

const accessLines = `
		SELECT l.at, l.role, coalesce(u.name, '') AS name, l.object, l.action, l.reason,
			coalesce(l.party_id::text, '') AS party, l.what
		FROM access_log l
		LEFT JOIN users u ON u.id = l.by_user
		WHERE l.case_id = $1 AND l.allowed AND ($2::uuid IS NULL OR l.party_id IS NULL OR l.party_id = $2)
		ORDER BY l.at DESC, l.id DESC
		LIMIT 100`

// AccessLine is one line of the access log as it is shown.
type AccessLine struct {
	At     time.Time         `db:"at"`
	Role   mediation.Role    `db:"role"`
	Name   string            `db:"name"`
	Object string            `db:"object"`
	Action string            `db:"action"`
	Reason string            `db:"reason"`
	Party  mediation.PartyID `db:"party"` // whose value was opened; "" for the whole case
	What   string            `db:"what"`
}

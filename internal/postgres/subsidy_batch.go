package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// Batch is a list of claims for the treasury.
type Batch struct {
	ID       string     `db:"id"`
	AreaPath string     `db:"area_path"`
	Area     string     `db:"area"`
	MadeBy   string     `db:"made_by"` // by name
	MadeAt   time.Time  `db:"made_at"`
	PaidBy   string     `db:"paid_by"` // by name; "" while open
	PaidAt   *time.Time `db:"paid_at"`
	Claims   int        `db:"claims"`
	Fen      int64      `db:"fen"`
	Unlooked int        `db:"unlooked"` // sampled claims nobody has looked at yet
	Version  int        `db:"version"`
}

const batchLines = `
		SELECT b.id, b.area_path, ar.name AS area, u.name AS made_by, b.made_at, coalesce(p.name, '') AS paid_by, b.paid_at, b.version,
			coalesce(s.claims, 0) AS claims, coalesce(s.fen, 0) AS fen, coalesce(s.unlooked, 0) AS unlooked
		FROM subsidy_batches b
		JOIN areas ar ON ar.path = b.area_path
		JOIN users u ON u.id = b.made_by
		LEFT JOIN users p ON p.id = b.paid_by
		LEFT JOIN LATERAL (SELECT count(*) AS claims, sum(k.amount_fen)::bigint AS fen, count(*) FILTER (WHERE k.sampled AND k.looked_by IS NULL) AS unlooked
			FROM subsidy_claims k WHERE k.batch_id = b.id AND k.state IN ('approved', 'paid')) s ON TRUE`

func batchVisible(rights []mediation.Right, v *args) string {
	clause := "FALSE"
	for _, r := range rights {
		if r.Scope == mediation.ScopeArea && r.Grant.AreaPath != "" {
			clause += ` OR b.area_path LIKE ` + v.add(r.Grant.AreaPath+"%")
		}
	}
	return "(" + clause + ")"
}

// Batches reads the newest batches some rights cover, 50 at most.
func (db *DB) Batches(ctx context.Context, rights []mediation.Right) ([]Batch, error) {
	v := &args{}
	return many[Batch](ctx, db.reader(), batchLines+` WHERE `+batchVisible(rights, v)+` ORDER BY b.made_at DESC, b.id DESC LIMIT 50`, *v...)
}

// Batch reads one batch some rights cover; nil when there is none.
func (r reader) Batch(ctx context.Context, rights []mediation.Right, id string) (*Batch, error) {
	v := &args{}
	return one[Batch](ctx, r, batchLines+` WHERE b.id = `+v.add(id)+` AND `+batchVisible(rights, v), *v...)
}

// Batch reads one batch some rights cover; nil when there is none.
func (db *DB) Batch(ctx context.Context, rights []mediation.Right, id string) (*Batch, error) {
	return db.reader().Batch(ctx, rights, id)
}

// BatchClaims reads the claims of a batch by committee and name.
func (r reader) BatchClaims(ctx context.Context, id string) ([]Claim, error) {
	return many[Claim](ctx, r, claimLines+` WHERE k.batch_id = $1 ORDER BY m.name, u.name, c.number, k.id`, id)
}

// BatchClaims reads the claims of a batch by committee and name.
func (db *DB) BatchClaims(ctx context.Context, id string) ([]Claim, error) {
	return db.reader().BatchClaims(ctx, id)
}

// LockApproved reads and holds the approved claims of an area that stand in no
// batch.
func (tx Tx) LockApproved(ctx context.Context, path string) ([]Claim, error) {
	return many[Claim](ctx, tx.reader, claimLines+` WHERE k.state = 'approved' AND k.batch_id IS NULL AND k.area_path LIKE $1 ORDER BY k.id FOR UPDATE OF k`, path+"%")
}

// InsertBatch stores a new batch.
func (tx Tx) InsertBatch(ctx context.Context, id, path string, by mediation.UserID, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO subsidy_batches (id, area_path, made_by, made_at) VALUES ($1, $2, $3, $4)`, id, path, string(by), at)
	return err
}

// PayBatch notes that a batch went to the treasury; NotFound when it did before.
func (tx Tx) PayBatch(ctx context.Context, id string, by mediation.UserID, at time.Time) error {
	return tx.touchOne(ctx, `UPDATE subsidy_batches SET paid_by = $2, paid_at = $3, version = version + 1 WHERE id = $1 AND paid_at IS NULL`, id, string(by), at)
}

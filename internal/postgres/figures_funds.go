package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
)

// CommitteeFunds is one line about the money of a committee for a year, in fen.
type CommitteeFunds struct {
	At         mediation.CommitteeID `db:"committee_id"`
	Committee  string                `db:"committee"`
	Year       int                   `db:"year"`
	Seq        int                   `db:"seq"`
	Guaranteed int64                 `db:"guaranteed_fen"`
	Paid       int64                 `db:"paid_fen"`
	Basis      string                `db:"basis"`
	Role       mediation.Role        `db:"role"`
	By         mediation.UserID      `db:"by_user"`
	Who        string                `db:"who"`
	When       time.Time             `db:"at"`
}

const fundsLines = `
	SELECT f.committee_id, m.name AS committee, f.year, f.seq, f.guaranteed_fen, f.paid_fen, f.basis, f.role, f.by_user, u.name AS who, f.at
	FROM committee_funds f
	JOIN committees m ON m.id = f.committee_id
	JOIN areas ar ON ar.id = m.area_id
	JOIN users u ON u.id = f.by_user`

// FundsHistory reads every line about the money of a unit's committees for a year,
// the newest first, 200 at most.
func (db *DB) FundsHistory(ctx context.Context, u FigureUnit, year int) ([]CommitteeFunds, error) {
	return many[CommitteeFunds](ctx, db.reader(), fundsLines+u.lines("f")+` AND f.year = $2 ORDER BY f.at DESC, f.committee_id, f.seq DESC LIMIT 200`, u.Key, year)
}

// lines is the condition under which a line a committee keeps, with its area as ar,
// is of the unit of the first argument. The id is compared as it is stored: as text,
// no index would find it.
func (u FigureUnit) lines(of string) string {
	if u.Kind == "committee" {
		return ` WHERE ` + of + `.committee_id = $1`
	}
	return ` WHERE starts_with(ar.path, $1)`
}

// FundsSum is the money of some committees for a year, in fen.
type FundsSum struct {
	Committees int   `db:"committees"` // that have a line
	Guaranteed int64 `db:"guaranteed_fen"`
	Paid       int64 `db:"paid_fen"`
}

// FundsSum adds up the lines that hold of a unit's committees for a year.
func (db *DB) FundsSum(ctx context.Context, u FigureUnit, year int) (*FundsSum, error) {
	statement := `
		SELECT count(*) AS committees, coalesce(sum(guaranteed_fen), 0)::bigint AS guaranteed_fen, coalesce(sum(paid_fen), 0)::bigint AS paid_fen
		FROM (
			SELECT DISTINCT ON (f.committee_id) f.guaranteed_fen, f.paid_fen
			FROM committee_funds f
			JOIN committees m ON m.id = f.committee_id
			JOIN areas ar ON ar.id = m.area_id` + u.lines("f") + ` AND f.year = $2
			ORDER BY f.committee_id, f.seq DESC
		) held`
	return one[FundsSum](ctx, db.reader(), statement, u.Key, year)
}

// FundsOf reads the line that holds for a committee's year; nil when there is none.
func (r reader) FundsOf(ctx context.Context, at mediation.CommitteeID, year int) (*CommitteeFunds, error) {
	return one[CommitteeFunds](ctx, r, fundsLines+` WHERE f.committee_id = $1 AND f.year = $2 ORDER BY f.seq DESC LIMIT 1`, string(at), year)
}

// AddFunds writes the next line of a committee's year. Two at once are a Conflict.
func (tx Tx) AddFunds(ctx context.Context, f CommitteeFunds) error {
	const statement = `
		INSERT INTO committee_funds (committee_id, year, seq, guaranteed_fen, paid_fen, basis, role, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := tx.exec(ctx, statement, string(f.At), f.Year, f.Seq, f.Guaranteed, f.Paid, f.Basis, string(f.Role), string(f.By), f.When)
	return err
}

// FigureFunds is the money of a committee that stands, in fen.
type FigureFunds struct {
	At         mediation.CommitteeID `db:"committee_id"`
	AreaPath   string                `db:"area_path"`
	Guaranteed int64                 `db:"guaranteed_fen"`
	Paid       int64                 `db:"paid_fen"`
}

// FigureFunds reads the money of every committee that stands and has a line for a
// year.
func (tx Tx) FigureFunds(ctx context.Context, year int) ([]FigureFunds, error) {
	const statement = `
		SELECT DISTINCT ON (f.committee_id) f.committee_id, ar.path AS area_path, f.guaranteed_fen, f.paid_fen
		FROM committee_funds f
		JOIN committees m ON m.id = f.committee_id
		JOIN areas ar ON ar.id = m.area_id
		WHERE f.year = $1 AND m.closed_at IS NULL
		ORDER BY f.committee_id, f.seq DESC`
	return many[FigureFunds](ctx, tx.reader, statement, year)
}

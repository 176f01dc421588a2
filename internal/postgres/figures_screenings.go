package postgres

import (
	"context"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Screening is one line about what a committee's rounds came to in a month.
type Screening struct {
	At        mediation.CommitteeID `db:"committee_id"`
	Committee string                `db:"committee"`
	First     statute.Date          `db:"month"`
	Seq       int                   `db:"seq"`
	Times     int                   `db:"times"`
	Found     int                   `db:"found"`
	Prevented int                   `db:"prevented"`
	Note      string                `db:"note"`
	Role      mediation.Role        `db:"role"`
	By        mediation.UserID      `db:"by_user"`
	Who       string                `db:"who"`
	When      time.Time             `db:"at"`
}

const screeningLines = `
	SELECT s.committee_id, m.name AS committee, s.month, s.seq, s.times, s.found, s.prevented, s.note, s.role, s.by_user, u.name AS who, s.at
	FROM committee_screenings s
	JOIN committees m ON m.id = s.committee_id
	JOIN areas ar ON ar.id = m.area_id
	JOIN users u ON u.id = s.by_user`

// Screenings reads every line about the rounds of a unit's committees in a month,
// the newest first, 200 at most.
func (db *DB) Screenings(ctx context.Context, u FigureUnit, m figures.Month) ([]Screening, error) {
	return many[Screening](ctx, db.reader(), screeningsOf(u), u.Key, m.First())
}

// screeningsOf is the statement of Screenings.
func screeningsOf(u FigureUnit) string {
	return screeningLines + u.lines("s") + ` AND s.month = $2 ORDER BY s.at DESC, s.committee_id, s.seq DESC LIMIT 200`
}

// ScreeningSum is what the rounds of some committees came to in a month.
type ScreeningSum struct {
	Committees int `db:"committees"` // that have a line
	Times      int `db:"times"`
	Found      int `db:"found"`
	Prevented  int `db:"prevented"`
}

// ScreeningSum adds up the lines that hold of a unit's committees for a month.
func (db *DB) ScreeningSum(ctx context.Context, u FigureUnit, m figures.Month) (*ScreeningSum, error) {
	statement := `
		SELECT count(*) AS committees, coalesce(sum(times), 0) AS times, coalesce(sum(found), 0) AS found, coalesce(sum(prevented), 0) AS prevented
		FROM (
			SELECT DISTINCT ON (s.committee_id) s.times, s.found, s.prevented
			FROM committee_screenings s
			JOIN committees m ON m.id = s.committee_id
			JOIN areas ar ON ar.id = m.area_id` + u.lines("s") + ` AND s.month = $2
			ORDER BY s.committee_id, s.seq DESC
		) held`
	return one[ScreeningSum](ctx, db.reader(), statement, u.Key, m.First())
}

// ScreeningOf reads the line that holds for a committee's month; nil when there is
// none.
func (r reader) ScreeningOf(ctx context.Context, at mediation.CommitteeID, m figures.Month) (*Screening, error) {
	return one[Screening](ctx, r, screeningLines+` WHERE s.committee_id = $1 AND s.month = $2 ORDER BY s.seq DESC LIMIT 1`, string(at), m.First())
}

// AddScreening writes the next line of a committee's month. Two at once are a
// Conflict.
func (tx Tx) AddScreening(ctx context.Context, s Screening) error {
	const statement = `
		INSERT INTO committee_screenings (committee_id, month, seq, times, found, prevented, note, role, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	_, err := tx.exec(ctx, statement, string(s.At), s.First, s.Seq, s.Times, s.Found, s.Prevented, s.Note, string(s.Role), string(s.By), s.When)
	return err
}

// FigureScreening is what holds of a committee's month.
type FigureScreening struct {
	At        mediation.CommitteeID `db:"committee_id"`
	AreaPath  string                `db:"area_path"`
	Times     int64                 `db:"times"`
	Found     int64                 `db:"found"`
	Prevented int64                 `db:"prevented"`
}

// FigureScreenings reads the line that holds of every committee for a month.
func (tx Tx) FigureScreenings(ctx context.Context, m figures.Month) ([]FigureScreening, error) {
	const statement = `
		SELECT DISTINCT ON (s.committee_id) s.committee_id, ar.path AS area_path, s.times, s.found, s.prevented
		FROM committee_screenings s
		JOIN committees m ON m.id = s.committee_id
		JOIN areas ar ON ar.id = m.area_id
		WHERE s.month = $1
		ORDER BY s.committee_id, s.seq DESC`
	return many[FigureScreening](ctx, tx.reader, statement, m.First())
}

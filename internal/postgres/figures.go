package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// FigureValue is one figure of one unit in one month as it is read, corrections
// added.
type FigureValue struct {
	Unit  string       `db:"unit"`
	First statute.Date `db:"month"`
	Cell  figures.Cell `db:"cell"`
	Value int64        `db:"value"`
}

// Figures reads the figures of units, closed months and running ones, from one
// month to another. It reads what was counted before and counts no case itself.
func (db *DB) Figures(ctx context.Context, units []string, from, to figures.Month) ([]FigureValue, error) {
	return db.reader().Figures(ctx, units, from, to)
}

// Figures reads the figures of units; see DB.Figures.
func (r reader) Figures(ctx context.Context, units []string, from, to figures.Month) ([]FigureValue, error) {
	const statement = `
		SELECT f.unit, f.month, f.cell, sum(f.value)::bigint AS value
		FROM (
			SELECT c.unit, c.month, c.cell, c.value FROM figure_cells c WHERE c.unit = ANY ($1) AND c.month BETWEEN $2 AND $3
			UNION ALL
			SELECT o.unit, o.month, o.cell, o.value FROM figure_open_cells o WHERE o.unit = ANY ($1) AND o.month BETWEEN $2 AND $3
			UNION ALL
			SELECT u.unit, k.month, k.cell, k.delta FROM unnest($1::text[]) u (unit)
			JOIN figure_corrections k ON (k.committee_id::text = u.unit OR right(u.unit, 1) = '/' AND starts_with(k.area_path, u.unit))
			WHERE k.month BETWEEN $2 AND $3) f
		GROUP BY f.unit, f.month, f.cell`
	return many[FigureValue](ctx, r, statement, pq.Array(units), from.First(), to.First())
}

// FigureUnit is a committee or an area whose figures are read. Key is its id or
// path.
type FigureUnit struct {
	Key    string `db:"key"`
	Kind   string `db:"kind"` // of the area; "committee" for a committee
	Path   string `db:"path"` // of the area, or of the committee's area
	Name   string `db:"name"`
	NameEN string `db:"name_en"`
}

// FigureUnits reads the units some rights reach: the committees themselves, and
// the areas down to the community with the committees in them. They stand in
// the order of the tree, a committee after its area.
func (db *DB) FigureUnits(ctx context.Context, committees, paths []string) ([]FigureUnit, error) {
	const statement = `
		SELECT u.key, u.kind, u.path, u.name, u.name_en
		FROM (
			SELECT a.path AS key, a.kind, a.path, a.name, a.name_en, 0 AS rank
			FROM areas a
			WHERE a.kind NOT IN ('grid', 'building') AND EXISTS (SELECT FROM unnest($2::text[]) p (path) WHERE starts_with(a.path, p.path))
			UNION ALL
			SELECT m.id::text, 'committee', a.path, m.name, '', 1
			FROM committees m
			JOIN areas a ON a.id = m.area_id
			WHERE m.id::text = ANY ($1) OR EXISTS (SELECT FROM unnest($2::text[]) p (path) WHERE starts_with(a.path, p.path))) u
		ORDER BY u.path, u.rank, u.name
		LIMIT 5000`
	return many[FigureUnit](ctx, db.reader(), statement, pq.Array(committees), pq.Array(paths))
}

// FigureListing says which list behind a figure is read.
type FigureListing struct {
	Unit     FigureUnit
	Cell     figures.Cell
	From, To figures.Month
}

func (l FigureListing) where(v *args) string {
	clause := `e.cell = ` + v.add(string(l.Cell)) + ` AND e.month BETWEEN ` + v.add(l.From.First()) + ` AND ` + v.add(l.To.First())
	if l.Unit.Kind == "committee" {
		return clause + ` AND e.committee_id = ` + v.add(l.Unit.Key)
	}
	return clause + ` AND starts_with(e.area_path, ` + v.add(l.Unit.Key) + `)`
}

// figureEntries is both kinds of entries as one.
func (l FigureListing) entries(columns, more string, v *args) string {
	where := l.where(v)
	return `(SELECT ` + columns + ` FROM figure_entries e WHERE ` + where + more + ` UNION ALL SELECT ` + columns +
		` FROM figure_open_entries e WHERE ` + where + more + `)`
}

// FigureRows reads one page of the cases behind a figure that the reader's
// rights cover, by month and id, and at most limit rows.
func (db *DB) FigureRows(ctx context.Context, r Reader, l FigureListing, mark Mark, limit int) ([]ListRow, error) {
	v := &args{}
	more := ""
	order, compare := "ASC", ">"
	if mark.Back {
		order, compare = "DESC", "<"
	}
	if mark.ID != "" {
		more = ` AND (e.month, e.subject_id) ` + compare + ` (` + v.add(figures.MonthOf(mark.At).First()) + `, ` + v.add(mark.ID) + `)`
	}
	statement := `
		WITH page AS (
			SELECT DISTINCT b.month, b.subject_id
			FROM ` + l.entries(`e.month, e.subject_id`, more, v) + ` b
			JOIN cases c ON c.id = b.subject_id
			WHERE ` + visible(distinct(r.Rows, r.Actor, r.Now), r.Actor, r.Now, v) + `
			ORDER BY b.month ` + order + `, b.subject_id ` + order + `
			LIMIT ` + v.add(limit) + `)
		SELECT page.month AS listed, ` + rowColumns + r.sight(v) + `
		FROM page
		JOIN cases c ON c.id = page.subject_id` + r.rowJoins(v) + sessionJoin(v.add(today(r.Now))) + `
		ORDER BY page.month, page.subject_id`
	rows, err := many[struct {
		ListRow
		Listed statute.Date `db:"listed"`
	}](ctx, db.reader(), statement, *v...)
	if err != nil {
		return nil, err
	}
	all := make([]ListRow, len(rows))
	for i, row := range rows {
		all[i] = row.ListRow
		all[i].Listed = row.Listed
	}
	return all, nil
}

// FigureName is a committee or a mediator behind a stock, by name.
type FigureName struct {
	ID        string `db:"id"`
	Name      string `db:"name"`
	Committee string `db:"committee"`
}

// FigureNames reads the committees or mediators behind a stock in the listing's
// one month, by name, and at most limit. Both are public registers.
func (db *DB) FigureNames(ctx context.Context, l FigureListing, limit int) ([]FigureName, error) {
	v := &args{}
	statement := `
		SELECT DISTINCT b.subject_id::text AS id, coalesce(u.name, k.name, '') AS name, m.name AS committee
		FROM ` + l.entries(`e.subject_id, e.committee_id`, "", v) + ` b
		JOIN committees m ON m.id = b.committee_id
		LEFT JOIN users u ON u.id = b.subject_id
		LEFT JOIN committees k ON k.id = b.subject_id
		ORDER BY committee, name, id
		LIMIT ` + v.add(limit)
	return many[FigureName](ctx, db.reader(), statement, *v...)
}

// FigureCorrection is a line that puts a closed month right, beside its figures.
type FigureCorrection struct {
	ID        string                `db:"id"`
	First     statute.Date          `db:"month"`
	At        mediation.CommitteeID `db:"committee_id"`
	Committee string                `db:"committee"`
	AreaPath  string                `db:"area_path"`
	Cell      figures.Cell          `db:"cell"`
	Delta     int64                 `db:"delta"`
	Reason    string                `db:"reason"`
	By        mediation.UserID      `db:"by_user"`
	Who       string                `db:"who"`
	When      time.Time             `db:"at"`
}

// Month is the month it puts right.
func (f FigureCorrection) Month() figures.Month { return figures.MonthOf(f.First.Start()) }

// AddFigureCorrection stores a correction; nothing that was closed changes.
func (tx Tx) AddFigureCorrection(ctx context.Context, f FigureCorrection) error {
	const statement = `
		INSERT INTO figure_corrections (id, month, committee_id, area_path, cell, delta, reason, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	_, err := tx.exec(ctx, statement, f.ID, f.First, string(f.At), f.AreaPath, string(f.Cell), f.Delta, f.Reason, string(f.By), f.When)
	return err
}

// FigureMoves reads the corrections of months that were written after a moment,
// oldest first, without the names of who wrote them.
func (db *DB) FigureMoves(ctx context.Context, from, to figures.Month, after time.Time) ([]FigureCorrection, error) {
	const statement = `
		SELECT k.id, k.month, k.committee_id, k.area_path, k.cell, k.delta, k.reason, k.by_user, k.at
		FROM figure_corrections k
		WHERE k.month BETWEEN $1 AND $2 AND k.at > $3
		ORDER BY k.at, k.id`
	return many[FigureCorrection](ctx, db.reader(), statement, from.First(), to.First(), after)
}

// FigureCorrections reads the corrections of a unit's months, newest first, 100
// at most.
func (db *DB) FigureCorrections(ctx context.Context, u FigureUnit, from, to figures.Month) ([]FigureCorrection, error) {
	v := &args{}
	which := `k.committee_id = ` + v.add(u.Key)
	if u.Kind != "committee" {
		v = &args{}
		which = `starts_with(k.area_path, ` + v.add(u.Key) + `)`
	}
	statement := `
		SELECT k.id, k.month, k.committee_id, m.name AS committee, k.area_path, k.cell, k.delta, k.reason, k.by_user, w.name AS who, k.at
		FROM figure_corrections k
		JOIN committees m ON m.id = k.committee_id
		JOIN users w ON w.id = k.by_user
		WHERE ` + which + ` AND k.month BETWEEN ` + v.add(from.First()) + ` AND ` + v.add(to.First()) + `
		ORDER BY k.at DESC, k.id
		LIMIT 100`
	return many[FigureCorrection](ctx, db.reader(), statement, *v...)
}

package postgres

import (
	"context"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// DeadlineRow is one running deadline with the case it belongs to.
type DeadlineRow struct {
	Deadline    string             `db:"deadline_id"`
	Kind        statute.DeadlineID `db:"kind"`
	Due         time.Time          `db:"clock_due"`
	Provisional bool               `db:"provisional"` // the year's calendar is not published yet
	ListRow
}

// ListDeadlines reads one page of open, unpaused deadlines with from <= due <
// until (a zero bound is none), the one that ends first on top, at most limit
// rows.
func (db *DB) ListDeadlines(ctx context.Context, r Reader, from, until time.Time, mark Mark, limit int) ([]DeadlineRow, error) {
	statement, v := deadlineList(r, from, until, mark, limit)
	if statement == "" {
		return []DeadlineRow{}, nil
	}
	return many[DeadlineRow](ctx, db.reader(), statement, v...)
}

// deadlineList writes the statement of ListDeadlines; "" when no right covers
// any row.
func deadlineList(r Reader, from, until time.Time, mark Mark, limit int) (string, args) {
	v := &args{}
	filter := `d.ended_at IS NULL AND d.paused_at IS NULL`
	if !from.IsZero() {
		filter += ` AND d.due_at >= ` + v.add(from)
	}
	if !until.IsZero() {
		filter += ` AND d.due_at < ` + v.add(until)
	}
	order, compare := "ASC", ">"
	if mark.Back {
		order, compare = "DESC", "<"
	}
	if mark.ID != "" {
		filter += ` AND (d.due_at, d.id) ` + compare + ` (` + v.add(mark.At) + `, ` + v.add(mark.ID) + `)`
	}
	size := v.add(limit)
	var branches []string
	for _, right := range distinct(r.Rows, r.Actor, r.Now) {
		branches = append(branches, `(
			SELECT d.id, d.case_id, d.kind, d.due_at, d.provisional
			FROM deadlines d
			JOIN cases c ON c.id = d.case_id
			WHERE `+visible([]mediation.Right{right}, r.Actor, r.Now, v)+` AND `+filter+`
			ORDER BY d.due_at `+order+`, d.id `+order+`
			LIMIT `+size+`)`)
	}
	if len(branches) == 0 {
		return "", nil
	}
	return `
		WITH page AS (
			SELECT *
			FROM (` + strings.Join(branches, " UNION ") + `) u
			ORDER BY u.due_at ` + order + `, u.id ` + order + `
			LIMIT ` + size + `)
		SELECT page.id AS deadline_id, page.kind, page.due_at AS clock_due, page.provisional, ` + rowColumns + r.sight(v) + `
		FROM page
		JOIN cases c ON c.id = page.case_id` + rowJoins + sessionJoin(v.add(today(r.Now))) + `
		ORDER BY page.due_at, page.id`, *v
}

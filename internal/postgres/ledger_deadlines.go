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
	filter := `d.ended_at IS NULL AND d.paused_at IS NULL AND ` + r.notForParties(v)
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
			`+casesOf(right, r, v)+`
			WHERE `+filter+`
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
		JOIN cases c ON c.id = page.case_id` + r.rowJoins(v) + sessionJoin(v.add(today(r.Now))) + `
		ORDER BY page.due_at, page.id`, *v
}

// casesOf joins `deadlines d` to the cases a right covers. Somebody with cases
// of his own has few of them, and their deadlines are found from there. A place
// has many: its deadlines are met soon when all are walked in the order of their
// day, so the join must not be turned round. The planner would, since it takes
// each exclusion for half of the table, and then read the whole window.
func casesOf(right mediation.Right, r Reader, v *args) string {
	rule := visible([]mediation.Right{right}, r.Actor, r.Now, v)
	switch right.Scope {
	case mediation.ScopeCommittee, mediation.ScopeCommitteeOpen, mediation.ScopeArea, mediation.ScopeSupervised, mediation.ScopeSystem:
		return `JOIN LATERAL (SELECT FROM cases c WHERE c.id = d.case_id AND ` + rule + ` LIMIT 1) c ON TRUE`
	}
	return `JOIN cases c ON c.id = d.case_id AND ` + rule
}

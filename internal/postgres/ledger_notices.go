package postgres

import (
	"context"
	"strings"
	"time"

	"doorstep/internal/mediation"
)

// NoticeRow is one notice in its reader's box. Number is that of the case while
// the case is in his reach, else "".
type NoticeRow struct {
	ID     string           `db:"id"`
	Case   mediation.CaseID `db:"case_id"`
	Number string           `db:"number"`
	Action mediation.Action `db:"action"`
	Stage  mediation.Stage  `db:"stage"` // where the case stands now; "" out of reach
	At     time.Time        `db:"at"`
	ReadAt *time.Time       `db:"read_at"`
}

// box gives the conditions over `notices n` of the notices that are the actor's:
// his own, and those of the parties he is. One for each index.
func box(a mediation.Actor, v *args) []string {
	if a.Code != nil {
		return []string{`n.party_id = ` + v.add(string(a.Code.Party))}
	}
	if a.User == "" {
		return nil
	}
	me := v.add(string(a.User))
	return []string{
		`n.user_id = ` + me,
		`n.party_id IN (SELECT p.id FROM case_parties p WHERE p.user_id = ` + me + ` AND p.left_at IS NULL)`,
	}
}

// ListNotices reads one page of the actor's notices, newest first, at most limit
// rows.
func (db *DB) ListNotices(ctx context.Context, r Reader, mark Mark, limit int) ([]NoticeRow, error) {
	statement, v := noticeList(r, mark, limit)
	if statement == "" {
		return []NoticeRow{}, nil
	}
	return many[NoticeRow](ctx, db.reader(), statement, v...)
}

// noticeList writes the statement of ListNotices; "" for whoever has no box. Each
// notice looks its own case up: as a plain join the planner reads all cases the
// reader has before it meets the page.
func noticeList(r Reader, mark Mark, limit int) (string, args) {
	v := &args{}
	order, compare, filter := "DESC", "<", ""
	if mark.Back {
		order, compare = "ASC", ">"
	}
	if mark.ID != "" {
		filter = ` AND (n.at, n.id) ` + compare + ` (` + v.add(mark.At) + `, ` + v.add(mark.ID) + `)`
	}
	size := v.add(limit)
	var branches []string
	for _, mine := range box(r.Actor, v) {
		branches = append(branches, `(
			SELECT n.id, n.case_id, n.action, n.at, n.read_at
			FROM notices n
			WHERE `+mine+filter+`
			ORDER BY n.at `+order+`, n.id `+order+`
			LIMIT `+size+`)`)
	}
	if len(branches) == 0 {
		return "", nil
	}
	return `
		WITH page AS (
			SELECT *
			FROM (` + strings.Join(branches, " UNION ALL ") + `) u
			ORDER BY u.at ` + order + `, u.id ` + order + `
			LIMIT ` + size + `)
		SELECT page.*, coalesce(nullif(c.number, ''), c.intake_number, '') AS number, coalesce(c.stage, '') AS stage
		FROM page
		LEFT JOIN LATERAL (SELECT c.number, c.intake_number, c.stage FROM cases c
			WHERE c.id = page.case_id AND ` + visible(distinct(r.Rows, r.Actor, r.Now), r.Actor, r.Now, v) + ` LIMIT 1) c ON TRUE
		ORDER BY page.at DESC, page.id DESC`, *v
}

// UnreadNotices counts the actor's unread notices, at most up to most.
func (db *DB) UnreadNotices(ctx context.Context, a mediation.Actor, most int) (int, error) {
	statement, v := unreadCount(a, most)
	if statement == "" {
		return 0, nil
	}
	n, err := one[int](ctx, db.reader(), statement, v...)
	if err != nil || n == nil {
		return 0, err
	}
	return *n, nil
}

// unreadCount writes the statement of UnreadNotices; "" for whoever has no box.
// Each way to a notice is asked through its own index of unread ones.
func unreadCount(a mediation.Actor, most int) (string, args) {
	v := &args{}
	mine := box(a, v)
	if len(mine) == 0 {
		return "", nil
	}
	limit := v.add(most)
	for i, way := range mine {
		mine[i] = `(SELECT FROM notices n WHERE ` + way + ` AND n.read_at IS NULL LIMIT ` + limit + `)`
	}
	return `
		SELECT count(*)
		FROM (SELECT FROM (` + strings.Join(mine, " UNION ALL ") + `) every LIMIT ` + limit + `) u`, *v
}

// MarkNoticesRead notes that the actor has seen one of his notices, or with an
// empty id all unread ones up to now. It says how many rows that were;
// another's notice is never touched.
func (tx Tx) MarkNoticesRead(ctx context.Context, a mediation.Actor, id string, now time.Time) (int, error) {
	v := &args{}
	mine := box(a, v)
	if len(mine) == 0 {
		return 0, nil
	}
	at := v.add(now)
	filter := ` AND n.read_at IS NULL AND n.at <= ` + at
	if id != "" {
		filter = ` AND n.id = ` + v.add(id)
	}
	n, err := tx.exec(ctx, `
		UPDATE notices n
		SET read_at = coalesce(n.read_at, `+at+`)
		WHERE (`+strings.Join(mine, " OR ")+`)`+filter, *v...)
	return int(n), err
}

package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Duty is a clock that ran out and asks for an act of the system.
type Duty struct {
	Case    mediation.CaseID   `db:"case_id"`
	Kind    statute.DeadlineID `db:"kind"`
	Subject mediation.ItemID   `db:"subject_id"`
}

// dueDuties names its kinds beside the stages they are duties in: those are what
// the index deadlines_duty holds, and not what people are late with.
const dueDuties = `
	SELECT d.case_id, d.kind, coalesce(d.subject_id::text, '') AS subject_id
	FROM deadlines d
	JOIN cases c ON c.id = d.case_id
	LEFT JOIN obligations o ON o.id = d.subject_id
	WHERE d.ended_at IS NULL AND d.paused_at IS NULL AND d.due_at < $1
		AND d.kind IN ('D-03', 'D-06', 'D-12', 'D-13', 'D-15c', 'D-15d')
		AND (d.kind = 'D-03' AND c.stage = 'supplement'
			OR d.kind = 'D-06' AND NOT c.lapsed
				AND c.stage IN ('accepted', 'assigned', 'recusal_review', 'scheduled', 'in_mediation', 'adjourned')
			OR d.kind = 'D-12' AND c.stage IN ('effective', 'followed_up', 'closed')
			OR d.kind IN ('D-15c', 'D-15d') AND c.stage IN ('effective', 'followed_up', 'closed', 'archived')
			OR d.kind = 'D-13' AND o.state IN ('pending', 'partly') AND c.stage = 'effective')
	ORDER BY d.due_at, d.id
	LIMIT $2`

// Due lists clocks that have run out and whose act was not done yet, oldest
// first.
func (db *DB) Due(ctx context.Context, now time.Time, limit int) ([]Duty, error) {
	return many[Duty](ctx, db.reader(), dueDuties, now, limit)
}

// Reminders lists the promises of which a reminder may be due on a day, oldest
// day first; the rules have the last word. Before says how many days before its
// day a promise is reminded of, again how many pass between two reminders, most
// how many there are once it is late.
func (db *DB) Reminders(ctx context.Context, today statute.Date, before, again, most, limit int) ([]Duty, error) {
	const statement = `
		(SELECT o.case_id, 'remind' AS kind, o.id::text AS subject_id
		FROM obligations o
		JOIN cases c ON c.id = o.case_id
		WHERE o.state IN ('pending', 'partly') AND o.reminded_on IS NULL AND o.due_day BETWEEN $1::date AND $1::date + $2::int AND c.stage = 'effective'
		ORDER BY o.due_day, o.id
		LIMIT $5)
		UNION ALL
		(SELECT o.case_id, 'remind', o.id::text
		FROM obligations o
		JOIN cases c ON c.id = o.case_id
		WHERE o.state = 'overdue' AND o.reminded_late < 3 AND o.reminded_late < $4 AND c.stage = 'effective'
			AND greatest(o.due_day, o.reminded_on, (o.urged_at AT TIME ZONE 'Asia/Shanghai')::date) <= $1::date - $3::int
		ORDER BY o.due_day, o.id
		LIMIT $5)`
	return many[Duty](ctx, db.reader(), statement, today, before, again, most, limit)
}

// ConfirmWarnings lists the cases whose thirty days to ask the court have come to
// one of the days on which the parties are told, oldest first; the rules have the
// last word.
func (db *DB) ConfirmWarnings(ctx context.Context, now time.Time, days []int, limit int) ([]Duty, error) {
	const statement = `
		SELECT d.case_id, 'remind_confirmation' AS kind, '' AS subject_id
		FROM deadlines d
		JOIN cases c ON c.id = d.case_id
		WHERE d.ended_at IS NULL AND d.kind = 'D-12' AND d.due_at >= $1 AND c.stage IN ('effective', 'followed_up')
			AND d.warned < (SELECT count(*) FROM unnest($2::int[]) n
				WHERE ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date - (d.starts_at AT TIME ZONE 'Asia/Shanghai')::date >= n)
			AND (EXISTS (SELECT FROM confirmations k WHERE k.case_id = c.id AND k.state = 'proposed')
				OR d.warned = 0 AND EXISTS (SELECT FROM obligations o WHERE o.case_id = c.id AND o.state IN ('pending', 'partly', 'overdue', 'disputed')))
		ORDER BY d.due_at, d.id
		LIMIT $3`
	return many[Duty](ctx, db.reader(), statement, now, pq.Array(days), limit)
}

// Sweep drops what is kept for a time only: old guesses, short sessions, drafts
// of thirty days, sealed receipt codes of a day, filing keys of a week.
func (tx Tx) Sweep(ctx context.Context, now time.Time) error {
	for _, s := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM guesses WHERE at < $1`, now.Add(-24 * time.Hour)},
		{`DELETE FROM code_sessions WHERE expires_at < $1`, now.Add(-time.Hour)},
		{`DELETE FROM drafts WHERE updated_at < $1 AND NOT starts_with(form, 'volume/')`, now.Add(-30 * 24 * time.Hour)}, // those name a file; see TakeStale
		{`DELETE FROM filings WHERE created_at < $1`, now.Add(-7 * 24 * time.Hour)},
		{`UPDATE filings SET code_sealed = NULL WHERE code_sealed IS NOT NULL AND created_at < $1`, now.Add(-24 * time.Hour)},
		{`DELETE FROM drafts WHERE form IN ('receipt', 'kept') AND updated_at < $1`, now.Add(-time.Hour)},
		{`DELETE FROM sign_ins WHERE coalesce(revoked_at, expires_at) < $1`, now.Add(-30 * 24 * time.Hour)},
		{`DELETE FROM outbox WHERE coalesce(sent_at, parked_at, created_at) < $1`, now.Add(-30 * 24 * time.Hour)},
		{`DELETE FROM known_devices WHERE seen_at < $1`, now.Add(-400 * 24 * time.Hour)},
		{`DELETE FROM account_notices WHERE at < $1`, now.Add(-400 * 24 * time.Hour)},
		{`DELETE FROM upkeep WHERE began_at < $1`, now.Add(-400 * 24 * time.Hour)},
		{`DELETE FROM one_time_links WHERE expires_at < $1`, now.Add(-24 * time.Hour)},
	} {
		if _, err := tx.exec(ctx, s.statement, s.before); err != nil {
			return err
		}
	}
	return nil
}

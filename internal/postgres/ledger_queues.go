package postgres

import (
	"context"
	"strings"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Queue asks for what waits at one desk. Rights say in which places; the order is
// that of the next deadline, or of how long a case has waited.
type Queue struct {
	Name   string
	Rights []mediation.Right
	ByDue  bool
}

// QueueRow is a case in a queue. Size is how many there are, at most the cap
// that was asked for.
type QueueRow struct {
	Queue string `db:"queue"`
	Size  int    `db:"size"`
	ListRow
}

// queueConditions say over `cases c` what stands in a queue. $now, $today, $week
// (seven days from today) and $courts are filled in; everything else is constant.
var queueConditions = map[string]string{
	"intake.submitted":       `c.stage = 'submitted'`,
	"intake.supplement":      `c.stage = 'supplement'`,
	"intake.registered":      `c.stage = 'registered'`,
	"intake.consent_pending": `c.stage = 'consent_pending'`,
	"intake.late":            late,

	"chair.to_accept": `c.stage IN ('registered', 'consent_pending')
		AND EXISTS (SELECT FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL AND p.side = 'respondent')
		AND NOT EXISTS (SELECT FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL AND p.consent <> 'yes')`,
	"chair.to_refuse": `c.stage IN ('registered', 'consent_pending')
		AND EXISTS (SELECT FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL AND p.consent = 'no')`,
	"chair.to_assign": `c.stage = 'accepted'`,
	"chair.to_hand_over": `c.stage IN ('assigned', 'scheduled', 'in_mediation', 'adjourned', 'agreement_draft', 'effective', 'followed_up')
		AND EXISTS (SELECT FROM assignments a JOIN users u ON u.id = a.mediator_id WHERE a.case_id = c.id AND a.ended_at IS NULL
			AND (u.disabled_at IS NOT NULL OR NOT EXISTS (SELECT FROM grants g WHERE g.user_id = u.id AND g.role = 'mediator'
				AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL)))`,
	"chair.recusal": `c.stage = 'recusal_review'`,
	"chair.to_seal": `(c.stage = 'agreement_draft' OR c.stage IN ('effective', 'followed_up') AND c.effect_rule IN ('INV16 24', 'ONL22 19'))
		AND EXISTS (SELECT FROM agreements g WHERE g.case_id = c.id AND g.voided_at IS NULL
		AND EXISTS (SELECT FROM signatures s WHERE s.agreement_id = g.id AND s.voided_at IS NULL AND s.as_what = 'mediator')
		AND NOT EXISTS (SELECT FROM signatures s WHERE s.agreement_id = g.id AND s.voided_at IS NULL AND s.as_what = 'seal')
		AND NOT EXISTS (SELECT FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL AND NOT EXISTS (SELECT FROM signatures s
			WHERE s.agreement_id = g.id AND s.voided_at IS NULL AND s.as_what = 'party' AND s.party_id = p.id)))`,
	"chair.lapsed": `c.lapsed AND c.stage IN ('accepted', 'assigned', 'recusal_review', 'scheduled', 'in_mediation', 'adjourned', 'escalated',
		'court_track', 'agreement_draft')`,
	"chair.unreported": unreported + `)`,
	"chair.advised": `c.stage = 'escalated'
		AND EXISTS (SELECT FROM escalations e WHERE e.case_id = c.id AND e.kind = 'case' AND e.answered_at IS NOT NULL)
		AND NOT EXISTS (SELECT FROM escalations e WHERE e.case_id = c.id AND e.kind = 'case' AND e.answered_at IS NULL)
		AND NOT EXISTS (SELECT FROM referrals f WHERE f.case_id = c.id AND f.state = 'offered')`,
	"chair.to_close": `(c.stage IN ('terminated', 'withdrawn', 'not_accepted', 'referred_out')
		OR c.stage = 'followed_up' AND NOT EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id AND d.kind = '` + string(statute.D14bSecondVisit) + `'
			AND d.ended_at IS NULL))`,

	"mediator.mine": `TRUE`,
	"mediator.sessions": `c.stage IN ('scheduled', 'in_mediation', 'adjourned') AND EXISTS (SELECT FROM mediation_sessions w WHERE w.case_id = c.id AND w.state = 'planned'
		AND w.at >= $today AND w.at < $week)`,
	"mediator.to_sign": `c.stage = 'agreement_draft'`,
	"mediator.overdue": `c.stage = 'effective' AND EXISTS (SELECT FROM obligations o WHERE o.case_id = c.id AND o.state = 'overdue')`,
	"mediator.follow_up": `c.stage IN ('effective', 'followed_up') AND EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id
		AND d.kind IN ('` + string(statute.D14FollowUp) + `', '` + string(statute.D14bSecondVisit) + `')
		AND d.ended_at IS NULL AND d.paused_at IS NULL AND d.due_at < $week)`,

	"legal.reviews": `c.stage = 'escalated'
		AND EXISTS (SELECT FROM escalations e WHERE e.case_id = c.id AND e.kind = 'case' AND e.answered_at IS NULL)`,
	"legal.agreements": `EXISTS (SELECT FROM escalations e WHERE e.case_id = c.id AND e.kind = 'agreement' AND e.answered_at IS NULL)`,

	"legal.major": `EXISTS (SELECT FROM major_reports w WHERE w.case_id = c.id AND w.how = 'system' AND w.seen_at IS NULL)`,

	"court.offered": `c.id IN (SELECT f.case_id FROM referrals f WHERE f.court_id = ANY($courts) AND f.state = 'offered')`,
	"court.taken":   `c.id IN (SELECT f.case_id FROM referrals f WHERE f.court_id = ANY($courts) AND f.state = 'taken')`,

	"supervisor.late":       late,
	"supervisor.lapsed":     `c.lapsed`,
	"supervisor.unreported": unreported + ` AND d.due_at < $now)`,

	"own.party":    `TRUE`,
	"own.reported": `TRUE`,
	"own.invited":  `TRUE`,
}

// unreported are the major disputes nobody has reported yet; it is to be closed.
const unreported = `EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id AND d.kind = '` + string(statute.D21Major) + `' AND d.ended_at IS NULL`

const late = `EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id AND d.ended_at IS NULL AND d.paused_at IS NULL AND d.due_at < $now)`

// queueCondition fills in a queue's condition; an unknown queue is empty.
func queueCondition(name string, r Reader, v *args) string {
	text, ok := queueConditions[name]
	if !ok {
		return "FALSE"
	}
	for word, value := range map[string]any{
		"$now": r.Now, "$today": today(r.Now), "$week": today(r.Now).AddDate(0, 0, 7), "$courts": pq.Array(courtsOf(r.Rows)),
	} {
		if strings.Contains(text, word) {
			text = strings.ReplaceAll(text, word, v.add(value))
		}
	}
	return "(" + text + ")"
}

func courtsOf(rights []mediation.Right) []string {
	courts := []string{}
	for _, right := range rights {
		if right.Grant.Court != "" {
			courts = append(courts, string(right.Grant.Court))
		}
	}
	return courts
}

// nextDue orders by the deadline that ends first; a case without one waits last.
const nextDue = `coalesce((SELECT min(d.due_at) FROM deadlines d WHERE d.case_id = c.id AND d.ended_at IS NULL AND d.paused_at IS NULL), 'infinity')`

// Queues reads the heads of several queues in one statement: the first rows of
// each, and how many there are up to most. Nothing is counted beyond that.
func (db *DB) Queues(ctx context.Context, r Reader, queues []Queue, first, most int) ([]QueueRow, error) {
	statement, v := queueHeads(r, queues, first, most)
	if statement == "" {
		return []QueueRow{}, nil
	}
	return many[QueueRow](ctx, db.reader(), statement, v...)
}

// queueHeads writes the statement of Queues; "" when no right covers any row.
func queueHeads(r Reader, queues []Queue, first, most int) (string, args) {
	v := &args{}
	var branches []string
	for _, q := range queues {
		rights := distinct(q.Rights, r.Actor, r.Now)
		if len(rights) == 0 {
			continue
		}
		key := `c.updated_at`
		if q.ByDue {
			key = nextDue
		}
		r.Rows = rights
		branches = append(branches, `(
			SELECT CAST(`+v.add(q.Name)+` AS text) AS queue, c.id, `+key+` AS key
			FROM cases c
			WHERE `+visible(rights, r.Actor, r.Now, v)+` AND `+openCases+` AND `+queueCondition(q.Name, r, v)+`
			ORDER BY key, c.id
			LIMIT `+v.add(most)+`)`)
	}
	if len(branches) == 0 {
		return "", nil
	}
	return `
		WITH waiting AS (` + strings.Join(branches, " UNION ALL ") + `),
		placed AS (
			SELECT queue, id, row_number() OVER (PARTITION BY queue ORDER BY key, id) AS place, count(*) OVER (PARTITION BY queue) AS size
			FROM waiting)
		SELECT placed.queue, placed.size, ` + rowColumns + r.sight(v) + `
		FROM placed
		JOIN cases c ON c.id = placed.id` + r.rowJoins(v) + sessionJoin(v.add(today(r.Now))) + `
		WHERE placed.place <= ` + v.add(first) + `
		ORDER BY placed.queue, placed.place`, *v
}

// StageCount is how many open cases of one community stand in one stage, and how
// many of them have let a deadline pass.
type StageCount struct {
	Path   string          `db:"path"` // of the community
	Name   string          `db:"name"`
	NameEN string          `db:"name_en"`
	Stage  mediation.Stage `db:"stage"`
	Cases  int             `db:"cases"`
	Late   int             `db:"late"`
}

// Load counts the open cases by community and stage. Closed ones are not
// touched, so it grows with the work at hand and not with the years. A case that
// lies in no community is counted under its own area.
func (db *DB) Load(ctx context.Context, r Reader) ([]StageCount, error) {
	v := &args{}
	statement := `
		WITH f AS (
			SELECT c.area_id, c.area_path, c.stage, count(*) AS cases, count(*) FILTER (WHERE ` + lateCase(v.add(r.Now)) + `) AS late
			FROM cases c
			WHERE ` + visible(distinct(r.Rows, r.Actor, r.Now), r.Actor, r.Now, v) + ` AND ` + openCases + `
			GROUP BY c.area_id, c.area_path, c.stage)
		SELECT coalesce(k.path, ar.path) AS path, coalesce(k.name, ar.name) AS name, coalesce(k.name_en, ar.name_en) AS name_en,
			f.stage, sum(f.cases) AS cases, sum(f.late) AS late
		FROM f
		JOIN areas ar ON ar.id = f.area_id
		LEFT JOIN areas k ON k.kind = 'community' AND starts_with(f.area_path, k.path)
		GROUP BY 1, 2, 3, 4
		ORDER BY 1, 4`
	return many[StageCount](ctx, db.reader(), statement, *v...)
}

// OfficeState is what an administrator looks at first.
type OfficeState struct {
	Committees    int          `db:"committees"`     // open ones
	Users         int          `db:"users"`          // not disabled
	GrantsWaiting int          `db:"grants_waiting"` // for the second administrator
	CalendarUntil statute.Date `db:"calendar_until"` // last day of the office's own calendar; zero without any
}

// OfficeState counts rows of the small office tables; users are counted up to most.
func (db *DB) OfficeState(ctx context.Context, most int) (OfficeState, error) {
	const statement = `
		SELECT (SELECT count(*) FROM committees WHERE closed_at IS NULL) AS committees,
			(SELECT count(*) FROM (SELECT FROM users WHERE disabled_at IS NULL LIMIT $1) u) AS users,
			(SELECT count(*) FROM grants WHERE ended_at IS NULL AND confirmed_at IS NULL) AS grants_waiting,
			(SELECT max(day) FROM calendar_days) AS calendar_until`
	row, err := one[OfficeState](ctx, db.reader(), statement, most)
	if err != nil || row == nil {
		return OfficeState{}, err
	}
	return *row, nil
}

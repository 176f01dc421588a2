package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// FigureCase is one case as a month's figures look at it, with the committee
// that holds it and the path of that committee's area.
type FigureCase struct {
	ID       mediation.CaseID
	At       mediation.CommitteeID
	AreaPath string
	Facts    figures.CaseFacts
}

// FigureCommittee is a committee that stands, with its kind and that of its area.
type FigureCommittee struct {
	ID       mediation.CommitteeID `db:"id"`
	AreaPath string                `db:"area_path"`
	Kind     string                `db:"kind"` // of statute.CommitteeKinds, "" when it was not told
	AreaKind string                `db:"area_kind"`
}

// FigureMediator is a registered mediator whose term runs.
type FigureMediator struct {
	ID       mediation.UserID      `db:"id"`
	At       mediation.CommitteeID `db:"committee_id"`
	AreaPath string                `db:"area_path"`
	figures.MediatorFacts
}

// FigureCell is one figure of one unit in one month.
type FigureCell struct {
	Unit  string
	Cell  figures.Cell
	Value int64
}

// FigureEntry is what one case, committee or mediator adds to one figure.
type FigureEntry struct {
	Cell     figures.Cell
	Subject  string
	At       mediation.CommitteeID
	AreaPath string
	Value    int64
}

// LockFigures lets one server at a time count; the others wait, and then find
// that it is done.
func (tx Tx) LockFigures(ctx context.Context) error {
	_, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('doorstep figures'))`)
	return err
}

// factRow is FigureCase as the statement gives it.
type factRow struct {
	ID           string         `db:"id"`
	Committee    string         `db:"committee_id"`
	AreaPath     string         `db:"area_path"`
	Registered   bool           `db:"registered"`
	Accepted     bool           `db:"accepted"`
	NotAccepted  bool           `db:"not_accepted"`
	ReferredOut  bool           `db:"referred_out"`
	Closed       bool           `db:"closed"`
	EverAccepted bool           `db:"ever_accepted"`
	Agreed       bool           `db:"agreed"`
	Form         string         `db:"form"`
	EndedAs      string         `db:"ended_as"`
	CourtMode    string         `db:"court_mode"`
	Source       string         `db:"source"`
	Type         string         `db:"type"`
	Grade        string         `db:"grade"`
	Persons      int            `db:"persons"`
	AmountFen    int64          `db:"amount_fen"`
	States       pq.StringArray `db:"states"` // of the obligations in force
	Applied      bool           `db:"applied"`
	Confirmed    bool           `db:"confirmed"`
	Sued         bool           `db:"sued"`
	Satisfaction string         `db:"satisfaction"`
	Flags        pq.StringArray `db:"flags"`
}

// FigureCases reads the cases to which something happened from a moment to
// another that a return counts. It walks the history of that time alone, so its
// cost goes with the month's work and not with the years.
func (tx Tx) FigureCases(ctx context.Context, from, until time.Time) ([]FigureCase, error) {
	const statement = `
		WITH moved AS (
			SELECT e.case_id,
				bool_or(e.to_stage = 'not_accepted' AND e.from_stage <> 'not_accepted') AS not_accepted,
				bool_or(e.to_stage = 'referred_out' AND e.from_stage <> 'referred_out') AS referred_out,
				bool_or(e.to_stage = 'closed' AND e.from_stage <> 'closed') AS closed
			FROM events e
			WHERE e.at >= $1 AND e.at < $2
			GROUP BY e.case_id)
		SELECT c.id, c.committee_id, ar.path AS area_path,
			coalesce(c.registered_at >= $1 AND c.registered_at < $2, FALSE) AS registered,
			coalesce(c.accepted_at >= $1 AND c.accepted_at < $2, FALSE) AS accepted,
			moved.not_accepted, moved.referred_out, moved.closed, c.accepted_at IS NOT NULL AS ever_accepted,
			c.effective_on IS NOT NULL AS agreed, coalesce(g.form, '') AS form, c.ended_as, c.court_mode, c.source, c.type, c.grade,
			(SELECT coalesce(sum(greatest(1, p.group_size)), 0) FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL) AS persons,
			coalesce(o.amount_fen, 0) AS amount_fen, coalesce(o.states, '{}') AS states,
			EXISTS (SELECT FROM confirmations k WHERE k.case_id = c.id AND k.filed_on IS NOT NULL) AS applied,
			EXISTS (SELECT FROM confirmations k WHERE k.case_id = c.id AND k.state IN ('confirmed', 'enforcement')) AS confirmed,
			EXISTS (SELECT FROM follow_ups v WHERE v.case_id = c.id AND v.sued) AS sued,
			coalesce((SELECT v.satisfaction FROM follow_ups v WHERE v.case_id = c.id ORDER BY v.at DESC, v.id DESC LIMIT 1), '') AS satisfaction,
			ARRAY(SELECT DISTINCT r.flag FROM risks r WHERE r.case_id = c.id) AS flags
		FROM moved
		JOIN cases c ON c.id = moved.case_id
		JOIN committees m ON m.id = c.committee_id
		JOIN areas ar ON ar.id = m.area_id
		LEFT JOIN agreements g ON g.case_id = c.id AND g.voided_at IS NULL
		LEFT JOIN LATERAL (SELECT sum(b.amount_fen)::bigint AS amount_fen, array_agg(b.state) AS states
			FROM obligations b WHERE b.agreement_id = g.id AND b.state <> 'void') o ON TRUE
		WHERE moved.not_accepted OR moved.referred_out OR moved.closed OR c.registered_at >= $1 AND c.registered_at < $2
			OR c.accepted_at >= $1 AND c.accepted_at < $2
		ORDER BY c.id`
	rows, err := many[factRow](ctx, tx.reader, statement, from, until)
	if err != nil {
		return nil, err
	}
	all := make([]FigureCase, len(rows))
	for i, r := range rows {
		all[i] = r.figureCase()
	}
	return all, nil
}

// figureCase lets the field's own rule say how the promises stand.
func (r factRow) figureCase() FigureCase {
	c := mediation.Case{Stage: mediation.Effective}
	for _, state := range r.States {
		c.Obligations = append(c.Obligations, mediation.Obligation{State: state})
	}
	performance := ""
	if r.Agreed {
		performance = c.Performance()
	}
	return FigureCase{ID: mediation.CaseID(r.ID), At: mediation.CommitteeID(r.Committee), AreaPath: r.AreaPath, Facts: figures.CaseFacts{
		Registered: r.Registered, Accepted: r.Accepted, NotAccepted: r.NotAccepted, ReferredOut: r.ReferredOut, Closed: r.Closed,
		EverAccepted: r.EverAccepted, Agreed: r.Agreed, Form: r.Form, EndedAs: mediation.Stage(r.EndedAs),
		CourtMode: statute.CourtMode(r.CourtMode), Source: r.Source, Type: r.Type, Grade: r.Grade, Persons: r.Persons, AmountFen: r.AmountFen,
		Performance: performance, Applied: r.Applied, Confirmed: r.Confirmed, Sued: r.Sued, Satisfaction: r.Satisfaction, Flags: r.Flags}}
}

// FigureCommittees reads the committees that stand.
func (tx Tx) FigureCommittees(ctx context.Context) ([]FigureCommittee, error) {
	const statement = `
		SELECT m.id, ar.path AS area_path, m.kind, ar.kind AS area_kind
		FROM committees m
		JOIN areas ar ON ar.id = m.area_id
		WHERE m.closed_at IS NULL
		ORDER BY m.id`
	return many[FigureCommittee](ctx, tx.reader, statement)
}

// FigureMediators reads the mediators who are registered and whose term runs on
// a day; a stopped account mediates no more.
func (tx Tx) FigureMediators(ctx context.Context, on statute.Date) ([]FigureMediator, error) {
	const statement = `
		SELECT r.user_id AS id, r.committee_id, ar.path AS area_path, r.full_time, r.party_member, r.legal_advisor,
			r.sex, r.schooling
		FROM mediators r
		JOIN users u ON u.id = r.user_id
		JOIN committees m ON m.id = r.committee_id
		JOIN areas ar ON ar.id = m.area_id
		WHERE r.registration_no <> '' AND u.disabled_at IS NULL AND m.closed_at IS NULL
			AND (r.registered_on IS NULL OR r.registered_on <= $1) AND (r.term_end IS NULL OR r.term_end >= $1)
		ORDER BY r.user_id`
	return many[FigureMediator](ctx, tx.reader, statement, on)
}

// figureTables are the tables a month is written to while it runs and when it is
// closed.
func figureTables(open bool) (cells, entries string) {
	if open {
		return "figure_open_cells", "figure_open_entries"
	}
	return "figure_cells", "figure_entries"
}

// PutFigures writes a month's figures with what stands behind them. Those of a
// month that runs take the place of the last count; those of a closed one are
// there for good, and a second time is refused by the database.
func (tx Tx) PutFigures(ctx context.Context, m figures.Month, open bool, cells []FigureCell, entries []FigureEntry) error {
	first := m.First()
	for _, s := range []string{`DELETE FROM figure_open_cells WHERE month = $1`, `DELETE FROM figure_open_entries WHERE month = $1`} {
		if _, err := tx.exec(ctx, s, first); err != nil {
			return err
		}
	}
	cellTable, entryTable := figureTables(open)
	var unit, cell []string
	var value []int64
	for _, c := range cells {
		unit, cell, value = append(unit, c.Unit), append(cell, string(c.Cell)), append(value, c.Value)
	}
	_, err := tx.exec(ctx, `INSERT INTO `+cellTable+` (month, unit, cell, value)
		SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[])`, first, pq.Array(unit), pq.Array(cell), pq.Array(value))
	if err != nil {
		return err
	}
	var subject, at, path []string
	cell, value = nil, nil
	for _, e := range entries {
		cell, subject, at = append(cell, string(e.Cell)), append(subject, e.Subject), append(at, string(e.At))
		path, value = append(path, e.AreaPath), append(value, e.Value)
	}
	_, err = tx.exec(ctx, `INSERT INTO `+entryTable+` (month, cell, subject_id, committee_id, area_path, value)
		SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[])`,
		first, pq.Array(cell), pq.Array(subject), pq.Array(at), pq.Array(path), pq.Array(value))
	return err
}

// CloseFigures writes the line that closes a month.
func (tx Tx) CloseFigures(ctx context.Context, m figures.Month, now time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM figure_open_months WHERE month = $1`, m.First()); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO figure_months (month, closed_at) VALUES ($1, $2)`, m.First(), now)
	return err
}

// CountedFigures notes when a running month was counted last.
func (tx Tx) CountedFigures(ctx context.Context, m figures.Month, now time.Time) error {
	const statement = `
		INSERT INTO figure_open_months (month, counted_at)
		VALUES ($1, $2)
		ON CONFLICT (month) DO UPDATE SET counted_at = excluded.counted_at`
	_, err := tx.exec(ctx, statement, m.First(), now)
	return err
}

// FigureMonth is a month that was counted: closed for good, or last counted at.
type FigureMonth struct {
	First     statute.Date `db:"month"`
	ClosedAt  *time.Time   `db:"closed_at"`
	CountedAt *time.Time   `db:"counted_at"`
}

// Month is the month itself.
func (f FigureMonth) Month() figures.Month { return figures.MonthOf(f.First.Start()) }

// FigureMonths reads what was counted of the months from one to another.
func (r reader) FigureMonths(ctx context.Context, from, to figures.Month) ([]FigureMonth, error) {
	const statement = `
		SELECT m.month, m.closed_at, NULL::timestamptz AS counted_at FROM figure_months m WHERE m.month BETWEEN $1 AND $2
		UNION ALL
		SELECT o.month, NULL, o.counted_at FROM figure_open_months o WHERE o.month BETWEEN $1 AND $2
		ORDER BY month`
	return many[FigureMonth](ctx, r, statement, from.First(), to.First())
}

// FigureMonths reads what was counted of the months from one to another.
func (db *DB) FigureMonths(ctx context.Context, from, to figures.Month) ([]FigureMonth, error) {
	return db.reader().FigureMonths(ctx, from, to)
}

// NextFigures is the month to close next: the one after the last closed one, at
// the beginning that of the first line of the history. 0 when nothing happened.
func (db *DB) NextFigures(ctx context.Context) (figures.Month, error) {
	const statement = `
		SELECT (SELECT max(m.month) FROM figure_months m) AS closed, (SELECT min(e.at) FROM events e) AS began`
	row, err := one[struct {
		Closed statute.Date `db:"closed"`
		Began  *time.Time   `db:"began"`
	}](ctx, db.reader(), statement)
	switch {
	case err != nil:
		return 0, err
	case !row.Closed.IsZero():
		return figures.MonthOf(row.Closed.Start()) + 1, nil
	case row.Began != nil:
		return figures.MonthOf(*row.Began), nil
	}
	return 0, nil
}

// FigurePayment is what was paid for one case.
type FigurePayment struct {
	Case     mediation.CaseID      `db:"case_id"`
	At       mediation.CommitteeID `db:"committee_id"`
	AreaPath string                `db:"area_path"`
	Fen      int64                 `db:"amount_fen"`
}

// FigurePayments reads what was paid for cases from a moment to another. What is
// asked back later stays in the month it was paid in.
func (tx Tx) FigurePayments(ctx context.Context, from, until time.Time) ([]FigurePayment, error) {
	const statement = `
		SELECT k.case_id, k.committee_id, k.area_path, k.amount_fen
		FROM subsidy_batches b
		JOIN subsidy_claims k ON k.batch_id = b.id AND k.state IN ('paid', 'reclaimed')
		WHERE b.paid_at >= $1 AND b.paid_at < $2 AND k.amount_fen > 0
		ORDER BY k.id`
	return many[FigurePayment](ctx, tx.reader, statement, from, until)
}

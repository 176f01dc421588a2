package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// MonthReport is where the closed month of one committee stands.
type MonthReport struct {
	At        mediation.CommitteeID `db:"committee_id"`
	Committee string                `db:"committee"`
	AreaPath  string                `db:"area_path"`
	First     statute.Date          `db:"month"`
	State     figures.State         `db:"state"`
	Since     *time.Time            `db:"since"` // of the last step; nil before any
	Seq       int                   `db:"seq"`   // of the last step; 0 before any
}

// Month is the month of the report.
func (r MonthReport) Month() figures.Month { return figures.MonthOf(r.First.Start()) }

// Every committee that was counted in a closed month owes its report.
const monthReports = `
	SELECT c.unit::uuid AS committee_id, m.name AS committee, ar.path AS area_path, c.month, coalesce(r.state, '') AS state, r.at AS since, coalesce(r.seq, 0) AS seq
	FROM figure_cells c
	JOIN committees m ON m.id::text = c.unit
	JOIN areas ar ON ar.id = m.area_id
	LEFT JOIN LATERAL (SELECT x.state, x.at, x.seq FROM figure_reports x
		WHERE x.committee_id = m.id AND x.month = c.month ORDER BY x.seq DESC LIMIT 1) r ON TRUE
	WHERE c.cell = 'committees'`

// MonthReports reads where the closed months of committees stand, the newest
// month first, from one month to another, 1,000 at most.
func (db *DB) MonthReports(ctx context.Context, committees []string, from, to figures.Month) ([]MonthReport, error) {
	return many[MonthReport](ctx, db.reader(), monthReports+`
		AND c.unit = ANY ($1) AND c.month BETWEEN $2 AND $3
		ORDER BY c.month DESC, ar.path, m.name
		LIMIT 1000`, pq.Array(committees), from.First(), to.First())
}

// MonthReport reads where one committee's month stands; nil when the committee
// was not counted in it or it is not closed.
func (r reader) MonthReport(ctx context.Context, at mediation.CommitteeID, m figures.Month) (*MonthReport, error) {
	return one[MonthReport](ctx, r, monthReports+` AND c.unit = $1 AND c.month = $2`, string(at), m.First())
}

// MonthReport reads where one committee's month stands; nil when there is none.
func (db *DB) MonthReport(ctx context.Context, at mediation.CommitteeID, m figures.Month) (*MonthReport, error) {
	return db.reader().MonthReport(ctx, at, m)
}

// ReportStep is one step of a month as history.
type ReportStep struct {
	At        mediation.CommitteeID            `db:"committee_id"`
	First     statute.Date                     `db:"month"`
	Seq       int                              `db:"seq"`
	AreaPath  string                           `db:"area_path"`
	Step      figures.Step                     `db:"step"`
	State     figures.State                    `db:"state"`
	Reason    string                           `db:"reason"`
	Explained JSON[map[figures.Warning]string] `db:"explained"`
	Role      mediation.Role                   `db:"role"`
	By        mediation.UserID                 `db:"by_user"`
	Who       string                           `db:"who"`
	When      time.Time                        `db:"at"`
}

// ReportSteps reads the steps of a month, oldest first.
func (r reader) ReportSteps(ctx context.Context, at mediation.CommitteeID, m figures.Month) ([]ReportStep, error) {
	const statement = `
		SELECT x.committee_id, x.month, x.seq, x.area_path, x.step, x.state, x.reason, x.explained, x.role, x.by_user, u.name AS who, x.at
		FROM figure_reports x
		JOIN users u ON u.id = x.by_user
		WHERE x.committee_id = $1 AND x.month = $2
		ORDER BY x.seq`
	return many[ReportStep](ctx, r, statement, string(at), m.First())
}

// ReportSteps reads the steps of a month, oldest first.
func (db *DB) ReportSteps(ctx context.Context, at mediation.CommitteeID, m figures.Month) ([]ReportStep, error) {
	return db.reader().ReportSteps(ctx, at, m)
}

// AddReportStep writes the next step of a month. Two at once are a Conflict.
func (tx Tx) AddReportStep(ctx context.Context, s ReportStep) error {
	const statement = `
		INSERT INTO figure_reports (committee_id, month, seq, area_path, step, state, reason, explained, role, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	if s.Explained.V == nil {
		s.Explained.V = map[figures.Warning]string{}
	}
	_, err := tx.exec(ctx, statement, string(s.At), s.First, s.Seq, s.AreaPath, string(s.Step), string(s.State), s.Reason, s.Explained, string(s.Role),
		string(s.By), s.When)
	return err
}

// ReportCount is how many months of the committees of one area were closed in a
// time, and how many of them are approved.
type ReportCount struct {
	AreaPath string `db:"area_path"`
	Closed   int    `db:"closed"`
	Approved int    `db:"approved"`
}

// CountReports counts the months of the committees, area by area.
func (db *DB) CountReports(ctx context.Context, from, to figures.Month) ([]ReportCount, error) {
	return many[ReportCount](ctx, db.reader(), `
		SELECT r.area_path, count(*) AS closed, count(*) FILTER (WHERE r.state = 'approved') AS approved
		FROM (`+monthReports+` AND c.month BETWEEN $1 AND $2) r
		GROUP BY r.area_path`, from.First(), to.First())
}

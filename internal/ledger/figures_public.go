package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
)

// PublicFigures is what everybody may read of one district in one quarter.
type PublicFigures struct {
	Period   figures.Period
	Areas    []Unit
	Cells    []figures.Cell
	Rows     [][]figures.Shown // one an area, then their sum
	Quarters []figures.Period  // all that are closed, newest first

	Held             int // corrections that are not shown yet, since what moved would tell of a few
	Closed, Approved int // months of committees in the quarter, and those the judicial office approved
}

// Preliminary says whether somebody has still to stand for a month of it.
func (p PublicFigures) Preliminary() bool { return p.Approved < p.Closed }

// PublicFigures reads the figures of a closed quarter for everybody: the areas
// directly below each district side by side, small figures hidden with as many
// others as it takes (figures.Sheet.Publish). What was corrected since the quarter
// was closed is shown when nothing can be told from both tables together
// (figures.Revise), until then the old one stays. Only whole quarters are published,
// so that nothing can be reckoned from months and quarters together. A blank
// quarter is the newest. Without a closed quarter Period is zero.
//
// Errors: Forbidden, NotFound for a quarter that is none or not closed.
func (l *Ledger) PublicFigures(ctx context.Context, a mediation.Actor, quarter string, small int64) ([]PublicFigures, error) {
	if _, err := l.policy.Check(a, "stats", "read_public"); err != nil {
		return nil, err
	}
	quarters, err := l.closedQuarters(ctx)
	if err != nil {
		return nil, err
	}
	if len(quarters) == 0 && quarter == "" {
		return nil, nil
	}
	period := figures.Period{}
	for _, q := range quarters {
		if quarter == "" || q.String() == quarter {
			period = q
			break
		}
	}
	if period.Span == "" {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	units, err := l.db.FigureUnits(ctx, nil, []string{""})
	if err != nil {
		return nil, err
	}
	var all []PublicFigures
	for _, u := range districts(units) {
		p := PublicFigures{Period: period, Cells: figures.PublicCells, Areas: below(units, u), Quarters: quarters}
		if err := l.publish(ctx, &p, u, small); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (l *Ledger) publish(ctx context.Context, p *PublicFigures, district Unit, small int64) error {
	keys := []string{district.Key}
	for _, u := range p.Areas {
		keys = append(keys, u.Key)
	}
	values, err := l.totals(ctx, keys, p.Period)
	if err != nil {
		return err
	}
	s := figures.Sheet{Cells: p.Cells}
	for _, u := range append(slices.Clone(p.Areas), district) {
		s.Rows = append(s.Rows, values[u.Key])
	}
	n, err := l.db.CountReports(ctx, district.Key, p.Period.From, p.Period.To)
	if err != nil {
		return err
	}
	p.Closed, p.Approved = n.Closed, n.Approved
	p.Areas = append(p.Areas, district)
	first, corrected, err := l.versions(ctx, p, s)
	if err != nil {
		return err
	}
	p.Rows, _, p.Held = figures.Versions(first, corrected, small)
	return nil
}

// versions takes the corrections written since a quarter was published off the
// sheet again, the last one first: what was published at its closing, and the
// sheet after each correction. The last area of p is the district.
func (l *Ledger) versions(ctx context.Context, p *PublicFigures, now figures.Sheet) (figures.Sheet, []figures.Sheet, error) {
	months, err := l.db.FigureMonths(ctx, p.Period.To, p.Period.To)
	if err != nil || len(months) == 0 || months[0].ClosedAt == nil {
		return now, nil, err
	}
	lines, err := l.db.FigureMoves(ctx, p.Areas[len(p.Areas)-1].Key, p.Period.From, p.Period.To, *months[0].ClosedAt)
	if err != nil {
		return now, nil, err
	}
	var later []figures.Sheet
	for end := len(lines); end > 0; {
		begin := end - 1
		for begin > 0 && oneCorrection(lines[begin-1], lines[begin]) {
			begin--
		}
		later = append(later, now)
		now = without(now, p.Areas, lines[begin:end])
		end = begin
	}
	slices.Reverse(later)
	return now, later, nil
}

// oneCorrection says whether two lines were written together: apart, their sums
// would not agree.
func oneCorrection(a, b Correction) bool {
	return a.At == b.At && a.First == b.First && a.By == b.By && a.Reason == b.Reason && b.When.Sub(a.When) < time.Second
}

// without is a sheet before some lines were written.
func without(s figures.Sheet, areas []Unit, lines []Correction) figures.Sheet {
	before := figures.Sheet{Cells: s.Cells}
	for i, row := range s.Rows {
		v := maps.Clone(row)
		if v == nil {
			v = figures.Values{}
		}
		for _, c := range lines {
			if u := areas[i]; u.Key == string(c.At) || u.Kind != committeeKind && strings.HasPrefix(c.AreaPath, u.Key) {
				v[c.Cell] -= c.Delta
			}
		}
		before.Rows = append(before.Rows, v)
	}
	return before
}

// publicYears is how far back quarters are offered.
const publicYears = 3

// closedQuarters are the quarters whose last month is closed, newest first. The
// program may have begun within one: it publishes what it counted.
func (l *Ledger) closedQuarters(ctx context.Context) ([]figures.Period, error) {
	present := figures.MonthOf(l.now())
	months, err := l.db.FigureMonths(ctx, present-12*publicYears, present)
	if err != nil {
		return nil, err
	}
	var all []figures.Period
	for _, m := range slices.Backward(months) {
		if p := figures.PeriodOf(figures.ByQuarter, m.Month()); m.ClosedAt != nil && p.To == m.Month() {
			all = append(all, p)
		}
	}
	return all, nil
}

// districts are the areas whose parts are published side by side; where nobody
// drew a district, the widest areas.
func districts(units []Unit) []Unit {
	var all, widest []Unit
	for _, u := range units {
		if u.Kind == "district" {
			all = append(all, u)
		}
		if u.Kind != committeeKind && strings.Count(u.Path, "/") == 1 {
			widest = append(widest, u)
		}
	}
	if len(all) == 0 {
		return widest
	}
	return all
}

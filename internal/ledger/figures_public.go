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
	Areas    []Unit // the district last
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
	i := slices.IndexFunc(quarters, func(q closedQuarter) bool { return quarter == "" || q.String() == quarter })
	if i < 0 {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	units, err := l.db.FigureUnits(ctx, nil, []string{""})
	if err != nil {
		return nil, err
	}
	var all []PublicFigures
	var keys []string
	for _, u := range districts(units) {
		p := PublicFigures{Period: quarters[i].Period, Cells: figures.PublicCells, Areas: append(below(units, u), u)}
		for _, q := range quarters {
			p.Quarters = append(p.Quarters, q.Period)
		}
		for _, a := range p.Areas {
			keys = append(keys, a.Key)
		}
		all = append(all, p)
	}
	if err := l.publish(ctx, all, keys, quarters[i], small); err != nil {
		return nil, err
	}
	return all, nil
}

// publish fills the tables of all districts, however many there are, from three
// reads.
func (l *Ledger) publish(ctx context.Context, all []PublicFigures, keys []string, q closedQuarter, small int64) error {
	values, err := l.totals(ctx, keys, q.Period)
	if err != nil {
		return err
	}
	counts, err := l.db.CountReports(ctx, q.From, q.To)
	if err != nil {
		return err
	}
	moves, err := l.db.FigureMoves(ctx, q.From, q.To, q.closedAt)
	if err != nil {
		return err
	}
	for i := range all {
		p := &all[i]
		district := p.district()
		now := figures.Sheet{Cells: p.Cells}
		for _, u := range p.Areas {
			now.Rows = append(now.Rows, values[u.Key])
		}
		for _, n := range counts {
			if strings.HasPrefix(n.AreaPath, district.Key) {
				p.Closed, p.Approved = p.Closed+n.Closed, p.Approved+n.Approved
			}
		}
		own := slices.DeleteFunc(slices.Clone(moves), func(c Correction) bool { return !strings.HasPrefix(c.AreaPath, district.Key) })
		first, corrected := versions(now, p.Areas, own)
		p.Rows, _, p.Held = figures.Versions(first, corrected, small)
	}
	return nil
}

// district is the area the others lie in, which gives their sum.
func (p PublicFigures) district() Unit { return p.Areas[len(p.Areas)-1] }

// versions takes the corrections written since a quarter was published off the
// sheet again, the last one first: what was published at its closing, and the
// sheet after each correction.
func versions(now figures.Sheet, areas []Unit, lines []Correction) (first figures.Sheet, corrected []figures.Sheet) {
	for end := len(lines); end > 0; {
		begin := end - 1
		for begin > 0 && oneCorrection(lines[begin-1], lines[begin]) {
			begin--
		}
		corrected = append(corrected, now)
		now = without(now, areas, lines[begin:end])
		end = begin
	}
	slices.Reverse(corrected)
	return now, corrected
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

// closedQuarter is a quarter that is published, and since when.
type closedQuarter struct {
	figures.Period
	closedAt time.Time
}

// closedQuarters are the quarters whose last month is closed, newest first. The
// program may have begun within one: it publishes what it counted.
func (l *Ledger) closedQuarters(ctx context.Context) ([]closedQuarter, error) {
	present := figures.MonthOf(l.now())
	months, err := l.db.FigureMonths(ctx, present-12*publicYears, present)
	if err != nil {
		return nil, err
	}
	var all []closedQuarter
	for _, m := range slices.Backward(months) {
		if p := figures.PeriodOf(figures.ByQuarter, m.Month()); m.ClosedAt != nil && p.To == m.Month() {
			all = append(all, closedQuarter{p, *m.ClosedAt})
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

package ledger

import (
	"context"
	"strings"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// recount is how old the count of a running month may grow.
const recount = 10 * time.Minute

// CountMonths closes every month whose day has come and counts the running ones
// anew when their count is ten minutes old. It is an act of the system, may be
// run by several servers at once, and closes each month once: a figure counted
// is never counted again. It gives how many months it closed.
//
// closeDay is the day of the following month, 1 to 28, at whose beginning a month
// is closed.
//
// Errors: Forbidden for anybody but the system.
func (l *Ledger) CountMonths(ctx context.Context, a mediation.Actor, closeDay int) (int, error) {
	if _, err := l.policy.Check(a, "stats", "close"); err != nil {
		return 0, err
	}
	now := l.now()
	next, err := l.db.NextFigures(ctx)
	if err != nil {
		return 0, err
	}
	present := figures.MonthOf(now)
	if next == 0 {
		next = present
	}
	closed := 0
	for ; next < present && !now.Before(next.ClosesAt(closeDay)); next++ {
		did, err := l.countMonth(ctx, next, now, false)
		if err != nil {
			return closed, err
		}
		if did {
			closed++
		}
	}
	for ; next <= present; next++ {
		if _, err := l.countMonth(ctx, next, now, true); err != nil {
			return closed, err
		}
	}
	return closed, nil
}

// countMonth counts one month, for good unless it runs. It says whether it did:
// another server may have been quicker.
func (l *Ledger) countMonth(ctx context.Context, m figures.Month, now time.Time, runs bool) (did bool, err error) {
	if runs { // the usual round finds a fresh count and takes no lock
		if fresh, err := l.fresh(ctx, l.db, m, now, runs); err != nil || fresh {
			return false, err
		}
	}
	err = l.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := tx.LockFigures(ctx); err != nil {
			return err
		}
		if fresh, err := l.fresh(ctx, tx, m, now, runs); err != nil || fresh {
			return err
		}
		cells, entries, err := count(ctx, tx, m)
		if err != nil {
			return err
		}
		if err := tx.PutFigures(ctx, m, runs, cells, entries); err != nil {
			return err
		}
		did = true
		if runs {
			return tx.CountedFigures(ctx, m, now)
		}
		return tx.CloseFigures(ctx, m, now)
	})
	return did && err == nil, err
}

// fresh says whether a month needs no counting: closed, or counted a moment ago.
func (l *Ledger) fresh(ctx context.Context, db interface {
	FigureMonths(context.Context, figures.Month, figures.Month) ([]postgres.FigureMonth, error)
}, m figures.Month, now time.Time, runs bool) (bool, error) {
	months, err := db.FigureMonths(ctx, m, m)
	if err != nil || len(months) == 0 {
		return false, err
	}
	state := months[0]
	return state.ClosedAt != nil || runs && state.CountedAt != nil && now.Before(state.CountedAt.Add(recount)), nil
}

// count gathers what the rules give for a month. A case counts for the committee
// that holds it when it is counted, and for every area above that committee.
func count(ctx context.Context, tx postgres.Tx, m figures.Month) ([]postgres.FigureCell, []postgres.FigureEntry, error) {
	from, until := m.Bounds()
	cases, err := tx.FigureCases(ctx, from, until)
	if err != nil {
		return nil, nil, err
	}
	committees, err := tx.FigureCommittees(ctx)
	if err != nil {
		return nil, nil, err
	}
	mediators, err := tx.FigureMediators(ctx, (m + 1).First().Add(-1))
	if err != nil {
		return nil, nil, err
	}
	payments, err := tx.FigurePayments(ctx, from, until)
	if err != nil {
		return nil, nil, err
	}
	funds, err := tx.FigureFunds(ctx, m.Year())
	if err != nil {
		return nil, nil, err
	}
	screenings, err := tx.FigureScreenings(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	var t tally
	for _, c := range cases {
		t.add(string(c.ID), c.At, c.AreaPath, figures.OfCase(c.Facts))
	}
	for _, k := range committees {
		t.add(string(k.ID), k.ID, k.AreaPath, figures.OfCommittee(k.Kind, k.AreaKind))
	}
	for _, k := range mediators {
		t.add(string(k.ID), k.At, k.AreaPath, figures.OfMediator(k.MediatorFacts))
	}
	for _, k := range funds {
		t.add(string(k.At), k.At, k.AreaPath, figures.OfFunds(k.Guaranteed, k.Paid))
	}
	for _, k := range screenings {
		t.add(string(k.At), k.At, k.AreaPath, figures.OfScreening(k.Times, k.Found, k.Prevented))
	}
	for _, p := range payments {
		t.add(string(p.Case), p.At, p.AreaPath, figures.OfPayment(p.Fen))
	}
	return t.cells(), t.entries, nil
}

// tally adds entries up for their committee and every area above it. What is
// personal goes into the sums alone: no entry says of whom it was counted.
type tally struct {
	entries []postgres.FigureEntry
	sums    map[string]figures.Values
	units   []string // in the order they came
}

func (t *tally) add(subject string, at mediation.CommitteeID, path string, entries []figures.Entry) {
	for _, e := range entries {
		if !e.Cell.Personal() {
			t.entries = append(t.entries, postgres.FigureEntry{Cell: e.Cell, Subject: subject, At: at, AreaPath: path, Value: e.Value})
		}
		for _, unit := range append(above(path), string(at)) {
			if t.sums[unit] == nil {
				if t.sums == nil {
					t.sums = map[string]figures.Values{}
				}
				t.sums[unit] = figures.Values{}
				t.units = append(t.units, unit)
			}
			t.sums[unit][e.Cell] += e.Value
		}
	}
}

func (t *tally) cells() []postgres.FigureCell {
	var all []postgres.FigureCell
	for _, unit := range t.units {
		for cell, n := range t.sums[unit] {
			all = append(all, postgres.FigureCell{Unit: unit, Cell: cell, Value: n})
		}
	}
	return all
}

// above lists the path of an area and of all above it: "gx/yy/" gives "gx/" and
// "gx/yy/".
func above(path string) []string {
	var all []string
	for i, r := range path {
		if r == '/' {
			all = append(all, path[:i+1])
		}
	}
	if !strings.HasSuffix(path, "/") && path != "" {
		all = append(all, path)
	}
	return all
}

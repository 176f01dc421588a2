package ledger

import (
	"context"
	"slices"
	"strings"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// recordScreening is the action of the policy by which a committee's rounds are
// recorded.
const recordScreening mediation.Action = "record_screening"

// Screening is one line about what a committee's rounds came to in a month.
type Screening = postgres.Screening

// ScreeningsView is what the rounds of a unit's committees came to in a month.
type ScreeningsView struct {
	Unit    Unit
	Units   []Unit // all in reach, in the order of the tree
	Month   figures.Month
	Months  []figures.Month // that may be asked for, the newest first
	Lines   []Screening     // the newest first, 200 at most; of each committee its first one holds
	Sum     postgres.ScreeningSum
	Seq     int  // of the unit's last line, when it is a committee
	Records bool // the reader may write the next line
}

// screeningMonths are the months rounds are recorded for: this one and the last,
// until it is closed.
func (l *Ledger) screeningMonths() []figures.Month {
	m := figures.MonthOf(l.now())
	return []figures.Month{m, m - 1}
}

// screeningShown is for how many months back what was recorded is read.
const screeningShown = 24

// monthIn is the month of a list a text names, the first for a blank one; false
// for any other.
func monthIn(months []figures.Month, text string) (figures.Month, bool) {
	if text == "" {
		return months[0], true
	}
	for _, m := range months {
		if m.String() == text {
			return m, true
		}
	}
	return 0, false
}

// Screenings reads what the rounds of a unit's committees came to in a month, in
// the reader's rights. A blank unit is the widest in reach, a blank month the
// present one.
//
// Errors: Forbidden, NotFound for a unit out of reach or another month.
func (l *Ledger) Screenings(ctx context.Context, a mediation.Actor, unit, month string) (*ScreeningsView, error) {
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	v := &ScreeningsView{Units: units}
	for m := figures.MonthOf(l.now()); len(v.Months) < screeningShown; m-- {
		v.Months = append(v.Months, m)
	}
	if v.Unit, err = unitOf(units, unit); err != nil {
		return nil, err
	}
	var known bool
	if v.Month, known = monthIn(v.Months, month); !known || v.Unit.Key == "" {
		return nil, missing()
	}
	if v.Lines, err = l.db.Screenings(ctx, v.Unit, v.Month); err != nil {
		return nil, err
	}
	sum, err := l.db.ScreeningSum(ctx, v.Unit, v.Month)
	if err != nil {
		return nil, err
	}
	v.Sum = *sum
	if v.Unit.Kind != committeeKind {
		return v, nil
	}
	if len(v.Lines) > 0 {
		v.Seq = v.Lines[0].Seq
	}
	closed, err := l.monthClosed(ctx, v.Month)
	v.Records = !closed && slices.Contains(l.screeningMonths(), v.Month) && covers(l.policy.Scope(a, "stats", recordScreening), v.Unit)
	return v, err
}

func (l *Ledger) monthClosed(ctx context.Context, m figures.Month) (bool, error) {
	months, err := l.db.FigureMonths(ctx, m, m)
	return len(months) > 0 && months[0].ClosedAt != nil, err
}

// ScreeningChange is what somebody records of a committee's rounds in a month:
// all of the month so far, and not what was added.
type ScreeningChange struct {
	Unit, Month             string
	Times, Found, Prevented int
	Note                    string // where, and what stood out
	Seq                     int    // of the last line as it was seen; 0 for none
}

// MostScreened bounds each of the numbers: a slip of the finger adds noughts.
const MostScreened = 9999

// RecordScreening writes what the rounds of a committee came to in a month. The
// line before stays as history. A closed month is put right by a correction.
//
// Errors: Forbidden, NotFound; Conflict when somebody wrote one since; Invalid
// with the fields times, found, prevented and note, or for a closed month.
func (l *Ledger) RecordScreening(ctx context.Context, a mediation.Actor, in ScreeningChange) error {
	units, err := l.units(ctx, a, recordScreening)
	if err != nil {
		return err
	}
	u, err := unitOf(units, in.Unit)
	month, known := monthIn(l.screeningMonths(), in.Month)
	if err == nil && (in.Unit == "" || u.Kind != committeeKind || !known) {
		err = missing()
	}
	if err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	if closed, err := l.monthClosed(ctx, month); err != nil || closed {
		if err == nil {
			err = &mediation.Error{Kind: mediation.Invalid, Key: "figures.month_closed"}
		}
		return err
	}
	line := Screening{At: mediation.CommitteeID(u.Key), First: month.First(), Seq: in.Seq + 1, Times: in.Times, Found: in.Found, Prevented: in.Prevented,
		Note: strings.TrimSpace(in.Note), By: a.User, When: l.now(), Role: l.roleFor(a, recordScreening, u)}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		last, err := tx.ScreeningOf(ctx, line.At, month)
		if err != nil {
			return err
		}
		if last == nil {
			last = &Screening{}
		}
		if last.Seq != in.Seq {
			return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale"}
		}
		return tx.AddScreening(ctx, line)
	})
}

// check marks what cannot be: rounds that were none, and more settled on the way
// than was found.
func (in ScreeningChange) check() error {
	f := mediation.Faults{}
	f.Require("note", in.Note)
	long(f, "note", in.Note)
	if in.Times < 1 || in.Times > MostScreened {
		f.Mark("times", "figures.screening_bound")
	}
	if in.Found < 0 || in.Found > MostScreened {
		f.Mark("found", "figures.screening_bound")
	}
	if in.Prevented < 0 || in.Prevented > in.Found {
		f.Mark("prevented", "figures.screening_prevented_bound")
	}
	return f.Err()
}

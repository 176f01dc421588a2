package ledger

import (
	"context"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// When is the window of a list of deadlines.
type When string

// The windows. Days are civil days in Asia/Shanghai.
const (
	DueToday When = "today" // ends today, also when its hour has passed
	DueWeek  When = "week"  // ends today or in the six days after it
	DueLate  When = "late"  // has passed
)

// Whens lists the windows once, in the order of the tabs.
var Whens = []When{DueToday, DueWeek, DueLate}

// DeadlineRow is one running deadline with its case.
type DeadlineRow struct {
	ID   string
	Due  Due
	Case Row
}

// Deadlines reads one page of the running deadlines over all cases in reach, the
// one that ends first on top. Paused clocks are left aside.
//
// Errors: Forbidden when no role of the actor reads deadlines, Invalid for an
// unknown window or a cursor that is none.
func (l *Ledger) Deadlines(ctx context.Context, a mediation.Actor, when When, after string) (Page[DeadlineRow], error) {
	rights, err := l.policy.Check(a, "deadline", "read")
	if err != nil {
		return Page[DeadlineRow]{}, err
	}
	from, until, err := when.window(l.now())
	if err != nil {
		return Page[DeadlineRow]{}, err
	}
	mark, err := parseMark(after)
	if err != nil {
		return Page[DeadlineRow]{}, err
	}
	rows, err := l.db.ListDeadlines(ctx, l.reader(a, rights), from, until, mark, PageSize+1)
	if err != nil {
		return Page[DeadlineRow]{}, err
	}
	page := cut(rows, mark, func(r postgres.DeadlineRow) postgres.Mark { return postgres.Mark{At: r.Due, ID: r.Deadline} })
	shown := Page[DeadlineRow]{Next: page.Next, Prev: page.Prev}
	for _, r := range page.Rows {
		row, err := shownRow(a, r.ListRow)
		if err != nil {
			return Page[DeadlineRow]{}, err
		}
		shown.Rows = append(shown.Rows, DeadlineRow{ID: r.Deadline, Due: Due{Kind: r.Kind, At: r.Due, Provisional: r.Provisional}, Case: row})
	}
	return shown, nil
}

// window gives the bounds of a list, the first moment in and the first one out;
// zero is no bound.
func (w When) window(now time.Time) (from, until time.Time, err error) {
	day := statute.DateOf(now)
	switch w {
	case DueToday:
		return day.Start(), day.Add(1).Start(), nil
	case DueWeek:
		return day.Start(), day.Add(7).Start(), nil
	case DueLate:
		return time.Time{}, now, nil
	}
	return from, until, &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Fields: mediation.Faults{"when": "error.choice"}}
}

package statute

import "time"

// Unit is what a term is counted in.
type Unit string

// The units. A day is a calendar day unless the term says working days.
const (
	CalendarDays Unit = "days"
	CountedDays  Unit = "days_counted" // calendar days of which that of the event is the first: 1 ends the same day
	WorkingDays  Unit = "workdays"
	Hours        Unit = "hours"
	Months       Unit = "months"
	Years        Unit = "years"
)

// Term is a length of time as the law states it: 30 days, 3 working days.
type Term struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
}

// The longest terms that are reckoned, by unit: about a century. A longer one is
// a typing error, and counting it would only keep the machine busy.
const (
	maxDays  = 36525
	maxHours = maxDays * 24
	maxYears = 100
)

func (u Unit) most() int {
	switch u {
	case CalendarDays, CountedDays, WorkingDays:
		return maxDays
	case Hours:
		return maxHours
	case Years:
		return maxYears
	case Months:
		return maxYears * 12
	default:
		return 0
	}
}

// Valid says whether the term can be a committee's own setting: a known unit and
// a number from 1 to about a century.
func (t Term) Valid() bool { return t.N >= 1 && t.N <= t.Unit.most() }

// Reckoning is the end of a term with the way it was found, so that a page can
// answer "why this day". Provisional is true while the notice of a year it
// touches is not published: the day may still move.
type Reckoning struct {
	Due         time.Time    `json:"due"`
	Steps       []ReckonStep `json:"steps"`
	Provisional bool         `json:"provisional"`
}

// ReckonStep is one step of a reckoning: a rule (a code of the list
// [ReckonRules]), the article it rests on, the day reached and, where it counts
// something, the number.
type ReckonStep struct {
	Rule   string `json:"rule"`
	Source string `json:"source"`
	Day    Date   `json:"day"`
	N      int    `json:"n"`
}

// Reckon gives the end of a term that begins at start. The day of the event is
// not counted; a last day that is a weekend or a statutory holiday moves on to
// the next working day; the term ends with the end of that day. Terms in hours
// run from the moment itself and do not move, and nor do those of which the day of
// the event is the first: the same day is that day, be it a Sunday.
//
// A number below 0 counts as 0, one above a century as a century. The zero time
// and an unknown unit give the zero Reckoning.
//
// Source: CC 201, 202, 203; CPL 85.
func (c *Calendar) Reckon(start time.Time, t Term) Reckoning { return c.ReckonPaused(start, t, 0) }

// ReckonPaused gives the end of a term that stood still for pausedDays calendar
// days: it is counted as if it had begun that many days later, and the last day
// moves on as in Reckon. A number of paused days below 0 counts as 0.
func (c *Calendar) ReckonPaused(start time.Time, t Term, pausedDays int) Reckoning {
	if start.IsZero() || t.Unit.most() == 0 {
		return Reckoning{}
	}
	t.N = min(max(t.N, 0), t.Unit.most())
	r := &reckoner{calendar: c}
	pausedDays = min(max(pausedDays, 0), maxDays)
	if t.Unit == Hours {
		return r.hours(start, t.N, pausedDays)
	}
	day := DateOf(start)
	if t.Unit == CountedDays {
		return r.counted(day, t.N, pausedDays)
	}
	r.step("first_day_not_counted", "CC 201; CPL 85", day, 0)
	day = r.pause(day, pausedDays)
	day = r.moveOn(r.count(day, t))
	return Reckoning{Due: day.End(), Steps: r.steps, Provisional: r.guess}
}

// reckoner gathers the steps of one reckoning.
type reckoner struct {
	calendar *Calendar
	steps    []ReckonStep
	guess    bool
}

func (r *reckoner) step(rule, source string, day Date, n int) {
	r.steps = append(r.steps, ReckonStep{Rule: rule, Source: source, Day: day, N: n})
}

func (r *reckoner) count(day Date, t Term) Date {
	switch t.Unit {
	case WorkingDays:
		return r.workdays(day, t.N)
	case Years:
		return r.months(day, t.N, 12, "count_years")
	case Months:
		return r.months(day, t.N, 1, "count_months")
	case CalendarDays, CountedDays, Hours:
	}
	day = day.Add(t.N)
	r.step("count", "CC 201; CPL 85", day, t.N)
	return day
}

func (r *reckoner) pause(day Date, n int) Date {
	if n == 0 {
		return day
	}
	day = day.Add(n)
	r.step("paused", "local", day, n)
	return day
}

// counted are calendar days beginning with that of the event; 0 counts as 1.
func (r *reckoner) counted(day Date, n, pausedDays int) Reckoning {
	day = r.pause(day, pausedDays).Add(max(n, 1) - 1)
	r.step("day_counted", "local", day, max(n, 1))
	return Reckoning{Due: day.End(), Steps: r.steps}
}

// hours are added as they stand: by the hour, a term begins at once and holidays
// make no difference (CC 201, second paragraph).
func (r *reckoner) hours(start time.Time, n, pausedDays int) Reckoning {
	due := start
	if pausedDays > 0 {
		due = due.Add(time.Duration(pausedDays) * 24 * time.Hour)
		r.step("paused", "local", DateOf(due), pausedDays)
	}
	due = due.Add(time.Duration(n) * time.Hour)
	r.step("count_hours", "CC 201", DateOf(due), n)
	return Reckoning{Due: due, Steps: r.steps}
}

// workdays goes forward to the n-th working day; the days between that nobody
// works are a step of their own, because they are what people ask about.
func (r *reckoner) workdays(day Date, n int) Date {
	rest := 0
	for left := n; left > 0; {
		day = day.Add(1)
		if r.works(day) {
			left--
		} else {
			rest++
		}
	}
	if rest > 0 {
		r.step("rest_days_skipped", "CPL 85", day, rest)
	}
	r.step("count_workdays", "CPL 85", day, n)
	return day
}

// months goes to the same day of the month the term ends in; where there is none
// (29 February, 31 April), to the last day of the month (CC 202). each is how
// many months one of the term's units has.
func (r *reckoner) months(day Date, n, each int, rule string) Date {
	month := day.Month() + time.Month(n*each)
	end := NewDate(day.Year(), month, day.Day())
	if first := NewDate(day.Year(), month, 1); end.Month() != first.Month() {
		end = NewDate(day.Year(), month+1, 0)
	}
	r.step(rule, "CC 202", end, n)
	return end
}

func (r *reckoner) moveOn(day Date) Date {
	last := day
	for !r.works(day) {
		day = day.Add(1)
	}
	if day != last {
		r.step("moved_on_holiday", "CC 203; CPL 85", day, day.Sub(last))
	}
	return day
}

func (r *reckoner) works(day Date) bool {
	r.guess = r.guess || !r.calendar.settled(day)
	return r.calendar.IsWorkday(day)
}

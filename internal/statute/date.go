package statute

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zone must load on a machine without zone files
)

// Shanghai is the zone every term is reckoned in. It is the full Asia/Shanghai
// and not a fixed +08:00, because old deeds and birth dates fall into the summer
// times of 1986 to 1991.
var Shanghai = loadShanghai()

func loadShanghai() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic("statute: the embedded time zone data has no Asia/Shanghai: " + err.Error())
	}
	return zone
}

// Date is a civil day in Asia/Shanghai from 0001-01-01 to 9999-12-31. It is
// comparable with ==. The zero Date means "none" and stands before every day.
type Date struct {
	n int32 // 1 is 0001-01-01, counted on without gaps; 0 is none
}

// The ends of the calendar, and the distance from its first day to 1970-01-01.
const (
	lastDay  = 3652059 // 9999-12-31
	unixDays = 719163  // 1970-01-01
)

// NewDate gives the day, bringing an overflowing day or month into range as
// time.Date does (31 April is 1 May). Outside the years 1 to 9999 it is none.
func NewDate(y int, m time.Month, d int) Date {
	if y < -100 || y > 11000 { // far away: keep time.Date from wrapping around
		return Date{}
	}
	return dateOn(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixDays)
}

func dateOn(n int64) Date {
	if n < 1 || n > lastDay {
		return Date{}
	}
	return Date{n: int32(n)}
}

// DateOf gives the day in Shanghai on which t falls; the zero time is none.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return NewDate(t.In(Shanghai).Date())
}

// ParseDate reads "2006-01-02" and nothing else; the empty string is an error,
// so that a missing day cannot pass for one that was given.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) {
		return Date{}, fmt.Errorf("statute: date %q: write the day as 2026-03-05", s)
	}
	d := NewDate(t.Date())
	if d.IsZero() {
		return Date{}, fmt.Errorf("statute: date %q: the year must lie between 0001 and 9999", s)
	}
	return d, nil
}

// IsZero says whether the day is none.
func (d Date) IsZero() bool { return d.n == 0 }

// Add gives the day that many days later (earlier if negative). None stays none,
// and a day that would leave the calendar is none.
func (d Date) Add(days int) Date {
	if d.IsZero() || days > lastDay || days < -lastDay {
		return Date{}
	}
	return dateOn(int64(d.n) + int64(days))
}

// Sub gives the number of days from o to d; with none on either side it is 0,
// since there is nothing to count.
func (d Date) Sub(o Date) int {
	if d.IsZero() || o.IsZero() {
		return 0
	}
	return int(d.n - o.n)
}

// Before says whether d is an earlier day than o. None is before every day.
func (d Date) Before(o Date) bool { return d.n < o.n }

// After says whether d is a later day than o. Every day is after none.
func (d Date) After(o Date) bool { return d.n > o.n }

// Weekday gives the day of the week; of none it is Sunday and means nothing.
func (d Date) Weekday() time.Weekday {
	if d.IsZero() {
		return time.Sunday
	}
	return time.Weekday(d.n % 7)
}

// Year gives the year, 1 to 9999; 0 for none.
func (d Date) Year() int { y, _, _ := d.civil(); return y }

// Month gives the month, January to December; 0 for none.
func (d Date) Month() time.Month { _, m, _ := d.civil(); return m }

// Day gives the day of the month, 1 to 31; 0 for none.
func (d Date) Day() int { _, _, day := d.civil(); return day }

func (d Date) civil() (int, time.Month, int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	return time.Unix((int64(d.n)-unixDays)*86400, 0).UTC().Date()
}

// Start gives the first instant of the day in Shanghai: 00:00, or 01:00 on the
// few days before 1950 on which the clocks went forward at midnight. The zero
// time for none.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	y, m, day := d.civil()
	return time.Date(y, m, day, 0, 0, 0, 0, Shanghai)
}

// End gives the last instant of the day in Shanghai, 23:59:59.999999; the zero
// time for none. A term ends with its last day and not before (CC 203 names an
// earlier hour only for offices with business hours). The database keeps
// microseconds: a finer end would be rounded into the next day.
func (d Date) End() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if d.n == lastDay {
		return time.Date(9999, time.December, 31, 23, 59, 59, 999999000, Shanghai)
	}
	return d.Add(1).Start().Add(-time.Microsecond)
}

// AddMonths gives the same day that many months later (earlier if negative), or
// the last of that month when it has no such day (CC 202). None stays none, and
// a day that would leave the calendar is none.
func (d Date) AddMonths(months int) Date {
	if d.IsZero() || months > 12*9999 || months < -12*9999 {
		return Date{}
	}
	y, m, day := d.civil()
	first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	if first.Year() < 1 || first.Year() > 9999 {
		return Date{}
	}
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(day, last))
}

// AddYears is AddMonths by twelves.
func (d Date) AddYears(years int) Date { return d.AddMonths(12 * max(-9999, min(years, 9999))) }

// Package figures is the statistics of people's mediation as pure rules: what
// the two returns count, in which row and month a case stands, how months add up
// to longer periods, which sums must agree, and what of them may be published.
// It asks no database and knows no clock.
package figures

import (
	"fmt"
	"strconv"
	"time"

	"doorstep/internal/statute"
)

// Month is a calendar month in Asia/Shanghai, counted from January of the year 0.
// The zero Month means "none".
type Month int

// The years a month may lie in. Nothing was counted before, and a page that asks
// for later ones was not made by us.
const (
	firstYear = 2000
	lastYear  = 2100
)

// NewMonth gives the month; none outside the years 2000 to 2100.
func NewMonth(year int, m time.Month) Month {
	if year < firstYear || year > lastYear || m < time.January || m > time.December {
		return 0
	}
	return Month(year*12 + int(m) - 1)
}

// MonthOf gives the month in which a moment falls in Shanghai.
func MonthOf(t time.Time) Month {
	day := statute.DateOf(t)
	return NewMonth(day.Year(), day.Month())
}

// Year and Number are the parts of the month, Number from 1 to 12.
func (m Month) Year() int { return int(m) / 12 }

// Number is the month of the year, 1 to 12.
func (m Month) Number() int { return int(m)%12 + 1 }

// First is the first day of the month.
func (m Month) First() statute.Date {
	return statute.NewDate(m.Year(), time.Month(m.Number()), 1)
}

// Bounds are the first moment of the month and the first one after it.
func (m Month) Bounds() (from, until time.Time) { return m.First().Start(), (m + 1).First().Start() }

// String writes the month as 2026-05.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Number()) }

// ClosesAt is when a month is closed: at the beginning of the given day (1 to
// 28) of the month after it. Until then late entries still find their way in.
//
// Source: local; the return of a month is sent up in the first days of the next.
func (m Month) ClosesAt(day int) time.Time {
	next := m + 1
	return statute.NewDate(next.Year(), time.Month(next.Number()), day).Start()
}

// Span is the length of a period.
type Span string

// The spans in which returns are sent up.
//
// Source: domain of the returns; monthly and quarterly, half a year and the year.
const (
	ByMonth   Span = "month"
	ByQuarter Span = "quarter"
	ByHalf    Span = "half"
	ByYear    Span = "year"
)

// Spans lists the spans once, the shortest first.
var Spans = []Span{ByMonth, ByQuarter, ByHalf, ByYear}

// months is how many months a span has; 0 for none of them.
func (s Span) months() int {
	return map[Span]int{ByMonth: 1, ByQuarter: 3, ByHalf: 6, ByYear: 12}[s]
}

// Period is a run of whole months, both ends included.
type Period struct {
	Span     Span
	From, To Month
}

// PeriodOf gives the period of a span in which a month lies. An unknown span
// gives the month by itself.
func PeriodOf(s Span, m Month) Period {
	n := s.months()
	if n == 0 {
		s, n = ByMonth, 1
	}
	from := m - Month((m.Number()-1)%n)
	return Period{Span: s, From: from, To: from + Month(n) - 1}
}

// String writes the period as it stands in addresses: 2026-05, 2026-Q2, 2026-H1
// or 2026.
func (p Period) String() string {
	year, n := p.From.Year(), p.Nth()
	switch p.Span {
	case ByQuarter:
		return fmt.Sprintf("%04d-Q%d", year, n)
	case ByHalf:
		return fmt.Sprintf("%04d-H%d", year, n)
	case ByYear:
		return fmt.Sprintf("%04d", year)
	case ByMonth:
	}
	return p.From.String()
}

// Nth is which of its kind the period is in its year, from 1.
func (p Period) Nth() int { return (p.From.Number()-1)/max(1, p.Span.months()) + 1 }

// Months lists the months of the period.
func (p Period) Months() []Month {
	var all []Month
	for m := p.From; m <= p.To; m++ {
		all = append(all, m)
	}
	return all
}

// Has says whether a month lies in the period.
func (p Period) Has(m Month) bool { return m >= p.From && m <= p.To }

// ParsePeriod reads what String writes; false for anything else.
func ParsePeriod(text string) (Period, bool) {
	if len(text) < 4 {
		return Period{}, false
	}
	year, err := strconv.Atoi(text[:4])
	if err != nil {
		return Period{}, false
	}
	for _, s := range Spans {
		for n := 1; n <= 12/s.months(); n++ {
			m := NewMonth(year, time.Month((n-1)*s.months()+1))
			if p := PeriodOf(s, m); m != 0 && p.String() == text {
				return p, true
			}
		}
	}
	return Period{}, false
}

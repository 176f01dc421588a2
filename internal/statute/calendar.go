package statute

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"
)

// Exception is one day on which the week does not tell whether people work: a
// day off by notice of the State Council, or a weekend day worked in exchange
// (调休).
type Exception struct {
	Day            Date
	Work           bool
	NameZH, NameEN string
}

// Calendar knows the working days: Monday to Friday, but for the exceptions. It
// does not change once made, so many may read it at once.
type Calendar struct {
	exceptions map[Date]Exception
	years      map[int]int // bits of the fixed holidays seen in a year
}

//go:embed calendar/*.csv
var notices embed.FS

// DefaultCalendar gives the calendar of the notices of the State Council that
// the program carries: 2024, 2025 and 2026.
func DefaultCalendar() *Calendar {
	files, err := notices.ReadDir("calendar")
	if err != nil {
		panic("statute: the embedded calendar cannot be read: " + err.Error())
	}
	c := &Calendar{}
	for _, f := range files {
		days, err := readNotice("calendar/" + f.Name())
		if err != nil {
			panic("statute: the embedded calendar is broken: " + err.Error())
		}
		c = c.With(days...)
	}
	return c
}

func readNotice(name string) ([]Exception, error) {
	f, err := notices.Open(name)
	if err != nil {
		return nil, err
	}
	days, err := ReadExceptions(f)
	return days, errors.Join(err, f.Close())
}

// ReadExceptions reads a year's notice from lines of
// "date,off|work,name in Chinese,name in English", so that an office can bring
// in next year's days when they are published. The error names the line.
func ReadExceptions(r io.Reader) ([]Exception, error) {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord, lines.Comment = 4, '#'
	var days []Exception
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return days, nil
		}
		if err != nil {
			return nil, fmt.Errorf("statute: calendar: write date,off or work,name,English name: %w", err)
		}
		line, _ := lines.FieldPos(0)
		day, err := readException(fields)
		if err != nil {
			return nil, fmt.Errorf("statute: calendar line %d: %w", line, err)
		}
		days = append(days, day)
	}
}

func readException(fields []string) (Exception, error) {
	day, err := ParseDate(strings.TrimPrefix(strings.TrimSpace(fields[0]), "\ufeff"))
	if err != nil {
		return Exception{}, err
	}
	kind := strings.TrimSpace(fields[1])
	if kind != "off" && kind != "work" {
		return Exception{}, fmt.Errorf("write off or work instead of %q", kind)
	}
	zh, en := strings.TrimSpace(fields[2]), strings.TrimSpace(fields[3])
	if zh == "" || en == "" {
		return Exception{}, errors.New("the name of the day is missing in one of the languages")
	}
	return Exception{Day: day, Work: kind == "work", NameZH: zh, NameEN: en}, nil
}

// With gives a calendar that also knows the days given; for a day known before,
// the new word stands. The calendar itself stays as it was.
func (c *Calendar) With(extra ...Exception) *Calendar {
	next := &Calendar{exceptions: map[Date]Exception{}, years: map[int]int{}}
	maps.Copy(next.exceptions, c.exceptions)
	for _, e := range extra {
		if !e.Day.IsZero() {
			next.exceptions[e.Day] = e
		}
	}
	for _, e := range next.exceptions {
		if bit := fixedHoliday(e); bit != 0 {
			next.years[e.Day.Year()] |= bit
		}
	}
	return next
}

// allFixed has a bit for each of the days off that stand in every yearly notice
// at the same date: New Year, Labour Day, National Day.
const allFixed = 1 | 2 | 4

func fixedHoliday(e Exception) int {
	if e.Work {
		return 0
	}
	switch _, monthDay, _ := strings.Cut(e.Day.String(), "-"); monthDay {
	case "01-01":
		return 1
	case "05-01":
		return 2
	case "10-01":
		return 4
	}
	return 0
}

// Published says whether the year's notice is in the calendar. A year counts as
// published once 1 January, 1 May and 1 October are marked off in it; a single
// local exception does not make a year known.
func (c *Calendar) Published(year int) bool { return c.years[year] == allFixed }

// settled says whether the day itself can no longer change. The New Year holiday
// of the following notice may reach back into the last days of December.
func (c *Calendar) settled(d Date) bool {
	if d.Month() == time.December && d.Day() > 27 && !c.Published(d.Year()+1) {
		return false
	}
	return c.Published(d.Year())
}

// IsWorkday says whether people work that day: make-up Saturdays and Sundays
// count, statutory holidays do not. None is no workday.
func (c *Calendar) IsWorkday(d Date) bool {
	if d.IsZero() {
		return false
	}
	if e, known := c.exceptions[d]; known {
		return e.Work
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// IsHoliday says whether the day is a statutory day off or a weekend not worked:
// a last day that moves on (CC 203, CPL 85). None is no holiday.
func (c *Calendar) IsHoliday(d Date) bool { return !d.IsZero() && !c.IsWorkday(d) }

// Named gives the exception that stands on the day, for pages that say why a day
// moved on; false where the week alone decides.
func (c *Calendar) Named(d Date) (Exception, bool) {
	e, known := c.exceptions[d]
	return e, known
}

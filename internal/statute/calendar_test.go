package statute

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The notices again, as they are printed: spans off and single days worked. The
// files under calendar/ must say the same, day for day.
var printed = map[int]struct{ off, work string }{
	2024: {"01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07",
		"02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"},
	2025: {"01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
		"01-26 02-08 04-27 09-28 10-11"},
	2026: {"01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
		"01-04 02-14 02-28 05-09 09-20 10-10"},
}

func TestTheCalendarSaysWhatTheNoticesSay(t *testing.T) {
	c := DefaultCalendar()
	for year, notice := range printed {
		want := map[string]bool{}
		prefix := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-")
		for span := range strings.FieldsSeq(notice.off) {
			from, to, _ := strings.Cut(span, "..")
			if to == "" {
				to = from
			}
			for d := day(t, prefix+from); !d.After(day(t, prefix+to)); d = d.Add(1) {
				want[d.String()] = false
			}
		}
		for one := range strings.FieldsSeq(notice.work) {
			want[prefix+one] = true
		}
		got := map[string]bool{}
		for d := NewDate(year, 1, 1); d.Year() == year; d = d.Add(1) {
			if e, named := c.Named(d); named {
				got[d.String()] = e.Work
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d (-notice +file):\n%s", year, diff)
		}
	}
}

func TestADayWorkedInExchangeIsAWeekendDay(t *testing.T) {
	c := DefaultCalendar()
	for d := NewDate(2024, 1, 1); d.Year() < 2027; d = d.Add(1) {
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if e, named := c.Named(d); named && e.Work && !weekend {
			t.Errorf("%s (%s) is worked in exchange but is no weekend day", d, d.Weekday())
		}
		if c.IsWorkday(d) == c.IsHoliday(d) {
			t.Errorf("%s is both or neither of a workday and a holiday", d)
		}
	}
}

func TestWorkdays(t *testing.T) {
	c := DefaultCalendar()
	for _, tt := range []struct {
		rule, day string
		works     bool
	}{
		{"an ordinary Monday", "2026-05-11", true},
		{"an ordinary Saturday", "2026-05-16", false},
		{"a make-up Saturday", "2026-05-09", true},
		{"a make-up Sunday", "2026-01-04", true},
		{"a holiday in the week", "2026-05-01", false},
		{"a day off by exchange", "2026-02-23", false},
		{"New Year 2027, of which no notice is in yet", "2027-01-01", true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := c.IsWorkday(day(t, tt.day)); got != tt.works {
				t.Errorf("IsWorkday(%s) = %t", tt.day, got)
			}
		})
	}
	if c.IsWorkday(Date{}) || c.IsHoliday(Date{}) {
		t.Error("none is neither a workday nor a holiday")
	}
}

func TestAYearIsPublishedOnceItsFixedHolidaysAreIn(t *testing.T) {
	c := DefaultCalendar()
	for year, want := range map[int]bool{2023: false, 2024: true, 2025: true, 2026: true, 2027: false} {
		if c.Published(year) != want {
			t.Errorf("Published(%d) = %t", year, !want)
		}
	}
	local := c.With(Exception{Day: day(t, "2027-03-08"), NameZH: "停电", NameEN: "No power"})
	if local.Published(2027) || local.IsWorkday(day(t, "2027-03-08")) || !c.IsWorkday(day(t, "2027-03-08")) {
		t.Error("one local exception stands, publishes no year and leaves the old calendar alone")
	}
	full := local.With(Exception{Day: day(t, "2027-01-01")}, Exception{Day: day(t, "2027-05-01")}, Exception{Day: day(t, "2027-10-01")})
	if !full.Published(2027) || c.Published(2027) {
		t.Error("the fixed holidays of 2027 are in: the year is published in the new calendar only")
	}
	undone := full.With(Exception{Day: day(t, "2027-10-01"), Work: true})
	if undone.Published(2027) {
		t.Error("a fixed holiday was taken back: the year is not published any more")
	}
}

func TestReadExceptionsNamesTheLine(t *testing.T) {
	good := "# 2027\n2027-01-01,off,元旦,New Year\n2027-01-03,work,元旦调休上班,Make-up\n"
	days, err := ReadExceptions(strings.NewReader(good))
	want := []Exception{{day(t, "2027-01-01"), false, "元旦", "New Year"}, {day(t, "2027-01-03"), true, "元旦调休上班", "Make-up"}}
	if err != nil || !cmp.Equal(days, want, cmp.Comparer(func(a, b Date) bool { return a == b })) {
		t.Errorf("ReadExceptions = %v, %v", days, err)
	}
	for rule, bad := range map[string]string{
		"a day that does not exist": "2027-02-29,off,元旦,New Year\n",
		"a word that is none":       "2027-01-02,holiday,元旦,New Year\n",
		"a missing language":        "2027-01-02,off,元旦,\n",
		"a missing field":           "2027-01-02,off,元旦\n",
	} {
		t.Run(rule, func(t *testing.T) {
			_, err := ReadExceptions(strings.NewReader(good + bad))
			if err == nil || !strings.Contains(err.Error(), "line 4") {
				t.Errorf("err = %v, want one that names line 4", err)
			}
		})
	}
}

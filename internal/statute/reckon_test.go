package statute

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sameDate(a, b Date) bool { return a == b }

func TestReckonAtTheBoundaries(t *testing.T) {
	month := Term{30, CalendarDays}
	for _, tt := range []struct {
		rule, start string
		term        Term
		due         string
	}{
		{"the 30th day is a Saturday at Qingming: it moves to the Tuesday after", "2026-03-05", month, "2026-04-07"},
		{"the 30th day is 1 May: it moves past the whole holiday", "2026-04-01", month, "2026-05-06"},
		{"the 30th day is a working Wednesday: it stays", "2026-05-11", month, "2026-06-10"},
		{"confirmation: the 30th day is a Sunday", "2026-05-15", month, "2026-06-15"},
		{"confirmation: the 30th day is the Dragon Boat Festival", "2026-05-20", month, "2026-06-22"},
		{"the 30th day is a Saturday", "2026-05-14", month, "2026-06-15"},
		{"the 30th day is a make-up Saturday: people work, it stays", "2026-04-09", month, "2026-05-09"},
		{"the 30th day is a make-up Sunday: it stays", "2026-08-21", month, "2026-09-20"},
		{"the 30th day falls into the Spring Festival", "2026-01-20", month, "2026-02-24"},
		{"three working days over a weekend", "2026-05-14", Term{3, WorkingDays}, "2026-05-19"},
		{"three working days with a make-up Saturday in them", "2026-05-07", Term{3, WorkingDays}, "2026-05-11"},
		{"one working day before the National Day holiday", "2026-09-30", Term{1, WorkingDays}, "2026-10-08"},
		{"working days from a Saturday", "2026-05-16", Term{1, WorkingDays}, "2026-05-18"},
		{"years end on the same day", "2024-06-12", Term{2, Years}, "2026-06-12"},
		{"from a leap day to the end of February", "2024-02-29", Term{1, Years}, "2025-02-28"},
		{"a year that ends on a holiday moves on", "2025-05-01", Term{1, Years}, "2026-05-06"},
		{"no days at all: the day itself", "2026-05-11", Term{0, CalendarDays}, "2026-05-11"},
		{"a number below zero counts as none", "2026-05-11", Term{-9, CalendarDays}, "2026-05-11"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			start := day(t, tt.start)
			for _, at := range []time.Time{start.Start(), start.Start().Add(9 * time.Hour), start.End()} {
				got := DefaultCalendar().Reckon(at, tt.term)
				if !got.Due.Equal(day(t, tt.due).End()) || got.Provisional {
					t.Errorf("from %s: due %s (provisional %t), want the end of %s", at, got.Due, got.Provisional, tt.due)
				}
			}
		})
	}
}

func TestTheDayOfTheEventIsThatOfShanghai(t *testing.T) {
	late := time.Date(2026, time.May, 11, 15, 59, 59, 0, time.UTC) // 23:59:59 in Shanghai
	if got := DefaultCalendar().Reckon(late, Term{30, CalendarDays}).Due; DateOf(got).String() != "2026-06-10" {
		t.Errorf("accepted late on 11 May: due %s", got)
	}
	if got := DefaultCalendar().Reckon(late.Add(time.Second), Term{30, CalendarDays}).Due; DateOf(got).String() != "2026-06-11" {
		t.Errorf("accepted a second later, on 12 May: due %s", got)
	}
}

// proves: reckon.count_hours
func TestHoursRunFromTheMoment(t *testing.T) {
	at := time.Date(2026, time.May, 1, 15, 30, 0, 0, time.UTC)
	got := DefaultCalendar().Reckon(at, Term{1, Hours})
	if !got.Due.Equal(at.Add(time.Hour)) || got.Provisional {
		t.Errorf("Reckon = %v", got)
	}
	if got := DefaultCalendar().ReckonPaused(at, Term{1, Hours}, 2).Due; !got.Equal(at.Add(49 * time.Hour)) {
		t.Errorf("with two days' pause: %s", got)
	}
}

// proves: reckon.first_day_not_counted reckon.count reckon.count_workdays reckon.rest_days_skipped reckon.paused
// proves: reckon.moved_on_holiday
func TestReckoningTellsItsSteps(t *testing.T) {
	got := DefaultCalendar().ReckonPaused(day(t, "2026-03-02").Start(), Term{30, CalendarDays}, 3)
	want := []ReckonStep{
		{"first_day_not_counted", "CC 201; CPL 85", day(t, "2026-03-02"), 0},
		{"paused", "local", day(t, "2026-03-05"), 3},
		{"count", "CC 201; CPL 85", day(t, "2026-04-04"), 30},
		{"moved_on_holiday", "CC 203; CPL 85", day(t, "2026-04-07"), 3},
	}
	if diff := cmp.Diff(want, got.Steps, cmp.Comparer(sameDate)); diff != "" {
		t.Error(diff)
	}
	got = DefaultCalendar().Reckon(day(t, "2026-05-14").Start(), Term{3, WorkingDays})
	want = []ReckonStep{
		{"first_day_not_counted", "CC 201; CPL 85", day(t, "2026-05-14"), 0},
		{"rest_days_skipped", "CPL 85", day(t, "2026-05-19"), 2},
		{"count_workdays", "CPL 85", day(t, "2026-05-19"), 3},
	}
	if diff := cmp.Diff(want, got.Steps, cmp.Comparer(sameDate)); diff != "" {
		t.Error(diff)
	}
}

func TestAReckoningIsProvisionalWhileTheNoticeIsNotOut(t *testing.T) {
	for _, tt := range []struct {
		rule, start string
		term        Term
		want        bool
	}{
		{"it ends within the published years", "2026-05-11", Term{30, CalendarDays}, false},
		{"it ends in 2027", "2026-12-10", Term{30, CalendarDays}, true},
		{"working days run into 2027", "2026-12-29", Term{5, WorkingDays}, true},
		{"New Year 2027 may reach back into the last days of December", "2026-11-30", Term{30, CalendarDays}, true},
		{"but not before 28 December", "2026-11-25", Term{30, CalendarDays}, false},
		{"it begins before the first notice and ends after it", "2023-12-20", Term{30, CalendarDays}, false},
		{"working days begin before the first notice", "2023-12-20", Term{30, WorkingDays}, true},
		{"years end in 2028", "2026-05-15", Term{2, Years}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := DefaultCalendar().Reckon(day(t, tt.start).Start(), tt.term); got.Provisional != tt.want {
				t.Errorf("due %s, provisional = %t", got.Due, got.Provisional)
			}
		})
	}
}

func TestWhatCannotBeReckoned(t *testing.T) {
	at := day(t, "2026-05-11").Start()
	for _, got := range []Reckoning{DefaultCalendar().Reckon(time.Time{}, Term{3, WorkingDays}), DefaultCalendar().Reckon(at, Term{3, "moons"}),
		DefaultCalendar().Reckon(at, Term{})} {
		if !got.Due.IsZero() || got.Steps != nil {
			t.Errorf("Reckon = %v, want nothing", got)
		}
	}
	for _, u := range []Unit{CalendarDays, WorkingDays, Hours, Years} {
		endless, century := Term{1 << 60, u}, Term{u.most(), u}
		if a, b := DefaultCalendar().Reckon(at, endless).Due, DefaultCalendar().Reckon(at, century).Due; !a.Equal(b) {
			t.Errorf("an endless term in %s ends %s, a century %s", u, a, b)
		}
		if endless.Valid() || !century.Valid() || (Term{0, u}).Valid() || !(Term{1, u}).Valid() {
			t.Errorf("a term in %s is valid from 1 to about a century", u)
		}
	}
	if (Term{3, ""}).Valid() {
		t.Error("a term without a unit is not valid")
	}
}

// secondDue reckons once more by another way: it walks instants day by day with
// the standard library, asks a plain table of days, and knows nothing of Date.
func secondDue(start time.Time, t Term, paused int, off, on map[string]bool) time.Time {
	rests := func(at time.Time) bool {
		key, weekend := at.Format(time.DateOnly), at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		return off[key] || (weekend && !on[key])
	}
	y, m, d := start.In(Shanghai).Date()
	at := time.Date(y, m, d+paused, 12, 0, 0, 0, Shanghai)
	switch t.Unit {
	case Hours: // not drawn: hours do not run by days
	case CalendarDays:
		for range t.N {
			at = at.AddDate(0, 0, 1)
		}
	case WorkingDays:
		for n := 0; n < t.N; {
			if at = at.AddDate(0, 0, 1); !rests(at) {
				n++
			}
		}
	case Years:
		month := at.Month()
		for at = at.AddDate(t.N, 0, 0); at.Month() != month; {
			at = at.AddDate(0, 0, -1)
		}
	}
	for rests(at) {
		at = at.AddDate(0, 0, 1)
	}
	return time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, -1000, Shanghai)
}

func TestASecondReckonerAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(2025, time.June, 1, 0, 0, 0, 0, time.UTC)
		off, on := map[string]bool{}, map[string]bool{}
		var extra []Exception
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 900), 0, 80).Draw(t, "exceptions") {
			at, work := first.AddDate(0, 0, n), rapid.Bool().Draw(t, "work")
			key := at.Format(time.DateOnly)
			delete(off, key)
			delete(on, key)
			if work {
				on[key] = true
			} else {
				off[key] = true
			}
			extra = append(extra, Exception{Day: NewDate(at.Date()), Work: work})
		}
		unit := rapid.SampledFrom([]Unit{CalendarDays, WorkingDays, Years}).Draw(t, "unit")
		term := Term{rapid.IntRange(0, map[Unit]int{CalendarDays: 400, WorkingDays: 120, Years: 3}[unit]).Draw(t, "n"), unit}
		start := first.Add(time.Duration(rapid.IntRange(0, 400*86400).Draw(t, "second")) * time.Second)
		paused := rapid.IntRange(0, 60).Draw(t, "paused")

		got := (&Calendar{}).With(extra...).ReckonPaused(start, term, paused)
		if want := secondDue(start, term, paused, off, on); !got.Due.Equal(want) {
			t.Fatalf("%v from %s with %d days' pause: due %s, want %s", term, start, paused, got.Due, want)
		}
	})
}

func TestALaterStartNeverEndsEarlier(t *testing.T) {
	c := DefaultCalendar()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Unit{CalendarDays, WorkingDays, Hours, Years}).Draw(t, "unit")
		term := Term{rapid.IntRange(0, 60).Draw(t, "n"), unit}
		a := time.Unix(rapid.Int64Range(1704038400, 1798732800).Draw(t, "a"), 0)
		b := a.Add(time.Duration(rapid.IntRange(0, 90*86400).Draw(t, "later")) * time.Second)
		if early, late := c.Reckon(a, term).Due, c.Reckon(b, term).Due; late.Before(early) || early.Before(a) {
			t.Fatalf("%v: from %s due %s, from %s due %s", term, a, early, b, late)
		}
	})
}

// TestYearsEndOnTheSameDay: of the year they end in, and on the last day of
// February where there is no 29th.
//
// proves: reckon.count_years
func TestYearsEndOnTheSameDay(t *testing.T) {
	for start, want := range map[string]string{"2026-06-15": "2028-06-15", "2024-02-29": "2026-02-28", "2026-02-28": "2028-02-28"} {
		steps := DefaultCalendar().Reckon(day(t, start).Start(), Term{2, Years}).Steps
		i := slices.IndexFunc(steps, func(s ReckonStep) bool { return s.Rule == "count_years" })
		if i < 0 || steps[i].Day.String() != want || steps[i].N != 2 || steps[i].Source != "CC 202" {
			t.Errorf("two years from %s: %v, want %s", start, steps, want)
		}
	}
}

// A term of which the day of the event is the first ends with that day or a later
// one, by the calendar alone: no day off moves it, and no hour is too late for it.
//
// proves: reckon.day_counted
func TestTheDayItselfCounts(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", text, Shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		rule, start string
		n, paused   int
		want        string
	}{
		{"the same day", "2026-05-11 09:00:00", 1, 0, "2026-05-11"},
		{"ten minutes before midnight", "2026-05-11 23:50:00", 1, 0, "2026-05-11"},
		{"its last second", "2026-05-11 23:59:59", 1, 0, "2026-05-11"},
		{"its first", "2026-05-12 00:00:00", 1, 0, "2026-05-12"},
		{"the day after", "2026-05-11 23:50:00", 2, 0, "2026-05-12"},
		{"a Saturday", "2026-05-16 10:00:00", 1, 0, "2026-05-16"},
		{"into a weekend", "2026-05-15 10:00:00", 2, 0, "2026-05-16"},
		{"a holiday", "2026-10-01 10:00:00", 1, 0, "2026-10-01"},
		{"the end of the year", "2026-12-31 23:59:00", 2, 0, "2027-01-01"},
		{"stood still for three days", "2026-05-11 09:00:00", 1, 3, "2026-05-14"},
		{"none is one", "2026-05-11 09:00:00", 0, 0, "2026-05-11"},
	} {
		r := DefaultCalendar().ReckonPaused(at(tt.start), Term{tt.n, CountedDays}, tt.paused)
		last := r.Steps[len(r.Steps)-1]
		if DateOf(r.Due).String() != tt.want || !r.Due.Equal(DateOf(r.Due).End()) || last.Rule != "day_counted" || last.Source != "local" || last.N != max(tt.n, 1) || r.Provisional {
			t.Errorf("%s: %s by %+v, want %s", tt.rule, DateOf(r.Due), r.Steps, tt.want)
		}
	}
	if !(Term{1, CountedDays}).Valid() || (Term{0, CountedDays}).Valid() || (Term{40000, CountedDays}).Valid() {
		t.Error("what a committee may set")
	}
}

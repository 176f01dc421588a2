package statute

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func day(tb testing.TB, s string) Date {
	tb.Helper()
	d, err := ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestDateOfIsTheDayInShanghai(t *testing.T) {
	for _, tt := range []struct{ rule, instant, want string }{
		{"an evening in UTC is the next day", "2026-03-04T16:00:00Z", "2026-03-05"},
		{"the last instant before that is not", "2026-03-04T15:59:59.999999999Z", "2026-03-04"},
		{"a morning in UTC is the same day", "2026-03-05T00:00:00Z", "2026-03-05"},
		{"an instant written in another zone", "2026-03-04T11:30:00-05:00", "2026-03-05"},
		{"the year turns in Shanghai first", "2025-12-31T16:00:00Z", "2026-01-01"},
		{"in the summer time of 1988 the day begins an hour earlier", "1988-07-01T15:00:00Z", "1988-07-02"},
		{"and not before", "1988-07-01T14:59:59Z", "1988-07-01"},
		{"in the winter of 1988 it begins at the usual hour", "1988-12-01T15:59:59Z", "1988-12-01"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339Nano, tt.instant)
			if err != nil {
				t.Fatal(err)
			}
			if got := DateOf(at).String(); got != tt.want {
				t.Errorf("DateOf(%s) = %s, want %s", tt.instant, got, tt.want)
			}
		})
	}
	if !DateOf(time.Time{}).IsZero() {
		t.Error("the zero time has a day, want none")
	}
	if got := NewDate(1940, time.June, 1).Start(); got.Hour() != 1 || DateOf(got) != NewDate(1940, time.June, 1) {
		t.Errorf("the clocks went forward at midnight of 1 June 1940; the day begins at %s", got)
	}
}

func TestEveryDayBeginsWhereTheOneBeforeEnds(t *testing.T) {
	end := NewDate(2101, time.January, 1)
	for d := NewDate(1900, time.January, 1); d.Before(end); d = d.Add(1) {
		if DateOf(d.Start()) != d || DateOf(d.End()) != d {
			t.Fatalf("%s runs from %s to %s", d, d.Start(), d.End())
		}
		if DateOf(d.Start().Add(-1)) != d.Add(-1) || !d.End().Add(time.Microsecond).Equal(d.Add(1).Start()) {
			t.Fatalf("%s does not meet its neighbours", d)
		}
	}
}

func TestTheLastInstantOfADay(t *testing.T) {
	got := NewDate(2026, time.June, 10).End().Format(time.RFC3339Nano)
	if want := "2026-06-10T23:59:59.999999+08:00"; got != want {
		t.Errorf("End = %s, want %s", got, want)
	}
	end := NewDate(2026, time.June, 10).End()
	if kept := end.Round(time.Microsecond); !kept.Equal(end) {
		t.Errorf("a database that keeps microseconds rounds the end to %s", kept)
	}
	if got := NewDate(9999, time.December, 31).End().Year(); got != 9999 {
		t.Errorf("the last day of all ends in %d", got)
	}
}

func TestDateCountsAsTheStandardLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := time.Date(2000, time.March, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(-700000, 2880000).Draw(t, "base"))
		n := rapid.IntRange(-30000, 30000).Draw(t, "n")
		other := base.AddDate(0, 0, n)
		d, o := NewDate(base.Date()), NewDate(other.Date())
		if d.Add(n) != o || o.Sub(d) != n {
			t.Fatalf("%s + %d = %s, want %s", d, n, d.Add(n), o)
		}
		if d.Year() != base.Year() || d.Month() != base.Month() || d.Day() != base.Day() || d.Weekday() != base.Weekday() {
			t.Fatalf("%s is taken apart as %d-%d-%d %s", base, d.Year(), d.Month(), d.Day(), d.Weekday())
		}
		if d.Before(o) != base.Before(other) || d.After(o) != base.After(other) || (d == o) != (n == 0) {
			t.Fatalf("%s and %s are ordered otherwise than the instants", d, o)
		}
		back, err := ParseDate(d.String())
		if err != nil || back != d {
			t.Fatalf("ParseDate(%s) = %s, %v", d, back, err)
		}
	})
}

func TestNoneStaysNone(t *testing.T) {
	var none Date
	if !none.IsZero() || !none.Add(5).IsZero() || none.String() != "" || none.Weekday() != time.Sunday || none.Year() != 0 || none.Month() != 0 || none.Day() != 0 {
		t.Error("none has become a day")
	}
	if !none.Start().IsZero() || !none.End().IsZero() {
		t.Error("none begins or ends")
	}
	today := NewDate(2026, time.May, 11)
	if !none.Before(today) || !today.After(none) || none.Sub(today) != 0 || today.Sub(none) != 0 {
		t.Error("none must stand before every day, without a distance")
	}
	for _, d := range []Date{NewDate(0, 1, 1), NewDate(10000, 1, 1), NewDate(1<<40, 1, 1), today.Add(1 << 40), today.Add(-1 << 40),
		NewDate(1, 1, 1).Add(-1), NewDate(9999, 12, 31).Add(1)} {
		if !d.IsZero() {
			t.Errorf("%s lies outside the calendar", d)
		}
	}
}

func TestParseDateReadsOneFormOnly(t *testing.T) {
	for _, s := range []string{"", "2026-3-5", "2026/03/05", "20260305", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
		" 2026-03-05", "2026-03-05T00:00:00Z", "0000-01-01", "-001-01-01", "infinity", "２０２６-03-05"} {
		if d, err := ParseDate(s); err == nil || !strings.Contains(err.Error(), "statute: date") {
			t.Errorf("ParseDate(%q) = %s, %v, want an error", s, d, err)
		}
	}
	if got := day(t, "2024-02-29"); got != NewDate(2024, time.February, 29) {
		t.Errorf("the leap day is read as %s", got)
	}
	if got := NewDate(2026, time.April, 31).String(); got != "2026-05-01" {
		t.Errorf("31 April is %s, want 2026-05-01", got)
	}
}

func TestDateInJSON(t *testing.T) {
	type page struct {
		Due  Date            `json:"due"`
		None Date            `json:"none"`
		Skip Date            `json:"skip,omitzero"`
		Keys map[Date]string `json:"keys"`
	}
	in := page{Due: day(t, "2026-06-10"), Keys: map[Date]string{day(t, "2026-06-11"): "x"}}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"due":"2026-06-10","none":null,"keys":{"2026-06-11":"x"}}`; string(text) != want {
		t.Errorf("JSON = %s, want %s", text, want)
	}
	out := page{None: day(t, "2026-01-01")}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out, cmp.Comparer(func(a, b Date) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"due":20260610}`, `{"due":"soon"}`, `{"due":{}}`, `{"due":"2026-06-10T00:00:00Z"}`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestDateInADateColumn(t *testing.T) {
	midnight := time.Date(2026, time.June, 10, 0, 0, 0, 0, time.FixedZone("", 0))
	for _, tt := range []struct {
		rule string
		src  any
		want string
	}{
		{"NULL is none", nil, ""},
		{"midnight in UTC is that day", midnight, "2026-06-10"},
		{"midnight in the west is still that day", time.Date(2026, time.June, 10, 0, 0, 0, 0, time.FixedZone("", -8*3600)), "2026-06-10"},
		{"text", "2026-06-10", "2026-06-10"},
		{"bytes", []byte("2026-06-10"), "2026-06-10"},
		{"an empty text is none", "", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := NewDate(2000, time.January, 1)
			if err := got.Scan(tt.src); err != nil || got.String() != tt.want {
				t.Errorf("Scan(%v) = %q, %v, want %q", tt.src, got, err, tt.want)
			}
		})
	}
	for _, bad := range []any{midnight.Add(time.Second), 20260610, "infinity", []byte("-infinity"), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		got := NewDate(2000, time.January, 1)
		if err := got.Scan(bad); err == nil || got != NewDate(2000, time.January, 1) {
			t.Errorf("Scan(%v) = %s, %v, want an error and the old day", bad, got, err)
		}
	}
	if v, err := NewDate(2026, time.June, 10).Value(); v != "2026-06-10" || err != nil {
		t.Errorf("Value = %v, %v", v, err)
	}
	if v, err := (Date{}).Value(); v != nil || err != nil {
		t.Errorf("Value of none = %v, %v", v, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-05", "2024-02-29", "0001-01-01", "9999-12-31", "", "2026-02-30", "+026-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if (err != nil) != d.IsZero() {
			t.Fatalf("ParseDate(%q) = %s, %v", s, d, err)
		}
		if err == nil && d.String() != s {
			t.Fatalf("ParseDate(%q) gives %s back", s, d)
		}
	})
}

// TestMonthsEndWhereTheyEnd: a month without the day has it on its last, also
// over the year and into February (CC 202).
func TestMonthsEndWhereTheyEnd(t *testing.T) {
	for _, tt := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-15", 1, "2026-02-15"}, {"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2026-01-31", 2, "2026-03-31"},
		{"2026-11-30", 3, "2027-02-28"}, {"2026-05-31", -3, "2026-02-28"}, {"2028-02-29", 12, "2029-02-28"}, {"2026-06-30", 0, "2026-06-30"},
	} {
		d, err := ParseDate(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(tt.months).String(); got != tt.want {
			t.Errorf("%s and %d months: %s, want %s", tt.from, tt.months, got, tt.want)
		}
	}
	if d := NewDate(9999, 12, 1); !d.AddMonths(1).IsZero() || !(Date{}).AddYears(1).IsZero() {
		t.Error("a day outside the calendar is a day")
	}
	if got := NewDate(2028, 2, 29).AddYears(1).String(); got != "2029-02-28" {
		t.Errorf("a year after the leap day: %s", got)
	}
}

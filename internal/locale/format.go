package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zone must load on a machine without a zone database
)

// shanghai is the community's time zone; every moment is shown in it. Summer
// time from 1986 to 1991 is real, so a fixed offset would be wrong for old papers.
var shanghai = loadZone()

// loadZone cannot fail with the zone database compiled in; were that import
// ever lost, today's offset is the better answer than none.
func loadZone() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	return loc
}

var weekdaysZH = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// Date is the day of t with its weekday: 2026年5月11日 周一, Mon 11 May 2026.
func (l Lang) Date(t time.Time) string {
	t = t.In(shanghai)
	if l == EN {
		return t.Format("Mon 2 Jan 2006")
	}
	return fmt.Sprintf("%d年%d月%d日 %s", t.Year(), t.Month(), t.Day(), weekdaysZH[t.Weekday()])
}

// ShortDate is the day of t within the year of now: 6月10日, 10 Jun. A day of
// another year keeps the year, since it would be taken for the wrong one.
func (l Lang) ShortDate(t, now time.Time) string {
	t = t.In(shanghai)
	switch same := t.Year() == now.In(shanghai).Year(); {
	case l == EN && same:
		return t.Format("2 Jan")
	case l == EN:
		return t.Format("2 Jan 2006")
	case same:
		return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// Clock is the time of day of t, 24 hours: 15:30.
func (l Lang) Clock(t time.Time) string { return t.In(shanghai).Format("15:04") }

// DateTime is the day and time of t: 2026年5月11日 周一 15:30, Mon 11 May 2026, 15:30.
func (l Lang) DateTime(t time.Time) string {
	if l == EN {
		return l.Date(t) + ", " + l.Clock(t)
	}
	return l.Date(t) + " " + l.Clock(t)
}

// Money is an amount in fen as yuan, grouped by thousands: ¥6,800.00.
func (l Lang) Money(fen int64) string {
	sign := ""
	whole, rest := fen/100, fen%100
	if fen < 0 {
		sign, whole, rest = "-", -whole, -rest
	}
	return fmt.Sprintf("%s¥%s.%02d", sign, group(whole), rest)
}

// Number is n grouped by thousands: 12,480.
func (l Lang) Number(n int64) string {
	if n < 0 {
		return "-" + strings.TrimPrefix(group(n), "-")
	}
	return group(n)
}

func group(n int64) string {
	digits := strings.TrimPrefix(strconv.FormatInt(n, 10), "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Days is the number of calendar days from now to t in the community's zone:
// 0 today, 1 tomorrow, -1 yesterday.
func Days(t, now time.Time) int {
	return int(dayNumber(t) - dayNumber(now))
}

// dayNumber counts civil days since the epoch, so that a day of 23 hours is
// still a day.
func dayNumber(t time.Time) int64 {
	y, m, d := t.In(shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// Relative says when t is, seen from now: 今天, 明天, 3 天后, 6 天前. It is for
// events; for a deadline see Due.
func (c *Catalog) Relative(lang Lang, t, now time.Time) string {
	switch n := Days(t, now); {
	case n == 0:
		return c.T(lang, "time.today")
	case n == 1:
		return c.T(lang, "time.tomorrow")
	case n == -1:
		return c.T(lang, "time.yesterday")
	case n > 0:
		return c.T(lang, "time.in_days", "n", n)
	default:
		return c.T(lang, "time.days_ago", "n", -n)
	}
}

// Due says how much of a deadline is left at now: 还有 3 天, 今天到期, 已逾期 6 天.
// A deadline whose last moment passed earlier today is late already.
func (c *Catalog) Due(lang Lang, due, now time.Time) string {
	switch n := Days(due, now); {
	case n == 0 && due.Before(now):
		return c.T(lang, "due.late_today")
	case n == 0:
		return c.T(lang, "due.today")
	case n == 1:
		return c.T(lang, "due.tomorrow")
	case n > 0:
		return c.T(lang, "due.in_days", "n", n)
	default:
		return c.T(lang, "due.late_days", "n", -n)
	}
}

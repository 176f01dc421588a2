package locale_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"doorstep/internal/locale"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDaysAndTimesAreShownInTheCommunitysZone(t *testing.T) {
	noonUTC := at("2026-05-11T07:30:00Z")
	lateUTC := at("2026-05-11T16:00:00Z") // already the 12th in Shanghai
	now := at("2026-06-01T00:00:00Z")
	for _, tt := range []struct{ rule, got, want string }{
		{"date, zh", locale.ZH.Date(noonUTC), "2026年5月11日 周一"},
		{"date, en", locale.EN.Date(noonUTC), "Mon 11 May 2026"},
		{"date and time, zh", locale.ZH.DateTime(noonUTC), "2026年5月11日 周一 15:30"},
		{"date and time, en", locale.EN.DateTime(noonUTC), "Mon 11 May 2026, 15:30"},
		{"midnight belongs to the next day", locale.ZH.DateTime(lateUTC), "2026年5月12日 周二 00:00"},
		{"short, zh", locale.ZH.ShortDate(noonUTC, now), "5月11日"},
		{"short, en", locale.EN.ShortDate(noonUTC, now), "11 May"},
		{"short of another year keeps it, zh", locale.ZH.ShortDate(at("2027-01-02T00:00:00Z"), now), "2027年1月2日"},
		{"short of another year keeps it, en", locale.EN.ShortDate(at("2027-01-02T00:00:00Z"), now), "2 Jan 2027"},
		{"new year's eve in UTC is next year here", locale.ZH.ShortDate(at("2026-12-31T16:30:00Z"), now), "2027年1月1日"},
		{"a Sunday", locale.ZH.Date(at("2026-05-10T04:00:00Z")), "2026年5月10日 周日"},
		{"summer time of 1988 is real", locale.ZH.Clock(at("1988-07-01T00:00:00Z")), "09:00"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.rule, tt.got, tt.want)
		}
	}
}

func TestMoneyAndNumbers(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "¥0.00", 5: "¥0.05", 99: "¥0.99", 680000: "¥6,800.00", 12345678901: "¥123,456,789.01", -150: "-¥1.50", 100000: "¥1,000.00",
	} {
		if got := locale.ZH.Money(fen); got != want {
			t.Errorf("%d fen: got %q, want %q", fen, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := locale.EN.Number(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestRelativeDays(t *testing.T) {
	c, now := load(t), at("2026-06-07T06:00:00Z") // 14:00 in Shanghai
	for _, tt := range []struct{ when, zh, en, dueZH, dueEN string }{
		{"2026-06-07T15:59:59Z", "今天", "today", "今天到期", "Due today"},
		{"2026-06-07T01:00:00Z", "今天", "today", "今天已过期限", "Time ran out today"},
		{"2026-06-07T16:00:00Z", "明天", "tomorrow", "明天到期", "Due tomorrow"},
		{"2026-06-10T15:59:59Z", "3 天后", "in 3 days", "还有 3 天", "3 days left"},
		{"2026-06-06T15:59:59Z", "昨天", "yesterday", "已逾期 1 天", "1 day late"},
		{"2026-06-01T04:00:00Z", "6 天前", "6 days ago", "已逾期 6 天", "6 days late"},
	} {
		for _, p := range [][2]string{
			{c.Relative(locale.ZH, at(tt.when), now), tt.zh}, {c.Relative(locale.EN, at(tt.when), now), tt.en},
			{c.Due(locale.ZH, at(tt.when), now), tt.dueZH}, {c.Due(locale.EN, at(tt.when), now), tt.dueEN},
		} {
			if p[0] != p[1] {
				t.Errorf("%s: got %q, want %q", tt.when, p[0], p[1])
			}
		}
	}
}

// Days must be the same step for every hour of the two days, whatever the zone
// did between them.
func TestDaysCountsCivilDays(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(1980, 2060).Draw(t, "year")
		day := rapid.IntRange(1, 366).Draw(t, "day")
		gap := rapid.IntRange(-800, 800).Draw(t, "gap")
		h1, h2 := rapid.IntRange(2, 23).Draw(t, "hour"), rapid.IntRange(2, 23).Draw(t, "other hour")
		now := time.Date(year, 1, day, h1, 59, 0, 0, shanghai)
		then := time.Date(year, 1, day+gap, h2, 0, 0, 0, shanghai)
		if got := locale.Days(then.UTC(), now.UTC()); got != gap {
			t.Fatalf("from %s to %s: %d days, want %d", now, then, got, gap)
		}
	})
}

func TestNegotiate(t *testing.T) {
	for _, tt := range []struct {
		rule, header string
		want         locale.Lang
	}{
		{"nothing asked", "", locale.ZH},
		{"Chinese only", "zh-CN,zh;q=0.9", locale.ZH},
		{"English only", "en-GB,en;q=0.9", locale.EN},
		{"English first, Chinese after", "en-US,en;q=0.9,zh-CN;q=0.1", locale.ZH},
		{"Chinese refused outright", "en, zh;q=0", locale.EN},
		{"English refused outright", "en;q=0", locale.ZH},
		{"another language alone", "fr-FR,fr", locale.ZH},
		{"another language and English", "fr, en;q=0.3", locale.EN},
		{"traditional Chinese counts", "en, zh-Hant-TW", locale.ZH},
		{"anything at all", "*", locale.ZH},
		{"noise", ";;,=,q=1", locale.ZH},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := locale.Negotiate(tt.header); got != tt.want {
				t.Errorf("%q: got %s, want %s", tt.header, got, tt.want)
			}
		})
	}
}

package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

func TestLanguageOfARequest(t *testing.T) {
	for _, tt := range []struct {
		rule, target, cookie, accept string
		want                         locale.Lang
	}{
		{"nothing said", "/", "", "", locale.ZH},
		{"the browser asks for English", "/", "", "en", locale.EN},
		{"the choice outweighs the browser", "/", "zh-CN", "en", locale.ZH},
		{"the switch outweighs the choice", "/?lang=en", "zh-CN", "zh", locale.EN},
		{"an unknown switch is passed over", "/?lang=fr", "en", "zh", locale.EN},
		{"an unknown choice is passed over", "/", "fr", "en", locale.EN},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, tt.target, nil)
			req.Header.Set("Accept-Language", tt.accept)
			if tt.cookie != "" {
				req.AddCookie(&http.Cookie{Name: langCookie, Value: tt.cookie})
			}
			if got := LangOf(req); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func newPage(t *testing.T, method, target string) (Page, *httptest.ResponseRecorder) {
	t.Helper()
	rec := httptest.NewRecorder()
	c := echo.New().NewContext(httptest.NewRequest(method, target, nil), rec)
	return testRenderer(t).NewPage(c, presentDay), rec
}

func TestSwitchIsRemembered(t *testing.T) {
	_, rec := newPage(t, http.MethodGet, "/cases?lang=en")
	cookies := rec.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value != "en" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("cookies = %v", cookies)
	}
	if _, rec := newPage(t, http.MethodGet, "/cases"); len(rec.Result().Cookies()) > 0 {
		t.Error("a choice nobody made was remembered")
	}
}

func TestSwitchKeepsTheFiltersAndIsHiddenAfterAPost(t *testing.T) {
	p, _ := newPage(t, http.MethodGet, "/cases?stage=accepted&lang=en")
	if got := p.LangLink("zh-CN"); got != "/cases?lang=zh-CN&stage=accepted" {
		t.Errorf("link = %q", got)
	}
	p, _ = newPage(t, http.MethodPost, "/cases")
	if got := p.LangLink("en"); got != "" {
		t.Errorf("link after a post = %q", got)
	}
	p, _ = newPage(t, http.MethodGet, "//evil.example/x?lang=en")
	if got := p.LangLink("en"); got != "" {
		t.Errorf("link that leads to another host = %q", got)
	}
}

type civilDay struct{ start time.Time }

func (d civilDay) IsZero() bool     { return d.start.IsZero() }
func (d civilDay) Start() time.Time { return d.start }
func (d civilDay) End() time.Time   { return d.start.Add(24*time.Hour - 1) }

func TestDatesOfEveryKind(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.ZH, presentDay)
	when := time.Date(2026, 5, 10, 16, 0, 0, 0, time.UTC) // the 11th in the community
	for _, v := range []any{when, &when, civilDay{when}} {
		if got := p.Date(v); got != "2026年5月11日 周一" {
			t.Errorf("%T: %q", v, got)
		}
	}
	var none *time.Time
	for _, v := range []any{time.Time{}, none, civilDay{}, nil, "2026-05-11"} {
		if got := p.Date(v) + p.DateTime(v) + p.ShortDate(v) + p.Clock(v) + p.ISO(v) + p.Relative(v); got != "" {
			t.Errorf("%T: %q", v, got)
		}
	}
	if got := p.ISO(when); got != "2026-05-10T16:00:00Z" {
		t.Errorf("iso %q", got)
	}
	if got := p.DateTime(when) + p.Clock(when) + p.Relative(when); got != "2026年5月11日 周一 00:0000:0027 天前" {
		t.Errorf("got %q", got)
	}
}

func TestDueTellsByToneIconAndWords(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.ZH, presentDay)
	for _, tt := range []struct {
		rule string
		due  any
		want Due
	}{
		{"far off", presentDay.AddDate(0, 0, 24), Due{Tone: ToneLive, Icon: "clock", Text: "还有 24 天", Date: "7月1日"}},
		{"four days", presentDay.AddDate(0, 0, 4), Due{Tone: ToneLive, Icon: "clock", Text: "还有 4 天", Date: "6月11日"}},
		{"three days", presentDay.AddDate(0, 0, 3), Due{Tone: ToneWait, Icon: "hourglass", Text: "还有 3 天", Date: "6月10日"}},
		{"later today", presentDay.Add(time.Hour), Due{Tone: ToneWait, Icon: "hourglass", Text: "今天到期", Date: "6月7日"}},
		{"earlier today", presentDay.Add(-time.Hour), Due{Tone: ToneAlarm, Icon: "triangle-alert", Text: "今天已过期限", Date: "6月7日"}},
		{"six days ago", presentDay.AddDate(0, 0, -6), Due{Tone: ToneAlarm, Icon: "triangle-alert", Text: "已逾期 6 天", Date: "6月1日"}},
		{"a civil day ends at its end", civilDay{presentDay.Add(-14 * time.Hour)}, Due{Tone: ToneWait, Icon: "hourglass", Text: "今天到期", Date: "6月7日"}},
		{"none", time.Time{}, Due{Tone: ToneQuiet, Icon: "clock", Text: "没有期限"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := p.Due(tt.due)
			got.ISO = ""
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// Three days are three days on the calendar: the tone must not turn with the
// hour of the day at which somebody looks.
func TestSoonGoesByTheDayAndNotByTheHour(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.ZH, presentDay)
	endOfThirdDay := time.Date(2026, 6, 10, 15, 59, 59, 0, time.UTC)
	endOfFourthDay := endOfThirdDay.AddDate(0, 0, 1)
	for hour := range 24 {
		p.Now = time.Date(2026, 6, 6, 16+hour, 30, 0, 0, time.UTC) // through the 7th
		if third, fourth := p.Due(endOfThirdDay), p.Due(endOfFourthDay); third.Tone != ToneWait || fourth.Tone != ToneLive {
			t.Errorf("at %s: %s and %s", p.Clock(p.Now), third.Tone, fourth.Tone)
		}
	}
}

func TestEveryStageHasAPillOfItsOwn(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.EN, presentDay)
	for _, s := range mediation.Stages {
		if _, ok := stagePills[s]; !ok {
			t.Errorf("stage %s has no pill", s)
		}
		if pill := p.Stage(s); pill.Icon == "" || pill.Text == "" {
			t.Errorf("stage %s: %+v", s, pill)
		}
	}
}

func TestMessageShowsOnlyWhatIsOurs(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.EN, presentDay)
	p.RequestID = "abc"
	for _, tt := range []struct {
		rule string
		err  error
		want string
	}{
		{"a foreign error is not told", errors.New("pq: secret"), p.T("error.internal", "id", "abc")},
		{"a key without words neither", &mediation.Error{Kind: mediation.Invalid, Key: "no.such"}, p.T("error.internal", "id", "abc")},
		{"a stage is named in the reader's language",
			&mediation.Error{Kind: mediation.Conflict, Key: "error.stage_refuses", Args: map[string]string{"stage": "accepted"}},
			p.T("error.stage_refuses", "stage", "Accepted")},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := p.Message(tt.err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCodeNoLongerListedIsShownAsStored(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.ZH, presentDay)
	if got := p.Code("grade", "L9"); got != "L9" {
		t.Errorf("got %q", got)
	}
	if got := p.Code("grade", "L1"); got != "简易" {
		t.Errorf("got %q", got)
	}
}

package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/templates"
)

func TestNewsThatAreOutOfOrderStopTheStart(t *testing.T) {
	const two = "2 2026-05-02 office\n二\n二文\nTwo\nSecond\n"
	const one = "1 2026-05-01 all\n一\n一文\nOne\nFirst\n"
	for _, tt := range []struct {
		rule, text string
		want       int // entries; -1 is refused
	}{
		{"newest first", "# remarks\n# of two lines\n\n" + two + "\n" + one, 2},
		{"lines ended as Windows does", strings.ReplaceAll(two+"\n"+one, "\n", "\r\n"), 2},
		{"nothing", "# remarks\n", 0},
		{"oldest first", one + "\n" + two, -1},
		{"a gap", strings.Replace(two, "2 ", "3 ", 1) + "\n" + one, -1},
		{"a first that is not the first", two, -1},
		{"a day before the one below", strings.Replace(two, "05-02", "04-02", 1) + "\n" + one, -1},
		{"a line missing", "1 2026-05-01 all\n一\n一文\nOne\n", -1},
		{"for nobody known", "1 2026-05-01 chair\n一\n一文\nOne\nFirst\n", -1},
		{"no day", "1 2026-13-01 all\n一\n一文\nOne\nFirst\n", -1},
	} {
		got, err := readNews(fstest.MapFS{newsFile: {Data: []byte(tt.text)}})
		if (err != nil) != (tt.want < 0) || err == nil && len(got) != tt.want {
			t.Errorf("%s: %d entries, %v", tt.rule, len(got), err)
		}
	}
	if got, err := readNews(fstest.MapFS{}); got != nil || err != nil {
		t.Errorf("no file: %v, %v", got, err)
	}
}

func TestNewsAreToldInBothLanguages(t *testing.T) {
	entries, err := readNews(templates.FS)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	han := func(text string) bool {
		return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, e := range entries {
		for _, text := range []string{e.Title[locale.ZH], e.Text[locale.ZH]} {
			if !han(text) {
				t.Errorf("%d in Chinese: %q", e.N, text)
			}
		}
		for _, text := range []string{e.Title[locale.EN], e.Text[locale.EN]} {
			if text == "" || han(text) {
				t.Errorf("%d in English: %q", e.N, text)
			}
		}
	}
}

// newsReader reads the page as somebody, with what the browser was told last.
type newsReader struct {
	t    *testing.T
	site *Site
	as   mediation.Actor
	seen string
}

func (r *newsReader) read(path string) *goquery.Document {
	r.t.Helper()
	e := echo.New()
	for _, way := range r.site.helpRoutes() {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, r.as); return way.Do(c) })
	}
	req := httptest.NewRequestWithContext(r.t.Context(), http.MethodGet, path, http.NoBody)
	if r.seen != "" {
		req.AddCookie(&http.Cookie{Name: newsCookie, Value: r.seen})
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		r.t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
	}
	for _, cookie := range rec.Result().Cookies() {
		if cookie.Name == newsCookie {
			r.seen = cookie.Value
			if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge < 300*24*3600 {
				r.t.Errorf("%+v", cookie)
			}
		}
	}
	doc, err := goquery.NewDocumentFromReader(rec.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return doc
}

// wants looks at the page for its entries and those marked, and at another page
// for the mark that calls there, which is given beforehand.
func (r *newsReader) wants(rule string, called bool, titles, fresh string) {
	r.t.Helper()
	if got := r.read("/help").Find(`.footer a[href="/news"] .count`).Length() == 1; got != called {
		r.t.Errorf("%s: called to the news: %v", rule, got)
	}
	doc := r.read("/news?lang=en")
	var all, marked []string
	doc.Find("main section h2").Each(func(_ int, h *goquery.Selection) {
		title := strings.TrimSpace(h.Contents().First().Text())
		all = append(all, title)
		if h.Find(".pill").Length() > 0 {
			marked = append(marked, title)
		}
	})
	if strings.Join(all, ",") != titles || strings.Join(marked, ",") != fresh {
		r.t.Errorf("%s: reads %v, marked %v", rule, all, marked)
	}
	if doc.Find(".footer .count").Length() > 0 {
		r.t.Errorf("%s: the page calls to itself", rule)
	}
	if text := doc.Find("main .lead").Text(); !strings.Contains(text, "v1.2.3") {
		r.t.Errorf("%s: the version is not told: %q", rule, text)
	}
}

func TestEachReaderIsCalledToWhatIsNewToHim(t *testing.T) {
	render := testRenderer(t)
	tell := func(text string) {
		var err error
		if render.news, err = readNews(fstest.MapFS{newsFile: {Data: []byte(text)}}); err != nil {
			t.Fatal(err)
		}
	}
	const one = "1 2026-05-01 all\n一\n一文\nOne\nFirst\n"
	const two = "2 2026-05-02 office\n二\n二文\nTwo\nSecond\n\n" + one
	const three = "3 2026-05-02 all\n三\n三文\nThree\nThird\n\n" + two
	now := func() time.Time { return presentDay }
	site := &Site{Render: render, Can: func(mediation.Actor, string, mediation.Action) bool { return false }, Now: now, Wall: now,
		BaseURL: "https://tiaojie.example.cn", Version: "v1.2.3"}
	visitor := &newsReader{t: t, site: site, as: mediation.Visitor()}
	resident := &newsReader{t: t, site: site, as: mediation.Actor{User: "u", Name: "陈阿芬", Grants: []mediation.Grant{{Role: mediation.RoleResident}}}}
	chair := &newsReader{t: t, site: site, as: mediation.Actor{User: "v", Name: "王秀兰", Grants: []mediation.Grant{{Role: mediation.RoleResident}, {Role: mediation.RoleChair}}}}

	tell("")
	visitor.wants("no news", false, "", "")
	tell(two)
	visitor.wants("a visitor who never came", false, "One", "")
	resident.wants("a resident who never came", false, "One", "")
	chair.wants("the office is called", true, "Two,One", "")
	chair.wants("and once", false, "Two,One", "")
	tell(three)
	visitor.wants("a visitor who came before", true, "Three,One", "Three")
	visitor.wants("and has read it", false, "Three,One", "")
	chair.wants("the office again", true, "Three,Two,One", "Three")
	resident.seen = "not a number"
	resident.wants("a cookie of somebody's making", false, "Three,One", "")
}

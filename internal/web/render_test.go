package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/templates"
)

// presentDay is a Sunday, 14:00 in the community.
var presentDay = time.Date(2026, 6, 7, 6, 0, 0, 0, time.UTC)

func testRenderer(tb testing.TB) *Renderer {
	tb.Helper()
	words, err := locale.Load(templates.FS)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := NewRenderer(templates.FS, words)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// dressed is a page with everything the frame can show.
func dressed(r *Renderer, lang locale.Lang) Page {
	p := r.BlankPage(lang, presentDay)
	p.Actor = mediation.Actor{User: "u1", Name: "沈玉兰", Grants: []mediation.Grant{{Role: mediation.RoleMediator}}}
	p.Flash = &Notice{Tone: ToneGood, Text: p.T("styleguide.notice_good")}
	p.Crumbs = []Crumb{{p.T("nav.home"), "/"}, {p.T("nav.cases"), "/cases"}}
	p.Nav = []NavItem{
		{Label: p.T("nav.queue"), URL: "/queue", Icon: "inbox", Current: true, Count: 7},
		{Label: p.T("nav.cases"), URL: "/cases", Icon: "folder-open"},
		{Label: p.T("nav.calendar"), URL: "/calendar", Icon: "calendar-days"},
		{Label: p.T("nav.statistics"), URL: "/figures", Icon: "chart-column"},
	}
	p.Account = Account{Name: "沈玉兰", Role: p.Role(mediation.RoleMediator), URL: "/account", SignOut: "/sign-out"}
	p.Path, p.Demo, p.RequestID, p.Version, p.LeaveURL = "/styleguide?a=1", true, "00c0ffee00c0ffee", "0.1.0", "/leave"
	return p
}

func render(t *testing.T, r *Renderer, name string, data any) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Render(&b, name, data); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func document(t *testing.T, page string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var voidTags = []string{"meta", "link", "img", "input", "hr", "br"}

// wantSound checks what must hold of every page: tags are closed in order, ids
// are unique, every reference leads somewhere, nothing stands inline, no key
// lacks its words, and every icon is in the sprite.
func wantSound(t *testing.T, page string) {
	t.Helper()
	wantBalanced(t, page)
	doc := document(t, page)
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			t.Errorf("id %q stands twice", id)
		}
		ids[id] = true
	})
	doc.Find("[for], [aria-describedby], [aria-labelledby], [popovertarget]").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "popovertarget"} {
			for _, id := range strings.Fields(s.AttrOr(attr, "")) {
				if !ids[id] {
					t.Errorf("%s=%q leads nowhere", attr, id)
				}
			}
		}
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
			t.Errorf("control %q has no label", s.AttrOr("name", ""))
		}
	})
	wantNothingInline(t, doc)
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("a key without words: %.60s", page[i:])
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template engine refused a value")
	}
	if doc.Find("h1").Length() == 0 || doc.Find("main").Length() != 1 || strings.TrimSpace(doc.Find("title").Text()) == "" {
		t.Error("a page has a heading, one main part and a title")
	}
	wantIcons(t, doc)
}

func wantBalanced(t *testing.T, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) || len(open) > 0 {
				t.Errorf("still open at the end: %v (%v)", open, z.Err())
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(voidTags, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func wantNothingInline(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q> is refused by the content policy", s.Nodes[0].Data, a.Key, a.Val)
			}
		}
	})
	if doc.Find("style, script:not([src])").Length() > 0 {
		t.Error("a style or script stands inline")
	}
}

func wantIcons(t *testing.T, doc *goquery.Document) {
	t.Helper()
	sprite, err := fs.ReadFile(templates.FS, "static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("use").Each(func(_ int, s *goquery.Selection) {
		_, name, _ := strings.Cut(s.AttrOr("href", ""), "#")
		if !bytes.Contains(sprite, []byte(`<symbol id="`+name+`"`)) {
			t.Errorf("there is no icon %q in static/icons.svg", name)
		}
	})
}

func TestStyleguideIsSoundInBothLanguages(t *testing.T) {
	r := testRenderer(t)
	for _, lang := range locale.Langs {
		t.Run(string(lang), func(t *testing.T) {
			page := render(t, r, "styleguide", dressed(r, lang).Styleguide())
			wantSound(t, page)
			doc := document(t, page)
			if got := doc.Find("html").AttrOr("lang", ""); got != string(lang) {
				t.Errorf("lang = %q", got)
			}
			if got := doc.Find(".nav a[aria-current=page]").Text(); !strings.Contains(got, "7") {
				t.Errorf("the current section with its count: %q", got)
			}
			if n := doc.Find("#main > p .pill").Length(); n != len(mediation.Stages)+4 {
				t.Errorf("%d pills, want one for each stage and four deadlines", n)
			}
			for _, part := range []string{".demo", ".skip", ".leave button", ".account form", ".crumbs li", ".timeline", ".steps",
				".ledger", ".facts .missing", ".person-seal", ".pager", ".empty", ".tabs", ".danger-zone", ".confirm", ".rows"} {
				if doc.Find(part).Length() == 0 {
					t.Errorf("no %s on the page", part)
				}
			}
		})
	}
}

func TestErrorPageIsSoundForEveryStatus(t *testing.T) {
	r := testRenderer(t)
	for _, lang := range locale.Langs {
		for _, status := range append(slices.Clone(errorStatuses), 418, 502) {
			t.Run(fmt.Sprint(lang, status), func(t *testing.T) {
				p := r.BlankPage(lang, presentDay)
				p.RequestID = "00c0ffee00c0ffee"
				page := render(t, r, "error", FailurePage{Page: p, Status: status, Max: "10 MB"})
				wantSound(t, page)
				if !strings.Contains(page, "00c0ffee00c0ffee") || strings.Contains(page, "{max}") {
					t.Error("the page lacks the number to quote, or a value")
				}
			})
		}
	}
}

func TestServerDrawsErrorsWithThisPage(t *testing.T) {
	r := testRenderer(t)
	draw := r.ErrorPages(func() time.Time { return presentDay })
	for _, tt := range []struct{ rule, key, want, not string }{
		{"the message of the error", "error.unavailable", "nothing of yours is lost", "error.unavailable"},
		{"a message that lacks its values gives way", "error.stage_refuses", "The case moved on", "{stage}"},
		{"a key nobody knows gives way", "error.no_such_key", "The case moved on", "no_such_key"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/cases/x", nil)
			req.Header.Set("Accept-Language", "en")
			rec := httptest.NewRecorder()
			if err := draw(echo.New().NewContext(req, rec), http.StatusConflict, tt.key, "abc123"); err != nil {
				t.Fatal(err)
			}
			body := rec.Body.String()
			if rec.Code != http.StatusConflict || !strings.Contains(strings.ToLower(body), strings.ToLower(tt.want)) ||
				!strings.Contains(body, "abc123") || strings.Contains(body, tt.not) {
				t.Errorf("%d %s", rec.Code, document(t, body).Find("main").Text())
			}
		})
	}
}

var (
	usedKey    = regexp.MustCompile(`\.T "([^"]+)"`)
	inlineHTML = regexp.MustCompile(`(?i)<style|\sstyle=|<script(?:\s[^>]*)?>|\son[a-z]+=`)
)

func TestTemplatesNameOnlyKeysThatHaveWordsAndHoldNothingInline(t *testing.T) {
	r, seen := testRenderer(t), 0
	err := fs.WalkDir(templates.FS, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".html") {
			return err
		}
		body, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			return err
		}
		for _, m := range usedKey.FindAllSubmatch(body, -1) {
			seen++
			for _, lang := range locale.Langs {
				if !r.words.Has(lang, string(m[1])) {
					t.Errorf("%s: key %q has no words in %s", file, m[1], lang)
				}
			}
		}
		if strings.HasPrefix(file, "print/") {
			return nil // papers carry their own sheet
		}
		for _, m := range inlineHTML.FindAll(body, -1) {
			if !bytes.Contains(m, []byte("src=")) {
				t.Errorf("%s holds %q inline", file, m)
			}
		}
		return nil
	})
	if err != nil || seen < 30 {
		t.Fatalf("walked the templates: %v, %d keys", err, seen)
	}
}

func smallTree() fstest.MapFS {
	return fstest.MapFS{
		"layout/base.html":  {Data: []byte(`{{define "base"}}<title>{{template "title" .}}</title>{{template "main" .}}{{end}}`)},
		"partials/p.html":   {Data: []byte(`{{define "p"}}{{.It}}{{end}}`)},
		"pages/a/show.html": {Data: []byte(`{{define "title"}}A{{end}}{{define "main"}}{{template "p" (.With .Name)}}{{end}}`)},
		"pages/b.html":      {Data: []byte(`{{define "title"}}B{{end}}{{define "main"}}b{{end}}`)},
		"static/app.css":    {Data: []byte("a{}")},
	}
}

type namedPage struct {
	Page
	Name string
}

func TestPagesHaveBlocksOfTheirOwn(t *testing.T) {
	words := testRenderer(t).words
	r, err := NewRenderer(smallTree(), words)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Names(); !slices.Equal(got, []string{"a/show", "b"}) {
		t.Errorf("names = %v", got)
	}
	p := r.BlankPage(locale.ZH, presentDay)
	if got := render(t, r, "a/show", namedPage{p, `<i>`}); got != "<title>A</title>&lt;i&gt;" {
		t.Errorf("a: %s", got)
	}
	if got := render(t, r, "b", namedPage{Page: p}); got != "<title>B</title>b" {
		t.Errorf("b: %s", got)
	}
}

func TestRenderWritesNothingWhenItFails(t *testing.T) {
	r, err := NewRenderer(smallTree(), testRenderer(t).words)
	if err != nil {
		t.Fatal(err)
	}
	p := r.BlankPage(locale.ZH, presentDay)
	for _, tt := range []struct {
		rule, page string
		data       any
	}{
		{"a page nobody wrote", "no/such", namedPage{Page: p}},
		{"data without a page", "b", struct{ Name string }{"x"}},
		{"a page built by hand", "b", namedPage{}},
		{"a field that is not there", "a/show", struct{ Page }{p}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var b bytes.Buffer
			if err := r.Render(&b, tt.page, tt.data); err == nil || b.Len() > 0 {
				t.Errorf("err = %v, %d bytes written", err, b.Len())
			}
		})
	}
}

func TestNewRendererRefuses(t *testing.T) {
	words := testRenderer(t).words
	for _, tt := range []struct{ rule, file, body string }{
		{"a page that does not parse", "pages/b.html", `{{define "title"}}{{end}}{{define "main"}}{{if}}{{end}}`},
		{"a page without a title", "pages/b.html", `{{define "main"}}{{end}}`},
		{"a file of a kind nobody knows", "static/x.exe", "x"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			tree := smallTree()
			tree[tt.file] = &fstest.MapFile{Data: []byte(tt.body)}
			if _, err := NewRenderer(tree, words); err == nil {
				t.Error("was taken")
			}
		})
	}
}

func TestStaticFilesAreKeptUnderTheirDigestOnly(t *testing.T) {
	r := testRenderer(t)
	e := echo.New()
	e.GET("/static/*", r.Static)
	url := r.BlankPage(locale.ZH, presentDay).Static("app.css")
	for _, tt := range []struct {
		rule, path, cache, kind string
		status                  int
	}{
		{"the present digest is kept", url, "public, max-age=31536000, immutable", "text/css; charset=utf-8", 200},
		{"another digest is not kept", "/static/0123456789ab/app.js", "no-cache", "text/javascript; charset=utf-8", 200},
		{"icons are pictures", "/static/0/icons.svg", "no-cache", "image/svg+xml", 200},
		{"no such file", "/static/0/no.css", "", "application/json", 404},
		{"no way out of the folder", "/static/0/..%2Flocale/en/common.json", "", "application/json", 404},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			rec := httptest.NewRecorder()
			e.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, tt.path, nil))
			h := rec.Header()
			if rec.Code != tt.status || h.Get("Cache-Control") != tt.cache || h.Get("Content-Type") != tt.kind {
				t.Errorf("%d %q %q", rec.Code, h.Get("Cache-Control"), h.Get("Content-Type"))
			}
		})
	}
}

func TestDigestChangesWithAnyFile(t *testing.T) {
	one, err := hashStatic(smallTree())
	if err != nil {
		t.Fatal(err)
	}
	tree := smallTree()
	tree["static/app.css"] = &fstest.MapFile{Data: []byte("b{}")}
	other, err := hashStatic(tree)
	if err != nil || one.digest == other.digest {
		t.Errorf("digest %s and %s, %v", one.digest, other.digest, err)
	}
}

// Whoever posts at a bad moment has nothing left but the page of the error: it
// brings back what he typed, unless that would open an account.
func TestAPostThatCouldNotBeTakenIsOnThePage(t *testing.T) {
	r := testRenderer(t)
	draw := r.ErrorPages(func() time.Time { return presentDay })
	post := func(target string, form url.Values, key string) *goquery.Document {
		req := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		if err := draw(echo.New().NewContext(req, rec), http.StatusServiceUnavailable, key, "abc123"); err != nil {
			t.Fatal(err)
		}
		wantSound(t, rec.Body.String())
		return document(t, rec.Body.String())
	}
	typed := url.Values{"facts": {"楼上漏水\n\"三次\"了"}, "key": {"k1"}, "tick": {"a", "b"}}
	for _, key := range []string{"error.busy", "error.unavailable"} {
		doc := post("/file?from=qr", typed, key)
		sent := url.Values{}
		doc.Find(`form[action="/file?from=qr"][method=post] input[type=hidden]`).Each(func(_ int, box *goquery.Selection) {
			sent.Add(box.AttrOr("name", ""), box.AttrOr("value", ""))
		})
		if sent.Encode() != typed.Encode() {
			t.Errorf("%s: the page would send %v, want %v", key, sent, typed)
		}
	}
	for rule, doc := range map[string]*goquery.Document{
		"a password is not written into a page": post("/sign-in", url.Values{"login": {"a"}, "password": {"b"}}, "error.busy"),
		"nor a receipt code":                    post("/follow", url.Values{"code": {"1234"}}, "error.busy"),
		"a draft is kept by the script":         post("/drafts/file", typed, "error.busy"),
	} {
		if doc.Find("main input").Length() > 0 {
			t.Errorf("%s", rule)
		}
	}
}

// Under a flood the page of the refusal is drawn once for an address, in each
// language, and names no request.
func TestABusyPageIsEverybodys(t *testing.T) {
	r := testRenderer(t)
	draw := r.ErrorPages(func() time.Time { return presentDay })
	ask := func(lang, id string) string {
		req := httptest.NewRequest(http.MethodGet, "/cases", nil)
		req.Header.Set("Accept-Language", lang)
		rec := httptest.NewRecorder()
		if err := draw(echo.New().NewContext(req, rec), http.StatusServiceUnavailable, "error.busy", id); err != nil {
			t.Fatal(err)
		}
		wantSound(t, rec.Body.String())
		return rec.Body.String()
	}
	zh, en := ask("zh-CN", "11aa"), ask("en", "22bb")
	if !strings.Contains(zh, "现在办事的人太多") || !strings.Contains(en, "Many people are here") || strings.Contains(zh, "11aa") {
		t.Errorf("the pages are %.2000s and %.2000s", zh, en)
	}
	if ask("zh-CN", "33cc") != zh || ask("en", "44dd") != en {
		t.Error("a second reader gets another page")
	}
	for i := range 3 * mostRefusals {
		r.busy.keep(fmt.Sprint(i), nil)
	}
	if n := len(r.busy.drawn); n > mostRefusals {
		t.Errorf("%d pages are kept, want %d at most", n, mostRefusals)
	}
}

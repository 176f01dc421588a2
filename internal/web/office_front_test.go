package web

import (
	"database/sql"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
	"doorstep/templates"
)

// front is the office's pages over a fresh database, asked as somebody.
type front struct {
	t    *testing.T
	echo *echo.Echo
	raw  *sql.DB
	site *Site
	as   mediation.Actor
	lang string
}

const (
	firstAdmin  mediation.UserID = "11111111-1111-7111-8111-111111111111"
	secondAdmin mediation.UserID = "22222222-2222-7222-8222-222222222222"
)

func adminOf(id mediation.UserID) mediation.Actor {
	return mediation.Actor{User: id, Name: "首任管理员", Grants: []mediation.Grant{{Role: mediation.RoleResident}, {Role: mediation.RoleAdmin}}}
}

func openFront(t *testing.T) *front {
	t.Helper()
	dsn, keys := pgtest.New(t), vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	})
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return presentDay }
	f := &front{t: t, raw: raw, as: adminOf(firstAdmin), lang: "zh-CN"}
	f.site = &Site{Office: office.New(db, policy, vault.NewHasher(keys), now), Render: testRenderer(t), Can: policy.Can,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: now, Wall: now, BaseURL: "http://localhost:8080/", Version: "test"}
	f.echo = echo.New()
	f.echo.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			setActor(c, f.as)
			return next(c)
		}
	})
	f.echo.HTTPErrorHandler = func(err error, c echo.Context) {
		if err := c.String(statusFor(err), mediation.KeyOf(err)); err != nil {
			t.Error(err)
		}
	}
	for _, r := range slices.Concat(f.site.officeRoutes(), f.site.lawRoutes(), f.site.wordingRoutes()) {
		f.echo.Add(r.Method, r.Path, r.Do)
	}
	f.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'first', '首任管理员', 'x', $2)`, string(firstAdmin), presentDay)
	f.exec(`INSERT INTO grants (id, user_id, role, granted_at, confirmed_at) VALUES ($1, $1, 'admin', $2, $2)`, string(firstAdmin), presentDay)
	return f
}

func (f *front) exec(statement string, values ...any) {
	f.t.Helper()
	if _, err := f.raw.ExecContext(f.t.Context(), statement, values...); err != nil {
		f.t.Fatal(err)
	}
}

func (f *front) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	f.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	req.Header.Set("Accept-Language", f.lang)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	f.echo.ServeHTTP(rec, req)
	return rec
}

// get draws a page, which must be there and sound.
func (f *front) get(path string) *goquery.Document {
	f.t.Helper()
	rec := f.ask(http.MethodGet, path, nil)
	if rec.Code != http.StatusOK {
		f.t.Fatalf("GET %s: %d %s", path, rec.Code, rec.Body)
	}
	f.sound(path, rec.Body.String())
	return document(f.t, rec.Body.String())
}

// sound checks the page without its frame: icons of the navigation are others'.
func (f *front) sound(path, page string) {
	f.t.Helper()
	if i := strings.Index(page, "⟦"); i >= 0 && !strings.Contains(page[i:min(i+20, len(page))], "nav.") {
		f.t.Errorf("%s: a key without words: %.60s", path, page[i:])
	}
	wantBalanced(f.t, page)
	doc := document(f.t, page)
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); ids[id] {
			f.t.Errorf("%s: id %q stands twice", path, id)
		} else {
			ids[id] = true
		}
	})
	doc.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
			f.t.Errorf("%s: control %q has no label", path, s.AttrOr("name", ""))
		}
	})
	if n := doc.Find("main .button.primary").Length(); n > 1 && !strings.HasPrefix(path, "/admin/people") {
		f.t.Errorf("%s: %d primary acts", path, n)
	}
	wantNothingInline(f.t, doc)
	doc.Find("main use").Each(func(_ int, s *goquery.Selection) {
		if _, name, _ := strings.Cut(s.AttrOr("href", ""), "#"); !strings.Contains(f.sprite(), `id="`+name+`"`) {
			f.t.Errorf("%s: icon %q is not in the sprite", path, name)
		}
	})
}

func (f *front) sprite() string {
	f.t.Helper()
	text, err := fs.ReadFile(templates.FS, "static/icons.svg")
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

// post sends a form that is to succeed and gives where it leads.
func (f *front) post(path string, form url.Values) string {
	f.t.Helper()
	rec := f.ask(http.MethodPost, path, form)
	if rec.Code != http.StatusSeeOther {
		f.t.Fatalf("POST %s: %d, want 303\n%s", path, rec.Code, document(f.t, rec.Body.String()).Find("main, body").First().Text())
	}
	for _, cookie := range rec.Result().Cookies() {
		if cookie.Name == flashCookie {
			if p := f.site.Render.BlankPage("zh-CN", presentDay); !p.Has("flash." + cookie.Value) {
				f.t.Errorf("POST %s: no words for flash.%s", path, cookie.Value)
			}
			return rec.Header().Get("Location")
		}
	}
	f.t.Errorf("POST %s: nothing says that it was done", path)
	return rec.Header().Get("Location")
}

// refused sends a form that is to come back with the status.
func (f *front) refused(path string, form url.Values, status int) *goquery.Document {
	f.t.Helper()
	rec := f.ask(http.MethodPost, path, form)
	if rec.Code != status {
		f.t.Fatalf("POST %s: %d, want %d\n%s", path, rec.Code, status, rec.Body)
	}
	f.sound(path, rec.Body.String())
	return document(f.t, rec.Body.String())
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		v.Set(pair[0], pair[1])
	}
	return v
}

// option is the value of a choice by its label.
func option(doc *goquery.Document, field, label string) string {
	return doc.Find(`select[name="`+field+`"] option`).FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.HasSuffix(s.Text(), label)
	}).AttrOr("value", "")
}

func (f *front) wantNext(step string) {
	f.t.Helper()
	p := f.site.Render.BlankPage("zh-CN", presentDay)
	if got := f.get("/admin").Find("main .notice-title").Text(); !strings.Contains(got, p.T("office.step."+step)) {
		f.t.Errorf("the next step is %q, want %s", strings.TrimSpace(got), step)
	}
}

package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/blob"
	"doorstep/internal/casework"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/paper"
	"doorstep/internal/press"
	"doorstep/internal/sso"
)

// Site is the pages of the program over its acts. Handlers are its methods, one
// file a word of the field.
type Site struct {
	Desk     *casework.Desk
	Accounts *account.Accounts
	Office   *office.Office
	Ledger   *ledger.Ledger
	Blobs    blob.Store
	Drafts   Drafts
	Press    *press.Press
	Words    paper.Wording // the standing text of the papers
	Phrases  paper.Phrases // what obligations usually say
	Render   *Renderer
	Can      func(a mediation.Actor, object string, action mediation.Action) bool // to hide a button, never to protect
	Log      *slog.Logger
	Now      func() time.Time // the cases' clock; a demonstration may have it elsewhere than the wall's
	Wall     func() time.Time // the real clock: sessions and limits
	BaseURL  string
	Version  string
	Demo     *DemoCard // what the sign-in page of a demonstration shows; nil otherwise
	Upload   int64     // bytes of one file at most
	Mail     bool      // mails are sent
	SSO      *SSO      // the provider of sign-ins; nil without one

	Scheduled    []string // chores the program does by itself once a day, as office.Upkeep names them
	SmallFigures int64    // published figures from 1 to below this are hidden
	CloseDay     int      // of the next month, on which a month's figures are closed

	volumeWait time.Duration // how long one waits for a volume before it is bound beside the request; 0 for the usual
}

// Drafts keeps what somebody has typed and not sent yet, sealed, under his
// account or his browser's own key.
type Drafts interface {
	SaveDraft(ctx context.Context, owner, form, body string, now time.Time) error
	Draft(ctx context.Context, owner, form string) (string, time.Time, error)
	DropDraft(ctx context.Context, owner, form string) error
	TakeStale(ctx context.Context, prefix string, before time.Time, take func(body string, of func(owner string) bool) error) (int, error)
}

// DemoCard lists the sign-ins of a demonstration, one a role.
type DemoCard struct {
	Password string
	Code     string // a receipt code to try the way in without an account
	People   []DemoPerson
}

// DemoPerson is one sign-in of a demonstration.
type DemoPerson struct {
	Role           mediation.Role
	Username, Name string
}

// route is one address of the site with the line of policy that governs it.
// Object "public" needs no right; "account" needs a signed-in user.
type route struct {
	Method, Path string
	Do           echo.HandlerFunc
	Object       string
	Action       mediation.Action
}

// filingTime is what a filing of words may take: it is worth a longer wait than a
// page, since whoever is sent away may not come back.
const filingTime = 20 * time.Second

// Mount adds the site's routes to the server.
func (s *Site) Mount(server *Server) {
	e := server.Echo()
	e.Use(s.identify)
	e.GET("/static/*", s.Render.Static)
	for _, r := range s.routes() {
		e.Add(r.Method, r.Path, r.Do)
	}
	server.Allow(http.MethodGet, "/cases/:case/volume/pdf", Allowance{Time: volumeTime})
	server.Allow(http.MethodGet, "/cases/:case/volume/zip", Allowance{Time: volumeTime})
	server.Allow(http.MethodGet, "/cases/:case/volume/bound", Allowance{Time: volumeTime})
	server.Allow(http.MethodGet, ProviderReturn, Allowance{Time: 4 * sso.Patience}) // up to four questions to the provider
	server.Allow(http.MethodPost, "/file", Allowance{Body: 6 * s.Upload, Time: time.Minute, Bare: filingTime})
	server.Allow(http.MethodPost, "/cases/:case/files", Allowance{Body: 6 * s.Upload, Time: time.Minute})
	for _, d := range deeds {
		if d.carries() {
			server.Allow(http.MethodPost, "/cases/:case/"+d.noun, Allowance{Body: int64(d.boxes())*s.Upload + formBody, Time: time.Minute})
		}
	}
}

// flashCookie carries one sentence's key over a redirect.
const flashCookie = "doorstep-flash"

// page begins the page that answers a request: who reads, what he may enter, and
// what was just done.
func (s *Site) page(c echo.Context) Page {
	p := s.Render.NewPage(c, s.Now())
	p.Actor, p.Version, p.Demo = actor(c), s.Version, s.Demo != nil
	p.NewsWaits = s.newsWaits(c, p.Actor)
	p.Nav = s.nav(p)
	p.Account = s.corner(p)
	if p.Actor.Code != nil {
		p.LeaveURL, p.LeaveTo = "/leave", "https://www.gov.cn/"
	}
	if cookie, err := c.Cookie(flashCookie); err == nil && p.Has("flash."+cookie.Value) {
		p.Flash = &Notice{Tone: ToneGood, Text: p.T("flash." + cookie.Value)}
		c.SetCookie(&http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	if p.Flash == nil && session(c).Unseen > 0 && p.Actor.SignedIn() && c.Request().URL.Path != "/account" {
		p.Flash = &Notice{Tone: ToneWait, Title: p.T("account.news"), Text: p.T("account.news_text"),
			Links: []Action{{Label: p.T("account.news_look"), URL: "/account"}}}
	}
	return p
}

// nav is the main sections the reader may enter.
func (s *Site) nav(p Page) []NavItem {
	items := []NavItem{}
	add := func(key, url, icon string, shown bool) {
		if shown {
			path, _, _ := strings.Cut(p.Path, "?")
			items = append(items, NavItem{Label: p.T("nav." + key), URL: url, Icon: icon, Current: path == url || strings.HasPrefix(path, url+"/")})
		}
	}
	in := p.Actor.SignedIn()
	add("desk", "/desk", "layout-dashboard", in)
	add("cases", "/cases", "folder-open", in && s.Can(p.Actor, "case", "list"))
	add("deadlines", "/deadlines", "calendar-clock", in && len(p.Actor.Grants) > 1 && s.Can(p.Actor, "deadline", "read"))
	add("notices", "/notices", "bell", in)
	add("figures", "/figures", "chart-column", in && s.Can(p.Actor, "stats", "read"))
	add("subsidies", "/subsidies", "star", in && s.Can(p.Actor, "subsidy", "list"))
	add("record", "/record", "file-plus", in && s.Can(p.Actor, "case", mediation.RecordCase))
	add("admin", "/admin", "settings", in && s.Can(p.Actor, "office", "manage"))
	add("law", "/law", "book-open", in && s.Can(p.Actor, "law", "read"))
	add("mycase", "/my-case", "folder-open", p.Actor.Code != nil)
	add("file", "/file", "file-plus", !in || len(p.Actor.Grants) == 1)
	add("follow", "/follow", "search", !in && p.Actor.Code == nil)
	add("points", "/points", "map-pin", true)
	add("help", "/help", "circle-help", true)
	return items
}

func (s *Site) corner(p Page) Account {
	if !p.Actor.SignedIn() {
		return Account{SignIn: "/sign-in"}
	}
	a := Account{Name: p.Actor.Name, URL: "/account", SignOut: "/sign-out"}
	for _, g := range p.Actor.Grants {
		if g.Role != mediation.RoleResident || a.Role == "" {
			a.Role = p.T("role." + string(g.Role))
		}
	}
	return a
}

// show renders a page.
func (s *Site) show(c echo.Context, status int, name string, data any) error {
	return s.Render.Page(c, status, name, data)
}

// done goes on to a page by 303 after something was changed; the page says so
// with the sentence flash.<key>.
func (s *Site) done(c echo.Context, url, key string) error {
	if key != "" {
		c.SetCookie(&http.Cookie{Name: flashCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			Secure: s.secure()})
	}
	return c.Redirect(http.StatusSeeOther, url)
}

package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Page is what every page has in common. A page is a struct that embeds it; the
// templates call its methods ({{.T "key"}}; {{$.T "key"}} inside range).
// Make it with Renderer.NewPage: only then does it know its words.
type Page struct {
	Lang      locale.Lang
	Actor     mediation.Actor
	Title     string // overrides the page's own title in the window, already in the reader's language
	Flash     *Notice
	Crumbs    []Crumb // without the present page
	Nav       []NavItem
	Account   Account
	Now       time.Time
	Path      string // path and query of this page; "" hides the language switch
	Demo      bool
	RequestID string
	Version   string // version of the program, for the footer
	NewsWaits bool   // something is new in the program that the reader has not seen
	LeaveURL  string // where "leave quickly" posts to; "" hides it
	LeaveTo   string // harmless site the script goes on to at once; "" stays with the answer to the post
	words     *locale.Catalog
	static    *staticFiles
}

// Crumb is one step of the way back, with its name in the reader's language.
type Crumb struct{ Label, URL string }

// NavItem is one main section the actor may enter. Count above nought is shown
// beside the label (work that waits).
type NavItem struct {
	Label, URL, Icon string
	Current          bool
	Count            int
}

// Account is the corner of the page that says who is signed in. An address that
// is "" hides its link; SignOut is posted to.
type Account struct {
	Name, Role      string
	URL             string
	SignIn, SignOut string
}

// langCookie remembers the language a reader chose with the switch.
const langCookie = "lang"

// LangOf is the language of a request: the switch, then the choice remembered,
// then what the browser asks for.
//
// Source: decision 31.
func LangOf(r *http.Request) locale.Lang {
	if l, ok := locale.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	if cookie, err := r.Cookie(langCookie); err == nil {
		if l, ok := locale.Parse(cookie.Value); ok {
			return l
		}
	}
	return locale.Negotiate(r.Header.Get("Accept-Language"))
}

// NewPage begins the page that answers c, as of now. It remembers the language
// when the reader has just switched it. The caller adds actor, navigation and
// the rest.
func (r *Renderer) NewPage(c echo.Context, now time.Time) Page {
	req := c.Request()
	p := Page{Lang: LangOf(req), Actor: mediation.Visitor(), Now: now, words: r.words, static: r.static}
	p.RequestID = requestID(c)
	if req.Method == http.MethodGet || req.Method == http.MethodHead {
		p.Path = req.URL.RequestURI()
	}
	if _, chosen := locale.Parse(req.URL.Query().Get("lang")); chosen {
		c.SetCookie(&http.Cookie{
			Name: langCookie, Value: string(p.Lang), Path: "/", MaxAge: 365 * 24 * 60 * 60,
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Scheme() == "https",
		})
	}
	return p
}

// BlankPage is a page without a request, for texts that are rendered elsewhere
// (papers, tests).
func (r *Renderer) BlankPage(lang locale.Lang, now time.Time) Page {
	return Page{Lang: lang, Actor: mediation.Visitor(), Now: now, words: r.words, static: r.static}
}

func (p Page) made() bool            { return p.words != nil && p.static != nil }
func (p Page) language() locale.Lang { return p.Lang }

// T is the text of the key in the page's language; args are pairs of a
// placeholder and its value.
func (p Page) T(key string, args ...any) string { return p.words.T(p.Lang, key, args...) }

// Aside puts a text in the brackets of the page's language, with the space
// before them that English wants.
func (p Page) Aside(text string) string { return p.T("common.aside", "text", text) }

// Source is the law a rule rests on, for people to read, as an aside.
func (p Page) Source(source string) string { return p.Aside(statute.Cite(source, string(p.Lang))) }

// Has says whether the key has a text, for optional explanations.
func (p Page) Has(key string) bool { return p.words.Has(p.Lang, key) }

// Message is the text of an error of ours in the page's language. An error
// nobody classified gives the general text with the request id: its own words
// are for the log.
func (p Page) Message(err error) string {
	e, key := asError(err), mediation.KeyOf(err)
	if e == nil || key == "" || !p.Has(key) {
		return p.T("error.internal", "id", p.RequestID)
	}
	args := make(map[string]string, len(e.Args))
	for name, value := range e.Args {
		args[name] = value
	}
	if stage, ok := args["stage"]; ok && p.Has("stage."+stage) {
		args["stage"] = p.T("stage." + stage)
	}
	text := p.words.TMap(p.Lang, key, args)
	if instead := "instead." + args["action"]; key == "error.stage_refuses" && p.Has(instead) {
		if p.English() {
			text += " "
		}
		text += p.T(instead)
	}
	return text + p.because(e.Source)
}

// because names the article a refusal rests on, as an aside; nothing where there is
// none.
func (p Page) because(source string) string {
	if source == "" {
		return ""
	}
	return p.Source(source)
}

// fault is what is wrong with a field, with the article that says so: the error's
// own, or that of the word it is marked with.
func (p Page) fault(key string, e *mediation.Error) string {
	source, text := e.Source, p.words.TMap(p.Lang, key, e.Args)
	if source == "" {
		source = mediation.Foundation(key)
	}
	if strings.Contains(text, "《") || strings.Contains(text, "Art.") || strings.Contains(text, "Arts.") {
		return text // it names its law in its own words
	}
	return text + p.because(source)
}

// Part is what a partial receives: the page, and the thing to show.
type Part struct {
	Page
	It any
}

// With hands a thing to a partial together with the page. It is a pointer: a
// template calls methods on what it was given, and on a plain struct it would
// copy all of it for each call.
func (p Page) With(it any) *Part { return &Part{Page: p, It: it} }

// Static is the address of a static file with the digest of its content.
func (p Page) Static(name string) string { return p.static.url(name) }

// Icon is the address of an icon of static/icons.svg, for the partial "icon".
func (p Page) Icon(name string) string { return p.static.url("icons.svg") + "#" + name }

// English says whether the page speaks English.
func (p Page) English() bool { return p.Lang == locale.EN }

// LangLink is this page in the given language; "" when the page answers a post
// and cannot be asked for again.
func (p Page) LangLink(lang string) string {
	u, err := url.ParseRequestURI(p.Path)
	if err != nil || strings.HasPrefix(u.Path, "//") { // the browser would take the path for a host
		return ""
	}
	q := u.Query()
	q.Set("lang", lang)
	return u.Path + "?" + q.Encode()
}

// Date is a day with its weekday. It takes a time.Time, a pointer to one, or a
// civil date (statute.Date); nil and zero give "".
func (p Page) Date(v any) string {
	if t, ok := moment(v); ok {
		return p.Lang.Date(t)
	}
	return ""
}

// ShortDate is Date without weekday, and without the present year.
func (p Page) ShortDate(v any) string {
	if t, ok := moment(v); ok {
		return p.Lang.ShortDate(t, p.Now)
	}
	return ""
}

// DateTime is day and time of day in the community's zone.
func (p Page) DateTime(v any) string {
	if t, ok := moment(v); ok {
		return p.Lang.DateTime(t)
	}
	return ""
}

// Clock is the time of day in the community's zone.
func (p Page) Clock(v any) string {
	if t, ok := moment(v); ok {
		return p.Lang.Clock(t)
	}
	return ""
}

// ISO is the machine's form of a moment, for <time datetime>.
func (p Page) ISO(v any) string {
	if t, ok := moment(v); ok {
		return t.UTC().Format(time.RFC3339)
	}
	return ""
}

// Relative is "today", "3 days ago" and the like.
func (p Page) Relative(v any) string {
	if t, ok := moment(v); ok {
		return p.words.Relative(p.Lang, t, p.Now)
	}
	return ""
}

// Money is an amount in fen, shown in yuan.
func (p Page) Money(fen int64) string { return p.Lang.Money(fen) }

// Number groups the thousands.
func (p Page) Number(n int) string { return p.Lang.Number(int64(n)) }

// Nth counts from one, for readers.
func (p Page) Nth(i int) int { return i + 1 }

// Code is the label of a code of a statutory list in the page's language. A
// code that left the list long ago is shown as it was stored: a file must stay
// readable.
func (p Page) Code(list string, code any) string {
	word := fmt.Sprint(code)
	if c, ok := statute.Lookup(statute.List(list), word); ok {
		return c.Label(string(p.Lang))
	}
	return word
}

// Lines splits a text that people typed into its paragraphs.
func (p Page) Lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

// moment reads the kinds of time a page meets; false for nil and zero.
func moment(v any) (time.Time, bool) {
	switch t := v.(type) {
	case time.Time:
		return t, !t.IsZero()
	case *time.Time:
		if t == nil {
			return time.Time{}, false
		}
		return *t, !t.IsZero()
	case interface {
		IsZero() bool
		Start() time.Time
	}:
		if t.IsZero() {
			return time.Time{}, false
		}
		return t.Start(), true
	}
	return time.Time{}, false
}

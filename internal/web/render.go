package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
)

// Renderer turns a page's name and data into HTML. All pages are parsed once,
// at the start; it is safe for concurrent use.
type Renderer struct {
	pages  map[string]*template.Template
	words  *locale.Catalog
	static *staticFiles
	busy   busyPages
	news   []newsEntry
}

// NewRenderer parses every page below pages/, each on a clone of the frame and
// the partials, so that two pages may define blocks of the same name. A page
// that does not parse stops the program: better now than under a reader.
func NewRenderer(fsys fs.FS, words *locale.Catalog) (*Renderer, error) {
	frame, err := template.New("frame").Option("missingkey=error").ParseFS(fsys, "layout/*.html", "partials/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: parse the frame: %w", err)
	}
	static, err := hashStatic(fsys)
	if err != nil {
		return nil, err
	}
	news, err := readNews(fsys)
	if err != nil {
		return nil, err
	}
	r := &Renderer{pages: map[string]*template.Template{}, words: words, static: static, news: news}
	err = fs.WalkDir(fsys, "pages", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".html") {
			return err
		}
		page, err := parsePage(frame, fsys, file)
		if err != nil {
			return err
		}
		r.pages[strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")] = page
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: parse the pages: %w", err)
	}
	return r, nil
}

func parsePage(frame *template.Template, fsys fs.FS, file string) (*template.Template, error) {
	page, err := frame.Clone()
	if err != nil {
		return nil, fmt.Errorf("clone the frame for %q: %w", file, err)
	}
	if _, err := page.ParseFS(fsys, file); err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	if page.Lookup("title") == nil || page.Lookup("main") == nil {
		return nil, fmt.Errorf("%q does not define both blocks, title and main", file)
	}
	return page, nil
}

// Names lists the pages in order ("case/show", "error", ...).
func (r *Renderer) Names() []string { return slices.Sorted(maps.Keys(r.pages)) }

// errBarePage says that a handler built a Page by hand: it would have no words.
var errBarePage = errors.New("the data embeds no Page made by NewPage")

// Render writes the whole page or nothing: a template that fails half way must
// not reach the reader with status 200. The data is a struct that embeds a
// Page made by NewPage.
func (r *Renderer) Render(w io.Writer, name string, data any) error {
	page, ok := r.pages[name]
	if !ok {
		return fmt.Errorf("web: there is no page %q", name)
	}
	if p, ok := data.(interface{ made() bool }); !ok || !p.made() {
		return fmt.Errorf("web: page %q: %w", name, errBarePage)
	}
	var buf bytes.Buffer
	if err := page.ExecuteTemplate(&buf, "base", addressed(data)); err != nil {
		return fmt.Errorf("web: page %q: %w", name, err)
	}
	if _, err := buf.WriteTo(w); err != nil {
		return fmt.Errorf("web: send page %q: %w", name, err)
	}
	return nil
}

// addressed is the page as a pointer to it. A template calls dozens of methods
// on the page, and on a plain struct each call would copy all of it first.
func addressed(data any) any {
	v := reflect.ValueOf(data)
	if v.Kind() != reflect.Struct {
		return data
	}
	at := reflect.New(v.Type())
	at.Elem().Set(v)
	return at.Interface()
}

// Page answers with the page and the status.
func (r *Renderer) Page(c echo.Context, status int, name string, data any) error {
	var buf bytes.Buffer
	if err := r.Render(&buf, name, data); err != nil {
		return err
	}
	lang := locale.Lang("")
	if p, ok := data.(interface{ language() locale.Lang }); ok {
		lang = p.language()
	}
	return send(c, status, lang, buf.Bytes())
}

func send(c echo.Context, status int, lang locale.Lang, page []byte) error {
	if lang != "" {
		c.Response().Header().Set("Content-Language", string(lang))
	}
	c.Response().Header().Add("Vary", "Accept-Language, Cookie")
	return c.HTMLBlob(status, page)
}

// ErrorPages draws the page "error" for the server. It asks no database, since
// it is also drawn when that is away; so it shows no navigation and nobody's
// name. A message that wants values the server does not have gives way to the
// general text of its status.
func (r *Renderer) ErrorPages(now func() time.Time) ErrorPage {
	return func(c echo.Context, status int, key, requestID string) error {
		p := r.NewPage(c, now())
		p.RequestID = requestID
		data := FailurePage{Page: p, Status: status}
		if text := p.T(key, "id", requestID); p.Has(key) && len(locale.Placeholders(text)) == 0 {
			data.Message = text
		}
		data.Busy = key == keyBusy
		if status == http.StatusServiceUnavailable {
			data.Again = again(c, p)
		}
		if data.Busy && data.Again == nil {
			return r.refuse(c, status, data)
		}
		return r.Page(c, status, "error", data)
	}
}

package web

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// newsFile is what is new in the program, in both languages; how it is written
// stands at its head.
const newsFile = "news.txt"

// newsCookie remembers the number of the newest entry a browser has been shown.
const newsCookie = "news"

// newsEntry is one thing that is new.
type newsEntry struct {
	N           int // from 1, without a gap
	Day         statute.Date
	Office      bool // only for those who work in the office
	Title, Text map[locale.Lang]string
}

// readNews reads the file, newest first. A file out of order stops the program,
// as a page that does not parse does; one that is not there is no news.
func readNews(fsys fs.FS) ([]newsEntry, error) {
	text, err := fs.ReadFile(fsys, newsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("web: news: %w", err)
	}
	var entries []newsEntry
	for block := range strings.SplitSeq(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n") {
		if block = strings.TrimSpace(block); block == "" || block[0] == '#' {
			continue
		}
		e, err := newsEntryOf(strings.Split(block, "\n"))
		if err != nil {
			return nil, fmt.Errorf("web: news after entry %d from the top: %w", len(entries), err)
		}
		if n := len(entries); n > 0 && (entries[n-1].N != e.N+1 || entries[n-1].Day.Before(e.Day)) {
			return nil, fmt.Errorf("web: news %d stands out of order", e.N)
		}
		entries = append(entries, e)
	}
	if n := len(entries); n > 0 && entries[n-1].N != 1 {
		return nil, errors.New("web: the first news is missing")
	}
	return entries, nil
}

func newsEntryOf(lines []string) (e newsEntry, err error) {
	head := strings.Fields(lines[0])
	if len(lines) != 5 || len(head) != 3 || head[2] != "all" && head[2] != "office" {
		return e, fmt.Errorf("%q begins no entry of five lines", lines[0])
	}
	if e.N, err = strconv.Atoi(head[0]); err != nil {
		return e, err
	}
	if err := e.Day.UnmarshalText([]byte(head[1])); err != nil {
		return e, err
	}
	e.Office = head[2] == "office"
	e.Title = map[locale.Lang]string{locale.ZH: lines[1], locale.EN: lines[3]}
	e.Text = map[locale.Lang]string{locale.ZH: lines[2], locale.EN: lines[4]}
	return e, nil
}

// newsFor is what is new for a reader.
func (s *Site) newsFor(a mediation.Actor) (entries []newsEntry) {
	office := worksInOffice(a)
	for _, e := range s.Render.news {
		if office || !e.Office {
			entries = append(entries, e)
		}
	}
	return entries
}

func worksInOffice(a mediation.Actor) bool {
	if !a.SignedIn() {
		return false
	}
	for _, g := range a.Grants {
		if g.Role != mediation.RoleResident {
			return true
		}
	}
	return false
}

// newsSeen is the number of the newest entry the browser has been shown; false
// for one that never came to the page.
func newsSeen(c echo.Context) (int, bool) {
	cookie, err := c.Cookie(newsCookie)
	if err != nil {
		return 0, false
	}
	n, err := strconv.Atoi(cookie.Value)
	return n, err == nil
}

// newsWaits says whether there is something new for the reader. A visitor who
// never came to the page is not called there: to him everything is new.
func (s *Site) newsWaits(c echo.Context, a mediation.Actor) bool {
	seen, came := newsSeen(c)
	entries := s.newsFor(a)
	return len(entries) > 0 && entries[0].N > seen && (came || worksInOffice(a))
}

// newsPage lists what is new.
type newsPage struct {
	Page
	Lead    string
	Entries []newsLine
}

// newsLine is one entry in the reader's language.
type newsLine struct {
	Title, Text string
	Day         statute.Date
	Fresh       *Pill // nil for what the reader has seen
}

func (s *Site) showNews(c echo.Context) error {
	p := newsPage{Page: s.page(c)}
	p.Title, p.Lead = p.T("news.title"), p.T("news.lead")
	p.Crumbs = []Crumb{{p.T("help.title"), "/help"}}
	p.NewsWaits = false
	seen, came := newsSeen(c)
	entries := s.newsFor(p.Actor)
	for _, e := range entries {
		line := newsLine{Title: e.Title[p.Lang], Text: e.Text[p.Lang], Day: e.Day}
		if came && e.N > seen {
			line.Fresh = &Pill{Tone: ToneFresh, Icon: "bell", Text: p.T("news.fresh")}
		}
		p.Entries = append(p.Entries, line)
	}
	if len(entries) > 0 && c.Request().Method == http.MethodGet {
		c.SetCookie(&http.Cookie{Name: newsCookie, Value: strconv.Itoa(max(seen, entries[0].N)), Path: "/", MaxAge: 400 * 24 * 60 * 60,
			HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode})
	}
	return s.show(c, http.StatusOK, "help/news", p)
}

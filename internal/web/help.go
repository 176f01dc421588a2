package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// helpTopics are the pages of help in the order of the index, each with its
// picture: first what residents ask, then one page for each desk.
var helpTopics = []struct{ Slug, Icon string }{
	{"resident", "user"}, {"privacy", "lock"}, {"clerk", "inbox"}, {"mediator", "messages-square"}, {"chair", "stamp"},
	{"legal", "scale"}, {"court", "landmark"}, {"supervisor", "chart-column"}, {"admin", "settings"},
}

// helpRoutes are the pages that explain.
func (s *Site) helpRoutes() []route {
	return []route{
		{http.MethodGet, "/help", s.helpIndex, "public", ""},
		{http.MethodGet, "/help/:topic", s.helpTopic, "public", ""},
		{http.MethodGet, "/news", s.showNews, "public", ""},
	}
}

// helpPart is one part of an explanation: a heading, sentences and a list.
type helpPart struct {
	Title, Text, Items string
}

// helpParts reads the parts <prefix>.1, <prefix>.2, … as far as they go.
func helpParts(p Page, prefix string) []helpPart {
	var parts []helpPart
	for n := 1; p.Has(prefix + "." + strconv.Itoa(n) + ".title"); n++ {
		at := prefix + "." + strconv.Itoa(n)
		part := helpPart{Title: p.T(at + ".title")}
		if p.Has(at + ".text") {
			part.Text = p.T(at + ".text")
		}
		if p.Has(at + ".items") {
			part.Items = p.T(at + ".items")
		}
		parts = append(parts, part)
	}
	return parts
}

// helpPage is the index, or one topic.
type helpPage struct {
	Page
	Slug   string
	Lead   string
	Parts  []helpPart
	Topics []helpLink
}

// helpLink is one topic of the index.
type helpLink struct{ URL, Icon, Title, Lead string }

func (s *Site) helpIndex(c echo.Context) error {
	p := helpPage{Page: s.page(c)}
	p.Title, p.Lead = p.T("help.title"), p.T("help.lead")
	for _, t := range helpTopics {
		p.Topics = append(p.Topics, helpLink{URL: "/help/" + t.Slug, Icon: t.Icon, Title: p.T("help." + t.Slug + ".title"),
			Lead: p.T("help." + t.Slug + ".lead")})
	}
	return s.show(c, http.StatusOK, "help/index", p)
}

func (s *Site) helpTopic(c echo.Context) error {
	slug := c.Param("topic")
	if !slices.ContainsFunc(helpTopics, func(t struct{ Slug, Icon string }) bool { return t.Slug == slug }) {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	p := helpPage{Page: s.page(c), Slug: slug}
	p.Title, p.Lead = p.T("help."+slug+".title"), p.T("help."+slug+".lead")
	p.Crumbs = []Crumb{{p.T("help.title"), "/help"}}
	p.Parts = helpParts(p.Page, "help."+slug)
	return s.show(c, http.StatusOK, "help/topic", p)
}

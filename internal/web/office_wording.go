package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/paper"
)

// wordingRoutes are a committee's own words on the papers.
func (s *Site) wordingRoutes() []route {
	return []route{
		{http.MethodGet, "/admin/committees/:id/wording", s.showWording, "office", "manage"},
		{http.MethodGet, "/admin/committees/:id/wording/:key", s.showSentence, "office", "manage"},
		{http.MethodPost, "/admin/committees/:id/wording/:key", s.changeSentence, "office", "manage"},
	}
}

func wordingURL(id mediation.CommitteeID, key string) string {
	path := "/admin/committees/" + string(id) + "/wording"
	if key != "" {
		path += "/" + key
	}
	return path
}

// showWording lists the standing sentences, those of a form together.
func (s *Site) showWording(c echo.Context) error {
	k, own, err := s.wording(c)
	if err != nil {
		return err
	}
	p := s.wordingPage(c, k)
	p.Heading, p.Lead = p.T("office.wording"), p.T("office.wording_lead", "committee", k.Name)
	p.Title = p.Heading
	byForm := map[string]*Table{}
	for _, key := range slices.Sorted(maps.Keys(s.Words)) {
		form, _, _ := strings.Cut(key, ".")
		t := byForm[form]
		if t == nil {
			t = &Table{Caption: form + " " + formName(p.Page, form), Head: []string{p.T("office.wording_text"), p.T("office.state")}}
			byForm[form] = t
			p.Parts = append(p.Parts, OfficePart{Table: t})
		}
		state := &Pill{ToneQuiet, "book-open", p.T("office.wording_standard")}
		if _, changed := own[key]; changed {
			state = &Pill{ToneInform, "pen-line", p.T("office.wording_own")}
		}
		t.Rows = append(t.Rows, []Cell{{Text: cmp.Or(own[key], s.Words[key]), URL: wordingURL(k.ID, key)}, {Pill: state}})
	}
	return s.show(c, http.StatusOK, "office/page", p)
}

func (s *Site) wording(c echo.Context) (*office.Committee, map[string]string, error) {
	ctx, a := c.Request().Context(), actor(c)
	k, err := s.Office.Committee(ctx, a, mediation.CommitteeID(c.Param("id")))
	if err != nil {
		return nil, nil, err
	}
	own, err := s.Office.Wording(ctx, a, k.ID)
	return k, own, err
}

func (s *Site) wordingPage(c echo.Context, k *office.Committee) OfficePage {
	p := s.officePage(c, "committees", "")
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.committees"), "/admin/committees"}, {k.Name, "/admin/committees/" + string(k.ID)}}
	return p
}

// showSentence asks for one sentence in the committee's words.
func (s *Site) showSentence(c echo.Context) error { return s.sentencePage(c, nil) }

func (s *Site) sentencePage(c echo.Context, fault error) error {
	k, own, err := s.wording(c)
	if err != nil {
		return err
	}
	key := c.Param("key")
	usual, known := s.Words[key]
	if !known {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	p := s.wordingPage(c, k)
	p.Crumbs = append(p.Crumbs, Crumb{p.T("office.wording"), wordingURL(k.ID, "")})
	form, _, _ := strings.Cut(key, ".")
	p.Heading = form + " " + formName(p.Page, form)
	p.Title, p.Lead = p.Heading, p.T("office.wording_one_lead")
	help := p.T("office.wording_no_blanks")
	if blanks := paper.Blanks(usual); len(blanks) > 0 {
		help = p.T("office.wording_blanks", "blanks", "{"+strings.Join(blanks, "} {")+"}")
	}
	f := &Form{Action: wordingURL(k.ID, key), Cancel: wordingURL(k.ID, ""), Submit: p.T("common.save"), Fields: []Field{
		{Name: "text", Kind: FieldTextArea, Label: p.T("office.wording_text"), Help: help, Value: cmp.Or(own[key], usual)},
		{Name: "before", Kind: FieldHidden, Value: own[key]}}}
	p.Parts = append(p.Parts, OfficePart{Title: p.T("office.wording_standard"), Text: usual}, OfficePart{Title: p.T("office.wording_own"), Form: f})
	if mediation.KeyOf(fault) == "error.stale" {
		f.Fields[0].Help = p.T("office.stored_now", "value", cmp.Or(own[key], p.T("office.wording_standard"))) + " " + help
	}
	return s.showOffice(c, p, f, fault)
}

func (s *Site) changeSentence(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	id := mediation.CommitteeID(c.Param("id"))
	err = s.Office.SetSentence(c.Request().Context(), actor(c), id, s.Words,
		office.Sentence{Key: c.Param("key"), Text: in.text("text"), Before: in.text("before")})
	if err != nil {
		return s.sentencePage(c, err)
	}
	return s.done(c, wordingURL(id, ""), "wording_changed")
}

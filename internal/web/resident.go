package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
)

// residentRoutes are the pages of people who have a dispute: the front door, the
// filing with its receipt, one's own case by code, and the other side's answer.
func (s *Site) residentRoutes() []route {
	pictures := newStudio()
	return []route{
		{http.MethodGet, "/", s.welcome, "public", ""},
		{http.MethodGet, "/file", s.askFiling, "case", mediation.FileCase},
		{http.MethodPost, "/file", s.takeFiling(pictures), "case", mediation.FileCase},
		{http.MethodPost, "/file/draft-removal", s.dropFilingDraft, "public", ""},
		{http.MethodGet, "/record", s.askRecord, "case", mediation.RecordCase},
		{http.MethodPost, "/record", s.takeRecord, "case", mediation.RecordCase},
		{http.MethodGet, "/receipt", s.showReceipt, "public", ""},
		{http.MethodPost, "/receipt", s.putReceiptAway, "public", ""},
		{http.MethodGet, "/my-case", s.showMyCase, "case", "read"},
		{http.MethodPost, "/my-case/onward", s.goOnward, "case", "read"},
		{http.MethodPost, "/my-case/code", s.changeCode, "code", "rotate"},
		{http.MethodGet, "/answer", s.toAnswer, "public", ""},
		{http.MethodGet, "/my-case/answer", s.askAnswer, "case", mediation.GiveConsent},
		{http.MethodPost, "/my-case/answer", s.giveAnswer, "case", mediation.GiveConsent},
	}
}

// welcomePoints is how many service points the front page shows.
const welcomePoints = 3

// welcomePage is the front door.
type welcomePage struct {
	Page
	Points []office.Point
	Steps  []helpPart
}

// welcome shows a visitor the two doors. Whoever is signed in came to work.
func (s *Site) welcome(c echo.Context) error {
	if actor(c).SignedIn() {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	points, err := s.Office.Points(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := welcomePage{Page: s.page(c), Points: points[:min(welcomePoints, len(points))]}
	p.Title, p.Steps = p.T("resident.home_title"), helpParts(p.Page, "resident.way")
	return s.show(c, http.StatusOK, "resident/home", p)
}

// elsewhere is the choice of a dispute that belongs to none of the areas listed.
const elsewhere = "elsewhere"

// areaChoices are the communities to choose from, each with the way down to it
// where two have the same name, and the area the address names, however small.
func (s *Site) areaChoices(c echo.Context, p Page) ([]Option, error) {
	areas, err := s.Office.Areas(c.Request().Context(), actor(c), place.Community)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	var list []Option
	for _, a := range areas {
		names[a.Path] = a.Title(string(p.Lang))
		if !slices.ContainsFunc(areas, func(b place.Area) bool { return b.Parent == a.ID }) {
			list = append(list, Option{Value: a.ID, Label: wayTo(names, a.Path)})
		}
	}
	if id := c.QueryParam("area"); id != "" && !slices.ContainsFunc(list, func(o Option) bool { return o.Value == id }) {
		branch, err := s.Office.Branch(c.Request().Context(), actor(c), mediation.AreaID(id))
		if err == nil && branch.Area != nil {
			list = append(list, Option{Value: id, Label: branch.Area.Title(string(p.Lang))})
		} else if err != nil && mediation.KindOf(err) != mediation.NotFound {
			return nil, err
		}
	}
	return append(list, Option{Value: elsewhere, Label: p.T("resident.elsewhere")}), nil
}

// wayTo names an area with the one above it: communities of two streets may have
// the same name.
func wayTo(names map[string]string, path string) string {
	label, above := names[path], parentPath(path)
	if names[above] == "" {
		return label
	}
	return names[above] + " · " + label
}

// parentPath is the path one level up; "" at the top.
func parentPath(path string) string {
	for i := len(path) - 2; i >= 0; i-- {
		if path[i] == '/' {
			return path[:i+1]
		}
	}
	return ""
}

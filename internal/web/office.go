package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/statute"
)

// officeRoutes is the office's own pages, and the service points everybody sees.
func (s *Site) officeRoutes() []route {
	routes := []route{
		{http.MethodGet, "/points", s.publicPoints, "office", "read"},
		{http.MethodGet, "/admin", s.officeHome, "office", "manage"},
		{http.MethodGet, "/admin/areas", s.showAreas, "office", "manage"},
		{http.MethodPost, "/admin/areas", s.addArea, "office", "manage"},
		{http.MethodGet, "/admin/areas/:id/name", s.showAreaName, "office", "manage"},
		{http.MethodPost, "/admin/areas/:id/name", s.renameArea, "office", "manage"},
		{http.MethodGet, "/admin/courts", s.showCourts, "office", "manage"},
		{http.MethodPost, "/admin/courts", s.addCourt, "office", "manage"},
		{http.MethodGet, "/admin/committees", s.showCommittees, "office", "manage"},
		{http.MethodGet, "/admin/committees/new", s.newCommittee, "office", "manage"},
		{http.MethodPost, "/admin/committees", s.addCommittee, "office", "manage"},
		{http.MethodGet, "/admin/committees/:id", s.showCommittee, "office", "manage"},
		{http.MethodPost, "/admin/committees/:id", s.changeCommittee, "office", "manage"},
		{http.MethodGet, "/admin/committees/:id/members", s.showMember, "user", "grant"},
		{http.MethodPost, "/admin/committees/:id/members", s.addMember, "user", "grant"},
		{http.MethodGet, "/admin/points", s.showPoints, "office", "manage"},
		{http.MethodGet, "/admin/points/new", s.newPoint, "office", "manage"},
		{http.MethodPost, "/admin/points", s.addPoint, "office", "manage"},
		{http.MethodGet, "/admin/points/:id", s.showPoint, "office", "manage"},
		{http.MethodPost, "/admin/points/:id", s.changePoint, "office", "manage"},
		{http.MethodGet, "/admin/calendar", s.showCalendar, "office", "manage"},
		{http.MethodPost, "/admin/calendar", s.addCalendarDay, "office", "manage"},
		{http.MethodGet, "/admin/calendar/notice", s.showNotice, "office", "manage"},
		{http.MethodPost, "/admin/calendar/notice", s.importCalendar, "office", "manage"},
		{http.MethodGet, "/admin/people", s.showPeople, "user", "manage"},
		{http.MethodGet, "/admin/people/new", s.newPerson, "user", "manage"},
		{http.MethodPost, "/admin/people", s.addPerson, "user", "manage"},
		{http.MethodGet, "/admin/people/:id", s.showPerson, "user", "manage"},
		{http.MethodGet, "/admin/people/:id/grants", s.newGrant, "user", "grant"},
		{http.MethodPost, "/admin/people/:id/grants", s.addGrant, "user", "grant"},
		{http.MethodGet, "/admin/people/:id/grants/:grant/ending", s.askEndGrant, "user", "grant"},
		{http.MethodPost, "/admin/people/:id/grants/:grant/ending", s.endGrant, "user", "grant"},
		{http.MethodPost, "/admin/grants/:grant/confirmation", s.confirmGrant, "user", "grant"},
		{http.MethodGet, "/admin/people/:id/mediator", s.showMediator, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/mediator", s.registerMediator, "user", "manage"},
		{http.MethodGet, "/admin/people/:id/suspension", s.askDisable, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/suspension", s.disablePerson, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/reinstatement", s.enablePerson, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/reset-link", s.resetLink, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/factor-reset", s.resetFactor, "user", "manage"},
		{http.MethodGet, "/admin/people/:id/identity", s.askIdentity, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/identity", s.linkIdentity, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/identity/end", s.endIdentity, "user", "manage"},
		{http.MethodPost, "/admin/people/:id/devices/end", s.endSessions, "user", "manage"},
	}
	for i, r := range routes {
		if r.Action != "read" {
			routes[i].Do = s.forOffice(r)
		}
	}
	return routes
}

// forOffice turns away who may never enter before a form is drawn: a page with
// an empty form reads nothing whose act would refuse. Whoever is not signed in
// is led to sign in. The acts themselves ask again.
func (s *Site) forOffice(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch a := actor(c); {
		case !a.SignedIn():
			return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.sign_in"}
		case !s.Can(a, r.Object, r.Action):
			return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
		}
		return r.Do(c)
	}
}

// OfficePage is a page of the office: a heading, and parts one below the other.
type OfficePage struct {
	Page
	Heading string
	Lead    string
	Tabs    *Tabs
	Actions *Actions
	Parts   []OfficePart
	Danger  *Danger
}

// OfficePart is one part of a page of the office; what is nil is not shown.
type OfficePart struct {
	Title   string
	Text    string
	Notice  *Notice
	Steps   *Steps
	Facts   *Facts
	Table   *Table
	Pager   *Pager
	Empty   *Empty
	History *Timeline
	Actions *Actions
	Form    *Form
}

// officeTabs are the sections of the office, in the order in which it is set up.
var officeTabs = []struct{ key, path string }{
	{"home", "/admin"}, {"areas", "/admin/areas"}, {"committees", "/admin/committees"}, {"people", "/admin/people"},
	{"points", "/admin/points"}, {"courts", "/admin/courts"}, {"calendar", "/admin/calendar"},
}

// officePage begins a page of the office's section tab. Crumbs lead back to the
// section when the page lies below it.
func (s *Site) officePage(c echo.Context, tab, heading string) OfficePage {
	p := OfficePage{Page: s.page(c), Heading: heading, Tabs: &Tabs{}}
	p.Title = heading
	for _, t := range officeTabs {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: p.T("office.tab." + t.key), URL: t.path, Current: t.key == tab})
		if t.key == tab && heading != p.T("office.tab."+t.key) {
			p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab." + t.key), t.path}}
		}
	}
	return p
}

// showOffice draws a page whose form may have failed: 422 with its fields
// marked, 409 with the reason above, everything typed kept. Any other fault is
// for the error page.
func (s *Site) showOffice(c echo.Context, p OfficePage, form *Form, fault error) error {
	status := http.StatusOK
	if fault != nil {
		typed, err := c.FormParams()
		if err != nil {
			return err
		}
		form.Fill(typed)
		switch mediation.KindOf(fault) {
		case mediation.Invalid:
			form.Mark(p.Page, fault)
			status = http.StatusUnprocessableEntity
		case mediation.Conflict:
			form.Problem = p.Message(fault)
			status = http.StatusConflict
		default:
			return fault
		}
	}
	return s.show(c, status, "office/page", p)
}

// answers reads the values of a form and gathers what cannot be read at all.
type answers struct {
	v      url.Values
	faults mediation.Faults
}

func officeInput(c echo.Context) (answers, error) {
	v, err := c.FormParams()
	return answers{v, mediation.Faults{}}, err
}

func (t answers) text(name string) string { return strings.TrimSpace(t.v.Get(name)) }

func (t answers) ticked(name string) bool { return t.v.Has(name) }

// whole reads a whole number; blank is 0.
func (t answers) whole(name string) int {
	if t.text(name) == "" {
		return 0
	}
	n, err := strconv.Atoi(t.text(name))
	if err != nil {
		t.faults.Mark(name, "error.number")
	}
	return n
}

// day reads a date; blank is none.
func (t answers) day(name string) statute.Date {
	if t.text(name) == "" {
		return statute.Date{}
	}
	d, err := statute.ParseDate(t.text(name))
	if err != nil {
		t.faults.Mark(name, "error.date")
	}
	return d
}

// degrees reads half a position; blank is none.
func (t answers) degrees(name, key string) *float64 {
	if t.text(name) == "" {
		return nil
	}
	v, err := strconv.ParseFloat(t.text(name), 64)
	if err != nil {
		t.faults.Mark(name, key)
	}
	return &v
}

// areaOptions offers the areas as choices, each with the names above it, so that
// two communities of one name are told apart.
func (s *Site) areaOptions(c echo.Context, p Page, fits func(kind string) bool) ([]Option, error) {
	areas, err := s.Office.Areas(c.Request().Context(), actor(c), "")
	if err != nil {
		return nil, err
	}
	var options []Option
	var way []string // titles from the root down to the present area
	for _, a := range areas {
		depth := min(a.Depth(), len(way))
		way = append(way[:depth], a.Title(string(p.Lang)))
		if fits == nil || fits(string(a.Kind)) {
			options = append(options, Option{Value: a.ID, Label: strings.Join(way, " › ")})
		}
	}
	return options, nil
}

// committeeOptions offers the committees as choices.
func (s *Site) committeeOptions(c echo.Context) ([]Option, error) {
	committees, err := s.Office.Committees(c.Request().Context(), actor(c))
	if err != nil {
		return nil, err
	}
	options := make([]Option, len(committees))
	for i, k := range committees {
		options[i] = Option{Value: string(k.ID), Label: k.Name}
	}
	return options, nil
}

// degreesText writes half a position for a form.
func degreesText(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// personURL is the page of a person of the office.
func personURL(id mediation.UserID, rest string) string {
	return "/admin/people/" + url.PathEscape(string(id)) + rest
}

// grantWord says in one line what a grant gives: role and place.
func grantWord(p Page, g office.Grant) string {
	if g.Place == "" {
		return p.Role(g.Role)
	}
	return p.T("office.role_at", "role", p.Role(g.Role), "place", g.Place)
}

package web

import (
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
)

func (s *Site) newGrant(c echo.Context) error { return s.grantPage(c, nil) }

// grantPage asks for the role and, for each kind of place, the place: without
// script the page cannot know which one will be needed.
func (s *Site) grantPage(c echo.Context, fault error) error {
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.personPage(c, x, "")
	p.Heading = p.T("office.add_grant_for", "name", x.Name)
	p.Title, p.Lead = p.Heading, p.T("office.add_grant_lead")
	form, err := s.grantForm(c, p.Page)
	if err != nil {
		return err
	}
	form.Action, form.Cancel = personURL(x.ID, "/grants"), personURL(x.ID, "")
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) grantForm(c echo.Context, p Page) (*Form, error) {
	roles := Field{Name: "role", Kind: FieldRadio, Label: p.T("office.role"), Required: true}
	for _, r := range office.Grantable() {
		roles.Options = append(roles.Options, Option{Value: string(r.Role), Label: p.Role(r.Role),
			Help: p.T("office.role_help."+string(r.Role)) + " " + p.T("office.needs."+string(r.At))})
	}
	areas, err := s.areaOptions(c, p, func(kind string) bool { return place.Kind(kind) != place.Building })
	if err != nil {
		return nil, err
	}
	committees, err := s.committeeOptions(c)
	if err != nil {
		return nil, err
	}
	courts, err := s.Office.Courts(c.Request().Context(), actor(c))
	if err != nil {
		return nil, err
	}
	court := Field{Name: "court", Kind: FieldSelect, Label: p.T("office.court"), Help: p.T("office.court_help")}
	for _, k := range courts {
		court.Options = append(court.Options, Option{Value: string(k.ID), Label: k.Name})
	}
	return &Form{Submit: p.T("office.add_grant"), Fields: []Field{roles}, Sections: []Section{
		{Title: p.T("office.where"), Help: p.T("office.where_help"), Fields: []Field{
			{Name: "committee", Kind: FieldSelect, Label: p.T("office.committee"), Help: p.T("office.committee_help"), Options: committees},
			{Name: "area", Kind: FieldSelect, Label: p.T("office.area"), Help: p.T("office.area_help"), Options: areas}, court}}}}, nil
}

func (s *Site) addGrant(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	id := mediation.UserID(c.Param("id"))
	g, err := s.Office.Grant(c.Request().Context(), actor(c), office.NewGrant{User: id, Role: mediation.Role(in.text("role")),
		Committee: mediation.CommitteeID(in.text("committee")), Area: mediation.AreaID(in.text("area")), Court: mediation.CourtID(in.text("court"))})
	if err != nil {
		return s.grantPage(c, err)
	}
	return s.done(c, personURL(id, ""), grantFlash(g))
}

func (s *Site) confirmGrant(c echo.Context) error {
	if err := s.Office.ConfirmGrant(c.Request().Context(), actor(c), c.Param("grant")); err != nil {
		return err
	}
	return s.done(c, "/admin", "grant_confirmed")
}

// askEndGrant asks once more before a right is taken away.
func (s *Site) askEndGrant(c echo.Context) error { return s.endGrantPage(c, nil) }

func (s *Site) endGrantPage(c echo.Context, fault error) error {
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(x.Grants, func(g office.Grant) bool { return g.ID == c.Param("grant") && g.EndedAt == nil })
	if i < 0 {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	p := s.personPage(c, x, "")
	p.Heading = p.T("office.end_grant_of", "name", x.Name)
	p.Title, p.Lead = p.Heading, p.T("office.end_grant_lead", "right", grantWord(p.Page, x.Grants[i]))
	form := &Form{Action: personURL(x.ID, "/grants/"+x.Grants[i].ID+"/ending"), Submit: p.T("office.end_grant"), Cancel: personURL(x.ID, ""), Danger: true}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) endGrant(c echo.Context) error {
	if err := s.Office.EndGrant(c.Request().Context(), actor(c), c.Param("grant")); err != nil {
		return s.endGrantPage(c, err)
	}
	return s.done(c, personURL(mediation.UserID(c.Param("id")), ""), "grant_ended")
}

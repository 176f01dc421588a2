package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
)

// showAreas shows one level of the tree and takes one more area in it.
func (s *Site) showAreas(c echo.Context) error {
	return s.areasPage(c, mediation.AreaID(c.QueryParam("under")), nil)
}

func areasURL(id string) string {
	if id == "" {
		return "/admin/areas"
	}
	return "/admin/areas?under=" + url.QueryEscape(id)
}

func (s *Site) areasPage(c echo.Context, under mediation.AreaID, fault error) error {
	branch, err := s.Office.Branch(c.Request().Context(), actor(c), under)
	if err != nil {
		return err
	}
	p := s.officePage(c, "areas", "")
	p.Heading, p.Lead = p.T("office.tab.areas"), p.T("office.areas_lead")
	p.Crumbs = nil
	kind := place.Kind("")
	if branch.Area != nil {
		kind, p.Heading = branch.Area.Kind, branch.Area.Title(string(p.Lang))
		p.Crumbs = []Crumb{{p.T("office.tab.areas"), "/admin/areas"}}
		for _, a := range branch.Above {
			p.Crumbs = append(p.Crumbs, Crumb{a.Title(string(p.Lang)), areasURL(a.ID)})
		}
		p.Lead = p.T("area_kind."+string(kind)) + " · " + branch.Area.Path
		p.Actions = &Actions{[]Action{{Label: p.T("office.rename"), URL: "/admin/areas/" + branch.Area.ID + "/name", Icon: "pen-line"}}}
	}
	p.Title = p.Heading
	p.Parts = append(p.Parts, areaList(p.Page, branch, kind))
	if len(kind.Below()) == 0 {
		return s.show(c, http.StatusOK, "office/page", p)
	}
	form := areaForm(p.Page, string(under), kind)
	p.Parts = append(p.Parts, OfficePart{Title: p.T("office.add_area"), Form: form})
	return s.showOffice(c, p, form, fault)
}

func areaList(p Page, branch office.Branch, kind place.Kind) OfficePart {
	if len(branch.Below) == 0 {
		e := Empty{Icon: "map-pin", Title: p.T("office.no_areas"), Text: p.T("office.no_areas_text")}
		if len(kind.Below()) == 0 {
			e.Text = p.T("office.narrowest")
		}
		return OfficePart{Empty: &e}
	}
	t := &Table{Caption: p.T("office.areas_below"), Head: []string{p.T("office.area_name"), p.T("office.area_kind"), p.T("office.area_code")}}
	for _, a := range branch.Below {
		t.Rows = append(t.Rows, []Cell{{Text: a.Title(string(p.Lang)), URL: areasURL(a.ID)}, {Text: p.T("area_kind." + string(a.Kind))}, {Text: a.Code}})
	}
	return OfficePart{Table: t}
}

func areaForm(p Page, under string, kind place.Kind) *Form {
	kinds := Field{Name: "kind", Kind: FieldSelect, Label: p.T("office.area_kind"), Required: true}
	for _, k := range kind.Below() {
		kinds.Options = append(kinds.Options, Option{Value: string(k), Label: p.T("area_kind." + string(k))})
	}
	if len(kinds.Options) == 1 {
		kinds.Value = kinds.Options[0].Value
	}
	return &Form{Action: areasURL(under), Submit: p.T("office.add_area"), Fields: slices.Concat([]Field{
		{Name: "parent", Kind: FieldHidden, Value: under}, kinds,
		{Name: "name", Kind: FieldText, Label: p.T("office.area_name"), Help: p.T("office.area_name_help"), Required: true},
		{Name: "name_en", Kind: FieldText, Label: p.T("office.name_en"), Help: p.T("office.name_en_help")},
		{Name: "code", Kind: FieldText, Label: p.T("office.area_code"), Help: p.T("office.area_code_help"), Required: true, Short: true, Autocomplete: "off"},
	}, positionFields(p, nil, nil))}
}

func positionFields(p Page, lat, lng *float64) []Field {
	return []Field{
		{Name: "lat", Kind: FieldText, Label: p.T("office.lat"), Help: p.T("office.position_help"), Value: degreesText(lat), Short: true, Inputmode: "decimal"},
		{Name: "lng", Kind: FieldText, Label: p.T("office.lng"), Value: degreesText(lng), Short: true, Inputmode: "decimal"},
	}
}

func (s *Site) addArea(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	parent := in.text("parent")
	area := place.Area{Parent: parent, Kind: place.Kind(in.text("kind")), Name: in.text("name"), NameEN: in.text("name_en"), Code: in.text("code"),
		Lat: in.degrees("lat", "error.latitude"), Lng: in.degrees("lng", "error.longitude")}
	if err = in.faults.Err(); err == nil {
		_, err = s.Office.AddArea(c.Request().Context(), actor(c), area)
	}
	if err != nil {
		return s.areasPage(c, mediation.AreaID(parent), err)
	}
	return s.done(c, areasURL(parent), "area_added")
}

func (s *Site) showAreaName(c echo.Context) error { return s.areaNamePage(c, nil) }

func (s *Site) areaNamePage(c echo.Context, fault error) error {
	branch, err := s.Office.Branch(c.Request().Context(), actor(c), mediation.AreaID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.officePage(c, "areas", "")
	p.Heading = p.T("office.rename_area", "name", branch.Area.Title(string(p.Lang)))
	p.Title, p.Lead = p.Heading, p.T("office.rename_lead")
	p.Crumbs = []Crumb{{p.T("office.tab.areas"), "/admin/areas"}, {branch.Area.Title(string(p.Lang)), areasURL(branch.Area.ID)}}
	form := &Form{Action: "/admin/areas/" + branch.Area.ID + "/name", Submit: p.T("common.save"), Cancel: areasURL(branch.Area.ID), Fields: []Field{
		{Name: "name", Kind: FieldText, Label: p.T("office.area_name"), Value: branch.Area.Name, Required: true},
		{Name: "name_en", Kind: FieldText, Label: p.T("office.name_en"), Help: p.T("office.name_en_help"), Value: branch.Area.NameEN},
	}}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) renameArea(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	if err := s.Office.RenameArea(c.Request().Context(), actor(c), mediation.AreaID(id), in.text("name"), in.text("name_en")); err != nil {
		return s.areaNamePage(c, err)
	}
	return s.done(c, areasURL(id), "area_renamed")
}

// showCourts lists the courts and takes one more.
func (s *Site) showCourts(c echo.Context) error { return s.courtsPage(c, nil) }

func (s *Site) courtsPage(c echo.Context, fault error) error {
	courts, err := s.Office.Courts(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := s.officePage(c, "courts", "")
	p.Heading, p.Lead, p.Crumbs = p.T("office.tab.courts"), p.T("office.courts_lead"), nil
	p.Title = p.Heading
	part := OfficePart{Empty: &Empty{Icon: "landmark", Title: p.T("office.no_courts"), Text: p.T("office.no_courts_text")}}
	if len(courts) > 0 {
		t := &Table{Caption: p.T("office.tab.courts"), Head: []string{p.T("office.court_name"), p.T("office.area")}}
		for _, k := range courts {
			t.Rows = append(t.Rows, []Cell{{Text: k.Name}, {Text: k.AreaName}})
		}
		part = OfficePart{Table: t}
	}
	areas, err := s.areaOptions(c, p.Page, nil)
	if err != nil {
		return err
	}
	form := &Form{Action: "/admin/courts", Submit: p.T("office.add_court"), Fields: []Field{
		{Name: "name", Kind: FieldText, Label: p.T("office.court_name"), Required: true},
		{Name: "area", Kind: FieldSelect, Label: p.T("office.area"), Help: p.T("office.court_area_help"), Options: areas, Required: true},
	}}
	p.Parts = append(p.Parts, part, OfficePart{Title: p.T("office.add_court"), Form: form})
	return s.showOffice(c, p, form, fault)
}

func (s *Site) addCourt(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	court := office.Court{Name: in.text("name"), Area: mediation.AreaID(in.text("area"))}
	if _, err := s.Office.AddCourt(c.Request().Context(), actor(c), court); err != nil {
		return s.courtsPage(c, err)
	}
	return s.done(c, "/admin/courts", "court_added")
}

// showPoints lists the service points for whoever keeps them.
func (s *Site) showPoints(c echo.Context) error {
	points, err := s.Office.Points(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := s.officePage(c, "points", "")
	p.Heading, p.Lead, p.Crumbs = p.T("office.tab.points"), p.T("office.points_lead"), nil
	p.Title = p.Heading
	p.Actions = &Actions{[]Action{
		{Label: p.T("office.add_point"), URL: "/admin/points/new", Kind: ActionPrimary, Icon: "plus"},
		{Label: p.T("office.see_public"), URL: "/points", Icon: "eye"},
	}}
	part := OfficePart{Empty: &Empty{Icon: "map-pin", Title: p.T("office.no_points"), Text: p.T("office.no_points_text")}}
	if len(points) > 0 {
		t := &Table{Caption: p.T("office.tab.points"), Head: []string{p.T("office.point_name"), p.T("office.point_kind"), p.T("office.area"), p.T("office.address")}}
		for _, x := range points {
			t.Rows = append(t.Rows, []Cell{{Text: x.Name, URL: "/admin/points/" + x.ID}, {Text: p.T("point_kind." + string(x.Kind))}, {Text: areaName(p.Page, x)}, {Text: x.Address}})
		}
		part = OfficePart{Table: t}
	}
	p.Parts = append(p.Parts, part)
	return s.show(c, http.StatusOK, "office/page", p)
}

func areaName(p Page, x office.Point) string {
	if p.English() && x.AreaNameEN != "" {
		return x.AreaNameEN
	}
	return x.AreaName
}

func (s *Site) newPoint(c echo.Context) error {
	return s.pointPage(c, office.Point{}, nil)
}

func (s *Site) showPoint(c echo.Context) error { return s.pointAgain(c, nil) }

// pointAgain draws a stored point's form, after a fault with what was typed.
func (s *Site) pointAgain(c echo.Context, fault error) error {
	x, err := s.Office.Point(c.Request().Context(), actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return s.pointPage(c, *x, fault)
}

func (s *Site) pointPage(c echo.Context, x office.Point, fault error) error {
	p := s.officePage(c, "points", "")
	form := &Form{Action: "/admin/points", Cancel: "/admin/points", Submit: p.T("common.save")}
	p.Heading = p.T("office.add_point")
	if x.ID != "" {
		p.Heading, form.Action = x.Name, "/admin/points/"+x.ID
	}
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("office.tab.home"), "/admin"}, {p.T("office.tab.points"), "/admin/points"}}
	areas, err := s.areaOptions(c, p.Page, nil)
	if err != nil {
		return err
	}
	committees, err := s.committeeOptions(c)
	if err != nil {
		return err
	}
	form.Fields = slices.Concat(pointFields(p.Page, x.ServicePoint, areas, committees), positionFields(p.Page, x.Lat, x.Lng))
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func pointFields(p Page, x place.ServicePoint, areas, committees []Option) []Field {
	kinds := Field{Name: "kind", Kind: FieldRadio, Label: p.T("office.point_kind"), Value: string(x.Kind), Required: true}
	for _, k := range place.PointKinds {
		kinds.Options = append(kinds.Options, Option{Value: string(k), Label: p.T("point_kind." + string(k))})
	}
	return []Field{
		{Name: "name", Kind: FieldText, Label: p.T("office.point_name"), Value: x.Name, Required: true}, kinds,
		{Name: "area", Kind: FieldSelect, Label: p.T("office.area"), Value: x.Area, Options: areas, Required: true},
		{Name: "committee", Kind: FieldSelect, Label: p.T("office.committee"), Help: p.T("office.point_committee_help"), Value: x.Committee, Options: committees},
		{Name: "address", Kind: FieldText, Label: p.T("office.address"), Help: p.T("office.point_address_help"), Value: x.Address, Required: true},
		{Name: "phone", Kind: FieldTel, Label: p.T("office.phone"), Help: p.T("office.phone_help"), Value: x.Phone},
		{Name: "hours", Kind: FieldText, Label: p.T("office.hours"), Help: p.T("office.hours_help"), Value: x.Hours},
		{Name: "services", Kind: FieldTextArea, Rows: 3, Label: p.T("office.services"), Help: p.T("office.services_help"), Value: x.Services},
	}
}

func (in answers) point() place.ServicePoint {
	return place.ServicePoint{Area: in.text("area"), Committee: in.text("committee"), Kind: place.PointKind(in.text("kind")), Name: in.text("name"),
		Address: in.text("address"), Phone: in.text("phone"), Hours: in.text("hours"), Services: in.text("services"),
		Lat: in.degrees("lat", "error.latitude"), Lng: in.degrees("lng", "error.longitude")}
}

func (s *Site) addPoint(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	x := in.point()
	if err = in.faults.Err(); err == nil {
		_, err = s.Office.AddServicePoint(c.Request().Context(), actor(c), x)
	}
	if err != nil {
		return s.pointPage(c, office.Point{}, err)
	}
	return s.done(c, "/admin/points", "point_added")
}

func (s *Site) changePoint(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	x := in.point()
	x.ID = c.Param("id")
	if err = in.faults.Err(); err == nil {
		err = s.Office.ChangeServicePoint(c.Request().Context(), actor(c), x)
	}
	if err != nil {
		return s.pointAgain(c, err)
	}
	return s.done(c, "/admin/points", "point_changed")
}

package web

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/office"
	"doorstep/internal/place"
)

// PointsPage is the public page of the service points.
type PointsPage struct {
	Page
	Areas  []PointArea
	Empty  Empty
	Circle Notice
	Ask    *Form       // where the reader is; nil when no position is known
	Near   []PointCard // the nearest to there, nearest first
}

// PointArea is the points of one area.
type PointArea struct {
	Name   string
	Points []PointCard
}

// PointCard is one point as people read it.
type PointCard struct {
	Name  string
	Pill  Pill
	Facts Facts
}

// nearest is how many points are named as the nearest.
const nearest = 3

// nearPoints offers the places whose position is known, and names the points
// nearest to the one chosen in the address. Nobody is asked for his own position.
func (s *Site) nearPoints(c echo.Context, p *PointsPage, points []office.Point) error {
	bare := make([]place.ServicePoint, len(points))
	byID := map[string]office.Point{}
	for i, x := range points {
		bare[i], byID[x.ID] = x.ServicePoint, x
	}
	areas, err := s.Office.Areas(c.Request().Context(), actor(c), "")
	if err != nil {
		return err
	}
	where := Field{Name: "near", Kind: FieldSelect, Label: p.T("office.near"), Help: p.T("office.near_help"), Value: c.QueryParam("near")}
	for _, a := range areas {
		if a.Lat == nil || a.Lng == nil {
			continue
		}
		near := place.Nearest(bare, *a.Lat, *a.Lng)
		if len(near) == 0 {
			return nil // no point has a position
		}
		where.Options = append(where.Options, Option{Value: a.ID, Label: a.Title(string(p.Lang))})
		if a.ID != where.Value {
			continue
		}
		for _, n := range near[:min(nearest, len(near))] {
			p.Near = append(p.Near, nearCard(p.Page, byID[n.Point.ID], n))
		}
	}
	if len(where.Options) > 0 {
		p.Ask = &Form{Action: "/points", Method: "get", Submit: p.T("office.near_find"), Fields: []Field{where}}
	}
	return nil
}

// nearCard is a point with the walk to it, in minutes inside the circle; beyond
// it minutes on foot would mislead whoever takes a bus.
func nearCard(p Page, x office.Point, n place.Near) PointCard {
	card := pointCard(p, x)
	walk := p.T("office.walk", "n", n.Minutes(), "km", strconv.FormatFloat(n.Meters/1000, 'f', 1, 64))
	if !n.InCircle() {
		walk = p.T("office.walk_far", "km", strconv.FormatFloat(n.Meters/1000, 'f', 1, 64))
	}
	card.Facts.Facts = append([]Fact{{Label: p.T("office.distance"), Value: walk}}, card.Facts.Facts...)
	return card
}

var pointIcons = map[place.PointKind]string{
	place.MediationStation: "handshake", place.EldersStudio: "users", place.LawSquare: "messages-square", place.CourtPoint: "landmark",
	place.JudicialOffice: "scale", place.OtherPoint: "map-pin",
}

// publicPoints shows everybody where to go.
func (s *Site) publicPoints(c echo.Context) error {
	points, err := s.Office.Points(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := PointsPage{Page: s.page(c)}
	p.Circle = Notice{Tone: ToneInform, Title: p.T("office.circle"), Text: p.T("office.circle_text")}
	p.Empty = Empty{Icon: "map-pin", Title: p.T("office.points_none"), Text: p.T("office.points_none_text"),
		Action: &Action{Label: p.T("nav.file"), URL: "/file", Icon: "file-plus"}}
	if err := s.nearPoints(c, &p, points); err != nil {
		return err
	}
	last := ""
	for _, x := range points {
		if last != x.Area {
			p.Areas, last = append(p.Areas, PointArea{Name: areaName(p.Page, x)}), x.Area
		}
		a := &p.Areas[len(p.Areas)-1]
		a.Points = append(a.Points, pointCard(p.Page, x))
	}
	return s.show(c, http.StatusOK, "office/points", p)
}

func pointCard(p Page, x office.Point) PointCard {
	card := PointCard{Name: x.Name, Pill: Pill{ToneLive, cmp.Or(pointIcons[x.Kind], "map-pin"), p.T("point_kind." + string(x.Kind))}}
	for _, f := range []Fact{
		{Label: p.T("office.address"), Value: x.Address}, {Label: p.T("office.hours"), Value: x.Hours},
		{Label: p.T("office.phone"), Value: x.Phone}, {Label: p.T("office.services"), Value: x.Services},
		{Label: p.T("office.committee"), Value: x.CommitteeName},
	} {
		if f.Value != "" {
			card.Facts.Facts = append(card.Facts.Facts, f)
		}
	}
	return card
}

package place

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// PointKind is what a service point is.
type PointKind string

// The kinds of service point, in the order pages show them.
const (
	MediationStation PointKind = "mediation_station" // 矛调工作站, 调解室
	EldersStudio     PointKind = "elders_studio"     // 乡贤工作室, 老娘舅工作室
	LawSquare        PointKind = "law_square"        // 法治广场: a venue, not a body
	CourtPoint       PointKind = "court_point"       // 巡回审判点, 法官工作站
	JudicialOffice   PointKind = "judicial_office"   // 司法所
	OtherPoint       PointKind = "other"
)

// PointKinds lists the kinds in the order pages show them.
var PointKinds = []PointKind{MediationStation, EldersStudio, LawSquare, CourtPoint, JudicialOffice, OtherPoint}

// ServicePoint is a place where people find help with a dispute. Lat and Lng
// are degrees (WGS 84), nil when not known.
type ServicePoint struct {
	ID        string    `db:"id"`
	Area      string    `db:"area_id"`
	Committee string    `db:"committee_id"` // "" when it belongs to none
	Kind      PointKind `db:"kind"`
	Name      string    `db:"name"`
	Address   string    `db:"address"`
	Phone     string    `db:"phone"`
	Hours     string    `db:"hours"`
	Services  string    `db:"services"`
	Lat       *float64  `db:"lat"`
	Lng       *float64  `db:"lng"`
}

// Faults says what is wrong with the point: field of the form to locale key.
// Empty means good.
func (p ServicePoint) Faults() map[string]string {
	faults := nameFaults(p.Name)
	if p.Area == "" {
		faults["area"] = "error.choose"
	}
	if !slices.Contains(PointKinds, p.Kind) {
		faults["kind"] = "error.choose"
	}
	for field, text := range map[string]string{"address": p.Address, "phone": p.Phone, "hours": p.Hours, "services": p.Services} {
		if utf8.RuneCountInString(text) > MaxText {
			faults[field] = "error.place_text_long"
		}
	}
	if p.Address == "" {
		faults["address"] = "error.required"
	}
	markPosition(faults, p.Lat, p.Lng)
	return faults
}

// The fifteen-minute circle of public legal service: what one walks in a town
// in a quarter of an hour.
//
// Source: domain.md 7.2, a county work plan of Zhejiang: urban 15 minutes' walk,
// about 1.2 km.
const (
	WalkMinutes = 15
	WalkMeters  = 1200.0
)

// earthRadius is the mean radius in metres (IUGG R1).
const earthRadius = 6371008.8

// Distance is the way along the surface between two positions in degrees, in
// metres, by the haversine formula. It takes the earth for a ball, which is
// wrong by half a percent at most.
func Distance(lat1, lng1, lat2, lng2 float64) float64 {
	const degree = math.Pi / 180
	dLat, dLng := (lat2-lat1)*degree, (lng2-lng1)*degree
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1*degree)*math.Cos(lat2*degree)*math.Pow(math.Sin(dLng/2), 2)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

// Near is a service point as seen from somewhere.
type Near struct {
	Point  ServicePoint
	Meters float64
}

// Minutes is the walk in whole minutes, rounded up, at the pace of the circle.
func (n Near) Minutes() int { return int(math.Ceil(n.Meters / (WalkMeters / WalkMinutes))) }

// InCircle says whether the point lies in the fifteen-minute circle.
func (n Near) InCircle() bool { return n.Meters <= WalkMeters }

// Nearest orders the points by their distance from a position in degrees, the
// nearest first; equal distances keep the order given. Points without a position
// are left out.
func Nearest(points []ServicePoint, lat, lng float64) []Near {
	near := make([]Near, 0, len(points))
	for _, p := range points {
		if p.Lat != nil && p.Lng != nil {
			near = append(near, Near{p, Distance(lat, lng, *p.Lat, *p.Lng)})
		}
	}
	slices.SortStableFunc(near, func(a, b Near) int { return cmp.Compare(a.Meters, b.Meters) })
	return near
}

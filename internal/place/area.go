// Package place knows where things are: the tree of areas from the province
// down to the building, the service points, and the circle one can walk in
// fifteen minutes. It is pure: no I/O, no clock.
package place

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is the level of an area.
type Kind string

// The kinds, from the widest to the narrowest.
//
// Source: domain.md 7.1; the grid as the basic unit inside a community, BZ21 3.
const (
	Province    Kind = "province"
	City        Kind = "city"
	District    Kind = "district"    // 区, 县级市
	Subdistrict Kind = "subdistrict" // 街道, 镇
	Community   Kind = "community"   // 社区 (residents' committee)
	Grid        Kind = "grid"        // 网格
	Building    Kind = "building"    // 楼栋
)

// Kinds lists the kinds from the widest to the narrowest.
var Kinds = []Kind{Province, City, District, Subdistrict, Community, Grid, Building}

// Known says whether the kind is one of Kinds.
func (k Kind) Known() bool { return k.rank() >= 0 }

func (k Kind) rank() int { return slices.Index(Kinds, k) }

// Within says whether an area of the other kind may be written directly below
// one of this kind.
//
// Levels may be left out upwards of the community, since cities without
// districts exist; a grid is drawn inside a community, and a building stands in
// a grid or, where none are drawn, in the community.
func (k Kind) Within(child Kind) bool {
	if !k.Known() || !child.Known() {
		return false
	}
	switch child {
	case Grid:
		return k == Community
	case Building:
		return k == Community || k == Grid
	}
	return k.rank() < child.rank()
}

// Root says whether a tree may begin with an area of this kind. A single
// community may run the program alone; a grid or a building needs its community.
func (k Kind) Root() bool { return k.Known() && k != Grid && k != Building }

// Below lists the kinds that may stand directly below, widest first; for "" the
// kinds a tree may begin with.
func (k Kind) Below() []Kind {
	var below []Kind
	for _, child := range Kinds {
		if k == "" && child.Root() || k.Within(child) {
			below = append(below, child)
		}
	}
	return below
}

// Area is one place of the tree. Path holds the codes from the root down, each
// closed by a slash ("hz/gs/yy/"): the subtree of an area is every path that
// begins with its own. Lat and Lng are degrees (WGS 84), nil when not known.
type Area struct {
	ID     string   `db:"id"`
	Parent string   `db:"parent_id"` // "" for a root
	Kind   Kind     `db:"kind"`
	Name   string   `db:"name"`
	NameEN string   `db:"name_en"`
	Code   string   `db:"code"`
	Path   string   `db:"path"`
	Lat    *float64 `db:"lat"`
	Lng    *float64 `db:"lng"`
}

// The longest names and texts of this package, in characters.
const (
	MaxName = 60
	MaxText = 500
)

// codeShape is the shape of a code; the table's check areas_code_shape says the same.
var codeShape = regexp.MustCompile(`^[a-z0-9-]{1,24}$`)

// Title is the name in the language: NameEN for "en" where there is one.
func (a Area) Title(lang string) string {
	if lang == "en" && a.NameEN != "" {
		return a.NameEN
	}
	return a.Name
}

// Depth is how many areas stand above this one.
func (a Area) Depth() int { return max(strings.Count(a.Path, "/")-1, 0) }

// Contains says whether the other area is this one or lies in its subtree.
func (a Area) Contains(other Area) bool {
	return a.Path != "" && strings.HasPrefix(other.Path, a.Path)
}

// PathUnder is the path of an area with the code below the parent; nil is no parent.
func PathUnder(parent *Area, code string) string {
	if parent == nil {
		return code + "/"
	}
	return parent.Path + code + "/"
}

// Faults says what is wrong with the area below its parent (nil for a root):
// field of the form to locale key. Empty means good.
func (a Area) Faults(parent *Area) map[string]string {
	faults := nameFaults(a.Name)
	if utf8.RuneCountInString(a.NameEN) > 2*MaxName {
		faults["name_en"] = "error.place_name_long"
	}
	if !codeShape.MatchString(a.Code) {
		faults["code"] = "error.area_code"
	}
	switch {
	case !a.Kind.Known():
		faults["kind"] = "error.choose"
	case parent == nil && !a.Kind.Root(), parent != nil && !parent.Kind.Within(a.Kind):
		faults["kind"] = "error.area_kind"
	}
	markPosition(faults, a.Lat, a.Lng)
	return faults
}

func nameFaults(name string) map[string]string {
	faults := map[string]string{}
	switch {
	case strings.TrimSpace(name) == "":
		faults["name"] = "error.required"
	case utf8.RuneCountInString(name) > MaxName:
		faults["name"] = "error.place_name_long"
	}
	return faults
}

// markPosition wants both halves of a position or none, within the globe.
func markPosition(faults map[string]string, lat, lng *float64) {
	switch {
	case lat == nil && lng != nil:
		faults["lat"] = "error.position_half"
	case lat != nil && lng == nil:
		faults["lng"] = "error.position_half"
	}
	if lat != nil && !(*lat >= -90 && *lat <= 90) {
		faults["lat"] = "error.latitude"
	}
	if lng != nil && !(*lng >= -180 && *lng <= 180) {
		faults["lng"] = "error.longitude"
	}
}

package place_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"doorstep/internal/place"
)

// The grid of what may stand directly below what, as one reads it.
func TestWhatMayStandBelowWhat(t *testing.T) {
	const want = `
	             province city district subdistrict community grid building
	province     -        yes  yes      yes         yes       -    -
	city         -        -    yes      yes         yes       -    -
	district     -        -    -        yes         yes       -    -
	subdistrict  -        -    -        -           yes       -    -
	community    -        -    -        -           -         yes  yes
	grid         -        -    -        -           -         -    yes
	building     -        -    -        -           -         -    -`
	rows := strings.Split(strings.TrimSpace(want), "\n")
	heads := strings.Fields(rows[0])
	if len(heads) != len(place.Kinds) || len(rows)-1 != len(place.Kinds) {
		t.Fatalf("the grid is %d×%d, want %d kinds", len(heads), len(rows)-1, len(place.Kinds))
	}
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		for i, head := range heads {
			if got := place.Kind(cells[0]).Within(place.Kind(head)); got != (cells[i+1] == "yes") {
				t.Errorf("%s within %s: %v, want %s", head, cells[0], got, cells[i+1])
			}
		}
	}
}

func TestBelowListsWhatWithinAllows(t *testing.T) {
	for _, k := range place.Kinds {
		for _, child := range place.Kinds {
			if slices.Contains(k.Below(), child) != k.Within(child) {
				t.Errorf("%s below %s: the list and the rule differ", child, k)
			}
		}
	}
	want := []place.Kind{place.Province, place.City, place.District, place.Subdistrict, place.Community}
	if diff := cmp.Diff(want, place.Kind("").Below()); diff != "" {
		t.Errorf("what a tree may begin with (-want +got):\n%s", diff)
	}
}

func degrees(v float64) *float64 { return &v }

func TestAreaFaults(t *testing.T) {
	district := &place.Area{Kind: place.District, Path: "gs/"}
	for _, tt := range []struct {
		rule  string
		spoil func(*place.Area)
		field string
		key   string
	}{
		{"a name is needed", func(a *place.Area) { a.Name = "  " }, "name", "error.required"},
		{"a name has an end", func(a *place.Area) { a.Name = strings.Repeat("园", place.MaxName+1) }, "name", "error.place_name_long"},
		{"a code is needed", func(a *place.Area) { a.Code = "" }, "code", "error.area_code"},
		{"a code has no capitals", func(a *place.Area) { a.Code = "YY" }, "code", "error.area_code"},
		{"a code holds no slash, which closes the codes of a path", func(a *place.Area) { a.Code = "a/b" }, "code", "error.area_code"},
		{"a code holds no wildcard of a search by prefix", func(a *place.Area) { a.Code = "a%" }, "code", "error.area_code"},
		{"a code ends after 24", func(a *place.Area) { a.Code = strings.Repeat("a", 25) }, "code", "error.area_code"},
		{"the kind is a known one", func(a *place.Area) { a.Kind = "hamlet" }, "kind", "error.choose"},
		{"a grid is drawn in a community, not in a district", func(a *place.Area) { a.Kind = place.Grid }, "kind", "error.area_kind"},
		{"a district does not stand in a district", func(a *place.Area) { a.Kind = place.District }, "kind", "error.area_kind"},
		{"half a position is none", func(a *place.Area) { a.Lng = nil }, "lng", "error.position_half"},
		{"the other half neither", func(a *place.Area) { a.Lat = nil }, "lat", "error.position_half"},
		{"latitude ends at the pole", func(a *place.Area) { a.Lat = degrees(90.1) }, "lat", "error.latitude"},
		{"latitude is a number", func(a *place.Area) { a.Lat = degrees(math.NaN()) }, "lat", "error.latitude"},
		{"longitude ends at the date line", func(a *place.Area) { a.Lng = degrees(-180.1) }, "lng", "error.longitude"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a := place.Area{Kind: place.Community, Name: "榆园社区", Code: "yy", Lat: degrees(30.27), Lng: degrees(120.15)}
			if faults := a.Faults(district); len(faults) != 0 {
				t.Fatalf("the good area is refused: %v", faults)
			}
			tt.spoil(&a)
			if diff := cmp.Diff(map[string]string{tt.field: tt.key}, a.Faults(district)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	if faults := (place.Area{Kind: place.Grid, Name: "一网格", Code: "g1"}).Faults(nil); faults["kind"] != "error.area_kind" {
		t.Errorf("a grid as a root: %v, want the kind marked", faults)
	}
}

func TestPathsNest(t *testing.T) {
	code := rapid.StringMatching(`[a-z0-9-]{1,24}`)
	rapid.Check(t, func(t *rapid.T) {
		top := place.Area{Path: place.PathUnder(nil, code.Draw(t, "top"))}
		mid := place.Area{Path: place.PathUnder(&top, code.Draw(t, "mid"))}
		leaf := place.Area{Path: place.PathUnder(&mid, code.Draw(t, "leaf"))}
		sibling := place.Area{Path: place.PathUnder(&top, strings.TrimSuffix(strings.TrimPrefix(mid.Path, top.Path), "/")+"0")}
		if !top.Contains(leaf) || !mid.Contains(leaf) || !mid.Contains(mid) {
			t.Errorf("%q and %q do not hold %q", top.Path, mid.Path, leaf.Path)
		}
		if leaf.Contains(mid) || mid.Contains(sibling) || sibling.Contains(leaf) {
			t.Errorf("%q, %q and %q hold each other wrongly", mid.Path, sibling.Path, leaf.Path)
		}
		if got := []int{top.Depth(), mid.Depth(), leaf.Depth()}; !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("depths are %v", got)
		}
	})
}

func TestTitleFallsBackToTheChineseName(t *testing.T) {
	a := place.Area{Name: "榆园社区", NameEN: "Elm Garden"}
	if a.Title("en") != "Elm Garden" || a.Title("zh-CN") != "榆园社区" || (place.Area{Name: "榆园社区"}).Title("en") != "榆园社区" {
		t.Error("a title is in the wrong language")
	}
}

func TestPointFaults(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		spoil func(*place.ServicePoint)
		field string
	}{
		{"a name is needed", func(p *place.ServicePoint) { p.Name = "" }, "name"},
		{"an area is needed", func(p *place.ServicePoint) { p.Area = "" }, "area"},
		{"an address is needed: people walk there", func(p *place.ServicePoint) { p.Address = "" }, "address"},
		{"the kind is a known one", func(p *place.ServicePoint) { p.Kind = "tea_house" }, "kind"},
		{"services have an end", func(p *place.ServicePoint) { p.Services = strings.Repeat("调", place.MaxText+1) }, "services"},
		{"hours have an end", func(p *place.ServicePoint) { p.Hours = strings.Repeat("时", place.MaxText+1) }, "hours"},
		{"half a position is none", func(p *place.ServicePoint) { p.Lat = degrees(30) }, "lng"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := place.ServicePoint{Area: "a", Kind: place.LawSquare, Name: "法治广场", Address: "榆园路 8 号"}
			if faults := p.Faults(); len(faults) != 0 {
				t.Fatalf("the good point is refused: %v", faults)
			}
			tt.spoil(&p)
			if faults := p.Faults(); faults[tt.field] == "" || len(faults) != 1 {
				t.Errorf("faults = %v, want %q alone", faults, tt.field)
			}
		})
	}
}

func TestDistanceOfKnownPairs(t *testing.T) {
	for _, tt := range []struct {
		what                   string
		lat1, lng1, lat2, lng2 float64
		want, off              float64
	}{
		{"one degree of the equator", 0, 0, 0, 1, 111195, 1},
		{"one degree of a meridian", 30, 120, 31, 120, 111195, 1},
		{"pole to pole", 90, 0, -90, 0, math.Pi * 6371008.8, 1},
		{"Beijing to Shanghai", 39.9042, 116.4074, 31.2304, 121.4737, 1067310, 2000},
		{"no way at all", 30.27, 120.15, 30.27, 120.15, 0, 0},
		{"across the date line", 0, 179.5, 0, -179.5, 111195, 1},
	} {
		if got := place.Distance(tt.lat1, tt.lng1, tt.lat2, tt.lng2); math.Abs(got-tt.want) > tt.off {
			t.Errorf("%s: %.0f m, want %.0f", tt.what, got, tt.want)
		}
	}
}

func TestDistanceIsADistance(t *testing.T) {
	lat, lng := rapid.Float64Range(-90, 90), rapid.Float64Range(-180, 180)
	rapid.Check(t, func(t *rapid.T) {
		a1, a2, b1, b2, c1, c2 := lat.Draw(t, "a1"), lng.Draw(t, "a2"), lat.Draw(t, "b1"), lng.Draw(t, "b2"), lat.Draw(t, "c1"), lng.Draw(t, "c2")
		ab, ba := place.Distance(a1, a2, b1, b2), place.Distance(b1, b2, a1, a2)
		if math.Abs(ab-ba) > 1e-3 || ab < 0 || math.IsNaN(ab) {
			t.Errorf("there %v m and back %v m", ab, ba)
		}
		if by := place.Distance(a1, a2, c1, c2) + place.Distance(c1, c2, b1, b2); by < ab-1 {
			t.Errorf("a detour of %v m is shorter than the way of %v m", by, ab)
		}
	})
}

func TestNearestOrdersAndLeavesOutWhatHasNoPosition(t *testing.T) {
	far := place.ServicePoint{Name: "远", Lat: degrees(30.29), Lng: degrees(120.15)}
	near := place.ServicePoint{Name: "近", Lat: degrees(30.2705), Lng: degrees(120.15)}
	lost := place.ServicePoint{Name: "不详"}
	got := place.Nearest([]place.ServicePoint{far, lost, near}, 30.27, 120.15)
	if len(got) != 2 || got[0].Point.Name != "近" || got[1].Point.Name != "远" {
		t.Fatalf("order: %+v", got)
	}
	if !got[0].InCircle() || got[0].Minutes() != 1 {
		t.Errorf("56 m: in circle %v, %d minutes", got[0].InCircle(), got[0].Minutes())
	}
	if got[1].InCircle() || got[1].Minutes() != 28 {
		t.Errorf("2224 m: in circle %v, %d minutes", got[1].InCircle(), got[1].Minutes())
	}
}

func TestTheCircleEndsAtFifteenMinutes(t *testing.T) {
	if n := (place.Near{Meters: place.WalkMeters}); !n.InCircle() || n.Minutes() != 15 {
		t.Errorf("at 1,200 m: in circle %v, %d minutes", n.InCircle(), n.Minutes())
	}
	if n := (place.Near{Meters: place.WalkMeters + 1}); n.InCircle() || n.Minutes() != 16 {
		t.Errorf("at 1,201 m: in circle %v, %d minutes", n.InCircle(), n.Minutes())
	}
}

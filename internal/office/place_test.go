package office_test

import (
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/place"
	"doorstep/internal/statute"
)

const noSuch = "99999999-9999-7999-8999-999999999999"

func TestTheTreeGrowsFromTheTop(t *testing.T) {
	h := open(t)
	district, err := h.office.AddArea(h.ctx, h.admin, place.Area{Kind: place.District, Name: "拱墅区", Code: "gs"})
	h.must(err)
	community, err := h.office.AddArea(h.ctx, h.admin, place.Area{Parent: string(district), Kind: place.Community, Name: " 榆园社区 ", Code: "yy"})
	h.must(err)
	grid, err := h.office.AddArea(h.ctx, h.admin, place.Area{Parent: string(community), Kind: place.Grid, Name: "第一网格", Code: "g1"})
	h.must(err)
	building, err := h.office.AddArea(h.ctx, h.admin, place.Area{Parent: string(grid), Kind: place.Building, Name: "3 幢", Code: "3"})
	h.must(err)

	b, err := h.office.Branch(h.ctx, mediation.Visitor(), grid)
	h.must(err)
	if b.Area.Path != "gs/yy/g1/" || len(b.Above) != 2 || b.Above[0].ID != string(district) || b.Above[1].Name != "榆园社区" {
		t.Errorf("way down to the grid: %+v, above %+v", b.Area, b.Above)
	}
	if len(b.Below) != 1 || b.Below[0].ID != string(building) {
		t.Errorf("below the grid: %+v", b.Below)
	}
	top, err := h.office.Branch(h.ctx, mediation.Visitor(), "")
	h.must(err)
	if top.Area != nil || len(top.Below) != 1 || top.Below[0].ID != string(district) {
		t.Errorf("top: %+v", top)
	}
	for deepest, want := range map[place.Kind]int{"": 4, place.Community: 2, place.Grid: 3, place.District: 1} {
		areas, err := h.office.Areas(h.ctx, mediation.Visitor(), deepest)
		h.must(err)
		if len(areas) != want {
			t.Errorf("down to %q: %d areas, want %d", deepest, len(areas), want)
		}
	}
	h.wantHistory("add_area", "add_area", "add_area", "add_area")
}

func TestAnAreaNeedsItsParent(t *testing.T) {
	h := open(t)
	good := place.Area{Kind: place.Community, Name: "榆园社区", Code: "yy"}
	for parent, want := range map[string]string{noSuch: "error.choose", "nonsense": "error.choose"} {
		a := good
		a.Parent = parent
		_, err := h.office.AddArea(h.ctx, h.admin, a)
		h.wantFields(err, map[string]string{"parent": want})
	}
	_, err := h.office.AddArea(h.ctx, h.admin, place.Area{Kind: place.Grid, Name: "网格", Code: "A"})
	h.wantFields(err, map[string]string{"kind": "error.area_kind", "code": "error.area_code"})
}

func TestRenamingAnAreaKeepsItsPath(t *testing.T) {
	h := open(t)
	id := h.community()
	h.must(h.office.RenameArea(h.ctx, h.admin, id, "榆园新社区", "New Elm Garden"))
	b, err := h.office.Branch(h.ctx, h.admin, id)
	h.must(err)
	if b.Area.Name != "榆园新社区" || b.Area.NameEN != "New Elm Garden" || b.Area.Path != "yy/" {
		t.Errorf("renamed: %+v", b.Area)
	}
	h.wantFields(h.office.RenameArea(h.ctx, h.admin, id, " ", ""), map[string]string{"name": "error.required"})
	h.wantKind(h.office.RenameArea(h.ctx, h.admin, noSuch, "某", ""), mediation.NotFound, "error.not_found")
	h.wantKind(h.office.RenameArea(h.ctx, h.admin, "'; DROP", "某", ""), mediation.NotFound, "error.not_found")
}

func TestCourtsStandInAnArea(t *testing.T) {
	h := open(t)
	id := h.community()
	_, err := h.office.AddCourt(h.ctx, h.admin, office.Court{Area: noSuch})
	h.wantFields(err, map[string]string{"name": "error.required", "area": "error.choose"})
	_, err = h.office.AddCourt(h.ctx, h.admin, office.Court{Area: id, Name: "拱墅区人民法院"})
	h.must(err)
	courts, err := h.office.Courts(h.ctx, mediation.Visitor())
	h.must(err)
	if len(courts) != 1 || courts[0].Name != "拱墅区人民法院" || courts[0].AreaName != "榆园社区" {
		t.Errorf("courts: %+v", courts)
	}
}

func TestServicePointsAreReadByEverybody(t *testing.T) {
	h := open(t)
	area := h.community()
	lat, lng := 30.27, 120.15
	p := place.ServicePoint{Area: string(area), Kind: place.MediationStation, Name: "榆园调解室", Address: "榆园路 8 号", Phone: "0571-81234567",
		Hours: "周一至周五 9:00—17:00", Services: "调解、法律咨询", Lat: &lat, Lng: &lng}
	id, err := h.office.AddServicePoint(h.ctx, h.admin, p)
	h.must(err)
	p.ID, p.Name, p.Committee = id, "榆园社区调解室", string(h.committee(area))
	h.must(h.office.ChangeServicePoint(h.ctx, h.admin, p))

	points, err := h.office.Points(h.ctx, mediation.Visitor())
	h.must(err)
	if len(points) != 1 || points[0].Name != "榆园社区调解室" || points[0].AreaName != "榆园社区" || *points[0].Lat != lat ||
		points[0].CommitteeName != "榆园社区人民调解委员会" {
		t.Errorf("points: %+v", points)
	}
	h.wantHistory("add_area", "add_point", "set_up_committee", "change_point")

	p.Phone, p.Committee, p.Address, p.Lat = "打给老王", noSuch, "", nil
	h.wantFields(h.office.ChangeServicePoint(h.ctx, h.admin, p),
		map[string]string{"phone": "error.public_phone", "committee": "error.choose", "address": "error.required", "lat": "error.position_half"})
	p = points[0].ServicePoint
	p.ID = noSuch
	h.wantKind(h.office.ChangeServicePoint(h.ctx, h.admin, p), mediation.NotFound, "error.not_found")
	_, err = h.office.Point(h.ctx, mediation.Visitor(), noSuch)
	h.wantKind(err, mediation.NotFound, "error.not_found")
}

func TestSettingACommitteeUp(t *testing.T) {
	h := open(t)
	area := h.community()
	end := statute.NewDate(2029, 5, 1)
	id, err := h.office.SetUpCommittee(h.ctx, h.admin, office.Committee{Area: area, Name: "榆园社区人民调解委员会", ShortName: "榆园人调字", Kind: "community",
		Phone: "0571-81234567", Address: "榆园路 8 号", TermEnd: end, Contacts: 5,
		Limits: statute.Limits{statute.D01Acceptance: {N: 2, Unit: statute.WorkingDays}}})
	h.must(err)
	c, err := h.office.Committee(h.ctx, h.admin, id)
	h.must(err)
	if c.TermEnd != end || c.Kind != "community" || c.AreaKind != "community" || c.Contacts != 5 || c.Version != 1 || c.AreaName != "榆园社区" {
		t.Errorf("stored: %+v", c)
	}
	if got := c.Limits.Term(statute.D01Acceptance); got.N != 2 {
		t.Errorf("D-01 is %+v, want the committee's own 2", got)
	}
	if got := c.Limits.Term(statute.D06Mediation); got.N != 30 {
		t.Errorf("D-06 is %+v, want the default 30", got)
	}
	h.wantHistory("add_area", "set_up_committee")
}

func TestWhatACommitteeMayNotSettle(t *testing.T) {
	h := open(t)
	area := h.community()
	grid, err := h.office.AddArea(h.ctx, h.admin, place.Area{Parent: string(area), Kind: place.Grid, Name: "第一网格", Code: "g1"})
	h.must(err)
	h.committee(area)
	for _, tt := range []struct {
		rule  string
		spoil func(*office.Committee)
		field string
		key   string
	}{
		{"a name is needed", func(c *office.Committee) { c.Name = " " }, "name", "error.required"},
		{"a short name is needed", func(c *office.Committee) { c.ShortName = "" }, "short_name", "error.required"},
		{"the short name has no bracket of the number", func(c *office.Committee) { c.ShortName = "柳园〔2026〕" }, "short_name", "error.short_name"},
		{"the short name is short", func(c *office.Committee) { c.ShortName = strings.Repeat("柳", 21) }, "short_name", "error.short_name"},
		{"two committees never share a short name", func(c *office.Committee) { c.ShortName = "榆园人调字" }, "short_name", "error.short_name_taken"},
		{"a kind is needed", func(c *office.Committee) { c.Kind = "" }, "kind", "error.choose"},
		{"the kind is one of the list", func(c *office.Committee) { c.Kind = "school" }, "kind", "error.choose"},
		{"an area is needed", func(c *office.Committee) { c.Area = "" }, "area", "error.choose"},
		{"a grid has no committee", func(c *office.Committee) { c.Area = grid }, "area", "error.committee_area"},
		{"one contact at least", func(c *office.Committee) { c.Contacts = 0 }, "contacts", "error.contacts"},
		{"20 contacts at most", func(c *office.Committee) { c.Contacts = 21 }, "contacts", "error.contacts"},
		{"a phone is digits", func(c *office.Committee) { c.Phone = "问门卫" }, "phone", "error.public_phone"},
		{"what the law fixes is not set", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D12Confirmation: {N: 40, Unit: statute.CalendarDays}}
		}, "limit.D-12", "error.limit"},
		{"the day of performance is the parties' own", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D13Performance: {N: 5, Unit: statute.CalendarDays}}
		}, "limit.D-13", "error.limit"},
		{"a limit is at least one", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D01Acceptance: {N: 0, Unit: statute.WorkingDays}}
		}, "limit.D-01", "error.limit"},
		{"an oral agreement is kept five years", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D18Oral: {N: 4, Unit: statute.Years}}
		}, "limit.D-18a", "error.limit_kept"},
		{"and every other volume too", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D18Long: {N: 3, Unit: statute.Years}}
		}, "limit.D-18c", "error.limit_kept"},
		{"years are years", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D18Short: {N: 3650, Unit: statute.CalendarDays}}
		}, "limit.D-18b", "error.limit_kept"},
		{"no class is kept for less than the one before", func(c *office.Committee) {
			c.Limits = statute.Limits{statute.D18Oral: {N: 12, Unit: statute.Years}}
		}, "limit.D-18b", "error.limit_kept_order"},
		{"an unknown clock is not set", func(c *office.Committee) {
			c.Limits = statute.Limits{"D-99": {N: 1, Unit: statute.WorkingDays}}
		}, "limit.D-99", "error.limit"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			c := office.Committee{Area: area, Name: "柳园社区人民调解委员会", ShortName: "柳园人调字", Kind: "community", Contacts: 3}
			tt.spoil(&c)
			_, err := h.office.SetUpCommittee(h.ctx, h.admin, c)
			if got := mediation.FieldsOf(err); got[tt.field] != tt.key || len(got) != 1 {
				t.Errorf("err = %v, want %s at %s alone", err, tt.key, tt.field)
			}
		})
	}
	if n := h.count(`SELECT count(*) FROM committees`); n != 1 {
		t.Errorf("%d committees, want the first one only", n)
	}
}

func TestTwoWhoChangeACommitteeAtOnce(t *testing.T) {
	h := open(t)
	id := h.committee(h.community())
	mine, err := h.office.Committee(h.ctx, h.admin, id)
	h.must(err)
	theirs := *mine
	theirs.Phone, theirs.Kind = "0571-80000000", "property"
	h.must(h.office.ChangeCommittee(h.ctx, h.admin, theirs))
	mine.Address = "新址"
	h.wantKind(h.office.ChangeCommittee(h.ctx, h.admin, *mine), mediation.Conflict, "error.stale")
	now, err := h.office.Committee(h.ctx, h.admin, id)
	h.must(err)
	if now.Phone != "0571-80000000" || now.Kind != "property" || now.Address != "" || now.Version != 2 {
		t.Errorf("stored: %+v", now)
	}
	mine.ID = noSuch
	h.wantKind(h.office.ChangeCommittee(h.ctx, h.admin, *mine), mediation.NotFound, "error.not_found")
}

func TestTheCalendarTakesTheOfficesDays(t *testing.T) {
	h := open(t)
	day, saturday := statute.NewDate(2027, 3, 3), statute.NewDate(2027, 3, 6)
	h.must(h.office.AddCalendarDay(h.ctx, h.admin, statute.Exception{Day: day, NameZH: "本地休假"}))
	h.must(h.office.AddCalendarDay(h.ctx, h.admin, statute.Exception{Day: saturday, Work: true, NameZH: "调休上班"}))
	c, err := h.office.Calendar(h.ctx)
	h.must(err)
	if c.IsWorkday(day) || !c.IsWorkday(saturday) || c.IsWorkday(statute.NewDate(2026, 10, 1)) {
		t.Error("the calendar does not know the office's days, or lost its own")
	}
	h.must(h.office.AddCalendarDay(h.ctx, h.admin, statute.Exception{Day: day, Work: true, NameZH: "照常上班"}))
	if c, err = h.office.Calendar(h.ctx); err != nil || !c.IsWorkday(day) {
		t.Errorf("a day put right is not: %v", err)
	}
	days, err := h.office.CalendarDays(h.ctx, h.admin)
	h.must(err)
	if len(days) != 2 || days[0].NameZH != "照常上班" {
		t.Errorf("days: %+v", days)
	}
	h.wantFields(h.office.AddCalendarDay(h.ctx, h.admin, statute.Exception{}),
		map[string]string{"day": "error.date", "name_zh": "error.required"})
	h.wantHistory("set_calendar", "set_calendar", "set_calendar")
}

func TestAWholeNoticeComesInOrNotAtAll(t *testing.T) {
	h := open(t)
	n, err := h.office.ImportCalendar(h.ctx, h.admin, "2027-01-01,off,元旦,New Year\n2027-05-01,off,劳动节,Labour Day\n2027-10-01,off,国庆节,National Day\n")
	h.must(err)
	c, err := h.office.Calendar(h.ctx)
	h.must(err)
	if n != 3 || !c.Published(2027) {
		t.Errorf("%d days came in, 2027 published: %v", n, c.Published(2027))
	}
	for _, bad := range []string{"", "2028-01-01,off,元旦,New Year\n2028-13-01,off,错,Wrong", "周末都上班"} {
		_, err := h.office.ImportCalendar(h.ctx, h.admin, bad)
		h.wantFields(err, map[string]string{"notice": "error.calendar_notice"})
	}
	if n := h.count(`SELECT count(*) FROM calendar_days`); n != 3 {
		t.Errorf("%d days stored, want 3", n)
	}
}

package statute

import (
	"fmt"
	"strings"
	"testing"
)

// proves: competence.inviting competence.seat competence.object competence.domicile
func TestCompetentCourts(t *testing.T) {
	courts := []CourtSeat{{"city", "市中级人民法院", "su/"}, {"gx", "高新区人民法院", "su/gx/"}, {"outpost", "高新区人民法院枫桥法庭", "su/gx/"}, {"gs", "姑苏区人民法院", "su/gs/"},
		{"far", "外市某区人民法院", "wx/lx/"}, {"nowhere", "未设辖区的法院", ""}}
	for _, tt := range []struct {
		rule string
		f    CourtFacts
		want string
	}{
		{"the committee's court, which is that of the place too", CourtFacts{Seat: "su/gx/yy/", Object: "su/gx/yy/g1/"}, "gx seat object|outpost seat object"},
		{"another district's place", CourtFacts{Seat: "su/gx/yy/", Object: "su/gs/pj/"}, "gx seat|outpost seat|gs object"},
		{"a party from another city", CourtFacts{Seat: "su/gs/pj/", Domiciles: []string{"wx/lx/a/", "su/gs/b/"}}, "gs seat domicile|far domicile"},
		{"a district without a court of its own: the one above", CourtFacts{Seat: "su/xc/a/"}, "city seat"},
		{"the court that delegated is the only one", CourtFacts{Inviting: "gs", Seat: "su/gx/yy/", Object: "su/gx/yy/"}, "gs inviting"},
		{"the court that delegated is not listed", CourtFacts{Inviting: "x", Seat: "su/gx/yy/"}, ""},
		{"a code that only begins alike is another area", CourtFacts{Seat: "su/gxx/a/"}, "city seat"},
		{"nothing is known", CourtFacts{}, ""},
		{"no court of ours", CourtFacts{Seat: "nj/a/"}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			for _, c := range CompetentCourts(courts, tt.f) {
				got = append(got, c.Court.ID+" "+strings.Join(c.Grounds, " "))
				for _, g := range c.Grounds {
					if code, ok := Lookup(Competence, g); !ok || !strings.HasPrefix(code.Source, "CPL 205") {
						t.Errorf("the ground %q has no words or another source", g)
					}
				}
			}
			if text := strings.Join(got, "|"); text != tt.want {
				t.Errorf("%s, want %s", text, tt.want)
			}
		})
	}
}

// TestMonthsEndOnTheSameDay: the months of an objection by somebody else.
//
// proves: reckon.count_months
func TestMonthsEndOnTheSameDay(t *testing.T) {
	for start, want := range map[string]string{"2026-01-15": "2026-07-15", "2026-08-31": "2027-02-28", "2025-08-31": "2026-02-28", "2026-10-31": "2027-04-30", "2026-12-01": "2027-06-01"} {
		got := ""
		for _, s := range DefaultCalendar().Reckon(day(t, start).Start(), ThirdPartyObjection).Steps {
			if s.Rule == "count_months" {
				got = fmt.Sprint(s.Day, s.N, s.Source)
			}
		}
		if want += "6CC 202"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("six months from %s: %s, want %s", start, got, want)
		}
	}
}

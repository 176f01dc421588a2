package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/mediation"
)

// committee sets up the least that work needs and gives the address of its page.
func (f *front) committee() (page string) {
	f.t.Helper()
	f.post("/admin/areas", values("kind", "community", "name", "榆园社区", "name_en", "Elm Garden", "code", "yy"))
	area := option(f.get("/admin/committees/new"), "area", "榆园社区")
	return f.post("/admin/committees", values("name", "榆园社区人民调解委员会", "short_name", "榆园人调字", "kind", "community", "area", area, "contacts", "3",
		"limit.D-01", "2", "term_end", "2029-05-01"))
}

// person makes an account and gives the address of its page.
func (f *front) person(username, name string) string {
	f.t.Helper()
	doc := f.refused("/admin/people", values("username", username, "name", name), http.StatusCreated)
	if got := len(doc.Find("main .reference code").Text()); got != len("abcd-efgh-ijkl") {
		f.t.Errorf("the one-time password has %d characters", got)
	}
	return strings.TrimSuffix(doc.Find(`main a[href$="/grants"]`).AttrOr("href", ""), "/grants")
}

func TestTheFirstAdminIsLedThroughSettingUp(t *testing.T) {
	f := openFront(t)
	f.wantNext("area")
	f.get("/admin/areas")
	f.wantNext("area")
	committee := f.committee()
	f.wantNext("people")
	f.get(committee)
	person := f.person("Li.Na", "李娜")
	f.get(person)
	for _, role := range []string{"chair", "coordinator"} {
		if to := f.post(committee+"/members", values("username", "li.na", "role", role)); to != committee {
			t.Errorf("adding a member leads to %q", to)
		}
	}
	f.wantNext("mediators")
	f.get(person + "/grants")
	f.post(committee+"/members", values("username", "li.na", "role", "mediator"))
	doc := f.get(person + "/mediator")
	chosen := doc.Find(`select[name="committee"] option[selected]`).AttrOr("value", "")
	if !strings.HasSuffix(committee, chosen) || chosen == "" {
		t.Errorf("the record offers committee %q first", chosen)
	}
	f.post(person+"/mediator", values("committee", chosen, "registration_no", "拱司调 12", "registered_on", "2026-01-05", "employment", "full",
		"party_member", "yes", "max_cases", "20", "sex", "2", "schooling", "30"))
	f.wantNext("points")
	f.get("/admin/points")
	area := option(f.get("/admin/points/new"), "area", "榆园社区")
	f.post("/admin/points", values("name", "榆园调解室", "kind", "mediation_station", "area", area, "address", "榆园路 8 号", "phone", "0571-81234567",
		"lat", "30.27", "lng", "120.15"))
	f.wantNext("secondadmin")

	if rows := f.get(committee).Find("table.ledger tbody tr").Length(); rows != 3 {
		t.Errorf("%d members, want the three hats of one person", rows)
	}
	if text := f.get(person).Find("main").Text(); !strings.Contains(text, "拱司调 12") || !strings.Contains(text, "党员老娘舅") || !strings.Contains(text, "20 件") || !strings.Contains(text, "大学专科教育") {
		t.Error("the person's page does not show the record")
	}
	doc = f.get("/admin")
	if n := doc.Find(".timeline li").Length(); n != 8 {
		t.Errorf("%d lines of history, want 8", n)
	}
	if strings.Contains(doc.Find(".timeline").Text(), "其他变动") {
		t.Error("an act has no words of its own in the history")
	}
}

func TestEveryPageOfTheOfficeSpeaksBothLanguages(t *testing.T) {
	f := openFront(t)
	committee := f.committee()
	person := f.person("lina", "李娜")
	f.post("/admin/calendar", values("day", "2027-03-03", "work", "off", "name_zh", "本地休假"))
	f.post("/admin/courts", values("name", "拱墅区人民法院", "area", option(f.get("/admin/courts"), "area", "榆园社区")))
	area := option(f.get("/admin/points/new"), "area", "榆园社区")
	f.post("/admin/points", values("name", "榆园调解室", "kind", "elders_studio", "area", area, "address", "榆园路 8 号"))
	f.post(person+"/grants", values("role", "supervisor", "area", area))
	grant := f.get(person).Find(`main a[href*="/ending"]`).AttrOr("href", "")
	point := f.get("/admin/points").Find(`main td a[href^="/admin/points/"], main th a[href^="/admin/points/"]`).AttrOr("href", "")
	for _, lang := range []string{"zh-CN", "en"} {
		f.lang = lang
		for _, path := range []string{"/points", "/admin", "/admin/areas", "/admin/areas?under=" + area, "/admin/areas/" + area + "/name",
			"/admin/courts", "/admin/committees", "/admin/committees/new", committee, committee + "/members", "/admin/points", "/admin/points/new",
			point, "/admin/calendar", "/admin/calendar/notice", "/admin/people", "/admin/people?who=everybody&q=li", "/admin/people?q=nobody",
			"/admin/people/new", person, person + "/grants", grant, person + "/mediator", person + "/suspension"} {
			if doc := f.get(path); doc.Find("main h1").Length() != 1 || strings.TrimSpace(doc.Find("title").Text()) == "" {
				t.Errorf("%s in %s has no heading", path, lang)
			}
		}
	}
}

func TestAFormComesBackWithItsFaultsAndWhatWasTyped(t *testing.T) {
	f := openFront(t)
	committee := f.committee()
	area := option(f.get("/admin/committees/new"), "area", "榆园社区")
	person := f.person("lina", "李娜")
	for _, tt := range []struct {
		rule, path string
		form       url.Values
		faulty     []string // names of the fields
		kept       string   // a text box with what was typed
	}{
		{"a committee's faults all at once", "/admin/committees",
			values("name", "柳园调委会", "short_name", "榆 园", "kind", "school", "contacts", "99", "limit.D-01", "9999999"), []string{"short_name", "kind", "area", "contacts", "limit.D-01"}, "柳园调委会"},
		{"a number is a number", "/admin/committees",
			values("name", "柳园调委会", "short_name", "柳园人调字", "kind", "community", "area", area, "contacts", "三", "term_end", "明年"), []string{"contacts", "term_end"}, "明年"},
		{"a short name is taken", "/admin/committees",
			values("name", "柳园调委会", "short_name", "榆园人调字", "kind", "community", "area", area, "contacts", "3"), []string{"short_name"}, "榆园人调字"},
		{"an area's code", "/admin/areas", values("kind", "community", "name", "柳园", "code", "柳园"), []string{"code"}, "柳园"},
		{"an area's code is taken", "/admin/areas", values("kind", "community", "name", "柳园", "code", "yy"), []string{"code"}, "柳园"},
		{"half a position", "/admin/areas", values("kind", "community", "name", "柳园", "code", "ly", "lat", "30"), []string{"lng"}, "30"},
		{"a position is a number", "/admin/areas", values("kind", "community", "name", "柳园", "code", "ly", "lat", "北"), []string{"lat"}, "北"},
		{"a name stays", "/admin/areas/" + area + "/name", values("name", "", "name_en", "Elms"), []string{"name"}, "Elms"},
		{"a court's area", "/admin/courts", values("name", "某法院"), []string{"area"}, "某法院"},
		{"a point's address and kind", "/admin/points", values("name", "某点", "area", area), []string{"kind", "address"}, "某点"},
		{"a day", "/admin/calendar", values("day", "", "work", "off", "name_zh", "休假"), []string{"day"}, "休假"},
		{"a notice", "/admin/calendar/notice", values("notice", "十月放假七天"), []string{"notice"}, ""},
		{"a user name", "/admin/people", values("username", "李", "name", "李娜", "phone", "1"), []string{"username", "phone"}, "李娜"},
		{"a member nobody knows", committee + "/members", values("username", "nobody", "role", "chair"), []string{"username"}, "nobody"},
		{"a role without its place", person + "/grants", values("role", "court_clerk"), []string{"court"}, ""},
		{"a grid worker has a grid", person + "/grants", values("role", "grid_worker", "area", area), []string{"area"}, ""},
		{"a record's dates", person + "/mediator", values("registered_on", "2026-01-05", "max_cases", "-1"), []string{"committee", "registration_no", "max_cases"}, "-1"},
		{"what is asked for the return is one of its codes", person + "/mediator", values("committee", strings.TrimPrefix(committee, "/admin/committees/"), "registration_no", "拱司调 12",
			"max_cases", "0", "sex", "7", "schooling", "11"), []string{"sex", "schooling"}, "拱司调 12"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			doc := f.refused(tt.path, tt.form, http.StatusUnprocessableEntity)
			marked := map[string]bool{}
			doc.Find(`main [aria-invalid="true"]`).Each(func(_ int, s *goquery.Selection) { marked[s.AttrOr("name", "")] = true })
			for _, name := range tt.faulty {
				if !marked[name] {
					t.Errorf("field %s is not marked; marked are %v", name, marked)
				}
				delete(marked, name)
			}
			if len(marked) > 0 {
				t.Errorf("marked as well: %v", marked)
			}
			if n := doc.Find("main .summary li a").Length(); n != len(tt.faulty) {
				t.Errorf("the summary leads to %d fields, want %d", n, len(tt.faulty))
			}
			if tt.kept != "" && doc.Find(`main input[value="`+tt.kept+`"]`).Length() == 0 {
				t.Errorf("%q is gone from the form", tt.kept)
			}
		})
	}
}

func TestACommitteesFormShowsDefaultOwnValueAndSource(t *testing.T) {
	f := openFront(t)
	doc := f.get(f.committee())
	if v := doc.Find(`input[name="limit.D-01"]`).AttrOr("value", ""); v != "2" {
		t.Errorf("D-01 shows %q, want the committee's 2", v)
	}
	if v := doc.Find(`input[name="limit.D-06"]`).AttrOr("value", "none"); v != "" {
		t.Errorf("D-06 shows %q, want an empty box", v)
	}
	if help := doc.Find(`#f-limit-D-06-help`).Text(); !strings.Contains(help, "30 天") || !strings.Contains(help, "《") {
		t.Errorf("D-06 does not tell its default and its source: %q", help)
	}
	for _, fixed := range []string{"D-02", "D-12", "D-13", "D-15", "D-18", "D-19"} {
		if doc.Find(`input[name="limit.`+fixed+`"]`).Length() != 0 {
			t.Errorf("%s can be set, though it is not the committee's", fixed)
		}
	}
}

func TestAStaleCommitteeShowsBothTexts(t *testing.T) {
	f := openFront(t)
	path := f.committee()
	area := option(f.get(path), "area", "榆园社区")
	mine := values("version", "1", "name", "榆园社区人民调解委员会", "short_name", "榆园人调字", "kind", "community", "area", area, "contacts", "3", "phone", "0571-81111111")
	theirs := values("version", "1", "name", "榆园社区人民调解委员会", "short_name", "榆园人调字", "kind", "community", "area", area, "contacts", "3", "phone", "0571-82222222")
	f.post(path, theirs)
	doc := f.refused(path, mine, http.StatusConflict)
	if v := doc.Find(`input[name="phone"]`).AttrOr("value", ""); v != "0571-81111111" {
		t.Errorf("the box shows %q, want what was typed", v)
	}
	if help := doc.Find("#f-phone-help").Text(); !strings.Contains(help, "0571-82222222") {
		t.Errorf("what is stored now is not shown: %q", help)
	}
	if help := doc.Find("#f-name-help").Text(); strings.Contains(help, "别人刚改成") {
		t.Error("a field nobody changed is said to be changed")
	}
	if v := doc.Find(`input[name="version"]`).AttrOr("value", ""); v != "2" {
		t.Errorf("the form is of version %q, want 2", v)
	}
	mine.Set("version", "2")
	f.post(path, mine)
}

func TestTwoAdminsConfirmEachOther(t *testing.T) {
	f := openFront(t)
	committee := f.committee()
	f.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'second', '第二管理员', 'x', $2)`, string(secondAdmin), presentDay)
	f.exec(`INSERT INTO grants (id, user_id, role, granted_at, confirmed_at) VALUES ($1, $1, 'admin', $2, $2)`, string(secondAdmin), presentDay)
	person := f.person("lina", "李娜")
	f.post(committee+"/members", values("username", "lina", "role", "chair"))

	confirm := `form[action$="/confirmation"]`
	if n := f.get("/admin").Find(confirm).Length() + f.get(person).Find(confirm).Length(); n != 0 {
		t.Error("who gave a role is asked to confirm it")
	}
	f.as = adminOf(secondAdmin)
	action := f.get("/admin").Find(confirm).AttrOr("action", "")
	if got := f.get(person).Find(confirm).AttrOr("action", ""); got != action || got == "" {
		t.Errorf("the person's page confirms %q, the overview %q", got, action)
	}
	f.as = adminOf(firstAdmin)
	if rec := f.ask(http.MethodPost, action, url.Values{}); rec.Code != http.StatusForbidden || rec.Body.String() != "office.confirm_own" {
		t.Errorf("confirmed by the one who gave it: %d %s", rec.Code, rec.Body)
	}
	f.as = adminOf(secondAdmin)
	f.post(action, url.Values{})
	if text := f.get(committee).Find("table.ledger").Text(); !strings.Contains(text, "有效") || strings.Contains(text, "等待") {
		t.Errorf("after the confirmation: %s", text)
	}
	doc := f.refused(personURL(firstAdmin, "/suspension"), url.Values{}, http.StatusConflict)
	if text := doc.Find("main .summary").Text(); !strings.Contains(text, "只剩一名管理员") {
		t.Errorf("the refusal says %q", text)
	}
}

func TestStoppingAndOpeningAnAccount(t *testing.T) {
	f := openFront(t)
	person := f.person("lina", "李娜")
	f.get(person + "/suspension")
	f.post(person+"/suspension", url.Values{})
	doc := f.get(person)
	if !strings.Contains(doc.Find("main").Text(), "已停用") || doc.Find(`form[action$="/reset-link"]`).Length() != 0 {
		t.Error("the page of a stopped account offers a link to its password")
	}
	f.post(doc.Find(`form[action$="/reinstatement"]`).AttrOr("action", ""), url.Values{})
	doc = f.refused(person+"/reset-link", url.Values{}, http.StatusCreated)
	link := doc.Find("main .reference code").Text()
	if !strings.HasPrefix(link, "http://localhost:8080/set-password/") || len(link) < 50 {
		t.Errorf("link %q", link)
	}
}

func TestWhoIsNotAnAdminEntersNoPageOfTheOffice(t *testing.T) {
	f := openFront(t)
	committee := f.committee()
	fill := strings.NewReplacer(":id", strings.TrimPrefix(committee, "/admin/committees/"), ":grant", string(secondAdmin))
	for _, tt := range []struct {
		who    string
		as     mediation.Actor
		status int
	}{
		{"nobody", mediation.Actor{}, http.StatusUnauthorized},
		{"a visitor", mediation.Visitor(), http.StatusUnauthorized},
		{"a chair", mediation.Actor{User: secondAdmin, Grants: []mediation.Grant{{Role: mediation.RoleChair, Committee: "c"}}}, http.StatusForbidden},
		{"a supervisor", mediation.Actor{User: secondAdmin, Grants: []mediation.Grant{{Role: mediation.RoleSupervisor, AreaPath: "yy/"}}}, http.StatusForbidden},
	} {
		f.as = tt.as
		for _, r := range f.site.officeRoutes() {
			if r.Action == "read" {
				continue
			}
			if rec := f.ask(r.Method, fill.Replace(r.Path), url.Values{}); rec.Code != tt.status {
				t.Errorf("%s, %s %s: %d, want %d", tt.who, r.Method, r.Path, rec.Code, tt.status)
			}
		}
	}
}

func TestEverybodySeesTheServicePoints(t *testing.T) {
	f := openFront(t)
	f.as = mediation.Visitor()
	if text := f.get("/points").Find("main").Text(); !strings.Contains(text, "12348") || !strings.Contains(text, "1.2 公里") {
		t.Error("the page without points does not help on")
	}
	f.as = adminOf(firstAdmin)
	f.committee()
	area := option(f.get("/admin/points/new"), "area", "榆园社区")
	for _, name := range []string{"榆园调解室", "榆园法治广场<b>"} {
		f.post("/admin/points", values("name", name, "kind", "law_square", "area", area, "address", "榆园路 8 号", "hours", "周一至周五", "phone", "12348"))
	}
	f.as = mediation.Visitor()
	doc := f.get("/points")
	if doc.Find("main h2").Length() != 1 || doc.Find("main section.point").Length() != 2 || doc.Find("main b").Length() != 0 {
		t.Errorf("%d areas, %d points", doc.Find("main h2").Length(), doc.Find("main section.point").Length())
	}
	f.lang = "en"
	if got := f.get("/points").Find("main h2").Text(); got != "Elm Garden" {
		t.Errorf("the area is called %q in English", got)
	}
}

func TestTheNearestPointsComeFirst(t *testing.T) {
	f := openFront(t)
	f.post("/admin/areas", values("kind", "community", "name", "榆园社区", "code", "yy", "lat", "30.27", "lng", "120.15"))
	f.post("/admin/areas", values("kind", "community", "name", "无位置社区", "code", "wz"))
	area := option(f.get("/admin/points/new"), "area", "榆园社区")
	for name, lat := range map[string]string{"远点": "30.29", "近点": "30.2705"} {
		f.post("/admin/points", values("name", name, "kind", "law_square", "area", area, "address", "某路", "lat", lat, "lng", "120.15"))
	}
	f.post("/admin/points", values("name", "无位置点", "kind", "law_square", "area", area, "address", "某路"))
	f.as = mediation.Visitor()
	doc := f.get("/points")
	if n := doc.Find(`select[name="near"] option[value!=""]`).Length(); n != 1 {
		t.Errorf("%d places to choose from, want the one whose position is known", n)
	}
	doc = f.get("/points?near=" + area)
	points := doc.Find("main section.point")
	if points.Length() != 5 || points.Eq(0).Find("h3").Text() != "近点" || points.Eq(1).Find("h3").Text() != "远点" {
		t.Errorf("order: %s", points.Find("h3").Text())
	}
	if text := points.Eq(0).Text(); !strings.Contains(text, "约 1 分钟") {
		t.Errorf("the near one: %s", text)
	}
	if text := points.Eq(1).Text(); !strings.Contains(text, "2.2 公里") || !strings.Contains(text, "超过 15 分钟") {
		t.Errorf("the far one: %s", text)
	}
	if n := f.get("/points?near=nowhere").Find("main section.point").Length(); n != 3 {
		t.Errorf("an unknown place: %d points, want the plain list", n)
	}
}

func TestThePeopleListGoesOnByItsAddress(t *testing.T) {
	f := openFront(t)
	for i := range 31 {
		f.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES (gen_random_uuid(), $1, '居民', 'x', $2)`,
			"r"+string(rune('a'+i%26))+string(rune('a'+i/26)), presentDay)
	}
	doc := f.get("/admin/people?who=everybody&q=%E5%B1%85%E6%B0%91")
	next := doc.Find(".pager a[rel=next]").AttrOr("href", "")
	if doc.Find("table.ledger tbody tr").Length() != 30 || !strings.Contains(next, "who=everybody") || !strings.Contains(next, "q=") {
		t.Fatalf("first page: %d rows, next %q", doc.Find("table.ledger tbody tr").Length(), next)
	}
	doc = f.get(next)
	if doc.Find("table.ledger tbody tr").Length() != 1 || doc.Find(".pager a[rel=next]").Length() != 0 ||
		doc.Find(".pager a[rel=prev]").AttrOr("href", "") != "/admin/people?q=%E5%B1%85%E6%B0%91&who=everybody" {
		t.Errorf("last page: %d rows", doc.Find("table.ledger tbody tr").Length())
	}
	if n := f.get("/admin/people").Find("table.ledger tbody tr").Length(); n != 1 {
		t.Errorf("%d people of the office, want the administrator alone", n)
	}
}

// The years a volume is kept stand among the limits with what they rest on; fewer
// than the law can need the file are refused at the field, in both languages, and
// what was typed stays.
func TestTheYearsOfRetentionAreSetWithTheirFloor(t *testing.T) {
	f := openFront(t)
	path := f.committee()
	doc := f.get(path)
	for field, want := range map[string][]string{"D-18a": {"默认 5 年", "本地设定，可调整", "至少 5 年", "第250条", "第188条", "已经归档的不变"}, "D-18b": {"默认 10 年"}, "D-18c": {"默认 30 年"}} {
		if lacks := shows(doc.Find("#f-limit-"+field+"-help"), want...); len(lacks) > 0 {
			t.Errorf("%s lacks %v: %s", field, lacks, doc.Find("#f-limit-"+field+"-help").Text())
		}
	}
	area := option(doc, "area", "榆园社区")
	form := func(more ...string) url.Values {
		return values(append([]string{"version", "1", "name", "榆园社区人民调解委员会", "short_name", "榆园人调字", "kind", "community", "area", area, "contacts", "3"}, more...)...)
	}
	for lang, want := range map[string][2]string{"zh-CN": {"至少 5 年", "不能比前一类短"}, "en": {"At least 5 years", "Not fewer years"}} {
		f.lang = lang
		doc := f.refused(path, form("limit.D-18a", "4", "limit.D-18b", "40"), http.StatusUnprocessableEntity)
		if got := doc.Find("#f-limit-D-18a-error").Text(); !strings.Contains(got, want[0]) {
			t.Errorf("%s: the floor says %q", lang, got)
		}
		if got := doc.Find("#f-limit-D-18c-error").Text(); !strings.Contains(got, want[1]) {
			t.Errorf("%s: the order says %q", lang, got)
		}
		if got := doc.Find(`input[name="limit.D-18b"]`).AttrOr("value", ""); got != "40" {
			t.Errorf("%s: the box holds %q", lang, got)
		}
	}
	f.lang = "zh-CN"
	f.post(path, form("limit.D-18a", "6", "limit.D-18b", "15"))
	if got := f.get(path).Find(`input[name="limit.D-18b"]`).AttrOr("value", ""); got != "15" {
		t.Errorf("kept as %q", got)
	}
}

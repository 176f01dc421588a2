package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/mediation"
)

// A crowd makes a dispute a major one: the case says until when it is to be reported,
// one press reports it to legal staff, who find it on their desk and say how it is
// handled jointly; taken back, it needs a reason at its field.
func TestAMajorDisputeIsReportedWithOnePress(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.staff("sun.chair", "chair")
	s.post("/sign-in", "login", "wang.clerk", "password", hallPassword)
	wantTo(t, s.send(http.MethodPost, "/record", url.Values{"key": {s.page("/record").Find(`[name="key"]`).AttrOr("value", "")}, "facts": {"业主聚集"}, "place": {"5 幢"},
		"area": {s.area}, "source": {"application"}, "channel": {"window"}, "legal_ground": {"consent"}, "privacy": {"yes"}}), "/receipt")
	id := s.only()
	home := casePath(id, "")
	wantTo(t, s.post(casePath(id, "registration"), "title", "业主聚集", "type", "17", "applicant", "王建国", "respondent", "恒安物业", "request", "说明", "risk_screen", "yes"), home)
	if s.page(home).Find(`form[action$="/major-report"]`).Length() != 0 {
		t.Error("an ordinary dispute is to be reported")
	}
	wantTo(t, s.post(casePath(id, "risks"), "flag", "R2-MASS", "facts", "十几户聚在物业门口"), home)
	for lang, want := range map[string][]string{"zh-CN": {"重大纠纷，当天要报告", "2026年6月7日 周日 23:59", "一键报告司法所", "当天就是第一天", "本地设定"},
		"en": {"A major dispute is reported the same day", "Sun 7 Jun 2026, 23:59", "Report to the judicial office", "That day is the first", "Local setting"}} {
		doc := s.page(home + "?lang=" + lang)
		if lacks := shows(doc.Find("main"), want...); len(lacks) > 0 {
			t.Errorf("%s: the case lacks %v", lang, lacks)
		}
	}
	press := url.Values{}
	s.page(home + "?lang=zh-CN").Find(`form[action$="/major-report"] input`).Each(func(_ int, box *goquery.Selection) {
		press.Set(box.AttrOr("name", ""), box.AttrOr("value", ""))
	})
	w := s.send(http.MethodPost, casePath(id, "major-report"), press)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if text := document(t, w.Body.String()).Find("#f-way-error").Text(); !strings.Contains(text, "请电话或当面报告") {
		t.Errorf("with no legal staff it says %q", text)
	}
	legal := s.register("luo.legal")
	s.exec(`INSERT INTO grants (id, user_id, role, area_id, granted_at, confirmed_at) VALUES ($1, $2, 'legal_officer', $3, $4, $4)`, s.newID(), string(legal), s.area, s.at)
	wantTo(t, s.send(http.MethodPost, casePath(id, "major-report"), press), home)
	doc := s.page(home)
	if lacks := shows(doc.Find("main"), "重大纠纷报告", "司法所 · 在系统里直接报给司法所", "还没有确认接报", "报告了重大纠纷"); len(lacks) > 0 || doc.Find(`form[action$="/major-report"]`).Length() != 0 {
		t.Errorf("reported, the case lacks %v", lacks)
	}
	office := s.browse("203.0.113.40")
	office.post("/sign-in", "login", "luo.legal", "password", hallPassword)
	if text := office.page("/desk").Text(); !strings.Contains(text, "报来的重大纠纷") {
		t.Error("it lies on no desk of legal staff")
	}
	if text := office.page("/notices").Text(); !strings.Contains(text, "有一起重大纠纷报到您这里") {
		t.Errorf("legal staff are not told: %s", text)
	}
	if lacks := shows(office.page(home).Find("main"), "业主聚集", "接报重大纠纷"); len(lacks) > 0 {
		t.Errorf("what legal staff open lacks %v", lacks)
	}
	wantStatus(t, office.post(casePath(id, "major-report/receipt"), "joint", " "), http.StatusUnprocessableEntity)
	wantTo(t, office.post(casePath(id, "major-report/receipt"), "joint", "罗正下午到场，街道一起办"), home)
	if lacks := shows(s.page(home).Find("main"), "联合办理", "罗正下午到场，街道一起办"); len(lacks) > 0 {
		t.Errorf("the committee's case lacks %v", lacks)
	}
	if text := s.page("/notices").Text(); !strings.Contains(text, "司法所已经接报") {
		t.Errorf("who reported is not told: %s", text)
	}
	var item string
	if err := s.raw.QueryRow(`SELECT id FROM major_reports`).Scan(&item); err != nil {
		t.Fatal(err)
	}
	if lacks := shows(s.page(casePath(id, "papers/F22")+"?item="+item).Find(".paper"), "重大纠纷", "有群体性事件风险", "系统内报告", "罗正下午到场，街道一起办"); len(lacks) > 0 {
		t.Errorf("the paper lacks %v", lacks)
	}
	chair := s.browse("203.0.113.41")
	chair.post("/sign-in", "login", "sun.chair", "password", hallPassword)
	w = chair.send(http.MethodPost, casePath(id, "grade")+"?lang=en", url.Values{"grade": {"L2"}})
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if page := document(t, w.Body.String()); page.Find("#f-reason-error").Length() != 1 || page.Find(`select[name="grade"] option[selected]`).AttrOr("value", "") != "L2" {
		t.Error("taken back without a reason, or what was chosen is lost")
	}
	wantTo(t, chair.post(casePath(id, "grade"), "grade", "L2", "reason", "人已散去"), home)
	if lacks := shows(chair.page(home+"?lang=zh-CN").Find("main"), "不再定为重大的原因", "人已散去"); len(lacks) > 0 {
		t.Errorf("after that the case lacks %v", lacks)
	}
	var kept mediation.CaseID
	if err := s.raw.QueryRow(`SELECT id FROM cases WHERE grade = 'L2' AND grade_reason = '人已散去'`).Scan(&kept); err != nil || kept != id {
		t.Errorf("%v, %v", kept, err)
	}
}

package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"doorstep/internal/mediation"
)

// seatOf is the guest of the matrix who holds a role.
func (tn *town) seatOf(t *testing.T, role mediation.Role) guest {
	t.Helper()
	for _, g := range tn.actors {
		if g.name == string(role) {
			return g
		}
	}
	t.Fatalf("nobody is %s", role)
	return guest{}
}

func (tn *town) ask(g guest, method, path, form string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(form))
	req.Header.Set("Accept-Language", "zh-CN")
	req.Header.Set("Cookie", g.cookie)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	tn.server.Handler().ServeHTTP(w, req)
	return w
}

// The demonstration's cases were played from May to July 2026; May and June are
// closed when its clock goes on.
func TestTheReturnsAreReadKeptAndCorrected(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	supervisor, legal, visitor := tn.seatOf(t, mediation.RoleSupervisor), tn.seatOf(t, mediation.RoleLegalOfficer), tn.seatOf(t, mediation.RoleVisitor)

	page := tn.ask(supervisor, http.MethodGet, "/figures?period=2026-Q2", "").Body.String()
	for _, word := range []string{"已关账", "表内数字核对一致", "高新街道", "/figures/behind?cell=registered"} {
		if !strings.Contains(page, word) {
			t.Errorf("the quarter's page lacks %q", word)
		}
	}
	if page := tn.ask(supervisor, http.MethodGet, "/figures", "").Body.String(); !strings.Contains(page, "暂定") {
		t.Error("the running month is not marked provisional")
	}

	file := tn.ask(supervisor, http.MethodGet, "/figures/file?period=2026-Q2&format=xlsx", "")
	book, err := excelize.OpenReader(bytes.NewReader(file.Body.Bytes()))
	if err != nil || !strings.Contains(file.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%v, %v", err, file.Header())
	}
	rows, err := book.GetRows("案件情况")
	if err != nil || rows[0][0] != "人民调解案件情况统计表" || rows[4][0] != "高新街道" || rows[6][0] != "合计" {
		t.Errorf("the sheet reads %v, %v", rows, err)
	}
	csv := tn.ask(supervisor, http.MethodGet, "/figures/file?period=2026-Q2&format=csv&return=team", "").Body.String()
	if !strings.HasPrefix(csv, "\ufeff单位,") || strings.Count(csv, "\r\n") != 4 {
		t.Errorf("the csv reads %q", csv)
	}
	var exports int
	if err := tn.owner.QueryRowContext(t.Context(), `SELECT count(*) FROM access_log WHERE object = 'stats' AND action = 'export'`).Scan(&exports); err != nil || exports != 2 {
		t.Errorf("%d exports are noted, %v; want 2", exports, err)
	}

	var committee string
	err = tn.owner.QueryRowContext(t.Context(), `SELECT unit FROM figure_cells WHERE cell = 'type.02' AND month = '2026-05-01' AND unit NOT LIKE '%/' ORDER BY value DESC LIMIT 1`).Scan(&committee)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"unit": {committee}, "month": {"2026-05"}, "lines[0].cell": {"type.02"}, "lines[0].delta": {"-1"}, "reason": {"类型记错了"}}
	half := tn.ask(legal, http.MethodPost, "/figures/correction", form.Encode())
	if body := half.Body.String(); half.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "类型记错了") || !strings.Contains(body, "不一致或小于零") {
		t.Errorf("half of a move: %d", half.Code)
	}
	form.Set("lines[1].cell", "type.17")
	form.Set("lines[1].delta", "1")
	if done := tn.ask(legal, http.MethodPost, "/figures/correction", form.Encode()); done.Code != http.StatusSeeOther {
		t.Errorf("the whole move: %d %s", done.Code, done.Body)
	}
	if page := tn.ask(legal, http.MethodGet, "/figures?period=2026-05&unit="+committee, "").Body.String(); !strings.Contains(page, "类型记错了") {
		t.Error("the correction does not stand on the page")
	}
	if done := tn.ask(supervisor, http.MethodPost, "/figures/correction", form.Encode()); done.Code != http.StatusForbidden {
		t.Errorf("a supervisor corrects: %d", done.Code)
	}

	open := tn.ask(visitor, http.MethodGet, "/open-figures", "")
	if body := open.Body.String(); open.Code != http.StatusOK || !strings.Contains(body, "2026年第2季度") || strings.Contains(body, "/figures/behind") {
		t.Errorf("what is public: %d", open.Code)
	}
}

// In the demonstration May of 榆园 is approved, June waits for the judicial
// office, and others are late.
func TestAMonthIsSubmittedAndApprovedOverThePages(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	chair, legal, supervisor := tn.seatOf(t, mediation.RoleChair), tn.seatOf(t, mediation.RoleLegalOfficer), tn.seatOf(t, mediation.RoleSupervisor)
	read := func(g guest, path string, words ...string) string {
		t.Helper()
		w := tn.ask(g, http.MethodGet, path, "")
		for _, word := range words {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s as %s: %d, without %q", path, g.name, w.Code, word)
			}
		}
		return w.Body.String()
	}
	read(supervisor, reportsURL, "逾期：待上报", "逾期：已退回", "已上报，待审核")
	read(supervisor, reportsURL+"?show=all", "已审核")
	read(supervisor, "/figures", "逾期没有上报")
	read(supervisor, reportURL, "2026年6月", "人民调解案件情况统计表") // asked for none: the newest that waits
	if n := tn.spent(); n > mostStatements {
		t.Errorf("a month's page asks %d statements", n)
	}
	read(tn.seatOf(t, mediation.RoleVisitor), "/open-figures", "暂定数")

	var committee string
	if err := tn.owner.QueryRowContext(t.Context(), `SELECT committee_id FROM figure_reports WHERE month = '2026-06-01'`).Scan(&committee); err != nil {
		t.Fatal(err)
	}
	month := "unit=" + committee + "&period=2026-06"
	page := read(legal, reportURL+"?"+month, "审核通过", "人民调解案件情况统计表", "人民调解组织队伍经费保障情况统计表", "王秀兰")
	if strings.Contains(page, reportURL+"/submission") {
		t.Error("legal staff are offered the chair's step")
	}
	form := url.Values{"unit": {committee}, "period": {"2026-06"}, "seq": {"1"}}
	back := tn.ask(legal, http.MethodPost, reportURL+"/return", form.Encode())
	if back.Code != http.StatusUnprocessableEntity {
		t.Errorf("sent back without a reason: %d", back.Code)
	}
	form.Set("reason", "请再核对来源")
	if w := tn.ask(legal, http.MethodPost, reportURL+"/return", form.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("sent back: %d", w.Code)
	}
	read(chair, reportURL+"?"+month, "请再核对来源", "核对无误，上报")
	form = url.Values{"unit": {committee}, "period": {"2026-06"}, "seq": {"2"}}
	for _, w := range []string{"quiet", "jump", "sums_cases", "sums_team", "no_mediator"} {
		form.Set("explained."+w, "核对过")
	}
	if w := tn.ask(chair, http.MethodPost, reportURL+"/submission", form.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("submitted: %d %s", w.Code, w.Body)
	}
	if w := tn.ask(chair, http.MethodPost, reportURL+"/approval", form.Encode()); w.Code != http.StatusForbidden {
		t.Errorf("a chair approves: %d", w.Code)
	}
	form.Set("seq", "3")
	if w := tn.ask(legal, http.MethodPost, reportURL+"/approval", form.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("approved: %d", w.Code)
	}
	read(chair, reportURL+"?"+month, "司法所已经审核")
}

package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
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

// What became of the agreements stands as shares that lead to the cases, for who may
// open them.
func TestSharesLeadToTheirCases(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	page := tn.ask(tn.seatOf(t, mediation.RoleSupervisor), http.MethodGet, "/figures?period=2026-Q2", "").Body.String()
	table := page[max(0, strings.Index(page, "协议以后的比例")):]
	for _, word := range []string{"履行率", "申请司法确认率", "反悔起诉率", "满意率", "满意 ÷ 已回访", "/figures/behind?cell=performed", "/figures/behind?cell=satisfied"} {
		if !strings.Contains(table, word) {
			t.Errorf("the shares lack %q", word)
		}
	}
	if parts := sharesPart(Page{}, &ledger.Figures{}); parts != nil {
		t.Errorf("who opens no list reads %+v", parts)
	}
}

// Sex and schooling of the mediators stand in the return as sums for those who
// answer for it, on the page and in the file, and with no list behind them.
func TestMediatorsAreCountedBySexAndSchooling(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	supervisor, clerk := tn.seatOf(t, mediation.RoleSupervisor), tn.seatOf(t, mediation.RoleCoordinator)
	page := tn.ask(supervisor, http.MethodGet, "/figures?period=2026-05&return=team", "").Body.String()
	if !strings.Contains(page, "调解员性别") || !strings.Contains(page, "大学本科教育") || strings.Contains(page, "cell=mediators.sex") || strings.Contains(page, "不列") {
		t.Error("the return does not count the mediators by sex and schooling, or leads to who they are")
	}
	if page := tn.ask(clerk, http.MethodGet, "/figures?period=2026-05&return=team", "").Body.String(); strings.Count(page, "不列") != 13 {
		t.Errorf("a clerk reads what is personal: %d lines are held back, want 13", strings.Count(page, "不列"))
	}
	if w := tn.ask(supervisor, http.MethodGet, "/figures/behind?period=2026-05&cell=mediators.sex.2", ""); w.Code != http.StatusNotFound {
		t.Errorf("who stands behind the women: %d", w.Code)
	}
	cells := func(g guest, period string) (sum, female, schooling string) {
		t.Helper()
		book, err := excelize.OpenReader(bytes.NewReader(tn.ask(g, http.MethodGet, "/figures/file?format=xlsx&return=team&period="+period, "").Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("组织队伍")
		if err != nil {
			t.Fatal(err)
		}
		last := rows[len(rows)-2]
		at := func(head string) string { return last[slices.Index(rows[3], head)] }
		return at("人民调解员"), at("女"), at("大学本科教育")
	}
	if sum, female, schooling := cells(supervisor, "2026-05"); sum != "10" || female != "3" || schooling != "2" {
		t.Errorf("the sheet counts %s mediators, %s women, %s with a bachelor's course; want 10, 3, 2", sum, female, schooling)
	}
	file := tn.ask(supervisor, http.MethodGet, "/figures/file?format=csv&return=team&period=2026-05", "").Body.String()
	for _, code := range statute.Codes(statute.CommitteeKinds) {
		if !strings.Contains(page, code.ZH) || !strings.Contains(file, code.ZH) {
			t.Errorf("the return lacks the row or the column %s", code.ZH)
		}
	}
	if _, female, _ := cells(clerk, "2026-05"); female != "不列" {
		t.Errorf("a clerk's sheet tells %q", female)
	}

	for cell, n := range map[string]int{"mediators": 7, "mediators.part": 7} { // as it was counted before
		if _, err := tn.owner.ExecContext(t.Context(), `INSERT INTO figure_cells (unit, month, cell, value) SELECT unit, '2026-02-01', $1, $2 FROM figure_cells WHERE cell = 'mediators' AND month = '2026-05-01'`, cell, n); err != nil {
			t.Fatal(err)
		}
	}
	page = tn.ask(supervisor, http.MethodGet, "/figures?period=2026-02&return=team", "").Body.String()
	if strings.Count(page, "当时没有统计") != 13 || !strings.Contains(page, "表内数字核对一致") {
		t.Errorf("a month closed before: %d lines say so, want 13", strings.Count(page, "当时没有统计"))
	}
	if _, female, _ := cells(supervisor, "2026-02"); female != "当时没有统计" {
		t.Errorf("its sheet tells %q", female)
	}
}

// The money of a committee is recorded on its page, with what went before, and
// stands in the return.
func TestFundsAreRecordedOverThePages(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	chair, clerk, supervisor := tn.seatOf(t, mediation.RoleChair), tn.seatOf(t, mediation.RoleCoordinator), tn.seatOf(t, mediation.RoleSupervisor)
	page := tn.ask(supervisor, http.MethodGet, "/figures?period=2026-06&return=team", "").Body.String()
	if !strings.Contains(page, "73,000.00") || !strings.Contains(page, "本年已拨付经费") || !strings.Contains(page, fundsURL) {
		t.Error("the district's return does not tell the money")
	}
	if page := tn.ask(clerk, http.MethodGet, fundsURL, "").Body.String(); !strings.Contains(page, "18,000.00") || !strings.Contains(page, "9,000.00") ||
		strings.Contains(page, `name="guaranteed"`) {
		t.Error("a clerk does not read the lines, or is offered the form")
	}
	page = tn.ask(chair, http.MethodGet, fundsURL, "").Body.String()
	at := strings.Index(page, `name="unit" value="`) + len(`name="unit" value="`)
	unit := page[at : at+36]
	form := url.Values{"unit": {unit}, "year": {"2026"}, "seq": {"2"}, "guaranteed": {"三万六"}, "paid": {"27,000"}, "basis": {"第三季度到账"}}
	if w := tn.ask(chair, http.MethodPost, fundsURL, form.Encode()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "第三季度到账") ||
		!strings.Contains(w.Body.String(), "三万六") || !strings.Contains(w.Body.String(), "f-guaranteed-error") {
		t.Errorf("an amount that is none: %d", w.Code)
	}
	form.Set("guaranteed", "36,000")
	if w := tn.ask(clerk, http.MethodPost, fundsURL, form.Encode()); w.Code != http.StatusForbidden {
		t.Errorf("a clerk records: %d", w.Code)
	}
	if w := tn.ask(chair, http.MethodPost, fundsURL, form.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("recorded: %d %s", w.Code, w.Body)
	}
	if w := tn.ask(chair, http.MethodPost, fundsURL, form.Encode()); w.Code != http.StatusConflict {
		t.Errorf("recorded twice: %d", w.Code)
	}
	if page := tn.ask(chair, http.MethodGet, fundsURL+"?year=2026", "").Body.String(); !strings.Contains(page, "27,000.00") || !strings.Contains(page, "第三季度到账") {
		t.Error("what was recorded does not stand on the page")
	}
	for _, query := range []string{"?year=2019", "?year=x", "?unit=lost"} {
		if w := tn.ask(chair, http.MethodGet, fundsURL+query, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
}

// The rounds of a committee are recorded on its page, with what went before, and
// stand in the return.
func TestRoundsAreRecordedOverThePages(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	chair, clerk, supervisor := tn.seatOf(t, mediation.RoleChair), tn.seatOf(t, mediation.RoleCoordinator), tn.seatOf(t, mediation.RoleSupervisor)
	page := tn.ask(supervisor, http.MethodGet, "/figures?period=2026-06", "").Body.String()
	for _, word := range []string{"排查纠纷次数", "预防纠纷", screeningURL} {
		if !strings.Contains(page, word) {
			t.Errorf("the return lacks %q", word)
		}
	}
	if page := tn.ask(supervisor, http.MethodGet, "/figures/behind?cell=screenings&period=2026-06", "").Body.String(); !strings.Contains(page, "榆园") ||
		!strings.Contains(page, screeningURL+"?month=2026-06&amp;unit=") {
		t.Error("no committee stands behind the rounds, or none leads to its lines")
	}
	if w := tn.ask(supervisor, http.MethodGet, screeningURL+"?month=2026-02", ""); w.Code != http.StatusOK {
		t.Errorf("the rounds of a month long closed: %d", w.Code)
	}
	if page := tn.ask(clerk, http.MethodGet, screeningURL, "").Body.String(); !strings.Contains(page, "/record?source=proactive&amp;channel=screening") {
		t.Error("no way leads from what was found to a case")
	}
	if page := tn.ask(clerk, http.MethodGet, "/record?source=proactive&channel=screening", "").Body.String(); !strings.Contains(page, `value="proactive" selected`) ||
		!strings.Contains(page, `value="screening" selected`) {
		t.Error("the form for a case does not know where it came from")
	}
	if page := tn.ask(supervisor, http.MethodGet, screeningURL, "").Body.String(); !strings.Contains(page, "装修噪声") || strings.Contains(page, `name="times"`) {
		t.Error("the supervisor does not read the lines, or is offered the form")
	}
	page = tn.ask(clerk, http.MethodGet, screeningURL, "").Body.String()
	at := strings.Index(page, `name="unit" value="`) + len(`name="unit" value="`)
	form := url.Values{"unit": {page[at : at+36]}, "month": {"2026-07"}, "seq": {"1"}, "times": {"两次"}, "found": {"1"}, "prevented": {"1"}, "note": {"又走访九幢"}}
	if w := tn.ask(clerk, http.MethodPost, screeningURL, form.Encode()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "又走访九幢") ||
		!strings.Contains(w.Body.String(), "两次") || !strings.Contains(w.Body.String(), "f-times-error") {
		t.Errorf("a number that is none: %d", w.Code)
	}
	form.Set("times", "2")
	if w := tn.ask(supervisor, http.MethodPost, screeningURL, form.Encode()); w.Code != http.StatusForbidden {
		t.Errorf("the supervisor records: %d", w.Code)
	}
	if w := tn.ask(clerk, http.MethodPost, screeningURL, form.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("recorded: %d %s", w.Code, w.Body)
	}
	if w := tn.ask(chair, http.MethodPost, screeningURL, form.Encode()); w.Code != http.StatusConflict {
		t.Errorf("recorded over a line that was not seen: %d", w.Code)
	}
	if page := tn.ask(chair, http.MethodGet, screeningURL, "").Body.String(); !strings.Contains(page, "又走访九幢") {
		t.Error("what was recorded does not stand on the page")
	}
	if w := tn.ask(chair, http.MethodGet, screeningURL+"?month=2019-02", ""); w.Code != http.StatusNotFound {
		t.Errorf("a month long past: %d", w.Code)
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

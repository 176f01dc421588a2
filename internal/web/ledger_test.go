package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"doorstep/internal/authz"
	"doorstep/internal/casework"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/press"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
	"doorstep/templates"
)

// register is a small office seen through its pages: two disputes, one of them
// registered and named 楼上噪音.
type register struct {
	*testing.T
	site                        *Site
	raw                         *sql.DB
	now                         time.Time
	clerk, supervisor, resident mediation.Actor
	admin                       mediation.Actor
}

func uid(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }

func openRegister(t *testing.T) *register {
	t.Helper()
	dsn, keys := pgtest.New(t), vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), raw.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	r := &register{T: t, raw: raw, now: time.Date(2026, 6, 10, 9, 0, 0, 0, statute.Shanghai)}
	clock := func() time.Time { return r.now }
	calendar := func(context.Context) (*statute.Calendar, error) { return statute.DefaultCalendar(), nil }
	desk := casework.New(db, policy, keys, vault.NewHasher(keys), calendar, clock).Wording(standardWording())
	r.site = &Site{Desk: desk, Ledger: ledger.New(db, policy, clock), Office: office.New(db, policy, vault.NewHasher(keys), clock), Press: press.New(templates.Fonts), Words: standardWording(), Phrases: phraseBank(), Drafts: db, Render: testRenderer(t),
		Can: policy.Can, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: clock, Wall: clock}
	r.furnish(desk)
	return r
}

func (r *register) furnish(desk *casework.Desk) {
	r.Helper()
	r.exec(`INSERT INTO areas (id, kind, name, name_en, code, path) VALUES ($1, 'district', '高新区', 'Gaoxin', 'gx', 'gx/')`, uid(1))
	r.exec(`INSERT INTO areas (id, parent_id, kind, name, name_en, code, path) VALUES ($1, $2, 'community', '榆园', 'Yuyuan', 'yy', 'gx/yy/')`, uid(2), uid(1))
	r.exec(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $2, '榆园社区调委会', '榆园')`, uid(4), uid(2))
	person := func(n int, name string, grants ...mediation.Grant) mediation.Actor {
		r.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, $2, $3, 'x', now())`, uid(n), fmt.Sprintf("user%d", n), name)
		return mediation.Actor{User: mediation.UserID(uid(n)), Name: name, Grants: append([]mediation.Grant{{Role: mediation.RoleResident}}, grants...)}
	}
	r.clerk = person(10, "小李", mediation.Grant{Role: mediation.RoleCoordinator, Committee: mediation.CommitteeID(uid(4))})
	r.supervisor = person(11, "监督员", mediation.Grant{Role: mediation.RoleSupervisor, AreaPath: "gx/"})
	r.resident = person(12, "陈阿芬")
	r.admin = person(13, "管理员", mediation.Grant{Role: mediation.RoleAdmin})
	for n := range 2 {
		receipt, err := desk.File(r.Context(), r.resident, mediation.Intake{Facts: "楼上半夜拖椅子", Place: "3-502", Phone: "10012345678",
			Area: mediation.AreaID(uid(2)), Privacy: true, Name: "陈阿芬"}, fmt.Sprintf("key-%020d", n))
		if err != nil {
			r.Fatal(err)
		}
		r.now = r.now.Add(time.Minute)
		if n == 0 {
			act := &mediation.Registration{Title: "楼上噪音", Type: "02", Subtype: "02-noise", Respondent: "孙小明", Request: "安静", RiskScreen: true}
			if _, err := desk.Do(r.Context(), r.clerk, receipt.Case, 0, act); err != nil {
				r.Fatal(err)
			}
		}
	}
}

func (r *register) exec(statement string, values ...any) {
	r.Helper()
	if _, err := r.raw.ExecContext(r.Context(), statement, values...); err != nil {
		r.Fatalf("%s: %v", statement, err)
	}
}

// ask sends a request as somebody and gives the answer as it comes.
func (r *register) ask(a mediation.Actor, method, target, form string) *httptest.ResponseRecorder {
	r.Helper()
	e := echo.New()
	for _, way := range r.site.ledgerRoutes() {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(599, fmt.Sprint(mediation.KindOf(err), " ", err)) }
	req := httptest.NewRequestWithContext(r.Context(), method, target, strings.NewReader(form))
	req.Header.Set("Accept-Language", "zh-CN")
	if form != "" {
		req.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// see reads a page.
func (r *register) see(a mediation.Actor, target string) *goquery.Document {
	r.Helper()
	rec := r.ask(a, http.MethodGet, target, "")
	if rec.Code != http.StatusOK {
		r.Fatalf("%s: %d %s", target, rec.Code, rec.Body)
	}
	if strings.Contains(rec.Body.String(), "⟦") {
		r.Errorf("%s has a text without words: %s", target, rec.Body.String()[strings.Index(rec.Body.String(), "⟦"):][:80])
	}
	doc, err := goquery.NewDocumentFromReader(rec.Body)
	if err != nil {
		r.Fatal(err)
	}
	return doc
}

// told gives the texts of all that a selector finds, spaces made one.
func told(doc *goquery.Document, selector string) []string {
	return doc.Find(selector).Map(func(_ int, s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") })
}

func TestTheDeskGreetsAndShowsWhatWaits(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	doc := r.see(r.clerk, "/desk")
	if got := told(doc, "h1")[0]; got != "小李，上午好" {
		t.Errorf("greeting %q", got)
	}
	if diff := cmp.Diff([]string{"新提交的 1", "已登记，等征求对方意见 1"}, told(doc, ".queue h3")); diff != "" {
		t.Errorf("queues (-want +got):\n%s", diff)
	}
	if got := strings.Join(told(doc, ".queue .due"), "|"); !strings.Contains(got, "还有 ") || !strings.Contains(got, "决定是否受理") {
		t.Errorf("due chips say %q", got)
	}
	if got := strings.Join(told(doc, ".desk p.help"), ""); !strings.Contains(got, "暂时没有：等补正的、等对方答复、已逾期的。") {
		t.Errorf("the empty queues are told as %q", got)
	}
	if got := told(r.see(r.resident, "/desk"), ".queue h3"); len(got) != 1 || got[0] != "我是当事人的案件 2" {
		t.Errorf("the resident's desk shows %q", got)
	}
}

func TestTheDeskSaysWhatToDoWhenNothingWaits(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	r.exec(`UPDATE cases SET stage = 'archived'`)
	for who, want := range map[string]string{"clerk": "没有等您登记的事", "resident": "现在没有要您办的事"} {
		reader := map[string]mediation.Actor{"clerk": r.clerk, "resident": r.resident}[who]
		if text := r.see(reader, "/desk").Find("main").Text(); !strings.Contains(text, want) {
			t.Errorf("the %s reads %q, want %q", who, text, want)
		}
	}
	if text := r.see(r.admin, "/desk").Find("main").Text(); !strings.Contains(text, "调委会") || strings.Contains(text, "还没有调委会") {
		t.Errorf("the administrator reads %q", text)
	}
	r.exec(`UPDATE committees SET closed_at = now()`)
	r.exec(`INSERT INTO upkeep (kind, day, leased_until, tries, began_at, fault) VALUES ('backup', '2026-01-02', now(), 1, now(), 'no space')`)
	r.site.Scheduled = []string{"backup/"}
	if text := r.see(r.admin, "/desk").Find(".tone-alarm").Text(); !strings.Contains(text, "自动备份没有做成") {
		t.Errorf("of a backup that failed the administrator is told %q", text)
	}
	if text := r.see(r.admin, "/desk").Find(".notice").Text(); !strings.Contains(text, "还没有调委会") {
		t.Errorf("without a committee the administrator is told %q", text)
	}
}

func TestTheSupervisorsNumbersLeadToTheirLists(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	doc := r.see(r.supervisor, "/desk")
	if diff := cmp.Diff([]string{"榆园", "2", "0", "0", "0", "0", "2", "0"}, told(doc, "#desk-load ~ * tbody tr > *")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	to, _ := doc.Find("#desk-load ~ * tbody td a").First().Attr("href")
	list := r.see(r.supervisor, to)
	if got := len(told(list, "table.ledger tbody tr")); got != 2 {
		t.Errorf("behind the 2 at intake stand %d cases at %s", got, to)
	}
	if text := list.Find("main").Text(); strings.Contains(text, "孙小明") || strings.Contains(text, "楼上噪音") || !strings.Contains(text, "孙**") {
		t.Errorf("the supervisor's list says too much: %s", text)
	}
}

func TestFiltersLiveInTheAddress(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	doc := r.see(r.clerk, "/cases?stage=registered&q=噪音")
	if got := told(doc, "table.ledger tbody tr"); len(got) != 1 || !strings.Contains(got[0], "楼上噪音") || !strings.Contains(got[0], "对方：孙小明") {
		t.Errorf("rows %q", got)
	}
	if got, _ := doc.Find("form.form input[name=q]").Attr("value"); got != "噪音" {
		t.Errorf("the search box holds %q", got)
	}
	if got := told(doc, "select[name=stage] option[selected]"); len(got) != 1 || got[0] != "已登记" {
		t.Errorf("the stage chosen is %q", got)
	}
	if got := told(doc, ".chosen strong"); len(got) != 2 {
		t.Errorf("the filters are told as %q", got)
	}
	empty := r.see(r.clerk, "/cases?q=没有这个词")
	if got := told(empty, ".empty-title"); len(got) != 1 || got[0] != "没有找到符合条件的案件" || empty.Find("table").Length() != 0 {
		t.Errorf("an empty list says %q", got)
	}
	if got := r.see(r.clerk, "/cases?closed=yes").Find(".tabs a[aria-current=page]").Text(); got != "已结" {
		t.Errorf("the section shown is %q", got)
	}
	if rec := r.ask(r.clerk, http.MethodGet, "/cases?after=x", ""); !strings.HasPrefix(rec.Body.String(), fmt.Sprint(mediation.Invalid)) {
		t.Errorf("a wrong cursor: %s", rec.Body)
	}
	if rec := r.ask(mediation.Visitor(), http.MethodGet, "/cases", ""); !strings.HasPrefix(rec.Body.String(), fmt.Sprint(mediation.Forbidden)) {
		t.Errorf("a visitor's list: %s", rec.Body)
	}
}

func TestThePagerKeepsTheFilters(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	r.exec(`INSERT INTO cases SELECT (jsonb_populate_record(NULL::cases, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'intake_number', '登' || n))).*
		FROM cases c, generate_series(1, 40) n WHERE c.stage = 'submitted'`)
	doc := r.see(r.clerk, "/cases?stage=submitted")
	older, ok := doc.Find(".pager .older").Attr("href")
	if !ok || !strings.Contains(older, "stage=submitted") || len(told(doc, "tbody tr")) != ledger.PageSize {
		t.Fatalf("%d rows, older %q", len(told(doc, "tbody tr")), older)
	}
	second := r.see(r.clerk, older)
	newer, ok := second.Find(`.pager a[rel=prev]`).Attr("href")
	if got := len(told(second, "tbody tr")); got != 11 || !ok || !strings.Contains(newer, "stage=submitted") {
		t.Errorf("the second page has %d rows of 11, newer %q", got, newer)
	}
	if diff := cmp.Diff(told(doc, "tbody th"), told(r.see(r.clerk, newer), "tbody th")); diff != "" {
		t.Errorf("back is another page (-first +back):\n%s", diff)
	}
}

func TestDeadlinesAndNoticesHaveTheirPages(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	if got := told(r.see(r.clerk, "/deadlines"), "tbody tr"); len(got) != 2 || !strings.Contains(got[0], "决定是否受理") {
		t.Errorf("deadlines of the week: %q", got)
	}
	if got := told(r.see(r.clerk, "/deadlines?when=late"), ".empty-title"); len(got) != 1 || got[0] != "没有逾期的事" {
		t.Errorf("late deadlines: %q", got)
	}
	box := r.see(r.resident, "/notices")
	if got := told(box, ".timeline-what"); len(got) != 1 || !strings.Contains(got[0], "新 您的纠纷已登记") {
		t.Fatalf("the resident's notices: %q", got)
	}
	action, _ := box.Find(".notices form").Attr("action")
	id, _ := box.Find(".notices input[name=case]").Attr("value")
	rec := r.ask(r.resident, http.MethodPost, action, "case="+id)
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/cases/"+id {
		t.Errorf("opening a notice: %d to %q", rec.Code, rec.Header().Get("Location"))
	}
	if rec := r.ask(r.resident, http.MethodPost, action, "case=../../sign-out?x"); rec.Header().Get("Location") != "/cases/..%2F..%2Fsign-out%3Fx" {
		t.Errorf("a made-up case leads to %q", rec.Header().Get("Location"))
	}
	if rec := r.ask(r.clerk, http.MethodPost, action, "case="+id); !strings.HasPrefix(rec.Body.String(), fmt.Sprint(mediation.NotFound)) {
		t.Errorf("another's notice: %s", rec.Body)
	}
	if got := r.see(r.resident, "/notices").Find(".timeline-what strong").Length(); got != 0 {
		t.Error("the notice is still new after it was opened")
	}
	if rec := r.ask(r.resident, http.MethodPost, "/notices/read", ""); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/notices" {
		t.Errorf("marking all: %d to %q", rec.Code, rec.Header().Get("Location"))
	}
}

func TestASearchSaysHowMuchItFoundBehindEachTab(t *testing.T) {
	t.Parallel()
	r := openRegister(t)
	tabs := func(a mediation.Actor, target string) []string { return told(r.see(a, target), ".tabs a") }
	for _, tt := range []struct {
		rule, target string
		want         []string
	}{
		{"no search, no count", "/cases", []string{"在办", "已结"}},
		{"a word of the title", "/cases?q=噪音", []string{"在办（1）", "已结（0）"}},
		{"the count is that of the tab, whatever else is chosen there", "/cases?q=噪音&stage=closed", []string{"在办（1）", "已结（0）"}},
		{"a word nobody wrote", "/cases?q=宠物", []string{"在办（0）", "已结（0）"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tabs(r.clerk, tt.target)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff([]string{"在办（0）", "已结（0）"}, tabs(r.supervisor, "/cases?q=噪音")); diff != "" {
		t.Errorf("who may not read titles learns of one by a count (-want +got):\n%s", diff)
	}
	r.exec(`UPDATE cases SET stage = 'closed' WHERE title = '楼上噪音'`)
	if diff := cmp.Diff([]string{"在办（0）", "已结（1）"}, tabs(r.clerk, "/cases?q=噪音")); diff != "" {
		t.Errorf("what was closed (-want +got):\n%s", diff)
	}
}

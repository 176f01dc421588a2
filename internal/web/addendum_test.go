package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// add posts a late fact as somebody, with files under the name "file".
func (p *proven) add(a mediation.Actor, fields map[string]string, files ...sent) *httptest.ResponseRecorder {
	p.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			p.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile("file", f.name)
		if err != nil {
			p.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			p.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.Fatal(err)
	}
	return p.deed(a, http.MethodPost, "addenda", &body, form.FormDataContentType())
}

// deed asks for the page of an act, or posts its form.
func (p *printed) deed(a mediation.Actor, method, noun string, body io.Reader, kind string) *httptest.ResponseRecorder {
	p.Helper()
	e := echo.New()
	for _, way := range p.site.actRoutes() {
		if way.Path == "/cases/:case/"+noun {
			e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
		}
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), p.site.page(c).Message(err)) }
	req := httptest.NewRequestWithContext(p.Context(), method, "/cases/"+string(p.id)+"/"+noun, body)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept-Language", "zh-CN")
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// finish keeps the promises, visits and closes the case.
func (p *printed) finish() {
	p.Helper()
	v, err := p.site.Desk.Case(p.Context(), p.chair, p.id)
	if err != nil {
		p.Fatal(err)
	}
	for _, o := range v.Case.Promised() {
		p.act(p.mediator, &mediation.Performed{Obligation: o.ID, On: statute.DateOf(p.now), Proof: "收条"})
	}
	p.act(p.mediator, &mediation.FinalVisit{Visitation: mediation.Visitation{Means: "visit", Situation: "好了", Satisfaction: "satisfied"}})
	p.act(p.chair, &mediation.Closing{Missing: "已说明"})
}

// TestArchivingProposesTheClassOfRetention: the form comes filled with what the
// facts ask for and says why and until when; another class wants a reason at its
// field, which the cover then bears.
func TestArchivingProposesTheClassOfRetention(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.finish()
	doc := document(t, p.deed(p.chair, http.MethodGet, "archive", http.NoBody, "").Body.String())
	if got := doc.Find(`select[name="retention"] option[selected]`); got.AttrOr("value", "") != "y10" || !strings.Contains(got.Text(), "2036年6月") || !strings.Contains(got.Text(), "鉴定") {
		t.Errorf("proposed is %q", got.Text())
	}
	if text := doc.Find("form").Text(); !strings.Contains(text, "按案情拟定：短期（10年）（一般纠纷）") {
		t.Errorf("the form does not say why: %s", text)
	}
	if last := doc.Find(`select[name="retention"] option`).Last().Text(); strings.Contains(last, "鉴定") {
		t.Errorf("what is kept for good is due for appraisal: %q", last)
	}
	post := func(why string) *httptest.ResponseRecorder {
		form := url.Values{"retention": {"permanent"}, "pages": {"12"}, "checked": {"yes"}, "why": {why}}
		return p.deed(p.chair, http.MethodPost, "archive", strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
	}
	rec := post("")
	again := document(t, rec.Body.String())
	if rec.Code != http.StatusUnprocessableEntity || again.Find(`select[name="retention"] option[selected]`).AttrOr("value", "") != "permanent" || again.Find(`input[name="why"][aria-invalid]`).Length() != 1 {
		t.Errorf("%d: without a reason, or what was chosen is lost", rec.Code)
	}
	if rec := post("区里的典型案例"); rec.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if cover := p.read(p.chair, "/papers/F27", "").Find(".paper").Text(); !strings.Contains(cover, "改定原因：区里的典型案例") || !strings.Contains(cover, "永久") {
		t.Errorf("the cover says %s", cover)
	}
}

// TestAPaperOfAnArchivedVolumeSaysThatItWasKept: the list, the page of the paper and
// the page of what was kept say so in both languages, and nobody is told that it was
// issued or has changed.
func TestAPaperOfAnArchivedVolumeSaysThatItWasKept(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.finish()
	p.act(p.chair, &mediation.Archiving{Retention: "y10", Pages: 12, Checked: true})
	p.site.Words["F02.remark"] = "另一种说法"
	for lang, want := range map[locale.Lang][4]string{
		locale.ZH: {"归卷留存", "归档时随卷留存", "这是归档时随卷留存的文书", "F18 履行凭证 · 第 1 项"},
		locale.EN: {"Kept with the volume", "Kept with the volume, archived on", "This paper was kept with the volume when it was archived", "F18 Proof of performance · obligation 1"},
	} {
		if text := p.read(p.chair, "/volume", lang).Find("main").Text(); !strings.Contains(text, want[0]) || !strings.Contains(text, want[3]) {
			t.Errorf("the volume says %s", text)
		}
		page := p.read(p.chair, "/papers/F02", lang).Find("body")
		kept := page.Find(`a[href*="/papers/F02/issues/"]`).First()
		if text := page.Text(); !strings.Contains(text, want[1]) || kept.Length() == 0 || page.Find(`form[action$="/issues"]`).Length() != 0 {
			t.Errorf("the page of the paper says %s", text)
		}
		at := strings.TrimPrefix(kept.AttrOr("href", ""), "/cases/"+string(p.id))
		if text := p.read(p.chair, at, lang).Find("body").Text(); !strings.Contains(text, want[2]) || strings.Contains(text, "另一种说法") {
			t.Errorf("what was kept says %s", text)
		}
		if rec := p.paper(p.chair, at+"/pdf", lang); rec.Code != http.StatusOK {
			t.Errorf("what was kept as a file: %d", rec.Code)
		}
	}
}

// TestALateFactIsAddedBesideTheArchive walks the page: on an open case it says
// what to do instead, after closing it is taken with its file, shown to the office
// and not to the parties, and the case stands as it stood.
func TestALateFactIsAddedBesideTheArchive(t *testing.T) {
	t.Parallel()
	p := openProven(t)
	p.site.Upload = 1 << 20
	fields := map[string]string{"on": "2026-06-10", "told_by": "陈阿芬", "text": "楼上搬走了"}
	for name, rec := range map[string]*httptest.ResponseRecorder{"asked": p.deed(p.chair, http.MethodGet, "addenda", http.NoBody, ""), "sent": p.add(p.chair, fields, sent{"一.jpg", photograph(t, 9)})} {
		if rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), "还没有结案，新情况直接记在案件里") {
			t.Errorf("%s for an open case: %d %s", name, rec.Code, rec.Body)
		}
	}
	p.finish()
	before := p.act(p.chair, &mediation.Archiving{Retention: "y10", Pages: 12, Checked: true})
	form := p.deed(p.chair, http.MethodGet, "addenda", http.NoBody, "")
	doc := document(t, form.Body.String())
	if form.Code != http.StatusOK || doc.Find(`form[enctype="multipart/form-data"] input[type="file"]`).Length() != 1 {
		t.Fatalf("%d %s", form.Code, form.Body)
	}
	for rule, files := range map[string][]sent{"没有收下|svg": {{"run.svg", []byte("<svg/>")}}, "一次只收一个": {{"一.jpg", photograph(t, 1)}, {"二.jpg", photograph(t, 2)}}} {
		rec := p.add(p.chair, fields, files...)
		if rec.Code != http.StatusUnprocessableEntity || document(t, rec.Body.String()).Find("textarea").Text() != "楼上搬走了" {
			t.Errorf("%s: %d, or what was typed is lost", rule, rec.Code)
		}
	}
	if rec := p.add(p.clerk, fields, sent{"新照片.jpg", photograph(t, 3)}); rec.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	v, err := p.site.Desk.Case(t.Context(), p.chair, p.id)
	if err != nil {
		t.Fatal(err)
	}
	c := v.Case
	if len(c.Addenda) != 1 || c.Addenda[0].Text != "楼上搬走了" || c.Stage != mediation.Archived || len(c.Files) != 3 || !c.LateFile(c.Files[2].ID) || len(c.Deadlines) != len(before.Deadlines) {
		t.Errorf("stage %s, addenda %+v, %d files", c.Stage, c.Addenda, len(c.Files))
	}
	if last := v.History[len(v.History)-1]; last.Action != mediation.AddAddendum || last.Codes["no"] != "1" || fmt.Sprint(last.Codes) != "map[kind:image no:1 on:2026-06-10]" {
		t.Errorf("the history says %+v", last)
	}
	for _, tt := range []struct {
		who   string
		actor mediation.Actor
		path  string
		want  bool
	}{{"the chair", p.chair, "", true}, {"the clerk", p.clerk, "", true}, {"a party", p.applicant, "", false}} {
		if got := strings.Contains(p.visit(tt.actor, tt.path).Body.String(), "楼上搬走了"); got != tt.want {
			t.Errorf("%s reads it: %t, want %t", tt.who, got, tt.want)
		}
	}
	if text := p.read(p.chair, "/volume", "").Find("main").Text(); !strings.Contains(text, "结案后的补充") || !strings.Contains(text, "补充材料 1") || !strings.Contains(text, "新照片.jpg") || !strings.Contains(text, "已说明") {
		t.Errorf("the page of the volume says %s", text)
	}
	if rec := p.paper(p.chair, "/volume/pdf", ""); rec.Code != http.StatusOK {
		t.Errorf("the volume: %d", rec.Code)
	}
	if rec := p.add(p.mediator, fields); rec.Code != http.StatusNotFound && rec.Code != http.StatusForbidden { // whose work ended with the case
		t.Errorf("the mediator of before: %d", rec.Code)
	}
	if rec := p.add(p.applicant, fields); rec.Code != http.StatusForbidden {
		t.Errorf("a party: %d", rec.Code)
	}
}

// TestTheYearsOfAClassFollowTheCommittee: what the chair chooses from, the history
// and the cover say the years the committee has set, and the cover those of the day
// of archiving when they are set anew.
func TestTheYearsOfAClassFollowTheCommittee(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.finish()
	set := func(limits string) {
		t.Helper()
		if _, err := p.raw.ExecContext(t.Context(), `UPDATE committees SET limits = $1`, limits); err != nil {
			t.Fatal(err)
		}
	}
	set(`{"D-18b": {"n": 15, "unit": "years"}}`)
	doc := document(t, p.deed(p.chair, http.MethodGet, "archive", http.NoBody, "").Body.String())
	var labels []string
	doc.Find(`select[name="retention"] option`).Each(func(_ int, o *goquery.Selection) {
		if o.AttrOr("value", "") != "" {
			labels = append(labels, o.Text())
		}
	})
	if lacks := shows(doc.Find("form"), "短期·口头、简易（5年）（2031年", "短期（15年）（2041年", "长期（30年）（2056年", "永久", "按案情拟定：短期（15年）（一般纠纷）"); len(lacks) > 0 || len(labels) != 4 {
		t.Errorf("lacking %v in %q", lacks, labels)
	}
	p.act(p.chair, &mediation.Archiving{Retention: "y10", Pages: 12, Checked: true})
	set(`{"D-18b": {"n": 7, "unit": "years"}}`)
	v, err := p.site.Desk.Case(t.Context(), p.chair, p.id)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[locale.Lang]string{"zh-CN": "^留存文书的摘要：[0-9a-f]{64} 保管期限：短期 保管年数：15$", "en": "^Digest of the papers kept: [0-9a-f]{64} Retention: Short Years kept: 15$"} {
		if got := strings.Join(codesInWords(p.site.Render.BlankPage(lang, p.now), v.History[len(v.History)-1]), " "); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("the history says %q, want %q", got, want)
		}
	}
	for _, form := range []string{"F27", "F29"} {
		if cover := p.read(p.chair, "/papers/"+form, "").Find(".paper").Text(); !strings.Contains(cover, "短期（15年），至2041年") {
			t.Errorf("%s says %s", form, cover)
		}
	}
}

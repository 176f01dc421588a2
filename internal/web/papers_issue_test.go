package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// issues sends the form of the act as somebody.
func (p *printed) issues(a mediation.Actor, form url.Values) *httptest.ResponseRecorder {
	p.Helper()
	e := echo.New()
	for _, way := range p.site.actRoutes() {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), err.Error()) }
	req := httptest.NewRequestWithContext(p.Context(), http.MethodPost, "/cases/"+string(p.id)+"/issues", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", echo.MIMEApplicationForm)
	req.Header.Set("Accept-Language", "zh-CN")
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// complete gives both parties what the agreement wants to know of them.
func (p *printed) complete() *printed {
	p.Helper()
	c := p.act(p.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: p.respondent, Side: mediation.Respondent, Capacity: "adult", Name: "邵立",
		IDNumber: "990000196207080017"}})
	p.act(p.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: c.Parties[0].ID, Side: mediation.Applicant, Capacity: "adult", Name: "陈阿芬",
		Phone: "10012345678", IDNumber: "990000195803120017", Address: "榆园3幢502室"}})
	return p
}

// links are the addresses of a page that end so, under the case.
func links(p *printed, doc *goquery.Document, in string) []string {
	var list []string
	doc.Find(`a[href*="` + in + `"]`).Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		list = append(list, strings.TrimPrefix(href, "/cases/"+string(p.id)))
	})
	return list
}

func TestAPaperIsIssuedAndCorrected(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	t.Run("a paper that lacks a fact cannot be issued, and the form names the fact", func(t *testing.T) {
		doc := p.read(p.mediator, "/papers/F11", "")
		if n := doc.Find(`.issues form, .issues a[href*="issues?"]`).Length(); n != 0 || !strings.Contains(doc.Find(".issues").Text(), "补齐后才能出具") {
			t.Errorf("%d ways to issue it: %q", n, doc.Find(".issues").Text())
		}
		rec := p.issues(p.mediator, url.Values{"paper": {"F11"}})
		if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "陈阿芬：公民身份号码") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
	p.complete()
	t.Run("until then it says that it is a draft", func(t *testing.T) {
		doc := p.read(p.mediator, "/papers/F11", "")
		if foot := doc.Find(".paper footer").Text(); !strings.Contains(foot, "草稿，未出具") {
			t.Errorf("the foot says %q", foot)
		}
		form := doc.Find(".issues form")
		to, _ := form.Attr("action")
		paper, _ := form.Find(`input[name="paper"]`).Attr("value")
		if to != "/cases/"+string(p.id)+"/issues" || paper != "F11" || form.Find("button").Length() != 1 {
			t.Errorf("the form posts %q to %q", paper, to)
		}
	})
	t.Run("one press issues it and leads back to it", func(t *testing.T) {
		rec := p.issues(p.mediator, url.Values{"paper": {"F11"}})
		if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || to != "/cases/"+string(p.id)+"/papers/F11" {
			t.Fatalf("%d %s %s", rec.Code, to, rec.Body)
		}
		text := p.read(p.mediator, "/papers/F11", "").Find(".issues").Text()
		if !strings.Contains(text, "现行：第 1 次出具") || !strings.Contains(text, "老娘舅") || !strings.Contains(text, "一致") {
			t.Errorf("the page says %q", text)
		}
		if text := p.read(p.mediator, "/papers", locale.EN).Find("table").First().Text(); !strings.Contains(text, "Issue 1") {
			t.Errorf("the list says %q", text)
		}
	})
	t.Run("it is not issued again while nothing changed", func(t *testing.T) {
		rec := p.issues(p.mediator, url.Values{"paper": {"F11"}, "reason": {"再来一份"}})
		if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "与第 1 次出具相比，内容没有变化") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
	first := links(p, p.read(p.mediator, "/papers/F11", ""), "/papers/F11/issues/")[0]
	p.act(p.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: p.respondent, Side: mediation.Respondent, Capacity: "adult", Name: "邵力"}})
	p.exec(`UPDATE committees SET wording = '{"F11.copies": "新的说法{n}"}'`)
	t.Run("a change of the case is told and asks for a reason", func(t *testing.T) {
		doc := p.read(p.mediator, "/papers/F11", "")
		if text := doc.Find(".issues").Text(); !strings.Contains(text, "第 1 次出具后，案件有了变化") || len(links(p, doc, "/issues?paper=F11")) != 1 {
			t.Errorf("the page says %q", text)
		}
		rec := p.issues(p.mediator, url.Values{"paper": {"F11"}})
		if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "请填写") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if rec := p.issues(p.mediator, url.Values{"paper": {"F11"}, "reason": {"被申请人姓名登记有误"}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
	})
	t.Run("the former issue stays as it was, marked, on its page and as a file", func(t *testing.T) {
		doc := p.read(p.mediator, first, "")
		sheet := doc.Find(".paper").Text()
		for _, want := range []string{"邵立", "第1次出具", "已被第2次出具替代"} {
			if !strings.Contains(sheet, want) {
				t.Errorf("the former issue does not say %q", want)
			}
		}
		if strings.Contains(sheet, "邵力") || !strings.Contains(doc.Find(".tools").Text(), "已被第 2 次出具替代") {
			t.Errorf("the former issue says %q", sheet)
		}
		if text := p.file(p.mediator, first+"/pdf"); !strings.Contains(text, "邵立") || strings.Contains(text, "邵力") || !strings.Contains(text, "本件已被第2次出具替代") {
			t.Errorf("the file says %s", text)
		}
		if text := p.read(p.mediator, "/papers/F11", "").Find(".issues table").Text(); !strings.Contains(text, "已被第 2 次出具替代") || !strings.Contains(text, "被申请人姓名登记有误") {
			t.Errorf("the table says %q", text)
		}
	})
	t.Run("an issue for the court says that it is masked", func(t *testing.T) {
		if tools := p.read(p.mediator, first, "").Find(".tools"); !strings.Contains(tools.Text(), "只印证件号、出生日期、电话和住址的一部分") || tools.Find(`a[href$="/papers#court"]`).Length() != 1 {
			t.Errorf("the page says %q", tools.Text())
		}
	})
}

// file is what a printed file says, read with another's reader; without one the
// answer is that of the page, so that only the words are looked at.
func (p *printed) file(a mediation.Actor, path string) string {
	p.Helper()
	rec := p.paper(a, path, "")
	if rec.Code != http.StatusOK || !strings.HasPrefix(rec.Body.String(), "%PDF-") {
		p.Fatalf("%s: %d", path, rec.Code)
	}
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("REQUIRE_POPPLER") == "1" {
			p.Fatal(err)
		}
		p.Skip("no pdftotext (package poppler-utils): what is printed is not read back")
	}
	name := filepath.Join(p.TempDir(), "paper.pdf")
	if err := os.WriteFile(name, rec.Body.Bytes(), 0o600); err != nil {
		p.Fatal(err)
	}
	out, err := exec.CommandContext(p.Context(), reader, "-raw", name, "-").Output()
	if err != nil {
		p.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// Page, file and list hold alike: who may not read the paper gets none of its
// issues, and a party its own copy.
func TestIssuesFollowTheRightsOfTheirReaders(t *testing.T) {
	t.Parallel()
	p := openPrinted(t).complete()
	path := map[string]string{}
	for _, form := range []string{"F10", "F11", "F02"} {
		if rec := p.issues(p.mediator, url.Values{"paper": {form}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", form, rec.Code, rec.Body)
		}
		path[form] = links(p, p.read(p.mediator, "/papers/"+form, ""), "/papers/"+form+"/issues/")[0]
	}
	if rec := p.issues(p.mediator, url.Values{"paper": {"F27"}}); rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("the cover of the volume: %d", rec.Code)
	}
	for _, tt := range []struct {
		rule  string
		who   mediation.Actor
		opens string
	}{
		{"the chair", p.chair, "F02 F10 F11"},
		{"the clerk, who may not read the record", p.clerk, "F02 F11"},
		{"the applicant", p.applicant, "F02 F10 F11"},
		{"the other side, by a code, its identity checked at the session", p.coded, "F10 F11"},
		{"a supervisor", p.supervisor, ""},
		{"an administrator", p.admin, ""},
		{"a visitor", mediation.Visitor(), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			list := p.paper(tt.who, "/papers", "").Body.String()
			for form, to := range path {
				may := strings.Contains(tt.opens, form)
				for _, page := range []string{to, to + "/pdf"} {
					if code := p.paper(tt.who, page, "").Code; (code == http.StatusOK) != may {
						t.Errorf("%s: %d, opens %v", page, code, may)
					}
				}
				if strings.Contains(list, to) != may {
					t.Errorf("%s stands in the list: %v", form, !may)
				}
			}
		})
	}
	t.Run("the other side's contact data stay out of a party's copy, and the foot is that of the issue", func(t *testing.T) {
		office, own := p.read(p.mediator, path["F11"], "").Find(".paper"), p.read(p.applicant, path["F11"], "").Find(".paper")
		if !strings.Contains(office.Text(), "4321") || strings.Contains(own.Text(), "4321") || !strings.Contains(own.Text(), "5678") {
			t.Errorf("the party's copy says %q", own.Text())
		}
		if office.Find("footer").Text() != own.Find("footer").Text() {
			t.Error("the two have another foot")
		}
	})
	t.Run("who is known by a code alone opens none of these", func(t *testing.T) {
		p.exec(`UPDATE case_parties SET identity_level = 1 WHERE id = $1`, string(p.respondent))
		for form, to := range path {
			if code := p.paper(p.coded, to, "").Code; code != http.StatusNotFound {
				t.Errorf("%s: %d", form, code)
			}
		}
	})
	t.Run("the address of one form opens no other", func(t *testing.T) {
		if code := p.paper(p.chair, strings.Replace(path["F02"], "F02", "F10", 1), "").Code; code != http.StatusNotFound {
			t.Errorf("%d", code)
		}
	})
	t.Run("only the office issues", func(t *testing.T) {
		for _, who := range []mediation.Actor{p.applicant, p.coded, p.supervisor, p.admin, mediation.Visitor()} {
			if rec := p.issues(who, url.Values{"paper": {"F04"}}); rec.Code != http.StatusForbidden {
				t.Errorf("%v: %d", who.Grants, rec.Code)
			}
		}
		if n := p.read(p.applicant, "/papers/F10", "").Find(".issues form").Length(); n != 0 {
			t.Error("a party is offered to issue a paper")
		}
	})
}

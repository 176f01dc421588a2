package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
	"doorstep/templates"
)

// printed is a case settled in writing, seen through its papers.
type printed struct {
	*register
	id                                mediation.CaseID
	chair, mediator, applicant, coded mediation.Actor
	respondent                        mediation.PartyID
}

// openPrinted leads a dispute from filing to the sealed agreement, with words
// spoken alone and words of bargaining that no paper may show.
func openPrinted(t *testing.T) *printed {
	t.Helper()
	p := &printed{register: openRegister(t), applicant: mediation.Actor{}}
	committee := mediation.CommitteeID(uid(4))
	p.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'printchair', '王主任', 'x', now()), ($2, 'printmed', '老娘舅', 'x', now())`, uid(30), uid(31))
	p.exec(`INSERT INTO mediators (user_id, committee_id, registration_no) VALUES ($1, $2, 'T1')`, uid(31), uid(4))
	p.exec(`INSERT INTO grants (id, user_id, role, committee_id, granted_at, confirmed_at) VALUES ($1, $2, 'mediator', $3, now(), now())`, uid(40), uid(31), uid(4))
	p.chair = mediation.Actor{User: mediation.UserID(uid(30)), Name: "王主任", Grants: []mediation.Grant{{Role: mediation.RoleChair, Committee: committee}}}
	p.mediator = mediation.Actor{User: mediation.UserID(uid(31)), Name: "老娘舅", Grants: []mediation.Grant{{Role: mediation.RoleMediator, Committee: committee}}}
	receipt, err := p.site.Desk.File(p.Context(), p.resident, mediation.Intake{Facts: "晚上拖椅子", Place: "3-502", Phone: "10012345678",
		Area: mediation.AreaID(uid(2)), Privacy: true, Name: "陈阿芬"}, fmt.Sprintf("key-%020d", 77))
	if err != nil {
		t.Fatal(err)
	}
	p.id, p.applicant = receipt.Case, p.resident
	p.settle()
	return p
}

func (p *printed) act(a mediation.Actor, act mediation.Act) *mediation.Case {
	p.Helper()
	c, err := p.site.Desk.Do(p.Context(), a, p.id, 0, act)
	if err != nil {
		p.Fatalf("%s: %v", act.Action(), err)
	}
	p.now = p.now.Add(10 * time.Minute)
	return c
}

func (p *printed) settle() {
	p.Helper()
	c := p.act(p.clerk, &mediation.Registration{Title: "楼上噪音", Type: "02", Subtype: "02-noise", Respondent: "邵立", Request: "安静", RiskScreen: true})
	first, second := c.Parties[0].ID, c.Parties[1].ID
	p.respondent = second
	p.coded = mediation.CodeHolder(mediation.CodeAccess{Case: p.id, Party: second, Level: mediation.LevelCode})
	p.act(p.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: second, Side: mediation.Respondent, Capacity: "adult", Name: "邵立",
		Phone: "10099994321", Address: "榆园4幢602室"}})
	p.act(p.clerk, &mediation.Question{ContactMade: mediation.ContactMade{Party: second, Means: "phone", Reached: true}})
	p.act(p.clerk, &mediation.Willing{Answer: mediation.Answer{Party: second, How: "phone"}})
	p.act(p.chair, &mediation.Acceptance{})
	p.act(p.chair, &mediation.Appointment{Track: "party_member", Lead: p.mediator.User, ChosenBy: "committee", LeadRelation: "none"})
	p.act(p.mediator, &mediation.Scheduling{Meeting: mediation.Meeting{At: p.now.Add(time.Hour), Place: "调解室", Mode: "joint"}})
	p.act(p.mediator, &mediation.Opening{Attendance: []mediation.Attendance{{Party: first, Present: true, Identity: true, Rights: "signed"},
		{Party: second, Present: true, Identity: true, Rights: "oral"}}})
	p.act(p.mediator, &mediation.Caucus{Party: first, Text: "单独说的底线"})
	p.act(p.mediator, &mediation.Report{Statements: []mediation.Statement{{Party: first, Text: "太吵"}, {Party: second, Text: "会改"}}, Confirmed: "有拖拽声",
		Negotiation: "让步过程", Result: "settled", ReadBack: true, Recorder: "小李"})
	p.act(p.mediator, &mediation.Draft{Terms: mediation.Terms{Facts: "晚上有声音", Settled: "噪音", LawChecked: true, ThirdChecked: true, FreeWill: true,
		Promises: []mediation.Promise{{By: second, To: first, Kind: "pay", What: "地垫钱", Amount: "680", Due: statute.NewDate(2026, 6, 30), How: "转账"}}}})
	p.act(p.mediator, &mediation.Signing{Party: first, How: "paper"})
	p.act(p.mediator, &mediation.Signing{Party: second, How: "paper"})
	p.act(p.mediator, &mediation.Countersigning{})
	p.act(p.chair, &mediation.Sealing{})
}

// paper asks for a page of papers as somebody; the language "" is Chinese.
func (p *printed) paper(a mediation.Actor, path string, lang locale.Lang) *httptest.ResponseRecorder {
	p.Helper()
	return p.asked(p.site.volumeRoutes(), a, path, lang)
}

// volumeSite asks one server for pages of the volume as somebody.
func (p *printed) volumeSite(a mediation.Actor) func(path string) *httptest.ResponseRecorder {
	ways := p.site.volumeRoutes()
	return func(path string) *httptest.ResponseRecorder { return p.asked(ways, a, path, "") }
}

func (p *printed) asked(volumes []route, a mediation.Actor, path string, lang locale.Lang) *httptest.ResponseRecorder {
	p.Helper()
	e := echo.New()
	for _, way := range append(p.site.paperRoutes(), volumes...) {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), fmt.Sprint(err)) }
	req := httptest.NewRequestWithContext(p.Context(), http.MethodGet, "/cases/"+string(p.id)+path, nil)
	req.Header.Set("Accept-Language", "zh-CN")
	if lang != "" {
		req.Header.Set("Accept-Language", string(lang))
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

func (p *printed) read(a mediation.Actor, path string, lang locale.Lang) *goquery.Document {
	p.Helper()
	rec := p.paper(a, path, lang)
	body := rec.Body.String()
	if rec.Code != http.StatusOK || strings.Contains(body, "⟦") {
		p.Fatalf("%s: %d %s", path, rec.Code, body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	return doc
}

func TestPapersOfASettledCase(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	t.Run("the list offers what can be printed and what the volume needs", func(t *testing.T) {
		doc := p.read(p.mediator, "/papers", "")
		var offered []string
		doc.Find("table").First().Find("tbody tr th").Each(func(_ int, s *goquery.Selection) { offered = append(offered, strings.TrimSpace(s.Text())[:3]) })
		if got := strings.Join(offered, " "); got != "F01 F02 F03 F04 F04 F06 F08 F10 F11 F16 F17 F18 F25 F26 F26 F27 F28 F29" {
			t.Errorf("offered %s", got)
		}
		if text := doc.Find("table").Last().Text(); !strings.Contains(text, "F02 人民调解受理登记表") || !strings.Contains(text, "必备") || !strings.Contains(text, "由当事人提供") {
			t.Errorf("the volume's list says %q", text)
		}
		doc.Find(`tbody a[href*="/papers/"]`).Each(func(_ int, a *goquery.Selection) {
			url, _ := a.Attr("href")
			p.read(p.mediator, strings.TrimPrefix(url, "/cases/"+string(p.id)), "")
		})
	})
	t.Run("the paper is Chinese and its tools speak the reader's language", func(t *testing.T) {
		doc := p.read(p.mediator, "/papers/F11", locale.EN)
		if got, _ := doc.Find("html").Attr("lang"); got != "en" {
			t.Errorf("page lang %q", got)
		}
		if got, _ := doc.Find("main").Attr("lang"); got != "zh-CN" {
			t.Errorf("paper lang %q", got)
		}
		if tools := doc.Find(".tools").Text(); !strings.Contains(tools, "Before printing") || !strings.Contains(tools, "陈阿芬: ID number") {
			t.Errorf("tools say %q", tools)
		}
		sheet := doc.Find(".paper").Text()
		for _, want := range []string{"人民调解协议书", "榆园人调字〔2026〕第1号", "680.00元（大写：人民币陆佰捌拾元整）", "陈阿芬", "邵立", "一式3份"} {
			if !strings.Contains(sheet, want) {
				t.Errorf("the agreement does not say %q", want)
			}
		}
	})
	t.Run("no paper shows what was said alone, or in bargaining", func(t *testing.T) {
		for _, form := range []string{"F03", "F10", "F11", "F25"} {
			body := p.paper(p.mediator, "/papers/"+form, "").Body.String()
			if strings.Contains(body, "单独说的底线") || strings.Contains(body, "让步过程") {
				t.Errorf("%s shows notes of the mediator", form)
			}
		}
	})
	t.Run("nothing inline, and the sheet's own style", func(t *testing.T) {
		body := p.paper(p.mediator, "/papers/F10", "").Body.String()
		if strings.Contains(body, "style=") || strings.Contains(body, "<style") || !strings.Contains(body, "print.css") {
			t.Errorf("the paper breaks the content policy or has no sheet of its own")
		}
	})
}

// TestANoticeThatWasNotIssuedBearsTheDayOfItsAct: that of a session the day on which
// it was planned, whoever reads it, and that of a debt the day of the urging.
func TestANoticeThatWasNotIssuedBearsTheDayOfItsAct(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	day := func(a mediation.Actor, form string) string {
		return p.read(a, "/papers/"+form, "").Find(".place-day").Last().Text()
	}
	planned := p.dayOf(t, mediation.Schedule)
	for _, a := range []mediation.Actor{p.mediator, p.applicant} {
		if got := day(a, "F08"); got != planned {
			t.Errorf("the session notice is of %q for %s, want %s", got, a.Name, planned)
		}
	}
	p.now = time.Date(2026, time.July, 1, 10, 0, 0, 0, statute.Shanghai)
	v, err := p.site.Desk.Case(t.Context(), p.mediator, p.id)
	if err != nil {
		t.Fatal(err)
	}
	owed := v.Case.Obligations[0].ID
	p.act(mediation.System(), &mediation.Overdue{Obligation: owed})
	if got := day(p.mediator, "F20"); strings.Trim(got, "　年月日") != "" {
		t.Errorf("before anybody urged the reminder is of %q", got)
	}
	p.now = p.now.AddDate(0, 0, 2)
	p.act(p.mediator, &mediation.Urging{Obligation: owed, Means: "phone"})
	p.now = p.now.AddDate(0, 0, 5)
	if got := day(p.mediator, "F20"); got != "2026年7月3日" {
		t.Errorf("the reminder is of %q", got)
	}
}

// dayOf is the day of the first act of a kind, as a paper writes it.
func (p *printed) dayOf(t *testing.T, a mediation.Action) string {
	t.Helper()
	v, err := p.site.Desk.Case(t.Context(), p.mediator, p.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.History {
		if e.Action == a {
			d := statute.DateOf(e.At)
			return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
		}
	}
	t.Fatalf("nobody did %s", a)
	return ""
}

func TestAPaperAsAFile(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	t.Run("it is a file and nothing a browser would run", func(t *testing.T) {
		rec := p.paper(p.mediator, "/papers/F11/pdf", "")
		h := rec.Header()
		if rec.Code != http.StatusOK || !strings.HasPrefix(rec.Body.String(), "%PDF-") || h.Get("Content-Type") != "application/pdf" ||
			!strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Security-Policy") != sandboxPolicy {
			t.Errorf("%d %v", rec.Code, h)
		}
	})
	t.Run("it is shut to whom the page is shut", func(t *testing.T) {
		for _, tt := range []struct {
			who  mediation.Actor
			path string
		}{{p.clerk, "/papers/F10/pdf"}, {p.applicant, "/papers/F25/pdf"}, {p.supervisor, "/papers/F11/pdf"}, {p.applicant, "/papers/F04/pdf?item=" + string(p.respondent) + "x"}} {
			rec := p.paper(tt.who, tt.path, "")
			if tt.path == "/papers/F04/pdf?item="+string(p.respondent)+"x" {
				if rec.Code != http.StatusOK { // his own, whatever he asks for
					t.Errorf("%s: %d", tt.path, rec.Code)
				}
				continue
			}
			if rec.Code != http.StatusNotFound {
				t.Errorf("%s: %d", tt.path, rec.Code)
			}
		}
	})
	t.Run("what cannot be printed is named, in both languages", func(t *testing.T) {
		p.exec(`UPDATE cases SET facts = '很吵😡' WHERE id = $1`, string(p.id))
		for lang, want := range map[locale.Lang]string{locale.ZH: "打印不出来的字符：😡", locale.EN: "cannot be printed: 😡"} {
			rec := p.paper(p.mediator, "/papers/F25/pdf", lang)
			if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s: %d, without %q", lang, rec.Code, want)
			}
		}
	})
}

func TestAPaperSpeaksInTheCommitteesWords(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.exec(`UPDATE committees SET wording = '{"F03.read": "榆园的说法", "F99.gone": "没有的"}' WHERE id = $1`, uid(4))
	if text := p.read(p.mediator, "/papers/F03", "").Find(".paper").Text(); !strings.Contains(text, "榆园的说法") || strings.Contains(text, "已经清楚") {
		t.Errorf("the notice says %q", text)
	}
}

func TestPapersForAParty(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	t.Run("the other side's contact data stay away and are told apart from what is missing", func(t *testing.T) {
		doc := p.read(p.applicant, "/papers/F11", "")
		text := doc.Text()
		if strings.Contains(text, "4321") || strings.Contains(text, "榆园4幢") {
			t.Errorf("the other side's contact data stand in the paper")
		}
		if tools := doc.Find(".tools").Text(); !strings.Contains(tools, "对方的证件号、电话、住址和性别、民族、出生日期、职业不向您显示") || strings.Contains(tools, "邵立：联系电话") {
			t.Errorf("tools say %q", tools)
		}
	})
	t.Run("the notice of rights is his own", func(t *testing.T) {
		if text := p.read(p.applicant, "/papers/F03", "").Find(".paper").Text(); !strings.Contains(text, "陈阿芬") || strings.Contains(text, "邵立") {
			t.Errorf("the notice says %q", text)
		}
	})
	t.Run("the joint record he sat in is his to print", func(t *testing.T) {
		if text := p.read(p.applicant, "/papers/F10", "").Find(".paper").Text(); !strings.Contains(text, "会改") {
			t.Errorf("the record says %q", text)
		}
	})
	t.Run("the list holds no papers of the inner office", func(t *testing.T) {
		doc := p.read(p.applicant, "/papers", "")
		if text := doc.Find("main").Text(); strings.Contains(text, "F25") || strings.Contains(text, "卷宗需要") || !strings.Contains(text, "给您的一份") {
			t.Errorf("the list says %q", text)
		}
	})
	t.Run("papers of the inner office are not there", func(t *testing.T) {
		for _, form := range []string{"F25", "F21", "F15"} {
			if code := p.paper(p.applicant, "/papers/"+form, "").Code; code != http.StatusNotFound {
				t.Errorf("%s: %d", form, code)
			}
		}
	})
}

func TestPapersFollowThePolicy(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	for _, tt := range []struct {
		rule string
		who  mediation.Actor
		path string
		want int
	}{
		{"the chair prints the agreement", p.chair, "/papers/F11", http.StatusOK},
		{"the clerk prints the agreement", p.clerk, "/papers/F11", http.StatusOK},
		{"the clerk may not read the record", p.clerk, "/papers/F10", http.StatusNotFound},
		{"a supervisor is no party to it", p.supervisor, "/papers", http.StatusNotFound},
		{"an administrator is no party to it", p.admin, "/papers/F11", http.StatusNotFound},
		{"a visitor prints nothing", mediation.Visitor(), "/papers", http.StatusForbidden},
		{"a form that makes no sense is not there", p.mediator, "/papers/F05", http.StatusNotFound},
		{"a form nobody knows is not there", p.mediator, "/papers/F99", http.StatusNotFound},
		{"a session of another case is not there", p.mediator, "/papers/F10?item=" + uid(99), http.StatusNotFound},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if rec := p.paper(tt.who, tt.path, ""); rec.Code != tt.want {
				t.Errorf("%s: %d, want %d (%s)", tt.path, rec.Code, tt.want, rec.Body)
			}
		})
	}
}

func TestACodeAloneOpensTheNoticeOfRightsOnly(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.exec(`UPDATE case_parties SET identity_level = 1 WHERE id = $1`, string(p.respondent))
	if code := p.paper(p.coded, "/papers/F11", "").Code; code != http.StatusNotFound {
		t.Errorf("agreement: %d, want 404", code)
	}
	if text := p.read(p.coded, "/papers/F03", "").Find(".paper").Text(); !strings.Contains(text, "邵立") || strings.Contains(text, "陈阿芬") {
		t.Errorf("the notice says %q", text)
	}
}

// standardWording is that of the papers as it is shipped.
func standardWording() paper.Wording {
	words, err := paper.LoadWording(templates.FS)
	if err != nil {
		panic(err)
	}
	return words
}

// phraseBank is that of the agreements as it is shipped.
func phraseBank() paper.Phrases {
	bank, err := paper.LoadPhrases(templates.FS)
	if err != nil {
		panic(err)
	}
	return bank
}

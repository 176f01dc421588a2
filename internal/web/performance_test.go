package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// TestAPromiseIsPaidInPartsDisputedAndPutOff walks the pages of one debt of 680
// yuan: a part with its proof, the creditor's dispute, its settling, another day
// agreed on, and the ways that are shown while it is in trouble.
func TestAPromiseIsPaidInPartsDisputedAndPutOff(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	path := "/cases/" + string(p.id)
	v, err := p.site.Desk.Case(p.Context(), p.mediator, p.id)
	if err != nil {
		t.Fatal(err)
	}
	debt := v.Case.Promised()[0]
	send := func(a mediation.Actor, noun string, pairs ...string) int {
		t.Helper()
		form := url.Values{"obligation": {string(debt.ID)}}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return p.walk(a, http.MethodPost, path+"/"+noun, form.Encode()).Code
	}
	look := func(a mediation.Actor) *goquery.Document {
		t.Helper()
		w := p.walk(a, http.MethodGet, path, "")
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil || w.Code != http.StatusOK {
			t.Fatal(w.Code, err)
		}
		return doc
	}
	page := func(a mediation.Actor) string { return look(a).Text() }
	if text := page(p.mediator); !strings.Contains(text, "还没到期") || strings.Contains(text, "现在还能怎么办") {
		t.Errorf("before its day: %s", text)
	}
	if got := send(p.mediator, "part-performance", "on", "", "amount", "700", "proof", "转账"); got != http.StatusUnprocessableEntity {
		t.Errorf("more than is owed: %d", got)
	}
	if got := send(p.mediator, "part-performance", "amount", "200", "proof", "微信转账截图"); got != http.StatusSeeOther {
		t.Fatalf("a part: %d", got)
	}
	if text := page(p.mediator); !strings.Contains(text, "履行了一部分") || !strings.Contains(text, "已付 ¥200.00，还差 ¥480.00") || !strings.Contains(text, "微信转账截图") {
		t.Errorf("after a part: %s", text)
	}
	if got := send(p.applicant, "dispute", "reason", "只收到一百"); got != http.StatusSeeOther {
		t.Fatalf("the creditor's dispute: %d", got)
	}
	text := page(p.applicant)
	for _, want := range []string{"有争议", "只收到一百", "现在还能怎么办", "就协议向法院起诉", "《人民调解法》第32条", "向法院申请支付令"} {
		if !strings.Contains(text, want) {
			t.Errorf("the party does not read %q", want)
		}
	}
	if got := send(p.applicant, "dispute/result", "outcome", "owed", "note", "我说了算"); got != http.StatusForbidden {
		t.Errorf("a party settles his own dispute: %d", got)
	}
	if got := send(p.mediator, "dispute/result", "outcome", "owed", "note", "看过转账记录，是两百"); got != http.StatusSeeOther {
		t.Fatalf("settled: %d", got)
	}
	p.now = debt.Due.End().Add(1)
	p.act(mediation.System(), &mediation.Overdue{Obligation: debt.ID})
	doc := look(p.mediator)
	if got := told(doc, ".ways li"); len(got) != 6 || !strings.Contains(got[1], "再调解，商定新的日期") {
		t.Errorf("the ways on: %q", got)
	}
	if href, _ := doc.Find(".ways a").First().Attr("href"); href != path+"/reminders" {
		t.Errorf("the first way leads to %q", href)
	}
	if got := send(p.mediator, "rescheduling", "due", "2026-08-31", "reason", "工资月底发", "agreed_by", string(debt.By)); got != http.StatusUnprocessableEntity {
		t.Errorf("one alone put it off: %d", got)
	}
	if got := send(p.mediator, "rescheduling", "due", "2026-08-31", "reason", "工资月底发", "agreed_by", string(debt.By), "agreed_by", string(debt.To)); got != http.StatusSeeOther {
		t.Fatalf("put off: %d", got)
	}
	if text := page(p.mediator); !strings.Contains(text, "原定 2026年6月30日") {
		t.Errorf("the day first agreed on is not told: %s", text)
	}
}

// walk sends a request to the pages of a case as somebody.
func (p *printed) walk(a mediation.Actor, method, target, form string) *httptest.ResponseRecorder {
	p.Helper()
	e := echo.New()
	for _, way := range append(p.site.caseRoutes(), p.site.actRoutes()...) {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), fmt.Sprint(err)) }
	req := httptest.NewRequestWithContext(p.Context(), method, target, strings.NewReader(form))
	req.Header.Set("Accept-Language", "zh-CN")
	if form != "" {
		req.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// TestASignatureIsBoundToTheTextThatWasRead: the form carries the digest of the
// text; when a party joined since it was drawn, the post is answered with what
// changed and nothing is signed, and the signatures before are void.
func TestASignatureIsBoundToTheTextThatWasRead(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	path := "/cases/" + string(p.id)
	p.exec(`UPDATE cases SET stage = 'agreement_draft', effective_on = NULL WHERE id = $1`, string(p.id))
	p.exec(`UPDATE signatures SET voided_at = now() WHERE case_id = $1 AND as_what <> 'party'`, string(p.id))
	w := p.walk(p.mediator, http.MethodGet, path+"/agreement/countersignature", "")
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	read, _ := doc.Find(`input[name="digest"]`).Attr("value")
	version, _ := doc.Find(`input[name="agreement"]`).Attr("value")
	if len(read) != 64 {
		t.Fatalf("%d: the form carries the digest %q", w.Code, read)
	}
	if text := p.walk(p.mediator, http.MethodGet, path, "").Body.String(); !strings.Contains(text, read) {
		t.Error("the page does not show what was signed")
	}
	p.act(p.clerk, &mediation.NewParty{PartyEntry: mediation.PartyEntry{Side: mediation.Third, Capacity: "adult", Name: "丙", GroupSize: 1}})
	text := p.walk(p.mediator, http.MethodGet, path, "").Body.String()
	if !strings.Contains(text, "内容变了，作废，要重新签") || strings.Contains(text, read) {
		t.Error("the page does not say that the signatures are void")
	}
	c := p.act(p.clerk, &mediation.Willing{Answer: mediation.Answer{Party: p.third(), How: "phone"}})
	form := url.Values{"digest": {read}, "agreement": {version}, "version": {fmt.Sprint(c.Version)}}
	if w := p.walk(p.mediator, http.MethodPost, path+"/agreement/countersignature", form.Encode()); w.Code != http.StatusConflict {
		t.Errorf("a signature of another text: %d", w.Code)
	}
	form.Set("digest", c.Agreement().Digest)
	if w := p.walk(p.mediator, http.MethodPost, path+"/agreement/countersignature", form.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("a signature of the text in force: %d %s", w.Code, w.Body)
	}
}

func (p *printed) third() mediation.PartyID {
	p.Helper()
	v, err := p.site.Desk.Case(p.Context(), p.chair, p.id)
	if err != nil {
		p.Fatal(err)
	}
	return v.Case.Parties[2].ID
}

package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
)

// scrawl is a name as it is drawn on a screen.
const scrawl = "100,100 500,480;100,480 500,100;600,120 900,300"

// unsigned sets the case of a printed file back to a draft nobody has signed.
func unsigned(t *testing.T) (*printed, string) {
	t.Helper()
	p := openPrinted(t)
	p.exec(`UPDATE cases SET stage = 'agreement_draft', effective_on = NULL WHERE id = $1`, string(p.id))
	p.exec(`UPDATE signatures SET voided_at = now() WHERE case_id = $1`, string(p.id))
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p.site.Blobs, p.site.Upload = blobs, 1<<20
	return p, "/cases/" + string(p.id)
}

// signable is what the form of a signature asks for beside the name.
func (p *printed) signable(a mediation.Actor, path string) url.Values {
	p.Helper()
	doc := document(p.T, p.walk(a, http.MethodGet, path, "").Body.String())
	form := url.Values{}
	for _, in := range doc.Find(`main form.form input[type="hidden"]`).EachIter() {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	if len(form.Get("digest")) != 64 {
		p.Fatalf("%s does not ask for a signature: %s", path, doc.Find("main").Text())
	}
	return form
}

// handIn posts a form with a file.
func (p *printed) handIn(a mediation.Actor, path string, form url.Values, file sent) *httptest.ResponseRecorder {
	p.Helper()
	return p.handAllIn(a, path, form, map[string]sent{"file": file})
}

// handAllIn posts a form with a file in each of some boxes.
func (p *printed) handAllIn(a mediation.Actor, path string, form url.Values, files map[string]sent) *httptest.ResponseRecorder {
	p.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				p.Fatal(err)
			}
		}
	}
	for box, file := range files {
		part, err := w.CreateFormFile(box, file.name)
		if err == nil {
			_, err = part.Write(file.data)
		}
		if err != nil {
			p.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		p.Fatal(err)
	}
	e := echo.New()
	for _, way := range p.site.actRoutes() {
		e.Add(way.Method, way.Path, func(c echo.Context) error { setActor(c, a); return way.Do(c) })
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(statusFor(err), fmt.Sprint(err)) }
	req := httptest.NewRequestWithContext(p.Context(), http.MethodPost, path, &body)
	req.Header.Set(echo.HeaderContentType, w.FormDataContentType())
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

// TestADrawnNameIsKeptShownAndPrinted walks the whole way of a party's signature:
// read, drawn, refused and drawn again, stored sealed, shown to whom it may be,
// printed at its place, and gone from sight when the text changes.
func TestADrawnNameIsKeptShownAndPrinted(t *testing.T) {
	t.Parallel()
	p, at := unsigned(t)
	path := at + "/agreement/signature"
	doc := document(t, p.walk(p.coded, http.MethodGet, path, "").Body.String())
	for _, part := range []string{".signed-text", ".drawing canvas[aria-label]", `input[name="agreed"]`, `input[name="file"]`, `script[src$="signature.js"]`} {
		if doc.Find(part).Length() != 1 {
			t.Errorf("the page has %d of %s", doc.Find(part).Length(), part)
		}
	}
	if text := doc.Find(".signed-text").Text(); !strings.Contains(text, "晚上有声音") || !strings.Contains(text, "地垫钱") {
		t.Errorf("what is signed cannot be read: %s", text)
	}
	form := p.signable(p.coded, path)
	for drawn, fault := range map[string]string{"": "f-drawing", "500,300": "f-drawing", scrawl: "f-agreed"} {
		form.Set("drawing", drawn)
		w := p.walk(p.coded, http.MethodPost, path, form.Encode())
		doc := document(t, w.Body.String())
		if w.Code != http.StatusUnprocessableEntity || doc.Find("#"+fault+"-error").Length() != 1 || doc.Find(`input[name="drawing"]`).AttrOr("value", "") != drawn {
			t.Errorf("%q: %d, faults %s", drawn, w.Code, doc.Find("#summary").Text())
		}
	}
	form.Set("drawing", scrawl) // whichever was tried last
	form.Set("agreed", "yes")
	if w := p.walk(p.coded, http.MethodPost, path, form.Encode()); w.Code != http.StatusSeeOther {
		t.Fatalf("signed: %d %s", w.Code, w.Body)
	}
	p.wantInk(t, at)
	p.wantPrinted(t)
	picture := p.picture(p.mediator, at)
	terms := mediation.Terms{Facts: "晚上有声音", Settled: "噪音，双方", LawChecked: true, ThirdChecked: true, FreeWill: true}
	for _, o := range p.act(p.clerk, &mediation.RightsGiven{Party: p.respondent, How: "oral"}).Promised() {
		terms.Promises = append(terms.Promises, mediation.Promise{By: o.By, To: o.To, Kind: o.Kind, What: o.What, Amount: "680", Due: o.Due, How: o.How})
	}
	p.act(p.mediator, &mediation.Revision{Terms: terms})
	if w := p.walk(p.mediator, http.MethodGet, picture, ""); w.Code != http.StatusNotFound {
		t.Errorf("a void signature is shown: %d", w.Code)
	}
	if got := p.count(`SELECT count(*) FROM signature_images WHERE case_id = $1`, string(p.id)); got != 1 {
		t.Errorf("%d pictures are kept", got)
	}
}

// picture is the address of the picture on the case's page.
func (p *printed) picture(a mediation.Actor, at string) string {
	p.Helper()
	return document(p.T, p.walk(a, http.MethodGet, at, "").Body.String()).Find("details.ink img").AttrOr("src", "")
}

// wantInk holds who is shown the picture, how it is sent, that it lies sealed, and
// that the parties can read who of the office looked.
func (p *printed) wantInk(t *testing.T, at string) {
	t.Helper()
	src := p.picture(p.mediator, at)
	for name, who := range map[string]mediation.Actor{"mediator": p.mediator, "chair": p.chair, "party": p.applicant, "other side": p.coded} {
		for range 2 {
			w := p.walk(who, http.MethodGet, src, "")
			if h := w.Header(); w.Code != http.StatusOK || h.Get("Content-Type") != "image/png" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") ||
				!bytes.HasPrefix(w.Body.Bytes(), []byte("\x89PNG")) {
				t.Errorf("%s: %d %v", name, w.Code, h)
			}
		}
	}
	if w := p.walk(p.clerk, http.MethodGet, src, ""); w.Code != http.StatusNotFound || p.picture(p.clerk, at) != "" {
		t.Errorf("the clerk gets the picture: %d", w.Code)
	}
	if text := p.walk(p.clerk, http.MethodGet, at, "").Body.String(); !strings.Contains(text, "签名图样只给当事人和承办本案的人看") {
		t.Error("the clerk is not told that there is one")
	}
	if got := p.count(`SELECT count(*) FROM access_log WHERE case_id = $1 AND object = 'signature'`, string(p.id)); got != 2 {
		t.Errorf("%d lines tell who looked, want one for the mediator and one for the chair", got)
	}
	if got := p.count(`SELECT count(*) FROM signature_images WHERE position('\x504e47'::bytea in picture_sealed) > 0 OR length(picture_sealed) < 300`); got != 0 {
		t.Error("the picture lies open")
	}
	if got := p.count(`SELECT count(*) FROM events e JOIN signatures s ON s.id = e.subject_id WHERE e.action = 'sign' AND s.voided_at IS NULL
		AND e.codes->>'text' = s.digest AND e.codes->>'image' = s.image_digest AND length(s.image_digest) = 64`); got != 1 {
		t.Error("the history does not hold both digests")
	}
}

// wantPrinted holds that the agreement bears the picture, for a reader who may see
// it and for nobody else.
func (p *printed) wantPrinted(t *testing.T) {
	t.Helper()
	image := []byte("/Subtype /Image")
	for name, who := range map[string]struct {
		actor mediation.Actor
		shown bool
	}{"mediator": {p.mediator, true}, "party": {p.applicant, true}, "clerk": {p.clerk, false}} {
		w := p.paper(who.actor, "/papers/F11/pdf", "")
		if w.Code != http.StatusOK || bytes.Contains(w.Body.Bytes(), image) != who.shown {
			t.Errorf("%s: F11 is answered %d, with a picture: %v", name, w.Code, bytes.Contains(w.Body.Bytes(), image))
		}
		doc := p.read(who.actor, "/papers/F11", "")
		if got := doc.Find("img.place-ink").Length() == 1; got != who.shown {
			t.Errorf("%s: the page of F11 with a picture: %v", name, got)
		}
		if text := doc.Find(".paper-places").Text(); !strings.Contains(text, "已网上手写签名（协议文本摘要：") {
			t.Errorf("%s: F11 says %s", name, text)
		}
	}
}

// TestTheScanOfASignedSheet: a party without a screen to draw on, and the mediator
// before whom paper is signed, send a photo or PDF; what is none is refused at its
// field and nothing is signed.
func TestTheScanOfASignedSheet(t *testing.T) {
	t.Parallel()
	p, at := unsigned(t)
	path := at + "/agreement/signature"
	form := p.signable(p.coded, path)
	form.Set("agreed", "yes")
	bomb := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"), 0xc4, 0x1a, 0x06, 0x5c)
	for name, content := range map[string][]byte{"签字页.heic": heic, "签字页.jpg": []byte("MZ this is a program"), "炸弹.png": bomb,
		"太大.jpg": bytes.Repeat([]byte("x"), 1<<20+1), "半张.jpg": photograph(t, 9)[:50]} {
		w := p.handIn(p.coded, path, form, sent{name, content})
		if doc := document(t, w.Body.String()); w.Code != http.StatusUnprocessableEntity || doc.Find("#f-file-error").Length() != 1 {
			t.Errorf("%s: %d %s", name, w.Code, doc.Find("#summary").Text())
		}
	}
	if got := p.count(`SELECT count(*) FROM signatures WHERE voided_at IS NULL`) + p.count(`SELECT count(*) FROM case_files`); got != 0 {
		t.Fatalf("%d rows of what was refused", got)
	}
	if w := p.handIn(p.coded, path, form, sent{"签字页.jpg", photograph(t, 9)}); w.Code != http.StatusSeeOther {
		t.Fatalf("the party's scan: %d %s", w.Code, w.Body)
	}
	form = p.signable(p.mediator, path)
	form.Set("how", "paper")
	form.Set("party", string(p.first()))
	if w := p.handIn(p.mediator, path, form, sent{"协议.pdf", paperPDF}); w.Code != http.StatusSeeOther {
		t.Fatalf("the mediator's scan: %d %s", w.Code, w.Body)
	}
	if got := p.count(`SELECT count(*) FROM signatures s JOIN case_files f ON f.id = s.file_id AND f.class = 'signed_paper' AND f.form = 'F11' AND f.about_party = s.party_id
		WHERE s.voided_at IS NULL AND s.image_digest = ''`); got != 2 {
		t.Errorf("%d signatures with their scan, want 2", got)
	}
	doc := document(t, p.walk(p.mediator, http.MethodGet, at, "").Body.String())
	if got := doc.Find(`a[href*="/files/"]`).Length(); got < 2 {
		t.Errorf("%d scans are offered to the mediator", got)
	}
}

// TestAHandIsWantedForFamilies: where personal status is at stake the form has no
// field to draw in and says why (ESL 3).
func TestAHandIsWantedForFamilies(t *testing.T) {
	t.Parallel()
	p, at := unsigned(t)
	p.exec(`UPDATE cases SET type = '01', subtype = '01-inheritance' WHERE id = $1`, string(p.id))
	for name, who := range map[string]mediation.Actor{"party": p.coded, "mediator": p.mediator} {
		doc := document(t, p.walk(who, http.MethodGet, at+"/agreement/signature", "").Body.String())
		if doc.Find(".drawing").Length() != 0 || doc.Find(`input[name="file"]`).Length() != 1 || !strings.Contains(doc.Find(".notice").Text(), "电子签名法") {
			t.Errorf("%s: %s", name, doc.Find("main").Text())
		}
	}
	form := p.signable(p.coded, at+"/agreement/signature")
	form.Set("agreed", "yes")
	form.Set("drawing", scrawl)
	if w := p.walk(p.coded, http.MethodPost, at+"/agreement/signature", form.Encode()); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("drawn all the same: %d", w.Code)
	}
}

func (p *printed) first() mediation.PartyID {
	p.Helper()
	v, err := p.site.Desk.Case(p.Context(), p.mediator, p.id)
	if err != nil {
		p.Fatal(err)
	}
	return v.Case.Parties[0].ID
}

func (p *printed) count(statement string, values ...any) (n int) {
	p.Helper()
	if err := p.raw.QueryRowContext(p.Context(), statement, values...).Scan(&n); err != nil {
		p.Fatal(err)
	}
	return n
}

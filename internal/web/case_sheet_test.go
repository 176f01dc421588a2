package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/blob"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// openSheets is openJoining with a store of files and an application that was proposed.
func openSheets(t *testing.T) *joining {
	t.Helper()
	j := openJoining(t)
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	j.site.Blobs, j.site.Upload = blobs, 1<<20
	j.act(j.mediator, &mediation.Proposal{Court: mediation.CourtID(uid(60))})
	return j
}

// sheetForm is what the mediator types of a party that joined on paper.
func (j *joining) sheetForm(party mediation.PartyID) url.Values {
	return url.Values{"party": {string(party)}, "how": {"paper"}, "read": {"1"}, "serve_to": {"榆园7幢101室"}, "serve_online": {"1"}, "online_to": {"zhou@example.cn"}}
}

// TestASheetComesWithAJoiningOnPaper: asked of the office and of nobody else; without
// it the form comes back with all that was typed; kept, it is shown to the party
// alone whose it is, and to the office.
func TestASheetComesWithAJoiningOnPaper(t *testing.T) {
	t.Parallel()
	j := openSheets(t)
	path := "/cases/" + string(j.id) + "/confirmation/joining"
	form := j.page(j.mediator, "confirmation/joining")
	if form.Find(`form[enctype="multipart/form-data"] input[type="file"][name="file"]`).Length() != 1 || !strings.Contains(form.Find("#f-file-help").Text(), "签名页拍清楚") {
		t.Errorf("the office is asked: %s", form.Find("main form").Text())
	}
	if own := j.page(j.applicant, "confirmation/joining"); own.Find(`input[type="file"]`).Length() != 0 {
		t.Error("a party is asked for a sheet on its own page")
	}
	typed := j.sheetForm(j.respondent)
	w := j.walk(j.mediator, http.MethodPost, path, typed.Encode())
	doc := document(t, w.Body.String())
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("#f-file-error").Text(), "司法确认申请书") {
		t.Fatalf("without the sheet: %d %s", w.Code, doc.Find("#summary").Text())
	}
	for field, want := range map[string]string{`[name="serve_to"]`: "榆园7幢101室", `[name="online_to"]`: "zhou@example.cn"} {
		if got := doc.Find(field).AttrOr("value", ""); got != want {
			t.Errorf("%s came back as %q", field, got)
		}
	}
	if doc.Find(`[name="how"][value="paper"][checked]`).Length() != 1 || doc.Find(`[name="read"][checked]`).Length() != 1 || doc.Find(`[name="party"] option[selected]`).AttrOr("value", "") != string(j.respondent) {
		t.Errorf("what was chosen is gone: %s", doc.Find("main form").Text())
	}
	if w := j.handIn(j.mediator, path, typed, sent{"签名页.jpg", []byte("no picture")}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("what is no picture: %d", w.Code)
	}
	if w := j.handIn(j.mediator, path, typed, sent{"签名页.jpg", photograph(t, 90)}); w.Code != http.StatusSeeOther {
		t.Fatalf("with the sheet: %d %s", w.Code, w.Body)
	}
	var address string
	for name, who := range map[string]struct {
		actor mediation.Actor
		shown int
	}{"mediator": {j.mediator, 1}, "its own side": {j.other, 1}, "the other side": {j.applicant, 0}, "clerk": {j.clerk, 0}} {
		part := j.page(who.actor, "").Find("#confirmation")
		link := part.Find(`a[href*="/files/"]`)
		if !strings.Contains(part.Text(), "纸质") || link.Length() != who.shown {
			t.Errorf("%s: %d links in %s", name, link.Length(), part.Text())
		}
		if who.shown > 0 {
			address = strings.TrimPrefix(link.AttrOr("href", ""), "/cases/"+string(j.id))
		}
	}
	for name, who := range map[string]struct {
		actor mediation.Actor
		want  int
	}{"mediator": {j.mediator, http.StatusOK}, "its own side": {j.other, http.StatusOK}, "the other side": {j.applicant, http.StatusNotFound},
		"clerk": {j.clerk, http.StatusNotFound}, "the court": {j.court, http.StatusNotFound}} {
		if w := j.asked(j.site.fileRoutes(), who.actor, address, ""); w.Code != who.want {
			t.Errorf("%s takes %s: %d, want %d", name, address, w.Code, who.want)
		}
	}
}

// TestTheCourtTakesTheSheets in its one download, each with its bytes and named in
// the list; the page of the case names them with their digests.
func TestTheCourtTakesTheSheets(t *testing.T) {
	t.Parallel()
	j := openSheets(t)
	path := "/cases/" + string(j.id) + "/confirmation/joining"
	for i, p := range []mediation.PartyID{j.first(), j.respondent} {
		shade := uint8(90 + 20*i) // no two pictures alike: one sheet for both would be one file
		if w := j.handIn(j.mediator, path, j.sheetForm(p), sent{string(p) + ".jpg", photograph(t, shade)}); w.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", p, w.Code, w.Body)
		}
	}
	w := j.paper(j.court, "/confirmation/file", "")
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatalf("%d: %v", w.Code, err)
	}
	page := j.page(j.court, "").Find("#confirmation")
	_, it, err := j.site.Desk.CourtFile(t.Context(), j.court, j.id)
	if err != nil || len(it.Files) != 2 || len(z.File) != 3 {
		t.Fatalf("%v, %d files in the list, %d in the archive", err, len(it.Files), len(z.File))
	}
	for i, f := range it.Files {
		content, err := z.File[i+1].Open()
		if err != nil {
			t.Fatal(err)
		}
		bytes, err := io.ReadAll(content)
		if err != nil || z.File[i+1].Name != f.Name || blob.DigestOf(bytes) != f.Digest || !strings.HasPrefix(f.Title, "司法确认申请书签字扫描件（") {
			t.Errorf("%s is %+v: %v", z.File[i+1].Name, f, err)
		}
		if text := page.Text(); !strings.Contains(text, f.Name) || !strings.Contains(text, f.Digest) {
			t.Errorf("the page does not name %+v", f)
		}
	}
}

// TestWhatCameBackIsSaidPlainly: after the court did not take it, or it was withdrawn,
// the page says so with day and reason, and what may be done now, until the next
// proposal; the court no longer opens the file.
func TestWhatCameBackIsSaidPlainly(t *testing.T) {
	t.Parallel()
	j := openSheets(t)
	j.act(j.applicant, &mediation.Joins{Read: true, ServeTo: "榆园3幢502室"})
	j.act(j.other, &mediation.Joins{Read: true})
	j.act(j.court, &mediation.CourtTookNot{CourtStep: mediation.CourtStep{Note: "应当向姑苏区法院申请"}})
	wants := func(doc *goquery.Selection, name string, all ...string) {
		t.Helper()
		for _, want := range all {
			if !strings.Contains(doc.Text(), want) {
				t.Errorf("%s does not read %q in %s", name, want, doc.Text())
			}
		}
	}
	for name, who := range map[string]mediation.Actor{"mediator": j.mediator, "applicant": j.applicant, "respondent": j.other} {
		part := j.page(who, "").Find("#confirmation")
		wants(part, name, "高新区人民法院没有受理（2026年", "原因：应当向姑苏区法院申请", "再次共同申请", "可以向法院起诉", "最后一天是", "再调解一次")
		if part.Find(`.notice a[href$="/confirmation/proposal"]`).Length() != 1 || part.Find("details ul.records").Length() == 0 {
			t.Errorf("%s is led to %s", name, part.Text())
		}
	}
	court := j.page(j.court, "").Find("#confirmation")
	wants(court, "the court", "没有受理", "原因：应当向姑苏区法院申请")
	if court.Find(`a[href$="/confirmation/file"]`).Length() != 0 || strings.Contains(court.Text(), "再次共同申请") || strings.Contains(court.Text(), "期限已过") {
		t.Errorf("the court reads %s", court.Text())
	}
	if w := j.paper(j.court, "/confirmation/file", ""); w.Code != http.StatusConflict {
		t.Errorf("the court opens it: %d", w.Code)
	}
	papers := j.read(j.mediator, "/papers", "").Find("#court")
	wants(papers, "the list of papers", "没有受理", "下载当时提交的申请材料", "还没有人提出申请")
	if strings.Contains(papers.Text(), "已于") || papers.Find(`a[href$="/confirmation/file"]`).Length() != 1 {
		t.Errorf("the list of papers says %s", papers.Text())
	}
	wants(j.read(j.applicant, "/papers", locale.EN).Find("#court"), "a party in English", "did not take the application", "apply together again", "take this file")
	j.exec(`UPDATE deadlines SET ended_at = now(), outcome = 'lapsed' WHERE kind = $1 AND ended_at IS NULL`, string(statute.D12Confirmation))
	over := j.page(j.other, "").Find("#confirmation")
	wants(over, "after the thirty days", "没有受理", "期限已过", "可以向法院起诉")
	if over.Find(`.notice a`).Length() != 0 {
		t.Errorf("after the thirty days it leads to %s", over.Find(".notice a").Text())
	}
	wants(j.read(j.mediator, "/papers", "").Find("#court"), "the list after the thirty days", "没有受理", "期限已过")
	j.exec(`UPDATE deadlines SET ended_at = NULL, outcome = '' WHERE kind = $1 AND outcome = 'lapsed'`, string(statute.D12Confirmation))
	j.exec(`UPDATE confirmations SET state = 'withdrawn', note = ''`)
	part := j.page(j.mediator, "").Find("#confirmation")
	wants(part, "withdrawn", "申请已撤回", "再次共同申请")
	if strings.Contains(part.Text(), "原因") || strings.Contains(part.Text(), "再调解一次") {
		t.Errorf("a reason nobody gave: %s", part.Text())
	}
	j.act(j.other, &mediation.Proposal{Court: mediation.CourtID(uid(60))})
	part = j.page(j.mediator, "").Find("#confirmation")
	wants(part, "after a new proposal", "申请已撤回", "当时的申请", "等待加入")
	if strings.Contains(part.Text(), "再次共同申请") || part.Find(".record").First().Find("details ul.records li").Length() != 2 {
		t.Errorf("after a new proposal: %s", part.Text())
	}
}

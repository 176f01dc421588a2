package web

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// joining is a settled case with a court, seen by both sides and the office: the
// applicant by account, the respondent by a code with a checked identity.
type joining struct {
	*printed
	court mediation.Actor
	other mediation.Actor
}

func openJoining(t *testing.T) *joining {
	t.Helper()
	p := openPrinted(t)
	p.exec(`INSERT INTO courts (id, area_id, name) VALUES ($1, $2, '高新区人民法院')`, uid(60), uid(2))
	other := mediation.CodeHolder(mediation.CodeAccess{Case: p.id, Party: p.respondent, Level: mediation.LevelChecked})
	court := mediation.Actor{User: mediation.UserID(uid(61)), Name: "叶青", Grants: []mediation.Grant{{Role: mediation.RoleCourtClerk, Court: mediation.CourtID(uid(60))}}}
	p.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'courtyard', '叶青', 'x', now())`, uid(61))
	return &joining{p, court, other}
}

func (j *joining) send(a mediation.Actor, noun string, pairs ...string) (int, string) {
	j.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	w := j.walk(a, http.MethodPost, "/cases/"+string(j.id)+"/"+noun, form.Encode())
	return w.Code, w.Body.String()
}

func (j *joining) page(a mediation.Actor, noun string) *goquery.Document {
	j.Helper()
	w := j.walk(a, http.MethodGet, strings.TrimSuffix("/cases/"+string(j.id)+"/"+noun, "/"), "")
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil || w.Code != http.StatusOK {
		j.Fatalf("%s: %d, %v", noun, w.Code, err)
	}
	return doc
}

// TestBothSidesJoinFromTheirOwnPages: one side proposes, each reads and joins on
// its own page, and what one of them typed of its door the other never sees.
func TestBothSidesJoinFromTheirOwnPages(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	if code, body := j.send(j.applicant, "confirmation/proposal", "court", uid(60)); code != http.StatusSeeOther {
		t.Fatalf("proposed: %d %s", code, body)
	}
	if text := j.page(j.other, "").Find("#confirmation").Text(); !strings.Contains(text, "等您决定") || !strings.Contains(text, "最后一天") {
		t.Errorf("the other side reads %q", text)
	}
	form := j.page(j.applicant, "confirmation/joining")
	if text := form.Find("main").Text(); !strings.Contains(text, "高新区人民法院") || !strings.Contains(text, "地垫钱") || !strings.Contains(text, "没有恶意串通") ||
		form.Find("[name=serve_to]").Length() != 1 || form.Find("[name=party], [name=how], [name=by_agent], [name=scope_told]").Length() != 0 {
		t.Errorf("what is read and asked: %s", text)
	}
	answers := []string{"serve_to", "榆园3幢502室", "serve_online", "1", "online_to", "afen@example.cn"}
	if code, body := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusUnprocessableEntity || !strings.Contains(body, "再打勾") || !strings.Contains(body, "榆园3幢502室") {
		t.Errorf("unread: %d", code)
	}
	digest, _ := form.Find("[name=digest]").Attr("value")
	version, _ := form.Find("[name=version]").Attr("value")
	answers = append(answers, "read", "1", "digest", digest, "version", version)
	if code, body := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusSeeOther {
		t.Fatalf("joined: %d %s", code, body)
	}
	if code, _ := j.send(j.applicant, "confirmation/joining", answers...); code != http.StatusConflict {
		t.Errorf("from the second tab: %d", code)
	}
	if text := j.page(j.applicant, "").Find("#confirmation").Text(); !strings.Contains(text, "您已加入") || !strings.Contains(text, "a***@example.cn") || strings.Contains(text, "502室") {
		t.Errorf("its own part: %s", text)
	}
	if text := j.page(j.other, "").Text(); strings.Contains(text, "example.cn") || strings.Contains(text, "送达地址") || !strings.Contains(text, "已加入") {
		t.Errorf("the other side sees where the first is served: %s", text)
	}
	if w := j.walk(j.court, http.MethodGet, "/cases/"+string(j.id), ""); w.Code != http.StatusNotFound {
		t.Errorf("a court that was only named: %d", w.Code)
	}
	if code, body := j.send(j.other, "confirmation/joining", "read", "1"); code != http.StatusSeeOther {
		t.Fatalf("the last joined: %d %s", code, body)
	}
	if text := j.page(j.mediator, "").Find("#confirmation").Text(); !strings.Contains(text, "已申请") || !strings.Contains(text, "榆园4幢") {
		t.Errorf("filed: %s", text)
	}
	if text := j.page(j.court, "").Find("#confirmation").Text(); !strings.Contains(text, "已申请") || strings.Contains(text, "榆园4幢") {
		t.Errorf("the court reads %s", text)
	}
}

// TestTheOfficeWritesAJoiningDown: before it, for whom it names among those awaited;
// one no ends the proposal, and the wrong court can be taken back.
func TestTheOfficeWritesAJoiningDown(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	must := func(a mediation.Actor, noun string, pairs ...string) {
		t.Helper()
		if code, body := j.send(a, noun, pairs...); code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", noun, code, body)
		}
	}
	must(j.mediator, "confirmation/proposal", "court", uid(60))
	if code, _ := j.send(j.other, "confirmation/proposal/withdrawal", "reason", "不要了"); code != http.StatusUnprocessableEntity {
		t.Errorf("a party drops what the office proposed: %d", code)
	}
	must(j.mediator, "confirmation/joining", "party", string(j.respondent), "how", "in_person", "read", "1")
	options := j.page(j.mediator, "confirmation/joining").Find("select[name=party] option[value!='']")
	if options.Length() != 1 || !strings.Contains(options.Text(), "陈阿芬") {
		t.Errorf("awaited: %s", options.Text())
	}
	must(j.mediator, "confirmation/proposal/withdrawal", "reason", "法院写错了")
	must(j.mediator, "confirmation/proposal", "court", uid(60))
	must(j.other, "confirmation/refusal", "reason", "想再等等")
	if text := j.page(j.applicant, "").Find("#confirmation").Text(); !strings.Contains(text, "有一方不加入") || !strings.Contains(text, "想再等等") || !strings.Contains(text, "法院写错了") {
		t.Errorf("both ends: %s", text)
	}
	must(j.applicant, "confirmation/proposal", "court", uid(60))
	must(j.other, "confirmation/joining", "read", "1")
	must(j.other, "confirmation/joining/withdrawal")
	j.now = j.now.AddDate(0, 0, 31)
	if code, body := j.send(j.other, "confirmation/joining", "read", "1"); code != http.StatusUnprocessableEntity || !strings.Contains(body, "三十天的申请期限已过") || !strings.Contains(body, "《民事诉讼法》第205条") {
		t.Errorf("after thirty days: %d %s", code, fmt.Sprint(len(body)))
	}
}

// TestTheCourtOpensWhatWasFiled: papers, proofs of identity and addresses for
// service as they were when the last party joined, whatever changes afterwards;
// for the court it lies before and the office, and each opening in the log.
func TestTheCourtOpensWhatWasFiled(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	j.site.Blobs = blobs
	card, err := blobs.Put(t.Context(), strings.NewReader("a card"), 100)
	if err != nil {
		t.Fatal(err)
	}
	j.act(j.mediator, &mediation.Attached{File: mediation.File{Name: "../身份证.pdf", Kind: "document", Mime: "application/pdf", Size: 6, Digest: card.Digest,
		Class: statute.ProofOfIdentity, About: j.respondent}})
	j.act(j.mediator, &mediation.Proposal{Court: mediation.CourtID(uid(60))})
	if _, _, err := j.site.Desk.CourtFile(t.Context(), j.court, j.id); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("a court that was only named opens the file: %v", err)
	}
	j.act(j.applicant, &mediation.Joins{Read: true, ServeTo: "榆园3幢502室", Online: true, OnlineTo: "afen@example.cn"})
	j.act(j.other, &mediation.Joins{Read: true, Online: true})
	j.act(j.mediator, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: j.respondent, Side: mediation.Respondent, Capacity: "adult", Name: "邵立",
		Phone: "10099990000", Address: "后来搬去的地方9号"}})
	before := len(j.accesses())
	for _, who := range []mediation.Actor{j.court, j.mediator} {
		_, it, err := j.site.Desk.CourtFile(t.Context(), who, j.id)
		if err != nil || !it.Filed {
			t.Fatalf("%s: %v", who.Name, err)
		}
		mine, other := it.Served[it.Case.Parties[0].ID], it.Served[j.respondent]
		if mine.ServeTo != "榆园3幢502室" || mine.OnlineTo != "afen@example.cn" || other.ServeTo != "榆园4幢602室" || other.OnlineTo != "10099994321" {
			t.Errorf("%s: served at %+v and %+v", who.Name, mine, other)
		}
	}
	if lines := j.accesses(); len(lines) != before+2 || lines[0] != "service.open" {
		t.Errorf("the log says %v", lines)
	}
	w := j.paper(j.court, "/confirmation/file", "")
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d: %v", w.Code, err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != courtPapers+" 身份证明/01-身份证.pdf" {
		t.Errorf("the file holds %s", got)
	}
	stored := j.site.Blobs
	j.site.Blobs = brokenStore{stored}
	func() {
		defer func() {
			if fault, _ := recover().(error); !errors.Is(fault, http.ErrAbortHandler) {
				t.Errorf("a proof that cannot be read ends in %v, want the connection cut: half a file looks whole", fault)
			}
		}()
		j.paper(j.court, "/confirmation/file", "")
	}()
	j.site.Blobs = stored
	elsewhere := mediation.Actor{User: mediation.UserID(uid(61)), Grants: []mediation.Grant{{Role: mediation.RoleCourtClerk, Court: mediation.CourtID(uid(62))}}}
	for who, want := range map[*mediation.Actor]int{&j.applicant: http.StatusForbidden, &j.other: http.StatusForbidden, &j.clerk: http.StatusForbidden, &elsewhere: http.StatusNotFound} {
		if w := j.paper(*who, "/confirmation/file", ""); w.Code != want {
			t.Errorf("%s: %d, want %d", who.Name, w.Code, want)
		}
	}
	j.exec(`UPDATE confirmations SET pack = '{"title":"从前的"}', service_sealed = NULL`)
	if text := j.page(j.court, "").Find("#confirmation").Text(); !strings.Contains(text, "从前的") || strings.Contains(text, "打开申请材料") {
		t.Errorf("an old pack reads %s", text)
	}
	if w := j.paper(j.court, "/confirmation/file", ""); w.Code != http.StatusConflict {
		t.Errorf("the file of an old pack: %d", w.Code)
	}
}

// accesses are the lines of the log as the applicant reads them, newest first.
func (j *joining) accesses() []string {
	j.Helper()
	lines, err := j.site.Desk.Accesses(j.Context(), j.applicant, j.id)
	if err != nil {
		j.Fatal(err)
	}
	var list []string
	for _, l := range lines {
		list = append(list, l.Object+"."+l.Action)
	}
	return list
}

// brokenStore has every file and gives none.
type brokenStore struct{ blob.Store }

func (brokenStore) Get(context.Context, string) (io.ReadCloser, error) { return nil, blob.ErrAway }

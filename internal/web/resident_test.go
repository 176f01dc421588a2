package web

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/mediation"
)

func TestFrontDoorHasTwoWaysIn(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	for _, lang := range []string{"zh-CN", "en"} {
		s.header.Set("Accept-Language", lang)
		doc := s.page("/")
		if doc.Find(`.door[href="/file"]`).Length() != 1 || doc.Find(`.door[href="/follow"]`).Length() != 1 {
			t.Error("the doors to filing and following are missing")
		}
		if text := doc.Find("main").Text(); !strings.Contains(text, "110") || !strings.Contains(text, "榆园调解工作站") {
			t.Error("the page names neither 110 nor the service point")
		}
	}
	b := s.browse("203.0.113.8")
	wantTo(t, b.post("/sign-in", "login", "wang.clerk", "password", hallPassword), "/desk")
	wantTo(t, b.get("/"), "/desk")
}

func TestFilingNeedsThreeAnswersAndNoAccount(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	doc := s.page("/file")
	if n := doc.Find(`form .required`).Length(); n != 3 { // what, how to reach, and the notice; where is told in either box
		t.Errorf("%d answers are marked as required", n)
	}
	if doc.Find(`details [name="name"]`).Length() != 1 || doc.Find("details[open]").Length() != 0 {
		t.Error("what may wait is not folded")
	}
	key, _ := doc.Find(`[name="key"]`).Attr("value")
	if len(key) < 26 {
		t.Fatalf("the form's key %q has fewer than 128 bits", key)
	}
	w := s.send(http.MethodPost, "/file", s.filing("key", key))
	wantTo(t, w, "/receipt")
	doc = s.page("/receipt")
	shown := shownCode(doc)
	if len(strings.Fields(shown)) != 6 || len(shown) != 29 {
		t.Fatalf("the code is shown as %q", shown)
	}
	if !strings.Contains(doc.Text(), "榆园") || !strings.Contains(doc.Find(".receipt-due").Text(), "6月10日") {
		t.Errorf("neither number nor the day of the answer: %q", doc.Find(".receipt").Text())
	}
	plain := strings.ReplaceAll(shown, " ", "")
	for _, c := range s.cookies {
		if strings.Contains(c.Value, plain) || strings.Contains(c.Value, shown[:4]+shown[5:9]) {
			t.Errorf("cookie %s holds the code", c.Name)
		}
	}
	if strings.Contains(s.log.String(), plain) || strings.Contains(s.log.String(), shown) || strings.Contains(s.log.String(), ownPhone) {
		t.Error("the log holds the code or the telephone")
	}
	wantTo(t, s.post("/receipt"), "/my-case")
	wantTo(t, s.get("/receipt"), "/my-case")
	if got := s.page("/my-case").Find("main").Text(); !strings.Contains(got, "弹玻璃珠") {
		t.Error("the filer does not read his own words")
	}
}

func TestOneKeyMakesOneCaseHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	form := s.filing()
	const presses = 20
	codes := make([]string, presses)
	var all sync.WaitGroup
	for i := range presses {
		b := s.browse("203.0.113.7")
		all.Go(func() {
			for range 10 { // whoever is told that the office is busy tries again
				if w := b.send(http.MethodPost, "/file", form); w.Code == http.StatusSeeOther {
					codes[i] = shownCode(document(t, b.get("/receipt").Body.String()))
					return
				}
			}
		})
	}
	all.Wait()
	if n := s.count(`SELECT count(*) FROM cases`); n != 1 {
		t.Errorf("%d cases came of one form", n)
	}
	for i, c := range codes {
		if len(c) != 29 || c != codes[0] {
			t.Errorf("press %d was shown %q, the first %q", i, c, codes[0])
		}
	}
}

func TestRetryIsShownTheSameReceipt(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	form := s.filing()
	first := s.file(form)
	if second := s.file(form); second != first {
		t.Errorf("the retry was shown %q, not %q", second, first)
	}
	if doc := s.page("/receipt"); !strings.Contains(doc.Text(), "没有重复登记") {
		t.Error("the retry is not told that it was one")
	}
	s.only()
}

func TestWrongFilingKeepsEveryWord(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	for _, tt := range []struct{ rule, field, value string }{
		{"what happened is asked", "facts", ""},
		{"a telephone must be one", "phone", "123"},
		{"the notice must be taken note of", "privacy", ""},
		{"a name has an end", "name", strings.Repeat("陈", 61)},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			form := s.filing("name", "陈阿芬", "request", "夜里安静", tt.field, tt.value)
			if tt.value == "" {
				form.Del(tt.field)
			}
			w := s.send(http.MethodPost, "/file", form)
			wantStatus(t, w, http.StatusUnprocessableEntity)
			wantSound(t, w.Body.String())
			doc := document(t, w.Body.String())
			if doc.Find(`.faulty [name="`+tt.field+`"]`).Length() != 1 {
				t.Errorf("no fault at %q", tt.field)
			}
			for _, name := range []string{"key", "place", "name"} {
				if got := doc.Find(`[name="`+name+`"]`).AttrOr("value", ""); got != form.Get(name) {
					t.Errorf("%s came back as %q", name, got)
				}
			}
			if doc.Find("details[open]").Length() != 1 || !strings.Contains(doc.Find("textarea#f-request").Text(), "夜里安静") {
				t.Error("what was typed below is folded away or lost")
			}
		})
	}
	if n := s.count(`SELECT count(*) FROM cases`); n != 0 {
		t.Errorf("%d cases came of wrong forms", n)
	}
}

func TestFilingElsewhereNeedsThePlaceInWords(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	w := s.send(http.MethodPost, "/file", s.filing("area", elsewhere, "place", ""))
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if document(t, w.Body.String()).Find(`.faulty #f-place`).Length() != 1 {
		t.Error("no fault at the place")
	}
	s.file(s.filing("area", elsewhere, "place", "江边步道"))
	if n := s.count(`SELECT count(*) FROM cases WHERE committee_id = $1`, s.committee); n != 1 {
		t.Error("what happened elsewhere reached no committee")
	}
}

func TestResidentSetsNothingButHisOwnWords(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing("source", "court", "channel", "court", "court_mode", "C1", "source_ref", "x", "legal_ground", "statutory_duty"))
	if n := s.count(`SELECT count(*) FROM cases WHERE source = 'application' AND channel = 'web' AND court_mode = '' AND source_ref = '' AND track = ''`); n != 1 {
		t.Error("a resident set what is the office's")
	}
}

func TestWornKeyTakesOneMorePress(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	form := s.filing()
	s.file(form)
	form.Set("facts", "另一件事：楼道堆了杂物")
	w := s.send(http.MethodPost, "/file", form)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	doc := document(t, w.Body.String())
	key := doc.Find(`[name="key"]`).AttrOr("value", "")
	if key == form.Get("key") || !strings.Contains(doc.Find("#f-facts").Text(), "楼道堆了杂物") {
		t.Fatal("the form keeps its worn key or lost its text")
	}
	form.Set("key", key)
	s.file(form)
	if n := s.count(`SELECT count(*) FROM cases`); n != 2 {
		t.Errorf("%d cases, want two matters", n)
	}
}

func TestDraftIsOfferedAndNotShown(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	key := s.page("/file").Find(`[name="key"]`).AttrOr("value", "")
	wantStatus(t, s.send(http.MethodPost, "/drafts/file", s.filing("key", key)), http.StatusNoContent)
	doc := s.page("/file")
	if strings.Contains(doc.Text(), "弹玻璃珠") || doc.Find(`a[href="/file?resume=1"]`).Length() != 1 {
		t.Error("the draft is shown to whoever comes next, or not offered")
	}
	doc = s.page("/file?resume=1")
	if !strings.Contains(doc.Find("#f-facts").Text(), "弹玻璃珠") || doc.Find(`[name="key"]`).AttrOr("value", "") != key {
		t.Error("the draft came back without its words or its key")
	}
	if other := s.browse("203.0.113.9"); strings.Contains(other.page("/file?resume=1").Text(), "弹玻璃珠") {
		t.Error("another browser reads the draft")
	}
	wantTo(t, s.post("/file/draft-removal"), "/file")
	if doc := s.page("/file?resume=1"); strings.Contains(doc.Text(), "弹玻璃珠") {
		t.Error("the draft outlived its removal")
	}
}

func TestDraftGoesOnceTheReceiptWasSeen(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	key := s.page("/file").Find(`[name="key"]`).AttrOr("value", "")
	form := s.filing("key", key)
	wantStatus(t, s.send(http.MethodPost, "/drafts/file", form), http.StatusNoContent)
	wantTo(t, s.send(http.MethodPost, "/file", form), "/receipt") // and the answer is lost on the way
	if doc := s.page("/file?resume=1"); doc.Find(`[name="key"]`).AttrOr("value", "") != key {
		t.Fatal("the way back to the receipt is gone before it was seen")
	}
	s.file(form)
	if doc := s.page("/file"); doc.Find(`a[href="/file?resume=1"]`).Length() != 0 {
		t.Error("the draft outlived its receipt")
	}
	s.only()
}

func TestLeavingTakesTheReceiptOffTheScreen(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing())
	wantStatus(t, s.post("/leave"), http.StatusSeeOther)
	wantTo(t, s.get("/receipt"), "/follow")
}

func TestSignedInFilerFindsTheCaseInHisAccount(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.register("li.aying")
	wantStatus(t, s.signIn(hallPassword), http.StatusSeeOther)
	s.file(s.filing())
	wantTo(t, s.post("/receipt"), "/cases/"+string(s.only()))
	if n := s.count(`SELECT count(*) FROM case_parties p JOIN users u ON u.id = p.user_id WHERE u.username = 'li.aying'`); n != 1 {
		t.Error("the case is not tied to the account")
	}
	s.post("/sign-out")
	wantTo(t, s.get("/receipt"), "/follow")
}

func TestNewCodeKillsTheOldOne(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	old := s.file(s.filing())
	wantTo(t, s.post("/my-case/code"), "/receipt")
	renewed := shownCode(s.page("/receipt"))
	if renewed == old || len(renewed) != 29 {
		t.Fatalf("the new code is %q", renewed)
	}
	b := s.browse("203.0.113.9")
	wantStatus(t, b.post("/follow", "code", old), http.StatusUnprocessableEntity)
	wantTo(t, b.post("/follow", "code", renewed), "/my-case")
}

func TestMyCaseShowsTheAgreementOnlyAfterTheIdentityWasChecked(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.file(s.filing("name", "陈阿芬"))
	id, _, _ := s.asked()
	if doc := s.page("/my-case"); !strings.Contains(doc.Text(), "带身份证") || strings.Contains(doc.Find("main").Text(), "邵立") {
		t.Error("a code alone shows a name, or does not say how to see more")
	}
	c := s.must(s.clerk, id, &mediation.IdentityCheck{Party: s.applicant(id), How: "desk"})
	if c.Parties[0].Identity != mediation.LevelChecked {
		t.Fatal("the identity is not checked")
	}
	if doc := s.page("/my-case"); strings.Contains(doc.Find("main").Text(), "带身份证到社区") {
		t.Error("who was checked is still told how to be")
	}
}

func (s *street) applicant(id mediation.CaseID) mediation.PartyID {
	s.t.Helper()
	v, err := s.site.Desk.Case(s.t.Context(), s.clerk, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return v.Case.Parties[0].ID
}

func TestMyCaseWithoutACodeLeadsToWhereItIsEntered(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	wantTo(t, s.get("/my-case"), "/follow")
	s.register("li.aying")
	s.signIn(hallPassword)
	wantTo(t, s.get("/my-case"), "/cases")
}

func TestClerkRecordsForWhoeverCame(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	if w := s.get("/record"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in") {
		t.Errorf("a visitor was answered %d", w.Code)
	}
	wantTo(t, s.post("/sign-in", "login", "wang.clerk", "password", hallPassword), "/desk")
	doc := s.page("/record")
	form := url.Values{"key": {doc.Find(`[name="key"]`).AttrOr("value", "")}, "facts": {"一楼渗水"}, "place": {"5 幢 101"}, "source": {"application"},
		"channel": {"window"}, "legal_ground": {"consent"}, "privacy": {"yes"}, "court_mode": {"C1"}}
	w := s.send(http.MethodPost, "/record", form)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if doc := document(t, w.Body.String()); doc.Find(`.faulty #f-court_mode`).Length() != 1 || !strings.Contains(doc.Find("#f-facts").Text(), "渗水") {
		t.Error("a court's mode without a court is not told at its field, or the text is lost")
	}
	form.Del("court_mode")
	wantTo(t, s.send(http.MethodPost, "/record", form), "/receipt")
	doc = s.page("/receipt")
	if len(shownCode(doc)) != 29 || !strings.Contains(doc.Text(), "交给本人") {
		t.Error("there is no code to hand over")
	}
	wantTo(t, s.post("/receipt"), "/cases/"+string(s.only()))
	if n := s.count(`SELECT count(*) FROM cases WHERE channel = 'window' AND filed_by = $1`, string(s.clerk.User)); n != 1 {
		t.Error("the case is not the clerk's record")
	}
}

func TestRecordedDraftComesBack(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.post("/sign-in", "login", "wang.clerk", "password", hallPassword)
	key := s.page("/record").Find(`[name="key"]`).AttrOr("value", "")
	wantStatus(t, s.post("/drafts/record", "facts", "一楼渗水", "key", key), http.StatusNoContent)
	if doc := s.page("/record"); !strings.Contains(doc.Find("#f-facts").Text(), "渗水") {
		t.Error("what the clerk typed is gone")
	}
	if doc := s.page("/record?fresh=1"); strings.Contains(doc.Text(), "渗水") {
		t.Error("a fresh form is not fresh")
	}
}

func TestHelpExplainsInBothLanguages(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	for _, lang := range []string{"zh-CN", "en"} {
		s.header.Set("Accept-Language", lang)
		if n := s.page("/help").Find(".topics a").Length(); n != len(helpTopics) {
			t.Errorf("%d topics in %s", n, lang)
		}
		for _, topic := range helpTopics {
			if n := s.page("/help/" + topic.Slug).Find("main h2").Length(); n < 4 {
				t.Errorf("%s in %s has %d parts", topic.Slug, lang, n)
			}
		}
		for _, path := range []string{"/file", "/", "/help/privacy"} {
			if doc := s.page(path); doc.Find(`.footer a[href="/help"]`).Length() != 1 || doc.Find(`.footer a[href="/help/privacy"]`).Length() != 1 {
				t.Errorf("%s has no way to help", path)
			}
		}
	}
	wantStatus(t, s.get("/help/nothing"), http.StatusNotFound)
}

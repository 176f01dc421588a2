package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/mediation"
)

// twoDoors is a street with a second committee: a matter filed at the first is
// registered, and its chair, both clerks and the other chair are at their browsers.
type twoDoors struct {
	*street
	id                          mediation.CaseID
	code                        string
	chair, clerkThere, theChair *browser
	there                       string // the second committee
}

func openTwoDoors(t *testing.T) *twoDoors {
	t.Helper()
	s := openStreet(t)
	d := &twoDoors{street: s, there: s.newID()}
	area := s.newID()
	s.exec(`INSERT INTO areas (id, kind, name, name_en, code, path) VALUES ($1, 'community', '枫桥里社区', 'Fengqiaoli', 'fq', 'fq/')`, area)
	s.exec(`INSERT INTO committees (id, area_id, name, short_name, phone, address) VALUES ($1, $2, '枫桥里社区人民调解委员会', '枫桥里', '0512-10000002', '枫桥里 16 号')`, d.there, area)
	s.staff("wang.chair", "chair")
	home := s.committee
	s.committee = d.there
	s.staff("zhou.clerk", "coordinator")
	s.staff("shen.chair", "chair")
	s.committee = home
	d.chair, d.clerkThere, d.theChair = d.inside("wang.chair", "203.0.113.21"), d.inside("zhou.clerk", "203.0.113.22"), d.inside("shen.chair", "203.0.113.23")
	wantTo(t, s.upload("/file", s.filing("name", "陈阿芬", "request", "夜里安静"), sent{"玻璃珠.jpg", photograph(t, 40)}), "/receipt")
	d.code = shownCode(s.page("/receipt"))
	d.id = s.only()
	s.must(s.clerk, d.id, &mediation.Registration{Title: "楼上噪音", Type: "02", Respondent: "邵立", Phone: "10012340002", RiskScreen: true})
	s.must(s.clerk, d.id, &mediation.ContactMade{Party: s.applicant(d.id), Means: "phone", Note: "约了下周再打"})
	return d
}

// inside signs somebody in at a browser of his own.
func (d *twoDoors) inside(username, from string) *browser {
	d.t.Helper()
	b := d.browse(from)
	wantTo(d.t, b.post("/sign-in", "login", username, "password", hallPassword), "/desk")
	return b
}

func (d *twoDoors) at(noun string) string { return casePath(d.id, noun) }

// typed is a transfer as the form is filled in.
func (d *twoDoors) typed(more ...string) url.Values {
	v := url.Values{"version": {"0"}, "committee": {d.there}, "reason": {"楼上那户在枫桥里"}, "agreed": {"1"}, "agreed_by": {"沈主任"}, "agreed_on": {d.site.Now().Format("2006-01-02")},
		"agreed_how": {"phone"}, "ground": {"consent"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// next is the case that opened at the other door.
func (d *twoDoors) next() (id mediation.CaseID, number string) {
	d.t.Helper()
	if err := d.raw.QueryRowContext(d.t.Context(), `SELECT id, intake_number FROM cases WHERE linked_to = $1`, string(d.id)).Scan(&id, &number); err != nil {
		d.t.Fatal(err)
	}
	return id, number
}

func words(b *browser, target string) string { return b.page(target).Find("main").Text() }

func wantWords(t *testing.T, page string, want []string, not ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("the page does not say %q:\n%.900s", w, page)
		}
	}
	for _, w := range not {
		if strings.Contains(page, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// The form shows exactly what is sent before it is sent, in both languages, and
// keeps what was typed when something is wrong (PIPL 23).
func TestTheTransferFormShowsWhatIsSent(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	page := d.chair.page(d.at("transferral"))
	goes := page.Find("section.sends dl").Text()
	wantWords(t, goes, []string{"陈阿芬", "100****5678", "邵立", "100****0002", "楼上半夜弹玻璃珠", "3 幢 402", "夜里安静", "玻璃珠.jpg", "楼上噪音"}, "约了下周", ownPhone)
	wantWords(t, page.Find("section.sends ul").Text(), []string{"联系记录", "单独谈话", "身份证明照片"})
	if options := page.Find(`select[name="committee"] option`).Text(); !strings.Contains(options, "枫桥里社区人民调解委员会") || strings.Contains(options, "榆园") {
		t.Errorf("the committees to pick: %s", options)
	}
	w := d.chair.send(http.MethodPost, d.at("transferral"), d.typed("receiver", "派出所", "agreed_by", "", "agreed", ""))
	wantStatus(t, w, http.StatusUnprocessableEntity)
	again := document(t, w.Body.String())
	wantSound(t, w.Body.String())
	for _, field := range []string{"receiver", "agreed_by", "agreed"} {
		if again.Find(".faulty #f-"+field).Length() != 1 {
			t.Errorf("no fault at %s", field)
		}
	}
	if again.Find("#f-receiver").AttrOr("value", "") != "派出所" || !strings.Contains(again.Find("#f-reason").Text(), "枫桥里") ||
		again.Find(`select[name="committee"] option[selected]`).AttrOr("value", "") != d.there || again.Find("section.sends").Length() != 1 {
		t.Error("what was typed is lost")
	}
	if n := d.count(`SELECT count(*) FROM cases`); n != 1 {
		t.Errorf("%d cases after a refused transfer", n)
	}
	d.chair.header.Set("Accept-Language", "en")
	wantWords(t, words(d.chair, d.at("transferral")), []string{"What is sent", "Stays here", "A duty by law"}, "⟦", "：", "（")
}

// The sender's office sees where the matter went and no word of what becomes of it
// there; the receiver's sees all that was sent, and of the first file the number.
func TestEachOfficeReadsItsOwnFile(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	wantTo(t, d.chair.send(http.MethodPost, d.at("transferral"), d.typed()), d.at(""))
	if w := d.chair.send(http.MethodPost, d.at("transferral"), d.typed()); w.Code != http.StatusConflict {
		t.Errorf("the second tap is answered %d", w.Code)
	}
	next, number := d.next()
	if n := d.count(`SELECT count(*) FROM cases`); n != 2 {
		t.Errorf("%d cases after two taps", n)
	}
	s := d.inside("wang.clerk", "203.0.113.24")
	for name, b := range map[string]*browser{"chair": d.chair, "clerk": s} {
		page := b.page(d.at(""))
		wantWords(t, page.Find("main").Text(), []string{number, "枫桥里社区人民调解委员会", "只显示编号"})
		if page.Find(`a[href*="`+string(next)+`"]`).Length() != 0 {
			t.Errorf("the sender's %s is led to a file he may not read", name)
		}
		for _, target := range []string{"", "/papers", "/files", "/accesses", "/registration", "/history"} {
			w := b.get(casePath(next, "") + target)
			if w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
				t.Errorf("%s as the sender's %s: %d", target, name, w.Code)
			}
			wantWords(t, w.Body.String(), nil, "玻璃珠", "陈阿芬", number)
		}
	}
	for name, b := range map[string]*browser{"clerk": d.clerkThere, "chair": d.theChair} {
		page := words(b, casePath(next, ""))
		wantWords(t, page, []string{"楼上半夜弹玻璃珠", "3 幢 402", "夜里安静", "陈阿芬", "邵立", "100****5678", "其他调委会移送", "移送自：榆园社区人民调解委员会，榆园登"}, "约了下周")
		if w := b.get(d.at("")); w.Code != http.StatusNotFound {
			t.Errorf("the receiver's %s reads the first file: %d", name, w.Code)
		}
	}
	file := document(t, d.theChair.get(casePath(next, "")).Body.String()).Find(`.files a[href*="/files/"]`).First().AttrOr("href", "")
	if w := d.theChair.get(file); w.Code != http.StatusOK || w.Body.Len() == 0 {
		t.Errorf("the applicant's photo at %s: %d", file, w.Code)
	}
	wantWords(t, words(d.chair, d.at("papers/F23")), []string{"枫桥里社区人民调解委员会：", "移送理由", "沈主任", "申请人提交的材料 1 件", "回　执"})
	wantWords(t, words(d.clerkThere, "/desk"), []string{number})
}

// The code of the filing leads the applicant on: the old page says where the matter
// lies, and one press opens the new one, for the rest of the same visit.
func TestTheCodeOfTheFilingLeadsOn(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	b := d.browse("203.0.113.31")
	wantTo(t, b.post("/my-case/onward"), "/follow")
	wantTo(t, b.post("/follow", "code", d.code), "/my-case")
	if w := b.post("/my-case/onward"); w.Code != http.StatusNotFound {
		t.Errorf("onward before there is a way: %d", w.Code)
	}
	wantTo(t, d.chair.send(http.MethodPost, d.at("transferral"), d.typed()), d.at(""))
	next, number := d.next()
	page := words(b, "/my-case")
	wantWords(t, page, []string{"您的事已经转到枫桥里社区人民调解委员会", number, "0512-10000002", "枫桥里 16 号", "不用重新申请", "楼上那户在枫桥里"}, "沈主任")
	wantWords(t, words(b, d.at("accesses")), []string{"移送给其他调委会", "枫桥里社区人民调解委员会"})
	wantTo(t, b.post("/my-case/onward"), "/my-case")
	page = words(b, "/my-case")
	wantWords(t, page, []string{number, "楼上半夜弹玻璃珠", "移送自：榆园社区人民调解委员会"}, "邵立", "约了下周")
	if w := b.get(d.at("")); w.Code == http.StatusOK {
		t.Error("the visit shows both cases at once")
	}
	if n := d.count(`SELECT count(DISTINCT expires_at) FROM code_sessions WHERE case_id = $1 AND expires_at > (SELECT max(expires_at) FROM code_sessions WHERE case_id = $2)`, string(next), string(d.id)); n != 0 {
		t.Error("going on made the visit longer")
	}
	if w := b.post("/my-case/onward"); w.Code != http.StatusNotFound {
		t.Errorf("onward from the end of the way: %d", w.Code)
	}
}

// A new code taken at the end of the way kills the old one, everywhere.
func TestANewCodeThereKillsTheFirst(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	wantTo(t, d.chair.send(http.MethodPost, d.at("transferral"), d.typed()), d.at(""))
	b, other := d.browse("203.0.113.32"), d.browse("203.0.113.33")
	for _, x := range []*browser{b, other} {
		wantTo(t, x.post("/follow", "code", d.code), "/my-case")
	}
	wantTo(t, b.post("/my-case/onward"), "/my-case")
	wantTo(t, b.post("/my-case/code"), "/receipt")
	renewed := shownCode(b.page("/receipt"))
	if renewed == d.code || len(renewed) != 29 {
		t.Fatalf("the new code is %q", renewed)
	}
	wantTo(t, other.get("/my-case"), "/follow") // somebody else's visit by the old code is over
	wantStatus(t, d.browse("203.0.113.34").post("/follow", "code", d.code), http.StatusUnprocessableEntity)
	c := d.browse("203.0.113.35")
	wantTo(t, c.post("/follow", "code", renewed), "/my-case")
	_, number := d.next()
	wantWords(t, words(c, "/my-case"), []string{number})
}

// The other side is nobody at the receiver's until that asks it: its link of the
// first case leads nowhere, and its page names no receiver.
func TestTheOtherSideIsNotLedOn(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	v, err := d.site.Desk.Case(t.Context(), d.clerk, d.id)
	if err != nil {
		t.Fatal(err)
	}
	link, _, err := d.site.Desk.Invite(t.Context(), d.clerk, d.id, v.Case.Parties[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	b := d.browse("203.0.113.36")
	wantTo(t, b.get("/i/"+link), "/my-case")
	wantTo(t, d.chair.send(http.MethodPost, d.at("transferral"), d.typed()), d.at(""))
	_, number := d.next()
	wantWords(t, words(b, "/my-case"), nil, "枫桥里", number, "转到")
	wantWords(t, words(b, d.at("accesses")), nil, "枫桥里", number)
	if w := b.post("/my-case/onward"); w.Code != http.StatusNotFound {
		t.Errorf("the other side is led on: %d", w.Code)
	}
}

// Whoever filed with an account finds both cases in it, and the way from one to the
// other.
func TestAnAccountFindsBothCases(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	user := d.register("li.aying")
	d.exec(`UPDATE case_parties SET user_id = $1 WHERE side = 'applicant'`, string(user))
	wantTo(t, d.chair.send(http.MethodPost, d.at("transferral"), d.typed()), d.at(""))
	next, number := d.next()
	b := d.inside("li.aying", "203.0.113.37")
	wantWords(t, words(b, "/cases"), []string{number})
	page := b.page(d.at(""))
	wantWords(t, page.Find("main").Text(), []string{"您的事已经转到枫桥里社区人民调解委员会", number}, "沈主任")
	if page.Find(`.notice a[href="`+casePath(next, "")+`"]`).Length() != 1 {
		t.Error("the old page does not lead to the new one")
	}
	wantWords(t, words(b, casePath(next, "")), []string{"楼上半夜弹玻璃珠", "移送自：榆园社区人民调解委员会"})
	wantTo(t, b.post("/my-case/onward"), "/cases")
}

// Legal staff reach the form from the file they opened with a reason, and without
// opening it read on the form which kinds go, not what.
func TestLegalStaffReachTheForm(t *testing.T) {
	t.Parallel()
	d := openTwoDoors(t)
	id := d.register("luo.legal")
	d.exec(`INSERT INTO grants (id, user_id, role, area_id, granted_at, confirmed_at) VALUES ($1, $2, 'legal_officer', $3, $4, $4)`, d.newID(), string(id), d.area, d.street.at)
	b := d.inside("luo.legal", "203.0.113.38")
	form := words(b, d.at("transferral"))
	wantWords(t, form, []string{"陈**", "您没有查看案卷", "1 件"}, "玻璃珠", "阿芬", "100****", "夜里安静")
	w := b.post(d.at("file-opening"), "reason", "抽查")
	wantStatus(t, w, http.StatusOK)
	links := document(t, w.Body.String()).Find(".acts a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if !slices.Equal(links, []string{d.at("transferral")}) {
		t.Errorf("from the opened file one may go to %v", links)
	}
	wantTo(t, b.send(http.MethodPost, d.at("transferral"), d.typed()), "/desk")
	d.next()
}

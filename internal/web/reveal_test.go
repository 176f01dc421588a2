package web

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
)

// What these stories seal, in forms that nobody types by chance.
const (
	ownNumber  = "990000195803120017"
	ownAddress = "榆园 3 幢 2 单元 402 室"
	otherPhone = "10087654321"
	otherID    = "990000197705050018"
	ownBirth   = "1958-03-12" // as it follows from the number
)

// counter is the desk in these stories: a case whose two parties have all that is
// sealed, the clerk at a browser of her own, and the applicant with his code.
type counter struct {
	*street
	id         mediation.CaseID
	own, other mediation.PartyID
	desk       *browser // the clerk's
	link       string   // the other side's way in
}

func openCounter(t *testing.T) *counter {
	t.Helper()
	s := openStreet(t)
	s.file(s.filing("name", "陈阿芬"))
	k := &counter{street: s}
	k.id, k.other, k.link = s.asked()
	k.own = s.applicant(k.id)
	k.desk = s.browse("203.0.113.20")
	wantTo(t, k.desk.post("/sign-in", "login", "wang.clerk", "password", hallPassword), "/desk")
	k.known(k.own, "applicant", "陈阿芬", ownPhone, ownNumber, ownAddress)
	k.known(k.other, "respondent", "邵立", otherPhone, otherID, "")
	return k
}

// known types a party's particulars as the clerk does.
func (k *counter) known(party mediation.PartyID, side, name, phone, number, address string) {
	k.t.Helper()
	doc := k.desk.page(casePath(k.id, "party-details") + "?party=" + string(party))
	form := url.Values{"party": {string(party)}, "side": {side}, "capacity": {"adult"}, "name": {name}, "phone": {phone}, "id_number": {number}, "address": {address}}
	if version, ok := doc.Find(`input[name="version"]`).Attr("value"); ok {
		form.Set("version", version)
	}
	wantTo(k.t, k.desk.send(http.MethodPost, casePath(k.id, "party-details"), form), casePath(k.id, ""))
}

func (k *counter) at(party mediation.PartyID) string {
	return casePath(k.id, "parties/"+string(party)+"/identity")
}

func (k *counter) opened(what, reason string) (status int, body string) {
	k.t.Helper()
	w := k.desk.post(k.at(k.own), "what", what, "reason", reason)
	return w.Code, w.Body.String()
}

// hides holds that none of the sealed values stands in a text.
func hides(t *testing.T, where, text string, values ...string) {
	t.Helper()
	for _, v := range append(values, ownPhone, ownNumber, ownBirth, "1958年3月12日", ownAddress, otherPhone, otherID) {
		if strings.Contains(text, v) {
			t.Errorf("%s shows %q", where, v)
		}
	}
}

func TestARevealWantsAReasonAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	page := k.desk.page(casePath(k.id, ""))
	if text := page.Find("main").Text(); !strings.Contains(text, "100****5678") || !strings.Contains(text, "**************0017") || !strings.Contains(text, "榆园***") {
		t.Errorf("the masks are not on the page: %s", text)
	}
	hides(t, "the case", page.Text())
	ask := k.desk.page(k.at(k.own))
	hides(t, "the question", ask.Text())
	for _, blank := range []string{"", " ", "\t"} {
		code, body := k.opened("phone", blank)
		if code != http.StatusUnprocessableEntity {
			t.Errorf("with the reason %q: %d", blank, code)
		}
		hides(t, "the refusal", body)
	}
	if code, body := k.opened("password_hash", "好奇"); code != http.StatusUnprocessableEntity {
		t.Errorf("another column: %d %s", code, body)
	}
	if n := k.count(`SELECT count(*) FROM access_log WHERE object = 'identity'`); n != 0 {
		t.Errorf("%d lines for what was refused for its form", n)
	}
	for what, want := range map[string]string{"phone": ownPhone, "id_number": ownNumber, "birth": ownBirth, "address": ownAddress} {
		code, body := k.opened(what, "电话通知调解时间")
		if code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, want %q on the page", what, code, want)
		}
	}
	if n := k.count(`SELECT count(*) FROM access_log WHERE case_id = $1 AND party_id = $2 AND by_user = $3 AND object = 'identity' AND action = 'reveal'
			AND allowed AND reason = '电话通知调解时间' AND role = 'coordinator' AND what IN ('phone', 'id_number', 'birth', 'address')`,
		string(k.id), string(k.own), string(k.clerk.User)); n != 4 {
		t.Errorf("%d lines in the log, want 4", n)
	}
	if w := k.desk.post(k.at(k.other), "what", "address", "reason", "送达"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a value that is not stored: %d", w.Code)
	}
	hides(t, "the log", k.log.String())
}

// The person concerned reads who opened his data, what and why; the other side
// reads nothing of it.
func TestThePersonConcernedSeesWhoLooked(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	if code, _ := k.opened("address", "上门走访"); code != http.StatusOK {
		t.Fatal(code)
	}
	if w := k.desk.post(k.at(k.other), "what", "id_number", "reason", "核对协议书"); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	link, ok := k.page("/my-case").Find(`a[href$="/accesses"]`).Attr("href")
	if !ok {
		t.Fatal("one's own case does not lead to who opened it")
	}
	other := k.browse("203.0.113.30")
	wantStatus(t, other.get("/i/"+k.link), http.StatusSeeOther)
	for _, tt := range []struct {
		who          string
		b            *browser
		reads, never string
	}{
		{"the applicant", k.browser, "查看完整信息：住址 · 陈阿芬 上门走访", "核对协议书"},
		{"the other side", other, "查看完整信息：身份证号 · 邵立 核对协议书", "上门走访"},
	} {
		text := strings.Join(strings.Fields(tt.b.page(link).Find("table").Text()), " ")
		if !strings.Contains(text, tt.reads) || strings.Contains(text, tt.never) || !strings.Contains(text, "李阿英") {
			t.Errorf("%s reads: %s", tt.who, text)
		}
		hides(t, tt.who, text)
	}
	staff := strings.Join(strings.Fields(k.desk.page(link).Find("table").Text()), " ")
	if !strings.Contains(staff, "上门走访") || !strings.Contains(staff, "核对协议书") {
		t.Errorf("the office reads: %s", staff)
	}
}

// Ten an hour and twenty a day for one person, whoever's data it is; what was
// refused for that is in the log and shown to nobody as an opening.
func TestRevealsAreCapped(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	spend := func(n, want int) {
		t.Helper()
		for i := range n {
			party, what := k.own, "phone"
			if i%2 == 1 {
				party, what = k.other, "id_number"
			}
			if w := k.desk.post(k.at(party), "what", what, "reason", "电话通知"); w.Code != want {
				t.Fatalf("the %dth: %d, want %d", i+1, w.Code, want)
			} else if want == http.StatusTooManyRequests {
				hides(t, "the refusal", w.Body.String())
			}
		}
	}
	start := k.hall.at
	spend(10, http.StatusOK)
	spend(2, http.StatusTooManyRequests)
	k.clock(start.Add(61 * time.Minute))
	spend(10, http.StatusOK)
	k.clock(start.Add(3 * time.Hour))
	spend(2, http.StatusTooManyRequests)
	if n := k.count(`SELECT count(*) FROM access_log WHERE object = 'identity' AND NOT allowed`); n != 4 {
		t.Errorf("%d refusals in the log, want 4", n)
	}
	if rows := k.desk.page(casePath(k.id, "accesses")).Find("tbody tr:contains(查看完整信息)").Length(); rows != 20 {
		t.Errorf("%d openings are shown, want 20", rows)
	}
	k.clock(start.Add(26 * time.Hour)) // the clerk signs in anew the next day
	wantTo(t, k.desk.post("/sign-in", "login", "wang.clerk", "password", hallPassword), "/desk")
	spend(1, http.StatusOK)
}

func (k *counter) clock(moment time.Time) { k.hall.at = moment }

// Of two requests at once the second counts the first: the cap is not run past.
func TestTheCapHoldsForRequestsAtOnce(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	codes := make(chan int, 30)
	for range cap(codes) {
		b := k.browse("203.0.113.20")
		b.cookies = maps.Clone(k.desk.cookies)
		go func() {
			form := url.Values{"what": {"phone"}, "reason": {"电话通知"}}
			codes <- b.send(http.MethodPost, k.at(k.own), form).Code
		}()
	}
	shown := 0
	for range cap(codes) {
		if <-codes == http.StatusOK {
			shown++
		}
	}
	if shown != 10 {
		t.Errorf("%d values were shown at once, want 10", shown)
	}
}

// Nobody else reveals: not the person himself by his code, not the other side, not
// a mediator without the case, and nobody by a party of another case.
func TestWhoMayNotReveal(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	k.staff("zhao.mediator", "mediator")
	mediator, other := k.browse("203.0.113.40"), k.browse("203.0.113.41")
	wantTo(t, mediator.post("/sign-in", "login", "zhao.mediator", "password", hallPassword), "/desk")
	wantStatus(t, other.get("/i/"+k.link), http.StatusSeeOther)
	for _, tt := range []struct {
		who string
		b   *browser
	}{
		{"a visitor", k.browse("203.0.113.42")}, {"the applicant by code", k.browser}, {"the other side", other}, {"a mediator without the case", mediator},
	} {
		for _, party := range []mediation.PartyID{k.own, k.other} {
			w := tt.b.post(k.at(party), "what", "phone", "reason", "看看")
			if w.Code == http.StatusOK || w.Code >= http.StatusInternalServerError {
				t.Errorf("%s: %d", tt.who, w.Code)
			}
			hides(t, tt.who, w.Body.String())
			hides(t, tt.who, tt.b.get(k.at(party)).Body.String())
		}
	}
	k.file(k.filing("name", "丁一", "phone", "10055556666", "facts", "另一件事"))
	var second, stranger string
	if err := k.raw.QueryRowContext(t.Context(), `SELECT case_id, id FROM case_parties WHERE name = '丁一'`).Scan(&second, &stranger); err != nil {
		t.Fatal(err)
	}
	w := k.desk.post(casePath(mediation.CaseID(second), "parties/"+string(k.own)+"/identity"), "what", "phone", "reason", "看看")
	wantStatus(t, w, http.StatusNotFound)
	wantStatus(t, k.desk.post(k.at(mediation.PartyID(stranger)), "what", "phone", "reason", "看看"), http.StatusNotFound)
	if n := k.count(`SELECT count(*) FROM access_log WHERE object = 'identity' AND allowed`); n != 0 {
		t.Errorf("%d openings in the log", n)
	}
}

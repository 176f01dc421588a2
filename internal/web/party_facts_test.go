package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// facts is the form of a party's particulars as the clerk fills it.
func (k *counter) facts(more ...string) url.Values {
	form := url.Values{"party": {string(k.own)}, "side": {"applicant"}, "capacity": {"adult"}, "name": {"陈阿芬"}, "ethnic": {"11"}, "occupation": {"退休教师"}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// shows lists which of some texts an element does not show.
func shows(s *goquery.Selection, wants ...string) (lacks []string) {
	text := strings.Join(strings.Fields(s.Text()), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			lacks = append(lacks, want)
		}
	}
	return lacks
}

// What the clerk typed stands in the form while something is wrong with it, and
// then on the case page and on the paper, the day of birth on neither.
func TestPartyFactsAreTypedOnceAndPrinted(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	path := casePath(k.id, "party-details")
	for _, tt := range []struct{ lang, want string }{{"en", "odd for men, even for women (GB 11643)"}, {"zh-CN", "第 17 位单数为男，双数为女（GB 11643）"}} {
		w := k.desk.send(http.MethodPost, path+"?lang="+tt.lang, k.facts("id_number", ownNumber, "sex", "female", "birth", "1958-03-21"))
		wantStatus(t, w, http.StatusUnprocessableEntity)
		page := document(t, w.Body.String())
		for box, value := range map[string]string{`select[name="sex"] option[selected]`: "female", `select[name="ethnic"] option[selected]`: "11",
			`input[name="birth"]`: "1958-03-21", `input[name="occupation"]`: "退休教师", `input[name="party"]`: string(k.own)} {
			if got := page.Find(box).AttrOr("value", ""); got != value {
				t.Errorf("%s: %s holds %q, want %q", tt.lang, box, got, value)
			}
		}
		if text := page.Find("#f-sex-error").Text(); !strings.Contains(text, tt.want) {
			t.Errorf("%s: the fault says %q", tt.lang, text)
		}
		if page.Find("#f-birth-error").Length() != 1 {
			t.Errorf("%s: the birth date has no fault", tt.lang)
		}
	}
	wantTo(t, k.desk.send(http.MethodPost, path, k.facts("id_number", "990000195803120025")), casePath(k.id, ""))
	whole := []string{"女", "满族", "1958年", "退休教师"}
	page := k.desk.page(casePath(k.id, ""))
	if lacks := shows(page.Find(".party").First(), "女 · 满族 · 1958年出生 · 退休教师"); len(lacks) > 0 {
		t.Errorf("the case lacks %v: %s", lacks, page.Find(".party").First().Text())
	}
	form := k.desk.page(path + "?party=" + string(k.own))
	if sex := form.Find(`select[name="sex"] option[selected]`).AttrOr("value", ""); sex != "female" || form.Find(`input[name="birth"]`).AttrOr("value", "x") != "" ||
		!strings.Contains(form.Find("#f-birth-help").Text(), "1958年 — ") {
		t.Errorf("the form holds the sex %q and says %q", sex, form.Find("#f-birth-help").Text())
	}
	sheet := k.desk.page(casePath(k.id, "papers/F01"))
	if lacks := shows(sheet.Find(".paper"), whole...); len(lacks) > 0 {
		t.Errorf("the application lacks %v", lacks)
	}
	for where, text := range map[string]string{"the case": page.Text(), "the form": form.Text(), "the paper": sheet.Text()} {
		hides(t, where, text, "3月12日", "03-12", "990000195803120025")
	}
	code, body := k.opened("birth", "核对身份证")
	if code != http.StatusOK || !strings.Contains(body, ownBirth) {
		t.Errorf("with a reason it is not opened: %d", code)
	}
	if n := k.count(`SELECT count(*) FROM access_log WHERE party_id = $1 AND object = 'identity' AND action = 'reveal' AND what = 'birth'`, string(k.own)); n != 1 {
		t.Errorf("%d lines in the log", n)
	}
	other := k.browse("203.0.113.30")
	wantStatus(t, other.get("/i/"+k.link), http.StatusSeeOther)
	for _, target := range []string{"/my-case", casePath(k.id, "papers/F03")} {
		hides(t, "what the other side reads", other.get(target).Body.String(), "满族", "1958", "退休教师")
	}
}

// A child entered as an adult is asked about at the field, in both languages, and
// what was typed stays; with the guardian it is taken. A number that names a day to
// come is refused at its own field.
func TestAChildEnteredAsAnAdultIsAskedAbout(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	path := casePath(k.id, "party-details")
	const child, unborn = "990000201506010039", "990000205803120013"
	for _, tt := range []struct{ lang, number, field, want string }{
		{"zh-CN", child, "capacity", "请选“未成年人”，并写监护人"}, {"en", child, "capacity", "name the guardian"},
		{"zh-CN", unborn, "id_number", "还没到"}, {"en", unborn, "id_number", "still to come"},
	} {
		w := k.desk.send(http.MethodPost, path+"?lang="+tt.lang, k.facts("id_number", tt.number, "phone", "１００１２３４５６７８"))
		wantStatus(t, w, http.StatusUnprocessableEntity)
		page := document(t, w.Body.String())
		if text := page.Find("#f-" + tt.field + "-error").Text(); !strings.Contains(text, tt.want) {
			t.Errorf("%s, %s: the fault says %q", tt.lang, tt.field, text)
		}
		for box, value := range map[string]string{"id_number": tt.number, "phone": "１００１２３４５６７８"} {
			if got := page.Find(`input[name="`+box+`"]`).AttrOr("value", ""); got != value {
				t.Errorf("%s: %s holds %q, want %q", tt.lang, box, got, value)
			}
		}
	}
	wantTo(t, k.desk.send(http.MethodPost, path, k.facts("id_number", "９９００００２０１５０６０１００３９", "capacity", "minor", "guardian", "孙浩", "sensitive", "yes")), casePath(k.id, ""))
	if code, body := k.opened("id_number", "核对身份证"); code != http.StatusOK || !strings.Contains(body, child) {
		t.Errorf("kept otherwise than plain: %d", code)
	}
}

// A party that was recorded before these facts were kept gets them from its number
// when its particulars are saved again, and nobody types the number for it.
func TestTheNumberOnFileTellsWhatWasNeverAsked(t *testing.T) {
	t.Parallel()
	k := openCounter(t)
	for _, statement := range []string{`UPDATE persons SET birth_sealed = NULL`, `UPDATE case_parties SET sex = '', birth_mask = ''`} {
		if _, err := k.raw.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	path := casePath(k.id, "party-details")
	w := k.desk.send(http.MethodPost, path, k.facts("birth", "1958-03-12"))
	if text := document(t, w.Body.String()).Find("#f-birth-error").Text(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text, "以号码为准") {
		t.Errorf("a birth date beside the number on file: %d, %q", w.Code, text)
	}
	wantTo(t, k.desk.send(http.MethodPost, path, k.facts()), casePath(k.id, ""))
	if lacks := shows(k.desk.page(casePath(k.id, "")).Find(".party").First(), "男 · 满族 · 1958年出生"); len(lacks) > 0 {
		t.Errorf("the case lacks %v", lacks)
	}
	if code, body := k.opened("birth", "核对"); code != http.StatusOK || !strings.Contains(body, ownBirth) {
		t.Errorf("the birth date: %d", code)
	}
	if n := k.count(`SELECT count(*) FROM access_log WHERE object = 'identity' AND what = 'id_number'`); n != 0 {
		t.Errorf("the number was told to somebody: %d lines", n)
	}
}

// A fact that is not recorded is named above the paper with the way to where it
// can be; a party is led nowhere, and is told that the other side's are kept back.
func TestAMissingFactLeadsToItsForm(t *testing.T) {
	t.Parallel()
	p := openPrinted(t)
	p.complete()
	details := casePath(p.id, "party-details?party="+string(p.respondent))
	gap := func(a mediation.Actor, lang locale.Lang, text string) *goquery.Selection {
		t.Helper()
		return p.read(a, "/papers/F11", lang).Find(`.gaps li`).FilterFunction(func(_ int, li *goquery.Selection) bool { return li.Text() == text })
	}
	for lang, texts := range map[locale.Lang][]string{locale.ZH: {"邵立：民族", "邵立：职业（职务）"}, locale.EN: {"邵立: Ethnic group", "邵立: Occupation"}} {
		for _, text := range texts {
			if got := gap(p.mediator, lang, text).Find("a").AttrOr("href", ""); got != details {
				t.Errorf("%s leads to %q, want %q", text, got, details)
			}
		}
	}
	for _, text := range []string{"邵立：性别", "邵立：出生日期"} {
		if gap(p.mediator, locale.ZH, text).Length() != 0 {
			t.Errorf("%s is missed although the number tells it", text)
		}
	}
	if gap(p.applicant, locale.ZH, "邵立：民族").Length() != 0 || gap(p.applicant, locale.ZH, "陈阿芬：民族").Find("a").Length() != 0 ||
		len(shows(p.read(p.applicant, "/papers/F11", "").Find(".tools"), "性别、民族、出生日期、职业不向您显示")) > 0 {
		t.Error("the applicant is not told what is kept back, or is led to a form of the office")
	}
	p.act(p.clerk, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: p.respondent, Side: mediation.Respondent, Capacity: "adult", Name: "邵立",
		Ethnic: "01", Occupation: "公司职员"}})
	for _, text := range []string{"邵立：民族", "邵立：职业（职务）"} {
		if gap(p.mediator, locale.ZH, text).Length() != 0 {
			t.Errorf("%s is missed although it was recorded", text)
		}
	}
}

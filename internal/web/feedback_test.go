package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"doorstep/internal/mediation"
)

// A call passed on is recorded as simple and owed within hours, told with the time in
// list, desk and file; registration asks again, filled with what holds and with the
// committee's own terms, and asks nothing where nobody waits for an answer.
func TestASimpleCallIsAnsweredWithinHours(t *testing.T) {
	t.Parallel()
	s := openStreet(t)
	s.post("/sign-in", "login", "wang.clerk", "password", hallPassword)
	doc := s.page("/record")
	if lacks := shows(doc.Find("form"), "简单事项（默认24小时）", "复杂事项（默认5天）"); len(lacks) > 0 {
		t.Errorf("the form lacks %v", lacks)
	}
	form := url.Values{"key": {doc.Find(`[name="key"]`).AttrOr("value", "")}, "facts": {"一楼渗水"}, "place": {"5 幢 101"}, "source": {"application"},
		"channel": {"hotline_12345"}, "legal_ground": {"consent"}, "privacy": {"yes"}, "feedback": {"soon"}}
	w := s.send(http.MethodPost, "/record", form)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if document(t, w.Body.String()).Find("#f-feedback-error").Length() != 1 {
		t.Error("a word that is none is not told at its field")
	}
	form.Set("feedback", mediation.SimpleFeedback)
	wantTo(t, s.send(http.MethodPost, "/record", form), "/receipt")
	id := s.only()
	due := s.site.Render.BlankPage("zh-CN", presentDay).Clock(presentDay)
	for _, path := range []string{"/deadlines?when=week", "/desk", casePath(id, "")} {
		if text := strings.Join(strings.Fields(s.page(path).Text()), " "); !strings.Contains(text, "向热线或派出单位反馈（简单事项）") || !strings.Contains(text, due) {
			t.Errorf("%s does not tell the hours, or not until when: %s", path, text)
		}
	}
	s.exec(`UPDATE committees SET limits = '{"D-20s": {"n": 12, "unit": "hours"}, "D-20": {"n": 7, "unit": "days"}}'`)
	for lang, want := range map[string][]string{"zh-CN": {"简单事项（12小时）", "复杂事项（7天）"}, "en": {"Simple matter (12 hours)", "Complex matter (7 days)"}} {
		doc := s.page(casePath(id, "registration") + "?lang=" + lang)
		if lacks := shows(doc.Find("main form"), want...); len(lacks) > 0 || doc.Find(`input[name="feedback"][checked]`).AttrOr("value", "") != mediation.SimpleFeedback {
			t.Errorf("registration in %s lacks %v", lang, lacks)
		}
	}
	register := url.Values{"title": {"渗水"}, "type": {"02"}, "applicant": {"王建国"}, "respondent": {"李敏"}, "request": {"修好"}, "risk_screen": {"yes"}, "feedback": {mediation.ComplexFeedback}}
	wantTo(t, s.send(http.MethodPost, casePath(id, "registration")+"?lang=zh-CN", register), casePath(id, ""))
	if n := s.count(`SELECT count(*) FROM deadlines WHERE kind = 'D-20' AND ended_at IS NULL AND term = '{"n": 7, "unit": "days"}'`); n != 1 {
		t.Errorf("%d clocks of seven days", n)
	}
	if text := s.page(casePath(id, "") + "?lang=zh-CN").Find("main").Text(); !strings.Contains(text, "反馈期限：复杂事项") {
		t.Errorf("the history does not say how the answer was changed: %s", text)
	}
	form.Set("key", s.page("/record").Find(`[name="key"]`).AttrOr("value", ""))
	form.Set("channel", "window")
	wantTo(t, s.send(http.MethodPost, "/record", form), "/receipt")
	var second mediation.CaseID
	if err := s.raw.QueryRow(`SELECT id FROM cases WHERE channel = 'window'`).Scan(&second); err != nil {
		t.Fatal(err)
	}
	if s.page(casePath(second, "registration")).Find(`input[name="feedback"]`).Length() != 0 {
		t.Error("an answer is asked for that nobody waits for")
	}
}

package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"doorstep/internal/blob"
	"doorstep/internal/mediation"
)

// openLapsed is openJoining on the day after the last of the thirty, which the office
// has noted as gone by unused, with a store of files.
func openLapsed(t *testing.T) *joining {
	t.Helper()
	j := openJoining(t)
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	j.site.Blobs, j.site.Upload = blobs, 1<<20
	j.now = j.now.AddDate(0, 0, 31)
	if _, err := j.site.Desk.Do(t.Context(), mediation.System(), j.id, 0, &mediation.ConfirmationLapsed{}); err != nil {
		t.Fatal(err)
	}
	return j
}

// TestATimelyApplicationIsNotedLate: after the lapse the page tells staff and parties
// that an application which came to the court in time can be noted; the form asks for
// the day and the court's receipt, keeps what was typed, and what is noted goes on.
func TestATimelyApplicationIsNotedLate(t *testing.T) {
	t.Parallel()
	j := openLapsed(t)
	path := "/cases/" + string(j.id) + "/confirmation"
	for name, who := range map[string]struct {
		actor mediation.Actor
		says  string
		links int
	}{"mediator": {j.mediator, "现在还可以补记", 1}, "chair": {j.chair, "现在还可以补记", 1}, "applicant": {j.applicant, "请把法院的收件回执交给调解员", 0},
		"respondent": {j.other, "请把法院的收件回执交给调解员", 0}} {
		part := j.page(who.actor, "").Find("#confirmation")
		if !strings.Contains(part.Text(), who.says) || part.Find(`a[href$="/confirmation"]`).Length() != who.links {
			t.Errorf("%s reads %s", name, part.Text())
		}
	}
	form := j.page(j.mediator, "confirmation")
	on := form.Find("#f-on")
	if on.AttrOr("value", "") != "" || on.AttrOr("max", "") == "" || !strings.Contains(form.Find("#f-on-help").Text(), "申请期限到") || form.Find("#f-receipt").Length() != 1 {
		t.Errorf("asked: %s", form.Find("main form").Text())
	}
	last, first := on.AttrOr("max", ""), on.AttrOr("min", "")
	typed := url.Values{"court": {uid(60)}, "on": {j.now.Format("2006-01-02")}, "applied_by": {string(j.first()), string(j.respondent)}, "by_agent": {string(j.first())}}
	files := map[string]sent{"file": {"申请书.jpg", photograph(t, 90)}}
	doc := document(t, j.handAllIn(j.mediator, path, typed, files).Body.String())
	for field, want := range map[string]string{"on": "过了三十天的申请期限", "receipt": "收件回执", "by_agent": "《民事诉讼法》第62条、第205条"} {
		if text := doc.Find("#f-" + field + "-error").Text(); !strings.Contains(text, want) {
			t.Errorf("at %s: %q", field, text)
		}
	}
	if doc.Find("#f-on").AttrOr("value", "") != typed.Get("on") || doc.Find(`[name="by_agent"][checked]`).Length() != 1 || doc.Find(`[name="applied_by"][checked]`).Length() != 2 {
		t.Errorf("what was typed is gone: %s", doc.Find("main form").Text())
	}
	delete(typed, "by_agent")
	typed.Set("on", last)
	files["receipt"] = sent{"回执.jpg", []byte("no picture")}
	if doc := document(t, j.handAllIn(j.mediator, path, typed, files).Body.String()); doc.Find("#f-receipt-error").Length() != 1 || doc.Find("#f-file-error").Length() != 0 {
		t.Errorf("a receipt that is no picture: %s", doc.Find("#summary").Text())
	}
	files["receipt"] = sent{"回执.jpg", photograph(t, 40)}
	if w := j.handAllIn(j.mediator, path, typed, files); w.Code != http.StatusSeeOther {
		t.Fatalf("filed on the last day: %d %s", w.Code, w.Body)
	}
	page := j.page(j.mediator, "")
	if text := page.Find("#confirmation").Text(); !strings.Contains(text, "已申请") || strings.Contains(text, "现在还可以补记") || first == "" {
		t.Errorf("noted: %s", text)
	}
	if text := page.Find("main").Text(); !strings.Contains(text, "交到法院的日期：") || !strings.Contains(text, "更正：司法确认的一项期限已过") || !strings.Contains(text, "回执.jpg") {
		t.Errorf("the history and the files say %s", text)
	}
	if text := j.page(j.court, "").Find("#confirmation").Text(); !strings.Contains(text, "已申请") {
		t.Errorf("the court reads %s", text)
	}
}

// TestWhileTheThirtyDaysRun no receipt is asked for, and the last day is named.
func TestWhileTheThirtyDaysRun(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	form := j.page(j.mediator, "confirmation")
	if form.Find("#f-receipt").Length() != 0 || form.Find("#f-on").AttrOr("value", "") == "" || !strings.Contains(form.Find("#f-on-help").Text(), "最后一天是") {
		t.Errorf("asked: %s", form.Find("main form").Text())
	}
	if text := j.page(j.mediator, "").Find("#confirmation").Text(); strings.Contains(text, "补记") {
		t.Errorf("the page says %s", text)
	}
}

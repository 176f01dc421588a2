package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
)

// openPlan is a printed case set back to a mediator who has not planned a session yet.
func openPlan(t *testing.T) *joining {
	t.Helper()
	j := openJoining(t)
	j.exec(`DELETE FROM mediation_sessions WHERE case_id = $1`, string(j.id))
	j.exec(`DELETE FROM deadlines WHERE case_id = $1 AND kind = 'D-12'`, string(j.id))
	j.exec(`UPDATE cases SET stage = 'assigned', effective_on = NULL WHERE id = $1`, string(j.id))
	return j
}

// plan is what the mediator types of a session, with how its doors are to stand.
func (j *joining) plan(doors ...string) []string {
	return append([]string{"at", j.now.Add(48 * time.Hour).Format("2006-01-02T15:04"), "place", "调解室", "mode", "joint"}, doors...)
}

// TestASessionIsPlannedClosedOrOpen: closed beforehand, open only with both answers,
// which are asked for at their own fields; both sides and the papers read it.
func TestASessionIsPlannedClosedOrOpen(t *testing.T) {
	t.Parallel()
	j := openPlan(t)
	form := j.page(j.mediator, "sessions")
	if form.Find(`[name="openness"][value="closed"][checked]`).Length() != 1 || form.Find(`[name="openness"]`).Length() != 2 || form.Find(`[name="unopposed"], [name="no_secrets"]`).Length() != 2 {
		t.Errorf("asked: %s", form.Find("main form").Text())
	}
	code, body := j.send(j.mediator, "sessions", j.plan("openness", "open", "unopposed", "1")...)
	doc := document(t, body)
	if code != http.StatusUnprocessableEntity || !strings.Contains(doc.Find("#f-no_secrets-error").Text(), "不涉及隐私") || doc.Find("#f-unopposed-error").Length() != 0 ||
		doc.Find(`[name="openness"][value="open"][checked]`).Length() != 1 || doc.Find(`[name="place"]`).AttrOr("value", "") != "调解室" {
		t.Errorf("half answered: %d %s", code, doc.Find("#summary").Text())
	}
	if code, body := j.send(j.mediator, "sessions", j.plan("openness", "open", "unopposed", "1", "no_secrets", "1")...); code != http.StatusSeeOther {
		t.Fatalf("planned open: %d %s", code, body)
	}
	for _, who := range []mediation.Actor{j.mediator, j.applicant, j.other, j.chair} {
		if text := j.page(who, "").Find("main").Text(); !strings.Contains(text, "亲属、邻里可以旁听") {
			t.Errorf("%s is not told that the session is open", who.Name)
		}
	}
	if text := j.read(j.applicant, "/papers/F08", "").Find("main").Text(); !strings.Contains(text, "公开进行，亲属、邻里可以旁听") || !strings.Contains(text, "您可以要求不公开进行") {
		t.Errorf("the notice says %s", text)
	}
	if open := j.page(j.mediator, "sessions/opening"); open.Find(`[name="openness"][value="open"][checked]`).Length() != 1 {
		t.Errorf("at the opening it is asked: %s", open.Find("main form").Text())
	}
}

// TestAPartyAsksForClosedSessions from its own page: what was planned open is closed,
// no form offers it open again, and only its own side and the office read who asked.
func TestAPartyAsksForClosedSessions(t *testing.T) {
	t.Parallel()
	j := openPlan(t)
	if code, body := j.send(j.mediator, "sessions", j.plan("openness", "open", "unopposed", "1", "no_secrets", "1")...); code != http.StatusSeeOther {
		t.Fatalf("planned open: %d %s", code, body)
	}
	if form := j.page(j.other, "sessions/closed"); form.Find(`[name="party"]`).Length() != 0 || !strings.Contains(form.Find("main").Text(), "不用说明理由") {
		t.Errorf("a party is asked: %s", form.Find("main").Text())
	}
	if code, body := j.send(j.other, "sessions/closed"); code != http.StatusSeeOther {
		t.Fatalf("asked: %d %s", code, body)
	}
	for name, who := range map[string]struct {
		actor mediation.Actor
		says  string
	}{"mediator": {j.mediator, "要求调解不公开进行：邵立"}, "chair": {j.chair, "要求调解不公开进行：邵立"}, "its own side": {j.other, "您在"}, "the other side": {j.applicant, ""}} {
		page := j.page(who.actor, "")
		text, meta := page.Find("main").Text(), page.Find(".record-meta").First().Text()
		if !strings.Contains(meta, "不公开进行") || strings.Contains(meta, "可以旁听") || !strings.Contains(text, who.says) {
			t.Errorf("%s reads %s", name, meta)
		}
		if who.says == "" && (strings.Contains(text, "您在") || strings.Contains(text, "要求调解不公开进行：")) {
			t.Errorf("%s reads who asked: %s", name, text)
		}
	}
	if w := j.walk(j.other, http.MethodGet, "/cases/"+string(j.id)+"/sessions/closed", ""); w.Code != http.StatusConflict {
		t.Errorf("asked twice: %d", w.Code)
	}
	if form := j.page(j.mediator, "sessions/closed"); form.Find(`[name="party"] option[value!=""]`).Length() != 1 {
		t.Errorf("the office is offered %s", form.Find(`[name="party"]`).Text())
	}
	form := j.page(j.mediator, "sessions/opening")
	if form.Find(`[name="openness"]`).Length() != 1 || form.Find(`[name="unopposed"]`).Length() != 0 || !strings.Contains(form.Find("main").Text(), "有当事人要求不公开") {
		t.Errorf("the opening still offers others in: %s", form.Find("main form").Text())
	}
	typed := url.Values{"_rows.attendance": {"2"}, "openness": {"open"}, "unopposed": {"1"}, "no_secrets": {"1"}}
	for i, p := range []mediation.PartyID{j.first(), j.respondent} {
		at := "attendance[" + string(rune('0'+i)) + "]."
		typed.Set(at+"party", string(p))
		typed.Set(at+"present", "1")
		typed.Set(at+"identity", "1")
		typed.Set(at+"rights", "oral")
	}
	path := "/cases/" + string(j.id) + "/sessions/opening"
	if doc := document(t, j.walk(j.mediator, http.MethodPost, path, typed.Encode()).Body.String()); !strings.Contains(doc.Find("main").Text(), "有当事人要求不公开，本案的调解都不公开进行（《人民调解法》第23条）") {
		t.Errorf("opened to others all the same: %s", doc.Find("#summary").Text())
	}
	typed.Set("openness", "closed")
	if w := j.walk(j.mediator, http.MethodPost, path, typed.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("opened closed: %d %s", w.Code, document(t, w.Body.String()).Find("#summary").Text())
	}
}

// TestASessionOfBeforeSaysNothing of who was there.
func TestASessionOfBeforeSaysNothing(t *testing.T) {
	t.Parallel()
	j := openJoining(t)
	if text := j.page(j.mediator, "").Find("main").Text(); !strings.Contains(text, "不公开进行") {
		t.Error("a session of today does not say how it was held")
	}
	j.exec(`UPDATE mediation_sessions SET doors = '', opened_doors = ''`)
	for _, who := range []mediation.Actor{j.mediator, j.applicant} {
		part := j.page(who, "").Find(".record-meta").Text()
		if strings.Contains(part, "公开进行") {
			t.Errorf("%s reads %s", who.Name, part)
		}
	}
	if text := j.read(j.mediator, "/papers/F10", "").Find("main").Text(); strings.Contains(text, "是否公开") {
		t.Error("the record guesses")
	}
}

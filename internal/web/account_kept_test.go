package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/vault"
)

func TestFormSentWithoutASessionIsKeptForItsSender(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	id := o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	o.exec(`UPDATE sign_ins SET revoked_at = now() WHERE user_id = $1`, string(id))
	send := func(b *browser) {
		t.Helper()
		wantTo(t, b.post("/cases/x1/withdrawal", "reason", "双方已经和好了", "version", "7", "password", hallPassword), "/sign-in")
	}
	send(o.browser)
	if n := o.count(`SELECT count(*) FROM drafts WHERE position(convert_to('和好', 'UTF8') IN body_sealed) > 0`); n != 0 {
		t.Error("what was typed lies open in the table")
	}
	wantTo(t, o.signIn(hallPassword), "/kept")
	w := o.get("/kept")
	wantStatus(t, w, http.StatusOK)
	form := document(t, w.Body.String()).Find(`form[action="/cases/x1/withdrawal"]`)
	got := map[string]string{"reason": form.Find("[name=reason]").AttrOr("value", ""), "version": form.Find("[name=version]").AttrOr("value", ""),
		"password": form.Find("[name=password]").AttrOr("value", "none")}
	if diff := cmp.Diff(map[string]string{"reason": "双方已经和好了", "version": "7", "password": "none"}, got); diff != "" {
		t.Error(diff)
	}
	wantTo(t, o.get("/kept"), "/desk") // given back once
	if n := o.count(`SELECT count(*) FROM drafts`); n != 0 {
		t.Errorf("%d drafts left", n)
	}
}

func TestNobodyIsOfferedWhatAnotherTyped(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	first := o.register("wang.er")
	wantTo(t, o.post("/sign-in", "login", "wang.er", "password", hallPassword), "/desk")
	o.exec(`UPDATE sign_ins SET revoked_at = now() WHERE user_id = $1`, string(first))
	wantTo(t, o.post("/cases/x1/withdrawal", "reason", "只有王二知道的事"), "/sign-in")
	wantTo(t, o.signIn(hallPassword), "/desk") // the next person at the shared machine
	wantTo(t, o.get("/kept"), "/desk")
	if n := o.count(`SELECT count(*) FROM drafts`); n != 0 {
		t.Errorf("%d drafts kept for nobody", n)
	}
}

func TestKeptFormEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.post("/cases/x1/withdrawal", "reason", "双方已经和好了"), "/sign-in")
	o.at = o.at.Add(time.Hour + time.Second)
	wantTo(t, o.signIn(hallPassword), "/desk")
}

func TestScriptsAndProgramsGetThePlainStatus(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	wantStatus(t, o.get("/api/v1/cases"), http.StatusForbidden)
	o.header.Set("Sec-Fetch-Mode", "cors")
	wantStatus(t, o.get("/desk"), http.StatusUnauthorized)
	o.header.Set("Sec-Fetch-Mode", "navigate")
	wantTo(t, o.get("/desk"), "/sign-in?next=%2Fdesk")
}

func TestAnswerTypedTooSlowlyIsOfferedToTheSamePartyOnly(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	_, code, _ := o.matter()
	_, other, _ := o.matter()
	for entered, want := range map[vault.Code]string{code: "/kept", other: "/my-case"} {
		b := o.browse("203.0.113.9")
		wantTo(t, b.post("/follow", "code", code.String()), "/my-case")
		o.at = o.at.Add(16 * time.Minute)
		wantTo(t, b.post("/my-case/answer", "reason", "我同意调解，请定时间"), "/follow")
		wantTo(t, b.post("/follow", "code", entered.String()), want)
		if w := b.get("/kept"); want == "/kept" && !strings.Contains(w.Body.String(), "我同意调解") {
			t.Errorf("%d: what was typed is lost", w.Code)
		}
	}
}

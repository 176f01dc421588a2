package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

func TestResetLinkOfThePage(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	link, err := o.site.Accounts.ResetLink(t.Context(), hallUser)
	if err != nil {
		t.Fatal(err)
	}
	w := o.get("/set-password/" + link)
	wantStatus(t, w, http.StatusOK)
	if !strings.Contains(w.Body.String(), hallUser) || strings.Contains(w.Body.String(), "lang=en") {
		t.Error("the page names nobody, or repeats its secret address in the switch of languages")
	}
	wantStatus(t, o.post("/set-password/"+link, "password", "short", "password_again", "short"), http.StatusUnprocessableEntity)
	const fresh = "屋后一口老井水清又甜"
	wantTo(t, o.post("/set-password/"+link, "password", fresh, "password_again", fresh), "/desk")
	wantStatus(t, o.get("/desk"), http.StatusOK)
	for _, w := range []*httptest.ResponseRecorder{o.get("/set-password/" + link), o.post("/set-password/"+link, "password", fresh, "password_again", fresh)} {
		wantStatus(t, w, http.StatusNotFound)
	}
	o.secretStaysOutOfTheLog(link)
}

func TestFirstAdministratorComesInByHisLink(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	link, err := o.site.Accounts.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, o.get("/setup/"+link), http.StatusOK)
	w := o.post("/setup/"+link, "name", "管理员", "username", "guan", "password", "admin123456", "password_again", "admin123456")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantTo(t, o.post("/setup/"+link, "name", "管理员", "username", "guan", "password", hallPassword, "password_again", hallPassword), "/admin")
	wantStatus(t, o.get("/desk"), http.StatusOK)
	wantStatus(t, o.get("/setup/"+link), http.StatusNotFound)
	wantStatus(t, o.post("/setup/"+link, "name", "管理员", "username", "zwei", "password", hallPassword, "password_again", hallPassword), http.StatusNotFound)
	o.secretStaysOutOfTheLog(link)
}

func TestCodeLimitIsToldOnTheForm(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	wrong := vault.NewReceiptCode().String()
	for range 5 {
		wantStatus(t, o.post("/follow", "code", wrong), http.StatusUnprocessableEntity)
	}
	w := o.post("/follow", "code", wrong)
	wantStatus(t, w, http.StatusTooManyRequests)
	if document(t, w.Body.String()).Find("#f-code").AttrOr("value", "") != wrong || !strings.Contains(w.Body.String(), "60 分钟") {
		t.Error("the page must keep the code and say how long to wait")
	}
}

func TestInvitationIsExchangedAndShownNowhere(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	id, _, link := o.matter()
	w := o.get("/i/" + link)
	wantTo(t, w, "/my-case")
	if strings.Contains(w.Body.String(), link) || o.cookies["doorstep-code"].Value == link {
		t.Error("the link stands in the answer, or is the cookie itself")
	}
	if w := o.get("/my-case"); w.Body.String() != "case "+id {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	o.at = o.at.Add(time.Hour)
	w = o.browse("198.51.100.20").get("/i/" + link)
	wantStatus(t, w, http.StatusNotFound)
	if strings.Contains(w.Body.String(), link) || strings.Contains(w.Body.String(), "⟦") {
		t.Error("the page repeats the link or lacks words")
	}
	o.secretStaysOutOfTheLog(link)
}

func TestLeavingEndsTheVisitByCode(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	_, code, _ := o.matter()
	wantTo(t, o.post("/follow", "code", code.String()), "/my-case")
	before := maps.Clone(o.cookies)
	wantTo(t, o.post("/leave"), "/")
	o.cookies = before // who comes after presses "back"
	wantTo(t, o.get("/my-case"), "/follow")
}

func TestSignedInUserHoldsACodeOnItsOwnPagesOnly(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	id, code, _ := o.matter()
	wantTo(t, o.post("/follow", "code", code.String()), "/my-case")
	wantTo(t, o.signIn(hallPassword), "/desk")
	if w := o.get("/my-case"); w.Body.String() != "case "+id {
		t.Errorf("his case by code: %d %s", w.Code, w.Body)
	}
	if w := o.get("/desk"); w.Body.String() != "desk of 李阿英" {
		t.Errorf("his desk: %d %s", w.Code, w.Body)
	}
}

func TestEveryPageHasItsWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	o.site.Demo = &DemoCard{Password: hallPassword, Code: "1234 5678 9012 3456 7890 1234", People: []DemoPerson{{Role: mediation.RoleChair, Username: hallUser, Name: "李阿英"}}}
	setup, err := o.site.Accounts.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	reset, err := o.site.Accounts.ResetLink(t.Context(), hallUser)
	if err != nil {
		t.Fatal(err)
	}
	check := func(path string, status int) {
		t.Helper()
		for _, lang := range []string{"zh-CN", "en"} {
			o.header.Set("Accept-Language", lang)
			w := o.get(path)
			wantStatus(t, w, status)
			body := w.Body.String()
			_, main, _ := strings.Cut(body, "<main")
			if i := strings.Index(main, "⟦"); i >= 0 {
				t.Errorf("%s (%s): %.60s", path, lang, main[i:])
			}
			if strings.Contains(main, "{") || strings.Contains(body, "style=") || strings.Contains(body, "<script>") {
				t.Errorf("%s (%s): a placeholder, style or script in the page", path, lang)
			}
		}
	}
	for _, path := range []string{"/sign-in", "/register", "/follow", "/setup/" + setup, "/set-password/" + reset} {
		check(path, http.StatusOK)
	}
	for _, path := range []string{"/i/none", "/setup/none", "/set-password/none"} {
		check(path, http.StatusNotFound)
	}
	for _, path := range []string{"/register", "/follow"} {
		if document(t, o.get(path).Body.String()).Find(".demo").Length() != 1 {
			t.Errorf("%s does not say that this is a demonstration", path)
		}
	}
	w := o.get("/sign-in")
	demo := document(t, w.Body.String()).Find(`form.action`)
	wantTo(t, o.post("/sign-in", "login", demo.Find("[name=login]").AttrOr("value", ""), "password", demo.Find("[name=password]").AttrOr("value", "")), "/desk")
	for _, path := range []string{"/account", "/account/password"} {
		check(path, http.StatusOK)
	}
}

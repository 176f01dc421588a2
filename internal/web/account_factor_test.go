package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// code is what the authenticator shows now.
func (o *hall) code(secret string) string {
	o.t.Helper()
	code, err := totp.GenerateCode(secret, o.at)
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

// enrol sets a second factor up through the pages.
func (o *hall) enrol() (secret string, codes []string) {
	o.t.Helper()
	wantTo(o.t, o.post(factorURL+"/new"), factorURL)
	page := document(o.t, o.get(factorURL).Body.String()).Find("main")
	secret = strings.ReplaceAll(page.Find(".secret-text").Text(), " ", "")
	if path := page.Find("svg.square path").AttrOr("d", ""); len(secret) != 32 || len(path) < 1000 {
		o.t.Fatalf("key %q and a square of %d bytes", secret, len(path))
	}
	wantStatus(o.t, o.post(factorURL+"/confirmation", "code", "000000"), http.StatusUnprocessableEntity)
	w := o.post(factorURL+"/confirmation", "code", o.code(secret))
	wantStatus(o.t, w, http.StatusCreated)
	for _, item := range document(o.t, w.Body.String()).Find(".codes code").EachIter() {
		codes = append(codes, item.Text())
	}
	if len(codes) != account.RecoveryCodes {
		o.t.Fatalf("%d recovery codes", len(codes))
	}
	return secret, codes
}

func TestSignInWithASecondStep(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	secret, codes := o.enrol()
	wantStatus(t, o.get("/desk"), http.StatusOK)
	if n := strings.Count(o.log.String(), secret); n != 0 {
		t.Error("the key stands in the log")
	}

	o.at = o.at.Add(time.Minute)
	o.post("/sign-out")
	w := o.post("/sign-in", "login", hallUser, "password", hallPassword, "next", "/cases/x1/withdrawal")
	wantTo(t, w, "/sign-in/code?next=%2Fcases%2Fx1%2Fwithdrawal")
	wantTo(t, o.get("/desk"), "/sign-in/code?next=%2Fdesk")
	wantTo(t, o.get("/account"), "/sign-in/code?next=%2Faccount")
	wantTo(t, o.get(factorURL), "/sign-in/code?next=%2Faccount%2Fsecond-factor")
	w = o.post("/sign-in/code", "code", "000000", "next", "/cases/x1/withdrawal")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if got := document(t, w.Body.String()).Find("#f-code-error").Text(); !strings.Contains(got, "验证码不对") {
		t.Errorf("the field says %q", got)
	}
	before := o.cookies[sessionCookie].Value
	wantTo(t, o.post("/sign-in/code", "code", o.code(secret), "next", "/cases/x1/withdrawal"), "/cases/x1/withdrawal")
	if o.cookies[sessionCookie].Value == before {
		t.Error("the token of before the second step still opens")
	}
	wantStatus(t, o.get("/desk"), http.StatusOK)

	thief := o.browse("198.51.100.20")
	wantTo(t, thief.signIn(hallPassword), "/sign-in/code")
	wantStatus(t, thief.post("/sign-in/code", "code", o.code(secret)), http.StatusUnprocessableEntity) // looked over the shoulder: used
	wantTo(t, thief.post("/sign-in/code", "code", codes[0]), "/desk")
	o.at = o.at.Add(time.Minute)
	late := o.browse("198.51.100.21")
	wantTo(t, late.signIn(hallPassword), "/sign-in/code")
	o.at = o.at.Add(account.FactorLife + time.Second)
	wantTo(t, late.post("/sign-in/code", "code", o.code(secret)), "/sign-in")
}

func TestRequiredRoleIsLedToEnrolBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.site.Accounts.RequireFactor([]mediation.Role{mediation.RoleAdmin})
	link, err := o.site.Accounts.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantTo(t, o.post("/setup/"+link, "name", "江管理", "username", hallUser, "password", hallPassword, "password_again", hallPassword), "/admin")
	for _, path := range []string{"/desk", "/account", "/cases/x1/withdrawal", "/points"} {
		wantTo(t, o.get(path), factorURL)
	}
	wantTo(t, o.post("/cases/x1/withdrawal", "reason", "x"), factorURL)
	page := document(t, o.get(factorURL).Body.String()).Find("main")
	if !strings.Contains(page.Text(), "请先设置登录验证器") && !strings.Contains(document(t, o.get(factorURL).Body.String()).Text(), "请先设置登录验证器") {
		t.Error("the page does not say why one is here")
	}
	secret, _ := o.enrol()
	wantStatus(t, o.get("/desk"), http.StatusOK)
	o.at = o.at.Add(time.Minute)
	w := o.post(factorURL+"/end", "code", o.code(secret))
	wantStatus(t, w, http.StatusConflict)
}

func TestPagesOfTheSecondFactorHaveTheirWords(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	check := func(path string) {
		t.Helper()
		for _, lang := range []string{"zh-CN", "en"} {
			o.header.Set("Accept-Language", lang)
			w := o.get(path)
			wantStatus(t, w, http.StatusOK)
			_, main, _ := strings.Cut(w.Body.String(), "<main")
			if strings.ContainsAny(main, "⟦{") || strings.Contains(main, "style=") {
				t.Errorf("%s (%s): a placeholder, missing word or style", path, lang)
			}
		}
	}
	check(factorURL)
	o.at = o.at.Add(account.FreshLife + time.Minute)
	check(factorURL) // asks for the password now
	wantStatus(t, o.post(factorURL+"/new"), http.StatusUnprocessableEntity)
	wantTo(t, o.post(factorURL+"/new", "current", hallPassword), factorURL)
	check(factorURL)
	secret := strings.ReplaceAll(document(t, o.get(factorURL).Body.String()).Find(".secret-text").Text(), " ", "")
	wantStatus(t, o.post(factorURL+"/confirmation", "code", o.code(secret)), http.StatusCreated)
	for _, path := range []string{factorURL, factorURL + "/new", factorURL + "/codes", factorURL + "/end"} {
		check(path)
	}
	o.at = o.at.Add(time.Minute)
	wantStatus(t, o.post(factorURL+"/codes", "code", "12345"), http.StatusUnprocessableEntity)
	wantStatus(t, o.post(factorURL+"/codes", "code", o.code(secret)), http.StatusCreated)
	o.at = o.at.Add(time.Minute)
	wantTo(t, o.post(factorURL+"/end", "code", o.code(secret)), "/account")
	wantTo(t, o.browse("203.0.113.9").signIn(hallPassword), "/desk")
}

func TestSecretsOfAFormAreNotKept(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.post("/cases/x1/withdrawal", "reason", "不想再谈了", "current", "secret-word", "code", "123456"), "/sign-in")
	wantTo(t, o.signIn(hallPassword), "/kept")
	if w := o.get("/kept"); strings.Contains(w.Body.String(), "secret-word") || strings.Contains(w.Body.String(), "123456") || !strings.Contains(w.Body.String(), "不想再谈了") {
		t.Error("what opens an account was kept, or the rest was not")
	}
}

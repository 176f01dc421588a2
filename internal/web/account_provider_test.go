package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/sso"
	"doorstep/internal/sso/ssotest"
)

// provider gives the hall a provider, at which wang is known as s-1.
func (o *hall) provider(set func(*sso.Settings)) *ssotest.Provider {
	o.t.Helper()
	back := o.site.BaseURL + ProviderReturn
	at := ssotest.Start(o.t, back)
	at.Add("s-1", "wang", "wang@example.cn", true)
	given := sso.Settings{Issuer: at.URL, ClientID: ssotest.ClientID, Secret: ssotest.Secret, Redirect: back, Factors: []string{"mfa"}}
	if set != nil {
		set(&given)
	}
	o.site.SSO = &SSO{Provider: sso.New(given, time.Now), Name: "司法局统一身份"}
	o.site.Accounts.UseProvider(account.Provider{Issuer: at.URL})
	return at
}

func (o *hall) link(user mediation.UserID, subject string) {
	o.t.Helper()
	err := o.db.InTx(o.t.Context(), func(tx postgres.Tx) error {
		return tx.SaveIdentity(o.t.Context(), postgres.Identity{User: user, Issuer: o.site.SSO.Issuer(), Subject: subject, LinkedAt: o.at})
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// walk goes to the provider and gives the address that leads back.
func (b *browser) walk(at *ssotest.Provider, start string) string {
	b.o.t.Helper()
	w := b.get(start)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, at.URL) {
		b.o.t.Fatalf("%d to %q, want the provider: %.300s", w.Code, to, w.Body)
	}
	return at.SignIn(b.o.t, to, "wang").RequestURI()
}

func (b *browser) problem(w string, path string, status int) {
	b.o.t.Helper()
	got := b.get(path)
	wantStatus(b.o.t, got, status)
	if h1 := document(b.o.t, got.Body.String()).Find("main h1").Text(); !strings.Contains(h1, w) {
		b.o.t.Errorf("the page says %q, want %q", h1, w)
	}
	if b.cookies[sessionCookie] != nil {
		b.o.t.Error("somebody is signed in")
	}
}

func TestSignInByTheProvider(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	id := o.register(hallUser)
	o.link(id, "s-1")
	door := document(t, o.get("/sign-in?next=%2Fcases%2Fx1%2Fwithdrawal").Body.String())
	start := door.Find(`main a[href^="/sign-in/provider"]`)
	if start.Length() != 1 || !strings.Contains(start.Text(), "司法局统一身份") || door.Find(`form[action*="provider"]`).Length() != 0 {
		t.Fatalf("the way to the provider is %q", start.Text())
	}
	back := o.walk(at, start.AttrOr("href", ""))
	cookie := o.cookies[errandCookie]
	if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("the errand's cookie is %+v", cookie)
	}
	wantTo(t, o.get(back), "/cases/x1/withdrawal")
	if w := o.get("/desk"); w.Body.String() != "desk of 李阿英" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if o.cookies[errandCookie] != nil {
		t.Error("the errand is still held")
	}
	wantTo(t, o.get(back), "/desk") // loaded once more
	q, _ := url.Parse(back)
	o.secretStaysOutOfTheLog(q.Query().Get("code"))
	o.secretStaysOutOfTheLog(q.Query().Get("state"))

	other := o.browse("198.51.100.7") // a second browser is news, as with a password
	wantTo(t, other.get(other.walk(at, "/sign-in/provider")), "/desk")
	if n := o.count(`SELECT count(*) FROM account_notices WHERE kind = 'new_device' AND user_id = $1`, string(id)); n != 1 {
		t.Errorf("told of %d new devices, want one", n)
	}

	wantTo(t, o.post("/sign-out"), "/sign-in/provider/leave")
	out := document(t, o.get("/sign-in/provider/leave").Body.String()).Find(`main a.button[href^="http"]`)
	if href := out.AttrOr("href", ""); !strings.HasPrefix(href, at.URL) || !strings.Contains(href, url.QueryEscape("http://localhost:8080/sign-in")) {
		t.Errorf("the way out of the provider is %q", href)
	}
	wantStatus(t, o.get("/desk"), http.StatusSeeOther)
}

func TestAnotherBrowsersAnswerIsNoSignIn(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	o.link(o.register(hallUser), "s-1")
	back := o.walk(at, "/sign-in/provider")

	victim := o.browse("198.51.100.7")
	victim.problem("没有完成", back, http.StatusUnprocessableEntity) // a link sent to him
	victim.get("/sign-in/provider")                              // also with an errand of his own under way
	victim.problem("没有完成", back, http.StatusUnprocessableEntity)
	if victim.cookies[errandCookie] == nil {
		t.Error("a forged answer took his errand away")
	}
	spoilt := strings.Replace(back, "state=", "state=x", 1)
	o.problem("没有完成", spoilt, http.StatusUnprocessableEntity)
	wantTo(t, o.get(back), "/desk") // his own goes on
	o.post("/sign-out")

	again := o.walk(at, "/sign-in/provider")
	o.at = o.at.Add(account.ErrandLife + time.Second)
	o.problem("没有完成", again, http.StatusUnprocessableEntity)
}

func TestNobodyIsMadeByTheProvider(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	before := o.count(`SELECT count(*) FROM users`)
	w := o.get(o.walk(at, "/sign-in/provider"))
	wantStatus(t, w, http.StatusForbidden)
	page := document(t, w.Body.String()).Find("main")
	if !strings.Contains(page.Text(), "没有与您关联的账号") || page.Find("code").Text() != "s-1" {
		t.Errorf("the page says %q", page.Text())
	}
	if after := o.count(`SELECT count(*) FROM users`); after != before || o.cookies[sessionCookie] != nil {
		t.Error("an account was made, or a session begun")
	}
	o.problem("没有登录成", "/sign-in/provider/return?error=access_denied&state="+o.stateOf(at), http.StatusUnprocessableEntity)
}

// stateOf begins an errand and gives its state.
func (b *browser) stateOf(at *ssotest.Provider) string {
	b.o.t.Helper()
	u, err := url.Parse(b.get("/sign-in/provider").Header().Get("Location"))
	if err != nil || !strings.HasPrefix(u.String(), at.URL) {
		b.o.t.Fatal(u, err)
	}
	return u.Query().Get("state")
}

func TestAProviderThatIsAwayLeavesThePassword(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	o.link(o.register(hallUser), "s-1")
	back := o.walk(at, "/sign-in/provider")
	at.Away(true)
	o.problem("暂时连不上司法局统一身份", back, http.StatusServiceUnavailable)
	if !strings.Contains(o.log.String(), "error.provider_away") {
		t.Error("the log does not tell why")
	}
	fresh := o.browse("198.51.100.7")
	o.site.SSO.Provider = sso.New(sso.Settings{Issuer: at.URL, ClientID: ssotest.ClientID}, time.Now) // one that was never found
	fresh.problem("暂时连不上", "/sign-in/provider", http.StatusServiceUnavailable)
	wantTo(t, fresh.signIn(hallPassword), "/desk")
}

func TestAClientTheProviderDoesNotKnowIsTheOperatorsMatter(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(func(s *sso.Settings) { s.Secret = "not-the-secret" })
	o.link(o.register(hallUser), "s-1")
	o.problem("没有设置好", o.walk(at, "/sign-in/provider"), http.StatusServiceUnavailable)
	if log := o.log.String(); !strings.Contains(log, "error.provider_fault") || !strings.Contains(log, "invalid_client") || strings.Contains(log, "not-the-secret") {
		t.Errorf("the log says %s", log)
	}
}

func TestTheOfficesSecondFactorAfterTheProvider(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	o.link(o.register(hallUser), "s-1")
	wantTo(t, o.get(o.walk(at, "/sign-in/provider")), "/desk")
	secret, _ := o.enrol()
	o.post("/sign-out")

	o.at = o.at.Add(time.Minute)
	wantTo(t, o.get(o.walk(at, "/sign-in/provider?next=%2Fcases%2Fx1%2Fwithdrawal")), "/sign-in/code?next=%2Fcases%2Fx1%2Fwithdrawal")
	wantStatus(t, o.get("/desk"), http.StatusSeeOther) // nothing opens before the code
	wantTo(t, o.post("/sign-in/code", "code", o.code(secret), "next", "/cases/x1/withdrawal"), "/cases/x1/withdrawal")
	o.post("/sign-out")

	at.Says("", "pwd", "mfa")
	wantTo(t, o.get(o.walk(at, "/sign-in/provider")), "/desk") // the provider has asked for it
	wantStatus(t, o.get("/desk"), http.StatusOK)
}

func TestWhoMustComeByTheProviderIsToldSo(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	at := o.provider(nil)
	id := o.register(hallUser)
	o.exec(`UPDATE users SET must_change = true WHERE id = $1`, string(id)) // a one-time password nobody used
	o.exec(`INSERT INTO grants (id, user_id, role, granted_at, confirmed_at) VALUES ($1, $1, 'admin', $2, $2)`, string(id), o.at)
	o.site.Accounts.UseProvider(account.Provider{Issuer: at.URL, Only: []mediation.Role{mediation.RoleAdmin}})
	o.link(id, "s-1")
	wantTo(t, o.get(o.walk(at, "/sign-in/provider")), "/desk")
	wantStatus(t, o.get("/desk"), http.StatusOK) // and no password to change first
	o.post("/sign-out")
	w := o.signIn(hallPassword)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if text := document(t, w.Body.String()).Find("main").Text(); !strings.Contains(text, "不再用密码登录") {
		t.Errorf("the page says %q", text)
	}
}

func TestWithoutAProviderThereIsNoWayToOne(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	for _, path := range []string{"/sign-in/provider", "/sign-in/provider/return?code=x&state=y", "/sign-in/provider/leave"} {
		wantStatus(t, o.get(path), http.StatusNotFound)
	}
	if n := document(t, o.get("/sign-in").Body.String()).Find(`a[href*="provider"]`).Length(); n != 0 {
		t.Error("the sign-in page leads to a provider")
	}
	o.register(hallUser)
	o.signIn(hallPassword)
	wantTo(t, o.post("/sign-out"), "/sign-in")
}

func TestAnAdministratorLinksAPersonThroughThePages(t *testing.T) {
	f := openFront(t)
	person := f.person("lina", "李娜")
	if rec := f.ask(http.MethodGet, person+"/identity", nil); rec.Code != http.StatusNotFound {
		t.Errorf("without a provider: %d", rec.Code)
	}
	f.site.SSO = &SSO{Provider: sso.New(sso.Settings{Issuer: "https://login.example.cn"}, time.Now)}
	if n := f.get(person).Find(`main a[href$="/identity"]`).Length(); n != 1 {
		t.Fatal("the person's page does not lead to the link")
	}
	doc := f.refused(person+"/identity", values("subject", " "), http.StatusUnprocessableEntity)
	if doc.Find("#f-subject[aria-invalid]").Length() != 1 {
		t.Error("the field is not marked")
	}
	if to := f.post(person+"/identity", values("subject", "s-1")); to != person {
		t.Errorf("led to %q", to)
	}
	if text := f.get(person).Find("main").Text(); !strings.Contains(text, "s-1") || !strings.Contains(text, "还没有用它登录过") {
		t.Error("the person's page does not show the link")
	}
	doc = f.refused(f.person("wanger", "王二")+"/identity", values("subject", "s-1"), http.StatusUnprocessableEntity)
	if doc.Find("#f-subject").AttrOr("value", "") != "s-1" || !strings.Contains(doc.Text(), "另一个人的账号") {
		t.Error("what was typed is lost, or not said to be taken")
	}
	f.site.SSO.ByEmail = true
	f.refused(person+"/identity", values("subject", "s-2"), http.StatusUnprocessableEntity) // the field of the other setting
	f.post(person+"/identity", values("email", "lina@example.cn"))
	f.lang = "en"
	f.get(person + "/identity")
	f.lang = "zh-CN"
	f.post(person+"/identity/end", values())
	if text := f.get(person).Find("main").Text(); !strings.Contains(text, "只能用密码登录") {
		t.Error("the link was not ended")
	}
	if text := f.get("/admin").Find(".timeline").Text(); !strings.Contains(text, "关联单位账号") || strings.Contains(text, "其他变动") {
		t.Errorf("the history says %q", text)
	}
}

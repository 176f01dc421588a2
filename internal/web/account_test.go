package web

import (
	"maps"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCookiesOfASignIn(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]http.Cookie{
		"http://localhost:8080":      {Name: "doorstep", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode},
		"https://tiaojie.example.cn": {Name: "__Host-doorstep", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: true},
	} {
		o := openHall(t, base)
		o.register(hallUser)
		w := o.signIn(hallPassword)
		wantTo(t, w, "/desk")
		got := o.cookies[want.Name]
		if got == nil {
			t.Fatalf("%s: cookies %v", base, o.cookies)
		}
		if len(got.Value) != 26 {
			t.Errorf("%s: token of %d characters", base, len(got.Value))
		}
		flat := http.Cookie{Name: got.Name, Path: got.Path, Domain: got.Domain, MaxAge: got.MaxAge, HttpOnly: got.HttpOnly, SameSite: got.SameSite, Secure: got.Secure}
		if diff := cmp.Diff(want, flat); diff != "" {
			t.Errorf("%s: %s", base, diff)
		}
		if w := o.get("/desk"); w.Body.String() != "desk of 李阿英" {
			t.Errorf("%s: %d %s", base, w.Code, w.Body)
		}
		o.post("/sign-out")
		if o.cookies[want.Name] != nil {
			t.Errorf("%s: the cookie stayed after signing out", base)
		}
	}
}

func TestSignInLeadsOnOnlyWithinTheSite(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.get("/cases/x1/withdrawal?a=1&b=2"), "/sign-in?next=%2Fcases%2Fx1%2Fwithdrawal%3Fa%3D1%26b%3D2")
	for next, want := range map[string]string{
		"/cases/x1/withdrawal?a=1": "/cases/x1/withdrawal?a=1", "": "/desk", "//evil.example": "/desk", "https://evil.example/": "/desk",
		"/\\evil.example": "/desk", "/\t/evil.example": "/desk", "javascript:alert(1)": "/desk", "evil.example": "/desk", "/sign-out": "/desk",
		"/%2F/evil.example": "/%2F/evil.example", "/sign-in?next=//evil": "/desk", "/setup/x": "/desk",
	} {
		w := o.post("/sign-in", "login", hallUser, "password", hallPassword, "next", next)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
	page := document(t, o.browse("203.0.113.8").get("/sign-in?next=//evil.example").Body.String()).Find("main")
	if got, link := page.Find("[name=next]").AttrOr("value", ""), page.Find(`a[href*="next"]`).Length(); got != "" || link != 0 {
		t.Errorf("the page carries a foreign address along: %q, %d links", got, link)
	}
}

func TestWrongSignInKeepsWhatWasTypedButThePassword(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	w := o.post("/sign-in", "login", hallUser, "password", "这不是那个密码呀真的不是", "next", "/cases/1")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	page := document(t, w.Body.String())
	if got := page.Find(`input[name=login]`).AttrOr("value", ""); got != hallUser {
		t.Errorf("user name %q, want it kept", got)
	}
	if got := page.Find(`input[name=next]`).AttrOr("value", ""); got != "/cases/1" {
		t.Errorf("next %q, want it kept", got)
	}
	if _, ok := page.Find(`input[name=password]`).Attr("value"); ok || strings.Contains(w.Body.String(), "这不是那个密码") {
		t.Error("the password was sent back")
	}
	if !strings.Contains(page.Find(".summary").Text(), "账号或密码不对") {
		t.Errorf("summary %q does not say what is wrong", page.Find(".summary").Text())
	}
	if len(o.cookies) != 0 {
		t.Errorf("cookies %v after a wrong password", o.cookies)
	}
}

func TestLimitIsMetByAddressWhateverForwardedForSays(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	thief := o.browse("198.51.100.20")
	for i := range 5 {
		thief.header.Set("X-Forwarded-For", "192.0.2."+string(rune('1'+i)))
		thief.header.Set("X-Real-Ip", "192.0.2."+string(rune('1'+i)))
		wantStatus(t, thief.signIn("这不是那个密码呀真的不是"), http.StatusUnprocessableEntity)
	}
	thief.header.Set("X-Forwarded-For", "192.0.2.99")
	w := thief.signIn(hallPassword)
	wantStatus(t, w, http.StatusTooManyRequests)
	if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "分钟再试") {
		t.Errorf("Retry-After %q; the page must say how long to wait", w.Header().Get("Retry-After"))
	}
	thief.header.Set("X-Forwarded-For", "203.0.113.7") // nor can he spend the owner's tries
	for range 5 {
		wantStatus(t, thief.signIn("这不是那个密码呀真的不是"), http.StatusTooManyRequests)
	}
	wantTo(t, o.signIn(hallPassword), "/desk")
}

func TestLimitBehindATrustedProxyIsTheClients(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080", netip.MustParsePrefix("10.0.0.1/32"))
	o.register(hallUser)
	proxy := o.browse("10.0.0.1")
	proxy.header.Set("X-Forwarded-For", "192.0.2.1")
	for range 5 {
		wantStatus(t, proxy.signIn("这不是那个密码呀真的不是"), http.StatusUnprocessableEntity)
	}
	wantStatus(t, proxy.signIn(hallPassword), http.StatusTooManyRequests)
	proxy.header.Set("X-Forwarded-For", "192.0.2.2")
	wantTo(t, proxy.signIn(hallPassword), "/desk")
}

func TestForeignSiteCannotSignAnybodyIn(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	o.header.Set("Origin", "https://evil.example")
	o.header.Set("Sec-Fetch-Site", "cross-site")
	wantStatus(t, o.signIn(hallPassword), http.StatusForbidden)
	wantStatus(t, o.post("/sign-out"), http.StatusForbidden)
}

func TestDevicesAreListedAndEnded(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	phone := o.browse("198.51.100.20")
	wantTo(t, phone.signIn(hallPassword), "/desk")
	wantTo(t, o.signIn(hallPassword), "/desk")
	w := o.get("/account")
	wantStatus(t, w, http.StatusOK)
	page := document(t, w.Body.String())
	if got := page.Find(".devices li").Length(); got != 2 {
		t.Fatalf("%d devices, want 2", got)
	}
	if text := page.Find(".devices").Text(); !strings.Contains(text, "Firefox · Windows") || !strings.Contains(text, "198.51.100.20") {
		t.Errorf("devices %q name neither browser nor address", text)
	}
	end := page.Find(`.devices form[method=post]`)
	if end.Length() != 1 {
		t.Fatalf("%d devices can be ended, want the other one only", end.Length())
	}
	wantTo(t, o.post(end.AttrOr("action", "")), "/account")
	wantTo(t, phone.get("/desk"), "/sign-in?next=%2Fdesk")
	wantStatus(t, o.get("/desk"), http.StatusOK)

	wantTo(t, phone.signIn(hallPassword), "/desk")
	wantTo(t, o.post("/account/devices/end"), "/account")
	wantTo(t, phone.get("/desk"), "/sign-in?next=%2Fdesk")
	wantStatus(t, o.get("/desk"), http.StatusOK)
}

func TestSigningInEndsTheSessionThatWasPlanted(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	planted := o.browse("198.51.100.20")
	planted.cookies = maps.Clone(o.cookies)
	wantTo(t, o.signIn(hallPassword), "/desk")
	wantTo(t, planted.get("/desk"), "/sign-in?next=%2Fdesk")
	wantStatus(t, o.get("/desk"), http.StatusOK)
}

func TestPasswordSomebodyElseChoseIsChangedFirst(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	id := o.register(hallUser)
	o.exec(`UPDATE users SET must_change = true WHERE id = $1`, string(id))
	wantTo(t, o.signIn(hallPassword), "/desk")
	wantTo(t, o.get("/desk"), "/account/password")
	wantTo(t, o.post("/cases/1/withdrawal", "reason", "x"), "/account/password")
	wantStatus(t, o.get("/account/password"), http.StatusOK)
	const fresh = "屋后一口老井水清又甜"
	w := o.post("/account/password", "current", hallPassword, "password", fresh, "password_again", fresh+"。")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantTo(t, o.post("/account/password", "current", hallPassword, "password", fresh, "password_again", fresh), "/account")
	wantStatus(t, o.get("/desk"), http.StatusOK)
	wantTo(t, o.browse("198.51.100.20").get("/account/password"), "/sign-in?next=%2Faccount%2Fpassword")
}

func TestRegisterSignsIn(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	wantStatus(t, o.get("/register"), http.StatusOK)
	w := o.post("/register", "name", "李阿英", "username", "li", "phone", "12", "password", "woaini1314", "password_again", "woaini1314")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	page := document(t, w.Body.String())
	for field, value := range map[string]string{"name": "李阿英", "username": "li", "phone": "12"} {
		if got := page.Find("input[name="+field+"]").AttrOr("value", ""); got != value {
			t.Errorf("%s = %q, want it kept", field, got)
		}
	}
	for _, field := range []string{"phone", "password"} {
		if page.Find("#f-"+field+"-error").Length() != 1 {
			t.Errorf("%s is not marked", field)
		}
	}
	if strings.Contains(w.Body.String(), "{min}") || strings.Contains(w.Body.String(), "⟦") {
		t.Error("a message without its words")
	}
	wantTo(t, o.post("/register", "name", "李阿英", "username", hallUser, "phone", "13800138000", "password", hallPassword, "password_again", hallPassword,
		"next", "/cases/x1/withdrawal"), "/cases/x1/withdrawal")
	wantStatus(t, o.get("/desk"), http.StatusOK)
	if w := o.get("/account"); !strings.Contains(w.Body.String(), "138****8000") || !strings.Contains(w.Body.String(), "身份未核实") {
		t.Error("the account shows neither masked phone nor that it is unverified")
	}
}

func TestDeviceIsNamedInOurWords(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537.36 MicroMessenger/8.0": "WeChat · Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1":          "Safari · iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126 Safari/537.36 Edg/126":              "Edge · Windows",
		"curl/8.0": "", "<script>alert(1)</script>": "",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

func TestNewDeviceIsToldOnEveryPageUntilItWasSeen(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	if strings.Contains(o.get("/account/password").Body.String(), "新情况") {
		t.Error("the first device is news")
	}
	mark := o.cookies["doorstep-device"]
	if mark == nil || !mark.HttpOnly || mark.MaxAge < 300*24*3600 {
		t.Fatalf("the browser carries %+v", mark)
	}
	o.post("/sign-out")
	wantTo(t, o.signIn(hallPassword), "/desk")
	if o.cookies["doorstep-device"].Value != mark.Value || strings.Contains(o.get("/account/password").Body.String(), "新情况") {
		t.Error("a known device is news")
	}
	thief := o.browse("198.51.100.20")
	wantTo(t, thief.signIn(hallPassword), "/desk")
	page := document(t, o.get("/account/password").Body.String())
	if notice := page.Find(".notice"); !strings.Contains(notice.Text(), "新情况") || notice.Find(`a[href="/account"]`).Length() != 1 {
		t.Errorf("the page tells %q", notice.Text())
	}
	if text := document(t, o.get("/account").Body.String()).Find("main").Text(); !strings.Contains(text, "Firefox · Windows，网络地址 198.51.100.20") {
		t.Errorf("the account does not name the device: %s", text)
	}
	o.header.Set("Accept-Language", "en")
	if _, main, _ := strings.Cut(o.get("/account").Body.String(), "<main"); strings.ContainsAny(main, "⟦{") {
		t.Error("a missing word in English")
	}
	wantTo(t, o.post("/account/happenings/seen"), "/account")
	o.get("/account")
	if strings.Contains(o.get("/account/password").Body.String(), "Something happened") {
		t.Error("told again after it was seen")
	}
	wantTo(t, o.post("/account/everywhere/end"), "/sign-in")
	wantTo(t, thief.get("/desk"), "/sign-in?next=%2Fdesk")
	wantTo(t, o.get("/desk"), "/sign-in?next=%2Fdesk")
}

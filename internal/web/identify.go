package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// The cookies that say who asks. None has an end of its own: closing the browser
// on a shared machine signs out, and the server ends what outlives its time.
const (
	sessionCookie = "doorstep"
	codeCookie    = "doorstep-code"
	keptCookie    = "doorstep-kept" // whose browser typed what could not be taken
)

// deviceCookie tells a browser its user has come in with before from a new one. It
// opens nothing and outlives the visit, or every visit would be a new device.
const (
	deviceCookie = "doorstep-device"
	deviceLife   = 400 * 24 * time.Hour // the longest a browser keeps one
)

const signInKey = "sign_in"

// identify finds out who asks: the holder of a session, or of a receipt code or
// invitation, or a visitor. On the pages made for a code its session goes before
// a signed-in one. What was refused for want of a sign-in leads a page to it.
func (s *Site) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if unasked(c.Request().URL.Path) {
			return next(c)
		}
		if err := s.recognise(c); err != nil {
			return err
		}
		if to := firstOfAll(session(c), c.Request().URL.Path); to != "" {
			return c.Redirect(http.StatusSeeOther, to)
		}
		s.readEarly(c)
		err := next(c)
		if err != nil && s.wantsSignIn(c, err) {
			return s.toSignIn(c)
		}
		return err
	}
}

// unasked are the addresses where it is all the same who asks; they answer also
// while the database is away.
func unasked(path string) bool {
	return isProbe(path) || strings.HasPrefix(path, "/static/")
}

// firstOfAll is where a signed-in user must go before anything else: to change a
// password that somebody else chose, then to set up the second factor his role
// asks for. "" lets him on.
func firstOfAll(in account.SignIn, path string) string {
	switch {
	case path == "/sign-out", in.Step == account.StepCode:
	case in.MustChange:
		if path != "/account/password" {
			return "/account/password"
		}
	case in.Step == account.StepEnrol && path != factorURL && !strings.HasPrefix(path, factorURL+"/"):
		return factorURL
	}
	return ""
}

func (s *Site) recognise(c echo.Context) error {
	setActor(c, mediation.Visitor())
	user, err := s.bySession(c)
	if err != nil {
		return err
	}
	holder, err := s.byCode(c)
	if err != nil {
		return err
	}
	switch {
	case holder.Code != nil && (!user.SignedIn() || forCode(c.Request().URL.Path)):
		setActor(c, holder)
	case user.SignedIn():
		setActor(c, user)
	}
	return nil
}

// forCode are the pages of whoever comes with a code.
func forCode(path string) bool {
	for _, p := range []string{"/my-case", "/follow", "/leave"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

func (s *Site) bySession(c echo.Context) (mediation.Actor, error) {
	token := s.cookie(c, sessionCookie)
	if token == "" {
		return mediation.Actor{}, nil
	}
	a, in, err := s.Accounts.Actor(c.Request().Context(), token)
	if mediation.KindOf(err) == mediation.Unauthenticated {
		return mediation.Actor{}, nil
	}
	c.Set(signInKey, in)
	return a, err
}

func (s *Site) byCode(c echo.Context) (mediation.Actor, error) {
	token := s.cookie(c, codeCookie)
	if token == "" {
		return mediation.Actor{}, nil
	}
	a, err := s.Accounts.CodeActor(c.Request().Context(), token)
	if mediation.KindOf(err) == mediation.Unauthenticated {
		return mediation.Actor{}, nil
	}
	return a, err
}

// session is the signed-in device that asks; the zero SignIn is none.
func session(c echo.Context) account.SignIn {
	in, _ := c.Get(signInKey).(account.SignIn)
	return in
}

// secure says whether browsers come by https, as the settings and not a header
// say.
func (s *Site) secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// cookieName binds a cookie to this very host where the browser can: over plain
// http it would refuse the prefix.
func (s *Site) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Site) cookie(c echo.Context, name string) string {
	found, err := c.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return found.Value
}

// setCookie hands a token to the browser; "" takes it back. Lax and not strict:
// an invitation is opened from a message, and what it leads to must see its
// cookie.
func (s *Site) setCookie(c echo.Context, name, token string) {
	age := 0
	if token == "" {
		age = -1
	}
	c.SetCookie(&http.Cookie{Name: s.cookieName(name), Value: token, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode})
}

func (s *Site) keepMark(c echo.Context, mark string) {
	c.SetCookie(&http.Cookie{Name: s.cookieName(deviceCookie), Value: mark, Path: "/", MaxAge: int(deviceLife.Seconds()),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode})
}

// wantsSignIn says whether a page was refused because nobody is signed in: then
// signing in is the way on, and 401 or 403 would be the end of it. What a script
// or another program asked for gets its plain status.
func (s *Site) wantsSignIn(c echo.Context, err error) bool {
	r := c.Request()
	if strings.HasPrefix(r.URL.Path, "/api/") || c.Response().Committed {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" && mode != "navigate" {
		return false
	}
	a := actor(c)
	kind := mediation.KindOf(err)
	return kind == mediation.Unauthenticated || kind == mediation.Forbidden && !a.SignedIn() && a.Code == nil
}

// toSignIn leads to where one comes in, and back afterwards. What was typed is
// kept for then.
func (s *Site) toSignIn(c echo.Context) error {
	r := c.Request()
	to, back := "/sign-in", ""
	if session(c).Step == account.StepCode {
		to = "/sign-in/code"
	}
	if forCode(r.URL.Path) {
		to = "/follow"
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		back = local(r.URL.RequestURI())
	} else if err := s.keep(c); err != nil {
		return err
	}
	if back != "" && to != "/follow" {
		to += "?next=" + url.QueryEscape(back)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// local is an address of this site to go on to; "" for anything else. Browsers
// take a backslash for a slash and drop tabs, so both are refused.
func local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || len(address) > 2000 ||
		strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return ""
	}
	for _, p := range []string{"/sign-in", "/sign-out", "/register", "/kept", "/api", "/setup", "/set-password", "/confirm-email", "/forgot", "/i"} {
		if u.Path == p || strings.HasPrefix(u.Path, p+"/") {
			return ""
		}
	}
	return address
}

// deviceOf is a short name of a browser for its owner's list, such as
// "Firefox · Windows". Unknown ones are left blank: the text of the client is
// never stored.
func deviceOf(agent string) string {
	return strings.Trim(firstOf(agent, []string{"MicroMessenger=WeChat", "AlipayClient=Alipay", "Edg=Edge", "QQBrowser=QQ Browser",
		"UCBrowser=UC Browser", "HuaweiBrowser=Huawei Browser", "Firefox=Firefox", "OPR/=Opera", "Chrome=Chrome", "Safari=Safari"})+" · "+
		firstOf(agent, []string{"HarmonyOS=HarmonyOS", "OpenHarmony=HarmonyOS", "Android=Android", "iPhone=iPhone", "iPad=iPad",
			"Windows=Windows", "Macintosh=Mac", "Linux=Linux"}), " ·")
}

// firstOf gives the name of the first mark the text holds.
func firstOf(text string, marks []string) string {
	for _, m := range marks {
		mark, name, _ := strings.Cut(m, "=")
		if strings.Contains(text, mark) {
			return name
		}
	}
	return ""
}

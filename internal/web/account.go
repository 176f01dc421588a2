package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// accountRoutes are the ways in and out, and one's own account.
func (s *Site) accountRoutes() []route {
	return slices.Concat(s.factorRoutes(), s.mailRoutes(), s.tieRoutes(), s.providerRoutes(), []route{
		{http.MethodGet, "/sign-in", s.askSignIn, "public", ""},
		{http.MethodPost, "/sign-in", s.signIn, "public", ""},
		{http.MethodPost, "/sign-out", s.signOut, "public", ""},
		{http.MethodGet, "/register", s.askRegister, "public", ""},
		{http.MethodPost, "/register", s.register, "public", ""},
		{http.MethodGet, "/account", s.showAccount, "session_token", "list"},
		{http.MethodPost, "/account/devices/:device/end", s.endDevice, "session_token", "revoke"},
		{http.MethodPost, "/account/devices/end", s.endDevices, "session_token", "revoke"},
		{http.MethodPost, "/account/everywhere/end", s.endEverywhere, "session_token", "revoke"},
		{http.MethodPost, "/account/happenings/seen", s.seeHappenings, "session_token", "list"},
		{http.MethodGet, "/account/password", s.askPassword, "account", ""},
		{http.MethodPost, "/account/password", s.changePassword, "account", ""},
		{http.MethodGet, "/kept", s.showKept, "public", ""},
		{http.MethodPost, "/kept/end", s.dropKept, "public", ""},
		{http.MethodGet, "/follow", s.askFollow, "code", "track"},
		{http.MethodPost, "/follow", s.follow, "code", "track"},
		{http.MethodPost, "/leave", s.leave, "public", ""},
		{http.MethodGet, "/i/:token", s.openInvitation, "public", ""},
		{http.MethodGet, "/set-password/:token", s.askNewPassword, "public", ""},
		{http.MethodPost, "/set-password/:token", s.setPassword, "public", ""},
		{http.MethodGet, "/setup/:token", s.askSetup, "public", ""},
		{http.MethodPost, "/setup/:token", s.setUp, "public", ""},
	})
}

// entrancePage is a page with one form.
type entrancePage struct {
	Page
	Form Form
	Next string // local address to go on to
	Card *DemoCard
	Link string // what an ended link was for: "invitation", "password", "first_admin", "email"
	Mail bool   // mails are sent, so a password can be set by one

	Provider string // name of the provider of sign-ins; "" without one
}

// entrance begins such a page.
func (s *Site) entrance(c echo.Context, f Form) entrancePage {
	p := entrancePage{Page: s.page(c), Form: f, Mail: s.Mail, Next: local(c.QueryParam("next"))}
	if c.Request().Method != http.MethodGet {
		p.Next = local(c.FormValue("next"))
	}
	return p
}

// again draws a form once more with what was typed and what is wrong: faults of
// the input, and limits, whose page would throw the input away. Any other error
// is not the form's.
func (s *Site) again(c echo.Context, name string, p entrancePage, why error) error {
	typed, err := c.FormParams()
	if err != nil {
		return err
	}
	p.Form.Fill(typed)
	status, err := markForm(c, p.Page, &p.Form, why)
	if err != nil {
		return err
	}
	return s.show(c, status, name, p)
}

// markForm lays a refusal onto a form and gives the status of the page that
// shows it: a limit stands above the fields with its Retry-After, faults at their
// fields. An error that is not the form's comes back.
func markForm(c echo.Context, p Page, f *Form, why error) (status int, err error) {
	if mediation.KindOf(why) == mediation.TooMany {
		c.Response().Header().Set("Retry-After", asError(why).Args["retry_after"])
		f.Problem = p.Message(why)
		return http.StatusTooManyRequests, nil
	}
	if !f.Mark(p, why) {
		return 0, why
	}
	return http.StatusUnprocessableEntity, nil
}

// read fills a form's struct from what was posted.
func read(c echo.Context, into any) error {
	v, err := c.FormParams()
	if err != nil {
		return err
	}
	return decode(into, v)
}

func (s *Site) signInForm(p Page, next string) Form {
	return Form{Action: "/sign-in", Submit: p.T("account.sign_in"), Fields: []Field{
		{Name: "login", Kind: FieldText, Label: p.T("account.login"), Required: true, Autocomplete: "username", MaxLength: 60},
		{Name: "password", Kind: FieldPassword, Label: p.T("account.password"), Required: true, Autocomplete: "current-password"},
		{Name: "next", Kind: FieldHidden, Value: next},
	}}
}

func (s *Site) askSignIn(c echo.Context) error {
	if actor(c).SignedIn() {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	return s.show(c, http.StatusOK, "account/sign-in", s.signInPage(c))
}

func (s *Site) signInPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{})
	p.Form, p.Card, p.Provider = s.signInForm(p.Page, p.Next), s.Demo, s.providerName(p.Page)
	return p
}

func (s *Site) signIn(c echo.Context) error {
	var typed account.Credentials
	if err := read(c, &typed); err != nil {
		return err
	}
	next := local(c.FormValue("next"))
	if err := s.comeIn(c, typed); err != nil {
		return s.again(c, "account/sign-in", s.signInPage(c), err)
	}
	return s.goOn(c, next)
}

// comeIn signs in by password.
func (s *Site) comeIn(c echo.Context, typed account.Credentials) error {
	ctx := c.Request().Context()
	typed.Address, typed.Device = c.RealIP(), deviceOf(c.Request().UserAgent())
	token, err := s.Accounts.SignIn(ctx, typed)
	if err != nil {
		return err
	}
	return s.takeToken(c, token)
}

// takeToken hands the browser a fresh token; one it held before ends, so that a
// token planted beforehand opens nothing.
func (s *Site) takeToken(c echo.Context, token string) error {
	ctx := c.Request().Context()
	if old := s.cookie(c, sessionCookie); old != "" {
		if err := s.Accounts.SignOut(ctx, old); err != nil {
			return err
		}
	}
	return s.holdSession(c, token)
}

// holdSession hands the browser a token and goes on as whom it opens.
func (s *Site) holdSession(c echo.Context, token string) error {
	a, in, err := s.Accounts.Actor(c.Request().Context(), token)
	if err != nil {
		return err
	}
	setActor(c, a)
	c.Set(signInKey, in)
	s.setCookie(c, sessionCookie, token)
	if !a.SignedIn() {
		return nil
	}
	mark, err := s.Accounts.MeetDevice(c.Request().Context(), a, in, s.cookie(c, deviceCookie))
	if err != nil {
		return err
	}
	s.keepMark(c, mark)
	return nil
}

// goOn leads to what waits for whoever has come in: a form he could not send, or
// where he wanted to go.
func (s *Site) goOn(c echo.Context, next string) error {
	if session(c).Step == account.StepCode && actor(c).Code == nil {
		to := "/sign-in/code"
		if next != "" {
			to += "?next=" + url.QueryEscape(next)
		}
		return c.Redirect(http.StatusSeeOther, to)
	}
	waits, err := s.waiting(c, actor(c))
	if err != nil {
		return err
	}
	to := "/desk"
	switch {
	case waits != nil:
		to = "/kept"
	case next != "":
		to = next
	case actor(c).Code != nil:
		to = "/my-case"
	}
	return c.Redirect(http.StatusSeeOther, to)
}

func (s *Site) signOut(c echo.Context) error {
	if token := s.cookie(c, sessionCookie); token != "" {
		if err := s.Accounts.SignOut(c.Request().Context(), token); err != nil {
			return err
		}
	}
	s.setCookie(c, sessionCookie, "")
	if err := s.forget(c); err != nil {
		return err
	}
	return s.done(c, s.wayOut(c), "signed_out")
}

func newAccountFields(p Page, phone bool) []Field {
	fields := []Field{
		{Name: "name", Kind: FieldText, Label: p.T("account.name"), Help: p.T("account.name_help"), Required: true, Autocomplete: "name", MaxLength: 60},
		{Name: "username", Kind: FieldText, Label: p.T("account.username"), Help: p.T("account.username_help"), Required: true,
			Autocomplete: "username", MaxLength: 40},
	}
	if phone {
		fields = append(fields, Field{Name: "phone", Kind: FieldTel, Label: p.T("account.phone"), Help: p.T("account.phone_help"),
			Autocomplete: "tel", MaxLength: 30})
	}
	return append(fields, newPasswordFields(p)...)
}

func newPasswordFields(p Page) []Field {
	return []Field{
		{Name: "password", Kind: FieldPassword, Label: p.T("account.new_password"), Help: p.T("account.password_help"), Required: true,
			Autocomplete: "new-password"},
		{Name: "password_again", Kind: FieldPassword, Label: p.T("account.password_again"), Required: true, Autocomplete: "new-password"},
	}
}

// twice sees that a new password was typed the same way two times: nobody sees
// what he types.
func twice(c echo.Context) error {
	f := mediation.Faults{}
	f.Require("password", c.FormValue("password"))
	if c.FormValue("password") != c.FormValue("password_again") {
		f.Mark("password_again", "error.password_same")
	}
	return f.Err()
}

func (s *Site) registerPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{Action: "/register", Submit: s.page(c).T("account.register")})
	p.Form.Fields = append(newAccountFields(p.Page, true), Field{Name: "next", Kind: FieldHidden, Value: p.Next})
	return p
}

func (s *Site) askRegister(c echo.Context) error {
	return s.show(c, http.StatusOK, "account/register", s.registerPage(c))
}

func (s *Site) register(c echo.Context) error {
	var typed account.NewAccount
	if err := read(c, &typed); err != nil {
		return err
	}
	typed.Address = c.RealIP()
	err := twice(c)
	if err == nil {
		_, err = s.Accounts.Register(c.Request().Context(), typed)
	}
	if err != nil {
		return s.again(c, "account/register", s.registerPage(c), err)
	}
	err = s.comeIn(c, account.Credentials{Login: typed.Username, Password: typed.Password})
	if mediation.KindOf(err) == mediation.TooMany {
		return s.done(c, "/sign-in", "registered") // the account is there; only its address has to wait
	}
	if err != nil {
		return err
	}
	return s.goOn(c, local(c.FormValue("next")))
}

func (s *Site) passwordPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{Action: "/account/password", Cancel: "/account"})
	p.Form.Submit = p.T("account.change_password")
	p.Form.Fields = append([]Field{{Name: "current", Kind: FieldPassword, Label: p.T("account.current_password"), Required: true,
		Autocomplete: "current-password"}}, newPasswordFields(p.Page)...)
	if session(c).MustChange {
		p.Form.Cancel, p.Flash = "", &Notice{Tone: ToneInform, Title: p.T("account.must_change"), Text: p.T("account.must_change_text")}
	}
	return p
}

func (s *Site) askPassword(c echo.Context) error {
	if _, err := s.Accounts.Profile(c.Request().Context(), actor(c)); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/password", s.passwordPage(c))
}

func (s *Site) changePassword(c echo.Context) error {
	var typed account.PasswordChange
	if err := read(c, &typed); err != nil {
		return err
	}
	typed.Address, typed.Keep = c.RealIP(), session(c).ID
	err := twice(c)
	if err == nil || !actor(c).SignedIn() {
		err = s.Accounts.ChangePassword(c.Request().Context(), actor(c), typed)
	}
	if err != nil {
		return s.again(c, "account/password", s.passwordPage(c), err)
	}
	return s.done(c, "/account", "password_changed")
}

// leave ends a visit by code at once. The page's script goes on to a harmless
// site; without script the start page tells nothing either.
func (s *Site) leave(c echo.Context) error {
	if token := s.cookie(c, codeCookie); token != "" {
		if err := s.Accounts.CloseCode(c.Request().Context(), token); err != nil {
			return err
		}
	}
	s.setCookie(c, codeCookie, "")
	if err := s.forget(c); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect(http.StatusSeeOther, "/")
}

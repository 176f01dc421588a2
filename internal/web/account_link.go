package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

func (s *Site) followPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{Action: "/follow"})
	p.Card = s.Demo
	p.Form.Submit = p.T("account.follow")
	p.Form.Fields = []Field{{Name: "code", Kind: FieldText, Label: p.T("account.code"), Help: p.T("account.code_help"), Required: true,
		Inputmode: "numeric", Autocomplete: "off", MaxLength: 60}}
	return p
}

// askFollow asks for a receipt code. Whoever has come in with one already goes on
// to his case.
func (s *Site) askFollow(c echo.Context) error {
	if actor(c).Code != nil {
		return c.Redirect(http.StatusSeeOther, "/my-case")
	}
	return s.show(c, http.StatusOK, "account/follow", s.followPage(c))
}

func (s *Site) follow(c echo.Context) error {
	ctx := c.Request().Context()
	token, err := s.Accounts.OpenCode(ctx, c.FormValue("code"), c.RealIP())
	if err != nil {
		return s.again(c, "account/follow", s.followPage(c), err)
	}
	if err := s.holdCode(c, token); err != nil {
		return err
	}
	return s.goOn(c, "/my-case")
}

// holdCode hands the browser a short session in place of one it held before.
func (s *Site) holdCode(c echo.Context, token string) error {
	ctx := c.Request().Context()
	a, err := s.Accounts.CodeActor(ctx, token)
	if err != nil {
		return err
	}
	if old := s.cookie(c, codeCookie); old != "" {
		if err := s.Accounts.CloseCode(ctx, old); err != nil {
			return err
		}
	}
	setActor(c, a)
	s.setCookie(c, codeCookie, token)
	return nil
}

// openInvitation exchanges an invitation for a short session and goes on at
// once, so that the link itself stays in no page, no referrer and no log.
func (s *Site) openInvitation(c echo.Context) error {
	session, err := s.Accounts.OpenInvitation(c.Request().Context(), c.Param("token"))
	if mediation.KindOf(err) == mediation.NotFound {
		return s.ended(c, "invitation")
	}
	if err != nil {
		return err
	}
	if err := s.holdCode(c, session); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/my-case")
}

// ended says that a link no longer works and how to come by a new one.
func (s *Site) ended(c echo.Context, what string) error {
	p := s.entrance(c, Form{})
	p.Path, p.Link = "", what // the address holds what was a secret; the switch of languages would repeat it
	return s.show(c, http.StatusNotFound, "account/link-ended", p)
}

// linkForm begins a page whose address is the secret.
func (s *Site) linkForm(c echo.Context, action, submit string) entrancePage {
	p := s.entrance(c, Form{Action: action + c.Param("token")})
	p.Path, p.Form.Submit = "", p.T(submit)
	return p
}

func (s *Site) newPasswordPage(c echo.Context, username string) entrancePage {
	p := s.linkForm(c, "/set-password/", "account.set_password")
	p.Form.Fields = append([]Field{{Name: "login", Kind: FieldStatic, Label: p.T("account.username"), Value: username}}, newPasswordFields(p.Page)...)
	return p
}

func (s *Site) askNewPassword(c echo.Context) error {
	username, err := s.Accounts.PasswordLink(c.Request().Context(), c.Param("token"))
	if mediation.KindOf(err) == mediation.NotFound {
		return s.ended(c, "password")
	}
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/set-password", s.newPasswordPage(c, username))
}

func (s *Site) setPassword(c echo.Context) error {
	ctx := c.Request().Context()
	username, err := s.Accounts.PasswordLink(ctx, c.Param("token"))
	if err == nil {
		err = twice(c)
	}
	password := c.FormValue("password")
	if err == nil {
		_, err = s.Accounts.SetPassword(ctx, c.Param("token"), password, c.RealIP())
	}
	switch {
	case mediation.KindOf(err) == mediation.NotFound:
		return s.ended(c, "password")
	case err != nil:
		return s.again(c, "account/set-password", s.newPasswordPage(c, username), err)
	}
	return s.straightIn(c, account.Credentials{Login: username, Password: password}, "/desk")
}

// straightIn signs in whoever has just chosen his password. When that cannot be
// done at this moment (too many tries from the address, or he must come by the
// provider), he signs in later: what he chose stands.
func (s *Site) straightIn(c echo.Context, typed account.Credentials, to string) error {
	if err := s.comeIn(c, typed); mediation.KindOf(err) == mediation.TooMany || mediation.KeyOf(err) == "error.provider_only" {
		to = "/sign-in"
	} else if err != nil {
		return err
	}
	return s.done(c, to, "password_changed")
}

func (s *Site) setupPage(c echo.Context) entrancePage {
	p := s.linkForm(c, "/setup/", "account.set_up")
	p.Form.Fields = newAccountFields(p.Page, false)
	return p
}

func (s *Site) askSetup(c echo.Context) error {
	err := s.Accounts.AdminLink(c.Request().Context(), c.Param("token"))
	if mediation.KindOf(err) == mediation.NotFound {
		return s.ended(c, "first_admin")
	}
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/setup", s.setupPage(c))
}

// setUp makes the first administrator and leads him to the office, whose page
// goes through what has to be set up before anybody can work.
func (s *Site) setUp(c echo.Context) error {
	var typed account.NewAccount
	if err := read(c, &typed); err != nil {
		return err
	}
	typed.Address = c.RealIP()
	err := twice(c)
	if err == nil {
		_, err = s.Accounts.ClaimFirstAdmin(c.Request().Context(), c.Param("token"), typed)
	}
	switch {
	case mediation.KindOf(err) == mediation.NotFound, mediation.KeyOf(err) == "error.admin_exists":
		return s.ended(c, "first_admin")
	case err != nil:
		return s.again(c, "account/setup", s.setupPage(c), err)
	}
	return s.straightIn(c, account.Credentials{Login: typed.Username, Password: typed.Password}, "/admin")
}

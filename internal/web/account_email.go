package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// mailRoutes are one's mail address, and the password link that is sent there.
func (s *Site) mailRoutes() []route {
	return []route{
		{http.MethodGet, "/account/email", s.askEmail, "account", ""},
		{http.MethodPost, "/account/email", s.setEmail, "account", ""},
		{http.MethodGet, "/confirm-email/:token", s.askConfirmEmail, "public", ""},
		{http.MethodPost, "/confirm-email/:token", s.confirmEmail, "public", ""},
		{http.MethodGet, "/forgot", s.askForgot, "public", ""},
		{http.MethodPost, "/forgot", s.forgot, "public", ""},
	}
}

// withoutMail says that the installation sends no mails: its pages are not there.
func (s *Site) withoutMail() error {
	if s.Mail {
		return nil
	}
	return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
}

func (s *Site) emailPage(c echo.Context, profile account.Profile) entrancePage {
	p := s.entrance(c, Form{Action: "/account/email", Cancel: "/account"})
	p.Form.Submit = p.T("common.save")
	help := p.T("account.email_help")
	if profile.EmailMask != "" {
		help = p.T("account.email_now", "email", profile.EmailMask) + " " + help
	}
	p.Form.Fields = []Field{
		{Name: "email", Kind: FieldText, Label: p.T("account.email"), Help: help, Autocomplete: "email", Inputmode: "email", MaxLength: 254},
		{Name: "current", Kind: FieldPassword, Label: p.T("account.current_password"), Required: true, Autocomplete: "current-password"},
	}
	return p
}

func (s *Site) askEmail(c echo.Context) error {
	profile, err := s.Accounts.Profile(c.Request().Context(), actor(c))
	if err == nil {
		err = s.withoutMail()
	}
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/email", s.emailPage(c, profile))
}

func (s *Site) setEmail(c echo.Context) error {
	ctx := c.Request().Context()
	profile, err := s.Accounts.Profile(ctx, actor(c))
	if err == nil {
		err = s.withoutMail()
	}
	if err != nil {
		return err
	}
	var typed account.EmailChange
	if err := read(c, &typed); err != nil {
		return err
	}
	typed.Address = c.RealIP()
	if err := s.Accounts.SetEmail(ctx, actor(c), typed); err != nil {
		return s.again(c, "account/email", s.emailPage(c, profile), err)
	}
	if typed.Email == "" {
		return s.done(c, "/account", "email_removed")
	}
	return s.done(c, "/account", "email_sent")
}

// askConfirmEmail asks for a press of a button: programs that look into mails
// follow links by themselves.
func (s *Site) askConfirmEmail(c echo.Context) error {
	err := s.Accounts.EmailLink(c.Request().Context(), c.Param("token"))
	if mediation.KindOf(err) == mediation.NotFound {
		return s.ended(c, "email")
	}
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/confirm-email", s.linkForm(c, "/confirm-email/", "account.email_confirm"))
}

func (s *Site) confirmEmail(c echo.Context) error {
	err := s.Accounts.ConfirmEmail(c.Request().Context(), c.Param("token"))
	if mediation.KindOf(err) == mediation.NotFound {
		return s.ended(c, "email")
	}
	if err != nil {
		return err
	}
	to := "/sign-in"
	if actor(c).SignedIn() {
		to = "/account"
	}
	return s.done(c, to, "email_confirmed")
}

func (s *Site) forgotPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{Action: "/forgot", Cancel: "/sign-in"})
	p.Form.Submit = p.T("account.forgot_send")
	p.Form.Fields = []Field{{Name: "login", Kind: FieldText, Label: p.T("account.login"), Required: true, Autocomplete: "username", MaxLength: 60}}
	return p
}

func (s *Site) askForgot(c echo.Context) error {
	if err := s.withoutMail(); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/forgot", s.forgotPage(c))
}

// forgot answers alike whoever is asked for.
func (s *Site) forgot(c echo.Context) error {
	if err := s.withoutMail(); err != nil {
		return err
	}
	if err := s.Accounts.AskPassword(c.Request().Context(), c.FormValue("login"), c.RealIP()); err != nil {
		return s.again(c, "account/forgot", s.forgotPage(c), err)
	}
	return s.done(c, "/sign-in", "forgot")
}

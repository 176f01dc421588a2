package web

import (
	"fmt"
	"image/color"
	"net/http"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

const factorURL = "/account/second-factor"

// factorRoutes are the second step of a sign-in, and one's own second factor.
func (s *Site) factorRoutes() []route {
	return []route{
		{http.MethodGet, "/sign-in/code", s.askFactor, "public", ""},
		{http.MethodPost, "/sign-in/code", s.showFactorCode, "public", ""},
		{http.MethodGet, factorURL, s.showFactor, "account", ""},
		{http.MethodGet, factorURL + "/new", s.askBeginFactor, "account", ""},
		{http.MethodPost, factorURL + "/new", s.beginFactor, "account", ""},
		{http.MethodPost, factorURL + "/confirmation", s.confirmFactor, "account", ""},
		{http.MethodGet, factorURL + "/codes", s.askRecoveryCodes, "account", ""},
		{http.MethodPost, factorURL + "/codes", s.newRecoveryCodes, "account", ""},
		{http.MethodGet, factorURL + "/end", s.askEndFactor, "account", ""},
		{http.MethodPost, factorURL + "/end", s.endFactor, "account", ""},
	}
}

func codeField(p Page, label, help string) Field {
	return Field{Name: "code", Kind: FieldText, Label: p.T(label), Help: p.T(help), Required: true, Autocomplete: "one-time-code", MaxLength: 40, Short: true}
}

func (s *Site) proof(c echo.Context) (account.Proof, error) {
	var typed account.Proof
	err := read(c, &typed)
	typed.Address, typed.Session = c.RealIP(), session(c)
	return typed, err
}

// factorStepPage asks for the code after the password was right.
func (s *Site) factorStepPage(c echo.Context) entrancePage {
	p := s.entrance(c, Form{Action: "/sign-in/code"})
	p.Form.Submit = p.T("account.sign_in")
	p.Form.Fields = []Field{codeField(p.Page, "account.factor_code", "account.factor_code_help"), {Name: "next", Kind: FieldHidden, Value: p.Next}}
	return p
}

func (s *Site) askFactor(c echo.Context) error {
	if session(c).Step != account.StepCode {
		return c.Redirect(http.StatusSeeOther, "/sign-in")
	}
	return s.show(c, http.StatusOK, "account/second-step", s.factorStepPage(c))
}

func (s *Site) showFactorCode(c echo.Context) error {
	p, err := s.proof(c)
	if err != nil {
		return err
	}
	token := s.cookie(c, sessionCookie)
	if session(c).Step != account.StepCode {
		return c.Redirect(http.StatusSeeOther, "/sign-in")
	}
	fresh, err := s.Accounts.ShowFactor(c.Request().Context(), token, p)
	if mediation.KindOf(err) == mediation.Unauthenticated {
		return s.done(c, "/sign-in", "factor_late")
	}
	if err != nil {
		return s.again(c, "account/second-step", s.factorStepPage(c), err)
	}
	if err := s.holdSession(c, fresh); err != nil {
		return err
	}
	return s.goOn(c, local(c.FormValue("next")))
}

// factorPage is one's second factor: how it stands, or one of its forms.
type factorPage struct {
	Page
	Heading, Lead string
	Facts         *Facts
	Square        *square
	Secret        string // the same key, to be typed, in groups of four
	Form          Form
	Links         *Actions
}

// square is a picture of light and dark modules as one path in a box of Size.
type square struct {
	Path string
	Size int
}

// squareOf draws a text as a QR code. A path in the page itself needs neither a
// second request nor an inline style, and is sharp at every size. A quiet zone of
// four modules stands around it (ISO/IEC 18004).
func squareOf(text string) (*square, error) {
	const quiet = 4
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("web: square picture: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if code.At(x, y) == color.Black {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return &square{Path: path.String(), Size: size + 2*quiet}, nil
}

// spaced sets a key in groups of four, as it is read out and typed.
func spaced(key string) string {
	var groups []string
	for ; len(key) > 4; key = key[4:] {
		groups = append(groups, key[:4])
	}
	return strings.Join(append(groups, key), " ")
}

func (s *Site) showFactor(c echo.Context) error {
	state, err := s.Accounts.Factor(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	if state.Link == "" && !state.On {
		return s.show(c, http.StatusOK, "account/second-factor", s.beginFactorPage(c, state))
	}
	p, err := s.factorStatePage(c, state)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/second-factor", p)
}

func (s *Site) factorBegun(c echo.Context) factorPage {
	p := factorPage{Page: s.page(c), Form: Form{}}
	p.Crumbs = []Crumb{{p.T("nav.account"), "/account"}, {p.T("account.factor"), factorURL}}
	p.Heading = p.T("account.factor")
	if session(c).Step == account.StepEnrol {
		p.Crumbs = nil
		p.Flash = &Notice{Tone: ToneInform, Title: p.T("account.factor_must"), Text: p.T("account.factor_must_text")}
	}
	return p
}

// factorStatePage shows a key that waits for its first code, or how a second
// factor stands.
func (s *Site) factorStatePage(c echo.Context, state account.FactorState) (factorPage, error) {
	p := s.factorBegun(c)
	if len(p.Crumbs) > 0 {
		p.Crumbs = p.Crumbs[:1]
	}
	if state.Link != "" {
		var err error
		p.Lead, p.Secret = p.T("account.factor_scan"), spaced(state.Secret)
		p.Square, err = squareOf(state.Link)
		p.Form = Form{Action: factorURL + "/confirmation", Submit: p.T("account.factor_confirm"),
			Fields: []Field{codeField(p.Page, "account.factor_first", "account.factor_first_help")}}
		return p, err
	}
	p.Lead = p.T("account.factor_on")
	wall := p.Page
	wall.Now = s.Wall()
	p.Facts = &Facts{[]Fact{{Label: p.T("account.factor_since"), Value: wall.DateTime(state.Since)},
		{Label: p.T("account.factor_left"), Value: p.T("account.factor_left_n", "n", state.CodesLeft)}}}
	p.Links = &Actions{[]Action{{Label: p.T("account.factor_codes"), URL: factorURL + "/codes"}, {Label: p.T("account.factor_move"), URL: factorURL + "/new"}}}
	if !state.Required {
		p.Links.Actions = append(p.Links.Actions, Action{Label: p.T("account.factor_end"), URL: factorURL + "/end"})
	}
	return p, nil
}

// beginFactorPage begins a new key: for a first one the password is asked when
// the sign-in is no longer fresh, for a second one a code of the first.
func (s *Site) beginFactorPage(c echo.Context, state account.FactorState) factorPage {
	p := s.factorBegun(c)
	p.Lead = p.T("account.factor_lead")
	if !state.On && len(p.Crumbs) > 1 {
		p.Crumbs = p.Crumbs[:1] // the page before it is this one
	}
	p.Form = Form{Action: factorURL + "/new", Submit: p.T("account.factor_begin"), Cancel: "/account"}
	switch {
	case state.On:
		p.Lead, p.Form.Cancel = p.T("account.factor_move_text"), factorURL
		p.Form.Fields = []Field{codeField(p.Page, "account.factor_code", "account.factor_code_help")}
	case s.Wall().Sub(session(c).CreatedAt) > account.FreshLife:
		p.Form.Fields = []Field{{Name: "current", Kind: FieldPassword, Label: p.T("account.current_password"), Required: true, Autocomplete: "current-password"}}
	}
	if session(c).Step == account.StepEnrol {
		p.Form.Cancel = ""
	}
	return p
}

func (s *Site) askBeginFactor(c echo.Context) error {
	state, err := s.Accounts.Factor(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/second-factor", s.beginFactorPage(c, state))
}

func (s *Site) beginFactor(c echo.Context) error {
	ctx := c.Request().Context()
	typed, err := s.proof(c)
	if err != nil {
		return err
	}
	state, err := s.Accounts.Factor(ctx, actor(c))
	if err != nil {
		return err
	}
	if err := s.Accounts.BeginFactor(ctx, actor(c), typed); err != nil {
		return s.factorAgain(c, s.beginFactorPage(c, state), err)
	}
	return s.done(c, factorURL, "")
}

// factorAgain draws a form of the second factor once more; a code is not kept,
// since the next one is another.
func (s *Site) factorAgain(c echo.Context, p factorPage, why error) error {
	status, err := markForm(c, p.Page, &p.Form, why)
	if err != nil {
		return err
	}
	return s.show(c, status, "account/second-factor", p)
}

func (s *Site) confirmFactor(c echo.Context) error {
	ctx := c.Request().Context()
	typed, err := s.proof(c)
	if err != nil {
		return err
	}
	codes, token, err := s.Accounts.ConfirmFactor(ctx, actor(c), typed)
	if mediation.KeyOf(err) == "error.factor_late" {
		return s.done(c, factorURL, "factor_begin_again")
	}
	if err != nil {
		state, later := s.Accounts.Factor(ctx, actor(c))
		if later != nil {
			return later
		}
		p, later := s.factorStatePage(c, state)
		if later != nil {
			return later
		}
		return s.factorAgain(c, p, err)
	}
	if err := s.holdSession(c, token); err != nil {
		return err
	}
	return s.codesPage(c, codes)
}

// recoveryPage shows once what is stored nowhere. It answers the post: to
// redirect, the codes would have to be kept somewhere.
type recoveryPage struct {
	Page
	Codes []string
}

func (s *Site) codesPage(c echo.Context, codes []string) error {
	return s.show(c, http.StatusCreated, "account/recovery-codes", recoveryPage{Page: s.page(c), Codes: codes})
}

func (s *Site) factorFormPage(c echo.Context, what string) factorPage {
	p := s.factorBegun(c)
	p.Heading, p.Lead = p.T("account.factor_"+what), p.T("account.factor_"+what+"_text")
	p.Form = Form{Action: factorURL + "/" + what, Submit: p.Heading, Cancel: factorURL, Danger: what == "end",
		Fields: []Field{codeField(p.Page, "account.factor_code", "account.factor_code_help")}}
	return p
}

func (s *Site) askRecoveryCodes(c echo.Context) error { return s.askWithFactor(c, "codes") }

func (s *Site) askEndFactor(c echo.Context) error { return s.askWithFactor(c, "end") }

func (s *Site) askWithFactor(c echo.Context, what string) error {
	state, err := s.Accounts.Factor(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	if !state.On {
		return c.Redirect(http.StatusSeeOther, factorURL)
	}
	return s.show(c, http.StatusOK, "account/second-factor", s.factorFormPage(c, what))
}

func (s *Site) newRecoveryCodes(c echo.Context) error {
	typed, err := s.proof(c)
	if err != nil {
		return err
	}
	codes, err := s.Accounts.NewRecoveryCodes(c.Request().Context(), actor(c), typed)
	if err != nil {
		return s.factorAgain(c, s.factorFormPage(c, "codes"), err)
	}
	return s.codesPage(c, codes)
}

func (s *Site) endFactor(c echo.Context) error {
	typed, err := s.proof(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.EndFactor(c.Request().Context(), actor(c), typed); err != nil {
		return s.factorAgain(c, s.factorFormPage(c, "end"), err)
	}
	return s.done(c, "/account", "factor_ended")
}

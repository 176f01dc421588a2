package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/sso"
)

// ProviderReturn is where the provider of sign-ins leads back to, below the base
// address.
const ProviderReturn = "/sign-in/provider/return"

const (
	providerStart = "/sign-in/provider"
	providerLeave = "/sign-in/provider/leave"

	// errandCookie binds an errand to the browser it began in: an answer of the
	// provider that comes back in another browser, or was never asked for, is no
	// sign-in. It is Lax as all are, since the provider's site leads back here.
	errandCookie = "doorstep-errand"
)

// SSO is the provider of sign-ins as the pages know it.
type SSO struct {
	*sso.Provider
	Name    string // what people call their account there; "" for the house's own words
	ByEmail bool   // accounts are linked by mail address, not by subject
}

func (s *Site) providerRoutes() []route {
	return []route{
		{http.MethodGet, providerStart, s.toProvider, "public", ""},
		{http.MethodGet, ProviderReturn, s.fromProvider, "public", ""},
		{http.MethodGet, providerLeave, s.askLeaveProvider, "public", ""},
	}
}

// providerName is what the pages call the account at the provider; "" without
// one.
func (s *Site) providerName(p Page) string {
	switch {
	case s.SSO == nil:
		return ""
	case s.SSO.Name != "":
		return s.SSO.Name
	}
	return p.T("account.provider_account")
}

// toProvider sends the browser to the provider. It is a GET and no form: the
// pages' own policy lets no form lead to another site, and nothing is changed by
// it but the browser's errand.
func (s *Site) toProvider(c echo.Context) error {
	if s.SSO == nil {
		return notThere()
	}
	if actor(c).SignedIn() {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	e, address, err := s.SSO.Start(c.Request().Context())
	if err != nil {
		return s.providerProblem(c, err, "")
	}
	ticket, err := s.Accounts.SealErrand(account.Errand{State: e.State, Nonce: e.Nonce, Verifier: e.Verifier, Next: local(c.QueryParam("next"))})
	if err != nil {
		return err
	}
	s.setCookie(c, errandCookie, ticket)
	return c.Redirect(http.StatusSeeOther, address)
}

// fromProvider is where the provider leads back to.
func (s *Site) fromProvider(c echo.Context) error {
	if s.SSO == nil {
		return notThere()
	}
	ctx := c.Request().Context()
	if err := s.Accounts.MayReturn(ctx, c.RealIP()); err != nil {
		return err
	}
	errand, err := s.Accounts.OpenErrand(s.cookie(c, errandCookie))
	if err != nil {
		return s.providerProblem(c, err, "")
	}
	if errand.State == c.QueryParam("state") {
		s.setCookie(c, errandCookie, "") // one answer each
	}
	who, err := s.SSO.Finish(ctx, sso.Errand{State: errand.State, Nonce: errand.Nonce, Verifier: errand.Verifier}, c.QueryParams())
	if err != nil {
		return s.providerProblem(c, err, "")
	}
	token, err := s.Accounts.SignInBy(ctx, account.Voucher{Subject: who.Subject, Email: who.Email, Factor: who.Factor,
		Address: c.RealIP(), Device: deviceOf(c.Request().UserAgent())})
	if err != nil {
		return s.providerProblem(c, err, who.Subject)
	}
	if err := s.takeToken(c, token); err != nil {
		return err
	}
	return s.goOn(c, errand.Next)
}

// problemPage says why nobody could be signed in by the provider, and what to do.
type problemPage struct {
	Page
	Heading, Text, Provider string
	Subject                 string // who he is there, for the administrator; "" when that does not matter
	Again                   bool   // trying once more may help
}

// providerProblem draws it. What only the operator can mend goes to the log, with
// the words of what refused.
func (s *Site) providerProblem(c echo.Context, why error, subject string) error {
	_, word, ok := strings.Cut(mediation.KeyOf(why), "error.provider_")
	if !ok {
		return why
	}
	if word == "errand" && actor(c).SignedIn() {
		return c.Redirect(http.StatusSeeOther, "/desk") // the page was loaded once more
	}
	kind := mediation.KindOf(why)
	if kind == mediation.Unavailable {
		s.Log.Warn("web: provider of sign-ins", "request_id", requestID(c), "key", "error.provider_"+word, "cause", asError(why).Err)
		c.Response().Header().Set("Retry-After", "30")
	}
	p := problemPage{Page: s.page(c), Again: word != "unknown", Subject: subject}
	p.Provider = s.providerName(p.Page)
	p.Heading = p.T("error.provider_"+word, "provider", p.Provider)
	p.Text = p.T("error.provider_"+word+"_text", "provider", p.Provider)
	p.Title, p.Path = p.Heading, providerStart // the address of the answer is used up; the switch of languages must not repeat it
	return s.show(c, statusOf[kind], "account/provider", p)
}

// wayOut is where a sign-out leads: whoever came by the provider is most likely
// still signed in there, which on a shared machine he must know.
func (s *Site) wayOut(c echo.Context) string {
	if s.SSO != nil && session(c).Way == account.ByProvider {
		return providerLeave
	}
	return "/sign-in"
}

// leavePage tells how to sign out at the provider as well.
type leavePage struct {
	Page
	Provider, URL string // URL is "" when the provider names no address for it
}

func (s *Site) askLeaveProvider(c echo.Context) error {
	if s.SSO == nil {
		return notThere()
	}
	p := leavePage{Page: s.page(c), URL: s.SSO.Leave(c.Request().Context(), strings.TrimSuffix(s.BaseURL, "/")+"/sign-in")}
	p.Provider = s.providerName(p.Page)
	return s.show(c, http.StatusOK, "account/provider-leave", p)
}

func notThere() error { return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"} }

// identityFact says how a person is linked to the provider.
func (s *Site) identityFact(p Page, i *office.Identity) Fact {
	f := Fact{Label: p.T("office.identity", "provider", s.providerName(p))}
	switch {
	case i == nil:
		f.Missing, f.Note = true, p.T("office.identity_none")
		return f
	case i.Issuer != s.SSO.Issuer():
		f.Note = p.T("office.identity_old")
	case i.BoundAt == nil:
		f.Note = p.T("office.identity_waits")
	default:
		f.Note = p.T("office.identity_since", "date", p.Date(*i.BoundAt))
	}
	if f.Value = i.Subject; i.EmailMask != "" {
		f.Value, f.Masked = i.EmailMask, true
	}
	return f
}

func (s *Site) askIdentity(c echo.Context) error { return s.identityPage(c, nil) }

func (s *Site) identityPage(c echo.Context, fault error) error {
	if s.SSO == nil {
		return notThere()
	}
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	p := s.personPage(c, x, "")
	name := s.providerName(p.Page)
	p.Heading = p.T("office.link_identity_of", "name", x.Name)
	p.Title, p.Lead = p.Heading, p.T("office.link_identity_lead", "provider", name)
	field := Field{Name: "subject", Kind: FieldText, Label: p.T("office.identity_subject", "provider", name), Help: p.T("office.identity_subject_help"),
		Required: true, MaxLength: office.MaxSubject, Autocomplete: "off"}
	if s.SSO.ByEmail {
		field = Field{Name: "email", Kind: FieldText, Label: p.T("office.identity_email", "provider", name), Help: p.T("office.identity_email_help"),
			Required: true, MaxLength: 254, Autocomplete: "off"}
	}
	form := &Form{Action: personURL(x.ID, "/identity"), Submit: p.T("office.link_identity"), Cancel: personURL(x.ID, ""), Fields: []Field{field}}
	p.Parts = append(p.Parts, OfficePart{Facts: &Facts{[]Fact{s.identityFact(p.Page, x.Identity)}}}, OfficePart{Form: form})
	if x.Identity != nil {
		p.Danger = &Danger{Title: p.T("office.end_identity"), Text: p.T("office.end_identity_text", "provider", name), Actions: []Action{
			{Label: p.T("office.end_identity"), URL: personURL(x.ID, "/identity/end"), Post: true, Kind: ActionDanger}}}
	}
	return s.showOffice(c, p, form, fault)
}

// linkIdentity takes the one field the settings ask for; a subject and an address
// together would leave open which of them holds.
func (s *Site) linkIdentity(c echo.Context) error {
	if s.SSO == nil {
		return notThere()
	}
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	id, l := mediation.UserID(c.Param("id")), office.IdentityLink{Issuer: s.SSO.Issuer(), Subject: in.text("subject")}
	if s.SSO.ByEmail {
		l.Subject, l.Email = "", in.text("email")
		if l.Email == "" {
			in.faults.Require("email", l.Email)
		}
	}
	if err = in.faults.Err(); err == nil {
		err = s.Office.LinkIdentity(c.Request().Context(), actor(c), id, l)
	}
	if err != nil {
		return s.identityPage(c, err)
	}
	return s.done(c, personURL(id, ""), "identity_linked")
}

func (s *Site) endIdentity(c echo.Context) error {
	if s.SSO == nil {
		return notThere()
	}
	id := mediation.UserID(c.Param("id"))
	if err := s.Office.EndIdentity(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return s.done(c, personURL(id, ""), "identity_ended")
}

// ProviderLink is where the sign-in page leads to the provider.
func (p entrancePage) ProviderLink() string {
	if p.Next == "" {
		return providerStart
	}
	return providerStart + "?next=" + url.QueryEscape(p.Next)
}

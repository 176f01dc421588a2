package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
)

// casePlain is a page with one form beside a case.
type casePlain struct {
	Page
	Text string
	Form Form
}

// askOpening asks legal staff for the reason why a file nobody asked them about
// is opened. The page says nothing of the case: whether there is one is told
// only with a reason that stays in the log.
func (s *Site) askOpening(c echo.Context) error {
	if !s.Can(actor(c), "case", "open_file") {
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	id, err := caseID(c)
	if err != nil {
		return err
	}
	p := s.page(c)
	return s.showOpening(c, http.StatusOK, p, s.openingForm(p, id))
}

func (s *Site) openingForm(p Page, id mediation.CaseID) Form {
	return Form{Action: casePath(id, "file-opening"), Submit: p.T("case.open_file"), Cancel: "/cases",
		Fields: []Field{{Name: "reason", Kind: FieldText, Label: p.T("field.reason"), Help: p.T("case.open_reason_help"), Required: true, MaxLength: mediation.MaxLine}}}
}

func (s *Site) showOpening(c echo.Context, status int, p Page, f Form) error {
	p.Title = p.T("case.open_file")
	p.Crumbs = []Crumb{{p.T("nav.cases"), "/cases"}}
	return s.show(c, status, "case/plain", casePlain{Page: p, Text: p.T("case.open_text"), Form: f})
}

// openFile shows the whole file, read only, once the reason is written down.
func (s *Site) openFile(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	v, err := s.Desk.OpenFile(c.Request().Context(), actor(c), id, c.FormValue("reason"))
	if mediation.KindOf(err) == mediation.Invalid {
		p := s.page(c)
		f := s.openingForm(p, id)
		f.Mark(p, err)
		return s.showOpening(c, http.StatusUnprocessableEntity, p, f)
	}
	if err != nil {
		return err
	}
	page := s.casePage(c, v)
	page.Opened, page.Primary, page.Groups = true, nil, byGuidance(page.Page, v)
	return s.show(c, http.StatusOK, "case/show", page)
}

// byGuidance are the acts legal staff may do on a file they opened with a reason;
// everything else is the committee's.
func byGuidance(p Page, v *casework.View) []actGroup {
	g := actGroup{Name: p.T("group.proceed")}
	for _, a := range []mediation.Action{mediation.ReferOut, mediation.Reopen} {
		if d, ok := deedOf(a); ok && v.May(a) {
			g.Actions = append(g.Actions, *button(p, v.Case, d, ActionPlain))
		}
	}
	if len(g.Actions) == 0 {
		return nil
	}
	return []actGroup{g}
}

// accessPage tells who opened a case.
type accessPage struct {
	Page
	Table Table
	Empty Empty
}

func (s *Site) showAccesses(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	lines, err := s.Desk.Accesses(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	v, err := s.Desk.Case(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	p := accessPage{Page: s.page(c)}
	p.Title = p.T("case.accesses")
	p.Crumbs = s.crumbs(p.Page, v)
	p.Table = Table{Head: []string{p.T("case.access_when"), p.T("case.access_who"), p.T("case.access_what"), p.T("field.reason")}}
	for _, l := range lines {
		who := p.Role(l.Role)
		if l.Name != "" {
			who = l.Name + " · " + who
		}
		p.Table.Rows = append(p.Table.Rows, []Cell{{Text: p.DateTime(l.At)}, {Text: who}, {Text: accessed(p.Page, v.Case.Party(l.Party), l.Object+"."+l.Action, l.What)}, {Text: l.Reason}})
	}
	p.Empty = Empty{Icon: "eye", Title: p.T("case.accesses_none"), Text: p.T("case.accesses_none_text")}
	return s.show(c, http.StatusOK, "case/accesses", p)
}

// accessed says what was opened, of whom.
func accessed(p Page, of *mediation.Party, act, what string) string {
	text := p.T("access." + act)
	if what != "" {
		text += p.T("common.colon") + p.T("field."+what)
	}
	if of != nil {
		text += " · " + of.Name
	}
	return text
}

// party reads the party of the address together with the case's view.
func (s *Site) party(c echo.Context) (*casework.View, *mediation.Party, error) {
	id, err := caseID(c)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.Desk.Case(c.Request().Context(), actor(c), id)
	if err != nil {
		return nil, nil, err
	}
	p := v.Case.Party(mediation.PartyID(c.Param("party")))
	if p == nil {
		return nil, nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return v, p, nil
}

// partyPage is a page about one party: a question, or a secret shown once.
type partyPage struct {
	Page
	Text   string
	Form   *Form
	Secret string // shown once, never again
	Label  string
	Until  time.Time
	Back   string
}

func (s *Site) partyPage(c echo.Context, v *casework.View, title, text string) partyPage {
	p := partyPage{Page: s.page(c), Back: casePath(v.Case.ID, "")}
	p.Title, p.Text = p.T(title), p.T(text)
	p.Crumbs = s.crumbs(p.Page, v)
	return p
}

// masked is what is kept sealed of a party, as much as is shown of it.
func (p Page) masked(party *mediation.Party) map[string]string {
	masks := map[string]string{"phone": party.PhoneMask, "id_number": party.IDMask, "address": party.AddressMask, "bank_account": party.AccountMask}
	if party.BirthMask != "" {
		masks["birth"] = p.T("case.year", "year", party.BirthMask)
	}
	return masks
}

func (s *Site) revealForm(p Page, v *casework.View, party *mediation.Party) *Form {
	masks := p.masked(party)
	which := Field{Name: "what", Kind: FieldRadio, Label: p.T("case.reveal_what"), Required: true}
	for _, what := range []string{"phone", "id_number", "birth", "address", "bank_account"} {
		if masks[what] != "" {
			which.Options = append(which.Options, Option{Value: what, Label: p.T("field." + what), Help: masks[what]})
		}
	}
	return &Form{Action: casePath(v.Case.ID, "parties/"+string(party.ID)+"/identity"), Submit: p.T("common.reveal"), Cancel: casePath(v.Case.ID, ""),
		Fields: []Field{which, {Name: "reason", Kind: FieldText, Label: p.T("field.reason"), Help: p.T("case.reveal_reason_help"), Required: true,
			MaxLength: mediation.MaxLine}}}
}

func (s *Site) askReveal(c echo.Context) error {
	if !s.Can(actor(c), "identity", "reveal") {
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	v, party, err := s.party(c)
	if err != nil {
		return err
	}
	p := s.partyPage(c, v, "case.reveal", "case.reveal_text")
	p.Form = s.revealForm(p.Page, v, party)
	return s.show(c, http.StatusOK, "case/party", p)
}

// reveal shows one sealed value once, after its reason was written down.
func (s *Site) reveal(c echo.Context) error {
	id, err := caseID(c)
	if err != nil {
		return err
	}
	what := c.FormValue("what")
	plain, err := s.Desk.Reveal(c.Request().Context(), actor(c), id, mediation.PartyID(c.Param("party")), what, c.FormValue("reason"))
	if err != nil && mediation.KindOf(err) != mediation.Invalid {
		return err
	}
	v, party, readErr := s.party(c)
	if readErr != nil {
		return readErr
	}
	p := s.partyPage(c, v, "case.reveal", "case.reveal_text")
	if err != nil {
		typed, _ := c.FormParams()
		p.Form = s.revealForm(p.Page, v, party)
		p.Form.Fill(typed)
		p.Form.Mark(p.Page, err)
		return s.show(c, http.StatusUnprocessableEntity, "case/party", p)
	}
	p.Secret, p.Label, p.Text = plain, p.T("field."+what), p.T("case.revealed_text")
	return s.show(c, http.StatusOK, "case/party", p)
}

func (s *Site) askCode(c echo.Context) error {
	return s.askSecret(c, "code", "issue", "case.code", "case.code_text")
}

func (s *Site) askInvitation(c echo.Context) error {
	return s.askSecret(c, "invitation", "invite", "case.invitation", "case.invitation_text")
}

func (s *Site) askSecret(c echo.Context, noun string, action mediation.Action, title, text string) error {
	if !s.Can(actor(c), "code", action) {
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	v, party, err := s.party(c)
	if err != nil {
		return err
	}
	p := s.partyPage(c, v, title, text)
	p.Form = &Form{Action: casePath(v.Case.ID, "parties/"+string(party.ID)+"/"+noun), Submit: p.T(title), Cancel: p.Back}
	return s.show(c, http.StatusOK, "case/party", p)
}

// giveCode makes a new receipt code for a party and shows it once.
func (s *Site) giveCode(c echo.Context) error {
	v, party, err := s.party(c)
	if err != nil {
		return err
	}
	code, err := s.Desk.NewCode(c.Request().Context(), actor(c), v.Case.ID, party.ID)
	return s.showSecret(c, v, err, code, time.Time{}, "case.code", "case.code_given")
}

// invite makes a link for a party and shows it once.
func (s *Site) invite(c echo.Context) error {
	v, party, err := s.party(c)
	if err != nil {
		return err
	}
	token, until, err := s.Desk.Invite(c.Request().Context(), actor(c), v.Case.ID, party.ID)
	return s.showSecret(c, v, err, s.BaseURL+"/i/"+token, until, "case.invitation", "case.invitation_given")
}

func (s *Site) showSecret(c echo.Context, v *casework.View, err error, secret string, until time.Time, title, text string) error {
	if mediation.KindOf(err) == mediation.Invalid && err != nil {
		p := s.partyPage(c, v, title, text)
		p.Text = p.Message(err)
		return s.show(c, http.StatusUnprocessableEntity, "case/party", p)
	}
	if err != nil {
		return err
	}
	p := s.partyPage(c, v, title, text)
	p.Secret, p.Label, p.Until = secret, p.Title, until
	return s.show(c, http.StatusOK, "case/party", p)
}

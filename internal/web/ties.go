package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

const tiesURL = "/account/declarations"

// tieRoutes are what somebody of the office declares of himself.
func (s *Site) tieRoutes() []route {
	return []route{
		{http.MethodGet, tiesURL, s.showTies, "declaration", "read"},
		{http.MethodGet, tiesURL + "/:kind", s.askTie, "declaration", "declare"},
		{http.MethodPost, tiesURL + "/:kind", s.declareTie, "declaration", "declare"},
		{http.MethodPost, tiesURL + "/:kind/end", s.endTie, "declaration", "declare"},
	}
}

// tiesPage lists the declarations, or asks for one.
type tiesPage struct {
	Page
	Ties []tieLine
	Form Form
	Kind string
}

// tieLine is one declaration with the button that takes it back.
type tieLine struct {
	Kind, What, Mask, Since string
	End                     Action
}

func (s *Site) showTies(c echo.Context) error {
	ties, err := s.Desk.Ties(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	p := tiesPage{Page: s.page(c)}
	p.Title = p.T("tie.title")
	p.Crumbs = []Crumb{{p.T("nav.account"), "/account"}}
	for _, t := range ties {
		line := tieLine{Kind: p.Code(string(statute.TieKinds), t.Kind), Mask: t.Mask, Since: p.T("tie.since", "date", p.Date(t.DeclaredAt)),
			End: Action{Label: p.T("tie.end"), URL: tiesURL + "/" + t.ID + "/end", Icon: "trash-2", Kind: ActionPlain, Post: true}}
		switch t.Kind {
		case "relative":
			line.What = p.Code(string(statute.Kinships), t.What)
		case "office":
			line.What = p.Code(string(statute.OfficesHeld), t.What)
		}
		p.Ties = append(p.Ties, line)
	}
	return s.show(c, http.StatusOK, "account/ties", p)
}

// Kinds are the kinds of declarations, for the links to their forms.
func (p tiesPage) Kinds() []Action {
	var list []Action
	for _, k := range statute.Codes(statute.TieKinds) {
		list = append(list, Action{Label: p.T("tie.add_" + k.Code), URL: tiesURL + "/" + k.Code, Icon: "plus", Kind: ActionPlain})
	}
	return list
}

// tieForm asks what a declaration of this kind needs.
func (s *Site) tieForm(c echo.Context) (tiesPage, error) {
	kind := c.Param("kind")
	if !statute.Valid(statute.TieKinds, kind) {
		return tiesPage{}, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	p := tiesPage{Page: s.page(c), Kind: kind}
	p.Title = p.T("tie.add_" + kind)
	p.Crumbs = []Crumb{{p.T("nav.account"), "/account"}, {p.T("tie.title"), tiesURL}}
	p.Form = Form{Action: tiesURL + "/" + kind, Submit: p.T("tie.declare"), Cancel: tiesURL}
	line := func(name string, kind FieldKind, must bool) Field {
		return Field{Name: name, Kind: kind, Label: p.T("tie." + name), Help: p.T("tie." + name + "_help"), Required: must, Autocomplete: "off", MaxLength: mediation.MaxLine}
	}
	pick := func(name string, list statute.List) Field {
		f := Field{Name: name, Kind: FieldSelect, Label: p.T("tie." + name), Required: true}
		for _, code := range statute.Codes(list) {
			f.Options = append(f.Options, Option{Value: code.Code, Label: code.Label(string(p.Lang))})
		}
		return f
	}
	switch kind {
	case "home":
		p.Form.Fields = []Field{line("address", FieldText, true)}
	case "relative":
		p.Form.Fields = []Field{pick("kinship", statute.Kinships), line("name", FieldText, true), line("phone", FieldTel, false), line("id_number", FieldText, false)}
	default:
		p.Form.Fields = []Field{line("name", FieldText, true), line("credit_code", FieldText, false)}
		p.Form.Fields[0].Label, p.Form.Fields[0].Help = p.T("tie.organisation"), p.T("tie.organisation_help")
		if kind == "office" {
			p.Form.Fields = slices.Insert(p.Form.Fields, 0, pick("office", statute.OfficesHeld))
		}
	}
	return p, nil
}

func (s *Site) askTie(c echo.Context) error {
	p, err := s.tieForm(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "account/tie", p)
}

// declareTie keeps a declaration; it says so when it shut files to its author.
func (s *Site) declareTie(c echo.Context) error {
	p, err := s.tieForm(c)
	if err != nil {
		return err
	}
	typed := casework.Declaration{Kind: p.Kind}
	if err := read(c, &typed); err != nil {
		return err
	}
	shut, err := s.Desk.Declare(c.Request().Context(), actor(c), typed)
	if err != nil {
		values, formErr := c.FormParams()
		if formErr != nil {
			return formErr
		}
		p.Form.Fill(values)
		status, err := markForm(c, p.Page, &p.Form, err)
		if err != nil {
			return err
		}
		return s.show(c, status, "account/tie", p)
	}
	if shut > 0 {
		return s.done(c, tiesURL, "tie_shut")
	}
	return s.done(c, tiesURL, "tie_kept")
}

func (s *Site) endTie(c echo.Context) error {
	id, err := uuid.Parse(c.Param("kind"))
	if err != nil {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	if err := s.Desk.TakeBack(c.Request().Context(), actor(c), id.String()); err != nil {
		return err
	}
	return s.done(c, tiesURL, "tie_ended")
}

// candidate is one mediator of the committee as the chair sees him before he
// chooses: whether he may be assigned, and what speaks against it.
type candidate struct {
	Name    string
	Load    string
	Pill    Pill
	Reasons []string
}

// candidates are drawn from what the check found.
func candidates(p Page, c *mediation.Case, list []casework.Candidate) []candidate {
	var all []candidate
	for _, v := range list {
		line := candidate{Name: v.Name, Load: p.T("tie.load", "n", v.OpenCases), Reasons: reasons(p, c, v.Findings), Pill: verdictPill(p, v.Verdict)}
		if v.Unfit != "" {
			line.Pill = Pill{ToneQuiet, "ban", p.T("tie.unfit")}
			line.Reasons = append([]string{p.T(v.Unfit) + p.Source("PML 13, 14")}, line.Reasons...)
		}
		all = append(all, line)
	}
	return all
}

// verdictPill is a verdict in words.
func verdictPill(p Page, v mediation.Verdict) Pill {
	look := map[mediation.Verdict]Pill{
		mediation.VerdictClear:  {ToneGood, "circle-check", ""},
		mediation.VerdictWarn:   {ToneWait, "triangle-alert", ""},
		mediation.VerdictBlock:  {ToneAlarm, "ban", ""},
		mediation.VerdictWaived: {ToneWait, "handshake", ""},
	}[v]
	look.Text = p.T("verdict." + string(v))
	return look
}

// reasons are findings in words, each with whom it concerns and its article.
func reasons(p Page, c *mediation.Case, found []mediation.Finding) []string {
	var list []string
	for _, f := range found {
		text := f.FactLabel(string(p.Lang))
		if party := c.Party(f.Party); party != nil {
			text = sheet{page: p}.partyName(party) + p.T("common.colon") + text
		}
		list = append(list, text+p.Source(f.Judge().Source))
	}
	return list
}

// Verdict is what the check said of an assignment, for the case page.
func (p casePage) Verdict(v mediation.Verdict) Pill { return verdictPill(p.Page, v) }

// Reasons are what the check found at an assignment.
func (p casePage) Reasons(found []mediation.Finding) []string { return reasons(p.Page, p.C, found) }

// Waived names the parties that signed a waiver; "" for none.
func (p casePage) Waived(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, p.PartyName(mediation.PartyID(id)))
	}
	return strings.Join(names, p.T("common.comma"))
}

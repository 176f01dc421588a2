package web

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/provision"
	"doorstep/internal/statute"
)

// ruleWords says what a rule asks, in the reader's language.
func ruleWords(p Page, r provision.Rule) string {
	if r.Key == "" {
		return r.Label(string(p.Lang))
	}
	return p.T(r.Key)
}

// statusPill says how well a rule is founded.
func statusPill(p Page, s statute.Status) Pill {
	pill := Pill{Tone: ToneWait, Icon: "settings"}
	switch s {
	case statute.Confirmed:
		pill = Pill{Tone: ToneGood, Icon: "circle-check"}
	case statute.Secondary:
		pill = Pill{Tone: ToneFresh, Icon: "copy"}
	case statute.Recalled:
		pill = Pill{Tone: ToneWait, Icon: "circle-question-mark"}
	case statute.LocalDefault:
	}
	pill.Text = p.Code(string(statute.Statuses), s)
	return pill
}

// placesInWords says where a rule is held: one text for each sort of place, in
// the order the register gives.
func placesInWords(p Page, r provision.Rule) []string {
	var sorts []string
	refs := map[string][]string{}
	for _, place := range r.Places {
		if !slices.Contains(sorts, place.Sort) {
			sorts = append(sorts, place.Sort)
		}
		if word := placeWord(p, place); !slices.Contains(refs[place.Sort], word) {
			refs[place.Sort] = append(refs[place.Sort], word)
		}
	}
	var list []string
	for _, sort := range sorts {
		list = append(list, p.T("law.at."+sort, "ref", strings.Join(refs[sort], p.T("law.comma"))))
	}
	return list
}

// placeWord names one place: a row by its number and act, a role and a list by
// their names, code and tables as they are written.
func placeWord(p Page, place provision.Place) string {
	if place.Ref == "*" {
		return p.T("law.everywhere")
	}
	switch place.Sort {
	case provision.AtLifecycle:
		row, action, _ := strings.Cut(place.Ref, " ")
		if row == "0" {
			return p.T("law.implied_row", "action", p.T("action."+action))
		}
		return p.T("law.row", "row", row, "action", p.T("action."+action))
	case provision.AtPolicy:
		return roleWord(p, place.Ref)
	case provision.AtList:
		return p.T("law.list." + place.Ref)
	case provision.AtOffer:
		return p.T("action." + place.Ref)
	}
	return place.Ref
}

// roleWord names a role, or a base that several roles share.
func roleWord(p Page, role string) string {
	if key := "law.base." + role; p.Has(key) {
		return p.T(key)
	}
	return p.Role(mediation.Role(role))
}

// termWords is a term with what may be changed about it.
func termWords(p Page, t statute.Term, hard bool) string {
	switch {
	case t.N == 0 && t.Unit == statute.Years:
		return p.T("law.by_class")
	case t.N == 0:
		return p.T("law.agreed_day")
	}
	text := p.T("law.term", "n", t.N, "unit", p.T("unit."+string(t.Unit)))
	if hard {
		text += p.Aside(p.T("law.hard"))
	}
	return text
}

// exportRules gives the rules of the filter as a spreadsheet, with every test
// and every value to be signed off.
func (s *Site) exportRules(c echo.Context) error {
	p := s.page(c)
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="rules.csv"`)
	c.Response().WriteHeader(http.StatusOK)
	if _, err := c.Response().Write([]byte("\ufeff")); err != nil { // spreadsheets take it for another code page without the mark
		return err
	}
	w := csv.NewWriter(c.Response())
	head := []string{"id", "kind", "rule", "source", "where", "tests", "status", "settings"}
	for i, name := range head {
		head[i] = p.T("law.head." + name)
	}
	lines := [][]string{head}
	for _, r := range provision.Select(ruleFilter(c.QueryParams())) {
		var tests, settings []string
		for _, proof := range r.Proofs {
			tests = append(tests, proof.Package+" "+proof.Test)
		}
		for _, one := range settingsOf(r) {
			settings = append(settings, one.Label(string(p.Lang)))
		}
		lines = append(lines, []string{r.ID, p.T("law.kind." + string(r.Kind)), ruleWords(p, r), statute.Cite(r.Source, string(p.Lang)),
			strings.Join(placesInWords(p, r), "\n"), strings.Join(tests, "\n"), p.Code(string(statute.Statuses), r.Status), strings.Join(settings, "\n")})
	}
	for _, line := range lines {
		for i := range line {
			line[i] = plainCell(line[i])
		}
	}
	return w.WriteAll(lines)
}

// plainCell keeps a spreadsheet from reading a text as a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

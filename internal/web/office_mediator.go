package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/statute"
)

func mediatorFacts(p Page, m *office.MediatorRecord) *Facts {
	if m == nil {
		return &Facts{[]Fact{{Label: p.T("office.registration_no"), Missing: true, Note: p.T("office.no_record")}}}
	}
	time, most := p.T("office.part_time"), p.T("office.no_limit")
	if m.FullTime {
		time = p.T("office.full_time")
	}
	if m.MaxCases > 0 {
		most = p.T("office.count_cases", "n", m.MaxCases)
	}
	var fits []string
	for track, yes := range map[string]bool{"party_member": m.PartyMember, "legal_advisor": m.LegalAdvisor} {
		if yes {
			fits = append(fits, p.T("track."+track))
		}
	}
	slices.Sort(fits)
	return &Facts{[]Fact{
		{Label: p.T("office.registration_no"), Value: m.RegistrationNo, Missing: m.RegistrationNo == ""},
		{Label: p.T("office.registered_on"), Value: p.Date(m.RegisteredOn), Missing: m.RegisteredOn.IsZero()},
		{Label: p.T("office.mediator_term_end"), Value: p.Date(m.TermEnd), Missing: m.TermEnd.IsZero()},
		{Label: p.T("office.employment"), Value: time},
		{Label: p.T("office.tracks"), Value: strings.Join(fits, p.T("office.comma")), Missing: len(fits) == 0},
		{Label: p.T("office.max_cases"), Value: most},
		{Label: p.T("office.skills"), Value: m.Skills, Missing: m.Skills == ""},
		codeFact(p, "office.sex", statute.Sexes, m.Sex), codeFact(p, "office.schooling", statute.Schooling, m.Schooling),
	}}
}

func codeFact(p Page, label string, list statute.List, code string) Fact {
	if code == "" {
		return Fact{Label: p.T(label), Missing: true}
	}
	return Fact{Label: p.T(label), Value: p.Code(string(list), code)}
}

// toldField asks for a code that may be left out.
func toldField(p Page, name string, list statute.List, code string) Field {
	f := Field{Name: name, Kind: FieldSelect, Label: p.T("office." + name), Value: code}
	for _, c := range statute.Codes(list) {
		f.Options = append(f.Options, Option{Value: c.Code, Label: c.Label(string(p.Lang))})
	}
	return f
}

func (s *Site) showMediator(c echo.Context) error { return s.mediatorPage(c, nil) }

func (s *Site) mediatorPage(c echo.Context, fault error) error {
	x, err := s.Office.Person(c.Request().Context(), actor(c), mediation.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	committees, err := s.committeeOptions(c)
	if err != nil {
		return err
	}
	p := s.personPage(c, x, "")
	p.Heading = p.T("office.record_of", "name", x.Name)
	p.Title, p.Lead = p.Heading, p.T("office.record_lead")
	form := &Form{Action: personURL(x.ID, "/mediator"), Submit: p.T("common.save"), Cancel: personURL(x.ID, ""),
		Fields: mediatorFields(p.Page, x, committees)}
	told := office.MediatorRecord{}
	if x.Mediator != nil {
		told = *x.Mediator
	}
	form.Sections = []Section{{Title: p.T("office.for_return"), Help: p.T("office.for_return_help") + p.Source("PIPL 6"),
		Fields: []Field{toldField(p.Page, "sex", statute.Sexes, told.Sex), toldField(p.Page, "schooling", statute.Schooling, told.Schooling)}}}
	p.Parts = append(p.Parts, OfficePart{Form: form})
	return s.showOffice(c, p, form, fault)
}

func mediatorFields(p Page, x *office.Person, committees []Option) []Field {
	m := office.MediatorRecord{}
	if x.Mediator != nil {
		m = *x.Mediator
	}
	for _, g := range x.Grants { // whoever is granted a committee is most likely registered there
		if m.Committee == "" && g.EndedAt == nil {
			m.Committee = g.Committee
		}
	}
	employment := Field{Name: "employment", Kind: FieldRadio, Label: p.T("office.employment"), Value: "part", Options: []Option{
		{Value: "full", Label: p.T("office.full_time")}, {Value: "part", Label: p.T("office.part_time")}}}
	if m.FullTime {
		employment.Value = "full"
	}
	return []Field{
		{Name: "committee", Kind: FieldSelect, Label: p.T("office.committee"), Value: string(m.Committee), Options: committees, Required: true},
		{Name: "registration_no", Kind: FieldText, Label: p.T("office.registration_no"), Help: p.T("office.registration_help"), Value: m.RegistrationNo, Short: true},
		{Name: "registered_on", Kind: FieldDate, Label: p.T("office.registered_on"), Value: m.RegisteredOn.String()},
		{Name: "term_end", Kind: FieldDate, Label: p.T("office.mediator_term_end"), Help: p.T("office.mediator_term_help"), Value: m.TermEnd.String()},
		employment,
		{Name: "party_member", Kind: FieldCheckbox, Label: p.T("office.is_party_member"), Help: p.T("office.party_member_help"), Checked: m.PartyMember},
		{Name: "legal_advisor", Kind: FieldCheckbox, Label: p.T("office.is_legal_advisor"), Help: p.T("office.legal_advisor_help"), Checked: m.LegalAdvisor},
		{Name: "max_cases", Kind: FieldNumber, Label: p.T("office.max_cases"), Help: p.T("office.max_cases_help"), Value: strconv.Itoa(m.MaxCases), Unit: p.T("office.cases")},
		{Name: "skills", Kind: FieldTextArea, Rows: 3, Label: p.T("office.skills"), Help: p.T("office.skills_help"), Value: m.Skills},
	}
}

func (s *Site) registerMediator(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	m := office.MediatorRecord{User: mediation.UserID(c.Param("id")), Committee: mediation.CommitteeID(in.text("committee")),
		RegistrationNo: in.text("registration_no"), RegisteredOn: in.day("registered_on"), TermEnd: in.day("term_end"),
		FullTime: in.text("employment") == "full", PartyMember: in.ticked("party_member"), LegalAdvisor: in.ticked("legal_advisor"),
		MaxCases: in.whole("max_cases"), Skills: in.text("skills"),
		Sex: in.text("sex"), Schooling: in.text("schooling")}
	if err = in.faults.Err(); err == nil {
		err = s.Office.RegisterMediator(c.Request().Context(), actor(c), m)
	}
	if err != nil {
		return s.mediatorPage(c, err)
	}
	return s.done(c, personURL(m.User, ""), "mediator_saved")
}

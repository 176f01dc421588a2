package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
)

const screeningURL = "/figures/screenings"

// screeningRoutes are the rounds of the committees in a month.
func (s *Site) screeningRoutes() []route {
	return []route{
		{http.MethodGet, screeningURL, s.showScreenings, "stats", "read"},
		{http.MethodPost, screeningURL, s.recordScreening, "stats", "record_screening"},
	}
}

// screeningAt is the page of a unit's month; the present one for a blank month.
func screeningAt(unit, month string) string {
	q := url.Values{"unit": {unit}}
	if month != "" {
		q.Set("month", month)
	}
	return screeningURL + "?" + q.Encode()
}

// roundsOf is where a committee that stands behind a number of rounds tells of them:
// its month or, over a longer time, its own return. "" for other figures.
func roundsOf(b *ledger.Behind, committee string) string {
	switch {
	case !b.Line.OfCommittees():
		return ""
	case b.Period.Span == figures.ByMonth:
		return screeningAt(committee, b.Period.String())
	}
	return figuresURL("/figures", &ledger.Figures{Unit: ledger.Unit{Key: committee}, Period: b.Period})
}

func (s *Site) showScreenings(c echo.Context) error {
	return s.screeningPage(c, c.QueryParam("unit"), c.QueryParam("month"), nil)
}

// screeningPage shows what the rounds of a month came to, how it was recorded, and
// to who may write the next line its form.
func (s *Site) screeningPage(c echo.Context, unit, month string, fault error) error {
	v, err := s.Ledger.Screenings(c.Request().Context(), actor(c), unit, month)
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = p.T("figures.screening"), p.T("figures.screening_lead")+p.Source("PML 10; local")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), "/figures"}}
	p.Parts = []OfficePart{{Form: screeningChoice(p.Page, v)},
		{Title: unitName(p.Page, v.Unit) + p.T("figures.gap") + monthName(p.Page, v.Month), Facts: screeningFacts(p.Page, v)}}
	if len(v.Lines) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.screening_lines"), Text: p.T("figures.screening_lines_text"), Table: screeningTable(p.Page, v)})
	}
	if s.Can(p.Actor, "case", mediation.RecordCase) {
		p.Parts = append(p.Parts, OfficePart{Text: p.T("figures.screening_case"),
			Actions: &Actions{[]Action{{Label: p.T("figures.screening_case_do"), URL: "/record?source=proactive&channel=screening", Icon: "file-plus"}}}})
	}
	if !v.Records {
		if fault != nil {
			return fault
		}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	form := screeningForm(p.Page, v)
	p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.screening_do"), Form: form})
	return s.showOffice(c, p, form, fault)
}

func screeningChoice(p Page, v *ledger.ScreeningsView) *Form {
	month := Field{Name: "month", Kind: FieldSelect, Label: p.T("figures.head.month"), Value: v.Month.String()}
	for _, m := range v.Months {
		month.Options = append(month.Options, Option{Value: m.String(), Label: monthName(p, m)})
	}
	return &Form{Action: screeningURL, Method: "get", Submit: p.T("figures.show"), Fields: []Field{unitField(p, v.Units, v.Unit.Key), month}}
}

// screeningFacts are the sums of what holds.
func screeningFacts(p Page, v *ledger.ScreeningsView) *Facts {
	fact := func(cell figures.Cell, n int) Fact {
		return Fact{Label: lineName(p, cell), Value: strconv.Itoa(n), Missing: v.Sum.Committees == 0}
	}
	return &Facts{[]Fact{fact(figures.Screenings, v.Sum.Times), fact(figures.ScreenedFound, v.Sum.Found), fact(figures.ScreenedPrevented, v.Sum.Prevented)}}
}

func screeningTable(p Page, v *ledger.ScreeningsView) *Table {
	t := &Table{Head: []string{p.T("figures.head.committee"), lineName(p, figures.Screenings), lineName(p, figures.ScreenedFound),
		lineName(p, figures.ScreenedPrevented), p.T("figures.screening_note"), p.T("figures.funds_who")}}
	for _, line := range v.Lines {
		t.Rows = append(t.Rows, []Cell{{Text: line.Committee, URL: screeningAt(string(line.At), v.Month.String())}, {Text: strconv.Itoa(line.Times), Number: true},
			{Text: strconv.Itoa(line.Found), Number: true}, {Text: strconv.Itoa(line.Prevented), Number: true}, {Text: line.Note},
			{Text: line.Who, Sub: p.ShortDate(line.When)}})
	}
	return t
}

func screeningForm(p Page, v *ledger.ScreeningsView) *Form {
	last := ledger.Screening{}
	if len(v.Lines) > 0 {
		last = v.Lines[0]
	}
	number := func(name string, cell figures.Cell, n int) Field {
		f := Field{Name: name, Kind: FieldNumber, Label: lineName(p, cell), Help: p.T("figures.screening_" + name + "_help"), Required: true, Short: true}
		if len(v.Lines) > 0 {
			f.Value = strconv.Itoa(n)
		}
		return f
	}
	return &Form{Action: screeningURL, Submit: p.T("common.save"), Fields: []Field{
		{Name: "unit", Kind: FieldHidden, Value: v.Unit.Key}, {Name: "month", Kind: FieldHidden, Value: v.Month.String()},
		{Name: "seq", Kind: FieldHidden, Value: strconv.Itoa(v.Seq)},
		number("times", figures.Screenings, last.Times), number("found", figures.ScreenedFound, last.Found),
		number("prevented", figures.ScreenedPrevented, last.Prevented),
		{Name: "note", Kind: FieldTextArea, Rows: 2, Label: p.T("figures.screening_note"), Help: p.T("figures.screening_note_help"), Required: true, MaxLength: ledger.MaxReason}}}
}

func (s *Site) recordScreening(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	change := ledger.ScreeningChange{Unit: in.text("unit"), Month: in.text("month"), Times: in.whole("times"), Found: in.whole("found"),
		Prevented: in.whole("prevented"), Note: in.text("note"), Seq: in.whole("seq")}
	if err = in.faults.Err(); err == nil {
		err = s.Ledger.RecordScreening(c.Request().Context(), actor(c), change)
	}
	if err != nil {
		return s.screeningPage(c, change.Unit, change.Month, err)
	}
	return s.done(c, screeningAt(change.Unit, change.Month), "screening_recorded")
}

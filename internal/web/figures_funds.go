package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

const fundsURL = "/figures/funds"

// fundsRoutes are the money of the committees for a year.
func (s *Site) fundsRoutes() []route {
	return []route{
		{http.MethodGet, fundsURL, s.showFunds, "stats", "read"},
		{http.MethodPost, fundsURL, s.recordFunds, "stats", "set_funds"},
	}
}

func fundsAt(unit string, year int) string {
	return fundsURL + "?" + url.Values{"unit": {unit}, "year": {strconv.Itoa(year)}}.Encode()
}

func (s *Site) showFunds(c echo.Context) error {
	year, err := strconv.Atoi(c.QueryParam("year"))
	if err != nil && c.QueryParam("year") != "" {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return s.fundsPage(c, c.QueryParam("unit"), year, nil)
}

// fundsPage shows what a committee has for a year, how it came about, and to who
// may write the next line its form.
func (s *Site) fundsPage(c echo.Context, unit string, year int, fault error) error {
	v, err := s.Ledger.Funds(c.Request().Context(), actor(c), unit, year)
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = p.T("figures.funds"), p.T("figures.funds_lead")+p.Source("PML 6")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), "/figures?return=team"}}
	p.Parts = []OfficePart{{Form: fundsChoice(p.Page, v)},
		{Title: unitName(p.Page, v.Unit) + p.T("figures.gap") + p.T("figures.span.year", "year", strconv.Itoa(v.Year)), Facts: fundsFacts(p.Page, v)}}
	if len(v.Lines) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.funds_lines"), Text: p.T("figures.funds_lines_text"), Table: fundsTable(p.Page, v)})
	}
	if !v.Records {
		if fault != nil {
			return fault
		}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	form := fundsForm(p.Page, v)
	p.Parts = append(p.Parts, OfficePart{Title: p.T("figures.funds_do"), Form: form})
	return s.showOffice(c, p, form, fault)
}

func fundsChoice(p Page, v *ledger.FundsView) *Form {
	year := Field{Name: "year", Kind: FieldSelect, Label: p.T("figures.head.year"), Value: strconv.Itoa(v.Year)}
	for _, y := range v.Years {
		year.Options = append(year.Options, Option{Value: strconv.Itoa(y), Label: p.T("figures.span.year", "year", strconv.Itoa(y))})
	}
	return &Form{Action: fundsURL, Method: "get", Submit: p.T("figures.show"), Fields: []Field{unitField(p, v.Units, v.Unit.Key), year}}
}

// fundsFacts are the sums of what holds.
func fundsFacts(p Page, v *ledger.FundsView) *Facts {
	none := v.Sum.Committees == 0
	f := &Facts{[]Fact{{Label: p.T("figures.funds_guaranteed"), Value: p.Money(v.Sum.Guaranteed), Missing: none},
		{Label: p.T("figures.funds_paid"), Value: p.Money(v.Sum.Paid), Missing: none}}}
	if v.Unit.Kind != "committee" {
		f.Facts = append(f.Facts, Fact{Label: lineName(p, "funds.known"), Value: strconv.Itoa(v.Sum.Committees)})
	}
	return f
}

func fundsTable(p Page, v *ledger.FundsView) *Table {
	t := &Table{Head: []string{p.T("figures.head.committee"), p.T("figures.funds_guaranteed"), p.T("figures.funds_paid"),
		p.T("figures.funds_basis"), p.T("figures.funds_who")}}
	for _, line := range v.Lines {
		t.Rows = append(t.Rows, []Cell{{Text: line.Committee, URL: fundsAt(string(line.At), line.Year)}, {Text: p.Money(line.Guaranteed), Number: true},
			{Text: p.Money(line.Paid), Number: true}, {Text: line.Basis}, {Text: line.Who, Sub: p.ShortDate(line.When)}})
	}
	return t
}

func fundsForm(p Page, v *ledger.FundsView) *Form {
	money := func(name string) Field {
		return Field{Name: name, Kind: FieldMoney, Label: p.T("figures.funds_" + name), Help: p.T("figures.funds_" + name + "_help"), Unit: p.T("common.yuan"), Required: true, Short: true}
	}
	guaranteed, paid := money("guaranteed"), money("paid")
	if len(v.Lines) > 0 {
		guaranteed.Value, paid.Value = statute.Yuan(v.Lines[0].Guaranteed), statute.Yuan(v.Lines[0].Paid)
	}
	return &Form{Action: fundsURL, Submit: p.T("common.save"), Fields: []Field{
		{Name: "unit", Kind: FieldHidden, Value: v.Unit.Key}, {Name: "year", Kind: FieldHidden, Value: strconv.Itoa(v.Year)},
		{Name: "seq", Kind: FieldHidden, Value: strconv.Itoa(v.Seq)}, guaranteed, paid,
		{Name: "basis", Kind: FieldTextArea, Rows: 2, Label: p.T("figures.funds_basis"), Help: p.T("figures.funds_basis_help"), Required: true, MaxLength: ledger.MaxReason}}}
}

func (s *Site) recordFunds(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	change := ledger.FundsChange{Unit: in.text("unit"), Year: in.whole("year"), Guaranteed: in.fen("guaranteed"), Paid: in.fen("paid"),
		Basis: in.text("basis"), Seq: in.whole("seq")}
	if strings.TrimSpace(change.Basis) == "" {
		in.faults.Mark("basis", "error.required")
	}
	if err = in.faults.Err(); err == nil {
		err = s.Ledger.RecordFunds(c.Request().Context(), actor(c), change)
	}
	if err != nil {
		return s.fundsPage(c, change.Unit, change.Year, err)
	}
	return s.done(c, fundsAt(change.Unit, change.Year), "funds_recorded")
}

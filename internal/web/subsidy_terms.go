package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

const termsURL = "/subsidies/terms"

// showTerms shows what is paid per case where the reader is, what will be, and
// what was.
func (s *Site) showTerms(c echo.Context) error {
	v, err := s.Ledger.SubsidyTerms(c.Request().Context(), actor(c), c.QueryParam("id"))
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "terms")
	p.Lead = p.T("subsidy.terms_lead")
	if len(v.Areas) > 0 {
		p.Actions = &Actions{[]Action{{Label: p.T("subsidy.set_terms"), URL: termsURL + "/new", Kind: ActionPrimary, Icon: "pen-line"}}}
	}
	p.Parts = []OfficePart{{Title: p.T("subsidy.terms_now"), Notice: termsNotice(p.Page, v)}}
	if !v.Holds {
		p.Parts[0].Title = p.T("subsidy.terms_of_day", "day", p.Date(v.Set.From))
		p.Crumbs = []Crumb{{p.T("subsidy.title"), "/subsidies"}, {p.T("subsidy.terms"), termsURL}}
	}
	p.Parts = append(p.Parts, scalePart(p.Page, v.Terms), OfficePart{Title: p.T("subsidy.terms_shares"), Facts: termsFacts(p.Page, v.Terms)})
	if len(v.All) > 0 {
		p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.terms_history"), Text: p.T("subsidy.terms_history_text"), Table: termsTable(p.Page, v.All)})
	}
	return s.show(c, http.StatusOK, "office/page", p)
}

// termsNotice says whose values these are and by what paper, or that nobody has
// signed them off.
func termsNotice(p Page, v *ledger.TermsView) *Notice {
	if v.Set == nil {
		return &Notice{Tone: ToneWait, Title: p.T("subsidy.terms_shipped"), Text: p.T("subsidy.terms_shipped_text") + p.Source("PML 4, 16; local")}
	}
	tone := ToneGood
	if !v.Holds {
		tone = ToneInform
	}
	return &Notice{Tone: tone, Title: p.T("subsidy.terms_by", "area", placeName(p, v.Set.Area, v.Set.AreaEN), "day", p.Date(v.Set.From)),
		Text: p.T("subsidy.terms_basis_is", "basis", v.Set.Basis)}
}

func scalePart(p Page, t subsidy.Terms) OfficePart {
	table := &Table{Caption: p.T("subsidy.terms_scale"), Head: []string{p.T("subsidy.head.grade"), p.T("subsidy.terms_community"), p.T("subsidy.terms_others")}}
	for _, g := range subsidy.Grades {
		table.Rows = append(table.Rows, []Cell{{Text: p.Code(string(statute.Grades), g)}, {Text: p.Money(t.Community[g]), Number: true}, {Text: p.Money(t.Others[g]), Number: true}})
	}
	return OfficePart{Table: table}
}

func termsFacts(p Page, t subsidy.Terms) *Facts {
	percent := func(n int64) string { return strconv.FormatInt(n, 10) + "%" }
	f := &Facts{}
	for _, b := range t.Bands {
		f.Facts = append(f.Facts, Fact{Label: p.T("subsidy.terms_band", "from", strconv.Itoa(b.From)), Value: percent(b.Share)})
	}
	most := p.T("subsidy.terms_no_bound")
	if t.MonthMost > 0 {
		most = p.Money(t.MonthMost)
	}
	f.Facts = append(f.Facts, Fact{Label: p.T("subsidy.terms_unsettled"), Value: percent(t.Unsettled)}, Fact{Label: p.T("subsidy.terms_oral"), Value: percent(t.Oral)},
		Fact{Label: p.T("subsidy.terms_month"), Value: most}, Fact{Label: p.T("subsidy.terms_sample_name"), Value: p.T("subsidy.terms_one_in", "n", strconv.Itoa(t.Sample))})
	return f
}

func termsTable(p Page, all []ledger.SubsidyTerms) *Table {
	t := &Table{Caption: p.T("subsidy.terms_history")}
	for _, head := range []string{"from", "area", "basis", "who"} {
		t.Head = append(t.Head, p.T("subsidy.head."+head))
	}
	for _, x := range all {
		t.Rows = append(t.Rows, []Cell{{Text: p.Date(x.From), URL: termsURL + "?id=" + url.QueryEscape(x.ID)}, {Text: placeName(p, x.Area, x.AreaEN)},
			{Text: x.Basis}, {Text: x.Who, Sub: p.ShortDate(x.At)}})
	}
	return t
}

func (s *Site) newTerms(c echo.Context) error { return s.termsPage(c, c.QueryParam("area"), nil) }

func (s *Site) termsPage(c echo.Context, area string, fault error) error {
	d, areas, err := s.Ledger.TermsDraft(c.Request().Context(), actor(c), area)
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "terms")
	p.Heading, p.Lead = p.T("subsidy.set_terms"), p.T("subsidy.set_terms_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("subsidy.title"), "/subsidies"}, {p.T("subsidy.terms"), termsURL}}
	where := Field{Name: "area", Kind: FieldSelect, Label: p.T("subsidy.head.area"), Help: p.T("subsidy.terms_area_help"), Value: d.Area, Required: true}
	for _, u := range areas {
		where.Options = append(where.Options, Option{Value: u.Key, Label: unitName(p.Page, u)})
	}
	form := &Form{Action: termsURL, Submit: p.T("subsidy.set_terms_do"), Cancel: termsURL, Sections: termsSections(p.Page, d.Terms)}
	if len(areas) > 1 { // the values begin as they stand in the area: it is chosen first
		p.Parts = append(p.Parts, OfficePart{Form: &Form{Action: termsURL + "/new", Method: "get", Submit: p.T("figures.show"), Fields: []Field{where}}})
	}
	form.Fields = []Field{{Name: "area", Kind: FieldHidden, Value: d.Area}, {Name: "seen", Kind: FieldHidden, Value: d.Seen},
		{Name: "from", Kind: FieldDate, Label: p.T("subsidy.head.from"), Help: p.T("subsidy.terms_from_help"), Required: true, Min: statute.DateOf(p.Now).String()},
		{Name: "basis", Kind: FieldTextArea, Rows: 2, Label: p.T("subsidy.head.basis"), Help: p.T("subsidy.terms_basis_help"), Required: true, MaxLength: ledger.MaxReason}}
	title := ""
	for _, u := range areas {
		if u.Key == d.Area {
			title = unitName(p.Page, u)
		}
	}
	p.Parts = append(p.Parts, OfficePart{Title: title, Form: form})
	return s.showOffice(c, p, form, fault)
}

// termsSections ask for every local value, filled with those that stand.
func termsSections(p Page, t subsidy.Terms) []Section {
	money := func(name, label string, fen int64) Field {
		return Field{Name: name, Kind: FieldMoney, Label: label, Value: statute.Yuan(fen), Unit: p.T("common.yuan"), Required: true, Short: true}
	}
	number := func(name, label, unit string, n int64) Field {
		return Field{Name: name, Kind: FieldNumber, Label: label, Value: strconv.FormatInt(n, 10), Unit: unit, Required: true, Short: true}
	}
	scale := func(name string, s subsidy.Scale) Section {
		section := Section{Title: p.T("subsidy.terms_" + name)}
		for _, g := range subsidy.Grades {
			section.Fields = append(section.Fields, money(name+"."+g, p.Code(string(statute.Grades), g), s[g]))
		}
		return section
	}
	shares := Section{Title: p.T("subsidy.terms_shares"), Help: p.T("subsidy.terms_shares_help")}
	for i, b := range t.Bands {
		at, n := "bands["+strconv.Itoa(i)+"].", strconv.Itoa(i+1)
		shares.Fields = append(shares.Fields, number(at+"from", p.T("subsidy.terms_band_from", "n", n), p.T("subsidy.points"), int64(b.From)),
			number(at+"share", p.T("subsidy.terms_band_share", "n", n), "%", b.Share))
	}
	shares.Fields = append(shares.Fields, number("unsettled", p.T("subsidy.terms_unsettled"), "%", t.Unsettled), number("oral", p.T("subsidy.terms_oral"), "%", t.Oral))
	bounds := Section{Title: p.T("subsidy.terms_bounds"), Fields: []Field{money("month_most", p.T("subsidy.terms_month"), t.MonthMost),
		number("sample", p.T("subsidy.terms_sample_name"), "", int64(t.Sample))}}
	bounds.Fields[0].Help, bounds.Fields[1].Help = p.T("subsidy.terms_month_help"), p.T("subsidy.terms_sample_help")
	return []Section{scale("community", t.Community), scale("others", t.Others), shares, bounds}
}

// fen reads an amount in yuan.
func (t answers) fen(name string) int64 {
	n, err := statute.Fen(t.text(name))
	if err != nil {
		t.faults.Mark(name, "error.amount")
	}
	return n
}

// asked reads a whole number that must be there.
func (t answers) asked(name string) int {
	if t.text(name) == "" {
		t.faults.Mark(name, "error.required")
	}
	return t.whole(name)
}

func (t answers) terms() subsidy.Terms {
	x := subsidy.Terms{Community: subsidy.Scale{}, Others: subsidy.Scale{}, Unsettled: int64(t.asked("unsettled")), Oral: int64(t.asked("oral")),
		MonthMost: t.fen("month_most"), Sample: t.asked("sample")}
	for _, g := range subsidy.Grades {
		x.Community[g], x.Others[g] = t.fen("community."+g), t.fen("others."+g)
	}
	for i := range subsidy.BandCount {
		at := "bands[" + strconv.Itoa(i) + "]."
		x.Bands = append(x.Bands, subsidy.Band{From: t.asked(at + "from"), Share: int64(t.asked(at + "share"))})
	}
	return x
}

func (s *Site) setTerms(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	change := ledger.TermsChange{Area: in.text("area"), From: in.day("from"), Terms: in.terms(), Basis: in.text("basis"), Seen: in.text("seen")}
	if err = in.faults.Err(); err == nil {
		err = s.Ledger.SetTerms(c.Request().Context(), actor(c), change)
	}
	if err != nil {
		return s.termsPage(c, change.Area, err)
	}
	return s.done(c, termsURL, "terms_set")
}

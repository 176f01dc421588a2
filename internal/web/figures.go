package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
)

// figureRoutes are the returns: their pages, the lists behind them, their files,
// corrections, and what everybody may read.
func (s *Site) figureRoutes() []route {
	routes := []route{
		{http.MethodGet, "/figures", s.showFigures, "stats", "read"},
		{http.MethodGet, "/figures/behind", s.showBehind, "stats", "read"},
		{http.MethodGet, "/figures/file", s.sendFigures, "stats", "read"},
		{http.MethodGet, "/figures/correction", s.askCorrection, "stats", "correct"},
		{http.MethodPost, "/figures/correction", s.correctMonth, "stats", "correct"},
	}
	routes = append(append(routes, s.reportRoutes()...), s.fundsRoutes()...)
	routes = append(routes, s.screeningRoutes()...)
	for i, r := range routes {
		routes[i].Do = s.forOffice(r)
	}
	return append(routes, route{http.MethodGet, "/open-figures", s.publicFigures, "stats", "read_public"})
}

func figuresAsked(q url.Values) ledger.FiguresAsked {
	return ledger.FiguresAsked{Unit: q.Get("unit"), Period: q.Get("period")}
}

// figuresURL is a page of the returns with its unit and period.
func figuresURL(path string, f *ledger.Figures, more ...string) string {
	q := url.Values{"unit": {f.Unit.Key}, "period": {f.Period.String()}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return path + "?" + q.Encode()
}

func returnOf(q url.Values) figures.Return {
	if q.Get("return") == string(figures.TeamReturn) {
		return figures.TeamReturn
	}
	return figures.CaseReturn
}

func (s *Site) showFigures(c echo.Context) error {
	q := c.QueryParams()
	f, err := s.Ledger.Figures(c.Request().Context(), actor(c), figuresAsked(q))
	if err != nil {
		return err
	}
	which := returnOf(q)
	p := OfficePage{Page: s.page(c), Tabs: &Tabs{}}
	p.Heading = p.T("figures.title")
	p.Title, p.Lead = p.Heading, p.T("figures.lead")
	for _, r := range figures.Returns {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: p.T("figures.return." + string(r)), URL: figuresURL("/figures", f, "return", string(r)), Current: r == which})
	}
	if f.Unit.Key == "" {
		p.Parts = []OfficePart{{Empty: &Empty{Icon: "chart-column", Title: p.T("figures.no_unit"), Text: p.T("figures.no_unit_text"),
			Action: &Action{Label: p.T("figures.public.title"), URL: "/open-figures"}}}}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	months, err := s.lateParts(c, p.Page)
	if err != nil {
		return err
	}
	p.Parts = append(p.Parts, months...)
	p.Parts = append(p.Parts, OfficePart{Form: figuresForm(p.Page, f, which)},
		OfficePart{Title: unitName(p.Page, f.Unit) + p.T("figures.gap") + periodName(p.Page, f.Period), Notice: standing(p.Page, f)},
		OfficePart{Notice: checkNotice(p.Page, which, f.Values)})
	if which == figures.CaseReturn {
		p.Parts = append(p.Parts, OfficePart{Facts: &Facts{[]Fact{{Label: p.T("figures.rate"), Value: rate(p.Page, f.Values), Note: p.T("figures.rate_note")}}}})
	}
	p.Parts = append(p.Parts, figureTables(p.Page, f, which, s.SmallFigures)...)
	if which == figures.CaseReturn {
		p.Parts = append(p.Parts, sharesPart(p.Page, f)...)
	}
	p.Parts = append(p.Parts, belowPart(p.Page, f, which)...)
	p.Parts = append(p.Parts, correctionsPart(p.Page, f)...)
	p.Parts = append(p.Parts, OfficePart{Actions: figureActions(p.Page, f, which)})
	return s.show(c, http.StatusOK, "office/page", p)
}

func figureActions(p Page, f *ledger.Figures, which figures.Return) *Actions {
	a := &Actions{[]Action{
		{Label: p.T("figures.excel"), URL: figuresURL("/figures/file", f, "return", string(which), "format", "xlsx"), Icon: "download"},
		{Label: p.T("figures.csv"), URL: figuresURL("/figures/file", f, "return", string(which), "format", "csv"), Icon: "download"},
	}}
	if year := ledger.FundsYear(f.Period); year >= p.Now.Year()-1 && year <= p.Now.Year() {
		a.Actions = append(a.Actions, Action{Label: p.T("figures.funds"), URL: fundsAt(f.Unit.Key, year), Icon: "landmark"})
	}
	if which == figures.CaseReturn {
		a.Actions = append(a.Actions, Action{Label: p.T("figures.screening"), URL: screeningAt(f.Unit.Key, ""), Icon: "search"})
	}
	if f.Corrects && f.Period.Span == figures.ByMonth && !f.Open {
		a.Actions = append(a.Actions, Action{Label: p.T("figures.correct"), URL: figuresURL("/figures/correction", f), Icon: "pen-line"})
	}
	return a
}

// figuresForm chooses unit and period; it works without script.
func figuresForm(p Page, f *ledger.Figures, which figures.Return) *Form {
	period := Field{Name: "period", Kind: FieldSelect, Label: p.T("figures.period"), Value: f.Period.String()}
	for _, x := range offeredPeriods(figures.MonthOf(p.Now), f.Period) {
		period.Options = append(period.Options, Option{Value: x.String(), Label: periodName(p, x)})
	}
	return &Form{Action: "/figures", Method: "get", Submit: p.T("figures.show"), Fields: []Field{unitField(p, f.Units, f.Unit.Key), period,
		{Name: "return", Kind: FieldHidden, Value: string(which)}}}
}

// unitField chooses among units, drawn as the tree they stand in.
func unitField(p Page, units []ledger.Unit, chosen string) Field {
	field := Field{Name: "unit", Kind: FieldSelect, Label: p.T("figures.unit"), Value: chosen}
	for _, u := range units {
		depth := max(0, strings.Count(u.Path, "/")-strings.Count(units[0].Path, "/"))
		if u.Kind == "committee" {
			depth++
		}
		field.Options = append(field.Options, Option{Value: u.Key, Label: strings.Repeat("　", depth) + unitName(p, u)})
	}
	return field
}

// offeredPeriods are the periods of this year and the last that have begun, the
// longest of each year first, and the one that is shown.
func offeredPeriods(present figures.Month, shown figures.Period) []figures.Period {
	var all []figures.Period
	seen := false
	for year := 0; year < 2; year++ {
		first := present - figures.Month(present.Number()-1) - figures.Month(12*year)
		for i := len(figures.Spans) - 1; i >= 0; i-- {
			for m := first; m < first+12 && m <= present; {
				x := figures.PeriodOf(figures.Spans[i], m)
				all, seen, m = append(all, x), seen || x == shown, x.To+1
			}
		}
	}
	if !seen {
		all = append(all, shown)
	}
	return all
}

func unitName(p Page, u ledger.Unit) string { return placeName(p, u.Name, u.NameEN) }

// periodName is a period in words: 2026年第2季度, Q2 2026.
func periodName(p Page, x figures.Period) string {
	return p.T("figures.span."+string(x.Span), "year", strconv.Itoa(x.From.Year()), "n", strconv.Itoa(x.Nth()), "month", p.T("figures.month."+strconv.Itoa(x.From.Number())))
}

// standing tells how final the figures are.
func standing(p Page, f *ledger.Figures) *Notice {
	switch {
	case !f.Open && !f.ClosedAt.IsZero():
		return &Notice{Tone: ToneGood, Title: p.T("figures.closed"), Text: p.T("figures.closed_text", "at", p.DateTime(f.ClosedAt))}
	case !f.Open:
		return &Notice{Tone: ToneInform, Title: p.T("figures.never"), Text: p.T("figures.never_text")}
	case f.CountedAt.IsZero():
		return &Notice{Tone: ToneWait, Title: p.T("figures.open"), Text: p.T("figures.open_text")}
	}
	return &Notice{Tone: ToneWait, Title: p.T("figures.open"), Text: p.T("figures.open_text") + "\n" + p.T("figures.counted", "at", p.DateTime(f.CountedAt))}
}

// checkNotice says whether the sums of the table agree, and which do not.
func checkNotice(p Page, which figures.Return, v figures.Values) *Notice {
	broken := figures.Broken(which, v)
	if len(broken) == 0 {
		return &Notice{Tone: ToneGood, Title: p.T("figures.sums_agree", "n", strconv.Itoa(len(figures.Checks(which))))}
	}
	var list []string
	for _, c := range broken {
		list = append(list, checkText(p, c))
	}
	return &Notice{Tone: ToneAlarm, Title: p.T("figures.sums_differ"), Text: strings.Join(list, "\n")}
}

func checkText(p Page, c figures.Check) string {
	parts := make([]string, len(c.Parts))
	for i, cell := range c.Parts {
		parts[i] = lineName(p, cell)
	}
	key := "figures.check_sum"
	switch {
	case len(c.Parts) == 0:
		key = "figures.check_below"
	case c.AtMost:
		key = "figures.check_most"
	}
	return p.T(key, "whole", lineName(p, c.Whole), "parts", strings.Join(parts, p.T("figures.plus")))
}

func lineName(p Page, cell figures.Cell) string {
	line, ok := figures.LineOf(cell)
	if !ok {
		return string(cell)
	}
	return line.Label(string(p.Lang))
}

func figureText(p Page, l figures.Line, n int64) string {
	if l.Unit == figures.InMoney {
		return p.Money(n)
	}
	return p.Lang.Number(n)
}

// figureTables are the rows of a return, a table a group. Each number leads to
// what stands behind it. Who may open no list reads no small figure either.
func figureTables(p Page, f *ledger.Figures, which figures.Return, small int64) []OfficePart {
	lines := figures.Lines(which)
	hidden := make([]figures.Shown, len(lines))
	if !f.Opens && which == figures.CaseReturn {
		sheet := figures.Sheet{Rows: []figures.Values{f.Values}}
		for _, l := range lines {
			sheet.Cells = append(sheet.Cells, l.Cell)
		}
		hidden = sheet.Publish(small)[0]
	}
	var parts []OfficePart
	var table *Table
	group := ""
	for i, l := range lines {
		if l.Group != group {
			group = l.Group
			table = &Table{Caption: p.T("figures.group." + group), Head: []string{p.T("figures.head.line"), groupUnit(p, lines, group)}}
			parts = append(parts, OfficePart{Table: table})
		}
		name := Cell{Text: l.Label(string(p.Lang))}
		if l.Part {
			name.Text = p.T("figures.part") + name.Text
		}
		number := Cell{Text: figureText(p, l, f.Values[l.Cell]), Number: true}
		switch {
		case figureGap(p, f, f.Values, l) != "":
			number.Text = figureGap(p, f, f.Values, l)
		case l.Cell.Personal(): // sums alone, with no list behind them
		case hidden[i].Hidden:
			number.Text = p.T("figures.hidden")
		case f.Opens && f.Values[l.Cell] != 0 || l.Stock && f.Values[l.Cell] != 0:
			number.URL = figuresURL("/figures/behind", f, "cell", string(l.Cell))
		}
		table.Rows = append(table.Rows, []Cell{name, number})
	}
	return parts
}

// groupUnit is the word over the numbers of a group: what they count, or "number"
// where lines of several kinds stand together.
func groupUnit(p Page, lines []figures.Line, group string) string {
	var units []figures.Unit
	for _, l := range lines {
		if l.Group == group && !slices.Contains(units, l.Unit) {
			units = append(units, l.Unit)
		}
	}
	if len(units) > 1 {
		return p.T("figures.head.number")
	}
	return p.T("figures.head.unit." + string(units[0]))
}

// figureGap is the word in place of a number that is none: what was not counted
// then, and what this reader may not know of the mediators. "" for a number.
func figureGap(p Page, f *ledger.Figures, v figures.Values, l figures.Line) string {
	switch {
	case l.Cell.Personal() && !f.People:
		return p.T("figures.not_shown")
	case !v.Counted(l.Cell):
		return p.T("figures.not_counted")
	case !v.Recorded(l.Cell):
		return p.T("figures.not_recorded")
	}
	return ""
}

// belowPart puts the units directly below side by side.
func belowPart(p Page, f *ledger.Figures, which figures.Return) []OfficePart {
	if len(f.Below) == 0 {
		return nil
	}
	cells := []figures.Cell{figures.Accepted, figures.Concluded, figures.Success}
	if which == figures.TeamReturn {
		cells = []figures.Cell{figures.Committees, figures.Mediators, figures.FullTime}
	}
	t := &Table{Caption: p.T("figures.below"), Head: []string{p.T("figures.unit")}}
	for _, cell := range cells {
		t.Head = append(t.Head, lineName(p, cell))
	}
	if which == figures.CaseReturn {
		t.Head = append(t.Head, p.T("figures.rate"))
	}
	for _, b := range f.Below {
		row := []Cell{{Text: unitName(p, b.Unit), URL: figuresURL("/figures", &ledger.Figures{Unit: b.Unit, Period: f.Period}, "return", string(which))}}
		for _, cell := range cells {
			line, _ := figures.LineOf(cell)
			row = append(row, Cell{Text: figureText(p, line, b.Values[cell]), Number: true})
		}
		if which == figures.CaseReturn {
			row = append(row, Cell{Text: rate(p, b.Values), Number: true})
		}
		t.Rows = append(t.Rows, row)
	}
	return []OfficePart{{Title: p.T("figures.below"), Table: t}}
}

func correctionsPart(p Page, f *ledger.Figures) []OfficePart {
	if len(f.Corrections) == 0 {
		return nil
	}
	t := &Table{Caption: p.T("figures.corrections")}
	for _, head := range []string{"line", "delta", "month", "committee", "reason", "who"} {
		t.Head = append(t.Head, p.T("figures.head."+head))
	}
	for _, k := range f.Corrections {
		line, _ := figures.LineOf(k.Cell)
		delta := figureText(p, line, k.Delta)
		if k.Delta > 0 {
			delta = "+" + delta
		}
		t.Rows = append(t.Rows, []Cell{{Text: lineName(p, k.Cell)}, {Text: delta, Number: true},
			{Text: periodName(p, figures.PeriodOf(figures.ByMonth, k.Month()))}, {Text: k.Committee}, {Text: k.Reason}, {Text: k.Who, Sub: p.ShortDate(k.When)}})
	}
	return []OfficePart{{Title: p.T("figures.corrections"), Text: p.T("figures.corrections_text"), Table: t}}
}

// showBehind lists what a figure was counted from, in the reader's rights.
func (s *Site) showBehind(c echo.Context) error {
	q := c.QueryParams()
	cell := figures.Cell(q.Get("cell"))
	if cell == "" {
		cell = figures.Concluded
	}
	b, err := s.Ledger.CasesBehind(c.Request().Context(), actor(c), figuresAsked(q), cell, q.Get("after"))
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading = b.Line.Label(string(p.Lang))
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), figuresURL("/figures", &ledger.Figures{Unit: b.Unit, Period: b.Period}, "return", string(b.Line.Return))}}
	p.Lead = unitName(p.Page, b.Unit) + p.T("figures.gap") + periodName(p.Page, b.Period) + p.T("figures.gap") + p.T("figures.tells", "n", figureText(p.Page, b.Line, b.Value))
	if b.Line.Source != "" {
		p.Lead += p.Source(b.Line.Source)
	}
	part := OfficePart{}
	switch {
	case len(b.Names) > 0:
		part.Table = &Table{Caption: p.Heading, Head: []string{p.T("figures.head.name"), p.T("figures.head.committee")}}
		for _, n := range b.Names {
			part.Table.Rows = append(part.Table.Rows, []Cell{{Text: n.Name, URL: roundsOf(b, n.ID)}, {Text: n.Committee}})
		}
	case len(b.Cases.Rows) > 0:
		part.Text = p.T("figures.behind_text")
		part.Table = &Table{Caption: p.Heading, Head: caseHead(p.Page)}
		for _, r := range b.Cases.Rows {
			part.Table.Rows = append(part.Table.Rows, caseCells(p.Page, r))
		}
		pager := neighbours("/figures/behind", q, b.Cases.Prev, b.Cases.Next)
		part.Pager = &pager
	default:
		part.Empty = &Empty{Icon: "search", Title: p.T("figures.behind_none"), Text: p.T("figures.behind_none_text")}
	}
	p.Parts = []OfficePart{part}
	return s.show(c, http.StatusOK, "office/page", p)
}

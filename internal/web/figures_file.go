package web

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/tables"
)

// sheetTypes are the kinds of file a table leaves the program as.
var sheetTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
}

// sendFigures sends a return as a file: the units below side by side, then the
// unit itself. That it left is noted.
func (s *Site) sendFigures(c echo.Context) error {
	ctx, q := c.Request().Context(), c.QueryParams()
	f, err := s.Ledger.Figures(ctx, actor(c), figuresAsked(q))
	if err != nil {
		return err
	}
	if f.Unit.Key == "" || !f.Opens { // a file would tell the small figures the page hides
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	if err := s.Ledger.LogExport(ctx, actor(c), f); err != nil {
		return err
	}
	p := s.page(c)
	return sendSheet(c, q.Get("format"), returnSheet(p, f, returnOf(q)), p.T("figures.file", "period", f.Period.String()))
}

// sendSheet answers with a table as a file to keep; an unknown format is .xlsx.
func sendSheet(c echo.Context, format string, sheet tables.Sheet, name string) error {
	draw := sheet.CSV
	if format != "csv" {
		format, draw = "xlsx", sheet.Excel
	}
	data, err := draw()
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + format}))
	h.Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, sheetTypes[format], data)
}

// returnSheet lays a return out as the printed table has it: a row a unit, the
// figures in columns under merged heads.
func returnSheet(p Page, f *ledger.Figures, which figures.Return) tables.Sheet {
	state := p.T("figures.closed")
	if f.Open {
		state = p.T("figures.open")
	}
	sheet := tables.Sheet{Name: p.T("figures.sheet." + string(which)), Title: p.T("figures.return_title." + string(which)), First: p.T("figures.unit"),
		About: []string{p.T("figures.sheet_unit", "unit", unitName(p, f.Unit)), p.T("figures.sheet_period", "period", periodName(p, f.Period)), state},
		Foot:  []string{p.T("figures.sheet_filled"), p.T("figures.sheet_checked"), p.T("figures.sheet_day")}}
	lines := figures.Lines(which)
	for i, l := range lines {
		if i == 0 || l.Group != lines[i-1].Group {
			sheet.Groups = append(sheet.Groups, tables.SheetGroup{Head: p.T("figures.group." + l.Group)})
		}
		g := &sheet.Groups[len(sheet.Groups)-1]
		head := l.Label(string(p.Lang))
		if l.Unit == figures.InMoney {
			head = p.T("figures.in_yuan", "line", head)
		}
		g.Columns = append(g.Columns, tables.SheetColumn{Head: head, Money: l.Unit == figures.InMoney})
	}
	row := func(name string, v figures.Values) tables.SheetRow {
		r := tables.SheetRow{Name: name}
		for _, l := range lines {
			r.Values = append(r.Values, tables.SheetValue{Number: v[l.Cell], Text: figureGap(p, f, v, l)})
		}
		return r
	}
	for _, b := range f.Below {
		sheet.Rows = append(sheet.Rows, row(unitName(p, b.Unit), b.Values))
	}
	name := unitName(p, f.Unit)
	if len(f.Below) > 0 {
		name = p.T("figures.sum")
	}
	sum := row(name, f.Values)
	sum.Sum = true
	sheet.Rows = append(sheet.Rows, sum)
	return sheet
}

// correctionRows is how many lines one correction has at most: what is taken
// from one figure goes to others, with their sums.
const correctionRows = 4

func (s *Site) askCorrection(c echo.Context) error {
	return s.correctionPage(c, c.QueryParams(), nil)
}

func (s *Site) correctionPage(c echo.Context, q url.Values, fault error) error {
	f, err := s.Ledger.Figures(c.Request().Context(), actor(c), figuresAsked(q))
	if err != nil {
		return err
	}
	p := OfficePage{Page: s.page(c)}
	p.Heading, p.Lead = p.T("figures.correct"), p.T("figures.correct_lead")
	p.Title = p.Heading
	p.Crumbs = []Crumb{{p.T("figures.title"), figuresURL("/figures", f)}}
	unit := Field{Name: "unit", Kind: FieldSelect, Label: p.T("figures.head.committee"), Required: true, Value: f.Unit.Key}
	for _, u := range f.Units {
		if u.Kind == "committee" {
			unit.Options = append(unit.Options, Option{Value: u.Key, Label: unitName(p.Page, u)})
		}
	}
	month := Field{Name: "month", Kind: FieldSelect, Label: p.T("figures.head.month"), Help: p.T("figures.month_help"), Required: true, Value: f.Period.From.String()}
	for m := figures.MonthOf(p.Now); m > figures.MonthOf(p.Now)-24; m-- {
		x := figures.PeriodOf(figures.ByMonth, m)
		month.Options = append(month.Options, Option{Value: x.String(), Label: periodName(p.Page, x)})
	}
	form := &Form{Action: "/figures/correction", Submit: p.T("figures.correct"), Cancel: figuresURL("/figures", f), Fields: []Field{unit, month}}
	for i := range correctionRows {
		at := "lines[" + strconv.Itoa(i) + "]."
		line := Field{Name: at + "cell", Kind: FieldSelect, Label: p.T("figures.head.line") + " " + strconv.Itoa(i+1)}
		for _, l := range figures.Lines(figures.CaseReturn) {
			line.Options = append(line.Options, Option{Value: string(l.Cell), Label: l.Label(string(p.Lang))})
		}
		form.Fields = append(form.Fields, line, Field{Name: at + "delta", Kind: FieldText, Label: p.T("figures.head.delta") + " " + strconv.Itoa(i+1),
			Help: p.T("figures.delta_help"), Short: true, Autocomplete: "off"})
	}
	form.Fields = append(form.Fields, Field{Name: "reason", Kind: FieldTextArea, Rows: 3, Label: p.T("figures.head.reason"), Required: true, MaxLength: ledger.MaxReason})
	p.Parts = []OfficePart{{Form: form}}
	return s.showOffice(c, p, form, fault)
}

func (s *Site) correctMonth(c echo.Context) error {
	in, err := officeInput(c)
	if err != nil {
		return err
	}
	period, ok := figures.ParsePeriod(in.text("month"))
	if !ok || period.Span != figures.ByMonth {
		in.faults.Mark("month", "error.choose")
	}
	var lines []ledger.CorrectionLine
	for i := range correctionRows {
		at := "lines[" + strconv.Itoa(i) + "]."
		cell, delta := figures.Cell(in.text(at+"cell")), in.whole(at+"delta")
		if line, known := figures.LineOf(cell); known && line.Unit == figures.InMoney {
			delta *= 100
		}
		if cell != "" || in.text(at+"delta") != "" {
			lines = append(lines, ledger.CorrectionLine{Cell: cell, Delta: int64(delta)})
		}
	}
	if err = in.faults.Err(); err == nil {
		err = s.Ledger.CorrectMonth(c.Request().Context(), actor(c), in.text("unit"), period.From, lines, in.text("reason"))
	}
	if mediation.KindOf(err) == mediation.Invalid && err != nil {
		return s.correctionPage(c, url.Values{}, err)
	}
	if err != nil {
		return err
	}
	return s.done(c, figuresURL("/figures", &ledger.Figures{Unit: ledger.Unit{Key: in.text("unit")}, Period: period}), "month_corrected")
}

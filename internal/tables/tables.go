// Package tables writes tables that leave the program as files: spreadsheets that
// are ready to print, and plain text for other programs.
package tables

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table that leaves the program as a file: a title, a line about who
// and when, a head of one or two rows, and rows of texts and numbers. All its
// words are in the reader's language.
type Sheet struct {
	Name   string // of the tab, at most 31 characters
	Title  string
	About  []string // the line under the title: unit, period, how final
	First  string   // head of the first column, which names the rows
	Groups []SheetGroup
	Rows   []SheetRow
	Foot   []string // the line under the table, for names and seals
}

// SheetGroup is neighbouring columns under one heading. A group without a heading
// has columns that reach over both rows of the head.
type SheetGroup struct {
	Head    string
	Columns []SheetColumn
}

// SheetColumn is one column. Text columns hold what people typed; the others
// hold numbers, money in fen that is shown in yuan.
type SheetColumn struct {
	Head        string
	Text, Money bool
}

// SheetRow is one row: its name, and a value a column. Sum makes it stand out.
type SheetRow struct {
	Name   string
	Values []SheetValue
	Sum    bool
}

// SheetValue is a number, or the text of a text column. In the other columns a
// text stands in place of a number that is not known.
type SheetValue struct {
	Number int64
	Text   string
}

func (s Sheet) columns() []SheetColumn {
	var all []SheetColumn
	for _, g := range s.Groups {
		all = append(all, g.Columns...)
	}
	return all
}

// The rows of the file: title, about, two of head, then the table.
const (
	titleRow = 1
	aboutRow = 2
	headRow  = 3
	firstRow = 5
)

// widest is how many columns fit a sheet of A4 across; wider ones go on A3.
const widest = 14

// Excel draws the sheet as an .xlsx that is ready to print: merged heads that
// repeat on every page, the width of one page, page numbers. What people typed is
// stored as text under a text format, so that no spreadsheet program takes it for
// a formula, also after it was edited.
func (s Sheet) Excel() ([]byte, error) {
	f := excelize.NewFile()
	d := &drawing{Sheet: s, f: f, wide: len(s.columns()) + 1}
	d.do(f.SetSheetName("Sheet1", s.Name))
	d.styles()
	d.head()
	d.body()
	d.setup()
	var out bytes.Buffer
	d.do(f.Write(&out))
	d.do(f.Close())
	if d.err != nil {
		return nil, fmt.Errorf("tables: sheet %q: %w", s.Title, d.err)
	}
	return out.Bytes(), nil
}

// drawing keeps the first fault, so that each step need not ask.
type drawing struct {
	Sheet
	f                                     *excelize.File
	wide                                  int // columns with the first
	err                                   error
	title, about, th, text, number, money int
}

func (d *drawing) do(err error) {
	if d.err == nil {
		d.err = err
	}
}

func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return "A1" // bounds are ours: a column has a number above 0
	}
	return name
}

func (d *drawing) style(st excelize.Style) int {
	id, err := d.f.NewStyle(&st)
	d.do(err)
	return id
}

// textFormat is the spreadsheet programs' own number format "@": text.
const textFormat = 49

func (d *drawing) styles() {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	middle := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}
	yuan := `#,##0.00`
	font := func(size float64, bold bool) *excelize.Font {
		return &excelize.Font{Family: "宋体", Size: size, Bold: bold}
	}
	d.title = d.style(excelize.Style{Font: font(16, true), Alignment: middle, NumFmt: textFormat})
	d.about = d.style(excelize.Style{Font: font(10, false), Alignment: left, NumFmt: textFormat})
	d.th = d.style(excelize.Style{Font: font(10, true), Alignment: middle, Border: border, NumFmt: textFormat})
	d.text = d.style(excelize.Style{Font: font(10, false), Alignment: left, Border: border, NumFmt: textFormat})
	d.number = d.style(excelize.Style{Font: font(10, false), Border: border, NumFmt: 3})
	d.money = d.style(excelize.Style{Font: font(10, false), Border: border, CustomNumFmt: &yuan})
}

// say writes a text over a block of cells.
func (d *drawing) say(text string, column, row, toColumn, toRow, style int) {
	from, to := at(column, row), at(toColumn, toRow)
	d.do(d.f.SetCellStyle(d.Name, from, to, style))
	d.do(d.f.SetCellStr(d.Name, from, text))
	if from != to {
		d.do(d.f.MergeCell(d.Name, from, to))
	}
}

func (d *drawing) head() {
	d.say(d.Title, 1, titleRow, d.wide, titleRow, d.title)
	d.say(strings.Join(d.About, "　"), 1, aboutRow, d.wide, aboutRow, d.about)
	d.say(d.First, 1, headRow, 1, headRow+1, d.th)
	column := 2
	for _, g := range d.Groups {
		if g.Head != "" {
			d.say(g.Head, column, headRow, column+len(g.Columns)-1, headRow, d.th)
		}
		for _, c := range g.Columns {
			row := headRow
			if g.Head != "" {
				row++
			}
			d.say(c.Head, column, row, column, headRow+1, d.th)
			column++
		}
	}
	d.do(d.f.SetRowHeight(d.Name, titleRow, 30))
	d.do(d.f.SetRowHeight(d.Name, headRow+1, 48))
}

func (d *drawing) body() {
	columns := d.columns()
	for i, r := range d.Rows {
		row := firstRow + i
		name := d.text
		if r.Sum {
			name = d.th
		}
		d.say(r.Name, 1, row, 1, row, name)
		for j, v := range r.Values {
			cell := at(j+2, row)
			switch {
			case columns[j].Text || v.Text != "":
				d.say(v.Text, j+2, row, j+2, row, d.text)
				continue
			case columns[j].Money:
				d.do(d.f.SetCellStyle(d.Name, cell, cell, d.money))
				d.do(d.f.SetCellFloat(d.Name, cell, float64(v.Number)/100, 2, 64))
			default:
				d.do(d.f.SetCellStyle(d.Name, cell, cell, d.number))
				d.do(d.f.SetCellInt(d.Name, cell, v.Number))
			}
		}
	}
	if len(d.Foot) > 0 {
		row := firstRow + len(d.Rows)
		d.say(strings.Join(d.Foot, "　　　　"), 1, row, d.wide, row, d.about)
	}
}

// setup is how the sheet is looked at and printed.
func (d *drawing) setup() {
	landscape, paper, one, whole := "landscape", 9, 1, 0 // 9 is A4, 8 is A3
	if d.wide > widest {
		paper = 8
	}
	fit := true
	d.do(d.f.SetPageLayout(d.Name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &one, FitToHeight: &whole}))
	d.do(d.f.SetSheetProps(d.Name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	d.do(d.f.SetHeaderFooter(d.Name, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"}))
	last, err := excelize.ColumnNumberToName(d.wide)
	d.do(err)
	d.do(d.f.SetColWidth(d.Name, "A", "A", 24))
	if d.wide > 1 {
		d.do(d.f.SetColWidth(d.Name, "B", last, 11))
	}
	name := "'" + strings.ReplaceAll(d.Name, "'", "''") + "'"
	d.do(d.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: d.Name,
		RefersTo: name + "!$A:$A," + name + "!$" + strconv.Itoa(titleRow) + ":$" + strconv.Itoa(headRow+1)}))
	d.do(d.f.SetPanes(d.Name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: firstRow - 1, TopLeftCell: at(2, firstRow), ActivePane: "bottomRight"}))
}

// byteOrderMark tells Excel that a text file is UTF-8; without it Chinese opens
// as noise.
const byteOrderMark = "\ufeff"

// CSV writes the sheet as comma-separated text with one row of heads. A text that
// a spreadsheet program would take for a formula gets an apostrophe before it.
func (s Sheet) CSV() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(byteOrderMark)
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	heads, columns := []string{plain(s.First)}, s.columns()
	for _, g := range s.Groups {
		for _, c := range g.Columns {
			name := c.Head
			if g.Head != "" {
				name = g.Head + "·" + c.Head
			}
			heads = append(heads, plain(name))
		}
	}
	rows := [][]string{heads}
	for _, r := range s.Rows {
		row := []string{plain(r.Name)}
		for j, v := range r.Values {
			switch {
			case columns[j].Text || v.Text != "":
				row = append(row, plain(v.Text))
			case columns[j].Money:
				row = append(row, strconv.FormatFloat(float64(v.Number)/100, 'f', 2, 64))
			default:
				row = append(row, strconv.FormatInt(v.Number, 10))
			}
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("tables: csv %q: %w", s.Title, err)
	}
	return out.Bytes(), nil
}

// plain keeps a text from being read as a formula (CWE-1236).
func plain(text string) string {
	if strings.TrimLeft(text, "=+-@\t\r\n＝＋－＠") != text {
		return "'" + text
	}
	return text
}

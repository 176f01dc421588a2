package press

import (
	"strings"

	"doorstep/internal/paper"
)

// cell is one cell of a row, its text already broken into lines.
type cell struct {
	x, width float64
	lines    []line
	bold     bool
}

// table draws the facts of a block as a ruled table.
func (s *setter) table(b paper.Block) {
	if len(b.Facts) == 0 {
		return
	}
	labels, from := s.labels(b), len(s.strips)
	s.skip(2)
	for _, facts := range b.Rows() {
		s.row(s.cells(facts, labels), nil)
	}
	s.whole(from)
	s.skip(4)
}

// whole keeps what was added since on one page when it is no more than a quarter of
// it, as the table of a party or a choice to tick is.
func (s *setter) whole(from int) {
	part := s.strips[from:]
	if len(part) == 0 || high(part, false) > (bottom-marginTop)/4 {
		return
	}
	for i := range part[:len(part)-1] {
		part[i].keep = true
	}
}

// labels are the widths of the label columns: each that of its widest label,
// within a part of the measure.
func (s *setter) labels(b paper.Block) []float64 {
	widths, limit := []float64{0}, measure*0.25
	if b.Paired {
		widths, limit = []float64{0, 0}, measure*0.21
	}
	for _, facts := range b.Rows() {
		for i, f := range facts {
			widths[i] = max(widths[i], min(limit, s.cuts.width(f.Label, style{s.pace.table, true}))+2*cellMargin)
		}
	}
	return widths
}

// cells are those of a row; what the labels leave is shared alike among the
// values, and a fact alone in its row has all of it.
func (s *setter) cells(facts []paper.Fact, labels []float64) []cell {
	free := measure
	for _, w := range labels[:len(facts)] {
		free -= w
	}
	free /= float64(len(facts))
	var row []cell
	x := marginLeft
	for i, f := range facts {
		row = append(row, cell{x: x, width: labels[i], lines: s.fill(f.Label, labels[i], true), bold: true},
			cell{x: x + labels[i], width: free, lines: s.fill(f.Value, free, false)})
		x += labels[i] + free
	}
	return row
}

func (s *setter) fill(text string, width float64, bold bool) []line {
	var all []line
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		all = append(all, s.cuts.lines(part, style{s.pace.table, bold}, width-2*cellMargin, 0)...)
	}
	return all
}

// row adds a row of cells; head stands again above it where it begins a page. A
// row higher than a third of a page may go on on the next one, with two lines at
// least on either.
func (s *setter) row(row []cell, head *strip) {
	most := 1
	for _, c := range row {
		most = max(most, len(c.lines))
	}
	h := s.pace.table * s.pace.row
	whole := float64(most)*h + 2*s.pace.cell
	if whole < (bottom-marginTop)/3 {
		s.add(strip{high: whole, weight: most, lead: head, draw: func(pg *page, y float64) {
			for _, c := range row { // cell by cell, as it is read
				pg.box(c.x, y, c.width, whole, thin)
				for i := range c.lines {
					s.cellLine(pg, c, i, y+s.pace.cell+float64(i)*h)
				}
			}
		}})
		return
	}
	for i := range most {
		s.rowLine(row, head, i, most)
	}
}

// rowLine adds line i of so many of a high row, open to its neighbours.
func (s *setter) rowLine(row []cell, head *strip, i, most int) {
	first, last := i == 0, i == most-1
	pad, high := 0.0, s.pace.table*s.pace.row
	if first {
		pad = s.pace.cell
	}
	high += pad
	if last {
		high += s.pace.cell
	}
	across := func(pg *page, y float64) {
		for _, c := range row {
			pg.mark(rule{c.x, y, c.x + c.width, y, thin})
		}
	}
	s.add(strip{high: high, weight: 1, lead: head, begin: across, end: across, keep: first || i == most-2, draw: func(pg *page, y float64) {
		for _, c := range row {
			pg.mark(rule{c.x, y, c.x, y + high, thin}, rule{c.x + c.width, y, c.x + c.width, y + high, thin})
		}
		if first {
			across(pg, y)
		}
		if last {
			across(pg, y+high)
		}
		for _, c := range row {
			if i < len(c.lines) {
				s.cellLine(pg, c, i, y+pad)
			}
		}
	}})
}

func (s *setter) cellLine(pg *page, c cell, i int, y float64) {
	l, gap := c.lines[i], 0.0
	if !c.bold {
		gap = l.gap(c.width-2*cellMargin, s.pace.table)
	}
	pg.line(l, c.x+cellMargin, y-0.03*s.pace.table, gap, style{s.pace.table, c.bold})
}

// grid is a table with a head, which stands again on each page it runs on to.
func (s *setter) grid(g paper.Grid) {
	if len(g.Head) == 0 {
		return
	}
	sum := 0
	for _, share := range g.Shares {
		sum += share
	}
	cells := func(texts []string, bold bool) []cell {
		var row []cell
		x := marginLeft
		for i, t := range texts {
			w := measure * float64(g.Shares[i]) / float64(sum)
			row = append(row, cell{x: x, width: w, lines: s.fill(t, w, bold), bold: bold})
			x += w
		}
		return row
	}
	s.skip(2)
	s.row(cells(g.Head, true), nil)
	s.hold()
	head := s.strips[len(s.strips)-1]
	for _, texts := range g.Rows {
		s.row(cells(texts, false), &head)
	}
	s.skip(4)
}

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

// table draws the facts of a block as a ruled table. A row higher than what is
// left of a page goes on on the next.
func (s *setter) table(b paper.Block) {
	label := s.labelWidth(b)
	s.y += 2
	for _, facts := range b.Rows() {
		s.row(s.cells(facts, b.Paired, label))
	}
	s.y += 4
}

// labelWidth is that of the widest label, within a quarter of the measure.
func (s *setter) labelWidth(b paper.Block) float64 {
	widest := 0.0
	for _, f := range b.Facts {
		widest = max(widest, s.cuts.width(f.Label, style{tableSize, true}))
	}
	limit := measure * 0.25
	if b.Paired {
		limit = measure * 0.2
	}
	return min(widest, limit) + 2*cellMargin
}

func (s *setter) cells(facts []paper.Fact, paired bool, label float64) []cell {
	var row []cell
	half := measure
	if paired && len(facts) > 1 {
		half = measure / 2
	}
	x := marginLeft
	for _, f := range facts {
		row = append(row, cell{x: x, width: label, lines: s.fill(f.Label, label, true), bold: true},
			cell{x: x + label, width: half - label, lines: s.fill(f.Value, half-label, false)})
		x += half
	}
	return row
}

func (s *setter) fill(text string, width float64, bold bool) []line {
	var all []line
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		all = append(all, s.cuts.lines(part, style{tableSize, bold}, width-2*cellMargin, 0)...)
	}
	return all
}

func (s *setter) row(row []cell) {
	const h = tableSize * 1.5
	most := 1
	for _, c := range row {
		most = max(most, len(c.lines))
	}
	if whole := float64(most)*h + 2*cellMargin; whole < (bottom-marginTop)/3 {
		s.room(whole)
	}
	for from := 0; from < most; {
		s.room(h + 2*cellMargin)
		n := min(most-from, int((bottom-s.y-2*cellMargin)/h))
		s.part(row, from, n, h)
		from += n
	}
}

// part draws so many lines of a row, with its rules.
func (s *setter) part(row []cell, from, n int, h float64) {
	height := float64(n)*h + 2*cellMargin
	for _, c := range row {
		s.box(c.x, s.y, c.width, height, thin)
		y := s.y + cellMargin
		for i := from; i < min(from+n, len(c.lines)); i++ {
			l := c.lines[i]
			gap := 0.0
			if !c.bold {
				gap = l.gap(c.width-2*cellMargin, tableSize)
			}
			s.line(l, c.x+cellMargin, y-(leading-1.5)*tableSize/2, gap, style{tableSize, c.bold})
			y += h
		}
	}
	s.y += height
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
	s.y += 2
	s.row(cells(g.Head, true))
	for _, texts := range g.Rows {
		row, page := cells(texts, false), len(s.pages)
		s.room(float64(len(row[1].lines))*tableSize*1.5 + 2*cellMargin)
		if len(s.pages) > page {
			s.row(cells(g.Head, true))
		}
		s.row(row)
	}
	s.y += 4
}

// places are where people sign, two to a row, a seal with its circle.
func (s *setter) places(all []paper.Place) {
	if len(all) == 0 {
		return
	}
	s.y += 6
	for i := 0; i < len(all); i += 2 {
		pair := all[i:min(i+2, len(all))]
		h := 0.0
		for _, p := range pair {
			h = max(h, s.placeHeight(p))
		}
		s.room(h)
		for j, p := range pair {
			if p.Seal && len(pair) == 1 { // who issues a paper stands on its right
				j = 1
			}
			s.place(p, marginLeft+float64(j)*measure/2, s.y)
		}
		s.y += h
	}
}

// The seal of a committee measures 42 mm; a finger less.
const sealSide, fingerWidth, fingerHeight, placeWidth = 108.0, 38.0, 46.0, measure/2 - 12

// beside is what stands right of the words of a place.
func beside(p paper.Place) float64 {
	switch {
	case p.Seal:
		return sealSide + 6
	case p.Finger:
		return fingerWidth + 6
	}
	return 0
}

func (s *setter) placeTexts(p paper.Place) []line {
	width := placeWidth - beside(p)
	lines := s.cuts.lines(p.Role+"：", style{tableSize, true}, width, 0)
	for _, t := range []string{p.Name, p.Done} {
		if t != "" {
			lines = append(lines, s.cuts.lines(t, style{tableSize, false}, width, 0)...)
		}
	}
	return lines
}

func (s *setter) placeHeight(p paper.Place) float64 {
	const h = tableSize * leading
	texts := float64(len(s.placeTexts(p)))*h + h // and the day
	if p.Done == "" {
		texts += 26 // to write in
	}
	_, high := inkSize(p.Ink)
	texts += high
	switch {
	case p.Seal:
		return max(texts, sealSide) + 12
	case p.Finger:
		return max(texts, fingerHeight+h) + 12
	}
	return texts + 12
}

func (s *setter) place(p paper.Place, x, y float64) {
	st := style{size: tableSize}
	end := y + s.placeHeight(p) - 12
	base := end - tableSize*leading // of the day
	for _, l := range s.placeTexts(p) {
		s.line(l, x, y, 0, st)
		y += tableSize * leading
	}
	if wide, high := inkSize(p.Ink); high > 0 {
		s.mark(drawing{x + 2*tableSize, y, wide, high, p.Ink})
	}
	edge := x + placeWidth
	switch {
	case p.Seal:
		s.mark(ring{edge - sealSide, end - sealSide, edge, end})
		s.small("盖章处", edge-sealSide/2-13, end-sealSide/2+3)
	case p.Finger:
		s.mark(ring{edge - fingerWidth, end - fingerHeight, edge, end})
		s.small("指印", edge-fingerWidth/2-9, end-fingerHeight/2+3)
	}
	when := p.Day
	if when == "" {
		when = "　　　年　　月　　日"
	}
	for _, l := range s.cuts.lines(when, st, placeWidth, 0) {
		s.line(l, x, base, 0, st)
	}
}

func (s *setter) small(text string, x, base float64) {
	for _, l := range s.cuts.lines(text, style{size: smallSize}, measure, 0) {
		for _, r := range l.runs {
			s.mark(words{x: x, y: base, size: smallSize, run: r, grey: true})
			x += r.width
		}
	}
}

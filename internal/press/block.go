package press

import (
	"strings"

	"doorstep/internal/paper"
)

// paper sets one paper from its title to its last place to sign.
func (s *setter) paper(p *paper.Paper) {
	s.head(p)
	for _, b := range p.Blocks {
		s.block(b)
	}
}

func (s *setter) head(p *paper.Paper) {
	if p.Mark != "" {
		s.text(p.Mark, style{size: tableSize, bold: true}, right, 0)
	}
	if p.Draft {
		s.text("（草稿，尚未生效）", style{size: tableSize}, right, 0)
	}
	if p.Office != "" {
		s.text(p.Office, style{size: 16}, centre, 0)
	}
	s.y += 4
	s.text(p.Title, style{size: 22, bold: true}, centre, 0)
	if p.Number != "" {
		s.text(p.Number, style{size: bodySize}, right, 0)
	}
	s.y += 6
}

// block draws the parts of a block in the order of its fields.
func (s *setter) block(b paper.Block) {
	body := style{size: bodySize}
	if b.Head != "" {
		s.room(bodySize * leading * 3.2) // never alone at the foot of a page
		s.y += 4
		s.text(b.Head, style{size: bodySize, bold: true}, left, 0)
	}
	if len(b.Facts) > 0 {
		s.table(b)
	}
	for i, t := range b.Text {
		s.text(t, body, left, indentOf(b.Text[max(i-1, 0)], t))
	}
	for _, t := range b.Items {
		s.text(t, body, left, 2*bodySize)
	}
	s.boxes(b)
	for _, t := range b.Strong {
		s.frame(t)
	}
	s.grid(b.Grid)
	s.places(b.Places)
	s.y += 3
}

// indentOf: a paragraph begins two characters in; whom the paper addresses, and
// the body it is handed to after 此致, stands at the margin.
func indentOf(before, text string) float64 {
	if before == "此致" || strings.HasSuffix(text, "：") && !strings.ContainsAny(text, "，。") {
		return 0
	}
	return 2 * bodySize
}

// boxes are the tick boxes, one below the other or along the line.
func (s *setter) boxes(b paper.Block) {
	const side, after = 10.0, 6.0
	st := style{size: bodySize}
	h := bodySize * leading
	x := marginLeft + 2*bodySize
	for i, box := range b.Boxes {
		w := side + after + s.cuts.width(box.Text, st) + 2*bodySize
		switch {
		case i == 0:
			s.room(h)
		case !b.Inline || x+w-2*bodySize > marginLeft+measure:
			s.y += h
			x = marginLeft + 2*bodySize
			s.room(h)
		}
		s.tick(x, s.y+(h-side)/2, side, box.On)
		lines := s.cuts.lines(box.Text, st, marginLeft+measure-x-side-after, 0)
		for n, l := range lines {
			if n > 0 {
				s.y += h
				s.room(h)
			}
			s.line(l, x+side+after, s.y, 0, st)
		}
		x += w
	}
	if len(b.Boxes) > 0 {
		s.y += h
	}
}

func (s *setter) tick(x, y, side float64, on bool) {
	s.mark(rule{x, y, x + side, y, 0.7}, rule{x, y + side, x + side, y + side, 0.7},
		rule{x, y, x, y + side, 0.7}, rule{x + side, y, x + side, y + side, 0.7})
	if on {
		s.mark(words{x: x - 0.5, y: y + side - 0.5, size: side + 4, run: run{cut: s.cuts.of('√', false), text: "√"}})
	}
}

// frame is a warning in a frame.
func (s *setter) frame(text string) {
	st := style{size: bodySize, bold: true}
	const pad = 6.0
	lines := s.cuts.lines(text, st, measure-2*pad, 0)
	h := float64(len(lines))*bodySize*leading + 2*pad
	s.y += 3
	s.room(h)
	top := s.y
	s.y += pad
	for _, l := range lines {
		s.line(l, marginLeft+pad, s.y, l.gap(measure-2*pad, bodySize), st)
		s.y += bodySize * leading
	}
	s.y += pad
	s.box(marginLeft, top, measure, s.y-top, strong)
	s.y += 4
}

func (s *setter) box(x, y, w, h, weight float64) {
	s.mark(rule{x, y, x + w, y, weight}, rule{x, y + h, x + w, y + h, weight}, rule{x, y, x, y + h, weight}, rule{x + w, y, x + w, y + h, weight})
}

package press

import (
	"strings"

	"doorstep/internal/paper"
)

// lay sets one paper onto its pages, from its title to its last place to sign. It
// is set more tightly, and no more than it takes, where that saves a page: a form
// fills its sheet rather than leave a few lines or a signature over.
func (f *cuts) lay(p *paper.Paper) *setter {
	if p.Code == "F27" {
		return f.layAt(p, cover)
	}
	s := f.layAt(p, easy)
	if len(s.pages) == 1 {
		return s
	}
	t := f.layAt(p, tight)
	if len(t.pages) == len(s.pages) {
		return s
	}
	for _, part := range []float64{0.3, 0.65} {
		if u := f.layAt(p, easy.towards(tight, part)); len(u.pages) == len(t.pages) {
			return u
		}
	}
	return t
}

func (f *cuts) layAt(p *paper.Paper, at pace) *setter {
	s := &setter{cuts: f, pace: at, goesOn: "（" + strings.TrimSpace(p.Title+"　"+p.Numbers()) + "　签名页，接上页）"}
	s.head(p)
	for i, b := range p.Blocks {
		s.block(b, i == 0)
	}
	s.pour()
	return s
}

func (s *setter) head(p *paper.Paper) {
	s.above = s.pace.drop
	put := func(text string, st style, at align) {
		if text != "" {
			s.text(text, st, at, 0)
		}
	}
	put(p.Mark, style{size: tableSize, bold: true}, right)
	if p.Draft {
		put("（草稿，尚未生效）", style{size: tableSize}, right)
	}
	put(p.Office, style{size: 16}, centre)
	s.skip(4)
	put(p.Title, style{size: s.pace.title, bold: true}, centre)
	put(p.Numbers(), style{size: bodySize}, right)
	s.skip(6 + s.pace.drop/4)
	for i := range s.strips {
		s.strips[i].keep, s.strips[i].weight = true, 0
	}
}

// block draws the parts of a block in the order of its fields. The first one of a
// paper may begin with whom it is for.
func (s *setter) block(b paper.Block, first bool) {
	body := style{size: bodySize}
	if b.Head != "" {
		s.skip(4)
		s.text(b.Head, style{size: bodySize, bold: true}, left, 0)
		s.strips[len(s.strips)-1].weight = 0
		s.hold()
	}
	s.table(b)
	for i, t := range b.Text {
		s.text(t, body, left, indentOf(b.Text[max(i-1, 0)], t, first && i == 0))
		if t == "此致" {
			s.hold()
		}
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
	s.skip(3)
}

// indentOf: a paragraph begins two characters in; whom the paper addresses, and
// the body it is handed to after 此致, stands at the margin.
func indentOf(before, text string, first bool) float64 {
	if before == "此致" && text != before || first && strings.HasSuffix(text, "：") && !strings.ContainsAny(text, "，。") {
		return 0
	}
	return 2 * bodySize
}

// The side of a tick box and the room behind it, in points.
const boxSide, boxAfter = 10.0, 6.0

// boxes are the tick boxes, one below the other or along the line.
func (s *setter) boxes(b paper.Block) {
	st := style{size: bodySize}
	const first = marginLeft + 2*bodySize
	var row []func(pg *page, y float64)
	flush := func() {
		if marks := row; len(marks) > 0 {
			s.add(strip{high: bodySize * s.pace.leading, weight: 1, draw: func(pg *page, y float64) {
				for _, m := range marks {
					m(pg, y)
				}
			}})
			row = nil
		}
	}
	x, from := first, len(s.strips)
	for _, box := range b.Boxes {
		w := boxSide + boxAfter + s.cuts.width(box.Text, st)
		if !b.Inline || x+w > marginLeft+measure {
			flush()
			x = first
		}
		for n, l := range s.cuts.lines(box.Text, st, marginLeft+measure-x-boxSide-boxAfter, 0) {
			if n > 0 {
				flush()
				s.hold()
			}
			at, ticked := x, n == 0
			row = append(row, func(pg *page, y float64) {
				if ticked {
					s.tick(pg, at, y+(bodySize*easy.leading-boxSide)/2, box.On)
				}
				pg.line(l, at+boxSide+boxAfter, y, 0, st)
			})
		}
		x += w + 2*bodySize
	}
	flush()
	s.whole(from)
}

func (s *setter) tick(pg *page, x, y float64, on bool) {
	const side = boxSide
	pg.box(x, y, side, side, 0.7)
	if on {
		pg.mark(words{x: x - 0.5, y: y + side - 0.5, size: side + 4, run: run{cut: s.cuts.of('√', false), text: "√"}})
	}
}

// frame is a warning in a frame.
func (s *setter) frame(text string) {
	st := style{size: bodySize, bold: true}
	const pad = 6.0
	lines := s.cuts.lines(text, st, measure-2*pad, 0)
	h := bodySize * s.pace.leading
	high := float64(len(lines))*h + 2*pad
	s.skip(3)
	s.add(strip{high: high, weight: len(lines), draw: func(pg *page, y float64) {
		pg.box(marginLeft, y, measure, high, strong)
		for i, l := range lines {
			pg.line(l, marginLeft+pad, y+pad+float64(i)*h, l.gap(measure-2*pad, bodySize), st)
		}
	}})
	s.skip(4)
}

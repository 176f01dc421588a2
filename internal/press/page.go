package press

import (
	"fmt"
	"strings"

	"github.com/signintech/gopdf"
)

// An A4 sheet in points, with room to bind it on the left (GB/T 9704).
const (
	sheetWidth, sheetHeight  = 595.28, 841.89
	marginTop, marginBottom  = 58.0, 62.0
	marginLeft, marginRight  = 76.0, 62.0
	measure                  = sheetWidth - marginLeft - marginRight
	bottom                   = sheetHeight - marginBottom
	bodySize, smallSize      = 13.0, 9.0
	tableSize                = 11.5
	leading                  = 1.56 // of the type size
	thin, strong, cellMargin = 0.5, 1.0, 4.5
)

// mark is one thing drawn on a page.
type mark interface {
	draw(pdf *gopdf.GoPdf) error
}

// words are one run of text; y is its base line.
type words struct {
	x, y, size, gap float64
	run             run
	grey            bool
}

func (w words) draw(pdf *gopdf.GoPdf) error {
	if err := pdf.SetFont(w.run.cut.name, "", w.size); err != nil {
		return err
	}
	if err := pdf.SetCharSpacing(w.gap); err != nil {
		return err
	}
	shade := uint8(0)
	if w.grey {
		shade = 90
	}
	pdf.SetTextColor(shade, shade, shade)
	pdf.SetXY(w.x, w.y)
	return pdf.Text(w.run.text)
}

// rule is a straight line.
type rule struct{ x1, y1, x2, y2, weight float64 }

func (r rule) draw(pdf *gopdf.GoPdf) error {
	pdf.SetStrokeColor(0, 0, 0)
	pdf.SetLineType("solid")
	pdf.SetLineWidth(r.weight)
	pdf.Line(r.x1, r.y1, r.x2, r.y2)
	return nil
}

// ring is where a seal or a fingerprint is put.
type ring struct{ x1, y1, x2, y2 float64 }

func (r ring) draw(pdf *gopdf.GoPdf) error {
	pdf.SetStrokeColor(150, 150, 150)
	pdf.SetLineType("dashed")
	pdf.SetLineWidth(thin)
	pdf.Oval(r.x1, r.y1, r.x2, r.y2)
	return nil
}

// page is one side of a sheet.
type page struct {
	marks []mark
	no    int // within its paper, from 1
}

// setter puts a paper onto pages, from top to bottom.
type setter struct {
	cuts  *cuts
	pages []*page
	y     float64 // where the next thing begins
}

func newSetter(f *cuts) *setter {
	s := &setter{cuts: f}
	s.turn()
	return s
}

// turn begins a new page.
func (s *setter) turn() {
	s.pages = append(s.pages, &page{no: len(s.pages) + 1})
	s.y = marginTop
}

// room begins a new page unless so many points are left on this one.
func (s *setter) room(points float64) {
	if s.y+points > bottom && s.y > marginTop {
		s.turn()
	}
}

func (s *setter) mark(m ...mark) {
	p := s.pages[len(s.pages)-1]
	p.marks = append(p.marks, m...)
}

// line draws one line with its box beginning at y.
func (s *setter) line(l line, x, y, gap float64, st style) {
	base := y + st.size*(leading-1)/2 + st.size*0.88
	for _, r := range l.runs {
		s.mark(words{x: x, y: base, size: st.size, gap: gap, run: r})
		x += r.width + gap*float64(len([]rune(r.text)))
	}
}

// align is where a line stands in its measure.
type align int

const (
	left align = iota
	centre
	right
)

// text sets a paragraph across the page. A page has two lines of it or none.
func (s *setter) text(text string, st style, at align, indent float64) {
	s.column(text, st, at, indent, marginLeft, measure)
}

func (s *setter) column(text string, st style, at align, indent, x, width float64) {
	all := s.cuts.lines(text, st, width, indent)
	h := st.size * leading
	for i, l := range all {
		need := h
		if i == 0 && len(all) > 1 {
			need = 2 * h
		}
		s.room(need)
		lx, gap := x, 0.0
		free := width
		if i == 0 {
			lx, free = x+indent, width-indent
		}
		switch at {
		case centre:
			lx += (free - l.width) / 2
		case right:
			lx += free - l.width
		case left:
			gap = l.gap(free, st.size)
		}
		s.line(l, lx, s.y, gap, st)
		s.y += h
	}
}

// foot is the small print of every page: what the paper says of itself and where
// in it the page stands.
func (s *setter) foot(p *page, text string, of int) {
	small := style{size: smallSize}
	y := sheetHeight - marginBottom + 22
	put := func(text string, at align) {
		for part := range strings.SplitSeq(text, "\n") {
			for _, l := range s.cuts.lines(part, small, measure, 0) {
				x := marginLeft
				if at == right {
					x += measure - l.width
				}
				for _, r := range l.runs {
					p.marks = append(p.marks, words{x: x, y: y, size: smallSize, run: r, grey: true})
					x += r.width
				}
				y += smallSize * 1.35
			}
		}
	}
	put(fmt.Sprintf("第%d页　共%d页", p.no, of), right)
	y = sheetHeight - marginBottom + 22
	put(text, left)
}

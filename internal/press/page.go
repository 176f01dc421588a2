package press

import (
	"fmt"
	"strings"

	"github.com/signintech/gopdf"
)

// An A4 sheet in points, with room to bind it on the left (GB/T 9704).
const (
	sheetWidth, sheetHeight = 595.28, 841.89
	marginTop, marginBottom = 58.0, 62.0
	marginLeft, marginRight = 76.0, 62.0
	measure                 = sheetWidth - marginLeft - marginRight
	bottom                  = sheetHeight - marginBottom
	bodySize, smallSize     = 13.0, 9.0
	tableSize               = 11.5
	thin, strong            = 0.5, 1.0
	cellMargin              = 4.5 // left and right of the text of a cell
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

func (p *page) mark(m ...mark) { p.marks = append(p.marks, m...) }

// line draws one line with its box beginning at y. Its base line hangs on the
// type size alone, so that a line stands alike however tightly it is set.
func (p *page) line(l line, x, y, gap float64, st style) {
	base := y + st.size*1.16
	for _, r := range l.runs {
		p.mark(words{x: x, y: base, size: st.size, gap: gap, run: r})
		x += r.width + gap*float64(len([]rune(r.text)))
	}
}

func (p *page) box(x, y, w, h, weight float64) {
	p.mark(rule{x, y, x + w, y, weight}, rule{x, y + h, x + w, y + h, weight}, rule{x, y, x, y + h, weight}, rule{x + w, y, x + w, y + h, weight})
}

// small writes grey small print, its middle at x.
func (p *page) small(f *cuts, text string, x, base float64) {
	x -= f.width(text, style{size: smallSize}) / 2
	for _, l := range f.lines(text, style{size: smallSize}, measure, 0) {
		for _, r := range l.runs {
			p.mark(words{x: x, y: base, size: smallSize, run: r, grey: true})
			x += r.width
		}
	}
}

// setter cuts a paper into strips and puts them onto pages, from top to bottom.
type setter struct {
	cuts   *cuts
	pace   pace
	goesOn string // over places that stand on a page of their own
	strips []strip
	above  float64 // points before the next strip

	pages []*page
	y     float64 // where the next strip begins
	last  *strip  // on the page at hand
}

// skip leaves room before the next strip.
func (s *setter) skip(points float64) { s.above += points * s.pace.space }

func (s *setter) add(one strip) {
	one.above, s.above = s.above, 0
	s.strips = append(s.strips, one)
}

// hold keeps the strip added last with what follows.
func (s *setter) hold() {
	if n := len(s.strips); n > 0 {
		s.strips[n-1].keep = true
	}
}

// align is where a line stands in its measure.
type align int

const (
	left align = iota
	centre
	right
)

// text sets a paragraph across the page. A page has two lines of it or none, and
// what announces something does not part from it.
func (s *setter) text(text string, st style, at align, indent float64) {
	all := s.cuts.lines(text, st, measure, indent)
	for i, l := range all {
		x, free := marginLeft, measure
		if i == 0 {
			x, free = x+indent, free-indent
		}
		gap := 0.0
		switch at {
		case centre:
			x += (free - l.width) / 2
		case right:
			x += free - l.width
		case left:
			gap = l.gap(free, st.size)
		}
		last := i == len(all)-1
		s.add(strip{high: st.size * s.pace.leading, weight: 1, draw: func(pg *page, y float64) { pg.line(l, x, y, gap, st) },
			keep: !last && (i == 0 || i == len(all)-2) || last && strings.HasSuffix(text, "：")})
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

package press

import (
	"doorstep/internal/paper"
)

// The seal of a committee measures 42 mm with its margin cut; a finger less.
const (
	sealSide                  = 108.0
	fingerWidth, fingerHeight = 38.0, 46.0
	placeWidth                = measure/2 - 12
	besideGap                 = 6.0
	toWrite                   = 26.0 // points left to write a name by hand
	openWhen                  = "　　　年　　月　　日"
)

// places are where people sign, two to a row, a seal with its circle.
func (s *setter) places(all []paper.Place) {
	if len(all) > 0 {
		s.skip(6)
	}
	for i := 0; i < len(all); i += 2 {
		pair := all[i:min(i+2, len(all))]
		spots := s.pair(pair)
		h := 0.0
		for _, p := range spots {
			h = max(h, p.high)
		}
		s.add(strip{high: h, sign: true, draw: func(pg *page, y float64) {
			for _, p := range spots {
				s.place(pg, p, y)
			}
		}})
	}
}

// spot is a place to sign with its texts broken into lines.
type spot struct {
	paper.Place
	x, width, high float64
	role, texts    []line
	wide, tall     float64 // of the drawn name
	when           line
}

// beside is what stands right of the words of a place.
func beside(p paper.Place) float64 {
	switch {
	case p.Seal:
		return sealSide + besideGap
	case p.Finger:
		return fingerWidth + besideGap
	}
	return 0
}

func (s *setter) spot(p paper.Place, x, width float64) spot {
	plain, free := style{size: tableSize}, width-beside(p)
	at := spot{Place: p, x: x, width: width, role: s.cuts.lines(p.Role+"：", style{tableSize, true}, free, 0)}
	for _, t := range []string{p.Name, p.Done} {
		if t != "" {
			at.texts = append(at.texts, s.cuts.lines(t, plain, free, 0)...)
		}
	}
	at.when = s.cuts.lines(when(p), plain, measure, 0)[0]
	at.wide, at.tall = inkSize(p.Ink, free)
	h := tableSize * s.pace.row
	texts := float64(len(at.role)+len(at.texts)+1)*h + at.tall // and the day
	if p.Done == "" {
		texts += toWrite
	}
	switch {
	case p.Seal:
		texts = max(texts, sealSide)
	case p.Finger:
		texts = max(texts, fingerHeight+h)
	}
	at.high = texts + 12*s.pace.space
	return at
}

// pair are the places of a row: one, or two side by side. A seal on the right takes
// what the left one leaves, so that the name beside it stays whole.
func (s *setter) pair(row []paper.Place) []spot {
	left := s.spot(row[0], marginLeft, placeWidth)
	last := row[len(row)-1]
	if last.Seal {
		whole := s.spotRight(last)
		if len(row) == 1 { // who issues a paper stands on its right
			return []spot{whole}
		}
		if free := whole.x - marginLeft - 12; s.wide(row[0]) <= free {
			return []spot{s.spot(row[0], marginLeft, min(placeWidth, free)), whole}
		}
	}
	if len(row) == 1 {
		return []spot{left}
	}
	return []spot{left, s.spot(last, marginLeft+measure/2, placeWidth)}
}

// wide is how many points a place takes so that none of its texts is broken.
func (s *setter) wide(p paper.Place) float64 {
	widest := s.cuts.width(p.Role+"：", style{tableSize, true})
	for _, t := range []string{p.Name, p.Done, when(p)} {
		widest = max(widest, s.cuts.width(t, style{size: tableSize}))
	}
	return widest + 1 + beside(p)
}

// spotRight is a seal at the right margin, as wide as its texts.
func (s *setter) spotRight(p paper.Place) spot {
	width := min(measure, s.wide(p))
	return s.spot(p, marginLeft+measure-width, width)
}

// when is the day of a place. One that is open begins farther right, but not under
// a seal.
func when(p paper.Place) string {
	switch {
	case p.On() != "":
		return p.On()
	case p.Seal:
		return "　　年　　月　　日"
	}
	return openWhen
}

func (s *setter) place(pg *page, p spot, y float64) {
	h := tableSize * s.pace.row
	end := y + p.high - 12*s.pace.space
	for i, l := range p.role {
		pg.line(l, p.x, y+float64(i)*h, 0, style{tableSize, true})
	}
	y += float64(len(p.role)) * h
	for _, l := range p.texts {
		pg.line(l, p.x, y, 0, style{size: tableSize})
		y += h
	}
	if p.tall > 0 {
		pg.mark(drawing{p.x + min(2*tableSize, p.width-beside(p.Place)-p.wide), y, p.wide, p.tall, p.Ink})
	}
	edge := p.x + p.width
	switch {
	case p.Seal:
		pg.mark(ring{edge - sealSide, end - sealSide, edge, end})
		pg.small(s.cuts, "盖章处", edge-sealSide/2, end-sealSide/2+3)
	case p.Finger:
		pg.mark(ring{edge - fingerWidth, end - fingerHeight, edge, end})
		pg.small(s.cuts, "指印", edge-fingerWidth/2, end-fingerHeight/2+3)
	}
	pg.line(p.when, p.x, end-h, 0, style{size: tableSize})
}

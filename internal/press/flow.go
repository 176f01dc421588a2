package press

// strip is what stays in one piece on a page: a line, a row of a table, a row of
// places to sign. A paper is cut into strips first and put onto pages then, since
// where a page may end hangs on what follows.
type strip struct {
	above, high float64 // points; the space above falls away at the top of a page
	keep        bool    // what follows stands on the same page
	weight      int     // lines of body: what a signature must share its page with
	sign        bool    // places to sign
	draw        func(pg *page, y float64)
	lead        *strip                    // stands again where this one begins a page
	begin, end  func(pg *page, y float64) // what is drawn more where it begins or ends a page
	page        int                       // it came to stand on, from 1
}

// pace is how tightly a paper is set.
type pace struct {
	leading float64 // of the type size
	row     float64 // the same inside a table
	cell    float64 // above and below the text of a cell, in points
	space   float64 // of the room between blocks
	table   float64 // type size of a table, in points
	title   float64 // type size of the title
	drop    float64 // points above the first line
}

var (
	easy  = pace{leading: 1.56, row: 1.5, cell: 4.5, space: 1, table: tableSize, title: 22}
	tight = pace{leading: 1.38, row: 1.34, cell: 3, space: 0.6, table: tableSize, title: 22}
	cover = pace{leading: 1.56, row: 1.5, cell: 12, space: 1, table: 14, title: 30, drop: 84}
)

// towards is the pace a part of the way to another.
func (p pace) towards(q pace, part float64) pace {
	p.leading += (q.leading - p.leading) * part
	p.row += (q.row - p.row) * part
	p.cell += (q.cell - p.cell) * part
	p.space += (q.space - p.space) * part
	return p
}

// enough is how many lines of body a signature has at least with it on its page.
//
// Source: GB/T 9704, 7.3.5.5: a seal never stands on a page without body.
const enough = 2

// bindPlaces keeps each run of places together, and with the last lines before
// it, so that nobody can put a signature under another text.
func (s *setter) bindPlaces() {
	for i := range s.strips {
		if !s.strips[i].sign {
			continue
		}
		if i+1 < len(s.strips) && s.strips[i+1].sign {
			s.strips[i].keep = true
		}
		if i > 0 && s.strips[i-1].sign {
			continue
		}
		for n, k := 0, i-1; k >= 0 && n < enough; k-- {
			s.strips[k].keep = true
			n += s.strips[k].weight
		}
	}
}

// pour puts the strips onto pages.
func (s *setter) pour() []*page {
	s.bindPlaces()
	s.turn()
	for from := 0; from < len(s.strips); {
		to := from + 1
		for to < len(s.strips) && s.strips[to-1].keep {
			to++
		}
		group := s.strips[from:to]
		if s.y > marginTop && s.y+high(group, false) > bottom && marginTop+high(group, true) <= bottom {
			s.turn()
		}
		for i := range group {
			s.put(&group[i])
		}
		from = to
	}
	return s.pages
}

// high is how many points strips take, at the top of a page or further down.
func high(list []strip, top bool) float64 {
	h := 0.0
	for i := range list {
		if top && i == 0 {
			if list[i].lead != nil {
				h += list[i].lead.high
			}
		} else {
			h += list[i].above
		}
		h += list[i].high
	}
	return h
}

// put draws one strip, on a new page where this one is full.
func (s *setter) put(one *strip) {
	pg := s.pages[len(s.pages)-1]
	if s.y > marginTop && s.y+one.above+one.high > bottom {
		pg = s.turn()
	}
	if s.last == nil {
		s.top(pg, one)
	} else {
		s.y += one.above
	}
	one.draw(pg, s.y)
	one.page = len(s.pages)
	s.y += one.high
	s.last = one
}

// top draws what a strip needs more at the top of a page: the head of its table;
// for places that a page could not hold with their text, whose they are.
func (s *setter) top(pg *page, one *strip) {
	if one.sign && len(s.pages) > 1 {
		for _, l := range s.cuts.lines(s.goesOn, style{size: bodySize}, measure, 0) {
			pg.line(l, marginLeft, s.y, 0, style{size: bodySize})
			s.y += bodySize * s.pace.leading
		}
	}
	if one.lead != nil {
		one.lead.draw(pg, s.y)
		s.y += one.lead.high
	}
	if one.begin != nil {
		one.begin(pg, s.y)
	}
}

// turn begins a new page.
func (s *setter) turn() *page {
	if s.last != nil && s.last.end != nil {
		s.last.end(s.pages[len(s.pages)-1], s.y)
	}
	pg := &page{no: len(s.pages) + 1}
	s.pages, s.last = append(s.pages, pg), nil
	s.y = marginTop
	return pg
}

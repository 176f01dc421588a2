package figures

import (
	"math/big"
	"slices"
)

// Sheet is a table meant for the public: Rows of figures of neighbouring areas,
// then one row with their sums. It also carries the equations that hold between
// its columns, which a reader knows as well as we do.
type Sheet struct {
	Cells []Cell
	Rows  []Values // the last one is the sum of the others
}

// PublicCells are the figures that are published: those that say what became of
// people's disputes, and none that could be matched with something else known of
// a household, such as a sum of money. The rounds to find disputes are left out: they
// tell of a committee's diligence and of no outcome, and what they found is mostly a
// few, which would have to be hidden.
var PublicCells = []Cell{Accepted, Concluded, Success, Failed, Withdrawn, ToCourt, Written, Oral}

// Shown is one published figure. A hidden one is at least 1 and not told.
type Shown struct {
	Value  int64
	Hidden bool
}

// Publish hides every figure from 1 to small-1, and as many others as it takes
// that no hidden one can be reckoned from the rest. Nought is shown: that nothing
// happened tells of nobody. With small of 1 or less nothing is hidden.
//
// A hidden figure stays only when a second table was found that agrees with
// everything shown, keeps every hidden figure at 1 or more, and has another
// number in its place. So no reader can be sure of it, however he reckons. When
// no such table can be found by hiding single figures, the whole sheet is hidden
// but its noughts.
//
// Source: PIPL 25, 73 (what is published must not lead to a person); the bound is
// a setting.
func (s Sheet) Publish(small int64) [][]Shown {
	p := newPuzzle(s)
	p.hidePrimary(small)
	for p.guard() {
	}
	out := make([][]Shown, len(s.Rows))
	for i := range s.Rows {
		for j := range s.Cells {
			at := i*len(s.Cells) + j
			shown := Shown{Value: p.values[at], Hidden: p.hidden[at]}
			if shown.Hidden {
				shown.Value = 0
			}
			out[i] = append(out[i], shown)
		}
	}
	return out
}

// puzzle is a sheet as a reader sees it who tries to fill the gaps: numbers,
// which of them are hidden, and equations whose weighted sum is nought.
type puzzle struct {
	values    []int64
	hidden    []bool
	equations []map[int]int64 // place -> weight
	fixed     int             // the first places were told before: they cannot be hidden any more
}

func newPuzzle(s Sheet) *puzzle {
	p := &puzzle{hidden: make([]bool, len(s.Rows)*len(s.Cells))}
	width := len(s.Cells)
	for i, row := range s.Rows {
		for _, cell := range s.Cells {
			p.values = append(p.values, row[cell])
		}
		for _, c := range checks {
			if eq := c.equation(s.Cells, i*width); eq != nil {
				p.equations = append(p.equations, eq)
			}
		}
	}
	if last := len(s.Rows) - 1; last > 0 {
		for j := range s.Cells {
			eq := map[int]int64{last*width + j: -1}
			for i := range last {
				eq[i*width+j] = 1
			}
			p.equations = append(p.equations, eq)
		}
	}
	return p
}

// equation places a sum among the columns; nil when not all of it is shown.
func (c Check) equation(cells []Cell, offset int) map[int]int64 {
	if c.AtMost {
		return nil
	}
	eq := map[int]int64{}
	for _, cell := range append([]Cell{c.Whole}, c.Parts...) {
		j := slices.Index(cells, cell)
		if j < 0 {
			return nil
		}
		eq[offset+j] = 1
	}
	eq[offset+slices.Index(cells, c.Whole)] = -1
	return eq
}

func (p *puzzle) hidePrimary(small int64) {
	for i, n := range p.values {
		p.hidden[i] = n > 0 && n < small
	}
}

// guard hides one more figure where a hidden one could be told; it says whether
// it did.
func (p *puzzle) guard() bool {
	free := p.kernel()
	for i, hidden := range p.hidden {
		if hidden && !slices.ContainsFunc(free, func(v []int64) bool { return v[i] != 0 && p.bends(v) }) {
			if next := p.partner(i); next >= 0 {
				p.hidden[next] = true
				return true
			}
			return p.hideAll()
		}
	}
	return false
}

// bends says whether the hidden figures moved along v, one way or the other, are
// still at least 1: then the moved table is the second one.
func (p *puzzle) bends(v []int64) bool {
	up, down := true, true
	for i, d := range v {
		if p.hidden[i] {
			up = up && p.values[i]+d >= 1
			down = down && p.values[i]-d >= 1
		}
	}
	return up || down
}

// partner is the figure to hide beside one that can be told: the smallest shown
// one above nought that stands in an equation with it or, when those are used
// up, with another hidden one. -1 when there is none.
func (p *puzzle) partner(of int) int {
	near := p.smallest(func(eq map[int]int64) bool { return eq[of] != 0 })
	if near >= 0 {
		return near
	}
	return p.smallest(func(eq map[int]int64) bool {
		for i := range eq {
			if p.hidden[i] {
				return true
			}
		}
		return false
	})
}

// smallest takes a part before a whole: a hidden sum costs the reader more.
func (p *puzzle) smallest(among func(map[int]int64) bool) int {
	best, whole := -1, true
	for _, eq := range p.equations {
		if !among(eq) {
			continue
		}
		for i, weight := range eq {
			if p.hidden[i] || p.values[i] <= 0 || i < p.fixed {
				continue
			}
			sum := weight < 0
			switch {
			case best < 0, whole && !sum:
			case sum && !whole, p.values[i] > p.values[best], p.values[i] == p.values[best] && i >= best:
				continue
			}
			best, whole = i, sum
		}
	}
	return best
}

// hideAll is the last resort: everything but noughts. It says whether anything
// was still shown.
func (p *puzzle) hideAll() bool {
	changed := false
	for i, n := range p.values {
		if n > 0 && !p.hidden[i] && i >= p.fixed {
			p.hidden[i], changed = true, true
		}
	}
	return changed
}

// kernel gives directions in which the hidden figures can move together without
// touching an equation: a basis of the null space of the equations, in whole
// numbers.
func (p *puzzle) kernel() [][]int64 {
	var unknown []int
	for i, hidden := range p.hidden {
		if hidden {
			unknown = append(unknown, i)
		}
	}
	rows := p.reduced(unknown)
	pivots := map[int]int{} // column -> row
	for r, row := range rows {
		for c := range unknown {
			if row[c].Sign() != 0 {
				pivots[c] = r
				break
			}
		}
	}
	var basis [][]int64
	for c := range unknown {
		if _, bound := pivots[c]; bound {
			continue
		}
		direction := make([]*big.Rat, len(unknown))
		for k := range direction {
			direction[k] = new(big.Rat)
		}
		direction[c].SetInt64(1)
		for pivot, r := range pivots {
			direction[pivot].Neg(rows[r][c])
		}
		basis = append(basis, p.whole(unknown, direction))
	}
	return basis
}

// reduced brings the equations over the hidden figures into reduced row echelon
// form.
func (p *puzzle) reduced(unknown []int) [][]*big.Rat {
	var rows [][]*big.Rat
	for _, eq := range p.equations {
		row, any := make([]*big.Rat, len(unknown)), false
		for c, i := range unknown {
			row[c] = new(big.Rat).SetInt64(eq[i])
			any = any || eq[i] != 0
		}
		if any {
			rows = append(rows, row)
		}
	}
	done := 0
	for c := range unknown {
		at := slices.IndexFunc(rows[done:], func(r []*big.Rat) bool { return r[c].Sign() != 0 })
		if at < 0 {
			continue
		}
		rows[done], rows[done+at] = rows[done+at], rows[done]
		scale := new(big.Rat).Inv(rows[done][c])
		for k := range rows[done] {
			rows[done][k].Mul(rows[done][k], scale)
		}
		for r := range rows {
			if r != done && rows[r][c].Sign() != 0 {
				subtract(rows[r], rows[done], new(big.Rat).Set(rows[r][c]))
			}
		}
		if done++; done == len(rows) {
			break
		}
	}
	return rows[:done]
}

func subtract(row, other []*big.Rat, times *big.Rat) {
	for k := range row {
		if other[k].Sign() != 0 {
			row[k].Sub(row[k], new(big.Rat).Mul(other[k], times))
		}
	}
}

// whole spreads a direction over all figures and multiplies its fractions away.
func (p *puzzle) whole(unknown []int, direction []*big.Rat) []int64 {
	common := big.NewInt(1)
	for _, d := range direction {
		common.Mul(common, new(big.Int).Div(d.Denom(), new(big.Int).GCD(nil, nil, common, d.Denom())))
	}
	v := make([]int64, len(p.values))
	for k, i := range unknown {
		v[i] = new(big.Int).Div(new(big.Int).Mul(direction[k].Num(), common), direction[k].Denom()).Int64()
	}
	return v
}

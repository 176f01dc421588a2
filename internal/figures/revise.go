package figures

import "slices"

// Revise gives what may be shown of a corrected sheet to readers who kept what
// was shown of it before; false when nothing may, and the old one stays until
// further corrections are added to it.
//
// Whoever has both tables also has their difference. So a figure told in both may
// not have moved by 1 to small-1, which would tell of a few; one that was hidden
// may not become nought or come from it; and taken together, with everything
// that was not corrected known to be the same, no hidden figure of either table
// and no small move of one may be reckoned. Figures are hidden beside those that
// were before as it takes; what was told once cannot be taken back.
//
// The areas and columns of both sheets are the same.
//
// Source: PIPL 25, 73 (what is published must not lead to a person).
func Revise(old Sheet, shown [][]Shown, corrected Sheet, small int64) ([][]Shown, bool) {
	before, after := newPuzzle(old), newPuzzle(corrected)
	n := len(before.values)
	for i := range n {
		before.hidden[i] = shown[i/len(old.Cells)][i%len(old.Cells)].Hidden
	}
	after.hidePrimary(small)
	both := joined(before, after)
	for i := range n {
		move := max(both.values[n+i]-both.values[i], both.values[i]-both.values[n+i])
		switch {
		case both.hidden[i] && both.values[n+i] == 0, both.values[i] == 0 && both.hidden[n+i]:
			return nil, false
		case both.hidden[i] && move == 0:
			both.hidden[n+i] = true
		case !both.hidden[i] && !both.hidden[n+i] && move > 0 && move < small:
			return nil, false
		}
	}
	for both.guard() {
	}
	if !both.safe(n, small) {
		return nil, false
	}
	out := make([][]Shown, len(corrected.Rows))
	for i := range n {
		cell := Shown{Value: both.values[n+i], Hidden: both.hidden[n+i]}
		if cell.Hidden {
			cell.Value = 0
		}
		out[i/len(corrected.Cells)] = append(out[i/len(corrected.Cells)], cell)
	}
	return out, true
}

// joined is two puzzles a reader solves together: the second one's places follow
// those of the first, and what did not move is one figure in two places.
func joined(before, after *puzzle) *puzzle {
	n := len(before.values)
	p := &puzzle{values: slices.Concat(before.values, after.values), hidden: slices.Concat(before.hidden, after.hidden),
		equations: slices.Clone(before.equations), fixed: n}
	for _, eq := range after.equations {
		moved := map[int]int64{}
		for i, weight := range eq {
			moved[n+i] = weight
		}
		p.equations = append(p.equations, moved)
	}
	for i := range n {
		if before.values[i] == after.values[i] {
			p.equations = append(p.equations, map[int]int64{i: 1, n + i: -1})
		}
	}
	return p
}

// safe says whether no hidden figure, and no small move of a figure hidden in
// either table, can be told. N is how many places one table has.
func (p *puzzle) safe(n int, small int64) bool {
	free := p.kernel()
	for i, hidden := range p.hidden {
		if hidden && !slices.ContainsFunc(free, func(v []int64) bool { return v[i] != 0 && p.bends(v) }) {
			return false
		}
	}
	for i := range n {
		move := max(p.values[n+i]-p.values[i], p.values[i]-p.values[n+i])
		if move > 0 && move < small && !slices.ContainsFunc(free, func(v []int64) bool { return v[i] != v[n+i] && p.bends(v) }) {
			return false
		}
	}
	return true
}

// Versions walks a sheet through its corrections, each given as the whole sheet
// after it, and gives what may be shown now, the sheet that is shown, and how many
// of the last corrections are held back.
func Versions(first Sheet, corrected []Sheet, small int64) (shown [][]Shown, told Sheet, held int) {
	told, shown = first, first.Publish(small)
	for _, next := range corrected {
		if out, ok := Revise(told, shown, next, small); ok {
			told, shown, held = next, out, 0
		} else {
			held++
		}
	}
	return shown, told, held
}

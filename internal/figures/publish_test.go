package figures

import (
	"testing"

	"pgregory.net/rapid"
)

// sheetOf makes a sheet from its rows but the last, which is their sum.
func sheetOf(cells []Cell, rows ...Values) Sheet {
	sum := Values{}
	for _, row := range rows {
		for cell, n := range row {
			sum[cell] += n
		}
	}
	return Sheet{Cells: cells, Rows: append(rows, sum)}
}

func TestASmallFigureTakesAnotherWithIt(t *testing.T) {
	s := sheetOf([]Cell{Success, Written, Oral}, Values{Success: 20, Written: 17, Oral: 3}, Values{Success: 30, Written: 20, Oral: 10}, Values{})
	out := s.Publish(5)
	want := [][]bool{{false, true, true}, {false, true, true}, {false, false, false}, {false, false, false}}
	for i, row := range out {
		for j, shown := range row {
			if shown.Hidden != want[i][j] {
				t.Errorf("row %d, %s: hidden %v", i, s.Cells[j], shown.Hidden)
			}
			if shown.Hidden && shown.Value != 0 {
				t.Errorf("row %d, %s: the hidden figure %d goes out", i, s.Cells[j], shown.Value)
			}
			if !shown.Hidden && shown.Value != s.Rows[i][s.Cells[j]] {
				t.Errorf("row %d, %s: %d is shown, want %d", i, s.Cells[j], shown.Value, s.Rows[i][s.Cells[j]])
			}
		}
	}
	for _, row := range s.Publish(1) {
		for _, shown := range row {
			if shown.Hidden {
				t.Error("with a bound of 1 something is hidden")
			}
		}
	}
}

// Two ones that sum up to a shown two are told by their sum, though neither
// stands alone: hidden figures are never nought.
func TestTwoOnesBesideTheirSumAreNotHiddenEnough(t *testing.T) {
	s := sheetOf([]Cell{Accepted}, Values{Accepted: 1}, Values{Accepted: 1}, Values{Accepted: 9})
	out := s.Publish(2)
	if !out[2][0].Hidden && !out[3][0].Hidden {
		t.Errorf("the ones of %+v can be told", out)
	}
}

// attacker looks for all tables that agree with what is shown: hidden figures
// from 1 to most. It knows nothing of how the hiding was done.
type attacker struct {
	values    []int64
	hidden    []bool
	equations []map[int]int64
	most      int64
	found     []map[int64]bool
}

// baffled: every hidden figure could be two things. Then there is nothing more
// to look for.
func (a *attacker) baffled() bool {
	for i, hidden := range a.hidden {
		if hidden && len(a.found[i]) < 2 {
			return false
		}
	}
	return true
}

func (a *attacker) search(at int) {
	if a.baffled() {
		return
	}
	if at == len(a.values) {
		for i, n := range a.values {
			if a.hidden[i] {
				a.found[i][n] = true
			}
		}
		return
	}
	low, high := a.values[at], a.values[at]
	if a.hidden[at] {
		low, high = 1, a.most
	}
	for n := low; n <= high; n++ {
		a.values[at] = n
		if a.possible(at) {
			a.search(at + 1)
		}
	}
}

// possible checks the equations all of whose places are filled.
func (a *attacker) possible(last int) bool {
	for _, eq := range a.equations {
		var sum int64
		whole := true
		for i, weight := range eq {
			whole = whole && i <= last
			sum += weight * a.values[min(i, last)]
		}
		if whole && sum != 0 {
			return false
		}
	}
	return true
}

func TestNoHiddenFigureCanBeReckoned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := []Cell{Success, Written, Oral}
		var rows []Values
		for range rapid.IntRange(1, 2).Draw(t, "areas") {
			w, o := rapid.Int64Range(0, 3).Draw(t, "written"), rapid.Int64Range(0, 3).Draw(t, "oral")
			rows = append(rows, Values{Success: w + o, Written: w, Oral: o})
		}
		s := sheetOf(cells, rows...)
		out := s.Publish(rapid.Int64Range(2, 5).Draw(t, "small"))
		a := &attacker{most: 14, equations: newPuzzle(s).equations}
		for _, row := range out {
			for _, shown := range row {
				a.values, a.hidden, a.found = append(a.values, shown.Value), append(a.hidden, shown.Hidden), append(a.found, map[int64]bool{})
			}
		}
		a.search(0)
		for i, hidden := range a.hidden {
			if hidden && len(a.found[i]) < 2 {
				t.Fatalf("place %d of %v can be told from %+v", i, s.Rows, out)
			}
		}
	})
}

func TestTheWholePublicSheetIsHiddenInTime(t *testing.T) {
	var rows []Values
	for n := range int64(20) {
		v := Values{Accepted: n % 7, Success: n%5 + 1, Failed: n % 3, Withdrawn: n % 2, Written: n % 5, Oral: 1}
		v[Concluded] = v[Success] + v[Failed] + v[Withdrawn]
		rows = append(rows, v)
	}
	s := sheetOf(PublicCells, rows...)
	shown := 0
	for i, row := range s.Publish(5) {
		for j, cell := range row {
			if n := s.Rows[i][s.Cells[j]]; !cell.Hidden {
				shown++
				if n > 0 && n < 5 {
					t.Errorf("row %d tells %s: %d", i, s.Cells[j], n)
				}
			}
		}
	}
	if shown < 40 {
		t.Errorf("only %d figures of %d are shown", shown, len(s.Rows)*len(s.Cells))
	}
}

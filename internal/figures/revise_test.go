package figures

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatOfACorrectionIsShown(t *testing.T) {
	cells := []Cell{Success, Written, Oral}
	row := func(written, oral int64) Values { return Values{Success: written + oral, Written: written, Oral: oral} }
	for _, tt := range []struct {
		rule     string
		old, now []Values
		shown    bool
	}{
		{"nothing moved", []Values{row(20, 10), row(30, 10)}, []Values{row(20, 10), row(30, 10)}, true},
		{"one case more tells of one case", []Values{row(20, 10), row(30, 10)}, []Values{row(21, 10), row(30, 10)}, false},
		{"one case from one line to another", []Values{row(20, 10), row(30, 10)}, []Values{row(19, 11), row(30, 10)}, false},
		{"many cases more", []Values{row(20, 10), row(30, 10)}, []Values{row(27, 10), row(30, 10)}, true},
		{"exactly as many as the bound", []Values{row(20, 10), row(30, 10)}, []Values{row(25, 10), row(30, 10)}, true},
		{"one less than the bound", []Values{row(20, 10), row(30, 10)}, []Values{row(24, 10), row(30, 10)}, false},
		{"a hidden figure that becomes nought", []Values{row(20, 2), row(30, 10)}, []Values{row(20, 0), row(30, 10)}, false},
		{"nought that becomes a hidden figure", []Values{row(20, 0), row(30, 10)}, []Values{row(20, 3), row(30, 10)}, false},
		{"a large move far from a hidden figure", []Values{row(20, 2), row(30, 3), row(40, 50)}, []Values{row(20, 2), row(30, 3), row(40, 60)}, true},
	} {
		old, now := sheetOf(cells, tt.old...), sheetOf(cells, tt.now...)
		out, ok := Revise(old, old.Publish(5), now, 5)
		if ok != tt.shown {
			t.Errorf("%s: shown %v, want %v (%+v)", tt.rule, ok, tt.shown, out)
		}
		if ok {
			for i, r := range out {
				for j, c := range r {
					if want := now.Rows[i][cells[j]]; !c.Hidden && c.Value != want || c.Hidden && c.Value != 0 {
						t.Errorf("%s: row %d, %s shows %+v of %d", tt.rule, i, cells[j], c, want)
					}
				}
			}
		}
	}
}

// A correction too small to be told waits, and goes out with the next that makes
// the move large enough.
func TestSmallCorrectionsWaitUntilTheyAddUp(t *testing.T) {
	cells := []Cell{Success, Written, Oral}
	at := func(written int64) Sheet {
		return sheetOf(cells, Values{Success: written + 10, Written: written, Oral: 10}, Values{Success: 40, Written: 30, Oral: 10})
	}
	for _, tt := range []struct {
		steps []int64
		told  int64
		held  int
	}{{nil, 20, 0}, {[]int64{22}, 20, 1}, {[]int64{22, 24}, 20, 2}, {[]int64{22, 25}, 25, 0}, {[]int64{22, 25, 26}, 25, 1}, {[]int64{22, 20}, 20, 0}} {
		var next []Sheet
		for _, n := range tt.steps {
			next = append(next, at(n))
		}
		shown, told, held := Versions(at(20), next, 5)
		if shown[0][1].Value != tt.told || held != tt.held {
			t.Errorf("by %v it shows %d and holds %d back, want %d and %d", tt.steps, shown[0][1].Value, held, tt.told, tt.held)
		}
		if diff := cmp.Diff(at(tt.told).Rows, told.Rows); diff != "" {
			t.Errorf("by %v (-want +got):\n%s", tt.steps, diff)
		}
	}
}

// Whoever kept the old table and reads the new one, knows every sum and what was
// not corrected, and tries every table there could have been, is sure of no hidden
// figure and sees no small move.
//
// proves: duty.corrections
func TestTwoVersionsTogetherTellNothingHidden(t *testing.T) {
	published := 0
	rapid.Check(t, func(t *rapid.T) {
		cells, small := []Cell{Success, Written, Oral}, rapid.Int64Range(2, 4).Draw(t, "small")
		var before, after []Values
		for range rapid.IntRange(1, 2).Draw(t, "areas") {
			w, o := rapid.Int64Range(0, 3).Draw(t, "written"), rapid.Int64Range(0, 3).Draw(t, "oral")
			dw, do := rapid.SampledFrom([]int64{0, 0, 0, 1, 4}).Draw(t, "more written"), rapid.SampledFrom([]int64{0, 0, 0, 1, 4}).Draw(t, "more oral")
			before = append(before, Values{Success: w + o, Written: w, Oral: o})
			after = append(after, Values{Success: w + dw + o + do, Written: w + dw, Oral: o + do})
		}
		old, now := sheetOf(cells, before...), sheetOf(cells, after...)
		first := old.Publish(small)
		second, ok := Revise(old, first, now, small)
		if !ok {
			return
		}
		published++
		p := joined(newPuzzle(old), newPuzzle(now))
		a := &attacker{most: 16, equations: p.equations}
		for _, table := range [][][]Shown{first, second} {
			for _, row := range table {
				for _, shown := range row {
					a.values, a.hidden, a.found = append(a.values, shown.Value), append(a.hidden, shown.Hidden), append(a.found, map[int64]bool{})
				}
			}
		}
		n := len(a.values) / 2
		for i := range n {
			if move := a.values[n+i] - a.values[i]; !a.hidden[i] && !a.hidden[n+i] && move != 0 && max(move, -move) < small {
				t.Fatalf("place %d moves by %d in sight", i, move)
			}
		}
		a.search(0)
		for i, hidden := range a.hidden {
			if hidden && len(a.found[i]) < 2 {
				t.Fatalf("place %d of %v and %v can be told from %+v and %+v", i, old.Rows, now.Rows, first, second)
			}
		}
	})
	if published == 0 {
		t.Error("no correction was ever shown, so nothing was tried")
	}
}

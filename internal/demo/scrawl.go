package demo

import (
	"math/rand/v2"

	"doorstep/internal/ink"
)

// scrawl draws a name the way somebody writes it in haste on a telephone: one
// stroke flows into the next and no sign can be read. The same name always looks
// the same.
func scrawl(name string) string {
	signs := []rune(name)
	if len(signs) > 4 {
		signs = signs[:4]
	}
	var all ink.Drawing
	wide := min(240, (ink.Width-80)/max(1, len(signs)))
	for i, sign := range signs {
		r := rand.New(rand.NewPCG(uint64(sign), uint64(i))) //nolint:gosec // nothing is kept secret by it
		all = append(all, character(r, 40+i*wide, 150+r.IntN(60), wide)...)
	}
	return all.String()
}

// strokes are the ways a brush goes, in hundredths of the box of a sign: across,
// down, to the left and to the right, with a hook, in one turn.
var strokes = [][][2]int{
	{{10, 30}, {50, 27}, {92, 22}},
	{{50, 5}, {52, 40}, {49, 95}},
	{{60, 10}, {42, 50}, {8, 92}},
	{{45, 35}, {62, 65}, {96, 90}},
	{{20, 20}, {78, 18}, {76, 62}, {64, 88}, {54, 80}},
	{{25, 25}, {22, 70}, {45, 88}, {85, 84}, {88, 72}},
	{{15, 60}, {50, 56}, {85, 55}},
	{{30, 8}, {40, 20}, {38, 26}},
}

func character(r *rand.Rand, left, top, wide int) ink.Drawing {
	var drawn ink.Drawing
	high := wide + 40
	for n, at := range r.Perm(len(strokes))[:4+r.IntN(2)] {
		var line []ink.Point
		for i, p := range strokes[at] {
			q := ink.Point{X: left + p[0]*wide/110 + r.IntN(13) - 6, Y: top + p[1]*high/100 + r.IntN(13) - 6}
			if i > 0 {
				line = append(line, bend(r, line[len(line)-1], q)...)
			}
			line = append(line, q)
		}
		if last := len(drawn) - 1; n > 0 && r.IntN(3) == 0 { // the pen is not lifted
			drawn[last] = append(drawn[last], line...)
			continue
		}
		drawn = append(drawn, line)
	}
	return drawn
}

// bend gives the points between two, a little beside the straight way.
func bend(r *rand.Rand, from, to ink.Point) []ink.Point {
	const parts = 6
	bulge := r.IntN(13) - 6
	var line []ink.Point
	for k := 1; k < parts; k++ {
		off := bulge * k * (parts - k) / (parts * parts / 4)
		line = append(line, ink.Point{X: from.X + (to.X-from.X)*k/parts + off, Y: from.Y + (to.Y-from.Y)*k/parts + off})
	}
	return line
}

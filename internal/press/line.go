package press

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Chinese lines do not begin with a mark that closes something and do not end
// with one that opens something (GB/T 15834, 5.1).
const (
	noStart = "。，、；：？！）》」』”’〕】〉…—～％%)]}·,.;:?!＞"
	noEnd   = "（《「『“‘〔【〈([{¥￥＜"
	units   = "元%％"
)

// run is a stretch of a line in one cut.
type run struct {
	cut   *cut
	text  string
	width float64 // points
}

// line is one line of text as it is drawn.
type line struct {
	runs  []run
	width float64
	count int  // characters
	last  bool // of its paragraph: not stretched
}

// style is how a text is set.
type style struct {
	size float64 // points
	bold bool
}

// plain is a text as it is set: composed, so that a letter and its accent are one
// character, and without the marks that have no shape of their own and come
// along when text is pasted.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\u00a0':
			return ' '
		case '\u200b', '\u2060', '\ufeff', '\u00ad':
			return -1
		}
		return r
	}, norm.NFC.String(text))
}

// atoms cuts a text into pieces that stay together on a line.
func atoms(text string) []string {
	var list []string
	glue := false // the piece before wants the next one
	for _, r := range text {
		c := string(r)
		n := len(list)
		switch {
		case n == 0:
			list = append(list, c)
		case glue || strings.ContainsRune(noStart, r) || joins(list[n-1], r):
			list[n-1] += c
		default:
			list = append(list, c)
		}
		glue = strings.ContainsRune(noEnd, r)
	}
	return list
}

// joins says whether a character goes on the word or number before it.
func joins(before string, r rune) bool {
	rs := []rune(before)
	last := rs[len(rs)-1]
	if latin(last) && latin(r) {
		return true
	}
	return unicode.IsDigit(last) && strings.ContainsRune(units, r)
}

func latin(r rune) bool {
	return r < 0x2e80 && r != ' ' && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_@/.,:+#&'*¥", r))
}

// lines breaks a text into lines of at most width points. The first is shorter
// by indent.
func (f *cuts) lines(text string, st style, width, indent float64) []line {
	var all []line
	var cur line
	free := width - indent
	put := func(piece string) {
		for _, r := range piece {
			c := f.of(r, st.bold)
			if c == nil {
				c = f.body // refused before it comes to this
			}
			w := c.width(r) * st.size / 1000
			if n := len(cur.runs); n > 0 && cur.runs[n-1].cut == c {
				cur.runs[n-1].text += string(r)
				cur.runs[n-1].width += w
			} else {
				cur.runs = append(cur.runs, run{c, string(r), w})
			}
			cur.width += w
			cur.count++
		}
	}
	wrap := func() {
		all = append(all, cur)
		cur, free = line{}, width
	}
	for _, a := range atoms(plain(text)) {
		w := f.width(a, st)
		if cur.count > 0 && cur.width+w > free {
			wrap()
			if a = strings.TrimLeft(a, " "); a == "" {
				continue
			}
		}
		if w <= free {
			put(a)
			continue
		}
		for _, r := range a { // a word longer than the line
			if cur.count > 0 && cur.width+f.width(string(r), st) > free {
				wrap()
			}
			put(string(r))
		}
	}
	cur.last = true
	return append(all, cur)
}

// width is how wide a text stands on one line, in points.
func (f *cuts) width(text string, st style) float64 {
	w := 0.0
	for _, r := range plain(text) {
		if c := f.of(r, st.bold); c != nil {
			w += c.width(r) * st.size / 1000
		}
	}
	return w
}

// gap is what is added after each character so that the line fills its measure.
// A line too short for it stays ragged.
func (l line) gap(width, size float64) float64 {
	slack := width - l.width
	if l.last || l.count < 2 || slack <= 0 || slack > size*3 {
		return 0
	}
	return slack / float64(l.count-1)
}

package press

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

var (
	astral = regexp.MustCompile(`(<[0-9A-F]{4}><[0-9A-F]{4}>)<([0-9A-F]{5,6})>`)
	length = regexp.MustCompile(`^(\d+ 0 obj\n<<\n/Length )(\d+)`)
)

// readable mends the table by which a reader turns glyphs back into characters:
// gopdf writes a character above U+FFFF as five digits where UTF-16 is wanted, so
// that a rare family name is drawn right and copied and searched wrong. Objects
// that grow move those behind them, so the file's index is written anew.
//
// Source: ISO 32000-1, 9.10.3.
func readable(file []byte) []byte {
	at := bytes.LastIndex(file, []byte("xref\n0 "))
	if i := bytes.LastIndex(file[:max(at, 0)], []byte("\nxref\n0 ")); i >= 0 {
		at = i + 1
	}
	if at < 0 || !bytes.Contains(file, []byte("beginbfrange")) {
		return file
	}
	offsets, tail := index(file[at:])
	var out bytes.Buffer
	out.Grow(len(file) + 256)
	out.Write(file[:offsets[0]])
	for i, from := range offsets {
		to := at
		if i+1 < len(offsets) {
			to = offsets[i+1]
		}
		offsets[i] = out.Len()
		out.Write(mended(file[from:to]))
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	tail = tail[:bytes.LastIndex(tail, []byte("startxref\n"))]
	out.Write(tail)
	fmt.Fprintf(&out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes()
}

// index reads where the objects begin, and gives what follows the table.
func index(xref []byte) (offsets []int, tail []byte) {
	lines := bytes.SplitAfter(xref, []byte("\n"))
	n := 3 // "xref", the range, the free object
	for ; n < len(lines) && bytes.HasSuffix(lines[n], []byte(" 00000 n \n")); n++ {
		o, _ := strconv.Atoi(string(lines[n][:10]))
		offsets = append(offsets, o)
	}
	return offsets, bytes.Join(lines[n:], nil)
}

// mended is an object with its characters as UTF-16, if it is such a table.
func mended(object []byte) []byte {
	if !bytes.Contains(object, []byte("beginbfrange")) || !astral.Match(object) {
		return object
	}
	before := len(object)
	object = astral.ReplaceAllFunc(object, func(m []byte) []byte {
		parts := astral.FindSubmatch(m)
		r, _ := strconv.ParseInt(string(parts[2]), 16, 32)
		hi, lo := utf16.EncodeRune(rune(r))
		return fmt.Appendf(nil, "%s<%04X%04X>", parts[1], hi, lo)
	})
	return length.ReplaceAllFunc(object, func(m []byte) []byte {
		parts := length.FindSubmatch(m)
		n, _ := strconv.Atoi(string(parts[2]))
		return fmt.Appendf(nil, "%s%d", parts[1], n+len(object)-before)
	})
}

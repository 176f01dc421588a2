package press

import (
	"fmt"
	"io/fs"
	"sync"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// cut is one font: its outlines for the file, its widths for the layout.
type cut struct {
	name string
	face *sfnt.Font

	mu     sync.Mutex
	buf    sfnt.Buffer
	widths map[rune]float64
}

// none is the width of a character the cut does not have.
const none = -1

// width is the advance of a character in thousandths of the type size, none when
// the cut does not have it.
func (c *cut) width(r rune) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w, ok := c.widths[r]; ok {
		return w
	}
	w := float64(none)
	if g, err := c.face.GlyphIndex(&c.buf, r); err == nil && g != 0 {
		if adv, err := c.face.GlyphAdvance(&c.buf, g, fixed.I(1000), font.HintingNone); err == nil {
			w = float64(adv) / 64
		}
	}
	c.widths[r] = w
	return w
}

// cuts are the fonts of a press. A character is drawn in the first cut of its
// chain that has it.
type cuts struct {
	body, bold, rare *cut
	shelf            *gopdf.FontContainer
}

func loadCuts(fonts fs.FS) (*cuts, error) {
	all := &cuts{shelf: &gopdf.FontContainer{}}
	for _, one := range []struct {
		name string
		to   **cut
	}{{"serif", &all.body}, {"serif-bold", &all.bold}, {"rare", &all.rare}} {
		data, err := fs.ReadFile(fonts, "fonts/"+one.name+".ttf")
		if err != nil {
			return nil, err
		}
		face, err := sfnt.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", one.name, err)
		}
		if err := all.shelf.AddTTFFontData(one.name, data); err != nil {
			return nil, fmt.Errorf("font %s: %w", one.name, err)
		}
		*one.to = &cut{name: one.name, face: face, widths: map[rune]float64{}}
	}
	return all, nil
}

// of finds the cut that draws a character; nil when none has it.
func (f *cuts) of(r rune, bold bool) *cut {
	chain := []*cut{f.body, f.rare}
	if bold {
		chain = []*cut{f.bold, f.body, f.rare}
	}
	for _, c := range chain {
		if c.width(r) != none {
			return c
		}
	}
	return nil
}

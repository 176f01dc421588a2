// Package press prints papers: what package paper drew up becomes a PDF in
// Chinese official layout, with its fonts embedded. A character that no font has
// is never left out in silence: the paper is refused and the character named.
package press

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/signintech/gopdf"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// Press prints papers. It is safe for use by several at once.
type Press struct{ cuts func() (*cuts, error) }

// New is a press with the fonts of the tree given ("fonts/serif.ttf", …). They
// are read when the first paper is printed.
func New(fonts fs.FS) *Press {
	return &Press{cuts: sync.OnceValues(func() (*cuts, error) { return loadCuts(fonts) })}
}

// Papers prints papers one after the other, each with its own page numbers, and
// writes them as one PDF. made is the day the file bears.
//
// Errors: Invalid with the characters in question (argument "chars", at most
// ten) when a text has one that no font can show.
func (p *Press) Papers(w io.Writer, made time.Time, papers ...*paper.Paper) error {
	f, err := p.cuts()
	if err != nil {
		return err
	}
	var pages []*page
	for _, one := range papers {
		set, err := f.set(one)
		if err != nil {
			return err
		}
		pages = append(pages, set...)
	}
	title := ""
	if len(papers) > 0 {
		title = strings.TrimSpace(papers[0].Title + " " + papers[0].Number)
	}
	return f.write(w, title, made, pages)
}

// write draws pages into a file.
func (f *cuts) write(w io.Writer, title string, made time.Time, pages []*page) error {
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(gopdf.PdfInfo{Title: title, Producer: "Doorstep", CreationDate: made})
	for _, c := range []*cut{f.body, f.bold, f.rare} {
		if uses(pages, c) {
			if err := pdf.AddTTFFontFromFontContainer(c.name, f.shelf); err != nil {
				return fmt.Errorf("font %s: %w", c.name, err)
			}
		}
	}
	for _, pg := range pages {
		pdf.AddPage()
		for _, m := range pg.marks {
			if err := m.draw(pdf); err != nil {
				return fmt.Errorf("draw a page: %w", err)
			}
		}
	}
	var file bytes.Buffer
	if _, err := pdf.WriteTo(&file); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	_, err := w.Write(readable(file.Bytes()))
	return err
}

func uses(pages []*page, c *cut) bool {
	return slices.ContainsFunc(pages, func(p *page) bool {
		return slices.ContainsFunc(p.marks, func(m mark) bool {
			w, ok := m.(words)
			return ok && w.run.cut == c
		})
	})
}

// check names the characters of a paper that no font has.
func (f *cuts) check(p *paper.Paper) error {
	var odd []string
	for _, text := range p.Texts() {
		for _, r := range plain(text) {
			if r == '\n' || r == '\r' || f.of(r, false) != nil {
				continue
			}
			name := fmt.Sprintf("%c (U+%04X)", r, r)
			if !slices.Contains(odd, name) && len(odd) < 10 {
				odd = append(odd, name)
			}
		}
	}
	if len(odd) == 0 {
		return nil
	}
	return &mediation.Error{Kind: mediation.Invalid, Key: "paper.no_glyph", Args: map[string]string{"chars": strings.Join(odd, ", ")}}
}

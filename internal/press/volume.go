package press

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // pictures are kept as JPEG or PNG
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/signintech/gopdf"
	"golang.org/x/image/draw"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// Volume is what a bound volume is printed from.
type Volume struct {
	Pieces []paper.Piece
	// Bound draws cover (F27), index (F28) and statement (F29) of the volume as
	// it is bound.
	Bound func(form string, b *paper.Binding) (*paper.Paper, error)
	// Open gives the content of an original.
	Open func(mediation.File) (io.ReadCloser, error)
	// Sheet stands in the volume for an original that is no picture.
	Sheet func(mediation.File) *paper.Paper
	Made  time.Time
	Told  func(done, of int) // hears after each piece how many are drawn; may be nil
	// Late stands behind the back cover under numbers of its own, led by its own
	// index.
	Late      []paper.Piece
	LateIndex func(lines []paper.BoundLine) *paper.Paper
}

// Volume prints a whole volume: cover and index without numbers, then every
// piece under one run of page numbers, and at the end the statement with the
// back cover. Pictures are drawn one to a page. What came after closing follows
// with numbers of its own.
//
// Errors: Invalid as Papers; those of Open.
func (p *Press) Volume(w io.Writer, v Volume) (*paper.Binding, error) {
	f, err := p.cuts()
	if err != nil {
		return nil, err
	}
	body, lines, err := f.bind(v, v.Pieces, 0)
	if err != nil {
		return nil, err
	}
	b := &paper.Binding{Lines: lines}
	last, err := f.closed(v, b, len(body))
	if err != nil {
		return nil, err
	}
	body = append(body, last...)
	front, err := f.front(v, b)
	if err != nil {
		return nil, err
	}
	for i, pg := range body {
		f.leaf(pg, strconv.Itoa(i+1))
	}
	late, err := f.late(v, b)
	if err != nil {
		return nil, err
	}
	return b, f.write(w, "卷宗", v.Made, slices.Concat(front, body, late))
}

// bind sets pieces one behind the other and says on which pages each stands; before
// are the pieces already set.
func (f *cuts) bind(v Volume, pieces []paper.Piece, before int) (body []*page, lines []paper.BoundLine, err error) {
	for _, piece := range pieces {
		pages, err := f.piece(v, piece)
		if err != nil {
			return nil, nil, err
		}
		lines = append(lines, paper.BoundLine{Title: piece.Title, From: len(body) + 1, To: len(body) + len(pages), Note: piece.Note})
		body = append(body, pages...)
		if v.Told != nil {
			v.Told(before+len(lines), len(v.Pieces)+len(v.Late))
		}
	}
	return body, lines, nil
}

// late sets what came after closing, behind its index.
func (f *cuts) late(v Volume, b *paper.Binding) ([]*page, error) {
	body, lines, err := f.bind(v, v.Late, len(v.Pieces))
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	b.Late = lines
	index, err := f.set(v.LateIndex(lines))
	if err != nil {
		return nil, err
	}
	for i, pg := range body {
		f.leaf(pg, paper.LateMark+strconv.Itoa(i+1))
	}
	return append(index, body...), nil
}

// closed sets the statement, whose own pages count among those it states.
func (f *cuts) closed(v Volume, b *paper.Binding, before int) ([]*page, error) {
	b.Pages = before + 1
	b.Lines = append(b.Lines, paper.BoundLine{Title: "卷宗情况说明、封底", From: before + 1, To: before + 1})
	for {
		one, err := v.Bound("F29", b)
		if err != nil {
			return nil, err
		}
		pages, err := f.set(one)
		if err != nil || before+len(pages) == b.Pages {
			return pages, err
		}
		b.Pages = before + len(pages)
		b.Lines[len(b.Lines)-1].To = b.Pages
	}
}

// front sets cover and index.
func (f *cuts) front(v Volume, b *paper.Binding) ([]*page, error) {
	var all []*page
	for _, form := range []string{"F27", "F28"} {
		one, err := v.Bound(form, b)
		if err != nil {
			return nil, err
		}
		pages, err := f.set(one)
		if err != nil {
			return nil, err
		}
		all = append(all, pages...)
	}
	return all, nil
}

// set is one paper on its pages, each with its foot.
func (f *cuts) set(one *paper.Paper) ([]*page, error) {
	if err := f.check(one); err != nil {
		return nil, err
	}
	s := f.lay(one)
	for _, pg := range s.pages {
		s.foot(pg, one.Foot, len(s.pages))
	}
	return s.pages, nil
}

func (f *cuts) piece(v Volume, piece paper.Piece) ([]*page, error) {
	switch {
	case piece.Paper != nil:
		return f.set(piece.Paper)
	case piece.File.Kind == "image":
		return f.photo(v, piece)
	}
	return f.set(v.Sheet(*piece.File))
}

// leaf puts the number of the volume's page at its upper outer corner.
func (f *cuts) leaf(pg *page, no string) {
	st := style{size: bodySize}
	for _, l := range f.lines(no, st, measure, 0) {
		x := marginLeft + measure - l.width
		for _, r := range l.runs {
			pg.marks = append(pg.marks, words{x: x, y: marginTop - 16, size: bodySize, run: r})
			x += r.width
		}
	}
}

// picture is a photo on a page.
type picture struct {
	jpeg       []byte
	x, y, w, h float64
}

func (p picture) draw(pdf *gopdf.GoPdf) error {
	holder, err := gopdf.ImageHolderByBytes(p.jpeg)
	if err != nil {
		return err
	}
	return pdf.ImageByHolder(holder, p.x, p.y, &gopdf.Rect{W: p.w, H: p.h})
}

// photo is a page with one picture, as large as the page allows.
func (f *cuts) photo(v Volume, piece paper.Piece) ([]*page, error) {
	content, err := v.Open(*piece.File)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(content)
	if err = errors.Join(err, content.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", piece.File.ID, err)
	}
	small, size, err := printable(data)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", piece.File.ID, err)
	}
	caption := &paper.Paper{Title: piece.Title}
	if err := f.check(caption); err != nil {
		return nil, err
	}
	s := &setter{cuts: f, pace: easy}
	s.text(piece.Title, style{size: bodySize, bold: true}, left, 0)
	top := marginTop + high(s.strips, true) + 6
	scale := min(measure/float64(size.X), (bottom-top)/float64(size.Y), 1.5)
	w, h := float64(size.X)*scale, float64(size.Y)*scale
	s.pour()[0].mark(picture{small, marginLeft + (measure-w)/2, top, w, h})
	s.foot(s.pages[0], "校验码 "+piece.File.Digest, 1)
	return s.pages, nil
}

// A picture is printed at 200 dots per inch at most, so that a volume of photos
// stays a file one can send; the originals lie beside it. What is light enough
// goes in as it is.
const (
	widest = 1654    // pixels of an A4 page at 200 dpi
	light  = 1 << 20 // bytes
)

func printable(data []byte) ([]byte, image.Point, error) {
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, image.Point{}, err
	}
	if kind == "jpeg" && len(data) <= light {
		return data, image.Pt(c.Width, c.Height), nil
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, image.Point{}, err
	}
	size := m.Bounds().Size()
	scale := min(1, float64(widest)/float64(max(size.X, size.Y)))
	size = image.Pt(max(1, int(float64(size.X)*scale)), max(1, int(float64(size.Y)*scale)))
	sheet := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(sheet, sheet.Bounds(), m, m.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	err = jpeg.Encode(&out, sheet, &jpeg.Options{Quality: 82})
	return out.Bytes(), size, err
}

// Package ink turns a signature drawn with finger, pen or mouse into a picture.
// What comes in are strokes, points of a field in plain text; the picture is
// always drawn here. No picture of a stranger is ever decoded, so none can be a
// bomb or carry anything beside the ink.
package ink

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/vector"
)

// The field one draws in, in its own units, whatever the screen.
const (
	Width  = 1000
	Height = 600
)

// Bounds of one drawing. A name of four characters written with care has some
// sixty strokes' worth of a thousand points.
const (
	MaxText    = 64 << 10 // bytes of strokes
	MaxPicture = 64 << 10 // bytes of the picture

	maxStrokes = 300
	maxPoints  = 6000
	leastInk   = 120 // units of line; less is a slip of the finger and no name
)

// Why a drawing is not taken; match them with errors.Is.
var (
	ErrEmpty    = errors.New("nothing, or next to nothing, is drawn")
	ErrTooLarge = errors.New("more strokes than a name has")
	ErrBroken   = errors.New("no strokes, or points outside the field")
)

// Point is a place of the field; both numbers from 0 to Width and Height.
type Point struct{ X, Y int }

// Drawing is what was drawn, stroke by stroke, each a line of points.
type Drawing [][]Point

// Parse reads strokes as they are sent: points "x,y" apart by blanks, strokes by
// semicolons.
//
// Errors: ErrEmpty, ErrTooLarge, ErrBroken.
func Parse(text string) (Drawing, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("ink: %d bytes: %w", len(text), ErrTooLarge)
	}
	var d Drawing
	points := 0
	for part := range strings.SplitSeq(text, ";") {
		var stroke []Point
		for pair := range strings.FieldsSeq(part) {
			p, err := parsePoint(pair)
			if err != nil {
				return nil, err
			}
			stroke = append(stroke, p)
		}
		if points += len(stroke); len(stroke) > 0 {
			d = append(d, stroke)
		}
	}
	switch {
	case points > maxPoints || len(d) > maxStrokes:
		return nil, fmt.Errorf("ink: %d strokes of %d points: %w", len(d), points, ErrTooLarge)
	case d.length() < leastInk:
		return nil, fmt.Errorf("ink: %w", ErrEmpty)
	}
	return d, nil
}

func parsePoint(pair string) (Point, error) {
	left, right, _ := strings.Cut(pair, ",")
	x, errX := strconv.Atoi(left)
	y, errY := strconv.Atoi(right)
	if errX != nil || errY != nil || x < 0 || x > Width || y < 0 || y > Height {
		return Point{}, fmt.Errorf("ink: %w", ErrBroken)
	}
	return Point{x, y}, nil
}

// String writes the strokes as Parse reads them.
func (d Drawing) String() string {
	var b strings.Builder
	for i, stroke := range d {
		if i > 0 {
			b.WriteByte(';')
		}
		for j, p := range stroke {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y))
		}
	}
	return b.String()
}

// length is how much line was drawn, in units.
func (d Drawing) length() (sum float64) {
	for _, stroke := range d {
		for i := 1; i < len(stroke); i++ {
			sum += math.Hypot(float64(stroke[i].X-stroke[i-1].X), float64(stroke[i].Y-stroke[i-1].Y))
		}
	}
	return sum
}

// The picture: at most so many pixels, with the ink reaching to its margins.
const (
	mostWide, mostHigh = 480, 240
	nib                = 3.5 // half the width of the line, in units
	margin             = 12  // units
	mostScale          = 1.0 // pixels a unit: a small scribble is not blown up
)

// PNG draws the strokes black on white, cut to the ink: at most 480 × 240 pixels
// of grey and MaxPicture bytes.
//
// Errors: ErrTooLarge when what is drawn is no name but a filled sheet.
func (d Drawing) PNG() ([]byte, error) {
	from, to := d.bounds()
	wide, high := float64(to.X-from.X)+2*margin, float64(to.Y-from.Y)+2*margin
	scale := min(mostWide/wide, mostHigh/high, mostScale)
	size := image.Pt(int(math.Ceil(wide*scale)), int(math.Ceil(high*scale)))
	pen := pen{raster: vector.NewRasterizer(size.X, size.Y), scale: scale, origin: from}
	for _, stroke := range d {
		pen.draw(stroke)
	}
	covered := image.NewAlpha(image.Rectangle{Max: size})
	pen.raster.Draw(covered, covered.Bounds(), image.Opaque, image.Point{})
	paper := image.NewGray(covered.Bounds())
	for i, a := range covered.Pix {
		paper.Pix[i] = 255 - a
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, paper); err != nil {
		return nil, fmt.Errorf("ink: %w", err)
	}
	if out.Len() > MaxPicture {
		return nil, fmt.Errorf("ink: a picture of %d bytes: %w", out.Len(), ErrTooLarge)
	}
	return out.Bytes(), nil
}

func (d Drawing) bounds() (from, to Point) {
	from = Point{Width, Height}
	for _, stroke := range d {
		for _, p := range stroke {
			from = Point{min(from.X, p.X), min(from.Y, p.Y)}
			to = Point{max(to.X, p.X), max(to.Y, p.Y)}
		}
	}
	return from, to
}

// pen draws lines with round ends. All its shapes turn the same way round: those
// that lie over each other add up and never cut each other out.
type pen struct {
	raster *vector.Rasterizer
	scale  float64
	origin Point
}

func (p pen) at(q Point) (x, y float64) {
	return (float64(q.X-p.origin.X) + margin) * p.scale, (float64(q.Y-p.origin.Y) + margin) * p.scale
}

func (p pen) draw(stroke []Point) {
	for i, q := range stroke {
		x, y := p.at(q)
		p.dot(x, y)
		if i > 0 {
			fromX, fromY := p.at(stroke[i-1])
			p.line(fromX, fromY, x, y)
		}
	}
}

func (p pen) line(x1, y1, x2, y2 float64) {
	dx, dy := x2-x1, y2-y1
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	r := p.radius()
	nx, ny := -dy/length*r, dx/length*r
	p.shape([][2]float64{{x1 + nx, y1 + ny}, {x2 + nx, y2 + ny}, {x2 - nx, y2 - ny}, {x1 - nx, y1 - ny}})
}

func (p pen) dot(x, y float64) {
	const corners = 12
	round := make([][2]float64, corners)
	for i := range round {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / corners)
		round[i] = [2]float64{x + cos*p.radius(), y + sin*p.radius()}
	}
	p.shape(round)
}

// radius is half the width of the line in pixels; never so thin that it fades.
func (p pen) radius() float64 { return max(nib*p.scale, 1) }

func (p pen) shape(corners [][2]float64) {
	for i, c := range corners {
		if i == 0 {
			p.raster.MoveTo(float32(c[0]), float32(c[1]))
		} else {
			p.raster.LineTo(float32(c[0]), float32(c[1]))
		}
	}
	p.raster.ClosePath()
}

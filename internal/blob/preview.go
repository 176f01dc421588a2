package blob

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"
)

// The bounds of a preview, in pixels. It is shown at up to half its size, so that
// it is sharp on a phone.
const (
	previewSide = 256  // of the longer side
	coarseSide  = 1280 // to which a large picture is thinned out first
)

// previewQuality is that of the JPEGs of previews, 1 to 100.
const previewQuality = 80

// preview draws a small copy of a picture that was turned already, on white
// paper. It is drawn from the pixels alone, so it knows no more of where and when
// than the picture itself does.
//
// Averaging takes memory for the height of the source, so a large picture is
// thinned out first: beside its source a preview never takes more than 24 MiB.
func preview(m image.Image) ([]byte, error) {
	if size := m.Bounds().Size(); max(size.X, size.Y) > coarseSide {
		m = shrink(draw.ApproxBiLinear, m, coarseSide)
	}
	if size := m.Bounds().Size(); max(size.X, size.Y) > previewSide {
		m = shrink(draw.CatmullRom, m, previewSide)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, opaque(m), &jpeg.Options{Quality: previewQuality}); err != nil {
		return nil, fmt.Errorf("blob: encode preview: %w", err)
	}
	return out.Bytes(), nil
}

// shrink draws a picture so that its longer side has that many pixels; the
// shorter has one at least.
func shrink(how draw.Interpolator, m image.Image, side int) image.Image {
	size := m.Bounds().Size()
	longer := max(size.X, size.Y)
	width, height := max(1, size.X*side/longer), max(1, size.Y*side/longer)
	paper := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(paper, paper.Bounds(), image.White, image.Point{}, draw.Src)
	how.Scale(paper, paper.Bounds(), m, m.Bounds(), draw.Over, nil)
	return paper
}

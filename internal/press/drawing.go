package press

import (
	"bytes"
	"image/png"

	"github.com/signintech/gopdf"
)

// The room of a drawn signature on paper, in points: a name of four signs.
const inkWidth, inkHeight = 116.0, 48.0

// drawing is the picture of a signature.
type drawing struct {
	x, y, wide, high float64
	png              []byte
}

func (d drawing) draw(pdf *gopdf.GoPdf) error {
	picture, err := gopdf.ImageHolderByBytes(d.png)
	if err != nil {
		return err
	}
	return pdf.ImageByHolder(picture, d.x, d.y, &gopdf.Rect{W: d.wide, H: d.high})
}

// inkSize is how large a signature is set, within so many points of width; zero
// without one. What is no picture gets the whole room, and is refused when it is
// drawn.
func inkSize(data []byte, within float64) (wide, high float64) {
	if len(data) == 0 {
		return 0, 0
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	most := min(inkWidth, within)
	if err != nil || c.Width < 1 || c.Height < 1 {
		return most, inkHeight
	}
	scale := min(most/float64(c.Width), inkHeight/float64(c.Height))
	return float64(c.Width) * scale, float64(c.Height) * scale
}

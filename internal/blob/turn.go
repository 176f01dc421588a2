package blob

import "image"

// turn gives a picture as it is to be seen, by its Exif orientation (1 to 8).
// The samples are moved and never reckoned anew, so nothing is lost; where
// colour is held for pairs of pixels and the width is odd, colour may shift by
// one pixel. A type that is not listed comes back as it was; opaque and the PNG
// decoder give no others.
func turn(m image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return m
	}
	size := m.Bounds().Size()
	move := func(pix []byte, stride, bytes int) ([]byte, int, image.Rectangle) {
		p := plane{pix, stride, size.X, size.Y, bytes}.turn(orientation)
		return p.pix, p.stride, image.Rect(0, 0, p.width, p.height)
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return turnYCbCr(m, orientation)
	case *image.Gray:
		t := &image.Gray{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 1)
		return t
	case *image.Gray16:
		t := &image.Gray16{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 2)
		return t
	case *image.Paletted:
		t := &image.Paletted{Palette: m.Palette}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 1)
		return t
	case *image.RGBA:
		t := &image.RGBA{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 4)
		return t
	case *image.NRGBA:
		t := &image.NRGBA{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 4)
		return t
	case *image.RGBA64:
		t := &image.RGBA64{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 8)
		return t
	case *image.NRGBA64:
		t := &image.NRGBA64{}
		t.Pix, t.Stride, t.Rect = move(m.Pix, m.Stride, 8)
		return t
	}
	return m
}

func turnYCbCr(m *image.YCbCr, orientation int) image.Image {
	ratio := m.SubsampleRatio
	if orientation >= 5 {
		ratio, _ = turnedRatio(ratio)
	}
	width, height := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := chroma(m.SubsampleRatio, width, height)
	y := plane{m.Y, m.YStride, width, height, 1}.turn(orientation)
	cb := plane{m.Cb, m.CStride, cw, ch, 1}.turn(orientation)
	cr := plane{m.Cr, m.CStride, cw, ch, 1}.turn(orientation)
	return &image.YCbCr{Y: y.pix, Cb: cb.pix, Cr: cr.pix, YStride: y.stride, CStride: cb.stride,
		SubsampleRatio: ratio, Rect: image.Rect(0, 0, y.width, y.height)}
}

// turnedRatio is the subsampling of a picture laid on its side. Two rare ones
// have no such form; those pictures are drawn in full colour first.
func turnedRatio(r image.YCbCrSubsampleRatio) (image.YCbCrSubsampleRatio, bool) {
	switch r {
	case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420:
		return r, true
	case image.YCbCrSubsampleRatio422:
		return image.YCbCrSubsampleRatio440, true
	case image.YCbCrSubsampleRatio440:
		return image.YCbCrSubsampleRatio422, true
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		return r, false
	}
	return r, false
}

// chroma is the size of the colour planes for the ratios that turnedRatio knows.
func chroma(r image.YCbCrSubsampleRatio, width, height int) (int, int) {
	if r == image.YCbCrSubsampleRatio422 || r == image.YCbCrSubsampleRatio420 {
		width = (width + 1) / 2
	}
	if r == image.YCbCrSubsampleRatio440 || r == image.YCbCrSubsampleRatio420 {
		height = (height + 1) / 2
	}
	return width, height
}

// plane is one rectangle of samples, each of the same number of bytes.
type plane struct {
	pix           []byte
	stride        int // bytes from one row to the next
	width, height int
	size          int // bytes of a sample
}

// turn walks the source in the order of the result. Exif's eight orientations
// are three yes-or-no questions: mirrored left to right, mirrored top to bottom,
// and (from 5 on) rows and columns exchanged.
func (p plane) turn(orientation int) plane {
	start, across, down := 0, p.size, p.stride
	if orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 {
		start, across = start+(p.width-1)*p.size, -across
	}
	if orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 {
		start, down = start+(p.height-1)*p.stride, -down
	}
	t := plane{width: p.width, height: p.height, size: p.size}
	if orientation >= 5 {
		across, down = down, across
		t.width, t.height = p.height, p.width
	}
	t.stride = t.width * t.size
	t.pix = make([]byte, t.stride*t.height)
	out := 0
	for y := range t.height {
		from := start + y*down
		for range t.width {
			copy(t.pix[out:out+t.size], p.pix[from:from+t.size])
			out += t.size
			from += across
		}
	}
	return t
}

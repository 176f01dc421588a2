package blob

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// secret is what no admitted picture may carry.
const secret = "30.274150N-120.155070E-OWNER"

var colours = [4]color.NRGBA{{200, 30, 30, 255}, {30, 160, 30, 255}, {30, 30, 200, 255}, {220, 210, 40, 255}}

// upright is a picture of four fields: red and green above, blue and yellow
// below.
func upright(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, colours[2*y/height*2+2*x/width])
		}
	}
	return m
}

// stored lays a picture down as a camera held in the given way does. It follows
// the words of Exif 2.32, 4.6.4 A: where the 0th row and the 0th column of the
// file are in what is seen.
func stored(seen image.Image, orientation int) *image.NRGBA {
	sides := [9][2]string{1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"}}[orientation]
	width, height := seen.Bounds().Dx(), seen.Bounds().Dy()
	columns, rows := width, height
	if orientation >= 5 {
		columns, rows = height, width
	}
	m := image.NewNRGBA(image.Rect(0, 0, columns, rows))
	for row := range rows {
		for column := range columns {
			var x, y int
			for side, n := range map[string]int{sides[0]: row, sides[1]: column} {
				switch side {
				case "top":
					y = n
				case "bottom":
					y = height - 1 - n
				case "left":
					x = n
				case "right":
					x = width - 1 - n
				}
			}
			m.Set(column, row, seen.At(x, y))
		}
	}
	return m
}

// exifBlock is a TIFF block as a phone writes it: orientation in the first
// directory, the owner's name, and the place in a GPS directory.
func exifBlock(order binary.AppendByteOrder, orientation int) []byte {
	b := []byte("II*\x00")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM\x00*")
	}
	tag := func(b []byte, id, kind uint16, count, value uint32) []byte {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, id), kind), count)
		if kind == typeShort {
			return order.AppendUint16(order.AppendUint16(b, uint16(value)), 0)
		}
		return order.AppendUint32(b, value)
	}
	const gps, text = 8 + 2 + 3*12 + 4, 8 + 2 + 3*12 + 4 + 2 + 12 + 4
	b = order.AppendUint16(order.AppendUint32(b, 8), 3)
	b = tag(b, 0x010f, 2, uint32(len(secret)+1), text)
	b = tag(b, tagOrientation, typeShort, 1, uint32(orientation))
	b = tag(b, 0x8825, 4, 1, gps)
	b = order.AppendUint16(order.AppendUint32(b, 0), 1)
	b = tag(b, 0x001d, 2, uint32(len(secret)+1), text)
	b = order.AppendUint32(b, 0)
	return append(b, secret+"\x00"...)
}

func jpegBytes(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts a segment behind the start of a JPEG.
func withSegment(data []byte, marker byte, content []byte) []byte {
	out := append([]byte{0xff, 0xd8, 0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(content)+2))...)
	return append(append(out, content...), data[2:]...)
}

func withExif(data, block []byte) []byte {
	return withSegment(data, 0xe1, append([]byte(exifMark), block...))
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(data []byte, name string, content []byte) []byte {
	const header = 8 + 12 + 13
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	chunk = append(append(chunk, name...), content...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(data[:header]), chunk...), data[header:]...)
}

// pngClaiming is a PNG that says it is of a size and holds almost nothing.
func pngClaiming(width, height uint32, depth byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	head = append(head, depth, 6, 0, 0, 0)
	chunk := append([]byte("IHDR"), head...)
	b := append([]byte(pngMagic), 0, 0, 0, 13)
	b = binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
	return append(b, "\x00\x00\x00\x04IDAT\x78\x9c\x03\x00\x00\x00\x00\x00"...)
}

// jpegClaiming is the start of a JPEG of a size with the given sampling of each
// component (0x22 = 2×2).
func jpegClaiming(width, height uint16, progressive bool, sampling ...byte) []byte {
	frame := append([]byte{8}, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, height), width)...)
	frame = append(frame, byte(len(sampling)))
	for i, s := range sampling {
		frame = append(frame, byte(i+1), s, 0)
	}
	marker := byte(0xc0)
	if progressive {
		marker = 0xc2
	}
	return withSegment([]byte{0xff, 0xd8, 0xff, 0xda, 0, 2}, marker, frame)
}

// bits writes the bit stream of a lossless WebP, lowest bit first.
type bits struct {
	out  []byte
	free uint
}

func (b *bits) put(value, n uint) {
	for i := range n {
		if b.free == 0 {
			b.out, b.free = append(b.out, 0), 8
		}
		b.out[len(b.out)-1] |= byte(value>>i&1) << (8 - b.free)
		b.free--
	}
}

// losslessWebP is a picture of one colour: each of the five codes has a single
// symbol, so the pixels themselves take no bits.
func losslessWebP(width, height uint, c color.NRGBA) []byte {
	var b bits
	b.put(0x2f, 8)
	b.put(width-1, 14)
	b.put(height-1, 14)
	b.put(1, 1) // transparency is used
	b.put(0, 3+1+1+1)
	for _, symbol := range []byte{c.G, c.R, c.B, c.A} {
		b.put(1, 1) // a simple code
		b.put(0, 1) // of one symbol
		b.put(1, 1) // of eight bits
		b.put(uint(symbol), 8)
	}
	b.put(1, 1) // distance code: one symbol of one bit, 0
	b.put(0, 3)
	return riff(chunk("VP8L", b.out))
}

// extendedWebP is the form that may carry more than pixels.
func extendedWebP(flags byte, width, height uint32, chunks ...[]byte) []byte {
	head := []byte{flags, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), 0, byte(height - 1), byte((height - 1) >> 8), 0}
	return riff(append([][]byte{chunk("VP8X", head)}, chunks...)...)
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func chunk(name string, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	return append(append(b, content...), make([]byte, len(content)%2)...)
}

// lossyWebP is one pixel, made by Google's encoder.
func lossyWebP(tb testing.TB) []byte {
	tb.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func ftyp(brands ...string) []byte {
	b := append([]byte("ftyp"+brands[0]), 0, 0, 0, 0)
	for _, brand := range brands[1:] {
		b = append(b, brand...)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(b)+4)), append(b, make([]byte, 64)...)...)
}

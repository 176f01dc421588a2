package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

const room = 1 << 20 // limit of most tests, bytes

func admit(tb testing.TB, data []byte) *Upload {
	tb.Helper()
	u, err := Admit(bytes.NewReader(data), room)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

func decoded(tb testing.TB, u *Upload) image.Image {
	tb.Helper()
	m, format, err := image.Decode(bytes.NewReader(u.Bytes))
	if err != nil {
		tb.Fatal(err)
	}
	if "image/"+format != u.Mime {
		tb.Fatalf("it says %s and is %s", u.Mime, format)
	}
	if got := m.Bounds().Size(); got != image.Pt(u.Width, u.Height) {
		tb.Fatalf("it says %d×%d and is %v", u.Width, u.Height, got)
	}
	return m
}

// sameLook compares the middle of each of the four fields of upright; JPEG
// changes colours a little.
func sameLook(tb testing.TB, got image.Image, width, height int) {
	tb.Helper()
	if got.Bounds() != image.Rect(0, 0, width, height) {
		tb.Fatalf("bounds %v, want %d×%d", got.Bounds(), width, height)
	}
	want := upright(width, height)
	for _, p := range []image.Point{{width / 4, height / 4}, {3 * width / 4, height / 4}, {width / 4, 3 * height / 4}, {3 * width / 4, 3 * height / 4}} {
		r, g, b, _ := got.At(p.X, p.Y).RGBA()
		wr, wg, wb, _ := want.At(p.X, p.Y).RGBA()
		if far(r, wr) || far(g, wg) || far(b, wb) {
			tb.Errorf("at %v: %d,%d,%d; want %d,%d,%d", p, r>>8, g>>8, b>>8, wr>>8, wg>>8, wb>>8)
		}
	}
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 12<<8 }

func TestPhotoIsTurnedUpright(t *testing.T) {
	for o := 1; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprintf("orientation %d %v", o, order), func(t *testing.T) {
				lying := jpegBytes(t, stored(upright(64, 32), o))
				u := admit(t, withExif(lying, exifBlock(order, o)))
				sameLook(t, decoded(t, u), 64, 32)
				if u.Kind != Picture || u.Mime != "image/jpeg" || u.Ext != ".jpg" {
					t.Errorf("kind %s, mime %s, ext %s", u.Kind, u.Mime, u.Ext)
				}
			})
		}
	}
}

// Every sampling of colour that cameras use, also with odd sizes, where colour
// planes are larger than half.
func TestEverySamplingTurns(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422,
		image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		for o := 1; o <= 8; o++ {
			for _, size := range []image.Point{{64, 32}, {63, 33}, {1, 1}} {
				lying := stored(upright(size.X, size.Y), o)
				m := image.NewYCbCr(lying.Bounds(), ratio)
				for y := range lying.Rect.Dy() {
					for x := range lying.Rect.Dx() {
						c := lying.NRGBAAt(x, y)
						yy, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
						m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = yy, cb, cr
					}
				}
				sameLook(t, turn(opaque(m), o), size.X, size.Y)
			}
		}
	}
}

func TestPNGOfEveryTypeIsTurnedExactly(t *testing.T) {
	bounds := image.Rect(0, 0, 7, 5)
	for name, blank := range map[string]draw.Image{
		"gray": image.NewGray(bounds), "gray of 16 bits": image.NewGray16(bounds), "palette": image.NewPaletted(bounds, palette.Plan9),
		"opaque": image.NewRGBA(bounds), "see-through": image.NewNRGBA(bounds),
		"opaque of 16 bits": image.NewRGBA64(bounds), "see-through of 16 bits": image.NewNRGBA64(bounds),
	} {
		speckle(blank, strings.HasPrefix(name, "see"))
		before := decoded(t, admit(t, pngBytes(t, blank)))
		for o := 1; o <= 8; o++ {
			t.Run(fmt.Sprintf("%s %d", name, o), func(t *testing.T) {
				u := admit(t, withChunk(pngBytes(t, before), "eXIf", exifBlock(binary.BigEndian, o)))
				if u.Mime != "image/png" || u.Ext != ".png" || u.Kind != Picture {
					t.Errorf("kind %s, mime %s, ext %s", u.Kind, u.Mime, u.Ext)
				}
				// Laid down again it is what came in.
				if diff := cmp.Diff(stored(before, 1), stored(decoded(t, u), o)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// speckle gives every pixel a colour of its own.
func speckle(m draw.Image, seeThrough bool) {
	for i := range m.Bounds().Dx() * m.Bounds().Dy() {
		c := color.NRGBA{uint8(7 * i), uint8(255 - 5*i), uint8(3 * i), 255}
		if seeThrough {
			c.A = uint8(100 + i)
		}
		m.Set(i%m.Bounds().Dx(), i/m.Bounds().Dx(), c)
	}
}

func TestWebPBecomesJPEG(t *testing.T) {
	red := color.NRGBA{200, 30, 30, 255}
	plain := losslessWebP(20, 10, red)
	pixels := plain[12:]
	for _, tt := range []struct {
		rule          string
		data          []byte
		width, height int
		want          color.Color
	}{
		{"lossless", plain, 20, 10, red},
		{"see-through goes on white", losslessWebP(20, 10, color.NRGBA{0, 0, 0, 0}), 20, 10, color.White},
		{"extended", extendedWebP(0, 20, 10, pixels), 20, 10, red},
		{"turned by its Exif", extendedWebP(8, 20, 10, pixels, chunk("EXIF", exifBlock(binary.LittleEndian, 6))), 10, 20, red},
		{"turned by its Exif behind a part of odd length", extendedWebP(12, 20, 10, pixels,
			chunk("XMP ", []byte("odd")), chunk("EXIF", exifBlock(binary.LittleEndian, 6))), 10, 20, red},
		{"turned by its Exif with the mark of a JPEG", extendedWebP(8, 20, 10, pixels,
			chunk("EXIF", append([]byte(exifMark), exifBlock(binary.BigEndian, 8)...))), 10, 20, red},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			u := admit(t, tt.data)
			if u.Mime != "image/jpeg" || u.Ext != ".jpg" || u.Width != tt.width || u.Height != tt.height {
				t.Errorf("%s %s %d×%d, want a JPEG of %d×%d", u.Mime, u.Ext, u.Width, u.Height, tt.width, tt.height)
			}
			r, g, b, _ := decoded(t, u).At(5, 5).RGBA()
			wr, wg, wb, _ := tt.want.RGBA()
			if far(r, wr) || far(g, wg) || far(b, wb) {
				t.Errorf("colour %d,%d,%d; want %v", r>>8, g>>8, b>>8, tt.want)
			}
		})
	}
	hidden := extendedWebP(16, 1, 1, chunk("ALPH", []byte{0, 0}), lossyWebP(t)[12:])
	if got := color.GrayModel.Convert(decoded(t, admit(t, hidden)).At(0, 0)); got != (color.Gray{255}) {
		t.Errorf("lossy and see-through: %v, want white", got)
	}
	if u := admit(t, lossyWebP(t)); u.Width != 1 || u.Height != 1 || u.Mime != "image/jpeg" {
		t.Errorf("lossy: %s of %d×%d", u.Mime, u.Width, u.Height)
	}
}

// proves: duty.strip
func TestNothingButPixelsPasses(t *testing.T) {
	photo := jpegBytes(t, upright(64, 32))
	drawing := pngBytes(t, upright(64, 32))
	for _, tt := range []struct {
		rule string
		data []byte
	}{
		{"Exif with GPS in a JPEG", withExif(photo, exifBlock(binary.LittleEndian, 6))},
		{"XMP in a JPEG", withSegment(photo, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+secret))},
		{"a comment in a JPEG", withSegment(photo, 0xfe, []byte(secret))},
		{"IPTC in a JPEG", withSegment(photo, 0xed, []byte("Photoshop 3.0\x00"+secret))},
		{"a page behind a JPEG", append(bytes.Clone(photo), "<script>"+secret+"</script>"...)},
		{"a second picture behind a JPEG", append(bytes.Clone(photo), withExif(photo, exifBlock(binary.BigEndian, 1))...)},
		{"Exif in a PNG", withChunk(drawing, "eXIf", exifBlock(binary.BigEndian, 3))},
		{"text in a PNG", withChunk(drawing, "tEXt", []byte("Author\x00"+secret))},
		{"an archive behind a PNG", append(bytes.Clone(drawing), "PK\x03\x04"+secret...)},
		{"Exif in a WebP", extendedWebP(8, 20, 10, losslessWebP(20, 10, color.NRGBA{1, 2, 3, 255})[12:], chunk("EXIF", exifBlock(binary.LittleEndian, 1)))},
		{"XMP in a WebP", extendedWebP(4, 20, 10, losslessWebP(20, 10, color.NRGBA{1, 2, 3, 255})[12:], chunk("XMP ", []byte(secret)))},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if !bytes.Contains(tt.data, []byte(secret)) {
				t.Fatal("the secret was not planted")
			}
			u := admit(t, tt.data)
			for _, trace := range []string{secret, "Exif", "GPS", "script", "xap", "PK\x03\x04"} {
				if bytes.Contains(u.Bytes, []byte(trace)) {
					t.Errorf("%q came through", trace)
				}
			}
			onlyPixels(t, u)
		})
	}
}

// onlyPixels lists the parts of a written picture and allows those that draw it.
func onlyPixels(tb testing.TB, u *Upload) {
	tb.Helper()
	allowed, parts := "IHDR PLTE tRNS IDAT IEND", []string{}
	if u.Mime == "image/jpeg" {
		allowed = "c0 c4 db da"
		for at := 2; at+4 <= len(u.Bytes); at += 2 + int(binary.BigEndian.Uint16(u.Bytes[at+2:])) {
			parts = append(parts, fmt.Sprintf("%02x", u.Bytes[at+1]))
			if u.Bytes[at+1] == 0xda {
				break
			}
		}
	} else {
		for at := 8; at+12 <= len(u.Bytes); at += 12 + int(binary.BigEndian.Uint32(u.Bytes[at:])) {
			parts = append(parts, string(u.Bytes[at+4:at+8]))
		}
	}
	if len(parts) < 3 {
		tb.Errorf("only the parts %q were found", parts)
	}
	for _, p := range parts {
		if !strings.Contains(allowed, p) {
			tb.Errorf("part %q of %q draws nothing", p, parts)
		}
	}
}

func TestPDFIsKeptAsItIs(t *testing.T) {
	data := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\r\n")
	want := &Upload{Kind: Document, Mime: "application/pdf", Ext: ".pdf", Bytes: data}
	if diff := cmp.Diff(want, admit(t, data)); diff != "" {
		t.Error(diff)
	}
}

func TestUploadOfExactlyTheLimitIsTaken(t *testing.T) {
	data := jpegBytes(t, upright(64, 32))
	if _, err := Admit(bytes.NewReader(data), int64(len(data))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := Admit(bytes.NewReader(data), int64(len(data)-1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("one byte over: %v, want %q", err, ErrTooLarge)
	}
	if _, err := Admit(bytes.NewReader(data), -1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a limit below nothing: %v, want %q", err, ErrTooLarge)
	}
	if _, err := Admit(bytes.NewReader(data), 1<<63-1); err != nil {
		t.Errorf("no limit: %v", err)
	}
}

func TestLineThatBreaksIsNoRefusal(t *testing.T) {
	gone := errors.New("connection reset")
	_, err := Admit(io.MultiReader(strings.NewReader("\xff\xd8\xff"), iotest.ErrReader(gone)), room)
	if _, refused := errors.AsType[Refusal](err); !errors.Is(err, gone) || refused {
		t.Errorf("err = %v, want the reader's own", err)
	}
}

func TestFourChannelPhoto(t *testing.T) {
	m := image.NewCMYK(image.Rect(0, 0, 16, 8))
	for i := range 16 * 8 {
		m.SetCMYK(i%16, i/16, color.CMYK{0, 255, 255, 0}) // red
	}
	got := turn(opaque(m), 6)
	if got.Bounds() != image.Rect(0, 0, 8, 16) {
		t.Fatalf("bounds %v", got.Bounds())
	}
	if want := (color.RGBA{255, 0, 0, 255}); got.At(3, 3) != want {
		t.Errorf("colour %v, want %v", got.At(3, 3), want)
	}
}

func FuzzAdmit(f *testing.F) {
	f.Add(withExif(jpegBytes(f, upright(16, 8)), exifBlock(binary.LittleEndian, 6)))
	f.Add(withChunk(pngBytes(f, upright(16, 8)), "eXIf", exifBlock(binary.BigEndian, 7)))
	f.Add(extendedWebP(8, 20, 10, losslessWebP(20, 10, colours[0])[12:], chunk("EXIF", exifBlock(binary.LittleEndian, 8))))
	f.Add(lossyWebP(f))
	f.Add(jpegClaiming(100, 100, true, 0x22, 0x11, 0x11))
	f.Add(pngClaiming(100, 100, 16))
	f.Add(ftyp("mif1", "heic"))
	f.Add([]byte("%PDF-1.7\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		u, err := Admit(bytes.NewReader(data), 64<<10)
		if err != nil {
			if _, refused := errors.AsType[Refusal](err); !refused {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		switch u.Mime {
		case "image/jpeg":
			if _, err := jpeg.Decode(bytes.NewReader(u.Bytes)); err != nil {
				t.Fatal(err)
			}
		case "image/png":
			if _, err := png.Decode(bytes.NewReader(u.Bytes)); err != nil {
				t.Fatal(err)
			}
		case "application/pdf":
			if u.Kind != Document || !bytes.Equal(u.Bytes, data) {
				t.Fatal("a PDF is kept as it is and never shown")
			}
			return
		default:
			t.Fatalf("%s was let in", u.Mime)
		}
		decoded(t, u)
		onlyPixels(t, u)
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(exifBlock(binary.LittleEndian, 6))
	f.Add(append([]byte(exifMark), exifBlock(binary.BigEndian, 3)...))
	f.Fuzz(func(t *testing.T, block []byte) {
		if o := orientation(block); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

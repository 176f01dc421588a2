package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"
)

func TestUploadRefused(t *testing.T) {
	photo := jpegBytes(t, upright(64, 32))
	for _, tt := range []struct {
		rule string
		data []byte
		want Refusal
	}{
		{"nothing", nil, ErrKind},
		{"longer than the limit", make([]byte, room+1), ErrTooLarge},
		{"a long picture", append(bytes.Clone(photo), make([]byte, room)...), ErrTooLarge},
		{"HEIC of an iPhone", ftyp("heic", "mif1", "heic"), ErrHEIC},
		{"HEIC by its compatible brand", ftyp("mif1", "heic"), ErrHEIC},
		{"a HEIF picture that names no codec", ftyp("mif1", "miaf"), ErrHEIC},
		{"a burst of HEIC", ftyp("msf1", "hevc"), ErrHEIC},
		{"AVIF", ftyp("avif", "mif1"), ErrKind},
		{"AVIF by its compatible brand", ftyp("mif1", "avif"), ErrKind},
		{"a film", ftyp("isom", "mp42"), ErrKind},
		{"a container cut after its name", []byte("\x00\x00\x00\x18ftypheic"), ErrKind},
		{"GIF", []byte("GIF89a\x01\x00\x01\x00"), ErrKind},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), ErrKind},
		{"a page", []byte("<!doctype html><script>1</script>"), ErrKind},
		{"a program", []byte("MZ\x90\x00"), ErrKind},
		{"an archive", []byte("PK\x03\x04"), ErrKind},
		{"a page that goes on as PDF", []byte("<html>%PDF-1.4 %%EOF"), ErrKind},
		{"a moving WebP", extendedWebP(2, 20, 10, chunk("ANIM", make([]byte, 6))), ErrKind},
		{"a PDF cut short", []byte("%PDF-1.7\n1 0 obj"), ErrBroken},
		{"a photo cut short", photo[:len(photo)/2], ErrBroken},
		{"the first bytes of a photo", []byte("\xff\xd8\xff\xe0"), ErrBroken},
		{"a PNG cut short", pngBytes(t, upright(64, 32))[:60], ErrBroken},
		{"a WebP cut short", losslessWebP(20, 10, colours[0])[:22], ErrBroken},
		{"a WebP whose pixels are of another size", extendedWebP(0, 10, 10, losslessWebP(20, 10, colours[0])[12:]), ErrBroken},
		{"a photo of no size", jpegClaiming(0, 0, false, 0x11), ErrBroken},
		{"a PNG of 2.5 thousand million pixels", pngClaiming(50000, 50000, 8), ErrPixels},
		{"a PNG one row too large", pngClaiming(8000, 5001, 8), ErrPixels},
		{"a PNG of one long row", pngClaiming(1<<31-1, 1, 8), ErrPixels},
		{"a JPEG of four thousand million pixels", jpegClaiming(65535, 65535, false, 0x22, 0x11, 0x11), ErrPixels},
		{"a progressive JPEG whose coefficients would fill the memory", jpegClaiming(6000, 6000, true, 0x11, 0x11, 0x11), ErrPixels},
		{"a WebP too large", losslessWebP(16383, 16383, colours[0]), ErrPixels},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			u, err := Admit(bytes.NewReader(tt.data), room)
			if !errors.Is(err, tt.want) || u != nil {
				t.Errorf("err = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestLargestPicturesAreAskedForMemoryFirst(t *testing.T) {
	for _, tt := range []struct {
		rule          string
		head          func([]byte) (head, error)
		data          []byte
		width, height int
		want          error
	}{
		{"40 megapixels of a camera", jpegHead, jpegClaiming(8000, 5000, false, 0x22, 0x11, 0x11), 8000, 5000, nil},
		{"40 megapixels, progressive", jpegHead, jpegClaiming(8000, 5000, true, 0x22, 0x11, 0x11), 8000, 5000, nil},
		{"40 megapixels, lying, progressive", jpegHead,
			withExif(jpegClaiming(8000, 5000, true, 0x22, 0x11, 0x11), exifBlock(binary.BigEndian, 6)), 8000, 5000, nil},
		{"one row more", jpegHead, jpegClaiming(8000, 5001, false, 0x22, 0x11, 0x11), 8000, 5001, ErrPixels},
		{"40 megapixels without subsampling", jpegHead, jpegClaiming(8000, 5000, false, 0x11, 0x11, 0x11), 8000, 5000, nil},
		{"the same, progressive", jpegHead, jpegClaiming(8000, 5000, true, 0x11, 0x11, 0x11), 8000, 5000, ErrPixels},
		{"a frame that cannot be read counts as the dearest", jpegHead, []byte{0xff, 0xd8, 0xff, 0xda}, 8000, 5000, ErrPixels},
		{"a PNG of 8 bits", pngHead, pngClaiming(8000, 5000, 8), 8000, 5000, nil},
		{"a PNG of 16 bits", pngHead, pngClaiming(8000, 5000, 16), 8000, 5000, nil},
		{"a PNG of 16 bits, lying", pngHead, withChunk(pngClaiming(8000, 5000, 16), "eXIf", exifBlock(binary.BigEndian, 6)), 8000, 5000, ErrPixels},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			h, err := tt.head(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if err := h.affords(tt.width, tt.height); !errors.Is(err, tt.want) {
				t.Errorf("%+v: %v, want %v", h, err, tt.want)
			}
		})
	}
}

// Passes behind the picture's end are harmless to the decoder, so this photo is
// refused for their number alone.
func TestPhotoOfTooManyPassesIsRefused(t *testing.T) {
	photo := jpegBytes(t, upright(64, 32)) // one pass
	for _, tt := range []struct {
		more int
		want error
	}{{maxScans - 1, nil}, {maxScans, ErrBroken}} {
		data := append(bytes.Clone(photo), bytes.Repeat([]byte{0xff, 0xda, 0, 2}, tt.more)...)
		if _, err := Admit(bytes.NewReader(data), room); !errors.Is(err, tt.want) {
			t.Errorf("%d passes: %v, want %v", tt.more+1, err, tt.want)
		}
	}
}

func TestPixelBombCostsNothing(t *testing.T) {
	for rule, data := range map[string][]byte{
		"png": pngClaiming(50000, 50000, 8), "jpeg": jpegClaiming(65535, 65535, true, 0x22, 0x11, 0x11),
		"webp": losslessWebP(16383, 16383, colours[0]),
	} {
		t.Run(rule, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Admit(bytes.NewReader(data), room)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, ErrPixels) {
				t.Fatalf("err = %v, want %q", err, ErrPixels)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
				t.Errorf("refusing took %d MiB", used>>20)
			}
		})
	}
}

func TestOrientationOfDamagedExifIsUpright(t *testing.T) {
	good := exifBlock(binary.LittleEndian, 6)
	if orientation(good) != 6 {
		t.Fatal("the good block is not read")
	}
	spoiled := func(at int, b ...byte) []byte {
		c := bytes.Clone(good)
		copy(c[at:], b)
		return c
	}
	const second = 8 + 2 + 12 // the second tag is the orientation
	for _, tt := range []struct {
		rule  string
		block []byte
	}{
		{"nothing", nil},
		{"no byte order", spoiled(0, 'X')},
		{"another magic number", spoiled(2, 43)},
		{"cut after the byte order", good[:4]},
		{"a directory behind the end", spoiled(4, 0xff, 0xff, 0xff, 0xff)},
		{"a directory at the last byte", spoiled(4, byte(len(good)-1), 0, 0, 0)},
		{"cut inside the tag", good[:second+8]},
		{"orientation 0", spoiled(second+8, 0)},
		{"orientation 9", spoiled(second+8, 9)},
		{"orientation as a long", spoiled(second+2, 4)},
		{"two orientations", spoiled(second+4, 2)},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := orientation(tt.block); got != 1 {
				t.Errorf("orientation %d, want 1", got)
			}
		})
	}
}

package blob

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"
)

// small opens a preview.
func small(t *testing.T, up *Upload) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(up.Preview))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPreviewIsSmallUprightAndKnowsNoPlace(t *testing.T) {
	for o := 1; o <= 8; o++ {
		t.Run(fmt.Sprint("orientation ", o), func(t *testing.T) {
			seen := upright(640, 400)
			sentIn := withExif(jpegBytes(t, stored(seen, o)), exifBlock(binary.LittleEndian, o))
			if !bytes.Contains(sentIn, []byte("OWNER")) {
				t.Fatal("the picture sent in knows no place, so this shows nothing")
			}
			up, err := Admit(bytes.NewReader(sentIn), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			m := small(t, up)
			if b := m.Bounds(); b.Dx() != 256 || b.Dy() != 160 {
				t.Errorf("the preview is %v", b)
			}
			sameLook(t, m, 256, 160)
			for _, word := range []string{"Exif", "OWNER", "30.27", "GPS"} {
				if bytes.Contains(up.Preview, []byte(word)) || bytes.Contains(up.Bytes, []byte(word)) {
					t.Errorf("%q came through", word)
				}
			}
		})
	}
}

func TestPreviewFitsWhateverTheShape(t *testing.T) {
	for _, tt := range []struct{ width, height, wantWidth, wantHeight int }{
		{20, 10, 20, 10}, {256, 256, 256, 256}, {257, 100, 256, 99}, {3000, 2000, 256, 170}, {2000, 3000, 170, 256}, {4000, 1, 256, 1}, {1, 4000, 1, 256},
	} {
		up, err := Admit(bytes.NewReader(pngBytes(t, image.NewGray(image.Rect(0, 0, tt.width, tt.height)))), 1<<24)
		if err != nil {
			t.Fatal(err)
		}
		if b := small(t, up).Bounds(); b.Dx() != tt.wantWidth || b.Dy() != tt.wantHeight {
			t.Errorf("%d×%d became %v", tt.width, tt.height, b)
		}
	}
}

func TestSeeThroughGroundIsWhiteInThePreview(t *testing.T) {
	for _, side := range []int{64, 2000} {
		var sheet bytes.Buffer
		if err := png.Encode(&sheet, image.NewNRGBA(image.Rect(0, 0, side, side))); err != nil {
			t.Fatal(err)
		}
		up, err := Admit(&sheet, 1<<24)
		if err != nil {
			t.Fatal(err)
		}
		if r, g, b, _ := small(t, up).At(5, 5).RGBA(); min(r, g, b)>>8 < 250 {
			t.Errorf("%d: the ground is %d %d %d", side, r>>8, g>>8, b>>8)
		}
	}
}

func TestDocumentHasNoPreview(t *testing.T) {
	up, err := Admit(bytes.NewReader([]byte("%PDF-1.4\n%%EOF\n")), 100)
	if err != nil || up.Preview != nil {
		t.Errorf("%v, %v", up, err)
	}
}

// The preview of the largest picture costs what Admit promises and no more.
func TestPreviewHoldsToItsMemory(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 10000), image.YCbCrSubsampleRatio420)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := preview(m); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20 {
		t.Errorf("%d MiB for a preview", used>>20)
	}
}

package ink

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// cross is two strokes that lie over each other.
const cross = "100,100 500,500;100,500 500,100"

func TestParse(t *testing.T) {
	long := func(points int) string { return strings.TrimSpace(strings.Repeat("0,0 999,0 ", points/2)) }
	for _, tt := range []struct {
		rule, text string
		strokes    int
		want       error
	}{
		{"two strokes", cross, 2, nil},
		{"a stroke and a dot", "100,100 300,100;400,120", 2, nil},
		{"empty strokes are none", ";; 100,100 300,100 ;", 1, nil},
		{"the corners belong to it", "0,0 1000,600", 1, nil},
		{"nothing", "", 0, ErrEmpty},
		{"blanks", " ; ;", 0, ErrEmpty},
		{"a tap", "500,300", 0, ErrEmpty},
		{"taps all over", "500,300;100,100;900,20", 0, ErrEmpty},
		{"a slip", "500,300 560,310", 0, ErrEmpty},
		{"right of the field", "0,0 1001,0", 0, ErrBroken},
		{"below the field", "0,0 0,601", 0, ErrBroken},
		{"left of it", "-1,0 500,0", 0, ErrBroken},
		{"words", "你好 再见", 0, ErrBroken},
		{"a picture instead", "data:image/png;base64,iVBORw0KGgo=", 0, ErrBroken},
		{"a number no machine holds", "99999999999999999999,0 1,1", 0, ErrBroken},
		{"fractions", "1.5,2 3,4", 0, ErrBroken},
		{"as many points as allowed", long(maxPoints), 1, nil},
		{"two points more", long(maxPoints + 2), 0, ErrTooLarge},
		{"too many strokes", strings.Repeat("0,0 9,0;", maxStrokes+1), 0, ErrTooLarge},
		{"too long to read", strings.Repeat(" ", MaxText+1), 0, ErrTooLarge},
	} {
		d, err := Parse(tt.text)
		if !errors.Is(err, tt.want) || len(d) != tt.strokes {
			t.Errorf("%s: %d strokes, %v; want %d, %v", tt.rule, len(d), err, tt.strokes, tt.want)
		}
		if err == nil {
			if again, err := Parse(d.String()); err != nil || again.String() != d.String() {
				t.Errorf("%s: written and read it is %q, %v", tt.rule, again, err)
			}
		}
	}
}

func picture(t *testing.T, text string) (*image.Gray, []byte) {
	t.Helper()
	d, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.PNG()
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	grey, ok := m.(*image.Gray)
	if !ok {
		t.Fatalf("the picture is %T", m)
	}
	return grey, data
}

// TestWhatWasDrawnIsSeen: ink where the line went, also where two lines cross,
// and paper elsewhere.
func TestWhatWasDrawnIsSeen(t *testing.T) {
	m, _ := picture(t, cross)
	b := m.Bounds()
	at := func(x, y int) uint8 { return m.GrayAt(x*b.Dx()/(400+2*margin), y*b.Dy()/(400+2*margin)).Y }
	for place, want := range map[image.Point]bool{{212, 212}: true, {112, 112}: true, {112, 312}: true, {212, 60}: false, {60, 212}: false, {3, 3}: false} {
		if got := at(place.X, place.Y) < 64; got != want {
			t.Errorf("ink at %v: %v, want %v", place, got, want)
		}
	}
}

// TestThePictureFitsThePaper: cut to the ink, never larger than its bounds, and
// the same drawing gives the same bytes, so that its digest can be told.
func TestThePictureFitsThePaper(t *testing.T) {
	for text, want := range map[string]image.Point{
		"0,0 1000,600":    {394, 240},
		"0,300 1000,300":  {480, 12},
		"500,0 500,600":   {10, 240},
		"400,300 600,340": {224, 64},
		"100,10 130,20 100,30 130,40 100,50 130,60": {54, 74},
	} {
		m, data := picture(t, text)
		if got := m.Bounds().Size(); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
		if _, again := picture(t, text); !bytes.Equal(data, again) {
			t.Errorf("%s: another picture the second time", text)
		}
	}
}

// TestTheLargestDrawingStaysSmall: as many points as are taken, thrown anywhere.
func TestTheLargestDrawingStaysSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, shape := range []string{"long lines", "short marks"} {
		var b strings.Builder
		for i := range maxPoints {
			if shape == "short marks" && i%20 == 0 && i > 0 {
				b.WriteByte(';')
			}
			fmt.Fprintf(&b, " %d,%d", r.IntN(Width+1), r.IntN(Height+1))
		}
		d, err := Parse(b.String())
		if err != nil {
			t.Fatal(shape, err)
		}
		data, err := d.PNG()
		if len(data) > MaxPicture || err != nil && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %d bytes, %v", shape, len(data), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(cross)
	f.Add("1,2;;3,4 ")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			return
		}
		if _, err := d.PNG(); err != nil && !errors.Is(err, ErrTooLarge) {
			t.Fatal(err)
		}
	})
}

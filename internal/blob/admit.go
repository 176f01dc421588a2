package blob

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/webp"
)

// Refusal is why an upload is not taken. Its text is a code; the page that shows
// it has a sentence for each that says what to do.
type Refusal string

// The refusals; match them with errors.Is.
const (
	ErrTooLarge Refusal = "too_large" // longer than the limit
	ErrHEIC     Refusal = "heic"      // a phone's own format: set the camera to JPEG ("most compatible"), or send a screenshot
	ErrKind     Refusal = "kind"      // none of JPEG, PNG, WebP, PDF
	ErrPixels   Refusal = "pixels"    // too many pixels to draw safely
	ErrBroken   Refusal = "broken"    // cut short or damaged: take or send it again
)

// Error is the code.
func (r Refusal) Error() string { return string(r) }

// Kind is how an upload may be shown.
type Kind string

// The kinds of upload.
const (
	Picture  Kind = "picture"  // drawn anew by us; may be shown on a page
	Document Kind = "document" // kept as it came; to be downloaded only, never shown
)

// Upload is a file that was let in.
type Upload struct {
	Kind          Kind
	Mime          string // image/jpeg, image/png or application/pdf, by content and never by the sender's word
	Ext           string // with the dot, fitting Mime
	Bytes         []byte
	Width, Height int    // pixels as shown, after turning; 0 for a document
	Preview       []byte // a small JPEG of a picture, at most 256 pixels wide and high; nil for a document
}

// MaxPixels is the largest picture that is drawn, in pixels: 40 million.
const MaxPixels = 40_000_000

// maxWork bounds the memory that drawing one picture may take, in bytes. Most
// pictures meet MaxPixels first; those with costly forms (progressive without
// subsampling, 16 bits a channel) meet this.
const maxWork = 384 << 20

// quality is that of the JPEGs we write, 1 to 100.
const quality = 85

// Admit reads an upload of at most limit bytes and decides by its content.
// JPEG, PNG and WebP are turned upright by their Exif orientation and encoded
// anew, PNG as PNG and the others as JPEG on white; nothing but the pixels
// passes, so the place of the home, the owner's name and anything hidden behind
// the picture stay outside. PDF is kept as it is, for download only. The result
// may be longer than what came.
//
// Beside the bytes of the upload one call may take 384 MiB (and 24 for the
// preview) and several seconds of
// a core for the largest picture, about 50 MiB and one second for a phone's
// photo; callers let few run at once.
//
// Errors: ErrTooLarge, ErrHEIC, ErrKind, ErrPixels, ErrBroken; anything else is
// the reader's own.
func Admit(r io.Reader, limit int64) (*Upload, error) {
	most := max(0, min(limit, math.MaxInt64-1))
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("blob: upload: %w", err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("blob: upload of more than %d bytes: %w", most, ErrTooLarge)
	}
	switch sniff(data) {
	case "jpeg":
		return admitPicture(data, jpegHead, jpeg.DecodeConfig, jpeg.Decode, encodeJPEG)
	case "png":
		return admitPicture(data, pngHead, png.DecodeConfig, png.Decode, encodePNG)
	case "webp":
		return admitPicture(data, webpHead, webp.DecodeConfig, webp.Decode, encodeJPEG)
	case "pdf":
		return admitPDF(data)
	case "heic":
		return nil, fmt.Errorf("blob: upload: %w", ErrHEIC)
	}
	return nil, fmt.Errorf("blob: upload: %w", ErrKind)
}

// head is what is read of a picture before any pixel is.
type head struct {
	orientation int     // 1 to 8 as in Exif
	perPixel    float64 // bytes of memory for a pixel while decoding, and while encoding where that takes more
	turned      float64 // bytes for a pixel of the turned copy
}

type (
	configFunc func(io.Reader) (image.Config, error)
	decodeFunc func(io.Reader) (image.Image, error)
	encodeFunc func(image.Image, int) (*Upload, error)
)

// admitPicture asks for the size before it decodes: a file of a few bytes can
// claim a picture that no machine holds.
func admitPicture(data []byte, read func([]byte) (head, error), config configFunc, decode decodeFunc, encode encodeFunc) (*Upload, error) {
	h, err := read(data)
	if err != nil {
		return nil, err
	}
	c, err := config(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err)
	}
	if err := h.affords(c.Width, c.Height); err != nil {
		return nil, err
	}
	m, err := decode(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err)
	}
	if b := m.Bounds(); b.Dx() != c.Width || b.Dy() != c.Height {
		return nil, broken(fmt.Errorf("it says %d×%d and is %v", c.Width, c.Height, b))
	}
	return encode(m, h.orientation)
}

func (h head) affords(width, height int) error {
	if width < 1 || height < 1 {
		return broken(fmt.Errorf("it says %d×%d", width, height))
	}
	work := h.perPixel
	if h.orientation != 1 {
		work += h.turned
	}
	if px := float64(width) * float64(height); px > MaxPixels || px*work > maxWork {
		return fmt.Errorf("blob: upload of %d×%d pixels: %w", width, height, ErrPixels)
	}
	return nil
}

func broken(cause error) error { return fmt.Errorf("blob: upload: %w: %w", ErrBroken, cause) }

func encodeJPEG(m image.Image, orientation int) (*Upload, error) {
	m = turn(opaque(m), orientation)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("blob: encode picture: %w", err)
	}
	return picture("image/jpeg", ".jpg", out.Bytes(), m)
}

func encodePNG(m image.Image, orientation int) (*Upload, error) {
	m = turn(m, orientation)
	var out bytes.Buffer
	// Fast compression: a fifth of the time for a photo kept as PNG, and a third
	// more bytes; a screenshot, which most are, differs by little.
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&out, m); err != nil {
		return nil, fmt.Errorf("blob: encode picture: %w", err)
	}
	return picture("image/png", ".png", out.Bytes(), m)
}

func picture(mime, ext string, data []byte, m image.Image) (*Upload, error) {
	small, err := preview(m)
	if err != nil {
		return nil, err
	}
	return &Upload{Kind: Picture, Mime: mime, Ext: ext, Bytes: data, Width: m.Bounds().Dx(), Height: m.Bounds().Dy(), Preview: small}, nil
}

// opaque puts a picture on white paper, unless it is one that JPEG keeps as it
// is; a see-through ground would come out black.
func opaque(m image.Image) image.Image {
	switch m := m.(type) {
	case *image.Gray:
		return m
	case *image.YCbCr:
		if _, ok := turnedRatio(m.SubsampleRatio); ok {
			return m
		}
	}
	paper := image.NewRGBA(m.Bounds())
	draw.Draw(paper, paper.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(paper, paper.Bounds(), m, m.Bounds().Min, draw.Over)
	return paper
}

// pdfEnd is how far from its end a PDF must carry its end mark, in bytes.
const pdfEnd = 2048

// admitPDF takes a PDF as it is. What stands inside is not looked at, which is
// why it is never shown on a page of ours.
func admitPDF(data []byte) (*Upload, error) {
	if !bytes.Contains(data[max(0, len(data)-pdfEnd):], []byte("%%EOF")) {
		return nil, broken(errors.New("a PDF without its end"))
	}
	return &Upload{Kind: Document, Mime: "application/pdf", Ext: ".pdf", Bytes: data}, nil
}

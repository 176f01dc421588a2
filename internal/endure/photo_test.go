package endure

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/url"
)

// square is a photo of a wall, so many pixels each way.
func square(side int) []byte {
	m := image.NewGray(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: uint8(i * 7)}.Y
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, m, nil) // into memory
	return out.Bytes()
}

// withPhotos is a form with files as browsers send it, and its content type.
func withPhotos(form url.Values, photos ...[]byte) (io.Reader, string) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, values := range form {
		for _, v := range values {
			_ = w.WriteField(name, v)
		}
	}
	for _, p := range photos {
		part, _ := w.CreateFormFile("photos", "墙面.jpg")
		_, _ = part.Write(p)
	}
	_ = w.Close()
	return &out, w.FormDataContentType()
}

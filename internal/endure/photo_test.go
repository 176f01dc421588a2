package endure

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
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

// blankPNG is a picture of nothing with colour and transparency: a small file,
// however large it unpacks.
func blankPNG(width, height int) []byte {
	var out, pixels bytes.Buffer
	w, _ := zlib.NewWriterLevel(&pixels, zlib.BestSpeed)
	row := make([]byte, 1+4*width)
	for range height {
		_, _ = w.Write(row)
	}
	_ = w.Close()
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	out.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(width)), uint32(height))
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", pixels.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}

package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// maxScans is how many passes a JPEG may draw in. Cameras use 1 and progressive
// files about 10; each pass costs a walk over all pixels, so a small file of
// thousands would hold a core for minutes.
const maxScans = 64

// jpegHead walks the segments up to the first scan.
func jpegHead(data []byte) (head, error) {
	h := head{orientation: 1}
	if bytes.Count(data, []byte{0xff, 0xda}) > maxScans {
		return h, broken(errors.New("a JPEG with too many scans"))
	}
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			at++ // stray bytes between segments are passed over, as decoders do
			continue
		}
		marker := data[at+1]
		if marker == 0xff || marker <= 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			at++ // fill bytes and markers without content
			continue
		}
		if marker == 0xda || marker == 0xd9 {
			break
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if end > len(data) || end < at+4 {
			break // the decoder says what is wrong
		}
		h.segment(marker, data[at+4:end])
		at = end
	}
	if h.perPixel == 0 {
		h.perPixel, h.turned = 19, 4 // no frame was found: count the dearest form
	}
	return h, nil
}

func (h *head) segment(marker byte, content []byte) {
	switch {
	case marker == 0xe1 && h.orientation == 1 && bytes.HasPrefix(content, []byte(exifMark)):
		h.orientation = orientation(content)
	case marker >= 0xc0 && marker <= 0xc2 && h.perPixel == 0:
		h.frame(content, marker == 0xc2)
	}
}

// frame reckons the memory of a JPEG: a byte for each sample, and with
// progressive ones four more, because all coefficients are held to the end.
// Forms that may have to be drawn anew take four bytes a pixel for that: four
// channels, three without subsampling (which may be RGB), and colour held for
// four pixels in a row.
func (h *head) frame(content []byte, progressive bool) {
	if len(content) < 6 || len(content) < 6+3*int(content[5]) {
		return
	}
	comps := content[6 : 6+3*int(content[5])]
	var most, all float64
	redrawn := len(comps) == 12
	for i := 0; i < len(comps); i += 3 {
		across, down := comps[i+1]>>4, comps[i+1]&15
		samples := float64(across) * float64(down)
		most, all = max(most, samples), all+samples
		redrawn = redrawn || across == 4
	}
	if most == 0 {
		return
	}
	h.turned = all / most
	h.perPixel = h.turned
	if progressive {
		h.perPixel *= 5
	}
	if redrawn || all == 3*most {
		h.perPixel, h.turned = h.perPixel+4, 4
	}
}

// pngHead walks all chunks; Exif may stand behind the pixels.
func pngHead(data []byte) (head, error) {
	h := head{orientation: 1, perPixel: 4, turned: 4}
	if len(data) > 24 && data[24] == 16 { // bit depth
		h.perPixel, h.turned = 8, 8
	}
	for at := len(pngMagic); at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		if size > len(data)-at-12 {
			break // the decoder says what is wrong
		}
		if string(data[at+4:at+8]) == "eXIf" {
			h.orientation = orientation(data[at+8 : at+8+size])
			break
		}
		at += 12 + size
	}
	// Interlaced pictures are put together from seven smaller ones, the largest of
	// which is half of the whole.
	if len(data) > 28 && data[28] == 1 {
		h.perPixel *= 1.5
	}
	return h, nil
}

// webpHead walks the chunks. The figures for memory are those of the lossless
// form, which is the dearer: the pixels, their copy before colour transforms,
// and white paper below.
func webpHead(data []byte) (head, error) {
	h := head{orientation: 1, perPixel: 12, turned: 4}
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		if size > len(data)-at-8 {
			break // the decoder says what is wrong
		}
		content := data[at+8 : at+8+size]
		switch string(data[at : at+4]) {
		case "VP8 ":
			h.perPixel = 10 // 1.5 for the pixels, 4 to read transparency, 4 for paper
		case "ANIM", "ANMF":
			return h, fmt.Errorf("blob: upload: a moving picture: %w", ErrKind)
		case "EXIF":
			h.orientation = orientation(content)
		}
		at += 8 + size + size%2
	}
	return h, nil
}

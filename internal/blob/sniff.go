package blob

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// sniff names the format by the first bytes: jpeg, png, webp, pdf, heic, or
// nothing. File names and the sender's Content-Type are not asked.
func sniff(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(data, []byte(pngMagic)):
		return "png"
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return "webp"
	case len(data) >= 8 && string(data[:5]) == "%PDF-" && (data[5] == '1' || data[5] == '2') && data[6] == '.':
		return "pdf"
	case heic(data):
		return "heic"
	}
	return ""
}

// heic knows the brands of HEVC pictures. mif1 and msf1 say only "a picture in
// this container", so the compatible brands decide between HEIC and AVIF.
func heic(data []byte) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	end := min(len(data), int(min(binary.BigEndian.Uint32(data), 256)))
	brands := []string{string(data[8:12])}
	for at := 16; at+4 <= end; at += 4 { // bytes 12 to 15 are the minor version
		brands = append(brands, string(data[at:at+4]))
	}
	hevc := slices.ContainsFunc(brands, func(b string) bool {
		return slices.Contains([]string{"heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs"}, b)
	})
	generic := brands[0] == "mif1" || brands[0] == "msf1"
	return hevc || (generic && !slices.Contains(brands, "avif"))
}

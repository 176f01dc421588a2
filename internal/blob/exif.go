package blob

import (
	"bytes"
	"encoding/binary"
)

// exifMark stands before the TIFF part in a JPEG, and in some WebP files.
const exifMark = "Exif\x00\x00"

// What is read of an Exif block: one tag of the first directory.
const (
	tagOrientation = 0x0112
	typeShort      = 3
	maxTags        = 512 // a directory of a camera has about 20
)

// orientation reads tag 0x0112 of the first directory of an Exif block and gives
// 1 to 8. It never fails: a block that cannot be read counts as upright (1), for
// a picture on its side still shows what happened.
//
// Source: Exif 2.32, 4.6.4 A; TIFF 6.0, section 2.
func orientation(block []byte) int {
	block = bytes.TrimPrefix(block, []byte(exifMark))
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(block, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(block) < 8 {
		return 1
	}
	start := uint64(order.Uint32(block[4:]))
	if start+2 > uint64(len(block)) {
		return 1
	}
	tags := block[start+2:]
	for range min(int(order.Uint16(block[start:])), maxTags, len(tags)/12) {
		if order.Uint16(tags) == tagOrientation {
			return value(order, tags)
		}
		tags = tags[12:]
	}
	return 1
}

// value is the orientation of a tag: one short, which stands in the first two
// bytes of the value.
func value(order binary.ByteOrder, tag []byte) int {
	o := int(order.Uint16(tag[8:]))
	if order.Uint16(tag[2:]) != typeShort || order.Uint32(tag[4:]) != 1 || o < 1 || o > 8 {
		return 1
	}
	return o
}

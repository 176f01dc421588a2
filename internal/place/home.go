package place

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// Home is a dwelling by its parts, as far as an address tells them: the estate
// or lane, the building, the unit (staircase) and the room. Texts are in half
// width without spaces; Floor is 0 when the room tells none.
type Home struct {
	Estate, Building, Unit, Room string
	Floor                        int
}

// Parts says which of the parts that people leave out an address had. Two
// addresses with the same parts are equal or are not; with other parts they may
// be the same door.
type Parts int

// The parts that may be missing.
const (
	HasEstate Parts = 1 << iota
	HasUnit
)

// homeParts are compiled once; they are constants in all but name.
var homeParts = struct{ district, building, unit, room, hyphen *regexp.Regexp }{
	// What stands before the estate: 江苏省苏州市高新区枫桥街道榆园社区.
	district: regexp.MustCompile(`^.*?(?:省|自治区|市|区|县|街道|镇|乡|社区)`),
	building: regexp.MustCompile(`([0-9A-Za-z一二三四五六七八九十]+)(?:号楼|幢|栋|座|号)`),
	unit:     regexp.MustCompile(`([0-9A-Za-z一二三四五六七八九十甲乙丙丁]+)(?:单元|门)`),
	room:     regexp.MustCompile(`([0-9]{3,4})(?:室|房|户)?$`),
	hyphen:   regexp.MustCompile(`([0-9A-Za-z]{1,3})-(?:([0-9]{1,2})-)?([0-9]{3,4})(?:室|房|户)?$`),
}

var plainDashes = strings.NewReplacer("－", "-", "—", "-", "–", "-", "‐", "-", "~", "-", "、", "-", "/", "-", " ", "", "\t", "", "，", "", ",", "")

// ParseHome reads an address as it is written here: 枫桥里3幢2单元502室, 枫桥里
// 3-2-502, 3号楼502. It needs a building and a room; an address without them,
// such as that of a shop on a street, is no home and gives false.
func ParseHome(address string) (Home, bool) {
	text := plainDashes.Replace(width.Fold.String(strings.TrimSpace(address)))
	for {
		cut := homeParts.district.FindString(text)
		if cut == "" || len(cut) == len(text) {
			break
		}
		text = text[len(cut):]
	}
	var h Home
	if at := homeParts.hyphen.FindStringSubmatchIndex(text); at != nil {
		h = Home{Estate: text[:at[0]], Building: text[at[2]:at[3]], Room: text[at[6]:at[7]]}
		if at[4] >= 0 {
			h.Unit = text[at[4]:at[5]]
		}
	} else {
		building, room := homeParts.building.FindStringSubmatchIndex(text), homeParts.room.FindStringSubmatchIndex(text)
		if building == nil || room == nil || room[0] < building[1] {
			return Home{}, false
		}
		h = Home{Estate: text[:building[0]], Building: text[building[2]:building[3]], Room: text[room[2]:room[3]]}
		if unit := homeParts.unit.FindStringSubmatch(text[building[1]:room[0]]); unit != nil {
			h.Unit = unit[1]
		}
	}
	h.Building, h.Unit = plainNumber(h.Building), plainNumber(h.Unit)
	h.Estate = strings.Trim(h.Estate, "-.")
	n, _ := strconv.Atoi(h.Room)
	h.Floor = n / 100
	return h, h.Floor > 0
}

// plainNumber writes 三, 03 and C alike: a number without leading zeros, letters
// in capitals.
func plainNumber(s string) string {
	const digits = "零一二三四五六七八九十"
	if runes := []rune(s); len(runes) > 0 && len(runes) <= 2 && strings.ContainsRune(digits, runes[0]) {
		n := 0
		for _, r := range runes {
			d := len([]rune(digits[:max(0, strings.IndexRune(digits, r))]))
			if d == 10 {
				n = max(1, n) * 10
			} else {
				n += d
			}
		}
		return strconv.Itoa(n)
	}
	if short := strings.TrimLeft(s, "0"); short != "" {
		return strings.ToUpper(short)
	}
	return s
}

// Parts says which of the optional parts are known.
func (h Home) Parts() Parts {
	var p Parts
	if h.Estate != "" {
		p |= HasEstate
	}
	if h.Unit != "" {
		p |= HasUnit
	}
	return p
}

// Door is the text two mentions of one dwelling share when they tell the same
// parts.
func (h Home) Door() string {
	return strings.Join([]string{h.Estate, h.Building, h.Unit, h.Room}, "|")
}

// Landing is the text all dwellings on one floor of a building share.
func (h Home) Landing() string {
	return strings.Join([]string{h.Estate, h.Building, strconv.Itoa(h.Floor)}, "|")
}

// LooseDoor leaves out what people leave out. Two equal ones may be the same
// door when the fuller texts tell different parts.
func (h Home) LooseDoor() string { return h.Building + "|" + h.Room }

// LooseLanding is the same for a floor of a building.
func (h Home) LooseLanding() string { return h.Building + "|" + strconv.Itoa(h.Floor) }

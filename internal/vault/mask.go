package vault

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The masks show just enough to recognise a value one already knows. They hide
// the rest with a fixed number of stars where the length itself would tell
// something. An empty value stays empty: nothing was given, nothing is hidden.
//
// Source: the masking defaults of the field (PIPL 51: de-identification).

// MaskID shows the last 4 characters of an identity number: **************0017.
// One of fewer than 8 characters is hidden whole, since 4 would be most of it.
func MaskID(id string) string {
	r := []rune(strings.TrimSpace(id))
	if len(r) < 8 {
		return strings.Repeat("*", len(r))
	}
	return strings.Repeat("*", len(r)-4) + string(r[len(r)-4:])
}

// MaskBirth shows the year of a birth date written 1958-03-12: with month and day,
// the last 4 of the identity number would nearly give the number away.
func MaskBirth(date string) string {
	year, _, _ := strings.Cut(date, "-")
	return year
}

// MaskEmail shows the first letter and the domain (l***@example.cn); "" for "".
func MaskEmail(address string) string {
	name, domain, ok := strings.Cut(address, "@")
	if !ok || name == "" {
		return ""
	}
	first := []rune(name)[0]
	return string(first) + "***@" + domain
}

// MaskPhone shows the first 3 and last 4 digits of a number with 11 digits or
// more (138****5678), after a leading +86 or 0086; of a shorter one of at least 7
// digits only the last 4.
func MaskPhone(phone string) string {
	phone = strings.TrimSpace(phone)
	d := strings.Map(keepDigit, phone)
	for _, code := range []string{"0086", "86"} {
		if len(d) >= 11+len(code) && strings.HasPrefix(d, code) {
			d = d[len(code):]
			break
		}
	}
	switch {
	case phone == "":
		return ""
	case len(d) >= 11:
		return d[:3] + "****" + d[len(d)-4:]
	case len(d) >= 7:
		return "****" + d[len(d)-4:]
	}
	return "****"
}

// keepDigit turns full-width digits into plain ones and drops everything else.
func keepDigit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	}
	return -1
}

// MaskAccount shows the last 4 digits of a bank account: ****0017. One of fewer
// than 8 characters is hidden whole.
func MaskAccount(account string) string {
	var r []rune
	for _, c := range account {
		if !unicode.IsSpace(c) && c != '-' {
			r = append(r, c)
		}
	}
	switch {
	case len(r) == 0:
		return ""
	case len(r) < 8:
		return "****"
	}
	return "****" + string(r[len(r)-4:])
}

// MaskName shows the surname: 张**, 欧阳**. Two stars stand whatever the length
// of the name. Of a name in another script the first letter is shown.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		return ""
	}
	if r := []rune(name); len(r) >= 3 && doubleSurname(string(r[:2])) {
		return string(r[:2]) + "**"
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "**"
}

// doubleSurname knows the two-character surnames that are still common; half of
// one would name another family.
func doubleSurname(s string) bool {
	switch s {
	case "欧阳", "上官", "司马", "司徒", "司空", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "夏侯", "端木",
		"东方", "独孤", "南宫", "西门", "闻人", "轩辕", "澹台", "公冶", "太史", "申屠", "钟离", "鲜于", "呼延", "歐陽", "司馬", "諸葛":
		return true
	}
	return false
}

// Where an address goes from public to private. A building mark counts only
// after a number, letter or direction, since 银座 is a name; 号楼 and its like win
// over the bare 号, which also numbers lanes and streets. Doors and households
// need a plain digit before them, since 三门 and 千户 are names too.
const (
	digit   = `0-9０-９`
	numeral = digit + `〇零一二三四五六七八九十百`
	counter = `[` + numeral + `A-Za-zＡ-Ｚ甲乙丙丁戊己东西南北中#＃]`
)

// addressMarks are compiled once; they are constants in all but name.
var addressMarks = struct{ building, house, inside, number, hyphen *regexp.Regexp }{
	building: regexp.MustCompile(counter + `(号楼|號樓|幢|栋|棟|座)`),
	house:    regexp.MustCompile(`[` + numeral + `]号`),
	inside:   regexp.MustCompile(`[` + numeral + `A-Za-z]+\s*(单元|單元|室|房|层|層|楼|樓)|[` + digit + `]+\s*(门|户|戶)`),
	number:   regexp.MustCompile(`[` + digit + `]`),
	hyphen:   regexp.MustCompile(`([` + digit + `A-Za-z]+)\s*[-－—–‐~/、]\s*[` + digit + `]`),
}

// maxOpenAddress is how many characters are shown of an address in which no
// building can be found.
const maxOpenAddress = 6

// MaskAddress shows an address down to its building and hides what follows, for
// there stands the door: 春晓苑3号楼***. Without a building it shows what stands
// before the first number, and without a number at most 6 characters. In doubt
// it hides more: a unit, floor or room is never shown, nor the second half of
// "3-502". The stars stand even when nothing follows.
func MaskAddress(address string) string {
	address = strings.TrimSpace(address)
	if address == "" {
		return ""
	}
	end := buildingEnd(address)
	if at := beforeHyphen(address); at >= 0 && (end < 0 || at < end) {
		end = at
	}
	if end < 0 {
		end = openPart(address)
	}
	if at := firstInside(address); at >= 0 {
		end = min(end, at)
	}
	return strings.TrimSpace(address[:end]) + "***"
}

// buildingEnd finds where the first building ends, else the first house number.
func buildingEnd(address string) int {
	at := addressMarks.building.FindStringIndex(address)
	if at == nil {
		at = addressMarks.house.FindStringIndex(address)
	}
	if at == nil {
		return -1
	}
	return at[1]
}

// beforeHyphen finds the end of the building in "3-502". A number of more than
// two digits before the hyphen may itself be a door, so it is hidden too.
func beforeHyphen(address string) int {
	at := addressMarks.hyphen.FindStringSubmatchIndex(address)
	switch {
	case at == nil:
		return -1
	case utf8.RuneCountInString(address[at[2]:at[3]]) > 2:
		return at[2]
	}
	return at[3]
}

// firstInside finds where the first unit, floor or room begins; "3号楼" is a
// building although it ends like a floor, since no number stands right before
// its 楼.
func firstInside(address string) int {
	at := addressMarks.inside.FindStringIndex(address)
	if at == nil {
		return -1
	}
	return at[0]
}

func openPart(address string) int {
	if at := addressMarks.number.FindStringIndex(address); at != nil {
		return at[0]
	}
	shown := min(maxOpenAddress, utf8.RuneCountInString(address)/2)
	end := 0
	for range shown {
		_, n := utf8.DecodeRuneInString(address[end:])
		end += n
	}
	return end
}

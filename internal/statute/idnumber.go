package statute

import (
	"errors"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// The faults of what people type. They carry no text of the input, so that an
// identity number cannot reach a log by way of an error.
var (
	ErrIDShape      = errors.New("statute: an identity number has 18 characters: 17 digits and a digit or X")
	ErrIDCheckDigit = errors.New("statute: the last character of the identity number does not fit; please compare it with the card")
	ErrIDBirth      = errors.New("statute: the birth date in the identity number does not exist; please compare it with the card")
	ErrPhone        = errors.New("statute: write a mobile number with 11 digits, or a landline with its area code such as 0512-12345678")
	ErrAmount       = errors.New("statute: write an amount in yuan with at most two decimals, such as 6800 or 6,800.50")
)

// The warnings. They ask for a second look and refuse nothing, because codes are
// added faster than programs are changed.
const (
	WarnRegion  = "unknown_region" // the first two digits are no province
	WarnLegacy  = "legacy_15"      // a number of 15 digits, out of use since 2013
	WarnPrefix  = "unknown_prefix" // no network uses these first digits
	WarnForeign = "foreign"        // a number abroad, not checked further
)

// IDNumber is what an identity number says about its holder. Warn is "" or one
// of WarnRegion and WarnLegacy.
type IDNumber struct {
	Birth  Date
	Female bool
	Warn   string
}

// Unborn says whether the number names a birth after today: its check digit may
// fit, and it is nobody's all the same.
func (n IDNumber) Unborn(today Date) bool { return n.Birth.After(today) }

// PlainID is an identity number in the one form in which it is checked, sealed and
// looked up: full-width digits as plain ones, the X large, no blanks around it. It
// checks nothing.
func PlainID(s string) string { return strings.ToUpper(strings.TrimSpace(halfWidth(s))) }

// CheckIDNumber reads a citizen's identity number: its shape, its check digit
// and its birth date from 1850 on. Blanks around it, a small x and full-width
// digits are taken as meant. Of the old numbers with 15 digits, which have no
// check digit, it reads what there is and warns. Passports and permits are not
// numbers of this kind and give ErrIDShape.
//
// Errors: ErrIDShape, ErrIDCheckDigit, ErrIDBirth.
//
// Source: GB 11643.
func CheckIDNumber(s string) (IDNumber, error) {
	s = PlainID(s)
	switch {
	case len(s) == 15 && digits(s):
		return readID(s[:2], "19"+s[6:12], s[14], WarnLegacy)
	case len(s) != 18 || !digits(s[:17]) || (s[17] != 'X' && !digits(s[17:])):
		return IDNumber{}, ErrIDShape
	case s[17] != checkDigit(s[:17]):
		return IDNumber{}, ErrIDCheckDigit
	}
	return readID(s[:2], s[6:14], s[16], "")
}

// readID takes the province, the birth date as 20060102 and the digit of the sex,
// which is odd for men.
func readID(province, birth string, sex byte, warn string) (IDNumber, error) {
	t, err := time.Parse("20060102", birth)
	if err != nil || t.Year() < 1850 {
		return IDNumber{}, ErrIDBirth
	}
	if warn == "" && !strings.Contains(provinces, province+" ") {
		warn = WarnRegion
	}
	return IDNumber{Birth: NewDate(t.Date()), Female: (sex-'0')%2 == 0, Warn: warn}, nil
}

// provinces are the first two digits in use (GB/T 2260), with 81 to 83 for the
// residence permits of Hong Kong, Macao and Taiwan and 9x for foreigners' ones.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 " +
	"61 62 63 64 65 71 81 82 83 91 "

// checkDigit is the last character of an identity number (ISO 7064, MOD 11-2):
// each digit weighs a power of two modulo 11.
func checkDigit(body string) byte {
	sum := 0
	for _, c := range []byte(body) {
		sum = (sum + int(c-'0')) * 2 % 11
	}
	return "10X98765432"[sum%11]
}

func digits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// halfWidth turns what a Chinese keyboard types in its wide form into plain digits,
// letters and signs (Unicode NFKC), the wide blank and the unbreakable one too.
func halfWidth(s string) string { return norm.NFKC.String(s) }

// CheckPhone reads a telephone number and gives it in one form: 11 digits for a
// mobile, area code and number for a landline ("0512-65221234", an extension
// after a further hyphen), "400-123-4567" for a service number, "+" and digits
// for a number abroad. Blanks, hyphens, brackets and +86 are taken as meant. warn
// is "", WarnPrefix or WarnForeign.
//
// Errors: ErrPhone.
func CheckPhone(s string) (normal string, warn string, err error) {
	s = strings.TrimSpace(halfWidth(s))
	if len(s) > 40 {
		return "", "", ErrPhone
	}
	s, abroad := countryCode(s)
	main, extension, err := splitExtension(s)
	if err != nil {
		return "", "", err
	}
	switch {
	case abroad:
		return foreignPhone(main, extension)
	case extension == "" && len(main) == 11 && main[0] == '1':
		return main, mobileWarning(main), nil
	case extension == "" && len(main) == 10 && (main[:3] == "400" || main[:3] == "800"):
		return main[:3] + "-" + main[3:6] + "-" + main[6:], "", nil
	}
	return landline(main, extension)
}

// countryCode takes +86 or 0086 off; any other + leads abroad.
func countryCode(s string) (rest string, abroad bool) {
	for _, own := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(s, own); ok {
			return rest, false
		}
	}
	return strings.CutPrefix(s, "+")
}

// splitExtension takes the signs people group digits with out of the number. An
// extension follows "转", "x" or "#", or a second hyphen of a landline.
func splitExtension(s string) (main, extension string, err error) {
	if at := strings.IndexAny(s, "转xX#"); at >= 0 {
		s, extension = s[:at], strings.TrimSpace(strings.TrimLeft(s[at:], "转xX#"))
	} else if parts := strings.Split(s, "-"); len(parts) == 3 && strings.HasPrefix(s, "0") && len(parts[1]) >= 7 {
		s, extension = parts[0]+parts[1], parts[2]
	}
	main = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "‐", "", "–", "", "—", "").Replace(s)
	if !digits(main) || (extension != "" && (!digits(extension) || len(extension) > 6)) {
		return "", "", ErrPhone
	}
	return main, extension, nil
}

func foreignPhone(main, extension string) (string, string, error) {
	if extension != "" || main[0] == '0' || len(main) < 7 || len(main) > 15 {
		return "", "", ErrPhone
	}
	return "+" + main, WarnForeign, nil
}

// mobileWarning: 10 and 12 are no mobile networks; fixtures use 100, which
// reaches nobody.
func mobileWarning(main string) string {
	if main[1] < '3' {
		return WarnPrefix
	}
	return ""
}

// landline parts area code and number. Beijing and the cities of 02x have three
// digits, all others four; after +86 the leading 0 is often left out.
func landline(main, extension string) (string, string, error) {
	if main[0] != '0' && len(main) >= 9 && len(main) <= 11 && main[0] != '1' {
		main = "0" + main
	}
	area := 4
	if strings.HasPrefix(main, "010") || strings.HasPrefix(main, "02") {
		area = 3
	}
	rest := len(main) - area
	if main[0] != '0' || rest < 7 || rest > 8 || main[1] == '0' || main[area] < '2' {
		return "", "", ErrPhone
	}
	normal := main[:area] + "-" + main[area:]
	if extension != "" {
		normal += "-" + extension
	}
	return normal, "", nil
}

// Age gives the full years a person born on birth has lived on the day; 0 when
// either is none or birth is later. A person of 29 February turns a year older
// on 1 March in a common year.
//
// Source: CC 200, 202.
func Age(birth, on Date) int {
	if birth.IsZero() || on.Before(birth) {
		return 0
	}
	age := on.Year() - birth.Year()
	if on.Before(NewDate(on.Year(), birth.Month(), birth.Day())) {
		age--
	}
	return age
}

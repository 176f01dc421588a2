package statute

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIdentityNumbersOfTheFixtures(t *testing.T) {
	for _, tt := range []struct {
		number, birth string
		female        bool
	}{
		{"990000195803120017", "1958-03-12", false},
		{"990000199107240021", "1991-07-24", true},
		{"990000201506010039", "2015-06-01", false},
		{"990000198509301013", "1985-09-30", false},
	} {
		got, err := CheckIDNumber(tt.number)
		if want := (IDNumber{day(t, tt.birth), tt.female, WarnRegion}); err != nil || got != want {
			t.Errorf("CheckIDNumber(%s) = %+v, %v, want %+v", tt.number, got, err, want)
		}
	}
}

// proves: duty.identity_number
func TestCheckIDNumber(t *testing.T) {
	for _, tt := range []struct {
		rule, number string
		want         error
		warn         string
	}{
		{"the example of the standard", "11010519491231002X", nil, ""},
		{"a small x and blanks are taken as meant", " 11010519491231002x ", nil, ""},
		{"full-width digits are taken as meant", "１１０１０５１９４９１２３１００２Ｘ", nil, ""},
		{"a foreigner's residence permit", idNumber("91000019800101001"), nil, ""},
		{"an unknown province only warns", idNumber("99000019800229001"), nil, WarnRegion},
		{"an old number of 15 digits warns", "110105491231002", nil, WarnLegacy},
		{"a wrong check digit", "110105194912310021", ErrIDCheckDigit, ""},
		{"two digits changed places", "11010519491213002X", ErrIDCheckDigit, ""},
		{"a day that does not exist", idNumber("11010519490231002"), ErrIDBirth, ""},
		{"29 February of a common year", idNumber("11010519810229002"), ErrIDBirth, ""},
		{"a month that does not exist", idNumber("11010519491331002"), ErrIDBirth, ""},
		{"a birth before anybody alive", idNumber("11010517491231002"), ErrIDBirth, ""},
		{"an old number with a day that does not exist", "110105491332002", ErrIDBirth, ""},
		{"a digit too few", "1101051949123100", ErrIDShape, ""},
		{"an X in the middle", "1101051949123X002X", ErrIDShape, ""},
		{"a letter at the end", "11010519491231002A", ErrIDShape, ""},
		{"a passport", "E12345678", ErrIDShape, ""},
		{"nothing", "", ErrIDShape, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := CheckIDNumber(tt.number)
			if !errors.Is(err, tt.want) || got.Warn != tt.warn || got.Birth.IsZero() != (err != nil) {
				t.Errorf("CheckIDNumber(%s) = %+v, %v, want %v and %q", tt.number, got, err, tt.want, tt.warn)
			}
		})
	}
}

// A number is compared and kept in one form, whatever keyboard it was typed on.
func TestPlainID(t *testing.T) {
	for typed, want := range map[string]string{
		"11010519491231002X": "11010519491231002X", " 11010519491231002x\t": "11010519491231002X", "　１１０１０５１９４９１２３１００２ｘ　": "11010519491231002X",
		"𝟏𝟏𝟎𝟏𝟎𝟓19491231002X": "11010519491231002X", "": "", "　": "",
	} {
		if got := PlainID(typed); got != want || PlainID(got) != got {
			t.Errorf("PlainID(%q) = %q, want %q", typed, got, want)
		}
	}
}

// proves: duty.identity_number
func TestUnborn(t *testing.T) {
	today := day(t, "2026-05-11")
	for birth, want := range map[string]bool{"2026-05-10": false, "2026-05-11": false, "2026-05-12": true, "2099-01-01": true} {
		id, err := CheckIDNumber(idNumber("990000" + strings.ReplaceAll(birth, "-", "") + "001"))
		if err != nil || id.Unborn(today) != want {
			t.Errorf("born %s: %t, %v", birth, id.Unborn(today), err)
		}
	}
}

// idNumber closes a body of 17 digits with its check digit, by the weights as the
// standard prints them.
func idNumber(body string) string {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}

func TestOneWrongDigitIsAlwaysSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth := NewDate(1900, 1, 1).Add(rapid.IntRange(0, 45000).Draw(t, "birth"))
		body := rapid.StringMatching(`[1-9][0-9]{5}`).Draw(t, "region") + strings.ReplaceAll(birth.String(), "-", "") +
			rapid.StringMatching(`[0-9]{3}`).Draw(t, "order")
		good := idNumber(body)
		got, err := CheckIDNumber(good)
		if err != nil || got.Birth != birth || got.Female != ((body[16]-'0')%2 == 0) {
			t.Fatalf("CheckIDNumber(%s) = %+v, %v", good, got, err)
		}
		at := rapid.IntRange(0, 16).Draw(t, "at")
		digit := byte('0' + (int(good[at]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		if _, err := CheckIDNumber(good[:at] + string(digit) + good[at+1:]); err == nil {
			t.Fatalf("%s passes with another digit at %d", good, at)
		}
	})
}

func FuzzCheckIDNumber(f *testing.F) {
	for _, s := range []string{"990000195803120017", "11010519491231002X", "110105491231002", "", "１", "11010519491231002x\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CheckIDNumber(s)
		if (err == nil) == got.Birth.IsZero() {
			t.Fatalf("CheckIDNumber(%q) = %+v, %v", s, got, err)
		}
		if err != nil && s != "" && len(s) > 5 && strings.Contains(err.Error(), s) {
			t.Fatalf("the error repeats the number: %v", err)
		}
	})
}

func TestAge(t *testing.T) {
	for _, tt := range []struct {
		rule, birth, on string
		want            int
	}{
		{"the day before the birthday", "2008-05-12", "2026-05-11", 17},
		{"the birthday", "2008-05-11", "2026-05-11", 18},
		{"born on a leap day, the day before", "2008-02-29", "2026-02-28", 17},
		{"born on a leap day, in a common year", "2008-02-29", "2026-03-01", 18},
		{"not born yet", "2027-01-01", "2026-05-11", 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := Age(day(t, tt.birth), day(t, tt.on)); got != tt.want {
				t.Errorf("Age = %d, want %d", got, tt.want)
			}
		})
	}
	if Age(Date{}, NewDate(2026, 5, 11)) != 0 || Age(NewDate(2000, 1, 1), Date{}) != 0 {
		t.Error("an unknown day gives an age")
	}
}

func TestCheckPhone(t *testing.T) {
	for _, tt := range []struct{ rule, phone, normal, warn string }{
		{"a mobile", "13812345678", "13812345678", ""},
		{"grouped as people do", "138 1234-5678", "13812345678", ""},
		{"with the country code", "+86 138 1234 5678", "13812345678", ""},
		{"with the country code and zeros", "0086-13812345678", "13812345678", ""},
		{"full-width digits", "１３８１２３４５６７８", "13812345678", ""},
		{"a wide blank", "138　12345678", "13812345678", ""},
		{"a new prefix", "19212345678", "19212345678", ""},
		{"a number of the fixtures warns", "10012345678", "10012345678", WarnPrefix},
		{"no network begins with 12", "12012345678", "12012345678", WarnPrefix},
		{"a landline", "0512-65221234", "0512-65221234", ""},
		{"a landline with seven digits", "0512-6522123", "0512-6522123", ""},
		{"a landline without a hyphen", "051265221234", "0512-65221234", ""},
		{"brackets", "(0512) 6522 1234", "0512-65221234", ""},
		{"full-width brackets", "（010）65221234", "010-65221234", ""},
		{"Beijing has three digits", "01065221234", "010-65221234", ""},
		{"Shanghai has three digits", "021-65221234", "021-65221234", ""},
		{"an extension", "0512-65221234-801", "0512-65221234-801", ""},
		{"an extension in words", "0512-65221234转801", "0512-65221234-801", ""},
		{"a landline with the country code", "+86 512 65221234", "0512-65221234", ""},
		{"a service number", "400 123 4567", "400-123-4567", ""},
		{"a number abroad warns", "+81 90 1234 5678", "+819012345678", WarnForeign},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			normal, warn, err := CheckPhone(tt.phone)
			if err != nil || normal != tt.normal || warn != tt.warn {
				t.Fatalf("CheckPhone(%q) = %q, %q, %v, want %q, %q", tt.phone, normal, warn, err, tt.normal, tt.warn)
			}
			if again, _, err := CheckPhone(normal); err != nil || again != normal {
				t.Errorf("its own form %q is read as %q, %v", normal, again, err)
			}
		})
	}
	for _, bad := range []string{"", " ", "12345", "110", "1381234567", "138123456789", "23812345678x", "0512", "0512-12", "0012-65221234",
		"65221234", "0512-05221234", "abc", "13812345678 or 139", "+", "+86", "+0123456789", "+1234567890123456", "13812345678-1",
		"400-123-45678", "-", "转", "138\x0012345678", "0512-65221234-12345678", strings.Repeat("1 ", 50)} {
		if normal, _, err := CheckPhone(bad); !errors.Is(err, ErrPhone) {
			t.Errorf("CheckPhone(%q) = %q, %v", bad, normal, err)
		}
	}
}

func FuzzCheckPhone(f *testing.F) {
	for _, s := range []string{"13812345678", "0512-65221234-801", "+86", "+81 90 1234 5678", "转", "(((", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		normal, _, err := CheckPhone(s)
		if (err == nil) == (normal == "") {
			t.Fatalf("CheckPhone(%q) = %q, %v", s, normal, err)
		}
		if err == nil {
			if again, _, err := CheckPhone(normal); err != nil || again != normal {
				t.Fatalf("CheckPhone(%q) = %q, which is read as %q, %v", s, normal, again, err)
			}
		}
	})
}

func TestFen(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       int64
	}{
		{"whole yuan", "6800", 680000},
		{"commas", "6,800", 680000},
		{"two decimals", "6800.50", 680050},
		{"one decimal", "6800.5", 680050},
		{"with 元", "6800元", 680000},
		{"with 元整", "6,800.00 元整", 680000},
		{"with a yuan sign", "¥6,800", 680000},
		{"with a full-width yuan sign", "￥6800", 680000},
		{"full-width digits and comma", "６，８００．５０", 680050},
		{"with the name of the currency", "人民币 6800 圆", 680000},
		{"nothing", "0", 0},
		{"a fen", "0.01", 1},
		{"leading zeros", "007", 700},
		{"the most", "10,000,000,000.00", MaxFen},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got, err := Fen(tt.text); err != nil || got != tt.want {
				t.Errorf("Fen(%q) = %d, %v, want %d", tt.text, got, err, tt.want)
			}
		})
	}
	for _, bad := range []string{"", " ", "-1", "－1", "+1", "1.234", "6,80", "68,00", "6,8000", ",800", "6,,800", "1.", ".5", "1e3", "0x10",
		"6 800", "10000000000.01", "99999999999999999999999", "六千八百", "6800元5角", "6.8万", "NaN", "Inf", "1_000", "١٢"} {
		if got, err := Fen(bad); !errors.Is(err, ErrAmount) || got != 0 {
			t.Errorf("Fen(%q) = %d, %v, want ErrAmount", bad, got, err)
		}
	}
}

func TestYuanIsReadBack(t *testing.T) {
	for fen, want := range map[int64]string{0: "0.00", 1: "0.01", 10: "0.10", 99999: "999.99", 100000: "1,000.00", 680000: "6,800.00",
		123456789: "1,234,567.89", -680000: "-6,800.00", math.MinInt64: "-92,233,720,368,547,758.08"} {
		if got := Yuan(fen); got != want {
			t.Errorf("Yuan(%d) = %s, want %s", fen, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(0, MaxFen).Draw(t, "fen")
		if got, err := Fen(Yuan(fen)); err != nil || got != fen {
			t.Fatalf("Fen(%s) = %d, %v, want %d", Yuan(fen), got, err, fen)
		}
	})
}

func FuzzFen(f *testing.F) {
	for _, s := range []string{"6,800", "6800.50", "6800元", "-1", "1e9", "９", "¥", "整"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := Fen(s)
		if fen < 0 || fen > MaxFen || (err != nil && fen != 0) {
			t.Fatalf("Fen(%q) = %d, %v", s, fen, err)
		}
		if err == nil {
			if again, err := Fen(Yuan(fen)); err != nil || again != fen {
				t.Fatalf("Fen(%q) = %d, which is read back as %d, %v", s, fen, again, err)
			}
		}
	})
}

func TestDaxie(t *testing.T) {
	for fen, want := range map[int64]string{
		0:               "零元整",
		5:               "伍分",
		50:              "伍角整",
		55:              "伍角伍分",
		105:             "壹元零伍分",
		150:             "壹元伍角整",
		1000:            "壹拾元整",
		680000:          "陆仟捌佰元整",
		140950:          "壹仟肆佰零玖元伍角整",
		600714:          "陆仟零柒元壹角肆分",
		1640902:         "壹万陆仟肆佰零玖元零贰分",
		32504:           "叁佰贰拾伍元零肆分",
		10700053:        "壹拾万柒仟元伍角叁分",
		1000000:         "壹万元整",
		10000100:        "壹拾万零壹元整",
		1001000:         "壹万零壹拾元整",
		10000000000:     "壹亿元整",
		10010000000:     "壹亿零壹拾万元整",
		10500000000:     "壹亿零伍佰万元整",
		1000000000000:   "壹佰亿元整",
		100000000000000: "壹万亿元整",
		100000000000100: "壹万亿零壹元整",
		math.MaxInt64:   "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
		-680000:         "负陆仟捌佰元整",
	} {
		if got := Daxie(fen); got != "人民币"+want {
			t.Errorf("Daxie(%d) = %s, want 人民币%s", fen, got, want)
		}
	}
}

var capitalShape = regexp.MustCompile(`^人民币(?:(.+)元)?(?:零)?(?:(.)角)?(?:(.)分)?整?$`)

// readCapitals adds the numerals up from the left and knows nothing of zeros.
func readCapitals(s string) int64 {
	var total, section, digit int64
	for _, r := range s {
		switch i := strings.IndexRune("零壹贰叁肆伍陆柒捌玖", r); {
		case r == '拾':
			section, digit = section+digit*10, 0
		case r == '佰':
			section, digit = section+digit*100, 0
		case r == '仟':
			section, digit = section+digit*1000, 0
		case r == '万':
			total, section, digit = total+(section+digit)*1_0000, 0, 0
		case r == '亿':
			total, section, digit = (total+section+digit)*1_0000_0000, 0, 0
		case i >= 0:
			digit = int64(i / len("零"))
		}
	}
	return total + section + digit
}

func TestCapitalsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.OneOf(rapid.Int64Range(0, MaxFen), rapid.Int64Range(0, 200_000_00),
			rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]int64{0, 0, 0, 1, 9}), 12, 12), func(ds []int64) int64 {
				var n int64
				for _, d := range ds {
					n = n*10 + d
				}
				return n
			})).Draw(t, "fen")
		text := Daxie(fen)
		m := capitalShape.FindStringSubmatch(text)
		if m == nil || strings.Contains(text, "零零") || (fen%10 == 0) != strings.HasSuffix(text, "整") {
			t.Fatalf("Daxie(%d) = %s is badly formed", fen, text)
		}
		if got := readCapitals(m[1])*100 + readCapitals(m[2])*10 + readCapitals(m[3]); got != fen {
			t.Fatalf("Daxie(%d) = %s, which is read as %d", fen, text, got)
		}
	})
}

func ExampleDaxie() {
	fmt.Println(Yuan(680000), Daxie(680000))
	// Output: 6,800.00 人民币陆仟捌佰元整
}

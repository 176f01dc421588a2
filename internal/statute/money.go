package statute

import (
	"regexp"
	"strconv"
	"strings"
)

// MaxFen is the largest amount a case can carry, in fen: ten thousand million
// yuan. What is larger was mistyped.
const MaxFen = 1_000_000_000_000

// An amount is plain, or has commas after every third digit and nowhere else:
// "6,80" might mean two things.
var amountShape = regexp.MustCompile(`^(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,2})?$`)

// Fen reads an amount in yuan and gives it in fen, from 0 to MaxFen. A yuan sign,
// 元 and full-width digits are taken as meant; a minus, more than two decimals
// and anything else are refused.
//
// Errors: ErrAmount.
func Fen(s string) (int64, error) {
	s = strings.TrimSpace(halfWidth(s))
	for _, sign := range []string{"人民币", "RMB", "CNY", "¥", "￥"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, sign))
	}
	for _, unit := range []string{"整", "元", "圆"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	if !amountShape.MatchString(s) {
		return 0, ErrAmount
	}
	yuan, cents, _ := strings.Cut(strings.ReplaceAll(s, ",", ""), ".")
	fen, err := strconv.ParseInt(yuan+(cents + "00")[:2], 10, 64)
	if err != nil || fen > MaxFen {
		return 0, ErrAmount
	}
	return fen, nil
}

// Yuan writes an amount in fen as yuan with commas: 680000 is "6,800.00".
func Yuan(fen int64) string {
	yuan, cents := split(fen)
	text := strconv.FormatInt(yuan, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	if fen < 0 {
		text = "-" + text
	}
	return text + "." + strconv.FormatInt(cents/10, 10) + strconv.FormatInt(cents%10, 10)
}

// split gives yuan and fen without the sign. It divides first, because the
// smallest number has no positive twin.
func split(fen int64) (yuan, cents int64) {
	yuan, cents = fen/100, fen%100
	if fen < 0 {
		return -yuan, -cents
	}
	return yuan, cents
}

// Daxie writes an amount in fen in the capital numerals of a contract: 680000 is
// 人民币陆仟捌佰元整. An amount that ends with yuan or jiao is closed by 整, so
// that nothing can be added to it.
//
// Source: 支付结算办法, annex 1 (how amounts are written out).
func Daxie(fen int64) string {
	yuan, cents := split(fen)
	jiao, cent := cents/10, cents%10
	text := "人民币"
	if fen < 0 {
		text += "负"
	}
	if yuan > 0 || fen == 0 {
		text += capitals(yuan) + "元"
	}
	switch {
	case jiao > 0:
		text += capitalDigit(jiao) + "角"
	case cent > 0 && yuan > 0:
		text += "零"
	}
	if cent > 0 {
		return text + capitalDigit(cent) + "分"
	}
	return text + "整"
}

func capitalDigit(d int64) string { return string([]rune("零壹贰叁肆伍陆柒捌玖")[d]) }

// capitals writes a whole number; above ten thousand times ten thousand the
// names of the groups repeat (万亿).
func capitals(n int64) string {
	for _, group := range []struct {
		size int64
		name string
	}{{1_0000_0000, "亿"}, {1_0000, "万"}, {1000, "仟"}, {100, "佰"}, {10, "拾"}} {
		if n < group.size {
			continue
		}
		text := capitals(n/group.size) + group.name
		rest := n % group.size
		switch {
		case rest == 0:
			return text
		case rest < group.size/10: // a place is empty, and is named once
			return text + "零" + capitals(rest)
		}
		return text + capitals(rest)
	}
	return capitalDigit(n)
}

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
	sign, n := magnitude(fen, "-")
	text := strconv.FormatUint(n/100, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	cents := strconv.FormatUint(n%100, 10)
	return sign + text + "." + strings.Repeat("0", 2-len(cents)) + cents
}

func magnitude(fen int64, minus string) (sign string, n uint64) {
	if fen < 0 {
		return minus, uint64(-(fen+1)) + 1 // the smallest number has no positive twin
	}
	return "", uint64(fen)
}

// Daxie writes an amount in fen in the capital numerals of a contract: 680000 is
// 人民币陆仟捌佰元整. An amount that ends with yuan or jiao is closed by 整, so
// that nothing can be added to it.
//
// Source: 支付结算办法, annex 1 (how amounts are written out).
func Daxie(fen int64) string {
	sign, n := magnitude(fen, "负")
	yuan, jiao, cent := n/100, n/10%10, n%10
	text := "人民币" + sign
	if yuan > 0 || n == 0 {
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

func capitalDigit(d uint64) string { return string([]rune("零壹贰叁肆伍陆柒捌玖")[d]) }

// capitals writes a whole number; above ten thousand times ten thousand the
// names of the groups repeat (万亿).
func capitals(n uint64) string {
	for _, group := range []struct {
		size uint64
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

package locale

import (
	"strconv"
	"strings"
)

// Negotiate picks the language of a browser that has not chosen one: Chinese,
// unless the browser asks for English and not for Chinese at all. A Chinese
// reader whose phone lists English first still gets Chinese.
//
// Source: decision 31.
func Negotiate(acceptLanguage string) Lang {
	english, chinese := false, false
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if refused(params) {
			continue
		}
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		switch primary {
		case "en":
			english = true
		case "zh":
			chinese = true
		}
	}
	if english && !chinese {
		return EN
	}
	return ZH
}

// refused says whether the parameters give the language the weight nought
// (RFC 9110, 12.4.2: "not acceptable").
func refused(params string) bool {
	name, value, ok := strings.Cut(strings.TrimSpace(params), "=")
	if !ok || strings.TrimSpace(name) != "q" {
		return false
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err == nil && q == 0
}

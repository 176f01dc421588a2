package statute

import (
	"fmt"
	"strings"
)

// CaseNumber writes the number of a case, which is also that of its volume and
// its agreement: 榆园人调字〔2026〕第12号. The short name may be given with or
// without the word 人调字. The sequence runs per committee and year.
func CaseNumber(shortName string, year, n int) string {
	return fmt.Sprintf("%s人调字〔%d〕第%d号", bareName(shortName), year, n)
}

// IntakeNumber writes the number of the intake register, which a matter has even
// when it is refused: 榆园登〔2026〕12号.
func IntakeNumber(shortName string, year, n int) string {
	return fmt.Sprintf("%s登〔%d〕%d号", bareName(shortName), year, n)
}

// noticeWords are the words of the registers notices have of their own, by form.
//
// Source: NJMED (宁医调 受〔 〕 号).
var noticeWords = map[string]string{"F04": "受", "F05": "不", "F13": "延", "F14": "终", "F15": "访", "F23": "移"}

// NoticeWord is the word in the number of a notice; "" for a paper that has no
// number of its own and bears that of its case.
func NoticeWord(form string) string { return noticeWords[form] }

// NoticeNumber writes the number of a notice of a form that has one:
// 榆园人调受〔2026〕12号. The sequence runs per committee, form and year.
func NoticeNumber(shortName, form string, year, n int) string {
	return fmt.Sprintf("%s人调%s〔%d〕%d号", bareName(shortName), noticeWords[form], year, n)
}

func bareName(shortName string) string {
	name := strings.Trim(strings.TrimSpace(shortName), "（）() ")
	for _, word := range []string{"人调字", "人调"} {
		if bare, ok := strings.CutSuffix(name, word); ok {
			return bare
		}
	}
	return name
}

package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// blank is a line to write on inside a sentence; openDay a date to fill in.
const (
	blank   = "＿＿＿＿＿＿＿＿"
	openDay = "　　　　年　　月　　日"
)

// day writes a date as a deed does, 2026年5月15日; an open one when there is none.
func day(d statute.Date) string {
	if d.IsZero() {
		return openDay
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// knownDay is day, but "" when there is none.
func knownDay(d statute.Date) string {
	if d.IsZero() {
		return ""
	}
	return day(d)
}

func dayOf(t time.Time) string { return knownDay(statute.DateOf(t)) }

// moment writes day and time of day in the community's zone; "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(statute.Shanghai)
	return fmt.Sprintf("%s%d时%02d分", dayOf(t), local.Hour(), local.Minute())
}

// zh is the Chinese label of a code; the code itself when it left the list, so
// that an old file stays readable.
func zh(list statute.List, code string) string {
	if c, ok := statute.Lookup(list, code); ok {
		return c.ZH
	}
	return code
}

// coded is zh with the code behind it, where registers and returns look for it
// and a reader passes over it: 当事人不愿继续调解（T01）.
func coded(list statute.List, code string) string {
	if words := zh(list, code); words != code {
		return words + bracketing(code)
	}
	return code
}

// dispute names the matter by its type: 邻里纠纷（噪音扰民）.
func dispute(c *mediation.Case) string {
	kind := zh(statute.DisputeTypes, c.Type)
	if sub := zh(statute.DisputeSubtypes, c.Subtype); sub != "" && kind != "" {
		kind += "（" + sub + "）"
	}
	return kind
}

// subject is the name of the dispute, or its type where the reader does not see
// the story.
func subject(c *mediation.Case) string {
	if c.Title != "" {
		return c.Title
	}
	return dispute(c)
}

func sideName(side mediation.Side) string {
	switch side {
	case mediation.Applicant:
		return "申请人"
	case mediation.Respondent:
		return "被申请人"
	case mediation.Third:
		return "第三人"
	}
	return "当事人"
}

// numeral writes 1 to 99 in Chinese, as the articles of a deed are counted.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20:
		return "十" + strings.TrimPrefix(string(digits[n%10]), "零")
	}
	return string(digits[n/10]) + "十" + strings.TrimPrefix(string(digits[n%10]), "零")
}

// counted numbers sentences: 一、 二、 …
func counted(texts []string) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = numeral(i+1) + "、" + t
	}
	return list
}

// bracketed numbers the points of an article: （一） （二） …
func bracketed(texts ...string) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = "（" + numeral(i+1) + "）" + t
	}
	return list
}

// bracketing puts a text into brackets, into square ones where it has round ones
// itself (GB/T 15834, 4.9.3).
func bracketing(text string) string {
	if strings.Contains(text, "（") {
		return "〔" + text + "〕"
	}
	return "（" + text + "）"
}

func orNone(text string) string {
	if strings.TrimSpace(text) == "" {
		return "无"
	}
	return text
}

// bare cuts the full stop from a typed clause, so that it fits into a sentence.
func bare(text string) string { return strings.TrimRight(strings.TrimSpace(text), "。；;，,. ") }

// boxes are the entries of a code list with the given one ticked. An unknown
// code gets a box of its own, so that no paper is printed without a tick.
func boxes(list statute.List, on string) []Box {
	var all []Box
	found := false
	for _, code := range statute.Codes(list) {
		all = append(all, Box{code.ZH, code.Code == on})
		found = found || code.Code == on
	}
	if !found && on != "" {
		all = append(all, Box{on, true})
	}
	return all
}

// ticked are the codes of a list as boxes, any number of them ticked.
func ticked(list statute.List, on []string) []Box {
	var all []Box
	for _, code := range statute.Codes(list) {
		all = append(all, Box{code.ZH, slices.Contains(on, code.Code)})
	}
	return all
}

// choice are boxes of fixed words, the one of the given key ticked.
func choice(on string, pairs ...string) []Box {
	var all []Box
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, Box{pairs[i+1], pairs[i] == on})
	}
	return all
}

// remedies are the other lawful ways that were told, without the warning of
// limitation, which stands apart. Where none were stored, those that fit the
// case.
//
// Source: PML 26.
func remedies(c *mediation.Case, ground string) (ways []string, limitation string) {
	codes := c.Remedies
	if len(codes) == 0 {
		for _, r := range statute.RemediesFor(ground, c.Type) {
			codes = append(codes, r.Code)
		}
	}
	for _, code := range codes {
		if code == "limitation" {
			continue
		}
		ways = append(ways, zh(statute.Remedies, code)+"。")
	}
	return counted(ways), zh(statute.Remedies, "limitation")
}

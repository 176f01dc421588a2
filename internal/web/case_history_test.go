package web

import (
	"strings"
	"testing"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// What a report of danger and a request about personal data leave in the history is
// told in words, in both languages.
func TestTheHistoryTellsReportsAndRequestsInWords(t *testing.T) {
	for _, e := range []mediation.Event{
		{Action: mediation.ReportRisk, Codes: map[string]string{"flag": "R3-MINOR", "told": "police civil_affairs"}},
		{Action: mediation.AskData, Codes: map[string]string{"data_right": "delete"}},
		{Action: mediation.AnswerData, Codes: map[string]string{"data_right": "delete", "data_answer": "limited", "data_refusal": "kept"}},
	} {
		for _, lang := range []locale.Lang{locale.ZH, locale.EN} {
			said := strings.Join(codesInWords(testRenderer(t).BlankPage(lang, presentDay), e), "\n")
			for _, code := range []string{"⟦", "police civil", "civil_affairs", "data_", ": delete", "：delete", "limited", "：kept", ": kept"} {
				if strings.Contains(said, code) {
					t.Errorf("%s, %s: %q holds %q", e.Action, lang, said, code)
				}
			}
			if strings.Count(said, "\n")+1 != len(e.Codes) {
				t.Errorf("%s: %q", e.Action, said)
			}
		}
	}
}

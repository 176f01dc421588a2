package press

import (
	"strings"
	"testing"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// TestTheFootOfAnIssueFitsTheSheet: number, day and short digest on one line, the
// whole digest on the next, neither under the page number nor off the sheet.
func TestTheFootOfAnIssueFitsTheSheet(t *testing.T) {
	f := testCuts(t)
	draft := one("内容")
	draft.Code, draft.Version = "F11", 12
	n := mediation.Issue{Seq: 12, At: time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC), Digest: strings.Repeat("0a9f", 16), Replaced: 13}
	issued := draft.Issued(n)
	if draft.Foot != "" || draft.Mark != "" || issued.Mark != "（本件已被第13次出具替代）" {
		t.Errorf("marks %q and %q", draft.Mark, issued.Mark)
	}
	lines := strings.Split(issued.Foot, "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "第12次出具　2026年12月31日　摘要 0a9f 0a9f 0a9f 0a9f") ||
		strings.Count(lines[1], " 0a9f0a9f") != 8 {
		t.Fatalf("the foot says %q", issued.Foot)
	}
	small := style{size: smallSize}
	number := f.width("第99页　共99页", small)
	if w := f.width(lines[0], small) + number + smallSize; w > measure {
		t.Errorf("the first line and the page number need %.0f of %.0f points", w, float64(measure))
	}
	if w := f.width(lines[1], small); w > measure {
		t.Errorf("the whole digest needs %.0f of %.0f points", w, float64(measure))
	}
	pages, err := f.set(issued)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range pages[0].marks {
		if w, ok := m.(words); ok && w.y > sheetHeight-20 {
			t.Errorf("%q stands %.0f points from the edge of the sheet", w.run.text, sheetHeight-w.y)
		}
	}
	if paper.Issuable("F27") || !paper.Issuable("F11") || paper.Issuable("F99") {
		t.Error("the cover of a volume is no paper of its own")
	}
}

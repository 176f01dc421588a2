package press

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/paper"
)

// longer is the paper with so many lines more before its first place to sign: as
// body, in its last table, or before everything.
func longer(p *paper.Paper, where string, n int) *paper.Paper {
	one := *p
	one.Blocks = slices.Clone(p.Blocks)
	signs := slices.IndexFunc(one.Blocks, func(b paper.Block) bool { return len(b.Places) > 0 })
	lines := slices.Repeat([]string{"这是多出来的一行。"}, n)
	switch where {
	case "body":
		if signs >= 0 {
			b := one.Blocks[signs]
			b.Text = append(slices.Clone(b.Text), lines...)
			one.Blocks[signs] = b
		}
	case "table":
		for i := len(one.Blocks) - 1; i >= 0; i-- {
			if b := one.Blocks[i]; len(b.Facts) > 0 && i <= max(signs, 0) {
				b.Facts = slices.Clone(b.Facts)
				last := &b.Facts[len(b.Facts)-1]
				last.Value += "\n" + strings.Join(lines, "\n")
				one.Blocks[i] = b
				break
			}
		}
	case "story":
		one.Blocks = slices.Insert(one.Blocks, 0, paper.Block{Text: []string{strings.Repeat("很长的一段陈述，说明事情的经过。", 2*n)}})
	}
	return &one
}

// TestNoPageHoldsASignatureAlone: whatever the length of a form, places to sign
// share their page with two lines of body. Only those that no page could hold
// with their text stand apart, and then under the words whose they are.
func TestNoPageHoldsASignatureAlone(t *testing.T) {
	f := testCuts(t)
	papers := 0
	for _, p := range everyForm(t) {
		for _, where := range []string{"body", "table", "story"} {
			for n := 0; n <= 45; n += 5 {
				s := f.lay(longer(p, where, n))
				papers++
				alone(t, s, fmt.Sprintf("%s with %d lines of %s", p.Code, n, where))
				if n%15 == 0 {
					apart(t, s, fmt.Sprintf("%s with %d lines of %s", p.Code, n, where))
				}
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d papers", papers)
}

// alone looks for pages of a paper that hold places to sign and no body.
func alone(t *testing.T, s *setter, name string) {
	t.Helper()
	body, signs, all := make([]int, len(s.pages)+1), make([]bool, len(s.pages)+1), 0.0
	for _, one := range s.strips {
		body[one.page] += one.weight
		if one.sign {
			signs[one.page] = true
			all += one.above + one.high
		}
	}
	for i, pg := range s.pages {
		if !signs[i+1] || body[i+1] >= enough {
			continue
		}
		text := said(pg)
		if !strings.Contains(text, "签名页，接上页") || all < (bottom-marginTop)*0.7 {
			t.Errorf("%s: page %d of %d holds places to sign and %d lines of body: %q", name, i+1, len(s.pages), body[i+1], text)
		}
	}
}

func said(pg *page) string {
	var text strings.Builder
	for _, m := range pg.marks {
		if w, ok := m.(words); ok {
			text.WriteString(w.run.text)
		}
	}
	return text.String()
}

// area is what a mark takes of its page, a little less than its type allows.
type area struct {
	x1, y1, x2, y2 float64
	what           string
}

func areas(pg *page) []area {
	var list []area
	for _, m := range pg.marks {
		switch v := m.(type) {
		case words:
			if v.run.text != "√" {
				list = append(list, area{v.x, v.y - v.size*0.75, v.x + v.run.width + v.gap*float64(len([]rune(v.run.text))-1), v.y + v.size*0.05, v.run.text})
			}
		case ring:
			list = append(list, area{v.x1, v.y1, v.x2, v.y2, "○"})
		case drawing:
			list = append(list, area{v.x, v.y, v.x + v.wide, v.y + v.high, "ink"})
		}
	}
	return list
}

// apart looks for marks that lie over each other or beside their sheet.
func apart(t *testing.T, s *setter, name string) {
	t.Helper()
	for n, pg := range s.pages {
		list := areas(pg)
		for i, a := range list {
			if a.x1 < marginLeft-1 || a.x2 > marginLeft+measure+1 || a.y1 < marginTop-1 || a.y2 > bottom+1 {
				t.Errorf("%s, page %d: %q stands outside: %.0f %.0f %.0f %.0f", name, n+1, a.what, a.x1, a.y1, a.x2, a.y2)
			}
			for _, b := range list[i+1:] {
				inRing := (a.what == "○" || b.what == "○") && strings.Contains("盖章处 指印", strings.Trim(a.what+b.what, "○"))
				if !inRing && a.x1 < b.x2-0.5 && b.x1 < a.x2-0.5 && a.y1 < b.y2 && b.y1 < a.y2 {
					t.Errorf("%s, page %d: %q lies over %q", name, n+1, a.what, b.what)
				}
			}
		}
	}
}

// TestDrawnNamesStandClearOfSeals: a drawn name of an organisation's agent has its
// seal beside it, not under it.
func TestDrawnNamesStandClearOfSeals(t *testing.T) {
	f := testCuts(t)
	p := signed(name(t))
	for i := range p.Blocks[0].Places {
		q := &p.Blocks[0].Places[i]
		q.Ink, q.Done, q.Seal, q.Finger = name(t), "已当面在屏幕上签名（协议文本摘要：0123456789ab）", i == 0, i == 1
	}
	apart(t, f.lay(p), "an agreement")
}

// TestTheNameBesideASealStaysWhole: alone, and beside a place that leaves it room;
// where it does not, nothing lies over anything.
func TestTheNameBesideASealStaysWhole(t *testing.T) {
	f := testCuts(t)
	seal := paper.Place{Role: "人民调解委员会（印章）", Name: "枫桥里社区人民调解委员会", Seal: true, Done: "已盖章", Day: "2026年5月15日"}
	for _, tt := range []struct {
		rule  string
		left  []paper.Place
		whole bool
	}{
		{"alone", nil, true},
		{"beside a recorder", []paper.Place{{Role: "记录人签名", Name: "小李"}}, true},
		{"beside a fingerprint", []paper.Place{{Role: "申请人签名", Name: "王建国", Finger: true}}, true},
		{"beside another seal", []paper.Place{{Role: "申请人盖章及代表人签名", Name: "恒安物业服务有限公司", Seal: true}}, false},
	} {
		s := f.lay(&paper.Paper{Title: "协议", Blocks: []paper.Block{{Text: []string{"正文。"}, Places: append(tt.left, seal)}}})
		whole := slices.ContainsFunc(s.pages[0].marks, func(m mark) bool {
			w, ok := m.(words)
			return ok && w.run.text == seal.Name
		})
		if whole != tt.whole {
			t.Errorf("%s: on one line %v, want %v", tt.rule, whole, tt.whole)
		}
		apart(t, s, tt.rule)
	}
}

// TestAFormIsSetNoTighterThanItTakes: what is a line too long is set a little more
// tightly, what is many lines too long more so, and what saves no page not at all.
func TestAFormIsSetNoTighterThanItTakes(t *testing.T) {
	f := testCuts(t)
	last, seen := easy.leading, map[float64]bool{}
	for n := 25; n < 70; n++ {
		s := f.lay(one(slices.Repeat([]string{"一行。"}, n)...))
		if len(s.pages) == 1 && s.pace.leading > last {
			t.Errorf("%d lines are set at %.2f, one less at %.2f", n, s.pace.leading, last)
		}
		if len(s.pages) > 1 {
			if s.pace != easy {
				t.Errorf("%d lines on %d pages are set at %.2f", n, len(s.pages), s.pace.leading)
			}
			break
		}
		last = s.pace.leading
		seen[last] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d paces were seen, want 4", len(seen))
	}
}

// TestWhatAnnouncesDoesNotPart: a head, the line of an announcement and the first
// line of a paragraph never end a page, and no page begins with a paragraph's last
// line.
func TestWhatAnnouncesDoesNotPart(t *testing.T) {
	f := testCuts(t)
	for n := range 60 {
		p := one(slices.Repeat([]string{"一行。"}, n)...)
		p.Blocks = append(p.Blocks, paper.Block{Head: "四、调解结果", Text: []string{"协议内容："}, Items: []string{strings.Repeat("应当支付补偿款。", 12)}})
		s := f.layAt(p, easy)
		place := map[string]int{}
		for i, pg := range s.pages {
			for _, text := range []string{"四、调解结果", "协议内容："} {
				if strings.Contains(said(pg), text) {
					place[text] = i
				}
			}
		}
		item := s.strips[len(s.strips)-3:]
		if place["四、调解结果"] != place["协议内容："] || place["协议内容："]+1 != item[0].page {
			t.Errorf("after %d lines: head on page %d, its announcement on %d, what it announces on %d", n, place["四、调解结果"]+1, place["协议内容："]+1, item[0].page)
		}
		if item[0].page != item[2].page {
			t.Errorf("after %d lines a paragraph of three is torn", n)
		}
	}
}

// TestAHighRowIsClosedOnEachPage: a cell longer than a page has its rules on
// every page, and all its lines.
func TestAHighRowIsClosedOnEachPage(t *testing.T) {
	f := testCuts(t)
	p := &paper.Paper{Code: "F25", Title: "结案报告", Blocks: []paper.Block{{Facts: []paper.Fact{{Label: "事实", Value: strings.Repeat("一格写不完的内容。", 700)}}}}}
	s := f.lay(p)
	if len(s.pages) < 3 {
		t.Fatalf("%d pages", len(s.pages))
	}
	for i, pg := range s.pages {
		top, low := bottom, 0.0
		across := map[float64]bool{}
		for _, m := range pg.marks {
			switch v := m.(type) {
			case rule:
				if v.y1 == v.y2 {
					across[v.y1] = true
				}
			case words:
				if !strings.Contains(v.run.text, "结案") {
					top, low = min(top, v.y), max(low, v.y)
				}
			}
		}
		above, under := 0, 0
		for y := range across {
			if y < top {
				above++
			}
			if y > low {
				under++
			}
		}
		if above == 0 || under == 0 {
			t.Errorf("page %d: %d rules above and %d under its text", i+1, above, under)
		}
	}
}

// BenchmarkLay is the layout alone, of the longest form.
func BenchmarkLay(b *testing.B) {
	f, err := testPress().cuts()
	if err != nil {
		b.Fatal(err)
	}
	p := one(strings.Repeat("李敏应于2026年6月1日前（含当日）向王建国支付2,100.00元。", 60))
	for b.Loop() {
		f.lay(p)
	}
}

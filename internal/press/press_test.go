package press

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"os"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/templates"
)

var made = time.Date(2026, 6, 25, 9, 0, 0, 0, time.UTC)

func testPress() *Press { return New(templates.Fonts) }

func testCuts(t *testing.T) *cuts {
	t.Helper()
	f, err := testPress().cuts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// broken is a text as it is broken at so many characters of ten points.
func broken(f *cuts, text string, chars int) []string {
	var list []string
	for _, l := range f.lines(text, style{size: 10}, float64(chars)*10, 0) {
		line := ""
		for _, r := range l.runs {
			line += r.text
		}
		list = append(list, line)
	}
	return list
}

func TestLinesBreakAsChineseIsSet(t *testing.T) {
	f := testCuts(t)
	for _, tt := range []struct {
		rule, text string
		chars      int
		want       []string
	}{
		{"at any character", "一二三四五六七八", 4, []string{"一二三四", "五六七八"}},
		{"no stop at the beginning", "一二三四。五六", 4, []string{"一二三", "四。五六"}},
		{"no bracket at the end", "一二三（四五）六", 4, []string{"一二三", "（四五）", "六"}},
		{"brackets of a title stay with their word", "一二《三四》五", 4, []string{"一二《三", "四》五"}},
		{"an amount stays whole", "一二三2,100.00元", 5, []string{"一二三", "2,100.00元"}},
		{"a word stays whole", "一二 Zhang 三", 4, []string{"一二 ", "Zhang ", "三"}},
		{"a word longer than the line is cut", "aaaaaaaaaaaaaaaaaaaa", 5, nil},
		{"an empty text is one empty line", "", 4, []string{""}},
		{"marks that nobody sees are left out", "一\u200b二\ufeff三", 4, []string{"一二三"}},
		{"an accent joins its letter", "e\u0301", 4, []string{"é"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := broken(f, tt.text, tt.chars)
			if tt.want == nil {
				if strings.Join(got, "") != tt.text || len(got) < 2 {
					t.Errorf("got %q", got)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoLineIsWiderThanItsMeasure(t *testing.T) {
	f := testCuts(t)
	text := strings.Repeat("甲方应于2026年6月1日前（含当日）向乙方支付2,100.00元（大写：人民币贰仟壹佰元整），用于：“修复顶棚”。", 5)
	for width := 40.0; width < 500; width += 7 {
		for i, l := range f.lines(text, style{size: 13}, width, 26) {
			free := width
			if i == 0 {
				free -= 26
			}
			if l.width > free+0.01 && l.count > 1 {
				// what must stay together may be wider than a very narrow measure
				if one := l.runs[0].text; len([]rune(one)) == l.count && f.width(one, style{size: 13}) > free && width > 200 {
					t.Fatalf("measure %.0f, line %d is %.1f wide: %q", width, i, l.width, one)
				}
			}
		}
	}
}

// one is a paper that says one thing.
func one(texts ...string) *paper.Paper {
	return &paper.Paper{Code: "F10", Title: "人民调解记录", Number: "榆园人调字〔2026〕第1号", Blocks: []paper.Block{{Text: texts}}}
}

// readBack prints a paper and reads it with another's reader.
func readBack(t *testing.T, p *paper.Paper) string {
	t.Helper()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("REQUIRE_POPPLER") == "1" {
			t.Fatal(err)
		}
		t.Skip("no pdftotext (package poppler-utils)")
	}
	var file bytes.Buffer
	if err := New(templates.Fonts).Papers(&file, made, p); err != nil {
		t.Fatal(err, chars(err))
	}
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), reader, path, "-").CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("Syntax")) {
		t.Fatalf("%v %s", err, out)
	}
	return string(out)
}

// TestRareCharactersAreReadBack: family names above U+FFFF and one that the body
// font lacks come out as they went in.
func TestRareCharactersAreReadBack(t *testing.T) {
	text := readBack(t, one("申请人𬙊㛃䶮龑𫖮𬱖𠮷。Ünïcode Ж ①℃㎡"))
	for _, r := range "𬙊㛃䶮龑𫖮𬱖𠮷ÜïЖ①℃㎡" {
		if !strings.ContainsRune(text, r) {
			t.Errorf("%c (U+%04X) is not read back from %q", r, r, text)
		}
	}
}

func TestACharacterThatNoFontHasIsNamed(t *testing.T) {
	err := New(templates.Fonts).Papers(&bytes.Buffer{}, made, one("邻居很吵😡😡，没有素质ꙮ"))
	e := &mediation.Error{}
	if !asError(err, &e) || e.Kind != mediation.Invalid || e.Key != "paper.no_glyph" || e.Args["chars"] != "😡 (U+1F621), ꙮ (U+A66E)" {
		t.Errorf("err = %+v", err)
	}
}

func chars(err error) string {
	e := &mediation.Error{}
	asError(err, &e)
	return fmt.Sprint(e.Args)
}

func asError(err error, to **mediation.Error) bool {
	return errors.As(err, to)
}

func TestLongPapersGoOnOverPages(t *testing.T) {
	p := one(strings.Repeat("很长的陈述。", 900))
	p.Blocks = append(p.Blocks, paper.Block{Facts: []paper.Fact{{Label: "事实", Value: strings.Repeat("一格写不完的内容。", 900)}}},
		paper.Block{Grid: paper.Grid{Head: []string{"序号", "名称"}, Shares: []int{1, 9}, Rows: rows(80)}},
		paper.Block{Places: []paper.Place{{Role: "甲", Finger: true}, {Role: "乙", Seal: true}}})
	text := readBack(t, p)
	solid := strings.NewReplacer("\n", "", " ", "", "\f", "").Replace(text)
	if n := strings.Count(solid, "很长的陈述"); n < 880 { // but for those with a page's foot between
		t.Errorf("%d of 900 sentences are read back", n)
	}
	if n := strings.Count(solid, "写不完的内容"); n < 880 {
		t.Errorf("%d of 900 sentences of the cell are read back", n)
	}
	if n := strings.Count(text, "序号"); n < 2 {
		t.Errorf("the head of the table stands %d times, want it on each of its pages", n)
	}
}

func rows(n int) [][]string {
	var list [][]string
	for range n {
		list = append(list, []string{"1", "材料"})
	}
	return list
}

// TestPrintingTwiceGivesTheSameFile: nothing in it hangs on the moment or on
// chance, so that a digest means something.
func TestPrintingTwiceGivesTheSameFile(t *testing.T) {
	p := New(templates.Fonts)
	var a, b bytes.Buffer
	if err := p.Papers(&a, made, one("同样的内容")); err != nil {
		t.Fatal(err)
	}
	if err := p.Papers(&b, made, one("同样的内容")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two printings differ")
	}
}

func BenchmarkPaper(b *testing.B) {
	p := New(templates.Fonts)
	sheet := one(strings.Repeat("李敏应于2026年6月1日前（含当日）向王建国支付2,100.00元（大写：人民币贰仟壹佰元整）。", 20))
	for b.Loop() {
		if err := p.Papers(&bytes.Buffer{}, made, sheet); err != nil {
			b.Fatal(err)
		}
	}
}

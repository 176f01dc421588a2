package paper_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"doorstep/internal/paper"
	"doorstep/internal/press"
	"doorstep/templates"
)

var day = time.Date(2026, 6, 25, 9, 0, 0, 0, time.UTC)

// TestEveryPaperPrints prints each sample and reads it back with another's
// reader: every text is there again, character for character.
func TestEveryPaperPrints(t *testing.T) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("REQUIRE_POPPLER") == "1" {
			t.Fatal(err)
		}
		t.Skip("no pdftotext (package poppler-utils): what is printed is not read back")
	}
	p := press.New(templates.Fonts)
	seen := map[string]bool{}
	for _, s := range paper.Samples(t) {
		seen[s.Form] = true
		t.Run(s.Form+"/"+s.Rule, func(t *testing.T) {
			var file bytes.Buffer
			if err := p.Papers(&file, day, s.Paper); err != nil {
				t.Fatal(err)
			}
			keep(t, s.Form, file.Bytes())
			path := filepath.Join(t.TempDir(), "paper.pdf")
			if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), reader, "-raw", path, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			read := solid(pageNumber.ReplaceAllString(solid(string(out)), ""))
			read = strings.ReplaceAll(read, solid(s.Paper.Foot), "")
			for _, text := range s.Paper.Texts() {
				for _, line := range strings.Split(text, "\n") {
					if line != s.Paper.Foot && !strings.Contains(read, solid(line)) {
						t.Errorf("%q is not read back from\n%s", line, read)
					}
				}
			}
		})
	}
	for _, form := range paper.Forms() {
		if !seen[form] {
			t.Errorf("no sample of %s", form)
		}
	}
}

// pageNumber is what stands at the foot of each page.
var pageNumber = regexp.MustCompile(`第\d+页共\d+页`)

// solid is a text without its spaces, which a printed line cannot keep.
func solid(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\f' {
			return -1
		}
		return r
	}, text)
}

// keep leaves the file where somebody wants to look at it.
func keep(t *testing.T, name string, file []byte) {
	t.Helper()
	if dir := os.Getenv("DOORSTEP_KEEP_PAPERS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

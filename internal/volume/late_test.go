package volume

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// text is what a volume says, a page an entry.
func (o *office) text() []string {
	o.Helper()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			o.Fatal(err)
		}
		o.Skip("no pdftotext (package poppler-utils)")
	}
	var file, out bytes.Buffer
	if _, err := o.b.PDF(&file, o.c); err != nil {
		o.Fatal(err)
	}
	cmd := exec.CommandContext(o.Context(), reader, "-layout", "-", "-")
	cmd.Stdin, cmd.Stdout = &file, &out
	if err := cmd.Run(); err != nil {
		o.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\f"), "\f")
}

// TestWhatCameLateStandsBehindTheBackCover: the volume is page for page what it
// was, and what follows has an index and numbers of its own.
func TestWhatCameLateStandsBehindTheBackCover(t *testing.T) {
	o := openOffice(t)
	before := o.text()
	o.lay("又漏了.jpg", "image", "image/jpeg", o.blobs[o.c.Files[0].Digest])
	o.lay("发票.pdf", "document", "application/pdf", []byte("%PDF-1.4 发票"))
	late := o.c.Files[len(o.c.Files)-2:]
	o.c.Addenda = []mediation.Addendum{
		{ID: "a1", Seq: 1, On: statute.NewDate(2026, 8, 1), From: "王建国", Text: "楼上又漏了一次", File: late[0].ID, At: now},
		{ID: "a2", Seq: 2, On: statute.NewDate(2026, 8, 3), Text: "已自行修好", At: now},
		{ID: "a3", Seq: 3, On: statute.NewDate(2026, 8, 4), Text: "补交发票", File: late[1].ID, At: now},
	}
	after := o.text()
	if len(after) != len(before)+6 {
		t.Fatalf("%d pages became %d, want six more", len(before), len(after))
	}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("page %d of the volume changed:\n%s\nwas\n%s", i+1, after[i], before[i])
		}
	}
	index, rest := after[len(before)], after[len(before)+1:]
	for _, want := range []string{"补充材料目录", "补充材料1（2026年8月1日）", "补充材料1附件：又漏了.jpg", "补5", "原件另附"} {
		if !strings.Contains(index, want) {
			t.Errorf("the index does not say %q:\n%s", want, index)
		}
	}
	for i, want := range []string{"楼上又漏了一次", "又漏了.jpg", "已自行修好", "补交发票", "发票.pdf"} {
		if !strings.Contains(rest[i], want) || !strings.Contains(strings.SplitN(rest[i], "\n", 2)[0], "补"+string(rune('1'+i))) {
			t.Errorf("page 补%d does not say %q, or has another number:\n%s", i+1, want, rest[i])
		}
	}
	if m, err := o.verify(o.bind()); err != nil || len(m.Files) != 6 {
		t.Errorf("%v: the originals of what came late are not all in the file: %+v", err, m)
	}
}

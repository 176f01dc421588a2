package paper

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// enclosing is a case with originals for the court, in the order in which they came.
func enclosing() *mediation.Case {
	c := late()
	p, q := c.Parties[0].ID, c.Parties[1].ID
	for i, f := range []mediation.File{
		{Name: "../../身份证.jpg", Class: statute.ProofOfIdentity, About: p},
		{Name: "协议.pdf", Class: statute.SignedPaper, Form: "F11"},
		{Name: "委托书.jpg", Class: statute.Authority, About: q},
		{Name: "身份证.jpg", Class: statute.ProofOfIdentity, About: q},
		{Name: "申请书.jpg", Class: statute.SignedPaper, Form: "F16", About: q},
		{Name: "改了类别的签字页.jpg", Class: statute.OtherFile},
	} {
		f.ID, f.Digest = mediation.ItemID(rune('a'+i)), strings.Repeat(string(rune('a'+i)), 64)
		c.Files = append(c.Files, f)
	}
	return c
}

// TestEnclosures: each original once, by whose it is and what, under a name that
// leads nowhere else, the signed sheets first; and the list names them all.
func TestEnclosures(t *testing.T) {
	c := enclosing()
	p, q := c.Parties[0].Name, c.Parties[1].Name
	want := []Enclosure{
		{"签字文书/01-申请书.jpg", "司法确认申请书签字扫描件（" + q + "）", strings.Repeat("e", 64)},
		{"签字文书/02-协议.pdf", "人民调解协议书签字扫描件", strings.Repeat("b", 64)},
		{"签字文书/03-改了类别的签字页.jpg", "其他材料", strings.Repeat("f", 64)},
		{"授权委托书/01-委托书.jpg", "授权委托书（" + q + "）", strings.Repeat("c", 64)},
		{"身份证明/01-身份证.jpg", "身份证明（" + p + "）", strings.Repeat("a", 64)},
		{"身份证明/02-身份证.jpg", "身份证明（" + q + "）", strings.Repeat("d", 64)},
	}
	if got := Enclosures(c); !slices.Equal(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	papers, err := CourtPapers(c, desk(statute.NewDate(2026, 6, 4)))
	if err != nil || len(papers) != len(CourtForms)+1 {
		t.Fatal(err, len(papers))
	}
	list := papers[len(papers)-1]
	for i, row := range list.Blocks[0].Grid.Rows {
		if row[1] != want[i].Title || row[2] != want[i].Name || strings.ReplaceAll(row[3], " ", "") != want[i].Digest {
			t.Errorf("line %d of the list says %q", i+1, row)
		}
	}
	if list.Foot == "" || len(list.Blocks[0].Grid.Rows) != len(want) {
		t.Errorf("the list: %+v", list)
	}
}

// TestTheKeptFileNamesItsOriginals: what is read back are the originals of the day of
// filing; of a file from before they were kept, those of the frozen case.
func TestTheKeptFileNamesItsOriginals(t *testing.T) {
	filed := enclosing()
	papers, err := CourtPapers(filed, desk(statute.NewDate(2026, 6, 4)))
	if err != nil {
		t.Fatal(err)
	}
	now := NewCourtContent(papers, filed)
	before := &CourtContent{Format: courtFormat1, Papers: papers}
	frozen := late()
	frozen.Files = []mediation.File{{ID: "z", Name: "旧.jpg", Class: statute.ProofOfIdentity, Digest: strings.Repeat("9", 64)}}
	none := NewCourtContent(papers, late())
	for rule, tt := range map[string]struct {
		content *CourtContent
		want    []Enclosure
	}{
		"kept": {now, Enclosures(filed)}, "from before": {before, Enclosures(frozen)}, "none at all": {none, nil},
	} {
		text, err := json.Marshal(tt.content)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadCourtContent(text, statute.NewDate(2026, 6, 3), frozen)
		if err != nil || !slices.Equal(got.Files, tt.want) || !strings.Contains(got.Papers[0].Foot, "2026年6月3日提出") {
			t.Errorf("%s: %+v, %v", rule, got, err)
		}
	}
	for _, text := range []string{`{"format":"doorstep court file 3","papers":[{"code":"F16"}]}`, `{"format":"doorstep court file 2"}`, `no json`} {
		if _, err := ReadCourtContent([]byte(text), statute.Date{}, frozen); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

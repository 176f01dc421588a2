package tables

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// hostile is a name somebody gave a committee to run something elsewhere.
const hostile = `=HYPERLINK("http://example.com","点我")`

func sampleSheet() Sheet {
	return Sheet{Name: "案件情况", Title: "人民调解案件情况统计表", About: []string{"单位：高新区", "期间：2026年5月"}, First: "调委会",
		Groups: []SheetGroup{{Columns: []SheetColumn{{Head: "受理"}}},
			{Head: "形式", Columns: []SheetColumn{{Head: "书面"}, {Head: "口头"}}},
			{Head: "其他", Columns: []SheetColumn{{Head: "金额", Money: true}, {Head: "备注", Text: true}}}},
		Rows: []SheetRow{
			{Name: hostile, Values: []SheetValue{{Number: 12}, {Number: 9}, {Number: 3}, {Number: 6800_50}, {Text: "+86"}}},
			{Name: "合计", Sum: true, Values: []SheetValue{{Number: 12}, {Number: 9}, {Number: 3}, {Number: 6800_50}, {Text: "@SUM(1)"}}},
		},
		Foot: []string{"填表人：", "负责人："}}
}

func TestAnExcelFileIsReadBackAsItWasMeant(t *testing.T) {
	data, err := sampleSheet().Excel()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("案件情况")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"人民调解案件情况统计表"}, {"单位：高新区　期间：2026年5月"}, {"调委会", "受理", "形式", "", "其他"}, {"", "", "书面", "口头", "金额", "备注"},
		{hostile, "12", "9", "3", "6,800.50", "+86"}, {"合计", "12", "9", "3", "6,800.50", "@SUM(1)"}, {"填表人：　　　　负责人："}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	merged := map[string]bool{}
	cells, err := f.GetMergeCells("案件情况")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		merged[c.GetStartAxis()+":"+c.GetEndAxis()] = true
	}
	for _, block := range []string{"A1:F1", "A2:F2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "A7:F7"} {
		if !merged[block] {
			t.Errorf("%s is not merged: %v", block, merged)
		}
	}
	for _, cell := range []string{"A5", "F5", "F6"} {
		formula, err := f.GetCellFormula("案件情况", cell)
		kind, kindErr := f.GetCellType("案件情况", cell)
		style, styleErr := f.GetCellStyle("案件情况", cell)
		if err != nil || kindErr != nil || styleErr != nil || formula != "" || kind != excelize.CellTypeSharedString {
			t.Errorf("%s is %v with the formula %q", cell, kind, formula)
		}
		if st, err := f.GetStyle(style); err != nil || st.NumFmt != textFormat {
			t.Errorf("%s has the number format %+v, %v", cell, st, err)
		}
	}
	layout, err := f.GetPageLayout("案件情况")
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 {
		t.Errorf("it prints as %+v, %v", layout, err)
	}
	if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'案件情况'!$A:$A,'案件情况'!$1:$4" {
		t.Errorf("what repeats on each page: %+v", names)
	}
}

// The office's own programs are closed; LibreOffice reads the same files and
// shows what they show.
func TestAnExcelFileOpensInAnotherProgram(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("SKIPPED, no LibreOffice on this machine")
	}
	data, err := sampleSheet().Excel()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.xlsx"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", dir, filepath.Join(dir, "a.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"人民调解案件情况统计表", `"=HYPERLINK(""http://example.com"",""点我"")",12,9,3,"6,800.50",+86`, `合计,12,9,3,"6,800.50",@SUM(1)`} {
		if !strings.Contains(string(text), line) {
			t.Errorf("it does not show %s:\n%s", line, text)
		}
	}
}

func TestACSVBeginsWithItsMarkAndRunsNothing(t *testing.T) {
	data, err := sampleSheet().CSV()
	if err != nil {
		t.Fatal(err)
	}
	rest, marked := bytes.CutPrefix(data, []byte{0xef, 0xbb, 0xbf})
	if !marked {
		t.Error("Excel would read it as another code page")
	}
	var rows [][]string
	for r := csv.NewReader(bytes.NewReader(rest)); ; {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	want := [][]string{{"调委会", "受理", "形式·书面", "形式·口头", "其他·金额", "其他·备注"},
		{"'" + hostile, "12", "9", "3", "6800.50", "'+86"}, {"合计", "12", "9", "3", "6800.50", "'@SUM(1)"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, text := range []string{"=1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"} {
		if plain(text) != "'"+text {
			t.Errorf("%q is left as it is", text)
		}
	}
}

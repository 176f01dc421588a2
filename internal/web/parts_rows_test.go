package web

import (
	"bytes"
	"html/template"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// rowsByTemplate are the rows as a template would draw them, with the escaping
// html/template finds out for itself and the partials the other pages show.
const rowsByTemplate = `{{define "rows-by-template"}}{{$t := .It}}
    {{- range .It.Rows}}
    <tr>
      {{- range $i, $c := .}}
      {{if eq $i 0}}<th scope="row"{{else}}<td{{end}}{{if .Number}} class="number"{{end}} data-label="{{index $t.Head $i}}">
        {{- if .Pill}}{{template "pill" ($.With .Pill)}}
        {{- else if .Due}}{{template "due" ($.With .Due)}}
        {{- else if .URL}}<a href="{{.URL}}">{{.Text}}</a>
        {{- else}}<span>{{.Text}}</span>{{end}}
        {{- if .Sub}}<small>{{.Sub}}</small>{{end -}}
      {{if eq $i 0}}</th>{{else}}</td>{{end}}
      {{- end}}
    </tr>
    {{- end}}{{end}}`

func TestRowsAreWhatATemplateWouldDraw(t *testing.T) {
	r := testRenderer(t)
	byTemplate := template.Must(template.Must(r.pages["styleguide"].Clone()).Parse(rowsByTemplate))
	p := dressed(r, locale.ZH)
	late, none, stage := p.Due(presentDay.AddDate(0, 0, -2)), p.Due(nil), p.Stage(mediation.Accepted)
	for name, c := range map[string]Cell{
		"a text":               {Text: "楼上漏水"},
		"nothing":              {},
		"a number":             {Text: "12", Number: true},
		"a second line":        {Text: "榆园登字〔2026〕第12号", Sub: "漏水 · 水渠里"},
		"a link":               {Text: "看案件", URL: "/cases?q=%E6%BC%8F&after=a%2Bb"},
		"a query":              {Text: "x", URL: "?closed=1&q=1"},
		"a pill":               {Pill: &stage},
		"a deadline":           {Due: &late, Sub: "二"},
		"no deadline":          {Due: &none},
		"marks":                {Text: `<b>"&'+</b>`, Sub: `</td><script>alert(1)</script>`},
		"marks in a link":      {Text: `"><img src=x>`, URL: `/cases/"onclick="x`},
		"a script for a link":  {Text: "x", URL: "javascript:alert(1)"},
		"a pill with marks":    {Pill: &Pill{Tone: `"><i>`, Icon: `"x`, Text: "<i>"}},
		"a deadline of marks":  {Due: &Due{Tone: ToneLive, Icon: "clock", Text: "<i>", Date: `"<`, ISO: `"><i>`}},
		"a nought and a break": {Text: "a\x00b\nc"},
	} {
		t.Run(name, func(t *testing.T) {
			table := Table{Head: []string{"甲", `乙"<`}, Rows: [][]Cell{{c, c}, {{Text: "一"}, c}}}
			var b bytes.Buffer
			if err := byTemplate.ExecuteTemplate(&b, "rows-by-template", p.With(table)); err != nil {
				t.Fatal(err)
			}
			got, want := tree(t, string(p.Rows(table))), tree(t, b.String())
			if got != want {
				t.Errorf("drawn by hand:\n%s\nby the template:\n%s", got, want)
			}
		})
	}
}

// tree is what a browser makes of rows. Two spellings of one address are one, and
// two addresses that lead nowhere.
func tree(t *testing.T, rows string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader("<table><tbody>" + rows + "</tbody></table>"))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range doc.Find("a, use").EachIter() {
		to := strings.NewReplacer("#ZgotmplZ", "#", "%22", `"`).Replace(a.AttrOr("href", ""))
		a.SetAttr("href", to)
	}
	var b strings.Builder
	if err := html.Render(&b, doc.Nodes[0]); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func BenchmarkRowsBesideATemplate(b *testing.B) {
	r := testRenderer(b)
	byTemplate := template.Must(template.Must(r.pages["styleguide"].Clone()).Parse(rowsByTemplate))
	p := dressed(r, locale.ZH)
	due, stage := p.Due(presentDay), p.Stage(mediation.Accepted)
	row := []Cell{{Text: "榆园登字〔2026〕第12号", URL: "/cases/1", Sub: "漏水"}, {Pill: &stage}, {Text: "水渠里社区"}, {Text: "周某"}, {Due: &due}, {Text: "3", Number: true}}
	table := Table{Head: []string{"案件", "阶段", "社区", "当事人", "期限", "次数"}}
	for range 30 {
		table.Rows = append(table.Rows, row)
	}
	b.Run("by hand", func(b *testing.B) {
		for b.Loop() {
			_ = p.Rows(table)
		}
	})
	b.Run("by template", func(b *testing.B) {
		for b.Loop() {
			if err := byTemplate.ExecuteTemplate(&bytes.Buffer{}, "rows-by-template", p.With(table)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/locale"
	"doorstep/internal/provision"
	"doorstep/internal/statute"
)

// TestLawListsEveryRule: all of them, narrowed by law and by how well they are
// founded, each with its source, its place and its test.
func TestLawListsEveryRule(t *testing.T) {
	f := openFront(t)
	for _, lang := range []string{"zh-CN", "en"} {
		f.lang = lang
		for _, tt := range []struct {
			query string
			want  provision.Filter
		}{
			{"", provision.Filter{}},
			{"?law=CPLI", provision.Filter{Law: "CPLI"}},
			{"?status=local_default&kind=deadline", provision.Filter{Status: statute.LocalDefault, Kind: provision.Deadline}},
			{"?law=GB+11643&status=recalled", provision.Filter{Law: "GB 11643", Status: statute.Recalled}},
			{"?law=nonsense&kind=nonsense", provision.Filter{}},
		} {
			doc := f.get("/law" + tt.query)
			rows := doc.Find("table.ledger tbody tr")
			if want := len(provision.Select(tt.want)); rows.Length() != want || want == 0 {
				t.Errorf("%s in %s: %d rows, want %d", tt.query, lang, rows.Length(), want)
			}
			rows.Each(func(_ int, row *goquery.Selection) {
				row.Find("td, th").Each(func(i int, cell *goquery.Selection) {
					if strings.TrimSpace(cell.Text()) == "" || strings.Contains(cell.Text(), "⟦") {
						t.Errorf("%s in %s: column %d of %q says %q", tt.query, lang, i, row.Find("th").Text(), cell.Text())
					}
				})
			})
		}
		if n := f.get("/law?law=ADVL&kind=form&status=recalled").Find(".empty").Length(); n != 1 {
			t.Errorf("an empty list does not say so")
		}
	}
}

// TestLawKnowsTheWordsOfEveryRule: a rule, a place or a kind without words in one
// of the languages would show its key.
func TestLawKnowsTheWordsOfEveryRule(t *testing.T) {
	f := openFront(t)
	for _, lang := range []locale.Lang{locale.ZH, locale.EN} {
		p := f.site.Render.BlankPage(lang, f.site.Now())
		for _, r := range provision.Rules() {
			if r.Key != "" && !p.Has(r.Key) {
				t.Errorf("%s has no words in %s: %s", r.ID, lang, r.Key)
			}
			if !p.Has("law.kind." + string(r.Kind)) {
				t.Errorf("the kind %s has no words in %s", r.Kind, lang)
			}
			for _, place := range r.Places {
				if !p.Has("law.at." + place.Sort) {
					t.Errorf("the place %s has no words in %s", place.Sort, lang)
				}
				if place.Sort == provision.AtList && !p.Has("law.list."+place.Ref) {
					t.Errorf("the list %s has no words in %s", place.Ref, lang)
				}
			}
		}
	}
}

// TestARuleOpensWhatIsToBeSignedOff: every rule has its page; one that leans on a
// local value names it, and a clock leads the admin to each committee's own value.
func TestARuleOpensWhatIsToBeSignedOff(t *testing.T) {
	f := openFront(t)
	committee := f.committee()
	for _, r := range provision.Rules() {
		if r.Kind != provision.Deadline && r.Kind != provision.Duty && r.Kind != provision.Guard {
			continue
		}
		doc := f.get("/law/rules/" + url.PathEscape(r.ID))
		shown := doc.Find("main").Text()
		if !strings.Contains(shown, r.Proofs[0].Test) || !strings.Contains(shown, statute.Cite(r.Source, f.lang)) {
			t.Errorf("%s does not show its test and its source", r.ID)
		}
		for _, id := range r.Settings {
			if setting, _ := provision.FindSetting(id); !strings.Contains(shown, setting.Label(f.lang)) {
				t.Errorf("%s does not show the setting %s", r.ID, id)
			}
		}
	}
	link := f.get("/law/rules/D-01").Find(`main a[href^="/admin/committees/"]`)
	href := link.AttrOr("href", "")
	page, anchor, _ := strings.Cut(href, "#")
	if page != committee || !strings.Contains(link.Text(), "2") {
		t.Fatalf("D-01 leads to %q with %q, want %s and the committee's two days", href, link.Text(), committee)
	}
	if f.get(page).Find("input#"+anchor).AttrOr("name", "") != "limit.D-01" {
		t.Errorf("%s leads to no field", href)
	}
	if n := f.get("/law/rules/D-12").Find(`main a[href^="/admin/committees/"]`).Length(); n != 0 {
		t.Error("a term fixed by law leads to where it is set")
	}
	if rows := f.get("/law/settings").Find("table.ledger tbody tr").Length(); rows != len(provision.SettingsToSign()) {
		t.Errorf("%d settings are listed, want %d", rows, len(provision.SettingsToSign()))
	}
	if w := f.ask(http.MethodGet, "/law/rules/D-99", nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown rule answers %d", w.Code)
	}
}

// TestRulesAsATable: the export holds the same rules, whole, and no text that a
// spreadsheet would reckon.
func TestRulesAsATable(t *testing.T) {
	f := openFront(t)
	w := f.ask(http.MethodGet, "/law/rules.csv?law=CPLI", nil)
	text, marked := strings.CutPrefix(w.Body.String(), "\ufeff")
	if w.Code != http.StatusOK || !marked || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") ||
		!strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d, %v", w.Code, w.Header())
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rules := provision.Select(provision.Filter{Law: "CPLI"})
	if len(lines) != len(rules)+1 || len(rules) == 0 {
		t.Fatalf("%d lines for %d rules", len(lines), len(rules))
	}
	for i, r := range rules {
		if line := lines[i+1]; line[0] != r.ID || line[3] != statute.Cite(r.Source, f.lang) || !strings.Contains(line[5], r.Proofs[0].Test) {
			t.Errorf("line %d: %v, want %s", i, line, r.ID)
		}
	}
	for _, text := range []string{"=1+1", "+1", "-1", "@x", "\tx"} {
		if plainCell(text) != "'"+text {
			t.Errorf("%q stays a formula", text)
		}
	}
	if plainCell("D-12") != "D-12" || plainCell("") != "" {
		t.Error("a plain text is changed")
	}
}

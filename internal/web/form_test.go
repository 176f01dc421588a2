package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
)

// drawn shows a form through the confirm partial of the style guide's page.
func drawn(t *testing.T, lang locale.Lang, change func(Page, *StyleguidePage)) *goquery.Document {
	t.Helper()
	r := testRenderer(t)
	s := dressed(r, lang).Styleguide()
	change(s.Page, &s)
	page := render(t, r, "styleguide", s)
	wantSound(t, page)
	return document(t, page)
}

func allKinds() Form {
	opts := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Selected: true}}
	return Form{Action: "/x", Fields: []Field{
		{Name: "text", Kind: FieldText, Label: "L"}, {Name: "area", Kind: FieldTextArea, Label: "L"},
		{Name: "tel", Kind: FieldTel, Label: "L"}, {Name: "date", Kind: FieldDate, Label: "L"},
		{Name: "datetime", Kind: FieldDateTime, Label: "L"}, {Name: "number", Kind: FieldNumber, Label: "L"},
		{Name: "money", Kind: FieldMoney, Label: "L"}, {Name: "select", Kind: FieldSelect, Label: "L", Options: opts},
		{Name: "radio", Kind: FieldRadio, Label: "L", Options: opts}, {Name: "box", Kind: FieldCheckbox, Label: "L"},
		{Name: "boxes", Kind: FieldCheckboxes, Label: "L", Options: opts}, {Name: "file", Kind: FieldFile, Label: "L"},
		{Name: "hidden", Kind: FieldHidden, Value: "keep"}, {Name: "password", Kind: FieldPassword, Label: "L"},
		{Name: "static", Kind: FieldStatic, Label: "L", Value: "shown"},
	}}
}

func TestEveryKindOfFieldIsDrawnAndSound(t *testing.T) {
	doc := drawn(t, locale.ZH, func(_ Page, s *StyleguidePage) { s.Form = allKinds() })
	form := doc.Find(`form[action="/x"]`)
	for name, want := range map[string]string{
		"text": "text", "tel": "tel", "date": "date", "datetime": "datetime-local", "number": "text", "money": "text",
		"radio": "radio", "box": "checkbox", "boxes": "checkbox", "file": "file", "hidden": "hidden", "password": "password",
	} {
		if got := form.Find(`input[name="`+name+`"]`).AttrOr("type", "none"); got != want {
			t.Errorf("%s is drawn as %q, want %q", name, got, want)
		}
	}
	if form.Find("textarea[name=area]").Length() != 1 || form.Find("select[name=select] option").Length() != 3 {
		t.Error("the text area or the select is not drawn")
	}
	if form.Find(".static-value").Text() != "shown" || form.Find("[name=static]").Length() > 0 {
		t.Error("what is only shown must be shown and not sent")
	}
}

func TestFillDrawsWhatWasPosted(t *testing.T) {
	posted := url.Values{
		"text": {"  老旧小区\n"}, "area": {"<b>\nline"}, "tel": {"10000000007"}, "date": {"2026-05-11"}, "money": {"6,800"},
		"select": {"a"}, "radio": {"a"}, "box": {"yes"}, "boxes": {"a"}, "hidden": {"changed"}, "password": {"secret"}, "static": {"changed"},
	}
	doc := drawn(t, locale.ZH, func(_ Page, s *StyleguidePage) {
		s.Form = allKinds()
		s.Form.Fill(posted)
	})
	form := doc.Find(`form[action="/x"]`)
	for name, want := range map[string]string{"text": "  老旧小区\n", "tel": "10000000007", "date": "2026-05-11", "money": "6,800", "hidden": "keep", "password": ""} {
		if got := form.Find(`input[name="`+name+`"]`).AttrOr("value", ""); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := form.Find("textarea[name=area]").Text(); got != "<b>\nline" {
		t.Errorf("area = %q", got)
	}
	for selector, want := range map[string]int{
		"select option[selected][value=a]": 1, "select option[selected]": 1,
		"input[name=radio][value=a][checked]": 1, "input[name=radio][checked]": 1,
		"input[name=boxes][checked]": 1, "input[name=box][checked]": 1,
	} {
		if got := form.Find(selector).Length(); got != want {
			t.Errorf("%d × %s, want %d", got, selector, want)
		}
	}
	if form.Find(".static-value").Text() != "shown" {
		t.Error("a reader changed what is only shown")
	}
}

func TestMarkTellsEveryFaultBesideItsFieldAndInTheSummary(t *testing.T) {
	err := &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Args: map[string]string{"max": "20"}, Fields: map[string]string{
		"text": "error.too_long", "boxes": "error.choose", "not_drawn": "error.required",
	}}
	for lang, want := range map[locale.Lang]string{locale.ZH: "最多写 20 个字", locale.EN: "Please write at most 20 characters"} {
		doc := drawn(t, lang, func(p Page, s *StyleguidePage) {
			s.Form, s.Faulty = allKinds(), Form{Action: "/none"}
			if !s.Form.Mark(p, err) {
				t.Error("an Invalid error is one for the form")
			}
		})
		if got := doc.Find("#f-text-error").Text(); !containsText(got, want) || doc.Find("#f-text").AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s: beside the field: %q", lang, got)
		}
		if got := doc.Find("#f-text").AttrOr("aria-describedby", ""); got != "f-text-error" {
			t.Errorf("describedby = %q", got)
		}
		links := doc.Find(".summary[role=alert] li")
		if links.Length() != 3 || doc.Find(`.summary a[href="#f-text"]`).Length() != 1 || doc.Find(`.summary a[href="#f-boxes"]`).Length() != 1 {
			t.Errorf("%s: summary %q", lang, links.Text())
		}
		if doc.Find("input#f-boxes").Length() != 1 {
			t.Error("the summary's link to a group must land on a control")
		}
	}
}

func containsText(got, want string) bool { return strings.HasSuffix(got, want) }

func TestMarkLeavesOtherErrorsToTheErrorPage(t *testing.T) {
	p := testRenderer(t).BlankPage(locale.ZH, presentDay)
	f := allKinds()
	for _, kind := range []mediation.Kind{mediation.Internal, mediation.Conflict, mediation.Forbidden, mediation.NotFound} {
		if f.Mark(p, &mediation.Error{Kind: kind, Key: "error.stale"}) || len(f.Faults()) > 0 || f.Problem != "" {
			t.Errorf("kind %d was taken for a fault of the form", kind)
		}
	}
	if !f.Mark(p, &mediation.Error{Kind: mediation.Invalid, Key: "error.too_large"}) || f.Problem != p.T("error.too_large") {
		t.Errorf("problem = %q", f.Problem)
	}
}

func TestFormWithRowsBeginsWithItsMainButton(t *testing.T) {
	doc := drawn(t, locale.ZH, func(Page, *StyleguidePage) {})
	first := doc.Find(`form[action="#faulty"] button`).First()
	if _, named := first.Attr("name"); named || first.AttrOr("tabindex", "") != "-1" {
		t.Error("Enter would add a row instead of sending the form")
	}
	if got := doc.Find(`form[action="#faulty"] input[name="_rows.obligations"]`).AttrOr("value", ""); got != "2" {
		t.Errorf("rows = %q", got)
	}
	if doc.Find(`button[name=_remove][value="obligations[1]"]`).Length() != 1 || doc.Find(`button[name=_add][value=obligations]`).Length() != 1 {
		t.Error("a row cannot be added or removed without script")
	}
	if doc.Find(`form[action="#form"] input[name=version]`).AttrOr("value", "") != "3" {
		t.Error("the form does not carry the version it was drawn from")
	}
}

func TestEditRows(t *testing.T) {
	rows := func(extra ...string) url.Values {
		v := url.Values{"_rows.o": {"3"}, "o[0].who": {"甲"}, "o[1].who": {"乙"}, "o[2].who": {"丙"}, "o[2].tick": {"yes"}, "o10": {"other"}}
		for i := 0; i < len(extra); i += 2 {
			v.Set(extra[i], extra[i+1])
		}
		return v
	}
	for _, tt := range []struct {
		rule  string
		v     url.Values
		n     int
		again bool
		who   []string
	}{
		{"nothing pressed", rows(), 3, false, []string{"甲", "乙", "丙"}},
		{"one more", rows("_add", "o"), 4, true, []string{"甲", "乙", "丙", ""}},
		{"one more of another part", rows("_add", "x"), 3, false, []string{"甲", "乙", "丙"}},
		{"the first goes", rows("_remove", "o[0]"), 2, true, []string{"乙", "丙"}},
		{"the middle goes", rows("_remove", "o[1]"), 2, true, []string{"甲", "丙"}},
		{"the last goes", rows("_remove", "o[2]"), 2, true, []string{"甲", "乙"}},
		{"one that is not there", rows("_remove", "o[7]"), 3, false, []string{"甲", "乙", "丙"}},
		{"never more than the limit", rows("_rows.o", "4000000", "_add", "o"), 5, true, []string{"甲", "乙", "丙", "", ""}},
		{"a count that is no number", rows("_rows.o", "x"), 0, false, nil},
		{"a count below nought", rows("_rows.o", "-2"), 0, false, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			n, again := EditRows(tt.v, "o", 5)
			var who []string
			for i := range n {
				who = append(who, tt.v.Get(Rows{Name: "o"}.Row(i)+".who"))
			}
			if n != tt.n || again != tt.again || !cmp.Equal(who, tt.who) {
				t.Errorf("%d rows, again %v, %v; want %d, %v, %v", n, again, who, tt.n, tt.again, tt.who)
			}
			if tt.v.Get("o10") != "other" {
				t.Error("a field of another name was touched")
			}
		})
	}
}

// Removing any row leaves the others in order, each with all its fields.
func TestRemovingARowKeepsTheOthersWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "rows")
		gone := rapid.IntRange(0, n-1).Draw(t, "gone")
		v := url.Values{}
		var want []string
		r := Rows{Name: "o"}
		for i := range n {
			v.Set(r.Row(i)+".who", r.Row(i))
			v.Set(r.Row(i)+".sum", r.Row(i))
			if i != gone {
				want = append(want, r.Row(i))
			}
		}
		v.Set("_rows.o", strconv.Itoa(n))
		v.Set("_remove", r.Row(gone))
		left, _ := EditRows(v, "o", 30)
		for i := range left {
			if v.Get(r.Row(i)+".who") != want[i] || v.Get(r.Row(i)+".sum") != want[i] {
				t.Fatalf("row %d is %q and %q, want %q", i, v.Get(r.Row(i)+".who"), v.Get(r.Row(i)+".sum"), want[i])
			}
		}
		if left != n-1 || v.Has(r.Row(n-1)+".who") {
			t.Fatalf("%d rows left of %d, the last one still there: %v", left, n, v.Has(r.Row(n-1)+".who"))
		}
	})
}

// Whoever is stopped reads on which article: of a refusal as a whole, and of what is
// wrong at a field, by the error's own source or by that of the word (done when "a
// wrong day, a missing signature, an unconfirmable clause and a conflicted mediator
// are each stopped with a message naming the article").
func TestARefusalNamesItsArticle(t *testing.T) {
	at := func(key, source string) *mediation.Error {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: map[string]string{"text": key}, Source: source}
	}
	for _, row := range []struct {
		why    string
		err    *mediation.Error
		zh, en string // "" for a mistyped value, which rests on no law
	}{
		{"a wrong day", at("rule.extension_too_long", "NB15 27; SZ22 25; INV16 27"), "特邀调解的规定》第27条）", "Invited Mediation (2016), Art. 27)"},
		{"a day out of the term", &mediation.Error{Kind: mediation.Invalid, Key: "rule.confirmation_late", Source: "PML 33; CPL 205"},
			"（《人民调解法》第33条；《民事诉讼法》第205条）", " (People's Mediation Law, Art. 33; Civil Procedure Law, Art. 205)"},
		{"a missing signature", at("rule.joint_application", ""), "（《民事诉讼法》第205条；《最高人民法院关于适用民事诉讼法的解释》第351条）", "Art. 351)"},
		{"a missing waiver", at("rule.waiver_by_all", ""), "特邀调解的规定》第15条）", "(2016), Art. 15)"},
		{"an unconfirmable clause", at("rule.scope_told", "CPLI 355(5)"), "第355条第5项）", "Art. 355(5))"},
		{"a clause nobody may agree on", at("rule.lint_support", ""), "（《民法典》第26条、第1067条）", " (Civil Code, Arts. 26, 1067)"},
		{"a conflicted mediator", at("rule.conflict_kin", "INV16 15"), "特邀调解的规定》第15条）", "(2016), Art. 15)"},
		{"a ward without a guardian", at("rule.guardian_needed", ""), "（《民法典》第19条、第20条、第21条、第22条、第23条）", " (Civil Code, Arts. 19, 20, 21, 22, 23)"},
		{"the office's own rule", &mediation.Error{Kind: mediation.Invalid, Key: "rule.review_first", Source: "local"}, "（本地设定）", " (Local setting)"},
		{"a slip", at("rule.in_the_future", ""), "", ""},
	} {
		for lang, want := range map[locale.Lang]string{locale.ZH: row.zh, locale.EN: row.en} {
			p, f := testRenderer(t).BlankPage(lang, presentDay), allKinds()
			f.Mark(p, row.err)
			said := f.Problem
			f.each(func(x *Field) {
				if x.Name == "text" {
					said += x.Error
				}
			})
			if !strings.HasSuffix(said, want) || want == "" && strings.ContainsAny(said, "《（(") {
				t.Errorf("%s, %s: %q, want it to end on %q", row.why, lang, said, want)
			}
			if strings.Count(said, "《民法典》第") > 1 || lang == locale.EN && strings.ContainsAny(said, "（）《》，。") {
				t.Errorf("%s, %s: %q", row.why, lang, said)
			}
		}
	}
}

package locale_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/templates"
)

func load(t *testing.T) *locale.Catalog {
	t.Helper()
	c, err := locale.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryKeyStandsInEveryLanguage(t *testing.T) {
	c := load(t)
	if diff := cmp.Diff(c.Keys(locale.ZH), c.Keys(locale.EN)); diff != "" {
		t.Errorf("keys differ (-zh +en):\n%s", diff)
	}
}

func TestTextsAskForTheSamePlaceholdersAndAreNotEmpty(t *testing.T) {
	c := load(t)
	for _, key := range c.Keys(locale.ZH) {
		zh, en := c.T(locale.ZH, key), c.T(locale.EN, key)
		if strings.TrimSpace(zh) == "" || strings.TrimSpace(en) == "" {
			t.Errorf("%s is empty in a language: zh %q, en %q", key, zh, en)
		}
		if diff := cmp.Diff(locale.Placeholders(zh), locale.Placeholders(en)); diff != "" {
			t.Errorf("%s has other placeholders (-zh +en):\n%s", key, diff)
		}
	}
}

// Chinese words an English text may quote: the name, and the language itself.
var quotedInEnglish = strings.NewReplacer("家门口调解", "", "中文", "", "调委会", "")

func TestEnglishTextsHoldNoChinese(t *testing.T) {
	c := load(t)
	for _, key := range c.Keys(locale.EN) {
		rest := quotedInEnglish.Replace(c.T(locale.EN, key))
		if i := strings.IndexFunc(rest, func(r rune) bool { return unicode.Is(unicode.Han, r) }); i >= 0 {
			t.Errorf("%s holds Chinese: %q", key, rest[i:])
		}
	}
}

// A full-width bracket or comma in an English sentence is a word left half
// translated, though it is no Chinese character.
func TestEnglishTextsHoldNoFullWidthSigns(t *testing.T) {
	c := load(t)
	for _, key := range c.Keys(locale.EN) {
		for _, r := range quotedInEnglish.Replace(c.T(locale.EN, key)) {
			if r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef {
				t.Errorf("%s holds %q: %q", key, r, c.T(locale.EN, key))
			}
		}
	}
}

// Latin words a Chinese reader meets on paper too. Anything else is a word
// somebody forgot to translate.
var latinInChinese = []string{
	"PDF", "JPEG", "PNG", "WebP", "HEIC", "Excel", "CSV", "XLSX", "English", "Doorstep", "name", "example", "API", "ICS",
	"TOTP", "PostgreSQL", "JSON", "UTF", "PIN", "QR", "OpenAPI", "URL", "HTTP", "HTTPS", "SHA", "Webhook", "doorstep",
}

var (
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
	latinWord   = regexp.MustCompile(`[A-Za-z]{3,}`)
)

func TestChineseTextsHoldNoForgottenLatinWords(t *testing.T) {
	c := load(t)
	for _, key := range c.Keys(locale.ZH) {
		text := placeholder.ReplaceAllString(c.T(locale.ZH, key), "")
		for _, word := range latinWord.FindAllString(text, -1) {
			if !slices.Contains(latinInChinese, word) {
				t.Errorf("%s holds %q: translate it or add it to the allow-list", key, word)
			}
		}
	}
}

func TestWordsTheFieldForbids(t *testing.T) {
	c := load(t)
	for lang, words := range map[locale.Lang][]string{
		locale.EN: {"arbitrat", "defendant", "plaintiff", "verdict"},
		locale.ZH: {"原告", "被告"},
	} {
		for _, key := range c.Keys(lang) {
			for _, word := range words {
				if word == "arbitrat" && strings.Contains(key, "remed") {
					continue // labour arbitration is a lawful other route (PML 26)
				}
				if strings.Contains(strings.ToLower(c.T(lang, key)), word) {
					t.Errorf("%s (%s) says %q", key, lang, word)
				}
			}
		}
	}
}

func TestStagesAndRolesHaveNames(t *testing.T) {
	c := load(t)
	for _, lang := range locale.Langs {
		for _, s := range mediation.Stages {
			if !c.Has(lang, "stage."+string(s)) {
				t.Errorf("no name for stage %s in %s", s, lang)
			}
		}
		for _, r := range mediation.Roles {
			if !c.Has(lang, "role."+string(r)) {
				t.Errorf("no name for role %s in %s", r, lang)
			}
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	good := func() fstest.MapFS {
		return fstest.MapFS{
			"locale/zh-CN/a.json": {Data: []byte(`{"a":"甲"}`)},
			"locale/zh-CN/b.json": {Data: []byte(`{"b":"乙"}`)},
			"locale/en/a.json":    {Data: []byte(`{"a":"A","b":"B"}`)},
		}
	}
	if _, err := locale.Load(good()); err != nil {
		t.Fatalf("the good catalogue: %v", err)
	}
	for _, tt := range []struct {
		rule, file, data, says string
	}{
		{"a key in two files", "locale/zh-CN/b.json", `{"a":"乙"}`, `"a" stands in`},
		{"a key twice in one file", "locale/en/a.json", `{"a":"A","a":"B"}`, `"a" stands in`},
		{"a text that is no text", "locale/en/a.json", `{"a":{"b":"c"}}`, "text of"},
		{"a list", "locale/en/a.json", `["a"]`, "does not begin with an object"},
		{"a file cut short", "locale/en/a.json", `{"a":"A"`, "a.json"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			fsys := good()
			fsys[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
			_, err := locale.Load(fsys)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("err = %v, want it to say %q", err, tt.says)
			}
		})
	}
	t.Run("a language without files", func(t *testing.T) {
		fsys := good()
		delete(fsys, "locale/en/a.json")
		if _, err := locale.Load(fsys); err == nil {
			t.Error("loaded without English")
		}
	})
}

func TestFill(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		args       []any
		want       string
	}{
		{"a value stands for its name", "至多 {max} 字", []any{"max", 200}, "至多 200 字"},
		{"every place is filled", "{a}, {b}, {a}", []any{"a", 1, "b", 2}, "1, 2, 1"},
		{"one takes the singular", "{n|day|days} left", []any{"n", 1}, "1 day left"},
		{"none takes the plural", "{n|day|days} left", []any{"n", 0}, "0 days left"},
		{"many takes the plural", "{n|day|days} left", []any{"n", 21}, "21 days left"},
		{"an unknown name stays", "{a} {b}", []any{"a", 1}, "1 {b}"},
		{"a value is not searched again", "{a} {b}", []any{"a", "{b}", "b", "secret"}, "{b} secret"},
		{"an open brace is text", "{a} {", []any{"a", 1}, "1 {"},
		{"a name without a value stays", "{a}", []any{"a"}, "{a}"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := locale.Fill(tt.text, tt.args...); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMissingKeyIsSeen(t *testing.T) {
	c := load(t)
	if got := c.T(locale.EN, "no.such"); got != "⟦no.such⟧" {
		t.Errorf("got %q", got)
	}
	if c.Has(locale.EN, "no.such") || !c.Has(locale.EN, "app.name") {
		t.Error("Has does not tell a missing key from one that is there")
	}
	if got := c.TMap(locale.EN, "error.range", map[string]string{"min": "1", "max": "9"}); got != "Please write a number from 1 to 9" {
		t.Errorf("got %q", got)
	}
}

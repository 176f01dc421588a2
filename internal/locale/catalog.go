// Package locale holds the words of the program in its two languages and the
// ways each language writes days, times and amounts. It reads no clock: the
// present is an argument.
package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Lang is a language the program speaks, as a BCP 47 tag.
type Lang string

// The languages. ZH is the first and the one the law's forms are written in.
const (
	ZH Lang = "zh-CN"
	EN Lang = "en"
)

// Langs lists every language once, the first language first.
var Langs = []Lang{ZH, EN}

// Parse gives the language of a stored or sent tag; false for any other text.
func Parse(tag string) (Lang, bool) {
	l := Lang(tag)
	return l, slices.Contains(Langs, l)
}

// Catalog is every message in every language. It is read-only after Load and
// safe for concurrent use.
type Catalog struct {
	words map[Lang]map[string]string
}

// Load reads locale/<lang>/*.json below fsys. Each file is one flat object of
// texts. A key that stands twice in one language is an error, since the later
// file would silently win over the earlier.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{words: map[Lang]map[string]string{}}
	for _, lang := range Langs {
		words, err := loadLang(fsys, path.Join("locale", string(lang)))
		if err != nil {
			return nil, err
		}
		c.words[lang] = words
	}
	return c, nil
}

func loadLang(fsys fs.FS, dir string) (map[string]string, error) {
	files, err := fs.Glob(fsys, dir+"/*.json")
	if err != nil {
		return nil, fmt.Errorf("locale: list %q: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("locale: no catalogue in %q", dir)
	}
	words, home := map[string]string{}, map[string]string{}
	for _, file := range files {
		entries, err := readFile(fsys, file)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if first, taken := home[e.key]; taken {
				return nil, fmt.Errorf("locale: key %q stands in %s and again in %s: keep one", e.key, first, file)
			}
			words[e.key], home[e.key] = e.text, file
		}
	}
	return words, nil
}

type entry struct{ key, text string }

// readFile walks the tokens itself: decoding into a map would hide a key that
// stands twice in the same file.
func readFile(fsys fs.FS, file string) ([]entry, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, fmt.Errorf("locale: open %q: %w", file, err)
	}
	defer func() { _ = f.Close() }()
	dec := json.NewDecoder(f)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, fmt.Errorf("locale: %q does not begin with an object: %w", file, err)
	}
	var entries []entry
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("locale: read %q: %w", file, err)
		}
		var text string
		if err := dec.Decode(&text); err != nil {
			return nil, fmt.Errorf("locale: text of %q in %q: %w", key, file, err)
		}
		entries = append(entries, entry{key.(string), text})
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("locale: end of %q: %w", file, err)
	}
	return entries, nil
}

// Has says whether the key has a text in the language.
func (c *Catalog) Has(lang Lang, key string) bool {
	_, ok := c.words[lang][key]
	return ok
}

// Keys lists the keys of a language in order.
func (c *Catalog) Keys(lang Lang) []string {
	return slices.Sorted(maps.Keys(c.words[lang]))
}

// T is the text of key in the language, its placeholders filled from args,
// which are pairs of a name and a value: T(EN, "error.too_long", "max", 200).
//
// A missing key gives "⟦key⟧", so that it is seen and not silently empty. A
// placeholder without a value stays as it is written.
func (c *Catalog) T(lang Lang, key string, args ...any) string {
	text, ok := c.words[lang][key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	return Fill(text, args...)
}

// TMap is T with the values in a map, as errors carry them.
func (c *Catalog) TMap(lang Lang, key string, args map[string]string) string {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return c.T(lang, key, pairs...)
}

// Fill puts values into a text. {name} is the value; {n|day|days} is the number
// and the noun that fits it. A value is never searched for placeholders again,
// so what people typed cannot pull in another value.
func Fill(text string, args ...any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(fillOne(inner, args))
		text = after
	}
}

func fillOne(inner string, args []any) string {
	name, nouns, counted := strings.Cut(inner, "|")
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		value := fmt.Sprint(args[i+1])
		if !counted {
			return value
		}
		one, many, _ := strings.Cut(nouns, "|")
		if n, err := strconv.Atoi(value); err == nil && (n == 1 || n == -1) {
			return value + " " + one
		}
		return value + " " + many
	}
	return "{" + inner + "}"
}

// Placeholders lists the names a text asks for, in order, each once.
func Placeholders(text string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(text, "{")
		if !found {
			slices.Sort(names)
			return slices.Compact(names)
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed {
			slices.Sort(names)
			return slices.Compact(names)
		}
		name, _, _ := strings.Cut(inner, "|")
		names, text = append(names, name), after
	}
}

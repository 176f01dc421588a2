package paper

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Wording is the standing text of the papers by key ("F04.lead"), as a committee
// uses it. A name in braces is filled in from the case.
type Wording map[string]string

// LoadWording reads the standard wording ("wording/papers.json").
func LoadWording(tree fs.FS) (Wording, error) {
	body, err := fs.ReadFile(tree, "wording/papers.json")
	if err != nil {
		return nil, err
	}
	w := Wording{}
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, fmt.Errorf("wording of the papers: %w", err)
	}
	return w, nil
}

// With is the wording with a committee's own sentences in place of the standard
// ones. A key the standard does not have is left out: the paper it belonged to is
// gone.
func (w Wording) With(own map[string]string) Wording {
	if len(own) == 0 {
		return w
	}
	mixed := maps.Clone(w)
	for key, text := range own {
		if _, known := w[key]; known {
			mixed[key] = text
		}
	}
	return mixed
}

var braced = regexp.MustCompile(`\{(\w+)\}`)

// Blanks are the names in braces of a sentence, sorted, each once. A committee's
// own sentence must have those of the standard: what the case holds must not
// fall out of a paper.
func Blanks(text string) []string {
	var names []string
	for _, m := range braced.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// say is a standing sentence with its blanks filled: name, value, name, value …
func (s *sheet) say(key string, pairs ...string) string {
	text := s.in.Words[key]
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// points is a standing text of several sentences, one a line, numbered （一）（二）.
func (s *sheet) points(key string) []string {
	return bracketed(strings.Split(s.say(key), "\n")...)
}

// Phrase is what obligations of a kind of dispute usually say: what is to be
// done, and how.
type Phrase struct {
	What []string `json:"what"`
	How  []string `json:"how"`
}

// Phrases is the phrase bank, by dispute subtype ("02-noise"), type ("10") or "*"
// for every dispute.
type Phrases map[string]Phrase

// LoadPhrases reads the phrase bank ("wording/phrases.json").
func LoadPhrases(tree fs.FS) (Phrases, error) {
	body, err := fs.ReadFile(tree, "wording/phrases.json")
	if err != nil {
		return nil, err
	}
	p := Phrases{}
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, fmt.Errorf("phrase bank: %w", err)
	}
	return p, nil
}

// For gives the phrases for one dispute, those that fit it best first.
func (p Phrases) For(kind, subtype string) Phrase {
	var all Phrase
	for _, key := range []string{subtype, kind, "*"} {
		all.What = append(all.What, p[key].What...)
		all.How = append(all.How, p[key].How...)
	}
	return all
}

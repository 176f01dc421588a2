package config

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

const sourceDefault = "default"

// assigned is a value and where it stood.
type assigned struct{ text, source string }

// layer is one place where settings are written, by key.
type layer struct {
	values map[string]assigned
	read   func(name string) ([]byte, error)
}

// readLayers gives the layers from the strongest to the weakest: flags,
// environment, file.
func readLayers(src Sources, env map[string]string) ([]layer, []*Problem) {
	if src.ReadFile == nil {
		src.ReadFile = os.ReadFile
	}
	flags := map[string]assigned{}
	for _, s := range settings {
		if text, given := src.Flags[s.key]; given {
			flags[s.key] = assigned{text, "flag --" + s.flag}
		}
	}
	fromEnv, problems := environmentLayer(env)
	path := src.File
	if path == "" {
		path = env[keyConfig]
	}
	fromFile := map[string]assigned{}
	if path != "" {
		var more []*Problem
		fromFile, more = fileLayer(path, src.ReadFile)
		problems = append(problems, more...)
	}
	layers := make([]layer, 0, 3)
	for _, values := range []map[string]assigned{flags, fromEnv, fromFile} {
		layers = append(layers, layer{values, src.ReadFile})
	}
	return layers, problems
}

// value is the layer's word for a setting; the zero value when it has none.
func (l layer) value(s setting) (assigned, *Problem) {
	direct, pointer := l.values[s.key], assigned{}
	if s.secret {
		pointer = l.values[s.key+"_FILE"]
	}
	if pointer.text == "" {
		return direct, nil
	}
	if direct.text != "" {
		return assigned{}, unfit(s.key, fmt.Sprintf("%s 与 %s_FILE 只能设一个", s.key, s.key),
			fmt.Sprintf("set %s or %s_FILE, not both", s.key, s.key))
	}
	content, err := l.read(pointer.text)
	if err != nil {
		p := unfit(s.key+"_FILE", "读不到它指的文件："+pointer.text, "the file it names cannot be read: "+pointer.text)
		p.Err = err
		return assigned{}, p
	}
	text := strings.TrimSpace(string(content))
	if text == "" {
		return assigned{}, unfit(s.key+"_FILE", "它指的文件是空的："+pointer.text, "the file it names is empty: "+pointer.text)
	}
	return assigned{text, pointer.source + " (" + s.key + "_FILE)"}, nil
}

// environ makes a map of "KEY=value" lines; the last one of a key stands.
func environ(lines []string) map[string]string {
	env := make(map[string]string, len(lines))
	for _, line := range lines {
		if key, text, ok := strings.Cut(line, "="); ok {
			env[key] = text
		}
	}
	return env
}

// serviceLink matches the variables a container platform makes by itself for a
// service named doorstep. Nobody wrote them, so they are no typing error.
var serviceLink = regexp.MustCompile(`^DOORSTEP_(SERVICE_(HOST|PORT)|PORT$|PORT_[0-9]+_(TCP|UDP|SCTP))`)

// environmentLayer takes what is ours out of the environment. An empty value
// counts as not set, as container tools write it.
func environmentLayer(env map[string]string) (map[string]assigned, []*Problem) {
	values, unknown := map[string]assigned{}, []string(nil)
	for key, text := range env {
		switch {
		case key == keyConfig || serviceLink.MatchString(key):
		case known(key):
			values[key] = assigned{text, "environment"}
		case strings.HasPrefix(key, "DOORSTEP_"):
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	var problems []*Problem
	for _, key := range unknown {
		problems = append(problems, strange(key, "环境变量中", "in the environment"))
	}
	return values, problems
}

// fileLayer reads "KEY=value" lines. Blank lines and lines beginning with # are
// skipped; quotes round a value are taken off.
func fileLayer(path string, read func(string) ([]byte, error)) (map[string]assigned, []*Problem) {
	content, err := read(path)
	if err != nil {
		return nil, []*Problem{{Key: keyConfig, Err: err,
			ZH: fmt.Sprintf("读不到设置文件 %s，请检查路径和读取权限。", path),
			EN: fmt.Sprintf("The settings file %s cannot be read; check its path and permissions.", path)}}
	}
	values, problems := map[string]assigned{}, []*Problem(nil)
	for i, line := range strings.Split(strings.TrimPrefix(string(content), "\ufeff"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := fmt.Sprintf("%s:%d", path, i+1)
		key, text, found := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if p := misplaced(key, at, found, values); p != nil {
			problems = append(problems, p)
			continue
		}
		values[key] = assigned{unquote(strings.TrimSpace(text)), "file " + at}
	}
	return values, problems
}

// misplaced is what is wrong with a line of the file; nil for a good one. The
// line itself is not quoted, it may hold a password.
func misplaced(key, at string, found bool, values map[string]assigned) *Problem {
	switch _, twice := values[key]; {
	case !found:
		return &Problem{Key: keyConfig, ZH: fmt.Sprintf("%s 这一行不是 KEY=value 的形式。", at), EN: fmt.Sprintf("The line at %s is not KEY=value.", at)}
	case twice:
		return unfit(key, at+" 又写了一次，请只留一行", "it is written again at "+at+"; keep one line")
	case !known(key):
		return strange(key, "在 "+at, "at "+at)
	}
	return nil
}

func unquote(text string) string {
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return text[1 : n-1]
	}
	return text
}

// known says whether a key, or the file form of a secret's key, is in the table.
func known(key string) bool { return slices.Contains(knownKeys(), key) }

func knownKeys() []string {
	var keys []string
	for _, s := range settings {
		keys = append(keys, s.key)
		if s.secret {
			keys = append(keys, s.key+"_FILE")
		}
	}
	return keys
}

// strange refuses a key nobody knows and names the one that was likely meant.
func strange(key, zhWhere, enWhere string) *Problem {
	near := nearest(key)
	return &Problem{Key: key,
		ZH: fmt.Sprintf("不认识%s的设置 %s，是不是想写 %s？请改正或删去。", zhWhere, key, near),
		EN: fmt.Sprintf("Unknown setting %s %s; did you mean %s? Correct or remove it.", key, enWhere, near)}
}

func nearest(key string) string {
	keys := knownKeys()
	return slices.MinFunc(keys, func(a, b string) int { return distance(key, a) - distance(key, b) })
}

// distance is the number of single-letter changes from a to b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

package mediation

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"doorstep/internal/statute"
)

// Whoever is stopped at a field reads on which article: each word the rules mark a
// field with has its source, or is listed as merely mistyped, and none is both.
func TestEveryMarkHasItsFoundation(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			name, marked := strings.CutPrefix(text, "rule.")
			if err != nil || !marked || name == "" || strings.HasSuffix(name, "_") { // the start of several: below
				return true
			}
			seen[name] = true
			source, slip := Foundation(text), slices.Contains(mistyped, name)
			// issue_unchanged and paper_lacks refuse as a whole and carry their own
			if (source == "") != slip && name != "issue_unchanged" && name != "paper_lacks" {
				t.Errorf("%s has source %q and is a slip: %v. Put its article into foundations (foundation.go), or its word into mistyped", text, source, slip)
			}
			return true
		})
	}
	for name, source := range foundations {
		for _, law := range statute.LawsOf(source) {
			if !statute.Valid(statute.Laws, law) {
				t.Errorf("%s rests on %q, which is no law of the list", name, law)
			}
		}
		if !seen[name] {
			t.Errorf("nothing is marked with rule.%s", name)
		}
	}
	for _, j := range Judgments() {
		if Foundation("rule.conflict_"+string(j.Fact)) != j.Source {
			t.Errorf("conflict %s: %q", j.Fact, Foundation("rule.conflict_"+string(j.Fact)))
		}
	}
	for _, f := range statute.LintGrounds() {
		if Foundation("rule.lint_"+f.Code) != f.Source {
			t.Errorf("lint %s: %q", f.Code, Foundation("rule.lint_"+f.Code))
		}
	}
	if Foundation("error.required") != "" || Foundation("rule.lint_nothing") != "" || Foundation("") != "" {
		t.Error("what is no rule has no foundation")
	}
}

package provision

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"doorstep/internal/mediation"
)

// scan reads what the tests of the project say they prove, from their source.
type scan struct {
	fset   *token.FileSet
	claims map[string][]Proof // by rule
	lost   []string           // comments that stand in no test
}

// proves is the comment by which a test names its rules.
var proves = regexp.MustCompile(`^//\s*proves:\s*(.+)$`)

// root is the folder of the project as the tests see it.
const root = "../.."

func scanTests(t *testing.T) *scan {
	t.Helper()
	s := &scan{fset: token.NewFileSet(), claims: map[string][]Proof{}}
	folders := map[string][]*ast.File{}
	for _, top := range []string{"internal", "cmd", "db", "policies", "templates"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") || filepath.Base(filepath.Dir(path)) == "provision" && strings.HasSuffix(path, "scan_test.go") {
				return err
			}
			file, err := parser.ParseFile(s.fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
			folder, _ := filepath.Rel(root, filepath.Dir(path))
			folders[filepath.ToSlash(folder)] = append(folders[filepath.ToSlash(folder)], file)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for folder, files := range folders {
		for _, file := range files {
			s.file(folder, file, files)
		}
	}
	for _, proofs := range s.claims {
		slices.SortFunc(proofs, func(a, b Proof) int { return strings.Compare(a.Package+a.Test, b.Package+b.Test) })
	}
	return s
}

// file takes every claim of one file: comments, and the keys of the refusals a
// test expects.
func (s *scan) file(folder string, file *ast.File, files []*ast.File) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			m := proves.FindStringSubmatch(c.Text)
			if m == nil {
				continue
			}
			test := s.testAt(file, files, c.Pos(), true)
			if test == "" {
				s.lost = append(s.lost, s.fset.Position(c.Pos()).String())
				continue
			}
			for _, id := range strings.Fields(m[1]) {
				s.claim(id, Proof{folder, test})
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			return true
		}
		for _, word := range strings.Fields(text) {
			_, key, found := strings.Cut("="+word, "=rule.")
			if !found {
				_, key, found = strings.Cut(word, "=rule.")
			}
			if found && guardKey.MatchString(key) {
				if test := s.testAt(file, files, lit.Pos(), false); test != "" {
					s.claim("guard."+key, Proof{folder, test})
				}
			}
		}
		return true
	})
}

var guardKey = regexp.MustCompile(`^[a-z_]+$`)

func (s *scan) claim(id string, p Proof) {
	if !slices.Contains(s.claims[id], p) {
		s.claims[id] = append(s.claims[id], p)
	}
}

// testAt names the test that holds a position: the Test function around it (or
// right below it, for the comment above), or the one that uses the table or the
// helper it stands in; with the case of the table, where it stands in one.
func (s *scan) testAt(file *ast.File, files []*ast.File, pos token.Pos, comment bool) string {
	for _, decl := range file.Decls {
		from := decl.Pos()
		var doc *ast.CommentGroup
		switch d := decl.(type) {
		case *ast.FuncDecl:
			doc = d.Doc
		case *ast.GenDecl:
			doc = d.Doc
		}
		if doc != nil {
			from = doc.Pos()
		}
		if pos < from || pos > decl.End() {
			continue
		}
		name := s.owner(decl, files)
		if name == "" {
			return ""
		}
		if sub := s.caseAt(decl, pos, comment); sub != "" && pos >= decl.Pos() {
			return name + "/" + strings.ReplaceAll(sub, " ", "_")
		}
		return name
	}
	return ""
}

// owner is the Test function a declaration belongs to.
func (s *scan) owner(decl ast.Decl, files []*ast.File) string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if strings.HasPrefix(d.Name.Name, "Test") {
			return d.Name.Name
		}
		names = []string{d.Name.Name}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, n := range v.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	for _, file := range files {
		for _, other := range file.Decls {
			fn, ok := other.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(fn.Name.Name, "Test") || fn.Body == nil {
				continue
			}
			if sub, uses := uses(fn, names); uses {
				return fn.Name.Name + sub
			}
		}
	}
	return ""
}

// uses says whether a function names one of the names, and by which subtest it
// runs it, where it hands it to t.Run.
func uses(fn *ast.FuncDecl, names []string) (sub string, found bool) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name, ok := runName(n); ok && len(n.Args) == 2 {
				if id, isName := n.Args[1].(*ast.Ident); isName && slices.Contains(names, id.Name) {
					sub, found = "/"+strings.ReplaceAll(name, " ", "_"), true
					return false
				}
			}
		case *ast.Ident:
			found = found || slices.Contains(names, n.Name)
		}
		return sub == ""
	})
	return sub, found
}

// runName is the name of a t.Run with a literal name.
func runName(call *ast.CallExpr) (string, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Run" || len(call.Args) == 0 {
		return "", false
	}
	return literal(call.Args[0])
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// caseAt is the case of a table around a position, or right below a comment: the
// outermost element of a list that has a name of its own (name:, rule:, or its
// first text), or the t.Run.
func (s *scan) caseAt(decl ast.Decl, pos token.Pos, comment bool) string {
	line, found := s.fset.Position(pos).Line, ""
	ast.Inspect(decl, func(n ast.Node) bool {
		if n == nil || found != "" {
			return false
		}
		start := s.fset.Position(n.Pos()).Line
		holds := n.Pos() <= pos && pos <= n.End() || comment && start == line+1
		switch n := n.(type) {
		case *ast.CompositeLit:
			if _, list := n.Type.(*ast.ArrayType); !list && holds {
				found = caseName(n)
			}
		case *ast.CallExpr:
			if name, ok := runName(n); ok && holds {
				found = name
			}
		}
		return true
	})
	return found
}

// caseName is the name an element of a table gives itself, if its list is one of
// named cases.
func caseName(lit *ast.CompositeLit) string {
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, isName := kv.Key.(*ast.Ident); isName && key.Name == "name" {
			name, _ := literal(kv.Value)
			return name
		}
	}
	return ""
}

// scanGuards reads the refusals of the rules: refuse("key", "source"), and what they
// mark at a field where a source stands behind the word.
func scanGuards(t *testing.T) [][]string {
	t.Helper()
	fset := token.NewFileSet()
	files, err := filepath.Glob("../mediation/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no rules found", err)
	}
	sources, places := map[string]string{}, map[string]string{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		found := func(key, source string) {
			for one := range strings.SplitSeq(source, "; ") {
				if !slices.Contains(strings.Split(sources[key], "; "), one) {
					sources[key] = joined(sources[key], one)
				}
			}
			if base := filepath.Base(path); !slices.Contains(strings.Fields(places[key]), base) {
				places[key] = strings.TrimSpace(places[key] + " " + base)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				text, _ := literal(e)
				if source := mediation.Foundation(text); source != "" && !strings.HasSuffix(text, "_") && guardKey.MatchString(strings.TrimPrefix(text, "rule.")) {
					found(strings.TrimPrefix(text, "rule."), source)
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, isName := call.Fun.(*ast.Ident); !isName || name.Name != "refuse" {
				return true
			}
			key, ok1 := literal(call.Args[0])
			source, ok2 := literal(call.Args[1])
			if !ok1 || !ok2 {
				t.Errorf("%s: a refusal names its key and its source in full", fset.Position(call.Pos()))
				return true
			}
			found(key, source)
			return true
		})
	}
	var all [][]string
	for key, source := range sources {
		all = append(all, []string{key, source, places[key]})
	}
	slices.SortFunc(all, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return all
}

// TestTheScanReadsTests: the ways in which a test may say what it proves, on a
// file made up for it.
func TestTheScanReadsTests(t *testing.T) {
	const file = `package x
// TestOne is plain.
//
// ` + `proves: A
func TestOne(t *testing.T) {
	t.Run("first", func(t *testing.T) {
		// ` + `proves: B
	})
	// ` + `proves: C
	for _, tt := range []struct{ name string }{
		// ` + `proves: D E
		{name: "the second"},
	} { _ = tt }
}
var rows = []row{
	// ` + `proves: F
	{name: "row 1", refuses: []refusing{{why: "late", answer: "rule.too_late"}, {answer: "field=rule.marked"}}},
}
func TestRows(t *testing.T) { for range rows { }; t.Run("apart", apart) }
func apart(t *testing.T) {
	// ` + `proves: G
}
func unused() {
	// ` + `proves: H
}`
	s := &scan{fset: token.NewFileSet(), claims: map[string][]Proof{}}
	f, err := parser.ParseFile(s.fset, "x_test.go", file, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s.file("x", f, []*ast.File{f})
	want := map[string]string{"A": "TestOne", "B": "TestOne/first", "C": "TestOne", "D": "TestOne/the_second", "E": "TestOne/the_second",
		"F": "TestRows/row_1", "G": "TestRows/apart", "guard.too_late": "TestRows/row_1", "guard.marked": "TestRows/row_1"}
	for id, test := range want {
		if got := fmt.Sprint(s.claims[id]); got != fmt.Sprintf("[{x %s}]", test) {
			t.Errorf("%s is proved by %s, want %s", id, got, test)
		}
	}
	if len(s.claims) != len(want) || len(s.lost) != 1 {
		t.Errorf("claims %v, lost %v", s.claims, s.lost)
	}
}

package provision

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestPlacesExist: what the register calls the place of a rule is there: the
// function, the table and its column, the file, the row, the form.
func TestPlacesExist(t *testing.T) {
	migrations := ""
	files, err := filepath.Glob(root + "/db/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		migrations += string(text)
	}
	var rows []string
	for _, line := range mediation.Procedure() {
		rows = append(rows, rowOf(line))
	}
	exists := map[string]func(ref string) bool{
		AtLifecycle: func(ref string) bool { return slices.Contains(rows, ref) || ref == "*" },
		AtDeadline:  func(ref string) bool { _, ok := statute.Deadline(statute.DeadlineID(ref)); return ok },
		AtList:      func(ref string) bool { return len(statute.Codes(statute.List(ref))) > 0 },
		AtForm:      func(ref string) bool { _, ok := statute.FormOf(ref); return ok },
		AtPolicy:    func(ref string) bool { return ref == "*" || len(ref) > 3 },
		AtOffer:     func(ref string) bool { return mediation.Conditional(mediation.Action(ref)) },
		AtLint: func(ref string) bool {
			return slices.ContainsFunc(statute.LintGrounds(), func(f statute.Finding) bool { return f.Code == ref })
		},
		AtScope: func(ref string) bool {
			return slices.ContainsFunc(statute.ScopeGrounds(), func(w statute.ScopeWarning) bool { return w.Code == ref })
		},
		AtGuard: func(ref string) bool {
			for _, file := range strings.Fields(ref) {
				if _, err := os.Stat("../mediation/" + file); err != nil {
					return false
				}
			}
			return ref != ""
		},
		AtTable: func(ref string) bool {
			table, column, _ := strings.Cut(ref, ".")
			return ref == "db/migrations" || strings.Contains(migrations, "CREATE TABLE "+table+" ") &&
				(column == "" || strings.Contains(migrations, "    "+column+" ") || strings.Contains(migrations, " "+column+" "))
		},
		AtCode: func(ref string) bool { return declared(t, ref) },
	}
	for _, r := range Rules() {
		for _, p := range r.Places {
			if there, known := exists[p.Sort]; !known || !there(p.Ref) {
				t.Errorf("%s is held at %s %q, which is not there", r.ID, p.Sort, p.Ref)
			}
		}
	}
}

// declared says whether package.Function, package.Type.Method or package.Type is
// declared.
func declared(t *testing.T, ref string) bool {
	t.Helper()
	parts := strings.Split(ref, ".")
	files, err := filepath.Glob("../" + parts[0] + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	name := parts[len(parts)-1]
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Name.Name == name && (fn.Recv != nil) == (len(parts) == 3) {
				return true
			}
		}
	}
	return false
}

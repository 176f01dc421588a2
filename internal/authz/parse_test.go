package authz_test

import (
	"strings"
	"testing"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/policies"
)

// TestMalformed: a policy with one bad line is refused whole. Casbin's own
// adapter would drop most of these in silence, and a typo would be a right lost
// or, with a role misspelt, one that nobody misses until it is needed.
func TestMalformed(t *testing.T) {
	for _, v := range []struct{ name, line, says string }{
		{"a field short", "p, chair, case, accept", "neither p with four words nor g with two"},
		{"a base that stands on itself", "g, staff, chair", "stands on itself"},
		{"a field too many", "p, chair, case, accept, committee, allow", "neither p with four words nor g with two"},
		{"no commas", "p chair case accept committee", "neither p with four words nor g with two"},
		{"a trailing comma", "p, chair, case, accept, committee,", "neither p with four words nor g with two"},
		{"an unknown role", "p, chiar, case, accept, committee", "an unknown role"},
		{"no role", "p, , case, accept, committee", "an unknown role"},
		{"everybody", "p, *, case, accept, committee", "an unknown role"},
		{"an unknown object", "p, chair, cases, accept, committee", "an unknown object"},
		{"an unknown action", "p, chair, case, acept, committee", "an unknown action"},
		{"every action", "p, chair, case, *, committee", "an unknown action"},
		{"an action of another object", "p, chair, facts, accept, committee", "an unknown action"},
		{"an unknown scope", "p, chair, case, accept, everywhere", "an unknown scope"},
		{"no scope", "p, chair, case, accept, ", "an unknown scope"},
		{"an unknown kind of rule", "q, chair, case, accept, committee", "neither p with four words nor g with two"},
		{"a rule in capitals", "P, chair, case, accept, committee", "neither p with four words nor g with two"},
		{"a second policy type", "p2, chair, case, accept, committee", "neither p with four words nor g with two"},
		{"a deny", "p, chair, case, accept, deny", "an unknown scope"},
		{"an open quote", `p, chair, case, "accept, committee`, "a quote"},
		{"a closed quote", `p, chair, "case", accept, committee`, "a quote"},
		{"a line twice", "p, chair, case, accept, committee", "malformed or repeated line"},
		{"a line twice, spaced otherwise", "p,chair,case,accept,committee", "malformed or repeated line"},
		{"a base twice", "g, chair, staff", "malformed or repeated line"},
		{"a base of nobody known", "g, chiar, staff", "an unknown role"},
		{"an unknown base", "g, chair, staf", "an unknown role"},
		{"a base a field short", "g, chair", "neither p with four words nor g with two"},
		{"a base with a domain", "g, chair, staff, city", "neither p with four words nor g with two"},
		{"a comment behind a line", "p, chair, case, accept, committee # the chair", "an unknown scope"},
		{"two lines in one", "p, chair, case, close, committee p, chair, case, archive, committee", "neither p with four words nor g with two"},
	} {
		t.Run(v.name, func(t *testing.T) {
			for place, text := range map[string]string{
				"last":  policies.Lines + "\n" + v.line + "\n",
				"first": v.line + "\n" + policies.Lines,
			} {
				p, err := authz.New(policies.Model, text)
				if p != nil || err == nil || !strings.Contains(err.Error(), v.says) {
					t.Errorf("%s: %v, %v; want an error that says %q", place, p, err, v.says)
				}
			}
		})
	}
}

// TestEmptyPolicy: no line is no policy, whatever the comments say.
func TestEmptyPolicy(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "blank": " \n\t\n", "comments": "# p, chair, case, accept, committee\n", "bases alone": "g, chair, staff\n",
	} {
		if p, err := authz.New(policies.Model, text); p != nil || err == nil {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// TestBrokenModel: a model that is none is refused with its cause.
func TestBrokenModel(t *testing.T) {
	for name, model := range map[string]string{"empty": "", "nonsense": "[matchers]\nm = ((("} {
		if p, err := authz.New(model, policies.Lines); p != nil || err == nil {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}

// TestCRLF: a policy saved on another system is the same policy.
func TestCRLF(t *testing.T) {
	p, err := authz.New(policies.Model, strings.ReplaceAll(policies.Lines, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Can(as("chair"), "case", "accept") {
		t.Error("the chair lost his right over a line end")
	}
}

// FuzzParse: whatever stands in a line, the policy is taken or refused; what is
// taken gives nobody a right that is not written in it.
func FuzzParse(f *testing.F) {
	for _, line := range []string{"p, chair, case, accept, committee", "g, chair, staff", "p,,,,", "# p, chair, case, accept, committee", "p, chair, case, accept, committee\r"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for rule := range strings.Lines(line) {
			if first, _, _ := strings.Cut(rule, ","); strings.TrimSpace(first) == "g" {
				t.Skip("a base gives what another line says")
			}
		}
		p, err := authz.New(policies.Model, line)
		if err != nil {
			return
		}
		for _, r := range mediation.Roles {
			for _, l := range p.Lines(r) {
				for _, word := range []string{string(l.Role), l.Object, string(l.Action), string(l.Scope)} {
					if !strings.Contains(line, word) {
						t.Errorf("%q gives %s, which it does not say", line, l)
					}
				}
			}
		}
	})
}

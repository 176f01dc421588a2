package authz_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/policies"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden matrix anew")

func load(tb testing.TB) *authz.Policy {
	tb.Helper()
	p, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func as(r mediation.Role) mediation.Actor {
	return mediation.Actor{Grants: []mediation.Grant{{Role: r}}}
}

// scopes are the scopes of a role for an action, each once and in order.
func scopes(p *authz.Policy, r mediation.Role, object string, a mediation.Action) []string {
	var all []string
	for _, right := range p.Scope(as(r), object, a) {
		all = append(all, string(right.Scope))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestMatrix is the whole policy drawn by what may be done: who, and on which
// rows. A line of the policy that changes anything changes this file.
func TestMatrix(t *testing.T) {
	p := load(t)
	var b strings.Builder
	objects := authz.Objects()
	for _, object := range slices.Sorted(maps.Keys(objects)) {
		actions := slices.Clone(objects[object])
		slices.Sort(actions)
		for _, a := range slices.Compact(actions) {
			fmt.Fprintf(&b, "%s:%s\n", object, a)
			for _, r := range mediation.Roles {
				if s := scopes(p, r, object, a); len(s) > 0 {
					fmt.Fprintf(&b, "    %-14s %s\n", r, strings.Join(s, " "))
				}
			}
		}
	}
	if *update {
		if err := os.WriteFile("testdata/matrix.txt", []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatalf("%v: run go test ./internal/authz -update and read what it wrote", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("the matrix (-want +got); if the change is meant, run with -update:\n%s", diff)
	}
}

// TestThreeQuestionsAgree: Check, Can, Scope and Explain speak with one voice,
// for every role and every word, and Casbin with them.
func TestThreeQuestionsAgree(t *testing.T) {
	p := load(t)
	for object, actions := range authz.Objects() {
		for _, a := range actions {
			for _, r := range mediation.Roles {
				rights, err := p.Check(as(r), object, a)
				allowed := len(p.Scope(as(r), object, a)) > 0
				if allowed != p.Can(as(r), object, a) || allowed != (err == nil) || allowed != (len(rights) > 0) || allowed != (len(p.Explain(r, object, a)) > 0) {
					t.Errorf("%s %s:%s: check %v, scope %v", r, object, a, err, allowed)
				}
				if err != nil && mediation.KindOf(err) != mediation.Forbidden {
					t.Errorf("%s %s:%s: %v, want Forbidden", r, object, a, err)
				}
			}
			if _, err := p.Check(mediation.Actor{}, object, a); mediation.KindOf(err) != mediation.Forbidden {
				t.Errorf("the zero actor and %s:%s: %v, want Forbidden", object, a, err)
			}
		}
	}
	for _, q := range [][2]string{{"case", "dance"}, {"moon", "read"}, {"", ""}, {"case", ""}} {
		if p.Can(as(mediation.RoleChair), q[0], mediation.Action(q[1])) {
			t.Errorf("unknown words are allowed: %v", q)
		}
	}
	if p.Can(as("staff"), "case", "list") || p.Can(as("emperor"), "case", "list") {
		t.Error("a base or an unknown role acts by itself")
	}
}

// TestGrantsStayWithTheirRights: a right carries the grant it came by, so that a
// chair of one committee is no chair of another.
func TestGrantsStayWithTheirRights(t *testing.T) {
	p := load(t)
	a := mediation.Actor{User: "u", Grants: []mediation.Grant{
		{Role: mediation.RoleChair, Committee: "k-1"}, {Role: mediation.RoleMediator, Committee: "k-2"}, {Role: mediation.RoleCourtClerk, Court: "c-1"},
	}}
	rights := p.Scope(a, "case", mediation.Accept)
	want := []mediation.Right{{Scope: mediation.ScopeCommittee, Grant: a.Grants[0]}}
	if diff := cmp.Diff(want, rights); diff != "" {
		t.Errorf("rights to accept (-want +got):\n%s", diff)
	}
	for committee, reaches := range map[mediation.CommitteeID]bool{"k-1": true, "k-2": false} {
		if mediation.AnyAllows(rights, a, mediation.Row{Committee: committee}, never) != reaches {
			t.Errorf("the case of %s: reached %v", committee, !reaches)
		}
	}
}

// TestPolicyUnderLoad asks from sixteen sides at once; the race detector listens.
func TestPolicyUnderLoad(t *testing.T) {
	p := load(t)
	want := map[string]int{}
	for _, r := range mediation.Roles {
		for _, a := range mediation.Actions() {
			want[string(r)+string(a)] = len(p.Scope(as(r), "case", a))
		}
	}
	fresh := load(t) // with nothing remembered yet
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for _, r := range mediation.Roles {
				for _, a := range mediation.Actions() {
					if got := len(fresh.Scope(as(r), "case", a)); got != want[string(r)+string(a)] {
						t.Errorf("%s %s: %d rights, alone %d", r, a, got, want[string(r)+string(a)])
					}
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkCheck(b *testing.B) {
	p := load(b)
	a := mediation.Actor{User: "u", Grants: []mediation.Grant{
		{Role: mediation.RoleResident}, {Role: mediation.RoleCoordinator, Committee: "k"}, {Role: mediation.RoleMediator, Committee: "k"},
	}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Check(a, "case", mediation.LogSession); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}

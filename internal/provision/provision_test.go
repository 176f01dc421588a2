package provision

import (
	"bytes"
	"encoding/csv"
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the embedded files anew")

// golden compares an embedded file with what the source says now, or writes it.
// The register is built from what was embedded when the test was compiled: after
// -update run the tests once more.
func golden(t *testing.T, name, head string, lines [][]string) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(head)
	w := csv.NewWriter(&b)
	if err := w.WriteAll(lines); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(stored), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s is not what the source says (-stored +source); run go test ./internal/provision -update and look at it:\n%s", name, diff)
	}
}

func TestGuardsAreThoseOfTheRules(t *testing.T) {
	golden(t, "guards.csv", "# key, source, file: written by go test ./internal/provision -update\n", scanGuards(t))
}

// TestProofsAreThoseOfTheTests: what the pages show is what the tests say, a
// comment in no test is a mistake, and so is one that names no rule.
func TestProofsAreThoseOfTheTests(t *testing.T) {
	s := scanTests(t)
	for _, at := range s.lost {
		t.Errorf("%s: this comment stands in no test", at)
	}
	var lines [][]string
	for _, id := range slices.Sorted(maps.Keys(s.claims)) {
		_, known := Find(id)
		if !known && !strings.HasPrefix(id, "guard.") { // marks at a field use the same words as refusals
			t.Errorf("%v: no rule is called %s", s.claims[id], id)
		}
		if !known {
			continue
		}
		for _, p := range s.claims[id] {
			lines = append(lines, []string{id, p.Package, p.Test})
		}
	}
	golden(t, "proofs.csv", "# rule, package, test: written by go test ./internal/provision -update\n", lines)
}

// TestEveryRuleHasATest is what the register is for.
func TestEveryRuleHasATest(t *testing.T) {
	for _, r := range Rules() {
		if len(r.Proofs) == 0 {
			t.Errorf("%s rests on no test; write one, with the comment // proves: %s", r.ID, r.ID)
		}
	}
}

func TestEveryRuleIsWhole(t *testing.T) {
	seen := map[string]bool{}
	han := regexp.MustCompile(`\p{Han}`)
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		if !regexp.MustCompile(`^[A-Za-z0-9._-]+$`).MatchString(r.ID) || len(r.Places) == 0 || !slices.Contains(Kinds(), r.Kind) {
			t.Errorf("%+v is not whole", r)
		}
		if r.Key == "" && (!han.MatchString(r.ZH) || r.EN == "" || han.MatchString(r.EN)) {
			t.Errorf("%s says %q and %q", r.ID, r.ZH, r.EN)
		}
		for _, law := range statute.LawsOf(r.Source) {
			if !statute.Valid(statute.Laws, law) {
				t.Errorf("%s rests on %q, which is no source", r.ID, law)
			}
		}
		if (r.Status == statute.Confirmed) != (len(r.Settings) == 0) {
			t.Errorf("%s (%s, %s) waits for %v: what is not confirmed names what is to be signed off", r.ID, r.Status, r.Source, r.Settings)
		}
		for _, id := range r.Settings {
			if _, ok := FindSetting(id); !ok {
				t.Errorf("%s waits for %q, which is no setting", r.ID, id)
			}
		}
		if one, ok := Find(r.ID); !ok || one.Source != r.Source {
			t.Errorf("%s is not found", r.ID)
		}
	}
	if _, ok := Find("D-99"); ok {
		t.Error("D-99 is a rule")
	}
}

func TestEverySettingIsWhole(t *testing.T) {
	used := map[string]bool{}
	for _, r := range Rules() {
		for _, id := range r.Settings {
			used[id] = true
		}
	}
	seen := map[string]bool{}
	for _, s := range SettingsToSign() {
		if seen[s.ID] || s.ZH == "" || s.EN == "" || s.Label("en") != s.EN || !slices.ContainsFunc(Issues(), func(i Issue) bool { return i.N == s.Issue }) {
			t.Errorf("%+v is not whole or stands twice", s)
		}
		seen[s.ID] = true
		if !used[s.ID] {
			t.Errorf("no rule waits for the setting %s", s.ID)
		}
		if rule, clock := statute.Deadline(s.Deadline); s.Settable() != (s.ID == "contacts" || clock && !rule.Hard && rule.Term.N > 0) {
			t.Errorf("%s settable: %t", s.ID, s.Settable())
		}
	}
	if _, ok := FindSetting("moods"); ok {
		t.Error("moods are a setting")
	}
}

// TestSelect: the filters take away all else and nothing more.
func TestSelect(t *testing.T) {
	for _, law := range Laws() {
		for _, status := range []statute.Status{"", statute.Confirmed, statute.Secondary, statute.Recalled, statute.LocalDefault} {
			for _, kind := range append([]Kind{""}, Kinds()...) {
				n := 0
				for _, r := range Rules() {
					if strings.Contains(" "+strings.ReplaceAll(r.Source, ";", " "), " "+law) && slices.Contains(statute.LawsOf(r.Source), law) &&
						(status == "" || r.Status == status) && (kind == "" || r.Kind == kind) {
						n++
					}
				}
				if got := Select(Filter{law, status, kind}); len(got) != n {
					t.Errorf("%s %s %s: %d rules, want %d", law, status, kind, len(got), n)
				}
			}
		}
	}
	total := 0
	for _, n := range Count() {
		total += n
	}
	if total != len(Rules()) || len(Rules()) < 300 {
		t.Errorf("%d counted of %d rules", total, len(Rules()))
	}
	if len(Select(Filter{Law: "PML"})) == 0 || len(Select(Filter{Law: "XX"})) != 0 {
		t.Error("a law selects its own rules and an unknown one none")
	}
}

// TestStepsSayWhereTheyAreHeld: an act's rule names its line, its roles and its
// offer.
func TestStepsSayWhereTheyAreHeld(t *testing.T) {
	r, _ := Find("act.apply_confirmation")
	for _, want := range []Place{{AtLifecycle, "32 apply_confirmation"}, {AtPolicy, "mediator"}, {AtOffer, "apply_confirmation"}} {
		if !slices.Contains(r.Places, want) {
			t.Errorf("%v is not among %v", want, r.Places)
		}
	}
	for _, a := range mediation.Actions() {
		if r, ok := Find("act." + string(a)); !ok || r.Source == "" {
			t.Errorf("%s has no rule", a)
		}
	}
}

// TestNothingIsCharged: no act, no form of the pages and no column of the
// database speaks of a fee (PML 4). Money a party pays goes to the other side.
//
// proves: duty.free
func TestNothingIsCharged(t *testing.T) {
	charge := regexp.MustCompile(`(?i)\b(fee|fees|charge|charged|price|invoice|tariff|payment_to_office)\b|收费|缴费`)
	for _, a := range mediation.Actions() {
		if charge.MatchString(strings.ReplaceAll(string(a), "_", " ")) {
			t.Errorf("the act %s takes money", a)
		}
	}
	migrations, err := os.ReadDir(root + "/db/migrations")
	if err != nil || len(migrations) == 0 {
		t.Fatal("no migrations", err)
	}
	column := regexp.MustCompile(`(?m)^\s+(\w+)\s+(?:uuid|text|integer|bigint|numeric|boolean|timestamptz|date|jsonb)\b`)
	columns := 0
	for _, m := range migrations {
		text, err := os.ReadFile(root + "/db/migrations/" + m.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range column.FindAllStringSubmatch(string(text), -1) {
			columns++
			if charge.MatchString(strings.ReplaceAll(c[1], "_", " ")) {
				t.Errorf("the column %s of %s holds a charge", c[1], m.Name())
			}
		}
	}
	if columns < 200 {
		t.Errorf("only %d columns were read", columns)
	}
}

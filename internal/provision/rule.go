package provision

import (
	"slices"

	"doorstep/internal/statute"
)

// Kind is what sort of rule it is, which also says where it is held.
type Kind string

// The kinds, in the order in which they are shown.
const (
	Duty      Kind = "duty"      // what a law asks for and no table carries
	Deadline  Kind = "deadline"  // a clock of the procedure
	Step      Kind = "step"      // a line of the lifecycle
	Guard     Kind = "guard"     // a precondition without which an act changes nothing
	Ground    Kind = "ground"    // a code with a legal meaning: a ground, a remedy, a duty to report
	List      Kind = "list"      // a code list as a whole
	Scope     Kind = "scope"     // content a court does not confirm
	Lint      Kind = "lint"      // content that makes an agreement void or unclear
	Form      Kind = "form"      // a paper of the procedure
	Reckoning Kind = "reckoning" // a step in counting a term
)

// Kinds gives every kind in the order shown.
func Kinds() []Kind {
	return []Kind{Duty, Deadline, Step, Guard, Ground, List, Scope, Lint, Form, Reckoning}
}

// Place is one spot of the program where a rule is held. Sort is one of the
// words below, Ref what is found there: a row, a table, a role, a form.
type Place struct{ Sort, Ref string }

// The sorts of places.
const (
	AtLifecycle = "lifecycle" // Ref: the row of the procedure, "0" where the procedure implies it
	AtDeadline  = "deadline"  // Ref: the clock
	AtList      = "list"      // Ref: the code list
	AtLint      = "lint"      // Ref: the ground
	AtScope     = "scope"     // Ref: the ground
	AtForm      = "form"      // Ref: the form
	AtPolicy    = "policy"    // Ref: the role the policy lets do it
	AtGuard     = "guard"     // Ref: the file of the rules
	AtOffer     = "offer"     // Ref: the action, offered only while it makes sense
	AtCode      = "code"      // Ref: the function
	AtTable     = "table"     // Ref: the table of the database
)

// Proof is a test that fails when the rule is not held. Package is the folder
// below the project, Test the name as "go test -run" takes it.
type Proof struct{ Package, Test string }

// Rule is one demand. ZH and EN say what it asks; where the words stand in the
// catalogue of the pages, Key names them instead.
type Rule struct {
	ID       string
	Kind     Kind
	Source   string
	Status   statute.Status
	ZH, EN   string
	Key      string
	Places   []Place
	Proofs   []Proof
	Settings []string // local settings to be signed off before the rule is firm, ids of [Settings]
}

// Label gives the English text for "en" and the Chinese one for anything else;
// "" where Key names it.
func (r Rule) Label(lang string) string { return statute.Code{ZH: r.ZH, EN: r.EN}.Label(lang) }

// rules is the register, built once; nothing writes to it afterwards.
var rules = build()

func build() []Rule {
	all := slices.Concat(duties(), deadlines(), steps(), guards(), grounds(), lists(), scopes(), lints(), forms(), reckonings())
	for i := range all {
		r := &all[i]
		if r.Status == "" {
			r.Status = statute.Standing(r.Source)
		}
		r.Proofs = proofs[r.ID]
		if r.Status != statute.Confirmed {
			r.Settings = settingsOf(*r)
		}
	}
	return all
}

// Rules gives the whole register in the order shown. The caller must not change
// what the entries point to.
func Rules() []Rule { return slices.Clone(rules) }

// Find looks a rule up by its id; false when there is none.
func Find(id string) (Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

// Filter narrows the register; what is "" narrows nothing.
type Filter struct {
	Law    string // key of a law
	Status statute.Status
	Kind   Kind
}

// Select gives the rules that fit the filter, in the order shown.
func Select(f Filter) []Rule {
	return slices.DeleteFunc(Rules(), func(r Rule) bool {
		return (f.Law != "" && !slices.Contains(statute.LawsOf(r.Source), f.Law)) ||
			(f.Status != "" && r.Status != f.Status) || (f.Kind != "" && r.Kind != f.Kind)
	})
}

// Laws gives the keys of the laws that found at least one rule, in the order of
// the list of laws.
func Laws() []string {
	var keys []string
	for _, law := range statute.Codes(statute.Laws) {
		if len(Select(Filter{Law: law.Code})) > 0 {
			keys = append(keys, law.Code)
		}
	}
	return keys
}

// Count says how many rules have each status.
func Count() map[statute.Status]int {
	n := map[statute.Status]int{}
	for _, r := range rules {
		n[r.Status]++
	}
	return n
}

package provision

import (
	"strconv"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// What the tables of the law and of the procedure carry, as rules.

func deadlines() []Rule {
	var all []Rule
	for _, d := range statute.DeadlineRules() {
		r := Rule{ID: string(d.ID), Kind: Deadline, Source: d.Source, Status: d.Status, ZH: d.NameZH, EN: d.NameEN,
			Places: []Place{{AtDeadline, string(d.ID)}}}
		for _, line := range mediation.Procedure() {
			for _, id := range line.Starts {
				if id == d.ID {
					r.Places = append(r.Places, Place{AtLifecycle, rowOf(line)})
				}
			}
		}
		all = append(all, r)
	}
	return all
}

func rowOf(line mediation.Step) string { return strconv.Itoa(line.Row) + " " + string(line.Action) }

// steps are the actions of the procedure: one rule each, also where the action
// stands in several lines.
func steps() []Rule {
	var all []Rule
	for _, a := range mediation.Actions() {
		r := Rule{ID: "act." + string(a), Kind: Step, Key: "action." + string(a)}
		for _, line := range mediation.Procedure() {
			if line.Action != a {
				continue
			}
			r.Source = joined(r.Source, line.Source)
			if place := (Place{AtLifecycle, rowOf(line)}); len(r.Places) == 0 || r.Places[len(r.Places)-1] != place {
				r.Places = append(r.Places, place)
			}
		}
		for _, role := range rolesFor(a) {
			r.Places = append(r.Places, Place{AtPolicy, role})
		}
		if mediation.Conditional(a) {
			r.Places = append(r.Places, Place{AtOffer, string(a)})
		}
		all = append(all, r)
	}
	return all
}

// joined puts two sources together without saying anything twice.
func joined(one, other string) string {
	if one == "" || one == other {
		return other
	}
	return one + "; " + other
}

// legalLists are the code lists whose entries are rules one by one: a ground is
// pleaded, a remedy told, a danger reported. The entries of the others are mere
// names, and the list stands for them.
var legalLists = map[statute.List]string{
	statute.NonAcceptance: "", statute.Terminations: "", statute.EscalationReasons: "", statute.RiskFlags: "",
	statute.Competence: "competence.", statute.CourtOutcomes: "outcome.", statute.Remedies: "remedy.", statute.Relations: "relation.", statute.CourtModes: "mode.", statute.Retention: "retention.",
}

// noRules are lists that serve the program's own pages and ask nothing of it:
// the names of laws and of statuses, and the steps of counting, which stand as
// rules of their own.
var noRules = map[statute.List]bool{statute.Laws: true, statute.Statuses: true, statute.ReckonRules: true}

func grounds() []Rule {
	var all []Rule
	for _, l := range statute.Lists() {
		prefix, legal := legalLists[l]
		if !legal {
			continue
		}
		for _, c := range statute.Codes(l) {
			all = append(all, Rule{ID: prefix + c.Code, Kind: Ground, Source: c.Source, ZH: c.ZH, EN: c.EN,
				Places: []Place{{AtList, string(l)}}})
		}
	}
	return all
}

func lists() []Rule {
	var all []Rule
	for _, l := range statute.Lists() {
		if _, legal := legalLists[l]; legal || noRules[l] {
			continue
		}
		r := Rule{ID: "list." + string(l), Kind: List, Key: "law.list." + string(l), Places: []Place{{AtList, string(l)}}}
		seen := map[string]bool{}
		for _, c := range statute.Codes(l) {
			for _, article := range statute.Articles(c.Source) {
				if !seen[article] {
					seen[article] = true
					r.Source = joined(r.Source, article)
				}
			}
		}
		all = append(all, r)
	}
	return all
}

func scopes() []Rule {
	var all []Rule
	for _, w := range statute.ScopeGrounds() {
		all = append(all, Rule{ID: "scope." + w.Code, Kind: Scope, Source: w.Source, ZH: w.ZH, EN: w.EN, Places: []Place{{AtScope, w.Code}}})
	}
	return all
}

func lints() []Rule {
	var all []Rule
	for _, f := range statute.LintGrounds() {
		all = append(all, Rule{ID: "lint." + f.Code, Kind: Lint, Source: f.Source, ZH: f.ZH, EN: f.EN, Places: []Place{{AtLint, f.Code}}})
	}
	return all
}

func forms() []Rule {
	var all []Rule
	for _, f := range statute.Forms() {
		all = append(all, Rule{ID: f.Code, Kind: Form, Source: f.Source, ZH: f.ZH, EN: f.EN, Places: []Place{{AtForm, f.Code}}})
	}
	return all
}

func reckonings() []Rule {
	var all []Rule
	for _, c := range statute.Codes(statute.ReckonRules) {
		all = append(all, Rule{ID: "reckon." + c.Code, Kind: Reckoning, Source: c.Source, ZH: c.ZH, EN: c.EN,
			Places: []Place{{AtCode, "statute.Calendar.Reckon"}}})
	}
	return all
}

package mediation_test

import (
	"slices"
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestEveryFactIsJudgedOnce: the table and the code list name the same facts,
// each with its words, its relation and its article.
// proves: list.conflict_fact
func TestEveryFactIsJudgedOnce(t *testing.T) {
	var table, list []string
	for _, j := range Judgments() {
		table = append(table, string(j.Fact))
		if j.Verdict != VerdictWarn && j.Verdict != VerdictBlock || j.Source == "" || j.Relation == "none" || !statute.Valid(statute.Relations, j.Relation) {
			t.Errorf("%+v", j)
		}
		f := Finding{Fact: j.Fact}
		if f.Judge() != j || f.FactLabel("en") == "" || f.FactLabel("zh-CN") == f.FactLabel("en") {
			t.Errorf("%s: %+v, %q", j.Fact, f.Judge(), f.FactLabel("en"))
		}
	}
	for _, c := range statute.Codes(statute.ConflictFacts) {
		list = append(list, c.Code)
	}
	if !slices.Equal(table, list) {
		t.Errorf("judged %v, listed %v", table, list)
	}
	if j := (Finding{Fact: "unheard_of"}).Judge(); j.Verdict != VerdictBlock || j.Waivable {
		t.Errorf("a fact nobody thought of: %+v", j)
	}
}

// TestOfAllThatIsFoundTheGravestCounts tries every pair of facts.
func TestOfAllThatIsFoundTheGravestCounts(t *testing.T) {
	if got := VerdictOf(nil); got != VerdictClear {
		t.Errorf("nothing found is %s", got)
	}
	for _, a := range Judgments() {
		for _, b := range Judgments() {
			want := VerdictWarn
			if a.Verdict == VerdictBlock || b.Verdict == VerdictBlock {
				want = VerdictBlock
			}
			if got := VerdictOf([]Finding{{Fact: a.Fact}, {Fact: b.Fact}}); got != want {
				t.Errorf("%s and %s: %s, want %s", a.Fact, b.Fact, got, want)
			}
		}
	}
}

// signs is who signed the waiver, in the grid below.
var signs = map[string]func(*play) []PartyID{
	"nobody": func(*play) []PartyID { return nil },
	"some":   func(p *play) []PartyID { return p.all()[:1] },
	"all":    func(p *play) []PartyID { return p.all() },
}

// naming is an act that names a mediator; at the field his fault stands.
type naming struct {
	from  Stage
	as    Role
	field string
	act   func(p *play, disclosed bool, by []PartyID) Act
}

var namings = map[string]naming{
	"lead": {Accepted, RoleChair, "lead", func(p *play, told bool, by []PartyID) Act {
		a := appointment(p)
		a.Lead, a.Disclosed, a.WaivedBy = lin, told, by
		return a
	}},
	"second": {Accepted, RoleChair, "second", func(p *play, told bool, by []PartyID) Act {
		a := appointment(p)
		a.Lead, a.Second, a.SecondRelation, a.Disclosed, a.WaivedBy = du, lin, "none", told, by
		return a
	}},
	"successor": {InMediation, RoleChair, "successor", func(_ *play, told bool, by []PartyID) Act {
		return Handover{From: du, To: lin, Relation: "none", Reason: "left", Disclosed: told, WaivedBy: by}
	}},
}

// TestMediatorsAreHeldAgainstTheParties is the whole grid: every fact, every act
// that names a mediator, told or not, with nobody's, some or all waivers.
func TestMediatorsAreHeldAgainstTheParties(t *testing.T) {
	facts := []Judgment{{}}
	facts = append(facts, Judgments()...)
	for _, j := range facts {
		for who, n := range namings {
			for _, told := range []bool{false, true} {
				for by, parties := range signs {
					p := at(t, n.from)
					found := []Finding{}
					if j.Fact != "" {
						found = append(found, Finding{Fact: j.Fact, Party: p.side(Respondent)})
					}
					p.found = map[UserID][]Finding{lin: found}
					events, err := p.try(n.as, n.act(p, told, parties(p)))
					want, verdict := "", VerdictClear
					switch {
					case j.Verdict == VerdictBlock && (!j.Waivable || by == "nobody"):
						want = n.field + "=rule.conflict_" + string(j.Fact)
					case j.Verdict == VerdictBlock && by == "some":
						want = "waived_by=rule.waiver_by_all"
					case j.Verdict == VerdictBlock:
						verdict = VerdictWaived
					case j.Verdict == VerdictWarn && !told:
						want = "disclosed=rule.disclose_first"
					case j.Verdict == VerdictWarn:
						verdict = VerdictWarn
					}
					what := strings.Join([]string{string(j.Fact), who, by}, " ")
					if got := fault(err); got != want {
						t.Errorf("%s, told %v: %q, want %q", what, told, got, want)
						continue
					}
					if err == nil {
						kept(t, what, p, events, verdict, j)
					}
				}
			}
		}
	}
}

// kept holds that the outcome lies with the assignment and in the history.
func kept(t *testing.T, what string, p *play, events []Event, verdict Verdict, j Judgment) {
	t.Helper()
	i := slices.IndexFunc(p.c.Assignments, func(a Assignment) bool { return a.Mediator == lin && a.EndedAt.IsZero() })
	a := p.c.Assignments[i]
	if a.Verdict != verdict || len(a.Findings) != len(string(j.Fact))/max(1, len(string(j.Fact))) {
		t.Errorf("%s: kept %s %v, want %s", what, a.Verdict, a.Findings, verdict)
	}
	if got := events[0].Codes; got["check"] != string(verdict) || got["found"] != string(j.Fact) {
		t.Errorf("%s: the history says %v", what, got)
	}
	row := p.c.Row()
	if slices.Contains(row.Conflicted, lin) {
		t.Errorf("%s: assigned and shut out", what)
	}
	if verdict == VerdictWaived {
		k := p.c.Conflicts[len(p.c.Conflicts)-1]
		if k.User != lin || k.Fact != j.Fact || k.Relation != j.Relation || len(k.WaivedBy) != len(p.c.Active()) || k.WaivedAt.IsZero() {
			t.Errorf("%s: the waiver was kept as %+v", what, k)
		}
	}
}

// TestADeclaredTieIsWaivedByAllOrShutsHimOut: his own word counts as much as a
// fact that was found.
func TestADeclaredTieIsWaivedByAllOrShutsHimOut(t *testing.T) {
	for by, want := range map[string]string{"nobody": "lead_relation=rule.mediator_conflict", "some": "waived_by=rule.waiver_by_all", "all": ""} {
		p := at(t, Accepted)
		a := appointment(p)
		a.Lead, a.LeadRelation, a.WaivedBy = lin, "relative", signs[by](p)
		if _, err := p.try(RoleChair, a); fault(err) != want {
			t.Errorf("waived by %s: %q, want %q", by, fault(err), want)
		}
	}
}

func TestAPartysChoiceIsRefusedWithoutTellingTheTie(t *testing.T) {
	for _, j := range Judgments() {
		p := at(t, Accepted)
		p.found = map[UserID][]Finding{lin: {{Fact: j.Fact, Party: p.side(Respondent)}}}
		want := ""
		if j.Verdict == VerdictBlock {
			want = "mediator=rule.mediator_conflict"
		}
		if _, err := p.try(RoleResident, Choice{Mediator: lin}); fault(err) != want {
			t.Errorf("%s: %q, want %q", j.Fact, fault(err), want)
		}
	}
}

// TestAPartyThatComesIsHeldAgainstWhoeverMediates: every fact in every stage a
// party may still join in with a mediator at work. A block shuts the file to him
// at once and, where the procedure has it, opens the review.
// proves: act.find_conflict
func TestAPartyThatComesIsHeldAgainstWhoeverMediates(t *testing.T) {
	for _, stage := range []Stage{Assigned, Scheduled, InMediation, Adjourned, RecusalReview, Escalated, AgreementDraft} {
		for _, j := range Judgments() {
			p := at(t, stage)
			p.found = map[UserID][]Finding{p.c.Lead().Mediator: {{Fact: j.Fact}}}
			lead := p.c.Lead().Mediator
			a := NewParty{PartyEntry{Side: Third, Capacity: "adult", Name: "新来的人", GroupSize: 1}}
			events, err := p.try(RoleChair, a)
			if err != nil {
				t.Fatalf("%s in %s: %v", j.Fact, stage, err)
			}
			party := p.c.Parties[len(p.c.Parties)-1].ID
			shut, blocks := slices.Contains(p.c.Row().Conflicted, lead), j.Verdict == VerdictBlock
			if shut != blocks || events[0].Codes["check"] != string(j.Verdict) || events[0].Codes["found"] != string(j.Fact) {
				t.Errorf("%s in %s: shut out %v, history %v", j.Fact, stage, shut, events[0].Codes)
			}
			i := slices.IndexFunc(p.c.Assignments, func(a Assignment) bool { return a.Mediator == lead })
			if got := p.c.Assignments[i]; got.Verdict != j.Verdict || !slices.Contains(got.Findings, Finding{Fact: j.Fact, Party: party}) {
				t.Errorf("%s in %s: the assignment keeps %s %v", j.Fact, stage, got.Verdict, got.Findings)
			}
			reviews := blocks && slices.Contains([]Stage{Assigned, Scheduled, InMediation, Adjourned}, stage)
			if want := map[bool]Stage{true: RecusalReview, false: stage}[reviews]; p.c.Stage != want {
				t.Errorf("%s in %s: the case stands in %s, want %s", j.Fact, stage, p.c.Stage, want)
			}
			if reviews && (p.c.OpenRecusal() == nil || p.c.OpenRecusal().Relation != j.Relation || events[1].Action != FindConflict || events[1].Role != RoleSystem) {
				t.Errorf("%s in %s: review %+v, history %v", j.Fact, stage, p.c.OpenRecusal(), events)
			}
		}
	}
}

// TestAFoundTieIsDecidedLikeADeclaredOne: replaced with the history kept, waived
// by all where the parties may, never simply rejected.
func TestAFoundTieIsDecidedLikeADeclaredOne(t *testing.T) {
	for _, j := range Judgments() {
		if j.Verdict != VerdictBlock {
			continue
		}
		found := func() *play {
			p := at(t, InMediation)
			p.found = map[UserID][]Finding{du: {{Fact: j.Fact, Party: p.side(Respondent)}}}
			return p.do(RoleSystem, ConflictFound{})
		}
		p := found()
		if _, err := p.try(RoleChair, Rejection{Decision: "不成立"}); fault(err) != "rule.declared_conflict_stands" {
			t.Errorf("%s rejected: %q", j.Fact, fault(err))
		}
		want := ""
		if !j.Waivable {
			want = "rule.waiver_not_allowed"
		}
		if _, err := p.try(RoleChair, Waiver{Decision: "各方知情同意", By: p.all()}); fault(err) != want {
			t.Errorf("%s waived: %q, want %q", j.Fact, fault(err), want)
		}
		if j.Waivable && (p.c.Stage != InMediation || slices.Contains(p.c.Row().Conflicted, du) || p.c.Lead().Verdict != VerdictWaived ||
			len(p.c.Recusals[0].WaivedBy) != len(p.c.Active())) {
			t.Errorf("%s waived: %s, %+v, %+v", j.Fact, p.c.Stage, p.c.Lead(), p.c.Recusals)
		}
		p = found().do(RoleChair, Replacement{Decision: "更换"})
		old := p.c.Assignments[0]
		if p.c.Stage != Accepted || old.EndedAt.IsZero() || old.EndedWhy != "recusal" || len(old.Findings) != 1 || !slices.Contains(p.c.Row().Conflicted, du) {
			t.Errorf("%s replaced: %s, %+v", j.Fact, p.c.Stage, old)
		}
		p.do(RoleChair, but(appointment, func(a *Appointment) { a.Lead = lin })(p))
		if len(p.c.Assignments) != 2 || p.c.Assignments[0].Mediator != du || p.c.Lead().Mediator != lin {
			t.Errorf("%s: the history of assignments is %+v", j.Fact, p.c.Assignments)
		}
	}
}

// TestWithoutATieNobodyIsShutOut: what only warns, or is found against somebody
// else, opens no review.
func TestWithoutATieNobodyIsShutOut(t *testing.T) {
	p := at(t, InMediation)
	for _, found := range []map[UserID][]Finding{nil, {}, {du: {}}, {du: {{Fact: FactFloor, Party: p.side(Respondent)}}}, {lin: {{Fact: FactSelf, Party: p.side(Respondent)}}}} {
		p.found = found
		if _, err := p.try(RoleSystem, ConflictFound{}); fault(err) != "rule.no_conflict" || p.c.Stage != InMediation {
			t.Errorf("%v: %q, %s", found, fault(err), p.c.Stage)
		}
	}
}

// TestAWaiverDoesNotBindAPartyThatComesLater: the one who did not sign it is not
// held to it.
func TestAWaiverDoesNotBindAPartyThatComesLater(t *testing.T) {
	p := at(t, Accepted)
	p.found = map[UserID][]Finding{lin: {{Fact: FactEmployer, Party: p.side(Respondent)}}}
	p.do(RoleChair, but(appointment, func(a *Appointment) { a.Lead, a.WaivedBy = lin, p.all() })(p))
	p.found = map[UserID][]Finding{lin: {{Fact: FactEmployer, Party: p.side(Respondent)}, {Fact: FactKin}}}
	p.do(RoleChair, NewParty{PartyEntry{Side: Third, Capacity: "adult", Name: "新来的人", GroupSize: 1}})
	if p.c.Stage != RecusalReview || p.c.Lead().Verdict != VerdictBlock || !slices.Contains(p.c.Row().Conflicted, lin) {
		t.Errorf("%s, %+v", p.c.Stage, p.c.Lead())
	}
}

// TestNobodyReadsOfATieButTheOffice: parties and readers of the register see who
// mediates, not where he lives or whose cousin he is.
func TestNobodyReadsOfATieButTheOffice(t *testing.T) {
	p := at(t, Accepted)
	p.found = map[UserID][]Finding{lin: {{Fact: FactFloor, Party: p.side(Respondent)}}}
	p.do(RoleChair, but(appointment, func(a *Appointment) { a.Lead, a.Disclosed = lin, true })(p))
	party := func(string, Action) []Scope { return []Scope{ScopeParty} }
	for name, v := range map[string]*Case{
		"a party":    p.c.For(p.actor(RoleResident), party),
		"a register": p.c.For(p.actor(RoleLegalOfficer), func(string, Action) []Scope { return nil }),
	} {
		if a := v.Assignments[0]; a.Mediator != lin || a.Verdict != "" || len(a.Findings) != 0 {
			t.Errorf("%s reads %+v", name, a)
		}
	}
	if a := p.c.Assignments[0]; a.Verdict != VerdictWarn || len(a.Findings) != 1 {
		t.Errorf("the case itself lost %+v", a)
	}
	for _, as := range []Role{RoleChair, RoleMediator} {
		v := p.c.For(p.actor(as), func(string, Action) []Scope { return []Scope{ScopeCommittee} })
		if a := v.Assignments[0]; a.Verdict != VerdictWarn {
			t.Errorf("%s reads %+v", as, a)
		}
	}
}

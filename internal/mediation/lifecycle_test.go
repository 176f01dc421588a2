package mediation_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	. "doorstep/internal/mediation"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test ./internal/mediation -update and read what it wrote", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got); if the change is meant, run with -update:\n%s", path, diff)
	}
}

// TestLifecycle is the whole procedure drawn: a line an action, a column a
// stage. "." is a Conflict, "=" stays in the stage, "<" goes back to where the
// case was held up.
func TestLifecycle(t *testing.T) {
	stages := append([]Stage{Start}, Stages...)
	var b strings.Builder
	b.WriteString("stages\n")
	for i, s := range stages {
		if s == Start {
			s = "(before the first act)"
		}
		fmt.Fprintf(&b, "  %2d %s\n", i, s)
	}
	fmt.Fprintf(&b, "\n%-24s", "action")
	for i := range stages {
		fmt.Fprintf(&b, " %2d", i)
	}
	b.WriteString("\n")
	for _, a := range Actions() {
		fmt.Fprintf(&b, "%-24s", a)
		for _, s := range stages {
			fmt.Fprintf(&b, " %2s", cell(s, a, stages))
		}
		b.WriteString("\n")
	}
	golden(t, "lifecycle.txt", b.String())
}

func cell(from Stage, a Action, stages []Stage) string {
	to, err := from.Next(a)
	switch {
	case KindOf(err) == Conflict:
		return "."
	case to == "same":
		return "="
	case to == "back":
		return "<"
	}
	return fmt.Sprint(slices.Index(stages, to))
}

// TestProcedureIsOneTable: no pair stands twice, and every word is known.
func TestProcedureIsOneTable(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range Procedure() {
		for _, from := range line.From {
			pair := fmt.Sprintf("%s + %s", from, line.Action)
			if seen[pair] {
				t.Errorf("%s stands twice", pair)
			}
			seen[pair] = true
			if from != Start && !slices.Contains(Stages, from) {
				t.Errorf("%s begins in no stage", pair)
			}
		}
		if !slices.Contains(Stages, line.To) && line.To != "same" && line.To != "back" {
			t.Errorf("%s leads to %q", line.Action, line.To)
		}
		if line.Source == "" {
			t.Errorf("%s rests on nothing", line.Action)
		}
	}
}

// TestEveryActionCanBeMade: an act for each word but those that begin a case or
// follow by themselves; and the act knows its own word.
func TestEveryActionCanBeMade(t *testing.T) {
	for _, a := range Actions() {
		act, ok := NewAct(a)
		switch a {
		case FileCase, RecordCase, TakeEffect, FileConfirmation:
			if ok {
				t.Errorf("%s is performed by nobody", a)
			}
			continue
		}
		if !ok {
			t.Errorf("%s has no maker", a)
			continue
		}
		if act.Action() != a {
			t.Errorf("the maker of %s makes %s", a, act.Action())
		}
		if _, ok := goods[a]; !ok {
			t.Errorf("%s has no good input in these tests", a)
		}
	}
	if _, ok := NewAct("dance"); ok {
		t.Error("an unknown word makes an act")
	}
}

// reach is every stage that can follow, and what can follow that. Stages that
// hold the case up lead back to where it came from.
func reach(from Stage) map[Stage]bool {
	seen := map[Stage]bool{}
	todo := []Stage{from}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		for _, line := range Procedure() {
			if !slices.Contains(line.From, s) || line.To == "same" {
				continue
			}
			next := []Stage{line.To}
			if line.To == "back" {
				next = nil
				for _, in := range Procedure() {
					if in.To == s {
						next = append(next, in.From...)
					}
				}
			}
			for _, n := range next {
				if !seen[n] {
					seen[n] = true
					todo = append(todo, n)
				}
			}
		}
	}
	return seen
}

// TestEveryStageIsReached, and from each of them the archive can be reached: no
// case gets stuck by the table.
func TestEveryStageIsReached(t *testing.T) {
	first := reach(Start)
	for _, s := range Stages {
		if !first[s] {
			t.Errorf("%s is never reached", s)
		}
		if s != Archived && !reach(s)[Archived] {
			t.Errorf("from %s no way leads to the archive", s)
		}
	}
	if got := reach(Archived); len(got) != 0 {
		t.Errorf("from the archive the table leads to %v", slices.Collect(maps.Keys(got)))
	}
}

// TestSubMachines draws the tables of obligations, confirmation and referrals,
// and of recusal and escalation as their acts move them.
func TestSubMachines(t *testing.T) {
	var b strings.Builder
	for _, m := range []struct {
		name  string
		moves map[string]map[Action]string
	}{
		{"obligation", ObligationMoves()}, {"confirmation", ConfirmationMoves()}, {"joining", JoiningMoves()}, {"referral", ReferralMoves()},
		{"recusal", recusalMoves(t)}, {"escalation", escalationMoves(t)},
	} {
		drawMachine(&b, m.name, m.moves)
	}
	golden(t, "machines.txt", b.String())
}

func drawMachine(b *strings.Builder, name string, moves map[string]map[Action]string) {
	var states []string
	add := func(s string) {
		if !slices.Contains(states, s) {
			states = append(states, s)
		}
	}
	acts := map[Action]bool{}
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		add(from)
		for _, a := range slices.Sorted(maps.Keys(moves[from])) {
			acts[a] = true
			add(moves[from][a])
		}
	}
	fmt.Fprintf(b, "%s\n%-24s", name, "")
	for _, s := range states {
		fmt.Fprintf(b, " %-15s", orNone(s))
	}
	b.WriteString("\n")
	for _, a := range slices.Sorted(maps.Keys(acts)) {
		fmt.Fprintf(b, "%-24s", a)
		for _, from := range states {
			fmt.Fprintf(b, " %-15s", orDot(moves[from][a]))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func orDot(s string) string {
	if s == "" {
		return "."
	}
	return s
}

// recusalMoves performs the acts and reads off what became of the request.
func recusalMoves(t *testing.T) map[string]map[Action]string {
	moves := map[string]map[Action]string{"": {}, "open": {}}
	for _, a := range []Action{AskRecusal, DeclareConflict} {
		moves[""][a] = at(t, Assigned).act(a).c.Recusals[0].State
	}
	for _, a := range []Action{ReplaceMediator, RejectRecusal, WaiveRecusal} {
		p := at(t, RecusalReview).act(a)
		moves["open"][a] = p.c.Recusals[0].State
		if _, err := p.try(RoleChair, goods[a].make(p)); err == nil {
			t.Errorf("%s went through twice", a)
		}
	}
	return moves
}

func escalationMoves(t *testing.T) map[string]map[Action]string {
	moves := map[string]map[Action]string{"": {}, EscalationOpen: {}}
	moves[""][Escalate] = at(t, Assigned).act(Escalate).c.Escalations[0].State()
	moves[""][RequestReview] = at(t, AgreementDraft).act(RequestReview).c.Escalations[0].State()
	for _, a := range []Action{ReturnGuided, DecideReview, Terminate, Withdraw} {
		p := at(t, Escalated)
		if a == Terminate {
			p.do(RoleChair, Termination{Ending{Code: "T01", Reason: "不再同意", Told: true}})
		} else {
			p.act(a)
		}
		moves[EscalationOpen][a] = p.c.Escalations[0].State()
	}
	for _, a := range []Action{ReviewAgreement, RefuseToSign, Fail} {
		moves[EscalationOpen][a] = at(t, AgreementDraft).act(RequestReview, a).c.Escalations[0].State()
	}
	return moves
}

// TestConfirmationRunsItsCourse performs every move of the table and every move
// that is not in it.
func TestConfirmationRunsItsCourse(t *testing.T) {
	ways := map[string][]Action{
		ConfirmationProposed: {ProposeConfirmation, JoinConfirmation}, ConfirmationDeclined: {ProposeConfirmation, DeclineConfirmation},
		ConfirmationDropped: {ProposeConfirmation, DropConfirmation}, ConfirmationLate: nil,
		ConfirmationEligible: {}, ConfirmationFiled: {ApplyConfirmation}, ConfirmationTaken: {ApplyConfirmation, ConfirmTake},
		ConfirmationConfirmed: {ApplyConfirmation, ConfirmTake, ConfirmGrant}, ConfirmationRejected: {ApplyConfirmation, ConfirmTake, ConfirmReject},
		ConfirmationNotTaken: {ApplyConfirmation, ConfirmNotTake}, ConfirmationWithdrawn: {ApplyConfirmation, ConfirmWithdraw},
		ConfirmationEnforced: {ApplyConfirmation, ConfirmTake, ConfirmGrant, ConfirmEnforce},
		ConfirmationObjected: {ApplyConfirmation, ConfirmTake, ExtendRuling, ConfirmGrant, ObjectRuling},
		ConfirmationRevoked:  {ApplyConfirmation, ConfirmTake, ConfirmGrant, ObjectRuling, UpholdObjection},
	}
	acts := []Action{ProposeConfirmation, JoinConfirmation, LeaveConfirmation, DeclineConfirmation, DropConfirmation, ApplyConfirmation, ConfirmTake, ConfirmNotTake, ConfirmGrant, ConfirmReject, ConfirmWithdraw, ConfirmEnforce, ExtendRuling, ObjectRuling, DismissObjection, UpholdObjection}
	for state, way := range ways {
		for _, a := range acts {
			come := func() *play {
				if state == ConfirmationLate {
					return at(t, Effective).act(ProposeConfirmation, JoinConfirmation).on("2026-06-11").act(LapseConfirmation)
				}
				return at(t, Effective).act(way...)
			}
			p := come()
			if p.c.ConfirmationState() != state {
				t.Fatalf("the way to %s leads to %s", state, p.c.ConfirmationState())
			}
			want, allowed := ConfirmationMoves()[state][a]
			if state == ConfirmationProposed && a == JoinConfirmation {
				want = ConfirmationFiled // the last to join, which files it
			}
			_, err := p.try(goods[a].as, goods[a].make(p))
			if allowed != (err == nil) || allowed && p.c.ConfirmationState() != want {
				t.Errorf("%s from %s: %v, now %s, want %q", a, state, err, p.c.ConfirmationState(), want)
			}
			if allowed != come().c.Offers(a) {
				t.Errorf("%s from %s: offered and allowed differ", a, state)
			}
		}
	}
}

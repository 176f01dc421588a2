// Package subsidy is the pay per case (以案定补) as pure rules: an incentive from
// public money for whoever mediated, on top of and apart from wages. Who may be
// paid for what, how much, and which step follows which: each is a table with its
// sources. It asks no database and knows no clock.
package subsidy

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// Facts are what the pay for one case depends on, as the case stands when the
// step is taken.
type Facts struct {
	Registered bool // the claimant stands on the bureau's list of mediators
	Led        bool // the claimant was the lead mediator at the end, or when it was settled
	Accepted   bool // a committee accepted the case
	CourtMode  statute.CourtMode
	Closed     bool // the case is closed or in the archive
	Agreed     bool // an agreement took effect
	EndedAs    mediation.Stage
	Sessions   int    // recorded ones
	Performed  bool   // everything promised was done, or given up by whom it was promised to
	Grade      string // L1 to L4
	Oral       bool
	Conflict   bool // the claimant declared or was found to have a conflict that was not waived
	Complaint  bool // a complaint about the claimant in this case was upheld
	Linked     bool // the case follows an earlier one about the same dispute that was paid for
}

// Bar is a ground on which nothing is paid. Its word is stored, and a locale key
// after "subsidy.bar.".
type Bar string

// bars are all grounds in the order they are told.
//
// Source: the common tests of the local rules; PML 13, 14 (only a registered
// mediator leads), PML 15 (the four forbidden acts), INV16 20 (the court's own).
var bars = []struct {
	bar    Bar
	holds  func(Facts) bool
	source string
}{
	{"not_registered", func(f Facts) bool { return !f.Registered }, "PML 13, 14"},
	{"not_lead", func(f Facts) bool { return !f.Led }, "local"},
	{"not_accepted", func(f Facts) bool { return !f.Accepted }, "PML 17"},
	{"court", func(f Facts) bool { return courts(f.CourtMode) }, "INV16 20"},
	{"not_closed", func(f Facts) bool { return !f.Closed }, "PML 27"},
	{"no_effort", func(f Facts) bool { return !f.Agreed && (f.EndedAs != mediation.Terminated || f.Sessions == 0) }, "local"},
	{"not_performed", func(f Facts) bool { return f.Agreed && !f.Performed }, "PML 31; local"},
	{"conflict", func(f Facts) bool { return f.Conflict }, "INV16 15; local"},
	{"complaint", func(f Facts) bool { return f.Complaint }, "PML 15"},
	{"duplicate", func(f Facts) bool { return f.Linked }, "local"},
}

func courts(m statute.CourtMode) bool {
	return m == statute.C2Ordinary || m == statute.C2Summary || m == statute.C3
}

// Barred gives every ground on which nothing is paid for the case; none when it
// may be claimed.
func Barred(f Facts) []Bar {
	var all []Bar
	for _, b := range bars {
		if b.holds(f) {
			all = append(all, b.bar)
		}
	}
	return all
}

// Bars lists every ground once, with its source.
func Bars() (words []Bar, sources []string) {
	for _, b := range bars {
		words, sources = append(words, b.bar), append(sources, b.source)
	}
	return words, sources
}

// Scale is what is paid for a case of each grade, in fen.
type Scale map[string]int64

// The scales of the two kinds of committee. They are local rules; the bureau puts
// its own in their place. The lowest grade is ours.
//
// Source: a county's trial rules (community 30, 80, 150; sub-district 50, 200,
// 400 yuan).
var (
	communityScale   = Scale{"L1": 15_00, "L2": 30_00, "L3": 80_00, "L4": 150_00}
	subdistrictScale = Scale{"L1": 25_00, "L2": 50_00, "L3": 200_00, "L4": 400_00}
)

// ScaleOf is the scale of a committee by the kind of its area.
func ScaleOf(areaKind string) Scale {
	if areaKind == "community" {
		return communityScale
	}
	return subdistrictScale
}

// The bounds of a score of the volume, and what passes.
const (
	MaxScore  = 100
	PassScore = 60
)

// qualities say which share a volume of that score or better is paid, in per cent.
var qualities = []struct{ from, share int64 }{{90, 100}, {75, 80}, {PassScore, 60}}

// unsettledShare is what effort without an agreement is paid, in per cent.
//
// Source: local (part pay where parties were guided and the record is complete).
const unsettledShare = 30

// Step is one line of how a sum was reckoned. Word is a locale key after
// "subsidy.step."; Share is in per cent, 0 for the base.
type Step struct {
	Word  string
	Share int64
	Fen   int64 // the sum after this step
}

// Reckon gives what is paid for a case, with its steps: the base by grade, the
// share without an agreement, the share by the score of the volume. A score that
// does not pass gives nothing. Whole fen, halves down.
func Reckon(f Facts, s Scale, score int) (fen int64, steps []Step) {
	grade := f.Grade
	if _, known := s[grade]; !known {
		grade = "L1" // never confirmed: the least
	}
	fen = s[grade]
	steps = []Step{{"grade." + grade, 0, fen}}
	if !f.Agreed {
		fen = fen * unsettledShare / 100
		steps = append(steps, Step{"unsettled", unsettledShare, fen})
	}
	share := int64(0)
	for _, q := range qualities {
		if int64(score) >= q.from {
			share = q.share
			break
		}
	}
	fen = fen * share / 100
	return fen, append(steps, Step{"volume", share, fen})
}

// State is where a claim stands.
type State string

// The states of a claim. "" is before it is made.
const (
	Claimed   State = "claimed"
	Returned  State = "returned" // to the mediator, to be completed
	Checked   State = "checked"  // by the committee's chair
	Scored    State = "scored"   // the volume, by the judicial office
	Approved  State = "approved" // by the bureau
	Paid      State = "paid"     // stands in a batch for the treasury
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	Reclaimed State = "reclaimed" // paid, and asked back
)

// States lists every state once, in the order of a claim's life.
var States = []State{Claimed, Returned, Checked, Scored, Approved, Paid, Refused, Withdrawn, Reclaimed}

// Action is a step of a claim. The word is the same in the policy and here.
type Action string

// The actions.
const (
	Claim    Action = "claim"
	Withdraw Action = "withdraw"
	Check    Action = "check"
	Score    Action = "score"
	Approve  Action = "approve"
	Pay      Action = "pay"
	Return   Action = "return"
	Refuse   Action = "refuse"
	Reclaim  Action = "reclaim"
)

// Actions lists every action once.
var Actions = []Action{Claim, Withdraw, Check, Score, Approve, Pay, Return, Refuse, Reclaim}

// moves is the life of a claim: from state, by action, to state. What is not in
// it is forbidden. Each of the four eyes may send a claim back or, where it must
// not be paid at all, refuse it; nothing leaves the end states but a sum that is
// asked back.
//
// Source: the local rules' order: the mediator claims, the committee checks, the
// judicial office scores, the bureau approves, the treasury pays.
var moves = map[State]map[Action]State{
	"":        {Claim: Claimed},
	Claimed:   {Check: Checked, Return: Returned, Refuse: Refused, Withdraw: Withdrawn},
	Returned:  {Claim: Claimed, Withdraw: Withdrawn},
	Checked:   {Score: Scored, Return: Returned, Refuse: Refused},
	Scored:    {Approve: Approved, Return: Returned, Refuse: Refused},
	Approved:  {Pay: Paid, Refuse: Refused},
	Paid:      {Reclaim: Reclaimed},
	Withdrawn: {Claim: Claimed},
}

// Next is the state an action leads to; false when the state does not allow it.
func (s State) Next(a Action) (State, bool) {
	to, ok := moves[s][a]
	return to, ok
}

// Turn is whose step comes next, as the action that takes the claim on; "" when
// nobody's.
func (s State) Turn() Action {
	return map[State]Action{Claimed: Check, Returned: Claim, Checked: Score, Scored: Approve, Approved: Pay}[s]
}

// Live says whether the claim may still be paid, or was: a case has one such
// claim at most.
func (s State) Live() bool {
	return slices.Contains([]State{Claimed, Returned, Checked, Scored, Approved, Paid}, s)
}

// Hands are who took the steps of a claim so far; "" for a step not taken.
type Hands struct {
	Claimant, Checker, Scorer mediation.UserID
}

// Clean says whether a person may take a step: nobody decides on his own claim,
// and nobody approves what he scored himself.
//
// Source: decision 15 (nobody decides his own matter); a second person confirms.
func (h Hands) Clean(a Action, by mediation.UserID) bool {
	switch a {
	case Claim, Withdraw:
		return h.Claimant == "" || h.Claimant == by
	case Approve, Pay:
		return by != h.Claimant && by != h.Scorer
	}
	return by != h.Claimant
}

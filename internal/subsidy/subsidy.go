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

// MaxScore is the best score of a volume.
const MaxScore = 100

// Step is one line of how a sum was reckoned. Word is a locale key after
// "subsidy.step."; Share is in per cent, 0 where the step is no share.
type Step struct {
	Word  string `json:"word"`
	Share int64  `json:"share"`
	Fen   int64  `json:"fen"` // the sum after this step
}

// Reckon gives what is paid for a case, with its steps: the base by grade, the
// share without an agreement or of an oral one, the share by the score of the
// volume, and the bound of the month. Spent is what the claimant's other claims of
// the month come to, in fen. A score that does not pass gives nothing. Whole fen,
// halves down.
func Reckon(f Facts, t Terms, areaKind string, score int, spent int64) (fen int64, steps []Step) {
	scale, grade := t.ScaleOf(areaKind), f.Grade
	if _, known := scale[grade]; !known {
		grade = "L1" // never confirmed: the least
	}
	fen = scale[grade]
	steps = []Step{{"grade." + grade, 0, fen}}
	cut := func(word string, share int64) {
		fen = fen * share / 100
		steps = append(steps, Step{word, share, fen})
	}
	switch {
	case !f.Agreed:
		cut("unsettled", t.Unsettled)
	case f.Oral && t.Oral != 100:
		cut("oral", t.Oral)
	}
	cut("volume", t.share(score))
	if left := max(0, t.MonthMost-spent); t.MonthMost > 0 && fen > left {
		fen = left
		steps = append(steps, Step{"month", 0, fen})
	}
	return fen, steps
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

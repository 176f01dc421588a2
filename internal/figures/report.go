package figures

import (
	"slices"
	"time"

	"doorstep/internal/mediation"
)

// State is where the month of one committee stands on its way up. The figures
// themselves are fixed by the clock when the month is closed; what follows is
// who stands for them.
type State string

// The states of a closed month. "" is before anybody submitted it.
const (
	Due       State = ""
	Submitted State = "submitted" // by the committee's chair
	Returned  State = "returned"  // by the judicial office, with a reason
	Approved  State = "approved"  // by the judicial office
	Corrected State = "corrected" // a correction came after it was submitted: it goes the same way again
)

// States lists the states once, in the order of a month's way.
var States = []State{Due, Submitted, Returned, Approved, Corrected}

// Step is an action on a month. The word is the same in the policy and here.
type Step string

// The steps. Correct is the writing of a correction.
const (
	Submit   Step = "submit"
	Approve  Step = "approve"
	SendBack Step = "send_back"
	Correct  Step = "correct"
)

// Steps lists the steps once.
var Steps = []Step{Submit, Approve, SendBack, Correct}

// ways is the life of a closed month. A correction of what nobody submitted yet
// is part of what will be; later it makes the month go up again.
//
// Source: local; the chair submits and the judicial office approves (PML 10: the
// bureau keeps the statistics).
var ways = map[State]map[Step]State{
	Due:       {Submit: Submitted, Correct: Due},
	Submitted: {Approve: Approved, SendBack: Returned, Correct: Corrected},
	Returned:  {Submit: Submitted, Correct: Returned},
	Approved:  {Correct: Corrected},
	Corrected: {Submit: Submitted, Correct: Corrected},
}

// Next is the state a step leads to; false when the state does not allow it.
func (s State) Next(step Step) (State, bool) {
	to, ok := ways[s][step]
	return to, ok
}

// Waits says whether it is the chair's turn.
func (s State) Waits() bool { return s == Due || s == Returned || s == Corrected }

// Clean says whether a person may take a step on a month somebody submitted:
// nobody approves or returns what he submitted himself, whatever hats he wears. Who
// wrote a correction may: the chair has stood for it in between.
func Clean(step Step, submitter, by mediation.UserID) bool {
	return step != Approve && step != SendBack || by != submitter
}

// submitDays is how many days after the closing of a month it is due.
//
// Source: local.
const submitDays = 5

// DueAt is when a month that was not submitted is late: five days after closeDay
// of the following month.
func (m Month) DueAt(closeDay int) time.Time { return m.ClosesAt(closeDay).AddDate(0, 0, submitDays) }

// Warning is something about a month that its chair explains when he submits it.
// Its word is a locale key after "figures.warning." and is stored.
type Warning string

// The warnings. None of them stops a month: what is unusual may be true.
const (
	SumsOfCases Warning = "sums_cases"
	SumsOfTeam  Warning = "sums_team"
	Quiet       Warning = "quiet"       // nothing came in and nothing was concluded
	Jump        Warning = "jump"        // concluded twice or half as much as before
	NoMediators Warning = "no_mediator" // nobody registered mediates
)

// Warnings are what stands out in a month, in the order of the list above. Before
// are the concluded cases of up to three months before it.
//
// Source: local; a sum that does not agree is a mistake of ours or of a
// correction, and is told rather than hidden.
func Warnings(v Values, before []int64) []Warning {
	var all []Warning
	add := func(w Warning, holds bool) {
		if holds {
			all = append(all, w)
		}
	}
	add(SumsOfCases, len(Broken(CaseReturn, v)) > 0)
	add(SumsOfTeam, len(Broken(TeamReturn, v)) > 0)
	add(Quiet, v[Registered] == 0 && v[Concluded] == 0)
	add(Jump, jumps(v[Concluded], before))
	add(NoMediators, v[Mediators] == 0)
	return all
}

// leastToJump is the average below which months differ by chance.
const leastToJump = 4

func jumps(n int64, before []int64) bool {
	if len(before) == 0 {
		return false
	}
	sum := int64(0)
	for _, b := range before {
		sum += b
	}
	months := int64(len(before))
	return max(sum, n*months) >= leastToJump*months && (n*months > 2*sum || 2*n*months < sum)
}

// Unexplained are the warnings nobody explained.
func Unexplained(all []Warning, said map[Warning]string) []Warning {
	return slices.DeleteFunc(slices.Clone(all), func(w Warning) bool { return said[w] != "" })
}

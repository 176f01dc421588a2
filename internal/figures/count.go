package figures

import (
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// CaseFacts is what a month's figures look at of one case. The first five say
// what happened to it in the month that is counted and never change afterwards;
// the rest is how the case stands when the month is counted, at its closing for
// the last time.
type CaseFacts struct {
	Registered, Accepted, NotAccepted, ReferredOut, Closed bool

	EverAccepted bool            // it has a case number
	Agreed       bool            // an agreement took effect
	Form         string          // of the agreement in force: written, oral
	EndedAs      mediation.Stage // the stage the dispute ended in
	CourtMode    statute.CourtMode
	Source, Type string
	Grade        string // L1 to L4
	Persons      int    // people the parties stand for
	AmountFen    int64  // promised in the agreement in force
	Performance  string // as mediation.Case.Performance
	Applied      bool   // for judicial confirmation
	Confirmed    bool
	Sued         bool   // somebody went to court all the same
	Satisfaction string // told at the last visit; "" without one
	Flags        []string
}

// rule is one figure of the case return: what a case adds to it.
type rule struct {
	cell Cell
	adds func(CaseFacts) int64
}

// rules is the case return as a table. A case counts as concluded in the month
// in which it is closed, once however many sessions it had; acceptances are
// counted in their own month. What was never accepted is no case of the
// committee and stands under "not accepted" or "referred" alone.
//
// Source: STATX; one dispute is one case. The month of closing is a local rule.
var rules = []rule{
	{Registered, one(func(f CaseFacts) bool { return f.Registered })},
	{Accepted, one(func(f CaseFacts) bool { return f.Accepted })},
	{NotAccepted, one(func(f CaseFacts) bool { return f.NotAccepted })},
	{ReferredOut, one(func(f CaseFacts) bool { return f.ReferredOut })},
	{Concluded, one(CaseFacts.concluded)},
	{Success, one(func(f CaseFacts) bool { return f.concluded() && f.result() == Success })},
	{Failed, one(func(f CaseFacts) bool { return f.concluded() && f.result() == Failed })},
	{Withdrawn, one(func(f CaseFacts) bool { return f.concluded() && f.result() == Withdrawn })},
	{ToCourt, one(func(f CaseFacts) bool { return f.concluded() && f.result() == ToCourt })},
	{Referred, one(func(f CaseFacts) bool { return f.concluded() && f.referred() })},
	{Written, one(func(f CaseFacts) bool { return f.settled() && f.Form != "oral" })},
	{Oral, one(func(f CaseFacts) bool { return f.settled() && f.Form == "oral" })},
	{Difficult, one(func(f CaseFacts) bool { return f.concluded() && (f.Grade == "L3" || f.Grade == "L4") })},
	{Major, one(func(f CaseFacts) bool { return f.concluded() && f.Grade == "L4" })},
	{Persons, some(CaseFacts.concluded, func(f CaseFacts) int64 { return int64(max(1, f.Persons)) })},
	{Amount, some(CaseFacts.settled, func(f CaseFacts) int64 { return f.AmountFen })},
	{Performed, one(func(f CaseFacts) bool { return f.settled() && f.Performance == "performed" })},
	{Breached, one(func(f CaseFacts) bool { return f.settled() && f.Performance == "breached" })},
	{Applied, one(func(f CaseFacts) bool { return f.settled() && f.Applied })},
	{Confirmed, one(func(f CaseFacts) bool { return f.settled() && f.Applied && f.Confirmed })},
	{Sued, one(func(f CaseFacts) bool { return f.settled() && f.Sued })},
	{Visited, one(func(f CaseFacts) bool { return f.settled() && f.Satisfaction != "" })},
	{Satisfied, one(func(f CaseFacts) bool { return f.settled() && f.Satisfaction == "satisfied" })},
	{Crime, one(func(f CaseFacts) bool { return f.settled() && slices.Contains(f.Flags, "R2-ESC") })},
	{Suicide, one(func(f CaseFacts) bool { return f.settled() && slices.Contains(f.Flags, "R2-SUICIDE") })},
	{Mass, one(func(f CaseFacts) bool { return f.settled() && slices.Contains(f.Flags, "R2-MASS") })},
	{MassPersons, some(func(f CaseFacts) bool { return f.settled() && slices.Contains(f.Flags, "R2-MASS") },
		func(f CaseFacts) int64 { return int64(max(1, f.Persons)) })},
}

func one(holds func(CaseFacts) bool) func(CaseFacts) int64 {
	return some(holds, func(CaseFacts) int64 { return 1 })
}

func some(holds func(CaseFacts) bool, much func(CaseFacts) int64) func(CaseFacts) int64 {
	return func(f CaseFacts) int64 {
		if holds(f) {
			return much(f)
		}
		return 0
	}
}

// Entry is what one case, committee or mediator adds to one figure.
type Entry struct {
	Cell  Cell
	Value int64 // never 0
}

// OfCase gives the figures a case stands in, in the order of the return.
func OfCase(f CaseFacts) []Entry {
	var all []Entry
	for _, r := range rules {
		if n := r.adds(f); n != 0 {
			all = append(all, Entry{r.cell, n})
		}
	}
	if f.concluded() {
		all = append(all, Entry{sourcePrefix + Cell(f.source()), 1}, Entry{typePrefix + Cell(f.kind()), 1})
	}
	return all
}

// concluded: closed in the month, and accepted at some time.
func (f CaseFacts) concluded() bool { return f.Closed && f.EverAccepted }

// settled: concluded with an agreement.
func (f CaseFacts) settled() bool { return f.concluded() && f.result() == Success }

// result is how a concluded case ended. What a court concluded after a suit was
// filed is its own result and no success of the committee, also when it was
// settled there.
//
// Source: INV16 20 (C2, C3); INV16 19 (C1 stays mediation).
func (f CaseFacts) result() Cell {
	courts := f.CourtMode == statute.C2Ordinary || f.CourtMode == statute.C2Summary || f.CourtMode == statute.C3
	switch {
	case f.Agreed && !courts:
		return Success
	case f.EndedAs == mediation.Terminated:
		return Failed
	case f.EndedAs == mediation.Withdrawn:
		return Withdrawn
	}
	return ToCourt
}

// source falls back to the first of the list, kind to the last: the parts of a
// return must add up to its whole whatever was stored long ago. A source that the
// return has no column for counts in that of its kind.
func (f CaseFacts) source() string {
	switch code, ok := statute.Lookup(statute.Sources, f.Source); {
	case !ok:
		return sourceRequested
	case code.Parent != "":
		return code.Parent
	}
	return f.Source
}

func (f CaseFacts) referred() bool {
	return f.source() != sourceRequested && f.source() != sourceProactive
}

func (f CaseFacts) kind() string {
	if statute.Valid(statute.DisputeTypes, f.Type) {
		return f.Type
	}
	return typeOther
}

// OfCommittee gives the figures a committee stands in, by its kind and, where that
// was not told, by the kind of its area.
func OfCommittee(kind, areaKind string) []Entry {
	return []Entry{{Committees, 1}, {kindPrefix + Cell(statute.CommitteeKind(kind, areaKind)), 1}}
}

// MediatorFacts is what the return looks at of a registered mediator. Sex and
// Schooling are codes of their lists, or "" when they were not told.
type MediatorFacts struct {
	FullTime     bool   `db:"full_time"`
	PartyMember  bool   `db:"party_member"`
	LegalAdvisor bool   `db:"legal_advisor"`
	Sex          string `db:"sex"`
	Schooling    string `db:"schooling"`
}

// OfMediator gives the figures a registered mediator stands in: of each split
// into parts, exactly one.
func OfMediator(f MediatorFacts) []Entry {
	all := []Entry{{Mediators, 1}, {PartTime, 1}, {split(sexPrefix, statute.Sexes, f.Sex), 1},
		{split(schoolingPrefix, statute.Schooling, f.Schooling), 1}}
	if f.FullTime {
		all[1].Cell = FullTime
	}
	if f.PartyMember {
		all = append(all, Entry{PartyMembers, 1})
	}
	if f.LegalAdvisor {
		all = append(all, Entry{LegalAdvisors, 1})
	}
	return all
}

// split is the part a code belongs to; what is not in the list was not told.
func split(prefix Cell, list statute.List, code string) Cell {
	if !statute.Valid(list, code) {
		code = untold
	}
	return prefix + Cell(code)
}

// OfFunds gives the figures a committee stands in whose money for the year was
// recorded, in fen from nought up.
//
// Source: PML 6.
func OfFunds(guaranteed, paid int64) []Entry {
	all := []Entry{{FundsKnown, 1}}
	if guaranteed > 0 {
		all = append(all, Entry{FundsGuaranteed, guaranteed})
	}
	if paid > 0 {
		all = append(all, Entry{FundsPaid, paid})
	}
	return all
}

// OfScreening gives the figures a committee stands in whose rounds of a month were
// recorded: how often it went round, what it found and what it settled on the way
// before it became a case.
//
// Source: PML 10 (the bureau keeps the statistics); the lines are local.
func OfScreening(times, found, prevented int64) []Entry {
	var all []Entry
	for _, e := range []Entry{{Screenings, times}, {ScreenedFound, found}, {ScreenedPrevented, prevented}} {
		if e.Value > 0 {
			all = append(all, e)
		}
	}
	return all
}

// OfPayment gives the figures a payment for a case stands in, in the month in
// which its batch went to the treasury; fen is above nought.
func OfPayment(fen int64) []Entry {
	return []Entry{{SubsidyCases, 1}, {SubsidyMoney, fen}}
}

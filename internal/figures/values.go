package figures

import (
	"slices"

	"doorstep/internal/statute"
)

// Values are the figures of one unit, a committee or an area with its subtree.
// A figure that is not there is nought.
type Values map[Cell]int64

// MonthValues are the figures of one unit in one month.
type MonthValues struct {
	Month  Month
	Values Values
}

// Total adds months up. A stock is not added: that of the last month stands.
func Total(months []MonthValues) Values {
	all := Values{}
	last := MonthValues{}
	for _, m := range months {
		if m.Month > last.Month {
			last = m
		}
		for cell, n := range m.Values {
			if line, ok := LineOf(cell); ok && !line.Stock {
				all[cell] += n
			}
		}
	}
	for cell, n := range last.Values {
		if line, ok := LineOf(cell); ok && line.Stock {
			all[cell] = n
		}
	}
	return all
}

// SuccessRate is successes per accepted cases of the same period in tenths of a
// per cent; false when nothing was accepted. It may pass a hundred per cent in a
// month that concludes what earlier ones accepted.
//
// Source: the way published yearly figures are reckoned (6,217 of 6,368: 97.6).
func (v Values) SuccessRate() (tenths int64, ok bool) {
	return v.Share(Share{Part: Success, Whole: Accepted})
}

// Share is one figure as a part of another of the same return.
type Share struct {
	Part, Whole Cell
	Source      string
}

// Shares say what became of the agreements after they were made. Whoever was visited
// and said nothing of whether he is content counts among the visited.
//
// Source: local; the shares city dashboards show.
var Shares = []Share{
	{Performed, Success, "PML 31; local"}, {Applied, Success, "PML 33; local"}, {Sued, Success, "PML 32; local"}, {Satisfied, Visited, "local"},
}

// Share gives a share in tenths of a per cent; false when there is nothing to take a
// part of.
func (v Values) Share(s Share) (tenths int64, ok bool) {
	if v[s.Whole] <= 0 {
		return 0, false
	}
	return (v[s.Part]*1000 + v[s.Whole]/2) / v[s.Whole], true
}

// Check is one sum of the returns that must agree: Whole equals the sum of
// Parts, or with AtMost is no smaller than it.
type Check struct {
	Return Return
	Whole  Cell
	Parts  []Cell
	AtMost bool
	Source string
}

// checks are the fill-in rules of the two tables.
//
// Source: the parts of the returns (STATX columns 1 to 39); what is a part of
// what follows from the counting rules.
var checks = []Check{
	{CaseReturn, Concluded, []Cell{Success, Failed, Withdrawn, ToCourt}, false, "STATX"},
	{CaseReturn, Concluded, []Cell{sourcePrefix + sourceRequested, sourcePrefix + sourceProactive, Referred}, false, "STATX"},
	{CaseReturn, Referred, referrers(), false, "STATX"},
	{CaseReturn, Concluded, kinds(), false, "STATX"},
	{CaseReturn, Success, []Cell{Written, Oral}, false, "PML 28; STATX"},
	{CaseReturn, Concluded, []Cell{Difficult}, true, "STATX"},
	{CaseReturn, Difficult, []Cell{Major}, true, "local"},
	{CaseReturn, Persons, []Cell{Concluded}, true, "STATX"},
	{CaseReturn, Success, []Cell{Performed, Breached}, true, "PML 31"},
	{CaseReturn, Success, []Cell{Applied}, true, "PML 33"},
	{CaseReturn, Applied, []Cell{Confirmed}, true, "CPL 206"},
	{CaseReturn, Success, []Cell{Sued}, true, "PML 32"},
	{CaseReturn, Success, []Cell{Visited}, true, "PML 31"},
	{CaseReturn, Visited, []Cell{Satisfied}, true, "local"},
	{CaseReturn, Success, []Cell{Crime}, true, "PML 25"},
	{CaseReturn, Success, []Cell{Suicide}, true, "PML 25"},
	{CaseReturn, Success, []Cell{Mass}, true, "PML 25"},
	{CaseReturn, MassPersons, []Cell{Mass}, true, "local"},
	{CaseReturn, ScreenedFound, []Cell{ScreenedPrevented}, true, "local"},
	{TeamReturn, Committees, committeeKinds(), false, "PML 8, 34"},
	{TeamReturn, Mediators, []Cell{FullTime, PartTime}, false, "STATX"},
	{TeamReturn, Mediators, []Cell{PartyMembers}, true, "local"},
	{TeamReturn, Mediators, []Cell{LegalAdvisors}, true, "local"},
	{TeamReturn, Committees, []Cell{FundsKnown}, true, "PML 6"},
	{TeamReturn, Mediators, splitCells("sex"), false, "STATX"},
	{TeamReturn, Mediators, splitCells("schooling"), false, "STATX"},
}

func referrers() []Cell {
	var all []Cell
	for _, c := range statute.Codes(statute.Sources) {
		if c.Code != sourceRequested && c.Code != sourceProactive && c.Parent == "" {
			all = append(all, sourcePrefix+Cell(c.Code))
		}
	}
	return all
}

func committeeKinds() []Cell {
	var all []Cell
	for _, l := range kindLines() {
		all = append(all, l.Cell)
	}
	return all
}

func splitCells(group string) []Cell {
	var all []Cell
	for _, l := range lines {
		if l.Group == group {
			all = append(all, l.Cell)
		}
	}
	return all
}

func kinds() []Cell {
	var all []Cell
	for _, c := range statute.Codes(statute.DisputeTypes) {
		all = append(all, typePrefix+Cell(c.Code))
	}
	return all
}

// Checks gives the fill-in rules of a return.
func Checks(r Return) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Return != r })
}

// Counted says whether a figure was counted in some values: the splits of the
// mediators came later than the return, and months closed before have none.
func (v Values) Counted(cell Cell) bool {
	if !cell.Personal() || v[Mediators] == 0 {
		return true
	}
	line, _ := LineOf(cell)
	return slices.ContainsFunc(splitCells(line.Group), func(part Cell) bool { return v[part] != 0 })
}

// Recorded says whether a figure rests on anything: without a committee whose
// money, or whose rounds, were recorded, nought would say that it had none.
func (v Values) Recorded(cell Cell) bool {
	if cell == Screenings || cell == ScreenedFound || cell == ScreenedPrevented {
		return v[Screenings] != 0
	}
	return cell != FundsGuaranteed && cell != FundsPaid || v[FundsKnown] != 0
}

// Holds says whether the sum agrees. One whose parts were not counted then agrees.
func (c Check) Holds(v Values) bool {
	if !v.Counted(c.Parts[0]) {
		return true
	}
	var sum int64
	for _, part := range c.Parts {
		sum += v[part]
	}
	if c.AtMost {
		return sum <= v[c.Whole]
	}
	return sum == v[c.Whole]
}

// Broken gives the fill-in rules that do not hold; a figure below nought breaks
// its own line.
func Broken(r Return, v Values) []Check {
	var all []Check
	for _, c := range checks {
		if c.Return == r && !c.Holds(v) {
			all = append(all, c)
		}
	}
	for _, l := range lines {
		if l.Return == r && v[l.Cell] < 0 {
			all = append(all, Check{Return: r, Whole: l.Cell, AtMost: true, Source: l.Source})
		}
	}
	return all
}

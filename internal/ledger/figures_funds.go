package ledger

import (
	"context"
	"strings"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// setFunds is the action of the policy by which a committee's money is recorded.
const setFunds mediation.Action = "set_funds"

// CommitteeFunds is one line about the money of a committee for a year.
type CommitteeFunds = postgres.CommitteeFunds

// FundsView is the money of a unit's committees for a year.
type FundsView struct {
	Unit    Unit
	Units   []Unit // all in reach, in the order of the tree
	Year    int
	Years   []int            // that may be asked for, the newest first
	Lines   []CommitteeFunds // the newest first, 200 at most; of each committee its first one holds
	Sum     postgres.FundsSum
	Seq     int  // of the unit's last line, when it is a committee
	Records bool // the reader may write the next line
}

// fundsYears are the years money is recorded for: this one and the last, whose
// accounts are often settled late.
func (l *Ledger) fundsYears() []int {
	year := statute.DateOf(l.now()).Year()
	return []int{year, year - 1}
}

// Funds reads the money of a unit's committees for a year, in the reader's rights.
// A blank unit is the widest in reach, year 0 the present one.
//
// Errors: Forbidden, NotFound for a unit out of reach or another year.
func (l *Ledger) Funds(ctx context.Context, a mediation.Actor, unit string, year int) (*FundsView, error) {
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	v := &FundsView{Units: units, Years: l.fundsYears(), Year: year}
	if year == 0 {
		v.Year = v.Years[0]
	}
	if v.Unit, err = unitOf(units, unit); err != nil {
		return nil, err
	}
	if v.Unit.Key == "" || v.Year < v.Years[1] || v.Year > v.Years[0] {
		return nil, missing()
	}
	if v.Lines, err = l.db.FundsHistory(ctx, v.Unit, v.Year); err != nil {
		return nil, err
	}
	sum, err := l.db.FundsSum(ctx, v.Unit, v.Year)
	if err != nil {
		return nil, err
	}
	v.Sum = *sum
	v.Records = v.Unit.Kind == committeeKind && covers(l.policy.Scope(a, "stats", setFunds), v.Unit)
	if v.Unit.Kind == committeeKind && len(v.Lines) > 0 {
		v.Seq = v.Lines[0].Seq
	}
	return v, nil
}

// FundsChange is what somebody records of a committee's money, in fen.
type FundsChange struct {
	Unit             string
	Year             int
	Guaranteed, Paid int64
	Basis            string // the paper it follows from
	Seq              int    // of the last line as it was seen; 0 for none
}

// MostFunds is the most a committee has for a year, in fen: a slip of the finger
// adds noughts.
const MostFunds int64 = 100_000_000_00

// RecordFunds writes what is guaranteed to a committee for a year and what of it
// was paid. The line before stays as history; months that were closed keep what
// they were closed with.
//
// Errors: Forbidden, NotFound; Conflict when somebody wrote one since; Invalid with
// the fields year, guaranteed, paid and basis.
//
// Source: PML 6.
func (l *Ledger) RecordFunds(ctx context.Context, a mediation.Actor, in FundsChange) error {
	units, err := l.units(ctx, a, setFunds)
	if err != nil {
		return err
	}
	u, err := unitOf(units, in.Unit)
	if err == nil && (in.Unit == "" || u.Kind != committeeKind) {
		err = missing()
	}
	if err != nil {
		return err
	}
	in.Basis = strings.TrimSpace(in.Basis)
	f := mediation.Faults{}
	f.Require("basis", in.Basis)
	long(f, "basis", in.Basis)
	if years := l.fundsYears(); in.Year < years[1] || in.Year > years[0] {
		f.Mark("year", "error.choose")
	}
	for field, fen := range map[string]int64{"guaranteed": in.Guaranteed, "paid": in.Paid} {
		if fen < 0 || fen > MostFunds {
			f.Mark(field, "figures.funds_bound")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	line := CommitteeFunds{At: mediation.CommitteeID(u.Key), Year: in.Year, Seq: in.Seq + 1, Guaranteed: in.Guaranteed, Paid: in.Paid, Basis: in.Basis,
		By: a.User, When: l.now(), Role: l.roleFor(a, setFunds, u)}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		last, err := tx.FundsOf(ctx, line.At, line.Year)
		if err != nil {
			return err
		}
		if last == nil {
			last = &CommitteeFunds{}
		}
		if last.Seq != in.Seq {
			return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale"}
		}
		return tx.AddFunds(ctx, line)
	})
}

// roleFor is the role in which somebody does something to a unit's figures; "" when
// he may not.
func (l *Ledger) roleFor(a mediation.Actor, action mediation.Action, u Unit) mediation.Role {
	for _, r := range l.policy.Scope(a, "stats", action) {
		if covers([]mediation.Right{r}, u) {
			return r.Grant.Role
		}
	}
	return ""
}

// FundsYear is the year whose money stands in a period's figures.
func FundsYear(p figures.Period) int { return p.To.Year() }

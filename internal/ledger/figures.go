package ledger

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// Unit is a committee or an area whose figures are read.
type Unit = postgres.FigureUnit

// Correction is a line that puts a closed month right, beside its figures.
type Correction = postgres.FigureCorrection

// FiguresAsked is what stands in the address of a page of figures. A blank unit
// is the widest one in reach, a blank period the present month.
type FiguresAsked struct {
	Unit   string // key of a unit
	Period string // as figures.Period writes it
}

// Figures is one unit's figures over one period, with those of the units
// directly below it.
type Figures struct {
	Unit        Unit
	Units       []Unit // all in reach, in the order of the tree
	Period      figures.Period
	Values      figures.Values
	Below       []UnitFigures
	Open        bool      // part of the period runs still, or was not counted yet: provisional
	CountedAt   time.Time // of the last count of what runs; zero when nothing runs
	ClosedAt    time.Time // when the last month of the period was closed; zero while one is open
	Corrections []Correction
	Opens       bool // the reader may open the list behind a figure
	People      bool // the reader answers for the return, and reads what is personal of its mediators as sums
	Corrects    bool // the reader may correct this unit's closed months
}

// UnitFigures is the figures of one unit.
type UnitFigures struct {
	Unit   Unit
	Values figures.Values
}

// Figures reads a unit's figures over a period, in the reader's rights. It reads
// what was counted and counts no case.
//
// Errors: Forbidden, NotFound for a unit out of reach or a period that is none.
func (l *Ledger) Figures(ctx context.Context, a mediation.Actor, ask FiguresAsked) (*Figures, error) {
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	f := &Figures{Units: units, Opens: l.opens(a)}
	if f.Period, err = l.period(ask.Period); err != nil {
		return nil, err
	}
	if f.Unit, err = unitOf(units, ask.Unit); err != nil {
		return nil, err
	}
	below := below(units, f.Unit)
	keys := []string{f.Unit.Key}
	for _, u := range below {
		keys = append(keys, u.Key)
	}
	values, err := l.totals(ctx, keys, f.Period)
	if err != nil {
		return nil, err
	}
	f.Values = values[f.Unit.Key]
	for _, u := range below {
		f.Below = append(f.Below, UnitFigures{u, values[u.Key]})
	}
	if err := l.standing(ctx, f); err != nil {
		return nil, err
	}
	f.People = covers(l.policy.Scope(a, "stats", "read_people"), f.Unit)
	f.Corrects = f.Unit.Kind == committeeKind && covers(l.policy.Scope(a, "stats", "correct"), f.Unit)
	f.Corrections, err = l.db.FigureCorrections(ctx, f.Unit, f.Period.From, f.Period.To)
	return f, err
}

// opens says whether the actor lists cases of a place, and not only his own.
func (l *Ledger) opens(a mediation.Actor) bool {
	return slices.ContainsFunc(l.policy.Scope(a, "case", "list"), func(r mediation.Right) bool {
		return slices.Contains([]mediation.Scope{mediation.ScopeCommittee, mediation.ScopeCommitteeOpen, mediation.ScopeArea, mediation.ScopeSupervised}, r.Scope)
	})
}

// committeeKind is the kind of a unit that is a committee.
const committeeKind = "committee"

// units are all units the actor's rights reach, in the order of the tree.
func (l *Ledger) units(ctx context.Context, a mediation.Actor, action mediation.Action) ([]Unit, error) {
	rights, err := l.policy.Check(a, "stats", action)
	if err != nil {
		return nil, err
	}
	var committees, paths []string
	for _, r := range rights {
		switch {
		case r.Scope == mediation.ScopeCommittee && r.Grant.Committee != "":
			committees = append(committees, string(r.Grant.Committee))
		case r.Scope == mediation.ScopeArea && r.Grant.AreaPath != "":
			paths = append(paths, r.Grant.AreaPath)
		}
	}
	return l.db.FigureUnits(ctx, committees, paths)
}

func covers(rights []mediation.Right, u Unit) bool {
	return slices.ContainsFunc(rights, func(r mediation.Right) bool {
		switch r.Scope {
		case mediation.ScopeCommittee:
			return string(r.Grant.Committee) == u.Key
		case mediation.ScopeArea:
			return r.Grant.AreaPath != "" && strings.HasPrefix(u.Path, r.Grant.AreaPath)
		}
		return false
	})
}

func unitOf(units []Unit, key string) (Unit, error) {
	if key == "" && len(units) > 0 {
		return units[0], nil
	}
	for _, u := range units {
		if u.Key == key {
			return u, nil
		}
	}
	if key == "" { // rights that reach no place yet
		return Unit{}, nil
	}
	return Unit{}, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
}

// below lists what stands directly below an area: the next areas and the
// committees of the area itself. Every figure of the area is in exactly one.
func below(units []Unit, u Unit) []Unit {
	var all []Unit
	if u.Kind == committeeKind || u.Key == "" {
		return nil
	}
	for _, x := range units {
		switch {
		case x.Kind == committeeKind:
			if x.Path == u.Path {
				all = append(all, x)
			}
		case x.Path != u.Path && strings.HasPrefix(x.Path, u.Path) && !slices.ContainsFunc(all, func(y Unit) bool {
			return y.Kind != committeeKind && strings.HasPrefix(x.Path, y.Path)
		}):
			all = append(all, x)
		}
	}
	return all
}

func (l *Ledger) period(text string) (figures.Period, error) {
	if text == "" {
		return figures.PeriodOf(figures.ByMonth, figures.MonthOf(l.now())), nil
	}
	p, ok := figures.ParsePeriod(text)
	if !ok {
		return p, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return p, nil
}

// totals reads the sums of units over a period.
func (l *Ledger) totals(ctx context.Context, keys []string, p figures.Period) (map[string]figures.Values, error) {
	rows, err := l.db.Figures(ctx, keys, p.From, p.To)
	if err != nil {
		return nil, err
	}
	months := map[string]map[figures.Month]figures.Values{}
	for _, r := range rows {
		if months[r.Unit] == nil {
			months[r.Unit] = map[figures.Month]figures.Values{}
		}
		m := figures.MonthOf(r.First.Start())
		if months[r.Unit][m] == nil {
			months[r.Unit][m] = figures.Values{}
		}
		months[r.Unit][m][r.Cell] = r.Value
	}
	all := map[string]figures.Values{}
	for _, key := range keys {
		var list []figures.MonthValues
		for m, v := range months[key] {
			list = append(list, figures.MonthValues{Month: m, Values: v})
		}
		all[key] = figures.Total(list)
	}
	return all, nil
}

// standing says how final the figures are.
func (l *Ledger) standing(ctx context.Context, f *Figures) error {
	months, err := l.db.FigureMonths(ctx, f.Period.From, f.Period.To)
	if err != nil {
		return err
	}
	closed := 0
	for _, m := range months {
		switch {
		case m.ClosedAt != nil:
			closed++
			f.ClosedAt = *m.ClosedAt
		case m.CountedAt != nil && (f.CountedAt.IsZero() || m.CountedAt.Before(f.CountedAt)):
			f.CountedAt = *m.CountedAt
		}
	}
	// Months before the program was first used were never counted and never will be.
	first, err := l.db.NextFigures(ctx)
	if err != nil {
		return err
	}
	f.Open = first == 0 || f.Period.To >= first
	if f.Open {
		f.ClosedAt = time.Time{}
	}
	return nil
}

// LogExport notes that figures left the program as a file.
func (l *Ledger) LogExport(ctx context.Context, a mediation.Actor, f *Figures) error {
	rights, err := l.policy.Check(a, "stats", "read")
	if err != nil {
		return err
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		return tx.LogAccess(ctx, postgres.Access{ID: uuid.Must(uuid.NewV7()).String(), At: l.now(), AreaPath: f.Unit.Path, By: a.User,
			Role: rights[0].Grant.Role, Object: "stats", Action: "export", Allowed: true, Reason: f.Unit.Key + " " + f.Period.String()})
	})
}

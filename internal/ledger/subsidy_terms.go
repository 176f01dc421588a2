package ledger

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// setTerms is the action of the policy by which a bureau sets what is paid.
const setTerms mediation.Action = "set_terms"

// SubsidyTerms are what a bureau pays per case from a day on.
type SubsidyTerms = postgres.SubsidyTerms

// TermsView is what is paid per case where the reader is, and how it came about.
type TermsView struct {
	Terms subsidy.Terms
	Set   *SubsidyTerms  // whose values Terms are; nil for those the program came with
	Holds bool           // Set holds today (or nothing was set)
	All   []SubsidyTerms // everything written for the reader's places, the latest day first
	Areas []Unit         // the reader may set terms for
}

// SubsidyTerms reads the terms that hold today where the reader is, or with an id
// some others written for his places.
//
// Errors: Forbidden, NotFound.
func (l *Ledger) SubsidyTerms(ctx context.Context, a mediation.Actor, id string) (*TermsView, error) {
	rights, err := l.policy.Check(a, subsidyObject, "list")
	if err != nil {
		return nil, err
	}
	committees, paths := places(rights)
	v := &TermsView{Terms: subsidy.Shipped(), Holds: id == ""}
	if v.All, err = l.db.SubsidyTermsOver(ctx, committees, paths); err != nil {
		return nil, err
	}
	units, err := l.db.FigureUnits(ctx, committees, paths)
	if err != nil {
		return nil, err
	}
	if v.Areas, err = l.settable(ctx, a); err != nil {
		return nil, err
	}
	if id != "" {
		i := slices.IndexFunc(v.All, func(t SubsidyTerms) bool { return t.ID == id })
		if i < 0 {
			return nil, missing()
		}
		v.Set = &v.All[i]
	} else if len(units) > 0 {
		if v.Set, err = l.db.SubsidyTermsAt(ctx, units[0].Path, statute.DateOf(l.now())); err != nil {
			return nil, err
		}
	}
	if v.Set != nil {
		v.Terms = v.Set.Terms.V
	}
	return v, nil
}

// places are the committees and the areas some rights are tied to.
func places(rights []mediation.Right) (committees, paths []string) {
	for _, r := range rights {
		switch {
		case r.Grant.Committee != "":
			committees = append(committees, string(r.Grant.Committee))
		case r.Scope == mediation.ScopeArea && r.Grant.AreaPath != "":
			paths = append(paths, r.Grant.AreaPath)
		}
	}
	return committees, paths
}

// settable are the areas an actor may set terms for: those of his rights down to
// the sub-district. A community has no treasury of its own.
func (l *Ledger) settable(ctx context.Context, a mediation.Actor) ([]Unit, error) {
	rights := l.policy.Scope(a, subsidyObject, setTerms)
	if len(rights) == 0 {
		return nil, nil
	}
	_, paths := places(rights)
	units, err := l.db.FigureUnits(ctx, nil, paths)
	return slices.DeleteFunc(units, func(u Unit) bool { return u.Kind == committeeKind || u.Kind == "community" }), err
}

// TermsDraft begins new terms for an area: its own last ones, also those that
// begin later, or those that hold there today. Area "" is the widest in reach.
//
// Errors: Forbidden, NotFound.
func (l *Ledger) TermsDraft(ctx context.Context, a mediation.Actor, area string) (*TermsChange, []Unit, error) {
	if _, err := l.policy.Check(a, subsidyObject, setTerms); err != nil {
		return nil, nil, err
	}
	areas, err := l.settable(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	u, err := unitOf(areas, area)
	if err == nil && u.Key == "" {
		err = missing()
	}
	if err != nil {
		return nil, nil, err
	}
	d := &TermsChange{Area: u.Key, Terms: subsidy.Shipped()}
	last, err := l.db.LastTermsOf(ctx, u.Key)
	if err != nil {
		return nil, nil, err
	}
	if last != nil {
		d.Seen, d.Terms = last.ID, last.Terms.V
		return d, areas, nil
	}
	holds, err := l.db.SubsidyTermsAt(ctx, u.Key, statute.DateOf(l.now()))
	if err == nil && holds != nil {
		d.Terms = holds.Terms.V
	}
	return d, areas, err
}

// TermsChange is what a bureau sets.
type TermsChange struct {
	Area  string // path
	From  statute.Date
	Terms subsidy.Terms
	Basis string // the paper by which it was decided
	Seen  string // id of the last terms of the area as the writer saw them; "" for none
}

// SetTerms writes what is paid per case in an area from a day on. Claims made
// before that day keep what held when they were made, and what was written stays.
// From the same day the later writing holds.
//
// Errors: Forbidden; NotFound for an area out of reach; Conflict when somebody
// wrote others since; Invalid with the fields from, basis and those of
// subsidy.Terms.Faults.
func (l *Ledger) SetTerms(ctx context.Context, a mediation.Actor, in TermsChange) error {
	if _, err := l.policy.Check(a, subsidyObject, setTerms); err != nil {
		return err
	}
	areas, err := l.settable(ctx, a)
	if err != nil {
		return err
	}
	if in.Area == "" || !slices.ContainsFunc(areas, func(u Unit) bool { return u.Key == in.Area }) {
		return missing()
	}
	in.Basis = strings.TrimSpace(in.Basis)
	f := mediation.Faults{}
	f.Require("basis", in.Basis)
	if utf8.RuneCountInString(in.Basis) > MaxReason {
		f.Mark("basis", "error.place_text_long")
	}
	now := l.now()
	switch {
	case in.From.IsZero():
		f.Mark("from", "error.required")
	case in.From.Before(statute.DateOf(now)): // what was promised for a day that has passed stands
		f.Mark("from", "subsidy.terms_past")
	}
	for field, key := range in.Terms.Faults() {
		f.Mark(field, key)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		last, err := tx.LastSubsidyTerms(ctx, in.Area)
		if err != nil {
			return err
		}
		if last != in.Seen {
			return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.terms_moved"}
		}
		return tx.InsertSubsidyTerms(ctx, SubsidyTerms{ID: uuid.Must(uuid.NewV7()).String(), AreaPath: in.Area, From: in.From,
			Terms: postgres.JSON[subsidy.Terms]{V: in.Terms}, Basis: in.Basis, By: a.User, At: now})
	})
}

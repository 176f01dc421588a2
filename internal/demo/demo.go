// Package demo is the office a newcomer meets when he tries the program: two
// sub-districts, three communities, people for every role, fourteen disputes
// told from their first word to their outcome, and more that stand mid-way so
// that every desk has something on it.
//
// Nothing is planted. Every case is played through the acts, by users of the
// right roles, at its own day in 2026, so the demonstration is at the same time
// the proof that the procedure carries a case to its end; the story tests of
// package casework play the same tales. All people and events are invented.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/blob"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Password opens every account of a demonstration. It is known to everybody,
// which is why a demonstration listens on its own machine only.
const Password = "laoniangjiu-2026" //nolint:gosec // shown on the sign-in page: it guards invented cases on one machine

// Deps is what a demonstration is built with. Wall is the real clock: the
// stories have their own.
type Deps struct {
	DB     *postgres.DB
	Policy *authz.Policy
	Keys   *vault.Keys
	Hasher *vault.Hasher
	Log    *slog.Logger
	Wall   func() time.Time
	Files  blob.Store // where the samples of photos and papers lie; nil: the stories have none
}

// Result is a demonstration that stands.
type Result struct {
	// Offset is what the wall clock must be moved by so that the cases' clock
	// goes on just after the last story, also after a restart.
	Offset time.Duration
	People []Person
	// Code is a receipt code of a case that stands open, to try the way in
	// without an account.
	Code string
}

// Now is the cases' clock: the wall's, moved to where the stories ended.
func (r *Result) Now(wall func() time.Time) func() time.Time {
	return func() time.Time { return wall().Add(r.Offset) }
}

// ErrHalfBuilt says that building was cut off before: what stands is no whole
// demonstration, and the folder has to be emptied first.
var ErrHalfBuilt = errors.New("demo: building was cut off; delete the data folder of the demonstration and start again")

// Start gives the demonstration of a database: the one that stands, or a new one
// in an empty database.
//
// Errors: ErrHalfBuilt when an earlier build did not reach its end.
func Start(ctx context.Context, d Deps) (*Result, error) {
	stands, err := d.DB.Demonstration(ctx)
	if err != nil {
		return nil, err
	}
	if stands != nil {
		return &Result{Offset: stands.Offset, Code: stands.Code, People: People()}, nil
	}
	users, err := d.DB.AccountLines(ctx)
	if err != nil {
		return nil, err
	}
	if len(users) > 0 {
		return nil, ErrHalfBuilt
	}
	return Build(ctx, d)
}

// Build sets the office up in an empty database, plays all stories in the order
// of their days and notes that the demonstration stands.
func Build(ctx context.Context, d Deps) (*Result, error) {
	h, err := Open(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := h.Play(ctx, Stories()...); err != nil {
		return nil, err
	}
	if err := h.returns(ctx); err != nil {
		return nil, err
	}
	if err := h.claims(ctx); err != nil {
		return nil, err
	}
	r := &Result{Offset: h.Now().Add(afterLast).Sub(d.Wall()), People: People(), Code: h.codes[tryCode]}
	err = d.DB.InTx(ctx, func(tx postgres.Tx) error {
		return tx.SaveDemonstration(ctx, postgres.Demonstration{Offset: r.Offset, Code: r.Code})
	})
	if err != nil {
		return nil, err
	}
	d.Log.Info("demonstration built", "cases", len(h.cases), "offset", r.Offset.String())
	return r, nil
}

// afterLast is how long after the last act of the stories the clock goes on.
const afterLast = 5 * time.Minute

// tryCode is the story whose receipt code is shown to whoever tries the
// demonstration.
const tryCode = "充电"

// Story is one tale with the words it is called by.
type story struct {
	name string
	tell func(*tale)
}

// stories lists the tales: the fourteen that reach an outcome by their number in
// the collection, then those that stand mid-way.
func stories() []story {
	return []story{
		{"1", noise}, {"2", leak}, {"3", parking}, {"4", dogBite}, {"5", lift}, {"6", clutter}, {"7", propertyFee},
		{"9", kindergarten}, {"13", pets}, {"14", fumes}, {"15", loan}, {"17", violence}, {"18", inheritance}, {"19", gymCard},

		{"充电", charging}, {"装修", decoration}, {"坠物", fallingObjects}, {"种菜", planting}, {"租房", lease}, {"家政", housekeeper},
		{"公共收益", sharedIncome}, {"采光", daylight}, {"摔倒", slip}, {"赡养", support}, {"工资", wages}, {"围墙", wall},
		{"卖房", sale}, {"转让", transfer}, {"车位", carPort}, {"工伤", workInjury}, {"欠款", lateDebt}, {"楼道", stairs},
		{"晾衣", laundry}, {"梅树", plumTree}, {"油烟管", handedOn},
	}
}

// Finished are the stories that are told to their outcome, by their number.
func Finished() []string {
	return []string{"1", "2", "3", "4", "5", "6", "7", "9", "13", "14", "15", "17", "18", "19"}
}

// Stories are the names of all tales.
func Stories() []string {
	var names []string
	for _, s := range stories() {
		names = append(names, s.name)
	}
	return names
}

func find(name string) (story, error) {
	for _, s := range stories() {
		if s.name == name {
			return s, nil
		}
	}
	return story{}, fmt.Errorf("demo: there is no story %q", name)
}

// Person is one sign-in of the demonstration. Role is the most telling one he
// holds; Place is where.
type Person struct {
	Role                  mediation.Role
	Username, Name, Place string
}

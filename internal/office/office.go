// Package office is what people do to the office itself: its areas, courts,
// committees and service points, its people and their rights, and the days the
// calendar does not know yet. It sees no case. Every act asks the policy first
// and writes its line of the office's history in the transaction of the change.
package office

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Committee is a committee as it is stored and shown.
type Committee = postgres.Committee

// Court is a court as it is stored and shown.
type Court = postgres.Court

// Point is a service point with its area and committee.
type Point = postgres.PointLine

// User is a line of the list of people.
type User = postgres.UserLine

// Grant is a grant with the names of its place and people.
type Grant = postgres.GrantLine

// MediatorRecord is what the bureau keeps of a mediator.
type MediatorRecord = postgres.MediatorRecord

// Identity is whom a person is at the provider of sign-ins.
type Identity = postgres.Identity

// Line is a line of the office's own history.
type Line = postgres.OfficeLine

// The objects of the policy this package asks about.
const (
	officeObject = "office"
	userObject   = "user"
)

// The actions of the policy this package asks about.
const (
	read   mediation.Action = "read"
	manage mediation.Action = "manage"
	grant  mediation.Action = "grant"
)

// Office changes and reads what the office has settled. It keeps nothing of its
// own and is safe for concurrent use.
type Office struct {
	db     *postgres.DB
	policy *authz.Policy
	hasher *vault.Hasher
	now    func() time.Time
}

// New makes an office over a database. The clock is the wall's: rights and links
// hold in real time.
func New(db *postgres.DB, policy *authz.Policy, hasher *vault.Hasher, now func() time.Time) *Office {
	return &Office{db: db, policy: policy, hasher: hasher, now: now}
}

// may asks the policy; Forbidden when no role of the actor may ever do it.
func (o *Office) may(a mediation.Actor, object string, action mediation.Action) error {
	_, err := o.policy.Check(a, object, action)
	return err
}

// change is one transaction with its line of the history. The work fills the
// line; an act that fails leaves neither.
func (o *Office) change(ctx context.Context, a mediation.Actor, what string, work func(tx postgres.Tx, e *postgres.OfficeEvent) error) error {
	return o.db.InTx(ctx, func(tx postgres.Tx) error {
		e := postgres.OfficeEvent{ID: newID(), At: o.now(), By: a.User, Action: what}
		if err := work(tx, &e); err != nil {
			return err
		}
		return tx.AddOfficeEvent(ctx, e)
	})
}

// newID is the id of a new row. Ids begin with their time (UUIDv7), so rows made
// one after the other lie beside each other.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// isID says whether a text from an address or a form can be an id at all; the
// database would answer a fault of ours to anything else.
func isID[T ~string](id T) bool {
	_, err := uuid.Parse(string(id))
	return err == nil && len(id) == len("00000000-0000-0000-0000-000000000000")
}

func notFound() error { return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"} }

// found turns an absent row into NotFound.
func found[T any](row *T, err error) (*T, error) {
	if err == nil && row == nil {
		return nil, notFound()
	}
	return row, err
}

func conflict(key string) error { return &mediation.Error{Kind: mediation.Conflict, Key: key} }

func forbidden(key string) error { return &mediation.Error{Kind: mediation.Forbidden, Key: key} }

// short marks a text that is longer than it may be, in characters.
func short(f mediation.Faults, field, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Mark(field, "error.place_text_long")
	}
}

// trim takes the blanks around typed texts away.
func trim(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}

// History is what was done to the office last, newest first, 30 lines.
func (o *Office) History(ctx context.Context, a mediation.Actor) ([]Line, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return nil, err
	}
	return o.db.OfficeHistory(ctx, 30)
}

package account

import (
	"context"
	"encoding/base32"
	"slices"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Step is what a sign-in still has to do before it opens what its user may.
type Step string

// The steps of a sign-in.
const (
	StepDone  Step = ""
	StepCode  Step = "code"  // show the second factor: until then it is a visitor's
	StepEnrol Step = "enrol" // set one up, since his role asks for it: until then it is a resident's
)

const (
	// FactorLife is how long after the password the second factor may be shown.
	FactorLife = 10 * time.Minute
	// EnrolLife is how long a secret waits for its first code.
	EnrolLife = 30 * time.Minute
	// FreshLife is how long after it began a sign-in counts as its user's own hand:
	// a first factor may be set up without the password once more.
	FreshLife = 10 * time.Minute

	issuer      = "Doorstep"
	secretBytes = 20 // RFC 4226, requirement R6
)

// RequireFactor names the roles whose holders must have a second factor, and
// gives the entrance back. None are required unless it was called.
func (s *Accounts) RequireFactor(roles []mediation.Role) *Accounts {
	s.factorRoles = slices.Clone(roles)
	return s
}

func (s *Accounts) factorRequired(grants []mediation.Grant) bool {
	return slices.ContainsFunc(grants, func(g mediation.Grant) bool { return slices.Contains(s.factorRoles, g.Role) })
}

// step is what the session of a user with these grants still has to do.
func (s *Accounts) step(row *postgres.SignIn, held []mediation.Grant) Step {
	switch {
	case row.Vouched:
		return StepDone
	case row.FactorOn && row.FactorAt == nil:
		return StepCode
	case !row.FactorOn && s.factorRequired(held):
		return StepEnrol
	}
	return StepDone
}

// FactorState is a user's second factor as he sees it. Secret and Link are of
// one that was begun and waits for its first code: base32 to be typed, and what
// the square picture holds.
type FactorState struct {
	On           bool
	Since        time.Time
	CodesLeft    int
	Required     bool // one of his roles asks for it
	Secret, Link string
}

// Factor reads the actor's own second factor. A session that must still set one
// up may ask it too.
//
// Errors: Unauthenticated without an account.
func (s *Accounts) Factor(ctx context.Context, a mediation.Actor) (FactorState, error) {
	u, err := s.own(ctx, a)
	if err != nil {
		return FactorState{}, err
	}
	f, err := s.db.Factor(ctx, u.ID)
	if err != nil {
		return FactorState{}, err
	}
	state := FactorState{Required: s.factorRequired(a.Grants)}
	if f == nil {
		return state, nil
	}
	if f.ConfirmedAt != nil {
		state.On, state.Since, state.CodesLeft = true, *f.ConfirmedAt, f.CodesLeft
	}
	if s.waits(f) {
		state.Secret = f.Pending
		state.Link, err = keyLink(u.Username, f.Pending)
	}
	return state, err
}

func (s *Accounts) waits(f *postgres.Factor) bool {
	return f != nil && f.PendingAt != nil && s.now().Sub(*f.PendingAt) < EnrolLife
}

// keyLink is the otpauth address an authenticator reads from the square picture.
func keyLink(username, secret string) (string, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: username, Secret: raw, SecretSize: uint(len(raw))})
	if err != nil {
		return "", err
	}
	return key.URL(), nil
}

// Proof shows that whoever changes the second factor is its owner: a code when
// he has one, otherwise the password, unless the sign-in is fresh.
type Proof struct {
	Code     string `form:"code"`
	Password string `form:"current"`
	Address  string `form:"-"`
	Session  SignIn `form:"-"`
}

// BeginFactor makes a secret that waits EnrolLife for its first code. One that
// holds already goes on holding until then.
//
// Errors: Unauthenticated without an account; Invalid with the fields code or
// current; TooMany.
func (s *Accounts) BeginFactor(ctx context.Context, a mediation.Actor, p Proof) error {
	u, f, err := s.ownFactor(ctx, a)
	if err != nil {
		return err
	}
	spend := func(context.Context, postgres.Tx) error { return nil }
	switch {
	case f != nil && f.ConfirmedAt != nil:
		spend, err = s.judge(ctx, u.ID, f, p)
	case s.now().Sub(p.Session.CreatedAt) > FreshLife:
		spend, err = s.judgePassword(ctx, u, p)
	}
	if err != nil {
		return err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: u.Username, SecretSize: secretBytes})
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := spend(ctx, tx); err != nil {
			return err
		}
		return tx.BeginFactor(ctx, u.ID, key.Secret(), s.now())
	})
}

func (s *Accounts) ownFactor(ctx context.Context, a mediation.Actor) (*postgres.Account, *postgres.Factor, error) {
	u, err := s.own(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	f, err := s.db.Factor(ctx, u.ID)
	return u, f, err
}

// ConfirmFactor puts the begun secret in force by its first code. It gives ten
// recovery codes, which are shown once, and the session's new token; every other
// session of the user ends.
//
// Errors: Unauthenticated without an account; Conflict (error.factor_late) when
// nothing waits any more; Invalid with the field code; TooMany.
func (s *Accounts) ConfirmFactor(ctx context.Context, a mediation.Actor, p Proof) (codes []string, token string, err error) {
	u, f, err := s.ownFactor(ctx, a)
	if err != nil {
		return nil, "", err
	}
	if !s.waits(f) {
		return nil, "", lateFactor()
	}
	try, err := s.take(ctx, s.factorLimits(string(u.ID), p.Address))
	if err != nil {
		return nil, "", err
	}
	step, right := stepOf(f.Pending, plainCode(p.Code), s.now())
	if !right {
		return nil, "", wrongCode("error.factor_code")
	}
	codes, digests := s.recoveryCodes(u.ID)
	token, digest := vault.NewToken()
	now := s.now()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := try.settle(ctx, tx); err != nil {
			return err
		}
		done, err := tx.ConfirmFactor(ctx, u.ID, f.Pending, *f.PendingAt, step, now)
		if err != nil || !done {
			return orLate(err)
		}
		if err := tx.SetRecoveryCodes(ctx, u.ID, digests); err != nil {
			return err
		}
		if _, err := tx.RevokeSignIns(ctx, u.ID, p.Session.ID, now); err != nil {
			return err
		}
		return tx.PassFactor(ctx, p.Session.ID, digest, now)
	})
	if err != nil {
		return nil, "", err
	}
	return codes, token, nil
}

func orLate(err error) error {
	if err == nil {
		return lateFactor()
	}
	return err
}

func lateFactor() error {
	return &mediation.Error{Kind: mediation.Conflict, Key: "error.factor_late"}
}

func wrongCode(key string) error {
	return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": key}}
}

// stepOf finds the time step a code of six digits belongs to, one before and one
// after the present allowed: clocks differ and people type slowly.
//
// Source: RFC 6238 5.2.
func stepOf(secret, typed string, now time.Time) (step int64, right bool) {
	const period = 30
	for _, near := range []int64{0, -1, 1} {
		at := now.Add(time.Duration(near) * period * time.Second)
		ok, err := totp.ValidateCustom(typed, secret, at, totp.ValidateOpts{Period: period, Digits: otp.DigitsSix})
		if err == nil && ok {
			return at.Unix() / period, true
		}
	}
	return 0, false
}

package account

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Credentials is what somebody types to come in. Address is where the request
// came from, as the server and not the client says; Device is a short name of
// the browser, for the owner's list.
type Credentials struct {
	Login    string `form:"login"` // user name or phone
	Password string `form:"password"`
	Address  string `form:"-"`
	Device   string `form:"-"`
}

// SignIn is one signed-in device.
type SignIn struct {
	ID         string
	CreatedAt  time.Time
	SeenAt     time.Time // exact to a minute
	ExpiresAt  time.Time
	Address    string
	Device     string
	Way        Way  // how it began
	MustChange bool // the password was chosen by somebody else and must be changed first
	Step       Step // what is still to do; only from Actor
	Unseen     int  // what happened to the account and its owner has not seen; only from Actor
}

// SignIn checks a user name or phone and its password and opens a session. The
// token is what the cookie holds; it is stored nowhere.
//
// A wrong name, a wrong password and a disabled account answer alike and after
// the same work. Five wrong tries in 15 minutes at one login from one address,
// or thirty from the address, are answered by TooMany; other addresses are not
// touched by them, and a good sign-in forgets them.
//
// Errors: Invalid (error.credentials; error.provider_only for whoever must come by
// the provider, told only after the right password), TooMany (error.wait),
// Unavailable.
func (s *Accounts) SignIn(ctx context.Context, c Credentials) (token string, err error) {
	f := mediation.Faults{}
	f.Require("login", c.Login)
	f.Require("password", c.Password)
	if err := f.Err(); err != nil {
		return "", err
	}
	login := plainLogin(c.Login)
	try, err := s.take(ctx, s.passwordLimits(login, c.Address))
	if err != nil {
		return "", err
	}
	found, err := s.db.AccountByLogin(ctx, login, plainPhone(c.Login))
	if err != nil {
		return "", s.unjudged(ctx, try, err)
	}
	right, fresh, err := s.verify(ctx, found, c.Password)
	if err != nil {
		return "", s.unjudged(ctx, try, err)
	}
	if !right {
		return "", wrongCredentials()
	}
	if err := s.mayUsePassword(ctx, found.Username); err != nil {
		return "", err
	}
	return s.enter(ctx, found, c, try, fresh)
}

func wrongCredentials() error {
	return &mediation.Error{Kind: mediation.Invalid, Key: "error.credentials"}
}

// verify makes exactly one hash whatever is asked, so that the time of the
// answer tells nothing. fresh is a new hash to store when the old one was made
// at another cost or with an older pepper.
func (s *Accounts) verify(ctx context.Context, u *postgres.Account, password string) (right bool, fresh string, err error) {
	if len(password) > vault.MaxPassword {
		password = password[:vault.MaxPassword] // nobody has such a one: it is only to be hashed like any other
		u = nil
	}
	if u == nil || u.PasswordHash == "" || u.DisabledAt != nil {
		return false, "", s.hasher.CheckNobody(ctx, password)
	}
	right, old, err := s.hasher.CheckPassword(ctx, u.PasswordHash, password)
	if err != nil {
		return false, "", fmt.Errorf("account: password of user %s: %w", u.ID, err)
	}
	if right && old {
		fresh, err = s.hasher.HashPassword(ctx, password)
	}
	return right, fresh, err
}

// enter opens the session of somebody whose password was right.
func (s *Accounts) enter(ctx context.Context, u *postgres.Account, c Credentials, try attempt, fresh string) (string, error) {
	token, digest := vault.NewToken()
	now := s.now()
	row := postgres.SignIn{ID: newID(), User: u.ID, CreatedAt: now, ExpiresAt: now.Add(SessionLife),
		Address: cut(c.Address, 60), Device: cut(c.Device, 80)}
	err := s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := try.settle(ctx, tx); err != nil {
			return err
		}
		if fresh != "" {
			if err := tx.RefreshPasswordHash(ctx, u.ID, u.PasswordHash, fresh); err != nil {
				return err
			}
		}
		return tx.InsertSignIn(ctx, row, digest)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// cut bounds a text that came from outside, in characters.
func cut(text string, most int) string {
	r := []rune(text)
	return string(r[:min(len(r), most)])
}

// Actor is who holds a session's token, with his grants as they stand at this
// moment, and the session. A user is a resident beside whatever else he is, and
// that first: in his own quarrel the history names him as one.
//
// Before the second factor was shown the actor is a visitor, and before one that
// his role asks for was set up he is a resident only; the session's Step says so.
//
// Errors: Unauthenticated when the session ended, was revoked, lay idle for
// SessionIdle, waited longer than FactorLife for the second factor, or its user
// was disabled or must come by the provider and did not.
func (s *Accounts) Actor(ctx context.Context, token string) (mediation.Actor, SignIn, error) {
	now := s.now()
	row, err := s.db.SeeSignIn(ctx, vault.Digest(token), now, now.Add(-SessionIdle), now.Add(-seenEvery))
	if err != nil {
		return mediation.Actor{}, SignIn{}, err
	}
	if row == nil {
		return mediation.Actor{}, SignIn{}, unauthenticated()
	}
	held, err := row.Holds()
	if err != nil {
		return mediation.Actor{}, SignIn{}, err
	}
	if Way(row.Way) == ByPassword && s.providerOnly(row, held) {
		return mediation.Actor{}, SignIn{}, unauthenticated()
	}
	in := signIn(*row)
	in.Step, in.Unseen = s.step(row, held), row.Unseen
	switch {
	case in.Step == StepCode && now.Sub(row.CreatedAt) > FactorLife:
		return mediation.Actor{}, SignIn{}, unauthenticated()
	case in.Step == StepCode:
		return mediation.Visitor(), in, nil
	case in.Step == StepEnrol:
		held = nil
	}
	grants := append([]mediation.Grant{{Role: mediation.RoleResident}}, held...)
	return mediation.Actor{User: row.User, Name: row.Name, Grants: grants}, in, nil
}

func signIn(r postgres.SignIn) SignIn {
	return SignIn{ID: r.ID, CreatedAt: r.CreatedAt, SeenAt: r.SeenAt, ExpiresAt: r.ExpiresAt, Address: r.Address,
		Device: r.Device, Way: Way(r.Way), MustChange: r.MustChange && Way(r.Way) != ByProvider}
}

// Owner is whose session a token is or was; "" for nobody's. It gives no right:
// it tells whether what was typed before a session ended belongs to the one who
// signs in now.
func (s *Accounts) Owner(ctx context.Context, token string) (mediation.UserID, error) {
	return s.db.SignInOwner(ctx, vault.Digest(token))
}

// SignOut ends the session of a token. Whoever holds the token may end it; a
// token of no session is no error.
func (s *Accounts) SignOut(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx postgres.Tx) error { return tx.EndSignIn(ctx, vault.Digest(token), s.now()) })
}

// List gives the actor's own signed-in devices, the last used first.
//
// Errors: Forbidden for whoever has no account.
func (s *Accounts) List(ctx context.Context, a mediation.Actor) ([]SignIn, error) {
	if _, err := s.policy.Check(a, "session_token", "list"); err != nil {
		return nil, err
	}
	now := s.now()
	rows, err := s.db.SignIns(ctx, a.User, now, now.Add(-SessionIdle))
	if err != nil {
		return nil, err
	}
	list := make([]SignIn, len(rows))
	for i, r := range rows {
		list[i] = signIn(r)
	}
	return list, nil
}

// Revoke ends one of the actor's own sessions; the device is out at its next
// request.
//
// Errors: Forbidden without an account, NotFound for another's session.
func (s *Accounts) Revoke(ctx context.Context, a mediation.Actor, id string) error {
	if _, err := s.policy.Check(a, "session_token", "revoke"); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error { return tx.RevokeSignIn(ctx, a.User, id, s.now()) })
}

// RevokeAll ends all of the actor's own sessions but the one to keep ("" keeps
// none), and says how many.
//
// Errors: Forbidden without an account.
func (s *Accounts) RevokeAll(ctx context.Context, a mediation.Actor, keep string) (ended int, err error) {
	if _, err := s.policy.Check(a, "session_token", "revoke"); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		n, err := tx.RevokeSignIns(ctx, a.User, keep, s.now())
		ended = int(n)
		return err
	})
	return ended, err
}

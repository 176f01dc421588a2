package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Way is how a sign-in began.
type Way string

// The ways in.
const (
	ByPassword Way = "password"
	ByProvider Way = "provider"
)

// ErrandLife is how long somebody may take at the provider.
const ErrandLife = 10 * time.Minute

// The limit of comings back from the provider from one address. Each costs it a
// question; a whole office may sit behind one address.
const (
	providerReturns = 120
	providerWindow  = 15 * time.Minute
)

// Provider is what the entrance has to know of the provider of sign-ins.
type Provider struct {
	Issuer  string           // "" for none
	ByEmail bool             // accounts are linked by a verified mail address, not by the subject
	Only    []mediation.Role // whose holders no longer come in by password once they came by the provider
}

// UseProvider lets people in by the word of a provider, and gives the entrance
// back. Without it there is none.
func (s *Accounts) UseProvider(p Provider) *Accounts {
	s.provider = p
	return s
}

// providerOnly says whether a user must come by the provider: one of his roles
// asks for it, and he has come that way before. Until then the password stays, so
// that a slip in the link locks nobody out and the first administrator gets in.
func (s *Accounts) providerOnly(row *postgres.SignIn, held []mediation.Grant) bool {
	return s.provider.Issuer != "" && row.Provider == s.provider.Issuer &&
		slices.ContainsFunc(held, func(g mediation.Grant) bool { return slices.Contains(s.provider.Only, g.Role) })
}

func (s *Accounts) mayUsePassword(ctx context.Context, username string) error {
	if s.provider.Issuer == "" || len(s.provider.Only) == 0 {
		return nil
	}
	row, err := s.db.SignInOf(ctx, username)
	if err != nil || row == nil {
		return err
	}
	held, err := row.Holds()
	if err == nil && s.providerOnly(row, held) {
		return &mediation.Error{Kind: mediation.Invalid, Key: "error.provider_only"}
	}
	return err
}

// Errand is one way to the provider and back: what must come back unchanged, and
// where to go on to. The browser holds it sealed, so that several servers may
// serve its way and nobody can lay another's errand into it.
type Errand struct {
	State, Nonce, Verifier string
	Next                   string
	At                     time.Time
}

var errandPlace = vault.AAD{Table: "cookies", Column: "errand", Row: "provider"}

// SealErrand makes the ticket the browser carries; it holds for ErrandLife.
func (s *Accounts) SealErrand(e Errand) (ticket string, err error) {
	e.At = s.now()
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("account: errand: %w", err)
	}
	sealed, err := s.keys.Seal(errandPlace, string(text))
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// OpenErrand reads a ticket.
//
// Errors: Invalid (error.provider_errand) when it is none of ours or too old.
func (s *Accounts) OpenErrand(ticket string) (Errand, error) {
	over := &mediation.Error{Kind: mediation.Invalid, Key: "error.provider_errand"}
	sealed, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil {
		return Errand{}, over
	}
	text, err := s.keys.Open(errandPlace, sealed)
	if err != nil {
		return Errand{}, over
	}
	var e Errand
	if err := json.Unmarshal([]byte(text), &e); err != nil || s.now().Sub(e.At) > ErrandLife {
		return Errand{}, over
	}
	return e, nil
}

// MayReturn counts a coming back from the provider before the provider is asked.
//
// Errors: TooMany with the seconds to wait.
func (s *Accounts) MayReturn(ctx context.Context, address string) error {
	_, err := s.take(ctx, []postgres.GuessLimit{{Key: s.guessKey("provider", "", address), Most: providerReturns, Window: providerWindow}})
	return err
}

// Voucher is what the provider said of somebody, and from where he came. Email is
// "" unless the provider verified it.
type Voucher struct {
	Subject, Email  string
	Factor          bool // he showed a second factor there
	Address, Device string
}

// SignInBy opens a session for whoever the provider vouches for. No account is
// ever made by it, and no right given: an administrator has linked the account
// before. Where links are by mail address, the first sign-in binds the account to
// the subject, which the history of the office notes; the address is not asked
// again.
//
// The second factor counts as shown only when the provider says that it was;
// otherwise it is asked for as after a password.
//
// Errors: Forbidden (error.provider_unknown) when nobody is linked or his account
// is disabled.
func (s *Accounts) SignInBy(ctx context.Context, v Voucher) (token string, err error) {
	if s.provider.Issuer == "" || v.Subject == "" {
		return "", unknownThere()
	}
	email := ""
	if s.provider.ByEmail {
		email = notice.PlainAddress(v.Email)
	}
	found, err := s.db.AccountByIdentity(ctx, s.provider.Issuer, v.Subject, email)
	if err != nil {
		return "", err
	}
	if found == nil || found.DisabledAt != nil {
		return "", unknownThere()
	}
	token, digest := vault.NewToken()
	now := s.now()
	row := postgres.SignIn{ID: newID(), User: found.ID, CreatedAt: now, ExpiresAt: now.Add(SessionLife), Way: string(ByProvider),
		Vouched: v.Factor, Address: cut(v.Address, 60), Device: cut(v.Device, 80)}
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if found.BoundAt == nil {
			if err := s.bind(ctx, tx, found.ID, v.Subject, now); err != nil {
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

// bind notes the first coming by the provider.
func (s *Accounts) bind(ctx context.Context, tx postgres.Tx, user mediation.UserID, subject string, now time.Time) error {
	first, err := tx.BindIdentity(ctx, user, subject, now)
	if err != nil {
		return err
	}
	if !first {
		return unknownThere() // another subject with the same address was quicker
	}
	return tx.AddOfficeEvent(ctx, postgres.OfficeEvent{ID: newID(), At: now, By: user, Action: "bind_identity", Subject: string(user)})
}

func unknownThere() error {
	return &mediation.Error{Kind: mediation.Forbidden, Key: "error.provider_unknown"}
}

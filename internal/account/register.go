package account

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// NewAccount is what somebody types to get an account. Phone may be blank.
type NewAccount struct {
	Name     string `form:"name"` // 1 to 60 characters
	Username string `form:"username"`
	Phone    string `form:"phone"`
	Password string `form:"password"`
	Address  string `form:"-"` // where the request came from, for the limit
}

// maxName is the longest name of a person, in characters.
const maxName = 60

// usernameShape is that of the table. A letter is asked for as well: a user
// name of digits only could be another person's phone.
var (
	usernameShape  = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)
	usernameLetter = regexp.MustCompile(`[a-z]`)
)

// Register makes a resident's account. Its person is unverified until somebody
// has checked who he is; the account sees no case by itself, since no equal name
// or phone ties it to one.
//
// Errors: Invalid with the fields name, username, phone or password; TooMany
// after ten tries in an hour from one address.
func (s *Accounts) Register(ctx context.Context, n NewAccount) (mediation.UserID, error) {
	n = n.plain()
	if err := s.check(n); err != nil {
		return "", err
	}
	if _, err := s.take(ctx, s.registerLimits(n.Address)); err != nil {
		return "", err
	}
	row, err := s.row(ctx, n)
	if err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, func(tx postgres.Tx) error { return tx.InsertAccount(ctx, row) })
	if err != nil {
		return "", err
	}
	return row.ID, nil
}

// plain brings what was typed to the form it is stored in.
func (n NewAccount) plain() NewAccount {
	n.Name = strings.TrimSpace(norm.NFC.String(n.Name))
	n.Username = plainLogin(n.Username)
	n.Phone = strings.TrimSpace(n.Phone)
	return n
}

func (s *Accounts) check(n NewAccount) error {
	f := mediation.Faults{}
	f.Require("name", n.Name)
	if utf8.RuneCountInString(n.Name) > maxName || strings.ContainsFunc(n.Name, unicode.IsControl) {
		f.Mark("name", "error.person_name")
	}
	f.Require("username", n.Username)
	if !usernameShape.MatchString(n.Username) || !usernameLetter.MatchString(n.Username) {
		f.Mark("username", "error.username")
	}
	f.Phone("phone", n.Phone)
	f.Require("password", n.Password)
	s.checkPassword(f, n.Password, n.Username, plainPhone(n.Phone))
	return withPasswordBounds(f.Err())
}

// row is the account as it is stored, with the password hashed.
func (s *Accounts) row(ctx context.Context, n NewAccount) (postgres.Account, error) {
	hash, err := s.hasher.HashPassword(ctx, n.Password)
	if err != nil {
		return postgres.Account{}, err
	}
	return postgres.Account{ID: mediation.UserID(newID()), Username: n.Username, Name: n.Name, Phone: plainPhone(n.Phone),
		PasswordHash: hash, CreatedAt: s.now()}, nil
}

// Profile is what a user sees of his own account.
type Profile struct {
	Username, Name string
	PhoneMask      string // 138****5678; "" without a phone
	Verified       bool   // somebody checked who he is
	EmailMask      string // l***@example.cn; "" without an address
	EmailConfirmed bool
}

// Profile reads the actor's own account.
//
// Errors: Unauthenticated without one.
func (s *Accounts) Profile(ctx context.Context, a mediation.Actor) (Profile, error) {
	u, err := s.own(ctx, a)
	if err != nil {
		return Profile{}, err
	}
	return Profile{Username: u.Username, Name: u.Name, PhoneMask: u.PhoneMask, Verified: u.Verified,
		EmailMask: u.EmailMask, EmailConfirmed: u.EmailAt != nil}, nil
}

func (s *Accounts) own(ctx context.Context, a mediation.Actor) (*postgres.Account, error) {
	if !a.SignedIn() {
		return nil, unauthenticated()
	}
	u, err := s.db.AccountByID(ctx, a.User)
	if err == nil && u == nil {
		return nil, unauthenticated()
	}
	return u, err
}

// Users lists every account for whoever runs the program; pages do not ask it.
func (s *Accounts) Users(ctx context.Context) ([]postgres.AccountLine, error) {
	return s.db.AccountLines(ctx)
}

// withPasswordBounds gives an error the numbers its messages speak of.
func withPasswordBounds(err error) error {
	if e, ok := err.(*mediation.Error); ok { //nolint:errorlint // made a line above, never wrapped
		e.Args = map[string]string{"min": strconv.Itoa(MinPassword), "max": strconv.Itoa(maxName)}
	}
	return err
}

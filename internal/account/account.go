// Package account is how people come in: accounts and passwords, signed-in
// devices that can be listed and ended, one-time links, and the short sessions
// of those who hold a receipt code or an invitation. What it yields is an Actor.
//
// Tokens are given out once and stored as digests only. Everything that can be
// guessed is counted first and judged afterwards; the count hangs on the
// guesser's own address, so that nobody can lock another out from elsewhere.
package account

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// How long what opens something lives.
const (
	// SessionIdle ends a session nobody used: a working day, so that a device
	// left at home in the evening is signed out in the morning.
	SessionIdle = 12 * time.Hour
	// SessionLife ends a session however busy it is.
	SessionLife = 7 * 24 * time.Hour
	// CodeSessionLife is the short session of a receipt code or an invitation. It
	// is not prolonged: it may run on a telephone the family shares.
	CodeSessionLife = 15 * time.Minute
	// LinkLife is for the links that set a password or make the first
	// administrator.
	LinkLife = 30 * time.Minute
	// seenEvery is how often at most a session's last use is written.
	seenEvery = time.Minute
)

// Accounts is the entrance. It keeps nothing of its own but settings, so several
// servers may run on one database.
type Accounts struct {
	db     *postgres.DB
	policy *authz.Policy
	hasher *vault.Hasher
	keys   *vault.Keys
	now    func() time.Time
	common map[string]bool

	factorRoles []mediation.Role // whose holders must have a second factor
	provider    Provider         // of sign-ins; the zero one is none
}

// New makes the entrance over a database. The clock is the real one, also in a
// demonstration: sessions and limits do not live in a story.
func New(db *postgres.DB, policy *authz.Policy, hasher *vault.Hasher, keys *vault.Keys, now func() time.Time) *Accounts {
	return &Accounts{db: db, policy: policy, hasher: hasher, keys: keys, now: now, common: commonPasswords()}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// plainLogin is a typed user name or phone in the form it is counted and looked
// up by.
func plainLogin(typed string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed)))
}

// plainPhone is a phone number in its normal form; "" when it is none.
func plainPhone(typed string) string {
	normal, _, err := statute.CheckPhone(typed)
	if err != nil {
		return ""
	}
	return normal
}

func linkEnded() error {
	return &mediation.Error{Kind: mediation.NotFound, Key: "error.link_ended"}
}

func unauthenticated() error {
	return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
}

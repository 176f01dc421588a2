package account

import (
	"context"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// MinPassword is the shortest password, in characters after NFKC. There are no
// rules of composition: they make passwords that people write on the wall, and
// length does more.
//
// Source: NIST SP 800-63B 5.1.1.2.
const MinPassword = 10

//go:embed common.txt
var commonText string

// commonPasswords are the guesses that are tried first, folded.
func commonPasswords() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[folded(line)] = true
		}
	}
	return set
}

// lookalikes are the exchanges everybody makes, guessers too.
var lookalikes = strings.NewReplacer("@", "a", "$", "s", "0", "o")

// folded is a password as a guesser's list sees it: without case, width, marks
// and the usual exchanges.
func folded(password string) string {
	plain := lookalikes.Replace(strings.ToLower(norm.NFKC.String(password)))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, plain)
}

// checkPassword marks the field "password" when it is too short, too long, one's
// own name or phone, or among the first that are guessed.
func (s *Accounts) checkPassword(f mediation.Faults, password, username, phone string) {
	plain := norm.NFKC.String(password)
	switch {
	case utf8.RuneCountInString(plain) < MinPassword:
		f.Mark("password", "error.password_short")
	case len(password) > vault.MaxPassword:
		f.Mark("password", "error.password_long")
	case ownWord(folded(plain), username, phone):
		f.Mark("password", "error.password_own")
	case s.common[folded(plain)] || monotonous(strings.ToLower(plain)):
		f.Mark("password", "error.password_common")
	}
}

func ownWord(folding string, words ...string) bool {
	for _, w := range words {
		if w = folded(w); w != "" && (folding == w || folding == w+w) {
			return true
		}
	}
	return false
}

// monotonous finds what needs no list: fewer than four different characters, a
// run up or down, or a short piece said over and over.
func monotonous(password string) bool {
	r := []rune(password)
	seen := map[rune]bool{}
	up, down := true, true
	for i, c := range r {
		seen[c] = true
		up = up && (i == 0 || c == r[i-1]+1)
		down = down && (i == 0 || c == r[i-1]-1)
	}
	if len(seen) < 4 || up || down {
		return true
	}
	for n := 1; n <= 5; n++ {
		if len(r) >= 2*n && strings.HasPrefix(strings.Repeat(string(r[:n]), len(r)/n+1), password) {
			return true
		}
	}
	return false
}

// PasswordChange is what a signed-in user types to change his password. Keep is
// the id of the session that stays; every other one ends.
type PasswordChange struct {
	Current  string `form:"current"`
	Password string `form:"password"`
	Address  string `form:"-"`
	Keep     string `form:"-"`
}

// ChangePassword sets the actor's new password after the present one was shown,
// and ends his other sessions: whoever learned the old one is out. Wrong guesses
// at the present one are limited as at sign-in, since a session may have been
// left open at a shared desk.
//
// Errors: Unauthenticated without an account, Invalid with the fields current or
// password, TooMany.
func (s *Accounts) ChangePassword(ctx context.Context, a mediation.Actor, ch PasswordChange) error {
	u, err := s.own(ctx, a)
	if err != nil {
		return err
	}
	f := mediation.Faults{}
	f.Require("current", ch.Current)
	f.Require("password", ch.Password)
	s.checkPassword(f, ch.Password, u.Username, "")
	if ch.Password != "" && ch.Password == ch.Current {
		f.Mark("password", "error.password_unchanged")
	}
	if err := f.Err(); err != nil {
		return withPasswordBounds(err)
	}
	try, err := s.take(ctx, s.passwordLimits("change "+string(u.ID), ch.Address))
	if err != nil {
		return err
	}
	right, _, err := s.verify(ctx, u, ch.Current)
	if err != nil {
		return s.unjudged(ctx, try, err)
	}
	if !right {
		f.Mark("current", "error.password_current")
		return f.Err()
	}
	hash, err := s.hasher.HashPassword(ctx, ch.Password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := try.settle(ctx, tx); err != nil {
			return err
		}
		if err := tx.SetPasswordHash(ctx, u.ID, hash, false); err != nil {
			return err
		}
		_, err := tx.RevokeSignIns(ctx, u.ID, ch.Keep, s.now())
		return err
	})
}

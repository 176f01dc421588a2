package account

import (
	"context"
	"crypto/rand"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// RecoveryCodes is how many codes stand in for a lost telephone.
const RecoveryCodes = 10

// The limits of codes of six digits. One address has its own; the addresses the
// user never came in from share one more, so that a thousand of them do not have
// a thousand times the tries. His own addresses are never touched by it, and a
// recovery code, which cannot be guessed, gets past it from anywhere.
const (
	factorTries     = 5
	factorByAddress = 30
	factorWindow    = 15 * time.Minute
	strangerTries   = 10
	strangerWindow  = time.Hour
	knownFor        = 30 * 24 * time.Hour
)

func (s *Accounts) factorLimits(user, address string) []postgres.GuessLimit {
	return []postgres.GuessLimit{
		{Key: s.guessKey("factor", user, address), Most: factorTries, Window: factorWindow},
		{Key: s.guessKey("factor", "", address), Most: factorByAddress, Window: factorWindow},
	}
}

// takeCode counts a code before it is judged.
func (s *Accounts) takeCode(ctx context.Context, user mediation.UserID, digits bool, address string) (attempt, error) {
	limits := s.factorLimits(string(user), address)
	if digits {
		known, err := s.db.KnownNetwork(ctx, user, cut(address, 60), s.now().Add(-knownFor))
		if err != nil {
			return attempt{}, err
		}
		if !known {
			limits = append(limits, postgres.GuessLimit{Key: s.guessKey("factor_stranger", string(user), ""), Most: strangerTries, Window: strangerWindow})
		}
	}
	return s.take(ctx, limits)
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// plainCode is a typed code without the blanks and dashes people put in.
func plainCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.ToUpper(norm.NFKC.String(typed)))
}

// judge checks a code of six digits or a recovery code of a user. What it gives
// spends the code in the transaction of what the code is shown for; a code that
// another request was quicker with fails there.
func (s *Accounts) judge(ctx context.Context, user mediation.UserID, f *postgres.Factor, p Proof) (spend func(context.Context, postgres.Tx) error, err error) {
	code := plainCode(p.Code)
	if code == "" {
		return nil, wrongCode("error.required")
	}
	digits := sixDigits.MatchString(code)
	try, err := s.takeCode(ctx, user, digits, p.Address)
	if err != nil {
		return nil, err
	}
	if !digits {
		return func(ctx context.Context, tx postgres.Tx) error {
			used, err := tx.UseRecoveryCode(ctx, user, s.recoveryDigest(user, code), s.now())
			return spent(ctx, tx, try, used, err, "error.factor_code")
		}, nil
	}
	step, right := stepOf(f.Secret, code, s.now())
	if !right {
		return nil, wrongCode("error.factor_code")
	}
	return func(ctx context.Context, tx postgres.Tx) error {
		used, err := tx.UseStep(ctx, user, step)
		return spent(ctx, tx, try, used, err, "error.factor_used")
	}, nil
}

// spent forgets the tries of a code that was good; one that was not stays
// counted, since the transaction ends without a trace.
func spent(ctx context.Context, tx postgres.Tx, try attempt, used bool, err error, key string) error {
	if err != nil {
		return err
	}
	if !used {
		return wrongCode(key)
	}
	return try.settle(ctx, tx)
}

// judgePassword checks the present password in place of a code.
func (s *Accounts) judgePassword(ctx context.Context, u *postgres.Account, p Proof) (spend func(context.Context, postgres.Tx) error, err error) {
	f := mediation.Faults{}
	f.Require("current", p.Password)
	if err := f.Err(); err != nil {
		return nil, err
	}
	try, err := s.take(ctx, s.passwordLimits("change "+string(u.ID), p.Address))
	if err != nil {
		return nil, err
	}
	right, _, err := s.verify(ctx, u, p.Password)
	if err != nil {
		return nil, s.unjudged(ctx, try, err)
	}
	if !right {
		f.Mark("current", "error.password_current")
		return nil, f.Err()
	}
	return try.settle, nil
}

// ShowFactor is the second step of a sign-in: it checks a code of six digits or
// a recovery code for the session of a token, and gives the session another
// token in its place. A code of six digits opens once, also when it is sent
// twice at the same moment.
//
// Errors: Unauthenticated when the session ended or waited longer than
// FactorLife; Invalid with the field code; TooMany (error.wait).
func (s *Accounts) ShowFactor(ctx context.Context, token string, p Proof) (fresh string, err error) {
	now := s.now()
	row, err := s.db.SeeSignIn(ctx, vault.Digest(token), now, now.Add(-SessionIdle), now.Add(-seenEvery))
	if err != nil {
		return "", err
	}
	if row == nil || !row.FactorOn || row.FactorAt != nil || now.Sub(row.CreatedAt) > FactorLife {
		return "", unauthenticated()
	}
	f, err := s.db.Factor(ctx, row.User)
	if err != nil {
		return "", err
	}
	if f == nil || f.ConfirmedAt == nil {
		return "", unauthenticated()
	}
	spend, err := s.judge(ctx, row.User, f, p)
	if err != nil {
		return "", err
	}
	fresh, digest := vault.NewToken()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := spend(ctx, tx); err != nil {
			return err
		}
		return tx.PassFactor(ctx, row.ID, digest, now)
	})
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// NewRecoveryCodes replaces the actor's recovery codes by ten others, which are
// shown once.
//
// Errors: Unauthenticated without an account; NotFound without a second factor;
// Invalid with the field code; TooMany.
func (s *Accounts) NewRecoveryCodes(ctx context.Context, a mediation.Actor, p Proof) ([]string, error) {
	u, spend, err := s.prove(ctx, a, p)
	if err != nil {
		return nil, err
	}
	codes, digests := s.recoveryCodes(u)
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := spend(ctx, tx); err != nil {
			return err
		}
		return tx.SetRecoveryCodes(ctx, u, digests)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// EndFactor gives the actor's second factor up.
//
// Errors: as NewRecoveryCodes; Conflict (error.factor_required) when one of his
// roles asks for it.
func (s *Accounts) EndFactor(ctx context.Context, a mediation.Actor, p Proof) error {
	if s.factorRequired(a.Grants) {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.factor_required"}
	}
	u, spend, err := s.prove(ctx, a, p)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := spend(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.DropFactor(ctx, u); err != nil {
			return err
		}
		return told(ctx, tx, u, notice.FactorOff, s.now())
	})
}

// prove judges the code of an actor who has a second factor.
func (s *Accounts) prove(ctx context.Context, a mediation.Actor, p Proof) (mediation.UserID, func(context.Context, postgres.Tx) error, error) {
	u, f, err := s.ownFactor(ctx, a)
	if err != nil {
		return "", nil, err
	}
	if f == nil || f.ConfirmedAt == nil {
		return "", nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	spend, err := s.judge(ctx, u.ID, f, p)
	return u.ID, spend, err
}

// recoveryCodes draws ten codes of 80 random bits, as they are shown and as they
// are stored. They are stored as keyed digests and not as password hashes: the
// key lies outside the database, and without it 80 bits stand against whoever
// holds the table, where a password hash would cost ten slow sums at a sign-in.
func (s *Accounts) recoveryCodes(user mediation.UserID) (shown []string, digests [][]byte) {
	for range RecoveryCodes {
		code := rand.Text()[:16]
		shown = append(shown, strings.ToLower(code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:]))
		digests = append(digests, s.recoveryDigest(user, code))
	}
	return shown, digests
}

func (s *Accounts) recoveryDigest(user mediation.UserID, code string) []byte {
	return s.keys.Index("recovery_code", string(user)+"\x00"+code)
}

// ForgetFactor takes the second factor of a user away and ends his sessions. It
// is for whoever runs the program; the office's history notes it.
//
// Errors: NotFound (error.no_such_user, or error.not_found without one).
func (s *Accounts) ForgetFactor(ctx context.Context, username string) error {
	u, err := s.db.AccountByLogin(ctx, plainLogin(username), "")
	if err != nil {
		return err
	}
	if u == nil {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.no_such_user"}
	}
	now := s.now()
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		dropped, err := tx.DropFactor(ctx, u.ID)
		if err == nil && !dropped {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		if err != nil {
			return err
		}
		if _, err := tx.RevokeSignIns(ctx, u.ID, "", now); err != nil {
			return err
		}
		if err := told(ctx, tx, u.ID, notice.FactorOff, now); err != nil {
			return err
		}
		return tx.AddOfficeEvent(ctx, postgres.OfficeEvent{ID: newID(), At: now, Action: "reset_factor", Subject: string(u.ID)})
	})
}

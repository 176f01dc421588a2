package account

import (
	"context"
	"errors"
	"fmt"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// OpenCode checks a receipt code as somebody typed it and opens a short session
// for the side of the case it belongs to. The address is where the request came
// from.
//
// A mistyped code (length, letters, check digit) is told as such and not
// counted: whether the digits fit each other says nothing about any case. Every
// well-formed code that opens nothing answers alike, after one hash. Five wrong
// tries an hour at one locator from one address, or twenty from the address, are
// answered by TooMany; the same code still opens from everywhere else.
//
// Errors: Invalid with the field code, TooMany (error.wait), Unavailable.
func (s *Accounts) OpenCode(ctx context.Context, typed, address string) (token string, err error) {
	code, err := vault.ParseReceiptCode(typed)
	if err != nil {
		return "", codeFault(codeKey(err))
	}
	try, err := s.take(ctx, s.codeLimits(code.Locator(), address))
	if err != nil {
		return "", err
	}
	hold, err := s.db.ReceiptCode(ctx, code.Locator())
	if err != nil {
		return "", s.unjudged(ctx, try, err)
	}
	right, err := s.opens(ctx, hold, code)
	if err != nil {
		return "", s.unjudged(ctx, try, err)
	}
	if !right {
		return "", codeFault("error.code")
	}
	return s.enterCode(ctx, *hold, func(tx postgres.Tx) error { return try.settle(ctx, tx) })
}

// OpenNew opens the short session of a code that this very request was handed by
// a filing, without checking it again: the hash of a code just made says nothing
// that is not known, and would cost as much as the filing. It must never be given
// what somebody typed; that is for OpenCode.
//
// Errors: Invalid with the field code when the code is not alive.
func (s *Accounts) OpenNew(ctx context.Context, handed string) (token string, err error) {
	code, err := vault.ParseReceiptCode(handed)
	if err != nil {
		return "", codeFault(codeKey(err))
	}
	hold, err := s.db.ReceiptCode(ctx, code.Locator())
	if err != nil {
		return "", err
	}
	if hold == nil {
		return "", codeFault("error.code")
	}
	return s.enterCode(ctx, *hold, func(postgres.Tx) error { return nil })
}

// codeKey is the sentence that helps with a mistyped code.
func codeKey(err error) string {
	switch {
	case errors.Is(err, vault.ErrCodeLength):
		return "error.code_length"
	case errors.Is(err, vault.ErrCodeDigit):
		return "error.code_digit"
	}
	return "error.code_check"
}

func codeFault(key string) error {
	return &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": key}}
}

// opens makes exactly one hash, also when nothing has the locator.
func (s *Accounts) opens(ctx context.Context, hold *postgres.CodeHold, code vault.Code) (bool, error) {
	if hold == nil {
		return false, s.hasher.CheckNobody(ctx, code.Secret())
	}
	right, _, err := s.hasher.CheckPassword(ctx, hold.SecretHash, code.Secret())
	if err != nil {
		return false, fmt.Errorf("account: receipt code of case %s: %w", hold.Case, err)
	}
	return right, nil
}

func (s *Accounts) enterCode(ctx context.Context, hold postgres.CodeHold, before func(postgres.Tx) error) (string, error) {
	token, digest := vault.NewToken()
	err := s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		return tx.InsertCodeSession(ctx, digest, hold, s.now().Add(CodeSessionLife))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// OpenInvitation exchanges the token of an invitation for a short session's. The
// invitation may be used again until it ends: whoever was invited comes back to
// read before he answers. Its 130 random bits need no limit against guessing.
//
// Errors: NotFound (error.link_ended).
func (s *Accounts) OpenInvitation(ctx context.Context, token string) (session string, err error) {
	hold, err := s.db.Invitation(ctx, vault.Digest(token), s.now())
	if err != nil {
		return "", err
	}
	if hold == nil {
		return "", linkEnded()
	}
	return s.enterCode(ctx, *hold, func(postgres.Tx) error { return nil })
}

// Onward exchanges a short session for one of the case that follows: where a matter
// was handed on, the code of the filing leads to where it now lies. The visit gets no
// longer by it, the level is what the party has there (LevelCode until somebody
// checks it anew), and only an applicant is led on: the other side is nobody there
// until that committee asks it.
//
// Errors: Unauthenticated when the visit is over, NotFound when no case follows.
func (s *Accounts) Onward(ctx context.Context, token string) (session string, err error) {
	session, digest := vault.NewToken()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		hold, err := tx.CodeSession(ctx, vault.Digest(token), s.now())
		if err != nil {
			return err
		}
		if hold == nil {
			return unauthenticated()
		}
		next, err := tx.Successor(ctx, hold.Party)
		if err != nil {
			return err
		}
		if next == nil {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		return tx.InsertCodeSession(ctx, digest, *next, hold.ExpiresAt)
	})
	if err != nil {
		return "", err
	}
	return session, nil
}

// CodeActor is who holds a short session's token: one side of one case, at the
// level of identity the party has at this moment, LevelCode at least.
//
// Errors: Unauthenticated when the 15 minutes are over, the code or invitation
// was revoked, or the party left the case.
func (s *Accounts) CodeActor(ctx context.Context, token string) (mediation.Actor, error) {
	hold, err := s.db.CodeSession(ctx, vault.Digest(token), s.now())
	if err != nil {
		return mediation.Actor{}, err
	}
	if hold == nil {
		return mediation.Actor{}, unauthenticated()
	}
	return mediation.CodeHolder(mediation.CodeAccess{Case: hold.Case, Party: hold.Party, Level: max(hold.Level, mediation.LevelCode)}), nil
}

// CodeOwner is the party whose short session a token is or, for an hour after
// its end, was; "" for nobody's. Like Owner it gives no right.
func (s *Accounts) CodeOwner(ctx context.Context, token string) (mediation.PartyID, error) {
	return s.db.CodeSessionParty(ctx, vault.Digest(token))
}

// CloseCode ends a short session at once; a token of none is no error.
func (s *Accounts) CloseCode(ctx context.Context, token string) error {
	return s.db.InTx(ctx, func(tx postgres.Tx) error { return tx.EndCodeSession(ctx, vault.Digest(token)) })
}

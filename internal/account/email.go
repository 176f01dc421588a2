package account

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
)

const (
	forEmail = "email"

	resetsByAddress = 10 // password links asked for from one address
	resetsByLogin   = 3  // for one typed name, wherever from: more would only fill a mailbox
	resetWindow     = time.Hour
)

// EmailChange is what a user types to have mails sent to an address; "" for none
// any more.
type EmailChange struct {
	Email   string `form:"email"`
	Current string `form:"current"`
	Address string `form:"-"`
}

// SetEmail stores the actor's mail address after the present password was shown:
// whoever gets mails can set the password. Nothing is sent there but a link until
// the link was followed.
//
// Errors: Unauthenticated without an account; Invalid with the fields email or
// current; TooMany.
func (s *Accounts) SetEmail(ctx context.Context, a mediation.Actor, ch EmailChange) error {
	u, err := s.own(ctx, a)
	if err != nil {
		return err
	}
	f := mediation.Faults{}
	email := strings.TrimSpace(norm.NFKC.String(ch.Email))
	if email != "" {
		if email, err = notice.CheckAddress(email); err != nil {
			f.Mark("email", "error.email")
		}
	}
	f.Require("current", ch.Current)
	if err := f.Err(); err != nil {
		return err
	}
	spend, err := s.judgePassword(ctx, u, Proof{Password: ch.Current, Address: ch.Address})
	if err != nil {
		return err
	}
	now := s.now()
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := spend(ctx, tx); err != nil {
			return err
		}
		if err := tx.SetEmail(ctx, u.ID, email, now); err != nil || email == "" {
			return err
		}
		return tx.AddMail(ctx, mailTo(u.ID, notice.Email, string(u.ID), now))
	})
}

// mailTo is a mail to a user about a thing; what waits is told once.
func mailTo(user mediation.UserID, kind notice.Kind, thing string, now time.Time) postgres.Mail {
	return postgres.Mail{ID: newID(), Key: string(kind) + "/" + thing, User: user, Kind: string(kind), CreatedAt: now, DueAt: now}
}

// EmailLink says whether a link that confirms a mail address is alive.
//
// Errors: NotFound (error.link_ended).
func (s *Accounts) EmailLink(ctx context.Context, token string) error {
	_, err := s.link(ctx, token, forEmail)
	return err
}

// ConfirmEmail notes that the mail address of the link's user is his own.
//
// Errors: NotFound (error.link_ended).
func (s *Accounts) ConfirmEmail(ctx context.Context, token string) error {
	row, err := s.link(ctx, token, forEmail)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := useLink(ctx, tx, s, token, forEmail); err != nil {
			return err
		}
		return tx.ConfirmEmail(ctx, row.User, s.now())
	})
}

// AskPassword asks for a link that sets a new password, by the user name or phone
// somebody typed. It does the same work whoever that is, and does not find out:
// whether there is such an account, with a confirmed mail address, is looked up
// when the mail is sent, so that neither answer nor time tells.
//
// Errors: Invalid with the field login; TooMany.
func (s *Accounts) AskPassword(ctx context.Context, login, address string) error {
	f := mediation.Faults{}
	f.Require("login", login)
	if err := f.Err(); err != nil {
		return err
	}
	login = cut(plainLogin(login), 60)
	_, err := s.take(ctx, []postgres.GuessLimit{{Key: s.guessKey("reset", "", address), Most: resetsByAddress, Window: resetWindow}})
	if err != nil {
		return err
	}
	now := s.now()
	target := s.keys.Index("guess_reset_target", login)
	return s.db.InTx(ctx, func(tx postgres.Tx) error {
		wait, err := tx.TakeGuess(ctx, []postgres.GuessLimit{{Key: target, Most: resetsByLogin, Window: resetWindow}}, now)
		if err != nil || wait > 0 {
			return err // enough links are on their way; to say so would be an answer
		}
		m := mailTo("", notice.Password, newID(), now)
		m.Asked = login
		return tx.AddMail(ctx, m)
	})
}

// Asked finds whom a typed user name or phone means, for the courier; "" for
// nobody.
func Asked(ctx context.Context, db *postgres.DB, login string) (mediation.UserID, error) {
	u, err := db.AccountByLogin(ctx, login, plainPhone(login))
	if u == nil {
		return "", err
	}
	return u.ID, nil
}

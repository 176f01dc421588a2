package account

import (
	"context"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// The purposes of one-time links.
const (
	forPassword   = "password"
	forFirstAdmin = "first_admin"
)

// ResetLink makes a link token with which the user sets a new password, within
// LinkLife and once. An earlier one ends. It is for whoever runs the program,
// who hands the link over after seeing the person.
//
// Errors: NotFound (error.no_such_user), Conflict (error.user_disabled).
func (s *Accounts) ResetLink(ctx context.Context, username string) (token string, err error) {
	u, err := s.db.AccountByLogin(ctx, plainLogin(username), "")
	if err != nil {
		return "", err
	}
	if u == nil {
		return "", &mediation.Error{Kind: mediation.NotFound, Key: "error.no_such_user"}
	}
	if u.DisabledAt != nil {
		return "", &mediation.Error{Kind: mediation.Conflict, Key: "error.user_disabled"}
	}
	token, digest := vault.NewToken()
	now := s.now()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := told(ctx, tx, u.ID, notice.LinkMade, now); err != nil {
			return err
		}
		return tx.InsertLink(ctx, digest, forPassword, u.ID, now, now.Add(LinkLife))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// PasswordLink says whose password a living link sets, by user name.
//
// Errors: NotFound (error.link_ended).
func (s *Accounts) PasswordLink(ctx context.Context, token string) (username string, err error) {
	row, err := s.link(ctx, token, forPassword)
	if err != nil {
		return "", err
	}
	return row.Username, nil
}

// AdminLink says whether a link for the first administrator is alive.
//
// Errors: NotFound (error.link_ended).
func (s *Accounts) AdminLink(ctx context.Context, token string) error {
	_, err := s.link(ctx, token, forFirstAdmin)
	return err
}

func (s *Accounts) link(ctx context.Context, token, purpose string) (*postgres.LinkRow, error) {
	row, err := s.db.Link(ctx, vault.Digest(token), purpose, s.now())
	if err == nil && row == nil {
		return nil, linkEnded()
	}
	return row, err
}

// SetPassword sets a new password by a link, ends every session of the user, and
// forgets the wrong tries he made from the address before he asked for help. It
// gives the user name, to sign in with.
//
// Errors: NotFound (error.link_ended), Invalid with the field password.
func (s *Accounts) SetPassword(ctx context.Context, token, password, address string) (username string, err error) {
	row, err := s.link(ctx, token, forPassword)
	if err != nil {
		return "", err
	}
	f := mediation.Faults{}
	f.Require("password", password)
	s.checkPassword(f, password, row.Username, "")
	if err := f.Err(); err != nil {
		return "", withPasswordBounds(err)
	}
	hash, err := s.hasher.HashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	now := s.now()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := useLink(ctx, tx, s, token, forPassword); err != nil {
			return err
		}
		if err := tx.SetPasswordHash(ctx, row.User, hash, false); err != nil {
			return err
		}
		if err := tx.ClearGuesses(ctx, s.guessKey("password", row.Username, address)); err != nil {
			return err
		}
		_, err := tx.RevokeSignIns(ctx, row.User, "", now)
		return err
	})
	return row.Username, err
}

func useLink(ctx context.Context, tx postgres.Tx, s *Accounts, token, purpose string) error {
	used, err := tx.UseLink(ctx, vault.Digest(token), purpose, s.now())
	if err == nil && !used {
		return linkEnded()
	}
	return err
}

// FirstAdminLink makes a link token with which the first administrator makes his
// account, within LinkLife and once. An earlier one ends. It serves also when
// every administrator's grant has ended or his account is disabled: otherwise
// nobody could ever come in again.
//
// Errors: Conflict (error.admin_exists) as long as there is an administrator.
func (s *Accounts) FirstAdminLink(ctx context.Context) (token string, err error) {
	token, digest := vault.NewToken()
	now := s.now()
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := noAdmin(ctx, tx); err != nil {
			return err
		}
		return tx.InsertLink(ctx, digest, forFirstAdmin, "", now, now.Add(LinkLife))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func noAdmin(ctx context.Context, tx postgres.Tx) error {
	found, err := tx.HasAdmin(ctx)
	if err == nil && found {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.admin_exists"}
	}
	return err
}

// ClaimFirstAdmin makes the account of the first administrator and his grant, in
// force at once. Of two claims by one link the first wins.
//
// Errors: NotFound (error.link_ended), Conflict (error.admin_exists), Invalid
// with the fields of the account.
func (s *Accounts) ClaimFirstAdmin(ctx context.Context, token string, n NewAccount) (mediation.UserID, error) {
	if err := s.AdminLink(ctx, token); err != nil {
		return "", err
	}
	n = n.plain()
	if err := s.check(n); err != nil {
		return "", err
	}
	row, err := s.row(ctx, n)
	if err != nil {
		return "", err
	}
	row.Verified = true // he holds the machine
	err = s.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := noAdmin(ctx, tx); err != nil {
			return err
		}
		if err := useLink(ctx, tx, s, token, forFirstAdmin); err != nil {
			return err
		}
		if err := tx.InsertAccount(ctx, row); err != nil {
			return err
		}
		return tx.InsertFirstAdmin(ctx, newID(), newID(), row.ID, s.now())
	})
	if err != nil {
		return "", err
	}
	return row.ID, nil
}

package account

import (
	"context"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// Happening is something that happened to an account. Kind is one of the words of
// the table account_notices; Device and Address are of a new device.
type Happening struct {
	Kind, Device, Address string
	At                    time.Time
	Seen                  bool
}

// happenings is how many a page shows.
const happenings = 20

// Happenings lists what happened to the actor's own account last, newest first.
//
// Errors: Forbidden without an account.
func (s *Accounts) Happenings(ctx context.Context, a mediation.Actor) ([]Happening, error) {
	if _, err := s.policy.Check(a, "session_token", "list"); err != nil {
		return nil, err
	}
	rows, err := s.db.AccountNotices(ctx, a.User, happenings)
	if err != nil {
		return nil, err
	}
	list := make([]Happening, len(rows))
	for i, r := range rows {
		list[i] = Happening{Kind: r.Kind, Device: r.Device, Address: r.Address, At: r.At, Seen: r.SeenAt != nil}
	}
	return list, nil
}

// SeeHappenings notes that the actor has seen what happened to his account.
//
// Errors: Forbidden without an account.
func (s *Accounts) SeeHappenings(ctx context.Context, a mediation.Actor) error {
	if _, err := s.policy.Check(a, "session_token", "list"); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx postgres.Tx) error { return tx.SeeAccountNotices(ctx, a.User, s.now()) })
}

// MeetDevice notes with which browser the actor has come in, by a mark it carries
// ("" for none yet), and gives the mark to carry from now on. A browser that is
// new to somebody who came in with another before is told to him, in the program
// and by mail where an address stands.
//
// A mark and not the network address or the browser's name tells devices apart: a
// telephone changes its address every hour, and a thief's browser has the same
// name.
//
// Errors: Unauthenticated without an account.
func (s *Accounts) MeetDevice(ctx context.Context, a mediation.Actor, in SignIn, mark string) (string, error) {
	if !a.SignedIn() {
		return "", unauthenticated()
	}
	if len(mark) != len("ABCDEFGHIJKLMNOPQRSTUVWXYZ") { // as NewToken makes them; nothing else is looked up
		mark, _ = vault.NewToken()
	}
	now := s.now()
	err := s.db.InTx(ctx, func(tx postgres.Tx) error {
		fresh, others, err := tx.MeetDevice(ctx, a.User, vault.Digest(mark), now)
		if err != nil || !fresh || !others {
			return err
		}
		return tx.TellAccount(ctx, postgres.AccountNotice{ID: newID(), User: a.User, Kind: string(notice.NewDevice), At: now,
			Device: in.Device, Address: in.Address}, newID())
	})
	return mark, err
}

// told notes for the owner of an account what somebody else did to it.
func told(ctx context.Context, tx postgres.Tx, user mediation.UserID, kind notice.Kind, now time.Time) error {
	return tx.TellAccount(ctx, postgres.AccountNotice{ID: newID(), User: user, Kind: string(kind), At: now}, newID())
}

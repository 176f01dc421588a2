package ledger

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// Notice is one line in a person's box: what happened in which case. It holds no
// text of the case.
type Notice struct {
	ID     string
	Case   mediation.CaseID
	Number string           // "" when the case is no longer in the reader's reach
	Action mediation.Action // what happened
	Stage  mediation.Stage  // where the case stands now; "" out of reach
	At     time.Time
	Read   bool
}

// Notices reads one page of the actor's own notices, newest first: those to his
// account, and those to the parties he is.
//
// Errors: Forbidden when no role of the actor has a box, Invalid for a cursor
// that is none.
func (l *Ledger) Notices(ctx context.Context, a mediation.Actor, after string) (Page[Notice], error) {
	if _, err := l.policy.Check(a, "notice", "read"); err != nil {
		return Page[Notice]{}, err
	}
	mark, err := parseMark(after)
	if err != nil {
		return Page[Notice]{}, err
	}
	rows, err := l.db.ListNotices(ctx, l.reader(a, l.policy.Scope(a, "case", "list")), mark, PageSize+1)
	if err != nil {
		return Page[Notice]{}, err
	}
	page := cut(rows, mark, func(r postgres.NoticeRow) postgres.Mark { return postgres.Mark{At: r.At, ID: r.ID} })
	shown := Page[Notice]{Next: page.Next, Prev: page.Prev}
	for _, r := range page.Rows {
		shown.Rows = append(shown.Rows, Notice{ID: r.ID, Case: r.Case, Number: r.Number, Action: r.Action, Stage: r.Stage, At: r.At, Read: r.ReadAt != nil})
	}
	return shown, nil
}

// MarkRead notes that the actor has seen one of his notices; with an empty id,
// all that came up to now. Another's notice is NotFound, one already read is no
// fault.
func (l *Ledger) MarkRead(ctx context.Context, a mediation.Actor, id string) error {
	if _, err := l.policy.Check(a, "notice", "read"); err != nil {
		return err
	}
	if id != "" && (uuid.Validate(id) != nil || len(id) != 36) {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		found, err := tx.MarkNoticesRead(ctx, a, id, l.now())
		if err == nil && id != "" && found == 0 {
			return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
		}
		return err
	})
}

// Unread counts the actor's unread notices, up to QueueMost+1.
//
// Errors: Forbidden when no role of the actor has a box.
func (l *Ledger) Unread(ctx context.Context, a mediation.Actor) (int, error) {
	if _, err := l.policy.Check(a, "notice", "read"); err != nil {
		return 0, err
	}
	return l.db.UnreadNotices(ctx, a, QueueMost+1)
}

// Package ledger reads across cases (台账): lists, the queues of each desk, what
// is due, and a person's notices. It never changes a case. Every list is asked
// by the reader's own rights, a page at a time and by key, and what the reader
// may not see is gone from the row before any page gets it.
package ledger

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// PageSize is how many rows a page of a list has.
const PageSize = 30

// Ledger reads lists. It keeps nothing of its own.
type Ledger struct {
	db     *postgres.DB
	policy *authz.Policy
	now    func() time.Time
}

// New makes a ledger over a database. The clock is that of the cases.
func New(db *postgres.DB, policy *authz.Policy, now func() time.Time) *Ledger {
	return &Ledger{db: db, policy: policy, now: now}
}

// Filter narrows a list of cases; it is what stands in the address. The zero
// Filter is every case in reach that is not closed.
type Filter struct {
	Stages []mediation.Stage // any of them; none: all
	Type   string            // code list "dispute"
	Area   string            // path of an area, with its whole subtree
	Late   bool              // a running deadline has passed
	Mine   bool              // the reader is the acting mediator
	Closed bool              // the closed and archived cases instead of the open ones
	Query  string            // beginning of a number, or words of the title, the place or a party's name; at most 60 characters count
	Queue  string            // one queue of the reader's desks, such as "chair.to_seal"
	After  string            // cursor of a page, as Page gave it; "" is the first page
}

// MaxQuery is how many characters of a search count.
const MaxQuery = 60

// Row is one case in a list, as its reader may see it. Texts the reader may not
// see are "".
type Row struct {
	ID           mediation.CaseID
	IntakeNumber string
	Number       string // "" before acceptance
	Title        string // "" when the reader sees the register only: show the type
	Stage        mediation.Stage
	Type         string
	Grade        string
	Track        mediation.Track
	UpdatedAt    time.Time
	NextDue      Due
	Session      time.Time // next planned session from today on; zero without one
	Lead         string    // acting lead mediator
	Committee    string
	Area, AreaEN string // name of the place; AreaEN may be ""
	Parties      []Party
	Restricted   bool // with Title, Type and Parties empty: only the number may be shown
	Lapsed       bool // the mediation period ran out
}

// Name is the number a case is known by: the case number, before acceptance
// that of the register.
func (r Row) Name() string {
	if r.Number != "" {
		return r.Number
	}
	return r.IntakeNumber
}

// Hidden says that the row shows no more than that a restricted file is there.
func (r Row) Hidden() bool { return r.Restricted && r.Type == "" && len(r.Parties) == 0 }

// Due is a running deadline. The zero Due is none.
type Due struct {
	Kind        statute.DeadlineID
	At          time.Time
	Provisional bool // the year's calendar is not published yet
}

// Party is a party as a list names it; the name may be masked.
type Party struct {
	Side mediation.Side
	Name string
}

// Page is one page of a list. Next and Prev are the cursors of its neighbours;
// "" when there is none.
type Page[T any] struct {
	Rows       []T
	Next, Prev string
}

// Cases reads one page of the cases in the actor's reach, last changed first.
//
// Errors: Forbidden when no role of the actor lists cases, Invalid for a cursor
// that is none.
func (l *Ledger) Cases(ctx context.Context, a mediation.Actor, f Filter) (Page[Row], error) {
	rights, err := l.policy.Check(a, "case", "list")
	if err != nil {
		return Page[Row]{}, err
	}
	mark, err := parseMark(f.After)
	if err != nil {
		return Page[Row]{}, err
	}
	if f.Queue != "" {
		rights = l.rightsOf(a, f.Queue)
	}
	reader := l.reader(a, rights)
	rows, err := l.db.ListCases(ctx, reader, f.selection(), mark, PageSize+1)
	if err != nil {
		return Page[Row]{}, err
	}
	page := cut(rows, mark, func(r postgres.ListRow) postgres.Mark { return postgres.Mark{At: r.UpdatedAt, ID: string(r.ID)} })
	shown, err := shownRows(reader.Actor, page.Rows)
	return Page[Row]{Rows: shown, Next: page.Next, Prev: page.Prev}, err
}

// Found counts the cases of a filter in the actor's reach, up to QueueMost+1,
// without regard to the page.
//
// Errors: Forbidden when no role of the actor lists cases.
func (l *Ledger) Found(ctx context.Context, a mediation.Actor, f Filter) (int, error) {
	rights, err := l.policy.Check(a, "case", "list")
	if err != nil {
		return 0, err
	}
	if f.Queue != "" {
		rights = l.rightsOf(a, f.Queue)
	}
	return l.db.CountCases(ctx, l.reader(a, rights), f.selection(), QueueMost+1)
}

func (f Filter) selection() postgres.Selection {
	query := []rune(strings.TrimSpace(f.Query))
	return postgres.Selection{Stages: f.Stages, Type: f.Type, Area: f.Area, Late: f.Late, Mine: f.Mine, Closed: f.Closed,
		Text: string(query[:min(len(query), MaxQuery)]), Queue: f.Queue}
}

func (l *Ledger) reader(a mediation.Actor, rows []mediation.Right) postgres.Reader {
	return postgres.Reader{Actor: a, Rows: rows, Facts: l.policy.Scope(a, "facts", "read"), Now: l.now()}
}

// cut takes the one row too many from a page and makes the cursors of its
// neighbours. Rows stand in the order of the list whichever way they were read.
func cut[T any](rows []T, mark postgres.Mark, place func(T) postgres.Mark) Page[T] {
	more := len(rows) > PageSize
	if more && mark.Back {
		rows = rows[len(rows)-PageSize:]
	} else if more {
		rows = rows[:PageSize]
	}
	page := Page[T]{Rows: rows}
	if len(rows) == 0 {
		return page
	}
	if more || mark.Back {
		page.Next = markText(place(rows[len(rows)-1]), false)
	}
	if mark.ID != "" && (more || !mark.Back) {
		page.Prev = markText(place(rows[0]), true)
	}
	return page
}

// markText writes a cursor for an address: direction, microseconds, id.
func markText(m postgres.Mark, back bool) string {
	way := "n"
	if back {
		way = "p"
	}
	return way + strconv.FormatInt(m.At.UnixMicro(), 36) + "." + m.ID
}

// parseMark reads a cursor. Anything else is Invalid: a wrong address must not
// quietly give the first page.
func parseMark(text string) (postgres.Mark, error) {
	if text == "" {
		return postgres.Mark{}, nil
	}
	wrong := &mediation.Error{Kind: mediation.Invalid, Key: "error.bad_request", Fields: mediation.Faults{"after": "error.bad_request"}}
	when, id, ok := strings.Cut(text[1:], ".")
	way := text[:1]
	if !ok || (way != "n" && way != "p") {
		return postgres.Mark{}, wrong
	}
	micros, err := strconv.ParseInt(when, 36, 64)
	if err != nil || micros < 0 || micros > farAway {
		return postgres.Mark{}, wrong
	}
	if err := uuid.Validate(id); err != nil || len(id) != 36 {
		return postgres.Mark{}, wrong
	}
	return postgres.Mark{At: time.UnixMicro(micros).UTC(), ID: id, Back: way == "p"}, nil
}

// farAway is the end of the year 9999 in microseconds, which the database still
// takes.
const farAway = 253402300799999999

package ledger

import (
	"context"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// CasesBehind reads one page of the cases behind a figure that the reader may
// see, and for a stock the committees or mediators. A case that counts and is out
// of his reach is not in the list.
//
// Errors: Forbidden when the reader lists no cases, NotFound for a unit out of
// reach or no figure of ours, Invalid for a cursor that is none.
func (l *Ledger) CasesBehind(ctx context.Context, a mediation.Actor, ask FiguresAsked, cell figures.Cell, after string) (*Behind, error) {
	rights, err := l.policy.Check(a, "case", "list")
	if err != nil {
		return nil, err
	}
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	b := &Behind{}
	var known bool
	if b.Line, known = figures.LineOf(cell); !known || cell.Personal() { // of whom it was counted is kept nowhere
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	if b.Unit, err = unitOf(units, ask.Unit); err != nil {
		return nil, err
	}
	if b.Period, err = l.period(ask.Period); err != nil {
		return nil, err
	}
	values, err := l.totals(ctx, []string{b.Unit.Key}, b.Period)
	if err != nil {
		return nil, err
	}
	b.Value = values[b.Unit.Key][cell]
	listing := postgres.FigureListing{Unit: b.Unit, Cell: cell, From: b.Period.From, To: b.Period.To}
	if b.Line.Stock || b.Line.OfCommittees() {
		return b, l.names(ctx, b, listing)
	}
	mark, err := parseMark(after)
	if err != nil {
		return nil, err
	}
	rows, err := l.db.FigureRows(ctx, l.reader(a, rights), listing, mark, PageSize+1)
	if err != nil {
		return nil, err
	}
	page := cut(rows, mark, func(r postgres.ListRow) postgres.Mark { return postgres.Mark{At: r.Listed.Start(), ID: string(r.ID)} })
	b.Cases.Next, b.Cases.Prev = page.Next, page.Prev
	b.Cases.Rows, err = shownRows(a, page.Rows)
	return b, err
}

// maxNames is how many names behind a stock are shown.
const maxNames = 1000

// names reads who stands behind a stock, as of the last month that was counted, or
// which committees stand behind what they record by month.
func (l *Ledger) names(ctx context.Context, b *Behind, listing postgres.FigureListing) error {
	months, err := l.db.FigureMonths(ctx, b.Period.From, b.Period.To)
	if err != nil || len(months) == 0 {
		return err
	}
	if b.Line.Stock {
		listing.From = months[len(months)-1].Month()
		listing.To = listing.From
	}
	b.Names, err = l.db.FigureNames(ctx, listing, maxNames)
	return err
}

// Behind is what a figure was counted from.
type Behind struct {
	Unit   Unit
	Period figures.Period
	Line   figures.Line
	Value  int64
	Cases  Page[Row]
	Names  []postgres.FigureName // of a stock, and of what committees record
}

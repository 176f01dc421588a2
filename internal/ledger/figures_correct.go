package ledger

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// CorrectionLine is one change of a figure.
type CorrectionLine struct {
	Cell  figures.Cell
	Delta int64
}

// MaxReason is how many characters a reason may have.
const MaxReason = 500

// CorrectMonth writes a correction of a closed month: nothing that was closed
// changes, the lines stand beside it with who, when and why. Lines that would
// break a fill-in rule, which only hold together, are refused together. A month
// that was submitted or approved goes to its chair again.
//
// Errors: Forbidden, NotFound; Invalid with the fields month, lines and reason.
func (l *Ledger) CorrectMonth(ctx context.Context, a mediation.Actor, unit string, m figures.Month, lines []CorrectionLine, reason string) error {
	units, err := l.units(ctx, a, "correct")
	if err != nil {
		return err
	}
	u, err := unitOf(units, unit)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	f := mediation.Faults{}
	f.Require("reason", reason)
	if utf8.RuneCountInString(reason) > MaxReason {
		f.Mark("reason", "error.place_text_long")
	}
	if u.Kind != committeeKind {
		f.Mark("unit", "error.choose")
	}
	if len(lines) == 0 {
		f.Mark("lines[0].delta", "error.required")
	}
	for _, c := range lines {
		if line, ok := figures.LineOf(c.Cell); !ok || line.Stock || c.Delta == 0 {
			f.Mark("lines[0].delta", "figures.no_line")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := l.correct(ctx, tx, a, u, m, lines, reason); err != nil {
			return err
		}
		return noteCorrection(ctx, tx, postgres.ReportStep{At: mediation.CommitteeID(u.Key), First: m.First(), AreaPath: u.Path, Reason: reason,
			Role: l.policy.Scope(a, "stats", "correct")[0].Grant.Role, By: a.User, When: l.now()}, m)
	})
}

func (l *Ledger) correct(ctx context.Context, tx postgres.Tx, a mediation.Actor, u Unit, m figures.Month, lines []CorrectionLine, reason string) error {
	if err := tx.LockFigures(ctx); err != nil { // two corrections that each hold alone could break a sum together
		return err
	}
	months, err := tx.FigureMonths(ctx, m, m)
	if err != nil {
		return err
	}
	if len(months) == 0 || months[0].ClosedAt == nil {
		return mediation.Faults{"month": "figures.not_closed"}.Err()
	}
	rows, err := tx.Figures(ctx, []string{u.Key}, m, m)
	if err != nil {
		return err
	}
	values := figures.Values{}
	for _, r := range rows {
		values[r.Cell] += r.Value
	}
	for _, c := range lines {
		values[c.Cell] += c.Delta
	}
	if len(figures.Broken(figures.CaseReturn, values)) > 0 {
		return mediation.Faults{"lines[0].delta": "figures.sums_break"}.Err()
	}
	for _, c := range lines {
		err := tx.AddFigureCorrection(ctx, Correction{ID: uuid.Must(uuid.NewV7()).String(), First: m.First(), At: mediation.CommitteeID(u.Key),
			AreaPath: u.Path, Cell: c.Cell, Delta: c.Delta, Reason: reason, By: a.User, When: l.now()})
		if err != nil {
			return err
		}
	}
	return nil
}

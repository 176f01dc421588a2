package ledger

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"doorstep/internal/figures"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// MonthReport is where the closed month of one committee stands.
type MonthReport struct {
	postgres.MonthReport
	Late bool // not submitted, and its day has passed
}

// reportMonths is how many months back reports are listed.
const reportMonths = 12

// Reports reads where the closed months of the committees in reach stand, the
// newest first; what waits or is late only, unless all are asked for.
//
// Errors: Forbidden.
func (l *Ledger) Reports(ctx context.Context, a mediation.Actor, closeDay int, all bool) ([]MonthReport, error) {
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	return l.reports(ctx, units, closeDay, all)
}

func (l *Ledger) reports(ctx context.Context, units []Unit, closeDay int, all bool) ([]MonthReport, error) {
	var committees []string
	for _, u := range units {
		if u.Kind == committeeKind {
			committees = append(committees, u.Key)
		}
	}
	now := l.now()
	present := figures.MonthOf(now)
	rows, err := l.db.MonthReports(ctx, committees, present-reportMonths, present)
	if err != nil {
		return nil, err
	}
	list := []MonthReport{}
	for _, r := range rows {
		if all || r.State != figures.Approved {
			list = append(list, MonthReport{r, late(r, closeDay, now)})
		}
	}
	return list, nil
}

// late says whether a month that waits for its chair is past its day.
func late(r postgres.MonthReport, closeDay int, now time.Time) bool {
	return r.State.Waits() && !now.Before(r.Month().DueAt(closeDay))
}

// ReportView is one closed month of a committee with what its next step needs.
type ReportView struct {
	MonthReport
	Unit     Unit
	Values   figures.Values
	People   bool // as Figures.People
	Warnings []figures.Warning
	Steps    []postgres.ReportStep
	Said     map[figures.Warning]string // with the last submission
	Offer    []figures.Step             // what the reader may do now, corrections apart
	Due      time.Time
}

// waiting is the newest month that waits for somebody, or the newest of all.
func (l *Ledger) waiting(ctx context.Context, units []Unit, closeDay int) (FiguresAsked, error) {
	list, err := l.reports(ctx, units, closeDay, true)
	if err != nil || len(list) == 0 {
		return FiguresAsked{}, err
	}
	first := list[max(0, slices.IndexFunc(list, func(r MonthReport) bool { return r.State != figures.Approved }))]
	return FiguresAsked{Unit: string(first.At), Period: first.Month().String()}, nil
}

// Report reads one closed month of a committee, in the reader's rights; asked for
// none, the newest that waits.
//
// Errors: Forbidden; NotFound for a unit out of reach, one that is no committee,
// and a month that is not closed.
func (l *Ledger) Report(ctx context.Context, a mediation.Actor, ask FiguresAsked, closeDay int) (*ReportView, error) {
	units, err := l.units(ctx, a, "read")
	if err != nil {
		return nil, err
	}
	if ask == (FiguresAsked{}) {
		if ask, err = l.waiting(ctx, units, closeDay); err != nil {
			return nil, err
		}
	}
	u, err := unitOf(units, ask.Unit)
	if err != nil {
		return nil, err
	}
	period, ok := figures.ParsePeriod(ask.Period)
	if !ok || period.Span != figures.ByMonth || u.Kind != committeeKind {
		return nil, missing()
	}
	r, err := l.db.MonthReport(ctx, mediation.CommitteeID(u.Key), period.From)
	if err == nil && r == nil {
		err = missing()
	}
	if err != nil {
		return nil, err
	}
	v := &ReportView{MonthReport: MonthReport{*r, late(*r, closeDay, l.now())}, Unit: u, Due: r.Month().DueAt(closeDay)}
	v.People = covers(l.policy.Scope(a, "stats", "read_people"), u)
	if v.Values, v.Warnings, err = warned(ctx, l.db, u.Key, r.Month()); err != nil {
		return nil, err
	}
	if v.Steps, err = l.db.ReportSteps(ctx, r.At, r.Month()); err != nil {
		return nil, err
	}
	submitter, said := submission(v.Steps)
	v.Said = said
	for _, step := range []figures.Step{figures.Submit, figures.Approve, figures.SendBack} {
		if _, allowed := r.State.Next(step); allowed && covers(l.policy.Scope(a, "stats", mediation.Action(step)), u) && figures.Clean(step, submitter, a.User) {
			v.Offer = append(v.Offer, step)
		}
	}
	return v, nil
}

// submission is who submitted a month last, and what he explained.
func submission(steps []postgres.ReportStep) (by mediation.UserID, said map[figures.Warning]string) {
	for _, s := range steps {
		if s.Step == figures.Submit {
			by, said = s.By, s.Explained.V
		}
	}
	return by, said
}

// warned reads the figures of a month with what stands out in them.
func warned(ctx context.Context, db interface {
	Figures(context.Context, []string, figures.Month, figures.Month) ([]postgres.FigureValue, error)
}, unit string, m figures.Month) (figures.Values, []figures.Warning, error) {
	rows, err := db.Figures(ctx, []string{unit}, m-3, m)
	if err != nil {
		return nil, nil, err
	}
	months := map[figures.Month]figures.Values{}
	for _, r := range rows {
		at := figures.MonthOf(r.First.Start())
		if months[at] == nil {
			months[at] = figures.Values{}
		}
		months[at][r.Cell] += r.Value
	}
	var before []int64
	for at := m - 3; at < m; at++ {
		if v, counted := months[at]; counted {
			before = append(before, v[figures.Concluded])
		}
	}
	values := months[m]
	if values == nil {
		values = figures.Values{}
	}
	return values, figures.Warnings(values, before), nil
}

// ReportStep is what somebody enters with a step on a month.
type ReportStep struct {
	Unit      string
	Month     figures.Month
	Step      figures.Step // submit, approve or send_back
	Seq       int          // of the last step as it was seen
	Reason    string       // needed to send back
	Explained map[figures.Warning]string
}

// StepReport takes a closed month one step on: the chair submits it with every
// warning explained, the judicial office approves it or sends it back. The figures
// do not change by it.
//
// Errors: Forbidden, also for who submitted it; NotFound; Conflict when it moved
// on or its state does not allow the step; Invalid with the fields reason and
// explained.<warning>.
//
// Source: local; PML 10.
func (l *Ledger) StepReport(ctx context.Context, a mediation.Actor, in ReportStep) error {
	action := mediation.Action(in.Step)
	rights, err := l.policy.Check(a, "stats", action)
	if err != nil {
		return err
	}
	if in.Step == figures.Correct {
		return missing() // a correction is written, not stepped
	}
	units, err := l.units(ctx, a, action)
	if err != nil {
		return err
	}
	u, err := unitOf(units, in.Unit)
	if err == nil && (in.Unit == "" || u.Kind != committeeKind || in.Month == 0) {
		err = missing()
	}
	if err != nil {
		return err
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := tx.LockFigures(ctx); err != nil { // no correction slips in between what was read and what is stood for
			return err
		}
		r, err := tx.MonthReport(ctx, mediation.CommitteeID(u.Key), in.Month)
		if err == nil && r == nil {
			err = missing()
		}
		if err != nil {
			return err
		}
		next, err := l.stepReport(ctx, tx, a, *r, in)
		if err != nil {
			return err
		}
		next.Role = rights[0].Grant.Role
		return tx.AddReportStep(ctx, next)
	})
}

func (l *Ledger) stepReport(ctx context.Context, tx postgres.Tx, a mediation.Actor, r postgres.MonthReport, in ReportStep) (postgres.ReportStep, error) {
	next := postgres.ReportStep{At: r.At, First: r.First, Seq: r.Seq + 1, AreaPath: r.AreaPath, Step: in.Step, By: a.User, When: l.now()}
	steps, err := tx.ReportSteps(ctx, r.At, r.Month())
	if err != nil {
		return next, err
	}
	submitter, _ := submission(steps)
	to, allowed := r.State.Next(in.Step)
	switch {
	case in.Seq != r.Seq, !allowed:
		return next, &mediation.Error{Kind: mediation.Conflict, Key: "figures.moved_on"}
	case !figures.Clean(in.Step, submitter, a.User):
		return next, &mediation.Error{Kind: mediation.Forbidden, Key: "figures.own_month"}
	}
	next.State, next.Reason = to, strings.TrimSpace(in.Reason)
	f := mediation.Faults{}
	long(f, "reason", next.Reason)
	if in.Step == figures.SendBack {
		f.Require("reason", next.Reason)
	}
	if in.Step == figures.Submit {
		_, warnings, err := warned(ctx, tx, string(r.At), r.Month())
		if err != nil {
			return next, err
		}
		said := map[figures.Warning]string{}
		for _, w := range warnings {
			said[w] = strings.TrimSpace(in.Explained[w])
			f.Require("explained."+string(w), said[w])
			long(f, "explained."+string(w), said[w])
		}
		next.Explained.V = said
	}
	return next, f.Err()
}

func long(f mediation.Faults, field, text string) {
	if utf8.RuneCountInString(text) > MaxReason {
		f.Mark(field, "error.place_text_long")
	}
}

// noteCorrection lets a month that was corrected go its way again.
func noteCorrection(ctx context.Context, tx postgres.Tx, step postgres.ReportStep, m figures.Month) error {
	r, err := tx.MonthReport(ctx, step.At, m)
	if err != nil || r == nil {
		return err // a committee that was not counted in that month owes no report
	}
	to, allowed := r.State.Next(figures.Correct)
	if !allowed {
		return &mediation.Error{Kind: mediation.Conflict, Key: "figures.moved_on"}
	}
	step.Seq, step.Step, step.State = r.Seq+1, figures.Correct, to
	return tx.AddReportStep(ctx, step)
}

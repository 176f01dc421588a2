package ledger_test

import (
	"sync"
	"testing"
	"time"

	"doorstep/internal/figures"
	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

var may2026 = figures.NewMonth(2026, time.May)

func (o *office) report(a mediation.Actor) *ledger.ReportView {
	o.Helper()
	v, err := o.ledger.Report(o.ctx, a, ledger.FiguresAsked{Unit: id(4), Period: "2026-05"}, 5)
	if err != nil {
		o.Fatal(err)
	}
	return v
}

func (o *office) stepMonth(a mediation.Actor, step figures.Step, reason string) error {
	o.Helper()
	seq := 0
	if v, err := o.ledger.Report(o.ctx, o.supervisor, ledger.FiguresAsked{Unit: id(4), Period: "2026-05"}, 5); err == nil {
		seq = v.Seq
	}
	return o.ledger.StepReport(o.ctx, a, ledger.ReportStep{Unit: id(4), Month: may2026, Step: step, Seq: seq, Reason: reason})
}

func TestAClosedMonthGoesUpAndItsFiguresStay(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.count(0)
	ask := ledger.FiguresAsked{Unit: id(4), Period: "2026-05"}
	if _, err := o.ledger.Report(o.ctx, o.chair, ask, 5); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("a month that runs still is reported: %v", err)
	}
	o.want(o.stepMonth(o.chair, figures.Submit, ""), mediation.NotFound, "")
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	before := o.figures(o.chair, "", "2026-05").Values

	for _, tt := range []struct {
		who  mediation.Actor
		step figures.Step
		kind mediation.Kind
	}{
		{o.legal, figures.Submit, mediation.Forbidden}, {o.supervisor, figures.Approve, mediation.Forbidden}, {o.mediator, figures.Submit, mediation.Forbidden},
		{o.clerk, figures.Submit, mediation.Forbidden}, {o.applicant, figures.Submit, mediation.Forbidden}, {mediation.Visitor(), figures.Approve, mediation.Forbidden},
		{o.chair, figures.Approve, mediation.Forbidden}, {o.otherChair, figures.Submit, mediation.NotFound}, {o.legal, figures.Approve, mediation.Conflict},
		{o.legal, figures.Correct, mediation.NotFound},
	} {
		if err := o.stepMonth(tt.who, tt.step, "x"); err == nil || mediation.KindOf(err) != tt.kind {
			t.Errorf("%s by %s: %v", tt.step, tt.who.Name, err)
		}
	}
	if err := o.stepMonth(o.chair, figures.Submit, ""); err != nil {
		t.Fatal(err)
	}
	o.want(o.ledger.StepReport(o.ctx, o.legal, ledger.ReportStep{Unit: id(4), Month: may2026, Step: figures.Approve}), mediation.Conflict, "figures.moved_on")
	if err := o.stepMonth(o.legal, figures.SendBack, " "); mediation.FieldsOf(err)["reason"] == "" {
		t.Errorf("sent back without a reason: %v", err)
	}
	for _, turn := range []struct {
		who  mediation.Actor
		step figures.Step
		to   figures.State
	}{{o.legal, figures.SendBack, figures.Returned}, {o.chair, figures.Submit, figures.Submitted}, {o.legal, figures.Approve, figures.Approved}} {
		if err := o.stepMonth(turn.who, turn.step, "请核对类型"); err != nil {
			t.Fatal(err)
		}
		if v := o.report(o.supervisor); v.State != turn.to || len(v.Offer) != 0 {
			t.Errorf("after %s it stands %q, offers the supervisor %v", turn.step, v.State, v.Offer)
		}
	}
	if got := o.figures(o.chair, "", "2026-05").Values; len(got) != len(before) || got[figures.Registered] != before[figures.Registered] {
		t.Errorf("the figures moved from %v to %v", before, got)
	}
	moved := []ledger.CorrectionLine{{Cell: "type.02", Delta: -1}, {Cell: "type.17", Delta: 1}}
	if err := o.ledger.CorrectMonth(o.ctx, o.legal, id(4), may2026, moved, "类型记错"); err != nil {
		t.Fatal(err)
	}
	v := o.report(o.chair)
	if v.State != figures.Corrected || len(v.Steps) != 5 || v.Steps[4].Step != figures.Correct || v.Steps[4].Reason != "类型记错" {
		t.Fatalf("corrected after approval: %q, %+v", v.State, v.Steps)
	}
	o.want(o.stepMonth(o.legal, figures.Approve, ""), mediation.Conflict, "figures.moved_on")
	for _, step := range []struct {
		who  mediation.Actor
		step figures.Step
	}{{o.chair, figures.Submit}, {o.legal, figures.Approve}} {
		if err := o.stepMonth(step.who, step.step, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{`UPDATE figure_reports SET state = 'approved'`, `DELETE FROM figure_reports`, `TRUNCATE figure_reports`} {
		if _, err := o.raw.ExecContext(o.ctx, statement); err == nil {
			t.Errorf("the owner of the tables may: %s", statement)
		}
	}
}

func TestOneWhoWearsBothHatsDoesNotApproveHisOwnMonth(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	both := o.chair
	both.Grants = append(both.Grants, mediation.Grant{Role: mediation.RoleLegalOfficer, AreaPath: "gx/"})
	if err := o.stepMonth(both, figures.Submit, ""); err != nil {
		t.Fatal(err)
	}
	o.want(o.stepMonth(both, figures.Approve, ""), mediation.Forbidden, "figures.own_month")
	if v := o.report(both); len(v.Offer) != 0 {
		t.Errorf("he is offered %v", v.Offer)
	}
	if err := o.stepMonth(o.legal, figures.Approve, ""); err != nil {
		t.Error(err)
	}
}

func TestWhatStandsOutIsExplainedBeforeItGoesUp(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.reach(1, "register")
	o.now = time.Date(2026, 7, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(2)
	june := figures.NewMonth(2026, time.June)
	in := ledger.ReportStep{Unit: id(4), Month: june, Step: figures.Submit}
	if err := o.ledger.StepReport(o.ctx, o.chair, in); mediation.FieldsOf(err)["explained.quiet"] == "" {
		t.Fatalf("a month without a case goes up unexplained: %v", err)
	}
	in.Explained = map[figures.Warning]string{figures.Quiet: "本月没有纠纷", figures.Jump: "没有这一条"}
	if err := o.ledger.StepReport(o.ctx, o.chair, in); err != nil {
		t.Fatal(err)
	}
	v, err := o.ledger.Report(o.ctx, o.legal, ledger.FiguresAsked{Unit: id(4), Period: "2026-06"}, 5)
	if err != nil || len(v.Said) != 1 || v.Said[figures.Quiet] != "本月没有纠纷" || len(v.Offer) != 2 {
		t.Errorf("legal staff read %+v, are offered %v, %v", v.Said, v.Offer, err)
	}
}

func TestMonthsNobodySubmittedAreLate(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	list := func(a mediation.Actor, all bool) (n, late int) {
		t.Helper()
		rows, err := o.ledger.Reports(o.ctx, a, 5, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Late {
				late++
			}
		}
		return len(rows), late
	}
	for _, tt := range []struct {
		at      time.Time
		closed  int
		n, late int
	}{
		{time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai), 1, 1, 0},
		{time.Date(2026, 6, 9, 23, 59, 0, 0, statute.Shanghai), 0, 1, 0},
		{time.Date(2026, 6, 10, 0, 0, 0, 0, statute.Shanghai), 0, 1, 1},
	} {
		o.now = tt.at
		o.count(tt.closed)
		if n, late := list(o.chair, false); n != tt.n || late != tt.late {
			t.Errorf("on %s the chair has %d months, %d late; want %d, %d", tt.at, n, late, tt.n, tt.late)
		}
	}
	if n, late := list(o.supervisor, false); n != 2 || late != 2 {
		t.Errorf("the supervisor sees %d months, %d late; want both committees' May", n, late)
	}
	if err := o.stepMonth(o.chair, figures.Submit, ""); err != nil {
		t.Fatal(err)
	}
	if n, late := list(o.chair, false); n != 1 || late != 0 {
		t.Errorf("submitted: %d months, %d late", n, late)
	}
	if err := o.stepMonth(o.legal, figures.Approve, ""); err != nil {
		t.Fatal(err)
	}
	if n, _ := list(o.chair, false); n != 0 {
		t.Errorf("approved: %d months wait", n)
	}
	if n, _ := list(o.chair, true); n != 1 {
		t.Errorf("all: %d months", n)
	}
	o.now = time.Date(2026, 7, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	all, err := o.ledger.PublicFigures(o.ctx, mediation.Visitor(), "", 5)
	if err != nil || len(all) != 1 || !all[0].Preliminary() || all[0].Closed != 4 || all[0].Approved != 1 {
		t.Errorf("what is public: %+v, %v", all, err)
	}
}

// One month is submitted once by many hands at once.
func TestAMonthIsSubmittedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.now = time.Date(2026, 6, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(1)
	var wait sync.WaitGroup
	went := make(chan bool, 6)
	for range 6 {
		wait.Go(func() {
			err := o.ledger.StepReport(o.ctx, o.chair, ledger.ReportStep{Unit: id(4), Month: may2026, Step: figures.Submit})
			if err == nil {
				went <- true
			} else if mediation.KindOf(err) != mediation.Conflict {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if v := o.report(o.legal); len(went) != 1 || v.Seq != 1 {
		t.Errorf("submitted %d times, %d lines", len(went), v.Seq)
	}
}

// A correction of one case after the quarter was published would tell of that
// case: the old table stays. With many cases more it is shown.
func TestAPublishedQuarterIsCorrectedOnlyByMany(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.may()
	o.now = time.Date(2026, 7, 5, 0, 0, 0, 0, statute.Shanghai)
	o.count(2)
	add := func(n int64) {
		t.Helper()
		o.now = o.now.Add(time.Hour)
		if err := o.ledger.CorrectMonth(o.ctx, o.legal, id(4), may2026, []ledger.CorrectionLine{{Cell: figures.Accepted, Delta: n}}, "漏记受理"); err != nil {
			t.Fatal(err)
		}
	}
	read := func(small, want int64, held int) {
		t.Helper()
		all, err := o.ledger.PublicFigures(o.ctx, mediation.Visitor(), "", small)
		if err != nil || len(all) != 1 {
			t.Fatal(err)
		}
		last := all[0].Rows[len(all[0].Rows)-1][0]
		if last.Hidden || last.Value != want || all[0].Held != held {
			t.Errorf("with a bound of %d the district tells %+v accepted, %d held back; want %d, %d", small, last, all[0].Held, want, held)
		}
	}
	read(3, 3, 0) // three cases were accepted
	add(1)
	read(3, 3, 1)
	if f := o.figures(o.supervisor, "", "2026-Q2"); f.Values[figures.Accepted] != 4 {
		t.Errorf("the office itself reads %d accepted, want what was corrected", f.Values[figures.Accepted])
	}
	add(1)
	read(3, 3, 2)
	add(1)
	read(3, 6, 0)
}

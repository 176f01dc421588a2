package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
)

// Nothing is agreed on, signed or sealed before the talks: every mark that fixes the
// day of effect (PML 29, 30), on every day around the first session.
//
// proves: guard.before_talks
func TestNothingIsAgreedBeforeTheTalks(t *testing.T) {
	opened := func(t judge, stage Stage) *play { // the play stands still on 11 May; the talks began then
		p := at(t, stage)
		p.now = p.now.AddDate(0, 0, 3)
		return p
	}
	for _, mark := range []struct {
		name  string
		begin func(judge) *play
		as    Role
		act   func(p *play, on string) Act
	}{
		{"party", func(t judge) *play { return opened(t, AgreementDraft) }, RoleMediator, func(p *play, on string) Act { a := signing(p); a.On = day(on); return a }},
		{"mediator", func(t judge) *play { return opened(t, AgreementDraft) }, RoleMediator, func(p *play, on string) Act { a := countersigning(p); a.On = day(on); return a }},
		{"seal", func(t judge) *play { return opened(t, AgreementDraft) }, RoleChair, func(p *play, on string) Act { a := sealing(p); a.On = day(on); return a }},
		{"oral", func(t judge) *play { return opened(t, InMediation) }, RoleMediator, func(p *play, on string) Act {
			a := oralSettlement(p)
			a.On = day(on)
			return a
		}},
	} {
		for on, want := range map[string]string{"2025-05-11": "on=rule.before_talks", "2026-05-10": "on=rule.before_talks", "2026-05-11": "", "2026-05-14": "",
			"2026-05-15": "on=rule.in_the_future"} {
			p := mark.begin(t)
			if _, err := p.try(mark.as, mark.act(p, on)); fault(err) != want {
				t.Errorf("%s on %s: %q (%v), want %q", mark.name, on, fault(err), err, want)
			}
		}
	}
	for on, want := range map[string]string{"2026-05-03": "on=rule.before_talks", "2026-05-04": "", "2026-05-11": "", "2026-05-12": "on=rule.in_the_future"} {
		p := at(t, Registered) // settled on the spot and written down within the week
		a := settledAtOnce(p)
		a.On = day(on)
		if _, err := p.try(RoleMediator, a); fault(err) != want {
			t.Errorf("at once on %s: %q, want %q", on, fault(err), want)
		}
	}
}

// What falls due later is not performed on the spot, whatever is ticked: the tick let
// an agreement that must be in writing pass as an oral one, and the written one said
// that everything was done (NB15 24; MOJ02 34).
//
// proves: guard.not_at_once
func TestOnTheSpotIsToday(t *testing.T) {
	for _, immediate := range []bool{false, true} {
		for _, days := range []int{-3, 0, 1, 3, 4, 60} {
			due := func(p *play, terms *Terms) {
				terms.Immediate = immediate
				for i := range terms.Promises {
					terms.Promises[i].Due, terms.Promises[i].Every = p.today().Add(days), ""
				}
			}
			p := at(t, InMediation)
			oral, want := oralSettlement(p), ""
			due(p, &oral.Terms)
			switch {
			case immediate && days > 0:
				want = "immediate=rule.not_at_once"
			case days > 3:
				want = "rule.must_be_written"
			}
			if _, err := p.try(RoleMediator, oral); fault(err) != want {
				t.Errorf("oral, immediate %v, due in %d days: %q, want %q", immediate, days, fault(err), want)
			}
			p = at(t, InMediation)
			written := draft(p)
			due(p, &written.Terms)
			if want == "rule.must_be_written" {
				want = ""
			}
			if _, err := p.try(RoleMediator, written); fault(err) != want {
				t.Errorf("written, immediate %v, due in %d days: %q, want %q", immediate, days, fault(err), want)
			}
		}
	}
}

// What was settled by word of mouth over little is a simple dispute (L1), unless the
// chair said otherwise; one that reporters took up is a major one (L4).
func TestWhatWasSettledByWordOfMouthIsSimple(t *testing.T) {
	for _, row := range []struct {
		amount       int64
		grade, chair string
	}{{0, "L1", ""}, {1_000_00, "L1", ""}, {1_000_01, "L2", ""}, {0, "L2", "L2"}} {
		p := at(t, Registered)
		p.c.AmountFen = row.amount
		if row.chair != "" {
			p.do(RoleChair, Grading{Grade: row.chair})
		}
		p.do(RoleMediator, settledAtOnce(p))
		if p.c.Grade != row.grade {
			t.Errorf("%d fen, chair %q: %s, want %s", row.amount, row.chair, p.c.Grade, row.grade)
		}
	}
	p := at(t, Submitted)
	a := registration(p)
	a.Media = true
	if p.do(RoleCoordinator, a); p.c.Grade != "L4" {
		t.Errorf("in the media: %s", p.c.Grade)
	}
}

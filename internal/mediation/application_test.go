package mediation_test

import (
	"fmt"
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"

	"github.com/google/go-cmp/cmp"
)

// filedOn is a joint application that came to the court on a day.
func filedOn(text string) func(*play) Act {
	return but(jointApplication, func(a *JointApplication) { a.On = day(text) })
}

// signedByAgents is one that agents signed for all.
func signedByAgents(p *play) Act {
	return but(jointApplication, func(a *JointApplication) { a.ByAgent = a.AppliedBy })(p)
}

// periods are how the thirty days of 11 May to 10 June 2026 stand when somebody
// sits down to write.
var periods = []struct {
	name  string
	start func(judge) *play
}{
	{"runs", func(t judge) *play { return at(t, Effective).on("2026-05-20") }},
	{"last day", func(t judge) *play { return at(t, Effective).on("2026-06-10") }},
	{"over, not noted yet", func(t judge) *play { return at(t, Effective).on("2026-06-11") }},
	{"lapsed", func(t judge) *play { return at(t, Effective).on("2026-06-11").act(LapseConfirmation).on("2026-06-20") }},
	{"lapsed while one was awaited", func(t judge) *play {
		return at(t, Effective).act(ProposeConfirmation, JoinConfirmation).on("2026-06-11").act(LapseConfirmation).on("2026-06-20")
	}},
	{"lapsed after a no", func(t judge) *play {
		return at(t, Effective).act(ProposeConfirmation, DeclineConfirmation).on("2026-06-11").act(LapseConfirmation).on("2026-06-20")
	}},
	{"lapsed, followed up", func(t judge) *play { return at(t, FollowedUp).on("2026-06-11").act(LapseConfirmation).on("2026-06-20") }},
}

// filingDays are the days that may be named as that of the filing; "" is none.
var filingDays = []string{"2026-05-10", "2026-05-11", "2026-05-20", "2026-06-10", "2026-06-11", "2026-06-20", "2026-06-21", ""}

// TestTheDayOfFilingDecides: D-12 is kept by the day on which the application came
// to the court, however late it is written down. "+" is noted, "!" is noted with
// the court's receipt alone; an answer names the field.
//
// proves: duty.filed_in_time D-12
func TestTheDayOfFilingDecides(t *testing.T) {
	var b strings.Builder
	for _, period := range periods {
		fmt.Fprintf(&b, "%s\n", period.name)
		for _, d := range filingDays {
			on := statute.Date{}
			if d != "" {
				on = day(d)
			}
			fmt.Fprintf(&b, "  %-10s %s\n", d, noted(t, period.start, on))
		}
		for _, a := range []Action{ProposeConfirmation, JoinConfirmation} {
			p := period.start(t)
			offered := p.c.Offers(a)
			_, err := p.try(RoleMediator, goods[a].make(p))
			fmt.Fprintf(&b, "  %-20s %s, offered %v\n", a, said(err), offered)
		}
	}
	golden(t, "filed_in_time.txt", b.String())
}

func said(err error) string {
	if err == nil {
		return "+"
	}
	return fault(err)
}

// noted says what becomes of an application that came to the court on a day, with
// the court's receipt and without.
func noted(t *testing.T, start func(judge) *play, on statute.Date) string {
	t.Helper()
	answers := [2]string{}
	for i, receipt := range []*File{nil, {Name: "回执.jpg", Kind: "image", Mime: "image/jpeg", Size: 10, Digest: strings.Repeat("e7", 32)}} {
		p := start(t)
		before := copied(p.c)
		a := jointApplication(p)
		a.On, a.Receipt = on, receipt
		_, err := p.try(RoleMediator, a)
		if diff := changed(before, p.c); err != nil && diff != "" {
			t.Errorf("refused and yet changed:\n%s", diff)
		}
		answers[i] = said(err)
	}
	switch {
	case answers[0] == answers[1]:
		return answers[0]
	case answers[1] == "+" && answers[0] == "receipt=rule.court_receipt":
		return "!"
	}
	return answers[1] + ", without the receipt " + answers[0]
}

// TestATimelyApplicationUndoesTheLapse: the clock was kept after all, the history
// says both, and everything goes on from the day of filing.
//
// proves: duty.filed_in_time
func TestATimelyApplicationUndoesTheLapse(t *testing.T) {
	p := at(t, FollowedUp).act(ProposeConfirmation, JoinConfirmation).on("2026-06-11").act(LapseConfirmation).on("2026-06-12")
	before := copied(p.c)
	events, err := p.try(RoleMediator, filedOn("2026-06-09")(p))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"apply_confirmation followed_up>followed_up competence=seat filed_on=2026-06-09 receipt=# scan=# undoes=lapse_confirmation"}
	if diff := cmp.Diff(want, lines(events)); diff != "" {
		t.Errorf("the history (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"+D-15 2026-06-12"}, clocks(before, p.c)); diff != "" {
		t.Errorf("the clocks (-want +got):\n%s", diff)
	}
	var term []string
	for _, d := range p.c.Deadlines {
		if d.Kind == statute.D12Confirmation {
			term = append(term, due(d)+" "+d.Outcome)
		}
	}
	if diff := cmp.Diff([]string{"2026-06-10 met"}, term); diff != "" {
		t.Errorf("the thirty days (-want +got):\n%s", diff)
	}
	lapsed := 0
	for _, e := range p.history {
		if e.Action == LapseConfirmation {
			lapsed++
		}
	}
	if lapsed != 1 || len(p.c.Confirmations) != 2 || p.c.Confirmations[0].State != ConfirmationLate || p.c.Application().FiledOn != day("2026-06-09") {
		t.Errorf("%d lapses told, applications %+v", lapsed, p.c.Confirmations)
	}
	receipt := p.c.Files[len(p.c.Files)-1]
	if receipt.Class != statute.CourtPaper || receipt.Digest != strings.Repeat("e7", 32) || p.c.Application().Frozen() == nil {
		t.Errorf("the receipt lies as %+v", receipt)
	}
	if p.c.Offers(ApplyConfirmation) || p.c.NotedLate(p.today()) {
		t.Error("offered once more")
	}
	p.do(RoleCourtClerk, CourtTook{CourtStep{Ref: "（2026）示0199民特12号", On: day("2026-06-11")}})
	p.do(RoleCourtClerk, CourtConfirmed{CourtStep: CourtStep{Ref: "（2026）示0199民特12号", On: p.today()}})
	if p.c.ConfirmationState() != ConfirmationConfirmed || p.c.Clock(statute.D15dEnforcement) == nil {
		t.Errorf("the court's steps end at %s", p.c.ConfirmationState())
	}
}

// TestAnotherCourtInTime: of two applications the second can have come in only
// after the first came back; where that was after the thirty days there is no day
// left, and nothing is offered.
func TestAnotherCourtInTime(t *testing.T) {
	for _, w := range []struct{ back, filed, want string }{
		{"2026-06-08", "2026-06-07", "on=rule.before_last_step"},
		{"2026-06-08", "2026-06-08", "+"},
		{"2026-06-08", "2026-06-10", "+"},
		{"2026-06-08", "2026-06-11", "on=rule.filed_late"},
		{"2026-06-10", "2026-06-10", "+"},
		{"2026-06-11", "2026-06-10", "rule.confirmation_late"},
	} {
		p := applied()(t).on("2026-06-12").do(RoleCourtClerk, CourtTookNot{CourtStep{On: day(w.back)}})
		offered := p.c.Offers(ApplyConfirmation)
		_, err := p.try(RoleMediator, filedOn(w.filed)(p))
		if got := said(err); got != w.want || offered != (w.want != "rule.confirmation_late") {
			t.Errorf("came back on %s, filed on %s: %s, want %s; offered %v", w.back, w.filed, got, w.want, offered)
		}
	}
}

// TestAnAgentMaySignTheJointApplication who holds the power to settle; the sheet
// and the power are laid before the court with his name (CPL 62, 205; CPLI 351).
//
// proves: duty.applied_by_agent
func TestAnAgentMaySignTheJointApplication(t *testing.T) {
	p := at(t, Effective)
	p.c.Parties[0].AgentName, p.c.Parties[0].AgentScope = "周律师", "settle"
	first, second := p.c.Parties[0].ID, p.c.Parties[1].ID
	p.do(RoleMediator, but(jointApplication, func(a *JointApplication) { a.ByAgent = []PartyID{first} })(p))
	k := p.c.Application().ID
	if !p.c.JoiningOf(k, first).ByAgent || p.c.JoiningOf(k, second).ByAgent {
		t.Errorf("%+v", p.c.Joinings)
	}
	if frozen := p.c.Application().Frozen(); !frozen.Joinings[0].ByAgent || frozen.Joinings[1].ByAgent {
		t.Errorf("before the court: %+v", frozen.Joinings)
	}
}

// TestTheReceiptNeedsRoom beside the sheet that was signed, and says so at its own field.
func TestTheReceiptNeedsRoom(t *testing.T) {
	for _, w := range []struct {
		room int64
		want string
	}{{10, "receipt=error.committee_full"}, {3000, "file=error.committee_full"}, {1 << 20, "+"}} {
		p := at(t, Effective).on("2026-06-11").act(LapseConfirmation)
		s := p.scene(RoleMediator)
		s.Quota = Quota{CaseFiles: 60, CaseBytes: 1 << 30, CommitteeBytes: w.room}
		if _, err := p.c.Perform(jointApplication(p), s); said(err) != w.want {
			t.Errorf("with room for %d bytes: %s, want %s", w.room, said(err), w.want)
		}
	}
}

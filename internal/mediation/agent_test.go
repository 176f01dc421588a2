package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// An agent acts while his power runs, the first and the last day included, and signs
// only with the power to settle (CPL 62; CC 165, 173): by term, scope and step.
//
// proves: guard.agent_term guard.agent_may_settle guard.power_of_attorney
func TestAnAgentActsWithinHisPower(t *testing.T) {
	type term struct{ from, until string } // the play stands on 2026-05-11
	date := func(text string) statute.Date {
		if text == "" {
			return statute.Date{}
		}
		return day(text)
	}
	for _, span := range []struct {
		term
		runs bool
	}{
		{term{"", ""}, true}, {term{"2026-05-11", ""}, true}, {term{"", "2026-05-11"}, true}, {term{"2026-05-11", "2026-05-11"}, true},
		{term{"2026-05-01", "2026-06-01"}, true}, {term{"2026-05-12", ""}, false}, {term{"", "2026-05-10"}, false}, {term{"2025-05-11", "2026-05-10"}, false},
	} {
		for _, agent := range []string{"", "何律师"} {
			for _, scope := range []string{"general", "settle"} {
				for _, byAgent := range []bool{false, true} {
					arm := func(p *play) *Party {
						v := p.c.Party(p.side(Applicant))
						v.AgentName, v.AgentScope, v.AgentFrom, v.AgentUntil = agent, scope, date(span.from), date(span.until)
						return v
					}
					why := ""
					switch {
					case !byAgent:
					case agent == "":
						why = "power_of_attorney"
					case !span.runs:
						why = "agent_term"
					}
					p := at(t, Scheduled)
					arm(p)
					a := opening(p)
					a.Attendance[0].ByAgent = byAgent
					if _, err := p.try(RoleMediator, a); fault(err) != ruleKey(why) {
						t.Errorf("session, %+v %q %s by agent %v: %q, want %q", span, agent, scope, byAgent, fault(err), why)
					}
					if why == "" && byAgent && scope != "settle" {
						why = "agent_may_settle"
					}
					want := ruleKey(why)
					if want != "" {
						want = "by_agent=" + want
					}
					p = at(t, AgreementDraft)
					arm(p)
					s := signing(p)
					s.Party, s.ByAgent = p.side(Applicant), byAgent
					_, err := p.try(RoleMediator, s)
					if fault(err) != want {
						t.Errorf("signature, %+v %q %s by agent %v: %q, want %q", span, agent, scope, byAgent, fault(err), want)
					}
					if err == nil && p.c.Signed()[0].ByAgent != byAgent {
						t.Errorf("who signed is not kept: %+v", p.c.Signed()[0])
					}
				}
			}
		}
	}
}

func ruleKey(name string) string {
	if name == "" {
		return ""
	}
	return "rule." + name
}

// Whose power is taken back leaves nothing of it behind.
func TestWithoutAnAgentThereIsNoPower(t *testing.T) {
	p := at(t, Assigned)
	entry := PartyEntry{Party: p.side(Applicant), Side: Applicant, Capacity: "adult", Name: "王建国", Agent: "何律师", AgentScope: "settle", AgentPaper: true,
		AgentFrom: day("2026-05-01"), AgentUntil: day("2026-12-31")}
	p.do(RoleMediator, PartyChange{entry})
	if v := p.c.Party(entry.Party); v.AgentUntil != day("2026-12-31") || v.AgentFrom != day("2026-05-01") {
		t.Errorf("term %v to %v", v.AgentFrom, v.AgentUntil)
	}
	entry.AgentUntil = day("2026-04-30")
	if _, err := p.try(RoleMediator, PartyChange{entry}); fault(err) != "agent_until=rule.term_backwards" {
		t.Errorf("a power that ends before it begins: %v", err)
	}
	entry.Agent = ""
	p.do(RoleMediator, PartyChange{entry})
	if v := p.c.Party(entry.Party); v.AgentName != "" || v.AgentScope != "" || !v.AgentFrom.IsZero() || !v.AgentUntil.IsZero() {
		t.Errorf("power left behind: %+v", v)
	}
}

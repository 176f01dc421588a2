package mediation_test

import (
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// off is a day the office adds to the calendar after a clock began.
func off(days ...string) []statute.Exception {
	var all []statute.Exception
	for _, d := range days {
		all = append(all, statute.Exception{Day: day(d), NameZH: "临时放假", NameEN: "Extra day off"})
	}
	return all
}

// TestRereckon: a calendar that changes under running clocks moves those whose
// last day is another one now, and no other.
//
// proves: act.rereckon
func TestRereckon(t *testing.T) {
	allStages := []string{}
	for _, s := range Stages {
		allStages = append(allStages, string(s))
	}
	everywhere := strings.Join(allStages, " ")
	for _, r := range []row{
		{name: "a clock in working days", from: everywhere, start: func(t judge) *play { return withDays(filed(t), off("2026-05-13")) }, as: RoleSystem,
			act: goods[Rereckon].make, to: Submitted, clocks: []string{"D-01 runs to 2026-05-15"}, events: []string{"rereckon submitted>submitted moved=D-01"},
			then: func(t *testing.T, p *play) {
				if _, err := p.try(RoleSystem, Rereckoning{}); fault(err) != "rule.nothing_moved" {
					t.Errorf("counted twice: %v", err)
				}
			},
			refuses: []refusing{
				{why: "when the calendar is as it was", spoil: func(p *play) { p.days = nil }, answer: "rule.nothing_moved"},
				{why: "for a day after the clock's last", spoil: func(p *play) { p.days = off("2026-05-15") }, answer: "rule.nothing_moved"},
			}},
		{name: "a last day in calendar days that is a day off now", from: everywhere,
			start: func(t judge) *play { return withDays(at(t, InMediation), off("2026-06-10")) }, as: RoleSystem, act: goods[Rereckon].make, to: InMediation,
			clocks: []string{"D-06 runs to 2026-06-11"}, events: []string{"rereckon in_mediation>in_mediation moved=D-06"}},
		{name: "days the parties agreed on stand", from: everywhere,
			start: func(t judge) *play { return withDays(at(t, Effective), off("2026-05-21", "2026-05-31", "2026-06-10")) }, as: RoleSystem,
			act: goods[Rereckon].make, to: Effective, clocks: []string{"D-12 runs to 2026-06-11"}, events: []string{"rereckon effective>effective moved=D-12"}},
		{name: "a period that lapsed on a day off runs on", from: everywhere,
			start: func(t judge) *play { return withDays(over(InMediation)(t).act(Lapse), off("2026-06-10", "2026-06-11")) }, as: RoleSystem,
			act: goods[Rereckon].make, to: InMediation, clocks: []string{"D-06 runs to 2026-06-12"}, events: []string{"rereckon in_mediation>in_mediation moved=D-06"},
			then: func(t *testing.T, p *play) {
				if p.c.Lapsed {
					t.Error("still lapsed")
				}
			}},
	} {
		r.run(t)
	}
}

func withDays(p *play, days []statute.Exception) *play {
	p.days = days
	return p
}

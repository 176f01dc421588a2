package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
)

// A minor or an adult without full capacity does nothing that binds him before the
// file names who may act for him (CC 19 to 23): every step at which a party's own
// word counts, by capacity and by what the file knows.
//
// proves: guard.guardian_first
func TestWardsAreSpokenFor(t *testing.T) {
	steps := []struct {
		action Action
		from   func(judge) *play
		as     Role
		act    func(*play) Act
	}{
		{GiveConsent, func(t judge) *play { return at(t, ConsentPending) }, RoleCodeHolder, just(willing)},
		{GiveConsent, func(t judge) *play { return at(t, ConsentPending) }, RoleCoordinator, just(willing)},
		{SettleAtOnce, func(t judge) *play { return at(t, Registered) }, RoleMediator, just(settledAtOnce)},
		{OpenSession, func(t judge) *play { return at(t, Scheduled) }, RoleMediator, just(opening)},
		{Sign, func(t judge) *play { return at(t, AgreementDraft).act(Sign) }, RoleMediator, func(p *play) Act {
			a := signing(p)
			a.Party = p.side(Respondent)
			return a
		}},
	}
	for _, capacity := range []string{"adult", "minor", "limited", "organisation", "group"} {
		for _, guardian := range []string{"", " ", "孙浩"} {
			stops := (capacity == "minor" || capacity == "limited") && guardian != "孙浩"
			for _, s := range steps {
				p := s.from(t)
				v := p.c.Party(p.side(Respondent))
				v.Capacity, v.GuardianName = capacity, guardian
				before := copied(p.c)
				_, err := p.try(s.as, s.act(p))
				switch {
				case stops && (KeyOf(err) != "rule.guardian_first" || KindOf(err) != Invalid):
					t.Errorf("%s of %s with guardian %q: %v", s.action, capacity, guardian, err)
				case stops && changed(before, p.c) != "":
					t.Errorf("%s of %s with guardian %q changed the case", s.action, capacity, guardian)
				case !stops && err != nil:
					t.Errorf("%s of %s with guardian %q: %v", s.action, capacity, guardian, err)
				}
			}
			p := at(t, ConsentPending) // whoever it is may say no by himself: nobody is made to mediate
			v := p.c.Party(p.side(Respondent))
			v.Capacity, v.GuardianName = capacity, guardian
			if _, err := p.try(RoleCodeHolder, unwilling(p)); err != nil {
				t.Errorf("no of %s with guardian %q: %v", capacity, guardian, err)
			}
		}
	}
}

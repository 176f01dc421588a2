package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
)

// A bank account is taken with the separate consent of whom it is, and anything of a
// child under fourteen with the guardian's (PIPL 28, 29, 31), once a party: by what
// is told, by age to the day, and by what was consented to before. Where a danger
// shut the file the duty to act stands above it.
//
// proves: guard.separate_consent guard.guardian_consents duty.separate_consent
func TestSensitiveDataWantAConsentOfTheirOwn(t *testing.T) {
	for birth, child := range map[string]bool{"": false, "1958-03-12": false, "2012-05-11": false, "2012-05-12": true, "2020-01-01": true} { // today is 2026-05-11
		for _, account := range []string{"", "6222 0000 0000 0017"} {
			for _, ticked := range []bool{false, true} {
				for _, before := range []bool{false, true} {
					for _, danger := range []bool{false, true} {
						p := at(t, Registered)
						v := p.c.Party(p.side(Applicant))
						p.c.Restricted = danger
						if before {
							v.SensitiveAt = p.now.AddDate(0, 0, -1)
						}
						was := v.SensitiveAt
						entry := PartyEntry{Party: v.ID, Side: Applicant, Capacity: "minor", Guardian: "王雪", Name: "王小明", Account: account, Sensitive: ticked}
						if birth != "" {
							entry.Birth = day(birth)
						}
						want := ""
						switch {
						case ticked || before || danger:
						case child:
							want = "sensitive=rule.guardian_consents"
						case account != "":
							want = "sensitive=rule.separate_consent"
						}
						_, err := p.try(RoleCoordinator, PartyChange{entry})
						if fault(err) != want {
							t.Errorf("born %q, account %q, ticked %v, before %v, danger %v: %q, want %q", birth, account, ticked, before, danger, fault(err), want)
						}
						after := p.c.Party(v.ID).SensitiveAt
						if err == nil && ticked && !before && after != p.now || before && after != was {
							t.Errorf("consent kept of %v, was %v", after, was)
						}
						entry.Party = ""
						q := at(t, Registered)
						if _, err := q.try(RoleCoordinator, NewParty{entry}); !before && !danger && fault(err) != want {
							t.Errorf("a new party born %q, account %q, ticked %v: %q, want %q", birth, account, ticked, fault(err), want)
						}
					}
				}
			}
		}
	}
}

// Whoever is shown the notice on personal data is known to have been, with its
// version: who files, who answers from his own page, and to whom it is told with the
// rights.
func TestWhoTookNoteOfTheNotice(t *testing.T) {
	p := filed(t)
	if v := p.c.Parties[0]; v.PrivacyAt != p.now || v.PrivacyVersion != PrivacyVersion {
		t.Errorf("who filed: %v, version %d", v.PrivacyAt, v.PrivacyVersion)
	}
	for name, row := range map[string]struct {
		as   Role
		act  func(*play) Act
		told bool
	}{
		"from his own page, yes": {RoleCodeHolder, just(willing), true},
		"from his own page, no":  {RoleCodeHolder, just(unwilling), true},
		"by telephone":           {RoleCoordinator, just(willing), false},
		"with the rights":        {RoleChair, func(p *play) Act { return RightsGiven{Party: p.side(Respondent), How: "oral", Privacy: true} }, true},
		"the rights without it":  {RoleChair, func(p *play) Act { return RightsGiven{Party: p.side(Respondent), How: "oral"} }, false},
	} {
		p := at(t, ConsentPending)
		p.do(row.as, row.act(p))
		v := p.c.Party(p.side(Respondent))
		if told := v.PrivacyAt.Equal(p.now) && v.PrivacyVersion == PrivacyVersion; told != row.told {
			t.Errorf("%s: %v, version %d", name, v.PrivacyAt, v.PrivacyVersion)
		}
	}
}

package mediation

import "doorstep/internal/statute"

// PrivacyVersion is the version of the notice on personal data that people are shown
// and read today: a change of its text makes a new one, so that of everybody it is
// known which he took note of (PIPL 17).
const PrivacyVersion = 1

// informed notes that a party took note of the notice in force.
func (p *Party) informed(s *Scene) {
	p.PrivacyAt, p.PrivacyVersion = s.Now, PrivacyVersion
}

// minorOfData is the age from which a person's data are not sensitive by themselves.
const minorOfData = 14

// delicate says why an entry asks for a consent of its own: "account" for a bank
// account, "child" for whatever is told of a child under fourteen; "" when it does
// not.
//
// Source: PIPL 28, 29, 31.
func (a PartyEntry) delicate(today statute.Date) string {
	switch {
	case !a.Birth.IsZero() && !a.Birth.After(today) && today.Before(a.Birth.AddYears(minorOfData)):
		return "child"
	case a.Account != "":
		return "account"
	}
	return ""
}

// consented marks an entry of sensitive data without the separate consent of whom it
// concerns, or of the guardian of a child. It is asked for once a party; where a
// child is in danger the duty to report stands above it (PIPL 13; MPL 11).
func (a PartyEntry) consented(f Faults, c *Case, before *Party, s *Scene) {
	if a.Sensitive || before != nil && !before.SensitiveAt.IsZero() || c.Restricted {
		return
	}
	switch a.delicate(s.Today()) {
	case "child":
		f.Mark("sensitive", "rule.guardian_consents")
	case "account":
		f.Mark("sensitive", "rule.separate_consent")
	}
}

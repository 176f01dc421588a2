package mediation

import "doorstep/internal/statute"

// The sexes as the papers print them.
const (
	Male   = "male"
	Female = "female"
)

// checkPersonal marks what is wrong with what the official block of a party tells
// of a person besides name, number and address. All of it may be left blank.
//
// Source: VOL, party block; GB/T 3304.
func (a PartyEntry) checkPersonal(f Faults, today statute.Date) {
	if a.Sex != "" {
		f.OneOf("sex", a.Sex, Male, Female)
	}
	if a.Ethnic != "" {
		f.Choice("ethnic", a.Ethnic, statute.EthnicGroups)
	}
	f.Limit("occupation", a.Occupation, MaxLine)
	f.Limit("legal_post", a.LegalPost, MaxName)
	switch {
	case a.Birth.IsZero():
	case a.Birth.After(today):
		f.Mark("birth", "rule.in_the_future")
	case a.Birth.Year() < 1850: // as GB 11643 has it: no year was typed to its end
		f.Mark("birth", "error.date")
	}
	if a.Capacity != "organisation" {
		return
	}
	for field, told := range map[string]bool{"sex": a.Sex != "", "ethnic": a.Ethnic != "", "birth": !a.Birth.IsZero(), "occupation": a.Occupation != ""} {
		if told {
			f.Mark(field, "rule.of_a_person")
		}
	}
}

// ofNumber is what a citizen's number of 18 characters says of its holder. An old
// one of 15 digits has no check digit and settles nothing.
//
// Source: GB 11643.
func ofNumber(number string) (sex string, birth statute.Date, ok bool) {
	id, err := statute.CheckIDNumber(number)
	if err != nil || id.Warn == statute.WarnLegacy {
		return "", statute.Date{}, false
	}
	if id.Female {
		return Female, id.Birth, true
	}
	return Male, id.Birth, true
}

// complete takes sex and birth date from the identity number where they were left
// blank, and marks what was typed against it: the number is checked, the rest is
// not. A sex that stands as it stood before was typed by nobody and follows a new
// number. A birth date is not compared with a number on file: whoever must give a
// reason to read it could find it out by trying.
func (a *PartyEntry) complete(f Faults, before, onFile string) {
	sex, birth, ok := ofNumber(orElse(a.IDNumber, onFile))
	if !ok || a.Capacity == "organisation" {
		return
	}
	switch a.Sex {
	case "", before:
		a.Sex = sex
	case sex:
	default:
		f.Mark("sex", "rule.sex_of_number")
	}
	switch {
	case a.Birth.IsZero():
		a.Birth = birth
	case a.IDNumber == "":
		f.Mark("birth", "rule.birth_on_file")
	case a.Birth != birth:
		f.Mark("birth", "rule.birth_of_number")
	}
}

// Identifies is implemented by acts that write down who a party is. It names the
// party whose number on file the desk opens for the rules; "" when there is none,
// or the act brings one.
type Identifies interface{ Identified() PartyID }

// Identified is the party, unless its number is typed anew.
func (a PartyChange) Identified() PartyID {
	if a.IDNumber != "" {
		return ""
	}
	return a.Party
}

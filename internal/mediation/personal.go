package mediation

import (
	"strconv"
	"time"

	"doorstep/internal/statute"
)

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

// The ages at which a person acts for himself: of age, and before that where he
// lives mainly on his own work.
//
// Source: CC 17, 18.
const (
	ofAge     = 18
	ownIncome = 16
)

// ofAge asks about a party stated as an adult whose birth date says otherwise: a
// minor acts through his guardian, and from 16 on alone only where he lives on his
// own work. The date is the one typed, or that of the number typed or on file; of
// one kept sealed only the year is known, and it asks when nobody born in that year
// can be of age yet.
//
// Source: CC 17, 18, 19, 20, 23.
func (a PartyEntry) ofAge(f Faults, s *Scene, yearOnFile string) {
	today, birth := s.Today(), a.Birth
	if year, err := strconv.Atoi(yearOnFile); err == nil && birth.IsZero() {
		birth = statute.NewDate(year, time.January, 1)
	}
	if a.Capacity != "adult" || birth.IsZero() || birth.After(today) {
		return
	}
	switch age := statute.Age(birth, today); {
	case age >= ofAge:
	case age < ownIncome:
		f.Mark("capacity", "rule.not_of_age")
	case !a.OwnIncome:
		f.Mark("capacity", "rule.own_income")
	default:
		s.Code("own_income", "yes")
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

package mediation_test

import (
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// The numbers of a woman and a man, and of the woman as it was before 1999.
const (
	herNumber = "990000195803120025"
	hisNumber = "990000198806140017"
	herOldOne = "990000580312002"
	herBirth  = "1958-03-12"
	hisBirth  = "1988-06-14"
)

// TestPersonal is the grid of what is told of a person: what was typed and what
// stood before, what is on file, and what is then known or wrong.
//
// proves: duty.identity_number
func TestPersonal(t *testing.T) {
	for _, tt := range []struct {
		why    string
		before string // the sex that stood
		onFile string // the number kept
		typed  func(*PartyEntry)
		sex    string
		birth  string // newly to be sealed
		answer string
	}{
		{why: "nothing is asked"},
		{why: "what no number tells", typed: func(a *PartyEntry) { a.Ethnic, a.Occupation = "11", " 退休教师 " }},
		{why: "typed without a number", typed: func(a *PartyEntry) { a.Sex, a.Birth = Female, day(herBirth) }, sex: Female, birth: herBirth},
		{why: "taken from the number", typed: func(a *PartyEntry) { a.IDNumber = herNumber }, sex: Female, birth: herBirth},
		{why: "taken from a man's", typed: func(a *PartyEntry) { a.IDNumber = hisNumber }, sex: Male, birth: hisBirth},
		{why: "typed as the number has it", typed: func(a *PartyEntry) { a.IDNumber, a.Sex, a.Birth = herNumber, Female, day(herBirth) }, sex: Female, birth: herBirth},
		{why: "typed against the number", typed: func(a *PartyEntry) { a.IDNumber, a.Sex, a.Birth = herNumber, Male, day("1958-03-21") },
			answer: "birth=rule.birth_of_number sex=rule.sex_of_number"},
		{why: "an old number settles nothing", typed: func(a *PartyEntry) { a.IDNumber, a.Sex, a.Birth = herOldOne, Male, day(hisBirth) }, sex: Male, birth: hisBirth},
		{why: "nor gives anything", typed: func(a *PartyEntry) { a.IDNumber = herOldOne }},
		{why: "a number that is wrong is told alone", typed: func(a *PartyEntry) { a.IDNumber, a.Sex = herNumber[:17]+"6", Male }, answer: "id_number=error.id_number"},

		{why: "a new number changes the sex that stood in the form", before: Male, typed: func(a *PartyEntry) { a.IDNumber, a.Sex = herNumber, Male }, sex: Female, birth: herBirth},
		{why: "but not one chosen now against it", before: Female, typed: func(a *PartyEntry) { a.IDNumber, a.Sex = herNumber, Male }, answer: "sex=rule.sex_of_number"},
		{why: "an old number leaves what stood", before: Female, typed: func(a *PartyEntry) { a.IDNumber, a.Sex = herOldOne, Female }, sex: Female},
		{why: "a new number goes before the one on file", onFile: hisNumber, before: Male, typed: func(a *PartyEntry) { a.IDNumber = herNumber }, sex: Female, birth: herBirth},

		{why: "the number on file fills what was never asked", onFile: herNumber, sex: Female, birth: herBirth},
		{why: "and what was cleared", onFile: herNumber, before: Female, sex: Female, birth: herBirth},
		{why: "and is held against a sex chosen now", onFile: herNumber, before: Female, typed: func(a *PartyEntry) { a.Sex = Male }, answer: "sex=rule.sex_of_number"},
		{why: "a birth date is not to be guessed at", onFile: herNumber, typed: func(a *PartyEntry) { a.Birth = day("1958-03-21") }, answer: "birth=rule.birth_on_file"},
		{why: "not even rightly", onFile: herNumber, typed: func(a *PartyEntry) { a.Birth = day(herBirth) }, answer: "birth=rule.birth_on_file"},
		{why: "an old one on file leaves it to be typed", onFile: herOldOne, typed: func(a *PartyEntry) { a.Sex, a.Birth = Female, day(herBirth) }, sex: Female, birth: herBirth},

		{why: "no such sex", typed: func(a *PartyEntry) { a.Sex = "2" }, answer: "sex=error.choice"},
		{why: "no such group", typed: func(a *PartyEntry) { a.Ethnic = "57" }, answer: "ethnic=error.choice"},
		{why: "born tomorrow", typed: func(a *PartyEntry) { a.Birth = day("2026-05-12") }, answer: "birth=rule.in_the_future"},
		{why: "born today", typed: func(a *PartyEntry) { a.Birth = day("2026-05-11") }, birth: "2026-05-11"},
		{why: "a year that was not typed to its end", typed: func(a *PartyEntry) { a.Birth = statute.NewDate(195, 3, 12) }, answer: "birth=error.date"},
		{why: "an occupation that is a story", typed: func(a *PartyEntry) { a.Occupation = strings.Repeat("工", MaxLine+1) }, answer: "occupation=error.too_long_200"},
		{why: "a post that is one", typed: func(a *PartyEntry) { a.LegalPost = strings.Repeat("总", MaxName+1) }, answer: "legal_post=error.too_long_60"},
		{why: "an organisation has none of it", typed: func(a *PartyEntry) {
			a.Capacity, a.Sex, a.Ethnic, a.Birth, a.Occupation = "organisation", Male, "01", day(hisBirth), "物业管理"
		}, answer: "birth=rule.of_a_person ethnic=rule.of_a_person occupation=rule.of_a_person sex=rule.of_a_person"},
		{why: "and nothing is taken from the number of whoever runs it", typed: func(a *PartyEntry) { a.Capacity, a.IDNumber, a.LegalPost = "organisation", hisNumber, "经营者" }},
	} {
		t.Run(tt.why, func(t *testing.T) {
			p := at(t, Registered)
			party := &p.c.Parties[0]
			party.Sex = tt.before
			entry := PartyEntry{Party: party.ID, Side: party.Side, Capacity: "adult", Name: "陈阿芬"}
			if tt.typed != nil {
				tt.typed(&entry)
			}
			scene := p.scene(RoleCoordinator)
			scene.OnFile = tt.onFile
			_, err := p.c.Perform(PartyChange{entry}, scene)
			if got := fault(err); got != tt.answer {
				t.Fatalf("the answer is %q, want %q", got, tt.answer)
			}
			if tt.answer != "" {
				return
			}
			got := p.c.Parties[0]
			if got.Sex != tt.sex || got.Fresh.Birth.String() != tt.birth || got.LegalPost != entry.LegalPost ||
				got.Ethnic != entry.Ethnic || got.Occupation != strings.TrimSpace(entry.Occupation) {
				t.Errorf("sex %q, born %q, %q, %q, %q", got.Sex, got.Fresh.Birth, got.Ethnic, got.Occupation, got.LegalPost)
			}
			if tt.onFile != "" || tt.before != "" {
				return
			}
			entry.Party = "" // one that joins is judged by the same rules
			if _, err := p.try(RoleCoordinator, NewParty{entry}); err != nil {
				t.Fatal(err)
			}
			if got := p.c.Parties[len(p.c.Parties)-1]; got.Sex != tt.sex || got.Fresh.Birth.String() != tt.birth {
				t.Errorf("as a new party: sex %q, born %q", got.Sex, got.Fresh.Birth)
			}
		})
	}
}

// TestIdentified: the number on file is opened only where none is typed.
func TestIdentified(t *testing.T) {
	for number, want := range map[string]PartyID{"": "p-1", herNumber: ""} {
		if got := (PartyChange{PartyEntry{Party: "p-1", IDNumber: number}}).Identified(); got != want {
			t.Errorf("with the number %q typed: %q, want %q", number, got, want)
		}
	}
}

// TestLinkedCaseKnowsThePerson: who follows into the next case is not asked again.
func TestLinkedCaseKnowsThePerson(t *testing.T) {
	p := at(t, Registered)
	v := &p.c.Parties[0]
	v.Sex, v.Ethnic, v.Occupation, v.BirthMask, v.LegalPost = Female, "11", "退休教师", "1958", "经理"
	next, _, err := p.c.Linked("又漏了", p.scene(RoleChair))
	if err != nil {
		t.Fatal(err)
	}
	if got := next.Parties[0]; got.Sex != Female || got.Ethnic != "11" || got.Occupation != "退休教师" || got.BirthMask != "1958" || got.LegalPost != "经理" {
		t.Errorf("%+v", got)
	}
}

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
		{why: "born today", typed: func(a *PartyEntry) {
			a.Capacity, a.Guardian, a.Birth, a.Sensitive = "minor", "陈浩", day("2026-05-11"), true
		}, birth: "2026-05-11"},
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

// TestOfAge is the grid of what a birth date says of a party stated as an adult:
// where the date is from, how old it makes him on 11 May 2026, and what was ticked.
//
// proves: duty.capacity
func TestOfAge(t *testing.T) {
	sources := []struct {
		name string
		tell func(*play, *PartyEntry, *Scene, string)
	}{
		{"typed", func(_ *play, a *PartyEntry, _ *Scene, birth string) { a.Birth = day(birth) }},
		{"in the number typed", func(_ *play, a *PartyEntry, _ *Scene, birth string) { a.IDNumber = numberOf(birth) }},
		{"in the number on file", func(_ *play, _ *PartyEntry, s *Scene, birth string) { s.OnFile = numberOf(birth) }},
		{"its year alone on file", func(p *play, _ *PartyEntry, _ *Scene, birth string) { p.c.Parties[0].BirthMask = birth[:4] }},
	}
	ages := []struct {
		birth        string
		plain, own   string // what is answered without the tick, and with it
		year, ownToo string // the same where only the year is known
	}{
		{"2019-01-01", "capacity=rule.not_of_age", "capacity=rule.not_of_age", "capacity=rule.not_of_age", "capacity=rule.not_of_age"},
		{"2010-05-12", "capacity=rule.not_of_age", "capacity=rule.not_of_age", "capacity=rule.own_income", ""}, // 16 tomorrow
		{"2010-05-11", "capacity=rule.own_income", "", "capacity=rule.own_income", ""},                         // 16 today
		{"2009-12-31", "capacity=rule.own_income", "", "capacity=rule.own_income", ""},
		{"2008-05-12", "capacity=rule.own_income", "", "", ""}, // 18 tomorrow; of the year 2008 some are of age
		{"2008-05-11", "", "", "", ""}, // 18 today
		{"1958-03-12", "", "", "", ""},
	}
	for _, from := range sources {
		for _, age := range ages {
			for _, capacity := range []string{"adult", "minor", "limited", "group"} {
				for _, own := range []bool{false, true} {
					want := map[bool]string{false: age.plain, true: age.own}[own]
					if from.name == "its year alone on file" {
						want = map[bool]string{false: age.year, true: age.ownToo}[own]
					}
					if capacity != "adult" {
						want = ""
					}
					p := at(t, Registered)
					party, scene := p.c.Parties[0], p.scene(RoleCoordinator)
					entry := PartyEntry{Party: party.ID, Side: party.Side, Capacity: capacity, Name: "陈阿芬", Guardian: "陈浩", GroupSize: 2, OwnIncome: own, Sensitive: true}
					from.tell(p, &entry, scene, age.birth)
					events, err := p.c.Perform(PartyChange{entry}, scene)
					if got := fault(err); got != want {
						t.Errorf("%s, born %s, as %s, own income %t: %q, want %q", from.name, age.birth, capacity, own, got, want)
					}
					asked := map[bool]string{false: age.plain, true: age.year}[from.name == "its year alone on file"] != ""
					if told := err == nil && events[0].Codes["own_income"] != ""; told != (err == nil && own && asked && capacity == "adult") {
						t.Errorf("%s, born %s, as %s, own income %t: the history says own income: %t", from.name, age.birth, capacity, own, told)
					}
				}
			}
		}
	}
	if _, err := at(t, Registered).try(RoleCoordinator, NewParty{PartyEntry{Side: Third, Capacity: "adult", Name: "小宁", Birth: day("2015-06-01"), Sensitive: true}}); fault(err) != "capacity=rule.not_of_age" {
		t.Errorf("one that joins: %q", fault(err))
	}
}

// numberOf is a number of the fixtures' region for a birth date.
func numberOf(birth string) string {
	body, sum := "990000"+strings.ReplaceAll(birth, "-", "")+"001", 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}

// TestNumbersAreKeptInOneForm: however a number was typed, what is sealed and looked
// up is the plain one; a number that names a birth still to come is nobody's.
//
// proves: duty.identity_number
func TestNumbersAreKeptInOneForm(t *testing.T) {
	for _, tt := range []struct{ why, id, phone, wantID, wantPhone, answer string }{
		{"plain", herNumber, "10012345678", herNumber, "10012345678", ""},
		{"wide digits", "９９０００0１９５８０３１２００２５", "１００１２３４５６７８", herNumber, "10012345678", ""},
		{"a wide x and wide blanks", "　１１０１０５１９４９１２３１００２ｘ　", "１００　１２３４－５６７８", "11010519491231002X", "10012345678", ""},
		{"a small x", "11010519491231002x", "", "11010519491231002X", "", ""},
		{"digits of another style", "𝟗𝟗𝟎𝟎𝟎𝟎𝟏𝟗𝟓𝟖𝟎𝟑𝟏𝟐𝟎𝟎𝟐𝟓", "𝟏𝟎𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", herNumber, "10012345678", ""},
		{"the last day that can be", numberOf("2026-05-11"), "", numberOf("2026-05-11"), "", "capacity=rule.not_of_age"},
		{"born tomorrow", numberOf("2026-05-12"), "", "", "", "id_number=rule.number_unborn"},
		{"born in another century", numberOf("2058-03-12"), "", "", "", "id_number=rule.number_unborn"},
		{"an unknown region is no fault", numberOf("1958-03-12"), "", numberOf("1958-03-12"), "", ""},
	} {
		entry := PartyEntry{Side: Third, Capacity: "adult", Name: "陈阿芬", IDNumber: tt.id, Phone: tt.phone, Sensitive: true}
		p := at(t, Registered)
		if _, err := p.try(RoleCoordinator, NewParty{entry}); fault(err) != tt.answer {
			t.Errorf("%s: %q, want %q", tt.why, fault(err), tt.answer)
		} else if tt.answer != "" {
			continue
		}
		if got := p.c.Parties[len(p.c.Parties)-1].Fresh; got.IDNumber != tt.wantID || got.Phone != tt.wantPhone {
			t.Errorf("%s: kept as %q and %q", tt.why, got.IDNumber, got.Phone)
		}
		if tt.wantPhone == "" {
			continue
		}
		in := intake()
		in.Phone = tt.phone
		if c, _, err := NewCase(in, false, Seat{Committee: "k", Area: "a"}, at(t, Registered).scene(RoleResident)); err != nil || c.Parties[0].Fresh.Phone != tt.wantPhone {
			t.Errorf("%s: filed with %v, %v", tt.why, tt.phone, err)
		}
		q := at(t, Submitted)
		reg := registration(q)
		reg.Phone = tt.phone
		if _, err := q.try(RoleCoordinator, reg); err != nil || q.c.Parties[1].Fresh.Phone != tt.wantPhone {
			t.Errorf("%s: registered: %v", tt.why, err)
		}
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

package statute

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func itoa(n int) string { return fmt.Sprint(n) }

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// checkSource fails for a source whose key is no law we know, or whose articles
// are no numbers: such a citation would reach the page as it stands.
func checkSource(t *testing.T, who, source string) {
	t.Helper()
	if source == "" {
		t.Errorf("%s has no source", who)
	}
	for part := range strings.SplitSeq(source, ";") {
		key, articles := splitSource(strings.TrimSpace(part))
		if !Valid(Laws, key) {
			t.Errorf("%s: the source %q begins with no known law", who, part)
		}
		if strings.Trim(articles, "0123456789, ()") != "" {
			t.Errorf("%s: the articles of %q are no numbers", who, part)
		}
	}
}

func TestEveryListIsWhole(t *testing.T) {
	if len(Lists()) != 42 || !slices.IsSorted(Lists()) {
		t.Errorf("there are %d lists: %v", len(Lists()), Lists())
	}
	for _, l := range Lists() {
		seen := map[string]bool{}
		for _, c := range Codes(l) {
			who := fmt.Sprintf("%s %q", l, c.Code)
			if c.Code == "" || seen[c.Code] {
				t.Errorf("%s is empty or there twice", who)
			}
			seen[c.Code] = true
			if !hasHan(c.ZH) || strings.TrimSpace(c.ZH) != c.ZH {
				t.Errorf("%s has the Chinese text %q", who, c.ZH)
			}
			if c.EN == "" || hasHan(c.EN) || strings.TrimSpace(c.EN) != c.EN {
				t.Errorf("%s has the English text %q", who, c.EN)
			}
			if c.Label("en") != c.EN || c.Label("zh-CN") != c.ZH || c.Label("") != c.ZH {
				t.Errorf("%s has its labels mixed up", who)
			}
			checkSource(t, who, c.Source)
			if got, ok := Lookup(l, c.Code); !ok || got != c || !Valid(l, c.Code) {
				t.Errorf("%s is not found again", who)
			}
		}
		if len(seen) == 0 {
			t.Errorf("the list %s is empty", l)
		}
	}
}

func TestTheWordsOfTheField(t *testing.T) {
	for _, l := range Lists() {
		for _, c := range Codes(l) {
			if strings.Contains(c.EN, "efendant") || strings.Contains(c.EN, "laintiff") || strings.Contains(c.EN, "erdict") ||
				strings.Contains(c.ZH, "被告") || strings.Contains(c.ZH, "原告") {
				t.Errorf("%s %s speaks of a trial: %s, %s", l, c.Code, c.ZH, c.EN)
			}
		}
	}
}

// proves: NA01 NA02 NA03 NA04 NA05 NA06 NA07 NA08 NA99 T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 E01 E02 E03 E04
// proves: E05 E06 E07 E08 E09 E10 E11 E12 relation.none relation.relative relation.interest relation.same_household
// proves: relation.employer relation.owners_committee relation.former_lawyer relation.neighbour relation.other
// proves: list.dispute_type list.source list.channel list.grade list.session_mode list.session_doors list.track list.capacity
// proves: list.obligation_kind list.means list.sex list.schooling list.ethnic list.committee_kind
// proves: list.data_right list.data_answer list.data_refusal
func TestTheCodesOfEachList(t *testing.T) {
	for l, want := range map[List]string{
		DisputeTypes:      "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 99",
		Sources:           "application proactive court police procuratorate petitions other_agency committee",
		Channels:          "web window phone_12348 hotline_12345 police_110 qr grid screening court petition other",
		NonAcceptance:     "NA01 NA02 NA03 NA04 NA05 NA06 NA07 NA08 NA99",
		Terminations:      "T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11",
		EscalationReasons: "E01 E02 E03 E04 E05 E06 E07 E08 E09 E10 E11 E12",
		RiskFlags:         "R3-DV-CAP R3-DV R3-MINOR R3-CRIME R2-ESC R2-SUICIDE R2-MASS R1",
		Grades:            "L1 L2 L3 L4",
		DataRights:        "copy correct delete withdraw explain",
		DataAnswers:       "granted limited refused",
		DataRefusals:      "kept others identity secret unfounded",
		Relations:         "none relative interest same_household employer owners_committee former_lawyer neighbour other",
		ConflictFacts: "self same_phone household household_likely same_floor kin kin_name employer office open_case earlier_case " +
			"earlier_conflict earlier_counsel",
		TieKinds:        "home relative employer office",
		CourtModes:      "C0 C1 C2 C2S C3",
		SessionModes:    "joint caucus",
		SessionDoors:    "closed open",
		Tracks:          "party_member legal_advisor circuit_court",
		PartyCapacity:   "adult limited minor organisation group",
		ObligationKinds: "pay act refrain apologise other",
		ContactMeans:    "phone visit sms letter online",
		Sexes:           "1 2 9",
		Schooling:       "10 20 30 40 60 70 80 90",
		CommitteeKinds:  "community subdistrict enterprise traffic medical labour property other",
		EthnicGroups: "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 " +
			"29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56",
		Retention: "y5 y10 y30 permanent",
	} {
		var got []string
		for _, c := range Codes(l) {
			got = append(got, c.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s = %s, want %s", l, strings.Join(got, " "), want)
		}
	}
	for _, code := range []string{"01-support", "02-noise", "02-leak", "02-pets", "02-clutter", "02-light", "02-fumes", "02-falling", "17-fee", "17-parking"} {
		if !Valid(DisputeSubtypes, code) {
			t.Errorf("there is no sub-type %s", code)
		}
	}
}

// proves: list.dispute_subtype
func TestEverySubtypeStandsUnderItsType(t *testing.T) {
	for _, c := range Codes(DisputeSubtypes) {
		if !Valid(DisputeTypes, c.Parent) || !strings.HasPrefix(c.Code, c.Parent+"-") {
			t.Errorf("%s stands under %q", c.Code, c.Parent)
		}
	}
	for _, c := range Codes(DisputeTypes) {
		under := Under(DisputeSubtypes, c.Code)
		if len(under) == 0 || under[len(under)-1].Code != c.Code+"-other" {
			t.Errorf("type %s has the sub-types %v, want some and an open one at the end", c.Code, under)
		}
	}
}

func TestWhatStandsInNoListIsNotValid(t *testing.T) {
	for _, tt := range []struct {
		l    List
		code string
	}{{Grades, "L5"}, {Grades, ""}, {"moods", "L1"}, {Grades, "l1"}, {DisputeTypes, "18"}} {
		if c, ok := Lookup(tt.l, tt.code); ok || c != (Code{}) || Valid(tt.l, tt.code) {
			t.Errorf("Lookup(%s, %q) = %v", tt.l, tt.code, c)
		}
	}
	if Codes("moods") != nil {
		t.Error("an unknown list has entries")
	}
}

func TestEveryRuleHasASource(t *testing.T) {
	for _, r := range DeadlineRules() {
		checkSource(t, string(r.ID), r.Source)
		if !Valid(Statuses, string(r.Status)) {
			t.Errorf("%s has the status %q", r.ID, r.Status)
		}
	}
	for _, f := range Forms() {
		checkSource(t, f.Code, f.Source)
	}
	for _, c := range Codes(RiskFlags) {
		rule, _ := Risk(c.Code)
		checkSource(t, c.Code, rule.Source)
	}
	for _, r := range scopeRules {
		checkSource(t, r.code, r.source)
	}
	for _, unit := range []Unit{CalendarDays, WorkingDays, Years, Hours} {
		for _, s := range DefaultCalendar().ReckonPaused(NewDate(2026, 3, 2).Start(), Term{30, unit}, 3).Steps {
			checkSource(t, s.Rule, s.Source)
			if !Valid(ReckonRules, s.Rule) {
				t.Errorf("the step %s has no words", s.Rule)
			}
		}
	}
}

func TestCite(t *testing.T) {
	for _, tt := range []struct{ source, zh, en string }{
		{"CC 201", "《民法典》第201条", "Civil Code, Art. 201"},
		{"CC 203; CPL 85", "《民法典》第203条；《民事诉讼法》第85条", "Civil Code, Art. 203; Civil Procedure Law, Art. 85"},
		{"PML 5, 25", "《人民调解法》第5条、第25条", "People's Mediation Law, Arts. 5, 25"},
		{"CPLI 355(5)", "《最高人民法院关于适用民事诉讼法的解释》第355条第5项", "Interpretation on the Civil Procedure Law, Art. 355(5)"},
		{"NB15 24", "《宁波市人民调解条例》（参照）第24条", "Ningbo Mediation Regulation (as a model), Art. 24"},
		{"GB 11643", "《公民身份号码（GB 11643）》", "Citizen Identification Number (GB 11643)"},
		{"PML 25; local", "《人民调解法》第25条；本地设定", "People's Mediation Law, Art. 25; Local setting"},
		{"house rule 3", "house rule 3", "house rule 3"},
		{"", "", ""},
	} {
		if zh, en := Cite(tt.source, "zh-CN"), Cite(tt.source, "en"); zh != tt.zh || en != tt.en {
			t.Errorf("Cite(%q) = %q and %q, want %q and %q", tt.source, zh, en, tt.zh, tt.en)
		}
	}
}

func TestStandingIsThatOfTheWeakestSource(t *testing.T) {
	for _, tt := range []struct {
		source   string
		want     Status
		articles string
		laws     string
	}{
		{"PML 33; CPL 205", Confirmed, "PML 33|CPL 205", "PML CPL"},
		{"PML 29, 31", Confirmed, "PML 29|PML 31", "PML"},
		{"CPLI 355(5)", Confirmed, "CPLI 355(5)", "CPLI"},
		{"MOJ02 30", Confirmed, "MOJ02 30", "MOJ02"},
		{"MOJ02 22", Secondary, "MOJ02 22", "MOJ02"},
		{"MOJ02 30, 22", Secondary, "MOJ02 30|MOJ02 22", "MOJ02"},
		{"PML 17; NJMED", Secondary, "PML 17|NJMED", "PML NJMED"},
		{"NB15 24; MOJ02 34", Secondary, "NB15 24|MOJ02 34", "NB15 MOJ02"},
		{"GB 11643", Recalled, "GB 11643", "GB 11643"},
		{"NB15 24; SF0083", Recalled, "NB15 24|SF0083", "NB15 SF0083"},
		{"PML 25; local", LocalDefault, "PML 25|local", "PML local"},
		{"local; GB 11643", LocalDefault, "local|GB 11643", "local"},
		{"nobody's law 3", LocalDefault, "nobody's law 3", "nobody's"},
		{"", LocalDefault, "", ""},
	} {
		if got := Standing(tt.source); got != tt.want {
			t.Errorf("Standing(%s) = %s, want %s", tt.source, got, tt.want)
		}
		if got := strings.Join(Articles(tt.source), "|"); got != tt.articles {
			t.Errorf("Articles(%s) = %s, want %s", tt.source, got, tt.articles)
		}
		if tt.source != "local; GB 11643" {
			if got := strings.Join(LawsOf(tt.source), " "); got != tt.laws {
				t.Errorf("LawsOf(%s) = %s, want %s", tt.source, got, tt.laws)
			}
		}
	}
}

// TestGroundsAreThoseOfTheRules: each ground is listed once, with its words.
func TestGroundsAreThoseOfTheRules(t *testing.T) {
	for name, codes := range map[string][]string{"lint": nil, "scope": nil} {
		if name == "lint" {
			for _, f := range LintGrounds() {
				codes = append(codes, f.Code)
				checkSource(t, f.Code, f.Source)
			}
		} else {
			for _, w := range ScopeGrounds() {
				codes = append(codes, w.Code)
				checkSource(t, w.Code, w.Source)
			}
		}
		seen := slices.Clone(codes)
		slices.Sort(seen)
		if len(codes) < 7 || len(slices.Compact(seen)) != len(codes) {
			t.Errorf("%s grounds: %v", name, codes)
		}
	}
}

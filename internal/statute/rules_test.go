package statute

import (
	"slices"
	"strings"
	"testing"
)

// proves: R3-DV-CAP R3-DV R3-MINOR R3-CRIME R2-ESC R2-SUICIDE R2-MASS R1 list.report_target
func TestRisk(t *testing.T) {
	const want = `
	R3-DV-CAP   report hold restrict police
	R3-DV       -      hold restrict police womens_federation
	R3-MINOR    report hold restrict police civil_affairs education
	R3-CRIME    report hold restrict police
	R2-ESC      report hold -        police judicial_office
	R2-SUICIDE  report hold restrict police emergency_120 family
	R2-MASS     report -    -        subdistrict judicial_office
	R1          -      -    -`
	rows := strings.Split(strings.TrimSpace(want), "\n")
	flags := Codes(RiskFlags)
	if len(rows) != len(flags) {
		t.Fatalf("%d rows for %d flags", len(rows), len(flags))
	}
	word := func(holds bool, s string) string {
		if holds {
			return s
		}
		return "-"
	}
	for i, row := range rows {
		r, ok := Risk(flags[i].Code)
		got := append([]string{r.Flag, word(r.MustReport, "report"), word(r.Hold, "hold"), word(r.Restrict, "restrict")}, r.ReportTo...)
		if !ok || !slices.Equal(got, strings.Fields(row)) {
			t.Errorf("%v, want %v", got, strings.Fields(row))
		}
		for _, to := range r.ReportTo {
			if !Valid(ReportTargets, to) {
				t.Errorf("%s is reported to %q, who is unknown", r.Flag, to)
			}
		}
	}
	if r, ok := Risk("R9"); ok || r.MustReport {
		t.Errorf("Risk(R9) = %v", r)
	}
}

// proves: duty.grade list.grade_reason
func TestProposeGrade(t *testing.T) {
	plain := GradeFacts{Sides: 2, Persons: 2, AmountFen: 6_800_00, Sessions: 1}
	for _, tt := range []struct {
		rule   string
		change func(*GradeFacts)
		grade  string
		why    string
	}{
		{"two sides, little money, one session", func(*GradeFacts) {}, "L2", "ordinary"},
		{"settled by word of mouth without money", func(f *GradeFacts) { f.Oral, f.AmountFen = true, 0 }, "L1", "oral"},
		{"settled by word of mouth, but about much money", func(f *GradeFacts) { f.Oral = true }, "L2", "ordinary"},
		{"twelve households that want the same are one side", func(f *GradeFacts) { f.Persons = 15 }, "L2", "ordinary"},
		{"three sides", func(f *GradeFacts) { f.Sides = 3 }, "L3", "sides"},
		{"one hundred thousand yuan is not yet much", func(f *GradeFacts) { f.AmountFen = 100_000_00 }, "L2", "ordinary"},
		{"a fen more is", func(f *GradeFacts) { f.AmountFen = 100_000_01 }, "L3", "amount"},
		{"three sessions are not many", func(f *GradeFacts) { f.Sessions = 3 }, "L2", "ordinary"},
		{"four are", func(f *GradeFacts) { f.Sessions = 4 }, "L3", "sessions"},
		{"the law is unclear", func(f *GradeFacts) { f.LawUnclear = true }, "L3", "law_unclear"},
		{"two communities", func(f *GradeFacts) { f.CrossCommunity = true }, "L3", "cross_community"},
		{"an injury that lasts, even if settled by word of mouth", func(f *GradeFacts) { f.Disability, f.Oral = true, true }, "L3", "disability"},
		{"a death, whatever the money", func(f *GradeFacts) { f.Death, f.Disability, f.Oral = true, true, true }, "L4", "death"},
		{"every reason is named", func(f *GradeFacts) { f.Sides, f.LawUnclear = 4, true }, "L3", "sides law_unclear"},
		{"a mass event", func(f *GradeFacts) { f.MassRisk = true }, "L4", "mass_risk"},
		{"a crime", func(f *GradeFacts) { f.CrimeRisk = true }, "L4", "crime_risk"},
		{"the media, over every smaller reason", func(f *GradeFacts) { f.Media, f.Sides = true, 5 }, "L4", "media"},
		{"nothing known yet", func(f *GradeFacts) { *f = GradeFacts{} }, "L2", "ordinary"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			f := plain
			tt.change(&f)
			grade, why := ProposeGrade(f)
			if grade != tt.grade || strings.Join(why, " ") != tt.why {
				t.Errorf("ProposeGrade = %s, %v, want %s, %s", grade, why, tt.grade, tt.why)
			}
			for _, code := range why {
				if !Valid(GradeReasons, code) {
					t.Errorf("the reason %q has no words", code)
				}
			}
		})
	}
}

// proves: duty.written
func TestMustBeWritten(t *testing.T) {
	for _, tt := range []struct {
		rule      string
		immediate bool
		grade     string
		requested bool
		want      bool
	}{
		{"performed at once, simple, nobody asks", true, "L1", false, false},
		{"performed at once, ordinary", true, "L2", false, false},
		{"to be performed later", false, "L1", false, true},
		{"difficult", true, "L3", false, true},
		{"major", true, "L4", false, true},
		{"a party asks for it", true, "L1", true, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := MustBeWritten(tt.immediate, tt.grade, tt.requested); got != tt.want {
				t.Errorf("MustBeWritten = %t", got)
			}
		})
	}
}

// proves: duty.remedies
func TestThereIsAlwaysAnotherWay(t *testing.T) {
	kinds := []string{"", "X"}
	for _, l := range []List{NonAcceptance, Terminations} {
		for _, c := range Codes(l) {
			kinds = append(kinds, c.Code)
		}
	}
	types := []string{"", "X"}
	for _, c := range Codes(DisputeTypes) {
		types = append(types, c.Code)
	}
	for _, kind := range kinds {
		for _, typ := range types {
			list := RemediesFor(kind, typ)
			codes := codesOf(list)
			if len(list) < 2 || codes[len(codes)-1] != "limitation" || !slices.Contains(codes, "legal_aid_12348") {
				t.Errorf("%s of type %s: %v, want advice, and the limitation at the end", kind, typ, codes)
			}
			for _, r := range list {
				if c, ok := Lookup(Remedies, r.Code); !ok || c.ZH != r.Label("zh-CN") || c.EN != r.Label("en") || c.Source != r.Source {
					t.Errorf("the remedy %s is not the one of the list", r.Code)
				}
			}
		}
	}
}

func codesOf(list []Remedy) []string {
	var codes []string
	for _, r := range list {
		codes = append(codes, r.Code)
	}
	return codes
}

// proves: remedy.police_110 remedy.protection_order remedy.handling_body remedy.administrative
// proves: remedy.perform_agreement remedy.other_committee remedy.labour_arbitration remedy.payment_order
// proves: remedy.labour_inspection remedy.consumer_12315 remedy.traffic_police remedy.noise_authority
// proves: remedy.court_suit remedy.legal_aid_12348 remedy.limitation
func TestRemediesFor(t *testing.T) {
	for _, tt := range []struct{ rule, kind, typ, want string }{
		{"the other side declines: a suit", "NA04", "17", "court_suit legal_aid_12348 limitation"},
		{"a matter of an authority is not taken to the civil court", "NA01", "08", "administrative legal_aid_12348 limitation"},
		{"another committee is competent", "NA07", "03", "other_committee court_suit legal_aid_12348 limitation"},
		{"an agreement exists: perform it, or sue on it", "NA08", "04", "perform_agreement court_suit legal_aid_12348 limitation"},
		{"wages: arbitration stands before the court", "T02", "10", "other_committee labour_arbitration payment_order labour_inspection legal_aid_12348 limitation"},
		{"labour: arbitration stands before the court", "T06", "11", "other_committee labour_arbitration payment_order labour_inspection legal_aid_12348 limitation"},
		{"a consumer: 12315", "T05", "14", "consumer_12315 court_suit legal_aid_12348 limitation"},
		{"violence at home: the police and a protection order come first", "T09", "01", "police_110 protection_order court_suit legal_aid_12348 limitation"},
		{"a traffic accident", "T01", "16", "traffic_police court_suit legal_aid_12348 limitation"},
		{"noise", "NA04", "02", "noise_authority court_suit legal_aid_12348 limitation"},
		{"a lawsuit is pending", "T08", "04", "handling_body court_suit legal_aid_12348 limitation"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := strings.Join(codesOf(RemediesFor(tt.kind, tt.typ)), " "); got != tt.want {
				t.Errorf("RemediesFor(%s, %s) = %s\nwant %s", tt.kind, tt.typ, got, tt.want)
			}
		})
	}
	for _, word := range []string{"一年", "仲裁"} {
		if c, _ := Lookup(Remedies, "labour_arbitration"); !strings.Contains(c.ZH, word) || !strings.Contains(c.Source, "27") {
			t.Errorf("labour arbitration does not tell its year (LDMA 27): %s", c.ZH)
		}
	}
}

// TestRetentionIsSetByTheCommittee is the grid of a class and what is set for it:
// the years are the committee's own as long as the law can need the file for them.
//
// proves: duty.retention duty.kept_long_enough
func TestRetentionIsSetByTheCommittee(t *testing.T) {
	if enforce, _ := Deadline(D15dEnforcement); enforce.Term != (Term{2, Years}) {
		t.Fatal("the floor adds the two years to ask for enforcement")
	}
	if limit, _ := Deadline(D19Limitation); limit.Term != (Term{3, Years}) {
		t.Fatal("the floor adds the three years of limitation")
	}
	standard := map[string]int{Keep5: 5, Keep10: 10, Keep30: 30}
	for class, years := range standard {
		clock, ends := RetentionClock(class)
		rule, known := Deadline(clock)
		if !ends || !known || rule.Term != (Term{years, Years}) || rule.Hard || rule.Status != LocalDefault || rule.Least() != (Term{5, Years}) {
			t.Fatalf("%s runs under %s: %+v", class, clock, rule)
		}
		for _, tt := range []struct {
			set   Term
			taken bool
		}{
			{Term{5, Years}, true}, {Term{6, Years}, true}, {Term{15, Years}, true}, {Term{100, Years}, true},
			{Term{4, Years}, false}, {Term{1, Years}, false}, {Term{0, Years}, false}, {Term{-5, Years}, false}, {Term{101, Years}, false},
			{Term{60, Months}, false}, {Term{3650, CalendarDays}, false}, {Term{10, "moons"}, false},
		} {
			want := Term{years, Years}
			if tt.taken {
				want = tt.set
			}
			if got, ends := (Limits{clock: tt.set}).Retention(class); !ends || got != want || rule.Takes(tt.set) != tt.taken {
				t.Errorf("%s set to %v is kept %v, want %v", class, tt.set, got, want)
			}
		}
		for term, want := range map[Term]string{{years, Years}: class, {years + 1, Years}: class, {0, Years}: class} {
			if got, ok := RetentionOf(clock, term); !ok || got != want {
				t.Errorf("%s for %v is of the class %q", clock, term, got)
			}
		}
		if got, ok := RetentionOf(D18Retention, Term{years, Years}); !ok || got != class {
			t.Errorf("an older volume kept %d years is of the class %q", years, got)
		}
	}
	for _, tt := range []struct {
		id   DeadlineID
		term Term
	}{{D18Retention, Term{7, Years}}, {D18Retention, Term{10, Months}}, {D17Volume, Term{10, Years}}, {"", Term{}}, {"D-99", Term{5, Years}}} {
		if class, ok := RetentionOf(tt.id, tt.term); ok {
			t.Errorf("%s for %v is taken for the class %q", tt.id, tt.term, class)
		}
	}
	for _, class := range []string{KeepForever, "", "y7"} {
		if clock, ends := RetentionClock(class); ends {
			t.Errorf("%q ends under %s", class, clock)
		}
	}
	years := func(a, b, c int) Limits {
		return Limits{D18Oral: {a, Years}, D18Short: {b, Years}, D18Long: {c, Years}}
	}
	for _, tt := range []struct {
		set  Limits
		want []DeadlineID
	}{
		{nil, nil}, {years(5, 10, 30), nil}, {years(10, 10, 10), nil}, {years(12, 10, 30), []DeadlineID{D18Short}}, {years(5, 40, 30), []DeadlineID{D18Long}},
		{years(30, 20, 10), []DeadlineID{D18Short, D18Long}}, {Limits{D18Oral: {11, Years}}, []DeadlineID{D18Short}},
		{Limits{D18Oral: {3, Years}}, nil}, // no setting, so the default
	} {
		if got := tt.set.RetentionOrder(); !slices.Equal(got, tt.want) {
			t.Errorf("%v: out of order %v, want %v", tt.set, got, tt.want)
		}
	}
}

// proves: duty.retention retention.y5 retention.y10 retention.y30 retention.permanent
// proves: list.retention_ground
func TestRetentionSaysWhatItRestsOn(t *testing.T) {
	for want, f := range map[string]RetentionFacts{"death": {Death: true, MassCase: true}, "mass": {MassCase: true, Minor: true}, "minor": {Minor: true, SeriousInjury: true},
		"injury": {SeriousInjury: true, Oral: true}, "subject": {Subtype: "01-inheritance", Oral: true}, "oral": {Oral: true}, "ordinary": {Grade: "L2"}} {
		if class, ground := RetentionGround(f); ground != want || class != ProposeRetention(f) || !Valid(RetentionGrounds, ground) {
			t.Errorf("%+v rests on %q, want %q", f, ground, want)
		}
	}
}

func TestRetention(t *testing.T) {
	for _, tt := range []struct {
		rule string
		f    RetentionFacts
		want string
	}{
		{"an ordinary written agreement", RetentionFacts{Grade: "L2", Subtype: "02-leak"}, Keep10},
		{"an oral one", RetentionFacts{Oral: true, Subtype: "02-clutter"}, Keep5},
		{"support, even if oral", RetentionFacts{Oral: true, Subtype: "01-support"}, Keep30},
		{"inheritance", RetentionFacts{Subtype: "01-inheritance"}, Keep30},
		{"a minor", RetentionFacts{Minor: true}, Keep30},
		{"a serious injury", RetentionFacts{SeriousInjury: true}, Keep30},
		{"a death", RetentionFacts{Death: true, Oral: true}, KeepForever},
		{"a mass case", RetentionFacts{MassCase: true}, KeepForever},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := ProposeRetention(tt.f); got != tt.want || !Valid(Retention, got) {
				t.Errorf("ProposeRetention = %s, want %s", got, tt.want)
			}
		})
	}
	for _, tt := range []struct {
		class string
		years int
		ends  bool
	}{{Keep5, 5, true}, {Keep10, 10, true}, {Keep30, 30, true}, {KeepForever, 0, false}, {"y7", 0, false}} {
		if term, ends := Limits(nil).Retention(tt.class); ends != tt.ends || term.N != tt.years || (ends && term.Unit != Years) {
			t.Errorf("Retention(%s) = %v, %t", tt.class, term, ends)
		}
	}
	for _, c := range Codes(DisputeSubtypes) {
		if longSubtype(c.Code) != slices.Contains(strings.Fields("01-support 01-child 01-inheritance 03-sale 03-lift 07-land 08-resettlement"), c.Code) {
			t.Errorf("%s is kept too long or too short", c.Code)
		}
	}
}

package statute

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// proves: D-01 D-02 D-03 D-04 D-05 D-06 D-06x D-07 D-08 D-09 D-10 D-10u D-11 D-12 D-13 D-14 D-14b D-15 D-15b D-15c
// proves: D-15d D-16 D-17 D-18 D-18a D-18b D-18c D-19 D-20 D-20s D-21 D-30
func TestDeadlineRules(t *testing.T) {
	const want = `
	D-01   3  workdays local_default -     PML 17
	D-02   3  workdays confirmed     hard  ONL22 12
	D-03   3  workdays secondary     -     NJMED
	D-04   1  hours    local_default hard  PML 25; ADVL 14; MPL 11
	D-05   3  workdays local_default -     ONL22 15
	D-06   30 days     confirmed     -     MOJ02 33; NB15 27; SZ22 25
	D-06x  30 days     secondary     -     NB15 27; SZ22 25; INV16 27
	D-07   2  workdays local_default -     PML 19; ONL22 10
	D-08   5  workdays local_default -     PML 21
	D-09   1  workdays local_default -     INV16 15
	D-10   3  workdays local_default -     PML 5
	D-10u  1  workdays local_default -     PML 5, 25
	D-11   3  workdays local_default -     PML 29
	D-12   30 days     confirmed     hard  PML 33; CPL 205
	D-13   0  days     confirmed     -     PML 29, 31
	D-14   7  days     local_default -     PML 31
	D-14b  30 days     local_default -     PML 31
	D-15   3  days     confirmed     hard  JC11 4
	D-15b  15 days     confirmed     hard  JC11 5; CPL 187
	D-15c  15 days     confirmed     hard  CPLI 372
	D-15d  2  years    confirmed     hard  CPL 250
	D-16   3  workdays local_default -     PML 31
	D-17   30 days     local_default -     PML 27
	D-18   0  years    local_default -     PML 27; ARCH 21; local
	D-18a  5  years    local_default -     PML 27; CPL 250; CC 188; local
	D-18b  10 years    local_default -     PML 27; ARCH 21; local
	D-18c  30 years    local_default -     PML 27; ARCH 21; local
	D-19   3  years    confirmed     hard  CC 188
	D-20   5  days     secondary     -     NB15 19; local
	D-20s  24 hours    secondary     -     NB15 19; local
	D-21   1  days_counted local_default - local
	D-30   15 workdays local_default -     PIPL 50`
	var got []string
	for _, r := range DeadlineRules() {
		hard := map[bool]string{true: "hard", false: "-"}[r.Hard]
		got = append(got, strings.Join([]string{string(r.ID), itoa(r.Term.N), string(r.Term.Unit), string(r.Status), hard, r.Source}, " "))
		if r.Name("zh-CN") != r.NameZH || r.Name("en") != r.NameEN || !hasHan(r.NameZH) || r.NameEN == "" || hasHan(r.NameEN) {
			t.Errorf("%s has the names %q and %q", r.ID, r.NameZH, r.NameEN)
		}
		if one, ok := Deadline(r.ID); !ok || one != r {
			t.Errorf("Deadline(%s) = %v, %t", r.ID, one, ok)
		}
	}
	var rows []string
	for row := range strings.Lines(strings.TrimSpace(want)) {
		rows = append(rows, strings.Join(strings.Fields(row), " "))
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r, ok := Deadline("D-99"); ok || r != (DeadlineRule{}) {
		t.Errorf("Deadline(D-99) = %v", r)
	}
}

// proves: duty.hard_limit
func TestACommitteeMaySetItsOwnLimits(t *testing.T) {
	own := Limits{
		D01Acceptance:   {5, WorkingDays},
		D06Mediation:    {20, CalendarDays},
		D12Confirmation: {60, CalendarDays},
		D04Report:       {8, Hours},
		D13Performance:  {9, CalendarDays},
		D07Assign:       {0, WorkingDays},
		D08FirstSession: {4, "moons"},
	}
	for _, tt := range []struct {
		rule   string
		limits Limits
		id     DeadlineID
		want   Term
	}{
		{"its own stands over the default", own, D01Acceptance, Term{5, WorkingDays}},
		{"what it has not set is the default", own, D02CourtReply, Term{3, WorkingDays}},
		{"no settings at all", nil, D01Acceptance, Term{3, WorkingDays}},
		{"the 30 days for confirmation are the law's", own, D12Confirmation, Term{30, CalendarDays}},
		{"a report of danger does not wait longer", own, D04Report, Term{1, Hours}},
		{"the day of performance is the parties' own", own, D13Performance, Term{0, CalendarDays}},
		{"a setting of no length is no setting", own, D07Assign, Term{2, WorkingDays}},
		{"a setting in an unknown unit is none", own, D08FirstSession, Term{5, WorkingDays}},
		{"an unknown clock has no length", own, "D-99", Term{}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := tt.limits.Term(tt.id); got != tt.want {
				t.Errorf("Term(%s) = %v, want %v", tt.id, got, tt.want)
			}
		})
	}
}

// proves: duty.period mode.C0 mode.C1 mode.C2 mode.C2S mode.C3
func TestMediationTerm(t *testing.T) {
	short, long := Limits{D06Mediation: {10, CalendarDays}}, Limits{D06Mediation: {60, CalendarDays}}
	for _, tt := range []struct {
		rule   string
		mode   CourtMode
		labour bool
		limits Limits
		want   Term
	}{
		{"an ordinary case has 30 days", CourtNone, false, nil, Term{30, CalendarDays}},
		{"or what the committee has set", CourtNone, false, long, Term{60, CalendarDays}},
		{"guidance by the court changes nothing", C0, false, long, Term{60, CalendarDays}},
		{"labour has 15 days", CourtNone, true, nil, Term{15, CalendarDays}},
		{"labour has 15 days even if the committee allows more", C0, true, long, Term{15, CalendarDays}},
		{"labour has less if the committee allows less", CourtNone, true, short, Term{10, CalendarDays}},
		{"labour has 15 days where the committee counts working days", CourtNone, true, Limits{D06Mediation: {14, WorkingDays}}, Term{15, CalendarDays}},
		{"before filing 30 days, whatever the committee has set", C1, false, short, Term{30, CalendarDays}},
		{"after filing, ordinary procedure", C2Ordinary, false, long, Term{15, CalendarDays}},
		{"after filing, summary procedure", C2Summary, false, long, Term{7, CalendarDays}},
		{"at a hearing the office's period is a reminder", C3, false, short, Term{10, CalendarDays}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := MediationTerm(tt.mode, tt.labour, tt.limits); got != tt.want {
				t.Errorf("MediationTerm = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRulesAreCopies(t *testing.T) {
	DeadlineRules()[0].Hard = true
	Codes(Grades)[0].ZH = "x"
	Forms()[0].Signers[0] = "x"
	rule, _ := Risk("R3-MINOR")
	rule.ReportTo[0] = "x"
	again, _ := Risk("R3-MINOR")
	if DeadlineRules()[0].Hard || Codes(Grades)[0].ZH == "x" || Forms()[0].Signers[0] == "x" || slices.Contains(again.ReportTo, "x") {
		t.Error("a caller could change the law")
	}
}

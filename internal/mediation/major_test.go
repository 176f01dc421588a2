package mediation_test

import (
	"testing"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// hour sets the play to a time of day on 11 May 2026, a Monday, or some days later.
func (p *play) hour(days, hour, minute int) *play {
	p.now = time.Date(2026, time.May, 11+days, hour, minute, 0, 0, statute.Shanghai)
	return p
}

// due is until when a major dispute is to be reported; "" when nothing runs.
func (p *play) due() string {
	if d := p.c.Clock(statute.D21Major); d != nil {
		return d.Due.In(statute.Shanghai).Format("2006-01-02 15:04")
	}
	return ""
}

func raised(flag string) func(*play) {
	return func(p *play) { p.do(RoleMediator, RiskFlag{Flag: flag, Facts: "聚集了十几个人"}) }
}

func held(grade string) func(*play) {
	return func(p *play) { p.do(RoleChair, Grading{Grade: grade, Reason: "人已散去"}) }
}

// TestAMajorDisputeIsReportedTheSameDay is the grid of how a dispute becomes a major
// one: whoever finds it so, in whichever stage, on whichever day and at whatever hour,
// the report is due by the end of that calendar day, or of the day the committee set.
//
// proves: D-21
func TestAMajorDisputeIsReportedTheSameDay(t *testing.T) {
	becomes := []struct {
		name string
		from Stage
		by   func(*play)
	}{
		{"a death told at registration", Submitted, func(p *play) {
			reg := registration(p)
			reg.Death = true
			p.do(RoleCoordinator, reg)
		}},
		{"a crowd, at filing", Submitted, raised("R2-MASS")},
		{"a crime, during the talks", InMediation, raised("R3-CRIME")},
		{"a crowd, after the agreement", Effective, raised("R2-MASS")},
		{"the chair's word", Registered, held("L4")},
		{"the chair's word, later", Assigned, held("L4")},
	}
	when := []struct {
		name              string
		days, hour, min   int
		standard, secondD string // by the default, and where the committee sets two days
	}{
		{"in the morning", 0, 9, 0, "2026-05-11 23:59", "2026-05-12 23:59"},
		{"ten minutes before midnight", 0, 23, 50, "2026-05-11 23:59", "2026-05-12 23:59"},
		{"at midnight", 1, 0, 0, "2026-05-12 23:59", "2026-05-13 23:59"},
		{"on a Saturday", 5, 15, 0, "2026-05-16 23:59", "2026-05-17 23:59"},
		{"on a Sunday night", 6, 23, 59, "2026-05-17 23:59", "2026-05-18 23:59"},
		{"on a statutory holiday", 39, 8, 0, "2026-06-19 23:59", "2026-06-20 23:59"},
	}
	for _, how := range becomes {
		for _, w := range when {
			for _, own := range []bool{false, true} {
				p := at(t, how.from)
				p.hour(w.days, w.hour, w.min)
				want := w.standard
				if own {
					p.limits, want = statute.Limits{statute.D21Major: {N: 2, Unit: statute.CountedDays}}, w.secondD
				}
				if how.by(p); p.c.Grade != "L4" || p.due() != want {
					t.Errorf("%s, %s, own limit %t: grade %s, due %q, want %q", how.name, w.name, own, p.c.Grade, p.due(), want)
				}
				if d := p.c.Clock(statute.D21Major); d != nil && (len(d.Reckoning) != 1 || d.Reckoning[0].Rule != "day_counted" || d.Reckoning[0].Source != "local" || d.Guess) {
					t.Errorf("%s, %s: reckoned by %+v", how.name, w.name, d.Reckoning)
				}
			}
		}
	}
}

// TestOneGradeOneClock: what is major already gets no second clock, and none is
// guessed for what was major before; taken back it is called off with its reason, and
// found major again it starts anew.
//
// proves: D-21 act.confirm_grade
func TestOneGradeOneClock(t *testing.T) {
	p := at(t, Assigned)
	p.hour(0, 16, 0)
	raised("R2-MASS")(p)
	raised("R3-CRIME")(p)
	held("L4")(p)
	if n := count(p, statute.D21Major); n != 1 {
		t.Fatalf("%d clocks for one grade", n)
	}
	if _, err := p.try(RoleChair, Grading{Grade: "L3", Reason: " "}); fault(err) != "reason=error.required" {
		t.Fatalf("taken back without a word: %q", fault(err))
	}
	events, err := p.try(RoleChair, Grading{Grade: "L3", Reason: " 人已散去 "})
	if err != nil || p.due() != "" || p.c.GradeReason != "人已散去" || events[0].Codes["called_off"] != "D-21" {
		t.Fatalf("taken back: %v, due %q, %q, %v", err, p.due(), p.c.GradeReason, events[0].Codes)
	}
	for _, d := range p.c.Deadlines {
		if d.Kind == statute.D21Major && d.Outcome != "cancelled" {
			t.Errorf("called off as %q", d.Outcome)
		}
	}
	p.hour(1, 8, 0)
	if held("L4")(p); p.due() != "2026-05-12 23:59" || p.c.GradeReason != "" {
		t.Errorf("found major again: due %q, %q", p.due(), p.c.GradeReason)
	}
	for _, grade := range []string{"L1", "L2", "L3"} {
		q := at(t, Registered)
		if held(grade)(q); q.due() != "" || q.c.GradeReason != "" {
			t.Errorf("%s is to be reported by %q", grade, q.due())
		}
	}
	old := at(t, Assigned) // graded before there was such a clock
	old.c.Grade, old.c.GradeBy = "L4", "rule"
	if held("L4")(old); old.due() != "" {
		t.Errorf("a clock was guessed: %q", old.due())
	}
	raised("R3-CRIME")(old)
	if old.due() != "" || !old.c.Offers(ReportMajor) {
		t.Errorf("a clock was guessed, or the report not offered: %q", old.due())
	}
	if old.do(RoleChair, MajorReported{To: "subdistrict", How: OnPaper, Who: "街道综治办"}); old.c.Offers(ReportMajor) {
		t.Error("reported in writing, and asked for again")
	}
}

func count(p *play, kind statute.DeadlineID) int {
	n := 0
	for _, d := range p.c.Deadlines {
		if d.Kind == kind {
			n++
		}
	}
	return n
}

// TestTheReportOfAMajorDispute is the grid of a report: to whom, how, when it was made
// and when it was written down.
//
// proves: act.report_major guard.not_major D-21
func TestTheReportOfAMajorDispute(t *testing.T) {
	told := func(days, hour int) time.Time {
		return time.Date(2026, time.May, 11+days, hour, 0, 0, 0, statute.Shanghai)
	}
	for _, tt := range []struct {
		why     string
		a       MajorReported
		legal   []UserID
		later   bool // written down the morning after
		answer  string
		outcome string
		again   bool // a report in writing is still to come
	}{
		{why: "in the program", a: MajorReported{To: "judicial_office", How: ThroughSystem}, legal: []UserID{fang}, outcome: "met"},
		{why: "in the program, too late", a: MajorReported{To: "judicial_office", How: ThroughSystem}, legal: []UserID{fang}, later: true, outcome: "late"},
		{why: "in the program it is told now", a: MajorReported{To: "judicial_office", How: ThroughSystem, ToldAt: told(0, 17)}, legal: []UserID{fang}, later: true, outcome: "late"},
		{why: "with nobody there", a: MajorReported{To: "judicial_office", How: ThroughSystem}, answer: "way=rule.no_legal_staff"},
		{why: "the sub-district is not in the program", a: MajorReported{To: "subdistrict", How: ThroughSystem}, legal: []UserID{fang}, answer: "way=rule.system_judicial_office"},
		{why: "by telephone", a: MajorReported{To: "subdistrict", How: ByPhone, Who: "值班室"}, outcome: "met", again: true},
		{why: "by telephone, written down the next day", a: MajorReported{To: "judicial_office", How: ByPhone, Who: "赵敏", ToldAt: told(0, 17)}, later: true, outcome: "met", again: true},
		{why: "by telephone, before it was graded", a: MajorReported{To: "judicial_office", How: ByPhone, Who: "赵敏", ToldAt: told(0, 9)}, outcome: "met", again: true},
		{why: "in person, too late", a: MajorReported{To: "judicial_office", How: InPerson, Who: "赵敏", ToldAt: told(1, 7)}, later: true, outcome: "late", again: true},
		{why: "on paper", a: MajorReported{To: "subdistrict", How: OnPaper, Who: "综治办", Ref: "榆园报〔2026〕1号"}, outcome: "met"},
		{why: "to nobody named", a: MajorReported{To: "subdistrict", How: ByPhone, Who: " "}, answer: "who=error.required"},
		{why: "tomorrow", a: MajorReported{To: "subdistrict", How: ByPhone, Who: "值班室", ToldAt: told(0, 22)}, answer: "told_at=rule.in_the_future"},
		{why: "before the matter came", a: MajorReported{To: "subdistrict", How: ByPhone, Who: "值班室", ToldAt: told(-1, 23)}, answer: "told_at=rule.before_filing"},
		{why: "to the police", a: MajorReported{To: "police", How: ByPhone, Who: "110"}, answer: "to=error.choice"},
		{why: "empty", a: MajorReported{}, answer: "to=error.required way=error.required who=error.required"},
	} {
		t.Run(tt.why, func(t *testing.T) {
			p := at(t, Assigned)
			p.hour(0, 16, 0)
			raised("R2-MASS")(p)
			if p.hour(0, 18, 0); tt.later {
				p.hour(1, 8, 0)
			}
			p.legal = tt.legal
			events, err := p.try(RoleMediator, tt.a)
			if fault(err) != tt.answer {
				t.Fatalf("the answer is %q, want %q", fault(err), tt.answer)
			}
			if tt.answer != "" {
				return
			}
			r := p.c.MajorReports[len(p.c.MajorReports)-1]
			wantTold := tt.a.ToldAt
			if wantTold.IsZero() || tt.a.How == ThroughSystem {
				wantTold = p.now
			}
			if !r.ToldAt.Equal(wantTold) || r.At != p.now || r.By != du || r.To != tt.a.To || r.How != tt.a.How || r.Waiting() != (tt.a.How == ThroughSystem) {
				t.Errorf("%+v", r)
			}
			if got := events[0]; got.Subject != r.ID || got.Codes["receiver"] != tt.a.To || got.Codes["way"] != tt.a.How {
				t.Errorf("the history says %+v", got)
			}
			for _, d := range p.c.Deadlines {
				if d.Kind == statute.D21Major && d.Outcome != tt.outcome {
					t.Errorf("ended as %q, want %q", d.Outcome, tt.outcome)
				}
			}
			if p.c.Offers(ReportMajor) != tt.again {
				t.Errorf("offered again: %t", !tt.again)
			}
		})
	}
	p := at(t, Assigned)
	if _, err := p.try(RoleMediator, MajorReported{To: "subdistrict", How: ByPhone, Who: "值班室"}); KeyOf(err) != "rule.not_major" || p.c.Offers(ReportMajor) {
		t.Errorf("an ordinary dispute is reported: %v", err)
	}
}

// TestLegalStaffTakeTheReport: what waits on their desk puts the case within their
// reach like a request to them, until they took it and for as long after.
//
// proves: act.take_major_report guard.own_report guard.no_major_report
func TestLegalStaffTakeTheReport(t *testing.T) {
	p := at(t, Assigned)
	raised("R2-MASS")(p)
	right := Right{Scope: ScopeEscalated, Grant: Grant{Role: RoleLegalOfficer, AreaPath: "city/gx/"}}
	legal := Actor{User: fang}
	if right.Allows(legal, p.c.Row(), p.now) {
		t.Error("in reach before anybody told them")
	}
	p.do(RoleMediator, MajorReported{To: "judicial_office", How: ByPhone, Who: "赵敏"})
	if right.Allows(legal, p.c.Row(), p.now) || p.c.Offers(TakeMajorReport) {
		t.Error("a word by telephone opens the file")
	}
	p.legal = []UserID{fang}
	p.do(RoleMediator, MajorReported{To: "judicial_office", How: ThroughSystem})
	if !right.Allows(legal, p.c.Row(), p.now) || !p.c.Offers(TakeMajorReport) {
		t.Error("what was reported to them is out of reach")
	}
	if _, err := p.try(RoleLegalOfficer, MajorTaken{Joint: " "}); fault(err) != "joint=error.required" {
		t.Errorf("taken without a word: %q", fault(err))
	}
	own := *p
	own.c = copied(p.c)
	own.c.MajorReports[1].By = fang
	if _, err := own.try(RoleLegalOfficer, MajorTaken{Joint: "一起办"}); KeyOf(err) != "rule.own_report" {
		t.Errorf("took his own report: %v", err)
	}
	p.do(RoleLegalOfficer, MajorTaken{Joint: " 赵敏下午到场 "})
	if r := p.c.MajorReports[1]; r.Joint != "赵敏下午到场" || r.SeenBy != fang || r.SeenAt != p.now || !p.c.MajorReports[0].SeenAt.IsZero() {
		t.Errorf("%+v", p.c.MajorReports)
	}
	if _, err := p.try(RoleLegalOfficer, MajorTaken{Joint: "一起办"}); KeyOf(err) != "rule.no_major_report" || p.c.Offers(TakeMajorReport) {
		t.Errorf("taken twice: %v", err)
	}
	if !right.Allows(legal, p.c.Row(), p.now.Add(EscalatedFor-time.Minute)) || right.Allows(legal, p.c.Row(), p.now.Add(EscalatedFor+time.Minute)) {
		t.Error("in reach for ever, or no more")
	}
}

// TestAMajorDisputeIsNotClosedUnreported: the report outlives the dispute and stands
// before its closing.
//
// proves: guard.major_first
func TestAMajorDisputeIsNotClosedUnreported(t *testing.T) {
	p := at(t, Assigned)
	raised("R3-CRIME")(p)
	p.act(ReportRisk)
	p.do(RoleChair, Termination{Ending{Code: "T09", Reason: "涉嫌犯罪", Told: true}})
	if p.due() == "" {
		t.Fatal("the end of the dispute ends the report")
	}
	if _, err := p.try(RoleChair, closing(p)); KeyOf(err) != "rule.major_first" {
		t.Fatalf("closed unreported: %v", err)
	}
	p.do(RoleChair, MajorReported{To: "subdistrict", How: ByPhone, Who: "值班室"})
	p.act(CloseCase)
}

// TestGradeGrounds: the paper tells why the rules hold the case to be a major one.
//
// proves: duty.grade
func TestGradeGrounds(t *testing.T) {
	p := at(t, Registered)
	if got := p.c.GradeGrounds(); got != nil {
		t.Errorf("an ordinary dispute is major by %v", got)
	}
	raised("R2-MASS")(p)
	raised("R3-CRIME")(p)
	if got := p.c.GradeGrounds(); len(got) != 2 || got[0] != "mass_risk" || got[1] != "crime_risk" {
		t.Errorf("major by %v", got)
	}
}

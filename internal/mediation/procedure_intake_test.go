package mediation_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "doorstep/internal/mediation"

	"github.com/google/go-cmp/cmp"
)

// TestProcedure is the table of the procedure, one subtest a row. The files
// procedure_*_test.go hold the rows in its order.
func TestProcedure(t *testing.T) {
	t.Run("row01", row01)
	t.Run("row02", row02)
	for _, part := range [][]row{intakeRows, courtIntakeRows, consentRows, mediatorRows, sessionRows, escalationRows, courtRows, agreementRows, performanceRows, endRows} {
		for _, r := range part {
			r.run(t)
		}
	}
	t.Run("row42 linked", row42)
}

// proves: act.file duty.privacy_notice duty.legal_ground
func row01(t *testing.T) {
	p := filed(t)
	if p.c.Stage != Submitted || p.c.IntakeNumber != "intake-1" || p.c.Number != "" {
		t.Errorf("stage %s, intake number %q, case number %q", p.c.Stage, p.c.IntakeNumber, p.c.Number)
	}
	wantClocks(t, &Case{}, p.c, "+D-01 2026-05-14")
	wantLines(t, p.history, "file >submitted channel=web source=application")
	if me := p.c.Parties[0]; me.Consent != "yes" || me.User != chen || me.LegalGround != "consent" || me.PrivacyAt.IsZero() {
		t.Errorf("the applicant's own filing is his consent and ground: %+v", me)
	}
	for _, v := range []struct {
		why    string
		change func(*Intake)
		answer string
	}{
		{"without what happened", func(in *Intake) { in.Facts = " " }, "facts=error.required"},
		{"without where", func(in *Intake) { in.Area, in.Place = "", "" }, "place=error.required"},
		{"without a way to reach him", func(in *Intake) { in.Phone = "" }, "phone=error.required"},
		{"with a phone that is none", func(in *Intake) { in.Phone = "123" }, "phone=error.phone"},
		{"without the privacy notice", func(in *Intake) { in.Privacy = false }, "privacy=error.privacy"},
		{"with a story too long", func(in *Intake) { in.Facts = strings.Repeat("水", MaxStory+1) }, "facts=error.too_long_5000"},
	} {
		t.Run(v.why, func(t *testing.T) { refuseIntake(t, intake(), v.change, false, v.answer) })
	}
	t.Run("three fields are enough", func(t *testing.T) {
		in := Intake{Facts: "漏水", Place: "别处", Phone: "10012345678", Privacy: true}
		if p := newPlay(t).begin(in, RoleResident); p.c.Stage != Submitted {
			t.Errorf("stage %s", p.c.Stage)
		}
	})
	t.Run("no number, no case", func(t *testing.T) {
		p := newPlay(t)
		p.noDraw = errors.New("the counter is locked")
		if c, _, err := NewCase(intake(), false, seat, p.scene(RoleResident)); c != nil || err == nil {
			t.Errorf("a case without a number in the register: %v, %v", c, err)
		}
	})
}

func refuseIntake(t *testing.T, in Intake, change func(*Intake), recorded bool, answer string) {
	t.Helper()
	change(&in)
	p := newPlay(t)
	c, events, err := NewCase(in, recorded, seat, p.scene(RoleCoordinator))
	if c != nil || events != nil || KindOf(err) != Invalid || fault(err) != answer {
		t.Errorf("%v, %v, %q; want %q", c, events, fault(err), answer)
	}
	if p.drawn["intake"] != 0 {
		t.Errorf("a refused form drew a number of the register")
	}
}

// proves: act.record
func row02(t *testing.T) {
	t.Run("oral application", func(t *testing.T) {
		p := newPlay(t).begin(recorded(), RoleCoordinator)
		wantClocks(t, &Case{}, p.c, "+D-01 2026-05-14")
		wantLines(t, p.history, "record >submitted channel=window source=application")
		if p.c.Parties[0].User != "" {
			t.Errorf("the clerk became the applicant: %+v", p.c.Parties[0])
		}
	})
	t.Run("referral by the court starts the answer to it", func(t *testing.T) {
		in := recorded()
		in.Source, in.Channel, in.CourtMode, in.ReferralOK = "court", "court", "C1", true
		p := newPlay(t).begin(in, RoleCoordinator)
		wantClocks(t, &Case{}, p.c, "+D-01 2026-05-14", "+D-02 2026-05-14")
		if p.c.Parties[0].Consent != "" {
			t.Errorf("a referral is nobody's consent: %+v", p.c.Parties[0])
		}
	})
	for channel, source := range map[string]string{"police_110": "police", "hotline_12345": "application", "petition": "petitions"} {
		t.Run("passed on by "+channel+": the sender is told", func(t *testing.T) {
			in := recorded()
			in.Source, in.Channel, in.ReferralOK = source, channel, true
			p := newPlay(t).begin(in, RoleCoordinator)
			wantClocks(t, &Case{}, p.c, "+D-01 2026-05-14", "+D-20 2026-05-18") // the fifth day is a Saturday
		})
	}
	t.Run("taken up by the committee itself", func(t *testing.T) {
		in := recorded()
		in.Source, in.Channel, in.LegalGround, in.Phone = "proactive", "grid", "statutory_duty", ""
		p := newPlay(t).begin(in, RoleGridWorker)
		wantLines(t, p.history, "record >submitted channel=grid source=proactive")
		if p.c.Parties[0].Consent != "" {
			t.Errorf("active mediation needs consent of both: %+v", p.c.Parties[0])
		}
	})
	for _, v := range []struct {
		why    string
		change func(*Intake)
		answer string
	}{
		{"without a source", func(in *Intake) { in.Source = "" }, "source=error.required"},
		{"with a source that is none", func(in *Intake) { in.Source, in.ReferralOK = "rumour", true }, "source=error.choice"},
		{"without a channel", func(in *Intake) { in.Channel = "" }, "channel=error.required"},
		{"without a legal ground", func(in *Intake) { in.LegalGround = "" }, "legal_ground=error.required"},
		{"a referral without its letter", func(in *Intake) { in.Source = "police" }, "referral_letter=rule.referral_letter"},
		{"a court mode without the court", func(in *Intake) { in.CourtMode = "C1" }, "court_mode=rule.court_mode_needs_court"},
	} {
		t.Run(v.why, func(t *testing.T) { refuseIntake(t, recorded(), v.change, true, v.answer) })
	}
}

func wantClocks(t *testing.T, before, after *Case, want ...string) {
	t.Helper()
	if diff := cmp.Diff(sorted(want), clocks(before, after)); diff != "" {
		t.Errorf("deadlines (-want +got):\n%s", diff)
	}
}

func wantLines(t *testing.T, events []Event, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(events)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

var intakeRows = []row{
	// proves: act.request_supplement
	{name: "row03 ask to supplement", from: "submitted", as: RoleCoordinator, act: just(supplementRequest), to: Supplement,
		clocks: []string{"+D-03 2026-05-14", "D-01 paused"}, events: []string{"request_supplement submitted>supplement"},
		refuses: []refusing{
			{why: "nothing named", act: but(supplementRequest, func(a *SupplementRequest) { a.Items = " " }), answer: "items=error.required"},
		}},
	// proves: act.supplement
	{name: "row04 supplied: the clock goes on where it stood", from: "supplement", as: RoleResident, act: just(supplied), to: Submitted,
		start:  func(t judge) *play { return at(t, Supplement).on("2026-05-13") },
		clocks: []string{"-D-03 met", "D-01 runs to 2026-05-18"}, events: []string{"supplement supplement>submitted"},
		then: func(t *testing.T, p *play) {
			if !strings.HasPrefix(p.c.Facts, intake().Facts) || !strings.Contains(p.c.Facts, "复印件已补交") {
				t.Errorf("the first story must stay: %q", p.c.Facts)
			}
		},
		refuses: []refusing{
			{why: "nothing brought", act: but(supplied, func(a *Supplied) { a.Text = "" }), answer: "text=error.required"},
		}},
	// proves: act.lapse_supplement
	{name: "row04 lapsed: never supplied", from: "supplement", as: RoleSystem, act: just(supplementLapsed), to: Withdrawn,
		start:  func(t judge) *play { return at(t, Supplement).on("2026-05-15") },
		clocks: []string{"-D-03 lapsed", "-D-01 cancelled"}, events: []string{"lapse_supplement supplement>withdrawn reason=lapsed"},
		refuses: []refusing{
			{why: "on the last day", spoil: func(p *play) { p.on("2026-05-14") }, answer: "rule.supplement_running"},
		}},
	// proves: act.register
	{name: "row05 register", from: "submitted", as: RoleCoordinator, act: just(registration), to: Registered,
		events: []string{"register submitted>registered grade=L2 type=02"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Active()) != 2 || p.c.AmountFen != 680000 || !p.c.RiskScreened || p.c.RegisteredAt != p.now || p.c.GradeBy != "rule" {
				t.Errorf("registration incomplete: %+v", p.c)
			}
		},
		refuses: []refusing{
			{why: "without a title", act: but(registration, func(a *Registration) { a.Title = "" }), answer: "title=error.required"},
			{why: "without a type", act: but(registration, func(a *Registration) { a.Type, a.Subtype = "", "" }), answer: "type=error.required"},
			{why: "with the sub-type of another type", act: but(registration, func(a *Registration) { a.Subtype = "17-parking" }), answer: "subtype=error.choice"},
			{why: "without identity", spoil: func(p *play) { p.c.Parties[0].Name = "" },
				act: but(registration, func(a *Registration) { a.Applicant = "" }), answer: "applicant=error.required"},
			{why: "without a respondent", act: but(registration, func(a *Registration) { a.Respondent = "" }), answer: "respondent=error.required"},
			{why: "without a request", spoil: func(p *play) { p.c.Request = "" },
				act: but(registration, func(a *Registration) { a.Request = "" }), answer: "request=error.required"},
			{why: "with an amount that is none", act: but(registration, func(a *Registration) { a.Amount = "很多" }), answer: "amount=error.amount"},
			{why: "before the risk screen", act: but(registration, func(a *Registration) { a.RiskScreen = false }), answer: "risk_screen=rule.risk_screen"},
		}},
	// proves: act.raise_risk
	{name: "row06 a danger that holds the case", from: anyOpen, as: RoleMediator, act: just(riskFlag), to: Submitted,
		clocks: []string{"+D-04 2026-05-11 11:00"}, events: []string{"raise_risk submitted>submitted flag=R2-ESC"},
		then: func(t *testing.T, p *play) {
			if !p.c.Hold || p.c.Restricted {
				t.Errorf("hold %v, restricted %v", p.c.Hold, p.c.Restricted)
			}
		},
		refuses: []refusing{
			{why: "no such flag", act: but(riskFlag, func(a *RiskFlag) { a.Flag = "R9" }), answer: "flag=error.choice"},
			{why: "without facts", act: but(riskFlag, func(a *RiskFlag) { a.Facts = "" }), answer: "facts=error.required"},
		}},
	{name: "row06 what is only worth watching starts no report", from: anyOpen, as: RoleMediator,
		act: but(riskFlag, func(a *RiskFlag) { a.Flag = "R1" }), to: Submitted, events: []string{"raise_risk submitted>submitted flag=R1"},
		then: func(t *testing.T, p *play) {
			if p.c.Hold || p.c.Restricted {
				t.Errorf("hold %v, restricted %v", p.c.Hold, p.c.Restricted)
			}
		}},
	{name: "row06 a crime closes the file as well", from: anyOpen, start: func(t judge) *play { return at(t, InMediation) }, as: RoleMediator,
		act: but(riskFlag, func(a *RiskFlag) { a.Flag = "R3-CRIME" }), to: InMediation, clocks: []string{"+D-04 2026-05-11 11:00", "+D-21 2026-05-11"},
		events: []string{"raise_risk in_mediation>in_mediation flag=R3-CRIME"},
		then: func(t *testing.T, p *play) {
			if !p.c.Hold || !p.c.Restricted || p.c.Grade != "L4" {
				t.Errorf("hold %v, restricted %v, grade %s", p.c.Hold, p.c.Restricted, p.c.Grade)
			}
		}},
	// proves: act.report_risk
	{name: "row06 the report ends the clock", from: anyOpen + " terminated not_accepted withdrawn referred_out", as: RoleMediator,
		start: func(t judge) *play { return filed(t).act(RaiseRisk) }, act: just(riskReport), to: Submitted,
		clocks: []string{"-D-04 met"}, events: []string{"report_risk submitted>submitted flag=R2-ESC told=police"},
		then: func(t *testing.T, p *play) {
			if r := p.c.Risks[0]; r.ReportedAt != p.now || r.ReportedBy != du || r.Receiver != "榆园派出所值班室" || len(r.Told) != 1 {
				t.Errorf("reported %v by %s to %v, %s", r.ReportedAt, r.ReportedBy, r.Told, r.Receiver)
			}
		},
		refuses: []refusing{
			{why: "without a receiver", act: but(riskReport, func(a *RiskReport) { a.Receiver = "" }), answer: "receiver=error.required"},
			{why: "without saying to whom", act: but(riskReport, func(a *RiskReport) { a.ToldTo = nil }), answer: "told_to=error.required"},
			{why: "to somebody unheard of", act: but(riskReport, func(a *RiskReport) { a.ToldTo = []string{"police", "mayor"} }), answer: "told_to=error.choice"},
			{why: "at a time to come", act: but(riskReport, func(a *RiskReport) { a.At = monday().Add(time.Minute) }), answer: "received=rule.in_the_future"},
			{why: "long before anybody came", act: but(riskReport, func(a *RiskReport) { a.At = monday().AddDate(-1, 0, 0) }), answer: "received=rule.report_too_early"},
			{why: "of no danger of this case", act: but(riskReport, func(a *RiskReport) { a.Risk = "id-999" }), answer: "risk=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(ReportRisk) },
				act: func(p *play) Act {
					return RiskReport{Risk: p.c.Risks[0].ID, ToldTo: []string{"police"}, Receiver: "派出所"}
				}, answer: "risk=error.choice"},
		}},
	// proves: act.lift_hold
	{name: "row06 the hold ends by free wish after the report", from: anyOpen, as: RoleChair,
		start: func(t judge) *play { return filed(t).act(RaiseRisk, ReportRisk) }, act: just(holdLifted), to: Submitted,
		events: []string{"lift_hold submitted>submitted"},
		refuses: []refusing{
			{why: "without a reason", act: but(holdLifted, func(a *HoldLifted) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without the free wish", act: but(holdLifted, func(a *HoldLifted) { a.FreeWish = false }), answer: "free_wish=rule.free_wish"},
			{why: "before the report", spoil: func(p *play) { p.act(RaiseRisk) }, answer: "rule.report_first"},
			{why: "without a hold", spoil: func(p *play) { p.act(LiftHold) }, answer: "rule.no_hold"},
		}},
}

package mediation_test

import (
	"strings"
	"testing"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func present(change func(*play, *Opening)) func(*play) Act {
	return func(p *play) Act {
		a := opening(p)
		change(p, &a)
		return a
	}
}

var sessionRows = []row{
	// proves: act.schedule
	{name: "row16 schedule", from: "assigned", as: RoleMediator, act: just(scheduling), to: Scheduled,
		clocks: []string{"-D-08 met"}, events: []string{"schedule assigned>scheduled doors=closed mode=joint"},
		then: func(t *testing.T, p *play) {
			if s := p.c.NextSession(); s == nil || s.Place != "榆园调解室" || s.Seq != 1 {
				t.Errorf("session %+v", s)
			}
		},
		refuses: append(planning(func(change func(*Meeting)) func(*play) Act {
			return but(scheduling, func(a *Scheduling) { change(&a.Meeting) })
		}), refusing{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"})},
	// proves: act.open_session duty.rights
	{name: "row17 open", from: "scheduled", as: RoleMediator, act: just(opening), to: InMediation, events: []string{"open_session scheduled>in_mediation doors=closed mode=joint"},
		then: func(t *testing.T, p *play) {
			for _, v := range p.c.Active() {
				if v.RightsAt != p.now || v.RightsHow != "signed" || v.Identity != LevelChecked {
					t.Errorf("%s: rights %v %s, identity %d", v.Side, v.RightsAt, v.RightsHow, v.Identity)
				}
			}
		},
		refuses: []refusing{
			{why: "one present was not told his rights", act: present(func(_ *play, a *Opening) { a.Attendance[1].Rights = "" }), answer: "rule.rights_notice_first"},
			{why: "one present was not checked", act: present(func(_ *play, a *Opening) { a.Attendance[1].Identity = false }), answer: "rule.identity_first"},
			{why: "an agent without his power of attorney", act: present(func(_ *play, a *Opening) { a.Attendance[1].ByAgent = true }), answer: "rule.power_of_attorney"},
			{why: "nobody came", act: present(func(_ *play, a *Opening) { a.Attendance = nil }), answer: "rule.nobody_present"},
			{why: "one side alone at a joint session", act: present(func(_ *play, a *Opening) { a.Attendance[1].Present = false }), answer: "rule.joint_needs_two_sides"},
			{why: "someone of another case", act: present(func(_ *play, a *Opening) { a.Attendance[1].Party = "id-999" }), answer: "attendance=error.choice"},
			{why: "one present has not agreed to mediate", spoil: func(p *play) { p.act(AddParty) }, answer: "rule.consent_missing"},
			{why: "jointly, on hold", spoil: func(p *play) { p.act(RaiseRisk) }, answer: "rule.joint_needs_two_sides"},
			{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
		}},
	{name: "row17 separate talks need one side only, also on hold", from: "scheduled", as: RoleMediator,
		start: func(t judge) *play {
			p := at(t, Assigned)
			return p.do(RoleMediator, but(scheduling, func(a *Scheduling) { a.Mode = "caucus" })(p)).act(RaiseRisk)
		},
		act: present(func(_ *play, a *Opening) { a.Attendance[1].Present = false }), to: InMediation,
		events: []string{"open_session scheduled>in_mediation doors=closed mode=caucus"}},
	// proves: act.log_session
	{name: "row17 the record", from: "in_mediation", start: func(t judge) *play { return at(t, Scheduled).act(OpenSession) }, as: RoleMediator,
		act: just(report), to: InMediation, events: []string{"log_session in_mediation>in_mediation result=continues"},
		then: func(t *testing.T, p *play) {
			if s := p.c.Sessions[0]; s.State != "recorded" || s.Negotiation != "底价四千" || s.Confirmed != "顶板确有水渍" {
				t.Errorf("what was bargained stands apart from what both confirmed: %+v", s)
			}
			if s := p.c.Sessions[0]; !s.Introduced || !s.RisksTold {
				t.Errorf("what was told is not kept: %+v", s)
			}
		},
		refuses: []refusing{
			{why: "not read back", act: but(report, func(a *Report) { a.ReadBack = false }), answer: "read_back=rule.read_back"},
			{why: "without a result", act: but(report, func(a *Report) { a.Result = "" }), answer: "result=error.required"},
			{why: "without a statement", act: but(report, func(a *Report) { a.Statements = nil }), answer: "statements=rule.statements_needed"},
			{why: "of a stranger", act: but(report, func(a *Report) { a.Statements[0].Party = "id-999" }), answer: "statements=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(LogSession) }, answer: "rule.no_session_open"},
		}},
	// proves: act.adjourn
	{name: "row18 adjourn: the period runs on", from: "scheduled in_mediation", as: RoleMediator, act: just(adjournment), to: Adjourned,
		events: []string{"adjourn scheduled>adjourned reason=ill until=2026-05-18"},
		then: func(t *testing.T, p *play) {
			if p.c.NextSession() != nil {
				t.Error("the session put off is still planned")
			}
		},
		refuses: []refusing{
			{why: "without a reason", act: but(adjournment, func(a *Adjournment) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without a date or condition", act: but(adjournment, func(a *Adjournment) { a.Until = statute.Date{} }), answer: "until=rule.date_or_condition"},
			{why: "to a day gone by", act: but(adjournment, func(a *Adjournment) { a.Until = day("2026-05-10") }), answer: "until=rule.in_the_past"},
			{why: "in the middle of a session", spoil: func(p *play) { p.act(OpenSession) }, answer: "rule.record_first"},
		}},
	{name: "row18 adjourn for an appraisal: the period stands still", from: "scheduled in_mediation", start: func(t judge) *play { return at(t, InMediation) },
		as: RoleMediator, act: but(adjournment, func(a *Adjournment) { a.Reason = "appraisal" }), to: Adjourned, clocks: []string{"D-06 paused"},
		events: []string{"adjourn in_mediation>adjourned reason=appraisal until=2026-05-18"}},
	{name: "row18 adjourn by agreement to suspend", from: "scheduled in_mediation", start: func(t judge) *play { return at(t, InMediation) },
		as: RoleMediator, act: but(adjournment, func(a *Adjournment) { a.Suspend, a.Until, a.Condition = true, statute.Date{}, "病愈" }), to: Adjourned,
		clocks: []string{"D-06 paused"}, events: []string{"adjourn in_mediation>adjourned reason=ill"}},
	// proves: act.resume
	{name: "row19 resume", from: "adjourned", as: RoleMediator, act: just(resumption), to: Scheduled, events: []string{"resume adjourned>scheduled doors=closed mode=joint"},
		refuses: planning(func(change func(*Meeting)) func(*play) Act {
			return but(resumption, func(a *Resumption) { change(&a.Meeting) })
		})},
	{name: "row19 resume after eight days that do not count", from: "adjourned", start: suspended("2026-05-19"), as: RoleMediator, act: just(resumption),
		to: Scheduled, clocks: []string{"D-06 runs to 2026-06-18"}, events: []string{"resume adjourned>scheduled doors=closed mode=joint"}},
	// proves: act.investigate
	{name: "row20 investigate", from: "in_mediation", as: RoleMediator, act: just(inquiry), to: InMediation,
		events: []string{"investigate in_mediation>in_mediation"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Inquiries) != 1 || p.c.Inquiries[0].Asked != "水电工老马" || p.c.Inquiries[0].Present != "物业张工" {
				t.Errorf("record %+v", p.c.Inquiries)
			}
		},
		refuses: []refusing{
			{why: "without a day", act: but(inquiry, func(a *Inquiry) { a.On = statute.Date{} }), answer: "on=error.required"},
			{why: "on a day to come", act: but(inquiry, func(a *Inquiry) { a.On = day("2026-05-12") }), answer: "on=rule.in_the_future"},
			{why: "nowhere", act: but(inquiry, func(a *Inquiry) { a.Place = "" }), answer: "place=error.required"},
			{why: "with a crowd nobody could list", act: but(inquiry, func(a *Inquiry) { a.Present = strings.Repeat("人", MaxLine+1) }), answer: "others=error.too_long_200"},
			{why: "without content", act: but(inquiry, func(a *Inquiry) { a.Content = "" }), answer: "content=error.required"},
		}},
	// proves: act.extend
	{name: "row21 extend by written agreement", from: lapsing39, start: func(t judge) *play { return at(t, InMediation) }, as: RoleMediator,
		act: just(longerTime), to: InMediation, clocks: []string{"D-06 runs to 2026-07-10"},
		events: []string{"extend in_mediation>in_mediation until=2026-07-10"},
		refuses: []refusing{
			{why: "one party has not agreed", act: but(longerTime, func(a *LongerTime) { a.AgreedBy = a.AgreedBy[:1] }), answer: "agreed_by=rule.extension_by_all"},
			{why: "without a reason", act: but(longerTime, func(a *LongerTime) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without a day", act: but(longerTime, func(a *LongerTime) { a.Until = statute.Date{} }), answer: "until=error.required"},
			{why: "further on than one extension may go", act: but(longerTime, func(a *LongerTime) { a.Until = day("2026-07-11") }), answer: "until=rule.extension_too_long"},
			{why: "to the day it ends anyway", act: but(longerTime, func(a *LongerTime) { a.Until = day("2026-06-10") }), answer: "until=rule.after_present_end"},
		}},
}

// lapsing39 are the stages in which a period that ran out may still be extended.
const lapsing39 = "accepted assigned recusal_review scheduled in_mediation adjourned"

// planning is what any plan of a session needs.
func planning(with func(func(*Meeting)) func(*play) Act) []refusing {
	return []refusing{
		{why: "without a time", act: with(func(m *Meeting) { m.At = time.Time{} }), answer: "at=error.required"},
		{why: "in the past", act: with(func(m *Meeting) { m.At = monday().AddDate(0, 0, -1) }), answer: "at=rule.in_the_past"},
		{why: "nowhere", act: with(func(m *Meeting) { m.Place = "" }), answer: "place=error.required"},
		{why: "without a mode", act: with(func(m *Meeting) { m.Mode = "" }), answer: "mode=error.required"},
		{why: "jointly, on hold", spoil: func(p *play) { p.act(RaiseRisk) }, answer: "mode=rule.no_joint_session"},
	}
}

// suspended is a case adjourned for an appraisal on 11 May, seen on a later day.
func suspended(until string) func(judge) *play {
	return func(t judge) *play {
		p := at(t, InMediation)
		return p.do(RoleMediator, but(adjournment, func(a *Adjournment) { a.Reason = "appraisal" })(p)).on(until)
	}
}

// TestExtensionOutlastsPause: an agreed end is not lost when the period stands
// still before, during or after it was agreed.
func TestExtensionOutlastsPause(t *testing.T) {
	extend := func(p *play) *play {
		return p.do(RoleMediator, LongerTime{Until: day("2026-07-10"), Reason: "等鉴定", AgreedBy: p.all()})
	}
	appraise := func(p *play) *play {
		return p.do(RoleMediator, but(adjournment, func(a *Adjournment) { a.Reason = "appraisal" })(p))
	}
	for _, v := range []struct {
		name string
		p    *play
		want string
	}{
		{"agreed, then eight days of appraisal", appraise(extend(at(t, InMediation))).on("2026-05-19").act(Resume), "2026-07-20"}, // 07-18 is a Saturday
		{"agreed on the sixth of eight days", extend(suspended("2026-05-17")(t)).on("2026-05-19").act(Resume), "2026-07-13"},      // 07-12 is a Sunday
		{"agreed after the appraisal", extend(suspended("2026-05-19")(t).act(Resume).act(OpenSession)), "2026-07-10"},
	} {
		t.Run(v.name, func(t *testing.T) {
			if got := due(*v.p.c.Clock(statute.D06Mediation)); got != v.want {
				t.Errorf("the period ends %s, want %s", got, v.want)
			}
		})
	}
}

// TestPauseEnds: a period that stood still runs on when talks go on by another
// way than a resumption.
func TestPauseEnds(t *testing.T) {
	p := suspended("2026-05-19")(t).act(AskRecusal, ReplaceMediator)
	p.do(RoleChair, lead(lin)(p)).act(Schedule)
	d := p.c.Clock(statute.D06Mediation)
	if !d.PausedAt.IsZero() || due(*d) != "2026-06-18" {
		t.Errorf("paused %v, due %s", d.PausedAt, due(*d))
	}
}

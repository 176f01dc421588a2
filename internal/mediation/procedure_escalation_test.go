package mediation_test

import (
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// advised is an escalated case on which legal staff gave their opinion.
func advised(outcome string) func(judge) *play {
	return func(t judge) *play { return at(t, Escalated).advise(outcome) }
}

// offered is a case offered to the court in a mode.
func offered(mode statute.CourtMode) func(judge) *play {
	return func(t judge) *play {
		p := advised("court")(t)
		return p.do(RoleChair, but(offer, func(a *Offer) { a.Mode = mode })(p))
	}
}

func sameAsker(p *play) { p.c.Escalations[0].AskedBy = fang }

var escalationRows = []row{
	// proves: act.escalate
	{name: "row22 escalate", from: "accepted " + withMediator, start: func(t judge) *play { return at(t, Assigned) }, as: RoleMediator, act: just(raise),
		to: Escalated, clocks: []string{"+D-10 2026-05-14"}, events: []string{"escalate assigned>escalated reason=E04"},
		then: func(t *testing.T, p *play) {
			e := p.c.OpenReview("case")
			if e == nil || p.c.ResumeStage != Assigned || !strings.Contains(string(e.Snapshot), "卫生间漏水") {
				t.Errorf("request %+v, resume %s", e, p.c.ResumeStage)
			}
		},
		refuses: []refusing{
			{why: "without a reason of the list", act: but(raise, func(a *Raise) { a.Reason = "E99" }), answer: "reason=error.choice"},
			{why: "without a summary", act: but(raise, func(a *Raise) { a.Summary = "" }), answer: "summary=error.required"},
			{why: "before a mediator was assigned, but for E06", spoil: func(p *play) { *p = *at(p.t, Accepted) },
				act: but(raise, func(a *Raise) { a.Reason = "E04" }), answer: "reason=rule.only_e06"},
			{why: "in the middle of a session", spoil: func(p *play) { p.act(Schedule, OpenSession) }, answer: "rule.record_first"},
		}},
	{name: "row22 a risk is answered within a day", from: "accepted " + withMediator, start: func(t judge) *play { return at(t, Adjourned) }, as: RoleMediator,
		act: but(raise, func(a *Raise) { a.Reason = "E08" }), to: Escalated, clocks: []string{"+D-10u 2026-05-12"},
		events: []string{"escalate adjourned>escalated reason=E08"}},
	{name: "row22 a major case is answered within a day", from: "accepted " + withMediator,
		start: func(t judge) *play { return at(t, Assigned).do(RoleChair, Grading{Grade: "L4"}) }, as: RoleMediator,
		act: just(raise), to: Escalated, clocks: []string{"+D-10u 2026-05-12"}, events: []string{"escalate assigned>escalated reason=E04"}},
	{name: "row22 when recusal leaves no mediator", from: "accepted " + withMediator, start: func(t judge) *play { return at(t, Accepted) }, as: RoleChair,
		act: just(raise), to: Escalated, clocks: []string{"+D-10 2026-05-14"}, events: []string{"escalate accepted>escalated reason=E06"}},
	// proves: act.ask_again
	{name: "row22 asked again, since the court declined", from: "escalated", start: func(t judge) *play { return offered(statute.C1)(t).act(DeclineReferral) },
		as: RoleChair, act: just(raisedAgain), to: Escalated, clocks: []string{"+D-10 2026-05-14"}, events: []string{"ask_again escalated>escalated reason=E04"},
		then: func(t *testing.T, p *play) {
			if p.c.ResumeStage != Assigned || p.c.Advised() != "" {
				t.Errorf("resume %s, advised %q", p.c.ResumeStage, p.c.Advised())
			}
			if p.act(ReturnGuided); p.c.Stage != Assigned {
				t.Errorf("the new answer leads to %s", p.c.Stage)
			}
		},
		refuses: []refusing{
			{why: "without a reason of the list", act: but(raisedAgain, func(a *RaisedAgain) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without a summary", act: but(raisedAgain, func(a *RaisedAgain) { a.Summary = "" }), answer: "summary=error.required"},
			{why: "while the first request waits", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.review_open"},
			{why: "while the court considers the offer", spoil: func(p *play) { *p = *offered(statute.C1)(p.t) }, answer: "rule.referral_open"},
		}},
	// proves: act.return_guided
	{name: "row23 return with guidance", from: "escalated", start: func(t judge) *play { return at(t, Adjourned).act(Escalate) }, as: RoleLegalOfficer,
		act: just(guidance), to: Adjourned, clocks: []string{"-D-10 met"}, events: []string{"return_guided escalated>adjourned outcome=return"},
		refuses: []refusing{
			{why: "without a written opinion", act: but(guidance, func(a *Guidance) { a.Opinion = "" }), answer: "opinion=error.required"},
			{why: "by the one who asked", spoil: sameAsker, answer: "rule.own_review"},
			{why: "when it was answered already", spoil: func(p *play) { p.advise("reassign") }, answer: "rule.no_review"},
		}},
	// proves: act.review_decided
	{name: "row24 the opinion waits for the chair", from: "escalated", as: RoleLegalOfficer, act: just(opinion), to: Escalated,
		clocks: []string{"-D-10 met"}, events: []string{"review_decided escalated>escalated outcome=reassign"},
		refuses: []refusing{
			{why: "without an outcome", act: but(opinion, func(a *Opinion) { a.Outcome = "" }), answer: "outcome=error.required"},
			{why: "with an outcome that is none", act: but(opinion, func(a *Opinion) { a.Outcome = "accept" }), answer: "outcome=error.choice"},
			{why: "without a written opinion", act: but(opinion, func(a *Opinion) { a.Opinion = "" }), answer: "opinion=error.required"},
			{why: "by the one who asked", spoil: sameAsker, answer: "rule.own_review"},
		}},
	// proves: act.reassign
	{name: "row24 reassign: the period does not start again", from: "escalated", start: advised("reassign"), as: RoleChair, act: just(reassignment),
		to: Accepted, clocks: []string{"-D-08 met", "+D-07 2026-05-13"}, events: []string{"reassign escalated>accepted reason=reassigned"},
		then: func(t *testing.T, p *play) {
			if p.c.Lead() != nil || p.c.Committee != yuyuan {
				t.Errorf("lead %+v, committee %s", p.c.Lead(), p.c.Committee)
			}
		},
		refuses: []refusing{
			{why: "before the opinion", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.review_says_otherwise"},
			{why: "against the opinion", spoil: func(p *play) { *p = *advised("terminate")(p.t) }, answer: "rule.review_says_otherwise"},
			{why: "without the parties' consent to a new mediator", act: but(reassignment, func(a *Reassignment) { a.AgreedBy = a.AgreedBy[:1] }),
				answer: "agreed_by=rule.parties_consent"},
			{why: "without a reason", act: but(reassignment, func(a *Reassignment) { a.Reason = "" }), answer: "reason=error.required"},
		}},
	{name: "row24 reassign before a mediator was assigned: the clock to assign starts again", from: "escalated",
		start: func(t judge) *play { return at(t, Accepted).act(Escalate).on("2026-05-13").advise("reassign") }, as: RoleChair,
		act: but(reassignment, func(a *Reassignment) { a.Committee = "k-street" }), to: Accepted, clocks: []string{"-D-07 met", "+D-07 2026-05-15"},
		events: []string{"reassign escalated>accepted reason=reassigned"},
		then: func(t *testing.T, p *play) {
			if p.c.Committee != "k-street" {
				t.Errorf("committee %s", p.c.Committee)
			}
		}},
}

// sentByCourt is a case that a court referred to the committee, registered.
func sentByCourt(t judge) *play {
	in := recorded()
	in.Source, in.Channel, in.CourtMode, in.ReferralOK = "court", "court", statute.C2Ordinary, true
	return newPlay(t).begin(in, RoleCoordinator).act(RegisterCase)
}

func sentAndAccepted(t judge) *play {
	return sentByCourt(t).act(AskOtherSide, GiveConsent, GiveConsent, Accept)
}

var courtIntakeRows = []row{
	// proves: act.enter_court_track guard.court_document
	{name: "row02 entrusted after filing: the court goes on by itself", from: "registered accepted", start: sentByCourt, as: RoleChair, act: just(courtIntake),
		to: CourtTrack, clocks: []string{"-D-01 met", "-D-02 met", "+D-06 2026-05-26"},
		events: []string{"enter_court_track registered>court_track court_mode=C2"},
		then: func(t *testing.T, p *play) {
			r := p.c.Referrals[0]
			if p.c.Track != TrackCircuitCourt || r.State != ReferralTaken || r.CourtRef == "" || r.Digest == "" {
				t.Errorf("track %s, referral %+v", p.c.Track, r)
			}
			if _, err := p.try(RoleCourtClerk, courtSettled(p)); fault(err) != "rule.court_document" || p.c.Offers(CourtAgreed) {
				t.Errorf("after filing the court writes its own paper: %v, offered %v", err, p.c.Offers(CourtAgreed))
			}
			if p.act(CourtEnded); p.c.Stage != Closed || p.c.Clock(statute.D12Confirmation) != nil {
				t.Errorf("stage %s", p.c.Stage)
			}
		},
		refuses: []refusing{
			{why: "to no court", act: but(courtIntake, func(a *CourtIntake) { a.Court = "" }), answer: "court=error.required"},
			{why: "as guidance, which is the committee's own case", act: but(courtIntake, func(a *CourtIntake) { a.Mode = statute.C0 }), answer: "court_mode=error.required"},
			{why: "without the court's number", act: but(courtIntake, func(a *CourtIntake) { a.Ref = "" }), answer: "ref=error.required"},
			{why: "of a case no court sent", spoil: func(p *play) { *p = *at(p.t, Registered) }, answer: "rule.not_from_court"},
			{why: "before filing, without the parties' consent", act: but(courtIntake, func(a *CourtIntake) { a.Mode = statute.C1 }), answer: "rule.accept_first"},
		}},
	{name: "row02 delegated before filing, with the parties' consent", from: "registered accepted", start: sentAndAccepted, as: RoleChair,
		act: but(courtIntake, func(a *CourtIntake) { a.Mode = statute.C1 }), to: CourtTrack,
		clocks: []string{"+D-06 2026-06-10", "-D-06 met", "-D-07 met"}, events: []string{"enter_court_track accepted>court_track court_mode=C1"}},
	{name: "row02 a hearing on circuit ends by the court's judgment", from: "registered accepted", start: sentByCourt, as: RoleChair,
		act: but(courtIntake, func(a *CourtIntake) { a.Mode = statute.C3 }), to: CourtTrack,
		clocks: []string{"-D-01 met", "-D-02 met", "+D-06 2026-06-10"}, events: []string{"enter_court_track registered>court_track court_mode=C3"},
		then: func(t *testing.T, p *play) {
			if p.act(CourtEnded, Archive); p.c.Stage != Archived {
				t.Errorf("stage %s", p.c.Stage)
			}
		}},
}

var courtRows = []row{
	// proves: act.refer_to_court
	{name: "row25 offer to the court", from: "escalated", start: advised("court"), as: RoleChair, act: just(offer), to: Escalated,
		clocks: []string{"+D-02 2026-05-14"}, events: []string{"refer_to_court escalated>escalated court_mode=C1"},
		then: func(t *testing.T, p *play) {
			r := p.c.Referrals[0]
			if r.State != ReferralOffered || r.Digest == "" || strings.Contains(r.Pack, "底价") {
				t.Errorf("referral %+v", r)
			}
		},
		refuses: []refusing{
			{why: "to no court", act: but(offer, func(a *Offer) { a.Court = "" }), answer: "court=error.required"},
			{why: "as guidance, which needs no referral", act: but(offer, func(a *Offer) { a.Mode = statute.C0 }), answer: "court_mode=error.required"},
			{why: "before the opinion", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.review_says_otherwise"},
			{why: "against the opinion", spoil: func(p *play) { *p = *advised("reassign")(p.t) }, answer: "rule.review_says_otherwise"},
			{why: "without the parties' consent", act: but(offer, func(a *Offer) { a.AgreedBy = nil }), answer: "agreed_by=rule.parties_consent"},
			{why: "twice", spoil: func(p *play) { p.act(ReferToCourt) }, answer: "rule.referral_open"},
		}},
	{name: "row25 the court that takes it after filing has its own shorter period", from: "escalated", start: offered(statute.C2Summary), as: RoleCourtClerk,
		act: just(taken), to: CourtTrack, clocks: []string{"+D-06 2026-05-18", "-D-02 met", "-D-06 met", "-D-08 met"},
		events: []string{"take_referral escalated>court_track court_mode=C2S"}},
	// proves: act.take_referral
	{name: "row25 the court takes it", from: "escalated", start: offered(statute.C1), as: RoleCourtClerk, act: just(taken), to: CourtTrack,
		clocks: []string{"+D-06 2026-06-10", "-D-02 met", "-D-06 met", "-D-08 met"}, events: []string{"take_referral escalated>court_track court_mode=C1"},
		then: func(t *testing.T, p *play) {
			if p.c.Track != TrackCircuitCourt || p.c.Lead() != nil || p.c.Referrals[0].CourtRef == "" {
				t.Errorf("track %s, lead %+v, referral %+v", p.c.Track, p.c.Lead(), p.c.Referrals[0])
			}
		},
		refuses: []refusing{
			{why: "without its own number", act: but(taken, func(a *Taken) { a.Ref = "" }), answer: "ref=error.required"},
			{why: "when nothing was offered", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.no_referral"},
		}},
	// proves: act.decline_referral
	{name: "row25 the court declines: the chair chooses again", from: "escalated", start: offered(statute.C1), as: RoleCourtClerk, act: just(declined),
		to: Escalated, clocks: []string{"-D-02 met"}, events: []string{"decline_referral escalated>escalated"},
		refuses: []refusing{
			{why: "without a reason", act: but(declined, func(a *Declined) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "when nothing was offered", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.no_referral"},
		}},
	// proves: act.court_agreed
	{name: "row25 agreed before the court's mediator", from: "court_track", as: RoleCourtClerk, act: just(courtSettled), to: Effective,
		clocks: []string{"-D-06 met", "+D-12 2026-06-10", "+D-13 2026-05-21", "+D-13 2026-05-31", "+D-14 2026-06-08"},
		events: []string{"court_agreed court_track>effective effective_on=2026-05-11 rule=INV16 24"},
		refuses: []refusing{
			{why: "without what was settled", act: but(courtSettled, func(a *CourtSettled) { a.Settled = "" }), answer: "settled=error.required"},
			{why: "on a day to come", act: but(courtSettled, func(a *CourtSettled) { a.On = day("2026-05-12") }), answer: "on=rule.in_the_future"},
			{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
		}},
	// proves: act.court_failed
	{name: "row25 failed before the court", from: "court_track", as: RoleCourtClerk, act: just(courtGaveUp), to: Terminated,
		clocks: []string{"-D-06 cancelled"}, events: []string{"court_failed court_track>terminated"}, then: remediesTold,
		refuses: []refusing{
			{why: "without telling the other ways", act: but(courtGaveUp, func(a *CourtGaveUp) { a.Told = false }), answer: "told=rule.remedies_told"},
		}},
	// proves: act.court_ended
	{name: "row25 ended by the court itself", from: "court_track", as: RoleCourtClerk, act: just(courtDecided), to: Closed,
		clocks: []string{"-D-06 cancelled", "+D-17 2026-06-10"}, events: []string{"court_ended court_track>closed kind=judgment"}, then: remediesTold,
		refuses: []refusing{
			{why: "without its number", act: but(courtDecided, func(a *CourtDecided) { a.Ref = "" }), answer: "ref=error.required"},
			{why: "without the kind of end", act: but(courtDecided, func(a *CourtDecided) { a.Kind = "" }), answer: "kind=error.required"},
		}},
	// proves: act.terminate
	{name: "row26 terminate on the opinion of legal staff", from: beforeEffect, start: advised("terminate"), as: RoleChair, act: just(termination),
		to: Terminated, clocks: []string{"-D-06 cancelled", "-D-08 cancelled"}, events: []string{"terminate escalated>terminated code=T02"}, then: remediesTold,
		refuses: []refusing{
			{why: "before the opinion", spoil: func(p *play) { *p = *at(p.t, Escalated) }, answer: "rule.review_says_otherwise"},
			{why: "against the opinion", spoil: func(p *play) { *p = *advised("court")(p.t) }, answer: "rule.review_says_otherwise"},
			{why: "without a code", act: but(termination, func(a *Termination) { a.Code = "" }), answer: "code=error.required"},
			{why: "without a reason", act: but(termination, func(a *Termination) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without telling the other ways", act: but(termination, func(a *Termination) { a.Told = false }), answer: "told=rule.remedies_told"},
		}},
	{name: "row26 a crime is handed over without asking anybody", from: beforeEffect, start: func(t judge) *play { return at(t, Escalated).act(RaiseRisk) }, as: RoleChair,
		act: but(termination, func(a *Termination) { a.Code = "T09" }), to: Terminated,
		clocks: []string{"-D-06 cancelled", "-D-08 cancelled", "-D-10 cancelled"}, events: []string{"terminate escalated>terminated code=T09"}, then: remediesTold},
	{name: "row26 a crime ends it before registration too, and its report stays due", from: beforeEffect,
		start: func(t judge) *play { return filed(t).act(RaiseRisk) }, as: RoleChair,
		act: but(termination, func(a *Termination) { a.Code = "T09" }), to: Terminated,
		clocks: []string{"-D-01 cancelled"}, events: []string{"terminate submitted>terminated code=T09"},
		then: func(t *testing.T, p *play) {
			if p.c.Clock(statute.D04Report) == nil {
				t.Error("the report to the police is no longer due")
			}
			p.act(ReportRisk)
		}},
}

// TestReferralEndsWithItsCase: a case that ends before its court answered is
// called back and shows the court nothing more; one that the court has taken
// ends there too and stays in its list.
func TestReferralEndsWithItsCase(t *testing.T) {
	court := Right{Scope: ScopeReferred, Grant: Grant{Role: RoleCourtClerk, Court: gaoxin}}
	for _, tt := range []struct {
		name, state string
		start       func(judge) *play
		seen        bool
	}{
		{"offered", ReferralRecalled, offered(statute.C1), false},
		{"taken", ReferralEnded, func(t judge) *play { return at(t, CourtTrack) }, true},
	} {
		for _, end := range []Action{Withdraw, Terminate} {
			p := tt.start(t)
			if end == Terminate {
				p.do(RoleChair, but(termination, func(a *Termination) { a.Code = "T01" })(p))
			} else {
				p.act(Withdraw)
			}
			r := p.c.Referrals[0]
			if r.State != tt.state || r.EndedAt != p.now || p.c.Clock(statute.D02CourtReply) != nil {
				t.Errorf("%s, then %s: %+v", tt.name, end, r)
			}
			if got := court.Allows(p.actor(RoleCourtClerk), p.c.Row(), p.now); got != tt.seen {
				t.Errorf("%s, then %s: the court sees the case %v, want %v", tt.name, end, got, tt.seen)
			}
		}
	}
}

func remediesTold(t *testing.T, p *play) {
	t.Helper()
	if len(p.c.Remedies) == 0 || p.c.OutcomeCode == "" {
		t.Errorf("outcome %q, remedies %v", p.c.OutcomeCode, p.c.Remedies)
	}
}

// TestTerminationGrounds: which ground ends a case from which stage (decision 3).
func TestTerminationGrounds(t *testing.T) {
	early := "submitted supplement registered consent_pending"
	for _, stage := range strings.Fields(beforeEffect) {
		for _, code := range []string{"T01", "T02", "T03", "T04", "T05", "T06", "T08", "T09", "T10"} {
			want := ""
			switch {
			case code == "T09": // a danger was noted below
			case code == "T01" && (stage == "submitted" || stage == "supplement"):
				want = "rule.register_first"
			case code == "T01":
			case strings.Contains(early, stage):
				want = "rule.not_accepted_yet"
			case stage == "escalated":
				want = "rule.review_says_otherwise"
			case code == "T05":
				want = "rule.contact_first"
			case code == "T06":
				want = "rule.period_running"
			}
			p := at(t, Stage(stage))
			p.c.Risks = []Risk{{ID: "r-1", Flag: "R3-CRIME"}}
			_, err := p.try(RoleChair, Termination{Ending{Code: code, Reason: "终止", Told: true}})
			if got := fault(err); got != want {
				t.Errorf("%s from %s: %q, want %q", code, stage, got, want)
			}
		}
	}
}

// TestWhatTheFileShowsForEscalation: each ground is told from the day it holds,
// until somebody asked for it.
//
// proves: E01 E02 E03 E06 E08
func TestWhatTheFileShowsForEscalation(t *testing.T) {
	logged := func(results ...string) func(*play) {
		return func(p *play) {
			for _, r := range results {
				p.c.Sessions = append(p.c.Sessions, Session{State: "recorded", Mode: "joint", Result: r})
			}
		}
	}
	for _, v := range []struct {
		why   string
		from  Stage
		spoil func(*play)
		want  string
	}{
		{"nothing stands out", Assigned, func(*play) {}, ""},
		{"a difficult dispute", Assigned, func(p *play) { p.c.Grade = "L3" }, "E01"},
		{"six days left", Assigned, func(p *play) { p.on("2026-06-04") }, ""},
		{"five days left", Assigned, func(p *play) { p.on("2026-06-05") }, "E02"},
		{"when it has lapsed other ways lead on", Assigned, func(p *play) { p.on("2026-06-11").act(Lapse) }, ""},
		{"five days left of a period that stands still", Assigned, func(p *play) { p.on("2026-06-05"); p.c.Clock(statute.D06Mediation).PausedAt = p.now }, ""},
		{"one session failed", InMediation, logged("settled", "no_agreement"), ""},
		{"two did", InMediation, logged("continues", "no_agreement"), "E03"},
		{"a recusal left nobody", Accepted, func(p *play) { p.c.Recusals = []Recusal{{State: "replaced"}} }, "E06"},
		{"one that was rejected did not", Accepted, func(p *play) { p.c.Recusals = []Recusal{{State: "rejected"}} }, ""},
		{"nothing but that before a mediator is assigned", Accepted, func(p *play) { p.c.Grade = "L4" }, ""},
		{"a danger", Assigned, func(p *play) { p.c.Risks = []Risk{{Flag: "R2-ESC"}} }, "E08"},
		{"what is only watched", Assigned, func(p *play) { p.c.Risks = []Risk{{Flag: "R1"}} }, ""},
		{"several at once", Assigned, func(p *play) { p.c.Grade = "L4"; p.on("2026-06-08") }, "E01 E02"},
		{"asked already", Assigned, func(p *play) {
			p.c.Grade, p.c.Escalations = "L3", []Escalation{{Kind: "case", Reason: "E01"}}
		}, ""},
		{"asked of the agreement only", Assigned, func(p *play) {
			p.c.Grade, p.c.Escalations = "L3", []Escalation{{Kind: "agreement", Reason: "E01"}}
		}, "E01"},
	} {
		p := at(t, v.from)
		p.c.Sessions = nil
		v.spoil(p)
		if got := strings.Join(p.c.ShownGrounds(p.today()), " "); got != v.want {
			t.Errorf("%s: %q, want %q", v.why, got, v.want)
		}
	}
}

package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func lead(id UserID) func(*play) Act {
	return but(appointment, func(a *Appointment) { a.Lead = id })
}

// passing gives the lead's part to the third mediator.
func passing(*play) Handover { return Handover{From: du, To: zhou, Relation: "none", Reason: "left"} }

func unfit(id UserID, answer string) refusing {
	return refusing{why: "the mediator is " + string(id), act: lead(id), answer: answer}
}

var mediatorRows = []row{
	// proves: act.choose_mediator
	{name: "row13 the parties choose, which binds nobody yet", from: "accepted", as: RoleResident, act: just(choice), to: Accepted,
		events: []string{"choose_mediator accepted>accepted"},
		refuses: []refusing{
			{why: "one who is not registered", act: func(*play) Act { return Choice{Mediator: "u-new"} }, answer: "mediator=rule.mediator_unregistered"},
			{why: "nobody known", act: func(*play) Act { return Choice{Mediator: "u-nobody"} }, answer: "mediator=rule.mediator_unknown"},
		}},
	// proves: act.assign duty.mediator duty.conflict
	{name: "row13 assign", from: "accepted", as: RoleChair, act: just(appointment), to: Assigned,
		clocks: []string{"-D-07 met", "+D-08 2026-05-18"}, events: []string{"assign accepted>assigned chosen_by=committee track=party_member"},
		then: func(t *testing.T, p *play) {
			if v := p.c.Lead(); v.Mediator != du || v.Relation != "none" || v.By != zhou || p.c.Track != TrackPartyMember {
				t.Errorf("lead %+v, track %s", v, p.c.Track)
			}
		},
		refuses: []refusing{
			{why: "nobody", act: lead(""), answer: "lead=error.required"},
			unfit("u-nobody", "lead=rule.mediator_unknown"),
			unfit("u-far", "lead=rule.mediator_unknown"),
			unfit("u-new", "lead=rule.mediator_unregistered"),
			unfit("u-idle", "lead=rule.mediator_inactive"),
			unfit("u-late", "lead=rule.mediator_inactive"),
			unfit("u-full", "lead=rule.mediator_full"),
			{why: "without a track", act: but(appointment, func(a *Appointment) { a.Track = "" }), answer: "track=error.required"},
			{why: "on the court's track", act: but(appointment, func(a *Appointment) { a.Track = TrackCircuitCourt }), answer: "track=error.choice"},
			{why: "without saying who chose", act: but(appointment, func(a *Appointment) { a.ChosenBy = "" }), answer: "chosen_by=error.required"},
			{why: "without a declaration", act: but(appointment, func(a *Appointment) { a.LeadRelation = "" }), answer: "lead_relation=error.required"},
			{why: "with a declared relation", act: but(appointment, func(a *Appointment) { a.LeadRelation = "relative" }), answer: "lead_relation=rule.mediator_conflict"},
			{why: "one who is a party", spoil: func(p *play) { p.c.Parties[1].User = du }, answer: "lead=rule.mediator_conflict"},
			{why: "one with a known conflict", spoil: func(p *play) { p.c.Conflicts = []Interest{{User: du, Relation: "employer", At: p.now}} },
				answer: "lead=rule.mediator_conflict"},
			{why: "the same person twice", act: but(appointment, func(a *Appointment) { a.Second, a.SecondRelation = a.Lead, "none" }),
				answer: "second=rule.two_mediators_differ"},
			{why: "one alone for L3", spoil: func(p *play) { p.c.Grade = "L3" },
				act: but(appointment, func(a *Appointment) { a.Second, a.SecondRelation = "", "" }), answer: "second=rule.second_mediator"},
			{why: "a second with a relation", act: but(appointment, func(a *Appointment) { a.Second, a.SecondRelation = lin, "relative" }),
				answer: "second_relation=rule.mediator_conflict"},
			{why: "a second with no room", act: but(appointment, func(a *Appointment) { a.Second, a.SecondRelation = "u-full", "none" }),
				answer: "second=rule.mediator_full"},
			{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
			{why: "to a hearing on circuit, which is the judge's", spoil: func(p *play) { p.c.CourtMode = statute.C3 }, answer: "rule.court_hears_it"},
		}},
	// proves: act.hand_over
	{name: "a part passes to another, who goes on where it stands", from: withMediator + " agreement_draft effective followed_up",
		start: func(t judge) *play { return at(t, InMediation) }, as: RoleChair,
		act: func(*play) Act { return Handover{From: du, To: zhou, Relation: "none", Reason: "left"} }, to: InMediation,
		events: []string{"hand_over in_mediation>in_mediation reason=left"},
		then: func(t *testing.T, p *play) {
			first, next := p.c.Assignments[0], p.c.Lead()
			if first.EndedWhy != "handed_over" || next == nil || next.Mediator != zhou || !next.Lead || len(next.Accepted) != 0 {
				t.Errorf("from %+v to %+v", first, next)
			}
			r := Right{Scope: ScopeAssigned, Grant: Grant{Role: RoleMediator}}
			if r.Allows(Actor{User: du, Grants: []Grant{{Role: RoleMediator}}}, p.c.Row(), p.now) {
				t.Error("the one who left still sees the file")
			}
		},
		refuses: []refusing{
			{why: "to nobody", act: but(passing, func(a *Handover) { a.To = "" }), answer: "successor=error.required"},
			{why: "to himself", act: but(passing, func(a *Handover) { a.To = du }), answer: "successor=rule.two_mediators_differ"},
			{why: "from one who does not act", act: but(passing, func(a *Handover) { a.From = lin }), answer: "mediator=error.choice"},
			{why: "to one who is idle", act: but(passing, func(a *Handover) { a.To = "u-idle" }), answer: "successor=rule.mediator_inactive"},
			{why: "to one with a relation", act: but(passing, func(a *Handover) { a.Relation = "relative" }), answer: "relation=rule.mediator_conflict"},
			{why: "without a declaration", act: but(passing, func(a *Handover) { a.Relation = "" }), answer: "relation=error.required"},
			{why: "without saying why", act: but(passing, func(a *Handover) { a.Reason = "" }), answer: "reason=error.required"},
		}},
	{name: "row13 two for a difficult case", from: "accepted", as: RoleChair,
		start: func(t judge) *play { return at(t, Accepted).do(RoleChair, Grading{Grade: "L3"}) }, act: just(appointment), to: Assigned,
		clocks: []string{"-D-07 met", "+D-08 2026-05-18"}, events: []string{"assign accepted>assigned chosen_by=committee track=party_member"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Assignments) != 2 || p.c.Assignments[1].Lead || p.c.Assignments[1].Mediator != zhou {
				t.Errorf("assignments %+v", p.c.Assignments)
			}
		}},
	// proves: act.ask_recusal
	{name: "row14 a party asks for another mediator", from: withMediator, as: RoleResident, act: just(recusalAsked), to: RecusalReview,
		clocks: []string{"+D-09 2026-05-12"}, events: []string{"ask_recusal assigned>recusal_review relation=relative side=applicant"},
		then: func(t *testing.T, p *play) {
			if r := p.c.OpenRecusal(); r == nil || r.Mediator != du || r.Party != p.side(Applicant) || p.c.ResumeStage != Assigned {
				t.Errorf("recusal %+v, resume %s", r, p.c.ResumeStage)
			}
		},
		refuses: []refusing{
			{why: "without a reason", act: but(recusalAsked, func(a *RecusalAsked) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without a relation", act: but(recusalAsked, func(a *RecusalAsked) { a.Relation = "" }), answer: "relation=error.required"},
			{why: "of one who does not mediate here", act: but(recusalAsked, func(a *RecusalAsked) { a.Mediator = lin }), answer: "mediator=error.choice"},
			{why: "written down for nobody", as: RoleCoordinator, answer: "party=error.choice"},
		}},
	{name: "row14 the desk writes down a party's request, and the request is the party's", from: withMediator, as: RoleCoordinator,
		act: func(p *play) Act {
			a := recusalAsked(p)
			a.Party = p.side(Respondent)
			return a
		}, to: RecusalReview,
		clocks: []string{"+D-09 2026-05-12"}, events: []string{"ask_recusal assigned>recusal_review relation=relative side=respondent"}},
	// proves: act.declare_conflict
	{name: "row14 the mediator declares a conflict, which shuts the file to him", from: withMediator, as: RoleMediator, act: just(conflictDeclared),
		to: RecusalReview, clocks: []string{"+D-09 2026-05-12"}, events: []string{"declare_conflict assigned>recusal_review relation=relative"},
		then: func(t *testing.T, p *play) {
			r := Right{Scope: ScopeAssigned, Grant: Grant{Role: RoleMediator}}
			if r.Allows(p.actor(RoleMediator), p.c.Row(), p.now) {
				t.Error("he still sees the file")
			}
		},
		refuses: []refusing{
			{why: "without a reason", act: but(conflictDeclared, func(a *ConflictDeclared) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "of no relation", act: but(conflictDeclared, func(a *ConflictDeclared) { a.Relation = "none" }), answer: "relation=rule.relation_needed"},
			{why: "by one who does not mediate here", as: RoleChair, answer: "rule.not_acting"},
		}},
	// proves: act.replace_mediator guard.own_recusal
	{name: "row15 replaced", from: "recusal_review", as: RoleChair, act: just(replacement), to: Accepted,
		clocks: []string{"-D-09 met", "-D-08 met", "+D-07 2026-05-13"}, events: []string{"replace_mediator recusal_review>accepted relation=relative"},
		then: func(t *testing.T, p *play) {
			if p.c.Lead() != nil || p.c.Assignments[0].EndedWhy != "recusal" || p.c.Recusals[0].State != "replaced" {
				t.Errorf("lead %+v, recusal %+v", p.c.Lead(), p.c.Recusals[0])
			}
			if _, err := p.try(RoleChair, appointment(p)); fault(err) != "lead=rule.mediator_conflict" {
				t.Errorf("the one who left may come back: %v", err)
			}
		},
		refuses: decided(just(replacement), but(replacement, func(a *Replacement) { a.Decision = "" }))},
	// proves: act.reject_recusal
	{name: "row15 rejected: back where it stood", from: "recusal_review", start: asked(InMediation), as: RoleChair, act: just(rejection), to: InMediation,
		clocks: []string{"-D-09 met"}, events: []string{"reject_recusal recusal_review>in_mediation"},
		then: func(t *testing.T, p *play) {
			if p.c.Lead() == nil || p.c.ResumeStage != "" {
				t.Errorf("lead %+v, resume %q", p.c.Lead(), p.c.ResumeStage)
			}
		},
		refuses: append(decided(just(rejection), but(rejection, func(a *Rejection) { a.Decision = "" })), refusing{
			why: "of a conflict he declared himself", spoil: func(p *play) { p.act(RejectRecusal, DeclareConflict) }, answer: "rule.declared_conflict_stands",
		})},
	// proves: act.waive_recusal
	{name: "row15 waived by all, informed", from: "recusal_review", start: func(t judge) *play { return at(t, Adjourned).act(DeclareConflict) },
		as: RoleChair, act: just(waiver), to: Adjourned, clocks: []string{"-D-09 met"}, events: []string{"waive_recusal recusal_review>adjourned"},
		then: func(t *testing.T, p *play) {
			if p.c.Conflicts[0].WaivedAt.IsZero() {
				t.Error("the conflict still shuts the file")
			}
		},
		refuses: append(decided(just(waiver), but(waiver, func(a *Waiver) { a.Decision = "" })), refusing{
			why: "one party has not waived", act: but(waiver, func(a *Waiver) { a.By = a.By[:1] }), answer: "waived_by=rule.waiver_by_all",
		})},
}

// decided: a decision has words, and nobody decides his own matter.
func decided(good, wordless func(*play) Act) []refusing {
	return []refusing{
		{why: "without a word", act: wordless, answer: "decision=error.required"},
		{why: "by the mediator himself", as: RoleMediator, act: good, answer: "rule.own_recusal"},
		{why: "by the party that asked", spoil: func(p *play) {
			p.c.Recusals[0].Party = p.side(Respondent)
			p.c.Party(p.side(Respondent)).User = zhou
		}, act: good, answer: "rule.own_recusal"},
	}
}

// TestLoneChairDecides: a small office has one chair, who may write a party's
// request down and then decide it; the matter is the party's, not his.
func TestLoneChairDecides(t *testing.T) {
	p := at(t, Assigned)
	p.do(RoleChair, but(recusalAsked, func(a *RecusalAsked) { a.Party = p.side(Respondent) })(p)).act(ReplaceMediator)
	if p.c.Stage != Accepted || p.c.Recusals[0].AskedBy != zhou || p.c.Recusals[0].DecidedBy != zhou {
		t.Errorf("stage %s, recusal %+v", p.c.Stage, p.c.Recusals[0])
	}
}

func asked(stage Stage) func(judge) *play {
	return func(t judge) *play { return at(t, stage).act(AskRecusal) }
}

// TestCourtGuidance: a judge who advises changes nothing of the procedure
// (mode C0 is a mark on the assignment).
func TestCourtGuidance(t *testing.T) {
	p := at(t, Accepted).do(RoleChair, but(appointment, func(a *Appointment) { a.CourtGuided = true })(at(t, Accepted)))
	if !p.c.Lead().Guided || p.c.CourtMode != statute.CourtNone || p.c.Track != TrackPartyMember {
		t.Errorf("guided %v, mode %q, track %s", p.c.Lead().Guided, p.c.CourtMode, p.c.Track)
	}
}

// TestReplacedWhilePlanned: a session planned by the mediator who left is gone;
// the next one opens its own.
func TestReplacedWhilePlanned(t *testing.T) {
	p := at(t, Scheduled).act(AskRecusal, ReplaceMediator)
	if p.c.NextSession() != nil {
		t.Error("the session of the one who left still stands")
	}
	p.do(RoleChair, lead(lin)(p)).do(RoleChair, but(scheduling, func(a *Scheduling) { a.Mode = "caucus" })(p)).act(OpenSession)
	if s := p.c.OpenSession(); s == nil || s.Mode != "caucus" || s.Seq != 2 {
		t.Errorf("the session that opened: %+v", s)
	}
}

// TestReplacedWhileOpen: a session broken off by a recusal does not stand in the
// way of the next.
func TestReplacedWhileOpen(t *testing.T) {
	p := at(t, Scheduled).act(OpenSession, AskRecusal, ReplaceMediator)
	p.do(RoleChair, lead(lin)(p)).act(Schedule, OpenSession, LogSession, Adjourn)
	if s := p.c.Sessions[1]; s.State != "recorded" || p.c.Sessions[0].State != "cancelled" {
		t.Errorf("sessions %+v", p.c.Sessions)
	}
}

package mediation_test

import (
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// late is a case whose promises of 21 and 31 May were not kept by 1 June, the
// first of them marked.
func late(t judge) *play { return at(t, Effective).on("2026-06-01").act(MarkOverdue) }

func applied(steps ...Action) func(judge) *play {
	return func(t judge) *play { return at(t, Effective).act(append([]Action{ApplyConfirmation}, steps...)...) }
}

// stepRefuses: the court's steps follow their own table.
func stepRefuses(wrong func(judge) *play, make func(*play) Act) []refusing {
	return []refusing{{why: "out of turn", spoil: func(p *play) { *p = *wrong(p.t) }, act: make, answer: "rule.confirmation_state"}}
}

const inEffect = "effective followed_up"

var performanceRows = []row{
	// proves: act.apply_confirmation duty.joint
	{name: "row32 joint application", from: inEffect, as: RoleMediator, act: just(jointApplication), to: Effective,
		clocks: []string{"-D-12 met", "+D-15 2026-05-14"}, events: []string{"apply_confirmation effective>effective class=signed_paper competence=seat kind=image scan=#"},
		refuses: []refusing{
			{why: "by one side alone", act: but(jointApplication, func(a *JointApplication) { a.AppliedBy = a.AppliedBy[:1] }), answer: "applied_by=rule.joint_application"},
			{why: "to a court that is not competent", act: but(jointApplication, func(a *JointApplication) { a.Court = gusu }), answer: "court=rule.competent_court"},
			{why: "to no court", act: but(jointApplication, func(a *JointApplication) { a.Court = "" }), answer: "court=error.required"},
			{why: "on the day after the last", spoil: func(p *play) { p.on("2026-06-11") }, act: filedOn("2026-06-11"), answer: "on=rule.filed_late"},
			{why: "by an agent nobody named", act: signedByAgents, answer: "by_agent=rule.agent_power"},
			{why: "by an agent who may not settle", spoil: func(p *play) { p.c.Parties[0].AgentName, p.c.Parties[0].AgentScope = "周律师", "general" },
				act: but(jointApplication, func(a *JointApplication) { a.ByAgent = a.AppliedBy[:1] }), answer: "by_agent=rule.agent_may_settle"},
			{why: "by an agent whose power has ended", spoil: func(p *play) {
				v := &p.c.Parties[0]
				v.AgentName, v.AgentScope, v.AgentUntil = "周律师", "settle", day("2026-05-10")
			}, act: but(jointApplication, func(a *JointApplication) { a.ByAgent = a.AppliedBy[:1] }), answer: "by_agent=rule.agent_term"},
			{why: "by the agent of nobody here", act: but(jointApplication, func(a *JointApplication) { a.ByAgent = []PartyID{"id-999"} }), answer: "by_agent=error.choice"},
			{why: "without the sheet they signed", act: but(jointApplication, func(a *JointApplication) { a.Scan = nil }), answer: "file=rule.joining_scan"},
			{why: "twice", spoil: func(p *play) { p.act(ApplyConfirmation) }, answer: "rule.confirmation_state"},
		}},
	{name: "row32 on the last day, in a case followed up", from: inEffect, start: func(t judge) *play { return at(t, FollowedUp).on("2026-06-10") }, as: RoleMediator,
		act: just(jointApplication), to: FollowedUp, clocks: []string{"-D-12 met", "+D-15 2026-06-15"}, events: []string{"apply_confirmation followed_up>followed_up class=signed_paper competence=seat kind=image scan=#"}},
	{name: "row32 noted two days after the filing: the court's three days run from the filing", from: inEffect,
		start: func(t judge) *play { return at(t, Effective).on("2026-05-13") }, as: RoleMediator, to: Effective,
		act:    but(jointApplication, func(a *JointApplication) { a.On = day("2026-05-11") }),
		clocks: []string{"-D-12 met", "+D-15 2026-05-14"}, events: []string{"apply_confirmation effective>effective class=signed_paper competence=seat kind=image scan=#"},
		refuses: []refusing{
			{why: "before the agreement was in effect", act: but(jointApplication, func(a *JointApplication) { a.On = day("2026-05-10") }), answer: "on=rule.before_effect"},
		}},
	{name: "row32 taken in time and noted late: the fifteen days run from the day the court took it", from: inEffect,
		start: func(t judge) *play { return applied()(t).on("2026-05-18") }, as: RoleCourtClerk, to: Effective,
		act: func(*play) Act {
			return CourtTook{CourtStep{Ref: "（2026）示0199民特12号", On: day("2026-05-13")}}
		},
		clocks: []string{"-D-15 met", "+D-15b 2026-05-28"}, events: []string{"confirmation_taken effective>effective"},
		refuses: []refusing{
			{why: "before the filing", act: func(*play) Act { return CourtTook{CourtStep{Ref: "12", On: day("2026-05-10")}} }, answer: "on=rule.before_last_step"},
		}},
	// proves: act.confirmation_taken
	{name: "row32 the court takes it", from: inEffect, start: applied(), as: RoleCourtClerk, act: goods[ConfirmTake].make, to: Effective,
		clocks: []string{"-D-15 met", "+D-15b 2026-05-26"}, events: []string{"confirmation_taken effective>effective"},
		refuses: append(stepRefuses(applied(ConfirmTake), goods[ConfirmTake].make),
			refusing{why: "without its number", act: func(p *play) Act { return CourtTook{CourtStep{On: p.today()}} }, answer: "ref=error.required"})},
	// proves: act.confirmation_granted
	{name: "row32 confirmed", from: inEffect, start: applied(ConfirmTake), as: RoleCourtClerk, act: goods[ConfirmGrant].make, to: Effective,
		clocks: []string{"-D-15b met", "+D-15c 2026-05-26", "+D-15d 2028-05-31"}, events: []string{"confirmation_granted effective>effective"}, refuses: stepRefuses(applied(), goods[ConfirmGrant].make)},
	// proves: act.confirmation_rejected
	{name: "row32 rejected", from: inEffect, start: applied(ConfirmTake), as: RoleCourtClerk, act: goods[ConfirmReject].make, to: Effective,
		clocks: []string{"-D-15b met"}, events: []string{"confirmation_rejected effective>effective"}, refuses: stepRefuses(applied(), goods[ConfirmReject].make)},
	// proves: act.confirmation_not_taken
	{name: "row32 not taken", from: inEffect, start: applied(), as: RoleCourtClerk, act: goods[ConfirmNotTake].make, to: Effective,
		clocks: []string{"-D-15 met", "+D-12 2026-06-10"}, events: []string{"confirmation_not_taken effective>effective"}, refuses: stepRefuses(applied(ConfirmTake), goods[ConfirmNotTake].make)},
	// proves: act.confirmation_withdrawn
	{name: "row32 withdrawn", from: inEffect, start: applied(), as: RoleCourtClerk, act: goods[ConfirmWithdraw].make, to: Effective,
		clocks: []string{"-D-15 met", "+D-12 2026-06-10"}, events: []string{"confirmation_withdrawn effective>effective"},
		refuses: stepRefuses(applied(ConfirmTake, ConfirmGrant), goods[ConfirmWithdraw].make)},
	// proves: act.enforcement_asked
	{name: "row32 enforced", from: inEffect + " closed", start: applied(ConfirmTake, ConfirmGrant), as: RoleChair, act: goods[ConfirmEnforce].make, to: Effective,
		clocks: []string{"-D-15d met"},
		events: []string{"enforcement_asked effective>effective"}, refuses: stepRefuses(applied(ConfirmTake), goods[ConfirmEnforce].make)},
	// proves: act.lapse_confirmation
	{name: "row32 nobody applied: the thirty days end, late for nobody", from: inEffect + " closed archived", as: RoleSystem,
		start: func(t judge) *play { return at(t, FollowedUp).on("2026-06-11") }, act: goods[LapseConfirmation].make, to: FollowedUp,
		clocks: []string{"-D-12 lapsed"}, events: []string{"lapse_confirmation followed_up>followed_up term=D-12"},
		then: func(t *testing.T, p *play) {
			if _, err := p.try(RoleMediator, filedOn("2026-06-11")(p)); fault(err) != "on=rule.filed_late" || p.c.Offers(ProposeConfirmation) {
				t.Errorf("applied after the end: %v, offered %v", err, p.c.Offers(ProposeConfirmation))
			}
			if !p.c.Offers(ApplyConfirmation) || !p.c.NotedLate(p.today()) {
				t.Error("what came to the court in time can no longer be noted")
			}
		},
		refuses: []refusing{
			{why: "on the last day", spoil: func(p *play) { p.on("2026-06-10") }, answer: "rule.period_running"},
		}},
	// proves: act.report_performed
	{name: "row33 one item done", from: "effective", as: RoleMediator, act: just(performed), to: Effective, clocks: []string{"-D-13 met"},
		events: []string{"report_performed effective>effective on=2026-05-11"},
		then: func(t *testing.T, p *play) {
			if p.c.Performance() != "running" {
				t.Errorf("performance %s", p.c.Performance())
			}
		},
		refuses: []refusing{
			{why: "without proof", act: but(performed, func(a *Performed) { a.Proof = " " }), answer: "proof=error.required"},
			{why: "on a day to come", act: but(performed, func(a *Performed) { a.On = day("2026-05-12") }), answer: "on=rule.in_the_future"},
			{why: "twice", spoil: func(p *play) { p.act(ReportPerformed) }, act: func(p *play) Act {
				return Performed{Obligation: obligation(p, ObligationPerformed), On: p.today(), Proof: "收条"}
			}, answer: "rule.obligation_state"},
		}},
	{name: "row33 the last item done: the visit is counted from it", from: "effective", start: func(t judge) *play { return at(t, Effective).act(ReportPerformed) },
		as: RoleMediator, act: just(performed), to: Effective, clocks: []string{"-D-13 met", "D-14 runs to 2026-05-18"},
		events: []string{"report_performed effective>effective on=2026-05-11"},
		then: func(t *testing.T, p *play) {
			if p.c.Performance() != "performed" {
				t.Errorf("performance %s", p.c.Performance())
			}
		}},
	{name: "row33 done in time and noted late", from: "effective", start: func(t judge) *play { return late(t) }, as: RoleMediator,
		act: func(p *play) Act {
			return Performed{Obligation: obligation(p, ObligationOverdue), On: day("2026-05-20"), Proof: "收条"}
		}, to: Effective, clocks: []string{"-D-13 met", "-D-16 met"}, events: []string{"report_performed effective>effective on=2026-05-20"}},
	// proves: act.waive_obligation
	{name: "row33 the creditor gives it up", from: "effective", as: RoleMediator, act: just(waiving), to: Effective, clocks: []string{"-D-13 met"},
		events: []string{"waive_obligation effective>effective"},
		refuses: []refusing{
			{why: "without his own word", act: but(waiving, func(a *Waiving) { a.Confirmed = false }), answer: "confirmed=rule.creditors_word"},
			{why: "by the debtor", as: RoleCodeHolder, answer: "rule.creditors_word"},
		}},
	// proves: act.mark_overdue
	{name: "row34 overdue", from: "effective", start: func(t judge) *play { return at(t, Effective).on("2026-06-01") }, as: RoleSystem, act: just(overdue), to: Effective,
		clocks: []string{"+D-16 2026-06-04"}, events: []string{"mark_overdue effective>effective"},
		then: func(t *testing.T, p *play) {
			if p.c.Performance() != "overdue" {
				t.Errorf("performance %s", p.c.Performance())
			}
		},
		refuses: []refusing{
			{why: "on the last day", spoil: func(p *play) { p.on("2026-05-31") }, answer: "rule.not_due_yet"},
		}},
	// proves: act.urge
	{name: "row35 urge", from: "effective", start: late, as: RoleMediator, act: just(urging), to: Effective, clocks: []string{"-D-16 met"},
		events: []string{"urge effective>effective means=phone"},
		then: func(t *testing.T, p *play) {
			if p.c.Performance() != "overdue" || len(p.c.Contacts) == 0 {
				t.Errorf("performance %s, contacts %+v", p.c.Performance(), p.c.Contacts)
			}
		},
		refuses: []refusing{
			{why: "without saying how", act: but(urging, func(a *Urging) { a.Means = "" }), answer: "means=error.required"},
			{why: "what is not due", act: func(p *play) Act {
				return Urging{Obligation: obligation(p, ObligationPending), Means: "phone"}
			}, answer: "rule.obligation_state"},
		}},
	{name: "row35 paid after the reminder", from: "effective", start: func(t judge) *play { return late(t).act(Urge) }, as: RoleMediator, act: just(performed),
		to: Effective, clocks: []string{"-D-13 late"}, events: []string{"report_performed effective>effective on=2026-06-01"}},
	// proves: act.mark_defaulted
	{name: "row35 breached", from: "effective", start: func(t judge) *play { return late(t).act(Urge) }, as: RoleMediator, act: just(defaulting), to: Effective,
		clocks: []string{"-D-13 late"}, events: []string{"mark_defaulted effective>effective"},
		then: func(t *testing.T, p *play) {
			if p.c.Performance() != "breached" {
				t.Errorf("performance %s", p.c.Performance())
			}
		},
		refuses: []refusing{
			{why: "without a reminder", spoil: func(p *play) { *p = *late(p.t) }, answer: "rule.urge_first"},
			{why: "without telling of suit and enforcement", act: but(defaulting, func(a *Defaulting) { a.Told = false }), answer: "told=rule.remedies_told"},
		}},
	{name: "row33 an instalment paid early: its visit is counted from that day", from: "effective", start: instalments, as: RoleMediator, act: just(performed),
		to: Effective, clocks: []string{"-D-13 met", "D-14 runs to 2026-05-18"}, events: []string{"report_performed effective>effective on=2026-05-11"}},
	// proves: act.visit
	{name: "row36 visit meanwhile", from: inEffect, as: RoleMediator, act: just(interimVisit), to: Effective,
		events: []string{"visit effective>effective satisfaction=satisfied"},
		refuses: []refusing{
			{why: "a suit's result without a suit", act: but(interimVisit, func(a *InterimVisit) { a.SuitResult = "驳回" }), answer: "sued=rule.suit_first"},
			{why: "wrong in a way nobody knows", act: but(interimVisit, func(a *InterimVisit) { a.Wrong = "perhaps" }), answer: "wrong=error.choice"},
			{why: "wrong without saying in what", act: but(interimVisit, func(a *InterimVisit) { a.Wrong = "yes" }), answer: "wrong_note=error.required"},
			{why: "after the last one, of an ordinary dispute", spoil: func(p *play) { *p = *at(p.t, FollowedUp) }, answer: "rule.no_visit_due"},
		}},
	{name: "row36 a visit that finds a suit and a mistake", from: inEffect, as: RoleMediator, act: but(interimVisit, func(a *InterimVisit) {
		a.Sued, a.SuitResult, a.Wrong, a.WrongNote = true, "已撤诉", "yes", "漏了共有人"
	}), to: Effective, events: []string{"visit effective>effective satisfaction=satisfied"},
		then: func(t *testing.T, p *play) {
			if v := p.c.FollowUps[0]; !v.Sued || v.SuitResult != "已撤诉" || v.Wrong != "yes" || v.WrongNote != "漏了共有人" {
				t.Errorf("visit %+v", v)
			}
		}},
	{name: "row36 visit after an instalment: the one that has come, and no other", from: inEffect,
		start: func(t judge) *play { return instalments(t).on("2026-05-23") }, as: RoleMediator, act: just(interimVisit), to: Effective,
		clocks: []string{"-D-14 met"}, events: []string{"visit effective>effective satisfaction=satisfied"},
		then: func(t *testing.T, p *play) {
			open := 0
			for _, d := range p.c.Deadlines {
				if d.Kind == statute.D14FollowUp && d.Open() {
					open++
				}
			}
			if open != 2 {
				t.Errorf("%d visits still due, want those of the second instalment and of the whole", open)
			}
		}},
	// proves: act.follow_up
	{name: "row36 a difficult dispute is visited once more", from: "effective",
		start: func(t judge) *play {
			return difficult(t).act(RequestReview, ReviewAgreement, Sign, Sign, Countersign, AffixSeal, ReportPerformed, ReportPerformed)
		},
		as: RoleMediator, act: just(finalVisit), to: FollowedUp, clocks: []string{"-D-14 met", "+D-14b 2026-06-10"},
		events: []string{"follow_up effective>followed_up satisfaction=satisfied"},
		then: func(t *testing.T, p *play) {
			if _, err := p.try(RoleChair, closing(p)); fault(err) != "missing=rule.second_visit" {
				t.Errorf("closed before the second visit: %v", err)
			}
			reason := *p.c
			q := *p
			q.c = &reason
			q.do(RoleChair, but(closing, func(a *Closing) { a.Missing = "双方已搬离" })(p))
			if p.on("2026-06-09").act(Visit, CloseCase); p.c.Stage != Closed || !p.c.FollowUps[0].Final || p.c.FollowUps[1].Final {
				t.Errorf("stage %s, visits %+v", p.c.Stage, p.c.FollowUps)
			}
		}},
	{name: "row36 followed up after performance", from: "effective", start: func(t judge) *play { return at(t, Effective).act(ReportPerformed, ReportPerformed) },
		as: RoleMediator, act: just(finalVisit), to: FollowedUp, clocks: []string{"-D-14 met"}, events: []string{"follow_up effective>followed_up satisfaction=satisfied"},
		refuses: []refusing{
			{why: "before performance", spoil: func(p *play) { *p = *at(p.t, Effective) }, answer: "rule.still_to_perform"},
			{why: "with an item overdue", spoil: func(p *play) { *p = *late(p.t) }, answer: "rule.still_to_perform"},
			{why: "without what he found", act: but(finalVisit, func(a *FinalVisit) { a.Situation = "" }), answer: "situation=error.required"},
			{why: "without asking how it is", act: but(finalVisit, func(a *FinalVisit) { a.Satisfaction = "" }), answer: "satisfaction=error.required"},
			{why: "a flare-up without measures", act: but(finalVisit, func(a *FinalVisit) { a.FlareUp = true }), answer: "measures=error.required"},
		}},
	{name: "row36 followed up after a breach", from: "effective", start: breached, as: RoleMediator, act: just(finalVisit), to: FollowedUp,
		clocks: []string{"-D-14 met"}, events: []string{"follow_up effective>followed_up satisfaction=satisfied"}},
}

// instalments is an agreement in effect with one debt in three parts, due on 21
// and 31 May and on 10 June.
func instalments(t judge) *play {
	p := at(t, InMediation)
	three := but(draft, func(a *Draft) {
		part := a.Promises[0]
		a.Promises = nil
		for _, days := range []int{10, 20, 30} {
			part.Due = p.today().Add(days)
			a.Promises = append(a.Promises, part)
		}
	})
	return p.do(RoleMediator, three(p)).act(Sign, Sign, Countersign, AffixSeal)
}

func breached(t judge) *play {
	return late(t).act(MarkOverdue, Urge, MarkDefaulted, Urge, MarkDefaulted)
}

// TestConfirmationWarns: content a court does not confirm stops the application
// until the parties were told (CPLI 355); the agreement itself stands.
func TestConfirmationWarns(t *testing.T) {
	p := at(t, InMediation)
	p.do(RoleMediator, but(draft, func(a *Draft) { a.Settled = "房屋归李敏所有" })(p)).act(Sign, Sign, Countersign, AffixSeal)
	if _, err := p.try(RoleMediator, jointApplication(p)); fault(err) != "scope_told=rule.scope_told" {
		t.Errorf("applied without a word on the clause: %v", err)
	}
	events, err := p.try(RoleMediator, but(jointApplication, func(a *JointApplication) { a.ScopeTold = true })(p))
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, events, "apply_confirmation effective>effective class=signed_paper competence=seat kind=image scan=# scope_warning=title")
}

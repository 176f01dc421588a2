package mediation_test

import (
	"slices"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// rulingRows are the court's later steps (row 32, D-15b to D-15d).
var rulingRows = []row{
	// proves: act.ruling_extended guard.ruling_extended_once
	{name: "row32 the president gives ten days more", from: inEffect, start: applied(ConfirmTake), as: RoleCourtClerk, act: goods[ExtendRuling].make,
		to: Effective, clocks: []string{"D-15b runs to 2026-06-05"}, events: []string{"ruling_extended effective>effective"},
		refuses: append(stepRefuses(applied(), goods[ExtendRuling].make),
			refusing{why: "twice", spoil: func(p *play) { p.act(ExtendRuling) }, act: goods[ExtendRuling].make, answer: "rule.ruling_extended_once"})},
	// proves: act.ruling_objected
	{name: "row32 a party objects on the last day", from: inEffect + " closed", as: RoleCourtClerk,
		start: func(t judge) *play { return applied(ConfirmTake, ConfirmGrant)(t).on("2026-05-26") }, act: goods[ObjectRuling].make, to: Effective,
		clocks: []string{"-D-15c met"}, events: []string{"ruling_objected effective>effective objection_by=party"},
		refuses: append(stepRefuses(applied(ConfirmTake), goods[ObjectRuling].make),
			refusing{why: "a day late", spoil: func(p *play) { p.on("2026-05-27") }, answer: "rule.objection_late",
				act: func(p *play) Act { return RulingObjected{By: "party", On: day("2026-05-27")} }},
			refusing{why: "by nobody", act: func(p *play) Act { return RulingObjected{On: p.today()} }, answer: "by=error.required"},
			refusing{why: "by somebody else who does not say since when he knew", act: func(p *play) Act {
				return RulingObjected{By: "third_party", On: p.today()}
			}, answer: "knew_on=rule.knew_before"})},
	{name: "row32 somebody else objects within six months of knowing", from: inEffect + " closed", as: RoleCourtClerk,
		start: func(t judge) *play { return applied(ConfirmTake, ConfirmGrant)(t).on("2027-01-15") },
		act:   func(p *play) Act { return RulingObjected{By: "third_party", KnewOn: day("2026-07-15"), On: p.today()} }, to: Effective,
		events: []string{"ruling_objected effective>effective objection_by=third_party"},
		refuses: []refusing{
			{why: "later", act: func(p *play) Act {
				return RulingObjected{By: "third_party", KnewOn: day("2026-07-14"), On: p.today()}
			}, answer: "rule.objection_late"},
			{why: "knowing only afterwards", act: func(p *play) Act {
				return RulingObjected{By: "third_party", KnewOn: p.today().Add(1), On: p.today()}
			}, answer: "knew_on=rule.knew_before"},
		}},
	// proves: act.objection_dismissed
	{name: "row32 dismissed: the ruling stands", from: inEffect + " closed", start: applied(ConfirmTake, ConfirmGrant, ObjectRuling), as: RoleCourtClerk,
		act: goods[DismissObjection].make, to: Effective, events: []string{"objection_dismissed effective>effective"},
		then: func(t *testing.T, p *play) {
			if p.c.ConfirmationState() != ConfirmationConfirmed || p.c.Clock(statute.D15dEnforcement) == nil || p.c.Confirmations[0].DecidedOn != day("2026-05-11") {
				t.Errorf("%s, %+v", p.c.ConfirmationState(), p.c.Confirmations[0])
			}
		}, refuses: stepRefuses(applied(ConfirmTake, ConfirmGrant), goods[DismissObjection].make)},
	// proves: act.objection_upheld
	{name: "row32 upheld: nothing is enforced any more", from: inEffect + " closed", start: applied(ConfirmTake, ConfirmGrant, ObjectRuling), as: RoleCourtClerk,
		act: goods[UpholdObjection].make, to: Effective, clocks: []string{"-D-15d met"}, events: []string{"objection_upheld effective>effective"},
		then: func(t *testing.T, p *play) {
			if p.c.ConfirmationState() != ConfirmationRevoked || p.c.Offers(ConfirmEnforce) {
				t.Errorf("%s, enforcement offered %v", p.c.ConfirmationState(), p.c.Offers(ConfirmEnforce))
			}
		}, refuses: stepRefuses(applied(ConfirmTake, ConfirmGrant), goods[UpholdObjection].make)},
}

// TestRuling: the court's steps after it took the application.
func TestRuling(t *testing.T) {
	for _, r := range rulingRows {
		r.run(t)
	}
}

// TestTermsOfARuling: from when the parties' terms are counted.
//
// proves: duty.enforcement_term
func TestTermsOfARuling(t *testing.T) {
	p := applied(ConfirmTake)(t).on("2026-05-20")
	p.do(RoleCourtClerk, CourtConfirmed{CourtStep: CourtStep{Ref: "（2026）苏0505民特1号", On: day("2026-05-18")}, Served: day("2026-05-20")})
	if due(*p.c.Clock(statute.D15cObjection)) != "2026-06-04" || due(*p.c.Clock(statute.D15dEnforcement)) != "2028-05-31" {
		t.Errorf("fifteen days from receipt, two years from the last day of performance: %+v", p.c.Deadlines)
	}
	if _, err := applied(ConfirmTake)(t).try(RoleCourtClerk, CourtConfirmed{CourtStep: CourtStep{Ref: "1"}, Served: day("2026-05-12")}); fault(err) != "served=rule.in_the_future" {
		t.Errorf("received on a day to come: %v", err)
	}
	p = applied(ConfirmTake)(t)
	p.c.Obligations = nil
	p.act(ConfirmGrant)
	if due(*p.c.Clock(statute.D15dEnforcement)) != "2028-05-11" {
		t.Errorf("nothing has a day: two years from the ruling, got %s", due(*p.c.Clock(statute.D15dEnforcement)))
	}
	p.on("2028-05-12")
	if _, err := p.try(RoleChair, goods[ConfirmEnforce].make(p)); fault(err) != "rule.enforcement_late" {
		t.Errorf("enforcement after two years: %v", err)
	}
	p.act(LapseConfirmation)
	if p.c.Clock(statute.D15cObjection) != nil || p.c.Clock(statute.D15dEnforcement) != nil || p.c.Offers(ConfirmEnforce) {
		t.Errorf("what went by unused still runs: %+v", p.c.Deadlines)
	}
}

// TestApplyAgain: what the court did not take may be brought to the right court
// while the thirty days run, and not after them.
func TestApplyAgain(t *testing.T) {
	for _, back := range []Action{ConfirmNotTake, ConfirmWithdraw} {
		p := applied(back)(t)
		if !p.c.Offers(ApplyConfirmation) {
			t.Errorf("after %s no new application is offered", back)
		}
		p.on("2026-06-10").act(ApplyConfirmation)
		if len(p.c.Confirmations) != 2 || p.c.ConfirmationState() != ConfirmationFiled || p.c.Clock(statute.D12Confirmation) != nil {
			t.Errorf("after %s: %+v", back, p.c.Confirmations)
		}
		p = applied()(t).on("2026-06-11").act(back)
		if _, err := p.try(RoleMediator, jointApplication(p)); fault(err) != "rule.confirmation_late" || p.c.Offers(ApplyConfirmation) {
			t.Errorf("after %s and the thirty days: %v", back, err)
		}
	}
}

// TestWhichCourt: the file leads to the court; a domicile elsewhere is the
// parties' own word; a court that delegated is the only one.
//
// proves: duty.court
func TestWhichCourt(t *testing.T) {
	p := at(t, Effective)
	home := p.side(Respondent)
	p.do(RoleMediator, but(jointApplication, func(a *JointApplication) { a.Court, a.HomeOf = gusu, home })(p))
	k := p.c.Confirmations[0]
	if k.Ground != statute.ByDomicile || k.HomeOf != home || k.Pack == "" || len(k.Digest) != 64 {
		t.Errorf("%+v", k)
	}
	p = at(t, Effective)
	p.do(RoleMediator, but(jointApplication, func(a *JointApplication) { a.HomeOf = home })(p))
	if k := p.c.Confirmations[0]; k.Ground != statute.BySeat || k.HomeOf != "" {
		t.Errorf("a domicile that is not needed: %+v", k)
	}
	if _, err := at(t, Effective).try(RoleMediator, but(jointApplication, func(a *JointApplication) { a.HomeOf = "id-999" })(p)); fault(err) != "home_of=error.choice" {
		t.Errorf("the home of nobody: %v", err)
	}
	p = at(t, Effective)
	p.c.CourtMode = statute.C1
	p.c.Referrals = []Referral{{ID: "rf", Court: gusu, State: ReferralEnded}}
	if _, err := p.try(RoleMediator, jointApplication(p)); fault(err) != "court=rule.inviting_court" {
		t.Errorf("past the court that delegated: %v", err)
	}
	p.do(RoleMediator, but(jointApplication, func(a *JointApplication) { a.Court = gusu })(p))
	if p.c.Confirmations[0].Ground != statute.ByInviting {
		t.Errorf("%+v", p.c.Confirmations[0])
	}
	p = at(t, Effective)
	p.c.CourtMode, p.c.Referrals = statute.C1, nil
	p.do(RoleMediator, but(jointApplication, func(a *JointApplication) { a.Court = gusu })(p))
	if p.c.Confirmations[0].Ground != statute.ByInviting {
		t.Errorf("a court that delegated outside the file: %+v", p.c.Confirmations[0])
	}
}

// TestClauseIsNamed: the scope test says which clause, by its number and text.
func TestClauseIsNamed(t *testing.T) {
	p := at(t, InMediation)
	p.do(RoleMediator, but(draft, func(a *Draft) {
		a.Settled, a.Promises[1].What = "双方自愿离婚", "配合把302室房屋过户到李敏名下"
		a.Promises[1].How = "到登记机关，302室房屋产权变更到李敏名下"
	})(p))
	var got []string
	for _, w := range p.c.Unconfirmable() {
		got = append(got, w.Code+" "+string(rune('0'+w.Clause))+" "+w.Text)
	}
	want := []string{"status 0 双方自愿离婚", "title 2 配合把302室房屋过户到李敏名下", "title 2 到登记机关，302室房屋产权变更到李敏名下"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestEveryOutcomeIsTold: each state has words for the parties.
//
// proves: outcome.filed outcome.court_accepted outcome.confirmed outcome.objected outcome.rejected outcome.not_taken outcome.withdrawn
// proves: outcome.revoked outcome.enforcement outcome.proposed outcome.declined outcome.dropped outcome.late
func TestEveryOutcomeIsTold(t *testing.T) {
	for state, moves := range ConfirmationMoves() {
		for _, to := range moves {
			if c, ok := statute.Lookup(statute.CourtOutcomes, to); !ok || c.ZH == "" || c.EN == "" {
				t.Errorf("what %s means is not told", to)
			}
		}
		if len(moves) == 0 {
			t.Errorf("%s leads nowhere and stands in the table", state)
		}
	}
}

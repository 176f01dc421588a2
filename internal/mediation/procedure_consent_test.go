package mediation_test

import (
	"errors"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// silence is a case whose other side was tried in vain so many times.
func silence(tries int) func(judge) *play {
	return func(t judge) *play {
		p := at(t, ConsentPending)
		for range tries {
			p.act(LogContact)
		}
		return p
	}
}

// no is a case to which one side said no.
func no(stage Stage, by Side) func(judge) *play {
	return func(t judge) *play {
		p := at(t, stage)
		return p.do(RoleCoordinator, Unwilling{Answer{Party: p.side(by), How: "phone", Reason: "不想调"}})
	}
}

func refusesAnswer(good func(*play) Act) []refusing {
	return []refusing{
		{why: "no way of answering named", act: func(p *play) Act {
			if _, yes := good(p).(Willing); yes {
				return Willing{Answer{Party: p.side(Respondent)}}
			}
			return Unwilling{Answer{Party: p.side(Respondent)}}
		}, answer: "how=error.required"},
		{why: "of nobody in the case", act: func(p *play) Act {
			if _, yes := good(p).(Willing); yes {
				return Willing{Answer{Party: "id-999", How: "phone"}}
			}
			return Unwilling{Answer{Party: "id-999", How: "phone"}}
		}, answer: "party=error.choice"},
	}
}

var consentRows = []row{
	// proves: act.ask_other_side
	{name: "row07 ask the other side", from: "registered", as: RoleCoordinator, act: just(question), to: ConsentPending,
		clocks: []string{"+D-05 2026-05-14"}, events: []string{"ask_other_side registered>consent_pending means=phone"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Contacts) != 1 || p.c.Contacts[0].Party != p.side(Respondent) {
				t.Errorf("how and when he was asked is logged: %+v", p.c.Contacts)
			}
		},
		refuses: []refusing{
			{why: "before the risk screen", spoil: func(p *play) { p.c.RiskScreened = false }, answer: "rule.risk_screen"},
			{why: "with nobody on the other side", spoil: func(p *play) { p.c.Parties[1].LeftAt = p.now }, act: func(p *play) Act {
				return Question{ContactMade{Party: p.side(Applicant), Means: "phone"}}
			}, answer: "rule.respondent_needed"},
			{why: "without saying how", act: but(question, func(a *Question) { a.Means = "" }), answer: "means=error.required"},
		}},
	// proves: act.log_contact
	{name: "row07 each further try is logged", from: sinceRegister, as: RoleCoordinator, act: just(contactMade), to: Registered,
		events: []string{"log_contact registered>registered means=visit"},
		refuses: []refusing{
			{why: "by no means known", act: but(contactMade, func(a *ContactMade) { a.Means = "pigeon" }), answer: "means=error.choice"},
		}},
	// proves: act.refuse guard.supplement_first
	{name: "row08 refuse what is no matter for mediation", from: "registered consent_pending", as: RoleChair, act: just(refusal), to: NotAccepted,
		clocks: []string{"-D-01 met"}, events: []string{"refuse registered>not_accepted ground=NA01"},
		then: func(t *testing.T, p *play) {
			if p.c.OutcomeCode != "NA01" || len(p.c.Remedies) == 0 || p.c.Number != "" || p.c.IntakeNumber == "" {
				t.Errorf("outcome %s, remedies %v, number %q, intake number %q", p.c.OutcomeCode, p.c.Remedies, p.c.Number, p.c.IntakeNumber)
			}
		},
		refuses: []refusing{
			{why: "without a ground", act: but(refusal, func(a *Refusal) { a.Ground = "" }), answer: "ground=error.required"},
			{why: "without a reason", act: but(refusal, func(a *Refusal) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without telling the other ways", act: but(refusal, func(a *Refusal) { a.Told = false }), answer: "told=rule.remedies_told"},
			{why: "for want of papers, without having asked for them", act: but(refusal, func(a *Refusal) { a.Ground = "NA06" }), answer: "rule.supplement_first"},
			{why: "for silence, without having asked", act: but(refusal, func(a *Refusal) { a.Ground = "NA04" }), answer: "rule.contact_first"},
		}},
	{name: "row08 refuse what was asked for and did not tell anything", from: "registered consent_pending", as: RoleChair, to: NotAccepted,
		start: func(t judge) *play { return at(t, Submitted).act(RequestSupplement, GiveSupplement, RegisterCase) },
		act:   but(refusal, func(a *Refusal) { a.Ground = "NA06" }), clocks: []string{"-D-01 met"},
		events: []string{"refuse registered>not_accepted ground=NA06"}},
	// proves: act.refer_out
	{name: "row09 hand to the competent committee", from: "registered", as: RoleChair, act: just(transferral), to: ReferredOut,
		clocks: []string{"-D-01 met"}, events: []string{"refer_out registered>referred_out ground=NA07"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Remedies) == 0 {
				t.Error("a matter handed on names the other ways")
			}
		},
		refuses: []refusing{
			{why: "without a receiver", act: but(transferral, func(a *Transferral) { a.Receiver = "" }), answer: "receiver=error.required"},
			{why: "without a reason", act: but(transferral, func(a *Transferral) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "without the receiver's agreement", act: but(transferral, func(a *Transferral) { a.Agreed = false }), answer: "agreed=rule.receiver_agrees"},
			{why: "without who agreed", act: but(transferral, func(a *Transferral) { a.AgreedBy = " " }), answer: "agreed_by=error.required"},
			{why: "without when", act: but(transferral, func(a *Transferral) { a.AgreedOn = statute.Date{} }), answer: "agreed_on=error.required"},
			{why: "agreed on a day to come", act: but(transferral, func(a *Transferral) { a.AgreedOn = day("2026-05-12") }), answer: "agreed_on=rule.in_the_future"},
			{why: "without how", act: but(transferral, func(a *Transferral) { a.AgreedHow = "" }), answer: "agreed_how=error.required"},
			{why: "without the ground on which data go along", act: but(transferral, func(a *Transferral) { a.Ground = "" }), answer: "ground=error.required"},
			{why: "to a committee of this house whose name was typed", spoil: func(p *play) { p.receiver = fengqiao() }, answer: "receiver=rule.receiver_is_here"},
			{why: "to itself, by name", spoil: func(p *play) { p.receiver = &Receiver{Committee: yuyuan, Chaired: true} }, answer: "receiver=rule.same_committee"},
		}},
	// proves: guard.report_first
	{name: "row09 hand to a committee of this house", from: "registered", as: RoleChair, act: nextDoor(func(*Receiver, *Transferral) {}), to: ReferredOut,
		clocks: []string{"-D-01 met"}, events: []string{"refer_out registered>referred_out ground=NA07"},
		then: func(t *testing.T, p *play) {
			h := p.c.Handed()
			if h == nil || h.Receiver != "枫桥里社区人民调解委员会" || h.AgreedBy != "沈主任" || h.AgreedOn != day("2026-05-11") || h.AgreedHow != "phone" ||
				h.Ground != "consent" || h.By != zhou || !h.At.Equal(p.now) || h.Reason != "纠纷发生在枫桥里" {
				t.Errorf("transfer %+v", h)
			}
			if p.c.OutcomeText != "枫桥里社区人民调解委员会：纠纷发生在枫桥里" {
				t.Errorf("outcome %q", p.c.OutcomeText)
			}
		},
		refuses: []refusing{
			{why: "that is not there", act: nextDoor(func(to *Receiver, _ *Transferral) { to.Committee = "" }), answer: "committee=error.choice"},
			{why: "which is this one", act: nextDoor(func(to *Receiver, a *Transferral) { to.Committee, a.Committee = yuyuan, yuyuan }), answer: "committee=rule.same_committee"},
			{why: "that is closed", act: nextDoor(func(to *Receiver, _ *Transferral) { to.Closed = true }), answer: "committee=rule.receiver_closed"},
			{why: "that nobody chairs", act: nextDoor(func(to *Receiver, _ *Transferral) { to.Chaired = false }), answer: "committee=rule.receiver_no_chair"},
			{why: "and to a body outside as well", act: nextDoor(func(_ *Receiver, a *Transferral) { a.Receiver = "派出所" }), answer: "receiver=rule.one_receiver"},
			{why: "before a danger is reported", spoil: func(p *play) { p.c.Risks = []Risk{{ID: "r-1", Flag: "R3-DV", MustReport: true}} }, answer: "rule.report_first"},
			{why: "that has no room for the files", spoil: func(p *play) { p.c.Files = []File{{ID: "f-1", Party: p.side(Applicant), Size: 2}} },
				act: nextDoor(func(to *Receiver, _ *Transferral) { to.Stored = DefaultQuota().CommitteeBytes - 1 }), answer: "committee=rule.receiver_full"},
		}},
	// proves: act.decline
	{name: "row10 a party says no", from: sinceRegister, start: func(t judge) *play { return at(t, ConsentPending) }, as: RoleCodeHolder,
		act: just(unwilling), to: ConsentPending, events: []string{"decline consent_pending>consent_pending side=respondent"},
		then: func(t *testing.T, p *play) {
			if v := p.c.Refused(); v == nil || v.Side != Respondent || v.ConsentHow != "online" {
				t.Errorf("refused by %+v", v)
			}
		}},
	{name: "row10 a party says no to the clerk", from: sinceRegister, start: func(t judge) *play { return at(t, ConsentPending) }, as: RoleCoordinator,
		act: just(unwilling), to: ConsentPending, events: []string{"decline consent_pending>consent_pending side=respondent"},
		refuses: refusesAnswer(just(unwilling))},
	{name: "row10 refused after his no", from: "registered consent_pending", start: no(ConsentPending, Respondent), as: RoleChair,
		act: but(refusal, func(a *Refusal) { a.Ground = "NA04" }), to: NotAccepted, clocks: []string{"-D-01 met", "-D-05 met"},
		events: []string{"refuse consent_pending>not_accepted ground=NA04"}},
	{name: "row10 refused after three tries without an answer", from: "registered consent_pending", start: silence(3), as: RoleChair,
		act: but(refusal, func(a *Refusal) { a.Ground = "NA04" }), to: NotAccepted, clocks: []string{"-D-01 met", "-D-05 met"},
		events: []string{"refuse consent_pending>not_accepted ground=NA04"},
		refuses: []refusing{
			{why: "one try fewer", spoil: func(p *play) { p.c.Contacts = p.c.Contacts[:3] }, answer: "rule.contact_first"},
			{why: "no try at all", spoil: func(p *play) { p.c.Contacts = nil }, answer: "rule.contact_first"},
		}},
	// proves: act.consent
	{name: "row11 a party agrees", from: sinceRegister, start: func(t judge) *play { return at(t, ConsentPending) }, as: RoleCodeHolder,
		act: just(willing), to: ConsentPending, events: []string{"consent consent_pending>consent_pending side=respondent"},
		then: func(t *testing.T, p *play) {
			if !p.c.AllConsent() || p.c.Stage != ConsentPending {
				t.Errorf("consent %v, stage %s: acceptance stays the chair's act", p.c.AllConsent(), p.c.Stage)
			}
		}},
	{name: "row11 a party agrees by telephone", from: sinceRegister, start: func(t judge) *play { return at(t, ConsentPending) }, as: RoleCoordinator,
		act: just(willing), to: ConsentPending, events: []string{"consent consent_pending>consent_pending side=respondent"},
		refuses: refusesAnswer(just(willing))},
	// proves: act.accept
	{name: "row11 accept", from: "consent_pending", start: func(t judge) *play { return at(t, ConsentPending).act(GiveConsent) }, as: RoleChair,
		act: just(acceptance), to: Accepted, clocks: []string{"-D-01 met", "-D-05 met", "+D-06 2026-06-10", "+D-07 2026-05-13"},
		events: []string{"accept consent_pending>accepted"},
		then: func(t *testing.T, p *play) {
			if p.c.Number != "case-1" || p.c.AcceptedAt != p.now {
				t.Errorf("number %q, accepted at %v", p.c.Number, p.c.AcceptedAt)
			}
		},
		refuses: []refusing{
			{why: "before the other side agreed", spoil: func(p *play) { p.c.Parties[1].Consent = "" }, answer: "rule.consent_missing"},
			{why: "after the other side said no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
			{why: "before a joined third party agreed", spoil: func(p *play) { p.act(AddParty) }, answer: "rule.consent_missing"},
		}},
	{name: "row11 a court's referral is answered by acceptance", from: "consent_pending", start: fromCourt, as: RoleChair, act: just(acceptance),
		to: Accepted, clocks: []string{"-D-01 met", "-D-02 met", "-D-05 met", "+D-06 2026-05-26", "+D-07 2026-05-13"},
		events: []string{"accept consent_pending>accepted"}},
	// proves: act.settle_at_once
	{name: "row12 settled at once", from: "registered", as: RoleMediator, act: just(settledAtOnce), to: Effective,
		clocks: []string{"-D-01 met", "+D-12 2026-06-10", "+D-13 2026-05-11", "+D-13 2026-05-11", "+D-14 2026-05-18"},
		events: []string{"settle_at_once registered>effective effective_on=2026-05-11 rule=PML 30"},
		then:   settledOnSpot,
		refuses: []refusing{
			{why: "not both present", act: but(settledAtOnce, func(a *SettledAtOnce) { a.Present = false }), answer: "present=rule.both_present"},
			{why: "rights not told", act: but(settledAtOnce, func(a *SettledAtOnce) { a.RightsTold = false }), answer: "rights_told=rule.rights_notice_first"},
			{why: "the parties want paper", act: but(settledAtOnce, func(a *SettledAtOnce) { a.NoPaper = false }), answer: "no_paper=rule.no_paper"},
			{why: "performed later", act: but(settledAtOnce, func(a *SettledAtOnce) { a.Immediate = false; a.Promises[0].Due = day("2026-06-01") }), answer: "rule.must_be_written"},
			{why: "of grade L3", spoil: func(p *play) { p.c.Grade = "L3" }, answer: "rule.must_be_written"},
			{why: "after a no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
			{why: "on hold", spoil: func(p *play) { p.act(RaiseRisk) }, answer: "rule.no_joint_session"},
			{why: "by one who is no registered mediator", as: RoleCoordinator, answer: "present=rule.mediator_unknown"},
			{why: "by a mediator with a conflict", spoil: func(p *play) {
				p.c.Conflicts = []Interest{{User: du, Relation: "relative", At: p.now}}
			}, answer: "present=rule.mediator_conflict"},
		}},
}

// fromCourt is a matter a court entrusted after filing: its period is the
// court's own, 15 days.
func fromCourt(t judge) *play {
	in := recorded()
	in.Source, in.Channel, in.CourtMode, in.ReferralOK = "court", "court", "C2", true
	p := newPlay(t).begin(in, RoleCoordinator).act(RegisterCase, AskOtherSide)
	for !p.c.AllConsent() {
		p.act(GiveConsent)
	}
	return p
}

func settledOnSpot(t *testing.T, p *play) {
	lead := p.c.Lead()
	if p.c.Number != "case-1" || lead == nil || lead.Mediator != du || p.c.Agreement().Form != "oral" {
		t.Errorf("number %q, lead %+v, form %s", p.c.Number, lead, p.c.Agreement().Form)
	}
	for _, v := range p.c.Active() {
		if v.RightsAt.IsZero() || v.Consent != "yes" {
			t.Errorf("%s: rights told and consent are logged", v.Side)
		}
	}
	for _, paper := range p.c.PapersDue() {
		if paper.Form == "F12" && paper.Need != "must" {
			t.Errorf("the register of oral agreements is a %s", paper.Need)
		}
	}
}

// TestNumberFails: when no number can be drawn the act fails whole.
func TestNumberFails(t *testing.T) {
	for name, p := range map[string]*play{
		"accept":         at(t, ConsentPending).act(GiveConsent),
		"settle at once": at(t, Registered),
	} {
		t.Run(name, func(t *testing.T) {
			var act Act = Acceptance{}
			if p.c.Stage == Registered {
				act = settledAtOnce(p)
			}
			p.noDraw = errors.New("the counter is locked")
			before := copied(p.c)
			if _, err := p.try(RoleMediator, act); err == nil {
				t.Error("it went through")
			}
			if diff := changed(before, p.c); diff != "" {
				t.Errorf("the case changed:\n%s", diff)
			}
		})
	}
}

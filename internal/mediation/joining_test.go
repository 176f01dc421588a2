package mediation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// gathering is an application that waits for both sides, after steps of its own.
func gathering(steps ...Action) func(judge) *play {
	return func(t judge) *play { return at(t, Effective).act(append([]Action{ProposeConfirmation}, steps...)...) }
}

// TestJoining are the steps by which the parties make the application together.
func TestJoining(t *testing.T) {
	for _, r := range joiningRows {
		r.run(t)
	}
}

var lateDay = refusing{why: "on the day after the last", spoil: func(p *play) { p.on("2026-06-11") }, answer: "rule.confirmation_late"}

var joiningRows = []row{
	// proves: act.propose_confirmation
	{name: "row32 proposed: nothing is filed yet", from: inEffect, as: RoleMediator, act: just(proposal), to: Effective,
		events: []string{"propose_confirmation effective>effective competence=seat"},
		then: func(t *testing.T, p *play) {
			k := p.c.Application()
			if k.Filed() || k.Pack != "" || !k.FiledOn.IsZero() || k.By != "" || len(p.c.Joinings) != 2 || slices.Contains(p.c.Row().Courts, k.Court) {
				t.Errorf("%+v, %d asked, courts %v", k, len(p.c.Joinings), p.c.Row().Courts)
			}
		},
		refuses: []refusing{lateDay,
			{why: "to no court", act: but(proposal, func(a *Proposal) { a.Court = "" }), answer: "court=error.required"},
			{why: "to a court that is not competent", act: but(proposal, func(a *Proposal) { a.Court = gusu }), answer: "court=rule.competent_court"},
			{why: "for the home of nobody here", act: but(proposal, func(a *Proposal) { a.HomeOf = "id-999" }), answer: "home_of=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(ProposeConfirmation) }, answer: "rule.confirmation_state"},
			{why: "of an oral agreement", spoil: func(p *play) { p.c.Agreements[0].Form = "oral" }, answer: "rule.confirmation_written"},
		}},
	// proves: act.join_confirmation
	{name: "row32 one side joins on paper", from: inEffect, start: gathering(), as: RoleMediator, act: just(joins), to: Effective,
		events: []string{"join_confirmation effective>effective class=signed_paper how=paper kind=image scan=# side=applicant"},
		then: func(t *testing.T, p *play) {
			j := p.c.Joinings[0]
			if p.c.ConfirmationState() != ConfirmationProposed || j.State != JoiningJoined || j.Fresh.Address == "" || j.Fresh.Phone != "10012345678" || j.Digest != "" {
				t.Errorf("%s, %+v", p.c.ConfirmationState(), j)
			}
		},
		refuses: []refusing{lateDay,
			{why: "unread", act: but(joins, func(a *Joins) { a.Read = false }), answer: "read=rule.joining_read"},
			{why: "without the sheet it signed", act: but(joins, func(a *Joins) { a.Scan = nil }), answer: "file=rule.joining_scan"},
			{why: "with nowhere to be served", act: but(joins, func(a *Joins) { a.ServeTo = " " }), answer: "serve_to=error.required"},
			{why: "with no electronic address", act: but(joins, func(a *Joins) { a.OnlineTo = "" }), answer: "online_to=error.required"},
			{why: "with an electronic address that is none", act: but(joins, func(a *Joins) { a.OnlineTo = "a@b" }), answer: "online_to=rule.electronic_address"},
			{why: "by an agent nobody named", act: but(joins, func(a *Joins) { a.ByAgent = true }), answer: "by_agent=rule.agent_power"},
			{why: "by an agent who may not settle", spoil: func(p *play) { p.c.Parties[0].AgentName, p.c.Parties[0].AgentScope = "周律师", "general" },
				act: but(joins, func(a *Joins) { a.ByAgent = true }), answer: "by_agent=rule.agent_may_settle"},
			{why: "by an agent whose power has ended", spoil: func(p *play) {
				v := &p.c.Parties[0]
				v.AgentName, v.AgentScope, v.AgentUntil = "周律师", "settle", day("2026-05-10")
			}, act: but(joins, func(a *Joins) { a.ByAgent = true }), answer: "by_agent=rule.agent_term"},
			{why: "in no way", act: but(joins, func(a *Joins) { a.How = "online" }), answer: "how=error.choice"},
			{why: "before the agreement had effect", act: but(joins, func(a *Joins) { a.On = day("2026-05-10") }), answer: "on=rule.before_effect"},
			{why: "of nobody here", act: but(joins, func(a *Joins) { a.Party = "id-999" }), answer: "party=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(JoinConfirmation) }, act: func(p *play) Act {
				return but(joins, func(a *Joins) { a.Party = part(p, JoiningJoined) })(p)
			}, answer: "rule.already_joined"},
			{why: "what was taken back", spoil: func(p *play) { p.act(DropConfirmation) }, answer: "rule.confirmation_state"},
			{why: "an agreement that holds what no court confirms, untold", spoil: func(p *play) { p.c.Agreements[0].Settled = "房屋归王建国所有" }, answer: "scope_told=rule.scope_told"},
		}},
	// proves: act.leave_confirmation
	{name: "row32 a joining is taken back", from: inEffect, start: gathering(JoinConfirmation), as: RoleMediator, act: just(joiningTakenBack), to: Effective,
		events: []string{"leave_confirmation effective>effective side=applicant"},
		then: func(t *testing.T, p *play) {
			if j := p.c.Joinings[0]; j.State != JoiningLeft || j.Fresh != nil || j.Online || p.c.ConfirmationState() != ConfirmationProposed {
				t.Errorf("%+v", j)
			}
			if p.act(JoinConfirmation, JoinConfirmation); p.c.ConfirmationState() != ConfirmationFiled {
				t.Errorf("joined again: %s", p.c.ConfirmationState())
			}
		},
		refuses: []refusing{lateDay,
			{why: "by who has not joined", spoil: func(p *play) { p.act(LeaveConfirmation) }, answer: "rule.confirmation_not_joined"},
			{why: "after all have joined", spoil: func(p *play) { p.act(JoinConfirmation) }, answer: "rule.confirmation_state"},
		}},
	// proves: act.decline_confirmation
	{name: "row32 one no, and there is no joint application", from: inEffect, start: gathering(JoinConfirmation), as: RoleCodeHolder, act: just(joiningRefused), to: Effective,
		events: []string{"decline_confirmation effective>effective side=respondent"},
		then: func(t *testing.T, p *play) {
			if p.c.ConfirmationState() != ConfirmationDeclined || p.c.Application().Note != "想再等等" || !p.c.Offers(ProposeConfirmation) || !p.c.Offers(ApplyConfirmation) {
				t.Errorf("%+v", p.c.Application())
			}
		},
		refuses: []refusing{lateDay,
			{why: "by who has joined", as: RoleMediator, act: func(p *play) Act { return JoiningRefused{OwnPart: OwnPart{part(p, JoiningJoined)}} }, answer: "rule.already_joined"},
		}},
	// proves: act.drop_confirmation
	{name: "row32 the proposal is taken back", from: inEffect, start: gathering(JoinConfirmation), as: RoleMediator, act: just(proposalDropped), to: Effective,
		events: []string{"drop_confirmation effective>effective"},
		then: func(t *testing.T, p *play) {
			if p.act(ProposeConfirmation); len(p.c.Confirmations) != 2 || len(p.c.Joinings) != 4 || p.c.Application().State != ConfirmationProposed {
				t.Errorf("proposed anew: %+v", p.c.Confirmations)
			}
		},
		refuses: []refusing{
			{why: "without a reason", act: but(proposalDropped, func(a *ProposalDropped) { a.Reason = "" }), answer: "reason=error.required"},
			{why: "by a party that did not propose it", as: RoleResident, answer: "rule.proposal_of_others"},
			{why: "after it was filed", spoil: func(p *play) { p.act(JoinConfirmation) }, answer: "rule.confirmation_state"},
		}},
	// proves: act.remind_confirmation
	{name: "row32 the thirty days run out", from: inEffect, start: func(t judge) *play { return gathering(JoinConfirmation)(t).on("2026-05-31") }, as: RoleSystem,
		act: goods[RemindConfirmation].make, to: Effective, events: []string{"remind_confirmation effective>effective until=2026-06-10"},
		then: func(t *testing.T, p *play) {
			if _, err := p.try(RoleSystem, ConfirmationReminded{}); fault(err) != "rule.period_running" {
				t.Errorf("told twice: %v", err)
			}
			p.on("2026-06-09").act(RemindConfirmation) // days 25 and 28 in one
			if p.c.Clock(statute.D12Confirmation).Warned != len(ConfirmWarnings) {
				t.Errorf("told %d times", p.c.Clock(statute.D12Confirmation).Warned)
			}
		},
		refuses: []refusing{
			{why: "on the nineteenth day", spoil: func(p *play) { p.on("2026-05-30") }, answer: "rule.period_running"},
			{why: "after the end", spoil: func(p *play) { p.on("2026-06-11") }, answer: "rule.confirmation_state"},
			{why: "of what was filed", spoil: func(p *play) { p.act(JoinConfirmation) }, answer: "rule.confirmation_state"},
		}},
}

// TestTheLastToJoinFilesIt: by itself, on the day of the last joining, with the
// clocks of an application and a pack that holds what its papers are drawn from.
//
// proves: act.file_confirmation
func TestTheLastToJoinFilesIt(t *testing.T) {
	p := gathering(JoinConfirmation)(t).on("2026-05-20")
	a := joins(p)
	a.On = day("2026-05-18")
	events, err := p.try(RoleMediator, a)
	if err != nil || len(events) != 2 || events[1].Action != FileConfirmation || events[1].Role != RoleSystem || events[1].Codes["competence"] != "seat" {
		t.Fatalf("%v, %+v", err, events)
	}
	k := p.c.Application()
	if !k.Filed() || k.FiledOn != day("2026-05-18") || k.Digest == "" || p.c.Clock(statute.D12Confirmation) != nil || p.c.Clock(statute.D15CourtTake) == nil {
		t.Errorf("%+v", k)
	}
	if !slices.Contains(p.c.Row().Courts, gaoxin) {
		t.Error("the court does not reach what was filed with it")
	}
	frozen := k.Frozen()
	if frozen == nil || len(frozen.Joinings) != 2 || len(frozen.Obligations) == 0 || frozen.Agreement() == nil || frozen.Parties[0].User != "" || frozen.Facts != "" {
		t.Fatalf("frozen: %+v", frozen)
	}
	if text, _ := json.Marshal(frozen); strings.Contains(string(text), "榆园新村3幢502室") {
		t.Error("an address stands open in the pack")
	}
	if (Confirmation{Pack: `{"title":"旧"}`}).Frozen() != nil || (Confirmation{Pack: "no json"}).Frozen() != nil {
		t.Error("an old pack gives papers it does not hold")
	}
}

// TestJoiningFromTheOwnPage: a party speaks for itself only, today and online, and
// under the text it read; who is not known yet does not join.
func TestJoiningFromTheOwnPage(t *testing.T) {
	p := gathering()(t)
	a := joins(p)
	a.Party, a.On, a.How = p.side(Applicant), day("2026-05-01"), "paper"
	p.do(RoleCodeHolder, a) // the respondent's code
	j := p.c.JoiningOf(p.c.Application().ID, p.side(Respondent))
	if j.State != JoiningJoined || j.How != "online" || j.On != p.today() || j.Digest != p.c.Agreement().Digest {
		t.Errorf("%+v", j)
	}
	if _, err := p.try(RoleCodeHolder, a); fault(err) != "rule.already_joined" {
		t.Errorf("from a second tab: %v", err)
	}
	holder, chen := p.actor(RoleCodeHolder), p.actor(RoleResident)
	for _, w := range []struct {
		who   Actor
		by    Action
		offer bool
	}{{holder, JoinConfirmation, false}, {holder, LeaveConfirmation, true}, {holder, DeclineConfirmation, false}, {holder, DropConfirmation, false},
		{chen, JoinConfirmation, true}, {chen, LeaveConfirmation, false}, {chen, DeclineConfirmation, true}, {p.actor(RoleMediator), DropConfirmation, true}} {
		if p.c.OffersTo(w.who, w.by) != w.offer {
			t.Errorf("%s offered to %s: %v", w.by, w.who.User, !w.offer)
		}
	}
	a.Digest = "ab"
	if _, err := p.try(RoleResident, a); KindOf(err) != Conflict || fault(err) != "error.agreement_changed" {
		t.Errorf("joined another text: %v", err)
	}
	p = gathering()(t)
	p.c.Parties[1].Identity = LevelCode
	if _, err := p.try(RoleCodeHolder, joins(p)); fault(err) != "rule.identity_first" {
		t.Errorf("joined unknown: %v", err)
	}
	p = at(t, Effective).do(RoleResident, proposal(nil))
	if p.c.Application().By != p.side(Applicant) {
		t.Errorf("proposed by %s", p.c.Application().By)
	}
	p.do(RoleResident, proposalDropped(p))
}

// TestOneWordWhereNothingIsProposed: the parties hear of the thirty days once, and
// not at all once everything is performed.
func TestOneWordWhereNothingIsProposed(t *testing.T) {
	p := at(t, Effective).on("2026-05-31").act(RemindConfirmation).on("2026-06-08")
	if _, err := p.try(RoleSystem, ConfirmationReminded{}); fault(err) != "rule.period_running" {
		t.Errorf("told again: %v", err)
	}
	p.act(ProposeConfirmation, RemindConfirmation) // now somebody is awaited
	if _, err := at(t, FollowedUp).on("2026-05-31").try(RoleSystem, ConfirmationReminded{}); fault(err) != "rule.confirmation_state" {
		t.Errorf("told of what is performed: %v", err)
	}
}

// TestThirtyDaysEndWhileOneIsAwaited: the proposal ends with them, and closing
// waits for it no longer.
func TestThirtyDaysEndWhileOneIsAwaited(t *testing.T) {
	p := at(t, FollowedUp).act(ProposeConfirmation, JoinConfirmation)
	if _, err := p.try(RoleChair, closing(p)); fault(err) != "rule.confirmation_gathering" {
		t.Errorf("closed while it is joined: %v", err)
	}
	p.on("2026-06-10").act(JoinConfirmation) // the last day counts
	p = at(t, FollowedUp).act(ProposeConfirmation, JoinConfirmation).on("2026-06-11").act(LapseConfirmation)
	if p.c.ConfirmationState() != ConfirmationLate || p.c.Offers(ProposeConfirmation) {
		t.Errorf("%s, offered anew %v", p.c.ConfirmationState(), p.c.Offers(ProposeConfirmation))
	}
	if _, err := p.try(RoleMediator, joins(p)); fault(err) != "rule.confirmation_late" {
		t.Errorf("joined after the end: %v", err)
	}
	p.act(CloseCase)
}

// TestJoiningRunsItsCourse performs every move of one party's part and every move
// that is not in the table.
func TestJoiningRunsItsCourse(t *testing.T) {
	ways := map[string][]Action{JoiningAsked: nil, JoiningJoined: {JoinConfirmation}, JoiningLeft: {JoinConfirmation, LeaveConfirmation}, JoiningDeclined: {DeclineConfirmation}}
	for state, way := range ways {
		for _, a := range []Action{JoinConfirmation, LeaveConfirmation, DeclineConfirmation} {
			p := gathering(way...)(t)
			mine := p.side(Applicant)
			var act Act
			switch a {
			case JoinConfirmation:
				act = but(joins, func(j *Joins) { j.Party = mine })(p)
			case LeaveConfirmation:
				act = JoiningTakenBack{OwnPart{mine}}
			default:
				act = JoiningRefused{OwnPart: OwnPart{mine}}
			}
			if got := p.c.JoiningOf(p.c.Application().ID, mine).State; got != state {
				t.Fatalf("the way to %s leads to %s", state, got)
			}
			_, err := p.try(RoleMediator, act)
			want, allowed := JoiningMoves()[state][a]
			if got := p.c.JoiningOf(p.c.Application().ID, mine).State; allowed != (err == nil) || allowed && got != want {
				t.Errorf("%s from %s: %v, now %s, want %q", a, state, err, got, want)
			}
		}
	}
}

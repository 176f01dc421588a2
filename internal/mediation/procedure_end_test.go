package mediation_test

import (
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

func over(stage Stage) func(judge) *play {
	return func(t judge) *play { return at(t, stage).on("2026-06-11") }
}

// endRefuses is what any end without agreement needs.
func endRefuses(with func(func(*Ending)) func(*play) Act) []refusing {
	return []refusing{
		{why: "without a code", act: with(func(a *Ending) { a.Code = "" }), answer: "code=error.required"},
		{why: "with a ground that is none", act: with(func(a *Ending) { a.Code = "T99" }), answer: "code=error.choice"},
		{why: "without a reason", act: with(func(a *Ending) { a.Reason = "" }), answer: "reason=error.required"},
		{why: "without telling the other ways", act: with(func(a *Ending) { a.Told = false }), answer: "told=rule.remedies_told"},
		{why: "as unreachable, without having tried", act: with(func(a *Ending) { a.Code = "T05" }), answer: "rule.contact_first"},
		{why: "as lapsed, while the period runs", act: with(func(a *Ending) { a.Code = "T06" }), answer: "rule.period_running"},
	}
}

func failing(change func(*Ending)) func(*play) Act {
	return but(failure, func(a *Failure) { change(&a.Ending) })
}

var endRows = []row{
	// proves: act.fail
	{name: "row37 fail", from: "in_mediation adjourned agreement_draft", as: RoleMediator, act: just(failure), to: Terminated,
		clocks: []string{"-D-06 cancelled"}, events: []string{"fail in_mediation>terminated code=T02"}, then: remediesTold,
		refuses: append(endRefuses(failing),
			refusing{why: "in the middle of a session", spoil: func(p *play) { *p = *at(p.t, Scheduled).act(OpenSession) }, answer: "rule.record_first"},
			refusing{why: "for a refusal to sign, without a draft", act: failing(func(a *Ending) { a.Code = "T07" }), answer: "rule.no_draft"})},
	{name: "row37 fail over a draft nobody signs", from: "in_mediation adjourned agreement_draft", start: signedBy(Sign), as: RoleMediator,
		act: failing(func(a *Ending) { a.Code = "T07" }), to: Terminated, clocks: []string{"-D-06 cancelled", "-D-11 cancelled"},
		events: []string{"fail agreement_draft>terminated code=T07"},
		then: func(t *testing.T, p *play) {
			if p.c.Agreement() != nil || len(p.c.Promised()) != 0 || p.c.Performance() != "" {
				t.Errorf("a draft nobody signed still promises: %+v, %s", p.c.Promised(), p.c.Performance())
			}
		},
		refuses: []refusing{
			{why: "for another reason", act: failing(func(a *Ending) { a.Code = "T02" }), answer: "rule.draft_lies_open"},
		}},
	{name: "row37 fail because a party cannot be reached", from: "in_mediation adjourned agreement_draft",
		start: func(t judge) *play { return at(t, Adjourned).act(LogContact, LogContact, LogContact) }, as: RoleMediator,
		act: failing(func(a *Ending) { a.Code = "T05" }), to: Terminated, clocks: []string{"-D-06 cancelled"}, events: []string{"fail adjourned>terminated code=T05"}},
	// proves: act.withdraw
	{name: "row38 the applicant withdraws", from: beforeEffect, start: func(t judge) *play { return at(t, AgreementDraft) }, as: RoleResident, act: just(withdrawal),
		to: Withdrawn, clocks: []string{"-D-06 cancelled", "-D-11 cancelled"}, events: []string{"withdraw agreement_draft>withdrawn settled=yes"},
		then: func(t *testing.T, p *play) {
			if p.c.OutcomeCode != "T11" || len(p.c.Promised()) != 0 || p.c.EndedAt != p.now {
				t.Errorf("outcome %s, promised %d, ended %v", p.c.OutcomeCode, len(p.c.Promised()), p.c.EndedAt)
			}
		},
		refuses: []refusing{
			{why: "by the other side", as: RoleCodeHolder, answer: "rule.applicants_only"},
			{why: "told to the clerk, without saying how", as: RoleCoordinator, act: but(withdrawal, func(a *Withdrawal) { a.By = "" }), answer: "how=error.required"},
		}},
	{name: "row38 withdrawn before registration", from: beforeEffect, as: RoleCoordinator, act: just(withdrawal), to: Withdrawn, clocks: []string{"-D-01 cancelled"},
		events: []string{"withdraw submitted>withdrawn settled=yes"}},
	// proves: act.lapse
	{name: "row39 the period ends: the case stays, flagged", from: lapsing39, start: over(Adjourned), as: RoleSystem, act: just(lapsing), to: Adjourned,
		events: []string{"lapse adjourned>adjourned"},
		then: func(t *testing.T, p *play) {
			if !p.c.Lapsed {
				t.Error("not flagged")
			}
		},
		refuses: []refusing{
			{why: "on the last day", spoil: func(p *play) { p.on("2026-06-10") }, answer: "rule.period_running"},
			{why: "while it stands still", spoil: func(p *play) { p.c.Clock(statute.D06Mediation).PausedAt = monday() }, answer: "rule.period_running"},
			{why: "twice", spoil: func(p *play) { p.act(Lapse) }, answer: "rule.already_lapsed"},
		}},
	// proves: act.close
	{name: "row40 close after the follow-up", from: "followed_up terminated withdrawn not_accepted referred_out", as: RoleChair, act: just(closing), to: Closed,
		clocks: []string{"+D-17 2026-06-10"}, events: []string{"close followed_up>closed"},
		then: func(t *testing.T, p *play) {
			if p.c.Lead() != nil || p.c.EndedAt != p.now {
				t.Errorf("lead %+v, ended %v", p.c.Lead(), p.c.EndedAt)
			}
		},
		refuses: []refusing{
			{why: "with a paper missing and no reason why", act: but(closing, func(a *Closing) { a.Papers = nil }), answer: "papers=rule.paper_missing"},
			{why: "before the mandatory report", spoil: func(p *play) { p.act(RaiseRisk) }, answer: "rule.report_first"},
			{why: "while the court looks at the agreement", spoil: func(p *play) { p.act(ApplyConfirmation) }, answer: "rule.confirmation_open"},
		}},
	{name: "row40 close with the reason why a paper is missing", from: "followed_up terminated withdrawn not_accepted referred_out",
		start: func(t judge) *play { return at(t, Terminated) }, as: RoleChair,
		act: but(closing, func(a *Closing) { a.Papers, a.Missing = nil, "原件在法院" }), to: Closed, clocks: []string{"+D-17 2026-06-10"},
		events: []string{"close terminated>closed"},
		then: func(t *testing.T, p *play) {
			if p.c.ClosedBy != zhou || !p.c.ClosedAt.Equal(p.now) || p.c.ArchivedBy != "" {
				t.Errorf("closed by %q at %s", p.c.ClosedBy, p.c.ClosedAt)
			}
		}},
	// proves: act.archive
	{name: "row41 archive", from: "closed", as: RoleChair, act: just(archiving), to: Archived, clocks: []string{"-D-17 met", "-D-12 cancelled", "+D-18b 2036-05-12"},
		events: []string{"archive closed>archived retention=y10 years=10"},
		then: func(t *testing.T, p *play) {
			if p.c.RetentionWhy != "" {
				t.Errorf("a reason for the proposed class: %q", p.c.RetentionWhy)
			}
			if p.c.ArchivedBy != zhou || !p.c.ArchivedAt.Equal(p.now) {
				t.Errorf("put away by %q at %s", p.c.ArchivedBy, p.c.ArchivedAt)
			}
		},
		refuses: []refusing{
			{why: "with another class than proposed and no reason", act: but(archiving, func(a *Archiving) { a.Retention, a.Why = "y30", " " }), answer: "why=error.required"},
			{why: "without a class", act: but(archiving, func(a *Archiving) { a.Retention = "" }), answer: "retention=error.required"},
			{why: "without pages", act: but(archiving, func(a *Archiving) { a.Pages = 0 }), answer: "pages=error.number"},
			{why: "unchecked", act: but(archiving, func(a *Archiving) { a.Checked = false }), answer: "checked=rule.quality_check"},
		}},
	{name: "row41 kept for good", from: "closed", as: RoleChair, act: but(archiving, func(a *Archiving) { a.Retention = "permanent" }), to: Archived,
		clocks: []string{"-D-17 met", "-D-12 cancelled"}, events: []string{"archive closed>archived proposed=y10 retention=permanent"},
		then: func(t *testing.T, p *play) {
			if p.c.RetentionWhy != "涉及楼龄长的房屋" {
				t.Errorf("the reason is %q", p.c.RetentionWhy)
			}
		}},
	// proves: act.add_addendum
	{name: "a late fact stands beside the archive", from: "closed archived", start: func(t judge) *play { return at(t, Archived) }, as: RoleCoordinator,
		act: but(lateFact, func(a *LateFact) {
			a.File = &File{Name: "顶板.jpg", Kind: "image", Size: 10, Shared: true, Class: "identity"}
		}), to: Archived,
		events: []string{"add_addendum archived>archived kind=image no=1 on=2026-05-11"},
		then: func(t *testing.T, p *play) {
			before := copied(p.c)
			p.do(RoleChair, LateFact{Text: " 又漏了 "})
			if len(p.c.Addenda) != 2 || p.c.Addenda[1].Seq != 2 || p.c.Addenda[1].Text != "又漏了" || p.c.Addenda[1].On != p.today() || p.c.Addenda[1].File != "" {
				t.Errorf("addenda %+v", p.c.Addenda)
			}
			f := p.c.Files[len(p.c.Files)-1]
			if !p.c.LateFile(f.ID) || p.c.LateFile("") || f.Class != "other" || f.ID != p.c.Addenda[0].File {
				t.Errorf("file %+v of %+v", f, p.c.Addenda[0])
			}
			p.c.Addenda, p.c.UpdatedAt = before.Addenda, before.UpdatedAt
			if diff := changed(before, p.c); diff != "" {
				t.Errorf("the archive was edited:\n%s", diff)
			}
		},
		refuses: []refusing{
			{why: "without words", act: but(lateFact, func(a *LateFact) { a.Text = " " }), answer: "text=error.required"},
			{why: "that is yet to come", act: but(lateFact, func(a *LateFact) { a.On = a.On.Add(1) }), answer: "on=rule.in_the_future"},
			{why: "with a file for which there is no room", spoil: func(p *play) { p.c.Files = []File{{Size: DefaultQuota().CaseBytes}} },
				act: but(lateFact, func(a *LateFact) { a.File = &File{Size: 1} }), answer: "file=error.case_full"},
		}},
	// proves: act.ask_data D-30 duty.data_rights
	{name: "a party asks of its own data, also of an archived case", from: everyStage, start: func(t judge) *play { return at(t, Archived) }, as: RoleResident,
		act: func(*play) Act { return DataAsked{Right: "delete", Text: " 请删除我的电话 "} }, to: Archived, clocks: []string{"+D-30 2026-06-01"},
		events: []string{"ask_data archived>archived data_right=delete"},
		then: func(t *testing.T, p *play) {
			r := p.c.DataRequests[0]
			if r.Party != p.side(Applicant) || r.Means != "online" || r.Text != "请删除我的电话" || !r.Open() || !p.c.Offers(AnswerData) {
				t.Errorf("request %+v", r)
			}
		},
		refuses: []refusing{
			{why: "of nothing known", act: func(*play) Act { return DataAsked{Right: "sell", Text: "卖给别人"} }, answer: "data_right=error.choice"},
			{why: "without saying what is wrong", act: func(*play) Act { return DataAsked{Right: "correct"} }, answer: "text=error.required"},
			{why: "noted for nobody of the case", as: RoleCoordinator, act: func(*play) Act { return DataAsked{Party: "id-999", Right: "copy", How: "visit"} }, answer: "party=error.choice"},
			{why: "noted without saying how it came", as: RoleCoordinator, act: func(p *play) Act { return DataAsked{Party: p.side(Respondent), Right: "copy"} }, answer: "how=error.required"},
		}},
	// proves: act.answer_data guard.data_kept guard.data_told
	{name: "the committee answers, with a reason for what it does not do", from: everyStage, start: func(t judge) *play { return at(t, Archived).act(AskData) }, as: RoleChair,
		act: just(dataAnswered), to: Archived, clocks: []string{"-D-30 met"},
		events: []string{"answer_data archived>archived data_answer=refused data_refusal=kept data_right=copy"},
		then: func(t *testing.T, p *play) {
			if r := p.c.DataRequests[0]; r.Open() || r.Ground != "kept" || r.AnsweredBy != zhou || p.c.Offers(AnswerData) {
				t.Errorf("request %+v", r)
			}
		},
		refuses: []refusing{
			{why: "without telling of the court", act: but(dataAnswered, func(a *DataAnswered) { a.Told = false }), answer: "told=rule.data_told"},
			{why: "without a reason", act: but(dataAnswered, func(a *DataAnswered) { a.Ground = "" }), answer: "ground=error.required"},
			{why: "without words", act: but(dataAnswered, func(a *DataAnswered) { a.Answer = " " }), answer: "answer=error.required"},
			{why: "of no request", act: but(dataAnswered, func(a *DataAnswered) { a.Request = "id-999" }), answer: "request=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(AnswerData) }, act: func(p *play) Act {
				a := dataAnswered(p)
				a.Request = p.c.DataRequests[0].ID
				return a
			}, answer: "request=error.choice"},
			{why: "as deleted, which nothing of a file is", spoil: func(p *play) { p.c.DataRequests[0].Right = "delete" },
				act: but(dataAnswered, func(a *DataAnswered) { a.Outcome = "granted" }), answer: "outcome=rule.data_kept"},
			{why: "a copy as kept for no other use", act: but(dataAnswered, func(a *DataAnswered) { a.Outcome = "limited" }), answer: "outcome=error.choice"},
		}},
	// proves: act.reopen guard.close_first
	{name: "row42 mediated again after the court's no, before the case is closed", from: againFrom, start: applied(ConfirmTake, ConfirmReject), as: RoleLegalOfficer,
		act: but(reopening, func(a *Reopening) { a.Why = "confirmation_refused" }), to: Effective, events: []string{"reopen effective>effective why=confirmation_refused"},
		refuses: []refusing{
			{why: "for another reason", act: just(reopening), answer: "rule.close_first"},
			{why: "while the court considers it", spoil: func(p *play) { *p = *applied(ConfirmTake)(p.t) }, answer: "why=rule.not_refused_by_court"},
		}},
	{name: "row42 reopen never edits the archive", from: againFrom, start: func(t judge) *play { return at(t, Archived) }, as: RoleLegalOfficer, act: just(reopening),
		to: Archived, events: []string{"reopen archived>archived why=performance"},
		refuses: []refusing{
			{why: "without a ground", act: but(reopening, func(a *Reopening) { a.Why = "" }), answer: "why=error.required"},
			{why: "without a reason", act: but(reopening, func(a *Reopening) { a.Reason = "" }), answer: "reason=error.required"},
		}},
}

// againFrom are the stages from which a linked case may be opened.
const againFrom = "effective followed_up closed archived"

// row42: the case that follows has the parties and the place of the first, and a
// number, a consent and a life of its own.
func row42(t *testing.T) {
	p := at(t, Archived).act(Reopen)
	before := copied(p.c)
	next, events, err := p.c.Linked("又漏水了", p.scene(RoleLegalOfficer))
	if err != nil {
		t.Fatal(err)
	}
	if next.LinkedTo != p.c.ID || next.ID == p.c.ID || next.Stage != Submitted || next.IntakeNumber != "intake-2" || next.Number != "" {
		t.Errorf("linked case %s: to %s, stage %s, numbers %q %q", next.ID, next.LinkedTo, next.Stage, next.IntakeNumber, next.Number)
	}
	wantLines(t, events, "record >submitted channel=other source=proactive")
	wantClocks(t, &Case{}, next, "+D-01 2026-05-14")
	for i, v := range next.Parties {
		was := p.c.Active()[i]
		if v.Name != was.Name || v.Side != was.Side || v.ID == was.ID || v.Consent != "" || !v.RightsAt.IsZero() {
			t.Errorf("party %d: %+v", i, v)
		}
	}
	if events[0].Subject != ItemID(next.Parties[0].ID) {
		t.Errorf("the history speaks of %s, who is not in the case", events[0].Subject)
	}
	if diff := changed(before, p.c); diff != "" {
		t.Errorf("the archive was edited:\n%s", diff)
	}
}

// TestEveryEndCanBeClosed: each of the ways to end leads to the volume (row 40).
func TestEveryEndCanBeClosed(t *testing.T) {
	for _, stage := range []Stage{FollowedUp, Terminated, Withdrawn, NotAccepted, ReferredOut} {
		p := at(t, stage)
		ended := p.c.EndedAt
		p.on("2026-05-20").act(CloseCase, Archive)
		if want := map[bool]Stage{true: stage, false: Closed}[stage != FollowedUp]; p.c.EndedAs != want {
			t.Errorf("%s: ended as %s, want %s", stage, p.c.EndedAs, want)
		}
		if p.c.Stage != Archived || !p.c.EndedAt.Equal(ended) && stage != FollowedUp {
			t.Errorf("%s: stage %s; the dispute ended %v, not %v", stage, p.c.Stage, ended, p.c.EndedAt)
		}
	}
}

// TestLapsedLeavesTwoWays: a late extension by agreement, or the end (decision 3).
func TestLapsedLeavesTwoWays(t *testing.T) {
	for _, stage := range strings.Fields(lapsing39) {
		p := over(Stage(stage))(t).act(Lapse)
		if !p.c.Offers(Extend) || !p.c.Offers(Terminate) {
			t.Errorf("%s: extend offered %v, terminate offered %v", stage, p.c.Offers(Extend), p.c.Offers(Terminate))
		}
		p.act(Extend)
		if d := p.c.Clock(statute.D06Mediation); p.c.Lapsed || due(*d) != "2026-07-11" || p.c.Stage != Stage(stage) {
			t.Errorf("%s after a late extension: lapsed %v, due %s, stage %s", stage, p.c.Lapsed, due(*d), p.c.Stage)
		}
		p = over(Stage(stage))(t).act(Lapse).do(RoleChair, Termination{Ending{Code: "T06", Reason: "期满未延", Told: true}})
		if p.c.Stage != Terminated {
			t.Errorf("%s: T06 leads to %s", stage, p.c.Stage)
		}
	}
}

// TestLapsedStopsTheTalks: from the day after the period nothing that carries
// the talks on is offered or taken, until the parties extend it (MOJ02 33).
func TestLapsedStopsTheTalks(t *testing.T) {
	talks := map[Stage][]Action{
		Accepted: {Assign}, Assigned: {Schedule}, Scheduled: {OpenSession}, InMediation: {DraftAgreement, SettleOrally}, Adjourned: {Resume},
	}
	for stage, acts := range talks {
		for _, a := range acts {
			p := over(stage)(t).act(Lapse)
			before := copied(p.c)
			if _, err := p.try(goods[a].as, goods[a].make(p)); fault(err) != "rule.period_lapsed" || p.c.Offers(a) {
				t.Errorf("%s in %s after the period: offered %v, answer %v", a, stage, p.c.Offers(a), err)
			}
			if diff := changed(before, p.c); diff != "" {
				t.Errorf("%s changed the case:\n%s", a, diff)
			}
			p.act(Extend, a)
		}
	}
	p := over(InMediation)(t)
	p.do(RoleMediator, Adjournment{Reason: "continues", Until: p.today()}).act(Resume, OpenSession, Lapse, LogSession) // what was begun is still recorded
}

// TestOnlyALapsedPeriodIsExtendedOutsideTheTalks (row 21 against decision 3).
func TestOnlyALapsedPeriodIsExtendedOutsideTheTalks(t *testing.T) {
	p := at(t, Scheduled)
	if _, err := p.try(RoleMediator, longerTime(p)); fault(err) != "rule.period_running" || p.c.Offers(Extend) {
		t.Errorf("extended before the talks and before the end: %v", err)
	}
}

// TestTheSenderIsAnswered: whoever passed a case on hears what came of it, also of
// one that was refused, before the case is closed or with a reason why not.
//
// proves: D-20
func TestTheSenderIsAnswered(t *testing.T) {
	in := recorded()
	in.Source, in.Channel, in.ReferralOK = "police", "police_110", true
	refused := func() *play {
		p := newPlay(t).begin(in, RoleCoordinator).act(RegisterCase)
		return p.do(RoleChair, Refusal{Ground: "NA01", Reason: "已由公安机关处理", Told: true})
	}
	answer := func(p *play, item ItemID) *play {
		p.paper = drawnPaper("answer")
		p.paper.Form, p.paper.Item = "F23", item
		return p.do(RoleChair, Issuing{Paper: "F23/" + string(item)})
	}
	p := answer(refused(), "r-1") // a letter to a court is no answer to the sender
	if _, err := p.try(RoleChair, but(closing, func(a *Closing) { a.Missing = "" })(p)); fault(err) != "missing=rule.answer_sender" {
		t.Errorf("closed with the sender unanswered: %v", err)
	}
	if q := refused().do(RoleChair, but(closing, func(a *Closing) { a.Missing = "已电话反馈" })(p)); q.c.Clock(statute.D20Feedback) == nil {
		t.Error("closing with a reason ends what is still owed")
	} else if q.act(Archive); q.c.Clock(statute.D20Feedback) != nil {
		t.Error("the answer is still awaited from the archive")
	}
	if answer(p, ""); p.c.Clock(statute.D20Feedback) != nil {
		t.Error("the answer ends no clock")
	}
	p.act(CloseCase)
}

// everyStage are the stages of the table for what is never too late.
var everyStage = func() string {
	var all []string
	for _, s := range Stages {
		all = append(all, string(s))
	}
	return strings.Join(all, " ")
}()

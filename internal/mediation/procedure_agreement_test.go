package mediation_test

import (
	"slices"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// written is what any text of an agreement needs.
func written(with func(func(*Terms)) func(*play) Act) []refusing {
	promise := func(change func(*Promise)) func(*play) Act {
		return with(func(a *Terms) { change(&a.Promises[0]) })
	}
	return []refusing{
		{why: "without what is settled", act: with(func(a *Terms) { a.Settled = "" }), answer: "settled=error.required"},
		{why: "without a look at the law", act: with(func(a *Terms) { a.LawChecked = false }), answer: "law_checked=rule.checklist"},
		{why: "without a look at third parties", act: with(func(a *Terms) { a.ThirdChecked = false }), answer: "third_checked=rule.checklist"},
		{why: "without free will", act: with(func(a *Terms) { a.FreeWill = false }), answer: "free_will=rule.checklist"},
		{why: "with content nobody may agree on", act: with(func(a *Terms) { a.Settled = "李敏不再承担对母亲的赡养" }), answer: "settled=rule.lint_support"},
		{why: "with a promise nobody may make", act: promise(func(o *Promise) { o.What = "付清以前扣留身份证" }), answer: "settled=rule.lint_liberty"},
		{why: "without an obligation", act: with(func(a *Terms) { a.Promises = []Promise{{}} }), answer: "obligations=rule.obligation_needed"},
		{why: "by nobody", act: promise(func(o *Promise) { o.By = "" }), answer: "obligations[0].by=error.required"},
		{why: "to himself", act: promise(func(o *Promise) { o.To = o.By }), answer: "obligations[0].to=error.required"},
		{why: "without what", act: promise(func(o *Promise) { o.What = "" }), answer: "obligations[0].what=error.required"},
		{why: "without the way", act: promise(func(o *Promise) { o.How = "" }), answer: "obligations[0].how=error.required"},
		{why: "without the kind", act: promise(func(o *Promise) { o.Kind = "" }), answer: "obligations[0].kind=error.required"},
		{why: "without the sum", act: promise(func(o *Promise) { o.Amount = "" }), answer: "obligations[0].amount=error.amount"},
		{why: "without the day", act: promise(func(o *Promise) { o.Due = statute.Date{} }), answer: "obligations[0].due=error.required"},
	}
}

// TestLintReadsTheAgreementInForce: what is weak in the text is told with the
// word and the source; a party that the agreement forgot is named.
func TestLintReadsTheAgreementInForce(t *testing.T) {
	p := at(t, InMediation).act(AddParty, GiveConsent)
	p.do(RoleMediator, but(draft, func(a *Draft) { a.Promises[0].What = "尽快赔偿顶板损失" })(p))
	var got []string
	for _, f := range p.c.Lint() {
		got = append(got, f.Code+" "+f.Word)
	}
	want := []string{"vague_time 尽快", "silent_party 赵强", "default "}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if p.act(RefuseToSign); p.c.Lint() != nil {
		t.Error("a draft that fell is still read")
	}
}

// difficult is a draft of grade L3, which nobody may sign unread.
func difficult(t judge) *play { return at(t, AgreementDraft).do(RoleChair, Grading{Grade: "L3"}) }

func signedBy(actions ...Action) func(judge) *play {
	return func(t judge) *play { return at(t, AgreementDraft).act(actions...) }
}

var effectClocks = []string{"-D-06 met", "-D-11 met", "+D-12 2026-06-10", "+D-13 2026-05-21", "+D-13 2026-05-31", "+D-14 2026-06-08"}

const takesEffect = "take_effect agreement_draft>effective effective_on=2026-05-11 rule=PML 29"

// signRefuses is what stands against each of the three conditions of row 30.
var signRefuses = []refusing{
	{why: "on a day to come", act: func(p *play) Act { return Countersigning{On: day("2026-05-12")} }, answer: "on=rule.in_the_future"},
	{why: "unread by legal staff, for L3", spoil: func(p *play) { *p = *difficult(p.t) }, answer: "rule.review_first"},
	{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"},
}

var agreementRows = []row{
	// proves: act.draft_agreement duty.copies guard.checklist guard.obligation_needed
	{name: "row27 draft", from: "in_mediation", as: RoleMediator, act: just(draft), to: AgreementDraft, clocks: []string{"+D-11 2026-05-14"},
		events: []string{"draft_agreement in_mediation>agreement_draft"},
		then: func(t *testing.T, p *play) {
			a := p.c.Agreement()
			if a.Version != 1 || a.Form != "written" || a.Copies != 3 || len(p.c.Promised()) != 2 || p.c.EffectBy != "" {
				t.Errorf("draft %+v", a)
			}
		},
		refuses: append(written(func(change func(*Terms)) func(*play) Act { return but(draft, func(a *Draft) { change(&a.Terms) }) }),
			refusing{why: "without a recorded session", spoil: func(p *play) { *p = *at(p.t, Scheduled).act(OpenSession) }, answer: "rule.record_first"},
			refusing{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"})},
	// proves: act.revise_agreement
	{name: "row27 a new version voids the signatures", from: "agreement_draft", start: signedBy(Sign, Countersign), as: RoleMediator, act: just(revision),
		to: AgreementDraft, events: []string{"revise_agreement agreement_draft>agreement_draft"},
		then: func(t *testing.T, p *play) {
			if len(p.c.Signed()) != 0 || p.c.Agreement().Version != 2 || len(p.c.Promised()) != 2 {
				t.Errorf("signed %+v, version %d, promised %d", p.c.Signed(), p.c.Agreement().Version, len(p.c.Promised()))
			}
		},
		refuses: written(func(change func(*Terms)) func(*play) Act {
			return but(revision, func(a *Revision) { change(&a.Terms) })
		})},
	// proves: act.request_review
	{name: "row28 ask legal staff to read the draft", from: "agreement_draft", as: RoleMediator, act: just(reviewAsked), to: AgreementDraft,
		clocks: []string{"+D-10 2026-05-14"}, events: []string{"request_review agreement_draft>agreement_draft"},
		refuses: []refusing{
			{why: "twice", spoil: func(p *play) { p.act(RequestReview) }, answer: "rule.review_open"},
		}},
	// proves: act.review_agreement
	{name: "row28 approved", from: "agreement_draft", start: func(t judge) *play { return difficult(t).act(RequestReview) }, as: RoleLegalOfficer,
		act: just(draftReviewed), to: AgreementDraft, clocks: []string{"-D-10 met"}, events: []string{"review_agreement agreement_draft>agreement_draft outcome=approved"},
		then: func(t *testing.T, p *play) { p.act(Sign) },
		refuses: []refusing{
			{why: "without an outcome", act: but(draftReviewed, func(a *DraftReviewed) { a.Outcome = "" }), answer: "outcome=error.required"},
			{why: "without an opinion", act: but(draftReviewed, func(a *DraftReviewed) { a.Opinion = "" }), answer: "opinion=error.required"},
			{why: "by the one who asked", spoil: sameAsker, answer: "rule.own_review"},
			{why: "when nobody asked", spoil: func(p *play) { p.act(ReviewAgreement) }, answer: "rule.no_review"},
		}},
	{name: "row28 to be amended: nobody signs yet", from: "agreement_draft", start: func(t judge) *play { return difficult(t).act(RequestReview) },
		as: RoleLegalOfficer, act: but(draftReviewed, func(a *DraftReviewed) { a.Outcome = "amend" }), to: AgreementDraft, clocks: []string{"-D-10 met"},
		events: []string{"review_agreement agreement_draft>agreement_draft outcome=amend"},
		then: func(t *testing.T, p *play) {
			if _, err := p.try(RoleMediator, signing(p)); fault(err) != "rule.review_first" {
				t.Errorf("signed unread: %v", err)
			}
		}},
	// proves: act.refuse_to_sign
	{name: "row29 a party refuses to sign: the talks go on", from: "agreement_draft", start: signedBy(Sign, RequestReview), as: RoleMediator,
		act: just(signingRefused), to: InMediation, clocks: []string{"-D-11 met", "-D-10 met"}, events: []string{"refuse_to_sign agreement_draft>in_mediation side=respondent"},
		then: func(t *testing.T, p *play) {
			if p.c.Agreement() != nil || len(p.c.Promised()) != 0 || p.c.Refused() != nil || p.c.OpenReview("agreement") != nil {
				t.Errorf("draft %+v; refusing to sign is no refusal of mediation: %+v", p.c.Agreement(), p.c.Refused())
			}
			p.act(DraftAgreement)
		},
		refuses: []refusing{
			{why: "of nobody in the case", act: but(signingRefused, func(a *SigningRefused) { a.Party = "" }), answer: "party=error.choice"},
		}},
	// proves: act.sign
	{name: "row30 a party signs", from: "agreement_draft", as: RoleMediator, act: just(signing), to: AgreementDraft,
		events: []string{"sign agreement_draft>agreement_draft how=paper side=applicant text=#"},
		refuses: append([]refusing{
			{why: "without saying how", act: but(signing, func(a *Signing) { a.How = "" }), answer: "how=error.required"},
			{why: "nobody of the case", act: but(signing, func(a *Signing) { a.Party = "id-999" }), answer: "party=error.choice"},
			{why: "twice", spoil: func(p *play) { p.act(Sign) }, act: func(p *play) Act {
				return Signing{Party: p.side(Applicant), How: "paper", On: p.today()}
			}, answer: "rule.already_signed"},
			{why: "online, identity unchecked", spoil: func(p *play) { p.c.Parties[1].Identity = LevelCode }, as: RoleCodeHolder, answer: "rule.identity_first"},
		}, signRefuses...)},
	// proves: act.countersign
	{name: "row30 the mediator signs", from: "agreement_draft effective followed_up", as: RoleMediator, act: just(countersigning), to: AgreementDraft,
		events: []string{"countersign agreement_draft>agreement_draft how=in_person text=#"},
		refuses: append([]refusing{
			{why: "twice", spoil: func(p *play) { p.act(Countersign) }, answer: "rule.already_signed"},
		}, signRefuses...)},
	// proves: act.affix_seal
	{name: "row30 the seal alone brings nothing into effect", from: "agreement_draft effective followed_up", as: RoleChair, act: just(sealing), to: AgreementDraft,
		events: []string{"affix_seal agreement_draft>agreement_draft how=paper text=#"},
		refuses: append([]refusing{
			{why: "twice", spoil: func(p *play) { p.act(AffixSeal) }, answer: "rule.already_signed"},
		}, signRefuses...)},
	{name: "row30 the seal last", from: "agreement_draft effective followed_up", start: signedBy(Sign, Sign, Countersign), as: RoleChair, act: just(sealing), to: Effective,
		clocks: effectClocks, events: []string{"affix_seal agreement_draft>agreement_draft how=paper text=#", takesEffect}},
	{name: "row30 the mediator last", from: "agreement_draft effective followed_up", start: signedBy(AffixSeal, Sign, Sign), as: RoleMediator, act: just(countersigning), to: Effective,
		clocks: effectClocks, events: []string{"countersign agreement_draft>agreement_draft how=in_person text=#", takesEffect}},
	{name: "row30 a party last", from: "agreement_draft", start: signedBy(Countersign, Sign, AffixSeal), as: RoleMediator, act: just(signing), to: Effective,
		clocks: effectClocks, events: []string{"sign agreement_draft>agreement_draft how=paper side=respondent text=#", takesEffect}},
	// proves: act.settle_orally
	{name: "row31 agreed by word of mouth", from: "in_mediation", as: RoleMediator, act: just(oralSettlement), to: Effective,
		clocks: []string{"-D-06 met", "+D-12 2026-06-10", "+D-13 2026-05-11", "+D-13 2026-05-11", "+D-14 2026-05-18"},
		events: []string{"settle_orally in_mediation>effective effective_on=2026-05-11 rule=PML 30"},
		refuses: append(written(func(change func(*Terms)) func(*play) Act {
			return but(oralSettlement, func(a *OralSettlement) { change(&a.Terms) })
		}),
			refusing{why: "the parties want paper", act: but(oralSettlement, func(a *OralSettlement) { a.NoPaper = false }), answer: "no_paper=rule.no_paper"},
			refusing{why: "on a day to come", act: but(oralSettlement, func(a *OralSettlement) { a.On = day("2026-05-12") }), answer: "on=rule.in_the_future"},
			refusing{why: "performed later", act: but(oralSettlement, func(a *OralSettlement) { a.Immediate = false; a.Promises[0].Due = day("2026-06-01") }),
				answer: "rule.must_be_written"},
			refusing{why: "of grade L4", spoil: func(p *play) { p.c.Grade = "L4" }, answer: "rule.must_be_written"},
			refusing{why: "without a recorded session", spoil: func(p *play) { *p = *at(p.t, Scheduled).act(OpenSession) }, answer: "rule.record_first"},
			refusing{why: "after a party's no", spoil: func(p *play) { p.act(Decline) }, answer: "rule.refused_by_party"})},
}

// TestSignWhatWasRead: who read an older version signs nothing.
func TestSignWhatWasRead(t *testing.T) {
	p := at(t, AgreementDraft)
	read := p.c.Agreement().ID
	p.act(ReviseAgreement)
	for name, act := range map[string]Act{
		"party":    Signing{Party: p.side(Applicant), Agreement: read, How: "paper", On: p.today()},
		"mediator": Countersigning{Agreement: read},
		"seal":     Sealing{Agreement: read},
	} {
		before := copied(p.c)
		if _, err := p.try(RoleMediator, act); KindOf(err) != Conflict || KeyOf(err) != "error.agreement_changed" {
			t.Errorf("%s: %v, want a Conflict", name, err)
		}
		if diff := changed(before, p.c); diff != "" {
			t.Errorf("%s changed the case:\n%s", name, diff)
		}
	}
}

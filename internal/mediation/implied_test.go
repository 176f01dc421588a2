package mediation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestImplied are the steps the table implies without a row of their own: who
// the parties are, what they were told, what they brought.
func TestImplied(t *testing.T) {
	for _, r := range impliedRows {
		r.run(t)
	}
}

func party(change func(*PartyEntry)) func(*play) Act {
	return but(newParty, func(a *NewParty) { change(&a.PartyEntry) })
}

// unclosed are the ends whose volume is still being filled.
const unclosed = " terminated withdrawn not_accepted referred_out"

// laid is a case with a file of the applicant's side.
func laid(t judge) *play { return filed(t).act(AttachFile) }

var impliedRows = []row{
	// proves: act.add_party
	{name: "a party joins", from: beforeEffect, as: RoleCoordinator, act: just(newParty), to: Submitted, events: []string{"add_party submitted>submitted side=third"},
		then: func(t *testing.T, p *play) {
			if v := p.c.Parties[1]; v.Consent != "" || v.Seq != 2 || v.LegalGround != "statutory_duty" || v.Fresh.Phone == "" {
				t.Errorf("party %+v", v)
			}
		},
		refuses: []refusing{
			{why: "without a name", act: party(func(a *PartyEntry) { a.Name = "" }), answer: "name=error.required"},
			{why: "on no side", act: party(func(a *PartyEntry) { a.Side = "" }), answer: "side=error.required"},
			{why: "a minor without a guardian", act: party(func(a *PartyEntry) { a.Capacity = "minor" }), answer: "guardian=rule.guardian_needed"},
			{why: "an adult without full capacity, without a guardian", act: party(func(a *PartyEntry) { a.Capacity = "limited" }), answer: "guardian=rule.guardian_needed"},
			{why: "a group of one", act: party(func(a *PartyEntry) { a.Capacity = "group" }), answer: "group_size=rule.group_needs_size"},
			{why: "an agent without his paper", act: party(func(a *PartyEntry) { a.Agent, a.AgentScope = "律师", "general" }), answer: "agent_paper=rule.power_of_attorney"},
			{why: "an agent without a scope", act: party(func(a *PartyEntry) { a.Agent, a.AgentPaper = "律师", true }), answer: "agent_scope=error.required"},
			{why: "with an identity number that is none", act: party(func(a *PartyEntry) { a.IDNumber = "990000195803120018" }), answer: "id_number=error.id_number"},
			{why: "with a phone that is none", act: party(func(a *PartyEntry) { a.Phone = "12" }), answer: "phone=error.phone"},
			{why: "with a number of people that is none", act: party(func(a *PartyEntry) { a.GroupSize = -1 }), answer: "group_size=error.number"},
		}},
	// proves: act.update_party
	{name: "a party is completed", from: anyOpen, as: RoleCoordinator, act: just(partyChange), to: Submitted, events: []string{"update_party submitted>submitted"},
		then: func(t *testing.T, p *play) {
			if v := p.c.Parties[0]; v.Name != "赵强" || v.Consent != "yes" || v.User != chen {
				t.Errorf("the change took what it was not about: %+v", v)
			}
		},
		refuses: []refusing{
			{why: "without a name", act: but(partyChange, func(a *PartyChange) { a.Name = " " }), answer: "name=error.required"},
		}},
	// proves: act.check_identity
	{name: "identity is checked", from: anyOpen, as: RoleCoordinator, act: just(identityCheck), to: Submitted, events: []string{"check_identity submitted>submitted how=desk"},
		then: func(t *testing.T, p *play) {
			if p.c.Parties[0].Identity != LevelChecked {
				t.Error("still unknown")
			}
		},
		refuses: []refusing{
			{why: "in no way", act: but(identityCheck, func(a *IdentityCheck) { a.How = "" }), answer: "how=error.required"},
			{why: "of nobody here", act: but(identityCheck, func(a *IdentityCheck) { a.Party = "id-999" }), answer: "party=error.choice"},
		}},
	// proves: act.give_rights
	{name: "rights are told", from: sinceRegister, as: RoleMediator, act: just(rightsGiven), to: Registered, events: []string{"give_rights registered>registered how=signed"},
		refuses: []refusing{
			{why: "in no way", act: but(rightsGiven, func(a *RightsGiven) { a.How = "" }), answer: "how=error.required"},
		}},
	// proves: act.attach_file
	{name: "a file is laid to the side that brought it", from: anyOpen + unclosed, as: RoleResident, act: just(attached), to: Submitted, events: []string{"attach_file submitted>submitted class=evidence kind=image"},
		then: func(t *testing.T, p *play) {
			if f := p.c.Files[0]; f.Side != Applicant || f.Party != p.side(Applicant) || f.Shared {
				t.Errorf("file %+v", f)
			}
		},
		refuses: []refusing{
			{why: "beyond the bound", spoil: func(p *play) { p.c.Files = make([]File, DefaultQuota().CaseFiles) }, answer: "file=error.too_many_files"},
			{why: "into a full case", spoil: func(p *play) { p.c.Files = []File{{Size: DefaultQuota().CaseBytes}} }, answer: "file=error.case_full"},
		}},
	// proves: act.share_file
	{name: "a file is shared with that side's consent", from: anyOpen, start: laid, as: RoleMediator, act: just(shared), to: Submitted,
		events: []string{"share_file submitted>submitted"},
		refuses: []refusing{
			{why: "without it", act: but(shared, func(a *Shared) { a.Consent = false }), answer: "consent=error.required"},
		}},
	// proves: act.classify_file
	{name: "a file is said anew to be something else", from: anyOpen + unclosed + " closed", start: laid, as: RoleMediator, act: just(classified), to: Submitted,
		events: []string{"classify_file submitted>submitted class=authority was=evidence"},
		then: func(t *testing.T, p *play) {
			f := p.c.Files[0]
			if f.Class != "authority" || f.About != p.side(Applicant) || f.Title != "委托书正本" || f.Name != "天花板.jpg" || f.Digest != "d1" || f.By != chen {
				t.Errorf("file %+v", f)
			}
			p.do(RoleMediator, shared(p)).do(RoleMediator, but(classified, func(a *Classified) { a.Class = "identity" })(p))
			if f := p.c.Files[0]; f.Shared || f.Sharable() || p.c.Offers(ShareFile) {
				t.Errorf("a proof of identity is shown to the other side: %+v", f)
			}
		},
		refuses: []refusing{
			{why: "which is not there", act: but(classified, func(a *Classified) { a.File = "id-999" }), answer: "file=error.choice"},
			{why: "nothing known", act: but(classified, func(a *Classified) { a.Class = "proof" }), answer: "class=error.choice"},
			{why: "a proof of nobody's identity", act: but(classified, func(a *Classified) { a.Class, a.About = "identity", "" }), answer: "about=rule.file_of_whom"},
			{why: "a stranger's", act: but(classified, func(a *Classified) { a.About = "id-999" }), answer: "about=error.choice"},
			{why: "a report of danger, which is kept apart", act: but(classified, func(a *Classified) { a.Class, a.Paper = "signed_paper", "F22" }), answer: "paper=error.choice"},
			{why: "in too many words", act: but(classified, func(a *Classified) { a.Title = strings.Repeat("长", MaxLine+1) }), answer: "shows=error.too_long_200"},
			{why: "what it is", act: func(p *play) Act { f := p.c.Files[0]; return Classified{File: f.ID, Class: f.Class} }, answer: "rule.same_class"},
		}},
	// proves: act.confirm_grade
	{name: "the chair confirms the grade, and no rule changes it after", from: sinceRegister, as: RoleChair, act: but(grading, func(a *Grading) { a.Grade = "L4" }), to: Registered, clocks: []string{"+D-21 2026-05-11"},
		events: []string{"confirm_grade registered>registered grade=L4"},
		then: func(t *testing.T, p *play) {
			p.act(RaiseRisk)
			if p.c.Grade != "L4" || p.c.GradeBy != "chair" {
				t.Errorf("grade %s by %s", p.c.Grade, p.c.GradeBy)
			}
		},
		refuses: []refusing{
			{why: "to none", act: but(grading, func(a *Grading) { a.Grade = "L5" }), answer: "grade=error.choice"},
		}},
	// proves: act.accept_mediator
	{name: "a party accepts the mediator", from: withMediator, as: RoleCodeHolder, act: just(trust), to: Assigned, events: []string{"accept_mediator assigned>assigned side=respondent"},
		then: func(t *testing.T, p *play) {
			p.do(RoleCodeHolder, trust(p))
			if got := p.c.Lead().Accepted; len(got) != 1 || got[0] != string(p.side(Respondent)) {
				t.Errorf("accepted by %v: a party speaks for itself, and once", got)
			}
		}},
	// proves: act.invite_helper
	{name: "a helper is invited with the parties' consent", from: withMediator, as: RoleMediator, act: just(invitation), to: Assigned,
		events: []string{"invite_helper assigned>assigned as=elder"},
		refuses: []refusing{
			{why: "without it", act: but(invitation, func(a *Invitation) { a.Consent = false }), answer: "consent=rule.parties_consent"},
			{why: "who is on no list", spoil: func(p *play) { p.offList = true }, answer: "user=error.choice"},
			{why: "nobody named", act: but(invitation, func(a *Invitation) { a.User, a.Name = "", " " }), answer: "name=error.required"},
			{why: "as nothing known", act: but(invitation, func(a *Invitation) { a.As = "judge" }), answer: "as=error.choice"},
			{why: "who is a party", act: but(invitation, func(a *Invitation) { a.User = chen }), answer: "user=rule.mediator_conflict"},
		}},
	{name: "one of the list is known by his name there", from: withMediator, as: RoleMediator, act: but(invitation, func(a *Invitation) { a.Name = "" }), to: Assigned,
		events: []string{"invite_helper assigned>assigned as=elder"},
		then: func(t *testing.T, p *play) {
			if h := p.c.Helpers[0]; h.Name != "何平" || h.User != "u-he" || !slices.Contains(p.c.Row().Invited, "u-he") {
				t.Errorf("invited %+v, row %v", h, p.c.Row().Invited)
			}
		}},
	{name: "somebody without an account takes part by name", from: withMediator, as: RoleMediator, act: func(*play) Act {
		return Invitation{Name: "骨科医生许文", As: "expert", Consent: true}
	}, to: Assigned, events: []string{"invite_helper assigned>assigned as=expert"},
		then: func(t *testing.T, p *play) {
			if h := p.c.Helpers[0]; h.Name != "骨科医生许文" || h.User != "" || len(p.c.Row().Invited) != 0 {
				t.Errorf("invited %+v, row %v", h, p.c.Row().Invited)
			}
		}},
	// proves: act.note_caucus
	{name: "a note of a talk with one side", from: withMediator, as: RoleMediator, act: just(caucus), to: Assigned, events: []string{"note_caucus assigned>assigned"},
		refuses: []refusing{
			{why: "without words", act: but(caucus, func(a *Caucus) { a.Text = "" }), answer: "text=error.required"},
			{why: "with a stranger", act: but(caucus, func(a *Caucus) { a.Party = "id-999" }), answer: "party=error.choice"},
		}},
	// proves: act.correct
	{name: "a correction stands beside the record", from: anyOpen, start: func(t judge) *play { return at(t, InMediation) }, as: RoleMediator, act: just(corrected),
		to: InMediation, events: []string{"correct in_mediation>in_mediation"},
		then: func(t *testing.T, p *play) {
			if p.c.Sessions[0].Confirmed != "顶板确有水渍" || len(p.c.Corrections) != 1 {
				t.Errorf("the record itself must stay: %+v", p.c.Sessions[0])
			}
		},
		refuses: []refusing{
			{why: "of nothing", act: but(corrected, func(a *Corrected) { a.Subject = "id-999" }), answer: "subject=error.choice"},
			{why: "without words", act: but(corrected, func(a *Corrected) { a.Text = "" }), answer: "text=error.required"},
		}},
}

// TestWhatAPartyBrings: a party says what it brings in the classes that are its
// own to say, and what is about one person is about itself.
func TestWhatAPartyBrings(t *testing.T) {
	p := filed(t)
	lay := func(as Role, f File) error {
		f.Name, f.Kind, f.Size = "a.jpg", "image", 1
		_, err := p.try(as, Attached{f})
		return err
	}
	if err := lay(RoleResident, File{Class: "identity", About: "id-999"}); err != nil || p.c.Files[0].About != p.side(Applicant) {
		t.Errorf("%v %+v", err, p.c.Files)
	}
	if _, err := p.try(RoleResident, shared(p)); KindOf(err) != NotFound {
		t.Errorf("a proof of identity was shared: %v", err)
	}
	if err := lay(RoleResident, File{Class: "evidence", About: p.side(Applicant)}); err != nil || p.c.Files[1].About != "" {
		t.Errorf("%v %+v", err, p.c.Files)
	}
	for _, class := range []string{"signed_paper", "court_paper", "service"} {
		if err := lay(RoleResident, File{Class: class}); fault(err) != "class=error.choice" {
			t.Errorf("a party brought %s: %v", class, err)
		}
		if err := lay(RoleCoordinator, File{Class: class}); err != nil {
			t.Errorf("the office could not bring %s: %v", class, err)
		}
	}
	if err := lay(RoleCoordinator, File{Class: "identity"}); fault(err) != "about=rule.file_of_whom" {
		t.Errorf("a proof of nobody's identity: %v", err)
	}
	if len(p.c.Unproven()) != len(p.c.Active())-1 {
		t.Errorf("%d of %d parties are unproven", len(p.c.Unproven()), len(p.c.Active()))
	}
}

// TestOwnSideShares: a party opens its own side's file and nobody else's.
func TestOwnSideShares(t *testing.T) {
	p := at(t, Registered).act(AttachFile)
	before := copied(p.c)
	if _, err := p.try(RoleCodeHolder, shared(p)); KindOf(err) != NotFound || changed(before, p.c) != "" {
		t.Errorf("the other side shared it: %v", err)
	}
	if p.do(RoleResident, shared(p)); !p.c.Files[0].Shared {
		t.Error("its own side could not")
	}
}

// TestAnswersForItself: what a party's own form names as somebody else is read
// as itself.
func TestAnswersForItself(t *testing.T) {
	p := at(t, ConsentPending)
	p.do(RoleCodeHolder, Unwilling{Answer{Party: p.side(Applicant), How: "phone"}})
	if v := p.c.Refused(); v == nil || v.Side != Respondent {
		t.Errorf("refused by %+v", v)
	}
}

// TestGradeRemembers: what registration told weighs again at each proposal.
func TestGradeRemembers(t *testing.T) {
	p := filed(t)
	p.do(RoleCoordinator, but(registration, func(a *Registration) { a.CrossArea = true })(p))
	p.do(RoleMediator, RiskFlag{Flag: "R1", Facts: "吵了多年"})
	if p.c.Grade != "L3" || p.c.GradeBy != "rule" {
		t.Errorf("grade %s by %s", p.c.Grade, p.c.GradeBy)
	}
}

// TestPackIsNarrow: what goes to others holds no note of the office.
//
// proves: duty.concessions
func TestPackIsNarrow(t *testing.T) {
	p := at(t, InMediation).act(RaiseRisk, NoteCaucus, LogContact)
	p.c.Parties[0].PhoneMask = "100****5678"
	pack := string(p.c.Pack())
	for _, word := range []string{"底价", "最低四千", "扬言", "无人应门", "100****", "10012345678"} {
		if strings.Contains(pack, word) {
			t.Errorf("the pack tells %q", word)
		}
	}
	if !strings.Contains(pack, "顶板确有水渍") || !strings.Contains(pack, "管子是旧的") {
		t.Errorf("the pack lacks the joint record: %s", pack)
	}
}

// TestTheCourtThatConfirmsReadsTheResult: what goes with an application holds the
// agreement in force, and neither the talks nor the drafts before it.
//
// proves: duty.concessions
func TestTheCourtThatConfirmsReadsTheResult(t *testing.T) {
	p := at(t, Effective)
	draft := *p.c.Agreement()
	draft.ID, draft.Version, draft.Settled, draft.VoidedAt = "old", 0, "先前谈到的三千元", p.now
	p.c.Agreements = append([]Agreement{draft}, p.c.Agreements...)
	if whole := string(p.c.Pack()); !strings.Contains(whole, "顶板确有水渍") || !strings.Contains(whole, draft.Settled) {
		t.Fatalf("the case has no talks: %s", whole)
	}
	p.do(RoleMediator, jointApplication(p))
	pack := p.c.Application().Pack
	for _, word := range []string{"顶板确有水渍", "管子是旧的", draft.Settled} {
		if strings.Contains(pack, word) {
			t.Errorf("the court reads %q", word)
		}
	}
	if !strings.Contains(pack, p.c.Agreement().Settled) || p.c.Application().Frozen() == nil {
		t.Errorf("the court lacks the agreement: %s", pack)
	}
}

// TestNextDue: of the open clocks the first, paused ones aside.
func TestNextDue(t *testing.T) {
	p := at(t, Accepted)
	if d := p.c.NextDue(); d.Kind != statute.D07Assign || p.c.Late(p.now) || !p.c.Late(d.Due.Add(time.Second)) || p.c.Late(d.Due) {
		t.Errorf("next %+v", d)
	}
	p = suspended("2026-05-19")(t)
	if d := p.c.NextDue(); d != nil {
		t.Errorf("a period that stands still is not due: %+v", d)
	}
}

// TestErrorKinds: an error nobody classified is ours, and its kind, key and
// fields are found through wrapping.
func TestErrorKinds(t *testing.T) {
	plain := errors.New("disk full")
	if KindOf(plain) != Internal || KeyOf(plain) != "" || FieldsOf(plain) != nil || KindOf(nil) != Internal {
		t.Error("an unclassified error must be Internal and silent")
	}
	f := Faults{}
	f.Mark("a", "error.required")
	f.Mark("a", "error.choice")
	wrapped := fmt.Errorf("casework: case %q: %w", "c", f.Err())
	if KindOf(wrapped) != Invalid || FieldsOf(wrapped)["a"] != "error.required" || (Faults{}).Err() != nil {
		t.Errorf("%v", wrapped)
	}
	e := &Error{Kind: Unavailable, Key: "error.unavailable", Err: plain}
	if !errors.Is(e, plain) || e.Error() != "error.unavailable: disk full" || wrapped.Error() != `casework: case "c": error.check_fields a=error.required` {
		t.Errorf("%v; %v", e, wrapped)
	}
}

// TestBrokenInvariantIsOurs: a case that came to stand wrongly is an internal
// fault at the next act, and stays as it was.
//
// proves: duty.lead
func TestBrokenInvariantIsOurs(t *testing.T) {
	for name, spoil := range map[string]func(*play){
		"no lead":           func(p *play) { p.c.Assignments = nil },
		"two leads":         func(p *play) { p.c.Assignments = append(p.c.Assignments, p.c.Assignments[0]) },
		"no number":         func(p *play) { p.c.IntakeNumber = "" },
		"no effect day":     func(p *play) { *p = *at(p.t, Effective); p.c.EffectiveOn = statute.Date{} },
		"rights never told": func(p *play) { p.c.Parties[0].RightsAt = time.Time{} },
	} {
		p := at(t, InMediation)
		spoil(p)
		before := copied(p.c)
		_, err := p.try(RoleCoordinator, attachedNote())
		if err == nil || KindOf(err) != Internal || changed(before, p.c) != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// attachedNote is an act that no invariant speaks of.
func attachedNote() Act { return Attached{File{Name: "便条", Kind: "document"}} }

package mediation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// handed is a registered case with something of every kind in it, handed to the
// committee next door.
func handed(t judge) *play {
	p := at(t, Registered)
	c := p.c
	a, r := c.Party(p.side(Applicant)), c.Party(p.side(Respondent))
	a.User, a.Consent, a.ConsentHow, a.ConsentAt, c.FiledBy = chen, "yes", "filing", p.now, chen
	r.User, r.Consent = "u-other-side", "yes"
	a.Sex, a.Occupation, a.Identity = Female, "退休教师", LevelChecked
	c.AmountFen, c.Hold, c.Restricted = 120000, true, true
	c.Files = []File{
		{ID: "f-own", Name: "own.jpg", Digest: "d-own", Side: Applicant, Party: a.ID, About: a.ID, By: chen, Shared: true, Size: 10},
		{ID: "f-id", Name: "id.jpg", Side: Applicant, Party: a.ID, About: a.ID, Class: statute.ProofOfIdentity},
		{ID: "f-theirs", Name: "theirs.jpg", Side: Respondent, Party: r.ID},
		{ID: "f-office", Name: "office.jpg", By: clerk},
	}
	c.Risks = []Risk{{ID: "r-1", Flag: "R3-DV", Facts: "秘密", Measures: "劝开", MustReport: true, By: clerk, At: p.now, Told: []string{"police"}, ReportedBy: clerk, Receiver: "榆园派出所", ReportedAt: p.now, ReportRef: "110-1"}}
	c.Contacts = []Contact{{ID: "c-1", Party: r.ID, Note: "联系记录"}}
	c.Caucuses = []CaucusNote{{ID: "n-1", Party: r.ID, By: du, Text: "背靠背"}}
	c.Conflicts = []Interest{{ID: "k-1", User: lin, Relation: "relative"}, {ID: "k-2", User: du, Relation: "neighbour", WaivedAt: p.now}}
	if _, err := p.try(RoleChair, nextDoor(func(*Receiver, *Transferral) {})(p)); err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// on is the case that opens at the receiver's.
func (p *play) handOn(to *Receiver, opened map[PartyID]Contactable) (*Case, []Event) {
	p.receiver = to
	s := p.scene(RoleChair)
	s.Office.Committee, s.Office.ShortName = to.Committee, "枫桥人调字"
	next, events, err := p.c.HandedOn(opened, s)
	if err != nil {
		p.t.Fatalf("%v", err)
	}
	return next, events
}

// TestHandedOn: the matter begins anew at the receiver, with what the applicant
// brought and what endangers somebody, and with nothing of the office's own
// (PIPL 6, 23; domain row 9).
//
// proves: duty.sharing
func TestHandedOn(t *testing.T) {
	p := handed(t)
	before := copied(p.c)
	a, r := p.side(Applicant), p.side(Respondent)
	next, events := p.handOn(fengqiao(), map[PartyID]Contactable{a: {Phone: "13800000001", IDNumber: "x"}, r: {Phone: "13800000002"}})
	if diff := changed(before, p.c); diff != "" {
		t.Errorf("opening the next case changed the first:\n%s", diff)
	}
	type register struct {
		LinkedTo, ID                       CaseID
		Stage                              Stage
		Committee                          CommitteeID
		Number, Source, Ref, Type, Subtype string
		Hold, Restricted                   bool
		Fen                                int64
		FiledBy                            UserID
	}
	want := register{p.c.ID, next.ID, Submitted, "k-fengqiao", "", "committee", p.c.IntakeNumber, p.c.Type, p.c.Subtype, true, true, 120000, chen}
	got := register{next.LinkedTo, next.ID, next.Stage, next.Committee, next.Number, next.Source, next.SourceRef, next.Type, next.Subtype, next.Hold,
		next.Restricted, next.AmountFen, next.FiledBy}
	if diff := cmp.Diff(want, got); diff != "" || next.ID == p.c.ID || next.IntakeNumber == p.c.IntakeNumber || next.RiskScreened {
		t.Errorf("register (-want +got), number %s:\n%s", next.IntakeNumber, diff)
	}
	if next.Title != p.c.Title || next.Facts != p.c.Facts || next.Place != p.c.Place || next.Request != p.c.Request || next.Respondent != p.c.Respondent {
		t.Errorf("the filing changed on the way: %+v", next)
	}
	wantLines(t, events, "record >submitted channel=other source=committee")
	wantClocks(t, &Case{}, next, "+D-01 2026-05-14") // and no D-20: the sender is done with it
	if events[0].Subject != ItemID(next.Parties[0].ID) {
		t.Errorf("the history speaks of %s, who is not in the case", events[0].Subject)
	}
	if n := next.Files; len(n) != 1 || n[0].Digest != "d-own" || n[0].ID == "f-own" || n[0].Party != next.Parties[0].ID || n[0].About != next.Parties[0].ID || n[0].Shared {
		t.Errorf("files %+v", n)
	}
	wantRisk := []Risk{{ID: next.Risks[0].ID, Flag: "R3-DV", MustReport: true, At: p.now, Told: []string{"police"}, Receiver: "榆园派出所", ReportedAt: p.now, ReportRef: "110-1"}}
	if diff := cmp.Diff(wantRisk, next.Risks); diff != "" {
		t.Errorf("dangers (-want +got):\n%s", diff)
	}
	all, err := json.Marshal(next)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"秘密", "劝开", "联系记录", "背靠背", "id.jpg", "theirs.jpg", "office.jpg", "沈主任"} {
		if strings.Contains(string(all), word) {
			t.Errorf("%q went along", word)
		}
	}
}

// TestHandedOnParties: the applicant comes as the one he is; the other side is
// nobody at the receiver's until that asks it (row 7).
func TestHandedOnParties(t *testing.T) {
	p := handed(t)
	a, r := p.c.Party(p.side(Applicant)), p.c.Party(p.side(Respondent))
	a.AgentName, r.PhoneMask, a.Person = "代理人", "138****0002", "person-1"
	next, _ := p.handOn(fengqiao(), map[PartyID]Contactable{a.ID: {Phone: "13800000001", IDNumber: "x"}, r.ID: {Phone: "13800000002"}})
	na, nr := next.Parties[0], next.Parties[1]
	if na.Name != a.Name || na.User != chen || na.Follows != a.ID || na.Consent != "yes" || na.ConsentHow != "filing" || na.Identity != LevelCode ||
		na.Sex != Female || na.Occupation != "退休教师" || na.AgentName != "" || na.Person != "" || na.ID == a.ID {
		t.Errorf("the applicant: %+v", na)
	}
	if nr.Name != r.Name || nr.User != "" || nr.Follows != "" || nr.Consent != "" || nr.Identity != LevelCode || nr.PhoneMask != "" {
		t.Errorf("the other side: %+v", nr)
	}
	if got, want := [2]Contactable{*na.Fresh, *nr.Fresh}, [2]Contactable{{Phone: "13800000001", IDNumber: "x"}, {Phone: "13800000002"}}; got != want {
		t.Errorf("to be sealed anew: %+v, want %+v", got, want)
	}
	if row := next.Row(); !slices.Equal(row.Conflicted, []UserID{lin, "u-other-side"}) || !slices.Equal(row.Parties, []UserID{chen}) {
		t.Errorf("shut out: %v, parties %v", row.Conflicted, row.Parties)
	}
}

// TestHandedOnSeat: at the place of the dispute where that is the receiver's, else
// where the receiver sits. Whoever sent it is never the filer there.
func TestHandedOnSeat(t *testing.T) {
	for _, tt := range []struct{ area, path, filer string }{{"city/gx/fq/", "city/gx/fq/", ""}, {"city/gx/", "", "u-grid"}} {
		p := handed(t)
		p.c.FiledBy = UserID(tt.filer)
		to := fengqiao()
		to.AreaPath = tt.area
		next, _ := p.handOn(to, nil)
		want := tt.path
		if want == "" {
			want = p.c.AreaPath
		}
		if next.AreaPath != want || next.FiledBy != "" {
			t.Errorf("%s: lies at %s (%s), filed by %q, want %s and nobody", tt.area, next.AreaPath, next.Area, next.FiledBy, want)
		}
	}
}

// TestHandedOnLongStory: a filing that was supplemented may be longer than one form
// takes; none of it is lost on the way.
func TestHandedOnLongStory(t *testing.T) {
	p := handed(t)
	p.c.Facts, p.c.Request = strings.Repeat("水", MaxStory+1), strings.Repeat("赔", MaxStory+1)
	if next, _ := p.handOn(fengqiao(), nil); next.Facts != p.c.Facts || next.Request != p.c.Request {
		t.Errorf("%d of %d characters came", len([]rune(next.Facts)), MaxStory+1)
	}
}

// TestHandedTo: the act says whom the desk must look up, by id or by name.
func TestHandedTo(t *testing.T) {
	for _, tt := range []Transferral{{Committee: "k-1"}, {Receiver: " 派出所 "}} {
		if id, name := tt.HandedTo(); id != tt.Committee || name != strings.TrimSpace(tt.Receiver) {
			t.Errorf("%+v names %q, %q", tt, id, name)
		}
	}
	if (&Case{Transfers: []Transfer{{Receiver: "派出所"}}}).Handed() != nil {
		t.Error("a body outside has no case here")
	}
}

// TestOtherSideHearsNothingOfTheTransfer: neither whom it went to nor that another
// case follows, also once the first is closed.
func TestOtherSideHearsNothingOfTheTransfer(t *testing.T) {
	p := handed(t)
	p.c.LinkedTo = "c-before"
	own := func(string, Action) []Scope { return []Scope{ScopeOwnSide} }
	for _, tt := range []struct {
		who   Actor
		hears bool
	}{{Actor{User: chen}, true}, {Actor{User: "u-other-side"}, false}} {
		v := p.c.For(tt.who, own)
		if got := len(v.Transfers) > 0 && v.OutcomeText != "" && v.LinkedTo != ""; got != tt.hears {
			t.Errorf("%s: transfers %+v, outcome %q", tt.who.User, v.Transfers, v.OutcomeText)
		}
		if tt.hears && (v.Transfers[0].AgreedBy != "" || v.Transfers[0].Reason == "") {
			t.Errorf("the applicant reads %+v", v.Transfers[0])
		}
	}
}

// TestPapersGoWhereTheMatterIs: once it was handed on, a party brings them there;
// the office may still lay what belongs to its own file, such as the letter.
//
// proves: guard.bring_it_there
func TestPapersGoWhereTheMatterIs(t *testing.T) {
	p := handed(t)
	own := Actor{User: chen, Grants: []Grant{{Role: RoleResident}}}
	file := Attached{File: File{Name: "迟到的照片.jpg", Size: 1}}
	for _, tt := range []struct {
		who    Actor
		answer string
	}{{own, "rule.bring_it_there"}, {p.actor(RoleChair), ""}} {
		s := p.scene(RoleChair)
		s.By = tt.who
		if _, err := p.c.Perform(file, s); KeyOf(err) != tt.answer {
			t.Errorf("%s: %v, want %q", tt.who.User, err, tt.answer)
		}
		if offered := p.c.OffersTo(tt.who, AttachFile); offered != (tt.answer == "") {
			t.Errorf("%s: offered %v", tt.who.User, offered)
		}
	}
}

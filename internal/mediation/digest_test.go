package mediation_test

import (
	"slices"
	"testing"

	. "doorstep/internal/mediation"
)

// signedDraft is a draft under which both parties and the mediator have signed.
func signedDraft(t judge) *play { return at(t, AgreementDraft).act(Sign, Sign, Countersign) }

// TestAChangeVoidsTheSignatures: whatever of the text, of a promise or of the
// parties changes under a signature, nobody has signed what then stands there;
// an act that changes none of it leaves the signatures as they are.
func TestAChangeVoidsTheSignatures(t *testing.T) {
	entry := func(p *play) PartyEntry {
		v := p.c.Parties[1]
		return PartyEntry{Party: v.ID, Side: v.Side, Capacity: v.Capacity, Name: v.Name, GroupSize: v.GroupSize}
	}
	for name, tt := range map[string]struct {
		act   func(p *play) Act
		voids bool
	}{
		"a new version":  {func(p *play) Act { return revision(p) }, true},
		"one word of it": {func(p *play) Act { a := revision(p); a.Settled += "。"; return a }, true},
		"another sum":    {func(p *play) Act { a := revision(p); a.Promises[0].Amount = "4201"; return a }, true},
		"a party more": {func(*play) Act {
			return NewParty{PartyEntry{Side: Third, Capacity: "adult", Name: "丙", GroupSize: 1}}
		}, true},
		"a party's name":       {func(p *play) Act { e := entry(p); e.Name = "李敏敏"; return PartyChange{e} }, true},
		"a party's phone":      {func(p *play) Act { e := entry(p); e.Phone = "10012340000"; return PartyChange{e} }, false},
		"a photo":              {func(*play) Act { return Attached{File{Name: "墙.jpg", Kind: "image"}} }, false},
		"the rights told anew": {func(p *play) Act { return RightsGiven{Party: p.side(Applicant), How: "oral"} }, false},
	} {
		p := signedDraft(t)
		before := p.c.Agreement().Digest
		for _, v := range p.c.Signed() {
			if v.Digest != before || len(before) != 64 {
				t.Fatalf("%s: a signature under %q, the draft is %q", name, v.Digest, before)
			}
		}
		signatures := len(p.c.Signatures)
		events, err := p.try(RoleCoordinator, tt.act(p))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := p.c.Agreement().Digest != before; got != tt.voids {
			t.Errorf("%s: the digest changed %v", name, got)
		}
		if got := len(p.c.Signed()) == 0; got != tt.voids || len(p.c.Signatures) != signatures {
			t.Errorf("%s: voided %v, want %v; %d signatures kept of %d", name, got, tt.voids, len(p.c.Signatures), signatures)
		}
		revised := events[0].Action == ReviseAgreement // which voids by itself, with the version
		if got := events[0].Codes["signatures"] == "voided"; got != (tt.voids && !revised) {
			t.Errorf("%s: the history says %v", name, events[0].Codes)
		}
		if tt.voids {
			p.do(RoleChair, Sealing{})
			if p.c.Stage != AgreementDraft {
				t.Errorf("%s: it took effect under the old signatures", name)
			}
		}
	}
}

// TestASignatureOfAnotherTextIsRefused: the version is the same, the digest is
// not: a party joined since the page was drawn.
func TestASignatureOfAnotherTextIsRefused(t *testing.T) {
	p := at(t, AgreementDraft)
	read, digest := p.c.Agreement().ID, p.c.Agreement().Digest
	p.do(RoleCoordinator, NewParty{PartyEntry{Side: Third, Capacity: "adult", Name: "丙", GroupSize: 1}})
	if p.c.Agreement().ID != read {
		t.Fatal("another version")
	}
	p.do(RoleMediator, Willing{Answer{Party: p.c.Parties[2].ID, How: "phone"}})
	for name, act := range map[string]func(digest string) Act{
		"party": func(d string) Act {
			return Signing{Party: p.side(Applicant), Agreement: read, Digest: d, How: "paper", On: p.today()}
		},
		"mediator": func(d string) Act { return Countersigning{Agreement: read, Digest: d} },
		"seal":     func(d string) Act { return Sealing{Agreement: read, Digest: d} },
	} {
		for _, wrong := range []string{digest, "0", digest[:63] + "x"} {
			if _, err := p.try(RoleMediator, act(wrong)); KindOf(err) != Conflict || KeyOf(err) != "error.agreement_changed" {
				t.Errorf("%s of another text: %v", name, err)
			}
		}
		if _, err := p.try(RoleMediator, act(p.c.Agreement().Digest)); err != nil {
			t.Errorf("%s of the text in force: %v", name, err)
		}
	}
}

// TestADraftFromBeforeDigestsKeepsItsSignatures: what was signed under its
// version stays signed when the version gets its digest.
func TestADraftFromBeforeDigestsKeepsItsSignatures(t *testing.T) {
	p := signedDraft(t)
	for i := range p.c.Agreements {
		p.c.Agreements[i].Digest = ""
	}
	for i := range p.c.Signatures {
		p.c.Signatures[i].Digest = ""
	}
	p.do(RoleChair, Sealing{})
	if p.c.Stage != Effective || slices.ContainsFunc(p.c.Signatures, func(v Signature) bool { return v.Digest != p.c.Agreement().Digest || !v.VoidedAt.IsZero() }) {
		t.Errorf("%s, %+v", p.c.Stage, p.c.Signatures)
	}
	digest := p.c.Agreement().Digest
	p.act(ReportPerformed)
	if p.c.Agreement().Digest != digest {
		t.Error("performance changed what was signed")
	}
}

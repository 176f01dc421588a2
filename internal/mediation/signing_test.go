package mediation_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"strings"
	"testing"

	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// sheetScan is the scan of a signed sheet as the file store took it.
func sheetScan() *File {
	return &File{Name: "签字页.jpg", Kind: "image", Mime: "image/jpeg", Size: 1000, Digest: strings.Repeat("a", 64)}
}

// TestWaysOfSigning walks every way in which a party may sign: what each must
// bring, what it leaves in the case, and what the history says of it. The answer
// is "" for what is taken.
//
// proves: act.sign duty.ink_excluded
func TestWaysOfSigning(t *testing.T) {
	const tap, scribble = "500,300", "100,100 120,110"
	drawn := Mark{Drawing: scrawl}
	scan := Mark{Scanned: Scanned{Scan: sheetScan()}}
	both := Mark{Drawing: scrawl, Scanned: Scanned{Scan: sheetScan()}}
	inHand := func(p *play) { p.c.Type = statute.FamilyDispute }
	for _, v := range []struct {
		rule   string
		as     Role // a party by its code, or the mediator
		how    string
		agreed bool
		mark   Mark
		spoil  func(*play)
		answer string
	}{
		{"drawn by the party", RoleCodeHolder, "", true, drawn, nil, ""},
		{"a scan sent by the party", RoleCodeHolder, "", true, scan, nil, ""},
		{"drawn, and a scan beside", RoleCodeHolder, "", true, both, nil, ""},
		{"what a party says of the way is not asked", RoleCodeHolder, "paper", true, drawn, nil, ""},
		{"drawn before the mediator", RoleMediator, "in_person", true, drawn, nil, ""},
		{"on paper", RoleMediator, "paper", false, Mark{}, nil, ""},
		{"on paper with its scan", RoleMediator, "paper", false, scan, nil, ""},
		{"family: on paper with its scan", RoleMediator, "paper", false, scan, inHand, ""},
		{"family: a scan sent by the party", RoleCodeHolder, "", true, scan, inHand, ""},

		{"nothing from the party", RoleCodeHolder, "", true, Mark{}, nil, "drawing=rule.drawing_or_scan"},
		{"not agreed by the party", RoleCodeHolder, "", false, drawn, nil, "agreed=rule.signing_agreed"},
		{"neither", RoleCodeHolder, "", false, Mark{}, nil, "agreed=rule.signing_agreed drawing=rule.drawing_or_scan"},
		{"nothing drawn before the mediator", RoleMediator, "in_person", true, Mark{}, nil, "drawing=rule.drawing_needed"},
		{"a scan of what was drawn", RoleMediator, "in_person", true, scan, nil, "drawing=rule.drawing_needed"},
		{"not agreed before the mediator", RoleMediator, "in_person", false, drawn, nil, "agreed=rule.signing_agreed"},
		{"online by somebody else", RoleMediator, "online", true, drawn, nil, "how=error.choice"},
		{"drawn, said to be paper", RoleMediator, "paper", true, drawn, nil, "how=rule.drawn_is_not_paper"},
		{"a tap", RoleCodeHolder, "", true, Mark{Drawing: tap}, nil, "drawing=rule.drawing_empty"},
		{"a slip of the finger", RoleCodeHolder, "", true, Mark{Drawing: scribble}, nil, "drawing=rule.drawing_empty"},
		{"blanks", RoleMediator, "in_person", true, Mark{Drawing: " ; "}, nil, "drawing=rule.drawing_empty"},
		{"outside the field", RoleCodeHolder, "", true, Mark{Drawing: "0,0 900,900"}, nil, "drawing=rule.drawing_broken"},
		{"a picture for strokes", RoleCodeHolder, "", true, Mark{Drawing: "data:image/png;base64,AAAA"}, nil, "drawing=rule.drawing_broken"},
		{"too much", RoleCodeHolder, "", true, Mark{Drawing: strings.Repeat("0,0 900,0 ", 20000)}, nil, "drawing=rule.drawing_too_large"},
		{"no room for the scan", RoleCodeHolder, "", true, scan, func(p *play) { p.c.Files = []File{{Size: DefaultQuota().CaseBytes}} },
			"file=error.case_full"},
		{"family: drawn by the party", RoleCodeHolder, "", true, drawn, inHand, "drawing=rule.hand_only"},
		{"family: nothing from the party", RoleCodeHolder, "", true, Mark{}, inHand, "file=rule.hand_only"},
		{"family: drawn before the mediator", RoleMediator, "in_person", true, drawn, inHand, "drawing=rule.hand_only how=rule.hand_only"},
	} {
		t.Run(v.rule, func(t *testing.T) {
			p := at(t, AgreementDraft)
			if v.spoil != nil {
				v.spoil(p)
			}
			before := copied(p.c)
			draft := p.c.Agreement()
			events, err := p.try(v.as, Signing{Party: p.side(Respondent), How: v.how, Agreed: v.agreed, Mark: v.mark, Agreement: draft.ID, Digest: draft.Digest})
			if fault(err) != v.answer {
				t.Fatalf("answer %q (%v), want %q", fault(err), err, v.answer)
			}
			if err != nil {
				if diff := changed(before, p.c); diff != "" {
					t.Errorf("a refused signature changed the case:\n%s", diff)
				}
				return
			}
			wantSigned(t, p, v.mark, events[0])
		})
	}
}

// wantSigned holds one signature against what was brought: both digests on it and
// in the history, the picture on it, the scan in the file.
func wantSigned(t *testing.T, p *play, m Mark, e Event) {
	t.Helper()
	v := p.c.Signed()[0]
	if v.Digest != p.c.Agreement().Digest || e.Codes["text"] != v.Digest || e.Codes["image"] != v.Image || e.Subject != v.ID {
		t.Errorf("signature %+v, history %v", v, e)
	}
	sum := sha256.Sum256(v.Ink)
	switch _, err := png.Decode(bytes.NewReader(v.Ink)); {
	case m.Drawing == "" && (v.Ink != nil || v.Image != ""):
		t.Errorf("a picture of %d bytes nobody drew", len(v.Ink))
	case m.Drawing != "" && (err != nil || v.Image != hex.EncodeToString(sum[:])):
		t.Errorf("picture of %d bytes, %v; its digest %s", len(v.Ink), err, v.Image)
	}
	if m.Scan == nil {
		if v.File != "" || len(p.c.Files) != 0 || e.Codes["scan"] != "" {
			t.Errorf("a scan nobody sent: %+v", p.c.Files)
		}
		return
	}
	f := p.c.Files[0]
	if v.File != f.ID || f.Class != statute.SignedPaper || f.Form != "F11" || f.About != v.Party || e.Codes["scan"] != f.Digest {
		t.Errorf("scan %+v of %+v, history %v", f, v, e.Codes)
	}
	if (f.Side == Respondent) != (v.How == "online") {
		t.Errorf("the scan is of the side %q", f.Side)
	}
}

// TestTheOfficeSignsToo: the mediator may draw his name or lay the scan of his
// sheet, the seal has its scan; one sheet that all signed is laid once.
func TestTheOfficeSignsToo(t *testing.T) {
	p := at(t, AgreementDraft)
	for _, side := range []Side{Applicant, Respondent} {
		p.do(RoleMediator, Signing{Party: p.side(side), How: "paper", Mark: Mark{Scanned: Scanned{Scan: sheetScan()}}})
	}
	events, err := p.try(RoleMediator, Countersigning{Mark: Mark{Drawing: scrawl}})
	if err != nil || len(events[0].Codes["image"]) != 64 {
		t.Fatal(err, events)
	}
	events, err = p.try(RoleChair, Sealing{Scanned: Scanned{Scan: sheetScan()}})
	if err != nil || p.c.Stage != Effective {
		t.Fatal(err, p.c.Stage)
	}
	if len(p.c.Files) != 1 || events[0].Codes["scan"] != p.c.Files[0].Digest {
		t.Errorf("files %+v, history %v", p.c.Files, events[0].Codes)
	}
	for _, v := range p.c.Signed() {
		if drawn := v.As == "mediator"; drawn != (v.Image != "") || drawn != (v.File == "") {
			t.Errorf("%s: %+v", v.As, v)
		}
	}
	for mark, want := range map[string]string{"1,1": "drawing=rule.drawing_empty", "?": "drawing=rule.drawing_broken"} {
		q := at(t, AgreementDraft)
		if _, err := q.try(RoleMediator, Countersigning{Mark: Mark{Drawing: mark}}); fault(err) != want {
			t.Errorf("%q: %v", mark, err)
		}
	}
}

// TestAChangeVoidsWhatWasDrawn: the voided signature keeps the digest of its
// picture and counts for nothing; whoever signs again draws again.
func TestAChangeVoidsWhatWasDrawn(t *testing.T) {
	p := at(t, AgreementDraft)
	sign := Signing{Party: p.side(Respondent), Agreed: true, Mark: Mark{Drawing: scrawl}}
	p.do(RoleCodeHolder, sign)
	image := p.c.Signatures[0].Image
	sign.Digest = p.c.Agreement().Digest
	p.act(ReviseAgreement)
	if old := p.c.Signatures[0]; old.VoidedAt.IsZero() || old.Image != image || len(p.c.Signed()) != 0 {
		t.Errorf("after the change: %+v, %d signed", old, len(p.c.Signed()))
	}
	if _, err := p.try(RoleCodeHolder, sign); KeyOf(err) != "error.agreement_changed" {
		t.Errorf("drawn under a text that is gone: %v", err)
	}
	sign.Digest = p.c.Agreement().Digest
	p.do(RoleCodeHolder, sign)
	if got := p.c.Signed(); len(got) != 1 || got[0].Digest == p.c.Signatures[0].Digest || got[0].Image != image {
		t.Errorf("signed again: %+v", got)
	}
}

package mediation_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/internal/authz"
	. "doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/policies"
)

// scanOf is a scan of a sheet of its own, told from others by a letter.
func scanOf(letter string) Scanned {
	f := *sheetScan()
	f.Name, f.Digest = letter+".jpg", strings.Repeat(letter, 64)
	return Scanned{Scan: &f}
}

// joined lets a side join, in a way of the office or, with "", from its own page.
func (p *play) joined(side Side, how string, sheet Scanned) *play {
	p.t.Helper()
	a := joins(p)
	a.Party, a.How, a.Scanned = p.side(side), how, sheet
	switch {
	case how != "":
		return p.do(RoleMediator, a)
	case side == Respondent:
		return p.do(RoleCodeHolder, a)
	}
	return p.do(RoleResident, a)
}

func (p *play) part(side Side) *Joining {
	return p.c.JoiningOf(p.c.Application().ID, p.side(side))
}

// TestASheetForWhatIsSignedOnPaper: who joins on paper signs a sheet, and its scan
// comes with the joining; from its own page or by word of mouth nobody is asked for
// one, but what comes is kept.
func TestASheetForWhatIsSignedOnPaper(t *testing.T) {
	for _, v := range []struct {
		how    string // "" for the own page
		sheet  Scanned
		answer string
	}{
		{"paper", scanOf("b"), ""}, {"paper", Scanned{}, "file=rule.joining_scan"},
		{"in_person", Scanned{}, ""}, {"in_person", scanOf("b"), ""},
		{"", Scanned{}, ""}, {"", scanOf("b"), ""},
	} {
		p := gathering()(t)
		a := joins(p)
		a.Party, a.How, a.Scanned = p.side(Respondent), v.how, v.sheet
		as := RoleMediator
		if v.how == "" {
			as = RoleCodeHolder
		}
		before := copied(p.c)
		_, err := p.try(as, a)
		if fault(err) != v.answer {
			t.Errorf("%q with a scan %v: %v, want %q", v.how, v.sheet.Scan != nil, err, v.answer)
		}
		j := p.part(Respondent)
		switch {
		case err != nil:
			if diff := changed(before, p.c); diff != "" {
				t.Errorf("a refused joining changed the case:\n%s", diff)
			}
		case v.sheet.Scan == nil:
			if j.File != "" || len(p.c.Files) != 0 {
				t.Errorf("%q: a scan nobody brought: %+v", v.how, p.c.Files)
			}
		default:
			if f := p.c.Files[0]; j.File != f.ID || f.Class != statute.SignedPaper || f.Form != "F16" || f.About != p.side(Respondent) {
				t.Errorf("%q: %+v of %+v", v.how, f, j)
			}
		}
	}
}

// TestJoiningAgainTakesTheLastSheet: the sheet of a joining that was taken back
// stays in the file and shows nothing any more.
func TestJoiningAgainTakesTheLastSheet(t *testing.T) {
	p := gathering()(t).joined(Applicant, "paper", scanOf("b")).act(LeaveConfirmation)
	if p.part(Applicant).File != "" || len(p.c.Files) != 1 {
		t.Fatalf("taken back: %+v, %d files", p.part(Applicant), len(p.c.Files))
	}
	p.joined(Applicant, "paper", scanOf("c"))
	if len(p.c.Files) != 2 || p.part(Applicant).File != p.c.Files[1].ID {
		t.Errorf("joined again: %+v of %+v", p.part(Applicant), p.c.Files)
	}
	p.joined(Respondent, "", Scanned{})
	if got := sheets(p.c.Application().Frozen()); got != "c" {
		t.Errorf("the court gets the sheets %q", got)
	}
	p = gathering()(t).joined(Applicant, "paper", scanOf("b")).act(LeaveConfirmation).joined(Applicant, "", Scanned{}).joined(Respondent, "", Scanned{})
	if got := sheets(p.c.Application().Frozen()); got != "" || p.part(Applicant).File != "" {
		t.Errorf("joined again from the own page: the court gets %q", got)
	}
}

// sheets are the letters of the files a court gets, in their order.
func sheets(c *Case) string {
	var all []string
	for _, f := range c.Files {
		all = append(all, f.Digest[:1])
	}
	return strings.Join(all, " ")
}

// TestOneSheetOfSeveral is kept once, stands for each who signed it, and is nobody's
// own.
func TestOneSheetOfSeveral(t *testing.T) {
	p := gathering()(t).joined(Applicant, "paper", scanOf("b"))
	if p.c.Files[0].About != p.side(Applicant) {
		t.Errorf("one signed: %+v", p.c.Files[0])
	}
	p.joined(Respondent, "paper", scanOf("b"))
	if len(p.c.Files) != 1 || p.c.Files[0].About != "" || p.part(Applicant).File != p.c.Files[0].ID || p.part(Respondent).File != p.c.Files[0].ID {
		t.Errorf("both signed: %+v, %+v", p.c.Files, p.c.Joinings)
	}
	p = at(t, Effective).act(ApplyConfirmation)
	if len(p.c.Files) != 1 || p.c.Files[0].About != "" || p.c.Files[0].Form != "F16" || p.part(Applicant).File == "" || p.part(Respondent).File != p.part(Applicant).File {
		t.Errorf("applied for on one sheet: %+v, %+v", p.c.Files, p.c.Joinings)
	}
	if got := sheets(p.c.Application().Frozen()); got != "a" {
		t.Errorf("the court gets %q", got)
	}
}

// TestWhatGoesToTheCourt of all that lies in the file: proofs of identity, signed
// sheets in force, the power of an agent who joined, and nothing else. Sheets are
// digits and letters; the case lays b and c as the sheets of the joinings.
func TestWhatGoesToTheCourt(t *testing.T) {
	for _, v := range []struct {
		rule    string
		agent   bool // the respondent has one
		byAgent bool
		how     string // the respondent joined
		files   []File // beside the sheets, laid since the agreement was written
		void    bool   // the first of them came with a signature that is void
		want    string
	}{
		{rule: "the sheets of the joinings", how: "paper", want: "b c"},
		{rule: "only of who joined on paper", how: "", want: "b"},
		{rule: "a proof of identity", how: "", files: []File{{Class: statute.ProofOfIdentity, About: "R"}}, want: "0 b"},
		{rule: "evidence, what is shared, a court's paper, other", how: "", want: "b",
			files: []File{{Class: statute.Evidence, Shared: true}, {Class: statute.CourtPaper}, {Class: statute.OtherFile}, {Class: statute.Performance}, {}}},
		{rule: "a power where nobody joined by an agent", agent: true, how: "", files: []File{{Class: statute.Authority, About: "R"}}, want: "b"},
		{rule: "a power where the agent joined", agent: true, byAgent: true, how: "", files: []File{{Class: statute.Authority, About: "R"}}, want: "0 b"},
		{rule: "a power beside a sheet that names the agent", agent: true, how: "paper", files: []File{{Class: statute.Authority, About: "R"}}, want: "0 b c"},
		{rule: "the other side's power", agent: true, byAgent: true, how: "", files: []File{{Class: statute.Authority, About: "A"}}, want: "b"},
		{rule: "the signed agreement, laid by itself", how: "", files: []File{{Class: statute.SignedPaper, Form: "F11"}}, want: "0 b"},
		{rule: "a signed agreement that is void", how: "", files: []File{{Class: statute.SignedPaper, Form: "F11"}}, void: true, want: "b"},
		{rule: "another signed paper", how: "", files: []File{{Class: statute.SignedPaper, Form: "F10"}, {Class: statute.SignedPaper}}, want: "b"},
	} {
		p := at(t, Effective)
		who := map[PartyID]PartyID{"A": p.side(Applicant), "R": p.side(Respondent)}
		for i, f := range v.files {
			f.ID, f.Digest, f.About, f.At = ItemID("f-"+string(rune('0'+i))), strings.Repeat(string(rune('0'+i)), 64), who[f.About], p.now
			p.c.Files = append(p.c.Files, f)
		}
		if v.void {
			p.c.Signatures = append(p.c.Signatures, Signature{ID: "v-0", Agreement: p.c.Agreement().ID, File: "f-0", VoidedAt: p.now})
		}
		if v.agent {
			p.c.Party(who["R"]).AgentName, p.c.Party(who["R"]).AgentScope = "周律师", "settle"
		}
		p.act(ProposeConfirmation).joined(Applicant, "paper", scanOf("b"))
		a := joins(p)
		a.Party, a.How, a.ByAgent = who["R"], v.how, v.byAgent
		as := RoleCodeHolder
		if a.Scanned = (Scanned{}); v.how == "paper" {
			as, a.Scanned = RoleMediator, scanOf("c")
		}
		p.do(as, a)
		if got := sheets(p.c.Application().Frozen()); got != v.want {
			t.Errorf("%s: the court gets %q, want %q", v.rule, got, v.want)
		}
	}
}

// TestTheAgreementsSheetOfItsVersion: what was scanned of an earlier version stays
// in the file and does not go to the court; what came with a signature in force does.
func TestTheAgreementsSheetOfItsVersion(t *testing.T) {
	p := at(t, AgreementDraft)
	old := *scanOf("d").Scan
	old.ID, old.Class, old.Form, old.At = "f-old", statute.SignedPaper, "F11", p.now
	p.c.Files = append(p.c.Files, old)
	p.on("2026-05-12").act(ReviseAgreement)
	sign := func(side Side, m Scanned) {
		p.do(RoleMediator, Signing{Party: p.side(side), How: "paper", Mark: Mark{Scanned: m}})
	}
	sign(Applicant, scanOf("b"))
	sign(Respondent, Scanned{})
	if got := p.c.UnscannedSignatures(); len(got) != 1 || got[0].ID != p.side(Respondent) {
		t.Errorf("without their sheet: %+v", got)
	}
	p.act(Countersign, AffixSeal)
	if got := sheets(p.c.ForCourt()); got != "b" {
		t.Errorf("the court gets %q", got)
	}
	late := *scanOf("e").Scan
	late.ID, late.Class, late.Form, late.At = "f-late", statute.SignedPaper, "F11", p.now
	p.c.Files = append(p.c.Files, late)
	if got := sheets(p.c.ForCourt()); got != "b e" || len(p.c.UnscannedSignatures()) != 0 {
		t.Errorf("once it was laid: the court gets %q, without their sheet %+v", got, p.c.UnscannedSignatures())
	}
}

// TestUnscannedJoinings are those on paper from before a scan came with them, until
// one is laid of that party or of all.
func TestUnscannedJoinings(t *testing.T) {
	for _, v := range []struct {
		rule  string
		files []File
		want  []Side
	}{
		{"no sheet", nil, []Side{Applicant, Respondent}},
		{"one of the applicant", []File{{Class: statute.SignedPaper, Form: "F16", About: "A"}}, []Side{Respondent}},
		{"one of all", []File{{Class: statute.SignedPaper, Form: "F16"}}, nil},
		{"another paper", []File{{Class: statute.SignedPaper, Form: "F11"}, {Class: statute.Evidence}}, []Side{Applicant, Respondent}},
	} {
		p := at(t, Effective).act(ApplyConfirmation)
		p.c.Files = nil
		for i := range p.c.Joinings {
			p.c.Joinings[i].File = ""
		}
		for _, f := range v.files {
			if f.About == "A" {
				f.About = p.side(Applicant)
			}
			p.c.Files = append(p.c.Files, f)
		}
		var got []Side
		for _, of := range p.c.UnscannedJoinings() {
			got = append(got, of.Side)
		}
		if !slices.Equal(got, v.want) {
			t.Errorf("%s: %v, want %v", v.rule, got, v.want)
		}
	}
	if got := gathering(JoinConfirmation)(t).c.UnscannedJoinings(); got != nil {
		t.Errorf("before it is filed: %+v", got)
	}
	if got := gathering()(t).joined(Applicant, "", Scanned{}).joined(Respondent, "in_person", Scanned{}).c.UnscannedJoinings(); len(got) != 0 {
		t.Errorf("joined without paper: %+v", got)
	}
}

// TestWhoSeesASheet, by the real policy: the party whose own it is once its identity
// is checked, and the people of the office who read files; nobody the one that both
// signed but these.
func TestWhoSeesASheet(t *testing.T) {
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	p := rich(t)
	sheet := func(id ItemID, about PartyID) File {
		return File{ID: id, Class: statute.SignedPaper, Form: "F16", About: about}
	}
	p.c.Files = []File{sheet("A", p.side(Applicant)), sheet("R", p.side(Respondent)), sheet("both", ""), {ID: "F11", Class: statute.SignedPaper, Form: "F11", About: p.side(Applicant)}}
	office := []ItemID{"A", "R", "both", "F11"}
	want := map[string][]ItemID{"A2": {"A"}, "R2": {"R"}, "m1": office, "m2": office, "ch": office, "le": office}
	for name, r := range readers(p) {
		var got []ItemID
		for _, f := range reads(policy, p, r).Files {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s sees %v, want %v", name, got, want[name])
		}
	}
}

// TestWhereAnApplicationLies walks every state of the sub-machine: whether it lies
// before its court, and whether it came back from there without a ruling.
func TestWhereAnApplicationLies(t *testing.T) {
	lies := []string{ConfirmationFiled, ConfirmationTaken, ConfirmationObjected}
	back := []string{ConfirmationNotTaken, ConfirmationWithdrawn}
	states := map[string]bool{}
	for from, moves := range ConfirmationMoves() {
		states[from] = true
		for _, to := range moves {
			states[to] = true
		}
	}
	for state := range states {
		k := Confirmation{State: state}
		if k.Lies() != slices.Contains(lies, state) || k.CameBack() != slices.Contains(back, state) || (k.Lies() || k.CameBack()) && !k.Filed() {
			t.Errorf("%s lies %v, came back %v", state, k.Lies(), k.CameBack())
		}
	}
}

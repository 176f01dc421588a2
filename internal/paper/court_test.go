package paper

import (
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// TestCourtPapers: what a party said when it joined stands in the application and
// is asked nowhere else; in the open before the court, by masks elsewhere, and the
// same from the case as it is and as it was frozen.
func TestCourtPapers(t *testing.T) {
	c := late()
	c.Parties[0].IDMask, c.Parties[0].BirthMask = "**************3120", "1958"
	first, second := c.Parties[0], c.Parties[1]
	c.Confirmations = []mediation.Confirmation{{ID: "cf", Court: "court", State: mediation.ConfirmationFiled, FiledOn: statute.NewDate(2026, 6, 3)}}
	c.Joinings = []mediation.Joining{
		{ID: "j1", Confirmation: "cf", Party: first.ID, State: mediation.JoiningJoined, How: "online", On: statute.NewDate(2026, 6, 2), ServeMask: "榆园5幢", Online: true, OnlineMask: "w***@example.cn"},
		{ID: "j2", Confirmation: "cf", Party: second.ID, State: mediation.JoiningJoined, How: "paper", On: statute.NewDate(2026, 6, 3)},
	}
	in := desk(statute.NewDate(2026, 6, 4))
	masked := courtText(t, c, in)
	for _, want := range []string{"榆园5幢", "同意，送达至w***@example.cn", "不同意", "2026年6月2日在网上加入", "2026年6月3日书面加入", first.IDMask, "\n1958年\n"} {
		if !strings.Contains(masked, want) {
			t.Errorf("by masks the papers lack %q", want)
		}
	}
	in.Served = map[mediation.PartyID]mediation.Served{first.ID: {Party: first.ID, IDNumber: "990000195803120017", Birth: "1958-03-12", Phone: "10012345678", Address: "榆园3幢502室",
		ServeTo: "榆园5幢101室", OnlineTo: "wang@example.cn"}}
	open := courtText(t, c, in)
	for _, want := range []string{"990000195803120017", "10012345678", "榆园3幢502室", "1958年3月12日", "榆园5幢101室", "同意，送达至wang@example.cn"} {
		if !strings.Contains(open, want) {
			t.Errorf("before the court the papers lack %q", want)
		}
	}
	if strings.Contains(open, first.IDMask) {
		t.Error("a mask stands where the court needs the number")
	}
	if strings.Contains(masked, "3月12日") {
		t.Error("the day of birth stands where the ID number is masked")
	}
	if frozen := courtText(t, c.ForCourt(), in); frozen != open {
		t.Errorf("frozen:\n%s\nwant\n%s", frozen, open)
	}
	if proof := mustBuild(t, "F17", c, ""); proof.Blocks[0].Places[0].Day != "2026年6月3日" {
		t.Errorf("the proof for the court is of %q, want the day it was filed", proof.Blocks[0].Places[0].Day)
	}
	c.Confirmations[0].State = mediation.ConfirmationProposed
	if proof := mustBuild(t, "F17", c, ""); proof.Blocks[0].Places[0].Day != knownDay(statute.Date{}) {
		t.Errorf("the proof for the court is of %q before anything is filed", proof.Blocks[0].Places[0].Day)
	}
	if _, err := CourtPapers(&mediation.Case{}, in); mediation.KindOf(err) != mediation.NotFound {
		t.Errorf("without an agreement: %v", err)
	}
}

// courtText is every word of the papers an application lays before the court.
func courtText(t *testing.T, c *mediation.Case, in Setting) string {
	t.Helper()
	papers, err := CourtPapers(c, in)
	if err != nil {
		t.Fatal(err)
	}
	var codes, all []string
	for _, p := range papers {
		codes, all = append(codes, p.Code), append(all, p.Texts()...)
	}
	if !slices.Equal(codes, CourtForms) {
		t.Errorf("the papers are %v", codes)
	}
	return strings.Join(all, "\n")
}

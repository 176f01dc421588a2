package paper

import (
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// classed is dispute 1 with a file of every class.
func classed() *mediation.Case {
	c := noise()
	file := func(id, class string, change func(*mediation.File)) {
		f := mediation.File{ID: mediation.ItemID(id), Name: id + ".jpg", Kind: "image", Class: class}
		change(&f)
		c.Files = append(c.Files, f)
	}
	none := func(*mediation.File) {}
	file("other", statute.OtherFile, none)
	file("ruling", statute.CourtPaper, func(f *mediation.File) { f.Title = "裁定书" })
	file("paid", statute.Performance, none)
	file("signed", statute.SignedPaper, func(f *mediation.File) { f.Form = "F11" })
	file("scan", statute.SignedPaper, none)
	file("served", statute.ProofOfService, none)
	file("noise", statute.Evidence, none)
	file("power", statute.Authority, func(f *mediation.File) { f.About = "p2" })
	file("card", statute.ProofOfIdentity, func(f *mediation.File) { f.About = "p1" })
	file("old", "", none) // as it came before there were classes
	return c
}

func pieces(t *testing.T, c *mediation.Case) []Piece {
	t.Helper()
	list, err := Contents(c, Setting{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryFileStandsAtItsPlace: identity behind the notice of rights, then the
// power of attorney, evidence before the record, the signed scan behind its
// paper, receipts before the visits, the court's papers and annexes at the end;
// and none is lost.
func TestEveryFileStandsAtItsPlace(t *testing.T) {
	c := classed()
	var got []string
	files := 0
	for _, p := range pieces(t, c) {
		name := p.Form
		if p.File != nil {
			name, files = string(p.Item), files+1
		}
		if len(got) == 0 || got[len(got)-1] != name {
			got = append(got, name)
		}
	}
	want := "F02 F03 card power F04 F06 F08 served noise old F10 F11 signed F18 paid F15 ruling F23 F25 other scan"
	if strings.Join(got, " ") != want || files != len(c.Files) {
		t.Errorf("%d of %d files, in the order\n%s, want\n%s", files, len(c.Files), strings.Join(got, " "), want)
	}
}

func TestTheIndexSaysWhatAFileIs(t *testing.T) {
	titles := map[string]string{}
	for _, p := range pieces(t, classed()) {
		if p.File != nil {
			titles[string(p.Item)] = p.Title
		}
	}
	for id, want := range map[string]string{"card": "身份证明（陈阿芬）：card.jpg", "power": "授权委托书（邵立）：power.jpg", "signed": "签字文书扫描件（人民调解协议书）：signed.jpg",
		"ruling": "法院文书：裁定书", "noise": "证据材料：noise.jpg", "old": "证据材料：old.jpg"} {
		if titles[id] != want {
			t.Errorf("%s is called %q, want %q", id, titles[id], want)
		}
	}
}

// TestAClassAnswersTheCheckList: a proof of identity a party, a power of attorney
// for whoever comes by an agent; the line names whose is wanted.
func TestAClassAnswersTheCheckList(t *testing.T) {
	lacks := func(c *mediation.Case, form string) string {
		list := Lacking(c, pieces(t, c))
		i := slices.IndexFunc(list, func(p statute.RequiredPaper) bool { return p.Form == form })
		if i < 0 {
			return ""
		}
		return list[i].ZH + " " + list[i].EN
	}
	prove := func(c *mediation.Case, class string, of ...mediation.PartyID) *mediation.Case {
		for _, id := range of {
			c.Files = append(c.Files, mediation.File{Kind: "image", Class: class, About: id})
		}
		return c
	}
	agent := func(c *mediation.Case) *mediation.Case { c.Parties[1].AgentName = "律师"; return c }
	applied := func(ways ...string) *mediation.Case {
		c := late()
		c.Confirmations = []mediation.Confirmation{{ID: "cf", State: mediation.ConfirmationFiled, FiledOn: on(6, 3)}}
		for i, how := range ways {
			c.Joinings = append(c.Joinings, mediation.Joining{Confirmation: "cf", Party: c.Parties[i].ID, State: mediation.JoiningJoined, How: how, On: on(6, 3)})
		}
		return c
	}
	sheet := func(c *mediation.Case, of mediation.PartyID) *mediation.Case {
		c.Files = append(c.Files, mediation.File{Kind: "image", Class: statute.SignedPaper, Form: "F16", About: of})
		return c
	}
	for _, tt := range []struct {
		rule string
		c    *mediation.Case
		form string
		want string
	}{
		{"nobody's", noise(), "ID", "当事人身份证明 Proof of identity"},
		{"one of two", prove(noise(), statute.ProofOfIdentity, "p1", "p1"), "ID", "当事人身份证明（邵立） Proof of identity (邵立)"},
		{"both", prove(noise(), statute.ProofOfIdentity, "p1", "p2"), "ID", ""},
		{"evidence is no proof", prove(noise(), statute.Evidence, "p1", "p2"), "ID", "当事人身份证明 Proof of identity"},
		{"no evidence", noise(), "EV", "证据材料 Evidence"},
		{"some evidence", prove(noise(), statute.Evidence, ""), "EV", ""},
		{"an agent without his paper", agent(noise()), "F19", "授权委托书（邵立） Power of attorney (邵立)"},
		{"the other side's paper is not his", prove(agent(noise()), statute.Authority, "p1"), "F19", "授权委托书（邵立） Power of attorney (邵立)"},
		{"with it", prove(agent(noise()), statute.Authority, "p2"), "F19", ""},
		{"joined without paper", applied("online", "in_person"), "F16", ""},
		{"one joined on paper", applied("online", "paper"), "F16", "司法确认申请书签字扫描件（" + late().Parties[1].Name + "） Application for judicial confirmation: scan of the signed sheet (" +
			late().Parties[1].Name + ")"},
		{"on a sheet that was scanned", sheet(applied("online", "paper"), late().Parties[1].ID), "F16", ""},
		{"the other's sheet is not his", sheet(applied("online", "paper"), late().Parties[0].ID), "F16", "司法确认申请书签字扫描件（" + late().Parties[1].Name +
			"） Application for judicial confirmation: scan of the signed sheet (" + late().Parties[1].Name + ")"},
		{"one sheet for both", sheet(applied("paper", "paper"), ""), "F16", ""},
	} {
		if got := lacks(tt.c, tt.form); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
}

// Cover and back cover say the years a volume was archived with, also under a
// setting of its committee that changed since; before that, those it would have.
func TestCoverAndBackCoverSayTheYearsOfTheArchive(t *testing.T) {
	own := statute.Limits{statute.D18Oral: {N: 8, Unit: statute.Years}, statute.D18Short: {N: 15, Unit: statute.Years}, statute.D18Long: {N: 40, Unit: statute.Years}}
	archived := func(kind statute.DeadlineID, years int) *mediation.Case {
		c := put()
		c.Deadlines = []mediation.Deadline{{Kind: kind, Term: statute.Term{N: years, Unit: statute.Years}, Starts: at(7, 1, 9), Due: statute.NewDate(2026+years, 7, 1).End()}}
		return c
	}
	for _, tt := range []struct {
		rule string
		c    *mediation.Case
		set  statute.Limits
		want string
	}{
		{"an older volume", put(), own, "长期（30年），至2056年7月1日鉴定"},
		{"by the default", archived(statute.D18Long, 30), nil, "长期（30年），至2056年7月1日鉴定"},
		{"the setting changed since", archived(statute.D18Long, 30), own, "长期（30年），至2056年7月1日鉴定"},
		{"by the setting", archived(statute.D18Short, 15), own, "短期（15年），至2041年7月1日鉴定"},
		{"and changed back since", archived(statute.D18Short, 15), nil, "短期（15年），至2041年7月1日鉴定"},
		{"an oral one", archived(statute.D18Oral, 8), own, "短期·口头、简易（8年），至2034年7月1日鉴定"},
		{"two classes of as many years", archived(statute.D18Oral, 10), nil, "短期·口头、简易（10年），至2036年7月1日鉴定"},
		{"not archived yet", fee(), own, "短期（15年）（拟定）"},
	} {
		for _, form := range []string{"F27", "F29"} {
			in := desk(on(7, 2))
			in.Limits = tt.set
			p, err := Build(form, tt.c, "", in)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, b := range p.Blocks {
				for _, f := range b.Facts {
					if f.Label == "保管期限" {
						got = f.Value
					}
				}
			}
			if got != tt.want {
				t.Errorf("%s, %s: %q, want %q", form, tt.rule, got, tt.want)
			}
		}
	}
}

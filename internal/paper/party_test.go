package paper

import (
	"slices"
	"strings"
	"testing"

	"doorstep/internal/mediation"
)

// TestPartyBlock: what nobody recorded of a party is a line to write on and a gap
// named for itself, with the party it is of, which holds up no issue.
func TestPartyBlock(t *testing.T) {
	for _, tt := range []struct {
		what, line string
		make       func() *mediation.Case
		take       func(*mediation.Party)
	}{
		{"sex", "性别：", leak, func(p *mediation.Party) { p.Sex = "" }},
		{"ethnic", "民族：", leak, func(p *mediation.Party) { p.Ethnic = "" }},
		{"birth", "出生日期：", leak, func(p *mediation.Party) { p.BirthMask = "" }},
		{"occupation", "职业（职务）：", leak, func(p *mediation.Party) { p.Occupation = "" }},
		{"legal_post", "职务：", fee, func(p *mediation.Party) { p.LegalPost = "" }},
	} {
		t.Run(tt.what, func(t *testing.T) {
			c := tt.make()
			if p := mustBuild(t, "F11", c, ""); strings.Contains(written(p), "\n"+tt.line+"\n") || slices.ContainsFunc(p.Missing, func(g Gap) bool { return g.What == tt.what }) {
				t.Error("it is missing from a complete case")
			}
			tt.take(&c.Parties[0])
			p := mustBuild(t, "F11", c, "")
			want := Gap{What: tt.what, Who: c.Parties[0].Name, Party: c.Parties[0].ID, Hand: true}
			if !strings.Contains(written(p), "\n"+tt.line+"\n") || !slices.Contains(p.Missing, want) || p.Lacks() != 0 {
				t.Errorf("%d lacks, %v:\n%s", p.Lacks(), p.Missing, written(p))
			}
			if !want.Recorded() {
				t.Error("no page is named where it can be supplied")
			}
		})
	}
}

// TestMasksAreToWriteOver: whoever goes to court with the sheet alone writes the
// number and the birth date in full; where there is nothing masked, nothing is said.
func TestMasksAreToWriteOver(t *testing.T) {
	over := Gap{What: "masked_id", Hand: true}
	for _, tt := range []struct {
		why       string
		id, birth string
		served    mediation.Served
		want      bool
	}{
		{"both masked", "**************0017", "1958", mediation.Served{}, true},
		{"the birth date alone", "", "1958", mediation.Served{}, true},
		{"the number in the open, the birth date not", "**************0017", "1958", mediation.Served{IDNumber: "990000195803120017"}, true},
		{"both in the open", "**************0017", "1958", mediation.Served{IDNumber: "990000195803120017", Birth: "1958-03-12"}, false},
		{"neither known", "", "", mediation.Served{}, false},
	} {
		c := noise()
		for i := range c.Parties {
			c.Parties[i].IDMask, c.Parties[i].BirthMask = tt.id, tt.birth
		}
		in := desk(on(6, 1))
		in.Served = map[mediation.PartyID]mediation.Served{"p1": tt.served, "p2": tt.served}
		p, err := Build("F11", c, "", in)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(p.Missing, over); got != tt.want {
			t.Errorf("%s: told %v, want %v", tt.why, got, tt.want)
		}
	}
}

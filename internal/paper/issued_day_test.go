package paper

import (
	"slices"
	"testing"

	"doorstep/internal/mediation"
)

// TestAnIssuedLetterBearsItsDay at the committee's seal, where no act gave one; a
// draft, what was only kept with a volume and the seals of parties stay open, and a
// day of its own stands.
func TestAnIssuedLetterBearsItsDay(t *testing.T) {
	c := fee()
	days := func(p *Paper) (all []string) {
		for _, b := range p.Blocks {
			for _, place := range b.Places {
				if place.Seal {
					all = append(all, place.Role+place.On())
				}
			}
		}
		return all
	}
	draft := &Paper{Code: "F23", Blocks: []Block{{Places: []Place{{Role: committeeSeal, Seal: true}, {Role: "申请人盖章", Seal: true}}}}}
	issue := mediation.Issue{Form: "F23", Seq: 1, At: at(6, 3, 9), Digest: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
	kept := issue
	kept.Filed = true
	for _, tt := range []struct {
		rule string
		got  []string
		want []string
	}{
		{"issued", days(draft.Issued(issue)), []string{committeeSeal + "2026年6月3日", "申请人盖章"}},
		{"kept with a volume", days(draft.Issued(kept)), []string{committeeSeal, "申请人盖章"}},
		{"the draft itself", days(draft), []string{committeeSeal, "申请人盖章"}},
	} {
		if !slices.Equal(tt.got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.rule, tt.got, tt.want)
		}
	}
	own := mustBuild(t, "F04", c, "p1")
	if got, want := days(own.Issued(issue)), days(own); !slices.Equal(got, want) {
		t.Errorf("a notice with the day of its act bears %q, want %q", got, want)
	}
}

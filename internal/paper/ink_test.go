package paper

import (
	"testing"

	"doorstep/internal/mediation"
)

// TestEachNameHasItsOwnInk: a picture stands at the place of its signature, beside
// no ring for a finger; where nobody drew there is neither, and where the reader
// may not see the pictures the places stay.
func TestEachNameHasItsOwnInk(t *testing.T) {
	pictures := map[mediation.ItemID][]byte{"s1": {1}, "s2": {2}, "s3": {3}, "s4": {4}, "s5": {5}, "": {9}}
	for _, in := range []Setting{{Ink: pictures}, {}} {
		p, err := Build("F11", drawn(), "", in)
		if err != nil {
			t.Fatal(err)
		}
		got := map[mediation.ItemID]byte{}
		for _, b := range p.Blocks {
			for _, place := range b.Places {
				if place.Sign == "" {
					if place.Ink != nil {
						t.Errorf("%s has ink nobody drew", place.Role)
					}
					continue
				}
				if got[place.Sign] = 0; len(place.Ink) > 0 {
					got[place.Sign] = place.Ink[0]
				}
				if place.Finger || place.Seal {
					t.Errorf("%s is drawn and waits for a finger or a seal", place.Role)
				}
			}
		}
		if len(got) != 4 {
			t.Fatalf("drawn places %v", got)
		}
		for id, ink := range got {
			if want := pictures[id][0]; in.Ink != nil && ink != want || in.Ink == nil && ink != 0 {
				t.Errorf("%s has the ink %d", id, ink)
			}
		}
	}
}

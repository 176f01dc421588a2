package subsidy

import (
	"bytes"
	"crypto/sha256"
	"slices"
)

// Sample draws the claims of a batch that are looked at once more before money
// goes out: one in ten, at least one. The draw follows from the batch's own id,
// which nobody knows while claims are made, so it can be repeated by an auditor
// and chosen by nobody. The claims come back in their own order.
func Sample(batch string, claims []string, oneIn int) []string {
	if len(claims) == 0 || oneIn < 1 {
		return nil
	}
	type ticket struct {
		claim string
		lot   [sha256.Size]byte
	}
	var urn []ticket
	for _, c := range claims {
		urn = append(urn, ticket{c, sha256.Sum256([]byte(batch + "\x00" + c))})
	}
	slices.SortFunc(urn, func(a, b ticket) int { return bytes.Compare(a.lot[:], b.lot[:]) })
	drawn := map[string]bool{}
	for _, t := range urn[:(len(claims)+oneIn-1)/oneIn] {
		drawn[t.claim] = true
	}
	return slices.DeleteFunc(slices.Clone(claims), func(c string) bool { return !drawn[c] })
}

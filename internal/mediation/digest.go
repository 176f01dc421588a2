package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"doorstep/internal/statute"
)

// signedText is what a signature stands under: the words of one version, its
// promises, and the parties by name. The order of the fields is part of the
// digest; a new field would void what is being signed.
type signedText struct {
	Case, Version             string
	Facts, Settled, Unsettled string
	Partial, Immediate        bool
	Parties                   [][4]string // id, side, capacity, name
	Promises                  []signedPromise
}

type signedPromise struct {
	By, To, Kind, What, How string
	AmountFen               int64
	Due                     statute.Date
}

// digestOf is the SHA-256 of one version of the agreement, in hex. Anything a
// party reads before it signs changes it; what happens to the promises later
// does not.
func (c *Case) digestOf(a *Agreement) string {
	t := signedText{Case: string(c.ID), Version: fmt.Sprint(a.ID, " ", a.Version), Facts: a.Facts, Settled: a.Settled, Unsettled: a.Unsettled,
		Partial: a.Partial, Immediate: a.Immediate}
	for _, p := range c.Active() {
		t.Parties = append(t.Parties, [4]string{string(p.ID), string(p.Side), p.Capacity, p.Name})
	}
	for _, o := range c.Obligations {
		if o.Agreement == a.ID {
			t.Promises = append(t.Promises, signedPromise{string(o.By), string(o.To), o.Kind, o.What, o.How, o.AmountFen, o.Due})
		}
	}
	text, err := json.Marshal(t)
	if err != nil { // texts, numbers and days cannot fail to be written
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// bind holds the draft in force to its digest after every act. When the text, a
// promise or a party changed, the signatures under it are void: nobody signed
// what now stands there. A draft from before there were digests takes its own,
// and its signatures with it.
func (c *Case) bind(s *Scene) {
	draft := c.Agreement()
	if draft == nil || c.Stage != AgreementDraft {
		return
	}
	digest := c.digestOf(draft)
	known := draft.Digest
	if known == digest {
		return
	}
	draft.Digest = digest
	voided := false
	for i := range c.Signatures {
		v := &c.Signatures[i]
		switch {
		case v.Agreement != draft.ID || !v.VoidedAt.IsZero():
		case known == "":
			v.Digest = digest
		default:
			v.VoidedAt, voided = s.Now, true
		}
	}
	if voided {
		s.Code("signatures", "voided")
	}
}

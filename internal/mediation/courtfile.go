package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"doorstep/internal/statute"
)

// Served is what a court needs of a party besides the papers: who it is, and
// where and how it is served (CPLI 354; JC11 3). It is kept sealed.
type Served struct {
	Party    PartyID `json:"party_id"`
	IDNumber string  `json:"id_number"`
	Birth    string  `json:"birth,omitempty"` // 1958-03-12; "" also in what was filed before it was kept
	Phone    string  `json:"phone"`
	Address  string  `json:"address"`
	ServeTo  string  `json:"serve_to"`  // as the party named it; else its address
	OnlineTo string  `json:"online_to"` // "" where it did not agree to be served electronically
}

// ForCourt is the case as its application lays it before the court: the agreement
// with who stands by it, the originals that go with it by their digests, and
// nothing of the talks. The papers of the application are drawn from it, before the
// filing and after, so that both hold the same.
func (c *Case) ForCourt() *Case {
	v := &Case{ID: c.ID, IntakeNumber: c.IntakeNumber, Number: c.Number, Committee: c.Committee, Stage: c.Stage, Track: c.Track,
		CourtMode: c.CourtMode, Type: c.Type, Subtype: c.Subtype, AcceptedAt: c.AcceptedAt, EffectiveOn: c.EffectiveOn, EffectBy: c.EffectBy,
		AmountFen: c.AmountFen, Signatures: c.Signed(), Obligations: c.Promised()}
	for _, p := range c.Active() {
		v.Parties = append(v.Parties, Party{ID: p.ID, Seq: p.Seq, Side: p.Side, Capacity: p.Capacity, Name: p.Name, GroupSize: p.GroupSize,
			GuardianName: p.GuardianName, AgentName: p.AgentName, AgentScope: p.AgentScope, CreditCode: p.CreditCode, LegalRep: p.LegalRep,
			LegalPost: p.LegalPost, Sex: p.Sex, Ethnic: p.Ethnic, Occupation: p.Occupation, Identity: p.Identity, IdentityHow: p.IdentityHow,
			PhoneMask: p.PhoneMask, IDMask: p.IDMask, BirthMask: p.BirthMask, AddressMask: p.AddressMask})
	}
	if a := c.Agreement(); a != nil {
		v.Agreements = []Agreement{*a}
	}
	for _, f := range c.Files {
		if c.enclosed(f) {
			v.Files = append(v.Files, File{ID: f.ID, Name: f.Name, Kind: f.Kind, Mime: f.Mime, Size: f.Size, Digest: f.Digest, Class: f.Class,
				Form: f.Form, Title: f.Title, About: f.About, Side: f.Side, At: f.At})
		}
	}
	for _, a := range c.Assignments {
		if a.EndedAt.IsZero() || a.EndedWhy == "closed" {
			v.Assignments = append(v.Assignments, Assignment{ID: a.ID, Mediator: a.Mediator, Name: a.Name, Lead: a.Lead, EndedAt: a.EndedAt, EndedWhy: a.EndedWhy})
		}
	}
	for _, d := range c.Deadlines {
		if d.Kind == statute.D12Confirmation {
			v.Deadlines = []Deadline{d} // the last: the thirty days may have gone on
		}
	}
	if k := c.Application(); k != nil {
		one := *k
		one.Pack, one.Digest, one.Note = "", "", ""
		v.Confirmations = []Confirmation{one}
		for _, j := range c.Joinings {
			if j.Confirmation == k.ID {
				j.Fresh = nil
				v.Joinings = append(v.Joinings, j)
			}
		}
	}
	return v
}

// enclosed says whether an original goes to the court with the application: a proof
// of identity, the sheets on which the agreement and the application were signed,
// and the power of an agent who joined (CPLI 354; JC11 3). Where a sheet was signed,
// the file does not say whose hand it was, so the power of an agent whom the
// application names is laid beside it.
func (c *Case) enclosed(f File) bool {
	switch {
	case f.Class == statute.ProofOfIdentity, c.signedSheet(f):
		return true
	case c.Application() == nil:
		return false
	}
	return slices.ContainsFunc(c.Joinings, func(j Joining) bool {
		if j.Confirmation != c.Application().ID || j.State != JoiningJoined {
			return false
		}
		p := c.Party(j.Party)
		byAgent := p != nil && p.AgentName != "" && (j.ByAgent || j.How == "paper")
		return f.ID == j.File || byAgent && f.Class == statute.Authority && f.About == j.Party
	})
}

// signedSheet says whether a file is the scan of the signed version in force: one
// that came with a signature, or was laid to the case by itself since the version
// was written.
func (c *Case) signedSheet(f File) bool {
	a := c.Agreement()
	if a == nil || f.ID == "" {
		return false
	}
	of := func(v Signature) bool { return v.File == f.ID }
	if slices.ContainsFunc(c.Signatures, of) {
		return slices.ContainsFunc(c.Signed(), of)
	}
	return f.Class == statute.SignedPaper && f.Form == "F11" && !f.At.Before(a.At)
}

// UnscannedSignatures are the parties who signed the agreement in force on paper,
// without a scan of that sheet in the file.
func (c *Case) UnscannedSignatures() []*Party {
	return slices.DeleteFunc(c.Active(), func(p *Party) bool {
		i := slices.IndexFunc(c.Signed(), func(v Signature) bool { return v.Party == p.ID && v.How == "paper" })
		return i < 0 || c.Signed()[i].File != "" || slices.ContainsFunc(c.Files, func(f File) bool {
			return c.signedSheet(f) && (f.About == p.ID || f.About == "")
		})
	})
}

// UnscannedJoinings are the parties who joined the application before the court on
// paper, without a scan of that sheet in the file.
func (c *Case) UnscannedJoinings() []*Party {
	k := c.Application()
	if k == nil || !k.Filed() {
		return nil
	}
	return slices.DeleteFunc(c.Active(), func(p *Party) bool {
		j := c.JoiningOf(k.ID, p.ID)
		return j == nil || j.How != "paper" || j.File != "" || slices.ContainsFunc(c.Files, func(f File) bool {
			return f.Class == statute.SignedPaper && f.Form == "F16" && (f.About == p.ID || f.About == "")
		})
	})
}

// frozenForCourt is the file with what the papers of the application are drawn
// from, and its digest: what the court reads later is what was filed. Of the
// mediation the court looks at its result: what was said at the sessions and the
// drafts that went before stay here (INV16 2; PIPL 23).
func (c *Case) frozenForCourt() (pack, digest string) {
	all, file := c.packed(), c.ForCourt()
	delete(all, "sessions")
	all["agreements"], all["obligations"], all["application"] = file.Agreements, file.Obligations, file
	text, err := json.Marshal(all)
	if err != nil { // only texts, numbers and times: cannot happen
		text = []byte("{}")
	}
	sum := sha256.Sum256(text)
	return string(text), hex.EncodeToString(sum[:])
}

// Frozen is the case as the application laid it before the court; nil for one
// that was filed before the papers were frozen with it, or is not filed yet.
func (k Confirmation) Frozen() *Case {
	var it struct {
		Application *Case `json:"application"`
	}
	if json.Unmarshal([]byte(k.Pack), &it) != nil {
		return nil
	}
	return it.Application
}

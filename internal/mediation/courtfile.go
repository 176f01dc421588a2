package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

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
// with who stands by it, their proofs of identity by digest, and nothing of the
// talks. The papers of the application
// are drawn from it, before the filing and after, so that both hold the same.
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
		if f.Class == statute.ProofOfIdentity {
			v.Files = append(v.Files, File{ID: f.ID, Name: f.Name, Kind: f.Kind, Mime: f.Mime, Size: f.Size, Digest: f.Digest, Class: f.Class,
				Title: f.Title, About: f.About, Side: f.Side, At: f.At})
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

// frozenForCourt is the file with what the papers of the application are drawn
// from, and its digest: what the court reads later is what was filed.
func (c *Case) frozenForCourt() (pack, digest string) {
	all := c.packed()
	all["application"] = c.ForCourt()
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

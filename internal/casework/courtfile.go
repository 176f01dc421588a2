package casework

import (
	"context"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// CourtFile is what lies before the court with an application: the case its papers
// are drawn from, the proofs of identity among its files, where the court serves
// each party, and the pictures of the signatures.
type CourtFile struct {
	Case   *mediation.Case
	Served map[mediation.PartyID]mediation.Served
	Ink    map[mediation.ItemID][]byte
	Filed  bool // as it was frozen when it was filed; else as it would be filed now
}

// CourtFile opens the file of an application for the court it lies before and for
// whoever prepares it. Once filed it is what was frozen. Addresses for service and
// numbers of identity stand open in it, so each opening is written to the access
// log, where the parties read it (PIPL 28, 54).
//
// Errors: Forbidden, NotFound; Conflict where there is no written agreement in
// effect, and for a court where nothing lies before it or what does was filed
// before the papers were kept with it.
func (d *Desk) CourtFile(ctx context.Context, a mediation.Actor, id mediation.CaseID) (*View, *CourtFile, error) {
	rights, err := d.policy.Check(a, "service", "open")
	if err != nil {
		return nil, nil, err
	}
	v, err := d.Case(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	it := &CourtFile{Served: map[mediation.PartyID]mediation.Served{}}
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, _, err := tx.LockCase(ctx, a, rights, id, v.Now)
		if err != nil {
			return err
		}
		served, err := it.open(ctx, tx, v, c)
		if err != nil {
			return err
		}
		for _, s := range served {
			it.Served[s.Party] = s
		}
		return tx.LogAccess(ctx, d.access(a, c, "service", "open", v.Now))
	})
	if err == nil {
		it.Ink, err = d.db.Ink(ctx, it.Case.Signatures) // of the file, whoever may see the signatures of the case
	}
	return v, it, err
}

func (it *CourtFile) open(ctx context.Context, tx postgres.Tx, v *View, c *mediation.Case) ([]mediation.Served, error) {
	if k := v.filedWith(); k != nil {
		it.Case, it.Filed = k.Frozen(), true
		return tx.FrozenService(ctx, k.ID)
	}
	if !v.preparable() {
		return nil, &mediation.Error{Kind: mediation.Conflict, Key: "error.no_court_file"}
	}
	it.Case = c.ForCourt()
	return tx.Served(ctx, c)
}

// filedWith is the application whose file this reader opens as it was filed; nil
// where there is none, or another is being prepared.
func (v *View) filedWith() *mediation.Confirmation {
	if v.preparable() && v.underWay() {
		return nil
	}
	for i := range slices.Backward(v.Case.Confirmations) { // those this reader may see
		if k := &v.Case.Confirmations[i]; k.Filed() && k.Frozen() != nil {
			return k
		}
	}
	return nil
}

// preparable says whether the reader gets the file also before it is filed: there
// is an agreement the court could confirm, and it is his to read.
func (v *View) preparable() bool {
	a := v.whole.Agreement()
	return a != nil && a.Form == "written" && !v.whole.EffectiveOn.IsZero() && v.Objects["agreement"]
}

func (v *View) underWay() bool { return v.whole.ConfirmationState() == mediation.ConfirmationProposed }

// CourtStand is how the file for the court stands for a reader.
type CourtStand struct {
	Filed *mediation.Confirmation // the application that lies, or lay, before the court; nil while none was filed
	Whole bool                    // it was kept as it was filed
	Open  bool                    // the reader may take the file
	Over  bool                    // the thirty days went by
	Lacks []CourtLack             // before it is filed, in the order in which one goes about it
}

// CourtLack is something the file for the court still wants. Party is whose it is,
// "" for the case's own. What is one of "proposal", "joining", "proof", "authority",
// or a gap of a paper as [paper.Gap] names it.
type CourtLack struct {
	What  string
	Party mediation.PartyID
}

// CourtStand tells how the file for the court stands; nil where the case has no
// agreement a court could confirm, or none this reader knows of. A party is told
// what is missing of itself, and who has still to join.
func (d *Desk) CourtStand(v *View) *CourtStand {
	if !v.preparable() {
		return nil
	}
	st := &CourtStand{Open: v.Objects["service"]}
	if k := v.Case.Application(); k != nil && k.Filed() {
		st.Filed, st.Whole = k, v.whole.Application().Frozen() != nil
		return st
	}
	steps := mediation.ConfirmationMoves()[v.whole.ConfirmationState()]
	_, anew := steps[mediation.ProposeConfirmation]
	switch {
	case v.whole.Clock(statute.D12Confirmation) == nil, !anew && !v.underWay():
		st.Over = true
		return st
	case anew:
		st.Lacks = append(st.Lacks, CourtLack{What: "proposal"})
	}
	for _, p := range v.whole.Active() {
		if v.whole.Awaits(p) {
			st.Lacks = append(st.Lacks, CourtLack{"joining", p.ID})
		}
	}
	add := func(what string, parties []*mediation.Party) {
		for _, p := range parties {
			st.Lacks = append(st.Lacks, CourtLack{what, p.ID})
		}
	}
	add("proof", v.whole.Unproven())
	add("authority", v.whole.Unauthorised())
	st.Lacks = append(st.Lacks, d.courtGaps(v)...)
	if v.Me != nil {
		st.Lacks = slices.DeleteFunc(st.Lacks, func(l CourtLack) bool {
			return l.Party != v.Me.ID && l.What != "proposal" && l.What != "joining"
		})
	}
	return st
}

// courtGaps are the facts the papers for the court want and the case does not
// hold, each once.
func (d *Desk) courtGaps(v *View) []CourtLack {
	papers, err := paper.CourtPapers(v.whole.ForCourt(), d.Setting(v))
	if err != nil {
		return nil
	}
	var list []CourtLack
	for _, p := range papers {
		for _, g := range p.Missing {
			if one := (CourtLack{g.What, g.Party}); !g.Hand && !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	return list
}

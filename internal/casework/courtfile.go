package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// CourtFile is what lies before the court with an application: its papers with the
// signatures drawn on them, the originals beside them (signed sheets, powers of
// agents, proofs of identity), and where the court serves each party.
type CourtFile struct {
	Papers []*paper.Paper
	Files  []paper.Enclosure
	Case   *mediation.Case // as the papers show it
	Served map[mediation.PartyID]mediation.Served
	At     time.Time // when the papers were drawn
	Filed  bool      // as it was frozen when it was filed; else as it would be filed now
}

// CourtFile opens the file of an application for the court it lies before, as long
// as it lies there, and for whoever prepares it. Once filed it is what was frozen,
// word by word; what was filed before the papers were kept is drawn anew from the
// frozen case. Addresses for service and numbers of identity stand open in it, so
// each opening is written to the access log, where the parties read it (PIPL 28, 54).
//
// Errors: Forbidden, NotFound; Conflict where there is no written agreement in
// effect, and for a court where nothing lies before it, or nothing was kept of what
// does when it was filed; Internal when what is kept is not what was filed.
func (d *Desk) CourtFile(ctx context.Context, a mediation.Actor, id mediation.CaseID) (*View, *CourtFile, error) {
	rights, err := d.policy.Check(a, "service", "open")
	if err != nil {
		return nil, nil, err
	}
	v, err := d.Case(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	it := &CourtFile{At: v.Now}
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		c, _, err := tx.LockCase(ctx, a, rights, id, v.Now)
		if err != nil {
			return err
		}
		if err := d.openCourtFile(ctx, tx, v, c, it); err != nil {
			return err
		}
		return tx.LogAccess(ctx, d.access(a, c, "service", "open", v.Now))
	})
	if err != nil {
		return v, nil, err
	}
	pictures, err := d.db.Ink(ctx, it.Case.Signatures) // of the file, whoever may see the signatures of the case
	for _, p := range it.Papers {
		p.Inked(pictures)
	}
	return v, it, err
}

func (d *Desk) openCourtFile(ctx context.Context, tx postgres.Tx, v *View, c *mediation.Case, it *CourtFile) error {
	k := v.filedWith()
	if !v.preparable() && (k == nil || !k.Lies()) {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.no_court_file"}
	}
	var served []mediation.Served
	var kept []byte
	var err error
	if k != nil {
		it.Case, it.Filed = k.Frozen(), true
		served, kept, err = tx.FrozenApplication(ctx, k.ID)
	} else {
		it.Case = c.ForCourt()
		served, err = tx.Served(ctx, c)
	}
	if err != nil {
		return err
	}
	it.Served = byParty(served)
	filed := v.filingOf(k)
	if want := filed.Codes["content"]; (kept != nil || want != "") && digestOf(kept) != want {
		return fmt.Errorf("casework: the papers of application %s are not those that were filed", k.ID)
	}
	if kept == nil {
		in := d.Setting(v)
		in.Served = it.Served
		it.Papers, err = paper.CourtPapers(it.Case, in)
		it.Files = paper.Enclosures(it.Case)
		return err
	}
	content, err := paper.ReadCourtContent(kept, k.FiledOn, it.Case)
	if err != nil {
		return err
	}
	it.At, it.Papers, it.Files = filed.At, content.Papers, content.Files
	return nil
}

// filingOf is the line of the history that filed an application; empty for none.
func (v *View) filingOf(k *mediation.Confirmation) mediation.Event {
	for _, e := range v.History {
		if k != nil && e.Subject == k.ID && filesApplication(e.Action) {
			return e
		}
	}
	return mediation.Event{}
}

func byParty(list []mediation.Served) map[mediation.PartyID]mediation.Served {
	all := map[mediation.PartyID]mediation.Served{}
	for _, s := range list {
		all[s.Party] = s
	}
	return all
}

// filesApplication says whether an action files an application.
func filesApplication(a mediation.Action) bool {
	return a == mediation.FileConfirmation || a == mediation.ApplyConfirmation
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// freezePapers draws the papers of an application the act has just filed, to be
// sealed with it, and puts their digest into its line of the history.
func (d *Desk) freezePapers(ctx context.Context, tx postgres.Tx, c *mediation.Case, events []mediation.Event, now time.Time) error {
	for i := range events {
		e, k := &events[i], c.Application()
		if !filesApplication(e.Action) {
			continue
		}
		served, err := tx.Served(ctx, c)
		if err != nil {
			return err
		}
		names, committee, _, courts, err := tx.Surroundings(ctx, c, people(c, nil))
		if err != nil {
			return err
		}
		in := d.Setting(&View{Names: names, Committee: committee, Courts: courts.Names(), Now: now})
		in.Served = byParty(served)
		papers, err := paper.CourtPapers(k.Frozen(), in)
		if mediation.KindOf(err) == mediation.NotFound {
			continue // nothing written that a court could read
		}
		if err != nil {
			return err
		}
		if k.Papers, err = vault.Canonical(paper.NewCourtContent(papers, k.Frozen())); err != nil {
			return err
		}
		if e.Codes == nil {
			e.Codes = map[string]string{}
		}
		e.Codes["content"] = digestOf(k.Papers)
	}
	return nil
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
	Filed *mediation.Confirmation // the last application, where it came to a court; what it lacks is then that of the next, if it came back
	Whole bool                    // it was kept as it was filed
	Open  bool                    // the reader may take the file
	Over  bool                    // the thirty days went by
	Lacks []CourtLack             // of what is not filed yet, in the order in which one goes about it
}

// CourtLack is something the file for the court still wants. Party is whose it is,
// "" for the case's own. What is one of "proposal", "joining", "proof", "authority",
// "sheet" (the scan of the agreement it signed on paper), or a gap of a paper as [paper.Gap] names it.
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
		if !k.CameBack() {
			return st
		}
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
	add("sheet", v.whole.UnscannedSignatures())
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
			if one := (CourtLack{g.What, g.Party}); (!g.Hand || g.Recorded()) && !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	return list
}

package ledger

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// subsidyObject is what the policy calls claims and batches.
const subsidyObject = "subsidy"

// Claim is one claim to be paid for a case.
type Claim = postgres.Claim

// UnclaimedCase is a case that may be claimed.
type UnclaimedCase = postgres.UnclaimedCase

// ClaimView is a claim with everything its next step depends on.
type ClaimView struct {
	Claim
	Steps []postgres.ClaimStep
	Bars  []subsidy.Bar    // on which it may not be paid, as things stand
	Fen   int64            // what would be paid for the stored score, or for the best one
	How   []subsidy.Step   // how that was reckoned
	Offer []subsidy.Action // what the reader may do now
	Reads bool             // the reader may open the case: a mediator's right to it ends in the archive
}

// Claims reads one page of the claims in the actor's reach, last changed first;
// of one state when it is given.
//
// Errors: Forbidden, Invalid for a cursor that is none.
func (l *Ledger) Claims(ctx context.Context, a mediation.Actor, state subsidy.State, after string) (Page[Claim], error) {
	rights, err := l.policy.Check(a, subsidyObject, "list")
	if err != nil {
		return Page[Claim]{}, err
	}
	mark, err := parseMark(after)
	if err != nil {
		return Page[Claim]{}, err
	}
	rows, err := l.db.Claims(ctx, a, rights, state, mark, PageSize+1)
	if err != nil {
		return Page[Claim]{}, err
	}
	return cut(rows, mark, func(c Claim) postgres.Mark { return postgres.Mark{At: c.UpdatedAt, ID: c.ID} }), nil
}

// Unclaimed reads the closed cases the actor led and may claim, 100 at most; none
// for somebody who reads claims and makes none.
//
// Errors: Forbidden.
func (l *Ledger) Unclaimed(ctx context.Context, a mediation.Actor) ([]UnclaimedCase, error) {
	if _, err := l.policy.Check(a, subsidyObject, "list"); err != nil {
		return nil, err
	}
	if !l.policy.Can(a, subsidyObject, mediation.Action(subsidy.Claim)) {
		return nil, nil
	}
	return l.db.Unclaimed(ctx, a.User, QueueMost)
}

// Claim reads one claim.
//
// Errors: Forbidden, NotFound.
func (l *Ledger) Claim(ctx context.Context, a mediation.Actor, id string) (*ClaimView, error) {
	rights, err := l.policy.Check(a, subsidyObject, "list")
	if err != nil {
		return nil, err
	}
	if err := uuid.Validate(id); err != nil {
		return nil, missing()
	}
	c, err := l.db.Claim(ctx, a, rights, id)
	if err == nil && c == nil {
		err = missing()
	}
	if err != nil {
		return nil, err
	}
	v := &ClaimView{Claim: *c}
	if v.Steps, err = l.db.ClaimSteps(ctx, id); err != nil {
		return nil, err
	}
	whole, err := l.whole(ctx, c.Case)
	if err != nil {
		return nil, err
	}
	v.Reads = mediation.AnyAllows(l.policy.Scope(a, "case", "read"), a, whole.Row(), l.now())
	facts, err := l.facts(ctx, l.db, whole, c.Claimant)
	if err != nil {
		return nil, err
	}
	v.Bars = subsidy.Barred(facts)
	if v.Fen, v.How, err = l.reckoned(ctx, l.db, *c, facts); err != nil {
		return nil, err
	}
	for _, action := range subsidy.Actions {
		if _, ok := c.State.Next(action); ok && action != subsidy.Pay && l.reaches(a, action, *c) && c.Hands().Clean(action, a.User) {
			v.Offer = append(v.Offer, action)
		}
	}
	return v, nil
}

func missing() error { return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"} }

// reaches says whether the actor may take the step on this very claim.
func (l *Ledger) reaches(a mediation.Actor, action subsidy.Action, c Claim) bool {
	return slices.ContainsFunc(l.policy.Scope(a, subsidyObject, mediation.Action(action)), func(r mediation.Right) bool {
		switch r.Scope {
		case mediation.ScopeSelf:
			return c.Claimant == a.User
		case mediation.ScopeCommittee:
			return r.Grant.Committee != "" && r.Grant.Committee == c.At
		case mediation.ScopeArea:
			return r.Grant.AreaPath != "" && strings.HasPrefix(c.AreaPath, r.Grant.AreaPath)
		}
		return false
	})
}

// facts reads what the rules look at. The case is read as the system does: the
// sum must not depend on who asks, and nothing of the case is shown.
func (l *Ledger) facts(ctx context.Context, ties interface {
	ClaimTies(context.Context, mediation.CaseID, mediation.UserID) (postgres.ClaimTies, error)
}, c *mediation.Case, claimant mediation.UserID) (subsidy.Facts, error) {
	t, err := ties.ClaimTies(ctx, c.ID, claimant)
	if err != nil {
		return subsidy.Facts{}, err
	}
	f := subsidy.Facts{Registered: t.Registered, Complaint: t.Complaint, Linked: t.Linked, Led: ledBy(c) == claimant,
		Accepted: !c.AcceptedAt.IsZero(), CourtMode: c.CourtMode, Closed: c.Stage == mediation.Closed || c.Stage == mediation.Archived,
		Agreed: !c.EffectiveOn.IsZero(), EndedAs: c.EndedAs, Grade: c.Grade}
	for _, s := range c.Sessions {
		if s.State == "recorded" {
			f.Sessions++
		}
	}
	for _, k := range c.Conflicts {
		f.Conflict = f.Conflict || k.User == claimant && k.WaivedAt.IsZero()
	}
	f.Performed = performed(c)
	f.Oral = c.Agreement() != nil && c.Agreement().Form == "oral"
	return f, nil
}

// whole is the case of a claim, which is weighed by all of it, whoever asks.
func (l *Ledger) whole(ctx context.Context, id mediation.CaseID) (*mediation.Case, error) {
	system := mediation.System()
	return l.db.Case(ctx, system, l.policy.Scope(system, "case", "read"), id, l.now())
}

// ledBy is the lead mediator at the end of a case; "" when it never had one.
func ledBy(c *mediation.Case) mediation.UserID {
	var last *mediation.Assignment
	for i := range c.Assignments {
		s := &c.Assignments[i]
		if s.Lead && (last == nil || s.EndedAt.IsZero() || !last.EndedAt.IsZero() && s.EndedAt.After(last.EndedAt)) {
			last = s
		}
	}
	if last == nil {
		return ""
	}
	return last.Mediator
}

// performed says whether nothing promised is still owed, also once the case is
// closed.
func performed(c *mediation.Case) bool {
	settled := *c
	settled.Stage = mediation.Effective
	return settled.Performance() == "performed"
}

// ClaimCase makes a claim for a case the actor led, and gives its id.
//
// Errors: Forbidden; NotFound for a case that is not his; Conflict when it was
// claimed before, or with subsidy.barred when nothing is paid for it.
func (l *Ledger) ClaimCase(ctx context.Context, a mediation.Actor, id mediation.CaseID) (string, error) {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(subsidy.Claim))
	if err != nil {
		return "", err
	}
	if err := uuid.Validate(string(id)); err != nil {
		return "", missing()
	}
	whole, err := l.whole(ctx, id)
	if err != nil {
		return "", err
	}
	facts, err := l.facts(ctx, l.db, whole, a.User)
	if err != nil {
		return "", err
	}
	if !facts.Led {
		return "", missing()
	}
	if bars := subsidy.Barred(facts); len(bars) > 0 {
		return "", barred(bars)
	}
	now := l.now()
	c := Claim{ID: uuid.Must(uuid.NewV7()).String(), Case: id, At: whole.Committee, CasePath: whole.AreaPath, Claimant: a.User, State: subsidy.Claimed,
		Grade: whole.Grade, UpdatedAt: now, ClaimedOn: statute.DateOf(now)}
	err = l.db.InTx(ctx, func(tx postgres.Tx) error {
		terms, err := tx.SubsidyTermsFor(ctx, c.At, c.ClaimedOn)
		if err != nil {
			return err
		}
		if terms != nil {
			c.TermsID = terms.ID
		}
		if err := tx.InsertClaim(ctx, c); err != nil {
			return err
		}
		return tx.AddClaimStep(ctx, postgres.ClaimStep{ID: uuid.Must(uuid.NewV7()).String(), Claim: c.ID, At: now, By: a.User, Role: rights[0].Grant.Role,
			Action: subsidy.Claim, To: subsidy.Claimed})
	})
	return c.ID, err
}

// barred is the refusal of what may not be paid; the first ground is told.
func barred(bars []subsidy.Bar) error {
	return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.bar." + string(bars[0])}
}

// spending reads what a claimant's other claims of the month come to.
type spending interface {
	ClaimantSpent(context.Context, Claim) (int64, error)
}

// reckon gives what is paid for a claim by the terms of the day it was made, for
// a score of its volume.
func (l *Ledger) reckon(ctx context.Context, db spending, c Claim, facts subsidy.Facts, score int) (int64, []subsidy.Step, error) {
	terms, spent := c.Terms(), int64(0)
	if terms.MonthMost > 0 {
		var err error
		if spent, err = db.ClaimantSpent(ctx, c); err != nil {
			return 0, nil, err
		}
	}
	fen, steps := subsidy.Reckon(facts, terms, c.AreaKind, score, spent)
	return fen, steps, nil
}

// reckoned is what a scored claim was reckoned at, as it was stored; for one that
// waits, what the best score would give.
func (l *Ledger) reckoned(ctx context.Context, db spending, c Claim, facts subsidy.Facts) (int64, []subsidy.Step, error) {
	switch {
	case c.Score == nil:
		return l.reckon(ctx, db, c, facts, subsidy.MaxScore)
	case len(c.Reckoned.V) > 0:
		return c.Fen, c.Reckoned.V, nil
	}
	return l.reckon(ctx, db, c, facts, *c.Score) // scored before reckonings were kept
}

// ClaimStep is what somebody enters with a step.
type ClaimStep struct {
	Action  subsidy.Action
	Version int    // of the claim as it was seen; 0 does not ask
	Score   int    // of the volume, for the action score
	Reason  string // needed to return, refuse and ask back
}

// Step takes a claim one step on.
//
// Errors: Forbidden when no role of the actor may ever do it, also on his own
// claim; NotFound; Conflict when the claim moved on, its state does not allow it,
// or nothing may be paid; Invalid with the fields score and reason.
func (l *Ledger) Step(ctx context.Context, a mediation.Actor, id string, in ClaimStep) error {
	rights, err := l.policy.Check(a, subsidyObject, mediation.Action(in.Action))
	if err != nil {
		return err
	}
	if err := uuid.Validate(id); err != nil {
		return missing()
	}
	in.Reason = strings.TrimSpace(in.Reason)
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		c, err := tx.LockClaim(ctx, a, rights, id)
		if err != nil {
			return err
		}
		if c == nil {
			return missing()
		}
		return l.step(ctx, tx, a, rights, *c, in)
	})
}

func (l *Ledger) step(ctx context.Context, tx postgres.Tx, a mediation.Actor, rights []mediation.Right, c Claim, in ClaimStep) error {
	to, ok := c.State.Next(in.Action)
	switch {
	case in.Version != 0 && in.Version != c.Version, !ok:
		return &mediation.Error{Kind: mediation.Conflict, Key: "subsidy.moved_on"}
	case !c.Hands().Clean(in.Action, a.User):
		return &mediation.Error{Kind: mediation.Forbidden, Key: "subsidy.own_matter"}
	}
	if err := in.faults(c.Terms()); err != nil {
		return err
	}
	whole, err := l.whole(ctx, c.Case)
	if err != nil {
		return err
	}
	facts, err := l.facts(ctx, tx, whole, c.Claimant)
	if err != nil {
		return err
	}
	if bars := subsidy.Barred(facts); len(bars) > 0 && slices.Contains([]subsidy.Action{subsidy.Claim, subsidy.Check, subsidy.Score, subsidy.Approve, subsidy.Pay}, in.Action) {
		return barred(bars)
	}
	from := c.State
	c.State, c.UpdatedAt = to, l.now()
	switch in.Action {
	case subsidy.Score:
		c.Score, c.ScoredBy, c.Grade = &in.Score, a.User, facts.Grade
		if err := tx.LockClaimant(ctx, c.Claimant); err != nil {
			return err
		}
		if c.Fen, c.Reckoned.V, err = l.reckon(ctx, tx, c, facts, in.Score); err != nil {
			return err
		}
	case subsidy.Return:
		c.Score, c.ScoredBy, c.Fen, c.Reckoned.V = nil, "", 0, nil
	case subsidy.Refuse:
		c.Batch, c.Sampled, c.LookedBy = "", false, ""
	}
	if err := tx.SaveClaim(ctx, c); err != nil {
		return err
	}
	return tx.AddClaimStep(ctx, postgres.ClaimStep{ID: uuid.Must(uuid.NewV7()).String(), Claim: c.ID, At: c.UpdatedAt, By: a.User, Role: rights[0].Grant.Role,
		Action: in.Action, From: from, To: to, Score: c.Score, Fen: c.Fen, Reason: in.Reason})
}

func (in ClaimStep) faults(terms subsidy.Terms) error {
	f := mediation.Faults{}
	switch in.Action {
	case subsidy.Score:
		if in.Score < terms.Pass() || in.Score > subsidy.MaxScore {
			f.Mark("score", "subsidy.score_range")
		}
	case subsidy.Return, subsidy.Refuse, subsidy.Reclaim:
		f.Require("reason", in.Reason)
	}
	if utf8.RuneCountInString(in.Reason) > MaxReason {
		f.Mark("reason", "error.place_text_long")
	}
	return f.Err()
}

// UpholdComplaint notes that a complaint about a claimant in his case was found
// right: nothing is paid for it any more.
//
// Errors: Forbidden, NotFound; Invalid with the field reason.
//
// Source: PML 15.
func (l *Ledger) UpholdComplaint(ctx context.Context, a mediation.Actor, id, reason string) error {
	rights, err := l.policy.Check(a, subsidyObject, "complain")
	if err != nil {
		return err
	}
	if err := uuid.Validate(id); err != nil {
		return missing()
	}
	reason = strings.TrimSpace(reason)
	if err := (ClaimStep{Action: subsidy.Refuse, Reason: reason}).faults(subsidy.Shipped()); err != nil {
		return err
	}
	return l.db.InTx(ctx, func(tx postgres.Tx) error {
		c, err := tx.LockClaim(ctx, a, rights, id)
		if err != nil {
			return err
		}
		if c == nil || c.Claimant == a.User {
			return missing()
		}
		return tx.AddComplaint(ctx, uuid.Must(uuid.NewV7()).String(), *c, reason, a.User, l.now())
	})
}

// MayUphold says whether the actor may note an upheld complaint, for the page.
func (l *Ledger) MayUphold(a mediation.Actor, c Claim) bool {
	return l.reaches(a, "complain", c) && c.Claimant != a.User
}

// dayOf is the day of a moment, for names of files.
func dayOf(b postgres.Batch) string { return statute.DateOf(b.MadeAt).String() }

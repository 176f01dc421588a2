package casework

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// View is a case as one reader may see it, with what he may do now.
type View struct {
	Case      *mediation.Case
	Me        *mediation.Party // the party the reader is himself; nil for staff
	As        mediation.Role   // the role by which the reader sees the case
	History   []mediation.Event
	Acts      []mediation.Action // allowed by policy, offered by the stage, in the order of the procedure
	Reach     []mediation.Action // allowed by policy on this case, whatever its stage
	Objects   map[string]bool    // kinds of things the reader sees
	Names     map[mediation.UserID]string
	Committee postgres.CommitteeCard
	Area      string
	Courts    map[mediation.CourtID]string
	Kin       []Kin                 // cases this one follows, or that follow it
	Competent []statute.CourtChoice // for judicial confirmation, by what the file knows
	Now       time.Time
	Kept      []paper.Kept // the issues in force, of a case read to bind its volume

	// What the view was made from: papers to be issued are drawn for others too.
	whole *mediation.Case
	all   []mediation.Event
	actor mediation.Actor
	sees  mediation.Sight
}

// surroundings is what a view reads beside the case: of the database, or of a
// transaction that holds the case.
type surroundings interface {
	History(context.Context, mediation.CaseID) ([]mediation.Event, error)
	Kin(context.Context, mediation.Actor, []mediation.Right, *mediation.Case, time.Time) ([]Kin, error)
	Surroundings(context.Context, *mediation.Case, []mediation.UserID) (map[mediation.UserID]string, postgres.CommitteeCard, string, postgres.Courts, error)
}

// Refuse says why an act is not among those offered: Forbidden when the reader's
// roles may never do it, NotFound when they may but not on this case, Conflict
// when the stage does not allow it. Nil when it is offered.
func (v *View) Refuse(a mediation.Action, ever bool) error {
	switch {
	case v.May(a):
		return nil
	case !ever:
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	case !slices.Contains(v.Reach, a):
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return &mediation.Error{Kind: mediation.Conflict, Key: "error.stage_refuses",
		Args: map[string]string{"stage": string(v.Case.Stage), "action": string(a)}}
}

// May says whether the act is among those offered.
func (v *View) May(a mediation.Action) bool { return slices.Contains(v.Acts, a) }

// Case reads one case for one reader in a handful of statements. What the reader
// may not see is not in the answer. Reading a restricted file leaves a line in
// the access log.
//
// Errors: Forbidden, NotFound.
func (d *Desk) Case(ctx context.Context, a mediation.Actor, id mediation.CaseID) (*View, error) {
	rights, err := d.policy.Check(a, "case", "read")
	if err != nil {
		return nil, err
	}
	now := d.now()
	c, err := d.db.Case(ctx, a, rights, id, now)
	if err != nil {
		return nil, err
	}
	v, err := d.view(ctx, a, c, now, nil)
	if err != nil {
		return nil, err
	}
	if c.Restricted && v.Me == nil {
		err = d.db.InTx(ctx, func(tx postgres.Tx) error {
			return tx.LogAccess(ctx, d.access(a, c, "case", "read", now))
		})
	}
	return v, err
}

// OpenFile reads the whole file of a case in the reader's area that nobody asked
// him about. It wants a reason in words, which the parties can read later.
//
// Errors: Forbidden, NotFound, Invalid when the reason is missing.
func (d *Desk) OpenFile(ctx context.Context, a mediation.Actor, id mediation.CaseID, reason string) (*View, error) {
	rights, err := d.policy.Check(a, "case", "open_file")
	if err != nil {
		return nil, err
	}
	f := mediation.Faults{}
	f.Require("reason", reason)
	f.Limit("reason", reason, mediation.MaxLine)
	if err := f.Err(); err != nil {
		return nil, err
	}
	now := d.now()
	c, err := d.db.Case(ctx, a, rights, id, now)
	if err != nil {
		return nil, err
	}
	line := d.access(a, c, "case", "open_file", now)
	line.Reason = strings.TrimSpace(reason)
	if err := d.db.InTx(ctx, func(tx postgres.Tx) error { return tx.LogAccess(ctx, line) }); err != nil {
		return nil, err
	}
	return d.view(ctx, a, c, now, opened)
}

// opened are the kinds of things a file opened with a reason shows.
var opened = []string{"facts", "session", "agreement", "deadline", "escalation", "referral", "risk"}

func (d *Desk) access(a mediation.Actor, c *mediation.Case, object string, action mediation.Action, now time.Time) postgres.Access {
	rights := d.policy.Scope(a, object, action)
	return postgres.Access{ID: newID(), At: now, Case: c.ID, AreaPath: c.AreaPath, By: a.User, Role: role(rights, a, c, now), Object: object,
		Action: action, Allowed: true}
}

func (d *Desk) view(ctx context.Context, a mediation.Actor, c *mediation.Case, now time.Time, extra []string) (*View, error) {
	return d.viewIn(ctx, d.db, a, c, now, extra)
}

// sight is what an actor may see of a case by the policy; what was asked about is
// noted among the objects.
func (d *Desk) sight(a mediation.Actor, row mediation.Row, now time.Time, extra []string, objects map[string]bool) mediation.Sight {
	return func(object string, action mediation.Action) []mediation.Scope {
		var scopes []mediation.Scope
		for _, r := range d.policy.Scope(a, object, action) {
			if r.Allows(a, row, now) {
				scopes = append(scopes, r.Scope)
			}
		}
		if slices.Contains(extra, object) {
			scopes = append(scopes, mediation.ScopeSupervised)
		}
		objects[object] = len(scopes) > 0
		return scopes
	}
}

func (d *Desk) viewIn(ctx context.Context, db surroundings, a mediation.Actor, c *mediation.Case, now time.Time, extra []string) (*View, error) {
	row := c.Row()
	objects := map[string]bool{}
	sees := d.sight(a, row, now, extra, objects)
	history, err := db.History(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	v := &View{Case: c.For(a, sees), Me: c.ActorParty(a), As: role(d.policy.Scope(a, "case", "read"), a, c, now), Objects: objects, Now: now,
		whole: c, all: history, actor: a, sees: d.sight(a, row, now, extra, map[string]bool{})}
	v.History = d.told(v, slices.Clone(history))
	v.Reach = d.reach(a, row, now)
	v.Acts = slices.DeleteFunc(slices.Clone(v.Reach), func(action mediation.Action) bool { return !c.OffersTo(a, action) })
	sees("paper", "print")
	sees("signature", "read")
	sees("volume", "export")
	sees("access_log", "read")
	sees("service", "open")
	masked := objects["identity"]
	sees("identity", "reveal")
	objects["reveal"], objects["identity"] = objects["identity"], masked
	sees("code", "issue")
	if v.Kin, err = d.kin(ctx, db, v, a, now); err != nil {
		return nil, err
	}
	var reach postgres.Courts
	v.Names, v.Committee, v.Area, reach, err = db.Surroundings(ctx, c, people(c, v.History))
	v.Courts = reach.Names()
	v.Competent = c.CompetentCourts((&mediation.Scene{Courts: v.Courts, Areas: reach.Areas()}).CourtSeats(), v.Committee.Area)
	return v, err
}

// courts are the lines of a history that a court reads.
var courts = []mediation.Action{
	mediation.EnterCourtTrack, mediation.ReferToCourt, mediation.TakeReferral, mediation.DeclineReferral, mediation.CourtAgreed, mediation.CourtFailed, mediation.CourtEnded,
	mediation.ApplyConfirmation, mediation.FileConfirmation, mediation.ConfirmTake, mediation.ConfirmGrant, mediation.ConfirmReject, mediation.ConfirmNotTake,
	mediation.ConfirmWithdraw, mediation.ConfirmEnforce, mediation.ExtendRuling, mediation.ObjectRuling, mediation.DismissObjection, mediation.UpholdObjection,
}

// told is the history for the reader: parties do not read of dangers noted, of
// talks with the other side alone, of who wanted closed sessions, or of how the office reached its neighbours.
// Of a paper that was issued reads who may open it.
func (d *Desk) told(v *View, history []mediation.Event) []mediation.Event {
	history = slices.DeleteFunc(history, func(e mediation.Event) bool {
		return e.Action == mediation.IssuePaper && !slices.ContainsFunc(v.Case.Issues, func(n mediation.Issue) bool { return n.ID == e.Subject })
	})
	if v.Me == nil && !v.Objects["facts"] && v.Objects["referral"] { // a court reads its own steps, not the office's
		return slices.DeleteFunc(history, func(e mediation.Event) bool { return !slices.Contains(courts, e.Action) })
	}
	if v.Me == nil {
		return history
	}
	quiet := []mediation.Action{mediation.RaiseRisk, mediation.ReportRisk, mediation.LiftHold, mediation.NoteCaucus, mediation.LogContact,
		mediation.UpdateParty, mediation.ConfirmGrade, mediation.DeclareConflict, mediation.ReportMajor, mediation.TakeMajorReport,
		mediation.AskClosed}
	history = slices.DeleteFunc(history, func(e mediation.Event) bool { return slices.Contains(quiet, e.Action) })
	for i := range history { // which tie it was, is the mediator's own
		if _, found := history[i].Codes["found"]; found {
			history[i].Codes = maps.Clone(history[i].Codes)
			delete(history[i].Codes, "found")
		}
	}
	return history
}

// reach is what the policy allows the actor on this row, in the order of the
// procedure.
func (d *Desk) reach(a mediation.Actor, row mediation.Row, now time.Time) []mediation.Action {
	var list []mediation.Action
	for _, action := range mediation.Actions() {
		if _, ok := mediation.NewAct(action); !ok {
			continue
		}
		if mediation.AnyAllows(d.policy.Scope(a, "case", action), a, row, now) {
			list = append(list, action)
		}
	}
	return list
}

// people are the accounts named on the page.
func people(c *mediation.Case, history []mediation.Event) []mediation.UserID {
	seen := map[mediation.UserID]bool{}
	for _, e := range history {
		seen[e.By] = true
	}
	for _, a := range c.Assignments {
		seen[a.Mediator] = true
	}
	var ids []mediation.UserID
	for id := range seen {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// Accesses tells who opened a case: what its parties may ask (PIPL 44, 54). A
// party reads what was opened of himself and of the whole case, not the reasons
// why somebody looked at the others.
//
// Errors: Forbidden, NotFound.
func (d *Desk) Accesses(ctx context.Context, a mediation.Actor, id mediation.CaseID) ([]postgres.AccessLine, error) {
	rights, err := d.policy.Check(a, "access_log", "read")
	if err != nil {
		return nil, err
	}
	c, err := d.db.Case(ctx, a, rights, id, d.now())
	if err != nil {
		return nil, err
	}
	var only mediation.PartyID
	if me := c.ActorParty(a); me != nil {
		only = me.ID
	}
	return d.db.Accesses(ctx, id, only)
}

// Mediators lists whom the chair may assign, the least loaded first.
func (d *Desk) Mediators(ctx context.Context, a mediation.Actor, committee mediation.CommitteeID) ([]mediation.Mediator, error) {
	if !d.policy.Can(a, "case", mediation.Assign) && !d.policy.Can(a, "case", mediation.ChooseMediator) {
		return nil, &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	return d.db.CommitteeMediators(ctx, committee)
}

// Caucus opens the notes of talks with one side, for their author alone.
func (d *Desk) Caucus(ctx context.Context, a mediation.Actor, id mediation.CaseID) ([]mediation.CaucusNote, error) {
	if _, err := d.policy.Check(a, "caucus_note", "read"); err != nil {
		return nil, err
	}
	rights, err := d.policy.Check(a, "case", "read")
	if err != nil {
		return nil, err
	}
	if _, err := d.db.Case(ctx, a, rights, id, d.now()); err != nil {
		return nil, err
	}
	return d.db.CaucusNotes(ctx, id, a.User)
}

// Named is a choice of a form: an id with its name.
type Named struct{ ID, Name string }

// Offices lists the committees a case may be given to after a review and the
// people who may be invited to it with the parties' consent.
func (d *Desk) Offices(ctx context.Context, a mediation.Actor, c *mediation.Case) (committees, helpers []Named, err error) {
	if !d.policy.Can(a, "case", mediation.Reassign) && !d.policy.Can(a, "case", mediation.InviteHelper) {
		return nil, nil, &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	rows, err := d.db.Offices(ctx, c.Committee, c.AreaPath)
	for _, r := range rows {
		if r.Helper {
			helpers = append(helpers, Named{r.ID, r.Name})
		} else {
			committees = append(committees, Named{r.ID, r.Name})
		}
	}
	return committees, helpers, err
}

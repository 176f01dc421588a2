package casework

import (
	"context"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// ties gathers what the check of conflicts compares, for an act that asks for
// it: those the act names and those who mediate already, against the parties as
// the act would leave them. Nil for any other act.
func ties(ctx context.Context, tx postgres.Tx, c *mediation.Case, act mediation.Act, a mediation.Actor) (map[mediation.UserID][]mediation.Finding, error) {
	checks, ok := act.(mediation.Checks)
	if !ok {
		return nil, nil
	}
	var ids []mediation.UserID
	if _, names := act.(mediation.Wants); names {
		ids = named(act, a)
	}
	for _, v := range c.Assignments {
		if v.EndedAt.IsZero() && !slices.Contains(ids, v.Mediator) {
			ids = append(ids, v.Mediator)
		}
	}
	return tx.Findings(ctx, c, ids, checks.Newcomer())
}

// Candidate is somebody of the committee as the chair weighs him for a case.
type Candidate struct {
	mediation.Mediator
	Unfit    string // key of what keeps him out in any case; ""
	Verdict  mediation.Verdict
	Findings []mediation.Finding
}

// Candidates lists the mediators of the case's committee with what the check
// finds between each and the parties, before anybody is chosen.
//
// Errors: Forbidden for whoever may not assign, NotFound out of reach.
func (d *Desk) Candidates(ctx context.Context, a mediation.Actor, c *mediation.Case) ([]Candidate, error) {
	rights, err := d.policy.Check(a, "case", mediation.Assign)
	if err != nil {
		return nil, err
	}
	now := d.now()
	if !mediation.AnyAllows(rights, a, c.Row(), now) {
		return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	people, err := d.db.CommitteeMediators(ctx, c.Committee)
	if err != nil {
		return nil, err
	}
	ids := make([]mediation.UserID, len(people))
	for i, m := range people {
		ids[i] = m.User
	}
	found, err := d.db.Findings(ctx, c, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Candidate, len(people))
	for i, m := range people {
		list[i] = Candidate{Mediator: m, Unfit: c.Unfit(m, statute.DateOf(now)), Findings: found[m.User], Verdict: mediation.VerdictOf(found[m.User])}
	}
	return list, nil
}

// Declaration is what somebody of the office declares of himself, so that it can
// be held against the parties of a case (ONL22 13).
type Declaration struct {
	Kind       string // code list "tie_kind"; of the page, not of the form
	Kinship    string `form:"kinship"`
	Office     string `form:"office"`
	Name       string `form:"name"`
	Phone      string `form:"phone"`
	IDNumber   string `form:"id_number"`
	CreditCode string `form:"credit_code"`
	Address    string `form:"address"`
}

// maxTies bounds what one person declares.
const maxTies = 60

// check marks what is wrong; each kind asks for its own fields.
func (n Declaration) check(today statute.Date) mediation.Faults {
	f := mediation.Faults{}
	switch n.Kind {
	case "home":
		f.Require("address", n.Address)
		if n.Address != "" && !postgres.Comparable(n.Address) {
			f.Mark("address", "rule.address_door")
		}
	case "relative":
		f.Choice("kinship", n.Kinship, statute.Kinships)
		f.Require("name", n.Name)
	case "office":
		f.Choice("office", n.Office, statute.OfficesHeld)
		f.Require("name", n.Name)
	default:
		f.Require("name", n.Name)
	}
	f.Limit("name", n.Name, mediation.MaxName)
	f.Limit("address", n.Address, mediation.MaxLine)
	f.Limit("credit_code", n.CreditCode, mediation.MaxName)
	f.Phone("phone", n.Phone)
	f.IDNumber("id_number", n.IDNumber, today)
	return f
}

// Ties are what the actor declared of himself and did not take back.
func (d *Desk) Ties(ctx context.Context, a mediation.Actor) ([]postgres.Tie, error) {
	if _, err := d.policy.Check(a, "declaration", "read"); err != nil {
		return nil, err
	}
	return d.db.Ties(ctx, a.User)
}

// Declare keeps a declaration and holds it at once against the cases its author
// mediates: where it blocks him, the file is shut to him and the chair decides.
// It gives how many files were shut.
//
// Errors: Forbidden, Invalid with fields.
func (d *Desk) Declare(ctx context.Context, a mediation.Actor, n Declaration) (int, error) {
	if _, err := d.policy.Check(a, "declaration", "declare"); err != nil {
		return 0, err
	}
	if err := n.check(statute.DateOf(d.now())).Err(); err != nil {
		return 0, err
	}
	known, err := d.db.Ties(ctx, a.User)
	if err != nil {
		return 0, err
	}
	if len(known) >= maxTies {
		return 0, &mediation.Error{Kind: mediation.Invalid, Key: "rule.too_many_ties"}
	}
	phone, _, _ := statute.CheckPhone(n.Phone)
	t := postgres.Tie{ID: newID(), User: a.User, Kind: n.Kind, Name: strings.TrimSpace(n.Name), Phone: phone,
		IDNumber: statute.PlainID(n.IDNumber), CreditCode: strings.TrimSpace(n.CreditCode), Address: strings.TrimSpace(n.Address),
		DeclaredAt: d.now(), What: map[string]string{"relative": n.Kinship, "office": n.Office}[n.Kind]}
	err = d.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := tx.AddTie(ctx, t); err != nil {
			return err
		}
		return tx.AddOfficeEvent(ctx, postgres.OfficeEvent{ID: newID(), At: t.DeclaredAt, By: a.User, Action: "declare_tie", Subject: t.ID,
			Codes: map[string]string{"kind": t.Kind}})
	})
	if err != nil {
		return 0, err
	}
	return d.holdAgainstCases(ctx, a.User)
}

// holdAgainstCases checks the cases somebody mediates anew. A case that another
// hand changes meanwhile is checked again when a party comes or a mediator goes.
func (d *Desk) holdAgainstCases(ctx context.Context, user mediation.UserID) (int, error) {
	cases, err := d.db.ActingOn(ctx, user)
	if err != nil {
		return 0, err
	}
	shut := 0
	for _, id := range cases {
		_, err := d.Do(ctx, mediation.System(), id, 0, &mediation.ConflictFound{})
		switch mediation.KindOf(err) {
		case mediation.Invalid, mediation.Conflict, mediation.NotFound: // nothing blocks him there
			continue
		}
		if err != nil {
			return shut, err
		}
		shut++
	}
	return shut, nil
}

// TakeBack ends one of the actor's own declarations; what it led to in a case
// stays.
//
// Errors: Forbidden, NotFound.
func (d *Desk) TakeBack(ctx context.Context, a mediation.Actor, id string) error {
	if _, err := d.policy.Check(a, "declaration", "declare"); err != nil {
		return err
	}
	now := d.now()
	return d.db.InTx(ctx, func(tx postgres.Tx) error {
		if err := tx.EndTie(ctx, a.User, id, now); err != nil {
			return err
		}
		return tx.AddOfficeEvent(ctx, postgres.OfficeEvent{ID: newID(), At: now, By: a.User, Action: "end_tie", Subject: id})
	})
}

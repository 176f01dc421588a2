package office

import (
	"context"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// The bounds of what a committee settles for itself.
const (
	MinContacts     = 1
	MaxContacts     = 20
	DefaultContacts = 3
	MaxShortName    = 20 // characters; it stands in every number
)

// SetUpCommittee founds a committee in the program and gives its id: without one
// nobody can work (decision 12).
//
// Errors: Forbidden; Invalid with the fields name, short_name, kind, area, phone,
// address, contacts, and limit.D-01 and its like.
//
// Source: PML 7 to 9 (the committee, its term of three years); decision 12.
func (o *Office) SetUpCommittee(ctx context.Context, a mediation.Actor, c Committee) (mediation.CommitteeID, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return "", err
	}
	c.ID = mediation.CommitteeID(newID())
	err := o.saveCommittee(ctx, a, "set_up_committee", c, postgres.Tx.InsertCommittee)
	return c.ID, err
}

// ChangeCommittee stores what a committee settled anew. Clocks that run already
// keep the term they began with.
//
// Errors: as SetUpCommittee; NotFound; Conflict when somebody changed it since
// c.Version was read.
func (o *Office) ChangeCommittee(ctx context.Context, a mediation.Actor, c Committee) error {
	if err := o.may(a, officeObject, manage); err != nil {
		return err
	}
	if !isID(c.ID) {
		return notFound()
	}
	return o.saveCommittee(ctx, a, "change_committee", c, func(tx postgres.Tx, ctx context.Context, c Committee) error {
		if _, err := found(tx.Committee(ctx, c.ID)); err != nil {
			return err
		}
		return tx.UpdateCommittee(ctx, c)
	})
}

func (o *Office) saveCommittee(ctx context.Context, a mediation.Actor, what string, c Committee,
	save func(postgres.Tx, context.Context, Committee) error) error {
	trim(&c.Name, &c.ShortName, &c.Phone, &c.Address)
	return o.change(ctx, a, what, func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		faults := committeeFaults(c)
		area, err := checkArea(ctx, tx, faults, c.Area)
		if err != nil {
			return err
		}
		if area != nil && !area.Kind.Root() {
			faults.Mark("area", "error.committee_area") // a grid or a building has none (PML 8)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		e.Subject = string(c.ID)
		return save(tx, ctx, c)
	})
}

func committeeFaults(c Committee) mediation.Faults {
	f := mediation.Faults{}
	f.Require("name", c.Name)
	short(f, "name", c.Name, place.MaxName)
	f.Require("short_name", c.ShortName)
	if strings.ContainsAny(c.ShortName, "〔〕[]（）() \t\n") || len([]rune(c.ShortName)) > MaxShortName {
		f.Mark("short_name", "error.short_name")
	}
	if !statute.Valid(statute.CommitteeKinds, c.Kind) {
		f.Mark("kind", "error.choose")
	}
	checkPhone(f, c.Phone)
	short(f, "address", c.Address, place.MaxText)
	if c.Contacts < MinContacts || c.Contacts > MaxContacts {
		f.Mark("contacts", "error.contacts")
	}
	for id, term := range c.Limits {
		rule, known := statute.Deadline(id)
		switch {
		case !known || !Settable(rule) || !term.Valid():
			f.Mark(LimitField(id), "error.limit")
		case !rule.Takes(term):
			f.Mark(LimitField(id), "error.limit_kept")
		}
	}
	for _, id := range c.Limits.RetentionOrder() {
		f.Mark(LimitField(id), "error.limit_kept_order")
	}
	return f
}

// Settable says whether a committee may give a clock a length of its own: not
// what the law fixes, and not the day the parties agree on (D-13).
func Settable(rule statute.DeadlineRule) bool { return !rule.Hard && rule.Term.N > 0 }

// LimitField is the name of a clock's field in the committee's form.
func LimitField(id statute.DeadlineID) string { return "limit." + string(id) }

// Committees is every committee, by its area.
//
// Errors: Forbidden.
func (o *Office) Committees(ctx context.Context, a mediation.Actor) ([]Committee, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	return o.db.Committees(ctx)
}

// Committee is one committee.
//
// Errors: Forbidden, NotFound.
func (o *Office) Committee(ctx context.Context, a mediation.Actor, id mediation.CommitteeID) (*Committee, error) {
	if err := o.may(a, officeObject, read); err != nil {
		return nil, err
	}
	if !isID(id) {
		return nil, notFound()
	}
	return found(o.db.Committee(ctx, id))
}

// Members is who holds which role at a committee, also those whose grant waits
// for a second person.
//
// Errors: Forbidden.
func (o *Office) Members(ctx context.Context, a mediation.Actor, id mediation.CommitteeID) ([]Grant, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return nil, err
	}
	if !isID(id) {
		return nil, notFound()
	}
	return o.db.GrantsAt(ctx, id)
}

// StepID names a step of setting the office up.
type StepID string

// The steps, in the order in which each needs the one before.
const (
	StepArea        StepID = "area"
	StepCommittee   StepID = "committee"
	StepPeople      StepID = "people"      // chair and clerk of every committee
	StepMediators   StepID = "mediators"   // a registered mediator at least (PML 13, 14)
	StepPoints      StepID = "points"      // where people can go
	StepSecondAdmin StepID = "secondadmin" // so that rights need two (decision 15)
)

// Step is one step of setting the office up.
type Step struct {
	ID   StepID
	Done bool
}

// Gap is a role nobody holds at a committee, so that its cases would stop there.
type Gap struct {
	Committee mediation.CommitteeID
	Name      string
	Role      mediation.Role
}

// Progress is how far the office is set up and what comes next.
type Progress struct {
	postgres.OfficeCounts
	Steps []Step
	Gaps  []Gap
}

// Next is the first step that is not done; "" when all are.
func (p Progress) Next() StepID {
	for _, s := range p.Steps {
		if !s.Done {
			return s.ID
		}
	}
	return ""
}

// needed are the roles without which a committee's cases stop: somebody takes
// them in, somebody leads them, somebody decides and seals.
var needed = []mediation.Role{mediation.RoleCoordinator, mediation.RoleChair, mediation.RoleMediator}

// Progress reads how far the office is set up.
//
// Errors: Forbidden.
func (o *Office) Progress(ctx context.Context, a mediation.Actor) (Progress, error) {
	if err := o.may(a, officeObject, manage); err != nil {
		return Progress{}, err
	}
	counts, err := o.db.OfficeCounts(ctx)
	if err != nil {
		return Progress{}, err
	}
	committees, err := o.db.Committees(ctx)
	if err != nil {
		return Progress{}, err
	}
	roles, err := o.db.CommitteeRoles(ctx)
	if err != nil {
		return Progress{}, err
	}
	admins, err := o.db.Holders(ctx, o.granting())
	if err != nil {
		return Progress{}, err
	}
	p := Progress{OfficeCounts: counts, Gaps: gaps(committees, roles)}
	p.Steps = steps(p, len(admins))
	return p, nil
}

func gaps(committees []Committee, roles []postgres.RolesAt) []Gap {
	type seat struct {
		committee mediation.CommitteeID
		role      mediation.Role
	}
	held := map[seat]bool{}
	for _, r := range roles {
		held[seat{r.Committee, r.Role}] = r.People > 0
	}
	var missing []Gap
	for _, c := range committees {
		for _, role := range needed {
			if !held[seat{c.ID, role}] {
				missing = append(missing, Gap{c.ID, c.Name, role})
			}
		}
	}
	return missing
}

func steps(p Progress, admins int) []Step {
	people, mediators := p.Committees > 0, p.Committees > 0 && p.Registered > 0
	for _, g := range p.Gaps {
		people = people && g.Role == mediation.RoleMediator
		mediators = mediators && g.Role != mediation.RoleMediator
	}
	return []Step{
		{StepArea, p.Areas > 0}, {StepCommittee, p.Committees > 0}, {StepPeople, people}, {StepMediators, mediators},
		{StepPoints, p.Points > 0}, {StepSecondAdmin, admins > 1},
	}
}

package office

import (
	"context"
	"slices"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
)

// PlaceKind is what kind of place a grant of a role names.
type PlaceKind string

// The kinds of place.
const (
	AtCommittee PlaceKind = "committee"
	AtGrid      PlaceKind = "grid"
	AtArea      PlaceKind = "area" // with its whole subtree
	AtCourt     PlaceKind = "court"
)

// Grantable lists the roles that are granted, with the kind of place each needs.
// The others come by themselves: a visitor, a holder of a code, a resident, the
// system.
//
// Source: decision 12.
func Grantable() []Placed {
	return []Placed{
		{mediation.RoleCoordinator, AtCommittee}, {mediation.RoleMediator, AtCommittee}, {mediation.RoleChair, AtCommittee},
		{mediation.RoleAssistant, AtCommittee}, {mediation.RoleGridWorker, AtGrid}, {mediation.RoleLegalOfficer, AtArea},
		{mediation.RoleCourtClerk, AtCourt}, {mediation.RoleSupervisor, AtArea}, {mediation.RoleAuditor, AtArea},
		{mediation.RoleAdmin, AtArea},
	}
}

// Placed is a role with the kind of place its grant names.
type Placed struct {
	Role mediation.Role
	At   PlaceKind
}

// PlaceOf is the kind of place a grant of the role names; "" when the role is
// not granted.
func PlaceOf(role mediation.Role) PlaceKind {
	for _, p := range Grantable() {
		if p.Role == role {
			return p.At
		}
	}
	return ""
}

// NewGrant is a right somebody is to have. The person is named by User or, when
// that is "", by Username. Of the places only the one of the role is used.
type NewGrant struct {
	User      mediation.UserID
	Username  string
	Role      mediation.Role
	Committee mediation.CommitteeID
	Area      mediation.AreaID
	Court     mediation.CourtID
}

// granting lists the roles that the policy lets grant roles.
func (o *Office) granting() []mediation.Role {
	var roles []mediation.Role
	for _, role := range mediation.Roles {
		if o.policy.Can(mediation.Actor{Grants: []mediation.Grant{{Role: role}}}, userObject, grant) {
			roles = append(roles, role)
		}
	}
	return roles
}

// grants says whether the user may grant roles.
func (o *Office) grants(u User) bool {
	roles := o.granting()
	return slices.ContainsFunc(u.Roles, func(r string) bool { return slices.Contains(roles, mediation.Role(r)) })
}

// Grant gives a person a role at a place. It holds at once while one person
// alone may grant; from the second on it waits for ConfirmGrant by another, and
// ConfirmedAt is nil.
//
// Errors: Forbidden; Conflict when he has the right already or his account is
// stopped; Invalid with the fields username, role, committee, area, court.
//
// Source: decisions 12 and 15.
func (o *Office) Grant(ctx context.Context, a mediation.Actor, n NewGrant) (Grant, error) {
	if err := o.may(a, userObject, grant); err != nil {
		return Grant{}, err
	}
	trim(&n.Username)
	g := Grant{ID: newID(), User: n.User, Role: n.Role, GrantedBy: a.User}
	err := o.change(ctx, a, "grant", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		if err := tx.LockGrants(ctx); err != nil {
			return err
		}
		faults := mediation.Faults{}
		user, err := findUser(ctx, tx, faults, n)
		if err != nil {
			return err
		}
		if err := findPlace(ctx, tx, faults, n, &g); err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if user.DisabledAt != nil {
			return conflict("office.user_disabled")
		}
		holders, err := tx.Holders(ctx, o.granting(), "")
		if err != nil {
			return err
		}
		g.User, g.UserName, g.GrantedAt = user.ID, user.Name, e.At
		if len(holders) < 2 {
			g.ConfirmedAt = &e.At
		}
		e.Subject, e.Codes = g.ID, map[string]string{"role": string(g.Role), "user": string(g.User)}
		return tx.InsertGrant(ctx, g)
	})
	return g, err
}

// findUser reads whom the grant is for, or marks the field username.
func findUser(ctx context.Context, tx postgres.Tx, f mediation.Faults, n NewGrant) (user *User, err error) {
	switch {
	case isID(n.User):
		user, err = tx.UserByID(ctx, n.User)
	case n.User == "" && n.Username != "":
		user, err = tx.UserByName(ctx, strings.ToLower(n.Username))
	}
	if err == nil && user == nil {
		f.Mark("username", "error.no_such_user")
	}
	return user, err
}

// findPlace takes the place of the role over into g, or marks its field.
func findPlace(ctx context.Context, tx postgres.Tx, f mediation.Faults, n NewGrant, g *Grant) error {
	switch PlaceOf(n.Role) {
	case AtCommittee:
		g.Committee = n.Committee
		return checkCommittee(ctx, tx, f, n.Committee)
	case AtCourt:
		g.Court = n.Court
		if !isID(n.Court) {
			f.Mark("court", "error.choose")
			return nil
		}
		court, err := tx.Court(ctx, n.Court)
		if err == nil && court == nil {
			f.Mark("court", "error.choose")
		}
		return err
	case AtArea:
		g.Area = n.Area
		_, err := checkArea(ctx, tx, f, n.Area)
		return err
	case AtGrid:
		g.Area = n.Area
		area, err := checkArea(ctx, tx, f, n.Area)
		if area != nil && area.Kind != place.Grid {
			f.Mark("area", "error.grid_needed")
		}
		return err
	}
	f.Mark("role", "error.choose")
	return nil
}

// ConfirmGrant makes a grant hold. It takes another person than the one who
// granted, as long as there is another who may.
//
// Errors: Forbidden, also for one's own grant; NotFound when it holds already or
// has ended.
//
// Source: decision 15.
func (o *Office) ConfirmGrant(ctx context.Context, a mediation.Actor, id string) error {
	if err := o.may(a, userObject, grant); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "confirm_grant", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		if err := tx.LockGrants(ctx); err != nil {
			return err
		}
		g, err := found(tx.Grant(ctx, id))
		if err != nil {
			return err
		}
		holders, err := tx.Holders(ctx, o.granting(), "")
		if err != nil {
			return err
		}
		others := slices.DeleteFunc(holders, func(u mediation.UserID) bool { return u == a.User })
		if g.GrantedBy == a.User && len(others) > 0 {
			return forbidden("office.confirm_own")
		}
		e.Subject, e.Codes = id, map[string]string{"role": string(g.Role), "user": string(g.User)}
		return tx.ConfirmGrant(ctx, id, a.User, e.At)
	})
}

// EndGrant takes a right away, or withdraws one that still waits.
//
// A right to grant rights is never the last, and nobody takes it from another
// when only one would remain: else one of two could put the other out and then
// grant alone what needs two. Whoever leaves ends his own.
//
// Errors: Forbidden; NotFound when it has ended; Conflict when too few would be
// left to grant rights.
func (o *Office) EndGrant(ctx context.Context, a mediation.Actor, id string) error {
	if err := o.may(a, userObject, grant); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "end_grant", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		g, err := found(tx.Grant(ctx, id))
		if err != nil {
			return err
		}
		if g.Holds() && slices.Contains(o.granting(), g.Role) {
			if err := o.mayLose(ctx, tx, a, g.User, id); err != nil {
				return err
			}
		}
		e.Subject, e.Codes = id, map[string]string{"role": string(g.Role), "user": string(g.User)}
		return tx.EndGrant(ctx, id, e.At)
	})
}

// mayLose refuses to take the right to grant from a person when too few would be
// left: by a single grant, or by all of them when gone is "".
func (o *Office) mayLose(ctx context.Context, tx postgres.Tx, a mediation.Actor, user mediation.UserID, gone string) error {
	if err := tx.LockGrants(ctx); err != nil {
		return err
	}
	before, err := tx.Holders(ctx, o.granting(), "")
	if err != nil || !slices.Contains(before, user) {
		return err
	}
	left, err := tx.Holders(ctx, o.granting(), gone)
	if err != nil {
		return err
	}
	if gone == "" {
		left = slices.DeleteFunc(left, func(u mediation.UserID) bool { return u == user })
	}
	switch {
	case slices.Contains(left, user): // he keeps it by another grant
		return nil
	case len(left) == 0:
		return conflict("office.last_admin")
	case len(left) == 1 && user != a.User:
		return conflict("office.keep_two_admins")
	}
	return nil
}

// Unconfirmed is the grants that wait for a second person, oldest first.
//
// Errors: Forbidden.
func (o *Office) Unconfirmed(ctx context.Context, a mediation.Actor) ([]Grant, error) {
	if err := o.may(a, userObject, grant); err != nil {
		return nil, err
	}
	return o.db.UnconfirmedGrants(ctx)
}

package mediation

import "slices"

// Role is a subject of the policy. Rules and SQL never name one; they only
// carry it into the history.
type Role string

// The roles (policies/policy.csv gives them their rights).
const (
	RoleVisitor      Role = "visitor"       // nobody signed in
	RoleCodeHolder   Role = "code_holder"   // came with a receipt code or an invitation
	RoleResident     Role = "resident"      // signed in, without a grant
	RoleGridWorker   Role = "grid_worker"   // 网格员
	RoleAssistant    Role = "assistant"     // 法律明白人, 乡贤, counsel invited to a case
	RoleCoordinator  Role = "coordinator"   // the intake clerk of a committee
	RoleMediator     Role = "mediator"      // 人民调解员
	RoleChair        Role = "chair"         // 调委会主任
	RoleLegalOfficer Role = "legal_officer" // 司法所
	RoleCourtClerk   Role = "court_clerk"
	RoleSupervisor   Role = "supervisor"
	RoleAuditor      Role = "auditor"
	RoleAdmin        Role = "admin"
	RoleSystem       Role = "system"
)

// Roles lists every role once, in the order pages show them.
var Roles = []Role{
	RoleVisitor, RoleCodeHolder, RoleResident, RoleGridWorker, RoleAssistant, RoleCoordinator, RoleMediator,
	RoleChair, RoleLegalOfficer, RoleCourtClerk, RoleSupervisor, RoleAuditor, RoleAdmin, RoleSystem,
}

// Grant ties a role to the place where it holds: a committee, an area with its
// whole subtree, a grid, or a court. Exactly one of the places is set, none for
// the roles that need none.
type Grant struct {
	Role      Role
	Committee CommitteeID
	AreaPath  string // path of the area, e.g. "city/gx/yy/"; the subtree is every path that begins with it
	Court     CourtID
}

// Level is how well a person without an account is known.
//
// Level 1 holds a code or link; level 2 had the identity checked at the desk,
// by call-back or at a session.
type Level int

// The levels of identity.
const (
	LevelNone    Level = 0
	LevelCode    Level = 1
	LevelChecked Level = 2
)

// CodeAccess is what a receipt code or an invitation opens: one side of one case.
type CodeAccess struct {
	Case  CaseID
	Party PartyID
	Level Level
}

// Actor is who acts. It is an argument of every act and never travels in a
// context. The zero Actor is nobody and may do nothing.
type Actor struct {
	User   UserID
	Name   string
	Grants []Grant
	Code   *CodeAccess
}

// Visitor is the actor of a request without sign-in.
func Visitor() Actor { return Actor{Grants: []Grant{{Role: RoleVisitor}}} }

// CodeHolder is the actor of a short session opened by a code or an invitation.
func CodeHolder(access CodeAccess) Actor {
	return Actor{Grants: []Grant{{Role: RoleCodeHolder}}, Code: &access}
}

// System is the actor of duties that come due by themselves.
func System() Actor { return Actor{Name: "system", Grants: []Grant{{Role: RoleSystem}}} }

// Has says whether one of the grants carries the role.
func (a Actor) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// SignedIn says whether an account stands behind the actor.
func (a Actor) SignedIn() bool { return a.User != "" }

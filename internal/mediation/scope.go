package mediation

import (
	"slices"
	"strings"
	"time"
)

// Scope names a set of cases as seen by one actor. It has two faces: Allows
// here, and Where in package postgres; a test holds them equal.
type Scope string

// The scopes. An unknown scope sees nothing.
const (
	ScopePublic        Scope = "public"         // the act needs no case
	ScopeAny           Scope = "any"            // the object is not a case and is open to the role
	ScopeSelf          Scope = "self"           // the actor's own account
	ScopeParty         Scope = "party"          // the actor is a party, or holds a party's code
	ScopeOwnSide       Scope = "own_side"       // a party, and the item belongs to his side
	ScopeShared        Scope = "shared"         // a party, and the item was shared or signed by him
	ScopeAssigned      Scope = "assigned"       // the acting mediator of the case
	ScopeInvited       Scope = "invited"        // invited to the case with the parties' consent
	ScopeAuthor        Scope = "author"         // the actor wrote the item, or reported the case
	ScopeCommittee     Scope = "committee"      // the case belongs to the grant's committee
	ScopeCommitteeOpen Scope = "committee_open" // as committee, but not a restricted file
	ScopeArea          Scope = "area"           // the case lies in the grant's area
	ScopeSupervised    Scope = "supervised"     // as area, for guidance: register fields only
	ScopeEscalated     Scope = "escalated"      // asked for review in the grant's area, until 30 days after the answer
	ScopeReferred      Scope = "referred"       // referred to the grant's court
	ScopeSystem        Scope = "system"         // every case, for duties that come due
)

// Scopes lists every scope once.
var Scopes = []Scope{
	ScopePublic, ScopeAny, ScopeSelf, ScopeParty, ScopeOwnSide, ScopeShared, ScopeAssigned, ScopeInvited, ScopeAuthor,
	ScopeCommittee, ScopeCommitteeOpen, ScopeArea, ScopeSupervised, ScopeEscalated, ScopeReferred, ScopeSystem,
}

// EscalatedFor is how long legal staff keep reading a case after their answer.
const EscalatedFor = 30 * 24 * time.Hour

// Right is one scope as one grant gives it. The policy turns (actor, object,
// action) into a set of rights; no rights means the role may never do it.
type Right struct {
	Scope Scope
	Grant Grant
}

// Row is what a scope looks at: where a case lies and who is bound to it. The
// times are those of open or answered reviews and of referrals.
type Row struct {
	Case       CaseID
	FiledBy    UserID
	Parties    []UserID // signed-in people tied to a party of the case
	Assigned   []UserID // mediators acting now
	Invited    []UserID
	Conflicted []UserID // declared or found conflict, whatever the role
	Committee  CommitteeID
	AreaPath   string
	Restricted bool
	Reviews    []Review  // asked for so far
	Courts     []CourtID // courts with a referral that was not declined, or an application for confirmation
}

// Review is the part of an escalation a scope looks at: answered at (zero
// while open).
type Review struct{ Answered time.Time }

// Allows says whether the actor's right covers the row at the moment now.
//
// A conflict, or being a party oneself, shuts every staff scope: nobody handles
// his own quarrel. It never shuts the party's own view.
func (r Right) Allows(a Actor, row Row, now time.Time) bool {
	switch r.Scope {
	case ScopeParty, ScopeOwnSide, ScopeShared:
		if a.Code != nil && a.Code.Case == row.Case {
			return true
		}
		return a.User != "" && slices.Contains(row.Parties, a.User)
	case ScopeSystem:
		return a.Has(RoleSystem)
	}
	if a.User == "" || slices.Contains(row.Conflicted, a.User) || slices.Contains(row.Parties, a.User) {
		return false
	}
	inArea := r.Grant.AreaPath != "" && strings.HasPrefix(row.AreaPath, r.Grant.AreaPath)
	inCommittee := r.Grant.Committee != "" && row.Committee == r.Grant.Committee
	switch r.Scope {
	case ScopeAssigned:
		return slices.Contains(row.Assigned, a.User)
	case ScopeInvited:
		return slices.Contains(row.Invited, a.User)
	case ScopeAuthor:
		return row.FiledBy == a.User
	case ScopeCommittee:
		return inCommittee
	case ScopeCommitteeOpen:
		return inCommittee && !row.Restricted
	case ScopeArea, ScopeSupervised:
		return inArea
	case ScopeEscalated:
		return inArea && slices.ContainsFunc(row.Reviews, func(v Review) bool {
			return v.Answered.IsZero() || now.Before(v.Answered.Add(EscalatedFor))
		})
	case ScopeReferred:
		return r.Grant.Court != "" && slices.Contains(row.Courts, r.Grant.Court)
	}
	return false
}

// AnyAllows says whether one of the rights covers the row.
func AnyAllows(rights []Right, a Actor, row Row, now time.Time) bool {
	return slices.ContainsFunc(rights, func(r Right) bool { return r.Allows(a, row, now) })
}

package mediation

// Identifiers are UUIDv7 texts made in Go. Each has a type of its own, so that
// a user's id cannot stand where a case's is wanted.

// CaseID names a case.
type CaseID string

// PersonID names the place where a person's sealed values are kept.
type PersonID string

// PartyID names a party of one case.
type PartyID string

// UserID names an account.
type UserID string

// CommitteeID names a people's mediation committee.
type CommitteeID string

// AreaID names an area, from a province down to a building.
type AreaID string

// CourtID names a court.
type CourtID string

// ItemID names a row that belongs to one case: a session, an obligation, ...
type ItemID string

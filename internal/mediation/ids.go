package mediation

// Identifiers are UUIDv7 texts made in Go. Each has a type of its own, so that
// a user's id cannot stand where a case's is wanted.
type (
	CaseID      string
	PersonID    string
	PartyID     string
	UserID      string
	CommitteeID string
	AreaID      string
	CourtID     string
	ItemID      string // a row that belongs to one case: a session, an obligation, ...
)

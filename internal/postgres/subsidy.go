package postgres

import (
	"context"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// Claim is one claim to be paid for a case.
type Claim struct {
	ID        string                `db:"id"`
	Case      mediation.CaseID      `db:"case_id"`
	Number    string                `db:"number"` // of the case
	At        mediation.CommitteeID `db:"committee_id"`
	Committee string                `db:"committee"`
	AreaPath  string                `db:"area_path"` // of the committee
	AreaKind  string                `db:"area_kind"`
	CasePath  string                `db:"case_path"`
	Claimant  mediation.UserID      `db:"claimant"`
	Name      string                `db:"name"` // of the claimant
	State     subsidy.State         `db:"state"`
	Grade     string                `db:"grade"`
	Score     *int                  `db:"score"`
	Fen       int64                 `db:"amount_fen"`
	ScoredBy  mediation.UserID      `db:"scored_by"`
	Batch     string                `db:"batch_id"` // "" in none
	Sampled   bool                  `db:"sampled"`
	LookedBy  mediation.UserID      `db:"looked_by"`
	Version   int                   `db:"version"`
	UpdatedAt time.Time             `db:"updated_at"`

	ClaimedOn statute.Date         `db:"claimed_on"` // whose terms hold
	TermsID   string               `db:"terms_id"`   // "" for those the program came with
	TermsFrom statute.Date         `db:"terms_from"` // first day of those terms; none for shipped ones
	TermsSet  JSON[*subsidy.Terms] `db:"terms"`
	Reckoned  JSON[[]subsidy.Step] `db:"reckoning"` // as it was scored; none before
}

// Terms are the local values that hold for the claim.
func (c Claim) Terms() subsidy.Terms {
	if c.TermsSet.V == nil {
		return subsidy.Shipped()
	}
	return *c.TermsSet.V
}

// Hands are who took the steps that matter for the next one.
func (c Claim) Hands() subsidy.Hands {
	return subsidy.Hands{Claimant: c.Claimant, Scorer: c.ScoredBy}
}

const claimLines = `
		SELECT k.id, k.case_id, c.number, k.committee_id, m.name AS committee, k.area_path, ar.kind AS area_kind, c.area_path AS case_path, k.claimant,
			u.name, k.state, k.grade, k.score, k.amount_fen, coalesce(k.scored_by::text, '') AS scored_by,
			coalesce(k.batch_id::text, '') AS batch_id, k.sampled, coalesce(k.looked_by::text, '') AS looked_by, k.version, k.updated_at,
			k.claimed_on, coalesce(k.terms_id::text, '') AS terms_id, st.terms, st.from_day AS terms_from, k.reckoning
		FROM subsidy_claims k
		JOIN cases c ON c.id = k.case_id
		JOIN committees m ON m.id = k.committee_id
		JOIN areas ar ON ar.id = m.area_id
		JOIN users u ON u.id = k.claimant
		LEFT JOIN subsidy_terms st ON st.id = k.terms_id`

// claimVisible is the row predicate over `subsidy_claims k`. No rights see
// nothing.
func claimVisible(rights []mediation.Right, a mediation.Actor, v *args) string {
	clause := "FALSE"
	for _, r := range rights {
		switch {
		case a.User == "":
		case r.Scope == mediation.ScopeSelf:
			clause += ` OR k.claimant = ` + v.add(string(a.User))
		case r.Scope == mediation.ScopeCommittee && r.Grant.Committee != "":
			clause += ` OR k.committee_id = ` + v.add(string(r.Grant.Committee))
		case r.Scope == mediation.ScopeArea && r.Grant.AreaPath != "":
			clause += ` OR k.area_path LIKE ` + v.add(r.Grant.AreaPath+"%")
		}
	}
	return "(" + clause + ")"
}

// Claims reads one page of the claims some rights cover, last changed first; of
// one state when it is given.
func (db *DB) Claims(ctx context.Context, a mediation.Actor, rights []mediation.Right, state subsidy.State, mark Mark, limit int) ([]Claim, error) {
	v := &args{}
	where := claimVisible(rights, a, v)
	if state != "" {
		where += ` AND k.state = ` + v.add(string(state))
	}
	order, compare := "DESC", "<"
	if mark.Back {
		order, compare = "ASC", ">"
	}
	if mark.ID != "" {
		where += ` AND (k.updated_at, k.id) ` + compare + ` (` + v.add(mark.At) + `, ` + v.add(mark.ID) + `)`
	}
	statement := `SELECT * FROM (` + claimLines + ` WHERE ` + where + ` ORDER BY k.updated_at ` + order + `, k.id ` + order + ` LIMIT ` + v.add(limit) + `) p
		ORDER BY p.updated_at DESC, p.id DESC`
	return many[Claim](ctx, db.reader(), statement, *v...)
}

// Claim reads one claim some rights cover; nil when there is none.
func (db *DB) Claim(ctx context.Context, a mediation.Actor, rights []mediation.Right, id string) (*Claim, error) {
	v := &args{}
	return one[Claim](ctx, db.reader(), claimLines+` WHERE k.id = `+v.add(id)+` AND `+claimVisible(rights, a, v), *v...)
}

// LockClaim reads one claim some rights cover and holds it; nil when there is
// none.
func (tx Tx) LockClaim(ctx context.Context, a mediation.Actor, rights []mediation.Right, id string) (*Claim, error) {
	v := &args{}
	return one[Claim](ctx, tx.reader, claimLines+` WHERE k.id = `+v.add(id)+` AND `+claimVisible(rights, a, v)+` FOR UPDATE OF k`, *v...)
}

// InsertClaim stores a new claim. A second one for the same case is a Conflict.
func (tx Tx) InsertClaim(ctx context.Context, c Claim) error {
	const statement = `
		INSERT INTO subsidy_claims (id, case_id, area_root, committee_id, area_path, claimant, state, grade, amount_fen, updated_at, claimed_on, terms_id)
		SELECT $1, $2, $3, m.id, ar.path, $4, $5, $6, $7, $8, $10, $11
		FROM committees m
		JOIN areas ar ON ar.id = m.area_id
		WHERE m.id = $9`
	return tx.touchOne(ctx, statement, c.ID, string(c.Case), root(c.CasePath), string(c.Claimant), string(c.State), c.Grade, c.Fen, c.UpdatedAt, string(c.At),
		c.ClaimedOn, null(c.TermsID))
}

// SaveClaim stores a claim whose state changed; the row is locked.
func (tx Tx) SaveClaim(ctx context.Context, c Claim) error {
	const statement = `
		UPDATE subsidy_claims
		SET state = $2, grade = $3, score = $4, amount_fen = $5, scored_by = $6, batch_id = $7, sampled = $8, looked_by = $9,
			updated_at = $10, reckoning = $11, version = version + 1
		WHERE id = $1`
	if c.Reckoned.V == nil {
		c.Reckoned.V = []subsidy.Step{}
	}
	return tx.touchOne(ctx, statement, c.ID, string(c.State), c.Grade, c.Score, c.Fen, null(c.ScoredBy), null(c.Batch), c.Sampled, null(c.LookedBy), c.UpdatedAt, c.Reckoned)
}

// ClaimStep is one step of a claim as history.
type ClaimStep struct {
	ID     string           `db:"id"`
	Claim  string           `db:"claim_id"`
	At     time.Time        `db:"at"`
	By     mediation.UserID `db:"by_user"`
	Who    string           `db:"who"`
	Role   mediation.Role   `db:"role"`
	Action subsidy.Action   `db:"action"`
	From   subsidy.State    `db:"from_state"`
	To     subsidy.State    `db:"to_state"`
	Score  *int             `db:"score"`
	Fen    int64            `db:"amount_fen"`
	Reason string           `db:"reason"`
}

// AddClaimStep writes a step of a claim.
func (tx Tx) AddClaimStep(ctx context.Context, s ClaimStep) error {
	const statement = `
		INSERT INTO subsidy_steps (id, claim_id, at, by_user, role, action, from_state, to_state, score, amount_fen, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	_, err := tx.exec(ctx, statement, s.ID, s.Claim, s.At, string(s.By), string(s.Role), string(s.Action), string(s.From), string(s.To), s.Score, s.Fen, s.Reason)
	return err
}

// ClaimSteps reads the steps of a claim, oldest first.
func (db *DB) ClaimSteps(ctx context.Context, id string) ([]ClaimStep, error) {
	const statement = `
		SELECT s.id, s.claim_id, s.at, s.by_user, u.name AS who, s.role, s.action, s.from_state, s.to_state, s.score, s.amount_fen, s.reason
		FROM subsidy_steps s
		JOIN users u ON u.id = s.by_user
		WHERE s.claim_id = $1
		ORDER BY s.at, s.id`
	return many[ClaimStep](ctx, db.reader(), statement, id)
}

// ClaimTies is what a claim depends on besides its case.
type ClaimTies struct {
	Registered bool `db:"registered"` // the claimant stands on the bureau's list
	Complaint  bool `db:"complaint"`  // about him in this case, upheld
	Linked     bool `db:"linked"`     // an earlier case of the same dispute was claimed or paid
}

// ClaimTies reads what a claim depends on besides its case.
func (r reader) ClaimTies(ctx context.Context, c mediation.CaseID, claimant mediation.UserID) (ClaimTies, error) {
	const statement = `
		WITH RECURSIVE before AS (
			SELECT c.linked_to AS id FROM cases c WHERE c.id = $1
			UNION
			SELECT c.linked_to FROM cases c JOIN before b ON b.id = c.id)
		SELECT EXISTS (SELECT FROM mediators r WHERE r.user_id = $2 AND r.registration_no <> '') AS registered,
			EXISTS (SELECT FROM upheld_complaints x WHERE x.case_id = $1 AND x.user_id = $2) AS complaint,
			EXISTS (SELECT FROM subsidy_claims k JOIN before b ON b.id = k.case_id
				WHERE k.state IN ('claimed', 'returned', 'checked', 'scored', 'approved', 'paid')) AS linked`
	ties, err := one[ClaimTies](ctx, r, statement, string(c), string(claimant))
	if err != nil {
		return ClaimTies{}, err
	}
	return *ties, nil
}

// ClaimTies reads what a claim depends on besides its case.
func (db *DB) ClaimTies(ctx context.Context, c mediation.CaseID, claimant mediation.UserID) (ClaimTies, error) {
	return db.reader().ClaimTies(ctx, c, claimant)
}

// AddComplaint notes that a complaint about a mediator in a case was upheld.
func (tx Tx) AddComplaint(ctx context.Context, id string, c Claim, reason string, by mediation.UserID, at time.Time) error {
	const statement = `
		INSERT INTO upheld_complaints (id, case_id, area_root, user_id, reason, by_user, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := tx.exec(ctx, statement, id, string(c.Case), root(c.CasePath), string(c.Claimant), reason, string(by), at)
	return err
}

// Unclaimed reads closed cases a mediator led to their end and nobody has
// claimed yet, last closed first, at most limit.
func (db *DB) Unclaimed(ctx context.Context, mediator mediation.UserID, limit int) ([]UnclaimedCase, error) {
	const statement = `
		SELECT c.id, c.number, c.title, c.grade, c.effective_on IS NOT NULL AS agreed
		FROM assignments s
		JOIN cases c ON c.id = s.case_id
		WHERE s.mediator_id = $1 AND s.lead AND s.ended_why = 'closed' AND c.stage IN ('closed', 'archived')
			AND NOT EXISTS (SELECT FROM subsidy_claims k WHERE k.case_id = c.id AND k.state <> 'withdrawn')
		ORDER BY c.ended_at DESC, c.id
		LIMIT $2`
	return many[UnclaimedCase](ctx, db.reader(), statement, string(mediator), limit)
}

// UnclaimedCase is a case that may be claimed.
type UnclaimedCase struct {
	ID     mediation.CaseID `db:"id"`
	Number string           `db:"number"`
	Title  string           `db:"title"`
	Grade  string           `db:"grade"`
	Agreed bool             `db:"agreed"`
}

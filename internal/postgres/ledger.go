package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// ListRow is a case as a list reads it, before anything is hidden. Facts and Own
// say what its reader's rights reach; package ledger takes away the rest.
type ListRow struct {
	ID           mediation.CaseID   `db:"id"`
	IntakeNumber string             `db:"intake_number"`
	Number       string             `db:"number"` // "" before acceptance
	Title        string             `db:"title"`
	Stage        mediation.Stage    `db:"stage"`
	Type         string             `db:"type"`
	Grade        string             `db:"grade"`
	Track        mediation.Track    `db:"track"`
	UpdatedAt    time.Time          `db:"updated_at"`
	Restricted   bool               `db:"restricted"`
	Lapsed       bool               `db:"lapsed"`
	Committee    string             `db:"committee"`
	Area         string             `db:"area"`
	AreaEN       string             `db:"area_en"`
	Lead         string             `db:"lead"`     // acting lead mediator; "" without one
	DueKind      statute.DeadlineID `db:"due_kind"` // soonest open, unpaused deadline; "" without one
	DueAt        *time.Time         `db:"due_at"`
	SessionAt    *time.Time         `db:"session_at"` // next planned session from today on
	PartiesJSON  []byte             `db:"parties"`
	Facts        bool               `db:"facts"` // the reader may read what happened
	Own          bool               `db:"own"`   // the reader is a party or the acting mediator
	Listed       statute.Date       `db:"-"`     // of the list behind a figure: the month it counts in
}

// ListParty is a party as a list names it.
type ListParty struct {
	ID       mediation.PartyID `json:"id"`
	Side     mediation.Side    `json:"side"`
	Capacity string            `json:"capacity"`
	Name     string            `json:"name"`
}

// Parties reads the names that came with the row, in the order of the file.
func (r ListRow) Parties() ([]ListParty, error) {
	var all []ListParty
	if err := json.Unmarshal(r.PartiesJSON, &all); err != nil {
		return nil, fmt.Errorf("postgres: parties of case %s: %w", r.ID, err)
	}
	return all, nil
}

// Reader is who reads a list and by which rights: Rows says which cases there
// are for him, Facts which of them he may read the story of.
type Reader struct {
	Actor mediation.Actor
	Rows  []mediation.Right
	Facts []mediation.Right
	Now   time.Time
}

// Selection narrows a list. The zero Selection is every case that is not closed.
type Selection struct {
	Stages []mediation.Stage // any of them; none: all
	Type   string
	Area   string // path of an area: its whole subtree
	Late   bool   // an open, unpaused deadline has passed
	Mine   bool   // the reader is the acting mediator
	Closed bool   // the closed and archived ones instead of the open ones
	Text   string // beginning of a number, or words of which each stands in the title, the place or a party's name
	Queue  string // name of a queue; see Queues
}

// Mark is a place in a list ordered by a moment and an id: where the page
// before ended. Back asks for the page on the other side of it.
type Mark struct {
	At   time.Time
	ID   string
	Back bool
}

// rowColumns and rowJoins read a list's row of `cases c`; they are joined to at
// most a page of cases, each by an index.
const rowColumns = `
		c.id, c.intake_number, c.number, c.title, c.stage, c.type, c.grade, c.track, c.updated_at, c.restricted, c.lapsed,
		m.name AS committee, ar.name AS area, ar.name_en AS area_en, coalesce(l.name, '') AS lead,
		coalesce(due.kind, '') AS due_kind, due.due_at, nx.at AS session_at, coalesce(ps.parties, '[]') AS parties`

func (r Reader) rowJoins(v *args) string {
	return `
		JOIN committees m ON m.id = c.committee_id
		JOIN areas ar ON ar.id = c.area_id
		LEFT JOIN LATERAL (SELECT s.name FROM assignments s
			WHERE s.case_id = c.id AND s.lead AND s.ended_at IS NULL LIMIT 1) l ON TRUE
		LEFT JOIN LATERAL (SELECT d.kind, d.due_at FROM deadlines d
			WHERE d.case_id = c.id AND d.ended_at IS NULL AND d.paused_at IS NULL AND ` + r.notForParties(v) + ` ORDER BY d.due_at, d.id LIMIT 1) due ON TRUE
		LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('id', p.id, 'side', p.side, 'capacity', p.capacity, 'name', p.name)
			ORDER BY p.seq) AS parties FROM case_parties p WHERE p.case_id = c.id AND p.left_at IS NULL) ps ON TRUE`
}

// notForParties says over `deadlines d` that the clock is not one of the office's own
// reports, or the reader no party of the case: who told the police or the judicial
// office of it stays secret in a list as on the case's page (ADVL 14).
func (r Reader) notForParties(v *args) string {
	const others = `d.kind NOT IN ('` + string(statute.D04Report) + `', '` + string(statute.D21Major) + `')`
	switch {
	case r.Actor.Code != nil:
		return others
	case r.Actor.User == "":
		return `TRUE`
	}
	return `(` + others + ` OR NOT EXISTS (SELECT FROM case_parties o WHERE o.case_id = d.case_id AND o.user_id = ` + v.add(string(r.Actor.User)) + ` AND o.left_at IS NULL))`
}

// sessionJoin adds the next planned session from the moment of the placeholder on.
func sessionJoin(from string) string {
	return `
		LEFT JOIN LATERAL (SELECT min(w.at) AS at FROM mediation_sessions w
			WHERE w.case_id = c.id AND w.state = 'planned' AND w.at >= ` + from + `) nx ON TRUE`
}

// openCases is the condition of the partial indexes of open cases, word for word.
const openCases = `c.stage NOT IN ('closed', 'archived')`

// lateCase says that a case has let a deadline pass.
func lateCase(now string) string {
	return `EXISTS (SELECT FROM deadlines d WHERE d.case_id = c.id AND d.ended_at IS NULL AND d.paused_at IS NULL AND d.due_at < ` + now + `)`
}

// ListCases reads one page of cases, last changed first, and at most limit rows.
// With Mark.Back the rows stand on the newer side of the mark, still last
// changed first. Each right is asked by itself through its own index and gives
// at most a page, so the cost does not grow with the table.
func (db *DB) ListCases(ctx context.Context, r Reader, s Selection, mark Mark, limit int) ([]ListRow, error) {
	statement, v := caseList(r, s, mark, limit)
	if statement == "" {
		return []ListRow{}, nil
	}
	return many[ListRow](ctx, db.reader(), statement, v...)
}

// caseList writes the statement of ListCases; "" when no right covers any row.
func caseList(r Reader, s Selection, mark Mark, limit int) (string, args) {
	v := &args{}
	filter := s.where(r, v)
	order, compare := "DESC", "<"
	if mark.Back {
		order, compare = "ASC", ">"
	}
	if mark.ID != "" {
		filter += ` AND (c.updated_at, c.id) ` + compare + ` (` + v.add(mark.At) + `, ` + v.add(mark.ID) + `)`
	}
	size := v.add(limit)
	branches := s.branches(r, `c.id, c.updated_at`, filter, `ORDER BY c.updated_at `+order+`, c.id `+order+`
			LIMIT `+size, v)
	if len(branches) == 0 {
		return "", nil
	}
	return `
		WITH ` + s.looked(v) + `page AS (
			SELECT u.id, u.updated_at
			FROM (` + strings.Join(branches, " UNION ") + `) u
			ORDER BY u.updated_at ` + order + `, u.id ` + order + `
			LIMIT ` + size + `)
		SELECT ` + rowColumns + r.sight(v) + `
		FROM page
		JOIN cases c ON c.id = page.id` + r.rowJoins(v) + sessionJoin(v.add(today(r.Now))) + `
		ORDER BY c.updated_at DESC, c.id DESC`, *v
}

// distinct drops rights that cover no row and those that say the same as one
// before: everybody of the office holds the party's right once a grant.
func distinct(rights []mediation.Right, a mediation.Actor, now time.Time) []mediation.Right {
	seen := map[string]bool{"FALSE": true}
	var kept []mediation.Right
	for _, right := range rights {
		var v args
		text := visible([]mediation.Right{right}, a, now, &v)
		if text != "FALSE" {
			text += fmt.Sprint([]any(v)...)
		}
		if !seen[text] {
			seen[text] = true
			kept = append(kept, right)
		}
	}
	return kept
}

// sight are the two columns that say what the reader may see of each row.
func (r Reader) sight(v *args) string {
	facts, own := r.told(v)
	return `, ` + facts + ` AS facts, ` + own + ` AS own`
}

// told gives the predicates behind sight. Being a party or the acting mediator
// is what opens a restricted file in a list.
func (r Reader) told(v *args) (facts, own string) {
	var mine []mediation.Right
	for _, right := range distinct(r.Facts, r.Actor, r.Now) {
		switch right.Scope {
		case mediation.ScopeParty, mediation.ScopeOwnSide, mediation.ScopeAssigned:
			mine = append(mine, right)
		}
	}
	facts = `coalesce(` + visible(distinct(r.Facts, r.Actor, r.Now), r.Actor, r.Now, v) + `, FALSE)`
	return facts, `coalesce(` + visible(mine, r.Actor, r.Now, v) + `, FALSE)`
}

// where gives the conditions of a selection over `cases c`; never empty.
func (s Selection) where(r Reader, v *args) string {
	all := []string{s.life()}
	if len(s.Stages) > 0 {
		all = append(all, `c.stage = ANY(`+v.add(pq.Array(texts(s.Stages)))+`)`)
	}
	if s.Type != "" {
		all = append(all, `c.type = `+v.add(s.Type))
	}
	if s.Area != "" {
		all = append(all, `c.area_path LIKE `+v.add(likeSafe.Replace(s.Area)+"%"))
	}
	if s.Late {
		all = append(all, lateCase(v.add(r.Now)))
	}
	if s.Mine && r.Actor.User != "" {
		all = append(all, `c.id IN (SELECT s.case_id FROM assignments s WHERE s.mediator_id = `+v.add(string(r.Actor.User))+` AND s.ended_at IS NULL)`)
	}
	if s.Queue != "" {
		all = append(all, queueCondition(s.Queue, r, v))
	}
	return strings.Join(all, " AND ")
}

// life keeps the open cases apart from the closed ones; a stage that is asked
// for by name speaks for itself.
func (s Selection) life() string {
	for _, stage := range s.Stages {
		if stage == mediation.Closed || stage == mediation.Archived {
			return "TRUE"
		}
	}
	if s.Closed {
		return `c.stage IN ('closed', 'archived')`
	}
	return openCases
}

// likeSafe takes the meaning from the signs of LIKE.
var likeSafe = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func texts[T ~string](all []T) []string {
	plain := make([]string, len(all))
	for i, one := range all {
		plain[i] = string(one)
	}
	return plain
}

// today is the first moment of the civil day of t.
func today(t time.Time) time.Time { return statute.DateOf(t).Start() }

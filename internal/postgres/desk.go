package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// Courts are the courts in reach: how they are called and which area they serve.
type Courts map[mediation.CourtID]struct {
	Name string `json:"name"`
	Area string `json:"area"`
}

// Names gives the courts' names.
func (c Courts) Names() map[mediation.CourtID]string {
	names := make(map[mediation.CourtID]string, len(c))
	for id, one := range c {
		names[id] = one.Name
	}
	return names
}

// Areas gives the paths of the areas they serve.
func (c Courts) Areas() map[mediation.CourtID]string {
	areas := make(map[mediation.CourtID]string, len(c))
	for id, one := range c {
		areas[id] = one.Area
	}
	return areas
}

// courtsReach is every court with its area, as JSON of [Courts].
const courtsReach = `(SELECT coalesce(jsonb_object_agg(t.id, jsonb_build_object('name', t.name, 'area', b.path)), '{}')
				FROM courts t JOIN areas b ON b.id = t.area_id)`

// Scenery reads what the rules see beside the case: the committee's own
// settings, the courts, and the mediators an act names with their open cases.
func (tx Tx) Scenery(ctx context.Context, committee mediation.CommitteeID, named []mediation.UserID) (mediation.Office,
	Courts, map[mediation.UserID]mediation.Mediator, error) {
	const settings = `
		SELECT jsonb_build_object(
			'short_name', k.short_name, 'contacts', k.contacts, 'limits', k.limits, 'area_path', a.path,
			'courts', ` + courtsReach + `)
		FROM committees k
		JOIN areas a ON a.id = k.area_id
		WHERE k.id = $1`
	body, err := one[[]byte](ctx, tx.reader, settings, string(committee))
	if err != nil {
		return mediation.Office{}, Courts{}, nil, err
	}
	if body == nil {
		return mediation.Office{}, Courts{}, nil, fmt.Errorf("postgres: committee %s is not there", committee)
	}
	var row struct {
		ShortName string         `json:"short_name"`
		Contacts  int            `json:"contacts"`
		Limits    statute.Limits `json:"limits"`
		AreaPath  string         `json:"area_path"`
		Courts    Courts         `json:"courts"`
	}
	if err := json.Unmarshal(*body, &row); err != nil {
		return mediation.Office{}, Courts{}, nil, fmt.Errorf("postgres: committee %s: %w", committee, err)
	}
	people, err := tx.Mediators(ctx, named)
	office := mediation.Office{Committee: committee, ShortName: row.ShortName, Limits: row.Limits, AreaPath: row.AreaPath, Contacts: row.Contacts}
	return office, row.Courts, people, err
}

// mediatorRow is a mediator with his present load.
type mediatorRow struct {
	User       string       `db:"user_id"`
	Name       string       `db:"name"`
	Committee  string       `db:"committee_id"`
	Registered bool         `db:"registered"`
	Active     bool         `db:"active"`
	TermEnd    statute.Date `db:"term_end"`
	Open       int          `db:"open_cases"`
	Max        int          `db:"max_cases"`
}

const mediators = `
	SELECT m.user_id, u.name, m.committee_id, m.registration_no <> '' AS registered, u.disabled_at IS NULL AND EXISTS (
			SELECT FROM grants g
			WHERE g.user_id = m.user_id AND g.role = 'mediator' AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL
		) AS active, m.term_end, m.max_cases,
		(SELECT count(*) FROM assignments s WHERE s.mediator_id = m.user_id AND s.ended_at IS NULL) AS open_cases
	FROM mediators m
	JOIN users u ON u.id = m.user_id`

// Mediators reads the mediators of these ids; others are not in the answer.
func (r reader) Mediators(ctx context.Context, ids []mediation.UserID) (map[mediation.UserID]mediation.Mediator, error) {
	all := map[mediation.UserID]mediation.Mediator{}
	if len(ids) == 0 {
		return all, nil
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	rows, err := many[mediatorRow](ctx, r, mediators+` WHERE m.user_id::text = ANY ($1)`, pq.Array(texts))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		m := row.mediator()
		all[m.User] = m
	}
	return all, nil
}

func (row mediatorRow) mediator() mediation.Mediator {
	return mediation.Mediator{User: mediation.UserID(row.User), Name: row.Name, Committee: mediation.CommitteeID(row.Committee),
		Registered: row.Registered, Active: row.Active, TermEnd: row.TermEnd, OpenCases: row.Open, MaxCases: row.Max}
}

// CommitteeMediators lists the mediators of a committee, the least loaded first.
func (db *DB) CommitteeMediators(ctx context.Context, committee mediation.CommitteeID) ([]mediation.Mediator, error) {
	rows, err := many[mediatorRow](ctx, db.reader(), mediators+` WHERE m.committee_id = $1 ORDER BY open_cases, u.name`, string(committee))
	if err != nil {
		return nil, err
	}
	list := make([]mediation.Mediator, len(rows))
	for i, row := range rows {
		list[i] = row.mediator()
	}
	return list, nil
}

// Draw takes the next number of a committee's register for a year. The row is
// held until the transaction ends, so numbers follow each other without a gap.
func (tx Tx) Draw(ctx context.Context, committee mediation.CommitteeID, kind string, year int) (int, error) {
	const statement = `
		INSERT INTO counters (committee_id, kind, year, n)
		VALUES ($1, $2, $3, 1)
		ON CONFLICT (committee_id, kind, year) DO UPDATE
		SET n = counters.n + 1
		RETURNING n`
	n, err := one[int](ctx, tx.reader, statement, string(committee), kind, year)
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// Seat finds where a filing belongs: the committee of its area or of the nearest
// area above; without an area, the committee highest up. Own, when given, are the
// only committees to choose from; areas, when given, the path they must lie in.
// No committee at all is nil.
func (tx Tx) Seat(ctx context.Context, area mediation.AreaID, own []mediation.CommitteeID, areas string) (*mediation.Seat, error) {
	const statement = `
		SELECT k.id AS committee, coalesce(w.id, a.id) AS area, coalesce(w.path, a.path) AS path
		FROM committees k
		JOIN areas a ON a.id = k.area_id
		LEFT JOIN areas w ON w.id::text = $1
		WHERE k.closed_at IS NULL
			AND (cardinality($2::text[]) = 0 OR k.id::text = ANY ($2))
			AND (a.path LIKE $3 || '%' OR $3 LIKE a.path || '%')
		ORDER BY (w.path IS NOT NULL AND w.path LIKE a.path || '%') DESC,
			CASE WHEN w.path LIKE a.path || '%' THEN length(a.path) ELSE -length(a.path) END DESC, k.id
		LIMIT 1`
	type row struct {
		Committee string `db:"committee"`
		Area      string `db:"area"`
		Path      string `db:"path"`
	}
	texts := make([]string, len(own))
	for i, id := range own {
		texts[i] = string(id)
	}
	found, err := one[row](ctx, tx.reader, statement, string(area), pq.Array(texts), areas)
	if err != nil || found == nil {
		return nil, err
	}
	return &mediation.Seat{Committee: mediation.CommitteeID(found.Committee), Area: mediation.AreaID(found.Area), AreaPath: found.Path}, nil
}

// SaveChain stores the head of a new case's history.
func (tx Tx) SaveChain(ctx context.Context, c *mediation.Case) error {
	const statement = `
		UPDATE cases
		SET chain_seq = $2, chain_head = $3
		WHERE id = $1`
	_, err := tx.exec(ctx, statement, string(c.ID), c.ChainSeq, c.ChainHead)
	return err
}

// Notice tells one reader, a party or an account, that something happened.
type Notice struct {
	ID       string
	Case     mediation.CaseID
	AreaPath string
	Party    mediation.PartyID
	User     mediation.UserID
	Action   mediation.Action
	At       time.Time
}

// AddNotices stores the notices of an act in one statement.
func (tx Tx) AddNotices(ctx context.Context, rows []Notice) error {
	if len(rows) == 0 {
		return nil
	}
	type column = map[string]any
	all := make([]column, len(rows))
	for i, n := range rows {
		all[i] = column{"id": n.ID, "case_id": n.Case, "area_root": root(n.AreaPath), "party_id": null(n.Party), "user_id": null(n.User),
			"action": n.Action, "at": n.At}
	}
	body, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("postgres: notices: %w", err)
	}
	const statement = `
		WITH told AS (
			INSERT INTO notices (id, case_id, area_root, party_id, user_id, action, at)
			SELECT id, case_id, area_root, party_id, user_id, action, at
			FROM jsonb_populate_recordset(NULL::notices, $1)
			RETURNING user_id, party_id, at
		)` + newsMails
	_, err = tx.exec(ctx, statement, string(body), newsGather.Seconds(), newsSpace.Seconds())
	return err
}

// CommitteeCard is how a committee is reached.
type CommitteeCard struct {
	Name    string            `json:"name"`
	Address string            `json:"address"`
	Phone   string            `json:"phone"`
	Area    string            `json:"area_path"`
	Wording map[string]string `json:"wording"` // sentences of the papers in its own words, by key
	Limits  statute.Limits    `json:"limits"`  // its own settings
}

// Surroundings names the people, the committee, the area and the courts that a
// case's page speaks of, in one statement.
func (db *DB) Surroundings(ctx context.Context, c *mediation.Case, ids []mediation.UserID) (people map[mediation.UserID]string,
	committee CommitteeCard, area string, courts Courts, err error) {
	return db.reader().Surroundings(ctx, c, ids)
}

// Surroundings is the same inside a transaction.
func (r reader) Surroundings(ctx context.Context, c *mediation.Case, ids []mediation.UserID) (people map[mediation.UserID]string,
	committee CommitteeCard, area string, courts Courts, err error) {
	const statement = `
		SELECT jsonb_build_object(
			'people', (SELECT coalesce(jsonb_object_agg(u.id, u.name), '{}') FROM users u WHERE u.id::text = ANY ($1)),
			'committee', (SELECT jsonb_build_object('name', k.name, 'address', k.address, 'phone', k.phone, 'area_path', b.path,
				'wording', k.wording, 'limits', k.limits)
				FROM committees k JOIN areas b ON b.id = k.area_id WHERE k.id = $2),
			'area', (SELECT a.name FROM areas a WHERE a.id = $3),
			'courts', ` + courtsReach + `)`
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	body, err := one[[]byte](ctx, r, statement, pq.Array(texts), string(c.Committee), string(c.Area))
	if err != nil {
		return nil, CommitteeCard{}, "", nil, err
	}
	var row struct {
		People    map[mediation.UserID]string `json:"people"`
		Committee CommitteeCard               `json:"committee"`
		Area      string                      `json:"area"`
		Courts    Courts                      `json:"courts"`
	}
	if err := json.Unmarshal(*body, &row); err != nil {
		return nil, CommitteeCard{}, "", nil, fmt.Errorf("postgres: surroundings: %w", err)
	}
	return row.People, row.Committee, row.Area, row.Courts, nil
}

// CountReveals counts the sealed values a person opened within the last hour and
// the last day. It first takes a lock of this person's, so that of two requests
// at once the second counts the first.
func (tx Tx) CountReveals(ctx context.Context, user mediation.UserID, now time.Time) (hour, day int, err error) {
	if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('reveals of ' || $1::text, 0))`, string(user)); err != nil {
		return 0, 0, err
	}
	const statement = `
		SELECT count(*) FILTER (WHERE l.at > $3) AS hour, count(*) AS day
		FROM access_log l
		WHERE l.by_user = $1 AND l.at > $2 AND l.object = 'identity' AND l.action = 'reveal' AND l.allowed`
	type counts struct {
		Hour int `db:"hour"`
		Day  int `db:"day"`
	}
	n, err := one[counts](ctx, tx.reader, statement, string(user), now.Add(-24*time.Hour), now.Add(-time.Hour))
	if err != nil {
		return 0, 0, err
	}
	return n.Hour, n.Day, nil
}

// OpenPerson opens one sealed value of a person; "" when none is stored.
func (tx Tx) OpenPerson(ctx context.Context, id mediation.PersonID, what string) (string, error) {
	column := map[string]string{"phone": "phone_sealed", "id_number": "id_sealed", "birth": "birth_sealed", "address": "address_sealed", "bank_account": "account_sealed"}[what]
	if column == "" || id == "" {
		return "", notFound()
	}
	sealed, err := one[[]byte](ctx, tx.reader, `SELECT `+column+` FROM persons WHERE id = $1`, string(id))
	if err != nil || sealed == nil || len(*sealed) == 0 {
		return "", err
	}
	plain, err := tx.keys.Open(vault.AAD{Table: "persons", Column: column, Row: string(id)}, *sealed)
	if err != nil {
		return "", fmt.Errorf("postgres: open %s: %w", column, err)
	}
	return plain, nil
}

// CaucusNotes opens the notes one person wrote on a case. The author stands in
// the statement: nobody else's are ever read.
func (db *DB) CaucusNotes(ctx context.Context, id mediation.CaseID, author mediation.UserID) ([]mediation.CaucusNote, error) {
	const statement = `
		SELECT n.id, n.party_id, n.at, n.body_sealed
		FROM caucus_notes n
		WHERE n.case_id = $1 AND n.by_user = $2
		ORDER BY n.at`
	type row struct {
		ID    string    `db:"id"`
		Party string    `db:"party_id"`
		At    time.Time `db:"at"`
		Body  []byte    `db:"body_sealed"`
	}
	rows, err := many[row](ctx, db.reader(), statement, string(id), string(author))
	if err != nil {
		return nil, err
	}
	notes := make([]mediation.CaucusNote, len(rows))
	for i, r := range rows {
		plain, err := db.keys.Open(vault.AAD{Table: "caucus_notes", Column: "body_sealed", Row: r.ID}, r.Body)
		if err != nil {
			return nil, fmt.Errorf("postgres: caucus note: %w", err)
		}
		notes[i] = mediation.CaucusNote{ID: mediation.ItemID(r.ID), Party: mediation.PartyID(r.Party), By: author, At: r.At, Text: plain}
	}
	return notes, nil
}

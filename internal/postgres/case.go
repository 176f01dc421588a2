package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"doorstep/internal/mediation"
)

// wholeCase reads a case with everything that belongs to it in one statement.
// Rows keep the order in which they were made: ids begin with their time.
const wholeCase = `
	SELECT to_jsonb(c) || jsonb_build_object(
		'parties', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.seq), '[]') FROM case_parties t WHERE t.case_id = c.id),
		'files', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM case_files t WHERE t.case_id = c.id),
		'contacts', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM contacts t WHERE t.case_id = c.id),
		'risks', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM risks t WHERE t.case_id = c.id),
		'assignments', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM assignments t WHERE t.case_id = c.id),
		'conflicts', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM conflicts t WHERE t.case_id = c.id),
		'helpers', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM helpers t WHERE t.case_id = c.id),
		'recusals', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM recusals t WHERE t.case_id = c.id),
		'sessions', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.seq), '[]') FROM mediation_sessions t WHERE t.case_id = c.id),
		'caucus_notes', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'body_sealed' ORDER BY t.id), '[]') FROM caucus_notes t WHERE t.case_id = c.id),
		'investigations', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM investigations t WHERE t.case_id = c.id),
		'extensions', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM extensions t WHERE t.case_id = c.id),
		'escalations', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM escalations t WHERE t.case_id = c.id),
		'major_reports', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM major_reports t WHERE t.case_id = c.id),
		'referrals', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM referrals t WHERE t.case_id = c.id),
		'transfers', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM transfers t WHERE t.case_id = c.id),
		'agreements', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.version_no), '[]') FROM agreements t WHERE t.case_id = c.id),
		'signatures', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM signatures t WHERE t.case_id = c.id),
		'obligations', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM obligations t WHERE t.case_id = c.id),
		'confirmations', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'service_sealed' ORDER BY t.id), '[]') FROM confirmations t WHERE t.case_id = c.id),
		'joinings', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'serve_sealed' - 'online_sealed' ORDER BY t.id), '[]') FROM confirmation_joinings t WHERE t.case_id = c.id),
		'follow_ups', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM follow_ups t WHERE t.case_id = c.id),
		'deadlines', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM deadlines t WHERE t.case_id = c.id),
		'corrections', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM corrections t WHERE t.case_id = c.id),
		'addenda', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.seq), '[]') FROM addenda t WHERE t.case_id = c.id),
		'data_requests', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM data_requests t WHERE t.case_id = c.id),
		'issues', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM paper_issues t WHERE t.case_id = c.id)
	) AS body
	FROM cases c
	WHERE c.id = $1`

// Before is a case as it was loaded, to save only what changed.
type Before []byte

// Case reads a case in the actor's reach. Absent and out of reach are both
// NotFound, so a guess teaches nothing.
func (db *DB) Case(ctx context.Context, a mediation.Actor, rights []mediation.Right, id mediation.CaseID, now time.Time) (*mediation.Case, error) {
	c, _, err := db.reader().load(ctx, id)
	if err != nil {
		return nil, err
	}
	if !mediation.AnyAllows(rights, a, c.Row(), now) {
		return nil, notFound()
	}
	return c, nil
}

// LockCase reads a case in the actor's reach and holds its row until the
// transaction ends. The row is locked before the rest is read, and the scope is
// judged on what was read under the lock: a conflict declared a moment ago counts.
func (tx Tx) LockCase(ctx context.Context, a mediation.Actor, rights []mediation.Right, id mediation.CaseID, now time.Time) (*mediation.Case, Before, error) {
	const lock = `
		SELECT c.version
		FROM cases c
		WHERE c.id = $1
		FOR UPDATE`
	version, err := one[int](ctx, tx.reader, lock, string(id))
	if err != nil {
		return nil, nil, err
	}
	if version == nil {
		return nil, nil, notFound()
	}
	c, before, err := tx.load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !mediation.AnyAllows(rights, a, c.Row(), now) {
		return nil, nil, notFound()
	}
	return c, before, nil
}

func notFound() error {
	return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
}

func (r reader) load(ctx context.Context, id mediation.CaseID) (*mediation.Case, Before, error) {
	body, err := one[[]byte](ctx, r, wholeCase, string(id))
	if err != nil {
		return nil, nil, err
	}
	if body == nil {
		return nil, nil, notFound()
	}
	c := &mediation.Case{}
	if err := json.Unmarshal(*body, c); err != nil {
		return nil, nil, fmt.Errorf("postgres: case %s: %w", id, err)
	}
	return c, Before(*body), r.openRisks(*body, c)
}

// FindCase reads a case by its id, its case number or its register number, for
// commands of whoever runs the machine. NotFound when there is none.
func (db *DB) FindCase(ctx context.Context, name string) (*mediation.Case, error) {
	const statement = `
		SELECT c.id
		FROM cases c
		WHERE c.id::text = $1 OR c.number = $1 OR c.intake_number = $1
		LIMIT 1`
	id, err := one[string](ctx, db.reader(), statement, name)
	if err != nil {
		return nil, err
	}
	if id == nil || name == "" {
		return nil, notFound()
	}
	c, _, err := db.reader().load(ctx, mediation.CaseID(*id))
	return c, err
}

// InsertCase stores a new case with its first rows.
func (tx Tx) InsertCase(ctx context.Context, c *mediation.Case) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("postgres: case %s: %w", c.ID, err)
	}
	statement := `
		INSERT INTO cases (` + caseColumns + `, area_root)
		SELECT ` + caseColumns + `, $2
		FROM jsonb_populate_record(NULL::cases, $1)`
	if _, err := tx.exec(ctx, statement, string(body), root(c.AreaPath)); err != nil {
		return err
	}
	return tx.saveRows(ctx, &mediation.Case{}, c)
}

// SaveCase stores what an act changed. The version moves by one; a row that
// another hand changed meanwhile is a Conflict.
func (tx Tx) SaveCase(ctx context.Context, before Before, c *mediation.Case) error {
	old := &mediation.Case{}
	if err := json.Unmarshal(before, old); err != nil {
		return fmt.Errorf("postgres: case %s: %w", c.ID, err)
	}
	if err := tx.openRisks(before, old); err != nil {
		return err
	}
	seen := c.Version
	c.Version++
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("postgres: case %s: %w", c.ID, err)
	}
	statement := `
		UPDATE cases
		SET (` + caseColumns + `) = (SELECT ` + caseColumns + ` FROM jsonb_populate_record(NULL::cases, $1))
		WHERE id = $2 AND version = $3`
	n, err := tx.exec(ctx, statement, string(body), string(c.ID), seen)
	if err != nil {
		return err
	}
	if n != 1 {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale"}
	}
	return tx.saveRows(ctx, old, c)
}

// root is the first code of an area path: what the tables are spread by.
func root(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

// caseColumns are the columns of a case's own row, read off its type once.
var caseColumns = columns(reflect.TypeFor[mediation.Case](), func(f reflect.StructField) bool {
	return f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct
})

// columns lists the JSON names of a type's fields, which are its columns.
func columns(t reflect.Type, skip func(reflect.StructField) bool) string {
	var names []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || skip != nil && skip(f) {
			continue
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

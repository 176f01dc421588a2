package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
	"golang.org/x/text/width"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/vault"
)

// homeIndex is a dwelling as blind indexes: what can be compared of an address
// without opening it. All are nil when the address tells no dwelling.
type homeIndex struct {
	Door, LooseDoor, Landing, LooseLanding []byte
	Parts                                  int
}

// homeColumns keep a homeIndex; homeSet takes over a new one with a new address
// and leaves the old one otherwise.
const (
	homeColumns = `door_index, loose_door_index, landing_index, loose_landing_index, home_parts`
	homeSet     = `door_index = CASE WHEN excluded.address_sealed IS NULL THEN persons.door_index ELSE excluded.door_index END,
			loose_door_index = CASE WHEN excluded.address_sealed IS NULL THEN persons.loose_door_index ELSE excluded.loose_door_index END,
			landing_index = CASE WHEN excluded.address_sealed IS NULL THEN persons.landing_index ELSE excluded.landing_index END,
			loose_landing_index = CASE WHEN excluded.address_sealed IS NULL THEN persons.loose_landing_index ELSE excluded.loose_landing_index END,
			home_parts = CASE WHEN excluded.address_sealed IS NULL THEN persons.home_parts ELSE excluded.home_parts END`
)

func (r reader) home(address string) homeIndex {
	h, ok := place.ParseHome(address)
	if !ok {
		return homeIndex{}
	}
	return homeIndex{Door: r.index("door", h.Door()), LooseDoor: r.index("loose_door", h.LooseDoor()), Landing: r.index("landing", h.Landing()),
		LooseLanding: r.index("loose_landing", h.LooseLanding()), Parts: int(h.Parts())}
}

// nameIndex is a name as people of one name share it: without spaces, in half
// width, in small letters.
func (r reader) nameIndex(name string) []byte {
	return r.index("name", strings.ToLower(strings.Join(strings.Fields(width.Fold.String(name)), "")))
}

func (r reader) codeIndex(code string) []byte {
	return r.index("credit_code", strings.ToUpper(strings.Join(strings.Fields(width.Fold.String(code)), "")))
}

// probe is a party as the check sees it: blind indexes, and no word of it. What
// is nil is taken from the stored person.
type probe struct {
	Party        mediation.PartyID `json:"party"`
	Person       *string           `json:"person"`
	User         *string           `json:"user_id"`
	Name         *string           `json:"name_index"`
	Code         *string           `json:"code_index"`
	CreditCode   string            `json:"credit_code"`
	Phone        *string           `json:"phone_index"`
	IDNumber     *string           `json:"id_index"`
	Door         *string           `json:"door_index"`
	LooseDoor    *string           `json:"loose_door_index"`
	Landing      *string           `json:"landing_index"`
	LooseLanding *string           `json:"loose_landing_index"`
	Parts        *int              `json:"home_parts"`
}

// bytea writes an index as PostgreSQL reads it in JSON.
func bytea(index []byte) *string {
	if index == nil {
		return nil
	}
	text := `\x` + hex.EncodeToString(index)
	return &text
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// probes are the parties of a case, with the newcomer in his place.
func (r reader) probes(c *mediation.Case, newcomer *mediation.Party) []probe {
	var list []probe
	add := func(p mediation.Party) {
		q := probe{Party: p.ID, Person: text(string(p.Person)), User: text(string(p.User)), Name: bytea(r.nameIndex(p.Name)),
			Code: bytea(r.codeIndex(p.CreditCode)), CreditCode: p.CreditCode}
		if p.Fresh != nil {
			home := r.home(p.Fresh.Address)
			q.Phone, q.IDNumber, q.Door = bytea(r.index("phone", p.Fresh.Phone)), bytea(r.index("id", p.Fresh.IDNumber)), bytea(home.Door)
			q.LooseDoor, q.Landing, q.LooseLanding = bytea(home.LooseDoor), bytea(home.Landing), bytea(home.LooseLanding)
			if home.Door != nil {
				q.Parts = &home.Parts
			}
		}
		list = append(list, q)
	}
	for _, p := range c.Active() {
		if newcomer == nil || newcomer.ID != p.ID {
			add(*p)
			continue
		}
		next := *newcomer
		next.Person, next.User = p.Person, p.User
		add(next)
	}
	if newcomer != nil && newcomer.ID == "" {
		add(*newcomer)
	}
	return list
}

// Findings are the ties between some mediators and the parties of a case, by one
// statement over blind indexes: nothing sealed is opened. The map is never nil.
func (r reader) Findings(ctx context.Context, c *mediation.Case, ids []mediation.UserID, newcomer *mediation.Party) (map[mediation.UserID][]mediation.Finding, error) {
	all := map[mediation.UserID][]mediation.Finding{}
	if len(ids) == 0 {
		return all, nil
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	body, err := json.Marshal(r.probes(c, newcomer))
	if err != nil {
		return nil, fmt.Errorf("postgres: findings: %w", err)
	}
	type row struct {
		Mediator string `db:"mediator"`
		Party    string `db:"party"`
		Fact     string `db:"fact"`
	}
	rows, err := many[row](ctx, r, findings, string(c.ID), pq.Array(texts), string(body))
	if err != nil {
		return nil, err
	}
	for _, v := range rows {
		id := mediation.UserID(v.Mediator)
		all[id] = append(all[id], mediation.Finding{Fact: mediation.Fact(v.Fact), Party: mediation.PartyID(v.Party)})
	}
	return all, nil
}

// Findings is the same outside a transaction.
func (db *DB) Findings(ctx context.Context, c *mediation.Case, ids []mediation.UserID) (map[mediation.UserID][]mediation.Finding, error) {
	return db.reader().Findings(ctx, c, ids, nil)
}

// findings compares. A door or a landing that is only loosely the same counts
// when the two addresses tell different parts: otherwise the fuller texts have
// already said that they differ. An earlier case is one of the same person, by
// account, phone, identity or credit code.
const findings = `
	WITH probe AS MATERIALIZED (
		SELECT x.party, x.user_id, x.name_index, x.code_index, x.credit_code, coalesce(x.phone_index, s.phone_index) AS phone_index,
			coalesce(x.id_index, s.id_index) AS id_index, coalesce(x.door_index, s.door_index) AS door_index,
			coalesce(x.loose_door_index, s.loose_door_index) AS loose_door_index, coalesce(x.landing_index, s.landing_index) AS landing_index,
			coalesce(x.loose_landing_index, s.loose_landing_index) AS loose_landing_index, coalesce(x.home_parts, s.home_parts) AS home_parts
		FROM jsonb_to_recordset($3::jsonb) x (party text, person uuid, user_id uuid, name_index bytea, code_index bytea, credit_code text,
			phone_index bytea, id_index bytea, door_index bytea, loose_door_index bytea, landing_index bytea, loose_landing_index bytea, home_parts int)
		LEFT JOIN persons s ON s.id = x.person
	), who AS MATERIALIZED (
		SELECT u.id, u.phone_index
		FROM users u
		WHERE u.id = ANY ($2::uuid[])
	), tie AS MATERIALIZED (
		SELECT t.*
		FROM declared_ties t
		WHERE t.user_id = ANY ($2::uuid[]) AND t.ended_at IS NULL
	), other AS MATERIALIZED (
		SELECT p.party, q.id AS party_id, q.case_id
		FROM probe p JOIN persons s ON s.phone_index = p.phone_index JOIN case_parties q ON q.person_id = s.id
		WHERE q.case_id <> $1
		UNION
		SELECT p.party, q.id, q.case_id
		FROM probe p JOIN persons s ON s.id_index = p.id_index JOIN case_parties q ON q.person_id = s.id
		WHERE q.case_id <> $1
		UNION
		SELECT p.party, q.id, q.case_id
		FROM probe p JOIN case_parties q ON q.user_id = p.user_id
		WHERE q.case_id <> $1
		UNION
		SELECT p.party, q.id, q.case_id
		FROM probe p JOIN case_parties q ON q.credit_code = p.credit_code AND q.credit_code <> ''
		WHERE q.case_id <> $1
	), fact AS (
		SELECT w.id AS mediator, p.party, 'self' AS fact
		FROM who w JOIN probe p ON p.user_id = w.id
		UNION
		SELECT w.id, p.party, 'same_phone'
		FROM who w JOIN probe p ON p.phone_index = w.phone_index AND p.user_id IS DISTINCT FROM w.id
		UNION
		SELECT t.user_id, p.party, CASE
			WHEN t.door_index = p.door_index THEN 'household'
			WHEN t.loose_door_index = p.loose_door_index AND t.home_parts <> p.home_parts THEN 'household_likely'
			ELSE 'same_floor' END
		FROM tie t JOIN probe p ON t.door_index = p.door_index OR t.landing_index = p.landing_index
			OR t.loose_landing_index = p.loose_landing_index AND t.home_parts <> p.home_parts
		WHERE t.kind = 'home'
		UNION
		SELECT t.user_id, p.party, CASE WHEN t.phone_index = p.phone_index OR t.id_index = p.id_index THEN 'kin' ELSE 'kin_name' END
		FROM tie t JOIN probe p ON t.phone_index = p.phone_index OR t.id_index = p.id_index OR t.name_index = p.name_index
		WHERE t.kind = 'relative'
		UNION
		SELECT t.user_id, p.party, t.kind
		FROM tie t JOIN probe p ON t.code_index = p.code_index
			OR t.name_index = p.name_index AND (t.code_index IS NULL OR p.code_index IS NULL)
		WHERE t.kind IN ('employer', 'office')
		UNION
		SELECT w.id, o.party, CASE WHEN c.ended_at IS NULL THEN 'open_case' ELSE 'earlier_case' END
		FROM other o
		JOIN cases c ON c.id = o.case_id
		JOIN case_parties q ON q.case_id = o.case_id AND q.id <> o.party_id
		LEFT JOIN persons s ON s.id = q.person_id
		JOIN who w ON w.id = q.user_id OR w.phone_index = s.phone_index
		UNION
		SELECT k.user_id, o.party, 'earlier_conflict'
		FROM other o
		JOIN conflicts k ON k.case_id = o.case_id AND (k.party_id IS NULL OR k.party_id = o.party_id)
		WHERE k.user_id = ANY ($2::uuid[])
		UNION
		SELECT h.user_id, o.party, 'earlier_counsel'
		FROM other o
		JOIN helpers h ON h.case_id = o.case_id AND h.as_what = 'counsel'
		WHERE h.user_id = ANY ($2::uuid[])
	)
	SELECT f.mediator, f.party, f.fact
	FROM fact f
	ORDER BY f.mediator, f.party, f.fact`

// Tie is what somebody of the office declares of himself. Name, number and
// address are sealed; a mask says which one it is.
type Tie struct {
	ID         string           `db:"id"`
	User       mediation.UserID `db:"user_id"`
	Kind       string           `db:"kind"` // code list "tie_kind"
	What       string           `db:"what"` // "kinship" or "office_held"; "" for the others
	Mask       string           `db:"mask"`
	DeclaredAt time.Time        `db:"declared_at"`

	Name       string `db:"-"`
	Phone      string `db:"-"`
	IDNumber   string `db:"-"`
	CreditCode string `db:"-"`
	Address    string `db:"-"`
}

// Ties are the declarations of one person that hold now, newest first.
func (db *DB) Ties(ctx context.Context, user mediation.UserID) ([]Tie, error) {
	const statement = `
		SELECT t.id, t.user_id, t.kind, t.what, t.mask, t.declared_at
		FROM declared_ties t
		WHERE t.user_id = $1 AND t.ended_at IS NULL
		ORDER BY t.declared_at DESC, t.id DESC`
	return many[Tie](ctx, db.reader(), statement, string(user))
}

// AddTie seals and stores a declaration.
func (tx Tx) AddTie(ctx context.Context, t Tie) error {
	body, err := json.Marshal(map[string]string{"name": t.Name, "phone": t.Phone, "id_number": t.IDNumber, "credit_code": t.CreditCode, "address": t.Address})
	if err != nil {
		return fmt.Errorf("postgres: tie: %w", err)
	}
	sealed, err := tx.keys.Seal(vault.AAD{Table: "declared_ties", Column: "body_sealed", Row: t.ID}, string(body))
	if err != nil {
		return fmt.Errorf("postgres: seal tie: %w", err)
	}
	mask := map[string]string{"home": vault.MaskAddress(t.Address), "relative": vault.MaskName(t.Name), "employer": t.Name, "office": t.Name}[t.Kind]
	home := tx.home(t.Address)
	const statement = `
		INSERT INTO declared_ties (id, user_id, kind, what, body_sealed, mask, name_index, phone_index, id_index, code_index, declared_at, ` + homeColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	_, err = tx.exec(ctx, statement, t.ID, string(t.User), t.Kind, t.What, sealed, mask, tx.nameIndex(t.Name), tx.index("phone", t.Phone),
		tx.index("id", t.IDNumber), tx.codeIndex(t.CreditCode), t.DeclaredAt, home.Door, home.LooseDoor, home.Landing, home.LooseLanding, home.Parts)
	return err
}

// EndTie ends a declaration of one's own; NotFound when there is none such.
func (tx Tx) EndTie(ctx context.Context, user mediation.UserID, id string, now time.Time) error {
	const statement = `
		UPDATE declared_ties
		SET ended_at = $3
		WHERE id::text = $2 AND user_id = $1 AND ended_at IS NULL`
	return tx.touchOne(ctx, statement, string(user), id, now)
}

// ActingOn are the open cases a person mediates now.
func (db *DB) ActingOn(ctx context.Context, user mediation.UserID) ([]mediation.CaseID, error) {
	const statement = `
		SELECT DISTINCT a.case_id::text
		FROM assignments a
		JOIN cases c ON c.id = a.case_id
		WHERE a.mediator_id = $1 AND a.ended_at IS NULL AND (c.ended_at IS NULL OR c.stage = 'followed_up')`
	return many[mediation.CaseID](ctx, db.reader(), statement, string(user))
}

// Comparable says whether an address tells a building and a room, so that it can
// be compared with another.
func Comparable(address string) bool {
	_, ok := place.ParseHome(address)
	return ok
}

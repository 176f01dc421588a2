package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// chaired is SQL: somebody holds the chair of committee k and can sign in.
const chaired = `EXISTS (
			SELECT FROM grants g JOIN users u ON u.id = g.user_id
			WHERE g.committee_id = k.id AND g.role = 'chair' AND g.confirmed_at IS NOT NULL AND g.ended_at IS NULL AND u.disabled_at IS NULL)`

// Receiver reads the committee a matter is handed to, by its id or, without one, by
// its name; nil when there is none. Neither its closing nor another file laid to its
// cases comes between this and the end of the act.
func (tx Tx) Receiver(ctx context.Context, id mediation.CommitteeID, name string) (*mediation.Receiver, error) {
	statement := `
		SELECT k.id, k.name, k.closed_at IS NOT NULL AS closed, ` + chaired + ` AS chaired, a.id AS area, a.path
		FROM committees k
		JOIN areas a ON a.id = k.area_id
		WHERE CASE WHEN $1 = '' THEN k.name = $2 ELSE k.id::text = $1 END
		ORDER BY k.closed_at IS NOT NULL, k.id
		LIMIT 1
		FOR SHARE OF k`
	type row struct {
		ID      string `db:"id"`
		Name    string `db:"name"`
		Closed  bool   `db:"closed"`
		Chaired bool   `db:"chaired"`
		Area    string `db:"area"`
		Path    string `db:"path"`
	}
	found, err := one[row](ctx, tx.reader, statement, string(id), name)
	if err != nil || found == nil {
		return nil, err
	}
	r := &mediation.Receiver{Committee: mediation.CommitteeID(found.ID), Name: found.Name, Closed: found.Closed, Chaired: found.Chaired,
		Area: mediation.AreaID(found.Area), AreaPath: found.Path}
	if id != "" {
		r.Stored, err = tx.LockStored(ctx, id)
	}
	return r, err
}

// mostReceivers bounds the committees a form offers; whoever needs another one
// finds it nearer to its own area.
const mostReceivers = 500

// Receivers lists the open committees with a chair besides one's own, the nearest
// first: those of its own district before others, small areas before large ones.
func (db *DB) Receivers(ctx context.Context, own mediation.CommitteeID, path string) ([]OfficeRow, error) {
	statement := `
		SELECT k.id, k.name, FALSE AS helper
		FROM committees k
		JOIN areas a ON a.id = k.area_id
		WHERE k.closed_at IS NULL AND k.id <> $1 AND ` + chaired + `
		ORDER BY (SELECT count(*) FROM unnest(string_to_array(a.path, '/'), string_to_array($2, '/')) s (theirs, ours) WHERE s.theirs = s.ours) DESC,
			k.name, k.id
		LIMIT ` + fmt.Sprint(mostReceivers)
	return many[OfficeRow](ctx, db.reader(), statement, string(own), path)
}

// OpenPersons opens everything sealed of the parties given, in one statement: to be
// sealed anew with other rows, and shown to nobody.
func (tx Tx) OpenPersons(ctx context.Context, parties []*mediation.Party) (map[mediation.PartyID]mediation.Contactable, error) {
	const statement = `
		SELECT n.id, n.phone_sealed, n.id_sealed, n.birth_sealed, n.address_sealed, n.account_sealed
		FROM persons n
		WHERE n.id::text = ANY ($1)`
	type row struct {
		ID      string `db:"id"`
		Phone   []byte `db:"phone_sealed"`
		Number  []byte `db:"id_sealed"`
		Birth   []byte `db:"birth_sealed"`
		Address []byte `db:"address_sealed"`
		Account []byte `db:"account_sealed"`
	}
	var ids []string
	for _, p := range parties {
		ids = append(ids, string(p.Person))
	}
	rows, err := many[row](ctx, tx.reader, statement, pq.Array(ids))
	if err != nil {
		return nil, err
	}
	persons := map[mediation.PersonID]mediation.Contactable{}
	for _, r := range rows {
		var c mediation.Contactable
		var birth string
		for _, v := range []struct {
			column string
			sealed []byte
			plain  *string
		}{{"phone_sealed", r.Phone, &c.Phone}, {"id_sealed", r.Number, &c.IDNumber}, {"birth_sealed", r.Birth, &birth},
			{"address_sealed", r.Address, &c.Address}, {"account_sealed", r.Account, &c.Account}} {
			if len(v.sealed) == 0 {
				continue
			}
			if *v.plain, err = tx.keys.Open(vault.AAD{Table: "persons", Column: v.column, Row: r.ID}, v.sealed); err != nil {
				return nil, fmt.Errorf("postgres: open %s: %w", v.column, err)
			}
		}
		if err := c.Birth.UnmarshalText([]byte(birth)); err != nil {
			return nil, fmt.Errorf("postgres: birth of %s: %w", r.ID, err)
		}
		persons[mediation.PersonID(r.ID)] = c
	}
	opened := map[mediation.PartyID]mediation.Contactable{}
	for _, p := range parties {
		opened[p.ID] = persons[p.Person]
	}
	return opened, nil
}

// Kin is a case that this one follows, or that follows it, as far as anybody who
// reads either may know of the other: its number and whose it is.
type Kin struct {
	Case      string `db:"id"`
	Intake    string `db:"intake_number"`
	Number    string `db:"number"`
	Committee string `db:"committee"`
	Phone     string `db:"phone"`
	Address   string `db:"address"`
	Earlier   bool   `db:"earlier"` // the one it follows
	Handed    bool   `db:"handed"`  // one of the two came from the other by a transfer
	Seen      bool   `db:"seen"`    // the reader may open it
}

// mostKin bounds the cases told of beside one.
const mostKin = 20

// Kin lists the cases linked with one, the earlier first. What the reader's rights
// cover of them is told; nothing of what stands in them is read.
func (r reader) Kin(ctx context.Context, a mediation.Actor, rights []mediation.Right, c *mediation.Case, now time.Time) ([]Kin, error) {
	v := args{string(c.ID), null(c.LinkedTo), c.Source == mediation.FromCommittee}
	statement := `
		SELECT c.id, c.intake_number, c.number, k.name AS committee, k.phone, k.address, coalesce(c.id = $2::uuid, FALSE) AS earlier,
			CASE WHEN c.id = $2::uuid THEN $3 ELSE c.source = 'committee' END AS handed, ` + visible(rights, a, now, &v) + ` AS seen
		FROM cases c
		JOIN committees k ON k.id = c.committee_id
		WHERE c.linked_to = $1::uuid OR c.id = $2::uuid
		ORDER BY earlier DESC, c.filed_at, c.id
		LIMIT ` + fmt.Sprint(mostKin)
	return many[Kin](ctx, r, statement, v...)
}

// Kin is the same outside a transaction.
func (db *DB) Kin(ctx context.Context, a mediation.Actor, rights []mediation.Right, c *mediation.Case, now time.Time) ([]Kin, error) {
	return db.reader().Kin(ctx, a, rights, c, now)
}

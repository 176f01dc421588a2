package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// saveRows stores the rows of a case that an act added or changed, one
// statement a table that has any. Rows are never deleted: what ended carries its
// end.
func (tx Tx) saveRows(ctx context.Context, old, c *mediation.Case) error {
	if err := tx.savePersons(ctx, c); err != nil {
		return err
	}
	saves := []func() error{
		func() error { return saveTable(ctx, tx, "case_parties", c, old.Parties, c.Parties) },
		func() error { return saveTable(ctx, tx, "case_files", c, old.Files, c.Files) },
		func() error { return saveTable(ctx, tx, "contacts", c, old.Contacts, c.Contacts) },
		func() error { return tx.saveRisks(ctx, c, old.Risks) },
		func() error { return saveTable(ctx, tx, "assignments", c, old.Assignments, c.Assignments) },
		func() error { return saveTable(ctx, tx, "conflicts", c, old.Conflicts, c.Conflicts) },
		func() error { return saveTable(ctx, tx, "helpers", c, old.Helpers, c.Helpers) },
		func() error { return saveTable(ctx, tx, "recusals", c, old.Recusals, c.Recusals) },
		func() error { return saveTable(ctx, tx, "mediation_sessions", c, old.Sessions, c.Sessions) },
		func() error { return tx.saveCaucuses(ctx, c) },
		func() error { return saveTable(ctx, tx, "investigations", c, old.Inquiries, c.Inquiries) },
		func() error { return saveTable(ctx, tx, "extensions", c, old.Extensions, c.Extensions) },
		func() error { return saveTable(ctx, tx, "escalations", c, old.Escalations, c.Escalations) },
		func() error { return saveTable(ctx, tx, "major_reports", c, old.MajorReports, c.MajorReports) },
		func() error { return saveTable(ctx, tx, "referrals", c, old.Referrals, c.Referrals) },
		func() error { return saveTable(ctx, tx, "transfers", c, old.Transfers, c.Transfers) },
		func() error { return saveTable(ctx, tx, "agreements", c, old.Agreements, c.Agreements) },
		func() error { return saveTable(ctx, tx, "signatures", c, old.Signatures, c.Signatures) },
		func() error { return tx.saveInk(ctx, c) },
		func() error { return saveTable(ctx, tx, "obligations", c, old.Obligations, c.Obligations) },
		func() error { return saveTable(ctx, tx, "confirmations", c, old.Confirmations, c.Confirmations) },
		func() error { return tx.saveJoinings(ctx, old, c) },
		func() error { return saveTable(ctx, tx, "follow_ups", c, old.FollowUps, c.FollowUps) },
		func() error { return saveTable(ctx, tx, "deadlines", c, old.Deadlines, c.Deadlines) },
		func() error { return saveTable(ctx, tx, "corrections", c, old.Corrections, c.Corrections) },
		func() error { return saveTable(ctx, tx, "addenda", c, old.Addenda, c.Addenda) },
		func() error { return saveTable(ctx, tx, "data_requests", c, old.DataRequests, c.DataRequests) },
		func() error { return tx.saveIssues(ctx, c, old.Issues) },
	}
	for _, save := range saves {
		if err := save(); err != nil {
			return err
		}
	}
	return nil
}

// saveTable writes the rows that differ from what was loaded. An index that
// allows one row in force (one lead, one agreement) needs the old row ended
// before the new one comes, so changed rows go before new ones.
func saveTable[T any](ctx context.Context, tx Tx, table string, c *mediation.Case, old, now []T) error {
	var changed, added []T
	for i := range now {
		switch {
		case i >= len(old):
			added = append(added, now[i])
		case !reflect.DeepEqual(old[i], now[i]):
			changed = append(changed, now[i])
		}
	}
	for _, rows := range [][]T{changed, added} {
		if len(rows) == 0 {
			continue
		}
		body, err := json.Marshal(rows)
		if err != nil {
			return fmt.Errorf("postgres: %s: %w", table, err)
		}
		if _, err := tx.exec(ctx, upsert[T](table), string(body), string(c.ID), root(c.AreaPath)); err != nil {
			return err
		}
	}
	return nil
}

// upsert is the statement that stores rows of a case's table from their JSON.
func upsert[T any](table string) string {
	names := columns(reflect.TypeFor[T](), nil)
	var set []string
	for name := range strings.SplitSeq(names, ", ") {
		if name != "id" {
			set = append(set, name+" = excluded."+name)
		}
	}
	return `
		INSERT INTO ` + table + ` (` + names + `, case_id, area_root)
		SELECT ` + names + `, $2, $3
		FROM jsonb_populate_recordset(NULL::` + table + `, $1)
		ON CONFLICT (id) DO UPDATE
		SET ` + strings.Join(set, ", ")
}

// savePersons seals what was newly typed about parties and leaves the masks on
// their rows. A blank keeps what is stored: absent is not empty.
func (tx Tx) savePersons(ctx context.Context, c *mediation.Case) error {
	statement := `
		INSERT INTO persons (id, kind, phone_sealed, phone_index, id_sealed, id_index, birth_sealed, address_sealed, account_sealed, created_at, ` + homeColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO UPDATE
		SET phone_sealed = coalesce(excluded.phone_sealed, persons.phone_sealed),
			phone_index = coalesce(excluded.phone_index, persons.phone_index),
			id_sealed = coalesce(excluded.id_sealed, persons.id_sealed),
			id_index = coalesce(excluded.id_index, persons.id_index),
			birth_sealed = coalesce(excluded.birth_sealed, persons.birth_sealed),
			address_sealed = coalesce(excluded.address_sealed, persons.address_sealed),
			account_sealed = coalesce(excluded.account_sealed, persons.account_sealed),
			` + homeSet
	for i := range c.Parties {
		p := &c.Parties[i]
		if p.Fresh == nil {
			continue
		}
		if p.Person == "" {
			p.Person = mediation.PersonID(p.ID) // one person row a party; merging comes by the blind index
		}
		fresh, kind := *p.Fresh, "natural"
		p.Fresh = nil
		if p.Capacity == "organisation" {
			kind = "organisation"
		}
		sealed, err := tx.sealPerson(p, fresh)
		if err != nil {
			return err
		}
		home := tx.home(fresh.Address)
		if _, err := tx.exec(ctx, statement, string(p.Person), kind, sealed["phone_sealed"], tx.index("phone", fresh.Phone), sealed["id_sealed"],
			tx.index("id", fresh.IDNumber), sealed["birth_sealed"], sealed["address_sealed"], sealed["account_sealed"], c.UpdatedAt,
			home.Door, home.LooseDoor, home.Landing, home.LooseLanding, home.Parts); err != nil {
			return err
		}
	}
	return nil
}

// sealPerson seals what was typed about a party, by column, and puts its masks on
// the party. What is blank is not there and leaves the mask as it is.
func (r reader) sealPerson(p *mediation.Party, fresh mediation.Contactable) (map[string][]byte, error) {
	sealed := map[string][]byte{}
	for _, v := range []struct {
		column, plain string
		mask          *string
		masked        func(string) string
	}{
		{"phone_sealed", fresh.Phone, &p.PhoneMask, vault.MaskPhone},
		{"id_sealed", fresh.IDNumber, &p.IDMask, vault.MaskID},
		{"birth_sealed", fresh.Birth.String(), &p.BirthMask, vault.MaskBirth},
		{"address_sealed", fresh.Address, &p.AddressMask, vault.MaskAddress},
		{"account_sealed", fresh.Account, &p.AccountMask, vault.MaskAccount},
	} {
		if v.plain == "" {
			continue
		}
		var err error
		if sealed[v.column], err = r.seal(v.column, p.Person, v.plain); err != nil {
			return nil, err
		}
		*v.mask = v.masked(v.plain)
	}
	return sealed, nil
}

// seal encrypts a value for its row.
func (r reader) seal(column string, row mediation.PersonID, plain string) ([]byte, error) {
	sealed, err := r.keys.Seal(vault.AAD{Table: "persons", Column: column, Row: string(row)}, plain)
	if err != nil {
		return nil, fmt.Errorf("postgres: seal %s: %w", column, err)
	}
	return sealed, nil
}

func (r reader) index(kind, normal string) []byte {
	if normal == "" {
		return nil
	}
	return r.keys.Index(kind, normal)
}

// saveCaucuses seals and stores the notes that were just written.
func (tx Tx) saveCaucuses(ctx context.Context, c *mediation.Case) error {
	const statement = `
		INSERT INTO caucus_notes (id, case_id, area_root, party_id, by_user, at, body_sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	for i := range c.Caucuses {
		n := &c.Caucuses[i]
		if n.Text == "" {
			continue
		}
		sealed, err := tx.keys.Seal(vault.AAD{Table: "caucus_notes", Column: "body_sealed", Row: string(n.ID)}, n.Text)
		if err != nil {
			return fmt.Errorf("postgres: seal caucus note: %w", err)
		}
		if _, err := tx.exec(ctx, statement, string(n.ID), string(c.ID), root(c.AreaPath), string(n.Party), string(n.By), n.At, sealed); err != nil {
			return err
		}
		n.Text = ""
	}
	return nil
}

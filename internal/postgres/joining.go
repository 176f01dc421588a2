package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

func joiningPlace(column string, id mediation.ItemID) vault.AAD {
	return vault.AAD{Table: "confirmation_joinings", Column: column, Row: string(id)}
}

func servicePlace(id mediation.ItemID) vault.AAD {
	return vault.AAD{Table: "confirmations", Column: "service_sealed", Row: string(id)}
}

// saveJoinings stores the parties' parts in an application, seals where the court
// serves them, and forgets that of whoever takes his part back. What an
// application that has just been filed needs for service is sealed with it.
func (tx Tx) saveJoinings(ctx context.Context, old, c *mediation.Case) error {
	fresh := map[mediation.ItemID]mediation.Contactable{}
	for i := range c.Joinings {
		j := &c.Joinings[i]
		if j.Fresh == nil {
			continue
		}
		fresh[j.ID] = *j.Fresh
		j.ServeMask, j.OnlineMask = vault.MaskAddress(j.Fresh.Address), maskElectronic(j.Fresh.Phone)
		j.Fresh = nil
	}
	if err := saveTable(ctx, tx, "confirmation_joinings", c, old.Joinings, c.Joinings); err != nil {
		return err
	}
	for i, j := range c.Joinings {
		typed, isFresh := fresh[j.ID]
		takenBack := i < len(old.Joinings) && old.Joinings[i].State == mediation.JoiningJoined && j.State != mediation.JoiningJoined
		if isFresh || takenBack {
			if err := tx.sealJoining(ctx, j.ID, typed); err != nil {
				return err
			}
		}
	}
	for i, k := range c.Confirmations {
		if k.Filed() && (i >= len(old.Confirmations) || !old.Confirmations[i].Filed()) {
			if err := tx.freezeService(ctx, c, k.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func maskElectronic(to string) string {
	if strings.Contains(to, "@") {
		return vault.MaskEmail(to)
	}
	return vault.MaskPhone(to)
}

func (tx Tx) sealJoining(ctx context.Context, id mediation.ItemID, typed mediation.Contactable) error {
	const statement = `
		UPDATE confirmation_joinings
		SET serve_sealed = $2::text::bytea, online_sealed = $3::text::bytea
		WHERE id = $1`
	serve, err := tx.sealHex(joiningPlace("serve_sealed", id), typed.Address)
	if err != nil {
		return err
	}
	online, err := tx.sealHex(joiningPlace("online_sealed", id), typed.Phone)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, statement, string(id), serve, online)
	return err
}

func (tx Tx) freezeService(ctx context.Context, c *mediation.Case, application mediation.ItemID) error {
	const statement = `UPDATE confirmations SET service_sealed = $2::text::bytea WHERE id = $1`
	served, err := tx.Served(ctx, c)
	if err != nil {
		return err
	}
	body, err := json.Marshal(served)
	if err != nil {
		return fmt.Errorf("postgres: service of %s: %w", application, err)
	}
	sealed, err := tx.sealHex(servicePlace(application), string(body))
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, statement, string(application), sealed)
	return err
}

// Served opens what a court needs to reach the parties of a case, by what is
// stored now: their own particulars, and where they asked to be served in the
// last application.
func (tx Tx) Served(ctx context.Context, c *mediation.Case) ([]mediation.Served, error) {
	const statement = `
		SELECT p.id AS party, coalesce(x.id::text, '') AS person, x.id_sealed, x.phone_sealed, x.address_sealed,
			coalesce(j.id::text, '') AS joining, coalesce(j.serve_online, FALSE) AS online, j.serve_sealed, j.online_sealed
		FROM case_parties p
		LEFT JOIN persons x ON x.id = p.person_id
		LEFT JOIN confirmation_joinings j ON j.party_id = p.id AND j.confirmation_id = $2 AND j.state = 'joined'
		WHERE p.case_id = $1 AND p.left_at IS NULL
		ORDER BY p.seq`
	type row struct {
		Party    mediation.PartyID `db:"party"`
		Person   string            `db:"person"`
		IDNumber []byte            `db:"id_sealed"`
		Phone    []byte            `db:"phone_sealed"`
		Address  []byte            `db:"address_sealed"`
		Joining  mediation.ItemID  `db:"joining"`
		Online   bool              `db:"online"`
		Serve    []byte            `db:"serve_sealed"`
		OnlineTo []byte            `db:"online_sealed"`
	}
	var application mediation.ItemID
	if k := c.Application(); k != nil {
		application = k.ID
	}
	rows, err := many[row](ctx, tx.reader, statement, string(c.ID), null(application))
	if err != nil {
		return nil, err
	}
	var list []mediation.Served
	for _, r := range rows {
		one := mediation.Served{Party: r.Party}
		person := func(column string) vault.AAD { return vault.AAD{Table: "persons", Column: column, Row: r.Person} }
		for _, v := range []struct {
			into   *string
			at     vault.AAD
			sealed []byte
		}{
			{&one.IDNumber, person("id_sealed"), r.IDNumber}, {&one.Phone, person("phone_sealed"), r.Phone},
			{&one.Address, person("address_sealed"), r.Address},
			{&one.ServeTo, joiningPlace("serve_sealed", r.Joining), r.Serve}, {&one.OnlineTo, joiningPlace("online_sealed", r.Joining), r.OnlineTo},
		} {
			if len(v.sealed) == 0 {
				continue
			}
			if *v.into, err = tx.keys.Open(v.at, v.sealed); err != nil {
				return nil, fmt.Errorf("postgres: open %s.%s: %w", v.at.Table, v.at.Column, err)
			}
		}
		if one.ServeTo == "" {
			one.ServeTo = one.Address
		}
		if r.Online && one.OnlineTo == "" {
			one.OnlineTo = one.Phone
		}
		list = append(list, one)
	}
	return list, nil
}

// FrozenService opens what was sealed with an application when it was filed; nil
// for one that has nothing, as those filed before it was kept.
func (tx Tx) FrozenService(ctx context.Context, application mediation.ItemID) ([]mediation.Served, error) {
	sealed, err := one[[]byte](ctx, tx.reader, `SELECT service_sealed FROM confirmations WHERE id = $1`, string(application))
	if err != nil || sealed == nil || len(*sealed) == 0 {
		return nil, err
	}
	text, err := tx.keys.Open(servicePlace(application), *sealed)
	if err != nil {
		return nil, fmt.Errorf("postgres: open confirmations.service_sealed: %w", err)
	}
	var list []mediation.Served
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("postgres: service of %s: %w", application, err)
	}
	return list, nil
}

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

func applicationPlace(column string, id mediation.ItemID) vault.AAD {
	return vault.AAD{Table: "confirmations", Column: column, Row: string(id)}
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
	for i := range c.Confirmations {
		k := &c.Confirmations[i]
		if k.Filed() && (i >= len(old.Confirmations) || !old.Confirmations[i].Filed()) {
			if err := tx.freezeApplication(ctx, c, k); err != nil {
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

// freezeApplication seals what the court gets with an application: where the
// parties are served, and the papers as they were drawn.
func (tx Tx) freezeApplication(ctx context.Context, c *mediation.Case, k *mediation.Confirmation) error {
	const statement = `UPDATE confirmations SET service_sealed = $2::text::bytea, papers_sealed = $3::text::bytea WHERE id = $1`
	served, err := tx.Served(ctx, c)
	if err != nil {
		return err
	}
	body, err := json.Marshal(served)
	if err != nil {
		return fmt.Errorf("postgres: service of %s: %w", k.ID, err)
	}
	service, err := tx.sealHex(applicationPlace("service_sealed", k.ID), string(body))
	if err != nil {
		return err
	}
	papers, err := tx.sealHex(applicationPlace("papers_sealed", k.ID), string(k.Papers))
	if err != nil {
		return err
	}
	k.Papers = nil
	_, err = tx.exec(ctx, statement, string(k.ID), service, papers)
	return err
}

// Served opens what a court needs to reach the parties of a case, by what is
// stored now: their own particulars, and where they asked to be served in the
// last application, also by an act that is not saved yet.
func (tx Tx) Served(ctx context.Context, c *mediation.Case) ([]mediation.Served, error) {
	const statement = `
		SELECT p.id AS party, coalesce(x.id::text, '') AS person, x.id_sealed, x.birth_sealed, x.phone_sealed, x.address_sealed,
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
		Birth    []byte            `db:"birth_sealed"`
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
			{&one.IDNumber, person("id_sealed"), r.IDNumber}, {&one.Birth, person("birth_sealed"), r.Birth},
			{&one.Phone, person("phone_sealed"), r.Phone}, {&one.Address, person("address_sealed"), r.Address},
			{&one.ServeTo, joiningPlace("serve_sealed", r.Joining), r.Serve}, {&one.OnlineTo, joiningPlace("online_sealed", r.Joining), r.OnlineTo},
		} {
			if len(v.sealed) == 0 {
				continue
			}
			if *v.into, err = tx.keys.Open(v.at, v.sealed); err != nil {
				return nil, fmt.Errorf("postgres: open %s.%s: %w", v.at.Table, v.at.Column, err)
			}
		}
		online := r.Online
		if j := c.JoiningOf(application, r.Party); j != nil && j.Fresh != nil {
			one.ServeTo, one.OnlineTo, online = j.Fresh.Address, j.Fresh.Phone, j.Online
		}
		if one.ServeTo == "" {
			one.ServeTo = one.Address
		}
		if online && one.OnlineTo == "" {
			one.OnlineTo = one.Phone
		}
		list = append(list, one)
	}
	return list, nil
}

// FrozenApplication opens what was sealed with an application when it was filed:
// where the parties are served, and its papers as canonical JSON. Either is nil for
// one that was filed before it was kept.
func (tx Tx) FrozenApplication(ctx context.Context, application mediation.ItemID) (served []mediation.Served, papers []byte, err error) {
	type row struct {
		Service []byte `db:"service_sealed"`
		Papers  []byte `db:"papers_sealed"`
	}
	found, err := one[row](ctx, tx.reader, `SELECT service_sealed, papers_sealed FROM confirmations WHERE id = $1`, string(application))
	if err != nil || found == nil {
		return nil, nil, err
	}
	if len(found.Papers) > 0 {
		text, err := tx.keys.Open(applicationPlace("papers_sealed", application), found.Papers)
		if err != nil {
			return nil, nil, fmt.Errorf("postgres: open confirmations.papers_sealed: %w", err)
		}
		papers = []byte(text)
	}
	if len(found.Service) == 0 {
		return nil, papers, nil
	}
	text, err := tx.keys.Open(applicationPlace("service_sealed", application), found.Service)
	if err != nil {
		return nil, nil, fmt.Errorf("postgres: open confirmations.service_sealed: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &served); err != nil {
		return nil, nil, fmt.Errorf("postgres: service of %s: %w", application, err)
	}
	return served, papers, nil
}

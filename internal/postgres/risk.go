package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// riskRow is a note of danger as it is stored: what was seen and done about it is
// sealed, since it says who reported whom (ADVL 14). Sealed values are hex with
// \x before, nil for none.
type riskRow struct {
	ID         mediation.ItemID `json:"id"`
	Flag       string           `json:"flag"`
	Facts      *string          `json:"facts_sealed"`
	Measures   *string          `json:"measures_sealed"`
	MustReport bool             `json:"must_report"`
	By         mediation.UserID `json:"by_user,omitzero"`
	At         time.Time        `json:"at"`
	Told       []string         `json:"told"`
	Receiver   string           `json:"receiver"`
	ReportedAt time.Time        `json:"reported_at,omitzero"`
	ReportedBy mediation.UserID `json:"reported_by,omitzero"`
	ReportRef  string           `json:"report_ref"`
}

func riskPlace(column string, id mediation.ItemID) vault.AAD {
	return vault.AAD{Table: "risks", Column: column, Row: string(id)}
}

// saveRisks seals and stores the notes an act added or changed.
func (tx Tx) saveRisks(ctx context.Context, c *mediation.Case, old []mediation.Risk) error {
	var rows []riskRow
	for i, r := range c.Risks {
		if i < len(old) && reflect.DeepEqual(old[i], r) {
			continue
		}
		facts, err := tx.sealHex(riskPlace("facts_sealed", r.ID), r.Facts)
		if err != nil {
			return err
		}
		measures, err := tx.sealHex(riskPlace("measures_sealed", r.ID), r.Measures)
		if err != nil {
			return err
		}
		rows = append(rows, riskRow{r.ID, r.Flag, facts, measures, r.MustReport, r.By, r.At, r.Told, r.Receiver, r.ReportedAt, r.ReportedBy, r.ReportRef})
	}
	if len(rows) == 0 {
		return nil
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("postgres: risks: %w", err)
	}
	_, err = tx.exec(ctx, upsert[riskRow]("risks"), string(body), string(c.ID), root(c.AreaPath))
	return err
}

// sealHex seals a text for a place in the form of riskRow.
func (r reader) sealHex(at vault.AAD, plain string) (*string, error) {
	if plain == "" {
		return nil, nil //nolint:nilnil // nothing was written, nothing is sealed
	}
	sealed, err := r.keys.Seal(at, plain)
	if err != nil {
		return nil, fmt.Errorf("postgres: seal %s.%s: %w", at.Table, at.Column, err)
	}
	text := `\x` + hex.EncodeToString(sealed)
	return &text, nil
}

// openRisks opens the notes of a case as it was read; those from before they were
// sealed stand in the open already.
func (r reader) openRisks(body []byte, c *mediation.Case) error {
	if len(c.Risks) == 0 {
		return nil
	}
	var stored struct {
		Risks []riskRow `json:"risks"`
	}
	if err := json.Unmarshal(body, &stored); err != nil {
		return fmt.Errorf("postgres: case %s: %w", c.ID, err)
	}
	for i, row := range stored.Risks {
		for column, text := range map[string]struct {
			sealed *string
			plain  *string
		}{"facts_sealed": {row.Facts, &c.Risks[i].Facts}, "measures_sealed": {row.Measures, &c.Risks[i].Measures}} {
			if text.sealed == nil {
				continue
			}
			sealed, err := hex.DecodeString(strings.TrimPrefix(*text.sealed, `\x`))
			if err != nil {
				return fmt.Errorf("postgres: risk %s: %w", row.ID, err)
			}
			if *text.plain, err = r.keys.Open(riskPlace(column, row.ID), sealed); err != nil {
				return fmt.Errorf("postgres: risk: %w", err)
			}
		}
	}
	return nil
}

// SealNotes seals the notes of danger that stand in the open from before they
// were sealed, and gives their number. It does nothing when there are none.
func (db *DB) SealNotes(ctx context.Context) (sealed int, err error) {
	const next = `
		SELECT r.id, r.facts, r.measures
		FROM risks r
		WHERE r.facts <> '' OR r.measures <> ''
		ORDER BY r.id
		LIMIT 200
		FOR UPDATE`
	const put = `
		UPDATE risks
		SET facts = '', measures = '', facts_sealed = coalesce($2::text::bytea, facts_sealed), measures_sealed = coalesce($3::text::bytea, measures_sealed)
		WHERE id = $1`
	type open struct {
		ID       mediation.ItemID `db:"id"`
		Facts    string           `db:"facts"`
		Measures string           `db:"measures"`
	}
	for {
		n := 0
		err := db.InTx(ctx, func(tx Tx) error {
			rows, err := many[open](ctx, tx.reader, next)
			if err != nil {
				return err
			}
			for _, r := range rows {
				facts, err := tx.sealHex(riskPlace("facts_sealed", r.ID), r.Facts)
				if err != nil {
					return err
				}
				measures, err := tx.sealHex(riskPlace("measures_sealed", r.ID), r.Measures)
				if err != nil {
					return err
				}
				if _, err := tx.exec(ctx, put, string(r.ID), facts, measures); err != nil {
					return err
				}
			}
			n = len(rows)
			return nil
		})
		sealed += n
		if err != nil || n == 0 {
			return sealed, err
		}
	}
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// sealedTable is a table that holds sealed values. A test holds that every
// column whose name ends in _sealed stands here.
type sealedTable struct {
	name    string
	columns []string
	key     []keyColumn // its primary key
	row     string      // SQL over the row t: the AAD's row of each of its values
}

type keyColumn struct{ name, kind string }

func (k keyColumn) String() string { return "t." + k.name }

func byID(name string) []keyColumn { return []keyColumn{{name, "uuid"}} }

var sealedTables = []sealedTable{
	{"persons", []string{"phone_sealed", "id_sealed", "birth_sealed", "address_sealed", "account_sealed"}, byID("id"), `t.id::text`},
	{"risks", []string{"facts_sealed", "measures_sealed"}, byID("id"), `t.id::text`},
	{"confirmation_joinings", []string{"serve_sealed", "online_sealed"}, byID("id"), `t.id::text`},
	{"confirmations", []string{"service_sealed", "papers_sealed"}, byID("id"), `t.id::text`},
	{"caucus_notes", []string{"body_sealed"}, byID("id"), `t.id::text`},
	{"declared_ties", []string{"body_sealed"}, byID("id"), `t.id::text`},
	{"paper_contents", []string{"content_sealed"}, byID("issue_id"), `t.issue_id::text`},
	{"signature_images", []string{"picture_sealed"}, byID("signature_id"), `t.signature_id::text || '/' || t.text_digest`},
	{"users", []string{"phone_sealed", "email_sealed"}, byID("id"), `t.id::text`},
	{"second_factors", []string{"secret_sealed", "pending_sealed"}, byID("user_id"), `t.user_id::text`},
	{"staff_identities", []string{"email_sealed"}, byID("user_id"), `t.user_id::text`},
	{"outbox", []string{"asked_sealed"}, byID("id"), `t.id::text`},
	{"filings", []string{"code_sealed"}, []keyColumn{{"key_digest", "bytea"}}, `encode(t.key_digest, 'hex')`},
	{"drafts", []string{"body_sealed"}, []keyColumn{{"owner", "bytea"}, {"form", "text"}}, `encode(t.owner, 'hex') || '/' || t.form`},
}

// SealCount is how many values of a column are sealed with one key.
type SealCount struct {
	Table  string `db:"-"`
	Column string `db:"name"`
	Key    string `db:"key"` // id of the key; "" for values that have not the form of a seal
	N      int    `db:"n"`
}

// sealKey is SQL: the key id in the head of a sealed value.
const sealKey = `CASE WHEN length(s.sealed) >= 33 AND get_byte(s.sealed, 0) = 1 THEN encode(substring(s.sealed FROM 2 FOR 4), 'hex') ELSE '' END`

// CountSeals counts every sealed value by column and key, in one statement a
// table, all of one moment.
func (db *DB) CountSeals(ctx context.Context) ([]SealCount, error) {
	var all []SealCount
	err := db.InTx(ctx, func(tx Tx) error {
		if err := tx.Snapshot(ctx); err != nil {
			return err
		}
		for _, t := range sealedTables {
			values := make([]string, len(t.columns))
			for i, c := range t.columns {
				values[i] = `(` + pq.QuoteLiteral(c) + `, t.` + c + `)`
			}
			counts, err := many[SealCount](ctx, tx.reader, `
				SELECT s.name, `+sealKey+` AS key, count(*) AS n
				FROM `+t.name+` t
				CROSS JOIN LATERAL (VALUES `+strings.Join(values, ", ")+`) s (name, sealed)
				WHERE s.sealed IS NOT NULL
				GROUP BY 1, 2
				ORDER BY 1, 2`)
			if err != nil {
				return err
			}
			for _, c := range counts {
				c.Table = t.name
				all = append(all, c)
			}
		}
		return nil
	})
	return all, err
}

// PepperCount is how many passwords and receipt codes were hashed with one
// pepper.
type PepperCount struct {
	Key       string `db:"key"`
	Passwords int    `db:"passwords"`
	Codes     int    `db:"codes"`
}

// CountPeppers counts the hashes by their pepper. A password moves to the current
// pepper when its owner signs in; a code stays with its own.
func (db *DB) CountPeppers(ctx context.Context) ([]PepperCount, error) {
	const statement = `
		SELECT h.key, count(*) FILTER (WHERE h.password) AS passwords, count(*) FILTER (WHERE NOT h.password) AS codes
		FROM (
			SELECT substring(u.password_hash FROM 'keyid=([0-9a-f]+)') AS key, TRUE AS password FROM users u
			UNION ALL
			SELECT substring(r.secret_hash FROM 'keyid=([0-9a-f]+)'), FALSE FROM receipt_codes r
		) h
		WHERE h.key IS NOT NULL
		GROUP BY h.key
		ORDER BY h.key`
	return many[PepperCount](ctx, db.reader(), statement)
}

// RequireKeys refuses with vault.ErrKeyMissing when something stored was sealed
// or hashed with a key that is not at hand. Values that have not the form of a
// seal are no reason: no key would open them.
func (db *DB) RequireKeys(ctx context.Context) error {
	seals, err := db.CountSeals(ctx)
	if err != nil {
		return err
	}
	for _, c := range seals {
		if c.Key == "" {
			continue
		}
		if err := db.keys.Require(vault.FieldKey, c.Key); err != nil {
			return fmt.Errorf("postgres: %s.%s: %w", c.Table, c.Column, err)
		}
	}
	peppers, err := db.CountPeppers(ctx)
	if err != nil {
		return err
	}
	for _, c := range peppers {
		if err := db.keys.Require(vault.PepperKey, c.Key); err != nil {
			return fmt.Errorf("postgres: passwords: %w", err)
		}
	}
	return nil
}

const (
	resealBatch = 200 // rows held at a time

	// What somebody else holds is tried again this often, with a pause between.
	resealTries = 50
	resealPause = 200 * time.Millisecond
)

// Unreadable is a sealed value that could not be opened and stays as it is.
type Unreadable struct {
	Table, Column, Row string
	Err                error // vault.ErrSealed or vault.ErrKeyMissing
}

// Resealed is what Reseal did.
type Resealed struct {
	Moved      int // values sealed anew with the current key
	Unreadable []Unreadable
}

// mostUnreadable bounds how many unreadable values are told one by one.
const mostUnreadable = 100

// Reseal seals anew, with the current field key, whatever was sealed with another.
// Each value stays bound to its place. It works in short transactions beside a
// running server and never waits for a row while it holds others; what somebody
// holds is tried again. Stopped at any moment it has lost nothing and goes on
// where it was when it is called again. told is called after each batch.
//
// Errors: Unavailable when rows stay held by somebody else; the context's.
func (db *DB) Reseal(ctx context.Context, told func(table, column string, moved int)) (Resealed, error) {
	var all Resealed
	for _, t := range sealedTables {
		for _, column := range t.columns {
			r := resealing{db: db, sealedTable: t, column: column, told: told}
			err := r.run(ctx)
			all.Moved += r.moved
			all.Unreadable = append(all.Unreadable, r.unreadable[:min(len(r.unreadable), mostUnreadable-len(all.Unreadable))]...)
			if err != nil {
				return all, err
			}
		}
	}
	return all, nil
}

// resealing is the work on one column.
type resealing struct {
	sealedTable
	db         *DB
	column     string
	told       func(table, column string, moved int)
	moved      int
	unreadable []Unreadable
}

// run walks the column again and again until a walk finds nothing but what cannot
// be opened.
func (r *resealing) run(ctx context.Context) error {
	for try := 0; try < resealTries; try++ {
		before := r.moved
		r.unreadable = nil
		for after := []string(nil); ; {
			var err error
			if after, err = r.batch(ctx, after); err != nil {
				return err
			}
			if after == nil {
				break
			}
		}
		left, err := r.left(ctx)
		if err != nil || left <= len(r.unreadable) {
			return err
		}
		if r.moved > before {
			try = -1 // it goes on; only standing still is counted
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(resealPause):
		}
	}
	return &mediation.Error{Kind: mediation.Unavailable, Key: "error.unavailable",
		Err: fmt.Errorf("postgres: rows of %s are held by somebody else", r.name)}
}

// stale is SQL: the row's value is sealed otherwise than with the current key.
func (r *resealing) stale() string {
	return `(SELECT ` + sealKey + ` <> $1 FROM (SELECT t.` + r.column + ` AS sealed) s)`
}

func (r *resealing) current() string { return r.db.keys.IDs(vault.FieldKey)[0] }

func (r *resealing) left(ctx context.Context) (int, error) {
	n, err := one[int](ctx, r.db.reader(), `
		SELECT count(*)
		FROM `+r.name+` t
		WHERE t.`+r.column+` IS NOT NULL AND `+r.stale(), r.current())
	if err != nil {
		return 0, err
	}
	return *n, nil
}

type sealedRow struct {
	Key    pq.StringArray `db:"key"`
	Row    string         `db:"row"`
	Sealed []byte         `db:"sealed"`
}

// batch reseals the next rows after a key and gives the last key it saw; nil when
// there were none.
func (r *resealing) batch(ctx context.Context, after []string) (last []string, err error) {
	moved := 0
	err = r.db.InTx(ctx, func(tx Tx) error {
		rows, err := many[sealedRow](ctx, tx.reader, r.next(after), r.values(after)...)
		if err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].Key
		var keep []sealedRow
		for _, row := range rows {
			fresh, err := r.db.keys.Reseal(vault.AAD{Table: r.name, Column: r.column, Row: row.Row}, row.Sealed)
			switch {
			case errors.Is(err, vault.ErrSealed), errors.Is(err, vault.ErrKeyMissing):
				r.unreadable = append(r.unreadable, Unreadable{r.name, r.column, row.Row, err})
				continue
			case err != nil:
				return err
			}
			row.Sealed = fresh
			keep = append(keep, row)
		}
		moved = len(keep)
		return r.put(ctx, tx, keep)
	})
	if err != nil {
		return nil, err
	}
	r.moved += moved
	r.told(r.name, r.column, moved)
	return last, nil
}

// next is the statement that takes the next rows. It skips rows somebody holds, so
// that it never waits while it holds others itself: no deadlock can come of it.
func (r *resealing) next(after []string) string {
	names, kinds := make([]string, len(r.key)), make([]string, len(r.key))
	for i, k := range r.key {
		names[i], kinds[i] = k.String(), `$`+strconv.Itoa(i+2)+`::text::`+k.kind // the driver would take a text for the bytes themselves
	}
	order := strings.Join(names, ", ")
	from := ""
	if after != nil {
		from = ` AND (` + order + `) > (` + strings.Join(kinds, ", ") + `)`
	}
	return `
		SELECT ARRAY[` + strings.Join(names, "::text, ") + `::text] AS key, ` + r.row + ` AS row, t.` + r.column + ` AS sealed
		FROM ` + r.name + ` t
		WHERE t.` + r.column + ` IS NOT NULL AND ` + r.stale() + from + `
		ORDER BY ` + order + `
		LIMIT ` + strconv.Itoa(resealBatch) + `
		FOR UPDATE OF t SKIP LOCKED`
}

// values are those of next's places.
func (r *resealing) values(after []string) []any {
	all := []any{r.current()}
	for _, k := range after {
		all = append(all, k)
	}
	return all
}

// put stores resealed values in one statement.
func (r *resealing) put(ctx context.Context, tx Tx, rows []sealedRow) error {
	if len(rows) == 0 {
		return nil
	}
	sealed, keys := make(pq.ByteaArray, len(rows)), make([]pq.StringArray, len(r.key))
	for i, row := range rows {
		sealed[i] = row.Sealed
		for j := range r.key {
			keys[j] = append(keys[j], row.Key[j])
		}
	}
	args, from, on := []any{sealed}, []string{`$1::bytea[]`}, []string(nil)
	names := []string{"sealed"}
	for j, k := range r.key {
		args = append(args, keys[j])
		name := "k" + strconv.Itoa(j)
		from, names = append(from, `$`+strconv.Itoa(j+2)+`::text[]`), append(names, name)
		on = append(on, k.String()+` = v.`+name+`::`+k.kind)
	}
	n, err := tx.exec(ctx, `
		UPDATE `+r.name+` t
		SET `+r.column+` = v.sealed
		FROM unnest(`+strings.Join(from, ", ")+`) v (`+strings.Join(names, ", ")+`)
		WHERE `+strings.Join(on, " AND "), args...)
	if err == nil && n != int64(len(rows)) {
		err = fmt.Errorf("postgres: %s: %d rows resealed, want %d", r.name, n, len(rows))
	}
	return err
}

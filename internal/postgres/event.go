package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// canonical is the form of an event that its digest covers: everything but the
// digest itself.
func canonical(e mediation.Event) ([]byte, error) {
	e.Hash = ""
	e.At = e.At.UTC().Truncate(time.Microsecond) // what PostgreSQL keeps
	return vault.Canonical(e)
}

// AddEvents appends the lines of an act to the history of the locked case: each
// is chained to the one before, and the head moves on the case row, which the
// caller saves in the same transaction.
func (tx Tx) AddEvents(ctx context.Context, c *mediation.Case, events []mediation.Event) error {
	const statement = `
		INSERT INTO events (id, case_id, area_root, seq, at, by_user, by_party, role, action, from_stage, to_stage, subject_id,
			codes, digest, prev_hash, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
	for i := range events {
		e := &events[i]
		if e.Codes == nil {
			e.Codes = map[string]string{}
		}
		e.At = e.At.UTC().Truncate(time.Microsecond)
		e.Seq, e.Prev = c.ChainSeq+1, c.ChainHead
		prev, err := hex.DecodeString(e.Prev)
		if err != nil {
			return fmt.Errorf("postgres: chain head of %s: %w", c.ID, err)
		}
		text, err := canonical(*e)
		if err != nil {
			return fmt.Errorf("postgres: event: %w", err)
		}
		e.Hash = hex.EncodeToString(vault.Link(prev, text))
		codes, err := json.Marshal(e.Codes)
		if err != nil {
			return fmt.Errorf("postgres: event: %w", err)
		}
		if _, err := tx.exec(ctx, statement, e.ID, string(e.Case), root(c.AreaPath), e.Seq, e.At, null(e.By), null(e.Party), string(e.Role),
			string(e.Action), string(e.From), string(e.To), null(e.Subject), string(codes), e.Digest, e.Prev, e.Hash); err != nil {
			return err
		}
		c.ChainSeq, c.ChainHead = e.Seq, e.Hash
	}
	return nil
}

// null is NULL for an empty id.
func null[T ~string](id T) any {
	if id == "" {
		return nil
	}
	return string(id)
}

// History reads the lines of a case, oldest first.
func (db *DB) History(ctx context.Context, id mediation.CaseID) ([]mediation.Event, error) {
	return db.reader().History(ctx, id)
}

// History reads the lines of a case, oldest first.
func (r reader) History(ctx context.Context, id mediation.CaseID) ([]mediation.Event, error) {
	const statement = `
		SELECT to_jsonb(e) - 'area_root'
		FROM events e
		WHERE e.case_id = $1
		ORDER BY e.seq`
	return events(ctx, r, statement, string(id))
}

func events(ctx context.Context, r reader, statement string, values ...any) ([]mediation.Event, error) {
	rows, err := many[[]byte](ctx, r, statement, values...)
	if err != nil {
		return nil, err
	}
	all := make([]mediation.Event, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row, &all[i]); err != nil {
			return nil, fmt.Errorf("postgres: event: %w", err)
		}
	}
	return all, nil
}

// Broken is the first link of a chain that does not hold.
type Broken struct {
	Case mediation.CaseID
	Seq  int
	Why  string // "gap", "changed", "cut", "extra"
}

// VerifyChains walks every case's history and names the first broken link; nil
// when all hold. It reads the cases in pages, so memory does not grow with the
// table; heads and lines of a page come by one statement, so an act meanwhile is
// seen whole or not at all.
func (db *DB) VerifyChains(ctx context.Context) (checked int, broken *Broken, err error) {
	const page = `
		WITH page AS (
			SELECT c.id, c.chain_seq, c.chain_head
			FROM cases c
			WHERE c.id > $1
			ORDER BY c.id
			LIMIT 200)
		SELECT p.id, p.chain_seq, p.chain_head, to_jsonb(e) - 'area_root' AS line
		FROM page p
		LEFT JOIN events e ON e.case_id = p.id
		ORDER BY p.id, e.seq`
	last := "00000000-0000-0000-0000-000000000000"
	for {
		rows, err := many[chainRow](ctx, db.reader(), page, last)
		if err != nil || len(rows) == 0 {
			return checked, nil, err
		}
		for len(rows) > 0 {
			h := rows[0]
			var lines []mediation.Event
			for len(rows) > 0 && rows[0].ID == h.ID {
				if rows[0].Line != nil {
					var e mediation.Event
					if err := json.Unmarshal(rows[0].Line, &e); err != nil {
						return checked, nil, fmt.Errorf("postgres: event: %w", err)
					}
					lines = append(lines, e)
				}
				rows = rows[1:]
			}
			if b, err := verify(mediation.CaseID(h.ID), h.Seq, h.Head, lines); b != nil || err != nil {
				return checked, b, err
			}
			checked, last = checked+len(lines), h.ID
		}
	}
}

// chainRow is a line of a history beside the head of its chain; no line for a
// case without history.
type chainRow struct {
	ID   string `db:"id"`
	Seq  int    `db:"chain_seq"`
	Head string `db:"chain_head"`
	Line []byte `db:"line"`
}

func verify(id mediation.CaseID, seq int, head string, lines []mediation.Event) (*Broken, error) {
	prev := ""
	for i, e := range lines {
		if e.Seq != i+1 {
			return &Broken{id, i + 1, "gap"}, nil
		}
		if e.Prev != prev {
			return &Broken{id, e.Seq, "changed"}, nil
		}
		raw, err := hex.DecodeString(prev)
		if err != nil {
			return &Broken{id, e.Seq, "changed"}, nil //nolint:nilerr // a head that is no hex is itself the finding
		}
		text, err := canonical(e)
		if err != nil {
			return nil, fmt.Errorf("postgres: event: %w", err)
		}
		if hex.EncodeToString(vault.Link(raw, text)) != e.Hash {
			return &Broken{id, e.Seq, "changed"}, nil
		}
		prev = e.Hash
	}
	switch {
	case len(lines) < seq:
		return &Broken{id, len(lines) + 1, "cut"}, nil
	case len(lines) > seq:
		return &Broken{id, seq + 1, "extra"}, nil
	case prev != head:
		return &Broken{id, seq, "changed"}, nil
	}
	return nil, nil //nolint:nilnil // no broken link is the good answer
}

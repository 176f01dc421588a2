package postgres

import (
	"context"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// Checkpoint reads where every chain stands and how long the other histories
// are, all as of one moment. It is alone in its transaction; see Snapshot.
func (tx Tx) Checkpoint(ctx context.Context) (c vault.Checkpoint, err error) {
	if err := tx.Snapshot(ctx); err != nil {
		return c, err
	}
	c.Heads, err = many[vault.ChainHead](ctx, tx.reader, `SELECT id, chain_seq AS seq, chain_head AS hash FROM cases ORDER BY id`)
	if err != nil {
		return c, err
	}
	c.Reads, c.Office, err = tx.counts(ctx)
	return c, err
}

func (r reader) counts(ctx context.Context) (reads, office int, err error) {
	type lengths struct {
		Reads  int `db:"reads"`
		Office int `db:"office"`
	}
	n, err := one[lengths](ctx, r, `SELECT (SELECT count(*) FROM access_log) AS reads, (SELECT count(*) FROM office_events) AS office`)
	if err != nil || n == nil {
		return 0, 0, err
	}
	return n.Reads, n.Office, nil
}

// checkpointPage is how many heads are asked for at once.
const checkpointPage = 1000

// Against says whether the chains still hold what a checkpoint saw: the first
// case that is gone, shorter than it was ("cut") or has another line at the place
// where its head was ("rewritten"); nil when all hold. With VerifyChains, which
// sees that each chain holds in itself, nothing before the checkpoint can have
// been changed: whoever rewrites a line changes every head after it.
func (db *DB) Against(ctx context.Context, c vault.Checkpoint) (*Broken, error) {
	const page = `
		SELECT h.id, h.seq, CASE
			WHEN c.id IS NULL THEN 'gone'
			WHEN h.seq > 0 AND e.seq IS NULL OR c.chain_seq < h.seq THEN 'cut'
			ELSE 'rewritten'
		END AS why
		FROM unnest($1::uuid[], $2::int[], $3::text[]) AS h (id, seq, hash)
		LEFT JOIN cases c ON c.id = h.id
		LEFT JOIN events e ON e.case_id = h.id AND e.seq = h.seq
		WHERE c.id IS NULL OR c.chain_seq < h.seq OR h.seq > 0 AND e.hash IS DISTINCT FROM h.hash
		ORDER BY h.id
		LIMIT 1`
	type lost struct {
		ID  string `db:"id"`
		Seq int    `db:"seq"`
		Why string `db:"why"`
	}
	for heads := c.Heads; len(heads) > 0; {
		n := min(checkpointPage, len(heads))
		ids, seqs, hashes := make(pq.StringArray, n), make(pq.Int64Array, n), make(pq.StringArray, n)
		for i, h := range heads[:n] {
			ids[i], seqs[i], hashes[i] = h.Case, int64(h.Seq), h.Hash
		}
		heads = heads[n:]
		found, err := one[lost](ctx, db.reader(), page, ids, seqs, hashes)
		if err != nil {
			return nil, err
		}
		if found != nil {
			return &Broken{mediation.CaseID(found.ID), found.Seq, found.Why}, nil
		}
	}
	return nil, nil //nolint:nilnil // nothing lost is the good answer
}

// Missing says how many lines the log of reads and the office's history have
// lost since a checkpoint: 0 or less for none. They are no chains; nothing is
// ever taken out of them, so a shorter one was cut.
func (db *DB) Missing(ctx context.Context, c vault.Checkpoint) (reads, office int, err error) {
	reads, office, err = db.reader().counts(ctx)
	return c.Reads - reads, c.Office - office, err
}

package postgres

import (
	"context"

	"doorstep/internal/mediation"
)

// Stored is how many bytes the files of a committee's cases have, by the counter
// that the database keeps beside them.
func (db *DB) Stored(ctx context.Context, committee mediation.CommitteeID) (int64, error) {
	bytes, err := one[int64](ctx, db.reader(), `SELECT bytes FROM committee_files WHERE committee_id = $1`, string(committee))
	if err != nil || bytes == nil {
		return 0, err
	}
	return *bytes, nil
}

// LockStored is Stored, with the counter held until the transaction ends: whoever
// lays a file to a case of this committee meanwhile waits. It comes after the
// case's own lock, always.
func (tx Tx) LockStored(ctx context.Context, committee mediation.CommitteeID) (int64, error) {
	const statement = `
		INSERT INTO committee_files AS k (committee_id, files, bytes) VALUES ($1, 0, 0)
		ON CONFLICT (committee_id) DO UPDATE SET bytes = k.bytes
		RETURNING bytes`
	bytes, err := one[int64](ctx, tx.reader, statement, string(committee))
	if err != nil {
		return 0, err
	}
	return *bytes, nil
}

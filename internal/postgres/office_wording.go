package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"doorstep/internal/mediation"
)

// Wording reads the sentences of the papers that a committee put in its own
// words, by key.
func (db *DB) Wording(ctx context.Context, id mediation.CommitteeID) (map[string]string, error) {
	body, err := one[[]byte](ctx, db.reader(), `SELECT k.wording FROM committees k WHERE k.id = $1`, string(id))
	if err != nil || body == nil {
		return nil, err
	}
	own := map[string]string{}
	if err := json.Unmarshal(*body, &own); err != nil {
		return nil, fmt.Errorf("postgres: wording: %w", err)
	}
	return own, nil
}

// SetSentence stores one sentence; "" drops it. It is a Conflict when the stored
// one is no longer before.
func (tx Tx) SetSentence(ctx context.Context, id mediation.CommitteeID, key, text, before string) error {
	const statement = `
		UPDATE committees
		SET wording = CASE WHEN $3::text = '' THEN wording - $2::text ELSE wording || jsonb_build_object($2::text, $3::text) END
		WHERE id = $1 AND closed_at IS NULL AND coalesce(wording ->> $2::text, '') = $4`
	n, err := tx.exec(ctx, statement, string(id), key, text, before)
	if err == nil && n == 0 {
		return &mediation.Error{Kind: mediation.Conflict, Key: "error.stale"}
	}
	return err
}

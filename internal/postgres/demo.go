package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Demonstration is what a demonstration keeps of itself over a restart. Its
// receipt code opens an invented case and is no secret.
type Demonstration struct {
	Offset time.Duration `json:"offset"` // nanoseconds between the wall's clock and the cases'
	Code   string        `json:"code"`
}

const demonstrationKey = "demonstration"

// Demonstration reads what SaveDemonstration kept; nil when none was built here.
func (db *DB) Demonstration(ctx context.Context) (*Demonstration, error) {
	const statement = `
		SELECT s.value
		FROM settings s
		WHERE s.key = $1`
	text, err := one[string](ctx, db.reader(), statement, demonstrationKey)
	if err != nil || text == nil {
		return nil, err
	}
	d := &Demonstration{}
	if err := json.Unmarshal([]byte(*text), d); err != nil {
		return nil, fmt.Errorf("postgres: demonstration: %w", err)
	}
	return d, nil
}

// SaveDemonstration notes that a demonstration was built to its end.
func (tx Tx) SaveDemonstration(ctx context.Context, d Demonstration) error {
	const statement = `
		INSERT INTO settings (key, value)
		VALUES ($1, $2)`
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("postgres: demonstration: %w", err)
	}
	_, err = tx.exec(ctx, statement, demonstrationKey, string(text))
	return err
}

package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"
)

// GuessLimit is how many guesses may stand under one key within a window.
type GuessLimit struct {
	Key    []byte // keyed digest, 8 bytes at least
	Most   int
	Window time.Duration
}

// TakeGuess notes a guess under every key, or none when one of the limits is
// met; then wait is how long until there is room again. The guess is noted
// before it is judged, one request at a time for each key: otherwise a hundred
// requests sent at once would all find the counter at nought.
func (tx Tx) TakeGuess(ctx context.Context, limits []GuessLimit, now time.Time) (wait time.Duration, err error) {
	const (
		lock = `SELECT pg_advisory_xact_lock($1)`
		last = `
			SELECT g.at
			FROM guesses g
			WHERE g.key = $1 AND g.at > $2
			ORDER BY g.at DESC
			OFFSET $3
			LIMIT 1`
		note = `INSERT INTO guesses (key, at) VALUES ($1, $2)`
	)
	limits = slices.Clone(limits)
	slices.SortFunc(limits, func(a, b GuessLimit) int { return bytes.Compare(a.Key, b.Key) }) // one order for all: no deadlock
	for _, l := range limits {
		if _, err := tx.exec(ctx, lock, int64(binary.BigEndian.Uint64(l.Key))); err != nil {
			return 0, err
		}
		met, err := one[time.Time](ctx, tx.reader, last, l.Key, now.Add(-l.Window), l.Most-1)
		if err != nil {
			return 0, err
		}
		if met != nil {
			wait = max(wait, met.Add(l.Window).Sub(now))
		}
	}
	if wait > 0 {
		return wait, nil
	}
	for _, l := range limits {
		if _, err := tx.exec(ctx, note, l.Key, now); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// ClearGuesses forgets every guess under the key.
func (tx Tx) ClearGuesses(ctx context.Context, key []byte) error {
	_, err := tx.exec(ctx, `DELETE FROM guesses WHERE key = $1`, key)
	return err
}

// ReturnGuess takes back one guess noted at the moment.
func (tx Tx) ReturnGuess(ctx context.Context, key []byte, at time.Time) error {
	const statement = `
		DELETE FROM guesses
		WHERE ctid = (SELECT g.ctid FROM guesses g WHERE g.key = $1 AND g.at = $2 LIMIT 1)`
	_, err := tx.exec(ctx, statement, key, at)
	return err
}

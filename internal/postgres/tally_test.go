package postgres

import (
	"context"
	"errors"
	"testing"

	"doorstep/internal/pgtest"
	"doorstep/internal/vault"
)

func TestEveryWayToTheDatabaseIsCounted(t *testing.T) {
	t.Parallel()
	db, err := Open(pgtest.New(t).App, vault.TestKeys())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	stop := errors.New("stop")
	for _, tt := range []struct {
		rule string
		want int
		do   func(ctx context.Context, tx Tx) error
	}{
		{"begin and commit", 2, func(context.Context, Tx) error { return nil }},
		{"begin and rollback", 2, func(context.Context, Tx) error { return stop }},
		{"a row, rows and a write", 5, func(ctx context.Context, tx Tx) error {
			_, a := one[int](ctx, tx.reader, `SELECT 1`)
			_, b := many[int](ctx, tx.reader, `SELECT generate_series(1, 3)`)
			_, c := tx.exec(ctx, `DELETE FROM drafts`)
			return errors.Join(a, b, c)
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			ctx, count := Tally(t.Context())
			_, other := Tally(t.Context())
			if err := db.InTx(ctx, func(tx Tx) error { return tt.do(ctx, tx) }); err != nil && !errors.Is(err, stop) {
				t.Fatal(err)
			}
			if count() != tt.want || other() != 0 {
				t.Errorf("%d statements, and %d for a request that asked nothing; want %d and 0", count(), other(), tt.want)
			}
		})
	}
}

package postgres

import (
	"context"
	"sync/atomic"
)

// tallyKey finds the tally of a request in its context.
type tallyKey struct{}

// Tally gives a context in which statements are counted, and the count so far.
// Begin and commit count like any other: each is a way to the database and back,
// and that is what a page waits for. Count is safe to call while statements run.
func Tally(ctx context.Context) (counting context.Context, count func() int) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, tallyKey{}, n), func() int { return int(n.Load()) }
}

// tally counts one statement for whoever keeps a tally in the context.
func tally(ctx context.Context) {
	if n, ok := ctx.Value(tallyKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

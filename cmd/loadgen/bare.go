package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/crypto/argon2"
)

// bare is the server beside: Echo and lib/pq, the same statements in the same
// order, and the values they gave written out as text. It knows nobody, judges
// nothing and draws no page.
type bare struct {
	address string
	http    *http.Server
	pool    *sql.DB
	slots   chan struct{}
}

// hashesAtOnce is how many hashes Doorstep makes at once; the bare server does
// the same.
const hashesAtOnce = 2

func serveBare(ctx context.Context, pool *sql.DB, kinds []*kind) (*bare, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	e := echo.New()
	b := &bare{address: "http://" + l.Addr().String(), pool: pool, slots: make(chan struct{}, hashesAtOnce)}
	b.http = &http.Server{Handler: e, ReadHeaderTimeout: 5 * time.Second}
	for _, k := range kinds {
		turn := make(chan int, 1)
		turn <- 0
		e.Any("/"+k.path, func(c echo.Context) error { //nolint:contextcheck // it brings the context of its request
			n := <-turn
			turn <- (n + 1) % len(k.scripts)
			calls := k.scripts[n].calls
			if k.writes {
				calls = k.scripts[n].again()
			}
			return b.answer(c, calls)
		})
	}
	go func() { _ = b.http.Serve(l) }() // ends with stop
	return b, nil
}

func (b *bare) stop() error {
	if err := b.http.Close(); err != nil {
		return fmt.Errorf("bare server: %w", err)
	}
	return nil
}

// answer runs the statements and writes what they gave.
func (b *bare) answer(c echo.Context, calls []call) (err error) {
	ctx, out := c.Request().Context(), &strings.Builder{}
	if err := c.Request().ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	if err := b.hash(ctx, calls); err != nil {
		return err
	}
	var tx *sql.Tx
	defer func() {
		if tx != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for _, sent := range calls {
		word, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(sent.text)), " ")
		switch strings.TrimSuffix(word, ";") {
		case "BEGIN":
			if tx, err = b.pool.BeginTx(ctx, nil); err != nil {
				return err
			}
		case "COMMIT":
			err, tx = tx.Commit(), nil
			if err != nil {
				return err
			}
		default:
			if err := b.query(ctx, tx, sent, out); err != nil {
				return err
			}
		}
	}
	return c.String(http.StatusOK, out.String())
}

func (b *bare) query(ctx context.Context, tx *sql.Tx, sent call, out *strings.Builder) error {
	values := make([]any, len(sent.values))
	for i, v := range sent.values {
		if v != nil {
			values[i] = *v
		}
	}
	ask := b.pool.QueryContext
	if tx != nil {
		ask = tx.QueryContext
	}
	rows, err := ask(ctx, sent.text, values...)
	if err != nil {
		return fmt.Errorf("%s: %w", sent.text, err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	row, places := make([]sql.RawBytes, len(names)), make([]any, len(names))
	for i := range row {
		places[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for _, value := range row {
			_, _ = out.Write(value) // a builder takes everything
			_ = out.WriteByte('\n')
		}
	}
	return rows.Err()
}

// argon finds the cost of a hash the server made for a request.
var argon = regexp.MustCompile(`^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+),`)

// hash makes the hashes a request makes, at the same cost and as many at once.
func (b *bare) hash(ctx context.Context, calls []call) error {
	for _, sent := range calls {
		for _, v := range sent.values {
			if v == nil {
				continue
			}
			var memory, passes uint32
			var lanes uint8
			found := argon.FindString(*v)
			if found == "" {
				continue
			}
			if _, err := fmt.Sscanf(found, "$argon2id$v=19$m=%d,t=%d,p=%d,", &memory, &passes, &lanes); err != nil {
				return fmt.Errorf("cost of a hash: %w", err)
			}
			select {
			case b.slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			argon2.IDKey([]byte("1234 5678 9012 34"), []byte("sixteen bytes of"), passes, memory, lanes, 32)
			<-b.slots
		}
	}
	return nil
}

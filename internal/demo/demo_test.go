package demo_test

import (
	"log/slog"
	"testing"
	"time"

	"doorstep/internal/authz"
	"doorstep/internal/demo"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

func deps(t *testing.T) demo.Deps {
	t.Helper()
	keys := vault.TestKeys()
	db, err := postgres.Open(pgtest.New(t).App, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	wall := time.Date(2027, 1, 8, 10, 0, 0, 0, time.UTC)
	return demo.Deps{DB: db, Policy: policy, Keys: keys, Hasher: vault.NewHasher(keys), Log: slog.New(slog.DiscardHandler),
		Wall: func() time.Time { return wall }}
}

func TestBuild(t *testing.T) {
	d := deps(t)
	start := time.Now()
	r, err := demo.Build(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start), r.Now(d.Wall)(), r.Code)
}

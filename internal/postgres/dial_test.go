package postgres_test

import (
	"testing"

	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
)

// A backup of a large table waits for a sort that a page would give up: nothing
// comes over the socket meanwhile.
func TestABackupWaitsWhereAPageGivesUp(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), `CREATE VIEW slow AS SELECT pg_sleep(7.5)::text AS id`); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule string
		open func() (*postgres.DB, error)
		fits bool
	}{
		{"a page", func() (*postgres.DB, error) { return postgres.Open(dsn.Owner, nil) }, false},
		{"a backup", func() (*postgres.DB, error) { return postgres.OpenPatient(dsn.Owner, nil) }, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			db, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rows := 0
			err = db.InTx(t.Context(), func(tx postgres.Tx) error {
				if err := tx.Snapshot(t.Context()); err != nil {
					return err
				}
				return tx.EachRow(t.Context(), postgres.Table{Name: "slow", Columns: []string{"id"}}, func([]*string) error { rows++; return nil })
			})
			if (err == nil) != tt.fits || (rows == 1) != tt.fits {
				t.Errorf("%d rows, %v", rows, err)
			}
		})
	}
}

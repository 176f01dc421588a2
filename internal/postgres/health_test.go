package postgres_test

import (
	"slices"
	"testing"
	"time"

	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
)

var history = []string{"access_log", "events", "office_events"}

// What guards the history differs by who asks and by what was done to the
// database; the rest is the same for everybody.
func TestHealthTellsWhatGuardsTheHistory(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule       string
		owner      bool
		setUp      string // run by the owner before
		rewritable []string
		loose      []string
	}{
		{"the serving role has no right", false, "", nil, nil},
		{"the owner is held by triggers alone", true, "", history, nil},
		{"the owner stays the owner without the rights", true, "REVOKE ALL ON events FROM doorstep_owner", history, nil},
		{"a right to one column is a right", false, "GRANT UPDATE (seq) ON events TO " + appRole, []string{"events"}, nil},
		{"a right to delete", false, "GRANT DELETE ON access_log TO " + appRole, []string{"access_log"}, nil},
		{"a right to truncate", false, "GRANT TRUNCATE ON office_events TO " + appRole, []string{"office_events"}, nil},
		{"a trigger that rests", false, "ALTER TABLE events DISABLE TRIGGER events_fixed", nil, []string{"events"}},
		{"a trigger that is gone", false, "DROP TRIGGER access_log_kept ON access_log", nil, []string{"access_log"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			if tt.setUp != "" {
				if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), tt.setUp); err != nil {
					t.Fatal(err)
				}
			}
			address, role := dsn.App, appRole
			if tt.owner {
				address, role = dsn.Owner, "doorstep_owner"
			}
			h, err := postgres.CheckHealth(t.Context(), openDB(t, address))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(h.Rewritable, tt.rewritable) || !slices.Equal(h.Loose, tt.loose) {
				t.Errorf("rewritable %v, loose %v; want %v, %v", h.Rewritable, h.Loose, tt.rewritable, tt.loose)
			}
			if h.Role != role || !h.Begun || !h.Chinese() || !h.Checksums || h.Major < 14 || h.Version == "" {
				t.Errorf("the rest: %+v", h)
			}
			if off := time.Since(h.Clock).Abs(); off > 10*time.Second {
				t.Errorf("the clock is off by %s on one machine", off)
			}
		})
	}
}

func TestHealthOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t, "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
	h, err := postgres.CheckHealth(t.Context(), openDB(t, dsn.Owner))
	if err != nil {
		t.Fatal(err)
	}
	if h.Begun || h.Chinese() || h.Ctype != "C" || len(h.Rewritable)+len(h.Loose) > 0 {
		t.Errorf("%+v", h)
	}
}

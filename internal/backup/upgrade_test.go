package backup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/authz"
	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// tables reads every row of every table, as a backup would.
func (h *oldHouse) tables() map[string][]string {
	h.t.Helper()
	all := map[string][]string{}
	err := h.DB.InTx(h.t.Context(), func(tx postgres.Tx) error {
		if err := tx.Snapshot(h.t.Context()); err != nil {
			return err
		}
		tables, err := tx.Tables(h.t.Context())
		if err != nil {
			return err
		}
		for _, t := range tables {
			err := tx.EachRow(h.t.Context(), t, func(row []*string) error {
				var cells []string
				for i, v := range row {
					if v != nil {
						cells = append(cells, t.Columns[i]+"="+*v)
					}
				}
				slices.Sort(cells) // a column may have come at another place
				all[t.Name] = append(all[t.Name], strings.Join(cells, "\x1f"))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// A database of the first schema, with cases in it, is brought up to date: its
// histories hold, every value that was in it is in it still, and what today's
// program adds beside them is there.
func TestAPopulatedDatabaseOfTheFirstSchemaIsUpgraded(t *testing.T) {
	t.Parallel()
	h := openOldHouse(t)
	had := h.tables()
	lines := h.count(`SELECT count(*) FROM events`)
	if len(had["cases"]) != 4 || lines < 50 {
		t.Fatalf("the old house holds %d cases and %d lines of history", len(had["cases"]), lines)
	}
	if err := postgres.Migrate(t.Context(), h.dsn.Owner, "doorstep_app"); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), h.dsn.Owner, "doorstep_app"); err != nil {
		t.Errorf("a second time: %v", err)
	}
	has := h.tables()
	for name, rows := range had {
		if len(rows) != len(has[name]) {
			t.Errorf("%s had %d rows and has %d", name, len(rows), len(has[name]))
			continue
		}
		for i, row := range rows {
			for cell := range strings.SplitSeq(row, "\x1f") {
				if !slices.Contains(strings.Split(has[name][i], "\x1f"), cell) {
					t.Errorf("%s lost %.200q; has %.400q", name, cell, has[name][i])
				}
			}
		}
	}
	if checked, broken, err := h.DB.VerifyChains(t.Context()); checked != lines || broken != nil || err != nil {
		t.Errorf("of %d lines %d were checked: %+v, %v", lines, checked, broken, err)
	}
	if n := h.count(`SELECT count(*) FROM search_docs WHERE cardinality(grams) > 0`); n != 4 {
		t.Errorf("%d cases can be searched for", n)
	}
	h.goesOn()
}

// goesOn reads every case through today's program and does an act in one.
func (h *oldHouse) goesOn() {
	h.t.Helper()
	ctx := h.t.Context()
	app, err := postgres.Open(h.dsn.App, h.Keys)
	if err != nil {
		h.t.Fatal(err)
	}
	defer app.Close()
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		h.t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 7, 9, 9, 0, 0, 0, statute.Shanghai) }
	hasher := vault.NewHasher(h.Keys)
	desk := casework.New(app, policy, h.Keys, hasher, office.New(app, policy, hasher, now).Calendar, now)
	system := mediation.System()
	var got []string
	for _, old := range h.strings(`SELECT id || ' ' || stage || ' ' || title FROM cases ORDER BY id`) {
		id := mediation.CaseID(old[:36])
		c, err := app.Case(ctx, system, policy.Scope(system, "case", "read"), id, now())
		if err != nil || c == nil {
			h.t.Fatalf("case %s: %v", id, err)
		}
		got = append(got, fmt.Sprintf("%s %s %s", c.ID, c.Stage, c.Title))
		for _, p := range c.Parties {
			if p.Name == "" {
				h.t.Errorf("a party of %s has no name", c.Title)
			}
		}
	}
	if diff := cmp.Diff(h.strings(`SELECT id || ' ' || stage || ' ' || title FROM cases ORDER BY id`), got); diff != "" {
		h.t.Error(diff)
	}
	due := mediation.CaseID(h.strings(`SELECT case_id::text FROM deadlines d JOIN cases c ON c.id = d.case_id WHERE d.kind = 'D-06' AND d.ended_at IS NULL AND c.stage = 'adjourned'`)[0])
	before := h.count(`SELECT count(*) FROM events`)
	if _, err := desk.Do(ctx, system, due, 0, &mediation.Lapsing{}); err != nil {
		h.t.Errorf("the period of an old case cannot lapse: %v", err)
	}
	if checked, broken, err := app.VerifyChains(ctx); checked != before+1 || broken != nil || err != nil {
		h.t.Errorf("after an act %d lines were checked, %+v, %v", checked, broken, err)
	}
}

func (h *oldHouse) strings(query string) (texts []string) {
	h.t.Helper()
	rows, err := h.raw.QueryContext(h.t.Context(), query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			h.t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	return texts
}

package postgres

import (
	"slices"
	"testing"

	"doorstep/internal/figures"
)

// The rounds of years are kept; a committee's month reads its own lines alone.
func TestTheRoundsOfACommitteeAreFoundByIndex(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, statement := range []string{
		`INSERT INTO users (id, username, name, password_hash, created_at) VALUES (md5('clerk')::uuid, 'clerk', '某人', 'x', now())`,
		`INSERT INTO committees (id, area_id, name, short_name) SELECT md5('more' || n)::uuid, md5('area0')::uuid, '调委会', '更' || n FROM generate_series(1, 200) n`,
		`INSERT INTO committee_screenings (committee_id, month, seq, times, found, prevented, note, role, by_user, at)
			SELECT m.id, date '2020-01-01' + make_interval(months => n), s, 1, 0, 0, '走访', 'chair', md5('clerk')::uuid, now()
			FROM committees m, generate_series(0, 71) n, generate_series(1, 3) s`,
		`VACUUM ANALYZE committee_screenings`,
	} {
		if _, err := w.db.pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	unit := FigureUnit{Key: w.named(t, "committee0"), Kind: "committee"}
	v := args{unit.Key, figures.NewMonth(2024, 5).First()}
	p := w.explain(t, screeningsOf(unit), v)
	if p.Rows != 3 || slices.Contains(p.scanned(), "committee_screenings") {
		t.Errorf("%g lines, read whole: %v%s", p.Rows, p.scanned(), w.text(t, screeningsOf(unit), v))
	}
	// a district of more committees than the list shows lines is added up whole
	all, err := w.db.ScreeningSum(t.Context(), FigureUnit{Kind: "area"}, figures.NewMonth(2024, 5))
	var n int
	if err := w.db.pool.GetContext(t.Context(), &n, `SELECT count(*) FROM committees`); err != nil {
		t.Fatal(err)
	}
	if err != nil || n <= 200 || *all != (ScreeningSum{Committees: n, Times: n}) {
		t.Errorf("of %d committees: %+v, %v", n, all, err)
	}
	own, err := w.db.ScreeningSum(t.Context(), unit, figures.NewMonth(2024, 5))
	if err != nil || *own != (ScreeningSum{Committees: 1, Times: 1}) {
		t.Errorf("of one committee: %+v, %v", own, err)
	}
}

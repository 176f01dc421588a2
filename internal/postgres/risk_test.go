package postgres_test

import "testing"

// Notes from before they were sealed are read as they were and sealed by the next
// start, once.
func TestNotesFromBeforeAreSealed(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	id := s.column(`SELECT id::text FROM risks ORDER BY id LIMIT 1`)[0]
	_, err := s.raw.ExecContext(t.Context(), `UPDATE risks SET facts = '从前写的', measures = '当时做的', facts_sealed = NULL, measures_sealed = NULL WHERE id = $1`, id)
	s.must(err)
	reads := func(when string) {
		t.Helper()
		c, err := s.db.FindCase(t.Context(), s.column(`SELECT case_id::text FROM risks WHERE id = $1`, id)[0])
		s.must(err)
		if r := c.Risks[0]; r.Facts != "从前写的" || r.Measures != "当时做的" {
			t.Errorf("%s: %q, %q", when, r.Facts, r.Measures)
		}
	}
	reads("before")
	for _, want := range []int{1, 0} {
		if n, err := s.open().SealNotes(t.Context()); n != want || err != nil {
			t.Errorf("%d sealed, %v; want %d", n, err, want)
		}
	}
	reads("after")
	if left := s.column(`SELECT id::text FROM risks WHERE facts <> '' OR measures <> '' OR facts_sealed IS NULL`); len(left) > 0 {
		t.Errorf("in the open: %v", left)
	}
}

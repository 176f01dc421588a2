package postgres

import (
	"context"
	"strconv"
	"strings"

	"doorstep/internal/mediation"
)

const (
	mostTerms = 8 // words of a search that count

	// manyHits is from how many documents on a search goes the other way round: a
	// word that stands in as many is met soon when the list is walked in its own
	// order, and one in fewer is quicker gathered and sorted.
	manyHits = 5000
)

// branches are the parts of a list, one for each right, each a page of its own
// cut off by tail. A selection with a text has one for each way it may be found,
// so that each uses its own index; they need the hits of looked before them.
//
// A number is found by its beginning by everybody who has the row; a title, place
// or name only where the reader may read it: a list must not answer "is there a
// case about him" to somebody who sees masked names.
//
// Which way a word is looked for is decided here and not by the planner. It knows
// how often a pair of characters occurs, but guesses that each of our conditions
// of right leaves a third of the rows; so it takes common words for rare ones and
// reads all documents.
func (s Selection) branches(r Reader, columns, filter, tail string, v *args) []string {
	rights := distinct(r.Rows, r.Actor, r.Now)
	if len(rights) == 0 {
		return nil
	}
	if s.text() == "" {
		return eachRight(r, rights, columns, filter, tail, v)
	}
	start := v.add(likeSafe.Replace(s.text()) + "%")
	readable, whole := s.readable(r, v), s.whole(v)
	all := eachRight(r, rights, columns, filter+` AND c.number <> '' AND c.number LIKE `+start, tail, v)
	all = append(all, eachRight(r, rights, columns, filter+` AND c.intake_number LIKE `+start, tail, v)...)
	walked := filter + ` AND (SELECT count(*) FROM hits) = ` + strconv.Itoa(manyHits) + ` AND ` + readable + `
				AND (SELECT ` + s.pairs(v) + ` AND ` + whole + ` FROM search_docs sd WHERE sd.case_id = c.id)`
	all = append(all, eachRight(r, rights, columns, walked, tail, v)...)
	return append(all, `(
			SELECT `+columns+`
			FROM hits sd
			JOIN LATERAL (SELECT c.id, c.updated_at FROM cases c
				WHERE c.id = sd.case_id AND `+visible(rights, r.Actor, r.Now, v)+` AND `+filter+` AND `+readable+` LIMIT 1) c ON TRUE
			WHERE (SELECT count(*) FROM hits) < `+strconv.Itoa(manyHits)+` AND `+whole+`
			`+tail+`)`)
}

func eachRight(r Reader, rights []mediation.Right, columns, filter, tail string, v *args) []string {
	all := make([]string, len(rights))
	for i, right := range rights {
		all[i] = `(
			SELECT ` + columns + `
			FROM cases c
			WHERE ` + visible([]mediation.Right{right}, r.Actor, r.Now, v) + ` AND ` + filter + `
			` + tail + `)`
	}
	return all
}

func (s Selection) text() string { return strings.TrimSpace(s.Text) }

func (s Selection) terms() []string {
	terms := strings.Fields(s.Text)
	return terms[:min(len(terms), mostTerms)]
}

// readable says over `cases c` that the reader may read what a search looks in.
func (s Selection) readable(r Reader, v *args) string {
	facts, own := r.told(v)
	return facts + ` AND (NOT c.restricted OR ` + own + `)`
}

// pairs says over `search_docs sd` that all pairs of characters of all words are
// there. Of signs alone nothing is indexed, and nothing is found.
func (s Selection) pairs(v *args) string {
	var all []string
	for _, term := range s.terms() {
		grams := `search_grams(search_text(` + v.add(term) + `), false)`
		all = append(all, `cardinality(`+grams+`) > 0`, `sd.grams @> `+grams)
	}
	return strings.Join(all, " AND ")
}

// whole says over the body of `sd` that every word stands there in one piece.
func (s Selection) whole(v *args) string {
	var all []string
	for _, term := range s.terms() {
		all = append(all, `strpos(sd.body, search_text(`+v.add(term)+`)) > 0`)
	}
	return strings.Join(all, " AND ")
}

// looked is the part of a statement before its branches: the documents that may
// hold a selection's words, as far as they are worth gathering.
func (s Selection) looked(v *args) string {
	if s.text() == "" {
		return ""
	}
	return `hits AS MATERIALIZED (
			SELECT sd.case_id, sd.body FROM search_docs sd WHERE ` + s.pairs(v) + ` LIMIT ` + strconv.Itoa(manyHits) + `),
		`
}

// CountCases counts the cases of a selection in the reader's reach, at most up
// to most: a common word must not read the whole register.
func (db *DB) CountCases(ctx context.Context, r Reader, s Selection, most int) (int, error) {
	statement, v := caseCount(r, s, most)
	if statement == "" {
		return 0, nil
	}
	n, err := one[int](ctx, db.reader(), statement, v...)
	if err != nil || n == nil {
		return 0, err
	}
	return *n, nil
}

// caseCount writes the statement of CountCases; "" when no right covers any row.
func caseCount(r Reader, s Selection, most int) (string, args) {
	v := &args{}
	size := v.add(most)
	filter := s.where(r, v)
	all := s.branches(r, `c.id`, filter, `LIMIT `+size, v)
	if len(all) == 0 {
		return "", nil
	}
	return `
		WITH ` + s.looked(v) + `found AS (` + strings.Join(all, " UNION ") + ` LIMIT ` + size + `)
		SELECT count(*)
		FROM found`, *v
}

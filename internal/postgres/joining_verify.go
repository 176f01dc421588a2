package postgres

import (
	"context"

	"doorstep/internal/mediation"
)

// BrokenApplication is an application to a court whose papers are not those that
// were filed. Why is "gone", "sealed" (they do not open) or "changed".
type BrokenApplication struct {
	Case mediation.CaseID
	ID   mediation.ItemID
	Why  string
}

// VerifyApplications opens the papers kept of every application and holds them
// against the digest in the line of the history that filed it. It names the first
// that fails; nil when all hold. Applications filed before papers were kept have no
// digest and are passed over.
func (db *DB) VerifyApplications(ctx context.Context) (checked int, broken *BrokenApplication, err error) {
	const page = `
		SELECT e.id AS line, e.case_id, e.subject_id AS id, e.codes ->> 'content' AS digest, coalesce(k.papers_sealed, '') AS sealed
		FROM events e
		LEFT JOIN confirmations k ON k.id = e.subject_id AND k.case_id = e.case_id
		WHERE e.action IN ('file_confirmation', 'apply_confirmation') AND e.codes ->> 'content' <> '' AND e.id > $1
		ORDER BY e.id
		LIMIT 100`
	type row struct {
		Line   string `db:"line"`
		Case   string `db:"case_id"`
		ID     string `db:"id"`
		Digest string `db:"digest"`
		Sealed []byte `db:"sealed"`
	}
	last := "00000000-0000-0000-0000-000000000000"
	for {
		rows, err := many[row](ctx, db.reader(), page, last)
		if err != nil || len(rows) == 0 {
			return checked, nil, err
		}
		for _, r := range rows {
			if why := db.reader().unlike(applicationPlace("papers_sealed", mediation.ItemID(r.ID)), r.Sealed, r.Digest); why != "" {
				return checked, &BrokenApplication{mediation.CaseID(r.Case), mediation.ItemID(r.ID), why}, nil
			}
			checked, last = checked+1, r.Line
		}
	}
}

package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

func contentPlace(id string) vault.AAD {
	return vault.AAD{Table: "paper_contents", Column: "content_sealed", Row: id}
}

// saveIssues stores the papers an act issued, each with its content sealed. Rows
// that were there are never touched.
func (tx Tx) saveIssues(ctx context.Context, c *mediation.Case, old []mediation.Issue) error {
	const issue = `
		INSERT INTO paper_issues (id, case_id, area_root, form, item, seq, at, by_user, digest, replaces, reason, needs, parties, number, filed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	const content = `
		INSERT INTO paper_contents (issue_id, content_sealed)
		VALUES ($1, $2)`
	for i := len(old); i < len(c.Issues); i++ {
		n := &c.Issues[i]
		n.At = n.At.UTC().Truncate(time.Microsecond) // as its line in the history
		needs, err := json.Marshal(n.Needs)
		if err != nil {
			return fmt.Errorf("postgres: issue: %w", err)
		}
		parties, err := json.Marshal(n.Parties)
		if err != nil {
			return fmt.Errorf("postgres: issue: %w", err)
		}
		sealed, err := tx.keys.Seal(contentPlace(string(n.ID)), string(n.Content))
		if err != nil {
			return fmt.Errorf("postgres: seal the content of an issue: %w", err)
		}
		if _, err := tx.exec(ctx, issue, string(n.ID), string(c.ID), root(c.AreaPath), n.Form, string(n.Item), n.Seq, n.At, string(n.By), n.Digest,
			null(n.Replaces), n.Reason, string(needs), string(parties), n.Number, n.Filed); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, content, string(n.ID), sealed); err != nil {
			return err
		}
		n.Content = nil
	}
	return nil
}

type contentRow struct {
	Issue  string `db:"issue_id"`
	Sealed []byte `db:"content_sealed"`
}

// IssueContents opens what is kept of these issues and holds each against its
// digest: a text that is not the one that was issued is never shown.
//
// Errors: Internal when a content is gone, does not open or does not fit.
func (db *DB) IssueContents(ctx context.Context, issues []mediation.Issue) (map[mediation.ItemID][]byte, error) {
	const statement = `
		SELECT k.issue_id, k.content_sealed
		FROM paper_contents k
		WHERE k.issue_id = ANY ($1::uuid[])`
	if len(issues) == 0 {
		return nil, nil
	}
	ids, digests := make(pq.StringArray, len(issues)), map[string]string{}
	for i, n := range issues {
		ids[i], digests[string(n.ID)] = string(n.ID), n.Digest
	}
	rows, err := many[contentRow](ctx, db.reader(), statement, ids)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(digests) {
		return nil, fmt.Errorf("postgres: %d of %d issues have lost their content", len(digests)-len(rows), len(digests))
	}
	all := map[mediation.ItemID][]byte{}
	for _, row := range rows {
		if all[mediation.ItemID(row.Issue)], err = db.reader().openContent(row, digests[row.Issue]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r reader) openContent(row contentRow, digest string) ([]byte, error) {
	plain, err := r.keys.Open(contentPlace(row.Issue), row.Sealed)
	if err != nil {
		return nil, fmt.Errorf("postgres: content of issue %s: %w", row.Issue, err)
	}
	if sum := sha256.Sum256([]byte(plain)); hex.EncodeToString(sum[:]) != digest {
		return nil, fmt.Errorf("postgres: content of issue %s does not fit its digest", row.Issue)
	}
	return []byte(plain), nil
}

// BrokenIssue is a paper that is not kept as it was issued.
type BrokenIssue struct {
	Case  mediation.CaseID
	Issue mediation.ItemID
	Form  string
	Seq   int
	Why   string // "gone", "sealed", "changed", "unlisted"
}

// VerifyIssues opens every paper that was issued and holds it against its digest
// and against the line the history keeps of it, and looks whether one of those
// lines has lost its paper. Papers that were kept with a volume share one line,
// which names the digest of them all. It names the first that fails; nil when all hold.
// With VerifyChains nobody can have exchanged a paper: its digest stands in the
// chain.
func (db *DB) VerifyIssues(ctx context.Context) (checked int, broken *BrokenIssue, err error) {
	const page = `
		SELECT i.id, i.case_id, i.form, i.seq, i.digest, coalesce(k.content_sealed, '') AS sealed, k.issue_id IS NOT NULL AS kept,
			CASE WHEN i.filed THEN coalesce(f.holds, FALSE) ELSE coalesce(e.case_id = i.case_id AND e.codes ->> 'form' = i.form AND e.codes ->> 'number' = i.seq::text
				AND e.codes ->> 'content' = i.digest AND e.at = i.at
				AND coalesce(e.codes ->> 'notice', '') = i.number, FALSE) END AS listed
		FROM paper_issues i
		LEFT JOIN paper_contents k ON k.issue_id = i.id
		LEFT JOIN events e ON e.subject_id = i.id AND e.action = 'issue_paper'
		LEFT JOIN LATERAL (
			SELECT bool_and(a.at = i.at) AND max(a.codes ->> 'papers') = (
				SELECT encode(sha256(convert_to(string_agg(n.id || ' ' || n.digest, E'\n' ORDER BY n.id), 'UTF8')), 'hex')
				FROM paper_issues n
				WHERE n.case_id = i.case_id AND n.filed) AS holds
			FROM events a
			WHERE i.filed AND a.case_id = i.case_id AND a.action = 'archive') f ON TRUE
		WHERE i.id > $1
		ORDER BY i.id
		LIMIT 100`
	last := "00000000-0000-0000-0000-000000000000"
	for {
		rows, err := many[issueRow](ctx, db.reader(), page, last)
		if err != nil {
			return checked, nil, err
		}
		if len(rows) == 0 {
			lost, err := db.lostIssue(ctx)
			return checked, lost, err
		}
		for _, row := range rows {
			if why := db.reader().wrong(row); why != "" {
				return checked, &BrokenIssue{mediation.CaseID(row.Case), mediation.ItemID(row.ID), row.Form, row.Seq, why}, nil
			}
			checked, last = checked+1, row.ID
		}
	}
}

type issueRow struct {
	ID     string `db:"id"`
	Case   string `db:"case_id"`
	Form   string `db:"form"`
	Seq    int    `db:"seq"`
	Digest string `db:"digest"`
	Sealed []byte `db:"sealed"`
	Kept   bool   `db:"kept"`
	Listed bool   `db:"listed"`
}

// wrong says what is wrong with an issue; "" for nothing.
func (r reader) wrong(row issueRow) string {
	if !row.Kept {
		return "gone"
	}
	if why := r.unlike(contentPlace(row.ID), row.Sealed, row.Digest); why != "" {
		return why
	}
	if !row.Listed {
		return "unlisted"
	}
	return ""
}

// unlike says why what is sealed at a place is not the text of a digest; "" when
// it is.
func (r reader) unlike(at vault.AAD, sealed []byte, digest string) string {
	if len(sealed) == 0 {
		return "gone"
	}
	plain, err := r.keys.Open(at, sealed)
	if err != nil {
		return "sealed"
	}
	if sum := sha256.Sum256([]byte(plain)); hex.EncodeToString(sum[:]) != digest {
		return "changed"
	}
	return ""
}

// lostIssue is a line of a history whose paper is not there; nil for none.
func (db *DB) lostIssue(ctx context.Context) (*BrokenIssue, error) {
	const statement = `
		SELECT e.case_id, coalesce(e.subject_id::text, '') AS id, coalesce(e.codes ->> 'form', '') AS form, coalesce((e.codes ->> 'number')::int, 0) AS seq
		FROM events e
		WHERE e.action = 'issue_paper' AND NOT EXISTS (SELECT FROM paper_issues i WHERE i.id = e.subject_id)
			OR e.action = 'archive' AND e.codes ? 'papers' AND NOT EXISTS (SELECT FROM paper_issues i WHERE i.case_id = e.case_id AND i.filed)
		LIMIT 1`
	row, err := one[issueRow](ctx, db.reader(), statement)
	if err != nil || row == nil {
		return nil, err
	}
	return &BrokenIssue{mediation.CaseID(row.Case), mediation.ItemID(row.ID), row.Form, row.Seq, "gone"}, nil
}

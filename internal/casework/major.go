package casework

import (
	"context"
	"slices"

	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// legalStaff are the legal staff nearest above the case who may take part in it: a
// party to it, or somebody with a tie to one, is told nothing.
func legalStaff(ctx context.Context, tx postgres.Tx, c *mediation.Case) ([]mediation.UserID, error) {
	near, err := tx.LegalStaff(ctx, c.AreaPath)
	if err != nil {
		return nil, err
	}
	row := c.Row()
	return slices.DeleteFunc(near, func(id mediation.UserID) bool {
		return slices.Contains(row.Conflicted, id) || slices.Contains(row.Parties, id)
	}), nil
}

// majorNotices tell legal staff of a major dispute that was reported to them, and who
// reported it that they take part.
func majorNotices(c *mediation.Case, events []mediation.Event, legal []mediation.UserID) []postgres.Notice {
	var rows []postgres.Notice
	tell := func(e mediation.Event, users ...mediation.UserID) {
		for _, id := range users {
			if id != "" && id != e.By {
				rows = append(rows, postgres.Notice{ID: newID(), Case: c.ID, AreaPath: c.AreaPath, User: id, Action: e.Action, At: e.At})
			}
		}
	}
	for _, e := range events {
		switch e.Action {
		case mediation.ReportMajor:
			tell(e, legal...)
		case mediation.TakeMajorReport:
			people := mediatorsOf(c)
			for _, r := range c.MajorReports {
				if r.How == mediation.ThroughSystem && !slices.Contains(people, r.By) {
					people = append(people, r.By)
				}
			}
			tell(e, people...)
		}
	}
	return rows
}

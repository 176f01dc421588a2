package ledger

import (
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

func shownRows(a mediation.Actor, rows []postgres.ListRow) ([]Row, error) {
	shown := make([]Row, len(rows))
	for i, r := range rows {
		row, err := shownRow(a, r)
		if err != nil {
			return nil, err
		}
		shown[i] = row
	}
	return shown, nil
}

// shownRow takes from a row what its reader may not see in a list:
//
//   - of a restricted file everything but number, stage and dates, save for its
//     parties and its acting mediator;
//   - of a case whose story he may not read the title, and all of the names but
//     their beginning;
//   - from everybody the full name of a minor, who is not to be recognised over
//     somebody's shoulder (MPL 103).
func shownRow(a mediation.Actor, r postgres.ListRow) (Row, error) {
	row := Row{ID: r.ID, IntakeNumber: r.IntakeNumber, Number: r.Number, Stage: r.Stage, UpdatedAt: r.UpdatedAt,
		Committee: r.Committee, Restricted: r.Restricted, Lapsed: r.Lapsed}
	if r.DueAt != nil {
		row.NextDue = Due{Kind: r.DueKind, At: *r.DueAt}
	}
	if r.SessionAt != nil {
		row.Session = *r.SessionAt
	}
	if r.Restricted && !r.Own {
		return row, nil
	}
	row.Type, row.Grade, row.Track, row.Lead, row.Area, row.AreaEN = r.Type, r.Grade, r.Track, r.Lead, r.Area, r.AreaEN
	if r.Facts {
		row.Title = r.Title
	}
	parties, err := r.Parties()
	if err != nil {
		return Row{}, err
	}
	own := sideOf(a, parties)
	for _, p := range parties {
		open := r.Facts && (a.Code == nil || a.Code.Level >= mediation.LevelChecked || p.Side == own)
		row.Parties = append(row.Parties, Party{Side: p.Side, Name: shownName(p, open)})
	}
	return row, nil
}

// sideOf is the side a code opens; "" without a code.
func sideOf(a mediation.Actor, parties []postgres.ListParty) mediation.Side {
	for _, p := range parties {
		if a.Code != nil && p.ID == a.Code.Party {
			return p.Side
		}
	}
	return ""
}

func shownName(p postgres.ListParty, open bool) string {
	switch {
	case !open:
		return vault.MaskName(p.Name)
	case p.Capacity == "minor":
		return maskMinor(p.Name)
	}
	return p.Name
}

// maskMinor hides the last character of a name: 孙小*. Of a name of one
// character nothing is left to show.
func maskMinor(name string) string {
	runes := []rune(name)
	if len(runes) < 2 {
		return "*"
	}
	return string(runes[:len(runes)-1]) + "*"
}

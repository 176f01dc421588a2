package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// OfficeEvent is one line of what was done to the office. Codes hold ids and
// codes, never a person's name or number (decision 23).
type OfficeEvent struct {
	ID      string
	At      time.Time
	By      mediation.UserID
	Action  string
	Subject string // id of the row it is about, "" for none
	Codes   map[string]string
}

// AddOfficeEvent writes a line of the office's history.
func (tx Tx) AddOfficeEvent(ctx context.Context, e OfficeEvent) error {
	const statement = `
		INSERT INTO office_events (id, at, by_user, action, subject_id, codes)
		VALUES ($1, $2, $3, $4, $5, $6)`
	if e.Codes == nil {
		e.Codes = map[string]string{}
	}
	codes, err := json.Marshal(e.Codes)
	if err != nil {
		return fmt.Errorf("postgres: office event: %w", err)
	}
	_, err = tx.exec(ctx, statement, e.ID, e.At, null(e.By), e.Action, null(e.Subject), string(codes))
	return err
}

// OfficeLine is a line of the office's history as it is shown: who by name, and
// the name of what it is about where that is known.
type OfficeLine struct {
	At      time.Time `db:"at"`
	Who     string    `db:"who"`
	Action  string    `db:"action"`
	Subject string    `db:"subject"`
	Role    string    `db:"role"` // of a grant, else ""
}

// OfficeHistory reads what was done to the office last, newest first.
func (db *DB) OfficeHistory(ctx context.Context, limit int) ([]OfficeLine, error) {
	const statement = `
		SELECT e.at, coalesce(w.name, '') AS who, e.action, coalesce(e.codes ->> 'role', '') AS role,
			coalesce(u.name, k.name, a.name, t.name, p.name, e.codes ->> 'day', '') AS subject
		FROM (SELECT * FROM office_events ORDER BY at DESC, id DESC LIMIT $1) e
		LEFT JOIN users w ON w.id = e.by_user
		LEFT JOIN grants g ON g.id = e.subject_id
		LEFT JOIN users u ON u.id = coalesce(g.user_id, e.subject_id)
		LEFT JOIN committees k ON k.id = e.subject_id
		LEFT JOIN areas a ON a.id = e.subject_id
		LEFT JOIN courts t ON t.id = e.subject_id
		LEFT JOIN service_points p ON p.id = e.subject_id
		ORDER BY e.at DESC, e.id DESC`
	return many[OfficeLine](ctx, db.reader(), statement, limit)
}

// CalendarDays reads the days the office added to the shipped calendar, in order.
func (db *DB) CalendarDays(ctx context.Context) ([]statute.Exception, error) {
	const statement = `
		SELECT d.day, d.work, d.name_zh, d.name_en
		FROM calendar_days d
		ORDER BY d.day`
	type row struct {
		Day    statute.Date `db:"day"`
		Work   bool         `db:"work"`
		NameZH string       `db:"name_zh"`
		NameEN string       `db:"name_en"`
	}
	rows, err := many[row](ctx, db.reader(), statement)
	if err != nil {
		return nil, err
	}
	days := make([]statute.Exception, len(rows))
	for i, r := range rows {
		days[i] = statute.Exception{Day: r.Day, Work: r.Work, NameZH: r.NameZH, NameEN: r.NameEN}
	}
	return days, nil
}

// SaveCalendarDay stores a day; one stored before is put right.
func (tx Tx) SaveCalendarDay(ctx context.Context, d statute.Exception) error {
	const statement = `
		INSERT INTO calendar_days (day, work, name_zh, name_en)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (day) DO UPDATE
		SET work = excluded.work, name_zh = excluded.name_zh, name_en = excluded.name_en`
	_, err := tx.exec(ctx, statement, d.Day, d.Work, d.NameZH, d.NameEN)
	return err
}

// OfficeCounts is how far the office is set up. The counts end at 1,000: the
// page only asks whether there are any.
type OfficeCounts struct {
	Areas       int `db:"areas"`
	Committees  int `db:"committees"`
	Courts      int `db:"courts"`
	People      int `db:"people"` // with a right that holds
	Registered  int `db:"registered"`
	Points      int `db:"points"`
	Unconfirmed int `db:"unconfirmed"`
}

// OfficeCounts reads how far the office is set up, in one statement.
func (db *DB) OfficeCounts(ctx context.Context) (OfficeCounts, error) {
	const statement = `
		SELECT
			(SELECT count(*) FROM (SELECT FROM areas WHERE closed_at IS NULL LIMIT 1000) x) AS areas,
			(SELECT count(*) FROM (SELECT FROM committees WHERE closed_at IS NULL LIMIT 1000) x) AS committees,
			(SELECT count(*) FROM (SELECT FROM courts LIMIT 1000) x) AS courts,
			(SELECT count(DISTINCT x.user_id) FROM (
				SELECT g.user_id FROM grants g WHERE g.ended_at IS NULL AND g.confirmed_at IS NOT NULL LIMIT 1000) x) AS people,
			(SELECT count(*) FROM (SELECT FROM mediators WHERE registration_no <> '' LIMIT 1000) x) AS registered,
			(SELECT count(*) FROM (SELECT FROM service_points LIMIT 1000) x) AS points,
			(SELECT count(*) FROM (SELECT FROM grants WHERE ended_at IS NULL AND confirmed_at IS NULL LIMIT 1000) x) AS unconfirmed`
	counts, err := one[OfficeCounts](ctx, db.reader(), statement)
	if err != nil {
		return OfficeCounts{}, err
	}
	return *counts, nil
}

package postgres

import (
	"context"

	"doorstep/internal/mediation"
)

// rereckonKey marks that the calendar changed: its value is the last case whose
// clocks were counted again.
const rereckonKey = "rereckon_after"

// CalendarChanged marks every running clock to be counted again.
func (tx Tx) CalendarChanged(ctx context.Context) error {
	const statement = `
		INSERT INTO settings (key, value)
		VALUES ($1, '00000000-0000-0000-0000-000000000000')
		ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`
	_, err := tx.exec(ctx, statement, rereckonKey)
	return err
}

// ToRereckon gives the next cases whose running clocks are to be counted again;
// pending is false when the calendar did not change.
func (db *DB) ToRereckon(ctx context.Context, limit int) (after mediation.CaseID, cases []mediation.CaseID, pending bool, err error) {
	mark, err := one[string](ctx, db.reader(), `SELECT value FROM settings WHERE key = $1`, rereckonKey)
	if err != nil || mark == nil {
		return "", nil, false, err
	}
	const statement = `
		SELECT DISTINCT case_id
		FROM deadlines
		WHERE ended_at IS NULL AND case_id > $1
		ORDER BY case_id
		LIMIT $2`
	cases, err = many[mediation.CaseID](ctx, db.reader(), statement, *mark, limit)
	return mediation.CaseID(*mark), cases, true, err
}

// Rereckoned moves the mark on from one case to another, or takes it away when
// none is left (""). A calendar that changed meanwhile, or another server that
// was quicker, has moved the mark: then it stays.
func (tx Tx) Rereckoned(ctx context.Context, from, to mediation.CaseID) error {
	statement, values := `UPDATE settings SET value = $3 WHERE key = $1 AND value = $2`, []any{rereckonKey, string(from), string(to)}
	if to == "" {
		statement, values = `DELETE FROM settings WHERE key = $1 AND value = $2`, values[:2]
	}
	_, err := tx.exec(ctx, statement, values...)
	return err
}

package postgres

import (
	"context"
	"time"

	"doorstep/internal/statute"
)

// Run is one day's run of something the program does for the whole house. Target
// tells several of a kind apart.
type Run struct {
	Kind   string
	Target string
	Day    statute.Date
	Try    int // from 1; a run that was taken over has another
}

// LeaseRun takes a day's run and keeps other servers off it until the lease
// ends; false when it was done, is being done or is not to be tried yet.
func (tx Tx) LeaseRun(ctx context.Context, r *Run, now, until time.Time) (bool, error) {
	const statement = `
		INSERT INTO upkeep AS u (kind, target, day, leased_until, tries, began_at)
		VALUES ($1, $2, $3, $5, 1, $4)
		ON CONFLICT (kind, target, day) DO UPDATE SET leased_until = $5, tries = u.tries + 1, began_at = $4
		WHERE u.ended_at IS NULL AND u.leased_until <= $4
		RETURNING u.tries`
	try, err := one[int](ctx, tx.reader, statement, r.Kind, r.Target, r.Day, now, until)
	if err != nil || try == nil {
		return false, err
	}
	r.Try = *try
	return true, nil
}

// KeepRun moves the end of a lease, forward while the run goes on or back to
// give it up; false when another server has taken it over.
func (tx Tx) KeepRun(ctx context.Context, r Run, until time.Time) (bool, error) {
	return tx.run(ctx, r, `UPDATE upkeep SET leased_until = $5 WHERE kind = $1 AND target = $2 AND day = $3 AND tries = $4 AND ended_at IS NULL`, until)
}

// RunDone notes that a run was done; false when another server has taken it over.
func (tx Tx) RunDone(ctx context.Context, r Run, now time.Time) (bool, error) {
	return tx.run(ctx, r, `UPDATE upkeep SET ended_at = $5, fault = '' WHERE kind = $1 AND target = $2 AND day = $3 AND tries = $4 AND ended_at IS NULL`, now)
}

// RunFailed notes why a run was not done and when it may be tried again.
func (tx Tx) RunFailed(ctx context.Context, r Run, fault string, again time.Time) (bool, error) {
	return tx.run(ctx, r, `UPDATE upkeep SET leased_until = $5, fault = $6 WHERE kind = $1 AND target = $2 AND day = $3 AND tries = $4 AND ended_at IS NULL`, again, fault)
}

func (tx Tx) run(ctx context.Context, r Run, statement string, values ...any) (bool, error) {
	n, err := tx.exec(ctx, statement, append([]any{r.Kind, r.Target, r.Day, r.Try}, values...)...)
	return n == 1, err
}

// Upkeep is how the runs of one kind and target stand.
type Upkeep struct {
	Kind   string     `db:"kind"`
	Target string     `db:"target"`
	Begun  time.Time  `db:"begun"` // the first try there ever was
	Tried  time.Time  `db:"tried"` // the last try
	Tries  int        `db:"tries"` // of the newest day
	Good   *time.Time `db:"good"`  // the last that was done; nil for never
	Fault  string     `db:"fault"` // of the newest day, "" when it was done or goes on at its first try
}

// Upkeep reads how the runs stand, by kind and target.
func (db *DB) Upkeep(ctx context.Context) ([]Upkeep, error) {
	const statement = `
		SELECT kind, target, min(began_at) AS begun, max(began_at) AS tried, max(ended_at) AS good,
			(array_agg(tries ORDER BY day DESC))[1] AS tries, (array_agg(fault ORDER BY day DESC))[1] AS fault
		FROM upkeep
		GROUP BY kind, target
		ORDER BY kind, target`
	return many[Upkeep](ctx, db.reader(), statement)
}

// BackupFile is a backup the program wrote by itself.
type BackupFile struct {
	Path   string    `db:"path"` // absolute
	MadeAt time.Time `db:"made_at"`
	Size   int64     `db:"size"`
	SHA256 string    `db:"sha256"` // 64 hex digits; "" while it is being written
}

// AddBackupFile notes a backup before its first byte is written, so that nothing
// stands anywhere that nobody knows of.
func (tx Tx) AddBackupFile(ctx context.Context, f BackupFile) error {
	_, err := tx.exec(ctx, `INSERT INTO backup_files (path, made_at, size, sha256) VALUES ($1, $2, $3, $4)`, f.Path, f.MadeAt, f.Size, f.SHA256)
	return err
}

// BackupFileWhole notes what a backup that was written is.
func (tx Tx) BackupFileWhole(ctx context.Context, f BackupFile) error {
	_, err := tx.exec(ctx, `UPDATE backup_files SET size = $2, sha256 = $3 WHERE path = $1`, f.Path, f.Size, f.SHA256)
	return err
}

// BackupFileRemoved notes that a backup was removed.
func (tx Tx) BackupFileRemoved(ctx context.Context, path string, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE backup_files SET removed_at = $2 WHERE path = $1`, path, now)
	return err
}

// BackupFiles lists the backups that were not removed, newest first.
func (db *DB) BackupFiles(ctx context.Context) ([]BackupFile, error) {
	const statement = `
		SELECT path, made_at, size, sha256
		FROM backup_files
		WHERE removed_at IS NULL
		ORDER BY made_at DESC, path`
	return many[BackupFile](ctx, db.reader(), statement)
}

// upkeepLate is how long after the last good run a daily one is late: a day, and
// a morning in which it may still be made up for.
const upkeepLate = 36 * time.Hour

// Name is kind and target in one word.
func (u Upkeep) Name() string { return u.Kind + "/" + u.Target }

// Failed says that the newest run was tried and not done.
func (u Upkeep) Failed() bool { return u.Fault != "" }

// Late says that no run was done for so long that a day must have been missed.
func (u Upkeep) Late(now time.Time) bool {
	since := u.Begun
	if u.Good != nil {
		since = *u.Good
	}
	return now.Sub(since) > upkeepLate
}

package postgres

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/vault"
)

// Account is a person's own row: how he signs in. Phone is plain and only on
// its way in; what is read back is the mask.
type Account struct {
	ID           mediation.UserID `db:"id"`
	Username     string           `db:"username"`
	Name         string           `db:"name"`
	Phone        string           `db:"-"`
	PhoneMask    string           `db:"phone_mask"`
	PasswordHash string           `db:"password_hash"`
	MustChange   bool             `db:"must_change"`
	Verified     bool             `db:"verified"`
	EmailMask    string           `db:"email_mask"`         // "" without an address
	EmailAt      *time.Time       `db:"email_confirmed_at"` // when the address was confirmed
	CreatedAt    time.Time        `db:"created_at"`
	DisabledAt   *time.Time       `db:"disabled_at"`
}

const accountColumns = `u.id, u.username, u.name, u.phone_mask, u.password_hash, u.must_change, u.verified, u.email_mask, u.email_confirmed_at,
	u.created_at, u.disabled_at`

// AccountByLogin finds whom a typed user name or phone means; nil for nobody.
// phone is in its normal form, or "" when what was typed is none. A user name
// goes before an equal phone, since only the first is unique by intent.
func (db *DB) AccountByLogin(ctx context.Context, username, phone string) (*Account, error) {
	const statement = `
		SELECT ` + accountColumns + `
		FROM users u
		WHERE u.username = $1 OR u.phone_index = $2
		ORDER BY u.username = $1 DESC
		LIMIT 1`
	r := db.reader()
	return one[Account](ctx, r, statement, username, r.index("phone", phone))
}

// AccountByID reads a user; nil for nobody.
func (db *DB) AccountByID(ctx context.Context, id mediation.UserID) (*Account, error) {
	const statement = `
		SELECT ` + accountColumns + `
		FROM users u
		WHERE u.id = $1`
	return one[Account](ctx, db.reader(), statement, string(id))
}

// InsertAccount stores a new user; the phone is sealed and indexed.
//
// Errors: Invalid with the field username or phone when another has it.
func (tx Tx) InsertAccount(ctx context.Context, a Account) error {
	const statement = `
		INSERT INTO users (id, username, name, phone_sealed, phone_index, phone_mask, password_hash, must_change, verified, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	var sealed []byte
	if a.Phone != "" {
		var err error
		sealed, err = tx.keys.Seal(vault.AAD{Table: "users", Column: "phone_sealed", Row: string(a.ID)}, a.Phone)
		if err != nil {
			return fmt.Errorf("postgres: seal phone of user %s: %w", a.ID, err)
		}
	}
	_, err := tx.exec(ctx, statement, string(a.ID), a.Username, a.Name, sealed, tx.index("phone", a.Phone),
		vault.MaskPhone(a.Phone), a.PasswordHash, a.MustChange, a.Verified, a.CreatedAt)
	return err
}

// SetPasswordHash stores a new hash. mustChange stays true only for a password
// somebody else chose.
func (tx Tx) SetPasswordHash(ctx context.Context, id mediation.UserID, hash string, mustChange bool) error {
	const statement = `
		UPDATE users
		SET password_hash = $2, must_change = $3, version = version + 1
		WHERE id = $1`
	_, err := tx.exec(ctx, statement, string(id), hash, mustChange)
	return err
}

// RefreshPasswordHash replaces a hash by one of today's cost of the same
// password, unless it was changed meanwhile.
func (tx Tx) RefreshPasswordHash(ctx context.Context, id mediation.UserID, old, fresh string) error {
	const statement = `
		UPDATE users
		SET password_hash = $3
		WHERE id = $1 AND password_hash = $2`
	_, err := tx.exec(ctx, statement, string(id), old, fresh)
	return err
}

// AccountLine is one user in the list for whoever runs the program.
type AccountLine struct {
	Username   string     `db:"username"`
	Name       string     `db:"name"`
	Roles      string     `db:"roles"` // in force, comma between
	CreatedAt  time.Time  `db:"created_at"`
	DisabledAt *time.Time `db:"disabled_at"`
	SeenAt     *time.Time `db:"seen_at"` // last request of any session still stored
}

// AccountLines lists every user by user name.
func (db *DB) AccountLines(ctx context.Context) ([]AccountLine, error) {
	const statement = `
		SELECT u.username, u.name, u.created_at, u.disabled_at,
			(SELECT coalesce(string_agg(DISTINCT g.role, ',' ORDER BY g.role), '')
				FROM grants g WHERE g.user_id = u.id AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL) AS roles,
			(SELECT max(s.seen_at) FROM sign_ins s WHERE s.user_id = u.id) AS seen_at
		FROM users u
		ORDER BY u.username`
	return many[AccountLine](ctx, db.reader(), statement)
}

// HasAdmin says whether somebody can administer: a grant in force whose holder
// may sign in.
func (db *DB) HasAdmin(ctx context.Context) (bool, error) { return db.reader().hasAdmin(ctx) }

// HasAdmin is the same within a transaction. It first takes the lock under
// which the first administrator is made, so that of two claims one sees the
// other's grant.
func (tx Tx) HasAdmin(ctx context.Context) (bool, error) {
	if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('doorstep first admin', 0))`); err != nil {
		return false, err
	}
	return tx.hasAdmin(ctx)
}

func (r reader) hasAdmin(ctx context.Context) (bool, error) {
	const statement = `
		SELECT EXISTS (
			SELECT FROM grants g
			JOIN users u ON u.id = g.user_id
			WHERE g.role = $1 AND g.ended_at IS NULL AND u.disabled_at IS NULL)`
	found, err := one[bool](ctx, r, statement, string(mediation.RoleAdmin))
	return found != nil && *found, err
}

// InsertFirstAdmin grants the user administration, in force at once: there is
// nobody who could confirm it.
func (tx Tx) InsertFirstAdmin(ctx context.Context, grant, event string, user mediation.UserID, now time.Time) error {
	const (
		granted = `
			INSERT INTO grants (id, user_id, role, granted_by, granted_at, confirmed_at, confirmed_by)
			VALUES ($1, $2, $3, $2, $4, $4, $2)`
		told = `
			INSERT INTO office_events (id, at, by_user, action, subject_id, codes)
			VALUES ($1, $2, $3, 'first_admin', $3, jsonb_build_object('grant', $4::text))`
	)
	if _, err := tx.exec(ctx, granted, grant, string(user), string(mediation.RoleAdmin), now); err != nil {
		return err
	}
	_, err := tx.exec(ctx, told, event, now, string(user), grant)
	return err
}

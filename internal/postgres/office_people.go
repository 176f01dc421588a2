package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// UserLine is an account as the office sees it.
type UserLine struct {
	ID         mediation.UserID `db:"id"`
	Username   string           `db:"username"`
	Name       string           `db:"name"`
	PhoneMask  string           `db:"phone_mask"`
	MustChange bool             `db:"must_change"`
	Verified   bool             `db:"verified"`
	CreatedAt  time.Time        `db:"created_at"`
	DisabledAt *time.Time       `db:"disabled_at"`
	Roles      pq.StringArray   `db:"roles"`     // that hold now, each once
	FactorOn   bool             `db:"factor_on"` // he has a second factor
}

const userLines = `
	SELECT u.id, u.username, u.name, u.phone_mask, u.must_change, u.verified, u.created_at, u.disabled_at,
		ARRAY(SELECT DISTINCT g.role FROM grants g
			WHERE g.user_id = u.id AND g.ended_at IS NULL AND g.confirmed_at IS NOT NULL ORDER BY g.role) AS roles,
		EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS factor_on
	FROM users u`

// UserFilter says which accounts a list shows.
type UserFilter struct {
	Everybody bool   // also those without any grant: residents
	Query     string // part of a name, beginning of a user name, or a whole phone number
	After     string // user name of the last one shown; "" from the beginning
	Limit     int
}

// UserPage reads accounts in the order of their user names. Its cost does not
// grow with the page's number: it goes on after the last one shown.
func (db *DB) UserPage(ctx context.Context, f UserFilter) ([]UserLine, error) {
	var v args
	where := []string{"u.username > " + v.add(f.After)}
	if !f.Everybody {
		where = append(where, "u.id IN (SELECT g.user_id FROM grants g WHERE g.ended_at IS NULL)")
	}
	if f.Query != "" {
		like := likeText.Replace(f.Query)
		where = append(where, "(u.username LIKE "+v.add(strings.ToLower(like)+"%")+" OR u.name LIKE "+v.add("%"+like+"%")+
			" OR u.phone_index = "+v.add(db.keys.Index("phone", f.Query))+")")
	}
	statement := userLines + ` WHERE ` + strings.Join(where, " AND ") + ` ORDER BY u.username LIMIT ` + v.add(f.Limit)
	return many[UserLine](ctx, db.reader(), statement, v...)
}

// likeText keeps what people type from meaning a wildcard.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// UserByID reads one account; nil when there is none.
func (r reader) UserByID(ctx context.Context, id mediation.UserID) (*UserLine, error) {
	return one[UserLine](ctx, r, userLines+` WHERE u.id = $1`, string(id))
}

// UserByID reads one account; nil when there is none.
func (db *DB) UserByID(ctx context.Context, id mediation.UserID) (*UserLine, error) {
	return db.reader().UserByID(ctx, id)
}

// UserByName reads one account by its user name; nil when there is none.
func (r reader) UserByName(ctx context.Context, username string) (*UserLine, error) {
	return one[UserLine](ctx, r, userLines+` WHERE u.username = $1`, username)
}

// SetUserDisabled stops an account, or opens it again with nil; NotFound when
// there is none.
func (tx Tx) SetUserDisabled(ctx context.Context, id mediation.UserID, at *time.Time) error {
	const statement = `
		UPDATE users
		SET disabled_at = $2, version = version + 1
		WHERE id = $1`
	return tx.touchOne(ctx, statement, string(id), at)
}

// EndLinks kills every unused link that would set the password of an account.
func (tx Tx) EndLinks(ctx context.Context, id mediation.UserID, now time.Time) error {
	const statement = `
		UPDATE one_time_links
		SET used_at = $2
		WHERE user_id = $1 AND used_at IS NULL`
	_, err := tx.exec(ctx, statement, string(id), now)
	return err
}

// MediatorRecord is what the bureau's list and the committee hold of a mediator.
// Without a registration number he may not lead (PML 13, 14). MaxCases 0 is no
// limit.
type MediatorRecord struct {
	User           mediation.UserID      `db:"user_id"`
	Committee      mediation.CommitteeID `db:"committee_id"`
	RegistrationNo string                `db:"registration_no"`
	RegisteredOn   statute.Date          `db:"registered_on"`
	TermEnd        statute.Date          `db:"term_end"`
	FullTime       bool                  `db:"full_time"`
	PartyMember    bool                  `db:"party_member"`
	LegalAdvisor   bool                  `db:"legal_advisor"`
	MaxCases       int                   `db:"max_cases"`
	Skills         string                `db:"skills"`
	Sex            string                `db:"sex"`       // of statute.Sexes, "" when it was not told
	Schooling      string                `db:"schooling"` // of statute.Schooling, "" when it was not told
}

// MediatorRecord reads the record of a user; nil when he has none.
func (db *DB) MediatorRecord(ctx context.Context, user mediation.UserID) (*MediatorRecord, error) {
	const statement = `
		SELECT m.user_id, m.committee_id, m.registration_no, m.registered_on, m.term_end, m.full_time, m.party_member, m.legal_advisor,
			m.max_cases, m.skills, m.sex, m.schooling
		FROM mediators m
		WHERE m.user_id = $1`
	return one[MediatorRecord](ctx, db.reader(), statement, string(user))
}

// SaveMediatorRecord stores the record of a user, new or changed.
func (tx Tx) SaveMediatorRecord(ctx context.Context, m MediatorRecord) error {
	const statement = `
		INSERT INTO mediators (user_id, committee_id, registration_no, registered_on, term_end, full_time, party_member, legal_advisor,
			max_cases, skills, sex, schooling)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (user_id) DO UPDATE
		SET committee_id = excluded.committee_id, registration_no = excluded.registration_no, registered_on = excluded.registered_on,
			term_end = excluded.term_end, full_time = excluded.full_time, party_member = excluded.party_member,
			legal_advisor = excluded.legal_advisor, max_cases = excluded.max_cases, skills = excluded.skills,
			sex = excluded.sex, schooling = excluded.schooling`
	_, err := tx.exec(ctx, statement, string(m.User), string(m.Committee), m.RegistrationNo, m.RegisteredOn, m.TermEnd, m.FullTime,
		m.PartyMember, m.LegalAdvisor, m.MaxCases, m.Skills, m.Sex, m.Schooling)
	return err
}

// OpenWork is how many open cases a person mediates in one committee.
type OpenWork struct {
	Committee string `db:"name"`
	Cases     int    `db:"n"`
}

// OpenWork counts the cases that lie with a person, by committee. Cases that have
// ended and only wait to be closed lie with nobody.
func (r reader) OpenWork(ctx context.Context, id mediation.UserID) ([]OpenWork, error) {
	const statement = `
		SELECT m.name, count(DISTINCT c.id) AS n
		FROM assignments a
		JOIN cases c ON c.id = a.case_id
		JOIN committees m ON m.id = c.committee_id
		WHERE a.mediator_id = $1 AND a.ended_at IS NULL
			AND c.stage NOT IN ('terminated', 'withdrawn', 'not_accepted', 'referred_out', 'closed', 'archived')
		GROUP BY m.id, m.name
		ORDER BY m.name`
	return many[OpenWork](ctx, r, statement, string(id))
}

// OpenWork is the same outside a transaction.
func (db *DB) OpenWork(ctx context.Context, id mediation.UserID) ([]OpenWork, error) {
	return db.reader().OpenWork(ctx, id)
}

package office

import (
	"context"
	"crypto/rand"
	"regexp"
	"strings"
	"time"

	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// LinkLife is how long a link that sets a new password works.
const LinkLife = 30 * time.Minute

// usernameShape is the shape of a user name; the table's check
// users_username_shape says the same. A letter is asked for as well: a user name
// of digits alone could be taken for somebody's phone number at sign-in.
var (
	usernameShape  = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)
	usernameLetter = regexp.MustCompile(`[a-z]`)
)

// NewUser is an account the office makes for one of its people. Phone may be "".
type NewUser struct{ Username, Name, Phone string }

// AddUser makes an account and gives its id with the one-time password, which is
// stored nowhere and must be changed at the first sign-in. The account has no
// right yet.
//
// Errors: Forbidden; Invalid with the fields username, name, phone.
func (o *Office) AddUser(ctx context.Context, a mediation.Actor, n NewUser) (mediation.UserID, string, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return "", "", err
	}
	trim(&n.Username, &n.Name, &n.Phone)
	n.Username = strings.ToLower(n.Username)
	phone, err := checkNewUser(n)
	if err != nil {
		return "", "", err
	}
	password := oneTimePassword()
	hash, err := o.hasher.HashPassword(ctx, password) // slow on purpose, so before the transaction
	if err != nil {
		return "", "", err
	}
	id := mediation.UserID(newID())
	err = o.change(ctx, a, "add_user", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Subject = string(id)
		return tx.InsertAccount(ctx, postgres.Account{ID: id, Username: n.Username, Name: n.Name, Phone: phone, PasswordHash: hash,
			MustChange: true, Verified: true, CreatedAt: e.At})
	})
	if err != nil {
		return "", "", err
	}
	return id, password, nil
}

func checkNewUser(n NewUser) (phone string, err error) {
	f := mediation.Faults{}
	if !usernameShape.MatchString(n.Username) || !usernameLetter.MatchString(n.Username) {
		f.Mark("username", "error.username")
	}
	f.Require("name", n.Name)
	short(f, "name", n.Name, place.MaxName)
	if n.Phone != "" {
		normal, _, err := statute.CheckPhone(n.Phone)
		if err != nil {
			f.Mark("phone", "error.phone")
		}
		phone = normal
	}
	return phone, f.Err()
}

// oneTimePassword has 60 random bits in three groups of small letters and
// digits, without 0, 1, 8 and 9, which are taken for others on paper.
func oneTimePassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

// DisableUser stops an account: its sign-ins end at once, and so do links that
// would set its password. A right to grant rights ends with it and does not come
// back with EnableUser, which takes one person only.
//
// A person with open cases is asked to hand them over first, which the chair does
// by an act on each case; the administrator sees how many they are and no case.
// With atOnce the account is stopped all the same, for a telephone in wrong hands
// or somebody who went in anger: then the cases stand at the top of the chair's
// desk until they are handed over.
//
// Errors: Forbidden, NotFound; Conflict when too few would be left to grant
// rights (see EndGrant), and error.has_open_cases.
func (o *Office) DisableUser(ctx context.Context, a mediation.Actor, id mediation.UserID, atOnce bool) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "disable_user", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Subject = string(id)
		if err := o.mayLose(ctx, tx, a, id, ""); err != nil {
			return err
		}
		work, err := tx.OpenWork(ctx, id)
		if err != nil {
			return err
		}
		if len(work) > 0 && !atOnce {
			return conflict("office.has_open_cases")
		}
		if err := tx.SetUserDisabled(ctx, id, &e.At); err != nil {
			return err
		}
		if err := tx.EndGrantsOf(ctx, id, o.granting(), e.At); err != nil {
			return err
		}
		if _, err := tx.RevokeSignIns(ctx, id, "", e.At); err != nil {
			return err
		}
		return tx.EndLinks(ctx, id, e.At)
	})
}

// EnableUser opens a stopped account again, with the rights it still has.
//
// Errors: Forbidden, NotFound.
func (o *Office) EnableUser(ctx context.Context, a mediation.Actor, id mediation.UserID) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "enable_user", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		e.Subject = string(id)
		return tx.SetUserDisabled(ctx, id, nil)
	})
}

// ResetLink makes a link that sets a new password, works once and for LinkLife,
// and gives its token; the office hands it over in person. Links made before die.
//
// Errors: NotFound; Conflict for a stopped account; Forbidden, also for the link
// of another person who may grant rights: with it one admin could act as two.
// His link comes from the command line of the server.
func (o *Office) ResetLink(ctx context.Context, a mediation.Actor, id mediation.UserID) (string, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return "", err
	}
	if !isID(id) {
		return "", notFound()
	}
	token, digest := vault.NewToken()
	err := o.change(ctx, a, "reset_link", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		user, err := found(tx.UserByID(ctx, id))
		if err != nil {
			return err
		}
		if user.DisabledAt != nil {
			return conflict("office.user_disabled")
		}
		if id != a.User && o.grants(*user) {
			return forbidden("office.reset_admin")
		}
		e.Subject = string(id)
		if id != a.User {
			if err := tell(ctx, tx, id, "link_made", e.At); err != nil {
				return err
			}
		}
		return tx.InsertLink(ctx, digest, "password", id, e.At, e.At.Add(LinkLife))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// ResetFactor forgets another person's second factor with its recovery codes and
// ends his sign-ins: he lost his telephone and comes in by the password alone
// until he sets one up again. Only his own hand may not do it: whoever sat down
// at an administrator's open page would otherwise be rid of it.
//
// Errors: Forbidden, also for oneself; NotFound, also without a second factor.
func (o *Office) ResetFactor(ctx context.Context, a mediation.Actor, id mediation.UserID) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	if id == a.User {
		return forbidden("office.factor_self")
	}
	return o.change(ctx, a, "reset_factor", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		dropped, err := tx.DropFactor(ctx, id)
		if err == nil && !dropped {
			return notFound()
		}
		if err != nil {
			return err
		}
		e.Subject = string(id)
		if err := tell(ctx, tx, id, "factor_off", e.At); err != nil {
			return err
		}
		_, err = tx.RevokeSignIns(ctx, id, "", e.At)
		return err
	})
}

// EndSessions signs a person out of every device: his telephone was lost, or
// somebody sits at it. He is told.
//
// Errors: Forbidden, NotFound.
func (o *Office) EndSessions(ctx context.Context, a mediation.Actor, id mediation.UserID) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(id) {
		return notFound()
	}
	return o.change(ctx, a, "end_sessions", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		if _, err := found(tx.UserByID(ctx, id)); err != nil {
			return err
		}
		e.Subject = string(id)
		if _, err := tx.RevokeSignIns(ctx, id, "", e.At); err != nil {
			return err
		}
		return tx.TellAccount(ctx, postgres.AccountNotice{ID: newID(), User: id, Kind: "sessions_ended", At: e.At}, "")
	})
}

// tell notes for a person what the office did to his account, in the program and
// by mail where an address stands.
func tell(ctx context.Context, tx postgres.Tx, id mediation.UserID, kind string, at time.Time) error {
	return tx.TellAccount(ctx, postgres.AccountNotice{ID: newID(), User: id, Kind: kind, At: at}, newID())
}

// RegisterMediator stores what the bureau's list and the committee hold of a
// mediator. Without a registration number he may not lead a case.
//
// Errors: Forbidden, NotFound; Invalid with the fields committee,
// registration_no, registered_on, term_end, max_cases, skills, sex, schooling.
//
// Source: PML 13, 14; NB15 13 (registration with the judicial bureau); PIPL 6
// (sex and schooling only if they are told).
func (o *Office) RegisterMediator(ctx context.Context, a mediation.Actor, m MediatorRecord) error {
	if err := o.may(a, userObject, manage); err != nil {
		return err
	}
	if !isID(m.User) {
		return notFound()
	}
	trim(&m.RegistrationNo, &m.Skills)
	return o.change(ctx, a, "register_mediator", func(tx postgres.Tx, e *postgres.OfficeEvent) error {
		if _, err := found(tx.UserByID(ctx, m.User)); err != nil {
			return err
		}
		faults := recordFaults(m, statute.DateOf(e.At))
		if err := checkCommittee(ctx, tx, faults, m.Committee); err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		e.Subject = string(m.User)
		return tx.SaveMediatorRecord(ctx, m)
	})
}

// MaxCases is the largest limit of open cases of one mediator; 0 is no limit.
const MaxCases = 1000

func recordFaults(m MediatorRecord, today statute.Date) mediation.Faults {
	f := mediation.Faults{}
	if !m.RegisteredOn.IsZero() {
		f.Require("registration_no", m.RegistrationNo)
	}
	if len([]rune(m.RegistrationNo)) > 40 {
		f.Mark("registration_no", "error.place_text_long")
	}
	if m.RegisteredOn.After(today) {
		f.Mark("registered_on", "error.date_future")
	}
	if !m.TermEnd.IsZero() && !m.TermEnd.After(m.RegisteredOn) {
		f.Mark("term_end", "error.date_order")
	}
	if m.MaxCases < 0 || m.MaxCases > MaxCases {
		f.Mark("max_cases", "error.max_cases")
	}
	short(f, "skills", m.Skills, place.MaxText)
	for _, told := range []struct {
		field, code string
		list        statute.List
	}{{"sex", m.Sex, statute.Sexes}, {"schooling", m.Schooling, statute.Schooling}} {
		if told.code != "" && !statute.Valid(told.list, told.code) {
			f.Mark(told.field, "error.choose")
		}
	}
	return f
}

// UserList says which accounts a list shows and where it goes on.
type UserList struct {
	Everybody bool   // also residents, who hold no grant
	Query     string // part of a name, beginning of a user name, or a whole phone number
	After     string // Next of the page before; "" from the beginning
}

// UserPage is one page of accounts. Next leads on; "" at the end.
type UserPage struct {
	Users []User
	Next  string
}

// usersAPage is how many accounts a page shows.
const usersAPage = 30

// Users is a page of accounts in the order of their user names.
//
// Errors: Forbidden.
func (o *Office) Users(ctx context.Context, a mediation.Actor, l UserList) (UserPage, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return UserPage{}, err
	}
	query := strings.TrimSpace(l.Query)
	if normal, _, err := statute.CheckPhone(query); err == nil {
		query = normal
	}
	rows, err := o.db.UserPage(ctx, postgres.UserFilter{Everybody: l.Everybody, Query: query, After: l.After, Limit: usersAPage + 1})
	if err != nil {
		return UserPage{}, err
	}
	p := UserPage{Users: rows}
	if len(rows) > usersAPage {
		p.Users, p.Next = rows[:usersAPage], rows[usersAPage-1].Username
	}
	return p, nil
}

// OpenWork is how many open cases lie with a person, by committee.
//
// Errors: Forbidden.
func (o *Office) OpenWork(ctx context.Context, a mediation.Actor, id mediation.UserID) ([]postgres.OpenWork, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return nil, err
	}
	if !isID(id) {
		return nil, notFound()
	}
	return o.db.OpenWork(ctx, id)
}

// Person is one account with everything the office holds of it. Mediator is nil
// when he is none.
type Person struct {
	User
	Identity *Identity // whom he is at the provider of sign-ins; nil when nobody linked him
	Grants   []Grant
	Mediator *MediatorRecord
}

// Person reads one account.
//
// Errors: Forbidden, NotFound.
func (o *Office) Person(ctx context.Context, a mediation.Actor, id mediation.UserID) (*Person, error) {
	if err := o.may(a, userObject, manage); err != nil {
		return nil, err
	}
	if !isID(id) {
		return nil, notFound()
	}
	user, err := found(o.db.UserByID(ctx, id))
	if err != nil {
		return nil, err
	}
	p := &Person{User: *user}
	if p.Grants, err = o.db.GrantsOf(ctx, id); err != nil {
		return nil, err
	}
	if p.Identity, err = o.db.Identity(ctx, id); err != nil {
		return nil, err
	}
	p.Mediator, err = o.db.MediatorRecord(ctx, id)
	return p, err
}

package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"doorstep/internal/authz"
	"doorstep/internal/casework"
	"doorstep/internal/demo"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

// lastWord is the text of a draft of the safe house.
const lastWord = "还没有写完的话"

// safe is an installation with a keyring of its own and at least two values in
// every sealed column.
type safe struct {
	t    *testing.T
	db   *postgres.DB
	raw  *sql.DB // as the owner
	app  string
	dir  string // of the keys
	keys *vault.Keys
	desk *casework.Desk
	area mediation.AreaID
}

func openSafe(t *testing.T) *safe {
	t.Helper()
	dsn := pgtest.New(t)
	s := &safe{t: t, app: dsn.App, raw: pool(t, dsn.Owner), dir: filepath.Join(t.TempDir(), "keys")}
	var err error
	s.keys, err = vault.OpenKeys(s.dir, true)
	s.must(err)
	s.db = s.open()
	policy, err := authz.New(policies.Model, policies.Lines)
	s.must(err)
	h, err := demo.Open(t.Context(), demo.Deps{DB: s.db, Policy: policy, Keys: s.keys, Hasher: vault.NewHasher(s.keys),
		Log: slog.New(slog.DiscardHandler), Wall: time.Now})
	s.must(err)
	s.must(h.Play(t.Context(), "1", "2", "7", "15")) // papers as issued, two talks with one side, several people with all there is to seal
	s.desk = h.Desk
	s.fill(h.Actor("李娜"))
	s.again()
	return s
}

// open is what a server of its own sees: keys read from the file now.
func (s *safe) open() *postgres.DB {
	s.t.Helper()
	db, err := postgres.Open(s.app, s.keysOf())
	s.must(err)
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

// keysOf reads the keyring anew.
func (s *safe) keysOf() *vault.Keys {
	s.t.Helper()
	keys, err := vault.OpenKeys(s.dir, false)
	s.must(err)
	return keys
}

func (s *safe) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// fill brings in what the stories leave out.
func (s *safe) fill(clerk mediation.Actor) {
	s.t.Helper()
	ctx, now := s.t.Context(), time.Now().UTC().Truncate(time.Microsecond)
	users := s.column(`SELECT id::text FROM users ORDER BY id LIMIT 2`)
	s.area = mediation.AreaID(s.column(`SELECT area_id::text FROM committees WHERE short_name = '榆园人调字'`)[0])
	for i, u := range users {
		id, secret := mediation.UserID(u), fmt.Sprintf("SECRET%d", i)
		s.must(s.db.InTx(ctx, func(tx postgres.Tx) error {
			return errors.Join(tx.SetEmail(ctx, id, fmt.Sprintf("post%d@example.cn", i), now),
				tx.SaveIdentity(ctx, postgres.Identity{User: id, Issuer: "https://login.example.cn", Email: fmt.Sprintf("desk%d@example.cn", i), LinkedAt: now}),
				tx.BeginFactor(ctx, id, secret, now))
		}))
		s.must(s.db.InTx(ctx, func(tx postgres.Tx) error {
			ok, err := tx.ConfirmFactor(ctx, id, secret, now, 1, now)
			if err == nil && !ok {
				err = errors.New("not confirmed")
			}
			return errors.Join(err, tx.BeginFactor(ctx, id, "NEW"+secret, now))
		}))
		s.must(s.db.InTx(ctx, func(tx postgres.Tx) error {
			return tx.AddMail(ctx, postgres.Mail{ID: uuid.Must(uuid.NewV7()).String(), Key: u, Asked: fmt.Sprintf("asked%d", i), Kind: "reset",
				CreatedAt: now, DueAt: now})
		}))
		s.must(s.db.SaveDraft(ctx, u, "file", lastWord, now))
		s.must(s.db.InTx(ctx, func(tx postgres.Tx) error {
			return tx.AddTie(ctx, postgres.Tie{ID: uuid.Must(uuid.NewV7()).String(), User: id, Kind: "home", Address: "榆园5幢301室", DeclaredAt: now})
		}))
		s.must(s.file(i)(ctx))
		c, err := s.db.FindCase(ctx, s.column(`SELECT case_id::text FROM filings ORDER BY case_id DESC LIMIT 1`)[0])
		s.must(err)
		_, err = s.desk.Do(ctx, clerk, c.ID, 0, &mediation.PartyChange{PartyEntry: mediation.PartyEntry{Party: c.Parties[0].ID, Side: mediation.Applicant,
			Capacity: "adult", Name: "许静", Phone: "10012340199", IDNumber: "990000195803120017", Address: "榆园 5 幢 301 室",
			Account: "6222 0000 0000 0017", Sensitive: true}})
		s.must(err)
		_, err = s.desk.Do(ctx, clerk, c.ID, 0, &mediation.RiskFlag{Flag: "R3-DV", Facts: "自述被打", Measures: "已劝离"})
		s.must(err)
	}
}

// again lays a second application beside the one of the stories, sealed in its
// own place.
func (s *safe) again() {
	s.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	sealed, err := s.keys.Seal(vault.AAD{Table: "confirmations", Column: "service_sealed", Row: id}, "[]")
	s.must(err)
	papers, err := s.keys.Seal(vault.AAD{Table: "confirmations", Column: "papers_sealed", Row: id}, "[]")
	s.must(err)
	_, err = s.raw.ExecContext(s.t.Context(), `
		INSERT INTO confirmations (id, case_id, area_root, court_id, ground, filed_on, state, court_ref, note, pack, pack_digest, at, service_sealed, papers_sealed)
		SELECT $1, case_id, area_root, court_id, ground, filed_on, state, court_ref, note, pack, pack_digest, at, $2, $3 FROM confirmations LIMIT 1`, id, sealed, papers)
	s.must(err)
}

// file files a dispute, and files it again when that was done before: the answer
// then holds the receipt code that was kept.
func (s *safe) file(i int) func(context.Context) error {
	return func(ctx context.Context) error {
		r, err := s.desk.File(ctx, mediation.Visitor(), mediation.Intake{Facts: "楼上漏水。", Area: s.area, Phone: "10012340199", Privacy: true},
			fmt.Sprintf("a key of a filing %d", i))
		if err == nil && r.Code == "" {
			err = errors.New("no receipt code")
		}
		return err
	}
}

func (s *safe) column(statement string, values ...any) []string {
	s.t.Helper()
	rows, err := s.raw.QueryContext(s.t.Context(), statement, values...)
	s.must(err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		s.must(rows.Scan(&text))
		all = append(all, text)
	}
	s.must(rows.Err())
	return all
}

// stored is one sealed value as it lies in the database.
type stored struct {
	postgres.Sealed
	place  vault.AAD
	sealed []byte
}

func (s *safe) stored() []stored {
	s.t.Helper()
	var all []stored
	for _, c := range postgres.SealedColumns() {
		all = append(all, s.storedIn(c)...)
	}
	return all
}

func (s *safe) storedIn(c postgres.Sealed) (all []stored) {
	s.t.Helper()
	rows, err := s.raw.QueryContext(s.t.Context(), `SELECT `+c.Row+`, t.`+c.Column+` FROM `+c.Table+` t WHERE t.`+c.Column+` IS NOT NULL ORDER BY 1`)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		v := stored{Sealed: c, place: vault.AAD{Table: c.Table, Column: c.Column}}
		s.must(rows.Scan(&v.place.Row, &v.sealed))
		all = append(all, v)
	}
	s.must(rows.Err())
	return all
}

// opened gives every stored value in the open, by its place.
func (s *safe) opened() map[vault.AAD]string {
	s.t.Helper()
	keys, all := s.keysOf(), map[vault.AAD]string{}
	for _, v := range s.stored() {
		plain, err := keys.Open(v.place, v.sealed)
		if err != nil {
			s.t.Errorf("%+v: %v", v.place, err)
		}
		all[v.place] = plain
	}
	return all
}

// sealedWith counts all values by key.
func (s *safe) sealedWith() map[string]int {
	s.t.Helper()
	counts, err := s.db.CountSeals(s.t.Context())
	s.must(err)
	by := map[string]int{}
	for _, c := range counts {
		by[c.Key] += c.N
	}
	return by
}

func quiet(string, string, int) {}

// A column that holds sealed values is rotated, or this fails; and each has rows
// here, or the tests below would prove nothing about it.
func TestEverySealedColumnIsKnown(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	has := s.column(`SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname LIKE '%\_sealed' ORDER BY 1`)
	filled := map[string]int{}
	for _, v := range s.stored() {
		filled[v.Table+"."+v.Column]++
	}
	var knows []string
	for _, c := range postgres.SealedColumns() {
		name := c.Table + "." + c.Column
		knows = append(knows, name)
		if filled[name] < 2 {
			t.Errorf("%s has %d values; two are needed to swap them", name, filled[name])
		}
	}
	slices.Sort(knows)
	if diff := cmp.Diff(has, knows); diff != "" {
		t.Errorf("sealed columns (-database +rotated):\n%s", diff)
	}
	counts, err := s.db.CountSeals(t.Context())
	s.must(err)
	for _, c := range counts {
		if name := c.Table + "." + c.Column; filled[name] != c.N || c.Key != s.keys.IDs(vault.FieldKey)[0] {
			t.Errorf("%+v, want %d under the one key", c, filled[name])
		}
	}
}

// Whoever can write to the database can move a sealed value, and it does not open
// where he puts it: not in another row, another column or another table.
func TestAMovedSealedValueDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	all := s.stored()
	tried := map[string]int{}
	for _, from := range all {
		if plain, err := s.keys.Open(from.place, from.sealed); plain == "" || err != nil {
			t.Fatalf("%+v in its own place: %q, %v", from.place, plain, err)
		}
		for _, to := range all {
			if from.place == to.place {
				continue
			}
			tried[from.Table+"."+from.Column]++
			if _, err := s.keys.Open(to.place, from.sealed); !errors.Is(err, vault.ErrSealed) {
				t.Fatalf("the value of %+v in %+v: %v, want ErrSealed", from.place, to.place, err)
			}
		}
	}
	for _, c := range postgres.SealedColumns() {
		if tried[c.Table+"."+c.Column] == 0 {
			t.Errorf("%s.%s was not tried", c.Table, c.Column)
		}
	}
}

// The same by hand in the stored rows, read by the program's own statements.
//
// proves: duty.ink_bound
func TestSwappedRowsAreRefusedByTheProgram(t *testing.T) {
	t.Parallel()
	s := openSafe(t)
	ctx := t.Context()
	users := s.column(`SELECT user_id::text FROM second_factors ORDER BY 1`)
	person := s.column(`SELECT id::text FROM persons WHERE phone_sealed IS NOT NULL AND id_sealed IS NOT NULL AND account_sealed IS NOT NULL ORDER BY 1 DESC LIMIT 1`)[0]
	note := s.column(`SELECT case_id::text || ' ' || by_user::text FROM caucus_notes LIMIT 1`)[0]
	for _, tt := range []struct {
		rule string
		swap string
		read func(ctx context.Context) error
	}{
		{"a phone of another person", swap("persons", "phone_sealed", "id"), s.person(person, "phone")},
		{"an ID number of another person", swap("persons", "id_sealed", "id"), s.person(person, "id_number")},
		{"a birth date of another person", swap("persons", "birth_sealed", "id"), s.person(person, "birth")},
		{"the birth date for the ID number", `UPDATE persons SET birth_sealed = id_sealed, id_sealed = birth_sealed`, s.person(person, "id_number")},
		{"an address of another person", swap("persons", "address_sealed", "id"), s.person(person, "address")},
		{"the phone for the ID number", `UPDATE persons SET phone_sealed = id_sealed, id_sealed = phone_sealed`, s.person(person, "phone")},
		{"an account of another person", swap("persons", "account_sealed", "id"), s.person(person, "bank_account")},
		{"a note of another danger", swap("risks", "facts_sealed", "id"), s.risk},
		{"the measures for the facts", `UPDATE risks SET facts_sealed = measures_sealed, measures_sealed = facts_sealed`, s.risk},
		{"a talk of another day", swap("caucus_notes", "body_sealed", "id"), func(ctx context.Context) error {
			_, err := s.db.CaucusNotes(ctx, mediation.CaseID(note[:36]), mediation.UserID(note[37:]))
			return err
		}},
		{"a secret of another user", swap("second_factors", "secret_sealed", "user_id"), s.factor(users[0])},
		{"a secret begun by another user", swap("second_factors", "pending_sealed", "user_id"), s.factor(users[0])},
		{"the secret that was only begun", `UPDATE second_factors SET secret_sealed = pending_sealed, pending_sealed = secret_sealed`, s.factor(users[0])},
		{"a mail address of another user", swap("users", "email_sealed", "id"), func(ctx context.Context) error {
			return s.db.InTx(ctx, func(tx postgres.Tx) error {
				_, err := tx.MailTo(ctx, mediation.UserID(users[0]), false)
				return err
			})
		}},
		{"what somebody else asked for", swap("outbox", "asked_sealed", "id"), func(ctx context.Context) error {
			return s.db.InTx(ctx, func(tx postgres.Tx) error {
				_, err := tx.LeaseMail(ctx, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour))
				return err
			})
		}},
		{"the receipt code of another filing", swap("filings", "code_sealed", "key_digest"), s.file(0)},
		{"a signature of another hand", swap("signature_images", "picture_sealed", "signature_id"), s.ink},
		{"a signature under another text", `UPDATE signatures SET digest = reverse(digest) WHERE image_digest <> ''`, s.ink},
		{"another picture than was signed with", `UPDATE signatures SET image_digest = reverse(image_digest) WHERE image_digest <> ''`, s.ink},
		{"a draft of somebody else", swap("drafts", "body_sealed", "owner"), func(ctx context.Context) error {
			_, _, err := s.db.Draft(ctx, users[0], "file")
			return err
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if err := tt.read(ctx); err != nil {
				t.Fatalf("before: %v", err)
			}
			tx, err := s.raw.BeginTx(ctx, nil)
			s.must(err)
			_, err = tx.ExecContext(ctx, tt.swap)
			s.must(errors.Join(err, tx.Commit()))
			if err := tt.read(ctx); !errors.Is(err, vault.ErrSealed) {
				t.Errorf("after: %v, want ErrSealed", err)
			}
			_, err = s.raw.ExecContext(ctx, tt.swap) // twice is as before
			s.must(err)
			if err := tt.read(ctx); err != nil {
				t.Fatalf("put back: %v", err)
			}
		})
	}
}

// swap writes each value of a column into the row that stands opposite to it; done
// twice it changes nothing.
func swap(table, column, key string) string {
	return `
		UPDATE ` + table + ` t
		SET ` + column + ` = o.` + column + `
		FROM (SELECT ` + key + `, ` + column + `, row_number() OVER (ORDER BY ` + key + `) AS n, count(*) OVER () AS all_n
			FROM ` + table + ` WHERE ` + column + ` IS NOT NULL) m
		JOIN (SELECT ` + column + `, row_number() OVER (ORDER BY ` + key + `) AS n
			FROM ` + table + ` WHERE ` + column + ` IS NOT NULL) o ON o.n = m.all_n + 1 - m.n
		WHERE t.` + key + ` = m.` + key
}

func (s *safe) person(id, what string) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.db.InTx(ctx, func(tx postgres.Tx) error {
			plain, err := tx.OpenPerson(ctx, mediation.PersonID(id), what)
			if err == nil && plain == "" {
				err = errors.New("nothing is stored")
			}
			return err
		})
	}
}

func (s *safe) ink(ctx context.Context) error {
	var drawn []mediation.Signature
	for _, id := range s.column(`SELECT DISTINCT case_id::text FROM signature_images`) {
		c, err := s.db.FindCase(ctx, id)
		if err != nil {
			return err
		}
		drawn = append(drawn, c.Signatures...)
	}
	pictures, err := s.db.Ink(ctx, drawn)
	if err == nil && len(pictures) < 2 {
		err = fmt.Errorf("%d pictures of %d signatures", len(pictures), len(drawn))
	}
	return err
}

func (s *safe) risk(ctx context.Context) error {
	_, err := s.db.FindCase(ctx, s.column(`SELECT case_id::text FROM risks ORDER BY id LIMIT 1`)[0])
	return err
}

func (s *safe) factor(user string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.db.Factor(ctx, mediation.UserID(user))
		return err
	}
}

package account_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

const (
	home     = "203.0.113.7"
	cafe     = "198.51.100.20"
	good     = "青山绿水共为邻居十二"
	username = "li.aying"
)

// hall is the entrance over a fresh database, with a clock the test moves.
type hall struct {
	*account.Accounts
	t   *testing.T
	db  *postgres.DB
	raw *sql.DB
	mu  sync.Mutex
	at  time.Time
	h   *vault.Hasher
}

func open(t *testing.T) *hall {
	t.Helper()
	dsn := pgtest.New(t)
	keys := vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), raw.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	o := &hall{t: t, db: db, raw: raw, at: time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC), h: vault.NewHasher(keys)}
	o.Accounts = account.New(db, policy, o.h, keys, o.now)
	return o
}

func (o *hall) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *hall) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func (o *hall) sql(statement string, args ...any) {
	o.t.Helper()
	if _, err := o.raw.ExecContext(o.t.Context(), statement, args...); err != nil {
		o.t.Fatalf("%s: %v", statement, err)
	}
}

func (o *hall) ask(statement string, args ...any) (n int) {
	o.t.Helper()
	if err := o.raw.QueryRowContext(o.t.Context(), statement, args...).Scan(&n); err != nil {
		o.t.Fatalf("%s: %v", statement, err)
	}
	return n
}

func (o *hall) register(name string) mediation.UserID {
	o.t.Helper()
	id, err := o.Register(o.t.Context(), account.NewAccount{Name: "李阿英", Username: name, Password: good, Address: home})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *hall) signIn(login, password, address string) (string, error) {
	return o.SignIn(o.t.Context(), account.Credentials{Login: login, Password: password, Address: address, Device: "Firefox"})
}

func (o *hall) in(login string) string {
	o.t.Helper()
	token, err := o.signIn(login, good, home)
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

func wantKind(t *testing.T, err error, kind mediation.Kind, key string) {
	t.Helper()
	if err == nil || mediation.KindOf(err) != kind || mediation.KeyOf(err) != key {
		t.Errorf("err = %v (kind %d), want kind %d with %q", err, mediation.KindOf(err), kind, key)
	}
}

func wantField(t *testing.T, err error, field, key string) {
	t.Helper()
	if got := mediation.FieldsOf(err)[field]; mediation.KindOf(err) != mediation.Invalid || got != key {
		t.Errorf("err = %v, want field %s marked %q", err, field, key)
	}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// place is an area with a committee and a court, for grants.
func (o *hall) place() (area, committee, court string) {
	area, committee, court = newID(), newID(), newID()
	o.sql(`INSERT INTO areas (id, kind, name, code, path) VALUES ($1, 'city', '江城', 'jc', 'jc/')`, area)
	o.sql(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $2, '榆园社区人民调解委员会', '榆园人调')`, committee, area)
	o.sql(`INSERT INTO courts (id, area_id, name) VALUES ($1, $2, '江城法庭')`, court, area)
	return area, committee, court
}

func (o *hall) grant(user mediation.UserID, role mediation.Role, column, place string, confirmed bool) string {
	id := newID()
	o.sql(`INSERT INTO grants (id, user_id, role, `+column+`, granted_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, string(user), string(role), place, o.now(), sql.NullTime{Time: o.now(), Valid: confirmed})
	return id
}

// matter is a case with one party and his receipt code.
func (o *hall) matter() (c mediation.CaseID, p mediation.PartyID, code vault.Code) {
	o.t.Helper()
	area, committee, _ := o.place()
	c, p, code = mediation.CaseID(newID()), mediation.PartyID(newID()), vault.NewReceiptCode()
	kase := &mediation.Case{ID: c, Version: 1, IntakeNumber: "榆园收〔2026〕1号", Committee: mediation.CommitteeID(committee),
		Area: mediation.AreaID(area), AreaPath: "jc/", Stage: mediation.Submitted, FiledAt: o.now(), UpdatedAt: o.now(),
		GradeFacts: []string{}, Remedies: []string{}, Parties: []mediation.Party{{ID: p, Seq: 1, Side: mediation.Applicant, Name: "李阿英",
			GroupSize: 1, Identity: mediation.LevelCode}}}
	hash, err := o.h.HashPassword(o.t.Context(), code.Secret())
	if err != nil {
		o.t.Fatal(err)
	}
	err = o.db.InTx(o.t.Context(), func(tx postgres.Tx) error {
		if err := tx.InsertCase(o.t.Context(), kase); err != nil {
			return err
		}
		return tx.InsertReceiptCode(o.t.Context(), newID(), c, p, code.Locator(), hash, o.now())
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return c, p, code
}

// atOnce runs n calls at the same time and counts the answers by key.
func atOnce(n int, call func(ctx context.Context) error) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := map[string]int{}
	for range n {
		wg.Go(func() {
			err := call(context.Background())
			mu.Lock()
			defer mu.Unlock()
			seen[mediation.KeyOf(err)]++
		})
	}
	wg.Wait()
	return seen
}

// wrongSecret is a well-formed code with the same locator and another secret.
func wrongSecret(t *testing.T, code vault.Code) string {
	t.Helper()
	for {
		other := vault.NewReceiptCode()
		digits := code.Locator() + other.Secret()
		for check := '0'; check <= '9'; check++ {
			parsed, err := vault.ParseReceiptCode(digits + string(check))
			if err == nil && parsed.Secret() != code.Secret() {
				return strings.ReplaceAll(parsed.String(), " ", "")
			}
		}
	}
}

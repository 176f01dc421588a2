package office_test

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/pgtest"
	"doorstep/internal/place"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/policies"
)

var noon = time.Date(2026, time.May, 11, 12, 0, 0, 0, statute.Shanghai)

func policy(t *testing.T) *authz.Policy {
	t.Helper()
	p, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// house is an office over a fresh database with its first administrator.
type house struct {
	t      *testing.T
	ctx    context.Context
	office *office.Office
	raw    *sql.DB // to look, and to set what only another package sets
	now    time.Time
	admin  mediation.Actor
}

func open(t *testing.T) *house {
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
	h := &house{t: t, ctx: t.Context(), raw: raw, now: noon}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	})
	h.office = office.New(db, policy(t), vault.NewHasher(keys), func() time.Time { return h.now })
	h.admin = admin("11111111-1111-7111-8111-111111111111")
	h.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'first', '首任管理员', 'x', $2)`, h.admin.User, noon)
	h.exec(`INSERT INTO grants (id, user_id, role, granted_at, confirmed_at) VALUES ($1, $1, 'admin', $2, $2)`, h.admin.User, noon)
	return h
}

func admin(id mediation.UserID) mediation.Actor {
	return mediation.Actor{User: id, Grants: []mediation.Grant{{Role: mediation.RoleAdmin}}}
}

func (h *house) exec(statement string, values ...any) {
	h.t.Helper()
	for i, v := range values {
		if r := reflect.ValueOf(v); r.Kind() == reflect.String {
			values[i] = r.String()
		}
	}
	if _, err := h.raw.ExecContext(h.ctx, statement, values...); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(statement string, values ...any) (n int) {
	h.t.Helper()
	if err := h.raw.QueryRowContext(h.ctx, statement, values...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) wantKind(err error, kind mediation.Kind, key string) {
	h.t.Helper()
	if mediation.KindOf(err) != kind || mediation.KeyOf(err) != key {
		h.t.Errorf("err = %v, want kind %d with %q", err, kind, key)
	}
}

func (h *house) wantFields(err error, want map[string]string) {
	h.t.Helper()
	if mediation.KindOf(err) != mediation.Invalid {
		h.t.Errorf("err = %v, want Invalid", err)
	}
	if diff := cmp.Diff(want, mediation.FieldsOf(err)); diff != "" {
		h.t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// wantHistory compares the actions of the office's history, oldest first.
func (h *house) wantHistory(want ...string) {
	h.t.Helper()
	lines, err := h.office.History(h.ctx, h.admin)
	h.must(err)
	var got []string
	for _, l := range slices.Backward(lines) {
		got = append(got, l.Action)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("history (-want +got):\n%s", diff)
	}
}

func (h *house) community() mediation.AreaID {
	h.t.Helper()
	id, err := h.office.AddArea(h.ctx, h.admin, place.Area{Kind: place.Community, Name: "榆园社区", Code: "yy"})
	h.must(err)
	return id
}

func (h *house) committee(area mediation.AreaID) mediation.CommitteeID {
	h.t.Helper()
	id, err := h.office.SetUpCommittee(h.ctx, h.admin, office.Committee{Area: area, Name: "榆园社区人民调解委员会", ShortName: "榆园人调字", Kind: "community", Contacts: 3})
	h.must(err)
	return id
}

func (h *house) user(username string) mediation.UserID {
	h.t.Helper()
	id, _, err := h.office.AddUser(h.ctx, h.admin, office.NewUser{Username: username, Name: "某" + username})
	h.must(err)
	return id
}

// secondAdmin makes a second administrator, which still takes one person only.
func (h *house) secondAdmin(area mediation.AreaID) mediation.Actor {
	h.t.Helper()
	id := h.user("second")
	g, err := h.office.Grant(h.ctx, h.admin, office.NewGrant{User: id, Role: mediation.RoleAdmin, Area: area})
	h.must(err)
	if !g.Holds() {
		h.t.Fatal("the second administrator waits for a second administrator")
	}
	return admin(id)
}

// Calendar reckons days and is no act of a person; everything else answers
// Forbidden to nobody, without asking the database.
func TestEveryActByNobodyIsForbidden(t *testing.T) {
	o := reflect.ValueOf(office.New(nil, policy(t), nil, time.Now)) // no database on purpose
	actorType, tried := reflect.TypeFor[mediation.Actor](), 0
	for i := range o.NumMethod() {
		act, name := o.Method(i), o.Type().Method(i).Name
		if act.Type().NumIn() < 2 || act.Type().In(1) != actorType {
			if name != "Calendar" {
				t.Errorf("%s takes no actor: nobody asks who may", name)
			}
			continue
		}
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for j := 1; j < act.Type().NumIn(); j++ {
			args = append(args, reflect.Zero(act.Type().In(j)))
		}
		out := act.Call(args)
		err, _ := out[len(out)-1].Interface().(error)
		if mediation.KindOf(err) != mediation.Forbidden {
			t.Errorf("%s by nobody: %v, want Forbidden", name, err)
		}
		tried++
	}
	if tried < 20 {
		t.Errorf("only %d acts were tried", tried)
	}
}

// Who is not an administrator reads places at most.
func TestOnlyTheAdminChangesTheOffice(t *testing.T) {
	p := policy(t)
	for _, role := range mediation.Roles {
		who := mediation.Actor{User: "u", Grants: []mediation.Grant{{Role: role}}}
		for _, q := range []struct {
			object string
			action mediation.Action
		}{{"office", "manage"}, {"user", "manage"}, {"user", "grant"}} {
			if got := p.Can(who, q.object, q.action); got != (role == mediation.RoleAdmin) {
				t.Errorf("%s may %s %s: %v", role, q.action, q.object, got)
			}
		}
		if got := p.Can(who, "case", "read"); role == mediation.RoleAdmin && slices.ContainsFunc(p.Scope(who, "case", "read"),
			func(r mediation.Right) bool { return r.Scope != mediation.ScopeParty }) {
			t.Errorf("the administrator reads cases (%v)", got)
		}
	}
}

func TestAFailedActLeavesNoLineOfHistory(t *testing.T) {
	h := open(t)
	h.community()
	_, err := h.office.AddArea(h.ctx, h.admin, place.Area{Kind: place.Community, Name: "又一个", Code: "yy"})
	h.wantFields(err, map[string]string{"code": "error.area_code_taken"})
	h.wantHistory("add_area")
	if n := h.count(`SELECT count(*) FROM areas`); n != 1 {
		t.Errorf("%d areas, want 1", n)
	}
}

package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

func TestResetLinkSetsThePasswordOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	session := o.in(username)
	for range 5 { // he tried himself into the limit before he asked for help
		_, err := o.signIn(username, "this is not the one", home)
		wantKind(t, err, mediation.Invalid, "error.credentials")
	}
	link, err := o.ResetLink(t.Context(), " LI.AYING ")
	if err != nil {
		t.Fatal(err)
	}
	if name, err := o.PasswordLink(t.Context(), link); name != username || err != nil {
		t.Errorf("link of %q, %v", name, err)
	}
	const fresh = "门前老槐树下乘凉的人们"
	_, err = o.SetPassword(t.Context(), link, "short", home)
	wantField(t, err, "password", "error.password_short")
	if name, err := o.SetPassword(t.Context(), link, fresh, home); name != username || err != nil {
		t.Fatalf("%q, %v", name, err)
	}
	_, err = o.SetPassword(t.Context(), link, fresh+"。", home)
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	_, _, err = o.Actor(t.Context(), session)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	if _, err := o.signIn(username, fresh, home); err != nil {
		t.Errorf("with the new password: %v", err)
	}
}

func TestResetLinkEnds(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	link := func() string {
		token, err := o.ResetLink(t.Context(), username)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	dead := func(rule, token string) {
		t.Helper()
		if _, err := o.PasswordLink(t.Context(), token); mediation.KeyOf(err) != "error.link_ended" {
			t.Errorf("%s: %v", rule, err)
		}
		if _, err := o.SetPassword(t.Context(), token, "门前老槐树下乘凉的人们", home); mediation.KeyOf(err) != "error.link_ended" {
			t.Errorf("%s: %v", rule, err)
		}
	}
	old, fresh := link(), link()
	dead("a newer link was made", old)
	o.pass(account.LinkLife)
	dead("its half hour is over", fresh)
	dead("it never was one", "AAAAAAAAAAAAAAAAAAAAAAAAAA")
	late := link()
	o.sql(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(id))
	dead("the user was disabled", late)
	_, err := o.ResetLink(t.Context(), username)
	wantKind(t, err, mediation.Conflict, "error.user_disabled")
	_, err = o.ResetLink(t.Context(), "nobody.here")
	wantKind(t, err, mediation.NotFound, "error.no_such_user")
}

func TestLinksOfOnePurposeServeNoOther(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	reset, err := o.ResetLink(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, o.AdminLink(t.Context(), reset), mediation.NotFound, "error.link_ended")
	first, err := o.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.SetPassword(t.Context(), first, "门前老槐树下乘凉的人们", home)
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	if _, err := o.PasswordLink(t.Context(), reset); err != nil {
		t.Errorf("a link of another purpose ended this one: %v", err)
	}
}

func admin(name string) account.NewAccount {
	return account.NewAccount{Name: "管理员", Username: name, Password: good, Address: home}
}

func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	o := open(t)
	old, err := o.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link, err := o.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.ClaimFirstAdmin(t.Context(), old, admin("guan"))
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	_, err = o.ClaimFirstAdmin(t.Context(), link, account.NewAccount{Name: "管理员", Username: "guan", Password: "admin123456"})
	wantField(t, err, "password", "error.password_common")
	id, err := o.ClaimFirstAdmin(t.Context(), link, admin("guan"))
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := o.Actor(t.Context(), o.in("guan"))
	if err != nil || a.User != id || !a.Has(mediation.RoleAdmin) {
		t.Errorf("actor %+v, %v; want an administrator", a, err)
	}
	if n := o.ask(`SELECT count(*) FROM office_events WHERE action = 'first_admin' AND by_user = $1`, string(id)); n != 1 {
		t.Errorf("%d lines in the office's history, want 1", n)
	}
	_, err = o.ClaimFirstAdmin(t.Context(), link, admin("second"))
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	_, err = o.FirstAdminLink(t.Context())
	wantKind(t, err, mediation.Conflict, "error.admin_exists")
	o.sql(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(id))
	if _, err := o.FirstAdminLink(t.Context()); err != nil {
		t.Errorf("without an administrator who can come in: %v", err)
	}
}

func TestFirstAdministratorsLinkEndsAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	o := open(t)
	link, err := o.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.pass(account.LinkLife - time.Second)
	if err := o.AdminLink(t.Context(), link); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	o.pass(time.Second)
	wantKind(t, o.AdminLink(t.Context(), link), mediation.NotFound, "error.link_ended")
	_, err = o.ClaimFirstAdmin(t.Context(), link, admin("guan"))
	wantKind(t, err, mediation.NotFound, "error.link_ended")
}

func TestOfManyClaimsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	o := open(t)
	link, err := o.FirstAdminLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := make(chan string, 4)
	for _, n := range []string{"guan.a", "guan.b", "guan.c", "guan.d"} {
		names <- n
	}
	seen := atOnce(4, func(ctx context.Context) error {
		_, err := o.ClaimFirstAdmin(ctx, link, admin(<-names))
		return err
	})
	if diff := cmp.Diff(1, seen[""]); diff != "" {
		t.Errorf("winners: %s; answers %v", diff, seen)
	}
	if n := o.ask(`SELECT count(*) FROM users`); n != 1 {
		t.Errorf("%d users, want 1", n)
	}
}

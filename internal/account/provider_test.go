package account_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

const issuer = "https://login.example.cn"

// link is what an administrator does: by subject, or by mail address.
func (o *hall) link(user mediation.UserID, subject, email string) {
	o.t.Helper()
	err := o.db.InTx(o.t.Context(), func(tx postgres.Tx) error {
		return tx.SaveIdentity(o.t.Context(), postgres.Identity{User: user, Issuer: issuer, Subject: subject, Email: email, LinkedAt: o.now()})
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *hall) by(v account.Voucher) (string, error) {
	v.Address, v.Device = home, "Firefox"
	return o.SignInBy(o.t.Context(), v)
}

func TestOnlyLinkedAccountsComeInByTheProvider(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.UseProvider(account.Provider{Issuer: issuer})
	id, gone := o.register(username), o.register("gone.li")
	o.link(id, "s-1", "")
	o.link(gone, "s-2", "")
	o.sql(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(gone))
	before := o.ask(`SELECT count(*) FROM users`)
	for rule, v := range map[string]account.Voucher{
		"a subject nobody linked":            {Subject: "s-9", Email: "li@example.cn"},
		"no subject":                         {Email: "li@example.cn"},
		"a disabled account":                 {Subject: "s-2"},
		"a subject in other letters":         {Subject: "S-1"},
		"an address where subjects are used": {Subject: "s-3", Email: "li@example.cn"},
	} {
		_, err := o.by(v)
		if err == nil {
			t.Errorf("%s: let in", rule)
			continue
		}
		wantKind(t, err, mediation.Forbidden, "error.provider_unknown")
	}
	token, err := o.by(account.Voucher{Subject: "s-1"})
	if err != nil {
		t.Fatal(err)
	}
	a, in, err := o.Actor(t.Context(), token)
	if err != nil || a.User != id || in.Way != account.ByProvider || len(a.Grants) != 1 {
		t.Errorf("actor %+v by %s, %v", a, in.Way, err)
	}
	if after := o.ask(`SELECT count(*) FROM users`); after != before {
		t.Errorf("%d accounts were made", after-before)
	}
	o.UseProvider(account.Provider{Issuer: "https://other.example.cn"})
	_, err = o.by(account.Voucher{Subject: "s-1"})
	wantKind(t, err, mediation.Forbidden, "error.provider_unknown") // another provider's s-1 is another person
}

func TestAMailAddressBindsOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.UseProvider(account.Provider{Issuer: issuer, ByEmail: true})
	id := o.register(username)
	o.link(id, "", "li@example.cn")
	for rule, email := range map[string]string{"another address": "wang@example.cn", "none": "", "a look-alike": "lі@example.cn"} {
		if _, err := o.by(account.Voucher{Subject: "s-0", Email: email}); mediation.KeyOf(err) != "error.provider_unknown" {
			t.Errorf("%s: %v", rule, err)
		}
	}
	if _, err := o.by(account.Voucher{Subject: "s-1", Email: "LI@Example.CN"}); err != nil {
		t.Fatal(err)
	}
	if n := o.ask(`SELECT count(*) FROM office_events WHERE action = 'bind_identity' AND subject_id = $1`, string(id)); n != 1 {
		t.Errorf("%d lines in the office's history, want 1", n)
	}
	if _, err := o.by(account.Voucher{Subject: "s-1", Email: "new@example.cn"}); err != nil {
		t.Errorf("after his address changed there: %v", err)
	}
	_, err := o.by(account.Voucher{Subject: "s-2", Email: "li@example.cn"})
	wantKind(t, err, mediation.Forbidden, "error.provider_unknown") // the address went to somebody else
	if n := o.ask(`SELECT count(*) FROM office_events WHERE action = 'bind_identity'`); n != 1 {
		t.Errorf("%d lines after three sign-ins, want 1", n)
	}
}

func TestOfTwoSubjectsWithOneAddressOneBinds(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.UseProvider(account.Provider{Issuer: issuer, ByEmail: true})
	o.link(o.register(username), "", "li@example.cn")
	subjects := make(chan string, 8)
	for _, s := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		subjects <- s
	}
	seen := atOnce(8, func(ctx context.Context) error {
		_, err := o.SignInBy(ctx, account.Voucher{Subject: <-subjects, Email: "li@example.cn", Address: home})
		return err
	})
	if seen[""] != 1 || seen["error.provider_unknown"] != 7 {
		t.Errorf("answers %v, want one in and seven out", seen)
	}
}

func TestASecondFactorCountsOnlyByTheProvidersWord(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.UseProvider(account.Provider{Issuer: issuer}).RequireFactor([]mediation.Role{mediation.RoleChair})
	id := o.register(username)
	_, committee, _ := o.place()
	o.grant(id, mediation.RoleChair, "committee_id", committee, true)
	o.link(id, "s-1", "")
	step := func(v account.Voucher) (account.Step, []mediation.Role) {
		t.Helper()
		token, err := o.by(v)
		if err != nil {
			t.Fatal(err)
		}
		a, in, err := o.Actor(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		roles := []mediation.Role{}
		for _, g := range a.Grants {
			roles = append(roles, g.Role)
		}
		return in.Step, roles
	}
	if s, grants := step(account.Voucher{Subject: "s-1"}); s != account.StepEnrol || slices.Contains(grants, mediation.RoleChair) {
		t.Errorf("without the provider's word: step %q as %v, want enrol as a resident", s, grants)
	}
	if s, grants := step(account.Voucher{Subject: "s-1", Factor: true}); s != account.StepDone || !slices.Contains(grants, mediation.RoleChair) {
		t.Errorf("with it: step %q as %v, want done as chair", s, grants)
	}
	o.sql(`INSERT INTO second_factors (user_id, secret_sealed, confirmed_at) VALUES ($1, '\x00', now())`, string(id))
	if s, grants := step(account.Voucher{Subject: "s-1"}); s != account.StepCode || !slices.Equal(grants, []mediation.Role{mediation.RoleVisitor}) {
		t.Errorf("without it, with an authenticator: step %q as %v, want code as a visitor", s, grants)
	}
	if s, _ := step(account.Voucher{Subject: "s-1", Factor: true}); s != account.StepDone {
		t.Errorf("with it, with an authenticator: step %q, want done", s)
	}
}

func TestPasswordsEndForRolesOfTheProviderOnceItWorked(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.UseProvider(account.Provider{Issuer: issuer, Only: []mediation.Role{mediation.RoleChair}})
	chair, resident := o.register(username), o.register("wang.er")
	_, committee, _ := o.place()
	o.grant(chair, mediation.RoleChair, "committee_id", committee, true)
	o.link(resident, "s-2", "")
	o.in(username) // nobody linked him yet
	o.link(chair, "s-1", "")
	held := o.in(username) // linked, but it was never seen to work
	for _, s := range []string{"s-1", "s-2"} {
		if _, err := o.by(account.Voucher{Subject: s}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := o.signIn(username, good, home)
	wantKind(t, err, mediation.Invalid, "error.provider_only")
	_, err = o.signIn(username, good+"?", home)
	wantKind(t, err, mediation.Invalid, "error.credentials") // told only after the right password
	_, _, err = o.Actor(t.Context(), held)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	o.in("wang.er") // a resident is not of these roles

	o.UseProvider(account.Provider{Issuer: issuer})
	o.in(username) // the setting was taken back
}

func TestAnErrandIsSealedAndShort(t *testing.T) {
	t.Parallel()
	o := open(t)
	e := account.Errand{State: "s", Nonce: "n", Verifier: "v", Next: "/cases"}
	ticket, err := o.SealErrand(e)
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.OpenErrand(ticket)
	if err != nil || got.State != "s" || got.Nonce != "n" || got.Verifier != "v" || got.Next != "/cases" {
		t.Errorf("opened %+v, %v", got, err)
	}
	for rule, spoilt := range map[string]string{"none": "", "cut": ticket[:len(ticket)-2], "changed": "B" + ticket[1:], "no text": "%%%"} {
		if _, err := o.OpenErrand(spoilt); mediation.KeyOf(err) != "error.provider_errand" {
			t.Errorf("%s: %v", rule, err)
		}
	}
	o.pass(account.ErrandLife + time.Second)
	_, err = o.OpenErrand(ticket)
	wantKind(t, err, mediation.Invalid, "error.provider_errand")
}

func TestComingsBackAreLimitedByAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	for range 120 {
		if err := o.MayReturn(t.Context(), cafe); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.MayReturn(t.Context(), cafe); mediation.KindOf(err) != mediation.TooMany {
		t.Errorf("the 121st: %v", err)
	}
	if err := o.MayReturn(t.Context(), home); err != nil {
		t.Errorf("another address: %v", err)
	}
}

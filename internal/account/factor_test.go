package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

// phone is what the user's authenticator shows at a moment.
func phone(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets a second factor up for whom a token is, and gives the secret, the
// recovery codes and the session's new token.
func (o *hall) enrol(token string) (secret string, codes []string, fresh string) {
	o.t.Helper()
	a, in, err := o.Actor(o.t.Context(), token)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.BeginFactor(o.t.Context(), a, account.Proof{Session: in, Address: home}); err != nil {
		o.t.Fatal(err)
	}
	state, err := o.Factor(o.t.Context(), a)
	if err != nil || state.On || state.Secret == "" || !strings.Contains(state.Link, "secret="+state.Secret) {
		o.t.Fatalf("begun: %+v, %v", state, err)
	}
	codes, fresh, err = o.ConfirmFactor(o.t.Context(), a, account.Proof{Session: in, Address: home, Code: phone(o.t, state.Secret, o.now())})
	if err != nil {
		o.t.Fatal(err)
	}
	return state.Secret, codes, fresh
}

func (o *hall) show(token, code, address string) (string, error) {
	return o.ShowFactor(o.t.Context(), token, account.Proof{Code: code, Address: address})
}

func TestPasswordAloneOpensNothingOnceThereIsASecondFactor(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	elsewhere := o.in(username)
	secret, codes, mine := o.enrol(o.in(username))
	if a, in, err := o.Actor(t.Context(), mine); err != nil || a.User != id || in.Step != account.StepDone {
		t.Errorf("the session that enrolled: %+v, %+v, %v", a, in, err)
	}
	_, _, err := o.Actor(t.Context(), elsewhere)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")

	o.pass(time.Minute)
	token := o.in(username)
	a, in, err := o.Actor(t.Context(), token)
	if diff := cmp.Diff(mediation.Visitor(), a); err != nil || diff != "" || in.Step != account.StepCode {
		t.Fatalf("after the password: %v %s, step %q", err, diff, in.Step)
	}
	code := phone(t, secret, o.now())
	fresh, err := o.show(token, code, home)
	if err != nil {
		t.Fatal(err)
	}
	if a, _, err := o.Actor(t.Context(), fresh); err != nil || a.User != id {
		t.Errorf("after the code: %+v, %v", a, err)
	}
	_, _, err = o.Actor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated") // the token of before is dead

	again := o.in(username)
	_, err = o.show(again, code, home)
	wantField(t, err, "code", "error.factor_used")
	_, err = o.show(again, phone(t, secret, o.now().Add(-30*time.Second)), home) // an earlier step than the used one
	wantField(t, err, "code", "error.factor_used")
	if _, err := o.show(again, " "+strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))+" ", home); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	third := o.in(username)
	_, err = o.show(third, codes[3], home)
	wantField(t, err, "code", "error.factor_code") // it was good once
	if n := o.ask(`SELECT count(*) FROM recovery_codes WHERE used_at IS NULL`); n != account.RecoveryCodes-1 {
		t.Errorf("%d codes left, want %d", n, account.RecoveryCodes-1)
	}
	o.pass(account.FactorLife + time.Second)
	_, err = o.show(third, phone(t, secret, o.now()), home)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated") // the password is too long ago
}

func TestOneCodeSentTwiceAtOnceOpensOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	secret, _, _ := o.enrol(o.in(username))
	o.pass(time.Minute)
	tokens := make(chan string, 4)
	for range 4 {
		tokens <- o.in(username)
	}
	code := phone(t, secret, o.now())
	seen := atOnce(4, func(ctx context.Context) error {
		_, err := o.ShowFactor(ctx, <-tokens, account.Proof{Code: code, Address: home})
		return err
	})
	if diff := cmp.Diff(map[string]int{"": 1, "error.check_fields": 3}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestGuessingCodesNeverLocksTheOwnerOut(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	secret, codes, _ := o.enrol(o.in(username))
	o.pass(time.Minute)
	thief := func(address string, n int) (last error) {
		token, err := o.signIn(username, good, address)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			_, last = o.show(token, "000000", address)
		}
		return last
	}
	wantField(t, thief(cafe, 5), "code", "error.factor_code")
	wantKind(t, thief(cafe, 1), mediation.TooMany, "error.wait")
	wantField(t, thief("198.51.100.21", 5), "code", "error.factor_code")
	wantKind(t, thief("198.51.100.22", 1), mediation.TooMany, "error.wait") // fresh addresses share their tries

	token := o.in(username)
	if _, err := o.show(token, phone(t, secret, o.now()), home); err != nil {
		t.Errorf("the owner at an address he came in from: %v", err)
	}
	away, err := o.signIn(username, good, "203.0.113.99")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.show(away, codes[0], "203.0.113.99"); err != nil {
		t.Errorf("the owner on a journey, with a recovery code: %v", err)
	}
}

func TestRoleThatAsksForASecondFactorIsAResidentUntilThen(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.RequireFactor([]mediation.Role{mediation.RoleChair})
	id := o.register(username)
	_, committee, _ := o.place()
	token := o.in(username)
	if _, in, err := o.Actor(t.Context(), token); err != nil || in.Step != account.StepDone {
		t.Fatalf("a resident is asked: %q, %v", in.Step, err)
	}
	o.grant(id, mediation.RoleChair, "committee_id", committee, true)
	a, in, err := o.Actor(t.Context(), token)
	want := mediation.Actor{User: id, Name: "李阿英", Grants: []mediation.Grant{{Role: mediation.RoleResident}}}
	if diff := cmp.Diff(want, a); err != nil || diff != "" || in.Step != account.StepEnrol {
		t.Fatalf("%v %s step %q", err, diff, in.Step)
	}
	secret, _, fresh := o.enrol(token)
	a, in, err = o.Actor(t.Context(), fresh)
	if err != nil || len(a.Grants) != 2 || in.Step != account.StepDone {
		t.Fatalf("after enrolling: %+v, %q, %v", a, in.Step, err)
	}
	o.pass(time.Minute)
	proof := account.Proof{Code: phone(t, secret, o.now()), Address: home, Session: in}
	wantKind(t, o.EndFactor(t.Context(), a, proof), mediation.Conflict, "error.factor_required")
	codes, err := o.NewRecoveryCodes(t.Context(), a, proof)
	if err != nil || len(codes) != account.RecoveryCodes {
		t.Errorf("new codes: %d, %v", len(codes), err)
	}
	_, err = o.NewRecoveryCodes(t.Context(), a, proof)
	wantField(t, err, "code", "error.factor_used")
}

func TestMovingToAnotherTelephoneKeepsTheOldOneUntilConfirmed(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	old, codes, token := o.enrol(o.in(username))
	a, in, err := o.Actor(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	wantField(t, o.BeginFactor(t.Context(), a, account.Proof{Session: in, Address: home}), "code", "error.required")
	if err := o.BeginFactor(t.Context(), a, account.Proof{Session: in, Address: home, Code: codes[0]}); err != nil {
		t.Fatal(err)
	}
	o.pass(time.Minute)
	waiting := o.in(username)
	if _, err := o.show(waiting, phone(t, old, o.now()), home); err != nil {
		t.Errorf("the old telephone before the new one is confirmed: %v", err)
	}
	o.pass(time.Minute)
	state, err := o.Factor(t.Context(), a)
	if err != nil || !state.On || state.Secret == "" || state.Secret == old {
		t.Fatalf("%+v, %v", state, err)
	}
	_, _, err = o.ConfirmFactor(t.Context(), a, account.Proof{Session: in, Address: home, Code: phone(t, old, o.now())})
	wantField(t, err, "code", "error.factor_code")
	_, fresh, err := o.ConfirmFactor(t.Context(), a, account.Proof{Session: in, Address: home, Code: phone(t, state.Secret, o.now())})
	if err != nil {
		t.Fatal(err)
	}
	o.pass(time.Minute)
	next := o.in(username)
	_, err = o.show(next, phone(t, old, o.now()), home)
	wantField(t, err, "code", "error.factor_code")
	_, err = o.show(next, codes[1], home)
	wantField(t, err, "code", "error.factor_code") // codes of the old one went with it
	if _, err := o.show(next, phone(t, state.Secret, o.now()), home); err != nil {
		t.Errorf("the new telephone: %v", err)
	}
	a, in, _ = o.Actor(t.Context(), fresh)
	o.pass(time.Minute)
	if err := o.EndFactor(t.Context(), a, account.Proof{Session: in, Address: home, Code: phone(t, state.Secret, o.now())}); err != nil {
		t.Fatal(err)
	}
	if _, in, err := o.Actor(t.Context(), o.in(username)); err != nil || in.Step != account.StepDone {
		t.Errorf("after it was given up: step %q, %v", in.Step, err)
	}
}

func TestFirstFactorOfAnOldSessionAsksForThePassword(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	token := o.in(username)
	o.pass(account.FreshLife + time.Second)
	a, in, err := o.Actor(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	wantField(t, o.BeginFactor(t.Context(), a, account.Proof{Session: in, Address: home}), "current", "error.required")
	wantField(t, o.BeginFactor(t.Context(), a, account.Proof{Session: in, Address: home, Password: good + "?"}), "current", "error.password_current")
	if err := o.BeginFactor(t.Context(), a, account.Proof{Session: in, Address: home, Password: good}); err != nil {
		t.Error(err)
	}
	state, _ := o.Factor(t.Context(), a)
	o.pass(account.EnrolLife)
	_, _, err = o.ConfirmFactor(t.Context(), a, account.Proof{Session: in, Address: home, Code: phone(t, state.Secret, o.now())})
	wantKind(t, err, mediation.Conflict, "error.factor_late")
}

func TestSecretAndCodesStandSealed(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	other := o.register("wang.er")
	secret, codes, _ := o.enrol(o.in(username))
	o.enrol(o.in("wang.er"))
	for _, word := range []string{secret, strings.ToUpper(strings.ReplaceAll(codes[0], "-", ""))} {
		if n := o.ask(`SELECT (SELECT count(*) FROM second_factors f WHERE position($1::bytea IN f.secret_sealed) > 0)
			+ (SELECT count(*) FROM recovery_codes r WHERE position($1::bytea IN r.code_digest) > 0)`, word); n != 0 {
			t.Errorf("%d rows hold it open", n)
		}
	}
	o.sql(`UPDATE second_factors SET secret_sealed = (SELECT secret_sealed FROM second_factors WHERE user_id = $2) WHERE user_id = $1`, string(id), string(other))
	o.pass(time.Minute)
	if _, err := o.show(o.in(username), phone(t, secret, o.now()), home); err == nil || mediation.KindOf(err) != mediation.Internal {
		t.Errorf("a secret moved from another user's row opened: %v", err)
	}
}

func TestForgottenFactorEndsSessionsAndIsNoted(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	_, _, token := o.enrol(o.in(username))
	if err := o.ForgetFactor(t.Context(), username); err != nil {
		t.Fatal(err)
	}
	_, _, err := o.Actor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	if n := o.ask(`SELECT count(*) FROM office_events WHERE action = 'reset_factor' AND subject_id = $1`, string(id)); n != 1 {
		t.Errorf("%d lines of history", n)
	}
	wantKind(t, o.ForgetFactor(t.Context(), username), mediation.NotFound, "error.not_found")
	wantKind(t, o.ForgetFactor(t.Context(), "nobody.here"), mediation.NotFound, "error.no_such_user")
}

package account_test

import (
	"testing"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

func TestOwnerIsToldOfADeviceHeNeverCameInWith(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	o.register("wang.er")
	meet := func(login, mark string, want int) string {
		t.Helper()
		a, in, err := o.Actor(t.Context(), o.in(login))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := o.MeetDevice(t.Context(), a, in, mark)
		if err != nil {
			t.Fatal(err)
		}
		_, in, err = o.Actor(t.Context(), o.in(login))
		if err != nil || in.Unseen != want {
			t.Errorf("%s with %q: %d unseen, %v; want %d", login, mark, in.Unseen, err, want)
		}
		return fresh
	}
	home := meet(username, "", 0) // the first of all is no news
	if again := meet(username, home, 0); again != home {
		t.Errorf("a known browser got another mark")
	}
	if forged := meet(username, "<script>", 1); len(forged) != 26 {
		t.Errorf("mark %q", forged)
	}
	meet("wang.er", home, 0) // one browser, two people: his first
	if n := o.ask(`SELECT count(*) FROM known_devices WHERE position($1::bytea IN mark_digest) > 0`, home); n != 0 {
		t.Error("the mark itself stands in the table")
	}
	a, _, err := o.Actor(t.Context(), o.in(username))
	if err != nil {
		t.Fatal(err)
	}
	list, err := o.Happenings(t.Context(), a)
	if err != nil || len(list) != 1 || list[0].Kind != "new_device" || list[0].Device != "Firefox" || list[0].Seen {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := o.SeeHappenings(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if list, _ := o.Happenings(t.Context(), a); len(list) != 1 || !list[0].Seen {
		t.Errorf("after he saw it: %+v", list)
	}
	for _, nobody := range []mediation.Actor{{}, mediation.Visitor()} {
		_, err := o.Happenings(t.Context(), nobody)
		wantKind(t, err, mediation.Forbidden, "error.forbidden")
		wantKind(t, o.SeeHappenings(t.Context(), nobody), mediation.Forbidden, "error.forbidden")
		_, err = o.MeetDevice(t.Context(), nobody, account.SignIn{}, "")
		wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	}
}

func TestOwnerIsToldOfALinkAndOfHisFactorTakenAway(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	o.enrol(o.in(username))
	o.sql(`UPDATE users SET email_sealed = 'x', email_confirmed_at = now() WHERE id = $1`, string(id))
	if _, err := o.ResetLink(t.Context(), username); err != nil {
		t.Fatal(err)
	}
	if err := o.ForgetFactor(t.Context(), username); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"link_made", "factor_off"} {
		told := o.ask(`SELECT count(*) FROM account_notices WHERE user_id = $1 AND kind = $2`, string(id), kind)
		mailed := o.ask(`SELECT count(*) FROM outbox WHERE user_id = $1 AND kind = $2`, string(id), kind)
		if told != 1 || mailed != 1 {
			t.Errorf("%s: told %d times, mailed %d", kind, told, mailed)
		}
	}
}

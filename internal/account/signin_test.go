package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
)

func TestSignInTakesUserNameOrPhone(t *testing.T) {
	t.Parallel()
	o := open(t)
	id, err := o.Register(t.Context(), account.NewAccount{Name: "李阿英", Username: username, Phone: "138 0013 8000", Password: good, Address: home})
	if err != nil {
		t.Fatal(err)
	}
	o.register("wang.er") // a second account without a phone is no second phone
	for _, login := range []string{username, "  LI.AYING ", "13800138000", "138-0013-8000", "１３８００１３８０００", "+86 138 0013 8000"} {
		token, err := o.signIn(login, good, home)
		if err != nil {
			t.Errorf("%q: %v", login, err)
			continue
		}
		if a, _, err := o.Actor(t.Context(), token); err != nil || a.User != id || a.Name != "李阿英" {
			t.Errorf("%q: actor %+v, %v", login, a, err)
		}
	}
}

func TestWrongNameWrongPasswordAndDisabledAnswerAlike(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	gone := o.register("gone.li")
	o.sql(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(gone))
	o.register("no.password")
	o.sql(`UPDATE users SET password_hash = '' WHERE username = 'no.password'`)
	for rule, c := range map[string][2]string{
		"no such user":       {"nobody.here", good},
		"wrong password":     {username, good + "?"},
		"disabled":           {"gone.li", good},
		"no password set":    {"no.password", good},
		"password too long":  {username, string(make([]byte, 2000))},
		"phone of nobody":    {"13900139000", good},
		"phone as user name": {"138", good},
	} {
		_, err := o.signIn(c[0], c[1], home)
		if diff := cmp.Diff(&mediation.Error{Kind: mediation.Invalid, Key: "error.credentials"}, err); diff != "" {
			t.Errorf("%s: %s", rule, diff)
		}
	}
}

func TestWrongNameTakesAsLongAsWrongPassword(t *testing.T) {
	o := open(t) // alone, so that the clock is fair
	o.register(username)
	known, unknown := time.Hour, time.Hour
	for i := range 4 { // by turns, so that what else the machine does falls on both
		for login, best := range map[string]*time.Duration{username: &known, "nobody.here": &unknown} {
			began := time.Now()
			_, err := o.signIn(login, "wrong but long enough", home+string(rune('0'+i)))
			wantKind(t, err, mediation.Invalid, "error.credentials")
			*best = min(*best, time.Since(began))
		}
	}
	if ratio := float64(unknown) / float64(known); ratio < 0.5 || ratio > 2 {
		t.Errorf("unknown %v, known %v: the time tells them apart", unknown, known)
	}
}

func TestFiveWrongTriesStopOneAddressAndNoOther(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	for range 5 {
		_, err := o.signIn(username, "this is not the one", cafe)
		wantKind(t, err, mediation.Invalid, "error.credentials")
	}
	_, err := o.signIn(username, good, cafe)
	wantKind(t, err, mediation.TooMany, "error.wait")
	if _, err := o.signIn(username, good, home); err != nil {
		t.Errorf("the owner at home was locked out from elsewhere: %v", err)
	}
	_, err = o.signIn(username, good, cafe)
	wantKind(t, err, mediation.TooMany, "error.wait") // his success elsewhere frees nobody here
	o.pass(15*time.Minute + time.Second)
	if _, err := o.signIn(username, good, cafe); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

func TestGuessesAtAnUnknownNameAreCountedToo(t *testing.T) {
	t.Parallel()
	o := open(t)
	for range 5 {
		_, err := o.signIn("nobody.here", good, cafe)
		wantKind(t, err, mediation.Invalid, "error.credentials")
	}
	_, err := o.signIn("nobody.here", good, cafe)
	wantKind(t, err, mediation.TooMany, "error.wait")
}

func TestSuccessForgetsTheWrongTries(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	for range 3 {
		for range 4 {
			_, err := o.signIn(username, "this is not the one", home)
			wantKind(t, err, mediation.Invalid, "error.credentials")
		}
		o.in(username)
	}
}

func TestThirtyWrongTriesStopAnAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	for i := range 30 {
		_, err := o.signIn("guess"+string(rune('a'+i%26))+string(rune('a'+i/26)), good, cafe)
		wantKind(t, err, mediation.Invalid, "error.credentials")
	}
	_, err := o.signIn(username, good, cafe)
	wantKind(t, err, mediation.TooMany, "error.wait")
	o.in(username)
}

func TestNeighboursInOneIPv6NetworkShareTheirLimit(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	for _, tail := range []string{"1", "2", "3:4", "5", "ffff"} {
		_, err := o.signIn(username, "this is not the one", "2001:db8:0:7::"+tail)
		wantKind(t, err, mediation.Invalid, "error.credentials")
	}
	_, err := o.signIn(username, good, "2001:db8:0:7::abcd")
	wantKind(t, err, mediation.TooMany, "error.wait")
	if _, err := o.signIn(username, good, "2001:db8:0:8::1"); err != nil {
		t.Errorf("another network: %v", err)
	}
	if _, err := o.signIn(username, "this is not the one", "::ffff:"+home); mediation.KindOf(err) != mediation.Invalid {
		t.Errorf("an IPv4 address in IPv6 form: %v", err)
	}
}

func TestGuessesSentAtOnceDoNotSlipPastTheLimit(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	seen := atOnce(12, func(ctx context.Context) error {
		_, err := o.SignIn(ctx, account.Credentials{Login: username, Password: "this is not the one", Address: cafe})
		return err
	})
	if diff := cmp.Diff(map[string]int{"error.credentials": 5, "error.wait": 7}, seen); diff != "" {
		t.Error(diff)
	}
}

func TestAGuessNobodyCouldJudgeIsNotCounted(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	before := o.ask(`SELECT count(*) FROM guesses`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if _, err := o.SignIn(ctx, account.Credentials{Login: username, Password: good, Address: home}); err == nil {
		t.Error("signed in by a request that was over")
	}
	if after := o.ask(`SELECT count(*) FROM guesses`); after != before {
		t.Errorf("%d guesses, want %d", after, before)
	}
}

func TestGuessesHoldNeitherNameNorAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, err := o.signIn(username, good, home)
	wantKind(t, err, mediation.Invalid, "error.credentials")
	if n := o.ask(`SELECT count(*) FROM guesses WHERE octet_length(key) = 32`); n != 2 {
		t.Errorf("%d keyed guesses, want one at the login and one at the address", n)
	}
	for _, word := range []string{username, home} {
		if n := o.ask(`SELECT count(*) FROM guesses WHERE position($1::bytea IN key) > 0`, word); n != 0 {
			t.Errorf("%s stands in the table", word)
		}
	}
}

func TestRevokedSessionIsOutAtItsNextRequest(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	phone, desk := o.in(username), o.in(username)
	me, here, err := o.Actor(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	list, err := o.List(t.Context(), me)
	if err != nil || len(list) != 2 {
		t.Fatalf("list = %v, %v; want two devices", list, err)
	}
	_, other, err := o.Actor(t.Context(), phone)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Revoke(t.Context(), me, other.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Actor(t.Context(), phone)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	wantKind(t, o.Revoke(t.Context(), me, other.ID), mediation.NotFound, "error.not_found")
	third := o.in(username)
	if n, err := o.RevokeAll(t.Context(), me, here.ID); n != 1 || err != nil {
		t.Errorf("revoked %d, %v; want 1", n, err)
	}
	_, _, err = o.Actor(t.Context(), third)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
	if _, _, err := o.Actor(t.Context(), desk); err != nil {
		t.Errorf("the kept session: %v", err)
	}
	if err := o.SignOut(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Actor(t.Context(), desk)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
}

func TestNobodyRevokesAnothersSession(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	o.register("wang.er")
	mine, his := o.in(username), o.in("wang.er")
	me, _, _ := o.Actor(t.Context(), mine)
	_, session, _ := o.Actor(t.Context(), his)
	wantKind(t, o.Revoke(t.Context(), me, session.ID), mediation.NotFound, "error.not_found")
	wantKind(t, o.Revoke(t.Context(), me, "' OR 1=1 --"), mediation.NotFound, "error.not_found")
	if _, _, err := o.Actor(t.Context(), his); err != nil {
		t.Errorf("his session: %v", err)
	}
	for _, nobody := range []mediation.Actor{{}, mediation.Visitor(), mediation.CodeHolder(mediation.CodeAccess{Case: "c"})} {
		_, err := o.List(t.Context(), nobody)
		wantKind(t, err, mediation.Forbidden, "error.forbidden")
		wantKind(t, o.Revoke(t.Context(), nobody, session.ID), mediation.Forbidden, "error.forbidden")
		_, err = o.RevokeAll(t.Context(), nobody, "")
		wantKind(t, err, mediation.Forbidden, "error.forbidden")
	}
}

func TestSessionEndsByIdlenessAndByAge(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	token := o.in(username)
	for range 13 { // used every half day, a session lives a week
		o.pass(account.SessionIdle - time.Minute)
		if _, _, err := o.Actor(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	o.pass(account.SessionIdle)
	_, _, err := o.Actor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")

	token = o.in(username)
	o.pass(account.SessionIdle)
	_, _, err = o.Actor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	token, began := o.in(username), o.now()
	seen := func() time.Time {
		_, s, err := o.Actor(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return s.SeenAt.UTC()
	}
	o.pass(59 * time.Second)
	seen()
	if got := seen(); !got.Equal(began) {
		t.Errorf("seen at %v within the minute, want %v", got, began)
	}
	o.pass(time.Second)
	seen()
	if got := seen(); !got.Equal(began.Add(time.Minute)) {
		t.Errorf("seen at %v after it, want %v", got, began.Add(time.Minute))
	}
}

func TestDisabledUserIsOutAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	token := o.in(username)
	o.sql(`UPDATE users SET disabled_at = now() WHERE id = $1`, string(id))
	_, _, err := o.Actor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
}

func TestActorCarriesTheGrantsInForce(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	area, committee, court := o.place()
	mediator := o.grant(id, mediation.RoleMediator, "committee_id", committee, true)
	o.pass(time.Second)
	o.grant(id, mediation.RoleSupervisor, "area_id", area, true)
	o.pass(time.Second)
	o.grant(id, mediation.RoleCourtClerk, "court_id", court, true)
	o.grant(id, mediation.RoleAdmin, "area_id", area, false)
	token := o.in(username)
	want := []mediation.Grant{
		{Role: mediation.RoleResident},
		{Role: mediation.RoleMediator, Committee: mediation.CommitteeID(committee)},
		{Role: mediation.RoleSupervisor, AreaPath: "jc/"},
		{Role: mediation.RoleCourtClerk, Court: mediation.CourtID(court)},
	}
	a, _, err := o.Actor(t.Context(), token)
	if diff := cmp.Diff(want, a.Grants); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	o.sql(`UPDATE grants SET ended_at = now() WHERE id = $1`, mediator)
	a, _, err = o.Actor(t.Context(), token)
	if diff := cmp.Diff(append(want[:1:1], want[2:]...), a.Grants); err != nil || diff != "" {
		t.Errorf("after the grant ended: %v %s", err, diff)
	}
}

func TestOwnerIsKnownAfterTheSessionEnded(t *testing.T) {
	t.Parallel()
	o := open(t)
	id := o.register(username)
	token := o.in(username)
	if err := o.SignOut(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Owner(t.Context(), token); got != id || err != nil {
		t.Errorf("owner = %q, %v; want %q", got, err, id)
	}
	if got, err := o.Owner(t.Context(), "no token of ours"); got != "" || err != nil {
		t.Errorf("owner of nothing = %q, %v", got, err)
	}
}

func TestNoTokenIsStored(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.register(username)
	token := o.in(username)
	if n := o.ask(`SELECT count(*) FROM sign_ins s WHERE s::text LIKE '%' || $1 || '%' OR position($1::bytea IN token_digest) > 0`, token); n != 0 {
		t.Error("the token itself stands in the table")
	}
}

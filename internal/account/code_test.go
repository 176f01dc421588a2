package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/account"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

func TestReceiptCodeOpensItsOwnSide(t *testing.T) {
	t.Parallel()
	o := open(t)
	c, p, code := o.matter()
	token, err := o.OpenCode(t.Context(), code.String(), home)
	if err != nil {
		t.Fatal(err)
	}
	want := mediation.CodeHolder(mediation.CodeAccess{Case: c, Party: p, Level: mediation.LevelCode})
	a, err := o.CodeActor(t.Context(), token)
	if diff := cmp.Diff(want, a); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	o.sql(`UPDATE case_parties SET identity_level = 2 WHERE id = $1`, string(p))
	if a, err := o.CodeActor(t.Context(), token); err != nil || a.Code.Level != mediation.LevelChecked {
		t.Errorf("after the check of identity: %+v, %v", a.Code, err)
	}
	o.sql(`UPDATE case_parties SET identity_level = 0 WHERE id = $1`, string(p))
	if a, err := o.CodeActor(t.Context(), token); err != nil || a.Code.Level != mediation.LevelCode {
		t.Errorf("whoever holds the code is level 1: %+v, %v", a.Code, err)
	}
	if err := o.CloseCode(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	_, err = o.CodeActor(t.Context(), token)
	wantKind(t, err, mediation.Unauthenticated, "error.unauthenticated")
}

func TestACodeJustHandedOutOpensWithoutASecondHash(t *testing.T) {
	t.Parallel()
	o := open(t)
	c, p, code := o.matter()
	token, err := o.OpenNew(t.Context(), code.String())
	if err != nil {
		t.Fatal(err)
	}
	want := mediation.CodeHolder(mediation.CodeAccess{Case: c, Party: p, Level: mediation.LevelCode})
	if a, err := o.CodeActor(t.Context(), token); err != nil || cmp.Diff(want, a) != "" {
		t.Errorf("%v %s", err, cmp.Diff(want, a))
	}
	o.sql(`UPDATE receipt_codes SET revoked_at = now()`)
	_, err = o.OpenNew(t.Context(), code.String())
	wantField(t, err, "code", "error.code")
	_, err = o.OpenNew(t.Context(), "1")
	wantField(t, err, "code", "error.code_length")
}

func TestMistypedCodeIsToldHowAndNotCounted(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, _, code := o.matter()
	text := code.String()
	flipped := "1" + text[1:]
	if text[0] == '1' {
		flipped = "2" + text[1:]
	}
	for range 3 {
		for typed, key := range map[string]string{
			"":              "error.code_length",
			text[:10]:       "error.code_length",
			text + "1":      "error.code_length",
			"甲" + text[1:]:  "error.code_digit",
			flipped:         "error.code_check",
			"<script>alert": "error.code_digit",
		} {
			_, err := o.OpenCode(t.Context(), typed, home)
			wantField(t, err, "code", key)
		}
	}
	if _, err := o.OpenCode(t.Context(), text, home); err != nil {
		t.Errorf("the right one after them: %v", err)
	}
}

func TestEveryWrongCodeAnswersAlike(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, p, code := o.matter()
	want := &mediation.Error{Kind: mediation.Invalid, Key: "error.check_fields", Fields: mediation.Faults{"code": "error.code"}}
	check := func(rule, typed string) {
		t.Helper()
		_, err := o.OpenCode(t.Context(), typed, home)
		if diff := cmp.Diff(want, err); diff != "" {
			t.Errorf("%s: %s", rule, diff)
		}
	}
	check("no such locator", vault.NewReceiptCode().String())
	check("wrong secret", wrongSecret(t, code))
	o.sql(`UPDATE case_parties SET left_at = now() WHERE id = $1`, string(p))
	check("the party left", code.String())
	o.sql(`UPDATE case_parties SET left_at = NULL WHERE id = $1`, string(p))
	o.sql(`UPDATE receipt_codes SET revoked_at = now()`)
	check("revoked", code.String())
}

func TestWrongLocatorTakesAsLongAsWrongSecret(t *testing.T) {
	o := open(t) // alone, so that the clock is fair
	_, _, code := o.matter()
	bad := wrongSecret(t, code)
	known, unknown, strange := time.Hour, time.Hour, vault.NewReceiptCode().String()
	for i := range 4 { // by turns, so that what else the machine does falls on both
		for typed, best := range map[string]*time.Duration{bad: &known, strange: &unknown} {
			began := time.Now()
			_, err := o.OpenCode(t.Context(), typed, home+string(rune('0'+i)))
			wantField(t, err, "code", "error.code")
			*best = min(*best, time.Since(began))
		}
	}
	if ratio := float64(unknown) / float64(known); ratio < 0.5 || ratio > 2 {
		t.Errorf("unknown %v, known %v: the time tells them apart", unknown, known)
	}
}

func TestFiveWrongCodesAnHourStopOneAddressAndNoOther(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, _, code := o.matter()
	for range 5 {
		_, err := o.OpenCode(t.Context(), wrongSecret(t, code), cafe)
		wantField(t, err, "code", "error.code")
	}
	_, err := o.OpenCode(t.Context(), code.String(), cafe)
	wantKind(t, err, mediation.TooMany, "error.wait")
	if _, err := o.OpenCode(t.Context(), code.String(), home); err != nil {
		t.Errorf("the filer at home was locked out from elsewhere: %v", err)
	}
	o.pass(time.Hour + time.Second)
	if _, err := o.OpenCode(t.Context(), code.String(), cafe); err != nil {
		t.Errorf("after the hour: %v", err)
	}
}

func TestTwentyWrongCodesAnHourStopAnAddress(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, _, code := o.matter()
	seen := atOnce(24, func(ctx context.Context) error {
		_, err := o.OpenCode(ctx, vault.NewReceiptCode().String(), cafe)
		return err
	})
	if diff := cmp.Diff(map[string]int{"error.check_fields": 20, "error.wait": 4}, seen); diff != "" {
		t.Error(diff)
	}
	_, err := o.OpenCode(t.Context(), code.String(), cafe)
	wantKind(t, err, mediation.TooMany, "error.wait")
	if _, err := o.OpenCode(t.Context(), code.String(), home); err != nil {
		t.Errorf("from home: %v", err)
	}
}

func TestRightCodeSpendsNoTry(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, _, code := o.matter()
	for range 22 { // a station where many look up the same day
		if _, err := o.OpenCode(t.Context(), code.String(), cafe); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCodeSessionEnds(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, p, code := o.matter()
	enter := func() string {
		token, err := o.OpenCode(t.Context(), code.String(), home)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	ended := func(rule, token string) {
		t.Helper()
		if _, err := o.CodeActor(t.Context(), token); mediation.KindOf(err) != mediation.Unauthenticated {
			t.Errorf("%s: %v", rule, err)
		}
	}
	token := enter()
	o.pass(account.CodeSessionLife - time.Second)
	if _, err := o.CodeActor(t.Context(), token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	o.pass(time.Second)
	ended("after 15 minutes, however busy", token)

	token = enter()
	o.sql(`UPDATE case_parties SET left_at = now()`)
	ended("the party left", token)
	o.sql(`UPDATE case_parties SET left_at = NULL`)
	err := o.db.InTx(t.Context(), func(tx postgres.Tx) error { return tx.RevokeReceiptCodes(t.Context(), p, o.now()) })
	if err != nil {
		t.Fatal(err)
	}
	ended("the code was revoked", token)
	ended("no token of ours", "AAAAAAAAAAAAAAAAAAAAAAAAAA")
}

func TestInvitationOpensUntilItEnds(t *testing.T) {
	t.Parallel()
	o := open(t)
	c, p, _ := o.matter()
	invite := func(life time.Duration) string {
		token, digest := vault.NewToken()
		err := o.db.InTx(t.Context(), func(tx postgres.Tx) error {
			return tx.InsertInvitation(t.Context(), digest, c, p, "answer", o.now(), o.now().Add(life))
		})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	link := invite(24 * time.Hour)
	for range 2 { // he comes back before he answers
		session, err := o.OpenInvitation(t.Context(), link)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := o.CodeActor(t.Context(), session); err != nil || a.Code.Party != p || a.Code.Case != c {
			t.Errorf("actor %+v, %v", a.Code, err)
		}
		if session == link {
			t.Error("the invitation itself is the session's token")
		}
	}
	o.pass(24 * time.Hour)
	_, err := o.OpenInvitation(t.Context(), link)
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	revoked := invite(time.Hour)
	o.sql(`UPDATE invitations SET revoked_at = now()`)
	_, err = o.OpenInvitation(t.Context(), revoked)
	wantKind(t, err, mediation.NotFound, "error.link_ended")
	_, err = o.OpenInvitation(t.Context(), "AAAAAAAAAAAAAAAAAAAAAAAAAA")
	wantKind(t, err, mediation.NotFound, "error.link_ended")
}

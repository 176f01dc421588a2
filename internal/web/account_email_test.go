package web

import (
	"net/http"
	"strings"
	"testing"

	"doorstep/internal/postgres"
	"doorstep/internal/vault"
)

// mailed makes the link a mail of the purpose would carry.
func (o *hall) mailed(purpose, username string) string {
	o.t.Helper()
	token, digest := vault.NewToken()
	err := o.db.InTx(o.t.Context(), func(tx postgres.Tx) error {
		u, err := tx.UserByName(o.t.Context(), username)
		if err != nil {
			return err
		}
		return tx.InsertLink(o.t.Context(), digest, purpose, u.ID, o.at, o.at.Add(1e12))
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

func TestMailAddressIsSetAndConfirmed(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	wantTo(t, o.signIn(hallPassword), "/desk")
	wantStatus(t, o.get("/account/email"), http.StatusNotFound) // no mails are sent here
	wantStatus(t, o.post("/forgot", "login", hallUser), http.StatusNotFound)
	if strings.Contains(o.get("/account").Body.String(), "/account/email") {
		t.Error("the account leads to a page that is not there")
	}
	o.site.Mail = true
	for _, lang := range []string{"en", "zh-CN"} {
		o.header.Set("Accept-Language", lang)
		for _, path := range []string{"/account/email", "/account"} {
			w := o.get(path)
			wantStatus(t, w, http.StatusOK)
			if _, main, _ := strings.Cut(w.Body.String(), "<main"); strings.ContainsAny(main, "⟦{") {
				t.Errorf("%s (%s): a missing word", path, lang)
			}
		}
	}
	w := o.post("/account/email", "email", "li@@example", "current", hallPassword)
	wantStatus(t, w, http.StatusUnprocessableEntity)
	page := document(t, w.Body.String())
	if page.Find("#f-email-error").Length() != 1 || page.Find("input[name=email]").AttrOr("value", "") != "li@@example" {
		t.Error("the address is not marked, or what was typed is gone")
	}
	wantTo(t, o.post("/account/email", "email", "li@example.cn", "current", hallPassword), "/account")
	if text := document(t, o.get("/account").Body.String()).Find("main").Text(); !strings.Contains(text, "l***@example.cn") || !strings.Contains(text, "还没有确认") {
		t.Errorf("the account shows neither mask nor that it waits: %s", text)
	}
	token := o.mailed("email", hallUser)
	wantStatus(t, o.get("/confirm-email/"+token), http.StatusOK)
	wantStatus(t, o.get("/confirm-email/"+token), http.StatusOK) // looking at it spends nothing
	wantTo(t, o.post("/confirm-email/"+token), "/account")
	wantStatus(t, o.post("/confirm-email/"+token), http.StatusNotFound)
	if text := document(t, o.get("/account").Body.String()).Find("main").Text(); !strings.Contains(text, "已确认") {
		t.Errorf("not confirmed: %s", text)
	}
	o.secretStaysOutOfTheLog(token)
	o.secretStaysOutOfTheLog("li@example.cn")
}

func TestForgottenPasswordAnswersAlikeForEverybody(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	o.register(hallUser)
	o.site.Mail = true
	if !strings.Contains(o.get("/sign-in").Body.String(), `href="/forgot"`) {
		t.Error("the sign-in page does not lead there")
	}
	var answers []string
	for _, login := range []string{hallUser, "nobody.here", "13800138000"} {
		w := o.post("/forgot", "login", login)
		wantTo(t, w, "/sign-in")
		answers = append(answers, o.get("/sign-in").Body.String())
	}
	for i, a := range answers {
		if !strings.Contains(a, "如果这个账号设置过邮箱") || mainOf(a) != mainOf(answers[0]) {
			t.Errorf("answer %d differs from the first", i)
		}
	}
	if n := o.count(`SELECT count(*) FROM outbox WHERE kind = 'password' AND user_id IS NULL`); n != 3 {
		t.Errorf("%d mails wait, want one a request", n)
	}
	wantStatus(t, o.post("/forgot", "login", ""), http.StatusUnprocessableEntity)
}

func mainOf(page string) string {
	_, main, _ := strings.Cut(page, "<main")
	return main
}

package sso_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"doorstep/internal/mediation"
	"doorstep/internal/sso"
	"doorstep/internal/sso/ssotest"
)

const back = "https://door.example/sign-in/provider/return"

func settings(issuer string) sso.Settings {
	return sso.Settings{Issuer: issuer, ClientID: ssotest.ClientID, Secret: ssotest.Secret, Redirect: back, Email: true,
		Factors: []string{"mfa", "https://refeds.org/profile/mfa"}}
}

func want(t *testing.T, err error, kind mediation.Kind, key string) {
	t.Helper()
	if err == nil || mediation.KindOf(err) != kind || mediation.KeyOf(err) != key {
		t.Errorf("err = %v, want kind %d with %s", err, kind, key)
	}
}

// errand walks one through the provider and gives what the browser brings back.
func errand(t *testing.T, p *sso.Provider, at *ssotest.Provider, username string) (sso.Errand, url.Values) {
	t.Helper()
	e, address, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to := at.SignIn(t, address, username)
	if got := to.Scheme + "://" + to.Host + to.Path; got != back {
		t.Fatalf("led to %s, want %s", got, back)
	}
	return e, to.Query()
}

func TestTheProviderSaysWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	at.Add("s-1", "wang", "Wang@Example.cn", true)
	at.Add("s-2", "zhao", "zhao@example.cn", false)
	p := sso.New(settings(at.URL), time.Now)
	for _, tt := range []struct {
		rule, username string
		acr            string
		amr            []string
		want           sso.Person
	}{
		{"a password is one factor", "wang", "", nil, sso.Person{Subject: "s-1", Email: "Wang@Example.cn"}},
		{"an address that is not verified is none", "zhao", "", nil, sso.Person{Subject: "s-2"}},
		{"a word among the means", "wang", "", []string{"pwd", "mfa"}, sso.Person{Subject: "s-1", Email: "Wang@Example.cn", Factor: true}},
		{"the class", "wang", "https://refeds.org/profile/mfa", nil, sso.Person{Subject: "s-1", Email: "Wang@Example.cn", Factor: true}},
		{"a word the settings do not name", "wang", "silver", []string{"pwd", "otp"}, sso.Person{Subject: "s-1", Email: "Wang@Example.cn"}},
	} {
		at.Says(tt.acr, tt.amr...)
		e, q := errand(t, p, at, tt.username)
		who, err := p.Finish(t.Context(), e, q)
		if diff := cmp.Diff(tt.want, who); err != nil || diff != "" {
			t.Errorf("%s: %v %s", tt.rule, err, diff)
		}
	}
}

func TestAnErrandIsPKCEWithStateAndNonce(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	p := sso.New(settings(at.URL), time.Now)
	e, address, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("response_type") != "code" ||
		q.Get("state") != e.State || q.Get("nonce") != e.Nonce || strings.Contains(address, e.Verifier) || q.Get("redirect_uri") != back {
		t.Errorf("sent to %s with %+v", address, e)
	}
	other, _, err := p.Start(t.Context())
	if err != nil || other.State == e.State || other.Nonce == e.Nonce || other.Verifier == e.Verifier {
		t.Errorf("two errands share a secret: %+v and %+v, %v", e, other, err)
	}
}

func TestWhatIsNotTheAnswerOfTheErrandIsRefused(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	at.Add("s-1", "wang", "", false)
	p := sso.New(settings(at.URL), time.Now)
	other, _, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for rule, spoil := range map[string]func(e *sso.Errand, q url.Values){
		"another's state":       func(e *sso.Errand, _ url.Values) { e.State = other.State },
		"no state in the reply": func(_ *sso.Errand, q url.Values) { q.Del("state") },
		"no errand":             func(e *sso.Errand, q url.Values) { *e = sso.Errand{}; q.Del("state") },
		"another's nonce":       func(e *sso.Errand, _ url.Values) { e.Nonce = other.Nonce },
		"another's verifier":    func(e *sso.Errand, _ url.Values) { e.Verifier = other.Verifier },
		"a code nobody gave":    func(_ *sso.Errand, q url.Values) { q.Set("code", "made-up") },
		"no code":               func(_ *sso.Errand, q url.Values) { q.Del("code") },
		"another provider":      func(_ *sso.Errand, q url.Values) { q.Set("iss", "https://evil.example") },
	} {
		e, q := errand(t, p, at, "wang")
		spoil(&e, q)
		if who, err := p.Finish(t.Context(), e, q); err == nil || mediation.KindOf(err) == mediation.Internal {
			t.Errorf("%s: %+v, %v", rule, who, err)
		} else if rule != "no code" {
			want(t, err, mediation.Invalid, "error.provider_errand")
		}
	}

	e, q := errand(t, p, at, "wang")
	if _, err := p.Finish(t.Context(), e, q); err != nil {
		t.Fatal(err)
	}
	_, err = p.Finish(t.Context(), e, q)
	want(t, err, mediation.Invalid, "error.provider_errand") // a code opens once
}

func TestTheProvidersNo(t *testing.T) {
	t.Parallel()
	p := sso.New(settings("http://127.0.0.1:1"), time.Now)
	e := sso.Errand{State: "s"}
	for why, key := range map[string]string{"access_denied": "error.provider_declined", "temporarily_unavailable": "error.provider_away",
		"unauthorized_client": "error.provider_fault"} {
		_, err := p.Finish(t.Context(), e, url.Values{"state": {"s"}, "error": {why}})
		if mediation.KeyOf(err) != key {
			t.Errorf("%s: %v, want %s", why, err, key)
		}
	}
}

func TestAProviderThatIsAwayIsFoundAgain(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	at.Add("s-1", "wang", "", false)
	at.Away(true)
	p := sso.New(settings(at.URL), time.Now)
	_, _, err := p.Start(t.Context())
	want(t, err, mediation.Unavailable, "error.provider_away")
	if got := p.Leave(t.Context(), "https://door.example/sign-in"); got != "" {
		t.Errorf("leave at a provider that is away: %s", got)
	}

	at.Away(false)
	e, q := errand(t, p, at, "wang")
	at.Away(true)
	_, err = p.Finish(t.Context(), e, q)
	want(t, err, mediation.Unavailable, "error.provider_away")

	at.Away(false)
	e, q = errand(t, p, at, "wang")
	if _, err := p.Finish(t.Context(), e, q); err != nil {
		t.Fatal(err)
	}
	at.Renew(t, back) // other keys, as after a rotation there
	e, q = errand(t, p, at, "wang")
	if who, err := p.Finish(t.Context(), e, q); err != nil || who.Subject != "s-1" {
		t.Errorf("after other keys: %+v, %v", who, err)
	}
}

func TestWhatCannotBeBelievedIsAFault(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	at.Add("s-1", "wang", "", false)

	stranger := settings(at.URL)
	stranger.Secret = "not-the-secret"
	p := sso.New(stranger, time.Now)
	e, q := errand(t, p, at, "wang")
	_, err := p.Finish(t.Context(), e, q)
	want(t, err, mediation.Unavailable, "error.provider_fault")

	late := sso.New(settings(at.URL), func() time.Time { return time.Now().Add(48 * time.Hour) })
	e, q = errand(t, late, at, "wang")
	_, err = late.Finish(t.Context(), e, q)
	want(t, err, mediation.Unavailable, "error.provider_fault") // the token is long over

	posing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, at.URL+r.URL.Path, http.StatusFound)
	}))
	defer posing.Close()
	_, _, err = sso.New(settings(posing.URL), time.Now).Start(t.Context())
	want(t, err, mediation.Unavailable, "error.provider_away") // it names itself otherwise
}

func TestLeaveAndReach(t *testing.T) {
	t.Parallel()
	at := ssotest.Start(t, back)
	p := sso.New(settings(at.URL), time.Now)
	u, err := url.Parse(p.Leave(t.Context(), "https://door.example/sign-in"))
	if err != nil || !strings.HasPrefix(u.String(), at.URL) || u.Query().Get("client_id") != ssotest.ClientID ||
		u.Query().Get("post_logout_redirect_uri") != "https://door.example/sign-in" {
		t.Errorf("leave at %s, %v", u, err)
	}
	if pkce, err := p.Reach(t.Context()); err != nil || !pkce {
		t.Errorf("reach: %v, %v", pkce, err)
	}
	at.Away(true)
	if _, err := p.Reach(t.Context()); err == nil {
		t.Error("a provider that is away was reached")
	}
}

// Package sso lets another house say who somebody is: an OpenID provider the
// office's people have an account with. It speaks the code flow with PKCE and
// gives back what the provider said; whether that is somebody of this office is
// judged by account.
//
// The provider is found at its first use and not at the start: a provider that is
// away must not keep the office shut.
//
// Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (iss in
// the answer).
package sso

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"doorstep/internal/mediation"
)

// Patience bounds one question to the provider. A page has five seconds for
// everything, and its own words about a provider that is away must fit in.
const Patience = 3 * time.Second

// refind is how long what was found about a provider is believed.
const refind = time.Hour

// Settings is how the office is known to its provider.
type Settings struct {
	Issuer   string   // address of the provider, exactly as it names itself
	ClientID string   // of this office at the provider
	Secret   string   // "" for a client that has none and relies on PKCE
	Redirect string   // address of this office the browser comes back to
	Email    bool     // a verified mail address is wanted
	Factors  []string // values of acr or amr that mean a second factor; empty: none does
}

// Provider is the other house. It is safe for concurrent use.
type Provider struct {
	set    Settings
	now    func() time.Time
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider
	at    time.Time
}

// New prepares a provider and asks it nothing yet.
func New(set Settings, now func() time.Time) *Provider {
	return &Provider{set: set, now: now, client: &http.Client{Timeout: Patience}}
}

// Issuer is the provider's name, under which its people are known.
func (p *Provider) Issuer() string { return p.set.Issuer }

// Errand is one way to the provider and back. State, Nonce and Verifier are
// drawn anew for each and belong to one browser.
type Errand struct{ State, Nonce, Verifier string }

// Start begins an errand and gives the address the browser is sent to.
//
// Errors: Unavailable (error.provider_away).
func (p *Provider) Start(ctx context.Context) (Errand, string, error) {
	found, err := p.find(ctx)
	if err != nil {
		return Errand{}, "", err
	}
	e := Errand{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier()}
	return e, p.config(found).AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)), nil
}

// Person is who somebody is by the word of the provider.
type Person struct {
	Subject string // his name there, which never goes to another
	Email   string // "" unless the provider has verified it
	Factor  bool   // he showed a second factor there, as the settings read its word
}

// Finish reads what the browser brought back and asks the provider for the rest.
//
// Errors: Invalid (error.provider_errand) when the answer is not that of this
// errand or was used before, (error.provider_declined) when the provider or the
// person said no; Unavailable (error.provider_away) when it does not answer, and
// (error.provider_fault) when what it says cannot be believed or it does not know
// this office.
func (p *Provider) Finish(ctx context.Context, e Errand, back url.Values) (Person, error) {
	state := back.Get("state")
	if e.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(e.State)) != 1 {
		return Person{}, refused(mediation.Invalid, "error.provider_errand", nil)
	}
	if iss := back.Get("iss"); iss != "" && iss != p.set.Issuer {
		return Person{}, refused(mediation.Invalid, "error.provider_errand", nil)
	}
	if why := back.Get("error"); why != "" {
		return Person{}, declined(why)
	}
	found, err := p.find(ctx)
	if err != nil {
		return Person{}, err
	}
	token, err := p.config(found).Exchange(p.with(ctx), back.Get("code"), oauth2.VerifierOption(e.Verifier))
	if err != nil {
		return Person{}, exchangeFault(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.set.ClientID, Now: p.now}).Verify(p.with(ctx), raw)
	if err != nil {
		return Person{}, refused(mediation.Unavailable, "error.provider_fault", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return Person{}, refused(mediation.Invalid, "error.provider_errand", nil)
	}
	who, err := p.person(id)
	if err == nil && p.set.Email && who.Email == "" {
		who.Email, err = p.email(ctx, found, token, who.Subject)
	}
	return who, err
}

// email asks for the mail address where the token does not tell it, as many
// providers do that give an access token beside it (OpenID Connect Core 5.4).
func (p *Provider) email(ctx context.Context, found *oidc.Provider, token *oauth2.Token, subject string) (string, error) {
	if found.UserInfoEndpoint() == "" {
		return "", nil
	}
	info, err := found.UserInfo(p.with(ctx), oauth2.StaticTokenSource(token))
	if err != nil {
		return "", refused(mediation.Unavailable, "error.provider_away", err)
	}
	if info.Subject != subject || !info.EmailVerified {
		return "", nil // another's answer is no answer (OpenID Connect Core 5.3.2)
	}
	return info.Email, nil
}

// declined is what the provider's own no means.
func declined(why string) error {
	switch why {
	case "temporarily_unavailable", "server_error":
		return refused(mediation.Unavailable, "error.provider_away", errors.New("provider: "+why))
	case "access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required":
		return refused(mediation.Invalid, "error.provider_declined", nil)
	}
	return refused(mediation.Unavailable, "error.provider_fault", errors.New("provider: "+cut(why)))
}

// exchangeFault tells a code that is spent or not ours from a provider that is
// away and from one that does not know us. Its answer is not passed on: nobody
// knows what stands in it.
func exchangeFault(err error) error {
	told, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		return refused(mediation.Unavailable, "error.provider_away", err)
	case told.Response != nil && told.Response.StatusCode >= http.StatusInternalServerError:
		return refused(mediation.Unavailable, "error.provider_away", fmt.Errorf("provider: token: status %d", told.Response.StatusCode))
	case told.ErrorCode == "invalid_grant":
		return refused(mediation.Invalid, "error.provider_errand", nil)
	}
	return refused(mediation.Unavailable, "error.provider_fault", errors.New("provider: token refused: "+cut(told.ErrorCode)))
}

func refused(kind mediation.Kind, key string, cause error) error {
	return &mediation.Error{Kind: kind, Key: key, Err: cause}
}

// cut bounds a word that came from outside, for the log.
func cut(word string) string { return word[:min(len(word), 60)] }

// person reads the claims of a token that was verified.
func (p *Provider) person(id *oidc.IDToken) (Person, error) {
	var said struct {
		Email    string          `json:"email"`
		Verified json.RawMessage `json:"email_verified"` // some providers write "true" in quotes
		ACR      string          `json:"acr"`
		AMR      json.RawMessage `json:"amr"` // a list; some write one word
		For      string          `json:"azp"` // to whom it was given, where several may read it
	}
	err := id.Claims(&said)
	if err == nil && said.For != "" && said.For != p.set.ClientID {
		err = errors.New("the token was given to another client")
	}
	if err == nil && id.Subject == "" {
		err = errors.New("the token names nobody")
	}
	if err != nil {
		return Person{}, refused(mediation.Unavailable, "error.provider_fault", err)
	}
	who := Person{Subject: id.Subject, Factor: p.factor(said.ACR, words(said.AMR))}
	if v := string(said.Verified); v == `true` || v == `"true"` {
		who.Email = said.Email
	}
	return who, nil
}

func words(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var single string
	if json.Unmarshal(raw, &single) == nil {
		return []string{single}
	}
	return nil
}

func (p *Provider) factor(acr string, amr []string) bool {
	return slices.ContainsFunc(p.set.Factors, func(f string) bool { return f != "" && (f == acr || slices.Contains(amr, f)) })
}

// find asks the provider about itself, or remembers. One that is away is asked
// again by the next who comes.
func (p *Provider) find(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	known, at := p.found, p.at
	p.mu.Unlock()
	if known != nil && p.now().Sub(at) < refind {
		return known, nil
	}
	fresh, err := p.ask(ctx)
	if err != nil && known != nil {
		return known, nil // keys and addresses seldom change; what was known may still serve
	}
	if err != nil {
		return nil, refused(mediation.Unavailable, "error.provider_away", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found, p.at = fresh, p.now()
	return fresh, nil
}

// ask reads the provider's own description. The keys of its tokens are fetched
// later, by requests that outlive this one, so only the client goes along.
func (p *Provider) ask(ctx context.Context) (*oidc.Provider, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	return oidc.NewProvider(p.with(ctx), p.set.Issuer)
}

func (p *Provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.set.ClientID, ClientSecret: p.set.Secret, RedirectURL: p.set.Redirect, Endpoint: found.Endpoint(),
		Scopes: []string{oidc.ScopeOpenID, "email"}}
}

// Leave is the address at which somebody ends his sign-in at the provider too,
// and then comes back; "" when the provider names none or is away.
//
// Source: OpenID Connect RP-Initiated Logout 1.0, section 2.
func (p *Provider) Leave(ctx context.Context, back string) string {
	found, err := p.find(ctx)
	if err != nil {
		return ""
	}
	var said struct {
		End string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&said); err != nil {
		return ""
	}
	end, err := url.Parse(said.End)
	if err != nil || end.Host == "" || (end.Scheme != "https" && end.Scheme != "http") {
		return ""
	}
	q := end.Query()
	q.Set("client_id", p.set.ClientID)
	q.Set("post_logout_redirect_uri", back)
	end.RawQuery = q.Encode()
	return end.String()
}

// Reach asks the provider about itself for whoever looks an installation over.
// pkce tells whether it says that it knows PKCE with SHA-256; one that says
// nothing is taken to.
func (p *Provider) Reach(ctx context.Context) (pkce bool, err error) {
	found, err := p.ask(ctx)
	if err != nil {
		return false, err
	}
	var said struct {
		Methods []string `json:"code_challenge_methods_supported"`
	}
	if err := found.Claims(&said); err != nil {
		return false, err
	}
	return len(said.Methods) == 0 || slices.Contains(said.Methods, "S256"), nil
}

// Package ssotest is an OpenID provider of the machine's own, for tests: the
// server of github.com/zitadel/oidc with the storage of its example, over HTTP,
// with people who type a user name and a password there.
package ssotest

import (
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The office's client, as it is registered with the provider.
const (
	ClientID = "doorstep"
	Secret   = "three-crows-on-a-wire"
)

// Password is that of everybody at the provider.
const Password = "seven-bridges"

// Provider is a running provider.
type Provider struct {
	URL string // its issuer

	mu      sync.Mutex
	users   map[string]*storage.User
	acr     string
	amr     []string
	down    bool
	handler http.Handler
}

// Start runs a provider until the test ends. It leads back to the address redirect
// only.
func Start(t *testing.T, redirect string) *Provider {
	t.Helper()
	p := &Provider{users: map[string]*storage.User{}}
	server := httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(server.Close)
	p.URL = server.URL
	p.Renew(t, redirect)
	return p
}

// Renew begins anew with other keys and no memory of what was under way.
func (p *Provider) Renew(t *testing.T, redirect string) {
	t.Helper()
	desk := &desk{Storage: storage.NewStorageWithClients(p, map[string]*storage.Client{ClientID: storage.WebClient(ClientID, Secret, redirect)}), p: p}
	config := &op.Config{CodeMethodS256: true, AuthMethodPost: true}
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		t.Fatal(err)
	}
	at, err := op.NewProvider(config, desk, op.StaticIssuer(p.URL), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", at)
	mux.HandleFunc("POST /login/username", func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("id")
		if err := desk.CheckUsernamePassword(r.FormValue("username"), r.FormValue("password"), id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		ctx := op.ContextWithIssuer(r.Context(), p.URL)
		http.Redirect(w, r, op.AuthCallbackURL(at)(ctx, id), http.StatusFound)
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handler = mux
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	down, handler := p.down, p.handler
	p.mu.Unlock()
	if down {
		panic(http.ErrAbortHandler) // the connection breaks, as with a machine that is away
	}
	handler.ServeHTTP(w, r)
}

// Add makes somebody known, under a subject, with a mail address.
func (p *Provider) Add(subject, username, email string, verified bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[subject] = &storage.User{ID: subject, Username: username, Password: Password, Email: email, EmailVerified: verified}
}

// Says sets what the provider tells of how people showed who they are.
func (p *Provider) Says(acr string, amr ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acr, p.amr = acr, amr
}

// Away takes the provider off the network, or brings it back.
func (p *Provider) Away(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// GetUserByID finds somebody by his subject.
func (p *Provider) GetUserByID(id string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.users[id]
}

// GetUserByUsername finds somebody by what he types.
func (p *Provider) GetUserByUsername(name string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.users {
		if u.Username == name {
			return u
		}
	}
	return nil
}

// ExampleClientID is asked for by the example's storage.
func (p *Provider) ExampleClientID() string { return "service" }

// SignIn walks a person through the provider: from the address the office led to
// as far as the one that leads back, which is not opened.
func (p *Provider) SignIn(t *testing.T, address, username string) *url.URL {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), p.URL) || strings.HasPrefix(r.URL.Path, "/login/") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	at := follow(t, browser, http.MethodGet, address, nil)
	id := at.Query().Get("authRequestID")
	if id == "" {
		return at // the provider said no at once
	}
	return follow(t, browser, http.MethodPost, p.URL+"/login/username",
		url.Values{"id": {id}, "username": {username}, "password": {Password}})
}

// follow sends a request and gives where its answer leads.
func follow(t *testing.T, browser *http.Client, method, address string, form url.Values) *url.URL {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	to, err := w.Location()
	if err != nil {
		text, _ := io.ReadAll(w.Body)
		t.Fatal(fmt.Errorf("the provider leads nowhere: %s %s: %d %s", method, address, w.StatusCode, text))
	}
	return to
}

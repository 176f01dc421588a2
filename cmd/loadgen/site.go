package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// site is the running server, signed in.
type site struct {
	address string
	cookie  string
}

// kind is one kind of request.
type kind struct {
	name, path string
	writes     bool
	examples   int // how many different requests of it take turns
	request    func(ctx context.Context, address string, n int) (*http.Request, error)
	good       int // status of the answer
	scripts    []script
}

// client is one connection to a server. Redirects are answers.
func (s *site) client() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (s *site) signIn(ctx context.Context, user, password string) error {
	form := url.Values{"login": {user}, "password": {password}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := s.client().Do(r)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if answer.StatusCode == http.StatusSeeOther && strings.HasSuffix(c.Name, "doorstep") && c.Value != "" {
			s.cookie = c.Name + "=" + c.Value
			return nil
		}
	}
	return fmt.Errorf("sign in as %s: the server answered %s", user, answer.Status)
}

func (s *site) get(ctx context.Context, address string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err == nil {
		r.Header.Set("Cookie", s.cookie)
	}
	return r, err
}

// casePages are the ways to a case's page in a list.
var casePages = regexp.MustCompile(`href="/cases/([0-9a-f-]{36})"`)

// kinds are the requests: a list, pages of cases that stand in it, a search, and
// a filing by a visitor.
func (s *site) kinds(ctx context.Context) ([]*kind, error) {
	r, err := s.get(ctx, s.address+"/cases")
	if err != nil {
		return nil, err
	}
	answer, err := s.client().Do(r)
	if err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	found := casePages.FindAllStringSubmatch(string(body), -1)
	if len(found) < 10 {
		return nil, errors.New("the list has fewer than ten cases: is this the demonstration's database?")
	}
	at := func(path func(n int) string) func(context.Context, string, int) (*http.Request, error) {
		return func(ctx context.Context, address string, n int) (*http.Request, error) {
			return s.get(ctx, address+path(n))
		}
	}
	return []*kind{
		{name: "case list", path: "list", examples: 1, good: http.StatusOK, request: at(func(int) string { return "/cases" })},
		{name: "case page", path: "page", examples: 10, good: http.StatusOK, request: at(func(n int) string { return "/cases/" + found[n][1] })},
		{name: "search", path: "search", examples: 1, good: http.StatusOK,
			request: at(func(int) string { return "/cases?q=" + url.QueryEscape("漏水") })},
		{name: "filing", path: "filing", examples: 1, writes: true, good: http.StatusSeeOther, request: filing},
	}, nil
}

// filing is a visitor's, from an address of its own: the limit of filings an
// address is not what is measured.
func filing(ctx context.Context, address string, _ int) (*http.Request, error) {
	form := url.Values{"key": {rand.Text()}, "facts": {strings.Repeat("楼上半夜拖桌椅，说过两次，没有改。", 8)}, "area": {"elsewhere"},
		"place": {"三单元402"}, "phone": {"10012345678"}, "privacy": {"yes"}, "name": {"陈阿芬"}, "respondent": {"楼上502"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/file", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1<<24))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n.Int64()>>16, n.Int64()>>8&255, n.Int64()&255))
	return r, nil
}

// ask sends a request to the server itself and reads the answer to its end.
func (k *kind) ask(ctx context.Context, c *http.Client, address string, n int) error {
	r, err := k.request(ctx, address, n%k.examples)
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return send(c, r, k.good)
}

// askBare sends the same request to the bare server.
func (k *kind) askBare(ctx context.Context, c *http.Client, address string, n int) error {
	r, err := k.request(ctx, address, n%k.examples)
	if err != nil {
		return fmt.Errorf("request: %w", err)
	}
	r.URL.Path, r.URL.RawQuery = "/"+k.path, ""
	return send(c, r, http.StatusOK)
}

func send(c *http.Client, r *http.Request, good int) error {
	answer, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return fmt.Errorf("%s: %w", r.URL.Path, err)
	}
	if answer.StatusCode != good {
		return fmt.Errorf("%s: the server answered %s", r.URL.Path, answer.Status)
	}
	return nil
}

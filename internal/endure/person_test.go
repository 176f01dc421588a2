package endure

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"doorstep/internal/demo"
)

// person sits at a browser of his own, at an address of his own: what is limited
// for each address is not what is tried here.
type person struct {
	s       *server
	client  *http.Client
	address string
}

var people atomic.Int64

// someone comes to the site of a server.
func someone(s *server) *person {
	jar, _ := cookiejar.New(nil) // fails never
	p := &person{s: s, client: &http.Client{
		Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	p.move()
	return p
}

// move gives the person an address nobody had before.
func (p *person) move() {
	n := people.Add(1)
	p.address = fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)
}

// answer is what came back.
type answer struct {
	status   int
	header   http.Header
	body     string
	took     time.Duration
	location string
}

// page reads the answer as a document.
func (a *answer) page(t *testing.T) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// form collects what a browser would send of the page's form that goes to action.
func (a *answer) form(t *testing.T, action string) url.Values {
	t.Helper()
	f := a.page(t).Find(fmt.Sprintf("form[action=%q]", action))
	if f.Length() == 0 {
		t.Fatalf("no form goes to %s in: %.2000s", action, a.body)
	}
	values := url.Values{}
	f.First().Find("input, textarea, select").Each(func(_ int, box *goquery.Selection) {
		name, value := box.AttrOr("name", ""), box.AttrOr("value", "")
		_, checked := box.Attr("checked")
		switch kind := box.AttrOr("type", ""); {
		case name == "" || kind == "file" || (kind == "checkbox" || kind == "radio") && !checked:
		case goquery.NodeName(box) == "textarea":
			values.Add(name, strings.TrimPrefix(box.Text(), "\n"))
		case goquery.NodeName(box) == "select":
			values.Add(name, box.Find("option[selected]").AttrOr("value", ""))
		default:
			values.Add(name, value)
		}
	})
	return values
}

// send asks once. An error means that no whole answer came.
func (p *person) send(ctx context.Context, method, path string, form url.Values) (*answer, error) {
	var body io.Reader = http.NoBody
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, p.s.url+path, body)
	if err != nil {
		return nil, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return p.ask(r)
}

func (p *person) ask(r *http.Request) (*answer, error) {
	r.Header.Set("X-Forwarded-For", p.address)
	from := time.Now()
	got, err := p.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	return &answer{status: got.StatusCode, header: got.Header, body: string(text), took: time.Since(from),
		location: got.Header.Get("Location")}, nil
}

// get reads a page that must come.
func (p *person) get(t *testing.T, path string) *answer {
	t.Helper()
	a, err := p.send(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// post sends a form that must be answered.
func (p *person) post(t *testing.T, path string, form url.Values) *answer {
	t.Helper()
	a, err := p.send(t.Context(), http.MethodPost, path, form)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// insist sends until an answer comes that is not a polite "come back", as
// somebody does whose line is bad.
func (p *person) insist(ctx context.Context, method, path string, form url.Values) (*answer, error) {
	for until := time.Now().Add(patience); ; {
		a, err := p.send(ctx, method, path, form)
		if err == nil && a.status != http.StatusServiceUnavailable {
			return a, nil
		}
		if ctx.Err() != nil || time.Now().After(until) {
			return a, fmt.Errorf("%s %s: no answer within %v: %w", method, path, patience, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func wantStatus(t *testing.T, a *answer, want int) {
	t.Helper()
	if a.status != want {
		t.Fatalf("status %d, want %d: %.1500s", a.status, want, a.body)
	}
}

// as signs somebody of the demonstration in.
func as(t *testing.T, s *server, username string) *person {
	t.Helper()
	p := someone(s)
	a, err := p.insist(t.Context(), http.MethodPost, "/sign-in", url.Values{"login": {username}, "password": {demo.Password}})
	if err != nil {
		t.Fatal(err)
	}
	if a.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d %.600s", username, a.status, a.body)
	}
	return p
}

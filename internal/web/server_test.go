package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// shell is a server under test with its log.
type shell struct {
	*Server
	t   *testing.T
	log *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newShell(t *testing.T, change func(*Options)) *shell {
	t.Helper()
	log := &lockedBuffer{}
	o := Options{Log: NewLog(log, slog.LevelDebug), Now: time.Now, BaseURL: &url.URL{Scheme: "http", Host: "example.com"}}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &shell{s, t, log}
}

func (s *shell) do(r *http.Request) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func (s *shell) get(path string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, path, http.NoBody))
}

func (s *shell) post(path string, body io.Reader) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do(httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, path, body))
}

// lines are the request lines of the log.
func (s *shell) lines() []map[string]any {
	s.t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(s.log.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			s.t.Fatalf("log line %q: %v", line, err)
		}
		if m["msg"] == "request" {
			lines = append(lines, m)
		}
	}
	return lines
}

func (s *shell) wantStatus(w *httptest.ResponseRecorder, want int) {
	s.t.Helper()
	if w.Code != want {
		s.t.Errorf("status = %d, want %d; body %q", w.Code, want, w.Body)
	}
}

func answerOK(c echo.Context) error { return c.String(http.StatusOK, "good") }

func TestNewRefusesWhatItCannotWorkWith(t *testing.T) {
	good := Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, BaseURL: &url.URL{Scheme: "http", Host: "a"}}
	for _, tt := range []struct {
		rule  string
		spoil func(*Options)
	}{
		{"a log", func(o *Options) { o.Log = nil }},
		{"a clock", func(o *Options) { o.Now = nil }},
		{"a base URL", func(o *Options) { o.BaseURL = nil }},
		{"a base URL with a host", func(o *Options) { o.BaseURL = &url.URL{Scheme: "http"} }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			o := good
			tt.spoil(&o)
			if s, err := New(o); err == nil {
				t.Errorf("New = %v, want a refusal", s)
			}
		})
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/good", answerOK)
	s.Echo().GET("/bad", func(echo.Context) error { return errors.New("no") })
	for _, path := range []string{"/good", "/bad", "/nowhere", "/healthz", "/metrics"} {
		t.Run(path, func(t *testing.T) {
			got := s.get(path).Header()
			want := map[string]string{
				"Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
				"X-Content-Type-Options":  "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
				"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "",
				"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
			}
			for name, value := range want {
				if got.Get(name) != value {
					t.Errorf("%s = %q, want %q", name, got.Get(name), value)
				}
			}
			if id := got.Get("X-Request-Id"); !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(id) {
				t.Errorf("request id = %q, want 16 hex digits", id)
			}
		})
	}
}

func TestStrictTransportOnlyWithHTTPS(t *testing.T) {
	s := newShell(t, func(o *Options) { o.BaseURL = &url.URL{Scheme: "https", Host: "example.com"} })
	if got := s.get("/healthz").Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("HSTS = %q", got)
	}
}

func TestRequestIDIsOurOwn(t *testing.T) {
	s := newShell(t, nil)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody)
	r.Header.Set("X-Request-Id", "00000000deadbeef")
	if got := s.do(r).Header().Get("X-Request-Id"); got == "00000000deadbeef" {
		t.Error("an id sent by the client was taken")
	}
}

func TestCrossSiteForms(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/cases", answerOK)
	s.Echo().GET("/cases", answerOK)
	for _, tt := range []struct {
		rule, method, site, origin string
		want                       int
	}{
		{"same origin may post", "POST", "same-origin", "http://example.com", 200},
		{"typed by the user may post", "POST", "none", "", 200},
		{"another site may not post", "POST", "cross-site", "https://evil.example", 403},
		{"a neighbour subdomain may not post", "POST", "same-site", "http://blog.example.com", 403},
		{"an old browser from another origin may not post", "POST", "", "https://evil.example", 403},
		{"an old browser from here may post", "POST", "", "http://example.com", 200},
		{"a program without headers may post", "POST", "", "", 200},
		{"another site may link here", "GET", "cross-site", "", 200},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), tt.method, "http://example.com/cases", http.NoBody)
			if tt.site != "" {
				r.Header.Set("Sec-Fetch-Site", tt.site)
			}
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			if got := s.do(r).Code; got != tt.want {
				t.Errorf("status = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestAddressComesOnlyFromTrustedProxies(t *testing.T) {
	for _, tt := range []struct {
		rule, trusted, remote, forwarded, want string
	}{
		{"nobody trusted: the header is a lie", "", "10.0.0.5:1", "1.2.3.4", "10.0.0.5"},
		{"a stranger's header is a lie", "10.0.0.5/32", "10.0.0.6:1", "1.2.3.4", "10.0.0.6"},
		{"a trusted proxy is believed", "10.0.0.5/32", "10.0.0.5:1", "1.2.3.4", "1.2.3.4"},
		{"only what the proxy itself added", "10.0.0.5/32", "10.0.0.5:1", "9.9.9.9, 1.2.3.4", "1.2.3.4"},
		{"loopback is no proxy unless listed", "10.0.0.5/32", "127.0.0.1:1", "1.2.3.4", "127.0.0.1"},
		{"version six", "fd00::/8", "[fd00::5]:1", "2001:db8::1", "2001:db8::1"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := newShell(t, func(o *Options) {
				if tt.trusted != "" {
					o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(tt.trusted)}
				}
			})
			s.Echo().GET("/who", func(c echo.Context) error { return c.String(200, c.RealIP()) })
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/who", http.NoBody)
			r.RemoteAddr = tt.remote
			r.Header.Set("X-Forwarded-For", tt.forwarded)
			r.Header.Set("X-Real-Ip", "6.6.6.6")
			if got := s.do(r).Body.String(); got != tt.want {
				t.Errorf("address = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLogLineHoldsNoPersonalData(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/cases/:case", func(c echo.Context) error {
		setActor(c, mediation.Actor{User: "0199-user", Name: "李秀英"})
		return c.NoContent(http.StatusNoContent)
	})
	s.post("/cases/secret-link?phone=10012345678", strings.NewReader("name=李秀英"))
	lines := s.lines()
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one", len(lines))
	}
	line := lines[0]
	for _, name := range []string{"time", "ms"} {
		delete(line, name)
	}
	id, _ := line["request_id"].(string)
	want := map[string]any{"level": "INFO", "msg": "request", "request_id": id, "method": "POST", "route": "/cases/:case", "status": 204.0, "statements": 0.0, "actor": "0199-user"}
	if diff := cmp.Diff(want, line); diff != "" || len(id) != 16 {
		t.Error(diff)
	}
}

func TestGracefulStopFinishesASlowRequest(t *testing.T) {
	s := newShell(t, nil)
	entered, finish := make(chan struct{}), make(chan struct{})
	s.Echo().GET("/slow", func(c echo.Context) error {
		close(entered)
		<-finish
		return c.String(http.StatusOK, "whole")
	})
	l, served := serveShell(t, s)
	answer := make(chan string, 1)
	go func() { answer <- fetch(t, "http://"+l.Addr().String()+"/slow") }()
	<-entered
	s.Drain()
	if got := fetch(t, "http://"+l.Addr().String()+"/readyz"); got != "not ready\n" {
		t.Errorf("while draining readiness says %q", got)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	select {
	case err := <-stopped:
		t.Fatalf("stopped (%v) before the request was answered", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(finish)
	if got := <-answer; got != "whole" {
		t.Errorf("the slow request got %q", got)
	}
	if err := errors.Join(<-stopped, <-served); err != nil {
		t.Error(err)
	}
}

func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	s := newShell(t, nil)
	entered := make(chan struct{})
	s.Echo().GET("/stuck", func(c echo.Context) error {
		close(entered)
		<-c.Request().Context().Done()
		return c.Request().Context().Err()
	})
	l, served := serveShell(t, s)
	go fetch(t, "http://"+l.Addr().String()+"/stuck")
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 requests cut off") {
		t.Errorf("err = %v, want it to say what was cut off", err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func serveShell(t *testing.T, s *shell) (net.Listener, <-chan error) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	return l, served
}

// fetch gives the body of an answer, or the error's text.
func fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, address, http.NoBody)
	if err != nil {
		return err.Error()
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

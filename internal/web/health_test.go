package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"
)

// figure reads one figure off /metrics.
func (s *shell) figure(name string) string {
	s.t.Helper()
	for line := range strings.Lines(s.metricsBy("127.0.0.1:1").Body.String()) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (s *shell) metricsBy(remote string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "/metrics", http.NoBody)
	r.RemoteAddr = remote
	for _, name := range headers {
		r.Header.Set(name, "127.0.0.1")
	}
	return s.do(r)
}

func TestHealthAsksNobody(t *testing.T) {
	s := newShell(t, func(o *Options) { o.Ready = func(context.Context) error { return errors.New("away") } })
	s.wantStatus(s.get("/healthz"), http.StatusOK)
}

func TestReadinessFollowsTheDatabase(t *testing.T) {
	var away atomic.Bool
	s := newShell(t, func(o *Options) {
		o.Ready = func(context.Context) error {
			if away.Load() {
				return errors.New("dial db-7.internal: refused")
			}
			return nil
		}
	})
	s.wantStatus(s.get("/readyz"), http.StatusOK)
	away.Store(true)
	w := s.get("/readyz")
	s.wantStatus(w, http.StatusServiceUnavailable)
	if w.Body.String() != "not ready\n" || w.Header().Get("Retry-After") == "" {
		t.Errorf("outsiders were told %q", w.Body)
	}
	if !strings.Contains(s.log.String(), "db-7.internal") {
		t.Error("the log does not tell the cause")
	}
	away.Store(false)
	s.wantStatus(s.get("/readyz"), http.StatusOK)
	s.Drain()
	s.wantStatus(s.get("/readyz"), http.StatusServiceUnavailable)
	s.wantStatus(s.get("/healthz"), http.StatusOK)
}

func TestReadinessWaitsThreeSecondsForADatabaseThatIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var asked atomic.Int32
		s := newShell(t, func(o *Options) {
			o.Ready = func(context.Context) error { // deaf to its context, as a black hole is
				asked.Add(1)
				<-release
				return nil
			}
		})
		began := time.Now()
		for range 5 {
			s.wantStatus(s.get("/readyz"), http.StatusServiceUnavailable)
		}
		if took := time.Since(began); took != 5*readyWithin {
			t.Errorf("five answers took %v, want %v each", took, readyWithin)
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("the silent database was asked %d times, want once", got)
		}
		close(release)
		synctest.Wait()
		s.wantStatus(s.get("/readyz"), http.StatusOK)
	})
}

func TestWhoReadsTheFigures(t *testing.T) {
	for _, tt := range []struct {
		rule, setting, remote string
		headers               []string
		want                  int
	}{
		{"this machine", "", "127.0.0.1:5", nil, 200},
		{"this machine, version six", "loopback", "[::1]:5", nil, 200},
		{"nobody else", "loopback", "10.0.0.7:5", nil, 404},
		{"nobody through a proxy on this machine", "loopback", "127.0.0.1:5", []string{"X-Forwarded-For"}, 404},
		{"nor by the standard header", "loopback", "127.0.0.1:5", []string{"Forwarded"}, 404},
		{"anybody when so set", "any", "10.0.0.7:5", []string{"X-Forwarded-For"}, 200},
		{"not even this machine when off", "off", "127.0.0.1:5", nil, 404},
		{"an unknown setting is off", "some", "127.0.0.1:5", nil, 404},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := newShell(t, func(o *Options) { o.Metrics = tt.setting })
			s.wantStatus(s.metricsBy(tt.remote, tt.headers...), tt.want)
		})
	}
}

func TestFigures(t *testing.T) {
	s := newShell(t, func(o *Options) {
		o.Pool = func() PoolStats { return PoolStats{Open: 5, InUse: 3, Idle: 2, Waited: 7, WaitedSeconds: 1.5} }
	})
	var during string
	s.Echo().GET("/cases/:case", func(c echo.Context) error {
		during = s.figure("doorstep_requests_in_flight")
		return c.NoContent(http.StatusNoContent)
	})
	s.get("/cases/1")
	s.get("/cases/2")
	s.get("/nowhere/3")
	s.do(httptest.NewRequestWithContext(t.Context(), "BREW", "/pot", http.NoBody))
	cross := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/cases/1", http.NoBody)
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	s.do(cross)
	if during != "2" { // the request itself and the reading of the figures
		t.Errorf("in flight during a request = %s, want 2", during)
	}
	for name, want := range map[string]string{
		`doorstep_requests_total{method="GET",route="/cases/:case",status="204"}`: "2",
		`doorstep_requests_total{method="GET",route="none",status="404"}`:         "1",
		`doorstep_requests_total{method="other",route="none",status="404"}`:       "1",
		`doorstep_request_seconds_count{route="/cases/:case"}`:                    "3",
		`doorstep_refused_total{reason="cross_origin"}`:                           "1",
		`doorstep_panics_total`:                   "0",
		`doorstep_db_connections{state="in_use"}`: "3",
		`doorstep_db_connections{state="idle"}`:   "2",
		`doorstep_db_waits_total`:                 "7",
		`doorstep_db_wait_seconds_total`:          "1.5",
	} {
		if got := s.figure(name); got != want {
			t.Errorf("%s = %q, want %s", name, got, want)
		}
	}
}

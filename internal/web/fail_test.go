package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

var errLost = errors.New("connection reset by peer")

func ours(kind mediation.Kind, key string) error {
	return &mediation.Error{Kind: kind, Key: key, Err: errors.New("a cause")}
}

func TestKindBecomesStatus(t *testing.T) {
	var (
		err  error
		page verdict
	)
	s := newShell(t, func(o *Options) {
		o.Classify = func(err error) error {
			if errors.Is(err, errLost) {
				return &mediation.Error{Kind: mediation.Unavailable, Key: "error.unavailable", Err: err}
			}
			return err
		}
		o.ErrorPage = func(c echo.Context, status int, key, _ string) error {
			page = verdict{status: status, key: key}
			return c.NoContent(status)
		}
	})
	s.Echo().GET("/", func(echo.Context) error { return err })
	for _, tt := range []struct {
		rule   string
		err    error
		status int
		key    string
		retry  string
		level  string
		cause  bool
	}{
		{"an unclassified error is ours and its key is replaced", errors.New("pq: secret"), 500, "error.internal", "", "ERROR", true},
		{"an internal error never shows its own key", ours(mediation.Internal, "rule.x"), 500, "error.internal", "", "ERROR", true},
		{"absent or out of scope", ours(mediation.NotFound, "error.no_case"), 404, "error.no_case", "", "INFO", false},
		{"wrong input", ours(mediation.Invalid, "rule.x"), 422, "rule.x", "", "INFO", false},
		{"the case moved on", ours(mediation.Conflict, "error.stage_refuses"), 409, "error.stage_refuses", "", "INFO", false},
		{"may never", ours(mediation.Forbidden, ""), 403, "error.forbidden", "", "INFO", false},
		{"nobody signed in", ours(mediation.Unauthenticated, ""), 401, "error.sign_in", "", "INFO", false},
		{"too many", ours(mediation.TooMany, ""), 429, "error.too_many", "60", "INFO", false},
		{"too many, with its own time", &mediation.Error{Kind: mediation.TooMany, Args: map[string]string{"retry_after": "900"}}, 429, "error.too_many", "900", "INFO", false},
		{"away", ours(mediation.Unavailable, ""), 503, "error.unavailable", "5", "WARN", true},
		{"a lost connection, by the hook", fmt.Errorf("postgres: case: %w", errLost), 503, "error.unavailable", "5", "WARN", true},
		{"a deadline", fmt.Errorf("postgres: case: %w", context.DeadlineExceeded), 503, "error.unavailable", "5", "WARN", true},
		{"wrapped keeps its kind", fmt.Errorf("casework: %w", ours(mediation.Conflict, "error.stale")), 409, "error.stale", "", "INFO", false},
		{"Echo's own keep their code", echo.ErrUnsupportedMediaType, 415, "error.media_type", "", "INFO", false},
		{"a bad parameter", echo.NewHTTPError(400, "strconv: secret"), 400, "error.bad_request", "", "INFO", false},
		{"a code nobody has a page for", echo.NewHTTPError(418), 418, "error.bad_request", "", "INFO", false},
		{"a gateway's code is ours too", echo.NewHTTPError(502), 502, "error.internal", "", "INFO", false},
		{"a body over its limit, however deep", echo.NewHTTPError(400).SetInternal(&http.MaxBytesError{Limit: 1}), 413, "error.too_large", "", "INFO", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err = tt.err
			w := s.get("/")
			if w.Code != tt.status || page.status != tt.status || page.key != tt.key || w.Header().Get("Retry-After") != tt.retry {
				t.Errorf("status %d, key %q, retry %q; want %d, %q, %q", w.Code, page.key, w.Header().Get("Retry-After"), tt.status, tt.key, tt.retry)
			}
			lines := s.lines()
			line := lines[len(lines)-1]
			if _, told := line["cause"]; told != tt.cause || line["level"] != tt.level {
				t.Errorf("logged %v, want level %s, cause %v", line, tt.level, tt.cause)
			}
		})
	}
}

func TestEveryKindHasAStatusAndEveryStatusItsWords(t *testing.T) {
	for kind := mediation.Internal; kind <= mediation.Unavailable; kind++ {
		status := statusOf[kind]
		if status == 0 || sorries[status] == (sorry{}) {
			t.Errorf("kind %d: status %d, words %v", kind, status, sorries[status])
		}
	}
	for status := range messages {
		if words := sorries[status]; words.zh == "" || words.en == "" {
			t.Errorf("status %d has a message but no plain words", status)
		}
	}
}

func TestUnclassifiedTextIsNeverShown(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/", func(echo.Context) error { return errors.New("pq: duplicate key (name)=(李秀英)") })
	w := s.get("/")
	if body := w.Body.String(); strings.Contains(body, "李秀英") || strings.Contains(body, "pq") || !strings.Contains(body, w.Header().Get("X-Request-Id")) {
		t.Errorf("body = %q", body)
	}
	if got := w.Header().Get("Content-Type"); got != "text/html; charset=UTF-8" {
		t.Errorf("type = %q", got)
	}
}

func TestUnknownRouteAndMethod(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/page", answerOK)
	s.wantStatus(s.get("/nowhere/secret"), http.StatusNotFound)
	s.wantStatus(s.post("/page", strings.NewReader("a=1")), http.StatusMethodNotAllowed)
	if lines := s.lines(); lines[0]["route"] != "none" || strings.Contains(s.log.String(), "secret") {
		t.Errorf("log = %s", s.log)
	}
}

func TestBrokenErrorPageFallsBackToThePlainOne(t *testing.T) {
	s := newShell(t, func(o *Options) {
		o.ErrorPage = func(echo.Context, int, string, string) error { return errors.New("template") }
	})
	w := s.get("/nowhere")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "没有找到") || !strings.Contains(w.Body.String(), "not found") {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
}

func TestHeadGetsNoBody(t *testing.T) {
	s := newShell(t, nil)
	w := s.do(httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/nowhere", http.NoBody))
	if w.Code != http.StatusNotFound || w.Body.Len() != 0 {
		t.Errorf("got %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestErrorAfterTheAnswerBeganIsOnlyLogged(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/", func(c echo.Context) error {
		if err := c.String(http.StatusOK, "begun"); err != nil {
			return err
		}
		return errors.New("too late")
	})
	w := s.get("/")
	if w.Code != http.StatusOK || w.Body.String() != "begun" {
		t.Errorf("got %d %q", w.Code, w.Body)
	}
	if cause := s.lines()[0]["cause"]; cause != "too late" {
		t.Errorf("cause = %v", cause)
	}
}

func TestClientThatLeftIsNobodysFault(t *testing.T) {
	s := newShell(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	s.Echo().GET("/", func(c echo.Context) error {
		leave()
		<-c.Request().Context().Done()
		return fmt.Errorf("postgres: %w", c.Request().Context().Err())
	})
	s.do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody))
	if line := s.lines()[0]; line["status"] != 499.0 || line["level"] != "INFO" {
		t.Errorf("line = %v", line)
	}
}

func TestDriverThatReportsTheDeadlineAsCancelled(t *testing.T) {
	s := newShell(t, nil)
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if v := s.judge(ctx, context.Canceled); v.status != http.StatusServiceUnavailable {
		t.Errorf("verdict = %+v", v)
	}
}

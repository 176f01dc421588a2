package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/labstack/echo/v4"
)

func TestBodyLimit(t *testing.T) {
	s := newShell(t, nil)
	read := func(c echo.Context) error {
		n, err := io.Copy(io.Discard, c.Request().Body)
		if err != nil {
			return fmt.Errorf("web: read upload: %w", err)
		}
		return c.String(http.StatusOK, fmt.Sprint(n))
	}
	s.Echo().POST("/form", read)
	s.Echo().POST("/blind", answerOK)
	s.Echo().POST("/files", read)
	s.Allow(http.MethodPost, "/files", Allowance{Body: 3 << 20, Time: time.Minute})
	for _, tt := range []struct {
		rule, path string
		size       int64
		chunked    bool
		want       int
		kind       string
	}{
		{"a form up to its limit", "/form", 1 << 20, false, 200, ""},
		{"a form over its limit", "/form", 1<<20 + 1, false, 413, ""},
		{"a form over its limit that hides its length", "/form", 1<<20 + 1, true, 413, ""},
		{"a form over its limit that nobody reads", "/blind", 1<<20 + 1, true, 413, ""},
		{"a gigabyte is refused unread", "/form", 1 << 30, false, 413, ""},
		{"an upload up to the route's limit", "/files", 3 << 20, true, 200, ""},
		{"an upload over the route's limit", "/files", 3<<20 + 1, true, 413, ""},
		{"an upload over the route's limit that says so", "/files", 3<<20 + 1, false, 413, ""},
		{"typed text over a form's limit, where files may come", "/files", 1<<20 + 1, false, 413, echo.MIMEApplicationForm},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, tt.path, io.LimitReader(endless{}, tt.size))
			r.ContentLength = tt.size
			r.Header.Set(echo.HeaderContentType, tt.kind)
			if tt.chunked {
				r.ContentLength = -1
			}
			s.wantStatus(s.do(r), tt.want)
		})
	}
	if s.held.Load() != 0 || s.inFlight.Load() != 0 {
		t.Errorf("held %d, in flight %d after all is over", s.held.Load(), s.inFlight.Load())
	}
}

type endless struct{}

// The words of a form with files are bounded as those of any form, its files by
// the route; a small file is whole as well.
func TestWordsAmongFilesAreBounded(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/files", func(c echo.Context) error {
		h := c.Request().MultipartForm.File["photos"][0]
		f, err := h.Open()
		if err != nil {
			return fmt.Errorf("web: open: %w", err)
		}
		n, err := io.Copy(io.Discard, f)
		return errors.Join(err, f.Close(), c.String(http.StatusOK, fmt.Sprint(len(c.FormValue("facts")), " ", n)))
	})
	s.Allow(http.MethodPost, "/files", Allowance{Body: 8 << 20, Time: time.Minute})
	for _, tt := range []struct{ words, file, status int }{{500_000, 100, 200}, {10, 5 << 20, 200}, {1<<20 + 1, 100, 413}, {3 << 20, 0, 413}} {
		body := "--x\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("p", tt.file) +
			"\r\n--x\r\nContent-Disposition: form-data; name=\"facts\"\r\n\r\n" + strings.Repeat("w", tt.words) + "\r\n--x--\r\n"
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/files", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		w := s.do(r)
		s.wantStatus(w, tt.status)
		if want := fmt.Sprint(tt.words, " ", tt.file); tt.status == http.StatusOK && w.Body.String() != want {
			t.Errorf("%s bytes of words and file arrived, want %s", w.Body, want)
		}
	}
	if s.held.Load() != 0 {
		t.Errorf("%d bytes are held after all is over", s.held.Load())
	}
}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFormReachesTheHandlerWhole(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/form", func(c echo.Context) error { return c.String(200, c.FormValue("what")) })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/form", iotest.OneByteReader(strings.NewReader("what=%E6%BC%8F%E6%B0%B4")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := s.do(r).Body.String(); got != "漏水" {
		t.Errorf("form = %q", got)
	}
}

func TestBrokenLineIsNoFaultOfOurs(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/form", answerOK)
	s.wantStatus(s.post("/form", iotest.ErrReader(io.ErrUnexpectedEOF)), http.StatusRequestTimeout)
	if got := s.lines()[0]["level"]; got != "INFO" {
		t.Errorf("level = %v", got)
	}
}

func TestFormsInMemoryAreBounded(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().POST("/form", answerOK)
	s.held.Store(maxHeld - 10)
	s.wantStatus(s.post("/form", strings.NewReader("0123456789")), 200)
	s.wantStatus(s.post("/form", strings.NewReader("0123456789+")), 503)
	s.wantStatus(s.get("/healthz"), 200)
}

func TestPanicIsAPageWithoutTheCause(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/panic", func(echo.Context) error { panic("flat 3-502 of 李秀英, 10012345678") })
	w := s.get("/panic")
	s.wantStatus(w, http.StatusInternalServerError)
	id := w.Header().Get("X-Request-Id")
	if body := w.Body.String(); strings.Contains(body, "3-502") || !strings.Contains(body, id) {
		t.Errorf("body = %q, want the id %s and no cause", body, id)
	}
	line := s.lines()[0]
	cause, _ := line["cause"].(string)
	stack, _ := line["stack"].(string)
	if line["level"] != "ERROR" || line["request_id"] != id || !strings.Contains(cause, "flat 3-502") || !strings.Contains(stack, "middleware_test.go") {
		t.Errorf("line = %v, want the cause and the stack", line)
	}
	if strings.Contains(cause, "10012345678") {
		t.Errorf("cause = %q, want the phone struck out", cause)
	}
	if got := s.figure("doorstep_panics_total"); got != "1" {
		t.Errorf("panics = %s", got)
	}
}

func TestAbortedHandlerCutsTheConnection(t *testing.T) {
	s := newShell(t, nil)
	s.Echo().GET("/abort", func(echo.Context) error { panic(http.ErrAbortHandler) })
	defer func() {
		if recover() == nil {
			t.Error("the panic that cuts a connection was swallowed")
		}
	}()
	s.get("/abort")
}

func TestCrowd(t *testing.T) {
	s := newShell(t, func(o *Options) { o.MaxInFlight, o.Reserved = 8, []string{"/sign-in"} })
	entered, leave := make(chan struct{}, 8), make(chan struct{})
	s.Echo().GET("/slow", func(c echo.Context) error {
		entered <- struct{}{}
		<-leave
		return c.NoContent(http.StatusNoContent)
	})
	s.Echo().GET("/sign-in", answerOK)
	done := make(chan int, 7)
	for range 7 {
		go func() { done <- s.get("/slow").Code }()
	}
	for range 7 {
		<-entered
	}
	w := s.get("/slow")
	s.wantStatus(w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") != "5" {
		t.Errorf("Retry-After = %q", w.Header().Get("Retry-After"))
	}
	s.wantStatus(s.get("/sign-in"), http.StatusOK)
	s.wantStatus(s.get("/healthz"), http.StatusOK)
	s.wantStatus(s.get("/readyz"), http.StatusOK)
	close(leave)
	for range 7 {
		if got := <-done; got != http.StatusNoContent {
			t.Errorf("an accepted request got %d", got)
		}
	}
	s.wantStatus(s.get("/slow"), http.StatusNoContent)
	if got := s.figure(`doorstep_refused_total{reason="overload"}`); got != "1" {
		t.Errorf("refused = %s", got)
	}
}

func TestPageHasItsTimeAndALongRouteMore(t *testing.T) {
	s := newShell(t, nil)
	var left time.Duration
	note := func(c echo.Context) error {
		until, ok := c.Request().Context().Deadline()
		if !ok {
			t.Error("no deadline")
		}
		left = time.Until(until)
		return c.NoContent(http.StatusNoContent)
	}
	s.Echo().GET("/page", note)
	s.Echo().GET("/export", note)
	s.Allow(http.MethodGet, "/export", Allowance{Time: time.Minute})
	s.get("/page")
	if left > pageTime || left < pageTime-time.Second {
		t.Errorf("a page has %v, want %v", left, pageTime)
	}
	s.Echo().POST("/file", note)
	s.Allow(http.MethodPost, "/file", Allowance{Body: 1 << 20, Time: time.Minute, Bare: 20 * time.Second})
	for content, want := range map[string]time.Duration{"a photo": time.Minute, "": 20 * time.Second} {
		body := "--x\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\r\n" + content + "\r\n--x--\r\n"
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/file", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if s.do(r); left > want || left < want-10*time.Second || left < time.Second {
			t.Errorf("a form with the file %q has %v, want %v", content, left, want)
		}
	}
	s.get("/export")
	if left > time.Minute || left < 50*time.Second {
		t.Errorf("a long route has %v, want a minute", left)
	}
}

// A client that sends a byte now and then holds no place in the crowd, and the
// time of the page begins when the form is there.
func TestSlowSenderHoldsNoPlace(t *testing.T) {
	s := newShell(t, func(o *Options) { o.MaxInFlight = 1 })
	s.Echo().POST("/form", func(c echo.Context) error { return c.String(200, c.FormValue("a")) })
	l, _ := serveShell(t, s)
	defer func() { _ = s.Shutdown(context.WithoutCancel(t.Context())) }()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	send := func(text string) {
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	send("POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na")
	for s.held.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if got := s.inFlight.Load(); got != 0 {
		t.Errorf("%d places taken by a form that is still coming in", got)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/form", strings.NewReader("a=2"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := s.do(r); w.Body.String() != "2" {
		t.Errorf("another form got %d %q", w.Code, w.Body)
	}
	send("=1")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the slow form: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
}

// Of many requests only some are worked on; the others wait a moment for their
// turn and are then asked to come back, without losing what they began.
func TestRequestsTakeTurns(t *testing.T) {
	s := newShell(t, func(o *Options) { o.AtOnce, o.Reserved = 4, []string{"/sign-in"} })
	entered, leave := make(chan struct{}, 8), make(chan struct{})
	work := func(c echo.Context) error {
		entered <- struct{}{}
		<-leave
		return c.NoContent(http.StatusNoContent)
	}
	s.Echo().GET("/slow", work)
	s.Echo().GET("/sign-in", answerOK)
	s.Echo().GET("/static/*", answerOK)
	done := make(chan int, 4)
	ask := func() { done <- s.get("/slow").Code }
	for range 3 {
		go ask()
		<-entered
	}
	from := time.Now()
	w := s.get("/slow")
	s.wantStatus(w, http.StatusServiceUnavailable)
	if took := time.Since(from); took < turnTime || w.Header().Get("Retry-After") == "" {
		t.Errorf("refused after %v with Retry-After %q, want a wait of %v first", took, w.Header().Get("Retry-After"), turnTime)
	}
	for _, open := range []string{"/sign-in", "/static/app.css", "/healthz", "/readyz"} {
		s.wantStatus(s.get(open), http.StatusOK)
	}
	go ask() // waits for its turn
	select {
	case <-entered:
		t.Fatal("a fourth is worked on, and one place of four is kept for staff")
	case <-time.After(turnTime / 5):
	}
	close(leave)
	for range 4 {
		if got := <-done; got != http.StatusNoContent {
			t.Errorf("an accepted request got %d", got)
		}
	}
	if len(s.places.all) != 0 || len(s.places.common) != 0 {
		t.Errorf("%d and %d places are held after all is over", len(s.places.all), len(s.places.common))
	}
}

// Who takes his answer in slowly, or waits for his pictures, holds no place.
func TestAPlaceIsLeftBeforeTheAnswerIsTaken(t *testing.T) {
	s := newShell(t, func(o *Options) { o.AtOnce = 2 })
	held := -1
	s.Echo().GET("/page", func(c echo.Context) error {
		if len(s.places.all) != 1 {
			t.Error("the work holds no place")
		}
		err := c.String(http.StatusOK, "whole page")
		held = len(s.places.all)
		return err
	})
	s.Echo().GET("/pictures", func(c echo.Context) error {
		leaveTurn(c)
		held += len(s.places.all)
		return c.NoContent(http.StatusNoContent)
	})
	s.wantStatus(s.get("/page"), http.StatusOK)
	if s.get("/pictures"); held != 0 || len(s.places.all) != 0 {
		t.Errorf("%d places are held while the answer is taken, %d afterwards", held, len(s.places.all))
	}
}

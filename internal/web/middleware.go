package web

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

const (
	actorKey   = "actor"
	requestKey = "request_id"
	verdictKey = "verdict"
	turnKey    = "turn"
)

// contentPolicy lets a page use nothing but our own files: no inline script or
// style, so that text typed by somebody can never run.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"

// setActor notes who asks; the log names the user's id and nothing else of him.
func setActor(c echo.Context, a mediation.Actor) { c.Set(actorKey, a) }

// actor is who asks. Without sign-in it is the zero Actor, who may do nothing.
func actor(c echo.Context) mediation.Actor {
	a, _ := c.Get(actorKey).(mediation.Actor)
	return a
}

// requestID is the id of this request, 16 hex digits; a user may quote it.
func requestID(c echo.Context) string {
	id, _ := c.Get(requestKey).(string)
	return id
}

// observe stands outermost: it names the request, sets the headers every answer
// carries, and writes the one log line and the figures when it is over.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := s.o.Now()
		id, err := s.newRequestID()
		if err != nil {
			return err
		}
		c.Set(requestKey, id)
		s.setHeaders(c.Response().Header(), id)
		s.metrics.inFlight.Inc()
		defer s.metrics.inFlight.Dec()
		ctx, statements := s.o.Statements(c.Request().Context())
		c.SetRequest(c.Request().WithContext(ctx))
		if err := next(c); err != nil {
			c.Error(err) // answered here, so that the line below knows the status
		}
		s.note(c, s.o.Now().Sub(began), statements())
		return nil
	}
}

// newRequestID is always our own: an id sent by the client would be a way to
// write into the log.
func (s *Server) newRequestID() (string, error) {
	var b [8]byte
	if _, err := io.ReadFull(s.o.Random, b[:]); err != nil {
		return "", fmt.Errorf("web: request id: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// setHeaders: pages hold personal matters, so nothing may be kept by a browser
// on a shared computer unless a route says otherwise (static files do).
func (s *Server) setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // browsers too old for frame-ancestors
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.o.BaseURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000") // this host only: its neighbours may not be ready
	}
}

// note writes the line of a finished request: the route and never the path,
// since a path may hold the id of a case or a link that opens one.
func (s *Server) note(c echo.Context, took time.Duration, statements int) {
	v, _ := c.Get(verdictKey).(verdict)
	status := c.Response().Status
	if v.status == statusClientGone {
		status = statusClientGone
	}
	s.metrics.count(c.Request().Method, c.Path(), status, took)
	s.metrics.statements.WithLabelValues(routeOf(c.Path())).Observe(float64(statements))
	attrs := []slog.Attr{
		slog.String("request_id", requestID(c)), slog.String("method", knownMethod(c.Request().Method)),
		slog.String("route", routeOf(c.Path())), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int("statements", statements),
	}
	if user := actor(c).User; user != "" {
		attrs = append(attrs, slog.String("actor", string(user)))
	}
	if v.key != "" {
		attrs = append(attrs, slog.String("key", v.key))
	}
	if v.cause != nil {
		attrs = append(attrs, slog.String("cause", v.cause.Error()))
	}
	var p *panicked
	if errors.As(v.cause, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	s.o.Log.LogAttrs(c.Request().Context(), levelOf(c.Path(), status), "request", attrs...)
}

// levelOf: only our own faults are errors; probes would drown the rest.
func levelOf(route string, status int) slog.Level {
	switch {
	case status == http.StatusInternalServerError:
		return slog.LevelError
	case isProbe(route):
		return slog.LevelDebug
	case status == http.StatusServiceUnavailable:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// panicked is a handler's panic as an error.
type panicked struct {
	value any
	stack []byte
}

// Error tells the value of the panic, for the log only.
func (p *panicked) Error() string { return fmt.Sprintf("web: panic: %v", p.value) }

// recover turns a panic into a 500, so that one bad page does not take the
// server down with it.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if e, ok := value.(error); ok && errors.Is(e, http.ErrAbortHandler) {
				panic(value) // net/http's own way to cut a connection
			}
			s.metrics.panics.Inc()
			err = &panicked{value: value, stack: debug.Stack()}
		}()
		return next(c)
	}
}

// sameOrigin refuses a form that another site sends in the user's name.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.origins.Check(c.Request()); err != nil {
			s.metrics.refused.WithLabelValues("cross_origin").Inc()
			return &mediation.Error{Kind: mediation.Forbidden, Key: "error.cross_origin", Err: err}
		}
		return next(c)
	}
}

// receive takes a whole form in before anything else is spent on it, up to its
// limit. A phone on a bad line may send slowly without holding one of the
// places in the crowd or running out of the time meant for the answer. Of routes
// with an Allowance only what is no form with files is left to their handlers.
func (s *Server) receive(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, a := c.Request(), s.allowance(c)
		kind, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
		if kind == echo.MIMEApplicationForm {
			a = Allowance{} // no files in it
		}
		limit := max(a.Body, formBody)
		if r.ContentLength > limit {
			return &http.MaxBytesError{Limit: limit}
		}
		r.Body = http.MaxBytesReader(c.Response().Writer, r.Body, limit)
		if a.Body > 0 && kind == echo.MIMEMultipartForm {
			return s.takeIn(c, next)
		}
		if r.ContentLength == 0 || a.Body > 0 {
			return next(c)
		}
		held := r.ContentLength
		if held < 0 {
			held = limit // chunked: the length is not told
		}
		defer s.held.Add(-held)
		if s.held.Add(held) > maxHeld {
			return s.busy()
		}
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return unread(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(content))
		return next(c)
	}
}

// unread is a body that did not come in whole: too large, or the line broke.
func unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return echo.NewHTTPError(http.StatusRequestTimeout).SetInternal(err)
}

func (s *Server) allowance(c echo.Context) Allowance {
	return s.allowances[c.Request().Method+" "+c.Path()]
}

// crowd refuses what is more than the server can do in time: a quick "come
// back" is kinder than a minute of waiting for everybody. One request in eight
// stays reserved, so that staff still get in; probes are always answered.
func (s *Server) crowd(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if isProbe(c.Path()) {
			return next(c)
		}
		limit := int64(s.o.MaxInFlight)
		if !slices.Contains(s.o.Reserved, c.Path()) {
			limit -= limit / 8
		}
		now := s.inFlight.Add(1)
		defer s.inFlight.Add(-1)
		if now > limit {
			return s.busy()
		}
		return next(c)
	}
}

func (s *Server) busy() error {
	s.metrics.refused.WithLabelValues("overload").Inc()
	return &mediation.Error{Kind: mediation.Unavailable, Key: "error.busy"}
}

// hurry gives the request the time it may take, that of a page unless its
// route was allowed more. The more of a route for files is for those that bring
// some: words alone are not kept waiting a minute for a database.
func (s *Server) hurry(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		a := s.allowance(c)
		allowed := a.Time
		if a.Body > 0 && !bringsFiles(c.Request()) {
			allowed = a.Bare
		}
		if allowed > 0 {
			s.extend(c.Response(), allowed)
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), max(allowed, pageTime))
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// bringsFiles says whether a form with files has one in it; an empty box is sent
// too. A body that is no form was not read yet and may be a file itself.
func bringsFiles(r *http.Request) bool {
	if r.MultipartForm == nil {
		return !isForm(r)
	}
	for _, files := range r.MultipartForm.File {
		if slices.ContainsFunc(files, func(h *multipart.FileHeader) bool { return h.Size > 0 }) {
			return true
		}
	}
	return false
}

// extend moves the connection's own deadlines for a long upload or download. A
// recorder in a test has none, which is no fault.
func (s *Server) extend(w http.ResponseWriter, limit time.Duration) {
	rc := http.NewResponseController(w)
	until := s.o.Now().Add(limit)
	if err := errors.Join(rc.SetReadDeadline(until), rc.SetWriteDeadline(until.Add(writeTime))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.o.Log.Debug("web: deadlines not moved", "cause", err)
	}
}

// Package web is the doorway for browsers: routes, forms, pages, and the one
// place where an error's kind becomes a status.
//
// A handler parses, acts and answers; it checks no right and writes no SQL.
// This file is the shell every request passes: who asks, how long, how much,
// how often, and what is written down about it.
package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// Limits of one server. Bodies larger than formBody and requests longer than
// pageTime (after the form came in) need an Allowance of their route.
const (
	formBody    = 1 << 20                 // bytes of an ordinary form
	pageTime    = 4500 * time.Millisecond // so that whoever waits for a silent database is told within 5 s
	readTime    = 30 * time.Second        // a slow phone may take this long to send a form
	writeTime   = 60 * time.Second
	maxInFlight = 256
	maxHeld     = 128 << 20 // bytes of forms held in memory at once
)

// Options is what a server needs from outside. Log, Now and BaseURL are
// required; every other field has a safe default.
type Options struct {
	Log            *slog.Logger
	Now            func() time.Time                                        // the real clock, also in a demo: limits use real time
	BaseURL        *url.URL                                                // as browsers see it; https switches HSTS on
	TrustedProxies []netip.Prefix                                          // whose X-Forwarded-For is believed; none by default
	Ready          func(ctx context.Context) error                         // asks the database; nil: always ready
	Classify       func(error) error                                       // gives storage errors their kind; nil: as they are
	ErrorPage      ErrorPage                                               // draws the error page; nil: a plain one
	Metrics        string                                                  // who reads /metrics: loopback (default), any, off
	Pool           func() PoolStats                                        // the database pool; nil: not told
	Statements     func(ctx context.Context) (context.Context, func() int) // counts the statements of a request; nil: not told
	MaxInFlight    int                                                     // requests taken in at once; 0: 256
	AtOnce         int                                                     // of them worked on at once, the others wait their turn; 0: AtOnce
	Reserved       []string                                                // route patterns that may use the share kept for staff, e.g. "/sign-in"
	Random         io.Reader                                               // for request ids; nil: crypto/rand
}

// ErrorPage draws the page of an error: its status, the locale key of its
// message and the id a user may quote. It must not need the database, since it
// is also drawn when that is away.
type ErrorPage func(c echo.Context, status int, key, requestID string) error

// Allowance lets a route take more than a page does.
type Allowance struct {
	Body int64         // bytes; 0: as a form
	Time time.Duration // for reading, acting and answering; 0: as a page
	Bare time.Duration // for acting and answering where no file came; 0: as a page
}

// Server is the web server of the program. Routes are added to Echo before
// Serve is called.
type Server struct {
	o          Options
	echo       *echo.Echo
	http       *http.Server
	metrics    *metrics
	probe      probe
	origins    *http.CrossOriginProtection
	allowances map[string]Allowance // by "METHOD pattern"
	inFlight   atomic.Int64
	places     places
	held       atomic.Int64 // bytes of forms being received or acted on
	draining   atomic.Bool
}

// New builds a server with its shell and the health routes, not yet listening.
// The error is a missing option or a base URL no browser can have.
func New(o Options) (*Server, error) {
	if o.Log == nil || o.Now == nil || o.BaseURL == nil {
		return nil, errors.New("web: Log, Now and BaseURL must be given")
	}
	s := &Server{o: withDefaults(o), echo: echo.New(), allowances: map[string]Allowance{}, origins: http.NewCrossOriginProtection()}
	if err := s.origins.AddTrustedOrigin(o.BaseURL.Scheme + "://" + o.BaseURL.Host); err != nil {
		return nil, fmt.Errorf("web: base URL %q: %w", o.BaseURL, err)
	}
	s.metrics = newMetrics(s.o.Pool)
	s.probe.ask = s.o.Ready
	s.places = newPlaces(s.o.AtOnce)
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = clientAddress(o.TrustedProxies)
	s.echo.HTTPErrorHandler = s.fail
	s.echo.Use(s.observe, s.recover, s.sameOrigin, s.receive, s.crowd, s.hurry, s.turn)
	s.echo.GET("/healthz", s.health)
	s.echo.GET("/readyz", s.ready)
	s.echo.GET("/metrics", s.readMetrics)
	s.http = &http.Server{
		Handler: s.echo, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	if o.Classify == nil {
		o.Classify = func(err error) error { return err }
	}
	if o.ErrorPage == nil {
		o.ErrorPage = plainPage
	}
	if o.Metrics == "" {
		o.Metrics = metricsLoopback
	}
	if o.Statements == nil {
		o.Statements = func(ctx context.Context) (context.Context, func() int) { return ctx, func() int { return 0 } }
	}
	if o.MaxInFlight <= 0 {
		o.MaxInFlight = maxInFlight
	}
	if o.AtOnce <= 0 {
		o.AtOnce = AtOnce
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return o
}

// Echo is where routes are added, before Serve.
func (s *Server) Echo() *echo.Echo { return s.echo }

// Handler is the whole server as a handler, for tests and for other listeners.
func (s *Server) Handler() http.Handler { return s.echo }

// Allow gives a route its own limits. The method and pattern are those the
// route was added with. It must be called before Serve.
func (s *Server) Allow(method, pattern string, a Allowance) {
	s.allowances[method+" "+pattern] = a
}

// Serve answers requests from the listener until Shutdown; then it returns nil.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("web: serve %s: %w", l.Addr(), err)
	}
	return nil
}

// Drain makes readiness fail, so that a load balancer sends nobody any more.
// Requests are still answered.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown drains, takes no new connection and waits for the requests that
// were accepted. When ctx ends first, what is left is cut off and an error
// says so.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Drain()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("web: %d requests cut off: %w", s.inFlight.Load(), err), s.http.Close())
	}
	return nil
}

// clientAddress believes X-Forwarded-For only from the listed proxies. Echo by
// itself would believe anybody who writes the header.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		addr := p.Addr()
		network := &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(p.Bits(), addr.BitLen())}
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

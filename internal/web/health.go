package web

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyWithin is how long readiness waits for the database, so that its no is out
// within three seconds.
const readyWithin = 2800 * time.Millisecond

// Who may read /metrics; anything else is nobody.
const (
	metricsLoopback = "loopback"
	metricsAny      = "any"
)

func isProbe(route string) bool {
	return route == "/healthz" || route == "/readyz" || route == "/metrics"
}

// health says the process runs; it asks nobody else, so that a database away
// does not make anyone restart the server.
func (s *Server) health(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ready says whether the server can do its work. The cause of a no is for the
// log, not for outsiders.
func (s *Server) ready(c echo.Context) error {
	if s.draining.Load() {
		return notReady(c)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyWithin)
	defer cancel()
	if err := s.probe.check(ctx); err != nil {
		s.o.Log.Warn("web: not ready", "request_id", requestID(c), "cause", err)
		return notReady(c)
	}
	return c.String(http.StatusOK, "ready\n")
}

func notReady(c echo.Context) error {
	c.Response().Header().Set("Retry-After", strconv.Itoa(retryUnavailable))
	return c.String(http.StatusServiceUnavailable, "not ready\n")
}

// probe asks the database for everybody who wants to know at the same moment,
// so that any number of askers costs one connection, and waits no longer than
// the asker does: a black hole on the network answers nothing at all.
type probe struct {
	ask     func(ctx context.Context) error
	mu      sync.Mutex
	running *question
}

type question struct {
	done chan struct{}
	err  error
}

func (p *probe) check(ctx context.Context) error {
	q := p.join(ctx)
	select {
	case <-q.done:
		return q.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join gives the question that is being asked, or asks. The question outlives
// its first asker: another may be waiting for the answer.
func (p *probe) join(ctx context.Context) *question {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return p.running
	}
	q := &question{done: make(chan struct{})}
	p.running = q
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWithin)
	go func() {
		defer cancel()
		err := p.ask(own)
		p.mu.Lock()
		defer p.mu.Unlock()
		q.err, p.running = err, nil
		close(q.done)
	}()
	return q
}

// PoolStats is the state of the database pool at one moment.
type PoolStats struct {
	Open, InUse, Idle int     // connections
	Waited            int64   // requests that had to wait for one, since the start
	WaitedSeconds     float64 // how long they waited together
}

// metrics are the figures of this server, in a registry of its own so that two
// servers in one process (tests) do not share them.
type metrics struct {
	requests   *prometheus.CounterVec
	latency    *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	inFlight   prometheus.Gauge
	refused    *prometheus.CounterVec
	panics     prometheus.Counter
	handler    http.Handler
}

func newMetrics(pool func() PoolStats) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "doorstep_requests_total", Help: "Requests answered, by route pattern and status."}, []string{"method", "route", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "doorstep_request_seconds", Help: "Time from request to answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "doorstep_request_statements", Help: "Statements a request sent to the database.",
			Buckets: []float64{0, 1, 2, 4, 6, 8, 10, 12, 16, 24, 48}}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "doorstep_requests_in_flight", Help: "Requests being answered now."}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "doorstep_refused_total", Help: "Requests turned away, by reason."}, []string{"reason"}),
		panics:   prometheus.NewCounter(prometheus.CounterOpts{Name: "doorstep_panics_total", Help: "Handlers that panicked."}),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.latency, m.statements, m.inFlight, m.refused, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if pool != nil {
		registry.MustRegister(poolCollector{pool})
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{Registry: registry})
	return m
}

func (m *metrics) count(method, path string, status int, took time.Duration) {
	route := routeOf(path)
	m.requests.WithLabelValues(knownMethod(method), route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

// routeOf keeps the set of labels finite: what matched no route has no name.
func routeOf(path string) string {
	if path == "" {
		return "none"
	}
	return path
}

// knownMethod does the same for methods, which a client may make up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// readMetrics answers those who may read the figures and is not there for
// anybody else.
func (s *Server) readMetrics(c echo.Context) error {
	if !s.mayReadMetrics(c.Request()) {
		return echo.ErrNotFound
	}
	s.metrics.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

// mayReadMetrics: a proxy on this machine makes everybody look local, so a
// request that was forwarded never counts as loopback.
func (s *Server) mayReadMetrics(r *http.Request) bool {
	switch s.o.Metrics {
	case metricsAny:
		return true
	case metricsLoopback:
		for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
			if r.Header.Get(name) != "" {
				return false
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		return err == nil && net.ParseIP(host).IsLoopback()
	}
	return false
}

// poolCollector reads the pool at each scrape, so nothing has to keep it up.
type poolCollector struct{ stats func() PoolStats }

var (
	poolConnections = prometheus.NewDesc("doorstep_db_connections", "Connections to the database.", []string{"state"}, nil)
	poolWaits       = prometheus.NewDesc("doorstep_db_waits_total", "Requests that waited for a connection.", nil, nil)
	poolWaited      = prometheus.NewDesc("doorstep_db_wait_seconds_total", "Time spent waiting for a connection.", nil, nil)
)

// Describe names the figures of the pool.
func (p poolCollector) Describe(out chan<- *prometheus.Desc) {
	out <- poolConnections
	out <- poolWaits
	out <- poolWaited
}

// Collect reads the figures of the pool now.
func (p poolCollector) Collect(out chan<- prometheus.Metric) {
	s := p.stats()
	out <- prometheus.MustNewConstMetric(poolConnections, prometheus.GaugeValue, float64(s.InUse), "in_use")
	out <- prometheus.MustNewConstMetric(poolConnections, prometheus.GaugeValue, float64(s.Idle), "idle")
	out <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(s.Waited))
	out <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, s.WaitedSeconds)
}

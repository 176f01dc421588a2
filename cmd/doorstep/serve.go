package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/demo"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// drainTime is how long accepted requests may take to end after a stop was
// asked for.
const drainTime = 15 * time.Second

// serveCommand starts the server.
type serveCommand struct {
	Demo bool `help:"演示模式：自带示例数据，只在本机开放。Demo with example data, open to this machine only."`
}

// parts is what serve has brought up before the application is wired onto it.
type parts struct {
	Config   config.Config
	Log      *slog.Logger
	Now      func() time.Time // real time; a demo sets its own clock beside it
	BaseURL  *url.URL
	Demo     bool
	Keys     *vault.Keys
	DB       *postgres.DB
	OwnerDSN string // for what only the owner may do
	AppDSN   string // for a connection apart from the pool
	Say      func(format string, args ...any)

	Demonstration *demo.Result // set by wire when a demonstration stands
}

// job is work that goes on beside the requests until its context ends. It
// returns when nothing of it is half done.
type job func(ctx context.Context)

func poolOf(db *postgres.DB) func() web.PoolStats {
	return func() web.PoolStats {
		s := db.Stats()
		return web.PoolStats{Open: s.OpenConnections, InUse: s.InUse, Idle: s.Idle, Waited: s.WaitCount, WaitedSeconds: s.WaitDuration.Seconds()}
	}
}

// Run brings the server up, answers until the program's context ends, and takes
// it down in the order that loses nothing: readiness, requests, jobs, pool,
// cluster.
func (cmd serveCommand) Run(p *program) (err error) {
	c, err := p.settings()
	if err != nil {
		return err
	}
	c = ownFolder(c, cmd.Demo)
	log := web.NewLog(p.stderr, c.LogLevel)
	if err := claim(c.Data, cmd.Demo); err != nil {
		return err
	}
	listener, err := listen(p.ctx, c.Listen, cmd.Demo)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closed(listener.Close())) }()
	d, err := bringUp(p.ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, d.stop())
		log.Info("stopped")
	}()
	return p.run(listener, d, &parts{Config: c, Log: log, Now: p.Now, BaseURL: baseURL(c, listener.Addr()), Demo: cmd.Demo,
		Keys: d.keys, DB: d.db, OwnerDSN: d.owner, AppDSN: d.app, Say: p.say})
}

// run answers requests and does the jobs until it is time to stop.
func (p *program) run(listener net.Listener, d *database, a *parts) error {
	server, jobs, err := wire(p.ctx, a)
	if err != nil {
		return err
	}
	working, stopJobs := context.WithCancel(context.WithoutCancel(p.ctx))
	defer stopJobs()
	jobsDone := start(working, jobs)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	announce(p, a)
	select {
	case <-p.ctx.Done():
	case err = <-served:
	case <-d.gone():
		err = d.gaveUp()
	}
	a.Log.Info("stopping", "within", drainTime.String())
	limit, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), drainTime)
	defer cancel()
	err = errors.Join(err, server.Shutdown(limit))
	stopJobs()
	return errors.Join(err, await(limit, jobsDone))
}

// await waits for the jobs, which end by themselves; one that does not must not
// keep the database open for ever.
func await(limit context.Context, jobsDone <-chan struct{}) error {
	select {
	case <-jobsDone:
		return nil
	case <-limit.Done():
		return errors.New("doorstep: a job did not end in time and was cut off")
	}
}

// start runs the jobs and closes the channel when all have returned.
func start(ctx context.Context, jobs []job) <-chan struct{} {
	done := make(chan struct{})
	left := make(chan struct{}, len(jobs))
	for _, j := range jobs {
		go func() {
			j(ctx)
			left <- struct{}{}
		}()
	}
	go func() {
		for range jobs {
			<-left
		}
		close(done)
	}()
	return done
}

// announce tells the person at the keyboard where to go.
func announce(p *program, a *parts) {
	p.say("家门口调解已启动，请打开 %s\nDoorstep is running at %s", a.BaseURL, a.BaseURL)
	if a.Demonstration != nil {
		p.say("演示账号（密码都是 %s）Demo sign-ins (password %s):", demo.Password, demo.Password)
		for _, person := range onePerRole(a.Demonstration.People) {
			p.say("  %-12s %-14s %s", person.Username, person.Role, person.Name)
		}
		p.say("  不用账号查进度 Follow a case without an account: %s/follow  %s", a.BaseURL, a.Demonstration.Code)
	}
	a.Log.Info("serving", "listen", a.Config.Listen, "base_url", a.BaseURL.String(), "version", version(), "demo", a.Demo)
}

// listen takes the address before anything else is started, so that a port in
// use is told at once. A demo is open to this machine only: its passwords are
// known to everybody.
func listen(ctx context.Context, address string, demo bool) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &sentence{
			zh:  fmt.Sprintf("无法监听 %s：请检查地址，或用 --listen 换一个端口。", address),
			en:  fmt.Sprintf("Cannot listen on %s; check the address or choose another port with --listen.", address),
			err: err}
	}
	if at, ok := l.Addr().(*net.TCPAddr); demo && (!ok || !at.IP.IsLoopback()) {
		return nil, errors.Join(l.Close(), &sentence{
			zh: fmt.Sprintf("演示模式只能在本机开放，请把监听地址 %s 改为 127.0.0.1。", address),
			en: fmt.Sprintf("A demo is open to this machine only; change the address %s to 127.0.0.1.", address), misuse: true})
	}
	return l, nil
}

// closed makes nothing of a listener that the server has closed already.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// baseURL is the address browsers use: the setting, else what is listened on.
func baseURL(c config.Config, at net.Addr) *url.URL {
	if c.BaseURL != nil {
		return c.BaseURL
	}
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err != nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

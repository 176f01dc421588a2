package pgserver

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// How long things may take. A recovery after a crash reads the log of all that
// was not yet written out, hence the long wait for the first answer.
const (
	readyWait   = 5 * time.Minute
	fastWait    = 30 * time.Second
	quitWait    = 10 * time.Second
	settleWait  = 5 * time.Second
	busyWait    = time.Minute // leftovers of a killed PostgreSQL hold its memory
	pollEvery   = 15 * time.Millisecond
	logMax      = 8 << 20
	askInterval = 50 * time.Millisecond
)

// postmaster is the running PostgreSQL: a child of ours, or one that was found
// running.
type postmaster struct {
	pid    int
	signal func(os.Signal) error
	exited chan struct{} // closed when it is gone; for a found one, by gone
	gone   func() bool   // nil for a child
}

// start launches PostgreSQL and waits until it answers. What an earlier one
// left is cleared first; while backends of a killed one still hold its shared
// memory, the start is tried again.
func (c *cluster) start(ctx context.Context) (*postmaster, error) {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	busy, done := context.WithTimeout(ctx, busyWait)
	defer done()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		p, err := c.attempt(ctx)
		if err == nil {
			return p, nil
		}
		left := errors.Is(err, errLeftover)
		if !left || pause(busy, wait) != nil {
			return nil, say("数据库没有启动起来，原因见括号内和数据目录里的 pg/server.log。",
				"The database did not start; the reason stands in brackets and in pg/server.log of the data folder.", err)
		}
	}
}

// errLeftover marks a failure that passes when the rest of an earlier
// PostgreSQL has gone.
var errLeftover = errors.New("an earlier PostgreSQL is still leaving")

func (c *cluster) attempt(ctx context.Context) (*postmaster, error) {
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	if err := c.configure(); err != nil {
		return nil, err
	}
	log, from, err := c.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p, err := c.launch(ctx, log)
	if err != nil {
		return nil, err
	}
	err = c.answer(ctx, p)
	if err == nil {
		return p, nil
	}
	text := c.logTail(from)
	err = errors.Join(err, p.stop())
	// The messages are in English whatever the machine's language: LC_ALL=C.
	if bytes.Contains(text, []byte("is still in use")) || bytes.Contains(text, []byte("already exists")) {
		err = errors.Join(errLeftover, err)
	}
	return nil, fmt.Errorf("%w: %s", err, lastLines(text, 5))
}

// launch forks on a thread of its own that waits for the end, because the
// signal of dieWithParent comes when the forking thread ends.
func (c *cluster) launch(ctx context.Context, log *os.File) (*postmaster, error) {
	cmd := c.as.command(context.WithoutCancel(ctx), c.bin.postgres(), "-D", c.data())
	cmd.Stdout, cmd.Stderr = log, log
	if c.detached {
		cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Setsid = false, true
		dieWithParent(cmd.SysProcAttr, 0)
	} else {
		dieWithParent(cmd.SysProcAttr, syscall.SIGINT) // a clean, fast shutdown
	}
	p := &postmaster{exited: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended stands in its log
		}
		close(p.exited)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("pgserver: start postgres: %w", err)
	}
	p.pid, p.signal = cmd.Process.Pid, cmd.Process.Signal
	return p, nil
}

// answer waits until PostgreSQL takes a query, or is gone.
func (c *cluster) answer(ctx context.Context, p *postmaster) error {
	db, err := sql.Open("postgres", c.dsn(AdminRole, "postgres"))
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	defer db.Close()
	for {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		timer := time.NewTimer(pollEvery)
		select {
		case <-p.exited:
			timer.Stop()
			return fmt.Errorf("postgres ended: %w", err)
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), err)
		case <-timer.C:
		}
	}
}

// stop ends PostgreSQL: fast, then immediate, then by force.
func (p *postmaster) stop() error {
	for _, step := range []struct {
		signal os.Signal
		wait   time.Duration
	}{{syscall.SIGINT, fastWait}, {syscall.SIGQUIT, quitWait}, {syscall.SIGKILL, quitWait}} {
		if err := p.signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("pgserver: stop postgres: %w", err)
		}
		if p.await(step.wait) {
			return nil
		}
	}
	return fmt.Errorf("pgserver: process %d does not end", p.pid)
}

// await says whether PostgreSQL was gone before the time had passed.
func (p *postmaster) await(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.exited:
			return true
		case <-timer.C:
			return false
		case <-tick.C:
			if p.gone != nil && p.gone() {
				return true
			}
		}
	}
}

// openLog opens the log and says where the new part begins. An over-long log
// is set aside once; errors of statements are not in it, so it grows slowly.
func (c *cluster) openLog() (*os.File, int64, error) {
	if info, err := os.Stat(c.logFile()); err == nil && info.Size() > logMax {
		if err := os.Rename(c.logFile(), c.logFile()+".1"); err != nil {
			return nil, 0, fmt.Errorf("pgserver: %w", err)
		}
	}
	f, err := os.OpenFile(c.logFile(), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("pgserver: %w", err)
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("pgserver: %w", err), f.Close())
	}
	return f, end, nil
}

func (c *cluster) logTail(from int64) []byte {
	raw, err := os.ReadFile(c.logFile())
	if err != nil || from > int64(len(raw)) {
		return nil
	}
	return raw[from:]
}

// socketFiles are what a killed PostgreSQL leaves in the socket folder.
func (c *cluster) socketFiles() []string {
	s := filepath.Join(c.socket, socketName)
	return []string{s, s + ".lock"}
}

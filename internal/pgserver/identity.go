package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// identity is the account PostgreSQL runs as. It refuses to run as root, so
// root needs another one.
type identity struct {
	uid, gid int // who owns the files; -1 leaves them as they are
	inside   int // uid inside a user namespace that maps to root outside; 0 without one
}

func self() identity { return identity{uid: -1, gid: -1} }

// own gives a file of ours to the account.
func (id identity) own(path string) error {
	if id.uid < 0 {
		return nil
	}
	if err := os.Lchown(path, id.uid, id.gid); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	return nil
}

// ownAll gives a whole folder to the account, as when the data folder was made
// in another way of running. Files that are right already are left alone, and
// files that go away meanwhile are no fault.
func (id identity) ownAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		var info fs.FileInfo
		if err == nil {
			info, err = d.Info()
		}
		if err == nil && !id.owns(info) {
			err = id.own(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("pgserver: %w", err)
		}
		return nil
	})
}

func (id identity) owns(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == id.uid && int(stat.Gid) == id.gid
}

// command is a program of PostgreSQL as the account, with nothing of our own
// environment. Setpgid keeps Ctrl-C from it: the program stops it in its turn.
func (id identity) command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	id.apply(cmd.SysProcAttr)
	if id.uid >= 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(id.uid), Gid: uint32(id.gid)}
	}
	dieWithParent(cmd.SysProcAttr, syscall.SIGKILL)
	return cmd
}

// chooseIdentity finds, for root, an account that can run PostgreSQL here; it
// tries instead of guessing, since containers and folders refuse in many ways:
// the owner of an existing cluster, a user namespace (needs no other account
// and works below root's home), postgres, nobody.
func (c *cluster) chooseIdentity(ctx context.Context) (identity, error) {
	if os.Geteuid() != 0 {
		return self(), nil
	}
	var tried []error
	for _, id := range c.candidates() {
		err := c.admits(ctx, id)
		if err == nil {
			return id, nil
		}
		tried = append(tried, err)
	}
	return identity{}, say(
		fmt.Sprintf("root 不能直接运行数据库，也没有别的账户进得去 %s。请把数据目录设在 /var/lib/doorstep，或用普通账户启动，或用 DATABASE_URL 指定一个数据库。", c.o.Dir),
		fmt.Sprintf("Root may not run the database, and no other account can enter %s. Put the data folder at /var/lib/doorstep, or start as an ordinary account, or name a database by DATABASE_URL.", c.o.Dir),
		errors.Join(append(tried, ErrNoAccount)...))
}

func (c *cluster) candidates() []identity {
	var ids []identity
	if info, err := os.Stat(c.data()); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
			ids = append(ids, identity{uid: int(stat.Uid), gid: int(stat.Gid)})
		}
	}
	if inside := insideUser(); namespaces && !c.forbidNamespaces && inside != 0 && len(ids) == 0 {
		ids = append(ids, identity{uid: -1, gid: -1, inside: inside})
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, errU := strconv.Atoi(u.Uid)
			gid, errG := strconv.Atoi(u.Gid)
			if errU == nil && errG == nil {
				ids = append(ids, identity{uid: uid, gid: gid})
			}
		}
	}
	return ids
}

// insideUser is a uid with a name, other than root: initdb asks for the name
// of the account it runs as.
func insideUser() int {
	for _, uid := range []string{"1", "65534", "99"} {
		if _, err := user.LookupId(uid); err == nil {
			n, _ := strconv.Atoi(uid)
			return n
		}
	}
	return 0
}

// admits gives the account the folder and tries whether it can enter it and
// run the programs.
func (c *cluster) admits(ctx context.Context, id identity) error {
	if err := c.handOver(id); err != nil {
		return err
	}
	cmd := id.command(ctx, c.bin.postgres(), "--version")
	cmd.Dir = c.home()
	var out []byte
	var err error
	onOwnThread(func() { out, err = cmd.CombinedOutput() })
	if err != nil {
		return fmt.Errorf("as uid %d (inside %d): %w %s", id.uid, id.inside, err, lastLines(out, 1))
	}
	return nil
}

// handOver gives the cluster to the account. For another account than root it
// makes the two folders above searchable, which shows nobody their contents;
// for a namespace it takes back what an earlier try gave away.
func (c *cluster) handOver(id identity) error {
	if id.inside != 0 {
		return identity{}.ownAll(c.home())
	}
	for _, dir := range []string{c.o.Dir, c.root()} {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("pgserver: %w", err)
		}
		if err := os.Chmod(dir, info.Mode().Perm()|0o011); err != nil {
			return fmt.Errorf("pgserver: %w", err)
		}
	}
	return id.ownAll(c.home())
}

// onOwnThread runs f on a thread that ends with it. A child told to die with
// its parent dies with the parent's thread, so the thread must outlive it.
func onOwnThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		f()
	}()
	<-done
}

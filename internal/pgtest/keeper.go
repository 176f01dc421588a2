package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// duty is the keeper: it waits until no test uses the cluster, lingers in case
// the next package is about to begin, and stops PostgreSQL. While it does so it
// holds the exclusive lock, so that a new test waits instead of finding a
// cluster about to go. It gives up its own post (descriptor 3) before that lock,
// so that the next cluster gets a keeper of its own.
//
// $1 is the folder, $2 the seconds to linger. The process is looked at before
// it is signalled, since its id may be another's by now.
const duty = `
exec 4<"$1/users" || exit 1
data="$1/pg/cluster/data"
while :; do
	flock -x 4 && flock -u 4
	sleep "$2"
	flock -n -x 4 && break
done
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-D $data"; then
	kill -INT "$pid"
	for _ in $(seq 300); do
		[ -e "$data/postmaster.pid" ] || break
		sleep 0.1
	done
fi
exec 3>&- 4<&-
`

const linger = "2"

// hireKeeper starts a keeper unless one is on duty; hired says that it did. It
// outlives this process and belongs to no terminal.
func (s *seat) hireKeeper() (hired bool, err error) {
	post, err := lock(filepath.Join(s.dir, "keeper"), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer post.Close() // the keeper's copy holds the lock on
	shell, err := exec.LookPath("sh")
	if err != nil {
		return true, nil //nolint:nilerr // no shell: the cluster is left for the next run
	}
	if _, err := exec.LookPath("flock"); err != nil {
		return true, nil //nolint:nilerr // as above
	}
	keeper := exec.Command(shell, "-c", duty, "doorstep-test-keeper", s.dir, linger) // outlives any context
	keeper.Dir = "/"
	keeper.ExtraFiles = []*os.File{post}
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := keeper.Start(); err != nil {
		return false, fmt.Errorf("pgtest: keeper: %w", err)
	}
	if err := keeper.Process.Release(); err != nil {
		return false, fmt.Errorf("pgtest: keeper: %w", err)
	}
	return true, nil
}

//go:build !linux

package pgserver

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
)

// commandLine is how the process was called; nil when it is gone. ps joins the
// arguments by blanks, so the last one is put together again: we give the data
// folder last.
func commandLine(ctx context.Context, pid int) []string {
	out, err := exec.CommandContext(ctx, "ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	program, data, ok := strings.Cut(strings.TrimSpace(string(out)), " -D ")
	if !ok {
		return []string{program}
	}
	return []string{program, "-D", data}
}

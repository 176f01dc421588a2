package pgserver

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// commandLine is how the process was called; nil when it is gone.
func commandLine(_ context.Context, pid int) []string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || len(raw) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(string(raw), "\x00"), "\x00")
}

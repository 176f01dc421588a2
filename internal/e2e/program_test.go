package e2e

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doorstep/internal/pgserver"
)

// How long the program may take to stand (a demonstration plays all its stories
// first) and to stop.
const (
	startTime = 2 * time.Minute
	stopTime  = 30 * time.Second
)

// program is the running demonstration.
type program struct {
	cmd      *exec.Cmd
	data     string
	url      string
	password string
	logins   map[string]string // by role, as printed at the start
	out, err *output
}

// output keeps what a process prints and can be read meanwhile.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// startProgram builds cmd/doorstep, serves its demonstration from a folder of
// the test, and waits for what a newcomer reads on the terminal.
func startProgram(t *testing.T) *program {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "doorstep")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "doorstep/cmd/doorstep")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	p := &program{data: filepath.Join(t.TempDir(), "data"), logins: map[string]string{}, out: &output{}, err: &output{}}
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), binary, "serve", "--demo", "--listen", "127.0.0.1:0", "--data", p.data)
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "DOORSTEP_PG_MIRROR=off"}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	t.Cleanup(func() { p.stop(t, ended) })
	p.awaitStart(t, ended)
	return p
}

var (
	addressLine  = regexp.MustCompile(`running at (http://\S+)`)
	passwordLine = regexp.MustCompile(`password ([^)\s]+)\)`)
	signInLine   = regexp.MustCompile(`(?m)^  ([a-z]+) +([a-z_]+) +\S+$`)
	lastLine     = regexp.MustCompile(`/follow  [\d ]+\n`)
)

func (p *program) awaitStart(t *testing.T, ended chan error) {
	t.Helper()
	for until := time.Now().Add(startTime); !lastLine.MatchString(p.out.String()); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-ended:
			ended <- err
			if strings.Contains(p.err.String(), pgserver.ErrNoBinaries.Error()) {
				missing(t, "REQUIRE_POSTGRES", "PostgreSQL", p.err.String())
			}
			t.Fatalf("serve ended at the start: %v\n%s", err, p.err)
		default:
		}
		if time.Now().After(until) {
			t.Fatalf("no start within %v\n%s\n%s", startTime, p.out, p.err)
		}
	}
	said := p.out.String()
	p.url = firstGroup(addressLine, said)
	p.password = firstGroup(passwordLine, said)
	for _, line := range signInLine.FindAllStringSubmatch(said, -1) {
		p.logins[line[2]] = line[1]
	}
	if p.url == "" || p.password == "" || len(p.logins) == 0 {
		t.Fatalf("the start does not tell where to go and as whom:\n%s", said)
	}
}

func firstGroup(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// stop asks the program to end and holds it to its word: code 0, and no database
// left behind.
func (p *program) stop(t *testing.T, ended chan error) {
	t.Helper()
	databases := p.databases(t)
	if len(p.logins) > 0 && len(databases) == 0 {
		t.Error("no running database was found in the data folder, so its end cannot be seen")
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case err := <-ended:
		if err != nil && len(p.logins) > 0 {
			t.Errorf("the program ended with %v, want code 0\n%s", err, p.err)
		}
	case <-time.After(stopTime):
		_ = p.cmd.Process.Kill()
		t.Errorf("no end within %v of SIGTERM\n%s", stopTime, p.err)
	}
	for _, pid := range databases {
		if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("the database with process id %d is left behind (%v)", pid, err)
		}
	}
}

// databases gives the process ids of the clusters that run in the data folder.
func (p *program) databases(t *testing.T) []int {
	t.Helper()
	var pids []int
	err := filepath.WalkDir(p.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "postmaster.pid" {
			return nil //nolint:nilerr // files come and go under a running cluster
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		line, _, _ := strings.Cut(string(text), "\n")
		pid, err := strconv.Atoi(strings.TrimSpace(line))
		pids = append(pids, pid)
		return err
	})
	if err != nil {
		t.Errorf("looking for databases: %v", err)
	}
	return pids
}

// missing skips aloud, or fails where the variable says that nothing may be
// missing.
func missing(t *testing.T, variable, what, why string) {
	t.Helper()
	if os.Getenv(variable) != "" {
		t.Fatalf("%s is set and there is no %s: %s", variable, what, why)
	}
	t.Skipf("no %s on this machine: %s", what, why)
}

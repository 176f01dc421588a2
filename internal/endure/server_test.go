package endure

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"doorstep/internal/pgserver"
)

var long = flag.Bool("endure.long", false, "run the long form of each promise")

// patience bounds what is waited for here. It says nothing about speed: a loaded
// machine may take long, and only what never comes is a fault.
const patience = 3 * time.Minute

// size is how much of a test is done: in the short form and in the long one.
func size(short, lengthy int) int {
	if *long {
		return lengthy
	}
	return short
}

// workshop is where the program and its data lie while the tests run.
var workshop string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "endure-")
	if err != nil {
		log.Print(err)
		return 1
	}
	workshop = dir
	defer func() { _ = os.RemoveAll(dir) }()
	code := m.Run()
	if shared != nil && shared.running() {
		if err := shared.end(); err != nil {
			log.Print(err)
			return 1
		}
	}
	return code
}

// build makes the program as it ships, also when the tests themselves run with
// the race detector, which would multiply its memory.
var build = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(workshop, "doorstep")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "doorstep/cmd/doorstep")
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// server is the program as a child process.
type server struct {
	data string
	url  string
	args []string // after "serve"
	env  []string // beside the usual ones
	out  string   // file of what it prints; what it logs goes beside it
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
	fate error         // how it ended
}

// shared is the server most tests use: the demonstration on its own durable
// cluster, as `serve --demo` brings it up anywhere.
var shared *server

// house gives the shared server, running and ready.
func house(t *testing.T) *server {
	t.Helper()
	if shared == nil {
		s := &server{data: filepath.Join(workshop, "data"), args: []string{"--demo"}, out: filepath.Join(workshop, "out")}
		s.build(t)
		shared = s
	}
	if !shared.running() {
		shared.again(t)
	}
	return shared
}

// build makes the demonstration. A machine so loaded that a commit takes seconds
// may spoil the first try; what is tried here begins afterwards.
func (s *server) build(t *testing.T) {
	t.Helper()
	for range 3 {
		if s.launch(t, "127.0.0.1:0") {
			return
		}
		t.Logf("the demonstration was not built: %s", s.log())
		if err := os.RemoveAll(s.data); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("serve ended at its start: %v\n%s", s.fate, s.log())
}

// start runs the program and waits until it says where it answers.
func (s *server) start(t *testing.T, listen string) {
	t.Helper()
	if !s.launch(t, listen) {
		t.Fatalf("serve ended at its start: %v\n%s", s.fate, s.log())
	}
}

// launch is start without a verdict: false when the program ended. Started again
// on its address, it leaves the url alone, which others read meanwhile.
func (s *server) launch(t *testing.T, listen string) bool {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(s.out)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	said, err := os.OpenFile(s.out+".log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	s.cmd = exec.CommandContext(context.Background(), binary, append([]string{"serve", "--listen", listen, "--data", s.data}, s.args...)...)
	s.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + workshop, "TMPDIR=" + temp(t), "DOORSTEP_TRUSTED_PROXIES=127.0.0.1"}, s.env...)
	if os.Getenv("REQUIRE_POSTGRES") == "" {
		s.cmd.Env = append(s.cmd.Env, "DOORSTEP_PG_MIRROR=off")
	}
	s.cmd.Stdout, s.cmd.Stderr = out, said
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		s.fate = cmd.Wait()
		close(done)
	}(s.cmd, s.done)
	return s.awaitAddress(t)
}

// temp is the folder for temporary files of the program, so that what it leaves
// there is seen.
func temp(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(workshop, "tmp")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

var addressLine = regexp.MustCompile(`running at (http://\S+)`)

func (s *server) awaitAddress(t *testing.T) bool {
	t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if !s.running() {
			if strings.Contains(s.log(), pgserver.ErrNoBinaries.Error()) {
				missing(t, s.log())
			}
			return false
		}
		text, err := os.ReadFile(s.out)
		if err != nil {
			t.Fatal(err)
		}
		if m := addressLine.FindSubmatch(text); m != nil {
			if at := string(m[1]); at != s.url {
				s.url = at
			}
			return true
		}
	}
	t.Fatalf("no start within %v\n%s", patience, s.log())
	return false
}

// missing skips aloud where there is no PostgreSQL, or fails where it must be.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("REQUIRE_POSTGRES") != "" {
		t.Fatal("REQUIRE_POSTGRES is set and there is no PostgreSQL: ", why)
	}
	t.Skip("SKIPPED, no PostgreSQL on this machine: ", why)
}

// again starts the program once more on its folder and its address, and says how
// long it took until it was ready.
func (s *server) again(t *testing.T) time.Duration {
	t.Helper()
	from := time.Now()
	s.start(t, strings.TrimPrefix(s.url, "http://"))
	s.become(t, "/readyz", http.StatusOK)
	return time.Since(from)
}

func (s *server) running() bool {
	select {
	case <-s.done:
		return false
	default:
		return s.cmd != nil
	}
}

// kill ends the program by force and waits until the kernel has buried it.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.done
}

// end asks the program to stop and holds it to its word: code 0.
func (s *server) end() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.done:
		if s.fate != nil {
			return fmt.Errorf("a graceful stop ended with %w\n%s", s.fate, s.log())
		}
		return nil
	case <-time.After(patience):
		return errors.Join(fmt.Errorf("no end within %v of SIGTERM\n%s", patience, s.log()), s.cmd.Process.Kill())
	}
}

// log is the end of what the program wrote about itself.
func (s *server) log() string {
	text, err := os.ReadFile(s.out + ".log")
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

// status asks for a page and gives its status; 0 when nobody answers.
func (s *server) status(path string) int {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return 0
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// become waits until the address answers with the status and says how long that
// took.
func (s *server) become(t *testing.T, path string, want int) time.Duration {
	t.Helper()
	from, got := time.Now(), -1
	for time.Since(from) < patience {
		if got = s.status(path); got == want {
			return time.Since(from)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s answers %d, want %d\n%s", path, got, want, s.log())
	return 0
}

// postmaster waits until the server's own PostgreSQL runs as another process than
// the one that died, 0 for none, and gives its id. It looks whether the process is
// really that: what follows is a kill. The file that names it outlives it, and so
// do the connections it had begun, for a moment: neither says that it runs.
func (s *server) postmaster(t *testing.T, died int) int {
	t.Helper()
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("SKIPPED: no /proc on this system: ", err)
	}
	dir := filepath.Join(s.data, "pg", "cluster", "data")
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
		line, _, _ := strings.Cut(string(text), "\n")
		pid, _ := strconv.Atoi(strings.TrimSpace(line))
		if called, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); pid != died && slices.Contains(strings.Split(string(called), "\x00"), dir) {
			return pid
		}
	}
	t.Fatalf("PostgreSQL does not run within %v\n%s", patience, s.log())
	return 0
}

// worked is the processor time the program has had so far.
func (s *server) worked(t *testing.T) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		t.Skip("SKIPPED: no /proc on this system: ", err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest) // from the third on
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// resident is the memory of the program's own process in MiB, now and at its
// highest since the start.
func (s *server) resident(t *testing.T) (now, peak int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Skip("SKIPPED: no /proc on this system: ", err)
	}
	figure := func(name string) int {
		m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("no %s in the process's status", name)
		}
		n, _ := strconv.Atoi(string(m[1]))
		return n >> 10
	}
	return figure("VmRSS"), figure("VmHWM")
}

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/config"
)

// shipAs makes the test binary be the program itself, so that signals and exit
// codes are tested on what ships.
const shipAs = "RUN_AS_DOORSTEP"

func TestMain(m *testing.M) {
	if os.Getenv(shipAs) != "" {
		main()
	}
	os.Exit(m.Run())
}

// ran is what one command line gave.
type ran struct {
	code        int
	out, errout string
}

// run carries out a command line with an environment of its own.
func run(t *testing.T, environ []string, args ...string) ran {
	t.Helper()
	var out, errout bytes.Buffer
	m := Main{Environ: environ, Now: time.Now, Random: rand.Reader}
	code := m.Run(t.Context(), args, &out, &errout)
	return ran{code, out.String(), errout.String()}
}

func TestCommandLine(t *testing.T) {
	occupied, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = occupied.Close() })
	home := "HOME=" + t.TempDir()
	for _, tt := range []struct {
		rule    string
		environ []string
		args    []string
		code    int
		says    []string
	}{
		{"nothing asked shows the help", nil, nil, 0, []string{"serve", "migrate", "config", "version"}},
		{"help is in both languages", nil, []string{"--help"}, 0, []string{"启动服务", "Start the server"}},
		{"an unknown command", nil, []string{"sevre"}, 2, []string{"命令行有误", "doorstep --help"}},
		{"an unknown flag", nil, []string{"serve", "--listn=x"}, 2, []string{"命令行有误"}},
		{"the version", nil, []string{"version"}, 0, []string{"doorstep ", "go1."}},
		{"an unknown setting names the nearest", []string{"DOORSTEP_LISTN=x"}, []string{"serve"}, 2, []string{"DOORSTEP_LISTEN", "did you mean", "是不是想写"}},
		{"a settings file that is missing", []string{home}, []string{"serve", "--config", "/nowhere/x.conf"}, 2, []string{"/nowhere/x.conf"}},
		{"an address that is taken", []string{home}, []string{"serve", "--listen", occupied.Addr().String()}, 1, []string{"无法监听", "--listen"}},
		{"a demo for the whole network", []string{home}, []string{"serve", "--demo", "--listen", "0.0.0.0:0"}, 2, []string{"演示模式只能在本机开放", "127.0.0.1"}},
		{"a database that refuses the password format", []string{home, "DATABASE_URL=mysql://a:geheim@b/c"}, []string{"migrate"}, 2, []string{"postgres://"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := run(t, tt.environ, tt.args...)
			if got.code != tt.code {
				t.Errorf("code = %d, want %d; %s%s", got.code, tt.code, got.out, got.errout)
			}
			for _, word := range tt.says {
				if !strings.Contains(got.out+got.errout, word) {
					t.Errorf("%q is missing in %s%s", word, got.out, got.errout)
				}
			}
			if strings.Contains(got.out+got.errout, "geheim") {
				t.Error("a password was shown")
			}
		})
	}
}

func TestConfigShowsWhatHoldsAndWhereFrom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "doorstep.conf")
	if err := os.WriteFile(file, []byte("DOORSTEP_LANG=en\nDOORSTEP_LISTEN=:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, []string{"DATABASE_URL=postgres://app:geheim@db/doorstep", "DOORSTEP_LISTEN=:2", "HOME=/home/li"},
		"config", "--config", file, "--max-upload", "7")
	if got.code != 0 {
		t.Fatal(got)
	}
	lines := map[string]string{}
	for line := range strings.Lines(got.out) {
		value, source, _ := strings.Cut(strings.TrimSpace(line), "# ")
		key, text, _ := strings.Cut(strings.TrimSpace(value), "=")
		lines[key] = text + " # " + source
	}
	for key, want := range map[string]string{
		"DOORSTEP_LISTEN":     ":2 # environment",
		"DOORSTEP_LANG":       "en # file " + file + ":1",
		"DOORSTEP_MAX_UPLOAD": "7 # flag --max-upload",
		"DATABASE_URL":        "postgres://app:******@db/doorstep # environment",
		"DOORSTEP_DATA":       "/home/li/.local/state/doorstep # default",
		"DOORSTEP_METRICS":    "loopback # default",
	} {
		if lines[key] != want {
			t.Errorf("%s = %q, want %q", key, lines[key], want)
		}
	}
	if strings.Contains(got.out, "geheim") {
		t.Error("the password is shown")
	}
}

func TestDemoAndRealDataStayApart(t *testing.T) {
	base := t.TempDir()
	folder := func(name string, files ...string) string {
		dir := filepath.Join(base, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for _, tt := range []struct {
		rule string
		dir  string
		demo bool
		good bool
	}{
		{"a new folder serves", filepath.Join(base, "new", "deep"), false, true},
		{"a new folder becomes a demo", filepath.Join(base, "demo"), true, true},
		{"and stays one", filepath.Join(base, "demo"), true, true},
		{"a demo is never served as real", filepath.Join(base, "demo"), false, false},
		{"real data never become a demo", folder("real", "pg"), true, false},
		{"real data are served", folder("real", "pg"), false, true},
		{"a file is no folder", filepath.Join(folder("odd", "file"), "file"), false, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if err := claim(tt.dir, tt.demo); (err == nil) != tt.good {
				t.Errorf("claim = %v, want good %v", err, tt.good)
			}
		})
	}
	if info, err := os.Stat(filepath.Join(base, "new", "deep")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("a new data folder is open to others: %v, %v", info, err)
	}
}

func TestDemoHasItsOwnFolderUnlessOneWasChosen(t *testing.T) {
	for _, tt := range []struct {
		rule       string
		environ    []string
		demo       bool
		data, keys string
	}{
		{"not a demo", []string{"HOME=/h"}, false, "/h/.local/state/doorstep", "/h/.local/state/doorstep/keys"},
		{"a demo beside the default", []string{"HOME=/h"}, true, "/h/.local/state/doorstep-demo", "/h/.local/state/doorstep-demo/keys"},
		{"a demo where it was put", []string{"DOORSTEP_DATA=/d"}, true, "/d", "/d/keys"},
		{"keys where they were put", []string{"HOME=/h", "DOORSTEP_KEYS_FILE=/k"}, true, "/h/.local/state/doorstep-demo", "/k"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			c, err := config.Load(config.Sources{Environ: tt.environ})
			if err != nil {
				t.Fatal(err)
			}
			if c = ownFolder(c, tt.demo); c.Data != tt.data || c.KeysDir != tt.keys {
				t.Errorf("data %s, keys %s; want %s, %s", c.Data, c.KeysDir, tt.data, tt.keys)
			}
		})
	}
}

func TestBaseURLIsTheSettingOrWhatIsListenedOn(t *testing.T) {
	for _, tt := range []struct {
		rule, setting, at, want string
	}{
		{"the setting first", "https://a.example", "127.0.0.1:80", "https://a.example"},
		{"else the address", "", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"every address is reached as localhost", "", "0.0.0.0:8080", "http://localhost:8080"},
		{"version six too", "", "[::]:8080", "http://localhost:8080"},
		{"version six loopback", "", "[::1]:8080", "http://[::1]:8080"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var c config.Config
			if tt.setting != "" {
				u, err := url.Parse(tt.setting)
				if err != nil {
					t.Fatal(err)
				}
				c.BaseURL = u
			}
			at, err := net.ResolveTCPAddr("tcp", tt.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := baseURL(c, at).String(); got != tt.want {
				t.Errorf("base URL = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestServingRoleIsGrantedOnlyWhenItIsAnother(t *testing.T) {
	for _, tt := range []struct{ rule, owner, app, want string }{
		{"two roles", "postgres://owner:p@h/d", "postgres://app:p@h/d", "app"},
		{"one address for both", "postgres://owner:p@h/d", "postgres://owner:p@h/d", ""},
		{"an address without a role", "postgres://owner:p@h/d", "postgres://h/d", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := (addresses{tt.owner, tt.app}).appRole(); got != tt.want {
				t.Errorf("role = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestJobsEndBeforeTheStopIsOver(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	ended := 0
	done := start(ctx, []job{
		func(ctx context.Context) { <-ctx.Done(); ended++ },
	})
	select {
	case <-done:
		t.Fatal("over while a job runs")
	case <-time.After(20 * time.Millisecond):
	}
	stop()
	if err := await(t.Context(), done); err != nil || ended != 1 {
		t.Errorf("await = %v after %d jobs ended", err, ended)
	}
	if err := await(ctx, make(chan struct{})); err == nil {
		t.Error("a job that does not end was waited for")
	}
}

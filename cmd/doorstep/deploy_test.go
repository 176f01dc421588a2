package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record what deploy prints")

// deployed are settings of the usual kinds; every kind of text is printed for each.
var deployed = map[string][]string{
	"plain": {"HOME=/home/li", "DOORSTEP_BASE_URL=https://tiaojie.example.cn"},
	"full": {"HOME=/home/li", "DOORSTEP_BASE_URL=https://tiaojie.example.cn", "DOORSTEP_LISTEN=[::1]:8081", "DOORSTEP_DATA=/srv/door step", "DOORSTEP_TRUSTED_PROXIES=::1",
		"DATABASE_URL=postgres://app:geheim@db/doorstep", "DOORSTEP_MIGRATE_URL=postgres://owner:geheim@db/doorstep", "DOORSTEP_MAX_UPLOAD=5",
		"DOORSTEP_BACKUP_DIR=/mnt/backups", "DOORSTEP_BACKUP_TO=age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "DOORSTEP_CHECKPOINT_TO=/mnt/away",
		"DOORSTEP_SMTP_HOST=m.example.cn:587", "DOORSTEP_SMTP_FROM=调解 100% \"office\" $x <a@example.cn>"},
	"odd": {"HOME=/home/li", "DOORSTEP_BASE_URL=https://tiaojie.example.cn", "DOORSTEP_LISTEN=:443", "DOORSTEP_DATA=/home/li/doorstep"},
}

func printed(t *testing.T, environ []string, kind string, args ...string) string {
	t.Helper()
	got := run(t, environ, append([]string{"deploy", kind, "--binary", "/usr/local/bin/doorstep"}, args...)...)
	if got.code != 0 {
		t.Fatalf("%s: %+v", kind, got)
	}
	return got.out
}

func TestWhatDeployPrints(t *testing.T) {
	for name, environ := range deployed {
		for _, kind := range []string{"systemd", "nginx", "caddy", "container"} {
			got := printed(t, environ, kind)
			got = regexp.MustCompile(`FROM golang:\S+`).ReplaceAllString(got, "FROM golang:N")
			if strings.Contains(got, "geheim") {
				t.Errorf("%s for %s holds a password", kind, name)
			}
			file := filepath.Join("testdata", "deploy", name+"."+kind)
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, file, []byte(got))
				continue
			}
			if want := string(read(t, file)); got != want {
				t.Errorf("%s for %s is other than %s (-update records it):\n%s", kind, name, file, got)
			}
		}
	}
}

func TestDeployKnowsTheSettingsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "doorstep.conf")
	write(t, file, []byte("DOORSTEP_LANG=en\nDATABASE_URL=postgres://app:geheim@db/doorstep\n"))
	for rule, got := range map[string]ran{
		"by the flag":        run(t, []string{"HOME=/h", "DOORSTEP_LOG_LEVEL=warn"}, "deploy", "systemd", "--config", file),
		"by the environment": run(t, []string{"HOME=/h", "DOORSTEP_LOG_LEVEL=warn", "DOORSTEP_CONFIG=" + file}, "deploy", "systemd"),
	} {
		if !strings.Contains(got.out, "serve --config "+file+"\n") || strings.Contains(got.out, "DOORSTEP_LANG") || strings.Contains(got.out, "DATABASE_URL") ||
			!strings.Contains(got.out, `"DOORSTEP_LOG_LEVEL=warn"`) {
			t.Errorf("%s: %+v", rule, got)
		}
	}
}

func TestDeployAsksForWhatAProxyNeeds(t *testing.T) {
	for _, environ := range [][]string{{"HOME=/h"}, {"HOME=/h", "DOORSTEP_BASE_URL=http://a.example"}, {"HOME=/h", "DOORSTEP_BASE_URL=https://a.example:8443"},
		{"HOME=/h", "DOORSTEP_BASE_URL=https://a;b"}} {
		for _, kind := range []string{"nginx", "caddy"} {
			if got := run(t, environ, "deploy", kind); got.code != exitRefused || got.out != "" {
				t.Errorf("%v %s: %+v", environ, kind, got)
			}
		}
	}
	if got := run(t, []string{"HOME=/h"}, "deploy", "systemd", "--binary", "/a\"\nExecStartPre=/evil"); got.code != exitRefused {
		t.Errorf("%+v", got)
	}
	if got := run(t, []string{"HOME=/h"}, "deploy", "upstart"); got.code != exitRefused {
		t.Errorf("%+v", got)
	}
}

// needProgram skips aloud without a program of the machine's, except where the
// checks are asked for.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("REQUIRE_DEPLOY") != "" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("SKIPPED: no ", name, " on this machine (REQUIRE_DEPLOY=1 makes this a failure)")
	}
	return path
}

func command(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	return string(out), err
}

func TestTheUnitIsTakenBySystemd(t *testing.T) {
	analyze := needProgram(t, "systemd-analyze")
	for name, environ := range deployed {
		text := strings.ReplaceAll(printed(t, environ, "systemd"), "/usr/local/bin/doorstep", "/bin/true") // it is to be there
		unit := filepath.Join(t.TempDir(), "doorstep.service")
		write(t, unit, []byte(text))
		if out, err := command(t, analyze, "verify", unit); err != nil || strings.TrimSpace(out) != "" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if out, err := command(t, analyze, "security", "--offline=true", "--threshold=25", unit); err != nil {
			t.Errorf("%s is open wider than 2.5: %v\n%s", name, err, out)
		}
	}
	unit := filepath.Join(t.TempDir(), "doorstep.service")
	write(t, unit, []byte(strings.ReplaceAll(printed(t, deployed["plain"], "systemd"), "ProtectSystem=strict", "ProtectSystem=perhaps")))
	if out, _ := command(t, analyze, "verify", unit); !strings.Contains(out, "perhaps") {
		t.Errorf("the check sees no fault: %s", out)
	}
}

// upstream is a program behind a proxy: it tells what it was asked.
func upstream(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprintf(w, "%s host=%s for=%q proto=%q real=%q forwarded=%q body=%d %v", r.URL.Path, r.Host, r.Header["X-Forwarded-For"],
			r.Header.Get("X-Forwarded-Proto"), r.Header.Get("X-Real-Ip"), r.Header.Get("Forwarded"), n, err)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// asked sends a request through a proxy as a stranger who writes headers of his own.
func asked(t *testing.T, port, method, path string, body int) (int, string) {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "tiaojie.example.cn"}, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
		}}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	r, err := http.NewRequestWithContext(t.Context(), method, "https://tiaojie.example.cn"+path, bytes.NewReader(make([]byte, body)))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9", "Forwarded": "for=203.0.113.9"} {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// walk asks a running proxy for what it should pass on and what not.
func throughProxy(t *testing.T, port string, log func() string) {
	t.Helper()
	until := time.Now().Add(30 * time.Second)
	for code, text := 0, ""; code == 0; code, text = asked(t, port, http.MethodGet, "/", 0) {
		if time.Now().After(until) {
			t.Fatalf("the proxy does not answer: %s %s", text, log())
		}
		time.Sleep(50 * time.Millisecond)
	}
	want := `/help host=tiaojie.example.cn for=["127.0.0.1"] proto="https" real="" forwarded="" body=0 <nil>`
	if code, text := asked(t, port, http.MethodGet, "/help", 0); code != 200 || text != want {
		t.Errorf("%d %s, want %s", code, text, want)
	}
	if code, text := asked(t, port, http.MethodGet, "/i/geheim", 0); code != 200 || !strings.HasPrefix(text, "/i/geheim ") {
		t.Errorf("%d %s", code, text)
	}
	if code, text := asked(t, port, http.MethodGet, "/metrics", 0); code != 404 {
		t.Errorf("the figures are shown: %d %s", code, text)
	}
	if code, text := asked(t, port, http.MethodPost, "/file", 100<<20); code != 200 || !strings.Contains(text, fmt.Sprintf("body=%d <nil>", 100<<20)) {
		t.Errorf("five photos of 20 MB: %d %s", code, text)
	}
	if code, text := asked(t, port, http.MethodPost, "/file", 130<<20); code == 200 && strings.Contains(text, "<nil>") {
		t.Errorf("more than six: %d %s", code, text)
	}
	if strings.Contains(log(), "geheim") {
		t.Errorf("a link that opens something is in the log: %s", log())
	}
}

// running starts a proxy and stops it at the end of the test.
func runProxy(t *testing.T, environ []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = environ
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
}

func TestNginxPassesOnWhatItShould(t *testing.T) {
	nginx := needProgram(t, "nginx")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	selfSigned(t, at("cert"), at("key"))
	environ := append(deployed["plain"], "DOORSTEP_LISTEN="+upstream(t))
	port := freePort(t)
	site := printed(t, environ, "nginx", "--cert", at("cert"), "--key", at("key"))
	site = strings.NewReplacer("listen 80;", "listen 127.0.0.1:"+freePort(t)+";", "listen 443 ssl", "listen 127.0.0.1:"+port+" ssl",
		"listen [::]:80;", "", "listen [::]:443 ssl http2;", "").Replace(site)
	var temp strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temp, "%s_temp_path %s;\n", kind, at(kind))
	}
	conf := fmt.Sprintf("daemon off; master_process off; pid %s; error_log %s info;\nevents {}\nhttp {\naccess_log %s;\n%s%s}\n", at("pid"), at("error.log"), at("access.log"), temp.String(), site)
	write(t, at("conf"), []byte(conf))
	if out, err := command(t, nginx, "-t", "-q", "-c", at("conf"), "-e", at("error.log")); err != nil || strings.Contains(out, "[warn]") {
		t.Fatalf("%v\n%s", err, out)
	}
	runProxy(t, nil, nginx, "-c", at("conf"), "-e", at("error.log"))
	throughProxy(t, port, func() string {
		access, _ := os.ReadFile(at("access.log"))
		faults, _ := os.ReadFile(at("error.log"))
		return string(access) + string(faults)
	})
	if access := string(read(t, at("access.log"))); !strings.Contains(access, "/help") {
		t.Errorf("nothing is logged at all: %q", access)
	}
}

func TestCaddyPassesOnWhatItShould(t *testing.T) {
	caddy := needProgram(t, "caddy")
	dir := t.TempDir()
	environ := append(deployed["plain"], "DOORSTEP_LISTEN="+upstream(t))
	port := freePort(t)
	site := printed(t, environ, "caddy")
	home := []string{"HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	file := filepath.Join(dir, "Caddyfile")
	write(t, file, []byte(site))
	if out, err := command(t, caddy, "validate", "--adapter", "caddyfile", "--config", file); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	site = strings.Replace(site, "tiaojie.example.cn {", "https://tiaojie.example.cn:"+port+" {\n\ttls internal\n\tbind 127.0.0.1", 1)
	write(t, file, []byte("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\tlog {\n\t\toutput file "+filepath.Join(dir, "log")+"\n\t}\n}\n"+site))
	runProxy(t, home, caddy, "run", "--adapter", "caddyfile", "--config", file)
	throughProxy(t, port, func() string {
		text, _ := os.ReadFile(filepath.Join(dir, "log"))
		return string(text)
	})
}

// selfSigned makes a certificate for the host of the tests.
func selfSigned(t *testing.T, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"tiaojie.example.cn"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

// Every instruction of the container file is one that exists, each line of it
// belongs to one, and it does not run as root.
func TestTheContainerFileIsSound(t *testing.T) {
	known := []string{"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
	for name, environ := range deployed {
		text := printed(t, environ, "container")
		stages, user := 0, ""
		goes := false
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			word, rest, _ := strings.Cut(line, " ")
			if !goes && line != "" && word[0] != '#' && !strings.Contains(" "+strings.Join(known, " ")+" ", " "+word+" ") {
				t.Errorf("%s: %q", name, line)
			}
			goes = strings.HasSuffix(line, `\`)
			switch word {
			case "FROM":
				stages++
				user = "root"
			case "USER":
				user = rest
			}
		}
		if stages != 2 || user != "10001" {
			t.Errorf("%s: %d stages, user %s", name, stages, user)
		}
		if own := strings.Contains(text, " postgresql "); own != (name != "full") {
			t.Errorf("%s: PostgreSQL is in it: %v", name, own)
		}
	}
}

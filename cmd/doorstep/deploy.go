package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"text/template"

	"doorstep/internal/config"
	"doorstep/templates"
)

// deployCommand prints what a machine needs to run the program for real.
type deployCommand struct {
	Kind   string `arg:"" enum:"systemd,nginx,caddy,container" help:"systemd、nginx、caddy 或 container。"`
	Binary string `placeholder:"FILE" help:"程序文件，默认为正在运行的这个。The program; this one by default."`
	Cert   string `placeholder:"FILE" help:"nginx 的证书文件。Certificate for nginx."`
	Key    string `placeholder:"FILE" help:"nginx 的私钥文件。Its private key."`
}

// Run prints the text. It changes nothing and opens no database.
func (cmd deployCommand) Run(p *program) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	text, err := cmd.text(c, p.settingsFile())
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(text)
	return err
}

// settingsFile is the settings file in use, "" for none.
func (p *program) settingsFile() string {
	file := p.sources.File
	for _, pair := range p.Environ {
		if value, ok := strings.CutPrefix(pair, "DOORSTEP_CONFIG="); ok && file == "" {
			file = value
		}
	}
	return file
}

// deployment is what the texts of templates/deploy are filled with.
type deployment struct {
	Binary, ConfigFile string
	Settings           []config.Value // chosen outside the settings file, without secrets
	Secrets            []string       // keys of secrets chosen outside the settings file
	Own                bool           // the embedded database
	Data, StateDir     string         // StateDir is the name under /var/lib, "" for a folder elsewhere
	Writable           []string
	Home               string // what ProtectHome says
	LowPort            bool

	Host, Upstream, Cert, Key string
	Loopback                  string // the proxy's address as the program sees it
	Untrusted                 bool   // no proxy is believed
	BodyMB                    int64
	Go                        string
}

func (cmd deployCommand) text(c config.Config, file string) ([]byte, error) {
	d, err := cmd.fill(c, file)
	if err != nil {
		return nil, err
	}
	texts, err := template.New("deploy").Funcs(template.FuncMap{"quote": quoted, "env": inContainer, "exec": executed, "path": quotedPath}).ParseFS(templates.FS, "deploy/*.txt")
	if err != nil {
		return nil, fmt.Errorf("doorstep: deploy: %w", err)
	}
	var out bytes.Buffer
	if err := texts.ExecuteTemplate(&out, cmd.Kind+".txt", d); err != nil {
		return nil, fmt.Errorf("doorstep: deploy: %w", err)
	}
	return out.Bytes(), nil
}

func (cmd deployCommand) fill(c config.Config, file string) (d deployment, err error) {
	if d.Binary = cmd.Binary; d.Binary == "" {
		if d.Binary, err = os.Executable(); err != nil {
			return d, fmt.Errorf("doorstep: deploy: %w", err)
		}
	}
	for _, path := range []*string{&d.Binary, &file, &cmd.Cert, &cmd.Key} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return d, fmt.Errorf("doorstep: deploy: %w", err)
		}
	}
	d.places(c)
	d.ConfigFile, d.Own, d.BodyMB = file, c.DatabaseURL == "", 6*c.MaxUpload>>20
	for _, text := range append([]string{d.Binary, file, cmd.Cert, cmd.Key, d.Data}, d.Writable...) {
		if strings.ContainsAny(text, "\"'\\\n\r") {
			return d, &sentence{misuse: true, zh: fmt.Sprintf("路径 %q 里有不能用的字符。", text), en: fmt.Sprintf("The path %q holds characters that cannot stand here.", text)}
		}
	}
	d.Go = regexp.MustCompile(`\d+\.\d+`).FindString(runtime.Version())
	for _, v := range c.Effective() {
		switch {
		case !v.Chosen() || v.InFile() || d.told(cmd.Kind, v.Key):
		case v.Secret:
			d.Secrets = append(d.Secrets, v.Key)
		default:
			d.Settings = append(d.Settings, v)
		}
	}
	if cmd.Kind != "nginx" && cmd.Kind != "caddy" {
		return d, nil
	}
	d.Cert, d.Key = cmd.Cert, cmd.Key
	return d, d.proxy(c)
}

// told says that a text says a setting by itself.
func (d *deployment) told(kind, key string) bool {
	switch key {
	case "DOORSTEP_DATA":
		return kind == "container" || d.StateDir != ""
	case "DOORSTEP_LISTEN", "DOORSTEP_PG_MIRROR", "DOORSTEP_PG_BINARIES", "DOORSTEP_KEYS_FILE":
		return kind == "container"
	}
	return false
}

// places settles where the service may write.
func (d *deployment) places(c config.Config) {
	d.Data = c.Data
	if c.FromDefault("DOORSTEP_DATA") {
		d.Data = "/var/lib/doorstep" // what systemd sets aside; the default here is the one of whoever asks
	}
	name, below := strings.CutPrefix(d.Data, "/var/lib/")
	if below && regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(name) {
		d.StateDir = name
	} else {
		d.Writable = append(d.Writable, d.Data)
	}
	if !c.FromDefault("DOORSTEP_KEYS_FILE") {
		d.Writable = append(d.Writable, c.KeysDir)
	}
	if c.Backup.Dir != "" {
		d.Writable = append(d.Writable, c.Backup.Dir)
	}
	for _, to := range c.Checkpoint.To {
		if to.Dir != "" {
			d.Writable = append(d.Writable, to.Dir)
		}
	}
	d.Home = "yes"
	for _, dir := range d.Writable {
		if strings.HasPrefix(dir, "/home/") || strings.HasPrefix(dir, "/root/") || strings.HasPrefix(dir, "/run/user/") {
			d.Home = "read-only" // nothing below a hidden folder could be opened for writing
		}
	}
	_, port, _ := net.SplitHostPort(c.Listen)
	n, err := strconv.Atoi(port)
	d.LowPort = err == nil && n > 0 && n < 1024
}

// proxy settles what stands before the program.
func (d *deployment) proxy(c config.Config) error {
	if c.BaseURL == nil || c.BaseURL.Scheme != "https" || !hostName(c.BaseURL) {
		return &sentence{misuse: true, zh: "请先用 DOORSTEP_BASE_URL 设置浏览器看到的 https 地址，不带端口。",
			en: "Set DOORSTEP_BASE_URL to the https address browsers see, without a port."}
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("doorstep: deploy: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	d.Host, d.Upstream = c.BaseURL.Hostname(), net.JoinHostPort(host, port)
	d.Loopback, d.Untrusted = "127.0.0.1", len(c.TrustedProxies) == 0
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		d.Loopback = host
	}
	d.Cert = cmp.Or(d.Cert, "/etc/letsencrypt/live/"+d.Host+"/fullchain.pem")
	d.Key = cmp.Or(d.Key, "/etc/letsencrypt/live/"+d.Host+"/privkey.pem")
	return nil
}

// hostName says whether the host is a plain name, as server_name takes it.
func hostName(u *url.URL) bool {
	return u.Port() == "" && regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`).MatchString(u.Host)
}

// inContainer is a value between quotes as container files read it.
func inContainer(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`).Replace(text) + `"`
}

// quoted is a setting between quotes as systemd reads it.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, "\n", `\n`).Replace(text) + `"`
}

// executed is a word of a command line of systemd.
func executed(text string) string {
	if !strings.ContainsAny(text, " '%$") {
		return text
	}
	return `"` + strings.NewReplacer(`%`, `%%`, `$`, `$$`).Replace(text) + `"`
}

// quotedPath is a path systemd need not find at the start: a disk may come later.
func quotedPath(text string) string { return `"-` + strings.ReplaceAll(text, `%`, `%%`) + `"` }

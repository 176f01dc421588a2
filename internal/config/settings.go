package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	keyListen      = "DOORSTEP_LISTEN"
	keyData        = "DOORSTEP_DATA"
	keyDatabaseURL = "DATABASE_URL"
	keyMigrateURL  = "DOORSTEP_MIGRATE_URL"
	keyBaseURL     = "DOORSTEP_BASE_URL"
	keyKeys        = "DOORSTEP_KEYS_FILE"
	keyProxies     = "DOORSTEP_TRUSTED_PROXIES"
	keyMetrics     = "DOORSTEP_METRICS"
	keyLogLevel    = "DOORSTEP_LOG_LEVEL"
	keyLang        = "DOORSTEP_LANG"
	keyPGBinaries  = "DOORSTEP_PG_BINARIES"
	keyPGMirror    = "DOORSTEP_PG_MIRROR"
	keyMaxUpload   = "DOORSTEP_MAX_UPLOAD"
	keyAtOnce      = "DOORSTEP_AT_ONCE"
	keyFactor      = "DOORSTEP_SECOND_FACTOR"
	keyCloseDay    = "DOORSTEP_FIGURES_CLOSE_DAY"
	keySmall       = "DOORSTEP_FIGURES_SMALL"
	keyConfig      = "DOORSTEP_CONFIG" // names the settings file; environment only
)

const mebibyte = 1 << 20

// PGBundle as DOORSTEP_PG_BINARIES passes over the PostgreSQL installed on the
// machine and takes the program's own bundle.
const PGBundle = "bundle"

// setting is one line of the table below.
type setting struct {
	key      string
	flag     string // "" for secrets: a command line is visible to everybody on the machine
	secret   bool   // may be kept in a file of its own, named by <key>_FILE
	fallback func(env map[string]string) string
	apply    func(c *Config, text string) *Problem
	shown    func(c *Config) string
}

// settings is every setting there is, in the order it is shown. A setting is
// added here, in Config and in Flags.
var settings = slices.Concat([]setting{
	{key: keyListen, flag: "listen", fallback: always("127.0.0.1:8080"), apply: setListen, shown: func(c *Config) string { return c.Listen }},
	{key: keyData, flag: "data", fallback: dataFolder, apply: setData, shown: func(c *Config) string { return c.Data }},
	{key: keyDatabaseURL, secret: true, apply: setDatabaseURL, shown: func(c *Config) string { return c.DatabaseURL.String() }},
	{key: keyMigrateURL, secret: true, apply: setMigrateURL, shown: func(c *Config) string { return c.MigrateURL.String() }},
	{key: keyBaseURL, flag: "base-url", apply: setBaseURL, shown: shownBaseURL},
	{key: keyKeys, flag: "keys-file", apply: setKeys, shown: func(c *Config) string { return c.KeysDir }},
	{key: keyProxies, flag: "trusted-proxies", apply: setProxies, shown: shownProxies},
	{key: keyMetrics, flag: "metrics", fallback: always(string(MetricsLoopback)), apply: setMetrics, shown: func(c *Config) string { return string(c.Metrics) }},
	{key: keyLogLevel, flag: "log-level", fallback: always("info"), apply: setLogLevel, shown: func(c *Config) string { return strings.ToLower(c.LogLevel.String()) }},
	{key: keyLang, flag: "lang", fallback: always("zh-CN"), apply: setLang, shown: func(c *Config) string { return c.Lang }},
	{key: keyPGBinaries, flag: "pg-binaries", apply: setPGBinaries, shown: func(c *Config) string { return c.PGBinaries }},
	{key: keyPGMirror, flag: "pg-mirror", apply: setPGMirror, shown: func(c *Config) string { return maskURL(c.PGMirror) }},
	{key: keyMaxUpload, flag: "max-upload", fallback: always("20"), apply: setMaxUpload, shown: func(c *Config) string { return strconv.FormatInt(c.MaxUpload/mebibyte, 10) }},
	{key: keyAtOnce, flag: "at-once", fallback: always("16"), apply: setAtOnce, shown: func(c *Config) string { return strconv.Itoa(c.AtOnce) }},
	{key: keyFactor, flag: "second-factor", fallback: always("admin,chair,legal_officer,court_clerk"), apply: setFactor, shown: shownFactor},
	{key: keyBackupDir, flag: "backup-dir", apply: setBackupDir, shown: func(c *Config) string { return c.Backup.Dir }},
	{key: keyBackupTo, flag: "backup-to", apply: setBackupTo, shown: shownBackupTo},
	{key: keyBackupAt, flag: "backup-at", fallback: always("02:30"), apply: setBackupAt, shown: func(c *Config) string { return shownTimeOfDay(c.Backup.At) }},
	{key: keyBackupKeep, flag: "backup-keep", fallback: always("7,4,12"), apply: setBackupKeep, shown: shownBackupKeep},
	{key: keyCheckpointTo, secret: true, apply: setCheckpointTo, shown: shownCheckpointTo},
	{key: keyCheckpointAt, flag: "checkpoint-at", fallback: always("03:30"), apply: setCheckpointAt, shown: func(c *Config) string { return shownTimeOfDay(c.Checkpoint.At) }},
	{key: keyOIDCIssuer, flag: "oidc-issuer", apply: setOIDCIssuer, shown: func(c *Config) string { return c.OIDC.Issuer }},
	{key: keyOIDCClient, flag: "oidc-client-id", apply: setOIDCClient, shown: func(c *Config) string { return c.OIDC.ClientID }},
	{key: keyOIDCSecret, secret: true, apply: setOIDCSecret, shown: func(c *Config) string { return c.OIDC.ClientSecret.String() }},
	{key: keyOIDCName, flag: "oidc-name", apply: setOIDCName, shown: func(c *Config) string { return c.OIDC.Name }},
	{key: keyOIDCLink, flag: "oidc-link", fallback: always("subject"), apply: setOIDCLink, shown: func(c *Config) string { return c.OIDC.Link }},
	{key: keyOIDCFactor, flag: "oidc-factor", fallback: always(off), apply: setOIDCFactor, shown: func(c *Config) string { return shownList(c.OIDC.Factor) }},
	{key: keyOIDCOnly, flag: "oidc-only", fallback: always(off), apply: setOIDCOnly, shown: func(c *Config) string { return shownList(c.OIDC.Only) }},
	{key: keyCloseDay, flag: "figures-close-day", fallback: always("5"), apply: setCloseDay, shown: func(c *Config) string { return strconv.Itoa(c.Figures.CloseDay) }},
	{key: keySmall, flag: "figures-small", fallback: always("5"), apply: setSmall, shown: func(c *Config) string { return strconv.Itoa(c.Figures.Small) }},
	{key: keySMTPHost, flag: "smtp-host", apply: setSMTPHost, shown: func(c *Config) string { return c.SMTP.Host }},
	{key: keySMTPSecurity, flag: "smtp-tls", fallback: always("starttls"), apply: setSMTPSecurity, shown: func(c *Config) string { return c.SMTP.Security }},
	{key: keySMTPUser, flag: "smtp-user", apply: setSMTPUser, shown: func(c *Config) string { return c.SMTP.User }},
	{key: keySMTPPassword, secret: true, apply: setSMTPPassword, shown: func(c *Config) string { return c.SMTP.Password.String() }},
	{key: keySMTPFrom, flag: "smtp-from", apply: setSMTPFrom, shown: func(c *Config) string { return c.SMTP.From }},
}, quotaSettings, s3Settings)

func always(text string) func(map[string]string) string {
	return func(map[string]string) string { return text }
}

// dataFolder is where state belongs on this machine: what the service manager
// set aside, else the user's state folder, else the place for a service.
func dataFolder(env map[string]string) string {
	if dir := env["STATE_DIRECTORY"]; filepath.IsAbs(dir) {
		return strings.Split(dir, ":")[0] // systemd lists several with colons; ours is the first
	}
	if dir := env["XDG_STATE_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "doorstep")
	}
	if home := env["HOME"]; filepath.IsAbs(home) && home != "/" {
		return filepath.Join(home, ".local", "state", "doorstep")
	}
	return "/var/lib/doorstep"
}

func setListen(c *Config, text string) *Problem {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return unfit(keyListen, "请写成 主机:端口，例如 127.0.0.1:8080", "write host:port, for example 127.0.0.1:8080")
	}
	c.Listen = text
	return nil
}

func setData(c *Config, text string) *Problem { return absolute(&c.Data, keyData, text) }

// setKeys stands after setData in the table: the keys lie in the data folder
// unless they were moved.
func setKeys(c *Config, text string) *Problem {
	if text == "" {
		c.KeysDir = filepath.Join(c.Data, "keys")
		return nil
	}
	return absolute(&c.KeysDir, keyKeys, text)
}

func setPGBinaries(c *Config, text string) *Problem {
	if text == "" || text == PGBundle {
		c.PGBinaries = text
		return nil
	}
	return absolute(&c.PGBinaries, keyPGBinaries, text)
}

// absolute keeps a path that stays the same wherever the program goes later.
func absolute(to *string, key, text string) *Problem {
	path, err := filepath.Abs(text)
	if err != nil {
		p := unfit(key, "请写完整路径，例如 /var/lib/doorstep", "write the whole path, for example /var/lib/doorstep")
		p.Err = err
		return p
	}
	*to = path
	return nil
}

func setDatabaseURL(c *Config, text string) *Problem {
	return databaseURL(&c.DatabaseURL, keyDatabaseURL, text)
}

func setMigrateURL(c *Config, text string) *Problem {
	return databaseURL(&c.MigrateURL, keyMigrateURL, text)
}

// databaseURL checks the shape only. The parser's own error is dropped on
// purpose: it quotes the address, password and all.
func databaseURL(to *Secret, key, text string) *Problem {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || strings.Trim(u.Path, "/") == "" {
		return unfit(key,
			"请写成 postgres://用户:密码@主机:端口/数据库；密码中的特殊字符请写成 %XX 形式",
			"write postgres://user:password@host:port/database; write special characters of the password as %XX")
	}
	*to = Secret(text)
	return nil
}

func setBaseURL(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return unfit(keyBaseURL,
			"请写浏览器看到的地址，不带路径，例如 https://tiaojie.example.cn",
			"write the address browsers see, without a path, for example https://tiaojie.example.cn")
	}
	c.BaseURL = &url.URL{Scheme: u.Scheme, Host: u.Host}
	return nil
}

func shownBaseURL(c *Config) string {
	if c.BaseURL == nil {
		return ""
	}
	return c.BaseURL.String()
}

func setProxies(c *Config, text string) *Problem {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			var addr netip.Addr
			if addr, err = netip.ParseAddr(part); err == nil {
				prefix = netip.PrefixFrom(addr, addr.BitLen())
			}
		}
		if err != nil {
			return unfit(keyProxies,
				fmt.Sprintf("%q 不是地址或网段，请写成 10.0.0.5 或 10.0.0.0/24，用逗号分开", part),
				fmt.Sprintf("%q is no address or network; write 10.0.0.5 or 10.0.0.0/24, separated by commas", part))
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix.Masked())
	}
	return nil
}

func shownProxies(c *Config) string {
	shown := make([]string, len(c.TrustedProxies))
	for i, p := range c.TrustedProxies {
		shown[i] = p.String()
	}
	return strings.Join(shown, ",")
}

func setMetrics(c *Config, text string) *Problem {
	switch m := Metrics(text); m {
	case MetricsLoopback, MetricsAny, MetricsOff:
		c.Metrics = m
		return nil
	}
	return unfit(keyMetrics, "只能是 loopback（仅本机）、any（任何人）或 off（关闭）", "write loopback (this machine only), any or off")
}

func setLogLevel(c *Config, text string) *Problem {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, known := levels[strings.ToLower(text)]
	if !known {
		return unfit(keyLogLevel, "只能是 debug、info、warn 或 error", "write debug, info, warn or error")
	}
	c.LogLevel = level
	return nil
}

func setLang(c *Config, text string) *Problem {
	if text != "zh-CN" && text != "en" {
		return unfit(keyLang, "只能是 zh-CN 或 en", "write zh-CN or en")
	}
	c.Lang = text
	return nil
}

func setPGMirror(c *Config, text string) *Problem {
	c.PGMirror = text
	if !strings.Contains(text, "://") {
		return nil // empty, or a file on this machine
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "file") {
		return unfit(keyPGMirror, "请写 https 地址或本机文件路径", "write an https address or the path of a file on this machine")
	}
	return nil
}

func setMaxUpload(c *Config, text string) *Problem {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > 1024 {
		return unfit(keyMaxUpload, "请写 1 到 1024 之间的整数，单位是 MB", "write a whole number of megabytes from 1 to 1024")
	}
	c.MaxUpload = n * mebibyte
	return nil
}

func setAtOnce(c *Config, text string) *Problem {
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > 1000 {
		return unfit(keyAtOnce, "请写 2 到 1000 之间的整数", "write a whole number from 2 to 1000")
	}
	c.AtOnce = n
	return nil
}

// Package config turns the settings of the program into one checked value.
//
// A setting comes from its default, the settings file, the environment or the
// command line; the later one wins. Whatever is not known by name is refused,
// so a typing error never passes for a default. The package reads no clock and
// opens nothing but the settings file and the files secrets are kept in.
package config

import (
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Metrics says who may read /metrics.
type Metrics string

// The readers of /metrics.
const (
	MetricsLoopback Metrics = "loopback" // only this machine, and not through a proxy
	MetricsAny      Metrics = "any"
	MetricsOff      Metrics = "off"
)

// Config is the effective set of settings, checked. Load is the only way to
// one; the zero value is not usable.
type Config struct {
	Listen         string         // host:port the server listens on; port 0 takes a free one
	Data           string         // data folder, absolute
	DatabaseURL    Secret         // the application's database; empty: the embedded one
	MigrateURL     Secret         // the owner's database; empty: DatabaseURL migrates as well
	BaseURL        *url.URL       // how browsers reach the server, without a path; nil: the listen address
	KeysDir        string         // folder of the keys, absolute
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; empty: nobody's
	Metrics        Metrics        // who may read /metrics
	LogLevel       slog.Level     // the lowest level that is written
	Lang           string         // "zh-CN" or "en": the language of a visitor who asks for neither
	PGBinaries     string         // folder with PostgreSQL's programs, absolute; PGBundle; empty: looked for
	PGMirror       string         // where the PostgreSQL bundle is fetched from, "off" for nowhere; empty: its own home
	MaxUpload      int64          // bytes of one uploaded file, 1 to 1024 MiB
	AtOnce         int            // requests worked on at once, 2 to 1000; more wait their turn or are asked to come back
	SecondFactor   []string       // roles whose holders must show a second factor at sign-in; empty: nobody must
	OIDC           OIDC           // the provider of sign-ins
	Figures        Figures        // when a month's figures are closed, and what is published
	SMTP           SMTP           // how mails are sent
	Backup         Backup         // the schedule of backups
	Checkpoint     Checkpoint     // the daily checkpoint of the histories
	Quota          Quota          // how much may be kept in files
	S3             S3             // where files are kept instead of the data folder

	values []Value
}

// Value is one effective setting as it may be shown: secrets are masked.
type Value struct {
	Key    string
	Text   string // empty when nothing is set
	Source string // "default", "file doorstep.conf:3", "environment", "flag --listen"
	Secret bool   // Text is masked
}

// Effective lists every setting with its value and where it came from, in the
// order of the documentation. Secrets are masked.
func (c Config) Effective() []Value { return c.values }

// Chosen says whether somebody chose the setting.
func (v Value) Chosen() bool { return v.Source != sourceDefault }

// InFile says whether the setting stands in the settings file.
func (v Value) InFile() bool { return strings.HasPrefix(v.Source, "file ") }

// FromDefault says whether nobody chose the setting.
func (c Config) FromDefault(key string) bool {
	for _, v := range c.values {
		if v.Key == key {
			return v.Source == sourceDefault
		}
	}
	return true
}

// Sources is where settings come from. Environment and file system are handed
// in, so that a test can state both.
type Sources struct {
	File     string                            // path of the settings file from --config; empty: DOORSTEP_CONFIG, else none
	Environ  []string                          // "KEY=value", as os.Environ gives it
	Flags    map[string]string                 // setting key -> value of its flag, only those given
	ReadFile func(name string) ([]byte, error) // os.ReadFile
}

// Load reads, layers and checks the settings: default < file < environment <
// flag.
//
// The error joins one *Problem for each thing that is wrong, so that everything
// can be mended in one round.
func Load(src Sources) (Config, error) {
	env := environ(src.Environ)
	layers, problems := readLayers(src, env)
	var c Config
	for _, s := range settings {
		v, problem := resolve(s, layers, env)
		if problem == nil {
			problem = s.apply(&c, v.text)
		}
		if problem != nil {
			problems = append(problems, problem)
			continue
		}
		c.values = append(c.values, Value{Key: s.key, Text: s.shown(&c), Source: v.source, Secret: s.secret})
	}
	problems = append(problems, c.check(problems)...)
	if len(problems) == 0 {
		return c, nil
	}
	joined := make([]error, len(problems))
	for i, p := range problems {
		joined[i] = p
	}
	return Config{}, errors.Join(joined...)
}

// check looks at settings that must fit each other. It is silent when one of
// them was refused already.
func (c *Config) check(found []*Problem) []*Problem {
	if len(found) > 0 {
		return nil
	}
	if c.MigrateURL == "" || c.DatabaseURL != "" {
		return slices.Concat(c.checkOIDC(), c.checkSMTP(), c.checkBackup(), c.checkCheckpoint(), c.checkS3(), c.checkQuota())
	}
	return []*Problem{unfit(keyMigrateURL,
		"设了它就还要设 DATABASE_URL；若使用内置数据库，请两个都不设",
		"it needs DATABASE_URL beside it; leave both empty to use the embedded database")}
}

// resolve picks the value of the highest layer that has one.
func resolve(s setting, layers []layer, env map[string]string) (assigned, *Problem) {
	for _, l := range layers {
		v, problem := l.value(s)
		if problem != nil {
			return assigned{}, problem
		}
		if v.text != "" {
			return v, nil
		}
	}
	text := ""
	if s.fallback != nil {
		text = s.fallback(env)
	}
	return assigned{text: text, source: sourceDefault}, nil
}

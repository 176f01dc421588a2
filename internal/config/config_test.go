package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// written is a file system of texts.
func written(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("open %s: %w", name, fs.ErrNotExist)
		}
		return []byte(text), nil
	}
}

func sourceOf(t *testing.T, c Config, key string) string {
	t.Helper()
	for _, v := range c.Effective() {
		if v.Key == key {
			return v.Source
		}
	}
	t.Fatalf("no value for %s", key)
	return ""
}

func TestDefaultsStandWhenNothingIsSet(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "PATH=/bin"}})
	if err != nil {
		t.Fatal(err)
	}
	c.values = nil
	want := Config{Listen: "127.0.0.1:8080", Data: "/home/li/.local/state/doorstep", KeysDir: "/home/li/.local/state/doorstep/keys",
		Metrics: MetricsLoopback, Lang: "zh-CN", MaxUpload: 20 << 20, AtOnce: 16,
		SecondFactor: []string{"admin", "chair", "legal_officer", "court_clerk"}, OIDC: OIDC{Link: "subject"}, SMTP: SMTP{Security: "starttls"}, Figures: Figures{CloseDay: 5, Small: 5},
		Quota: Quota{60, 200 << 20, 20 << 30}, S3: S3{Region: "us-east-1", Style: "auto"}, Backup: Backup{At: 150 * time.Minute, Daily: 7, Weekly: 4, Monthly: 12}, Checkpoint: Checkpoint{At: 210 * time.Minute}}
	if diff := cmp.Diff(want, c, cmp.AllowUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
}

func TestLaterLayerWins(t *testing.T) {
	files := written(map[string]string{"/etc/doorstep.conf": "# the office\n\nDOORSTEP_LISTEN = \"file:1\"\nDOORSTEP_LANG=en\n", "/other.conf": "DOORSTEP_LISTEN=other:9\n"})
	for _, tt := range []struct {
		rule           string
		src            Sources
		listen, source string
	}{
		{"file over default", Sources{File: "/etc/doorstep.conf"}, "file:1", "file /etc/doorstep.conf:3"},
		{"file named by the environment", Sources{Environ: []string{"DOORSTEP_CONFIG=/etc/doorstep.conf"}}, "file:1", "file /etc/doorstep.conf:3"},
		{"file named by the flag over the environment's", Sources{File: "/other.conf", Environ: []string{"DOORSTEP_CONFIG=/etc/doorstep.conf"}}, "other:9", "file /other.conf:1"},
		{"environment over file", Sources{File: "/etc/doorstep.conf", Environ: []string{"DOORSTEP_LISTEN=env:2"}}, "env:2", "environment"},
		{"an empty variable is not set", Sources{File: "/etc/doorstep.conf", Environ: []string{"DOORSTEP_LISTEN="}}, "file:1", "file /etc/doorstep.conf:3"},
		{"flag over environment", Sources{File: "/etc/doorstep.conf", Environ: []string{"DOORSTEP_LISTEN=env:2"}, Flags: Flags{Listen: "flag:3"}.Given()}, "flag:3", "flag --listen"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			tt.src.ReadFile = files
			c, err := Load(tt.src)
			if err != nil {
				t.Fatal(err)
			}
			if c.Listen != tt.listen || sourceOf(t, c, keyListen) != tt.source {
				t.Errorf("listen = %s from %s, want %s from %s", c.Listen, sourceOf(t, c, keyListen), tt.listen, tt.source)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	files := map[string]string{"/c": "DOORSTEP_LISTEN=a:1\nDOORSTEP_LISTEN=b:2\n", "/line": "just words\n",
		"/unknown": "DOORSTEP_LISTN=a:1\n", "/any": "PORT=80\n", "/empty": "\n"}
	env := func(lines ...string) Sources { return Sources{Environ: lines} }
	for _, tt := range []struct {
		rule string
		src  Sources
		key  string
		says string
	}{
		{"unknown key in the environment names the nearest", env("DOORSTEP_LISTN=a:1"), "DOORSTEP_LISTN", "DOORSTEP_LISTEN"},
		{"unknown key in the file names the nearest and the line", Sources{File: "/unknown"}, "DOORSTEP_LISTN", "/unknown:1"},
		{"a foreign key in the file is unknown too", Sources{File: "/any"}, "PORT", "Unknown setting PORT"},
		{"a key twice in the file", Sources{File: "/c"}, keyListen, "/c:2"},
		{"a line without =", Sources{File: "/line"}, keyConfig, "/line:1"},
		{"a file that is not there", Sources{File: "/gone"}, keyConfig, "/gone"},
		{"listen without a port", env("DOORSTEP_LISTEN=localhost"), keyListen, "host:port"},
		{"listen with a port out of range", env("DOORSTEP_LISTEN=:70000"), keyListen, "host:port"},
		{"database of another kind", env("DATABASE_URL=mysql://u:p@h/d"), keyDatabaseURL, "postgres://"},
		{"database without a name", env("DATABASE_URL=postgres://u@h"), keyDatabaseURL, "/database"},
		{"owner without a database", env("DOORSTEP_MIGRATE_URL=postgres://o@h/d"), keyMigrateURL, "DATABASE_URL"},
		{"a secret twice", env("DATABASE_URL=postgres://u@h/d", "DATABASE_URL_FILE=/s"), keyDatabaseURL, "not both"},
		{"a secret's file that is not there", env("DATABASE_URL_FILE=/gone"), keyDatabaseURL + "_FILE", "/gone"},
		{"a secret's file that is empty", env("DATABASE_URL_FILE=/empty"), keyDatabaseURL + "_FILE", "empty"},
		{"base URL with a path", env("DOORSTEP_BASE_URL=https://a.example/x"), keyBaseURL, "without a path"},
		{"base URL of another scheme", env("DOORSTEP_BASE_URL=ftp://a.example"), keyBaseURL, "https://"},
		{"proxies that are names", env("DOORSTEP_TRUSTED_PROXIES=10.0.0.1,proxy"), keyProxies, `"proxy"`},
		{"metrics for somebody", env("DOORSTEP_METRICS=friends"), keyMetrics, "loopback"},
		{"log level", env("DOORSTEP_LOG_LEVEL=loud"), keyLogLevel, "debug"},
		{"language", env("DOORSTEP_LANG=fr"), keyLang, "zh-CN or en"},
		{"mirror of another scheme", env("DOORSTEP_PG_MIRROR=ftp://a"), keyPGMirror, "https"},
		{"no upload at all", env("DOORSTEP_MAX_UPLOAD=0"), keyMaxUpload, "1 to 1024"},
		{"one request at once, with none kept for staff", env("DOORSTEP_AT_ONCE=1"), keyAtOnce, "2 to 1000"},
		{"an upload over a gigabyte", env("DOORSTEP_MAX_UPLOAD=1025"), keyMaxUpload, "1 to 1024"},
		{"a second factor for a role that is none", env("DOORSTEP_SECOND_FACTOR=chair,boss"), keyFactor, `"boss"`},
		{"a provider over plain http", env("DOORSTEP_OIDC_ISSUER=http://login.example.cn", "DOORSTEP_OIDC_CLIENT_ID=door"), keyOIDCIssuer, "https"},
		{"a provider that is no address", env("DOORSTEP_OIDC_ISSUER=login.example.cn"), keyOIDCIssuer, "https"},
		{"a provider without a client", env("DOORSTEP_OIDC_ISSUER=https://login.example.cn"), keyOIDCClient, "client"},
		{"a client without a provider", env("DOORSTEP_OIDC_CLIENT_ID=door"), keyOIDCIssuer, "address"},
		{"no password and no provider", env("DOORSTEP_OIDC_ONLY=chair"), keyOIDCIssuer, "address"},
		{"linked by name", env("DOORSTEP_OIDC_LINK=name"), keyOIDCLink, "subject or email"},
		{"a second factor of nothing", env("DOORSTEP_OIDC_FACTOR=,"), keyOIDCFactor, "mfa,otp"},
		{"residents by the provider only", env("DOORSTEP_OIDC_ONLY=resident"), keyOIDCOnly, "no role of the office"},
		{"a name no button holds", env("DOORSTEP_OIDC_NAME=" + strings.Repeat("登", 31)), keyOIDCName, "30"},
		{"a mail server without a port", env("DOORSTEP_SMTP_HOST=smtp.example.cn"), keySMTPHost, "host:port"},
		{"a mail server without a sender", env("DOORSTEP_SMTP_HOST=smtp.example.cn:587"), keySMTPFrom, "come from"},
		{"a sender that is no address", env("DOORSTEP_SMTP_FROM=office"), keySMTPFrom, "tiaojie@example.cn"},
		{"mail protected by hope", env("DOORSTEP_SMTP_TLS=maybe"), keySMTPSecurity, "starttls"},
		{"a mail password without its user", env("DOORSTEP_SMTP_PASSWORD=x"), keySMTPUser, "user name"},
		{"a mail password in clear", env("DOORSTEP_SMTP_USER=u", "DOORSTEP_SMTP_PASSWORD=x", "DOORSTEP_SMTP_TLS=none"), keySMTPSecurity, "not encrypted"},
		{"backups nobody could open", env("DOORSTEP_BACKUP_DIR=/b"), keyBackupTo, "always encrypted"},
		{"a backup key that is none", env("DOORSTEP_BACKUP_TO=age1x"), keyBackupTo, "backup-key"},
		{"a private backup key", env("DOORSTEP_BACKUP_TO=AGE-SECRET-KEY-1QQ"), keyBackupTo, "public key"},
		{"a checkpoint to somewhere", env("DOORSTEP_CHECKPOINT_TO=/a,backup"), keyCheckpointTo, "https://"},
		{"a checkpoint in clear", env("DOORSTEP_CHECKPOINT_TO=http://a.example/in"), keyCheckpointTo, "https://"},
		{"a checkpoint to no address", env("DOORSTEP_CHECKPOINT_TO=mailto:office"), keyCheckpointTo, "mailto:"},
		{"a checkpoint by mail without a server", env("DOORSTEP_CHECKPOINT_TO=mailto:a@example.cn"), keyCheckpointTo, "DOORSTEP_SMTP_HOST"},
		{"checkpoints at no time", env("DOORSTEP_CHECKPOINT_AT=3"), keyCheckpointAt, "02:30"},
		{"backups at no time", env("DOORSTEP_BACKUP_AT=24:00"), keyBackupAt, "02:30"},
		{"two numbers to keep", env("DOORSTEP_BACKUP_KEEP=7,4"), keyBackupKeep, "7,4,12"},
		{"a number below nothing", env("DOORSTEP_BACKUP_KEEP=7,4,-1"), keyBackupKeep, "7,4,12"},
		{"no file at all in a case", env("DOORSTEP_CASE_FILES=0"), keyCaseFiles, "from 1 to 1000"},
		{"a case without an end", env("DOORSTEP_CASE_STORAGE=unlimited"), keyCaseStorage, "megabytes"},
		{"a case smaller than a file", env("DOORSTEP_CASE_STORAGE=19"), keyCaseStorage, "DOORSTEP_MAX_UPLOAD"},
		{"a committee smaller than a case", env("DOORSTEP_COMMITTEE_STORAGE=199"), keyCommitteeStorage, "DOORSTEP_CASE_STORAGE"},
		{"a second factor for residents", env("DOORSTEP_SECOND_FACTOR=resident"), keyFactor, "roles separated by commas"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			tt.src.ReadFile = written(files)
			_, err := Load(tt.src)
			found := ProblemsOf(err)
			if len(found) != 1 || found[0].Key != tt.key {
				t.Fatalf("problems = %v, want one at %s", found, tt.key)
			}
			if !strings.Contains(found[0].EN, tt.says) {
				t.Errorf("%q does not say %q", found[0].EN, tt.says)
			}
			if lines := strings.Split(found[0].Error(), "\n"); len(lines) != 2 || lines[0] == lines[1] {
				t.Errorf("want one sentence in each language, got %q", lines)
			}
		})
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, err := Load(Sources{Environ: []string{"DOORSTEP_LISTEN=x", "DOORSTEP_LANG=fr", "DOORSTEP_FOO=1", "DOORSTEP_BAR=1"}})
	var keys []string
	for _, p := range ProblemsOf(err) {
		keys = append(keys, p.Key)
	}
	if diff := cmp.Diff([]string{"DOORSTEP_BAR", "DOORSTEP_FOO", keyListen, keyLang}, keys); diff != "" {
		t.Error(diff)
	}
}

func TestProblemKeepsItsCause(t *testing.T) {
	_, err := Load(Sources{File: "/gone", ReadFile: written(nil)})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("err = %v, want the cause in its chain", err)
	}
}

func TestServiceLinksOfAPlatformAreNoSettings(t *testing.T) {
	_, err := Load(Sources{Environ: []string{"DOORSTEP_SERVICE_HOST=10.0.0.1", "DOORSTEP_SERVICE_PORT_HTTP=80", "DOORSTEP_PORT=tcp://10.0.0.1:80", "DOORSTEP_PORT_80_TCP_ADDR=10.0.0.1"}})
	if err != nil {
		t.Error(err)
	}
	if _, err := Load(Sources{Environ: []string{"DOORSTEP_PORTS=80"}}); err == nil {
		t.Error("a misspelt setting passed for a service link")
	}
}

func TestDataFolderFollowsTheMachine(t *testing.T) {
	for _, tt := range []struct {
		rule string
		env  []string
		want string
	}{
		{"the service manager's folder first", []string{"STATE_DIRECTORY=/var/lib/doorstep:/var/lib/more", "HOME=/root"}, "/var/lib/doorstep"},
		{"then the state folder of the user", []string{"XDG_STATE_HOME=/s", "HOME=/home/li"}, "/s/doorstep"},
		{"then below the home", []string{"HOME=/home/li"}, "/home/li/.local/state/doorstep"},
		{"a relative state folder is not followed", []string{"XDG_STATE_HOME=s", "HOME=/home/li"}, "/home/li/.local/state/doorstep"},
		{"without a home, as a service", []string{"HOME=/"}, "/var/lib/doorstep"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			c, err := Load(Sources{Environ: tt.env})
			if err != nil || c.Data != tt.want || !c.FromDefault(keyData) {
				t.Errorf("data = %q, %v; want %q", c.Data, err, tt.want)
			}
		})
	}
}

func TestValuesAreParsed(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"DOORSTEP_TRUSTED_PROXIES=10.0.0.5, 192.168.1.7/24,fd00::1", "DOORSTEP_BASE_URL=https://a.example/", "DOORSTEP_LOG_LEVEL=WARN",
		"DOORSTEP_DATA=/d", "DOORSTEP_MAX_UPLOAD=1", "DOORSTEP_PG_BINARIES=bundle", "DATABASE_URL=postgres:///door?host=/run/pg"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.5/32"), netip.MustParsePrefix("192.168.1.0/24"), netip.MustParsePrefix("fd00::1/128")}
	if !reflect.DeepEqual(c.TrustedProxies, want) {
		t.Errorf("proxies = %v, want %v", c.TrustedProxies, want)
	}
	if c.BaseURL.String() != "https://a.example" || c.LogLevel != slog.LevelWarn || c.KeysDir != "/d/keys" || c.MaxUpload != 1<<20 || c.PGBinaries != PGBundle {
		t.Errorf("got %+v", c)
	}
}

const password = "h0use-Key#9"

func TestSecretIsReadFromItsFile(t *testing.T) {
	address := "postgres://app:h0use-Key%239@db/doorstep"
	c, err := Load(Sources{Environ: []string{"DATABASE_URL_FILE=/run/secrets/db"}, ReadFile: written(map[string]string{"/run/secrets/db": address + "\n"})})
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL.Reveal() != address {
		t.Errorf("url = %q", c.DatabaseURL.Reveal())
	}
	if got := sourceOf(t, c, keyDatabaseURL); got != "environment (DATABASE_URL_FILE)" {
		t.Errorf("source = %q", got)
	}
}

func TestPasswordsAreNeverShown(t *testing.T) {
	for _, address := range []string{
		"postgres://app:" + "h0use-Key%239" + "@db:5432/doorstep?sslmode=require",
		"postgres://app@db/doorstep?sslmode=require&password=h0use-Key%239&sslpassword=h0use-Key%239",
		"postgres://db/doorstep?user=app&p%61ssword=h0use-Key%239",
	} {
		c, err := Load(Sources{Environ: []string{"DATABASE_URL=" + address, "DOORSTEP_PG_MIRROR=https://u:h0use-Key%239@mirror.example/x"}})
		if err != nil {
			t.Fatal(err)
		}
		var shown strings.Builder
		fmt.Fprintf(&shown, "%v %s %+v %#v\n", c.DatabaseURL, c.DatabaseURL, c.DatabaseURL, c.DatabaseURL)
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("x", "url", c.DatabaseURL)
		if err := json.NewEncoder(&shown).Encode(c.DatabaseURL); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&shown, "%+v", c.Effective())
		for _, part := range []string{password, "h0use", "%239"} {
			if strings.Contains(shown.String(), part) {
				t.Errorf("%q is shown in %s", part, shown.String())
			}
		}
		if !strings.Contains(shown.String(), "doorstep") || !strings.Contains(shown.String(), masked) {
			t.Errorf("nothing left to recognise the database by: %s", shown.String())
		}
	}
}

func TestRefusedAddressIsNotQuoted(t *testing.T) {
	for _, address := range []string{"postgres://app:h0use\x7f@db/d", "mysql://app:h0use@db/d", "postgres://app:h0use%zz@db/d", "h0use"} {
		_, err := Load(Sources{Environ: []string{"DATABASE_URL=" + address}})
		if err == nil || strings.Contains(err.Error(), "h0use") {
			t.Errorf("err = %v, want a refusal without the address", err)
		}
	}
}

func TestEverySettingHasAFlagUnlessSecret(t *testing.T) {
	names := map[string]bool{}
	for f := range reflect.TypeFor[Flags]().Fields() {
		names[f.Tag.Get("name")] = true
	}
	for _, s := range settings {
		if s.secret == (s.flag != "") {
			t.Errorf("%s: secret %v, flag %q", s.key, s.secret, s.flag)
		}
		if s.flag != "" && !names[s.flag] {
			t.Errorf("%s: Flags has no --%s", s.key, s.flag)
		}
		delete(names, s.flag)
	}
	if len(names) > 0 {
		t.Errorf("flags without a setting: %v", names)
	}
}

func TestEveryFlagReachesItsSetting(t *testing.T) {
	var f Flags
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString(v.Type().Field(i).Tag.Get("name"))
	}
	given := f.Given()
	for _, s := range settings {
		if got := given[s.key]; got != s.flag {
			t.Errorf("%s = %q, want the value of --%s", s.key, got, s.flag)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	word := rapid.StringMatching(`[A-C_]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab, bc, ac := distance(a, b), distance(b, c), distance(a, c)
		if (ab == 0) != (a == b) || ab != distance(b, a) || ac > ab+bc || ab > max(len(a), len(b)) {
			t.Fatalf("%q %q %q: %d %d %d", a, b, c, ab, bc, ac)
		}
	})
}

func FuzzFileLayer(f *testing.F) {
	f.Add("DOORSTEP_LISTEN='a:1'\n#x\r\nDATABASE_URL=postgres://u:p@h/d\n")
	f.Add("\ufeffDOORSTEP_LANG=en")
	f.Add("=\n==\n\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		values, problems := fileLayer("f", func(string) ([]byte, error) { return []byte(text), nil })
		for key := range values {
			if !known(key) {
				t.Errorf("unknown %q was taken", key)
			}
		}
		for _, p := range problems {
			if p.ZH == "" || p.EN == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
	})
}

func TestSecondFactorIsSwitchedOffByName(t *testing.T) {
	for text, want := range map[string][]string{"off": nil, "admin, mediator": {"admin", "mediator"}} {
		c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_SECOND_FACTOR=" + text}})
		if diff := cmp.Diff(want, c.SecondFactor); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
}

func TestMailPasswordIsNeverShown(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_SMTP_HOST=smtp.example.cn:465", "DOORSTEP_SMTP_TLS=tls", "DOORSTEP_SMTP_USER=door",
		"DOORSTEP_SMTP_PASSWORD=letter-box-42", "DOORSTEP_SMTP_FROM=door@example.cn"}})
	if err != nil {
		t.Fatal(err)
	}
	if c.SMTP.Password.Reveal() != "letter-box-42" || strings.Contains(fmt.Sprint(c, c.Effective()), "letter-box-42") {
		t.Errorf("the password is lost or shown: %v", c.Effective())
	}
}

func TestProviderOfSignIns(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_OIDC_ISSUER=http://127.0.0.1:9/realms/door", "DOORSTEP_OIDC_CLIENT_ID=door",
		"DOORSTEP_OIDC_CLIENT_SECRET=three-crows-on-a-wire", "DOORSTEP_OIDC_NAME=司法局统一身份", "DOORSTEP_OIDC_LINK=email",
		"DOORSTEP_OIDC_FACTOR=mfa, otp", "DOORSTEP_OIDC_ONLY=chair, mediator"}})
	if err != nil {
		t.Fatal(err)
	}
	want := OIDC{Issuer: "http://127.0.0.1:9/realms/door", ClientID: "door", ClientSecret: "three-crows-on-a-wire", Name: "司法局统一身份", Link: "email",
		Factor: []string{"mfa", "otp"}, Only: []string{"chair", "mediator"}}
	if diff := cmp.Diff(want, c.OIDC); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(c, c.Effective()), "three-crows") {
		t.Error("the secret is shown")
	}
}

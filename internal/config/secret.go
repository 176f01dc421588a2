package config

import (
	"log/slog"
	"net/url"
	"strings"
)

const masked = "******"

// Secret is the address of a database, which may hold a password. Printed or
// logged it is masked; only Reveal gives the text.
type Secret string

// Reveal gives the text itself, for the connection and nothing else.
func (s Secret) Reveal() string { return string(s) }

// String is the address with its passwords masked; empty when nothing is set.
func (s Secret) String() string {
	if s != "" && !strings.Contains(string(s), "://") {
		return masked
	}
	return maskURL(string(s))
}

// GoString keeps %#v from telling what String hides.
func (s Secret) GoString() string { return s.String() }

// LogValue keeps the password out of every log.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the password out of JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// maskURL hides the password of an address, wherever it stands: before the
// host, or among the parameters. What cannot be read is hidden as a whole.
func maskURL(text string) string {
	if text == "" || !strings.Contains(text, "://") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return masked
	}
	user := ""
	if u.User != nil {
		user = url.User(u.User.Username()).String()
		if _, has := u.User.Password(); has {
			user += ":" + masked // by hand: the escaper would turn the stars into %2A
		}
		user += "@"
	}
	u.User = nil
	u.RawQuery = maskQuery(u.RawQuery)
	return strings.Replace(u.String(), "://", "://"+user, 1)
}

// maskQuery hides the value of every parameter that is no plain option. The
// pairs keep their order and spelling.
func maskQuery(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || secretParameter(plain) {
			pairs[i] = name + "=" + masked
		}
	}
	return strings.Join(pairs, "&")
}

func secretParameter(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"pass", "secret", "token", "key"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

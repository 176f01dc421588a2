package notice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how the connection to the mail server is protected.
type Security string

// The ways of protection.
const (
	StartTLS Security = "starttls" // plain at first, then TLS or nothing is sent
	TLS      Security = "tls"      // TLS from the first byte
	Plain    Security = "none"     // for a server on the same machine
)

// sendTime bounds one mail from dialling to the end.
const sendTime = 30 * time.Second

// answerTime bounds each answer of the server; the library does not end a read
// when a context does.
const answerTime = 10 * time.Second

// SMTP delivers through a mail server. User may be "" for a server that asks for
// none. Roots are the authorities that are believed; nil for those of the machine.
type SMTP struct {
	Host     string // host:port
	Security Security
	User     string
	Password string
	From     string // address, with a name or without
	Roots    *x509.CertPool
}

// CheckAddress brings a typed mail address to the form it is stored in: only the
// address, without a name, at most 254 bytes.
//
// Source: RFC 5321 4.5.3.1.3, RFC 5322 3.4.1.
func CheckAddress(typed string) (string, error) {
	a, err := mail.ParseAddress(typed)
	if err != nil {
		return "", fmt.Errorf("notice: mail address: %w", err)
	}
	if len(a.Address) > 254 || a.Name != "" {
		return "", errors.New("notice: mail address with a name, or too long")
	}
	return a.Address, nil
}

// PlainAddress is a mail address in the form two are compared in; "" when it is
// none. Only the letters A to Z lose their case: a fold of all of Unicode would
// make one address of two (the Kelvin sign folds to k), and whoever may choose his
// own somewhere could choose that.
func PlainAddress(address string) string {
	plain, err := CheckAddress(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, plain)
}

// Send delivers one mail: nil means that the server has taken it.
func (s SMTP) Send(ctx context.Context, m Mail) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(s.From), msg.To(m.To)); err != nil {
		return fmt.Errorf("notice: mail %s: %w", m.ID, err)
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return fmt.Errorf("notice: sender: %w", err)
	}
	msg.SetMessageIDWithValue(m.ID + "@" + domainOf(from.Address))
	msg.SetDate()
	msg.Subject(m.Subject)
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.File != nil {
		if err := msg.AttachReader(m.File.Name, bytes.NewReader(m.File.Data)); err != nil {
			return fmt.Errorf("notice: mail %s: %w", m.ID, err)
		}
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answer
	client, err := s.client(answerTime)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("notice: send %s: %w", m.ID, err)
	}
	return nil
}

// Reach connects as Send does, with encryption and sign-in, and sends nothing:
// nil means that a mail would be talked about. It waits for at most the given
// time for each answer of the server.
func (s SMTP) Reach(ctx context.Context, wait time.Duration) error {
	client, err := s.client(wait)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return fmt.Errorf("notice: mail server: %w", err)
	}
	if err := client.Close(); err != nil {
		return fmt.Errorf("notice: mail server: %w", err)
	}
	return nil
}

func domainOf(address string) string {
	for i := len(address) - 1; i >= 0; i-- {
		if address[i] == '@' {
			return address[i+1:]
		}
	}
	return address
}

func (s SMTP) client(wait time.Duration) (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(s.Host)
	if err != nil {
		return nil, fmt.Errorf("notice: mail server: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("notice: mail server: %w", err)
	}
	options := []gomail.Option{gomail.WithPort(number), gomail.WithTimeout(wait),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		kind := gomail.SMTPAuthAutoDiscover // never in clear over a line that is not encrypted
		options = append(options, gomail.WithSMTPAuth(kind), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("notice: mail server: %w", err)
	}
	return client, nil
}

// Fault is a short code of why a mail was not taken, for the outbox and the log:
// the server's own words may hold the address.
func Fault(err error) string {
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() > 0 {
		return "smtp " + strconv.Itoa(refused.ErrorCode())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	return "connection"
}

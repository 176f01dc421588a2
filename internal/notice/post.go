package notice

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// postTime bounds one delivery by HTTPS from dialling to the answer.
const postTime = time.Minute

// Post delivers a text to an https address: nil means an answer of 2xx. A
// redirection is not followed, for the address is the one the operator trusts.
// Roots are the authorities that are believed; nil for those of the machine. The
// error names the host and nothing more of the address, which may hold a secret.
func Post(ctx context.Context, address string, roots *x509.CertPool, text []byte) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return errors.New("notice: the address is no https address")
	}
	ctx, cancel := context.WithTimeout(ctx, postTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return errors.New("notice: the address cannot be posted to")
	}
	request.Header.Set("Content-Type", "text/plain; charset=us-ascii")
	request.Header.Set("User-Agent", "doorstep")
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // without the address
	}
	if err != nil {
		return fmt.Errorf("notice: post to %s: %w", u.Host, err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // lets the connection end in order
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("notice: %s answered %d", u.Host, answer.StatusCode)
	}
	return nil
}

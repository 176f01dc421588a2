package postgres

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/lib/pq"
)

// How long the database may keep us waiting. A statement is stopped by the
// server first; the socket's own limit is for a server that has stopped
// answering at all, where neither a cancel nor a time-out of the server comes.
const (
	connectLimit   = 3 * time.Second
	statementLimit = 5 * time.Second
	silenceLimit   = 7 * time.Second
	idleInTxLimit  = 10 * time.Second
)

// patience is the silenceLimit of who copies whole tables: sorting one takes as
// long as it takes, and sends nothing meanwhile.
const patience = 10 * time.Minute

// connector opens connections with bounded waits, of the database for a whole
// answer and of the socket for a sign of life. What the address itself sets stands.
func connector(dsn string, silence time.Duration) (*pq.Connector, error) {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: address of the database: %w", err)
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectLimit
	}
	if cfg.Runtime == nil {
		cfg.Runtime = map[string]string{}
	}
	for name, limit := range map[string]time.Duration{"statement_timeout": statementLimit, "idle_in_transaction_session_timeout": idleInTxLimit} {
		if _, set := cfg.Runtime[name]; !set {
			cfg.Runtime[name] = fmt.Sprint(limit.Milliseconds())
		}
	}
	c, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: address of the database: %w", err)
	}
	c.Dialer(dialer{silence: silence})
	return c, nil
}

// dialer opens sockets that give up on a silent server.
type dialer struct {
	d       net.Dialer
	silence time.Duration
}

// Dial opens a socket.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialTimeout(network, address, connectLimit)
}

// DialTimeout opens a socket within a time.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout) //nolint:forbidigo // the driver gives no context here
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext opens a socket until the context ends.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return impatient{c, d.silence}, nil
}

// impatient is a socket on which every read has an end.
type impatient struct {
	net.Conn
	silence time.Duration
}

// Read waits for the limit at most.
func (c impatient) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.silence)); err != nil { //nolint:forbidigo // a socket's deadline is real time
		return 0, err
	}
	return c.Conn.Read(b)
}

// Write waits for the limit at most.
func (c impatient) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.silence)); err != nil { //nolint:forbidigo // a socket's deadline is real time
		return 0, err
	}
	return c.Conn.Write(b)
}

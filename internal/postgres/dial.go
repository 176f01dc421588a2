package postgres

import (
	"context"
	"database/sql/driver"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
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

// connector opens connections with bounded waits: of the database for a whole
// answer, of the socket for a sign of life, and of both for no longer than whoever
// asked has time. What the address itself sets stands.
type connector struct {
	cfg     pq.Config
	silence time.Duration
}

func newConnector(dsn string, silence time.Duration) (connector, error) {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return connector{}, fmt.Errorf("postgres: address of the database: %w", err)
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
	return connector{cfg, silence}, nil
}

// Connect opens a connection with a dialer of its own.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	one, err := pq.NewConnectorConfig(c.cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: address of the database: %w", err)
	}
	d := &dialer{silence: c.silence}
	one.Dialer(d)
	conn, err := one.Connect(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // database/sql asks what kind of error it is
	}
	whole, ok := conn.(pqConn)
	if !ok {
		return nil, fmt.Errorf("postgres: the driver's connection is a %T, which lacks a part", conn)
	}
	return timed{whole, d}, nil
}

// Driver is the driver behind the connections.
func (connector) Driver() driver.Driver { return &pq.Driver{} }

// pqConn is what a connection of the driver can do.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// timed is a connection whose transactions begin and end in the time of whoever
// asked; the driver watches over the time of statements alone.
type timed struct {
	pqConn
	dialer *dialer
}

// BeginTx begins a transaction.
func (c timed) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	stop := context.AfterFunc(ctx, c.dialer.leave)
	tx, err := c.pqConn.BeginTx(ctx, o)
	if err != nil {
		stop()
		return nil, err //nolint:wrapcheck // database/sql asks what kind of error it is
	}
	return timedTx{tx, stop}, nil
}

// IsValid says whether the connection can be used again.
func (c timed) IsValid() bool { return !c.dialer.gone() && c.pqConn.IsValid() }

// timedTx is a transaction that knows when it is over.
type timedTx struct {
	driver.Tx
	stop func() bool
}

// Commit ends the transaction and keeps what it did.
func (t timedTx) Commit() error {
	defer t.stop()
	return t.Tx.Commit() //nolint:wrapcheck // database/sql asks what kind of error it is
}

// Rollback ends the transaction and drops what it did.
func (t timedTx) Rollback() error {
	defer t.stop()
	return t.Tx.Rollback() //nolint:wrapcheck // database/sql asks what kind of error it is
}

// dialer opens the sockets of one connection: the first is the connection, and a
// further one while that lives carries the driver's word to the server that a
// statement is to be given up, since whoever asked has no time left. A server that
// has stopped answering does not hear it, and the driver itself would go on
// waiting: so the first socket then has a moment left and no more.
type dialer struct {
	d       net.Dialer
	silence time.Duration
	mu      sync.Mutex
	line    *impatient
}

// farewell is how long a statement that was given up may take to say so.
const farewell = 300 * time.Millisecond

// Dial opens a socket.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialTimeout(network, address, connectLimit)
}

// DialTimeout opens a socket within a time.
func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout) //nolint:forbidigo // the driver gives no context here
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext opens a socket until the context ends.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	d.leave()
	c, err := d.d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	socket := &impatient{Conn: c, silence: d.silence}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.line == nil || d.line.shut.Load() {
		d.line = socket
	}
	return socket, nil
}

// leave lets the connection have a moment and no more.
func (d *dialer) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.line != nil {
		d.line.leave()
	}
}

// gone says whether the connection was left.
func (d *dialer) gone() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.line != nil && d.line.gone()
}

// impatient is a socket on which every read and write has an end.
type impatient struct {
	net.Conn
	silence time.Duration
	mu      sync.Mutex
	until   time.Time // set by the driver while it connects, and by leave
	left    bool
	shut    atomic.Bool
}

// leave ends what is waited for after a moment.
func (c *impatient) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.until = true, time.Now().Add(farewell) //nolint:forbidigo // a socket's deadline is real time
	_ = c.SetReadDeadline(c.until)                   // one that fails is closed
}

func (c *impatient) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left
}

// SetDeadline is how the driver bounds connecting, and with no time how it ends
// that bound.
func (c *impatient) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.left {
		c.until = t
	}
	return c.Conn.SetDeadline(t)
}

// Close ends the socket.
func (c *impatient) Close() error {
	c.shut.Store(true)
	return c.Conn.Close()
}

// end is when a read or write that begins now is given up.
func (c *impatient) end() time.Time {
	end := time.Now().Add(c.silence) //nolint:forbidigo // a socket's deadline is real time
	if !c.until.IsZero() && c.until.Before(end) {
		return c.until
	}
	return end
}

// Read waits for the limit at most.
func (c *impatient) Read(b []byte) (int, error) {
	c.mu.Lock()
	err := c.SetReadDeadline(c.end())
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// Write waits for the limit at most.
func (c *impatient) Write(b []byte) (int, error) {
	c.mu.Lock()
	err := c.SetWriteDeadline(c.end())
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

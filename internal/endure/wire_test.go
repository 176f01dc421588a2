package endure

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"doorstep/internal/pgserver"
)

// wire lies between the program and PostgreSQL and can be slow, silent, cut or
// gone. It listens on the loopback and leads to the socket of a server's own
// cluster.
type wire struct {
	address string
	socket  string

	mu       sync.Mutex
	listener net.Listener
	links    map[*link]bool
	delay    time.Duration // before each message of the program
	narrow   int           // bytes a second towards the program; 0: as they come
	silent   bool          // takes what comes and passes nothing on
	steps    int           // messages of the program since the last arm
	cutAt    int           // the step at which the link is cut; 0: never
	after    bool          // the cut comes when PostgreSQL has done the step, before its answer passes
}

// link is one connection of the program.
type link struct{ program, postgres net.Conn }

func (l *link) close() { _ = errors.Join(l.program.Close(), l.postgres.Close()) }

// lay makes a wire to the cluster of the server and gives the address by which a
// program reaches it as the role that serves.
func lay(t *testing.T, s *server) (w *wire, dsn string) {
	t.Helper()
	_, app, err := pgserver.Attach(s.data)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(app)
	if err != nil {
		t.Fatal(err)
	}
	w = &wire{socket: filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")), links: map[*link]bool{}}
	w.plug(t, "127.0.0.1:0")
	t.Cleanup(w.unplug)
	u.Host, u.RawQuery = w.address, "sslmode=disable"
	return w, u.String()
}

// plug begins to listen.
func (w *wire) plug(t *testing.T, address string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.listener, w.address = l, l.Addr().String()
	w.mu.Unlock()
	go w.carry(l)
}

// unplug refuses new connections and cuts the old ones.
func (w *wire) unplug() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.listener.Close()
	w.drop()
}

// drop cuts the connections there are.
func (w *wire) drop() {
	for l := range w.links {
		l.close()
		delete(w.links, l)
	}
}

// set changes how the wire is; hurts says what is done to it.
func (w *wire) set(hurts func(*wire)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	hurts(w)
}

// heal makes the wire whole again. What it held back in silence is lost with its
// connections, as when a network comes back.
func (w *wire) heal() {
	w.set(func(w *wire) {
		if w.silent {
			w.drop()
		}
		w.delay, w.narrow, w.silent, w.cutAt = 0, 0, false, 0
	})
}

// arm cuts the link at the n-th message from now on, before or after PostgreSQL
// has done what it asks; counted over all connections.
func (w *wire) arm(n int, after bool) {
	w.set(func(w *wire) { w.steps, w.cutAt, w.after = 0, n, after })
}

// told is how many messages have passed since the wire was armed.
func (w *wire) told() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.steps
}

func (w *wire) carry(listener net.Listener) {
	for {
		program, err := listener.Accept()
		if err != nil {
			return
		}
		postgres, err := net.Dial("unix", w.socket)
		if err != nil {
			_ = program.Close()
			continue
		}
		l := &link{program, postgres}
		w.mu.Lock()
		w.links[l] = true
		w.mu.Unlock()
		go w.ask(l)
		go w.answer(l)
	}
}

// ask passes on what the program sends, message by message: each begins with its
// kind and its length, but for the first, which has no kind. A step is a message
// that wants an answer, a query or a sync.
func (w *wire) ask(l *link) {
	defer l.close()
	head := make([]byte, 5)
	if !w.pass(l, head[:4]) {
		return
	}
	for {
		if _, err := io.ReadFull(l.program, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(l.program, body); err != nil {
			return
		}
		step := head[0] == 'Q' || head[0] == 'S'
		if step && !w.step(l) {
			return
		}
		if _, err := l.postgres.Write(append(head[:5:5], body...)); err != nil {
			return
		}
	}
}

// pass passes the first message on, whose length is all its head.
func (w *wire) pass(l *link, head []byte) bool {
	if _, err := io.ReadFull(l.program, head); err != nil {
		return false
	}
	body := make([]byte, binary.BigEndian.Uint32(head)-4)
	if _, err := io.ReadFull(l.program, body); err != nil {
		return false
	}
	w.mu.Lock()
	silent := w.silent
	w.mu.Unlock()
	if silent {
		_, _ = io.Copy(io.Discard, l.program)
		return false
	}
	_, err := l.postgres.Write(append(head[:4:4], body...))
	return err == nil
}

// step waits as the wire is slow, and says whether the message may pass.
func (w *wire) step(l *link) bool {
	w.mu.Lock()
	w.steps++
	cut := w.cutAt != 0 && w.steps == w.cutAt
	delay, silent := w.delay, w.silent
	if cut && w.after {
		delete(w.links, l) // its answers are not passed on any more
		cut = false
	}
	w.mu.Unlock()
	if silent {
		_, _ = io.Copy(io.Discard, l.program)
		return false
	}
	time.Sleep(delay)
	return !cut
}

// answer passes on what PostgreSQL sends, as fast as the wire lets it.
func (w *wire) answer(l *link) {
	defer l.close()
	piece := make([]byte, 16<<10)
	for {
		n, err := l.postgres.Read(piece)
		if err != nil {
			return
		}
		w.mu.Lock()
		open, narrow, silent := w.links[l], w.narrow, w.silent
		w.mu.Unlock()
		switch {
		case silent:
			_, _ = io.Copy(io.Discard, l.postgres)
			return
		case !open:
			return
		case narrow > 0:
			time.Sleep(time.Duration(n) * time.Second / time.Duration(narrow))
		}
		if _, err := l.program.Write(piece[:n]); err != nil {
			return
		}
	}
}

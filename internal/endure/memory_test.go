package endure

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// monster is an input made to take more than its share.
type monster struct {
	name, path, kind string
	body             func() io.Reader
	length           int64 // told in advance; 0 hides it
	header           http.Header
	want             []int
}

// taken are filings whose words are good, or asked to come back when many come at once.
var taken = []int{http.StatusSeeOther, http.StatusServiceUnavailable}

var tooMuch = []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}

func monsters() []monster {
	const form = "application/x-www-form-urlencoded"
	text := func(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }
	gigabyte := func() io.Reader { return io.LimitReader(endless('x'), 1<<30) }
	picture := func(photo []byte) (func() io.Reader, string) {
		body, kind := withPhotos(quarrel("").form, photo)
		whole, _ := io.ReadAll(body)
		return func() io.Reader { return bytes.NewReader(whole) }, kind
	}
	huge, hugeKind := picture(blankPNG(30_000, size(3000, 30_000)))
	zip, zipKind := picture(append([]byte("PK\x03\x04"), zeros(1<<20)...))
	parts := bytes.Repeat([]byte("--x\r\nContent-Disposition: form-data; name=\"facts\"\r\n\r\na\r\n"), 10_000)
	return []monster{
		{"a gigabyte that says so", "/file", form, gigabyte, 1 << 30, nil, tooMuch},
		{"a gigabyte that hides it", "/file", form, gigabyte, 0, nil, tooMuch},
		{"a gigabyte of a form with files", "/file", "multipart/form-data; boundary=x", gigabyte, 0, nil, tooMuch},
		{"ten thousand parts", "/file", "multipart/form-data; boundary=x", text(string(parts) + "--x--\r\n"), 0, nil, tooMuch},
		{"a part without an end", "/file", "multipart/form-data; boundary=x", func() io.Reader {
			return io.MultiReader(strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"facts\"\r\n\r\n"), gigabyte())
		}, 0, nil, tooMuch},
		{"a hundred thousand fields", "/file", form, text(strings.Repeat("a=b&", 100_000)), 0, nil, tooMuch},
		{"JSON fifty thousand deep", "/file", "application/json", text(strings.Repeat("[", 50_000)), 0, nil, tooMuch},
		{"half a megabyte of marks upon marks", "/file", form,
			text("key=0123456789abcdefgh&privacy=1&phone=10012345678&facts=" + strings.Repeat("%CC%81", 150_000)), 0, nil, tooMuch},
		{"a packed gigabyte", "/file", form, text(string(packed())), 0, http.Header{"Content-Encoding": {"gzip"}}, tooMuch},
		{"a picture that unpacks to more than it may", "/file", hugeKind, huge, 0, nil, taken}, // the words are taken, the picture is not
		{"an archive as a picture", "/file", zipKind, zip, 0, nil, taken},
		{"a draft of a megabyte", "/drafts/file", form, text("facts=" + strings.Repeat("a", 1<<20-10)), 0, nil, append(tooMuch, http.StatusNotFound)},
		{"a search as long as a book", "/cases?q=" + strings.Repeat("漏", 5000), form, text(""), 0, nil, append(tooMuch, http.StatusMethodNotAllowed, 431)},
	}
}

// endless gives one byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func zeros(n int) []byte { return make([]byte, n) }

func packed() []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.Copy(w, io.LimitReader(endless(0), int64(size(64<<20, 1<<30))))
	_ = w.Close()
	return out.Bytes()
}

// P17: whatever comes in, the memory stays bounded, the answer says what was
// wrong, and nothing is left behind.
func TestWhateverComesInMemoryStaysBounded(t *testing.T) {
	s := house(t)
	forgetPeak(t, s)
	for _, m := range monsters() {
		var wait sync.WaitGroup
		for range size(4, 20) {
			wait.Go(func() { m.come(t, s) })
		}
		wait.Wait()
		now, peak := s.resident(t)
		t.Logf("%s: %d MiB now, %d at the most", m.name, now, peak)
	}
	if _, peak := s.resident(t); peak > 512 {
		t.Errorf("the program took %d MiB, want 512 at most", peak)
	}
	wantStatus(t, someone(s).get(t, "/"), http.StatusOK)
	leavesNothing(t)
}

// come sends the monster as an impolite client does: it goes on sending whatever
// is answered.
func (m monster) come(t *testing.T, s *server) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+m.path, m.body())
	if err != nil {
		t.Error(err)
		return
	}
	r.ContentLength = m.length
	r.Header.Set("Content-Type", m.kind)
	for name, values := range m.header {
		r.Header[name] = values
	}
	p := someone(s)
	a, err := p.ask(r)
	p.client.CloseIdleConnections()
	switch {
	case err != nil && m.length+1 > 0 && strings.Contains(m.name, "gigabyte"):
		return // the server hung up while it was still being shouted at
	case err != nil:
		t.Errorf("%s: %v", m.name, err)
		return
	}
	for _, want := range m.want {
		if a.status == want {
			return
		}
	}
	t.Errorf("%s: answered %d after %v, want one of %v: %.300s", m.name, a.status, a.took, m.want, a.body)
}

// forgetPeak lets the kernel count the highest memory anew.
func forgetPeak(t *testing.T, s *server) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0o600); err != nil {
		t.Log("the highest memory since the start counts: ", err)
	}
}

// leavesNothing waits until no temporary file of an upload lies about.
func leavesNothing(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		left, err := filepath.Glob(filepath.Join(temp(t), "multipart-*"))
		if err != nil || len(left) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("temporary files stay: %v", left)
		}
	}
}

// The largest pictures that are taken, one after another and at once, stay within
// the same bounds: they are drawn anew one at a time.
func TestTheLargestPicturesStayWithinBounds(t *testing.T) {
	s := house(t)
	forgetPeak(t, s)
	photo := blankPNG(6000, 6000)
	var wait sync.WaitGroup
	for range size(2, 8) {
		f := quarrel(rand.Text())
		wait.Go(func() {
			p := someone(s)
			p.client.Timeout = patience
			body, kind := withPhotos(f.form, photo)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/file", body)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", kind)
			a, err := p.ask(r)
			if err != nil {
				t.Error(err)
				return
			}
			if err := f.note(t.Context(), p, a); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	now, peak := s.resident(t)
	if t.Logf("%d MiB now, %d at the most", now, peak); peak > 512 {
		t.Errorf("the program took %d MiB, want 512 at most", peak)
	}
	leavesNothing(t)
}

// Connections that say nothing, or one letter now and then, keep nobody out and
// are ended.
func TestSilentConnectionsKeepNobodyOut(t *testing.T) {
	s := house(t)
	forgetPeak(t, s)
	lines := make([]net.Conn, size(400, 4000))
	for i := range lines {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		lines[i] = c
		if _, err := fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: doorstep\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
	}
	f := quarrel(rand.Text())
	if err := f.send(t.Context(), someone(s)); err != nil {
		t.Error(err)
	}
	for i, c := range lines {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		if _, err := bufio.NewReader(c).ReadString('\n'); err == nil {
			continue // told that it was too slow
		} else if timeout, ok := err.(net.Error); ok && timeout.Timeout() { //nolint:errorlint // straight from the socket
			t.Fatalf("connection %d is still held", i)
		}
	}
	if _, peak := s.resident(t); peak > 512 {
		t.Errorf("the program took %d MiB, want 512 at most", peak)
	}
	var typed url.Values
	if typed = someone(s).get(t, "/file").form(t, "/file"); typed.Get("key") == "" {
		t.Error("no form comes afterwards")
	}
}

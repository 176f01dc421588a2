package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/blob"
	"doorstep/internal/blob/blobtest"
)

// line is a bad line to the real server: what it does to a request stands in
// spoil, which says whether the request goes on.
type line struct {
	blob.S3Options
	spoil atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
	asked atomic.Int32
}

func badLine(t *testing.T) *line {
	t.Helper()
	l := &line{S3Options: blobtest.S3(t)}
	real := httputil.NewSingleHostReverseProxy(l.URL)
	real.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked.Add(1)
		if spoil := l.spoil.Load(); spoil == nil || (*spoil)(w, r) {
			real.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() { proxy.CloseClientConnections(); proxy.Close() })
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	l.URL, l.Patience = at, 20*time.Second
	return l
}

func (l *line) open(t *testing.T) *blob.S3 {
	t.Helper()
	s, err := blob.NewS3(l.S3Options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (l *line) set(spoil func(w http.ResponseWriter, r *http.Request) bool) { l.spoil.Store(&spoil) }

// busy answers as a store under load does.
func busy(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, `<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`)
}

// hung does not answer at all until the caller has gone.
func hung(_ http.ResponseWriter, r *http.Request) bool {
	_, _ = io.Copy(io.Discard, r.Body) // a server sees that the caller hung up only when it reads
	<-r.Context().Done()
	return false
}

// every calls each method that goes over the network.
func every(s *blob.S3) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"put": func(ctx context.Context) error {
			_, err := s.Put(ctx, strings.NewReader("abc"), 10)
			return err
		},
		"get":    func(ctx context.Context) error { _, err := s.Get(ctx, abc); return err },
		"delete": func(ctx context.Context) error { return s.Delete(ctx, abc) },
		"each":   func(ctx context.Context) error { return s.Each(ctx, func(blob.Info) error { return nil }) },
		"sweep":  func(ctx context.Context) error { _, err := s.Sweep(ctx, time.Now()); return err },
		"check":  func(ctx context.Context) error { return s.Check(ctx) },
	}
}

func TestBusyStoreIsAskedAgain(t *testing.T) {
	t.Parallel()
	l := badLine(t)
	for name, call := range every(l.open(t)) {
		l.asked.Store(0)
		l.set(func(w http.ResponseWriter, _ *http.Request) bool {
			if l.asked.Load() <= 2 {
				busy(w)
				return false
			}
			return true
		})
		if err := call(t.Context()); err != nil && !errors.Is(err, blob.ErrMissing) {
			t.Errorf("%s: %v", name, err)
		}
		if n := l.asked.Load(); n < 3 {
			t.Errorf("%s asked %d times", name, n)
		}
	}
}

func TestStoreThatIsAwayIsToldInTime(t *testing.T) {
	t.Parallel()
	for state, set := range map[string]func(l *line){
		"always busy": func(l *line) {
			l.set(func(w http.ResponseWriter, _ *http.Request) bool { busy(w); return false })
		},
		"silent":     func(l *line) { l.Patience = time.Second / 2; l.set(hung) },
		"not there":  func(l *line) { l.URL = &url.URL{Scheme: "http", Host: "127.0.0.1:1"} },
		"cutting in": func(l *line) { l.set(func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }) },
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			l := badLine(t)
			set(l)
			for name, call := range every(l.open(t)) {
				began := time.Now()
				if err := call(t.Context()); !errors.Is(err, blob.ErrAway) {
					t.Errorf("%s: %v, want ErrAway", name, err)
				}
				if took := time.Since(began); took > l.Patience+10*time.Second {
					t.Errorf("%s took %s with a patience of %s", name, took, l.Patience)
				}
			}
		})
	}
}

func TestStoreThatRefusesIsToldApart(t *testing.T) {
	t.Parallel()
	for state, set := range map[string]func(l *line){
		"a wrong secret": func(l *line) { l.Secret = "wrong" },
		"an unknown key": func(l *line) { l.KeyID = "nobody" },
		"no such bucket": func(l *line) { l.Bucket = "there-is-none" },
		"a page of its own": func(l *line) {
			l.set(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(403); return false })
		},
		"elsewhere, it says": func(l *line) {
			l.set(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(301); return false })
		},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			l := badLine(t)
			set(l)
			for name, call := range every(l.open(t)) {
				err := call(t.Context())
				if !errors.Is(err, blob.ErrRefused) || strings.Contains(err.Error(), l.Secret) {
					t.Errorf("%s: %v, want ErrRefused", name, err)
				}
			}
		})
	}
}

func TestCallersEndIsHisOwn(t *testing.T) {
	t.Parallel()
	l := badLine(t)
	l.set(hung)
	for name, call := range every(l.open(t)) {
		ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if err := call(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, blob.ErrAway) {
			t.Errorf("%s: %v, want the caller's own end", name, err)
		}
		stop()
	}
}

// What happens to a file on its way is noticed on either side.
func TestFileSpoiltOnItsWay(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("a crack in it. ", 200_000)
	l := badLine(t)
	l.Patience = 3 * time.Second
	s := l.open(t)
	l.set(func(_ http.ResponseWriter, r *http.Request) bool {
		r.Body = io.NopCloser(&flipping{r: r.Body})
		return true
	})
	if info, err := s.Put(t.Context(), strings.NewReader(content), 1<<30); err == nil {
		t.Fatalf("a file changed on its way up was kept as %v", info)
	}
	l.spoil.Store(nil)
	info, err := s.Put(t.Context(), strings.NewReader(content), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for rule, tt := range map[string]struct {
		rest func(w http.ResponseWriter, r *http.Request, half []byte) // what follows the first half
		want error
	}{
		"another half": {func(w http.ResponseWriter, _ *http.Request, half []byte) {
			_, _ = w.Write(bytes.ToUpper(half[3:]))
			_, _ = w.Write(half[:3])
		}, blob.ErrDamaged},
		"cut in half": {func(http.ResponseWriter, *http.Request, []byte) { panic(http.ErrAbortHandler) }, blob.ErrAway},
		"silence": {func(w http.ResponseWriter, r *http.Request, _ []byte) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, blob.ErrAway},
	} {
		l.set(func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Length", "3000000")
			w.Header().Set("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT")
			half := []byte(content)[:len(content)/2]
			_, _ = w.Write(half)
			tt.rest(w, r, half)
			return false
		})
		_, err := get(t, s, info.Digest)
		if !errors.Is(err, tt.want) || errors.Is(err, blob.ErrDamaged) && errors.Is(err, blob.ErrAway) {
			t.Errorf("%s: %v, want %v", rule, err, tt.want)
		}
	}
	l.spoil.Store(nil)
	if got, err := get(t, s, info.Digest); got != content || err != nil {
		t.Errorf("%d bytes came back at last: %v", len(got), err)
	}
}

// flipping changes one bit on the way.
type flipping struct {
	r    io.Reader
	done bool
}

func (f *flipping) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if n > 0 && !f.done {
		p[n/2] ^= 1
		f.done = true
	}
	return n, err
}

func TestSlowReaderIsNoSilentStore(t *testing.T) {
	t.Parallel()
	l := badLine(t)
	l.Patience = 300 * time.Millisecond
	s := l.open(t)
	content := bytes.Repeat([]byte("x"), 4<<20)
	info, err := s.Put(t.Context(), bytes.NewReader(content), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Get(t.Context(), info.Digest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * l.Patience)
	if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(content))-1000 {
		t.Errorf("%d bytes after a rest, %v", n, err)
	}
}

// Two installations in one bucket see nothing of each other.
func TestPrefixesKeepInstallationsApart(t *testing.T) {
	t.Parallel()
	o := blobtest.S3(t)
	stores := map[string]*blob.S3{}
	for _, prefix := range []string{"", "north/", "south/"} {
		o.Prefix = prefix
		s, err := blob.NewS3(o)
		if err != nil {
			t.Fatal(err)
		}
		stores[prefix] = s
		put(t, s, "at "+prefix)
	}
	for prefix, s := range stores {
		var seen int
		if err := s.Each(t.Context(), func(blob.Info) error { seen++; return nil }); err != nil || seen != 1 {
			t.Errorf("%q lists %d files, %v", prefix, seen, err)
		}
	}
	if err := stores["north/"].Delete(t.Context(), put(t, stores["south/"], "at south/").Digest); err != nil {
		t.Fatal(err)
	}
	if got, err := get(t, stores["south/"], put(t, stores["south/"], "at south/").Digest); got == "" || err != nil {
		t.Errorf("a file of the south went with the north's: %v", err)
	}
}

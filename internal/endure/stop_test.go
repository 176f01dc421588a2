package endure

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// P16: a stop asked for under load lets end what was begun: who is told has been
// served, who is not told has not, and a slow upload on the way is taken.
func TestAStopCutsNothingOff(t *testing.T) {
	s := house(t)
	for range size(2, 50) {
		mark := rand.Text()
		ctx, cancel := context.WithCancel(t.Context())
		told, untold := make(chan *filing, 10_000), make(chan *filing, 10_000)
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() { fileUntilNobodyAnswers(ctx, s, mark, told, untold) })
		}
		stopping := make(chan struct{})
		slow := quarrel(mark + " slow")
		wait.Go(func() {
			if err := uploadSlowly(s, slow, stopping); err != nil {
				t.Errorf("an upload on the way: %v", err)
			}
			told <- slow
		})
		time.Sleep(700 * time.Millisecond)
		from := time.Now()
		go func() { time.Sleep(100 * time.Millisecond); close(stopping) }()
		if err := s.end(); err != nil {
			t.Fatal(err)
		}
		took := time.Since(from)
		if t.Logf("stopped within %v", took); *long && took > 15*time.Second {
			t.Errorf("stopped after %v, want 15 s", took)
		}
		cancel()
		wait.Wait()
		close(told)
		close(untold)
		s.again(t)
		compare(t, s, told, untold)
	}
}

// fileUntilNobodyAnswers files again and again, each time on a connection of its
// own, and sorts the filings by whether an answer came.
func fileUntilNobodyAnswers(ctx context.Context, s *server, mark string, told, untold chan<- *filing) {
	for n := 0; ctx.Err() == nil; n++ {
		f := quarrel(fmt.Sprint(mark, " ", rand.Text()))
		p := someone(s)
		a, err := p.send(ctx, http.MethodPost, "/file", f.form)
		p.client.CloseIdleConnections()
		switch {
		case err != nil:
			untold <- f
			return
		case a.status == http.StatusSeeOther:
			told <- f
		default:
			untold <- f
		}
	}
}

// uploadSlowly sends half of a filing with a photo, and the rest when the stop was
// asked for a while ago.
func uploadSlowly(s *server, f *filing, stopping <-chan struct{}) error {
	body, kind := withPhotos(f.form, square(300))
	var whole bytes.Buffer
	if _, err := io.Copy(&whole, body); err != nil {
		return err
	}
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := fmt.Fprintf(c, "POST /file HTTP/1.1\r\nHost: doorstep\r\nX-Forwarded-For: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		someone(s).address, kind, whole.Len()); err != nil {
		return err
	}
	half := whole.Len() / 2
	if _, err := c.Write(whole.Next(half)); err != nil {
		return err
	}
	<-stopping
	time.Sleep(500 * time.Millisecond)
	if _, err := c.Write(whole.Bytes()); err != nil {
		return err
	}
	a, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	_ = a.Body.Close()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/receipt" {
		return fmt.Errorf("answered %d to %q", a.StatusCode, a.Header.Get("Location"))
	}
	return nil
}

// compare holds what people were told against what the register says.
func compare(t *testing.T, s *server, told, untold <-chan *filing) {
	t.Helper()
	r, done := open(t, s), 0
	for f := range told {
		done++
		if n := r.one(t, `SELECT count(*) FROM cases WHERE facts = $1`, f.form.Get("facts")); n != "1" {
			t.Errorf("%s cases came of a filing that was acknowledged", n)
		}
	}
	for f := range untold {
		if n := r.one(t, `SELECT count(*) FROM cases WHERE facts = $1`, f.form.Get("facts")); n != "0" {
			t.Errorf("a filing was taken and its filer cut off before he was told")
		}
	}
	if done < 2 {
		t.Error("there was no load")
	}
	r.sound(t)
}

// A second signal ends at once what a first one did not.
func TestASecondSignalEndsAtOnce(t *testing.T) {
	s := house(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprint(c, "POST /file HTTP/1.1\r\nHost: doorstep\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nx"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // the request is being taken in, and will not end by itself
	from := time.Now()
	for range 2 {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		time.Sleep(600 * time.Millisecond)
	}
	select {
	case <-s.done:
		t.Logf("ended within %v, with %v", time.Since(from), s.fate)
	case <-time.After(12 * time.Second): // the first signal alone would wait for fifteen
		t.Error("the program still runs after a second signal")
		s.kill(t)
	}
	s.again(t)
	open(t, s).sound(t)
}

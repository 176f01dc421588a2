package endure

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// P3: however often a filing is sent, and however the line breaks meanwhile, one
// case comes of it and every answer shows the same receipt.
func TestAFilingSentAgainIsOneCaseWithOneReceipt(t *testing.T) {
	s := house(t)
	mark := rand.Text()
	filings := make([]*filing, size(24, 1000))
	var wait sync.WaitGroup
	hands := make(chan struct{}, 6)
	for i := range filings {
		filings[i] = quarrel(fmt.Sprint(mark, " ", i))
		hands <- struct{}{}
		wait.Go(func() {
			defer func() { <-hands }()
			if err := sendSixTimes(t, s, filings[i]); err != nil {
				t.Errorf("filing %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	open(t, s).holds(t, mark, filings)
	if f := filings[0]; !f.opens(t, s) {
		t.Errorf("the code of receipt %s opens nothing", f.number)
	}
}

// sendSixTimes sends a filing that is cut off in the middle of its words, one
// whose answer nobody waits for, a double tap of two at once, and two retries: one
// from the same browser and one from another.
func sendSixTimes(t *testing.T, s *server, f *filing) error {
	body := f.form.Encode()
	if err := breakOff(s, body, len(body)/2); err != nil {
		return err
	}
	if err := breakOff(s, body, len(body)); err != nil {
		return err
	}
	var wait sync.WaitGroup
	taps := make([]*answer, 2)
	hands := []*person{someone(s), someone(s)}
	faults := make([]error, 2)
	for i := range taps {
		wait.Go(func() { taps[i], faults[i] = hands[i].insist(t.Context(), http.MethodPost, "/file", f.form) })
	}
	wait.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for i, a := range taps {
		if err := f.note(t.Context(), hands[i], a); err != nil {
			return err
		}
	}
	return errors.Join(f.send(t.Context(), hands[0]), f.send(t.Context(), someone(s)))
}

// breakOff sends a filing by hand, as much of its body as told, and hangs up
// without waiting for an answer.
func breakOff(s *server, body string, sent int) error {
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c, "POST /file HTTP/1.1\r\nHost: doorstep\r\nX-Forwarded-For: %s\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", someone(s).address, len(body), body[:sent])
	time.Sleep(time.Duration(len(body)%40) * time.Millisecond) // the hang-up may find the act begun
	return errors.Join(err, c.Close())
}

// The key belongs to the words it was first sent with: other words under it are
// not taken for the same filing, and are not lost either.
func TestOtherWordsUnderAUsedKeyComeBackToBeSentAnew(t *testing.T) {
	s := house(t)
	mark := rand.Text()
	p, first := someone(s), quarrel(mark+" first")
	if err := first.send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	second := quarrel(mark + " second")
	second.form.Set("key", first.form.Get("key"))
	a := p.post(t, "/file", second.form)
	wantStatus(t, a, http.StatusUnprocessableEntity)
	again := a.form(t, "/file")
	if again.Get("facts") != second.form.Get("facts") || again.Get("key") == first.form.Get("key") {
		t.Fatalf("the form came back as %v, want the words kept and a new key", again)
	}
	second.form = again
	second.form.Set("privacy", "yes")
	if err := second.send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	open(t, s).holds(t, mark, []*filing{first, second})
}

// A retry of what was taken already is answered also from an address that has
// filed as often as it may: it asks for nothing new.
func TestARetryIsNoNewFilingForTheLimit(t *testing.T) {
	s := house(t)
	mark := rand.Text()
	p, f := someone(s), quarrel(mark)
	if err := f.send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	limited := false
	for range 60 { // faulty filings count too, and cost no hash
		a := p.post(t, "/file", url.Values{"key": {rand.Text()}})
		if limited = a.status == http.StatusTooManyRequests; limited {
			break
		}
	}
	if !limited {
		t.Fatal("nobody limits the filings of an address")
	}
	if err := f.send(t.Context(), p); err != nil {
		t.Errorf("the retry: %v", err)
	}
	open(t, s).holds(t, mark, []*filing{f})
}

// A page without script sends its form the old way, and a double tap there is two
// posts with one key, on one connection or on two.
func TestADoubleTapOnOneConnectionIsOneFiling(t *testing.T) {
	s := house(t)
	mark := rand.Text()
	p := someone(s)
	drawn := p.get(t, "/file").form(t, "/file")
	f := quarrel(mark)
	if len(drawn.Get("key")) < 16 {
		t.Fatalf("the form has the key %q", drawn.Get("key"))
	}
	f.form.Set("key", drawn.Get("key"))
	body := f.form.Encode()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	post := fmt.Sprintf("POST /file HTTP/1.1\r\nHost: doorstep\r\nX-Forwarded-For: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\n\r\n%s", p.address, len(body), body)
	if _, err := fmt.Fprint(c, post, post); err != nil { // both are on the way before either is answered
		t.Fatal(err)
	}
	answers := bufio.NewReader(c)
	for range 2 {
		r, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/receipt" {
			t.Errorf("a tap was answered %d to %q", r.StatusCode, r.Header.Get("Location"))
		}
	}
	if err := f.send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	open(t, s).holds(t, mark, []*filing{f})
}

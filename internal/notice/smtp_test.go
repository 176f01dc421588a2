package notice_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"doorstep/internal/locale"
	"doorstep/internal/notice"
	"doorstep/internal/notice/noticetest"
	"doorstep/templates"
)

var sample = notice.Mail{ID: "0197", To: "li@example.cn", Subject: "家门口调解：有新消息 · Doorstep", Text: "您好！\nHello\n"}

func TestMailIsDeliveredOverEncryptedLines(t *testing.T) {
	for how, implicit := range map[notice.Security]bool{notice.StartTLS: false, notice.TLS: true} {
		server := noticetest.Start(t, implicit)
		s := notice.SMTP{Host: server.Addr, Security: how, User: noticetest.User, Password: noticetest.Password,
			From: "家门口调解 <tiaojie@example.cn>", Roots: server.Roots}
		if err := s.Send(t.Context(), sample); err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		letters := server.Letters()
		if len(letters) != 1 {
			t.Fatalf("%s: %d letters", how, len(letters))
		}
		want := noticetest.Letter{From: "tiaojie@example.cn", To: sample.To, ID: "<0197@example.cn>", Subject: sample.Subject,
			Text: sample.Text, Secured: true, SignedIn: true}
		if got := letters[0]; strings.TrimSpace(got.Text) != strings.TrimSpace(want.Text) || got.From != want.From || got.To != want.To ||
			got.ID != want.ID || got.Subject != want.Subject || !got.Secured || !got.SignedIn {
			t.Errorf("%s: took %+v, want %+v", how, got, want)
		}
		s.Password = "wrong"
		if err := s.Send(t.Context(), sample); err == nil {
			t.Errorf("%s: a wrong password was taken", how)
		}
		s.Password, s.Roots = noticetest.Password, nil
		if err := s.Send(t.Context(), sample); err == nil {
			t.Errorf("%s: a certificate nobody vouches for was believed", how)
		}
	}
}

func TestServerWithoutEncryptionGetsNothingUnlessItIsAllowed(t *testing.T) {
	server := noticetest.Start(t, false)
	s := notice.SMTP{Host: server.Addr, Security: notice.Plain, From: "tiaojie@example.cn"}
	if err := s.Send(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	if got := server.Letters(); len(got) != 1 || got[0].Secured {
		t.Errorf("took %+v", got)
	}
	server.Refuse(func(string) error { return &smtp.SMTPError{Code: 550, Message: "no such mailbox li@example.cn"} })
	err := s.Send(t.Context(), sample)
	if code := notice.Fault(err); code != "smtp 550" {
		t.Errorf("fault %q of %v: it is a code and never the server's text", code, err)
	}
	s.Host = "127.0.0.1:1"
	began := time.Now()
	if code := notice.Fault(s.Send(t.Context(), sample)); code != "connection" || time.Since(began) > 11*time.Second {
		t.Errorf("a server that is away: %q after %v", code, time.Since(began))
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for typed, want := range map[string]string{"li@example.cn": "li@example.cn", " li@example.cn": "li@example.cn", "": "", "li": "", "李 <li@example.cn>": "",
		"li@example.cn, wang@example.cn": "", "li@example.cn\r\nBcc: x@y.cn": "", strings.Repeat("a", 250) + "@b.cn": ""} {
		if got, err := notice.CheckAddress(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestLettersHaveBothLanguagesAndTheirLink(t *testing.T) {
	words, err := locale.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range notice.Kinds {
		subject, text := notice.Letter(words, kind, "https://tiaojie.example.cn", "TOKEN")
		if strings.ContainsAny(subject+text, "⟦{}") || !strings.Contains(subject, "家门口调解") || !strings.Contains(subject, "Doorstep") {
			t.Errorf("%s: %q %q", kind, subject, text)
		}
		links := strings.Count(text, "TOKEN")
		if want := map[bool]int{true: 2, false: 0}[kind.HasLink()]; links != want || strings.Count(text, "https://tiaojie.example.cn") != 2 {
			t.Errorf("%s: %d links with the token, want %d, in %q", kind, links, want, text)
		}
	}
}

// Reach goes as far as the sign-in, sends nothing, and does not wait for a
// server that says nothing.
func TestReachSignsInAndSendsNothing(t *testing.T) {
	server := noticetest.Start(t, false)
	s := notice.SMTP{Host: server.Addr, Security: notice.StartTLS, User: noticetest.User, Password: noticetest.Password,
		From: "tiaojie@example.cn", Roots: server.Roots}
	if err := s.Reach(t.Context(), 10*time.Second); err != nil {
		t.Error(err)
	}
	s.Password = "wrong"
	if err := s.Reach(t.Context(), 10*time.Second); err == nil {
		t.Error("a wrong password was taken")
	}
	if n := len(server.Letters()); n > 0 {
		t.Errorf("%d letters were sent", n)
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the kernel takes the connection, nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s.Host = silent.Addr().String()
	began := time.Now()
	if err := s.Reach(t.Context(), 300*time.Millisecond); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("a silent server: %v after %s", err, time.Since(began))
	}
}

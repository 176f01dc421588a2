package docket_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/docket"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/notice"
	"doorstep/internal/notice/noticetest"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
	"doorstep/templates"
)

const (
	password = "青山绿水共为邻居十二"
	mailbox  = "li.aying@example.cn"
	site     = "https://tiaojie.example.cn"
)

// mailRoom is an entrance, a courier and a mail server that is really there.
type mailRoom struct {
	*account.Accounts
	*docket.Courier
	t      *testing.T
	db     *postgres.DB
	server *noticetest.Server
	words  *locale.Catalog
	mu     sync.Mutex
	at     time.Time
	user   mediation.Actor
}

func openMail(t *testing.T) *mailRoom {
	t.Helper()
	keys := vault.TestKeys()
	db, err := postgres.Open(pgtest.New(t).App, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	m := &mailRoom{t: t, db: db, server: noticetest.Start(t, false), at: time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)}
	if m.words, err = locale.Load(templates.FS); err != nil {
		t.Fatal(err)
	}
	m.Accounts = account.New(db, policy, vault.NewHasher(keys), keys, m.now)
	m.Courier = m.courier()
	id, err := m.Register(t.Context(), account.NewAccount{Name: "李阿英", Username: "li.aying", Password: password, Address: "203.0.113.7"})
	if err != nil {
		t.Fatal(err)
	}
	m.user = mediation.Actor{User: id, Name: "李阿英", Grants: []mediation.Grant{{Role: mediation.RoleResident}}}
	return m
}

func (m *mailRoom) courier() *docket.Courier {
	smtp := notice.SMTP{Host: m.server.Addr, Security: notice.StartTLS, User: noticetest.User, Password: noticetest.Password, From: "tiaojie@example.cn",
		Roots: m.server.Roots}
	return docket.NewCourier(m.db, smtp.Send, m.words, site, slog.New(slog.DiscardHandler), m.now)
}

func (m *mailRoom) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *mailRoom) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

func (m *mailRoom) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// round sends what is due and wants so many mails to arrive; it gives the last.
func (m *mailRoom) round(want int) noticetest.Letter {
	m.t.Helper()
	before := len(m.server.Letters())
	n, err := m.RunOnce(m.t.Context())
	letters := m.server.Letters()
	if err != nil || n < want || len(letters)-before != want {
		m.t.Fatalf("%d noted, %d arrived, want %d: %v", n, len(letters)-before, want, err)
	}
	if want == 0 {
		return noticetest.Letter{}
	}
	return letters[len(letters)-1]
}

// link is the token in a mail's link to a page.
func link(t *testing.T, l noticetest.Letter, page string) string {
	t.Helper()
	_, after, ok := strings.Cut(l.Text, site+page)
	if !ok {
		t.Fatalf("no link to %s in %q", page, l.Text)
	}
	token, _, _ := strings.Cut(after, "\n")
	return token
}

func (m *mailRoom) confirm() {
	m.t.Helper()
	m.must(m.SetEmail(m.t.Context(), m.user, account.EmailChange{Email: mailbox, Current: password, Address: "203.0.113.7"}))
	m.must(m.ConfirmEmail(m.t.Context(), link(m.t, m.round(1), "/confirm-email/")))
}

// tell writes a mail about news, as an act does that has a notice for the user.
func (m *mailRoom) tell(thing string) {
	m.t.Helper()
	m.must(m.db.InTx(m.t.Context(), func(tx postgres.Tx) error {
		return tx.AddMail(m.t.Context(), postgres.Mail{ID: uuidOf(thing), Key: "news/" + thing, User: m.user.User, Kind: string(notice.News),
			CreatedAt: m.now(), DueAt: m.now()})
	}))
}

func uuidOf(thing string) string {
	return "0197a000-0000-7000-8000-" + strings.Repeat("0", 12-len(thing)) + thing
}

func TestNothingIsMailedToAnAddressNobodyConfirmed(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.tell("1")
	m.round(0) // no address at all
	m.must(m.SetEmail(t.Context(), m.user, account.EmailChange{Email: mailbox, Current: password, Address: "203.0.113.7"}))
	m.tell("2")
	l := m.round(1)
	if l.To != mailbox || !l.Secured || strings.Contains(l.Text, "李阿英") {
		t.Errorf("took %+v", l)
	}
	token := link(t, l, "/confirm-email/")
	m.must(m.ConfirmEmail(t.Context(), token))
	if err := m.ConfirmEmail(t.Context(), token); mediation.KeyOf(err) != "error.link_ended" {
		t.Errorf("the link works twice: %v", err)
	}
	m.tell("3")
	if l := m.round(1); l.ID != "<"+uuidOf("3")+"@example.cn>" || !strings.Contains(l.Subject, "有新消息") {
		t.Errorf("took %+v", l)
	}
	m.round(0)

	m.must(m.SetEmail(t.Context(), m.user, account.EmailChange{Email: "else@example.cn", Current: password, Address: "203.0.113.7"}))
	old := link(t, m.round(1), "/confirm-email/")
	m.must(m.SetEmail(t.Context(), m.user, account.EmailChange{Email: "third@example.cn", Current: password, Address: "203.0.113.7"}))
	if err := m.ConfirmEmail(t.Context(), old); mediation.KeyOf(err) != "error.link_ended" {
		t.Errorf("the link sent to one address confirms another: %v", err)
	}
	err := m.SetEmail(t.Context(), m.user, account.EmailChange{Email: mailbox, Current: "this is not the one", Address: "203.0.113.7"})
	if mediation.FieldsOf(err)["current"] != "error.password_current" {
		t.Errorf("without the password: %v", err)
	}
	err = m.SetEmail(t.Context(), m.user, account.EmailChange{Email: "no address", Current: password})
	if mediation.FieldsOf(err)["email"] != "error.email" {
		t.Errorf("no address: %v", err)
	}
}

func TestForgottenPasswordIsSetByMail(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	session, err := m.SignIn(t.Context(), account.Credentials{Login: "li.aying", Password: password, Address: "203.0.113.7"})
	m.must(err)
	m.must(m.AskPassword(t.Context(), " LI.AYING ", "198.51.100.20"))
	m.must(m.AskPassword(t.Context(), "nobody.here", "198.51.100.20"))
	l := m.round(1)
	if l.To != mailbox {
		t.Errorf("sent to %s", l.To)
	}
	token := link(t, l, "/set-password/")
	const fresh = "门前老槐树下乘凉的人们"
	if name, err := m.SetPassword(t.Context(), token, fresh, "198.51.100.20"); err != nil || name != "li.aying" {
		t.Fatalf("%q, %v", name, err)
	}
	if _, _, err := m.Actor(t.Context(), session); mediation.KindOf(err) != mediation.Unauthenticated {
		t.Errorf("a session of before lives: %v", err)
	}
	for range 5 {
		m.must(m.AskPassword(t.Context(), "li.aying", "198.51.100.21")) // answers alike, whatever was sent
	}
	m.round(2) // three an hour for one name
	m.pass(time.Hour + time.Second)
	m.must(m.AskPassword(t.Context(), "li.aying", "198.51.100.21"))
	late := link(t, m.round(1), "/set-password/")
	m.pass(account.LinkLife)
	if _, err := m.SetPassword(t.Context(), late, fresh+"。", "198.51.100.21"); mediation.KeyOf(err) != "error.link_ended" {
		t.Errorf("after its time: %v", err)
	}
}

func TestAskingForALinkTellsNothingAndStoresNothingOpen(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	if err := m.AskPassword(t.Context(), "", "198.51.100.20"); mediation.FieldsOf(err)["login"] == "" {
		t.Errorf("blank: %v", err)
	}
	m.must(m.AskPassword(t.Context(), "li.aying", "198.51.100.20")) // has no mail address
	m.must(m.AskPassword(t.Context(), "nobody.here", "198.51.100.20"))
	m.round(0)
	for range 8 {
		m.must(m.AskPassword(t.Context(), "li.aying", "198.51.100.20"))
	}
	if err := m.AskPassword(t.Context(), "wang.er", "198.51.100.20"); mediation.KindOf(err) != mediation.TooMany {
		t.Errorf("eleven from one address: %v", err)
	}
}

func TestTwoCouriersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	const mails = 30
	for i := range mails {
		m.tell(strings.Repeat("1", i/10+1) + string(rune('0'+i%10)))
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := m.courier().RunOnce(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seen := map[string]int{}
	for _, l := range m.server.Letters()[1:] {
		seen[l.ID]++
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
	if len(seen) != mails {
		t.Errorf("%d mails, want %d", len(seen), mails)
	}
}

func TestCourierThatDiesBeforeItsNoteSendsAgain(t *testing.T) {
	t.Parallel()
	m := openMail(t)
	m.confirm()
	m.tell("1")
	ctx, cancel := context.WithCancel(t.Context())
	smtp := notice.SMTP{Host: m.server.Addr, Security: notice.Plain, From: "tiaojie@example.cn"}
	dying := docket.NewCourier(m.db, func(ctx context.Context, mail notice.Mail) error {
		err := smtp.Send(ctx, mail)
		cancel() // the power goes after the server took it
		return err
	}, m.words, site, slog.New(slog.DiscardHandler), m.now)
	if _, err := dying.RunOnce(ctx); err == nil {
		t.Fatal("the note was written by a dead courier")
	}
	m.round(0) // still leased to the dead one
	m.pass(3 * time.Minute)
	m.round(1)
	letters := m.server.Letters()
	if a, b := letters[len(letters)-1].ID, letters[len(letters)-2].ID; a != b {
		t.Errorf("%s and %s: the receiver cannot tell that they are one", a, b)
	}
	m.pass(time.Hour)
	m.round(0)
}

// What an act tells its readers is put out in the act's own transaction, one mail
// a reader, and gathered: what follows within the hour is the same news.
func TestNewsOfACaseIsMailedOncePerReader(t *testing.T) {
	t.Parallel()
	w := open(t, "车位", "欠款")
	people, err := w.DB.UserPage(t.Context(), postgres.UserFilter{Everybody: true, Limit: 100})
	if err != nil || len(people) == 0 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	w.at(7, 9, 0, 1)
	err = w.DB.InTx(t.Context(), func(tx postgres.Tx) error {
		for _, p := range people {
			if err := errors.Join(tx.SetEmail(t.Context(), p.ID, p.Username+"@example.cn", *w.now.Load()),
				tx.ConfirmEmail(t.Context(), p.ID, *w.now.Load())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.round(1)
	told := map[string]int{}
	courier := docket.NewCourier(w.DB, func(_ context.Context, m notice.Mail) error {
		told[m.To]++
		for _, name := range []string{"车位", "欠款", "榆园"} {
			if strings.Contains(m.Subject+m.Text, name) {
				t.Errorf("the mail to %s tells %q", m.To, name)
			}
		}
		return nil
	}, words(t), site, slog.New(slog.DiscardHandler), func() time.Time { return *w.now.Load() })
	deliver := func(minutes int) int {
		t.Helper()
		w.at(7, 9, 0, minutes)
		n, err := courier.RunOnce(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := deliver(2); n != 0 {
		t.Errorf("%d mails before the news was gathered", n)
	}
	first := deliver(7)
	if first == 0 || len(told) != first {
		t.Fatalf("%d mails to %d readers", first, len(told))
	}
	w.at(7, 14, 0, 1)
	w.round(1)
	w.at(7, 14, 0, 10)
	if n, err := courier.RunOnce(t.Context()); err != nil || n == 0 {
		t.Errorf("%d mails about the payment, %v", n, err)
	}
}

func words(t *testing.T) *locale.Catalog {
	t.Helper()
	w, err := locale.Load(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

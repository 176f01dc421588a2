package web

import (
	"bytes"
	"database/sql"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/vault"
	"doorstep/policies"
)

const (
	hallPassword = "门前老槐树下乘凉的人们"
	hallUser     = "li.aying"
)

// hall is the whole shell with the pages of this file, over a fresh database.
// A browser of its own asks it.
type hall struct {
	*browser
	t    *testing.T
	site *Site
	raw  *sql.DB
	db   *postgres.DB
	log  *bytes.Buffer
	at   time.Time
	h    *vault.Hasher
	door http.Handler
}

// browser keeps cookies as browsers do; Secure ones too, as if by https.
type browser struct {
	o       *hall
	mu      sync.Mutex
	cookies map[string]*http.Cookie
	from    string
	header  http.Header
}

func openHall(t *testing.T, base string, trusted ...netip.Prefix) *hall {
	t.Helper()
	dsn, keys := pgtest.New(t), vault.TestKeys()
	db, err := postgres.Open(dsn.App, keys)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("postgres", dsn.App)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = db.Close(), raw.Close() })
	policy, err := authz.New(policies.Model, policies.Lines)
	if err != nil {
		t.Fatal(err)
	}
	o := &hall{t: t, raw: raw, db: db, log: &bytes.Buffer{}, at: presentDay, h: vault.NewHasher(keys)}
	now := func() time.Time { return o.at }
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	log := NewLog(o.log, nil)
	o.site = &Site{Accounts: account.New(db, policy, o.h, keys, now), Drafts: db, Render: testRenderer(t), Can: policy.Can, Log: log,
		Now: now, Wall: now, BaseURL: base, Version: "test"}
	server, err := New(Options{Log: log, Now: time.Now, BaseURL: address, Classify: postgres.Classify, TrustedProxies: trusted})
	if err != nil {
		t.Fatal(err)
	}
	o.mount(server.Echo())
	o.door, o.browser = server.Handler(), nil
	o.browser = o.browse("203.0.113.7")
	return o
}

// mount adds the pages under test and three that stand for everybody else's.
func (o *hall) mount(e *echo.Echo) {
	e.Use(o.site.identify)
	for _, r := range o.site.accountRoutes() {
		e.Add(r.Method, r.Path, r.Do)
	}
	e.GET("/desk", func(c echo.Context) error {
		if !actor(c).SignedIn() {
			return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
		}
		return c.String(http.StatusOK, "desk of "+actor(c).Name)
	})
	private := func(c echo.Context) error {
		if a := actor(c); a.SignedIn() || a.Code != nil {
			return c.String(http.StatusOK, "took "+c.FormValue("reason"))
		}
		return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	for _, path := range []string{"/cases/:case/withdrawal", "/my-case/answer", "/api/v1/cases"} {
		e.GET(path, private)
		e.POST(path, private)
	}
	e.GET("/my-case", func(c echo.Context) error {
		if actor(c).Code == nil {
			return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
		}
		return c.String(http.StatusOK, "case "+string(actor(c).Code.Case))
	})
}

func (o *hall) browse(from string) *browser {
	return &browser{o: o, cookies: map[string]*http.Cookie{}, from: from, header: http.Header{}}
}

func (b *browser) send(method, target string, form url.Values) *httptest.ResponseRecorder {
	b.o.t.Helper()
	r := httptest.NewRequestWithContext(b.o.t.Context(), method, target, strings.NewReader(form.Encode()))
	maps.Copy(r.Header, b.header)
	r.RemoteAddr = b.from + ":40000"
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	b.carry(r)
	w := httptest.NewRecorder()
	b.o.door.ServeHTTP(w, r)
	b.keep(w)
	return w
}

// carry gives a request the cookies of the browser, whose tabs may ask at once.
func (b *browser) carry(r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
		r.AddCookie(b.cookies[name])
	}
}

// keep takes the cookies of an answer.
func (b *browser) keep(w *httptest.ResponseRecorder) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
}

func (b *browser) get(target string) *httptest.ResponseRecorder {
	return b.send(http.MethodGet, target, nil)
}

func (b *browser) post(target string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, target, form)
}

func (b *browser) signIn(password string) *httptest.ResponseRecorder {
	return b.post("/sign-in", "login", hallUser, "password", password)
}

func wantStatus(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %.600s", w.Code, status, w.Body)
	}
}

func wantTo(t *testing.T, w *httptest.ResponseRecorder, to string) {
	t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != to {
		t.Fatalf("%d to %q, want 303 to %q: %.300s", w.Code, got, to, w.Body)
	}
}

func (o *hall) register(username string) mediation.UserID {
	o.t.Helper()
	id, err := o.site.Accounts.Register(o.t.Context(), account.NewAccount{Name: "李阿英", Username: username, Password: hallPassword, Address: username})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

func (o *hall) exec(statement string, args ...any) {
	o.t.Helper()
	if _, err := o.raw.ExecContext(o.t.Context(), statement, args...); err != nil {
		o.t.Fatalf("%s: %v", statement, err)
	}
}

func (o *hall) count(statement string, args ...any) (n int) {
	o.t.Helper()
	if err := o.raw.QueryRowContext(o.t.Context(), statement, args...).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *hall) secretStaysOutOfTheLog(secret string) {
	o.t.Helper()
	if o.log.Len() == 0 || strings.Contains(o.log.String(), secret) {
		o.t.Errorf("the log is empty or holds the secret of a link")
	}
}

// matter is a case with one party, his receipt code and an invitation.
func (o *hall) matter() (id string, code vault.Code, invitation string) {
	o.t.Helper()
	area, committee, party := o.newID(), o.newID(), o.newID()
	id, code = o.newID(), vault.NewReceiptCode()
	o.exec(`INSERT INTO areas (id, kind, name, code, path) VALUES ($1, 'city', '江城', $2, $2 || '/')`, area, area[24:])
	o.exec(`INSERT INTO committees (id, area_id, name, short_name) VALUES ($1, $2, '榆园社区人民调解委员会', $3)`, committee, area, area[24:])
	kase := &mediation.Case{ID: mediation.CaseID(id), Version: 1, IntakeNumber: id, Committee: mediation.CommitteeID(committee),
		Area: mediation.AreaID(area), AreaPath: area[24:] + "/", Stage: mediation.Submitted, FiledAt: o.at, UpdatedAt: o.at,
		GradeFacts: []string{}, Remedies: []string{}, Parties: []mediation.Party{{ID: mediation.PartyID(party), Seq: 1,
			Side: mediation.Applicant, Name: "李阿英", GroupSize: 1, Identity: mediation.LevelCode}}}
	hash, err := o.h.HashPassword(o.t.Context(), code.Secret())
	if err != nil {
		o.t.Fatal(err)
	}
	token, digest := vault.NewToken()
	err = o.db.InTx(o.t.Context(), func(tx postgres.Tx) error {
		if err := tx.InsertCase(o.t.Context(), kase); err != nil {
			return err
		}
		if err := tx.InsertReceiptCode(o.t.Context(), o.newID(), mediation.CaseID(id), mediation.PartyID(party), code.Locator(), hash, o.at); err != nil {
			return err
		}
		return tx.InsertInvitation(o.t.Context(), digest, mediation.CaseID(id), mediation.PartyID(party), "answer", o.at, o.at.Add(time.Hour))
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return id, code, token
}

func (o *hall) newID() string { return uuid.Must(uuid.NewV7()).String() }

func TestReceiptCodeOpensOneCaseForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	o := openHall(t, "http://localhost:8080")
	id, code, _ := o.matter()
	wantTo(t, o.get("/my-case"), "/follow")
	w := o.post("/follow", "code", "1234 5678")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	if got := document(t, w.Body.String()).Find("#f-code").AttrOr("value", ""); got != "1234 5678" {
		t.Errorf("code %q, want it kept to be mended", got)
	}
	wantTo(t, o.post("/follow", "code", code.String()), "/my-case")
	if w := o.get("/my-case"); w.Body.String() != "case "+id {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	cookie := o.cookies["doorstep-code"]
	if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("cookie %+v", cookie)
	}
	wantTo(t, o.get("/follow"), "/my-case")
	o.at = o.at.Add(15 * time.Minute)
	wantTo(t, o.get("/my-case"), "/follow")
	o.secretStaysOutOfTheLog(strings.ReplaceAll(code.String(), " ", ""))
}

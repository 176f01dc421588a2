package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"doorstep/internal/account"
	"doorstep/internal/authz"
	"doorstep/internal/blob"
	"doorstep/internal/casework"
	"doorstep/internal/demo"
	"doorstep/internal/ledger"
	"doorstep/internal/locale"
	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
	"doorstep/internal/press"
	"doorstep/internal/sso"
	"doorstep/internal/sso/ssotest"
	"doorstep/internal/vault"
	"doorstep/policies"
	"doorstep/templates"
)

// town is the whole program over the demonstration's database: every role, cases
// in every stage.
type town struct {
	db     *postgres.DB
	owner  *sql.DB
	policy *authz.Policy
	site   *Site
	server *Server
	demo   *demo.Result
	cases  []*mediation.Case
	actors []guest
	spent  func() int // statements of the request sent last
}

// guest is one reader of the matrix: an actor with the cookie of his session.
type guest struct {
	name   string
	actor  mediation.Actor
	cookie string
}

func openTown(t *testing.T) *town {
	t.Helper()
	dsn := pgtest.New(t)
	keys := vault.TestKeys()
	tn := &town{}
	var err error
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	tn.db, err = postgres.Open(dsn.App, keys)
	must(err)
	t.Cleanup(func() { _ = tn.db.Close() })
	tn.owner, err = sql.Open("postgres", dsn.Owner)
	must(err)
	t.Cleanup(func() { _ = tn.owner.Close() })
	tn.policy, err = authz.New(policies.Model, policies.Lines)
	must(err)
	words, err := locale.Load(templates.FS)
	must(err)
	render, err := NewRenderer(templates.FS, words)
	must(err)
	blobs, err := blob.NewFolder(t.TempDir())
	must(err)
	log, hasher := slog.New(slog.NewTextHandler(io.Discard, nil)), vault.NewHasher(keys)
	tn.demo, err = demo.Build(t.Context(), demo.Deps{DB: tn.db, Policy: tn.policy, Keys: keys, Hasher: hasher, Log: log, Wall: time.Now, Files: blobs})
	must(err)
	now := tn.demo.Now(time.Now)
	o := office.New(tn.db, tn.policy, hasher, time.Now)
	tn.site = &Site{Desk: casework.New(tn.db, tn.policy, keys, hasher, o.Calendar, now).Wording(standardWording()), Accounts: account.New(tn.db, tn.policy, hasher, keys, time.Now),
		Office: o, Ledger: ledger.New(tn.db, tn.policy, now), Blobs: blobs, Drafts: tn.db, Press: press.New(templates.Fonts), Words: standardWording(), Phrases: phraseBank(), Render: render, Can: tn.policy.Can, Log: log,
		Now: now, Wall: time.Now, BaseURL: "http://example.com", Version: "test", Upload: 10 << 20, Mail: true, SmallFigures: 5, CloseDay: 5}
	_, err = tn.site.Ledger.CountMonths(t.Context(), mediation.System(), 5)
	must(err)
	base, err := url.Parse("http://example.com")
	must(err)
	tn.server, err = New(Options{Log: log, Now: time.Now, BaseURL: base, Classify: postgres.Classify, ErrorPage: render.ErrorPages(now),
		Statements: tn.tally})
	must(err)
	back := tn.site.BaseURL + ProviderReturn
	tn.site.SSO = &SSO{Provider: sso.New(sso.Settings{Issuer: ssotest.Start(t, back).URL, ClientID: ssotest.ClientID, Redirect: back}, time.Now)}
	tn.site.Mount(tn.server)
	tn.seat(t)
	return tn
}

// seat signs one person of each role in and opens one receipt code.
func (tn *town) seat(t *testing.T) {
	t.Helper()
	tn.actors = []guest{{name: "visitor", actor: mediation.Visitor()}}
	seen := map[mediation.Role]bool{}
	for _, p := range tn.demo.People {
		if seen[p.Role] {
			continue
		}
		seen[p.Role] = true
		token, err := tn.site.Accounts.SignIn(t.Context(), account.Credentials{Login: p.Username, Password: demo.Password, Address: "192.0.2.1"})
		if err != nil {
			t.Fatal(p.Username, err)
		}
		a, _, err := tn.site.Accounts.Actor(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		tn.actors = append(tn.actors, guest{string(p.Role), a, sessionCookie + "=" + token})
	}
	token, err := tn.site.Accounts.OpenCode(t.Context(), tn.demo.Code, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	holder, err := tn.site.Accounts.CodeActor(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	tn.actors = append(tn.actors, guest{"code_holder", holder, codeCookie + "=" + token})
	tn.load(t)
}

// load reads every case once, to know what each scope covers.
func (tn *town) load(t *testing.T) {
	t.Helper()
	rows, err := tn.owner.QueryContext(t.Context(), `SELECT id FROM cases ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		c, err := tn.db.FindCase(context.WithoutCancel(t.Context()), id)
		if err != nil {
			t.Fatal(err)
		}
		tn.cases = append(tn.cases, c)
	}
}

// send asks as a guest; the address of each request is new, so that no limit
// against guessing meets the matrix.
func (tn *town) send(g guest, method, path string) *httptest.ResponseRecorder {
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader("version=999999")
	}
	req := httptest.NewRequestWithContext(context.Background(), method, path, body)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if g.cookie != "" {
		req.Header.Set("Cookie", g.cookie)
	}
	w := httptest.NewRecorder()
	tn.server.Handler().ServeHTTP(w, req)
	return w
}

// shut says whether an answer keeps somebody out, and how: 403, 404, or the way
// to sign in.
func shut(w *httptest.ResponseRecorder) string {
	switch {
	case w.Code == http.StatusForbidden:
		return "403"
	case w.Code == http.StatusNotFound:
		return "404"
	case w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/sign-in"):
		return "sign-in"
	case w.Code == http.StatusSeeOther && w.Header().Get("Location") == "/follow":
		return "follow" // the way in for whoever has no account
	case w.Code == http.StatusUnauthorized:
		return "sign-in"
	}
	return ""
}

// sample is the fewest cases among which every guest finds one in and one out of
// reach for every scope he holds: the answer depends on nothing else, since a
// write stops at its version.
func (tn *town) sample() []*mediation.Case {
	seen, list := map[string]bool{}, []*mediation.Case{}
	for _, c := range tn.cases {
		fresh := false
		for _, g := range tn.actors {
			for _, l := range mediation.Scopes {
				for _, grant := range g.actor.Grants {
					reach := mediation.Right{Scope: l, Grant: grant}.Allows(g.actor, c.Row(), tn.site.Now())
					key := fmt.Sprint(g.name, l, grant, reach)
					fresh = fresh || !seen[key]
					seen[key] = true
				}
			}
		}
		if fresh {
			list = append(list, c)
		}
	}
	return list
}

// formCases is for how many of the cases the forms are asked for as well; the
// writes, which decide, are sent for all of them.
const formCases = 3

// TestMatrix asks every route as every role for cases in and out of reach, over
// HTTP. What the policy and the pure scopes say is what must come back: 403 for a
// role that may never do it, 404 for a case out of reach, and never a word of a
// case in either. Writes go with a version nobody has seen, so that what is
// allowed stops as a Conflict and changes nothing.
func TestMatrix(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	t.Run("every route is in the site map", tn.everyRoute)
	asked, wrong, told := 0, 0, map[string]bool{}
	fail := func(format string, args ...any) {
		t.Helper()
		wrong++
		about, _, _ := strings.Cut(fmt.Sprint(args[0]), ", case") // one example of each route and reader is enough to read
		if !told[about] {
			told[about] = true
			t.Errorf(format, args...)
		}
	}
	cases := tn.sample()
	for _, r := range tn.site.routes() {
		if r.Object == "" {
			t.Errorf("%s %s names no line of policy", r.Method, r.Path)
		}
		for _, g := range tn.actors {
			if !strings.Contains(r.Path, ":case") {
				asked++
				tn.plainRoute(r, g, fail)
				continue
			}
			for i, c := range cases {
				if r.Method == http.MethodGet && i >= formCases {
					break
				}
				asked++
				tn.caseRoute(r, g, c, fail)
			}
		}
	}
	t.Logf("%d cases, %d questions, %d wrong", len(cases), asked, wrong)
}

// caseRoute compares one answer about one case with what policy and scope say.
func (tn *town) caseRoute(r route, g guest, c *mediation.Case, fail func(string, ...any)) {
	path := strings.ReplaceAll(r.Path, ":case", string(c.ID))
	for _, p := range []string{":party", ":file", ":form", ":issue", ":signature"} {
		value := "00000000-0000-7000-8000-000000000000"
		if p == ":form" {
			value = "F10"
		}
		path = strings.ReplaceAll(path, p, value)
	}
	w := tn.send(g, r.Method, path)
	now := tn.site.Now()
	rights := tn.policy.Scope(g.actor, r.Object, r.Action)
	reach := mediation.AnyAllows(rights, g.actor, c.Row(), now)
	reads := tn.policy.Scope(g.actor, "case", "read")
	sees := mediation.AnyAllows(reads, g.actor, c.Row(), now)
	what := fmt.Sprintf("%s %s as %s, case %s in %s", r.Method, r.Path, g.name, c.IntakeNumber, c.Stage)
	sound(w, what, fail)
	got := shut(w)
	switch {
	case w.Code >= http.StatusInternalServerError:
		fail("%s: %d", what, w.Code)
	case len(rights) == 0 && got == "":
		fail("%s: %d, want it refused: no line allows it", what, w.Code)
	case !reach && got == "" && !tn.reasonPage(w, g):
		fail("%s: %d, want it refused: the case is out of reach", what, w.Code)
	case reach && sees && got != "" && !strings.ContainsAny(r.Path[len("/cases/:case"):], ":"):
		fail("%s: shut out (%s), want it let in", what, got)
	}
	if !reach && !sees {
		tn.silent(w, c, what, fail)
	}
}

// reasonPage is the page that asks legal staff for a reason. It says nothing of
// the case.
func (tn *town) reasonPage(w *httptest.ResponseRecorder, g guest) bool {
	return tn.policy.Can(g.actor, "case", "open_file") && (strings.HasSuffix(w.Header().Get("Location"), "/file-opening") || w.Code == http.StatusOK || w.Code == http.StatusUnprocessableEntity)
}

// silent holds that an answer tells nothing of a case out of reach.
func (tn *town) silent(w *httptest.ResponseRecorder, c *mediation.Case, what string, fail func(string, ...any)) {
	body := w.Body.String()
	words := []string{c.IntakeNumber, c.Number, c.Title}
	for _, p := range c.Parties {
		words = append(words, p.Name)
	}
	for _, word := range words {
		if len([]rune(word)) > 2 && strings.Contains(body, word) {
			fail("%s: the answer tells %q", what, word)
		}
	}
}

// plainRoute compares an answer that is about no single case.
func (tn *town) plainRoute(r route, g guest, fail func(string, ...any)) {
	path := r.Path
	for _, part := range strings.Split(r.Path, "/") {
		if strings.HasPrefix(part, ":") {
			path = strings.ReplaceAll(path, part, "00000000-0000-7000-8000-000000000000")
		}
	}
	path = strings.ReplaceAll(path, "*", "x")
	if r.Method == http.MethodPost && slices.Contains([]string{"/sign-out", "/leave", "/my-case/code", "/account/everywhere/end"}, r.Path) {
		return // ends the very session the matrix goes on with
	}
	if r.Path == "/sign-in/code" {
		return // leads whoever is not between the two steps back to the first; its own test walks both
	}
	w := tn.send(g, r.Method, path)
	got, allowed := shut(w), r.Object == "public" || r.Object == "account" && g.actor.SignedIn() || tn.policy.Can(g.actor, r.Object, r.Action)
	what := fmt.Sprintf("%s %s as %s", r.Method, r.Path, g.name)
	sound(w, what, fail)
	switch {
	case w.Code >= http.StatusInternalServerError:
		fail("%s: %d", what, w.Code)
	case !allowed && got == "":
		fail("%s: %d, want it refused", what, w.Code)
	case allowed && (got == "403" || got == "sign-in"):
		fail("%s: shut out (%s), want it let in", what, got)
	}
}

// everyRoute holds that Echo serves no address the site map does not name, but the
// probes and the static files, and that every act a person may do has its page.
func (tn *town) everyRoute(t *testing.T) {
	known := map[string]bool{"GET /healthz": true, "GET /readyz": true, "GET /metrics": true, "GET /static/*": true, "HEAD /static/*": true}
	for _, r := range tn.site.routes() {
		known[r.Method+" "+r.Path] = true
	}
	for _, r := range tn.server.Echo().Routes() {
		if !known[r.Method+" "+r.Path] && r.Method != "echo_route_not_found" {
			t.Errorf("%s %s is served and stands in no site map", r.Method, r.Path)
		}
	}
	for _, a := range mediation.Actions() {
		if _, ok := mediation.NewAct(a); !ok {
			continue
		}
		_, page := deedOf(a)
		systemOnly := slices.Contains([]mediation.Action{mediation.LapseSupplement, mediation.Lapse, mediation.MarkOverdue,
			mediation.LapseConfirmation, mediation.AttachFile, mediation.Rereckon, mediation.FindConflict, mediation.RemindDue,
			mediation.RemindConfirmation}, a)
		if page == systemOnly {
			t.Errorf("%s: page %v, want %v", a, page, !systemOnly)
		}
	}
}

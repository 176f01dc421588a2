package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/account"
	"doorstep/internal/demo"
	"doorstep/internal/mediation"
	"doorstep/internal/postgres"
)

// mostStatements is how many times a page may go to the database and back.
const mostStatements = 12

// enough is how many drawn pages of one route and reader are looked at: of cases
// in different stages.
const enough = 3

// tally counts like the server does and keeps the count of the last request.
func (tn *town) tally(ctx context.Context) (context.Context, func() int) {
	ctx, tn.spent = postgres.Tally(ctx)
	return ctx, tn.spent
}

// crowd fills every office table with more rows than a page may ask statements,
// so that a query in a loop cannot stay below the ceiling.
func (tn *town) crowd(t *testing.T) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO areas (id, parent_id, kind, name, code, path)
			SELECT gen_random_uuid(), a.id, 'grid', '网格' || n, 'crowd' || n, a.path || 'crowd' || n || '/'
			FROM areas a, generate_series(1, 20) n WHERE a.kind = 'community'`,
		`INSERT INTO committees (id, area_id, name, short_name)
			SELECT gen_random_uuid(), (SELECT id FROM areas WHERE kind = 'community' ORDER BY path LIMIT 1), '调委会' || n, '众' || n FROM generate_series(1, 20) n`,
		`INSERT INTO courts (id, area_id, name) SELECT gen_random_uuid(), (SELECT id FROM areas ORDER BY path LIMIT 1), '法庭' || n FROM generate_series(1, 20) n`,
		`INSERT INTO service_points (id, area_id, kind, name)
			SELECT gen_random_uuid(), (SELECT id FROM areas ORDER BY path LIMIT 1), 'other', '服务点' || n FROM generate_series(1, 20) n`,
		`INSERT INTO users (id, username, name, password_hash, created_at)
			SELECT gen_random_uuid(), 'crowd' || n, '众人', 'x', now() FROM generate_series(1, 40) n`,
		`INSERT INTO grants (id, user_id, role, committee_id, granted_at, confirmed_at)
			SELECT gen_random_uuid(), u.id, 'mediator', k.id, now(), now() FROM users u, committees k WHERE u.username LIKE 'crowd%'
				AND k.id IN (SELECT committee_id FROM cases)`,
		`INSERT INTO mediators (user_id, committee_id)
			SELECT u.id, (SELECT committee_id FROM cases ORDER BY id LIMIT 1) FROM users u WHERE u.username LIKE 'crowd%'`,
		`INSERT INTO subsidy_batches (id, area_path, made_by, made_at)
			SELECT gen_random_uuid(), a.path, (SELECT id FROM users ORDER BY id LIMIT 1), now() FROM areas a WHERE a.kind = 'district'`,
		`INSERT INTO subsidy_claims (id, case_id, area_root, committee_id, area_path, claimant, state, grade, score, amount_fen, batch_id, sampled, updated_at, claimed_on)
			SELECT gen_random_uuid(), c.id, c.area_root, c.committee_id, a.path, (SELECT id FROM users ORDER BY id LIMIT 1), 'approved', 'L2', 90, 3000,
				(SELECT id FROM subsidy_batches WHERE paid_at IS NULL LIMIT 1), true, now(), current_date
			FROM cases c JOIN committees m ON m.id = c.committee_id JOIN areas a ON a.id = m.area_id
			ON CONFLICT DO NOTHING`,
	} {
		if _, err := tn.owner.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// everybody signs the rest of the demonstration's people in: an act that is open
// to one mediator alone is then drawn as well.
func (tn *town) everybody(t *testing.T) {
	t.Helper()
	for _, p := range tn.demo.People {
		token, err := tn.site.Accounts.SignIn(t.Context(), account.Credentials{Login: p.Username, Password: demo.Password, Address: "192.0.2.2"})
		if err != nil {
			t.Fatal(p.Username, err)
		}
		a, _, err := tn.site.Accounts.Actor(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(tn.actors, func(g guest) bool { return g.actor.User == a.User }) {
			tn.actors = append(tn.actors, guest{p.Username, a, sessionCookie + "=" + token})
		}
	}
}

// values gives the parameters of a route a real thing each, of the case when the
// route is about one.
func (tn *town) values(t *testing.T, r route, c *mediation.Case) [][]string {
	t.Helper()
	id := func(query string) string {
		var text string
		if err := tn.owner.QueryRowContext(t.Context(), query).Scan(&text); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return text
	}
	one := func(name, value string) [][]string { return [][]string{{name, value}} }
	switch {
	case strings.HasPrefix(r.Path, "/admin/areas/"):
		return one(":id", id(`SELECT id FROM areas ORDER BY path LIMIT 1`))
	case strings.HasPrefix(r.Path, "/admin/committees/"):
		return [][]string{{":id", id(`SELECT committee_id FROM cases ORDER BY id LIMIT 1`), ":key", "F04.lead"}}
	case strings.HasPrefix(r.Path, "/subsidies/batches/"):
		return one(":batch", id(`SELECT id FROM subsidy_batches WHERE paid_at IS NULL LIMIT 1`))
	case strings.HasPrefix(r.Path, "/subsidies/:claim"):
		return one(":claim", id(`SELECT id FROM subsidy_claims ORDER BY id LIMIT 1`))
	case strings.HasPrefix(r.Path, "/admin/points/"):
		return one(":id", id(`SELECT id FROM service_points LIMIT 1`))
	case strings.HasPrefix(r.Path, "/admin/people/"):
		return [][]string{{":id", id(`SELECT user_id FROM grants WHERE role = 'mediator' AND ended_at IS NULL ORDER BY granted_at LIMIT 1`),
			":grant", id(`SELECT id FROM grants WHERE role = 'mediator' AND ended_at IS NULL ORDER BY granted_at LIMIT 1`)}}
	case strings.HasPrefix(r.Path, tiesURL+"/:kind"):
		return one(":kind", "home")
	case strings.Contains(r.Path, ":topic"):
		return one(":topic", helpTopics[0].Slug)
	case strings.Contains(r.Path, ":rule"):
		return one(":rule", "D-06")
	case c == nil:
		return [][]string{{}}
	}
	base := []string{":case", string(c.ID)}
	var all [][]string
	add := func(pairs ...string) { all = append(all, append(slices.Clone(base), pairs...)) }
	switch {
	case strings.Contains(r.Path, ":issue"):
		for _, n := range c.Issues {
			add(":form", n.Form, ":issue", string(n.ID))
		}
	case strings.Contains(r.Path, ":signature"):
		for _, v := range c.Signatures {
			add(":signature", string(v.ID))
		}
	case strings.Contains(r.Path, ":file"):
		for _, f := range c.Files {
			add(":file", string(f.ID))
		}
	default:
		for _, p := range c.Parties {
			add(":party", string(p.ID), ":form", "F03?item="+string(p.ID))
			if !strings.Contains(r.Path, ":party") && !strings.Contains(r.Path, ":form") {
				break
			}
		}
	}
	return all
}

// TestNoPageAsksTheDatabaseTooOften draws every page of the site map, lists and
// papers and all, as everybody who may see it, counts its statements, and holds
// that it shows no phone, ID number or address in full. A page whose route was never drawn
// fails as well: it would hide behind an answer that asks nothing.
func TestNoPageAsksTheDatabaseTooOften(t *testing.T) {
	t.Parallel()
	tn := openTown(t)
	tn.site.volumeWait = time.Minute // else a busy machine binds it beside the request, and both are counted
	tn.crowd(t)
	tn.everybody(t)
	sealed := tn.secrets(t)
	dearest, drawn, deedsDrawn := map[string]int{}, map[string]bool{}, map[bool]int{}
	look := func(r route, g guest, path string) bool {
		w := tn.send(g, r.Method, path)
		key := fmt.Sprintf("%s as %s", r.Path, g.name)
		n := tn.spent()
		sealed.hidden(t, key, w.Body.String())
		if w.Code == http.StatusOK && n > dearest[r.Path] {
			dearest[r.Path] = n
		}
		if n > mostStatements {
			t.Errorf("%s: %d statements for an answer of %d, want at most %d", key, n, w.Code, mostStatements)
		}
		drawn[r.Path] = drawn[r.Path] || w.Code == http.StatusOK
		return w.Code == http.StatusOK
	}
	for _, r := range tn.site.routes() {
		if r.Method != http.MethodGet {
			continue
		}
		for _, g := range tn.actors {
			tn.draw(t, r, g, look)
		}
		if d, ok := deedAt(r.Path); ok && d.action == r.Action {
			deedsDrawn[drawn[r.Path]]++
		} else if !drawn[r.Path] && !slices.Contains(neverDrawn, r.Path) {
			t.Errorf("%s: nobody was shown it, so nothing was counted", r.Path)
		}
	}
	if deedsDrawn[true] < 2*deedsDrawn[false] { // one handler draws them all; a stage no story stands at is no gap
		t.Errorf("%d forms of acts were drawn and %d were not", deedsDrawn[true], deedsDrawn[false])
	}
	sealed.searched(t, tn)
	dear := slices.MaxFunc(slices.Collect(maps.Keys(dearest)), func(a, b string) int { return dearest[a] - dearest[b] })
	t.Logf("%d pages drawn, the dearest with %d statements: %s; forms of acts drawn %d, not offered %d", len(dearest), dearest[dear], dear,
		deedsDrawn[true], deedsDrawn[false])
}

// neverDrawn are the addresses that only lead on, open by a token that works once,
// or need a bound volume, a receipt or a second factor, of which the demonstration has
// none; what they ask is counted all the same.
var neverDrawn = []string{"/receipt", "/answer", "/my-case/answer", "/kept", "/i/:token", "/set-password/:token", "/setup/:token",
	"/cases/:case/volume/bound", "/sign-in/code", "/confirm-email/:token", "/account/second-factor/codes", "/account/second-factor/end",
	providerStart, ProviderReturn}

// deedAt is the act whose form stands at a route.
func deedAt(path string) (deed, bool) {
	noun, ok := strings.CutPrefix(path, "/cases/:case/")
	at := slices.IndexFunc(deeds, func(d deed) bool { return d.noun == noun })
	if !ok || at < 0 {
		return deed{}, false
	}
	return deeds[at], true
}

// draw asks for a page as one reader, of cases he may see it of.
func (tn *town) draw(t *testing.T, r route, g guest, look func(route, guest, string) bool) {
	t.Helper()
	if !strings.Contains(r.Path, ":case") {
		look(r, g, fill(r.Path, tn.values(t, r, nil)[0]))
		return
	}
	rights := tn.policy.Scope(g.actor, r.Object, r.Action)
	shown, stages := 0, map[mediation.Stage]bool{}
	for _, c := range tn.cases {
		if stages[c.Stage] || !mediation.AnyAllows(rights, g.actor, c.Row(), tn.site.Now()) {
			continue
		}
		for _, pairs := range tn.values(t, r, c) {
			if look(r, g, fill(r.Path, pairs)) {
				stages[c.Stage] = true
				shown++
			}
		}
		if shown >= enough {
			return
		}
	}
}

// fill puts values into the places of a route; what has none gets an id of nothing.
func fill(path string, pairs []string) string {
	path = strings.NewReplacer(pairs...).Replace(path)
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") {
			parts[i] = "00000000-0000-7000-8000-000000000000"
		}
	}
	return strings.Join(parts, "/")
}

func TestStatementsStandInLogAndFigures(t *testing.T) {
	s := newShell(t, func(o *Options) {
		o.Statements = func(ctx context.Context) (context.Context, func() int) { return ctx, func() int { return 7 } }
	})
	s.do(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))
	if got := s.figure(`doorstep_request_statements_sum{route="/healthz"}`); got != "7" {
		t.Errorf("the figures tell %q statements, want 7", got)
	}
	if !strings.Contains(s.log.String(), `"statements":7`) {
		t.Errorf("the log does not tell them: %s", s.log)
	}
}

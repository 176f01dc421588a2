package endure

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	_ "github.com/lib/pq" // the driver

	"doorstep/internal/pgserver"
)

// filing is one quarrel as its filer knows it: what he sent under which key, and
// what he was told.
type filing struct {
	form         url.Values
	number, code string // of the receipt; "" until it was seen
}

// quarrel is a filing of its own, told apart by the mark.
func quarrel(mark string) *filing {
	return &filing{form: url.Values{"key": {rand.Text()}, "facts": {"楼上半夜拖桌椅，说过两次，没有改。" + mark}, "area": {"elsewhere"},
		"place": {"三单元402"}, "phone": {"10012345678"}, "privacy": {"yes"}, "name": {"陈阿芬"}, "respondent": {"楼上502"}}}
}

// send files, insists on an answer, and reads the receipt.
func (f *filing) send(ctx context.Context, p *person) error {
	a, err := p.insist(ctx, http.MethodPost, "/file", f.form)
	if err != nil {
		return err
	}
	return f.note(ctx, p, a)
}

// note follows the answer to the receipt and writes down what it says. A second
// receipt must say the same.
func (f *filing) note(ctx context.Context, p *person, a *answer) error {
	if a.status != http.StatusSeeOther || a.location != "/receipt" {
		return fmt.Errorf("the filing was answered %d to %q: %.600s", a.status, a.location, a.body)
	}
	a, err := p.insist(ctx, http.MethodGet, "/receipt", nil)
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(a.body, `class="receipt-number">`)
	_, rest, _ = strings.Cut(rest, "<strong>")
	number, rest, _ := strings.Cut(rest, "</strong>")
	_, rest, _ = strings.Cut(rest, `class="receipt-code"`)
	_, rest, _ = strings.Cut(rest, ">")
	code, _, _ := strings.Cut(rest, "</p>")
	code = strings.NewReplacer("<span>", "", "</span>", "").Replace(code)
	if a.status != http.StatusOK || number == "" || len(code) < 24 {
		return fmt.Errorf("the receipt (%d) holds number %q and code %q: %.600s", a.status, number, code, a.body)
	}
	if f.number != "" && (number != f.number || code != f.code) {
		return fmt.Errorf("receipt %s with code %s, before it was %s with %s", number, code, f.number, f.code)
	}
	f.number, f.code = number, code
	return nil
}

// opens says whether the receipt's code leads to a case.
func (f *filing) opens(t *testing.T, s *server) bool {
	t.Helper()
	p := someone(s)
	a := p.post(t, "/follow", url.Values{"code": {f.code}})
	return a.status == http.StatusSeeOther && a.location == "/my-case" && strings.Contains(p.get(t, "/my-case").body, f.number)
}

// register looks into the database of a server beside it, as its owner.
type register struct{ db *sql.DB }

func open(t *testing.T, s *server) register {
	t.Helper()
	owner, _, err := pgserver.Attach(s.data)
	if err != nil {
		t.Fatal(err)
	}
	return openAt(t, owner)
}

func openAt(t *testing.T, dsn string) register {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return register{db}
}

// one reads a single value as text. It asks again when an old connection turns
// out to be dead: PostgreSQL may just have been killed.
func (r register) one(t *testing.T, query string, args ...any) string {
	t.Helper()
	var text string
	var err error
	for range 3 {
		if err = r.db.QueryRowContext(t.Context(), query, args...).Scan(&text); err == nil {
			return text
		}
	}
	t.Fatalf("%s: %v", query, err)
	return ""
}

// holds compares what was acknowledged with what is in the register: each filing
// is one case with its number and its sealed code, and there are no others.
func (r register) holds(t *testing.T, mark string, filings []*filing) {
	t.Helper()
	if got, want := r.one(t, `SELECT count(*) FROM cases WHERE facts LIKE '%' || $1 || '%'`, mark), fmt.Sprint(len(filings)); got != want {
		t.Errorf("%s cases came of %s filings", got, want)
	}
	for _, f := range filings {
		got := r.one(t, `SELECT count(*) FROM cases c JOIN filings f ON f.case_id = c.id WHERE c.facts = $1 AND c.intake_number = $2`,
			f.form.Get("facts"), f.number)
		if got != "1" {
			t.Errorf("%s cases hold the words of receipt %s", got, f.number)
		}
	}
	r.sound(t)
}

// sound says whether the register is one that the acts can have made: whole
// cases, histories without a gap, no number twice.
func (r register) sound(t *testing.T) {
	t.Helper()
	for what, query := range map[string]string{
		"cases without an event":             `SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT FROM events e WHERE e.case_id = c.id)`,
		"cases without a party":              `SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT FROM case_parties p WHERE p.case_id = c.id)`,
		"histories with a gap":               `SELECT count(*) FROM (SELECT FROM events GROUP BY case_id HAVING count(*) <> max(seq) OR min(seq) <> 1) AS g`,
		"intake numbers given twice":         `SELECT count(*) FROM (SELECT FROM cases GROUP BY intake_number HAVING count(*) > 1) AS g`,
		"case numbers given twice":           `SELECT count(*) FROM (SELECT FROM cases WHERE number <> '' GROUP BY number HAVING count(*) > 1) AS g`,
		"cases with two leading mediators":   `SELECT count(*) FROM (SELECT FROM assignments WHERE lead AND ended_at IS NULL GROUP BY case_id HAVING count(*) > 1) AS g`,
		"filings without a receipt code":     `SELECT count(*) FROM filings f WHERE NOT EXISTS (SELECT FROM receipt_codes r WHERE r.case_id = f.case_id)`,
		"transactions left open by somebody": `SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '15 s'`,
	} {
		if n := r.one(t, query); n != "0" {
			t.Errorf("%s: %s", what, n)
		}
	}
}

// verify lets the program check every chain of its own history.
func (s *server) verify(t *testing.T) {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary, "audit", "verify", "--data", s.data)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + workshop}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "every chain holds") {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}

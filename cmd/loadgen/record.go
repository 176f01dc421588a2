package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// call is one statement as the server sent it; a nil value is NULL.
type call struct {
	text   string
	values []*string
}

// settle is how long the log gets to follow.
const settle = 300 * time.Millisecond

// record sends a few requests of each kind while PostgreSQL logs every
// statement, and keeps what each sent.
func (d *database) record(ctx context.Context, s *site, kinds []*kind) (err error) {
	if err := d.logging(ctx, "all"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.logging(context.WithoutCancel(ctx), "none")) }()
	for _, k := range kinds {
		for n := range k.examples {
			found, err := d.agreed(ctx, func(ctx context.Context) error { return k.ask(ctx, s.client(), s.address, n) })
			if err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			k.scripts = append(k.scripts, found)
		}
		say("%s: %d statements", k.name, len(k.scripts[0].calls))
	}
	return nil
}

// tries is how often a request is recorded until two recordings agree.
const tries = 6

// agreed records a request until it sent the same statements twice in a row: the
// server also does work of its own, which may fall between.
func (d *database) agreed(ctx context.Context, ask func(context.Context) error) (script, error) {
	var before script
	for range tries {
		found, err := d.once(ctx, ask)
		if err != nil {
			return script{}, err
		}
		if len(found.calls) == 0 {
			return script{}, errors.New("nothing in PostgreSQL's log: it must run with logging_collector = on and log_destination = jsonlog")
		}
		if slices.EqualFunc(before.calls, found.calls, func(a, b call) bool { return a.text == b.text }) {
			return found, nil
		}
		before = found
	}
	return script{}, fmt.Errorf("no two of %d requests sent the same statements", tries)
}

func (d *database) once(ctx context.Context, ask func(context.Context) error) (script, error) {
	from, err := d.logged(ctx)
	if err != nil {
		return script{}, err
	}
	began := time.Now()
	if err := ask(ctx); err != nil {
		return script{}, err
	}
	time.Sleep(settle)
	calls, err := d.calls(ctx, from)
	return script{calls: calls, since: began}, err
}

// logging sets what PostgreSQL logs, for all its sessions.
func (d *database) logging(ctx context.Context, what string) error {
	for _, statement := range []string{`ALTER SYSTEM SET log_statement = '` + what + `'`, `SELECT pg_reload_conf()`} {
		if _, err := d.admin.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("set the log: %w", err)
		}
	}
	time.Sleep(settle)
	return nil
}

// logged is how long the log is now.
func (d *database) logged(ctx context.Context) (size int64, err error) {
	err = d.admin.QueryRowContext(ctx, `SELECT (pg_stat_file(pg_current_logfile('jsonlog'))).size`).Scan(&size)
	if err != nil {
		return 0, fmt.Errorf("PostgreSQL's log, which must be a jsonlog: %w", err)
	}
	return size, nil
}

// calls reads the serving role's statements in the log from a place on.
func (d *database) calls(ctx context.Context, from int64) ([]call, error) {
	var text string
	err := d.admin.QueryRowContext(ctx, `SELECT pg_read_file(pg_current_logfile('jsonlog'), $1, 64000000)`, from).Scan(&text)
	if err != nil {
		return nil, fmt.Errorf("read PostgreSQL's log: %w", err)
	}
	return d.parse(text)
}

// parse reads the lines of a log. The place it was read from is the length it had
// at some moment, which may lie in the middle of a line that was being written.
func (d *database) parse(text string) ([]call, error) {
	var all []call
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "{") || !strings.HasSuffix(line, "}\n") {
			continue
		}
		var entry struct{ User, Message, Detail string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			return nil, fmt.Errorf("PostgreSQL's log: %w", err)
		}
		sent, ok := statementOf(entry.Message)
		if entry.User == d.role && ok {
			all = append(all, call{sent, parameters(entry.Detail)})
		}
	}
	return all, nil
}

func statementOf(message string) (string, bool) {
	if sent, ok := strings.CutPrefix(message, "statement: "); ok {
		return sent, true
	}
	head, sent, ok := strings.Cut(message, ": ")
	return sent, ok && strings.HasPrefix(head, "execute ")
}

// parameter is one value in the log: $1 = 'it”s', $2 = NULL.
var parameter = regexp.MustCompile(`(?s)\$\d+ = (NULL|'(?:[^']|'')*')`)

func parameters(detail string) []*string {
	var all []*string
	for _, found := range parameter.FindAllStringSubmatch(detail, -1) {
		if found[1] == "NULL" {
			all = append(all, nil)
			continue
		}
		value := strings.ReplaceAll(found[1][1:len(found[1])-1], "''", "'")
		all = append(all, &value)
	}
	return all
}

// script is what one request sent.
type script struct {
	calls []call
	since time.Time // ids made after it were made for this request
}

// What a request that writes makes anew each time.
var (
	ids      = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	digests  = regexp.MustCompile(`^\\x[0-9a-f]{64}$`)
	locators = regexp.MustCompile(`^[0-9]{9}$`)
	numbers  = regexp.MustCompile(`"intake_number": ?"([^"]+)"`)
)

// again is the script as another request of the kind would send it: with ids,
// keys and numbers of its own, the same ones wherever they stood.
func (s script) again() []call {
	fresh := map[string]string{}
	for _, c := range s.calls {
		for _, v := range c.values {
			if v != nil {
				s.renew(*v, fresh)
			}
		}
	}
	pairs := make([]string, 0, 2*len(fresh))
	for old, value := range fresh {
		pairs = append(pairs, old, value)
	}
	renew := strings.NewReplacer(pairs...)
	calls := make([]call, len(s.calls))
	for i, c := range s.calls {
		calls[i] = call{c.text, make([]*string, len(c.values))}
		for j, v := range c.values {
			if v != nil {
				value := renew.Replace(*v)
				calls[i].values[j] = &value
			}
		}
	}
	return calls
}

func (s script) renew(value string, fresh map[string]string) {
	for _, id := range ids.FindAllString(value, -1) {
		made := time.Unix(uuid.MustParse(id).Time().UnixTime())
		if !made.Before(s.since.Truncate(time.Millisecond)) {
			fresh[id] = uuid.Must(uuid.NewV7()).String()
		}
	}
	for _, number := range numbers.FindAllStringSubmatch(value, -1) {
		fresh[number[1]] = "bare " + rand.Text()
	}
	switch {
	case digests.MatchString(value):
		raw := make([]byte, 32)
		_, _ = rand.Read(raw) // never fails: the program ends first
		fresh[value] = `\x` + hex.EncodeToString(raw)
	case locators.MatchString(value):
		n, _ := rand.Int(rand.Reader, big.NewInt(1e9))
		fresh[value] = fmt.Sprintf("%09d", n)
	}
}

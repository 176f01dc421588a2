package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/office"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// doctorPatience bounds each question to the network: who asks wants an answer
// now, also when it is no.
const doctorPatience = 5 * time.Second

// doctorCommand looks an installation over and says what to mend.
type doctorCommand struct {
	JSON bool `name:"json" help:"以 JSON 输出，供监控程序读取。Print JSON, for monitoring."`
}

// level is how bad a finding is.
type level string

// The levels, from the best to the worst.
const (
	good level = "good"
	warn level = "warn"
	bad  level = "bad"
)

// finding is one thing looked at: how it is, in both languages, and what to do.
type finding struct {
	ID    string `json:"id"`
	Level level  `json:"level"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	DoZH  string `json:"do_zh,omitempty"`
	DoEN  string `json:"do_en,omitempty"`
	Cause string `json:"cause,omitempty"` // the words of what refused
}

// because adds the cause, if there is one.
func (f finding) because(err error) finding {
	if err != nil {
		f.Cause = err.Error()
	}
	return f
}

// report is what doctor found, in the order it looked.
type report struct {
	Version  string    `json:"version"`
	Worst    level     `json:"worst"`
	Findings []finding `json:"findings"`
}

func newReport(found []finding) report {
	r := report{Version: version(), Worst: good, Findings: found}
	for _, f := range found {
		if f.Level == bad || f.Level == warn && r.Worst == good {
			r.Worst = f.Level
		}
	}
	return r
}

func (r report) count(l level) int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == l {
			n++
		}
	}
	return n
}

// Run looks everything over, beside a running server or alone, and mends
// nothing: it makes no folder, no keys and no database, and fetches nothing. It
// fails with 1 when a finding is bad and with 2 when a setting is wrong.
func (cmd doctorCommand) Run(p *program) error {
	c, err := p.settings()
	if err != nil {
		return errors.Join(p.tell(newReport(wrongSettings(err)), cmd.JSON),
			&sentence{misuse: true, zh: "设置有误，其余各项未检查。", en: "A setting is wrong; nothing else was looked at."})
	}
	d := &doctor{program: p, c: c}
	r := newReport(d.examine(p.ctx))
	if err := p.tell(r, cmd.JSON); err != nil || r.Worst != bad {
		return err
	}
	n := r.count(bad)
	return &sentence{zh: fmt.Sprintf("有 %d 项需要处理。", n), en: fmt.Sprintf("To be mended: %d.", n)}
}

// tell prints the report for a person or for a program.
func (p *program) tell(r report, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(p.stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if err := out.Encode(r); err != nil {
			return fmt.Errorf("doorstep: doctor: %w", err)
		}
		return nil
	}
	marks := map[level]string{good: "良好 good", warn: "注意 warn", bad: "有误 bad "}
	for _, f := range r.Findings {
		p.say("[%s] %s\n  %s\n  %s", marks[f.Level], f.ID, f.ZH, f.EN)
		if f.Cause != "" {
			p.say("  (%s)", f.Cause)
		}
		if f.DoZH != "" {
			p.say("  → %s\n  → %s", f.DoZH, f.DoEN)
		}
	}
	p.say("良好 %d，注意 %d，有误 %d。\n%d good, %d to note, %d bad.", r.count(good), r.count(warn), r.count(bad),
		r.count(good), r.count(warn), r.count(bad))
	return nil
}

// doctor gathers the facts; what they mean is judged in judge.go.
type doctor struct {
	*program
	c     config.Config
	found []finding
}

func (d *doctor) add(f finding) { d.found = append(d.found, f) }

func (d *doctor) examine(ctx context.Context) []finding {
	d.add(finding{ID: "settings", Level: good, ZH: "设置都能用。", EN: "The settings can be used."})
	d.add(judgeFolder(d.c.Data))
	free, err := freeSpace(d.c.Data)
	d.add(judgeDisk(d.c.Data, free, err))
	if d.c.DatabaseURL == "" {
		d.add(d.binaries(ctx))
	}
	calendar := statute.DefaultCalendar()
	at, stop, fresh, err := d.reach(ctx)
	switch {
	case fresh:
		d.add(finding{ID: "database", Level: warn, ZH: "还没有数据库。", EN: "There is no database yet.",
			DoZH: "首次运行 doorstep serve 会建立它。", DoEN: "The first doorstep serve makes it."})
	case err != nil:
		d.add(databaseAway(err))
	default:
		fresh, calendar = d.database(ctx, at, calendar)
	}
	_, err = vault.OpenKeys(d.c.KeysDir, false)
	d.add(judgeKeys(d.c.KeysDir, fresh, err))
	d.add(d.files(ctx))
	d.add(d.mail(ctx))
	d.add(d.provider(ctx))
	d.add(judgeHolidays(calendar, statute.DateOf(d.Now())))
	if err := stop(); err != nil {
		d.add(databaseAway(err))
	}
	return d.found
}

// binaries says which PostgreSQL the embedded database runs by.
func (d *doctor) binaries(ctx context.Context) finding {
	dir, version, err := pgserver.Find(ctx, pgserver.Options{Dir: d.c.Data, Binaries: d.c.PGBinaries, Mirror: pgserver.NoFetch})
	made, _ := pgserver.Made(d.c.Data) // what is wrong with the cluster is told under database
	return judgeBinaries(dir, version, d.c.PGMirror != pgserver.NoFetch && !made, err)
}

// reach finds the database beside a running server or alone; an embedded one
// that stands still is started for the while. Fresh tells that none was made.
func (d *doctor) reach(ctx context.Context) (at addresses, stop func() error, fresh bool, err error) {
	storage := &database{}
	at, err = beside(d.c)
	if !errors.Is(err, pgserver.ErrNotRunning) {
		return at, storage.stop, false, err
	}
	c := d.c
	if c.DatabaseURL == "" {
		made, err := pgserver.Made(c.Data)
		if err != nil || !made {
			return at, storage.stop, err == nil, err
		}
		c.PGMirror = pgserver.NoFetch
	}
	at, err = storage.find(ctx, c, web.NewLog(d.stderr, max(c.LogLevel, slog.LevelError)))
	return at, storage.stop, false, err
}

// database asks the database itself, as the role that serves, and for its schema
// as the role that migrates. It tells whether the schema is still to be made,
// and gives the calendar with the days the office added.
func (d *doctor) database(ctx context.Context, at addresses, calendar *statute.Calendar) (fresh bool, _ *statute.Calendar) {
	ctx, cancel := context.WithTimeout(ctx, 3*doctorPatience)
	defer cancel()
	db, err := postgres.Open(at.app, nil) // nothing sealed is read here
	if err != nil {
		d.add(databaseAway(err))
		return false, calendar
	}
	defer func() { _ = db.Close() }() // it was only read
	if err := db.Ping(ctx); err != nil {
		d.add(databaseAway(err))
		return false, calendar
	}
	asked := d.Now()
	h, err := postgres.CheckHealth(ctx, db)
	answered := d.Now()
	if err != nil {
		d.add(databaseAway(err))
		return false, calendar
	}
	d.add(judgeVersion(h))
	schema, err := schemaOf(ctx, at.owner)
	d.add(judgeSchema(schema, d.c.DatabaseURL == "", err))
	if h.Begun {
		d.add(judgeHistory(h))
		if schema.have == schema.want {
			d.upkeep(ctx, db)
		}
		if days, err := db.CalendarDays(ctx); err == nil {
			calendar = calendar.With(days...)
		}
	}
	d.add(judgeLocale(h))
	d.add(judgeChecksums(h))
	d.add(judgeClock(skew(asked, answered, h.Clock)))
	return err == nil && schema.have == 0, calendar
}

// schemaOf asks once, without waiting for a database that is away, and leaves
// the locale to a finding of its own.
func schemaOf(ctx context.Context, dsn string) (schema, error) {
	db, err := postgres.Open(dsn, nil)
	if err != nil {
		return schema{}, err
	}
	defer func() { _ = db.Close() }() // it was only read
	have, want, err := postgres.SchemaVersion(ctx, db)
	if err != nil {
		return schema{}, err
	}
	empty, err := postgres.IsEmpty(ctx, db)
	return schema{have, want, empty}, err
}

// upkeep looks at what the program does by itself once a day.
func (d *doctor) upkeep(ctx context.Context, db *postgres.DB) {
	all, err := db.Upkeep(ctx)
	if err != nil {
		d.add(databaseAway(err))
		return
	}
	runs := func(kind string, targets ...string) (found []postgres.Upkeep) {
		for _, u := range all {
			if u.Kind == kind && slices.Contains(targets, u.Target) {
				found = append(found, u)
			}
		}
		return found
	}
	var shelf error
	if d.c.Backup.Dir != "" {
		shelf = writable(d.c.Backup.Dir)
	}
	d.add(judgeBackup(d.c.Backup, runs(backupChore, ""), shelf, d.Now()))
	var targets []string
	for _, to := range d.c.Checkpoint.To {
		targets = append(targets, targetID(to))
	}
	d.add(judgeCheckpoint(len(targets), runs(checkpointChore, targets...), d.Now()))
	d.letters(ctx, db)
}

// letters looks at the mails that did not go out, where mails are sent at all.
func (d *doctor) letters(ctx context.Context, db *postgres.DB) {
	if d.c.SMTP.Host == "" {
		return
	}
	lost, err := db.LostMails(ctx, d.Now().Add(-office.LostFor))
	if err != nil {
		d.add(databaseAway(err))
		return
	}
	waiting, err := db.MailsWaiting(ctx)
	if err != nil {
		d.add(databaseAway(err))
		return
	}
	d.add(judgeLetters(lost, waiting, d.Now()))
}

// provider asks the provider of sign-ins about itself.
func (d *doctor) provider(ctx context.Context) finding {
	at := providerOf(d.c, "", d.Now)
	if at == nil {
		return judgeProvider("", "", true, nil)
	}
	pkce, err := at.Reach(ctx)
	back := "<DOORSTEP_BASE_URL>"
	if d.c.BaseURL != nil {
		back = d.c.BaseURL.String()
	}
	return judgeProvider(d.c.OIDC.Issuer, back+web.ProviderReturn, pkce, err)
}

// mail tries the mail server up to the sign-in; no mail is sent.
func (d *doctor) mail(ctx context.Context) finding {
	if d.c.SMTP.Host == "" {
		return judgeMail("", nil)
	}
	return judgeMail(d.c.SMTP.Host, smtpOf(d.c).Reach(ctx, doctorPatience))
}

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// judged is a finding beside what it should be; says are parts of the text in
// both languages.
type judged struct {
	rule string
	got  finding
	id   string
	want level
	says []string
}

func (j judged) check(t *testing.T) {
	t.Helper()
	if j.got.ID != j.id || j.got.Level != j.want {
		t.Errorf("%s: %s %s, want %s %s", j.rule, j.got.ID, j.got.Level, j.id, j.want)
	}
	if j.got.ZH == "" || j.got.EN == "" || (j.got.DoZH == "") != (j.got.DoEN == "") || j.want != good && j.got.DoZH == "" {
		t.Errorf("%s: a text is missing: %+v", j.rule, j.got)
	}
	text := strings.Join([]string{j.got.ZH, j.got.EN, j.got.DoZH, j.got.DoEN, j.got.Cause}, "\n")
	for _, word := range j.says {
		if !strings.Contains(text, word) {
			t.Errorf("%s: %q is missing in %s", j.rule, word, text)
		}
	}
}

func TestJudgements(t *testing.T) {
	refused := errors.New("refused by them")
	healthy := postgres.Health{Role: "app", Version: "15.18", Major: 15, Encoding: "UTF8", Ctype: "C.UTF-8", Checksums: true, Begun: true, Loose: []string{"office_events"}}
	with := func(change func(*postgres.Health)) postgres.Health { h := healthy; change(&h); return h }
	day := func(m time.Month, d int) statute.Date { return statute.NewDate(2026, m, d) }
	shipped := statute.DefaultCalendar()
	next := shipped.With(off(2027, time.January), off(2027, time.May), off(2027, time.October))
	const gb = 1 << 30
	morning := time.Date(2026, 5, 11, 9, 0, 0, 0, statute.Shanghai)
	shelf := config.Backup{Dir: "/b"}
	ran := func(hours int) postgres.Upkeep {
		when := morning.Add(-time.Duration(hours) * time.Hour)
		return postgres.Upkeep{Kind: backupChore, Begun: when, Tried: when, Tries: 1, Good: &when}
	}
	failed := func(u postgres.Upkeep, fault string) postgres.Upkeep { u.Fault = fault; return u }
	night := morning.Add(-6 * time.Hour)
	stuck := postgres.MailsWaiting{Count: 3, Since: &night, Fault: "smtp 451"}
	for _, j := range []judged{
		{"much space", judgeDisk("/d", 2*gb, nil), "disk", good, []string{"2.0 GB", "/d"}},
		{"little space", judgeDisk("/d", 2*gb-1, nil), "disk", warn, []string{"腾出空间"}},
		{"the last that is only little", judgeDisk("/d", 200<<20, nil), "disk", warn, nil},
		{"no space", judgeDisk("/d", 200<<20-1, nil), "disk", bad, []string{"0.2 GB"}},
		{"space unseen", judgeDisk("/d", 0, refused), "disk", warn, []string{"refused by them"}},

		{"programs found", judgeBinaries("/usr/pg", "15.18", false, nil), "postgresql", good, []string{"/usr/pg", "15.18"}},
		{"programs to be fetched", judgeBinaries("", "", true, pgserver.ErrNoBinaries), "postgresql", warn, []string{"下载", "fetches"}},
		{"no programs and no fetching", judgeBinaries("", "", false, pgserver.ErrNoBinaries), "postgresql", bad, []string{"--pg-binaries"}},
		{"another fault is not mended by fetching", judgeBinaries("", "", true, refused), "postgresql", bad, []string{"refused by them"}},

		{"no database", databaseAway(refused), "database", bad, []string{"DATABASE_URL", "refused by them"}},
		{"a database", judgeVersion(healthy), "database", good, []string{"15.18", "app"}},
		{"the oldest database", judgeVersion(with(func(h *postgres.Health) { h.Major = 14 })), "database", good, nil},
		{"too old a database", judgeVersion(with(func(h *postgres.Health) { h.Major = 13 })), "database", bad, []string{"14"}},

		{"the schema fits", judgeSchema(schema{9, 9, false}, false, nil), "schema", good, []string{"9"}},
		{"an old schema of one's own", judgeSchema(schema{8, 9, false}, false, nil), "schema", bad, []string{"8", "9", "doorstep migrate", "备份"}},
		{"an old schema that serve mends", judgeSchema(schema{8, 9, false}, true, nil), "schema", warn, []string{"doorstep serve"}},
		{"an empty database", judgeSchema(schema{0, 9, true}, false, nil), "schema", warn, []string{"doorstep serve"}},
		{"a newer schema", judgeSchema(schema{10, 9, false}, true, nil), "schema", bad, []string{"较新的程序"}},
		{"a schema unseen", judgeSchema(schema{}, false, refused), "schema", bad, []string{"DOORSTEP_MIGRATE_URL"}},

		{"no right to the history", judgeHistory(healthy), "history", good, []string{"app"}},
		{"triggers alone", judgeHistory(with(func(h *postgres.Health) { h.Rewritable = []string{"events"} })), "history", warn, []string{"较弱", "weaker", "DOORSTEP_MIGRATE_URL"}},
		{"triggers alone and a table without", judgeHistory(with(func(h *postgres.Health) { h.Rewritable = []string{"events", "office_events"} })), "history", warn, []string{"office_events 没有触发器", "Nothing stops it in office_events"}},
		{"a trigger is missing", judgeHistory(with(func(h *postgres.Health) { h.Loose = []string{"events"} })), "history", bad, []string{"audit verify"}},
		{"a trigger of the reads is missing", judgeHistory(with(func(h *postgres.Health) { h.Loose = []string{"access_log"} })), "history", bad, []string{"access_log"}},

		{"Chinese works", judgeLocale(healthy), "locale", good, []string{"UTF8", "C.UTF-8"}},
		{"the class C", judgeLocale(with(func(h *postgres.Health) { h.Ctype = "C" })), "locale", bad, []string{"TEMPLATE template0"}},
		{"another encoding", judgeLocale(with(func(h *postgres.Health) { h.Encoding = "EUC_CN" })), "locale", bad, []string{"EUC_CN"}},

		{"checksums", judgeChecksums(healthy), "checksums", good, nil},
		{"no checksums", judgeChecksums(with(func(h *postgres.Health) { h.Checksums = false })), "checksums", warn, []string{"pg_checksums --enable"}},

		{"keys", judgeKeys("/k", false, nil), "keys", good, []string{"/k"}},
		{"keys still to be made", judgeKeys("/k", true, vault.ErrNoKeyring), "keys", warn, []string{"doorstep serve"}},
		{"keys lost", judgeKeys("/k", false, vault.ErrNoKeyring), "keys", bad, []string{"--keys-file"}},
		{"keys open to others, fresh or not", judgeKeys("/k", true, vault.ErrKeyMode), "keys", bad, []string{"chmod 600 '/k/keyring'"}},
		{"keys damaged", judgeKeys("/k", true, vault.ErrKeyring), "keys", bad, []string{"副本"}},

		{"clocks agree", judgeClock(-5 * time.Second), "clock", good, nil},
		{"clocks differ", judgeClock(5*time.Second + 1), "clock", warn, []string{"NTP"}},
		{"clocks differ backwards", judgeClock(-time.Minute), "clock", warn, []string{"60.0"}},
		{"clocks differ much", judgeClock(-time.Minute - 1), "clock", bad, []string{"NTP"}},

		{"no schedule", judgeBackup(config.Backup{}, nil, nil, morning), "backup", warn, []string{"DOORSTEP_BACKUP_DIR"}},
		{"no disk for backups", judgeBackup(shelf, []postgres.Upkeep{ran(1)}, refused, morning), "backup", bad, []string{"/b", "refused by them"}},
		{"no backup yet", judgeBackup(shelf, nil, nil, morning), "backup", warn, []string{"within a minute"}},
		{"the first backup", judgeBackup(shelf, []postgres.Upkeep{{Begun: morning}}, nil, morning), "backup", warn, []string{"being made"}},
		{"a backup of last night", judgeBackup(shelf, []postgres.Upkeep{ran(6)}, nil, morning), "backup", good, []string{"2026-05-11 03:00"}},
		{"a backup of the night before", judgeBackup(shelf, []postgres.Upkeep{ran(37)}, nil, morning), "backup", bad, []string{"没有按时", "late"}},
		{"a backup that failed", judgeBackup(shelf, []postgres.Upkeep{failed(ran(30), "no space left")}, nil, morning), "backup", bad, []string{"no space left", "half hour", "2026-05-10 03:00"}},
		{"a first backup that failed", judgeBackup(shelf, []postgres.Upkeep{{Begun: morning, Fault: "x", Tries: 2}}, nil, morning), "backup", bad, []string{"tries: 2", "none has worked"}},
		{"the worst of several", judgeBackup(shelf, []postgres.Upkeep{ran(6), failed(ran(6), "no")}, nil, morning), "backup", bad, nil},

		{"no checkpoint elsewhere", judgeCheckpoint(0, nil, morning), "checkpoint", warn, []string{"DOORSTEP_CHECKPOINT_TO"}},
		{"a checkpoint to both places", judgeCheckpoint(2, []postgres.Upkeep{ran(6), ran(6)}, morning), "checkpoint", good, []string{"2026-05-11 03:00"}},
		{"a checkpoint to one of two", judgeCheckpoint(2, []postgres.Upkeep{ran(6)}, morning), "checkpoint", warn, nil},
		{"a broken chain", judgeCheckpoint(1, []postgres.Upkeep{failed(ran(30), "case x was changed")}, morning), "checkpoint", bad, []string{"case x was changed"}},

		{"no provider is meant", judgeProvider("", "", true, nil), "provider", good, []string{"by password"}},
		{"the provider answers", judgeProvider("https://p", "https://d/back", true, nil), "provider", good, []string{"https://p", "https://d/back"}},
		{"the provider knows no PKCE", judgeProvider("https://p", "https://d/back", false, nil), "provider", warn, []string{"S256"}},
		{"the provider is away", judgeProvider("https://p", "", false, refused), "provider", bad, []string{"refused by them", "DOORSTEP_OIDC_ISSUER"}},
		{"no mail is meant", judgeMail("", nil), "mail", good, []string{"DOORSTEP_SMTP_HOST"}},
		{"the mail server answers", judgeMail("m:25", nil), "mail", good, []string{"m:25", "mail test"}},
		{"no letter waits", judgeLetters(nil, postgres.MailsWaiting{}, morning), "letters", good, nil},
		{"letters wait", judgeLetters(nil, stuck, morning), "letters", bad, []string{"smtp 451", "2026-05-11 03:00", "tries again"}},
		{"letters wait for a moment", judgeLetters(nil, postgres.MailsWaiting{Count: 3, Since: &morning}, morning), "letters", good, nil},
		{"letters given up", judgeLetters([]postgres.LostMail{{Count: 2, Fault: "smtp 550"}, {Count: 1}}, postgres.MailsWaiting{}, morning), "letters", warn, []string{": 3", "smtp 550"}},
		{"the mail server refuses", judgeMail("m:25", refused), "mail", bad, []string{"refused by them"}},

		{"1 December", judgeHolidays(shipped, day(time.December, 1)), "holidays", good, []string{"2026"}},
		{"2 December without the notice", judgeHolidays(shipped, day(time.December, 2)), "holidays", warn, []string{"2026", "国务院"}},
		{"2 December with the notice", judgeHolidays(next, day(time.December, 2)), "holidays", good, []string{"2027"}},
		{"a year without notice", judgeHolidays(shipped, statute.NewDate(2027, time.January, 4)), "holidays", warn, []string{"2027"}},
	} {
		j.check(t)
	}
}

func off(year int, m time.Month) statute.Exception {
	return statute.Exception{Day: statute.NewDate(year, m, 1), NameZH: "假", NameEN: "off"}
}

func TestSkewIsWhatTheWayCannotExplain(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(1000+s), 0) }
	for _, tt := range []struct {
		theirs int
		want   time.Duration
	}{{5, 0}, {0, 0}, {10, 0}, {-7, -7 * time.Second}, {13, 3 * time.Second}} {
		if got := skew(at(0), at(10), at(tt.theirs)); got != tt.want {
			t.Errorf("asked 0, answered 10, theirs %d: %s, want %s", tt.theirs, got, tt.want)
		}
	}
}

func TestDataFolderIsClosedToOthers(t *testing.T) {
	for _, tt := range []struct {
		rule         string
		folder, file fs.FileMode
		want         level
		says         []string
	}{
		{"closed", 0o700, 0o600, good, nil},
		{"others may pass through", 0o711, 0o600, good, nil},
		{"others see the names", 0o755, 0o600, warn, []string{"0755", "chmod go-rw"}},
		{"others may change it", 0o777, 0o600, bad, []string{"0777", "chmod go-rw"}},
		{"the passwords are open", 0o700, 0o640, bad, []string{"secrets.json", "0640", "chmod 600"}},
	} {
		dir := t.TempDir()
		passwords := filepath.Join(dir, "pg", "secrets.json")
		err := errors.Join(os.Mkdir(filepath.Dir(passwords), 0o700), os.WriteFile(passwords, nil, 0o600),
			os.Chmod(passwords, tt.file), os.Chmod(dir, tt.folder)) // past the umask
		if err != nil {
			t.Fatal(err)
		}
		judged{tt.rule, judgeFolder(dir), "data-folder", tt.want, tt.says}.check(t)
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%s: something was left behind: %v, %v", tt.rule, left, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	judged{"a file is no folder", judgeFolder(file), "data-folder", bad, []string{"--data"}}.check(t)
	away := filepath.Join(t.TempDir(), "not", "yet")
	judged{"not there yet", judgeFolder(away), "data-folder", warn, []string{away}}.check(t)
	if free, err := freeSpace(away); err != nil || free == 0 {
		t.Errorf("the space where it will stand: %d, %v", free, err)
	}
}

func TestWrongSettingsAreFindings(t *testing.T) {
	found := wrongSettings(errors.Join(&config.Problem{Key: "A", ZH: "甲", EN: "a"}, &config.Problem{Key: "B", ZH: "乙", EN: "b", Err: os.ErrPermission}))
	if len(found) != 2 {
		t.Fatalf("%d findings of two problems", len(found))
	}
	judged{"first", found[0], "settings", bad, []string{"甲", "更正 A"}}.check(t)
	judged{"second", found[1], "settings", bad, []string{"乙", "Put B right", "permission"}}.check(t)
	judged{"no problem of ours", wrongSettings(os.ErrPermission)[0], "settings", bad, []string{"permission"}}.check(t)
}

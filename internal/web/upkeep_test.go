package web

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// The administrator is told of what the program did not do by itself, and of
// nothing that is no longer on the schedule.
func TestTheAdministratorIsToldOfAMissedBackup(t *testing.T) {
	f := openFront(t)
	told := func(want string) {
		t.Helper()
		if got := f.get("/admin").Find("main .tone-alarm").Text(); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	ran := func(ago time.Duration, fault string) {
		t.Helper()
		f.exec(`DELETE FROM upkeep`)
		when := presentDay.Add(-ago)
		if ago > 0 {
			f.exec(`INSERT INTO upkeep (kind, day, leased_until, tries, began_at, ended_at) VALUES ('backup', '2026-01-01', $1, 1, $1, $1)`, when)
		}
		if fault != "" {
			f.exec(`INSERT INTO upkeep (kind, day, leased_until, tries, began_at, fault) VALUES ('backup', '2026-01-02', $1, 3, $1, $2)`, presentDay, fault)
		}
	}
	ran(0, "no space left on /mnt")
	told("")
	f.site.Scheduled = []string{"backup/"}
	told("还没有做成过")
	if text := f.get("/admin").Find("main").Text(); strings.Contains(text, "no space left") {
		t.Error("the system's own words are shown")
	}
	ran(20*time.Hour, "no space left on /mnt")
	told("最近一次做成是")
	ran(20*time.Hour, "")
	told("")
	ran(40*time.Hour, "")
	told("自动备份没有做成")
	f.lang = "en"
	told("The daily backup was not made")
}

// The administrator sees whom a mail did not reach and why, and nobody's address;
// a mail that waits for an hour is the server's trouble.
func TestTheAdministratorIsToldOfMailsThatDidNotArrive(t *testing.T) {
	f := openFront(t)
	someone := uid(31)
	f.exec(`INSERT INTO users (id, username, name, password_hash, created_at) VALUES ($1, 'li.aying', '李阿英', 'x', $2)`, someone, presentDay)
	mail := func(n int, columns string, values ...any) {
		t.Helper()
		f.exec(`INSERT INTO outbox (id, key, user_id, kind, created_at, due_at, tries, `+columns+`) VALUES (gen_random_uuid(), $1, $2, 'news', $3, $3, 12, $4, $5)`,
			append([]any{"k" + strconv.Itoa(n), someone, presentDay.Add(-2 * time.Hour)}, values...)...)
	}
	mail(1, "fault, parked_at", "smtp 550", presentDay.Add(-time.Hour))
	mail(2, "fault, parked_at", "timeout", presentDay.AddDate(0, 0, -3))
	mail(3, "fault, parked_at", "timeout", presentDay.AddDate(0, 0, -8))
	mail(4, "fault, leased_until", "timeout", presentDay.Add(-time.Minute))
	if text := f.get("/admin").Find("main").Text(); strings.Contains(text, "邮件") {
		t.Errorf("mails are told of where none are sent: %s", text)
	}
	f.site.Mail = true
	for _, tt := range []struct {
		lang  string
		wants []string
	}{
		{"zh-CN", []string{"有 1 封邮件发不出去", "邮件服务器没有应答", "没有送到的邮件", "李阿英", "对方邮箱拒收"}},
		{"en", []string{"Mails that cannot be sent: 1", "did not answer", "Mails that did not arrive", "refuses it"}},
	} {
		f.lang = tt.lang
		doc := f.get("/admin")
		text := doc.Find("main").Text()
		for _, want := range tt.wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in %s", want, text)
			}
		}
		if n := doc.Find(`main td.number[data-label]`).Text(); n != "2" {
			t.Errorf("%s mails are told of, want 2", n)
		}
	}
}

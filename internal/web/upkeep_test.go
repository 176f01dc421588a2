package web

import (
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

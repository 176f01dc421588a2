package backup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/internal/postgres"
)

var shanghai = time.FixedZone("CST", 8*3600)

// at is a list of backups by their times in Shanghai, newest first.
func at(times ...string) (files []postgres.BackupFile) {
	for _, text := range times {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
		if err != nil {
			panic(err)
		}
		files = append(files, postgres.BackupFile{Path: text, MadeAt: when.UTC()})
	}
	return files
}

func paths(files []postgres.BackupFile) string {
	var names []string
	for _, f := range files {
		names = append(names, f.Path)
	}
	return strings.Join(names, ", ")
}

func TestWhichBackupsGo(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		keep  Keep
		files []postgres.BackupFile
		gone  string
	}{
		{"nothing is no work", Keep{7, 4, 12}, nil, ""},
		{"the only one stays, whatever is kept", Keep{}, at("2026-05-01 02:30"), ""},
		{"the newest stays, whatever is kept", Keep{}, at("2026-05-02 02:30", "2026-05-01 02:30"), "2026-05-01 02:30"},
		{"so many days", Keep{Daily: 2}, at("2026-05-03 02:30", "2026-05-02 02:30", "2026-05-01 02:30"), "2026-05-01 02:30"},
		{"of one day the newest", Keep{Daily: 2}, at("2026-05-02 14:00", "2026-05-02 02:30", "2026-05-01 02:30"), "2026-05-02 02:30"},
		{"days are Shanghai's", Keep{Daily: 2}, at("2026-05-02 07:59", "2026-05-01 08:01", "2026-05-01 00:01"), "2026-05-01 00:01"},
		{"days without a backup do not count", Keep{Daily: 2}, at("2026-05-31 02:30", "2026-04-02 02:30", "2026-04-01 02:30"), "2026-04-01 02:30"},
		{"a week begins on Monday", Keep{Weekly: 2}, at("2026-05-04 02:30", "2026-05-03 02:30", "2026-05-02 02:30", "2026-04-26 02:30"), "2026-05-02 02:30, 2026-04-26 02:30"},
		{"a week over New Year is one", Keep{Weekly: 1}, at("2027-01-01 02:30", "2026-12-29 02:30"), "2026-12-29 02:30"},
		{"months", Keep{Monthly: 2}, at("2026-05-01 02:30", "2026-04-30 02:30", "2026-04-29 02:30", "2026-03-31 02:30"), "2026-04-29 02:30, 2026-03-31 02:30"},
		{"what one rule keeps another does not drop", Keep{Daily: 1, Monthly: 2}, at("2026-05-02 02:30", "2026-05-01 02:30", "2026-04-30 02:30"), "2026-05-01 02:30"},
	} {
		if got := paths(tt.keep.drop(tt.files, shanghai)); got != tt.gone {
			t.Errorf("%s: %q goes, want %q", tt.rule, got, tt.gone)
		}
	}
}

// A year of daily backups with retention after each leaves at most as many as the
// rules add up to, and always the newest; days that fail cost nothing.
func TestAYearOfBackups(t *testing.T) {
	keep, rng := Keep{7, 4, 12}, rand.New(rand.NewPCG(1, 2))
	var shelf []postgres.BackupFile
	day := time.Date(2026, 1, 1, 2, 30, 0, 0, shanghai)
	for n := range 400 {
		day = day.AddDate(0, 0, 1)
		if rng.IntN(3) == 0 {
			continue // it failed
		}
		shelf = slices.Insert(shelf, 0, postgres.BackupFile{Path: fmt.Sprint(n), MadeAt: day})
		gone := keep.drop(shelf, shanghai)
		newest := shelf[0].Path
		shelf = slices.DeleteFunc(shelf, func(f postgres.BackupFile) bool { return slices.Contains(gone, f) })
		if shelf[0].Path != newest || len(shelf) > 7+4+12 || n > 60 && len(shelf) < 10 {
			t.Fatalf("after %d days %d are kept, newest %s of %s", n, len(shelf), shelf[0].Path, newest)
		}
	}
	if oldest := shelf[len(shelf)-1].MadeAt; day.Sub(oldest) < 300*24*time.Hour {
		t.Errorf("the oldest is of %s", oldest)
	}
}

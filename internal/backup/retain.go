package backup

import (
	"time"

	"doorstep/internal/postgres"
)

// Keep says which backups stay: the newest of each of so many days, weeks
// (Monday to Sunday) and months that have one.
type Keep struct{ Daily, Weekly, Monthly int }

// drop picks the files that may go, of a list that has the newest first. Days,
// weeks and months without a backup do not count: after a month in which every
// backup failed, all that was kept is still kept. The newest always stays.
func (k Keep) drop(files []postgres.BackupFile, zone *time.Location) []postgres.BackupFile {
	rules := []struct {
		most   int
		bucket func(time.Time) [2]int
	}{
		{k.Daily, func(t time.Time) [2]int { return [2]int{t.Year(), t.YearDay()} }},
		{k.Weekly, func(t time.Time) [2]int { y, w := t.ISOWeek(); return [2]int{y, w} }},
		{k.Monthly, func(t time.Time) [2]int { return [2]int{t.Year(), int(t.Month())} }},
	}
	stays := make([]bool, len(files))
	for _, rule := range rules {
		seen := map[[2]int]bool{}
		for i, f := range files {
			if b := rule.bucket(f.MadeAt.In(zone)); len(seen) < rule.most && !seen[b] {
				seen[b], stays[i] = true, true
			}
		}
	}
	var gone []postgres.BackupFile
	for i, f := range files {
		if i > 0 && !stays[i] {
			gone = append(gone, f)
		}
	}
	return gone
}

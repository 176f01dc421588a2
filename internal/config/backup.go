package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"
)

// Backup is the schedule of backups; without a Dir none are made.
type Backup struct {
	Dir     string          // folder they are kept in, absolute
	To      []age.Recipient // whose keys open them
	At      time.Duration   // time of day in Asia/Shanghai, below 24 hours
	Daily   int             // how many days, weeks and months keep one, 0 to 1000 each
	Weekly  int
	Monthly int
}

const (
	keyBackupDir  = "DOORSTEP_BACKUP_DIR"
	keyBackupTo   = "DOORSTEP_BACKUP_TO"
	keyBackupAt   = "DOORSTEP_BACKUP_AT"
	keyBackupKeep = "DOORSTEP_BACKUP_KEEP"
)

func setBackupDir(c *Config, text string) *Problem {
	if text == "" {
		return nil
	}
	return absolute(&c.Backup.Dir, keyBackupDir, text)
}

func setBackupTo(c *Config, text string) *Problem {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		to, err := age.ParseX25519Recipient(part)
		if err != nil {
			return unfit(keyBackupTo, "请写 doorstep backup-key 给出的公钥 age1…，多个用逗号分开",
				"write the public key age1… that doorstep backup-key prints, several separated by commas")
		}
		c.Backup.To = append(c.Backup.To, to)
	}
	return nil
}

func shownBackupTo(c *Config) string {
	shown := make([]string, len(c.Backup.To))
	for i, to := range c.Backup.To {
		shown[i] = fmt.Sprint(to)
	}
	return strings.Join(shown, ",")
}

func setBackupAt(c *Config, text string) *Problem { return timeOfDay(&c.Backup.At, keyBackupAt, text) }

func timeOfDay(to *time.Duration, key, text string) *Problem {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return unfit(key, "请写北京时间的 时:分，例如 02:30", "write hours and minutes in Beijing time, for example 02:30")
	}
	*to = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return nil
}

func shownTimeOfDay(at time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(at.Hours()), int(at.Minutes())%60)
}

func setBackupKeep(c *Config, text string) *Problem {
	parts := strings.Split(text, ",")
	numbers := []*int{&c.Backup.Daily, &c.Backup.Weekly, &c.Backup.Monthly}
	for i, to := range numbers {
		n, err := 0, error(nil)
		if len(parts) == len(numbers) {
			n, err = strconv.Atoi(strings.TrimSpace(parts[i]))
		}
		if len(parts) != len(numbers) || err != nil || n < 0 || n > 1000 {
			return unfit(keyBackupKeep, "请写三个数：保留几天、几周、几月，例如 7,4,12", "write three numbers, how many days, weeks and months are kept, for example 7,4,12")
		}
		*to = n
	}
	return nil
}

func shownBackupKeep(c *Config) string {
	return fmt.Sprintf("%d,%d,%d", c.Backup.Daily, c.Backup.Weekly, c.Backup.Monthly)
}

// checkBackup: an unencrypted copy of everything is never made by itself.
func (c *Config) checkBackup() []*Problem {
	if c.Backup.Dir != "" && len(c.Backup.To) == 0 {
		return []*Problem{unfit(keyBackupTo, "设了 DOORSTEP_BACKUP_DIR 就要设公钥；定时备份总是加密的",
			"DOORSTEP_BACKUP_DIR needs the public key; scheduled backups are always encrypted")}
	}
	return nil
}

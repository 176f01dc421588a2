package config

import (
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Checkpoint is where the daily checkpoint of the histories goes, outside the
// machine; without a target none is made.
type Checkpoint struct {
	To []CheckpointTarget
	At time.Duration // time of day in Asia/Shanghai, below 24 hours
}

// CheckpointTarget is one place a checkpoint goes to: exactly one of the three.
type CheckpointTarget struct {
	Dir  string // folder, absolute
	Mail string // address
	URL  Secret // https address it is posted to; may hold a token
}

const (
	keyCheckpointTo = "DOORSTEP_CHECKPOINT_TO"
	keyCheckpointAt = "DOORSTEP_CHECKPOINT_AT"
)

func setCheckpointTo(c *Config, text string) *Problem {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		target, ok := checkpointTarget(part)
		if !ok {
			return unfit(keyCheckpointTo, "请写完整的文件夹路径、mailto:邮箱 或 https:// 地址，多个用逗号分开",
				"write the whole path of a folder, mailto:address or an https:// address, several separated by commas")
		}
		c.Checkpoint.To = append(c.Checkpoint.To, target)
	}
	return nil
}

func checkpointTarget(text string) (t CheckpointTarget, ok bool) {
	if filepath.IsAbs(text) {
		return CheckpointTarget{Dir: filepath.Clean(text)}, true
	}
	if address, isMail := strings.CutPrefix(text, "mailto:"); isMail {
		a, err := mail.ParseAddress(address)
		if err != nil || a.Name != "" {
			return t, false
		}
		return CheckpointTarget{Mail: a.Address}, true
	}
	u, err := url.Parse(text)
	return CheckpointTarget{URL: Secret(text)}, err == nil && u.Scheme == "https" && u.Host != ""
}

// String is the target as it is written in the setting, with secrets masked.
func (t CheckpointTarget) String() string {
	switch {
	case t.Dir != "":
		return t.Dir
	case t.Mail != "":
		return "mailto:" + t.Mail
	}
	return t.URL.String()
}

func shownCheckpointTo(c *Config) string {
	shown := make([]string, len(c.Checkpoint.To))
	for i, t := range c.Checkpoint.To {
		shown[i] = t.String()
	}
	return strings.Join(shown, ",")
}

func setCheckpointAt(c *Config, text string) *Problem {
	return timeOfDay(&c.Checkpoint.At, keyCheckpointAt, text)
}

// checkCheckpoint: a mail needs a server to send it.
func (c *Config) checkCheckpoint() []*Problem {
	for _, t := range c.Checkpoint.To {
		if t.Mail != "" && c.SMTP.Host == "" {
			return []*Problem{unfit(keyCheckpointTo, "要用邮件发送，请先设置 DOORSTEP_SMTP_HOST", "mailto: needs DOORSTEP_SMTP_HOST")}
		}
	}
	return nil
}

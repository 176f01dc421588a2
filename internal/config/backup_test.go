package config

import (
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

const publicKey = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

func TestTheScheduleOfBackups(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_BACKUP_DIR=/mnt/backups", "DOORSTEP_BACKUP_TO=" + publicKey + ", " + publicKey,
		"DOORSTEP_BACKUP_AT=23:05", "DOORSTEP_BACKUP_KEEP=14, 0,24"}})
	if err != nil {
		t.Fatal(err)
	}
	b := c.Backup
	if b.Dir != "/mnt/backups" || len(b.To) != 2 || b.At != 23*time.Hour+5*time.Minute || b.Daily != 14 || b.Weekly != 0 || b.Monthly != 24 {
		t.Errorf("%+v", b)
	}
	if key, ok := b.To[0].(*age.X25519Recipient); !ok || key.String() != publicKey {
		t.Errorf("the key is %v", b.To[0])
	}
	for key, want := range map[string]string{keyBackupTo: publicKey + "," + publicKey, keyBackupAt: "23:05", keyBackupKeep: "14,0,24", keyBackupDir: "/mnt/backups"} {
		for _, v := range c.Effective() {
			if v.Key == key && v.Text != want {
				t.Errorf("%s is shown as %q", key, v.Text)
			}
		}
	}
}

func TestWhereCheckpointsGo(t *testing.T) {
	c, err := Load(Sources{Environ: []string{"HOME=/home/li", "DOORSTEP_SMTP_HOST=m:25", "DOORSTEP_SMTP_FROM=a@example.cn",
		"DOORSTEP_CHECKPOINT_TO=/mnt/away/, mailto:notary@example.cn, https://notary.example.cn/in?token=geheim"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []CheckpointTarget{{Dir: "/mnt/away"}, {Mail: "notary@example.cn"}, {URL: "https://notary.example.cn/in?token=geheim"}}
	if diff := cmp.Diff(want, c.Checkpoint.To); diff != "" {
		t.Error(diff)
	}
	for _, v := range c.Effective() {
		if strings.Contains(v.Text, "geheim") || v.Key == keyCheckpointTo && !strings.HasPrefix(v.Text, "/mnt/away,mailto:notary@example.cn,https://notary.example.cn/") {
			t.Errorf("%s is shown as %q", v.Key, v.Text)
		}
	}
}

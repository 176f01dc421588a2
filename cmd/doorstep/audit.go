package main

import (
	"errors"
	"fmt"
	"os"

	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
	"doorstep/internal/web"
)

// auditCommand checks that the history was not rewritten.
type auditCommand struct {
	Checkpoint auditCheckpoint `cmd:"" help:"印出此刻的校验点，供另处保存。Print a checkpoint of now, to be kept elsewhere."`

	Verify auditVerify `cmd:"" help:"逐案核对办理经过的链和出具的文书。Check the chain of every case's history and the papers that were issued."`
	Volume auditVolume `cmd:"" name:"verify-volume" help:"核对下载的卷宗（ZIP）没有被改动。Check that a downloaded volume (ZIP) was not changed."`
}

// auditVerify walks every chain and names the first broken link.
type auditVerify struct {
	Against string `placeholder:"FILE" help:"再与另存的校验点比对，能发现整条链被重写或截短。Compare with a checkpoint kept elsewhere too: finds a chain rewritten or cut as a whole."`
}

// Run verifies the chains of the settings' database, beside a running server or
// alone. A broken link is told and the command fails.
func (cmd auditVerify) Run(p *program) (err error) {
	db, keys, done, err := p.storage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	var seen *vault.Checkpoint
	if cmd.Against != "" {
		if seen, err = readCheckpoint(keys, cmd.Against); err != nil {
			return err
		}
	}
	checked, broken, err := db.VerifyChains(p.ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		return &sentence{
			zh:  fmt.Sprintf("办理经过被改动：案件 %s 第 %d 条（%s）。", broken.Case, broken.Seq, broken.Why),
			en:  fmt.Sprintf("The history was changed: case %s, line %d (%s).", broken.Case, broken.Seq, broken.Why),
			err: errors.New("audit: broken chain")}
	}
	p.say("已核对 %d 条办理经过，链条完整。\n%d lines of history checked; every chain holds.", checked, checked)
	if err := p.issues(db); err != nil {
		return err
	}
	if err := p.applications(db); err != nil {
		return err
	}
	if seen == nil {
		return nil
	}
	return p.against(db, *seen)
}

// tampering says what is wrong with something that is kept beside its digest.
var tampering = map[string][2]string{
	"gone": {"内容不见了", "its content is gone"}, "sealed": {"内容打不开", "its content does not open"},
	"changed": {"内容与摘要不符", "its content does not fit its digest"}, "unlisted": {"与办理经过的记载不符", "it does not fit its line of the history"},
}

// issues tells whether every paper that was issued is kept as it was issued.
func (p *program) issues(db *postgres.DB) error {
	checked, broken, err := db.VerifyIssues(p.ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		why := tampering[broken.Why]
		form, _ := statute.FormOf(broken.Form)
		return &sentence{err: errors.New("audit: broken issue"),
			zh: fmt.Sprintf("出具的文书被改动：案件 %s 的 %s %s，第 %d 次出具，%s。", broken.Case, broken.Form, form.ZH, broken.Seq, why[0]),
			en: fmt.Sprintf("An issued paper was changed: case %s, %s %s, issue %d, %s.", broken.Case, broken.Form, form.EN, broken.Seq, why[1])}
	}
	p.say("已核对 %d 份出具的文书，内容与摘要一致。\n%d issued papers checked; every content fits its digest.", checked, checked)
	return nil
}

// applications tells whether the papers of every application to a court are kept
// as they were filed.
func (p *program) applications(db *postgres.DB) error {
	checked, broken, err := db.VerifyApplications(p.ctx)
	if err != nil {
		return err
	}
	if broken != nil {
		why := tampering[broken.Why]
		return &sentence{err: errors.New("audit: broken application"),
			zh: fmt.Sprintf("司法确认申请材料被改动：案件 %s，%s。", broken.Case, why[0]),
			en: fmt.Sprintf("The papers of an application to the court were changed: case %s, %s.", broken.Case, why[1])}
	}
	p.say("已核对 %d 件司法确认申请的材料，与提出时一致。\n%d applications to a court checked; their papers are those that were filed.", checked, checked)
	return nil
}

func readCheckpoint(keys *vault.Keys, name string) (*vault.Checkpoint, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, &sentence{misuse: true, err: err, zh: fmt.Sprintf("打不开校验点文件 %s。", name), en: fmt.Sprintf("The checkpoint %s cannot be opened.", name)}
	}
	defer file.Close()
	c, err := keys.ReadCheckpoint(file)
	var zh, en string
	switch {
	case err == nil:
		return &c, nil
	case errors.Is(err, vault.ErrCheckpoint):
		zh, en = "的签名不符，文件被改动过", "does not fit its signature; the file was changed"
	case errors.Is(err, vault.ErrKeyMissing):
		zh, en = "是用本系统没有的密钥签的，可能属于另一套系统，或密钥被换掉了", "is signed by a key that is not here; it is another installation's, or the keys were exchanged"
	default:
		zh, en = "不是完整的校验点", "is no whole checkpoint"
	}
	return nil, &sentence{err: err, zh: fmt.Sprintf("文件 %s %s。", name, zh), en: fmt.Sprintf("The file %s %s.", name, en)}
}

// against tells whether the histories still hold what a checkpoint saw.
func (p *program) against(db *postgres.DB, seen vault.Checkpoint) error {
	when := seen.MadeAt.In(statute.Shanghai).Format("2006-01-02 15:04")
	lost, err := db.Against(p.ctx, seen)
	if err != nil {
		return err
	}
	if lost != nil {
		why := map[string][2]string{"gone": {"整个案件不见了", "the case is gone"}, "cut": {"经过被截短", "the history was cut"},
			"rewritten": {"经过被重写", "the history was rewritten"}}[lost.Why]
		return &sentence{err: errors.New("audit: the chain left its checkpoint"),
			zh: fmt.Sprintf("与 %s 的校验点不符：案件 %s 第 %d 条，%s。", when, lost.Case, lost.Seq, why[0]),
			en: fmt.Sprintf("It does not fit the checkpoint of %s Beijing time: case %s, line %d, %s.", when, lost.Case, lost.Seq, why[1])}
	}
	reads, office, err := db.Missing(p.ctx, seen)
	if err != nil {
		return err
	}
	if reads > 0 || office > 0 {
		reads, office = max(reads, 0), max(office, 0)
		return &sentence{err: errors.New("audit: lines are missing"),
			zh: fmt.Sprintf("与 %s 的校验点不符：查阅记录少了 %d 条，机构变动记录少了 %d 条。", when, reads, office),
			en: fmt.Sprintf("It does not fit the checkpoint of %s Beijing time: the log of reads lost %d lines, the office's history %d.", when, reads, office)}
	}
	p.say("与 %s 的校验点一致：%d 个案件、%d 条经过都还在原处。\nIt holds the checkpoint of %s Beijing time: %d cases and %d lines stand where they stood.",
		when, len(seen.Heads), seen.Lines(), when, len(seen.Heads), seen.Lines())
	return nil
}

// auditCheckpoint prints where every history stands.
type auditCheckpoint struct{}

// Run prints a signed checkpoint of now, beside a running server or alone.
func (auditCheckpoint) Run(p *program) (err error) {
	db, keys, done, err := p.storage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	_, text, err := checkpointOf(p.ctx, db, keys, p.Now())
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(text)
	return err
}

// storage opens the database of the settings for a command: that of a running
// server, the one of the settings, or the embedded one, started for the while.
func (p *program) storage() (*postgres.DB, *vault.Keys, func() error, error) {
	c, err := p.settings()
	if err != nil {
		return nil, nil, nil, err
	}
	d := &database{}
	at, err := beside(c)
	if errors.Is(err, pgserver.ErrNotRunning) {
		at, err = d.find(p.ctx, c, web.NewLog(p.stderr, c.LogLevel))
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, d.stop())
	}
	keys, err := vault.OpenKeys(c.KeysDir, false)
	if err != nil {
		return nil, nil, nil, errors.Join(noKeys(c.KeysDir, err), d.stop())
	}
	db, err := postgres.OpenPatient(at.app, keys)
	if err != nil {
		return nil, nil, nil, errors.Join(err, d.stop())
	}
	return db, keys, func() error { return errors.Join(db.Close(), d.stop()) }, nil
}

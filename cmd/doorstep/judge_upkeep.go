package main

import (
	"errors"
	"fmt"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/office"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
)

// judgeBackup: runs are what stands of the daily backup, none before the first;
// shelf is what the folder said when it was written to.
func judgeBackup(b config.Backup, runs []postgres.Upkeep, shelf error, now time.Time) finding {
	f := finding{ID: "backup", Level: warn}
	if b.Dir == "" {
		f.ZH, f.EN = "没有设置定时备份。", "No backups are made on a schedule."
		f.DoZH = "请设置 DOORSTEP_BACKUP_DIR 和 DOORSTEP_BACKUP_TO，或用别的定时任务运行 doorstep backup。"
		f.DoEN = "Set DOORSTEP_BACKUP_DIR and DOORSTEP_BACKUP_TO, or run doorstep backup by a timer of your own."
		return f
	}
	if shelf != nil {
		f.Level, f.ZH, f.EN = bad, fmt.Sprintf("无法写入备份文件夹 %s。", b.Dir), fmt.Sprintf("The folder of backups %s cannot be written to.", b.Dir)
		f.DoZH, f.DoEN = "请确认磁盘已挂载、文件夹已建好并属于运行服务的账户。", "See that the disk is mounted and the folder there, owned by the account that serves."
		return f.because(shelf)
	}
	return judgeRuns(f, runs, now, "备份", "backup")
}

// judgeCheckpoint: targets is to how many places it goes.
func judgeCheckpoint(targets int, runs []postgres.Upkeep, now time.Time) finding {
	f := finding{ID: "checkpoint", Level: warn}
	if targets == 0 {
		f.ZH, f.EN = "没有把办理经过的校验点存到别处。", "No checkpoint of the histories is kept elsewhere."
		f.DoZH = "请设置 DOORSTEP_CHECKPOINT_TO；没有它，整条链被重写是看不出来的。"
		f.DoEN = "Set DOORSTEP_CHECKPOINT_TO; without it, a chain rewritten as a whole cannot be told."
		return f
	}
	f = judgeRuns(f, runs, now, "校验点", "checkpoint")
	if f.Level == good && len(runs) < targets {
		f.Level, f.DoZH, f.DoEN = warn, "有的去处还没有发送过，请稍后再看。", "One of the places has got none so far; look again later."
	}
	return f
}

// judgeRuns tells how a daily run stands: the worst of several targets.
func judgeRuns(f finding, runs []postgres.Upkeep, now time.Time, zh, en string) finding {
	f.Level, f.ZH, f.EN = warn, fmt.Sprintf("还没有做过定时%s。", zh), fmt.Sprintf("No scheduled %s was made so far.", en)
	f.DoZH, f.DoEN = "doorstep serve 启动后一分钟内会做第一次，之后再看。", "A running doorstep serve makes the first within a minute; look again then."
	for i, u := range runs {
		last, lastEN := "还没有成功过", "none has worked so far"
		if u.Good != nil {
			when := u.Good.In(statute.Shanghai).Format("2006-01-02 15:04")
			last, lastEN = "最近一次成功是 "+when, "the last that worked was at "+when+" Beijing time"
		}
		switch {
		case u.Failed():
			f.Level = bad
			f.ZH, f.EN = fmt.Sprintf("定时%s失败，已试 %d 次；%s。", zh, u.Tries, last), fmt.Sprintf("The scheduled %s failed, tries: %d; %s.", en, u.Tries, lastEN)
			f.DoZH, f.DoEN = "请按下面括号里的原因处理；程序每半小时再试一次。", "Mend the cause in brackets; the program tries again every half hour."
			return f.because(errors.New(u.Fault))
		case u.Late(now):
			f.Level = bad
			f.ZH, f.EN = fmt.Sprintf("定时%s没有按时做：%s。", zh, last), fmt.Sprintf("The scheduled %s is late: %s.", en, lastEN)
			f.DoZH, f.DoEN = "请确认 doorstep serve 在运行并使用同样的设置，再看它的日志。", "See that doorstep serve runs with these settings, and look into its log."
			return f
		case u.Good == nil:
			f.Level, f.ZH, f.EN = warn, fmt.Sprintf("第一次定时%s正在进行。", zh), fmt.Sprintf("The first scheduled %s is being made.", en)
			f.DoZH, f.DoEN = "请稍后再看。", "Look again later."
			return f
		case i == 0:
			f.Level, f.DoZH, f.DoEN = good, "", ""
			f.ZH, f.EN = fmt.Sprintf("定时%s正常：%s。", zh, last), fmt.Sprintf("The scheduled %s works: %s.", en, lastEN)
		}
	}
	return f
}

// judgeLetters tells of mails that wait for the server and of those given up in
// the last week.
func judgeLetters(lost []postgres.LostMail, waiting postgres.MailsWaiting, now time.Time) finding {
	f := finding{ID: "letters", Level: good, ZH: "没有发不出去的邮件。", EN: "No mail waits for the mail server."}
	if waiting.Since != nil && now.Sub(*waiting.Since) >= office.WaitingFor {
		when := waiting.Since.In(statute.Shanghai).Format("2006-01-02 15:04")
		f.Level = bad
		f.ZH, f.EN = fmt.Sprintf("有 %d 封邮件发不出去，最早的写于 %s。", waiting.Count, when), fmt.Sprintf("Mails that the server did not take: %d, the oldest of %s Beijing time.", waiting.Count, when)
		f.DoZH, f.DoEN = "请检查邮件服务器和 DOORSTEP_SMTP_ 各项设置；程序会自动再试。", "Check the mail server and the DOORSTEP_SMTP_ settings; the program tries again by itself."
		return f.because(errors.New(waiting.Fault))
	}
	if len(lost) == 0 {
		return f
	}
	n := 0
	for _, m := range lost {
		n += m.Count
	}
	f.Level, f.ZH, f.EN = warn, fmt.Sprintf("一周内有 %d 封邮件试了多次仍没有送到，不再发送。", n), fmt.Sprintf("Mails given up in the last week after many tries: %d.", n)
	f.DoZH, f.DoEN = "收件人列在管理页面上，请核对他们的邮箱。", "The administration page lists for whom; check their addresses."
	return f.because(errors.New(lost[0].Fault))
}

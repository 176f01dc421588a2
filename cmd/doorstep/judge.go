package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"doorstep/internal/config"
	"doorstep/internal/pgserver"
	"doorstep/internal/postgres"
	"doorstep/internal/statute"
	"doorstep/internal/vault"
)

// From where on doctor speaks up.
const (
	diskLow     = 2 << 30   // bytes free below which it warns
	diskOut     = 200 << 20 // bytes free below which the next backup or photo may fail
	skewNoted   = 5 * time.Second
	skewRefused = time.Minute // deadlines and one-time links would be off by that
	oldestMajor = 14          // PostgreSQL the migrations run on
)

// wrongSettings is one finding a refused setting.
func wrongSettings(err error) []finding {
	problems := config.ProblemsOf(err)
	if len(problems) == 0 {
		return []finding{finding{ID: "settings", Level: bad, ZH: "设置读不出来。", EN: "The settings cannot be read.",
			DoZH: "请按下面的原因更正设置。", DoEN: "Put the settings right."}.because(err)}
	}
	found := make([]finding, len(problems))
	for i, p := range problems {
		found[i] = finding{ID: "settings", Level: bad, ZH: p.ZH, EN: p.EN,
			DoZH: fmt.Sprintf("更正 %s 后再运行 doorstep doctor。", p.Key), DoEN: fmt.Sprintf("Put %s right and run doorstep doctor again.", p.Key)}.because(p.Err)
	}
	return found
}

// judgeFolder looks at the data folder and the passwords in it. Others may pass
// through the folder: a server started by root needs that for the account
// PostgreSQL runs as. Seeing the names in it is worth a word, changing it is not
// to be.
func judgeFolder(dir string) finding {
	f := finding{ID: "data-folder", Level: bad}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Level, f.ZH, f.EN = warn, fmt.Sprintf("数据文件夹 %s 还不存在。", dir), fmt.Sprintf("The data folder %s does not exist yet.", dir)
		f.DoZH, f.DoEN = "首次运行 doorstep serve 会建立它；若数据在别处，请用 --data 指明。", "The first doorstep serve makes it; name it with --data if the data lies elsewhere."
		return f
	case err != nil || !info.IsDir():
		f.ZH, f.EN = fmt.Sprintf("数据文件夹 %s 无法使用。", dir), fmt.Sprintf("The data folder %s cannot be used.", dir)
		f.DoZH, f.DoEN = "请检查路径和权限，或用 --data 另选。", "Check its path and permissions, or choose another with --data."
		return f.because(err)
	}
	passwords := filepath.Join(dir, "pg", "secrets.json")
	for _, at := range []struct {
		level   level
		path    string
		refused fs.FileMode
		mend    string
	}{
		{bad, passwords, 0o077, "600"}, {bad, filepath.Join(dir, "pg", "running.json"), 0o077, "600"},
		{bad, dir, 0o022, "go-rw"}, {warn, dir, 0o044, "go-rw"},
	} {
		info, err := os.Stat(at.path)
		if err != nil || info.Mode().Perm()&at.refused == 0 {
			continue // what is not there gives nothing away
		}
		mode := info.Mode().Perm()
		f.Level = at.level
		f.ZH, f.EN = fmt.Sprintf("别的账户可以查看或改动 %s（权限 %04o）。", at.path, mode), fmt.Sprintf("Other accounts may look into or change %s (mode %04o).", at.path, mode)
		f.DoZH, f.DoEN = fmt.Sprintf("运行：chmod %s '%s'", at.mend, at.path), fmt.Sprintf("Run: chmod %s '%s'", at.mend, at.path)
		return f
	}
	if err := writable(dir); err != nil {
		f.ZH, f.EN = fmt.Sprintf("无法写入数据文件夹 %s。", dir), fmt.Sprintf("The data folder %s cannot be written to.", dir)
		f.DoZH, f.DoEN = "请用运行服务的账户执行本命令，或更正文件夹的所有者。", "Run this as the account that serves, or put the folder's owner right."
		return f.because(err)
	}
	return finding{ID: "data-folder", Level: good, ZH: fmt.Sprintf("数据文件夹 %s 可以写入，别的账户看不到内容。", dir),
		EN: fmt.Sprintf("The data folder %s can be written to and is closed to other accounts.", dir)}
}

// writable tries it, since modes do not tell of read-only file systems.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// freeSpace is the bytes left to us where the folder stands or will stand.
func freeSpace(dir string) (uint64, error) {
	var s syscall.Statfs_t
	for {
		err := syscall.Statfs(dir, &s)
		if up := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && up != dir {
			dir = up
			continue
		}
		return s.Bavail * uint64(s.Bsize), err
	}
}

func judgeDisk(dir string, free uint64, err error) finding {
	f := finding{ID: "disk", Level: good}
	if err != nil {
		f.Level, f.ZH, f.EN = warn, "看不到磁盘剩余空间。", "The free space of the disk cannot be seen."
		f.DoZH, f.DoEN = "请自行查看磁盘剩余空间。", "Look at the free space by hand."
		return f.because(err)
	}
	size := fmt.Sprintf("%.1f GB", float64(free)/(1<<30))
	f.ZH, f.EN = fmt.Sprintf("%s 所在的磁盘还剩 %s。", dir, size), fmt.Sprintf("The disk of %s has %s left.", dir, size)
	if free >= diskLow {
		return f
	}
	f.Level = warn
	if free < diskOut {
		f.Level = bad
	}
	f.DoZH, f.DoEN = "请腾出空间，或把数据移到更大的磁盘；磁盘写满时数据库会停止。", "Free some space or move the data to a larger disk; the database stops on a full one."
	return f
}

// judgeBinaries: with toCome the programs are fetched at the first start.
func judgeBinaries(dir, version string, toCome bool, err error) finding {
	f := finding{ID: "postgresql", Level: good}
	switch {
	case err == nil:
		f.ZH, f.EN = fmt.Sprintf("内置数据库使用 %s 里的 PostgreSQL %s。", dir, version), fmt.Sprintf("The embedded database runs by PostgreSQL %s in %s.", version, dir)
		return f
	case errors.Is(err, pgserver.ErrNoBinaries) && toCome:
		f.Level, f.ZH, f.EN = warn, "本机没有 PostgreSQL 程序，首次启动时会下载。", "This machine has no PostgreSQL programs; the first start fetches them."
	default:
		f.Level, f.ZH, f.EN = bad, "没有可用的 PostgreSQL 程序。", "No PostgreSQL programs can be used."
	}
	f.DoZH, f.DoEN = "若不能上网，请安装 PostgreSQL，或用 --pg-binaries 指明它的位置。", "Without a network, install PostgreSQL or name its place with --pg-binaries."
	return f.because(err)
}

func databaseAway(err error) finding {
	return finding{ID: "database", Level: bad, ZH: "连不上数据库。", EN: "The database cannot be reached.",
		DoZH: "请确认数据库已启动，并检查 DATABASE_URL；内置数据库请看数据文件夹中的 pg/server.log。",
		DoEN: "Make sure it runs and check DATABASE_URL; for the embedded one see pg/server.log in the data folder."}.because(err)
}

func judgeVersion(h postgres.Health) finding {
	f := finding{ID: "database", Level: good, ZH: fmt.Sprintf("数据库可以连接：PostgreSQL %s，账户 %s。", h.Version, h.Role),
		EN: fmt.Sprintf("The database answers: PostgreSQL %s, role %s.", h.Version, h.Role)}
	if h.Major < oldestMajor {
		f.Level = bad
		f.DoZH, f.DoEN = fmt.Sprintf("请把 PostgreSQL 升级到 %d 或更新的版本。", oldestMajor), fmt.Sprintf("Upgrade PostgreSQL to %d or newer.", oldestMajor)
	}
	return f
}

// judgeSchema compares the schema with the program's; an embedded database is
// migrated by serve itself.
func judgeSchema(s schema, embedded bool, err error) finding {
	f := finding{ID: "schema", Level: good}
	if err != nil {
		f.Level, f.ZH, f.EN = bad, "看不到数据库结构的版本。", "The version of the schema cannot be read."
		f.DoZH, f.DoEN = "请检查 DOORSTEP_MIGRATE_URL 的地址、账户和密码。", "Check the address, role and password of DOORSTEP_MIGRATE_URL."
		return f.because(err)
	}
	f.ZH, f.EN = fmt.Sprintf("数据库结构是第 %d 版，本程序需要第 %d 版。", s.have, s.want), fmt.Sprintf("The database has schema %d and this program needs %d.", s.have, s.want)
	switch {
	case s.have > s.want:
		f.Level, f.DoZH, f.DoEN = bad, "请改用较新的程序。", "Use a newer program."
	case s.have < s.want && (embedded || s.empty):
		f.Level, f.DoZH, f.DoEN = warn, "下次运行 doorstep serve 时会自动更新；已有数据时请先备份。", "The next doorstep serve brings it up to date; back up first if there is data."
	case s.have < s.want:
		f.Level, f.DoZH, f.DoEN = bad, "请先备份，再运行 doorstep migrate。", "Make a backup, then run: doorstep migrate"
	}
	return f
}

// judgeHistory says what keeps the history from being rewritten: missing rights,
// the stronger level, or only the triggers, which who owns a table can drop.
func judgeHistory(h postgres.Health) finding {
	f := finding{ID: "history", Level: good}
	if slices.Contains(h.Loose, "events") || slices.Contains(h.Loose, "access_log") {
		names := strings.Join(h.Loose, ", ")
		f.Level, f.ZH, f.EN = bad, fmt.Sprintf("保护办理经过的触发器缺失或被停用（%s）。", names), fmt.Sprintf("A trigger that guards the history is missing or disabled (%s).", names)
		f.DoZH, f.DoEN = "请先查明是谁改的，运行 doorstep audit verify，再从备份恢复触发器。", "Find out who did it, run doorstep audit verify, and put the triggers back as in a backup."
		return f
	}
	if len(h.Rewritable) == 0 {
		f.ZH, f.EN = fmt.Sprintf("服务账户 %s 无权改写办理经过。", h.Role), fmt.Sprintf("The serving role %s has no right to rewrite the history.", h.Role)
		return f
	}
	f.Level = warn
	f.ZH = fmt.Sprintf("保护较弱：服务账户 %s 有权改写办理经过，只有触发器在阻止。", h.Role)
	f.EN = fmt.Sprintf("The weaker level: the serving role %s may rewrite the history; only triggers stop it.", h.Role)
	open := slices.DeleteFunc(slices.Clone(h.Rewritable), func(t string) bool { return !slices.Contains(h.Loose, t) })
	if len(open) > 0 {
		names := strings.Join(open, ", ")
		f.ZH += fmt.Sprintf("%s 没有触发器，可以改写。", names)
		f.EN += fmt.Sprintf(" Nothing stops it in %s.", names)
	}
	f.DoZH = "请建两个数据库账户：DATABASE_URL 用于服务，DOORSTEP_MIGRATE_URL 用于更新结构，再运行 doorstep migrate。"
	f.DoEN = "Make two roles: DATABASE_URL serves, DOORSTEP_MIGRATE_URL owns and migrates; then run: doorstep migrate"
	return f
}

func judgeLocale(h postgres.Health) finding {
	f := finding{ID: "locale", Level: good, ZH: fmt.Sprintf("数据库编码 %s，字符分类 %s。", h.Encoding, h.Ctype),
		EN: fmt.Sprintf("The database has encoding %s and lc_ctype %s.", h.Encoding, h.Ctype)}
	if !h.Chinese() {
		f.Level = bad
		f.DoZH = "中文检索用不了。请重建数据库：CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
		f.DoEN = "Chinese search does not work in it. Make it anew: CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
	}
	return f
}

func judgeChecksums(h postgres.Health) finding {
	if h.Checksums {
		return finding{ID: "checksums", Level: good, ZH: "数据页校验已开启。", EN: "Data checksums are on."}
	}
	return finding{ID: "checksums", Level: warn, ZH: "数据页校验没有开启，磁盘损坏可能不被发现。", EN: "Data checksums are off; damage of the disk may go unseen.",
		DoZH: "请停下数据库，运行 pg_checksums --enable。", DoEN: "Stop the database and run: pg_checksums --enable"}
}

// judgeKeys: on a fresh installation the keys are still to be made.
func judgeKeys(dir string, fresh bool, err error) finding {
	f := finding{ID: "keys", Level: bad, ZH: fmt.Sprintf("密钥文件夹 %s 无法使用。", dir), EN: fmt.Sprintf("The keys folder %s cannot be used.", dir),
		DoZH: "请从另存的副本恢复，或用 --keys-file 指明它的位置。", DoEN: "Put it back from the copy kept apart, or name its place with --keys-file."}
	switch {
	case err == nil:
		return finding{ID: "keys", Level: good, ZH: fmt.Sprintf("密钥齐全，只有所有者能读（%s）。", dir), EN: fmt.Sprintf("The keys are there and only their owner may read them (%s).", dir)}
	case errors.Is(err, vault.ErrNoKeyring) && fresh:
		return finding{ID: "keys", Level: warn, ZH: "还没有密钥。", EN: "There are no keys yet.",
			DoZH: "首次运行 doorstep serve 会生成；请随后另存一份。", DoEN: "The first doorstep serve makes them; keep a copy apart afterwards."}
	case errors.Is(err, vault.ErrKeyMode):
		f.ZH, f.EN = fmt.Sprintf("别的账户可以读 %s 里的密钥。", dir), fmt.Sprintf("Other accounts may read the keys in %s.", dir)
		path := filepath.Join(dir, vault.KeyringFile)
		f.DoZH, f.DoEN = fmt.Sprintf("运行：chmod 700 '%s'；chmod 600 '%s'", dir, path), fmt.Sprintf("Run: chmod 700 '%s'; chmod 600 '%s'", dir, path)
	}
	return f.because(err)
}

// skew is how far the database's clock is from ours at least: it read its clock
// at some moment between the question and the answer. Positive is ahead.
func skew(asked, answered, theirs time.Time) time.Duration {
	switch {
	case theirs.Before(asked):
		return theirs.Sub(asked)
	case theirs.After(answered):
		return theirs.Sub(answered)
	}
	return 0
}

func judgeClock(off time.Duration) finding {
	f := finding{ID: "clock", Level: good, ZH: fmt.Sprintf("本机与数据库的时钟相差 %.1f 秒。", off.Abs().Seconds()),
		EN: fmt.Sprintf("The clocks of this machine and of the database differ by %.1f s.", off.Abs().Seconds())}
	if off.Abs() <= skewNoted {
		return f
	}
	f.Level = warn
	if off.Abs() > skewRefused {
		f.Level = bad
	}
	f.DoZH, f.DoEN = "请在两台机器上都开启网络对时（NTP）。", "Turn on time synchronisation (NTP) on both machines."
	return f
}

// judgeMail: without a host no mail is meant to be sent, which is no fault.
func judgeMail(host string, err error) finding {
	switch {
	case host == "":
		return finding{ID: "mail", Level: good, ZH: "没有设置邮件服务器，不发邮件。", EN: "No mail server is set; no mails are sent.",
			DoZH: "需要发邮件时请设置 DOORSTEP_SMTP_HOST。", DoEN: "Set DOORSTEP_SMTP_HOST if mails are wanted."}
	case err != nil:
		return finding{ID: "mail", Level: bad, ZH: fmt.Sprintf("邮件服务器 %s 连不上或不让登录。", host), EN: fmt.Sprintf("The mail server %s cannot be reached or refuses the sign-in.", host),
			DoZH: "请检查 DOORSTEP_SMTP_ 各项设置和网络；邮件会留在待发队列里。", DoEN: "Check the DOORSTEP_SMTP_ settings and the network; mails wait meanwhile."}.because(err)
	}
	return finding{ID: "mail", Level: good, ZH: fmt.Sprintf("邮件服务器 %s 可以连接。", host), EN: fmt.Sprintf("The mail server %s answers.", host),
		DoZH: "doorstep mail test 地址 可以试发一封。", DoEN: "doorstep mail test ADDRESS sends one."}
}

// judgeHolidays: the State Council gives notice of a year's holidays in the
// November before; deadlines beyond the last notice are only provisional.
func judgeHolidays(calendar *statute.Calendar, today statute.Date) finding {
	f := finding{ID: "holidays", Level: good}
	year := today.Year()
	last := year
	for calendar.Published(last + 1) {
		last++
	}
	if !calendar.Published(year) {
		f.Level, f.ZH, f.EN = warn, fmt.Sprintf("没有 %d 年的节假日安排，算出的期限只是暂定的。", year), fmt.Sprintf("The holidays of %d are not known; deadlines are only provisional.", year)
	} else {
		f.ZH, f.EN = fmt.Sprintf("节假日安排到 %d 年底。", last), fmt.Sprintf("The holidays are known to the end of %d.", last)
		if last > year || today.Month() != time.December || today.Day() == 1 {
			return f
		}
		f.Level = warn
	}
	f.DoZH, f.DoEN = "请管理员在日历页导入国务院办公厅的放假通知，或更新程序。", "Let an administrator bring in the State Council's notice on the calendar page, or update the program."
	return f
}

// judgeProvider: without an issuer everybody signs in by password, which is no
// fault.
func judgeProvider(issuer, back string, pkce bool, err error) finding {
	f := finding{ID: "provider", Level: good, ZH: "统一登录方 " + issuer + " 有回应。", EN: "The provider of sign-ins " + issuer + " answers.",
		DoZH: "在那边登记的返回地址应是 " + back + "。", DoEN: "The redirect address registered there should be " + back + "."}
	switch {
	case issuer == "":
		return finding{ID: "provider", Level: good, ZH: "没有设统一登录方，大家用密码登录。", EN: "No provider of sign-ins is set; everybody signs in by password."}
	case err != nil:
		return finding{ID: "provider", Level: bad, ZH: "连不上统一登录方 " + issuer + "，或者它自称是另一个地址。",
			EN:   "The provider of sign-ins " + issuer + " does not answer, or names itself otherwise.",
			DoZH: "请检查 DOORSTEP_OIDC_ISSUER（要与它公布的一字不差）和网络；密码登录不受影响。",
			DoEN: "Check DOORSTEP_OIDC_ISSUER (exactly as it names itself) and the network; passwords go on working."}.because(err)
	case !pkce:
		f.Level, f.ZH, f.EN = warn, "统一登录方 "+issuer+" 说它不支持 PKCE（S256）。", "The provider of sign-ins "+issuer+" says that it does not know PKCE (S256)."
		f.DoZH, f.DoEN = "登录也许仍能用，但少一层保护；请让那边打开 PKCE。", "Signing in may work with one protection less; have PKCE switched on there."
	}
	return f
}

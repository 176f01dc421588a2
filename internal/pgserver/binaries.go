package pgserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// minMajor is the oldest PostgreSQL that the schema is tried with.
const minMajor = 15

// binaries is one folder that has both initdb and postgres.
type binaries struct {
	dir     string
	major   int
	version string // as PostgreSQL writes it, e.g. "15.18"
}

func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }
func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }

// places lists where distributions put PostgreSQL. Debian keeps initdb off the
// PATH, so the PATH alone would find nothing there.
func places() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
		"/usr/pgsql-*/bin",                   // the PostgreSQL project's RPMs
		"/opt/homebrew/opt/postgresql@*/bin", // Homebrew on Apple silicon
		"/usr/local/opt/postgresql@*/bin",    // Homebrew on Intel
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/libexec/postgresql*", // Alpine
	}
}

// findBinaries chooses the programs: the setting, the PATH, the usual places
// newest first, a bundle fetched earlier, a bundle fetched now. An existing
// cluster admits its own major version only.
func (c *cluster) findBinaries(ctx context.Context) (binaries, error) {
	major, err := c.clusterMajor()
	if err != nil {
		return binaries{}, err
	}
	if c.o.Binaries != "" && c.o.Binaries != BundleOnly {
		return chosen(ctx, c.o.Binaries, major)
	}
	if c.o.Binaries == "" {
		if b, ok := onMachine(ctx, os.Getenv("PATH"), places(), major); ok {
			return b, nil
		}
	}
	if major != 0 && major != bundleMajor {
		return binaries{}, wrongMajor(major, "")
	}
	return c.bundle(ctx)
}

// chosen takes the folder of the setting, or says what is wrong with it.
func chosen(ctx context.Context, dir string, major int) (binaries, error) {
	b, err := look(ctx, dir)
	if err != nil {
		return b, say(fmt.Sprintf("设置的 PostgreSQL 程序目录 %s 不能用，里面要有 initdb 和 postgres，版本不低于 %d。", dir, minMajor),
			fmt.Sprintf("The folder %s set for PostgreSQL will not do: it must hold initdb and postgres, version %d or newer.", dir, minMajor),
			errors.Join(ErrNoBinaries, err))
	}
	if major != 0 && b.major != major {
		return b, wrongMajor(major, b.version)
	}
	return b, nil
}

func wrongMajor(major int, got string) error {
	return say(
		fmt.Sprintf("数据目录是 PostgreSQL %d 建立的，请安装这个版本（Debian 或 Ubuntu：apt install postgresql-%d），或用旧版本备份后换新数据目录恢复。", major, major),
		fmt.Sprintf("The data folder was made by PostgreSQL %d: install that version (Debian or Ubuntu: apt install postgresql-%d), or back up with the old one and restore into a new folder.", major, major),
		errors.Join(ErrNoBinaries, fmt.Errorf("want major version %d, have %q", major, got)))
}

// onMachine finds the first folder of the PATH, then the newest of the usual
// places, that fits. A major of 0 admits any.
func onMachine(ctx context.Context, path string, globs []string, major int) (binaries, bool) {
	fits := func(b binaries, err error) bool { return err == nil && (major == 0 || b.major == major) }
	for _, dir := range filepath.SplitList(path) {
		program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil {
			continue
		}
		if b, err := look(ctx, filepath.Dir(program)); fits(b, err) {
			return b, true
		}
	}
	var found []binaries
	for _, glob := range globs {
		dirs, err := filepath.Glob(glob)
		if err != nil {
			continue
		}
		for _, dir := range dirs {
			if b, err := look(ctx, dir); fits(b, err) {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		return binaries{}, false
	}
	return slices.MaxFunc(found, func(a, b binaries) int { return cmp.Compare(a.major, b.major) }), true
}

// look asks the programs of one folder for their version.
func look(ctx context.Context, dir string) (binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, fmt.Errorf("pgserver: %w", err)
	}
	b := binaries{dir: dir}
	if info, err := os.Stat(b.initdb()); err != nil || info.Mode()&0o111 == 0 {
		return b, errors.Join(errors.New("no initdb"), err)
	}
	out, err := exec.CommandContext(ctx, b.postgres(), "--version").Output()
	if err != nil {
		return b, fmt.Errorf("pgserver: postgres --version: %w", err)
	}
	if b.version, b.major, err = parseVersion(string(out)); err != nil {
		return b, err
	}
	if b.major < minMajor {
		return b, fmt.Errorf("PostgreSQL %s is older than %d", b.version, minMajor)
	}
	return b, nil
}

// parseVersion reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
func parseVersion(line string) (version string, major int, err error) {
	m := regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`).FindStringSubmatch(line)
	if m == nil {
		return "", 0, fmt.Errorf("no PostgreSQL version in %q", line)
	}
	major, err = strconv.Atoi(m[2])
	return m[1], major, err
}

// noBinaries is the last word when nothing was found or fetched.
func noBinaries(cause error) error {
	install := "apt install postgresql"
	if runtime.GOOS == "darwin" {
		install = "brew install postgresql@17"
	}
	return say(
		fmt.Sprintf("本机没有 PostgreSQL，也没能下载，请安装它（%s），或用 DATABASE_URL 指定一个数据库。", install),
		fmt.Sprintf("There is no PostgreSQL on this machine and it could not be fetched: install it (%s), or name a database by DATABASE_URL.", install),
		errors.Join(ErrNoBinaries, cause))
}

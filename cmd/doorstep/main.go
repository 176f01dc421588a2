// Command doorstep is the whole program: the server and the commands that work
// beside it. This package only wires: what is decided here is which parts run,
// in which order, and in which order they stop.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"doorstep/internal/config"
)

// The exit codes of the program.
const (
	exitGood    = 0
	exitFailed  = 1 // it could not do what was asked
	exitRefused = 2 // the command line or a setting is wrong
)

// sameSignal is how close together two signals count as one.
const sameSignal = 200 * time.Millisecond

// commands is the command line: the settings every command takes, and one line
// a command. Each command stands in the file of its name.
type commands struct {
	Config string `name:"config" placeholder:"FILE" help:"设置文件（KEY=value，每行一项）。Settings file."`
	config.Flags

	Serve    serveCommand   `cmd:"" help:"启动服务。Start the server."`
	Migrate  migrateCommand `cmd:"" help:"更新数据库结构。Bring the database up to date."`
	Settings configCommand  `cmd:"" name:"config" help:"显示生效的设置及其来源。Show the effective settings and where they come from."`
	User     userCommand    `cmd:"" help:"列出账号，或重设密码。List accounts or reset a password."`
	Mail     mailCommand    `cmd:"" help:"试发邮件。Try the delivery of mails."`
	Files    filesCommand   `cmd:"" help:"照管存放的文件。Look after the kept files."`
	Backup   backupCommand  `cmd:"" help:"备份数据。Write a backup."`
	Restore  restoreCommand `cmd:"" help:"从备份恢复到空的数据文件夹。Bring a backup back into an empty data folder."`
	Keys     keysCommand    `cmd:"" help:"列出、更换或停用密钥。List, rotate or retire keys."`
	Doctor   doctorCommand  `cmd:"" help:"检查运行环境，说明要处理的问题。Look the installation over and say what to mend."`
	Audit    auditCommand   `cmd:"" help:"核对办理经过。Check the history."`
	Policy   policyCommand  `cmd:"" help:"说明权限。Explain the policy."`
	Version  versionCommand `cmd:"" help:"显示版本。Show the version."`

	Deploy    deployCommand    `cmd:"" help:"按当前设置印出 systemd 服务、nginx 或 Caddy 反向代理、容器文件。Print a systemd unit, an nginx or Caddy site or a container file from the settings."`
	BackupKey backupKeyCommand `cmd:"" help:"生成备份用的密钥对。Make the pair of keys for backups."`
}

// Main is the program as a value, so that a test runs the very program that
// ships, with an environment and a clock of its own.
type Main struct {
	Environ []string         // "KEY=value", as os.Environ gives it
	Now     func() time.Time // the real clock
	Random  io.Reader        // source of keys, tokens and ids
}

// program is what a command gets: the streams, the sources of the settings and
// the parts of Main.
type program struct {
	Main
	ctx            context.Context //nolint:containedctx // one command is one call; kong passes a single value
	sources        config.Sources
	stdout, stderr io.Writer
}

// settings loads and checks the settings.
func (p *program) settings() (config.Config, error) { return config.Load(p.sources) }

// say writes a line for the person at the keyboard. A closed pipe is his wish.
func (p *program) say(format string, args ...any) { _, _ = fmt.Fprintf(p.stdout, format+"\n", args...) }

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go obey(signals, cancel)
	m := Main{Environ: os.Environ(), Now: time.Now, Random: rand.Reader}
	os.Exit(m.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// obey stops gracefully at the first signal and at once at the second. Some
// supervisors send the same signal to the process and to its group; what comes
// with the first one is the first one.
func obey(signals <-chan os.Signal, cancel context.CancelFunc) {
	<-signals
	first := time.Now()
	cancel()
	for range signals {
		if time.Since(first) > sameSignal {
			os.Exit(exitFailed) // by hand, since a process with id 1 ignores the default
		}
	}
}

// exited is how kong's wish to end the process (after --help) reaches Run.
type exited int

// Run carries out one command line and gives the exit code: 0 done, 1 failed,
// 2 the command line or a setting is wrong. When ctx ends, a server stops
// gracefully and that counts as done.
func (m Main) Run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if value := recover(); value != nil {
			wish, ours := value.(exited)
			if !ours {
				panic(value)
			}
			code = int(wish)
		}
	}()
	var line commands
	parser, err := kong.New(&line, kong.Name("doorstep"), kong.Writers(stdout, stderr),
		kong.Description("家门口调解：社区矛盾纠纷调解案件系统。Doorstep: dispute mediation for communities."),
		kong.Exit(func(code int) { panic(exited(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return complain(stderr, fmt.Errorf("doorstep: command line: %w", err))
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return complain(stderr, misuse(err))
	}
	p := &program{Main: m, ctx: ctx, stdout: stdout, stderr: stderr,
		sources: config.Sources{File: line.Config, Environ: m.Environ, Flags: line.Given(), ReadFile: os.ReadFile}}
	return complain(stderr, chosen.Run(p))
}

// complain tells what went wrong and gives the exit code.
func complain(stderr io.Writer, err error) int {
	if err == nil {
		return exitGood
	}
	if problems := config.ProblemsOf(err); len(problems) > 0 {
		for _, p := range problems {
			_, _ = fmt.Fprintln(stderr, p)
		}
		return exitRefused
	}
	_, _ = fmt.Fprintln(stderr, err)
	if told, ok := errors.AsType[*sentence](err); ok && told.misuse {
		return exitRefused
	}
	return exitFailed
}

// sentence is an error for the person who runs the program: what to do, in
// Chinese and in English.
type sentence struct {
	zh, en string
	err    error
	misuse bool
}

// Error gives both sentences, then the cause on a line of its own.
func (s *sentence) Error() string {
	text := s.zh + "\n" + s.en
	if s.err != nil {
		text += "\n" + s.err.Error()
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (s *sentence) Unwrap() error { return s.err }

func misuse(err error) error {
	return &sentence{zh: "命令行有误，请用 doorstep --help 查看用法。", en: "The command line is wrong; see doorstep --help.", err: err, misuse: true}
}

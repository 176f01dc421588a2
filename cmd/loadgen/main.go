// Command loadgen puts load on a running Doorstep and on a bare server beside it
// that sends the same statements to the same database, in turns, and reports both
// with their ratio.
//
// What the bare server sends is what Doorstep sent: the statements of each kind
// of request are read from PostgreSQL's log, so nothing here has to be kept in
// step with the program. The database is filled and written to without regard to
// what is in it; give loadgen one that is thrown away.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"doorstep/internal/config"
)

// options are the flags. The addresses of the database come from the settings
// the server itself reads, DATABASE_URL and DOORSTEP_MIGRATE_URL; the second must
// be a superuser's, since only one may read the log.
type options struct {
	Server      string        `default:"http://127.0.0.1:8080" help:"Address of the running server, which must show a demonstration and trust 127.0.0.1 as proxy."`
	User        string        `default:"wangxiulan" help:"Sign-in of the demonstration who reads list and case page."`
	Password    string        `required:"" help:"Password of the demonstration."`
	Cases       int           `default:"100000" help:"Fill the database up to so many cases first."`
	Connections []int         `default:"1,8" help:"How many connections at once; one table row each."`
	Only        []string      `help:"Paths of the kinds of request to send: list, page, search, filing. All, when none is named."`
	Rounds      int           `default:"5" help:"How often the two servers take turns."`
	Slice       time.Duration `default:"4s" help:"How long one turn takes."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("loadgen"), kong.Description("Load on Doorstep beside a bare server with the same statements."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadgen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	settings, err := config.Load(config.Sources{Environ: os.Environ(), ReadFile: os.ReadFile})
	if err != nil {
		return err
	}
	if settings.DatabaseURL == "" || settings.MigrateURL == "" {
		return errors.New("DATABASE_URL and DOORSTEP_MIGRATE_URL must name the server's database, the second as a superuser")
	}
	base, err := open(settings.DatabaseURL.Reveal(), settings.MigrateURL.Reveal())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, base.close()) }()
	if err := base.fill(ctx, o.Cases, say); err != nil {
		return err
	}
	site := &site{address: strings.TrimSuffix(o.Server, "/")}
	if err := site.signIn(ctx, o.User, o.Password); err != nil {
		return err
	}
	kinds, err := site.kinds(ctx)
	if err != nil {
		return err
	}
	if len(o.Only) > 0 {
		kinds = slices.DeleteFunc(kinds, func(k *kind) bool { return !slices.Contains(o.Only, k.path) })
	}
	if err := base.record(ctx, site, kinds); err != nil {
		return err
	}
	bare, err := serveBare(ctx, base.app, kinds)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	return compare(ctx, o, kinds, bare)
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

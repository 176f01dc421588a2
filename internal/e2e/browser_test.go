package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The screen of a small phone, in CSS pixels.
const (
	screenWidth  = 360
	screenHeight = 800
)

// pageTime bounds one step: a click, a page, a look at it. axe takes its time over
// a list as long as that of all rules, on a machine that has other work.
const pageTime = time.Minute

// browser is one Chromium; each person gets a profile of his own in it.
type browser struct {
	ctx context.Context
	js  map[string]string // the scripts of testdata, by name

	shown map[string]bool
	seen  *known
}

// once gives the details of a fault the first time only: one that stands in the
// frame comes back on every page.
func (b *browser) once(details string) string {
	if b.shown[details] {
		return ", as before"
	}
	b.shown[details] = true
	return details
}

// startBrowser starts Chromium from PATH with an empty profile. Names other than
// this machine's resolve to nothing, so a page that asks elsewhere gets nothing
// and is seen asking.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := chromium()
	if err != nil {
		missing(t, "REQUIRE_BROWSER", "Chromium", err.Error())
	}
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-extensions", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("lang", "en-US"), chromedp.Flag("accept-lang", "zh-CN,zh"), chromedp.Env("LANGUAGE=en_US", "LANG=en_US.UTF-8"))
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("the browser %s does not start: %v", path, err)
	}
	b := &browser{ctx: ctx, js: map[string]string{}, shown: map[string]bool{}, seen: &known{pieces: map[string]bool{}, kinds: map[string]bool{}, alike: map[string]bool{}}}
	for _, name := range []string{"find", "look", "chinese", "axe/axe.min"} {
		b.js[name] = read(t, name+".js")
	}
	return b
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("neither chromium nor google-chrome is on PATH; install one, for example with: apt-get install chromium")
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// manner is how a person uses the pages.
type manner struct {
	script bool // the pages' own script runs
	keys   bool // keys only, no mouse
	axe    bool // axe looks at every kind of page; it needs script
}

// person is one reader of the pages, with a profile and a screen of his own.
type person struct {
	t       *testing.T
	ctx     context.Context
	browser *browser
	program *program
	name    string
	manner
	watch  *watch
	walked []string // kinds of pages that axe has seen
}

// visitor opens the front door for somebody nobody knows.
func (b *browser) visitor(t *testing.T, p *program, name string, m manner) *person {
	t.Helper()
	w := &watch{base: p.url}
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.hear))
	t.Cleanup(end)
	v := &person{t: t, ctx: ctx, browser: b, program: p, name: name, manner: m, watch: w}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s gets no tab: %v", name, err)
	}
	call(v, network.Enable, network.EnableParams{})
	call(v, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: screenWidth, Height: screenHeight, DeviceScaleFactor: 1})
	if !m.script {
		call(v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s: screen at the end: %s", name, v.picture("at the end"))
		}
	})
	v.open("/")
	return v
}

// staff signs a role of the demonstration in, through the page.
func (b *browser) staff(t *testing.T, p *program, role string, m manner) *person {
	t.Helper()
	return b.signIn(t, p, p.logins[role], m)
}

// signIn signs somebody of the demonstration in, through the page.
func (b *browser) signIn(t *testing.T, p *program, login string, m manner) *person {
	t.Helper()
	v := b.visitor(t, p, login, m)
	v.open("/sign-in")
	v.fill("login", login)
	v.fill("password", p.password)
	v.send()
	v.wantPath(`^/desk$`)
	return v
}

// watch hears what a tab does and keeps what it should not have done.
type watch struct {
	base   string
	mu     sync.Mutex
	loads  int
	faults []string
	asked  []string // addresses elsewhere
	pardon string   // a fault that holds this text is expected
}

// hear must be quick: the tab waits for it.
func (w *watch) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *page.EventLoadEventFired:
		w.loads++
	case *runtime.EventExceptionThrown:
		w.fault("exception", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.fault("console", fmt.Sprint(e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			w.fault(string(e.Entry.Source), e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, w.base+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "chrome") {
			w.asked = append(w.asked, url)
		}
	}
}

func (w *watch) fault(kind, text string) {
	if w.pardon == "" || !strings.Contains(text, w.pardon) {
		w.faults = append(w.faults, kind+": "+text)
	}
}

// loaded is how many pages the tab has loaded.
func (w *watch) loaded() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.loads
}

// elsewhere gives the addresses outside the program that were asked, and forgets
// them.
func (w *watch) elsewhere() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// forgive lets a fault pass that holds the text, since it is what the test asks
// for.
func (w *watch) forgive(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pardon = text
}

// told gives the faults heard so far, and forgets them.
func (w *watch) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	faults := slices.Clone(w.faults)
	w.faults = nil
	return faults
}

// fail ends the test with a picture of the screen.
func (p *person) fail(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s at %s: %s\n(screen: %s)", p.name, p.where(), fmt.Sprintf(format, args...), p.picture("failure"))
}

// wrong notes a fault of the page and goes on.
func (p *person) wrong(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf("%s at %s: %s", p.name, p.where(), fmt.Sprintf(format, args...))
}

var unfit = regexp.MustCompile(`[^\w-]+`)

// picture keeps the whole page as an image and gives its path.
func (p *person) picture(what string) string {
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err.Error()
	}
	path := filepath.Join(p.gallery(), unfit.ReplaceAllString(p.t.Name()+" "+p.name+" "+what, "-")+".png")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		return err.Error()
	}
	return path
}

// gallery is the folder for pictures: that of -artifacts, or one that outlives
// the test, which the folder given without that flag does not.
func (p *person) gallery() string {
	if wanted := flag.Lookup("test.artifacts"); wanted != nil && wanted.Value.String() == "true" {
		return p.t.ArtifactDir()
	}
	dir, err := os.MkdirTemp("", "doorstep-e2e-")
	if err != nil {
		p.t.Fatal(err)
	}
	return dir
}

func (p *person) where() string {
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	url, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(url, p.program.url)
}

// ask runs one of the scripts of testdata in the page, as the developer tools do.
func ask[T any](p *person, name string, args ...any) T {
	p.t.Helper()
	given, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		p.t.Fatal(err)
	}
	return eval[T](p, fmt.Sprintf("(%s)(...%s)", strings.TrimSuffix(strings.TrimSpace(stripComment(p.browser.js[name])), ";"), given))
}

// stripComment drops the lines that explain a script, so that it can be called.
func stripComment(js string) string {
	for strings.HasPrefix(js, "//") {
		_, js, _ = strings.Cut(js, "\n")
	}
	return js
}

// eval gives the value of an expression in the page.
func eval[T any](p *person, expression string, opts ...chromedp.EvaluateOption) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, opts...))
	if err != nil {
		p.t.Fatalf("%s: %.120s: %v", p.name, expression, err)
	}
	return value
}

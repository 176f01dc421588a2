package e2e

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// farthest is how many times somebody presses Tab before giving up.
const farthest = 250

// spot is an element of the page as a hand finds it.
type spot struct {
	Error     string
	X, Y      float64
	Tag, Type string
	Value     string
	Checked   bool
	Options   []string
	Held      bool // the keyboard is there
}

// call sends one command to the tab.
func call[P, R any](p *person, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	return result
}

func (p *person) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, pageTime)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail("%s: %v", what, err)
	}
}

// find points at an element that a hand can reach.
func (p *person) find(selector string) spot {
	p.t.Helper()
	s := ask[spot](p, "find", selector)
	if s.Error != "" {
		p.fail("%s: %s", selector, s.Error)
	}
	return s
}

// has says whether the page holds such an element.
func (p *person) has(selector string) bool {
	p.t.Helper()
	return eval[bool](p, fmt.Sprintf("document.querySelector(%q) !== null", selector))
}

// text is what the first such element says, "" without one.
func (p *person) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf(`(document.querySelector(%q)?.textContent ?? "").replace(/\s+/g, " ").trim()`, selector))
}

// open types an address.
func (p *person) open(path string) {
	p.t.Helper()
	p.loading(path, func() { p.do(path, chromedp.Navigate(p.program.url+path)) })
}

// press follows a link or presses a button, and looks at the page that comes.
func (p *person) press(selector string) {
	p.t.Helper()
	p.unfold(selector)
	p.loading(selector, func() { p.touch(selector) })
}

// loading waits for the page that an act brings.
func (p *person) loading(what string, act func()) {
	p.t.Helper()
	before := p.watch.loaded()
	act()
	for until := time.Now().Add(pageTime); p.watch.loaded() == before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			p.fail("%s brings no page", what)
		}
	}
	p.look()
}

// touch presses an element without expecting a page.
func (p *person) touch(selector string) {
	p.t.Helper()
	if !p.keys {
		s := p.find(selector)
		p.do(selector, chromedp.MouseClickXY(s.X, s.Y))
		return
	}
	p.reach(selector)
	p.do(selector, chromedp.KeyEvent(kb.Enter))
}

// reach brings the keyboard to an element: by Tab, or by pressing its label.
func (p *person) reach(selector string) spot {
	p.t.Helper()
	s := p.find(selector)
	if s.Held {
		return s
	}
	if !p.keys {
		at := s
		if label := "label[for='" + eval[string](p, fmt.Sprintf("document.querySelector(%q).id", selector)) + "']"; s.Tag != "textarea" && p.has(label) {
			at = p.find(label) // a select opens its list when pressed, and a date begins with its first part
		}
		p.do(selector, chromedp.MouseClickXY(at.X, at.Y))
		s.Held = p.find(selector).Held
	}
	for range farthest {
		if s.Held || !p.keys {
			break
		}
		p.do("Tab", chromedp.KeyEvent(kb.Tab))
		s.Held = eval[bool](p, fmt.Sprintf("document.activeElement !== null && document.activeElement === document.querySelector(%q)", selector))
	}
	if !s.Held {
		p.fail("the keyboard does not come to %s", selector)
	}
	return s
}

// unfold opens the folded parts an element lies in.
func (p *person) unfold(selector string) {
	p.t.Helper()
	for range 3 {
		folded := eval[string](p, fmt.Sprintf(`(() => {
			let found = "";
			for (let d = document.querySelector(%q)?.parentElement?.closest("details"); d; d = d.parentElement.closest("details")) {
				if (!d.open) { document.querySelectorAll("details").forEach((e, i) => { if (e === d) found = String(i); }); }
			}
			return found;
		})()`, selector))
		if folded == "" {
			return
		}
		summary := fmt.Sprintf("summary[data-found='%s']", folded)
		eval[chromedp.Void](p, fmt.Sprintf("document.querySelectorAll('details')[%s].querySelector('summary').dataset.found = %q", folded, folded))
		p.touch(summary)
	}
}

// named is the control of a form with a name.
func named(name string) string { return fmt.Sprintf("main [name=%q]:not([type=hidden])", name) }

// fill types into the box with the name, in place of what stands there.
func (p *person) fill(name, value string) {
	p.t.Helper()
	box := named(name)
	p.unfold(box)
	s := p.reach(box)
	switch s.Type {
	case "date", "datetime-local":
		p.fillDate(name, value)
	default:
		if s.Value != "" {
			p.do("select all", chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl), func(k *input.DispatchKeyEventParams) {
				k.Commands = []string{"selectAll"}
			}))
		}
		call(p, input.InsertText, input.InsertTextParams{Text: value})
	}
	if got := p.find(box).Value; got != value {
		p.fail("%s holds %q after typing %q", name, got, value)
	}
}

// fillDate types a date, and a time after it, part by part as the box of an
// English browser asks: month, day, year, hour, minute, half of the day.
func (p *person) fillDate(name, value string) {
	p.t.Helper()
	day, hour, timed := strings.Cut(value, "T")
	at, err := time.Parse("2006-01-02", day)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(name, chromedp.KeyEvent(at.Format("01022006")))
	if !timed {
		return
	}
	clock, err := time.Parse("15:04", hour)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(name, chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(clock.Format("0304PM")))
}

// choose picks the option of a list by its value, with the arrow keys.
func (p *person) choose(name, value string) {
	p.t.Helper()
	box := named(name)
	p.unfold(box)
	s := p.reach(box)
	n := slices.Index(s.Options, value)
	if n < 0 {
		p.fail("%s offers %q, not %q", name, s.Options, value)
	}
	steps := []chromedp.Action[chromedp.Void]{chromedp.KeyEvent(kb.Home)}
	for range n {
		steps = append(steps, chromedp.KeyEvent(kb.ArrowDown))
	}
	p.do(name, steps...)
	if got := p.find(box).Value; got != value {
		p.fail("%s holds %q after choosing %q", name, got, value)
	}
}

// chooseNth picks the nth offered option, from 1.
func (p *person) chooseNth(name string, n int) {
	p.t.Helper()
	options := p.find(named(name)).Options
	if len(options) <= n {
		p.fail("%s offers %q, no option %d", name, options, n)
	}
	p.choose(name, options[n])
}

// chooseLike picks the option whose words hold the text.
func (p *person) chooseLike(name, text string) {
	p.t.Helper()
	value := eval[string](p, fmt.Sprintf(`Array.from(document.querySelector(%q)?.options ?? []).find((o) => o.text.includes(%q))?.value ?? ""`, named(name), text))
	if value == "" {
		p.fail("%s offers nothing with %q", name, text)
	}
	p.choose(name, value)
}

// tick ticks a box, or one ring of a group by its value.
func (p *person) tick(name string, value ...string) {
	p.t.Helper()
	box := named(name)
	if len(value) > 0 {
		box += fmt.Sprintf("[value=%q]", value[0])
	}
	p.unfold(box)
	s := p.find(box)
	switch {
	case s.Checked:
	case !p.keys:
		p.do(box, chromedp.MouseClickXY(s.X, s.Y))
	case s.Type == "radio":
		p.ring(box, name)
	default:
		p.reach(box)
		p.do(box, chromedp.KeyEvent(" "))
	}
	if !p.find(box).Checked {
		p.fail("%s is not ticked", box)
	}
}

// ring turns to one ring of a group by keys: Tab comes to the group, the arrows
// go through it.
func (p *person) ring(box, name string) {
	p.t.Helper()
	group := named(name)
	if p.has(group + ":checked") {
		group += ":checked"
	}
	p.reach(group)
	p.do(box, chromedp.KeyEvent(" "))
	for range farthest {
		if p.find(box).Checked {
			return
		}
		p.do(box, chromedp.KeyEvent(kb.ArrowDown))
	}
}

// tickAll ticks every box of a group.
func (p *person) tickAll(name string) {
	p.t.Helper()
	values := eval[[]string](p, fmt.Sprintf(`Array.from(document.querySelectorAll(%q), (e) => e.value)`, named(name)))
	if len(values) == 0 {
		p.fail("there is no box %s", name)
	}
	for _, value := range values {
		p.tick(name, value)
	}
}

// give puts a file of this machine into a field for files.
func (p *person) give(name, path string) {
	p.t.Helper()
	p.unfold(named(name))
	p.do(name, chromedp.SetUploadFiles(chromedp.CSS(named(name)), []string{path}))
}

// draw writes something like a name into a field to sign in.
func (p *person) draw(pad string) {
	p.t.Helper()
	mid := p.find(pad)
	p.mouse(input.DispatchMouseEventTypeMousePressed, mid.X-100, mid.Y)
	for i := range 40 {
		p.mouse(input.DispatchMouseEventTypeMouseMoved, mid.X-100+5*float64(i), mid.Y+30*math.Sin(float64(i)/3))
	}
	p.mouse(input.DispatchMouseEventTypeMouseReleased, mid.X+95, mid.Y)
}

func (p *person) mouse(what input.DispatchMouseEventType, x, y float64) {
	p.t.Helper()
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: what, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1})
}

// send presses the button at the end of the page's form.
func (p *person) send() {
	p.t.Helper()
	p.press("main form.form .form-end button")
	if p.has("main form.form #summary, main #summary") {
		p.fail("the form comes back: %s", p.text("main #summary"))
	}
}

// wantPath holds the page's address against a pattern.
func (p *person) wantPath(pattern string) {
	p.t.Helper()
	if !regexp.MustCompile(pattern).MatchString(p.where()) {
		p.fail("the page is not %s", pattern)
	}
}

// wantText holds the text of the first such element against a part of it.
func (p *person) wantText(selector, part string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, part) {
		p.fail("%s says %.300q, want %q in it", selector, got, part)
	}
}

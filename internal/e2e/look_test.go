package e2e

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// sight is what a page shows to somebody who looks at the whole of it.
type sight struct {
	URL, Title, Lang, Fault string
	Width, Headings         int
	Wide, Missing, Nameless []string
}

// look holds the page to what every page owes everybody.
func (p *person) look() {
	p.t.Helper()
	s := ask[sight](p, "look")
	if s.Width > screenWidth {
		p.wrong("the page is %d px wide on a screen of %d%s", s.Width, screenWidth, p.browser.once("\n  "+strings.Join(s.Wide, "\n  ")))
	}
	if s.Headings != 1 {
		p.wrong("%d headings of the first level, want one", s.Headings)
	}
	if s.Lang != "zh-CN" && s.Lang != "en" {
		p.wrong("the language is %q", s.Lang)
	}
	if s.Title == "" {
		p.wrong("the page has no title")
	}
	for _, key := range s.Missing {
		p.wrong("no words for %s", key)
	}
	for _, control := range s.Nameless {
		p.wrong("a control has no name: %s", control)
	}
	for _, fault := range p.watch.told() {
		p.wrong("the browser complains: %s", fault)
	}
	for _, url := range p.watch.elsewhere() {
		p.wrong("the page asks elsewhere: %s", url)
	}
	p.browser.seen.stood(p.where())
	if kind := anyID.ReplaceAllString(s.URL, "*"); p.axe && !slices.Contains(p.walked, kind) {
		p.walked = append(p.walked, kind)
		p.walkUp("")
	}
}

// barrier is one finding of axe.
type barrier struct {
	ID, Help string
	Nodes    []string
}

// walkUp runs axe over the page, by one of its rules or by all, and wants no
// barrier.
func (p *person) walkUp(rule string) {
	p.t.Helper()
	if !eval[bool](p, "typeof window.axe === 'object'") {
		eval[chromedp.Void](p, p.browser.js["axe/axe.min"])
	}
	only := ""
	if rule != "" {
		only = fmt.Sprintf(`, runOnly: [%q]`, rule)
	}
	found := eval[[]barrier](p, `axe.run(document, { resultTypes: ["violations"]`+only+` }).then((r) => r.violations.map((v) => ({
		id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + n.html.slice(0, 200) + " " + (n.failureSummary || "").replace(/\s+/g, " ")) })))`,
		chromedp.EvalAwaitPromise)
	for _, b := range found {
		p.wrong("axe: %s (%s)%s", b.ID, b.Help, p.browser.once("\n  "+strings.Join(b.Nodes, "\n  ")))
	}
}

// english holds the house's own words on the page to the English language. What
// was written by people is let through.
func (p *person) english(written []string) {
	p.t.Helper()
	if lang := eval[string](p, "document.documentElement.lang"); lang != "en" {
		p.fail("the page is in %q, want English", lang)
	}
	if left := ask[[]string](p, "chinese", append([]string{}, written...)); len(left) > 0 {
		p.wrong("left in Chinese:\n  %s", strings.Join(left, "\n  "))
	}
}

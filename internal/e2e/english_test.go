package e2e

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// caseless are the roles that see no case: what the office is and what its people
// did is not what was told them.
var caseless = []string{"admin", "auditor"}

// inEnglish walks every role through its menu, two of its cases and every act it
// may do there, in English: the house's own words must be English too. The text
// of a case stays in the language of those who wrote it.
func (h *house) inEnglish(t *testing.T) {
	for _, role := range slices.Sorted(maps.Keys(h.logins)) {
		t.Run(role, func(t *testing.T) {
			p := h.staff(t, h.program, role, manner{script: true})
			p.press("a.language[hreflang='en']")
			p.wantPath(`^/desk`)
			p.examine(nil)
			menu := p.links(".nav a[href^='/']:not([aria-current])")
			for _, path := range menu {
				p.open(path)
				p.english(p.named())
			}
			if slices.Contains(menu, "/cases") {
				p.openCases(!slices.Contains(caseless, role))
			}
		})
	}
}

// named gives the names of offices and cases that a page offers to choose from:
// they are data, also where they stand in a heading.
func (p *person) named() []string {
	p.t.Helper()
	return eval[[]string](p, `Array.from(document.querySelectorAll("main option, main label:has(input[name=case]), main input[name=case] ~ span"), (e) =>
		e.textContent.replace(/[\u3400-\u9fff]+〔\d{4}〕第?\d+号/g, "").trim()).filter((s) => s.length > 1)`)
}

// openCases goes into the first and the last case of the list, which lie at
// different stages, and from there to every act that is offered. A role that has
// no business with cases must find none.
func (p *person) openCases(some bool) {
	p.t.Helper()
	p.open("/cases")
	cases := p.links("main table a[href^='/cases/']")
	if some != (len(cases) > 0) {
		p.fail("the role sees %d cases", len(cases))
	}
	if !some {
		return
	}
	for _, path := range slices.Compact([]string{cases[0], cases[len(cases)-1]}) {
		p.open(path)
		if p.where() != path {
			p.english(nil)
			continue // legal staff are asked for a reason first
		}
		written := p.written()
		p.examine(written)
		for _, act := range p.acts(path) {
			p.open(act)
			p.english(append(written, p.written()...))
		}
	}
}

// written gives what people wrote on a case's page: its title and their names.
func (p *person) written() []string {
	p.t.Helper()
	return eval[[]string](p, `Array.from(document.querySelectorAll("main .case-head h1, main .person-name a, main .person-name, main .records strong"), (e) =>
		(e.firstChild?.textContent ?? "").trim()).filter((s) => s.length > 1)`)
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// acts gives the addresses under a case's page, one of each kind: the same act
// on another party or paper has the same words.
func (p *person) acts(path string) []string {
	p.t.Helper()
	var list, kinds []string
	for _, act := range p.links(fmt.Sprintf("main a[href^='%s/']", path)) {
		kind := anyID.ReplaceAllString(act, "*")
		if strings.Contains(act, "/files/") || slices.Contains(kinds, kind) {
			continue // a download is no page
		}
		list, kinds = append(list, act), append(kinds, kind)
	}
	return list
}

// examine holds a page to English and to what axe asks.
func (p *person) examine(written []string) {
	p.t.Helper()
	p.english(written)
	p.walkUp()
}

// links gives the addresses a selector finds in the order of the page, each once.
func (p *person) links(selector string) []string {
	p.t.Helper()
	var list []string
	for _, href := range eval[[]string](p, fmt.Sprintf("Array.from(document.querySelectorAll(%q), (a) => a.getAttribute('href'))", selector)) {
		if !slices.Contains(list, href) {
			list = append(list, href)
		}
	}
	return list
}

// front walks a visitor through the pages that need no account, by day and by
// night, for what axe asks.
func (h *house) front(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			p := h.visitor(t, h.program, "visitor", manner{script: true})
			call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			for _, path := range []string{"/", "/file", "/follow", "/points", "/help", "/help/privacy", "/sign-in", "/register"} {
				p.open(path)
				p.walkUp()
			}
			p.watch.forgive("404")
			p.open("/nowhere")
			p.walkUp()
		})
	}
}

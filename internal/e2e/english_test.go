package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
)

// named gives the names of offices and cases that a page offers to choose from:
// they are data, also where they stand in a heading.
func (p *person) named() []string {
	p.t.Helper()
	return eval[[]string](p, `Array.from(document.querySelectorAll("main option, main label:has(input[name=case]), main input[name=case] ~ span"), (e) =>
		e.textContent.replace(/[\u3400-\u9fff]+〔\d{4}〕第?\d+号/g, "").trim()).filter((s) => s.length > 1)`)
}

// written gives what people wrote on a case's page: its title and their names.
func (p *person) written() []string {
	p.t.Helper()
	return eval[[]string](p, `Array.from(document.querySelectorAll("main .case-head h1, main .person-name a, main .person-name, main .records strong"), (e) =>
		(e.firstChild?.textContent ?? "").trim()).filter((s) => s.length > 1)`)
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

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
			p.scheme(scheme)
			for _, path := range []string{"/", "/file", "/follow", "/points", "/help", "/help/privacy", "/sign-in", "/register"} {
				p.open(path)
				p.walkUp("")
			}
			p.watch.forgive("404")
			p.open("/nowhere")
			p.walkUp("")
		})
	}
}

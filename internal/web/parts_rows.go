package web

import (
	"html/template"
	"strings"
)

// Rows draws the rows of a table. It is the one part that is not a template: a
// list of thirty cases has some three thousand names for a template to look up,
// and those took three fifths of the time the server worked on it. Every text goes
// through quoted; a test draws the same cells by html/template and holds both equal.
func (p Page) Rows(t Table) template.HTML { //nolint:forbidigo // see above
	var b strings.Builder
	for _, row := range t.Rows {
		b.WriteString("\n    <tr>")
		for i, c := range row {
			tag := "td"
			if i == 0 {
				tag = "th" // it names its row
			}
			p.cell(&b, tag, t.Head[i], c)
		}
		b.WriteString("\n    </tr>")
	}
	return template.HTML(b.String()) //nolint:forbidigo,gosec // see above
}

func (p Page) cell(b *strings.Builder, tag, head string, c Cell) {
	b.WriteString("\n      <" + tag)
	if tag == "th" {
		b.WriteString(` scope="row"`)
	}
	if c.Number {
		b.WriteString(` class="number"`)
	}
	b.WriteString(` data-label="` + quoted(head) + `">`)
	switch {
	case c.Pill != nil:
		p.chip(b, "pill", c.Pill.Tone, c.Pill.Icon, c.Pill.Text)
		b.WriteString("</span>")
	case c.Due != nil:
		p.chip(b, "pill due", c.Due.Tone, c.Due.Icon, c.Due.Text)
		if c.Due.Date != "" {
			b.WriteString(` · <time datetime="` + quoted(c.Due.ISO) + `">` + quoted(c.Due.Date) + "</time>")
		}
		b.WriteString("</span>")
	case c.URL != "":
		b.WriteString(`<a href="` + quoted(link(c.URL)) + `">` + quoted(c.Text) + "</a>")
	default:
		b.WriteString("<span>" + quoted(c.Text) + "</span>")
	}
	if c.Sub != "" {
		b.WriteString("<small>" + quoted(c.Sub) + "</small>")
	}
	b.WriteString("</" + tag + ">")
}

// chip begins the partials "pill" and "due", which it must stay like.
func (p Page) chip(b *strings.Builder, class string, tone Tone, icon, text string) {
	b.WriteString(`<span class="` + class + " tone-" + quoted(string(tone)) + `"><svg class="icon" aria-hidden="true" focusable="false"><use href="` +
		quoted(p.Icon(icon)) + `"></use></svg> ` + quoted(text))
}

func quoted(text string) string { return template.HTMLEscapeString(text) }

// link lets addresses of this site through and nothing that names a scheme.
func link(address string) string {
	if strings.HasPrefix(address, "/") || strings.HasPrefix(address, "?") || strings.HasPrefix(address, "#") {
		return address
	}
	return "#"
}

package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// void are the elements that have no end tag (HTML, section 13.1.2).
var void = strings.Fields("area base br col embed hr img input link meta source track wbr")

// apart are elements that close an open paragraph: written inside one, the
// reader's browser builds another page than the one in the template.
var apart = strings.Fields("article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 header hr main nav ol p pre section table ul")

// within says what an element may hold directly.
var within = map[string][]string{
	"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "select": {"option", "optgroup"}, "optgroup": {"option"},
	"table": {"caption", "colgroup", "thead", "tbody", "tfoot"}, "thead": {"tr"}, "tbody": {"tr"}, "tfoot": {"tr"}, "tr": {"th", "td"},
}

// beneath names the element each of these stands directly in.
var beneath = map[string][]string{
	"li": {"ul", "ol"}, "tr": {"thead", "tbody", "tfoot"}, "td": {"tr"}, "th": {"tr"}, "option": {"select", "optgroup", "datalist"},
	"summary": {"details"}, "legend": {"fieldset"}, "caption": {"table"}, "figcaption": {"figure"},
}

// alone are the elements a reader acts on; one inside another cannot be reached.
var alone = []string{"a", "button", "select", "textarea", "summary"}

// markup reads a page tag by tag, as written and not as a browser would mend it.
type markup struct {
	open   []string
	ids    map[string]bool
	refs   []string
	faults []string
	title  string
}

// readMarkup gives what is wrong with a page: tags that do not close in order,
// elements where they may not stand, ids given twice, references to an id that
// is not there, pictures without words, a page without a title or with other
// than one main heading. It knows no list of attributes, and the tokenizer drops
// one given twice before it could be seen.
func readMarkup(page []byte) *markup {
	m := &markup{ids: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(page))
	mains, heads := 0, 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				m.fault("%v", z.Err())
			}
			break
		}
		t := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			mains += count(t.Data == "main")
			heads += count(t.Data == "h1")
			m.start(t, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			m.end(t.Data)
		case html.TextToken:
			if len(m.open) > 0 && m.open[len(m.open)-1] == "title" {
				m.title = strings.TrimSpace(t.Data)
			}
		}
	}
	if len(m.open) > 0 {
		m.fault("left open: %s", strings.Join(m.open, " "))
	}
	for _, ref := range m.refs {
		if !m.ids[ref] {
			m.fault("nothing has the id %q", ref)
		}
	}
	if m.title == "" || mains != 1 || heads != 1 {
		m.fault("title %q, %d main, %d h1; want a title and one of each", m.title, mains, heads)
	}
	return m
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (m *markup) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

func (m *markup) start(t html.Token, closed bool) {
	parent := ""
	if len(m.open) > 0 {
		parent = m.open[len(m.open)-1]
	}
	drawn := slices.Contains(m.open, "svg")
	if !drawn {
		m.place(t.Data, parent)
	}
	m.attributes(t)
	switch {
	case slices.Contains(void, t.Data) || closed && (drawn || t.Data == "svg"):
	case closed:
		m.fault("<%s/> does not close itself", t.Data)
	default:
		m.open = append(m.open, t.Data)
	}
}

func (m *markup) place(name, parent string) {
	if list, ok := within[parent]; ok && !slices.Contains(list, name) {
		m.fault("<%s> directly in <%s>", name, parent)
	}
	if list, ok := beneath[name]; ok && !slices.Contains(list, parent) {
		m.fault("<%s> stands in <%s>", name, parent)
	}
	if slices.Contains(apart, name) && slices.Contains(m.open, "p") {
		m.fault("<%s> inside a paragraph", name)
	}
	if name == "form" && slices.Contains(m.open, "form") {
		m.fault("a form inside a form")
	}
	if slices.Contains(append(alone, "input"), name) {
		for _, over := range alone {
			if slices.Contains(m.open, over) {
				m.fault("<%s> inside <%s>", name, over)
			}
		}
	}
}

func (m *markup) attributes(t html.Token) {
	alt := false
	for _, a := range t.Attr {
		switch a.Key {
		case "id":
			if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") || m.ids[a.Val] {
				m.fault("the id %q is empty, has a space or stands twice", a.Val)
			}
			m.ids[a.Val] = true
		case "for", "list", "form", "aria-controls", "aria-labelledby", "aria-describedby":
			m.refs = append(m.refs, strings.Fields(a.Val)...)
		case "href":
			if id, ok := strings.CutPrefix(a.Val, "#"); ok && id != "" && t.Data == "a" {
				m.refs = append(m.refs, id)
			}
		case "alt":
			alt = true
		case "style":
			m.fault("<%s> has a style of its own", t.Data)
		}
	}
	if t.Data == "img" && !alt {
		m.fault("a picture without words")
	}
}

func (m *markup) end(name string) {
	if len(m.open) == 0 || m.open[len(m.open)-1] != name {
		m.fault("</%s> while open: %s", name, strings.Join(m.open, " "))
		if i := slices.Index(m.open, name); i < 0 {
			return
		}
		for m.open[len(m.open)-1] != name {
			m.open = m.open[:len(m.open)-1]
		}
	}
	m.open = m.open[:len(m.open)-1]
}

// sound holds a page of the matrix to its markup.
func sound(w *httptest.ResponseRecorder, what string, fail func(string, ...any)) {
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Body.Len() == 0 {
		return
	}
	if m := readMarkup(w.Body.Bytes()); len(m.faults) > 0 {
		fail("%s: %s", "markup of "+what, strings.Join(m.faults, "; "))
	}
}

func TestMarkupIsToldFromTagSoup(t *testing.T) {
	frame := func(main string) string {
		return "<!doctype html><html><head><title>页</title></head><body><main><h1>页</h1>" + main + "</main></body></html>"
	}
	for _, c := range []struct{ name, main, want string }{
		{"sound", `<p>a<br>b</p><ul><li><a href="#x">c</a></li></ul><i id="x"></i><svg><path d="M0"/></svg>`, ""},
		{"not closed", `<p>a`, "while open"},
		{"crossed", `<b><i>a</b></i>`, "while open"},
		{"block in a paragraph", `<p><div>a</div></p>`, "inside a paragraph"},
		{"list of other things", `<ul><p>a</p></ul>`, "directly in <ul>"},
		{"row without a body", `<table><tr><td>a</td></tr></table>`, "directly in <table>"},
		{"item without a list", `<div><li>a</li></div>`, "stands in <div>"},
		{"button in a link", `<a href="/"><button>a</button></a>`, "inside <a>"},
		{"form in a form", `<form><form></form></form>`, "form inside a form"},
		{"id twice", `<i id="a"></i><i id="a"></i>`, "stands twice"},
		{"label of nothing", `<label for="a">a</label>`, `id "a"`},
		{"picture without words", `<img src="/a">`, "without words"},
		{"own style", `<i style="x"></i>`, "style of its own"},
		{"two headings", `<h1>a</h1>`, "2 h1"},
		{"self-closing", `<div/>`, "does not close itself"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(readMarkup([]byte(frame(c.main))).faults, "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

package endure

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

var doings = regexp.MustCompile(`href="(/cases/[0-9a-f-]{36}/[a-z/-]+)"`)

// longForms finds the pages on which somebody may write more than a line, by
// walking from his list through his cases; one page for each kind of act.
func longForms(t *testing.T, p *person) map[string]*answer {
	t.Helper()
	found := map[string]*answer{}
	cases := regexp.MustCompile(`href="(/cases/[0-9a-f-]{36})"`).FindAllStringSubmatch(p.get(t, "/cases").body, -1)
	asked := map[string]bool{}
	for _, c := range cases {
		for _, link := range doings.FindAllStringSubmatch(p.get(t, c[1]).body, -1) {
			kind := link[1][len("/cases/")+37:]
			if asked[kind] {
				continue
			}
			a := p.get(t, link[1])
			asked[kind] = a.status == http.StatusOK
			if a.status == http.StatusOK && a.page(t).Find("main form textarea").Length() > 0 {
				found[link[1]] = a
			}
		}
	}
	return found
}

// Whatever long text staff write is kept while they write it, by a script file of
// our own, and is there again after they signed out and in, for them and for
// nobody else.
func TestWhatIsTypedIsKeptOverASignOut(t *testing.T) {
	s := house(t)
	pages := 0
	for _, name := range []string{"lina", "chenguodong", "luozheng"} {
		p := as(t, s, name)
		typed := map[string]string{}
		for path, a := range longForms(t, p) {
			pages++
			f := a.page(t).Find("main form:has(textarea)").First()
			key := f.AttrOr("data-autosave", "")
			if key == "" {
				t.Errorf("%s: %s keeps nothing of a long text", name, path)
				continue
			}
			field := f.Find("textarea").First().AttrOr("name", "")
			form := a.form(t, f.AttrOr("action", ""))
			form.Set(field, "写了一半的话 "+rand.Text())
			typed[path] = form.Get(field)
			wantStatus(t, p.post(t, "/drafts/"+url.PathEscape(key), form), http.StatusNoContent)
		}
		wantStatus(t, p.post(t, "/sign-out", url.Values{}), http.StatusSeeOther)
		p = as(t, s, name)
		for path, text := range typed {
			if a := p.get(t, path); !strings.Contains(a.body, text) {
				t.Errorf("%s: what was typed at %s is gone after a sign-out (%d)", name, path, a.status)
			}
			if other := as(t, s, "wangxiulan").get(t, path); strings.Contains(other.body, text) {
				t.Errorf("%s: somebody else reads what was typed at %s", name, path)
			}
		}
	}
	if t.Logf("%d pages with long texts", pages); pages < 10 {
		t.Errorf("only %d pages with long texts were found", pages)
	}
}

// The script that keeps what is typed is a file of ours under a policy that lets
// nothing else run; and the address it writes to takes nothing from other sites.
func TestTheScriptIsAFileUnderAStrictPolicy(t *testing.T) {
	s := house(t)
	p := someone(s)
	a := p.get(t, "/file")
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	d := a.page(t)
	scripts := d.Find("script")
	src := scripts.First().AttrOr("src", "")
	if scripts.Length() != 1 || strings.TrimSpace(scripts.Text()) != "" || !strings.HasPrefix(src, "/static/") {
		t.Errorf("%d scripts, the first from %q", scripts.Length(), src)
	}
	d.Find("*").Each(func(_ int, n *goquery.Selection) {
		for _, attribute := range n.Nodes[0].Attr {
			if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "style" {
				t.Errorf("<%s %s>", goquery.NodeName(n), attribute.Key)
			}
		}
	})
	if script := p.get(t, src); script.status != http.StatusOK || !strings.Contains(script.body, "/drafts/") {
		t.Errorf("the script: %d %.100s", script.status, script.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/drafts/file", strings.NewReader("facts=x"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a, err := p.ask(r); err != nil || a.status != http.StatusForbidden {
		t.Errorf("another site keeps a draft: %v %v", a, err)
	}
	if names := slices.Collect(func(yield func(string) bool) {
		for _, c := range p.client.Jar.Cookies(r.URL) {
			if !yield(c.Name) {
				return
			}
		}
	}); len(names) == 0 {
		t.Error("a visitor's browser has no key for what he types")
	}
}

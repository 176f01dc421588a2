package e2e

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"doorstep/internal/web"
)

// hands is how many people walk the house at once.
const hands = 2

// known keeps what has been looked at, for all who walk the house.
type known struct {
	mu     sync.Mutex
	pieces map[string]bool // ways of putting an element into another
	kinds  map[string]bool // routes that somebody stood on
	alike  map[string]bool // kinds of pages of which one is enough for everybody
}

// fresh says whether a page is built of anything that was not seen before.
func (k *known) fresh(pieces []string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := len(k.pieces)
	for _, piece := range pieces {
		k.pieces[piece] = true
	}
	return len(k.pieces) > before
}

// had says whether somebody looked at a kind of page before, and notes that now
// somebody does.
func (k *known) had(kind string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	had := k.alike[kind]
	k.alike[kind] = true
	return had
}

func (k *known) stood(path string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kinds[routeOf(path)] = true
}

// more are further people of the demonstration, by role: their cases stand where
// those of the first do not.
var more = map[string][]string{
	"mediator": {"guqiaoyun", "yanwenqing", "dujun", "gaoyongfu", "fujing", "songmingyuan"},
	"chair":    {"shenguoqiang", "hemei", "zhangjianmin"},
	"resident": {"zhoutao", "sunhao", "gaoling", "linfang"},
}

// everywhere walks every role through every page a link leads to, in English, and
// through one page of each kind in Chinese before. No page may be wider than a small
// phone, an English one no wider than a tablet or a desk, and axe may find nothing,
// neither by day nor by night.
func (h *house) everywhere(t *testing.T) {
	roles := append(slices.Sorted(maps.Keys(h.logins)), "visitor")
	free := make(chan struct{}, hands)
	for _, role := range roles {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			free <- struct{}{}
			defer func() { <-free }()
			stood := map[string]int{}
			if role == "visitor" {
				(&walk{person: h.visitor(t, h.program, role, manner{script: true}), stood: stood, wrote: map[string][]string{}}).on()
				return
			}
			for _, login := range append([]string{h.logins[role]}, more[role]...) {
				for _, again := range []string{"/desk", "/cases", "/cases/:case"} {
					delete(stood, again)
				}
				(&walk{person: h.signIn(t, h.program, login, manner{script: true}), stood: stood, wrote: map[string][]string{}}).on()
			}
		})
	}
}

// walk is one person's way through the house.
type walk struct {
	*person
	stood        map[string]int      // by kind of page
	wrote        map[string][]string // by case
	names        []string
	opened, read int
	took         time.Duration
}

// isFile says whether a route gives a file and no page.
func isFile(route string) bool {
	for _, end := range []string{"/pdf", "/zip", "/files/:file", "/preview", "/signatures/:signature", "/confirmation/file", "/volume/bound", ".csv", ".ics"} {
		if strings.HasSuffix(route, end) {
			return true
		}
	}
	return route == "/figures/file" || route == "/subsidies/batches/:batch/file"
}

// enough is how many pages of a kind one person looks at: of cases many, since
// each stands at another stage and offers other acts.
func enough(kind string) int {
	if kind == "/cases/:case" {
		return 40
	}
	return 1
}

// alike says whether a page is the same for everybody but for the menu, so that
// one look at it is enough for all.
func alike(kind string) bool {
	for _, start := range []string{"/help", "/points", "/news", "/open-figures", "/law/rules/"} {
		if strings.HasPrefix(kind, start) {
			return true
		}
	}
	return false
}

// on goes from link to link until there is none left that leads to something new.
func (w *walk) on() {
	w.t.Helper()
	began := time.Now()
	w.press("a.language[hreflang='en']")
	start, _, _ := strings.Cut(w.where(), "?")
	todo, heard := []string{start}, map[string]bool{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		kind := kindOf(path)
		if kind == "" || isFile(routeOf(path)) || w.stood[kind] >= enough(kind) {
			continue
		}
		w.stood[kind]++
		if alike(kind) && w.browser.seen.had(kind) {
			continue
		}
		if !w.browser.seen.had("zh-CN " + kind) {
			w.open(spoken(path, "zh-CN"))
		}
		w.open(spoken(path, "en"))
		w.opened++
		w.english(w.people(path))
		w.scan()
		for _, next := range w.links("a[href^='/']:not([download], [hreflang])") {
			next, _, _ = strings.Cut(next, "#")
			if !heard[next] {
				heard[next] = true
				todo = append(todo, next)
			}
		}
	}
	w.t.Logf("%s: %d pages in %v, %d of them new to axe, which took %v", w.name, w.opened, time.Since(began), w.read, w.took)
}

// spoken is a page's address with the language asked for.
func spoken(path, lang string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// examples are the words of the house that tell what to write in Chinese.
var examples = []string{"榆园人调字", "元旦"}

// people gives what is data and no word of the house: what somebody wrote on a
// page or on the page of its case, the examples, and the names that stand in the
// rows of tables and in the choices seen so far, and what a masked address shows.
func (w *walk) people(path string) []string {
	w.t.Helper()
	w.names = append(w.names, eval[[]string](w.person, `Array.from(document.querySelectorAll("main td, main th[scope=row], main option, form:has(input[name=login][type=hidden]) button"),
		(e) => e.textContent.match(/[\u3400-\u9fff]{2,}/g) || []).flat().concat(document.querySelector("main").textContent.match(/[\u3400-\u9fff]+(?=\*{2,})/g) || [])`)...)
	slices.Sort(w.names)
	w.names = slices.Compact(w.names)
	data := slices.Concat(examples, w.named(), w.names)
	if id := anyID.FindString(path); id != "" && strings.HasPrefix(path, "/cases/"+id) {
		w.wrote[id] = append(w.wrote[id], w.written()...)
		data = append(data, w.wrote[id]...)
	}
	slices.SortFunc(data, func(a, b string) int { return len(b) - len(a) }) // the longest first, since it may hold another
	return data
}

// routeOf gives the route of an address, "" for one of no page.
func routeOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	best := ""
	for _, route := range web.PageAddresses() {
		if fits(route, path) && (best == "" || strings.Count(route, ":") < strings.Count(best, ":")) {
			best = route
		}
	}
	return best
}

// kindOf gives the route of an address with the names of its questions, "" for
// one of no page.
func kindOf(path string) string {
	route := routeOf(path)
	_, query, asks := strings.Cut(path, "?")
	questions, err := url.ParseQuery(query)
	if route == "" || !asks || err != nil {
		return route
	}
	return route + "?" + strings.Join(slices.Sorted(maps.Keys(questions)), "&")
}

func fits(route, path string) bool {
	a, b := strings.Split(route, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], ":") {
			return false
		}
	}
	return true
}

// pieces are the ways in which a page's elements lie in each other, without its
// words: what axe judges by.
const pieces = `(() => {
	const own = (e) => e.tagName + [...e.classList].sort().join(".") + ["type", "role", "aria-current", "open", "hidden", "disabled", "required", "lang"]
		.map((n) => e.hasAttribute(n) ? "[" + n + "=" + e.getAttribute(n) + "]" : "").join("");
	const seen = new Set();
	for (const e of document.querySelectorAll("body *")) {
		if (!e.closest("svg") || e.tagName === "svg") seen.add(own(e.parentElement) + ">" + own(e));
	}
	return [...seen]; })()`

// scan looks at a page on three screens, by day and by night.
func (w *walk) scan() {
	w.t.Helper()
	for _, width := range []int64{768, 1280} {
		w.screen(width)
		if wide := eval[int64](w.person, "document.documentElement.scrollWidth"); wide > width {
			w.wrong("the page is %d px wide on a screen of %d", wide, width)
		}
	}
	w.screen(screenWidth)
	if !w.browser.seen.fresh(eval[[]string](w.person, pieces)) {
		return
	}
	began := time.Now()
	w.read++
	w.walkUp("")
	w.scheme("dark")
	w.walkUp("color-contrast")
	w.scheme("light")
	w.took += time.Since(began)
}

// scheme turns day into night and back, at once: colours on their way from one to
// the other would be judged by nobody.
func (p *person) scheme(to string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: to}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// offered are the routes that only an installation with a mail server, a provider
// of sign-ins or a link from a mail has, and those that end a page at once. Their
// pages are looked at in the tests of web.
var offered = []string{
	"/forgot", "/account/email", "/confirm-email/:token", "/set-password/:token", "/setup/:token", "/i/:token", "/kept",
	"/sign-in/provider", "/sign-in/provider/return", "/sign-in/provider/leave",
}

// rare are the pages that stand open only while something waits that waits in no
// story of the demonstration: a question to a party, a court's next
// step. Their forms are put together of the same fields as all others, and the
// tests of web hold their markup.
var rare = []string{
	"/answer", "/my-case/answer", "/figures/correction",
	"/cases/:case/settlement-at-once", "/cases/:case/recusal/rejection", "/cases/:case/resumption", "/cases/:case/court-track",
	"/cases/:case/dispute/result", "/cases/:case/confirmation/extension", "/cases/:case/confirmation/rejection",
	"/cases/:case/confirmation/objection/dismissal", "/cases/:case/confirmation/objection/revocation", "/cases/:case/confirmation/enforcement",
	"/cases/:case/confirmation/joining/withdrawal", "/cases/:case/confirmation/refusal",
	"/cases/:case/confirmation/proposal/withdrawal", "/cases/:case/confirmation/objection", "/cases/:case/volume/binding",
	"/cases/:case/file-sharing", "/cases/:case/file-classes", "/cases/:case/risk-report", "/cases/:case/hold-end", "/admin/people/:id/identity",
}

// nothingLeft wants every other page of the site map to have been looked at.
func (h *house) nothingLeft(t *testing.T) {
	for _, route := range web.PageAddresses() {
		if !h.seen.kinds[route] && !isFile(route) && !slices.Contains(offered, route) && !slices.Contains(rare, route) {
			t.Errorf("nobody came to %s", route)
		}
	}
}

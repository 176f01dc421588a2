package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
	"doorstep/internal/office"
	"doorstep/internal/provision"
	"doorstep/internal/statute"
)

// lawRoutes are the register of rules: what law asks, where the program holds to
// it, and what a bureau must sign off.
func (s *Site) lawRoutes() []route {
	routes := []route{
		{http.MethodGet, "/law", s.listRules, "law", "read"},
		{http.MethodGet, "/law/rules.csv", s.exportRules, "law", "read"},
		{http.MethodGet, "/law/settings", s.listSettings, "law", "read"},
		{http.MethodGet, "/law/rules/:rule", s.showRule, "law", "read"},
	}
	for i, r := range routes {
		routes[i].Do = s.forOffice(r)
	}
	return routes
}

// lawPage is the register, narrowed by its filters.
type lawPage struct {
	Page
	Tabs    Tabs
	Form    Form
	Chosen  []string
	Clear   string
	Export  string
	Counted string
	Table   Table
	Empty   *Empty
}

// ruleFilter reads the filters that stand in the address. A word that is none
// narrows nothing.
func ruleFilter(q url.Values) provision.Filter {
	f := provision.Filter{}
	if law := q.Get("law"); statute.Valid(statute.Laws, law) {
		f.Law = law
	}
	if status := q.Get("status"); statute.Valid(statute.Statuses, status) {
		f.Status = statute.Status(status)
	}
	for _, k := range provision.Kinds() {
		if q.Get("kind") == string(k) {
			f.Kind = k
		}
	}
	return f
}

func (s *Site) listRules(c echo.Context) error {
	q := c.QueryParams()
	f := ruleFilter(q)
	rules := provision.Select(f)
	p := lawPage{Page: s.page(c), Tabs: lawTabs(s.page(c), "rules"), Clear: "/law", Export: address("/law/rules.csv", without(q, "lang"))}
	p.Title = p.T("law.title")
	p.Form, p.Chosen = ruleForm(p.Page, q), chosenRules(p.Page, f)
	p.Counted = p.T("law.counted", "n", len(rules), "all", len(provision.Rules()))
	p.Table = ruleTable(p.Page, rules)
	if len(rules) == 0 {
		p.Empty = &Empty{Icon: "search", Title: p.T("law.none"), Text: p.T("law.none_text"), Action: &Action{Label: p.T("common.clear"), URL: "/law"}}
	}
	return s.show(c, http.StatusOK, "law/list", p)
}

// lawTabs lead between the rules and what is to be signed off.
func lawTabs(p Page, current string) Tabs {
	return Tabs{Tabs: []Tab{
		{Label: p.T("law.tab.rules"), URL: "/law", Current: current == "rules"},
		{Label: p.T("law.tab.settings"), URL: "/law/settings", Current: current == "settings"},
	}}
}

// ruleForm puts the filters into the address; it works without script.
func ruleForm(p Page, q url.Values) Form {
	f := Form{Action: "/law", Method: "get", Submit: p.T("common.filter")}
	law := Field{Name: "law", Kind: FieldSelect, Label: p.T("law.filter.law")}
	for _, key := range provision.Laws() {
		code, _ := statute.Lookup(statute.Laws, key)
		law.Options = append(law.Options, Option{Value: key, Label: code.Label(string(p.Lang))})
	}
	status := Field{Name: "status", Kind: FieldSelect, Label: p.T("law.filter.status")}
	for _, code := range statute.Codes(statute.Statuses) {
		n := provision.Count()[statute.Status(code.Code)]
		status.Options = append(status.Options, Option{Value: code.Code, Label: code.Label(string(p.Lang)) + p.Aside(strconv.Itoa(n))})
	}
	kind := Field{Name: "kind", Kind: FieldSelect, Label: p.T("law.filter.kind")}
	for _, k := range provision.Kinds() {
		kind.Options = append(kind.Options, Option{Value: string(k), Label: p.T("law.kind." + string(k))})
	}
	f.Fields = []Field{law, status, kind}
	f.Fill(q)
	return f
}

// chosenRules names the filters in words.
func chosenRules(p Page, f provision.Filter) []string {
	var list []string
	if f.Law != "" {
		list = append(list, p.Code(string(statute.Laws), f.Law))
	}
	if f.Status != "" {
		list = append(list, p.Code(string(statute.Statuses), f.Status))
	}
	if f.Kind != "" {
		list = append(list, p.T("law.kind."+string(f.Kind)))
	}
	return list
}

func ruleTable(p Page, rules []provision.Rule) Table {
	t := Table{Caption: p.T("law.caption"), Head: []string{p.T("law.head.rule"), p.T("law.head.source"), p.T("law.head.where"), p.T("law.head.test"), p.T("law.head.status")}}
	for _, r := range rules {
		test := Cell{Text: r.Proofs[0].Test, Sub: r.Proofs[0].Package}
		if more := len(r.Proofs) - 1; more > 0 {
			test.Sub += p.T("law.more_tests", "n", more)
		}
		status := statusPill(p, r.Status)
		t.Rows = append(t.Rows, []Cell{
			{Text: ruleWords(p, r), Sub: r.ID + " · " + p.T("law.kind."+string(r.Kind)), URL: rulePath(r.ID)},
			{Text: statute.Cite(r.Source, string(p.Lang))},
			{Text: strings.Join(placesInWords(p, r), p.T("law.and"))},
			test, {Pill: &status},
		})
	}
	return t
}

func rulePath(id string) string { return "/law/rules/" + url.PathEscape(id) }

// rulePage is one rule with everything that hangs on it.
type rulePage struct {
	Page
	Facts    Facts
	Pill     Pill
	Places   []string
	Proofs   []provision.Proof
	Settings Table
	Own      Table // each committee's own value of a clock
	Back     string
}

func (s *Site) showRule(c echo.Context) error {
	r, ok := provision.Find(c.Param("rule"))
	if !ok {
		return &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	p := rulePage{Page: s.page(c), Places: nil, Proofs: r.Proofs, Back: "/law"}
	p.Title = ruleWords(p.Page, r)
	p.Crumbs = []Crumb{{p.T("law.title"), "/law"}}
	p.Pill, p.Places = statusPill(p.Page, r.Status), placesInWords(p.Page, r)
	p.Facts = Facts{[]Fact{
		{Label: p.T("law.head.id"), Value: r.ID},
		{Label: p.T("law.head.kind"), Value: p.T("law.kind." + string(r.Kind))},
		{Label: p.T("law.head.source"), Value: statute.Cite(r.Source, string(p.Lang))},
	}}
	committees, err := s.Office.Committees(c.Request().Context(), p.Actor)
	if err != nil {
		return err
	}
	if rule, clock := statute.Deadline(statute.DeadlineID(r.ID)); clock {
		p.Facts.Facts = append(p.Facts.Facts, Fact{Label: p.T("law.head.default"), Value: termWords(p.Page, rule.Term, rule.Hard)})
		p.Own = s.ownLimits(p.Page, rule, committees)
	}
	p.Settings = settingTable(p.Page, settingsOf(r), s.Can)
	return s.show(c, http.StatusOK, "law/rule", p)
}

func settingsOf(r provision.Rule) []provision.Setting {
	var list []provision.Setting
	for _, id := range r.Settings {
		if one, ok := provision.FindSetting(id); ok {
			list = append(list, one)
		}
	}
	return list
}

// ownLimits says which committee set the clock for itself, and leads to where it
// is set; empty for a clock nobody may set.
func (s *Site) ownLimits(p Page, rule statute.DeadlineRule, committees []office.Committee) Table {
	t := Table{Head: []string{p.T("office.committee"), p.T("law.head.value")}}
	if !office.Settable(rule) {
		return t
	}
	for _, k := range committees {
		value := Cell{Text: p.T("law.follows_default")}
		if own, set := k.Limits[rule.ID]; set {
			value.Text = termWords(p, own, false)
		}
		name := Cell{Text: k.Name}
		if s.Can(p.Actor, "office", "manage") {
			field := Field{Name: office.LimitField(rule.ID)}
			value.URL = "/admin/committees/" + string(k.ID) + "#" + field.ID()
		}
		t.Rows = append(t.Rows, []Cell{name, value})
	}
	return t
}

// settingsPage is every local value and every open question.
type settingsPage struct {
	Page
	Tabs     Tabs
	Settings Table
	Issues   []string
}

func (s *Site) listSettings(c echo.Context) error {
	p := settingsPage{Page: s.page(c), Tabs: lawTabs(s.page(c), "settings")}
	p.Title = p.T("law.settings_title")
	p.Settings = settingTable(p.Page, provision.SettingsToSign(), s.Can)
	for _, i := range provision.Issues() {
		p.Issues = append(p.Issues, i.Label(string(p.Lang)))
	}
	return s.show(c, http.StatusOK, "law/settings", p)
}

// settingTable lists local values with what they are now and whose question they
// belong to. A clock leads to its rule, which leads to where it is set.
func settingTable(p Page, settings []provision.Setting, can func(mediation.Actor, string, mediation.Action) bool) Table {
	sets, reads := can(p.Actor, "office", "manage"), can(p.Actor, "subsidy", "list")
	t := Table{Head: []string{p.T("law.head.setting"), p.T("law.head.value"), p.T("law.head.set_by"), p.T("law.head.issue")}}
	questions := provision.Issues()
	for _, one := range settings {
		name, by := Cell{Text: one.Label(string(p.Lang)), Sub: one.ID}, Cell{Text: p.T("law.set_by_program")}
		if one.Deadline != "" {
			name.URL = rulePath(string(one.Deadline))
		}
		if one.Settable() {
			by.Text = p.T("law.set_by_committee")
			if sets {
				by.URL = "/admin/committees"
			}
		}
		if one.Bureau {
			by.Text = p.T("law.set_by_bureau")
			if reads {
				by.URL = termsURL
			}
		}
		value := Cell{Text: p.T("law.no_number")}
		if one.Value != "" {
			value.Text = one.Value
			if one.Unit != "" {
				value.Text = p.T("law.term", "n", one.Value, "unit", p.T("unit."+string(one.Unit)))
			}
		}
		issue := Cell{Text: p.T("law.question", "n", one.Issue)}
		for _, q := range questions {
			if q.N == one.Issue {
				issue.Sub = q.Label(string(p.Lang))
			}
		}
		t.Rows = append(t.Rows, []Cell{name, value, by, issue})
	}
	return t
}

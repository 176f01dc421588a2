package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/place"
	"doorstep/internal/statute"
)

// ledgerRoutes are the desk page and the lists across cases.
func (s *Site) ledgerRoutes() []route {
	return []route{
		{http.MethodGet, "/desk", s.showDesk, "account", ""},
		{http.MethodGet, "/cases", s.listCases, "case", "list"},
		{http.MethodGet, "/deadlines", s.listDeadlines, "deadline", "read"},
		{http.MethodGet, "/notices", s.listNotices, "notice", "read"},
		{http.MethodPost, "/notices/read", s.readNotices, "notice", "read"},
		{http.MethodPost, "/notices/:notice/read", s.readNotice, "notice", "read"},
	}
}

// casesPage is a list of cases with its filters.
type casesPage struct {
	Page
	Tabs     Tabs
	Heading  string // the queue's name, when the list is one
	Next     string // what to do with what stands in the queue
	Chosen   []string
	Clear    string
	Form     Form
	Filtered bool
	Table    Table
	Pager    Pager
	Empty    *Empty
}

// caseFilters reads the filters that stand in the address. A word that is none
// is kept, so that it finds nothing instead of everything.
func caseFilters(q url.Values) ledger.Filter {
	f := ledger.Filter{Type: q.Get("type"), Area: q.Get("area"), Late: q.Has("late"), Mine: q.Has("mine"), Closed: q.Has("closed"),
		Query: q.Get("q"), Queue: q.Get("queue"), After: q.Get("after")}
	for _, stage := range q["stage"] {
		if stage != "" {
			f.Stages = append(f.Stages, mediation.Stage(stage))
		}
	}
	return f
}

func (s *Site) listCases(c echo.Context) error {
	ctx, a, q := c.Request().Context(), actor(c), c.QueryParams()
	f := caseFilters(q)
	found, err := s.Ledger.Cases(ctx, a, f)
	if err != nil {
		return err
	}
	var areas []place.Area
	if coversArea(a) {
		if areas, err = s.Office.Areas(ctx, a, place.Community); err != nil {
			return err
		}
	}
	p := casesPage{Page: s.page(c), Clear: "/cases"}
	if p.Tabs, err = s.caseTabs(ctx, p.Page, q, f); err != nil {
		return err
	}
	if f.Queue != "" && p.Has("queue."+f.Queue) {
		p.Heading, p.Next, p.Tabs = p.T("queue."+f.Queue), p.T("queue."+f.Queue+".next"), Tabs{}
		p.Crumbs = []Crumb{{p.T("nav.desk"), "/desk"}}
	}
	p.Chosen, p.Form = chosen(p.Page, f, areas), filterForm(p.Page, q, areas)
	p.Filtered = len(p.Chosen) > 0
	p.Table = Table{Caption: p.T("ledger.cases.caption"), Head: caseHead(p.Page)}
	for _, r := range found.Rows {
		p.Table.Rows = append(p.Table.Rows, caseCells(p.Page, r))
	}
	p.Pager = neighbours("/cases", q, found.Prev, found.Next)
	if len(found.Rows) == 0 {
		p.Empty = p.nothing(f)
	}
	return s.show(c, http.StatusOK, "ledger/cases", p)
}

// coversArea says whether one of the grants reaches over several communities, so
// that it helps to choose one.
func coversArea(a mediation.Actor) bool {
	return slices.ContainsFunc(a.Grants, func(g mediation.Grant) bool { return g.AreaPath != "" })
}

// nothing says why the list is empty and what to do next.
func (p casesPage) nothing(f ledger.Filter) *Empty {
	switch {
	case f.Queue != "" && len(p.Chosen) == 0:
		return &Empty{Icon: "circle-check", Title: p.T("ledger.queue_empty.title"), Text: p.T("ledger.queue_empty.text"),
			Action: &Action{Label: p.T("ledger.to_desk"), URL: "/desk"}}
	case len(p.Chosen) > 0 || f.Closed || f.After != "":
		return &Empty{Icon: "search", Title: p.T("ledger.none_found.title"), Text: p.T("ledger.none_found.text"),
			Action: &Action{Label: p.T("common.clear"), URL: "/cases"}}
	}
	return &Empty{Icon: "inbox", Title: p.T("ledger.cases_empty.title"), Text: p.T("ledger.cases_empty.text")}
}

// caseTabs keeps the filters over the change between open and closed cases. A
// search says how many of each it found, so that nobody misses what lies behind
// the other tab.
func (s *Site) caseTabs(ctx context.Context, p Page, q url.Values, f ledger.Filter) (Tabs, error) {
	var tabs Tabs
	for _, closed := range []bool{false, true} {
		to, name := without(q, "closed", "after", "stage", "lang"), "ledger.open"
		if closed {
			name = "ledger.closed"
			to.Set("closed", "yes")
		}
		tab := Tab{Label: p.T(name), URL: address("/cases", to), Current: q.Has("closed") == closed}
		if strings.TrimSpace(f.Query) != "" && f.Queue == "" {
			f.Closed, f.Stages = closed, nil
			n, err := s.Ledger.Found(ctx, p.Actor, f)
			if err != nil {
				return Tabs{}, err
			}
			tab.Label += p.T("ledger.found", "n", countText(n))
		}
		tabs.Tabs = append(tabs.Tabs, tab)
	}
	return tabs, nil
}

// chosen names the filters in words.
func chosen(p Page, f ledger.Filter, areas []place.Area) []string {
	var list []string
	add := func(key, value string) { list = append(list, p.T("ledger.filter."+key)+p.T("ledger.colon")+value) }
	for _, stage := range f.Stages {
		add("stage", stageName(p, stage))
	}
	if f.Type != "" {
		add("type", p.Code(string(statute.DisputeTypes), f.Type))
	}
	if f.Area != "" {
		add("area", pathName(p, areas, f.Area))
	}
	if f.Late {
		list = append(list, p.T("ledger.filter.late"))
	}
	if f.Mine {
		list = append(list, p.T("ledger.filter.mine"))
	}
	if query := strings.TrimSpace(f.Query); query != "" {
		add("q", query)
	}
	return list
}

func stageName(p Page, stage mediation.Stage) string {
	if key := "stage." + string(stage); p.Has(key) {
		return p.T(key)
	}
	return string(stage)
}

func pathName(p Page, areas []place.Area, path string) string {
	for _, a := range areas {
		if a.Path == path {
			return placeName(p, a.Name, a.NameEN)
		}
	}
	return path
}

func placeName(p Page, zh, en string) string {
	if p.English() && en != "" {
		return en
	}
	return zh
}

// filterForm puts the filters into the address; it works without script.
func filterForm(p Page, q url.Values, areas []place.Area) Form {
	f := Form{Action: "/cases", Method: "get", Submit: p.T("common.filter")}
	f.Fields = append(f.Fields,
		Field{Name: "q", Kind: FieldText, Label: p.T("ledger.filter.q"), Help: p.T("ledger.filter.q_help"), MaxLength: ledger.MaxQuery, Autocomplete: "off"},
		Field{Name: "stage", Kind: FieldSelect, Label: p.T("ledger.filter.stage"), Options: stageOptions(p)},
		Field{Name: "type", Kind: FieldSelect, Label: p.T("ledger.filter.type"), Options: typeOptions(p)})
	if len(areas) > 0 {
		f.Fields = append(f.Fields, Field{Name: "area", Kind: FieldSelect, Label: p.T("ledger.filter.area"), Options: areaOptions(p, areas)})
	}
	f.Fields = append(f.Fields,
		Field{Name: "late", Kind: FieldCheckbox, Label: p.T("ledger.filter.late")},
		Field{Name: "mine", Kind: FieldCheckbox, Label: p.T("ledger.filter.mine")})
	f.Fill(q)
	for _, kept := range []string{"closed", "queue"} {
		if q.Has(kept) {
			f.Fields = append(f.Fields, Field{Name: kept, Kind: FieldHidden, Value: q.Get(kept)})
		}
	}
	return f
}

func stageOptions(p Page) []Option {
	var list []Option
	for _, stage := range mediation.Stages {
		list = append(list, Option{Value: string(stage), Label: p.T("stage." + string(stage))})
	}
	return list
}

func typeOptions(p Page) []Option {
	var list []Option
	for _, code := range statute.Codes(statute.DisputeTypes) {
		list = append(list, Option{Value: code.Code, Label: code.Label(string(p.Lang))})
	}
	return list
}

// areaOptions shows the tree by indent: each area stands after the one above it.
func areaOptions(p Page, areas []place.Area) []Option {
	var list []Option
	for _, a := range areas {
		depth := max(0, strings.Count(a.Path, "/")-1)
		list = append(list, Option{Value: a.Path, Label: strings.Repeat("　", depth) + placeName(p, a.Name, a.NameEN)})
	}
	return list
}

// neighbours leads to the pages beside this one, with the same filters.
func neighbours(path string, q url.Values, newer, older string) Pager {
	to := func(cursor string) string {
		if cursor == "" {
			return ""
		}
		next := without(q, "lang")
		next.Set("after", cursor)
		return address(path, next)
	}
	return Pager{Newer: to(newer), Older: to(older)}
}

func without(q url.Values, names ...string) url.Values {
	kept := url.Values{}
	for name, values := range q {
		if !slices.Contains(names, name) && !slices.Equal(values, []string{""}) {
			kept[name] = values
		}
	}
	return kept
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func caseHead(p Page) []string {
	var head []string
	for _, column := range []string{"case", "stage", "due", "parties", "lead", "area", "updated"} {
		head = append(head, p.T("ledger.head."+column))
	}
	return head
}

// caseCells are one case in the full list.
func caseCells(p Page, r ledger.Row) []Cell {
	return []Cell{caseCell(p, r), stageCell(p, r), dueCell(p, r.NextDue), partiesCell(p, r),
		textCell(p, r.Lead), textCell(p, placeName(p, r.Area, r.AreaEN)), {Text: p.Relative(r.UpdatedAt)}}
}

// caseCell names the case. Who may not read the title reads the type of dispute.
func caseCell(p Page, r ledger.Row) Cell {
	cell := Cell{Text: r.Name(), URL: casePath(r.ID, ""), Sub: r.Title}
	switch {
	case r.Hidden():
		cell.Sub = p.T("ledger.restricted")
	case r.Title == "" && r.Type != "":
		cell.Sub = p.Code(string(statute.DisputeTypes), r.Type)
	}
	return cell
}

func stageCell(p Page, r ledger.Row) Cell {
	pill := p.Stage(r.Stage)
	cell := Cell{Pill: &pill}
	if r.Lapsed {
		cell.Sub = p.T("ledger.lapsed")
	}
	return cell
}

// dueCell tells what is due next in words: how long, which day, what.
func dueCell(p Page, d ledger.Due) Cell {
	if d.At.IsZero() {
		return Cell{Text: p.T("ledger.nothing")}
	}
	due := clockDue(p, d.Kind, d.At)
	due.Date += " · " + deadlineName(p, d)
	return Cell{Due: &due}
}

func deadlineName(p Page, d ledger.Due) string {
	name := string(d.Kind)
	if rule, ok := statute.Deadline(d.Kind); ok {
		name = rule.Name(string(p.Lang))
	}
	if d.Provisional {
		name += p.T("ledger.provisional")
	}
	return name
}

// partiesCell names the applicants, and below them everybody else.
func partiesCell(p Page, r ledger.Row) Cell {
	var first, others []string
	for _, party := range r.Parties {
		if party.Side == mediation.Applicant {
			first = append(first, party.Name)
		} else if party.Name != "" {
			others = append(others, party.Name)
		}
	}
	cell := textCell(p, strings.Join(first, p.T("ledger.and")))
	if len(others) > 0 {
		cell.Sub = p.T("ledger.other_side", "names", strings.Join(others, p.T("ledger.and")))
	}
	return cell
}

func textCell(p Page, text string) Cell {
	if text == "" {
		text = p.T("ledger.nothing")
	}
	return Cell{Text: text}
}

package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
	"doorstep/internal/subsidy"
)

// claimNouns are the addresses of the steps of a claim.
var claimNouns = []struct {
	noun   string
	action subsidy.Action
}{
	{"claim", subsidy.Claim}, {"withdrawal", subsidy.Withdraw}, {"check", subsidy.Check}, {"score", subsidy.Score}, {"approval", subsidy.Approve},
	{"return", subsidy.Return}, {"refusal", subsidy.Refuse}, {"recovery", subsidy.Reclaim},
}

func claimNoun(a subsidy.Action) string {
	for _, n := range claimNouns {
		if n.action == a {
			return n.noun
		}
	}
	return ""
}

// subsidyRoutes are the claims to be paid for cases, their steps, and the batches
// for the treasury.
func (s *Site) subsidyRoutes() []route {
	routes := []route{
		{http.MethodGet, "/subsidies", s.listClaims, "subsidy", "list"},
		{http.MethodPost, "/subsidies", s.claimCase, "subsidy", "claim"},
		{http.MethodGet, "/subsidies/batches", s.listBatches, "subsidy", "pay"},
		{http.MethodPost, "/subsidies/batches", s.makeBatch, "subsidy", "pay"},
		{http.MethodGet, "/subsidies/batches/:batch", s.showBatch, "subsidy", "pay"},
		{http.MethodGet, "/subsidies/batches/:batch/file", s.sendBatch, "subsidy", "pay"},
		{http.MethodPost, "/subsidies/batches/:batch/looks/:claim", s.lookAgain, "subsidy", "pay"},
		{http.MethodPost, "/subsidies/batches/:batch/payment", s.payBatch, "subsidy", "pay"},
		{http.MethodGet, termsURL, s.showTerms, "subsidy", "list"},
		{http.MethodGet, termsURL + "/new", s.newTerms, "subsidy", "set_terms"},
		{http.MethodPost, termsURL, s.setTerms, "subsidy", "set_terms"},
		{http.MethodGet, "/subsidies/:claim", s.showClaim, "subsidy", "list"},
		{http.MethodPost, "/subsidies/:claim/complaint", s.upholdComplaint, "subsidy", "complain"},
	}
	for _, n := range claimNouns {
		routes = append(routes, route{http.MethodPost, "/subsidies/:claim/" + n.noun, s.stepClaim(n.action), "subsidy", mediation.Action(n.action)})
	}
	for i, r := range routes {
		routes[i].Do = s.forOffice(r)
	}
	return routes
}

func claimURL(id, rest string) string { return "/subsidies/" + id + rest }

// claimPills are the looks of the states.
var claimPills = map[subsidy.State]Pill{
	subsidy.Claimed: {ToneFresh, "inbox", ""}, subsidy.Returned: {ToneWait, "undo-2", ""}, subsidy.Checked: {ToneLive, "user-round-check", ""},
	subsidy.Scored: {ToneLive, "list-checks", ""}, subsidy.Approved: {ToneLive, "stamp", ""}, subsidy.Paid: {ToneGood, "circle-check", ""},
	subsidy.Refused: {ToneQuiet, "ban", ""}, subsidy.Withdrawn: {ToneQuiet, "undo-2", ""}, subsidy.Reclaimed: {ToneAlarm, "undo-2", ""},
}

func claimPill(p Page, state subsidy.State) *Pill {
	pill := claimPills[state]
	pill.Text = p.T("subsidy.state." + string(state))
	return &pill
}

// turnText says whose step comes next.
func turnText(p Page, state subsidy.State) string {
	if turn := state.Turn(); turn != "" {
		return p.T("subsidy.turn." + string(turn))
	}
	return p.T("ledger.nothing")
}

func (s *Site) subsidyPage(c echo.Context, tab string) OfficePage {
	p := OfficePage{Page: s.page(c), Tabs: &Tabs{}}
	p.Heading, p.Lead = p.T("subsidy.title"), p.T("subsidy.lead")
	p.Title = p.Heading
	p.Tabs.Tabs = []Tab{{Label: p.T("subsidy.claims"), URL: "/subsidies", Current: tab == "claims"}}
	if s.Can(p.Actor, "subsidy", "pay") {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: p.T("subsidy.batches"), URL: "/subsidies/batches", Current: tab == "batches"})
	}
	p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: p.T("subsidy.terms"), URL: termsURL, Current: tab == "terms"})
	return p
}

// turnOf is the first state in which it is the reader's turn, in the order of a claim.
func (s *Site) turnOf(a mediation.Actor) subsidy.State {
	for _, state := range subsidy.States {
		if turn := state.Turn(); turn != "" && turn != subsidy.Claim && s.Can(a, "subsidy", mediation.Action(turn)) {
			return state
		}
	}
	return ""
}

func (s *Site) listClaims(c echo.Context) error {
	ctx, a, q := c.Request().Context(), actor(c), c.QueryParams()
	state := subsidy.State(q.Get("state"))
	if !q.Has("state") {
		state = s.turnOf(a)
	}
	page, err := s.Ledger.Claims(ctx, a, state, q.Get("after"))
	if err != nil {
		return err
	}
	cases, err := s.Ledger.Unclaimed(ctx, a)
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "claims")
	if len(cases) > 0 {
		p.Parts = append(p.Parts, unclaimedPart(p.Page, cases)...)
	}
	filter := Field{Name: "state", Kind: FieldSelect, Label: p.T("subsidy.head.state"), Value: string(state)}
	for _, x := range subsidy.States {
		filter.Options = append(filter.Options, Option{Value: string(x), Label: p.T("subsidy.state." + string(x))})
	}
	part := OfficePart{Title: p.T("subsidy.claims"), Form: &Form{Action: "/subsidies", Method: "get", Submit: p.T("figures.show"), Fields: []Field{filter}}}
	list := OfficePart{Empty: &Empty{Icon: "inbox", Title: p.T("subsidy.none"), Text: p.T("subsidy.none_text")}}
	if len(page.Rows) > 0 {
		pager := neighbours("/subsidies", q, page.Prev, page.Next)
		list = OfficePart{Table: claimTable(p.Page, page.Rows), Pager: &pager}
	}
	p.Parts = append(p.Parts, part, list)
	return s.show(c, http.StatusOK, "office/page", p)
}

func claimTable(p Page, claims []ledger.Claim) *Table {
	t := &Table{Caption: p.T("subsidy.claims")}
	for _, head := range []string{"case", "state", "next", "claimant", "grade", "amount", "committee"} {
		t.Head = append(t.Head, p.T("subsidy.head."+head))
	}
	for _, k := range claims {
		t.Rows = append(t.Rows, []Cell{{Text: k.Number, URL: claimURL(k.ID, "")}, {Pill: claimPill(p, k.State)}, {Text: turnText(p, k.State)}, {Text: k.Name},
			{Text: p.Code(string(statute.Grades), k.Grade)}, {Text: claimSum(p, k), Number: true}, {Text: k.Committee}})
	}
	return t
}

func claimSum(p Page, k ledger.Claim) string {
	if k.Score == nil {
		return p.T("ledger.nothing")
	}
	return p.Money(k.Fen)
}

// unclaimedPart offers the mediator's closed cases, a button each.
func unclaimedPart(p Page, cases []ledger.UnclaimedCase) []OfficePart {
	form := &Form{Action: "/subsidies", Submit: p.T("subsidy.do.claim")}
	which := Field{Name: "case", Kind: FieldRadio, Label: p.T("subsidy.which"), Required: true}
	for _, k := range cases {
		label := k.Number + " " + k.Title + p.Aside(p.Code(string(statute.Grades), k.Grade))
		which.Options = append(which.Options, Option{Value: string(k.ID), Label: label})
	}
	form.Fields = []Field{which}
	return []OfficePart{{Title: p.T("subsidy.unclaimed"), Text: p.T("subsidy.unclaimed_text"), Form: form}}
}

func (s *Site) claimCase(c echo.Context) error {
	id, err := s.Ledger.ClaimCase(c.Request().Context(), actor(c), mediation.CaseID(c.FormValue("case")))
	if err != nil {
		return err
	}
	return s.done(c, claimURL(id, ""), "claim_made")
}

func (s *Site) showClaim(c echo.Context) error { return s.claimPage(c, "", nil) }

// claimPage shows a claim with what its reader may do, a form each; the form of
// the step that failed keeps what was typed.
func (s *Site) claimPage(c echo.Context, failed subsidy.Action, fault error) error {
	v, err := s.Ledger.Claim(c.Request().Context(), actor(c), c.Param("claim"))
	if err != nil {
		return err
	}
	p := s.subsidyPage(c, "claims")
	p.Heading, p.Lead = v.Number, turnText(p.Page, v.State)
	p.Title = p.T("subsidy.title") + " " + v.Number
	p.Crumbs = []Crumb{{p.T("subsidy.title"), "/subsidies"}}
	score := p.T("ledger.nothing")
	if v.Score != nil {
		score = strconv.Itoa(*v.Score)
	}
	p.Parts = append(p.Parts, OfficePart{Facts: &Facts{[]Fact{
		{Label: p.T("subsidy.head.state"), Value: p.T("subsidy.state." + string(v.State))},
		{Label: p.T("subsidy.head.claimant"), Value: v.Name}, {Label: p.T("subsidy.head.committee"), Value: v.Committee},
		{Label: p.T("subsidy.head.grade"), Value: p.Code(string(statute.Grades), v.Grade)},
		{Label: p.T("subsidy.head.score"), Value: score}, {Label: p.T("subsidy.head.amount"), Value: claimSum(p.Page, v.Claim)},
		{Label: p.T("subsidy.head.claimed_on"), Value: p.Date(v.ClaimedOn)}, {Label: p.T("subsidy.head.terms"), Value: termsName(p.Page, v.Claim)},
	}}, Actions: claimLinks(p.Page, v)})
	if len(v.Bars) > 0 {
		text := ""
		for _, b := range v.Bars {
			text += p.T("subsidy.bar."+string(b)) + "\n"
		}
		p.Parts = append(p.Parts, OfficePart{Notice: &Notice{Tone: ToneAlarm, Title: p.T("subsidy.barred"), Text: text}})
	}
	p.Parts = append(p.Parts, reckonPart(p.Page, v))
	var marked *Form
	for _, action := range v.Offer {
		form := stepForm(p.Page, v, action)
		if action == failed {
			marked = form
		}
		p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.do." + string(action)), Form: form})
	}
	if s.Ledger.MayUphold(p.Actor, v.Claim) {
		form := &Form{Action: claimURL(v.ID, "/complaint"), Submit: p.T("subsidy.do.complain"), Danger: true, Fields: []Field{reasonField(p.Page, "complaint_reason")}}
		p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.do.complain"), Text: p.T("subsidy.complain_text") + p.Source("PML 15"), Form: form})
	}
	p.Parts = append(p.Parts, OfficePart{Title: p.T("subsidy.history"), History: claimHistory(p.Page, v)})
	if marked == nil {
		if fault != nil {
			return fault
		}
		return s.show(c, http.StatusOK, "office/page", p)
	}
	return s.showOffice(c, p, marked, fault)
}

// claimLinks leads to the case, for whoever may read it, and to the terms.
func claimLinks(p Page, v *ledger.ClaimView) *Actions {
	links := &Actions{}
	if v.Reads {
		links.Actions = append(links.Actions, Action{Label: p.T("subsidy.open_case"), URL: casePath(v.Case, ""), Icon: "folder-open"})
	}
	links.Actions = append(links.Actions, termsAction(p, v.Claim))
	return links
}

// termsName says by whose terms a claim is reckoned.
func termsName(p Page, k ledger.Claim) string {
	if k.TermsID == "" {
		return p.T("subsidy.terms_shipped")
	}
	return p.T("subsidy.terms_of_day", "day", p.Date(k.TermsFrom))
}

// termsAction leads to the terms a claim is reckoned by.
func termsAction(p Page, k ledger.Claim) Action {
	a := Action{Label: p.T("subsidy.terms"), URL: termsURL, Icon: "scale"}
	if k.TermsID != "" {
		a.URL += "?id=" + k.TermsID
	}
	return a
}

// reckonPart tells how the sum comes about.
func reckonPart(p Page, v *ledger.ClaimView) OfficePart {
	t := &Table{Head: []string{p.T("subsidy.head.step"), p.T("subsidy.head.share"), p.T("subsidy.head.amount")}}
	for _, step := range v.How {
		share := p.T("ledger.nothing")
		if step.Share > 0 {
			share = strconv.FormatInt(step.Share, 10) + "%"
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.T("subsidy.step." + step.Word)}, {Text: share, Number: true}, {Text: p.Money(step.Fen), Number: true}})
	}
	text := p.T("subsidy.how_text")
	if v.Score == nil {
		text = p.T("subsidy.how_best")
	}
	return OfficePart{Title: p.T("subsidy.how"), Text: text, Table: t}
}

func reasonField(p Page, name string) Field {
	return Field{Name: name, Kind: FieldTextArea, Rows: 2, Label: p.T("figures.head.reason"), Required: true, MaxLength: ledger.MaxReason}
}

func stepForm(p Page, v *ledger.ClaimView, action subsidy.Action) *Form {
	form := &Form{Action: claimURL(v.ID, "/"+claimNoun(action)), Submit: p.T("subsidy.do." + string(action)), Version: v.Version}
	switch action {
	case subsidy.Score:
		form.Fields = []Field{{Name: "score", Kind: FieldNumber, Label: p.T("subsidy.head.score"), Help: scoreHelp(p, v.Terms()), Required: true, Short: true}}
	case subsidy.Return, subsidy.Refuse, subsidy.Reclaim:
		form.Danger, form.Beside = action != subsidy.Return, true
		form.Fields = []Field{reasonField(p, string(action)+"_reason")}
	case subsidy.Withdraw:
		form.Beside = true
	case subsidy.Claim, subsidy.Check, subsidy.Approve, subsidy.Pay:
	}
	return form
}

// scoreHelp tells what each score is paid.
func scoreHelp(p Page, t subsidy.Terms) string {
	bands := make([]string, len(t.Bands))
	for i, b := range t.Bands {
		bands[i] = p.T("subsidy.score_band", "from", strconv.Itoa(b.From), "share", strconv.FormatInt(b.Share, 10))
	}
	return p.T("subsidy.score_help", "pass", strconv.Itoa(t.Pass()), "bands", strings.Join(bands, p.T("subsidy.score_and")))
}

func claimHistory(p Page, v *ledger.ClaimView) *Timeline {
	t := &Timeline{}
	for _, step := range v.Steps {
		pill := claimPills[step.To]
		e := Event{When: step.At, What: p.T("subsidy.did." + string(step.Action)), Who: step.Who, Detail: step.Reason, Icon: pill.Icon, Tone: pill.Tone}
		if step.Action == subsidy.Score && step.Score != nil {
			e.Detail = p.T("subsidy.scored_as", "score", strconv.Itoa(*step.Score), "sum", p.Money(step.Fen))
		}
		t.Events = append(t.Events, e)
	}
	return t
}

// stepClaim takes a claim one step on.
func (s *Site) stepClaim(action subsidy.Action) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := officeInput(c)
		if err != nil {
			return err
		}
		step := ledger.ClaimStep{Action: action, Version: in.whole("version"), Score: in.whole("score"), Reason: in.text(string(action) + "_reason")}
		if err = in.faults.Err(); err == nil {
			err = s.Ledger.Step(c.Request().Context(), actor(c), c.Param("claim"), step)
		}
		if kind := mediation.KindOf(err); err != nil && (kind == mediation.Invalid || kind == mediation.Conflict) {
			return s.claimPage(c, action, renamed(err, "reason", string(action)+"_reason"))
		}
		if err != nil {
			return err
		}
		return s.done(c, claimURL(c.Param("claim"), ""), "claim_stepped")
	}
}

// renamed moves a fault to the field as its form calls it: a page may show
// several forms with a reason each.
func renamed(err error, from, to string) error {
	e := asError(err)
	if e == nil || e.Fields[from] == "" {
		return err
	}
	moved := *e
	moved.Fields = map[string]string{to: e.Fields[from]}
	return &moved
}

func (s *Site) upholdComplaint(c echo.Context) error {
	err := s.Ledger.UpholdComplaint(c.Request().Context(), actor(c), c.Param("claim"), c.FormValue("complaint_reason"))
	if err != nil {
		return err
	}
	return s.done(c, claimURL(c.Param("claim"), ""), "complaint_noted")
}

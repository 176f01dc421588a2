package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// deskPage is the signed-in home: what waits for the reader, most pressing
// first.
type deskPage struct {
	Page
	Greeting string
	Unread   string // how many notices are unread, in words; "" for none
	Desks    []deskPart
	Load     *Table // what lies where, for those who watch over many
	Office   *Facts // for the administrator
	Begin    *Notice
	Trouble  []Notice // what the program failed to do by itself, for the administrator
	Audits   bool
	Empty    *Empty
}

// deskPart is one desk with the queues that have something in them, and the
// names of those that have nothing.
type deskPart struct {
	Name, Title string
	Queues      []queuePart
	Quiet       []string
	Rest        string // what the reader can do while nothing waits
}

// queuePart is one queue.
type queuePart struct {
	Name, Title, Next string
	Count             string
	URL               string // the whole queue as a list
	Table             Table
}

func (s *Site) showDesk(c echo.Context) error {
	a := actor(c)
	if !a.SignedIn() {
		return &mediation.Error{Kind: mediation.Unauthenticated, Key: "error.unauthenticated"}
	}
	desk, err := s.Ledger.Queues(c.Request().Context(), a)
	if err != nil {
		return err
	}
	p := deskPage{Page: s.page(c), Audits: desk.Audits}
	p.Greeting = p.T("desk.greeting."+partOfDay(p.Page), "name", a.Name)
	if desk.Unread > 0 {
		p.Unread = p.T("desk.unread", "n", countText(desk.Unread))
	}
	p.Desks = deskParts(p.Page, desk.Queues)
	p.Load = loadTable(p.Page, desk.Communities)
	p.officeFacts(desk)
	if p.Office != nil {
		if p.Trouble, err = s.upkeepTrouble(c, p.Page); err != nil {
			return err
		}
	}
	if len(p.Desks) == 0 && p.Load == nil && p.Office == nil {
		p.Empty = &Empty{Icon: "inbox", Title: p.T("desk.empty.title"), Text: p.T("desk.empty.text"),
			Action: &Action{Label: p.T("nav.file"), URL: "/file", Icon: "file-plus"}}
	}
	return s.show(c, http.StatusOK, "desk/show", p)
}

// partOfDay chooses the greeting by the hour in the community's zone.
func partOfDay(p Page) string {
	switch hour := p.Now.In(statute.Shanghai).Hour(); {
	case hour < 12:
		return "morning"
	case hour < 18:
		return "afternoon"
	}
	return "evening"
}

// countText is a number, and beyond what is counted "100+".
func countText(n int) string {
	if n > ledger.QueueMost {
		return Page{}.Number(ledger.QueueMost) + "+"
	}
	return Page{}.Number(n)
}

// deskParts gathers the queues by desk. What is empty is named in one line: a
// page of empty boxes would hide the one that is not. The reader's own desk is
// shown only when there is something on it, or when it is the only one.
func deskParts(p Page, queues []ledger.Queue) []deskPart {
	var parts []deskPart
	for _, q := range queues {
		if len(parts) == 0 || parts[len(parts)-1].Name != q.Desk {
			parts = append(parts, deskPart{Name: q.Desk, Title: p.T("desk." + q.Desk), Rest: p.T("desk." + q.Desk + ".rest")})
		}
		part := &parts[len(parts)-1]
		if q.Count == 0 {
			part.Quiet = append(part.Quiet, p.T("queue."+q.Name))
			continue
		}
		part.Queues = append(part.Queues, queueOf(p, q))
	}
	shown := parts[:0]
	for _, part := range parts {
		if part.Name != "own" || len(part.Queues) > 0 {
			shown = append(shown, part)
		}
	}
	return shown
}

func queueOf(p Page, q ledger.Queue) queuePart {
	n := q.Count
	if q.More {
		n++
	}
	part := queuePart{Name: q.Name, Title: p.T("queue." + q.Name), Next: p.T("queue." + q.Name + ".next"), Count: countText(n)}
	if q.More || q.Count > len(q.Rows) {
		part.URL = "/cases?queue=" + url.QueryEscape(q.Name)
	}
	sessions := q.Name == "mediator.sessions"
	when := "due"
	if sessions {
		when = "session"
	}
	part.Table = Table{Head: []string{p.T("ledger.head.case"), p.T("ledger.head.stage"), p.T("ledger.head." + when), p.T("ledger.head.parties")}}
	for _, r := range q.Rows {
		cell := dueCell(p, r.NextDue)
		if sessions {
			cell = Cell{Text: p.DateTime(r.Session), Sub: p.Relative(r.Session)}
		}
		part.Table.Rows = append(part.Table.Rows, []Cell{caseCell(p, r), stageCell(p, r), cell, partiesCell(p, r)})
	}
	return part
}

// phases are the columns of the table of what lies where.
func phases() []struct {
	name   string
	stages []mediation.Stage
} {
	return []struct {
		name   string
		stages []mediation.Stage
	}{
		{"intake", []mediation.Stage{mediation.Submitted, mediation.Supplement, mediation.Registered, mediation.ConsentPending}},
		{"mediation", []mediation.Stage{mediation.Accepted, mediation.Assigned, mediation.Scheduled, mediation.InMediation, mediation.Adjourned}},
		{"review", []mediation.Stage{mediation.RecusalReview, mediation.Escalated, mediation.CourtTrack}},
		{"agreement", []mediation.Stage{mediation.AgreementDraft, mediation.Effective}},
		{"ended", []mediation.Stage{mediation.FollowedUp, mediation.Terminated, mediation.Withdrawn, mediation.NotAccepted, mediation.ReferredOut}},
	}
}

// loadTable is a line a community: how much stands in each phase, and how much
// is late, with links to the lists behind the numbers.
func loadTable(p Page, communities []ledger.Community) *Table {
	if len(communities) == 0 {
		return nil
	}
	t := &Table{Caption: p.T("desk.load.caption"), Head: []string{p.T("desk.load.community")}}
	for _, phase := range phases() {
		t.Head = append(t.Head, p.T("desk.load."+phase.name))
	}
	t.Head = append(t.Head, p.T("desk.load.all"), p.T("desk.load.late"))
	for _, k := range communities {
		q := url.Values{"area": {k.Path}}
		row := []Cell{{Text: placeName(p, k.Name, k.NameEN), URL: address("/cases", q)}}
		for _, phase := range phases() {
			n, stages := 0, url.Values{"area": {k.Path}}
			for _, stage := range phase.stages {
				n += k.Stages[stage]
				stages.Add("stage", string(stage))
			}
			row = append(row, numberCell(p, n, address("/cases", stages)))
		}
		late := url.Values{"area": {k.Path}, "late": {"yes"}}
		t.Rows = append(t.Rows, append(row, numberCell(p, k.Cases, address("/cases", q)), numberCell(p, k.Late, address("/cases", late))))
	}
	return t
}

// numberCell links a number to what it counts; nought leads nowhere.
func numberCell(p Page, n int, to string) Cell {
	if n == 0 {
		to = ""
	}
	return Cell{Text: p.Number(n), URL: to, Number: true}
}

// officeFacts is what an administrator looks at first. Without a committee
// nobody can work, so that is said before anything else.
func (p *deskPage) officeFacts(desk ledger.Desk) {
	o := desk.Office
	if o == nil {
		return
	}
	until := p.Date(o.CalendarUntil)
	if until == "" {
		until = p.T("desk.office.calendar_none")
	}
	p.Office = &Facts{[]Fact{
		{Label: p.T("desk.office.committees"), Value: p.Number(o.Committees)},
		{Label: p.T("desk.office.users"), Value: countText(o.Users)},
		{Label: p.T("desk.office.grants"), Value: p.Number(o.GrantsWaiting)},
		{Label: p.T("desk.office.calendar"), Value: until},
	}}
	link := []Action{{Label: p.T("desk.office.open"), URL: "/admin"}}
	switch {
	case o.Committees == 0:
		p.Begin = &Notice{Tone: ToneWait, Title: p.T("desk.office.begin"), Text: p.T("desk.office.begin_text"), Links: link}
	case o.GrantsWaiting > 0:
		p.Begin = &Notice{Tone: ToneWait, Title: p.T("desk.office.confirm"), Text: p.T("desk.office.confirm_text"), Links: link}
	}
}

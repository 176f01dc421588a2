package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"doorstep/internal/ledger"
	"doorstep/internal/mediation"
)

// deadlinesPage is one window of the deadlines over all cases in reach.
type deadlinesPage struct {
	Page
	Tabs  Tabs
	Table Table
	Pager Pager
	Empty *Empty
}

func (s *Site) listDeadlines(c echo.Context) error {
	q := c.QueryParams()
	when := ledger.When(q.Get("when"))
	if when == "" {
		when = ledger.DueWeek
	}
	found, err := s.Ledger.Deadlines(c.Request().Context(), actor(c), when, q.Get("after"))
	if err != nil {
		return err
	}
	p := deadlinesPage{Page: s.page(c)}
	for _, w := range ledger.Whens {
		p.Tabs.Tabs = append(p.Tabs.Tabs, Tab{Label: p.T("ledger.when." + string(w)), URL: "/deadlines?when=" + string(w), Current: w == when})
	}
	p.Table = Table{Caption: p.T("ledger.when." + string(when))}
	for _, column := range []string{"due", "case", "stage", "parties", "lead"} {
		p.Table.Head = append(p.Table.Head, p.T("ledger.head."+column))
	}
	for _, r := range found.Rows {
		p.Table.Rows = append(p.Table.Rows, []Cell{dueCell(p.Page, r.Due), caseCell(p.Page, r.Case), stageCell(p.Page, r.Case),
			partiesCell(p.Page, r.Case), textCell(p.Page, r.Case.Lead)})
	}
	p.Pager = neighbours("/deadlines", q, found.Prev, found.Next)
	if len(found.Rows) == 0 {
		p.Empty = &Empty{Icon: "calendar-clock", Title: p.T("ledger.deadlines_empty." + string(when)), Text: p.T("ledger.deadlines_empty.text")}
	}
	return s.show(c, http.StatusOK, "ledger/deadlines", p)
}

// noticesPage is the reader's box.
type noticesPage struct {
	Page
	Unread  bool
	Notices []noticeLine
	Pager   Pager
	Empty   *Empty
}

// noticeLine is one notice in words. URL is posted to: it marks the notice as
// read and leads to the case; "" when the case is out of reach.
type noticeLine struct {
	ledger.Notice
	Text, URL string
}

func (s *Site) listNotices(c echo.Context) error {
	found, err := s.Ledger.Notices(c.Request().Context(), actor(c), c.QueryParam("after"))
	if err != nil {
		return err
	}
	p := noticesPage{Page: s.page(c)}
	for _, n := range found.Rows {
		p.Unread = p.Unread || !n.Read
		p.Notices = append(p.Notices, noticeLine{Notice: n, Text: toldText(p.Page, n), URL: fmt.Sprintf("/notices/%s/read", n.ID)})
	}
	p.Pager = neighbours("/notices", c.QueryParams(), found.Prev, found.Next)
	if len(found.Rows) == 0 {
		p.Empty = &Empty{Icon: "bell", Title: p.T("ledger.notices_empty.title"), Text: p.T("ledger.notices_empty.text")}
	}
	return s.show(c, http.StatusOK, "ledger/notices", p)
}

// toldText is what a notice says. An act that got no sentence of its own is told
// as a change of the case.
func toldText(p Page, n ledger.Notice) string {
	if key := "told." + string(n.Action); p.Has(key) {
		return p.T(key)
	}
	return p.T("told.other")
}

// readNotices marks all notices of the reader as read.
func (s *Site) readNotices(c echo.Context) error {
	if err := s.Ledger.MarkRead(c.Request().Context(), actor(c), ""); err != nil {
		return err
	}
	return s.done(c, "/notices", "notices_read")
}

// readNotice marks one notice as read and goes on to its case, or back to the
// box when the form names none.
func (s *Site) readNotice(c echo.Context) error {
	if err := s.Ledger.MarkRead(c.Request().Context(), actor(c), c.Param("notice")); err != nil {
		return err
	}
	to := "/notices"
	if id := c.FormValue("case"); id != "" {
		to = casePath(mediation.CaseID(url.PathEscape(id)), "")
	}
	return s.done(c, to, "")
}

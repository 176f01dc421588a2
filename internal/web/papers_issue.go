package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
)

// issuesPart is what the page of a paper says of its issues.
type issuesPart struct {
	Notice  Notice // the issue in force, or that there is none
	Table   Table
	Issue   string // address a first issue is posted to; "" when it may not be
	Paper   string // the paper an issue is asked of: form, or form/item
	Version int
	Correct string // address of the form of a correction; "" when there is nothing to correct
}

func issuePath(id mediation.CaseID, n mediation.Issue) string {
	return casePath(id, "papers/"+n.Form+"/issues/"+string(n.ID))
}

// paperValue is a paper in one word, as an act names it.
func paperValue(form string, item mediation.ItemID) string {
	if item == "" {
		return form
	}
	return form + "/" + string(item)
}

// issuesOf tells how a paper stands, and offers what the reader may do about it.
func (s *Site) issuesOf(p Page, v *casework.View, sheet *paper.Paper, item mediation.ItemID) issuesPart {
	if !paper.Issuable(sheet.Code) {
		return issuesPart{}
	}
	st := s.Desk.Standing(v, sheet.Code, item)
	part := issuesPart{Paper: paperValue(sheet.Code, st.Item), Version: v.Case.Version, Table: p.issues(v, st.Issues)}
	may, lacks := v.May(mediation.IssuePaper), sheet.Lacks()
	switch {
	case st.Last != nil && st.Last.Filed:
		part.Notice = Notice{Tone: ToneGood, Title: p.T("paper.issue.stands_filed", "date", p.DateTime(st.Last.At)), Text: p.T("paper.issue.stands_filed_text"),
			Links: []Action{{Label: p.T("paper.issue.open_filed"), URL: issuePath(v.Case.ID, *st.Last)}}}
		return part
	case st.Last == nil && len(st.Issues) > 0:
		part.Notice = Notice{Tone: ToneInform, Title: p.T("paper.issue.beyond")}
		return part
	case st.Last == nil:
		part.Notice = Notice{Tone: ToneInform, Title: p.T("paper.issue.none"), Text: p.T("paper.issue.none_text")}
		if may && lacks == 0 {
			part.Issue = casePath(v.Case.ID, "issues")
		}
	case st.Changed:
		part.Notice = Notice{Tone: ToneWait, Title: p.T("paper.issue.changed", "n", st.Last.Seq), Text: p.T("paper.issue.changed_text")}
	default:
		part.Notice = Notice{Tone: ToneGood, Title: p.T("paper.issue.stands", "n", st.Last.Seq, "date", p.DateTime(st.Last.At))}
		if v.Me == nil {
			part.Notice.Text = p.T("paper.issue.same")
		}
	}
	if st.Last != nil {
		part.Notice.Links = []Action{{Label: p.T("paper.issue.open", "n", st.Last.Seq), URL: issuePath(v.Case.ID, *st.Last)}}
		if may && st.Changed && lacks == 0 {
			part.Correct = casePath(v.Case.ID, "issues") + "?" + url.Values{"paper": {part.Paper}}.Encode()
		}
	}
	if may && lacks > 0 && (st.Last == nil || st.Changed) {
		part.Notice.Text += "\n" + p.T("paper.issue.lacks", "n", lacks)
	}
	return part
}

// issues lists issues, the newest first.
func (p Page) issues(v *casework.View, list []mediation.Issue) Table {
	t := Table{Head: []string{p.T("paper.issue.number"), p.T("paper.issue.by"), p.T("paper.issue.digest"), p.T("paper.issue.state"), p.T("paper.pdf")}}
	for i := range list {
		n := list[len(list)-1-i]
		state := Cell{Pill: &Pill{ToneGood, "circle-check", p.T("paper.issue.in_force")}, Sub: n.Reason}
		if n.Replaced > 0 {
			state.Pill = &Pill{ToneQuiet, "history", p.T("paper.issue.replaced", "n", n.Replaced)}
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.nth(n), URL: issuePath(v.Case.ID, n), Sub: p.issuedAs(n)},
			{Text: v.Names[n.By]}, {Text: paper.ShortDigest(n.Digest)}, state, {Text: p.T("paper.pdf"), URL: issuePath(v.Case.ID, n) + "/pdf"}})
	}
	return t
}

// nth tells an issue from others of its paper; what was only kept with the volume
// was not issued.
func (p Page) nth(n mediation.Issue) string {
	if n.Filed {
		return p.T("paper.issue.filed")
	}
	return p.T("paper.issue.nth", "n", n.Seq)
}

// issuedAs is when a paper was issued, and by which number of its own.
func (p Page) issuedAs(n mediation.Issue) string {
	return strings.TrimPrefix(n.Number+" · "+p.DateTime(n.At), " · ")
}

// inForce is the cell of a list that leads to the issue of a paper that stands.
func (p Page) inForce(v *casework.View, form string, item mediation.ItemID) Cell {
	for _, n := range v.Case.Issues {
		if n.Form == form && (n.Item == item || v.Me != nil && n.Item == "") && n.Replaced == 0 {
			return Cell{Text: p.nth(n), URL: issuePath(v.Case.ID, n), Sub: p.issuedAs(n)}
		}
	}
	return Cell{Text: "–"}
}

// issued reads an issue of the case for its reader.
func (s *Site) issued(c echo.Context) (*casework.View, *mediation.Issue, *paper.Paper, error) {
	v, err := s.paperView(c)
	if err != nil {
		return nil, nil, nil, err
	}
	n, sheet, err := s.Desk.Issued(c.Request().Context(), v, mediation.ItemID(c.Param("issue")))
	if err == nil && n.Form != c.Param("form") {
		err = &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	return v, n, sheet, err
}

// showIssue is a paper as it was issued, as a page.
func (s *Site) showIssue(c echo.Context) error {
	v, n, sheet, err := s.issued(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "paper/show", s.issuePage(c, v, n, sheet))
}

func (s *Site) issuePage(c echo.Context, v *casework.View, n *mediation.Issue, sheet *paper.Paper) paperPage {
	p := paperPage{Page: s.page(c), Paper: sheet, Form: formName(s.page(c), n.Form), Back: casePath(v.Case.ID, ""), All: casePath(v.Case.ID, "papers"),
		PDF: issuePath(v.Case.ID, *n) + "/pdf"}
	if v.Objects["signature"] {
		p.Ink = casePath(v.Case.ID, "signatures/")
	}
	p.Notice = Notice{Tone: ToneGood, Title: p.T("paper.issue.kept", "n", n.Seq), Text: p.T("paper.issue.kept_text", "date", p.DateTime(n.At), "who", v.Names[n.By])}
	if n.Replaced > 0 {
		p.Notice = Notice{Tone: ToneWait, Title: p.T("paper.issue.kept_replaced", "n", n.Seq, "by", n.Replaced), Text: p.Notice.Text}
	}
	if n.Filed {
		p.Notice = Notice{Tone: ToneGood, Title: p.T("paper.issue.kept_filed"), Text: p.T("paper.issue.kept_filed_text", "date", p.DateTime(n.At), "who", v.Names[n.By])}
	}
	p.Notice.Links = []Action{{Label: p.T("paper.issue.all"), URL: paperPath(v.Case.ID, paper.Choice{Form: n.Form, Item: n.Item})}}
	p.masks(v, s.courtPart(p.Page, v))
	return p
}

// printIssue is a paper as it was issued, as a file. A character that cannot be
// printed is named on its page.
func (s *Site) printIssue(c echo.Context) error {
	v, n, sheet, err := s.issued(c)
	if err != nil {
		return err
	}
	if err := s.withInk(c, v, sheet); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Press.Papers(&file, n.At, sheet); err != nil {
		if mediation.KindOf(err) != mediation.Invalid {
			return err
		}
		p := s.issuePage(c, v, n, sheet)
		p.Notice = Notice{Tone: ToneAlarm, Title: p.T("paper.no_pdf"), Text: p.Message(err)}
		return s.show(c, http.StatusUnprocessableEntity, "paper/show", p)
	}
	return sendPDF(c, sheet.Title+" "+sheet.Number+" "+strconv.Itoa(n.Seq), file.Bytes())
}

// papersToIssue are the papers of the case the act may be asked for; the notice
// of rights also for each party alone.
func (s sheet) papersToIssue() []Option {
	var list []Option
	add := func(ch paper.Choice) {
		list = append(list, Option{Value: paperValue(ch.Form, ch.Item), Label: ch.Form + " " + formName(s.page, ch.Form) + " · " + whichPaper(s.page, s.view, ch)})
	}
	for _, ch := range paper.Choices(s.view.Case) {
		if !paper.Issuable(ch.Form) {
			continue
		}
		add(ch)
		if ch.Form != "F03" {
			continue
		}
		for _, p := range s.view.Case.Active() {
			add(paper.Choice{Form: ch.Form, Item: mediation.ItemID(p.ID)})
		}
	}
	return list
}

// lacking names what a paper that was chosen still wants, so that a refusal to
// issue it says more than a number.
func (s *Site) lacking(p Page, v *casework.View, chosen string) []string {
	form, item := mediation.Issuing{Paper: chosen}.Which()
	sheet, err := paper.Build(form, v.Case, item, s.setting(v))
	if err != nil {
		return nil
	}
	var list []string
	for _, g := range sheet.Missing {
		if !g.Hand {
			list = append(list, p.gap(g))
		}
	}
	return list
}

// afterIssue is the page of the paper that was issued.
func afterIssue(id mediation.CaseID, chosen string) string {
	form, item := mediation.Issuing{Paper: chosen}.Which()
	return paperPath(id, paper.Choice{Form: url.PathEscape(form), Item: mediation.ItemID(url.QueryEscape(string(item)))})
}

// chosenPaper is what a form of the act names.
func chosenPaper(f Form) (paper string) {
	f.each(func(x *Field) {
		if x.Name == "paper" {
			paper = x.Value
		}
	})
	return paper
}

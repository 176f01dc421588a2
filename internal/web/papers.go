package web

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/paper"
	"doorstep/internal/statute"
)

// paperRoutes are the papers of a case: the list, and each as it is printed.
func (s *Site) paperRoutes() []route {
	return []route{
		{http.MethodGet, "/cases/:case/papers", s.listPapers, "paper", "print"},
		{http.MethodGet, "/cases/:case/papers/:form", s.showPaper, "paper", "print"},
		{http.MethodGet, "/cases/:case/confirmation/file", s.sendCourtFile, "service", "open"},
		{http.MethodGet, "/cases/:case/papers/:form/pdf", s.printPaper, "paper", "print"},
		{http.MethodGet, "/cases/:case/papers/:form/issues/:issue", s.showIssue, "paper", "print"},
		{http.MethodGet, "/cases/:case/papers/:form/issues/:issue/pdf", s.printIssue, "paper", "print"},
	}
}

// papersPage lists what can be printed now and, for the office, what the volume
// needs.
type papersPage struct {
	Page
	Printable Table
	Volume    Table
	Empty     Empty
	Court     *courtPart // how the file for the court stands; nil where there can be none
	Back      string
}

// paperPage is one paper with the tools around it.
type paperPage struct {
	Page
	Paper  *paper.Paper
	Form   string // its name in the reader's language
	PDF    string
	Back   string
	All    string
	Notice Notice
	Gaps   []Action // what is missing, with the way to where it is recorded
	Hand   []Action
	Issues issuesPart // of a paper drawn from the case; none on the page of an issue
	Ink    string     // where the pictures of signatures are; "" for a reader who may not see them
}

// paperView reads the case for somebody who may print papers of it.
func (s *Site) paperView(c echo.Context) (*casework.View, error) {
	id, err := caseID(c)
	if err != nil {
		return nil, err
	}
	a := actor(c)
	v, err := s.Desk.Case(c.Request().Context(), a, id)
	if err != nil {
		return nil, err
	}
	switch {
	case v.Objects["paper"]:
		return v, nil
	case !s.Can(a, "paper", "print"):
		return nil, &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
	}
	return nil, &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
}

// handed says whether the reader gets the form. A party gets no paper of the
// inner office; one known by a code alone gets the notice of his rights only,
// since notices, records and agreement want a checked identity (decision 17).
func handed(v *casework.View, a mediation.Actor, form string) bool {
	if v.Me == nil {
		return true
	}
	known := a.Code == nil || v.Me.Identity >= mediation.LevelChecked
	_, ok := paper.For(form, v.Me)
	return ok && (known || form == "F03")
}

// own says whether the form is addressed to the reader alone.
func own(v *casework.View, form string) bool {
	if v.Me == nil {
		return false
	}
	item, ok := paper.For(form, v.Me)
	return ok && item != ""
}

// itemFor is the item a paper is drawn for: what is addressed to one party is
// that reader's own.
func itemFor(v *casework.View, form string, item mediation.ItemID) mediation.ItemID {
	if v.Me != nil {
		if own, ok := paper.For(form, v.Me); ok && own != "" {
			return own
		}
	}
	return item
}

func (s *Site) listPapers(c echo.Context) error {
	v, err := s.paperView(c)
	if err != nil {
		return err
	}
	p := papersPage{Page: s.page(c), Back: casePath(v.Case.ID, "")}
	p.Title = p.T("paper.list.title")
	p.Crumbs = s.crumbs(p.Page, v)
	choices := slices.DeleteFunc(paper.Choices(v.Case), func(ch paper.Choice) bool {
		return !handed(v, p.Actor, ch.Form) || own(v, ch.Form) && ch.Item != "" && ch.Item != mediation.ItemID(v.Me.ID)
	})
	p.Printable = printable(p.Page, v, choices)
	p.Court = s.courtPart(p.Page, v)
	p.Empty = Empty{Icon: "printer", Title: p.T("paper.list.none"), Text: p.T("paper.list.none_text")}
	if v.Me == nil {
		p.Volume = checklist(p.Page, v, choices)
	}
	return s.show(c, http.StatusOK, "paper/list", p)
}

func printable(p Page, v *casework.View, choices []paper.Choice) Table {
	t := Table{Head: []string{p.T("paper.list.paper"), p.T("paper.list.about"), p.T("common.print"), p.T("paper.issue.in_force")}}
	for _, ch := range choices {
		t.Rows = append(t.Rows, []Cell{{Text: ch.Form + " " + formName(p, ch.Form)}, {Text: whichPaper(p, v, ch)},
			{Text: p.T("paper.list.open"), URL: paperPath(v.Case.ID, ch)}, p.inForce(v, ch.Form, ch.Item)})
	}
	for _, n := range v.Case.Issues { // issued when the case had such a paper, or for a party alone
		ch := paper.Choice{Form: n.Form, Item: n.Item, Seq: 1}
		same := func(other paper.Choice) bool {
			return other.Form == n.Form && (other.Item == n.Item || v.Me != nil && n.Item == "")
		}
		if n.Replaced > 0 || slices.ContainsFunc(choices, same) {
			continue
		}
		t.Rows = append(t.Rows, []Cell{{Text: ch.Form + " " + formName(p, ch.Form)}, {Text: whichPaper(p, v, ch)}, {Text: p.T("paper.list.past")},
			p.inForce(v, n.Form, n.Item)})
	}
	return t
}

// whichPaper tells two papers of a form apart.
func whichPaper(p Page, v *casework.View, ch paper.Choice) string {
	party := v.Case.Party(mediation.PartyID(ch.Item))
	switch {
	case party != nil && ch.Item != "" && v.Me == nil:
		return p.T("paper.list.for", "who", party.Name)
	case ch.Item != "" && ch.On.IsZero() && party == nil:
		return p.T("paper.list.nth_bare", "n", ch.Seq)
	case ch.Item != "" && party == nil:
		return p.T("paper.list.nth", "n", ch.Seq, "date", p.Date(ch.On))
	case own(v, ch.Form):
		return p.T("paper.list.for_me")
	}
	return p.T("paper.list.whole")
}

func formName(p Page, code string) string {
	f, _ := statute.FormOf(code)
	return f.Label(string(p.Lang))
}

func paperPath(id mediation.CaseID, ch paper.Choice) string {
	path := casePath(id, "papers/"+ch.Form)
	if ch.Item != "" {
		path += "?item=" + string(ch.Item)
	}
	return path
}

// checklist is that of the volume with what can be done about each paper.
func checklist(p Page, v *casework.View, choices []paper.Choice) Table {
	t := Table{Head: []string{p.T("paper.list.paper"), p.T("paper.list.need"), p.T("paper.list.state")}}
	for _, due := range v.Case.PapersDue() {
		name := due.Label(string(p.Lang))
		if _, numbered := statute.FormOf(due.Form); numbered {
			name = due.Form + " " + name
		}
		state := Cell{Text: p.T("paper.list.elsewhere")}
		at := slices.IndexFunc(choices, func(ch paper.Choice) bool { return ch.Form == due.Form })
		switch {
		case at >= 0:
			state = Cell{Text: p.T("paper.list.open"), URL: paperPath(v.Case.ID, choices[at])}
		case due.Form == "ID" || due.Form == "EV":
			state.Text = p.T("paper.list.brought")
		case slices.Contains(paper.Forms(), due.Form):
			state.Text = p.T("paper.list.not_yet")
		}
		t.Rows = append(t.Rows, []Cell{{Text: name}, {Text: p.Code(string(statute.PaperNeeds), due.Need)}, state})
	}
	return t
}

// drawn is one form of a case, filled in for its reader. A form that makes no
// sense for the case, or that is not for this reader, is not there.
func (s *Site) drawn(c echo.Context) (*casework.View, *paper.Paper, mediation.ItemID, error) {
	v, err := s.paperView(c)
	if err != nil {
		return nil, nil, "", err
	}
	form := c.Param("form")
	if !handed(v, actor(c), form) {
		return nil, nil, "", &mediation.Error{Kind: mediation.NotFound, Key: "error.not_found"}
	}
	item := itemFor(v, form, mediation.ItemID(c.QueryParam("item")))
	sheet, err := paper.Build(form, v.Case, item, s.setting(v))
	return v, sheet, item, err
}

// setting is what a paper says besides the case.
func (s *Site) setting(v *casework.View) paper.Setting { return s.Desk.Setting(v) }

// showPaper is a form as a page, with what is missing said above it.
func (s *Site) showPaper(c echo.Context) error {
	v, sheet, item, err := s.drawn(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "paper/show", s.paperPage(c, v, sheet, item))
}

func (s *Site) paperPage(c echo.Context, v *casework.View, sheet *paper.Paper, item mediation.ItemID) paperPage {
	p := paperPage{Page: s.page(c), Paper: sheet, Form: formName(s.page(c), sheet.Code), Back: casePath(v.Case.ID, ""), All: casePath(v.Case.ID, "papers")}
	p.PDF = paperPath(v.Case.ID, paper.Choice{Form: sheet.Code + "/pdf", Item: item})
	if v.Objects["signature"] {
		p.Ink = casePath(v.Case.ID, "signatures/")
	}
	p.weigh(v)
	p.masks(v, s.courtPart(p.Page, v))
	p.Issues = s.issuesOf(p.Page, v, sheet, item)
	return p
}

// printPaper is a form as a file. A character that cannot be printed is named on
// the form's page, where the way back to the case is.
func (s *Site) printPaper(c echo.Context) error {
	v, sheet, item, err := s.drawn(c)
	if err != nil {
		return err
	}
	if err := s.withInk(c, v, sheet); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Press.Papers(&file, v.Now, sheet); err != nil {
		return s.unprinted(c, v, sheet, item, err)
	}
	return sendPDF(c, sheet.Title+" "+sheet.Number, file.Bytes())
}

// unprinted tells on the form's page which character cannot be printed.
func (s *Site) unprinted(c echo.Context, v *casework.View, sheet *paper.Paper, item mediation.ItemID, why error) error {
	if mediation.KindOf(why) != mediation.Invalid {
		return why
	}
	p := s.paperPage(c, v, sheet, item)
	p.Notice = Notice{Tone: ToneAlarm, Title: p.T("paper.no_pdf"), Text: p.Message(why)}
	return s.show(c, http.StatusUnprocessableEntity, "paper/show", p)
}

// sendPDF sends a printed file under headers that keep it from doing anything.
func sendPDF(c echo.Context, name string, file []byte) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name + ".pdf"}))
	return c.Blob(http.StatusOK, "application/pdf", file)
}

// weigh tells what is missing before the paper is printed. What is kept from the
// reader is not missing, and is told apart.
func (p *paperPage) weigh(v *casework.View) {
	kept := false
	for _, g := range p.Paper.Missing {
		switch {
		case v.Me != nil && keptFrom(v, g):
			kept = true
		case g.Hand:
			p.Hand = append(p.Hand, p.fills(v, g))
		default:
			p.Gaps = append(p.Gaps, p.fills(v, g))
		}
	}
	p.Notice = Notice{Tone: ToneGood, Title: p.T("paper.ready")}
	if len(p.Gaps) > 0 {
		p.Notice = Notice{Tone: ToneWait, Title: p.T("paper.gaps.title", "n", strconv.Itoa(len(p.Gaps))), Text: p.T("paper.gaps.help")}
	}
	for _, text := range []struct {
		told bool
		text string
	}{{p.Paper.Draft, p.T("paper.draft", "version", p.Paper.Version)}, {kept, p.T("paper.not_shown")}} {
		if text.told {
			p.Notice.Text += "\n" + text.text
		}
	}
}

// keptFrom says whether a gap is another side's private data, which its reader
// was never given.
func keptFrom(v *casework.View, g paper.Gap) bool {
	party := v.Case.Party(g.Party)
	return party != nil && party.Side != v.Me.Side && g.Personal()
}

// fills is a gap with the page on which the reader may fill it, where there is one.
func (p Page) fills(v *casework.View, g paper.Gap) Action {
	a := Action{Label: p.gap(g)}
	if g.Recorded() && v.May(mediation.UpdateParty) {
		a.URL = casePath(v.Case.ID, "party-details?party="+string(g.Party))
	}
	return a
}

// Recordable says whether something to be written by hand may be recorded instead.
func (p paperPage) Recordable() bool {
	return slices.ContainsFunc(p.Hand, func(a Action) bool { return a.URL != "" })
}

func (p Page) gap(g paper.Gap) string {
	text := p.T("paper.gap." + g.What)
	if g.Who != "" {
		return p.T("paper.who", "who", g.Who, "what", text)
	}
	return text
}

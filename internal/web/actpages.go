package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/casework"
	"doorstep/internal/mediation"
	"doorstep/internal/statute"
)

// actPage is the page of one act: what it does, its form, and the case it
// belongs to.
type actPage struct {
	Page
	Case       *mediation.Case
	Action     mediation.Action
	Noun       string
	Form       Form
	Restored   *Notice        // what was typed before came back
	Stale      *casework.View // the present state, when the case moved on meanwhile
	Since      Timeline       // what happened since the form was drawn
	Source     string         // the article an act rests on
	Chooses    bool           // the act names a mediator: who may be chosen is shown first
	Candidates []candidate
	Sends      *sends         // what a transfer sends
	Joining    *joinPage      // what a party reads before it joins an application
	Warnings   []string       // clauses a court would not confirm, and the like
	Agreement  *agreementText // what is signed here, to be read first
}

// Warn is a warning as a notice.
func (p actPage) Warn(text string) Notice { return Notice{Tone: ToneWait, Text: text} }

// actRoutes is a page and a doing for each deed.
func (s *Site) actRoutes() []route {
	var list []route
	pictures := newStudio()
	for _, d := range deeds {
		path := "/cases/:case/" + d.noun
		list = append(list,
			route{http.MethodGet, path, s.askDeed(d), "case", d.action},
			route{http.MethodPost, path, s.doDeed(d, pictures), "case", d.action})
	}
	return list
}

// askDeed shows the form of an act. An act the stage does not allow is told as a
// Conflict here already, before anybody types.
func (s *Site) askDeed(d deed) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, sheet, err := s.sheet(c, d)
		if err != nil {
			return err
		}
		if err := sheet.view.Refuse(d.action, s.Can(p.Actor, "case", d.action)); err != nil {
			return err
		}
		f := sheet.buildForm(d)
		s.fillParty(c, &f, d, sheet.view.Case)
		if d.action == mediation.Escalate {
			if shown := sheet.view.Case.ShownGrounds(statute.DateOf(p.Now)); len(shown) > 0 {
				f.Fill(url.Values{"reason": shown[:1]})
			}
		}
		if d.action == mediation.IssuePaper {
			f.Fill(url.Values{"paper": {c.QueryParam("paper")}})
		}
		page := actPage{Page: p.Page, Case: sheet.view.Case, Action: d.action, Noun: d.noun, Form: f}
		if err := s.restore(c, &page, sheet, d); err != nil {
			return err
		}
		return s.showDeed(c, http.StatusOK, sheet, page)
	}
}

// sheet reads what a form is drawn from.
func (s *Site) sheet(c echo.Context, d deed) (actPage, sheet, error) {
	id, err := caseID(c)
	if err != nil {
		return actPage{}, sheet{}, err
	}
	ctx, a := c.Request().Context(), actor(c)
	view, err := s.Desk.ForAct(ctx, a, id, d.action)
	if err != nil {
		return actPage{}, sheet{}, err
	}
	sh := sheet{page: s.page(c), view: view, phrases: s.Phrases.For(view.Case.Type, view.Case.Subtype), upload: s.Upload}
	sh.page.Crumbs = s.crumbs(sh.page, view)
	if d.action == mediation.Archive {
		if sh.calendar, err = s.Office.Calendar(ctx); err != nil {
			return actPage{}, sheet{}, err
		}
	}
	if asks(d, fromMediators) {
		if sh.mediators, err = s.Desk.Mediators(ctx, a, view.Case.Committee); err != nil {
			return actPage{}, sheet{}, err
		}
	}
	if asks(d, fromReceivers) {
		receivers, err := s.Desk.Receivers(ctx, a, view.Case)
		if err != nil {
			return actPage{}, sheet{}, err
		}
		sh.receivers = options(receivers)
	}
	if asks(d, fromCommittees) || asks(d, fromHelpers) {
		committees, helpers, err := s.Desk.Offices(ctx, a, view.Case)
		if err != nil {
			return actPage{}, sheet{}, err
		}
		sh.others, sh.helpers = options(committees), options(helpers)
	}
	return actPage{Page: sh.page, Case: view.Case}, sh, nil
}

func asks(d deed, from source) bool {
	for _, a := range d.asks {
		if a.from == from {
			return true
		}
	}
	return false
}

func options(named []casework.Named) []Option {
	list := make([]Option, len(named))
	for i, n := range named {
		list[i] = Option{Value: n.ID, Label: n.Name}
	}
	return list
}

func (s *Site) showDeed(c echo.Context, status int, sh sheet, p actPage) error {
	p.Title = p.T("act." + string(p.Action) + ".title")
	for _, line := range mediation.Procedure() {
		if line.Action == p.Action {
			p.Source = statute.Cite(line.Source, string(p.Lang))
			break
		}
	}
	if p.Action == mediation.Assign || p.Action == mediation.HandOver {
		list, err := s.Desk.Candidates(c.Request().Context(), actor(c), sh.view.Case)
		if err != nil {
			return err
		}
		p.Chooses, p.Candidates = true, candidates(p.Page, sh.view.Case, list)
	}
	switch p.Action {
	case mediation.ReferOut:
		p.Sends = s.sends(p.Page, sh.view)
	case mediation.IssuePaper:
		p.Warnings = s.lacking(p.Page, sh.view, chosenPaper(p.Form))
	case mediation.JoinConfirmation:
		p.Joining = s.joinPage(p.Page, sh)
		p.Warnings = warnings(p.Page, sh.view.Case, sh.view.Me == nil)
	case mediation.ApplyConfirmation, mediation.ProposeConfirmation, mediation.ReviewAgreement, mediation.ReviseAgreement, mediation.Countersign, mediation.AffixSeal:
		p.Warnings = warnings(p.Page, sh.view.Case, sh.view.Me == nil)
	}
	if signs(p.Action) {
		p.Agreement = sh.agreementText()
		if sh.view.Case.HandOnly() && p.Action != mediation.AffixSeal {
			p.Warnings = append(p.Warnings, p.T("sign.hand_only")+p.Page.Source("ESL 3"))
		}
	}
	return s.show(c, status, "act/form", p)
}

// fillParty fills the form of a party's particulars, or of what a file is, with
// what is known of it.
func (s *Site) fillParty(c echo.Context, f *Form, d deed, kase *mediation.Case) {
	if d.action == mediation.ClassifyFile {
		fillLabel(f, kase, mediation.ItemID(c.QueryParam("file")))
	}
	if d.action != mediation.UpdateParty {
		return
	}
	if p := kase.Party(mediation.PartyID(c.QueryParam("party"))); p != nil {
		prefillParty(s.page(c), f, p)
	}
}

// restore fills a long form with what was typed before and never sent. Whoever came
// by a code has his browser's own key for it.
func (s *Site) restore(c echo.Context, p *actPage, sh sheet, d deed) error {
	if d.saves() {
		s.keepDrafts(c)
	}
	if !d.saves() || c.QueryParam("fresh") != "" {
		return nil
	}
	body, at, err := s.Drafts.Draft(c.Request().Context(), draftOwner(c), draftKey(sh.view.Case.ID, d.noun))
	if err != nil || body == "" {
		return err
	}
	typed, err := url.ParseQuery(body)
	if err != nil {
		return nil //nolint:nilerr // a draft that cannot be read is no reason to refuse the page
	}
	s.refill(&p.Form, sh, typed)
	p.Restored = &Notice{Tone: ToneInform, Text: p.T("act.restored", "time", p.DateTime(at)),
		Links: []Action{{Label: p.T("act.start_afresh"), URL: p.Form.Action + "?fresh=1"}}}
	return nil
}

// refill draws a form again with typed values, with as many rows as were typed.
func (s *Site) refill(f *Form, sh sheet, typed url.Values) {
	for i := range f.Sections {
		if r := f.Sections[i].Rows; r != nil && r.Name == "obligations" {
			n, err := strconv.Atoi(typed.Get("_rows.obligations"))
			if err != nil {
				n = len(r.Groups)
			}
			f.Sections[i].Rows = sh.promiseRows(min(n, maxPromises))
		}
	}
	f.Fill(typed)
	if v := typed.Get("party"); v != "" {
		f.each(func(x *Field) {
			if x.Name == "party" && x.Kind == FieldHidden {
				x.Value = v
			}
		})
	}
}

// doDeed performs an act with what was posted. What is wrong comes back at its
// field with everything typed kept; a case that moved on meanwhile is shown
// beside what was typed.
func (s *Site) doDeed(d deed, pictures studio) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := caseID(c)
		if err != nil {
			return err
		}
		if !s.Can(actor(c), "case", d.action) { // before any form is drawn again for him
			return &mediation.Error{Kind: mediation.Forbidden, Key: "error.forbidden"}
		}
		typed, _, err := upload(c, "file")
		if err != nil {
			return err
		}
		if _, again := EditRows(typed, "obligations", maxPromises); again {
			return s.askAgain(c, d, typed, nil)
		}
		act, _ := mediation.NewAct(d.action)
		seen, _ := strconv.Atoi(typed.Get("version"))
		if err = decode(act, typed); err == nil {
			err = s.carry(c, act, id, pictures)
		}
		if err == nil {
			_, err = s.Desk.Do(c.Request().Context(), actor(c), id, seen, act)
		}
		if err != nil {
			return s.askAgain(c, d, typed, err)
		}
		if d.saves() {
			if err := s.Drafts.DropDraft(c.Request().Context(), draftOwner(c), draftKey(id, d.noun)); err != nil {
				s.Log.Warn("draft not dropped", "error", err)
			}
		}
		to := s.after(c, id, d.action)
		if d.action == mediation.IssuePaper {
			to = afterIssue(id, typed.Get("paper"))
		}
		return s.done(c, to, string(d.action))
	}
}

// leaves are the acts after which the actor may not see the case: they took it out
// of his own sight (a danger reported, a conflict declared), or legal staff did them
// without reading the file.
var leaves = []mediation.Action{mediation.RaiseRisk, mediation.DeclareConflict, mediation.ReferOut, mediation.Reopen}

// after is where an act leads: to the case, or to the desk when the actor does not
// see the case now, with a sentence that says so.
func (s *Site) after(c echo.Context, id mediation.CaseID, a mediation.Action) string {
	if !slices.Contains(leaves, a) || actor(c).Code != nil {
		return s.home(c, id)
	}
	if _, err := s.Desk.Case(c.Request().Context(), actor(c), id); mediation.KindOf(err) == mediation.NotFound {
		return "/desk"
	}
	return s.home(c, id)
}

// home is where an act leads back to: the case's page, or a code holder's own.
func (s *Site) home(c echo.Context, id mediation.CaseID) string {
	if a := actor(c); a.Code != nil && !a.SignedIn() {
		return "/my-case"
	}
	return casePath(id, "")
}

// askAgain draws the form once more: for another row, for a fault of the input,
// or because the case moved on. Any other error stops here.
func (s *Site) askAgain(c echo.Context, d deed, typed url.Values, why error) error {
	kind := mediation.KindOf(why)
	stale := kind == mediation.Conflict && (mediation.KeyOf(why) == "error.stale" || mediation.KeyOf(why) == "error.agreement_changed")
	if why != nil && kind != mediation.Invalid && !stale {
		return why
	}
	p, sh, err := s.sheet(c, d)
	if err != nil {
		return err
	}
	f := sh.buildForm(d)
	s.refill(&f, sh, typed)
	status := http.StatusOK
	page := actPage{Page: p.Page, Case: sh.view.Case, Action: d.action, Noun: d.noun}
	switch {
	case stale:
		status = http.StatusConflict
		f.Problem = page.Message(why)
		page.Stale = sh.view
		page.Since = s.since(page.Page, sh.view, typed.Get("version"))
	case kind == mediation.Invalid && why != nil:
		status = http.StatusUnprocessableEntity
		f.Mark(page.Page, why)
		f.Version, _ = strconv.Atoi(typed.Get("version"))
	}
	page.Form = f
	return s.showDeed(c, status, sh, page)
}

// since is what happened after the version a form was drawn from: the last lines
// of the history, as many as the version moved.
func (s *Site) since(p Page, v *casework.View, version string) Timeline {
	seen, err := strconv.Atoi(version)
	moved := v.Case.Version - seen
	if err != nil || moved < 1 || moved > len(v.History) {
		moved = min(3, len(v.History))
	}
	return timeline(p, v, v.History[len(v.History)-moved:])
}
